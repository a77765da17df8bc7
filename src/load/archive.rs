//! ZIP archives: Office documents are such, and folders are sent as such.
//!
//! An archive can hold far more than it seems to: nothing is taken out beyond a limit, and nothing is written anywhere.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::display::Untrusted;
use crate::report::{Problem, ProblemCode};

/// Bytes of one member at most.
pub(crate) const MAX_MEMBER_BYTES: u64 = 32 << 20;
/// Bytes of all members together at most.
const MAX_BYTES: u64 = 256 << 20;
/// Members at most.
const MAX_MEMBERS: usize = 20_000;

/// An archive in memory.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    taken: u64,
}

fn problem(code: ProblemCode, detail: impl Into<String>) -> Problem {
    Problem { code, at: Untrusted::default(), line: 0, detail: Into::<String>::into(detail).into() }
}

impl<'a> Archive<'a> {
    /// Opens an archive.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        let zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| problem(ProblemCode::Unreadable, format!("archive: {error}")))?;
        if zip.len() > MAX_MEMBERS {
            return Err(problem(ProblemCode::TooLarge, format!("more than {MAX_MEMBERS} members")));
        }
        Ok(Self { zip, taken: 0 })
    }

    /// The names of the files in it, in the order of the archive.
    pub(crate) fn names(&mut self) -> Vec<String> {
        let count = self.zip.len();
        let name = |i: usize| {
            let member = self.zip.by_index_raw(i).ok()?;
            member.is_file().then(|| name_of(member.name_raw()))
        };
        (0..count).filter_map(name).collect()
    }

    /// The bytes of a file.
    pub(crate) fn read(&mut self, name: &str) -> Result<Vec<u8>, Problem> {
        let is_named = |zip: &mut ZipArchive<Cursor<&[u8]>>, i: usize| {
            zip.by_index_raw(i).is_ok_and(|member| name_of(member.name_raw()) == name)
        };
        let direct = self.zip.index_for_name(name);
        let index = direct.or_else(|| (0..self.zip.len()).find(|i| is_named(&mut self.zip, *i)));
        let index = index.ok_or_else(|| problem(ProblemCode::Changed, name))?;
        let member = self
            .zip
            .by_index(index)
            .map_err(|error| problem(ProblemCode::Unreadable, format!("archive: {error}")))?;
        let mut bytes = Vec::new();
        member
            .take(MAX_MEMBER_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| problem(ProblemCode::Unreadable, format!("archive: {error}")))?;
        self.taken += bytes.len() as u64;
        if bytes.len() as u64 > MAX_MEMBER_BYTES || self.taken > MAX_BYTES {
            return Err(problem(
                ProblemCode::TooLarge,
                format!("unpacks to more than {} MiB", MAX_MEMBER_BYTES >> 20),
            ));
        }
        Ok(bytes)
    }

    /// Whether all of it stays below the limits; reads everything once.
    pub(crate) fn check(&mut self) -> Result<(), Problem> {
        for name in self.names() {
            self.read(&name)?;
        }
        Ok(())
    }
}

/// The name of a member: UTF-8, or GBK as old programs write it.
fn name_of(raw: &[u8]) -> String {
    super::decode::decode(raw, None)
        .map_or_else(|| String::from_utf8_lossy(raw).into_owned(), |(name, _)| name.into_owned())
}
