//! Where events come from: the keyboard, the signals, the end of the terminal, and work in the background.
//!
//! Everything that the interface reacts to arrives on one channel, so that the thread that draws blocks in one
//! place and nothing wakes it without cause. Three threads feed it besides the loaders: one reads keys, one
//! waits for the terminal to go away, one waits for signals. What ends the program is made to end it: if the
//! thread that draws does not acknowledge in time, because it is busy,
//! the terminal is restored and the process ended without it.
//!
//! This module must never wake up by the clock while nothing happens, never keep the process alive once the
//! terminal is gone, and never read what is typed while the terminal is not taken over.
//!
//! The loop that it is made for:
//!
//! ```text
//! let events = Events::start()?;          // before enter(): a signal finds its handler from the start
//! let mut screen = terminal::enter(wake)?;
//! loop {
//!     draw once;
//!     handle events.next();
//!     while let Some(event) = events.try_next() { handle it }    // a held key never queues frames
//! }
//! ```

use std::io;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::KeyEvent;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, kill_current_process_group};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::flag;
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::keys::{Decoder, Input};
use super::spots::Mouse;
use super::terminal::{self, Screen};

/// How long the thread that draws may take to acknowledge that the program is to end.
const ACKNOWLEDGE_WITHIN: Duration = Duration::from_secs(1);
/// How long restoring the terminal may take before the process ends regardless.
const RESTORE_WITHIN: Duration = Duration::from_millis(500);
/// A signal again within this time is the same wish: shells and `timeout` signal a job and then its group.
const SAME_WISH: Duration = Duration::from_millis(200);
/// The signal to go on may be noticed so much earlier than the one to end that came before it.
const END_FOLLOWS_WITHIN: Duration = Duration::from_millis(50);
/// More than anybody types at once; what a paste brings comes in several reads.
const READ_SIZE: usize = 4096;

/// Nobody has stopped or continued this process.
const UNTOUCHED: usize = 0;
/// The last that came was a request to stop.
const STOP_REQUESTED: usize = 1;
/// The last that came was the signal to go on.
const CONTINUED: usize = 2;

/// Something to react to. `L` is what loading in the background has to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event<L> {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse was used.
    Mouse(Mouse),
    /// Text was pasted: it belongs into a text field, never to the keys.
    Paste(String),
    /// The terminal has another size: draw.
    Resize,
    /// The frame that was on its way is written, and another could not be drawn meanwhile: draw.
    Written,
    /// News from a loader.
    Loaded(L),
    /// The process is to stop: call [`Events::suspend`].
    Suspend,
    /// The process goes on after a stop: call [`Events::resume`].
    Resumed,
    /// The program is to end: call [`Events::acknowledge`], save, and leave through [`end`].
    Quit(Exit),
}

/// Why the program is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// By this signal.
    Signal(i32),
    /// The terminal is gone.
    HangUp,
}

impl Exit {
    /// The signal that tells the parent process what happened.
    fn signal(self) -> i32 {
        match self {
            Self::Signal(signal) => signal,
            Self::HangUp => SIGHUP,
        }
    }
}

/// All sources of events, and the one place where they arrive.
pub(super) struct Events<L> {
    sender: Sender<Event<L>>,
    receiver: Receiver<Event<L>>,
    handover: Arc<Handover>,
    /// Written by the signal handlers themselves, because only there the order of stop and go on is known.
    job: Arc<AtomicUsize>,
}

