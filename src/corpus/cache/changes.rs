//! What has changed in a corpus since its index was kept.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::sections;
use crate::corpus::Corpus;
use crate::load::files::{Met, Stamp};

/// A file, as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walked {
    path: Vec<u8>,
    /// Its stamp before it was read; none where there was nothing to be read.
    stamp: Option<Stamp>,
    /// A hash of its content; none if it is not known, or changed while it was worked out.
    content: Option<u64>,
    /// The hash before the file was read, where its stamp alone would not tell that it was changed meanwhile.
    #[serde(skip)]
    before: Option<u64>,
    is_skipped: bool,
    /// When the stamp was taken, in nanoseconds since 1970.
    taken: i64,
}

/// File systems do not tell two changes apart that are so close together: those with the coarsest clock that is believed
/// count whole seconds.
const SAME_TIME: i64 = 2_000_000_000;

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

impl Walked {
    /// A file that is about to be read.
    #[must_use]
    pub fn of(met: &Met) -> Self {
        let mut walked = Self {
            path: met.path().as_os_str().as_bytes().to_vec(),
            stamp: met.stamp,
            content: None,
            before: None,
            is_skipped: met.is_skipped(),
            taken: now(),
        };
        if walked.stamp.is_some() && !walked.is_settled() {
            walked.before = sections::content(met.path()).ok();
        }
        walked
    }

