//! What goes on behind the screen: the kept index is opened, checked, brought up to date and kept again.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::events::{Event, Events};
use super::keymap::{Action, Context};
use super::loader::{self, Loaded, Loader};
use super::reviews::Decided;
use super::session::{Loading, Session};
use super::{terminal, watch};
use crate::corpus::cache::{self, Cache, Walked};
use crate::corpus::{Choices, Corpus};
use crate::rules::Settings;

/// What is explored.
#[derive(Debug, Clone)]
pub struct Source {
    /// Folders and files.
    pub paths: Vec<PathBuf>,
    /// Whether the index is kept, and what was kept is used.
    pub is_cached: bool,
    /// Whether the folders are watched for changes.
    pub is_watched: bool,
}

/// The work behind the screen, one piece at a time.
pub(super) struct Background {
    source: Source,
    cache: Option<Cache>,
    sender: Sender<Event<Loaded>>,
    /// The files that the index is made of, once it is complete.
    walked: Option<Vec<Walked>>,
    /// Whether the index differs from what is kept.
    is_changed: bool,
    /// Whether something changed in the folders while they were read.
    is_stirred: bool,
    /// Whether everything was read anew because of a damaged index.
    is_mended: bool,
    /// When the list was last worked out, and how long that took.
    listed: Option<(Instant, Duration)>,
    watcher: Option<watch::Watcher>,
    store_watcher: Option<watch::Watcher>,
    /// How many steps had been made in this session when it was begun to look what was decided on each report.
    standing: Option<usize>,
}

/// The list is worked out anew for at most about one part in so many of the time.
const LIST_SHARE: u32 = 8;

impl Background {
    pub(super) fn new(source: Source, events: &Events<Loaded>) -> Self {
        Self {
            source,
            cache: None,
            sender: events.sender(),
            walked: None,
            is_changed: false,
            is_stirred: false,
            is_mended: false,
            listed: None,
            watcher: None,
            store_watcher: None,
            standing: None,
        }
    }

    /// The index as it was kept, or an empty one.
    pub(super) fn open(&mut self, settings: &Arc<Settings>, choices: Arc<Choices>) -> Corpus {
        let folder = cache::folder();
        if self.source.is_cached {
            self.cache = folder.as_deref().map(|folder| Cache::of(&self.source.paths, settings, folder));
        }
        match self.cache.as_ref().and_then(|cache| cache.open(settings)) {
            Some((mut corpus, mut walked)) => {
                corpus.adopt_choices(choices, &mut walked);
                self.walked = Some(walked);
                corpus
            }
            None => Corpus::new(Arc::clone(settings), folder).with_choices(choices),
        }
    }

    /// Makes the names ready for searching, aside: the first key that is typed shall not wait for it.
    fn prepare_search(corpus: &Corpus) {
        let corpus = corpus.clone();
        std::thread::spawn(move || corpus.prepare_search());
    }

    /// Looks what is new or changed, and reads it.
    pub(super) fn read(&mut self, session: &mut Session) {
        session.stop.store(false, Ordering::Relaxed);
        session.loading = Loading::Looking;
        let known = self.walked.take();
        Self::prepare_search(&session.corpus);
        session.is_update = known.is_some();
        if self.source.is_watched && self.watcher.is_none() {
            self.watcher = watch::Watcher::start(&self.source.paths, self.sender.clone());
            if self.watcher.is_none() {
                let key = session.key(Context::Browse, Action::Reload);
                let words = session.lang.pick(
                    format!("无法监视文件夹，按 {key} 重新读取"),
                    format!("the folders cannot be watched; {key} reads them again"),
                );
                session.notice = Some(words);
            }
        }
        let loader = Loader {
            paths: self.source.paths.clone(),
            known: known.map(|walked| (session.corpus.clone(), walked)),
            settings: Arc::clone(session.corpus.settings()),
            choices: Arc::clone(session.corpus.choices()),
            stop: Arc::clone(&session.stop),
            sender: self.sender.clone(),
        };
        loader.start();
    }

    /// Reads again what has changed, as soon as nothing else is going on.
    pub(super) fn reload(&mut self, session: &mut Session) {
        if session.loading.is_on() {
            self.is_stirred = true;
            return;
        }
        if self.walked.is_none() {
            // What was stopped in the middle is read from the beginning.
            let settings = Arc::clone(session.corpus.settings());
            let choices = Arc::clone(session.corpus.choices());
            session.replace_corpus(Corpus::new(settings, cache::folder()).with_choices(choices));
        }
        self.read(session);
    }

    /// Reads everything anew if the kept index turned out to be damaged.
    pub(super) fn mend(&mut self, session: &mut Session) {
        // Once: what is damaged again and again is not mended by reading it again and again.
        if session.corpus.is_damaged()
            && !session.loading.is_on()
            && !std::mem::replace(&mut self.is_mended, true)
        {
            self.walked = None;
            self.reload(session);
        }
    }

