//! The commands of the program.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gouji::corpus::{Account, Choices, FileState, Query};
use gouji::display::{self, Lang, Untrusted};
use gouji::export::Draft;
use gouji::load::files::{self, FileRead, Flow};
use gouji::load::{Located, json};
use gouji::report::{Problem, Report};
use gouji::review::{Store, StoreError, locate};
use gouji::rules::{CATALOGUE_FORMATS, RULES, Rule, Settings, SettingsError};
use gouji::tui::bookmarks::Bookmarks;
use gouji::tui::preferences::Preferences;
use gouji::tui::resume::Resume;
use gouji::tui::reviews::Reviews;
use gouji::tui::session::Session;
use gouji::tui::theme::{Palette, Theme};
use gouji::tui::tour::Tour;
use gouji::tui::{self, TerminalError};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{Explore, Narrow};

mod check;
mod export;
mod manual;
mod matrix;
mod parse;
mod plain;
mod review;

pub(crate) use check::check;
pub(crate) use export::{Export, export};
pub(crate) use manual::{completions, man};
pub(crate) use matrix::{MatrixOf, matrix};
pub(crate) use parse::parse;
pub(crate) use plain::plain;
pub(crate) use review::{Review, review};
mod synth;
pub(crate) use synth::synth;

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Whoever read from us went away.
    #[error("the pipe was closed")]
    PipeClosed,
    /// A path that the user gave does not exist or cannot be read.
    #[error("{}: {reason}", path.display())]
    Path { path: PathBuf, reason: io::Error },
    /// The configuration is wrong.
    #[error("{}: {error}", path.display())]
    Settings { path: PathBuf, error: SettingsError },
    /// There is no sample-data here.
    #[error("no PATH given, and there is no folder sample-data here: name a folder with reports")]
    NoPath,
    /// The screen cannot be used.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// Something else about the arguments.
    #[error("{0}")]
    Usage(String),
    /// No report is of the county and years asked for.
    #[error("no report is of the county and years that were asked for")]
    NothingAdmitted,
    /// Nothing at all could be read.
    #[error("none of the {0} files found could be read as a report")]
    NothingRead(usize),
}

impl Failure {
    /// What became of writing to `path` (standard output if none).
    fn writing(error: io::Error, path: Option<&Path>) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::PipeClosed;
        }
        Self::Path { path: path.unwrap_or(Path::new("standard output")).to_owned(), reason: error }
    }
}

/// A year, or two with a hyphen between.
pub(crate) fn parse_years(text: &str) -> Result<(u16, u16), String> {
    let year = |text: &str| text.trim().parse::<u16>().map_err(|_| format!("{text:?} is no year"));
    let (from, to) = match text.split_once('-') {
        Some((from, to)) => (year(from)?, year(to)?),
        None => (year(text)?, year(text)?),
    };
    if from <= to { Ok((from, to)) } else { Err(format!("{from} is after {to}")) }
}

impl Narrow {
    fn admits(&self, report: &Report) -> bool {
        self.admits_place(
            report.county.as_ref().map(Untrusted::raw),
            report.county_code.as_ref().map(Untrusted::raw),
            report.year,
        )
    }

    fn admits_place(&self, county: Option<&str>, code: Option<&str>, year: Option<u16>) -> bool {
        let is_wanted = |wanted: &String| [county, code].into_iter().flatten().any(|name| name == wanted);
        let is_in_years = |(from, to)| year.is_some_and(|year| (from..=to).contains(&year));
        self.county.as_ref().is_none_or(is_wanted) && self.year.is_none_or(is_in_years)
    }
}

/// Every path must exist: a slip in a path must not look like a corpus without findings.
fn checked_paths(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    for path in paths {
        std::fs::metadata(path).map_err(|reason| Failure::Path { path: path.clone(), reason })?;
    }
    Ok(paths.to_vec())
}

/// The paths to explore: those given, else the sample data.
fn explored_paths(explore: &Explore) -> Result<Vec<PathBuf>, Failure> {
    let sample = PathBuf::from("sample-data");
    match (explore.paths.is_empty(), sample.is_dir()) {
        (false, _) => checked_paths(&explore.paths),
        (true, true) => Ok(vec![sample]),
        (true, false) => Err(Failure::NoPath),
    }
}

