//! Work on all cores whose results are handed over in order.
//!
//! Every core takes the next piece as soon as it is free, and no core waits for the slowest piece of a round. Results
//! that come too early wait in memory; there are few of them, as nobody takes a piece far ahead of what was handed over.
//! The thread that hands over never waits for a core that waits for it, so that it may be one of them, and may give
//! them other work.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rayon::{Scope, Yield};

use super::files::Flow;

/// Pieces for each core that are worked on or wait to be handed over.
const AHEAD: usize = 4;

/// Makes something of each piece, on all cores, and hands it over in the order of the pieces, on this thread.
///
/// `next` gives the pieces, one at a time, on any core; it is not asked again when there are no more, or when `sink`
/// has had enough, which is given back then.
pub(crate) fn in_order<J, T: Send>(
    next: impl FnMut() -> Option<J> + Send,
    work: impl Fn(J) -> T + Sync,
    mut sink: impl FnMut(T) -> Flow,
) -> Flow {
    let cores = rayon::current_num_threads();
    let line = Line {
        next: Mutex::new(next),
        state: Mutex::new(State { made: BTreeMap::new(), taken: 0, handed: 0, working: 0, is_at_end: false }),
        changed: Condvar::new(),
        ahead: (AHEAD * cores) as u64,
        work,
    };
    rayon::in_place_scope(|scope| {
        while let Some(made) = line.wait(scope, cores) {
            if sink(made) == Flow::Stop {
                lock(&line.state).is_at_end = true;
                return Flow::Stop;
            }
        }
        Flow::Go
    })
}

/// Pieces on their way.
struct Line<N, W, T> {
    next: Mutex<N>,
    state: Mutex<State<T>>,
    /// Something was made, or a core has stopped.
    changed: Condvar,
    /// Pieces that may be taken before the first of them is handed over.
    ahead: u64,
    work: W,
}

struct State<T> {
    /// What waits to be handed over, by its place.
    made: BTreeMap<u64, T>,
    /// How many pieces were taken.
    taken: u64,
    /// How many were handed over.
    handed: u64,
    /// How many cores take pieces.
    working: usize,
    is_at_end: bool,
}

/// A core that takes pieces. However it ends, the thread that hands over is told.
struct Worker<'l, N, W, T>(&'l Line<N, W, T>);

impl<N, W, T> Drop for Worker<'_, N, W, T> {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.working -= 1;
        // What was taken by somebody who panicked never comes.
        state.is_at_end |= std::thread::panicking();
        self.0.changed.notify_one();
    }
}

impl<J, T: Send, N: FnMut() -> Option<J> + Send, W: Fn(J) -> T + Sync> Line<N, W, T> {
    /// The next result; nothing at the end.
    fn wait<'s>(&'s self, scope: &Scope<'s>, cores: usize) -> Option<T> {
        let mut state = lock(&self.state);
        loop {
            while state.working < cores && !self.is_far(&state) {
                state.working += 1;
                scope.spawn(|_| self.take(&Worker(self)));
            }
            let place = state.handed;
            if let Some(made) = state.made.remove(&place) {
                state.handed += 1;
                return Some(made);
            }
            if state.working == 0 {
                return None;
            }
            drop(state);
            // A core that hands over does the work of others before it waits for them.
            let has_worked = matches!(rayon::yield_now(), Some(Yield::Executed));
            state = lock(&self.state);
            if !has_worked && !state.made.contains_key(&place) && state.working > 0 {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    /// Takes pieces until there are no more, or too many wait to be handed over.
    fn take(&self, _: &Worker<'_, N, W, T>) {
        while let Some((place, piece)) = self.piece() {
            let made = (self.work)(piece);
            let mut state = lock(&self.state);
            if place == state.handed {
                self.changed.notify_one();
            }
            state.made.insert(place, made);
        }
    }

    fn piece(&self) -> Option<(u64, J)> {
        let mut next = lock(&self.next);
        if self.is_far(&lock(&self.state)) {
            return None;
        }
        let piece = next();
        let mut state = lock(&self.state);
        state.is_at_end |= piece.is_none();
        let place = state.taken;
        state.taken += u64::from(piece.is_some());
        Some((place, piece?))
    }

    /// Whether no piece is to be taken now.
    const fn is_far(&self, state: &State<T>) -> bool {
        state.is_at_end || state.taken >= state.handed + self.ahead
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    /// What is handed over of so many numbers, the work on which takes more or less; `wanted` of them are enough.
    fn handed(numbers: u64, wanted: usize) -> Vec<u64> {
        let (mut next, mut handed) = (0..numbers, Vec::new());
        let work = |n: u64| (0..n % 7 * 1_000).fold(n, |sum, i| std::hint::black_box(sum ^ i ^ i));
        let flow = in_order(
            || next.next(),
            work,
            |n| {
                handed.push(n);
                if handed.len() < wanted { Flow::Go } else { Flow::Stop }
            },
        );
        assert_eq!(flow == Flow::Stop, handed.len() == wanted);
        handed
    }

    /// The same from a thread of a pool of so many, and from one of none.
    fn everywhere(test: impl Fn() + Sync) {
        test();
        for threads in [1, 2, 3, 8] {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(&test);
        }
    }

    #[test]
    fn all_is_handed_over_once_and_in_order() {
        everywhere(|| {
            for numbers in [0, 1, 5, 1_000] {
                assert_eq!(handed(numbers, usize::MAX), (0..numbers).collect::<Vec<_>>());
            }
        });
    }

    #[test]
    fn nothing_is_handed_over_after_enough() {
        everywhere(|| assert_eq!(handed(1_000, 100), (0..100).collect::<Vec<_>>()));
    }

    #[test]
    fn what_is_handed_over_may_be_worked_on_in_order_again() {
        everywhere(|| {
            let (mut next, mut sum) = (0..50, 0);
            in_order(
                || next.next(),
                |n: u64| n,
                |n| {
                    sum += handed(n, usize::MAX).len();
                    Flow::Go
                },
            );
            assert_eq!(sum, 50 * 49 / 2);
        });
    }

    #[test]
    fn a_panic_is_passed_on() {
        everywhere(|| {
            let mut next = 0..100;
            let work = |n: u64| assert!(n != 50, "the work on one fails");
            let ended = catch_unwind(AssertUnwindSafe(|| in_order(|| next.next(), work, |()| Flow::Go)));
            assert!(ended.is_err());
        });
    }
}
