//! The narrative against the tables and against itself (rules N).

use super::narrative::{
    self, Channel, DocumentAct, Measure, PartSum, Period, Precision, Reading, Statement, Verdict,
};
use super::rule::text;
use super::said::said;
use super::{Check, Finding, Observation, Quote, Rule, Scene, Severity, Threshold};
use crate::display::Lang;
use crate::report::{CellId, Figure, Report, Sum, TableId};

const NOTICE: &str = "国办公开办函〔2021〕30号（正文数据与表格一致）";
const PLAUSIBLE: &str = "合理性检查 (plausibility)";
const NOT_RUN: super::Text = text(
    "主语不明确的句子；信箱、热线、留言、咨询、建议提案；历年累计；表格缺失或整表空白；未能确定读出的行和表",
    "sentences whose subject is not explicit; mailboxes, hotlines, consultations, proposals; sums of years; missing or blank tables; rows and tables that were not read with certainty",
);
const ROUNDED: super::Text = text("“余”“约”“多”按范围比较", "“more than” and “about” are compared as ranges");

/// The rules of the narrative.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "N1",
        title: text("正文收到数与表三不符", "received in the text against table 3"),
        severity: Severity::Warning,
        formula: text(
            "正文收到 N 件 = 一，或 一 + 二（总计列）；“未收到”而表中不为 0、正文有数而全表为 0 的为错误",
            "N received = 1, or 1 + 2 of the total column; an error if “none” stands against a number, or a number against a table of zeros",
        ),
        not_run: NOT_RUN,
        exceptions: text("两种口径都有人用", "both readings are in use"),
        source: NOTICE,
        example: text(
            "一、总体：正文“网络申请4次”，表中一 本年新收 / 总计列 0",
            "section 1 Overview: the text says “网络申请4次”, the table has 1 Received·total 0",
        ),
        thresholds: &[],
        check: Check::Report(against_tables),
    },
    Rule {
        id: "N2",
        title: text("正文答复数与表三不符", "answered in the text against table 3"),
        severity: Severity::Warning,
        formula: text("正文答复 N 件 = 三（七），或 三（七）-（六）", "N answered = 3(7), or 3(7) - (6)"),
        not_run: NOT_RUN,
        exceptions: text(
            "撤回和逾期的不算答复；只说“办理”的也可为新收数，等于 一 + 二 的只作提示",
            "withdrawn and lapsed ones are not answered; “handled” alone may be what was received, and is only noted where it is 1 + 2",
        ),
        source: NOTICE,
        example: text(
            "一、总体：正文“答复30件”，表中三(七)总计 / 总计列 28",
            "section 1 Overview: the text says “答复30件”, the table has 3(7) Total·total 28",
        ),
        thresholds: &[],
        check: Check::Report(against_tables),
    },
    Rule {
        id: "N3",
        title: text("正文结转数与表三不符", "carried over in the text against table 3"),
        severity: Severity::Warning,
        formula: text("上年结转 = 二；结转下年度 = 四", "carried in = 2; carried out = 4"),
        not_run: NOT_RUN,
        exceptions: ROUNDED,
        source: NOTICE,
        example: text(
            "一、总体：正文“结转下年度3件”，表中四 结转下年度 / 总计列 2",
            "section 1 Overview: the text says “结转下年度3件”, the table has 4 Carried out·total 2",
        ),
        thresholds: &[],
        check: Check::Report(against_tables),
    },
    Rule {
        id: "N4",
        title: text("正文办理结果与表三不符", "outcomes in the text against table 3"),
        severity: Severity::Warning,
        formula: text(
            "予以公开、部分公开、不予公开、无法提供、不予处理、其他处理 = 表三相应各行",
            "granted, partial, refused, unavailable, not processed, other = their rows of table 3",
        ),
        not_run: NOT_RUN,
        exceptions: text("正文自行分类", "categories of the text's own"),
        source: NOTICE,
        example: text(
            "一、总体：正文“予以公开9件”，表中三(一)予以公开 / 总计列 7",
            "section 1 Overview: the text says “予以公开9件”, the table has 3(1) Granted·total 7",
        ),
        thresholds: &[],
        check: Check::Report(against_tables),
    },
    Rule {
        id: "N5",
        title: text("正文申请人数与表三不符", "applicants in the text against table 3"),
        severity: Severity::Warning,
        formula: text(
            "自然人 N 件、法人 N 件 = 一（或 一 + 二）的相应各列",
            "N by persons, N by organisations = their columns of 1, or of 1 + 2",
        ),
        not_run: NOT_RUN,
        exceptions: text("可含上年结转", "may include what was carried in"),
        source: NOTICE,
        example: text(
            "一、总体：正文“自然人申请5件”，表中一 本年新收 / 自然人列 4",
            "section 1 Overview: the text says “自然人申请5件”, the table has 1 Received·person 4",
        ),
        thresholds: &[],
        check: Check::Report(against_tables),
    },
    Rule {
        id: "N6",
        title: text("正文复议数与表四不符", "reconsideration in the text against table 4"),
        severity: Severity::Warning,
        formula: text(
            "正文行政复议及其结果 = 表四第一组；“未发生”而表中不为 0 的为错误",
            "reconsiderations and their outcomes = the first group of table 4; an error if “none” stands against a number",
        ),
        not_run: NOT_RUN,
        exceptions: text("上年结转的案件", "cases that were carried in"),
        source: NOTICE,
        example: text(
            "一、总体：正文“行政复议2件”，表中行政复议 / 总计列 1",
            "section 1 Overview: the text says “行政复议2件”, the table has Reconsideration·total 1",
        ),
        thresholds: &[],
        check: Check::Report(against_tables),
    },
    Rule {
        id: "N7",
        title: text("正文诉讼数与表四不符", "litigation in the text against table 4"),
        severity: Severity::Warning,
        formula: text(
            "正文行政诉讼 = 未经复议直接起诉 + 复议后起诉，或其中之一",
            "lawsuits = direct + after reconsideration, or one of the two",
        ),
        not_run: NOT_RUN,
        exceptions: text("正文可能只计一类", "the text may count one kind only"),
        source: NOTICE,
        example: text(
            "一、总体：正文“行政诉讼3件”，表中未经复议起诉 / 总计列 + 复议后起诉 / 总计列 1",
            "section 1 Overview: the text says “行政诉讼3件”, the table has Lawsuit, direct·total + Lawsuit, after review·total 1",
        ),
        thresholds: &[],
        check: Check::Report(against_tables),
    },
    Rule {
        id: "N8",
        title: text("正文规范性文件数与表二不符", "documents in the text against table 2"),
        severity: Severity::Warning,
        formula: text(
            "正文制发、废止、现行有效的规范性文件（规章）= 表二相应各格",
            "documents issued, repealed, in force = their cells of table 2",
        ),
        not_run: NOT_RUN,
        exceptions: text(
            "“公开”“发布”可含往年和上级文件：只作提示，除非与相邻格相同而像是两列对调",
            "“published” may include older ones and those of higher bodies: only noted, unless the number is that of a neighbouring cell",
        ),
        source: NOTICE,
        example: text(
            "一、总体：正文“发布行政规范性文件12件”，表中行政规范性文件 / 本年制发列 8，或 行政规范性文件 / 现行有效列 36；与行政规范性文件 / 本年废止列相同，或两列对调",
            "section 1 Overview: the text says “发布行政规范性文件12件”, the table has Normative documents·issued 8, or Normative documents·in force 36; Normative documents·repealed has the same number: two columns exchanged?",
        ),
        thresholds: &[],
        check: Check::Report(against_tables),
    },
    Rule {
        id: "N9",
        title: text("正文执法、收费、采购数与表二不符", "decisions and amounts in the text against table 2"),
        severity: Severity::Info,
        formula: text(
            "正文许可、处罚、强制、收费、采购 = 表二相应各格",
            "licences, penalties, coercion, fees, procurement = their cells of table 2",
        ),
        not_run: NOT_RUN,
        exceptions: text(
            "正文可能是公开条数或清单事项数；信息处理费不与行政事业性收费比较；五位以上数字颠倒或漏写一位的为警告",
            "the text may count items published; processing fees are never compared with fees; a warning where two digits of a number of five and more are exchanged or one is left out",
        ),
        source: PLAUSIBLE,
        example: text(
            "一、总体：正文“行政处罚决定30件”，表中行政处罚 / 处理决定列 28",
            "section 1 Overview: the text says “行政处罚决定30件”, the table has Penalties·decisions 28",
        ),
        thresholds: &[],
        check: Check::Report(against_tables),
    },
    Rule {
        id: "N10",
        title: text("其中各项之和不等于总数", "the parts do not add up to the total"),
        severity: Severity::Info,
        formula: text(
            "共 A 条，其中 a、b、其他 c：A = a + b + c；其中第一项不多于总数",
            "A in all, of which a, b, others c: A = a + b + c; the first part is not more than the whole",
        ),
        not_run: text(
            "没有列全的“其中”只看第一项；约数",
            "of lists that do not close only the first part is looked at; rounded numbers",
        ),
        exceptions: text("各项有交叉", "overlapping parts"),
        source: PLAUSIBLE,
        example: text(
            "一、总体：“公开信息50条”，其中各项合计 48",
            "section 1 Overview: “公开信息50条”, but its parts add up to 48",
        ),
        thresholds: &[],
        check: Check::Report(parts),
    },
    Rule {
        id: "N11",
        title: text("百分比算不出来", "a percentage that does not follow"),
        severity: Severity::Info,
        formula: text(
            "句中两个数算出的百分比，在印出的位数内相符",
            "the percentage follows from the two numbers of the sentence, to the printed digits",
        ),
        not_run: text("句中没有两个数", "the sentence does not have both numbers"),
        exceptions: text("四舍五入或截尾", "rounded or cut off"),
        source: PLAUSIBLE,
        example: text(
            "一、总体：“39%”，由 22 和 31 算出应为 29",
            "section 1 Overview: “39%”, but 22 and 31 give 29",
        ),
        thresholds: &[],
        check: Check::Report(percentages),
    },
    Rule {
        id: "N12",
        title: text("各渠道之和多于收到数", "more by channels than received"),
        severity: Severity::Info,
        formula: text("网络 + 信函 + 当面 <= 一 + 二", "online + post + in person <= 1 + 2"),
        not_run: text("少于两个渠道", "fewer than two channels"),
        exceptions: text(
            "可含上年结转；没有列全的渠道",
            "may include what was carried in; channels not listed",
        ),
        source: PLAUSIBLE,
        example: text(
            "一、总体：“网络申请6件”等各渠道合计 9，而表中共收到 7",
            "section 1 Overview: “网络申请6件” and the other channels add up to 9, but the table received 7",
        ),
        thresholds: &[],
        check: Check::Report(channels),
    },
    Rule {
        id: "T2.10",
        title: text("决定数等于公开条数", "decisions equal the items published"),
        severity: Severity::Info,
        formula: text(
            "表二的处理决定数量不等于正文所说公开信息的条数",
            "no number of decisions in table 2 equals a number of items that the text says were published",
        ),
        not_run: text("数字小于下限", "numbers below the minimum"),
        exceptions: text("无法证明", "cannot be proved"),
        source: PLAUSIBLE,
        example: text(
            "一、总体：“公开信息135条”与表二行政许可 / 处理决定列相同，似把公开条数填作决定数",
            "section 1 Overview: “公开信息135条” equals Licensing·decisions of table 2: items published were probably counted",
        ),
        thresholds: &[Threshold {
            key: "minimum",
            default: 20,
            about: text("从多大的数字起", "from which number on"),
        }],
        check: Check::Report(items_published),
    },
];

