//! Finding files and reading them: which bytes, how many at a time, and what became of each file.
//!
//! A folder may hold anything: pipes, links in circles, files without end. Only regular files are opened, never
//! waited for, and never read beyond a limit; nothing is mapped into memory, as a file that shrinks would take the
//! program down. Every file found is accounted for.

mod lines;
mod members;
mod packed;
mod stamp;
mod tally;
mod walk;

pub use stamp::Stamp;

use std::collections::HashMap;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};

use lines::{Block, Blocks};
use packed::Unpacked;
use tally::Tally;
use walk::Found;

use super::mounts::tells_changes;
use super::office::{ZIP_MAGIC, is_office};
use super::ordered::in_order;
use super::{FORMATS, Format, Located, Reading, Record, Unit};
use crate::display::Untrusted;
use crate::report::{Problem, ProblemCode};

/// How much of a file is looked at to tell its format.
pub const HEAD_BYTES: usize = 256 << 10;
/// A document larger than that is refused; files of one report a line may be of any size.
pub const MAX_FILE_BYTES: u64 = 32 << 20;
/// A line of such a file that is longer is refused.
pub const MAX_LINE_BYTES: usize = 1 << 20;
/// A file of one report a line that is longer is read in blocks.
const LONG_BYTES: u64 = 4 << 20;
/// Blocks are of about this size, so that one stays in the cache of the core that reads it.
const BLOCK_BYTES: usize = 256 << 10;
/// Problems that are kept of one file.
const MAX_PROBLEMS: usize = 1_000;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileState {
    /// All its reports were read without a problem.
    Loaded,
    /// It holds reports, and there were problems.
    WithProblems,
    /// No report could be read.
    Rejected,
    /// It is no report: not regular, hidden, or of another kind.
    Skipped,
}

/// The end of reading a file.
#[derive(Debug)]
pub struct FileEnd {
    /// What became of it.
    pub state: FileState,
    /// Its problems and those of its reports, as many as are worth listing.
    pub problems: Vec<Problem>,
}

/// What was read from a file: some of its reports, worked on, and at last its end.
#[derive(Debug)]
pub struct FileRead<T> {
    /// The file.
    pub path: PathBuf,
    /// What the work made of its reports, in their order.
    pub items: Vec<T>,
    /// Set with the last piece of a file.
    pub end: Option<FileEnd>,
}

/// Whether to go on reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Go,
    /// The reader of the results has enough.
    Stop,
}

impl Flow {
    fn and(self, other: Self) -> Self {
        if self == Self::Stop { self } else { other }
    }
}

