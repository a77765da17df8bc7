//! The parsed report in JSON: what is written reads back as the same report; what departs from the schema is said.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::path::Path;

use common::{repository, shared};
use gouji::display::Untrusted;
use gouji::load::{Reading, Record, json, text};
use gouji::report::{
    CellId, Figure, Number, Printed, Problem, ProblemCode, Report, Section, Source, TableId, TemplateId, Unit,
};
use proptest::prelude::*;

fn read(text: &str) -> Reading {
    (json::DOCUMENT.read)(&Record { file: Path::new("x.json"), bytes: text.as_bytes(), offset: 0, line: 1 })
}

#[test]
fn the_samples_come_back_as_they_were_parsed() {
    for entry in std::fs::read_dir(repository("sample-data/reports")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let record = Record { file: &path, bytes: &bytes, offset: 0, line: 1 };
        let report = (text::TEXT.read)(&record).reports.remove(0).report;
        let line = json::to_line(&report);
        assert!(!line.contains('\n'));
        let again = read(&line).reports.remove(0).report;
        assert_eq!(again, report, "{}", path.display());
    }
}

#[test]
fn the_shipped_parsed_samples_say_what_the_texts_say() {
    let mut found = 0;
    for entry in std::fs::read_dir(repository("sample-data/parsed")).unwrap() {
        let parsed = read(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).reports.remove(0).report;
        let source = repository(parsed.source.file.raw());
        let bytes = std::fs::read(&source).unwrap();
        let record = Record { file: Path::new(parsed.source.file.raw()), bytes: &bytes, offset: 0, line: 1 };
        assert_eq!(parsed, (text::TEXT.read)(&record).reports.remove(0).report);
        found += 1;
    }
    assert_eq!(found, 5);
}

#[test]
fn the_verified_reports_load_with_their_extra_members_named() {
    let Some(folder) = shared("truth") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let report = read(&text).reports.remove(0).report;
        assert!(report.figures.has_table(TableId::Remedies));
        let unknown: Vec<&str> = report.problems.iter().map(|p| p.at.raw()).collect();
        assert!(unknown.contains(&"narrative_numbers") && unknown.contains(&"notes"), "{unknown:?}");
        for problem in &report.problems {
            assert_eq!(problem.code, ProblemCode::UnknownField);
            let line = text.lines().nth(problem.line as usize - 1).unwrap();
            assert!(line.contains(problem.at.raw()), "{problem:?} is not on {line}");
        }
    }
}

/// A report around some members, three lines down.
fn with(members: &str) -> String {
    format!("{{\n\"title\": \"甲县2024年政府信息公开工作年度报告\",\n\"year\": 2024,\n{members}\n}}")
}

#[test]
fn departures_from_the_schema_are_named_with_their_line() {
    // (members, code, where, line, a cell that must be unreadable)
    let cases: &[(&str, &str, &str, u32, &str)] = &[
        ("\"colour\": 3", "unknown-field", "colour", 4, ""),
        ("\"agency\": 3", "wrong-type", "agency", 4, ""),
        ("\"template\": \"2020\"", "wrong-type", "template", 4, ""),
        ("\"requests\": {\n\"receivd\": [0,0,0,0,0,0,0]}", "unknown-field", "requests.receivd", 5, ""),
        (
            "\"requests\": {\"received\":\n[0,0,0,0,0,0]}",
            "wrong-type",
            "requests.received",
            5,
            "requests.received.natural",
        ),
        (
            "\"requests\": {\"received\": [0,0,\n\"3\",0,0,0,0]}",
            "wrong-type",
            "requests.received.research",
            5,
            "requests.received.research",
        ),
        (
            "\"requests\": {\"received\": [0,0,0,1e3,0,0,0]}",
            "not-a-number",
            "requests.received.welfare",
            4,
            "requests.received.welfare",
        ),
        (
            "\"requests\": {\"received\": [18446744073709551616,0,0,0,0,0,0]}",
            "not-a-number",
            "requests.received.natural",
            4,
            "requests.received.natural",
        ),
        (
            "\"requests\": {\"total\": [1,0,0,0,0,0,1],\n\"total\": [2,0,0,0,0,0,2]}",
            "duplicate-key",
            "requests.total",
            5,
            "requests.total.total",
        ),
        (
            "\"proactive_disclosure\": {\"normative.issued\": 1,\n\"normative.issued\": 2}",
            "duplicate-key",
            "proactive_disclosure.normative.issued",
            5,
            "proactive_disclosure.normative.issued",
        ),
        ("\"year\": 2023", "duplicate-key", "year", 4, ""),
        ("\"cells\": {\"requests.nobody\": {}}", "unknown-field", "cells.requests.nobody", 4, ""),
    ];
    for (members, code, at, line, cell) in cases {
        let reading = read(&with(members));
        let report = &reading.reports[0].report;
        let found: Vec<_> = report.problems.iter().map(|p| (p.code.name(), p.at.raw(), p.line)).collect();
        assert_eq!(found, [(*code, *at, *line)], "{members}");
        assert_eq!(report.year, Some(2024), "the first year stands");
        if let Some(cell) = CellId::parse(cell) {
            assert_eq!(report.figures.get(cell), Figure::Unreadable, "{members}");
        }
    }
}

