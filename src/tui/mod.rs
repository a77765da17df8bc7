//! The explorer: a stack of views over a session, driven by keys, signals and loaded files.
//!
//! There is no tick: the loop blocks until something happens, so that an idle program uses no CPU and sends no
//! byte over the line.

mod app;
mod events;
pub mod keymap;
mod keys;
mod paint;
pub mod session;
mod sheet;
mod terminal;
pub mod theme;
pub mod view;
pub mod views;
mod words;

pub use app::{App, LEAST_SIZE, Outcome};
pub use events::{Exit, end};
pub use terminal::TerminalError;

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use events::{Event, Events};
use session::{Loading, Session};
use terminal::Screen;

use crate::corpus::{self, Batch, Flow};
use crate::rules::Settings;

/// What the loading thread sends.
enum Loaded {
    /// Some files.
    Files(Vec<Batch>),
    /// There are no more.
    Done,
}

/// Opens the explorer on some paths and runs it to the end; gives the reason if that was not the reviewer's wish.
///
/// # Errors
/// If there is no terminal, or it fails.
pub fn run(session: Session, paths: Vec<PathBuf>) -> Result<Option<Exit>, TerminalError> {
    let events = Events::start()?;
    let mut screen = terminal::enter()?;
    let mut app = App::new(session);
    load(paths, Arc::clone(app.session.corpus.settings()), &events);
    test_panic("ui");
    loop {
        screen.draw(|frame| draw(&mut app, frame))?;
        let first = events.next();
        // What has come in meanwhile is handled before the next frame is drawn: a held key never queues frames.
        // It is bounded, so that a fast loader does not keep the screen from being drawn.
        for event in std::iter::once(first).chain(std::iter::from_fn(|| events.try_next()).take(MAX_EVENTS)) {
            if let ControlFlow::Break(end) = handle(event, &mut app, &events, &mut screen)? {
                return Ok(end);
            }
        }
    }
}

/// Events that are handled at most between two frames.
const MAX_EVENTS: usize = 1_024;

/// Handles an event; breaks with the reason when the program ends, without one if that is the reviewer's wish.
fn handle(
    event: Event<Loaded>,
    app: &mut App,
    events: &Events<Loaded>,
    screen: &mut Screen,
) -> Result<ControlFlow<Option<Exit>>, TerminalError> {
    match event {
        Event::Key(key) => match app.key(&key) {
            Outcome::Continue | Outcome::Unhandled => {}
            Outcome::Quit => return Ok(ControlFlow::Break(None)),
            Outcome::Redraw => screen.redraw()?,
            Outcome::Suspend => events.stop_job(screen)?,
        },
        Event::Paste(text) => app.paste(&text),
        Event::Resize => {}
        Event::Loaded(Loaded::Files(batches)) => {
            for batch in batches {
                app.session.add(batch);
            }
            app.session.refresh();
        }
        Event::Loaded(Loaded::Done) => {
            app.session.loading = Loading::Done;
            app.session.refresh();
            app.session.notice = terminal::worker_panic().or(app.session.notice.take());
        }
        Event::Suspend => events.suspend(screen)?,
        Event::Resumed => events.resume(screen)?,
        Event::Quit(exit) => {
            events.acknowledge();
            return Ok(ControlFlow::Break(Some(exit)));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn draw(app: &mut App, frame: &mut ratatui::Frame<'_>) {
    let area = frame.area();
    app.session.width = area.width;
    app.draw(area, frame.buffer_mut());
}

/// Panics on demand, so that a test can see that the terminal survives it; not in a released program.
fn test_panic(place: &str) {
    let asked = || std::env::var("GOUJI_TEST_PANIC").is_ok_and(|value| value == place);
    assert!(!cfg!(debug_assertions) || !asked(), "a panic for a test");
}

/// Reads the files on a thread of its own and sends what it read in batches.
fn load(paths: Vec<PathBuf>, settings: Arc<Settings>, events: &Events<Loaded>) {
    let sender = events.sender();
    thread::spawn(move || {
        // Whatever happens here, the reviewer is told that there is no more to come.
        let _ = catch_unwind(AssertUnwindSafe(|| read(&paths, &settings, &sender)));
        let _ = sender.send(Event::Loaded(Loaded::Done));
    });
}

fn read(paths: &[PathBuf], settings: &Settings, sender: &Sender<Event<Loaded>>) {
    test_panic("loader");
    let mut pending = Vec::new();
    let mut sent = 0;
    corpus::read(paths, settings, &mut |batch| {
        pending.push(batch);
        // The first files are shown at once, then ever larger batches, so that listing stays cheap.
        if pending.len() <= sent / 4 {
            return Flow::Go;
        }
        sent += pending.len();
        let files = Loaded::Files(std::mem::take(&mut pending));
        if sender.send(Event::Loaded(files)).is_ok() { Flow::Go } else { Flow::Stop }
    });
    let _ = sender.send(Event::Loaded(Loaded::Files(pending)));
}
