//! What became of the decided findings of a report when it is read again, for lists that are handed over.

use std::collections::HashSet;
use std::sync::Arc;

use super::event::Event;
use super::key::{FindingKey, Subject};
use super::state::Verdict;
use super::store::Store;
use crate::display::Untrusted;

/// What became of a finding since it was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was decided, and the report no longer has it.
    Settled,
    /// It was decided, and is there with the same figures.
    Remains,
    /// It was decided, and is open again: it is there with other figures, or nobody can tell whether it was decided on
    /// this report.
    Changed,
    /// It was never decided, in a report of which other findings were.
    New,
}

/// A finding of a report with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub outcome: Outcome,
    /// The finding as it is now, or as it was decided if it is gone.
    pub subject: Subject,
    /// The latest decision on it.
    pub decided: Option<Arc<Event>>,
}

impl Store {
    /// The findings of a report beside what was decided on it: first those that it has, in their order, then those that
    /// are settled. Empty for a report on which nothing was decided.
    #[must_use]
    pub fn changes(&self, report_key: &Untrusted, subjects: &[Subject]) -> Vec<Change> {
        let decided = self.decided_of(report_key);
        if decided.is_empty() && !self.has_in_doubt(report_key) {
            return Vec::new();
        }
        let mut there: HashSet<FindingKey> = HashSet::new();
        let mut changes: Vec<Change> = subjects
            .iter()
            .map(|subject| {
                there.insert(self.key_today(&subject.key));
                let state = self.state(subject);
                let (outcome, event) = match (state.verdict, state.standing) {
                    (Verdict::Reopened { was }, _) => (Outcome::Changed, Some(was)),
                    (_, Some(standing)) => (Outcome::Remains, Some(standing)),
                    (_, None) => (Outcome::New, None),
                };
                Change { outcome, subject: subject.clone(), decided: event }
            })
            .collect();
        let gone = decided.into_iter().filter_map(|event| Some((event.on.clone()?, event)));
        let mut gone: Vec<(Subject, Arc<Event>)> = gone.filter(|(on, _)| !there.contains(&on.key)).collect();
        gone.sort_by(|(a, _), (b, _)| a.key.cmp(&b.key));
        changes.extend(gone.into_iter().map(|(subject, event)| Change {
            outcome: Outcome::Settled,
            subject,
            decided: Some(event),
        }));
        changes
    }
}
