//! Every rule fires where it should and stays silent where it should: one file of cases for each rule.
//!
//! `tests/fixtures/rules/<ID>.toml` holds cases. A case has one report or several (of other years, of other agencies);
//! the last one is looked at. A report is a consistent one of zeros with the cells and texts that are named, or a
//! document as text (`raw`).

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on shall fail")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::repository;
use gouji::corpus::{Choices, Range, Relatives, Reported, relative, settle};
use gouji::display::Lang;
use gouji::load::{Record, text};
use gouji::report::template::SECTIONS;
use gouji::report::{
    CellId, Figure, Number, Printed, Problem, ProblemCode, Report, Section, TableId, TemplateId, Unit,
};
use gouji::rules::{self, Finding, Quote, RULES, Rule, Settings};
use serde::Deserialize;

/// A file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    case: Vec<Case>,
}

/// A case of a rule.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it shows.
    name: String,
    /// Whether the rule must fire.
    fires: bool,
    /// How often, if not once.
    times: Option<usize>,
    /// The first cell of the finding.
    at: Option<String>,
    /// The exact characters that it quotes.
    quote: Option<String>,
    /// Its severity, if not the rule's.
    severity: Option<String>,
    /// What it says, in Chinese and in English.
    message: Option<String>,
    message_en: Option<String>,
    /// The line of the document that it points to.
    line: Option<u32>,
    /// A configuration.
    config: Option<String>,
    report: Vec<Given>,
}

/// A report of a case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    agency: Option<String>,
    county: Option<String>,
    title: Option<String>,
    year: Option<u16>,
    template: Option<String>,
    /// Cells and rows: a number, the digits of a number, or `blank`, `unreadable`, `absent`.
    #[serde(default)]
    cells: BTreeMap<String, toml::Value>,
    /// How cells are printed, where that matters.
    #[serde(default)]
    printed: BTreeMap<String, String>,
    /// Units of `fees` and `procurement`.
    #[serde(default)]
    units: BTreeMap<String, String>,
    /// Texts of sections, by number.
    #[serde(default)]
    text: BTreeMap<String, String>,
    /// What went wrong in reading it: places with codes of problems.
    #[serde(default)]
    problems: BTreeMap<String, String>,
    /// A document as text, instead of everything else.
    raw: Option<String>,
}

fn figure(value: &toml::Value) -> Figure {
    match value {
        toml::Value::Integer(n) => Figure::Number(Number::whole(*n)),
        toml::Value::String(word) => match word.as_str() {
            "blank" => Figure::Blank,
            "unreadable" => Figure::Unreadable,
            "absent" => Figure::Absent,
            digits => {
                Figure::Number(Number::parse(digits).unwrap_or_else(|| panic!("{digits} is no figure")))
            }
        },
        other => panic!("{other} is no figure"),
    }
}

fn set(report: &mut Report, name: &str, value: &toml::Value) {
    if let Some(cell) = CellId::parse(name) {
        report.figures.set(cell, figure(value));
        return;
    }
    // A row with all its cells, or a row or table in which every cell is the same.
    let in_place = |cell: &CellId| cell.name().starts_with(&format!("{name}."));
    let cells: Vec<CellId> = report.form().cells().filter(in_place).collect();
    assert!(!cells.is_empty(), "{name} is no cell, row or table of the form");
    for (i, cell) in cells.iter().enumerate() {
        let value = match value {
            toml::Value::Array(list) => {
                list.get(i).unwrap_or_else(|| panic!("{name} has {} cells", cells.len()))
            }
            same => same,
        };
        report.figures.set(*cell, figure(value));
    }
}

