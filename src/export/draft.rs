//! A file that appears whole or not at all: it is written under another name in the same folder, synced and renamed.
//!
//! Whatever ends the program in between, under its own name stands the old file or the new one. A link at that name is
//! refused and never followed, as are folders, pipes and devices. What is handed over holds what a review found and is
//! not yet published, so a new file can be read by its owner only; a file that is replaced keeps its mode.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// How often another name is tried for the half-written file.
const TRIES: usize = 16;

/// A file that is being written.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    half: PathBuf,
    out: BufWriter<File>,
    is_placed: bool,
}

impl Draft {
    /// Begins a file that is to stand at `path`.
    ///
    /// # Errors
    /// If something other than a plain file stands there, or the folder cannot be written.
    pub fn new(path: &Path) -> io::Result<Self> {
        let refused = |why: &str| io::Error::new(io::ErrorKind::InvalidInput, why.to_owned());
        let mode = match fs::symlink_metadata(path) {
            Ok(there) if there.file_type().is_symlink() => {
                return Err(refused("is a link, which is not followed: name the file itself"));
            }
            Ok(there) if !there.is_file() => return Err(refused("is there and is no plain file")),
            Ok(there) => there.permissions().mode() & 0o777,
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0o600,
            Err(error) => return Err(error),
        };
        let name = path.file_name().ok_or_else(|| refused("names no file"))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (half, file) = create(folder)?;
        let path = folder.join(name);
        let draft = Self { path, half, out: BufWriter::with_capacity(1 << 16, file), is_placed: false };
        draft.out.get_ref().set_permissions(Permissions::from_mode(mode))?;
        Ok(draft)
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// If not everything could be written; what stood there before still does.
    pub fn place(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        self.rename()?;
        // The file is whole either way; a folder that cannot be synced is no reason to say otherwise.
        let _ = self
            .path
            .parent()
            .map(File::open)
            .transpose()
            .and_then(|folder| folder.map_or(Ok(()), |folder| folder.sync_all()));
        Ok(())
    }

    /// Puts the file in its place without waiting until the disk has it: for one of many that can be made again.
    ///
    /// # Errors
    /// If not everything could be written; what stood there before still does.
    pub fn place_unsynced(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.rename()
    }

    fn rename(&mut self) -> io::Result<()> {
        fs::rename(&self.half, &self.path)?;
        self.is_placed = true;
        Ok(())
    }
}

/// A new file of a name that nobody else has.
fn create(folder: &Path) -> io::Result<(PathBuf, File)> {
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for _ in 0..TRIES {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let half = folder.join(format!(".gouji-{:016x}.part", u64::from_le_bytes(random)));
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half) {
            Ok(file) => return Ok((half, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_placed {
            let _ = fs::remove_file(&self.half);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_given_up_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let mut draft = Draft::new(&path).unwrap();
        draft.write_all(b"new").unwrap();
        draft.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        drop(draft);
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names(folder.path()).len()), ("old", 1));
        let mut draft = Draft::new(&path).unwrap();
        draft.write_all(b"new").unwrap();
        draft.place().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o640,
            "the mode of the old one"
        );
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn links_folders_and_devices_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link.csv"));
        fs::write(&target, "kept").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let dangling = folder.path().join("dangling.csv");
        std::os::unix::fs::symlink(folder.path().join("nowhere"), &dangling).unwrap();
        for path in [link.as_path(), &dangling, folder.path(), Path::new("/dev/null"), Path::new("..")] {
            assert!(Draft::new(path).is_err(), "{}", path.display());
        }
        assert_eq!(fs::read_to_string(&target).unwrap(), "kept");
        assert!(!folder.path().join("nowhere").exists());
        assert_eq!(names(folder.path()), ["dangling.csv", "link.csv", "target"]);
    }
}
