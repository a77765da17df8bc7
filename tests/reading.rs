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
    let cell = format!("{name}.");
    let is_about = |at: &str| at == name || at == table || at.starts_with(&cell);
    report.problems.iter().any(|p| is_about(p.at.raw()))
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

/// Rows of table 3, one cell a line.
fn lines_of(rows: &[(&str, &str)]) -> String {
    let lines = |(label, values): &(&str, &str)| format!("{label}\n{}\n", values.replace(' ', "\n"));
    rows.iter().map(lines).collect()
}

const NEW: &str = "一、本年新收政府信息公开申请数量";
const OLD: &str = "二、上年结转政府信息公开申请数量";
const GRANTED: &str = "（一）予以公开";
const PARTIAL: &str = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）";
const SECRET: &str = "1.属于国家秘密";

#[test]
fn as_many_numbers_as_columns_are_a_row_only_where_no_row_has_more() {
    let full = "3 0 0 0 0 0 3";
    let sure = lines_of(&[(NEW, full), (OLD, "1 0 0 0 0 0 1"), (GRANTED, "2 0 0 0 0 0 2")]);
    // Seven numbers behind the second label, but ten behind the third: a number of its own row may be among them.
    let loose = lines_of(&[(NEW, full), (OLD, "1 0 0 0 0 0 1"), (GRANTED, "2 0 0 0 0 0 2 3 0 0")]);
    // Numbers that no label stands before are somebody's too, but where each row has its own.
    let stray = format!("4\n0\n0\n{sure}");
    let beside = format!("4\n0\n0\n{}{PARTIAL}\n", lines_of(&[(NEW, full), (OLD, "1 0 0 0 0 0 1")]));
    check(&[
        (THREE, &sure, "requests.carried_in", "1 0 0 0 0 0 1"),
        (THREE, &loose, "requests.granted", "? ? ? ? ? ? ?"),
        (THREE, &loose, "requests.carried_in", "? ? ? ? ? ? ?"),
        (THREE, &stray, "requests.granted", "2 0 0 0 0 0 2"),
        (THREE, &beside, "requests.carried_in", "? ? ? ? ? ? ?"),
        // A page number is not.
        (THREE, &format!("{sure}\n\n4\n\n"), "requests.received", "3 0 0 0 0 0 3"),
    ]);
    // Where most rows are full, and those beside a row too, it is theirs.
    let most = lines_of(&[
        (NEW, full),
        (OLD, "1 0 0 0 0 0 1"),
        (GRANTED, "2 0 0 0 0 0 2"),
        (PARTIAL, "0 0 0 0 0 0 0"),
        (SECRET, "0 0 0 0 0 0 0 5"),
    ]);
    check(&[
        (THREE, &most, "requests.carried_in", "1 0 0 0 0 0 1"),
        (THREE, &most, "requests.partial", "? ? ? ? ? ? ?"),
        (THREE, &most, "requests.received", "? ? ? ? ? ? ?"),
    ]);
}

#[test]
fn digits_closer_than_columns_are_no_columns() {
    let head = format!("{NEW}   3    0    0    0    0    0    3");
    check(&[
        (
            THREE,
            &format!("{head}\n{OLD}   1 2   0    0    0   1    13"),
            "requests.carried_in",
            "1 2 0 0 0 1 13",
        ),
        (
            THREE,
            &format!(
                "{head}\n{OLD}   1 2   0    0    0    1    0\n{GRANTED}   1 2   0    0    0    0    0    0    1 2"
            ),
            "requests.carried_in",
            "? ? ? ? ? ? ?",
        ),
        (
            THREE,
            &format!("{head}\n{OLD} 1 2 0 0 0 1 0\n{GRANTED}   1 2   0    0    0    0    0    0    1 2"),
            "requests.carried_in",
            "1 2 0 0 0 1 0",
        ),
    ]);
}

#[test]
fn a_sign_on_a_line_of_its_own_is_an_empty_cell() {
    check(&[
        (
            THREE,
            &lines_of(&[(NEW, "3 - - / 0 - 3"), (OLD, "- - - - - - -")]),
            "requests.received",
            "3 _ _ _ 0 _ 3",
        ),
        (
            THREE,
            &lines_of(&[(NEW, "3 - - / 0 - 3"), (OLD, "- - - - - - -")]),
            "requests.carried_in",
            "_ _ _ _ _ _ _",
        ),
        // A minus that lost its number: eight pieces for seven cells.
        (
            THREE,
            &lines_of(&[(NEW, "- 3 0 0 0 0 0 3"), (OLD, "1 0 0 0 0 0 1")]),
            "requests.received",
            "? ? ? ? ? ? ?",
        ),
        (TWO, "行政许可\n-\n3", "proactive_disclosure.licensing", "?"),
        (TWO, "行政许可\n-\n行政处罚\n3", "proactive_disclosure.licensing", "_"),
    ]);
}

