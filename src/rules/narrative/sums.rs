//! Numbers of the narrative against each other: lists of parts, and statements that exclude each other.

use super::{Applicant, DocumentAct, Listed, Measure, Outcome, Period, Precision, Remedy, Statement};
use crate::report::{Report, Sum};

/// A total with the parts that the text lists for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartSum {
    /// The total, by its place among the statements.
    pub total: usize,
    /// Its parts.
    pub parts: Vec<usize>,
    /// Whether the parts add up to the total.
    pub closes: bool,
}

/// Lists of parts that say themselves that nothing is left out, and those that add up anyway.
#[must_use]
pub fn part_sums(statements: &[Statement], report: &Report) -> Vec<PartSum> {
    let mut found = Vec::new();
    for (i, pair) in statements.windows(2).enumerate() {
        let [total, first] = pair else { continue };
        let begins = total.listed == Listed::No && first.listed != Listed::No;
        if !begins || !same_sentence(total, first) || !is_exact(total) {
            continue;
        }
        let of_list = |part: &&Statement| {
            same_sentence(total, part)
                && part.listed != Listed::No
                && part.counter == total.counter
                && family(part.measure) == family(first.measure)
                && is_exact(part)
        };
        let parts: Vec<&Statement> = statements.iter().skip(i + 1).take_while(of_list).collect();
        if parts.len() < 2 || parts.iter().any(|p| p.span.start < total.span.end) {
            continue;
        }
        let sum = parts.iter().fold(Sum::ZERO, |sum, part| sum.plus(part.value, 1));
        let closes = sum == Sum::from(total.value);
        if closes || covers(total, &parts, statements.get(i + 1 + parts.len()), report) {
            found.push(PartSum { total: i, parts: (i + 1..=i + parts.len()).collect(), closes });
        }
    }
    found
}

fn same_sentence(a: &Statement, b: &Statement) -> bool {
    a.section == b.section && a.sentence == b.sentence
}

fn is_exact(statement: &Statement) -> bool {
    statement.precision == Precision::Exact && !statement.negated
}

/// What parts of one list have in common.
const fn family(measure: Measure) -> u8 {
    match measure {
        Measure::Applicant(_) => 1,
        Measure::Channel(_) => 2,
        Measure::Outcome(_) => 3,
        Measure::Review(_) | Measure::Lawsuit(_) => 4,
        Measure::Received | Measure::Answered | Measure::CarriedIn | Measure::CarriedOut => 5,
        _ => 0,
    }
}

/// Whether the words of a list say that nothing is left out.
fn covers(total: &Statement, parts: &[&Statement], next: Option<&Statement>, report: &Report) -> bool {
    // More parts in other counter words, or only about so many: nothing can be said.
    if next.is_some_and(|n| same_sentence(n, total) && n.listed != Listed::No && family(n.measure) == 0) {
        return false;
    }
    let has = |measure| parts.iter().any(|p| p.measure == measure);
    let both =
        has(Measure::Applicant(Applicant::Natural)) && has(Measure::Applicant(Applicant::Organisation));
    let ends = parts.last().is_some_and(|last| last.listed == Listed::Rest);
    match total.measure {
        // What was received and not yet answered has no outcome.
        Measure::Received if has(Measure::Outcome(Outcome::Other)) => false,
        Measure::Received | Measure::Answered if both && parts.len() == 2 => true,
        // 其他处理 is the name of an outcome: a list that ends with it may have left out those with 0 only.
        Measure::Answered if has(Measure::Outcome(Outcome::Other)) => {
            parts.len() >= 3 && names_main(report, parts)
        }
        _ => ends && !has(Measure::Outcome(Outcome::Other)),
    }
}

/// Whether no outcome that the tables have is left out of a list of outcomes.
fn names_main(report: &Report, parts: &[&Statement]) -> bool {
    [Outcome::Granted, Outcome::Partial, Outcome::Refused, Outcome::Unavailable, Outcome::NotProcessed]
        .into_iter()
        .all(|outcome| {
            let measure = Measure::Outcome(outcome);
            let Some(first) = parts.first() else { return false };
            let none = Statement { measure, value: crate::report::Number::whole(0), ..(*first).clone() };
            parts.iter().any(|p| p.measure == measure)
                || matches!(super::compare(&none, report), super::Verdict::Agrees(_))
        })
}

/// Statements of one thing with two numbers: only one of them can be the one of the table, and which is not
/// certain (分局收到 3 件，县局收到 5 件). The first is kept where it says that it is the whole, or where what
/// follows is less.
pub(super) fn demote_contradictions(statements: &mut [Statement]) {
    const ALONE: &[Measure] = &[
        Measure::Received,
        Measure::Answered,
        Measure::CarriedIn,
        Measure::CarriedOut,
        Measure::Review(Remedy::Total),
        Measure::Lawsuit(Remedy::Total),
        Measure::Document(super::DocumentKind::Normative, DocumentAct::Issued),
        Measure::Document(super::DocumentKind::Normative, DocumentAct::Published),
        Measure::Document(super::DocumentKind::Normative, DocumentAct::Repealed),
        Measure::Document(super::DocumentKind::Normative, DocumentAct::InForce),
    ];
    for measure in ALONE {
        let is_it = |s: &Statement| s.measure == *measure && s.period == Period::ThisYear;
        let mut firm = statements.iter().filter(|s| is_it(s) && !s.loose).map(|s| s.value);
        let value = firm.next();
        let differs = firm.any(|v| Some(v) != value);
        let loose_differs = |v: crate::report::Number| value.is_some_and(|value| value != v);
        for statement in statements.iter_mut().filter(|s| is_it(s)) {
            let is_contradicted = if statement.loose { loose_differs(statement.value) } else { differs };
            if is_contradicted {
                statement.measure = Measure::Other;
            }
        }
    }
}
