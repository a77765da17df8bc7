//! Finding one's way: the palette, searching the help, the mouse, copying, keys of one's own.

#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on shall fail")]

mod common;

use common::{app, buffer, press, repository, screen};
use gouji::display::Lang;
use gouji::tui::keymap::{Action, BINDINGS, Context, Key};
use gouji::tui::spots::{Mouse, Press};
use gouji::tui::theme::{Palette, Theme};
use gouji::tui::{App, Outcome};

fn on_samples(lang: Lang) -> App {
    std::env::set_current_dir(repository("")).unwrap();
    app(&["sample-data/reports"], lang, Theme::default())
}

/// Clicks on the first place where a text stands on the screen.
fn click(app: &mut App, text: &str) -> Outcome {
    click_within(app, text, 120)
}

/// The same, in the first columns only.
fn click_within(app: &mut App, text: &str, columns: usize) -> Outcome {
    let shown = buffer(app, 120, 40);
    let width = usize::from(shown.area.width);
    let first = text.chars().next().unwrap().to_string();
    let symbols: Vec<&str> = shown.content.iter().map(ratatui::buffer::Cell::symbol).collect();
    let is_here = |i: &usize| {
        let row = &symbols[*i..(*i / width + 1) * width];
        let mut at = 0;
        text.chars().all(|c| {
            let same = row.get(at).is_some_and(|symbol| *symbol == c.to_string());
            at += gouji::display::width(&c.to_string());
            same
        })
    };
    let at = (0..symbols.len()).filter(|i| i % width < columns && symbols[*i] == first).find(is_here);
    let at = at.unwrap_or_else(|| panic!("{text} is not on the screen"));
    app.mouse(Mouse { press: Press::Click, x: (at % width) as u16, y: (at / width) as u16 })
}

#[test]
fn the_palette_finds_what_is_typed_and_performs_it() {
    for (lang, typed, context) in [
        (Lang::Zh, "队列", Context::Queue),
        (Lang::Zh, "duilie", Context::Queue),
        (Lang::Zh, "queue", Context::Queue),
        (Lang::En, "findings of all", Context::Queue),
        (Lang::En, "bookmarks", Context::Bookmarks),
        (Lang::En, "open the report", Context::Report),
        (Lang::Zh, "文件清单", Context::Page),
    ] {
        let mut app = on_samples(lang);
        press(&mut app, &format!(":{typed}"));
        assert_eq!(app.context(), Context::Palette);
        let shown = screen(&mut app, 80, 24);
        press(&mut app, "<Enter>");
        assert_eq!(app.context(), context, "{typed}\n{shown}");
        press(&mut app, "<Esc>");
        assert_eq!(app.context(), Context::Browse, "nothing is left of the palette");
    }
}

#[test]
fn the_palette_lists_every_action_of_a_screen_once() {
    for keys in ["", "F", "<Enter>", "b", "c"] {
        let mut app = on_samples(Lang::En);
        press(&mut app, keys);
        let below = app.context();
        press(&mut app, ":");
        let shown = screen(&mut app, 120, 200);
        for binding in BINDINGS.iter().filter(|b| b.context == below) {
            assert_eq!(shown.matches(binding.en).count().min(1), 1, "{} in {below:?}\n{shown}", binding.en);
        }
        assert!(shown.contains("draw the screen anew"), "{shown}");
        press(&mut app, "<Esc>");
        assert_eq!(app.context(), below);
    }
}

#[test]
fn the_palette_says_when_there_is_no_such_command() {
    let mut app = on_samples(Lang::Zh);
    press(&mut app, ":没有的<Enter>");
    assert_eq!(app.context(), Context::Palette);
    assert!(screen(&mut app, 80, 24).contains("没有这样的命令"));
    press(&mut app, "<C-u><BS>");
    assert!(!screen(&mut app, 80, 24).contains("没有这样的命令"));
}

