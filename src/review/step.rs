//! What a reviewer does at once: findings that are decided or noted, or something that is settled by hand.
//!
//! A step is checked before anything of it is written, and it is written whole or not at all.

use super::event::{Decision, Event, Kind, Uuid, fault_of_settlement};
use super::key::{FindingKey, Judged, Subject};
use super::{MAX_NOTE, StoreError};
use crate::display::Untrusted;

/// Something to be done at once, and undone at once. Its names are given when it is made: recording the same step
/// again after an error that left it unclear whether it was saved saves it once.
#[derive(Debug, Clone)]
pub struct Step {
    pub(super) id: Uuid,
    pub(super) entries: Vec<(Uuid, Subject)>,
    pub(super) kind: Kind,
    decision: Option<Decision>,
    reason: Option<Untrusted>,
    note: Option<Untrusted>,
}

impl Step {
    /// Decides on findings: those of a cause, of a selection or of a rule.
    pub fn decide(subjects: Vec<Subject>, decision: Decision) -> Result<Self, StoreError> {
        Ok(Self { decision: Some(decision), ..Self::new(subjects, Kind::Decide)? })
    }

    /// Writes a note without deciding; an empty one takes an earlier note back.
    pub fn annotate(subjects: Vec<Subject>, note: &str) -> Result<Self, StoreError> {
        Ok(Self { note: Some(note.into()), ..Self::new(subjects, Kind::Note)? })
    }

    /// Settles which county an agency of an open place belongs to (its key: [`crate::corpus::choices::agency_key`]), or a
    /// single report (its identifier), by the county's code of six digits. An empty code leaves it open again.
    ///
    /// # Errors
    /// If the key is empty or the code is none.
    pub fn place(key: &str, code: &str, about: &str) -> Result<Self, StoreError> {
        Self::settle(Kind::Place, key, code, about)
    }

    /// Settles which report stands for a year of an agency: `base` is what the identifiers of all its versions have
    /// before their `@`. An empty identifier leaves it open again.
    ///
    /// # Errors
    /// If the base is empty or the report is none of it.
    pub fn version(base: &str, id: &str, about: &str) -> Result<Self, StoreError> {
        Self::settle(Kind::Version, base, id, about)
    }

    fn settle(kind: Kind, key: &str, value: &str, about: &str) -> Result<Self, StoreError> {
        if fault_of_settlement(kind, key, value).is_some() {
            let what = if kind == Kind::Place {
                "单位或县级代码 agency or code"
            } else {
                "年报编号 report"
            };
            return Err(StoreError::BadText(what));
        }
        let key = FindingKey { report: key.into(), rule: kind.name().into(), place: Untrusted::default() };
        let subject = Subject { key, judged: Judged::default(), about: about.into() };
        let step = Self { note: Some(value.into()), ..Self::new(vec![subject], kind)? };
        step.check().map(|()| step)
    }

    fn new(subjects: Vec<Subject>, kind: Kind) -> Result<Self, StoreError> {
        let entry = |subject| Ok((Uuid::random()?, subject));
        let entries = subjects.into_iter().map(entry).collect::<Result<_, StoreError>>()?;
        Ok(Self { id: Uuid::random()?, entries, kind, decision: None, reason: None, note: None })
    }

    /// With a reason.
    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.into()).filter(|reason: &Untrusted| !reason.is_empty());
        self
    }

    /// With a note, several lines if need be. What settles something has none: its value is kept there.
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        if !self.kind.is_settlement() {
            self.note = Some(note.into());
        }
        self
    }

    /// The findings that it is about.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.entries.iter().map(|(_, subject)| subject)
    }

    /// Its events, filled in on blank ones, with what stood when the reviewer saw each subject.
    pub(super) fn events(&self, blank: &Event, before: Vec<Option<Uuid>>) -> Vec<Event> {
        let entries = self.entries.iter().zip(before);
        let event = |((uuid, on), before): (&(Uuid, Subject), Option<Uuid>)| Event {
            uuid: *uuid,
            step: self.id,
            on: Some(on.clone()),
            kind: self.kind,
            decision: self.decision,
            reason: self.reason.clone(),
            note: self.note.clone(),
            before,
            ..blank.clone()
        };
        entries.map(event).collect()
    }

    pub(super) fn check(&self) -> Result<(), StoreError> {
        let too_long = |text: Option<&Untrusted>| text.is_some_and(|text| text.raw().len() > MAX_NOTE);
        if too_long(self.note.as_ref()) {
            return Err(StoreError::BadText("备注 note"));
        }
        if too_long(self.reason.as_ref()) {
            return Err(StoreError::BadText("理由 reason"));
        }
        let parts = |on: &Subject| {
            [&on.key.report, &on.key.rule, &on.key.place, &on.judged.0, &on.about].map(Clone::clone)
        };
        if self.subjects().any(|on| parts(on).iter().any(|part| too_long(Some(part)))) {
            return Err(StoreError::BadText("问题 finding"));
        }
        Ok(())
    }
}

/// What was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The step, to be undone by name if need be.
    pub step: Uuid,
    /// The events in the order of its findings, with the number of each in this file.
    pub events: Vec<(i64, Uuid)>,
}
