//! The fold against what it shall not depend on: the order in which events come, the stores that they come from, and
//! whether decisions were written under the name of a report or under that of its heir.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::adopt::{Heir, Heirs};
use super::event::{Decision, Event, Kind, Uuid};
use super::fold::Fold;
use super::key::{FindingKey, Judged, Subject, report_hash};
use super::state::{State, Verdict};
use crate::corpus::choices::Choices;
use crate::display::Untrusted;

/// Reports that decisions are made on: two of before, two of today.
const REPORTS: [&str; 4] = ["a/局/2024", "a/局/2024@1", "a/局/2024@2", "a/局/2024@3"];
const FIGURES: [&str; 2] = ["5=3", "5=4"];
const REVIEWERS: [&str; 2] = ["甲", "乙"];

fn subject(report: &str, figures: &str) -> Subject {
    let key = FindingKey { report: report.into(), rule: "T3.3".into(), place: "row:total".into() };
    Subject { key, judged: Judged(figures.into()), about: Untrusted::default() }
}

fn uuid(n: usize) -> Uuid {
    format!("{n:032x}").parse().unwrap()
}

/// An event without content; its number says where it stands.
fn event(n: usize, reviewer: usize, kind: Kind) -> Event {
    Event {
        uuid: uuid(n),
        seq: i64::try_from(n).unwrap() + 1,
        at: format!("2026-11-21T00:00:{n:02}.000Z"),
        reviewer: REVIEWERS[reviewer].into(),
        step: uuid(n),
        kind,
        target: None,
        on: None,
        decision: None,
        reason: None,
        note: None,
        before: None,
    }
}

/// What one event does: a reviewer, a kind, and choices among what it may be about.
type Draft = (usize, usize, usize, usize, usize);

fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    prop::collection::vec((0..2_usize, 0..6_usize, 0..4_usize, 0..4_usize, 0..12_usize), 1..24)
}

fn events(drafts: &[Draft]) -> Vec<Arc<Event>> {
    let made = drafts.iter().enumerate().map(|(n, (reviewer, kind, on, what, target))| {
        let finding = Some(subject(REPORTS[*on], FIGURES[what % 2]));
        let settled = |kind: Kind, key: &str| {
            let key = FindingKey { report: key.into(), rule: kind.name().into(), place: "".into() };
            Some(Subject { key, judged: Judged::default(), about: "".into() })
        };
        let blank = |kind| event(n, *reviewer, kind);
        match kind {
            0 | 1 => Event { on: finding, decision: Some(Decision::ALL[*what]), ..blank(Kind::Decide) },
            2 => {
                let note = ["", "一", "二", "三"][*what];
                Event { on: finding, note: Some(note.into()), ..blank(Kind::Note) }
            }
            3 => {
                let (key, code) =
                    (["?新县/局", REPORTS[*on]][what % 2], ["", "411523", "411524", "411525"][*on]);
                Event { on: settled(Kind::Place, key), note: Some(code.into()), ..blank(Kind::Place) }
            }
            4 => {
                let id = ["", REPORTS[1], REPORTS[2], REPORTS[3]][*what];
                Event {
                    on: settled(Kind::Version, REPORTS[0]),
                    note: Some(id.into()),
                    ..blank(Kind::Version)
                }
            }
            _ => {
                let kind = if what % 2 == 0 { Kind::Undo } else { Kind::Redo };
                Event { target: Some(uuid(target % (n + 1))), ..blank(kind) }
            }
        }
    });
    made.map(Arc::new).collect()
}

fn sole() -> HashMap<Untrusted, Heir> {
    let heir = || Heir::Sole(REPORTS[2].into());
    HashMap::from([(REPORTS[0].into(), heir()), (REPORTS[1].into(), heir())])
}

fn several() -> HashMap<Untrusted, Heir> {
    let heirs = || Heir::Several(vec![REPORTS[2].into(), REPORTS[3].into()]);
    HashMap::from([(REPORTS[0].into(), heirs()), (REPORTS[1].into(), Heir::Sole(REPORTS[2].into()))])
}

