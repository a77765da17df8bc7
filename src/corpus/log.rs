//! What is kept of each report and seldom asked for: a log of pieces of bytes that does not stay in memory.
//!
//! The first pieces are in memory; when they are many they move to a file without a name in the cache folder, which
//! is gone when the program is. Where no such file can be made they stay in memory.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

/// So much stays in memory.
const IN_MEMORY: usize = 8 << 20;
/// So much of a log that is read once, from end to end.
const OF_SPOOL: usize = 1 << 20;
/// Length and check of a piece.
pub(super) const HEAD: usize = 8;
/// Most pieces are no longer, and are read at once.
const USUAL: usize = 760;
/// No piece is larger.
const MAX_PIECE: usize = 16 << 20;

/// Pieces of bytes, known by where they begin.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// Files that hold the first pieces: each with where it begins there, and how many bytes it holds.
    files: Vec<Segment>,
    /// The last pieces.
    memory: Vec<u8>,
    /// How much stays in memory; 0 for what is usual.
    limit: usize,
    folder: Option<PathBuf>,
}

#[derive(Debug, Clone)]
struct Segment {
    file: Arc<File>,
    start: u64,
    length: u64,
    /// Whether it is a file of this log alone.
    is_own: bool,
}

impl Log {
    /// An empty log whose file is in a folder.
    #[must_use]
    pub fn within(folder: Option<PathBuf>) -> Self {
        Self { folder, ..Self::default() }
    }

    /// An empty log for pieces that are all read once, in their order.
    #[must_use]
    pub fn spool(folder: Option<PathBuf>) -> Self {
        Self { folder, limit: OF_SPOOL, ..Self::default() }
    }

    /// A log that is a part of a file.
    pub(super) fn of_file(file: Arc<File>, start: u64, length: u64, folder: Option<PathBuf>) -> Self {
        Self { files: vec![Segment { file, start, length, is_own: false }], folder, ..Self::default() }
    }

    /// How many bytes there are.
    #[must_use]
    pub(super) fn len(&self) -> u64 {
        self.in_files() + self.memory.len() as u64
    }

    fn in_files(&self) -> u64 {
        self.files.iter().map(|segment| segment.length).sum()
    }

    /// Adds a piece and tells where it begins.
    pub fn append(&mut self, piece: &[u8]) -> u64 {
        self.append_parts(&[piece])
    }

    /// Adds a piece that is in several parts, and tells where it begins.
    pub fn append_parts(&mut self, parts: &[&[u8]]) -> u64 {
        let (at, from) = (self.len(), self.memory.len());
        self.memory.extend_from_slice(&[0; HEAD]);
        for part in parts {
            self.memory.extend_from_slice(part);
        }
        let piece = self.memory.get(from + HEAD..).unwrap_or_default();
        let head = [(piece.len() as u32).to_le_bytes(), check(piece).to_le_bytes()];
        if let Some(place) = self.memory.get_mut(from..from + HEAD) {
            place.copy_from_slice(head.as_flattened());
        }
        let limit = if self.limit == 0 { IN_MEMORY } else { self.limit };
        if self.memory.len() >= limit {
            self.move_to_file();
        }
        at
    }

