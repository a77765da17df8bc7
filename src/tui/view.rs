//! What a view is: it changes on an action, and draws what it is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::keymap::{Action, Context};
use super::session::Session;
use super::spots::Spot;
use super::yank::Offer;
use crate::corpus::OpenReport;

/// A screen of the stack.
pub trait View {
    /// Which keys work now.
    fn context(&self) -> Context;

    /// Performs an action.
    fn update(&mut self, action: Action, session: &mut Session) -> Transition;

    /// Takes typed or pasted text; only called where text is typed: [`Context::is_typed`].
    fn type_text(&mut self, _text: &str, _session: &mut Session) {}

    /// Takes back the last typed character; only called where text is typed.
    fn erase(&mut self, _session: &mut Session) {}

    /// Something that it drew was clicked.
    fn click(&mut self, _spot: Spot, _session: &mut Session) -> Transition {
        Transition::Unhandled
    }

    /// The report that is open was opened again: its findings may have other numbers, `before` has those that the view
    /// knows.
    fn reopened(&mut self, _before: &OpenReport, _session: &Session) {}

    /// What can be copied of it.
    fn offers(&self, _session: &Session) -> Vec<Offer> {
        Vec::new()
    }

    /// Whether the view below it stays in sight.
    fn is_overlay(&self) -> bool {
        false
    }

    /// Draws; changes nothing but scroll offsets, and notes what can be clicked.
    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session);
}

/// What happens after an action.
pub enum Transition {
    /// The view stays.
    Stay,
    /// The view has no such action.
    Unhandled,
    /// A view is laid on top.
    Push(Box<dyn View>),
    /// The view closes.
    Pop,
    /// The view closes, and the one below performs an action.
    Perform(Action),
    /// All views close but the first: on to the list.
    Home,
}

impl std::fmt::Debug for Transition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Stay => "Stay",
            Self::Unhandled => "Unhandled",
            Self::Push(_) => "Push",
            Self::Pop => "Pop",
            Self::Perform(_) => "Perform",
            Self::Home => "Home",
        })
    }
}

/// A cursor in a list with the offset that keeps it in sight.
#[derive(Debug, Default)]
pub struct Scroll {
    /// The line of the cursor.
    pub at: usize,
    offset: std::cell::Cell<usize>,
    height: std::cell::Cell<usize>,
    /// Lines above and below what was last shown.
    hidden: std::cell::Cell<(usize, usize)>,
    /// Whether the cursor has jumped, and what surrounds it is to be shown.
    jumped: std::cell::Cell<bool>,
}

impl Scroll {
    /// Moves the cursor; `None` if the action is no movement.
    #[must_use]
    pub fn moved(&self, action: Action, length: usize) -> Option<usize> {
        let last = length.saturating_sub(1);
        let page = self.height.get().saturating_sub(1).max(1);
        let to = match action {
            Action::Up => self.at.saturating_sub(1),
            Action::Down => self.at + 1,
            Action::PageUp => self.at.saturating_sub(page),
            Action::PageDown => self.at + page,
            Action::First => 0,
            Action::Last => last,
            _ => return None,
        };
        Some(to.min(last))
    }

    /// Records the height of the pane and gives the lines to show, so that the cursor is in sight.
    pub fn window(&self, height: usize, length: usize) -> std::ops::Range<usize> {
        self.window_at(self.at, height, length)
    }

    /// The same for a cursor that is kept elsewhere.
    pub fn window_at(&self, at: usize, height: usize, length: usize) -> std::ops::Range<usize> {
        self.height.set(height);
        let at = at.min(length.saturating_sub(1));
        let last = length.saturating_sub(height);
        let mut offset = self.offset.get().min(last);
        let has_context = (offset == 0 || at > offset) && (offset == last || at + 1 < offset + height);
        if self.jumped.take() && !has_context {
            offset = at.saturating_sub(height / 2).min(last);
        } else if at < offset {
            offset = at;
        } else if height > 0 && at >= offset + height {
            offset = at + 1 - height;
        }
        self.offset.set(offset);
        let end = (offset + height).min(length);
        self.hidden.set((offset, length - end));
        offset..end
    }

    /// Moves the cursor to another place: the next window shows what is above and below it, and stays where it is if
    /// it does.
    pub fn jump(&mut self, at: usize) {
        self.at = at;
        self.jumped.set(true);
    }

    /// How many lines the last window left out above and below.
    #[must_use]
    pub fn hidden(&self) -> (usize, usize) {
        self.hidden.get()
    }

    /// Height of the pane when it was last drawn.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_in_sight() {
        let mut scroll = Scroll::default();
        for (at, height, length, want) in [
            (0, 5, 20, 0..5),
            (7, 5, 20, 3..8),
            (19, 5, 20, 15..20),
            (18, 5, 20, 15..20),
            (2, 5, 20, 2..7),
            (0, 5, 3, 0..3),
            (9, 0, 20, 2..2),
        ] {
            scroll.at = at;
            let window = scroll.window(height, length);
            assert_eq!(window.len(), want.len(), "{at}");
            assert!(height == 0 || window.contains(&at.min(length - 1)), "{at} not in {window:?}");
        }
    }

    #[test]
    fn after_a_jump_the_cursor_has_lines_around_it() {
        let mut scroll = Scroll::default();
        for (at, want, hidden) in
            [(10, 8..13, (8, 7)), (11, 8..13, (8, 7)), (19, 15..20, (15, 0)), (1, 0..5, (0, 15))]
        {
            scroll.jump(at);
            assert_eq!(scroll.window(5, 20), want, "{at}");
            assert_eq!(scroll.window(5, 20), want, "{at} drawn again");
            assert_eq!(scroll.hidden(), hidden, "{at}");
        }
    }

    #[test]
    fn movements_stop_at_the_ends() {
        let scroll = Scroll::default();
        scroll.window(10, 3);
        for (action, length, want) in [
            (Action::Up, 3, Some(0)),
            (Action::Down, 3, Some(1)),
            (Action::PageDown, 3, Some(2)),
            (Action::Last, 0, Some(0)),
            (Action::Down, 1, Some(0)),
            (Action::Quit, 3, None),
        ] {
            assert_eq!(scroll.moved(action, length), want, "{action:?}");
        }
    }
}