/// Everything that can be asked of a fold, as one text.
fn everything(fold: &Fold) -> String {
    let mut seen = Vec::new();
    for report in REPORTS {
        for figures in FIGURES {
            let subject = subject(report, figures);
            let before = fold.before(Kind::Decide, &subject.key);
            seen.push(format!("{:?} {:?} {before:?}", fold.state(&subject), fold.decided(subject.print())));
        }
        let decided = fold.of_report(&report.into());
        seen.push(format!("{:?} {decided:?}", fold.reports().get(&report_hash(&report.into()))));
    }
    for reviewer in REVIEWERS.map(Untrusted::from) {
        let turns =
            [Kind::Undo, Kind::Redo].map(|kind| fold.next_turn(&reviewer, kind).map_err(|e| e.to_string()));
        seen.push(format!("{:?} {turns:?}", fold.depth(&reviewer)));
    }
    let events: Vec<Uuid> = fold.events().iter().map(|event| event.uuid).collect();
    let (prints, reports) = (fold.prints().len(), fold.reports().len());
    seen.push(format!("{:?} {:?} {} {prints} {reports}", fold.choices(), fold.latest(), fold.orphans()));
    seen.push(format!("{events:?} {:?}", fold.report_keys()));
    seen.join("\n")
}

/// What is settled, worked out from the beginning for each key: the last that was not taken back.
fn settled(events: &[Arc<Event>]) -> Vec<(String, String, String)> {
    let mut undone: HashMap<Uuid, bool> = HashMap::new();
    let by: HashMap<Uuid, &Event> = events.iter().map(|event| (event.uuid, &**event)).collect();
    for (n, event) in events.iter().enumerate() {
        let Some(target) = event.target else { continue };
        // Only what was there before, is no turn itself, and is one's own.
        let is_there = events.iter().take(n).any(|other| other.uuid == target && other.target.is_none());
        if is_there && by[&target].reviewer == event.reviewer {
            undone.insert(target, event.kind == Kind::Undo);
        }
    }
    let mut last: HashMap<(String, String), String> = HashMap::new();
    // What was undone and done again keeps its place among the others.
    for event in events.iter().filter(|event| event.kind.is_settlement()) {
        if !undone.get(&event.uuid).copied().unwrap_or_default() {
            last.insert(key_of(event), event.note.as_ref().unwrap().raw().to_owned());
        }
    }
    let mut all: Vec<_> = last
        .into_iter()
        .filter(|(_, v)| !v.is_empty())
        .map(|((kind, key), value)| (kind, key, value))
        .collect();
    all.sort();
    all
}

fn key_of(event: &Event) -> (String, String) {
    (event.kind.name().to_owned(), event.on.as_ref().unwrap().key.report.raw().to_owned())
}

fn flat(choices: &Choices) -> Vec<(String, String, String)> {
    let tables = [("place", &choices.places), ("version", &choices.versions)];
    let mut all: Vec<_> = tables
        .into_iter()
        .flat_map(|(kind, table)| {
            table.iter().map(move |(key, c)| (kind.to_owned(), key.clone(), c.value.clone()))
        })
        .collect();
    all.sort();
    all
}

