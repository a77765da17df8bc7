//! A report beside that of the same agency for the year before (rules Y).

use std::sync::LazyLock;

use super::rule::text;
use super::said::said;
use super::versions::Difference;
use super::{Check, Digest, Finding, Observation, Rule, Settings, Severity, Threshold};
use crate::display::Untrusted;
use crate::places::Renaming;
use crate::report::template::{APPLICANTS, Column};
use crate::report::{CellId, Number, Sum, TableId};

const FORM: &str = "国办公开办函〔2021〕30号；逐年衔接";
const PLAUSIBLE: &str = "合理性检查 (plausibility)";
const NO_LAST_YEAR: super::Text = text(
    "没有该单位上一年的报告；不是代表该年度的版本；地方不明；其间几地合并为一地；所涉单元格空白",
    "last year's report of the agency is not there; not the version that stands for the year; the place is open; several places were merged in between; a cell is blank",
);

/// A report with that of the same agency for the year before.
pub struct Series<'a> {
    /// The rules as configured.
    pub settings: &'a Settings,
    /// The agency.
    pub agency: &'a Untrusted,
    /// The report.
    pub now: &'a Digest,
    /// Last year's: that of several versions which stands for the year.
    pub before: Option<&'a Digest>,
    /// What had another name last year, if the county was renamed in between.
    pub renamed: Option<Renamed<'a>>,
    /// The other versions for the same year.
    pub others: &'a [OtherVersion],
}

/// The names of a county that was renamed or came to another city, and that of its agency before.
#[derive(Debug, Clone)]
pub struct Renamed<'a> {
    /// The agency as it was called last year.
    pub agency: &'a Untrusted,
    /// The county under both names, and the year in which it got the second.
    pub county: Renaming,
}

/// Another version for the year of a report.
#[derive(Debug, Clone, Default)]
pub struct OtherVersion {
    /// What tells it from others of the agency and year.
    pub version: String,
    /// Whether it is the one that stands for the year.
    pub stands: bool,
    /// Its file, as far as that is needed to tell it from those of the others; empty where the two were not compared.
    pub file: Untrusted,
    /// The file of the version that it is beside.
    pub own_file: Untrusted,
    /// Whether it comes before that: it stands for the year, or would before the other.
    pub is_newer: bool,
    /// What differs, from the one that comes later to the one that comes before it.
    pub difference: Difference,
}

