//! Workbooks of Excel 97 to 2003: a stream of records, of which those are read that say what is shown.
//!
//! The library for workbooks lays out a grid as large as a file says, which may be far more than memory; here only what is
//! there is kept. Every number comes from the file: no place is looked at without asking whether it is there.

use super::super::page::Page;
use super::compound::{place_at, u16_at, u32_at};
use super::sheets::{Region, Sheet};
use super::{damaged, locked, numbers, problem, too_large};
use crate::report::{Problem, ProblemCode};

/// Sheets of a workbook at most.
const MAX_SHEETS: usize = 1_000;
/// Bytes of the texts of a workbook at most.
const MAX_TEXT_BYTES: usize = 32 << 20;

/// A record of the stream.
#[derive(Debug, Clone, Copy)]
struct BiffRecord<'a> {
    id: u16,
    data: &'a [u8],
    /// Where the next begins.
    end: usize,
}

/// The records from a place on, as far as they are there.
fn records(stream: &[u8], from: usize) -> impl Iterator<Item = BiffRecord<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let (id, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at.checked_add(2)?)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some(BiffRecord { id, data, end: at })
    })
}

/// The text of a workbook.
pub(super) fn text(stream: &[u8]) -> Result<String, Problem> {
    let book = Book::new(stream)?;
    let mut page = Page::default();
    for at in &book.sheets {
        let mut sheet = Sheet::default();
        book.fill(stream, *at, &mut sheet)?;
        sheet.write(&mut page)?;
    }
    Ok(page.into_text())
}

/// What a workbook says once for all sheets.
#[derive(Debug, Default)]
struct Book {
    /// Where the sheets begin that are shown.
    sheets: Vec<usize>,
    strings: Vec<String>,
    /// The formats that are written out, by their numbers.
    formats: Vec<(u16, String)>,
    /// The number of the format of each look of cells.
    looks: Vec<u16>,
    is_1904: bool,
}

impl Book {
    fn new(stream: &[u8]) -> Result<Self, Problem> {
        let mut book = Self::default();
        for BiffRecord { id, data, end } in records(stream, 0) {
            match id {
                0x0809 if u16_at(data, 0) != Some(0x0600) => return Err(too_old()),
                0x0009 | 0x0209 | 0x0409 => return Err(too_old()),
                0x002f => return Err(locked()),
                0x0022 => book.is_1904 = u16_at(data, 0) == Some(1),
                0x041e => {
                    let format = u16_at(data, 0).zip(string(data.get(2..).unwrap_or_default()));
                    book.formats.extend(format);
                }
                0x00e0 => book.looks.push(u16_at(data, 2).unwrap_or(0)),
                0x0085 => book.add_sheet(data)?,
                0x00fc => book.strings = strings(data, stream, end)?,
                0x000a => break,
                _ => {}
            }
        }
        Ok(book)
    }

    /// A sheet, if it is shown and one of cells.
    fn add_sheet(&mut self, data: &[u8]) -> Result<(), Problem> {
        let at = place_at(data, 0).ok_or_else(|| damaged("no sheets"))?;
        let is_shown =
            data.get(4).is_some_and(|state| state.trailing_zeros() >= 2) && data.get(5) == Some(&0);
        if is_shown && !self.sheets.contains(&at) {
            self.sheets.push(at);
        }
        if self.sheets.len() > MAX_SHEETS { Err(too_large("more cells than any report")) } else { Ok(()) }
    }

    /// Puts the cells of a sheet into their places.
    fn fill(&self, stream: &[u8], at: usize, sheet: &mut Sheet) -> Result<(), Problem> {
        // Charts in a sheet have records of their own, which look like cells.
        let mut depth = 0_usize;
        let mut of_text = None;
        for BiffRecord { id, data, .. } in records(stream, at) {
            match id {
                0x0809 => depth += 1,
                0x000a if depth <= 1 => return Ok(()),
                0x000a => depth -= 1,
                _ if depth > 1 => {}
                0x0207 => {
                    if let Some(((row, column), text)) = of_text.take().zip(string(data)) {
                        sheet.put(row, column, text)?;
                    }
                }
                0x0006 => of_text = self.formula(data, sheet)?,
                _ => self.cell(id, data, sheet)?,
            }
        }
        Err(damaged("a sheet is cut off"))
    }

    /// A number as a look of cells shows it.
    fn shown(&self, number: f64, look: u16) -> String {
        let id = self.looks.get(usize::from(look)).copied().unwrap_or(0);
        let own = self.formats.iter().find(|(of, _)| *of == id);
        numbers::shown(number, own.map_or_else(|| numbers::built_in(id), |(_, format)| format), self.is_1904)
    }

    /// The result of a formula; where it is a text, that comes behind, and its place is given.
    fn formula(&self, data: &[u8], sheet: &mut Sheet) -> Result<Option<(u32, u32)>, Problem> {
        let Some((row, column, look)) = place(data) else { return Ok(None) };
        let Some(bytes) = data.get(6..14).and_then(|b| <[u8; 8]>::try_from(b).ok()) else { return Ok(None) };
        match bytes {
            [0, .., 0xff, 0xff] => return Ok(Some((row, column))),
            [.., 0xff, 0xff] => {}
            bytes => sheet.put(row, column, self.shown(f64::from_le_bytes(bytes), look))?,
        }
        Ok(None)
    }

