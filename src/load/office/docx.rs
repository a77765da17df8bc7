//! Word documents: paragraphs and tables of the body, in text boxes too.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::archive::Archive;
use super::super::decode::decode;
use super::super::normalise::raised;
use super::super::page::{Cell, Page};
use super::super::{Format, Reading, Record, Unit, View, text};
use super::has_member;
use crate::display::Untrusted;
use crate::report::{Problem, ProblemCode};

/// Word documents.
pub(in crate::load) const DOCX: Format = Format {
    name: "docx",
    about: "a Word document (.docx)",
    recognises: |head, _| has_member(head, "word/"),
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

/// Elements inside each other at most.
const MAX_DEPTH: usize = 200;

fn read(record: &Record<'_>) -> Reading {
    text::read_rendered(record, render(record), DOCX.name)
}

fn render(record: &Record<'_>) -> Result<String, Problem> {
    let mut archive = Archive::open(record.bytes)?;
    let xml = archive.read("word/document.xml")?;
    let blocks = parse(&xml)?;
    let mut page = Page::default();
    write(&blocks, &mut page);
    Ok(page.into_text())
}

/// A paragraph or a table.
#[derive(Debug)]
enum Block {
    Paragraph(String),
    /// What is struck out in a paragraph.
    Struck(String),
    Table(Vec<Vec<TableCell>>),
}

#[derive(Debug, Default)]
struct TableCell {
    blocks: Vec<Block>,
    columns: usize,
    /// Whether it goes on a cell above.
    is_continued: bool,
}

/// The text of a paragraph.
#[derive(Debug, Default)]
struct Words {
    text: String,
    struck: String,
    /// Whether the last of it was white.
    was_white: Option<bool>,
}

/// How the text of a run is seen.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a property of its own")]
struct Look {
    /// Not at all.
    is_hidden: bool,
    is_struck: bool,
    /// Small, above or below the line.
    is_raised: bool,
    /// White: on paper nobody sees it, but what it stands on is not known.
    is_white: bool,
}

/// An element that is being read.
#[derive(Debug)]
enum Frame {
    /// The body, or a text box.
    Body(Vec<Block>),
    /// A paragraph and the text boxes that hang on it.
    Paragraph(Words, Vec<Block>),
    Table(Vec<Vec<TableCell>>),
    /// The cells of a row, with columns left out before them.
    Row(Vec<TableCell>),
    Cell(TableCell),
}

fn broken(reason: &str) -> Problem {
    let detail = Untrusted::new(format!("document.xml: {reason}"));
    Problem { code: ProblemCode::Unreadable, at: Untrusted::default(), line: 0, detail }
}

/// The blocks of a document.
fn parse(xml: &[u8]) -> Result<Vec<Block>, Problem> {
    let (xml, _) = decode(xml, None).ok_or_else(|| broken("neither UTF-8 nor UTF-16"))?;
    let mut reader = Reader::from_str(&xml);
    let mut stack = vec![Frame::Body(Vec::new())];
    // Word writes text boxes twice: the second time for old programs.
    let mut fallback = 0_usize;
    // What was deleted or moved away is kept for the record.
    let mut removed = 0_usize;
    let mut look = Look::default();
    let mut in_text = false;
    loop {
        let event = reader.read_event().map_err(|error| broken(&error.to_string()))?;
        match event {
            Event::Eof => break,
            Event::Start(start) if start.local_name().as_ref() == "Fallback" => fallback += 1,
            Event::End(end) if end.local_name().as_ref() == "Fallback" => {
                fallback = fallback.saturating_sub(1);
            }
            _ if fallback > 0 => {}
            Event::Start(start) if is_removal(start.local_name().as_ref()) => removed += 1,
            Event::End(end) if is_removal(end.local_name().as_ref()) => removed = removed.saturating_sub(1),
            Event::Start(start) => {
                look.learn(&start);
                in_text = start.local_name().as_ref() == "t";
                if stack.len() > MAX_DEPTH {
                    return Err(broken("nested too deep"));
                }
                open(&start, &mut stack);
            }
            Event::Empty(start) => {
                look.learn(&start);
                empty(&start, &mut stack);
            }
            Event::Text(words) if in_text && removed == 0 => add(&words, look, &mut stack),
            Event::GeneralRef(name) if in_text && removed == 0 => {
                let known = match name.as_ref() {
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "amp" => Some('&'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => name.resolve_char_ref().ok().flatten(),
                };
                add(known.unwrap_or('?').encode_utf8(&mut [0; 4]), look, &mut stack);
            }
            Event::End(end) => {
                in_text = false;
                close(end.local_name().as_ref(), &mut stack);
            }
            _ => {}
        }
    }
    match stack.into_iter().next() {
        Some(Frame::Body(blocks)) => Ok(blocks),
        _ => Err(broken("no body")),
    }
}

fn is_removal(name: &str) -> bool {
    matches!(name, "del" | "moveFrom")
}

impl Look {
    /// Reads a property of a run; a new run begins without any.
    fn learn(&mut self, start: &BytesStart<'_>) {
        let is_on = || !value(start).is_some_and(|v| matches!(v.trim(), "0" | "false" | "off" | "none"));
        match start.local_name().as_ref() {
            "r" => *self = Self::default(),
            "vanish" | "webHidden" | "specVanish" => self.is_hidden |= is_on(),
            "strike" | "dstrike" => self.is_struck |= is_on(),
            "vertAlign" => {
                self.is_raised =
                    value(start).is_some_and(|v| matches!(v.trim(), "superscript" | "subscript"));
            }
            "color" => self.is_white = value(start).is_some_and(|v| v.trim().eq_ignore_ascii_case("ffffff")),
            _ => {}
        }
    }
}

fn open(start: &BytesStart<'_>, stack: &mut Vec<Frame>) {
    let frame = match start.local_name().as_ref() {
        "p" => Frame::Paragraph(Words::default(), Vec::new()),
        "tbl" => Frame::Table(Vec::new()),
        "tr" => Frame::Row(Vec::new()),
        "tc" => Frame::Cell(TableCell { columns: 1, ..TableCell::default() }),
        "txbxContent" => Frame::Body(Vec::new()),
        // Properties can be written with a body.
        _ => return empty(start, stack),
    };
    stack.push(frame);
}

/// The number in an attribute `val`, whatever its prefix.
fn value(start: &BytesStart<'_>) -> Option<String> {
    let mut attributes = start.attributes().filter_map(Result::ok);
    attributes.find(|a| a.key.local_name().as_ref() == "val").map(|a| a.value.into_owned())
}

fn empty(start: &BytesStart<'_>, stack: &mut [Frame]) {
    let number = || value(start).and_then(|v| v.trim().parse::<usize>().ok());
    match (start.local_name().as_ref(), stack.last_mut()) {
        ("tab", Some(Frame::Paragraph(words, _))) => words.text.push(' '),
        ("br" | "cr", Some(Frame::Paragraph(words, _))) => words.text.push('\n'),
        ("noBreakHyphen", Some(Frame::Paragraph(words, _))) => words.text.push('-'),
        ("gridSpan", Some(Frame::Cell(cell))) => cell.columns = number().unwrap_or(1).clamp(1, 256),
        ("vMerge", Some(Frame::Cell(cell))) => {
            cell.is_continued = value(start).is_none_or(|v| v != "restart");
        }
        ("gridBefore", Some(Frame::Row(cells))) => {
            cells.push(TableCell { columns: number().unwrap_or(1).clamp(1, 256), ..TableCell::default() });
        }
        _ => {}
    }
}

fn add(piece: &str, look: Look, stack: &mut [Frame]) {
    let Some(Frame::Paragraph(words, _)) = stack.last_mut() else { return };
    if look.is_hidden {
        return;
    }
    if look.is_struck {
        words.struck.push_str(piece);
        return;
    }
    // White text beside text that is not is set apart, as nobody knows what it stands on.
    if words.was_white.replace(look.is_white).is_some_and(|was| was != look.is_white) {
        words.text.push(' ');
    }
    if look.is_raised { words.text.push_str(&raised(piece)) } else { words.text.push_str(piece) }
}

/// Ends an element and hands it to the one around it.
fn close(name: &str, stack: &mut Vec<Frame>) {
    let ends = |frame: &Frame| {
        matches!(
            (name, frame),
            ("p", Frame::Paragraph(..))
                | ("tbl", Frame::Table(_))
                | ("tr", Frame::Row(_))
                | ("tc", Frame::Cell(_))
                | ("txbxContent", Frame::Body(_))
        )
    };
    if stack.len() < 2 || !stack.last().is_some_and(ends) {
        return;
    }
    let Some(done) = stack.pop() else { return };
    match (done, stack.last_mut()) {
        (
            Frame::Paragraph(words, boxes),
            Some(Frame::Body(blocks) | Frame::Cell(TableCell { blocks, .. })),
        ) => {
            blocks.push(Block::Paragraph(words.text));
            blocks.extend((!words.struck.trim().is_empty()).then_some(Block::Struck(words.struck)));
            blocks.extend(boxes);
        }
        (Frame::Table(rows), Some(Frame::Body(blocks) | Frame::Cell(TableCell { blocks, .. }))) => {
            blocks.push(Block::Table(rows));
        }
        (Frame::Row(cells), Some(Frame::Table(rows))) => rows.push(cells),
        (Frame::Cell(cell), Some(Frame::Row(cells))) => cells.push(cell),
        (Frame::Body(inner), Some(Frame::Paragraph(_, boxes))) => boxes.extend(inner),
        (Frame::Body(inner), Some(Frame::Body(blocks))) => blocks.extend(inner),
        _ => {}
    }
}

fn write(blocks: &[Block], page: &mut Page) {
    for block in blocks {
        match block {
            Block::Paragraph(text) => page.lines(text),
            Block::Struck(_) => {}
            Block::Table(rows) => {
                let is_layout = rows.iter().flatten().any(|cell| cell.blocks.iter().any(is_table));
                if is_layout {
                    rows.iter().flatten().for_each(|cell| write(&cell.blocks, page));
                } else {
                    let rows: Vec<Vec<Cell>> =
                        rows.iter().map(|row| row.iter().map(cell).collect()).collect();
                    page.table(&rows);
                }
            }
        }
    }
}

fn is_table(block: &Block) -> bool {
    matches!(block, Block::Table(_))
}

fn cell(cell: &TableCell) -> Cell {
    let words = |block: &Block| match block {
        Block::Paragraph(text) => text.clone(),
        Block::Table(_) | Block::Struck(_) => String::new(),
    };
    let text: Vec<String> =
        if cell.is_continued { Vec::new() } else { cell.blocks.iter().map(words).collect() };
    let mut text = text.join("\n");
    // Where only struck text is left, it is shown as such: neither a figure nor a blank cell.
    let struck =
        cell.blocks.iter().find_map(|b| if let Block::Struck(text) = b { Some(text.trim()) } else { None });
    if let Some(struck) = struck.filter(|_| text.trim().is_empty() && !cell.is_continued) {
        text = format!("~~{struck}~~");
    }
    // The rest of a cell above is none of this row.
    let rows = usize::from(!cell.is_continued);
    Cell { text, columns: cell.columns, rows }
}
