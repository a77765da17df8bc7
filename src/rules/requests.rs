//! Table 3: what was received against what was handled, in every column and row (rules T3).

use std::sync::LazyLock;

use super::finding::{focus_of, line_of};
use super::rule::text;
use super::{Check, Evaluation, Evidence, Finding, Observation, Rule, Scene, Severity, State, Threshold};
use crate::report::template::{APPLICANTS, Column, RESULTS};
use crate::report::{CellId, Figure, Sum, TableId};

const HEAD: &str = "国办公开办函〔2019〕60号、〔2021〕30号，表三表头";
const FORM: &str = "国办公开办函〔2019〕60号、〔2021〕30号，表三";
const PLAUSIBLE: &str = "合理性检查 (plausibility)";

/// The rules of table 3.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "T3.1",
        title: text("收支平衡", "received and handled balance"),
        severity: Severity::Error,
        formula: text("每列：一 + 二 = 三（七）+ 四", "each column: 1 + 2 = 3(7) + 4"),
        not_run: text("四行中有缺失或无法辨认的数字", "one of the four rows is missing or unreadable"),
        exceptions: text(
            "（七）总计空白而各项不为零时，以各项之和代入",
            "a blank 3(7) over results that are not zero counts as their sum",
        ),
        source: HEAD,
        example: text("自然人：5 + 0 = 5 ≠ 4 + 0 = 4，差 +1", "person: 5 + 0 = 5 ≠ 4 + 0 = 4, off by +1"),
        thresholds: &[],
        check: Check::Report(sums),
    },
    Rule {
        id: "T3.2",
        title: text("办理结果合计", "results add up to the total"),
        severity: Severity::Error,
        formula: text(
            "每列：三（七）=（一）+（二）+（三）1-8 +（四）1-3 +（五）1-5 +（六）",
            "each column: 3(7) = (1) + (2) + (3)1-8 + (4)1-3 + (5)1-5 + (6)",
        ),
        not_run: text("有缺失或无法辨认的行", "a row is missing or unreadable"),
        exceptions: text(
            "（六）在 2019 年格式为一行，在 2021 年格式为三行：文中有哪些行就加哪些行",
            "(6) is one row on the form of 2019 and three on that of 2021: the rows that are there are summed",
        ),
        source: FORM,
        example: text("三(七)总计 / 自然人列：4 ≠ 3，差 +1", "3(7) Total·person: 4 ≠ 3, off by +1"),
        thresholds: &[],
        check: Check::Report(sums),
    },
    Rule {
        id: "T3.3",
        title: text("行总计", "applicants add up to the row total"),
        severity: Severity::Error,
        formula: text(
            "每行：总计 = 自然人 + 法人或其他组织五列",
            "each row: total = person + five kinds of organisation",
        ),
        not_run: text("有缺失或无法辨认的数字", "a figure is missing or unreadable"),
        exceptions: text("只填了总计、六列全空：见 T3.6", "only the total is filled in: see T3.6"),
        source: FORM,
        example: text("一 本年新收 / 总计列：5 ≠ 4，差 +1", "1 Received·total: 5 ≠ 4, off by +1"),
        thresholds: &[],
        check: Check::Report(sums),
    },
    Rule {
        id: "T3.4",
        title: text("不是非负整数", "not a whole number from 0"),
        severity: Severity::Error,
        formula: text("各单元格为非负整数", "every cell is a whole number, not below 0"),
        not_run: text("空白或无法辨认的单元格", "blank and unreadable cells"),
        exceptions: text("千位分隔符、全角数字", "separators of thousands and full-width digits"),
        source: FORM,
        example: text(
            "一 本年新收 / 自然人列：-1 不是非负整数",
            "1 Received·person: -1 is no whole number from 0",
        ),
        thresholds: &[],
        check: Check::Report(whole_numbers),
    },
    Rule {
        id: "T3.5",
        title: text("申请归错列", "filed under two applicant types"),
        severity: Severity::Error,
        formula: text(
            "总计列平衡，恰有两列不平衡且一正一负、数目相同",
            "the total column balances, exactly two others do not, by +k and -k",
        ),
        not_run: text("所涉行的数字归属不确定", "the rows in question were read with doubt"),
        exceptions: text("无", "none"),
        source: HEAD,
        example: text(
            "一 本年新收 / 其他列：其他列收到 1 件未见办理，自然人列办理 1 件未见收到，总计列平衡",
            "1 Received·other: other received 1 that is not handled, person handled 1 that was not received; the total column balances",
        ),
        thresholds: &[],
        check: Check::Report(column_shift),
    },
    Rule {
        id: "T3.6",
        title: text("总计空白或只有总计", "blank total, or a total alone"),
        severity: Severity::Warning,
        formula: text("总计与各分项同时填写", "a total and its parts are both filled in"),
        not_run: text("总计与分项都空白", "both are blank"),
        exceptions: text(
            "分项全为零或空白而总计空白；只有总计且为 0",
            "parts all zero or blank under a blank total; a total alone that is 0",
        ),
        source: FORM,
        example: text(
            "三(七)总计 / 自然人列：空白，各项合计 1",
            "3(7) Total·person: blank, the parts add up to 1",
        ),
        thresholds: &[],
        check: Check::Report(lone_totals),
    },
    Rule {
        id: "T3.7",
        title: text("结转数超过收到数", "carried out exceeds what came in"),
        severity: Severity::Error,
        formula: text("每列：四 <= 一 + 二", "each column: 4 <= 1 + 2"),
        not_run: text("有缺失或无法辨认的数字", "a figure is missing or unreadable"),
        exceptions: text("无", "none"),
        source: HEAD,
        example: text(
            "四 结转下年度 / 自然人列：结转 6 多于收到的 5",
            "4 Carried out·person: carried out 6, more than the 5 that came in",
        ),
        thresholds: &[],
        check: Check::Report(carried_out_exceeds),
    },
    Rule {
        id: "T3.8",
        title: text("多行数字相同", "the same number in unrelated rows"),
        severity: Severity::Warning,
        formula: text(
            "总计列中，至少三类办理结果填同一个较大数字",
            "in the total column at least three kinds of result have the same larger number",
        ),
        not_run: text("数字小于下限", "numbers below the minimum"),
        exceptions: text(
            "小数字相同很常见；不足下限两倍，或只有三类相同而其余不同的，只作提示",
            "small numbers are often equal: only noted below twice the minimum, or where three are equal among others",
        ),
        source: PLAUSIBLE,
        example: text(
            "三(一)予以公开 / 总计列：三类不同结果都是 12",
            "3(1) Granted·total: 3 unrelated kinds of result are all 12",
        ),
        thresholds: &[Threshold {
            key: "minimum",
            default: 5,
            about: text("从多大的数字起", "from which number on"),
        }],
        check: Check::Report(same_numbers),
    },
    Rule {
        id: "T3.9",
        title: text("结转比例偏高", "much is carried out"),
        severity: Severity::Info,
        formula: text("四 <=（一 + 二）的一半", "4 is at most half of 1 + 2"),
        not_run: text("一 + 二 小于下限", "1 + 2 is below the minimum"),
        exceptions: text("年底集中收到申请", "many applications in December"),
        source: PLAUSIBLE,
        example: text(
            "四 结转下年度 / 总计列：收到 32 件，结转 17 件",
            "4 Carried out·total: 17 of 32 are carried out",
        ),
        thresholds: &[
            Threshold { key: "share", default: 50, about: text("百分比上限", "per cent at most") },
            Threshold { key: "minimum", default: 10, about: text("一 + 二 的下限", "least 1 + 2") },
        ],
        check: Check::Report(much_carried_out),
    },
    Rule {
        id: "T3.10",
        title: text("结果过于单一", "one kind of result only"),
        severity: Severity::Info,
        formula: text(
            "办理结果不全是无法提供、其他处理、行政查询或公开出版物",
            "the results are not all of: unavailable, other, inquiry matter, publication",
        ),
        not_run: text("办理总数小于下限", "fewer results than the minimum"),
        exceptions: text("仅供分流排序", "for triage only"),
        source: PLAUSIBLE,
        example: text(
            "三(七)总计 / 总计列：12 件全部为“无法提供”",
            "3(7) Total·total: all 12 are “unavailable”",
        ),
        thresholds: &[Threshold {
            key: "minimum",
            default: 10,
            about: text("办理总数的下限", "least number of results"),
        }],
        check: Check::Report(one_kind_only),
    },
];

