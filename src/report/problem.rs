//! What went wrong while a report was read: shown and counted, never an error that stops the loading.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::cell::CellId;
use super::template::{Row, TEMPLATE_2021, TableId};
use crate::display::{Lang, Untrusted};

/// A kind of problem, with its stable name in JSON and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ProblemCode {
    /// A member of the JSON object that the schema does not have.
    UnknownField,
    /// A JSON value of another type than the schema says.
    WrongType,
    /// A member that occurs twice.
    DuplicateKey,
    /// No JSON, or not the JSON of a report.
    NotJson,
    /// Neither a title nor a section nor a row of the form.
    NotAReport,
    /// The file is no UTF-8 text.
    NotUtf8,
    /// The file, a line or a row is larger than any report.
    TooLarge,
    /// A format that is not read.
    UnknownFormat,
    /// The file cannot be opened or read.
    Unreadable,
    /// The file is no longer what it was when it was read.
    Changed,
    /// Left out on purpose.
    Skipped,
    /// A mistake in this program.
    InternalError,
    /// The year of the report was not found.
    NoYear,
    /// No title was found.
    NoTitle,
    /// The report is on no form of 2019 or later, and is not checked against them.
    EarlierForm,
    /// A section heading was not found.
    NoSection,
    /// A table was not found in the text.
    NoTable,
    /// A table has its head only, no row of values.
    TableWithoutValues,
    /// A row of the form was not found.
    NoRow,
    /// The label of a row is there, its cells are not.
    RowWithoutCells,
    /// A row of the form occurs twice with different values.
    RowTwice,
    /// The values of a row cannot be placed with certainty.
    UncertainRow,
    /// A cell holds something that is no number.
    NotANumber,
    /// A row of values whose label belongs to no row of the form.
    UnknownRow,
    /// The file holds the headings of more than one report.
    SeveralReports,
    /// What is read of a page is what text recognition made of its image.
    Recognised,
    /// The file is damaged: only what is left of it was read.
    Damaged,
    /// Several counties have the name, and nothing says which is meant.
    AmbiguousPlace,
    /// There are more problems than are listed.
    MoreProblems,
    /// A problem that another program wrote into the JSON.
    Other(String),
}

/// Name, Chinese and English wording of every kind of problem.
const CODES: &[(ProblemCode, &str, &str, &str)] = &[
    (ProblemCode::UnknownField, "unknown-field", "未知字段", "unknown field"),
    (ProblemCode::WrongType, "wrong-type", "类型不符", "wrong type"),
    (ProblemCode::DuplicateKey, "duplicate-key", "字段重复", "duplicate key"),
    (ProblemCode::NotJson, "not-json", "不是有效的 JSON", "not valid JSON"),
    (ProblemCode::NotAReport, "not-a-report", "不是年度报告", "not an annual report"),
    (ProblemCode::NotUtf8, "not-utf8", "不是 UTF-8 文本", "not UTF-8 text"),
    (ProblemCode::TooLarge, "too-large", "超出允许的大小", "too large"),
    (ProblemCode::UnknownFormat, "unknown-format", "不支持的文件格式", "a format that is not read"),
    (ProblemCode::Unreadable, "unreadable", "文件无法读取", "the file cannot be read"),
    (
        ProblemCode::Changed,
        "changed",
        "文件已变动，请重新读取",
        "the file has changed since it was read: read it again",
    ),
    (ProblemCode::Skipped, "skipped", "未读", "left out"),
    (
        ProblemCode::InternalError,
        "internal-error",
        "程序内部错误，请报告",
        "a mistake in gouji, please report it",
    ),
    (ProblemCode::NoYear, "no-year", "未找到年度", "year not found"),
    (ProblemCode::NoTitle, "no-title", "未找到标题", "title not found"),
    (
        ProblemCode::EarlierForm,
        "earlier-form",
        "2019 年以前的格式，不按现行格式核对",
        "on a form before 2019, not checked against the later ones",
    ),
    (ProblemCode::NoSection, "no-section", "未找到章节标题", "section heading not found"),
    (ProblemCode::NoTable, "no-table", "文本中没有该表", "table not in the text"),
    (
        ProblemCode::TableWithoutValues,
        "table-without-values",
        "表只有表头，没有数值行",
        "table has its head only, no values",
    ),
    (ProblemCode::NoRow, "no-row", "未找到该行", "row not found"),
    (ProblemCode::RowWithoutCells, "row-without-cells", "有行名，没有单元格", "label without cells"),
    (ProblemCode::RowTwice, "row-twice", "该行出现两次，数值不同", "row occurs twice with different values"),
    (
        ProblemCode::UncertainRow,
        "uncertain-row",
        "该行数值无法确定归属，需人工核对",
        "values cannot be placed with certainty, needs reading",
    ),
    (ProblemCode::NotANumber, "not-a-number", "单元格内容不是数字", "cell holds no number"),
    (
        ProblemCode::UnknownRow,
        "unknown-row",
        "数值行的行名不属于该表",
        "values whose label is no row of the form",
    ),
    (
        ProblemCode::SeveralReports,
        "several-reports",
        "文件中有多份报告，只读第一份",
        "more than one report in the file, only the first is read",
    ),
    (
        ProblemCode::Recognised,
        "recognised",
        "扫描件：文字和数字由文字识别（OCR）得来，须对照原件核对",
        "scanned: text and figures are from text recognition (OCR), compare them with the page",
    ),
    (
        ProblemCode::Damaged,
        "damaged",
        "文件已损坏，只读出了尚存的部分，请重新下载",
        "the file is damaged and only what is left of it was read: fetch it again",
    ),
    (
        ProblemCode::AmbiguousPlace,
        "ambiguous-place",
        "县区同名，文中没有写明是哪一个",
        "several counties have this name, and the document does not say which is meant",
    ),
    (ProblemCode::MoreProblems, "more-problems", "其余问题未列出", "more problems, not listed"),
];

