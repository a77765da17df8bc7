//! Parsed reports in JSON, schema `gouji/report/1`: one object, an array of objects, or one object a line.
//!
//! Other programs may write this format, so it is read leniently and every departure is a problem with its line;
//! nothing is corrected in silence. Numbers keep their printed digits: they are read from the text of the JSON,
//! never through a float.
//!
//! **What is a report.** An object whose `schema` is `gouji/report/1` and that has at least one of the three tables,
//! or both `title` and `year` (which may be null). Without `schema`, an object with at least one of the three
//! tables, or with a title that is not empty and a year. Another schema of gouji (labels of a synthetic corpus) is
//! no report and no problem; everything else is rejected.
//!
//! **What a null stands for.** In a table, null is a blank cell. Its entry in `cells` may say otherwise:
//! `"unreadable": true` (something stood there that is no number), `"unreadable": false` (blank, whatever is printed
//! there), `"absent": true` (the document has no such cell; the null only fills the row). Without any of these, a
//! null with a printed text that is no sign for nothing (`/`, `—`, 无 …) is unreadable.
//!
//! **What occurs twice.** Of a member that occurs twice the first stands; of figures given twice, those that differ
//! are unreadable. Both are reported.

mod glance;
mod layout;
mod line;
mod member_lines;
mod members;
mod name;
mod plain;
mod pretty;
mod read;
mod scan;
mod schema;
mod tables;
mod write;

pub use glance::{CellSet, Glimpse, glance};
pub use member_lines::{MemberLines, member_lines};
pub use name::file_name;
pub use pretty::{PrettyLine, pretty};
pub use schema::schema;
pub use write::to_line;

use std::path::Path;

use super::{Format, Unit, View};
use scan::{Kind, Scanner};

/// The name of the schema.
pub const SCHEMA: &str = "gouji/report/1";

/// Other schemas of gouji, whose objects are no reports and no problem, and what they are.
const OTHER_SCHEMAS: &[(&str, &str)] = &[("gouji/label/1", "labels")];

/// One report a line.
pub const LINES: Format = Format {
    name: "jsonl",
    about: "parsed reports, one JSON object a line",
    recognises: is_lines,
    unit: Unit::Line,
    view: View::LaidOut,
    read: read::read,
};

/// One report, or an array of reports.
pub const DOCUMENT: Format = Format {
    name: "json",
    about: "a parsed report, or an array of them",
    recognises: is_document,
    unit: Unit::File,
    view: View::LaidOut,
    read: read::read,
};

/// The content without what may stand before it.
fn content(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
}

fn is_named(file: &Path, endings: &[&str]) -> bool {
    file.extension().is_some_and(|e| endings.iter().any(|ending| e.eq_ignore_ascii_case(ending)))
}

/// JSON Lines: the first line is a whole object and more lines follow, or the file is called so and begins like one.
fn is_lines(head: &[u8], file: &Path) -> bool {
    let content = content(head);
    if !content.starts_with(b"{") {
        return false;
    }
    if is_named(file, &["jsonl", "ndjson"]) {
        return true;
    }
    let Some(end) = memchr::memchr(b'\n', content) else { return false };
    let (first, rest) = content.split_at(end);
    !rest.trim_ascii_start().is_empty() && is_whole(first, Kind::Object)
}

/// Whether `bytes` are one value of that kind and nothing else.
fn is_whole(bytes: &[u8], kind: Kind) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut scanner = Scanner::new(text);
    scanner.kind() == Ok(kind) && scanner.skip().is_ok() && scanner.end().is_ok()
}

/// A bracket, and behind it what JSON can have there: a line of text may begin with `[2024]` or `{` too, but what is
/// called `.json` is judged as JSON, so that it is told what is wrong with it.
fn is_document(head: &[u8], file: &Path) -> bool {
    let content = content(head);
    let is_called_so = || is_named(file, &["json", "jsonl", "ndjson"]);
    let Some((bracket @ (b'{' | b'['), rest)) = content.split_first() else {
        let kinds = [Kind::Null, Kind::Boolean, Kind::Number, Kind::String];
        return is_called_so() && kinds.into_iter().any(|kind| is_whole(content, kind));
    };
    match (bracket, rest.trim_ascii_start().first()) {
        (_, None)
        | (b'{', Some(b'"' | b'}'))
        | (b'[', Some(b'{' | b'[' | b']' | b'"' | b'n' | b't' | b'f')) => true,
        _ => is_called_so(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formats_are_told_by_their_content() {
        let cases: &[(&str, &str, Option<&str>)] = &[
            ("{\"a\":1}\n{\"b\":2}\n", "x.txt", Some("jsonl")),
            ("\u{feff}\n{\"a\":1}\r\n\n{\"b\":2}\n", "x", Some("jsonl")),
            ("{\"a\":1}\n", "x.json", Some("json")),
            ("{\"a\":1}\n\n", "x.json", Some("json")),
            ("{\"a\":1}\n", "x.jsonl", Some("jsonl")),
            ("{\"a\":1}\n", "x.NDJSON", Some("jsonl")),
            ("{broken\n{\"b\":2}\n", "x.jsonl", Some("jsonl")),
            ("{\n \"a\": 1\n}\n", "x.json", Some("json")),
            ("{\n \"a\": 1\n}\n", "x", Some("json")),
            ("[\n{}]", "x.json", Some("json")),
            ("{", "x.json", Some("json")),
            ("null", "x.json", Some("json")),
            ("null", "x.txt", None),
            ("[2024] 1 号", "x.txt", None),
            ("{a: 1}", "x.txt", None),
            ("{a: 1}", "x.json", Some("json")),
            ("新县2024年政府信息公开工作年度报告", "x.json", None),
            ("", "x.json", None),
        ];
        for (text, name, want) in cases {
            let (head, file) = (text.as_bytes(), Path::new(name));
            let found = [&LINES, &DOCUMENT].into_iter().find(|format| (format.recognises)(head, file));
            assert_eq!(found.map(|format| format.name), *want, "{text} in {name}");
        }
    }
}
