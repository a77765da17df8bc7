//! The broken sums of one report as lines of the list.
//!
//! The relations stay what the form states: for reports seen at a glance they are added up along the figures that are
//! not 0, each of which knows the sums that it takes part in. The two ways must give the same lines.

use super::super::grid::inert;
use super::line;
use crate::display;
use crate::load::json::Glimpse;
use crate::report::{CELL_COUNT, Report, TemplateId};
use crate::rules::{self, Finding, Relation, Rule, Settings, Severity, relations};

/// Which findings are asked for, by rule and severity.
pub type Admits<'a> = &'a (dyn Fn(&Rule, Severity) -> bool + Sync);

/// The sums of both editions of the form, for the findings that are asked for.
pub struct Sums<'a> {
    pub(super) settings: &'a Settings,
    pub(super) admits: Admits<'a>,
    forms: [Form; 2],
}

/// The lines of a report, and how many findings there are of each severity.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The lines.
    pub text: String,
    /// Worst first.
    pub counts: [u32; 3],
}

/// The sums of an edition.
struct Form {
    id: TemplateId,
    relations: Vec<(&'static Relation, Option<Severity>)>,
    /// The sides that each cell adds to: twice the relation, and 1 more for the computed side.
    sides: Vec<Vec<u8>>,
}

impl Form {
    fn new(id: TemplateId, severity: impl Fn(&Relation) -> Option<Severity>) -> Self {
        let relations = &relations(id).relations;
        let mut sides = vec![Vec::new(); CELL_COUNT];
        for (relation, i) in relations.iter().zip(0_u8..) {
            for (operands, side) in [(&relation.left, 2 * i), (&relation.right, 2 * i + 1)] {
                for operand in operands.iter().filter(|operand| operand.on_form) {
                    if let Some(sides) = sides.get_mut(operand.cell.index()) {
                        sides.push(side);
                    }
                }
            }
        }
        let relations = relations.iter().map(|relation| (relation, severity(relation))).collect();
        Self { id, relations, sides }
    }
}

/// Sides of sums that there is room for: more than twice the relations of an edition.
const MAX_SIDES: usize = 128;

impl<'a> Sums<'a> {
    /// The sums, as configured.
    #[must_use]
    pub fn new(settings: &'a Settings, admits: Admits<'a>) -> Self {
        let severity = |relation: &Relation| {
            let severity = settings.severity(relation.rule).unwrap_or(relation.rule.severity);
            (!settings.is_off(relation.rule) && admits(relation.rule, severity)).then_some(severity)
        };
        let forms = [TemplateId::T2019, TemplateId::T2021].map(|id| Form::new(id, severity));
        Self { settings, admits, forms }
    }

    /// The broken sums of a report.
    #[must_use]
    pub fn of_report(&self, report: &Report) -> Lines {
        let all = rules::evaluate_all(report).into_iter();
        let broken: Vec<rules::Evaluation> = all.filter(|e| e.state.is_break()).collect();
        if broken.is_empty() {
            return Lines::default();
        }
        let findings = rules::check_evaluated(report, self.settings, &broken, &[]);
        let findings: Vec<Finding> = findings.into_iter().filter(|f| f.relation().is_some()).collect();
        self.lines(&report.id().visible(), &findings)
    }

    /// The lines of findings.
    pub(super) fn lines(&self, id: &str, findings: &[Finding]) -> Lines {
        let admitted = findings.iter().filter(|f| (self.admits)(f.rule, f.severity));
        let mut lines: Vec<(usize, String, Severity)> =
            admitted.filter_map(|f| line(f).map(|(number, line)| (number, line, f.severity))).collect();
        lines.sort();
        let mut out = Lines::default();
        for (_, line, severity) in lines {
            out.push(id, &line, severity);
        }
        out
    }

    /// The broken sums of a report that was seen at a glance: all of its figures in sums are whole numbers.
    #[must_use]
    pub fn of_glimpse(&self, glimpse: &Glimpse<'_>) -> Lines {
        let mut lines = Lines::default();
        let Some(form) = self.forms.iter().find(|form| form.id == glimpse.template) else { return lines };
        let mut sides = [0_i64; MAX_SIDES];
        for (cell, figure) in &glimpse.figures {
            let number = figure.number().map_or(0, crate::report::Number::units);
            for side in form.sides.get(cell.index()).into_iter().flatten() {
                if let Some(sum) = sides.get_mut(usize::from(*side)) {
                    *sum += number;
                }
            }
        }
        for ((relation, severity), sides) in form.relations.iter().zip(sides.chunks_exact(2)) {
            let ([declared, computed], Some(severity)) = (sides, *severity) else { continue };
            if declared != computed {
                let line = super::relation_line(relation, declared, computed);
                lines.push(&display::visible(&glimpse.id()), &line, severity);
            }
        }
        lines
    }
}

impl Lines {
    fn push(&mut self, id: &str, line: &str, severity: Severity) {
        for part in [&inert(id), "\t", line, "\n"] {
            self.text.push_str(part);
        }
        self.counts[severity as usize] += 1;
    }
}
