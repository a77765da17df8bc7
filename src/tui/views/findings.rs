//! The findings of a report by cause, worst first: what says most, what probably happened, and what follows from it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::corpus::OpenReport;
use crate::display;
use crate::rules::{Cause, Finding, Severity};
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::view::Scroll;
use crate::tui::words;

/// A line of the list.
struct Entry {
    mark: String,
    style: Style,
    /// Its line in the document, in front, where it is never cut.
    place: String,
    text: String,
    /// The finding that it opens.
    finding: Option<usize>,
}

/// Whether a cause is listed one by one, whatever is folded away.
pub(super) fn is_listed(cause: &Cause, open: &OpenReport, session: &Session) -> bool {
    let needs_reading = cause.headline(&open.findings).is_some_and(|f| f.rule.id == "P1");
    cause.severity < Severity::Info || needs_reading || session.shows_info
}

/// Number of lines in the list.
pub(super) fn length(open: &OpenReport, session: &Session) -> usize {
    entries(open, session).len()
}

/// The finding that a line of the list opens.
pub(super) fn finding_at(open: &OpenReport, line: usize, session: &Session) -> Option<usize> {
    entries(open, session).get(line)?.finding
}

/// The line of the list on which a finding stands.
pub(super) fn line_of(open: &OpenReport, finding: usize, session: &Session) -> Option<usize> {
    entries(open, session).iter().position(|entry| entry.finding == Some(finding))
}

/// Draws the list, the entry under the cursor in full.
pub(super) fn draw(open: &OpenReport, scroll: &Scroll, area: Rect, buffer: &mut Buffer, session: &Session) {
    let entries = entries(open, session);
    if entries.is_empty() {
        let words = session
            .lang
            .pick(" 没有问题线索，也没有需人工核对之处", " no findings, and nothing uncertain in reading it");
        paint::text(buffer, area, 0, words, session.theme.good());
        return;
    }
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let gutter = entries.iter().map(|entry| display::width(&entry.place)).max().unwrap_or(0);
    // The entry under the cursor takes as many rows as it needs, and must be in sight as a whole.
    let at = scroll.at.min(entries.len() - 1);
    let width = |entry: &Entry| {
        usize::from(area.width).saturating_sub(gutter + display::width(&entry.mark) + 2).max(4)
    };
    let wrapped = entries.get(at).map_or_else(Vec::new, |entry| display::wrap(&entry.text, width(entry)));
    let height = (usize::from(body.height) + 1).saturating_sub(wrapped.len()).max(1);
    let mut y = 0;
    for i in scroll.window_at(at, height, entries.len()) {
        let Some(entry) = entries.get(i) else { break };
        let rows = if i == at { wrapped.clone() } else { vec![display::cut(&entry.text, width(entry))] };
        let style = if i == at { session.theme.cursor() } else { session.theme.plain() };
        for (j, row) in rows.into_iter().enumerate() {
            let blank = " ".repeat(display::width(&entry.mark));
            let (mark, place) = if j == 0 { (&entry.mark, entry.place.as_str()) } else { (&blank, "") };
            let lead = vec![
                Span::styled(format!(" {mark} "), entry.style),
                Span::styled(display::fit(place, gutter), session.theme.dim()),
                Span::styled(row, style),
            ];
            session.spots.row(body, y, 0, i);
            paint::line(buffer, body, y, Line::from(lead));
            y += 1;
        }
    }
    let title = session.lang.pick("线索（按原因）", "findings by cause");
    let title = format!("{title} {}/{}", at + 1, entries.len());
    paint::rule(buffer, area, &title, &session.theme.hidden(scroll.hidden()), session, true);
}

fn entries(open: &OpenReport, session: &Session) -> Vec<Entry> {
    let (lang, theme) = (session.lang, session.theme);
    let lines =
        open.findings.iter().filter_map(|f| f.line).chain(open.report.problems.iter().map(|p| p.line));
    let digits = lines.max().unwrap_or(0).to_string().len();
    let place = |line: u32| match line {
        0 => String::new(),
        _ => lang.pick(format!("第 {line:digits$} 行  "), format!("line {line:digits$}  ")),
    };
    let mut entries = Vec::new();
    for cause in open.causes.iter().filter(|cause| is_listed(cause, open, session)) {
        entries.extend(of_cause(cause, open, &place, session));
    }
    let folded = open.causes.iter().filter(|cause| !is_listed(cause, open, session)).count();
    if folded > 0 {
        let key = session.key(Context::Report, Action::Info);
        let text = lang.pick(
            format!("提示 {folded} 条，按 {key} 展开"),
            format!("infos: {folded}, press {key} to list them"),
        );
        let (mark, style) = theme.severity(Severity::Info);
        entries.push(Entry { mark: mark.to_owned(), style, place: String::new(), text, finding: None });
    }
    entries.extend(words::unreported(open).map(|p| {
        let text = format!("{} · {}", lang.pick("读取", "reading"), p.message(lang));
        Entry { mark: "?".to_owned(), style: theme.warn(), place: place(p.line), text, finding: None }
    }));
    entries
}

fn of_cause(
    cause: &Cause,
    open: &OpenReport,
    place: &impl Fn(u32) -> String,
    session: &Session,
) -> Vec<Entry> {
    let (lang, theme) = (session.lang, session.theme);
    let entry = |i: usize, f: &Finding, lead: &str| {
        let (mark, style) = theme.finding(f);
        let text = format!("{} {} · {}", f.rule.id, f.rule.title(lang), words::finding(f, session));
        let place = place(f.line.unwrap_or(0));
        Entry { mark: format!("{lead}{mark}"), style, place, text, finding: Some(i) }
    };
    let mut entries = Vec::new();
    let states = session.reviews.states(open, lang);
    for (n, i) in cause.findings.iter().enumerate() {
        let Some(finding) = open.findings.get(*i) else { continue };
        entries.push(entry(*i, finding, if n == 0 { "" } else { "  " }));
        if let (0, Some(text)) = (n, cause.sentence(&open.report, lang)) {
            let mark = format!("  {}", theme.arrow());
            let place = String::new();
            entries.push(Entry { mark, style: theme.dim(), place, text, finding: Some(*i) });
        }
        let said = states.get(*i).filter(|_| n == 0).map(|state| words::of_review(state, &open.id, session));
        entries.extend(said.into_iter().flatten().map(|text| {
            let mark = format!("  {}", theme.chosen());
            Entry { mark, style: theme.matched(), place: String::new(), text, finding: Some(*i) }
        }));
    }
    entries
}
