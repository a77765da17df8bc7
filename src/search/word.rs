//! A typed word, and in which pieces characters of names can take it up.
//!
//! A character takes up a piece of a word if the piece is the character itself, or the beginning of one of its
//! readings: 卫滨区 takes up `weibq` as `wei`, `b`, `q`. A word matches a name if characters of the name take it up
//! from its first letter to its last. What takes it up is either one stretch of the name, or scattered; scattered
//! characters take up whole syllables or initials only, except for the last piece, which is still being typed.

use super::fold::folded;
use super::parts::Glyph;
use crate::places::pinyin::{self, Syllable};

/// Longest word in letters; what is typed after them does not count.
const LONGEST: usize = 63;

/// One typed word, ready to be matched.
#[derive(Debug, Clone)]
pub struct Word {
    letters: Vec<char>,
    /// What each syllable takes up, by its number.
    syllables: Vec<Vec<Step>>,
    is_latin: bool,
}

/// Places in a word, as bits: bit n is the place before letter n.
pub(super) type Places = u64;

/// From a place in the word, the places that a character can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) from: u8,
    /// Within a stretch.
    pub(super) near: Places,
    /// Where matched characters are scattered.
    pub(super) far: Places,
}

/// What counts as a reading of a character. Each counts what those before it count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// None: only the character itself.
    Literal,
    /// Readings that fit the name.
    Likely,
    /// All readings.
    Any,
}

impl Word {
    /// A word as typed. Apostrophes, as in xi'an, do not count.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let letters: Vec<char> = typed
            .chars()
            .filter(|c| !matches!(c, '\'' | '’' | '‘' | '`'))
            .map(folded)
            .take(LONGEST)
            .collect();
        let is_latin = letters.iter().any(char::is_ascii_lowercase);
        let syllables = if is_latin {
            pinyin::syllables().iter().map(|s| syllable_steps(&letters, s)).collect()
        } else {
            Vec::new()
        };
        Self { letters, syllables, is_latin }
    }

    /// Whether there is nothing to match.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    pub(super) fn letters(&self) -> &[char] {
        &self.letters
    }

    /// The place behind the last letter.
    pub(super) fn end(&self) -> Places {
        1 << self.letters.len()
    }

    /// The levels at which the word may match differently.
    pub(super) fn levels(&self) -> &'static [Level] {
        if self.is_latin { &[Level::Literal, Level::Likely, Level::Any] } else { &[Level::Literal] }
    }

    /// Adds what a character takes up.
    pub(super) fn steps(&self, glyph: &Glyph, level: Level, steps: &mut Vec<Step>) {
        for (i, letter) in self.letters.iter().enumerate() {
            if *letter == glyph.folded {
                let next = 1 << (i + 1);
                steps.push(Step { from: i as u8, near: next, far: next });
            }
        }
        let of = |s: &Syllable| self.syllables.get(s.number()).into_iter().flatten().copied();
        if level >= Level::Likely {
            steps.extend(glyph.readings.likely().iter().flat_map(of));
        }
        if level >= Level::Any {
            steps.extend(glyph.readings.others().iter().flat_map(of));
        }
    }

    /// What a character shows of itself where it takes up letters `from..to`: itself, or the reading.
    pub(super) fn shown(&self, glyph: &Glyph, level: Level, from: usize, to: usize) -> Option<&'static str> {
        let piece = self.letters.get(from..to)?;
        if piece == [glyph.folded] {
            return None;
        }
        let (likely, others) = (glyph.readings.likely(), glyph.readings.others());
        let others = if level >= Level::Any { others } else { &[] };
        let mut readings = likely.iter().chain(others).map(|s| s.letters());
        readings.find(|s| starts(s, piece))
    }
}

fn starts(syllable: &str, piece: &[char]) -> bool {
    let mut letters = syllable.chars();
    piece.iter().all(|c| letters.next() == Some(*c))
}

/// What a syllable takes up of a word, from each of its places.
fn syllable_steps(letters: &[char], syllable: &str) -> Vec<Step> {
    let first = syllable.chars().next();
    let mut steps = Vec::new();
    for (i, rest) in (0..letters.len()).filter_map(|i| Some((i, letters.get(i..)?))) {
        if rest.first().copied() != first {
            continue;
        }
        let common = syllable.chars().zip(rest).take_while(|(a, b)| a == *b).count();
        let place = |n: usize| 1u64 << (i + n);
        let near = (1..=common).fold(0, |places, n| places | place(n));
        let mut far = place(1);
        if common >= 2 && syllable.chars().nth(1) == Some('h') {
            far |= place(2);
        }
        if common == syllable.len() || common == rest.len() {
            far |= place(common);
        }
        // The piece that ends the word may be any beginning.
        steps.push(Step { from: i as u8, near, far });
    }
    steps
}