impl ProblemCode {
    /// The stable name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => CODES.iter().find(|(code, ..)| code == known).map_or("", |(_, name, ..)| name),
        }
    }

    /// The code of that name.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        let known = CODES.iter().find(|(_, n, ..)| *n == name);
        known.map_or_else(|| Self::Other(name.to_owned()), |(code, ..)| code.clone())
    }

    /// What it says, without place and detail.
    #[must_use]
    pub fn says(&self, lang: Lang) -> &str {
        match self {
            Self::Other(name) => name,
            known => {
                CODES.iter().find(|(code, ..)| code == known).map_or("", |(_, _, zh, en)| lang.pick(zh, en))
            }
        }
    }

    /// Whether the figures as read may differ from the figures as printed: such a report "needs reading".
    #[must_use]
    pub const fn needs_reading(&self) -> bool {
        matches!(
            self,
            Self::UncertainRow
                | Self::NotANumber
                | Self::UnknownRow
                | Self::RowTwice
                | Self::DuplicateKey
                | Self::WrongType
                | Self::Recognised
                | Self::Damaged
        )
    }
}

/// A problem of one report, or of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Its kind.
    pub code: ProblemCode,
    /// The cell, row, table or JSON member, such as `requests.total`; empty for the whole report.
    pub at: Untrusted,
    /// Line in the file, from 1; 0 when there is none.
    pub line: u32,
    /// What was found there, in the words of the document, or what the reader expected.
    pub detail: Untrusted,
}

impl Problem {
    /// Where it is, in the words of the form; safe to show.
    #[must_use]
    pub fn place(&self, lang: Lang) -> String {
        place_words(self.at.raw(), lang).unwrap_or_else(|| self.at.visible().into_owned())
    }

    /// One line for people: kind, place, line, detail; safe to show.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let mut text = crate::display::visible(self.code.says(lang)).into_owned();
        if !self.at.is_empty() {
            let place = self.place(lang);
            text = lang.pick(format!("{place}：{text}"), format!("{place}: {text}"));
        }
        if !self.detail.is_empty() {
            let detail = super::detail::detail(&self.detail.visible(), lang);
            text = lang.pick(format!("{text}（{detail}）"), format!("{text} ({detail})"));
        }
        text
    }
}

