//! The table of keys against the program: every key does something where the table says that it works.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use common::{app, press, repository, screen};
use gouji::display::Lang;
use gouji::tui::keymap::{Action, BINDINGS, Context};
use gouji::tui::theme::Theme;
use gouji::tui::{App, Outcome};

/// The explorer on the sample reports, in a context.
fn in_context(context: Context) -> App {
    let mut app = app(&["sample-data/reports"], Lang::Zh, Theme::default());
    let keys = match context {
        Context::Browse | Context::Global => "",
        Context::Facet => "c",
        Context::Filter => "/新",
        Context::Bookmarks => "b",
        Context::Queue => "F",
        Context::Matrix => "M",
        Context::Series => "S",
        Context::Statistics => "T",
        Context::Compare => "/新县<Enter>C",
        Context::Report => "<Enter>",
        Context::Page => "?",
        Context::Search => "?/",
        Context::Palette => ":",
    };
    press(&mut app, keys);
    let _ = screen(&mut app, 80, 24);
    app
}

#[test]
fn every_action_is_performed_where_its_key_works() {
    std::env::set_current_dir(repository("")).unwrap();
    for binding in BINDINGS {
        let contexts = match binding.context {
            Context::Global => {
                vec![
                    Context::Browse,
                    Context::Facet,
                    Context::Bookmarks,
                    Context::Queue,
                    Context::Matrix,
                    Context::Series,
                    Context::Compare,
                    Context::Statistics,
                    Context::Report,
                    Context::Page,
                ]
            }
            one => vec![one],
        };
        for context in contexts {
            let mut app = in_context(context);
            assert_eq!(app.context(), if context == Context::Global { Context::Browse } else { context });
            assert_ne!(
                app.perform(binding.action),
                Outcome::Unhandled,
                "{:?} in {context:?}",
                binding.action
            );
            let _ = screen(&mut app, 80, 24);
        }
    }
}

#[test]
fn the_footer_names_keys_that_work() {
    for context in Context::ALL {
        assert!(gouji::tui::keymap::Keymap::default().footer(context).count() >= 2, "{context:?}");
    }
}

/// What is on the screen after some keys.
fn shown(app: &mut App, keys: &str) -> String {
    press(app, keys);
    screen(app, 80, 24)
}

#[test]
fn esc_goes_one_step_back() {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = in_context(Context::Report);
    let table = shown(&mut app, "4");
    let source = shown(&mut app, "s");
    assert!(source.contains("zhenpingxian-2019.txt") && !source.contains("未经复议起诉"), "{source}");
    assert_eq!(shown(&mut app, "<Esc>"), table, "from the document to the table");
    assert!(shown(&mut app, "f").contains("线索（按原因） 1/16"));
    assert_eq!(
        shown(&mut app, "<Esc>"),
        table,
        "from the findings to the section that they were opened from"
    );
    let findings = shown(&mut app, "f");
    assert!(!shown(&mut app, "s").contains("线索（按原因） 1/16"));
    assert_eq!(shown(&mut app, "<Esc>"), findings, "from the document to the findings");
    press(&mut app, "<Esc><Esc>");
    assert_eq!(app.context(), Context::Browse);
}

#[test]
fn keys_of_sections_leave_a_document_that_fills_the_screen() {
    std::env::set_current_dir(repository("")).unwrap();
    for (keys, want) in [
        ("2", "规范性文件"),
        ("1", "按照新修订的条例"),
        ("<Tab>", "未经复议起诉"),
        ("f", "线索（按原因） 1/16"),
    ] {
        let mut app = in_context(Context::Report);
        assert!(!shown(&mut app, "3s").contains(want));
        let after = shown(&mut app, keys);
        assert!(after.contains(want), "{keys}\n{after}");
        press(&mut app, if keys == "f" { "<Esc><Esc>" } else { "<Esc>" });
        assert_eq!(app.context(), Context::Browse, "{keys}");
    }
}

#[test]
fn the_cursor_of_a_facet_stays_on_what_was_ticked() {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = app(&["sample-data/synthetic/counties.jsonl"], Lang::Zh, Theme::default());
    // The eighth county; ticking a year counts the counties anew and puts them into another order.
    let before = shown(&mut app, "cjjjjjjj<Space>");
    let county =
        before.lines().find_map(|l| l.strip_prefix('●')).unwrap().split(' ').next().unwrap().to_owned();
    let after = shown(&mut app, "yjj<Space>c");
    assert!(after.contains(&format!("●{county}")), "{county} is out of sight\n{after}");
    let ticks = app.session.query.counties.len();
    press(&mut app, "<Space>");
    assert_eq!(app.session.query.counties.len(), ticks - 1, "the cursor is on {county} still");
}

