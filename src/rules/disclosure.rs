//! Table 2: documents, decisions, fees and procurement (rules T2).

use std::sync::LazyLock;

use super::agency::{AgencyKind, collects_fees, enforces, grants_none, kind};
use super::digest::{is_area_total, speaks_of_cleanup};
use super::rule::text;
use super::said::said;
use super::{Check, Finding, Observation, Rule, Scene, Series, Severity, Threshold};
use crate::report::{CellId, Figure, Number, Report, Sum, TableId, Unit};

const FORM: &str = "国办公开办函〔2021〕30号，表二";
const FORM_2019: &str = "国办公开办函〔2019〕60号，表二";
const PLAUSIBLE: &str = "合理性检查 (plausibility)";
const NONE: super::Text = text("无", "none");
const NO_FIGURES: super::Text = text("所涉单元格缺失或空白", "a cell in question is missing or blank");

/// The rules of table 2.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "T2.1",
        title: text("现行有效少于净增", "fewer in force than were added"),
        severity: Severity::Warning,
        formula: text(
            "2021 年格式：现行有效 >= 本年制发 - 本年废止，三者均不为负",
            "form of 2021: in force >= issued - repealed, none below 0",
        ),
        not_run: NO_FIGURES,
        exceptions: text(
            "正文写明有文件失效或作过清理的，只作提示",
            "only noted where the text speaks of documents that lapsed or of a clean-up",
        ),
        source: FORM,
        example: text(
            "行政规范性文件 / 现行有效列：现行有效 1 少于 制发 6 - 废止 0 = 6",
            "Normative documents·in force: 1 in force, fewer than issued 6 - repealed 0 = 6",
        ),
        thresholds: &[],
        check: Check::Report(in_force),
    },
    Rule {
        id: "T2.2",
        title: text("现行有效连年等于制发", "in force equals issued year after year"),
        severity: Severity::Info,
        formula: text(
            "不连续两年出现 制发 = 现行有效 > 0 且 废止 = 0",
            "issued = in force > 0 and repealed = 0 does not occur in two years running",
        ),
        not_run: text("没有上年报告", "last year's report is not there"),
        exceptions: text("新设机构", "new bodies"),
        source: PLAUSIBLE,
        example: text(
            "行政规范性文件 / 现行有效列：2023、2024 年现行有效都等于当年制发（2、3），似把现行有效填成本年制发",
            "Normative documents·in force: in 2023 and 2024 in force equals issued (2, 3): “in force” was probably read as “issued this year”",
        ),
        thresholds: &[],
        check: Check::Years(in_force_is_issued),
    },
    Rule {
        id: "T2.3",
        title: text("公开总数少于新公开", "fewer disclosed in all than this year"),
        severity: Severity::Warning,
        formula: text(
            "2019 年格式：对外公开总数量 >= 本年新公开数量 >= 0",
            "form of 2019: disclosed in all >= disclosed this year >= 0",
        ),
        not_run: NO_FIGURES,
        exceptions: text(
            "新公开可多于或少于新制作",
            "disclosed this year may be more or less than made this year",
        ),
        source: FORM_2019,
        example: text(
            "规范性文件 / 公开总数列：对外公开总数 3 少于本年新公开 5",
            "Normative documents·in all: 3 disclosed in all, fewer than the 5 of this year",
        ),
        thresholds: &[],
        check: Check::Report(cumulative),
    },
    Rule {
        id: "T2.4",
        title: text("减少多于原有", "more dropped than there were"),
        severity: Severity::Error,
        formula: text(
            "2019 年格式：上一年项目数量 + 本年增/减 >= 0",
            "form of 2019: last year + change >= 0",
        ),
        not_run: NO_FIGURES,
        exceptions: text("增减以文字写出（减3、↑2）", "a sign written as a word"),
        source: FORM_2019,
        example: text(
            "行政许可 / 增/减列：上一年 4 项，本年减 6 项",
            "Licensing·change: 4 last year, 6 dropped this year",
        ),
        thresholds: &[],
        check: Check::Report(dropped),
    },
    Rule {
        id: "T2.5",
        title: text("处理决定像是项目数", "decisions look like items"),
        severity: Severity::Warning,
        formula: text(
            "2019 年格式：处理决定数量 不等于 上一年项目数量 + 本年增/减（后两项都不为零）",
            "form of 2019: decisions differ from last year's items + change (neither of them 0)",
        ),
        not_run: NO_FIGURES,
        exceptions: text("偶然相等；数字小于下限的只作提示", "chance: only noted below the minimum"),
        source: PLAUSIBLE,
        example: text(
            "行政许可 / 处理决定列：处理决定 97 = 上一年 61 + 增减 36，似把项目数填作决定数",
            "Licensing·decisions: 97 = last year's 61 + change 36: items were probably added instead of counting decisions",
        ),
        thresholds: &[Threshold {
            key: "minimum",
            default: 10,
            about: text("小于多少只作提示", "only noted below this number"),
        }],
        check: Check::Report(items_as_decisions),
    },
    Rule {
        id: "T2.6",
        title: text("许可、处罚、强制数字相同", "identical numbers of decisions"),
        severity: Severity::Warning,
        formula: text(
            "行政许可、行政处罚、行政强制的处理决定数量不全相同",
            "the numbers of decisions on licensing, penalties and coercion are not all equal",
        ),
        not_run: text("数字小于下限", "numbers below the minimum"),
        exceptions: text("小数字", "small numbers"),
        source: PLAUSIBLE,
        example: text(
            "行政许可 / 处理决定列：许可、处罚、强制的处理决定都是 219",
            "Licensing·decisions: licensing, penalties and coercion are all 219",
        ),
        thresholds: &[Threshold {
            key: "minimum",
            default: 5,
            about: text("从多大的数字起", "from which number on"),
        }],
        check: Check::Report(identical_decisions),
    },
    Rule {
        id: "T2.7",
        title: text("无规章制定权而填规章", "regulations of a body that can make none"),
        severity: Severity::Warning,
        formula: text(
            "县级及以下单位、部门、乡镇、管委会的规章为 0",
            "counties, their bodies, departments, townships and zones have 0 regulations",
        ),
        not_run: text(
            "设区的市、自治州、省级政府和国务院部门；层级不明的市",
            "cities with districts, prefectures, provinces, ministries; cities of unknown level",
        ),
        exceptions: NONE,
        source: "《立法法》第九十一条、第九十三条；国办公开办函〔2021〕30号",
        example: text(
            "规章 / 本年制发列：无规章制定权，却填有规章 2",
            "Regulations·issued: 2 regulations, but the body cannot make any",
        ),
        thresholds: &[],
        check: Check::Report(regulations),
    },
    Rule {
        id: "T2.8",
        title: text("金额单位可疑", "unit of an amount in doubt"),
        severity: Severity::Warning,
        formula: text(
            "收费和采购金额以万元计，小数不多于四位",
            "fees and procurement are in 万元 with at most four decimals",
        ),
        not_run: NO_FIGURES,
        exceptions: text(
            "2019 年格式没有规定采购金额的单位，写明“元”的只作提示；政府汇总和土地、交通、税务等部门收费可以很大",
            "the form of 2019 names no unit for procurement, where 元 is only noted; governments, land, traffic and tax bodies collect much",
        ),
        source: PLAUSIBLE,
        example: text(
            "行政事业性收费 / 收费(万元)列：152790 万元，像是以元为单位填写",
            "Fees·10k yuan: 152790万元 looks like yuan",
        ),
        thresholds: &[Threshold {
            key: "limit",
            default: 100_000,
            about: text("单个部门的金额上限（万元）", "largest amount of a department, in 万元"),
        }],
        check: Check::Report(unit_slip),
    },
    Rule {
        id: "T2.9",
        title: text("采购数量与金额矛盾", "procurement number against amount"),
        severity: Severity::Warning,
        formula: text(
            "采购项目数量为 0 当且仅当采购总金额为 0",
            "the number of projects is 0 exactly if the amount is 0",
        ),
        not_run: NO_FIGURES,
        exceptions: NONE,
        source: FORM_2019,
        example: text(
            "政府集中采购 / 采购总金额列：采购项目 0 个，金额 35.2",
            "Procurement·amount: 0 projects, amount 35.2",
        ),
        thresholds: &[],
        check: Check::Report(procurement),
    },
    Rule {
        id: "T2.11",
        title: text("与职能不符的决定数", "decisions that do not suit the body"),
        severity: Severity::Info,
        formula: text(
            "执法部门的行政处罚不为 0；办公室、审计、统计等的行政许可不大",
            "enforcement bodies have penalties; offices, audit, statistics have few licences",
        ),
        not_run: NO_FIGURES,
        exceptions: text(
            "各地职能划分不同；办公室的报告写明是全县汇总",
            "duties differ from place to place; an office whose report says that it is the sum of the area",
        ),
        source: PLAUSIBLE,
        example: text(
            "行政处罚 / 处理决定列：执法部门的行政处罚为 0",
            "Penalties·decisions: an enforcement body with 0 penalties",
        ),
        thresholds: &[Threshold {
            key: "licences",
            default: 50,
            about: text("多少件许可算多", "how many licences are many"),
        }],
        check: Check::Report(duties),
    },
    Rule {
        id: "T2.12",
        title: text("金额比上年差约一万倍", "an amount about 10,000 times last year's"),
        severity: Severity::Warning,
        formula: text(
            "收费、采购金额与上年之比不接近 10000 或 1/10000",
            "fees and procurement are not close to 10,000 times or a 10,000th of last year's",
        ),
        not_run: text("没有上年报告，或一方为 0", "last year's report is not there, or one of the two is 0"),
        exceptions: NONE,
        source: PLAUSIBLE,
        example: text(
            "行政事业性收费 / 收费(万元)列：2023 年 15.2，2024 年 152790，相差约一万倍，似以元为单位",
            "Fees·10k yuan: 15.2 in 2023 and 152790 in 2024: about 10,000 times, probably yuan",
        ),
        thresholds: &[Threshold {
            key: "factor",
            default: 5,
            about: text(
                "金额本身可比上年增减几倍，仍算约一万倍",
                "how many times more or less the amount itself may be, and still count as 10,000 times",
            ),
        }],
        check: Check::Years(ratio),
    },
];

