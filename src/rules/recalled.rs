//! What the narrative says of last year against last year's tables (rule Y9).

use serde::{Deserialize, Serialize};

use super::narrative::{DocumentAct, DocumentKind, Measure, Period, Precision, Remedy, Statement};
use super::rule::text;
use super::{Check, Digest, Finding, Judged, Observation, Quote, Rule, Series, Severity};
use crate::report::{CellId, Report, Sum};

/// The rule.
pub(super) static RULES: &[Rule] = &[Rule {
    id: "Y9",
    title: text("正文所引上年数与上年报告不符", "last year's number in the text against last year's report"),
    severity: Severity::Warning,
    formula: text(
        "正文引用的上年申请、复议、诉讼、规范性文件数 = 上年报告的相应数字",
        "requests, reviews, lawsuits, documents that the text gives for last year = those of last year's report",
    ),
    not_run: text(
        "没有上年报告；约数；更早的年份",
        "last year's report is not there; rounded numbers; earlier years",
    ),
    exceptions: text("含或不含上年结转", "with or without what was carried in"),
    source: "合理性检查 (plausibility)",
    example: text(
        "一、总体：正文所引上年数“收到政府信息公开申请31件”，而 2023 年报告为 28",
        "section 1 Overview: the text says “收到政府信息公开申请31件”, but the report of 2023 has 28",
    ),
    thresholds: &[],
    check: Check::Years(recalled),
}];

/// A number that a report gives for the year before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recalled {
    #[serde(with = "by_number")]
    measure: Measure,
    value: i64,
    quote: Quote,
}

/// What is recalled of a year, in an order that cache files rely on.
const RECALLED: [Measure; 5] = [
    Measure::Received,
    Measure::Answered,
    Measure::Review(Remedy::Total),
    Measure::Lawsuit(Remedy::Total),
    Measure::Document(DocumentKind::Normative, DocumentAct::Issued),
];

/// A measure as its place in [`RECALLED`].
mod by_number {
    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    use super::{Measure, RECALLED};

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    pub(super) fn serialize<S: Serializer>(measure: &Measure, to: S) -> Result<S::Ok, S::Error> {
        let number = RECALLED.iter().position(|other| other == measure);
        let number = number.and_then(|n| u8::try_from(n).ok());
        to.serialize_u8(number.ok_or_else(|| ser::Error::custom("not recalled"))?)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Measure, D::Error> {
        let number = u8::deserialize(from)?;
        RECALLED.get(usize::from(number)).copied().ok_or_else(|| de::Error::custom("no such measure"))
    }
}

/// Ways to read a measure: sums of cells. Those of [`RECALLED`] have some, others have none.
fn readings(measure: Measure) -> &'static [&'static [&'static str]] {
    match measure {
        Measure::Received => {
            &[&["requests.received.total"], &["requests.received.total", "requests.carried_in.total"]]
        }
        Measure::Answered => &[&["requests.total.total"]],
        Measure::Review(Remedy::Total) => &[&["reconsideration_and_litigation.reconsideration.total"]],
        Measure::Lawsuit(Remedy::Total) => &[&[
            "reconsideration_and_litigation.litigation_direct.total",
            "reconsideration_and_litigation.litigation_after_reconsideration.total",
        ]],
        Measure::Document(DocumentKind::Normative, DocumentAct::Issued) => {
            &[&["proactive_disclosure.normative.issued"], &["proactive_disclosure.normative.made"]]
        }
        _ => &[],
    }
}

/// What a report says of the year before, as far as tables count it.
pub(super) fn of_last_year(report: &Report, judged: &[Judged]) -> Vec<Recalled> {
    let Some(year) = report.year else { return Vec::new() };
    let statements = judged.iter().map(|judged| &judged.statement);
    let is_compared = |s: &&Statement| {
        s.period == Period::LastYear && s.precision == Precision::Exact && !readings(s.measure).is_empty()
    };
    let recall = |s: &Statement| {
        let section = report.section(s.section)?;
        let value = s.value.as_whole()?;
        names_last_year(section.text.raw(), s, year).then(|| Recalled {
            measure: s.measure,
            value,
            quote: Quote::new(section, s.span.clone()),
        })
    };
    statements.filter(is_compared).filter_map(recall).collect()
}

/// Whether a statement about another year is about the one before: by its words, or by its number.
fn names_last_year(text: &str, statement: &Statement, year: u16) -> bool {
    let before = text.get(..statement.span.start).unwrap_or_default();
    let sentence = before.rfind(['。', '；', '\n']).and_then(|at| before.get(at..)).unwrap_or(before);
    let own = text.get(statement.span.clone()).unwrap_or_default();
    let words: String = sentence.chars().chain(own.chars()).filter(|c| !c.is_whitespace()).collect();
    // The year that stands nearest before the number is the one that it is about.
    let place = |word: &str| words.rfind(word);
    let last = [format!("{}年", year - 1), "上年".to_owned(), "去年".to_owned(), "上一年".to_owned()];
    let nearest = last.iter().filter_map(|word| place(word)).max();
    let other = (2008..=2100).filter(|y| *y != year - 1).filter_map(|y| place(&format!("{y}年"))).max();
    nearest.is_some_and(|at| other.is_none_or(|other| other < at))
}

fn recalled(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(before) = series.before else { return Vec::new() };
    let told = series.now.recalled.iter();
    told.filter_map(|recalled| differs(series, before, recalled, rule)).collect()
}

fn differs(series: &Series<'_>, before: &Digest, told: &Recalled, rule: &'static Rule) -> Option<Finding> {
    let sum = |cells: &&[&str]| {
        cells.iter().map(|name| before.count(name)).try_fold(0_i64, |sum, n| sum.checked_add(n?))
    };
    let sums: Vec<i64> = readings(told.measure).iter().filter_map(sum).collect();
    let first = *sums.first().filter(|_| !sums.contains(&told.value))?;
    let (words, year) = (told.quote.visible(), before.year);
    let mut seen = Observation::quoting(told.quote.clone())
        .sides(Sum::whole(told.value), Sum::whole(first))
        .against(series.agency, year)
        .say(
            format!("正文所引上年数“{words}”，而 {year} 年报告为 {first}"),
            format!("the text says “{words}”, but the report of {year} has {first}"),
        );
    seen.cells = readings(told.measure).first()?.iter().filter_map(|name| CellId::parse(name)).collect();
    Some(seen.finding(rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recalled_can_be_read_and_kept() {
        for measure in RECALLED {
            assert!(!readings(measure).is_empty(), "{measure:?}");
            let quote = Quote { section: 1, span: 3..9, text: "三件".into(), line: Some(4) };
            let recalled = Recalled { measure, value: -3, quote };
            let bytes = postcard::to_stdvec(&recalled).unwrap();
            assert_eq!(postcard::from_bytes::<Recalled>(&bytes).unwrap(), recalled);
        }
    }
}