#[test]
fn what_stays_chosen_is_said_when_typed_words_are_cleared() {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = in_context(Context::Browse);
    let after = shown(&mut app, "/新县<Enter>y<Space><Esc><Esc>");
    assert!(after.contains("已清除输入；仍只看 2024，按 x 全部清除"), "{after}");
    assert!(after.contains("[2024]"), "{after}");
}

#[test]
fn the_footer_says_what_enter_does_and_never_drops_the_ways_out() {
    std::env::set_current_dir(repository("")).unwrap();
    for (context, keys) in [
        (Context::Browse, ["Enter 打开", "Esc 返回", "? 帮助", "q 退出"].as_slice()),
        (Context::Facet, &["Enter 只看该项", "Esc 返回", "? 帮助", "q 退出"]),
        (Context::Filter, &["Enter 确定", "Esc 取消", "Ctrl-u 清空"]),
        (Context::Report, &["n 下一条", "Esc 返回", "? 帮助", "q 退出"]),
    ] {
        let mut app = in_context(context);
        for (width, height) in [(40, 10), (80, 24)] {
            let shown = screen(&mut app, width, height);
            let footer = shown.lines().last().unwrap();
            assert!(keys.iter().all(|key| footer.contains(key)), "{context:?} {width}: {footer}");
        }
    }
    let footer = screen(&mut in_context(Context::Browse), 120, 24);
    assert!(footer.contains("M 一览") && footer.contains(": 命令"), "{footer}");
}

#[test]
fn every_way_in_has_a_way_out() {
    std::env::set_current_dir(repository("")).unwrap();
    for context in Context::ALL {
        let mut app = in_context(context);
        for _ in 0..3 {
            app.perform(Action::Back);
        }
        assert_eq!(app.context(), Context::Browse, "from {context:?}");
        assert_eq!(app.perform(Action::Quit), Outcome::Quit);
    }
}

#[test]
fn what_is_typed_lists_what_it_names_and_nothing_else() {
    std::env::set_current_dir(repository("")).unwrap();
    // The agencies that a filter lists; every title has 政府信息公开, whose initials are in none of these.
    let cases: &[(&str, &[&str])] = &[
        ("xx", &["新县人民政府办公室", "新乡县人民政府办公室", "新乡市卫滨区人民政府办公室"]),
        // 新乡 is also where "xin xian" begins "xin xiang".
        ("xinxian", &["新县人民政府办公室", "新乡县人民政府办公室", "新乡市卫滨区人民政府办公室"]),
        ("wbq", &["新乡市卫滨区人民政府办公室"]),
        ("卫滨", &["新乡市卫滨区人民政府办公室"]),
        ("county:zp", &["镇坪县"]),
        ("信息公开", &[]),
        ("title:卫滨", &["新乡市卫滨区人民政府办公室"]),
        ("rule:T3.5", &["镇坪县"]),
        ("is:doubtful year:2019", &["镇坪县"]),
        ("-year:2019", &["新县人民政府办公室", "新乡县人民政府办公室"]),
        ("新县 2024", &["新县人民政府办公室"]),
        ("2021年", &["新乡县人民政府办公室"]),
        ("\"2021\"", &[]),
    ];
    for (typed, want) in cases {
        let mut app = app(&["sample-data/reports"], Lang::Zh, Theme::default());
        press(&mut app, &format!("/{typed}<Enter>"));
        let corpus = &app.session.corpus;
        let agency =
            |report: &u32| corpus.name(corpus.summary(*report).unwrap().names.agency).raw().to_owned();
        let listed: std::collections::BTreeSet<String> =
            app.session.listing.reports.iter().map(agency).collect();
        let want: std::collections::BTreeSet<String> = want.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(listed, want, "{typed}");
    }
}

#[test]
fn tab_completes_terms_and_their_values() {
    std::env::set_current_dir(repository("")).unwrap();
    for (keys, want) in [
        ("ye<Tab>", "year:"),
        ("year:20<Tab>", "year:2024"),
        ("year:20<Tab><Tab>", "year:2021"),
        ("year:20<Tab><Tab><Tab><Tab>", "year:2024"),
        ("is:do<Tab>", "is:doubtful"),
        ("rule:T3.5<Tab>", "rule:T3.5"),
        ("county:zhen<Tab>", "county:镇坪县"),
        ("xx nothing<Tab>", "xx nothing"),
    ] {
        let mut app = app(&["sample-data/reports"], Lang::Zh, Theme::default());
        press(&mut app, &format!("/{keys}"));
        assert_eq!(app.session.query.text, want, "{keys}");
    }
}
