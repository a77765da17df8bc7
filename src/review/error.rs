//! Why the store could not do something, in words for the reviewer. No error is ever answered by starting anew.

use std::io;
use std::path::{Path, PathBuf};

use crate::display::{Lang, Untrusted, visible};

/// Why the store could not do something.
#[derive(Debug)]
pub enum StoreError {
    /// A folder, a link or a device is where the file should be.
    NotAFile(PathBuf),
    /// There is no such file.
    Missing(PathBuf),
    /// An empty file is where a store was expected.
    Empty(PathBuf),
    /// A file of another kind, or the database of another program.
    Foreign(PathBuf),
    /// Written by a later version.
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
    },
    /// Damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// Tables, triggers or views that are not those of a store.
    Altered {
        /// The file.
        path: PathBuf,
        /// The name of the first.
        name: Untrusted,
    },
    /// A rollback journal that is not the store's lies beside it.
    StrayJournal(PathBuf),
    /// The file was moved, removed or replaced while it was open.
    Replaced(PathBuf),
    /// It can be read only.
    ReadOnly(PathBuf),
    /// The disk is full, or the quota is.
    Full,
    /// Writing failed: a quota, a limit of the process or a failing disk.
    Write(PathBuf),
    /// Another program kept it locked for as long as we wait.
    Locked,
    /// There is no folder that it could be in.
    NoFolder,
    /// The file cannot be opened, read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The machine has no random numbers or the like.
    System(String),
    /// The program was built with a version of `SQLite` that can lose decisions.
    OldLibrary(&'static str),
    /// A note, a reason or a name is too long or empty.
    BadText(&'static str),
    /// A line that is to be imported is no event.
    BadLine {
        /// Its number, from 1.
        line: usize,
        /// Why.
        reason: String,
    },
    /// No own step is left to undo.
    NothingToUndo,
    /// No own step is left to do again.
    NothingToRedo,
    /// Another reviewer has decided on the same finding since, or settled the same.
    DecidedSince {
        /// Who.
        by: Untrusted,
        /// When.
        at: String,
    },
}

impl StoreError {
    /// The sentence for the reviewer, with what to do.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::NothingToUndo => lang.pick("没有可撤销的步骤", "nothing to undo").to_owned(),
            Self::NothingToRedo => lang.pick("没有可重做的步骤", "nothing to redo").to_owned(),
            Self::DecidedSince { by, at } => {
                let (by, at) = (by.visible(), visible(at));
                lang.pick(
                    format!("{by} 在此之后（{at}）已对同一事项作出结论，不能撤销或重做；可重新作结论"),
                    format!("{by} has decided on the same since ({at}): decide again instead"),
                )
            }
            Self::Full => lang
                .pick(
                    "磁盘或配额已满，结论没有保存；腾出空间后再试",
                    "the disk or the quota is full, nothing was saved: free some space and try again",
                )
                .to_owned(),
            Self::Locked => lang
                .pick(
                    "审核库被其他程序占用，没有保存；请稍后再试",
                    "another program keeps the store locked, nothing was saved: try again",
                )
                .to_owned(),
            Self::NoFolder => lang
                .pick(
                    "没有可存放审核库的文件夹；请用 --reviews 指定文件",
                    "no folder for the store: name a file with --reviews",
                )
                .to_owned(),
            Self::System(reason) => visible(reason).into_owned(),
            Self::OldLibrary(version) => lang.pick(
                format!("SQLite {version} 可能丢失已保存的结论，拒绝使用"),
                format!("SQLite {version} can lose saved decisions: not used"),
            ),
            Self::BadText(what) => lang.pick(
                format!("{what}为空、过长或含有不允许的字符"),
                format!("{what}: empty, too long, or with characters that are not allowed"),
            ),
            Self::BadLine { line, reason } => lang.pick(
                format!("第 {line} 行：{}", visible(reason)),
                format!("line {line}: {}", visible(reason)),
            ),
            _ => self.about_file(lang),
        }
    }

    fn about_file(&self, lang: Lang) -> String {
        let (path, zh, en) = match self {
            Self::Missing(path) => (path, "没有这个文件", "no such file"),
            Self::NotAFile(path) => (path, "不是普通文件，未作改动", "no regular file; left as it is"),
            Self::Empty(path) => (
                path,
                "空文件，不是审核库；未作改动，请移开或恢复备份",
                "an empty file where decisions were expected; left as it is: restore or move it",
            ),
            Self::Foreign(path) => (
                path,
                "不是本程序的审核库，未作改动",
                "not a store of decisions of this program; left as it is",
            ),
            Self::StrayJournal(path) => (
                path,
                "旁边有来历不明的 -journal 文件，请先移开；未作改动",
                "a -journal file lies beside it that is not its own: move that away; left as it is",
            ),
            Self::Replaced(path) => (
                path,
                "打开后被移动、删除或替换，没有保存；请重新启动",
                "moved, removed or replaced since it was opened, nothing was saved: start again",
            ),
            Self::Write(path) => (
                path,
                "写入失败（配额、大小限制或磁盘故障），没有保存",
                "could not be written (a quota, a limit or a failing disk), nothing was saved",
            ),
            Self::ReadOnly(path) => (path, "只能读取，没有保存", "can only be read, nothing was saved"),
            _ => return self.about_content(lang),
        };
        sentence(path, lang.pick(zh, en), lang)
    }

    fn about_content(&self, lang: Lang) -> String {
        let (path, zh, en) = match self {
            Self::Newer { path, found } => (
                path,
                format!("由较新版本（格式 {found}）写入，请升级程序；未作改动"),
                format!("written by a later version (format {found}); left as it is: upgrade gouji"),
            ),
            Self::Damaged { path, detail } => {
                let detail = visible(detail);
                (
                    path,
                    format!("已损坏（{detail}）；未作改动，请恢复备份"),
                    format!("damaged ({detail}); left as it is: restore a copy"),
                )
            }
            Self::Altered { path, name } => {
                let name = name.visible();
                (
                    path,
                    format!("表结构被改动（{name}），拒绝使用；未作改动"),
                    format!("its tables were altered ({name}): not used, left as it is"),
                )
            }
            Self::Io { path, reason } => {
                let reason = visible(reason);
                (path, format!("无法读写：{reason}"), format!("cannot be read or written: {reason}"))
            }
            _ => return String::new(),
        };
        sentence(path, &lang.pick(zh, en), lang)
    }

    /// What an error of the operating system means for a file.
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full
            }
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path.to_owned()),
            _ => Self::Io { path: path.to_owned(), reason: error.to_string() },
        }
    }

    /// What an error of `SQLite` means.
    pub(super) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let path = path.to_owned();
        let detail = error.to_string();
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                Code::DiskFull => Self::Full,
                Code::SystemIoFailure if is_write(failure.extended_code) => Self::Write(path),
                Code::DatabaseBusy | Code::DatabaseLocked => Self::Locked,
                Code::ReadOnly => Self::ReadOnly(path),
                Code::DatabaseCorrupt | Code::TooBig | Code::TypeMismatch => Self::Damaged { path, detail },
                Code::NotADatabase => Self::Foreign(path),
                _ => Self::Io { path, reason: detail },
            },
            rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => Self::Damaged { path, detail },
            _ => Self::Io { path, reason: detail },
        }
    }
}

fn sentence(path: &Path, what: &str, lang: Lang) -> String {
    format!(
        "{} {}{}{what}",
        lang.pick("审核库", "store"),
        visible(&path.to_string_lossy()),
        lang.pick("：", ": ")
    )
}

/// Whether an I/O error is one of writing or of making a file larger.
const fn is_write(extended: i32) -> bool {
    use rusqlite::ffi;
    matches!(extended, ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_TRUNCATE | ffi::SQLITE_IOERR_SHMSIZE)
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for StoreError {}
