//! Workbooks as office programs open them: the head frozen with filters, columns as wide as their text needs.

use std::collections::HashSet;
use std::io::{self, Write};

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Column, GridFormat, GridWriter, Sheet, Value, is_formula, shown};
use crate::display::{self, Lang};
use crate::report::Number;

pub(super) const XLSX: GridFormat =
    GridFormat { extension: "xlsx", has_sheets: true, is_binary: true, writer: || Box::new(Xlsx::new()) };

/// Rows of a sheet, the head included.
const MAX_ROWS: u32 = 1_048_576;

/// The longest text of a cell, in units of UTF-16.
const MAX_TEXT: usize = 32_767;

/// The longest name of a sheet, in units of UTF-16.
const MAX_NAME: usize = 31;

/// Digits that a number of a workbook can hold.
const MAX_DIGITS: usize = 15;

struct Xlsx {
    workbook: Workbook,
    columns: Vec<Column>,
    lang: Lang,
    name: String,
    used: HashSet<String>,
    /// The widest text of each column so far.
    widths: Vec<usize>,
    /// The sheet being written, and its next row.
    at: Option<(usize, u32)>,
    formats: Formats,
}

/// How cells look.
struct Formats {
    head: Format,
    text: Format,
    /// Text that a program may take for a formula once somebody edits it.
    quoted: Format,
    number: Format,
}

impl Formats {
    fn new() -> Self {
        let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        Self {
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(0x00E7_EEF7)
                .set_border_bottom(FormatBorder::Thin),
            quoted: text.clone().set_quote_prefix(),
            text,
            number: Format::new().set_align(FormatAlign::Top),
        }
    }

    /// A number with so many decimals.
    fn decimals(&self, scale: u8) -> Format {
        self.number.clone().set_num_format(format!("0.{}", "0".repeat(usize::from(scale))))
    }
}

impl Xlsx {
    fn new() -> Self {
        Self {
            workbook: Workbook::new(),
            columns: Vec::new(),
            lang: Lang::Zh,
            name: String::new(),
            used: HashSet::new(),
            widths: Vec::new(),
            at: None,
            formats: Formats::new(),
        }
    }

    fn open(&mut self) -> Result<(), XlsxError> {
        self.close()?;
        let name = sheet_name(&self.name, &mut self.used);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        for (i, column) in (0..).zip(&self.columns) {
            sheet.write_string_with_format(0, i, column.head(self.lang), &self.formats.head)?;
        }
        // The arrow of the filter stands beside the head.
        self.widths = self.columns.iter().map(|column| display::width(column.head(self.lang)) + 3).collect();
        self.at = Some((self.at.map_or(0, |(sheet, _)| sheet + 1), 1));
        Ok(())
    }

    /// Gives the sheet its widths and filters, which only its rows can tell.
    fn close(&mut self) -> Result<(), XlsxError> {
        let (Some((sheet, rows)), Some(last)) = (self.at, self.columns.len().checked_sub(1)) else {
            return Ok(());
        };
        let sheet = self.workbook.worksheet_from_index(sheet)?;
        sheet.autofilter(0, 0, rows - 1, last as u16)?;
        for (i, (column, width)) in (0..).zip(self.columns.iter().zip(&self.widths)) {
            let widest = usize::from(column.widest).max(display::width(column.head(self.lang)) + 3);
            sheet.set_column_width(i, (width + 1).min(widest) as u16)?;
        }
        Ok(())
    }