fn cell(name: &str) -> Option<CellId> {
    let (row, column) = name.split_once('.')?;
    CellId::find(TableId::Disclosure, row, column)
}

/// Cells of table 2 by row, looked up once.
type Cells<const COLUMNS: usize> = LazyLock<Vec<[CellId; COLUMNS]>>;

impl Scene<'_> {
    /// A whole number of table 2 that is printed; blanks are not counted as 0.
    fn printed(&self, cell: CellId) -> Option<(CellId, i64)> {
        Some((cell, self.figure(cell).number()?.as_whole()?))
    }
}

/// A number of table 2 that cannot be below zero and is.
fn below_zero(scene: &Scene<'_>, rule: &'static Rule, cell: CellId, number: i64) -> Finding {
    let seen =
        Observation::at(&[cell]).say(format!("{number} 不应为负"), format!("{number} cannot be below 0"));
    scene.at_cell(seen.finding(rule))
}

fn in_force(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    static CELLS: Cells<3> = LazyLock::new(|| {
        CellId::grid(TableId::Disclosure, &["regulations", "normative"], ["issued", "repealed", "in_force"])
    });
    let mut findings = Vec::new();
    for cells in CELLS.iter() {
        let [Some((a, issued)), Some((b, repealed)), Some((c, in_force))] =
            cells.map(|cell| scene.printed(cell))
        else {
            continue;
        };
        let net = issued.saturating_sub(repealed);
        let numbers = [(c, in_force), (a, issued), (b, repealed)];
        if let Some((cell, number)) = numbers.into_iter().find(|(_, n)| *n < 0) {
            findings.push(below_zero(scene, rule, cell, number));
        } else if in_force < net {
            let seen =
                Observation::at(&[c, a, b]).sides(Sum::whole(in_force), Sum::whole(net)).say_in(said!(
                    "现行有效 {in_force} 少于 制发 {issued} - 废止 {repealed} = {net}",
                    "{in_force} in force, fewer than issued {issued} - repealed {repealed} = {net}",
                ));
            let severity = if speaks_of_cleanup(scene.report) { Severity::Info } else { rule.severity };
            findings.push(scene.at_cell(seen.finding(rule)).severe(severity));
        }
    }
    findings
}

