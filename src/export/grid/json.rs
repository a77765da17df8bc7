//! Rows as JSON objects: one array, or one object a line. Text is exact, numbers have their printed digits.

use std::io::{self, Write};

use super::{GridFormat, GridWriter, Sheet, Value};
use crate::display;

pub(super) const JSON: GridFormat = GridFormat {
    extension: "json",
    has_sheets: false,
    is_binary: false,
    writer: || Box::new(Json { is_array: true, keys: Vec::new(), rows: 0 }),
};

pub(super) const JSONL: GridFormat = GridFormat {
    extension: "jsonl",
    has_sheets: false,
    is_binary: false,
    writer: || Box::new(Json { is_array: false, keys: Vec::new(), rows: 0 }),
};

struct Json {
    is_array: bool,
    keys: Vec<&'static str>,
    rows: u64,
}

impl GridWriter for Json {
    fn begin(&mut self, out: &mut dyn Write, sheet: &Sheet<'_>) -> io::Result<()> {
        self.keys = sheet.columns.iter().map(|column| column.key).collect();
        if self.is_array { out.write_all(b"[") } else { Ok(()) }
    }

    fn row(&mut self, out: &mut dyn Write, values: &[Value<'_>]) -> io::Result<()> {
        let mut line = String::new();
        if self.is_array {
            line.push_str(if self.rows > 0 { ",\n" } else { "\n" });
        }
        self.rows += 1;
        for (i, (key, value)) in self.keys.iter().zip(values).enumerate() {
            line.push(if i == 0 { '{' } else { ',' });
            line.push_str(&serde_json::to_string(key)?);
            line.push(':');
            match value {
                Value::Empty => line.push_str("null"),
                Value::Text(text) => line.push_str(&display::escape_json(&serde_json::to_string(text)?)),
                Value::Whole(number) => line.push_str(&number.to_string()),
                Value::Number(number) => line.push_str(&number.to_string()),
            }
        }
        line.push('}');
        if !self.is_array {
            line.push('\n');
        }
        out.write_all(line.as_bytes())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.is_array { out.write_all(b"\n]\n") } else { Ok(()) }
    }
}
