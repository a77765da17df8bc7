//! The tables of reports as clean data for research: one row for each cell, or one for each report.
//!
//! Every value has the digits that were printed, and says how far it can be trusted; nothing is filled in.

use std::sync::LazyLock;

use super::grid::{Column, Kind, Value};
use crate::corpus;
use crate::display::Untrusted;
use crate::report::template::Holds;
use crate::report::{CellId, Figure, Report, Unit};
use crate::rules::{self, Evaluation};

/// What every row begins with.
const IDENTITY: [Column; 8] = [
    Column::plain("report", Kind::Text),
    Column::plain("agency", Kind::Text),
    Column::plain("county", Kind::Text),
    Column::plain("county_code", Kind::Text),
    Column::plain("city", Kind::Text),
    Column::plain("province", Kind::Text),
    Column::plain("year", Kind::Whole),
    Column::plain("template", Kind::Text),
];

/// The columns of the rows that hold one cell each.
pub static TIDY: LazyLock<Vec<Column>> = LazyLock::new(|| {
    let mut columns = IDENTITY.to_vec();
    columns.extend([
        Column::plain("table", Kind::Text),
        Column::plain("row", Kind::Text),
        Column::plain("column", Kind::Text),
        Column::plain("value", Kind::Number),
        Column::plain("unit", Kind::Text),
        Column::plain("state", Kind::Text),
        Column::plain("line", Kind::Whole),
        Column::plain("reliability", Kind::Text),
        Column::plain("synthetic", Kind::Whole),
    ]);
    columns
});

/// The columns of the rows that hold one report each.
pub static WIDE: LazyLock<Vec<Column>> = LazyLock::new(|| {
    let mut columns = IDENTITY.to_vec();
    columns.extend([
        Column::plain("title", Kind::Text),
        Column::plain("file", Kind::Text),
        Column::plain("sha256", Kind::Text),
        Column::plain("synthetic", Kind::Whole),
        Column::plain("needs_reading", Kind::Whole),
        Column::plain("problems", Kind::Whole),
        Column::plain("blanks", Kind::Whole),
        Column::plain("errors", Kind::Whole),
        Column::plain("warnings", Kind::Whole),
        Column::plain("infos", Kind::Whole),
        Column::plain("fees_unit", Kind::Text),
        Column::plain("procurement_unit", Kind::Text),
    ]);
    columns.extend(CellId::all().map(|cell| Column::plain(cell.name(), Kind::Number)));
    columns
});

/// How far a figure can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reliability {
    /// It was read without doubt, and every sum that it is part of adds up.
    Good,
    /// It was read without doubt, but a sum that it is part of does not add up.
    InBreak,
    /// It may be printed otherwise, or stand in another cell.
    Doubtful,
}

impl Reliability {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::InBreak => "break",
            Self::Doubtful => "doubtful",
        }
    }

    /// How far the figure of a cell can be trusted.
    #[must_use]
    pub fn of(report: &Report, cell: CellId, breaks: &[&Evaluation]) -> Self {
        let name = cell.name();
        let is_about = |at: &str| {
            name.strip_prefix(at)
                .is_some_and(|rest| at.is_empty() || rest.is_empty() || rest.starts_with('.'))
        };
        let is_doubtful = report.figures.get(cell) == Figure::Unreadable
            || report.problems.iter().any(|p| p.code.needs_reading() && is_about(p.at.raw()));
        let is_term = |evaluation: &&Evaluation| {
            evaluation.left.iter().chain(&evaluation.right).any(|term| term.cell == cell)
        };
        match (is_doubtful, breaks.iter().any(is_term)) {
            (true, _) => Self::Doubtful,
            (false, true) => Self::InBreak,
            (false, false) => Self::Good,
        }
    }
}

fn optional(text: Option<&Untrusted>) -> Value<'_> {
    Value::text(text.map_or("", Untrusted::raw))
}

fn identity<'a>(id: &'a Untrusted, report: &'a Report) -> Vec<Value<'a>> {
    vec![
        Value::text(id.raw()),
        Value::text(report.agency.raw()),
        Value::text(corpus::marked_county(id, report.county.as_ref())),
        optional(report.county_code.as_ref()),
        optional(report.city.as_ref()),
        optional(report.province.as_ref()),
        Value::whole(report.year),
        Value::text(report.template.map_or("", |template| template.name())),
    ]
}

/// The unit of the figure of a cell; none for counts.
fn unit(report: &Report, cell: CellId) -> Option<Unit> {
    if cell.column().holds != Holds::Money {
        return None;
    }
    let stated = if cell.row().key == "fees" { report.fees_unit } else { report.procurement_unit };
    // Fees are in the unit of the form unless the document says otherwise.
    stated.or_else(|| (cell.row().key == "fees").then_some(Unit::TenThousandYuan))
}

/// The cells of a report, one row each: those of its form, and those of the other edition that it has nevertheless.
#[must_use]
pub fn tidy<'a>(id: &'a Untrusted, report: &'a Report) -> Vec<Vec<Value<'a>>> {
    let evaluations = rules::evaluate_all(report);
    let breaks: Vec<&Evaluation> = evaluations.iter().filter(|e| e.state.is_break()).collect();
    let form = report.form();
    let has = |cell: &CellId| form.has(*cell) || report.figures.get(*cell) != Figure::Absent;
    let identity = identity(id, report);
    CellId::all().filter(has).map(|cell| cell_row(report, cell, &identity, &breaks)).collect()
}

fn cell_row<'a>(
    report: &Report,
    cell: CellId,
    identity: &[Value<'a>],
    breaks: &[&Evaluation],
) -> Vec<Value<'a>> {
    let figure = report.figures.get(cell);
    let state = match figure {
        Figure::Number(_) => "number",
        Figure::Blank => "blank",
        Figure::Unreadable => "unreadable",
        Figure::Absent => "absent",
    };
    let mut row = identity.to_vec();
    row.extend([
        Value::text(cell.table().name()),
        Value::text(cell.row().key),
        Value::text(cell.column().key),
        figure.number().map_or(Value::Empty, Value::Number),
        Value::text(unit(report, cell).map_or("", Unit::name)),
        Value::text(state),
        Value::whole(report.line_of(cell)),
        Value::text(Reliability::of(report, cell, breaks).name()),
        Value::Whole(i64::from(report.synthetic)),
    ]);
    row
}

/// A report on one row; `causes` are those of what was found in it by severity, if they are known.
#[must_use]
pub fn wide<'a>(
    id: &'a Untrusted,
    report: &'a Report,
    file: &'a str,
    causes: Option<[u32; 3]>,
) -> Vec<Value<'a>> {
    let blanks = CellId::all().filter(|cell| report.figures.get(*cell) == Figure::Blank).count();
    let count = |i: usize| Value::whole(causes.and_then(|counts| counts.get(i).copied()));
    let mut row = identity(id, report);
    row.extend([
        Value::text(report.title.raw()),
        Value::text(file),
        Value::text(report.source.sha256.raw()),
        Value::Whole(i64::from(report.synthetic)),
        Value::Whole(i64::from(report.needs_reading())),
        Value::count(report.problems.len()),
        Value::count(blanks),
        count(0),
        count(1),
        count(2),
        Value::text(report.fees_unit.map_or("", Unit::name)),
        Value::text(report.procurement_unit.map_or("", Unit::name)),
    ]);
    let value = |cell| report.figures.get(cell).number().map_or(Value::Empty, Value::Number);
    row.extend(CellId::all().map(value));
    row
}
