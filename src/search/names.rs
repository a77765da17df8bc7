//! All distinct names of a corpus, and which of them a word matches.

use rayon::prelude::*;

use super::align::align;
use super::hits::Hits;
use super::parts::{Glyph, Glyphs, Pool, cut};
use super::rank::{Rank, refine};
use super::reach::{Leads, Parts, Reached, Steps, leads, meet, reached};
use super::word::{Level, Word};

/// Names that one thread takes at a time.
const CHUNK: usize = 1 << 13;

/// The names, by their numbers.
#[derive(Debug)]
pub struct Names {
    parts: Parts,
    /// The head and the tail of each name.
    names: Vec<(u32, u32)>,
}

impl Default for Names {
    fn default() -> Self {
        Self::new()
    }
}

impl Names {
    /// No names.
    #[must_use]
    pub fn new() -> Self {
        let parts = Parts { glyphs: Glyphs::default(), heads: Pool::new(), tails: Pool::new() };
        Self { parts, names: Vec::new() }
    }

    /// Adds a name and returns its number: how many there were before it. Names are not compared: whoever gives
    /// numbers to distinct names has the same ones here.
    pub fn push(&mut self, name: &str) -> u32 {
        let (head, tail) = cut(name);
        let head = self.parts.heads.number(head, &mut self.parts.glyphs);
        let tail = self.parts.tails.number(tail, &mut self.parts.glyphs);
        self.names.push((head, tail));
        self.names.len() as u32 - 1
    }

    /// Adds names in their order.
    pub fn extend<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        for name in names {
            self.push(name);
        }
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of that number, put together again.
    #[must_use]
    pub fn name(&self, id: u32) -> String {
        self.glyphs(id).iter().map(|glyph| glyph.raw).collect()
    }

    /// Every name that the word matches. `narrowing` leaves out what an earlier answer had left out: give the
    /// answer to what this word begins with, or to another word that must match too.
    #[must_use]
    pub fn find(&self, word: &Word, narrowing: Option<&Hits>) -> Hits {
        let mut hits = match narrowing {
            Some(hits) if word.is_empty() => hits.clone(),
            None if word.is_empty() => self.everything(),
            Some(hits) if hits.len() < self.names.len() / 8 => self.find_some(word, hits.ids()),
            _ => self.find_all(word, narrowing),
        };
        if !word.is_empty() {
            refine(&mut hits, self, word);
        }
        hits
    }

    /// The matched characters of a name as indices of characters, ascending; `None` if the word does not match.
    #[must_use]
    pub fn positions(word: &Word, name: &str) -> Option<Vec<usize>> {
        let mut alone = Self::new();
        let id = alone.push(name);
        let hits = alone.find_all(word, None);
        if word.is_empty() {
            return Some(Vec::new());
        }
        let score = hits.score(id);
        let rank = (score > 0).then(|| Rank::of(score))?;
        let alignment = align(&alone.glyphs(id), alone.head_length(id), word, rank)?;
        Some(alignment.pieces.iter().map(|piece| piece.at).collect())
    }

    /// Bytes in use.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let glyphs = self.parts.glyphs.all().len() * 2 * size_of::<Glyph>();
        self.parts.heads.bytes() + self.parts.tails.bytes() + 8 * self.names.capacity() + glyphs
    }

    fn everything(&self) -> Hits {
        Hits::new(vec![1; self.names.len()], (0..self.names.len() as u32).collect())
    }

    /// The characters of a name.
    pub(super) fn glyphs(&self, id: u32) -> Vec<Glyph> {
        let (head, tail) = self.names.get(id as usize).copied().unwrap_or_default();
        let (head, tail) = (self.parts.heads.part(head), self.parts.tails.part(tail));
        head.iter().chain(tail).filter_map(|n| self.parts.glyphs.get(*n)).copied().collect()
    }

    /// How many characters of a name are in its first part.
    pub(super) fn head_length(&self, id: u32) -> usize {
        self.names.get(id as usize).map_or(0, |(head, _)| self.parts.heads.part(*head).len())
    }

    fn length(&self, (head, tail): (u32, u32)) -> usize {
        self.parts.heads.part(head).len() + self.parts.tails.part(tail).len()
    }

    fn steps(&self, word: &Word) -> Vec<(Level, Steps)> {
        word.levels().iter().map(|level| (*level, Steps::new(word, *level, &self.parts.glyphs))).collect()
    }

    fn reached(&self, part: u32, steps: &Steps, word: &Word) -> Reached {
        reached(self.parts.heads.part(part), steps, &self.parts.glyphs, word.end())
    }

    fn leads(&self, part: u32, steps: &Steps, word: &Word) -> Leads {
        leads(self.parts.tails.part(part), steps, &self.parts.glyphs, word.end())
    }

    /// Works out what the word does to each part, then puts the parts of each name together.
    fn find_all(&self, word: &Word, narrowing: Option<&Hits>) -> Hits {
        let tables: Vec<(Level, Vec<Reached>, Vec<Leads>)> = self
            .steps(word)
            .into_iter()
            .map(|(level, steps)| {
                let heads = 0..self.parts.heads.len() as u32;
                let tails = 0..self.parts.tails.len() as u32;
                let heads = heads.into_par_iter().with_min_len(512).map(|p| self.reached(p, &steps, word));
                let tails = tails.into_par_iter().with_min_len(512).map(|p| self.leads(p, &steps, word));
                (level, heads.collect(), tails.collect())
            })
            .collect();
        let score = |name: &(u32, u32)| {
            let shapes = tables.iter().filter_map(|(level, heads, tails)| {
                let shape = meet(heads.get(name.0 as usize)?, tails.get(name.1 as usize)?)?;
                Some(Rank { shape, level: *level }.score(self.length(*name)))
            });
            shapes.max().unwrap_or_default()
        };
        let mut scores = vec![0_u16; self.names.len()];
        let chunks = scores.par_chunks_mut(CHUNK).zip(self.names.par_chunks(CHUNK)).enumerate();
        let ids: Vec<Vec<u32>> = chunks
            .map(|(chunk, (scores, names))| {
                let mut ids = Vec::new();
                for ((slot, name), id) in scores.iter_mut().zip(names).zip((chunk * CHUNK) as u32..) {
                    if narrowing.is_none_or(|hits| hits.score(id) > 0) {
                        *slot = score(name);
                        if *slot > 0 {
                            ids.push(id);
                        }
                    }
                }
                ids
            })
            .collect();
        Hits::new(scores, ids.concat())
    }

    /// Looks at few names, each for itself.
    fn find_some(&self, word: &Word, among: &[u32]) -> Hits {
        let steps = self.steps(word);
        let score = |id: &u32| {
            let name = self.names.get(*id as usize)?;
            let shapes = steps.iter().filter_map(|(level, steps)| {
                let shape = meet(&self.reached(name.0, steps, word), &self.leads(name.1, steps, word))?;
                Some(Rank { shape, level: *level }.score(self.length(*name)))
            });
            Some((*id, shapes.max()?))
        };
        let found: Vec<(u32, u16)> = among.par_iter().with_min_len(512).filter_map(score).collect();
        let mut hits = Hits::new(vec![0; self.names.len()], found.iter().map(|(id, _)| *id).collect());
        for (id, score) in found {
            hits.set(id, score);
        }
        hits
    }
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
