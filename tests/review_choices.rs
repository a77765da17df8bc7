//! What is settled by hand, and decisions that find their report under another name: in the file, between stores, and
//! by command.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

use std::collections::HashMap;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use gouji::corpus::choices::{Choices, agency_key};
use gouji::display::Untrusted;
use gouji::review::{
    self, Decision, FindingKey, Heir, Judged, Kind, Location, Outcome, State, Step, Store, StoreError,
    Subject, Verdict,
};

const ID: &str = "?鼓楼区/教育局/2024@ab12";
const BASE: &str = "?鼓楼区/教育局/2024";

fn open(path: &Path, reviewer: &str) -> Store {
    Store::open(&Location { path: path.to_owned(), notice: None }, reviewer).unwrap()
}

fn place(store: &Store, key: &str, code: &str) {
    store.record(&Step::place(key, code, "").unwrap()).unwrap();
}

fn place_of(store: &Store, key: &str) -> Option<String> {
    store.choices().places.get(key).map(|choice| choice.value.clone())
}

fn subject(report: &str, place: &str, figures: &str) -> Subject {
    let key = FindingKey { report: report.into(), rule: "T3.3".into(), place: place.into() };
    Subject { key, judged: Judged(figures.into()), about: "".into() }
}

fn decide(store: &Store, subjects: &[Subject], decision: Decision) {
    store.record(&Step::decide(subjects.to_vec(), decision).unwrap()).unwrap();
}

fn export(store: &Store) -> String {
    let mut lines = Vec::new();
    store.export(&mut lines).unwrap();
    String::from_utf8(lines).unwrap()
}

/// The version of a file as a program sees it that looks at the file alone.
fn version(path: &Path) -> u8 {
    fs::read(path).unwrap()[63]
}

#[test]
fn what_is_settled_last_counts_until_it_is_left_open_or_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("a.db"), "甲");
    let key = agency_key("鼓楼区", "教育局");
    assert_eq!(store.choices(), Choices::default());
    place(&store, &key, "320106");
    place(&store, &key, "410204");
    place(&store, ID, "350102");
    assert_eq!(place_of(&store, &key).as_deref(), Some("410204"));
    assert_eq!(store.choices().place_of("鼓楼区", "教育局", || ID.to_owned()), Some("350102"));
    assert_eq!(store.choices().place_of("鼓楼区", "教育局", || format!("{BASE}@ffff")), Some("410204"));
    place(&store, &key, "");
    assert_eq!(place_of(&store, &key), None);
    assert_eq!(store.undo().unwrap()[0].kind, Kind::Place);
    assert_eq!(place_of(&store, &key).as_deref(), Some("410204"), "left open by mistake");
    store.redo().unwrap();
    assert_eq!(place_of(&store, &key), None);
    for want in [Some("410204"), Some("410204"), Some("320106"), None] {
        // The second takes back what was settled for the report.
        store.undo().unwrap();
        assert_eq!(place_of(&store, &key).as_deref(), want);
    }
    assert_eq!((store.depth(), place_of(&store, ID)), ((0, 4), None));

    store.record(&Step::version(BASE, ID, "采用").unwrap()).unwrap();
    let choices = store.choices();
    assert_eq!(choices.version_of(BASE), Some(ID));
    let choice = &choices.versions[BASE];
    assert_eq!((choice.reviewer.raw(), choice.at.len()), ("甲", 24));
    store.record(&Step::version(BASE, "", "").unwrap()).unwrap();
    assert_eq!(store.choices().version_of(BASE), None);
}

#[test]
fn what_is_settled_is_no_decision() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = open(&path, "甲");
    place(&store, BASE, "320106");
    // A finding that has the name of what is settled.
    let mut twin = subject(BASE, "", "");
    twin.key.rule = "place".into();
    assert_eq!(store.state(&twin), State::default());
    assert!(store.decisions().is_empty() && store.prints().is_empty() && store.reports().is_empty());
    assert!(store.report_keys().is_empty());
    let (faults, events, decisions) = review::verify(&path);
    assert!(faults.is_empty() && (events, decisions) == (1, 0));
    decide(&store, std::slice::from_ref(&twin), Decision::Query);
    assert_eq!(place_of(&store, BASE).as_deref(), Some("320106"));
    assert_eq!(store.report_keys(), [BASE.into()]);
}