fn in_force_is_issued(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(before) = series.before else { return Vec::new() };
    let row = |digest: &super::Digest| {
        let of = |column: &str| digest.count_in(CellId::find(TableId::Disclosure, "normative", column));
        let issued = of("issued")?;
        (issued > 0 && of("in_force") == Some(issued) && of("repealed") == Some(0)).then_some(issued)
    };
    let (Some(last), Some(now)) = (row(before), row(series.now)) else { return Vec::new() };
    let cells: Vec<CellId> = ["normative.in_force", "normative.issued", "normative.repealed"]
        .into_iter()
        .filter_map(cell)
        .collect();
    let (from, to) = (before.year, series.now.year);
    let seen = Observation::at(&cells).against(series.agency, from).say_in(said!(
        "{from}、{to} 年现行有效都等于当年制发（{last}、{now}），似把现行有效填成本年制发",
        "in {from} and {to} in force equals issued ({last}, {now}): “in force” was probably read as “issued this year”",
    ));
    vec![seen.finding(rule)]
}

fn cumulative(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    static CELLS: Cells<2> = LazyLock::new(|| {
        CellId::grid(TableId::Disclosure, &["regulations", "normative"], ["disclosed", "cumulative"])
    });
    let mut findings = Vec::new();
    for cells in CELLS.iter() {
        let [Some((a, disclosed)), Some((b, all))] = cells.map(|cell| scene.printed(cell)) else { continue };
        if disclosed < 0 {
            findings.push(below_zero(scene, rule, a, disclosed));
        } else if all < disclosed {
            let seen = Observation::at(&[b, a]).sides(Sum::whole(all), Sum::whole(disclosed)).say(
                format!("对外公开总数 {all} 少于本年新公开 {disclosed}"),
                format!("{all} disclosed in all, fewer than the {disclosed} of this year"),
            );
            findings.push(scene.at_cell(seen.finding(rule)));
        }
    }
    findings
}

