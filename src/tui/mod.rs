//! The explorer: a stack of views over a session, driven by keys, signals and loaded files.
//!
//! There is no tick: the loop blocks until something happens, so that an idle program uses no CPU and sends no
//! byte over the line.

mod app;
mod background;
pub mod bookmarks;
mod events;
mod frame;
pub mod keymap;
mod keys;
mod loader;
mod paint;
mod pairs;
pub mod plain;
pub mod preferences;
pub mod prompt;
pub mod resume;
pub mod reviews;
mod run;
pub mod session;
mod settling;
mod sheet;
pub mod spots;
mod tally;
mod terminal;
pub mod theme;
pub mod tour;
pub mod view;
pub mod views;
mod watch;
mod words;
mod writer;
pub mod yank;
mod years;

pub use app::{App, LEAST_SIZE, Outcome};
pub use background::Source;
pub use events::{Exit, end};
pub use terminal::TerminalError;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use background::Background;
use events::{Event, Events};
use loader::Loaded;
use session::Session;
use terminal::Screen;

/// Opens the explorer on some paths, with or without the mouse, and runs it to the end; gives the reason if that was not the reviewer's wish.
///
/// # Errors
/// If there is no terminal, or it fails.
pub fn run(mut session: Session, source: Source, uses_mouse: bool) -> Result<Option<Exit>, TerminalError> {
    let events = Events::start()?;
    let sender = events.sender();
    // Nobody listens any more if the program ends.
    let mut screen = terminal::enter(uses_mouse, move || _ = sender.send(Event::Written))?;
    let mut background = Background::new(source, &events);
    let choices = session.reviews.store().map(|store| store.choices()).unwrap_or_default();
    session.corpus = background.open(session.corpus.settings(), Arc::new(choices));
    let mut app = App::new(session);
    app.session.refresh();
    screen.draw(|area, buffer| draw(&mut app, area, buffer))?;
    background.read(&mut app.session);
    test_panic("ui");
    loop {
        let first = next(&mut app, &events, &mut screen)?;
        // What has come in meanwhile is handled before the next frame is drawn: a held key never queues frames.
        // It is bounded, so that a fast loader does not keep the screen from being drawn.
        for event in std::iter::once(first).chain(std::iter::from_fn(|| events.try_next()).take(MAX_EVENTS)) {
            if let ControlFlow::Break(end) = handle(event, &mut app, &mut background, &events, &mut screen)? {
                return Ok(end);
            }
        }
        if std::mem::take(&mut app.session.wants_reload) {
            background.reload(&mut app.session);
        }
        background.mend(&mut app.session);
        background.choose(&mut app.session);
        app.follow_reopened();
        background.stand(&mut app.session);
        background.hand_over(&mut app.session);
        if let Some(text) = app.session.clipboard.take() {
            screen.copy(&text);
        }
        screen.draw(|area, buffer| draw(&mut app, area, buffer))?;
    }
}

/// So long the cursor of the list rests before the report there is opened: while a key is held, and over a slow line,
/// only the list moves.
const REST: Duration = Duration::from_millis(120);

/// The next event. Once the cursor rests, the report under it is opened and drawn in the meantime.
fn next(app: &mut App, events: &Events<Loaded>, screen: &mut Screen) -> Result<Event<Loaded>, TerminalError> {
    if app.session.is_moving() {
        if let Some(event) = events.next_within(REST) {
            return Ok(event);
        }
        app.session.settle();
        screen.draw(|area, buffer| draw(app, area, buffer))?;
    }
    Ok(events.next())
}

/// Events that are handled at most between two frames.
const MAX_EVENTS: usize = 1_024;

/// Handles an event; breaks with the reason when the program ends, without one if that is the reviewer's wish.
fn handle(
    event: Event<Loaded>,
    app: &mut App,
    background: &mut Background,
    events: &Events<Loaded>,
    screen: &mut Screen,
) -> Result<ControlFlow<Option<Exit>>, TerminalError> {
    match event {
        Event::Key(key) => match app.key(&key) {
            Outcome::Continue | Outcome::Unhandled => {}
            Outcome::Quit => return Ok(ControlFlow::Break(None)),
            Outcome::Redraw => screen.redraw(),
            Outcome::Suspend => events.stop_job(screen)?,
        },
        Event::Mouse(mouse) => match app.mouse(mouse) {
            Outcome::Quit => return Ok(ControlFlow::Break(None)),
            Outcome::Suspend => events.stop_job(screen)?,
            _ => {}
        },
        Event::Paste(text) => app.paste(&text),
        Event::Resize | Event::Written => {}
        Event::Loaded(loaded) => background.take(loaded, &mut app.session),
        Event::Suspend => events.suspend(screen)?,
        Event::Resumed => events.resume(screen)?,
        Event::Quit(exit) => {
            events.acknowledge();
            return Ok(ControlFlow::Break(Some(exit)));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn draw(app: &mut App, area: Rect, buffer: &mut Buffer) {
    app.session.width = area.width;
    app.draw(area, buffer);
}

/// Panics on demand, so that a test can see that the terminal survives it; not in a released program.
fn test_panic(place: &str) {
    let asked = || std::env::var("GOUJI_TEST_PANIC").is_ok_and(|value| value == place);
    assert!(!cfg!(debug_assertions) || !asked(), "a panic for a test");
}
