//! Report → JSON, one line.
//!
//! Absent cells are left out. A row of table 3 or 4 is written if any of its cells is there, with null for the
//! others, which then read back as blank. Unreadable cells are null and marked in `cells`.

use std::fmt::Write;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::SCHEMA;
use crate::display::{Lang, Untrusted, escape_json};
use crate::load::hexadecimal;
use crate::report::template::Row;
use crate::report::{CellId, Figure, Number, Report, TableId};

/// The report as one JSON object on one line, without a line break at its end.
///
/// Characters that a terminal would obey or hide are written as escapes, so the text is exact and safe to print.
#[must_use]
pub fn to_line(report: &Report) -> String {
    let mut out = String::with_capacity(8_192);
    out.push('{');
    member(&mut out, "schema", &quoted(SCHEMA));
    let texts = [
        ("id", report.stated_id.as_ref()),
        ("title", Some(&report.title)),
        ("agency", Some(&report.agency)),
        ("county", report.county.as_ref()),
        ("county_code", report.county_code.as_ref()),
        ("city", report.city.as_ref()),
        ("province", report.province.as_ref()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            member(&mut out, name, &quoted(text.raw()));
        }
    }
    if let Some(year) = report.year {
        member(&mut out, "year", &year.to_string());
    }
    if let Some(template) = report.template {
        member(&mut out, "template", &quoted(template.name()));
    }
    if report.synthetic {
        member(&mut out, "synthetic", "true");
    }
    source(&mut out, report);
    sections(&mut out, report);
    for table in TableId::ALL {
        if report.figures.has_table(table) {
            member(&mut out, table.name(), &figures(report, table));
        }
    }
    cells(&mut out, report);
    problems(&mut out, report);
    out.push('}');
    out
}

fn quoted(text: &str) -> String {
    // Serialising a string cannot fail; an empty string is the harmless answer if it ever did.
    let json = serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned());
    escape_json(&json).into_owned()
}

fn member(out: &mut String, name: &str, json: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    let _ = write!(out, "\"{name}\":{json}");
}

fn source(out: &mut String, report: &Report) {
    let source = &report.source;
    let mut object = String::from("{");
    for (name, text) in [("file", &source.file), ("format", &source.format), ("sha256", &source.sha256)] {
        if !text.is_empty() {
            member(&mut object, name, &quoted(text.raw()));
        }
    }
    if object.len() > 1 {
        member(out, "source", &(object + "}"));
    }
}

fn sections(out: &mut String, report: &Report) {
    if report.sections.is_empty() {
        return;
    }
    let list: Vec<String> = report
        .sections
        .iter()
        .map(|s| {
            let (title, text) = (quoted(s.title.raw()), quoted(s.text.raw()));
            format!("{{\"number\":{},\"title\":{title},\"text\":{text},\"line\":{}}}", s.number, s.line)
        })
        .collect();
    member(out, "sections", &format!("[{}]", list.join(",")));
}

fn figure(figure: Figure) -> String {
    match figure {
        Figure::Number(number) => number.to_string(),
        Figure::Absent | Figure::Blank | Figure::Unreadable => "null".to_owned(),
    }
}

/// The rows of tables 3 and 4 with their cells, in the order in which they are written.
///
/// Kept, because finding the cells of every row anew takes far longer than writing them.
static ROWS: LazyLock<Vec<(&'static Row, Vec<CellId>)>> = LazyLock::new(|| {
    let mut rows: Vec<(&'static Row, Vec<CellId>)> = Vec::new();
    for cell in CellId::all().filter(|cell| cell.table() != TableId::Disclosure) {
        match rows.last_mut() {
            Some((row, cells))
                if row.key == cell.row().key && cells.iter().all(|c| c.table() == cell.table()) =>
            {
                cells.push(cell);
            }
            _ => rows.push((cell.row(), vec![cell])),
        }
    }
    rows
});

/// The object of a table: for table 2 one member a cell, else one array a row.
fn figures(report: &Report, table: TableId) -> String {
    let mut object = String::with_capacity(2_048);
    object.push('{');
    if table == TableId::Disclosure {
        for (cell, value) in report.figures.present(table) {
            let name = cell.name().get(table.name().len() + 1..).unwrap_or_default();
            member(&mut object, name, &figure(value));
        }
        for (name, unit) in [("procurement.unit", report.procurement_unit), ("fees.unit", report.fees_unit)] {
            if let Some(unit) = unit {
                member(&mut object, name, &quoted(unit.name()));
            }
        }
        return object + "}";
    }
    let of_table = ROWS.iter().filter(|(_, cells)| cells.first().is_some_and(|cell| cell.table() == table));
    for (row, cells) in of_table {
        if cells.iter().all(|cell| report.figures.get(*cell) == Figure::Absent) {
            continue;
        }
        let comma = if object.len() > 1 { "," } else { "" };
        let _ = write!(object, "{comma}\"{}\":[", row.key);
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                object.push(',');
            }
            match report.figures.get(*cell) {
                // Most cells of most reports are 0.
                Figure::Number(number) if number == Number::whole(0) => object.push('0'),
                Figure::Number(number) => {
                    let _ = write!(object, "{number}");
                }
                Figure::Absent | Figure::Blank | Figure::Unreadable => object.push_str("null"),
            }
        }
        object.push(']');
    }
    object + "}"
}

fn cells(out: &mut String, report: &Report) {
    let mut object = String::from("{");
    let with_print =
        |cell: &CellId| report.printed.contains_key(cell) || report.figures.get(*cell) == Figure::Unreadable;
    for cell in CellId::all().filter(with_print) {
        let none = Untrusted::default();
        let (line, text) = report.printed.get(&cell).map_or((0, &none), |p| (p.line, &p.text));
        let mark = if report.figures.get(cell) == Figure::Unreadable { ",\"unreadable\":true" } else { "" };
        member(
            &mut object,
            cell.name(),
            &format!("{{\"line\":{line},\"text\":{}{mark}}}", quoted(text.raw())),
        );
    }
    if object.len() > 1 {
        member(out, "cells", &(object + "}"));
    }
}

fn problems(out: &mut String, report: &Report) {
    if report.problems.is_empty() {
        return;
    }
    let list: Vec<String> = report
        .problems
        .iter()
        .map(|p| {
            let [code, at, detail] = [p.code.name(), p.at.raw(), p.detail.raw()].map(quoted);
            let message = quoted(&p.message(Lang::En));
            format!(
                "{{\"code\":{code},\"where\":{at},\"line\":{},\"detail\":{detail},\"message\":{message}}}",
                p.line
            )
        })
        .collect();
    member(out, "problems", &format!("[{}]", list.join(",")));
}

/// A name for a file of one report: its agency and year as far as they are letters and digits, and enough of a hash of
/// what it is to tell it from others. Never hidden, never an option, never outside the folder.
#[must_use]
pub fn file_name(report: &Report) -> String {
    let mut name = String::new();
    for c in report.agency.raw().chars().filter(|c| c.is_alphanumeric() && !crate::display::is_hidden(*c)) {
        if name.len() + c.len_utf8() > 80 {
            break;
        }
        name.push(c);
    }
    let year = report.year.map_or_else(|| "year-unknown".to_owned(), |y| y.to_string());
    let identity =
        format!("{}\n{}\n{}", report.id().raw(), report.source.file.raw(), report.source.sha256.raw());
    let digest = Sha256::digest(identity.as_bytes());
    let hash = hexadecimal(digest.get(..4).unwrap_or_default());
    format!("{}-{year}-{hash}.json", if name.is_empty() { "report" } else { &name })
}
