//! Pairs of tables, and how differences are told.

use super::{nil, report, seeds, set, with};
use crate::display::Lang;
use crate::load::{Record, json};
use crate::report::{CellId, Figure, Number, Problem, ProblemCode, Report, TableId, Unit};
use crate::rules::versions::{compare, figures_agree, print};
use std::path::Path;

const CELL: &str = "requests.received.natural";

fn number(text: &str) -> Figure {
    Figure::Number(Number::parse(text).unwrap())
}

fn with_cell(figure: Figure) -> Report {
    let mut report = report();
    set(&mut report, CELL, figure);
    report
}

fn problem(code: ProblemCode, at: &str) -> Problem {
    Problem { code, at: at.into(), line: 3, detail: "x".into() }
}

#[test]
fn figures_differ_by_kind_and_value() {
    for (a, b, agree) in [
        (number("12"), number("12"), true),
        (number("12"), number("12.0"), true),
        (number("1.50"), number("1.5"), true),
        (number("12"), number("21"), false),
        (number("0"), Figure::Blank, false),
        (number("0"), Figure::Absent, false),
        (Figure::Blank, Figure::Absent, false),
        (Figure::Blank, Figure::Blank, true),
        (Figure::Absent, Figure::Absent, true),
        (Figure::Unreadable, number("12"), true),
        (Figure::Unreadable, Figure::Blank, true),
        (Figure::Unreadable, Figure::Absent, true),
        (Figure::Unreadable, Figure::Unreadable, true),
    ] {
        let (one, other) = (with_cell(a), with_cell(b));
        assert_eq!(figures_agree(&one, &other), agree, "{a:?} {b:?}");
        assert_eq!(figures_agree(&other, &one), agree, "{b:?} {a:?}");
        assert_eq!(compare(&one, &other).is_copy(), agree, "{a:?} {b:?}");
    }
}

#[test]
fn a_figure_that_differs_is_named_alone() {
    let found = compare(&with_cell(number("12")), &with_cell(number("21")));
    let cells: Vec<&str> = found.figures.iter().map(|figure| figure.cell.name()).collect();
    assert_eq!(cells, [CELL]);
    assert_eq!((found.figures[0].old, found.figures[0].new), (number("12"), number("21")));
    assert!(found.sentences.is_empty() && !found.is_copy());
    assert_eq!(found.words(Lang::Zh), "一 本年新收 / 自然人列 12 → 21");
    assert_eq!(found.words(Lang::En), "1 Received·person 12 → 21");
}

#[test]
fn what_needs_reading_is_not_blamed() {
    use ProblemCode::{
        DuplicateKey, NoRow, NoTable, RowTwice, TableWithoutValues, UncertainRow, UnknownRow, WrongType,
    };
    for (code, at, agree) in [
        // Its detail is no number: what is printed there is not known.
        (UncertainRow, "requests.received", true),
        (UncertainRow, "requests.received.natural", true),
        (RowTwice, "requests.received", true),
        (DuplicateKey, "requests", true),
        (UncertainRow, "requests.granted", false),
        (UncertainRow, "requests.rec", false),
        (UncertainRow, "proactive_disclosure", false),
        (WrongType, "template", false),
        (WrongType, "", false),
        // Numbers that were read stand, whatever else the table has.
        (UnknownRow, "requests", false),
        (NoTable, "requests", false),
        (NoRow, "requests.received", false),
    ] {
        let (mut one, other) = (with_cell(number("12")), with_cell(number("21")));
        one.problems.push(problem(code.clone(), at));
        assert_eq!(figures_agree(&one, &other), agree, "{code:?} {at}");
        assert_eq!(figures_agree(&other, &one), agree, "{code:?} {at}");
    }
    for (code, at, figure, agree) in [
        (NoTable, "requests", Figure::Absent, true),
        (TableWithoutValues, "requests", Figure::Blank, true),
        (UnknownRow, "requests", Figure::Absent, true),
        (NoTable, "proactive_disclosure", Figure::Absent, false),
        (NoRow, "requests.received", Figure::Absent, false),
    ] {
        let (mut one, other) = (with_cell(figure), with_cell(number("21")));
        one.problems.push(problem(code.clone(), at));
        assert_eq!(figures_agree(&one, &other), agree, "{code:?} {at} {figure:?}");
        assert_eq!(print(&one).in_doubt, code != NoRow, "{code:?}");
    }
}

