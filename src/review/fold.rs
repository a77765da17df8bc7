//! What all events together mean: the state of every finding, and what each reviewer can undo.
//!
//! The same set of events gives the same state, in whatever order they arrive: they are folded by
//! [`Event::order`]. Nothing here reads or writes a file.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::StoreError;
use super::event::{Decision, Event, Kind, Uuid};
use super::key::{FindingKey, Judged, Subject, print, report_hash};
use crate::display::Untrusted;

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
    /// Somebody has decided, but on other figures; the finding is open again.
    Reopened {
        /// The decision on those.
        was: Arc<Event>,
    },
}

impl Verdict {
    /// Whether somebody has still to decide: the only place that says so.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open | Self::Reopened { .. })
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

    fn of(&mut self, decision: Decision) -> Option<&mut u32> {
        match decision {
            Decision::Confirmed => Some(&mut self.confirmed),
            Decision::Dismissed => Some(&mut self.dismissed),
            Decision::Query => Some(&mut self.query),
            Decision::Open => None,
        }
    }
}

/// The events about one finding.
#[derive(Debug, Default)]
struct History {
    /// In order.
    events: Vec<Arc<Event>>,
    /// What of this is in the tables of the whole.
    prints: Vec<(u64, Decision)>,
    latest: Option<Decision>,
}

/// What was done at once.
#[derive(Debug)]
struct Step {
    reviewer: Untrusted,
    events: Vec<Arc<Event>>,
    is_undone: bool,
}

/// The steps that a reviewer can undo and do again, the next one last.
#[derive(Debug, Default)]
struct Stacks {
    done: Vec<Uuid>,
    undone: Vec<Uuid>,
}

/// The state of everything.
#[derive(Debug, Default)]
pub(super) struct Fold {
    events: Vec<Arc<Event>>,
    known: HashSet<Uuid>,
    steps: HashMap<Uuid, Step>,
    keys: HashMap<FindingKey, History>,
    stacks: HashMap<Untrusted, Stacks>,
    prints: HashMap<u64, Decision>,
    reports: HashMap<u64, Counts>,
    reasons: Option<Arc<Event>>,
    orphans: usize,
}

impl Fold {
    /// The fold of some events, in any order.
    pub(super) fn of(mut events: Vec<Arc<Event>>) -> Self {
        events.sort_by_key(|event| event.order());
        let mut fold = Self::default();
        for event in events {
            fold.known.insert(event.uuid);
            fold.apply(&event);
            fold.events.push(event);
        }
        fold
    }

    /// Adds events; those that are there already change nothing.
    pub(super) fn add_all(&mut self, mut events: Vec<Arc<Event>>) {
        events.retain(|event| self.known.insert(event.uuid));
        events.sort_by_key(|event| event.order());
        let last = self.events.last().map(|last| last.order());
        if events.first().is_none_or(|first| last.is_none_or(|last| last < first.order())) {
            for event in &events {
                self.apply(event);
            }
            self.events.extend(events);
        } else {
            // Somebody has merged another store: what it holds goes where it belongs.
            events.append(&mut self.events);
            *self = Self::of(events);
        }
    }

    fn apply(&mut self, event: &Arc<Event>) {
        match (event.kind, &event.on, event.target) {
            (Kind::Decide | Kind::Note, Some(on), _) => {
                self.take_step(event);
                self.keys.entry(on.key.clone()).or_default().events.push(Arc::clone(event));
                self.refresh(&on.key);
            }
            (Kind::Undo | Kind::Redo, _, Some(target)) => self.turn(event, target),
            (Kind::Reasons, ..) => self.reasons = Some(Arc::clone(event)),
            _ => {}
        }
    }

    fn take_step(&mut self, event: &Arc<Event>) {
        let step = self.steps.entry(event.step).or_insert_with(|| Step {
            reviewer: event.reviewer.clone(),
            events: Vec::new(),
            is_undone: false,
        });
        step.events.push(Arc::clone(event));
        if step.events.len() == 1 {
            let stacks = self.stacks.entry(event.reviewer.clone()).or_default();
            stacks.done.push(event.step);
            stacks.undone.clear();
        }
    }

