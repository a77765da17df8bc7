//! Blocks of whole lines of a file of any size: never more of it in memory than a block or two.

use std::io::{self, Read};
use std::path::Path;

use super::{BLOCK_BYTES, MAX_LINE_BYTES, Record, unreadable};
use crate::report::Problem;

/// Some lines of a file.
pub(super) struct Block {
    bytes: Vec<u8>,
    /// How many of the bytes are whole lines; the rest belongs to the next block.
    whole: usize,
    /// Where its line breaks are.
    breaks: Vec<u32>,
    offset: u64,
    line: u32,
    /// A line that ends before this block and is longer than any report: its number and length.
    pub(super) too_long: Option<(u32, u64)>,
}

impl Block {
    /// The lines of some bytes that are a whole file.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        let breaks = memchr::memchr_iter(b'\n', &bytes).map(|at| at as u32).collect();
        Self { whole: bytes.len(), bytes, breaks, offset: 0, line: 1, too_long: None }
    }

    /// Its lines that are not blank.
    pub(super) fn records<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = Record<'a>> {
        let lines = self.bytes.get(..self.whole).unwrap_or_default();
        let ends = self.breaks.iter().map(|at| *at as usize).chain(std::iter::once(lines.len()));
        let starts = std::iter::once(0).chain(self.breaks.iter().map(|at| *at as usize + 1));
        starts.zip(ends).zip(0..).filter_map(move |((start, end), i)| {
            let bytes = lines.get(start..end).unwrap_or_default();
            let (offset, line) = (self.offset + start as u64, self.line.saturating_add(i));
            let is_blank = bytes.trim_ascii_start().is_empty();
            (!is_blank).then_some(Record { file: path, bytes, offset, line })
        })
    }

    /// About how many lines it has.
    pub(super) fn lines(&self) -> usize {
        self.breaks.len() + 1
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.whole..).unwrap_or_default()
    }
}

/// Reads a file block by block.
pub(super) struct Blocks<'a> {
    from: Box<dyn Read + Send + 'a>,
    /// What was read behind the last line break.
    carry: Vec<u8>,
    offset: u64,
    line: u32,
    is_at_end: bool,
    /// Why it is at its end before the file is.
    failed: Option<io::Error>,
}

impl<'a> Blocks<'a> {
    /// From the beginning of the bytes of a file.
    pub(super) fn new(from: Box<dyn Read + Send + 'a>) -> Self {
        Self { from, carry: Vec::new(), offset: 0, line: 1, is_at_end: false, failed: None }
    }

    /// The next block, in the memory of one that is done with; nothing at the end and behind an error, which comes after
    /// the lines before it and costs the line that it is in.
    pub(super) fn next(&mut self, done: Option<Block>) -> Result<Option<Block>, Problem> {
        let mut bytes = done.map(|block| block.bytes).unwrap_or_default();
        let mut filled = self.carry.len();
        // The length of the line at the beginning, once it is known to be too long.
        let mut dropped: Option<u64> = None;
        while !self.is_at_end {
            let from = filled;
            filled = self.fill(&mut bytes, from);
            if let Some(dropped) = &mut dropped {
                // The end of a line that is too long, if it is in sight.
                let end = memchr::memchr(b'\n', &bytes).unwrap_or(filled);
                *dropped += end as u64;
                self.offset += end as u64;
                bytes.drain(..end);
                filled -= end;
                if filled == 0 {
                    continue;
                }
                // The line break is left at the beginning, and with it an empty line of that number.
                return Ok(Some(self.block(bytes, Some((self.line, *dropped)))));
            }
            if bytes.get(from..).is_some_and(|new| memchr::memrchr(b'\n', new).is_some()) {
                return Ok(Some(self.block(bytes, None)));
            }
            if filled > MAX_LINE_BYTES {
                dropped = Some(filled as u64);
                self.offset += filled as u64;
                filled = 0;
            }
        }
        if let Some(error) = self.failed.take() {
            self.carry.clear();
            return Err(Problem { line: self.line, ..unreadable(&error) });
        }
        bytes.truncate(filled);
        let too_long = dropped.map(|length| (self.line, length));
        Ok((!bytes.is_empty() || too_long.is_some()).then(|| self.block(bytes, too_long)))
    }

    /// Reads on, behind the bytes that are filled already, and gives how many are filled then, which are all. What
    /// the last block left over is put before them.
    fn fill(&mut self, bytes: &mut Vec<u8>, filled: usize) -> usize {
        let end = filled + BLOCK_BYTES;
        // Old bytes are overwritten, as clearing them first takes its time.
        bytes.resize(end, 0);
        if let Some(start) = bytes.get_mut(..self.carry.len()) {
            start.copy_from_slice(&self.carry);
        }
        self.carry.clear();
        let mut filled = filled;
        while let Some(free @ [_, ..]) = bytes.get_mut(filled..end) {
            match self.from.read(free) {
                Ok(0) => {
                    self.is_at_end = true;
                    break;
                }
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    (self.is_at_end, self.failed) = (true, Some(error));
                    break;
                }
            }
        }
        bytes.truncate(filled);
        filled
    }

    /// The whole lines of some bytes; the rest is kept for the next block.
    fn block(&mut self, bytes: Vec<u8>, too_long: Option<(u32, u64)>) -> Block {
        let breaks: Vec<u32> = memchr::memchr_iter(b'\n', &bytes).map(|at| at as u32).collect();
        let end = breaks.last().map_or(0, |at| *at as usize + 1);
        let is_last = self.is_at_end && self.failed.is_none();
        let whole = if is_last { bytes.len() } else { end };
        let lines = breaks.len() as u32;
        let block = Block { bytes, whole, breaks, offset: self.offset, line: self.line, too_long };
        self.carry.extend_from_slice(block.rest());
        self.offset += whole as u64;
        self.line = self.line.saturating_add(lines);
        block
    }
}
