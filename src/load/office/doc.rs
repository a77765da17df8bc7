//! Documents of Word 97 to 2003: characters in pieces, and what is said of runs and paragraphs in pages beside them.
//!
//! Every number comes from the file: no place is looked at without asking whether it is there.

use super::super::page::Page;
use super::blocks::{self, Block};
use super::compound::{Compound, place_at, u16_at, u32_at};
use super::flow::Flow;
use super::sprm::{Paragraph, character, paragraph};
use super::{cut_off, damaged, locked, problem, too_large};
use crate::report::{Problem, ProblemCode};

/// Characters of a document at most.
const MAX_CHARACTERS: usize = 8 << 20;
/// Bytes of a page of runs or paragraphs.
const PAGE: usize = 512;

/// The text of a document.
pub(super) fn text(file: &mut Compound<'_>) -> Result<String, Problem> {
    let main = file.read("WordDocument")?;
    let flags = u16_at(&main, 0x0a).ok_or_else(|| damaged("no header"))?;
    if u16_at(&main, 0) != Some(0xa5ec) || u16_at(&main, 2).is_none_or(|version| version < 0xc1) {
        let how = "a document of before Word 97: open it in an office program and save it as .docx";
        return Err(problem(ProblemCode::UnknownFormat, how));
    }
    if flags & 0x0100 != 0 {
        return Err(locked());
    }
    let table = file.read(if flags & 0x0200 != 0 { "1Table" } else { "0Table" })?;
    // Rows with much to say keep it there.
    let data = if file.has("Data") { file.read("Data")? } else { Vec::new() };
    let document = Document::new(&main, &table, &data).ok_or_else(|| damaged("no pieces of text"))?;
    let mut page = Page::default();
    for blocks in document.stories()? {
        blocks::write(&blocks, &mut page);
    }
    Ok(page.into_text())
}

/// Characters that stand one behind the other.
struct Piece {
    /// The first character and the one behind the last.
    from: usize,
    to: usize,
    /// Where they begin.
    at: usize,
    /// Whether each takes one byte.
    is_narrow: bool,
}

/// Bytes of the text and where it is said what they look like.
struct Run {
    from: usize,
    to: usize,
    /// The place and the length of what is said, in the main stream.
    said: (usize, usize),
}

struct Document<'a> {
    main: &'a [u8],
    data: &'a [u8],
    pieces: Vec<Piece>,
    runs: Vec<Run>,
    paragraphs: Vec<Run>,
}

/// A part of a stream whose place and length are in the header.
fn part<'a>(main: &[u8], table: &'a [u8], at: usize) -> Option<&'a [u8]> {
    let (from, length) = (place_at(main, at)?, place_at(main, at + 4)?);
    table.get(from..from.checked_add(length)?)
}

impl<'a> Document<'a> {
    fn new(main: &'a [u8], table: &'a [u8], data: &'a [u8]) -> Option<Self> {
        let pieces = pieces(part(main, table, 0x1a2)?)?;
        let said = |at, width, of| part(main, table, at).map(|index| runs(main, index, width, of));
        Some(Self {
            main,
            data,
            pieces,
            runs: said(0xfa, 1, said_of_run as Said).unwrap_or_default(),
            paragraphs: said(0x102, 13, said_of_paragraph as Said).unwrap_or_default(),
        })
    }

    /// The text itself and what stands in boxes, without notes, comments, heads and feet of pages.
    fn stories(&self) -> Result<Vec<Vec<Block>>, Problem> {
        let count = |at: usize| place_at(self.main, at).unwrap_or(0);
        let text = count(0x4c);
        // Notes, heads and feet, macros, comments, notes at the end.
        let between: usize = [0x50, 0x54, 0x58, 0x5c, 0x60].into_iter().map(count).sum();
        let boxes = text.saturating_add(between);
        let ends = [(0, text), (boxes, boxes.saturating_add(count(0x64)))];
        ends.into_iter().filter(|(from, to)| from < to).map(|(from, to)| self.story(from, to)).collect()
    }

