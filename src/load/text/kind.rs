//! Whether a document is an annual report, and what it looks like where it is none.
//!
//! A title of the form makes one, or the heads of two tables of the form: numbers alone, or one row that the form has too,
//! are in budgets and shopping lists.

use super::lines::DocLine;
use super::sections::Heading;
use super::title::{self, Title};
use crate::load::normalise::{folded, letters};
use crate::report::{KnownBy, Report};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A report on a form of 2019 or later.
    Report,
    /// A report of a year before those forms.
    Earlier,
    /// No annual report, and what it is instead.
    Other(&'static str),
}

/// The last year whose reports had no form with three tables.
const LAST_EARLIER: u16 = 2018;
/// A text with fewer letters beside the title has no report in it.
const MIN_LETTERS: usize = 120;

/// Words of the heads and rows of each table that no other table has; two of a table are its head.
const HEADS: [&[&str]; 3] = [
    &[
        "第二十条第一项",
        "第二十条第五项",
        "第二十条第六项",
        "第二十条第八项",
        "第二十条第九项",
        "本年制发件数",
        "本年废止件数",
        "现行有效件数",
        "对外公开总数量",
        "本年新公开数量",
        "本年处理决定数量",
        "上一年项目数量",
    ],
    &[
        "本列数据的勾稽关系",
        "本年新收政府信息公开申请",
        "上年结转政府信息公开申请",
        "本年度办理结果",
        "社会公益组织",
        "法律服务机构",
        "结转下年度继续办理",
        "本机关不掌握相关政府信息",
    ],
    &["结果维持", "结果纠正", "尚未审结", "未经复议直接起诉", "复议后起诉"],
];
/// What reports before the forms tell of.
const EARLIER_WORDS: [&str; 6] = ["主动公开", "依申请", "复议", "诉讼", "收费", "公开目录"];

