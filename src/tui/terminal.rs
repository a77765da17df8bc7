//! The terminal guard: takes the terminal over, draws frames on it and gives it back as it was found.
//!
//! A program that dies with the terminal in raw mode leaves its user a shell that shows nothing, so every way
//! out (a key, an error, a panic, a signal, a stop) goes through [`restore`], which acts exactly once however
//! many ways out are taken at the same time.
//!
//! This module must never write to anything but a terminal, never ask the terminal a question (over a slow
//! link the answer comes late or not at all), never write a byte for a frame that changes nothing, and never
//! let any thread but the one that called [`enter`] draw.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, Once, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;
use std::{env, fmt};

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::getpgrp;
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetpgrp, tcgetwinsize,
    tcsetattr,
};

use signal_hook::consts::SIGTTOU;

use super::frame::paint;
use super::writer;
use crate::display::visible;

/// Alternate screen, bracketed paste, no cursor.
const TAKE_OVER: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[?25l";
/// Clicks and the wheel are told, in numbers without an upper bound; movements are not.
const USE_MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";
/// The longest text that is handed to the clipboard: terminals drop what is longer.
const LONGEST_COPY: usize = 50_000;
/// Undoes [`TAKE_OVER`] and [`USE_MOUSE`]. It begins with the end of a synchronized update and of all colours, because the frame
/// before it may have been cut short.
const GIVE_BACK: &[u8] = b"\x1b[?2026l\x1b[0m\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?25h\x1b[?1049l";
/// Tells the terminal to show nothing before [`UPDATE_ENDS`].
const UPDATE_BEGINS: &[u8] = b"\x1b[?2026h";
/// See [`UPDATE_BEGINS`].
const UPDATE_ENDS: &[u8] = b"\x1b[?2026l";
/// Smaller frames reach the terminal in one piece anyway; there the 16 bytes of a synchronized update would be
/// the dearest part of moving the selection by a row.
const UPDATE_WORTHWHILE: usize = 1024;
/// Begins a frame of which the terminal knows nothing.
const CLEAR: &[u8] = b"\x1b[m\x1b[2J";
/// How long [`restore`] waits for a terminal that does not take what is written to it, before and after
/// dropping what is still on its way there.
const RESTORE_PATIENCE: Duration = Duration::from_millis(150);
/// No screen is larger; what a hostile or broken terminal claims beyond this would only cost memory.
const LARGEST: Size = Size { width: 1000, height: 500 };

/// Whether the terminal is taken over now.
static ACTIVE: AtomicBool = AtomicBool::new(false);
/// Held while [`ACTIVE`] changes, so that nobody misses it who waits for it, and while the terminal is restored.
static GATE: Mutex<()> = Mutex::new(());
/// Told when [`ACTIVE`] becomes true.
static GATE_OPENS: Condvar = Condvar::new();
/// How the terminal was set when it was taken over.
static FOUND: Mutex<Option<Termios>> = Mutex::new(None);
/// The thread that draws.
static UI_THREAD: OnceLock<ThreadId> = OnceLock::new();
/// What the first worker thread that panicked had to say.
static WORKER_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Why the terminal could not be taken over. Each message says what to do about it.
#[derive(Debug)]
pub enum TerminalError {
    /// Input or output (named here) is a file, a pipe or closed.
    NotATerminal(&'static str),
    /// The terminal (the value of `TERM`) cannot move its cursor.
    NoCursor(String),
    /// The locale names an encoding that would garble every character that is not ASCII.
    NotUtf8(String),
    /// The terminal is taken over already.
    Taken,
    /// The system refused.
    Refused(io::Error),
}

impl fmt::Display for TerminalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotATerminal(which) => {
                write!(
                    f,
                    "{which} is not a terminal: start it in a terminal window, without < > or | around it; --plain \
                     prints instead"
                )
            }
            Self::NoCursor(term) => write!(
                f,
                "the terminal type is \"{}\", which cannot move its cursor: use another terminal, or set \
                 TERM=xterm-256color if this one can",
                visible(term)
            ),
            Self::NotUtf8(locale) => write!(
                f,
                "the locale is {}, but Chinese text is written as UTF-8: set the terminal to UTF-8 and start it \
                 with LC_ALL=zh_CN.UTF-8 or LC_ALL=C.UTF-8",
                visible(locale)
            ),
            Self::Taken => f.write_str("the terminal is in use by this program already: leave it first"),
            Self::Refused(error) => {
                write!(f, "the terminal cannot be taken over ({error}): try another terminal")
            }
        }
    }
}

