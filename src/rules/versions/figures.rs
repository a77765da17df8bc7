//! The figures of two documents of an agency and year, cell by cell.
//!
//! What could not be read, or not with certainty, is never blamed on the agency: a cell of which that is so agrees with
//! anything. But the numbers that are printed in a row are known even where their columns are not: other numbers are
//! another report.

use std::sync::LazyLock;

use crate::report::{CELL_COUNT, CellId, Figure, Number, Problem, ProblemCode, Report, Sum, TableId, Unit};

/// A cell that says one thing in one report and another in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FigureDifference {
    /// The cell.
    pub cell: CellId,
    /// What stands there in the first report.
    pub old: Figure,
    /// What stands there in the second.
    pub new: Figure,
    /// Its units in both, where it is money and they differ.
    pub units: Option<[Unit; 2]>,
}

/// A row, or a table, in which other numbers are printed in one report than in the other, whatever their columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDifference {
    /// Its first cell.
    pub first: CellId,
    /// The numbers in the first report.
    pub old: String,
    /// The numbers in the second.
    pub new: String,
}

/// Whether two reports say the same in every cell that could be read in both, and have the same numbers in every row.
#[must_use]
pub fn figures_agree(a: &Report, b: &Report) -> bool {
    differences(a, b).next().is_none() && row_differences(a, b).is_empty()
}

/// The rows whose columns are uncertain in one of the reports and whose numbers differ, in the order of the problems.
pub(super) fn row_differences(a: &Report, b: &Report) -> Vec<RowDifference> {
    let uncertain = [a, b].into_iter().flat_map(|report| &report.problems);
    let uncertain = uncertain.filter(|problem| problem.code == ProblemCode::UncertainRow);
    let mut found: Vec<RowDifference> = Vec::new();
    for at in uncertain.map(|problem| problem.at.raw()) {
        let Some(first) = cells_at(at).next().filter(|first| found.iter().all(|row| row.first != *first))
        else {
            continue;
        };
        let Some((old, new)) = printed_at(a, at).zip(printed_at(b, at)) else { continue };
        let (of_old, of_new) = (without_zeros(&old), without_zeros(&new));
        // A number may have been overlooked, but not be another one.
        let Some((of_old, of_new)) = of_old.zip(of_new) else { continue };
        if !is_within(&of_old, &of_new) && !is_within(&of_new, &of_old) {
            found.push(RowDifference { first, old: old.join(" "), new: new.join(" ") });
        }
    }
    found
}

/// The numbers that are printed in the cells of a row or a table, from left to right; nothing where that is not known.
fn printed_at(report: &Report, at: &str) -> Option<Vec<String>> {
    let is_here = |problem: &&Problem| problem.code == ProblemCode::UncertainRow && problem.at.raw() == at;
    if let Some(problem) = report.problems.iter().find(is_here) {
        return Some(problem.detail.raw().split_whitespace().map(str::to_owned).collect());
    }
    let doubts = doubts(report);
    let number = |cell: CellId| match report.figures.get(cell) {
        read if doubts.has(cell, read) => Err(()),
        Figure::Number(number) => Ok(Some(number.to_string())),
        Figure::Blank | Figure::Absent => Ok(None),
        Figure::Unreadable => Err(()),
    };
    let has_cells = cells_at(at).any(|cell| report.figures.get(cell) != Figure::Absent);
    let numbers: Result<Vec<Option<String>>, ()> = cells_at(at).map(number).collect();
    numbers.ok().filter(|_| has_cells).map(|numbers| numbers.into_iter().flatten().collect())
}

/// The values of numbers other than zero; nothing where one of them is no number.
fn without_zeros(numbers: &[String]) -> Option<Vec<Sum>> {
    let values: Option<Vec<Sum>> = numbers.iter().map(|text| Number::parse(text).map(Sum::from)).collect();
    values.map(|values| values.into_iter().filter(|value| !value.is_zero()).collect())
}

/// Whether each of some values is among others, as often.
fn is_within(some: &[Sum], others: &[Sum]) -> bool {
    let mut others = others.to_vec();
    some.iter().all(|value| {
        others.iter().position(|other| other == value).map(|at| others.swap_remove(at)).is_some()
    })
}

