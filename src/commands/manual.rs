//! `gouji man` and `gouji completions`: both made from the definition of the arguments, the keys from their table.

use std::io::{self, Write};

use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use gouji::display::Lang;
use gouji::tui::keymap::{BINDINGS, Context, names};

use super::{Failure, writer};

/// Prints what a shell needs to complete the arguments.
pub(crate) fn completions(mut command: clap::Command, shell: clap_complete::Shell) -> Result<u8, Failure> {
    // It panics where it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "gouji", &mut script);
    print(&script)
}

/// Prints the manual page, all commands and keys in one.
pub(crate) fn man(command: clap::Command, lang: Lang) -> Result<u8, Failure> {
    let mut page = Vec::new();
    write_page(command, lang, &mut page).map_err(|error| Failure::writing(error, None))?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<u8, Failure> {
    let mut out = writer();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| Failure::writing(error, None))?;
    Ok(0)
}

fn write_page(mut command: clap::Command, lang: Lang, page: &mut Vec<u8>) -> io::Result<()> {
    command.build();
    let man = Man::new(command.clone());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        let mut roff = Roff::new();
        roff.control("SH", [format!("gouji {}", sub.get_name()).to_uppercase().as_str()]);
        roff.text([roman(sub.get_about().map(ToString::to_string).unwrap_or_default())]);
        roff.to_writer(page)?;
        // The heading of the options is one of the command's own then.
        let mut options = Vec::new();
        Man::new(sub.clone()).render_options_section(&mut options)?;
        let options = String::from_utf8_lossy(&options).replace(".SH OPTIONS", ".SS OPTIONS");
        page.write_all(options.as_bytes())?;
    }
    let mut roff = Roff::new();
    roff.control("SH", [lang.pick("按键", "KEYS")]);
    for context in Context::ALL {
        roff.control("SS", [context.title(lang)]);
        for binding in BINDINGS.iter().filter(|b| b.context == context) {
            roff.control("TP", []);
            roff.text([bold(names(binding.keys))]);
            roff.text([roman(binding.help(lang))]);
        }
    }
    for (title, paragraphs) in ENDS {
        roff.control("SH", [*title]);
        for (head, text) in *paragraphs {
            roff.control("TP", []);
            roff.text([bold(*head)]);
            roff.text([roman(*text)]);
        }
    }
    roff.to_writer(page)
}

/// The sections at the end of the page.
const ENDS: &[(&str, &[(&str, &str)])] = &[
    (
        "FILES",
        &[
            ("~/.config/gouji/config.toml", "rules, colours and keys as configured; gouji config prints one"),
            ("FOLDER/.gouji/reviews.db", "the decisions on the reports of a folder, shared by its reviewers"),
            ("~/.cache/gouji", "the index of what was read; it may be deleted at any time"),
            ("~/.local/share/gouji", "kept filters, and where the last review was"),
        ],
    ),
    (
        "ENVIRONMENT",
        &[
            ("NO_COLOR", "no colours, if it is set"),
            ("TERM, COLORTERM, COLORFGBG", "which colours the terminal can show, and on which background"),
            ("LC_ALL, LC_MESSAGES, LANG", "the language of the interface"),
        ],
    ),
    (
        "EXIT STATUS",
        &[
            ("0", "done; of gouji check: nothing was found at or above --fail-on"),
            ("1", "gouji check has found something"),
            ("2", "it could not run, or the arguments were wrong"),
        ],
    ),
];