/// Says what a document is. The report has its title, agency and year.
pub(super) fn of(
    report: &Report,
    title: Option<&Title>,
    lines: &[DocLine<'_>],
    headings: &[Heading],
) -> Kind {
    let is_titled = title.is_some_and(|t| t.year.is_some() || !t.agency.is_empty());
    let is_of_form = |number: u8| headings.iter().any(|h| h.number == number);
    let has_sections = is_of_form(2) && (is_of_form(3) || is_of_form(4)) || is_of_form(3) && is_of_form(4);
    let is_recent = report.year.is_none_or(|year| year > LAST_EARLIER);
    // Nearly all documents are told by their title and sections.
    if is_recent && is_titled && has_sections {
        return Kind::Report;
    }
    let text = Text::new(lines);
    let heads = text.heads();
    let is_announced = [report.agency_from, report.year_from].contains(&Some(KnownBy::Sentence));
    let is_earlier = !is_recent && heads.iter().all(|has| !has) && text.tells(&EARLIER_WORDS) >= 2;
    if is_earlier && (is_titled || is_announced && text.has("信息公开")) && text.other(is_titled).is_none()
    {
        return Kind::Earlier;
    }
    let found = (2..=4_u8).zip(heads).filter(|(number, has)| *has || is_of_form(*number)).count();
    if found >= 2 {
        return Kind::Report;
    }
    if let Some(other) = text.other(is_titled) {
        return Kind::Other(other);
    }
    // The beginning of a report: a sentence that announces it above its first section.
    let speaks_of_it = || ["年度报告", "本报告", "年报", "工作报告"].iter().any(|word| text.has(word));
    if is_announced && is_of_form(1) && text.has("信息公开") && speaks_of_it() {
        return if is_recent { Kind::Report } else { Kind::Earlier };
    }
    if !is_titled {
        return Kind::Other("neither a title of an annual report nor two of its tables");
    }
    let is_attached = ["附件", "下载", "pdf", "docx"].iter().any(|word| text.has(word));
    if headings.is_empty() && is_attached && text.letters_beside(title) < MIN_LETTERS {
        return Kind::Other("only the title of a report, which is somewhere else");
    }
    Kind::Report
}

/// What a document of which the tables were read looks like after all: the form itself, with nothing filled in.
pub(super) fn is_blank_form(report: &Report, title: Option<&Title>) -> bool {
    let is_named = report.year.is_some() || !report.agency.is_empty();
    let is_pattern =
        title.is_some_and(|t| ["××", "XX", "xx", "ＸＸ", "某某"].iter().any(|x| t.text.contains(x)));
    let numbers = crate::report::TableId::ALL.into_iter().flat_map(|table| report.figures.present(table));
    let has_number =
        numbers.into_iter().any(|(_, figure)| matches!(figure, crate::report::Figure::Number(_)));
    (!is_named || is_pattern) && !has_number
}

/// The reason for a blank form.
pub(super) const BLANK_FORM: &str = "the blank form of a report";

/// A document as letters, for words that may be broken over lines.
struct Text {
    all: String,
    /// The first lines, each by itself.
    top: Vec<String>,
    /// Lines that are titles of reports.
    titles: usize,
}

/// So many lines say what a document is.
const TOP: usize = 12;
/// More titles of reports than that are a list of them.
const MANY_TITLES: usize = 4;

impl Text {
    fn new(lines: &[DocLine<'_>]) -> Self {
        let filled = || lines.iter().filter(|line| !line.text.trim().is_empty());
        let all = filled().flat_map(|line| letters(line.text)).collect();
        let short = |line: &&DocLine<'_>| line.text.len() < 400;
        let top = filled().filter(short).take(TOP).map(|line| folded(line.text)).collect();
        let is_title = |line: &&DocLine<'_>| short(line) && title::read(&folded(line.text)).is_some();
        Self { all, top, titles: filled().filter(is_title).count() }
    }

    fn has(&self, word: &str) -> bool {
        memchr::memmem::find(self.all.as_bytes(), word.as_bytes()).is_some()
    }

    fn tells(&self, words: &[&str]) -> usize {
        words.iter().filter(|word| self.has(word)).count()
    }

    fn heads(&self) -> [bool; 3] {
        HEADS.map(|words| self.tells(words) >= 2)
    }

    fn letters_beside(&self, title: Option<&Title>) -> usize {
        let own = title.map_or(0, |t| t.text.chars().count());
        self.all.chars().count().saturating_sub(own)
    }

    /// What a document looks like that is no report; one that has a title is more than what stands around it.
    fn other(&self, is_titled: bool) -> Option<&'static str> {
        let is_top =
            |words: &[&str]| self.top.iter().any(|line| words.iter().any(|word| line.contains(word)));
        let on_openness =
            || self.top.iter().filter(|line| line.contains("信息公开") || line.contains("政务公开"));
        let says = |words: &[&str]| on_openness().any(|line| words.iter().any(|word| line.contains(word)));
        let ends = |words: &[&str]| on_openness().any(|line| words.iter().any(|word| line.ends_with(word)));
        if self.all.chars().count() < 400 && is_top(ERRORS) {
            return Some("an error page of a server");
        }
        if self.titles >= MANY_TITLES || is_top(&["搜索结果", "检索结果", "共找到", "条结果"]) {
            return Some("a list of links or the results of a search");
        }
        if says(&["学年"]) {
            return Some("the report of a school or university on a form of its own");
        }
        if says(&["解读", "图解", "一图", "读懂", "看懂", "答记者问"]) {
            return Some("an explainer of a report");
        }
        if ends(&["通知", "的函", "的公告", "的意见", "的通报", "方案", "要点"]) {
            return Some("a notice about reports");
        }
        if says(&["统计表", "统计报表", "情况表", "月报表", "季报表"]) {
            return Some("a form of statistics");
        }
        (!is_titled && is_top(&["预算", "决算"])).then_some("a budget or final account")
    }
}

/// What servers say in the place of a page.
const ERRORS: &[&str] = &[
    "502",
    "404",
    "403",
    "500",
    "503",
    "504",
    "badgateway",
    "BadGateway",
    "NotFound",
    "Notfound",
    "Forbidden",
    "页面不存在",
    "页面未找到",
    "找不到页面",
    "无法访问",
    "访问的页面",
    "访问被拒绝",
    "服务器错误",
    "系统错误",
];