#[test]
fn the_help_is_searched_by_words_and_pinyin() {
    for (lang, typed, has, has_not) in [
        (Lang::Zh, "撤销", "撤销上一步结论", "打开报告"),
        (Lang::Zh, "chexiao", "撤销上一步结论", "打开报告"),
        (Lang::En, "undo", "undo the last decision", "open the report"),
        (Lang::En, "rectification", "write the rectification list", "open the report"),
        (Lang::Zh, "收支平衡", "T3.1", "T3.2"),
    ] {
        let mut app = on_samples(lang);
        press(&mut app, &format!("?/{typed}<Enter>"));
        let shown = screen(&mut app, 80, 24);
        assert!(shown.contains(has) && !shown.contains(has_not), "{typed}\n{shown}");
        press(&mut app, "<Esc>");
        assert_eq!(app.context(), Context::Page, "first all lines again");
        assert!(screen(&mut app, 80, 24).contains(lang.pick("打开报告", "open the report")));
        press(&mut app, "<Esc>");
        assert_eq!(app.context(), Context::Browse);
    }
}

#[test]
fn a_click_does_what_stands_there() {
    let mut app = on_samples(Lang::Zh);
    click(&mut app, "新县");
    assert_eq!(app.session.query.counties.len(), 1, "a county");
    click_within(&mut app, "2024", 20);
    assert_eq!(app.session.query.years.len(), 1, "a year");
    press(&mut app, "x");
    click_within(&mut app, "新乡县人民政府办公室", 60);
    assert!(app.session.listing.reports.len() == 5 && app.context() == Context::Browse);
    click_within(&mut app, "新乡县人民政府办公室", 60);
    assert_eq!(app.context(), Context::Report, "the second click opens");
    click(&mut app, "2 主动公开");
    assert!(screen(&mut app, 120, 40).contains("规范性文件"));
    click(&mut app, "返回");
    assert_eq!(app.context(), Context::Browse, "a word of the footer");
    click(&mut app, "队列");
    assert_eq!(app.context(), Context::Queue);
    for (press, lines) in [(Press::WheelDown, "4/"), (Press::WheelUp, "1/")] {
        app.mouse(Mouse { press, x: 5, y: 5 });
        let shown = screen(&mut app, 120, 40);
        assert!(shown.contains(lines), "{shown}");
    }
    app.mouse(Mouse { press: Press::Click, x: 119, y: 1 });
    assert_eq!(app.context(), Context::Queue, "where nothing is, nothing happens");
}

#[test]
fn what_lies_under_the_palette_cannot_be_clicked() {
    let mut app = on_samples(Lang::Zh);
    press(&mut app, "F:");
    let _ = buffer(&mut app, 120, 40);
    for y in 0..10 {
        app.mouse(Mouse { press: Press::Click, x: 5, y });
        assert_eq!(app.context(), Context::Palette, "row {y}");
    }
    // Nor what another view showed before the screen was drawn anew.
    let mut app = on_samples(Lang::Zh);
    let _ = buffer(&mut app, 120, 40);
    press(&mut app, ":");
    app.mouse(Mouse { press: Press::Click, x: 40, y: 4 });
    assert_eq!(app.context(), Context::Palette);
    // Nor what stood where the window is too small now.
    let mut app = on_samples(Lang::Zh);
    let _ = buffer(&mut app, 80, 24);
    let _ = buffer(&mut app, 30, 9);
    for x in 0..30 {
        assert_eq!(app.mouse(Mouse { press: Press::Click, x, y: 8 }), Outcome::Continue);
    }
}

#[test]
fn a_click_on_a_figure_goes_there() {
    let mut app = on_samples(Lang::Zh);
    press(&mut app, "/卫滨<Enter><Enter>3");
    let _ = buffer(&mut app, 120, 40);
    let before = screen(&mut app, 120, 40);
    // Every cell of the screen: those of the table move the cursor, each to its own place.
    let mut seen = std::collections::BTreeSet::new();
    for y in 3..30 {
        for x in (0..120).step_by(3) {
            app.mouse(Mouse { press: Press::Click, x, y });
            let shown = screen(&mut app, 120, 40);
            seen.insert(shown.lines().find(|line| line.contains('▸')).unwrap_or_default().to_owned());
        }
    }
    assert!(seen.len() > 60, "{}\n{before}", seen.len());
}

