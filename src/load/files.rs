//! Finding files and reading them: which bytes, how many at a time, and what became of each file.
//!
//! A folder may hold anything: pipes, links in circles, files without end. Only regular files are opened, never
//! waited for, and never read beyond a limit; nothing is mapped into memory, as a file that shrinks would take the
//! program down. Every file found is accounted for.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::OFlags;
use walkdir::{DirEntry, WalkDir};

use super::{FORMATS, Format, Located, Reading, Record, Unit};
use crate::display::Untrusted;
use crate::report::{Problem, ProblemCode};

/// How much of a file is looked at to tell its format.
pub const HEAD_BYTES: usize = 64 * 1024;
/// A document larger than that is refused; files of one report a line may be of any size.
pub const MAX_FILE_BYTES: u64 = 32 << 20;
/// A line of such a file that is longer is refused.
pub const MAX_LINE_BYTES: usize = 1 << 20;
/// Lines are read in blocks of about this size.
const BLOCK_BYTES: usize = 4 << 20;
/// Files that are read at the same time.
const GROUP: usize = 64;
/// Problems that are kept of one file.
const MAX_PROBLEMS: usize = 1_000;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// Something met while walking.
enum Found {
    File(PathBuf),
    Skipped(PathBuf, &'static str),
    Failed(PathBuf, io::Error),
}

/// Reads every file below some paths, in the order of their names, on all cores.
///
/// `work` is applied to each report on the thread that read it; `sink` gets the results in order on this one.
pub fn read_all<T: Send>(
    paths: &[PathBuf],
    work: &(dyn Fn(&Path, Located) -> T + Sync),
    sink: &mut dyn FnMut(FileRead<T>) -> Flow,
) {
    let mut found = paths.iter().flat_map(|path| walk(path));
    loop {
        let group: Vec<Found> = found.by_ref().take(GROUP).collect();
        if group.is_empty() {
            return;
        }
        let read: Vec<Result<FileRead<T>, PathBuf>> =
            group.into_par_iter().map(|found| read_small(found, work)).collect();
        for result in read {
            let flow = match result {
                Ok(read) => sink(read),
                Err(path) => read_lines(&path, work, sink),
            };
            if flow == Flow::Stop {
                return;
            }
        }
    }
}

/// Everything below a path. The path itself may be a link; links met below it are not followed.
fn walk(root: &Path) -> Box<dyn Iterator<Item = Found>> {
    if fs::metadata(root).is_ok_and(|m| m.is_file()) {
        return Box::new(std::iter::once(Found::File(root.to_owned())));
    }
    let is_hidden =
        |entry: &DirEntry| entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
    let mut entries = WalkDir::new(root).sort_by_file_name().into_iter();
    Box::new(std::iter::from_fn(move || {
        loop {
            match entries.next()? {
                Err(error) => {
                    let path = error.path().unwrap_or(Path::new("")).to_owned();
                    let reason =
                        error.into_io_error().unwrap_or_else(|| io::Error::other("links in a circle"));
                    return Some(Found::Failed(path, reason));
                }
                Ok(entry) if is_hidden(&entry) => {
                    if entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    } else {
                        return Some(Found::Skipped(entry.into_path(), "hidden"));
                    }
                }
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => return Some(classify(&entry)),
            }
        }
    }))
}

fn classify(entry: &DirEntry) -> Found {
    let path = entry.path().to_owned();
    if entry.file_type().is_symlink() {
        return match fs::metadata(&path) {
            Ok(_) => Found::Skipped(path, "a link"),
            Err(error) => Found::Failed(path, error),
        };
    }
    if !entry.file_type().is_file() {
        return Found::Skipped(path, "not a regular file");
    }
    let name = entry.file_name().to_string_lossy().to_ascii_uppercase();
    if name.starts_with("README") || name.starts_with("LICENSE") {
        return Found::Skipped(path, "documentation");
    }
    Found::File(path)
}

fn problem(code: ProblemCode, line: u32, detail: impl Into<String>) -> Problem {
    Problem { code, at: Untrusted::default(), line, detail: Untrusted::new(detail) }
}

fn ended<T>(path: PathBuf, state: FileState, problem: Problem) -> FileRead<T> {
    FileRead { path, items: Vec::new(), end: Some(FileEnd { state, problems: vec![problem] }) }
}

