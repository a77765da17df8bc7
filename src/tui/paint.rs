//! Drawing helpers that all views share: lines of styled pieces, footers, rules.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::keymap::{Context, footer};
use super::session::Session;
use crate::display;

/// Writes a line at row `y` of the area, cut at its right edge; rows outside are ignored.
pub(in crate::tui) fn line(buffer: &mut Buffer, area: Rect, y: u16, line: Line<'_>) {
    if y < area.height {
        let row = Rect { y: area.y + y, height: 1, ..area };
        line.render(row.intersection(buffer.area), buffer);
    }
}

/// Writes plain text in one style, fitted to the whole width of the area.
pub(in crate::tui) fn text(buffer: &mut Buffer, area: Rect, y: u16, text: &str, style: Style) {
    line(buffer, area, y, Line::styled(display::fit(text, usize::from(area.width)), style));
}

/// A horizontal rule with a title in it.
pub(in crate::tui) fn rule(
    buffer: &mut Buffer,
    area: Rect,
    y: u16,
    title: &str,
    session: &Session,
    focused: bool,
) {
    let theme = session.theme;
    let title = display::cut(title, usize::from(area.width).saturating_sub(4));
    let dashes = usize::from(area.width).saturating_sub(display::width(&title) + 4);
    let style = if focused { theme.title() } else { theme.dim() };
    let pieces = vec![
        Span::styled(theme.dash().repeat(2), theme.dim()),
        Span::styled(format!(" {title} "), style),
        Span::styled(theme.dash().repeat(dashes), theme.dim()),
    ];
    line(buffer, area, y, Line::from(pieces));
}

/// A vertical rule along the left edge of the area; the rest of the area is returned.
pub(in crate::tui) fn left_bar(buffer: &mut Buffer, area: Rect, session: &Session) -> Rect {
    for y in 0..area.height {
        line(buffer, area, y, Line::styled(session.theme.bar(), session.theme.dim()));
    }
    Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(1), ..area }
}

/// The line of keys at the bottom: as many bindings as fit, help and quit always.
pub(in crate::tui) fn keys(buffer: &mut Buffer, area: Rect, y: u16, context: Context, session: &Session) {
    let (lang, theme) = (session.lang, session.theme);
    if let Some(notice) = &session.notice {
        text(buffer, area, y, &display::visible(notice), theme.warn());
        return;
    }
    let items: Vec<(String, &str)> = footer(context)
        .filter_map(|b| Some((b.keys.first()?.name(), lang.pick(b.footer?.0, b.footer?.1))))
        .collect();
    let width = |item: &(String, &str)| display::width(&item.0) + display::width(item.1) + 3;
    let last = items.len().saturating_sub(2);
    let mut room = usize::from(area.width).saturating_sub(items.iter().skip(last).map(width).sum());
    let mut pieces = Vec::new();
    for (i, item) in items.iter().enumerate() {
        if i < last {
            if width(item) > room {
                room = 0;
                continue;
            }
            room -= width(item);
        }
        pieces.push(Span::styled(item.0.clone(), theme.key()));
        pieces.push(Span::raw(format!(" {}  ", item.1)));
    }
    line(buffer, area, y, Line::from(pieces));
}

/// A text with some of its characters marked, cut and padded to `columns`.
#[must_use]
pub(in crate::tui) fn marked(
    text: &str,
    positions: &[usize],
    columns: usize,
    plain: Style,
    mark: Style,
) -> Vec<Span<'static>> {
    let shown = display::fit(text, columns);
    let mut pieces: Vec<Span<'static>> = Vec::new();
    let mut run = String::new();
    let mut is_marked = false;
    for (i, c) in shown.chars().enumerate() {
        let hit = positions.binary_search(&i).is_ok();
        if hit != is_marked && !run.is_empty() {
            pieces.push(Span::styled(std::mem::take(&mut run), if is_marked { mark } else { plain }));
        }
        is_marked = hit;
        run.push(c);
    }
    pieces.push(Span::styled(run, if is_marked { mark } else { plain }));
    pieces
}

/// The last line of defence: replaces whatever a terminal would obey or hide in a finished frame.
///
/// Every view shows outside text through [`display::visible`]; if one ever does not, this still holds.
pub(in crate::tui) fn sweep(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if cell.symbol().chars().any(display::is_hidden) {
            cell.set_char('?');
        }
    }
}
