//! A facet of the browser: its values, how many reports each would list, how many of those have errors.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::corpus::FacetValue;
use crate::display;
use crate::tui::keymap::Action;
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::view::Scroll;

/// The cursor of a facet: it stays on its value, wherever that moves to when the values are counted anew.
pub(super) struct Cursor<T> {
    scroll: Scroll,
    value: Option<T>,
}

impl<T> Default for Cursor<T> {
    fn default() -> Self {
        Self { scroll: Scroll::default(), value: None }
    }
}

impl<T: Copy + PartialEq> Cursor<T> {
    /// Where the cursor is among the values.
    fn at(&self, values: &[FacetValue<T>]) -> usize {
        let of_value = self.value.and_then(|value| values.iter().position(|v| v.value == value));
        of_value.unwrap_or(self.scroll.at).min(values.len().saturating_sub(1))
    }

    /// The value under the cursor, which stays there from now on.
    pub(super) fn hold(&mut self, values: &[FacetValue<T>]) -> Option<T> {
        self.scroll.at = self.at(values);
        self.value = values.get(self.scroll.at).map(|v| v.value);
        self.value
    }

    /// Puts the cursor on a value.
    pub(super) fn put(&mut self, at: usize, values: &[FacetValue<T>]) {
        self.scroll.at = at;
        self.value = values.get(at).map(|v| v.value);
    }

    /// Moves the cursor; false if the action is no movement.
    pub(super) fn moved(&mut self, action: Action, values: &[FacetValue<T>]) -> bool {
        self.scroll.at = self.at(values);
        let Some(to) = self.scroll.moved(action, values.len()) else { return false };
        self.scroll.at = to;
        self.value = values.get(to).map(|v| v.value);
        true
    }
}

/// What is drawn.
pub(super) struct FacetView<'a, T> {
    /// What the values are, and how many.
    pub(super) title: String,
    pub(super) values: &'a [FacetValue<T>],
    pub(super) cursor: &'a Cursor<T>,
    /// Which list it is, for clicks.
    pub(super) list: u8,
    pub(super) focused: bool,
    pub(super) session: &'a Session,
}

/// Columns of the number of reports with errors, with its mark.
const BAD: usize = 5;

impl<T: Copy + PartialEq> FacetView<'_, T> {
    /// Draws the values, each with its count and the number of reports with errors; `name` gives the name of a value
    /// with the positions of its matched characters.
    pub(super) fn draw(
        &self,
        area: Rect,
        buffer: &mut Buffer,
        name: impl Fn(&FacetValue<T>) -> (String, Vec<usize>),
    ) {
        if area.height == 0 || area.width == 0 {
            return;
        }
        let heads = self.heads(usize::from(area.width));
        paint::rule(buffer, area, &self.title, &heads, self.session, self.focused);
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let at = self.cursor.at(self.values);
        let window = self.cursor.scroll.window_at(at, usize::from(body.height), self.values.len());
        let [up, down] = self.session.theme.beyond();
        for (y, i) in window.clone().enumerate() {
            let Some(value) = self.values.get(i) else { continue };
            // The first and the last line in sight say whether there are more.
            let more = match i {
                _ if i == window.start && i > 0 => up,
                _ if i + 1 == window.end && window.end < self.values.len() => down,
                _ => " ",
            };
            let (text, positions) = name(value);
            self.session.spots.row(body, y as u16, self.list, i);
            let style = self.style(value, i == at);
            paint::line(
                buffer,
                body,
                y as u16,
                self.line(value, (&text, &positions), style, more, body.width),
            );
        }
    }

    /// What the numbers are, in as many words as there is room for.
    fn heads(&self, width: usize) -> String {
        let (lang, bad) = (self.session.lang, self.session.theme.bad_mark());
        let heads = lang.pick(
            [format!("报告 {bad}有错误"), format!("报告 有{bad}")],
            [format!("reports with {bad}"), format!("no. w/{bad}")],
        );
        let fits = |head: &&String| display::width(head) + display::width(&self.title) + 4 <= width;
        heads.iter().find(fits).cloned().unwrap_or_default()
    }

    fn style(&self, value: &FacetValue<T>, here: bool) -> Style {
        let theme = self.session.theme;
        if self.focused && here {
            theme.cursor()
        } else if value.chosen {
            theme.title()
        } else {
            theme.plain()
        }
    }

    fn line(
        &self,
        value: &FacetValue<T>,
        (text, positions): (&str, &[usize]),
        style: Style,
        more: &'static str,
        width: u16,
    ) -> Line<'static> {
        let theme = self.session.theme;
        let bad = if value.with_errors > 0 {
            format!(" {}{}", theme.bad_mark(), value.with_errors)
        } else {
            String::new()
        };
        let count = format!(" {}", value.reports);
        // The mark of a chosen value before the name, the mark of hidden ones at the end.
        let room = usize::from(width).saturating_sub(2 + display::width(&count) + BAD);
        let mut pieces = vec![Span::styled(if value.chosen { theme.chosen() } else { " " }, theme.matched())];
        pieces.extend(paint::marked(text, positions, room, style, style.patch(theme.matched())));
        pieces.push(Span::styled(count, theme.plain()));
        pieces.push(Span::styled(display::fit(&bad, BAD), theme.bad()));
        pieces.push(Span::styled(more, theme.key()));
        Line::from(pieces)
    }
}
