//! An earlier list, or decisions, beside which a corrected report is put: what is settled, what remains, what is new.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::row::{Change, LedgerRow, Status};
use super::write::{FindingRecord, Record};
use super::{LedgerOptions, advice};
use crate::corpus::Corpus;
use crate::corpus::OpenReport;
use crate::corpus::choices::is_code;
use crate::display::{Lang, Untrusted};
use crate::review::{self, Decision, FindingKey, Heir, Judged, Store, StoreError, Subject};
use crate::rules::{Check, Rule, State};

/// The longest list that is read, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// The rule that tells versions of a report: a report with a row of it was one of several.
const VERSIONS: &str = "O5";

/// The first bytes of a file of decisions.
const STORE: &[u8] = b"SQLite format 3\0";

/// Why an earlier list cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EarlierError {
    /// The file cannot be read.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is no list.
    #[error("{}: {what}: an earlier list is what --ledger wrote as .json or .jsonl, or a file of decisions", path.display())]
    NoLedger {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// It is a file of decisions that cannot be read.
    #[error("{}", .0.message(Lang::En))]
    Store(#[from] StoreError),
}

/// The rows of an earlier list, by report.
#[derive(Debug, Default)]
pub struct Earlier {
    reports: BTreeMap<Untrusted, Vec<Record>>,
    figures: HashMap<FindingKey, Judged>,
    /// Whether it says of every report what was found, and not only of those that somebody has decided on.
    is_complete: bool,
    /// Whether it has what was dismissed: lists leave that out unless it is asked for.
    has_dismissed: bool,
    /// Reports of which some row may be or not, as there are several versions now.
    unclear: HashSet<Untrusted>,
    /// Corrected reports with the versions that the rows were of.
    corrected: HashMap<Untrusted, Untrusted>,
}

impl Earlier {
    /// Reads an earlier list.
    ///
    /// # Errors
    /// If it is none, or not whole.
    pub fn read(path: &Path) -> Result<Self, EarlierError> {
        let failed = |error| EarlierError::File { path: path.to_owned(), error };
        let no_ledger = |what: String| EarlierError::NoLedger { path: path.to_owned(), what };
        let file = File::open(path).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(no_ledger("no plain file".to_owned()));
        }
        let mut reader = BufReader::new(file.take(MAX_BYTES));
        let start = reader.fill_buf().map_err(failed)?;
        if start.starts_with(STORE) {
            return Ok(Self::of_store(&Store::read(path)?));
        }
        let mut text = String::new();
        reader.read_to_string(&mut text).map_err(failed)?;
        let text = text.trim_start_matches('\u{feff}').trim();
        let records: Vec<Record> = if text.starts_with('[') {
            serde_json::from_str(text).map_err(|error| no_ledger(error.to_string()))?
        } else {
            let read = |(number, line): (usize, &str)| {
                serde_json::from_str(line).map_err(|error| no_ledger(format!("line {number}: {error}")))
            };
            let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
            lines.map(read).collect::<Result<_, _>>()?
        };
        if records.iter().any(|record| record.rule.is_empty() || record.findings.is_empty()) {
            return Err(no_ledger("JSON, but no list".to_owned()));
        }
        Ok(Self::of_records(records, true))
    }

    /// The decisions of a store as an earlier list: what was confirmed, and what units were asked about.
    #[must_use]
    pub fn of_store(store: &Store) -> Self {
        let record = |event: &crate::review::Event| {
            let (on, status) = (
                event.on.as_ref()?,
                match event.decision? {
                    Decision::Confirmed => Status::Confirmed,
                    Decision::Query => Status::Query,
                    // It was seen: it is not new if it is there, and nothing is settled if it is not.
                    Decision::Dismissed | Decision::Open => Status::Dismissed,
                },
            );
            let text = |text: &Untrusted| text.raw().to_owned();
            let finding = FindingRecord {
                report: text(&on.key.report),
                rule: text(&on.key.rule),
                place: text(&on.key.place),
                figures: text(&on.judged.0),
            };
            Some(Record {
                rule: finding.rule.clone(),
                description: text(&on.about),
                status: status.name().to_owned(),
                note: event.note.as_ref().map(text).unwrap_or_default(),
                findings: vec![finding],
                ..Record::default()
            })
        };
        let records = store.decisions().iter().filter_map(|event| record(event)).collect();
        Self::of_records(records, false)
    }

    fn of_records(records: Vec<Record>, is_complete: bool) -> Self {
        let has_dismissed = records.iter().any(|record| !is_to_settle(record));
        let mut earlier = Self { is_complete, has_dismissed, ..Self::default() };
        // What was settled already is new if it is there again.
        let is_settled = |record: &Record| Status::parse(&record.status) == Some(Status::Settled);
        for record in records.into_iter().filter(|record| !is_settled(record)) {
            for finding in &record.findings {
                earlier.figures.insert(finding.key(), Judged(finding.figures.as_str().into()));
            }
            if let Some(first) = record.findings.first() {
                earlier.reports.entry(first.report.as_str().into()).or_default().push(record);
            }
        }
        earlier
    }

    /// The same rows under the identifiers that their reports have now: a corrected report has another version in it,
    /// and lists of 0.1.0 have none. Where it cannot be told which of several versions a row is of, it stays as it is.
    #[must_use]
    pub fn adopted(self, corpus: &Corpus) -> Self {
        let old: Vec<Untrusted> = self.reports.keys().cloned().collect();
        let heirs = review::heirs_in(corpus, &old);
        let asked = heirs.values().filter(|heir| matches!(heir, Heir::Version(_)));
        let documents = review::documents_of(corpus, asked.flat_map(Heir::reports));
        let is_known = |report: &Untrusted| self.reports.contains_key(report);
        let is_corrected = |rows: &[Record], heir: &Untrusted| {
            let is_in_its_place = documents.get(heir).is_some_and(|files| {
                rows.iter().any(|row| files.iter().any(|file| *file == Path::new(&row.file)))
            });
            // Agencies of one name whose places are not known may be two.
            let is_placed = heir.raw().split('/').next().is_some_and(is_code);
            let was_alone = is_placed && !rows.iter().any(|row| row.rule == VERSIONS);
            !is_known(heir) && (is_in_its_place || was_alone)
        };
        let (mut unclear, mut corrected) = (HashSet::new(), HashMap::new());
        let mut records = Vec::new();
        for (report, rows) in &self.reports {
            let heir = match heirs.get(report) {
                Some(Heir::Version(heir)) if is_corrected(rows, heir) => {
                    corrected.insert(heir.clone(), report.clone());
                    Some(heir)
                }
                Some(Heir::Sole(heir)) => Some(heir),
                Some(heir) => {
                    unclear.extend(heir.reports().iter().filter(|heir| !is_known(heir)).cloned());
                    None
                }
                None => None,
            };
            let name = heir.unwrap_or(report);
            let renamed = |record: &Record| {
                let mut record = record.clone();
                for finding in &mut record.findings {
                    name.raw().clone_into(&mut finding.report);
                }
                record
            };
            records.extend(rows.iter().map(renamed));
        }
        Self { unclear, corrected, ..Self::of_records(records, self.is_complete) }
    }

    /// How many rows there are whose report is not among those.
    pub(super) fn rows_outside(&self, seen: &HashSet<Untrusted>) -> usize {
        let outside = self.reports.iter().filter(|(report, _)| !seen.contains(*report));
        outside.flat_map(|(_, rows)| rows).filter(|row| is_to_settle(row)).count()
    }

    /// What became of a cause that is there, with what was decided on it; `None` where the earlier list cannot say.
    pub(super) fn change(&self, own: &[Subject], status: Status) -> Option<Change> {
        let mut known =
            own.iter().filter_map(|now| Some((self.figures.get(&now.key)?, &now.judged))).peekable();
        if known.peek().is_some() {
            let is_same = known.all(|(then, now)| then == now);
            return Some(if is_same { Change::Remains } else { Change::Changed });
        }
        if own.iter().any(|subject| self.unclear.contains(&subject.key.report)) {
            return Some(Change::Unclear);
        }
        if self.is_complete && !self.has_dismissed && status == Status::Dismissed {
            // Somebody has looked at it before: it was left out of the list.
            return Some(Change::Remains);
        }
        let covers = |subject: &Subject| self.reports.contains_key(&subject.key.report);
        (self.is_complete || own.iter().any(covers)).then_some(Change::New)
    }

    /// Of rows that remain, how much of them is settled: a cause may be corrected in part.
    pub(super) fn note_parts(
        &self,
        report: &Untrusted,
        subjects: &[Subject],
        rows: &mut [LedgerRow],
        lang: Lang,
    ) {
        let Some(records) = self.reports.get(report) else { return };
        let there: HashSet<&FindingKey> = subjects.iter().map(|subject| &subject.key).collect();
        for row in rows {
            if matches!(row.change, Some(Change::Remains | Change::Changed)) {
                self.note_version(report, row, lang);
            }
            let shares = |record: &&Record| {
                record
                    .findings
                    .iter()
                    .any(|finding| row.findings.iter().any(|(key, _)| *key == finding.key()))
            };
            let then: Vec<&FindingRecord> = records
                .iter()
                .filter(|row| is_to_settle(row))
                .filter(shares)
                .flat_map(|record| &record.findings)
                .collect();
            let left = then.iter().filter(|finding| there.contains(&finding.key())).count();
            if left < then.len() {
                let note = lang.pick(
                    format!("原台账此条 {} 处，现存 {left} 处", then.len()),
                    format!("{left} of {} earlier places are left", then.len()),
                );
                add_note(row, &note);
            }
        }
    }

    /// Says which version the row was of, where the report was corrected since: what is said rests on that.
    fn note_version(&self, report: &Untrusted, row: &mut LedgerRow, lang: Lang) {
        if let Some(was) = self.corrected.get(report) {
            let was = was.raw();
            let note = lang
                .pick(format!("原列于更正前的版本 {was}"), format!("listed of the version before, {was}"));
            add_note(row, &note);
        }
    }

    /// The rows of a report of which nothing is there any more.
    pub(super) fn gone(
        &self,
        options: &LedgerOptions,
        open: &OpenReport,
        report: &Untrusted,
        subjects: &[Subject],
    ) -> Vec<LedgerRow> {
        let Some(records) = self.reports.get(report) else { return Vec::new() };
        let there: HashSet<&FindingKey> = subjects.iter().map(|subject| &subject.key).collect();
        let is_off = |finding: &FindingRecord| options.off.iter().any(|rule| rule.id == finding.rule);
        let is_gone = |record: &&Record| {
            !record.findings.iter().any(|finding| there.contains(&finding.key()) || is_off(finding))
        };
        let mut rows: Vec<LedgerRow> = records
            .iter()
            .filter(|row| is_to_settle(row))
            .filter(is_gone)
            .filter_map(|record| gone(options, open, record))
            .collect();
        for row in &mut rows {
            self.note_version(report, row, options.lang);
        }
        rows
    }
}