fn build(given: &Given) -> Report {
    if let Some(raw) = &given.raw {
        let record = Record { file: Path::new("a.txt"), bytes: raw.as_bytes(), offset: 0, line: 1 };
        return (text::TEXT.read)(&record).reports.into_iter().next().expect("a report").report;
    }
    let agency = given.agency.clone().unwrap_or_else(|| "新县教育局".to_owned());
    let year = given.year.unwrap_or(2024);
    let template = given.template.as_deref().map(|name| TemplateId::parse(name).expect("2019 or 2021"));
    let title = given.title.clone().unwrap_or_else(|| format!("{agency}{year}年政府信息公开工作年度报告"));
    let mut report = Report {
        title: title.as_str().into(),
        agency: agency.as_str().into(),
        county: match given.county.as_deref() {
            Some("") => None,
            Some(name) => Some(name.into()),
            None => Some("新县".into()),
        },
        year: (year > 0).then_some(year),
        template: template.or_else(|| TemplateId::for_year(year)),
        ..Report::default()
    };
    for cell in report.form().cells() {
        report.figures.set(cell, Figure::Number(Number::whole(0)));
    }
    for (name, value) in &given.cells {
        set(&mut report, name, value);
    }
    for (name, text) in &given.printed {
        let cell = CellId::parse(name).expect("a cell");
        report.printed.insert(cell, Printed { line: 1, text: text.as_str().into() });
    }
    let unit = |name: &str| given.units.get(name).map(|unit| Unit::parse(unit).expect("a unit"));
    report.fees_unit = unit("fees");
    report.procurement_unit = unit("procurement");
    for (at, code) in &given.problems {
        report.problems.push(problem(at, ProblemCode::parse(code)));
    }
    for (number, text) in &given.text {
        let number: u8 = number.parse().expect("the number of a section");
        let title = SECTIONS.iter().find(|s| s.number == number).map_or("", |s| s.label.official);
        let (title, text) = (title.into(), text.as_str().into());
        report.sections.push(Section { number, title, text, line: 1, text_line: 2 });
    }
    report
}

fn problem(at: &str, code: ProblemCode) -> Problem {
    Problem { code, at: at.into(), line: 0, detail: "3 4".into() }
}

/// What is found in the last report of a case, by itself and beside the others.
fn findings(case: &Case) -> Vec<Finding> {
    findings_with(case, &[])
}

/// The same with more problems in reading the reports.
fn findings_with(case: &Case, problems: &[Problem]) -> Vec<Finding> {
    let settings = case.config.as_deref().map_or_else(Settings::default, |c| Settings::parse(c).unwrap());
    // Every document is put where it is from when it is read.
    let put = |given: &Given| {
        let mut report = build(given);
        settle(&mut report, &Choices::default());
        report
    };
    let mut reports: Vec<Report> = case.report.iter().map(put).collect();
    for report in &mut reports {
        report.problems.extend_from_slice(problems);
    }
    let mut relatives = Relatives::default();
    for report in &reports {
        let relative = relative(Path::new("x"), report, &rules::judged(report), &settings);
        relatives.add(&relative, Path::new("x"), Range::default(), &[]);
    }
    let last = reports.len() - 1;
    let mut findings = rules::check(&reports[last], &settings);
    let numbered = |reported: Reported<'_>, found: Vec<Finding>| (reported.document, found);
    let compared = relatives.each(&relatives.resolve(), &settings, &numbered, &mut |(report, found)| {
        if report as usize == last {
            findings.extend(found);
        }
        Ok::<_, ()>(())
    });
    assert_eq!(compared, Ok(()));
    findings
}

fn check(rule: &Rule, case: &Case) {
    let about = format!("{}: {}", rule.id, case.name);
    let all = findings(case);
    let found: Vec<&Finding> = all.iter().filter(|f| f.rule.id == rule.id).collect();
    let times = if case.fires { case.times.unwrap_or(1) } else { 0 };
    let messages: Vec<String> =
        all.iter().map(|f| format!("{} {}", f.rule.id, f.message(Lang::Zh))).collect();
    assert_eq!(found.len(), times, "{about}\n{messages:#?}");
    let Some(finding) = found.first() else { return };
    let severity = case.severity.as_deref().unwrap_or(rule.severity.name());
    assert_eq!(finding.severity.name(), severity, "{about}");
    if let Some(at) = &case.at {
        assert_eq!(finding.cells().first().map(|cell| cell.name()), Some(at.as_str()), "{about}");
    }
    if let Some(line) = case.line {
        assert_eq!(finding.line, Some(line), "{about}");
    }
    if let Some(words) = &case.quote {
        let quote = finding.observation().and_then(|seen| seen.quote.as_ref());
        assert_eq!(quote.map(|q: &Quote| q.text.raw()), Some(words.as_str()), "{about}");
    }
    if let Some(message) = &case.message {
        assert_eq!(&finding.message(Lang::Zh), message, "{about}");
    }
    if let Some(message) = &case.message_en {
        assert_eq!(&finding.message(Lang::En), message, "{about}");
    }
}

