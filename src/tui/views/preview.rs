//! The selected report at a glance: its figures in one line, its worst findings.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::corpus::OpenReport;
use crate::display;
use crate::report::{CellId, Figure, known_mark};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::settling;
use crate::tui::sheet::figure_text;
use crate::tui::words;

/// Draws the preview of the session's selected report.
pub(super) fn draw(area: Rect, buffer: &mut Buffer, session: &Session) {
    if area.height == 0 || area.width == 0 {
        return;
    }
    let title = session.lang.pick("预览", "preview");
    match &session.current {
        None => paint::rule(buffer, area, title, "", session, false),
        Some(Err(problem)) => {
            paint::rule(buffer, area, title, "", session, false);
            paint::text(buffer, area, 1, &problem.message(session.lang), session.theme.bad());
        }
        Some(Ok(open)) => {
            paint::rule(buffer, area, &open.report.title.visible(), "", session, false);
            let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
            let entries = entries(open, session);
            for (i, line) in lines(entries, body).into_iter().enumerate() {
                paint::line(buffer, body, i as u16, line);
            }
        }
    }
}

/// A mark with its style, and a text that may take several lines.
type Entry = (Span<'static>, Span<'static>);

fn entries(open: &OpenReport, session: &Session) -> Vec<Entry> {
    let (lang, theme) = (session.lang, session.theme);
    let mut entries: Vec<Entry> =
        [totals(open, session), place(open, session)].map(|text| (Span::raw(" "), Span::raw(text))).into();
    if let Some(known) = known(open, session) {
        entries.insert(0, (Span::styled(" ? ", theme.warn()), Span::raw(known)));
    }
    for words in
        [settling::of_place(open, session), settling::of_versions(open, session)].into_iter().flatten()
    {
        entries.push((Span::styled(" ? ", theme.warn()), Span::raw(words)));
    }
    for cause in &open.causes {
        let Some(finding) = cause.headline(&open.findings) else { continue };
        let (mark, style) = theme.finding(finding);
        let text = format!("{} {}", finding.rule.id, words::finding(finding, session));
        entries.push((Span::styled(format!(" {mark} "), style), Span::raw(text)));
        if let Some(likely) = cause.sentence(&open.report, lang) {
            let arrow = format!(" {} ", theme.arrow());
            entries.push((Span::styled(arrow, theme.dim()), Span::styled(likely, theme.dim())));
        }
    }
    for problem in words::unreported(open) {
        entries.push((Span::styled(" ? ", theme.warn()), Span::raw(problem.message(lang))));
    }
    if open.findings.is_empty() {
        let words =
            lang.pick("表内勾稽关系相符（未见不符）", "the sums within the tables hold (none is broken)");
        entries.push((Span::raw(" "), Span::styled(words, theme.good())));
    }
    entries
}

/// The entries as lines, each over as many as are left when those after it have one each.
fn lines(entries: Vec<Entry>, area: Rect) -> Vec<Line<'static>> {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let mut lines: Vec<Line<'static>> = Vec::new();
    let count = entries.len();
    for (i, (mark, text)) in entries.into_iter().enumerate() {
        let lead = mark.width();
        let room = height.saturating_sub(lines.len() + count - i - 1).max(1);
        let mut rows = display::wrap(&text.content, width.saturating_sub(lead));
        if rows.len() > room {
            let rest = rows.split_off(room - 1).concat();
            rows.push(display::cut(&rest, width.saturating_sub(lead)));
        }
        let mut mark = Some(mark);
        for row in rows {
            let mark = mark.take().unwrap_or_else(|| Span::raw(" ".repeat(lead)));
            lines.push(Line::from(vec![mark, Span::styled(row, text.style)]));
        }
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
        format!("新收 {received}  上年结转 {carried_in}  办结 {handled}  结转下年 {out}"),
        format!("received {received}  carried in {carried_in}  handled {handled}  carried out {out}"),
    )
}

/// Agency and year with how they are known, where not both stand in a title.
fn known(open: &OpenReport, session: &Session) -> Option<String> {
    let (lang, report) = (session.lang, &open.report);
    let [of_agency, of_year] = [report.agency_from, report.year_from].map(|by| known_mark(by, lang));
    if of_agency.is_empty() && of_year.is_empty() {
        return None;
    }
    let unknown = || lang.pick("未知", "unknown").to_owned();
    let agency = Some(report.agency.visible().into_owned()).filter(|name| !name.is_empty());
    let agency = agency.unwrap_or_else(unknown);
    let year = report.year.map_or_else(unknown, |year| year.to_string());
    Some(lang.pick(
        format!("单位：{agency}{of_agency}  年度：{year}{of_year}"),
        format!("agency: {agency}{of_agency}  year: {year}{of_year}"),
    ))
}

/// City and county, copies, file.
fn place(open: &OpenReport, session: &Session) -> String {
    let report = &open.report;
    let names = [&report.province, &report.city, &report.county];
    let mut names: Vec<_> = names.into_iter().flatten().map(|n| n.visible().into_owned()).collect();
    // A municipality is its own city.
    names.dedup();
    let files: Vec<String> = session
        .corpus
        .copies(open.index)
        .map(|path| display::visible(&path.to_string_lossy()).into_owned())
        .collect();
    let copies = if files.is_empty() {
        String::new()
    } else {
        let files = files.join(session.lang.pick("、", ", "));
        session.lang.pick(format!("；同一报告另见 {files}"), format!("; also in {files}"))
    };
    format!("{}  {}{copies}", names.join(" "), display::visible(&open.path.to_string_lossy()))
}