    fn write_row(&mut self, values: &[Value<'_>]) -> Result<(), XlsxError> {
        if self.at.is_none_or(|(_, row)| row >= MAX_ROWS) {
            self.open()?;
        }
        let Some((index, row)) = self.at else { return Ok(()) };
        let sheet = self.workbook.worksheet_from_index(index)?;
        for (i, value) in (0..).zip(values) {
            let width = write_cell(sheet, (row, i), value, &self.formats)?;
            if let Some(widest) = self.widths.get_mut(usize::from(i)) {
                *widest = (*widest).max(width);
            }
        }
        self.at = Some((index, row + 1));
        Ok(())
    }
}

/// Writes a cell, and says how wide it is.
fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &Value<'_>,
    formats: &Formats,
) -> Result<usize, XlsxError> {
    let mut number = |number: Number| {
        let digits = number.to_string();
        let format = if number.scale() == 0 { &formats.number } else { &formats.decimals(number.scale()) };
        match digits.parse::<f64>() {
            Ok(value) if digits.bytes().filter(u8::is_ascii_digit).count() <= MAX_DIGITS => {
                sheet.write_number_with_format(row, column, value, format)?;
            }
            // A workbook would round it: its digits matter more than that it can be added up.
            _ => {
                sheet.write_string_with_format(row, column, digits.as_str(), &formats.text)?;
            }
        }
        Ok(digits.len())
    };
    match value {
        Value::Empty => Ok(0),
        Value::Whole(n) => number(Number::whole(*n)),
        Value::Number(n) => number(*n),
        Value::Text(text) => {
            let text = cut_at(&shown(text), MAX_TEXT);
            let format = if is_formula(&text) { &formats.quoted } else { &formats.text };
            sheet.write_string_with_format(row, column, text.as_str(), format)?;
            Ok(text.lines().map(display::width).max().unwrap_or(0))
        }
    }
}

impl GridWriter for Xlsx {
    fn begin(&mut self, _: &mut dyn Write, sheet: &Sheet<'_>) -> io::Result<()> {
        self.close().map_err(io::Error::other)?;
        self.columns = sheet.columns.to_vec();
        self.lang = sheet.lang;
        self.name = sheet.name.clone().into_owned();
        self.open().map_err(io::Error::other)
    }

    fn row(&mut self, _: &mut dyn Write, values: &[Value<'_>]) -> io::Result<()> {
        self.write_row(values).map_err(io::Error::other)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.close().map_err(io::Error::other)?;
        out.write_all(&self.workbook.save_to_buffer().map_err(io::Error::other)?)
    }
}

/// Text of at most so many units of UTF-16.
fn cut_at(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let fits = |c: &char| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// A name that a sheet may have and that no other sheet of the workbook has.
fn sheet_name(wanted: &str, used: &mut HashSet<String>) -> String {
    let visible = display::visible(wanted);
    let legal: String = visible.chars().map(|c| if "[]:*?/\\".contains(c) { '-' } else { c }).collect();
    let legal = legal.trim_matches(|c: char| c == '\'' || c.is_whitespace());
    // Office programs keep this name for themselves.
    let is_kept = legal.is_empty() || legal.eq_ignore_ascii_case("history");
    let legal = if is_kept { format!("{legal}-") } else { legal.to_owned() };
    let numbered = |n: u32| {
        let end = if n > 1 { format!(" ({n})") } else { String::new() };
        cut_at(&legal, MAX_NAME - end.len()) + &end
    };
    let is_new = |name: &String| used.insert(name.to_lowercase());
    (1..=u32::MAX).map(numbered).find(is_new).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sheets_have_names_that_are_legal_and_their_own() {
        let long = "青".repeat(40);
        let mut used = HashSet::new();
        let wanted =
            ["新县", "新县", "a/b:c*?[d]\\", "History", "", "'x'", &long, &long, "ABC", "abc", "\u{202e}新"];
        let names: Vec<String> = wanted.iter().map(|name| sheet_name(name, &mut used)).collect();
        assert_eq!(
            names,
            [
                "新县",
                "新县 (2)",
                "a-b-c---d--",
                "History-",
                "-",
                "x",
                &format!("{}…", "青".repeat(30)),
                &format!("{}… (2)", "青".repeat(26)),
                "ABC",
                "abc (2)",
                "<U+202E>新"
            ]
        );
    }

    proptest! {
        #[test]
        fn any_text_names_a_sheet(names in proptest::collection::vec("\\PC{0,40}|.*|[\u{10000}-\u{10050}]{0,40}", 1..8)) {
            let mut used = HashSet::new();
            let mut workbook = Workbook::new();
            for name in &names {
                let name = sheet_name(name, &mut used);
                prop_assert!(workbook.add_worksheet().set_name(&name).is_ok(), "{name:?}");
            }
            prop_assert!(workbook.save_to_buffer().is_ok());
        }
    }
}
