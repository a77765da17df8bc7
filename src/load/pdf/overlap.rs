//! Characters over other characters: watermarks, texts that ran into each other, and the small raised digits of notes.
//!
//! Whoever looks at a page tells a pale or a large watermark from the text; what cannot be told apart must not become one
//! number.

use std::collections::{HashMap, HashSet};

use super::marks::{Glyph, Marks};
use crate::load::normalise::raised;

/// A watermark is that much paler than most text, and at least as pale as that.
const PALER: f64 = 0.3;
const PALE: f64 = 0.55;
/// A watermark is that much larger than most text, and at least as pale as that, where it lies over nothing.
const LARGER: f64 = 1.4;
const VERY_PALE: f64 = 0.7;
/// Characters that share that part of the smaller one lie over each other.
const SHARED: f64 = 0.25;
/// The digits of notes are smaller than that part of what they stand behind.
const SMALLER: f64 = 0.85;
/// Small digits of a page at most for which it is asked what they stand behind.
const MAX_SEARCHES: usize = 500;
/// Characters of a page at most; where there are more, nothing is compared.
const MAX_GLYPHS: usize = 60_000;
/// The side of the squares by which neighbours are found.
const SQUARE: f64 = 16.0;

/// Characters that were drawn one after the other in the same size and colour on the same line.
#[derive(Debug)]
struct Run {
    first: usize,
    end: usize,
    size: f64,
    paleness: f64,
}

/// What tells a watermark again on another page.
type Sign = (String, i64, i64);

/// Makes digits that are raised or lowered note marks, takes out watermarks, and marks what lies over other characters.
pub(super) fn settle(pages: &mut [Marks]) {
    let mut signs = HashSet::new();
    for page in pages.iter_mut().filter(|page| page.glyphs.len() <= MAX_GLYPHS) {
        mark_notes(&mut page.glyphs);
        signs.extend(watermarks(&page.glyphs));
    }
    for page in pages.iter_mut().filter(|page| page.glyphs.len() <= MAX_GLYPHS) {
        let runs = runs(&page.glyphs);
        let is_watermark = |run: &Run| signs.contains(&sign(run, &page.glyphs));
        let gone: HashSet<usize> =
            runs.iter().filter(|run| is_watermark(run)).flat_map(|r| r.first..r.end).collect();
        let mut at = 0..;
        page.glyphs.retain(|_| at.next().is_none_or(|at| !gone.contains(&at)));
        mark_overlaps(&mut page.glyphs);
    }
}

fn is_blank(glyph: &Glyph) -> bool {
    glyph.text.chars().all(|c| c.is_whitespace() || c.is_control())
}

fn runs(glyphs: &[Glyph]) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for (i, glyph) in glyphs.iter().enumerate() {
        let goes_on = |run: &&mut Run| {
            let last = glyphs.get(run.end - 1);
            is_blank(glyph)
                || (run.size - glyph.size).abs() < 0.02 * run.size
                    && (run.paleness - glyph.paleness).abs() < 0.02
                    && last.is_some_and(|last| (last.base - glyph.base).abs() < 0.05 * glyph.size)
        };
        match out.last_mut().filter(goes_on) {
            Some(run) => run.end = i + 1,
            None => out.push(Run { first: i, end: i + 1, size: glyph.size, paleness: glyph.paleness }),
        }
    }
    out
}

#[allow(clippy::cast_possible_truncation, reason = "small numbers, compared only")]
fn sign(run: &Run, glyphs: &[Glyph]) -> Sign {
    let of_run = glyphs.get(run.first..run.end).unwrap_or_default();
    let text = of_run.iter().filter(|glyph| !is_blank(glyph)).map(|glyph| glyph.text.as_str()).collect();
    (text, (run.size * 10.0).round() as i64, (run.paleness * 20.0).round() as i64)
}

/// The middle one of some numbers.
fn usual(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = numbers.collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(0.0)
}

/// What is surely a watermark: much paler than the text, and larger or over other characters.
fn watermarks(glyphs: &[Glyph]) -> Vec<Sign> {
    let seen = || glyphs.iter().filter(|glyph| !is_blank(glyph));
    let (size, paleness) = (usual(seen().map(|g| g.size)), usual(seen().map(|g| g.paleness)));
    let is_pale = |run: &Run| run.paleness >= (paleness + PALER).max(PALE);
    let pale: Vec<Run> = runs(glyphs).into_iter().filter(is_pale).collect();
    if pale.is_empty() {
        return Vec::new();
    }
    let over: HashSet<usize> = overlapping(glyphs).into_iter().flat_map(|(a, b)| [a, b]).collect();
    let is_over = |run: &Run| (run.first..run.end).any(|i| over.contains(&i));
    let is_large = |run: &Run| run.size >= size * LARGER && run.paleness >= VERY_PALE;
    // A single digit comes again everywhere: what it lies over is in doubt, but the others are not taken away with it.
    let signs = pale.iter().filter(|run| is_large(run) || is_over(run)).map(|run| (run, sign(run, glyphs)));
    signs
        .filter(|(run, (text, ..))| is_large(run) || text.chars().count() > 1)
        .map(|(_, sign)| sign)
        .collect()
}

