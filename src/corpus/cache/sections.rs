//! The cache file: a head that says what it is and where its sections are, and the sections.
//!
//! ```text
//! 0   8  magic "gouji-ix"
//! 8   4  version of this layout
//! 12  4  0x01020304 as this machine writes it: numbers are in its own order of bytes
//! 16  8  key: what was read, by which program, with which rules
//! 24  4  number of sections
//! 28  4  0
//! 32  8  check of the table (xxh3 of all its entries)
//! 40     the table, 32 bytes an entry: section (4), 0 (4), offset (8), length (8), check (8)
//! ```
//!
//! Each section begins at a multiple of 64 bytes. Sections that are read piece by piece have check 0: each of their
//! pieces has its own. A file that differs from this in anything is not used and not touched before a whole new one
//! takes its place.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytemuck::Pod;
use rustix::fs::OFlags;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

const MAGIC: [u8; 8] = *b"gouji-ix";
/// To be raised whenever a section changes its meaning.
const VERSION: u32 = 3;
const ORDER: u32 = 0x0102_0304;
const HEAD: usize = 40;
const ENTRY: usize = 32;
const ALIGN: u64 = 64;
/// More sections than that are no file of ours.
const MAX_SECTIONS: u32 = 64;

/// What a section holds. The numbers are those in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Section {
    /// The text of all names.
    NamesText = 1,
    /// Where each name ends in it, u32.
    NamesEnds = 2,
    /// The names of each agency, 6 × u32.
    Units = 3,
    /// The agency of each report, u32.
    Unit = 4,
    /// Its year, u16.
    Year = 5,
    /// Its facts, a bit each, u16.
    Flags = 6,
    /// Problems in reading it, u8.
    Problems = 7,
    /// Causes by severity, 3 × u16.
    Findings = 8,
    /// Received, handled, carried out, 3 × u32.
    Flows = 9,
    /// Where the causes of each report end, u32.
    CauseEnds = 10,
    /// The causes, u32.
    CauseKeys = 11,
    /// Where the causes beside other reports end, u32.
    BesideEnds = 12,
    /// The causes beside other reports, u32.
    BesideKeys = 13,
    /// The rank of each agency, u32.
    Ranks = 14,
    /// The reports by badness, u32.
    Worst = 15,
    /// The reports by place, u32.
    Place = 16,
    /// Where each report is, 5 × u64 with a check each.
    Cold = 17,
    /// The digests, pieces with a check each.
    Digests = 18,
    /// The files, what became of them, copies.
    Files = 19,
    /// Reports by county and year.
    Matrix = 20,
}

/// Where a section is in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    section: u32,
    pub(super) offset: u64,
    pub(super) length: u64,
    check: u64,
}

impl Extent {
    fn packed(self) -> [u64; 4] {
        [u64::from(self.section), self.offset, self.length, self.check]
    }
}

/// A cache file that was found to be whole as far as its head goes.
#[derive(Debug)]
pub(super) struct Sections {
    pub(super) file: Arc<File>,
    extents: Vec<Extent>,
}

impl Sections {
    /// Opens a file; nothing if it is none of ours, or of another key.
    pub(super) fn open(path: &Path, key: u64) -> Option<Self> {
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mut file = File::options().read(true).custom_flags(flags.bits().cast_signed()).open(path).ok()?;
        let meta = file.metadata().ok()?;
        // What others can have written is not believed.
        let is_ours = meta.uid() == rustix::process::geteuid().as_raw() && meta.mode() & 0o022 == 0;
        if !meta.is_file() || !is_ours {
            return None;
        }
        let mut head = [0_u8; HEAD];
        file.read_exact(&mut head).ok()?;
        let u32_at = |at: usize| head.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_ne_bytes);
        let u64_at = |at: usize| head.get(at..at + 8).and_then(|b| b.try_into().ok()).map(u64::from_ne_bytes);
        let is_known = head.starts_with(&MAGIC)
            && u32_at(8) == Some(VERSION)
            && u32_at(12) == Some(ORDER)
            && u64_at(16) == Some(key);
        let count = u32_at(24).filter(|count| is_known && *count <= MAX_SECTIONS)?;
        let mut table = vec![[0_u64; 4]; count as usize];
        file.read_exact(bytemuck::cast_slice_mut(&mut table)).ok()?;
        if Some(xxh3_64(bytemuck::cast_slice(&table))) != u64_at(32) {
            return None;
        }
        let extent = |[section, offset, length, check]: [u64; 4]| {
            let is_inside = offset.checked_add(length).is_some_and(|end| end <= meta.len());
            is_inside.then_some(Extent { section: section as u32, offset, length, check })
        };
        let extents = table.into_iter().map(extent).collect::<Option<_>>()?;
        Some(Self { file: Arc::new(file), extents })
    }

    pub(super) fn extent(&self, section: Section) -> Option<Extent> {
        self.extents.iter().copied().find(|extent| extent.section == section as u32)
    }

    /// A section of numbers; nothing if it is damaged.
    pub(super) fn read<T: Pod>(&self, section: Section) -> Option<Vec<T>> {
        let extent = self.extent(section)?;
        let length = usize::try_from(extent.length).ok()?;
        let size = size_of::<T>();
        if !length.is_multiple_of(size) {
            return None;
        }
        let mut numbers = vec![T::zeroed(); length / size];
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut numbers);
        self.file.read_exact_at(bytes, extent.offset).ok()?;
        (xxh3_64(bytes) == extent.check).then_some(numbers)
    }
}

