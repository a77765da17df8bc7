//! What stands on a page: characters with their places, and drawn lines.

use super::ink::{Area, Ink, Paint};
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
    /// How little it differs from what is below: 0 as black on white, 1 not at all.
    pub(super) paleness: f64,
    /// Whether it lies over other characters, so that nobody can tell to which text it belongs.
    pub(super) is_over: bool,
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
    /// Characters that are on the page, but nobody sees.
    pub(super) unseen: Vec<Glyph>,
    /// Whether images or drawings can be what a person sees in the place of the characters.
    pub(super) is_picture: bool,
    /// What stands on the page in other directions.
    pub(super) turned: Vec<Turned>,
}

/// Text in another direction than that of its page.
#[derive(Debug)]
pub(super) struct Turned {
    /// Where its characters are on the page that is not turned so.
    pub(super) places: Vec<Point>,
    /// What it is when it stands upright.
    pub(super) marks: Marks,
}

/// A character before it is known which way the page is to be read.
#[derive(Debug)]
pub(super) struct RawGlyph {
    /// What it means.
    pub(super) text: String,
    /// Its beginning, on the line that it stands on.
    pub(super) from: Point,
    /// Its end.
    pub(super) to: Point,
    /// The middle of what is printed.
    pub(super) middle: Point,
    /// The size of its font.
    pub(super) size: f64,
    /// Its colour.
    pub(super) ink: Ink,
    /// How much of what is below it hides.
    pub(super) opacity: f64,
    /// How little it differs from what is below.
    pub(super) paleness: f64,
    /// Whether it is drawn where it can be seen.
    pub(super) is_seen: bool,
}

/// A character or line, in the order in which they are drawn.
#[derive(Debug)]
pub(super) enum Raw {
    /// A character.
    Glyph(RawGlyph),
    /// A drawn line.
    Line(Point, Point),
}

/// Lines that are thicker than that are areas.
pub(super) const MAX_THICKNESS: f64 = 3.0;
/// Text in another direction than most has at least that many characters, or it is a stamp or a label.
const MIN_TURNED: usize = 12;
/// Characters whose direction differs by more than that from that of the text (about two degrees) are not of it.
const MAX_SLANT: f64 = 0.035;

/// What was drawn on a page.
pub(super) struct Drawn<'a> {
    /// Characters and lines.
    pub(super) raw: Vec<Raw>,
    /// Areas.
    pub(super) paint: &'a Paint,
    /// Two corners of the page.
    pub(super) corners: (Point, Point),
    /// The direction of text that is upright when the page is shown.
    pub(super) shown: usize,
}

/// Turns a page so that its text stands upright (that which does when the page is shown, or else most of it), and its
/// heights count downwards. Text in other directions is turned likewise, and kept apart.
pub(super) fn upright(drawn: Drawn<'_>) -> Marks {
    let mut glyphs = Vec::new();
    let mut lines = Vec::new();
    let page = Area::around([drawn.corners.0, drawn.corners.1]);
    for (at, mark) in drawn.raw.into_iter().enumerate() {
        match mark {
            Raw::Line(from, to) => lines.push((from, to)),
            Raw::Glyph(mut glyph) => {
                let paleness = drawn.paint.paleness(glyph.middle, glyph.ink, at);
                let is_on_page = page.is_none_or(|page| page.holds(glyph.middle));
                glyph.is_seen &= is_on_page && paleness.is_some();
                glyph.paleness = 1.0 - (1.0 - paleness.unwrap_or(0.0)) * glyph.opacity.clamp(0.0, 1.0);
                glyphs.push(glyph);
            }
        }
    }
    let ways: [Vec<RawGlyph>; 4] = in_ways(glyphs);
    let count = |way: &Vec<RawGlyph>| way.iter().filter(|glyph| glyph.is_seen).count();
    let total = |way: &Vec<RawGlyph>| (count(way), way.len());
    let most = ways.iter().map(total).max().unwrap_or_default();
    let is_shown_upright = ways.get(drawn.shown).is_some_and(|way| count(way) >= MIN_TURNED);
    let of_most = ways.iter().position(|way| total(way) == most).unwrap_or(0);
    let chosen = if is_shown_upright { drawn.shown } else { of_most };
    let mut main = Marks::default();
    let mut turned = Vec::new();
    for (way, glyphs) in ways.into_iter().enumerate() {
        if way == chosen {
            main = standing(glyphs, &lines, drawn.corners, way);
        } else if count(&glyphs) >= MIN_TURNED {
            let places = glyphs.iter().map(|glyph| turn(glyph.middle, chosen)).collect();
            turned.push(Turned { places, marks: standing(glyphs, &lines, drawn.corners, way) });
        }
    }
    main.turned = turned;
    main
}

/// A point of a page that is turned.
fn turn((x, y): Point, way: usize) -> Point {
    match way {
        0 => (x, -y),
        1 => (y, x),
        2 => (-x, y),
        _ => (-y, -x),
    }
}

/// The characters in each of the four directions; what is slanted (a stamp, a watermark) is no part of the text.
fn in_ways(glyphs: Vec<RawGlyph>) -> [Vec<RawGlyph>; 4] {
    let mut ways: [Vec<RawGlyph>; 4] = Default::default();
    for glyph in glyphs {
        if let Some(list) = way(glyph.from, glyph.to).and_then(|way| ways.get_mut(way)) {
            list.push(glyph);
        }
    }
    for (way, list) in ways.iter_mut().enumerate() {
        let slant = |glyph: &RawGlyph| {
            let (from, to) = (turn(glyph.from, way), turn(glyph.to, way));
            (to.1 - from.1) / (to.0 - from.0).max(1e-9)
        };
        let mut slants: Vec<f64> = list.iter().map(slant).collect();
        slants.sort_by(f64::total_cmp);
        let usual = slants.get(slants.len() / 2).copied().unwrap_or(0.0);
        list.retain(|glyph| (slant(glyph) - usual).abs() <= MAX_SLANT);
    }
    ways
}

/// The marks of one direction, upright.
fn standing(glyphs: Vec<RawGlyph>, lines: &[(Point, Point)], corners: (Point, Point), way: usize) -> Marks {
    let (one, other) = (turn(corners.0, way), turn(corners.1, way));
    let mut marks = Marks { height: (one.1.min(other.1), one.1.max(other.1)), ..Marks::default() };
    for glyph in glyphs {
        let (from, to) = (turn(glyph.from, way), turn(glyph.to, way));
        let list = if glyph.is_seen { &mut marks.glyphs } else { &mut marks.unseen };
        list.push(Glyph {
            text: glyph.text,
            left: from.0,
            right: to.0,
            base: from.1,
            size: glyph.size,
            paleness: glyph.paleness,
            is_over: false,
        });
    }
    for (from, to) in lines {
        add_line(&mut marks, turn(*from, way), turn(*to, way));
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
