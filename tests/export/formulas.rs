//! No text of a report and no note is run by a program for sheets.

use std::path::Path;

use calamine::{Data, Reader as _};
use gouji::review::{Decision, FindingKey, Judged, Location, Step, Store, Subject};

use super::{csv, json, put, run, sample, text, workbook};

/// What spreadsheets have been seen to run, and what only looks like it.
const PAYLOADS: [&str; 24] = [
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1+1",
    "＠SUM(1)",
    "=HYPERLINK(\"http://x.invalid\",\"a\")",
    "=IMPORTXML(\"http://x.invalid\",\"//a\")",
    "'=1+1",
    "\"=1+1",
    ";=1+1",
    ",=1+1",
    "\u{feff}=1+1",
    " =1+1",
    "=1+1\";=1+1",
    "%0A=1+1",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "-12",
    "+86-0000",
];

/// What a cell must not begin with if it is text.
const SIGNS: [char; 13] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', ' ', '\u{feff}'];

/// A corpus whose agencies, titles and sentences are formulas, each with something found in it.
fn corpus(folder: &Path) {
    for (i, payload) in PAYLOADS.iter().enumerate() {
        let report = sample("xinxian-2024.json", |report| {
            report["agency"] = (*payload).into();
            report["title"] = (*payload).into();
            report["year"] = (2021 + i % 3).into();
            report["sections"][0]["text"] = (*payload).into();
            report["requests"]["received"][6] = (40 + i).into();
        });
        put(folder, &format!("{i:02}.json"), &report);
    }
}

fn assert_inert(rows: &[Vec<String>], what: &str) {
    let width = rows[0].len();
    for row in rows {
        assert_eq!(row.len(), width, "{what}: a row is broken: {row:?}");
        for field in row.iter().filter(|field| field.parse::<f64>().is_err()) {
            assert!(!field.starts_with(SIGNS), "{what}: {field:?}");
        }
    }
}

#[test]
fn formulas_are_text_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let (reports, store) = (folder.path().join("corpus"), folder.path().join("r.db"));
    corpus(&reports);
    let path = |name: &str| folder.path().join(name);
    run(&["export", text(&reports), "--ledger", "-o", text(&path("first.json"))]);
    let first = json(&path("first.json"));
    let agencies: std::collections::BTreeSet<&str> =
        first.iter().map(|row| row["agency"].as_str().unwrap()).collect();
    assert!(agencies.len() >= 20, "the agencies are as they were written: {agencies:?}");
    let decisions = Store::open(&Location { path: store.clone(), notice: None }, "=甲").unwrap();
    for (row, payload) in first.iter().zip(PAYLOADS.iter().cycle()) {
        let finding = &row["findings"][0];
        let part = |name: &str| finding[name].as_str().unwrap();
        let key = FindingKey {
            report: part("report").into(),
            rule: part("rule").into(),
            place: part("place").into(),
        };
        let on = Subject { key, judged: Judged(part("figures").into()), about: (*payload).into() };
        let step = Step::decide(vec![on], Decision::Confirmed).unwrap().because(payload).note(payload);
        decisions.record(&step).unwrap();
    }
    drop(decisions);
    let list = [
        "--ledger",
        "--status",
        "all",
        "--due",
        "=1+1",
        "--responsible",
        "@SUM(1)",
        "--reviews",
        text(&store),
    ];
    for name in ["l.csv", "l.xlsx", "l.md"] {
        run(&[&["export", text(&reports), "-o", text(&path(name))], &list[..]].concat());
    }
    for (format, name) in [("csv", "c.csv"), ("xlsx", "c.xlsx"), ("md", "c.md"), ("tsv", "c.tsv")] {
        run(&["check", text(&reports), "--format", format, "-o", text(&path(name))]);
    }
    run(&["export", text(&reports), "-o", text(&path("t.csv"))]);
    run(&["export", text(&reports), "--wide", "-o", text(&path("w.csv"))]);
    run(&["export", text(&reports), "--wide", "-o", text(&path("w.xlsx"))]);

    for name in ["l.csv", "c.csv", "t.csv", "w.csv"] {
        assert_inert(&csv(&path(name)), name);
    }
    let listed = csv(&path("l.csv"));
    assert_eq!(listed.len(), first.len() + 1);
    let notes: Vec<&String> = listed.iter().skip(1).map(|row| &row[12]).collect();
    assert!(
        notes.iter().any(|note| note.starts_with("'=HYPERLINK(\"http://x.invalid\",\"a\")")),
        "{notes:?}"
    );
    assert!(notes.iter().any(|note| note.starts_with("'-12")), "a note is text, whatever it looks like");
    let tsv = std::fs::read_to_string(path("c.tsv")).unwrap();
    let tsv: Vec<Vec<String>> =
        tsv.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    assert!(!tsv.is_empty());
    assert_inert(&tsv, "c.tsv");
    for name in ["l.xlsx", "c.xlsx", "w.xlsx"] {
        assert_no_formula(&path(name));
    }
    for name in ["l.md", "c.md"] {
        assert_rows_whole(&path(name));
    }
}

/// A workbook has no formula, and its text is text.
fn assert_no_formula(path: &Path) {
    let name = path.display();
    let mut book = workbook(path);
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).unwrap();
        assert_eq!(formulas.rows().flatten().find(|formula| !formula.is_empty()), None, "{name}");
        let range = book.worksheet_range(&sheet).unwrap();
        let found = range.rows().flatten().filter(|cell| match cell {
            Data::String(text) => text.contains("x.invalid"),
            Data::Empty | Data::Float(_) => false,
            other => panic!("{name}: {other:?}"),
        });
        assert!(found.count() > 0, "{name} holds what was written");
    }
}

/// Every row of a Markdown table has as many cells as its head.
fn assert_rows_whole(path: &Path) {
    let name = path.display();
    let table = std::fs::read_to_string(path).unwrap();
    let bars: Vec<usize> = table
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(|line| line.matches('|').count() - line.matches("\\|").count())
        .collect();
    assert!(bars.len() > 20 && bars.iter().all(|n| *n == bars[0]), "{name}: a row is broken: {bars:?}");
}
