//! Which files there are below some paths, each of them once.
//!
//! Nothing is opened here, and nothing that is met is left out without a word: what is not to be read comes with the
//! reason. A path that the user gives may be hidden or a link; below it, links are never followed.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// Something met while walking.
#[derive(Debug)]
pub(super) enum Found {
    /// A regular file.
    File(PathBuf),
    /// Not to be read, and why. A folder stands for all that is in it.
    Skipped(PathBuf, &'static str),
    /// Cannot be looked at.
    Failed(PathBuf, io::Error),
}

/// Everything below some paths, path by path, in the order of the names.
pub(super) fn walk(paths: &[PathBuf]) -> impl Iterator<Item = Found> + Send {
    roots(paths).into_iter().flat_map(walk_one)
}

/// The paths without those that are met below another one anyway.
fn roots(paths: &[PathBuf]) -> Vec<&Path> {
    let real: Vec<Option<PathBuf>> = paths.iter().map(|path| fs::canonicalize(path).ok()).collect();
    let is_below_another = |i: usize, own: &Path| {
        real.iter().enumerate().any(|(j, other)| {
            let Some(below) = other.as_deref().and_then(|other| own.strip_prefix(other).ok()) else {
                return false;
            };
            match below.components().next() {
                None => j < i,
                Some(_) => !below
                    .components()
                    .any(|part| matches!(part, Component::Normal(name) if is_left_out(name))),
            }
        })
    };
    let roots = paths.iter().zip(&real).enumerate();
    roots
        .filter(|(i, (_, own))| !own.as_ref().is_some_and(|own| is_below_another(*i, own)))
        .map(|(_, (path, _))| path.as_path())
        .collect()
}

fn walk_one(root: &Path) -> Box<dyn Iterator<Item = Found> + Send + '_> {
    if fs::metadata(root).is_ok_and(|meta| meta.is_file()) {
        return Box::new(std::iter::once(Found::File(root.to_owned())));
    }
    let mut entries = WalkDir::new(root).sort_by_file_name().into_iter();
    Box::new(std::iter::from_fn(move || {
        loop {
            let entry = match entries.next()? {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    let error =
                        error.into_io_error().unwrap_or_else(|| io::Error::other("links in a circle"));
                    return Some(Found::Failed(path, error));
                }
            };
            let is_folder = entry.file_type().is_dir();
            if entry.depth() > 0 && is_folder && is_hidden(entry.file_name()) {
                entries.skip_current_dir();
                return Some(Found::Skipped(entry.into_path(), "a hidden folder"));
            }
            if !is_folder {
                return Some(classify(root, &entry));
            }
        }
    }))
}

fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Names of files that are not read when they are met: hidden ones, and what is about the files beside it.
fn is_left_out(name: &std::ffi::OsStr) -> bool {
    let upper = name.as_encoded_bytes().to_ascii_uppercase();
    is_hidden(name) || upper.starts_with(b"README") || upper.starts_with(b"LICENSE")
}

fn classify(root: &Path, entry: &DirEntry) -> Found {
    let path = entry.path().to_owned();
    let kind = entry.file_type();
    if is_hidden(entry.file_name()) {
        return Found::Skipped(path, "hidden");
    }
    if kind.is_file() {
        let is_about = is_left_out(entry.file_name());
        return if is_about { Found::Skipped(path, "documentation") } else { Found::File(path) };
    }
    if !kind.is_symlink() {
        return Found::Skipped(path, "not a regular file");
    }
    let target = match fs::metadata(&path) {
        Ok(target) => target,
        Err(error) => return Found::Failed(path, error),
    };
    let is_inside = match (fs::canonicalize(root), fs::canonicalize(&path)) {
        (Ok(root), Ok(target)) => target.starts_with(root),
        _ => false,
    };
    let reason = match (target.is_file() || target.is_dir(), is_inside) {
        (false, _) => "a link to what is no regular file",
        (true, true) => "a link to what is read in its own place",
        (true, false) => "a link that leaves the folder",
    };
    Found::Skipped(path, reason)
}
