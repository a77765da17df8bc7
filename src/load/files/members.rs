//! The files of an archive, read as those of a folder: `a.zip/b.html` is the file `b.html` in `a.zip`.

use std::path::{Path, PathBuf};

use super::{Content, FileRead, FileState, MAX_FILE_BYTES, Work, content_of, ended, problem, read_content};
use crate::load::archive::Archive;
use crate::report::{Problem, ProblemCode};

/// Reads every file of an archive.
pub(super) fn read<T>(path: &Path, bytes: &[u8], work: Work<'_, T>) -> Vec<FileRead<T>> {
    let mut archive = match Archive::open(bytes) {
        Ok(archive) => archive,
        Err(problem) => return vec![ended(path.to_owned(), FileState::Rejected, problem)],
    };
    let names = archive.names();
    if names.is_empty() {
        let empty = problem(ProblemCode::NotAReport, 0, "an empty archive");
        return vec![ended(path.to_owned(), FileState::Rejected, empty)];
    }
    names.into_iter().map(|name| read_one(path, &name, &mut archive, work)).collect()
}

fn read_one<T>(path: &Path, name: &str, archive: &mut Archive<'_>, work: Work<'_, T>) -> FileRead<T> {
    let file = path.join(name.trim_start_matches('/'));
    // What a Mac packs along, and hidden files.
    if name.split('/').any(|part| part == "__MACOSX" || part.starts_with('.')) {
        return ended(file, FileState::Skipped, problem(ProblemCode::Skipped, 0, "hidden"));
    }
    let content = archive.read(name).and_then(|bytes| Ok((content_of(&bytes, &file)?, bytes)));
    match content {
        Ok((Content::Report(format), bytes)) => read_content(file, format, bytes, work),
        Ok((Content::Archive, _)) => {
            let nested = problem(ProblemCode::UnknownFormat, 0, "an archive in an archive: unpack it first");
            ended(file, FileState::Rejected, nested)
        }
        Err(problem) => ended(file, FileState::Rejected, problem),
    }
}

/// The archive and the name in it, where a path leads into an archive.
pub(super) fn split(path: &Path) -> Option<(&Path, String)> {
    if path.exists() {
        return None;
    }
    let archive = path.ancestors().skip(1).find(|above| above.is_file())?;
    Some((archive, path.strip_prefix(archive).ok()?.to_str()?.to_owned()))
}

/// The bytes of a file in an archive.
pub(super) fn bytes(archive: &Path, name: &str) -> Result<Vec<u8>, Problem> {
    let length = std::fs::metadata(archive).map_or(0, |meta| meta.len());
    if length > MAX_FILE_BYTES {
        return Err(problem(ProblemCode::TooLarge, 0, archive.to_string_lossy()));
    }
    let whole = super::raw_bytes(&PathBuf::from(archive), 0, length)?;
    Archive::open(&whole)?.read(name)
}