/// A statement of the narrative with what the tables say to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The statement.
    pub statement: Statement,
    /// What the tables say.
    pub verdict: Verdict,
}

/// The statements of a report with what its tables say to each.
#[must_use]
pub fn judged(report: &Report) -> Vec<Judged> {
    let report = &*report.certain();
    let judge = |statement: Statement| {
        let verdict = narrative::compare(&statement, report);
        Judged { statement, verdict }
    };
    narrative::statements(report).into_iter().map(judge).collect()
}

/// The rule that compares a measure with the tables.
fn rule_of(measure: Measure) -> &'static str {
    match measure {
        Measure::Received | Measure::Channel(_) => "N1",
        Measure::Answered | Measure::Handled => "N2",
        Measure::CarriedIn | Measure::CarriedOut => "N3",
        Measure::Outcome(_) => "N4",
        Measure::Applicant(_) => "N5",
        Measure::Review(_) | Measure::Lost => "N6",
        Measure::Lawsuit(_) | Measure::Suit(..) => "N7",
        Measure::Document(..) => "N8",
        Measure::Decision(_) | Measure::Fees | Measure::ProcurementCount | Measure::ProcurementAmount => "N9",
        Measure::Other => "",
    }
}

impl Scene<'_> {
    /// The words of a statement, as the document prints them.
    fn quote(&self, statement: &Statement) -> Option<Quote> {
        let section = self.report.section(statement.section)?;
        Some(Quote::new(section, statement.span.clone()))
    }
}

