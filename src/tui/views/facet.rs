//! A facet of the browser: its values, how many reports each would list, how many of those have errors.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::corpus::FacetValue;
use crate::display;
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::view::Scroll;

/// The values of a facet, each with its count and the number of reports with errors.
#[allow(
    clippy::too_many_arguments,
    reason = "the two facets differ in all of these, and a struct would only name them once more"
)]
pub(super) fn draw<T>(
    area: Rect,
    buffer: &mut Buffer,
    session: &Session,
    title: &str,
    values: &[FacetValue<T>],
    scroll: &Scroll,
    focused: bool,
    name: impl Fn(&FacetValue<T>) -> (String, Vec<usize>),
) {
    if area.height == 0 || area.width == 0 {
        return;
    }
    let theme = session.theme;
    paint::rule(buffer, area, 0, title, session, focused);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let window = scroll.window(usize::from(body.height), values.len());
    for i in window.clone() {
        let Some(value) = values.get(i) else { continue };
        let bad = if value.with_errors > 0 {
            format!(" {}{}", theme.bad_mark(), value.with_errors)
        } else {
            String::new()
        };
        let count = format!(" {}", value.reports);
        let used = 2 + display::width(&count) + 5;
        let room = usize::from(body.width).saturating_sub(used);
        let style = if focused && i == scroll.at {
            theme.cursor()
        } else if value.chosen {
            theme.title()
        } else {
            theme.plain()
        };
        let (text, positions) = name(value);
        let mut pieces = vec![Span::styled(if value.chosen { theme.chosen() } else { " " }, theme.matched())];
        pieces.extend(paint::marked(&text, &positions, room, style, style.patch(theme.matched())));
        pieces.push(Span::styled(count, theme.plain()));
        pieces.push(Span::styled(display::fit(&bad, 5), theme.bad()));
        paint::line(buffer, body, (i - window.start) as u16, Line::from(pieces));
    }
}