/// What is made of the bytes of a line, if a glance at it is enough.
pub type Glance<'a, T> = &'a (dyn Fn(&Record<'_>) -> Option<T> + Sync);

/// What is made of a report, on the thread that read it.
pub struct Work<'a, T> {
    /// Of every report that was read.
    pub report: &'a (dyn Fn(&Path, Located) -> T + Sync),
    /// Of a line of a file of parsed reports, if a glance at it is enough. It must be what would be made of the line
    /// when read in full, and that without a problem.
    pub line: Option<Glance<'a, T>>,
}

impl<T> Clone for Work<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Work<'_, T> {}

/// Reads every file below some paths, in the order of their names, on all cores.
///
/// `work` is applied to each report on the thread that read it; `sink` gets the results in order on this one.
pub fn read_all<T: Send>(
    paths: &[PathBuf],
    work: &(dyn Fn(&Path, Located) -> T + Sync),
    sink: &mut dyn FnMut(FileRead<T>) -> Flow,
) {
    read_with(paths, Work { report: work, line: None }, sink);
}

/// The same where a glance may be enough.
pub fn read_with<T: Send>(paths: &[PathBuf], work: Work<'_, T>, sink: &mut dyn FnMut(FileRead<T>) -> Flow) {
    read_found(walk::walk(paths), work, sink);
}

/// Something that was met below some paths: a file to be read, or what is not read and why.
#[derive(Debug)]
pub struct Met {
    found: Found,
    /// What tells that a file was changed; none where there is nothing to be read.
    pub stamp: Option<Stamp>,
    /// Whether a file with an equal stamp is the same: not so where the file system keeps no change times.
    pub is_told: bool,
}

impl Met {
    /// Whether it is left out on purpose.
    #[must_use]
    pub const fn is_skipped(&self) -> bool {
        matches!(self.found, Found::Skipped(..))
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        match &self.found {
            Found::File(path) | Found::Skipped(path, _) | Found::Failed(path, _) => path,
        }
    }
}

/// Everything below some paths, in the order in which it is read, with the stamps of the files.
#[must_use]
pub fn find(paths: &[PathBuf]) -> Vec<Met> {
    // A corpus lies on few file systems.
    let mut known: HashMap<u64, bool> = HashMap::new();
    let met = |found: Found| {
        let meta = match &found {
            Found::File(path) => std::fs::metadata(path).ok().map(|meta| (path, meta)),
            Found::Skipped(..) | Found::Failed(..) => None,
        };
        let is_told = |(path, meta): (&PathBuf, &Metadata)| {
            *known.entry(meta.dev()).or_insert_with(|| tells_changes(path))
        };
        let is_told = meta.as_ref().map(|(path, meta)| (*path, meta)).is_some_and(is_told);
        let stamp = meta.map(|(_, meta)| Stamp::of_meta(&meta));
        Met { found, stamp, is_told }
    };
    walk::walk(paths).map(met).collect()
}

/// Reads what was met, in its order; see [`read_all`].
pub fn read_met<T: Send>(
    met: Vec<Met>,
    work: &(dyn Fn(&Path, Located) -> T + Sync),
    sink: &mut dyn FnMut(FileRead<T>) -> Flow,
) {
    read_found(met.into_iter().map(|met| met.found), Work { report: work, line: None }, sink);
}

fn read_found<T: Send>(
    mut found: impl Iterator<Item = Found> + Send,
    work: Work<'_, T>,
    sink: &mut dyn FnMut(FileRead<T>) -> Flow,
) {
    in_order(
        || found.next(),
        |found| read_small(found, work),
        |read| match read {
            Ok(reads) => reads.into_iter().map(&mut *sink).fold(Flow::Go, Flow::and),
            Err(path) => read_lines(&path, work, sink),
        },
    );
}

/// How many files there are below some paths.
#[must_use]
pub fn count(paths: &[PathBuf]) -> usize {
    walk::walk(paths).count()
}

fn problem(code: ProblemCode, line: u32, detail: impl Into<String>) -> Problem {
    Problem { code, at: Untrusted::default(), line, detail: Into::<String>::into(detail).into() }
}

fn ended<T>(path: PathBuf, state: FileState, problem: Problem) -> FileRead<T> {
    FileRead { path, items: Vec::new(), end: Some(FileEnd { state, problems: vec![problem] }) }
}

/// Reads a file of usual size whole, or every file of an archive; a long file of one report a line is handed back to be
/// read in blocks.
fn read_small<T>(found: Found, work: Work<'_, T>) -> Result<Vec<FileRead<T>>, PathBuf> {
    let one = |read: FileRead<T>| Ok(vec![read]);
    let path = match found {
        Found::File(path) => path,
        Found::Skipped(path, reason) => {
            return one(ended(path, FileState::Skipped, problem(ProblemCode::Skipped, 0, reason)));
        }
        Found::Failed(path, error) => return one(ended(path, FileState::Rejected, unreadable(&error))),
    };
    match read_whole(&path) {
        Ok(Some((Content::Report(format), bytes))) => one(read_content(path, format, bytes, work)),
        Ok(Some((Content::Archive, bytes))) => Ok(members::read(&path, &bytes, work)),
        Ok(None) => Err(path),
        Err(problem) => one(ended(path, FileState::Rejected, problem)),
    }
}

/// Reads the bytes of a whole file.
fn read_content<T>(path: PathBuf, format: &'static Format, bytes: Vec<u8>, work: Work<'_, T>) -> FileRead<T> {
    let (mut tally, mut items) = (Tally::default(), Vec::new());
    match format.unit {
        Unit::File => {
            let record = Record { file: &path, bytes: &bytes, offset: 0, line: 1 };
            read_record(format, &record, work, &mut tally, &mut items);
        }
        Unit::Line => {
            for record in Block::of(bytes).records(&path) {
                read_record(format, &record, work, &mut tally, &mut items);
            }
        }
    }
    FileRead { path, items, end: Some(tally.end()) }
}

/// What a file holds.
#[derive(Clone, Copy)]
enum Content {
    /// Reports in a format.
    Report(&'static Format),
    /// An archive of files.
    Archive,
}

impl Content {
    fn is_lines(self) -> bool {
        matches!(self, Self::Report(format) if format.unit == Unit::Line)
    }
}

/// What the beginning of a file tells of its content.
fn content_of(head: &[u8], path: &Path) -> Result<Content, Problem> {
    let content = head.trim_ascii_start();
    if content.is_empty() {
        return Err(problem(ProblemCode::NotAReport, 0, "empty"));
    }
    let content = content.get(..HEAD_BYTES).unwrap_or(content);
    if let Some(kind) = other_kind(content) {
        return Err(problem(ProblemCode::UnknownFormat, 0, kind));
    }
    let format = FORMATS.iter().find(|format| (format.recognises)(content, path));
    match format {
        None if content.starts_with(ZIP_MAGIC) => Ok(Content::Archive),
        None => Err(problem(ProblemCode::UnknownFormat, 0, "binary data")),
        // The text of an archive is none.
        Some(_) if content.starts_with(ZIP_MAGIC) && !is_office(content) => Ok(Content::Archive),
        Some(format) => Ok(Content::Report(format)),
    }
}

/// The bytes of a file and their format; nothing for a long file of one report a line.
///
/// A file that is being written while it is read is read once more; if it changes again, it is refused, as its
/// beginning and its end may belong to different reports.
fn read_whole(path: &Path) -> Result<Option<(Content, Vec<u8>)>, Problem> {
    for _ in 0..2 {
        let Sniffed { file, before, head, content, is_packed } = sniff(path)?;
        // How long it is unpacked is not known before.
        let short = if is_packed && content.is_lines() { packed::short(&file) } else { None };
        if content.is_lines() && short.is_none() && (is_packed || before.length > LONG_BYTES) {
            return Ok(None);
        }
        let bytes = match short {
            Some(bytes) => bytes,
            None if is_packed => packed::whole(&file)?,
            // What is shorter than a head was read to its end.
            None if head.len() < HEAD_BYTES => head,
            None => read_rest(&file, head)?,
        };
        if Stamp::of(&file).is_ok_and(|after| after == before) {
            return Ok(Some((content, bytes)));
        }
    }
    Err(problem(ProblemCode::Changed, 0, "while it was read"))
}

fn unreadable(error: &io::Error) -> Problem {
    let code = match error.kind() {
        io::ErrorKind::FileTooLarge => ProblemCode::TooLarge,
        _ => ProblemCode::Unreadable,
    };
    problem(code, 0, error.to_string())
}

/// A file whose format is known.
struct Sniffed {
    file: File,
    before: Stamp,
    /// Its first bytes: at least [`HEAD_BYTES`], or all.
    head: Vec<u8>,
    content: Content,
    /// Whether it is compressed: the head and the content are of what it holds.
    is_packed: bool,
}

/// Opens a file without ever waiting for it, and tells its format.
fn sniff(path: &Path) -> Result<Sniffed, Problem> {
    let (mut file, before) = open(path).map_err(|error| unreadable(&error))?;
    // One byte more than the file should have, so that its end is met without asking again.
    let mut head = Vec::with_capacity(before.length.min(HEAD_BYTES as u64) as usize + 1);
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
    if packed::is_packed(&head) {
        return packed::sniff(path, file, before);
    }
    if head.trim_ascii_start().is_empty() {
        // What begins with that much space may be empty, or not.
        head = read_rest(&file, head)?;
    }
    let content = content_of(&head, path)?;
    Ok(Sniffed { file, before, head, content, is_packed: false })
}

fn open(path: &Path) -> io::Result<(File, Stamp)> {
    // A pipe would be waited for, and a terminal could become ours.
    let flags = OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
    let stamp = Stamp::of(&file)?;
    Ok((file, stamp))
}

/// Kinds of files that reports come in and that are not read: named, so that the message says what to do.
fn other_kind(head: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"\x1f\x8b", "compressed data"),
        (b"7z\xbc\xaf\x27\x1c", "an archive (.7z): unpack it first, or send it as .zip"),
        (b"Rar!\x1a\x07", "an archive (.rar): unpack it first, or send it as .zip"),
        (b"\x89PNG", "an image"),
        (b"\xff\xd8\xff", "an image"),
        (b"SQLite format 3", "a database"),
    ];
    KINDS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind)
}

