//! Watching the folders of a corpus: whatever changes in them, they are looked through again once it is quiet.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::events::Event;
use super::loader::Loaded;

/// So long nothing must change before the folders are looked through: a copy in progress changes all the time.
const QUIET: Duration = Duration::from_millis(400);
/// After so many changes without a pause they are looked through all the same.
const MANY: usize = 10_000;

/// So long after a change in the store what was decided can be seen.
const WRITTEN_AFTER: [Duration; 2] = [Duration::from_millis(50), Duration::from_secs(1)];

/// Watches as long as it lives.
pub(super) struct Watcher {
    _watcher: RecommendedWatcher,
}

impl Watcher {
    /// Watches a store of decisions for what others write into it.
    pub(super) fn of_store(path: &Path, sender: Sender<Event<Loaded>>) -> Option<Self> {
        let name = path.file_name()?.to_owned();
        let is_of_store = move |changed: &Path| {
            let own = changed.file_name().unwrap_or_default();
            own.as_encoded_bytes().starts_with(name.as_encoded_bytes())
        };
        let (tell, told) = channel::<()>();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let is_ours = event.is_ok_and(|event| {
                !event.kind.is_access() && event.paths.iter().any(|path| is_of_store(path))
            });
            if is_ours {
                let _ = tell.send(());
            }
        })
        .ok()?;
        watcher.watch(path.parent()?, RecursiveMode::NonRecursive).ok()?;
        thread::spawn(move || {
            // The log is written first; what makes a decision visible comes after that, in shared memory, of which
            // nobody is told. So it is looked for a little later, and once more for a writer that is slow to save.
            while told.recv().is_ok() {
                for pause in WRITTEN_AFTER {
                    let until = Instant::now() + pause;
                    while told.recv_timeout(until.saturating_duration_since(Instant::now())).is_ok() {}
                    if sender.send(Event::Loaded(Loaded::Decided)).is_err() {
                        return;
                    }
                }
            }
        });
        Some(Self { _watcher: watcher })
    }

    /// Watches some paths; nothing where the system does not allow it.
    pub(super) fn start(paths: &[PathBuf], sender: Sender<Event<Loaded>>) -> Option<Self> {
        let (tell, told) = channel::<()>();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let is_ours = event.is_ok_and(|event| {
                !event.kind.is_access() && event.paths.iter().any(|path| !is_hidden(path))
            });
            if is_ours {
                let _ = tell.send(());
            }
        })
        .ok()?;
        for path in paths {
            watcher.watch(path, RecursiveMode::Recursive).ok()?;
        }
        thread::spawn(move || {
            while told.recv().is_ok() {
                for _ in 0..MANY {
                    match told.recv_timeout(QUIET) {
                        Ok(()) => {}
                        Err(RecvTimeoutError::Timeout) => break,
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
                if sender.send(Event::Loaded(Loaded::Stirred)).is_err() {
                    return;
                }
            }
        });
        Some(Self { _watcher: watcher })
    }
}

/// Whether the file itself is hidden: decisions are kept beside the reports, in a hidden folder, and change often.
fn is_hidden(path: &Path) -> bool {
    path.components().rev().take(2).any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
}