impl std::error::Error for TerminalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for TerminalError {
    fn from(error: io::Error) -> Self {
        Self::Refused(error)
    }
}

/// Takes the terminal over for the calling thread, which from now on is the one that draws. `wake` is called, by
/// another thread, when a frame that could not be drawn for a slow terminal can be drawn.
///
/// Writes nothing at all if input or output is not a terminal that can be used.
pub(super) fn enter(
    uses_mouse: bool,
    wake: impl Fn() + Send + Sync + 'static,
) -> Result<Screen, TerminalError> {
    if !io::stdin().is_terminal() {
        return Err(TerminalError::NotATerminal("standard input"));
    }
    if !io::stdout().is_terminal() {
        return Err(TerminalError::NotATerminal("standard output"));
    }
    let term = env::var_os("TERM").unwrap_or_default();
    if term.is_empty() || term == "dumb" {
        return Err(TerminalError::NoCursor(term.to_string_lossy().into_owned()));
    }
    if let Some(locale) = locale().filter(|name| garbles(name)) {
        return Err(TerminalError::NotUtf8(locale));
    }
    if is_active() {
        return Err(TerminalError::Taken);
    }
    let mut screen =
        Screen { shown: Buffer::default(), next: Buffer::default(), is_known: false, uses_mouse };
    writer::start(wake)?;
    let _ = UI_THREAD.set(thread::current().id());
    install_panic_hook();
    // A screen that is dropped restores, so an error half-way leaves nothing behind.
    screen.take_over()?;
    Ok(screen)
}

/// Gives the terminal back as it was found. Does nothing if that has been done; any thread may call it.
///
/// Errors are ignored: there is nobody left to tell, and a terminal that is gone needs no restoring. It never
/// waits long for a terminal that has stopped taking output.
pub(super) fn restore() {
    // Whoever comes second waits: it may be about to end the process.
    let _gate = lock(&GATE);
    if !ACTIVE.swap(false, Ordering::AcqRel) {
        return;
    }
    // In the background the terminal is someone else's: changing its settings would stop this process, and the
    // shell has set them to its liking. The screen is still ours to leave, unless writing would stop us too.
    let background = in_background();
    // Nobody shall wait for a screen that is left anyway: what a slow reader has not taken yet is dropped. This
    // also makes room for a frame that is stuck, the rest of which is dropped once it is out of the way.
    let drop_output = || {
        if !background {
            let _ = tcflush(io::stdout(), QueueSelector::OFlush);
        }
    };
    let was_writing = writer::close();
    drop_output();
    if was_writing {
        writer::wait(RESTORE_PATIENCE);
        drop_output();
    }
    let told = (background && background_writing_stops()) || say_farewell();
    if !told {
        drop_output();
    }
    if !background && let Some(found) = lock(&FOUND).as_ref() {
        // This too may wake a frame that is stuck on its way out.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, found);
    }
    if !told {
        say_farewell();
    }
}

/// Whether the terminal is taken over at this moment.
#[must_use]
pub(super) fn is_active() -> bool {
    ACTIVE.load(Ordering::Acquire)
}