/// The rest of a file behind its head, up to the limit.
fn read_rest(rest: impl Read, head: Vec<u8>) -> Result<Vec<u8>, Problem> {
    let mut bytes = head;
    let limit = (MAX_FILE_BYTES + 1).saturating_sub(bytes.len() as u64);
    rest.take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(problem(ProblemCode::TooLarge, 0, format!("more than {} MiB", MAX_FILE_BYTES >> 20)));
    }
    Ok(bytes)
}

/// Reads one record and works on its reports. A mistake in a reader or in the work costs this record or report, and
/// is named.
fn read_record<T>(
    format: &Format,
    record: &Record<'_>,
    work: Work<'_, T>,
    tally: &mut Tally,
    items: &mut Vec<T>,
) {
    let too_large = format.unit == Unit::Line && record.bytes.len() > MAX_LINE_BYTES;
    let at_a_glance = work.line.filter(|_| !too_large && format.unit == Unit::Line);
    if let Some(item) = at_a_glance.and_then(|line| guarded_glance(line, record)) {
        tally.count(1);
        items.push(item);
        return;
    }
    let reading = if too_large {
        Reading::rejected(too_long(record.line, record.bytes.len() as u64))
    } else {
        guarded_read(format, record)
    };
    for located in tally.take(reading) {
        let line = located.line;
        match catch_unwind(AssertUnwindSafe(|| (work.report)(record.file, located))) {
            Ok(item) => items.push(item),
            Err(_) => tally.list([problem(ProblemCode::InternalError, line, "")]),
        }
    }
}