/// Marks the characters of one of two texts that lie over each other: of the one that is less like the rest of the page.
fn mark_overlaps(glyphs: &mut [Glyph]) {
    let pairs = overlapping(glyphs);
    if pairs.is_empty() {
        return;
    }
    let size = usual(glyphs.iter().filter(|glyph| !is_blank(glyph)).map(|g| g.size));
    let runs = runs(glyphs);
    let run_of = |i: usize| runs.partition_point(|run| run.end <= i);
    let strange = |run: usize| runs.get(run).map_or(0.0, |run| (run.size - size).abs() + run.paleness * size);
    let mut over: HashSet<usize> = HashSet::new();
    for (a, b) in pairs {
        let (a, b) = (run_of(a), run_of(b));
        if !over.contains(&a) && !over.contains(&b) {
            over.insert(if strange(a) > strange(b) + 0.5 { a } else { b });
        }
    }
    for run in over {
        let range = runs.get(run).map_or(0..0, |run| run.first..run.end);
        glyphs.get_mut(range).into_iter().flatten().for_each(|glyph| glyph.is_over = true);
    }
}

/// Pairs of characters over each other, the one drawn first before the other.
fn overlapping(glyphs: &[Glyph]) -> Vec<(usize, usize)> {
    #[allow(clippy::cast_possible_truncation, reason = "places on a page")]
    let square = |x: f64, y: f64| ((x / SQUARE).floor() as i64, (y / SQUARE).floor() as i64);
    let mut squares: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    let mut pairs = Vec::new();
    for (i, glyph) in glyphs.iter().enumerate().filter(|(_, glyph)| !is_blank(glyph)) {
        let (left, right, top, base) = inked(glyph);
        let ((x, y), (end_x, end_y)) = (square(left, top), square(right, base));
        let mut near: Vec<usize> = Vec::new();
        for place in (x..=end_x.min(x + 8)).flat_map(|x| (y..=end_y.min(y + 8)).map(move |y| (x, y))) {
            let here = squares.entry(place).or_default();
            near.extend(here.iter());
            here.push(i);
        }
        near.sort_unstable();
        near.dedup();
        pairs.extend(near.into_iter().filter(|j| lie_over(glyphs, *j, i)).map(|j| (j, i)));
    }
    pairs
}

/// Where a character has its ink, more or less: left, right, top, bottom.
fn inked(glyph: &Glyph) -> (f64, f64, f64, f64) {
    let width = (glyph.right - glyph.left).clamp(0.1, glyph.size.max(0.1));
    (glyph.left + 0.1 * width, glyph.left + 0.9 * width, glyph.base - 0.7 * glyph.size, glyph.base)
}

fn lie_over(glyphs: &[Glyph], first: usize, second: usize) -> bool {
    let (Some(a), Some(b)) = (glyphs.get(first), glyphs.get(second)) else { return false };
    // Neighbours that were set one after the other may seem to, where the document gives wrong widths; and bold text is
    // often drawn twice.
    let is_same_line = (a.base - b.base).abs() < 0.05 * a.size.max(b.size);
    let is_alike = (a.size - b.size).abs() < 0.02 * a.size && (a.paleness - b.paleness).abs() < 0.02;
    if (is_same_line && is_alike && second - first <= 2)
        || (a.text == b.text && (a.size - b.size).abs() < 0.1 * a.size)
    {
        return false;
    }
    let (one, other) = (inked(a), inked(b));
    let width = one.1.min(other.1) - one.0.max(other.0);
    let height = one.3.min(other.3) - one.2.max(other.2);
    let size = |(left, right, top, base): (f64, f64, f64, f64)| (right - left) * (base - top);
    width > 0.0 && height > 0.0 && width * height >= SHARED * size(one).min(size(other))
}

/// Digits that are smaller than what stands before them, and above or below its line, are the marks of notes.
fn mark_notes(glyphs: &mut [Glyph]) {
    let is_digit = |glyph: &Glyph| glyph.text.len() == 1 && glyph.text.bytes().all(|b| b.is_ascii_digit());
    let size = usual(glyphs.iter().filter(|glyph| !is_blank(glyph)).map(|glyph| glyph.size));
    let mut searches = 0;
    for i in 0..glyphs.len() {
        let Some(glyph) = glyphs.get(i).filter(|glyph| is_digit(glyph)) else { continue };
        // Nearly always what stands before it was drawn before it.
        let drawn_before = glyphs.get(i.saturating_sub(3)..i).unwrap_or_default();
        let mut before = drawn_before.iter().rev().find(|last| is_note_of(glyph, last));
        if before.is_none() && glyph.size < SMALLER * size && searches < MAX_SEARCHES {
            searches += 1;
            before = glyphs.iter().find(|last| is_note_of(glyph, last));
        }
        let Some((base, size)) = before.map(|last| (last.base, last.size)) else { continue };
        if let Some(glyph) = glyphs.get_mut(i) {
            // A mark of several digits goes on behind its first one, which is put on the line.
            glyph.text = raised(&glyph.text);
            (glyph.base, glyph.size) = (base, size);
        }
    }
}

/// Whether a digit stands right behind another character, smaller, and above or below its line.
fn is_note_of(glyph: &Glyph, last: &Glyph) -> bool {
    let gap = glyph.left - last.right;
    let up = last.base - glyph.base;
    let is_off = up > 0.12 * last.size && up < last.size || up < -0.08 * last.size && up > -0.5 * last.size;
    !is_blank(last) && gap.abs() < 0.5 * glyph.size && glyph.size < SMALLER * last.size && is_off
}
