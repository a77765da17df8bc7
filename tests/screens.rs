//! Every view as text, at three sizes and in both languages, on the five sample reports.
//!
//! The expected screens are in `tests/screens/`. After a change that is meant, run with `GOUJI_BLESS=1` and read
//! the difference against the reports before keeping it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::fs;

use common::{app, press, repository, screen};
use gouji::display::Lang;
use gouji::tui::theme::Theme;

/// The size that every terminal has, a large one, and the least that is laid out.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 10)];

/// The keys that lead to a view from the first screen.
const VIEWS: &[(&str, &str)] = &[
    ("browse", ""),
    ("browse-filter", "/新县"),
    ("browse-county-and-year", "/新县<Enter>y<Enter>"),
    ("browse-nothing", "/没有<Enter>"),
    ("counties", "c"),
    ("years", "y"),
    ("report-first-finding", "<Enter>"),
    ("report-second-finding", "<Enter>nn"),
    ("table-2", "<Enter>2"),
    ("table-4", "<Enter>4"),
    ("table-3-holds", "/2024<Esc>o/卫滨<Enter><Enter>3"),
    ("table-4-holds", "/卫滨<Enter><Enter>4"),
    ("section-1", "<Enter>1"),
    ("findings", "<Enter>f"),
    ("source", "<Enter>s"),
    ("help", "?"),
    ("report-help", "<Enter>?"),
    ("files", "e"),
];

#[test]
fn screens_are_as_they_were_read() {
    let folder = repository("tests/screens");
    let bless = std::env::var_os("GOUJI_BLESS").is_some();
    let mut wrong = Vec::new();
    std::env::set_current_dir(repository("")).unwrap();
    for (view, keys) in VIEWS {
        for (lang, suffix) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
            let mut all = String::new();
            for (width, height) in SIZES {
                let mut app = app(&["sample-data/reports"], lang, Theme::default());
                let _ = screen(&mut app, width, height);
                press(&mut app, keys);
                all.push_str(&format!("=== {width}x{height} {keys}\n{}", screen(&mut app, width, height)));
            }
            let path = folder.join(format!("{view}.{suffix}.txt"));
            if bless {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&path, &all).unwrap();
            } else if fs::read_to_string(&path).ok().as_deref() != Some(all.as_str()) {
                wrong.push(format!("{}:\n{all}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} screens differ, the first is now\n{}", wrong.len(), wrong[0]);
}

#[test]
fn no_size_panics_and_small_ones_say_what_they_need() {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = app(&["sample-data/reports"], Lang::Zh, Theme::default());
    for keys in ["", "/新", "<Esc>c", "<Esc><Enter>", "2", "4", "1", "f", "s", "3", "?", "<Esc><Esc>e"] {
        press(&mut app, keys);
        for width in (0..14).chain([39, 40, 41, 59, 60, 77, 78, 115, 116, 119, 120, 121, 250, 500]) {
            for height in (0..14).chain([24, 40, 80, 200]) {
                let shown = screen(&mut app, width, height);
                if (1..40).contains(&width) && height > 4 && width > 30 {
                    assert!(shown.contains("40×10"), "{width}x{height}: {shown}");
                }
            }
        }
    }
}

#[test]
fn ascii_and_no_colour_lose_nothing() {
    std::env::set_current_dir(repository("")).unwrap();
    let theme = Theme { color: false, ascii: true };
    let mut app = app(&["sample-data/reports"], Lang::En, theme);
    for keys in ["", "<Enter>", "2", "4", "f", "s", "?"] {
        press(&mut app, keys);
        let buffer = common::buffer(&mut app, 80, 24);
        for cell in &buffer.content {
            let style = cell.style();
            let plain = [None, Some(ratatui::style::Color::Reset)];
            assert!(plain.contains(&style.fg) && plain.contains(&style.bg), "a colour after {keys}");
        }
        let marks = ["✓", "✗", "·", "│", "─", "▸", "●", "Σ"];
        let shown = common::text(&buffer);
        // The documents' own characters may hold anything; our marks must not.
        for mark in marks.iter().filter(|m| !["·"].contains(m)) {
            assert!(!shown.contains(mark), "{mark} after {keys}\n{shown}");
        }
    }
}