#[test]
fn running_numbers_before_the_labels_are_no_figures() {
    let row = |number: &str, label: &str, values: &str| {
        format!("{number}\n{label}\n{}\n", values.replace(' ', "\n"))
    };
    let rows = [
        row("1", NEW, "3 0 0 0 0 3"),
        row("2", OLD, "1 0 0 0 0 0 1"),
        row("3", GRANTED, "2 0 0 0 0 0 2"),
        row("4", PARTIAL, "0 0 0 0 0 0 0"),
    ]
    .concat();
    // The first row has six figures; the number of the next is not its seventh.
    check(&[
        (THREE, &format!("序号\n项目\n{rows}"), "requests.received", "? ? ? ? ? ? ?"),
        (THREE, &format!("序号\n项目\n{rows}"), "requests.carried_in", "1 0 0 0 0 0 1"),
        (
            THREE,
            &format!("序号 | 项目 | |\n| 1 | {NEW} | 3 | 0 | 0 | 0 | 0 | 0 | 3 |"),
            "requests.received",
            "3 0 0 0 0 0 3",
        ),
        (
            THREE,
            &format!("序号  项目\n1  {NEW}  3  0  0  0  0  0  3\n2  {OLD}  1  0  0  0  0  0  1"),
            "requests.received",
            "3 0 0 0 0 0 3",
        ),
    ]);
    let page = page(&format!(
        "<tr><td>序号</td></tr><tr><td>1</td><td colspan=3>{NEW}</td><td>3</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td><td>3</td></tr>"
    ));
    assert_eq!(self::row(&page, "requests.received"), "3 0 0 0 0 0 3", "{:#?}", page.problems);
}

#[test]
fn labels_printed_into_each_other_own_no_figures_between() {
    let rows = "4.无正当理由大量反复申请   0  0  0  0  0  0  0\n5.要求行政机关确认或重新出具已\n1.申请人无正当理由逾期不补正、   1  0  0  0  0  0  1\n获取信息\n行政机关不再处理其政府信息公开\n2.申请人逾期未按收费通知要求缴   2  0  0  0  0  0  2\n申请\n纳费用、行政机关不再处理其政府信息公开申请\n3.其他  0  0  0  0  0  0  0";
    let apart = "4.无正当理由大量反复申请   0  0  0  0  0  0  0\n5.要求行政机关确认或重新出具已\n获取信息   1  0  0  0  0  0  1\n1.申请人无正当理由逾期不补正、\n行政机关不再处理其政府信息公开申请   2  0  0  0  0  0  2";
    check(&[
        (THREE, rows, "requests.not_processed_5", "? ? ? ? ? ? ?"),
        (THREE, rows, "requests.other_1", "? ? ? ? ? ? ?"),
        (THREE, rows, "requests.not_processed_4", "0 0 0 0 0 0 0"),
        (THREE, apart, "requests.not_processed_5", "1 0 0 0 0 0 1"),
        (THREE, apart, "requests.other_1", "2 0 0 0 0 0 2"),
    ]);
}

#[test]
fn the_figures_of_table_4_may_have_a_label() {
    let head = "| 类别 | 行政复议 | | | | | 未经复议直接起诉 | | | | | 复议后起诉 | | | | |\n| 情形 | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 |";
    let figures = "1 | 0 | 2 | 0 | 3 | 0 | 0 | 0 | 0 | 0 | 4 | 0 | 0 | 0 | 4 |";
    let first = "reconsideration_and_litigation.reconsideration";
    check(&[
        (FOUR, &format!("{head}\n| 数量 | {figures}"), first, "1 0 2 0 3"),
        // Figures behind other words are somebody's, and not said to be blank.
        (FOUR, &format!("{head}\n| 数量 | 其中 | {figures}"), first, "? ? ? ? ?"),
        (
            FOUR,
            &format!("{head}\n| | | | | | | | | | | | | | | | |\n| 结果维持 | 结果纠正 | {figures}"),
            first,
            "? ? ? ? ?",
        ),
        (FOUR, &format!("{head}\n| 数量 | | | | | | | | | | | | | | | |"), first, "_ _ _ _ _"),
    ]);
}