/// The rules across years.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "Y1",
        title: text("上年结转与上年报告不符", "carried in differs from last year's carried out"),
        severity: Severity::Error,
        formula: text(
            "二（本年）= 四（上年），总计列为错误，其他列为警告",
            "2 of this year = 4 of last year; an error in the total column, a warning in the others",
        ),
        not_run: NO_LAST_YEAR,
        exceptions: text(
            "机构合并、撤销、管辖调整；汇总单位变化；更正过的上年报告",
            "merged or split bodies, changed jurisdiction, another list of units, a corrected report",
        ),
        source: FORM,
        example: text(
            "二 上年结转 / 总计列：上年结转 3，而 2023 年报告结转下年度 2",
            "2 Carried in·total: 3 carried in, but the report of 2023 carried 2 out",
        ),
        thresholds: &[],
        check: Check::Years(carried),
    },
    Rule {
        id: "Y2",
        title: text("现行有效与上年不衔接", "in force does not follow from last year"),
        severity: Severity::Warning,
        formula: text(
            "现行有效（本年）= 现行有效（上年）+ 制发 - 废止",
            "in force = last year's in force + issued - repealed",
        ),
        not_run: NO_LAST_YEAR,
        exceptions: text(
            "正文说明作过清理或有文件失效的，只作提示",
            "only noted where the text speaks of a clean-up or of documents that lapsed",
        ),
        source: FORM,
        example: text(
            "行政规范性文件 / 现行有效列：现行有效 9，而上年 6 + 制发 2 - 废止 0 = 8",
            "Normative documents·in force: 9 in force, but last year's 6 + issued 2 - repealed 0 = 8",
        ),
        thresholds: &[],
        check: Check::Years(in_force),
    },
    Rule {
        id: "Y3",
        title: text("上一年项目数与上年报告不符", "last year's items differ from last year's report"),
        severity: Severity::Warning,
        formula: text(
            "上一年项目数量（2020）= 上一年项目数量（2019）+ 本年增/减（2019）",
            "last year's items (2020) = last year's items (2019) + change (2019)",
        ),
        not_run: text(
            "没有上年报告；任一方为 0（很多单位填 0）",
            "last year's report is not there; either side is 0, as many fill in 0",
        ),
        exceptions: text("改革后清单重新划分", "lists that were cut anew by a reform"),
        source: PLAUSIBLE,
        example: text(
            "行政许可 / 上年项目列：上一年项目 30，而 2019 年报告为 20 + 5 = 25",
            "Licensing·last year: 30 items, but the report of 2019 has 20 + 5 = 25",
        ),
        thresholds: &[],
        check: Check::Years(items),
    },
    Rule {
        id: "Y4",
        title: text("公开总数比上年减少", "fewer disclosed in all than last year"),
        severity: Severity::Info,
        formula: text(
            "对外公开总数量（2020）>= 对外公开总数量（2019）",
            "disclosed in all (2020) >= disclosed in all (2019)",
        ),
        not_run: NO_LAST_YEAR,
        exceptions: text(
            "正文写明废止或清理过文件",
            "the text speaks of documents that were repealed or cleaned up",
        ),
        source: PLAUSIBLE,
        example: text(
            "规范性文件 / 公开总数列：对外公开总数 3，2019 年为 8",
            "Normative documents·in all: 3 disclosed in all, 8 in 2019",
        ),
        thresholds: &[],
        check: Check::Years(cumulative),
    },
    Rule {
        id: "Y5",
        title: text("数字与上年全同", "the same figures as last year"),
        severity: Severity::Warning,
        formula: text(
            "三张表的当年数字不与上年完全相同",
            "the figures of the year are not all equal to last year's",
        ),
        not_run: text(
            "没有上年报告；不为零的独立数字少于下限",
            "last year's report is not there; fewer independent figures than the minimum",
        ),
        exceptions: text(
            "业务很少的单位（数字之和不足 20）只作提示；存量数字不计",
            "only noted for bodies with little to report (figures below 20 in all); stocks are left out",
        ),
        source: "2010、2011 年“乌龙年报”报道",
        example: text(
            "三、申请：三张表的当年数字与 2023 年全部相同（6 个不为零）",
            "section 3 Requests: all figures of the year equal those of 2023 (6 are not zero)",
        ),
        thresholds: &[Threshold {
            key: "figures",
            default: 3,
            about: text("至少几个不为零的独立数字", "least number of independent figures that are not zero"),
        }],
        check: Check::Years(same_figures),
    },
    Rule {
        id: "Y6",
        title: text("正文与上年雷同", "near-identical text"),
        severity: Severity::Warning,
        formula: text(
            "去掉数字后，正文与上年的相似度低于上限",
            "without digits, the text is less similar to last year's than the limit",
        ),
        not_run: NO_LAST_YEAR,
        exceptions: text(
            "篇幅很短的零报告年年相似：只作提示",
            "short nil reports are alike every year: only noted",
        ),
        source: "国办公开办函〔2021〕30号（内容雷同）；2020年泉州市鲤城区考评标准",
        example: text(
            "一、总体：正文与 2023 年约 100% 相同",
            "section 1 Overview: about 100% of the text is that of 2023",
        ),
        thresholds: &[
            Threshold {
                key: "similarity",
                default: 90,
                about: text("相似度上限，百分比", "limit in per cent"),
            },
            Threshold {
                key: "length",
                default: 800,
                about: text("少于多少字只作提示", "only noted below this many characters"),
            },
        ],
        check: Check::Years(same_text),
    },
    Rule {
        id: "Y7",
        title: text("年际突变", "jump between years"),
        severity: Severity::Info,
        formula: text(
            "主要数字与上年之比和之差不同时超过上限",
            "main figures do not exceed both limits, ratio and difference",
        ),
        not_run: text(
            "没有该单位上一年的报告；不是代表该年度的版本；一方为 0 或空白",
            "last year's report of the agency is not there; not the version that stands for the year; one of the two is 0 or blank",
        ),
        exceptions: text("专项整治；处罚职责移交综合执法", "campaigns; duties moved to another body"),
        source: PLAUSIBLE,
        example: text(
            "行政处罚 / 处理决定列：2023 年 12，2024 年 1360",
            "Penalties·decisions: 12 in 2023, 1360 in 2024",
        ),
        thresholds: &[
            Threshold { key: "ratio", default: 10, about: text("倍数", "times") },
            Threshold { key: "difference", default: 50, about: text("差", "difference") },
        ],
        check: Check::Years(jumps),
    },
    Rule {
        id: "Y8",
        title: text("上年未审结案件不见", "open cases disappeared"),
        severity: Severity::Info,
        formula: text("总计（本年）>= 尚未审结（上年）", "total (this year) >= pending (last year)"),
        not_run: NO_LAST_YEAR,
        exceptions: text("很多单位不结转案件", "many bodies do not carry cases over"),
        source: PLAUSIBLE,
        example: text(
            "行政复议 / 总计列：总计 0，而 2023 年尚未审结 2",
            "Reconsideration·total: 0 in all, but 2 were pending in 2023",
        ),
        thresholds: &[],
        check: Check::Years(open_cases),
    },
];

