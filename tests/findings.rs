//! What is found in the reports: what a careful auditor would write down, no more and no less.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::path::PathBuf;

use common::{repository, shared};
use gouji::display::Lang;
use gouji::load::{Record, text};
use gouji::report::{CellId, Figure, Number, Report, TemplateId};
use gouji::rules::{self, Settings, State, evaluate_all};
use proptest::prelude::*;
use serde_json::Value;

fn read(path: &PathBuf) -> Report {
    let bytes = std::fs::read(path).unwrap();
    let record = Record { file: path, bytes: &bytes, offset: 0, line: 1 };
    (text::TEXT.read)(&record).reports.into_iter().next().unwrap().report
}

/// The sample reports, which print the figures of the originals.
fn samples() -> Vec<(String, Report)> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(repository("sample-data/reports")).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

/// Rule, first cell or place, and both numbers of each finding of 镇坪县 2019, read from its tables by hand: the one
/// application is received under 其他 and granted under 自然人, the total row holds a lone 1 that may belong to two
/// columns, three numbers of decisions are alike, the plan for 2020 cites criteria of 2018, and most cells are empty.
const ZHENPING: &[(&str, &str, &str, &str)] = &[
    ("T3.1", "bal:1", "0", "1"),
    ("T3.1", "bal:6", "1", "0"),
    ("T3.5", "requests.received.other", "1", "0"),
    ("T3.6", "col:1", "blank", "1"),
    ("T3.6", "row:total", "1", "0"),
    ("T2.6", "proactive_disclosure.licensing.decisions", "", ""),
    ("D2", "2018年全省政务公开评估指标", "", ""),
    ("F3", "8 proactive_disclosure.regulations.issued", "", ""),
    ("F3", "156", "", ""),
    ("F3", "15", "", ""),
    ("F7", "7 requests.carried_out.natural", "", ""),
    ("F7", "15 reconsideration_and_litigation.reconsideration.upheld", "", ""),
    ("T2.8", "proactive_disclosure.procurement.amount", "", ""),
    ("P1", "requests.total.natural", "", ""),
];

#[test]
fn the_findings_of_the_samples_are_those_of_an_auditor() {
    for (name, report) in samples() {
        let findings = rules::check(&report, &Settings::default());
        if name == "zhenpingxian-2019" {
            check_zhenping(&findings);
            continue;
        }
        // Two of the others contradict their text; the tables of all four hold.
        let ids: Vec<&str> = findings.iter().map(|f| f.rule.id).collect();
        let want: &[&str] = match name.as_str() {
            "xinxian-2019" => &["N1"],
            "xinxian-2024" => &["N8"],
            _ => &[],
        };
        assert_eq!(ids, want, "{name}: {findings:#?}");
    }
}

fn check_zhenping(findings: &[rules::Finding]) {
    assert_eq!(findings.len(), ZHENPING.len(), "{findings:#?}");
    for (finding, (rule, place, declared, computed)) in findings.iter().zip(ZHENPING) {
        assert_eq!(finding.rule.id, *rule, "{finding:#?}");
        let side = |side: Option<rules::Side>| side.map_or(String::new(), |s| s.to_string());
        assert_eq!(
            (side(finding.declared()), side(finding.computed())),
            ((*declared).to_owned(), (*computed).to_owned()),
            "{finding:#?}"
        );
        let first = finding.cells().first().map(|cell| cell.name());
        let quote = finding.observation().and_then(|seen| seen.quote.as_ref()).map(rules::Quote::visible);
        match (finding.relation(), &quote) {
            (Some(e), _) => assert_eq!(e.relation.name, *place),
            (_, Some(quote)) => assert_eq!(quote, place),
            _ if place.starts_with(|c: char| c.is_ascii_digit()) => {
                let count = finding.cells().len().to_string();
                assert_eq!(place.split(' ').next().unwrap(), count, "{finding:#?}");
            }
            _ => assert_eq!(first, Some(*place), "{finding:#?}"),
        }
    }
}

/// The rules that report each kind of the verified list of findings.
const KINDS: &[(&str, &[&str])] = &[
    ("column_balance", &["T3.1"]),
    ("missing_total", &["T3.6"]),
    ("row_total", &["T3.3", "T3.6"]),
    ("column_sum", &["T3.2"]),
    ("misplaced_value", &["T3.5"]),
    ("missing_row", &["F7"]),
    ("blank_cells", &["F3"]),
    ("identical_values", &["T2.6", "T2.2"]),
    ("stale_year", &["D2"]),
    ("unit", &["T2.8"]),
    ("narrative_vs_table", &["N1", "N2", "N8"]),
];

