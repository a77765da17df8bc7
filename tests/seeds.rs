//! The published originals of the sample reports against what they say, verified cell by cell.
//!
//! The originals are not part of the repository: where they are absent, the tests say so and check nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::shared;
use gouji::load::{Record, text};
use gouji::report::{CellId, Figure, Number, Report, TableId};
use serde_json::Value;

const SEEDS: [&str; 5] = [
    "000_ddbf720b45db916f",
    "001_287bee8175f2b309",
    "002_eacb47a0de807e98",
    "003_f6b3b7a6d887a97c",
    "004_41ca7fe939626b0f",
];

/// The reports as read, each with its truth.
fn seeds() -> Vec<(&'static str, Report, Value)> {
    let Some(folder) = shared("seeds") else {
        println!("the originals are absent: nothing was compared");
        return Vec::new();
    };
    let read = |name: &&'static str| {
        let file = folder.join(format!("{name}.txt"));
        let bytes = std::fs::read(&file).unwrap();
        let record = Record { file: Path::new(name), bytes: &bytes, offset: 0, line: 1 };
        let reading = (text::TEXT.read)(&record);
        let report = reading
            .reports
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("{name}: {:?}", reading.problems))
            .report;
        let truth = std::fs::read(shared(&format!("truth/{name}.json")).unwrap()).unwrap();
        (*name, report, serde_json::from_slice(&truth).unwrap())
    };
    SEEDS.iter().map(read).collect()
}

/// What the truth says of every cell: a number, null, or nothing.
fn cells_of(truth: &Value) -> BTreeMap<CellId, Option<String>> {
    let mut cells = BTreeMap::new();
    let printed = |value: &Value| if value.is_null() { None } else { Some(value.to_string()) };
    for (name, value) in truth["proactive_disclosure"].as_object().unwrap() {
        if name != "procurement.unit" {
            cells.insert(CellId::parse(&format!("proactive_disclosure.{name}")).unwrap(), printed(value));
        }
    }
    for table in [TableId::Requests, TableId::Remedies] {
        for (row, values) in truth[table.name()].as_object().unwrap() {
            let block = CellId::all().find(|c| c.table() == table && c.row().key == row).unwrap().block();
            for (column, value) in block.columns.iter().zip(values.as_array().unwrap()) {
                cells.insert(CellId::find(table, row, column.key).unwrap(), printed(value));
            }
        }
    }
    cells
}

#[test]
fn every_cell_is_as_printed() {
    for (name, report, truth) in seeds() {
        let want = cells_of(&truth);
        let mut wrong = Vec::new();
        for cell in CellId::all() {
            let expected = match want.get(&cell) {
                None => Figure::Absent,
                Some(None) => Figure::Blank,
                Some(Some(text)) => Figure::Number(Number::parse(text).unwrap()),
            };
            let read = report.figures.get(cell);
            if read != expected {
                wrong.push(format!("{cell}: {read:?}, printed {expected:?}"));
            }
        }
        assert!(wrong.is_empty(), "{name}: {} cells wrong: {wrong:#?}\n{:#?}", wrong.len(), report.problems);
        assert!(want.len() >= 198 && want.len() <= 200, "{name}: all cells of the form were compared");
    }
}

#[test]
fn title_agency_place_year_and_form_are_as_printed() {
    for (name, report, truth) in seeds() {
        let text = |key: &str| truth[key].as_str().unwrap();
        assert_eq!(report.title.raw(), text("title"), "{name}");
        assert_eq!(report.agency.raw(), text("agency"), "{name}");
        let places = [
            ("county", &report.county),
            ("county_code", &report.county_code),
            ("city", &report.city),
            ("province", &report.province),
        ];
        for (key, place) in places {
            let read = place.as_ref().map(gouji::display::Untrusted::raw);
            assert_eq!(read, Some(text(key)), "{name}: {key}");
        }
        assert_eq!(report.year.map(u64::from), truth["year"].as_u64(), "{name}");
        assert_eq!(report.template.map(gouji::report::TemplateId::name), Some(text("template")), "{name}");
        let unit = truth["proactive_disclosure"].get("procurement.unit").and_then(Value::as_str);
        assert_eq!(report.procurement_unit.map(gouji::report::Unit::name), unit, "{name}");
        assert_eq!(
            report.sections.iter().filter(|s| s.number > 0).count(),
            6,
            "{name}: {:?}",
            report.problems
        );
    }
}

#[test]
fn every_figure_remembers_where_it_stood() {
    for (name, report, _) in seeds() {
        let document = std::fs::read_to_string(shared(&format!("seeds/{name}.txt")).unwrap()).unwrap();
        let lines: Vec<&str> = document.lines().collect();
        let mut numbers = 0;
        for cell in CellId::all() {
            let Some(number) = report.figures.get(cell).number() else { continue };
            let printed = report.printed.get(&cell).unwrap_or_else(|| panic!("{name}: {cell} has no place"));
            let line = lines[printed.line as usize - 1];
            assert!(
                line.contains(printed.text.raw()),
                "{name}: {cell} is not on line {}: {line}",
                printed.line
            );
            assert!(printed.text.raw().starts_with(&number.to_string()), "{name}: {cell}");
            numbers += 1;
        }
        assert!(numbers > 10, "{name}");
    }
}

#[test]
fn what_is_uncertain_is_said() {
    for (name, report, truth) in seeds() {
        let problems: Vec<String> =
            report.problems.iter().map(|p| format!("{} {}", p.code.name(), p.at.raw())).collect();
        let want: &[&str] = if truth.get("ambiguous").is_some() {
            // The lone 1 of （七）总计, the line of text that is row 四, and the head of table 4 without values.
            &[
                "uncertain-row requests.total",
                "row-without-cells requests.carried_out",
                "table-without-values reconsideration_and_litigation",
            ]
        } else {
            &[]
        };
        assert_eq!(problems, want, "{name}: {:#?}", report.problems);
    }
}
