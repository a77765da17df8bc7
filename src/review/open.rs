//! Opening the file of the store: what it must be before a byte of it is written.
//!
//! A file that is not a whole store of a version that is known here is left exactly as it is. The header is read without `SQLite`, so
//! that a foreign or damaged file is never recovered, checkpointed or rolled back by looking at it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::{StoreError, Uuid};
use crate::display::Untrusted;
use crate::load::mounts::is_network;

/// "gjrv": tells the store from the databases of other programs.
const APPLICATION_ID: i32 = 0x676a_7276;

/// The version of a new store.
const FIRST: i32 = 1;

/// The version of a store that holds what was settled by hand. Its tables are the same; programs that know the first
/// version only would take such events for damage, and refuse the file by this number.
const LATEST: i32 = 2;

/// The first version of `SQLite` in which several writers cannot lose a commit when the log is reset.
const LEAST_SQLITE: i32 = 3_051_003;

/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(5);

/// All tables and indexes, exactly as the file must have them.
pub(super) const SCHEMA: [(&str, &str); 2] = [
    (
        "event",
        "CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  step TEXT NOT NULL,
  kind TEXT NOT NULL,
  target TEXT,
  report TEXT,
  rule TEXT,
  place TEXT,
  figures TEXT,
  about TEXT,
  decision TEXT,
  reason TEXT,
  note TEXT,
  before TEXT,
  check_sum INTEGER NOT NULL
) STRICT",
    ),
    ("event_order", "CREATE INDEX event_order ON event (seq)"),
];

/// What the reviewer should know about how the store was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// There was none; an empty one was made.
    Created(PathBuf),
    /// It lies on a network file system: slower, and safe for several machines only as far as its locks are.
    Network(PathBuf),
    /// It can be read only: decisions are refused.
    ReadOnly(PathBuf),
    /// The corpus has a store that cannot be written; another one is used.
    OtherStore(PathBuf),
}

impl Notice {
    /// The sentence for the reviewer.
    #[must_use]
    pub fn message(&self, lang: crate::display::Lang) -> String {
        let (path, zh, en) = match self {
            Self::Created(path) => (path, "新建审核库", "new store of decisions"),
            Self::Network(path) => (
                path,
                "审核库在网络文件系统上，不用 WAL，较慢",
                "store on a network file system, without WAL",
            ),
            Self::ReadOnly(path) => {
                (path, "审核库只能读取，不能作结论", "the store can only be read: no decisions")
            }
            Self::OtherStore(path) => (
                path,
                "资料文件夹中的审核库不可写，未使用（可用 review merge 合并）",
                "the store beside the reports cannot be written and is not used (see review merge)",
            ),
        };
        format!(
            "{}{}{}",
            lang.pick(zh, en),
            lang.pick("：", ": "),
            crate::display::visible(&path.to_string_lossy())
        )
    }
}

/// Where on disk a file is, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileIdentity(u64, u64);

/// The file at a path, if there is one.
pub(super) fn identity(path: &Path) -> Option<FileIdentity> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = fs::symlink_metadata(path).ok()?;
    Some(FileIdentity(metadata.dev(), metadata.ino()))
}

/// How a connection is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// For writing.
    Write,
    /// For reading.
    Read,
    /// For reading a file that nobody can write.
    Frozen,
}

/// Refuses to work on a library that can lose decisions.
pub(super) fn check_library() -> Result<(), StoreError> {
    if rusqlite::version_number() < LEAST_SQLITE {
        Err(StoreError::OldLibrary(rusqlite::version()))
    } else {
        Ok(())
    }
}

/// A write that a limit of the process forbids shall be an error, not the end of the program.
pub(super) fn survive_file_limits() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without this signal's handler the program is as it was: nothing to report.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    });
}

/// Looks at the file without `SQLite` and without changing anything; `false` if there is none.
pub(super) fn inspect(path: &Path) -> Result<bool, StoreError> {
    let io = |error: &io::Error| StoreError::io(path, error);
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return orphans(path).map(|()| false),
        Err(error) => return Err(io(&error)),
    };
    if !metadata.is_file() {
        return Err(StoreError::NotAFile(path.to_owned()));
    }
    let mut header = Vec::new();
    let file = File::open(path).map_err(|error| io(&error))?;
    file.take(100).read_to_end(&mut header).map_err(|error| io(&error))?;
    if header.is_empty() {
        return Err(StoreError::Empty(path.to_owned()));
    }
    let number = |at: usize| {
        let bytes = header.get(at..at + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
        bytes.map(i32::from_be_bytes)
    };
    if !header.starts_with(b"SQLite format 3\0") || number(68) != Some(APPLICATION_ID) {
        return Err(StoreError::Foreign(path.to_owned()));
    }
    check_version(number(60).unwrap_or_default(), path)?;
    // While others write, and after they were killed, the log holds what the file lacks; a file without a log that
    // lacks pages which it had is damaged. It is looked at again, as a log may be gone between two looks.
    let fits = (0..LOOKS).any(|_| has_log(path) || is_whole(path).unwrap_or(false));
    if !fits {
        return Err(damaged(path, "size"));
    }
    // A rollback journal beside a file in WAL mode was not left by us, and rolling it back would cut the file.
    let has_journal = fs::metadata(beside(path, "-journal")).is_ok_and(|metadata| metadata.len() > 0);
    if header.get(18) == Some(&2) && has_journal {
        return Err(StoreError::StrayJournal(path.to_owned()));
    }
    Ok(true)
}

