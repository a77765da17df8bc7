//! The document: its lines with the one of the current cell marked, and the narrative of a section.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::corpus::{OpenReport, SourceLine};
use crate::display;
use crate::report::CellId;
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::view::Scroll;

/// Columns of the line number.
const GUTTER: usize = 5;

/// Draws the document around the scroll position, with the line of `cell` marked.
pub(super) fn draw(
    open: &OpenReport,
    scroll: &Scroll,
    cell: Option<CellId>,
    area: Rect,
    buffer: &mut Buffer,
    session: &Session,
) {
    let title = format!("{}", display::visible(&open.path.to_string_lossy()));
    paint::rule(buffer, area, 0, &title, session, true);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let height = usize::from(body.height);
    let marked = cell.and_then(|cell| open.source_index(cell));
    let width = usize::from(body.width).saturating_sub(GUTTER + 1);
    // The marked line stands in the middle, so that what belongs to it is in sight on both sides.
    let _ = scroll.window(height, open.source.len());
    let mut y = 0;
    for i in first_shown(open, scroll.at, height, width)..open.source.len() {
        let Some(line) = open.source.get(i) else { break };
        for row in source_rows(line, width, marked == Some(i), i == scroll.at, session) {
            paint::line(buffer, body, y, row);
            y += 1;
        }
        if usize::from(y) >= height {
            break;
        }
    }
}

/// The first line to draw so that line `at`, with all lines wrapped, comes out near the middle.
fn first_shown(open: &OpenReport, at: usize, height: usize, width: usize) -> usize {
    let mut rows = 0;
    let mut first = at;
    while first > 0 {
        let above = open.source.get(first - 1).map_or(1, |line| display::wrap(&shown(line), width).len());
        if rows + above > height / 2 {
            break;
        }
        rows += above;
        first -= 1;
    }
    first
}

fn source_rows(
    line: &SourceLine,
    width: usize,
    marked: bool,
    here: bool,
    session: &Session,
) -> Vec<Line<'static>> {
    let theme = session.theme;
    let number = if line.number == 0 { String::new() } else { line.number.to_string() };
    let style = if marked { theme.lit() } else { theme.plain() };
    let lead = if marked || here { theme.pointer() } else { " " };
    display::wrap(&shown(line), width)
        .into_iter()
        .enumerate()
        .map(|(i, text)| {
            let gutter = if i == 0 { display::fit_right(&number, GUTTER) } else { " ".repeat(GUTTER) };
            let lead = if i == 0 { lead } else { " " };
            Line::from(vec![
                Span::styled(gutter, theme.dim()),
                Span::styled(lead, theme.bad()),
                Span::styled(text, style),
            ])
        })
        .collect()
}

/// A line as shown: the tabs that separate cells are drawn as bars.
fn shown(line: &SourceLine) -> String {
    let cells: Vec<_> = line.text.raw().split('\t').map(display::visible).collect();
    cells.join(" ¦ ")
}

/// The narrative of a section, wrapped: line numbers are known for its heading only.
pub(super) fn section_lines(open: &OpenReport, number: u8, session: &Session) -> Vec<String> {
    let width = usize::from(session.width).saturating_sub(2).max(10);
    let Some(section) = open.report.section(number) else {
        let words = session.lang.pick("文本中没有找到这一节", "this section was not found in the text");
        return vec![words.to_owned()];
    };
    let mut lines = vec![section.title.visible().into_owned(), String::new()];
    for line in section.text.raw().lines().filter(|line| !line.trim().is_empty()) {
        lines.extend(display::wrap(&display::visible(line), width));
    }
    lines
}

/// Draws the narrative of a section.
pub(super) fn draw_section(
    open: &OpenReport,
    number: u8,
    scroll: &Scroll,
    area: Rect,
    buffer: &mut Buffer,
    session: &Session,
) {
    let lines = section_lines(open, number, session);
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    // The cursor of a text is its first line in sight.
    let height = usize::from(area.height);
    scroll.window(height, lines.len());
    let first = scroll.at.min(lines.len().saturating_sub(height));
    for (y, text) in lines.iter().skip(first).take(height).enumerate() {
        let style = if first + y == 0 { session.theme.title() } else { session.theme.plain() };
        paint::text(buffer, area, y as u16, text, style);
    }
}
