//! The index of a corpus: a few numbers for each report, in columns, and nothing else of it in memory.
//!
//! A corpus may hold a million reports. Names are kept once, findings as keys of four bytes; what is asked for of one
//! report at a time is in a file. Opening a report reads its bytes again. Nothing here draws, and nothing here changes
//! a report.

mod account;
pub mod cache;
mod causes;
pub mod choices;
mod columns;
mod filter;
mod find;
pub mod identity;
mod log;
mod matrix;
mod names;
mod open;
mod order;
mod query;
mod read;
mod relate;
mod relatives;
mod roll;
mod saved;
mod units;

pub use crate::load::files::{FileState, Flow};
pub use account::Account;
pub use causes::{CauseKey, count_by_severity};
pub use choices::{Choice, Choices};
pub use columns::{Flags, Place};
pub use filter::Search;
pub use identity::{Entry, Names, marked_county, marked_id, report_id, settle};
pub use log::Log;
pub use matrix::{Matrix, MatrixCell, MatrixPlace, MatrixRow, Worst};
pub use names::NameId;
pub use open::{OpenReport, SourceLine};
pub use order::Order;
pub use query::{Facet, FacetValue, Listing, Query};
pub use read::{Batch, NewReport, read, read_met, read_with, summarise};
pub use relate::Related;
pub use relatives::{
    Location, Range, Register, Registered, Relative, Relatives, Reported, Resolved, Sink, Work, cite, entry,
    relative, relative_in,
};
pub use saved::SavedQuery;
pub use units::{AreaId, Unit, UnitId, Units};

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use rayon::prelude::*;

use crate::display::Untrusted;
use crate::report::{Problem, TemplateId};
use crate::rules::Settings;
use causes::Causes;
use columns::{Cold, ColdRow, Columns, UNKNOWN};
use find::Finder;
use names::Names as NameTable;
use order::Orders;
use relate::Areas;
use relatives::Kin;

/// What the index knows of one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Its agency in its place.
    pub unit: UnitId,
    /// The names of the agency and its place.
    pub names: Unit,
    /// Year of the report; 0 if unknown.
    pub year: u16,
    /// Facts about it.
    pub flags: Flags,
    /// Causes by severity, worst first.
    pub findings: [u16; 3],
    /// Problems in reading it, up to 255.
    pub problems: u8,
    /// Requests received, handled and carried out in all, where these are numbers.
    pub flows: [Option<u32>; 3],
}

impl Summary {
    /// Causes that are at least a warning: what there is to do.
    #[must_use]
    pub fn to_do(&self) -> usize {
        let [errors, warnings, _] = self.findings;
        usize::from(errors) + usize::from(warnings)
    }

    /// Whether figures may have been read otherwise than printed.
    #[must_use]
    pub const fn needs_reading(&self) -> bool {
        self.flags.has(Flags::NEEDS_READING)
    }

    /// Edition of the form, if known.
    #[must_use]
    pub const fn template(&self) -> Option<TemplateId> {
        self.flags.template()
    }
}

/// What was decided on the causes of a report, as far as they are still those that were decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Confirmed.
    pub confirmed: u16,
    /// Dismissed.
    pub dismissed: u16,
    /// To be asked about.
    pub query: u16,
    /// How many of all these are errors; the others are warnings.
    pub errors: u16,
}

impl Standing {
    /// Of a report with these causes by severity: the errors and the warnings on which nothing is decided yet.
    #[must_use]
    pub fn open(self, [errors, warnings, _]: [u16; 3]) -> [u16; 2] {
        let of_warnings = self.decided().saturating_sub(u32::from(self.errors));
        let of_warnings = u16::try_from(of_warnings).unwrap_or(u16::MAX);
        [errors.saturating_sub(self.errors), warnings.saturating_sub(of_warnings)]
    }

