//! Spreadsheets into which a report was pasted: rows of one cell are text, others are rows of tables.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

use super::super::archive::Archive;
use super::super::page::{Cell, Page};
use super::super::{Format, Reading, Record, Unit, View, text};
use super::has_member;
use crate::display::Untrusted;
use crate::report::{Problem, ProblemCode};

/// Spreadsheets.
pub(in crate::load) const XLSX: Format = Format {
    name: "xlsx",
    about: "a spreadsheet (.xlsx)",
    recognises: |head, _| has_member(head, "xl/"),
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

/// Cells of a sheet at most.
const MAX_CELLS: usize = 500_000;

fn read(record: &Record<'_>) -> Reading {
    text::read_rendered(record, render(record), XLSX.name)
}

fn problem(code: ProblemCode, detail: impl Into<String>) -> Problem {
    Problem { code, at: Untrusted::default(), line: 0, detail: Into::<String>::into(detail).into() }
}

fn render(record: &Record<'_>) -> Result<String, Problem> {
    // The library has no limits of its own.
    Archive::open(record.bytes)?.check()?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(record.bytes))
        .map_err(|error| problem(ProblemCode::Unreadable, format!("spreadsheet: {error}")))?;
    let mut page = Page::default();
    for name in book.sheet_names() {
        let range = book
            .worksheet_range(&name)
            .map_err(|error| problem(ProblemCode::Unreadable, format!("sheet {name}: {error}")))?;
        if range.get_size().0.saturating_mul(range.get_size().1) > MAX_CELLS {
            return Err(problem(ProblemCode::TooLarge, format!("sheet {name}")));
        }
        sheet(&range, &mut page);
    }
    Ok(page.into_text())
}

fn sheet(range: &Range<Data>, page: &mut Page) {
    let mut table: Vec<Vec<Cell>> = Vec::new();
    for row in range.rows() {
        let texts: Vec<String> = row.iter().map(words).collect();
        let filled: Vec<&String> = texts.iter().filter(|text| !text.trim().is_empty()).collect();
        match filled.as_slice() {
            // A heading or a paragraph; a row of the table has a number somewhere, or several cells.
            [] | [_] if !filled.first().is_some_and(|text| is_row_label(text)) => {
                page.table(&std::mem::take(&mut table));
                for text in filled {
                    page.lines(text);
                }
            }
            _ => table.push(texts.into_iter().map(|text| Cell { text, columns: 1, rows: 1 }).collect()),
        }
    }
    page.table(&table);
}

/// Whether a lone cell may be the label of a row whose figures are blank.
fn is_row_label(text: &str) -> bool {
    crate::report::template::TEMPLATES.iter().any(|template| {
        let mut rows = template.tables.iter().flat_map(crate::report::template::Table::rows);
        rows.any(|(_, row)| text.trim().ends_with(row.label.official))
    })
}

/// What a cell shows.
fn words(data: &Data) -> String {
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}
