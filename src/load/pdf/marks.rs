//! What stands on a page: characters with their places, and drawn lines.

use super::matrix::Point;

/// A character.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    /// What it means.
    pub(super) text: String,
    /// Its left edge.
    pub(super) left: f64,
    /// Its right edge.
    pub(super) right: f64,
    /// The line that it stands on, counted downwards.
    pub(super) base: f64,
    /// The size of its font.
    pub(super) size: f64,
}

impl Glyph {
    /// Its middle.
    pub(super) fn middle(&self) -> Point {
        (f64::midpoint(self.left, self.right), self.base - self.size * 0.35)
    }
}

/// A drawn line, along or across the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    /// Where it is: the height of a line along the page, or the place of one across.
    pub(super) at: f64,
    /// Where it begins.
    pub(super) from: f64,
    /// Where it ends.
    pub(super) to: f64,
}

/// All of a page.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The characters, in the order in which they are drawn.
    pub(super) glyphs: Vec<Glyph>,
    /// Lines along the page.
    pub(super) along: Vec<Rule>,
    /// Lines across it.
    pub(super) across: Vec<Rule>,
    /// Top and bottom of the page.
    pub(super) height: (f64, f64),
    /// Characters whose meaning the document does not tell.
    pub(super) unknown: usize,
    /// Images.
    pub(super) images: usize,
}

/// A character or line before it is known which way the page is to be read.
#[derive(Debug)]
pub(super) enum Raw {
    /// A character: its beginning, its end, the size of its font.
    Glyph(String, Point, Point, f64),
    /// A drawn line.
    Line(Point, Point),
}

/// Lines that are thicker than that are areas.
pub(super) const MAX_THICKNESS: f64 = 3.0;

/// Turns a page so that most of its characters stand upright, and its heights count downwards.
pub(super) fn upright(raw: Vec<Raw>, corners: (Point, Point)) -> Marks {
    let mut ways = [0_usize; 4];
    for mark in &raw {
        if let Raw::Glyph(_, from, to, _) = mark
            && let Some(n) = way(*from, *to).and_then(|way| ways.get_mut(way))
        {
            *n += 1;
        }
    }
    let most = ways.iter().copied().max().unwrap_or(0);
    let chosen = ways.iter().position(|n| *n == most).unwrap_or(0);
    let turn = |(x, y): Point| match chosen {
        0 => (x, -y),
        1 => (y, x),
        2 => (-x, y),
        _ => (-y, -x),
    };
    let (one, other) = (turn(corners.0), turn(corners.1));
    let mut marks = Marks { height: (one.1.min(other.1), one.1.max(other.1)), ..Marks::default() };
    for mark in raw {
        match mark {
            // What is written in other ways (a stamp, a watermark) is no part of the text.
            Raw::Glyph(text, from, to, size) if way(from, to) == Some(chosen) => {
                let (from, to) = (turn(from), turn(to));
                marks.glyphs.push(Glyph { text, left: from.0, right: to.0, base: from.1, size });
            }
            Raw::Glyph(..) => {}
            Raw::Line(from, to) => add_line(&mut marks, turn(from), turn(to)),
        }
    }
    marks
}

/// The direction of a text: 0 to the right, 1 upwards, 2 to the left, 3 downwards; none for slanted text.
fn way(from: Point, to: Point) -> Option<usize> {
    let (x, y) = (to.0 - from.0, to.1 - from.1);
    if y.abs() <= x.abs() * 0.1 {
        Some(if x >= 0.0 { 0 } else { 2 })
    } else if x.abs() <= y.abs() * 0.1 {
        Some(if y >= 0.0 { 1 } else { 3 })
    } else {
        None
    }
}

fn add_line(marks: &mut Marks, from: Point, to: Point) {
    let (width, height) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
    if height <= MAX_THICKNESS && width > height {
        let at = f64::midpoint(from.1, to.1);
        marks.along.push(Rule { at, from: from.0.min(to.0), to: from.0.max(to.0) });
    } else if width <= MAX_THICKNESS && height > width {
        let at = f64::midpoint(from.0, to.0);
        marks.across.push(Rule { at, from: from.1.min(to.1), to: from.1.max(to.1) });
    }
}