/// Reads a file of usual size whole; a long file of one report a line is handed back to be read in blocks.
fn read_small<T>(found: Found, work: &(dyn Fn(&Path, Located) -> T + Sync)) -> Result<FileRead<T>, PathBuf> {
    let path = match found {
        Found::File(path) => path,
        Found::Skipped(path, reason) => {
            return Ok(ended(path, FileState::Skipped, problem(ProblemCode::Skipped, 0, reason)));
        }
        Found::Failed(path, error) => return Ok(ended(path, FileState::Rejected, unreadable(&error))),
    };
    let (mut file, size, head, format) = match sniff(&path) {
        Ok(sniffed) => sniffed,
        Err(problem) => return Ok(ended(path, FileState::Rejected, problem)),
    };
    if format.unit == Unit::Line && size > BLOCK_BYTES as u64 {
        return Err(path);
    }
    let bytes = match read_rest(&mut file, head) {
        Ok(bytes) => bytes,
        Err(problem) => return Ok(ended(path, FileState::Rejected, problem)),
    };
    let mut tally = Tally::default();
    let readings = match format.unit {
        Unit::File => vec![read_record(format, &Record { file: &path, bytes: &bytes, offset: 0, line: 1 })],
        Unit::Line => {
            let mut place = (0, 1);
            records(&path, &bytes, &mut place).into_iter().map(|r| read_line(format, &r)).collect()
        }
    };
    let items = readings
        .into_iter()
        .flat_map(|reading| tally.take(reading))
        .map(|located| work(&path, located))
        .collect();
    Ok(FileRead { path, items, end: Some(tally.end()) })
}

fn unreadable(error: &io::Error) -> Problem {
    problem(ProblemCode::Unreadable, 0, error.to_string())
}

/// Opens a file without ever waiting for it, and tells its format.
fn sniff(path: &Path) -> Result<(File, u64, Vec<u8>, &'static Format), Problem> {
    let (mut file, size) = open(path).map_err(|error| unreadable(&error))?;
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(|error| unreadable(&error))?;
    if head.iter().all(u8::is_ascii_whitespace) {
        return Err(problem(ProblemCode::NotAReport, 0, "empty"));
    }
    if let Some(kind) = other_kind(&head) {
        return Err(problem(ProblemCode::UnknownFormat, 0, kind));
    }
    let format = FORMATS.iter().find(|format| (format.recognises)(&head, path));
    let format = format.ok_or_else(|| problem(ProblemCode::UnknownFormat, 0, "binary data"))?;
    Ok((file, size, head, format))
}

fn open(path: &Path) -> io::Result<(File, u64)> {
    let flags = OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    Ok((file, meta.len()))
}

/// Kinds of files that reports come in and that are not read: named, so that the message says what to do.
fn other_kind(head: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF-", "PDF: extract its text first"),
        (b"PK\x03\x04", "a ZIP or Office file: save it as text first"),
        (b"\xd0\xcf\x11\xe0", "an old Office file: save it as text first"),
        (b"\x1f\x8b", "compressed data"),
        (b"\x89PNG", "an image"),
        (b"\xff\xd8\xff", "an image"),
        (b"SQLite format 3", "a database"),
    ];
    if let Some((_, kind)) = KINDS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(kind);
    }
    let is_json = matches!(head.trim_ascii_start().first(), Some(b'{' | b'['));
    let lower = head.to_ascii_lowercase();
    let has = |tag: &&str| memchr::memmem::find(&lower, tag.as_bytes()).is_some();
    let is_page = !is_json && ["<!doctype html", "<html", "<table", "<td", "<body", "<div"].iter().any(has);
    is_page.then_some("a web page: save it as text first")
}

/// The rest of a file behind its head, up to the limit.
fn read_rest(file: &mut File, head: Vec<u8>) -> Result<Vec<u8>, Problem> {
    let mut bytes = head;
    let limit = MAX_FILE_BYTES + 1 - bytes.len() as u64;
    file.take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(problem(ProblemCode::TooLarge, 0, format!("more than {} MiB", MAX_FILE_BYTES >> 20)));
    }
    Ok(bytes)
}

/// Reads one record; a mistake in a reader costs this record and is named, nothing more.
fn read_record(format: &Format, record: &Record<'_>) -> Reading {
    catch_unwind(AssertUnwindSafe(|| (format.read)(record)))
        .unwrap_or_else(|_| Reading::rejected(problem(ProblemCode::InternalError, record.line, "")))
}

fn read_line(format: &Format, record: &Record<'_>) -> Reading {
    if record.bytes.len() > MAX_LINE_BYTES {
        return Reading::rejected(problem(
            ProblemCode::TooLarge,
            record.line,
            format!("a line of {} bytes", record.bytes.len()),
        ));
    }
    read_record(format, record)
}