/// A sum of the form that does not hold, as a finding of its rule.
pub(super) fn broken(evaluation: &Evaluation, rule: &'static Rule, scene: &Scene<'_>) -> Finding {
    let line = line_of(scene.report, focus_of(evaluation).into_iter().chain(evaluation.relation.cells()));
    let evidence = Evidence::Relation(Box::new(evaluation.clone()));
    Finding { rule, severity: rule.severity, evidence, line }
}

/// The sums of the form that belong to a rule and do not hold.
pub(super) fn sums(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let of_rule = |e: &&Evaluation| e.state == State::Broken && e.relation.rule.id == rule.id;
    let evaluations = scene.evaluations.iter().filter(of_rule).filter(|e| !is_lone_total(e, scene));
    evaluations.map(|e| broken(e, rule, scene)).collect()
}

/// Whether a row of table 3 has its total and nothing else.
fn is_lone_total(evaluation: &Evaluation, scene: &Scene<'_>) -> bool {
    evaluation.relation.rule.id == "T3.3"
        && evaluation.right.iter().all(|t| scene.report.figures.get(t.cell) == Figure::Blank)
}

fn lone_totals(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let in_table = |e: &&Evaluation| e.relation.table == TableId::Requests && e.state.is_break();
    let evaluations = scene.evaluations.iter().filter(in_table);
    evaluations
        .filter(|e| e.state == State::BlankTotal || is_lone_total(e, scene))
        .map(|e| broken(e, rule, scene))
        .collect()
}

