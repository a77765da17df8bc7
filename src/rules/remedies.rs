//! Table 4: reconsideration and litigation (rules T4).

use super::requests::{broken, sums};
use super::rule::text;
use super::{Check, Evaluation, Finding, Observation, Rule, Scene, Series, Severity, State};
use crate::report::{CellId, Sum, TableId};

const FORM: &str = "国办公开办函〔2019〕60号、〔2021〕30号，表四";
const PLAUSIBLE: &str = "合理性检查 (plausibility)";

/// The rules of table 4.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "T4.1",
        title: text("复议诉讼总计", "outcomes add up to the total"),
        severity: Severity::Error,
        formula: text(
            "每组：总计 = 结果维持 + 结果纠正 + 其他结果 + 尚未审结",
            "each group: total = upheld + corrected + other + pending",
        ),
        not_run: text("有缺失或无法辨认的数字", "a figure is missing or unreadable"),
        exceptions: text("无", "none"),
        source: FORM,
        example: text("行政复议 / 总计列：3 ≠ 2，差 +1", "Reconsideration·total: 3 ≠ 2, off by +1"),
        thresholds: &[],
        check: Check::Report(sums),
    },
    Rule {
        id: "T4.2",
        title: text("总计空白或不是非负整数", "blank total, or no whole number from 0"),
        severity: Severity::Warning,
        formula: text(
            "十五个数字均为非负整数，有分项即有总计",
            "all fifteen are whole numbers from 0, and a total stands beside its parts",
        ),
        not_run: text("整表空白：见 F3", "the whole table is blank: see F3"),
        exceptions: text("整表空白而正文写“无”", "a blank table where the text says that there were none"),
        source: FORM,
        example: text(
            "行政复议 / 总计列：空白，各项合计 2",
            "Reconsideration·total: blank, the parts add up to 2",
        ),
        thresholds: &[],
        check: Check::Report(complete),
    },
    Rule {
        id: "T4.3",
        title: text("有复议后起诉而无复议", "lawsuits after reconsideration without any"),
        severity: Severity::Info,
        formula: text(
            "复议后起诉 > 0 时，本年或上年有行政复议",
            "lawsuits after reconsideration imply a reconsideration this year or last",
        ),
        not_run: text("没有上年报告", "last year's report is not there"),
        exceptions: text("复议由上级机关在更早年度办结", "a review that a higher authority decided earlier"),
        source: PLAUSIBLE,
        example: text(
            "复议后起诉 / 总计列：复议后起诉 1 件，而 2023、2024 年均无行政复议",
            "Lawsuit, after review·total: 1 lawsuit after reconsideration, but no reconsideration in 2023 and 2024",
        ),
        thresholds: &[],
        check: Check::Years(lawsuit_without_review),
    },
    Rule {
        id: "T4.4",
        title: text("无申请而有复议诉讼", "cases without applications"),
        severity: Severity::Info,
        formula: text(
            "表四有案件时，本年或上年收到过申请",
            "cases in table 4 imply applications this year or last",
        ),
        not_run: text("没有上年报告", "last year's report is not there"),
        exceptions: text("案件源于更早年度的申请", "a case about an application of an earlier year"),
        source: PLAUSIBLE,
        example: text(
            "行政复议 / 总计列：有案件 1 件，而 2023、2024 年均无申请",
            "Reconsideration·total: 1 case, but no application in 2023 and 2024",
        ),
        thresholds: &[],
        check: Check::Years(cases_without_requests),
    },
];

fn complete(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let is_blank = |e: &&Evaluation| e.relation.table == TableId::Remedies && e.state == State::BlankTotal;
    let mut findings: Vec<Finding> =
        scene.evaluations.iter().filter(is_blank).map(|e| broken(e, rule, scene)).collect();
    findings.extend(scene.not_whole(TableId::Remedies, rule).into_iter().map(|f| f.severe(Severity::Error)));
    findings
}

/// A number of things in English.
pub(super) fn counted(n: i64, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// The three totals of table 4.
pub(super) const TOTALS: [&str; 3] = [
    "reconsideration_and_litigation.reconsideration.total",
    "reconsideration_and_litigation.litigation_direct.total",
    "reconsideration_and_litigation.litigation_after_reconsideration.total",
];

fn lawsuit_without_review(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    let [review, _, after] = TOTALS;
    let (Some(before), Some(suits)) = (series.before, series.now.count(after)) else { return Vec::new() };
    let reviews = (series.now.count(review), before.count(review));
    if suits <= 0 || reviews != (Some(0), Some(0)) {
        return Vec::new();
    }
    let cells: Vec<CellId> = [after, review].into_iter().filter_map(CellId::parse).collect();
    let (last, year) = (before.year, series.now.year);
    let seen = Observation::at(&cells).sides(Sum::whole(suits), Sum::ZERO).against(series.agency, last).say(
        format!("复议后起诉 {suits} 件，而 {last}、{year} 年均无行政复议"),
        format!(
            "{} after reconsideration, but no reconsideration in {last} and {year}",
            counted(suits, "lawsuit")
        ),
    );
    vec![seen.finding(rule)]
}

fn cases_without_requests(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(before) = series.before else { return Vec::new() };
    let filled = |name: &&&str| series.now.count(name).is_some_and(|n| n > 0);
    let cases: i64 = TOTALS.iter().filter_map(|name| series.now.count(name)).fold(0, i64::saturating_add);
    let names = ["requests.received.total", "requests.carried_in.total"];
    let none = |digest: &super::Digest| names.iter().all(|name| digest.count(name) == Some(0));
    if cases <= 0 || !none(series.now) || !none(before) {
        return Vec::new();
    }
    let cells: Vec<CellId> = TOTALS.iter().filter(filled).filter_map(|name| CellId::parse(name)).collect();
    let (last, year) = (before.year, series.now.year);
    let seen = Observation::at(&cells).against(series.agency, last).say(
        format!("有案件 {cases} 件，而 {last}、{year} 年均无申请"),
        format!("{}, but no application in {last} and {year}", counted(cases, "case")),
    );
    vec![seen.finding(rule)]
}
