//! Rows of values under columns, and the formats that they are written in: one file for each.
//!
//! Text is never anything but text: no program that opens what is written here may run it, and no row may be broken by
//! it. Numbers are numbers, with the digits that were printed.

mod csv;
mod json;
mod markdown;
#[cfg(feature = "parquet")]
mod parquet;
mod text;
mod xlsx;

pub use text::{inert, is_formula, shown};

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::display::Lang;
use crate::report::Number;

/// What stands in one place of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value<'a> {
    /// Nothing.
    Empty,
    /// Text, of which nothing is trusted.
    Text(Cow<'a, str>),
    /// A whole number.
    Whole(i64),
    /// A number with its printed digits.
    #[serde(with = "digits")]
    Number(Number),
}

impl<'a> Value<'a> {
    /// Text; nothing if it is empty.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// How many there are.
    #[must_use]
    pub fn count(number: usize) -> Self {
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// A whole number, if there is one.
    pub fn whole(number: Option<impl Into<i64>>) -> Self {
        number.map_or(Self::Empty, |number| Self::Whole(number.into()))
    }
}

/// A number as its printed digits.
mod digits {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::Number;

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    pub(super) fn serialize<S: Serializer>(number: &Number, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Number, D::Error> {
        let text = String::deserialize(from)?;
        Number::parse(&text).ok_or_else(|| de::Error::custom("no number"))
    }
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers with their digits.
    Number,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name for programs.
    pub key: &'static str,
    /// What stands above it, in Chinese.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// The most that it is wide on a sheet, in Latin letters; longer text is broken into lines.
    pub widest: u16,
}

impl Column {
    /// A column that has one name for everybody.
    #[must_use]
    pub const fn plain(key: &'static str, kind: Kind) -> Self {
        Self { key, zh: key, en: key, kind, widest: 40 }
    }

    /// What stands above it.
    #[must_use]
    pub fn head(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }
}

/// A sheet: what its rows have in common.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// What it is called; formats without sheets leave it out.
    pub name: Cow<'a, str>,
    /// Its columns.
    pub columns: &'a [Column],
    /// The language of the heads.
    pub lang: Lang,
}

/// Something that writes rows.
pub trait GridWriter {
    /// Begins a sheet. Only formats that have sheets are asked for a second one.
    fn begin(&mut self, out: &mut dyn Write, sheet: &Sheet<'_>) -> io::Result<()>;
    /// Writes a row, with a value for every column.
    fn row(&mut self, out: &mut dyn Write, values: &[Value<'_>]) -> io::Result<()>;
    /// Writes what is left.
    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

/// A format of rows.
pub struct GridFormat {
    /// The end of the file's name that asks for it, and its name on the command line.
    pub extension: &'static str,
    /// Whether it can hold several sheets.
    pub has_sheets: bool,
    /// Whether it is no text, and belongs into a file.
    pub is_binary: bool,
    /// Something that writes it.
    pub writer: fn() -> Box<dyn GridWriter>,
}

impl GridFormat {
    /// The format of that extension.
    #[must_use]
    pub fn find(extension: &str) -> Option<&'static Self> {
        GRID_FORMATS.iter().find(|format| format.extension.eq_ignore_ascii_case(extension))
    }

    /// The format that the end of a file's name asks for.
    #[must_use]
    pub fn of(path: &Path) -> Option<&'static Self> {
        path.extension().and_then(|extension| Self::find(&extension.to_string_lossy()))
    }
}

/// All formats of rows.
pub static GRID_FORMATS: &[GridFormat] = &[
    csv::CSV,
    xlsx::XLSX,
    json::JSON,
    json::JSONL,
    markdown::MARKDOWN,
    #[cfg(feature = "parquet")]
    parquet::PARQUET,
];
