//! Numbers of the narrative against each other: lists of parts, and statements that exclude each other.

use super::{Applicant, DocumentAct, Listed, Measure, Outcome, Period, Precision, Remedy, Statement};
use crate::report::{CellId, Report, Sum, TableId};

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
    for list in lists(statements, report) {
        let (Some(total), Some(parts)) = (statements.get(list.total), members(statements, &list.parts))
        else {
            continue;
        };
        if !is_exact(total) || parts.len() < 2 || parts.iter().any(|part| !is_exact(part)) {
            continue;
        }
        let sum = parts.iter().fold(Sum::ZERO, |sum, part| sum.plus(part.value, 1));
        let closes = sum == Sum::from(total.value);
        let next = list.next.and_then(|next| statements.get(next));
        if closes || covers(total, &parts, next, report) {
            found.push(PartSum { total: list.total, parts: list.parts, closes });
        }
    }
    found
}

/// Totals of which the first part that their list names is larger than the whole, with that part. Only the first is
/// certainly a part of it.
#[must_use]
pub fn larger_parts(statements: &[Statement], report: &Report) -> Vec<(usize, usize)> {
    let larger = |list: List| {
        let first = *list.parts.first()?;
        let (total, part) = (statements.get(list.total)?, statements.get(first)?);
        let is_comparable = may_be_part(part.measure, total.measure, report)
            && total.period == part.period
            // A number that no words stand before may be the rest of one.
            && total.span.start < total.number_span.start
            && !part.negated
            && part.precision != Precision::About;
        let most = match total.precision {
            Precision::Exact => Sum::from(total.value),
            // 20 余 may be nearly twice as many.
            Precision::AtLeast => Sum::from(total.value).times(2),
            Precision::About => return None,
        };
        (is_comparable && Sum::from(part.value) > most).then_some((list.total, first))
    };
    lists(statements, report).into_iter().filter_map(larger).collect()
}

/// Whether a measure can only count some of what another one counts.
fn may_be_part(part: Measure, whole: Measure, report: &Report) -> bool {
    let is_kind = matches!(part, Measure::Applicant(_) | Measure::Channel(_) | Measure::Outcome(_));
    match whole {
        Measure::Answered | Measure::Handled => is_kind,
        // Of what was received and carried in, more may be counted than was received.
        Measure::Received => {
            let carried_in = CellId::find(TableId::Requests, "carried_in", "total");
            is_kind && carried_in.is_some_and(|cell| report.figures.get(cell).is_nil())
        }
        Measure::Review(Remedy::Total) => matches!(part, Measure::Review(_)),
        Measure::Lawsuit(Remedy::Total) => matches!(part, Measure::Lawsuit(_) | Measure::Suit(..)),
        Measure::Other => part == Measure::Other,
        _ => false,
    }
}

/// A total with the parts that follow it, by their places among the statements.
struct List {
    total: usize,
    parts: Vec<usize>,
    /// The statement behind them.
    next: Option<usize>,
}

/// The lists of parts of a narrative. What stands in brackets beside a total or a part says more of that one.
fn lists(statements: &[Statement], report: &Report) -> Vec<List> {
    let is_part = |i: usize| statements.get(i).is_some_and(|s| s.listed != Listed::No);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = (at..statements.len()).find(|i| is_part(*i)) {
        let list = list_from(statements, first, report);
        at = list.as_ref().and_then(|list| list.parts.last()).map_or(first, |last| *last) + 1;
        while is_part(at) {
            at += 1;
        }
        found.extend(list);
    }
    found
}

/// The list whose first part is that statement.
fn list_from(statements: &[Statement], first: usize, report: &Report) -> Option<List> {
    let part = statements.get(first)?;
    let text = report.section(part.section).map(|section| section.text.raw())?;
    let depth = |from: &Statement, to: &Statement| depth(text.get(from.span.end..to.span.start));
    // The total is the nearest statement before that stands in no bracket of its own.
    let is_total =
        |i: &usize| statements.get(*i).is_some_and(|s| depth(s, part).is_some_and(|depth| depth >= 0));
    let total_at =
        (0..first).rev().take_while(|i| statements.get(*i).is_some_and(|s| same_sentence(s, part)));
    let total_at = total_at.into_iter().find(is_total)?;
    let total = statements.get(total_at)?;
    let mut list = List { total: total_at, parts: Vec::new(), next: None };
    for (i, other) in statements.iter().enumerate().skip(first) {
        if !same_sentence(total, other) {
            break;
        }
        match depth(part, other) {
            // Itself.
            None if i == first => {}
            Some(0) => {}
            Some(deeper) if deeper > 0 => continue,
            _ => {
                list.next = Some(i);
                break;
            }
        }
        let is_of_list = other.listed != Listed::No
            && other.counter == total.counter
            && family(other.measure) == family(part.measure);
        if !is_of_list {
            list.next = Some(i);
            break;
        }
        list.parts.push(i);
    }
    Some(list)
}

/// How many brackets are open at the end of a piece of text that were not at its beginning; less than none where more
/// were closed.
fn depth(text: Option<&str>) -> Option<i32> {
    Some(text?.chars().fold(0, |depth, c| match c {
        '（' | '(' => depth + 1,
        '）' | ')' => depth - 1,
        _ => depth,
    }))
}

fn members<'s>(statements: &'s [Statement], places: &[usize]) -> Option<Vec<&'s Statement>> {
    places.iter().map(|i| statements.get(*i)).collect()
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
        Measure::Review(_) | Measure::Lawsuit(_) | Measure::Suit(..) => 4,
        Measure::Received
        | Measure::Answered
        | Measure::Handled
        | Measure::CarriedIn
        | Measure::CarriedOut => 5,
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
        Measure::Received | Measure::Handled if has(Measure::Outcome(Outcome::Other)) => false,
        Measure::Received | Measure::Answered | Measure::Handled if both && parts.len() == 2 => true,
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

/// Beside statements of what came, what was answered or what was carried over, 办理 may mean any of these; alone it says
/// how many were handled.
pub(super) fn settle_handled(statements: &mut [Statement]) {
    let is_other = |s: &Statement| {
        matches!(s.measure, Measure::Received | Measure::Answered | Measure::CarriedIn | Measure::CarriedOut)
    };
    if !statements.iter().any(|s| s.measure == Measure::Handled) || !statements.iter().any(is_other) {
        return;
    }
    for statement in statements.iter_mut().filter(|s| s.measure == Measure::Handled) {
        (statement.measure, statement.loose) = (Measure::Received, true);
    }
}

/// Statements of one thing with two numbers: only one of them can be the one of the table, and which is not
/// certain (分局收到 3 件，县局收到 5 件). The first is kept where it says that it is the whole, or where what
/// follows is less.
pub(super) fn demote_contradictions(statements: &mut [Statement]) {
    const ALONE: &[Measure] = &[
        Measure::Received,
        Measure::Answered,
        Measure::Handled,
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