/// Whether something was left to do: what was dismissed is not settled by being gone.
fn is_to_settle(record: &Record) -> bool {
    Status::parse(&record.status) != Some(Status::Dismissed)
}

fn add_note(row: &mut LedgerRow, note: &str) {
    let before = row.note.raw();
    let between = if before.is_empty() { "" } else { "\n" };
    row.note = format!("{before}{between}{note}").into();
}

/// The row for a cause that is no longer found; `None` for one of a rule that this version does not have.
fn gone(options: &LedgerOptions, open: &OpenReport, record: &Record) -> Option<LedgerRow> {
    let (lang, report) = (options.lang, &open.report);
    let rule = Rule::find(&record.rule)?;
    let is_settled = record.findings.iter().all(|finding| is_read(options, open, finding));
    let (status, change) = if is_settled {
        (Status::Settled, Change::Settled)
    } else {
        (Status::parse(&record.status).unwrap_or(Status::Open), Change::Unclear)
    };
    let advice = if is_settled { String::new() } else { advice::unread(lang).to_owned() };
    Some(LedgerRow {
        report: open.id.clone(),
        agency: report.agency.clone(),
        county: report.county.clone(),
        county_code: report.county_code.clone(),
        city: report.city.clone(),
        year: report.year,
        rule,
        description: record.description.as_str().into(),
        place: record.place.as_str().into(),
        basis: super::row::basis(rule, lang),
        severity: crate::rules::Severity::parse(&record.severity).unwrap_or(rule.severity),
        advice,
        responsible: record.responsible.clone(),
        due: record.due.clone(),
        status,
        note: record.note.as_str().into(),
        reason: Untrusted::default(),
        change: Some(change),
        file: open.path.clone(),
        line: None,
        cells: Vec::new(),
        findings: record.findings.iter().map(|f| (f.key(), Judged(f.figures.as_str().into()))).collect(),
    })
}

/// Whether what the finding was about can be read in the report as it is now: what cannot be checked is not settled.
fn is_read(options: &LedgerOptions, open: &OpenReport, finding: &FindingRecord) -> bool {
    let is_beside = match Rule::find(&finding.rule).map(|rule| &rule.check) {
        // That there are several versions is seen without any of them: all files were read.
        _ if finding.rule == VERSIONS => true,
        Some(Check::Years(_)) => {
            options.corpus.as_ref().is_some_and(|corpus| corpus.has_other_years(open.index))
        }
        Some(Check::Agencies(_)) => {
            options.corpus.as_ref().is_some_and(|corpus| corpus.has_neighbours(open.index))
        }
        Some(Check::Report(_)) | None => true,
    };
    let name = finding.place.split('#').next().unwrap_or_default();
    let is_readable = match open.evaluations.iter().find(|evaluation| evaluation.relation.name == name) {
        Some(evaluation) => matches!(evaluation.state, State::Holds | State::HoldsTrivially),
        None => !open.report.needs_reading(),
    };
    is_beside && is_readable
}
