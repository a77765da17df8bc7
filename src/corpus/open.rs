//! Opening one report: its bytes are read again, and everything about it is worked out anew.

use std::path::{Path, PathBuf};

use super::identity::{self, Facts};
use super::{Corpus, Place};
use crate::display::{Lang, Untrusted};
use crate::load::{self, Record, View, files, json};
use crate::report::{CellId, Figure, Problem, Report};
use crate::rules::{self, Cause, Evaluation, Finding, Judged, Repair, Settings};

/// A report that is being looked at.
#[derive(Debug)]
pub struct OpenReport {
    /// Its index in the corpus.
    pub index: u32,
    /// Its identifier: see [`super::report_id`].
    pub id: Untrusted,
    /// The file that it was read from.
    pub path: PathBuf,
    /// The report.
    pub report: Report,
    /// What was found in it, worst first.
    pub findings: Vec<Finding>,
    /// The findings grouped by what caused them, worst first.
    pub causes: Vec<Cause>,
    /// Every relation of its form with its numbers.
    pub evaluations: Vec<Evaluation>,
    /// The statements of the narrative with what the tables say to each.
    pub judged: Vec<Judged>,
    /// The document, line by line.
    pub source: Vec<SourceLine>,
}

/// A line of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLine {
    /// Its number in the file, from 1.
    pub number: u32,
    /// Its characters.
    pub text: Untrusted,
    /// In a parsed report, the member that it shows, such as `requests.received`.
    pub member: String,
}

impl OpenReport {
    /// The relations that a cell takes part in, with their numbers.
    pub fn relations_of(&self, cell: CellId) -> impl Iterator<Item = &Evaluation> + '_ {
        self.evaluations.iter().filter(move |e| e.left.iter().chain(&e.right).any(|term| term.cell == cell))
    }

    /// The index into [`Self::source`] of the line where a cell stands.
    #[must_use]
    pub fn source_index(&self, cell: CellId) -> Option<usize> {
        let name = cell.name();
        let by_member = || {
            self.source.iter().rposition(|line| {
                !line.member.is_empty()
                    && name
                        .strip_prefix(line.member.as_str())
                        .is_some_and(|r| r.is_empty() || r.starts_with('.'))
            })
        };
        let is_parsed = self.source.iter().any(|line| !line.member.is_empty());
        if is_parsed {
            return by_member();
        }
        self.line_index(self.report.line_of(cell)?)
    }

    /// The index into [`Self::source`] of a line of the file.
    #[must_use]
    pub fn line_index(&self, number: u32) -> Option<usize> {
        self.source.iter().position(|line| line.number == number)
    }
}

impl OpenReport {
    /// The report as it would be with a repair, with every check worked out again: for looking at, never for keeping.
    #[must_use]
    pub fn with(&self, repair: &Repair, settings: &Settings) -> Self {
        let mut report = self.report.clone();
        for (cell, number) in &repair.changes {
            report.figures.set(*cell, Figure::Number(*number));
        }
        let (evaluations, judged) = (rules::evaluate_all(&report), rules::judged(&report));
        let findings = rules::check_evaluated(&report, settings, &evaluations, &judged);
        let causes = rules::causes(&report, &evaluations, &findings, &judged);
        let (findings, causes) = in_order(findings, causes);
        let source = self.source.clone();
        Self {
            index: self.index,
            id: self.id.clone(),
            path: self.path.clone(),
            report,
            findings,
            causes,
            evaluations,
            judged,
            source,
        }
    }
}

impl Corpus {
    /// Reads a report again from its file.
    ///
    /// # Errors
    /// If the file is gone, unreadable, or no longer holds the report there.
    pub fn open(&self, index: u32) -> Result<OpenReport, Problem> {
        let gone = |detail: &str| Problem {
            code: crate::report::ProblemCode::Changed,
            at: Untrusted::default(),
            line: 0,
            detail: detail.into(),
        };
        let row = self.cold(index).ok_or_else(|| gone("no such report"))?;
        let path = self.path(&row.place).ok_or_else(|| gone("no such file"))?.to_owned();
        let read = || {
            let bytes = files::raw_bytes(&path, row.place.offset, row.place.length)?;
            let reading = files::read_bytes(&path, &bytes, row.place.offset, row.place.line);
            let located = reading.reports.into_iter().next().map(|mut located| {
                super::settle(&mut located.report, &self.choices);
                (Facts::of(&located.report, located.is_parsed), located, bytes)
            });
            let same = located.filter(|(facts, ..)| facts.whole == row.fingerprint);
            same.ok_or_else(|| gone(&path.to_string_lossy()))
        };
        let (facts, located, bytes) = read().inspect_err(|_| self.doubt(&path))?;
        let report = &located.report;
        let id = identity::id_of(&identity::base(report), facts.version(), self.ordinal(index)).into();
        let (evaluations, judged) = (rules::evaluate_all(report), rules::judged(report));
        let mut findings = rules::check_evaluated(report, &self.settings, &evaluations, &judged);
        findings.extend(self.beside(index));
        super::cite(&mut findings, &path, &located);
        findings.sort_by_key(|finding| finding.severity);
        let causes = rules::causes(report, &evaluations, &findings, &judged);
        let (findings, causes) = in_order(findings, causes);
        let report = located.report;
        let source = source_lines(&bytes, &path, &row.place);
        Ok(OpenReport { index, id, path, report, findings, causes, evaluations, judged, source })
    }
}

/// Puts findings into the order of their causes.
fn in_order(findings: Vec<Finding>, causes: Vec<Cause>) -> (Vec<Finding>, Vec<Cause>) {
    let mut all: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    let mut ordered = Vec::with_capacity(all.len());
    let renumbered = causes
        .into_iter()
        .map(|cause| {
            let from = ordered.len();
            ordered.extend(cause.findings.iter().filter_map(|i| all.get_mut(*i).and_then(Option::take)));
            Cause { findings: (from..ordered.len()).collect(), ..cause }
        })
        .collect();
    (ordered, renumbered)
}

/// The document as lines: a parsed report laid out for reading, other formats as the text that they were read from.
fn source_lines(bytes: &[u8], path: &Path, place: &Place) -> Vec<SourceLine> {
    let numbered = |text: &str, first: u32| {
        let line =
            |(text, number): (&str, u32)| SourceLine { number, text: text.into(), member: String::new() };
        text.lines().zip(first..).map(line).collect()
    };
    let record = Record { file: path, bytes, offset: place.offset, line: place.line };
    match load::format_of(bytes, Path::new("")).map(|format| format.view) {
        Some(View::LaidOut) => {
            let line = |pretty: json::PrettyLine| SourceLine {
                number: 0,
                text: pretty.text.into(),
                member: pretty.path,
            };
            json::pretty(bytes).into_iter().map(line).collect()
        }
        Some(View::Rendered(render)) => match render(&record) {
            Ok(text) => numbered(&text, 1),
            Err(problem) => numbered(&problem.message(Lang::En), 1),
        },
        Some(View::AsItIs) | None => numbered(&load::characters(bytes), place.line),
    }
}
