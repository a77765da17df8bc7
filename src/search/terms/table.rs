//! The terms that can be typed: one table, from which reading, completion, help and the README derive.

use crate::display::Lang;
use crate::rules::Text;

/// What a term is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is described in TERMS")]
pub enum Key {
    Year,
    County,
    City,
    Province,
    Agency,
    Title,
    File,
    Template,
    Rule,
    Severity,
    Is,
    Received,
    Handled,
    Carried,
    Errors,
    Warnings,
}

/// What kind of value a term takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words, matched as names are.
    Words,
    /// A number or a range: `10`, `10..20`, `10..`, `..20`, `>10`, `>=10`, `<10`, `<=10`.
    Number,
    /// One or several of a list.
    Choice(&'static [Choice]),
    /// Rules by their identifiers or what these begin with.
    Rules,
}

/// A value of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// As typed and written back.
    pub name: &'static str,
    /// What it means; the Chinese can be typed as well.
    pub about: Text,
}

/// A term.
#[derive(Debug)]
pub struct Term {
    /// What it is about.
    pub key: Key,
    /// As typed and written back.
    pub name: &'static str,
    /// Chinese names that can be typed as well, the usual one first.
    pub chinese: &'static [&'static str],
    /// What values it takes.
    pub kind: Kind,
    /// An example.
    pub example: &'static str,
    /// What it leaves in the list.
    pub about: Text,
}

const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

const fn choice(name: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice { name, about: text(zh, en) }
}

const TEMPLATES: &[Choice] =
    &[choice("2019", "2019", "the form of 2019"), choice("2021", "2021", "the form of 2021")];

const SEVERITIES: &[Choice] = &[
    choice("error", "错误", "at least one error"),
    choice("warning", "警告", "at least one warning or error"),
    choice("info", "提示", "at least one finding of any severity"),
];

const STATES: &[Choice] = &[
    choice("unreviewed", "未复核", "no finding decided"),
    choice("reviewed", "已复核", "every finding decided"),
    choice("open", "待处理", "some finding undecided"),
    choice("settled", "已处理", "nothing left to decide"),
    choice("confirmed", "已确认", "some finding confirmed"),
    choice("dismissed", "已排除", "some finding dismissed"),
    choice("query", "待询", "some finding asked about"),
    choice("findings", "有问题", "some finding"),
    choice("doubtful", "存疑", "read with problems"),
    choice("synthetic", "合成", "made up, not a real report"),
    choice("copy", "副本", "another document has the same report"),
    choice("version", "多版本", "there are several versions for its year"),
    choice("other-version", "非代表版本", "another version stands for its year"),
    choice("open-place", "地方待定", "several counties have the name of its county"),
    choice("changed", "已变动", "its file has changed and was read again"),
];

macro_rules! term {
    ($key:ident, $name:literal, $chinese:expr, $kind:expr, $example:literal, $zh:literal, $en:literal) => {
        Term {
            key: Key::$key,
            name: $name,
            chinese: &$chinese,
            kind: $kind,
            example: $example,
            about: text($zh, $en),
        }
    };
}

/// All terms.
#[rustfmt::skip]
pub static TERMS: &[Term] = &[
    term!(Year, "year", ["年度", "年"], Kind::Number, "year:2019..2022", "报告年度", "the year reported on"),
    term!(County, "county", ["县区", "县"], Kind::Words, "county:xx", "县级行政区", "the county"),
    term!(City, "city", ["城市", "市"], Kind::Words, "city:信阳", "市（州、盟、地区）", "the city or prefecture"),
    term!(Province, "province", ["省份", "省"], Kind::Words, "province:hn", "省（自治区、直辖市）", "the province"),
    term!(Agency, "agency", ["单位", "机关"], Kind::Words, "agency:czj", "报告单位", "the agency that reports"),
    term!(Title, "title", ["标题"], Kind::Words, "title:办公室", "报告标题", "the title of the report"),
    term!(File, "file", ["文件"], Kind::Words, "file:2024.pdf", "来源文件", "the file it was read from"),
    term!(Template, "template", ["格式"], Kind::Choice(TEMPLATES), "template:2021", "报告格式", "the official form"),
    term!(Rule, "rule", ["规则"], Kind::Rules, "rule:T3.1,X", "有该规则（或以此开头的规则）的问题线索", "has a finding of the rule, or of rules that begin so"),
    term!(Severity, "severity", ["严重", "级别"], Kind::Choice(SEVERITIES), "severity:warning", "有该级别或更严重的问题线索", "has a finding that is so severe or worse"),
    term!(Is, "is", ["状态"], Kind::Choice(STATES), "is:unreviewed", "复核与读取状态", "the state of review or reading"),
    term!(Received, "received", ["收到", "新收"], Kind::Number, "received:>1000", "本年新收申请", "requests received"),
    term!(Handled, "handled", ["办理", "办结"], Kind::Number, "handled:10..20", "办理结果总计", "requests handled in total"),
    term!(Carried, "carried", ["结转"], Kind::Number, "carried:>0", "结转下年度继续办理", "requests carried out to the next year"),
    term!(Errors, "errors", ["错误"], Kind::Number, "errors:>=3", "错误数", "the number of errors"),
    term!(Warnings, "warnings", ["警告"], Kind::Number, "warnings:0", "警告数", "the number of warnings"),
];

impl Term {
    /// The term of that name in either language, whatever its case.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        TERMS.iter().find(|t| t.name.eq_ignore_ascii_case(name) || t.chinese.contains(&name))
    }

    /// The term of that key.
    #[must_use]
    pub fn of(key: Key) -> Option<&'static Self> {
        TERMS.iter().find(|t| t.key == key)
    }

    /// What can be typed behind the colon, in words.
    #[must_use]
    pub fn values(&self, lang: Lang) -> String {
        match self.kind {
            Kind::Words => lang.pick("文字、拼音或首字母", "characters, pinyin or initials").to_owned(),
            Kind::Number => {
                lang.pick("数字或范围，如 10、10..20、>10", "a number or range: 10, 10..20, >10").to_owned()
            }
            Kind::Rules => {
                lang.pick("规则编号或其开头", "identifiers of rules, or how they begin").to_owned()
            }
            Kind::Choice(choices) => choices.iter().map(|c| c.name).collect::<Vec<_>>().join(", "),
        }
    }
}

/// The table of terms for the README.
#[must_use]
pub fn markdown() -> String {
    let mut out =
        String::from("| Term | 中文 | Example | Lists reports by | Values |\n|---|---|---|---|---|\n");
    for term in TERMS {
        let values = term.values(Lang::En).replace('|', "\\|");
        let (name, example, about) = (term.name, term.example, term.about.en);
        let chinese = term.chinese.iter().map(|c| format!("`{c}:`")).collect::<Vec<_>>().join(" ");
        out.push_str(&format!("| `{name}:` | {chinese} | `{example}` | {about} | {values} |\n"));
    }
    out
}
