//! The index of a corpus: one small summary per report, and nothing else of it.
//!
//! A corpus may hold a million reports. Per report the index keeps a fixed summary with shared names; opening a
//! report reads its bytes again. Nothing here draws, and nothing here changes a report.

mod open;
mod query;
mod read;
mod relatives;

pub use crate::load::files::{FileState, Flow};
pub use open::{OpenReport, SourceLine};
pub use query::{Facet, FacetValue, Listing, Order, Query};
pub use read::{Batch, NewReport, read, summarise};
pub use relatives::{Relative, Relatives, relative};

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::display::{Lang, Untrusted};
use crate::report::{Problem, Report, Sum, TemplateId};
use crate::rules::{Cause, Finding, Rule, Settings, Severity};

/// A distinct name: an index into [`Corpus::names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(u32);

/// What the index keeps of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// County; the empty name if unknown.
    pub county: NameId,
    /// City; the empty name if unknown.
    pub city: NameId,
    /// Agency.
    pub agency: NameId,
    /// Year of the report; 0 if unknown.
    pub year: u16,
    /// Edition of the form, if known.
    pub template: Option<TemplateId>,
    /// What was found in it by itself, one entry for each cause.
    pub causes: Box<[CauseKey]>,
    /// What was found in it beside other reports.
    pub beside: Box<[CauseKey]>,
    /// Causes by severity, worst first.
    pub findings: [u16; 3],
    /// Problems in reading it.
    pub problems: u16,
    /// Whether figures may have been read otherwise than printed.
    pub needs_reading: bool,
    /// Whether it declares itself made up.
    pub synthetic: bool,
    /// What it says, for telling copies: see [`fingerprint`].
    pub fingerprint: u64,
    /// Further files that hold the same report.
    pub copies: u16,
    /// Where to read it again.
    pub place: Place,
}

impl Summary {
    /// Causes that are at least a warning: what there is to do.
    #[must_use]
    pub fn to_do(&self) -> usize {
        let [errors, warnings, _] = self.findings;
        usize::from(errors) + usize::from(warnings)
    }

    /// Everything that was found.
    pub fn all_causes(&self) -> impl Iterator<Item = CauseKey> + '_ {
        self.causes.iter().chain(&self.beside).copied()
    }

    fn count(&mut self) {
        self.findings = count_by_severity(self.all_causes());
    }
}

/// What the index keeps of a cause: the rule that says most, and how bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CauseKey {
    /// The place of the rule in the catalogue.
    pub rule: u8,
    /// The worst severity among its findings.
    pub severity: Severity,
    /// How far apart both sides of the finding that says most are, as far as a small number can say.
    pub size: u16,
}

impl CauseKey {
    /// What is kept of causes.
    #[must_use]
    pub fn of(causes: &[Cause], findings: &[Finding]) -> Box<[Self]> {
        let key = |cause: &Cause| {
            let headline = cause.headline(findings)?;
            let apart = headline.difference().and_then(Sum::as_whole).map_or(0, i64::unsigned_abs);
            let size = u16::try_from(apart).unwrap_or(u16::MAX);
            Some(Self { rule: headline.rule.number(), severity: cause.severity, size })
        };
        causes.iter().filter_map(key).collect()
    }

    /// The rule.
    #[must_use]
    pub fn rule(self) -> Option<&'static Rule> {
        Rule::at(self.rule)
    }
}

/// Where the bytes of a report are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Index into [`Corpus::files`].
    pub file: u32,
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// Line in which it begins, from 1.
    pub line: u32,
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
}

/// How many files there are of each state; the four add up to the files found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Account {
    /// Files whose reports were all read without a problem.
    pub loaded: usize,
    /// Files with at least one report, and with problems.
    pub with_problems: usize,
    /// Files without a readable report.
    pub rejected: usize,
    /// Files that are no reports: not regular, hidden, or of another kind.
    pub skipped: usize,
    /// Reports read.
    pub reports: usize,
    /// Reports read that are copies of others.
    pub copies: usize,
}

impl Account {
    /// Counts a file.
    pub fn count(&mut self, state: FileState) {
        match state {
            FileState::Loaded => self.loaded += 1,
            FileState::WithProblems => self.with_problems += 1,
            FileState::Rejected => self.rejected += 1,
            FileState::Skipped => self.skipped += 1,
        }
    }

    /// The account as a sentence, in which the four states add up to the files found.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        let Self { loaded, with_problems, rejected, skipped, reports, copies } = *self;
        let files = self.files();
        lang.pick(
            format!(
                "文件 {files} = 读入 {loaded} + 有疑 {with_problems} + 拒绝 {rejected} + 跳过 {skipped}；报告 {reports}（其中副本 {copies}）"
            ),
            format!(
                "files {files} = loaded {loaded} + with problems {with_problems} + rejected {rejected} + skipped {skipped}; reports {reports} (copies {copies})"
            ),
        )
    }

    /// All files.
    #[must_use]
    pub const fn files(&self) -> usize {
        self.loaded + self.with_problems + self.rejected + self.skipped
    }
}

/// The index.
#[derive(Debug, Default)]
pub struct Corpus {
    summaries: Vec<Summary>,
    names: Vec<Untrusted>,
    ids: HashMap<Untrusted, NameId>,
    by_fingerprint: HashMap<u64, u32>,
    files: Vec<FileEntry>,
    /// Whether more of the last file is to come.
    is_open: bool,
    account: Account,
    /// Further files that hold a report, by the report.
    copies: HashMap<u32, Vec<u32>>,
    settings: Arc<Settings>,
    relatives: Relatives,
    /// Whether reports were added since they were last compared with each other.
    is_unrelated: bool,
}

