//! ZIP archives: Office documents are such, and folders are sent as such.
//!
//! An archive can hold far more than it seems to: nothing is taken out beyond a limit, and nothing is written anywhere.

use std::collections::HashMap;
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
    /// The names of its files, in their order, with their places in the archive.
    files: Vec<(String, usize)>,
    /// The place of each name; of files of one name, the first.
    places: HashMap<String, usize>,
    taken: u64,
}

fn problem(code: ProblemCode, detail: impl Into<String>) -> Problem {
    Problem { code, at: Untrusted::default(), line: 0, detail: Into::<String>::into(detail).into() }
}

impl<'a> Archive<'a> {
    /// Opens an archive.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Problem> {
        let mut zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| problem(ProblemCode::Unreadable, format!("archive: {error}")))?;
        if zip.len() > MAX_MEMBERS {
            return Err(problem(ProblemCode::TooLarge, format!("more than {MAX_MEMBERS} members")));
        }
        let mut files = Vec::new();
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for i in 0..zip.len() {
            let Ok(member) = zip.by_index_raw(i) else { continue };
            if let Some(start) = member.data_start().filter(|_| member.compressed_size() > 0) {
                ranges.push((start, start.saturating_add(member.compressed_size())));
            }
            if member.is_file() {
                files.push((name_of(member.name_raw()), i));
            }
        }
        // The same bytes for many members are no archive that anybody packed.
        ranges.sort_unstable();
        if ranges.windows(2).any(|pair| matches!(pair, [a, b] if b.0 < a.1)) {
            return Err(problem(ProblemCode::TooLarge, "members that overlap"));
        }
        let places = files.iter().rev().cloned().collect();
        Ok(Self { zip, files, places, taken: 0 })
    }

    /// The names of the files in it, in the order of the archive.
    pub(crate) fn names(&self) -> Vec<String> {
        self.files.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The bytes of a file.
    pub(crate) fn read(&mut self, name: &str) -> Result<Vec<u8>, Problem> {
        let too_large =
            || problem(ProblemCode::TooLarge, format!("unpacks to more than {} MiB", MAX_MEMBER_BYTES >> 20));
        // What will not be used is not unpacked.
        if self.taken > MAX_BYTES {
            return Err(too_large());
        }
        let index = self.places.get(name).copied().or_else(|| self.zip.index_for_name(name));
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
            return Err(too_large());
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// The bytes with one word for another of the same length, wherever it stands.
    fn renamed(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
        let places: Vec<usize> = memchr::memmem::find_iter(&bytes, from).collect();
        for at in places {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
        bytes
    }

    #[test]
    fn names_of_old_programs_lead_to_their_files() {
        let bytes = packed(&[("ab1.txt", b"one"), ("ab2.txt", b"two")]);
        // 县 in GBK, without the mark for UTF-8.
        let bytes = renamed(bytes, b"ab", b"\xcf\xd8");
        let mut archive = Archive::open(&bytes).unwrap();
        assert_eq!(archive.names(), ["县1.txt", "县2.txt"]);
        assert_eq!(archive.read("县2.txt").unwrap(), b"two");
        assert_eq!(archive.read("县3.txt").unwrap_err().code, ProblemCode::Changed);
    }

    #[test]
    fn nothing_is_unpacked_that_will_not_be_used() {
        let zeros = vec![0; MAX_MEMBER_BYTES as usize];
        let names: Vec<String> = (0..12).map(|i| format!("{i}.bin")).collect();
        let members: Vec<(&str, &[u8])> =
            names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
        let bytes = packed(&members);
        let mut archive = Archive::open(&bytes).unwrap();
        let read: Vec<bool> = names.iter().map(|name| archive.read(name).is_ok()).collect();
        assert_eq!(read.iter().filter(|is_read| **is_read).count(), 8, "{read:?}");
        // Only the one that passed the limit was unpacked in vain.
        assert_eq!(archive.taken, 9 * MAX_MEMBER_BYTES);
    }

    #[test]
    fn members_that_share_their_bytes_are_refused() {
        let bytes = packed(&[("1.txt", b"one"), ("2.txt", b"one")]);
        assert!(Archive::open(&bytes).is_ok());
        // The second entry of the directory leads to the first file.
        let second = memchr::memmem::rfind(&bytes, b"PK\x01\x02").unwrap();
        let mut shared = bytes;
        shared[second + 42..second + 46].copy_from_slice(&0_u32.to_le_bytes());
        assert_eq!(Archive::open(&shared).map(|_| ()).unwrap_err().detail.raw(), "members that overlap");
    }
}
