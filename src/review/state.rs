//! What the store says of a finding, of a cause and of a report.
//!
//! These are words only: what events mean is worked out by the fold, and nothing here decides it.

use std::sync::Arc;

use super::event::{Decision, Event};
use crate::display::{Lang, Untrusted};

/// Where a finding is in the review. The one definition of "open" is [`Verdict::is_open`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Verdict {
    /// Nobody has decided.
    #[default]
    Open,
    /// A mistake of the report.
    Confirmed,
    /// No mistake.
    Dismissed,
    /// The unit shall be asked.
    Query,
    /// Somebody has decided, but on other figures, or on a report of which nobody can tell which of several it is now;
    /// the finding is open again.
    Reopened {
        /// The decision on those. In the second case it names another report than the finding does.
        was: Arc<Event>,
    },
}

impl Verdict {
    /// Whether somebody has still to decide: the only place that says so.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open | Self::Reopened { .. })
    }

    /// Whether it is open again because nobody can tell that what was decided was about this report.
    #[must_use]
    pub fn is_of_another(&self, report: &Untrusted) -> bool {
        let Self::Reopened { was } = self else { return false };
        was.on.as_ref().is_some_and(|on| on.key.report != *report)
    }

    /// Why a finding is open again; `is_of_another` as [`Self::is_of_another`] has it.
    #[must_use]
    pub const fn why_open_again(is_of_another: bool, lang: Lang) -> &'static str {
        match (is_of_another, lang) {
            (false, Lang::Zh) => "数字已变",
            (false, Lang::En) => "figures changed",
            (true, Lang::Zh) => "不能确定是否同一年报",
            (true, Lang::En) => "perhaps another report",
        }
    }
}

/// Everything that the store says of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Where it is.
    pub verdict: Verdict,
    /// The decision that stands on these figures.
    pub standing: Option<Arc<Event>>,
    /// What another reviewer has decided otherwise on the same figures, the latest if there are several.
    pub conflict: Option<Arc<Event>>,
    /// The note that stands, whoever wrote it and on whatever figures.
    pub note: Option<Arc<Event>>,
}

impl State {
    /// See [`Verdict::is_open`].
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.verdict.is_open()
    }
}

/// The state of findings that have one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseState {
    /// That of the finding that says most, but an open one if any of them is open: what a new version of a rule adds
    /// to a cause is not hidden behind an old decision.
    pub state: State,
    /// How many of its findings are decided.
    pub decided: usize,
    /// How many findings it has.
    pub of: usize,
    /// Whether its findings were decided differently, as they may be when a new version groups them otherwise.
    pub is_mixed: bool,
}

impl CauseState {
    /// The state of a cause from those of its findings, the one that says most first; `None` for a cause without
    /// findings.
    #[must_use]
    pub fn of<'a>(states: impl IntoIterator<Item = &'a State>) -> Option<Self> {
        let states: Vec<&State> = states.into_iter().collect();
        let first = *states.first()?;
        let open = states.iter().filter(|state| state.is_open());
        let reopened = |state: &&&State| matches!(state.verdict, Verdict::Reopened { .. });
        let shown = open.clone().find(reopened).or_else(|| open.clone().next()).copied().unwrap_or(first);
        let decided = states.len() - open.count();
        let differs = |state: &&State| !state.is_open() && state.verdict != first.verdict;
        let is_mixed = !first.is_open() && states.iter().any(differs);
        Some(Self { state: shown.clone(), decided, of: states.len(), is_mixed })
    }
}

/// How many findings of a report were decided, by their latest decision, whether its figures are still those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Confirmed.
    pub confirmed: u32,
    /// Dismissed.
    pub dismissed: u32,
    /// To be asked about.
    pub query: u32,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub const fn all(self) -> u32 {
        self.confirmed + self.dismissed + self.query
    }

    /// The number of those that were decided in that way.
    pub(super) fn of(&mut self, decision: Decision) -> Option<&mut u32> {
        match decision {
            Decision::Confirmed => Some(&mut self.confirmed),
            Decision::Dismissed => Some(&mut self.dismissed),
            Decision::Query => Some(&mut self.query),
            Decision::Open => None,
        }
    }
}
