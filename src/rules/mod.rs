//! The rules that a report must satisfy, and what is found where it does not.
//!
//! A rule is one declared value in the file of its family; [`RULES`] is all of them. Checks read reports and never
//! write them: no repaired value reaches a report, an export or a total.

mod agencies;
mod agency;
mod between;
mod catalogue;
mod cause;
mod compact;
mod dates;
mod diagnosis;
mod digest;
mod disclosure;
mod finding;
mod form;
mod gaps;
pub mod narrative;
mod recalled;
pub mod relation;
mod remedies;
mod requests;
mod rule;
mod said;
mod sentences;
mod settings;
pub mod versions;
mod years;

pub use agencies::{Group, Member, Shared};
pub use catalogue::{CATALOGUE_FORMATS, markdown};
pub use cause::{Cause, causes};
pub use dates::latest_date;
pub use diagnosis::{Repair, Slip};
pub use digest::{Digest, digest};
pub use finding::{
    Evidence, Finding, Observation, OtherReport, Quote, Side, cell_words, formula, section_words, signed,
    table_words,
};
pub use relation::{Evaluation, Relation, State, Term, evaluate_all, evaluate_broken, relations};
pub use rule::{Check, RULES, Rule, Severity, Text, Threshold};
pub use said::Said;
pub use sentences::{Judged, judged};
pub use settings::{Settings, SettingsError};
pub use versions::{Difference, FigureDifference, ReportPrint, SentenceDifference, figures_agree};
pub use years::{OtherVersion, Renamed, Series, carry, is_jump};

use crate::report::{KnownBy, Report};

/// What a check of one report sees.
pub struct Scene<'a> {
    /// The report, with every cell unreadable that may hold digits which were not placed.
    pub report: &'a Report,
    /// The rules as configured.
    pub settings: &'a Settings,
    /// Every relation of its form with its numbers; none is needed where none is broken.
    pub evaluations: &'a [Evaluation],
    /// The statements of its narrative with what its tables say to each.
    pub judged: &'a [Judged],
}

/// All findings of one report by itself, worst first, in the order of the form within a severity.
#[must_use]
pub fn check(report: &Report, settings: &Settings) -> Vec<Finding> {
    check_evaluated(report, settings, &evaluate_broken(report), &judged(report))
}

/// The same where relations and narrative were looked at already.
#[must_use]
pub fn check_evaluated(
    report: &Report,
    settings: &Settings,
    evaluations: &[Evaluation],
    judged: &[Judged],
) -> Vec<Finding> {
    let scene = Scene { report: &report.placed(), settings, evaluations, judged };
    let mut findings = run(settings, |rule| match rule.check {
        Check::Report(check) => check(&scene, rule),
        Check::Years(_) | Check::Agencies(_) => Vec::new(),
    });
    let is_inferred = |by| by == Some(KnownBy::Inferred);
    let (year, agency) = (is_inferred(report.year_from), is_inferred(report.agency_from));
    if year || agency {
        temper(&mut findings, |finding| {
            let rests_on = |rules: &[&str]| rules.contains(&finding.rule.id);
            (year && rests_on(OF_YEAR)) || (agency && rests_on(OF_AGENCY))
        });
    }
    findings
}

/// Rules that hold the document against its year.
const OF_YEAR: &[&str] = &["D1", "D2", "D3", "D4", "D5", "D6", "Y9"];
/// Rules that hold the document against its agency.
const OF_AGENCY: &[&str] = &["T2.7", "T2.8", "T2.11", "D5", "O4"];

/// What rests on a year or an agency that was only inferred is no more than information.
fn temper(findings: &mut [Finding], is_inferred: impl Fn(&Finding) -> bool) {
    for finding in findings.iter_mut().filter(|finding| is_inferred(finding)) {
        finding.severity = Severity::Info;
    }
    findings.sort_by_key(|finding| finding.severity);
}

/// What is found in a report beside those of the same agency for other years.
#[must_use]
pub fn check_years(series: &Series<'_>) -> Vec<Finding> {
    let mut findings = run(series.settings, |rule| match rule.check {
        Check::Years(check) => check(series, rule),
        Check::Report(_) | Check::Agencies(_) => Vec::new(),
    });
    if series.now.is_inferred || series.before.is_some_and(|before| before.is_inferred) {
        temper(&mut findings, |_| true);
    }
    if let Some(renamed) = &series.renamed {
        for finding in &mut findings {
            finding.name_renaming(renamed, series.now.year);
        }
    }
    findings
}

/// What is found in a report beside those of other agencies of its county and year.
#[must_use]
pub fn check_agencies(shared: &Shared<'_>) -> Vec<Finding> {
    let mut findings = run(shared.settings, |rule| match rule.check {
        Check::Agencies(check) => check(shared, rule),
        Check::Report(_) | Check::Years(_) => Vec::new(),
    });
    if shared.has_inferred() {
        temper(&mut findings, |finding| shared.rests_on_inferred(finding));
    }
    findings
}

/// Runs the rules that are not switched off, with the severities that were set.
fn run(settings: &Settings, check: impl Fn(&'static Rule) -> Vec<Finding>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| !settings.is_off(rule)) {
        let found = check(rule);
        // Most rules find nothing in most reports.
        if found.is_empty() {
            continue;
        }
        let set = settings.severity(rule);
        findings.extend(found.into_iter().map(|f| match set {
            Some(severity) => f.severe(severity),
            None => f,
        }));
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}
