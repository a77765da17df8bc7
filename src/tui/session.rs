//! What all views share: the corpus, the query and its answer, the report that is open, language and theme.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::bookmarks::Bookmarks;
use super::keymap::{Action, Context, Keymap};
pub use super::loader::Progress;
use super::prompt::Prompt;
use super::resume::Resume;
use super::reviews::Reviews;
use super::spots::Spots;
use super::theme::Theme;
use super::tour::Tour;
use crate::corpus::{Batch, Corpus, Listing, OpenReport, Query};
use crate::display::Lang;
use crate::report::Problem;
use crate::rules::Settings;

/// How far the loading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loading {
    /// It is looked which files there are, and whether they are what the kept index was made from.
    Looking,
    /// Files are being read.
    Running(Progress),
    /// The reports are being compared with each other.
    Relating,
    /// Everything was read and compared.
    Done,
    /// The reviewer stopped the reading.
    Stopped,
}

impl Loading {
    /// Whether more is to come.
    #[must_use]
    pub const fn is_on(self) -> bool {
        !matches!(self, Self::Done | Self::Stopped)
    }
}

/// The state that outlives a view.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "wishes and facts that have nothing to do with each other")]
pub struct Session {
    /// The index.
    pub corpus: Corpus,
    /// What the reviewer narrowed it to.
    pub query: Query,
    /// A county that was asked for by name or code on the command line, until it is found in the corpus.
    pub wanted_county: Option<String>,
    /// The answer to the query.
    pub listing: Listing,
    /// Position in the list.
    pub selected: usize,
    /// A report that is looked at though it is not listed; until the cursor of the list moves.
    beyond: Option<u32>,
    /// The report that was marked for comparing others with it.
    pub marked: Option<u32>,
    /// Whether the cursor has moved since a report was opened: what is open is that of an earlier place.
    is_moving: bool,
    /// The selected report, or why it cannot be shown.
    pub current: Option<Result<Arc<OpenReport>, Problem>>,
    /// Language of the interface.
    pub lang: Lang,
    /// Marks and colours.
    pub theme: Theme,
    /// Which key does what.
    pub keymap: Keymap,
    /// What can be clicked on the screen.
    pub spots: Spots,
    /// A text on its way to the clipboard.
    pub clipboard: Option<String>,
    /// What is shown to somebody who is here for the first time.
    pub tour: Tour,
    /// Whether files are still being read.
    pub loading: Loading,
    /// Set to end the reading.
    pub stop: Arc<AtomicBool>,
    /// Whether the reviewer wishes changed files to be read again.
    pub wants_reload: bool,
    /// Whether the corpus was replaced by another one since views were opened on it.
    pub is_replaced: bool,
    /// Whether what is read now was read before: it is marked as changed.
    pub is_update: bool,
    /// The decisions.
    pub reviews: Reviews,
    /// Where the last review was.
    pub resume: Resume,
    /// A question over the view.
    pub prompt: Option<Prompt>,
    /// Whether the reviewer wishes the rectification list to be written.
    pub wants_ledger: bool,
    /// Whether it has to be looked again what was decided on each report.
    pub wants_standings: bool,
    /// Whether it has to be looked again what was settled by hand about places and versions.
    pub wants_choices: bool,
    /// Files that are read again though they have not changed.
    pub unchanged: Vec<PathBuf>,
    /// Where the selected report lies, while its file is read again.
    held: Option<(PathBuf, u64)>,
    /// The report that is open as it was before it was opened again, until the views know.
    pub reopened: Option<Arc<OpenReport>>,
    /// The filters that are kept.
    pub bookmarks: Bookmarks,
    /// Whether findings that are only information are listed one by one.
    pub shows_info: bool,
    /// A line for the reviewer until the next key.
    pub notice: Option<String>,
    /// Width of the terminal.
    pub width: u16,
    /// Whether the reviewer has pressed a key; until then the worst report is selected, whatever is read.
    pub touched: bool,
}

