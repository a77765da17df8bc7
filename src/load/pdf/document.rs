//! The pages of a PDF, each with what stands on it.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::Failure;
use super::content::Drawing;
use super::font::{as_f64, entry};
use super::ink::Area;
use super::marks::{Drawn, Marks, upright};
use super::matrix::Point;
use super::repair;

/// Pages of a report at most.
const MAX_PAGES: usize = 1_000;
/// The part of a page that the images of a scan cover at least: margins are often cut off.
const MIN_COVERED: f64 = 0.5;
/// Parents of a page at most.
const MAX_PARENTS: usize = 50;

/// The pages of a file.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// What stands on each.
    pub(super) marks: Vec<Marks>,
    /// Whether something of the file is missing.
    pub(super) is_damaged: bool,
}

/// Reads the pages.
pub(super) fn pages(bytes: &[u8]) -> Result<Pages, Failure> {
    // Where the key is missing, the parser finds less than there is, and says something else of it.
    let is_locked = || memchr::memmem::find(bytes, b"/Encrypt").is_some();
    let (document, is_repaired) = match Document::load_mem(bytes) {
        Ok(document) if document.page_iter().next().is_some() || is_locked() => (document, false),
        Err(_) if is_locked() => return Err(Failure::Encrypted),
        loaded => match (repair::document(bytes), loaded) {
            (Some(document), _) if document.page_iter().next().is_some() => (document, true),
            (_, Ok(document)) => (document, false),
            (_, Err(error)) => return Err(refusal(&error)),
        },
    };
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
    let is_damaged = is_repaired || count(&document).is_some_and(|count| count > ids.len());
    Ok(Pages { marks: marks(&document, ids)?, is_damaged })
}

/// How many pages the document says that it has.
fn count(document: &Document) -> Option<usize> {
    let tree = entry(document, document.catalog().ok()?, b"Pages")?.as_dict().ok()?;
    entry(document, tree, b"Count")?.as_i64().ok().and_then(|n| usize::try_from(n).ok())
}

fn marks(document: &Document, ids: Vec<ObjectId>) -> Result<Vec<Marks>, Failure> {
    let mut drawing = Drawing::new(document);
    let mut pages = Vec::with_capacity(ids.len());
    for id in ids {
        let page = document.get_dictionary(id).map_err(|error| refusal(&error))?;
        let content = document.get_page_content(id).map_err(|error| refusal(&error))?;
        let resources = inherited(document, page, b"Resources").and_then(|o| o.as_dict().ok());
        drawing.page(&content, resources)?;
        let raw = std::mem::take(&mut drawing.raw);
        let corners = corners(document, page);
        let mut marks = upright(Drawn { raw, paint: &drawing.paint, corners, shown: shown(document, page) });
        (marks.unknown, marks.images) = (drawing.unknown, drawing.images);
        marks.is_picture = is_picture(&drawing, corners, marks.unseen.len());
        drawing.begin_page();
        pages.push(marks);
    }
    Ok(pages)
}

/// The direction of text that is upright when the page is shown: pages may be turned by quarters.
fn shown(document: &Document, page: &Dictionary) -> usize {
    let degrees = inherited(document, page, b"Rotate").and_then(|o| o.as_i64().ok()).unwrap_or(0);
    usize::try_from(degrees.rem_euclid(360) / 90).unwrap_or(0)
}

/// Whether images, or characters drawn as areas, cover a page, so that text which is not drawn may say what they show.
fn is_picture(drawing: &Drawing<'_>, corners: (Point, Point), unseen: usize) -> bool {
    let page = Area::around([corners.0, corners.1]);
    let covered: f64 = page.map_or(0.0, |page| drawing.pictures.iter().map(|area| area.part_of(&page)).sum());
    covered >= MIN_COVERED || drawing.shapes >= unseen.max(1)
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
