//! The index on disk: opened without reading the corpus, checked against it, rebuilt when it does not fit.
//!
//! A cache is never believed further than it can be checked, and never an error: whatever is wrong with it, the corpus
//! is read as if there were none. It belongs to the paths that were given, to this build of the program and to the
//! rules as configured.

mod changes;
mod sections;

pub use changes::{Changes, Walked};

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::causes::Causes;
use super::columns::{Cold, Columns, Flags};
use super::log::Log;
use super::names::Names;
use super::order::{Order, Orders};
use super::units::Units;
use super::{Choices, Corpus, FileEntry, Matrix};
use crate::load::files::{self, FileState};
use crate::report::Problem;
use crate::rules::{RULES, Settings};
use sections::{Section, Sections, Writer};

/// Where the cache of a corpus is, and what it must say to be used.
#[derive(Debug, Clone)]
pub struct Cache {
    path: PathBuf,
    key: u64,
}

/// What is kept of a file.
#[derive(Serialize, Deserialize)]
struct KeptFile {
    path: Vec<u8>,
    state: FileState,
    problems: Vec<Problem>,
}

/// Everything that is not in columns.
#[derive(Serialize, Deserialize)]
struct Kept {
    account: Account,
    files: Vec<KeptFile>,
    walked: Vec<Walked>,
    copies: Vec<(u32, Vec<u32>)>,
    versions: Vec<(u32, Vec<u32>)>,
    ordinals: Vec<(u32, u32)>,
    of_one_place: Vec<u64>,
    choices: Choices,
}

/// Makes a folder that nobody else can look into.
fn make_folder(folder: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The user's folder for caches of this program.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    use etcetera::BaseStrategy as _;
    Some(etcetera::base_strategy::choose_base_strategy().ok()?.cache_dir().join("gouji"))
}

impl Cache {
    /// The cache of some paths in a folder, for the rules as configured.
    #[must_use]
    pub fn of(paths: &[PathBuf], settings: &Settings, folder: &Path) -> Self {
        let mut real: Vec<PathBuf> =
            paths.iter().map(|path| std::fs::canonicalize(path).unwrap_or_else(|_| path.clone())).collect();
        real.sort();
        // The paths as they were given, too: they are what the reviewer is shown.
        let name = hash(&(&real, paths));
        let key =
            hash(&(name, build(), settings.key(), RULES.iter().map(|rule| rule.id).collect::<Vec<_>>()));
        Self { path: folder.join(format!("index-{name:016x}")), key }
    }

    /// The index as it was when it was kept, with the files that it was made from; nothing if there is none that fits.
    #[must_use]
    pub fn open(&self, settings: &Arc<Settings>) -> Option<(Corpus, Vec<Walked>)> {
        let sections = Sections::open(&self.path, self.key)?;
        let kept: Kept = postcard::from_bytes(&sections.read::<u8>(Section::Files)?).ok()?;
        let (rows, (names, (causes, orders))) = rayon::join(
            || columns(&sections),
            || rayon::join(|| names(&sections), || rayon::join(|| causes(&sections), || orders(&sections))),
        );
        let (mut rows, (names, units), [causes, beside]) = (rows?, names?, causes?);
        // What had changed when it was kept is not news any more.
        rows.flags.iter_mut().for_each(|flags| *flags &= !Flags::CHANGED.0);
        let [ranks, worst, place] = orders?;
        let n = rows.len();
        let is_whole = [worst.len(), place.len()].into_iter().all(|length| length == n)
            && ranks.len() == units.len()
            && rows.unit.iter().all(|unit| (*unit as usize) < units.len())
            && kept.account.reports == n;
        if !is_whole {
            return None;
        }
        let (cold, digests) = (sections.extent(Section::Cold)?, sections.extent(Section::Digests)?);
        let folder = self.path.parent().map(Path::to_owned);
        let corpus = Corpus {
            names: Arc::new(names),
            units: Arc::new(units),
            rows: Arc::new(rows),
            causes: Arc::new(causes),
            beside: Arc::new(beside),
            cold: Arc::new(Cold::File { file: Arc::clone(&sections.file), start: cold.offset, rows: n }),
            digests: Arc::new(Log::of_file(sections.file, digests.offset, digests.length, folder)),
            files: Arc::new(kept.files.into_iter().map(FileEntry::from).collect()),
            copies: Arc::new(kept.copies.into_iter().collect()),
            versions: Arc::new(kept.versions.into_iter().collect()),
            ordinals: Arc::new(kept.ordinals.into_iter().collect()),
            of_one_place: Arc::new(kept.of_one_place.into_iter().collect()),
            choices: Arc::new(kept.choices),
            orders: Orders::restore(ranks, worst, place),
            account: kept.account,
            settings: Arc::clone(settings),
            ..Corpus::default()
        };
        Some((corpus, kept.walked))
    }