#[test]
fn what_cannot_be_settled_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("a.db"), "甲");
    let long = "长".repeat(review::MAX_NOTE / 3 + 1);
    let refused = [
        Step::place("", "411523", ""),
        Step::place(" ", "", ""),
        Step::place("?新县/局", "41152", ""),
        Step::place("?新县/局", "4115230", ""),
        Step::place("?新县/局", "41152x", ""),
        Step::place("?新县/局", "４１１５２３", ""),
        Step::place(&long, "411523", ""),
        Step::place("?新县/局", "411523", &long),
        Step::version("", "@ab", ""),
        Step::version(BASE, BASE, ""),
        Step::version(BASE, "?鼓楼区/教育局/2023@ab12", ""),
        Step::version(BASE, "ab12", ""),
    ];
    for (n, step) in refused.into_iter().enumerate() {
        assert!(matches!(step, Err(StoreError::BadText(_))), "{n}: {step:?}");
    }
    let step = Step::place("?新县/局", "411523", "").unwrap().note("411524").because("据官网");
    store.record(&step).unwrap();
    assert_eq!(place_of(&store, "?新县/局").as_deref(), Some("411523"), "a note does not change the code");

    let good = export(&store).lines().nth(1).unwrap().to_owned();
    let cases = [
        ("a code that is none", good.replace("\"411523\"", "\"41152\"")),
        ("no name", good.replace("\"?新县/局\"", "\"\"")),
        ("of another kind", good.replace("\"kind\":\"place\"", "\"kind\":\"version\"")),
        ("with a place in the report", good.replace("\"place\":\"\"", "\"place\":\"row\"")),
        ("with figures", good.replace("\"figures\":\"\"", "\"figures\":\"5=3\"")),
        ("with a decision", good.replacen('{', "{\"decision\":\"query\",", 1)),
        ("without a value", good.replace("\"note\":\"411523\",", "").replace(",\"note\":\"411523\"", "")),
    ];
    let fresh = open(&folder.path().join("b.db"), "乙");
    for (what, line) in cases {
        assert_ne!(line, good, "{what}");
        let error = fresh.import(Cursor::new(line)).expect_err(what);
        assert!(matches!(error, StoreError::BadLine { line: 1, .. }), "{what}: {error}");
    }
    assert_eq!(fresh.import(Cursor::new(good)).unwrap().added, 1);
}

#[test]
fn reviewers_settle_after_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let (ann, bob) = (open(&path, "ann"), open(&path, "bob"));
    place(&ann, "?新县/局", "411523");
    let news = bob.poll().unwrap();
    assert_eq!(news.iter().map(|e| (e.kind, e.reviewer.raw())).collect::<Vec<_>>(), [(Kind::Place, "ann")]);
    place(&bob, "?新县/局", "411524");
    place(&bob, "?光山县/局", "411522");
    for store in [&ann, &bob] {
        store.poll().unwrap();
        let choices = store.choices();
        let choice = &choices.places["?新县/局"];
        assert_eq!((choice.value.as_str(), choice.reviewer.raw()), ("411524", "bob"));
        // Neither is silent about the other.
        let other = choice.otherwise.as_ref().unwrap();
        assert_eq!((other.value.as_str(), other.reviewer.raw()), ("411523", "ann"));
        assert_eq!(choices.places["?光山县/局"].otherwise, None);
    }
    let before: Vec<_> = ann.events().iter().map(|event| event.before).collect();
    assert_eq!(before, [None, Some(ann.events()[0].uuid), None], "what bob had seen");
    assert!(matches!(ann.undo(), Err(StoreError::DecidedSince { by, .. }) if by.raw() == "bob"));
    bob.undo().unwrap();
    bob.undo().unwrap();
    assert_eq!(ann.undo().unwrap().len(), 1);
    assert_eq!(ann.choices(), Choices::default());
}