    /// Takes over what a thread has to tell.
    pub(super) fn take(&mut self, loaded: Loaded, session: &mut Session) {
        match loaded {
            Loaded::Begun { gone, progress } => {
                session.loading = Loading::Running(progress);
                self.is_changed |= !gone.is_empty() || progress.all_bytes > 0;
                if !gone.is_empty() {
                    session.hold_on(&gone);
                    session.corpus.remove(&gone);
                    self.list(session);
                }
            }
            Loaded::Files(batches, progress) => {
                self.is_changed |= !batches.is_empty();
                for batch in batches {
                    session.add(batch);
                }
                session.loading = Loading::Running(progress);
                let is_due = self.listed.is_none_or(|(at, took)| at.elapsed() >= took * LIST_SHARE);
                if is_due {
                    self.list(session);
                }
            }
            Loaded::Done { walked, is_touched, was_stopped } => {
                self.is_changed |= is_touched;
                session.notice = terminal::worker_panic().or(session.notice.take());
                if was_stopped {
                    session.loading = Loading::Stopped;
                    self.list(session);
                    return;
                }
                self.walked = Some(walked);
                session.loading = Loading::Relating;
                if session.corpus.is_unrelated() {
                    self.list(session);
                    loader::relate(session.corpus.clone(), self.sender.clone());
                } else {
                    self.finish(session);
                }
            }
            Loaded::Related(related) => {
                session.corpus.set_related(*related);
                self.finish(session);
            }
            // With the hashes of the contents; unless the files are being looked through again.
            Loaded::Saved(Ok(walked)) if session.loading == Loading::Done => self.walked = Some(walked),
            Loaded::Saved(Ok(_)) => {}
            Loaded::Saved(Err(reason)) => {
                let words = session.lang.pick("索引未能保存：", "the index was not kept: ");
                session.notice = Some(format!("{words}{}", crate::display::visible(&reason)));
            }
            Loaded::Standings(found) => self.take_standings(found, session),
            Loaded::Written(Ok((path, rows))) => {
                let path = crate::display::visible(&path.to_string_lossy()).into_owned();
                let words = session.lang.pick(
                    format!("整改台账已写入 {path}（{rows} 条）"),
                    format!("the rectification list is in {path} ({rows} rows)"),
                );
                session.notice = Some(words);
            }
            Loaded::Written(Err(reason)) => {
                let words =
                    session.lang.pick("整改台账未能写入：", "the rectification list was not written: ");
                session.notice = Some(format!("{words}{}", crate::display::visible(&reason)));
            }
            Loaded::Stirred => self.reload(session),
            Loaded::Decided => Self::look(session),
        }
    }

    /// Takes over what was decided on each report. What was decided while it was looked is not in it: then it is looked
    /// again. Nothing is taken over where something went wrong.
    fn take_standings(&mut self, found: Option<Vec<(u32, Decided)>>, session: &mut Session) {
        session.wants_standings |= self.standing.take() != Some(session.reviews.made);
        if let Some(found) = found.filter(|_| !session.wants_standings) {
            session.forget_standings();
            session.take_standings(found);
            self.list(session);
        }
    }

    fn finish(&mut self, session: &mut Session) {
        session.loading = Loading::Done;
        session.wants_standings = true;
        session.unchanged.clear();
        session.let_go();
        self.list(session);
        session.reopen();
        Self::prepare_search(&session.corpus);
        if let (Some(cache), true, Some(walked)) = (&self.cache, self.is_changed, &self.walked) {
            loader::save(cache.clone(), session.corpus.clone(), walked.clone(), self.sender.clone());
        }
        self.is_changed = false;
        if std::mem::take(&mut self.is_stirred) {
            self.reload(session);
        }
    }

    /// Writes the rectification list of what is listed, if the reviewer wishes.
    pub(super) fn hand_over(&mut self, session: &mut Session) {
        if !std::mem::take(&mut session.wants_ledger) {
            return;
        }
        let words = session.lang.pick("正在写整改台账…", "writing the rectification list…");
        session.notice = Some(words.to_owned());
        let (reports, store) = (Arc::clone(&session.listing.reports), session.reviews.store().cloned());
        loader::hand_over(session.corpus.clone(), reports, store, session.lang, self.sender.clone());
    }

    /// Looks what other reviewers have decided.
    fn look(session: &mut Session) {
        let Some(store) = session.reviews.store() else { return };
        match store.poll() {
            Ok(events) if events.is_empty() => {}
            Ok(events) => {
                let who =
                    events.last().map_or_else(String::new, |event| event.reviewer.visible().into_owned());
                let n = events.len();
                let words = session
                    .lang
                    .pick(format!("{who} 等作出 {n} 项结论"), format!("{n} decisions by {who} and others"));
                session.notice = session.notice.take().or(Some(words));
                session.wants_standings = true;
                session.wants_choices = true;
            }
            Err(error) => session.notice = Some(error.message(session.lang)),
        }
    }

    /// Takes over what was settled by hand about places and versions: reports that are from another place by that are
    /// read again.
    pub(super) fn choose(&mut self, session: &mut Session) {
        if !session.wants_choices || session.loading.is_on() {
            return;
        }
        session.wants_choices = false;
        let Some(choices) = session.reviews.store().map(|store| store.choices()) else { return };
        let Some(walked) = self.walked.as_mut().filter(|_| choices != **session.corpus.choices()) else {
            return;
        };
        // What is read again because of it has not changed.
        session.unchanged = session.corpus.adopt_choices(Arc::new(choices), walked);
        self.is_changed = true;
        self.reload(session);
    }

    /// Looks what was decided on each report, and watches the store for what others decide.
    pub(super) fn stand(&mut self, session: &mut Session) {
        let Some(store) = session.reviews.store().cloned() else { return };
        if self.store_watcher.is_none() {
            self.store_watcher = watch::Watcher::of_store(store.path(), self.sender.clone());
        }
        // One at a time: an older answer must not come behind a newer one.
        if self.standing.is_none() && std::mem::take(&mut session.wants_standings) {
            self.standing = Some(session.reviews.made);
            loader::stand(session.corpus.clone(), store, session.lang, self.sender.clone());
        }
    }

    fn list(&mut self, session: &mut Session) {
        let before = Instant::now();
        session.refresh();
        self.listed = Some((Instant::now(), before.elapsed()));
    }
}
