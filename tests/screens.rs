//! Every view as text, at up to four sizes and in both languages, on the five sample reports.
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
use gouji::tui::theme::{Palette, Theme};

/// The size that every terminal has, a large one, and the least that is laid out.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 10)];

/// The largest size that is laid out for, and the views that have most to gain from it.
const LARGEST: (u16, u16) = (250, 80);
const WIDE: [&str; 6] = ["browse", "report-first-finding", "table-2", "table-4", "findings", "queue"];

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
    ("queue", "F"),
    ("source", "<Enter>s"),
    ("help", "?"),
    ("report-help", "<Enter>?"),
    ("files", "e"),
    ("matrix", "M"),
    ("series", "/新县<Enter>S"),
    ("statistics", "T"),
    ("compare", "/新县 year:2024<Enter>C"),
    ("compare-table-2", "/新县 year:2024<Enter>C2"),
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
            let largest = WIDE.contains(view).then_some(LARGEST);
            for (width, height) in SIZES.into_iter().chain(largest) {
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
    for keys in [
        "",
        "/新",
        "<Esc>c",
        "<Esc><Enter>",
        "2",
        "4",
        "1",
        "f",
        "s",
        "3",
        "?",
        "<Esc><Esc>e",
        "<Esc>M",
        "<Esc>T",
        "<Esc>S",
        "<Esc>/新县<Enter>C",
        "2",
    ] {
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
    let theme = Theme { palette: Palette::colourless(), ascii: true, wide: false };
    let mut app = app(&["sample-data/reports"], Lang::En, theme);
    let views = ["", "<Enter>", "2", "4", "f", "s", "?", "G", "<Esc><Esc>3", "<Esc><Esc><Esc>c", "y"];
    let whole = ["<Esc>M", "Gllllll", "<Esc>T", "<Esc>/新县<Enter>S", "<Esc>C", "2"];
    for keys in views.into_iter().chain(whole) {
        press(&mut app, keys);
        let buffer = common::buffer(&mut app, 80, 24);
        for cell in &buffer.content {
            let style = cell.style();
            let plain = [None, Some(ratatui::style::Color::Reset)];
            assert!(plain.contains(&style.fg) && plain.contains(&style.bg), "a colour after {keys}");
        }
        let shown = common::text(&buffer);
        // Chinese, which takes two columns, comes from the documents.
        let narrow = |c: &char| !c.is_ascii() && gouji::display::width(&c.to_string()) == 1;
        assert_eq!(shown.chars().find(narrow), None, "after {keys}\n{shown}");
    }
}

#[test]
fn signs_have_an_ascii_form() {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = app(
        &["sample-data/reports"],
        Lang::Zh,
        Theme { palette: Palette::colourless(), ascii: true, wide: false },
    );
    press(&mut app, "<Enter>fjj<Enter>");
    let shown = screen(&mut app, 80, 24);
    for words in
        ["0 != (空白->1) + 空白", "总计 合计", "^ ", "X 0 (+1)", "[1/9] T3.1 收支平衡 - 自然人列", "> 可能："]
    {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    press(&mut app, "<Esc>/卫滨<Enter><Enter>3");
    let shown = screen(&mut app, 80, 24);
    assert!(shown.lines().any(|l| l.starts_with(" 一 本年新收") && l.ends_with(" v")), "{shown}");
}

#[test]
fn hidden_lines_are_counted() {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = app(&["sample-data/reports"], Lang::Zh, Theme::default());
    for (keys, height, line, want) in [
        ("<Enter>3", 24, 2, "▼ "),
        ("G", 24, 2, "▲ "),
        ("gg", 24, 2, "▼ "),
        ("2jjjj", 10, 6, "▲ 5 ▼ 4"),
        ("f", 10, 2, "▼ "),
        ("G", 10, 2, "▲ "),
        ("1", 10, 2, "▼ 4"),
        ("s", 10, 2, "▲ 5 ▼ 87"),
        ("?", 24, 0, "▼ "),
        ("G", 24, 0, "▲ "),
        ("<Esc><Esc><Esc>cG", 10, 3, "▲"),
    ] {
        press(&mut app, keys);
        let shown = screen(&mut app, 80, height);
        let head = shown.lines().nth(line).unwrap();
        assert!(head.contains(want), "{keys}: {head}\n{shown}");
    }
}

#[test]
fn while_a_filter_is_typed_other_keys_clear_it() {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = app(&["sample-data/reports"], Lang::Zh, Theme::default());
    press(&mut app, "/没有");
    let typing = screen(&mut app, 80, 24);
    assert!(
        typing.contains("没有符合筛选的报告；Ctrl-u 清空，Esc 取消") && !typing.contains("按 x"),
        "{typing}"
    );
    press(&mut app, "<Enter>");
    assert!(screen(&mut app, 80, 24).contains("没有符合筛选的报告；按 x 清除筛选"));
}

#[test]
fn a_parsed_report_says_where_it_is_and_turns_to_its_sections() {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = app(&["sample-data/synthetic/counties.jsonl"], Lang::Zh, Theme::default());
    let line = app.session.corpus.place(app.session.selected_report().unwrap()).unwrap().line;
    for (section, title) in
        [("1", "总体情况"), ("5", "存在的主要问题及改进情况"), ("6", "其他需要报告的事项")]
    {
        press(&mut app, "<Esc><Enter>");
        press(&mut app, &format!("{section}s"));
        let shown = screen(&mut app, 80, 24);
        assert!(shown.contains(&format!("counties.jsonl  第 {line} 行（已排版）")), "{shown}");
        let marked = shown.lines().find(|l| l.contains('▸')).unwrap();
        assert!(marked.contains("\"text\""), "{marked}\n{shown}");
        let above = shown.lines().take_while(|l| !l.contains('▸')).last().unwrap();
        assert!(above.contains(title), "{above}\n{shown}");
    }
    app.session.lang = Lang::En;
    assert!(screen(&mut app, 80, 24).contains(&format!("line {line} (laid out)")));
}

#[test]
fn the_number_of_reports_has_room_on_the_least_screen() {
    std::env::set_current_dir(repository("")).unwrap();
    for lang in [Lang::Zh, Lang::En] {
        let mut app = app(&["sample-data"], lang, Theme::default());
        let head = screen(&mut app, 40, 10).lines().next().unwrap().to_owned();
        assert!(head.contains(lang.pick("245/245 份报告", "245 of 245 reports")), "{head}");
        assert!(head.contains(" ✗"), "{head}");
    }
}

#[test]
fn a_narrative_is_whole_beside_the_document() {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = app(&["sample-data/reports"], Lang::Zh, Theme::default());
    press(&mut app, "<Enter>1s");
    let shown = screen(&mut app, 120, 40);
    let left: String = shown.lines().filter_map(|l| l.split_once('│')).map(|(left, _)| left.trim()).collect();
    assert!(left.contains("大块领域是公开的重点。政策解读用图解") && !left.contains('…'), "{shown}");
}

#[test]
fn the_help_explains_every_mark() {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = app(&["sample-data/reports"], Lang::Zh, Theme::default());
    press(&mut app, "?");
    let shown = screen(&mut app, 80, 200);
    for mark in ["✓", "·", "✗", "!", "i", "?", "_", "(空白→n)", "●", "▸", "▲", "▼", "? F1"] {
        assert!(shown.lines().any(|l| l.starts_with(&format!("   {mark} "))), "{mark}\n{shown}");
    }
}
