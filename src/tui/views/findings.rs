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
            .pick(" 没有问题线索，读取也没有疑问", " no findings, and nothing uncertain in reading it");
        paint::text(buffer, area, 0, words, session.theme.good());
        return;
    }
    let window = scroll.window(usize::from(area.height), entries.len());
    let width = usize::from(area.width).saturating_sub(3);
    let mut y = 0;
    for i in window {
        let Some((mark, style, text)) = entries.get(i) else { break };
        let here = i == scroll.at;
        let rows = if here { display::wrap(text, width) } else { vec![display::cut(text, width)] };
        for (j, row) in rows.into_iter().enumerate() {
            let lead = if j == 0 { format!(" {mark} ") } else { "   ".to_owned() };
            let body = if here { session.theme.cursor() } else { session.theme.plain() };
            paint::line(
                buffer,
                area,
                y,
                Line::from(vec![Span::styled(lead, *style), Span::styled(row, body)]),
            );
            y += 1;
        }
    }
}

fn entries(open: &OpenReport, session: &Session) -> Vec<(&'static str, Style, String)> {
    let (lang, theme) = (session.lang, session.theme);
    let line = |line: u32| {
        if line == 0 {
            String::new()
        } else {
            lang.pick(format!("  第 {line} 行"), format!("  line {line}"))
        }
    };
    let findings = open.findings.iter().map(|f| {
        let (mark, style) = theme.severity(f.severity);
        let text = format!(
            "{} {} · {}{}",
            f.rule.id,
            f.rule.title(lang),
            f.message(lang),
            line(f.line.unwrap_or(0))
        );
        (mark, style, text)
    });
    let problems = open.report.problems.iter().map(|p| {
        let text = format!("{} · {}{}", lang.pick("读取", "reading"), p.message(lang), line(p.line));
        ("?", theme.warn(), text)
    });
    findings.chain(problems).collect()
}
