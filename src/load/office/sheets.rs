//! Sheets of a workbook, whatever its format: rows with one text are lines, others are rows of tables.
//!
//! A sheet is a grid without end in which a table is only what is written and merged. A position that a merged cell covers
//! is no cell; columns in which nothing begins are no columns; what is hidden is not read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::super::page::{Cell, Page};
use super::too_large;
use crate::report::Problem;

/// Cells of a workbook at most, and places of its tables.
pub(super) const MAX_CELLS: usize = 500_000;
/// Merged cells of a sheet at most.
const MAX_MERGED: usize = 100_000;

/// Cells that are shown as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    /// First and last row.
    pub(super) rows: (u32, u32),
    /// First and last column.
    pub(super) columns: (u32, u32),
}

/// What a sheet shows.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// The texts by row and column, from 0; no empty ones.
    cells: BTreeMap<(u32, u32), String>,
    merged: Vec<Region>,
    hidden_rows: Vec<RangeInclusive<u32>>,
    hidden_columns: Vec<RangeInclusive<u32>>,
}

impl Sheet {
    /// Puts a text into a cell.
    pub(super) fn put(&mut self, row: u32, column: u32, text: String) -> Result<(), Problem> {
        if text.trim().is_empty() {
            return Ok(());
        }
        self.cells.insert((row, column), text);
        if self.cells.len() > MAX_CELLS { Err(too_large("more cells than any report")) } else { Ok(()) }
    }

    /// Merges cells.
    pub(super) fn merge(&mut self, region: Region) -> Result<(), Problem> {
        if region.rows.0 <= region.rows.1 && region.columns.0 <= region.columns.1 {
            self.merged.push(region);
        }
        if self.merged.len() > MAX_MERGED { Err(too_large("more cells than any report")) } else { Ok(()) }
    }

    /// Hides rows.
    pub(super) fn hide_rows(&mut self, rows: RangeInclusive<u32>) {
        self.hidden_rows.push(rows);
    }

    /// Hides columns.
    pub(super) fn hide_columns(&mut self, columns: RangeInclusive<u32>) {
        self.hidden_columns.push(columns);
    }

    /// Adds the sheet to a page.
    pub(super) fn write(mut self, page: &mut Page) -> Result<(), Problem> {
        self.leave_out_hidden();
        let rows = self.rows()?;
        let whole =
            rows.iter().flat_map(|row| &row.cells).map(|cell| cell.at + cell.columns).max().unwrap_or(0);
        let mut table: Vec<&Row> = Vec::new();
        for row in &rows {
            if row.is_apart {
                write_table(&std::mem::take(&mut table), page);
            }
            match row.line(whole) {
                Some(text) => {
                    write_table(&std::mem::take(&mut table), page);
                    page.lines(text);
                }
                None => table.push(row),
            }
        }
        write_table(&table, page);
        Ok(())
    }

    /// Leaves out what is hidden: a merged cell that begins there is shown where it goes on.
    fn leave_out_hidden(&mut self) {
        let rows = Hidden::new(&self.hidden_rows);
        let columns = Hidden::new(&self.hidden_columns);
        if rows.0.is_empty() && columns.0.is_empty() {
            return;
        }
        let mut moved = Vec::new();
        self.merged.retain_mut(|region| {
            let first = (region.rows.0, region.columns.0);
            let shown = rows.shown(region.rows).zip(columns.shown(region.columns));
            if let Some((of_rows, of_columns)) = shown {
                (region.rows, region.columns) = (of_rows, of_columns);
                moved.push((first, (of_rows.0, of_columns.0)));
            }
            shown.is_some()
        });
        for (from, to) in moved.into_iter().filter(|(from, to)| from != to) {
            if let Some(text) = self.cells.remove(&from) {
                self.cells.insert(to, text);
            }
        }
        self.cells.retain(|(row, column), _| !rows.has(*row) && !columns.has(*column));
    }