    fn story(&self, from: usize, to: usize) -> Result<Vec<Block>, Problem> {
        let mut writer = Writer {
            document: self,
            flow: Flow::default(),
            fields: Vec::new(),
            instructions: 0,
            surrogate: None,
            run: 0,
            look: None,
        };
        if self.pieces.last().is_none_or(|last| last.to < to) {
            return Err(cut_off());
        }
        let mut count = 0;
        for piece in &self.pieces {
            for character in from.max(piece.from)..to.min(piece.to) {
                let offset = character - piece.from;
                let width = if piece.is_narrow { 1 } else { 2 };
                let at = piece.at.saturating_add(offset.saturating_mul(width));
                let unit = if piece.is_narrow {
                    self.main.get(at).copied().map(u16::from)
                } else {
                    u16_at(self.main, at)
                };
                let unit = unit.ok_or_else(cut_off)?;
                writer.put(unit, at, piece.is_narrow);
                count += 1;
                if count > MAX_CHARACTERS {
                    return Err(too_large("more text than any report"));
                }
            }
        }
        Ok(writer.flow.finish())
    }

    fn paragraph(&self, at: usize) -> Paragraph {
        let run = find(&self.paragraphs, at).and_then(|run| said(self.main, run.said));
        run.map(|grpprl| paragraph(grpprl, self.data)).unwrap_or_default()
    }
}

fn said(bytes: &[u8], (at, length): (usize, usize)) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

/// The run in which a byte is.
fn find(runs: &[Run], at: usize) -> Option<&Run> {
    let next = runs.partition_point(|run| run.from <= at);
    runs.get(next.checked_sub(1)?).filter(|run| at < run.to)
}

/// The pieces of the text, from the table of pieces.
fn pieces(clx: &[u8]) -> Option<Vec<Piece>> {
    let mut at = 0;
    // What was changed in haste stands before the table.
    while clx.get(at) == Some(&1) {
        at = at.checked_add(3)?.checked_add(usize::from(u16_at(clx, at + 1)?))?;
    }
    let length = (clx.get(at) == Some(&2)).then(|| place_at(clx, at + 1)).flatten()?;
    let table = clx.get(at + 5..(at + 5).checked_add(length)?)?;
    let count = table.len().checked_sub(4)? / 12;
    let piece = |i: usize| {
        let place = u32_at(table, (count + 1) * 4 + i * 8 + 2)?;
        let is_narrow = place & 0x4000_0000 != 0;
        let place = (place & 0x3fff_ffff) as usize;
        let at = if is_narrow { place / 2 } else { place };
        Some(Piece { from: place_at(table, i * 4)?, to: place_at(table, i * 4 + 4)?, at, is_narrow })
    };
    (0..count).map(piece).collect()
}

/// Where a page says what a run looks like, by the byte that names it.
type Said = fn(page: &[u8], place: usize) -> Option<(usize, usize)>;

fn said_of_run(page: &[u8], place: usize) -> Option<(usize, usize)> {
    Some((place + 1, usize::from(*page.get(place)?)))
}

fn said_of_paragraph(page: &[u8], place: usize) -> Option<(usize, usize)> {
    let (at, length) = match usize::from(*page.get(place)?) {
        0 => (place + 2, usize::from(*page.get(place + 1)?) * 2),
        words => (place + 1, words * 2 - 1),
    };
    // The number of the style stands before it.
    Some((at + 2, length.checked_sub(2)?))
}