/// The events as they would have been written under the names of today.
fn rewritten(events: &[Arc<Event>], of: &HashMap<Untrusted, Heir>) -> Vec<Arc<Event>> {
    let rewrite = |event: &Arc<Event>| {
        let mut event = Event::clone(event);
        if let (Kind::Decide | Kind::Note, Some(on)) = (event.kind, &mut event.on)
            && let Some(Heir::Sole(heir)) = of.get(&on.key.report)
        {
            on.key.report = heir.clone();
        }
        Arc::new(event)
    };
    events.iter().map(rewrite).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_order_and_the_store_of_events_are_nothing_to_the_state(
        drafts in drafts(),
        order in prop::collection::vec(any::<u16>(), 24),
        cut in 0..24_usize,
    ) {
        let events = events(&drafts);
        for heirs in [HashMap::new(), sole(), several()] {
            let want = everything(&Fold::of(events.clone(), Heirs::new(heirs.clone())));
            let mut shuffled: Vec<_> = order.iter().zip(&events).collect();
            shuffled.sort_by_key(|(rank, _)| **rank);
            let shuffled: Vec<Arc<Event>> = shuffled.into_iter().map(|(_, event)| Arc::clone(event)).collect();
            let (mine, theirs) = shuffled.split_at(cut.min(shuffled.len()));
            for (first, second) in [(mine, theirs), (theirs, mine)] {
                let mut merged = Fold::of(first.to_vec(), Heirs::default());
                merged.adopt(heirs.clone());
                merged.add_all(second.to_vec());
                prop_assert_eq!(everything(&merged), want.as_str());
                merged.adopt(several());
                merged.adopt(heirs.clone());
                prop_assert_eq!(everything(&merged), want.as_str(), "adopted anew");
            }
            let mut late = Fold::default();
            for event in &events {
                late.add_all(vec![Arc::clone(event)]);
            }
            late.adopt(heirs);
            prop_assert_eq!(everything(&late), want);
        }
    }

    #[test]
    fn what_is_settled_is_the_last_that_was_not_taken_back(drafts in drafts()) {
        let events = events(&drafts);
        let fold = Fold::of(events.clone(), Heirs::new(sole()));
        prop_assert_eq!(flat(&fold.choices()), settled(&events));
    }

    #[test]
    fn a_sole_heir_has_what_would_have_been_written_under_its_name(drafts in drafts()) {
        let events = events(&drafts);
        let adopted = Fold::of(events.clone(), Heirs::new(sole()));
        let written = Fold::of(rewritten(&events, &sole()), Heirs::default());
        for figures in FIGURES {
            let of_heir = subject(REPORTS[2], figures);
            prop_assert_eq!(adopted.state(&of_heir), written.state(&of_heir));
            prop_assert_eq!(adopted.before(Kind::Decide, &of_heir.key), written.before(Kind::Decide, &of_heir.key));
            prop_assert_eq!(adopted.state(&subject(REPORTS[0], figures)), written.state(&of_heir), "by its old name");
        }
        prop_assert_eq!(adopted.prints(), written.prints());
        prop_assert_eq!(adopted.reports(), written.reports());
        prop_assert_eq!(adopted.latest(), written.latest());
        for reviewer in REVIEWERS.map(Untrusted::from) {
            prop_assert_eq!(adopted.depth(&reviewer), written.depth(&reviewer));
            for kind in [Kind::Undo, Kind::Redo] {
                let turn = |fold: &Fold| fold.next_turn(&reviewer, kind).map_err(|e| e.to_string());
                prop_assert_eq!(turn(&adopted), turn(&written));
            }
        }
        prop_assert_eq!(adopted.events(), events.as_slice(), "as they were written");
    }

    #[test]
    fn what_may_be_of_several_counts_for_none_and_hides_nothing_of_their_own(drafts in drafts()) {
        let events = events(&drafts);
        let adopted = Fold::of(events.clone(), Heirs::new(several()));
        let others = HashMap::from([(Untrusted::from(REPORTS[1]), Heir::Sole(REPORTS[2].into()))]);
        let own = Fold::of(events, Heirs::new(others));
        prop_assert!(!adopted.reports().contains_key(&report_hash(&REPORTS[0].into())));
        for (report, figures) in REPORTS.iter().flat_map(|r| FIGURES.map(|f| (*r, f))).filter(|(r, _)| *r != REPORTS[0]) {
            let subject = subject(report, figures);
            prop_assert_eq!(adopted.decided(subject.print()), own.decided(subject.print()));
            let (state, alone) = (adopted.state(&subject), own.state(&subject));
            prop_assert_eq!(state.is_open(), alone.is_open());
            if alone.verdict != Verdict::Open || alone.standing.is_some() {
                prop_assert_eq!((&state.verdict, &state.standing, &state.conflict), (&alone.verdict, &alone.standing, &alone.conflict));
            }
        }
    }
}

