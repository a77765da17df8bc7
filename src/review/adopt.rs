//! Decisions whose report has another name today: which report they count for.
//!
//! Events are never changed for it. What is handed on is a copy under the name of the heir, and only where there is one
//! heir; what may be that of several counts for none of them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::event::{Event, Kind};
use super::key::{FindingKey, Subject};
use crate::display::Untrusted;

/// Which report of today a report is that is there no more under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heir {
    /// This one: what was decided counts for it.
    Sole(Untrusted),
    /// Of the same agency and year there is this one only, and it says something else: it may be the corrected report
    /// or another version. What was decided is shown with it, and does not count for it.
    Version(Untrusted),
    /// One of these, or it cannot be told whether this one: what was decided is shown with each, and counts for none.
    Several(Vec<Untrusted>),
}

impl Heir {
    /// The reports that it names.
    #[must_use]
    pub fn reports(&self) -> &[Untrusted] {
        match self {
            Self::Sole(one) | Self::Version(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        }
    }

    /// Whether what was decided counts for none of them.
    const fn is_in_doubt(&self) -> bool {
        !matches!(self, Self::Sole(_))
    }
}

/// The heirs of all reports that are there no more under their names. An heir has no heir of its own.
#[derive(Debug, Default)]
pub(super) struct Heirs {
    of: HashMap<Untrusted, Heir>,
    /// By each report of today, those that it may be one of the heirs of.
    may_be: HashMap<Untrusted, Vec<Untrusted>>,
}

impl Heirs {
    pub(super) fn new(mut of: HashMap<Untrusted, Heir>) -> Self {
        // What is there under its name is nobody else.
        of.retain(|old, heir| !heir.reports().contains(old));
        let mut may_be: HashMap<Untrusted, Vec<Untrusted>> = HashMap::new();
        for (old, heir) in of.iter().filter(|(_, heir)| heir.is_in_doubt()) {
            for one in heir.reports() {
                may_be.entry(one.clone()).or_default().push(old.clone());
            }
        }
        for old in may_be.values_mut() {
            old.sort_unstable();
            old.dedup();
        }
        Self { of, may_be }
    }

    /// Whether they are exactly those.
    pub(super) fn are(&self, of: &HashMap<Untrusted, Heir>) -> bool {
        self.of == *of
    }

    /// The name of the report today.
    pub(super) fn report<'a>(&'a self, report: &'a Untrusted) -> &'a Untrusted {
        match self.of.get(report) {
            Some(Heir::Sole(heir)) => heir,
            _ => report,
        }
    }

    /// The key of the finding today.
    pub(super) fn key<'a>(&self, key: &'a FindingKey) -> Cow<'a, FindingKey> {
        match self.of.get(&key.report) {
            Some(Heir::Sole(heir)) => Cow::Owned(FindingKey { report: heir.clone(), ..key.clone() }),
            _ => Cow::Borrowed(key),
        }
    }

    /// The event as one of the report of today.
    pub(super) fn event(&self, event: &Arc<Event>) -> Arc<Event> {
        let on = event.on.as_ref().filter(|_| matches!(event.kind, Kind::Decide | Kind::Note));
        match on.map(|on| (on, self.key(&on.key))) {
            Some((on, Cow::Owned(key))) => {
                Arc::new(Event { on: Some(Subject { key, ..on.clone() }), ..Event::clone(event) })
            }
            _ => Arc::clone(event),
        }
    }

    /// Whether it cannot be told which report of today it is: nothing that was decided on it counts.
    pub(super) fn is_in_doubt(&self, report: &Untrusted) -> bool {
        self.of.get(report).is_some_and(Heir::is_in_doubt)
    }

    /// The reports that a report of today may have been.
    pub(super) fn may_be(&self, report: &Untrusted) -> &[Untrusted] {
        self.may_be.get(report).map_or(&[], Vec::as_slice)
    }
}
