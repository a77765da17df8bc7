//! What the tables say to a statement, under every way to understand it.

use std::sync::LazyLock;

use super::{
    Applicant, DecisionKind, DocumentAct, DocumentKind, Measure, Outcome, Period, Precision, Remedy,
    Statement, Suit,
};
use crate::report::template::{APPLICANTS, RESULTS};
use crate::report::{CellId, Figure, Number, Report, Sum, TableId, Unit};

/// What the tables say to a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The same, by this reading.
    Agrees(Reading),
    /// Something else, by each of these readings.
    Differs {
        /// All readings of the statement, the most likely first.
        readings: Vec<Reading>,
    },
    /// Nothing that could be compared.
    NotCompared(Why),
}

/// A way to understand a statement: the sum of some cells less others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The cells that are added.
    pub cells: Vec<CellId>,
    /// The cells that are taken off.
    pub minus: Vec<CellId>,
    /// What they come to.
    pub sum: Sum,
}

/// Why a statement is not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The tables do not count that.
    NoCell,
    /// It speaks of another time.
    OtherTime,
    /// The document does not have the cells, or they are blank altogether.
    NoFigure,
    /// A figure cannot be read.
    Unreadable,
    /// The unit of an amount is not known.
    Unit,
}

/// The cells of a reading: those added and those taken off.
type Terms = (Vec<CellId>, Vec<CellId>);

/// Compares a statement with the tables.
#[must_use]
pub fn compare(statement: &Statement, report: &Report) -> Verdict {
    let is_stock =
        matches!(statement.measure, Measure::Document(_, DocumentAct::InForce | DocumentAct::Published));
    match statement.period {
        Period::ThisYear => {}
        Period::Cumulative if is_stock => {}
        Period::LastYear | Period::Cumulative => return Verdict::NotCompared(Why::OtherTime),
    }
    // Most statements agree with the cell that is asked first.
    if let Some(cell) = first_cell(statement.measure)
        && let Ok(sum) = sum(&[cell], &[], report)
        && agrees(statement, sum, report) == Some(true)
    {
        return Verdict::Agrees(Reading { cells: vec![cell], minus: Vec::new(), sum });
    }
    let terms = terms(statement, report);
    if terms.is_empty() {
        return Verdict::NotCompared(Why::NoCell);
    }
    let (mut readings, mut doubt) = (Vec::with_capacity(terms.len()), None);
    for (cells, minus) in terms {
        match sum(&cells, &minus, report) {
            Ok(sum) => {
                let reading = Reading { cells, minus, sum };
                match agrees(statement, sum, report) {
                    Some(true) => return Verdict::Agrees(reading),
                    // What was published of decisions need not be all of them.
                    Some(false) if is_loose_decision(statement) && !is_slip(statement.value, reading.sum) => {
                        doubt = Some(Why::NoCell);
                    }
                    Some(false) => readings.push(reading),
                    None => doubt = Some(Why::Unit),
                }
            }
            Err(Why::NoFigure) => {}
            Err(why) => doubt = Some(why),
        }
    }
    match doubt {
        Some(why) => Verdict::NotCompared(why),
        None if readings.is_empty() => Verdict::NotCompared(Why::NoFigure),
        None => Verdict::Differs { readings },
    }
}

/// The one cell of the first reading in [`terms`], for the commonest measures: looked up once.
fn first_cell(measure: Measure) -> Option<CellId> {
    static FIRST: LazyLock<[Option<CellId>; 6]> = LazyLock::new(|| {
        ["received", "total", "carried_in", "carried_out", "granted", "partial"]
            .map(|row| cell(TableId::Requests, row, "total"))
    });
    let [received, total, carried_in, carried_out, granted, partial] = *FIRST;
    match measure {
        Measure::Received => received,
        Measure::Answered | Measure::Handled => total,
        Measure::CarriedIn => carried_in,
        Measure::CarriedOut => carried_out,
        Measure::Outcome(Outcome::Granted) => granted,
        Measure::Outcome(Outcome::Partial) => partial,
        _ => None,
    }
}

fn cell(table: TableId, row: &str, column: &str) -> Option<CellId> {
    CellId::find(table, row, column)
}

fn cells(table: TableId, rows: &[&str], column: &str) -> Vec<CellId> {
    rows.iter().filter_map(|row| cell(table, row, column)).collect()
}

