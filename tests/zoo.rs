//! Three made-up reports as many programs write them, against what the reports say: a cell is right or said to be in
//! doubt, never another figure and never blank without a word.
//!
//! `tests/zoo/make.py` makes the files and the truth; nothing here is compared with an earlier answer of gouji.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;

use common::repository;
use serde_json::Value;

/// The programs, and how many cells of their files are right at least. A file of the form of 2021 has 200 cells, one of
/// 2019 has 198. Raise a number when the reader gets better; it must not fall.
const LEAST: &[(&str, usize)] = &[
    ("bs4", 1678),
    ("bs4-lines", 1506),
    ("bs4-lines-strip", 1506),
    ("bs4-space", 1678),
    ("bs4-space-strip", 1506),
    ("calc-xlsx-to-csv", 598),
    ("calc-xlsx-to-html", 598),
    ("calc-xlsx-to-ods", 200),
    ("calc-xlsx-to-pdf", 598),
    ("calc-xlsx-to-pdf-mutool", 116),
    ("calc-xlsx-to-pdf-pdftotext", 305),
    ("calc-xlsx-to-pdf-pdftotext-layout", 502),
    ("calc-xlsx-to-xls", 598),
    ("chromium", 200),
    ("chromium-mutool", 460),
    ("chromium-pdftotext", 110),
    ("chromium-pdftotext-layout", 495),
    ("html2text", 1764),
    ("html2text-wrapped", 1764),
    ("inscriptis", 1506),
    ("lynx", 1506),
    ("lynx-80", 1506),
    ("markdownify", 1794),
    ("openpyxl", 598),
    ("openpyxl-wide", 598),
    ("page", 1794),
    ("python-docx", 598),
    ("trafilatura-1.12", 1592),
    ("trafilatura-1.6", 1506),
    ("trafilatura-2", 1794),
    ("trafilatura-2-markdown", 1794),
    ("w3m", 1794),
    ("w3m-80", 1794),
    ("wkhtmltopdf", 598),
    ("wkhtmltopdf-mutool", 460),
    ("wkhtmltopdf-pdftotext", 110),
    ("wkhtmltopdf-pdftotext-layout", 502),
    ("writer-docx-to-doc", 598),
    ("writer-docx-to-html", 598),
    ("writer-docx-to-odt", 200),
    ("writer-docx-to-pdf", 598),
    ("writer-docx-to-pdf-mutool", 502),
    ("writer-docx-to-pdf-pdftotext", 46),
    ("writer-docx-to-pdf-pdftotext-layout", 495),
    ("writer-docx-to-rtf", 200),
    ("writer-docx-to-txt", 588),
    ("writer-html-to-docx", 598),
    ("writer-html-to-odt", 198),
];

/// Programs whose output has the title and every sentence behind the tables, where nothing looks for them.
const AGENCY_UNKNOWN: &[&str] = &["calc-xlsx-to-pdf-mutool"];

const TABLES: [(&str, usize); 3] =
    [("proactive_disclosure", 0), ("requests", 7), ("reconsideration_and_litigation", 5)];

/// A file of the zoo, as `program/report-hand.ext`.
type Name = String;

/// What was read from every file: `None` where it was refused, with a reason.
static READ: LazyLock<BTreeMap<Name, Option<Value>>> = LazyLock::new(|| {
    let made = repository("tests/zoo/made");
    let mut read = BTreeMap::new();
    for folder in std::fs::read_dir(&made).unwrap() {
        let folder = folder.unwrap().path();
        for file in std::fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            read.insert(file.strip_prefix(&made).unwrap().to_str().unwrap().to_owned(), None);
        }
    }
    let parsed = Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(["parse", "--lang", "en"])
        .arg(&made)
        .current_dir(repository(""))
        .output()
        .unwrap();
    for line in String::from_utf8(parsed.stdout).unwrap().lines() {
        let report: Value = serde_json::from_str(line).unwrap();
        let file = report["source"]["file"].as_str().unwrap();
        let name = file.split_once("tests/zoo/made/").unwrap().1.to_owned();
        let slot = read.get_mut(&name).unwrap_or_else(|| panic!("a report from within {name}"));
        assert!(slot.replace(report).is_none(), "{name} gave two reports");
    }
    let said = String::from_utf8(parsed.stderr).unwrap();
    for (name, report) in &read {
        assert!(
            report.is_some() || said.contains(name.as_str()),
            "{name}: no report, and no word of it\n{said}"
        );
    }
    read
});

/// What the report says of which a file was made.
fn truth(name: &str) -> &'static Value {
    static TRUTHS: LazyLock<BTreeMap<&str, Value>> = LazyLock::new(|| {
        let read = |key: &'static str| {
            let text = std::fs::read_to_string(repository(&format!("tests/zoo/truth/{key}.json"))).unwrap();
            (key, serde_json::from_str(&text).unwrap())
        };
        ["full2021", "blank2021", "full2019"].map(read).into()
    });
    let (_, file) = name.split_once('/').unwrap();
    let key = file.split(['.', '-']).next().unwrap();
    TRUTHS.get(key).unwrap_or_else(|| panic!("{name} belongs to no report"))
}

