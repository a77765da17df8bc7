//! Compound files: what Word and Excel of 1997 to 2003 write, and WPS with them, a small file system in a file.
//!
//! What is in it is told by its streams; .wps is .doc and .et is .xls. What opens with a password is such a file too.

use std::ffi::OsStr;
use std::io::{Cursor, Read};
use std::path::Path;

use cfb::CompoundFile;

use super::super::{Format, Reading, Record, Unit, View, text};
use super::{damaged, doc, locked, problem, too_large, xls};
use crate::report::{Problem, ProblemCode};

/// Documents of Word 97 to 2003.
pub(in crate::load) const DOC: Format = Format {
    name: "doc",
    about: "a document of Word 97 to 2003 (.doc, .wps)",
    recognises: |head, _| head.starts_with(MAGIC),
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

/// Workbooks of Excel 97 to 2003.
pub(in crate::load) const XLS: Format = Format {
    name: "xls",
    about: "a workbook of Excel 97 to 2003 (.xls, .et)",
    recognises: |head, file| head.starts_with(MAGIC) && seems_workbook(head, file),
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

/// What every compound file begins with.
const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Bytes of a stream at most.
const MAX_STREAM: u64 = 64 << 20;

/// Whether a compound file looks like a workbook. Where its names are not at its beginning, its own name says so; what it
/// is indeed is seen when it is read.
fn seems_workbook(head: &[u8], file: &Path) -> bool {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(head, &wide).is_some()
    };
    let is_named = || {
        let extension = file.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
        matches!(extension.as_str(), "xls" | "xlt" | "et" | "ett")
    };
    !has("WordDocument") && (has("Workbook") || is_named())
}

fn read(record: &Record<'_>) -> Reading {
    match open(record.bytes) {
        Ok((name, text)) => text::read_rendered(record, Ok(text), name),
        Err(problem) => Reading::rejected(problem),
    }
}

fn render(record: &Record<'_>) -> Result<String, Problem> {
    open(record.bytes).map(|(_, text)| text)
}

/// The name of the format of a compound file, and its text.
fn open(bytes: &[u8]) -> Result<(&'static str, String), Problem> {
    let mut file = Compound::open(bytes)?;
    if file.has("WordDocument") {
        return Ok((DOC.name, doc::text(&mut file)?));
    }
    if let Some(name) = ["Workbook", "Book"].into_iter().find(|name| file.has(name)) {
        return Ok((XLS.name, xls::text(&file.read(name)?)?));
    }
    if file.has("EncryptedPackage") || file.has("EncryptionInfo") {
        return Err(locked());
    }
    let other = "an old Office file with neither a text nor sheets";
    Err(problem(ProblemCode::UnknownFormat, other))
}

/// A compound file in memory.
pub(super) struct Compound<'a>(CompoundFile<Cursor<&'a [u8]>>);

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        CompoundFile::open(Cursor::new(bytes)).map(Self).map_err(|error| damaged(&error.to_string()))
    }

    /// Whether there is a stream of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.is_stream(format!("/{name}"))
    }

    /// The bytes of a stream.
    pub(super) fn read(&mut self, name: &str) -> Result<Vec<u8>, Problem> {
        let broken = |error: std::io::Error| damaged(&error.to_string());
        let mut bytes = Vec::new();
        let stream = self.0.open_stream(format!("/{name}")).map_err(broken)?;
        stream.take(MAX_STREAM + 1).read_to_end(&mut bytes).map_err(broken)?;
        if bytes.len() as u64 > MAX_STREAM { Err(too_large("more text than any report")) } else { Ok(bytes) }
    }
}

/// The number in two bytes.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

/// The number in four bytes.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// The number in four bytes, as a place.
pub(super) fn place_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}
