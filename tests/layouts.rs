//! The same report printed in every layout that the text of a table comes out in: the same cells, or a row that is
//! said to be uncertain; never a wrong figure.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

use std::path::Path;

use gouji::load::{Record, text};
use gouji::report::template::{Row, Table};
use gouji::report::{CellId, Figure, Number, ProblemCode, Report, TableId, TemplateId};
use proptest::prelude::*;

/// A row of the form with its printed cells.
type PrintedRow<'a> = (&'a Row, Vec<String>);

/// A way to print the rows of a table.
struct Layout {
    name: &'static str,
    /// Prints table 3: a row with its label and its printed cells.
    print: fn(&[PrintedRow<'_>]) -> String,
    /// Whether an empty cell leaves a trace, so that every row can be placed.
    shows_blanks: bool,
}

const LAYOUTS: &[Layout] = &[
    Layout { name: "tabs, one label cell", print: tabs_plain, shows_blanks: true },
    Layout { name: "tabs, merged label cells", print: tabs_merged, shows_blanks: true },
    Layout { name: "bars", print: bars, shows_blanks: true },
    Layout { name: "columns of spaces", print: aligned, shows_blanks: true },
    Layout { name: "words, labels wrapped", print: wrapped, shows_blanks: false },
    Layout { name: "words, values in the middle of the label", print: interrupted, shows_blanks: false },
    Layout { name: "one cell a line", print: one_a_line, shows_blanks: false },
    Layout { name: "words, page marks and heads between the rows", print: paged, shows_blanks: false },
    Layout { name: "words, radicals", print: radicals, shows_blanks: false },
    Layout { name: "one cell a line, a bar behind it", print: lone_behind, shows_blanks: false },
    Layout { name: "one cell a line, a bar before it", print: lone_before, shows_blanks: false },
    Layout { name: "cells and bars on lines of their own", print: lone_between, shows_blanks: false },
    Layout { name: "bars that fill up, empty cells left out", print: filled_up, shows_blanks: false },
    Layout { name: "bars, broken at empty cells", print: broken, shows_blanks: false },
    Layout { name: "one cell a line, empty lines for empty cells", print: empty_lines, shows_blanks: false },
    Layout { name: "tabs that fill up", print: tabs_filled_up, shows_blanks: false },
    Layout { name: "drawn with lines", print: drawn, shows_blanks: true },
    Layout { name: "drawn with signs", print: drawn_with_signs, shows_blanks: true },
];

fn label(row: &Row) -> String {
    format!("{}{}", row.number, row.label.official)
}

fn tabs_plain(rows: &[PrintedRow<'_>]) -> String {
    let line = |(row, cells): &PrintedRow<'_>| format!("{}\t{}", label(row), cells.join("\t"));
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Three label columns, merged cells printed once and empty below, rows without the inner columns filled up.
fn tabs_merged(rows: &[PrintedRow<'_>]) -> String {
    let mut before: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for (row, cells) in rows {
        let groups: Vec<String> =
            row.groups.iter().map(|g| format!("{}{}", g.number, g.label.official)).collect();
        let mut labels: Vec<String> = groups
            .iter()
            .enumerate()
            .map(|(i, g)| if before.get(i) == Some(g) { String::new() } else { g.clone() })
            .collect();
        before = groups;
        labels.push(label(row));
        labels.resize(3, String::new());
        lines.push(format!("{}\t{}", labels.join("\t"), cells.join("\t")));
    }
    lines.join("\n")
}

fn bars(rows: &[PrintedRow<'_>]) -> String {
    let head = "| 项目 | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n|---|---|---|---|---|---|---|---|";
    let line = |(row, cells): &PrintedRow<'_>| format!("| {} | {} |", label(row), cells.join(" | "));
    format!("{head}\n{}", rows.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn aligned(rows: &[PrintedRow<'_>]) -> String {
    let line = |(row, cells): &PrintedRow<'_>| {
        let cells = cells.iter().map(|c| format!("{c:>9}")).collect::<Vec<_>>().concat();
        format!("{}{cells}", gouji::display::fit(&label(row), 80)).trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A text cut into pieces of some characters.
fn pieces(text: &str, size: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(size).map(|c| c.iter().collect()).collect()
}

fn filled(cells: &[String]) -> String {
    cells.iter().filter(|c| !c.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

/// The groups of a row that were not printed yet, as lines of their own.
fn groups_before(row: &Row, printed: &mut Vec<&'static str>) -> String {
    let mut out = String::new();
    for group in row.groups {
        if !printed.contains(&group.number) {
            printed.push(group.number);
            out.push_str(&format!("{}{}\n", group.number, group.label.official));
        }
    }
    out
}

fn wrapped(rows: &[PrintedRow<'_>]) -> String {
    let mut printed = Vec::new();
    let mut out = String::new();
    for (row, cells) in rows {
        out.push_str(&groups_before(row, &mut printed));
        let lines = pieces(&label(row), 7);
        // Long labels have their values on a line of their own.
        let gap = if lines.len() > 2 { "\n\n" } else { " " };
        out.push_str(&format!("{}{gap}{}\n\n", lines.join("\n"), filled(cells)));
    }
    out
}

fn interrupted(rows: &[PrintedRow<'_>]) -> String {
    let mut printed = Vec::new();
    let mut out = String::new();
    for (row, cells) in rows {
        out.push_str(&groups_before(row, &mut printed));
        let label = label(row);
        let half = label.chars().count().div_ceil(2).max(5);
        let mut lines = pieces(&label, half).into_iter();
        let (first, rest) = (lines.next().unwrap(), lines.next().unwrap_or_default());
        out.push_str(&format!("{first} {}\n{rest}\n", filled(cells)));
    }
    out
}

fn one_a_line(rows: &[PrintedRow<'_>]) -> String {
    let mut printed = Vec::new();
    let mut out = String::new();
    for (row, cells) in rows {
        out.push_str(&groups_before(row, &mut printed));
        out.push_str(&format!("{}\n{}\n", label(row), filled(cells).replace(' ', "\n")));
    }
    out
}

fn paged(rows: &[PrintedRow<'_>]) -> String {
    const HEAD: &str =
        "申请人情况\n自然人 法人或其他组织 总计\n商业企业 科研机构 社会公益组织 法律服务机构 其他";
    let mut out = String::new();
    for (i, (row, cells)) in rows.iter().enumerate() {
        out.push_str(&format!("{} {}\n", label(row), filled(cells)));
        match i % 7 {
            2 => out.push_str(&format!("\n— {i} —\n\u{c}\n")),
            4 => out.push_str(&format!("\n{i}\n\n")),
            6 => out.push_str(&format!("第{i}页 共9页\n{HEAD}\n")),
            _ => {}
        }
    }
    out
}

/// The lines of a row that has one cell a line: the groups above it, its label, the cells that are not empty.
fn cell_lines(rows: &[PrintedRow<'_>]) -> Vec<Vec<String>> {
    let mut printed = Vec::new();
    let lines = |(row, cells): &PrintedRow<'_>| {
        let groups = groups_before(row, &mut printed);
        let own = groups.lines().map(str::to_owned).chain([label(row)]);
        own.chain(cells.iter().filter(|c| !c.is_empty()).cloned()).collect()
    };
    rows.iter().map(lines).collect()
}

fn lone_behind(rows: &[PrintedRow<'_>]) -> String {
    let row = |lines: Vec<String>| format!("{} | ||\n", lines.join(" |\n"));
    cell_lines(rows).into_iter().map(row).collect()
}

fn lone_before(rows: &[PrintedRow<'_>]) -> String {
    let row = |lines: Vec<String>| format!("|{}\n", lines.join("\n|"));
    cell_lines(rows).into_iter().map(row).collect()
}

fn lone_between(rows: &[PrintedRow<'_>]) -> String {
    let row = |lines: Vec<String>| format!("{}\n|\n||\n", lines.join("\n|\n"));
    cell_lines(rows).into_iter().map(row).collect()
}

fn filled_up(rows: &[PrintedRow<'_>]) -> String {
    let row = |lines: Vec<String>| {
        let pads = "|".repeat(12_usize.saturating_sub(lines.len()));
        format!("{} | {pads}\n", lines.join(" | "))
    };
    cell_lines(rows).into_iter().map(row).collect()
}

/// An empty cell holds a line break, and the row goes on below it.
fn broken(rows: &[PrintedRow<'_>]) -> String {
    let row = |(row, cells): &PrintedRow<'_>| {
        let cells: Vec<&str> = cells.iter().map(|c| if c.is_empty() { "\n" } else { c.as_str() }).collect();
        format!("{} | {} | ||\n", label(row), cells.join(" | ")).replace(" \n ", "\n")
    };
    rows.iter().map(row).collect()
}

fn empty_lines(rows: &[PrintedRow<'_>]) -> String {
    let mut printed = Vec::new();
    let row = |(row, cells): &PrintedRow<'_>| {
        let groups = groups_before(row, &mut printed);
        format!("{groups}{}\n{}\n\n", label(row), cells.join("\n"))
    };
    rows.iter().map(row).collect()
}

/// Rows as long as the longest, which has three label cells.
fn tabs_filled_up(rows: &[PrintedRow<'_>]) -> String {
    let line = |(row, cells): &PrintedRow<'_>| {
        let cells: Vec<&str> = cells.iter().filter(|c| !c.is_empty()).map(String::as_str).collect();
        format!("{}\t{}{}\n", label(row), cells.join("\t"), "\t".repeat(9 - cells.len()))
    };
    rows.iter().map(line).collect()
}

/// A table with lines around all cells, its labels broken after twelve characters.
fn drawn_by(rows: &[PrintedRow<'_>], [bar, rule, corner]: [&str; 3]) -> String {
    let line =
        format!("{corner}{}{}{corner}\n", rule.repeat(26), format!("{corner}{}", rule.repeat(6)).repeat(7));
    let mut out = line.clone();
    for (row, cells) in rows {
        for (i, piece) in pieces(&label(row), 12).into_iter().enumerate() {
            let cell = |c: &String| format!("{bar}{:>6}", if i == 0 { c.as_str() } else { "" });
            out.push_str(&format!(
                "{bar}{}{}{bar}\n",
                gouji::display::fit(&piece, 26),
                cells.iter().map(cell).collect::<String>()
            ));
        }
        out.push_str(&line);
    }
    out
}

fn drawn(rows: &[PrintedRow<'_>]) -> String {
    drawn_by(rows, ["│", "─", "┼"])
}

fn drawn_with_signs(rows: &[PrintedRow<'_>]) -> String {
    drawn_by(rows, ["|", "-", "+"])
}

fn radicals(rows: &[PrintedRow<'_>]) -> String {
    const PAIRS: &[(char, char)] = &[
        ('一', '⼀'),
        ('二', '⼆'),
        ('人', '⼈'),
        ('民', '⺠'),
        ('工', '⼯'),
        ('行', '⾏'),
        ('文', '⽂'),
        ('无', '⽆'),
        ('正', '⽌'),
        ('三', '三'),
        ('用', '⽤'),
        ('长', '⻓'),
        ('门', '⻔'),
        ('非', '⾮'),
    ];
    let text = wrapped(rows);
    text.chars()
        .map(|c| PAIRS.iter().find(|(plain, _)| *plain == c && c != '正').map_or(c, |(_, radical)| *radical))
        .collect()
}

/// A report as text, with table 3 in a layout.
fn document(template: TemplateId, layout: &Layout, rows: &[PrintedRow<'_>]) -> String {
    let two = match template {
        TemplateId::T2019 => {
            "第二十条第（一）项\n信息内容 本年新制作数量 本年新公开数量 对外公开总数量\n规章 0 0 0\n规范性文件 1 2 3\n第二十条第（五）项\n信息内容 上一年项目数量 本年增/减 处理决定数量\n行政许可 4 -5 6\n其他对外管理服务事项 0 0 7\n第二十条第（六）项\n行政处罚 8 0 9\n行政强制 0 0 0\n第二十条第（八）项\n行政事业性收费 1 0\n第二十条第（九）项\n信息内容 采购项目数量 采购总金额（单位：万元）\n政府集中采购 3 12.3400"
        }
        TemplateId::T2021 => {
            "第二十条第（一）项\n信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 0 0 0\n行政规范性文件 1 2 3\n第二十条第（五）项\n信息内容 本年处理决定数量\n行政许可 4\n第二十条第（六）项\n行政处罚 5\n行政强制 6\n第二十条第（八）项\n信息内容 本年收费金额（单位：万元）\n行政事业性收费 7.8900"
        }
    };
    let (year, three) = (template.name(), (layout.print)(rows));
    format!(
        "甲县财政局{year}年政府信息公开工作年度报告\n\n一、总体情况\n{year}年，我局按条例公开信息。\n二、主动公开政府信息情况\n{two}\n三、收到和处理政府信息公开申请情况\n（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） 申请人情况\n自然人 法人或其他组织 总计\n商业企业 科研机构 社会公益组织 法律服务机构 其他\n{three}\n四、政府信息公开行政复议、行政诉讼情况\n行政复议 行政诉讼\n结果维持 结果纠正 其他结果 尚未审结 总计\n1 0 2 0 3 0 0 0 0 0 0 4 0 0 4\n五、存在的主要问题及改进情况\n无\n六、其他需要报告的事项\n无\n"
    )
}

fn read(text: &str) -> Report {
    let record = Record { file: Path::new("x.txt"), bytes: text.as_bytes(), offset: 0, line: 1 };
    let mut reading = (text::TEXT.read)(&record);
    assert!(!reading.reports.is_empty(), "{:?}", reading.problems);
    reading.reports.remove(0).report
}

/// Whether every column has two values at least, from which columns of spaces can be told.
fn columns_show(rows: &[PrintedRow<'_>]) -> bool {
    (0..7).all(|i| rows.iter().filter(|(_, cells)| !cells[i].is_empty()).count() >= 2)
}

fn compare(template: TemplateId, layout: &Layout, rows: &[PrintedRow<'_>]) {
    let text = document(template, layout, rows);
    let report = read(&text);
    for (row, cells) in rows {
        let uncertain = report
            .problems
            .iter()
            .any(|p| p.code == ProblemCode::UncertainRow && p.at.raw() == format!("requests.{}", row.key));
        let may_be_uncertain =
            cells.iter().any(String::is_empty) && !(layout.shows_blanks && columns_show(rows));
        assert!(
            !uncertain || may_be_uncertain,
            "{}: {} is not certain\n{text}\n{:#?}",
            layout.name,
            row.key,
            report.problems
        );
        for (cell, printed) in cells_of(row).zip(cells) {
            let read = report.figures.get(cell);
            let want = if printed.is_empty() {
                Figure::Blank
            } else {
                Figure::Number(Number::parse(printed).unwrap())
            };
            let right = read == want
                || (uncertain && read == Figure::Unreadable)
                || (may_be_uncertain && cells.iter().all(String::is_empty) && read == Figure::Blank);
            assert!(
                right,
                "{}: {cell} read as {read:?}, printed {want:?}\n{text}\n{:#?}",
                layout.name, report.problems
            );
        }
    }
    let other: Vec<_> = report
        .problems
        .iter()
        .filter(|p| !matches!(p.code, ProblemCode::UncertainRow | ProblemCode::RowWithoutCells))
        .collect();
    assert!(other.is_empty(), "{}: {other:#?}\n{text}", layout.name);
    assert_eq!(report.template, Some(template), "{}", layout.name);
    let cell = |name: &str| report.figures.get(CellId::parse(name).unwrap()).number().unwrap().to_string();
    assert_eq!(cell("reconsideration_and_litigation.litigation_after_reconsideration.corrected"), "4");
    assert_eq!(
        cell(
            "proactive_disclosure.normative.made"
                .replace("made", if template == TemplateId::T2019 { "cumulative" } else { "in_force" })
                .as_str()
        ),
        "3"
    );
}

fn cells_of(row: &Row) -> impl Iterator<Item = CellId> + '_ {
    ["natural", "business", "research", "welfare", "legal", "other", "total"]
        .iter()
        .map(|c| CellId::find(TableId::Requests, row.key, c).unwrap())
}

fn rows_of(table: &'static Table, figures: &[Option<u32>]) -> Vec<PrintedRow<'static>> {
    let mut figures = figures.iter().cycle();
    let mut cell = || figures.next().unwrap().map_or(String::new(), |n| n.to_string());
    table.rows().map(|(_, row)| (row, std::iter::repeat_with(&mut cell).take(7).collect())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn full_tables_are_read_alike_in_every_layout(figures in prop::collection::vec(0_u32..2_000, 175)) {
        for template in [TemplateId::T2019, TemplateId::T2021] {
            let figures: Vec<Option<u32>> = figures.iter().copied().map(Some).collect();
            let rows = rows_of(template.template().table(TableId::Requests), &figures);
            for layout in LAYOUTS {
                compare(template, layout, &rows);
            }
        }
    }

    #[test]
    fn blanks_are_placed_or_said_to_be_uncertain(figures in prop::collection::vec(prop::option::weighted(0.8, 0_u32..2_000), 175)) {
        for template in [TemplateId::T2019, TemplateId::T2021] {
            let rows = rows_of(template.template().table(TableId::Requests), &figures);
            for layout in LAYOUTS {
                compare(template, layout, &rows);
            }
        }
    }
}

/// A plain document of the form of 2021 whose row `i`, column `j` holds `7 i + 3 j mod 23`.
fn plain_document() -> (Vec<PrintedRow<'static>>, String) {
    let table = TemplateId::T2021.template().table(TableId::Requests);
    let print = |(i, (_, row)): (usize, (_, &'static Row))| {
        (row, (0..7).map(|j| ((7 * i + 3 * j) % 23).to_string()).collect::<Vec<_>>())
    };
    let rows: Vec<PrintedRow<'static>> = table.rows().enumerate().map(print).collect();
    let layout = Layout { name: "plain", print: words, shows_blanks: false };
    let text = document(TemplateId::T2021, &layout, &rows);
    (rows, text)
}

fn words(rows: &[PrintedRow<'_>]) -> String {
    let line = |(row, cells): &PrintedRow<'_>| format!("{} {}", label(row), cells.join(" "));
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What happened to the text, the replacements, the rows that may differ from the plain document, the problems.
type Case =
    (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str], &'static [&'static str]);

const HAZARDS: &[Case] = &[
    ("nothing", &[], &[], &[]),
    ("numbers with another mark", &[("1.", "1、"), ("2.", "２．"), ("3.", "（3）")], &[], &[]),
    ("numbers left out", &[("4.保护", "保护"), ("（七）总计", "总计")], &[], &[]),
    ("the total row named otherwise", &[("（七）总计", "（七）合计")], &[], &[]),
    (
        "labels misspelt",
        &[
            ("执法案卷", "执法案件"),
            ("没有现成信息需要另行", "没有现成的信息需另行"),
            ("四、结转下年度", "四、结转至下年度"),
        ],
        &[],
        &[],
    ),
    (
        "explanations left out",
        &[("（区分处理的，只计这一情形，不计其他情形）", ""), ("、行政机关不再处理其政府信息公开申请", "")],
        &[],
        &[],
    ),
    (
        "a sentence with numbers before the table",
        &[(
            "自然人 法人或其他组织",
            "2021年收到申请 5 件，其中自然人 3 件、法人 2 件，予以公开 4 件。\n自然人 法人或其他组织",
        )],
        &[],
        &[],
    ),
    (
        "a sentence with numbers after it",
        &[("四、政府信息公开行政复议", "以上数据不含 12 件咨询\n四、政府信息公开行政复议")],
        &[],
        &[],
    ),
    (
        "a sentence in section 四",
        &[("行政复议 行政诉讼\n", "2021年行政复议 3 件，维持 1 件。\n行政复议 行政诉讼\n")],
        &[],
        &[],
    ),
    (
        "table 4 in three labelled lines",
        &[(
            "1 0 2 0 3 0 0 0 0 0 0 4 0 0 4",
            "行政复议 1 0 2 0 3\n未经复议直接起诉 0 0 0 0 0\n复议后起诉 0 4 0 0 4",
        )],
        &[],
        &[],
    ),
    (
        "table 4 one value a line",
        &[("1 0 2 0 3 0 0 0 0 0 0 4 0 0 4", "1\n0\n2\n0\n3\n0\n0\n0\n0\n0\n0\n4\n0\n0\n4")],
        &[],
        &[],
    ),
    (
        "full-width digits and separators",
        &[("（一）予以公开 14 17", "（一）予以公开 １４ 1,7")],
        &["granted"],
        &["not-a-number requests.granted.business"],
    ),
    (
        "a row missing",
        &[("4.保护第三方合法权益 3 6 9 12 15 18 21\n", "")],
        &["refused_4"],
        &["no-row requests.refused_4"],
    ),
    ("a row twice, the same", &[("（七）总计", "（七）总计 0 3 6 9 12 15 18\n（七）总计")], &[], &[]),
    (
        "a row twice with another figure",
        &[("（七）总计", "（七）总计 1 3 6 9 12 15 18\n（七）总计")],
        &["total"],
        &["row-twice requests.total"],
    ),
    (
        "label and values run together",
        &[("3.其他 16 19 22 2 5 8 11", "3.其他16192225811")],
        &["other_3"],
        &["uncertain-row requests.other_3"],
    ),
    (
        "a number split in two",
        &[(
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形） 21",
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形） 2 1",
        )],
        &["partial"],
        &["uncertain-row requests.partial"],
    ),
    (
        "values of no row",
        &[("四、结转下年度继续办理", "（八）从未有过的一项结果 1 1 1 1 1 1 1\n四、结转下年度继续办理")],
        &[],
        &["unknown-row requests"],
    ),
];

#[test]
fn hazards_cost_no_figure_and_raise_no_doubt_but_where_there_is_one() {
    let (rows, base) = plain_document();
    for (name, edits, differing, problems) in HAZARDS {
        let text = edits.iter().fold(base.clone(), |text, (from, to)| {
            assert!(text.contains(from), "{name}: {from} is in the document\n{text}");
            text.replace(from, to)
        });
        let report = read(&text);
        for (row, cells) in &rows {
            for (cell, printed) in cells_of(row).zip(cells) {
                let read = report.figures.get(cell);
                let is_same = read == Figure::Number(Number::parse(printed).unwrap());
                let may_differ = differing.contains(&row.key) && read.number().is_none();
                assert!(
                    is_same || may_differ,
                    "{name}: {cell} is {read:?}, printed {printed}\n{:#?}",
                    report.problems
                );
            }
        }
        let found: Vec<String> =
            report.problems.iter().map(|p| format!("{} {}", p.code.name(), p.at.raw())).collect();
        assert_eq!(found, *problems, "{name}");
    }
}