/// The cells of a table, a row or a cell by its written name.
fn cells_at(at: &str) -> impl Iterator<Item = CellId> {
    let name = at.split('.').next().unwrap_or_default();
    let table = TableId::ALL.into_iter().find(|table| table.name() == name);
    let is_at = move |cell: &CellId| {
        let rest = cell.name().strip_prefix(at);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    table.into_iter().flat_map(CellId::of).filter(is_at)
}

/// The cells that differ, in the order of the form.
pub(super) fn differences(a: &Report, b: &Report) -> impl Iterator<Item = FigureDifference> {
    let (doubts_a, doubts_b) = (doubts(a), doubts(b));
    let (units_a, units_b) = (units(a), units(b));
    CellId::all().filter_map(move |cell| {
        let (old, new) = (a.figures.get(cell), b.figures.get(cell));
        if doubts_a.has(cell, old) || doubts_b.has(cell, new) {
            return None;
        }
        let money = MONEY.iter().position(|money| *money == Some(cell));
        let units = money.and_then(|i| Some([*units_a.get(i)?.as_ref()?, *units_b.get(i)?.as_ref()?]));
        let units = units.filter(|[a, b]| a != b);
        let is_other = !same(old, new) || units.is_some();
        is_other.then_some(FigureDifference { cell, old, new, units })
    })
}

/// Whether two figures say the same: numbers by their values.
fn same(a: Figure, b: Figure) -> bool {
    match (a, b) {
        (Figure::Number(a), Figure::Number(b)) => Sum::from(a) == Sum::from(b),
        _ => a == b,
    }
}

/// How many different numbers other than zero two reports have in common.
pub(super) fn shared_numbers(a: &Report, b: &Report) -> usize {
    let mut seen: Vec<Sum> = Vec::new();
    for cell in CellId::all() {
        let (old, new) = (a.figures.get(cell), b.figures.get(cell));
        if let Some(number) = old.number().filter(|n| !n.is_zero() && same(old, new)) {
            let value = Sum::from(number);
            if !seen.contains(&value) {
                seen.push(value);
            }
        }
    }
    seen.len()
}

/// The cells of fees and of procurement.
static MONEY: LazyLock<[Option<CellId>; 2]> =
    LazyLock::new(|| ["fees", "procurement"].map(|row| CellId::find(TableId::Disclosure, row, "amount")));

/// The units of fees and of procurement, where there is money that they count. The form states the one for fees.
pub(super) fn units(report: &Report) -> [Option<Unit>; 2] {
    let has_money = MONEY.map(|cell| {
        let number = cell.and_then(|cell| report.figures.get(cell).number());
        number.is_some_and(|number| !number.is_zero())
    });
    let stated = [report.fees_unit.or(Some(Unit::TenThousandYuan)), report.procurement_unit];
    let [fees, procurement] = stated;
    [fees.filter(|_| has_money[0]), procurement.filter(|_| has_money[1])]
}

/// The cells of a report that may say something else than what was read.
#[derive(Debug)]
pub(super) struct Doubts {
    /// Whatever was read.
    cells: [bool; CELL_COUNT],
    /// Tables in which what was not found may be there.
    gaps: [bool; 3],
    has_problem: bool,
}

/// Why a cell that was not found may be there: the reader says that it could not read the table.
const GAPS: &[ProblemCode] =
    &[ProblemCode::NoTable, ProblemCode::TableWithoutValues, ProblemCode::UnknownRow, ProblemCode::TooLarge];

/// The doubts about the figures of a report.
pub(super) fn doubts(report: &Report) -> Doubts {
    let mut doubts = Doubts { cells: [false; CELL_COUNT], gaps: [false; 3], has_problem: false };
    for problem in &report.problems {
        doubts.note(problem);
    }
    for cell in CellId::all() {
        if report.figures.get(cell) == Figure::Unreadable
            && let Some(doubt) = doubts.cells.get_mut(cell.index())
        {
            (*doubt, doubts.has_problem) = (true, true);
        }
    }
    doubts
}

impl Doubts {
    /// Whether there is any.
    pub(super) fn any(&self) -> bool {
        self.has_problem
    }

    /// Whether a cell may say something else than what was read.
    pub(super) fn has(&self, cell: CellId, read: Figure) -> bool {
        let is_number = matches!(read, Figure::Number(_));
        let in_gap = || self.gaps.get(usize::from(cell.table().number() - 2)).is_some_and(|gap| *gap);
        self.cells.get(cell.index()).is_some_and(|doubt| *doubt) || (!is_number && in_gap())
    }

    /// Takes in a problem, if it is one of figures: that of a cell, a row, a table, or of all that was not reached.
    fn note(&mut self, problem: &Problem) {
        let is_gap = GAPS.contains(&problem.code);
        if !is_gap && !problem.code.needs_reading() {
            return;
        }
        let at = problem.at.raw();
        if at.is_empty() && problem.code == ProblemCode::TooLarge {
            (self.gaps, self.has_problem) = ([true; 3], true);
        }
        let name = at.split('.').next().unwrap_or_default();
        let Some(table) = TableId::ALL.into_iter().find(|table| table.name() == name) else { return };
        self.has_problem = true;
        if is_gap {
            if let Some(gap) = self.gaps.get_mut(usize::from(table.number() - 2)) {
                *gap = true;
            }
            return;
        }
        for cell in cells_at(at) {
            if let Some(doubt) = self.cells.get_mut(cell.index()) {
                *doubt = true;
            }
        }
    }
}
