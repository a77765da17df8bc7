//! Arguments → a command; the only place that exits or prints.

mod commands;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use gouji::display::{self, Lang};
use gouji::load::pdf;
use gouji::tui::theme::PALETTES;

/// Keyboard-driven explorer of open-information annual reports, with every total checked on screen.
#[derive(Debug, Parser)]
#[command(name = "gouji", version, about, long_about = None, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    explore: Explore,
    /// Language of the interface [default: from the locale]
    #[arg(long, global = true, value_enum)]
    lang: Option<LangName>,
    /// Rules, colours and keys as configured (see gouji config) [default: gouji/config.toml in the user's folder]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What to do instead of opening the explorer.
#[derive(Debug, Subcommand)]
enum Command {
    /// Read raw reports and print them as parsed reports, one JSON object a line
    Parse(Parse),
    /// Check reports and print what was found, without a screen
    Check(Check),
    /// Print the rules that reports are checked by
    Rules {
        /// Only these rules
        ids: Vec<String>,
        /// text, md or json
        #[arg(long, default_value = "text")]
        format: String,
    },
    /// Print the JSON Schema of the parsed report
    Schema,
    /// Print what a shell needs to complete the arguments
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
    /// Print a configuration file with everything that can be set, keys and colours included, as comments
    Config,
    /// Write the rectification list, or the tables of reports as clean data
    Export(commands::Export),
    /// List, record, hand over and merge decisions on findings
    Review(commands::Review),
    /// Count reports and findings by county and year, a line each, tab-separated
    Matrix(commands::MatrixOf),
    /// Write a synthetic corpus with labelled errors
    Synth(Synth),
}

/// Opening the explorer.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
struct Explore {
    /// Folders, parsed reports (.json, .jsonl, also .gz) or raw reports [default: sample-data]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    narrow: Narrow,
    /// The file that keeps the decisions [default: .gouji/reviews.db in the folder]
    #[arg(long, value_name = "FILE")]
    reviews: Option<PathBuf>,
    /// Name of the reviewer [default: the login name]
    #[arg(long = "as", value_name = "NAME")]
    reviewer: Option<String>,
    /// Keep no index of what was read, and use none
    #[arg(long)]
    no_cache: bool,
    /// Watch the folders, and read again what changes
    #[arg(long)]
    watch: bool,
    /// Only ASCII marks
    #[arg(long)]
    ascii: bool,
    /// No colours (also with `NO_COLOR` set)
    #[arg(long)]
    no_color: bool,
    /// Colours [default: what suits the terminal]
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(PALETTES.iter().map(|palette| palette.name)))]
    theme: Option<String>,
    /// The terminal shows characters such as ─ … ① two columns wide
    #[arg(long)]
    wide: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    no_mouse: bool,
    /// Print the list as plain lines, or the report if only one is left: for screen readers, braille lines and pipes
    #[arg(long)]
    plain: bool,
    /// With --plain: print the report of this number in the list
    #[arg(long, value_name = "N", requires = "plain")]
    report: Option<usize>,
}

/// Which reports.
#[derive(Debug, Args, Default, Clone)]
struct Narrow {
    /// Only reports of this county
    #[arg(long)]
    county: Option<String>,
    /// Only reports of this year, or of these years (2019-2022)
    #[arg(long, value_parser = commands::parse_years)]
    year: Option<(u16, u16)>,
}

#[derive(Debug, Args)]
struct Parse {
    /// Folders or files
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Write one file for each report into this folder instead
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Print how each cell was placed instead: the row, the line, the characters
    #[arg(long, conflicts_with = "output")]
    explain: bool,
}

#[derive(Debug, Args)]
struct Check {
    /// Folders or files
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// text, jsonl, or tsv: broken sums only, nothing else is checked or counted
    #[arg(long, default_value = "text")]
    format: String,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    narrow: Narrow,
    /// Only this rule (several: repeat)
    #[arg(long)]
    rule: Vec<String>,
    /// Only findings at least this severe
    #[arg(long, value_enum)]
    severity: Option<SeverityName>,
    /// Exit with 1 if there are findings at least this severe
    #[arg(long, value_enum, default_value = "error")]
    fail_on: FailOn,
}

#[derive(Debug, Args)]
struct Synth {
    /// Number of reports
    reports: u64,
    /// The file to write, compressed if it ends in .gz; the labels of the injected errors go beside it, into FILE
    /// with .labels.jsonl
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The same seed gives the same corpus
    #[arg(long)]
    seed: Option<u64>,
    /// Of a thousand reports, how many get an error
    #[arg(long, value_name = "PER_MILLE", value_parser = clap::value_parser!(u32).range(0..=1000))]
    errors: Option<u32>,
    /// Invented counties of an invented province, not those of the gazetteer
    #[arg(long)]
    invented: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LangName {
    Zh,
    En,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SeverityName {
    Error,
    Warning,
    Info,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Never,
}

/// The language of the locale: Chinese for zh and for no locale at all.
pub(crate) fn locale_language() -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    match locale {
        Some(locale) if locale.starts_with("zh") => Lang::Zh,
        // C and POSIX say nothing about what the reader speaks.
        Some(locale) if !locale.starts_with('C') && !locale.starts_with("POSIX") => Lang::En,
        _ => Lang::Zh,
    }
}

fn run(arguments: &Arguments) -> Result<u8, commands::Failure> {
    let asked = arguments.lang.map(|name| match name {
        LangName::Zh => Lang::Zh,
        LangName::En => Lang::En,
    });
    let lang = asked.unwrap_or_else(locale_language);
    let configuration = || commands::configuration(arguments.config.as_deref());
    let settings = || configuration()?.settings();
    match &arguments.command {
        None if arguments.explore.plain => {
            let configured = configuration()?.preferences()?.lang;
            commands::plain(&arguments.explore, settings()?, asked.or(configured).unwrap_or(lang))
        }
        None => commands::explore(&arguments.explore, &configuration()?, asked),
        Some(Command::Parse(parse)) => commands::parse(parse, lang),
        Some(Command::Check(check)) => commands::check(check, &settings()?, lang),
        Some(Command::Rules { ids, format }) => commands::rules(ids, format, &settings()?, lang),
        Some(Command::Schema) => commands::schema(),
        Some(Command::Completions { shell }) => commands::completions(Arguments::command(), *shell),
        Some(Command::Man) => commands::man(Arguments::command(), lang),
        Some(Command::Config) => commands::config(lang),
        Some(Command::Matrix(of)) => commands::matrix(of, settings()?, lang),
        Some(Command::Export(export)) => commands::export(export, settings()?, lang),
        Some(Command::Review(review)) => commands::review(review, &settings, lang),
        Some(Command::Synth(synth)) => commands::synth(synth, lang),
    }
}

/// This program, also when its file was replaced while it runs.
fn this_program() -> PathBuf {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() { running } else { std::env::current_exe().unwrap_or(running) }
}

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|first| first == pdf::ARGUMENT) {
        return ExitCode::from(pdf::serve());
    }
    pdf::use_program(this_program());
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(code) => ExitCode::from(code),
        // Whoever reads from us has read enough: no error.
        Err(commands::Failure::PipeClosed) => ExitCode::SUCCESS,
        Err(failure) => {
            commands::say(&format!("gouji: {}", display::visible(&failure.to_string())));
            ExitCode::from(2)
        }
    }
}
