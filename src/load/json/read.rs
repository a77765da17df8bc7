//! JSON → report.

use serde_json::value::RawValue;

use super::SCHEMA;
use super::raw::{Kind, Object, elements, kind, string};
use crate::display::Untrusted;
use crate::load::text::is_blank_sign;
use crate::load::{Located, Reading, Record, line_after};
use crate::report::template::Block;
use crate::report::{
    CellId, Figure, Number, Printed, Problem, ProblemCode, Report, Section, TableId, TemplateId, Unit,
};

/// Other schemas of gouji, whose objects are no reports and no problem.
const OTHER_SCHEMAS: &[&str] = &["gouji/label/1"];

/// Reads an object, or an array of objects.
///
/// An object is a report if it has one of the three tables, or a title and a year.
pub(super) fn read(record: &Record<'_>) -> Reading {
    let (bytes, skipped) = match record.bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (rest, 3),
        None => (record.bytes, 0),
    };
    let rejected = |code, line: u32, detail: String| {
        Reading::rejected(Problem { code, at: Untrusted::default(), line, detail: detail.into() })
    };
    let whole = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = line_after(record.line, before);
            return rejected(ProblemCode::NotUtf8, line, format!("byte {}", error.valid_up_to()));
        }
    };
    let value: &RawValue = match serde_json::from_str(whole) {
        Ok(value) => value,
        Err(error) => {
            // serde_json counts lines from 1 and says where in words; the place is ours to give.
            let line = record.line + (error.line() as u32).saturating_sub(1);
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or(&reason);
            return rejected(ProblemCode::NotJson, line, format!("column {}: {reason}", error.column()));
        }
    };
    let source = Text { whole, first_line: record.line, offset: record.offset + skipped };
    let mut reading = Reading::default();
    match kind(value.get()) {
        Kind::Array => {
            for element in elements(value.get()).unwrap_or_default() {
                read_object(&source, element, &mut reading);
            }
        }
        _ => read_object(&source, value.get(), &mut reading),
    }
    reading
}

/// The text that everything is a piece of.
struct Text<'a> {
    whole: &'a str,
    first_line: u32,
    offset: u64,
}

impl Text<'_> {
    /// Where a piece begins, in bytes.
    fn at(&self, piece: &str) -> usize {
        (piece.as_ptr() as usize).saturating_sub(self.whole.as_ptr() as usize)
    }

    fn line(&self, piece: &str) -> u32 {
        let before = self.whole.as_bytes().get(..self.at(piece)).unwrap_or_default();
        line_after(self.first_line, before)
    }

    fn problem(&self, code: ProblemCode, at: &str, piece: &str, detail: impl Into<String>) -> Problem {
        Problem { code, at: at.into(), line: self.line(piece), detail: Untrusted::new(detail) }
    }
}

fn read_object(source: &Text<'_>, json: &str, reading: &mut Reading) {
    let Ok(Object(members)) = serde_json::from_str::<Object<'_>>(json) else {
        let detail = kind(json).name();
        reading.problems.push(source.problem(ProblemCode::NotAReport, "", json, detail));
        return;
    };
    let member = |name: &str| members.iter().find(|(key, _)| key == name).map(|(_, value)| value.get());
    let schema = member("schema").and_then(string);
    if schema.as_deref().is_some_and(|s| OTHER_SCHEMAS.contains(&s)) {
        reading.not_a_report = Some("labels");
        return;
    }
    let has_table = TableId::ALL.iter().any(|table| member(table.name()).is_some());
    let is_named = member("title").is_some() && member("year").is_some();
    if schema.as_deref().is_some_and(|s| s != SCHEMA) || !(has_table || is_named) {
        reading.problems.push(source.problem(ProblemCode::NotAReport, "", json, schema.unwrap_or_default()));
        return;
    }
    let mut reader = Reader { source, report: Report::default(), stated: Vec::new() };
    for (i, (key, value)) in members.iter().enumerate() {
        match members.iter().take(i).find(|(other, _)| other == key) {
            None => reader.member(key, value.get()),
            Some((_, first)) => reader.repeated(key, first.get(), value.get()),
        }
    }
    reader.finish();
    let mut report = reader.report;
    report.problems.extend(reader.stated);
    let located = Located {
        report,
        offset: source.offset + source.at(json) as u64,
        length: json.len() as u64,
        line: source.line(json),
        is_parsed: true,
    };
    reading.reports.push(located);
}