#[test]
fn stores_hand_each_other_what_is_settled() {
    let folder = tempfile::tempdir().unwrap();
    let [a, b, c] = ["a.db", "b.db", "c.db"].map(|name| folder.path().join(name));
    let (ann, bob) = (open(&a, "ann"), open(&b, "bob"));
    place(&ann, "?新县/局", "411523");
    decide(&ann, &[subject(ID, "row:1", "5=3")], Decision::Query);
    assert_eq!(bob.merge(&a).unwrap().added, 2);
    assert_eq!(bob.choices(), ann.choices());
    assert_eq!(version(&b), 2, "by merging");
    place(&bob, "?新县/局", "411524");
    bob.record(&Step::version(BASE, ID, "").unwrap()).unwrap();
    place(&ann, "?光山县/局", "411522");
    ann.undo().unwrap();
    ann.merge(&b).unwrap();
    bob.merge(&a).unwrap();
    assert_eq!(bob.choices(), ann.choices());
    assert_eq!(place_of(&ann, "?新县/局").as_deref(), Some("411524"));
    assert_eq!(ann.choices().places.len(), 1, "undone on the other side");

    let lines = export(&ann);
    assert!(lines.starts_with("{\"schema\":\"gouji/reviews/2\"}\n"), "{lines}");
    let eve = open(&c, "eve");
    assert_eq!(eve.import(Cursor::new(&lines)).unwrap().added, ann.events().len());
    assert_eq!((eve.choices(), export(&eve)), (ann.choices(), lines.clone()));
    assert_eq!(version(&c), 2, "by importing");
    assert_eq!(eve.import(Cursor::new(&lines)).unwrap().known, ann.events().len());
    for path in [&a, &b, &c] {
        assert!(review::verify(path).0.is_empty());
        assert_eq!(Store::read(path).unwrap().choices(), ann.choices(), "folded from the file");
    }
}

#[test]
fn a_store_is_of_the_first_version_until_something_is_settled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = open(&path, "甲");
    let finding = subject(ID, "row:1", "5=3");
    decide(&store, std::slice::from_ref(&finding), Decision::Query);
    store.record(&Step::annotate(vec![finding], "备注").unwrap()).unwrap();
    store.undo().unwrap();
    store.set_reasons(&["甲"]).unwrap();
    assert!(export(&store).starts_with("{\"schema\":\"gouji/reviews/2\"}\n"));
    let in_log = || -> i64 {
        let conn = rusqlite::Connection::open(&path).unwrap();
        conn.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    };
    drop(store);
    let store = open(&path, "乙");
    assert_eq!((version(&path), in_log()), (1, 1), "opening and deciding leave it");

    // What is not saved changes nothing.
    let step = Step::place("?新县/局", "411523", "").unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(store.record(&step), Err(StoreError::Locked)));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!((version(&path), in_log()), (1, 1));
    assert_eq!(store.choices(), Choices::default());

    store.record(&step).unwrap();
    assert_eq!((version(&path), in_log()), (2, 2), "in the file, where earlier programs look");
    assert_eq!(store.record(&step).unwrap().events.len(), 1, "once");
    assert_eq!(open(&path, "丙").events().len(), 5);
    assert!(review::verify(&path).0.is_empty());
}

#[test]
fn a_version_that_is_in_the_log_only_is_seen_and_brought_into_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = open(&path, "甲");
    place(&store, "?新县/局", "411523");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("PRAGMA wal_autocheckpoint=0; PRAGMA user_version=3").unwrap();
    assert_eq!(version(&path), 2, "in the log");
    let step = Step::place("?新县/局", "411524", "").unwrap();
    assert!(
        matches!(store.record(&step), Err(StoreError::Newer { found: 3, .. })),
        "a later program is at work"
    );
    assert!(matches!(Store::read(&path), Err(StoreError::Newer { found: 3, .. })));
    assert_eq!(version(&path), 2, "left as it is");

    other.execute_batch("PRAGMA user_version=1; PRAGMA wal_checkpoint(FULL); PRAGMA user_version=2").unwrap();
    assert_eq!(version(&path), 1, "as if a writer was killed");
    let reader = Store::read(&path).unwrap();
    assert_eq!((reader.choices(), version(&path)), (store.choices(), 1), "reading writes nothing");
    drop(open(&path, "乙"));
    assert_eq!(version(&path), 2);
}