/// The runs of all pages that an index names, in their order.
fn runs(main: &[u8], index: &[u8], width: usize, of: Said) -> Vec<Run> {
    let count = index.len().saturating_sub(4) / 8;
    // There are no more pages than the stream has.
    let pages = (0..count.min(main.len() / PAGE + 1)).filter_map(|i| {
        let number = u32_at(index, (count + 1) * 4 + i * 4)? & 0x003f_ffff;
        (number as usize).checked_mul(PAGE)
    });
    let mut out: Vec<Run> = Vec::new();
    for start in pages {
        let Some(page) = main.get(start..start.saturating_add(PAGE)) else { continue };
        let count = page.last().copied().map_or(0, usize::from);
        let run = |i: usize| {
            let (from, to) = (place_at(page, i * 4)?, place_at(page, i * 4 + 4)?);
            let name = usize::from(*page.get((count + 1) * 4 + i * width)?);
            let said = if name == 0 { Some((0, 0)) } else { of(page, name * 2) };
            let (at, length) = said?;
            Some(Run { from, to, said: (start + at, length) })
        };
        out.extend((0..count).filter_map(run));
    }
    out.sort_by_key(|run| run.from);
    out
}

/// Turns characters into paragraphs and tables.
struct Writer<'a> {
    document: &'a Document<'a>,
    flow: Flow,
    /// For each field around: whether its instruction is being read.
    fields: Vec<bool>,
    /// How many of them are.
    instructions: usize,
    /// The first half of a character of two.
    surrogate: Option<u16>,
    /// The run at hand: all of it looks alike.
    run: usize,
    look: Option<super::sprm::Character>,
}

impl Writer<'_> {
    fn put(&mut self, unit: u16, at: usize, is_narrow: bool) {
        match unit {
            0x13 => {
                self.fields.push(true);
                self.instructions += 1;
            }
            0x14 => {
                if let Some(field) = self.fields.last_mut() {
                    self.instructions -= usize::from(std::mem::take(field));
                }
            }
            0x15 => self.instructions -= usize::from(self.fields.pop() == Some(true)),
            0x07 => {
                let paragraph = self.document.paragraph(at);
                if paragraph.is_row_end {
                    self.flow.end_row(paragraph.depth, &paragraph.row);
                } else {
                    self.flow.end_cell(paragraph.depth);
                }
            }
            0x0c..=0x0e => {
                let paragraph = self.document.paragraph(at);
                match (paragraph.is_inner_row_end, paragraph.is_inner_cell_end) {
                    (true, _) => self.flow.end_row(paragraph.depth, &paragraph.row),
                    (_, true) => self.flow.end_cell(paragraph.depth),
                    _ => self.flow.end_paragraph(paragraph.depth),
                }
            }
            _ => self.character(unit, at, is_narrow),
        }
    }

    fn character(&mut self, unit: u16, at: usize, is_narrow: bool) {
        let look = self.look(at);
        if look.is_unseen || self.instructions > 0 {
            return;
        }
        let byte = [unit as u8];
        let text = match unit {
            0x09 => " ".into(),
            0x0b => "\n".into(),
            0x1e => "-".into(),
            0x00..0x20 => return,
            _ if is_narrow => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0,
            0xd800..0xdc00 => {
                self.surrogate = Some(unit);
                return;
            }
            _ => {
                let units = self.surrogate.take().filter(|_| (0xdc00..0xe000).contains(&unit));
                let units = units.into_iter().chain([unit]);
                char::decode_utf16(units).filter_map(Result::ok).collect::<String>().into()
            }
        };
        self.flow.add(&text, look.is_raised);
    }

    /// How a character looks.
    fn look(&mut self, at: usize) -> super::sprm::Character {
        let runs = &self.document.runs;
        let is_in = |run: &Run| (run.from..run.to).contains(&at);
        if let Some(look) = self.look.filter(|_| runs.get(self.run).is_some_and(is_in)) {
            return look;
        }
        self.run = runs.partition_point(|run| run.from <= at).saturating_sub(1);
        let run = runs.get(self.run).filter(|run| is_in(run));
        let said = run.and_then(|run| said(self.document.main, run.said));
        let look = said.map(character).unwrap_or_default();
        self.look = Some(look);
        look
    }
}