/// A mistake in looking at a line costs nothing: it is read in full then.
fn guarded_glance<T>(line: Glance<'_, T>, record: &Record<'_>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(|| line(record))).ok().flatten()
}

fn guarded_read(format: &Format, record: &Record<'_>) -> Reading {
    catch_unwind(AssertUnwindSafe(|| (format.read)(record)))
        .unwrap_or_else(|_| Reading::rejected(problem(ProblemCode::InternalError, record.line, "")))
}

fn too_long(line: u32, length: u64) -> Problem {
    problem(ProblemCode::TooLarge, line, format!("a line of {length} bytes"))
}

/// Reads a long file of one report a line, block by block; the results of some blocks are handed on while the next
/// are worked on.
fn read_lines<T: Send>(path: &Path, work: Work<'_, T>, sink: &mut dyn FnMut(FileRead<T>) -> Flow) -> Flow {
    let refused = |problem| ended(path.to_owned(), FileState::Rejected, problem);
    let Sniffed { file, before, content, is_packed, .. } = match sniff(path) {
        Ok(sniffed) => sniffed,
        Err(problem) => return sink(refused(problem)),
    };
    let Content::Report(format) = content else {
        return sink(refused(problem(ProblemCode::Changed, 0, "while it was read")));
    };
    let mut blocks = match from_the_beginning(&file, is_packed) {
        Ok(bytes) => Blocks::new(bytes),
        Err(error) => return sink(refused(unreadable(&error))),
    };
    let (mut tally, spare) = (Tally::default(), Mutex::new(Vec::new()));
    let lock = || spare.lock().unwrap_or_else(PoisonError::into_inner);
    let read = |block: Result<Block, Problem>| match block {
        Ok(block) => {
            let read = read_block(path, format, &block, work);
            lock().push(block);
            read
        }
        Err(problem) => {
            let mut tally = Tally::default();
            tally.fail(problem);
            (tally, Vec::new())
        }
    };
    let next = || {
        // One statement would hold the lock while the file is read.
        let done = lock().pop();
        blocks.next(done).transpose()
    };
    let flow = in_order(next, read, |(part, items)| {
        tally.add(part);
        sink(FileRead { path: path.to_owned(), items, end: None })
    });
    if flow == Flow::Stop {
        return Flow::Stop;
    }
    if Stamp::of(&file).map_or(true, |after| after != before) {
        tally.fail(problem(ProblemCode::Changed, 0, "while it was read"));
    }
    sink(FileRead { path: path.to_owned(), items: Vec::new(), end: Some(tally.end()) })
}