/// The lines of a block that are not blank; `place` is the offset and line number of the block and moves on behind it.
fn records<'a>(path: &'a Path, block: &'a [u8], place: &mut (u64, u32)) -> Vec<Record<'a>> {
    let mut records = Vec::new();
    for bytes in block.split_inclusive(|b| *b == b'\n') {
        let (offset, line) = *place;
        *place = (offset + bytes.len() as u64, line.saturating_add(1));
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        if !bytes.iter().all(u8::is_ascii_whitespace) {
            records.push(Record { file: path, bytes, offset, line });
        }
    }
    records
}

/// Reads a long file of one report a line, block by block.
fn read_lines<T: Send>(
    path: &Path,
    work: &(dyn Fn(&Path, Located) -> T + Sync),
    sink: &mut dyn FnMut(FileRead<T>) -> Flow,
) -> Flow {
    let mut tally = Tally::default();
    let failed = |problem| ended::<T>(path.to_owned(), FileState::Rejected, problem);
    let (mut file, format) = match sniff(path) {
        Ok((file, _, _, format)) => (file, format),
        Err(problem) => return sink(failed(problem)),
    };
    if let Err(error) = file.seek(SeekFrom::Start(0)) {
        return sink(failed(unreadable(&error)));
    }
    let mut place = (0, 1);
    let mut block = Vec::with_capacity(BLOCK_BYTES * 2);
    loop {
        let rest = block.len();
        let read = (&mut file).take(BLOCK_BYTES as u64).read_to_end(&mut block);
        if let Err(error) = &read {
            tally.problems.push(unreadable(error));
        }
        let at_end = read.map_or(true, |n| n == 0);
        // Up to the last line break; a line longer than any report is cut and refused as it stands.
        let whole = if at_end || rest > 2 * MAX_LINE_BYTES {
            block.len()
        } else {
            memchr::memrchr(b'\n', &block).map_or(0, |i| i + 1)
        };
        let records = records(path, block.get(..whole).unwrap_or_default(), &mut place);
        let read: Vec<(Tally, Vec<T>)> = records
            .par_iter()
            .map(|record| {
                let mut tally = Tally::default();
                let items =
                    tally.take(read_line(format, record)).into_iter().map(|l| work(path, l)).collect();
                (tally, items)
            })
            .collect();
        let mut items = Vec::with_capacity(read.len());
        for (part, more) in read {
            tally.add(part);
            items.extend(more);
        }
        if sink(FileRead { path: path.to_owned(), items, end: None }) == Flow::Stop {
            return Flow::Stop;
        }
        block.drain(..whole);
        if at_end {
            return sink(FileRead { path: path.to_owned(), items: Vec::new(), end: Some(tally.end()) });
        }
    }
}

/// What is counted over the records of a file.
#[derive(Debug, Default)]
struct Tally {
    reports: usize,
    with_problems: bool,
    not_a_report: Option<&'static str>,
    problems: Vec<Problem>,
}

impl Tally {
    fn take(&mut self, reading: Reading) -> Vec<Located> {
        self.reports += reading.reports.len();
        self.with_problems |=
            !reading.problems.is_empty() || reading.reports.iter().any(|l| !l.report.problems.is_empty());
        self.not_a_report = self.not_a_report.or(reading.not_a_report);
        let room = MAX_PROBLEMS.saturating_sub(self.problems.len());
        let of_reports = reading.reports.iter().flat_map(|l| l.report.problems.iter().cloned());
        self.problems.extend(reading.problems.into_iter().chain(of_reports).take(room));
        reading.reports
    }

    fn add(&mut self, other: Self) {
        self.reports += other.reports;
        self.with_problems |= other.with_problems;
        self.not_a_report = self.not_a_report.or(other.not_a_report);
        let room = MAX_PROBLEMS.saturating_sub(self.problems.len());
        self.problems.extend(other.problems.into_iter().take(room));
    }

    fn end(mut self) -> FileEnd {
        let state = match (self.reports, self.with_problems, self.not_a_report) {
            (0, false, Some(kind)) => {
                self.problems.push(problem(ProblemCode::Skipped, 0, kind));
                FileState::Skipped
            }
            (0, false, None) => {
                self.problems.push(problem(ProblemCode::NotAReport, 0, "empty"));
                FileState::Rejected
            }
            (0, true, _) => FileState::Rejected,
            (_, true, _) => FileState::WithProblems,
            (_, false, _) => FileState::Loaded,
        };
        FileEnd { state, problems: self.problems }
    }
}

/// Some bytes of a file.
///
/// # Errors
/// If the file cannot be read, or is shorter than it was.
pub fn raw_bytes(path: &Path, offset: u64, length: u64) -> Result<Vec<u8>, Problem> {
    let read = || -> io::Result<Vec<u8>> {
        let (mut file, _) = open(path)?;
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
    format.map_or_else(Reading::default, |format| read_record(format, &record))
}
