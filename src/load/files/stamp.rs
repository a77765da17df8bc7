//! What tells that a file was changed without reading it.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;

use serde::{Deserialize, Serialize};

/// What tells that a file was changed.
///
/// Length and modification time alone do not: a program can set that time to what it was. Nothing sets the change time
/// back, and a file that took the place of another has its own inode. Where the file system does not keep it (see
/// [`tells_changes`](crate::load::mounts::tells_changes)), equal stamps do not say that the file is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its length in bytes.
    pub length: u64,
    /// When its content was changed, as far as programs say so: nanoseconds since 1970.
    pub modified: i64,
    /// When anything of it was changed: nanoseconds since 1970; 0 if the file system does not say.
    pub changed: i64,
    /// Its number within the file system.
    pub inode: u64,
}

impl Stamp {
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        Ok(Self::of_meta(&meta))
    }

    /// The stamp of a file by what the file system says of it.
    #[must_use]
    pub fn of_meta(meta: &Metadata) -> Self {
        let time =
            |seconds: i64, nanoseconds| seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds);
        Self {
            length: meta.len(),
            modified: time(meta.mtime(), meta.mtime_nsec()),
            changed: time(meta.ctime(), meta.ctime_nsec()),
            inode: meta.ino(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;

    fn stamp(path: &std::path::Path) -> Stamp {
        Stamp::of_meta(&fs::metadata(path).unwrap())
    }

    #[test]
    fn a_file_that_took_the_place_of_another_has_another_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
        for path in [&a, &b] {
            fs::write(path, "same").unwrap();
            File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
        }
        let before = stamp(&a);
        assert_eq!(before, stamp(&a));
        assert_eq!(before.modified, 1_600_000_000 * 1_000_000_000);
        assert!(before.changed > before.modified, "{before:?}");
        fs::rename(&b, &a).unwrap();
        let after = stamp(&a);
        assert_eq!((after.length, after.modified), (before.length, before.modified));
        assert_ne!(after.inode, before.inode);
    }
}