fn against_tables(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for Judged { statement, verdict } in scene.judged {
        let Verdict::Differs { readings } = verdict else { continue };
        if rule_of(statement.measure) != rule.id {
            continue;
        }
        findings.extend(differs(scene, rule, statement, readings));
    }
    findings
}

fn differs(
    scene: &Scene<'_>,
    rule: &'static Rule,
    told: &Statement,
    readings: &[Reading],
) -> Option<Finding> {
    let quote = scene.quote(told)?;
    let first = readings.first()?;
    let words = quote.visible();
    let mut cells: Vec<CellId> = Vec::new();
    for cell in readings.iter().flat_map(|reading| reading.cells.iter().chain(&reading.minus)) {
        if !cells.contains(cell) {
            cells.push(*cell);
        }
    }
    let neighbour = neighbour(scene.report, told, &cells);
    cells.extend(neighbour);
    let is_slip = matches!(told.measure, Measure::Decision(_)) && narrative::is_slip(told.value, first.sum);
    let mut seen = Observation::quoting(quote).sides(told.value, first.sum);
    // A reading that comes to the same says nothing new, and neither does one that comes to nothing.
    let other = readings.iter().find(|r| r.sum != first.sum && !r.sum.is_zero()).cloned();
    let first = first.clone();
    seen = seen.say_in(move |lang| {
        let mut tables = first.words(lang);
        if let Some(other) = &other {
            tables += lang.pick("，或 ", ", or ");
            tables += &other.words(lang);
        }
        let same = neighbour.map_or(String::new(), |cell| {
            let name = cell.words(lang);
            said!("；与{name}相同，或两列对调", "; {name} has the same number: two columns exchanged?")(
                lang,
            )
        });
        let slip = if is_slip {
            lang.pick("；像是两个数字颠倒或漏写一个", "; two digits exchanged, or one left out?")
        } else {
            ""
        };
        let same = same + slip;
        match lang {
            Lang::Zh => format!("正文“{words}”，表中{tables}{same}"),
            Lang::En => format!("the text says “{words}”, the table has {tables}{same}"),
        }
    });
    seen.cells = cells;
    let severity = match severity(rule, told, readings, neighbour.is_some()) {
        _ if is_slip => Severity::Warning,
        // What is still open may be counted as handled.
        severity if told.measure == Measure::Handled && is_all_that_came(scene, told) => {
            severity.max(Severity::Info)
        }
        severity => severity,
    };
    Some(seen.finding(rule).severe(severity))
}

