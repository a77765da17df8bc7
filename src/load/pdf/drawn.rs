//! Pages of other formats that say, as a PDF does, only what is drawn where.

use super::layout;
use super::marks::{Raw, upright};
use super::matrix::Point;

/// What is drawn on a page, in points, counted from its lower left corner.
#[derive(Debug, Default)]
pub(in crate::load) struct DrawnPage {
    marks: Vec<Raw>,
    size: Point,
}

impl DrawnPage {
    /// Says how large the page is.
    pub(in crate::load) const fn resize(&mut self, size: Point) {
        self.size = size;
    }

    /// Adds a character: where it begins and ends on its line, and the size of its font.
    pub(in crate::load) fn glyph(&mut self, text: String, from: Point, to: Point, size: f64) {
        self.marks.push(Raw::Glyph(text, from, to, size));
    }

    /// Adds a straight line.
    pub(in crate::load) fn line(&mut self, from: Point, to: Point) {
        self.marks.push(Raw::Line(from, to));
    }

    /// How much is drawn on it.
    pub(in crate::load) const fn len(&self) -> usize {
        self.marks.len()
    }
}

/// The text of pages.
pub(in crate::load) fn text_of_drawn(pages: Vec<DrawnPage>) -> String {
    layout::text(pages.into_iter().map(|page| upright(page.marks, ((0.0, 0.0), page.size))).collect())
}