#[test]
fn a_note_in_brackets_ends_where_they_do() {
    let note = "（包括主动公开后告知获取方式和途径的，共3种情形）";
    let rows = format!(
        "| {GRANTED}{note} | 6 | 2 | 1 | 0 | 4 | 7 | 20 |\n| {PARTIAL} | 1 | 0 | 0 | 0 | 0 | 0 | 1 |"
    );
    check(&[
        (THREE, &rows, "requests.granted", "6 2 1 0 4 7 20"),
        (THREE, &rows, "requests.partial", "1 0 0 0 0 0 1"),
    ]);
}

#[test]
fn columns_that_stand_below_each_other_on_either_side_are_columns() {
    let full = [(NEW, "3 10 0 0 0 0 13"), (OLD, "112 9 1 20 3 1 146"), (GRANTED, "1 2 100 0 1 0 104")];
    let short = (PARTIAL, "3 _ _ 100 _ _ 103");
    let line = |(label, values): &(&str, &str), is_left: bool, shift: usize| {
        let label = format!("{label}{}", " ".repeat(80 - 2 * label.chars().count()));
        let cell = |value: &str| match (value.replace('_', ""), is_left) {
            (value, true) => format!("{value:<7}"),
            (value, false) => format!("{value:>7}"),
        };
        let cells: String = values.split(' ').map(cell).collect();
        format!("{label}{}{cells}", " ".repeat(shift))
    };
    for is_left in [true, false] {
        let head: Vec<String> = full.iter().map(|row| line(row, is_left, 0)).collect();
        let head = head.join("\n");
        check(&[
            (
                THREE,
                &format!("{head}\n{}", line(&short, is_left, 0)),
                "requests.partial",
                "3 _ _ 100 _ _ 103",
            ),
            // Between two columns it is in neither.
            (THREE, &format!("{head}\n{}", line(&short, is_left, 3)), "requests.partial", "? ? ? ? ? ? ?"),
        ]);
    }
    // Where one row only has figures, nothing shows where the columns are.
    let alone = line(&short, true, 0);
    check(&[(THREE, &alone, "requests.partial", "? ? ? ? ? ? ?")]);
}

#[test]
fn a_table_behind_all_sections_is_found_by_its_head() {
    let head = "甲县水利局2023年政府信息公开工作年度报告\n一、总体情况\n如下。";
    let sections =
        format!("{TWO}\n{THREE}\n{FOUR}\n五、存在的主要问题及改进情况\n无。\n六、其他需要报告的事项\n无。");
    let tables = format!(
        "| 第二十条第（一）项 | | | |\n| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n| 规章 | 1 | 0 | 6 |\n| 行政规范性文件 | 2 | 0 | 9 |\n| 申请人情况 | 自然人 |\n| {NEW} | 4 | 1 | 0 | 0 | 0 | 0 | 5 |\n"
    );
    let report = read("x.txt", &format!("{head}\n{sections}\n{tables}"));
    assert_eq!(row(&report, "proactive_disclosure.regulations"), "1 0 6", "{:#?}", report.problems);
    assert_eq!(row(&report, "requests.received"), "4 1 0 0 0 0 5", "{:#?}", report.problems);
    let last = report.sections.iter().find(|section| section.number == 6).unwrap();
    assert_eq!(last.text.raw(), "无。", "the tables are no text of the last section");
    // Without its head, a row of another table with the same name is not taken for one of the form.
    let others = "| 事项 | 数量 |\n| 行政许可 | 35 |\n| 行政处罚 | 12 |\n| 行政强制 | 3 |\n";
    let report = read("x.txt", &format!("{head}\n{others}\n{sections}"));
    assert_eq!(row(&report, "proactive_disclosure.licensing"), ".", "{:#?}", report.problems);
    assert!(is_said(&report, "proactive_disclosure"));
}

#[test]
fn a_table_in_a_cell_of_another_is_read_where_the_rows_are_told() {
    let inner = "| |  |  |  |  | | --- | --- | --- | --- | | 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 | | 规章 | 9 |  | 6 | | 行政规范性文件 | 3 | 4 | 3 | | 第二十条第（五）项 | | | | | 行政许可 | 57 | | | |";
    check(&[
        (TWO, inner, "proactive_disclosure.regulations", "9 _ 6"),
        (TWO, inner, "proactive_disclosure.normative", "3 4 3"),
        (TWO, inner, "proactive_disclosure.licensing", "57"),
    ]);
}

