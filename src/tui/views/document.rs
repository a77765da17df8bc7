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
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let height = usize::from(body.height);
    let marked = cell.and_then(|cell| open.source_index(cell));
    let width = usize::from(body.width).saturating_sub(GUTTER + 1);
    // The marked line stands in the middle, so that what belongs to it is in sight on both sides.
    let _ = scroll.window(height, open.source.len());
    let first = first_shown(open, scroll.at, height, width);
    let (mut y, mut end) = (0, first);
    for i in first..open.source.len() {
        let Some(line) = open.source.get(i) else { break };
        for row in source_rows(line, width, marked == Some(i), i == scroll.at, session) {
            paint::line(buffer, body, y, row);
            y += 1;
        }
        end = i + 1;
        if usize::from(y) >= height {
            break;
        }
    }
    let hidden = session.theme.hidden((first, open.source.len() - end));
    paint::rule(buffer, area, &title(open, usize::from(area.width), session), &hidden, session, true);
}

/// The path of the document; of a parsed report, which is laid out for reading, also its line in the file.
fn title(open: &OpenReport, width: usize, session: &Session) -> String {
    let path = display::visible(&open.path.to_string_lossy()).into_owned();
    let place = session.corpus.place(open.index);
    let Some(place) = place.filter(|_| is_laid_out(open)) else { return path };
    let line = session
        .lang
        .pick(format!("第 {} 行（已排版）", place.line), format!("line {} (laid out)", place.line));
    // The rule around it and the count of hidden lines take what is left.
    let room = width.saturating_sub(display::width(&line) + 22);
    format!("{}  {line}", display::cut(&path, room.max(8)))
}

/// Whether the document is a parsed report, of which the lines are not those of the file.
fn is_laid_out(open: &OpenReport) -> bool {
    open.source.iter().any(|line| !line.member.is_empty())
}

/// The line of the document where a section begins.
pub(super) fn section_index(open: &OpenReport, number: u8) -> Option<usize> {
    let i = open.report.sections.iter().position(|section| section.number == number)?;
    if !is_laid_out(open) {
        return open.line_index(open.report.sections.get(i)?.line);
    }
    let find = |member: String| open.source.iter().position(|line| line.member == member);
    find(format!("sections.{i}.text"))
        .or_else(|| find(format!("sections.{i}.title")))
        .or_else(|| find(format!("sections.{i}")))
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
