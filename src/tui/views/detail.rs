//! What is known of the cell under the cursor: its official label, how it was printed, each relation it is in.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::corpus::OpenReport;
use crate::display::{self, Lang};
use crate::report::{CellId, Figure, Printed};
use crate::rules::{Evaluation, State, cell_words};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::words;

/// The lines for a cell: label and print, then one line or more for each relation.
pub(super) fn lines(open: &OpenReport, cell: CellId, width: usize, session: &Session) -> Vec<Line<'static>> {
    let (lang, theme) = (session.lang, session.theme);
    let mut lines = Vec::new();
    for text in display::wrap(&format!(" {}", full_label(open, cell)), width).into_iter().take(2) {
        lines.push(Line::styled(text, theme.plain()));
    }
    let mut evaluations: Vec<&Evaluation> =
        open.relations_of(cell).filter(|e| e.state != State::NotApplicable).collect();
    evaluations.sort_by_key(|e| !e.state.is_break());
    for evaluation in evaluations {
        let (mark, style) = theme.state(&evaluation.state);
        let rule = evaluation.relation.rule;
        let (colon, text) = (lang.pick("：", ": "), relation_text(evaluation, session));
        let text = format!("{} {}{colon}{text}", rule.id, rule.title(lang));
        for (i, text) in display::wrap(&text, width.saturating_sub(3)).into_iter().enumerate() {
            let lead = if i == 0 { format!(" {mark} ") } else { "   ".to_owned() };
            lines.push(Line::from(vec![Span::styled(lead, style), Span::raw(text)]));
        }
    }
    if lines.len() == 1 {
        let words =
            lang.pick("   表中没有包含此格的勾稽关系", "   the form states no relation for this cell");
        lines.push(Line::styled(words, theme.dim()));
    }
    lines
}

/// The finding that the cursor came from, with the place of its cause among those of the report, and what probably
/// happened.
pub(super) fn finding_lines(
    open: &OpenReport,
    i: usize,
    width: usize,
    session: &Session,
) -> Vec<Line<'static>> {
    let (lang, theme) = (session.lang, session.theme);
    let Some(finding) = open.findings.get(i) else { return Vec::new() };
    let (mark, style) = theme.finding(finding);
    let at = open.causes.iter().position(|cause| cause.findings.contains(&i)).unwrap_or(0);
    let lead = format!(" {mark} [{}/{}] ", at + 1, open.causes.len());
    let text =
        format!("{} {} · {}", finding.rule.id, finding.rule.title(lang), words::finding(finding, session));
    // The numbers that differ stand at the end: rather two rows than without them.
    let rows = display::wrap(&text, width.saturating_sub(display::width(&lead)));
    let blank = " ".repeat(display::width(&lead));
    let mut lines = Vec::new();
    for (n, row) in rows.into_iter().take(FINDING_ROWS).enumerate() {
        let lead = if n == 0 { lead.clone() } else { blank.clone() };
        lines.push(Line::from(vec![Span::styled(lead, style), Span::styled(row, theme.title())]));
    }
    lines.extend(review_lines(open, i, width, session));
    if let Some(sentence) = open.causes.get(at).and_then(|cause| cause.sentence(&open.report, lang)) {
        let lead = format!(" {} ", theme.arrow());
        for (n, row) in display::wrap(&sentence, width.saturating_sub(3)).into_iter().take(2).enumerate() {
            let lead = if n == 0 { lead.clone() } else { "   ".to_owned() };
            lines.push(Line::from(vec![Span::styled(lead, theme.key()), Span::raw(row)]));
        }
    }
    lines
}

/// Rows that the sentence of a finding takes at most.
const FINDING_ROWS: usize = 3;

/// The line of the document that a finding is about.
pub(super) fn source_line(
    open: &OpenReport,
    i: usize,
    width: usize,
    session: &Session,
) -> Option<Line<'static>> {
    let finding = open.findings.get(i)?;
    let of_cell = || finding.focus().and_then(|cell| open.source_index(cell));
    let at = of_cell().or_else(|| open.line_index(finding.line?))?;
    let line = open.source.get(at)?;
    let text = line.text.visible().split_whitespace().collect::<Vec<_>>().join(" ");
    // The members of a parsed report have no line of their own.
    let number = if line.number > 0 { format!(" {}", line.number) } else { String::new() };
    let text = format!(" {}{number} {text}", session.lang.pick("原文", "text"));
    Some(Line::styled(display::cut(&text, width), session.theme.dim()))
}