#[test]
fn every_verified_finding_is_made_and_no_other() {
    let Some(folder) = shared("truth") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let truth: Value = serde_json::from_slice(&std::fs::read(entry.unwrap().path()).unwrap()).unwrap();
        let source = truth["source"].as_str().unwrap();
        let report = read(&shared(&format!("seeds/{source}")).unwrap());
        let findings = rules::check(&report, &Settings::default());
        let expected = truth["expected_findings"].as_array().unwrap();
        for want in expected.iter().filter(|f| f["certainty"] == "must") {
            let (_, rules) = KINDS.iter().find(|(kind, _)| want["kind"] == *kind).unwrap();
            let (place, detail) = (want["where"].as_str().unwrap(), want["detail"].as_str().unwrap());
            let made = |f: &&rules::Finding| {
                rules.contains(&f.rule.id) && is_at(f, place) && numbers_agree(f, detail)
            };
            let times = findings.iter().filter(made).count();
            let tables = if want["kind"] == "blank_cells" { 3 } else { 1 };
            assert_eq!(times, tables, "{source}: {want}\n{findings:#?}");
        }
        // A row that the verified figures call ambiguous needs reading.
        let ambiguous = |f: &rules::Finding| {
            let ambiguous = truth["ambiguous"].as_array().and_then(|list| list.first());
            let cells = ambiguous.unwrap_or(&truth["ambiguous"])["cells"].as_array();
            f.rule.id == "P1"
                && cells.is_some_and(|cells| f.cells().iter().any(|c| cells.contains(&c.name().into())))
        };
        for finding in &findings {
            let allowed = expected.iter().any(|want| {
                let place = want["where"].as_str().unwrap();
                KINDS.iter().any(|(kind, rules)| want["kind"] == *kind && rules.contains(&finding.rule.id))
                    && is_at(finding, place)
            });
            assert!(allowed || ambiguous(finding), "{source}: nobody asked for {finding:#?}");
        }
    }
}

/// Whether a finding is about the place: a cell, a column of table 3, a row, tables, or a section and a cell.
fn is_at(finding: &rules::Finding, place: &str) -> bool {
    let cells = finding.cells();
    if let Some(column) = place.strip_prefix("requests.column.") {
        return cells.iter().all(|c| c.column().key == column) && finding.rule.id == "T3.1";
    }
    if let Some(section) = place.strip_prefix("section ") {
        let (number, cell) = section.split_once(" vs ").unwrap_or((section, ""));
        let cell = cell
            .strip_prefix("normative")
            .map_or(cell.to_owned(), |c| format!("proactive_disclosure.normative{c}"));
        let has_cell = cell.is_empty() || cells.iter().any(|c| c.name() == cell);
        return finding.section().to_string() == number && has_cell;
    }
    if let Some((a, b)) = place.split_once(" vs ") {
        return [a, b].iter().all(|name| cells.iter().any(|c| c.name() == *name));
    }
    match &finding.evidence {
        rules::Evidence::Relation(e) => e.relation.total().is_some_and(|c| c.name() == place),
        rules::Evidence::CellsMissing { at, .. } => at.raw() == place,
        rules::Evidence::Observation(_) => {
            place.split(", ").all(|name| cells.iter().any(|c| c.name().starts_with(name)))
        }
        _ => place.split(", ").any(|table| finding.table().is_some_and(|t| t.name() == table)),
    }
}

/// Whether `declared A, computed B` or `declared A, table B` at the end of the verified text is what the finding says.
fn numbers_agree(finding: &rules::Finding, detail: &str) -> bool {
    let Some((_, numbers)) = detail.rsplit_once("declared ") else { return true };
    let Some((declared, other)) =
        numbers.split_once(", computed ").or_else(|| numbers.split_once(", table "))
    else {
        return true;
    };
    let side = |side: Option<rules::Side>| side.map_or(String::new(), |s| s.to_string());
    side(finding.declared()) == declared && side(finding.computed()) == other
}

/// Adds to a cell.
fn plant(report: &Report, cell: CellId, by: i64) -> Report {
    let mut report = report.clone();
    let value = report.figures.get(cell).number().unwrap().as_whole().unwrap();
    report.figures.set(cell, Figure::Number(Number::whole(value + by)));
    report
}

#[test]
fn a_planted_error_breaks_every_relation_that_holds_its_cell_and_no_other() {
    let mut planted = 0;
    let consistent =
        samples().into_iter().filter(|(name, _)| name != "zhenpingxian-2019").map(|(_, report)| report);
    for report in consistent.chain([made_up(TemplateId::T2019), made_up(TemplateId::T2021)]) {
        let arithmetic = |f: &rules::Finding| f.relation().is_some();
        assert!(!rules::check(&report, &Settings::default()).iter().any(arithmetic));
        for cell in report.form().cells().filter(|c| c.column().key != "amount") {
            let broken: Vec<String> = evaluate_all(&plant(&report, cell, 1))
                .into_iter()
                .filter(|e| e.state == State::Broken)
                .map(|e| e.relation.name.clone())
                .collect();
            assert_eq!(broken, relations_by_the_form(cell), "{cell}");
            planted += 1;
        }
    }
    assert!(planted > 1_000);
}

