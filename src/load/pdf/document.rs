//! The pages of a PDF, each with what stands on it.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::Failure;
use super::content::Drawing;
use super::font::{as_f64, entry};
use super::marks::{Marks, upright};
use super::matrix::Point;

/// Pages of a report at most.
const MAX_PAGES: usize = 1_000;
/// Parents of a page at most.
const MAX_PARENTS: usize = 50;

/// Reads the pages.
pub(super) fn pages(bytes: &[u8]) -> Result<Vec<Marks>, Failure> {
    // Where the key is missing, the parser finds less than there is, and says something else of it.
    let is_locked = || memchr::memmem::find(bytes, b"/Encrypt").is_some();
    let refused = |error: &lopdf::Error| if is_locked() { Failure::Encrypted } else { refusal(error) };
    let document = Document::load_mem(bytes).map_err(|error| refused(&error))?;
    let ids: Vec<ObjectId> = document.page_iter().take(MAX_PAGES + 1).collect();
    if document.is_encrypted() || (ids.is_empty() && is_locked()) {
        return Err(Failure::Encrypted);
    }
    if ids.is_empty() {
        return Err(Failure::Broken("it has no pages".to_owned()));
    }
    if ids.len() > MAX_PAGES {
        return Err(Failure::TooLarge("more pages than any report"));
    }
    let mut drawing = Drawing::new(&document);
    let mut pages = Vec::with_capacity(ids.len());
    for id in ids {
        let page = document.get_dictionary(id).map_err(|error| refusal(&error))?;
        let content = document.get_page_content(id).map_err(|error| refusal(&error))?;
        let resources = inherited(&document, page, b"Resources").and_then(|o| o.as_dict().ok());
        drawing.page(&content, resources)?;
        let raw = std::mem::take(&mut drawing.raw);
        let mut marks = upright(raw, corners(&document, page));
        (marks.unknown, marks.images) = (drawing.unknown, drawing.images);
        (drawing.unknown, drawing.images) = (0, 0);
        pages.push(marks);
    }
    Ok(pages)
}

fn refusal(error: &lopdf::Error) -> Failure {
    match error {
        lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => Failure::Encrypted,
        error => Failure::Broken(error.to_string()),
    }
}

/// An entry of a page or of one of its parents.
fn inherited<'a>(document: &'a Document, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut dict = page;
    for _ in 0..MAX_PARENTS {
        if let Some(found) = entry(document, dict, key) {
            return Some(found);
        }
        dict = entry(document, dict, b"Parent")?.as_dict().ok()?;
    }
    None
}

/// Two corners of a page; without them, those of A4.
fn corners(document: &Document, page: &Dictionary) -> (Point, Point) {
    let found = [&b"CropBox"[..], b"MediaBox"].iter().find_map(|key| inherited(document, page, key));
    let list = found.and_then(|o| o.as_array().ok());
    let numbers: Vec<f64> = list
        .into_iter()
        .flatten()
        .filter_map(|o| document.dereference(o).ok().and_then(|(_, o)| as_f64(o)))
        .collect();
    match numbers.as_slice() {
        [x, y, right, top] => ((*x, *y), (*right, *top)),
        _ => ((0.0, 0.0), (595.0, 842.0)),
    }
}