/// The bytes of a file, or of what it holds.
fn from_the_beginning(mut file: &File, is_packed: bool) -> io::Result<Box<dyn Read + Send + '_>> {
    if is_packed {
        return Ok(Box::new(Unpacked::new(file)?));
    }
    file.rewind()?;
    Ok(Box::new(file))
}

/// Reads the lines of a block.
fn read_block<T>(path: &Path, format: &Format, block: &Block, work: Work<'_, T>) -> (Tally, Vec<T>) {
    let (mut tally, mut items) = (Tally::default(), Vec::with_capacity(block.lines()));
    tally.list(block.too_long.map(|(line, length)| too_long(line, length)));
    for record in block.records(path) {
        read_record(format, &record, work, &mut tally, &mut items);
    }
    (tally, items)
}

/// Some bytes of a file, or of what it holds, if it is compressed.
///
/// # Errors
/// If the file cannot be read, or is shorter than it was.
pub fn raw_bytes(path: &Path, offset: u64, length: u64) -> Result<Vec<u8>, Problem> {
    if let Some((archive, name)) = members::split(path) {
        let bytes = members::bytes(archive, &name)?;
        let range = usize::try_from(offset).ok().zip(usize::try_from(offset.saturating_add(length)).ok());
        let part = range.and_then(|(from, to)| bytes.get(from..to)).map(<[u8]>::to_vec);
        return part.ok_or_else(|| problem(ProblemCode::Changed, 0, path.to_string_lossy()));
    }
    let read = || -> io::Result<Vec<u8>> {
        let (mut file, stamp) = open(path)?;
        if packed::is_packed_file(&file) {
            return packed::part(path, &file, stamp, offset, length);
        }
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = vec![0; usize::try_from(length.min(MAX_FILE_BYTES)).unwrap_or(0)];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => problem(ProblemCode::Changed, 0, path.to_string_lossy()),
        _ => unreadable(&error),
    })
}

/// Reads one report again from bytes that held it.
#[must_use]
pub fn read_bytes(path: &Path, bytes: &[u8], offset: u64, line: u32) -> Reading {
    let record = Record { file: path, bytes, offset, line };
    // A piece of a larger file is one object; what the whole file was called does not matter then.
    let format = FORMATS.iter().find(|format| (format.recognises)(bytes, Path::new("")));
    format.map_or_else(Reading::default, |format| guarded_read(format, &record))
}
