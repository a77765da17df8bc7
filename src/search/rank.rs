//! The order of what matches.
//!
//! A score is the shape of the match and the level of reading, and a quality within them. The quality is the fuzzy
//! matcher's as long as there are few names to put in order: it takes some microseconds for each. The ranks that
//! would bring more than [`FEW`] names have shorter names first instead; they are those that a reader scrolls past.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use rayon::prelude::*;

use super::align::{Alignment, align};
use super::hits::Hits;
use super::names::Names;
use super::parts::Glyph;
use super::reach::Shape;
use super::word::{Level, Word};

/// At most so many names are put in order by the fuzzy matcher.
const FEW: usize = 1_000;

/// Values of a quality.
const QUALITIES: u16 = 256;

/// The lowest score of a match by a stretch.
pub(super) const STRETCH: u16 = 4 * QUALITIES;

/// How a name matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rank {
    pub(super) shape: Shape,
    pub(super) level: Level,
}

impl Rank {
    /// The score of a name of so many characters.
    pub(super) fn score(self, length: usize) -> u16 {
        let short = (QUALITIES - 1).saturating_sub(3 * length.min(255) as u16);
        self.floor() + short
    }

    fn floor(self) -> u16 {
        let level = match self.level {
            Level::Literal => 3,
            Level::Likely => 2,
            Level::Any => 1,
        };
        (3 * (self.shape as u16) + level) * QUALITIES
    }

    /// The rank that a score is of.
    pub(super) fn of(score: u16) -> Self {
        let number = (score / QUALITIES).saturating_sub(1);
        let shape = match number / 3 {
            0 => Shape::Scattered,
            1 => Shape::Inside,
            2 => Shape::Inner,
            3 => Shape::Front,
            _ => Shape::Whole,
        };
        let level = match number % 3 {
            0 => Level::Any,
            1 => Level::Likely,
            _ => Level::Literal,
        };
        Self { shape, level }
    }
}

/// Puts the best names in order by the fuzzy matcher.
pub(super) fn refine(hits: &mut Hits, names: &Names, word: &Word) {
    let mut counts = [0_usize; 17];
    for id in hits.ids() {
        if let Some(count) = counts.get_mut(usize::from(hits.score(*id) / QUALITIES)) {
            *count += 1;
        }
    }
    let mut left = FEW;
    let fits = counts.iter().rev().take_while(|count| {
        let fits = **count <= left;
        left = left.saturating_sub(**count);
        fits
    });
    let lowest = (counts.len() - fits.count()) as u16 * QUALITIES;
    let best: Vec<u32> = hits.ids().iter().copied().filter(|id| hits.score(*id) >= lowest).collect();
    let matcher = SkimMatcherV2::default().ignore_case().use_cache(true);
    let typed: String = word.letters().iter().collect();
    let judge = |id: &u32| {
        let rank = Rank::of(hits.score(*id));
        let glyphs = names.glyphs(*id);
        let shown = shown(&glyphs, word, rank, align(&glyphs, names.head_length(*id), word, rank).as_ref());
        (*id, rank, matcher.fuzzy_match(&shown, &typed).unwrap_or_default())
    };
    let judged: Vec<(u32, Rank, i64)> = best.par_iter().with_min_len(64).map(judge).collect();
    let mut range = [(i64::MAX, i64::MIN); 17];
    let place = |rank: Rank| usize::from(rank.floor() / QUALITIES);
    for (_, rank, score) in &judged {
        if let Some((low, high)) = range.get_mut(place(*rank)) {
            (*low, *high) = ((*low).min(*score), (*high).max(*score));
        }
    }
    for (id, rank, score) in judged {
        let (low, high) = range.get(place(rank)).copied().unwrap_or_default();
        let quality = (score - low) * i64::from(QUALITIES - 1) / (high - low).max(1);
        hits.set(id, rank.floor() + u16::try_from(quality).unwrap_or_default());
    }
}

/// A name for the fuzzy matcher: characters that are matched by a reading are that reading, with an upper-case
/// letter in front as in camel case, which it takes for the beginning of a word.
fn shown(glyphs: &[Glyph], word: &Word, rank: Rank, alignment: Option<&Alignment>) -> String {
    let mut text = String::with_capacity(glyphs.len() * 4);
    let mut pieces = alignment.into_iter().flat_map(|a| &a.pieces).peekable();
    for (at, glyph) in glyphs.iter().enumerate() {
        let piece = pieces.next_if(|p| p.at == at);
        let usual = if word.levels().len() > 1 { glyph.readings.likely().first() } else { None };
        let reading = match piece {
            Some(p) => word.shown(glyph, rank.level, p.from, p.to),
            None => usual.map(|s| s.letters()),
        };
        match reading {
            Some(letters) => {
                let mut letters = letters.chars();
                text.extend(letters.next().map(|c| c.to_ascii_uppercase()));
                text.extend(letters);
            }
            None => text.push(glyph.folded),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_says_how_it_came_about() {
        let shapes = [Shape::Scattered, Shape::Inside, Shape::Inner, Shape::Front, Shape::Whole];
        let mut last = 0;
        for shape in shapes {
            for level in [Level::Any, Level::Likely, Level::Literal] {
                let rank = Rank { shape, level };
                for length in [1, 10, 1000] {
                    assert_eq!(Rank::of(rank.score(length)), rank);
                }
                assert!(rank.score(1000) > last, "{rank:?} is better than what comes before it");
                assert_eq!(rank.score(1000) >= STRETCH, shape > Shape::Scattered, "{rank:?}");
                last = rank.score(1);
            }
        }
    }
}