fn whole_numbers(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    scene.not_whole(TableId::Requests, rule)
}

impl Scene<'_> {
    /// The cell of a row and column of table 3.
    pub(super) fn request(row: &str, column: &str) -> Option<CellId> {
        CellId::find(TableId::Requests, row, column)
    }

    /// A whole number of a table; blank counts as 0, anything else that is no whole number is `None`.
    pub(super) fn count(&self, cell: Option<CellId>) -> Option<i64> {
        match self.figure(cell?) {
            Figure::Blank => Some(0),
            Figure::Number(number) => number.as_whole(),
            Figure::Absent | Figure::Unreadable => None,
        }
    }

    /// What stands in a cell; unreadable where its row was placed with doubt, which only sums of the form may rest on:
    /// they speak for a place themselves.
    pub(super) fn figure(&self, cell: CellId) -> Figure {
        match self.report.figures.get(cell) {
            Figure::Blank | Figure::Number(_) if self.report.is_uncertain(cell) => Figure::Unreadable,
            figure => figure,
        }
    }

    /// Cells of a table whose number is negative or has decimals.
    pub(super) fn not_whole(&self, table: TableId, rule: &'static Rule) -> Vec<Finding> {
        let is_wrong = |cell: CellId, figure: Figure| {
            let number = figure.number()?;
            (number.is_negative() || number.as_whole().is_none()).then_some((cell, number))
        };
        // Hardly ever is anything found.
        let is_whole = |cell| match self.report.figures.get(cell) {
            Figure::Number(number) => (number.scale() == 0) & !number.is_negative(),
            Figure::Absent | Figure::Blank | Figure::Unreadable => true,
        };
        if CellId::of(table).all(is_whole) {
            return Vec::new();
        }
        let wrong =
            self.report.figures.present(table).filter_map(|(cell, _)| is_wrong(cell, self.figure(cell)));
        wrong
            .map(|(cell, number)| {
                let seen = Observation::at(&[cell]);
                let seen =
                    seen.say(format!("{number} 不是非负整数"), format!("{number} is no whole number from 0"));
                self.at_cell(seen.finding(rule))
            })
            .collect()
    }

    /// The finding with the line of its first cell.
    pub(super) fn at_cell(&self, mut finding: Finding) -> Finding {
        finding.line = finding.line.or_else(|| line_of(self.report, finding.cells()));
        finding
    }
}

