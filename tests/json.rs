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
    CellId, Figure, KnownBy, Number, Printed, Problem, ProblemCode, Report, Section, Source, TableId,
    TemplateId, Unit,
};
use proptest::prelude::*;
use serde_json::Value;

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

#[test]
fn cells_say_what_a_null_stands_for() {
    // (the figure in the table, its entry in `cells`, what is read, problems)
    let cases: &[(&str, &str, &str, &[&str])] = &[
        ("null", "{}", "Blank", &[]),
        ("null", "{\"text\": \"\"}", "Blank", &[]),
        ("null", "{\"text\": \" — \"}", "Blank", &[]),
        ("null", "{\"text\": \"12件\"}", "Unreadable", &["not-a-number requests.total.natural 6"]),
        ("null", "{\"text\": \"12件\", \"unreadable\": true}", "Unreadable", &[]),
        ("null", "{\"text\": \"12件\", \"unreadable\": false}", "Blank", &[]),
        ("null", "{\"unreadable\": true}", "Unreadable", &[]),
        ("null", "{\"absent\": true}", "Absent", &[]),
        ("5", "{\"text\": \"５\"}", "5", &[]),
        ("5", "{\"unreadable\": true}", "Unreadable", &["wrong-type cells.requests.total.natural 6"]),
        ("5", "{\"absent\": true}", "Unreadable", &["wrong-type cells.requests.total.natural 6"]),
        ("5", "{\"unreadable\": 1}", "5", &["wrong-type cells.requests.total.natural.unreadable 6"]),
        ("5", "3", "5", &["wrong-type cells.requests.total.natural 6"]),
    ];
    let cell = CellId::parse("requests.total.natural").unwrap();
    for (figure, entry, want, problems) in cases {
        let table = format!("\"requests\": {{\"total\": [{figure},0,0,0,0,0,0]}}");
        let cells = format!("\"cells\": {{\n\"requests.total.natural\": {entry}}}");
        for members in [format!("{table},\n{cells}"), format!("{cells},{table}")] {
            let report = read(&with(&members)).reports.remove(0).report;
            let read = match report.figures.get(cell) {
                Figure::Number(number) => number.to_string(),
                other => format!("{other:?}"),
            };
            assert_eq!(read, *want, "{members}");
            let found = report.problems.iter();
            let found: Vec<_> =
                found.map(|p| (p.code.name().to_owned() + " " + p.at.raw(), p.line)).collect();
            let place = if members.starts_with("\"cells") { 5 } else { 6 };
            let want: Vec<_> =
                problems.iter().map(|p| (p.trim_end_matches(" 6").to_owned(), place)).collect();
            assert_eq!(found, want, "{members}");
        }
    }
}

#[test]
fn what_was_said_twice_is_believed_only_where_it_agrees() {
    let text = with(
        "\"requests\": {\"received\": [1,0,0,0,0,0,1], \"granted\": [1,0,0,0,0,0,1]},\n\
         \"requests\": {\"received\": [1,0,0,0,0,0,2], \"partial\": [0,0,0,0,0,0,0]},\n\
         \"sections\": [{\"number\": 1, \"text\": \"a\", \"text\": \"b\"}], \"sections\": [], \"\\u0079ear\": 1999",
    );
    let report = read(&text).reports.remove(0).report;
    let figure = |name: &str| report.figures.get(CellId::parse(name).unwrap());
    assert_eq!(figure("requests.received.natural"), Figure::Number(Number::whole(1)));
    assert_eq!(figure("requests.received.total"), Figure::Unreadable);
    assert_eq!(figure("requests.granted.total"), Figure::Number(Number::whole(1)));
    assert_eq!(figure("requests.partial.total"), Figure::Number(Number::whole(0)));
    assert_eq!(report.printed[&CellId::parse("requests.received.total").unwrap()].text.raw(), "1 / 2");
    assert_eq!((report.sections.len(), report.sections[0].text.raw()), (1, "a"));
    assert_eq!(report.year, Some(2024));
    let found: Vec<_> = report.problems.iter().map(|p| (p.code.name(), p.at.raw(), p.line)).collect();
    let want = [("requests", 5), ("sections.0.text", 6), ("sections", 6), ("year", 6)];
    assert_eq!(found, want.map(|(at, line)| ("duplicate-key", at, line)));
}

#[test]
fn a_flood_of_departures_is_counted_not_kept() {
    let members: Vec<String> = (0..100_000).map(|i| format!("\"k{i}\":{i}")).collect();
    let report = read(&with(&members.join(",\n"))).reports.remove(0).report;
    assert_eq!(report.problems.len(), 1_001);
    let last = report.problems.last().unwrap();
    assert_eq!((last.code.name(), last.detail.raw()), ("more-problems", "99000"));
    assert_eq!(report.problems[999].line, 4 + 999);
    let reading = read(&format!("[{}null]", "null,".repeat(100_000)));
    assert_eq!((reading.reports.len(), reading.problems.len()), (0, 1_001));
}

