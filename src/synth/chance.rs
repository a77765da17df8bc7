//! Chance that falls the same way on every machine.
//!
//! Only whole numbers and the `ChaCha8` stream: a float, or a shuffle of a library that may change its mind in its
//! next version, would make the corpus of one seed differ between machines, and with it every pinned hash.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Up to this many things are dealt out one by one; more are dealt in shares.
const DEALT_SINGLY: i64 = 24;

/// A stream of random choices.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of that number: streams of one seed are independent, so that an agency does not depend on
    /// those before it.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0_u8; 32];
        for (place, byte) in key.iter_mut().zip(seed.to_le_bytes()) {
            *place = byte;
        }
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(stream);
        Self(generator)
    }

    /// A number from 0 to `n` − 1; 0 for `n` = 0.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// A position in a list of `len` items.
    pub(super) fn index(&mut self, len: usize) -> usize {
        self.below(len as u32) as usize
    }

    /// A number from `low` to `high`, both included; `low` when the range is empty.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u32::try_from(high - low + 1).unwrap_or(0);
        low + i64::from(self.below(width))
    }

    /// True `per_mille` times out of a thousand.
    pub(super) fn per_mille(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// True `percent` times out of a hundred.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the items, if there are any.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        items.get(self.index(items.len())).copied()
    }

    /// A position, each as probable as its weight.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (i, weight) in weights.iter().enumerate() {
            if left < *weight {
                return i;
            }
            left -= weight;
        }
        0
    }

    /// A size with at most `bits` binary digits: small ones are much more probable, 0 for no bits.
    pub(super) fn size(&mut self, bits: u32) -> i64 {
        let (first, second) = (self.below(bits + 1), self.below(bits + 1));
        let digits = if self.percent(60) { first.min(second) } else { first };
        if digits == 0 { 0 } else { self.between(1 << (digits - 1), (1 << digits) - 1) }
    }

    /// `n` parts in `of`, a fraction left over being rounded up as often as it is large.
    pub(super) fn share(&mut self, n: i64, parts: i64, of: i64) -> i64 {
        (n * parts + self.between(0, of - 1)) / of
    }

    /// About `n`: from three fifths to seven fifths of it.
    pub(super) fn about(&mut self, n: i64) -> i64 {
        let percent = self.between(60, 140);
        self.share(n, percent, 100)
    }

    /// Deals out `n` things over the places of `out`, each getting about as many as its weight.
    pub(super) fn deal(&mut self, n: i64, weights: &[u32], out: &mut [i64]) {
        out.fill(0);
        if n <= DEALT_SINGLY {
            for _ in 0..n {
                let i = self.weighted(weights);
                if let Some(place) = out.get_mut(i) {
                    *place += 1;
                }
            }
            return;
        }
        let all = weights.iter().copied().map(i64::from).sum::<i64>().max(1);
        let mut left = n;
        let mut largest = (0, 0);
        for (i, (place, weight)) in out.iter_mut().zip(weights).enumerate() {
            largest = largest.max((*weight, i));
            let expected = self.share(n, i64::from(*weight), all);
            *place = self.about(expected).min(left);
            left -= *place;
        }
        if let Some(place) = out.get_mut(largest.1) {
            *place += left;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_everywhere_and_another_stream_others() {
        let first = |seed, stream| {
            let mut chance = Chance::new(seed, stream);
            [(); 4].map(|()| chance.below(1_000_000))
        };
        assert_eq!(first(7, 0), first(7, 0));
        assert_ne!(first(7, 0), first(7, 1));
        assert_ne!(first(7, 0), first(8, 0));
    }

    #[test]
    fn everything_dealt_arrives() {
        let mut chance = Chance::new(1, 1);
        for n in 0..400 {
            let mut out = [0; 6];
            chance.deal(n, &[78, 12, 1, 1, 0, 5], &mut out);
            assert_eq!(out.iter().sum::<i64>(), n);
            assert!(out.iter().all(|part| *part >= 0), "{out:?}");
            assert_eq!(out[4], 0, "nothing goes where the weight is 0");
        }
    }

    #[test]
    fn ranges_include_both_ends_and_nothing_else() {
        let mut chance = Chance::new(1, 1);
        let seen: std::collections::BTreeSet<i64> = (0..200).map(|_| chance.between(3, 6)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6]);
        assert_eq!(chance.between(5, 4), 5);
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.pick::<u8>(&[]), None);
    }
}
