//! One pattern against one name at a time.
//!
//! Distinct names are matched, never reports: a corpus of a million reports has a few thousand counties and
//! some ten thousand agencies.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use crate::display::Untrusted;

/// What the reviewer typed: words that must all match, in any order.
#[derive(Default)]
pub struct Pattern {
    words: Vec<String>,
    matcher: SkimMatcherV2,
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pattern").field(&self.words).finish()
    }
}

/// How well a name matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Higher is better; comparable for one pattern only.
    pub score: i64,
    /// The matched characters, as indices of characters (not bytes), ascending.
    pub positions: Vec<usize>,
}

impl Pattern {
    /// A pattern from typed text; upper and lower case are alike.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            words: text.split_whitespace().map(str::to_owned).collect(),
            matcher: SkimMatcherV2::default().ignore_case().use_cache(true),
        }
    }

    /// Whether everything matches because nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The characters of a name that what was typed stands for, as indices of characters; none if it does not match.
    #[must_use]
    pub fn positions(&self, name: &Untrusted) -> Vec<usize> {
        if self.is_empty() {
            Vec::new()
        } else {
            self.matches(name.raw()).map_or_else(Vec::new, |m| m.positions)
        }
    }

    /// How `name` matches, or `None` if some word does not.
    #[must_use]
    pub fn matches(&self, name: &str) -> Option<Match> {
        let mut all = Match { score: 0, positions: Vec::new() };
        for word in &self.words {
            let (score, positions) = self.matcher.fuzzy_indices(name, word)?;
            all.score += score;
            all.positions.extend(positions);
        }
        all.positions.sort_unstable();
        all.positions.dedup();
        Some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_anded_and_marked() {
        let cases: &[(&str, &str, Option<&[usize]>)] = &[
            ("新县", "新县人民政府办公室", Some(&[0, 1])),
            ("新办", "新县人民政府办公室", Some(&[0, 6])),
            ("办公 新", "新县人民政府办公室", Some(&[0, 6, 7])),
            ("卫滨", "新县人民政府办公室", None),
            ("新 卫", "新县人民政府办公室", None),
            ("", "新县", Some(&[])),
        ];
        for (typed, name, want) in cases {
            let found = Pattern::new(typed).matches(name).map(|m| m.positions);
            assert_eq!(found.as_deref(), *want, "{typed} in {name}");
        }
    }

    #[test]
    fn a_closer_match_scores_higher() {
        let pattern = Pattern::new("新县");
        let score = |name| pattern.matches(name).unwrap().score;
        assert!(score("新县人民政府") > score("新乡市红旗区某县城管委会"));
    }
}
