//! What a decision means, and that the store keeps it: as tables of cases, and against a model.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

use std::collections::HashMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gouji::corpus::{self, Corpus, OpenReport};
use gouji::display::Lang;
use gouji::review::{
    self, CauseState, Decision, FindingKey, Judged, Location, Outcome, State, Step, Store, StoreError,
    Subject, Verdict,
};
use gouji::rules::Settings;
use proptest::prelude::*;

fn at(path: &Path) -> Location {
    Location { path: path.to_owned(), notice: None }
}

fn open(folder: &Path, reviewer: &str) -> Store {
    Store::open(&at(&folder.join("reviews.db")), reviewer).unwrap()
}

fn sample(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data").join(name)).unwrap()
}

/// A finding of no report.
fn subject(n: usize, figures: &str) -> Subject {
    let key = FindingKey {
        report: "411523/新县/2024".into(),
        rule: "T3.3".into(),
        place: format!("row:{n}").into(),
    };
    Subject { key, judged: Judged(figures.into()), about: "".into() }
}

fn decide(store: &Store, subjects: &[Subject], decision: Decision) {
    store.record(&Step::decide(subjects.to_vec(), decision).unwrap()).unwrap();
}

/// Reads a document that lies somewhere, as the explorer does.
fn read(file: &str, bytes: &[u8], settings: &str) -> OpenReport {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    let settings = Arc::new(Settings::parse(settings).unwrap());
    let mut corpus = Corpus::new(Arc::clone(&settings), None);
    corpus::read(&[path], &settings, &mut |batch| {
        corpus.add(batch, false);
        corpus::Flow::Go
    });
    corpus.open(0).unwrap()
}

fn subjects(open: &OpenReport) -> Vec<Subject> {
    review::subjects(&open.id, &open.report, &open.findings, Lang::Zh)
}

fn open_ones(store: &Store, subjects: &[Subject]) -> usize {
    store.states(subjects).iter().filter(|state| state.is_open()).count()
}

#[test]
fn a_decision_holds_as_long_as_the_figures_do() {
    let text = sample("reports/zhenpingxian-2019.txt");
    let first = subjects(&read("a.txt", text.as_bytes(), ""));
    assert!(first.len() > 5, "a report with findings of several kinds");
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "甲");
    assert_eq!(open_ones(&store, &first), first.len());
    decide(&store, &first, Decision::Confirmed);

    let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
    let parsed = sample("parsed/zhenpingxian-2019.json");
    let mut stated: serde_json::Value = serde_json::from_str(&parsed).unwrap();
    stated["id"] = "镇坪-2019".into();
    let (lower, dos) = (format!("\n\n\n{text}"), text.replace('\n', "\r\n"));
    let same: [(&str, &str, &[u8], &str); 7] = [
        ("read again", "a.txt", text.as_bytes(), ""),
        ("moved", "elsewhere/deep/镇坪 (副本).txt", text.as_bytes(), ""),
        ("lower in the file", "a.txt", lower.as_bytes(), ""),
        ("other line ends", "a.txt", dos.as_bytes(), ""),
        ("another encoding", "a.txt", &gbk, ""),
        ("another format", "a.json", parsed.as_bytes(), ""),
        ("a rule of another severity", "a.txt", text.as_bytes(), "[rules.\"T3.1\"]\nseverity = \"info\"\n"),
    ];
    for (what, file, bytes, settings) in same {
        let again = subjects(&read(file, bytes, settings));
        assert_eq!(again.len(), first.len(), "{what}");
        let open: Vec<&Subject> = again.iter().filter(|s| store.state(s).is_open()).collect();
        assert!(open.is_empty(), "{what}: {open:#?}");
    }
    let stated = subjects(&read("b.json", stated.to_string().as_bytes(), ""));
    assert_eq!(open_ones(&store, &stated), 0, "a copy that states an identifier");

    let other =
        subjects(&read("a.json", parsed.replacen("\"year\":2019", "\"year\":2018", 1).as_bytes(), ""));
    let other: Vec<&Subject> = other.iter().filter(|s| s.key.report != first[0].key.report).collect();
    assert!(
        !other.is_empty() && other.iter().all(|s| store.state(s).verdict == Verdict::Open),
        "another year"
    );
}

