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
const IN_MEMORY: usize = 16 << 20;
/// Length and check of a piece.
pub(super) const HEAD: usize = 8;
/// Most pieces are no longer, and are read at once.
const USUAL: usize = 760;
/// No piece is larger.
const MAX_PIECE: usize = 16 << 20;

/// Pieces of bytes, known by where they begin.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    /// Files that hold the first pieces: each with where it begins there, and how many bytes it holds.
    files: Vec<Segment>,
    /// The last pieces.
    memory: Vec<u8>,
    folder: Option<PathBuf>,
}

#[derive(Debug, Clone)]
struct Segment {
    file: Arc<File>,
    start: u64,
    length: u64,
}

impl Log {
    /// An empty log whose file is in a folder.
    #[must_use]
    pub(super) fn within(folder: Option<PathBuf>) -> Self {
        Self { folder, ..Self::default() }
    }

    /// A log that is a part of a file.
    pub(super) fn of_file(file: Arc<File>, start: u64, length: u64, folder: Option<PathBuf>) -> Self {
        Self { files: vec![Segment { file, start, length }], memory: Vec::new(), folder }
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
    pub(super) fn append(&mut self, piece: &[u8]) -> u64 {
        let at = self.len();
        self.memory.extend_from_slice(&(piece.len() as u32).to_le_bytes());
        self.memory.extend_from_slice(&check(piece).to_le_bytes());
        self.memory.extend_from_slice(piece);
        if self.memory.len() >= IN_MEMORY {
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
        let write = || -> io::Result<File> {
            let mut file = unnamed(folder)?;
            file.write_all(&self.memory)?;
            Ok(file)
        };
        match write() {
            Ok(file) => {
                let length = self.memory.len() as u64;
                self.files.push(Segment { file: Arc::new(file), start: 0, length });
                self.memory.clear();
            }
            // Not tried again: a full disk does not get emptier by asking.
            Err(_) => self.folder = None,
        }
    }

    /// The piece that begins there; `None` if there is none, or it was damaged.
    #[must_use]
    pub(super) fn get(&self, at: u64) -> Option<Vec<u8>> {
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

    /// So many bytes from a place on, or as many as there are in one segment; `None` if there are none.
    fn read(&self, at: u64, length: usize) -> Option<Vec<u8>> {
        let mut before = 0;
        for segment in &self.files {
            let inside = at.checked_sub(before)?;
            if inside < segment.length {
                let mut bytes = vec![0; length.min(usize::try_from(segment.length - inside).ok()?)];
                segment.file.read_exact_at(&mut bytes, segment.start + inside).ok()?;
                return Some(bytes);
            }
            before += segment.length;
        }
        let from = usize::try_from(at.checked_sub(before)?).ok()?;
        let rest = self.memory.get(from..).filter(|rest| !rest.is_empty())?;
        Some(rest.get(..length).unwrap_or(rest).to_vec())
    }
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
            assert_eq!(log.get(log.len()), None);
            assert_eq!(log.get(places[1] + 1), None, "what is no piece is not taken for one");
        }
    }
}
