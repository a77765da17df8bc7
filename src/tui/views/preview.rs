//! The selected report at a glance: its figures in one line, its worst findings.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::corpus::OpenReport;
use crate::display;
use crate::report::{CellId, Figure};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::sheet::figure_text;

/// Draws the preview of the session's selected report.
pub(super) fn draw(area: Rect, buffer: &mut Buffer, session: &Session) {
    if area.height == 0 || area.width == 0 {
        return;
    }
    let title = session.lang.pick("预览", "preview");
    match &session.current {
        None => paint::rule(buffer, area, 0, title, session, false),
        Some(Err(problem)) => {
            paint::rule(buffer, area, 0, title, session, false);
            paint::text(buffer, area, 1, &problem.message(session.lang), session.theme.bad());
        }
        Some(Ok(open)) => {
            paint::rule(buffer, area, 0, &open.report.title.visible(), session, false);
            for (i, line) in lines(open, usize::from(area.width), session).into_iter().enumerate() {
                paint::line(buffer, area, i as u16 + 1, line);
            }
        }
    }
}

fn lines(open: &OpenReport, width: usize, session: &Session) -> Vec<Line<'static>> {
    let (lang, theme) = (session.lang, session.theme);
    let mut lines = vec![
        Line::raw(display::cut(&totals(open, session), width)),
        Line::raw(display::cut(&place(open, session), width)),
    ];
    for finding in &open.findings {
        let (mark, style) = theme.severity(finding.severity);
        let text =
            display::cut(&format!("{} {}", finding.rule.id, finding.message(lang)), width.saturating_sub(3));
        lines.push(Line::from(vec![Span::styled(format!(" {mark} "), style), Span::raw(text)]));
    }
    for problem in &open.report.problems {
        let text = display::cut(&problem.message(lang), width.saturating_sub(3));
        lines.push(Line::from(vec![Span::styled(" ? ", theme.warn()), Span::raw(text)]));
    }
    if open.findings.is_empty() {
        lines.push(Line::styled(lang.pick(" 勾稽关系全部相符", " every relation holds"), theme.good()));
    }
    lines
}

/// The totals of table 3.
fn totals(open: &OpenReport, session: &Session) -> String {
    let total = |row: &str| {
        let cell = CellId::parse(&format!("requests.{row}.total"));
        let figure = cell.map_or(Figure::Absent, |cell| open.report.figures.get(cell));
        if figure == Figure::Absent { "-".to_owned() } else { figure_text(figure) }
    };
    let [received, carried_in, handled, out] = ["received", "carried_in", "total", "carried_out"].map(total);
    session.lang.pick(
        format!(" 新收 {received}  上年结转 {carried_in}  办结 {handled}  结转下年 {out}"),
        format!(" received {received}  carried in {carried_in}  handled {handled}  carried out {out}"),
    )
}

/// City and county, copies, file.
fn place(open: &OpenReport, session: &Session) -> String {
    let report = &open.report;
    let names = [&report.province, &report.city, &report.county];
    let names: Vec<_> = names.into_iter().flatten().map(|n| n.visible().into_owned()).collect();
    let copies = session.corpus.summary(open.index).map_or(0, |s| s.copies);
    let copies = if copies == 0 {
        String::new()
    } else {
        session.lang.pick(format!("  另有副本 {copies}"), format!("  copies {copies}"))
    };
    format!(" {}{copies}  {}", names.join(" "), display::visible(&open.path.to_string_lossy()))
}