/// A report that is being read.
struct Reader<'a> {
    source: &'a Text<'a>,
    report: Report,
    /// The problems that the object itself lists; they come after those of reading it.
    stated: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, code: ProblemCode, at: &str, piece: &str, detail: impl Into<String>) {
        let problem = self.source.problem(code, at, piece, detail);
        self.report.problems.push(problem);
    }

    fn wrong_type(&mut self, at: &str, piece: &str, wanted: &str) {
        let found = kind(piece).name();
        self.problem(ProblemCode::WrongType, at, piece, format!("{wanted}, not {found}"));
    }

    /// A string, or nothing and a problem; null stands for nothing.
    fn text(&mut self, at: &str, json: &str) -> Option<Untrusted> {
        match kind(json) {
            Kind::Null => None,
            Kind::String => string(json).map(Untrusted::new),
            _ => {
                self.wrong_type(at, json, "string");
                None
            }
        }
    }

    fn object<'j>(&mut self, at: &str, json: &'j str) -> Vec<(std::borrow::Cow<'j, str>, &'j RawValue)> {
        if let Ok(Object(members)) = serde_json::from_str::<Object<'j>>(json) {
            members
        } else {
            if kind(json) != Kind::Null {
                self.wrong_type(at, json, "object");
            }
            Vec::new()
        }
    }

    fn member(&mut self, key: &str, json: &str) {
        match key {
            "schema" => {}
            "id" => self.report.stated_id = self.text(key, json),
            "title" => self.report.title = self.text(key, json).unwrap_or_default(),
            "agency" => self.report.agency = self.text(key, json).unwrap_or_default(),
            "county" => self.report.county = self.text(key, json),
            "county_code" => self.report.county_code = self.text(key, json),
            "city" => self.report.city = self.text(key, json),
            "province" => self.report.province = self.text(key, json),
            "year" => self.year(json),
            "template" => self.template(json),
            "synthetic" => match json {
                "true" | "false" => self.report.synthetic = json == "true",
                _ => self.wrong_type(key, json, "boolean"),
            },
            "source" => self.source_of(json),
            "sections" => self.sections(json),
            "cells" => self.cells(json),
            "problems" => self.problems(json),
            _ => match TableId::ALL.iter().find(|table| table.name() == key) {
                Some(table) => self.table(*table, json),
                None => self.problem(ProblemCode::UnknownField, key, json, ""),
            },
        }
    }

    /// A member that came before: the first one stands if both say the same, else a table cannot be believed.
    fn repeated(&mut self, key: &str, first: &str, second: &str) {
        self.problem(ProblemCode::DuplicateKey, key, second, if first == second { "same value" } else { "" });
        if let Some(table) = TableId::ALL.iter().find(|t| t.name() == key).filter(|_| first != second) {
            let cells: Vec<CellId> = self.report.figures.present(*table).map(|(cell, _)| cell).collect();
            for cell in cells {
                self.unreadable(cell, second, "");
            }
        }
    }

    fn year(&mut self, json: &str) {
        match json.parse::<u16>() {
            Ok(year @ 1990..=2100) => self.report.year = Some(year),
            _ if kind(json) == Kind::Null => {}
            _ => self.wrong_type("year", json, "a year from 1990 to 2100"),
        }
    }

    fn template(&mut self, json: &str) {
        let Some(text) = self.text("template", json) else { return };
        self.report.template = TemplateId::parse(text.raw());
        if self.report.template.is_none() {
            self.problem(ProblemCode::WrongType, "template", json, "\"2019\" or \"2021\"");
        }
    }

    fn source_of(&mut self, json: &str) {
        // Some writers give the name of the file alone.
        if kind(json) == Kind::String {
            self.report.source.file = self.text("source", json).unwrap_or_default();
            return;
        }
        for (key, value) in self.object("source", json) {
            let at = format!("source.{key}");
            match &*key {
                "file" => self.report.source.file = self.text(&at, value.get()).unwrap_or_default(),
                "format" => self.report.source.format = self.text(&at, value.get()).unwrap_or_default(),
                "sha256" => self.report.source.sha256 = self.text(&at, value.get()).unwrap_or_default(),
                _ => self.problem(ProblemCode::UnknownField, &at, value.get(), ""),
            }
        }
    }

    fn list<'j>(&mut self, at: &str, json: &'j str) -> Vec<&'j str> {
        match (kind(json), elements(json)) {
            (Kind::Array, Some(list)) => list,
            (Kind::Null, _) => Vec::new(),
            _ => {
                self.wrong_type(at, json, "array");
                Vec::new()
            }
        }
    }

    fn sections(&mut self, json: &str) {
        for (i, item) in self.list("sections", json).into_iter().enumerate() {
            let mut section =
                Section { number: 0, title: Untrusted::default(), text: Untrusted::default(), line: 0 };
            for (key, value) in self.object(&format!("sections.{i}"), item) {
                let (at, value) = (format!("sections.{i}.{key}"), value.get());
                match &*key {
                    "number" => match value.parse() {
                        Ok(number @ 0..=6) => section.number = number,
                        _ => self.wrong_type(&at, value, "0 to 6"),
                    },
                    "title" => section.title = self.text(&at, value).unwrap_or_default(),
                    "text" => section.text = self.text(&at, value).unwrap_or_default(),
                    "line" => section.line = self.line_number(&at, value),
                    _ => self.problem(ProblemCode::UnknownField, &at, value, ""),
                }
            }
            self.report.sections.push(section);
        }
    }

    fn line_number(&mut self, at: &str, json: &str) -> u32 {
        json.parse().unwrap_or_else(|_| {
            self.wrong_type(at, json, "a line number");
            0
        })
    }

    fn problems(&mut self, json: &str) {
        for (i, item) in self.list("problems", json).into_iter().enumerate() {
            let mut problem = Problem {
                code: ProblemCode::Other(String::new()),
                at: Untrusted::default(),
                line: 0,
                detail: Untrusted::default(),
            };
            for (key, value) in self.object(&format!("problems.{i}"), item) {
                let (at, value) = (format!("problems.{i}.{key}"), value.get());
                match &*key {
                    "code" => {
                        problem.code = ProblemCode::parse(self.text(&at, value).unwrap_or_default().raw());
                    }
                    "where" => problem.at = self.text(&at, value).unwrap_or_default(),
                    "line" => problem.line = self.line_number(&at, value),
                    "detail" => problem.detail = self.text(&at, value).unwrap_or_default(),
                    // The sentence for people follows from the rest.
                    "message" => {}
                    _ => self.problem(ProblemCode::UnknownField, &at, value, ""),
                }
            }
            self.stated.push(problem);
        }
    }

    /// A table: rows of figures, or for table 2 one figure a member.
    fn table(&mut self, table: TableId, json: &str) {
        let members = self.object(table.name(), json);
        for (i, (key, value)) in members.iter().enumerate() {
            let at = format!("{}.{key}", table.name());
            let value = value.get();
            let first = members.iter().take(i).find(|(other, _)| other == key).map(|(_, first)| first.get());
            if let Some(first) = first {
                self.problem(
                    ProblemCode::DuplicateKey,
                    &at,
                    value,
                    if first == value { "same value" } else { "" },
                );
                if first != value {
                    let in_place = |c: &CellId| c.name() == at || c.name().starts_with(&format!("{at}."));
                    CellId::all().filter(in_place).for_each(|cell| self.unreadable(cell, value, value));
                }
                continue;
            }
            match (table, &**key) {
                (TableId::Disclosure, "procurement.unit") => {
                    self.report.procurement_unit = self.unit(&at, value);
                }
                (TableId::Disclosure, "fees.unit") => self.report.fees_unit = self.unit(&at, value),
                (TableId::Disclosure, _) => match CellId::parse(&at) {
                    Some(cell) => self.figure(cell, value),
                    None => self.problem(ProblemCode::UnknownField, &at, value, ""),
                },
                _ => self.row(table, &at, key, value),
            }
        }
    }

    fn unit(&mut self, at: &str, json: &str) -> Option<Unit> {
        let text = self.text(at, json)?;
        let unit = Unit::parse(text.raw());
        if unit.is_none() {
            self.problem(ProblemCode::WrongType, at, json, text.raw());
        }
        unit
    }

    fn row(&mut self, table: TableId, at: &str, key: &str, json: &str) {
        let Some(block) = block_of(table, key) else {
            self.problem(ProblemCode::UnknownField, at, json, "");
            return;
        };
        let cells: Vec<CellId> =
            block.columns.iter().filter_map(|c| CellId::find(table, key, c.key)).collect();
        let values = self.list(at, json);
        if values.len() == cells.len() {
            cells.into_iter().zip(values).for_each(|(cell, value)| self.figure(cell, value));
            return;
        }
        if kind(json) == Kind::Array {
            self.problem(
                ProblemCode::WrongType,
                at,
                json,
                format!("{} values, not {}", cells.len(), values.len()),
            );
        }
        // Which of the columns the values belong to cannot be told.
        for cell in cells {
            self.unreadable(cell, json, "");
        }
    }

    fn unreadable(&mut self, cell: CellId, piece: &str, text: &str) {
        self.report.figures.set(cell, Figure::Unreadable);
        let line = self.source.line(piece);
        self.report.printed.insert(cell, Printed { line, text: Untrusted::new(text) });
    }

    fn figure(&mut self, cell: CellId, json: &str) {
        let figure = match kind(json) {
            Kind::Null => Figure::Blank,
            Kind::Number => {
                if let Some(number) = Number::parse(json) {
                    Figure::Number(number)
                } else {
                    self.problem(ProblemCode::NotANumber, cell.name(), json, json);
                    return self.unreadable(cell, json, json);
                }
            }
            Kind::String | Kind::Object | Kind::Array | Kind::Bool => {
                self.wrong_type(cell.name(), json, "number or null");
                let text = string(json).unwrap_or_else(|| json.to_owned());
                return self.unreadable(cell, json, &text);
            }
        };
        self.report.figures.set(cell, figure);
    }

    /// How the figures were printed. A blank cell with something printed in it is unreadable.
    fn cells(&mut self, json: &str) {
        for (name, value) in self.object("cells", json) {
            let at = format!("cells.{name}");
            let Some(cell) = CellId::parse(&name) else {
                self.problem(ProblemCode::UnknownField, &at, value.get(), "");
                continue;
            };
            let mut printed = Printed { line: 0, text: Untrusted::default() };
            for (key, value) in self.object(&at, value.get()) {
                let (at, value) = (format!("{at}.{key}"), value.get());
                match &*key {
                    "line" => printed.line = self.line_number(&at, value),
                    "text" => printed.text = self.text(&at, value).unwrap_or_default(),
                    "unreadable" if value == "true" => self.report.figures.set(cell, Figure::Unreadable),
                    "unreadable" if value == "false" => {}
                    _ => self.problem(ProblemCode::UnknownField, &at, value, ""),
                }
            }
            self.report.printed.insert(cell, printed);
        }
    }

    /// What can only be said when all members are known, whatever their order.
    fn finish(&mut self) {
        for (cell, printed) in &self.report.printed {
            let text = printed.text.raw().trim();
            if self.report.figures.get(*cell) == Figure::Blank && !text.is_empty() && !is_blank_sign(text) {
                self.report.figures.set(*cell, Figure::Unreadable);
            }
        }
    }
}

fn block_of(table: TableId, row: &str) -> Option<&'static Block> {
    CellId::all().find(|cell| cell.table() == table && cell.row().key == row).map(CellId::block)
}