/// A fold of decisions on those reports, one after the other.
fn decided(on: &[(&str, &str, Decision)], heirs: HashMap<Untrusted, Heir>) -> Fold {
    let decide = |(n, (report, figures, decision)): (usize, &(&str, &str, Decision))| {
        Arc::new(Event {
            on: Some(subject(report, figures)),
            decision: Some(*decision),
            note: Some(format!("{n}").as_str().into()),
            ..event(n, 0, Kind::Decide)
        })
    };
    Fold::of(on.iter().enumerate().map(decide).collect(), Heirs::new(heirs))
}

#[test]
fn what_may_be_of_several_is_shown_with_each_until_that_is_decided() {
    /// The decisions in their order; the number of the one that each heir shows as not its own, or none.
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str, Decision)], [Option<usize>; 2]);
    use Decision::{Confirmed, Dismissed, Open, Query};
    let [old, _, heir, other] = REPORTS;
    let cases: [Case<'_>; 6] = [
        ("on other figures", &[(old, "9=9", Query)], [Some(0), Some(0)]),
        ("on the same figures", &[(old, "5=3", Query)], [Some(0), Some(0)]),
        ("the latest", &[(old, "5=3", Query), (old, "5=4", Confirmed)], [Some(1), Some(1)]),
        ("put back", &[(old, "5=3", Query), (old, "5=3", Open)], [None, None]),
        ("decided on one", &[(heir, "5=3", Dismissed), (old, "5=3", Query)], [None, Some(1)]),
        ("put back on one", &[(old, "5=3", Query), (heir, "5=3", Open)], [None, Some(0)]),
    ];
    for (what, decisions, want) in cases {
        let fold = decided(decisions, several());
        for (report, want) in [heir, other].into_iter().zip(want) {
            let state = fold.state(&subject(report, "5=3"));
            let was = match &state.verdict {
                Verdict::Reopened { was } => Some(was.uuid),
                _ => None,
            };
            assert_eq!(was, want.map(uuid), "{what}: {report}");
            if want.is_some() {
                assert!(state.standing.is_none() && state.is_open(), "{what}: {report}");
                assert_eq!(fold.decided(subject(report, "5=3").print()), None, "{what}: {report}");
                assert!(state.note.is_some(), "{what}: {report}: the note beside it");
            }
        }
    }
    let nobody = decided(&[(old, "5=3", Query)], HashMap::new());
    assert_eq!(nobody.state(&subject(heir, "5=3")), State::default(), "not handed over");
}

#[test]
fn a_report_is_not_its_own_heir() {
    let [old, ..] = REPORTS;
    for heir in [Heir::Sole(old.into()), Heir::Several(vec![old.into(), REPORTS[2].into()])] {
        let fold = decided(&[(old, "5=3", Decision::Query)], HashMap::from([(old.into(), heir)]));
        assert_eq!(fold.state(&subject(old, "5=3")).verdict, Verdict::Query);
        assert_eq!(fold.reports()[&report_hash(&old.into())].query, 1);
        assert_eq!(fold.state(&subject(REPORTS[2], "5=3")), State::default());
    }
}

