//! OFD, the national format for finished documents (GB/T 33190): pages on which is said what is drawn where.
//!
//! As in a PDF there are no words, rows or cells: characters and lines go the way that those of a PDF go.

use std::collections::{HashMap, HashSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::archive::Archive;
use super::decode::decode;
use super::office::{attribute, cut_off, damaged, entity, first_name, problem, too_large};
use super::pdf::{DrawnPage, text_of_drawn};
use super::{Format, Reading, Record, Unit, View, text};
use crate::report::{Problem, ProblemCode};

/// Documents in the national format.
pub(super) const OFD: Format = Format {
    name: "ofd",
    about: "an OFD file with its text",
    recognises: |head, _| is_package(head),
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

/// Pages of a document at most.
const MAX_PAGES: usize = 2_000;
/// Characters and lines of a document at most.
const MAX_MARKS: usize = 1_000_000;
/// Characters of one text of which is said where they stand.
const MAX_DELTAS: usize = 10_000;
/// Elements inside each other at most.
const MAX_DEPTH: usize = 200;
/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;
/// The page where none is given: A4.
const A4: [f64; 4] = [0.0, 0.0, 210.0, 297.0];
/// Filled areas that are thinner than that are lines, in millimetres.
const MAX_THICKNESS: f64 = 1.0;

/// Whether an archive is such a document.
pub(super) fn is_package(head: &[u8]) -> bool {
    const PARTS: [&[u8]; 5] = [b"/Res/", b"/Pages/", b"Res.xml", b"/Document.xml", b"/Signs/"];
    let first = first_name(head);
    let name = first.get(..first.len().min(64)).unwrap_or_default();
    let has = |part: &[u8]| memchr::memmem::find(head, part).is_some();
    name.starts_with(b"OFD.xml") || (name.starts_with(b"Doc_") && PARTS.iter().any(|part| has(part)))
}

fn read(record: &Record<'_>) -> Reading {
    text::read_rendered(record, render(record), OFD.name)
}

fn render(record: &Record<'_>) -> Result<String, Problem> {
    let archive = Archive::open(record.bytes)?;
    let names = archive.names();
    let mut package = Package { archive, names, templates: HashMap::new() };
    let (mut pages, mut marks, mut images) = (Vec::new(), 0, 0);
    for root in package.roots()? {
        let document = package.document(&root)?;
        for path in &document.pages {
            let content = package.content(path)?;
            let mut page = DrawnPage::default();
            let area = content.area.unwrap_or(document.area);
            // What every page has stands below what this one has.
            for id in &content.templates {
                if let Some(path) = document.templates.get(id) {
                    package.template(path)?.draw(area, &mut page);
                }
            }
            content.draw(area, &mut page);
            images += content.images;
            marks += page.len();
            pages.push(page);
            if pages.len() > MAX_PAGES || marks > MAX_MARKS {
                return Err(too_large("more text than any report"));
            }
        }
    }
    let text = text_of_drawn(pages);
    if text.trim().is_empty() {
        return Err(if images > 0 {
            problem(ProblemCode::Unreadable, "scanned OFD, no text: run text recognition (OCR) first")
        } else {
            problem(ProblemCode::NotAReport, "OFD without any text")
        });
    }
    Ok(text)
}

/// The members of a document.
struct Package<'a> {
    archive: Archive<'a>,
    names: Vec<String>,
    templates: HashMap<String, Content>,
}

/// What a document says of its pages.
struct Document {
    area: [f64; 4],
    pages: Vec<String>,
    /// The contents that pages share, by their numbers.
    templates: HashMap<String, String>,
}

/// The place of a member that another names.
fn resolved(from: &str, location: &str) -> String {
    if let Some(absolute) = location.strip_prefix('/') {
        return absolute.to_owned();
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in location.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

impl Package<'_> {
    /// The bytes of a member; some programs are not particular about capital letters.
    fn member(&mut self, path: &str) -> Result<Vec<u8>, Problem> {
        let is_exact = self.names.iter().any(|name| name == path);
        let alike = || self.names.iter().find(|name| name.eq_ignore_ascii_case(path)).cloned();
        let name = if is_exact { Some(path.to_owned()) } else { alike() };
        self.archive.read(&name.ok_or_else(|| damaged(path))?)
    }

    /// The members with which documents begin; a package has one, as a rule.
    fn roots(&mut self) -> Result<Vec<String>, Problem> {
        let mut roots = Vec::new();
        each(&self.member("OFD.xml")?, |element| {
            if let Element::Text("DocRoot", words) = element {
                roots.push(resolved("", words.trim()));
            }
            Ok(())
        })?;
        roots.truncate(16);
        Ok(roots)
    }

    fn document(&mut self, root: &str) -> Result<Document, Problem> {
        let mut document = Document { area: A4, pages: Vec::new(), templates: HashMap::new() };
        let mut seen = HashSet::new();
        each(&self.member(root)?, |element| {
            match element {
                Element::Text("PhysicalBox", words) => document.area = four(words).unwrap_or(document.area),
                Element::Start("Page", start) => {
                    let path = attribute(start, "BaseLoc").map(|path| resolved(root, &path));
                    // A document has each page once.
                    document.pages.extend(path.filter(|path| seen.insert(path.clone())));
                }
                Element::Start("TemplatePage", start) => {
                    if let Some((id, path)) = attribute(start, "ID").zip(attribute(start, "BaseLoc")) {
                        document.templates.insert(id, resolved(root, &path));
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(document)
    }

    fn content(&mut self, path: &str) -> Result<Content, Problem> {
        let mut content = Content::default();
        each(&self.member(path)?, |element| content.add(&element))?;
        Ok(content)
    }

    /// What pages share, which is read once.
    fn template(&mut self, path: &str) -> Result<&Content, Problem> {
        if !self.templates.contains_key(path) {
            let content = self.content(path)?;
            self.templates.insert(path.to_owned(), content);
        }
        self.templates.get(path).ok_or_else(|| damaged(path))
    }
}

/// Something that is met in a member.
enum Element<'a> {
    /// An element begins.
    Start(&'a str, &'a BytesStart<'a>),
    /// An element ends.
    End(&'a str),
    /// The words of an element.
    Text(&'a str, &'a str),
}

/// Goes over the elements of a member.
fn each(xml: &[u8], mut with: impl FnMut(Element<'_>) -> Result<(), Problem>) -> Result<(), Problem> {
    let (xml, _) = decode(xml, None).ok_or_else(|| damaged("neither UTF-8 nor UTF-16"))?;
    let mut reader = Reader::from_str(&xml);
    let mut around: Vec<(String, String)> = Vec::new();
    loop {
        match reader.read_event().map_err(|error| damaged(&error.to_string()))? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                with(Element::Start(&name, &start))?;
                around.push((name, String::new()));
                if around.len() > MAX_DEPTH {
                    return Err(too_large("elements nested too deep"));
                }
            }
            Event::Empty(start) => {
                let name = start.local_name().as_ref().to_owned();
                with(Element::Start(&name, &start))?;
                with(Element::End(&name))?;
            }
            Event::Text(words) => {
                if let Some((_, text)) = around.last_mut() {
                    text.push_str(&words);
                }
            }
            Event::CData(words) => {
                if let Some((_, text)) = around.last_mut() {
                    text.push_str(&words);
                }
            }
            Event::GeneralRef(name) => {
                if let Some((_, text)) = around.last_mut() {
                    text.push(entity(&name));
                }
            }
            Event::End(_) => {
                if let Some((name, text)) = around.pop() {
                    with(Element::Text(&name, &text))?;
                    with(Element::End(&name))?;
                }
            }
            Event::Eof if around.is_empty() => return Ok(()),
            Event::Eof => return Err(cut_off()),
            _ => {}
        }
    }
}

fn numbers(text: &str) -> impl Iterator<Item = f64> + '_ {
    text.split_ascii_whitespace().filter_map(|n| n.parse::<f64>().ok()).filter(|n| n.is_finite())
}

fn four(text: &str) -> Option<[f64; 4]> {
    numbers(text).collect::<Vec<_>>().try_into().ok()
}

/// A place in millimetres, from the upper left corner.
type Place = (f64, f64);

/// What an object says of its place.
#[derive(Debug, Clone)]
struct Object {
    /// Its corner and its size.
    boundary: [f64; 4],
    /// What turns and stretches it.
    matrix: [f64; 6],
    is_seen: bool,
    /// The size of its characters.
    size: f64,
    /// Whether its lines are drawn, and whether its area is filled.
    is_stroked: bool,
    is_filled: bool,
    /// Where the characters of its next text stand: the first one, and the way to each next one.
    code: (Place, Vec<f64>, Vec<f64>),
}

impl Object {
    fn new(start: &BytesStart<'_>) -> Self {
        let is =
            |name: &str, default: bool| attribute(start, name).map_or(default, |v| v == "true" || v == "1");
        let number = |name: &str| attribute(start, name).and_then(|n| numbers(&n).next());
        let matrix = attribute(start, "CTM").and_then(|m| numbers(&m).collect::<Vec<_>>().try_into().ok());
        Self {
            boundary: attribute(start, "Boundary").and_then(|b| four(&b)).unwrap_or_default(),
            matrix: matrix.unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            is_seen: is("Visible", true) && number("Alpha").is_none_or(|alpha| alpha > 0.0),
            size: number("Size").unwrap_or(0.0),
            is_stroked: is("Stroke", true),
            is_filled: is("Fill", false),
            code: ((0.0, 0.0), Vec::new(), Vec::new()),
        }
    }

    /// Where a place of the object is on the page.
    fn on_page(&self, place: Place) -> Place {
        let [across_x, across_y, down_x, down_y, x, y] = self.matrix;
        let [left, top, ..] = self.boundary;
        let turned = |across: f64, down: f64| across * place.0 + down * place.1;
        (turned(across_x, down_x) + x + left, turned(across_y, down_y) + y + top)
    }
}

/// The way from each character to the next: `g 5 3.2` stands for five times 3.2.
fn deltas(text: &str) -> Vec<f64> {
    let mut words = text.split_ascii_whitespace();
    let mut out = Vec::new();
    while let Some(word) = words.next() {
        if word == "g" {
            let count = words.next().and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
            let delta = words.next().and_then(|n| numbers(n).next()).unwrap_or(0.0);
            out.extend(std::iter::repeat_n(delta, count.min(MAX_DELTAS.saturating_sub(out.len()))));
        } else {
            out.extend(numbers(word));
        }
        if out.len() >= MAX_DELTAS {
            break;
        }
    }
    out
}

/// What stands on a page.
#[derive(Debug, Default)]
struct Content {
    area: Option<[f64; 4]>,
    /// The numbers of what it shares with others.
    templates: Vec<String>,
    glyphs: Vec<(char, Place, Place, f64)>,
    lines: Vec<(Place, Place)>,
    images: usize,
    object: Option<Object>,
}

impl Content {
    fn add(&mut self, element: &Element<'_>) -> Result<(), Problem> {
        match *element {
            Element::Text("PhysicalBox", words) => self.area = four(words),
            Element::Start("Template", start) => self.templates.extend(attribute(start, "TemplateID")),
            Element::Start("ImageObject", _) => self.images += 1,
            Element::Start("TextObject" | "PathObject", start) => self.object = Some(Object::new(start)),
            Element::End("TextObject" | "PathObject") => self.object = None,
            Element::Start("TextCode", start) => {
                if let Some(object) = &mut self.object {
                    let number = |name: &str| attribute(start, name).and_then(|n| numbers(&n).next());
                    let way = |name: &str| attribute(start, name).map(|d| deltas(&d)).unwrap_or_default();
                    // Where nothing is said, it goes on from the text before.
                    let ((x, y), ..) = object.code;
                    let first = (number("X").unwrap_or(x), number("Y").unwrap_or(y));
                    object.code = (first, way("DeltaX"), way("DeltaY"));
                }
            }
            Element::Text("TextCode", words) => {
                if let Some(object) = self.object.as_ref().filter(|object| object.is_seen) {
                    self.glyphs.extend(glyphs(object, words));
                }
            }
            Element::Text("AbbreviatedData", words) => {
                if let Some(object) = self.object.as_ref().filter(|object| object.is_seen) {
                    self.lines.extend(lines(object, words));
                }
            }
            _ => {}
        }
        if self.glyphs.len() + self.lines.len() > MAX_MARKS {
            return Err(too_large("more text than any report"));
        }
        Ok(())
    }

    /// Draws it on a page, which counts points from its lower left corner.
    fn draw(&self, [left, top, width, height]: [f64; 4], page: &mut DrawnPage) {
        let point = |(x, y): Place| ((x - left) * POINTS, (height - (y - top)) * POINTS);
        page.resize((width * POINTS, height * POINTS));
        for (character, from, to, size) in &self.glyphs {
            page.glyph(character.to_string(), point(*from), point(*to), size * POINTS);
        }
        for (from, to) in &self.lines {
            page.line(point(*from), point(*to));
        }
    }
}

/// The characters of a text with their places.
fn glyphs(object: &Object, words: &str) -> Vec<(char, Place, Place, f64)> {
    let ((mut x, mut y), ref across, ref down) = object.code;
    let mut out = Vec::new();
    let [a, b, ..] = object.matrix;
    let stretch = a.hypot(b);
    for (i, character) in words.chars().filter(|c| !matches!(c, '\n' | '\r')).enumerate() {
        let width = if character.is_ascii() { object.size * 0.5 } else { object.size };
        let step = across.get(i).copied();
        // A character reaches to the next one, where that is as near as characters of this size stand.
        let end = x + step.filter(|step| *step > 0.0 && *step <= object.size * 1.05).unwrap_or(width);
        out.push((character, object.on_page((x, y)), object.on_page((end, y)), object.size * stretch));
        x += step.unwrap_or(if down.is_empty() { width } else { 0.0 });
        y += down.get(i).copied().unwrap_or(0.0);
    }
    out
}

/// The straight lines of a path.
fn lines(object: &Object, path: &str) -> Vec<(Place, Place)> {
    let mut out = Vec::new();
    let (mut at, mut first) = ((0.0, 0.0), (0.0, 0.0));
    let mut words = path.split_ascii_whitespace();
    let number = |words: &mut std::str::SplitAsciiWhitespace<'_>| -> f64 {
        words.next().and_then(|n| numbers(n).next()).unwrap_or(0.0)
    };
    let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
    while let Some(word) = words.next() {
        let skipped = match word {
            "Q" => 2,
            "B" => 4,
            "A" => 5,
            _ => 0,
        };
        (0..skipped).for_each(|_| {
            number(&mut words);
        });
        let to = match word {
            "M" | "S" | "L" | "Q" | "B" | "A" => object.on_page((number(&mut words), number(&mut words))),
            "C" => first,
            _ => continue,
        };
        low = (low.0.min(to.0), low.1.min(to.1));
        high = (high.0.max(to.0), high.1.max(to.1));
        match word {
            "M" | "S" => first = to,
            "L" | "C" if object.is_stroked => out.push((at, to)),
            _ => {}
        }
        at = to;
        if out.len() > MAX_MARKS {
            break;
        }
    }
    // A thin area is a line.
    let (width, height) = (high.0 - low.0, high.1 - low.1);
    if object.is_filled && !object.is_stroked && width.min(height) <= MAX_THICKNESS && width.max(height) > 0.0
    {
        let (x, y) = (f64::midpoint(low.0, high.0), f64::midpoint(low.1, high.1));
        out.push(if width > height { ((low.0, y), (high.0, y)) } else { ((x, low.1), (x, high.1)) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_members() {
        for (from, location, want) in [
            ("", "Doc_0/Document.xml", "Doc_0/Document.xml"),
            ("", "/Doc_0/Document.xml", "Doc_0/Document.xml"),
            ("Doc_0/Document.xml", "Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
            ("Doc_0/Document.xml", "/Doc_0/Tpls/a.xml", "Doc_0/Tpls/a.xml"),
            ("Doc_0/a/b.xml", "../c.xml", "Doc_0/c.xml"),
            ("a.xml", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolved(from, location), want);
        }
    }

    #[test]
    fn ways_between_characters() {
        assert_eq!(deltas("1.5 g 3 2 4"), [1.5, 2.0, 2.0, 2.0, 4.0]);
        assert_eq!(deltas("g 99999999999 1").len(), MAX_DELTAS);
        assert!(deltas("g x nan inf").iter().all(|n| n.is_finite()));
    }

    #[test]
    fn lines_of_paths() {
        let object = |is_stroked: bool| Object {
            boundary: [10.0, 20.0, 5.0, 5.0],
            matrix: [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
            is_seen: true,
            size: 3.0,
            is_stroked,
            is_filled: !is_stroked,
            code: ((0.0, 0.0), Vec::new(), Vec::new()),
        };
        let path = "M 0 0 L 5 0 L 5 0.4 L 0 0.4 C";
        assert_eq!(lines(&object(true), path).len(), 4);
        assert_eq!(lines(&object(false), path), [((10.0, 20.2), (15.0, 20.2))]);
        assert!(lines(&object(false), "M 0 0 L 5 0 L 5 5 L 0 5 C").is_empty());
        assert_eq!(lines(&object(true), "M 0 0 B 1 1 2 2 3 0 L 4 0"), [((13.0, 20.0), (14.0, 20.0))]);
    }
}
