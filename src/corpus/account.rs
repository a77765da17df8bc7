//! How many files were found, and what became of them.

use serde::{Deserialize, Serialize};

use crate::display::Lang;
use crate::load::files::FileState;

/// How many files there are of each state; the four add up to the files found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Files whose reports were all read without a problem.
    pub loaded: usize,
    /// Files with at least one report, and with problems.
    pub with_problems: usize,
    /// Files without a readable report.
    pub rejected: usize,
    /// Files that are no reports: not regular, hidden, or of another kind.
    pub skipped: usize,
    /// Reports read.
    pub reports: usize,
    /// Reports read that are copies of others.
    pub copies: usize,
}

impl Account {
    /// Counts a file.
    pub fn count(&mut self, state: FileState) {
        match state {
            FileState::Loaded => self.loaded += 1,
            FileState::WithProblems => self.with_problems += 1,
            FileState::Rejected => self.rejected += 1,
            FileState::Skipped => self.skipped += 1,
        }
    }

    /// Takes a file back.
    pub(super) fn uncount(&mut self, state: FileState) {
        let count = match state {
            FileState::Loaded => &mut self.loaded,
            FileState::WithProblems => &mut self.with_problems,
            FileState::Rejected => &mut self.rejected,
            FileState::Skipped => &mut self.skipped,
        };
        *count = count.saturating_sub(1);
    }

    /// The account as a sentence, in which the four states add up to the files found.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        let Self { loaded, with_problems, rejected, skipped, reports, copies } = *self;
        let files = self.files();
        lang.pick(
            format!(
                "文件 {files} = 读入 {loaded} + 有疑 {with_problems} + 拒绝 {rejected} + 跳过 {skipped}；报告 {reports}（其中副本 {copies}）"
            ),
            format!(
                "files {files} = loaded {loaded} + with problems {with_problems} + rejected {rejected} + skipped {skipped}; reports {reports} (copies {copies})"
            ),
        )
    }

    /// All files.
    #[must_use]
    pub const fn files(&self) -> usize {
        self.loaded + self.with_problems + self.rejected + self.skipped
    }
}