impl<L: Send + 'static> Events<L> {
    /// Catches the signals and starts the threads. Call it before [`terminal::enter`]: no key is read before.
    pub(super) fn start() -> io::Result<Self> {
        let (sender, receiver) = channel();
        let handover = Arc::new(Handover::default());
        let job = Arc::new(AtomicUsize::new(UNTOUCHED));
        flag::register_usize(SIGTSTP, Arc::clone(&job), STOP_REQUESTED)?;
        flag::register_usize(SIGCONT, Arc::clone(&job), CONTINUED)?;
        let signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT])?;
        let outlet = Outlet { sender: sender.clone(), handover: Arc::clone(&handover) };
        let (keyboard, line) = (outlet.clone(), outlet.clone());
        thread::Builder::new().name("signals".into()).spawn(move || heed_signals(signals, &outlet))?;
        thread::Builder::new().name("keyboard".into()).spawn(move || read_keys(&keyboard))?;
        thread::Builder::new().name("hang-up".into()).spawn(move || await_hang_up(&line))?;
        Ok(Self { sender, receiver, handover, job })
    }

    /// For the threads that load: they send [`Event::Loaded`].
    #[must_use]
    pub(super) fn sender(&self) -> Sender<Event<L>> {
        self.sender.clone()
    }

    /// Blocks until something happens.
    #[must_use]
    pub(super) fn next(&self) -> Event<L> {
        // It cannot fail: a sender is kept here.
        self.receiver.recv().unwrap_or(Event::Quit(Exit::HangUp))
    }

    /// What happens within a time, if anything.
    #[must_use]
    pub(super) fn next_within(&self, time: Duration) -> Option<Event<L>> {
        self.receiver.recv_timeout(time).ok()
    }

    /// What has happened already, if anything; nothing more once the end of the program is acknowledged.
    #[must_use]
    pub(super) fn try_next(&self) -> Option<Event<L>> {
        if self.handover.is(Stage::Acknowledged) { None } else { self.receiver.try_recv().ok() }
    }

    /// Says that the thread that draws knows that the program is to end, and sees to it.
    pub(super) fn acknowledge(&self) {
        self.handover.reach(Stage::Acknowledged);
    }

    /// What the Ctrl-Z key does without a program in raw mode: asks the whole job to stop.
    ///
    /// The job includes whatever started this program (`cargo run`, a script). The terminal is given back first,
    /// because the shell takes it as soon as its own child has stopped. [`Event::Suspend`] follows.
    #[allow(clippy::unused_self, reason = "the signal arrives as an event of these")]
    pub(super) fn stop_job(&self, screen: &mut Screen) -> io::Result<()> {
        screen.suspend();
        Ok(kill_current_process_group(Signal::TSTP)?)
    }

    /// Gives the terminal back and stops this process. Once it goes on [`Event::Resumed`] follows, unless there
    /// was no stop: then the terminal has been taken over again already.
    pub(super) fn suspend(&self, screen: &mut Screen) -> io::Result<()> {
        screen.suspend();
        // The signal to go on may have overtaken the stop; stopping now would be for good.
        let stopping = self.job.load(Ordering::SeqCst) == STOP_REQUESTED;
        if stopping {
            terminal::stop()?;
        }
        let announced = stopping && self.job.load(Ordering::SeqCst) == CONTINUED;
        if announced { Ok(()) } else { screen.resume() }
    }

    /// Takes the terminal over again after a stop. A job that was sent into the background stops there again,
    /// as every job does that reaches for the terminal; the next [`Event::Resumed`] is another chance.
    pub(super) fn resume(&self, screen: &mut Screen) -> io::Result<()> {
        // A shell that ends a stopped job makes it go on as well, and stopping again would keep it from ending.
        if terminal::in_background() && !self.handover.wait(Stage::Asked, END_FOLLOWS_WITHIN) {
            return terminal::stop();
        }
        screen.resume()
    }
}

/// Restores the terminal and ends the process the way the parent process expects: by the signal.
pub fn end(exit: Exit) -> ! {
    let (sender, receiver) = channel();
    let restorer = thread::Builder::new().name("restore".into()).spawn(move || {
        terminal::restore();
        // Nobody listens any more if it took too long.
        let _ = sender.send(());
    });
    match restorer {
        // Late or not, this is the end.
        Ok(_) => _ = receiver.recv_timeout(RESTORE_WITHIN),
        Err(_) => terminal::restore(),
    }
    let _ = emulate_default_handler(exit.signal());
    process::abort()
}

