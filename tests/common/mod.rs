//! The explorer without a terminal: the sample corpus, keys pressed by name, screens as text.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gouji::corpus::{self, Query};
use gouji::display::Lang;
use gouji::rules::Settings;
use gouji::tui::session::{Loading, Session};
use gouji::tui::theme::Theme;
use gouji::tui::{App, Outcome};
use ratatui::buffer::{Buffer, Cell};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;

/// A path inside the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The originals of the sample reports, which are not part of the repository.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    path.exists().then_some(path)
}

/// The explorer on some paths, fully loaded.
pub(crate) fn app(paths: &[&str], lang: Lang, theme: Theme) -> App {
    let settings = Arc::new(Settings::default());
    let mut session = Session::new(lang, theme, Query::default(), Arc::clone(&settings));
    let paths: Vec<PathBuf> = paths.iter().map(|p| PathBuf::from(*p)).collect();
    corpus::read(&paths, &settings, &mut |batch| {
        session.add(batch);
        corpus::Flow::Go
    });
    session.loading = Loading::Done;
    session.corpus.relate();
    session.refresh();
    App::new(session)
}

/// Presses keys: characters as themselves, others as `<Enter>`, `<Esc>`, `<Tab>`, `<C-u>` …
pub(crate) fn press(app: &mut App, keys: &str) -> Outcome {
    let mut outcome = Outcome::Continue;
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let (event, used) = match rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
            Some((name, after)) if first == '<' => (named(name), rest.len() - after.len()),
            _ => (KeyEvent::new(KeyCode::Char(first), KeyModifiers::NONE), first.len_utf8()),
        };
        outcome = app.key(&event);
        rest = rest.split_at(used).1;
    }
    outcome
}

fn named(name: &str) -> KeyEvent {
    if let Some(c) = name.strip_prefix("C-").and_then(|c| c.chars().next()) {
        return KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
    }
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "S-Tab" => KeyCode::BackTab,
        "BS" => KeyCode::Backspace,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Space" => KeyCode::Char(' '),
        other => panic!("no key {other}"),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}

/// Draws the app at a size.
pub(crate) fn buffer(app: &mut App, width: u16, height: u16) -> Buffer {
    app.session.settle();
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    app.session.width = width;
    app.draw(area, &mut buffer);
    buffer
}

/// The screen as text, one line a row, without the cells that wide characters hide and without trailing spaces.
pub(crate) fn screen(app: &mut App, width: u16, height: u16) -> String {
    text(&buffer(app, width, height))
}

/// A buffer as text.
pub(crate) fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width);
    let rows = buffer.content.chunks(width.max(1));
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        let mut hidden = 0;
        for cell in row.iter().map(Cell::symbol) {
            if hidden > 0 {
                hidden -= 1;
                continue;
            }
            line.push_str(cell);
            hidden = gouji::display::width(cell).saturating_sub(1);
        }
        assert!(gouji::display::width(&line) <= width, "a row wider than the screen: {line}");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
