//! Findings and relations as sentences of the screen: with the signs of the theme, and differences with their sign.

use super::session::Session;
use crate::corpus::OpenReport;
use crate::display;
use crate::display::{Lang, Untrusted};
use crate::report::{Figure, Problem, ProblemCode, Sum};
use crate::review::{Decision, Event, State as ReviewState, Verdict};
use crate::rules::{Evaluation, Evidence, Finding, State, Term, signed};

/// The problems in reading a report that no finding is about.
pub(super) fn unreported(open: &OpenReport) -> impl Iterator<Item = &Problem> {
    let is_reported = |code: &ProblemCode| {
        code.needs_reading()
            || matches!(
                code,
                ProblemCode::NoSection
                    | ProblemCode::EarlierForm
                    | ProblemCode::NoTable
                    | ProblemCode::NoTitle
                    | ProblemCode::NoYear
                    | ProblemCode::NoRow
                    | ProblemCode::RowWithoutCells
                    | ProblemCode::TableWithoutValues
            )
    };
    open.report.problems.iter().filter(move |problem| !is_reported(&problem.code))
}

/// One sentence with the numbers.
#[must_use]
pub(super) fn finding(finding: &Finding, session: &Session) -> String {
    let lang = session.lang;
    match &finding.evidence {
        Evidence::Relation(evaluation)
            if evaluation.state != State::BlankTotal && finding.rule.id != "T3.6" =>
        {
            let mut place = finding.place(lang);
            if evaluation.relation.total().is_none() {
                // Such a relation is about a column of the table, and its place the bare head of it.
                place = lang.pick(format!("{place}列"), place);
            }
            format!("{place}{}{}", lang.pick("：", ": "), with_difference(evaluation, session))
        }
        _ => finding.message(lang),
    }
}

/// A formula that does not hold, with the difference.
#[must_use]
pub(super) fn with_difference(evaluation: &Evaluation, session: &Session) -> String {
    let (formula, difference) = (formula(evaluation, session), signed(evaluation.difference()));
    session.lang.pick(format!("{formula}，差 {difference}"), format!("{formula}, off by {difference}"))
}

/// The relation with its numbers, as [`crate::rules::formula`] writes it for files.
#[must_use]
pub(super) fn formula(evaluation: &Evaluation, session: &Session) -> String {
    let (left, right) = (side(&evaluation.left, session), side(&evaluation.right, session));
    let (declared, computed) = (evaluation.declared(), evaluation.computed());
    if declared == computed {
        return format!("{left} = {right}");
    }
    let with_sum = |text: String, sum: Sum| if text.contains('+') { format!("{text} = {sum}") } else { text };
    let sign = session.theme.not_equal();
    format!("{} {sign} {}", with_sum(left, declared), with_sum(right, computed))
}

/// The terms of a side; zero terms of long sums are left out.
fn side(terms: &[Term], session: &Session) -> String {
    const SHORT: usize = 3;
    let shown: Vec<String> = terms
        .iter()
        .filter(|term| terms.len() <= SHORT || !term.value().is_zero())
        .map(|term| match (term.stand_in, term.figure) {
            (Some(sum), _) => format!("({}{}{sum})", blank(session.lang), session.theme.arrow()),
            (None, Figure::Number(number)) => number.to_string(),
            (None, Figure::Blank) => blank(session.lang).to_owned(),
            (None, Figure::Unreadable | Figure::Absent) => "?".to_owned(),
        })
        .collect();
    if shown.is_empty() { "0".to_owned() } else { shown.join(" + ") }
}

/// What an empty cell is called.
#[must_use]
pub(super) fn blank(lang: Lang) -> &'static str {
    lang.pick("空白", "blank")
}

/// What was decided, in a word; nothing where it is open and never was decided.
pub(super) fn verdict(state: &ReviewState, session: &Session) -> Option<String> {
    let lang = session.lang;
    let word = match &state.verdict {
        Verdict::Open => return None,
        Verdict::Confirmed => Decision::Confirmed.word(lang),
        Verdict::Dismissed => Decision::Dismissed.word(lang),
        Verdict::Query => Decision::Query.word(lang),
        Verdict::Reopened { .. } => lang.pick("重新待核", "open again"),
    };
    let conflict = state.conflict.is_some();
    Some(if conflict { format!("{word}!") } else { word.to_owned() })
}

/// The note that stands.
pub(super) fn note(state: &ReviewState) -> Option<String> {
    Some(state.note.as_ref()?.note.as_ref()?.visible_lines())
}

/// Everything that the store says of a finding, line by line: who decided what and why, on which figures, who decided
/// otherwise, the note.
pub(super) fn of_review(state: &ReviewState, report_id: &Untrusted, session: &Session) -> Vec<String> {
    let lang = session.lang;
    let mut lines = Vec::new();
    let said = |event: &Event| {
        let word = event.decision.map_or("", |decision| decision.word(lang));
        let day = event.at.split('T').next().unwrap_or_default().to_owned();
        let reason = event.reason.as_ref().map_or_else(String::new, |reason| {
            lang.pick(format!("：{}", reason.visible()), format!(": {}", reason.visible()))
        });
        format!("{word} · {} {}{reason}", event.reviewer.visible(), display::visible(&day))
    };
    if let Some(event) = &state.standing {
        lines.push(said(event));
    }
    if let Verdict::Reopened { was } = &state.verdict {
        let figures = was.on.as_ref().map_or_else(String::new, |on| on.judged.words());
        let why = Verdict::why_open_again(state.verdict.is_of_another(report_id), lang);
        let (again, said) = (lang.pick("，重新待核；曾", ", open again; was "), said(was));
        lines.push(format!("{why}{again}{said}（{figures}）"));
    }
    if let Some(event) = &state.conflict {
        lines.push(format!("{}{}", lang.pick("另有不同结论：", "decided otherwise: "), said(event)));
    }
    if let Some(note) = note(state) {
        let lead = lang.pick("备注：", "note: ");
        lines.extend(
            note.lines()
                .enumerate()
                .map(|(i, line)| if i == 0 { format!("{lead}{line}") } else { line.to_owned() }),
        );
    }
    lines
}
