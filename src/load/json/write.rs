//! Report → JSON, one line, so that reading it back gives the same report.
//!
//! What a member lacks is left out, except `title`, `agency` and `year`, whose absence would be a problem in reading.
//! Cells that are absent are left out; a row of table 3 or 4 is written if any of its cells is there. Blank and
//! unreadable cells are null, and whatever null does not say by itself is said in `cells` (see [`super`]).

use std::fmt::Write;

use super::SCHEMA;
use super::layout::LAYOUT;
use crate::display::{Lang, Untrusted, is_hidden};
use crate::load::text::is_blank_sign;
use crate::report::{CellId, Figure, KnownBy, Report, TableId};

/// The report as one JSON object on one line, without a line break at its end.
///
/// Characters that a terminal would obey or hide are written as escapes, so the text is exact and safe to print.
#[must_use]
pub fn to_line(report: &Report) -> String {
    let mut out = Members(String::with_capacity(8_192));
    out.open();
    out.text("schema", SCHEMA);
    out.known("id", report.stated_id.as_ref());
    out.text("title", report.title.raw());
    out.text("agency", report.agency.raw());
    out.known_by("agency_from", report.agency_from);
    out.known("county", report.county.as_ref());
    out.known("county_code", report.county_code.as_ref());
    out.known("city", report.city.as_ref());
    out.known("province", report.province.as_ref());
    out.name("year");
    out.0.push_str(&report.year.map_or_else(|| "null".to_owned(), |year| year.to_string()));
    out.known_by("year_from", report.year_from);
    if let Some(template) = report.template {
        out.text("template", template.name());
    }
    if report.synthetic {
        out.name("synthetic");
        out.0.push_str("true");
    }
    source(&mut out, report);
    sections(&mut out, report);
    for table in TableId::ALL {
        tables(&mut out, report, table);
    }
    cells(&mut out, report);
    problems(&mut out, report);
    out.close();
    out.0
}

/// JSON under construction.
struct Members(String);

impl Members {
    fn open(&mut self) {
        self.0.push('{');
    }

    fn close(&mut self) {
        self.0.push('}');
    }

    /// A comma, unless something was just opened.
    fn comma(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
    }

    /// The beginning of a member whose name needs no escapes.
    fn name(&mut self, name: &str) {
        self.comma();
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        quote(&mut self.0, text);
    }

    fn known(&mut self, name: &str, text: Option<&Untrusted>) {
        if let Some(text) = text {
            self.text(name, text.raw());
        }
    }

    fn known_by(&mut self, name: &str, by: Option<KnownBy>) {
        if let Some(by) = by {
            self.text(name, by.name());
        }
    }

    fn number(&mut self, name: &str, number: u32) {
        self.name(name);
        whole(&mut self.0, u64::from(number));
    }

    fn figure(&mut self, figure: Figure) {
        match figure {
            Figure::Number(number) => match u64::try_from(number.units()) {
                Ok(units) if number.scale() == 0 => whole(&mut self.0, units),
                _ => {
                    let _ = write!(self.0, "{number}");
                }
            },
            Figure::Absent | Figure::Blank | Figure::Unreadable => self.0.push_str("null"),
        }
    }
}