/// The cells of a report: table, row, column, and the figure; `Null` is blank.
fn cells(report: &Value) -> BTreeMap<(&'static str, String, String), Value> {
    let mut cells = BTreeMap::new();
    for (table, columns) in TABLES {
        let Some(rows) = report[table].as_object() else { continue };
        for (row, figures) in rows {
            if columns == 0 {
                let Some((row, column)) = row.split_once('.') else { continue };
                cells.insert((table, row.to_owned(), column.to_owned()), figures.clone());
            } else {
                for column in 0..columns {
                    let figure = figures.get(column).cloned().unwrap_or(Value::Null);
                    cells.insert((table, row.clone(), column.to_string()), figure);
                }
            }
        }
    }
    cells
}

/// Cells of a file by what was made of them.
#[derive(Debug, Default)]
struct Score {
    right: usize,
    said: usize,
    wrong: Vec<String>,
    silent: Vec<String>,
}

fn score(name: &str, report: &Value) -> Score {
    let truth = truth(name);
    let read = cells(report);
    let problems: Vec<&str> =
        report["problems"].as_array().into_iter().flatten().filter_map(|p| p["where"].as_str()).collect();
    let mut score = Score::default();
    for ((table, row, column), printed) in cells(truth) {
        let line = format!("{table}.{row}");
        let is_said = problems.iter().any(|place| {
            *place == table || *place == line || place.strip_prefix(&line).is_some_and(|r| r.starts_with('.'))
        });
        let figure = read.get(&(table, row, column.clone()));
        let is_right =
            figure.is_some_and(|f| f.as_f64() == printed.as_f64() && f.is_null() == printed.is_null());
        let what = format!("{name}: {line}[{column}] {figure:?}, printed {printed}");
        match figure {
            _ if is_right => score.right += 1,
            Some(other) if !other.is_null() => score.wrong.push(what),
            _ if is_said => score.said += 1,
            _ => score.silent.push(what),
        }
    }
    // Rows that the report does not have.
    let others = read.iter().filter(|(cell, figure)| !figure.is_null() && !cells(truth).contains_key(*cell));
    score.wrong.extend(others.map(|(cell, figure)| format!("{name}: {cell:?} {figure}, not in the report")));
    score
}

#[test]
fn no_cell_is_wrong_and_none_is_left_out_in_silence() {
    let mut faults = Vec::new();
    let mut cells = 0;
    for (name, report) in READ.iter() {
        let Some(report) = report else { continue };
        let score = score(name, report);
        cells += score.right + score.said;
        faults.extend(score.wrong);
        faults.extend(score.silent);
    }
    assert!(faults.is_empty(), "{} cells wrong or silent:\n{}", faults.len(), faults.join("\n"));
    assert!(cells > 40_000, "only {cells} cells were compared");
}

#[test]
fn of_each_program_at_least_so_many_cells_are_right() {
    let mut right: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, report) in READ.iter() {
        let (program, _) = name.split_once('/').unwrap();
        *right.entry(program).or_default() += report.as_ref().map_or(0, |r| score(name, r).right);
    }
    for (program, cells) in &right {
        println!("    (\"{program}\", {cells}),");
    }
    let programs: BTreeSet<&str> = LEAST.iter().map(|(program, _)| *program).collect();
    assert_eq!(programs, right.keys().copied().collect::<BTreeSet<_>>(), "programs and their folders");
    let fewer: Vec<_> = LEAST.iter().filter(|(program, least)| right[program] < *least).collect();
    assert!(fewer.is_empty(), "fewer cells right than {fewer:?}: {right:#?}");
}

#[test]
fn title_agency_year_and_form_are_those_of_the_report() {
    let mut faults = Vec::new();
    let mut unknown = BTreeSet::new();
    for (name, report) in READ.iter() {
        let Some(report) = report else { continue };
        let truth = truth(name);
        let (program, _) = name.split_once('/').unwrap();
        let (title, agency) = (report["title"].as_str().unwrap(), report["agency"].as_str().unwrap());
        let is_hidden = AGENCY_UNKNOWN.contains(&program);
        if agency.is_empty() {
            unknown.insert(program);
        }
        let is_agency = truth["agency"] == agency || agency.is_empty() && is_hidden;
        let is_title = truth["title"] == title || title.is_empty();
        let is_year = report["year"] == truth["year"] || report["year"].is_null() && is_hidden;
        if !is_agency || !is_title || !is_year || report["template"] != truth["template"] {
            faults.push(format!("{name}: {title:?} {agency:?} {} {}", report["year"], report["template"]));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let known: Vec<_> = AGENCY_UNKNOWN.iter().filter(|program| !unknown.contains(*program)).collect();
    assert!(known.is_empty(), "the agency is known: strike out {known:?}");
}

#[test]
fn the_reports_cannot_be_taken_for_real_ones_and_say_what_they_should() {
    for name in READ.keys() {
        let truth = truth(name);
        assert_eq!(truth["synthetic"], true);
        let count = cells(truth).len();
        assert_eq!(count, if truth["template"] == "2021" { 200 } else { 198 }, "{name}");
    }
    for (name, report) in READ.iter().filter_map(|(name, report)| Some((name, report.as_ref()?))) {
        let text: String = report["sections"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|section| section["text"].as_str())
            .flat_map(str::chars)
            .filter(|c| !c.is_whitespace())
            .collect();
        assert!(text.contains("合成数据"), "{name} does not say that it is made up: {text}");
    }
}