#[test]
fn what_is_copied_stands_alone() {
    let mut app = on_samples(Lang::Zh);
    click_within(&mut app, "新县", 20);
    click_within(&mut app, "2024", 20);
    press(&mut app, "<Enter>");
    press(&mut app, "3ghhhhhhhY");
    let shown = screen(&mut app, 80, 24);
    assert!(shown.contains("c 单元格") && shown.contains("q 引用"), "{shown}");
    press(&mut app, "c");
    // 一、本年新收 · 自然人 of the report of 新县 for 2024.
    assert_eq!(app.session.clipboard.take().as_deref(), Some("21"));
    press(&mut app, "Yr");
    assert_eq!(app.session.clipboard.take().as_deref(), Some("一 本年新收\t21\t0\t0\t0\t0\t0\t21"));
    press(&mut app, "Yq");
    let citation = app.session.clipboard.take().unwrap();
    for part in [
        "新县人民政府办公室2024年政府信息公开工作年度报告",
        "表3",
        "自然人",
        "= 21",
        "xinxian-2024.txt",
        "行",
    ] {
        assert!(citation.contains(part), "{citation}");
    }
    press(&mut app, "Y<Esc>");
    assert_eq!(app.session.clipboard, None);
    press(&mut app, "<Esc>?Y");
    assert!(screen(&mut app, 80, 24).contains("没有可复制的内容"));
}

#[test]
fn keys_of_ones_own_are_what_the_footer_and_the_help_say() {
    let mut app = on_samples(Lang::En);
    app.session.keymap.bind(Context::Browse, "queue", vec![Key::parse("Q").unwrap()]).unwrap();
    let shown = screen(&mut app, 80, 24);
    assert!(shown.contains("Q queue") && !shown.contains("F queue"), "{shown}");
    press(&mut app, "F");
    assert_eq!(app.context(), Context::Browse);
    press(&mut app, "?/findings of all<Enter>");
    assert!(screen(&mut app, 80, 24).contains("   Q "));
    press(&mut app, "<Esc><Esc>Q");
    assert_eq!(app.context(), Context::Queue);
    assert_eq!(app.perform(Action::Back), Outcome::Continue);
}

#[test]
fn every_palette_draws_the_same_text() {
    let mut plain = on_samples(Lang::Zh);
    let want = screen(&mut plain, 80, 24);
    for named in gouji::tui::theme::PALETTES {
        let mut app = on_samples(Lang::Zh);
        app.session.theme.palette = named.palette;
        assert_eq!(screen(&mut app, 80, 24), want, "{}", named.name);
        let has_color = buffer(&mut app, 80, 24)
            .content
            .iter()
            .any(|cell| cell.fg != ratatui::style::Color::Reset || cell.bg != ratatui::style::Color::Reset);
        assert_eq!(has_color, !["none", "contrast"].contains(&named.name), "{}", named.name);
    }
}

#[test]
fn where_ambiguous_characters_are_wide_none_is_drawn() {
    use unicode_width::UnicodeWidthStr;
    for keys in ["", "F", "<Enter>", "<Enter>s", "?", ":", "e"] {
        std::env::set_current_dir(repository("")).unwrap();
        let theme = Theme { palette: Palette::default(), ascii: false, wide: true };
        let mut app = app(&["sample-data/reports"], Lang::Zh, theme);
        press(&mut app, keys);
        for cell in &buffer(&mut app, 120, 40).content {
            let symbol = cell.symbol();
            assert_eq!(symbol.width_cjk(), symbol.width(), "{symbol:?} after {keys}");
        }
    }
}
