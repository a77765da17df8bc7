//! The least change from one sequence to another (the algorithm of Myers, 1986), with a limit.

use std::ops::Range;

/// A place where two sequences differ: what stands there in each, one of them possibly nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hunk {
    /// In the first sequence.
    pub(super) a: Range<usize>,
    /// In the second.
    pub(super) b: Range<usize>,
}

/// Where two sequences differ, in order; nothing if more than `limit` items do.
pub(super) fn hunks<T: PartialEq>(a: &[T], b: &[T], limit: usize) -> Option<Vec<Hunk>> {
    let front = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a_rest, b_rest) = (a.get(front..)?, b.get(front..)?);
    let back = a_rest.iter().rev().zip(b_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let a_middle = a_rest.get(..a_rest.len() - back)?;
    let b_middle = b_rest.get(..b_rest.len() - back)?;
    let mut found = middle(a_middle, b_middle, limit)?;
    for hunk in &mut found {
        hunk.a = hunk.a.start + front..hunk.a.end + front;
        hunk.b = hunk.b.start + front..hunk.b.end + front;
    }
    Some(found)
}

/// How far along each diagonal a number of changes leads: by diagonal + changes. Nothing where it leads outside.
type Reach = Vec<Option<usize>>;

/// Two sequences.
struct Pair<'t, T> {
    a: &'t [T],
    b: &'t [T],
}

fn middle<T: PartialEq>(a: &[T], b: &[T], limit: usize) -> Option<Vec<Hunk>> {
    if a.is_empty() && b.is_empty() {
        return Some(Vec::new());
    }
    let pair = Pair { a, b };
    let mut all: Vec<Reach> = Vec::new();
    for changes in 0..=limit.min(a.len() + b.len()) {
        let reach = pair.step(all.last(), changes);
        // The diagonal on which both end.
        let last = (a.len() + changes).checked_sub(b.len()).and_then(|k| reach.get(k)).copied().flatten();
        all.push(reach);
        if last == Some(a.len()) {
            return Some(pair.back(&all));
        }
    }
    None
}

impl<T: PartialEq> Pair<'_, T> {
    fn step(&self, before: Option<&Reach>, changes: usize) -> Reach {
        let mut reach = vec![None; 2 * changes + 1];
        for k in (0..=2 * changes).step_by(2) {
            let begin = before.map_or(Some(0), |before| self.start(before, k, changes));
            let Some(mut x) = begin else { continue };
            // The diagonal is x - y = k - changes.
            while let Some(y) = (x + changes).checked_sub(k)
                && let (Some(a), Some(b)) = (self.a.get(x), self.b.get(y))
                && a == b
            {
                x += 1;
            }
            if let Some(slot) = reach.get_mut(k) {
                *slot = Some(x);
            }
        }
        reach
    }

    /// Where a diagonal begins: one item taken from the first sequence, coming from the diagonal before, or one from the
    /// second, coming from that behind; whichever leads further.
    fn start(&self, before: &Reach, k: usize, changes: usize) -> Option<usize> {
        let given = before.get(k).copied().flatten();
        let given = given.filter(|x| (x + changes).checked_sub(k).is_some_and(|y| y <= self.b.len()));
        self.taken(before, k).max(given)
    }

    fn taken(&self, before: &Reach, k: usize) -> Option<usize> {
        let from = k.checked_sub(2).and_then(|k| before.get(k)).copied().flatten();
        from.filter(|x| *x < self.a.len()).map(|x| x + 1)
    }

    /// The way back from the ends, as hunks.
    fn back(&self, all: &[Reach]) -> Vec<Hunk> {
        let (mut x, mut y) = (self.a.len(), self.b.len());
        let mut found: Vec<Hunk> = Vec::new();
        for changes in (1..all.len()).rev() {
            let Some(before) = all.get(changes - 1) else { break };
            let Some(k) = (x + changes).checked_sub(y) else { break };
            let Some(begin) = self.start(before, k, changes) else { break };
            // The equal items behind the change.
            let equal = x.saturating_sub(begin);
            (x, y) = (x - equal, y.saturating_sub(equal));
            let change = if self.taken(before, k) == Some(begin) {
                x = x.saturating_sub(1);
                Hunk { a: x..x + 1, b: y..y }
            } else {
                y = y.saturating_sub(1);
                Hunk { a: x..x, b: y..y + 1 }
            };
            match found.last_mut() {
                Some(last) if last.a.start == change.a.end && last.b.start == change.b.end => {
                    (last.a.start, last.b.start) = (change.a.start, change.b.start);
                }
                _ => found.push(change),
            }
        }
        found.reverse();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(a: &str, b: &str) -> Option<Vec<(String, String)>> {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let words = |all: &[char], range: Range<usize>| all[range].iter().collect();
        let found = hunks(&a, &b, 50)?;
        Some(found.into_iter().map(|h| (words(&a, h.a), words(&b, h.b))).collect())
    }

    #[test]
    fn changes_are_the_least() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(of("收到4件", "收到9件").unwrap(), [pair("4", "9")]);
        assert_eq!(of("未发生", "发生").unwrap(), [pair("未", "")]);
        assert_eq!(of("甲乙", "甲乙").unwrap(), []);
        assert_eq!(of("", "甲").unwrap(), [pair("", "甲")]);
        assert_eq!(of("甲子乙", "甲乙丑").unwrap(), [pair("子", ""), pair("", "丑")]);
    }

    #[test]
    fn too_many_changes_are_none() {
        let (a, b) = ("甲".repeat(60), "乙".repeat(60));
        assert_eq!(of(&a, &b), None);
    }

    proptest::proptest! {
        #[test]
        fn the_hunks_lead_from_one_to_the_other(a in "[甲乙丙]{0,30}", b in "[甲乙丙]{0,30}") {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let found = hunks(&a, &b, 100).unwrap();
            let mut made = Vec::new();
            let mut at = 0;
            for hunk in &found {
                made.extend_from_slice(&a[at..hunk.a.start]);
                proptest::prop_assert_eq!(made.len(), hunk.b.start);
                made.extend_from_slice(&b[hunk.b.clone()]);
                at = hunk.a.end;
            }
            made.extend_from_slice(&a[at..]);
            proptest::prop_assert_eq!(made, b);
        }
    }
}
