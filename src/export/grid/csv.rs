//! CSV as RFC 4180 has it, with a byte order mark, by which office programs know that it is UTF-8.

use std::io::{self, Write};

use super::{GridFormat, GridWriter, Sheet, Value, is_formula, shown};

pub(super) const CSV: GridFormat =
    GridFormat { extension: "csv", has_sheets: false, is_binary: false, writer: || Box::new(Csv) };

struct Csv;

impl GridWriter for Csv {
    fn begin(&mut self, out: &mut dyn Write, sheet: &Sheet<'_>) -> io::Result<()> {
        out.write_all("\u{feff}".as_bytes())?;
        let heads: Vec<Value<'_>> =
            sheet.columns.iter().map(|column| Value::text(column.head(sheet.lang))).collect();
        self.row(out, &heads)
    }

    fn row(&mut self, out: &mut dyn Write, values: &[Value<'_>]) -> io::Result<()> {
        let mut line = String::new();
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                line.push(',');
            }
            match value {
                Value::Empty => {}
                Value::Text(text) => field(&mut line, text),
                Value::Whole(number) => line.push_str(&number.to_string()),
                Value::Number(number) => line.push_str(&number.to_string()),
            }
        }
        line.push_str("\r\n");
        out.write_all(line.as_bytes())
    }

    fn finish(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Text as a field. Programs that split at semicolons or tabs, or cut off spaces, must find it whole as well.
fn field(line: &mut String, text: &str) {
    let text = shown(text);
    let is_formula = is_formula(&text);
    let is_plain = !text.contains([',', ';', '"', '\n', '\r', '\t'])
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace);
    if is_plain && !is_formula {
        line.push_str(&text);
        return;
    }
    line.push('"');
    if is_formula {
        line.push('\'');
    }
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}
