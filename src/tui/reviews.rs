//! The decisions of the session: where they are kept, what was decided on each finding, how far the review is.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::session::Session;
use crate::corpus::{Corpus, OpenReport, Standing};
use crate::display::Lang;
use crate::review::{self, CauseState, Event, Kind, Location, State, Step, Store, Subject, Verdict};
use crate::rules::Severity;

/// Where decisions are kept, once there is something to keep.
#[derive(Debug, Default)]
pub struct Reviews {
    location: Option<Location>,
    store: Option<Arc<Store>>,
    reviewer: String,
    /// Why the store cannot be used; it is left as it is.
    problem: Option<String>,
    /// Steps made in this session.
    pub made: usize,
    /// When the first of them was made.
    pub began: Option<Instant>,
    /// The decisions that stand on the causes of each report, as far as they were looked up.
    settled: HashMap<u32, Vec<Settled>>,
}

/// A decision that stands on a cause of a report: not one that was taken back, or that another took the place of, or
/// whose figures have changed since.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The place of the cause's rule in the catalogue.
    pub rule: u8,
    /// Whether it is an error or a warning, which are there to be decided.
    pub is_to_do: bool,
    /// Who decided what, and when.
    pub event: Arc<Event>,
}

/// What was decided on a report: in numbers for the list, one by one for the statistics.
#[derive(Debug, Clone, Default)]
pub struct Decided {
    /// The numbers.
    pub standing: Standing,
    /// The decisions.
    pub settled: Vec<Settled>,
}

impl Reviews {
    /// The decisions on the reports below some paths, in the file that was named, else where they belong.
    #[must_use]
    pub fn find(paths: &[PathBuf], named: Option<&std::path::Path>, reviewer: String, lang: Lang) -> Self {
        let mut reviews = Self { reviewer, ..Self::default() };
        match review::locate(paths, named) {
            Ok(location) => {
                let exists = location.path.exists();
                reviews.location = Some(location);
                if exists {
                    let _ = reviews.open(lang);
                }
            }
            Err(error) => reviews.problem = Some(error.message(lang)),
        }
        reviews
    }

    /// What keeps the store from being used.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The decisions that stand on the causes of a report.
    #[must_use]
    pub fn settled(&self, report: u32) -> &[Settled] {
        self.settled.get(&report).map_or(&[], Vec::as_slice)
    }

    /// The store, if there is one.
    #[must_use]
    pub fn store(&self) -> Option<&Arc<Store>> {
        self.store.as_ref()
    }

    /// The store, which is made if there is none.
    ///
    /// # Errors
    /// Why it cannot be used, in words.
    pub fn open(&mut self, lang: Lang) -> Result<Arc<Store>, String> {
        if let Some(store) = &self.store {
            return Ok(Arc::clone(store));
        }
        let Some(location) = &self.location else {
            let words = lang.pick("没有存放结论的地方", "there is no place for decisions");
            return Err(self.problem.clone().unwrap_or_else(|| words.to_owned()));
        };
        match Store::open(location, &self.reviewer) {
            Ok(store) => {
                self.problem = None;
                let store = Arc::new(store);
                self.store = Some(Arc::clone(&store));
                Ok(store)
            }
            Err(error) => {
                let words = error.message(lang);
                self.problem = Some(words.clone());
                Err(words)
            }
        }
    }

    /// What is known of each finding of a report, in their order.
    #[must_use]
    pub fn states(&self, open: &OpenReport, lang: Lang) -> Vec<State> {
        match &self.store {
            Some(store) => store.states(&review::subjects(&open.id, &open.report, &open.findings, lang)),
            None => vec![State::default(); open.findings.len()],
        }
    }

    /// What is known of a cause of a report.
    #[must_use]
    pub fn cause(&self, open: &OpenReport, cause: usize, lang: Lang) -> CauseState {
        let states = self.states(open, lang);
        cause_state(open, cause, &states)
    }
}

/// The state of a cause from those of all findings of its report.
fn cause_state(open: &OpenReport, cause: usize, states: &[State]) -> CauseState {
    let of_cause = open.causes.get(cause).into_iter().flat_map(|cause| &cause.findings);
    CauseState::of(of_cause.filter_map(|i| states.get(*i))).unwrap_or(CauseState {
        state: State::default(),
        decided: 0,
        of: 0,
        is_mixed: false,
    })
}

/// What was decided on the causes of a report; the numbers are of those that are there to be decided, errors and warnings.
#[must_use]
pub fn decided(open: &OpenReport, store: &Store, lang: Lang) -> Decided {
    let states = store.states(&review::subjects(&open.id, &open.report, &open.findings, lang));
    let Decided { mut standing, mut settled } = Decided::default();
    for (i, cause) in open.causes.iter().enumerate() {
        let state = cause_state(open, i, &states).state;
        let Some(event) = state.standing.filter(|_| !state.verdict.is_open()) else { continue };
        let is_to_do = cause.severity != Severity::Info;
        let rule = cause.headline(&open.findings).map_or(0, |finding| finding.rule.number());
        settled.push(Settled { rule, is_to_do, event });
        if !is_to_do {
            continue;
        }
        match state.verdict {
            Verdict::Open | Verdict::Reopened { .. } => {}
            Verdict::Confirmed => standing.confirmed += 1,
            Verdict::Dismissed => standing.dismissed += 1,
            Verdict::Query => standing.query += 1,
        }
        standing.errors += u16::from(cause.severity == Severity::Error);
    }
    Decided { standing, settled }
}