#[test]
fn numbers_whose_columns_are_uncertain_are_numbers_all_the_same() {
    // The row as it is printed, where its columns are uncertain, else its two figures.
    let with_row = |printed: Option<&str>, natural: &str, total: &str| {
        let mut report = report();
        let cells = CellId::of(TableId::Requests).filter(|cell| cell.row().key == "carried_in");
        for cell in cells {
            report.figures.set(cell, if printed.is_some() { Figure::Unreadable } else { number("0") });
        }
        if let Some(printed) = printed {
            let at = "requests.carried_in".into();
            report.problems.push(Problem {
                code: ProblemCode::UncertainRow,
                at,
                line: 3,
                detail: printed.into(),
            });
        } else {
            set(&mut report, "requests.carried_in.natural", number(natural));
            set(&mut report, "requests.carried_in.total", number(total));
        }
        report
    };
    let read = |n| with_row(None, n, n);
    let uncertain = |text| with_row(Some(text), "", "");
    for (one, other, is_copy) in [
        (read("3"), uncertain("3 0 0 0 0 3"), true),
        (read("3"), uncertain("4 0 0 0 0 4"), false),
        (uncertain("3 0 0 0 0 3"), uncertain("3 0 0 0 3"), true),
        (uncertain("3 0 0 0 0 3"), uncertain("4 0 0 0 0 4"), false),
        // One may have been overlooked; zeros say nothing.
        (read("3"), uncertain("3 0 0"), true),
        (read("3"), uncertain("0 0 0"), true),
        (read("3"), uncertain("3 3 5"), true),
        (read("3"), uncertain("3 5 5"), false),
        // What is no number may be any.
        (read("3"), uncertain("3O 0 0"), true),
    ] {
        let found = compare(&one, &other);
        assert_eq!(found.is_copy(), is_copy, "{}", found.words(Lang::Zh));
        assert_eq!(compare(&other, &one).is_copy(), is_copy);
        assert_eq!(figures_agree(&one, &other), is_copy);
    }
    let found = compare(&read("3"), &uncertain("4 0 0 0 0 4"));
    assert_eq!(found.words(Lang::Zh), "二 上年结转 所印数字 3 0 0 0 0 0 3 → 4 0 0 0 0 4（各列待核对）");
}

#[test]
fn a_table_that_could_not_be_read_is_no_version() {
    let mut image = report();
    for cell in CellId::of(TableId::Requests) {
        image.figures.set(cell, Figure::Absent);
    }
    assert!(!compare(&image, &report()).is_copy(), "the document has no such table");
    image.problems.push(problem(ProblemCode::NoTable, "requests"));
    assert!(compare(&image, &report()).is_copy());
    // Without any word or figure in common nothing is known.
    image.sections.clear();
    let found = compare(&image, &report());
    assert!(found.figures.is_empty() && found.is_thin);
}

#[test]
fn units_of_money_count() {
    let fees = |unit| {
        let mut report = report();
        set(&mut report, "proactive_disclosure.fees.amount", number("340"));
        report.fees_unit = unit;
        report
    };
    let found = compare(&fees(Some(Unit::Yuan)), &fees(None));
    assert_eq!(found.words(Lang::Zh), "行政事业性收费 / 收费(万元)列 340元 → 340万元");
    assert!(compare(&fees(Some(Unit::TenThousandYuan)), &fees(None)).is_copy());
    let mut nothing = report();
    nothing.fees_unit = Some(Unit::Yuan);
    assert!(compare(&nothing, &report()).is_copy(), "no money, no unit");
}

#[test]
fn differences_are_told_in_short() {
    let mut many = with(report(), 1, &format!("{}\n收到申请4件，均已答复。", super::NARRATIVE[0]));
    let other = with(report(), 1, &format!("{}\n收到申请9件，均已答复。", super::NARRATIVE[0]));
    let found = compare(&many, &other);
    assert_eq!(found.sentences.len(), 1);
    assert_eq!(found.words(Lang::Zh), "一、总体：“收到申请4件，均已答复。” → “收到申请9件，均已答复。”");
    for row in ["received", "granted", "partial", "refused_1", "refused_2"] {
        set(&mut many, &format!("requests.{row}.welfare"), number("7"));
    }
    let found = compare(&many, &other);
    let words = found.words(Lang::Zh);
    assert_eq!(found.figures.len(), 5);
    assert_eq!(words.matches("7 → 0").count(), 3, "{words}");
    assert!(words.contains("另有 2 处数字不同"), "{words}");
    assert!(found.words(Lang::En).contains("2 more figures"));
    // A long sentence is cut around what differs.
    let long = |n: &str| with(report(), 5, &format!("{}共有{n}件{}。", "前".repeat(90), "后".repeat(90)));
    let words = compare(&long("4"), &long("9")).words(Lang::Zh);
    assert!(words.contains("有4件") && words.contains("有9件") && words.chars().count() < 110, "{words}");
    // What a terminal would obey is shown.
    let hostile = with(report(), 1, &format!("{}\n\u{1b}[2J收到申请4件。", super::NARRATIVE[0]));
    let words = compare(&report(), &hostile).words(Lang::Zh);
    assert!(words.contains("增加") && words.contains("^[") && !words.contains('\u{1b}'), "{words}");
}

#[test]
fn a_parsed_copy_has_the_same_print() {
    let mut all = seeds();
    all.extend([
        report(),
        nil(),
        with_cell(Figure::Blank),
        with_cell(Figure::Absent),
        with_cell(number("1.50")),
    ]);
    for report in all {
        let line = json::to_line(&report);
        let record = Record { file: Path::new("a.jsonl"), bytes: line.as_bytes(), offset: 0, line: 1 };
        let parsed = (json::LINES.read)(&record).reports.remove(0).report;
        assert_eq!(print(&parsed), print(&report), "{:?}", report.title);
        assert!(compare(&parsed, &report).is_copy());
    }
}
