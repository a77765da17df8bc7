//! Office documents, of which only what a report needs is read.
//!
//! Texts become blocks (paragraphs and tables of own cells), workbooks become sheets of shown cells; both end in the page
//! that every format shares. What a program writes beside it (styles, pictures, macros, links) is not looked at.

mod blocks;
mod compound;
mod csv;
mod doc;
mod docx;
mod flow;
mod numbers;
mod odf;
mod rtf;
mod sheets;
mod sprm;
mod xls;
mod xlsx;

pub(super) use compound::{DOC, XLS};
pub(super) use csv::CSV;
pub(super) use docx::DOCX;
pub(super) use odf::{ODS, ODT};
pub(super) use rtf::RTF;
pub(super) use xlsx::XLSX;

use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::display::Untrusted;
use crate::report::{Problem, ProblemCode};

/// The bytes that every ZIP archive begins with.
pub(super) const ZIP_MAGIC: &[u8] = b"PK\x03\x04";

/// Whether an archive is an Office document that is read.
pub(super) fn is_office(head: &[u8]) -> bool {
    has_member(head, "word/")
        || has_member(head, "xl/")
        || odf::is_package(head)
        || super::ofd::is_package(head)
}

/// Whether the head of an archive is that of an Office document with a member that begins so: Office programs write
/// their parts first, and an archive of documents begins with another name.
fn has_member(head: &[u8], name: &str) -> bool {
    const FIRST: [&[u8]; 5] = [b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/"];
    FIRST.iter().any(|part| first_name(head).starts_with(part))
        && memchr::memmem::find(head, name.as_bytes()).is_some()
}

/// What stands behind the first local header of an archive: the name of its first member, and more.
pub(super) fn first_name(head: &[u8]) -> &[u8] {
    // A local header: 26 bytes, the length of the name in two, the length of more in two, the name.
    if head.starts_with(ZIP_MAGIC) { head.get(30..).unwrap_or_default() } else { b"" }
}

pub(super) fn problem(code: ProblemCode, detail: impl Into<String>) -> Problem {
    Problem { code, at: Untrusted::default(), line: 0, detail: Into::<String>::into(detail).into() }
}

/// A document whose bytes contradict each other.
pub(super) fn damaged(what: &str) -> Problem {
    problem(ProblemCode::Unreadable, format!("damaged document, fetch it again: {what}"))
}

/// A document of which the end is missing.
pub(super) fn cut_off() -> Problem {
    problem(ProblemCode::Unreadable, "damaged document, fetch it again: its text is cut off")
}

/// A document that only opens with a password.
pub(super) fn locked() -> Problem {
    problem(ProblemCode::Unreadable, "document with a password: save it without one")
}

/// A document that holds more of something than any report.
pub(super) fn too_large(what: &str) -> Problem {
    problem(ProblemCode::TooLarge, what)
}

/// The character that an entity of XML stands for.
pub(super) fn entity(name: &BytesRef<'_>) -> char {
    let known = match name.as_ref() {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name.resolve_char_ref().ok().flatten(),
    };
    known.unwrap_or('?')
}

/// The value of an attribute, whatever its prefix.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = start.attributes().filter_map(Result::ok);
    attributes.find(|a| a.key.local_name().as_ref() == name).map(|a| a.value.into_owned())
}

/// Goes over the elements of a member, as far as it can be read: that all of it can be is found out elsewhere.
fn each_start(xml: &[u8], mut with: impl FnMut(&BytesStart<'_>)) {
    let Some((xml, _)) = super::decode::decode(xml, None) else { return };
    let mut reader = quick_xml::Reader::from_str(&xml);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => with(&start),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}
