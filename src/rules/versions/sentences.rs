//! The sentences in which two narratives differ.
//!
//! Equal sentences are set aside, in whatever order they come; what is left between them is compared letter by letter.

use super::diff::hunks;
use super::gap::{Change, Side, changes};
use super::text::{Narrative, Sentence};
use crate::display::Untrusted;

/// A sentence that one report has in other words, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentenceDifference {
    /// The section that it stands in; 0 for what stands before the first heading.
    pub section: u8,
    /// What the first report says, on one line.
    pub old: Option<Untrusted>,
    /// What the second report says.
    pub new: Option<Untrusted>,
}

/// More sentences are not aligned one by one.
const MOST_SENTENCES: usize = 3_000;
/// Of a hundred letters so many may differ in all.
const PER_CENT: usize = 2;
/// Equal sentences of so many letters are the same wherever they stand.
const LONG: usize = 8;

/// The sentences that differ, by their places in the first narrative.
pub(super) fn differences(a: &Narrative, b: &Narrative) -> Vec<SentenceDifference> {
    // The least change is not the only one: the same pair is always looked at from the same side.
    let letters = |n: &Narrative| -> Vec<u64> { n.sentences.iter().map(|sentence| sentence.hash).collect() };
    let (of_a, of_b) = (letters(a), letters(b));
    if of_a <= of_b {
        return in_order(a, b, &of_a, &of_b);
    }
    let mut found = in_order(b, a, &of_b, &of_a);
    for difference in &mut found {
        std::mem::swap(&mut difference.old, &mut difference.new);
    }
    found
}

fn in_order(a: &Narrative, b: &Narrative, of_a: &[u64], of_b: &[u64]) -> Vec<SentenceDifference> {
    let stretches = stretches(a, b, of_a, of_b);
    let judged: Vec<Option<Vec<Change>>> = stretches.iter().map(|(a, b)| changes(a, b)).collect();
    let all: usize = judged.iter().flatten().flatten().map(|change| change.letters).sum();
    let is_other_text = all > (a.len().max(b.len()) * PER_CENT / 100).max(1);
    let mut found = Vec::new();
    for ((side_a, side_b), changes) in stretches.iter().zip(judged) {
        let (old, new) = match changes {
            None => (side_a.sentences.clone(), side_b.sentences.clone()),
            Some(changes) => {
                let told = || changes.iter().filter(|change| change.is_certain || is_other_text);
                (told().filter_map(|c| c.a).collect(), told().filter_map(|c| c.b).collect())
            }
        };
        paired(a, b, old, new, &mut found);
    }
    found
}

/// The stretches in which the narratives differ, without sentences that only moved.
fn stretches<'n>(
    a: &'n Narrative,
    b: &'n Narrative,
    of_a: &[u64],
    of_b: &[u64],
) -> Vec<(Side<'n>, Side<'n>)> {
    let gaps: Vec<_> = match hunks(of_a, of_b, MOST_SENTENCES) {
        Some(hunks) => hunks.into_iter().map(|hunk| (hunk.a, hunk.b)).collect(),
        None => vec![(0..of_a.len(), 0..of_b.len())],
    };
    let mut left: Vec<(Vec<usize>, Vec<usize>)> =
        gaps.into_iter().map(|(a, b)| (a.collect(), b.collect())).collect();
    let mut elsewhere: Vec<u64> = Vec::new();
    for (places, _) in &left {
        let long = places.iter().filter_map(|at| a.sentences.get(*at)).filter(|s| s.letters.len() >= LONG);
        elsewhere.extend(long.map(|sentence| sentence.hash));
    }
    let mut moved: Vec<u64> = Vec::new();
    for (_, places) in &mut left {
        places.retain(|at| {
            let hash = b.sentences.get(*at).map_or(0, |sentence| sentence.hash);
            let Some(i) = elsewhere.iter().position(|other| *other == hash) else { return true };
            moved.push(elsewhere.swap_remove(i));
            false
        });
    }
    for (places, _) in &mut left {
        places.retain(|at| {
            let hash = a.sentences.get(*at).map_or(0, |sentence| sentence.hash);
            let Some(i) = moved.iter().position(|other| *other == hash) else { return true };
            moved.swap_remove(i);
            false
        });
    }
    left.into_iter().map(|(of_a, of_b)| (Side::new(a, of_a), Side::new(b, of_b))).collect()
}

/// Sentences less alike are no two wordings of one.
const LEAST_ALIKE: usize = 35;
/// Only so many sentences are looked through for one that is alike.
const MOST_PAIRED: usize = 200;

/// Adds the sentences that differ, each with the one that is most alike among those of the other report.
fn paired(
    a: &Narrative,
    b: &Narrative,
    mut old: Vec<usize>,
    mut new: Vec<usize>,
    found: &mut Vec<SentenceDifference>,
) {
    old.dedup();
    new.dedup();
    let before = found.len();
    let get = |n: &'_ Narrative, at: usize| n.sentences.get(at).cloned().unwrap_or_default();
    let new: Vec<Sentence> = new.into_iter().map(|at| get(b, at)).collect();
    let mut is_free = vec![true; new.len()];
    let old: Vec<Sentence> = old.into_iter().map(|at| get(a, at)).collect();
    for sentence in &old {
        let free = new.iter().zip(&is_free).enumerate().filter(|(_, (_, free))| **free).take(MOST_PAIRED);
        let alike = free.map(|(i, (other, _))| (likeness(sentence, other), std::cmp::Reverse(i)));
        let best = alike.max().filter(|(alike, _)| *alike >= LEAST_ALIKE).map(|(_, i)| i.0);
        let other = best.and_then(|i| new.get(i));
        if let Some(free) = best.and_then(|i| is_free.get_mut(i)) {
            *free = false;
        }
        // A slip of the layout put a sentence beside one that is its own.
        if other.is_some_and(|other| other.letters == sentence.letters) {
            continue;
        }
        found.push(difference(Some(sentence), other));
    }
    let rest = new.iter().zip(&is_free).filter(|(_, free)| **free);
    found.extend(rest.map(|(sentence, _)| difference(None, Some(sentence))));
    // Short sentences in another order say something else: 0件；1件 is not 1件；0件.
    if found.len() == before && (!old.is_empty() || !new.is_empty()) {
        found.push(difference(old.first(), new.first()));
    }
}

fn difference(old: Option<&Sentence>, new: Option<&Sentence>) -> SentenceDifference {
    let printed = |sentence: &Sentence| Untrusted::new(sentence.printed.as_str());
    let section = old.or(new).map_or(0, |sentence| sentence.section);
    SentenceDifference { section, old: old.map(printed), new: new.map(printed) }
}

/// How alike two sentences are, in per cent: by the pairs of letters that they have in common.
fn likeness(a: &Sentence, b: &Sentence) -> usize {
    let pairs = |sentence: &Sentence| {
        let mut pairs: Vec<[char; 2]> =
            sentence.letters.windows(2).filter_map(|pair| pair.try_into().ok()).collect();
        pairs.sort_unstable();
        pairs
    };
    let (of_a, of_b) = (pairs(a), pairs(b));
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while let (Some(a), Some(b)) = (of_a.get(i), of_b.get(j)) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    (200 * common).checked_div(of_a.len() + of_b.len()).unwrap_or(0)
}