#[test]
fn a_changed_figure_opens_the_finding_again_beside_the_old_decision() {
    let text = sample("reports/xinxian-2019.txt");
    let sentence = "网络申请 4次";
    assert!(text.contains(sentence));
    let first = subjects(&read("a.txt", text.as_bytes(), ""));
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "甲");
    let i = first.iter().position(|s| s.key.rule.raw() == "N1").unwrap();
    decide(&store, &first[i..=i], Decision::Query);

    let changed = subjects(&read("a.txt", text.replace(sentence, "网络申请 5次").as_bytes(), ""));
    let is_same = |s: &&Subject| (&s.key.rule, &s.key.place) == (&first[i].key.rule, &first[i].key.place);
    let now = changed.iter().find(is_same).expect("the same finding");
    assert_ne!(now.key.report, first[i].key.report, "another content is another version");
    assert_eq!(store.state(now).verdict, Verdict::Open);
    // The corrected report took the place of the one that was judged.
    store.adopt(review::heirs(&store.report_keys(), [(now.key.report.raw(), None::<&str>)]));
    let before = Subject { key: now.key.clone(), ..first[i].clone() };
    let Verdict::Reopened { was } = store.state(now).verdict else { panic!("open again") };
    assert_eq!(was.decision, Some(Decision::Query));
    assert_eq!(was.on.as_ref().unwrap().judged.words(), "4 ≠ 0");
    assert_eq!(store.decided(now.print()), None);
    assert_eq!(store.decided(before.print()), None, "the decision is of the version that was judged");

    decide(&store, std::slice::from_ref(now), Decision::Confirmed);
    assert_eq!(store.state(now).verdict, Verdict::Confirmed);
    assert!(store.state(&before).is_open(), "another version has the figures that were judged");
    assert_eq!(store.state(&first[i]).verdict, Verdict::Query, "the judged version keeps its decision");
}

#[test]
fn a_corrected_report_says_what_is_settled_remains_changed_or_new() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "甲");
    let before: Vec<Subject> = (0..3).map(|n| subject(n, "5=3")).collect();
    assert!(store.changes(&before[0].key.report, &before).is_empty(), "nothing was decided yet");
    decide(&store, &before, Decision::Confirmed);
    let after = [subject(1, "5=3"), subject(2, "5=4"), subject(3, "1=0")];
    let changes = store.changes(&before[0].key.report, &after);
    let outcomes: Vec<(Outcome, &str)> =
        changes.iter().map(|change| (change.outcome, change.subject.key.place.raw())).collect();
    let want = [
        (Outcome::Remains, "row:1"),
        (Outcome::Changed, "row:2"),
        (Outcome::New, "row:3"),
        (Outcome::Settled, "row:0"),
    ];
    assert_eq!(outcomes, want);
    assert!(store.changes(&"another".into(), &[]).is_empty());
}

#[test]
fn a_cause_is_open_as_long_as_one_of_its_findings_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "甲");
    let all: Vec<Subject> = (0..5).map(|n| subject(n, "5=3")).collect();
    let of = |members: &[usize]| {
        let states: Vec<State> = members.iter().map(|i| store.state(&all[*i])).collect();
        CauseState::of(&states).unwrap()
    };
    decide(&store, &all[..3], Decision::Confirmed);
    decide(&store, &all[3..4], Decision::Dismissed);
    for part in [&[0, 1, 2][..], &[0], &[1, 2]] {
        assert_eq!(of(part).state.verdict, Verdict::Confirmed, "grouped otherwise: {part:?}");
    }
    let grown = of(&[0, 1, 4]);
    assert!(grown.state.is_open() && (grown.decided, grown.of) == (2, 3), "a finding that nobody has seen");
    let mixed = of(&[0, 3]);
    assert!(mixed.is_mixed && !mixed.state.is_open());
    assert!(!of(&[0, 1]).is_mixed);
    assert_eq!(CauseState::of(&[]), None);
    store.undo().unwrap();
    store.undo().unwrap();
    assert!(all.iter().all(|s| store.state(s).verdict == Verdict::Open), "a cause is one step");
}

