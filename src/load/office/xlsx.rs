//! Excel workbooks into which a report was pasted.

use std::collections::HashSet;
use std::io::Cursor;

use calamine::{Data, DataRef, DataType, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::super::archive::Archive;
use super::super::page::Page;
use super::super::{Format, Reading, Record, Unit, View, text};
use super::sheets::{Region, Sheet};
use super::{attribute, damaged, each_start, has_member, numbers, problem};
use crate::report::{Problem, ProblemCode};

/// Excel workbooks.
pub(in crate::load) const XLSX: Format = Format {
    name: "xlsx",
    about: "a spreadsheet (.xlsx)",
    recognises: |head, _| has_member(head, "xl/"),
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

fn read(record: &Record<'_>) -> Reading {
    text::read_rendered(record, render(record), XLSX.name)
}

fn broken(error: &XlsxError) -> Problem {
    damaged(&error.to_string())
}

fn render(record: &Record<'_>) -> Result<String, Problem> {
    // The library has no limits of its own.
    let mut archive = Archive::open(record.bytes)?;
    archive.check()?;
    if archive.names().iter().any(|name| name == "xl/workbook.bin") {
        let how = "a binary workbook (.xlsb): open it in an office program and save it as .xlsx";
        return Err(problem(ProblemCode::UnknownFormat, how));
    }
    let paths = paths(&mut archive);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(record.bytes)).map_err(|error| broken(&error))?;
    let is_1904 = book.has_1904_epoch();
    let sheets = book.sheets_metadata().to_vec();
    let mut page = Page::default();
    let is_shown =
        |sheet: &calamine::Sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet;
    for name in sheets.into_iter().filter(is_shown).map(|sheet| sheet.name) {
        let mut sheet = Sheet::default();
        for merged in book.merge_cells_by_sheet_name(&name).map_err(|error| broken(&error))? {
            sheet.merge(Region {
                rows: (merged.start.0, merged.end.0),
                columns: (merged.start.1, merged.end.1),
            })?;
        }
        if let Some((_, path)) = paths.iter().find(|(of, _)| *of == name) {
            hide(&archive.read(path)?, &mut sheet);
        }
        fill(&mut book, &name, is_1904, &mut sheet)?;
        sheet.write(&mut page)?;
    }
    Ok(page.into_text())
}

/// Puts the texts of a sheet into their cells; one at a time, as the grid may be far larger than what is in it.
fn fill(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, is_1904: bool, sheet: &mut Sheet) -> Result<(), Problem> {
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet without rows.
        Err(XlsxError::NotAWorksheet(_) | XlsxError::XmlEof(_)) => return Ok(()),
        Err(error) => return Err(broken(&error)),
    };
    let mut with_value = HashSet::new();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|error| broken(&error))? {
        let (row, column) = cell.get_position();
        let format = cells.styles().get(style).and_then(|style| style.number_format.as_ref());
        let format = format.map_or("General", |format| format.format_code.as_str());
        let words = words(cell.get_value(), format, is_1904);
        if !words.trim().is_empty() {
            with_value.insert((row, column));
        }
        sheet.put(row, column, words)?;
    }
    drop(cells);
    // Programs that write formulas do not work them out: what the cell shows is known only to who opens it.
    let Ok(mut formulas) = book.worksheet_cells_reader(name) else { return Ok(()) };
    while let Some(formula) = formulas.next_formula().map_err(|error| broken(&error))? {
        let (row, column) = formula.get_position();
        if !formula.get_value().is_empty() && !with_value.contains(&(row, column)) {
            sheet.put(row, column, NOT_WORKED_OUT.to_owned())?;
        }
    }
    Ok(())
}

/// In the place of a formula whose value the workbook does not hold.
const NOT_WORKED_OUT: &str = "〔公式未计算〕";

/// What a cell shows.
fn words(data: &DataRef<'_>, format: &str, is_1904: bool) -> String {
    match data {
        DataRef::Empty => String::new(),
        // It is no figure, and the cell is not blank.
        DataRef::Error(error) => format!("〔{error}〕"),
        DataRef::DateTime(time) => numbers::shown(time.as_f64(), format, is_1904),
        DataRef::Int(_) | DataRef::Float(_) => match data.as_f64() {
            Some(number) => numbers::shown(number, format, is_1904),
            None => String::new(),
        },
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        other => Data::from(other.clone()).to_string(),
    }
}

/// The names of the sheets and the members in which they are.
fn paths(archive: &mut Archive<'_>) -> Vec<(String, String)> {
    let mut targets = Vec::new();
    each_start(&archive.read("xl/_rels/workbook.xml.rels").unwrap_or_default(), |start| {
        if let Some((id, target)) = attribute(start, "Id").zip(attribute(start, "Target")) {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.push((id, path));
        }
    });
    let mut paths = Vec::new();
    each_start(&archive.read("xl/workbook.xml").unwrap_or_default(), |start| {
        let name = || Some(quick_xml::escape::unescape(&attribute(start, "name")?).ok()?.into_owned());
        // The identifier stands in a namespace, under whatever prefix.
        let id = || {
            let mut all = start.attributes().filter_map(Result::ok);
            all.find(|a| a.key.local_name().as_ref() == "id" && a.key.prefix().is_some())
        };
        if start.local_name().as_ref() == "sheet"
            && let Some((name, id)) = name().zip(id())
            && let Some((_, path)) = targets.iter().find(|(of, _)| *of == id.value)
        {
            paths.push((name, path.clone()));
        }
    });
    paths
}

/// Hides the rows and columns that are hidden; the library does not tell them.
fn hide(xml: &[u8], sheet: &mut Sheet) {
    let mut row = 0_u32;
    each_start(xml, |start| {
        let number = |name: &str| attribute(start, name).and_then(|n| n.trim().parse::<u32>().ok());
        let is_hidden =
            || attribute(start, "hidden").is_some_and(|h| matches!(h.as_str(), "1" | "true" | "on"));
        match start.local_name().as_ref() {
            "row" => {
                row = number("r").unwrap_or_else(|| row.saturating_add(1));
                if is_hidden() && row > 0 {
                    sheet.hide_rows(row - 1..=row - 1);
                }
            }
            "col" if is_hidden() => {
                let first = number("min").unwrap_or(1).max(1);
                let last = number("max").unwrap_or(first).max(first);
                sheet.hide_columns(first - 1..=last - 1);
            }
            _ => {}
        }
    });
}