/// Members of a report that are no cells, and what they are called.
const MEMBERS: &[(&str, &str)] = &[
    ("title", "标题"),
    ("agency", "单位"),
    ("agency_from", "单位依据"),
    ("year_from", "年份依据"),
    ("year", "年份"),
    ("county", "区县"),
    ("county_code", "区划代码"),
    ("city", "地市"),
    ("province", "省份"),
    ("template", "表样"),
    ("source", "来源"),
    ("sections", "正文各部分"),
    ("cells", "单元格说明"),
    ("problems", "问题列表"),
];

/// The words of the form for a name such as `requests.total.natural`, `requests.total` or `requests`.
fn place_words(name: &str, lang: Lang) -> Option<String> {
    if let Some(cell) = CellId::parse(name) {
        return Some(cell.words(lang).to_owned());
    }
    if let Some(number) = name.strip_prefix("sections.").and_then(|n| n.parse::<u8>().ok()) {
        return Some(lang.pick(format!("第 {number} 部分"), format!("section {number}")));
    }
    if let Some((_, zh)) = MEMBERS.iter().find(|(member, _)| *member == name) {
        return Some(lang.pick(*zh, name).to_owned());
    }
    let (table, row) = name.split_once('.').unwrap_or((name, ""));
    let table = TableId::ALL.into_iter().find(|id| id.name() == table)?;
    if row.is_empty() {
        let title = TEMPLATE_2021.table(table).title.on_screen(lang);
        let number = usize::from(table.number());
        let digit = ["二", "三", "四"].get(number - 2).copied().unwrap_or_default();
        return Some(lang.pick(format!("表{digit} {title}"), format!("table {number} {title}")));
    }
    let cell = CellId::all().find(|cell| cell.table() == table && cell.row().key == row)?;
    Some(row_words(cell.row(), lang))
}

fn row_words(row: &Row, lang: Lang) -> String {
    let label = row.label.on_screen(lang);
    // `三(七) 总计` is printed with a space so that the labels of a column line up, which is not needed here.
    lang.pick(label.replace(") ", ")"), label.to_owned())
}

impl CellId {
    /// Its row and its column in the words of the form, as problems and findings name it.
    #[must_use]
    pub fn words(self, lang: Lang) -> &'static str {
        /// Put together once: findings name cells all the time.
        static WORDS: LazyLock<Vec<[String; 2]>> = LazyLock::new(|| {
            let words = |cell: CellId, lang| {
                let (row, column) = (row_words(cell.row(), lang), cell.column().label.on_screen(lang));
                lang.pick(format!("{row} / {column}列"), format!("{row}·{column}"))
            };
            CellId::all().map(|cell| [Lang::Zh, Lang::En].map(|lang| words(cell, lang))).collect()
        });
        WORDS.get(self.index()).map_or("", |[zh, en]| lang.pick(zh, en))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_the_words_of_the_form() {
        let message = |at: &str, lang| {
            let code = ProblemCode::NotANumber;
            Problem { code, at: at.into(), line: 0, detail: "x".into() }.message(lang)
        };
        for (at, zh, en) in [
            ("requests.total.total", "三(七)总计 / 总计列", "3(7) Total·total"),
            ("requests.carried_out", "四 结转下年度", "4 Carried out"),
            ("reconsideration_and_litigation", "表四 复议诉讼", "table 4 Reviews and lawsuits"),
            ("requests.total.nobody", "requests.total.nobody", "requests.total.nobody"),
            ("sections.\u{1b}", "sections.^[", "sections.^["),
        ] {
            assert_eq!(message(at, Lang::Zh), format!("{zh}：单元格内容不是数字（x）"));
            assert_eq!(message(at, Lang::En), format!("{en}: cell holds no number (x)"));
        }
    }

    #[test]
    fn names_are_unique_and_parse_back() {
        for (code, name, zh, en) in CODES {
            assert_eq!(&ProblemCode::parse(name), code);
            assert_eq!(code.name(), *name);
            assert!(!zh.is_empty() && !en.is_empty());
        }
        let mut names: Vec<_> = CODES.iter().map(|c| c.1).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CODES.len());
    }
}
