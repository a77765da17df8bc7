//! Bytes → reports and problems.
//!
//! One file per format behind [`FORMATS`]; what formats share (normalising, finding sections, placing rows)
//! has its own files. Loading never stops and never panics: bad input becomes a [`Problem`] with file, line and
//! reason, and costs no other report.

mod archive;
mod decode;
pub mod files;
mod html;
pub mod json;

mod mht;
pub mod mounts;
pub(crate) mod normalise;
mod ofd;
mod office;
pub(crate) mod ordered;
mod page;
pub mod pdf;
mod sight;
pub mod text;
mod traditional;

use std::path::Path;

use crate::display::Untrusted;
use crate::report::{Problem, Report};

/// A format that reports come in.
pub struct Format {
    /// The stable name, as in `source.format`.
    pub name: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    /// Whether the beginning of a file (up to [`files::HEAD_BYTES`]) is of this format; content decides, the name only hints.
    pub recognises: fn(head: &[u8], file: &Path) -> bool,
    /// How much of a file is one record.
    pub unit: Unit,
    /// How the source view shows a record.
    pub view: View,
    /// Reads one record.
    pub read: fn(&Record<'_>) -> Reading,
}

/// How much of a file is read at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The whole file is one record, which may hold several reports.
    File,
    /// Every line is a record of its own, so that a file may be larger than memory.
    Line,
}

/// How a record is shown to a reader.
#[derive(Debug, Clone, Copy)]
pub enum View {
    /// As it is, line by line.
    AsItIs,
    /// Laid out, with the members that the lines show.
    LaidOut,
    /// As the text that it is turned into before it is read.
    Rendered(fn(&Record<'_>) -> Result<String, Problem>),
}

/// The format of a record that holds one report.
#[must_use]
pub fn format_of(bytes: &[u8], file: &Path) -> Option<&'static Format> {
    FORMATS.iter().find(|format| (format.recognises)(bytes, file))
}

/// The characters of a text in whatever encoding, as it was read.
#[must_use]
pub fn characters(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    decode::decode(bytes, None).map_or_else(|| String::from_utf8_lossy(bytes), |(text, _)| text)
}

/// All formats, in the order in which they are tried.
pub static FORMATS: &[Format] = &[
    pdf::PDF,
    ofd::OFD,
    office::DOCX,
    office::XLSX,
    office::ODT,
    office::ODS,
    office::RTF,
    office::XLS,
    office::DOC,
    mht::MHT,
    html::HTML,
    json::LINES,
    json::DOCUMENT,
    office::CSV,
    text::TEXT,
];

/// A piece of a file that is read at once.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The file, for messages and names.
    pub file: &'a Path,
    /// The bytes of the record.
    pub bytes: &'a [u8],
    /// Where they begin in the file.
    pub offset: u64,
    /// The line of the file in which they begin, from 1.
    pub line: u32,
}

/// What one record held.
#[derive(Debug, Default)]
pub struct Reading {
    /// Its reports.
    pub reports: Vec<Located>,
    /// Why there is no report, or not all of them.
    pub problems: Vec<Problem>,
    /// Set when the record is known to be something else than a report (a list of labels, say): no problem.
    pub not_a_report: Option<&'static str>,
}

/// A report and the bytes of the file that hold it, so that it can be read again alone.
#[derive(Debug, PartialEq, Eq)]
pub struct Located {
    /// The report.
    pub report: Report,
    /// First byte in the file.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// Line of the file in which it begins, from 1.
    pub line: u32,
    /// Whether it was read from a parsed report, not from the document itself.
    pub is_parsed: bool,
    /// Whether its bytes are on one line.
    pub is_one_line: bool,
}

impl Reading {
    /// A record that could not be read.
    #[must_use]
    pub fn rejected(problem: Problem) -> Self {
        Self { problems: vec![problem], ..Self::default() }
    }
}

/// The line in which something begins that stands behind `before`, where those bytes begin in line `first`.
fn line_after(first: u32, before: &[u8]) -> u32 {
    first.saturating_add(memchr::memchr_iter(b'\n', before).count() as u32)
}

/// Bytes as hexadecimal digits.
fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|d| char::from(DIGITS[usize::from(d)])).collect()
}

/// The path as text for [`crate::report::Source::file`] and messages; bytes that are no UTF-8 are replaced.
#[must_use]
pub fn file_text(file: &Path) -> Untrusted {
    Untrusted::new(file.to_string_lossy().into_owned())
}