#[test]
fn reviewers_see_each_other_and_both_keep_what_they_decided() {
    let folder = tempfile::tempdir().unwrap();
    let (ann, bob) = (open(folder.path(), "ann"), open(folder.path(), "bob"));
    let finding = subject(0, "5=3");
    let one = std::slice::from_ref(&finding);
    assert!(ann.poll().unwrap().is_empty());
    decide(&ann, one, Decision::Confirmed);
    assert!(ann.poll().unwrap().is_empty(), "own decisions are no news");
    let news = bob.poll().unwrap();
    assert_eq!(
        news.iter().map(|e| (e.reviewer.raw(), e.decision)).collect::<Vec<_>>(),
        [("ann", Some(Decision::Confirmed))]
    );
    assert_eq!(bob.state(&finding).verdict, Verdict::Confirmed);
    assert!(bob.poll().unwrap().is_empty(), "told once");

    decide(&bob, one, Decision::Dismissed);
    assert_eq!(ann.state(&finding).verdict, Verdict::Confirmed, "not looked yet");
    ann.poll().unwrap();
    for store in [&ann, &bob] {
        let state = store.state(&finding);
        assert_eq!(state.verdict, Verdict::Dismissed, "the later one counts");
        assert_eq!(state.conflict.unwrap().reviewer.raw(), "ann");
    }
    assert!(matches!(ann.undo(), Err(StoreError::DecidedSince { by, .. }) if by.raw() == "bob"));
    let undone = bob.undo().unwrap();
    assert_eq!(undone[0].on.as_ref(), Some(&finding));
    assert_eq!(bob.state(&finding).conflict, None);
    ann.undo().unwrap();
    assert_eq!(ann.state(&finding), State::default());
    assert!(matches!(ann.undo(), Err(StoreError::NothingToUndo)));
    ann.redo().unwrap();
    assert!(bob.redo().is_ok(), "decided by ann before");
    decide(&ann, one, Decision::Dismissed);
    bob.poll().unwrap();
    assert_eq!(bob.state(&finding).conflict, None, "they agree");
}

#[test]
fn a_step_recorded_again_is_saved_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "甲");
    let step = Step::decide(vec![subject(0, ""), subject(1, "")], Decision::Query).unwrap();
    let saved = store.record(&step).unwrap();
    assert_eq!(store.record(&step).unwrap(), saved);
    assert_eq!(store.events().len(), 2);
}

#[test]
fn notes_stay_with_the_finding() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "甲");
    let finding = subject(0, "5=3");
    let note = |text: &str| store.record(&Step::annotate(vec![finding.clone()], text).unwrap()).map(drop);
    let of = |figures: &str| {
        store.state(&subject(0, figures)).note.map(|e| e.note.clone().unwrap().raw().to_owned())
    };
    let text = "第一行\n第二行 \u{1b}]52;c;Y2FuYXJ5\u{7} \u{202e}321";
    note(text).unwrap();
    assert_eq!(of("5=3").as_deref(), Some(text), "exact");
    assert_eq!(of("9=3").as_deref(), Some(text), "also when figures change");
    assert!(store.state(&finding).is_open(), "a note decides nothing");
    decide(&store, std::slice::from_ref(&finding), Decision::Dismissed);
    assert_eq!(of("5=3").as_deref(), Some(text), "a decision without a note leaves it");
    note("").unwrap();
    assert_eq!(of("5=3"), None);
    store.undo().unwrap();
    assert_eq!(of("5=3").as_deref(), Some(text));
    note(&"长".repeat(review::MAX_NOTE / 3)).unwrap();
    assert!(matches!(note(&"长".repeat(review::MAX_NOTE / 3 + 1)), Err(StoreError::BadText(_))));
}