#[test]
fn decisions_count_for_the_sole_heir() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let (old, heir) = ("411523/教育局/2024", "411523/教育局/2024@ab12");
    let (old_key, heir_key): (Untrusted, Untrusted) = (old.into(), heir.into());
    let store = open(&path, "甲");
    let of = |report: &str, n: usize, figures: &str| subject(report, &format!("row:{n}"), figures);
    decide(&store, &[of(old, 0, "5=3"), of(old, 1, "5=3"), of(old, 2, "5=3")], Decision::Confirmed);
    store.record(&Step::annotate(vec![of(old, 3, "5=3")], "问过").unwrap()).unwrap();
    decide(&store, &[of(heir, 2, "5=3")], Decision::Dismissed);
    let written = export(&store);
    assert_eq!(store.report_keys(), [old_key.clone(), heir_key.clone()]);
    assert_eq!(store.state(&of(heir, 0, "5=3")).verdict, Verdict::Open, "not yet");
    assert_eq!(store.changes(&heir_key, &[of(heir, 0, "5=3")])[0].outcome, Outcome::New, "not yet");

    store.adopt(HashMap::from([(old_key.clone(), Heir::Sole(heir_key.clone()))]));
    let there = [of(heir, 0, "5=3"), of(heir, 1, "5=4"), of(heir, 3, "5=3"), of(heir, 4, "1=0")];
    assert_eq!(store.state(&there[0]).verdict, Verdict::Confirmed);
    assert!(
        matches!(store.state(&there[1]).verdict, Verdict::Reopened { was } if was.on.as_ref().unwrap().key == there[1].key)
    );
    assert_eq!(store.state(&there[2]).note.unwrap().note.as_ref().unwrap().raw(), "问过");
    assert_eq!(store.decided(there[0].print()), Some(Decision::Confirmed));
    assert_eq!(
        store.decided(of(heir, 2, "5=3").print()),
        Some(Decision::Dismissed),
        "one history, the later counts"
    );
    let counts = store.reports();
    let of_heir = counts[&review::report_hash(&heir_key)];
    assert_eq!((counts.len(), of_heir.confirmed, of_heir.dismissed), (1, 2, 1));
    let changes = store.changes(&heir_key, &there);
    let outcomes: Vec<(Outcome, &str)> =
        changes.iter().map(|change| (change.outcome, change.subject.key.place.raw())).collect();
    let want = [
        (Outcome::Remains, "row:0"),
        (Outcome::Changed, "row:1"),
        (Outcome::New, "row:3"),
        (Outcome::New, "row:4"),
        (Outcome::Settled, "row:2"),
    ];
    assert_eq!(outcomes, want);
    assert!(store.decisions().iter().all(|event| event.on.as_ref().unwrap().key.report == heir_key));
    assert_eq!((export(&store), store.report_keys().len()), (written, 2), "no event has changed");

    // Others go on under the old name, and under the new one.
    let other = open(&path, "乙");
    decide(&other, &[of(old, 0, "5=3")], Decision::Query);
    let news = store.poll().unwrap();
    assert_eq!(news[0].on.as_ref().unwrap().key.report, heir_key, "news are of the report that is there");
    assert_eq!(store.state(&there[0]).verdict, Verdict::Query);
    assert_eq!(store.state(&there[0]).conflict.unwrap().reviewer.raw(), "甲");
    decide(&other, &[of(heir, 2, "5=3")], Decision::Query);
    store.poll().unwrap();
    assert!(matches!(store.undo(), Err(StoreError::DecidedSince { by, .. }) if by.raw() == "乙"));
    decide(&store, &[of(heir, 0, "5=3")], Decision::Confirmed);
    assert!(store.events().last().unwrap().before.is_some(), "what it had seen under its new name");

    store.adopt(HashMap::from([(old_key.clone(), Heir::Sole("another".into()))]));
    assert_eq!(
        store.state(&of("another", 1, "5=3")).verdict,
        Verdict::Confirmed,
        "the former heirs are replaced"
    );
    assert_eq!(store.state(&of(heir, 1, "5=3")).verdict, Verdict::Open);
    store.adopt(HashMap::new());
    assert_eq!(store.state(&of(old, 1, "5=3")).verdict, Verdict::Confirmed);
    assert_eq!(store.reports().len(), 2);
}