const OTHER_ROWS: &[&str] = &["other", "other_1", "other_2", "other_3"];
const REFUSED: &[&str] =
    &["refused_1", "refused_2", "refused_3", "refused_4", "refused_5", "refused_6", "refused_7", "refused_8"];
const UNAVAILABLE: &[&str] = &["unavailable_1", "unavailable_2", "unavailable_3"];
const NOT_PROCESSED: &[&str] =
    &["not_processed_1", "not_processed_2", "not_processed_3", "not_processed_4", "not_processed_5"];
const ORGANISATIONS: [&str; 5] = ["business", "research", "welfare", "legal", "other"];

/// All readings of a statement.
fn terms(statement: &Statement, report: &Report) -> Vec<Terms> {
    let rows = |rows: &[&str]| cells(TableId::Requests, rows, "total");
    let plain = |cells: Vec<CellId>| (cells, Vec::new());
    match statement.measure {
        Measure::Received => received(statement),
        Measure::Answered => answered(report),
        Measure::Handled => handled(report),
        Measure::CarriedIn => vec![plain(rows(&["carried_in"]))],
        Measure::CarriedOut => vec![plain(rows(&["carried_out"]))],
        Measure::Outcome(outcome) => vec![plain(match outcome {
            Outcome::Granted => rows(&["granted"]),
            Outcome::Partial => rows(&["partial"]),
            Outcome::Refused => rows(REFUSED),
            Outcome::Unavailable => rows(UNAVAILABLE),
            Outcome::NotProcessed => rows(NOT_PROCESSED),
            Outcome::Other => rows(OTHER_ROWS),
            Outcome::Row(row) => rows(&[row.key()]),
        })],
        Measure::Applicant(applicant) => applicants(statement, applicant),
        Measure::Channel(_) => channel(statement, report),
        Measure::Review(remedy) => vec![plain(remedies(&["reconsideration"], remedy))],
        Measure::Lawsuit(remedy) => lawsuits(statement, remedy),
        Measure::Suit(suit, remedy) => {
            let [direct, after] = LAWSUITS;
            let row = if suit == Suit::Direct { direct } else { after };
            vec![plain(remedies(&[row], remedy))]
        }
        Measure::Lost => {
            let of = |rows: &[&str]| plain(remedies(rows, Remedy::Corrected));
            let [first, second] = LAWSUITS;
            vec![
                of(&["reconsideration"]),
                of(&LAWSUITS),
                of(&["reconsideration", first, second]),
                of(&[first]),
                of(&[second]),
            ]
        }
        Measure::Document(kind, act) => documents(kind, act),
        Measure::Decision(kind) => {
            let row = match kind {
                DecisionKind::Licensing => "licensing",
                DecisionKind::Penalty => "penalty",
                DecisionKind::Coercion => "coercion",
            };
            vec![plain(cells(TableId::Disclosure, &[row], "decisions"))]
        }
        Measure::Fees => vec![plain(cells(TableId::Disclosure, &["fees"], "amount"))],
        Measure::ProcurementCount => vec![plain(cells(TableId::Disclosure, &["procurement"], "count"))],
        Measure::ProcurementAmount => vec![plain(cells(TableId::Disclosure, &["procurement"], "amount"))],
        Measure::Other => Vec::new(),
    }
}

fn received(statement: &Statement) -> Vec<Terms> {
    let rows = |rows: &[&str]| (cells(TableId::Requests, rows, "total"), Vec::new());
    if statement.value.is_zero() {
        return vec![rows(&["received"])];
    }
    let mut all = vec![rows(&["received"]), rows(&["received", "carried_in"])];
    if statement.loose {
        all.extend([rows(&["total"]), rows(&["granted"]), rows(&["granted", "partial"])]);
    }
    all
}

fn answered(report: &Report) -> Vec<Terms> {
    let rows = |rows: &[&str]| cells(TableId::Requests, rows, "total");
    let mut all = vec![(rows(&["total"]), Vec::new()), (rows(&["total"]), rows(OTHER_ROWS))];
    // Where nothing is left for next year, a text may count as answered what was received.
    if is_nil(report, "carried_out") {
        all.extend([(rows(&["received"]), Vec::new()), (rows(&["received", "carried_in"]), Vec::new())]);
    }
    all
}

/// What was handled, under the readings of what was answered and of what came; what is still open was not handled.
fn handled(report: &Report) -> Vec<Terms> {
    let rows = |rows: &[&str]| (cells(TableId::Requests, rows, "total"), Vec::new());
    let mut all = answered(report);
    all.extend([rows(&["received"]), rows(&["granted"]), rows(&["granted", "partial"])]);
    all
}

