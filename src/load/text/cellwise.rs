//! Rows that are spread over lines, where empty cells are lines or bars of their own.
//!
//! Programs that print one cell a line print an empty line for an empty cell, and others break a row of bars where an
//! empty cell holds a line break. Only where all rows of a table keep to it is it told where a value stands.

use super::lines::{DocLine, FieldKind};
use super::place::{Cell, Cells, RowFields};

/// Whether all rows of the same columns stand on the lines below their labels, one cell a line: all their values are
/// there, no label is between, and twice at least the last column has one.
pub(super) fn are_lines(rows: &[&RowFields<'_, '_>]) -> bool {
    let last = |row: &&&RowFields<'_, '_>| {
        let line = row.found.end_line + row.columns;
        row.pieces.iter().any(|piece| piece.line == line)
    };
    rows.iter().all(|row| row.columns >= LEAST_COLUMNS && by_lines(row).is_some())
        && rows.iter().filter(last).count() >= 2
}

/// Rows of fewer columns are too short to show how they are printed.
const LEAST_COLUMNS: usize = 3;

/// The cells on the lines below the label of a row, if its values are all there.
pub(super) fn by_lines<'a>(row: &RowFields<'a, '_>) -> Option<Cells<'a>> {
    let first = row.found.end_line + 1;
    let below = row.lines.get(first..first + row.columns)?;
    // A running number that was dropped leaves a line without fields, which is no empty cell.
    let is_empty = |line: &DocLine<'_>| !line.text.contains(char::is_alphanumeric);
    let is_cell = |line: &DocLine<'_>| match line.fields.as_slice() {
        [] => is_empty(line),
        [field] => field.is == FieldKind::Value,
        _ => false,
    };
    let are_there =
        row.pieces.iter().all(|piece| piece.alone && (first..first + row.columns).contains(&piece.line));
    if !are_there || !below.iter().all(is_cell) {
        return None;
    }
    let cell = |(line, below): (usize, &DocLine<'a>)| {
        below.fields.first().map(|field| Cell { line, text: field.text, unit: None })
    };
    Some((first..).zip(below).map(cell).collect())
}

/// The cells of a row of bars that is broken where a cell is empty: `1 |`, `|`, `| 2 | ||`. The last is filled.
pub(super) fn broken<'a>(row: &RowFields<'a, '_>) -> Option<Cells<'a>> {
    let text = |line: usize| row.lines.get(line).map(|line| line.text.trim());
    let ends = |line: usize| text(line).is_some_and(|text| text.ends_with('|') && !text.ends_with("||"));
    let begins =
        |line: usize| text(line).is_some_and(|text| text.starts_with('|') && !text.starts_with("||"));
    let is_bar = |line: usize| text(line) == Some("|");
    let mut cells: Cells<'a> = Vec::with_capacity(row.columns);
    let mut at = row.found.end_line;
    for piece in &row.pieces {
        if piece.line < at || !row.lines.get(piece.line)?.text.contains('|') {
            return None;
        }
        if piece.line > at {
            let is_joined = ends(at) && begins(piece.line) && (at + 1..piece.line).all(is_bar);
            if !is_joined || !piece.alone {
                return None;
            }
            cells.extend((at..piece.line).map(|_| None));
        }
        let fields = row.lines.get(piece.line)?.fields.get(piece.fields.clone())?;
        let cell = |f: &super::lines::Field<'a>| {
            (f.is != FieldKind::Empty).then_some(Cell { line: piece.line, text: f.text, unit: None })
        };
        cells.extend(fields.iter().map(cell));
        at = piece.line;
    }
    let filled = cells.iter().rposition(Option::is_some)? + 1;
    cells.truncate(filled);
    (filled == row.columns).then_some(cells)
}