/// One request received in one column and handled in another: two balances off by as much in opposite directions.
fn column_shift(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let balances: Vec<&Evaluation> =
        scene.evaluations.iter().filter(|e| e.relation.rule.id == "T3.1").collect();
    let Some((total, columns)) = balances.split_last() else { return Vec::new() };
    let off: Vec<&&Evaluation> = columns.iter().filter(|e| e.state == State::Broken).collect();
    let [a, b] = off.as_slice() else { return Vec::new() };
    let opposite = a.difference().plus_sum(b.difference(), 1).is_zero();
    if !opposite || total.state.is_break() || !total.difference().is_zero() || total.declared().is_zero() {
        return Vec::new();
    }
    let (surplus, lack) = if a.difference().is_negative() { (b, a) } else { (a, b) };
    let largest = |e: &Evaluation| e.left.iter().max_by_key(|t| t.value()).map(|t| t.cell);
    let handled = |column: &'static str| {
        let rows = RESULTS.iter().filter_map(|row| Scene::request(row, column));
        let filled: Vec<CellId> = rows.filter(|c| scene.count(Some(*c)).is_some_and(|n| n > 0)).collect();
        match filled.as_slice() {
            [one] => Some(*one),
            _ => Scene::request("total", column),
        }
    };
    let Some(received) = largest(surplus) else { return Vec::new() };
    let Some(lacking) = lack.relation.cells().next() else { return Vec::new() };
    let Some(handled) = handled(lacking.column().key) else { return Vec::new() };
    if [received, handled].into_iter().any(|cell| scene.report.is_uncertain(cell)) {
        return Vec::new();
    }
    let k = surplus.difference();
    let [from, to] = [received, handled].map(|cell| &cell.column().label);
    let seen = Observation::at(&[received, handled]).sides(k, Sum::ZERO).say(
        format!(
            "{}列收到 {k} 件未见办理，{}列办理 {k} 件未见收到，总计列平衡",
            from.official, to.official
        ),
        format!(
            "{} received {k} that is not handled, {} handled {k} that was not received; the total column balances",
            from.english, to.english
        ),
    );
    vec![scene.at_cell(seen.finding(rule))]
}

fn carried_out_exceeds(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    static CELLS: LazyLock<Vec<[CellId; 3]>> = LazyLock::new(|| {
        let of = |column: &Column| {
            let cells = ["received", "carried_in", "carried_out"].map(|row| Scene::request(row, column.key));
            cells.into_iter().collect::<Option<Vec<CellId>>>()?.try_into().ok()
        };
        APPLICANTS.iter().filter_map(of).collect()
    });
    let mut findings = Vec::new();
    for cells in CELLS.iter() {
        let [Some(new), Some(old), Some(rest)] = cells.map(|cell| scene.count(Some(cell))) else { continue };
        let [received, carried_in, out] = *cells;
        let came = new.saturating_add(old);
        if rest > came.max(0) {
            let seen =
                Observation::at(&[out, received, carried_in]).sides(Sum::whole(rest), Sum::whole(came)).say(
                    format!("结转 {rest} 多于收到的 {came}"),
                    format!("carried out {rest}, more than the {came} that came in"),
                );
            findings.push(scene.at_cell(seen.finding(rule)));
        }
    }
    findings
}