fn both<'a>(series: &'a Series<'_>) -> Option<(&'a Digest, &'a Digest)> {
    series.before.map(|before| (before, series.now))
}

/// What a report carries in, less what last year's carried out; nothing where one of the two is no number.
#[must_use]
pub fn carry(carried_out: Option<Number>, carried_in: Option<Number>) -> Option<Sum> {
    Some(Sum::from(carried_in?).plus(carried_out?, -1))
}

fn carried(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    static CELLS: LazyLock<Vec<(CellId, CellId, &Column)>> = LazyLock::new(|| {
        let of = |column: &'static Column| {
            let find = |row: &str| CellId::find(TableId::Requests, row, column.key);
            Some((find("carried_in")?, find("carried_out")?, column))
        };
        APPLICANTS.iter().filter_map(of).collect()
    });
    let Some((before, now)) = both(series) else { return Vec::new() };
    let mut findings = Vec::new();
    for (carried_in, carried_out, column) in CELLS.iter().copied() {
        let (Some(new), Some(old)) = (now.number(carried_in), before.number(carried_out)) else { continue };
        if carry(Some(old), Some(new)).is_none_or(Sum::is_zero) {
            continue;
        }
        let year = before.year;
        let seen = Observation::at(&[carried_in]).sides(new, old).against(series.agency, year).say_in(said!(
            "上年结转 {new}，而 {year} 年报告结转下年度 {old}",
            "{new} carried in, but the report of {year} carried {old} out",
        ));
        let severity = if column.key == "total" { rule.severity } else { Severity::Warning };
        findings.push(seen.finding(rule).severe(severity));
    }
    findings
}

fn in_force(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some((before, now)) = both(series) else { return Vec::new() };
    let mut findings = Vec::new();
    for row in ["regulations", "normative"] {
        let cell = |column: &str| CellId::find(TableId::Disclosure, row, column);
        let of = |column: &str| now.count_in(cell(column));
        let (Some(issued), Some(repealed), Some(in_force)) = (of("issued"), of("repealed"), of("in_force"))
        else {
            continue;
        };
        let Some(last) = before.count_in(cell("in_force")) else { continue };
        let expected = last.saturating_add(issued).saturating_sub(repealed);
        if in_force == expected {
            continue;
        }
        let cells: Vec<CellId> =
            ["in_force", "issued", "repealed"].iter().filter_map(|column| cell(column)).collect();
        let seen = Observation::at(&cells)
            .sides(Sum::whole(in_force), Sum::whole(expected))
            .against(series.agency, before.year)
            .say_in(said!(
                "现行有效 {in_force}，而上年 {last} + 制发 {issued} - 废止 {repealed} = {expected}",
                "{in_force} in force, but last year's {last} + issued {issued} - repealed {repealed} = {expected}",
            ));
        let severity = if now.has_cleanup { Severity::Info } else { rule.severity };
        findings.push(seen.finding(rule).severe(severity));
    }
    findings
}

fn items(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    static CELLS: LazyLock<Vec<[CellId; 2]>> = LazyLock::new(|| {
        CellId::grid(TableId::Disclosure, &super::disclosure::ITEMS, ["previous", "change"])
    });
    let Some((before, now)) = both(series) else { return Vec::new() };
    let mut findings = Vec::new();
    for [cell, changed] in CELLS.iter().copied() {
        let (Some(previous), Some(old), Some(change)) =
            (now.count_in(Some(cell)), before.count_in(Some(cell)), before.count_in(Some(changed)))
        else {
            continue;
        };
        let expected = old.saturating_add(change);
        if previous == expected || previous == 0 || old == 0 {
            continue;
        }
        let year = before.year;
        let (sign, size) = (if change < 0 { '-' } else { '+' }, change.unsigned_abs());
        let seen = Observation::at(&[cell])
            .sides(Sum::whole(previous), Sum::whole(expected))
            .against(series.agency, year)
            .say_in(said!(
                "上一年项目 {previous}，而 {year} 年报告为 {old} {sign} {size} = {expected}",
                "{previous} items, but the report of {year} has {old} {sign} {size} = {expected}",
            ));
        findings.push(seen.finding(rule));
    }
    findings
}