    /// Whether any change after the stamp was taken has another change time.
    fn is_settled(&self) -> bool {
        let changed = self.stamp.map_or(0, |stamp| stamp.changed);
        changed != 0 && changed.saturating_add(SAME_TIME) < self.taken
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.path))
    }

    /// Works out the hash of its content, if it is not known.
    pub fn hash_content(&mut self) {
        if self.content.is_some() || self.stamp.is_none() {
            return;
        }
        let content = sections::content(self.path()).ok();
        let after = std::fs::metadata(self.path()).ok().map(|meta| Stamp::of_meta(&meta));
        let before = self.before.take();
        let is_what_was_read = after == self.stamp && (self.is_settled() || before == content);
        self.content = content.filter(|_| is_what_was_read);
    }

    /// Whether what was met now is what was read then. Where the stamp cannot tell, the content does.
    fn is_still(&mut self, met: &Met) -> bool {
        match (self.stamp, met.stamp) {
            (None, None) => self.is_skipped && met.is_skipped(),
            (Some(old), Some(new)) if old.length == new.length => {
                if old == new && met.is_told && self.is_settled() {
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
    /// Whether the files that were kept look different though they say the same, or need not be looked into any more.
    pub is_touched: bool,
}

impl Changes {
    /// Everything is to be read.
    #[must_use]
    pub fn everything(met: Vec<Met>) -> Self {
        let walked = met.par_iter().map(Walked::of).collect();
        Self { read: met, walked, ..Self::default() }
    }

    /// Compares the files that an index was made from with those that there are.
    ///
    /// Files that turned out not to say what the index does are read again, whatever they look like.
    #[must_use]
    pub fn find(corpus: &Corpus, kept: Vec<Walked>, met: Vec<Met>) -> Self {
        let mut by_path: HashMap<Vec<u8>, Walked> =
            kept.into_iter().map(|walked| (walked.path.clone(), walked)).collect();
        // What is met for a member of an archive is the archive.
        let doubted = corpus.take_doubted();
        let doubted: HashSet<&Path> = doubted.iter().flat_map(|path| path.ancestors()).collect();
        let met: Vec<(Met, Option<Walked>)> = met
            .into_iter()
            .map(|met| (by_path.remove(met.path().as_os_str().as_bytes()), met))
            .map(|(kept, met)| (met, kept))
            .collect();
        let judged: Vec<Judged> = met
            .into_par_iter()
            .map(|(met, kept)| {
                let kept = kept.filter(|_| !doubted.contains(met.path()));
                Judged::of(met, kept)
            })
            .collect();
        let mut changes = Self::default();
        // What was there and is not met any more.
        let mut lost: BTreeSet<PathBuf> = by_path.values().map(|walked| walked.path().to_owned()).collect();
        let mut still = Vec::new();
        for Judged { met, walked, is_still, is_touched } in judged {
            changes.is_touched |= is_touched;
            if is_still {
                still.push((met, walked));
            } else {
                lost.insert(met.path().to_owned());
                changes.walked.push(walked);
                changes.read.push(met);
            }
        }
        changes.gone = files_of(corpus, &lost);
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

/// A file that was met, beside what is known of it.
struct Judged {
    met: Met,
    /// As it is now.
    walked: Walked,
    /// Whether it is what was read then.
    is_still: bool,
    /// Whether it is, and what is known of it should be kept anew.
    is_touched: bool,
}

impl Judged {
    fn of(met: Met, kept: Option<Walked>) -> Self {
        if let Some(mut walked) = kept {
            let (stamp, was_settled) = (walked.stamp, walked.is_settled());
            if walked.is_still(&met) {
                let is_settled = met.is_told && !was_settled && walked.is_settled();
                let is_touched = walked.stamp != stamp || is_settled;
                return Self { met, walked, is_still: true, is_touched };
            }
        }
        Self { walked: Walked::of(&met), met, is_still: false, is_touched: false }
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

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::Duration;

    use super::*;
    use crate::load::files;

    const TEXT: &str = "{\"year\":2024}";

    /// A file that was changed last some time ago, as far as the program that wrote it says.
    struct Sample(tempfile::TempDir);

    impl Sample {
        fn new() -> Self {
            let sample = Self(tempfile::tempdir().unwrap());
            sample.write(TEXT);
            sample
        }

        fn path(&self) -> PathBuf {
            self.0.path().join("a.json")
        }

        fn write(&self, text: &str) {
            fs::write(self.path(), text).unwrap();
            let time = UNIX_EPOCH + Duration::from_secs(1_600_000_000);
            File::options().append(true).open(self.path()).unwrap().set_modified(time).unwrap();
        }

        fn met(&self) -> Met {
            let mut met = files::find(&[self.path()]);
            assert_eq!(met.len(), 1);
            met.remove(0)
        }

        /// The file as a file system shows it that tells changes or not, perhaps with another stamp.
        fn met_as(&self, is_told: bool, stamp: Option<Stamp>) -> Met {
            let mut met = self.met();
            met.is_told = is_told;
            met.stamp = stamp.or(met.stamp);
            met
        }

        /// The file as it was read long after it was written, with the hash of its content.
        fn settled(&self) -> Walked {
            let mut walked = Walked::of(&self.met());
            walked.hash_content();
            assert!(walked.content.is_some());
            walked.taken += 10 * SAME_TIME;
            assert!(walked.is_settled());
            walked
        }

        fn judge(&self, kept: Walked) -> Judged {
            Judged::of(self.met(), Some(kept))
        }
    }

    #[test]
    fn an_equal_stamp_is_enough_where_changes_are_told() {
        let sample = Sample::new();
        // Another content in the index would be noticed only if the file were read.
        let walked = Walked { content: Some(1), ..sample.settled() };
        let told = sample.met_as(true, None);
        let judged = Judged::of(told, Some(walked.clone()));
        assert!(judged.is_still && !judged.is_touched);
        let untold = sample.met_as(false, None);
        assert!(!Judged::of(untold, Some(walked)).is_still, "its content decides");
        let untold = sample.met_as(false, None);
        let judged = Judged::of(untold, Some(sample.settled()));
        assert!(judged.is_still && !judged.is_touched, "and what is always looked into is no news");
        let untold = sample.met_as(false, None);
        assert!(!Judged::of(untold, Some(Walked { content: None, ..sample.settled() })).is_still);
    }

    #[test]
    fn a_change_time_that_is_missing_late_or_to_come_is_not_believed() {
        let sample = Sample::new();
        let settled = sample.settled();
        let stamp = settled.stamp.unwrap();
        let second = 1_000_000_000;
        for (changed, is_settled) in [
            (settled.taken - 3 * second, true),
            (settled.taken - second, false),
            (settled.taken, false),
            (settled.taken + 3_600 * second, false),
            (i64::MAX, false),
            (0, false),
        ] {
            let stamp = Some(Stamp { changed, ..stamp });
            let walked = Walked { stamp, content: Some(1), ..settled.clone() };
            assert_eq!(walked.is_settled(), is_settled, "{changed}");
            let met = sample.met_as(true, stamp);
            assert_eq!(Judged::of(met, Some(walked)).is_still, is_settled, "{changed}");
        }
    }

    #[test]
    fn a_file_written_anew_with_its_old_length_and_time_is_another() {
        let sample = Sample::new();
        let kept = sample.settled();
        sample.write(&TEXT.replace("2024", "2023"));
        let met = sample.met();
        let (old, new) = (kept.stamp.unwrap(), met.stamp.unwrap());
        assert_eq!((old.length, old.modified), (new.length, new.modified));
        let judged = sample.judge(kept.clone());
        assert!(!judged.is_still && !judged.is_touched);
        // With its old content it is the same, and its new stamp is kept.
        sample.write(TEXT);
        let judged = sample.judge(kept.clone());
        assert!(judged.is_still && judged.is_touched);
        assert_eq!(judged.walked.stamp, sample.met().stamp);
        sample.write("{}");
        assert!(!sample.judge(kept).is_still, "of another length");
    }

    #[test]
    fn a_copy_in_the_place_of_a_file_is_told_by_its_content() {
        let sample = Sample::new();
        let kept = sample.settled();
        let copy = sample.0.path().join("b");
        for (text, is_still) in [(TEXT, true), ("{\"year\":2014}", false)] {
            fs::write(&copy, text).unwrap();
            fs::rename(&copy, sample.path()).unwrap();
            assert_ne!(sample.met().stamp, kept.stamp);
            assert_eq!(sample.judge(kept.clone()).is_still, is_still, "{text}");
        }
    }

    #[test]
    fn what_was_just_written_is_looked_into_until_it_is_old_enough() {
        let sample = Sample::new();
        let mut kept = Walked::of(&sample.met());
        kept.hash_content();
        // As if the stamp had been taken right after the file was written, and the file were looked at much later.
        let stamp = Stamp { changed: now() - 5 * SAME_TIME, ..kept.stamp.unwrap() };
        (kept.stamp, kept.taken) = (Some(stamp), stamp.changed + SAME_TIME / 2);
        let met = || sample.met_as(true, Some(stamp));
        let judged = Judged::of(met(), Some(kept));
        assert!(judged.is_still && judged.is_touched && judged.walked.is_settled());
        let judged = Judged::of(met(), Some(judged.walked));
        assert!(judged.is_still && !judged.is_touched);
    }

    #[test]
    fn a_change_while_a_young_file_is_read_leaves_no_hash() {
        let sample = Sample::new();
        let fresh = Walked::of(&sample.met());
        let mut walked = fresh.clone();
        walked.hash_content();
        assert_eq!((walked.content, walked.before), (fresh.before, None));
        assert!(walked.content.is_some());
        // Another content in the same tick: the stamp is the same.
        let mut walked = Walked { before: fresh.before.map(|hash| hash ^ 1), ..fresh.clone() };
        walked.hash_content();
        assert_eq!(walked.content, None);
        let mut walked = fresh;
        sample.write(&TEXT.replace("2024", "2023"));
        walked.hash_content();
        assert_eq!(walked.content, None);
        let old = Stamp { changed: 1, ..sample.met().stamp.unwrap() };
        let old = sample.met_as(true, Some(old));
        assert_eq!(Walked::of(&old).before, None, "an old file is not read twice");
    }

    #[test]
    fn what_is_kept_of_a_file_is_what_was_known_of_it() {
        let sample = Sample::new();
        let walked = sample.settled();
        let bytes = postcard::to_stdvec(&walked).unwrap();
        assert_eq!(postcard::from_bytes::<Walked>(&bytes).unwrap(), walked);
    }
}