    /// Undoes a step or does it again. A step of somebody else, or one that is not there, is left alone.
    fn turn(&mut self, event: &Event, target: Uuid) {
        let is_undo = event.kind == Kind::Undo;
        let own = self.steps.get_mut(&target).filter(|step| step.reviewer == event.reviewer);
        let Some(step) = own.filter(|step| step.is_undone != is_undo) else {
            self.orphans += 1;
            return;
        };
        step.is_undone = is_undo;
        let keys: HashSet<FindingKey> =
            step.events.iter().filter_map(|e| e.on.as_ref()).map(|on| on.key.clone()).collect();
        let stacks = self.stacks.entry(event.reviewer.clone()).or_default();
        let (from, to) = if is_undo {
            (&mut stacks.done, &mut stacks.undone)
        } else {
            (&mut stacks.undone, &mut stacks.done)
        };
        from.retain(|step| *step != target);
        to.push(target);
        for key in keys {
            self.refresh(&key);
        }
    }

    /// Works out anew what the tables of the whole say of a finding.
    fn refresh(&mut self, key: &FindingKey) {
        let Some(history) = self.keys.get(key) else { return };
        let mut prints: Vec<(u64, Decision)> = Vec::new();
        let mut seen: HashSet<&Judged> = HashSet::new();
        for (_, on, decision) in self.decisions(history) {
            if seen.insert(&on.judged) && decision != Decision::Open {
                prints.push((print(key, &on.judged), decision));
            }
        }
        let latest = self.decisions(history).next().map(|(_, _, decision)| decision);
        let Some(history) = self.keys.get_mut(key) else { return };
        let old = std::mem::replace(&mut history.prints, prints.clone());
        let was = std::mem::replace(&mut history.latest, latest);
        for (print, _) in old {
            self.prints.remove(&print);
        }
        self.prints.extend(prints);
        if was != latest {
            let hash = report_hash(&key.report);
            let counts = self.reports.entry(hash).or_default();
            if let Some(n) = was.and_then(|decision| counts.of(decision)) {
                *n = n.saturating_sub(1);
            }
            if let Some(n) = latest.and_then(|decision| counts.of(decision)) {
                *n += 1;
            }
            if counts.all() == 0 {
                self.reports.remove(&hash);
            }
        }
    }

    fn is_active(&self, event: &Event) -> bool {
        self.steps.get(&event.step).is_some_and(|step| !step.is_undone)
    }

