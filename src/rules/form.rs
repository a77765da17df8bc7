//! The form itself, and what was uncertain in reading it (rules F and P).

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::finding::line_of;
use super::relation::unprinted;
use super::rule::text;
use super::{Check, Evidence, Finding, Observation, Quote, Rule, Scene, Severity, State};
use crate::display::{Lang, Untrusted};
use crate::report::template::SECTIONS;
use crate::report::{CellId, Figure, Problem, ProblemCode, Report, Section, TableId};

const NOTICES: &str = "国办公开办函〔2019〕60号、〔2021〕30号";
const NEVER: super::Text = text("总是检查", "always runs");
const NONE: super::Text = text("无", "none");

/// The rules of the form.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "F1",
        title: text("缺少章节或次序不对", "a section is missing or out of order"),
        severity: Severity::Warning,
        formula: text("六个部分齐全，依次排列", "the six sections are there, in order"),
        not_run: text("解析数据不含章节", "parsed data without sections"),
        exceptions: text(
            "标题用语略有不同的，按同义标题认作该节",
            "other wordings of a heading count as the heading",
        ),
        source: NOTICES,
        example: text(
            "文本中没有“五、存在的主要问题及改进情况”",
            "section 5 is not in the text: 存在的主要问题及改进情况",
        ),
        thresholds: &[],
        check: Check::Report(sections),
    },
    Rule {
        id: "F2",
        title: text("文本中没有该表", "table not in the text"),
        severity: Severity::Warning,
        formula: text("表二、表三、表四在文本中", "tables 2, 3 and 4 are in the text"),
        not_run: text(
            "文本中印有该表的行，未能读出：见 P1",
            "rows of the table stand in the text and could not be read: see P1",
        ),
        exceptions: text(
            "以图片或附件公布的表格也不在文本中：请看原件",
            "tables given as images or attachments are not in the text either: look at the source",
        ),
        source: NOTICES,
        example: text("表四 复议诉讼：文本中没有该表", "table 4 Reviews and lawsuits: not in the text"),
        thresholds: &[],
        check: Check::Report(missing_tables),
    },
    Rule {
        id: "F3",
        title: text("空白单元格", "blank cells"),
        severity: Severity::Warning,
        formula: text(
            "每个单元格都填数字，无则填 0",
            "every cell of the form holds a number, 0 where there is nothing",
        ),
        not_run: text(
            "文本中没有该表；该表有数字未能归位：见 P1",
            "the table is not in the text; digits of the table were not placed: see P1",
        ),
        exceptions: text(
            "每张表只报一次；只有行名没有单元格的行见 F7",
            "one finding for each table; labels without cells are F7",
        ),
        source: NOTICES,
        example: text(
            "表三 申请：161 个单元格中 156 个空白，应填数字（无则填 0）",
            "table 3 Requests: 156 of 161 cells are blank where the form asks for a number",
        ),
        thresholds: &[],
        check: Check::Report(blanks),
    },
    Rule {
        id: "F4",
        title: text("以符号代替 0", "signs instead of 0"),
        severity: Severity::Info,
        formula: text("单元格不用 /、—、无 代替 0", "cells do not hold /, — or 无 in place of 0"),
        not_run: NEVER,
        exceptions: text("按 0 计算；每张表只报一次", "counted as 0; one finding for each table"),
        source: NOTICES,
        example: text(
            "表二 主动公开：3 个单元格以“/”代替数字",
            "table 2 Proactive disclosure: 3 cells hold “/” instead of a number",
        ),
        thresholds: &[],
        check: Check::Report(signs),
    },
    Rule {
        id: "F5",
        title: text("标题缺单位或年度", "title without agency or year"),
        severity: Severity::Info,
        formula: text("标题写明单位和年度", "the title names the agency and the year"),
        not_run: NEVER,
        exceptions: NONE,
        source: NOTICES,
        example: text("未找到年度", "year not found"),
        thresholds: &[],
        check: Check::Report(title),
    },
    Rule {
        id: "F6",
        title: text("个人信息", "personal data"),
        severity: Severity::Warning,
        formula: text("不出现申请人姓名、身份证号码", "no applicant's name, no number of an identity card"),
        not_run: NEVER,
        exceptions: text("隐去姓名的“张某”", "names that are hidden, such as 张某"),
        source: "《政府信息公开条例》第十五条",
        example: text("一、总体：出现身份证号码", "section 1 Overview: the number of an identity card"),
        thresholds: &[],
        check: Check::Report(personal_data),
    },
    Rule {
        id: "F7",
        title: text("缺少单元格", "cells missing"),
        severity: Severity::Warning,
        formula: text("表格各行及其单元格齐全", "every row of the form is there with its cells"),
        not_run: text(
            "文本中没有该表；该表有数字未能归位：见 P1",
            "the table is not in the text; digits of the table were not placed: see P1",
        ),
        exceptions: text(
            "（六）的行数随格式年版而定；相连的各行只报一次",
            "the rows of (6) follow the edition of the form; one finding for rows that follow each other",
        ),
        source: NOTICES,
        example: text("四 结转下年度：缺少 7 个单元格", "4 Carried out: 7 cells are not there"),
        thresholds: &[],
        check: Check::Report(super::gaps::missing_cells),
    },
    Rule {
        id: "P1",
        title: text("需人工核对", "needs reading"),
        severity: Severity::Info,
        formula: text("表格能够确定无疑地读出", "the table can be read without doubt"),
        not_run: NEVER,
        exceptions: text("从不作为错误", "never an error"),
        source: "读取 (reading)",
        example: text(
            "三(七)总计：该行数值无法确定归属，需人工核对（4 0 4）",
            "3(7) Total: values cannot be placed with certainty, needs reading (4 0 4)",
        ),
        thresholds: &[],
        check: Check::Report(doubts),
    },
];

