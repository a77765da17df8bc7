//! Where things are on the screen, for the mouse: drawing notes it, a click looks it up.

use std::cell::RefCell;

use ratatui::layout::{Position, Rect};

use super::keymap::Action;

/// Something that can be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// A word of the footer.
    Action(Action),
    /// A line of a list; of which, where a view has several.
    Row {
        /// Number of the list.
        list: u8,
        /// Place in it.
        at: usize,
    },
    /// A cell of a table.
    Cell {
        /// Line of the sheet.
        line: usize,
        /// Place in the line.
        cell: usize,
    },
}

/// A button or the wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// The left button.
    Click,
    /// The wheel, towards the top.
    WheelUp,
    /// The wheel, towards the end.
    WheelDown,
}

/// What the mouse did, and where: column and row from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What.
    pub press: Press,
    /// Column.
    pub x: u16,
    /// Row.
    pub y: u16,
}

/// What can be clicked in the frame that is shown.
#[derive(Debug, Default)]
pub struct Spots {
    all: RefCell<Vec<(Rect, Spot)>>,
}

impl Spots {
    /// Forgets the frame before.
    pub fn clear(&self) {
        self.all.borrow_mut().clear();
    }

    /// Notes what is at a place; what is noted later lies above.
    pub fn add(&self, place: Rect, spot: Spot) {
        self.all.borrow_mut().push((place, spot));
    }

    /// Notes a line of a list: row `y` of its area.
    pub fn row(&self, area: Rect, y: u16, list: u8, at: usize) {
        if y < area.height {
            self.add(Rect { y: area.y + y, height: 1, ..area }, Spot::Row { list, at });
        }
    }

    /// What is at a place.
    #[must_use]
    pub fn find(&self, x: u16, y: u16) -> Option<Spot> {
        let all = self.all.borrow();
        all.iter().rev().find(|(place, _)| place.contains(Position { x, y })).map(|(_, spot)| *spot)
    }
}
