//! Between the tables (rules X).

use std::sync::LazyLock;

use super::remedies::{TOTALS, counted};
use super::rule::text;
use super::said::said;
use super::{Check, Digest, Finding, Observation, Rule, Scene, Series, Severity, Threshold};
use crate::report::template::RESULTS;
use crate::report::{CellId, Figure, Sum, TableId};

const PLAUSIBLE: &str = "合理性检查 (plausibility)";

/// The rules between tables.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "X1",
        title: text("复议诉讼多于申请", "more cases than applications"),
        severity: Severity::Info,
        formula: text(
            "复议与诉讼总数 <= 本年与上年的 一 + 二",
            "reviews and lawsuits <= 1 + 2 of this year and last",
        ),
        not_run: text("没有上年报告；没有案件", "last year's report is not there; no case"),
        exceptions: text("一件申请引起多起案件", "several cases about one application"),
        source: PLAUSIBLE,
        example: text(
            "行政复议 / 总计列：复议诉讼 9 件，而本年和上年共收到申请 4 件",
            "Reconsideration·total: 9 cases, but 4 applications this year and last",
        ),
        thresholds: &[],
        check: Check::Years(more_cases),
    },
    Rule {
        id: "X2",
        title: text("无拒绝而被纠正", "corrected without a refusal"),
        severity: Severity::Info,
        formula: text(
            "不予公开、无法提供、不予处理都为 0 时，结果纠正为 0",
            "without a refusal in table 3 nothing is corrected in table 4",
        ),
        not_run: text("表三或表四缺失", "table 3 or 4 is missing"),
        exceptions: text(
            "更早年度的申请；部分公开被纠正",
            "older applications; a partial grant that was corrected",
        ),
        source: PLAUSIBLE,
        example: text(
            "行政复议 / 纠正列：结果纠正 1 件，而不予公开、无法提供、不予处理均为 0",
            "Reconsideration·corr.: 1 corrected, but nothing was refused, unavailable or not processed",
        ),
        thresholds: &[],
        check: Check::Report(corrected),
    },
    Rule {
        id: "X3",
        title: text("表二表三数字相同", "tables 2 and 3 share a number"),
        severity: Severity::Info,
        formula: text(
            "表二处理决定数量不等于表三的新收总计或办理总计（较大数字）",
            "no number of decisions in table 2 equals what table 3 received or handled in all (large numbers)",
        ),
        not_run: text("数字小于下限", "numbers below the minimum"),
        exceptions: text("偶然相等", "chance"),
        source: PLAUSIBLE,
        example: text(
            "行政许可 / 处理决定列：与表三本年新收总计同为 357",
            "Licensing·decisions: 357, as is the total received in table 3",
        ),
        thresholds: &[Threshold {
            key: "minimum",
            default: 100,
            about: text("从多大的数字起", "from which number on"),
        }],
        check: Check::Report(shared_number),
    },
];

/// What came in during a year, if the table says it.
fn came_in(digest: &Digest) -> Option<i64> {
    let of = |row: &str| digest.count_in(CellId::find(TableId::Requests, row, "total"));
    Some(of("received")?.saturating_add(of("carried_in").unwrap_or(0)))
}

fn more_cases(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    let cases: i64 = TOTALS.iter().filter_map(|name| series.now.count(name)).fold(0, i64::saturating_add);
    let both = series.before.and_then(|before| came_in(before).zip(came_in(series.now)));
    let (Some((last, now)), Some(before)) = (both, series.before) else { return Vec::new() };
    let came = last.saturating_add(now);
    // Cases without any application are T4.4.
    if cases <= came || came <= 0 {
        return Vec::new();
    }
    let cells: Vec<CellId> = TOTALS.iter().filter_map(|name| CellId::parse(name)).collect();
    if cells.iter().any(|cell| series.now.figure(*cell) == Figure::Unreadable) {
        return Vec::new();
    }
    let seen = Observation::at(&cells)
        .sides(Sum::whole(cases), Sum::whole(came))
        .against(series.agency, before.year)
        .say(
            format!("复议诉讼 {cases} 件，而本年和上年共收到申请 {came} 件"),
            format!("{}, but {} this year and last", counted(cases, "case"), counted(came, "application")),
        );
    vec![seen.finding(rule)]
}

fn corrected(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    static REFUSALS: LazyLock<Vec<CellId>> = LazyLock::new(|| {
        let groups = ["refused_", "unavailable_", "not_processed_", "partial"];
        let rows = RESULTS.iter().filter(|row| groups.iter().any(|group| row.starts_with(group)));
        rows.filter_map(|row| Scene::request(row, "total")).collect()
    });
    static CORRECTED: LazyLock<Vec<[CellId; 1]>> = LazyLock::new(|| {
        let rows = ["reconsideration", "litigation_direct", "litigation_after_reconsideration"];
        CellId::grid(TableId::Remedies, &rows, ["corrected"])
    });
    let mut refused = 0_i64;
    for cell in REFUSALS.iter() {
        let Some(n) = scene.count(Some(*cell)) else { return Vec::new() };
        refused = refused.saturating_add(n);
    }
    let cells: Vec<CellId> = CORRECTED
        .iter()
        .flatten()
        .copied()
        .filter(|cell| scene.count(Some(*cell)).is_some_and(|n| n > 0))
        .collect();
    if refused != 0 || cells.is_empty() {
        return Vec::new();
    }
    let sum: i64 = cells.iter().filter_map(|cell| scene.count(Some(*cell))).fold(0, i64::saturating_add);
    let seen = Observation::at(&cells).say_in(said!(
        "结果纠正 {sum} 件，而不予公开、无法提供、不予处理均为 0",
        "{sum} corrected, but nothing was refused, unavailable or not processed",
    ));
    vec![scene.at_cell(seen.finding(rule))]
}

/// The totals of table 3 that a shifted block may have carried into table 2, with their names.
const CARRIED_OVER: [(&str, &str, &str); 2] =
    [("received", "本年新收总计", "received"), ("total", "办理总计", "handled")];

fn shared_number(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let least = scene.settings.threshold(rule, "minimum").max(1);
    let totals: Vec<(CellId, i64, &str, &str)> = CARRIED_OVER
        .iter()
        .filter_map(|(row, zh, en)| {
            let cell = Scene::request(row, "total")?;
            Some((cell, scene.count(Some(cell)).filter(|n| *n >= least)?, *zh, *en))
        })
        .collect();
    let decisions = ["licensing", "penalty", "coercion"]
        .iter()
        .filter_map(|row| CellId::find(TableId::Disclosure, row, "decisions"));
    let finding = |cell: CellId| {
        let number = scene.count(Some(cell))?;
        let (total, _, zh, en) = totals.iter().find(|(_, total, ..)| *total == number)?;
        let seen = Observation::at(&[cell, *total])
            .say(format!("与表三{zh}同为 {number}"), format!("{number}, as is the total {en} in table 3"));
        Some(scene.at_cell(seen.finding(rule)))
    };
    decisions.filter_map(finding).collect()
}