#[test]
fn what_is_no_report_is_refused_with_a_reason() {
    for (text, code, line) in [
        ("{\"a\": 1}", "not-a-report", 1),
        ("[1]", "not-a-report", 1),
        ("{\n\"year\": 2024,\n}", "not-json", 3),
        ("{} {}", "not-json", 1),
        ("nonsense", "not-json", 1),
        ("{\"schema\": \"other/1\", \"requests\": {}}", "not-a-report", 1),
    ] {
        let reading = read(text);
        assert!(reading.reports.is_empty(), "{text}");
        let found: Vec<_> = reading.problems.iter().map(|p| (p.code.name(), p.line)).collect();
        assert_eq!(found, [(code, line)], "{text}");
    }
    let labels = read("{\"schema\": \"gouji/label/1\", \"id\": \"x\"}");
    assert!(labels.problems.is_empty() && labels.not_a_report.is_some());
}

#[test]
fn an_array_holds_several_reports_each_with_its_bytes() {
    let one = with("\"requests\": {}");
    let text = format!("[\n{one},\n{{\"a\": 1}},\n{one}]");
    let reading = read(&text);
    assert_eq!((reading.reports.len(), reading.problems.len()), (2, 1), "the bad element costs itself alone");
    for located in &reading.reports {
        let range = located.offset as usize..(located.offset + located.length) as usize;
        assert_eq!(&text[range], one);
    }
    assert_eq!(reading.reports[1].line, 8);
}

#[test]
fn money_keeps_its_printed_digits() {
    let text =
        with("\"proactive_disclosure\": {\"procurement.amount\": 14.2400, \"procurement.unit\": \"万元\"}");
    let report = read(&text).reports.remove(0).report;
    let cell = CellId::parse("proactive_disclosure.procurement.amount").unwrap();
    assert_eq!(report.figures.get(cell).number().unwrap().to_string(), "14.2400");
    assert!(json::to_line(&report).contains("14.2400"));
}

fn any_text() -> impl Strategy<Value = Untrusted> {
    prop_oneof!["\\PC{0,12}", ".{0,8}", Just("新县\u{202e}\u{1b}[31m\"\\".to_owned()), Just(String::new())]
        .prop_map(Untrusted::new)
}

fn any_figure() -> impl Strategy<Value = Figure> {
    prop_oneof![
        Just(Figure::Blank),
        Just(Figure::Unreadable),
        (-1_000_000_i64..1_000_000).prop_map(|n| Figure::Number(Number::whole(n))),
        (0_u32..1_000_000, 0_u32..10_000)
            .prop_map(|(a, b)| Figure::Number(Number::parse(&format!("{a}.{b:04}")).unwrap())),
    ]
}

prop_compose! {
    fn any_report()(
        texts in prop::collection::vec(any_text(), 12),
        options in prop::collection::vec(any::<bool>(), 8),
        year in prop::option::of(1990_u16..2100),
        figures in prop::collection::vec(any_figure(), gouji::report::CELL_COUNT),
        tables in prop::collection::vec(any::<bool>(), 3),
        lines in prop::collection::vec(0_u32..500, gouji::report::CELL_COUNT),
    ) -> Report {
        let mut text = texts.into_iter();
        let mut next = || text.next().unwrap();
        let mut report = Report { title: next(), agency: next(), year, ..Report::default() };
        report.stated_id = options[0].then(&mut next);
        report.county = options[1].then(&mut next);
        report.city = options[2].then(&mut next);
        report.template = options[3].then_some(TemplateId::T2019);
        report.synthetic = options[4];
        report.procurement_unit = options[5].then_some(Unit::Yuan).filter(|_| tables[0]);
        report.source = Source { file: next(), format: next(), sha256: Untrusted::default() };
        report.sections.push(Section { number: 1, title: next(), text: next(), line: 3 });
        report.problems.push(Problem { code: ProblemCode::UncertainRow, at: next(), line: 9, detail: next() });
        let shown = next();
        for (i, cell) in CellId::all().enumerate() {
            if !tables[usize::from(cell.table().number() - 2)] {
                continue;
            }
            report.figures.set(cell, figures[i]);
            if figures[i] == Figure::Unreadable {
                report.printed.insert(cell, Printed { line: lines[i], text: shown.clone() });
            } else if i % 3 == 0 {
                report.printed.insert(cell, Printed { line: lines[i], text: Untrusted::default() });
            }
        }
        // An object without any table needs a title and a year to be a report.
        if report.year.is_none() && !tables.contains(&true) {
            report.year = Some(2020);
        }
        report
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_back(report in any_report()) {
        let line = json::to_line(&report);
        prop_assert!(!line.chars().any(gouji::display::is_hidden), "safe on a terminal");
        let mut reading = read(&line);
        prop_assert_eq!(reading.problems, []);
        prop_assert_eq!(reading.reports.remove(0).report, report);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
        let record = Record { file: Path::new("x"), bytes: &bytes, offset: 0, line: 1 };
        let _ = (json::DOCUMENT.read)(&record);
        let _ = (text::TEXT.read)(&record);
    }

    #[test]
    fn any_damage_to_a_parsed_report_is_survived(at in 0_usize..14_000, byte: u8) {
        let path = std::fs::read_dir(repository("sample-data/parsed")).unwrap().next().unwrap().unwrap().path();
        let mut bytes = std::fs::read(path).unwrap();
        if let Some(b) = bytes.get_mut(at) {
            *b = byte;
        }
        let reading = (json::DOCUMENT.read)(&Record { file: Path::new("x"), bytes: &bytes, offset: 0, line: 1 });
        prop_assert!(reading.reports.len() + reading.problems.len() > 0);
    }
}