/// Blocks until the terminal is taken over: whoever reads keys must not take those meant for a shell.
pub(super) fn wait_until_active() {
    let mut gate = lock(&GATE);
    while !is_active() {
        gate = GATE_OPENS.wait(gate).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Whether another job has the terminal now.
#[must_use]
pub(super) fn in_background() -> bool {
    tcgetpgrp(io::stdin()).is_ok_and(|owner| owner != getpgrp())
}

/// Stops this process as the kernel stops a job that reaches for another's terminal, until it is continued.
///
/// Not `SIGSTOP`: the kernel ignores this signal where no shell is left to continue the process, and there a
/// stop would be for ever.
pub(super) fn stop() -> io::Result<()> {
    signal_hook::low_level::raise(SIGTTOU)
}

/// What the first worker thread that panicked had to say, for the screen or for after it; the panic itself
/// prints nothing while the terminal is taken over. The text has been made visible.
#[must_use]
pub(super) fn worker_panic() -> Option<String> {
    lock(&WORKER_PANIC).clone()
}

/// The terminal while it is taken over. Dropping it restores the terminal.
pub(super) struct Screen {
    /// What the terminal shows, or will show once the frame on its way is written.
    shown: Buffer,
    next: Buffer,
    /// Whether the terminal shows what it was told; if not, the next frame is a full one.
    is_known: bool,
    uses_mouse: bool,
}

impl Screen {
    /// Draws one frame and sends what differs from the frame before; nothing if nothing differs.
    ///
    /// While the terminal is not taken over, has no cells at all, or has not yet taken the frame before, `render`
    /// is not called. In the last case the `wake` of [`enter`] is called as soon as a frame can be sent. That the
    /// terminal is gone is no error here: it is an event.
    pub(super) fn draw(&mut self, render: impl FnOnce(Rect, &mut Buffer)) -> io::Result<()> {
        if is_active() { unless_gone(self.send(render)) } else { Ok(()) }
    }

    fn send(&mut self, render: impl FnOnce(Rect, &mut Buffer)) -> io::Result<()> {
        if !writer::is_free()? {
            return Ok(());
        }
        let area = size()?;
        if area.is_empty() {
            return Ok(());
        }
        if area != self.next.area {
            (self.shown, self.next) = (Buffer::empty(area), Buffer::empty(area));
            self.is_known = false;
        }
        self.next.reset();
        render(area, &mut self.next);
        let mut bytes = Vec::new();
        if !self.is_known {
            bytes.extend_from_slice(CLEAR);
            self.shown.reset();
        }
        paint(&self.shown, &self.next, &mut bytes);
        enclose(&mut bytes);
        writer::put(&bytes);
        std::mem::swap(&mut self.shown, &mut self.next);
        self.is_known = true;
        Ok(())
    }

    /// Hands a text to the clipboard of the terminal: OSC 52, which also works over SSH. Whether the terminal takes it
    /// is not known, since it is not asked. A text that is too long is cut.
    #[allow(clippy::unused_self, reason = "only who holds the screen may write to it")]
    pub(super) fn copy(&mut self, text: &str) {
        use base64::Engine as _;
        let end = (0..=text.len().min(LONGEST_COPY)).rev().find(|end| text.is_char_boundary(*end));
        let text = text.get(..end.unwrap_or_default()).unwrap_or_default();
        let encoded = base64::engine::general_purpose::STANDARD.encode(text);
        writer::put(format!("\x1b]52;c;{encoded}\x07").as_bytes());
    }

    /// Makes the next frame a full one, for when something else has written on the screen.
    pub(super) fn redraw(&mut self) {
        self.is_known = false;
    }

    /// Gives the terminal back for a while, before another program or a shell uses it.
    #[allow(clippy::unused_self, reason = "only who holds the screen may give it away")]
    pub(super) fn suspend(&mut self) {
        restore();
    }

    /// Takes the terminal over again and makes the next frame a full one.
    ///
    /// It is right to call this also when the terminal has not been given back: a process that is stopped from
    /// outside finds it changed afterwards. In the background the terminal is another job's, and left alone.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        if in_background() {
            return Ok(());
        }
        unless_gone(self.take_over())
    }

    fn take_over(&mut self) -> io::Result<()> {
        let mut raw = {
            let mut found = lock(&FOUND);
            let now = tcgetattr(io::stdin())?;
            // A terminal that was never given back is in no state worth keeping.
            if is_active() { found.get_or_insert(now).clone() } else { found.insert(now).clone() }
        };
        raw.make_raw();
        // Held to the end: whoever restores meanwhile does so after everything that is taken over here.
        let _gate = lock(&GATE);
        ACTIVE.store(true, Ordering::Release);
        GATE_OPENS.notify_all();
        tcsetattr(io::stdin(), OptionalActions::Now, &raw)?;
        writer::open();
        writer::put(TAKE_OVER);
        if self.uses_mouse {
            writer::put(USE_MOUSE);
        }
        self.is_known = false;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// The size of the terminal.
fn size() -> io::Result<Rect> {
    let size = tcgetwinsize(io::stdout())?;
    Ok(Rect::new(0, 0, size.ws_col.min(LARGEST.width), size.ws_row.min(LARGEST.height)))
}

/// Lets the terminal show a large frame in one piece.
fn enclose(frame: &mut Vec<u8>) {
    if frame.len() >= UPDATE_WORTHWHILE {
        frame.splice(0..0, UPDATE_BEGINS.iter().copied());
        frame.extend_from_slice(UPDATE_ENDS);
    }
}

/// Forgives the error of a terminal that is gone.
fn unless_gone(result: io::Result<()>) -> io::Result<()> {
    result.or_else(
        |error| if error.raw_os_error() == Some(Errno::IO.raw_os_error()) { Ok(()) } else { Err(error) },
    )
}

/// Sends [`GIVE_BACK`] if the terminal takes output, or is gone so that there is no point in trying again.
fn say_farewell() -> bool {
    let out = io::stdout();
    let mut asked = [PollFd::new(&out, PollFlags::OUT)];
    let patience = Timespec::try_from(RESTORE_PATIENCE).ok();
    if !matches!(poll(&mut asked, patience.as_ref()), Ok(1..)) {
        return false;
    }
    let _ = writer::send(GIVE_BACK);
    true
}

/// Whether the terminal is set to stop jobs in the background that write to it (`stty tostop`).
fn background_writing_stops() -> bool {
    tcgetattr(io::stdout()).is_ok_and(|now| now.local_modes.contains(LocalModes::TOSTOP))
}

/// The locale for characters: the first of the three variables that is set.
fn locale() -> Option<String> {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(env::var_os)
        .find(|value| !value.is_empty())
        .map(|value| OsStr::to_string_lossy(&value).into_owned())
}

/// Whether a locale names an encoding other than UTF-8. One that names none, as on many servers, says nothing
/// about the terminal.
fn garbles(locale: &str) -> bool {
    let Some((_, encoding)) = locale.split_once('.') else { return false };
    let encoding = encoding.split('@').next().unwrap_or_default().to_ascii_lowercase();
    !matches!(encoding.as_str(), "utf-8" | "utf8")
}

/// On a panic of the thread that draws, the terminal is restored before anything is printed. Any other thread
/// has no business with the terminal: its panic is kept for [`worker_panic`] while the terminal is taken over.
fn install_panic_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if UI_THREAD.get() == Some(&thread::current().id()) {
                restore();
            } else if is_active() {
                lock(&WORKER_PANIC).get_or_insert_with(|| describe(panic));
                return;
            }
            // Text from outside may have got into the message: the hook before would print it as it is.
            if message(panic).lines().any(|line| matches!(visible(line), Cow::Owned(_))) {
                let _ = writeln!(io::stderr(), "{}", describe(panic));
            } else {
                before(panic);
            }
        }));
    });
}

