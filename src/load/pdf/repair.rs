//! Damaged files: a table of the objects that are still there is written anew, so that what is left can be read.

use std::collections::BTreeMap;
use std::io::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId};

/// Objects of a document at most.
const MAX_OBJECTS: usize = 500_000;

/// The document that the objects in a damaged file make; nothing if there are none.
pub(super) fn document(bytes: &[u8]) -> Option<Document> {
    let start = memchr::memmem::find(bytes, b"%PDF-")?;
    let body = bytes.get(start..)?;
    let found = objects(body);
    let last = found.keys().next_back()?.0;
    // Whether the old end is still there does not matter: what stands last is read first.
    let mut file = body.to_vec();
    let table = file.len() + 1;
    write!(file, "\nxref\n").ok()?;
    for ((number, generation), at) in &found {
        write!(file, "{number} 1\n{at:010} {generation:05} n \n").ok()?;
    }
    let size = last.checked_add(1)?;
    write!(file, "trailer\n<</Size {size}>>\nstartxref\n{table}\n%%EOF\n").ok()?;
    let mut document = Document::load_mem(&file).ok()?;
    let catalog = of_type(&document, b"Catalog").pop();
    let has_pages = catalog.is_some_and(|id| {
        document.trailer.set("Root", Object::Reference(id));
        document.page_iter().next().is_some()
    });
    if !has_pages {
        gather_pages(&mut document);
    }
    Some(document)
}

/// Where each object begins (`12 0 obj`): the last one of a number counts, as documents are changed at their end.
fn objects(bytes: &[u8]) -> BTreeMap<ObjectId, usize> {
    let mut found = BTreeMap::new();
    for at in memchr::memmem::find_iter(bytes, b" obj") {
        let before = bytes.get(..at).unwrap_or_default();
        let from = |end: usize| {
            let digits = before.get(..end)?.iter().rev().take_while(|b| b.is_ascii_digit()).take(10).count();
            let start = end - digits;
            let text = std::str::from_utf8(before.get(start..end)?).ok()?;
            Some((start, text.parse::<u32>().ok()?))
        };
        let Some((start, generation)) = from(at) else { continue };
        let is_space = start > 0 && before.get(start - 1).is_some_and(u8::is_ascii_whitespace);
        let Some((start, number)) = is_space.then(|| from(start - 1)).flatten() else { continue };
        if let Ok(generation) = u16::try_from(generation)
            && number > 0
            && found.len() < MAX_OBJECTS
        {
            found.insert((number, generation), start);
        }
    }
    found
}

fn of_type(document: &Document, name: &[u8]) -> Vec<ObjectId> {
    let is_one = |object: &Object| object.as_dict().is_ok_and(|dict| dict.has_type(name));
    document.objects.iter().filter(|(_, object)| is_one(object)).map(|(id, _)| *id).collect()
}

/// Makes a list of the pages that are there: in the order of their numbers, in which nearly all programs write them.
fn gather_pages(document: &mut Document) {
    let pages = of_type(document, b"Page");
    if pages.is_empty() {
        return;
    }
    let kids: Vec<Object> = pages.iter().map(|id| Object::Reference(*id)).collect();
    let mut tree = Dictionary::new();
    tree.set("Type", Object::Name(b"Pages".to_vec()));
    tree.set("Count", Object::Integer(i64::try_from(kids.len()).unwrap_or(0)));
    tree.set("Kids", Object::Array(kids));
    let tree = document.add_object(tree);
    let mut catalog = Dictionary::new();
    catalog.set("Type", Object::Name(b"Catalog".to_vec()));
    catalog.set("Pages", Object::Reference(tree));
    let catalog = document.add_object(catalog);
    document.trailer.set("Root", Object::Reference(catalog));
}