#[test]
fn reasons_are_the_reviewers_own_list() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "甲");
    assert_eq!(store.reasons(Lang::Zh).len(), review::REASONS.len());
    store.set_reasons(&["甲", "乙"]).unwrap();
    assert_eq!(open(folder.path(), "乙").reasons(Lang::En), ["甲".into(), "乙".into()]);
    assert!(store.set_reasons(&["a\nb"]).is_err());
    store.set_reasons(&[]).unwrap();
    assert_eq!(store.reasons(Lang::En).len(), review::REASONS.len());
}

#[test]
fn counts_of_reports_follow_the_decisions() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "甲");
    let all: Vec<Subject> = (0..4).map(|n| subject(n, "5=3")).collect();
    let hash = review::report_hash(&all[0].key.report);
    assert!(store.reports().is_empty());
    decide(&store, &all[..2], Decision::Confirmed);
    decide(&store, &all[2..3], Decision::Query);
    let counts = store.reports()[&hash];
    assert_eq!((counts.confirmed, counts.dismissed, counts.query), (2, 0, 1));
    decide(&store, &all[..1], Decision::Open);
    assert_eq!(store.reports()[&hash].confirmed, 1, "put back");
    let prints = store.prints();
    for subject in &all {
        assert_eq!(!prints.contains_key(&subject.print()), store.state(subject).is_open());
    }
    for _ in 0..3 {
        store.undo().unwrap();
    }
    assert!(store.reports().is_empty() && store.prints().is_empty());
}

/// Every finding's verdict and its conflict.
fn verdicts(store: &Store) -> Vec<(Verdict, Option<String>)> {
    let all = (0..KEYS).map(|n| store.state(&subject(n, "5=3")));
    all.map(|s| (s.verdict, s.conflict.map(|e| e.uuid.to_string()))).collect()
}

#[test]
fn merging_both_ways_gives_the_same_state() {
    let folder = tempfile::tempdir().unwrap();
    let (at_work, at_home) = (folder.path().join("a/x.db"), folder.path().join("b/x.db"));
    let stores = || (Store::open(&at(&at_work), "ann").unwrap(), Store::open(&at(&at_home), "bob").unwrap());
    let (a, b) = stores();
    let all: Vec<Subject> = (0..KEYS).map(|n| subject(n, "5=3")).collect();
    decide(&a, &all, Decision::Confirmed);
    b.merge(&at_work).unwrap();
    decide(&b, &all[..2], Decision::Dismissed);
    decide(&b, &all[1..3], Decision::Query);
    b.undo().unwrap();
    a.undo().unwrap();
    decide(&a, &all[1..2], Decision::Query);
    let sides = [a.events().len(), b.events().len()];
    let taken = a.merge(&at_home).unwrap();
    assert_eq!((taken.added, taken.differing), (b.events().len() - KEYS, 0));
    b.merge(&at_work).unwrap();
    assert_eq!(verdicts(&a), verdicts(&b));
    assert_eq!(a.events().len(), sides[0] + sides[1] - KEYS, "neither side lost");
    let again = a.merge(&at_home).unwrap();
    assert_eq!((again.added, again.known), (0, b.events().len()), "once is enough");
    let names = |store: &Store| store.events().iter().map(|e| e.uuid).collect::<Vec<_>>();
    assert_eq!(names(&a), names(&b));
    drop((a, b));
    let (a, b) = stores();
    assert_eq!(verdicts(&a), verdicts(&b), "also when opened again");

    let mut lines = Vec::new();
    a.export(&mut lines).unwrap();
    let third = Store::open(&at(&folder.path().join("third.db")), "eve").unwrap();
    assert_eq!(third.import(Cursor::new(&lines)).unwrap().added, a.events().len());
    assert_eq!(verdicts(&third), verdicts(&a));
    assert_eq!(third.import(Cursor::new(&lines)).unwrap().added, 0);
    let mut again = Vec::new();
    third.export(&mut again).unwrap();
    assert_eq!(again, lines);
}