/// Appends a whole number: a report has hundreds, most of one digit.
fn whole(out: &mut String, number: u64) {
    if number >= 10 {
        whole(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Appends `text` as a JSON string that is safe to print.
pub(super) fn quote(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\') {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut rest = text;
    // Nearly all characters are Chinese ones, which are told at once.
    let is_safe =
        |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) || !(matches!(c, '"' | '\\') || is_hidden(c));
    while let Some((plain, c)) = rest.char_indices().find(|(_, c)| !is_safe(*c)) {
        out.push_str(rest.get(..plain).unwrap_or_default());
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
        rest = rest.get(plain + c.len_utf8()..).unwrap_or_default();
    }
    out.push_str(rest);
    out.push('"');
}

fn source(out: &mut Members, report: &Report) {
    let source = &report.source;
    let texts = [("file", &source.file), ("format", &source.format), ("sha256", &source.sha256)];
    if texts.iter().all(|(_, text)| text.is_empty()) {
        return;
    }
    out.name("source");
    out.open();
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        out.text(name, text.raw());
    }
    out.close();
}

fn sections(out: &mut Members, report: &Report) {
    if report.sections.is_empty() {
        return;
    }
    out.name("sections");
    out.0.push('[');
    for section in &report.sections {
        out.comma();
        out.open();
        out.number("number", u32::from(section.number));
        out.text("title", section.title.raw());
        out.text("text", section.text.raw());
        out.number("line", section.line);
        if section.text_line > 0 {
            out.number("text_line", section.text_line);
        }
        out.close();
    }
    out.0.push(']');
}

fn tables(out: &mut Members, report: &Report, table: TableId) {
    let units = [("procurement.unit", report.procurement_unit), ("fees.unit", report.fees_unit)];
    let has_units = table == TableId::Disclosure && units.iter().any(|(_, unit)| unit.is_some());
    if !report.figures.has_table(table) && !has_units {
        return;
    }
    out.name(table.name());
    out.open();
    if table == TableId::Disclosure {
        for (name, cell) in &LAYOUT.disclosure {
            let figure = report.figures.get(*cell);
            if figure != Figure::Absent {
                out.name(name);
                out.figure(figure);
            }
        }
        for (name, unit) in units {
            if let Some(unit) = unit {
                out.text(name, unit.name());
            }
        }
    }
    for row in LAYOUT.rows(table).iter().filter(|row| is_written(report, &row.cells)) {
        out.name(row.key);
        out.0.push('[');
        for cell in &row.cells {
            out.comma();
            out.figure(report.figures.get(*cell));
        }
        out.0.push(']');
    }
    out.close();
}

/// Whether a row has any cell.
fn is_written(report: &Report, row: &[CellId]) -> bool {
    row.iter().any(|cell| report.figures.get(*cell) != Figure::Absent)
}

/// Where each figure stood, and what the nulls stand for.
fn cells(out: &mut Members, report: &Report) {
    let start = out.0.len();
    out.name("cells");
    out.open();
    let empty = out.0.len();
    for (_, cell) in &LAYOUT.disclosure {
        self::cell(out, report, *cell, false);
    }
    for row in LAYOUT.requests.iter().chain(&LAYOUT.remedies) {
        let fills_row = is_written(report, &row.cells);
        for cell in &row.cells {
            self::cell(out, report, *cell, fills_row);
        }
    }
    if out.0.len() == empty {
        out.0.truncate(start);
    } else {
        out.close();
    }
}

fn cell(out: &mut Members, report: &Report, cell: CellId, fills_row: bool) {
    let printed = report.printed.get(&cell);
    let text = printed.map_or("", |printed| printed.text.raw().trim());
    let mark = match report.figures.get(cell) {
        Figure::Unreadable => Some(("unreadable", "true")),
        Figure::Blank if !text.is_empty() && !is_blank_sign(text) => Some(("unreadable", "false")),
        Figure::Absent if fills_row => Some(("absent", "true")),
        Figure::Absent | Figure::Blank | Figure::Number(_) => None,
    };
    if printed.is_none() && mark.is_none() {
        return;
    }
    out.name(cell.name());
    out.open();
    if let Some(printed) = printed {
        out.number("line", printed.line);
        out.text("text", printed.text.raw());
    }
    if let Some((name, value)) = mark {
        out.name(name);
        out.0.push_str(value);
    }
    out.close();
}

fn problems(out: &mut Members, report: &Report) {
    if report.problems.is_empty() {
        return;
    }
    out.name("problems");
    out.0.push('[');
    for problem in &report.problems {
        out.comma();
        out.open();
        out.text("code", problem.code.name());
        out.text("where", problem.at.raw());
        out.number("line", problem.line);
        out.text("detail", problem.detail.raw());
        out.text("message", &problem.message(Lang::En));
        out.close();
    }
    out.0.push(']');
}