/// A cache file that is being written, beside the one whose place it will take.
pub(super) struct Writer {
    out: BufWriter<File>,
    temporary: PathBuf,
    path: PathBuf,
    key: u64,
    at: u64,
    extents: Vec<Extent>,
    capacity: usize,
}

impl Writer {
    /// Begins a file with at most so many sections.
    pub(super) fn create(path: &Path, key: u64, capacity: usize) -> io::Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        super::make_folder(folder)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = folder.join(format!("{name}.{}.tmp", std::process::id()));
        let _ = std::fs::remove_file(&temporary);
        let file = File::options().write(true).create_new(true).mode(0o600).open(&temporary)?;
        let mut out = BufWriter::with_capacity(1 << 20, file);
        let at = (HEAD + capacity * ENTRY) as u64;
        out.write_all(&vec![0; HEAD + capacity * ENTRY])?;
        Ok(Self { out, temporary, path: path.to_owned(), key, at, extents: Vec::new(), capacity })
    }

    /// Begins a section and tells where.
    fn align(&mut self) -> io::Result<u64> {
        let gap = self.at.next_multiple_of(ALIGN) - self.at;
        self.out.write_all(&vec![0; gap as usize])?;
        self.at += gap;
        Ok(self.at)
    }

    /// Writes a section of numbers.
    pub(super) fn write<T: Pod>(&mut self, section: Section, numbers: &[T]) -> io::Result<()> {
        let bytes: &[u8] = bytemuck::cast_slice(numbers);
        let offset = self.align()?;
        self.out.write_all(bytes)?;
        self.end(section, offset, bytes.len() as u64, xxh3_64(bytes))
    }

    /// Writes a section whose pieces have checks of their own.
    pub(super) fn write_pieces(
        &mut self,
        section: Section,
        pieces: &mut dyn FnMut(&mut dyn Write) -> io::Result<u64>,
    ) -> io::Result<()> {
        let offset = self.align()?;
        let length = pieces(&mut self.out)?;
        self.end(section, offset, length, 0)
    }

    fn end(&mut self, section: Section, offset: u64, length: u64, check: u64) -> io::Result<()> {
        self.at = offset + length;
        self.extents.push(Extent { section: section as u32, offset, length, check });
        if self.extents.len() > self.capacity { Err(io::Error::other("too many sections")) } else { Ok(()) }
    }

    /// Writes the head and puts the file in its place.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        let table: Vec<[u64; 4]> = self.extents.iter().map(|extent| extent.packed()).collect();
        let table: &[u8] = bytemuck::cast_slice(&table);
        let mut head = Vec::with_capacity(HEAD);
        head.extend_from_slice(&MAGIC);
        for number in [VERSION, ORDER] {
            head.extend_from_slice(&number.to_ne_bytes());
        }
        head.extend_from_slice(&self.key.to_ne_bytes());
        head.extend_from_slice(&(self.extents.len() as u32).to_ne_bytes());
        head.extend_from_slice(&[0; 4]);
        head.extend_from_slice(&xxh3_64(table).to_ne_bytes());
        let file = self.out.get_mut();
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&head)?;
        file.write_all(table)?;
        // A cache that is lost in a power cut is made again: it need not be synced, only whole in its place.
        std::fs::rename(&self.temporary, &self.path)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Gone already where the file was finished.
        let _ = std::fs::remove_file(&self.temporary);
    }
}

/// The hash of a file's content.
pub(super) fn content(path: &Path) -> io::Result<u64> {
    let flags = OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    let mut file = File::options().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
    let mut hash = Xxh3::new();
    let mut block = vec![0; 1 << 20];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hash.digest()),
            n => hash.update(block.get(..n).unwrap_or_default()),
        }
    }
}