/// The kind of result that a row belongs to: its group, or the row itself.
fn kind_of(row: &str) -> &str {
    row.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_')
}

fn same_numbers(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    static CELLS: LazyLock<Vec<CellId>> =
        LazyLock::new(|| RESULTS.iter().filter_map(|row| Scene::request(row, "total")).collect());
    let least = scene.settings.threshold(rule, "minimum");
    let filled: Vec<(CellId, i64)> = CELLS
        .iter()
        .filter_map(|cell| Some((*cell, scene.count(Some(*cell)).filter(|n| *n >= least.max(1))?)))
        .collect();
    for (_, number) in &filled {
        let same: Vec<CellId> = filled.iter().filter(|(_, n)| n == number).map(|(cell, _)| *cell).collect();
        let mut kinds: Vec<&str> = same.iter().map(|cell| kind_of(cell.row().key)).collect();
        kinds.dedup();
        if kinds.len() >= 3 {
            let n = kinds.len();
            // Three equal numbers among many others may be chance; all equal, or four, hardly.
            let is_striking = (same.len() == filled.len() || n > 3) && *number >= 2 * least;
            let severity = if is_striking { rule.severity } else { Severity::Info };
            let numeral = ["三", "四", "五", "六"].get(n - 3).copied().unwrap_or("多");
            let seen = Observation::at(&same).say(
                format!("{numeral}类不同结果都是 {number}"),
                format!("{n} unrelated kinds of result are all {number}"),
            );
            return vec![scene.at_cell(seen.finding(rule)).severe(severity)];
        }
    }
    Vec::new()
}

fn much_carried_out(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let [received, carried_in, out] =
        ["received", "carried_in", "carried_out"].map(|row| Scene::request(row, "total"));
    let numbers = (scene.count(received), scene.count(carried_in), scene.count(out));
    let (Some(new), Some(old), Some(rest)) = numbers else { return Vec::new() };
    let came = new.saturating_add(old);
    let share = scene.settings.threshold(rule, "share");
    // More than everything is T3.7.
    let is_much = rest.saturating_mul(100) > came.saturating_mul(share) && rest <= came;
    if came < scene.settings.threshold(rule, "minimum") || !is_much {
        return Vec::new();
    }
    let cells: Vec<CellId> = [out, received, carried_in].into_iter().flatten().collect();
    let seen = Observation::at(&cells)
        .say(format!("收到 {came} 件，结转 {rest} 件"), format!("{rest} of {came} are carried out"));
    vec![scene.at_cell(seen.finding(rule))]
}

/// Kinds of result that hardly make up all of what an agency answers, with their names.
const SINGLE: &[(&[&str], &str, &str)] = &[
    (&["unavailable_1", "unavailable_2", "unavailable_3"], "无法提供", "unavailable"),
    (&["other", "other_1", "other_2", "other_3"], "其他处理", "other"),
    (&["refused_8"], "属于行政查询事项", "inquiry matter"),
    (&["not_processed_3"], "要求提供公开出版物", "publication"),
];

fn one_kind_only(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(total) = Scene::request("total", "total") else { return Vec::new() };
    let Some(all) = scene.count(Some(total)) else { return Vec::new() };
    if all < scene.settings.threshold(rule, "minimum").max(1) {
        return Vec::new();
    }
    let sum_of = |rows: &[&str]| -> i64 {
        rows.iter().filter_map(|row| scene.count(Scene::request(row, "total"))).fold(0, i64::saturating_add)
    };
    let single = SINGLE.iter().find(|(rows, ..)| sum_of(rows) == all);
    let finding = single.map(|(rows, zh, en)| {
        let mut cells = vec![total];
        cells.extend(rows.iter().filter_map(|row| Scene::request(row, "total")));
        let seen =
            Observation::at(&cells).say(format!("{all} 件全部为“{zh}”"), format!("all {all} are “{en}”"));
        scene.at_cell(seen.finding(rule))
    });
    finding.into_iter().collect()
}
