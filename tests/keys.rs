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
        Context::Filter => "/新",
        Context::Report => "<Enter>",
        Context::Page => "?",
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
            Context::Global => vec![Context::Browse, Context::Report, Context::Page],
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
        assert!(gouji::tui::keymap::footer(context).count() >= 2, "{context:?}");
    }
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