fn is_nil(report: &Report, row: &str) -> bool {
    cell(TableId::Requests, row, "total").is_some_and(|cell| report.figures.get(cell).is_nil())
}

fn applicants(statement: &Statement, applicant: Applicant) -> Vec<Terms> {
    let of = |rows: &[&str]| {
        let columns: &[&str] = match applicant {
            Applicant::Natural => &["natural"],
            Applicant::Organisation => &ORGANISATIONS,
        };
        (columns.iter().flat_map(|column| cells(TableId::Requests, rows, column)).collect(), Vec::new())
    };
    if statement.negated || statement.among_new {
        return vec![of(&["received"])];
    }
    vec![of(&["received"]), of(&["received", "carried_in"]), of(&["total"])]
}

/// The tables do not know by which way requests came: only that none came at all contradicts a number.
fn channel(statement: &Statement, report: &Report) -> Vec<Terms> {
    if statement.value.is_zero() || !is_nil(report, "received") || !is_nil(report, "carried_in") {
        return Vec::new();
    }
    received(statement)
}

const LAWSUITS: [&str; 2] = ["litigation_direct", "litigation_after_reconsideration"];

fn remedies(rows: &[&str], remedy: Remedy) -> Vec<CellId> {
    let column = match remedy {
        Remedy::Total => "total",
        Remedy::Upheld => "upheld",
        Remedy::Corrected => "corrected",
        Remedy::Other => "other",
        Remedy::Pending => "pending",
    };
    cells(TableId::Remedies, rows, column)
}

fn lawsuits(statement: &Statement, remedy: Remedy) -> Vec<Terms> {
    let both = (remedies(&LAWSUITS, remedy), Vec::new());
    if statement.value.is_zero() {
        return vec![both];
    }
    let alone = LAWSUITS.map(|row| (remedies(&[row], remedy), Vec::new()));
    std::iter::once(both).chain(alone).collect()
}

fn documents(kind: DocumentKind, act: DocumentAct) -> Vec<Terms> {
    let row = match kind {
        DocumentKind::Normative => "normative",
        DocumentKind::Regulation => "regulations",
    };
    let columns: &[&str] = match act {
        DocumentAct::Issued => &["issued", "made"],
        DocumentAct::Published => &["issued", "made", "disclosed", "in_force", "cumulative"],
        DocumentAct::Repealed => &["repealed"],
        DocumentAct::InForce => &["in_force", "cumulative"],
    };
    columns.iter().map(|column| (cells(TableId::Disclosure, &[row], column), Vec::new())).collect()
}

/// The sum of the cells that the document has, less others.
fn sum(cells: &[CellId], minus: &[CellId], report: &Report) -> Result<Sum, Why> {
    let mut sum = None;
    for (cells, factor) in [(cells, 1), (minus, -1)] {
        for cell in cells {
            match value(*cell, report) {
                Ok(value) => sum = Some(sum.unwrap_or(Sum::ZERO).plus_sum(value, factor)),
                // A row of the other edition adds nothing; one that is missing makes the sum unknown.
                Err(Why::NoFigure) if cells.len() > 1 && !is_on_form(*cell, report) => {}
                Err(why) => return Err(why),
            }
        }
    }
    sum.ok_or(Why::NoFigure)
}

fn is_on_form(cell: CellId, report: &Report) -> bool {
    report.form().table(cell.table()).row(cell.row().key).is_some()
}

fn value(cell: CellId, report: &Report) -> Result<Sum, Why> {
    match report.figures.get(cell) {
        Figure::Absent => Err(Why::NoFigure),
        Figure::Unreadable => Err(Why::Unreadable),
        Figure::Number(number) => Ok(Sum::from(number)),
        Figure::Blank => {
            let has_figures = report.figures.present(cell.table()).any(|(_, f)| f != Figure::Blank);
            if has_figures { Ok(blank(cell, report)) } else { Err(Why::NoFigure) }
        }
    }
}

