//! Where the store of a corpus is: in its folder when that can be written, else in the user's data folder.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::fs::Access;
use sha2::{Digest as _, Sha256};

use super::StoreError;
use super::open::Notice;

/// The file of the store, and what the reviewer should know about it.
#[derive(Debug, Clone)]
pub struct Location {
    /// The file.
    pub path: PathBuf,
    /// Why it is not where it might be expected.
    pub notice: Option<Notice>,
}

/// The store for a corpus that was opened by these paths, or the file that was named.
///
/// One folder has its store inside. Several paths, a single file, and a folder that cannot be written have it in the
/// user's data folder, under a name made of the paths.
pub fn locate(paths: &[PathBuf], named: Option<&Path>) -> Result<Location, StoreError> {
    if let Some(path) = named {
        return Ok(Location { path: path.to_owned(), notice: None });
    }
    let mut other = None;
    if let [folder] = paths
        && folder.is_dir()
    {
        let path = folder.join(".gouji/reviews.db");
        if can_hold(folder, &path) {
            return Ok(Location { path, notice: None });
        }
        other = fs::symlink_metadata(&path).is_ok().then_some(path);
    }
    let path = in_data_folder(paths)?;
    Ok(Location { path, notice: other.map(Notice::OtherStore) })
}

/// Whether a store at that path in the folder could be written.
fn can_hold(folder: &Path, path: &Path) -> bool {
    let writable = |path: &Path| rustix::fs::access(path, Access::WRITE_OK).is_ok();
    let own = path.parent().filter(|own| own.is_dir()).unwrap_or(folder);
    writable(own) && (!path.exists() || writable(path))
}

fn in_data_folder(paths: &[PathBuf]) -> Result<PathBuf, StoreError> {
    use etcetera::BaseStrategy as _;
    use std::os::unix::ffi::OsStrExt as _;
    let folder =
        etcetera::base_strategy::choose_base_strategy().map_err(|_| StoreError::NoFolder)?.data_dir();
    let mut whole: Vec<PathBuf> =
        paths.iter().map(|path| path.canonicalize().unwrap_or_else(|_| path.clone())).collect();
    whole.sort();
    let mut hasher = Sha256::new();
    for path in &whole {
        hasher.update(path.as_os_str().as_bytes());
        hasher.update([0]);
    }
    let mut name = String::new();
    for byte in hasher.finalize().iter().take(12) {
        name.push_str(&format!("{byte:02x}"));
    }
    Ok(folder.join("gouji/reviews").join(format!("{name}.db")))
}

/// The name under which the user is logged in: the reviewer, unless another is named.
#[must_use]
pub fn login_name() -> String {
    let named = ["LOGNAME", "USER"].iter().filter_map(|name| std::env::var(name).ok());
    let mut named = named.filter(|name| !name.trim().is_empty());
    named.next().unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()))
}