/// Numbers of decisions.
static DECISIONS: Cells<1> =
    LazyLock::new(|| CellId::grid(TableId::Disclosure, &["licensing", "penalty", "coercion"], ["decisions"]));

/// The rows of the form of 2019 that count items.
pub(super) const ITEMS: [&str; 5] = ["licensing", "other_services", "penalty", "coercion", "fees"];

fn dropped(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    static CELLS: Cells<2> =
        LazyLock::new(|| CellId::grid(TableId::Disclosure, &ITEMS, ["previous", "change"]));
    let mut findings = Vec::new();
    for cells in CELLS.iter() {
        let [Some((a, previous)), Some((b, change))] = cells.map(|cell| scene.printed(cell)) else {
            continue;
        };
        if previous < 0 {
            findings.push(below_zero(scene, rule, a, previous));
        } else if previous.saturating_add(change) < 0 {
            let down = change.saturating_neg();
            let seen = Observation::at(&[b, a]).sides(Sum::whole(change), Sum::whole(-previous)).say(
                format!("上一年 {previous} 项，本年减 {down} 项"),
                format!("{previous} last year, {down} dropped this year"),
            );
            findings.push(scene.at_cell(seen.finding(rule)));
        }
    }
    findings
}

fn items_as_decisions(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    static CELLS: Cells<3> =
        LazyLock::new(|| CellId::grid(TableId::Disclosure, &ITEMS, ["previous", "change", "decisions"]));
    let mut findings = Vec::new();
    for cells in CELLS.iter() {
        let [Some((a, previous)), Some((b, change)), Some((c, decisions))] =
            cells.map(|cell| scene.printed(cell))
        else {
            continue;
        };
        if previous > 0 && change != 0 && decisions == previous.saturating_add(change) && decisions > 0 {
            let seen = Observation::at(&[c, a, b]).say(
                format!("处理决定 {decisions} = 上一年 {previous} + 增减 {change}，似把项目数填作决定数"),
                format!(
                    "{decisions} = last year's {previous} + change {change}: items were probably added instead of counting decisions"
                ),
            );
            let is_small = decisions < scene.settings.threshold(rule, "minimum");
            let severity = if is_small { Severity::Info } else { rule.severity };
            findings.push(scene.at_cell(seen.finding(rule)).severe(severity));
        }
    }
    findings
}