fn check_version(found: i32, path: &Path) -> Result<i32, StoreError> {
    match found {
        FIRST..=LATEST => Ok(found),
        newer if newer > LATEST => Err(StoreError::Newer { path: path.to_owned(), found: i64::from(newer) }),
        _ => Err(damaged(path, "version")),
    }
}

/// The version of an open store, also where it is still in the log only.
pub(super) fn version(conn: &Connection, path: &Path) -> Result<i32, StoreError> {
    let found = conn.pragma_query_value(None, "user_version", |row| row.get(0));
    check_version(found.map_err(|error| StoreError::sqlite(path, &error))?, path)
}

/// Makes it a store of the latest version, in the transaction that needs it to be one.
pub(super) fn upgrade(conn: &Connection) -> rusqlite::Result<()> {
    conn.pragma_update(None, "user_version", LATEST)
}

/// Brings the version from the log into the file: programs that look at the file alone shall see it. If others are in
/// the way, the next who opens the store for writing does it.
pub(super) fn show_version(conn: &Connection, path: &Path) {
    let mut header = [0; 64];
    let in_file = File::open(path).and_then(|mut file| file.read_exact(&mut header)).map(|()| {
        let [.., a, b, c, d] = header;
        i32::from_be_bytes([a, b, c, d])
    });
    if in_file.is_ok_and(|in_file| version(conn, path).is_ok_and(|version| version != in_file)) {
        let _ = conn.query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(()));
    }
}

/// How often the size of a file is compared with what it says of itself before it is taken for damaged.
const LOOKS: usize = 16;

/// Whether there is a log with something in it beside the file.
fn has_log(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).is_ok_and(|metadata| metadata.len() > 0)
}

/// Whether a file has all pages that its header counts.
fn is_whole(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut header = [0; 32];
    file.read_exact(&mut header)?;
    let page = match [header[16], header[17]] {
        [0, 1] => 65_536,
        [high, low] => u64::from(high) << 8 | u64::from(low),
    };
    let pages = u64::from(u32::from_be_bytes([header[28], header[29], header[30], header[31]]));
    let length = file.metadata()?.len();
    Ok(page >= 512 && length.is_multiple_of(page) && pages.saturating_mul(page) <= length)
}

/// A log without its store: the store was lost, and a new one would take the log for its own.
fn orphans(path: &Path) -> Result<(), StoreError> {
    for suffix in ["-wal", "-journal"] {
        if fs::metadata(beside(path, suffix)).is_ok_and(|metadata| metadata.len() > 0) {
            return Err(damaged(path, "the file is gone, its log is there"));
        }
    }
    Ok(())
}

pub(super) fn damaged(path: &Path, detail: &str) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), detail: detail.to_owned() }
}

/// The file of that name with a suffix.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes an empty store: whole at once, or not at all. If another program makes one at the same time, that one stays.
pub(super) fn create(path: &Path) -> Result<(), StoreError> {
    let io = |error: io::Error| StoreError::io(path, &error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io)?;
    let new = beside(path, &format!(".{}.new", Uuid::random()?));
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new).map_err(io)?;
    let made = fill(&new).map_err(|error| StoreError::sqlite(path, &error)).and_then(|()| {
        match rustix::fs::renameat_with(
            rustix::fs::CWD,
            &new,
            rustix::fs::CWD,
            path,
            rustix::fs::RenameFlags::NOREPLACE,
        ) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => Ok(()),
            // File systems without that operation have links, or none of both.
            Err(_) => fs::hard_link(&new, path).or_else(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => Ok(()),
                _ => Err(io(error)),
            }),
        }
    });
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let _ = fs::remove_file(beside(&new, suffix));
    }
    made?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)
}

fn fill(path: &Path) -> rusqlite::Result<()> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    let mut script = format!("BEGIN; PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={FIRST};");
    for (_, sql) in SCHEMA {
        script.push_str(sql);
        script.push(';');
    }
    script.push_str("COMMIT;");
    conn.execute_batch(&script)?;
    // Changing the mode needs the file for oneself: later, others may have it open.
    let mode = if is_network(path) { "delete" } else { "wal" };
    conn.pragma_update(None, "journal_mode", mode)
}

