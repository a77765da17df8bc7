//! The findings of a report, worst first, and below them what was uncertain in reading it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::corpus::OpenReport;
use crate::display;
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::view::Scroll;
use crate::tui::words;

/// Findings and problems together.
pub(super) fn length(open: &OpenReport) -> usize {
    open.findings.len() + open.report.problems.len()
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
    let width = usize::from(area.width).saturating_sub(gutter + 3);
    // The entry under the cursor takes as many rows as it needs, and must be in sight as a whole.
    let at = scroll.at.min(entries.len() - 1);
    let wrapped = entries.get(at).map_or_else(Vec::new, |entry| display::wrap(&entry.text, width));
    let height = (usize::from(body.height) + 1).saturating_sub(wrapped.len()).max(1);
    let mut y = 0;
    for i in scroll.window_at(at, height, entries.len()) {
        let Some(entry) = entries.get(i) else { break };
        let rows = if i == at { wrapped.clone() } else { vec![display::cut(&entry.text, width)] };
        let style = if i == at { session.theme.cursor() } else { session.theme.plain() };
        for (j, row) in rows.into_iter().enumerate() {
            let (mark, place) = if j == 0 { (entry.mark, entry.place.as_str()) } else { (" ", "") };
            let lead = vec![
                Span::styled(format!(" {mark} "), entry.style),
                Span::styled(display::fit(place, gutter), session.theme.dim()),
                Span::styled(row, style),
            ];
            paint::line(buffer, body, y, Line::from(lead));
            y += 1;
        }
    }
    let title = session.lang.pick("线索", "findings");
    let title = format!("{title} {}/{}", at + 1, entries.len());
    paint::rule(buffer, area, &title, &session.theme.hidden(scroll.hidden()), session, true);
}

/// A line of the list.
struct Entry {
    mark: &'static str,
    style: Style,
    /// Its line in the document, in front, where it is never cut.
    place: String,
    text: String,
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
    let findings = open.findings.iter().map(|f| {
        let (mark, style) = theme.severity(f.rule.severity);
        let text = format!("{} {} · {}", f.rule.id, f.rule.title(lang), words::finding(f, session));
        Entry { mark, style, place: place(f.line.unwrap_or(0)), text }
    });
    let problems = open.report.problems.iter().map(|p| {
        let text = format!("{} · {}", lang.pick("读取", "reading"), p.message(lang));
        Entry { mark: "?", style: theme.warn(), place: place(p.line), text }
    });
    findings.chain(problems).collect()
}
