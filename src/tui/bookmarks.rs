//! Filters that the reviewer keeps, in a file of the user's own: one a line, so that it can be read and edited.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::corpus::SavedQuery;

/// The kept filters.
#[derive(Debug, Default)]
pub struct Bookmarks {
    path: Option<PathBuf>,
    /// The filters, the last one kept first.
    pub all: Vec<SavedQuery>,
}

/// The user's folder for data of this program.
#[must_use]
pub fn data_folder() -> Option<PathBuf> {
    use etcetera::BaseStrategy as _;
    Some(etcetera::base_strategy::choose_base_strategy().ok()?.data_dir().join("gouji"))
}

impl Bookmarks {
    /// Those in a file. Lines that are none are left out, and left in the file until it is written again.
    #[must_use]
    pub fn open(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let all = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Self { path: Some(path), all }
    }

    /// Keeps a filter, or puts it first if it is kept.
    ///
    /// # Errors
    /// If the file cannot be written; the filter is kept as long as the program runs.
    pub fn add(&mut self, query: SavedQuery) -> io::Result<()> {
        self.all.retain(|other| *other != query);
        self.all.insert(0, query);
        self.save()
    }

    /// Drops a filter.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn remove(&mut self, at: usize) -> io::Result<()> {
        if at < self.all.len() {
            self.all.remove(at);
        }
        self.save()
    }

    fn save(&self) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let lines: Vec<String> =
            self.all.iter().filter_map(|query| serde_json::to_string(query).ok()).collect();
        replace(path, &(lines.join("\n") + "\n"))
    }
}

/// Writes a small file of the user's own in one step: it is whole, old or new.
///
/// # Errors
/// If it cannot be written.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let _ = fs::remove_file(&temporary);
    let mut file = fs::File::options().write(true).create_new(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_there_the_next_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/bookmarks.jsonl");
        let query =
            |text: &str| SavedQuery { text: text.to_owned(), years: vec![2021], ..SavedQuery::default() };
        let mut kept = Bookmarks::open(path.clone());
        for text in ["rule:T3.1", "xx", "rule:T3.1"] {
            kept.add(query(text)).unwrap();
        }
        fs::write(&path, fs::read_to_string(&path).unwrap() + "no filter\n").unwrap();
        let mut kept = Bookmarks::open(path.clone());
        assert_eq!(kept.all, [query("rule:T3.1"), query("xx")]);
        kept.remove(0).unwrap();
        assert_eq!(Bookmarks::open(path).all, [query("xx")]);
    }
}
