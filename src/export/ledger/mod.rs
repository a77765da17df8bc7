//! The rectification list (整改台账): what a review hands over, one row for each cause, that units work through.
//!
//! A row says what was found with both numbers, where, by which rule, and what to check; it never says what a figure
//! should be. What became of the rows of an earlier list is told from the corrected report itself.

mod advice;
mod earlier;
mod row;
mod write;

pub use earlier::{Earlier, EarlierError};
pub use row::{Change, LedgerRow, Status};
pub use write::{LEDGER_FORMATS, LedgerFormat};

use std::collections::HashSet;

use crate::corpus::{Corpus, OpenReport};
use crate::display::{Lang, Untrusted};
use crate::review::{self, Store};
use crate::rules::{Rule, Severity};

/// Which causes are listed, by what was decided on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Listed {
    /// Everything that was not dismissed.
    #[default]
    NotDismissed,
    /// What nobody has decided yet.
    Open,
    /// What was confirmed.
    Confirmed,
    /// Everything.
    All,
}

impl Listed {
    const fn admits(self, status: Status) -> bool {
        match self {
            Self::NotDismissed => !matches!(status, Status::Dismissed),
            Self::Open => matches!(status, Status::Open),
            Self::Confirmed => matches!(status, Status::Confirmed),
            Self::All => true,
        }
    }
}

/// What a list is to hold.
#[derive(Debug)]
pub struct LedgerOptions {
    /// The language of its sentences and heads.
    pub lang: Lang,
    /// Which causes are listed.
    pub listed: Listed,
    /// How bad a cause must be.
    pub least: Severity,
    /// What stands in every row as the one responsible; empty for the units to fill in.
    pub responsible: String,
    /// What stands in every row as the date; empty for the units to fill in.
    pub due: String,
    /// The list that the reports were corrected by.
    pub earlier: Option<Earlier>,
    /// Rules that are switched off: what they once found is neither settled nor there.
    pub off: Vec<&'static Rule>,
    /// The reports that are at hand: what another report showed is settled only beside it.
    pub corpus: Option<Corpus>,
}

impl Default for LedgerOptions {
    fn default() -> Self {
        Self {
            lang: Lang::Zh,
            listed: Listed::default(),
            least: Severity::Warning,
            responsible: String::new(),
            due: String::new(),
            earlier: None,
            off: Vec::new(),
            corpus: None,
        }
    }
}

/// The list.
#[derive(Debug, Default)]
pub struct Ledger {
    options: LedgerOptions,
    rows: Vec<LedgerRow>,
    /// The reports that were looked at.
    seen: HashSet<Untrusted>,
}

/// What one report gives to a list.
#[derive(Debug)]
pub struct OfReport {
    report: Untrusted,
    rows: Vec<LedgerRow>,
}

impl LedgerOptions {
    /// What a report gives to the list: a row for each cause, worst first, then what was settled. It can be worked out
    /// on another thread.
    #[must_use]
    pub fn of_report(&self, open: &OpenReport, decisions: Option<&Store>) -> OfReport {
        let subjects = review::subjects(&open.id, &open.report, &open.findings, self.lang);
        let report = open.id.clone();
        let mut rows = Vec::new();
        for cause in open.causes.iter().filter(|cause| cause.severity <= self.least) {
            let row = row::of_cause(self, open, cause, &subjects, decisions);
            rows.extend(row.filter(|row| self.listed.admits(row.status)));
        }
        if let Some(earlier) = &self.earlier {
            earlier.note_parts(&report, &subjects, &mut rows, self.lang);
            rows.extend(earlier.gone(self, open, &report, &subjects));
        }
        OfReport { report, rows }
    }
}

impl Ledger {
    /// An empty list.
    #[must_use]
    pub fn new(options: LedgerOptions) -> Self {
        Self { options, rows: Vec::new(), seen: HashSet::new() }
    }

    /// What it is to hold.
    #[must_use]
    pub const fn options(&self) -> &LedgerOptions {
        &self.options
    }

    /// Adds what is to be said of a report.
    pub fn add(&mut self, open: &OpenReport, decisions: Option<&Store>) {
        self.take(self.options.of_report(open, decisions));
    }

    /// Adds what was worked out already.
    pub fn take(&mut self, of_report: OfReport) {
        self.seen.insert(of_report.report);
        self.rows.extend(of_report.rows);
    }

    /// The rows, in the order in which the reports were added.
    #[must_use]
    pub fn rows(&self) -> &[LedgerRow] {
        &self.rows
    }

    /// Rows of the earlier list whose reports were not among those added: nothing can be said of them.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.options.earlier.as_ref().map_or(0, |earlier| earlier.rows_outside(&self.seen))
    }
}