/// What a blank stands for: nothing, or in a total the sum of its parts.
fn blank(cell: CellId, report: &Report) -> Sum {
    let add = |row: &str, column: &str| {
        CellId::find(cell.table(), row, column).and_then(|c| report.figures.get(c).number()).map(Sum::from)
    };
    let (row, column) = (cell.row().key, cell.column().key);
    let total = |parts: &mut dyn Iterator<Item = Option<Sum>>| {
        parts.flatten().fold(Sum::ZERO, |sum, part| sum.plus_sum(part, 1))
    };
    match (cell.table(), column) {
        (TableId::Requests, "total") => {
            let across = total(&mut APPLICANTS.iter().filter(|c| c.key != "total").map(|c| add(row, c.key)));
            let is_results = row == "total" && across.is_zero();
            if is_results { total(&mut RESULTS.iter().map(|r| add(r, "total"))) } else { across }
        }
        (TableId::Remedies, "total") => {
            total(&mut ["upheld", "corrected", "other", "pending"].into_iter().map(|c| add(row, c)))
        }
        _ => Sum::ZERO,
    }
}

/// Whether a figure is what the statement says; `None` if the units are not known.
fn agrees(statement: &Statement, figure: Sum, report: &Report) -> Option<bool> {
    let unit = match statement.measure {
        Measure::Fees => Some(report.fees_unit.unwrap_or(Unit::TenThousandYuan)),
        Measure::ProcurementAmount => Some(report.procurement_unit?),
        _ => None,
    };
    let Some(unit) = unit else { return Some(is_as_said(statement, statement.value.into(), figure)) };
    let said = in_yuan(statement.value.into(), statement.unit?);
    let figure = in_yuan(figure, unit);
    if is_as_said(statement, said, figure) {
        return Some(true);
    }
    // An amount is printed with fewer digits than the table has, rounded or cut off.
    let printed = statement.value.to_string();
    let decimals = printed.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let step = if decimals == 0 { "1".to_owned() } else { format!("0.{:0>decimals$}", 1) };
    let step = in_yuan(Number::parse(&step)?.into(), statement.unit?);
    Some(statement.unit? != Unit::Yuan && distance(said, figure).plus_sum(step, -1).is_negative())
}

const fn is_loose_decision(statement: &Statement) -> bool {
    matches!(statement.measure, Measure::Decision(_)) && statement.loose
}

/// Whether two large numbers differ by a slip of the pen: two digits exchanged, or one left out.
#[must_use]
pub fn is_slip(said: Number, figure: Sum) -> bool {
    /// Shorter numbers are often alike by chance.
    const DIGITS: usize = 5;
    let (Some(said), Some(figure)) = (said.as_whole(), figure.as_whole()) else { return false };
    let (a, b) = (said.to_string().into_bytes(), figure.to_string().into_bytes());
    let (short, long) = if a.len() < b.len() { (&a, &b) } else { (&b, &a) };
    if long.len() < DIGITS || a == b {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let rest = |digits: &[u8], from: usize| digits.get(from..).map(<[u8]>::to_vec);
    if short.len() == long.len() {
        let exchanged = short.get(same) == long.get(same + 1) && short.get(same + 1) == long.get(same);
        return exchanged && rest(short, same + 2) == rest(long, same + 2);
    }
    short.len() + 1 == long.len() && rest(short, same) == rest(long, same + 1)
}

fn in_yuan(amount: Sum, unit: Unit) -> Sum {
    let tens = match unit {
        Unit::Yuan => 0,
        Unit::TenThousandYuan => 4,
        Unit::HundredMillionYuan => 8,
    };
    (0..tens).fold(amount, |amount, _| Sum::ZERO.plus_sum(amount, 10))
}

fn distance(a: Sum, b: Sum) -> Sum {
    let difference = a.plus_sum(b, -1);
    if difference.is_negative() { b.plus_sum(a, -1) } else { difference }
}

fn is_as_said(statement: &Statement, said: Sum, figure: Sum) -> bool {
    if said == figure {
        return true;
    }
    match statement.precision {
        Precision::Exact => false,
        Precision::About => {
            // Within a tenth of what is said.
            Sum::ZERO
                .plus_sum(distance(said, figure), 10)
                .plus_sum(said, -1)
                .plus(Number::whole(1), -1)
                .is_negative()
        }
        Precision::AtLeast => {
            let above = figure.plus_sum(said, -1);
            let whole = statement.value.as_whole().unwrap_or(0);
            // 2800 余 is below 2900, 20 余 below 30: one more of the last digit that is not 0, or a fifth.
            let zeros =
                if whole == 0 { 0 } else { (1..=18).take_while(|n| whole % 10_i64.pow(*n) == 0).count() };
            let step = 10_i64.pow(zeros as u32).max(whole / 5);
            !above.is_negative() && above.plus(Number::whole(step), -1).is_negative()
        }
    }
}
