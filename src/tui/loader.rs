//! Reading in the background: which files are new or changed, their reports, the comparison of reports, the cache.
//!
//! Nothing here draws or waits for the screen; what is read is sent to the loop, at most some times a second, as a
//! slow line must not be flooded.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use super::events::Event;
use super::reviews;
use crate::corpus::cache::{Cache, Changes, Walked};
use crate::corpus::{self, Batch, Corpus, Flow, Related};
use crate::display::Lang;
use crate::export::{Ledger, LedgerOptions};
use crate::load::files::{self, Met};
use crate::review::Store;

/// What is told about the reading.
#[derive(Debug)]
pub(super) enum Loaded {
    /// What has to be read, and which files of the index are no longer what they were.
    Begun { gone: BTreeSet<u32>, progress: Progress },
    /// What was read.
    Files(Vec<Batch>, Progress),
    /// There is no more; the files that the index is made of now.
    Done { walked: Vec<Walked>, is_touched: bool, was_stopped: bool },
    /// The reports were compared with each other.
    Related(Box<Related>),
    /// The index was kept, or not.
    Saved(Result<Vec<Walked>, String>),
    /// What was decided on the reports; nothing if something went wrong.
    Standings(Option<Vec<(u32, reviews::Decided)>>),
    /// Something in the folder has changed.
    Stirred,
    /// The rectification list was written, with so many rows, or not.
    Written(Result<(PathBuf, usize), String>),
    /// Something was written into the store of decisions.
    Decided,
}

/// How far the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Reports read.
    pub reports: usize,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes to be read in all.
    pub all_bytes: u64,
    /// Since the reading began.
    pub elapsed: Duration,
}

impl Progress {
    /// How much of a thousand parts is read.
    #[must_use]
    pub fn per_mille(self) -> u64 {
        (self.bytes.saturating_mul(1000)).checked_div(self.all_bytes).unwrap_or(1000).min(1000)
    }

    /// Reports read in a second.
    #[must_use]
    pub fn rate(self) -> u64 {
        let millis = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX);
        (self.reports as u64).saturating_mul(1000).checked_div(millis).unwrap_or(0)
    }

    /// Seconds that the rest will take at this rate, once that can be told.
    #[must_use]
    pub fn seconds_left(self) -> Option<u64> {
        let rest = self.all_bytes.saturating_sub(self.bytes);
        let is_early = self.bytes == 0 || self.elapsed < Duration::from_secs(1);
        (!is_early).then(|| rest.saturating_mul(self.elapsed.as_secs().max(1)) / self.bytes)
    }
}

/// So often results are sent at most.
const SEND_EVERY: Duration = Duration::from_millis(120);

/// Works on threads that the screen does not wait for: what it needs done in parallel must not queue behind a corpus.
fn aside<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let politely = |_| {
        // Only a wish: where it is not granted the screen is a little slower while the corpus is read.
        let own = rustix::thread::gettid();
        let _ = rustix::process::setpriority_process(Some(own), 5);
    };
    match rayon::ThreadPoolBuilder::new().start_handler(politely).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// What is needed to read.
pub(super) struct Loader {
    pub(super) paths: Vec<PathBuf>,
    /// The index that there is, and the files that it is made of; nothing where everything is to be read.
    pub(super) known: Option<(Corpus, Vec<Walked>)>,
    pub(super) settings: Arc<crate::rules::Settings>,
    pub(super) choices: Arc<corpus::Choices>,
    /// Set when the reviewer has enough.
    pub(super) stop: Arc<AtomicBool>,
    pub(super) sender: Sender<Event<Loaded>>,
}

impl Loader {
    /// Reads on a thread of its own.
    pub(super) fn start(self) {
        let sender = self.sender.clone();
        thread::spawn(move || {
            // Whatever happens here, the reviewer is told that there is no more to come.
            if catch_unwind(AssertUnwindSafe(|| self.run())).is_err() {
                let done = Loaded::Done { walked: Vec::new(), is_touched: false, was_stopped: true };
                let _ = sender.send(Event::Loaded(done));
            }
        });
    }

    fn run(self) {
        super::test_panic("loader");
        let met = files::find(&self.paths);
        let changes = match self.known {
            Some((corpus, kept)) => aside(|| Changes::find(&corpus, kept, met)),
            None => Changes::everything(met),
        };
        let Changes { gone, read, walked, is_touched, .. } = changes;
        let mut reading = Reading::new(&read, &self.stop, self.sender);
        reading.send(Loaded::Begun { gone, progress: reading.progress });
        let read_all = || {
            corpus::read_met(read, &self.settings, &self.choices, &mut |batch| reading.take(batch));
            reading.flush();
        };
        aside(read_all);
        let was_stopped = self.stop.load(Ordering::Relaxed);
        reading.send(Loaded::Done { walked, is_touched, was_stopped });
    }
}

/// The results on their way.
struct Reading<'a> {
    stop: &'a AtomicBool,
    sender: Sender<Event<Loaded>>,
    pending: Vec<Batch>,
    progress: Progress,
    /// The files with their lengths that are not yet read, the next one last.
    ahead: Vec<(PathBuf, u64)>,
    /// Bytes of the files that are read.
    behind: u64,
    began: Instant,
    sent: Option<Instant>,
}