fn sections(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let report = scene.report;
    if report.is_before_the_forms() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for problem in report.problems.iter().filter(|p| p.code == ProblemCode::NoSection) {
        let number = problem.at.raw().strip_prefix("sections.").and_then(|n| n.parse::<u8>().ok());
        let Some(section) = SECTIONS.iter().find(|s| Some(s.number) == number) else { continue };
        let numeral =
            ["一", "二", "三", "四", "五", "六"].get(usize::from(section.number) - 1).unwrap_or(&"");
        let title = section.label.official;
        let seen = Observation::default().say(
            format!("文本中没有“{numeral}、{title}”"),
            format!("section {} is not in the text: {title}", section.number),
        );
        findings.push(seen.finding(rule));
    }
    let mut numbered = report.sections.iter().filter(|s| s.number > 0).peekable();
    while let Some(section) = numbered.next() {
        let Some(next) = numbered.peek().filter(|next| next.number < section.number) else { continue };
        let seen = Observation { section: next.number, ..Observation::default() }.say(
            format!("排在第 {} 部分之后", section.number),
            format!("stands behind section {}", section.number),
        );
        let mut finding = seen.finding(rule);
        finding.line = (next.line > 0).then_some(next.line);
        findings.push(finding);
    }
    findings
}

fn missing_tables(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    // Said once: nothing of the later forms is missing in a report that is on none of them.
    if scene.report.is_before_the_forms() {
        let says = |lang| ProblemCode::EarlierForm.says(lang).to_owned();
        let seen = Observation::default().say(says(Lang::Zh), says(Lang::En));
        return vec![seen.finding(rule).severe(Severity::Info)];
    }
    let missing = TableId::ALL.into_iter().filter(|table| !scene.report.figures.has_table(*table));
    let finding =
        |table| Finding { rule, severity: rule.severity, evidence: Evidence::NoTable(table), line: None };
    missing.map(finding).collect()
}

/// What is printed in a blank cell, such as `/`.
fn sign(report: &Report, cell: CellId) -> Option<&Untrusted> {
    report.printed.get(&cell).map(|printed| &printed.text).filter(|text| !text.raw().trim().is_empty())
}

