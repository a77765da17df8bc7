//! The reports of an agency year by year: their key figures side by side, and what is carried from each to the next.

use std::sync::Arc;

use super::session::Session;
use crate::corpus::OpenReport;
use crate::display::Lang;
use crate::report::template::APPLICANTS;
use crate::report::{CellId, Figure, Number, Problem, Report, Sum, TableId};
use crate::rules::{Rule, Settings, Severity, carry, is_jump};

/// So many years without a report are shown between two with one.
const LONGEST_GAP: u16 = 30;

/// A year of an agency.
pub(super) struct Year {
    /// The year; 0 if it is not known.
    pub(super) number: u16,
    /// Its reports, the one that is shown first.
    pub(super) reports: Vec<u32>,
    /// That report, or why it cannot be shown.
    pub(super) open: Option<Result<Arc<OpenReport>, Problem>>,
}

impl Year {
    /// The report that is shown.
    pub(super) fn report(&self) -> Option<&OpenReport> {
        self.open.as_ref()?.as_ref().ok().map(Arc::as_ref)
    }
}

/// The years of the agency of a report, those without a report between them, the unknown one last.
pub(super) fn of_agency(report: u32, session: &Session) -> Vec<Year> {
    let corpus = &session.corpus;
    if corpus.summary(report).is_none() {
        return Vec::new();
    }
    let all = corpus.of_agency(report);
    let mut years: Vec<Year> = Vec::new();
    for (other, summary) in all.iter().filter_map(|other| Some((*other, corpus.summary(*other)?))) {
        if let Some(last) = years.last_mut().filter(|last| last.number == summary.year) {
            last.reports.push(other);
            continue;
        }
        let last = years.last().map_or(0, |last| last.number);
        if last > 0 && summary.year - last <= LONGEST_GAP {
            years.extend((last + 1..summary.year).map(|year| Year {
                number: year,
                reports: Vec::new(),
                open: None,
            }));
        }
        years.push(Year { number: summary.year, reports: vec![other], open: None });
    }
    // Unknown years sort first as 0.
    let unknown = years.iter().take_while(|year| year.number == 0).count();
    years.rotate_left(unknown);
    for year in &mut years {
        // The report that the reviewer comes from, else the version that stands for the year, which comes first.
        year.reports.sort_by_key(|other| *other != report);
        year.open = year.reports.first().map(|report| corpus.open(*report).map(Arc::new));
    }
    years
}

/// What stands for a key figure in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// A number, or the sum of the numbers of several cells.
    Number(Sum),
    /// The cell is empty, or all of them are.
    Blank,
    /// One of the cells could not be read.
    Unreadable,
    /// The document has no such cell.
    Absent,
}

/// A key figure.
pub(super) enum Key {
    /// The sum of some cells: names in Chinese and English, the cells.
    Cells(&'static str, &'static str, &'static [&'static str]),
    /// The findings of a severity.
    Findings(Severity),
}

/// What a report leaves to the next.
pub(super) static CARRIED_OUT: Key =
    Key::Cells("四 结转下年度", "4 Carried out", &["requests.carried_out.total"]);
/// What a report takes over from the one before.
pub(super) static CARRIED_IN: Key = Key::Cells("二 上年结转", "2 Carried in", &["requests.carried_in.total"]);

/// The other key figures from top to bottom.
pub(super) static KEYS: &[Key] = &[
    Key::Cells("一 本年新收", "1 Received", &["requests.received.total"]),
    Key::Cells("三(七) 办理总计", "3(7) Handled", &["requests.total.total"]),
    Key::Cells("三(一) 予以公开", "3(1) Granted", &["requests.granted.total"]),
    Key::Cells("三(二) 部分公开", "3(2) Partial", &["requests.partial.total"]),
    Key::Cells(
        "三(三) 不予公开",
        "3(3) Refused",
        &[
            "requests.refused_1.total",
            "requests.refused_2.total",
            "requests.refused_3.total",
            "requests.refused_4.total",
            "requests.refused_5.total",
            "requests.refused_6.total",
            "requests.refused_7.total",
            "requests.refused_8.total",
        ],
    ),
    Key::Cells(
        "三(四) 无法提供",
        "3(4) Unavailable",
        &["requests.unavailable_1.total", "requests.unavailable_2.total", "requests.unavailable_3.total"],
    ),
    Key::Cells(
        "三(五) 不予处理",
        "3(5) Not processed",
        &[
            "requests.not_processed_1.total",
            "requests.not_processed_2.total",
            "requests.not_processed_3.total",
            "requests.not_processed_4.total",
            "requests.not_processed_5.total",
        ],
    ),
    Key::Cells(
        "三(六) 其他处理",
        "3(6) Other",
        &[
            "requests.other.total",
            "requests.other_1.total",
            "requests.other_2.total",
            "requests.other_3.total",
        ],
    ),
    Key::Cells(
        "规范性文件制发",
        "Documents issued",
        &["proactive_disclosure.normative.issued", "proactive_disclosure.normative.made"],
    ),
    Key::Cells("行政许可决定", "Licensing", &["proactive_disclosure.licensing.decisions"]),
    Key::Cells("行政处罚决定", "Penalties", &["proactive_disclosure.penalty.decisions"]),
    Key::Cells("行政强制决定", "Coercion", &["proactive_disclosure.coercion.decisions"]),
    Key::Cells("行政复议", "Reconsideration", &["reconsideration_and_litigation.reconsideration.total"]),
    Key::Cells(
        "行政诉讼",
        "Lawsuits",
        &[
            "reconsideration_and_litigation.litigation_direct.total",
            "reconsideration_and_litigation.litigation_after_reconsideration.total",
        ],
    ),
    Key::Findings(Severity::Error),
    Key::Findings(Severity::Warning),
    Key::Findings(Severity::Info),
];

