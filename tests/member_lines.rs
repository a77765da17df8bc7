//! The lines of a parsed report that findings name: in each stands what the finding speaks of.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::path::Path;

use common::repository;
use gouji::load::{Reading, Record, files, json};
use gouji::report::{CellId, Figure, Number, Report, Section, TableId};
use proptest::prelude::*;
use serde_json::Value;

fn read(bytes: &[u8]) -> Reading {
    (json::DOCUMENT.read)(&Record { file: Path::new("x.json"), bytes, offset: 0, line: 1 })
}

/// Checks the line of everything that the bytes of one report have, and says of how much.
fn check(bytes: &[u8], report: &Report) -> usize {
    let lines: Vec<&str> = std::str::from_utf8(bytes).unwrap().split('\n').collect();
    let found = json::member_lines(bytes);
    let line = |number: Option<u32>, what: &str| {
        let number = number.unwrap_or_else(|| panic!("{what} stands somewhere"));
        lines.get(number as usize).copied().unwrap_or_else(|| panic!("{what}: line {number} is none"))
    };
    let mut checked = 0;
    for cell in CellId::all() {
        match report.figures.get(cell) {
            Figure::Number(number) => {
                assert!(line(found.cell(cell), cell.name()).contains(&number.to_string()), "{cell}");
                checked += 1;
            }
            Figure::Blank | Figure::Unreadable => {
                assert!(line(found.cell(cell), cell.name()).contains("null"), "{cell}");
                checked += 1;
            }
            Figure::Absent if lines.len() == 1 => assert_eq!(found.cell(cell), Some(0)),
            Figure::Absent => {}
        }
    }
    for (index, section) in report.sections.iter().enumerate() {
        let text = serde_json::to_string(section.text.raw()).unwrap();
        let line = line(found.section(index), "a section");
        assert!(line.contains(&text), "section {index}: {line}");
        checked += 1;
    }
    checked
}

#[test]
fn the_samples_have_everything_in_its_line_whatever_way_they_are_printed() {
    let mut files = 0;
    for entry in std::fs::read_dir(repository("sample-data/parsed")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let report = read(text.as_bytes()).reports.remove(0).report;
        assert!(check(text.trim_end().as_bytes(), &report) > 180);
        let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&text).unwrap()).unwrap();
        assert!(pretty.lines().count() > 300);
        assert!(check(pretty.as_bytes(), &report) > 180);
        assert!(check(format!("\u{feff}{}", pretty.replace('\n', "\r\n")).as_bytes(), &report) > 180);
        // Rows on lines of their own, as a person would write them.
        let laid_out: Vec<String> = json::pretty(text.as_bytes()).into_iter().map(|line| line.text).collect();
        assert!(check(laid_out.join("\n").as_bytes(), &report) > 180);
        files += 1;
    }
    assert_eq!(files, 5);
}

#[test]
fn the_lines_of_a_report_in_an_array_are_counted_from_its_own_first() {
    let [one, two] = ["xinxian-2019", "xinxian-2024"]
        .map(|name| std::fs::read_to_string(repository(&format!("sample-data/parsed/{name}.json"))).unwrap());
    let [one, two]: [Value; 2] = [one, two].map(|text| serde_json::from_str(&text).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    std::fs::write(&path, serde_json::to_string_pretty(&[one, two]).unwrap()).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let reports = read(&whole).reports;
    assert_eq!(reports.len(), 2);
    for located in reports {
        let bytes = files::raw_bytes(&path, located.offset, located.length).unwrap();
        assert!(check(&bytes, &located.report) > 180);
        let cell = CellId::parse("requests.received.natural").unwrap();
        let line = located.line + json::member_lines(&bytes).cell(cell).unwrap();
        let line = std::str::from_utf8(&whole).unwrap().lines().nth(line as usize - 1).unwrap();
        let figure = located.report.figures.get(cell).number().unwrap().to_string();
        assert_eq!(line.trim().trim_end_matches(','), figure);
    }
}

prop_compose! {
    /// Reports in which no two figures are alike.
    fn any_report()(
        kinds in prop::collection::vec(0_u8..8, gouji::report::CELL_COUNT),
        tables in prop::collection::vec(any::<bool>(), 3),
        texts in prop::collection::vec(".{0,20}", 0..5),
    ) -> Report {
        let mut report = Report { title: "x".into(), year: Some(2024), ..Report::default() };
        for cell in CellId::all().filter(|cell| tables[usize::from(cell.table().number() - 2)]) {
            let number = 700_000 + i64::try_from(cell.index()).unwrap();
            report.figures.set(cell, match kinds[cell.index()] {
                0 => Figure::Absent,
                1 => Figure::Blank,
                2 => Figure::Unreadable,
                3 if cell.table() == TableId::Disclosure => {
                    Figure::Number(Number::parse(&format!("{number}.5")).unwrap())
                }
                _ => Figure::Number(Number::whole(number)),
            });
        }
        for text in texts {
            report.sections.push(Section { number: 1, title: "t".into(), text: text.into(), line: 0, text_line: 0 });
        }
        report
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_found_in_its_line_is_the_figure_itself(report in any_report()) {
        let value: Value = serde_json::from_str(&json::to_line(&report)).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        check(pretty.as_bytes(), &report);
        let found = json::member_lines(pretty.as_bytes());
        for cell in CellId::all() {
            let line = found.cell(cell).and_then(|line| pretty.lines().nth(line as usize));
            if let Figure::Number(number) = report.figures.get(cell) {
                let value = line.unwrap().trim().trim_end_matches(',').rsplit(' ').next();
                prop_assert_eq!(value.unwrap(), number.to_string(), "{}", cell);
            }
            if !report.figures.has_table(cell.table()) {
                prop_assert_eq!(line, None, "{}", cell);
            }
        }
        prop_assert_eq!(found.section(report.sections.len()), None);
    }
}