    /// The rows in which something is written, with their own cells.
    fn rows(&self) -> Result<Vec<Row>, Problem> {
        let filled: BTreeSet<u32> = self.cells.keys().map(|(row, _)| *row).collect();
        let mut merged = self.merged.clone();
        merged.sort_by_key(|region| (region.rows.0, region.columns.0));
        // Where nothing is written and no merged cell begins, there is no column.
        let starts = merged.iter().filter(|r| filled.range(r.rows.0..=r.rows.1).next().is_some());
        let columns: BTreeSet<u32> =
            self.cells.keys().map(|(_, column)| *column).chain(starts.map(|r| r.columns.0)).collect();
        let columns: Vec<u32> = columns.into_iter().collect();
        let index = |column: u32| columns.partition_point(|c| *c < column);
        let hidden = Hidden::new(&self.hidden_rows);
        let (mut begun, mut active, mut places) =
            (merged.into_iter().peekable(), Vec::<Open>::new(), 0_usize);
        let (mut rows, mut last) = (Vec::new(), None);
        for row in filled.iter().copied() {
            active.retain(|open| open.region.rows.1 >= row);
            let is_covered = !active.is_empty();
            while let Some(region) = begun.next_if(|region| region.rows.0 <= row) {
                if region.rows.1 >= row {
                    active.push(Open { region, is_new: true });
                }
            }
            places += columns.len() + active.len();
            if places > MAX_CELLS.saturating_mul(4) {
                return Err(too_large("more cells than any report"));
            }
            let is_gap = |last: u32| (last + 1..row).any(|between| !hidden.has(between));
            let is_apart = !is_covered && last.is_some_and(is_gap);
            let cells = self.own_cells(row, &columns, &active, &filled, index);
            rows.push(Row { cells, is_covered, is_apart });
            for open in &mut active {
                open.is_new = false;
            }
            last = Some(row);
        }
        Ok(rows)
    }

    /// The cells that begin in a row.
    fn own_cells(
        &self,
        row: u32,
        columns: &[u32],
        active: &[Open],
        filled: &BTreeSet<u32>,
        index: impl Fn(u32) -> usize,
    ) -> Vec<Own> {
        let mut of_column: Vec<Option<&Open>> = vec![None; columns.len()];
        for open in active {
            let (from, to) = (index(open.region.columns.0), index(open.region.columns.1.saturating_add(1)));
            for place in of_column.iter_mut().take(to).skip(from) {
                *place = Some(open);
            }
        }
        let text = |row: u32, column: u32| self.cells.get(&(row, column)).cloned().unwrap_or_default();
        let mut cells = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            match of_column.get(at).copied().flatten() {
                None => {
                    cells.push(Own { at, columns: 1, rows: 1, text: text(row, *column), is_merged: false });
                }
                Some(open) if open.is_new && open.region.columns.0 == *column => {
                    let Region { rows, columns } = open.region;
                    cells.push(Own {
                        at,
                        columns: index(columns.1.saturating_add(1)).saturating_sub(at).max(1),
                        // Rows without a word are left out.
                        rows: filled.range(row..=rows.1).count().max(1),
                        text: text(rows.0, columns.0),
                        is_merged: true,
                    });
                }
                Some(_) => {}
            }
        }
        cells
    }
}

/// A merged cell and whether it begins in the row at hand.
struct Open {
    region: Region,
    is_new: bool,
}

/// A cell with its place in the grid.
#[derive(Debug)]
struct Own {
    at: usize,
    columns: usize,
    rows: usize,
    text: String,
    is_merged: bool,
}

#[derive(Debug)]
struct Row {
    cells: Vec<Own>,
    /// Whether a cell from above reaches into it.
    is_covered: bool,
    /// Whether there is an empty row above it.
    is_apart: bool,
}

impl Row {
    /// The text of a row that is no row of a table: a heading, or a paragraph.
    fn line(&self, whole: usize) -> Option<&str> {
        let mut filled = self.cells.iter().filter(|cell| !cell.text.is_empty());
        let (one, more) = (filled.next()?, filled.next());
        let others = self.cells.iter().filter(|cell| cell.is_merged && cell.at != one.at).count();
        let is_row = more.is_some() || self.is_covered || one.rows > 1;
        // Other merged cells are blank figures: only what takes the whole row is a text between them.
        let is_blank_row = others > 0 && one.columns < whole;
        (!is_row && !is_blank_row && !is_row_label(&one.text)).then_some(one.text.as_str())
    }
}

/// Writes the rows of a table, without the columns in which none of them has anything.
fn write_table(rows: &[&Row], page: &mut Page) {
    if rows.is_empty() {
        return;
    }
    let has = |cell: &&Own| cell.is_merged || !cell.text.is_empty();
    let cells = || rows.iter().flat_map(|row| &row.cells);
    let first = cells().filter(has).map(|cell| cell.at).min().unwrap_or(0);
    let last = cells().filter(has).map(|cell| cell.at).max().unwrap_or(0);
    let own = |cell: &Own| Cell {
        text: cell.text.clone(),
        columns: cell.columns.min(last + 1 - cell.at),
        rows: cell.rows,
    };
    let table: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| row.cells.iter().filter(|cell| (first..=last).contains(&cell.at)).map(own).collect())
        .collect();
    page.table(&table);
}

/// Whether a lone cell may be the label of a row whose figures are blank.
fn is_row_label(text: &str) -> bool {
    crate::report::template::TEMPLATES.iter().any(|template| {
        let mut rows = template.tables.iter().flat_map(crate::report::template::Table::rows);
        rows.any(|(_, row)| text.trim().ends_with(row.label.official))
    })
}

