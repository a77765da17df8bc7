//! Which cells of a printed table belong to which figures: where it shows they are read, else they are in doubt. Each
//! case stands for a kind, with what is like it and is read.

#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on shall fail")]

use std::path::Path;

use gouji::load::{Record, format_of};
use gouji::report::{CellId, Figure, Report};

fn read(name: &str, body: &str) -> Report {
    let record = Record { file: Path::new(name), bytes: body.as_bytes(), offset: 0, line: 1 };
    let format = format_of(record.bytes, record.file).unwrap();
    let mut reading = (format.read)(&record);
    assert!(!reading.reports.is_empty(), "{body}\n{:?}", reading.problems);
    reading.reports.remove(0).report
}

fn report(section: &str, body: &str) -> Report {
    let title = "甲县水利局2023年政府信息公开工作年度报告\n一、总体情况\n统计期限为2023年1月1日至12月31日。";
    read("x.txt", &format!("{title}\n{section}\n{body}\n五、存在的主要问题及改进情况\n无\n"))
}

const TWO: &str = "二、主动公开政府信息情况";
const THREE: &str = "三、收到和处理政府信息公开申请情况";
const FOUR: &str = "四、政府信息公开行政复议、行政诉讼情况";

/// The figures of a row: numbers, `_` for blank, `?` for one in doubt, `.` for one that is not there.
fn row(report: &Report, name: &str) -> String {
    let cells = report.form().cells().filter(|cell| cell.name().starts_with(&format!("{name}.")));
    let sign = |cell: CellId| match report.figures.get(cell) {
        Figure::Number(number) => number.to_string(),
        Figure::Blank => "_".to_owned(),
        Figure::Unreadable => "?".to_owned(),
        Figure::Absent => ".".to_owned(),
    };
    cells.map(sign).collect::<Vec<_>>().join(" ")
}

fn is_said(report: &Report, name: &str) -> bool {
    let table = name.split('.').next().unwrap();
    report.problems.iter().any(|p| p.at.raw() == name || p.at.raw() == table)
}

/// What is printed, the row that is asked for, its figures; a row in doubt is also said.
fn check(cases: &[(&str, &str, &str, &str)]) {
    for (section, body, name, want) in cases {
        let report = report(section, body);
        assert_eq!(row(&report, name), *want, "{name}\n{body}\n{:#?}", report.problems);
        assert!(!want.contains('?') || is_said(&report, name), "{name}\n{body}\n{:#?}", report.problems);
    }
}

#[test]
fn padding_is_no_cell() {
    let kinds = "信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |";
    check(&[
        (
            THREE,
            "一、本年新收政府信息公开申请数量 | 9 | 2 | 1 | 1 | 3 | 16 | |||",
            "requests.received",
            "? ? ? ? ? ? ?",
        ),
        (
            THREE,
            "一、本年新收政府信息公开申请数量 | 9 | 2 | 1 | 0 | 1 | 3 | 16 | ||",
            "requests.received",
            "9 2 1 0 1 3 16",
        ),
        (
            THREE,
            "一、本年新收政府信息公开申请数量\t9\t2\t1\t1\t3\t16\t\n二、上年结转政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1\t",
            "requests.received",
            "? ? ? ? ? ? ?",
        ),
        (
            TWO,
            &format!("{kinds}\n规章 | 2 | 7 | ||\n行政规范性文件 | 1 | 0 | 4 |"),
            "proactive_disclosure.regulations",
            "? ? ?",
        ),
        (
            TWO,
            &format!("{kinds}\n规章 | 2 | 0 | 7 |\n行政规范性文件 | 1 | 0 | 4 |"),
            "proactive_disclosure.regulations",
            "2 0 7",
        ),
        // Rows that end where the last column does keep their empty cells.
        (
            THREE,
            "一、本年新收政府信息公开申请数量\t9\t2\t1\t0\t1\t3\t16\n二、上年结转政府信息公开申请数量\t1\t\t\t\t\t\t",
            "requests.carried_in",
            "1 _ _ _ _ _ _",
        ),
    ]);
}

#[test]
fn a_cell_is_a_line() {
    check(&[
        (TWO, "行政许可 |\n57 |\n||\n行政处罚 |\n8 |", "proactive_disclosure.licensing", "57"),
        (
            TWO,
            "|\n规章 |\n1 |\n0 |\n6 | |\n|\n行政规范性文件 |\n2 |\n0 |\n9 | |",
            "proactive_disclosure.regulations",
            "1 0 6",
        ),
        (TWO, "规章\n|\n1\n|\n0\n|\n6\n|\n||\n", "proactive_disclosure.regulations", "1 0 6"),
        (TWO, "|规章\n|1\n|6\n|行政规范性文件\n|2\n|0\n|9", "proactive_disclosure.regulations", "? ? ?"),
        // A row whose figures are nowhere is blank only where every number has its place.
        (TWO, "规章\n行政规范性文件\n2\n0\n9", "proactive_disclosure.regulations", "_ _ _"),
        (TWO, "规章\n行政规范性文件\n2\n0\n9\n4", "proactive_disclosure.regulations", "? ? ?"),
    ]);
}

