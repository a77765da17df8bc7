//! How far the parts of names take up a word.
//!
//! A head is read forwards and keeps the places of the word that it can reach; a tail is read backwards and keeps
//! those from which it can come to the end. A name matches if the two meet, which is one `and` for each name.

use super::parts::{Glyph, Glyphs, Pool};
use super::word::{Level, Places, Step, Word};

/// How a name takes up a word: the shape of the match, best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// Scattered characters.
    Scattered,
    /// A stretch somewhere.
    Inside,
    /// A stretch that begins behind a place: 卫滨区 or 财政局 in a longer name.
    Inner,
    /// The beginning of the name.
    Front,
    /// The whole name.
    Whole,
}

/// What each glyph takes up at one level.
pub(super) struct Steps {
    steps: Vec<Step>,
    /// Where the steps of each glyph end.
    ends: Vec<u32>,
}

impl Steps {
    pub(super) fn new(word: &Word, level: Level, glyphs: &Glyphs) -> Self {
        let (mut steps, mut ends) = (Vec::new(), Vec::with_capacity(glyphs.all().len()));
        for glyph in glyphs.all() {
            word.steps(glyph, level, &mut steps);
            ends.push(steps.len() as u32);
        }
        Self { steps, ends }
    }

    pub(super) fn of(&self, glyph: u32) -> &[Step] {
        let glyph = glyph as usize;
        let end = self.ends.get(glyph).copied().unwrap_or_default();
        let start = glyph.checked_sub(1).and_then(|g| self.ends.get(g)).copied().unwrap_or_default();
        self.steps.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// The places of a word that a head reaches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached {
    /// By all its characters from the first.
    front: Places,
    /// By a stretch to its end that begins behind a place.
    inner: Places,
    /// By any stretch to its end.
    inside: Places,
    /// By scattered characters.
    scattered: Places,
    /// The shape, if it takes up the whole word.
    whole: Option<Shape>,
}

/// The places of a word from which a tail comes to the end of the word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leads {
    /// By all its characters.
    exact: Places,
    /// By a stretch from its first character.
    front: Places,
    /// By scattered characters.
    scattered: Places,
    /// The shape, if it takes up the whole word.
    whole: Option<Shape>,
}

fn near(state: Places, steps: &[Step]) -> Places {
    let reached = steps.iter().filter(|s| state >> s.from & 1 == 1);
    reached.fold(0, |places, s| places | s.near)
}

fn far(state: Places, steps: &[Step]) -> Places {
    let reached = steps.iter().filter(|s| state >> s.from & 1 == 1);
    reached.fold(0, |places, s| places | s.far)
}

/// What a head reaches.
pub(super) fn reached(part: &[u32], steps: &Steps, glyphs: &Glyphs, end: Places) -> Reached {
    let mut r = Reached { front: 1, inner: 0, inside: 0, scattered: 1, whole: None };
    let mut after_place = true;
    for glyph in part {
        let steps = steps.of(*glyph);
        let start = u64::from(after_place);
        after_place = glyphs.get(*glyph).is_some_and(Glyph::ends_place);
        if steps.is_empty() {
            (r.front, r.inner, r.inside) = (0, 0, 0);
            continue;
        }
        r.front = near(r.front, steps);
        r.inner = near(r.inner | start, steps);
        r.inside = near(r.inside | 1, steps);
        r.scattered |= far(r.scattered, steps);
        let shape = [(r.front, Shape::Front), (r.inner, Shape::Inner), (r.inside, Shape::Inside)];
        let shape = shape.iter().find(|(places, _)| places & end != 0).map(|(_, shape)| *shape);
        r.whole = r.whole.max(shape);
    }
    r
}

/// Whence a tail leads to the end.
pub(super) fn leads(part: &[u32], steps: &Steps, glyphs: &Glyphs, end: Places) -> Leads {
    let mut l = Leads { exact: end, front: end, scattered: end, whole: None };
    for (i, glyph) in part.iter().enumerate().rev() {
        let steps = steps.of(*glyph);
        let to = |places: Places, s: &Step| if s.near & places == 0 { 0 } else { 1 << s.from };
        let exact = steps.iter().fold(0, |places, s| places | to(l.exact, s));
        // A stretch may end at any character.
        let front = steps.iter().fold(0, |places, s| places | to(l.front | end, s));
        let more = |places, s: &Step| if s.far & l.scattered == 0 { places } else { places | 1 << s.from };
        (l.exact, l.front, l.scattered) = (exact, front, steps.iter().fold(l.scattered, more));
        if front & 1 == 1 {
            let before = i.checked_sub(1).and_then(|i| part.get(i));
            let is_inner = before.is_none_or(|g| glyphs.get(*g).is_some_and(Glyph::ends_place));
            l.whole = l.whole.max(Some(if is_inner { Shape::Inner } else { Shape::Inside }));
        }
    }
    l
}

/// The best shape in which a name of these two parts takes up the word.
pub(super) fn meet(head: &Reached, tail: &Leads) -> Option<Shape> {
    if head.front & tail.exact != 0 {
        return Some(Shape::Whole);
    }
    let meeting = if head.front & tail.front != 0 {
        Some(Shape::Front)
    } else if head.inner & tail.front != 0 {
        Some(Shape::Inner)
    } else if head.inside & tail.front != 0 {
        Some(Shape::Inside)
    } else if head.scattered & tail.scattered != 0 {
        Some(Shape::Scattered)
    } else {
        None
    };
    meeting.max(head.whole).max(tail.whole)
}

/// The two pools that names are made of, and their glyphs.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) glyphs: Glyphs,
    pub(super) heads: Pool,
    pub(super) tails: Pool,
}