#[test]
fn decisions_count_for_none_of_several_heirs() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("a.db"), "甲");
    let (old, heirs) = ("411523/教育局/2024", ["411523/教育局/2024@ab12", "411523/教育局/2024@cd34"]);
    let of = |report: &str, n: usize| subject(report, &format!("row:{n}"), "5=3");
    decide(&store, &[of(old, 0), of(old, 1), of(old, 9)], Decision::Confirmed);
    store.adopt(HashMap::from([(old.into(), Heir::Several(heirs.map(Untrusted::from).to_vec()))]));
    assert!(store.prints().is_empty() && store.reports().is_empty(), "nothing is counted");
    assert_eq!(store.decisions().len(), 3, "nothing is lost");
    for heir in heirs {
        let subjects = [of(heir, 0), of(heir, 1), of(heir, 2)];
        let outcomes: Vec<Outcome> =
            store.changes(&heir.into(), &subjects).iter().map(|change| change.outcome).collect();
        assert_eq!(
            outcomes,
            [Outcome::Changed, Outcome::Changed, Outcome::New],
            "and what is not there is not settled"
        );
        let Verdict::Reopened { was } = store.state(&subjects[0]).verdict else { panic!("open again") };
        assert_eq!(was.on.as_ref().unwrap().key.report.raw(), old, "of another name than the finding");
    }
    decide(&store, &[of(heirs[0], 0)], Decision::Dismissed);
    assert_eq!(
        store.events().last().unwrap().before,
        Some(store.events()[0].uuid),
        "the reviewer had seen it"
    );
    assert_eq!(store.state(&of(heirs[0], 0)).verdict, Verdict::Dismissed);
    assert!(
        matches!(store.state(&of(heirs[1], 0)).verdict, Verdict::Reopened { .. }),
        "the other is as open as before"
    );
    assert_eq!(store.reports().len(), 1);
    store.undo().unwrap();
    assert!(matches!(store.state(&of(heirs[0], 0)).verdict, Verdict::Reopened { .. }));
    assert!(store.changes(&"411523/教育局/2023@ab12".into(), &[]).is_empty(), "a report that has none of it");
}

/// Runs `gouji review`.
fn run(path: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.arg("review").args(arguments).args(["--as", "甲", "--lang", "zh", "--reviews"]).arg(path);
    command.stdin(Stdio::null()).output().unwrap()
}

/// What it printed, and said.
fn ok(path: &Path, arguments: &[&str]) -> (String, String) {
    let output = run(path, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, error) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {error}");
    (out, error)
}

