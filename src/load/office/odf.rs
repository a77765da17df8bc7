//! Open documents, texts and workbooks, packed or in one XML file: .odt, .ods, .fodt, .fods, as free office programs and
//! WPS write them.

use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::archive::Archive;
use super::super::decode::decode;
use super::super::page::Page;
use super::super::{Format, Reading, Record, Unit, View, text};
use super::blocks::{self, Block, MAX_DEPTH, MAX_SPAN, TableCell};
use super::sheets::{MAX_CELLS, Region, Sheet};
use super::{attribute, cut_off, damaged, each_start, entity, first_name, locked, too_large};
use crate::report::Problem;

/// Open texts.
pub(in crate::load) const ODT: Format = Format {
    name: "odt",
    about: "an OpenDocument text (.odt, .fodt)",
    recognises: |head, _| is_of(head, "text"),
    unit: Unit::File,
    view: View::Rendered(render),
    read: |record| text::read_rendered(record, render(record), ODT.name),
};

/// Open workbooks.
pub(in crate::load) const ODS: Format = Format {
    name: "ods",
    about: "an OpenDocument spreadsheet (.ods, .fods)",
    recognises: |head, _| is_of(head, "spreadsheet"),
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

/// Spaces that one element stands for at most.
const MAX_SPACES: u32 = 16;

/// What the type of every open document begins with.
const TYPE: &str = "application/vnd.oasis.opendocument.";

/// Whether an archive is an open document: its first member says what it is, unpacked.
pub(super) fn is_package(head: &[u8]) -> bool {
    first_name(head).strip_prefix(b"mimetype").is_some_and(|rest| {
        // Some programs write more about the member between its name and its content.
        let near = rest.get(..rest.len().min(64)).unwrap_or_default();
        memchr::memmem::find(near, TYPE.as_bytes()).is_some()
    })
}

/// Whether a document of one XML file begins so.
fn is_flat(head: &[u8]) -> bool {
    let start = head.get(..head.len().min(4_096)).unwrap_or_default();
    let has = |words: &[u8]| memchr::memmem::find(start, words).is_some();
    has(b"<office:document ") && has(b"urn:oasis:names:tc:opendocument")
}

fn is_of(head: &[u8], kind: &str) -> bool {
    let start = head.get(..head.len().min(8_192)).unwrap_or_default();
    (is_package(head) || is_flat(head))
        && memchr::memmem::find(start, format!("{TYPE}{kind}").as_bytes()).is_some()
}

fn read(record: &Record<'_>) -> Reading {
    text::read_rendered(record, render(record), ODS.name)
}

fn render(record: &Record<'_>) -> Result<String, Problem> {
    let mut looks = Looks::default();
    let content = if is_flat(record.bytes) {
        record.bytes.to_vec()
    } else {
        let mut archive = Archive::open(record.bytes)?;
        let names = archive.names();
        let has = |name: &str| names.iter().any(|n| n == name);
        let manifest = archive.read("META-INF/manifest.xml").unwrap_or_default();
        if has("encrypted-package") || memchr::memmem::find(&manifest, b"encryption-data").is_some() {
            return Err(locked());
        }
        if has("styles.xml") {
            looks.learn(&archive.read("styles.xml")?);
        }
        archive.read("content.xml")?
    };
    looks.learn(&content);
    let mut page = Page::default();
    for part in parse(&content, looks)? {
        match part {
            Part::Blocks(blocks) => blocks::write(&blocks, &mut page),
            Part::Sheet(sheet) => sheet.write(&mut page)?,
        }
    }
    Ok(page.into_text())
}

/// What the styles of a document say that changes what is read.
#[derive(Debug, Default)]
struct Looks {
    /// Styles of text that is not seen, or struck out.
    unseen: HashSet<String>,
    /// Styles of raised or lowered text.
    raised: HashSet<String>,
    /// Styles of sheets that are not shown.
    unseen_tables: HashSet<String>,
}

impl Looks {
    fn learn(&mut self, xml: &[u8]) {
        let mut name = None;
        each_start(xml, |start| match start.local_name().as_ref() {
            "style" => name = attribute(start, "name"),
            "text-properties" => {
                let is = |key: &str, not: &str| attribute(start, key).is_some_and(|value| value != not);
                let position = attribute(start, "text-position").unwrap_or_default();
                let Some(name) = &name else { return };
                let is_struck = is("text-line-through-style", "none") || is("text-line-through-type", "none");
                if attribute(start, "display").is_some_and(|d| d == "none") || is_struck {
                    self.unseen.insert(name.clone());
                }
                if !position.is_empty() && !position.starts_with("0%") {
                    self.raised.insert(name.clone());
                }
            }
            "table-properties" if attribute(start, "display").is_some_and(|d| d == "false") => {
                self.unseen_tables.extend(name.clone());
            }
            _ => {}
        });
    }

    fn is(set: &HashSet<String>, start: &BytesStart<'_>) -> bool {
        !set.is_empty() && attribute(start, "style-name").is_some_and(|name| set.contains(&name))
    }
}

/// A piece of a document.
enum Part {
    Blocks(Vec<Block>),
    Sheet(Sheet),
}

/// A cell as it is written: also one that another covers.
#[derive(Debug, Default)]
struct Written {
    blocks: Vec<Block>,
    /// What a cell without words holds.
    value: String,
    columns: usize,
    rows: usize,
    repeated: u32,
    is_covered: bool,
}

#[derive(Debug, Default)]
struct WrittenRow {
    cells: Vec<Written>,
    repeated: u32,
    is_hidden: bool,
}

#[derive(Debug, Default)]
struct WrittenTable {
    rows: Vec<WrittenRow>,
    /// How many columns, and whether they are hidden.
    columns: Vec<(u32, bool)>,
}

/// An element that is being read.
enum Frame {
    /// A text, or what stands in a box.
    Body(Vec<Block>),
    /// The sheets of a workbook.
    Book,
    /// A paragraph, with the boxes that hang on it; or not to be seen.
    Paragraph(String, Vec<Block>, bool),
    /// A run of text, and whether it is raised, or not to be seen.
    Span(String, bool, bool),
    Table(WrittenTable, bool),
    Row(WrittenRow),
    Cell(Written),
}

/// Elements that hold no text of the document.
const SILENT: [&str; 14] = [
    "tracked-changes",
    "annotation",
    "note",
    "ruby-text",
    "scripts",
    "forms",
    "event-listeners",
    "shapes",
    "title",
    "desc",
    "binary-data",
    "font-face-decls",
    "styles",
    "automatic-styles",
];

/// Reads a document. What is on the stack is what the words belong to.
struct Parser {
    looks: Looks,
    stack: Vec<Frame>,
    parts: Vec<Part>,
    /// How many elements deep something is that is left out.
    silent: usize,
    places: usize,
}

fn parse(xml: &[u8], looks: Looks) -> Result<Vec<Part>, Problem> {
    let (xml, _) = decode(xml, None).ok_or_else(|| damaged("neither UTF-8 nor UTF-16"))?;
    let mut reader = Reader::from_str(&xml);
    let mut parser =
        Parser { looks, stack: vec![Frame::Body(Vec::new())], parts: Vec::new(), silent: 0, places: 0 };
    loop {
        match reader.read_event().map_err(|error| damaged(&error.to_string()))? {
            Event::Eof => break,
            Event::Start(_) if parser.silent > 0 => parser.silent += 1,
            Event::End(_) if parser.silent > 0 => parser.silent -= 1,
            _ if parser.silent > 0 => {}
            Event::Start(start) if is_silent(&start) => parser.silent = 1,
            Event::Start(start) => parser.open(&start)?,
            Event::Empty(start) if !is_silent(&start) => {
                let before = parser.stack.len();
                parser.open(&start)?;
                if parser.stack.len() > before {
                    parser.close(start.local_name().as_ref())?;
                }
            }
            Event::Text(words) => parser.add(&words.replace(['\n', '\r', '\t'], " ")),
            Event::GeneralRef(name) => parser.add(entity(&name).encode_utf8(&mut [0; 4])),
            Event::End(end) => parser.close(end.local_name().as_ref())?,
            _ => {}
        }
    }
    if parser.stack.len() > 1 || parser.silent > 0 {
        return Err(cut_off());
    }
    if let Some(Frame::Body(blocks)) = parser.stack.into_iter().next() {
        parser.parts.push(Part::Blocks(blocks));
    }
    Ok(parser.parts)
}

/// Whether an element holds nothing that is seen.
fn is_silent(start: &BytesStart<'_>) -> bool {
    match start.local_name().as_ref() {
        "section" => attribute(start, "display").is_some_and(|d| d == "none"),
        "hidden-text" | "hidden-paragraph" => attribute(start, "is-hidden").is_some_and(|h| h == "true"),
        name => SILENT.contains(&name),
    }
}

fn number(start: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(start, name).and_then(|n| n.trim().parse().ok())
}

impl Parser {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Problem> {
        let is_hidden = || attribute(start, "visibility").is_some_and(|v| v != "visible");
        let frame = match (start.local_name().as_ref(), self.stack.last_mut()) {
            ("p" | "h", _) => {
                Frame::Paragraph(String::new(), Vec::new(), Looks::is(&self.looks.unseen, start))
            }
            ("span", Some(Frame::Paragraph(..) | Frame::Span(..))) => Frame::Span(
                String::new(),
                Looks::is(&self.looks.raised, start),
                Looks::is(&self.looks.unseen, start),
            ),
            ("s", _) => {
                let count = number(start, "c").unwrap_or(1).min(MAX_SPACES) as usize;
                self.add(&" ".repeat(count));
                return Ok(());
            }
            ("tab", _) => {
                self.add(" ");
                return Ok(());
            }
            ("line-break", _) => {
                self.add("\n");
                return Ok(());
            }
            ("spreadsheet", _) => Frame::Book,
            ("text-box", _) => Frame::Body(Vec::new()),
            ("table", _) => {
                Frame::Table(WrittenTable::default(), Looks::is(&self.looks.unseen_tables, start))
            }
            ("table-column", Some(Frame::Table(table, _))) => {
                let columns = number(start, "number-columns-repeated").unwrap_or(1);
                table.columns.push((columns, is_hidden()));
                return Ok(());
            }
            ("table-row", _) => Frame::Row(WrittenRow {
                cells: Vec::new(),
                repeated: number(start, "number-rows-repeated").unwrap_or(1),
                is_hidden: is_hidden(),
            }),
            (name @ ("table-cell" | "covered-table-cell"), _) => {
                Frame::Cell(written(start, name == "covered-table-cell"))
            }
            _ => return Ok(()),
        };
        if self.stack.len() > MAX_DEPTH {
            return Err(too_large("elements nested too deep"));
        }
        self.stack.push(frame);
        Ok(())
    }

    fn add(&mut self, words: &str) {
        if let Some(Frame::Paragraph(text, ..) | Frame::Span(text, ..)) = self.stack.last_mut() {
            text.push_str(words);
        }
    }

    /// Ends an element and hands it to the one around it.
    fn close(&mut self, name: &str) -> Result<(), Problem> {
        let ends = |frame: &Frame| {
            matches!(
                (name, frame),
                ("p" | "h", Frame::Paragraph(..))
                    | ("span", Frame::Span(..))
                    | ("spreadsheet", Frame::Book)
                    | ("text-box", Frame::Body(_))
                    | ("table", Frame::Table(..))
                    | ("table-row", Frame::Row(_))
                    | ("table-cell" | "covered-table-cell", Frame::Cell(_))
            )
        };
        if self.stack.len() < 2 || !self.stack.last().is_some_and(ends) {
            return Ok(());
        }
        let Some(done) = self.stack.pop() else { return Ok(()) };
        match (done, self.stack.last_mut()) {
            (
                Frame::Paragraph(text, boxes, is_unseen),
                Some(Frame::Body(blocks) | Frame::Cell(Written { blocks, .. })),
            ) => {
                if !is_unseen {
                    blocks.push(Block::Paragraph(text));
                }
                blocks.extend(boxes);
            }
            (
                Frame::Span(text, is_raised, is_unseen),
                Some(Frame::Paragraph(around, ..) | Frame::Span(around, ..)),
            ) if !(is_unseen || is_raised && blocks::is_note_mark(&text)) => around.push_str(&text),
            (Frame::Body(inner), Some(Frame::Paragraph(_, boxes, _))) => boxes.extend(inner),
            (Frame::Body(inner), Some(Frame::Body(blocks) | Frame::Cell(Written { blocks, .. }))) => {
                blocks.extend(inner);
            }
            // A box in a run belongs to the paragraph around it.
            (Frame::Body(inner), Some(Frame::Span(..))) => {
                let mut around = self.stack.iter_mut().rev();
                let boxes = around.find_map(|frame| match frame {
                    Frame::Paragraph(_, boxes, _) => Some(boxes),
                    _ => None,
                });
                if let Some(boxes) = boxes {
                    boxes.extend(inner);
                }
            }
            (Frame::Cell(cell), Some(Frame::Row(row))) => row.cells.push(cell),
            (Frame::Row(row), Some(Frame::Table(table, _))) => table.rows.push(row),
            (Frame::Table(table, is_unseen), Some(Frame::Book)) if !is_unseen => {
                self.parts.push(Part::Sheet(table.into_sheet()?));
            }
            (Frame::Table(table, false), Some(Frame::Body(blocks) | Frame::Cell(Written { blocks, .. }))) => {
                blocks.push(Block::Table(table.into_rows(&mut self.places)?));
            }
            _ => {}
        }
        Ok(())
    }
}

/// A cell of which the beginning is read.
fn written(start: &BytesStart<'_>, is_covered: bool) -> Written {
    let span = |name: &str| number(start, name).unwrap_or(1).max(1) as usize;
    Written {
        blocks: Vec::new(),
        value: attribute(start, "value").unwrap_or_default(),
        columns: span("number-columns-spanned"),
        rows: span("number-rows-spanned"),
        repeated: number(start, "number-columns-repeated").unwrap_or(1),
        is_covered,
    }
}

impl WrittenTable {
    /// The own cells of a table in a text.
    fn into_rows(self, places: &mut usize) -> Result<Vec<Vec<TableCell>>, Problem> {
        let mut rows = Vec::new();
        for row in self.rows.into_iter().filter(|row| !row.is_hidden) {
            let mut cells = Vec::new();
            for cell in row.cells.into_iter().filter(|cell| !cell.is_covered) {
                // No cell of a text stands for others; what repeats is empty.
                for _ in 1..cell.repeated.min(MAX_SPAN as u32) {
                    let text = Block::Paragraph(blocks::words(&cell.blocks));
                    cells.push(TableCell { blocks: vec![text], columns: cell.columns, rows: cell.rows });
                }
                cells.push(TableCell { blocks: cell.blocks, columns: cell.columns, rows: cell.rows });
            }
            *places += cells.len();
            if *places > MAX_CELLS {
                return Err(too_large("more cells than any report"));
            }
            rows.push(cells);
        }
        Ok(rows)
    }

    /// The sheet that a table of a workbook is.
    fn into_sheet(self) -> Result<Sheet, Problem> {
        let mut sheet = Sheet::default();
        let mut at = 0_u32;
        for (count, is_hidden) in self.columns {
            let next = at.saturating_add(count);
            if is_hidden && next > at {
                sheet.hide_columns(at..=next - 1);
            }
            at = next;
        }
        let mut first = 0_u32;
        for row in self.rows {
            let next = first.saturating_add(row.repeated);
            if row.is_hidden && next > first {
                sheet.hide_rows(first..=next - 1);
            } else {
                put_rows(&row, first..next, &mut sheet)?;
            }
            first = next;
        }
        Ok(sheet)
    }
}

/// Puts a row into a sheet as often as it stands there.
fn put_rows(row: &WrittenRow, places: std::ops::Range<u32>, sheet: &mut Sheet) -> Result<(), Problem> {
    let mut column = 0_u32;
    for cell in &row.cells {
        let next = column.saturating_add(cell.repeated);
        let words = blocks::words(&cell.blocks);
        let text = if words.trim().is_empty() { &cell.value } else { &words };
        let is_merged = cell.columns > 1 || cell.rows > 1;
        if !cell.is_covered && (is_merged || !text.trim().is_empty()) {
            let all = places.clone().flat_map(|row| (column..next).map(move |column| (row, column)));
            for (row, column) in all {
                sheet.put(row, column, text.clone())?;
                if is_merged {
                    let last = |first: u32, count: usize| first.saturating_add(count as u32 - 1);
                    let (rows, columns) = ((row, last(row, cell.rows)), (column, last(column, cell.columns)));
                    sheet.merge(Region { rows, columns })?;
                }
            }
        }
        column = next;
    }
    Ok(())
}