/// A panic in one line, made visible.
fn describe(panic: &PanicHookInfo<'_>) -> String {
    let thread = thread::current();
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let name = thread.name().unwrap_or("unnamed");
    visible(&format!("thread '{name}' panicked at {place}: {}", message(panic))).into_owned()
}

/// What a panic says, as it is.
fn message<'a>(panic: &'a PanicHookInfo<'_>) -> &'a str {
    let payload = panic.payload();
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message")
}

/// Locks; a panic while locked does not spoil what these locks guard.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_named_foreign_encoding_garbles() {
        for good in ["C", "POSIX", "zh_CN", "zh_CN.UTF-8", "C.utf8", "de_DE.UTF-8@euro"] {
            assert!(!garbles(good), "{good}");
        }
        for bad in ["zh_CN.GBK", "zh_CN.gb18030", "zh_TW.Big5", "de_DE.ISO-8859-15@euro"] {
            assert!(garbles(bad), "{bad}");
        }
    }

    #[test]
    fn only_large_frames_are_synchronized() {
        for small in ["", "row"] {
            let mut frame = small.as_bytes().to_vec();
            enclose(&mut frame);
            assert_eq!(frame, small.as_bytes());
        }
        let mut frame = vec![b'x'; UPDATE_WORTHWHILE];
        enclose(&mut frame);
        assert!(frame.starts_with(UPDATE_BEGINS) && frame.ends_with(UPDATE_ENDS));
        assert_eq!(frame.len(), UPDATE_BEGINS.len() + UPDATE_WORTHWHILE + UPDATE_ENDS.len());
    }

    #[test]
    fn restoring_what_was_never_taken_does_nothing() {
        restore();
        assert!(!is_active());
    }
}