impl<'a> Reading<'a> {
    fn new(met: &[Met], stop: &'a AtomicBool, sender: Sender<Event<Loaded>>) -> Self {
        let length = |met: &Met| met.stamp.map_or(0, |stamp| stamp.length);
        let ahead: Vec<_> = met.iter().rev().map(|met| (met.path().to_owned(), length(met))).collect();
        let all_bytes = ahead.iter().map(|(_, length)| length).sum();
        let progress = Progress { all_bytes, ..Progress::default() };
        Self {
            stop,
            sender,
            pending: Vec::new(),
            progress,
            ahead,
            behind: 0,
            began: Instant::now(),
            sent: None,
        }
    }

    fn send(&self, loaded: Loaded) -> bool {
        self.sender.send(Event::Loaded(loaded)).is_ok()
    }

    fn take(&mut self, batch: Batch) -> Flow {
        self.progress.reports += batch.items.len();
        let is_of = |path: &Path| batch.path.starts_with(path);
        while self.ahead.last().is_some_and(|(path, _)| !is_of(path)) {
            self.behind += self.ahead.pop().map_or(0, |(_, length)| length);
        }
        let inside = batch.items.last().map_or(0, corpus::NewReport::end);
        self.progress.bytes = self.behind + inside;
        self.progress.elapsed = self.began.elapsed();
        self.pending.push(batch);
        // The first reports are shown at once.
        let is_due = self.sent.is_none_or(|sent| sent.elapsed() >= SEND_EVERY);
        let goes_on = !is_due || self.flush();
        if goes_on && !self.stop.load(Ordering::Relaxed) { Flow::Go } else { Flow::Stop }
    }

    fn flush(&mut self) -> bool {
        self.sent = Some(Instant::now());
        let batches = std::mem::take(&mut self.pending);
        self.send(Loaded::Files(batches, self.progress))
    }
}

/// Compares the reports of an index with each other, on a thread of its own.
pub(super) fn relate(corpus: Corpus, sender: Sender<Event<Loaded>>) {
    thread::spawn(move || {
        let related = catch_unwind(AssertUnwindSafe(|| aside(|| corpus.related()))).unwrap_or_default();
        drop(corpus);
        let _ = sender.send(Event::Loaded(Loaded::Related(Box::new(related))));
    });
}

/// Keeps an index for the next time, on a thread of its own.
pub(super) fn save(cache: Cache, corpus: Corpus, walked: Vec<Walked>, sender: Sender<Event<Loaded>>) {
    thread::spawn(move || {
        let saved = catch_unwind(AssertUnwindSafe(|| {
            let mut walked = walked;
            for file in &mut walked {
                file.hash_content();
            }
            cache.save(&corpus, walked.clone()).map(|()| walked).map_err(|error| error.to_string())
        }));
        drop(corpus);
        let saved = saved.unwrap_or_else(|_| Err("internal error".to_owned()));
        let _ = sender.send(Event::Loaded(Loaded::Saved(saved)));
    });
}

/// Looks what was decided on each report, on a thread of its own.
pub(super) fn stand(corpus: Corpus, store: Arc<Store>, lang: Lang, sender: Sender<Event<Loaded>>) {
    thread::spawn(move || {
        let found = catch_unwind(AssertUnwindSafe(|| reviews::standings(&corpus, &store, lang)));
        drop(corpus);
        let _ = sender.send(Event::Loaded(Loaded::Standings(found.ok())));
    });
}

/// Writes the rectification list of some reports, on a thread of its own, into a file that is not there yet.
pub(super) fn hand_over(
    corpus: Corpus,
    reports: Arc<Vec<u32>>,
    store: Option<Arc<Store>>,
    lang: Lang,
    sender: Sender<Event<Loaded>>,
) {
    thread::spawn(move || {
        let write = || -> Result<(PathBuf, usize), String> {
            let name = lang.pick("整改台账", "rectification");
            let path = (1..1_000)
                .map(|n| {
                    PathBuf::from(if n == 1 { format!("{name}.xlsx") } else { format!("{name}-{n}.xlsx") })
                })
                .find(|path| !path.exists());
            let path = path.ok_or_else(|| format!("{name}-999.xlsx"))?;
            let mut ledger = Ledger::new(LedgerOptions { lang, ..LedgerOptions::default() });
            for report in reports.iter() {
                let to_do = corpus.summary(*report).is_some_and(|summary| summary.to_do() > 0);
                if let Some(open) = to_do.then(|| corpus.open(*report).ok()).flatten() {
                    ledger.add(&open, store.as_deref());
                }
            }
            ledger.write(&path, false).map_err(|error| error.to_string())?;
            // In full: it lies where the program was started, which no screen shows.
            Ok((std::path::absolute(&path).unwrap_or(path), ledger.rows().len()))
        };
        let written = catch_unwind(AssertUnwindSafe(write));
        let written = written.unwrap_or_else(|_| Err("internal error".to_owned()));
        let _ = sender.send(Event::Loaded(Loaded::Written(written)));
    });
}