fn blanks(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let report = scene.report;
    // Nearly no parsed report has any.
    if !report.figures.has_blank() {
        return Vec::new();
    }
    let of_table = |table: TableId| {
        let of = report.figures.present(table).count();
        let is_blank = |(cell, figure): (CellId, Figure)| {
            (figure == Figure::Blank && sign(report, cell).is_none()).then_some(cell)
        };
        let cells: Vec<CellId> = report.figures.present(table).filter_map(is_blank).collect();
        let line = line_of(report, cells.iter().copied());
        let evidence = Evidence::Blanks { table, cells, of };
        Finding { rule, severity: rule.severity, evidence, line }
    };
    // A total left blank over parts that are not zero is a finding of its own.
    let is_total = |cell: &CellId| {
        let totals = scene.evaluations.iter().filter(|e| e.state == State::BlankTotal);
        totals.filter_map(|e| e.relation.total()).any(|total| total == *cell)
    };
    // So are labels without cells.
    let unprinted: Vec<CellId> = unprinted(report).into_iter().flat_map(|(_, cells)| cells).collect();
    let is_missing = |cell: &CellId| unprinted.contains(cell) && !is_whole(report, cell.table());
    let says_more = |finding: &Finding| !finding.cells().iter().all(|c| is_total(c) || is_missing(c));
    TableId::ALL.into_iter().map(of_table).filter(says_more).collect()
}

/// Whether the values of a whole table are missing.
fn is_whole(report: &Report, table: TableId) -> bool {
    report.problems.iter().any(|p| p.code == ProblemCode::TableWithoutValues && p.at.raw() == table.name())
}

fn signs(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let report = scene.report;
    let mut findings = Vec::new();
    // What is printed there is known of few reports.
    let tables = if report.printed.is_empty() { [].as_slice() } else { &TableId::ALL };
    for table in tables.iter().copied() {
        let blank = report.figures.present(table).filter(|(_, figure)| *figure == Figure::Blank);
        let signed: Vec<(CellId, &Untrusted)> =
            blank.filter_map(|(cell, _)| Some((cell, sign(report, cell)?))).collect();
        let Some((_, first)) = signed.first() else { continue };
        let (n, sign) = (signed.len(), first.visible());
        let cells: Vec<CellId> = signed.iter().map(|(cell, _)| *cell).collect();
        let words = |lang| super::table_words(table, lang);
        let seen = Observation { is_whole_sentence: true, ..Observation::at(&cells) }.say(
            format!("{}：{n} 个单元格以“{sign}”代替数字", words(Lang::Zh)),
            format!("{}: {n} cells hold “{sign}” instead of a number", words(Lang::En)),
        );
        findings.push(scene.at_cell(seen.finding(rule)));
    }
    findings
}

fn title(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let report = scene.report;
    let lacks = |problem: &&Problem| matches!(problem.code, ProblemCode::NoTitle | ProblemCode::NoYear);
    let mut findings: Vec<Finding> = Vec::new();
    for problem in report.problems.iter().filter(lacks) {
        let says = |lang| problem.code.says(lang).to_owned();
        findings.push(Observation::default().say(says(Lang::Zh), says(Lang::En)).finding(rule));
    }
    if !findings.is_empty() {
        return findings;
    }
    // The year may be that of the period.
    let names_year = report.title.is_empty() || names_year(report.title.raw());
    [
        (report.agency.is_empty(), "标题没有写明单位", "the title names no agency"),
        (!names_year, "标题没有写明年度", "the title names no year"),
    ]
    .into_iter()
    .filter(|(lacks, ..)| *lacks)
    .map(|(_, zh, en)| Observation::default().say(zh, en).finding(rule))
    .collect()
}

/// Whether a title has the two characters with which the years of reports begin.
fn names_year(title: &str) -> bool {
    ["20", "２０", "二〇", "二○", "二零", "二Ｏ"].iter().any(|century| title.contains(century))
}

/// How many characters the number of an identity card has.
const NUMBER_LENGTH: usize = 18;

/// Whether eighteen characters are the number of an identity card: the last is the check character of GB 11643.
fn is_identity_number(digits: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let [body @ .., check] = digits else { return false };
    if digits.len() != NUMBER_LENGTH || !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let year = body.get(6..8);
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    let expected = b"10X98765432".get((sum % 11) as usize);
    matches!(year, Some(b"19" | b"20")) && expected == Some(&check.to_ascii_uppercase())
}

/// The number of an identity card in a section.
fn identity_number(section: &Section) -> Option<std::ops::Range<usize>> {
    let bytes = section.text.raw().as_bytes();
    let is_part =
        |i: usize| bytes.get(i).is_some_and(|b| b.is_ascii_digit() || b.eq_ignore_ascii_case(&b'x'));
    // A run of that length has a character at every place that is a multiple of it.
    for at in (NUMBER_LENGTH - 1..bytes.len()).step_by(NUMBER_LENGTH).filter(|at| is_part(*at)) {
        let start = (0..at).rev().find(|i| !is_part(*i)).map_or(0, |i| i + 1);
        let end = (at..bytes.len()).find(|i| !is_part(*i)).unwrap_or(bytes.len());
        if bytes.get(start..end).is_some_and(is_identity_number) {
            return Some(start..end);
        }
    }
    None
}

