//! A Markdown table for each sheet.

use std::io::{self, Write};

use super::{GridFormat, GridWriter, Kind, Sheet, Value, shown};

pub(super) const MARKDOWN: GridFormat = GridFormat {
    extension: "md",
    has_sheets: true,
    is_binary: false,
    writer: || Box::new(Markdown { is_begun: false }),
};

struct Markdown {
    is_begun: bool,
}

impl GridWriter for Markdown {
    fn begin(&mut self, out: &mut dyn Write, sheet: &Sheet<'_>) -> io::Result<()> {
        if self.is_begun {
            writeln!(out)?;
        }
        self.is_begun = true;
        if !sheet.name.is_empty() {
            writeln!(out, "## {}\n", cell(&sheet.name))?;
        }
        let heads: Vec<Value<'_>> =
            sheet.columns.iter().map(|column| Value::text(column.head(sheet.lang))).collect();
        self.row(out, &heads)?;
        let rule = |kind| if kind == Kind::Text { "---|" } else { "---:|" };
        let rules: String = sheet.columns.iter().map(|column| rule(column.kind)).collect();
        writeln!(out, "|{rules}")
    }

    fn row(&mut self, out: &mut dyn Write, values: &[Value<'_>]) -> io::Result<()> {
        let mut line = String::from("|");
        for value in values {
            match value {
                Value::Empty => line.push(' '),
                Value::Text(text) => line.push_str(&format!(" {} ", cell(text))),
                Value::Whole(number) => line.push_str(&format!(" {number} ")),
                Value::Number(number) => line.push_str(&format!(" {number} ")),
            }
            line.push('|');
        }
        writeln!(out, "{line}")
    }

    fn finish(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Text in which no character means anything to Markdown or HTML, on one line.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in shown(text).trim().chars() {
        match c {
            '\n' => out.push_str("<br>"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '!' | '#' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_a_row_or_becomes_markup() {
        assert_eq!(
            cell("a|b\n<script>[x](y) ![z](w)`\u{1b}"),
            "a\\|b<br>&lt;script&gt;\\[x\\](y) \\!\\[z\\](w)\\`^\\["
        );
    }
}
