//! A table of the form laid out in lines, as the cursor moves over it and the view draws it.
//!
//! Everything here comes from the template: no row, column or sum is named in this file.

use crate::corpus::OpenReport;
use crate::report::template::{Along, Block, Row};
use crate::report::{CellId, Figure, TableId};
use crate::rules::{Evaluation, State};

/// A table laid out.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Which.
    pub table: TableId,
    /// Its lines from top to bottom.
    pub lines: Vec<SheetLine>,
    /// Whether all cells stand in one line, as the form prints table 4.
    pub in_one_line: bool,
}

/// A line of a sheet.
#[derive(Debug)]
pub(super) enum SheetLine {
    /// The heading of a block with its columns.
    Head(&'static Block),
    /// A row, or several rows side by side.
    Cells {
        /// The row; the first of several.
        row: &'static Row,
        /// The cells from left to right.
        cells: Vec<CellId>,
    },
}

/// A place in a sheet: index of the line and of the cell in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Position {
    /// Index into [`Sheet::lines`].
    pub line: usize,
    /// Index into its cells.
    pub cell: usize,
}

impl Sheet {
    /// Lays out a table: the rows of the form, and rows of the other edition that the document has.
    #[must_use]
    pub(super) fn new(open: &OpenReport, table: TableId, in_one_line: bool) -> Self {
        let form = open.report.form();
        let in_one_line = in_one_line && table == TableId::Remedies;
        let mut lines = Vec::new();
        for block in form.table(table).blocks {
            if form.table(table).blocks.len() > 1 {
                lines.push(SheetLine::Head(block));
            }
            for row in block.rows {
                lines.extend(foreign_rows(open, table, lines.len(), row));
                let cells =
                    block.columns.iter().filter_map(|c| CellId::find(table, row.key, c.key)).collect();
                lines.push(SheetLine::Cells { row, cells });
            }
        }
        if in_one_line {
            lines = join(lines);
        }
        Self { table, lines, in_one_line }
    }

    /// The cell at a position.
    #[must_use]
    pub(super) fn cell(&self, at: Position) -> Option<CellId> {
        match self.lines.get(at.line)? {
            SheetLine::Head(_) => None,
            SheetLine::Cells { cells, .. } => cells.get(at.cell).copied(),
        }
    }

    /// Where a cell is.
    #[must_use]
    pub(super) fn find(&self, cell: CellId) -> Option<Position> {
        self.lines.iter().enumerate().find_map(|(line, content)| match content {
            SheetLine::Head(_) => None,
            SheetLine::Cells { cells, .. } => {
                cells.iter().position(|c| *c == cell).map(|cell| Position { line, cell })
            }
        })
    }

    /// The position nearest to `at` that is a cell, looking in the given direction first.
    #[must_use]
    pub(super) fn nearest(&self, at: Position, downwards: bool) -> Position {
        let is_row = |i: &usize| matches!(self.lines.get(*i), Some(SheetLine::Cells { .. }));
        let below = (at.line..self.lines.len()).find(is_row);
        let above = (0..at.line.min(self.lines.len())).rev().find(is_row);
        let line = if downwards { below.or(above) } else { (0..=at.line).rev().find(is_row).or(below) };
        let Some(line) = line else { return Position::default() };
        let count = match self.lines.get(line) {
            Some(SheetLine::Cells { cells, .. }) => cells.len(),
            _ => 0,
        };
        Position { line, cell: at.cell.min(count.saturating_sub(1)) }
    }

    /// Number of cells in the line at a position.
    #[must_use]
    pub(super) fn cells_in_line(&self, at: Position) -> usize {
        match self.lines.get(at.line) {
            Some(SheetLine::Cells { cells, .. }) => cells.len(),
            _ => 0,
        }
    }
}

/// Rows of the other edition that the document has, in their place before `next`.
fn foreign_rows(open: &OpenReport, table: TableId, at: usize, next: &Row) -> Vec<SheetLine> {
    // The only rows on which the editions differ in a table of one block are those of （六）, before （七）.
    if table != TableId::Requests || next.key != "total" || at == 0 {
        return Vec::new();
    }
    let form = open.report.form();
    let mut lines: Vec<SheetLine> = Vec::new();
    for (cell, _) in open.report.figures.present(table) {
        if form.table(table).row(cell.row().key).is_some() {
            continue;
        }
        match lines
            .iter_mut()
            .find(|line| matches!(line, SheetLine::Cells { row, .. } if row.key == cell.row().key))
        {
            Some(SheetLine::Cells { cells, .. }) => cells.push(cell),
            _ => lines.push(SheetLine::Cells { row: cell.row(), cells: vec![cell] }),
        }
    }
    lines
}

fn join(lines: Vec<SheetLine>) -> Vec<SheetLine> {
    let mut joined: Option<(&'static Row, Vec<CellId>)> = None;
    for line in lines {
        if let SheetLine::Cells { row, cells } = line {
            joined.get_or_insert((row, Vec::new())).1.extend(cells);
        }
    }
    joined.into_iter().map(|(row, cells)| SheetLine::Cells { row, cells }).collect()
}

/// The check of a row, if the form states one.
#[must_use]
pub(super) fn row_check<'a>(open: &'a OpenReport, table: TableId, row: &Row) -> Option<&'a Evaluation> {
    open.evaluations.iter().find(|e| {
        e.relation.table == table
            && e.relation.sum.along == Along::Columns
            && e.state != State::NotApplicable
            && e.relation.total().is_some_and(|total| total.row().key == row.key)
    })
}

/// The checks under each column: one list for each rule, each with one entry per column.
#[must_use]
pub(super) fn column_checks(open: &OpenReport, table: TableId) -> Vec<Vec<&Evaluation>> {
    let sums = open.report.form().table(table).sums.iter().filter(|sum| sum.along == Along::Rows);
    // The sum of the results comes before the balance, which builds on it.
    let mut checks: Vec<Vec<&Evaluation>> = sums
        .map(|sum| {
            let of_sum = |e: &&Evaluation| e.relation.rule.id == sum.rule && e.relation.table == table;
            open.evaluations.iter().filter(of_sum).collect()
        })
        .collect();
    checks.reverse();
    checks
}

/// A figure as the table shows it: blank `_`, unreadable `?`, absent nothing.
#[must_use]
pub(super) fn figure_text(figure: Figure) -> String {
    match figure {
        Figure::Number(number) => number.to_string(),
        Figure::Blank => "_".to_owned(),
        Figure::Unreadable => "?".to_owned(),
        Figure::Absent => String::new(),
    }
}