/// Common surnames: what stands behind 申请人 and begins with one of them may be a name. Those that more often begin
/// another word there (于当日, 任意, 何时) are left out.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎武乔贺赖龚文";
/// What stands behind the name of somebody who did something.
const DEEDS: [&str; 5] = ["向", "申请公开", "提出", "要求", "不服"];

/// An applicant who is named: 申请人王小明向….
fn applicant(section: &Section) -> Option<std::ops::Range<usize>> {
    static WORD: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("申请人"));
    let text = section.text.raw();
    for at in WORD.find_iter(text.as_bytes()) {
        let start = at + WORD.needle().len();
        let after = text.get(start..)?;
        let mut chars = after.char_indices();
        let Some((_, first)) = chars.next().filter(|(_, c)| SURNAMES.contains(*c)) else { continue };
        for length in [2, 3] {
            let Some((end, _)) = after.char_indices().nth(length) else { continue };
            let (name, rest) = after.split_at_checked(end)?;
            let is_name = !name.contains(['某', '等', '的', '可', '在', '已', '先', '应', '方'])
                && name.starts_with(first);
            if is_name && DEEDS.iter().any(|deed| rest.starts_with(deed)) {
                return Some(start..start + end);
            }
        }
    }
    None
}

fn personal_data(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let mut findings = Vec::new();
    for section in &scene.report.sections {
        if let Some(span) = identity_number(section) {
            let seen = Observation::quoting(Quote::new(section, span));
            findings.push(seen.say("出现身份证号码", "the number of an identity card").finding(rule));
        }
        if let Some(span) = applicant(section) {
            let seen = Observation::quoting(Quote::new(section, span));
            findings.push(seen.say("出现申请人姓名", "the name of an applicant").finding(rule));
        }
    }
    findings
}

fn doubts(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let finding = |problem: &Problem| {
        let at = problem.at.raw();
        let in_place = |cell: &CellId| {
            let row = cell.name().strip_suffix(cell.column().key).and_then(|n| n.strip_suffix('.'));
            cell.name() == at || row == Some(at)
        };
        let cells: Vec<CellId> = scene.report.form().cells().filter(in_place).collect();
        let table = TableId::ALL.into_iter().find(|table| at.starts_with(table.name()));
        // The message names the place itself.
        let seen = Observation {
            cells,
            section: table.map_or(0, TableId::number),
            is_whole_sentence: true,
            ..Observation::default()
        };
        let mut finding = seen.say(problem.message(Lang::Zh), problem.message(Lang::En)).finding(rule);
        finding.line = (problem.line > 0).then_some(problem.line);
        finding
    };
    let doubtful = scene.report.problems.iter().filter(|p| p.code.needs_reading());
    doubtful.map(finding).chain(super::gaps::unread_tables(scene, rule)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(text: &str) -> Section {
        Section { number: 1, title: "".into(), text: text.into(), line: 0, text_line: 0 }
    }

    #[test]
    fn identity_numbers_are_told_by_their_check_character() {
        // The example of GB 11643-1999.
        for (text, want) in [
            ("身份证号11010519491231002X。", true),
            ("身份证号110105194912310020。", false),
            ("文号410000202400000001", false),
            ("电话0376-2987000", false),
        ] {
            assert_eq!(identity_number(&section(text)).is_some(), want, "{text}");
        }
    }

    #[test]
    fn named_applicants_are_told_from_hidden_and_general_ones() {
        for (text, want) in [
            ("申请人王小明向我局申请公开", Some("王小明")),
            ("申请人李强不服答复", Some("李强")),
            ("申请人张某向我局申请", None),
            ("申请人可向本机关提出", None),
            ("申请人应当提出", None),
            ("申请人无正当理由", None),
            ("申请人方便时向", None),
            ("申请人于当日向", None),
            ("申请人何时提出", None),
        ] {
            let section = section(text);
            let found = applicant(&section).and_then(|span| text.get(span));
            assert_eq!(found, want, "{text}");
        }
    }
}