    /// County by year as it was kept, without opening the index, if the corpus is still what it was made from; with the
    /// account of its files, and those of which something is to be told.
    #[must_use]
    pub fn matrix(&self, paths: &[PathBuf], choices: &Choices) -> Option<(Matrix, Account, Vec<FileEntry>)> {
        let sections = Sections::open(&self.path, self.key)?;
        let kept: Kept = postcard::from_bytes(&sections.read::<u8>(Section::Files)?).ok()?;
        if kept.choices != *choices {
            return None;
        }
        let changes = Changes::find(&Corpus::default(), kept.walked, files::find(paths));
        if !changes.read.is_empty() || changes.has_lost {
            return None;
        }
        let matrix = postcard::from_bytes(&sections.read::<u8>(Section::Matrix)?).ok()?;
        Some((matrix, kept.account, kept.files.into_iter().map(FileEntry::from).collect()))
    }

    /// Keeps an index that is complete and compared; `walked` are the files that it was made from.
    ///
    /// # Errors
    /// If the file cannot be written; what was there before stays.
    pub fn save(&self, corpus: &Corpus, walked: Vec<Walked>) -> io::Result<()> {
        let compact;
        let corpus = if corpus.has_gone {
            compact = corpus.compacted();
            &compact
        } else {
            corpus
        };
        let mut out = Writer::create(&self.path, self.key, 24)?;
        let kept = Kept {
            account: corpus.account,
            files: corpus.files.iter().map(KeptFile::from).collect(),
            walked,
            copies: corpus.copies.iter().map(|(report, all)| (*report, all.clone())).collect(),
            versions: corpus.versions.iter().map(|(report, all)| (*report, all.clone())).collect(),
            ordinals: corpus.ordinals.iter().map(|(report, n)| (*report, *n)).collect(),
            of_one_place: corpus.of_one_place.iter().copied().collect(),
            choices: Choices::clone(&corpus.choices),
        };
        let kept = postcard::to_stdvec(&kept).map_err(io::Error::other)?;
        out.write(Section::Files, &kept)?;
        let (text, ends) = corpus.names.parts();
        out.write(Section::NamesText, text)?;
        out.write(Section::NamesEnds, ends)?;
        out.write(Section::Units, corpus.units.parts())?;
        let rows = &corpus.rows;
        out.write(Section::Unit, &rows.unit)?;
        out.write(Section::Year, &rows.year)?;
        out.write(Section::Flags, &rows.flags)?;
        out.write(Section::Problems, &rows.problems)?;
        out.write(Section::Findings, &rows.findings)?;
        out.write(Section::Flows, &rows.flows)?;
        for (ends_of, keys_of, causes) in [
            (Section::CauseEnds, Section::CauseKeys, &corpus.causes),
            (Section::BesideEnds, Section::BesideKeys, &corpus.beside),
        ] {
            let (ends, keys) = causes.parts();
            out.write(ends_of, ends)?;
            out.write(keys_of, keys)?;
        }
        let list = |order| corpus.orders.list(order, rows, &corpus.names, &corpus.units);
        out.write(Section::Ranks, corpus.orders.ranks(&corpus.names, &corpus.units))?;
        out.write(Section::Worst, &list(Order::Worst))?;
        out.write(Section::Place, &list(Order::Place))?;
        let matrix = postcard::to_stdvec(&corpus.matrix(corpus.reports())).map_err(io::Error::other)?;
        out.write(Section::Matrix, &matrix)?;
        Self::save_pieces(corpus, &mut out)?;
        out.finish()
    }

    /// Writes what is asked for of one report at a time, each with a check of its own.
    fn save_pieces(corpus: &Corpus, out: &mut Writer) -> io::Result<()> {
        let lost = || io::Error::other("a report of the index is lost");
        let mut places = Vec::with_capacity(corpus.rows.len());
        out.write_pieces(Section::Digests, &mut |out: &mut dyn Write| {
            let mut log = Log::default();
            let mut length = 0;
            for report in 0..corpus.rows.len() as u32 {
                let row = corpus.cold.get(report).ok_or_else(lost)?;
                let piece = corpus.digests.get(row.digest).ok_or_else(lost)?;
                places.push(length + log.append(&piece));
                if log.len() >= 1 << 20 {
                    length += log.len();
                    log.drain(out)?;
                }
            }
            length += log.len();
            log.drain(out)?;
            Ok(length)
        })?;
        out.write_pieces(Section::Cold, &mut |out: &mut dyn Write| {
            let mut length = 0;
            for (report, digest) in (0..).zip(&places) {
                let row = corpus.cold.get(report).ok_or_else(lost)?;
                let packed = super::columns::ColdRow { digest: *digest, ..row }.packed();
                let bytes: &[u8] = bytemuck::cast_slice(&packed);
                out.write_all(bytes)?;
                length += bytes.len() as u64;
            }
            Ok(length)
        })
    }
}