impl Session {
    /// A session over an empty corpus that is being loaded.
    #[must_use]
    pub fn new(lang: Lang, theme: Theme, query: Query, settings: Arc<Settings>) -> Self {
        Self {
            corpus: Corpus::new(settings, None),
            query,
            wanted_county: None,
            listing: Listing::default(),
            selected: 0,
            beyond: None,
            is_replaced: false,
            marked: None,
            is_moving: false,
            current: None,
            lang,
            theme,
            keymap: Keymap::default(),
            spots: Spots::default(),
            clipboard: None,
            tour: Tour::default(),
            loading: Loading::Looking,
            stop: Arc::default(),
            wants_reload: false,
            is_update: false,
            reviews: Reviews::default(),
            resume: Resume::default(),
            prompt: None,
            wants_ledger: false,
            wants_standings: false,
            wants_choices: false,
            unchanged: Vec::new(),
            held: None,
            reopened: None,
            bookmarks: Bookmarks::default(),
            shows_info: false,
            notice: None,
            width: 80,
            touched: false,
        }
    }

    /// Begins with an empty corpus: no number of a report means anything any more.
    pub fn replace_corpus(&mut self, corpus: Corpus) {
        self.corpus = corpus;
        self.listing = Listing::default();
        (self.selected, self.beyond, self.marked, self.current) = (0, None, None, None);
        self.forget_standings();
        self.is_replaced = true;
    }

    /// Adds what was read; call [`Self::refresh`] after the last of several.
    pub fn add(&mut self, batch: Batch) {
        let is_update = self.is_update && !self.unchanged.contains(&batch.path);
        self.corpus.add(batch, is_update);
    }

    /// Answers the query anew, keeping the selected report selected where it is still listed.
    pub fn refresh(&mut self) {
        self.find_wanted_county();
        let report = self.listing.reports.get(self.selected).copied().filter(|_| self.touched);
        self.listing = self.corpus.list(&self.query);
        self.beyond = self.beyond.filter(|report| self.corpus.is_there(*report));
        self.marked = self.marked.filter(|report| self.corpus.is_there(*report));
        if let Some((path, offset)) = &self.held {
            // What is open stays so until it is read again.
            let Some(report) = self.corpus.at(path, *offset) else { return };
            self.held = None;
            self.show(report);
            return;
        }
        let position = report.and_then(|r| self.listing.reports.iter().position(|other| *other == r));
        self.selected = position.unwrap_or(0);
        self.open_selected();
    }

    /// Notes where the selected report lies, if its file is one of those that are read again.
    pub(super) fn hold_on(&mut self, gone: &BTreeSet<u32>) {
        let location = |report: &u32| {
            let place = self.corpus.place(*report).filter(|place| gone.contains(&place.file))?;
            Some((self.corpus.path(&place)?.to_owned(), place.offset))
        };
        let report = self.selected_report().filter(|_| self.touched);
        self.held = report.as_ref().and_then(location);
    }

    /// No longer waits for the selected report, which is not read again.
    pub(super) fn let_go(&mut self) {
        self.held = self.held.take().filter(|(path, offset)| self.corpus.at(path, *offset).is_some());
    }

    /// Opens the report again that is open: what the other reports say of it may have become known, or changed.
    pub(super) fn reopen(&mut self) {
        let Some(before) = self.open_report().cloned() else { return };
        let Ok(now) = self.corpus.open(before.index) else { return };
        let facts = |open: &OpenReport| -> Vec<(&'static str, String)> {
            open.findings.iter().map(|finding| (finding.rule.id, finding.message(self.lang))).collect()
        };
        if before.id != now.id || facts(&before) != facts(&now) {
            self.current = Some(Ok(Arc::new(now)));
            self.reopened.get_or_insert(before);
        }
    }

    /// Answers a changed query, with the best report selected.
    pub fn requery(&mut self) {
        self.listing = self.corpus.list(&self.query);
        self.selected = 0;
        self.held = None;
        self.beyond = None;
        self.open_selected();
    }

