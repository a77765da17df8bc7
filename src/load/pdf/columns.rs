//! Pages set in two columns: what stands in the right one comes behind all of the left one.
//!
//! A white strip down the page is also between the columns of a table. Two columns of text are told by what they are
//! made of: each has a drawn table of its own, or lines that fill its width.

use super::lattice::{self, Lattice};
use super::marks::{Glyph, Marks, Rule};
use super::words;

/// The strip is at least that wide.
const MIN_GUTTER: f64 = 8.0;
/// It lies in that part of what is printed, from the left.
const MIDDLE: (f64, f64) = (0.4, 0.6);
/// It goes down at least that part of what is printed.
const MIN_HEIGHT: f64 = 0.45;
/// The part of the page at its bottom where page numbers stand, which the strip need not reach.
const FOOT: f64 = 0.08;
/// So many lines that fill a column make it one of text.
const MIN_FULL_LINES: usize = 4;

/// A page as its columns, from left to right; what stands above them first.
pub(super) fn split(marks: Marks) -> Vec<Marks> {
    match gutter(&marks) {
        Some((top, at)) => parts(marks, top, at),
        None => vec![marks],
    }
}

/// Anything with a left and a right side: its height, left, right.
type Extent = (f64, f64, f64);

fn extents(marks: &Marks) -> Vec<Extent> {
    let is_blank = |glyph: &&Glyph| glyph.text.trim().is_empty();
    let glyphs = marks.glyphs.iter().filter(|g| !is_blank(g)).map(|g| (g.base, g.left, g.right));
    let along = marks.along.iter().map(|r| (r.at, r.from, r.to));
    let across = marks.across.iter().map(|r| (f64::midpoint(r.from, r.to), r.at, r.at));
    glyphs
        .chain(along)
        .chain(across)
        .filter(|(y, l, r)| y.is_finite() && l.is_finite() && r.is_finite())
        .collect()
}

/// Where the columns begin, and the middle of the strip between them.
fn gutter(marks: &Marks) -> Option<(f64, f64)> {
    let (top, bottom) = marks.height;
    let foot = bottom - (bottom - top) * FOOT;
    let all: Vec<Extent> = extents(marks).into_iter().filter(|(y, ..)| *y > top && *y < foot).collect();
    let left = all.iter().map(|e| e.1).fold(f64::INFINITY, f64::min);
    let right = all.iter().map(|e| e.2).fold(f64::NEG_INFINITY, f64::max);
    let at = |part: f64| left + (right - left) * part;
    // A title may go over both: the lower part of the page counts.
    let (first, last) =
        all.iter().fold((f64::INFINITY, top), |(first, last), e| (first.min(e.0), last.max(e.0)));
    let low = |y: f64| y > last - (last - first) * MIN_HEIGHT;
    let mut sides: Vec<(f64, f64)> = all.iter().filter(|e| low(e.0)).map(|e| (e.1, e.2)).collect();
    sides.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut reached = f64::NEG_INFINITY;
    let mut strips: Vec<f64> = Vec::new();
    for (from, to) in sides {
        let middle = f64::midpoint(from, reached);
        if reached.is_finite()
            && from - reached >= MIN_GUTTER
            && middle > at(MIDDLE.0)
            && middle < at(MIDDLE.1)
        {
            strips.push(middle);
        }
        reached = reached.max(to);
    }
    // The strip that goes up farthest is the one between columns of text; others are inside a table.
    let begins =
        |middle: f64| all.iter().filter(|e| e.1 < middle && e.2 > middle).map(|e| e.0).fold(top, f64::max);
    let strips = strips.into_iter().map(|middle| (begins(middle), middle));
    let (begins, middle) = strips.min_by(|a, b| a.0.total_cmp(&b.0))?;
    are_columns(marks, begins, middle, (left, right)).then_some((begins, middle))
}

/// Whether what stands on both sides of a strip are columns of text.
fn are_columns(marks: &Marks, top: f64, middle: f64, (left, right): (f64, f64)) -> bool {
    let side = |is_left: bool| {
        let is_here = |x: f64, y: f64| y > top && (x < middle) == is_left;
        let rules = |list: &[Rule], along: bool| -> Vec<Rule> {
            let here = |r: &&Rule| {
                if along { is_here(r.from, r.at) } else { is_here(r.at, f64::midpoint(r.from, r.to)) }
            };
            list.iter().filter(here).copied().collect()
        };
        Marks {
            glyphs: marks.glyphs.iter().filter(|g| is_here(g.left, g.base)).cloned().collect(),
            along: rules(&marks.along, true),
            across: rules(&marks.across, false),
            ..Marks::default()
        }
    };
    let (mut one, mut other) = (side(true), side(false));
    let is_text = |marks: &mut Marks, width: f64| {
        let tables = lattice::take(marks);
        let is_full = |line: &words::Line| {
            line.extent().is_some_and(|(from, to)| to - from > width * 0.85) && !line.has_columns()
        };
        let full = words::lines(&marks.glyphs).iter().filter(|line| is_full(line)).count();
        (tables, full >= MIN_FULL_LINES)
    };
    let (left_tables, left_is_full) = is_text(&mut one, middle - left);
    let (right_tables, right_is_full) = is_text(&mut other, right - middle);
    let is_one_table = share_rows(&left_tables, &right_tables);
    (!left_tables.is_empty() || left_is_full) && (!right_tables.is_empty() || right_is_full) && !is_one_table
}

/// Whether the lines of tables beside each other are at the same heights: then they are the halves of one.
fn share_rows(left: &[Lattice], right: &[Lattice]) -> bool {
    let heights = |tables: &[Lattice]| -> Vec<f64> { tables.iter().flat_map(|t| t.rows.clone()).collect() };
    let (left, right) = (heights(left), heights(right));
    let shared = right.iter().filter(|y| left.iter().any(|other| (*y - other).abs() < 1.5)).count();
    shared * 2 > right.len().min(left.len()).max(1)
}

fn parts(marks: Marks, top: f64, middle: f64) -> Vec<Marks> {
    let mut parts = [Marks::default(), Marks::default(), Marks::default()];
    let place = |x: f64, y: f64| if y <= top { 0 } else { 1 + usize::from(x >= middle) };
    for glyph in marks.glyphs {
        if let Some(part) = parts.get_mut(place(glyph.left, glyph.base)) {
            part.glyphs.push(glyph);
        }
    }
    for rule in marks.along {
        if let Some(part) = parts.get_mut(place(rule.from, rule.at)) {
            part.along.push(rule);
        }
    }
    for rule in marks.across {
        if let Some(part) = parts.get_mut(place(rule.at, f64::midpoint(rule.from, rule.to))) {
            part.across.push(rule);
        }
    }
    let [mut above, left, mut right] = parts;
    above.turned = marks.turned;
    (right.unknown, right.images) = (marks.unknown, marks.images);
    let mut parts = vec![above, left, right];
    parts.retain(|part| !part.glyphs.is_empty() || !part.turned.is_empty());
    for part in &mut parts {
        part.height = marks.height;
    }
    parts
}