#[test]
fn what_is_no_export_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), "甲");
    decide(&store, &[subject(0, "")], Decision::Query);
    let mut good = Vec::new();
    store.export(&mut good).unwrap();
    let good = String::from_utf8(good).unwrap();
    let event = good.lines().nth(1).unwrap();
    let other = event.replace("\"uuid\":\"", "\"uuid\":\"0");
    let cases = [
        ("no JSON", "nonsense".to_owned()),
        ("another format", "{\"schema\":\"gouji/reviews/3\"}".to_owned()),
        ("a member more", event.replacen('{', "{\"x\":1,", 1)),
        ("an unknown decision", event.replace("\"query\"", "\"maybe\"")),
        ("an unknown kind", event.replace("\"decide\"", "\"forget\"")),
        ("an order out of range", event.replace("\"seq\":1", "\"seq\":9223372036854775807")),
        ("a decision on nothing", event.replace("\"rule\":\"T3.3\",", "")),
        ("a name that is too long", other),
        (
            "a note that is too long",
            event.replacen('{', &format!("{{\"note\":\"{}\",", "x".repeat(20_000)), 1),
        ),
    ];
    let fresh = Store::open(&at(&folder.path().join("fresh.db")), "乙").unwrap();
    for (what, line) in cases {
        let lines = format!("{event}\n{line}\n");
        let lines = if what == "another format" { line } else { lines };
        let error = fresh.import(Cursor::new(&lines)).expect_err(what);
        assert!(matches!(error, StoreError::BadLine { .. }), "{what}: {error}");
        assert!(fresh.events().is_empty(), "{what}");
    }
    let forged = event.replace("\"query\"", "\"confirmed\"");
    let taken = store.import(Cursor::new(&forged)).unwrap();
    assert_eq!((taken.added, taken.differing), (0, 1));
    assert_eq!(store.state(&subject(0, "")).verdict, Verdict::Query, "what is here stays");
}

const KEYS: usize = 4;

/// What a reviewer does.
#[derive(Debug, Clone)]
enum Act {
    Decide(Vec<usize>, Decision),
    Undo,
    Redo,
}

fn acts() -> impl Strategy<Value = Act> {
    let decision = prop::sample::select(Decision::ALL.to_vec());
    prop_oneof![
        3 => (prop::collection::hash_set(0..KEYS, 1..=KEYS), decision)
            .prop_map(|(keys, decision)| Act::Decide(keys.into_iter().collect(), decision)),
        2 => Just(Act::Undo),
        1 => Just(Act::Redo),
    ]
}

