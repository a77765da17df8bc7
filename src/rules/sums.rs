//! The sums that the form itself states: rules T3.1, T3.2, T3.3, T4.1, and T3.6 for a total left blank.

use super::finding::line_of;
use super::{Evidence, Finding, Rule, State, evaluate_all};
use crate::report::Report;

/// Every relation of the report that does not hold.
pub(super) fn check(report: &Report) -> Vec<Finding> {
    evaluate_all(report)
        .into_iter()
        .filter(|evaluation| evaluation.state.is_break())
        .filter_map(|evaluation| {
            let rule = match evaluation.state {
                State::BlankTotal => Rule::find("T3.6")?,
                _ => evaluation.relation.rule,
            };
            let line = line_of(report, evaluation.relation.cells());
            Some(Finding { rule, evidence: Evidence::Relation(evaluation), line })
        })
        .collect()
}
