//! Pages of other formats that say, as a PDF does, only what is drawn where.

use super::ink::Paint;
use super::marks::{Drawn, Marks, Raw, RawGlyph, upright};
use super::matrix::Point;
use super::{columns, layout, overlap};

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
        // What paints and hides is not read from these formats.
        let middle = (f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1));
        let (ink, opacity, paleness, is_seen) = (None, 1.0, 0.0, true);
        let glyph = RawGlyph { text, from, to, middle, size, ink, opacity, paleness, is_seen };
        self.marks.push(Raw::Glyph(glyph));
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
    let paint = Paint::default();
    let marks = |page: DrawnPage| {
        let corners = ((0.0, 0.0), page.size);
        upright(Drawn { raw: page.marks, paint: &paint, corners, shown: 0 })
    };
    let mut pages: Vec<Marks> = pages.into_iter().map(marks).collect();
    overlap::settle(&mut pages);
    layout::text(pages.into_iter().map(columns::split).collect())
}
