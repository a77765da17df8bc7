//! Findings grouped by what caused them: one slip of the pen is one thing to decide, however many sums it breaks.

use std::cmp::Reverse;

use super::diagnosis::{Repair, diagnose};
use super::narrative::{self, Verdict};
use super::{Evaluation, Finding, Judged, Rule, Severity, Side};
use crate::display::Lang;
use crate::report::{CellId, Figure, Number, Report, Sum};

/// Findings with one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Indexes of the findings, the one that says most first.
    pub findings: Vec<usize>,
    /// The worst of their severities.
    pub severity: Severity,
    /// The smallest repairs that would settle the broken relations among them, the most plausible first.
    pub repairs: Vec<Repair>,
    /// How many broken relations there are among the findings.
    pub breaks: usize,
}

impl Cause {
    /// The finding that says most.
    #[must_use]
    pub fn headline<'a>(&self, findings: &'a [Finding]) -> Option<&'a Finding> {
        findings.get(*self.findings.first()?)
    }

    /// The repair that other evidence speaks for most, or that is more plausible than every other of its size.
    #[must_use]
    pub fn likely(&self) -> Option<&Repair> {
        match self.repairs.as_slice() {
            [one] => Some(one),
            [first, second, ..] if first.rank() < second.rank() => Some(first),
            _ => None,
        }
    }

    /// What probably happened, in a sentence; `None` where nothing small explains it.
    #[must_use]
    pub fn sentence(&self, report: &Report, lang: Lang) -> Option<String> {
        const LISTED: usize = 3;
        if let Some(repair) = self.likely() {
            let text = repair.sentence(report, self.breaks, lang);
            return Some(lang.pick(format!("可能：{text}"), format!("likely: {text}")));
        }
        if self.repairs.is_empty() {
            return None;
        }
        let n = self.repairs.len();
        let texts: Vec<String> =
            self.repairs.iter().take(LISTED).map(|r| r.sentence(report, self.breaks, lang)).collect();
        let texts = texts.join(lang.pick("；或 ", "; or "));
        let more = if n > LISTED { lang.pick("；等", "; …") } else { "" };
        Some(lang.pick(
            format!("有 {n} 种同样小的改法，无从判断：{texts}{more}"),
            format!("{n} changes are equally small: {texts}{more}"),
        ))
    }
}

/// Rules whose findings in one report have one cause, such as cells left blank in several tables.
const ONE_CAUSE: &[&str] = &["F3", "F4", "Y1"];

/// Groups findings by cause, worst first.
#[must_use]
pub fn causes(
    report: &Report,
    evaluations: &[Evaluation],
    findings: &[Finding],
    judged: &[Judged],
) -> Vec<Cause> {
    let report = &*report.placed();
    let mut causes: Vec<Cause> = Vec::new();
    let mut used = vec![false; findings.len()];
    for diagnosis in diagnose(report, evaluations) {
        let names: Vec<&str> = diagnosis
            .relations
            .iter()
            .filter_map(|i| evaluations.get(*i).map(|e| e.relation.name.as_str()))
            .collect();
        let mut members: Vec<usize> = Vec::new();
        for (i, finding) in findings.iter().enumerate() {
            let is_own = name_of(finding).is_some_and(|name| names.contains(&name));
            if !used[i] && (is_own || follows(finding, &names, evaluations)) {
                used[i] = true;
                members.push(i);
            }
        }
        let breaks = names.len();
        let repairs = by_evidence(diagnosis.repairs, report, findings, judged);
        causes.extend(cause(members, findings, repairs, breaks));
    }
    for (i, finding) in findings.iter().enumerate() {
        if used[i] {
            continue;
        }
        let is_one = ONE_CAUSE.contains(&finding.rule.id);
        let same =
            |(j, f): (usize, &Finding)| (j == i || is_one && f.rule.id == finding.rule.id).then_some(j);
        let members: Vec<usize> =
            findings.iter().enumerate().filter_map(same).filter(|j| !used[*j]).collect();
        for j in &members {
            used[*j] = true;
        }
        causes.extend(cause(members, findings, Vec::new(), 0));
    }
    causes.sort_by_key(|cause| (cause.severity, cause.findings.first().copied()));
    causes
}

/// The name of the relation that a finding is about.
fn name_of(finding: &Finding) -> Option<&str> {
    finding.relation().map(|evaluation| evaluation.relation.name.as_str())
}

/// Among repairs of one size, those come first that other evidence speaks for: statements of the narrative that the
/// repaired figures agree with, and what last year's report carried out.
fn by_evidence(
    mut repairs: Vec<Repair>,
    report: &Report,
    findings: &[Finding],
    judged: &[Judged],
) -> Vec<Repair> {
    if repairs.len() < 2 {
        return repairs;
    }
    for repair in &mut repairs {
        // What statements are compared with, without the text.
        let mut repaired = Report {
            year: report.year,
            template: report.template,
            figures: report.certain().figures.clone(),
            procurement_unit: report.procurement_unit,
            fees_unit: report.fees_unit,
            ..Report::default()
        };
        for (cell, number) in &repair.changes {
            repaired.figures.set(*cell, Figure::Number(*number));
        }
        let told = judged.iter().map(|judged| {
            let now = agrees(&narrative::compare(&judged.statement, &repaired));
            now - agrees(&judged.verdict)
        });
        let carried = findings.iter().filter(|f| f.rule.id == "Y1").map(|finding| {
            let (cell, last) = (finding.focus(), finding.computed());
            let settles = |(changed, now): &(CellId, Number)| {
                Some(*changed) == cell && last == Some(Side::Sum(Sum::from(*now)))
            };
            i32::from(repair.changes.iter().any(settles))
        });
        repair.evidence = told.sum::<i32>() + carried.sum::<i32>();
    }
    repairs.sort_by_key(|repair| (Reverse(repair.evidence), repair.slip));
    repairs
}

/// 1 for a statement that agrees, -1 for one that differs.
fn agrees(verdict: &Verdict) -> i32 {
    match verdict {
        Verdict::Agrees(_) => 1,
        Verdict::Differs { .. } => -1,
        Verdict::NotCompared(_) => 0,
    }
}

/// Whether a finding that is no sum follows from some broken sums.
fn follows(finding: &Finding, names: &[&str], evaluations: &[Evaluation]) -> bool {
    if !matches!(finding.rule.id, "T3.5" | "T3.7") {
        return false;
    }
    let columns: Vec<&str> = finding.cells().iter().map(|cell| cell.column().key).collect();
    let balances = evaluations.iter().filter(|e| e.relation.rule.id == "T3.1" && e.state.is_break());
    let mut own = balances
        .filter(|e| e.relation.cells().next().is_some_and(|cell| columns.contains(&cell.column().key)))
        .map(|e| e.relation.name.as_str())
        .peekable();
    own.peek().is_some() && own.all(|name| names.contains(&name))
}

fn cause(
    mut members: Vec<usize>,
    findings: &[Finding],
    repairs: Vec<Repair>,
    breaks: usize,
) -> Option<Cause> {
    let of = |i: &usize| findings.get(*i);
    let severity = members.iter().filter_map(of).map(|f| f.severity).min()?;
    // The shift between two columns says what its two balances only show.
    let rank = |rule: &Rule| usize::from(rule.id != "T3.5");
    members.sort_by_key(|i| of(i).map(|f| (rank(f.rule), f.severity, *i)));
    Some(Cause { findings: members, severity, repairs, breaks })
}
