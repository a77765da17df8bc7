//! Blocks of whole lines of a file of any size: never more of it in memory than a block or two.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::{BLOCK_BYTES, MAX_LINE_BYTES, Record};

/// Some lines of a file.
pub(super) struct Block {
    bytes: Vec<u8>,
    /// How many of the bytes are whole lines; the rest belongs to the next block.
    whole: usize,
    offset: u64,
    line: u32,
    /// A line that ends before this block and is longer than any report: its number and length.
    pub(super) too_long: Option<(u32, u64)>,
}

impl Block {
    /// The lines of some bytes that are a whole file.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        Self { whole: bytes.len(), bytes, offset: 0, line: 1, too_long: None }
    }

    /// Its lines that are not blank.
    pub(super) fn records<'a>(&'a self, path: &'a Path) -> Vec<Record<'a>> {
        let lines = self.lines();
        let breaks = memchr::memchr_iter(b'\n', lines);
        let mut records = Vec::new();
        let (mut start, mut line) = (0, self.line);
        for end in breaks.chain(std::iter::once(lines.len())) {
            let bytes = lines.get(start..end).unwrap_or_default();
            if !bytes.trim_ascii_start().is_empty() {
                records.push(Record { file: path, bytes, offset: self.offset + start as u64, line });
            }
            start = end + 1;
            line = line.saturating_add(1);
        }
        records
    }

    fn lines(&self) -> &[u8] {
        self.bytes.get(..self.whole).unwrap_or_default()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.whole..).unwrap_or_default()
    }
}

/// Reads a file block by block.
pub(super) struct Blocks {
    file: File,
    /// What was read behind the last line break.
    carry: Vec<u8>,
    offset: u64,
    line: u32,
    is_at_end: bool,
}

impl Blocks {
    /// From the beginning of a file.
    pub(super) fn new(file: File) -> Self {
        Self { file, carry: Vec::new(), offset: 0, line: 1, is_at_end: false }
    }

    /// The file, to look at it once more.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// The next block, in the memory of an old one; nothing at the end.
    pub(super) fn next(&mut self, old: Vec<u8>) -> io::Result<Option<Block>> {
        let mut bytes = old;
        bytes.clear();
        bytes.append(&mut self.carry);
        // The length of the line at the beginning, once it is known to be too long.
        let mut dropped: Option<u64> = None;
        while !self.is_at_end {
            let read = self.file.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut bytes)?;
            self.is_at_end = read == 0;
            if let Some(dropped) = &mut dropped {
                // The end of a line that is too long, if it is in sight.
                let end = memchr::memchr(b'\n', &bytes).unwrap_or(bytes.len());
                *dropped += end as u64;
                self.offset += end as u64;
                bytes.drain(..end);
                if bytes.is_empty() {
                    continue;
                }
                // The line break is left at the beginning, and with it an empty line of that number.
                return Ok(Some(self.block(bytes, Some((self.line, *dropped)))));
            }
            if memchr::memrchr(b'\n', &bytes).is_some() {
                return Ok(Some(self.block(bytes, None)));
            }
            if bytes.len() > MAX_LINE_BYTES {
                dropped = Some(bytes.len() as u64);
                self.offset += bytes.len() as u64;
                bytes.clear();
            }
        }
        let too_long = dropped.map(|length| (self.line, length));
        Ok((!bytes.is_empty() || too_long.is_some()).then(|| self.block(bytes, too_long)))
    }

    /// The whole lines of some bytes; the rest is kept for the next block.
    fn block(&mut self, bytes: Vec<u8>, too_long: Option<(u32, u64)>) -> Block {
        let end = memchr::memrchr(b'\n', &bytes).map_or(0, |i| i + 1);
        let whole = if self.is_at_end { bytes.len() } else { end };
        let block = Block { bytes, whole, offset: self.offset, line: self.line, too_long };
        self.carry.extend_from_slice(block.rest());
        self.offset += whole as u64;
        self.line = crate::load::line_after(self.line, block.lines());
        block
    }
}

impl From<Block> for Vec<u8> {
    fn from(block: Block) -> Self {
        block.bytes
    }
}