/// What was decided on every report of an index that decisions were made on; this opens each of them.
#[must_use]
pub fn standings(corpus: &Corpus, store: &Store, lang: Lang) -> Vec<(u32, Decided)> {
    let decided_on = review::adopt(corpus, store);
    let decided = |report: u32| {
        let decided = corpus.open(report).map(|open| decided(&open, store, lang));
        (report, decided.unwrap_or_default())
    };
    decided_on.into_values().map(decided).collect()
}

/// What a decision or a note is about: causes of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The report.
    pub report: u32,
    /// Its causes.
    pub causes: Vec<usize>,
}

impl Session {
    /// The subjects of some targets, each report opened once.
    fn subjects(&self, targets: &[Target]) -> Vec<Subject> {
        let mut subjects = Vec::new();
        for target in targets {
            let of_current = self.open_report().filter(|open| open.index == target.report).cloned();
            let Some(open) = of_current.or_else(|| self.corpus.open(target.report).ok().map(Arc::new)) else {
                continue;
            };
            let all = review::subjects(&open.id, &open.report, &open.findings, self.lang);
            let wanted = target.causes.iter().filter_map(|i| open.causes.get(*i)).flat_map(|c| &c.findings);
            subjects.extend(wanted.filter_map(|i| all.get(*i)).cloned());
        }
        subjects
    }

    /// Records a step on some targets; whether it was saved. What went wrong is said.
    pub fn record(
        &mut self,
        targets: &[Target],
        step: impl FnOnce(Vec<Subject>) -> Result<Step, review::StoreError>,
    ) -> bool {
        let subjects = self.subjects(targets);
        let saved = self.reviews.open(self.lang).and_then(|store| {
            let step = step(subjects).map_err(|error| error.message(self.lang))?;
            store.record(&step).map_err(|error| error.message(self.lang))
        });
        match saved {
            Ok(_) => {
                self.reviews.made += 1;
                self.reviews.began.get_or_insert_with(Instant::now);
                self.update_standings(targets.iter().map(|target| target.report));
                true
            }
            Err(reason) => {
                let words = self.lang.pick("没有保存：", "not saved: ");
                self.notice = Some(format!("{words}{reason}"));
                false
            }
        }
    }

    /// Forgets what was decided on each report, before it is looked up for all of them.
    pub fn forget_standings(&mut self) {
        self.corpus.set_standing(Vec::new());
        self.reviews.settled.clear();
    }

    /// Takes over what was decided on some reports.
    pub fn take_standings(&mut self, found: Vec<(u32, Decided)>) {
        let standings: Vec<(u32, Standing)> =
            found.iter().map(|(i, decided)| (*i, decided.standing)).collect();
        self.corpus.set_standings(&standings);
        self.reviews.settled.extend(found.into_iter().map(|(report, decided)| (report, decided.settled)));
    }

    fn update_standings(&mut self, reports: impl Iterator<Item = u32>) {
        let Some(store) = self.reviews.store().cloned() else { return };
        let found: Vec<(u32, Decided)> = reports
            .filter_map(|report| Some((report, decided(&self.corpus.open(report).ok()?, &store, self.lang))))
            .collect();
        self.take_standings(found);
    }

    /// Takes the last step back, or does it again; whether there was one.
    pub fn undo(&mut self, again: bool) -> bool {
        let lang = self.lang;
        let Some(store) = self.reviews.store().cloned() else {
            self.notice = Some(lang.pick("没有可撤销的步骤", "nothing to undo").to_owned());
            return false;
        };
        let done = if again { store.redo() } else { store.undo() };
        match done {
            Ok(events) => {
                let about = events.iter().find_map(|event| event.on.as_ref());
                let about = about.map_or_else(String::new, |on| on.about.visible().into_owned());
                let count = events.len();
                let words = if again {
                    lang.pick("已重做", "done again")
                } else {
                    lang.pick("已撤销", "undone")
                };
                self.notice = Some(format!("{words}{}{about} ({count})", lang.pick("：", ": ")));
                self.wants_standings = true;
                self.wants_choices = true;
                if let Some(report) = self.selected_report() {
                    self.update_standings(std::iter::once(report));
                }
                // What was settled of a place or a version is no step of a review.
                !events.iter().all(|event| matches!(event.kind, Kind::Place | Kind::Version))
            }
            Err(error) => {
                self.notice = Some(error.message(lang));
                false
            }
        }
    }
}
