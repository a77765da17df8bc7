//! Sheets that a program wrote as comma-separated values: merged cells are gone, the columns are still there.

use std::path::Path;

use super::super::decode::decode;
use super::super::page::Page;
use super::super::{Format, Reading, Record, Unit, View, text};
use super::sheets::Sheet;
use super::{damaged, problem, too_large};
use crate::report::{Problem, ProblemCode};

/// Comma-separated values.
pub(in crate::load) const CSV: Format = Format {
    name: "csv",
    about: "comma-separated values (.csv)",
    recognises,
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

/// Lines without that name must have so many commas each.
const LEAST_COMMAS: usize = 4;
/// So many lines must be alike.
const LEAST_LINES: usize = 4;
/// Lines of a sheet at most: what is longer is a list of something, and no report.
const MAX_LINES: usize = 20_000;

/// Whether the beginning of a file is lines of as many commas each; by its name, whether it has any.
fn recognises(head: &[u8], file: &Path) -> bool {
    if matches!(head.trim_ascii_start().first(), None | Some(b'{' | b'[' | b'<')) || head.contains(&0) {
        return false;
    }
    let is_named = file.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    let mut lines = head.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty()).peekable();
    if is_named {
        return lines.any(|line| commas(line) > 0);
    }
    // Nearly every text is told by its first line.
    let Some(first) = lines.peek().map(|line| commas(line)).filter(|count| *count >= LEAST_COMMAS) else {
        return false;
    };
    let counts: Vec<usize> = lines.map(commas).collect();
    // The last line may be cut.
    let whole = counts.split_last().map_or(&[][..], |(_, whole)| whole);
    whole.len() >= LEAST_LINES && whole.iter().all(|count| *count == first)
}

/// The commas of a line outside of quotes.
fn commas(line: &[u8]) -> usize {
    let mut is_quoted = false;
    let is_comma = |b: &&u8| {
        is_quoted ^= **b == b'"';
        **b == b',' && !is_quoted
    };
    line.iter().filter(is_comma).count()
}

fn read(record: &Record<'_>) -> Reading {
    text::read_rendered(record, render(record), CSV.name)
}

fn render(record: &Record<'_>) -> Result<String, Problem> {
    let (text, _) = decode(record.bytes, None)
        .ok_or_else(|| problem(ProblemCode::NotUtf8, "neither UTF-8 nor GB18030"))?;
    let mut lines = ::csv::ReaderBuilder::new();
    let mut lines = lines.has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    for (row, line) in (0_u32..).zip(lines.records()) {
        if row as usize >= MAX_LINES {
            return Err(too_large("more lines than any report"));
        }
        let line = line.map_err(|error| damaged(&error.to_string()))?;
        for (column, cell) in (0_u32..).zip(&line) {
            sheet.put(row, column, cell.to_owned())?;
        }
    }
    let mut page = Page::default();
    sheet.write(&mut page)?;
    Ok(page.into_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_as_many_commas_are_a_sheet() {
        let is = |text: &str, name: &str| recognises(text.as_bytes(), Path::new(name));
        let sheet = "a,,,,\n\"b,c\",1,2,3,4\nd,,,,5\ne,,,,6\nf,";
        assert!(is(sheet, "x") && is(sheet, "x.txt") && is("a,b\n", "x.CSV"));
        for text in [
            "",
            "{\"a\":1,\"b\":2}",
            "甲,乙,丙,丁,戊\n一句话\n甲,乙,丙,丁,戊\n甲,乙,丙,丁,戊\n甲,乙,丙,丁,戊",
            "a\tb\n",
        ] {
            assert!(!is(text, "x.txt"), "{text}");
        }
        assert!(!is("只有一句话", "x.csv"));
    }
}
