//! One entry of the store: who did what to which finding, and when. Events are never changed and never removed.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::key::{FindingKey, Judged, Subject, short_hash};
use super::{MAX_NAME, MAX_NOTE, StoreError};
use crate::corpus::choices::{base_of, is_code};
use crate::display::{Lang, Untrusted};

/// A name for an event or a step that no other store gives: 128 random bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uuid(u128);

impl Uuid {
    /// A new one.
    pub fn random() -> Result<Self, StoreError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| StoreError::System(error.to_string()))?;
        Ok(Self(u128::from_be_bytes(bytes)))
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Uuid {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_hex = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if is_hex { u128::from_str_radix(text, 16).map(Self).map_err(|_| ()) } else { Err(()) }
    }
}

/// What was decided on a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    /// It is a mistake of the report.
    Confirmed,
    /// It is none.
    Dismissed,
    /// The unit shall be asked.
    Query,
    /// It is put back among those to decide.
    Open,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Confirmed, Self::Dismissed, Self::Query, Self::Open];

    /// The name in files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
            Self::Query => "query",
            Self::Open => "open",
        }
    }

    /// The decision of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.name() == name)
    }

    /// The word for people.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Confirmed => lang.pick("确认", "confirmed"),
            Self::Dismissed => lang.pick("排除", "dismissed"),
            Self::Query => lang.pick("待询", "query"),
            Self::Open => lang.pick("待核实", "open"),
        }
    }
}

/// What an event does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Decides on a finding.
    Decide,
    /// Writes a note on a finding.
    Note,
    /// Takes a step back.
    Undo,
    /// Does a step again that was taken back.
    Redo,
    /// Replaces the list of reasons.
    Reasons,
    /// Settles which county an agency or a report belongs to: its code is the note.
    Place,
    /// Settles which version stands for a year: its identifier is the note.
    Version,
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Decide, Self::Note, Self::Undo, Self::Redo, Self::Reasons, Self::Place, Self::Version];

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Note => "note",
            Self::Undo => "undo",
            Self::Redo => "redo",
            Self::Reasons => "reasons",
            Self::Place => "place",
            Self::Version => "version",
        }
    }

    /// Whether it settles something by hand. Programs that know stores of the first version only do not know these.
    #[must_use]
    pub const fn is_settlement(self) -> bool {
        matches!(self, Self::Place | Self::Version)
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One entry of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name in every store.
    pub uuid: Uuid,
    /// A number above those of all events that its store held when it was written: later events have larger ones.
    pub seq: i64,
    /// When, in UTC, as the clock of that machine had it; for people only, nothing is ordered by it.
    pub at: String,
    /// Who.
    pub reviewer: Untrusted,
    /// The step: what was done at once, and is undone at once.
    pub step: Uuid,
    /// What it does.
    pub kind: Kind,
    /// The step that is undone or done again.
    pub target: Option<Uuid>,
    /// What it is about.
    pub on: Option<Subject>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// Why.
    pub reason: Option<Untrusted>,
    /// A note; empty to take an earlier one back. For a list of reasons, one a line. What is settled by hand is settled
    /// to this; empty where it is left open again.
    pub note: Option<Untrusted>,
    /// The decision that stood when the reviewer decided, whatever its figures.
    pub before: Option<Uuid>,
}

impl Event {
    /// What events are ordered by: causes before effects, and the same in every store that holds them.
    #[must_use]
    pub const fn order(&self) -> (i64, Uuid) {
        (self.seq, self.uuid)
    }

    /// A check sum of everything in it: damage that leaves the file readable is seen by it.
    pub(super) fn check_sum(&self) -> i64 {
        let flat = Flat::from(self);
        let optional = |text: &Option<String>| match text {
            Some(text) => format!("+{text}"),
            None => String::new(),
        };
        let texts = [
            flat.uuid.clone(),
            flat.seq.to_string(),
            flat.at.clone(),
            flat.reviewer.clone(),
            flat.step.clone(),
            flat.kind.clone(),
            optional(&flat.target),
            optional(&flat.report),
            optional(&flat.rule),
            optional(&flat.place),
            optional(&flat.figures),
            optional(&flat.about),
            optional(&flat.decision),
            optional(&flat.reason),
            optional(&flat.note),
            optional(&flat.before),
        ];
        short_hash(&texts.each_ref().map(String::as_str)).cast_signed()
    }
}

/// An event as columns and as members of a JSON object.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Flat {
    pub(super) uuid: String,
    pub(super) seq: i64,
    pub(super) at: String,
    pub(super) reviewer: String,
    pub(super) step: String,
    pub(super) kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) report: Option<String>,
    /// Only in exports: the identifier of the report has it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) county_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) figures: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) about: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) decision: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<String>,
}

impl From<&Event> for Flat {
    fn from(event: &Event) -> Self {
        let text = |text: &Untrusted| text.raw().to_owned();
        let on = event.on.as_ref();
        Self {
            uuid: event.uuid.to_string(),
            seq: event.seq,
            at: event.at.clone(),
            reviewer: text(&event.reviewer),
            step: event.step.to_string(),
            kind: event.kind.name().to_owned(),
            target: event.target.map(|uuid| uuid.to_string()),
            report: on.map(|on| text(&on.key.report)),
            county_code: None,
            rule: on.map(|on| text(&on.key.rule)),
            place: on.map(|on| text(&on.key.place)),
            figures: on.map(|on| text(&on.judged.0)),
            about: on.map(|on| text(&on.about)),
            decision: event.decision.map(|decision| decision.name().to_owned()),
            reason: event.reason.as_ref().map(text),
            note: event.note.as_ref().map(text),
            before: event.before.map(|uuid| uuid.to_string()),
        }
    }
}