#[test]
fn what_may_stand_around_a_report_does_no_harm() {
    let one = with("\"requests\": {}");
    for (before, after) in [("\u{feff}", ""), ("\n\t ", "\r\n\n"), ("\u{feff}\n", " ")] {
        let text = format!("{before}{one}{after}");
        let reading = read(&text);
        let [located] = reading.reports.as_slice() else { panic!("{:?}", reading.problems) };
        let range = located.offset as usize..(located.offset + located.length) as usize;
        assert_eq!(&text[range], one);
        assert_eq!(located.line, 1 + before.matches('\n').count() as u32);
    }
    assert!(!read(&format!("{one}\0")).problems.is_empty());
    for lone in ["\\ud800", "\\udc00\\ud800"] {
        let reading = read(&format!("{{\n\"year\": 2024,\n\"title\": \"{lone}\"}}"));
        assert_eq!((reading.problems[0].code.name(), reading.problems[0].line), ("not-json", 3));
    }
}

/// Whether JSON is as a schema says, as far as the schema of the parsed report needs it.
fn conforms(schema: &Value, json: &Value, at: &str, wrong: &mut Vec<String>) {
    let mut check = |is_right: bool, what: &str| {
        if !is_right {
            wrong.push(format!("{at}: {what}: {json}"));
        }
    };
    let is_of = |kind: &str| match kind {
        "object" => json.is_object(),
        "array" => json.is_array(),
        "string" => json.is_string(),
        "number" => json.is_number(),
        "integer" => json.is_u64(),
        "boolean" => json.is_boolean(),
        "null" => json.is_null(),
        other => panic!("no such type: {other}"),
    };
    match &schema["type"] {
        Value::String(kind) => check(is_of(kind), "type"),
        Value::Array(kinds) => check(kinds.iter().any(|kind| is_of(kind.as_str().unwrap())), "type"),
        _ => {}
    }
    if let Value::Array(values) = &schema["enum"] {
        check(values.contains(json), "enum");
    }
    if !schema["const"].is_null() {
        check(schema["const"] == *json, "const");
    }
    for (bound, holds) in [("minimum", i64::ge as fn(&i64, &i64) -> bool), ("maximum", i64::le)] {
        if let (Some(bound), Some(number)) = (schema[bound].as_i64(), json.as_i64()) {
            check(holds(&number, &bound), "bound");
        }
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        check(json.get(name.as_str().unwrap()).is_some(), "required");
    }
    if let Value::Array(items) = json {
        let length = |bound: &str| schema[bound].as_u64().map(|n| n as usize);
        check(length("minItems").is_none_or(|n| items.len() >= n), "minItems");
        check(length("maxItems").is_none_or(|n| items.len() <= n), "maxItems");
        for (i, item) in items.iter().enumerate() {
            conforms(&schema["items"], item, &format!("{at}.{i}"), wrong);
        }
    }
    for (name, value) in json.as_object().into_iter().flatten() {
        let named = schema["propertyNames"]["enum"].as_array();
        let inner = schema["properties"].get(name).or_else(|| schema.get("additionalProperties"));
        let is_known = inner.is_some() && named.is_none_or(|names| names.iter().any(|known| known == name));
        if !is_known {
            wrong.push(format!("{at}.{name}: not in the schema"));
        }
        conforms(inner.unwrap_or(&Value::Null), value, &format!("{at}.{name}"), wrong);
    }
}

#[test]
fn every_member_of_the_schema_is_known_to_the_reader() {
    let schema: Value = serde_json::from_str(&json::schema()).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    let mut members = vec!["\"schema\": \"gouji/report/1\"".to_owned()];
    for (name, member) in properties.iter().filter(|(name, _)| *name != "schema") {
        let inner: Vec<String> =
            member["properties"].as_object().into_iter().flatten().map(|(k, _)| k.clone()).collect();
        let is_row = |key: &String| member["properties"][key]["type"] == "array";
        let value = |key: &String| {
            let length = member["properties"][key]["minItems"].as_u64().unwrap_or(0) as usize;
            if is_row(key) { format!("[{}]", vec!["0"; length].join(",")) } else { "null".to_owned() }
        };
        let inner: Vec<String> = inner.iter().map(|key| format!("\"{key}\": {}", value(key))).collect();
        members.push(format!(
            "\"{name}\": {}",
            if inner.is_empty() { "null".to_owned() } else { format!("{{{}}}", inner.join(",")) }
        ));
    }
    let names = properties["cells"]["propertyNames"]["enum"].as_array().unwrap();
    assert_eq!(names.len(), gouji::report::CELL_COUNT);
    let entries: Vec<String> =
        names.iter().map(|name| format!("{name}: {{\"line\": 1, \"text\": \"\"}}")).collect();
    members.retain(|member| !member.starts_with("\"cells\""));
    members.push(format!("\"cells\": {{{}}}", entries.join(",")));
    let report = read(&format!("{{{}}}", members.join(",\n"))).reports.remove(0).report;
    assert_eq!(report.problems, []);
    assert_eq!(report.printed.len(), gouji::report::CELL_COUNT);
    assert!(CellId::all().all(|cell| report.figures.get(cell) != Figure::Absent), "every cell of both forms");
}

