//! Decisions and notes on findings: the store that several reviewers share, and what it means.
//!
//! A decision belongs to a report, a rule, a place and the figures that were judged ([`Subject`]); it holds as long as
//! the figures do. What people settle where documents leave something open, which county and which version, is kept in the
//! same way ([`Store::choices`]). The store is a file of events that are only ever added; everything else is folded from them. What
//! is acknowledged is committed and synced. Nothing here overwrites a file that is not a whole store.
//!
//! ```no_run
//! # use gouji::{review::{self, *}, display::Lang, corpus::Corpus};
//! # fn go(corpus: &Corpus, paths: &[std::path::PathBuf]) -> Result<(), StoreError> {
//! let place = review::locate(paths, None)?;
//! let store = Store::open(&place, "王审")?; // behind an `Arc` to decide on another thread
//! let open = corpus.open(0).expect("a report");
//! let subjects = review::subjects(&open.id, &open.report, &open.findings, Lang::Zh);
//! let states = store.states(&subjects);
//! for cause in &open.causes {
//!     let state = CauseState::of(cause.findings.iter().filter_map(|i| states.get(*i)));
//!     if state.is_some_and(|state| state.state.is_open()) {
//!         let of_cause = cause.findings.iter().filter_map(|i| subjects.get(*i)).cloned();
//!         let step = Step::decide(of_cause.collect(), Decision::Dismissed)?.because("表格读取有误").note("见第3页");
//!         store.record(&step)?; // committed and synced; the same step again is saved once
//!         store.undo()?;
//!         store.redo()?;
//!     }
//! }
//! for news in store.poll()? {
//!     // what other reviewers did since the last look
//!     println!("{}", news.reviewer.visible());
//! }
//! # Ok(()) }
//! ```

mod adopt;
mod adoption;
mod changes;
mod error;
mod event;
mod exchange;
mod fold;
#[cfg(test)]
mod fold_tests;
mod heirs;
mod key;
mod locate;
mod open;
mod state;
mod step;
mod store;
mod whereabouts;

pub use adopt::Heir;
pub use adoption::{adopt, documents_of, heirs_in};
pub use changes::{Change, Outcome};
pub use error::StoreError;
pub use event::{Decision, Event, Kind, Uuid};
pub use exchange::{Fault, Taken, verify};
pub use heirs::heirs;
pub use key::{FindingKey, Judged, Subject, report_hash, subjects};
pub use locate::{Location, locate, login_name};
pub use open::Notice;
pub use state::{CauseState, Counts, State, Verdict};
pub use step::{Saved, Step};
pub use store::Store;

use crate::display::Lang;

/// The longest note, in bytes.
pub const MAX_NOTE: usize = 16 << 10;

/// The longest name of a reviewer, in bytes.
pub const MAX_NAME: usize = 200;

/// Reasons for dismissing a finding, until the reviewers write their own list: see [`Store::set_reasons`].
pub const REASONS: [(&str, &str); 6] = [
    ("表格读取有误，原件无误", "misread: the document is right"),
    ("属规则允许的例外", "an exception that the rule allows"),
    ("报告正文已作说明", "explained in the report"),
    ("四舍五入或单位不同", "rounding, or another unit"),
    ("与其他问题重复", "the same as another finding"),
    ("已由单位更正", "corrected by the unit already"),
];

/// The list of reasons in a language.
#[must_use]
pub fn default_reasons(lang: Lang) -> Vec<String> {
    REASONS.iter().map(|(zh, en)| lang.pick(*zh, *en).to_owned()).collect()
}