#[test]
fn a_note_behind_a_label_is_part_of_it() {
    check(&[
        (
            TWO,
            "规章（由设区的市以上人民政府填写） | 0 | 0 | 5 |",
            "proactive_disclosure.regulations",
            "0 0 5",
        ),
        (TWO, "行政许可（含委托下级办理的,不含备案） 31", "proactive_disclosure.licensing", "31"),
        (TWO, "规章\n行政规范性文件\n行政许可\n从未有过的另外一行 31", "proactive_disclosure.licensing", "?"),
    ]);
}

#[test]
fn a_label_that_lost_its_place_takes_nothing_of_its_neighbours() {
    let rows = "4.保护第三方合法权益 0 0 0 0 0 0 0\n5.属于三类内部事务信\n息\n1.本机关不掌握相关政\n府信息\n2 0 0 0 0 0 2\n6.属于四类过程性信息 1 0 0 0 0 0 1\n7.属于行政执法案卷 0 0 0 0 0 0 0";
    check(&[
        (THREE, rows, "requests.unavailable_1", "? ? ? ? ? ? ?"),
        (THREE, rows, "requests.refused_5", "? ? ? ? ? ? ?"),
        (THREE, rows, "requests.refused_6", "1 0 0 0 0 0 1"),
        // Beside its figures a row may stand wherever it stands.
        (
            THREE,
            "7.属于行政执法案卷 3 0 0 0 0 0 3\n6.属于四类过程性信息 1 0 0 0 0 0 1",
            "requests.refused_7",
            "3 0 0 0 0 0 3",
        ),
    ]);
}

#[test]
fn numbers_without_a_head_are_no_table_4() {
    let numbers = "1 0 2 0 3 0 0 0 0 0 0 4 0 0 4";
    let head = "结果维持 结果纠正 其他结果 尚未审结 总计";
    check(&[
        (
            FOUR,
            &format!("行政复议 行政诉讼\n{head}\n{numbers}"),
            "reconsideration_and_litigation.reconsideration",
            "1 0 2 0 3",
        ),
        (FOUR, numbers, "reconsideration_and_litigation.reconsideration", "? ? ? ? ?"),
        (
            TWO,
            &format!("规章 0 0 0\n{numbers}"),
            "reconsideration_and_litigation.reconsideration",
            ". . . . .",
        ),
    ]);
}

fn page(rows: &str) -> Report {
    let head = "<tr><td colspan=3 rowspan=2>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=2>总计</td></tr><tr><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>";
    read(
        "x.html",
        &format!(
            "<html><body><h1>甲县水利局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>如下。</p><p>{THREE}</p><table>{head}{rows}</table></body></html>"
        ),
    )
}

#[test]
fn what_a_merged_cell_covers_is_no_cell() {
    let label = "<td colspan=3>一、本年新收政府信息公开申请数量</td>";
    let next = "<td colspan=3>二、上年结转政府信息公开申请数量</td>";
    let full = "<td>4</td><td>1</td><td>0</td><td>0</td><td>0</td><td>0</td><td>5</td>";
    for (rows, name, want) in [
        (format!("<tr>{label}{full}</tr>"), "requests.received", "4 1 0 0 0 0 5"),
        // The first figure takes two columns; the others are still the others.
        (
            format!(
                "<tr>{label}<td colspan=2>4</td><td>1</td><td>0</td><td></td><td>0</td><td>0</td><td>5</td></tr>"
            ),
            "requests.received",
            "? ? ? ? ? ? ?",
        ),
        (
            format!(
                "<tr>{label}<td colspan=2>4</td><td>1</td><td>0</td><td>0</td><td>0</td><td>0</td><td>5</td></tr>"
            ),
            "requests.received",
            "4 1 0 0 0 0 5",
        ),
        // A figure goes on into the next row, which has none of its own there.
        (
            format!("<tr>{label}<td rowspan=2>4</td>{}</tr><tr>{next}{}</tr>", &full[10..], &full[10..]),
            "requests.carried_in",
            "? ? ? ? ? ? ?",
        ),
        // An empty cell of its own is blank.
        (
            format!("<tr>{label}<td>4</td><td>1</td><td></td><td></td><td></td><td></td><td>5</td></tr>"),
            "requests.received",
            "4 1 _ _ _ _ 5",
        ),
        (
            format!("<tr>{label}<td>4</td><td>1</td><td></td><td></td><td></td><td></td><td></td></tr>"),
            "requests.received",
            "4 1 _ _ _ _ _",
        ),
    ] {
        let report = page(&rows);
        assert_eq!(row(&report, name), want, "{rows}\n{:#?}", report.problems);
        assert!(!want.contains('?') || is_said(&report, name), "{rows}\n{:#?}", report.problems);
    }
}
