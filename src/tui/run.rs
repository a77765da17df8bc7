//! A review: the open findings of the listed reports, worst first, one after the other.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use super::session::Session;
use crate::corpus::{CauseKey, OpenReport};
use crate::rules::Severity;

/// A cause of a listed report.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Place of the report in the list.
    pub(super) position: usize,
    /// The report.
    pub(super) report: u32,
    /// What the index knows of it.
    pub(super) key: CauseKey,
    /// Which of the causes of this rule and severity it is in its report.
    pub(super) occurrence: usize,
}

impl Entry {
    /// The place of the entry among the causes of its report.
    #[must_use]
    pub(super) fn cause(self, open: &OpenReport) -> Option<usize> {
        let same = open.causes.iter().enumerate().filter(|(_, cause)| {
            let rule = cause.headline(&open.findings).map(|f| f.rule.number());
            cause.severity == self.key.severity && rule == Some(self.key.rule)
        });
        same.map(|(i, _)| i).nth(self.occurrence)
    }
}

/// The causes of the listed reports, worst first, and how many that are only information were left out.
#[must_use]
pub(super) fn entries(session: &Session) -> (Vec<Entry>, usize) {
    let (mut entries, mut folded) = (Vec::new(), 0);
    let mut seen: Vec<(u8, Severity, usize)> = Vec::new();
    for (position, report) in session.listing.reports.iter().enumerate() {
        seen.clear();
        for key in session.corpus.causes(*report) {
            let same =
                seen.iter_mut().find(|(rule, severity, _)| (*rule, *severity) == (key.rule, key.severity));
            let occurrence = if let Some((_, _, n)) = same {
                *n += 1;
                *n
            } else {
                seen.push((key.rule, key.severity, 0));
                0
            };
            let needs_reading = key.rule().is_some_and(|rule| rule.id == "P1");
            if key.severity == Severity::Info && !needs_reading && !session.shows_info {
                folded += 1;
                continue;
            }
            entries.push(Entry { position, report: *report, key, occurrence });
        }
    }
    entries.sort_unstable_by_key(|e| {
        (e.key.severity, Reverse(e.key.size), e.key.rule, e.position, e.occurrence)
    });
    (entries, folded)
}

/// A report with what was decided on its findings.
type Opened = (Arc<OpenReport>, Vec<crate::review::State>);

/// Leaves out what is decided. Only reports on which something was decided are opened for it.
#[must_use]
pub(super) fn still_open(entries: Vec<Entry>, session: &Session) -> Vec<Entry> {
    let mut states: HashMap<u32, Option<Opened>> = HashMap::new();
    let is_open = |entry: &Entry| {
        if session.reviews.store().is_none() || session.corpus.standing(entry.report).decided() == 0 {
            return true;
        }
        let known = states.entry(entry.report).or_insert_with(|| {
            let open = session.corpus.open(entry.report).ok()?;
            let states = session.reviews.states(&open, session.lang);
            Some((Arc::new(open), states))
        });
        let Some((open, states)) = known else { return true };
        let findings = entry.cause(open).and_then(|i| open.causes.get(i)).map(|cause| &cause.findings);
        findings
            .is_none_or(|all| all.iter().any(|i| states.get(*i).is_none_or(crate::review::State::is_open)))
    };
    let mut is_open = is_open;
    entries.into_iter().filter(|entry| is_open(entry)).collect()
}

/// Going through the entries.
#[derive(Debug)]
pub(super) struct Run {
    entries: Vec<Entry>,
    /// Whether each is decided.
    decided: Vec<bool>,
    at: usize,
    /// The entries that were decided, for going back to them.
    steps: Vec<usize>,
    /// Those that were taken back.
    undone: Vec<usize>,
    began: Instant,
}

impl Run {
    /// Begins at an entry; nothing if there is none.
    #[must_use]
    pub(super) fn new(entries: Vec<Entry>, at: usize) -> Option<Self> {
        let decided = vec![false; entries.len()];
        let at = at.min(entries.len().checked_sub(1)?);
        Some(Self { entries, decided, at, steps: Vec::new(), undone: Vec::new(), began: Instant::now() })
    }

