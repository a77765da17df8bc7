//! PDF files that hold their text: words and tables put together again from the places of their characters and lines.
//!
//! A PDF knows no words, rows or cells. Where lines are drawn, the cells are those of their lattice; where none are,
//! words keep their places, so that the text reader finds the columns. A file may break the parser in ways that no
//! caller can catch (no memory left, no stack left, no end): see `child`.

mod child;
mod cmap;
mod columns;
mod content;
mod document;
mod drawn;
mod font;
mod gb1;
mod ink;
mod lattice;
mod layers;
mod layout;
mod marks;
mod matrix;
mod overlap;
mod repair;
mod stacks;
mod state;
mod words;

pub use child::{ARGUMENT, serve, use_program};
pub(super) use drawn::{DrawnPage, text_of_drawn};

use marks::Marks;

use super::{Format, Reading, Record, Unit, View, text};
use crate::display::Untrusted;
use crate::report::{Problem, ProblemCode};

/// PDF files.
pub(super) const PDF: Format = Format {
    name: "pdf",
    about: "a PDF file with its text",
    recognises: |head, _| is_pdf(head),
    unit: Unit::File,
    view: View::Rendered(child::render),
    read,
};

/// Where the mark of a PDF may stand at the latest.
const MAX_BEFORE: usize = 1_024;
/// The text of a PDF at most.
const MAX_TEXT_BYTES: usize = 8 << 20;

fn is_pdf(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(MAX_BEFORE)).unwrap_or_default();
    // In the middle of a line it is text about PDFs.
    head.split(|b| matches!(b, b'\n' | b'\r'))
        .any(|line| line.starts_with(b"%PDF-") || line.starts_with(b"\xef\xbb\xbf%PDF-"))
}

fn read(record: &Record<'_>) -> Reading {
    let content = child::content(record);
    let (rendered, notes) = match content {
        Ok(content) => (Ok(content.text), content.notes),
        Err(problem) => (Err(problem), Vec::new()),
    };
    let mut reading = text::read_rendered(record, rendered, PDF.name);
    for located in &mut reading.reports {
        let notes = notes.iter().map(|code| problem(code.clone(), ""));
        // They are about the whole file, which has no line.
        located.report.problems.splice(0..0, notes);
    }
    reading
}

/// What a PDF says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Content {
    /// Its text.
    text: String,
    /// What must be known of the whole of it.
    notes: Vec<ProblemCode>,
}

/// Why a PDF has no text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Failure {
    /// It cannot be opened without a password.
    Encrypted,
    /// Its pages are images.
    Scanned,
    /// Its pages are empty.
    Empty,
    /// It has characters, but does not say which.
    Unmapped,
    /// It has more of something than any report.
    TooLarge(&'static str),
    /// The parser says that it is broken.
    Broken(String),
}

impl Failure {
    fn problem(&self) -> Problem {
        let (code, detail) = match self {
            Self::Encrypted => (ProblemCode::Unreadable, "PDF with a password: save it without one"),
            Self::Scanned => {
                (ProblemCode::Unreadable, "scanned PDF, no text layer: run text recognition (OCR) first")
            }
            Self::Empty => (ProblemCode::NotAReport, "PDF without any text"),
            Self::Unmapped => {
                (ProblemCode::Unreadable, "PDF whose text cannot be copied: run text recognition (OCR) first")
            }
            Self::TooLarge(what) => (ProblemCode::TooLarge, *what),
            Self::Broken(what) => {
                return problem(ProblemCode::Unreadable, &format!("broken PDF, fetch it again: {what}"));
            }
        };
        problem(code, detail)
    }
}

fn problem(code: ProblemCode, detail: &str) -> Problem {
    Problem { code, at: Untrusted::default(), line: 0, detail: Untrusted::new(detail) }
}

/// What a PDF says, parsed here.
fn content_of(bytes: &[u8]) -> Result<Content, Failure> {
    let document::Pages { marks: mut pages, is_damaged } = document::pages(bytes)?;
    let mut is_recognised = false;
    for page in &mut pages {
        is_recognised |= take_recognised(page);
    }
    let count = |of: fn(&Marks) -> usize| pages.iter().map(of).sum::<usize>();
    let turned = |p: &Marks| p.turned.iter().map(|turned| turned.marks.glyphs.len()).sum::<usize>();
    let known = count(|p| p.glyphs.len()) + pages.iter().map(turned).sum::<usize>();
    let (unknown, images) = (count(|p| p.unknown), count(|p| p.images));
    if unknown > known {
        return Err(Failure::Unmapped);
    }
    // A few characters beside images are page numbers, or the stamp of a scanner.
    if images >= pages.len() && known < pages.len() * FEW {
        return Err(Failure::Scanned);
    }
    if known == 0 {
        return Err(Failure::Empty);
    }
    overlap::settle(&mut pages);
    let text = layout::text(pages.into_iter().map(columns::split).collect());
    if text.len() > MAX_TEXT_BYTES {
        return Err(Failure::TooLarge("more text than any report"));
    }
    let notes = [(is_recognised, ProblemCode::Recognised), (is_damaged, ProblemCode::Damaged)];
    Ok(Content { text, notes: notes.into_iter().filter(|(is_so, _)| *is_so).map(|(_, code)| code).collect() })
}

/// Characters of a page at most that are no text of it.
const FEW: usize = 20;

/// Where a page is a picture of text, and all its characters are there for searching only, they are what is read.
/// Says whether it is so.
fn take_recognised(page: &mut Marks) -> bool {
    let is_scan = page.is_picture && page.glyphs.len() < FEW && page.unseen.len() > page.glyphs.len();
    if is_scan {
        page.glyphs.append(&mut page.unseen);
    }
    is_scan
}