impl Key {
    /// What it is called.
    pub(super) fn name(&self, lang: Lang) -> &'static str {
        match self {
            Self::Cells(zh, en, _) => lang.pick(*zh, *en),
            Self::Findings(Severity::Error) => lang.pick("错误", "errors"),
            Self::Findings(Severity::Warning) => lang.pick("警告", "warnings"),
            Self::Findings(Severity::Info) => lang.pick("提示", "infos"),
        }
    }

    /// What it is in a report.
    pub(super) fn value(&self, open: &OpenReport) -> Value {
        match self {
            Self::Cells(_, _, cells) => value(&open.report, cells),
            Self::Findings(severity) => {
                let count = open.causes.iter().filter(|cause| cause.severity == *severity).count();
                Value::Number(Sum::whole(i64::try_from(count).unwrap_or(i64::MAX)))
            }
        }
    }
}

/// The sum of some cells, as far as they are there; blank cells count as zero beside a number.
fn value(report: &Report, cells: &[&str]) -> Value {
    let mut value = Value::Absent;
    for figure in cells.iter().filter_map(|name| CellId::parse(name)).map(|cell| report.figures.get(cell)) {
        value = match (value, figure) {
            (Value::Unreadable, _) | (_, Figure::Unreadable) => Value::Unreadable,
            (Value::Number(sum), Figure::Number(number)) => Value::Number(sum.plus(number, 1)),
            (_, Figure::Number(number)) => Value::Number(number.into()),
            (Value::Absent, Figure::Blank) => Value::Blank,
            (value, Figure::Blank | Figure::Absent) => value,
        };
    }
    value
}

/// What is carried from a year to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// There is no year before the first.
    First,
    /// One of the two has no report.
    NoReport,
    /// One of the two totals is blank or cannot be read.
    Unknown,
    /// What is carried in is what was carried out, in all columns.
    Holds,
    /// It is not: by how much in the total, and in the other columns.
    Differs(Sum, Vec<(CellId, Sum)>),
}

/// Row and column of table 3 that are carried.
fn carried(open: &OpenReport, row: &str, column: &str) -> Option<Number> {
    open.report.figures.get(CellId::find(TableId::Requests, row, column)?).number()
}

/// What is carried into a year, as rule Y1 compares it: of several versions those that are shown.
pub(super) fn link(before: Option<&Year>, now: &Year) -> Link {
    let Some(before) = before else { return Link::First };
    let is_next = before.number > 0 && before.number + 1 == now.number;
    let Some((before, now)) = before.report().zip(now.report()).filter(|_| is_next) else {
        return Link::NoReport;
    };
    let apart = |key: &str| carry(carried(before, "carried_out", key), carried(now, "carried_in", key));
    let others = APPLICANTS.iter().filter(|column| column.key != "total").filter_map(|column| {
        let apart = apart(column.key).filter(|apart| !apart.is_zero())?;
        Some((CellId::find(TableId::Requests, "carried_in", column.key)?, apart))
    });
    let others: Vec<(CellId, Sum)> = others.collect();
    match apart("total") {
        None if others.is_empty() => Link::Unknown,
        Some(apart) if apart.is_zero() && others.is_empty() => Link::Holds,
        apart => Link::Differs(apart.unwrap_or_default(), others),
    }
}