#[test]
fn a_note_of_its_own_takes_the_place_of_one_that_may_be_of_another() {
    let [old, _, heir, other] = REPORTS;
    let fold = |own: Option<&str>| {
        let note = |n, report: &str, text: &str| {
            let on = Some(subject(report, "5=3"));
            Arc::new(Event { on, note: Some(text.into()), ..event(n, 0, Kind::Note) })
        };
        let own = own.map(|text| note(1, heir, text));
        Fold::of(own.into_iter().chain([note(0, old, "原备注")]).collect(), Heirs::new(several()))
    };
    // The note of the heir itself, if any, and what is shown.
    let cases = [(None, Some("原备注")), (Some("新备注"), Some("新备注")), (Some(""), None)];
    for (own, want) in cases {
        let shown = |report| {
            let note = fold(own).state(&subject(report, "5=3")).note;
            note.map(|event| event.note.clone().unwrap().raw().to_owned())
        };
        assert_eq!(shown(heir).as_deref(), want, "{own:?}");
        assert_eq!(shown(other).as_deref(), Some("原备注"), "{own:?}: the other has none of its own");
    }
    let noted =
        Event { on: Some(subject(old, "5=3")), note: Some("原备注".into()), ..event(0, 0, Kind::Note) };
    let decided = Event {
        on: Some(subject(heir, "5=3")),
        decision: Some(Decision::Query),
        ..event(1, 0, Kind::Decide)
    };
    let fold = Fold::of(vec![Arc::new(noted), Arc::new(decided)], Heirs::new(several()));
    let state = fold.state(&subject(heir, "5=3"));
    assert_eq!(state.verdict, Verdict::Query);
    assert!(state.note.is_some(), "a decision without a note leaves it");
}

#[test]
fn a_step_is_held_by_what_others_decided_since_and_by_nothing_else() {
    let on = |report: &str| Some(subject(report, "5=3"));
    let decide = |n, who, report: &str| Event {
        on: on(report),
        decision: Some(Decision::Query),
        ..event(n, who, Kind::Decide)
    };
    let note = |n, who| Event { on: on(REPORTS[2]), note: Some("注".into()), ..event(n, who, Kind::Note) };
    let settle = |n, who, kind: Kind| {
        let key = FindingKey { report: REPORTS[0].into(), rule: kind.name().into(), place: "".into() };
        let subject = Subject { key, judged: Judged::default(), about: "".into() };
        Event { on: Some(subject), note: Some("".into()), ..event(n, who, kind) }
    };
    let undo = |n, who, step| Event { target: Some(uuid(step)), ..event(n, who, Kind::Undo) };
    let [old, _, heir, other] = REPORTS;
    let cases = [
        ("a decision", vec![decide(0, 0, heir), decide(1, 1, heir)], true),
        ("one under the old name", vec![decide(0, 0, heir), decide(1, 1, old)], true),
        ("one on another report", vec![decide(0, 0, heir), decide(1, 1, other)], false),
        ("one before", vec![decide(0, 1, heir), decide(1, 0, heir)], false),
        ("one that was taken back", vec![decide(0, 0, heir), decide(1, 1, heir), undo(2, 1, 1)], false),
        ("a note", vec![decide(0, 0, heir), note(1, 1)], false),
        ("a decision on what was noted", vec![note(0, 0), decide(1, 1, heir)], true),
        ("settled", vec![settle(0, 0, Kind::Place), settle(1, 1, Kind::Place)], true),
        ("settled before", vec![settle(0, 1, Kind::Place), settle(1, 0, Kind::Place)], false),
        (
            "settled and taken back",
            vec![settle(0, 0, Kind::Place), settle(1, 1, Kind::Place), undo(2, 1, 1)],
            false,
        ),
        ("settled of another kind", vec![settle(0, 0, Kind::Place), settle(1, 1, Kind::Version)], false),
        ("a decision beside it", vec![settle(0, 0, Kind::Place), decide(1, 1, old)], false),
    ];
    for (what, events, is_held) in cases {
        let fold = Fold::of(events.into_iter().map(Arc::new).collect(), Heirs::new(sole()));
        let turn = fold.next_turn(&REVIEWERS[0].into(), Kind::Undo);
        assert_eq!(turn.is_err(), is_held, "{what}: {turn:?}");
    }
}