    /// The report at the cursor of the list, or the one that is looked at without being listed.
    #[must_use]
    pub fn selected_report(&self) -> Option<u32> {
        self.beyond.or_else(|| self.listing.reports.get(self.selected).copied())
    }

    /// Position of the selected report in the list, if it is listed.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        if self.beyond.is_some() { None } else { Some(self.selected) }
    }

    /// Opens a report, whether it is listed or not.
    pub fn show(&mut self, report: u32) {
        if let Some(position) = self.listing.reports.iter().position(|other| *other == report) {
            self.select(position);
        } else if self.corpus.is_there(report) {
            self.beyond = Some(report);
            self.open_selected();
        }
    }

    /// Moves the cursor of the list and opens the report there.
    pub fn select(&mut self, position: usize) {
        self.move_to(position);
        self.settle();
    }

    /// Moves the cursor of the list; the report there is opened once the cursor rests: see [`Self::settle`].
    pub fn move_to(&mut self, position: usize) {
        self.selected = position.min(self.listing.reports.len().saturating_sub(1));
        (self.beyond, self.held) = (None, None);
        self.is_moving = true;
    }

    /// Opens the report that the cursor rests on; whether another one was open.
    pub fn settle(&mut self) -> bool {
        let was_moving = std::mem::take(&mut self.is_moving);
        if was_moving {
            self.open_selected();
        }
        was_moving
    }

    /// Whether the cursor has moved since a report was opened.
    #[must_use]
    pub const fn is_moving(&self) -> bool {
        self.is_moving
    }

    /// The report that is open.
    #[must_use]
    pub fn open_report(&self) -> Option<&Arc<OpenReport>> {
        self.current.as_ref().and_then(|result| result.as_ref().ok())
    }

    /// Position of the next (or previous) listed report with findings, from `from` on in that direction.
    #[must_use]
    pub fn with_findings(&self, from: usize, forward: bool) -> Option<usize> {
        let has = |i: &usize| {
            let report = self.listing.reports.get(*i).and_then(|r| self.corpus.summary(*r));
            report.is_some_and(|s| s.to_do() > 0 || s.needs_reading())
        };
        let end = self.listing.reports.len();
        if forward { (from..end).find(has) } else { (0..end.min(from)).rev().find(has) }
    }

    /// Chooses the county of the command line as soon as a report of it was read.
    fn find_wanted_county(&mut self) {
        let Some(wanted) = &self.wanted_county else { return };
        let found: Vec<_> = self.corpus.areas_named(wanted).collect();
        if !found.is_empty() {
            self.query.counties.extend(found);
            self.wanted_county = None;
        } else if !self.loading.is_on() {
            let words = self.lang.pick("没有这个县区的报告", "no report of this county");
            self.notice = Some(format!("{words}{}{wanted}", self.lang.pick("：", ": ")));
        }
    }

    /// The key of an action, as people write it.
    #[must_use]
    pub fn key(&self, context: Context, action: Action) -> String {
        self.keymap.key_of(context, action)
    }

    /// Ends the reading, if there is any; whether there was.
    pub fn stop_reading(&mut self) -> bool {
        let is_reading = matches!(self.loading, Loading::Looking | Loading::Running(_));
        if is_reading {
            self.stop.store(true, Ordering::Relaxed);
        }
        is_reading
    }

    fn open_selected(&mut self) {
        self.is_moving = false;
        let Some(index) = self.selected_report() else {
            self.current = None;
            return;
        };
        let is_open = self.open_report().is_some_and(|open| open.index == index);
        if !is_open {
            let before = self.current.replace(self.corpus.open(index).map(Arc::new));
            // The same report under another number: it was read again.
            let same = |before: &Arc<OpenReport>| {
                let now = self.open_report();
                now.is_some_and(|now| now.path == before.path && !self.corpus.is_there(before.index))
            };
            if let Some(before) = before.and_then(Result::ok).filter(same) {
                self.reopened.get_or_insert(before);
            }
        }
    }
}