#[test]
fn places_and_versions_are_settled_by_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let (out, said) = ok(&path, &["place", "?新 县/教育局", "411523"]);
    let store = Store::read(&path).unwrap();
    let event = &store.events()[0];
    assert_eq!(out, format!("1 {}\n", event.uuid));
    assert_eq!(event.on.as_ref().unwrap().about.raw(), "?新县/教育局：归属 411523河南省信阳市新县");
    assert!(!said.contains("注意"), "{said}");
    let (_, said) = ok(&path, &["place", ID, "411523"]);
    assert!(said.contains("其中没有 411523") && said.contains("320106、320302、350102、410204"), "{said}");
    ok(&path, &["version", ID]);

    let (list, _) = ok(&path, &["list", "--format", "jsonl"]);
    let lines: Vec<serde_json::Value> =
        list.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |n: usize| {
        ["kind", "report", "value", "reviewer"].map(|name| lines[n][name].as_str().unwrap().to_owned())
    };
    assert_eq!(lines.len(), 3);
    assert_eq!(of(0), ["place", "?新县/教育局", "411523", "甲"]);
    assert_eq!(of(1), ["place", ID, "411523", "甲"]);
    assert_eq!(of(2), ["version", BASE, ID, "甲"]);
    assert_eq!(lines[0]["at"], event.at.as_str());
    assert_eq!(lines[0].as_object().unwrap().len(), 5);
    let (text, _) = ok(&path, &["list"]);
    assert!(text.starts_with("归属  ?新县/教育局  411523  甲 ") && text.contains("\n版本  "), "{text}");
    assert_eq!(ok(&path, &["place", "--list"]).0.lines().count(), 2);

    ok(&path, &["version", "--clear", BASE]);
    ok(&path, &["place", "?新县/教育局", "--clear"]);
    assert_eq!(ok(&path, &["list"]).0.lines().count(), 1);
    let (undone, _) = ok(&path, &["undo"]);
    assert!(undone.starts_with("归属  ?新县/教育局"), "{undone}");
    assert_eq!(ok(&path, &["list"]).0.lines().count(), 2);
    ok(&path, &["verify"]);
}

#[test]
fn commands_that_make_no_sense_settle_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let wrong: [&[&str]; 11] = [
        &["place"],
        &["place", "?新县/教育局"],
        &["place", "?新县/教育局", "41152"],
        &["place", "?新县/教育局", ""],
        // A province, and nothing at all.
        &["place", "?新县/教育局", "310000"],
        &["place", "?新县/教育局", "999999"],
        &["place", "新县教育局", "411523"],
        &["place", "?新县/教育局", "411523", "--clear"],
        &["version"],
        &["version", BASE],
        &["version", ID, "--clear", BASE],
    ];
    for arguments in wrong {
        let output = run(&path, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
        assert!(!path.exists(), "{arguments:?} made a store");
    }
}

#[test]
fn a_year_is_left_to_the_dates_however_its_versions_write_their_agency() {
    let folder = tempfile::tempdir().unwrap();
    let line = |agency: &str, received: u16| {
        format!(
            "{{\"schema\":\"gouji/report/1\",\"title\":\"{agency}2022年政府信息公开工作年度报告\",\
             \"agency\":\"{agency}\",\"county\":\"新县\",\"city\":\"信阳市\",\"year\":2022,\
             \"sections\":[{{\"number\":1,\"text\":\"收到{received}件。\"}}]}}\n"
        )
    };
    let lines = [line("新县教育局", 3), line("信阳市新县教育局", 4)].concat();
    fs::write(folder.path().join("a.jsonl"), lines).unwrap();
    let corpus = folder.path().to_str().unwrap();
    let gouji = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
        command.args(arguments).env("XDG_CACHE_HOME", folder.path().join("缓存")).stdin(Stdio::null());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let stands = || {
        let plain = gouji(&["--plain", corpus, "--lang", "zh"]);
        plain.lines().find(|line| line.contains("以此份代表该年度")).unwrap().to_owned()
    };
    let open = gouji(&["review", "--corpus", corpus, "list", "--open", "--format", "jsonl"]);
    let ids: std::collections::BTreeSet<String> = open
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| row["report"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    let by_date = stands();
    let mut chosen_ones = Vec::new();
    for (chosen, cleared) in [(0, 1), (1, 0), (0, 0), (1, 1)] {
        // First the other, then this one.
        for n in [1 - chosen, chosen] {
            let id = ids.iter().nth(n).unwrap();
            gouji(&["review", "--corpus", corpus, "--as", "甲", "version", id]);
            chosen_ones.push(stands());
        }
        let base = ids.iter().nth(cleared).unwrap().split('@').next().unwrap();
        gouji(&["review", "--corpus", corpus, "--as", "甲", "version", "--clear", base]);
        assert_eq!(stands(), by_date, "{chosen} {cleared}");
    }
    assert!(
        chosen_ones.contains(&by_date) && chosen_ones.iter().any(|one| *one != by_date),
        "{chosen_ones:?}"
    );
}

/// The same open report in two folders, of which nothing tells that it is one, beside another one and a settled one.
fn open_reports() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let line = |county: &str, year: u16| {
        format!(
            "{{\"schema\":\"gouji/report/1\",\"title\":\"{county}教育局{year}年政府信息公开工作年度报告\",\
             \"agency\":\"{county}教育局\",\"county\":\"{county}\",\"year\":{year},\
             \"sections\":[{{\"number\":1,\"text\":\"{county}{year}\"}}]}}\n"
        )
    };
    for (name, lines) in [
        ("x", [line("普陀区", 2022), line("普陀区", 2023)]),
        ("y", [line("普陀区", 2022), line("新县", 2023)]),
    ] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("a.jsonl"), lines.concat()).unwrap();
    }
    folder
}