/// Hidden rows or columns: ranges in their order, none of which touch.
struct Hidden(Vec<RangeInclusive<u32>>);

impl Hidden {
    fn new(ranges: &[RangeInclusive<u32>]) -> Self {
        let mut ranges = ranges.to_vec();
        ranges.sort_by_key(|range| *range.start());
        let mut out: Vec<RangeInclusive<u32>> = Vec::new();
        for range in ranges {
            match out.last_mut() {
                Some(last) if *range.start() <= last.end().saturating_add(1) => {
                    *last = *last.start()..=*last.end().max(range.end());
                }
                _ => out.push(range),
            }
        }
        Self(out)
    }

    fn around(&self, at: u32) -> Option<&RangeInclusive<u32>> {
        let next = self.0.partition_point(|range| *range.start() <= at);
        self.0.get(next.checked_sub(1)?).filter(|range| range.contains(&at))
    }

    fn has(&self, at: u32) -> bool {
        self.around(at).is_some()
    }

    /// A range without what is hidden at its beginning; none where all of it is.
    fn shown(&self, (from, to): (u32, u32)) -> Option<(u32, u32)> {
        let from = self.around(from).map_or(Some(from), |range| range.end().checked_add(1))?;
        (from <= to).then_some((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(cells: &[(u32, u32, &str)], merged: &[(u32, u32, u32, u32)]) -> Sheet {
        let mut sheet = Sheet::default();
        for (row, column, text) in cells {
            sheet.put(*row, *column, (*text).to_owned()).unwrap();
        }
        for (row, column, last_row, last_column) in merged {
            sheet.merge(Region { rows: (*row, *last_row), columns: (*column, *last_column) }).unwrap();
        }
        sheet
    }

    /// The own cells of each row, with what they take where that is more than one place.
    fn own(sheet: Sheet) -> Vec<String> {
        let cell = |cell: &Own| match (cell.columns, cell.rows) {
            (1, 1) => cell.text.clone(),
            (columns, rows) => format!("{}@{columns}x{rows}", cell.text),
        };
        let mut sheet = sheet;
        sheet.leave_out_hidden();
        let rows = sheet.rows().unwrap();
        rows.iter().map(|row| row.cells.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
    }

    #[test]
    fn what_a_merged_cell_covers_is_no_cell() {
        let cells = [(0, 0, "甲"), (0, 2, "1"), (0, 4, "2"), (1, 2, "3"), (1, 3, "覆盖"), (1, 4, "4")];
        let merged = [(0, 0, 1, 1), (0, 2, 0, 3), (1, 2, 1, 3), (0, 4, 0, 9)];
        // Column 3 counts as one, as something was written into it, under the merged cell.
        assert_eq!(own(sheet(&cells, &merged)), ["甲@1x2|1@2x1|2", "3@2x1|4"]);
        let none = [(0, 0, "甲"), (0, 2, "1")];
        assert_eq!(own(sheet(&none, &[])), ["甲|1"]);
    }

    #[test]
    fn what_is_hidden_is_not_read() {
        let cells = [(0, 0, "甲"), (0, 1, "9"), (0, 2, "1"), (1, 0, "隐"), (2, 0, "乙"), (2, 2, "2")];
        let mut hidden = sheet(&cells, &[(0, 0, 0, 1)]);
        hidden.hide_rows(1..=1);
        hidden.hide_columns(0..=0);
        assert_eq!(own(hidden), ["甲|1", "|2"]);
    }

    #[test]
    fn a_lone_text_is_a_line_unless_the_row_has_other_cells() {
        let cells = [(0, 0, "标题"), (1, 0, "规章"), (2, 0, "别的"), (2, 2, "5")];
        let mut page = Page::default();
        sheet(&cells, &[(0, 0, 0, 3), (1, 0, 1, 1), (1, 2, 1, 3), (2, 0, 2, 1), (2, 2, 2, 3)])
            .write(&mut page)
            .unwrap();
        let text = page.into_text();
        assert!(text.starts_with("标题\n规章\t"), "{text:?}");
        assert!(!text.contains("标题\t"), "{text:?}");
    }

    #[test]
    fn absurd_places_take_no_memory() {
        let mut far = sheet(&[(0, 0, "a"), (u32::MAX, u32::MAX, "b")], &[(0, 0, u32::MAX, u32::MAX)]);
        far.hide_rows(5..=u32::MAX - 1);
        assert_eq!(own(far).len(), 2);
        let many: Vec<_> = (0..2_000).map(|n| (n, n, "x")).collect();
        assert!(sheet(&many, &[]).rows().is_err());
    }
}