/// Opens the explorer.
pub(crate) fn explore(
    explore: &Explore,
    configuration: &Configuration,
    lang: Option<Lang>,
) -> Result<u8, Failure> {
    let paths = explored_paths(explore)?;
    let settings = configuration.settings()?;
    let preferences = configuration.preferences()?;
    let lang = lang.or(preferences.lang).unwrap_or_else(crate::locale_language);
    let theme = theme(explore, &preferences);
    let reviewer = explore.reviewer.clone().or_else(|| settings.reviewer.clone());
    let mut session = Session::new(lang, theme, Query::default(), Arc::new(settings));
    let uses_mouse = preferences.mouse && !explore.no_mouse;
    session.keymap = preferences.keymap;
    session.wanted_county.clone_from(&explore.narrow.county);
    if let Some((from, to)) = explore.narrow.year {
        session.query.years = (from..=to).collect::<BTreeSet<u16>>();
    }
    session.bookmarks = tui::bookmarks::data_folder()
        .map_or_else(Bookmarks::default, |folder| Bookmarks::open(folder.join("bookmarks.jsonl")));
    let reviewer = reviewer.unwrap_or_else(gouji::review::login_name);
    session.reviews = Reviews::find(&paths, explore.reviews.as_deref(), reviewer, lang);
    session.notice = session.reviews.problem().map(str::to_owned);
    if let Some(folder) = tui::bookmarks::data_folder() {
        if paths.iter().all(|path| path.file_name().is_some_and(|name| name == "sample-data")) {
            session.tour = Tour::begin(folder.join("hints-seen"));
        }
        session.resume = Resume::open(folder.join(review_place(&paths)));
        if session.notice.is_none() {
            session.offer_resume();
        }
    }
    let source = tui::Source { paths, is_cached: !explore.no_cache, is_watched: explore.watch };
    match tui::run(session, source, uses_mouse)? {
        // The shell shall see what ended the program.
        Some(exit) => tui::end(exit),
        None => Ok(0),
    }
}

/// Colours and marks: what was asked for, else what is configured, else what suits the terminal.
fn theme(explore: &Explore, preferences: &Preferences) -> Theme {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let named = explore.theme.as_deref().and_then(Palette::find);
    let suiting = Palette::suiting(&variable("TERM"), &variable("COLORTERM"), &variable("COLORFGBG"));
    let is_colourless = explore.no_color || (named.is_none() && !variable("NO_COLOR").is_empty());
    let palette = if is_colourless { Palette::colourless() } else { preferences.palette(named, suiting) };
    Theme { palette, ascii: explore.ascii || preferences.ascii, wide: explore.wide || preferences.wide }
}

/// `gouji config`.
pub(crate) fn config(lang: Lang) -> Result<u8, Failure> {
    let mut out = writer();
    out.write_all(tui::preferences::template(lang).as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::writing(error, None))?;
    Ok(0)
}

/// The file that remembers where the review of some paths was.
fn review_place(paths: &[PathBuf]) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    let real = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
    paths.iter().map(real).collect::<Vec<_>>().hash(&mut hasher);
    format!("review-{:016x}.json", hasher.finish())
}

/// So much is written at once: a list of findings may have a gigabyte.
const WRITTEN_AT_ONCE: usize = 256 << 10;

/// What a command writes to: standard output, or a file that is there whole or not at all.
enum Outlet {
    Standard(BufWriter<io::StdoutLock<'static>>),
    File(Draft),
}

impl Outlet {
    /// Standard output, or the file at a path.
    fn new(path: Option<&Path>) -> Result<Self, Failure> {
        match path {
            None => Ok(Self::Standard(writer())),
            Some(path) => {
                Draft::new(path).map(Self::File).map_err(|error| Failure::writing(error, Some(path)))
            }
        }
    }

    /// Ends what was written: only now a file stands in its place.
    fn finish(self) -> io::Result<()> {
        match self {
            Self::Standard(mut out) => out.flush(),
            Self::File(draft) => draft.place(),
        }
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File(draft) => draft.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::File(draft) => draft.flush(),
        }
    }
}

/// Standard output.
fn writer() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::with_capacity(WRITTEN_AT_ONCE, io::stdout().lock())
}

/// Reads every file and hands what `work` made of the report of each document to `each`; problems go to standard error
/// as they come.
fn read_all<T: Send>(
    paths: &[PathBuf],
    lang: Lang,
    work: &(dyn Fn(&Path, Located) -> T + Sync),
    each: &mut dyn FnMut(&Path, T) -> Flow,
) -> Result<Account, Failure> {
    let paths = checked_paths(paths)?;
    let bar = progress(&paths, lang);
    let mut account = Account::default();
    files::read_all(&paths, work, &mut |read: FileRead<T>| {
        account.reports += read.items.len();
        let mut flow = Flow::Go;
        for item in read.items {
            flow = each(&read.path, item);
            if flow == Flow::Stop {
                break;
            }
        }
        if let Some(end) = read.end {
            account.count(end.state);
            bar.inc(1);
            bar.suspend(|| tell(&read.path, end.state, &end.problems, lang));
        }
        flow
    });
    bar.finish_and_clear();
    Ok(account)
}

/// What people have settled by hand about the reports below some paths: which county a report is from, and which
/// version stands for a year.
fn choices(paths: &[PathBuf], lang: Lang) -> Result<Arc<Choices>, Failure> {
    choices_in(paths, None, lang)
}