fn any_text() -> impl Strategy<Value = Untrusted> {
    prop_oneof!["\\PC{0,12}", ".{0,8}", Just("新县\u{202e}\u{1b}[31m\"\\".to_owned()), Just(String::new())]
        .prop_map(Untrusted::new)
}

fn any_figure() -> impl Strategy<Value = Figure> {
    prop_oneof![
        Just(Figure::Absent),
        Just(Figure::Blank),
        Just(Figure::Unreadable),
        (-1_000_000_i64..1_000_000).prop_map(|n| Figure::Number(Number::whole(n))),
        (0_u32..1_000_000, 0_u32..10_000)
            .prop_map(|(a, b)| Figure::Number(Number::parse(&format!("{a}.{b:04}")).unwrap())),
    ]
}

prop_compose! {
    fn any_report()(
        texts in prop::collection::vec(any_text(), 14),
        options in prop::collection::vec(any::<bool>(), 8),
        year in prop::option::of(1990_u16..2100),
        known in prop::collection::vec(prop::option::of(prop::sample::select(KnownBy::ALL.to_vec())), 2),
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
        report.agency_from = known[0];
        report.year_from = known[1];
        report.synthetic = options[4];
        report.procurement_unit = options[5].then_some(Unit::Yuan);
        report.fees_unit = options[6].then_some(Unit::HundredMillionYuan);
        report.county_code = options[7].then(&mut next);
        report.source = Source { file: next(), format: next(), sha256: Untrusted::default() };
        report.sections.push(Section { number: 1, title: next(), text: next(), line: 3, text_line: 4 });
        report.problems.push(Problem { code: ProblemCode::UncertainRow, at: next(), line: 9, detail: next() });
        let (shown, signs) = (next(), Untrusted::from("—"));
        for (i, cell) in CellId::all().enumerate() {
            if !tables[usize::from(cell.table().number() - 2)] {
                continue;
            }
            report.figures.set(cell, figures[i]);
            // Whatever is printed there: what a figure was read as is not for the JSON to decide anew.
            if lines[i] % 2 == 0 {
                report.printed.insert(cell, Printed { line: lines[i], text: [&shown, &signs][i % 2].clone() });
            }
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
        prop_assert_eq!(&reading.reports.remove(0).report, &report);
        let mut wrong = Vec::new();
        let schema: Value = serde_json::from_str(&json::schema()).unwrap();
        conforms(&schema, &serde_json::from_str(&line).unwrap(), "", &mut wrong);
        prop_assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn any_json_in_any_place_is_read_without_a_panic(
        at in prop::sample::select(vec![
            "schema", "id", "title", "year", "template", "synthetic", "source", "sections", "cells", "problems",
            "agency_from", "year_from",
            "proactive_disclosure", "requests", "reconsideration_and_litigation",
        ]),
        inner in prop::sample::select(vec!["", "received", "normative.issued", "procurement.unit", "requests.total.total", "0", "line"]),
        value in prop::sample::select(vec![
            "null", "true", "-1", "1e3", "1.0", "\"\"", "\"2024\"", "[]", "[[]]", "[{}]", "{}", "{\"line\":\"x\"}", "[1,2,3,4,5,6,7]",
            "[1,2,3,4,5,6,7,8,9,10]", "99999999999999999999", "[null,\"a\",true,{},[],1e9,0.5]",
        ]),
    ) {
        let value = if inner.is_empty() { value.to_owned() } else { format!("{{\"{inner}\":{value}}}") };
        let reading = read(&format!("{{\"title\":\"x\",\"year\":2024,\"requests\":{{}},\"{at}\":{value}}}"));
        prop_assert!(reading.reports.len() + reading.problems.len() > 0);
        for located in &reading.reports {
            let again = read(&json::to_line(&located.report));
            prop_assert_eq!(&again.reports[0].report, &located.report, "{}: {}", at, value);
        }
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