fn cumulative(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    let is_explained = |now: &Digest| now.has_repeal || now.has_cleanup;
    let Some((before, now)) = both(series).filter(|(_, now)| !is_explained(now)) else { return Vec::new() };
    let mut findings = Vec::new();
    for row in ["regulations", "normative"] {
        let cell = CellId::find(TableId::Disclosure, row, "cumulative");
        let Some((all, old)) = now.count_in(cell).zip(before.count_in(cell)) else { continue };
        let Some(cell) = cell.filter(|_| all < old) else { continue };
        let year = before.year;
        let seen = Observation::at(&[cell])
            .sides(Sum::whole(all), Sum::whole(old))
            .against(series.agency, year)
            .say(
                format!("对外公开总数 {all}，{year} 年为 {old}"),
                format!("{all} disclosed in all, {old} in {year}"),
            );
        findings.push(seen.finding(rule));
    }
    findings
}

fn same_figures(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some((before, now)) = both(series) else { return Vec::new() };
    let filled = now.flows.filled;
    if now.flows != before.flows || i64::from(filled) < series.settings.threshold(rule, "figures").max(1) {
        return Vec::new();
    }
    let year = before.year;
    let seen = Observation { section: 3, ..Observation::default() }.against(series.agency, year).say(
        format!("三张表的当年数字与 {year} 年全部相同（{filled} 个不为零）"),
        format!("all figures of the year equal those of {year} ({filled} are not zero)"),
    );
    vec![seen.finding(rule).severe(if now.flows.is_small() { Severity::Info } else { rule.severity })]
}

fn same_text(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some((before, now)) = both(series) else { return Vec::new() };
    let similarity = now.text.similarity(&before.text);
    if similarity < series.settings.threshold(rule, "similarity") {
        return Vec::new();
    }
    let year = before.year;
    let seen = Observation { section: 1, ..Observation::default() }.against(series.agency, year).say_in(
        said!("正文与 {year} 年约 {similarity}% 相同", "about {similarity}% of the text is that of {year}"),
    );
    let is_short = i64::from(now.text.length) < series.settings.threshold(rule, "length");
    let is_nil = now.count("requests.received.total").unwrap_or(0) == 0;
    vec![seen.finding(rule).severe(if is_short && is_nil { Severity::Info } else { rule.severity })]
}

/// The figures whose jumps are worth a look.
const MAIN: [&str; 8] = [
    "requests.received.total",
    "reconsideration_and_litigation.reconsideration.total",
    "reconsideration_and_litigation.litigation_direct.total",
    "proactive_disclosure.licensing.decisions",
    "proactive_disclosure.penalty.decisions",
    "proactive_disclosure.coercion.decisions",
    "proactive_disclosure.normative.issued",
    "proactive_disclosure.normative.made",
];

/// Whether two figures are as far apart as rule Y7 asks about: by ratio and by difference, and none of them 0.
#[must_use]
pub fn is_jump(old: i64, new: i64, rule: &Rule, settings: &Settings) -> bool {
    let (ratio, least) = (settings.threshold(rule, "ratio"), settings.threshold(rule, "difference"));
    let (large, small) = (new.max(old), new.min(old));
    small > 0 && large > small.max(1).saturating_mul(ratio) && large.saturating_sub(small) > least
}

fn jumps(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    static CELLS: LazyLock<Vec<CellId>> =
        LazyLock::new(|| MAIN.iter().filter_map(|name| CellId::parse(name)).collect());
    let Some((before, now)) = both(series) else { return Vec::new() };
    let mut findings = Vec::new();
    for cell in CELLS.iter().copied() {
        let Some((new, old)) = now.count_in(Some(cell)).zip(before.count_in(Some(cell))) else { continue };
        if !is_jump(old, new, rule, series.settings) {
            continue;
        }
        let (from, to) = (before.year, now.year);
        let seen = Observation::at(&[cell])
            .sides(Sum::whole(new), Sum::whole(old))
            .against(series.agency, from)
            .say_in(said!("{from} 年 {old}，{to} 年 {new}", "{old} in {from}, {new} in {to}"));
        findings.push(seen.finding(rule));
    }
    findings
}

fn open_cases(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some((before, now)) = both(series) else { return Vec::new() };
    let mut findings = Vec::new();
    for row in ["reconsideration", "litigation_direct", "litigation_after_reconsideration"] {
        let [total, pending] =
            ["total", "pending"].map(|column| CellId::find(TableId::Remedies, row, column));
        let Some((all, pending)) = now.count_in(total).zip(before.count_in(pending)) else { continue };
        let Some(cell) = total.filter(|_| all < pending) else { continue };
        let year = before.year;
        let seen = Observation::at(&[cell])
            .sides(Sum::whole(all), Sum::whole(pending))
            .against(series.agency, year)
            .say_in(said!(
                "总计 {all}，而 {year} 年尚未审结 {pending}",
                "{all} in all, but {pending} were pending in {year}",
            ));
        findings.push(seen.finding(rule));
    }
    findings
}