fn identical_decisions(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let of = |cell: &[CellId; 1]| scene.printed(cell[0]);
    let numbers: Option<Vec<(CellId, i64)>> = DECISIONS.iter().map(of).collect();
    let Some([(a, licences), (b, penalties), (c, coercion)]) = numbers.as_deref() else {
        return Vec::new();
    };
    let (licences, penalties, coercion) = (*licences, *penalties, *coercion);
    let least = scene.settings.threshold(rule, "minimum").max(1);
    if licences != penalties || penalties != coercion || licences < least {
        return Vec::new();
    }
    let seen = Observation::at(&[*a, *b, *c]).say(
        format!("许可、处罚、强制的处理决定都是 {licences}"),
        format!("licensing, penalties and coercion are all {licences}"),
    );
    vec![scene.at_cell(seen.finding(rule))]
}

fn regulations(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    static CELLS: LazyLock<Vec<CellId>> = LazyLock::new(|| {
        let columns = ["issued", "repealed", "in_force", "made", "disclosed", "cumulative"];
        let of = |column| CellId::find(TableId::Disclosure, "regulations", column);
        columns.into_iter().filter_map(of).collect()
    });
    // Hardly any report has one.
    let filled: Vec<(CellId, i64)> =
        CELLS.iter().filter_map(|cell| scene.printed(*cell)).filter(|(_, n)| *n > 0).collect();
    let Some((_, number)) = filled.first() else { return Vec::new() };
    let report = scene.report;
    let name = report.agency.raw();
    // A county names the local branches of national bodies, which make no regulations either.
    let is_national = report.county.is_none()
        && (["国家", "中国", "国务院"].iter().any(|word| name.starts_with(word))
            || name.ends_with(['部', '署']));
    let kind = if name.is_empty() { kind_in_text(report) } else { Some(kind(name)) };
    let may_make = match kind {
        Some(AgencyKind::Area | AgencyKind::Office) => report.county.is_none(),
        Some(AgencyKind::Department) => is_national,
        Some(AgencyKind::Township | AgencyKind::Zone) => false,
        None => true,
    };
    if may_make {
        return Vec::new();
    }
    let cells: Vec<CellId> = filled.iter().map(|(cell, _)| *cell).collect();
    let seen = Observation::at(&cells).say(
        format!("无规章制定权，却填有规章 {number}"),
        format!("{number} regulations, but the body cannot make any"),
    );
    vec![scene.at_cell(seen.finding(rule))]
}

/// What a report without the name of its agency calls it: 我镇 is a township, whichever it is. Bureaus and areas are of
/// every level, and some may make regulations.
fn kind_in_text(report: &Report) -> Option<AgencyKind> {
    const TOWNSHIP: [&str; 6] = ["我镇", "我乡", "我街道", "本镇", "本乡", "本街道"];
    let texts = report.sections.iter().filter(|s| matches!(s.number, 0 | 1)).map(|s| s.text.raw());
    let words: String = texts.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect();
    // 本乡镇企业 and 本镇 are told apart by what follows.
    let calls = |word: &str| words.split(word).skip(1).any(|behind| !behind.starts_with(['镇', '村']));
    TOWNSHIP.into_iter().any(calls).then_some(AgencyKind::Township)
}

fn unit_slip(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let report = scene.report;
    let amounts = [("fees.amount", report.fees_unit), ("procurement.amount", report.procurement_unit)];
    let mut findings = Vec::new();
    for (name, unit) in amounts {
        let Some(cell) = cell(name) else { continue };
        let Figure::Number(amount) = scene.figure(cell) else { continue };
        if amount.is_zero() {
            continue;
        }
        let found = match unit {
            Some(Unit::Yuan) => {
                // The form of 2019 names no unit for procurement; that of 2021 names 万元 for fees.
                let severity = if name == "fees.amount" { Severity::Warning } else { Severity::Info };
                Some((
                    severity,
                    format!("印作 {amount} 元，表格以万元计"),
                    format!("printed as {amount}元, the form counts in 万元"),
                ))
            }
            Some(Unit::HundredMillionYuan) => None,
            Some(Unit::TenThousandYuan) | None => magnitude(scene, rule, name, amount),
        };
        if let Some((severity, zh, en)) = found {
            findings.push(scene.at_cell(Observation::at(&[cell]).say(zh, en).finding(rule)).severe(severity));
        }
    }
    findings
}

