//! Files that are compressed with gzip: read as what they hold, which is never written anywhere.
//!
//! A file of a few bytes can hold far more than it seems to, so that no more is unpacked than real reports come to; and
//! what is damaged is said, never taken for its end. Offsets into such a file are offsets into what it holds: a report
//! is read again from the last member that is known to begin before it, as packed data has no other places to begin at.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;

use super::{
    Content, HEAD_BYTES, LONG_BYTES, MAX_FILE_BYTES, Sniffed, Stamp, content_of, problem, read_rest,
    unreadable,
};
use crate::report::{Problem, ProblemCode};

/// What every such file begins with.
const MAGIC: &[u8] = b"\x1f\x8b";

/// For each byte that is read, at most so many are unpacked: reports come to ten or twenty.
const MAX_TIMES: u64 = 200;

/// Of so many bytes it does not matter what they are unpacked from.
const FREE_BYTES: u64 = 64 << 20;

/// Members that begin closer together than that are not told apart, so that a file of tiny ones costs no memory.
const APART_BYTES: u64 = 64 << 10;

/// So much of a member is unpacked before any of it is handed on.
const HELD_BYTES: usize = 1 << 20;

/// Bytes of the file that are read at once.
const BUFFER_BYTES: usize = 64 << 10;

/// Where a member of a file begins: compressed files may be joined, and each part can be unpacked alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Start {
    /// In the file.
    packed: u64,
    /// In what it holds.
    unpacked: u64,
}

/// Where members of one file begin, as far as it was read.
struct Starts {
    path: PathBuf,
    stamp: Stamp,
    known: Vec<Start>,
}

thread_local! {
    /// The file of which a report was read last: the next one is mostly of the same.
    static LAST: RefCell<Option<Starts>> = const { RefCell::new(None) };
}

/// Whether bytes begin like a compressed file.
pub(super) fn is_packed(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// Whether a file begins so.
pub(super) fn is_packed_file(file: &File) -> bool {
    let mut head = [0; MAGIC.len()];
    file.read_exact_at(&mut head, 0).is_ok() && is_packed(&head)
}

/// What the bytes of a file hold, one after the other.
///
/// Damage is met late: a member that was changed is told by its checksum, which stands at its end. So what a member
/// begins with is held back, and of a short one that is damaged nothing is handed on. Where the file only ends too early,
/// what was unpacked is right, and all of it is handed on.
pub(super) struct Unpacked<'a> {
    /// None at the end.
    member: Option<GzDecoder<BufReader<&'a File>>>,
    /// Where the member begins, and those after it that were met.
    starts: Vec<Start>,
    /// How many bytes were unpacked, from the beginning of the file.
    count: u64,
    /// What is unpacked, of which some was handed on.
    held: Vec<u8>,
    handed: usize,
    /// Whether more was unpacked of the member than is held back.
    is_long: bool,
    /// What comes after all that is held.
    failed: Option<io::Error>,
}

impl<'a> Unpacked<'a> {
    /// From the beginning.
    pub(super) fn new(file: &'a File) -> io::Result<Self> {
        Self::from(file, Start { packed: 0, unpacked: 0 })
    }

    fn from(mut file: &'a File, start: Start) -> io::Result<Self> {
        file.seek(SeekFrom::Start(start.packed))?;
        let member = Some(GzDecoder::new(BufReader::with_capacity(BUFFER_BYTES, file)));
        let (starts, count, held) = (vec![start], start.unpacked, Vec::new());
        Ok(Self { member, starts, count, held, handed: 0, is_long: false, failed: None })
    }

    /// Unpacks some more; `false` at the end of the file.
    fn hold(&mut self) -> io::Result<bool> {
        self.held.clear();
        self.handed = 0;
        let Some(member) = &mut self.member else { return Ok(false) };
        let most = if self.is_long { BUFFER_BYTES } else { HELD_BYTES };
        let read = member.take(most as u64).read_to_end(&mut self.held);
        let is_cut = |error: &io::Error| error.kind() == io::ErrorKind::UnexpectedEof;
        self.failed = read.err().map(|error| {
            let reason = match error.kind() {
                _ if is_cut(&error) => "compressed data: cut off".to_owned(),
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                    "compressed data: damaged, fetch it again".to_owned()
                }
                _ => format!("compressed data: {error}"),
            };
            io::Error::new(error.kind(), reason)
        });
        if self.failed.as_ref().is_some_and(|error| !is_cut(error)) {
            self.held.clear();
        }
        self.count += self.held.len() as u64;
        if let Err(error) = self.check() {
            self.held.clear();
            self.member = None;
            return Err(error);
        }
        if self.failed.is_some() || self.held.len() == most {
            self.is_long = true;
            return Ok(true);
        }
        self.is_long = false;
        let has_more = self.next_member().unwrap_or_else(|error| {
            self.failed = Some(error);
            true
        });
        Ok(has_more || !self.held.is_empty())
    }

    /// Goes on with the next member; `false` at the end of the file.
    fn next_member(&mut self) -> io::Result<bool> {
        let Some(mut rest) = self.member.take().map(GzDecoder::into_inner) else { return Ok(false) };
        // Zeros behind a member fill up a block of a tape or a disk.
        loop {
            let zeros = match rest.fill_buf()? {
                [] => return Ok(false),
                bytes => bytes.iter().take_while(|byte| **byte == 0).count(),
            };
            if zeros == 0 {
                break;
            }
            rest.consume(zeros);
        }
        let packed = position(&mut rest)?;
        let last = self.starts.last().map_or(0, |start| start.unpacked);
        if self.count - last >= APART_BYTES {
            self.starts.push(Start { packed, unpacked: self.count });
        }
        self.member = Some(GzDecoder::new(rest));
        Ok(true)
    }

    /// Refuses what comes to far more than the file has.
    fn check(&mut self) -> io::Result<()> {
        if self.count <= FREE_BYTES {
            return Ok(());
        }
        let read = self.member.as_mut().map_or(Ok(u64::MAX), |member| position(member.get_mut()))?;
        if self.count - FREE_BYTES <= read.saturating_mul(MAX_TIMES) {
            return Ok(());
        }
        let more = format!("unpacks to more than {MAX_TIMES} times its size");
        Err(io::Error::new(io::ErrorKind::FileTooLarge, more))
    }
}