/// How far the end of the program has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// It is not near.
    #[default]
    Running,
    /// It was asked for.
    Asked,
    /// The thread that draws sees to it.
    Acknowledged,
}

/// Tells the threads how far the end of the program has come.
#[derive(Debug, Default)]
struct Handover {
    stage: Mutex<Stage>,
    changed: Condvar,
}

impl Handover {
    fn reach(&self, stage: Stage) {
        let mut reached = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        *reached = stage.max(*reached);
        self.changed.notify_all();
    }

    /// Whether this stage has been reached.
    fn is(&self, stage: Stage) -> bool {
        self.wait(stage, Duration::ZERO)
    }

    /// Waits until this stage is reached, for as long as that may take; whether it is.
    fn wait(&self, stage: Stage, patience: Duration) -> bool {
        let reached = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if *reached >= stage {
            return true;
        }
        if patience.is_zero() {
            return false;
        }
        let waited = self.changed.wait_timeout_while(reached, patience, |reached| *reached < stage);
        *waited.unwrap_or_else(PoisonError::into_inner).0 >= stage
    }
}

/// Where the threads put what they find.
struct Outlet<L> {
    sender: Sender<Event<L>>,
    handover: Arc<Handover>,
}

impl<L> Clone for Outlet<L> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone(), handover: Arc::clone(&self.handover) }
    }
}

impl<L: Send + 'static> Outlet<L> {
    /// Whether somebody still listens.
    fn report(&self, event: Event<L>) -> bool {
        self.sender.send(event).is_ok()
    }

    /// Asks for the end of the program, without waiting.
    fn ask(&self, exit: Exit) {
        self.handover.reach(Stage::Asked);
        if !self.report(Event::Quit(exit)) {
            end(exit);
        }
    }

    /// Asks for the end of the program, and ends it if nobody acknowledges.
    fn demand(&self, exit: Exit) {
        self.ask(exit);
        self.insist(exit);
    }

    /// Ends the program if nobody acknowledges that it was asked for.
    fn insist(&self, exit: Exit) {
        if !self.handover.wait(Stage::Acknowledged, ACKNOWLEDGE_WITHIN) {
            end(exit);
        }
    }
}

/// The thread of the signals.
fn heed_signals<L: Send + 'static>(mut signals: Signals, outlet: &Outlet<L>) {
    let mut asked: Option<Instant> = None;
    for signal in signals.forever() {
        match signal {
            SIGWINCH => _ = outlet.report(Event::Resize),
            SIGCONT => _ = outlet.report(Event::Resumed),
            SIGTSTP => {
                if !outlet.report(Event::Suspend) {
                    // Nobody draws any more: stop as any program does.
                    let _ = emulate_default_handler(SIGTSTP);
                }
            }
            // The end has been asked for; asking again ends it at once. A hang-up is no wish, and comes often.
            _ if asked.is_some_and(|first| signal != SIGHUP && first.elapsed() > SAME_WISH) => {
                end(Exit::Signal(signal));
            }
            _ if asked.is_some() => {}
            _ => {
                asked = Some(Instant::now());
                let (waiting, exit) = (outlet.clone(), Exit::Signal(signal));
                // From here, so that it comes before the signal to go on, which shells send after it.
                outlet.ask(exit);
                let waiter =
                    thread::Builder::new().name("last resort".into()).spawn(move || waiting.insist(exit));
                if waiter.is_err() {
                    end(exit);
                }
            }
        }
    }
}

/// What became of waiting for the keyboard.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    /// There is something to read.
    Input,
    /// There is not, for as long as was waited.
    Silent,
    /// The terminal is gone.
    Gone,
}

