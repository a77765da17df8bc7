//! Parsed reports in JSON, schema `gouji/report/1`: one object, an array of objects, or one object a line.
//!
//! Other programs may write this format, so it is read leniently and every departure is a problem with its line;
//! nothing is corrected in silence. Numbers keep their printed digits: they are read from the text of the JSON,
//! never through a float.

mod pretty;
mod raw;
mod read;
mod schema;
mod write;

pub use pretty::{PrettyLine, pretty};
pub use schema::schema;
pub use write::{file_name, to_line};

use std::path::Path;

use super::{Format, Unit};

/// The name of the schema.
pub const SCHEMA: &str = "gouji/report/1";

/// One report a line.
pub const LINES: Format = Format {
    name: "jsonl",
    about: "parsed reports, one JSON object a line",
    recognises: is_lines,
    unit: Unit::Line,
    read: read::read,
};

/// One report, or an array of reports.
pub const DOCUMENT: Format = Format {
    name: "json",
    about: "a parsed report, or an array of them",
    recognises: |head, _| matches!(first_byte(head), Some(b'{' | b'[')),
    unit: Unit::File,
    read: read::read,
};

fn first_byte(head: &[u8]) -> Option<u8> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.iter().copied().find(|b| !b.is_ascii_whitespace())
}

/// JSON Lines: the first line is a whole object and another line follows, or the file is called so.
fn is_lines(head: &[u8], file: &Path) -> bool {
    let named = |end: &str| file.extension().is_some_and(|e| e.eq_ignore_ascii_case(end));
    if named("jsonl") || named("ndjson") {
        return true;
    }
    if first_byte(head) != Some(b'{') {
        return false;
    }
    let mut lines = head.split(|b| *b == b'\n').filter(|l| !l.iter().all(u8::is_ascii_whitespace));
    let is_object = |line: &[u8]| {
        line.trim_ascii_start().first() == Some(&b'{') && line.trim_ascii_end().last() == Some(&b'}')
    };
    lines.next().is_some_and(is_object)
        && lines.next().is_some_and(|second| second.trim_ascii_start().first() == Some(&b'{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_lines_are_told_from_one_object() {
        let cases: &[(&str, &str, bool)] = &[
            ("{\"a\":1}\n{\"b\":2}\n", "x.txt", true),
            ("{\"a\":1}\n", "x.json", false),
            ("{\"a\":1}\n", "x.jsonl", true),
            ("{\n \"a\": 1\n}\n", "x.json", false),
            ("[{}]", "x.json", false),
        ];
        for (text, name, want) in cases {
            assert_eq!(is_lines(text.as_bytes(), Path::new(name)), *want, "{text}");
        }
    }
}