#[test]
fn what_concerns_no_report_or_several_is_said() {
    let folder = open_reports();
    let corpus = folder.path().to_str().unwrap();
    let review = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
        command.arg("review").args(arguments).args(["--as", "甲", "--lang", "zh", "--corpus", corpus]);
        command.env("XDG_CACHE_HOME", folder.path().join("缓存")).stdin(Stdio::null());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        (text(output.stdout), text(output.stderr))
    };
    let (list, _) = review(&["place", "--list"]);
    assert!(list.contains("待定  ?普陀区/普陀区教育局  2022 2023（3 份）  310107 上海市普陀区"), "{list}");
    let (open, _) = review(&["list", "--open", "--format", "jsonl"]);
    let ids: std::collections::BTreeSet<String> = open
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["report"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(ids.iter().filter(|id| id.ends_with("~1") || id.ends_with("~2")).count(), 2, "{ids:?}");
    let of = |year: &str| {
        let id = ids.iter().find(|id| id.contains(year) && id.starts_with('?')).unwrap();
        id.split('~').next().unwrap()
    };
    let said = |arguments: &[&str]| review(arguments).1;
    assert!(said(&["place", "?普陀区/无此单位", "310107"]).contains("没有 ?普陀区/无此单位"));
    assert!(said(&["place", &format!("{}ff", of("2023")), "310107"]).contains("没有"));
    assert!(!said(&["place", of("2023"), "310107"]).contains("注意"), "one report");
    let of_both = said(&["place", of("2022"), "330903"]);
    assert!(of_both.contains("2 份年报内容相同"), "{of_both}");
    let placed = |year: &str| {
        let (list, _) = review(&["place", "--list"]);
        let of_report = list
            .lines()
            .filter(|line| line.starts_with("归属") && !line.contains("不起作用"))
            .find(|line| line.contains(&format!("/{year}@")));
        of_report.map(|line| line.split("  ").nth(2).unwrap().to_owned())
    };
    assert_eq!((placed("2022").as_deref(), placed("2023").as_deref()), (Some("330903"), Some("310107")));
    let (list, _) = review(&["place", "--list"]);
    assert_eq!(list.lines().filter(|line| line.contains("不起作用")).count(), 1, "{list}");
    assert!(
        list.lines().any(|line| line.contains(&format!("{}ff", of("2023"))) && line.contains("不起作用"))
    );
    // One that has its place by now is still meant by the identifier that it had, and by the one that it has.
    let now = |code: &str| of("2023").replacen("?普陀区", code, 1);
    let moved = said(&["place", &now("310107"), "330903"]);
    assert!(!moved.contains("注意"), "{moved}");
    assert_eq!(placed("2023").as_deref(), Some("330903"));
    assert!(!said(&["place", &now("330903"), "--clear"]).contains("注意"));
    assert_eq!(placed("2023"), None);
    review(&["place", of("2023"), "310107"]);
    assert!(!said(&["place", of("2023"), "--clear"]).contains("注意"));
    review(&["place", of("2022"), "--clear"]);
    assert!(said(&["place", &format!("{}~1", of("2022")), "330903"]).contains("2 份年报内容相同"));
    let settled = ids.iter().find(|id| id.starts_with("411523/")).unwrap();
    assert!(said(&["place", settled, "330903"]).contains("不是待定的"));
    assert!(said(&["version", of("2023")]).contains("不是所列年报"));
}
