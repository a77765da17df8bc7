//! Office documents: DOCX and XLSX, of which only what a report needs is read.

mod docx;
mod xlsx;

pub(super) use docx::DOCX;
pub(super) use xlsx::XLSX;

/// The bytes that every ZIP archive begins with.
pub(super) const ZIP_MAGIC: &[u8] = b"PK\x03\x04";

/// Whether an archive is an Office document that is read.
pub(super) fn is_office(head: &[u8]) -> bool {
    has_member(head, "word/") || has_member(head, "xl/")
}

/// Whether the head of an archive is that of an Office document with a member that begins so: Office programs write
/// their parts first, and an archive of documents begins with another name.
fn has_member(head: &[u8], name: &str) -> bool {
    const FIRST: [&[u8]; 5] = [b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/"];
    // A local header: 26 bytes, the length of the name in two, the length of more in two, the name.
    let first = head.get(30..).unwrap_or_default();
    head.starts_with(ZIP_MAGIC)
        && FIRST.iter().any(|part| first.starts_with(part))
        && memchr::memmem::find(head, name.as_bytes()).is_some()
}
