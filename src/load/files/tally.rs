//! What became of a file, counted while its records are read: every file found ends in exactly one state.

use super::{FileEnd, FileState, MAX_PROBLEMS, problem};
use crate::load::{Located, Reading};
use crate::report::{Problem, ProblemCode};

/// What is counted over the records of a file.
#[derive(Debug, Default)]
pub(super) struct Tally {
    reports: usize,
    with_problems: bool,
    not_a_report: Option<&'static str>,
    /// What is wrong with the file itself, which is listed first, however many problems its reports have.
    of_file: Vec<Problem>,
    problems: Vec<Problem>,
    /// Problems that are not listed.
    more: usize,
}

impl Tally {
    /// Counts what was read and gives its reports back.
    pub(super) fn take(&mut self, reading: Reading) -> Vec<Located> {
        self.reports += reading.reports.len();
        self.not_a_report = self.not_a_report.or(reading.not_a_report);
        self.list(reading.problems);
        for located in &reading.reports {
            self.list(located.report.problems.iter().cloned());
        }
        reading.reports
    }

    /// Counts reports that were read without a problem.
    pub(super) fn count(&mut self, reports: usize) {
        self.reports += reports;
    }

    pub(super) fn add(&mut self, other: Self) {
        self.with_problems |= other.with_problems;
        self.reports += other.reports;
        self.not_a_report = self.not_a_report.or(other.not_a_report);
        self.of_file.extend(other.of_file);
        self.list(other.problems);
        self.more += other.more;
    }

    /// Notes what is wrong with the file itself.
    pub(super) fn fail(&mut self, problem: Problem) {
        self.with_problems = true;
        self.of_file.push(problem);
    }

    pub(super) fn list(&mut self, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            self.with_problems = true;
            if self.problems.len() < MAX_PROBLEMS {
                self.problems.push(problem);
            } else {
                self.more += 1;
            }
        }
    }

    pub(super) fn end(mut self) -> FileEnd {
        self.problems.splice(..0, self.of_file.drain(..));
        if self.more > 0 {
            self.problems.push(problem(ProblemCode::MoreProblems, 0, self.more.to_string()));
        }
        let state = match (self.reports, self.with_problems, self.not_a_report) {
            (0, false, Some(kind)) => {
                self.problems.push(problem(ProblemCode::Skipped, 0, kind));
                FileState::Skipped
            }
            (0, false, None) => {
                self.problems.push(problem(ProblemCode::NotAReport, 0, "empty"));
                FileState::Rejected
            }
            (0, true, _) => FileState::Rejected,
            (_, true, _) => FileState::WithProblems,
            (_, false, _) => FileState::Loaded,
        };
        FileEnd { state, problems: self.problems }
    }
}