/// Whether a statement counts what came in the year and what was carried in.
fn is_all_that_came(scene: &Scene<'_>, told: &Statement) -> bool {
    let of = |row: &str| scene.count(Scene::request(row, "total"));
    let came = of("received").zip(of("carried_in")).map(|(new, old)| new.saturating_add(old));
    came.is_some() && told.value.as_whole() == came
}

impl Reading {
    /// Its cells in words, and what they come to.
    fn words(&self, lang: Lang) -> String {
        const NAMED: usize = 3;
        let mut words = String::with_capacity(128);
        for (i, cell) in self.cells.iter().take(NAMED).enumerate() {
            words += if i > 0 { " + " } else { "" };
            words += cell.words(lang);
        }
        words += if self.cells.len() > NAMED { lang.pick(" 等", " …") } else { "" };
        for cell in self.minus.iter().take(1) {
            words += " - ";
            words += cell.words(lang);
        }
        words += " ";
        words += &self.sum.to_string();
        words
    }
}

/// How bad a contradiction is.
fn severity(rule: &Rule, told: &Statement, readings: &[Reading], has_neighbour: bool) -> Severity {
    let says_none = told.negated && readings.iter().all(|reading| !reading.sum.is_zero());
    let table_is_zero = !told.value.is_zero() && readings.iter().all(|reading| reading.sum.is_zero());
    match told.measure {
        Measure::Received | Measure::Channel(_) if says_none || table_is_zero => Severity::Error,
        Measure::Review(_) | Measure::Lost if says_none => Severity::Error,
        Measure::Document(_, DocumentAct::Published) if !has_neighbour => Severity::Info,
        _ => rule.severity,
    }
}