#[test]
fn columns_in_another_order_are_not_those_of_the_form() {
    let first = "reconsideration_and_litigation.reconsideration";
    let groups = |order: &str| format!("| {} |\n", order.replace(' ', " | | | | | "));
    let outcomes = "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | ".repeat(3);
    let figures = "| 1 | 0 | 2 | 0 | 3 | 0 | 0 | 0 | 0 | 0 | 4 | 0 | 0 | 0 | 4 |";
    let table = |order: &str| format!("{}| {outcomes}\n{figures}", groups(order));
    let total_first = outcomes.replace(
        "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计",
        "总计 | 结果维持 | 结果纠正 | 其他结果 | 尚未审结",
    );
    let two = "信息内容 | 现行有效件数 | 本年制发件数 | 本年废止件数 |\n规章 | 1 | 0 | 6 |";
    check(&[
        (FOUR, &table("行政复议 未经复议直接起诉 复议后起诉"), first, "1 0 2 0 3"),
        (FOUR, &table("行政复议 复议后起诉 未经复议直接起诉"), first, "? ? ? ? ?"),
        (FOUR, &format!("| 行政复议 |\n| {total_first}\n{figures}"), first, "? ? ? ? ?"),
        (TWO, two, "proactive_disclosure.regulations", "? ? ?"),
        (
            TWO,
            "信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n规章 | 1 | 0 | 6 |",
            "proactive_disclosure.regulations",
            "1 0 6",
        ),
        // Outcomes down the side are no labels of rows of figures.
        (
            FOUR,
            "| | 行政复议 | 未经复议直接起诉 | 复议后起诉 |\n| 结果维持 | 1 | 2 | 3 |\n| 结果纠正 | 1 | 2 | 3 |\n| 其他结果 | 1 | 2 | 3 |\n| 尚未审结 | 1 | 2 | 3 |\n| 总计 | 4 | 8 | 12 |",
            first,
            "? ? ? ? ?",
        ),
        // The numbers of the columns are no figures.
        (
            FOUR,
            &format!(
                "| 行政复议 |\n| {outcomes}\n| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 |"
            ),
            first,
            "? ? ? ? ?",
        ),
    ]);
}

#[test]
fn a_column_beside_those_of_the_form_makes_rows_uncertain() {
    let cells = |values: &str| {
        values.split(' ').map(|v| ["<td>", v.trim_matches('_'), "</td>"].concat()).collect::<String>()
    };
    let row_of = |label: &str, values: &str| format!("<tr><td colspan=3>{label}</td>{}</tr>", cells(values));
    let wide = page(&[row_of(NEW, "4 1 0 0 0 0 5 9"), row_of(OLD, "1 0 0 _ 0 0 1 7")].concat());
    assert_eq!(row(&wide, "requests.carried_in"), "? ? ? ? ? ? ?", "{:#?}", wide.problems);
    // The head names it, and no row is full.
    let table = "信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 | 上年数 |\n规章 |  |  |  | 5 |\n行政规范性文件 | 3 |  |  | 5 |";
    check(&[
        (TWO, table, "proactive_disclosure.regulations", "? ? ?"),
        (
            TWO,
            &table.replace("上年数", "").replace("| 5 |", "| 5 | |"),
            "proactive_disclosure.normative",
            "? ? ?",
        ),
    ]);
    let narrow = page(&[row_of(NEW, "4 1 0 0 0 0 5"), row_of(OLD, "1 0 0 _ 0 0 1")].concat());
    assert_eq!(row(&narrow, "requests.carried_in"), "1 0 0 _ 0 0 1", "{:#?}", narrow.problems);
}

#[test]
fn what_stands_in_the_place_of_a_figure_is_no_label_and_no_blank() {
    let with = |values: &str| format!("| {NEW} | {} |", values.replace(' ', " | "));
    check(&[
        (THREE, &with("93* 1 0 0 0 0 94"), "requests.received", "? 1 0 0 0 0 94"),
        (THREE, &with("93* 73* 0* 0* 0* 0* 166*"), "requests.received", "? ? ? ? ? ? ?"),
        (THREE, &with("〇 〇 〇 〇 〇 〇 〇"), "requests.received", "? ? ? ? ? ? ?"),
        (THREE, &with("\u{200b}3 0 0 0 0 0 \u{feff}3"), "requests.received", "3 0 0 0 0 0 3"),
    ]);
    // What a field of a form shows is what a person sees; what was chosen from a list is not told.
    let fields = |of: &dyn Fn(u8) -> String| {
        let cells: String =
            [4, 1, 0, 0, 0, 0, 5].into_iter().map(|n| ["<td>", &of(n), "</td>"].concat()).collect();
        row(&page(&format!("<tr><td colspan=3>{NEW}</td>{cells}</tr>")), "requests.received")
    };
    assert_eq!(fields(&|n| format!("<input value={n}>")), "4 1 0 0 0 0 5");
    assert_eq!(fields(&|n| format!("<textarea>{n}</textarea>")), "4 1 0 0 0 0 5");
    assert_eq!(fields(&|n| format!("<img src=x.gif alt={n}>")), "4 1 0 0 0 0 5");
    assert_eq!(fields(&|n| format!("<select><option>{n}</select>")), "? ? ? ? ? ? ?");
    // Pictures of nothing are no figures, and a row without any makes no table.
    assert_eq!(fields(&|_| "<img src=x.gif alt=''>".to_owned()), ". . . . . . .");
}