fn columns(sections: &Sections) -> Option<Columns> {
    let rows = Columns {
        unit: sections.read(Section::Unit)?,
        year: sections.read(Section::Year)?,
        flags: sections.read(Section::Flags)?,
        problems: sections.read(Section::Problems)?,
        findings: sections.read(Section::Findings)?,
        flows: sections.read(Section::Flows)?,
    };
    rows.fit().then_some(rows)
}

fn names(sections: &Sections) -> Option<(Names, Units)> {
    let names = Names::restore(sections.read(Section::NamesText)?, sections.read(Section::NamesEnds)?)?;
    let units = Units::restore(sections.read(Section::Units)?, names.len())?;
    Some((names, units))
}

fn causes(sections: &Sections) -> Option<[Causes; 2]> {
    let read = |ends, keys| Causes::restore(sections.read(ends)?, sections.read(keys)?);
    Some([read(Section::CauseEnds, Section::CauseKeys)?, read(Section::BesideEnds, Section::BesideKeys)?])
}

fn orders(sections: &Sections) -> Option<[Vec<u32>; 3]> {
    Some([sections.read(Section::Ranks)?, sections.read(Section::Worst)?, sections.read(Section::Place)?])
}

/// What tells this build of the program from others: another one may find something else in the same reports.
fn build() -> u64 {
    use std::os::unix::fs::MetadataExt;
    let own = std::env::current_exe().and_then(std::fs::metadata);
    hash(&(env!("CARGO_PKG_VERSION"), own.map(|meta| (meta.len(), meta.mtime(), meta.mtime_nsec())).ok()))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl From<&FileEntry> for KeptFile {
    fn from(file: &FileEntry) -> Self {
        Self {
            path: file.path.as_os_str().as_bytes().to_vec(),
            state: file.state,
            problems: file.problems.clone(),
        }
    }
}

impl From<KeptFile> for FileEntry {
    fn from(kept: KeptFile) -> Self {
        let path = std::ffi::OsString::from_vec(kept.path).into();
        Self { path, state: kept.state, problems: kept.problems, is_gone: false }
    }
}

impl Corpus {
    /// The index without the reports and files that are no longer there.
    fn compacted(&self) -> Self {
        let mut new_file = Vec::with_capacity(self.files.len());
        let mut files = Vec::new();
        for file in self.files.iter() {
            new_file.push(files.len() as u32);
            if !file.is_gone {
                files.push(file.clone());
            }
        }
        let file = |old: u32| new_file.get(old as usize).copied().unwrap_or(0);
        let mut new = Self {
            digests: Arc::clone(&self.digests),
            settings: Arc::clone(&self.settings),
            ..Self::default()
        };
        let (mut rows, mut causes, mut beside) = (Columns::default(), Causes::default(), Causes::default());
        let (mut cold, mut new_row) = (Vec::new(), std::collections::HashMap::new());
        for report in 0..self.rows.len() as u32 {
            let at = report as usize;
            let flags = self.rows.flags(report);
            let Some(row) = self.cold.get(report).filter(|_| !flags.has(Flags::GONE)) else { continue };
            new_row.insert(report, cold.len() as u32);
            let place = super::Place { file: file(row.place.file), ..row.place };
            cold.push(super::columns::ColdRow { place, ..row }.packed());
            rows.unit.extend(self.rows.unit.get(at));
            rows.year.extend(self.rows.year.get(at));
            rows.flags.push(flags.0);
            rows.problems.extend(self.rows.problems.get(at));
            rows.findings.extend(self.rows.findings.get(at));
            rows.flows.extend(self.rows.flows.get(at));
            causes.push(self.causes.get(report));
            beside.push(self.beside.get(report));
        }
        new.names = Arc::clone(&self.names);
        new.units = Arc::clone(&self.units);
        new.rows = Arc::new(rows);
        new.causes = Arc::new(causes);
        new.beside = Arc::new(beside);
        new.cold = Arc::new(Cold::Memory(cold));
        new.files = Arc::new(files);
        let moved = |report: &u32| new_row.get(report).copied();
        let lists = |lists: &std::collections::HashMap<u32, Vec<u32>>| {
            let list = |(report, all): (&u32, &Vec<u32>)| {
                Some((moved(report)?, all.iter().filter_map(moved).collect()))
            };
            Arc::new(lists.iter().filter_map(list).collect())
        };
        (new.copies, new.versions) = (lists(&self.copies), lists(&self.versions));
        new.ordinals = Arc::new(self.ordinals.iter().filter_map(|(i, n)| Some((moved(i)?, *n))).collect());
        new.of_one_place = Arc::clone(&self.of_one_place);
        new.choices = Arc::clone(&self.choices);
        new.account = Account { ..self.account };
        new
    }
}