/// Whether an amount in 万元 is more than the body can have, or more exact than money is.
fn magnitude(
    scene: &Scene<'_>,
    rule: &'static Rule,
    name: &str,
    amount: Number,
) -> Option<(Severity, String, String)> {
    let limit = Sum::whole(scene.settings.threshold(rule, "limit"));
    // Procurement without a unit may well be in yuan: the official head names none.
    let has_unit = name == "fees.amount" || scene.report.procurement_unit.is_some();
    let is_small = !collects_fees(scene.report.agency.raw());
    if has_unit && is_small && Sum::from(amount) >= limit {
        return Some((
            rule.severity,
            format!("{amount} 万元，像是以元为单位填写"),
            format!("{amount}万元 looks like yuan"),
        ));
    }
    // Zeros at the end, as spreadsheets print them, make no number more exact.
    let beyond = 10_i64.checked_pow(u32::from(amount.scale().saturating_sub(4)));
    beyond.is_some_and(|unit| amount.units() % unit != 0).then(|| {
        (rule.severity, format!("{amount} 的小数多于四位"), format!("{amount} has more than four decimals"))
    })
}

fn procurement(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some((count_cell, count)) = cell("procurement.count").and_then(|cell| scene.printed(cell)) else {
        return Vec::new();
    };
    let Some(amount_cell) = cell("procurement.amount") else { return Vec::new() };
    let Some(amount) = scene.figure(amount_cell).number() else { return Vec::new() };
    if (count == 0) == amount.is_zero() {
        return Vec::new();
    }
    let seen = Observation::at(&[amount_cell, count_cell])
        .say(format!("采购项目 {count} 个，金额 {amount}"), format!("{count} projects, amount {amount}"));
    vec![scene.at_cell(seen.finding(rule))]
}

fn duties(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let name = scene.report.agency.raw();
    let found = if enforces(name) {
        cell("penalty.decisions").and_then(|cell| scene.printed(cell)).filter(|(_, n)| *n == 0).map(
            |(cell, _)| {
                (cell, "执法部门的行政处罚为 0".to_owned(), "an enforcement body with 0 penalties".to_owned())
            },
        )
    } else if grants_none(name) && !is_area_total(scene.report) {
        let many = scene.settings.threshold(rule, "licences");
        cell("licensing.decisions").and_then(|cell| scene.printed(cell)).filter(|(_, n)| *n >= many).map(
            |(cell, n)| {
                (
                    cell,
                    format!("这类单位通常没有 {n} 件许可"),
                    format!("{n} licences are unusual for such a body"),
                )
            },
        )
    } else {
        None
    };
    let finding =
        found.map(|(cell, zh, en)| scene.at_cell(Observation::at(&[cell]).say(zh, en).finding(rule)));
    finding.into_iter().collect()
}

fn ratio(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    static AMOUNTS: LazyLock<Vec<CellId>> =
        LazyLock::new(|| ["fees.amount", "procurement.amount"].into_iter().filter_map(cell).collect());
    let Some(before) = series.before else { return Vec::new() };
    let factor = series.settings.threshold(rule, "factor").clamp(1, 100);
    let mut findings = Vec::new();
    for (i, cell) in AMOUNTS.iter().copied().enumerate() {
        // Amounts in other units differ by as much, and rightly.
        if before.units.get(i) != series.now.units.get(i) {
            continue;
        }
        let (Some(last), Some(now)) = (before.number(cell), series.now.number(cell)) else { continue };
        // Between 10,000 / factor and 10,000 × factor times, without division.
        let near = |large: Number, small: Number| {
            let large_by_factor = Sum::from(large).times(factor);
            Sum::from(small).times(10_000) <= large_by_factor
                && Sum::from(large) <= Sum::from(small).times(10_000 * factor)
        };
        if last.is_zero() || now.is_zero() || !(near(now, last) || near(last, now)) {
            continue;
        }
        let (from, to) = (before.year, series.now.year);
        let seen = Observation::at(&[cell]).against(series.agency, from).say(
            format!("{from} 年 {last}，{to} 年 {now}，相差约一万倍，似以元为单位"),
            format!("{last} in {from} and {now} in {to}: about 10,000 times, probably yuan"),
        );
        findings.push(seen.finding(rule));
    }
    findings
}
