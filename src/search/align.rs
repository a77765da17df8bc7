//! Which characters of a name take up which letters of a word.

use super::parts::Glyph;
use super::rank::Rank;
use super::reach::Shape;
use super::word::{Places, Step, Word};

/// The characters that take up a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alignment {
    pub(super) pieces: Vec<Piece>,
}

/// A character of the name and the letters of the word that it takes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// The character, by its place in the name.
    pub(super) at: usize,
    /// The first letter.
    pub(super) from: usize,
    /// The letter behind the last.
    pub(super) to: usize,
}

/// How a name takes up a word, given that it does in that shape and at that level.
pub(super) fn align(glyphs: &[Glyph], head: usize, word: &Word, rank: Rank) -> Option<Alignment> {
    let steps: Vec<Vec<Step>> = glyphs
        .iter()
        .map(|glyph| {
            let mut steps = Vec::new();
            word.steps(glyph, rank.level, &mut steps);
            steps
        })
        .collect();
    if rank.shape == Shape::Scattered {
        return scattered(&steps, word);
    }
    let starts_inner = |at: usize| at == 0 || at == head || glyphs.get(at - 1).is_some_and(Glyph::ends_place);
    let may_start = |at: usize| match rank.shape {
        Shape::Whole | Shape::Front => at == 0,
        Shape::Inner => starts_inner(at),
        Shape::Inside | Shape::Scattered => true,
    };
    let last = if rank.shape == Shape::Whole { Some(glyphs.len()) } else { None };
    let mut stretch =
        Stretch { steps: &steps, end: word.letters().len(), last, dead: vec![0; glyphs.len() + 1] };
    (0..glyphs.len()).filter(|at| may_start(*at)).find_map(|start| {
        let mut pieces = Vec::new();
        stretch.take_up(start, 0, &mut pieces).then_some(Alignment { pieces })
    })
}

/// The search for a stretch.
struct Stretch<'a> {
    steps: &'a [Vec<Step>],
    end: usize,
    /// Where it must end, if it must end somewhere.
    last: Option<usize>,
    /// For each character the places of the word from which it leads nowhere.
    dead: Vec<Places>,
}

impl Stretch<'_> {
    fn take_up(&mut self, at: usize, from: usize, pieces: &mut Vec<Piece>) -> bool {
        if from == self.end {
            return self.last.is_none_or(|last| last == at);
        }
        if self.dead.get(at).is_none_or(|dead| dead >> from & 1 == 1) {
            return false;
        }
        let steps = self.steps.get(at).into_iter().flatten();
        let places = steps.filter(|s| usize::from(s.from) == from).fold(0, |places, s| places | s.near);
        for to in (from + 1..=self.end).rev().filter(|to| places >> to & 1 == 1) {
            pieces.push(Piece { at, from, to });
            if self.take_up(at + 1, to, pieces) {
                return true;
            }
            pieces.pop();
        }
        if let Some(dead) = self.dead.get_mut(at) {
            *dead |= 1 << from;
        }
        false
    }
}

/// Scattered characters in as few stretches as can be.
fn scattered(steps: &[Vec<Step>], word: &Word) -> Option<Alignment> {
    const NEVER: u16 = u16::MAX;
    let width = word.letters().len() + 1;
    let end = width - 1;
    // By character and place: stretches from there on, where the character is matched, and where it may not be.
    let mut matched = vec![NEVER; (steps.len() + 1) * width];
    let mut open = vec![NEVER; (steps.len() + 1) * width];
    let cell = |at: usize, from: usize| at * width + from;
    let get = |table: &[u16], at, from| table.get(cell(at, from)).copied().unwrap_or(NEVER);
    for (at, steps) in steps.iter().enumerate().rev() {
        for step in steps {
            let from = usize::from(step.from);
            let ways = (from + 1..=end)
                .filter(|to| step.far >> to & 1 == 1)
                .map(|to| if to == end { 0 } else { get(&matched, at + 1, to).min(get(&open, at + 1, to)) });
            let best = ways.min().unwrap_or(NEVER).min(get(&matched, at, from));
            if let Some(cell) = matched.get_mut(cell(at, from)) {
                *cell = best;
            }
        }
        for from in 0..width {
            let here = get(&matched, at, from).saturating_add(1);
            let best = here.min(get(&open, at + 1, from));
            if let Some(cell) = open.get_mut(cell(at, from)) {
                *cell = best;
            }
        }
    }
    let (mut pieces, mut from, mut goes_on) = (Vec::new(), 0, false);
    for (at, steps) in steps.iter().enumerate() {
        if from == end {
            break;
        }
        let here = get(&matched, at, from);
        let new = get(&open, at, from);
        let take =
            here != NEVER && (here.saturating_add(1) == new || goes_on && here <= get(&open, at + 1, from));
        goes_on = false;
        if !take {
            continue;
        }
        let places = steps.iter().filter(|s| usize::from(s.from) == from).fold(0, |all, s| all | s.far);
        let left = |to: usize| {
            if to == end { 0 } else { get(&matched, at + 1, to).min(get(&open, at + 1, to)) }
        };
        let to = (from + 1..=end).rev().filter(|to| places >> to & 1 == 1).min_by_key(|to| left(*to))?;
        pieces.push(Piece { at, from, to });
        (from, goes_on) = (to, true);
    }
    (from == end).then_some(Alignment { pieces })
}