#[test]
fn a_number_below_the_row_is_its_own_only_where_it_may_be() {
    check(&[
        // A page number below a row of empty cells.
        (TWO, "行政许可\t\t\t\n1\n行政处罚\t\t\t", "proactive_disclosure.licensing", "?"),
        (TWO, "行政许可\t7\t\t\n1\n行政处罚\t2\t\t", "proactive_disclosure.penalty", "2"),
        // The end of a figure that was wrapped, and a page number between empty lines.
        (
            THREE,
            &format!("{NEW}  1  0  0  0  0  0  198\n                       3\n{OLD}  0  0  0  0  0  0  0"),
            "requests.received",
            "? ? ? ? ? ? ?",
        ),
        (
            THREE,
            &format!(
                "{NEW}  1  0  0  0  0  0  198\n\n                       3\n\n{OLD}  0  0  0  0  0  0  0"
            ),
            "requests.received",
            "1 0 0 0 0 0 198",
        ),
    ]);
}

#[test]
fn figures_beside_a_group_of_rows_are_not_counted_twice() {
    let rows = "| （六）其他处理 | 62 | 0 | 0 | 0 | 0 | 0 | 62 |\n| 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请 | 2 | 0 | 0 | 0 | 0 | 0 | 2 |\n| 3.其他 | 60 | 0 | 0 | 0 | 0 | 0 | 60 |";
    let lost = "（六）其他处理 正、行政机关不再处理 | 2 | 0 | 0 | 0 | 0 | 0 | 2 |\n| 3.其他 | 60 | 0 | 0 | 0 | 0 | 0 | 60 |";
    check(&[
        (THREE, rows, "requests.other_1", "2 0 0 0 0 0 2"),
        (THREE, rows, "requests.other_3", "60 0 0 0 0 0 60"),
    ]);
    let report = report(THREE, lost);
    assert!(is_said(&report, "requests.other_1"), "{:#?}", report.problems);
}

#[test]
fn a_row_behind_the_table_is_none_of_its_items() {
    let cells = " | 4 | 0 | 0 | 0 | 0 | 0 | 4 |";
    let rows = format!(
        "| 信息内容 | 上一年项目数量 | 本年增/减 |\n| （五）不予处理 | 1.信访举报投诉类申请{cells}\n| （六）其他处理{cells}\n| （七）总计{cells}\n| 四、结转下年度继续办理{cells}\n| 五、收取信息处理费（件）{cells}\n| 六、其他{cells}"
    );
    check(&[
        (THREE, &rows, "requests.other", "4 0 0 0 0 0 4"),
        (THREE, &rows, "requests.carried_out", "4 0 0 0 0 0 4"),
    ]);
}

#[test]
fn a_table_4_whose_figures_are_in_no_known_shape_is_not_without_figures() {
    let head = "行政复议 行政诉讼\n结果维持 结果纠正 其他结果 尚未审结 总计";
    let first = "reconsideration_and_litigation.reconsideration";
    let with = |figures: &str| format!("{head}\n{figures}");
    check(&[
        (FOUR, &with("1;0;2;0;3;0;0;0;0;0;4;0;0;0;4"), first, "? ? ? ? ?"),
        (FOUR, &with("[[1, 0, 2, 0, 3], [0, 0, 0, 0, 0], [4, 0, 0, 0, 4]]"), first, "? ? ? ? ?"),
        (FOUR, &with("（国办公开办函〔2021〕30号）"), first, "_ _ _ _ _"),
        (FOUR, &with("2023年收到行政复议1件、2件、3件、4件、5件、6件。"), first, "_ _ _ _ _"),
        (
            FOUR,
            &format!(
                "{}\n| **1** | **0** | **2** | **0** | **3** | **0** | **0** | **0** | **0** | **0** | **4** | **0** | **0** | **0** | **4** |",
                head.replace(' ', " | ")
            ),
            first,
            "1 0 2 0 3",
        ),
    ]);
}
