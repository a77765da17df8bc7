//! Which names match, and how well.

/// The answer to a word: a score for each name, and the names that match.
///
/// The order of scores means something for one word only. The upper part of a score is the shape of the match: the
/// whole name, its beginning, behind a place, inside, scattered; and within a shape the character itself, a reading
/// that fits the name, another reading. What is left of a score is the fuzzy matcher's, or the length of the name
/// where too many match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    scores: Vec<u16>,
    ids: Vec<u32>,
}

impl Hits {
    /// From the score of each name, 0 where it does not match.
    pub(super) fn new(scores: Vec<u16>, ids: Vec<u32>) -> Self {
        Self { scores, ids }
    }

    /// The score of a name; 0 if it does not match.
    #[must_use]
    pub fn score(&self, id: u32) -> u16 {
        self.scores.get(id as usize).copied().unwrap_or_default()
    }

    /// The best score of several names, such as those of one report; 0 if none matches.
    #[must_use]
    pub fn best(&self, ids: impl IntoIterator<Item = u32>) -> u16 {
        ids.into_iter().map(|id| self.score(id)).max().unwrap_or_default()
    }

    /// The scores by name, 0 where it does not match.
    #[must_use]
    pub fn scores(&self) -> &[u16] {
        &self.scores
    }

    /// The names that match, ascending.
    #[must_use]
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// How many names match.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether none matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Leaves the names that also match the other word, with both scores added. Words of a report may match
    /// different names of it: for that, add the [`Hits::best`] of each word instead.
    pub fn and(&mut self, other: &Self) {
        let scores = &mut self.scores;
        self.ids.retain(|id| {
            let Some(score) = scores.get_mut(*id as usize) else { return false };
            let others = other.score(*id);
            *score = if others == 0 { 0 } else { score.saturating_add(others) };
            others != 0
        });
    }

    /// Leaves out what matches by scattered characters only, if anything matches better: for counts that shall
    /// mean what was typed.
    pub fn keep_stretches(&mut self) {
        let is_stretch = |score: u16| score >= super::rank::STRETCH;
        if !self.ids.iter().any(|id| is_stretch(self.score(*id))) {
            return;
        }
        let scores = &mut self.scores;
        self.ids.retain(|id| {
            let Some(score) = scores.get_mut(*id as usize) else { return false };
            let keep = is_stretch(*score);
            if !keep {
                *score = 0;
            }
            keep
        });
    }

    pub(super) fn set(&mut self, id: u32, score: u16) {
        if let Some(old) = self.scores.get_mut(id as usize) {
            *old = score;
        }
    }
}