/// Another cell of the row that has the number which the text gives: two columns may have been exchanged.
fn neighbour(report: &Report, told: &Statement, cells: &[CellId]) -> Option<CellId> {
    if !matches!(told.measure, Measure::Document(..)) || told.value.is_zero() {
        return None;
    }
    let row = cells.first()?.row().key;
    let of_row = report.figures.present(TableId::Disclosure).filter(|(cell, _)| cell.row().key == row);
    let same = |figure: Figure| figure.number().is_some_and(|n| Sum::from(n) == Sum::from(told.value));
    of_row.filter(|(cell, figure)| same(*figure) && cells.first() != Some(cell)).map(|(cell, _)| cell).next()
}

fn parts(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    if scene.judged.iter().all(|j| j.statement.listed == narrative::Listed::No) {
        return Vec::new();
    }
    let statements: Vec<Statement> = scene.judged.iter().map(|j| j.statement.clone()).collect();
    let broken = narrative::part_sums(&statements, scene.report).into_iter().filter(|sum| !sum.closes);
    let finding = |sum: PartSum| {
        let total = statements.get(sum.total)?;
        let parts = sum.parts.iter().filter_map(|i| statements.get(*i));
        let computed = parts.fold(Sum::ZERO, |sum, part| sum.plus(part.value, 1));
        let quote = scene.quote(total)?;
        let words = quote.visible();
        let seen = Observation::quoting(quote).sides(total.value, computed).say(
            format!("“{words}”，其中各项合计 {computed}"),
            format!("“{words}”, but its parts add up to {computed}"),
        );
        Some(seen.finding(rule))
    };
    let larger = narrative::larger_parts(&statements, scene.report);
    let exceeding = larger.into_iter().filter_map(|(total, part)| {
        let (total, part) = (statements.get(total)?, statements.get(part)?);
        let (whole, quote) = (scene.quote(total)?.visible(), scene.quote(part)?);
        let words = quote.visible();
        let seen = Observation::quoting(quote).sides(part.value, total.value).say(
            format!("其中“{words}”多于总数“{whole}”"),
            format!("the part “{words}” is more than the whole “{whole}”"),
        );
        Some(seen.finding(rule))
    });
    broken.filter_map(finding).chain(exceeding).collect()
}

