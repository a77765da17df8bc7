//! What has changed in a corpus since its index was kept.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::sections;
use crate::corpus::Corpus;
use crate::corpus::columns::Flags;
use crate::load::files::{Met, Stamp};

/// A file, as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walked {
    path: Vec<u8>,
    /// Its stamp before it was read; none where there was nothing to be read.
    stamp: Option<Stamp>,
    /// A hash of its content; none if it is not known, or changed while it was worked out.
    content: Option<u64>,
    is_skipped: bool,
    /// When the stamp was taken, in nanoseconds since 1970.
    taken: i64,
}

/// File systems do not tell two changes apart that are so close together.
const SAME_TIME: i64 = 2_000_000_000;

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

impl Walked {
    /// A file that is about to be read.
    #[must_use]
    pub fn of(met: &Met) -> Self {
        Self {
            path: met.path().as_os_str().as_bytes().to_vec(),
            stamp: met.stamp,
            content: None,
            is_skipped: met.is_skipped(),
            taken: now(),
        }
    }

    fn path(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.path))
    }

    /// Works out the hash of its content, if it is not known.
    pub fn hash_content(&mut self) {
        if self.content.is_some() || self.stamp.is_none() {
            return;
        }
        let content = sections::content(self.path()).ok();
        let after = std::fs::metadata(self.path()).ok().map(|meta| Stamp::of_meta(&meta));
        self.content = content.filter(|_| after == self.stamp);
    }

    /// Whether what was met now is what was read then. Where length and time cannot tell, the content does.
    fn is_still(&mut self, met: &Met) -> bool {
        match (self.stamp, met.stamp) {
            (None, None) => self.is_skipped && met.is_skipped(),
            (Some(old), Some(new)) if old.length == new.length => {
                let is_certain = old.modified != 0 && old.modified.saturating_add(SAME_TIME) < self.taken;
                if old == new && is_certain {
                    return true;
                }
                let taken = now();
                let is_same = self.content.is_some() && sections::content(met.path()).ok() == self.content;
                if is_same {
                    (self.stamp, self.taken) = (Some(new), taken);
                }
                is_same
            }
            _ => false,
        }
    }
}

/// What has to be done to an index so that it fits the corpus again.
#[derive(Debug, Default)]
pub struct Changes {
    /// Files of the index whose reports are no longer what they were.
    pub gone: BTreeSet<u32>,
    /// What is to be read.
    pub read: Vec<Met>,
    /// All files, as they are when this is done.
    pub walked: Vec<Walked>,
    /// Whether there are files that are no longer what they were.
    pub has_lost: bool,
    /// Whether the files that were kept look different though they say the same.
    pub is_touched: bool,
}

impl Changes {
    /// Everything is to be read.
    #[must_use]
    pub fn everything(met: Vec<Met>) -> Self {
        let walked = met.iter().map(Walked::of).collect();
        Self { read: met, walked, ..Self::default() }
    }

    /// Compares the files that an index was made from with those that there are.
    #[must_use]
    pub fn find(corpus: &Corpus, kept: Vec<Walked>, met: Vec<Met>) -> Self {
        let mut by_path: HashMap<Vec<u8>, Walked> =
            kept.into_iter().map(|walked| (walked.path.clone(), walked)).collect();
        let met: Vec<(Met, Option<Walked>)> = met
            .into_iter()
            .map(|met| (by_path.remove(met.path().as_os_str().as_bytes()), met))
            .map(|(w, m)| (m, w))
            .collect();
        let judged: Vec<(Met, Option<Walked>, bool, bool)> = met
            .into_par_iter()
            .map(|(met, kept)| {
                let before = kept.as_ref().and_then(|kept| kept.stamp);
                let mut kept = kept;
                let is_still = kept.as_mut().is_some_and(|kept| kept.is_still(&met));
                let is_touched = is_still && kept.as_ref().and_then(|kept| kept.stamp) != before;
                (met, kept, is_still, is_touched)
            })
            .collect();
        let mut changes = Self::default();
        // What was there and is not met any more.
        let mut lost: BTreeSet<PathBuf> = by_path.values().map(|walked| walked.path().to_owned()).collect();
        let mut still = Vec::new();
        for (met, kept, is_still, is_touched) in judged {
            changes.is_touched |= is_touched;
            if let Some(kept) = kept.filter(|_| is_still) {
                still.push((met, kept));
            } else {
                lost.insert(met.path().to_owned());
                changes.walked.push(Walked::of(&met));
                changes.read.push(met);
            }
        }
        // A copy of a report that is lost takes its place: its file is read again.
        loop {
            changes.gone = files_of(corpus, &lost);
            let copies = copies_of(corpus, &changes.gone);
            let (again, rest): (Vec<_>, Vec<_>) = still
                .into_iter()
                .partition(|(met, _)| copies.iter().any(|path| path.starts_with(met.path())));
            still = rest;
            if again.is_empty() {
                break;
            }
            for (met, kept) in again {
                lost.insert(met.path().to_owned());
                changes.walked.push(kept);
                changes.read.push(met);
            }
        }
        changes.has_lost = !lost.is_empty();
        changes.walked.extend(still.into_iter().map(|(_, kept)| kept));
        changes
    }

    /// Whether the index fits as it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.read.is_empty()
    }
}

/// The files of an index that are among those paths, or inside an archive that is.
fn files_of(corpus: &Corpus, paths: &BTreeSet<PathBuf>) -> BTreeSet<u32> {
    if paths.is_empty() {
        return BTreeSet::new();
    }
    let is_lost = |path: &Path| path.ancestors().any(|above| paths.contains(above));
    let files = corpus.files.iter().zip(0..).filter(|(file, _)| !file.is_gone && is_lost(&file.path));
    files.map(|(_, i)| i).collect()
}

/// The other files that hold the reports of some files.
fn copies_of(corpus: &Corpus, gone: &BTreeSet<u32>) -> BTreeSet<PathBuf> {
    let is_lost = |report: u32| {
        !corpus.rows.flags(report).has(Flags::GONE)
            && corpus.cold.get(report).is_some_and(|row| gone.contains(&row.place.file))
    };
    let reports = corpus.copies.iter().filter(|(report, _)| is_lost(**report));
    let files = reports.flat_map(|(_, files)| files).filter(|file| !gone.contains(file));
    files.filter_map(|file| corpus.files.get(*file as usize)).map(|file| file.path.clone()).collect()
}