/// What was decided on a finding, and noted.
pub(super) fn review_lines(
    open: &OpenReport,
    i: usize,
    width: usize,
    session: &Session,
) -> Vec<Line<'static>> {
    let theme = session.theme;
    let states = session.reviews.states(open, session.lang);
    let said = states.get(i).map_or_else(Vec::new, |state| words::of_review(state, &open.id, session));
    let line = |text: String| {
        let text = display::cut(&text, width.saturating_sub(3));
        Line::from(vec![Span::styled(format!(" {} ", theme.chosen()), theme.matched()), Span::raw(text)])
    };
    said.into_iter().map(line).collect()
}

/// Draws the lines below a rule that names the cell, its figure and its line in the document; `tail` stands at the
/// end of the rule.
pub(super) fn draw(
    open: &OpenReport,
    cell: CellId,
    (lines, tail): (Vec<Line<'static>>, &str),
    area: Rect,
    buffer: &mut Buffer,
    session: &Session,
) {
    // What the rule and its tail leave; the name of the cell is cut before its figure or its line is.
    let taken = display::width(tail) + 7;
    let room = usize::from(area.width).saturating_sub(taken);
    let title = format!("{} {}", session.theme.pointer(), figure_words(open, cell, room, session.lang));
    paint::rule(buffer, area, &title, tail, session, true);
    for (i, line) in lines.into_iter().enumerate() {
        paint::line(buffer, area, i as u16 + 1, line);
    }
}

/// The label as the form prints it, with the merged cells that it stands under.
fn full_label(open: &OpenReport, cell: CellId) -> String {
    let row = cell.row();
    let groups: Vec<String> =
        row.groups.iter().map(|g| format!("{}{} ", g.number, g.label.official)).collect();
    let groups = groups.concat();
    // The editions print different heads over the same column.
    let of_form = open.report.form().table(cell.table()).row(row.key);
    let column = of_form.and_then(|(block, _)| block.columns.iter().find(|c| c.key == cell.column().key));
    let column = column.unwrap_or(cell.column());
    format!("{groups}{}{} · {}", row.number, row.label.official, column.label.official)
}

/// Name, figure and line of a cell.
fn figure_words(open: &OpenReport, cell: CellId, width: usize, lang: Lang) -> String {
    let words = match open.report.figures.get(cell) {
        Figure::Number(number) => number.to_string(),
        Figure::Blank => words::blank(lang).to_owned(),
        Figure::Unreadable => lang.pick("无法辨认", "unreadable").to_owned(),
        Figure::Absent => lang.pick("文中没有此格", "not in the document").to_owned(),
    };
    let mut text = format!(" = {words}");
    if let Some(printed) = open.report.printed.get(&cell) {
        text.push_str(&printed_words(open, cell, printed, &words, lang));
    }
    let room = width.saturating_sub(display::width(&text));
    format!("{}{text}", display::cut(&cell_words(cell, lang), room))
}

/// The unit of the figure, how it was printed if not as it is shown, and in which line.
fn printed_words(open: &OpenReport, cell: CellId, printed: &Printed, words: &str, lang: Lang) -> String {
    let mut text = String::new();
    let unit = (cell.column().key == "amount").then_some(open.report.procurement_unit).flatten();
    if let Some(unit) = unit.filter(|_| cell.row().key == "procurement") {
        text.push_str(unit.name());
    }
    if printed.text.raw() != words && !printed.text.is_empty() {
        let shown = printed.text.visible();
        text.push_str(&lang.pick(format!("  印作“{shown}”"), format!("  printed “{shown}”")));
    }
    if printed.line > 0 {
        text.push_str(&lang.pick(format!("  第 {} 行", printed.line), format!("  line {}", printed.line)));
    }
    text
}

/// The formula with its numbers, or why it cannot be checked.
fn relation_text(evaluation: &Evaluation, session: &Session) -> String {
    let lang = session.lang;
    match &evaluation.state {
        State::NotCheckable { missing } => {
            let names: Vec<String> = missing.iter().take(4).map(|c| cell_words(*c, lang)).collect();
            let more = if missing.len() > 4 { "…" } else { "" };
            let names = names.join(lang.pick("、", ", "));
            lang.pick(
                format!("缺 {names}{more}，需人工核对"),
                format!("cannot be checked, missing {names}{more}"),
            )
        }
        State::Broken | State::BlankTotal => words::with_difference(evaluation, session),
        State::HoldsTrivially => lang.pick("全为零或空白", "all zero or blank").to_owned(),
        State::Holds | State::NotApplicable => words::formula(evaluation, session),
    }
}