fn seen(store: &Store) -> Vec<Option<Decision>> {
    (0..KEYS).map(|n| store.decided(subject(n, "5=3").print())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// A reviewer alone: undo brings back exactly what was before, redo what was after.
    #[test]
    fn undoing_is_going_back_in_time(acts in prop::collection::vec(acts(), 1..20)) {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path(), "甲");
        let (mut past, mut future) = (vec![seen(&store)], Vec::new());
        for act in acts {
            match act {
                Act::Decide(keys, decision) => {
                    let subjects: Vec<Subject> = keys.iter().map(|n| subject(*n, "5=3")).collect();
                    decide(&store, &subjects, decision);
                    past.push(seen(&store));
                    for n in keys {
                        let want = Some(decision).filter(|d| *d != Decision::Open);
                        prop_assert_eq!(seen(&store)[n], want);
                    }
                    future.clear();
                }
                Act::Undo if past.len() > 1 => {
                    store.undo().unwrap();
                    future.extend(past.pop());
                }
                Act::Undo => prop_assert!(matches!(store.undo(), Err(StoreError::NothingToUndo))),
                Act::Redo => match future.pop() {
                    Some(state) => {
                        store.redo().unwrap();
                        past.push(state);
                    }
                    None => prop_assert!(matches!(store.redo(), Err(StoreError::NothingToRedo))),
                },
            }
            prop_assert_eq!(&seen(&store), past.last().unwrap());
            prop_assert_eq!(store.depth(), (past.len() - 1, future.len()));
        }
        drop(store);
        prop_assert_eq!(&seen(&open(folder.path(), "甲")), past.last().unwrap(), "folded from the file");
    }

    /// Two reviewers: the last decision that was not taken back counts, and nobody undoes under another's decision.
    #[test]
    fn two_reviewers_fold_to_the_model(acts in prop::collection::vec((0..2_usize, acts()), 1..20)) {
        let folder = tempfile::tempdir().unwrap();
        let stores = [open(folder.path(), "ann"), open(folder.path(), "bob")];
        let mut steps: Vec<(usize, HashMap<usize, Decision>, bool)> = Vec::new();
        let mut stacks = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
        for (who, act) in acts {
            let store = &stores[who];
            let is_free = |steps: &[(usize, HashMap<usize, Decision>, bool)], step: usize| {
                let later = steps.iter().skip(step + 1).filter(|(other, _, undone)| *other != who && !undone);
                later.flat_map(|(_, keys, _)| keys.keys()).all(|key| !steps[step].1.contains_key(key))
            };
            let (done, undone) = &mut stacks[who];
            match act {
                Act::Decide(keys, decision) => {
                    let subjects: Vec<Subject> = keys.iter().map(|n| subject(*n, "5=3")).collect();
                    decide(store, &subjects, decision);
                    done.push(steps.len());
                    undone.clear();
                    steps.push((who, keys.into_iter().map(|key| (key, decision)).collect(), false));
                }
                Act::Undo | Act::Redo => {
                    let is_undo = matches!(act, Act::Undo);
                    let (from, to) = if is_undo { (done, undone) } else { (undone, done) };
                    let turned = if is_undo { store.undo() } else { store.redo() };
                    match from.last().copied() {
                        Some(step) if is_free(&steps, step) => {
                            prop_assert!(turned.is_ok());
                            to.extend(from.pop());
                            steps[step].2 = is_undo;
                        }
                        Some(_) => prop_assert!(matches!(turned, Err(StoreError::DecidedSince { .. })), "{:?}", turned),
                        None => prop_assert!(turned.is_err()),
                    }
                }
            }
            let standing = |key: usize| {
                let mut of_key = steps.iter().rev().filter(|(_, _, undone)| !undone);
                of_key.find_map(|(_, keys, _)| keys.get(&key).copied()).filter(|d| *d != Decision::Open)
            };
            let want: Vec<Option<Decision>> = (0..KEYS).map(standing).collect();
            for store in &stores {
                store.poll().unwrap();
                prop_assert_eq!(&seen(store), &want);
            }
        }
    }
}

#[test]
fn the_store_is_in_the_corpus_when_that_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().to_path_buf();
    let place = review::locate(std::slice::from_ref(&corpus), None).unwrap();
    assert_eq!(place.path, corpus.join(".gouji/reviews.db"));
    let elsewhere = review::locate(&[corpus.join("a"), corpus.join("b")], None).unwrap();
    assert!(!elsewhere.path.starts_with(&corpus), "several paths have no common folder to write into");
    let named = PathBuf::from("mine.db");
    assert_eq!(review::locate(&[corpus], Some(&named)).unwrap().path, named);
}