    /// The decisions on a finding that were not taken back, the latest first.
    fn decisions<'a>(
        &'a self,
        history: &'a History,
    ) -> impl Iterator<Item = (&'a Arc<Event>, &'a Subject, Decision)> + 'a {
        let active = history.events.iter().rev().filter(|event| self.is_active(event));
        active.filter_map(|event| Some((event, event.on.as_ref()?, event.decision?)))
    }

    /// Everything that is known of a finding with these figures.
    pub(super) fn state(&self, subject: &Subject) -> State {
        let mut state = State::default();
        let Some(history) = self.keys.get(&subject.key) else { return state };
        let same = || self.decisions(history).filter(|(_, on, _)| on.judged == subject.judged);
        state.note = self.note(history);
        let Some((standing, _, decision)) = same().next() else {
            let latest = self.decisions(history).next().filter(|(_, _, d)| *d != Decision::Open);
            if let Some((was, ..)) = latest {
                state.verdict = Verdict::Reopened { was: Arc::clone(was) };
            }
            return state;
        };
        state.verdict = match decision {
            Decision::Confirmed => Verdict::Confirmed,
            Decision::Dismissed => Verdict::Dismissed,
            Decision::Query => Verdict::Query,
            Decision::Open => Verdict::Open,
        };
        state.standing = Some(Arc::clone(standing));
        let mut asked = HashSet::from([&standing.reviewer]);
        let mut last_of_others = same().filter(|(event, ..)| asked.insert(&event.reviewer));
        let other = last_of_others.find(|(_, _, other)| *other != decision && *other != Decision::Open);
        state.conflict = other.map(|(event, ..)| Arc::clone(event));
        state
    }

    fn note(&self, history: &History) -> Option<Arc<Event>> {
        let mut noted =
            history.events.iter().rev().filter(|event| self.is_active(event) && event.note.is_some());
        noted.next().filter(|event| event.note.as_ref().is_some_and(|note| !note.is_empty())).cloned()
    }

    /// What was decided on the finding and figures of that print; `None` where it is open.
    pub(super) fn decided(&self, print: u64) -> Option<Decision> {
        self.prints.get(&print).copied()
    }

    pub(super) const fn prints(&self) -> &HashMap<u64, Decision> {
        &self.prints
    }

    pub(super) const fn reports(&self) -> &HashMap<u64, Counts> {
        &self.reports
    }

    pub(super) const fn reasons(&self) -> Option<&Arc<Event>> {
        self.reasons.as_ref()
    }

    pub(super) fn events(&self) -> &[Arc<Event>] {
        &self.events
    }

    /// Undo and redo events without a step that they could turn.
    pub(super) const fn orphans(&self) -> usize {
        self.orphans
    }

    /// The decision that stands on a finding, whatever its figures: what a reviewer sees before deciding.
    pub(super) fn before(&self, key: &FindingKey) -> Option<Uuid> {
        let history = self.keys.get(key)?;
        self.decisions(history).next().map(|(event, ..)| event.uuid)
    }

    /// The findings of a report that were ever decided or noted, with their latest decision.
    pub(super) fn of_report(&self, report: &Untrusted) -> Vec<Arc<Event>> {
        let of_it = self.keys.iter().filter(|(key, _)| key.report == *report);
        of_it.filter_map(|(_, h)| self.decisions(h).next().map(|(event, ..)| Arc::clone(event))).collect()
    }

    /// The latest decision on every finding, in order.
    pub(super) fn latest(&self) -> Vec<Arc<Event>> {
        let latest = self.keys.values().filter_map(|h| self.decisions(h).next());
        let mut latest: Vec<Arc<Event>> = latest.map(|(event, ..)| Arc::clone(event)).collect();
        latest.sort_by_key(|event| event.order());
        latest
    }

    /// How many steps a reviewer could undo, and do again.
    pub(super) fn depth(&self, reviewer: &Untrusted) -> (usize, usize) {
        self.stacks.get(reviewer).map_or((0, 0), |stacks| (stacks.done.len(), stacks.undone.len()))
    }

    /// The reviewer's next step to undo or to do again.
    pub(super) fn next_turn(&self, reviewer: &Untrusted, kind: Kind) -> Result<Uuid, StoreError> {
        let (stacks, is_undo) = (self.stacks.get(reviewer), kind == Kind::Undo);
        let stack = stacks.map(|stacks| if is_undo { &stacks.done } else { &stacks.undone });
        let nothing = if is_undo { StoreError::NothingToUndo } else { StoreError::NothingToRedo };
        let target = *stack.and_then(|stack| stack.last()).ok_or(nothing)?;
        let step = self.steps.get(&target).ok_or(StoreError::NothingToUndo)?;
        for event in &step.events {
            let history = event.on.as_ref().and_then(|on| self.keys.get(&on.key));
            let later = history.and_then(|history| {
                let mut since =
                    self.decisions(history).take_while(|(other, ..)| other.order() > event.order());
                since.find(|(other, ..)| other.reviewer != *reviewer)
            });
            if let Some((other, ..)) = later {
                return Err(StoreError::DecidedSince { by: other.reviewer.clone(), at: other.at.clone() });
            }
        }
        Ok(target)
    }

    /// What a step did.
    pub(super) fn step(&self, step: Uuid) -> Vec<Arc<Event>> {
        self.steps.get(&step).map_or_else(Vec::new, |step| step.events.clone())
    }
}