/// The relations of a cell, from what the notices say and not from the program's tables.
fn relations_by_the_form(cell: CellId) -> Vec<String> {
    let (row, name) = (cell.row().key, cell.name());
    let mut relations = Vec::new();
    if name.starts_with("requests.") {
        let columns = ["natural", "business", "research", "welfare", "legal", "other", "total"];
        let column = columns.iter().position(|c| *c == cell.column().key).unwrap() + 1;
        if ["received", "carried_in", "total", "carried_out"].contains(&row) {
            relations.push(format!("bal:{column}"));
        }
        if !["received", "carried_in", "carried_out"].contains(&row) {
            relations.push(format!("col:{column}"));
        }
        relations.push(format!("row:{row}"));
    } else if name.starts_with("reconsideration_and_litigation.") {
        relations.push(format!("rl:{row}"));
    }
    relations
}

/// A consistent report with something in every row and column of table 3, so that no error can cancel another.
fn made_up(template: TemplateId) -> Report {
    let mut report = Report { template: Some(template), ..Report::default() };
    for cell in template.template().cells() {
        report.figures.set(cell, Figure::Number(Number::whole(0)));
    }
    let columns = ["natural", "business", "research", "welfare", "legal", "other"];
    let mut set = |row: &str, column: &str, value: i64| {
        let cell = CellId::parse(&format!("requests.{row}.{column}")).unwrap();
        report.figures.set(cell, Figure::Number(Number::whole(value)));
    };
    let mut totals = [0; 4];
    for (i, column) in (0_i64..).zip(columns) {
        // 3 + i granted and 2 partly; 1 stays open, 1 came from the year before.
        for (k, (row, value)) in
            [("granted", 3 + i), ("partial", 2), ("total", 5 + i), ("carried_out", 1)].into_iter().enumerate()
        {
            set(row, column, value);
            totals[k] += value;
        }
        set("carried_in", column, 1);
        set("received", column, 5 + i);
    }
    let [granted, partial, total, out] = totals;
    for (row, value) in [
        ("granted", granted),
        ("partial", partial),
        ("total", total),
        ("carried_out", out),
        ("carried_in", 6),
        ("received", total),
    ] {
        set(row, "total", value);
    }
    report
}

/// Figures that nobody expects: any number that can be read, blanks, what cannot be read, what is not there.
fn any_figure() -> impl Strategy<Value = Figure> {
    prop_oneof![
        4 => (0_i64..50).prop_map(|n| Figure::Number(Number::whole(n))),
        2 => Just(Figure::Number(Number::whole(0))),
        1 => (-999_999_999_999_999_999_i64..=999_999_999_999_999_999, 0_u8..=8)
            .prop_map(|(units, scale)| Figure::Number(Number::of_units(units, scale))),
        1 => Just(Figure::Blank),
        1 => Just(Figure::Unreadable),
        1 => Just(Figure::Absent),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever stands in the cells: nothing panics, every finding is in one cause, and a repair settles what it says.
    #[test]
    fn any_figures_can_be_checked(
        year in 2018_u16..2026,
        figures in proptest::collection::vec((0..gouji::report::CELL_COUNT, any_figure()), 0..60),
    ) {
        let template = TemplateId::for_year(year).unwrap_or(TemplateId::T2021);
        let mut report = Report { year: Some(year), template: Some(template), ..Report::default() };
        for cell in template.template().cells() {
            report.figures.set(cell, Figure::Number(Number::whole(0)));
        }
        for (i, figure) in figures {
            report.figures.set(CellId::all().nth(i).unwrap(), figure);
        }
        let evaluations = evaluate_all(&report);
        let findings = rules::check(&report, &Settings::default());
        let causes = rules::causes(&report, &evaluations, &findings, &[]);
        let mut listed: Vec<usize> = causes.iter().flat_map(|c| c.findings.clone()).collect();
        listed.sort_unstable();
        prop_assert_eq!(listed, (0..findings.len()).collect::<Vec<_>>());
        for lang in [Lang::Zh, Lang::En] {
            for finding in &findings {
                prop_assert!(!finding.message(lang).is_empty());
            }
            for cause in &causes {
                let _ = cause.sentence(&report, lang);
            }
        }
        let broken = |report: &Report| {
            evaluate_all(report).into_iter().filter(|e| e.state.is_break()).map(|e| e.relation.name.clone()).collect::<Vec<_>>()
        };
        let before = broken(&report);
        for cause in &causes {
            for repair in &cause.repairs {
                let mut repaired = report.clone();
                for (cell, number) in &repair.changes {
                    repaired.figures.set(*cell, Figure::Number(*number));
                }
                let after = broken(&repaired);
                prop_assert!(after.iter().all(|name| before.contains(name)), "{:?} breaks {:?}", repair, after);
                prop_assert_eq!(after.len() + cause.breaks, before.len(), "{:?}", repair);
            }
        }
    }
}