impl Corpus {
    /// An empty index whose reports are checked by the rules as configured.
    #[must_use]
    pub fn new(settings: Arc<Settings>) -> Self {
        Self { settings, ..Self::default() }
    }

    /// The rules as configured.
    #[must_use]
    pub const fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// Compares the reports with each other, if any were added since this was last done.
    pub fn relate(&mut self) {
        if !std::mem::take(&mut self.is_unrelated) {
            return;
        }
        let mut found = self.relatives.all_findings(&self.settings);
        for (i, summary) in self.summaries.iter_mut().enumerate() {
            let findings = found.remove(&(i as u32)).unwrap_or_default();
            if findings.is_empty() && summary.beside.is_empty() {
                continue;
            }
            let causes = crate::rules::causes(&Report::default(), &[], &findings, &[]);
            summary.beside = CauseKey::of(&causes, &findings);
            summary.count();
        }
    }

    /// All reports, in the order in which they were read.
    #[must_use]
    pub fn summaries(&self) -> &[Summary] {
        &self.summaries
    }

    /// The summary of a report.
    #[must_use]
    pub fn summary(&self, report: u32) -> Option<&Summary> {
        self.summaries.get(report as usize)
    }

    /// A name.
    #[must_use]
    pub fn name(&self, id: NameId) -> &Untrusted {
        static NONE: std::sync::LazyLock<Untrusted> = std::sync::LazyLock::new(Untrusted::default);
        self.names.get(id.0 as usize).unwrap_or(&NONE)
    }

    /// The distinct names of counties, cities and agencies.
    pub fn names(&self) -> impl Iterator<Item = (NameId, &Untrusted)> {
        self.names.iter().enumerate().map(|(i, name)| (NameId(i as u32), name))
    }

    /// All files that were found.
    #[must_use]
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// The file that a report was read from.
    #[must_use]
    pub fn path(&self, place: &Place) -> Option<&Path> {
        self.files.get(place.file as usize).map(|file| file.path.as_path())
    }

    /// The other files that hold a report.
    pub fn copies(&self, report: u32) -> impl Iterator<Item = &Path> {
        let files = self.copies.get(&report).into_iter().flatten();
        files.filter_map(|file| self.files.get(*file as usize)).map(|file| file.path.as_path())
    }

    /// The account of files and reports.
    #[must_use]
    pub const fn account(&self) -> Account {
        self.account
    }

    /// Adds what was read from a file, or from a piece of it.
    pub fn add(&mut self, batch: Batch) {
        let file = match self.files.last() {
            Some(last) if last.path == batch.path && self.is_open => self.files.len() - 1,
            _ => {
                self.files.push(FileEntry {
                    path: batch.path,
                    state: FileState::Loaded,
                    problems: Vec::new(),
                });
                self.files.len() - 1
            }
        };
        self.is_open = batch.end.is_none();
        for report in batch.items {
            self.add_report(file as u32, report);
        }
        if let (Some(end), Some(entry)) = (batch.end, self.files.get_mut(file)) {
            self.account.count(end.state);
            entry.state = end.state;
            entry.problems = end.problems;
        }
    }

    fn add_report(&mut self, file: u32, report: NewReport) {
        self.account.reports += 1;
        let place = Place { file, offset: report.offset, length: report.length, line: report.line };
        self.is_unrelated = true;
        let known = self.by_fingerprint.get(&report.fingerprint).copied();
        if let Some((i, same)) = known.and_then(|i| Some((i, self.summaries.get_mut(i as usize)?))) {
            self.account.copies += 1;
            same.copies = same.copies.saturating_add(1);
            let other = if report.is_document { same.place.file } else { place.file };
            self.copies.entry(i).or_default().push(other);
            // The document itself is better to look at than a parsed copy of it.
            if report.is_document {
                same.place = place;
                same.causes = report.causes;
                same.count();
                same.problems = report.problems;
                self.relatives.replace(i, report.relative);
            }
            return;
        }
        self.relatives.add(report.relative);
        let summary = Summary {
            county: self.intern(report.county),
            city: self.intern(report.city),
            agency: self.intern(report.agency),
            year: report.year,
            template: report.template,
            findings: count_by_severity(report.causes.iter().copied()),
            causes: report.causes,
            beside: Box::default(),
            problems: report.problems,
            needs_reading: report.needs_reading,
            synthetic: report.synthetic,
            fingerprint: report.fingerprint,
            copies: 0,
            place,
        };
        self.by_fingerprint.insert(report.fingerprint, self.summaries.len() as u32);
        self.summaries.push(summary);
    }

    fn intern(&mut self, name: Untrusted) -> NameId {
        if let Some(id) = self.ids.get(&name) {
            return *id;
        }
        let id = NameId(self.names.len() as u32);
        self.names.push(name.clone());
        self.ids.insert(name, id);
        id
    }
}

/// A hash of what a report says: agency, year, figures. Copies of one report in different formats share it.
#[must_use]
pub fn fingerprint(report: &Report) -> u64 {
    let mut hasher = DefaultHasher::new();
    report.agency.hash(&mut hasher);
    report.year.hash(&mut hasher);
    report.template.map(TemplateId::name).hash(&mut hasher);
    for cell in crate::report::CellId::all() {
        report.figures.get(cell).hash(&mut hasher);
    }
    hasher.finish()
}

/// Causes counted by severity, worst first.
#[must_use]
pub fn count_by_severity(causes: impl Iterator<Item = CauseKey>) -> [u16; 3] {
    let mut counts = [0_u16; 3];
    for cause in causes {
        if let Some(count) = counts.get_mut(cause.severity as usize) {
            *count = count.saturating_add(1);
        }
    }
    counts
}
