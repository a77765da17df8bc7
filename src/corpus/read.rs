//! Reading a corpus: every file is read once, checked, and reduced to summaries.

use std::path::PathBuf;

use super::{CauseKey, Relative, fingerprint, relative};
use crate::display::Untrusted;
use crate::load::Located;
use crate::load::files::{self, FileRead, Flow};
use crate::report::TemplateId;
use crate::rules::{self, Settings};

/// What was read from one file: its summaries, and with the last of them its end.
pub type Batch = FileRead<NewReport>;

/// A report on its way into the index.
#[derive(Debug)]
pub struct NewReport {
    /// County, empty if unknown.
    pub county: Untrusted,
    /// City, empty if unknown.
    pub city: Untrusted,
    /// Agency.
    pub agency: Untrusted,
    /// Year, 0 if unknown.
    pub year: u16,
    /// Edition of the form.
    pub template: Option<TemplateId>,
    /// What was found in it by itself.
    pub causes: Box<[CauseKey]>,
    /// What other reports are compared with.
    pub relative: Relative,
    /// Problems in reading it.
    pub problems: u16,
    /// Whether figures are uncertain.
    pub needs_reading: bool,
    /// Whether it is declared made up.
    pub synthetic: bool,
    /// See [`fingerprint`].
    pub fingerprint: u64,
    /// Whether it was read from the document itself and not from a parsed copy.
    pub is_document: bool,
    /// First byte in the file.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// Line in which it begins.
    pub line: u32,
}

/// Reduces a report to what the index keeps, with its findings counted.
#[must_use]
pub fn summarise(located: &Located, settings: &Settings) -> NewReport {
    let report = &located.report;
    let (evaluations, judged) = (rules::evaluate_all(report), rules::judged(report));
    let findings = rules::check_evaluated(report, settings, &evaluations, &judged);
    let causes = rules::causes(report, &evaluations, &findings, &judged);
    let known = |name: &Option<Untrusted>| name.clone().unwrap_or_default();
    NewReport {
        county: known(&report.county),
        city: known(&report.city),
        agency: report.agency.clone(),
        year: report.year.unwrap_or(0),
        template: report.template,
        causes: CauseKey::of(&causes, &findings),
        relative: relative(report, &judged),
        problems: report.problems.len() as u16,
        needs_reading: report.needs_reading(),
        synthetic: report.synthetic,
        fingerprint: fingerprint(report),
        is_document: !located.is_parsed,
        offset: located.offset,
        length: located.length,
        line: located.line,
    }
}

/// Reads every file below some paths, checks each report, and hands over the summaries, file by file.
pub fn read(paths: &[PathBuf], settings: &Settings, sink: &mut dyn FnMut(Batch) -> Flow) {
    files::read_all(paths, &|_, located| summarise(&located, settings), sink);
}
