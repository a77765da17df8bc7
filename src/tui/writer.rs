//! The thread that writes to the terminal, so that no other one waits for a slow line.
//!
//! One frame is on its way at a time. Until it is written the terminal is not free, and whoever draws lets it be:
//! frames are dropped and never queued, and what is drawn in the end is the newest state.
//!
//! This module must never write a byte once [`close`] was called and what was on its way has been waited for, and
//! never wake anybody while nothing was missed.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

/// What the thread and its callers know. There is one terminal, and one of these.
struct State {
    /// Whether anything is to be written.
    is_open: bool,
    /// What is written next.
    next: Vec<u8>,
    is_writing: bool,
    /// Whether somebody found the terminal not free.
    is_missed: bool,
    /// What went wrong, until somebody asks.
    failure: Option<io::Error>,
    /// Called when the terminal is free again for somebody who has found it not free; set once the thread runs.
    wake: Option<Arc<dyn Fn() + Send + Sync>>,
}

static STATE: Mutex<State> = Mutex::new(State {
    is_open: false,
    next: Vec::new(),
    is_writing: false,
    is_missed: false,
    failure: None,
    wake: None,
});
/// Told when there is something to write, and when it is written.
static CHANGED: Condvar = Condvar::new();

/// Starts the thread, which calls `wake` when the terminal is free again for somebody who found it not free.
pub(super) fn start(wake: impl Fn() + Send + Sync + 'static) -> io::Result<()> {
    let mut state = state();
    if state.wake.is_none() {
        thread::Builder::new().name("screen".into()).spawn(write_on)?;
    }
    state.wake = Some(Arc::new(wake));
    Ok(())
}

/// From now on what is put is written.
pub(super) fn open() {
    state().is_open = true;
}

/// From now on nothing is written but the rest of what is on its way; whether anything is.
pub(super) fn close() -> bool {
    let mut state = state();
    state.is_open = false;
    state.next.clear();
    state.is_writing
}

/// Waits so long until nothing is on its way.
pub(super) fn wait(patience: Duration) {
    drop(CHANGED.wait_timeout_while(state(), patience, |state| state.is_writing));
}

/// Whether all is written that was put. If not, there will be a call of `wake`.
///
/// # Errors
/// If something could not be written since the last time.
pub(super) fn is_free() -> io::Result<bool> {
    let mut state = state();
    if let Some(failure) = state.failure.take() {
        return Err(failure);
    }
    let is_free = state.next.is_empty() && !state.is_writing;
    state.is_missed = !is_free;
    Ok(is_free)
}

/// Has bytes written, behind those that were put before; does not wait.
pub(super) fn put(bytes: &[u8]) {
    let mut state = state();
    if state.is_open && !bytes.is_empty() {
        state.next.extend_from_slice(bytes);
        CHANGED.notify_all();
    }
}

/// The thread.
fn write_on() {
    let mut bytes = Vec::new();
    loop {
        let mut now = state();
        while now.next.is_empty() {
            now = CHANGED.wait(now).unwrap_or_else(PoisonError::into_inner);
        }
        std::mem::swap(&mut bytes, &mut now.next);
        now.is_writing = true;
        drop(now);
        let sent = write(&bytes, || state().is_open);
        bytes.clear();
        let mut now = state();
        now.is_writing = false;
        if let Err(failure) = sent {
            now.failure.get_or_insert(failure);
        }
        let wake = std::mem::take(&mut now.is_missed).then(|| now.wake.clone()).flatten();
        drop(now);
        CHANGED.notify_all();
        if let Some(wake) = wake {
            wake();
        }
    }
}

/// Writes to the terminal at once, past the thread.
pub(super) fn send(bytes: &[u8]) -> io::Result<()> {
    write(bytes, || true)
}

/// Writes past the standard library's buffer and its lock; where the terminal makes it wait, for as long as the
/// bytes are wanted.
fn write(mut bytes: &[u8], is_wanted: impl Fn() -> bool) -> io::Result<()> {
    let out = io::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(&out, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            // Some other program has made the terminal non-blocking for everybody who shares it.
            Err(Errno::AGAIN) if is_wanted() => {
                poll(&mut [PollFd::new(&out, PollFlags::OUT)], None)?;
            }
            Err(Errno::AGAIN) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Locks; a panic while locked does not spoil what is guarded.
fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}