    fn cell(&self, id: u16, data: &[u8], sheet: &mut Sheet) -> Result<(), Problem> {
        match id {
            // The row and its cells are hidden, or the columns are.
            0x0208 => {
                if let (Some(row), Some(0x20)) = (u16_at(data, 0), u16_at(data, 12).map(|bits| bits & 0x20)) {
                    sheet.hide_rows(row.into()..=row.into());
                }
            }
            0x007d => {
                let range = u16_at(data, 0).zip(u16_at(data, 2)).filter(|(first, last)| first <= last);
                if let (Some((first, last)), Some(1)) = (range, u16_at(data, 8).map(|bits| bits & 1)) {
                    sheet.hide_columns(first.into()..=last.into());
                }
            }
            0x00e5 => {
                for region in data.get(2..).unwrap_or_default().chunks_exact(8) {
                    let at = |i| u16_at(region, i).map_or(0, u32::from);
                    sheet.merge(Region { rows: (at(0), at(2)), columns: (at(4), at(6)) })?;
                }
            }
            0x00bd => return self.many(data, sheet),
            0x00fd | 0x0203 | 0x0204 | 0x00d6 | 0x027e => {
                let (row, column, look) = place(data).ok_or_else(|| damaged("a cell is cut off"))?;
                let text = self.words(id, data.get(6..).unwrap_or_default(), look);
                sheet.put(row, column, text.ok_or_else(|| damaged("a cell is cut off"))?)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What a cell shows: one of all texts, a number, a text of its own, a short number.
    fn words(&self, id: u16, value: &[u8], look: u16) -> Option<String> {
        match id {
            0x00fd => self.strings.get(place_at(value, 0)?).cloned(),
            0x0203 => {
                let bytes = value.get(..8)?.try_into().ok()?;
                Some(self.shown(f64::from_le_bytes(bytes), look))
            }
            0x027e => Some(self.shown(short(u32_at(value, 0)?), look)),
            _ => string(value),
        }
    }

    /// Short numbers in cells side by side.
    fn many(&self, data: &[u8], sheet: &mut Sheet) -> Result<(), Problem> {
        let Some((row, first, _)) = place(data) else { return Ok(()) };
        let cells = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
        for (cell, column) in cells.chunks_exact(6).zip(first..) {
            if let Some((look, number)) = u16_at(cell, 0).zip(u32_at(cell, 2)) {
                sheet.put(row, column, self.shown(short(number), look))?;
            }
        }
        Ok(())
    }
}

fn too_old() -> Problem {
    let how = "a workbook of before Excel 97: open it in an office program and save it as .xlsx";
    problem(ProblemCode::UnknownFormat, how)
}

/// Row, column and look of a cell.
fn place(data: &[u8]) -> Option<(u32, u32, u16)> {
    Some((u16_at(data, 0)?.into(), u16_at(data, 2)?.into(), u16_at(data, 4)?))
}

/// A number in four bytes: the first thirty bits of one, or a whole one; perhaps a hundred times as much.
fn short(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    if bits & 1 == 0 { number } else { number / 100.0 }
}

/// A text in one record.
fn string(data: &[u8]) -> Option<String> {
    Strings { parts: vec![data], at: 0 }.next()
}

/// The texts of all cells, which go on over records.
fn strings(data: &[u8], stream: &[u8], end: usize) -> Result<Vec<String>, Problem> {
    let mut parts = vec![data.get(8..).unwrap_or_default()];
    parts.extend(records(stream, end).take_while(|record| record.id == 0x003c).map(|record| record.data));
    parts.reverse();
    let (mut strings, mut out, mut bytes) = (Strings { parts, at: 0 }, Vec::new(), 0);
    while let Some(text) = strings.next() {
        bytes += text.len() + 8;
        if bytes > MAX_TEXT_BYTES {
            return Err(too_large("more text than any report"));
        }
        out.push(text);
    }
    Ok(out)
}

/// Reads texts from parts, of which the last is the one at hand.
struct Strings<'a> {
    parts: Vec<&'a [u8]>,
    at: usize,
}

impl Strings<'_> {
    /// Goes to the next part.
    fn turn(&mut self) -> Option<()> {
        self.parts.pop()?;
        self.at = 0;
        self.parts.last().map(|_| ())
    }

    fn byte(&mut self) -> Option<u8> {
        loop {
            if let Some(byte) = self.parts.last()?.get(self.at) {
                self.at += 1;
                return Some(*byte);
            }
            self.turn()?;
        }
    }

    fn number(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            let left = self.parts.last()?.len().saturating_sub(self.at);
            if left == 0 {
                self.turn()?;
            }
            let step = left.min(count);
            self.at += step;
            count -= step;
        }
        Some(())
    }

    /// The next text; none at the end, or where there is no sense in it.
    fn next(&mut self) -> Option<String> {
        let count = self.number()?;
        let mut flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(self.number()?) * 4 };
        let more = if flags & 4 == 0 {
            0
        } else {
            usize::from(self.number()?) + (usize::from(self.number()?) << 16)
        };
        let mut units = Vec::new();
        for _ in 0..count {
            // Where a text goes on in another part, that says anew how wide its characters are.
            if self.parts.last()?.len() <= self.at {
                self.turn()?;
                flags = self.byte()?;
            }
            units.push(if flags & 1 == 0 { u16::from(self.byte()?) } else { self.number()? });
        }
        // What is said of runs, and how the text is pronounced.
        let _ = self.skip(runs).and_then(|()| self.skip(more));
        Some(String::from_utf16_lossy(&units))
    }
}