/// A connection to a file that [`inspect`] has passed.
pub(super) fn connect(path: &Path, access: Access, is_network: bool) -> Result<Connection, StoreError> {
    let sqlite = |error: rusqlite::Error| StoreError::sqlite(path, &error);
    let mode = match access {
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Read | Access::Frozen => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let flags = mode | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let conn = if access == Access::Frozen {
        Connection::open_with_flags(frozen(path), flags | OpenFlags::SQLITE_OPEN_URI)
    } else {
        Connection::open_with_flags(path, flags)
    };
    let conn = conn.map_err(sqlite)?;
    let set = || -> rusqlite::Result<()> {
        conn.busy_timeout(PATIENCE)?;
        // Looking at a damaged file must not write its log into it.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, 4 << 20)?;
        conn.pragma_update(None, "trusted_schema", false)?;
        conn.pragma_update(None, "cell_size_check", true)?;
        conn.pragma_update(None, "mmap_size", 0)?;
        if is_network && is_wal(path) {
            // The shared memory of WAL does not reach other machines: without it, the log is merged and left.
            conn.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        }
        Ok(())
    };
    set().map_err(sqlite)?;
    Ok(conn)
}

/// The address of a file that nobody can write, so that it is read without locks and without a log.
fn frozen(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut uri = "file:".to_owned();
    for byte in absolute.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(*byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

/// Refuses a version that is not known and tables that are not exactly those of a store, then has `SQLite` look at every page.
pub(super) fn check(conn: &Connection, path: &Path, thorough: bool) -> Result<(), StoreError> {
    let sqlite = |error: rusqlite::Error| StoreError::sqlite(path, &error);
    version(conn, path)?;
    let altered = |name: &str| StoreError::Altered { path: path.to_owned(), name: Untrusted::new(name) };
    let mut statement = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        .map_err(sqlite)?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    let found: Vec<(String, String)> = rows.and_then(Iterator::collect).map_err(sqlite)?;
    for (name, sql) in SCHEMA {
        if !found.iter().any(|(found, text)| found == name && text == sql) {
            return Err(altered(name));
        }
    }
    if let Some((name, _)) = found.iter().find(|(name, _)| SCHEMA.iter().all(|(known, _)| known != name)) {
        return Err(altered(name));
    }
    if found.len() != SCHEMA.len() {
        return Err(altered("sqlite_schema"));
    }
    let pragma = if thorough { "integrity_check" } else { "quick_check" };
    let verdict: String = conn.pragma_query_value(None, pragma, |row| row.get(0)).map_err(sqlite)?;
    if verdict == "ok" { Ok(()) } else { Err(damaged(path, &verdict)) }
}

/// Whether the file says that commits go through a log.
fn is_wal(path: &Path) -> bool {
    let mut header = [0; 20];
    File::open(path).and_then(|mut file| file.read_exact(&mut header)).is_ok() && header.get(18) == Some(&2)
}

/// Sets how commits are made durable, once the file is known to be whole.
pub(super) fn make_durable(conn: &Connection, path: &Path, is_network: bool) -> Result<(), StoreError> {
    let sqlite = |error: rusqlite::Error| StoreError::sqlite(path, &error);
    let mode = if is_network { "delete" } else { "wal" };
    let set = conn.pragma_update_and_check(None, "journal_mode", mode, |row| row.get::<_, String>(0));
    match set.map_err(sqlite) {
        Ok(set) if set.eq_ignore_ascii_case(mode) => {}
        // A store that comes from another machine keeps its mode while others have it open: slower, as safe.
        Ok(_) | Err(StoreError::Locked) if !is_network => {}
        Ok(_) => return Err(StoreError::Locked),
        Err(error) => return Err(error),
    }
    let set: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).map_err(sqlite)?;
    let synchronous = if set.eq_ignore_ascii_case("wal") { "FULL" } else { "EXTRA" };
    conn.pragma_update(None, "synchronous", synchronous).map_err(sqlite)?;
    if is_network {
        conn.pragma_update(None, "locking_mode", "NORMAL").map_err(sqlite)?;
        // The change takes effect with the next look at the file.
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))
            .map_err(sqlite)?;
    }
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(sqlite)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_one_that_loses_nothing() {
        assert!(rusqlite::version_number() >= LEAST_SQLITE, "{}", rusqlite::version());
        check_library().unwrap();
    }

    #[test]
    fn a_store_on_a_network_file_system_has_no_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        create(&path).unwrap();
        assert!(is_wal(&path));
        for _ in 0..2 {
            let conn = connect(&path, Access::Write, true).unwrap();
            check(&conn, &path, true).unwrap();
            make_durable(&conn, &path, true).unwrap();
            let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
            assert_eq!(mode, "delete");
            let other = connect(&path, Access::Write, true).unwrap();
            other.execute_batch("BEGIN IMMEDIATE; ROLLBACK").unwrap();
            assert!(!is_wal(&path) && !beside(&path, "-wal").exists());
        }
    }
}