/// Waits on standard input for `interest` or the end of the terminal.
fn wait_for(interest: PollFlags, patience: Option<Duration>) -> Line {
    let (stdin, gone) = (io::stdin(), PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
    let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
    loop {
        let mut asked = [PollFd::new(&stdin, interest)];
        match poll(&mut asked, patience.as_ref()) {
            Ok(0) => return Line::Silent,
            Ok(_) => {}
            Err(Errno::INTR | Errno::AGAIN | Errno::NOMEM) => continue,
            Err(_) => return Line::Gone,
        }
        let [answer] = asked;
        if answer.revents().intersects(gone) {
            return Line::Gone;
        }
        if answer.revents().intersects(interest) {
            return Line::Input;
        }
    }
}

/// The thread that reads keys.
fn read_keys<L: Send + 'static>(outlet: &Outlet<L>) {
    let (mut decoder, mut typed, mut bytes) = (Decoder::default(), Vec::new(), [0; READ_SIZE]);
    loop {
        terminal::wait_until_active();
        match wait_for(PollFlags::IN, decoder.patience()) {
            // It came after the terminal was given back: it is not for this program.
            Line::Input if !terminal::is_active() => continue,
            Line::Input => match rustix::io::read(io::stdin(), &mut bytes[..]) {
                Ok(0) => return outlet.demand(Exit::HangUp),
                Ok(length) => decoder.feed(bytes.get(..length).unwrap_or_default(), &mut typed),
                Err(Errno::INTR | Errno::AGAIN) => {}
                // Among others: the job was abandoned in the background, where the terminal is out of reach.
                Err(_) => return outlet.demand(Exit::HangUp),
            },
            Line::Silent => decoder.settle(&mut typed),
            Line::Gone => return outlet.demand(Exit::HangUp),
        }
        for input in typed.drain(..) {
            let heard = match input {
                Input::Key(key) => outlet.report(Event::Key(key)),
                Input::Mouse(mouse) => outlet.report(Event::Mouse(mouse)),
                Input::Paste(text) => outlet.report(Event::Paste(text)),
            };
            if !heard {
                return;
            }
        }
    }
}

/// The thread that waits for the terminal to go away, which must be noticed even where no keys are read.
fn await_hang_up<L: Send + 'static>(outlet: &Outlet<L>) {
    terminal::wait_until_active();
    // No event is of interest, so that only the end of the terminal ends the wait.
    while wait_for(PollFlags::empty(), None) != Line::Gone {}
    outlet.demand(Exit::HangUp);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledged_end_is_left_to_the_one_who_acknowledged() {
        let handover = Arc::new(Handover::default());
        assert!(!handover.wait(Stage::Asked, Duration::from_millis(1)));
        let other = Arc::clone(&handover);
        let waiter = thread::spawn(move || other.wait(Stage::Acknowledged, Duration::from_mins(1)));
        handover.reach(Stage::Asked);
        assert!(handover.is(Stage::Asked) && !handover.is(Stage::Acknowledged));
        handover.reach(Stage::Acknowledged);
        assert!(waiter.join().unwrap());
        handover.reach(Stage::Asked);
        assert!(handover.is(Stage::Acknowledged), "it stays acknowledged");
    }

    #[test]
    fn a_hang_up_ends_the_process_as_the_signal_does() {
        assert_eq!(Exit::HangUp.signal(), SIGHUP);
        assert_eq!(Exit::Signal(SIGTERM).signal(), SIGTERM);
    }

    #[test]
    fn what_loaders_send_arrives_in_order() {
        let events = Events::<u32>::start().unwrap();
        let sender = events.sender();
        for n in 0..3 {
            sender.send(Event::Loaded(n)).unwrap();
        }
        assert_eq!(events.next(), Event::Loaded(0));
        assert_eq!(events.try_next(), Some(Event::Loaded(1)));
        assert_eq!(events.try_next(), Some(Event::Loaded(2)));
        assert_eq!(events.try_next(), None);
        sender.send(Event::Loaded(3)).unwrap();
        events.acknowledge();
        assert_eq!(events.try_next(), None, "the end is acknowledged");
    }
}