    /// How many are decided.
    #[must_use]
    pub fn decided(self) -> u32 {
        u32::from(self.confirmed) + u32::from(self.dismissed) + u32::from(self.query)
    }
}

/// What became of one file.
#[derive(Debug, Clone)]
pub struct FileEntry {
    /// Its path.
    pub path: PathBuf,
    /// Whether it was loaded.
    pub state: FileState,
    /// Its problems and those of its reports, as many as are worth listing.
    pub problems: Vec<Problem>,
    /// Whether it is no longer there, or was read again.
    pub(super) is_gone: bool,
}

/// The index. A copy of it shares everything until one of the two is changed.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    names: Arc<NameTable>,
    units: Arc<Units>,
    rows: Arc<Columns>,
    /// What was found in each report by itself.
    causes: Arc<Causes>,
    /// What was found in reports beside others.
    beside: Arc<Causes>,
    cold: Arc<Cold>,
    digests: Arc<Log>,
    files: Arc<Vec<FileEntry>>,
    /// The other documents of a report, by the one that is shown.
    copies: Arc<HashMap<u32, Vec<u32>>>,
    /// All versions of a year, by each of them, the one that stands for the year first.
    versions: Arc<HashMap<u32, Vec<u32>>>,
    /// Where a report stands among those whose identifiers would be equal, if it is not the first.
    ordinals: Arc<HashMap<u32, u32>>,
    /// The folders whose documents are all from one place, as far as their places are known.
    of_one_place: Arc<rustc_hash::FxHashSet<u64>>,
    /// What people have settled by hand.
    choices: Arc<Choices>,
    /// What is worked out of each county once.
    areas: OnceLock<Arc<Areas>>,
    orders: Orders,
    account: Account,
    settings: Arc<Settings>,
    /// Counties with reports that were not yet compared with each other.
    unrelated: BTreeSet<AreaId>,
    /// Whether documents came or went since copies and versions were told.
    is_unresolved: bool,
    /// Whether more of the last file is to come.
    is_open: bool,
    /// Whether there are reports that are no longer there.
    has_gone: bool,
    /// What was decided on each report; empty while nothing was.
    standing: Arc<Vec<Standing>>,
    /// How often that has changed.
    standing_changes: u64,
    /// What the names are searched with.
    finder: Arc<RwLock<Finder>>,
    /// The file of each report, while it is asked for.
    file_column: OnceLock<Arc<Vec<u32>>>,
    /// The years that occur, once they were asked for.
    years: OnceLock<Vec<u16>>,
    /// Whether something of the kept index could not be read any more.
    damage: Arc<AtomicBool>,
    /// Files that turned out not to say what the index does.
    doubted: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl Corpus {
    /// An empty index whose reports are checked by the rules as configured. What does not have to be in memory is kept
    /// in a file in `folder`.
    #[must_use]
    pub fn new(settings: Arc<Settings>, folder: Option<PathBuf>) -> Self {
        Self { settings, digests: Arc::new(Log::within(folder)), ..Self::default() }
    }

    /// The same with what people have settled by hand.
    #[must_use]
    pub fn with_choices(mut self, choices: Arc<Choices>) -> Self {
        self.choices = choices;
        self
    }

    /// Takes over what people have settled by hand since the index was made. The files whose reports are from another
    /// place by that are taken out of `walked`, so that they are read again.
    pub fn adopt_choices(&mut self, choices: Arc<Choices>, walked: &mut Vec<cache::Walked>) -> Vec<PathBuf> {
        let before = std::mem::replace(&mut self.choices, choices);
        self.is_unresolved |= before.versions != self.choices.versions;
        let differs = |key: &&String| before.places.get(*key) != self.choices.places.get(*key);
        // County and agency, in the key of an agency as in the identifier of a report.
        let parts = |key: &String| {
            let mut parts = key.strip_prefix('?')?.split('/').map(str::to_owned);
            Some((parts.next()?, parts.next()?))
        };
        let keys = before.places.keys().chain(self.choices.places.keys()).filter(differs);
        let asked: std::collections::HashSet<(String, String)> = keys.filter_map(parts).collect();
        if asked.is_empty() {
            return Vec::new();
        }
        let is_asked = |unit: Unit| {
            let [county, agency] = [unit.county, unit.agency].map(|n| choices::plain_name(self.names.raw(n)));
            asked.contains(&(county, agency))
        };
        let units: Vec<bool> = self.units.iter().map(|(_, unit)| is_asked(unit)).collect();
        let of_units = |i: &u32| {
            let unit = self.rows.unit(*i).and_then(|unit| units.get(unit.0 as usize));
            unit.copied().unwrap_or(false) && !self.rows.flags(*i).has(Flags::GONE)
        };
        let documents = (0..self.rows.len() as u32).filter(of_units);
        let files: BTreeSet<&Path> = documents.filter_map(|i| self.path(&self.cold(i)?.place)).collect();
        walked.retain(|walked| !files.iter().any(|file| file.starts_with(walked.path())));
        files.into_iter().map(Path::to_owned).collect()
    }

    /// What people have settled by hand.
    #[must_use]
    pub const fn choices(&self) -> &Arc<Choices> {
        &self.choices
    }

    /// The rules as configured.
    #[must_use]
    pub const fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// How many reports there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.account.reports - self.account.copies
    }

    /// Whether there is no report.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is known of a report.
    #[must_use]
    pub fn summary(&self, report: u32) -> Option<Summary> {
        let (rows, at) = (&self.rows, report as usize);
        let unit = rows.unit(report)?;
        let known = |n: u32| Some(n).filter(|n| *n != UNKNOWN);
        Some(Summary {
            unit,
            names: self.units.get(unit),
            year: *rows.year.get(at)?,
            flags: rows.flags(report),
            findings: *rows.findings.get(at)?,
            problems: *rows.problems.get(at)?,
            flows: rows.flows.get(at)?.map(known),
        })
    }

    /// All reports.
    pub fn summaries(&self) -> impl Iterator<Item = Summary> + '_ {
        (0..self.rows.len() as u32).filter_map(|i| self.summary(i)).filter(|s| !s.flags.is_hidden())
    }

    /// The causes of what was found in a report.
    pub fn causes(&self, report: u32) -> impl Iterator<Item = CauseKey> + '_ {
        self.causes.get(report).chain(self.beside.get(report))
    }

    /// Where a report is.
    #[must_use]
    pub fn place(&self, report: u32) -> Option<Place> {
        self.cold(report).map(|row| row.place)
    }

    /// Whether it turned out that the kept index is damaged: everything is to be read again then.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.damage.load(Ordering::Relaxed)
    }

    /// Notes that a file does not say what the index does: it is to be read again, whatever it looks like.
    fn doubt(&self, path: &Path) {
        self.doubted.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }

    /// The files to be read again, once.
    fn take_doubted(&self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.doubted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn cold(&self, report: u32) -> Option<ColdRow> {
        let row = self.cold.get(report);
        if row.is_none() && (report as usize) < self.rows.len() {
            self.damage.store(true, Ordering::Relaxed);
        }
        row
    }

    fn kin(&self, report: u32) -> Option<Kin> {
        let piece = self.digests.get(self.cold(report)?.digest);
        let kin = piece.and_then(|piece| Kin::unpack(&piece));
        if kin.is_none() {
            self.damage.store(true, Ordering::Relaxed);
        }
        kin
    }

    /// A name.
    #[must_use]
    pub fn name(&self, id: NameId) -> Untrusted {
        self.names.get(id)
    }

    /// The distinct names.
    #[must_use]
    pub fn names(&self) -> &NameTable {
        &self.names
    }

    /// The agencies in their places.
    #[must_use]
    pub fn units(&self) -> &Units {
        &self.units
    }

    /// The counties of that name or code.
    pub fn areas_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = AreaId> + 'a {
        let is_named = move |unit: Unit| {
            !name.is_empty() && (self.names.raw(unit.county) == name || self.names.raw(unit.code) == name)
        };
        (0..self.units.areas() as u32).map(AreaId).filter(move |area| is_named(self.units.of_area(*area)))
    }

    /// The name of a county as reports have it.
    #[must_use]
    pub fn county_name(&self, area: AreaId) -> Untrusted {
        self.name(self.units.of_area(area).county)
    }

    /// The name of a county, with a question mark where several counties have it, with its city where another county has the same name.
    #[must_use]
    pub fn area_name(&self, area: AreaId) -> Untrusted {
        let unit = self.units.of_area(area);
        let (county, city) = (self.names.raw(unit.county), self.names.raw(unit.city));
        if self.is_open(area) {
            return format!("{county}?").into();
        }
        let same =
            (0..self.units.areas() as u32).filter(|i| self.units.of_area(AreaId(*i)).county == unit.county);
        if city.is_empty() || county.is_empty() || same.take(2).count() < 2 {
            return county.into();
        }
        format!("{county}（{city}）").into()
    }

    /// The years that occur, earliest first; 0 stands for an unknown one.
    #[must_use]
    pub fn years(&self) -> &[u16] {
        self.years.get_or_init(|| {
            let mut seen = vec![false; usize::from(u16::MAX) + 1];
            for year in &self.rows.year {
                if let Some(seen) = seen.get_mut(usize::from(*year)) {
                    *seen = true;
                }
            }
            (0..=u16::MAX).zip(seen).filter(|(_, seen)| *seen).map(|(year, _)| year).collect()
        })
    }

    /// The file of each report.
    fn file_column(&self) -> Arc<Vec<u32>> {
        let file = |report: u32| self.cold(report).map_or(u32::MAX, |row| row.place.file);
        let all = || (0..self.rows.len() as u32).into_par_iter().map(file).collect();
        Arc::clone(self.file_column.get_or_init(|| Arc::new(all())))
    }

    /// Takes over what was decided on each report.
    pub fn set_standing(&mut self, standing: Vec<Standing>) {
        self.standing = Arc::new(standing);
        self.standing_changes += 1;
    }

    /// A number that is another one whenever something else was decided on a report.
    #[must_use]
    pub const fn standing_changes(&self) -> u64 {
        self.standing_changes
    }

    /// Takes over what was decided on some reports.
    pub fn set_standings(&mut self, found: &[(u32, Standing)]) {
        let standing = Arc::make_mut(&mut self.standing);
        standing.resize(self.rows.len(), Standing::default());
        for (report, new) in found {
            if let Some(old) = standing.get_mut(*report as usize) {
                *old = *new;
            }
        }
        self.standing_changes += 1;
    }

    /// What was decided on a report.
    #[must_use]
    pub fn standing(&self, report: u32) -> Standing {
        self.standing.get(report as usize).copied().unwrap_or_default()
    }

    /// All files that were found.
    pub fn files(&self) -> impl Iterator<Item = &FileEntry> {
        self.files.iter().filter(|file| !file.is_gone)
    }

    /// The file that a report was read from.
    #[must_use]
    pub fn path(&self, place: &Place) -> Option<&Path> {
        self.files.get(place.file as usize).map(|file| file.path.as_path())
    }

    /// The files of the other documents that hold a report.
    pub fn copies(&self, report: u32) -> impl Iterator<Item = &Path> {
        let documents = self.copies.get(&report).into_iter().flatten();
        let files =
            documents.filter_map(|document| self.files.get(self.cold(*document)?.place.file as usize));
        files.map(|file| file.path.as_path())
    }

    /// All versions for the year of a report, the one that stands for it first; nothing where there is only one.
    #[must_use]
    pub fn versions(&self, report: u32) -> &[u32] {
        self.versions.get(&report).map_or(&[], Vec::as_slice)
    }

    /// The account of files and reports.
    #[must_use]
    pub const fn account(&self) -> Account {
        self.account
    }

    /// Adds what was read from a file, or from a piece of it; with `is_update` it is marked as changed.
    pub fn add(&mut self, batch: Batch, is_update: bool) {
        let files = Arc::make_mut(&mut self.files);
        if !files.last().is_some_and(|last| last.path == batch.path && self.is_open) {
            files.push(FileEntry {
                path: batch.path,
                state: FileState::Loaded,
                problems: Vec::new(),
                is_gone: false,
            });
        }
        let file = files.len() - 1;
        self.is_open = batch.end.is_none();
        if !batch.items.is_empty() {
            self.file_column = OnceLock::new();
            self.years = OnceLock::new();
            self.orders = Orders::default();
        }
        for mut report in batch.items {
            report.flags = report.flags.with(Flags::CHANGED, is_update);
            self.add_report(file as u32, report);
        }
        if let (Some(end), Some(entry)) = (batch.end, Arc::make_mut(&mut self.files).get_mut(file)) {
            self.account.count(end.state);
            entry.state = end.state;
            entry.problems = end.problems;
        }
    }

    fn add_report(&mut self, file: u32, report: NewReport) {
        self.account.reports += 1;
        self.is_unresolved = true;
        self.areas = OnceLock::new();
        let flags = report.flags;
        self.push(file, report, flags);
    }

    /// Whether there are rows that are not shown.
    fn has_hidden(&self) -> bool {
        self.has_gone || self.account.copies > 0
    }

    /// Takes files and their reports out of the index.
    pub fn remove(&mut self, gone: &BTreeSet<u32>) {
        let (rows, cold) = (Arc::make_mut(&mut self.rows), Arc::make_mut(&mut self.cold));
        cold.in_memory();
        for i in 0..rows.len() as u32 {
            let Some(row) = cold.get(i).filter(|_| !rows.flags(i).has(Flags::GONE)) else { continue };
            if gone.contains(&row.place.file) {
                rows.set(i, Flags::GONE);
                self.account.reports -= 1;
                self.account.copies -= usize::from(rows.flags(i).has(Flags::COPY));
                self.unrelated.extend(rows.unit(i).map(|unit| self.units.area(unit)));
            }
        }
        self.is_unresolved |= !gone.is_empty();
        let files = Arc::make_mut(&mut self.files);
        for (file, i) in files.iter_mut().zip(0..) {
            if gone.contains(&i) && !file.is_gone {
                file.is_gone = true;
                self.account.uncount(file.state);
            }
        }
        self.has_gone |= !gone.is_empty();
        self.orders = Orders::default();
    }

    fn push(&mut self, file: u32, report: NewReport, flags: Flags) {
        let names = Arc::make_mut(&mut self.names);
        let [agency, county, city, province, code, title] = report.names.map(|name| names.intern(name.raw()));
        let unit = Unit { agency, county, city, province, code, title };
        let unit = Arc::make_mut(&mut self.units).intern(unit);
        self.unrelated.insert(self.units.area(unit));
        let place = Place { file, offset: report.offset, length: report.length, line: report.line };
        let digest = Arc::make_mut(&mut self.digests).append(&report.kin);
        let cold = ColdRow { place, fingerprint: report.fingerprint, digest };
        Arc::make_mut(&mut self.cold).in_memory().push(cold.packed());
        let rows = Arc::make_mut(&mut self.rows);
        rows.unit.push(unit.0);
        rows.year.push(report.year);
        rows.flags.push(flags.0);
        rows.problems.push(report.problems);
        rows.findings.push(count_by_severity(report.causes.iter().copied()));
        rows.flows.push(report.flows);
        Arc::make_mut(&mut self.causes).push(report.causes.iter().copied());
    }
}