    /// Follows reports that were read again to their new numbers.
    pub(super) fn follow(&mut self, session: &Session) {
        let is_gone = |entry: &&Entry| !session.corpus.is_there(entry.report);
        let gone: Vec<u32> = self.entries.iter().filter(is_gone).map(|entry| entry.report).collect();
        let now = session.corpus.renumbered(&gone);
        for entry in &mut self.entries {
            entry.report = now.get(&entry.report).copied().unwrap_or(entry.report);
        }
    }

    /// The entry that is looked at.
    #[must_use]
    pub(super) fn entry(&self) -> Option<Entry> {
        self.entries.get(self.at).copied()
    }

    /// Goes to the next or previous entry that is not decided; whether there is one.
    pub(super) fn step(&mut self, forward: bool) -> bool {
        let is_open = |i: &usize| !self.decided.get(*i).copied().unwrap_or(true);
        let next = if forward {
            (self.at + 1..self.entries.len()).find(is_open).or_else(|| (0..self.at).find(is_open))
        } else {
            (0..self.at).rev().find(is_open)
        };
        self.at = next.unwrap_or(self.at);
        next.is_some()
    }

    /// The entry was decided.
    pub(super) fn decide(&mut self) {
        if let Some(decided) = self.decided.get_mut(self.at) {
            *decided = true;
        }
        self.steps.push(self.at);
        self.undone.clear();
    }

    /// Goes back to what was decided last, or on to what was taken back last.
    pub(super) fn turn(&mut self, again: bool) {
        let (from, to) =
            if again { (&mut self.undone, &mut self.steps) } else { (&mut self.steps, &mut self.undone) };
        let Some(at) = from.pop() else { return };
        to.push(at);
        self.at = at;
        if let Some(decided) = self.decided.get_mut(at) {
            *decided = again;
        }
    }

    /// How many are decided, how many there are, and how many are left of each severity.
    #[must_use]
    pub(super) fn progress(&self) -> (usize, usize, [usize; 3]) {
        let mut left = [0; 3];
        for (entry, decided) in self.entries.iter().zip(&self.decided) {
            if let Some(n) = left.get_mut(entry.key.severity as usize).filter(|_| !decided) {
                *n += 1;
            }
        }
        (self.decided.iter().filter(|decided| **decided).count(), self.entries.len(), left)
    }

    /// Findings decided in an hour at this pace, once that can be told.
    #[must_use]
    pub(super) fn pace(&self) -> Option<u64> {
        let seconds = self.began.elapsed().as_secs();
        (self.steps.len() >= 3 && seconds > 0).then(|| self.steps.len() as u64 * 3600 / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(n: usize) -> Run {
        let key = CauseKey { rule: 0, severity: Severity::Error, size: 0 };
        Run::new((0..n).map(|i| Entry { position: i, report: i as u32, key, occurrence: 0 }).collect(), 0)
            .unwrap()
    }

    #[test]
    fn what_is_decided_is_passed_over_until_it_is_taken_back() {
        let mut run = run(4);
        run.decide();
        assert!(run.step(true));
        assert!(run.step(true));
        run.decide();
        assert!(run.step(true));
        assert_eq!((run.entry().unwrap().report, run.progress()), (3, (2, 4, [2, 0, 0])));
        assert!(run.step(true), "what was skipped comes again");
        assert_eq!(run.entry().unwrap().report, 1);
        run.turn(false);
        assert_eq!((run.entry().unwrap().report, run.progress().0), (2, 1));
        run.turn(true);
        assert_eq!((run.entry().unwrap().report, run.progress().0), (2, 2));
        run.turn(false);
        run.turn(false);
        run.turn(false);
        assert_eq!((run.entry().unwrap().report, run.progress().0), (0, 0));
        for _ in 0..4 {
            run.decide();
            run.step(true);
        }
        assert_eq!(run.progress(), (4, 4, [0, 0, 0]));
        assert!(!run.step(true));
        assert!(Run::new(Vec::new(), 0).is_none());
    }
}