impl Flat {
    /// The event, or what is wrong with it.
    pub(super) fn event(self) -> Result<Event, String> {
        let uuid =
            |text: &str| text.parse::<Uuid>().map_err(|()| "an identifier is not 32 hexadecimal digits");
        let kind = Kind::parse(&self.kind).ok_or("an unknown kind of event")?;
        let decision = match &self.decision {
            Some(name) => Some(Decision::parse(name).ok_or("an unknown decision")?),
            None => None,
        };
        let on = match (self.report, self.rule, self.place, self.figures) {
            (Some(report), Some(rule), Some(place), Some(figures)) => Some(Subject {
                key: FindingKey { report: report.into(), rule: rule.into(), place: place.into() },
                judged: Judged(figures.into()),
                about: self.about.unwrap_or_default().into(),
            }),
            (None, None, None, None) => None,
            _ => return Err("a finding without all of report, rule, place and figures".to_owned()),
        };
        let event = Event {
            uuid: uuid(&self.uuid)?,
            seq: self.seq,
            at: self.at,
            reviewer: self.reviewer.into(),
            step: uuid(&self.step)?,
            kind,
            target: self.target.as_deref().map(uuid).transpose()?,
            on,
            decision,
            reason: self.reason.map(Untrusted::new),
            note: self.note.map(Untrusted::new),
            before: self.before.as_deref().map(uuid).transpose()?,
        };
        event.check()?;
        Ok(event)
    }
}

impl Event {
    /// Whether it has what its kind needs, and nothing beyond the limits.
    fn check(&self) -> Result<(), String> {
        /// Far above what any store reaches, far below where counting on would overflow.
        const LARGEST_SEQ: i64 = 1 << 48;
        let has = (self.on.is_some(), self.decision.is_some(), self.note.is_some(), self.target.is_some());
        let is_whole = match self.kind {
            Kind::Decide => matches!(has, (true, true, _, false)),
            Kind::Note | Kind::Place | Kind::Version => matches!(has, (true, false, true, false)),
            Kind::Undo | Kind::Redo => matches!(has, (false, false, false, true)),
            Kind::Reasons => matches!(has, (false, false, true, false)),
        };
        if !is_whole {
            return Err("an event without what its kind needs".to_owned());
        }
        self.check_settlement()?;
        if !(1..=LARGEST_SEQ).contains(&self.seq) {
            return Err("a number of order out of range".to_owned());
        }
        let is_time = self.at.len() <= 40 && self.at.bytes().all(|b| b.is_ascii_graphic());
        if !is_time || self.reviewer.is_empty() || self.reviewer.raw().len() > MAX_NAME {
            return Err("no time or no reviewer".to_owned());
        }
        let too_long = |text: Option<&Untrusted>, limit| text.is_some_and(|text| text.raw().len() > limit);
        let parts = self.on.as_ref().map(|on| [&on.key.report, &on.key.rule, &on.key.place, &on.about]);
        if too_long(self.note.as_ref(), MAX_NOTE)
            || too_long(self.reason.as_ref(), MAX_NOTE)
            || too_long(self.on.as_ref().map(|on| &on.judged.0), MAX_NOTE)
            || parts.into_iter().flatten().any(|part| too_long(Some(part), MAX_NOTE))
        {
            return Err("a text longer than 16 KiB".to_owned());
        }
        Ok(())
    }
}

impl Event {
    fn check_settlement(&self) -> Result<(), String> {
        let (true, Some(on), Some(value)) = (self.kind.is_settlement(), &self.on, &self.note) else {
            return Ok(());
        };
        if on.key.rule.raw() != self.kind.name() || !on.key.place.is_empty() || !on.judged.0.is_empty() {
            return Err("something is settled that is of another kind".to_owned());
        }
        match fault_of_settlement(self.kind, on.key.report.raw(), value.raw()) {
            Some(fault) => Err(fault.to_owned()),
            None => Ok(()),
        }
    }
}

/// Why nothing can be settled in this way, if that is so. An empty value leaves it open again.
pub(super) fn fault_of_settlement(kind: Kind, key: &str, value: &str) -> Option<&'static str> {
    let is_sound = match kind {
        _ if value.is_empty() => true,
        Kind::Place => is_code(value),
        Kind::Version => base_of(value) == Some(key),
        _ => return None,
    };
    match (key.trim().is_empty(), is_sound) {
        (true, _) => Some("something is settled that has no name"),
        (false, false) => Some("a code that is not six digits, or a report of another agency or year"),
        (false, true) => None,
    }
}

/// The time in UTC, as `2026-11-21T10:28:11.123Z`.
pub(super) fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, seconds) = ((since.as_secs() / 86_400).cast_signed(), since.as_secs() % 86_400);
    let (year, month, day) = civil(days);
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{:03}Z", since.subsec_millis())
}

/// The date of a day counted from 1970-01-01, by the rule of 400 years that begin in March.
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        // From `date -u -d @N`.
        let cases =
            [(0, (1970, 1, 1)), (11_016, (2000, 2, 29)), (11_017, (2000, 3, 1)), (20_778, (2026, 11, 21))];
        for (days, date) in cases {
            assert_eq!(civil(days), date);
        }
    }
}