fn percentages(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let wrong = narrative::percentages(scene.report).into_iter().filter(|p| !p.holds);
    let finding = |p: narrative::Percentage| {
        let quote = Quote::new(scene.report.section(p.section)?, p.span.clone());
        let words = quote.visible();
        let ((a, b), (low, high)) = (p.of, p.range);
        // Cut off and rounded are mostly the same.
        let [zh, en] =
            ["—", "-"].map(|to| if low == high { low.to_string() } else { format!("{low}{to}{high}") });
        let seen = Observation::quoting(quote).sides(p.printed, low).say(
            format!("“{words}”，由 {a} 和 {b} 算出应为 {zh}"),
            format!("“{words}”, but {a} and {b} give {en}"),
        );
        Some(seen.finding(rule))
    };
    wrong.filter_map(finding).collect()
}

fn channels(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let is_channel = |j: &&Judged| {
        matches!(j.statement.measure, Measure::Channel(_))
            && j.statement.period == Period::ThisYear
            && j.statement.precision == Precision::Exact
    };
    let told: Vec<&Statement> = scene.judged.iter().filter(is_channel).map(|j| &j.statement).collect();
    let Some(first) = told.first() else { return Vec::new() };
    // One list: the channels of one sentence, each once.
    let listed: Vec<&&Statement> =
        told.iter().filter(|s| (s.section, s.sentence) == (first.section, first.sentence)).collect();
    let kinds: std::collections::HashSet<Channel> = listed
        .iter()
        .filter_map(|s| if let Measure::Channel(channel) = s.measure { Some(channel) } else { None })
        .collect();
    let [received, carried_in] = ["received", "carried_in"].map(|row| Scene::request(row, "total"));
    let came = scene.count(received).zip(scene.count(carried_in)).map(|(new, old)| new.saturating_add(old));
    // Where nothing was received at all, each channel contradicts the table by itself.
    let Some(came) = came.filter(|came| *came > 0 && kinds.len() == listed.len() && listed.len() > 1) else {
        return Vec::new();
    };
    let sum = listed.iter().fold(Sum::ZERO, |sum, s| sum.plus(s.value, 1));
    let Some(quote) = scene.quote(first).filter(|_| sum > Sum::whole(came)) else { return Vec::new() };
    let words = quote.visible();
    let mut seen = Observation::quoting(quote).sides(sum, Sum::whole(came)).say(
        format!("“{words}”等各渠道合计 {sum}，而表中共收到 {came}"),
        format!("“{words}” and the other channels add up to {sum}, but the table received {came}"),
    );
    seen.cells = [received, carried_in].into_iter().flatten().collect();
    vec![seen.finding(rule)]
}

/// Words that say that information was published.
const PUBLISHED: [&str; 3] = ["公开", "发布", "公示"];

fn items_published(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let least = scene.settings.threshold(rule, "minimum").max(1);
    let decisions = ["licensing", "penalty", "coercion"]
        .iter()
        .filter_map(|row| CellId::find(TableId::Disclosure, row, "decisions"))
        .filter_map(|cell| Some((cell, scene.count(Some(cell)).filter(|n| *n >= least)?)));
    let mut findings = Vec::new();
    for (cell, number) in decisions {
        let told =
            scene.judged.iter().map(|j| &j.statement).find(|s| {
                s.measure == Measure::Other && s.counter == "条" && s.value.as_whole() == Some(number)
            });
        let quote = told.and_then(|told| scene.quote(told));
        let Some(quote) = quote.filter(|q| PUBLISHED.iter().any(|word| q.text.raw().contains(word))) else {
            continue;
        };
        let words = quote.visible();
        let [zh, en] = [Lang::Zh, Lang::En].map(|lang| super::cell_words(cell, lang));
        let mut seen = Observation::quoting(quote).say(
            format!("“{words}”与表二{zh}相同，似把公开条数填作决定数"),
            format!("“{words}” equals {en} of table 2: items published were probably counted"),
        );
        seen.cells = vec![cell];
        findings.push(seen.finding(rule));
    }
    findings
}