/// How far a file was read, without what waits in memory.
fn position(reader: &mut BufReader<&File>) -> io::Result<u64> {
    let waiting = reader.buffer().len() as u64;
    Ok(reader.get_mut().stream_position()?.saturating_sub(waiting))
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.handed >= self.held.len() {
            if let Some(error) = self.failed.take() {
                self.member = None;
                return Err(error);
            }
            if !self.hold()? {
                return Ok(0);
            }
        }
        let mut rest = self.held.get(self.handed..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.handed += read;
        Ok(read)
    }
}

/// The name of what a file holds: `a.jsonl` of `a.jsonl.gz`.
fn name(path: &Path) -> PathBuf {
    match path.extension() {
        Some(ending) if ending.eq_ignore_ascii_case("gz") => path.with_extension(""),
        _ => path.to_owned(),
    }
}

/// Tells the format of what a file holds.
///
/// If it is damaged after some bytes, these tell the format nevertheless: of lines, those before the damage are read.
pub(super) fn sniff(path: &Path, file: File, before: Stamp) -> Result<Sniffed, Problem> {
    let mut head = Vec::new();
    let read = Unpacked::new(&file).and_then(|bytes| bytes.take(HEAD_BYTES as u64).read_to_end(&mut head));
    let damage = read.err().map(|error| unreadable(&error));
    if damage.is_none() && head.trim_ascii_start().is_empty() {
        head = whole(&file)?;
    }
    match (content_of(&head, &name(path)), damage) {
        (Ok(Content::Archive), _) => {
            Err(problem(ProblemCode::UnknownFormat, 0, "an archive in compressed data: unpack it first"))
        }
        (Ok(content), _) => Ok(Sniffed { file, before, head, content, is_packed: true }),
        (Err(_), Some(damage)) => Err(damage),
        (Err(problem), None) => Err(problem),
    }
}

/// All that a file holds, up to the limit.
pub(super) fn whole(file: &File) -> Result<Vec<u8>, Problem> {
    let bytes = Unpacked::new(file).map_err(|error| unreadable(&error))?;
    read_rest(bytes, Vec::new())
}

/// All that a file holds, if that is short and sound.
pub(super) fn short(file: &File) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = Unpacked::new(file).ok()?.take(LONG_BYTES + 1).read_to_end(&mut bytes).ok()?;
    (read as u64 <= LONG_BYTES).then_some(bytes)
}

/// Some bytes of what a file holds.
pub(super) fn part(path: &Path, file: &File, stamp: Stamp, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    let kept = LAST.with_borrow_mut(Option::take);
    let mut known = match kept {
        Some(starts) if starts.path == path && starts.stamp == stamp => starts.known,
        _ => vec![Start { packed: 0, unpacked: 0 }],
    };
    let at = known.partition_point(|start| start.unpacked <= offset).saturating_sub(1);
    let start = known.get(at).copied().unwrap_or(Start { packed: 0, unpacked: 0 });
    let mut bytes = Unpacked::from(file, start)?;
    let read = read_part(&mut bytes, offset - start.unpacked, length);
    let reached = |starts: &[Start]| starts.last().map_or(0, |start| start.unpacked);
    if reached(&bytes.starts) > reached(&known) {
        known.truncate(at);
        known.append(&mut bytes.starts);
    }
    LAST.set(Some(Starts { path: path.to_owned(), stamp, known }));
    read
}

fn read_part(bytes: &mut Unpacked<'_>, skipped: u64, length: u64) -> io::Result<Vec<u8>> {
    if io::copy(&mut bytes.take(skipped), &mut io::sink())? < skipped {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut part = vec![0; usize::try_from(length.min(MAX_FILE_BYTES)).unwrap_or(0)];
    bytes.read_exact(&mut part)?;
    Ok(part)
}
