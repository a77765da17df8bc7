//! What all events together mean: the state of every finding, and what each reviewer can undo.
//!
//! The same set of events with the same heirs gives the same state, in whatever order they arrive: they are folded by
//! [`Event::order`]. Nothing here reads or writes a file.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::StoreError;
use super::adopt::{Heir, Heirs};
use super::event::{Decision, Event, Kind, Uuid};
use super::key::{FindingKey, Judged, Subject, print, report_hash};
use super::state::{Counts, State, Verdict};
use crate::corpus::choices::{Choice, Choices};
use crate::display::Untrusted;

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
    /// Under the names that their reports have today.
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
    /// As written.
    events: Vec<Arc<Event>>,
    known: HashSet<Uuid>,
    heirs: Heirs,
    steps: HashMap<Uuid, Step>,
    /// By the keys of today.
    keys: HashMap<FindingKey, History>,
    /// What was settled by hand, in order.
    settled: HashMap<(Kind, Untrusted), Vec<Arc<Event>>>,
    stacks: HashMap<Untrusted, Stacks>,
    prints: HashMap<u64, Decision>,
    reports: HashMap<u64, Counts>,
    reasons: Option<Arc<Event>>,
    orphans: usize,
}

impl Fold {
    /// The fold of some events, in any order.
    pub(super) fn of(mut events: Vec<Arc<Event>>, heirs: Heirs) -> Self {
        events.sort_by_key(|event| event.order());
        let mut fold = Self { heirs, ..Self::default() };
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
            *self = Self::of(events, std::mem::take(&mut self.heirs));
        }
    }

    /// Lets decisions count for the heirs of their reports; these heirs replace the former ones.
    pub(super) fn adopt(&mut self, heirs: HashMap<Untrusted, Heir>) {
        if !self.heirs.are(&heirs) {
            *self = Self::of(std::mem::take(&mut self.events), Heirs::new(heirs));
        }
    }

    fn apply(&mut self, event: &Arc<Event>) {
        match (event.kind, &event.on, event.target) {
            (Kind::Decide | Kind::Note, Some(_), _) => {
                let event = self.heirs.event(event);
                self.take_step(&event);
                let Some(on) = &event.on else { return };
                self.keys.entry(on.key.clone()).or_default().events.push(Arc::clone(&event));
                self.refresh(&on.key);
            }
            (Kind::Place | Kind::Version, Some(on), _) => {
                self.take_step(event);
                let of_it = self.settled.entry((event.kind, on.key.report.clone())).or_default();
                of_it.push(Arc::clone(event));
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
        if self.heirs.is_in_doubt(&key.report) {
            return;
        }
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
        let key = self.heirs.key(&subject.key);
        let history = self.keys.get(&*key);
        let mut state = history.map_or_else(State::default, |h| self.own_state(h, &subject.judged));
        // What is decided on the report itself comes before what was decided on one that it may have been.
        if history.is_none_or(|h| self.decisions(h).next().is_none())
            && let Some(was) = self.in_doubt(&key)
        {
            state.verdict = Verdict::Reopened { was: Arc::clone(was) };
        }
        if history.is_none_or(|h| self.noted(h).next().is_none()) {
            let notes = self.histories_in_doubt(&key).filter_map(|h| self.note(h));
            state.note = notes.max_by_key(|event| event.order()).cloned();
        }
        state
    }

    fn own_state(&self, history: &History, judged: &Judged) -> State {
        let mut state = State { note: self.note(history).cloned(), ..State::default() };
        let same = || self.decisions(history).filter(|(_, on, _)| on.judged == *judged);
        let Some((standing, _, decision)) = same().next() else {
            if let Some(was) = self.latest_decided(history) {
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

    /// The latest decision on a finding, if that did not put it back.
    fn latest_decided<'a>(&'a self, history: &'a History) -> Option<&'a Arc<Event>> {
        let latest = self.decisions(history).next();
        latest.filter(|(_, _, decision)| *decision != Decision::Open).map(|(event, ..)| event)
    }

    /// What happened to the finding in the reports that this one may have been.
    fn histories_in_doubt<'a>(&'a self, key: &'a FindingKey) -> impl Iterator<Item = &'a History> + 'a {
        let old = self.heirs.may_be(&key.report).iter();
        old.filter_map(|report| self.keys.get(&FindingKey { report: report.clone(), ..key.clone() }))
    }

    /// What was decided on the finding in the reports that this one may have been, the latest that was not put back.
    fn in_doubt<'a>(&'a self, key: &'a FindingKey) -> Option<&'a Arc<Event>> {
        let of_each = self.histories_in_doubt(key).filter_map(|history| self.latest_decided(history));
        of_each.max_by_key(|event| event.order())
    }

    /// What was noted and not taken back, the latest first; empty notes among it.
    fn noted<'a>(&'a self, history: &'a History) -> impl Iterator<Item = &'a Arc<Event>> + 'a {
        history.events.iter().rev().filter(|event| self.is_active(event) && event.note.is_some())
    }

    fn note<'a>(&'a self, history: &'a History) -> Option<&'a Arc<Event>> {
        let latest = self.noted(history).next();
        latest.filter(|event| event.note.as_ref().is_some_and(|note| !note.is_empty()))
    }

    /// What is settled by hand.
    pub(super) fn choices(&self) -> Choices {
        let mut choices = Choices::default();
        for ((kind, key), events) in &self.settled {
            let mut active = events.iter().rev().filter(|event| self.is_active(event));
            let Some(last) = active.next() else { continue };
            let Some(mut choice) = choice_of(last) else {
                if *kind == Kind::Version {
                    choices.left.insert(key.raw().to_owned(), last.at.clone());
                }
                continue;
            };
            // The last word of each of the others counts, not what he has taken back or changed since.
            let mut heard = vec![choice.reviewer.clone()];
            for event in active {
                if heard.contains(&event.reviewer) {
                    continue;
                }
                heard.push(event.reviewer.clone());
                if let Some(other) = choice_of(event).filter(|other| other.value != choice.value) {
                    choice.otherwise = Some(Box::new(other));
                    break;
                }
            }
            let table = if *kind == Kind::Place { &mut choices.places } else { &mut choices.versions };
            table.insert(key.raw().to_owned(), choice);
        }
        choices
    }

    /// The names of all reports that were ever decided or noted, as they were then.
    pub(super) fn report_keys(&self) -> Vec<Untrusted> {
        let on_findings = self.events.iter().filter(|event| matches!(event.kind, Kind::Decide | Kind::Note));
        let keys: BTreeSet<&Untrusted> =
            on_findings.filter_map(|event| event.on.as_ref()).map(|on| &on.key.report).collect();
        keys.into_iter().cloned().collect()
    }

    /// See [`Heirs::event`] and [`Heirs::key`].
    pub(super) const fn heirs(&self) -> &Heirs {
        &self.heirs
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

    /// What stands on a finding, whatever its figures, or is settled: what a reviewer sees before deciding.
    pub(super) fn before(&self, kind: Kind, key: &FindingKey) -> Option<Uuid> {
        if kind.is_settlement() {
            let events = self.settled.get(&(kind, key.report.clone()))?;
            return events.iter().rev().find(|event| self.is_active(event)).map(|event| event.uuid);
        }
        let key = self.heirs.key(key);
        let own = self.keys.get(&*key).and_then(|history| self.decisions(history).next());
        own.map(|(event, ..)| event).or_else(|| self.in_doubt(&key)).map(|event| event.uuid)
    }

    /// The findings of a report that were ever decided, with their latest decision.
    pub(super) fn of_report(&self, report: &Untrusted) -> Vec<Arc<Event>> {
        let report = self.heirs.report(report);
        let of_it = self.keys.iter().filter(|(key, _)| key.report == *report);
        of_it.filter_map(|(_, h)| self.decisions(h).next().map(|(event, ..)| Arc::clone(event))).collect()
    }

    /// Whether something was decided on a report that this one may have been.
    pub(super) fn has_in_doubt(&self, report: &Untrusted) -> bool {
        self.heirs.may_be(report).iter().any(|old| !self.of_report(old).is_empty())
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
            if let Some(other) = self.decided_since(event) {
                return Err(StoreError::DecidedSince { by: other.reviewer.clone(), at: other.at.clone() });
            }
        }
        Ok(target)
    }

    /// What another reviewer has decided on the same finding, or settled otherwise, since that event.
    fn decided_since(&self, event: &Event) -> Option<&Arc<Event>> {
        let on = event.on.as_ref()?;
        let is_settlement = event.kind.is_settlement();
        let events = if is_settlement {
            self.settled.get(&(event.kind, on.key.report.clone()))?
        } else {
            &self.keys.get(&on.key)?.events
        };
        events.iter().rev().find(|other| {
            other.order() > event.order()
                && other.reviewer != event.reviewer
                && (is_settlement || other.decision.is_some())
                && self.is_active(other)
        })
    }

    /// What a step did.
    pub(super) fn step(&self, step: Uuid) -> Vec<Arc<Event>> {
        self.steps.get(&step).map_or_else(Vec::new, |step| step.events.clone())
    }
}

/// What an event settles; nothing where it leaves it open.
fn choice_of(event: &Event) -> Option<Choice> {
    let value = event.note.as_ref().filter(|value| !value.is_empty())?;
    let (reviewer, at) = (event.reviewer.clone(), event.at.clone());
    Some(Choice { value: value.raw().to_owned(), reviewer, at, otherwise: None })
}