    /// Writes what is in memory and forgets it.
    pub(super) fn drain(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.memory)?;
        self.memory.clear();
        Ok(())
    }

    /// Moves what is in memory to a file; where that fails it stays.
    fn move_to_file(&mut self) {
        let Some(folder) = &self.folder else { return };
        let length = self.memory.len() as u64;
        // A copy of the log may add to the same file: then this one goes on in a file of its own.
        let last = self.files.last_mut().filter(|last| last.is_own && Arc::strong_count(&last.file) == 1);
        let written = match last {
            Some(last) => {
                let end = last.length;
                last.file.write_all_at(&self.memory, end).map(|()| last.length += length)
            }
            None => unnamed(folder).and_then(|file| {
                file.write_all_at(&self.memory, 0)?;
                self.files.push(Segment { file: Arc::new(file), start: 0, length, is_own: true });
                Ok(())
            }),
        };
        match written {
            Ok(()) => self.memory.clear(),
            // Not tried again: a full disk does not get emptier by asking.
            Err(_) => self.folder = None,
        }
    }

    /// The piece that begins there; `None` if there is none, or it was damaged.
    #[must_use]
    pub fn get(&self, at: u64) -> Option<Vec<u8>> {
        let mut piece = self.read(at, HEAD + USUAL)?;
        let [length, wanted] =
            [piece.first_chunk::<4>()?, piece.get(4..HEAD)?.first_chunk()?].map(|b| u32::from_le_bytes(*b));
        let end = HEAD + length as usize;
        if length as usize > MAX_PIECE {
            return None;
        }
        if end > piece.len() {
            piece = self.read(at, end)?;
        }
        piece.truncate(end);
        piece.drain(..HEAD);
        (piece.len() == length as usize && check(&piece) == wanted).then_some(piece)
    }

    /// Hands over all pieces in their order, read from end to end; whether they were all there.
    ///
    /// # Errors
    /// What `take` gives; nothing more is handed over then.
    pub fn each_piece<E>(&self, take: &mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<bool, E> {
        /// So much is read at once.
        const BLOCK: usize = 1 << 20;
        let (mut at, mut block) = (0, Vec::new());
        while at < self.len() {
            if self.read_into(at, BLOCK, &mut block).is_none() {
                return Ok(false);
            }
            let wanted = block.first_chunk().map_or(0, |l| u32::from_le_bytes(*l) as usize) + HEAD;
            if wanted > block.len()
                && (wanted > MAX_PIECE || self.read_into(at, wanted, &mut block).is_none())
            {
                return Ok(false);
            }
            let mut rest = block.as_slice();
            while let Some((piece, behind)) = first_piece(rest) {
                take(piece)?;
                rest = rest.get(behind..).unwrap_or_default();
            }
            let done = block.len() - rest.len();
            if done == 0 {
                return Ok(false);
            }
            at += done as u64;
        }
        Ok(true)
    }

    /// So many bytes from a place on, or as many as there are in one segment; `None` if there are none.
    fn read(&self, at: u64, length: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read_into(at, length, &mut bytes).map(|()| bytes)
    }

    /// The same in some memory, in place of what is in it.
    fn read_into(&self, at: u64, length: usize, bytes: &mut Vec<u8>) -> Option<()> {
        let mut before = 0;
        for segment in &self.files {
            let inside = at.checked_sub(before)?;
            if inside < segment.length {
                bytes.resize(length.min(usize::try_from(segment.length - inside).ok()?), 0);
                return segment.file.read_exact_at(bytes, segment.start + inside).ok();
            }
            before += segment.length;
        }
        let from = usize::try_from(at.checked_sub(before)?).ok()?;
        let rest = self.memory.get(from..).filter(|rest| !rest.is_empty())?;
        bytes.clear();
        bytes.extend_from_slice(rest.get(..length).unwrap_or(rest));
        Some(())
    }
}

/// The first piece of some bytes, and where the next begins; nothing if it is not whole.
fn first_piece(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let length = u32::from_le_bytes(*bytes.first_chunk()?) as usize;
    let wanted = u32::from_le_bytes(*bytes.get(4..HEAD)?.first_chunk()?);
    let piece = bytes.get(HEAD..HEAD + length)?;
    (check(piece) == wanted).then_some((piece, HEAD + length))
}

fn check(piece: &[u8]) -> u32 {
    xxh3_64(piece) as u32
}

/// A file that only this program knows, and that is gone with it.
fn unnamed(folder: &std::path::Path) -> io::Result<File> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = folder.join(format!("log-{}-{n}.tmp", std::process::id()));
    let file = File::options().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_back_from_memory_and_from_the_file() {
        let folder = tempfile::tempdir().unwrap();
        for folder in [None, Some(folder.path().join("deep/cache"))] {
            let in_files = folder.is_some();
            let mut log = Log::within(folder);
            let piece = |i: u32| i.to_le_bytes().repeat(1_000 + i as usize);
            let places: Vec<u64> = (0..6_000).map(|i| log.append(&piece(i))).collect();
            assert_eq!(log.files.is_empty(), !in_files);
            for (i, at) in places.iter().enumerate() {
                assert_eq!(log.get(*at), Some(piece(i as u32)), "piece {i}");
            }
            let mut next = 0..6_000;
            let all =
                log.each_piece(&mut |found| (found == piece(next.next().unwrap())).then_some(()).ok_or(()));
            assert_eq!((all, next.next()), (Ok(true), None), "in their order");
            assert_eq!(log.get(log.len()), None);
            assert_eq!(log.get(places[1] + 1), None, "what is no piece is not taken for one");
        }
    }
}