fn fixture(rule: &Rule) -> Fixture {
    let path = repository(&format!("tests/fixtures/rules/{}.toml", rule.id));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn every_rule_fires_and_stays_silent() {
    let mut missing = Vec::new();
    for rule in RULES.iter() {
        if !repository(&format!("tests/fixtures/rules/{}.toml", rule.id)).exists() {
            missing.push(rule.id);
            continue;
        }
        let fixture = fixture(rule);
        for fires in [true, false] {
            assert!(
                fixture.case.iter().any(|case| case.fires == fires),
                "{} lacks a case: fires = {fires}",
                rule.id
            );
        }
        for case in &fixture.case {
            check(rule, case);
        }
    }
    assert!(missing.is_empty(), "rules without cases: {missing:?}");
}

#[test]
fn the_example_of_a_rule_is_what_it_says() {
    for rule in RULES.iter() {
        let said: Vec<(String, String)> = fixture(rule)
            .case
            .iter()
            .filter(|case| case.fires)
            .flat_map(findings)
            .filter(|f| f.rule.id == rule.id)
            .map(|f| (f.message(Lang::Zh), f.message(Lang::En)))
            .collect();
        let example = (rule.example.zh.to_owned(), rule.example.en.to_owned());
        assert!(said.contains(&example), "{}: {example:?} is none of\n{said:#?}", rule.id);
    }
}

/// Rules that say what is printed of a row, or rest on sums that speak for the places of its figures themselves.
const OF_DOUBTFUL_ROWS: &[&str] = &["F3", "F4", "F7", "P1", "T3.1", "T3.2", "T3.3", "T3.6", "T4.1", "T4.2"];

#[test]
fn no_rule_blames_an_agency_for_a_row_that_was_placed_with_doubt() {
    let mut tried = 0;
    for rule in RULES.iter().filter(|rule| !OF_DOUBTFUL_ROWS.contains(&rule.id)) {
        for case in fixture(rule).case.iter().filter(|case| case.fires) {
            let found = findings(case).into_iter().find(|f| f.rule.id == rule.id).unwrap();
            let Some(cell) = found.cells().first().copied() else { continue };
            let row = cell.name().rsplit_once('.').unwrap().0;
            let now = findings_with(case, &[problem(row, ProblemCode::UncertainRow)]);
            let is_same = |f: &Finding| f.rule.id == rule.id && f.cells().first() == Some(&cell);
            assert!(!now.iter().any(is_same), "{} {}: {row} is in doubt", rule.id, case.name);
            assert!(now.iter().any(|f| f.rule.id == "P1"), "{} {}", rule.id, case.name);
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn no_rule_takes_a_cell_for_blank_or_missing_where_digits_are_left_over() {
    let mut tried = 0;
    for rule in RULES.iter().filter(|rule| !matches!(rule.id, "F4" | "P1")) {
        for case in fixture(rule).case.iter().filter(|case| case.fires) {
            let blamed = |findings: &[Finding]| {
                let last = build(case.report.last().unwrap());
                let is_read = |cell: &CellId| last.figures.get(*cell).number().is_some();
                let is_number = |cell: &CellId| is_read(cell) || !last.form().has(*cell);
                let of_rule = findings.iter().filter(|f| f.rule.id == rule.id);
                of_rule.filter(|f| f.rule.id == "F2" || !f.cells().iter().all(is_number)).count()
            };
            let strays: Vec<Problem> =
                TableId::ALL.iter().map(|table| problem(table.name(), ProblemCode::UnknownRow)).collect();
            tried += blamed(&findings(case));
            assert_eq!(blamed(&findings_with(case, &strays)), 0, "{} {}", rule.id, case.name);
        }
    }
    assert!(tried > 10, "{tried}");
}

#[test]
fn no_file_of_cases_is_for_a_rule_that_does_not_exist() {
    for entry in std::fs::read_dir(repository("tests/fixtures/rules")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(Rule::find(name.trim_end_matches(".toml")).is_some(), "{name}");
    }
}

#[test]
fn a_report_of_zeros_has_no_findings() {
    for year in [2019, 2020, 2021, 2024] {
        let given = Given {
            agency: None,
            county: None,
            title: None,
            year: Some(year),
            template: None,
            cells: BTreeMap::new(),
            printed: BTreeMap::new(),
            units: BTreeMap::new(),
            text: BTreeMap::new(),
            problems: BTreeMap::new(),
            raw: None,
        };
        let report = build(&given);
        assert!(TableId::ALL.iter().all(|table| report.figures.has_table(*table)));
        let found = rules::check(&report, &Settings::default());
        assert!(found.is_empty(), "{year}: {found:#?}");
    }
}