/// The same, in the file of decisions that was named.
fn choices_in(paths: &[PathBuf], named: Option<&Path>, lang: Lang) -> Result<Arc<Choices>, Failure> {
    let fail = |error: StoreError| Failure::Usage(error.message(lang));
    // Without a place for decisions there are none.
    let Ok(location) = locate(paths, named) else { return Ok(Arc::default()) };
    if !location.path.exists() {
        return Ok(Arc::default());
    }
    Store::read(&location.path).map(|store| Arc::new(store.choices())).map_err(fail)
}

/// A bar on standard error while files are read; hidden where that is no terminal.
fn progress(paths: &[PathBuf], lang: Lang) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files::count(paths) as u64);
    let words = lang.pick(
        "{bar:30} {pos}/{len} 个文件  {per_sec}  剩余 {eta}",
        "{bar:30} {pos}/{len} files  {per_sec}  {eta} left",
    );
    if let Ok(style) = ProgressStyle::with_template(words) {
        bar.set_style(style);
    }
    bar
}

/// Names the problems of a file on standard error.
fn tell(path: &Path, state: FileState, problems: &[Problem], lang: Lang) {
    let name = display::visible(&path.to_string_lossy()).into_owned();
    let word = match state {
        FileState::Rejected => lang.pick("拒绝", "rejected"),
        FileState::Skipped => lang.pick("跳过", "skipped"),
        FileState::WithProblems | FileState::Loaded => lang.pick("有疑", "problem"),
    };
    for problem in problems {
        let line = if problem.line > 0 { format!(":{}", problem.line) } else { String::new() };
        say(&format!("{word} {name}{line}: {}", problem.message(lang)));
    }
}

/// A line on standard error. Where nobody can read it, what the command does is not the worse for it.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// The account of files on standard error, with how many were found and what was counted.
fn sum_up(account: Account, counts: [usize; 3], counted: &str, settings: &Settings, lang: Lang) {
    let [errors, warnings, infos] = counts;
    let found = lang.pick(
        format!("；错误 {errors}，警告 {warnings}，提示 {infos}（{counted}）"),
        format!("; errors {errors}, warnings {warnings}, infos {infos} ({counted})"),
    );
    let off: Vec<&str> = settings.switched_off().map(|rule| rule.id).collect();
    let off = if off.is_empty() {
        String::new()
    } else {
        format!("{}{}", lang.pick("；停用的规则：", "; rules switched off: "), off.join(" "))
    };
    say(&format!("{}{found}{off}", account.sentence(lang)));
}

fn read_something(account: Account) -> Result<(), Failure> {
    if account.reports == 0 { Err(Failure::NothingRead(account.files())) } else { Ok(()) }
}

/// `gouji rules`.
pub(crate) fn rules(ids: &[String], format: &str, settings: &Settings, lang: Lang) -> Result<u8, Failure> {
    let format = CATALOGUE_FORMATS.iter().find(|f| f.name == format).ok_or_else(|| {
        let names: Vec<&str> = CATALOGUE_FORMATS.iter().map(|f| f.name).collect();
        Failure::Usage(format!("unknown format {format:?}: one of {}", names.join(", ")))
    })?;
    let find = |id: &String| Rule::find(id).ok_or_else(|| Failure::Usage(format!("unknown rule {id:?}")));
    let shown: Vec<&Rule> =
        if ids.is_empty() { RULES.clone() } else { ids.iter().map(find).collect::<Result<_, _>>()? };
    let mut out = writer();
    out.write_all((format.write)(&shown, settings, lang).as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::writing(error, None))?;
    Ok(0)
}

/// The configuration: the file that was named, else the one in the user's folder, if there is one.
pub(crate) fn configuration(named: Option<&Path>) -> Result<Configuration, Failure> {
    let found = || -> Option<PathBuf> {
        use etcetera::BaseStrategy as _;
        let folder = etcetera::base_strategy::choose_base_strategy().ok()?.config_dir();
        Some(folder.join("gouji/config.toml")).filter(|path| path.is_file())
    };
    let Some(path) = named.map(Path::to_owned).or_else(found) else { return Ok(Configuration::default()) };
    let source =
        std::fs::read_to_string(&path).map_err(|reason| Failure::Path { path: path.clone(), reason })?;
    Ok(Configuration { path, source })
}

/// What a configuration file says.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    path: PathBuf,
    source: String,
}

impl Configuration {
    fn failure(&self, error: SettingsError) -> Failure {
        Failure::Settings { path: self.path.clone(), error }
    }

    /// What it says about rules and reviews.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        // A mistake in the part of the explorer is told by every command, not only where that part is used.
        self.preferences()?;
        Settings::parse(&self.source).map_err(|error| self.failure(error))
    }

    /// What it says about the explorer.
    pub(crate) fn preferences(&self) -> Result<Preferences, Failure> {
        Preferences::parse(&self.source).map_err(|error| self.failure(error))
    }
}

/// `gouji schema`.
pub(crate) fn schema() -> Result<u8, Failure> {
    let mut out = writer();
    writeln!(out, "{}", json::schema())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::writing(error, None))?;
    Ok(0)
}