/// Whether a key figure jumps from a year to the next, as rule Y7 asks about it: upwards, downwards, or not.
pub(super) fn jump(key: &Key, before: &Year, now: &Year, settings: &Settings) -> Option<bool> {
    let rule = Rule::find("Y7").filter(|rule| !settings.is_off(rule))?;
    if before.number + 1 != now.number || matches!(key, Key::Findings(_)) {
        return None;
    }
    let count = |year: &Year| match key.value(year.report()?) {
        Value::Number(sum) => sum.as_whole(),
        _ => None,
    };
    let (old, new) = (count(before)?, count(now)?);
    is_jump(old, new, rule, settings).then_some(new > old)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(cells: &[(&str, Figure)]) -> Report {
        let mut report = Report::default();
        for (name, figure) in cells {
            report.figures.set(CellId::parse(name).unwrap(), *figure);
        }
        report
    }

    fn year(year: u16, cells: &[(&str, i64)]) -> Year {
        let cells: Vec<(&str, Figure)> =
            cells.iter().map(|(name, n)| (*name, Figure::Number(Number::whole(*n)))).collect();
        let open = OpenReport {
            index: 0,
            id: "x".into(),
            path: "x".into(),
            report: figures(&cells),
            findings: Vec::new(),
            causes: Vec::new(),
            evaluations: Vec::new(),
            judged: Vec::new(),
            source: Vec::new(),
        };
        Year { number: year, reports: vec![u32::from(year)], open: Some(Ok(Arc::new(open))) }
    }

    const OUT: &str = "requests.carried_out.total";
    const IN: &str = "requests.carried_in.total";

    #[test]
    fn every_key_figure_is_of_cells_that_there_are() {
        for key in KEYS {
            let Key::Cells(zh, en, cells) = key else { continue };
            assert!(!zh.is_empty() && !en.is_empty());
            for name in *cells {
                assert!(CellId::parse(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn a_sum_of_cells_is_what_can_be_said_of_them() {
        let [a, b] = ["requests.refused_1.total", "requests.refused_2.total"];
        let number = |n| Figure::Number(Number::whole(n));
        for (cells, want) in [
            (vec![], Value::Absent),
            (vec![(a, Figure::Blank)], Value::Blank),
            (vec![(a, Figure::Blank), (b, number(3))], Value::Number(Sum::whole(3))),
            (vec![(a, number(2)), (b, number(3))], Value::Number(Sum::whole(5))),
            (vec![(a, number(2)), (b, Figure::Unreadable)], Value::Unreadable),
        ] {
            assert_eq!(value(&figures(&cells), &[a, b]), want, "{cells:?}");
        }
    }

    #[test]
    fn a_chain_holds_breaks_and_ends() {
        let out = |n| year(2020, &[(OUT, n)]);
        let into = |of, n| year(of, &[(IN, n)]);
        assert_eq!(link(None, &out(1)), Link::First);
        assert_eq!(link(Some(&out(3)), &into(2021, 3)), Link::Holds);
        assert_eq!(link(Some(&out(3)), &into(2021, 5)), Link::Differs(Sum::whole(2), Vec::new()));
        assert_eq!(link(Some(&out(3)), &into(2022, 3)), Link::NoReport, "a year lies between them");
        assert_eq!(link(Some(&out(3)), &year(2021, &[])), Link::Unknown, "blank is not zero here");
        let mut twice = out(3);
        twice.reports.push(9);
        assert_eq!(link(Some(&twice), &into(2021, 3)), Link::Holds, "the version that is shown is compared");
        let column = "requests.carried_in.natural";
        let before = year(2020, &[(OUT, 3), ("requests.carried_out.natural", 3)]);
        let now = year(2021, &[(IN, 3), (column, 1)]);
        let other = (CellId::parse(column).unwrap(), Sum::whole(-2));
        assert_eq!(link(Some(&before), &now), Link::Differs(Sum::ZERO, vec![other]));
    }

    #[test]
    fn a_jump_needs_ratio_and_difference_and_a_year_before() {
        let settings = Settings::default();
        let received = &KEYS[0];
        let of = |year_of, n| year(year_of, &[("requests.received.total", n)]);
        for (old, new, want) in [
            (of(2020, 12), of(2021, 1360), Some(true)),
            (of(2020, 1360), of(2021, 12), Some(false)),
            (of(2020, 1), of(2021, 40), None),
            (of(2020, 100), of(2021, 900), None),
            (of(2020, 0), of(2021, 900), None),
            (of(2020, 12), of(2022, 1360), None),
        ] {
            assert_eq!(jump(received, &old, &new, &settings), want);
        }
    }
}
