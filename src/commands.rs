//! The commands of the program.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use gouji::corpus::{self, Account, FileState, Query};
use gouji::display::{self, Lang};
use gouji::export::{Checked, FINDING_FORMATS};
use gouji::load::files::{self, FileRead, Flow};
use gouji::load::{Located, json};
use gouji::report::{Problem, Report};
use gouji::rules::{self, Finding, RULES, Rule, Severity};
use gouji::synth;
use gouji::tui::session::Session;
use gouji::tui::theme::Theme;
use gouji::tui::{self, TerminalError};

use crate::{Check, Explore, FailOn, Narrow, Parse, SeverityName, Synth};

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Whoever read from us went away.
    #[error("the pipe was closed")]
    PipeClosed,
    /// A path that the user gave does not exist or cannot be read.
    #[error("{}: {reason}", path.display())]
    Path { path: PathBuf, reason: io::Error },
    /// There is no sample-data here.
    #[error("no PATH given, and there is no folder sample-data here: name a folder with reports")]
    NoPath,
    /// The screen cannot be used.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// Something else about the arguments.
    #[error("{0}")]
    Usage(String),
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
        let county = self.county.as_ref().is_none_or(|wanted| {
            report.county.as_ref().is_some_and(|name| name.raw() == wanted)
                || report.county_code.as_ref().is_some_and(|code| code.raw() == wanted)
        });
        let year = self.year.is_none_or(|(from, to)| report.year.is_some_and(|y| (from..=to).contains(&y)));
        county && year
    }
}

/// Every path must exist: a slip in a path must not look like a corpus without findings.
fn checked_paths(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    for path in paths {
        std::fs::metadata(path).map_err(|reason| Failure::Path { path: path.clone(), reason })?;
    }
    Ok(paths.to_vec())
}

/// Opens the explorer.
pub(crate) fn explore(explore: &Explore, lang: Lang) -> Result<u8, Failure> {
    let sample = PathBuf::from("sample-data");
    let paths = match (explore.paths.is_empty(), sample.is_dir()) {
        (false, _) => checked_paths(&explore.paths)?,
        (true, true) => vec![sample],
        (true, false) => return Err(Failure::NoPath),
    };
    let no_color = explore.no_color || std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let theme = Theme { color: !no_color, ascii: explore.ascii };
    let mut session = Session::new(lang, theme, Query::default());
    session.wanted_county.clone_from(&explore.narrow.county);
    if let Some((from, to)) = explore.narrow.year {
        session.query.years = (from..=to).collect::<BTreeSet<u16>>();
    }
    match tui::run(session, paths)? {
        // The shell shall see what ended the program.
        Some(exit) => tui::end(exit),
        None => Ok(0),
    }
}

/// Standard output or a file.
fn writer(path: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    match path {
        None => Ok(Box::new(BufWriter::new(io::stdout().lock()))),
        Some(path) => {
            let file = File::create(path).map_err(|error| Failure::writing(error, Some(path)))?;
            Ok(Box::new(BufWriter::new(file)))
        }
    }
}

/// Reads every file and hands what `work` made of each report to `each`, copies left out; problems go to standard
/// error as they come.
fn read_all<T: Send>(
    paths: &[PathBuf],
    lang: Lang,
    work: &(dyn Fn(&Path, Located) -> T + Sync),
    each: &mut dyn FnMut(&Path, T) -> io::Result<()>,
) -> Result<(Account, io::Result<()>), Failure> {
    let paths = checked_paths(paths)?;
    let mut account = Account::default();
    let mut seen = HashSet::new();
    let mut written = Ok(());
    let with_print =
        |path: &Path, located: Located| (corpus::fingerprint(&located.report), work(path, located));
    files::read_all(&paths, &with_print, &mut |read: FileRead<(u64, T)>| {
        for (fingerprint, item) in read.items {
            account.reports += 1;
            if !seen.insert(fingerprint) {
                account.copies += 1;
            } else if written.is_ok() {
                written = each(&read.path, item);
            }
        }
        if let Some(end) = read.end {
            account.count(end.state);
            tell(&read.path, end.state, &end.problems, lang);
        }
        if written.is_ok() { Flow::Go } else { Flow::Stop }
    });
    Ok((account, written))
}

/// Names the problems of a file on standard error.
#[allow(clippy::print_stderr, reason = "diagnostics of a command")]
fn tell(path: &Path, state: FileState, problems: &[Problem], lang: Lang) {
    let name = display::visible(&path.to_string_lossy()).into_owned();
    let word = match state {
        FileState::Rejected => lang.pick("拒绝", "rejected"),
        FileState::Skipped => lang.pick("跳过", "skipped"),
        FileState::WithProblems | FileState::Loaded => lang.pick("有疑", "problem"),
    };
    for problem in problems {
        let line = if problem.line > 0 { format!(":{}", problem.line) } else { String::new() };
        eprintln!("{word} {name}{line}: {}", problem.message(lang));
    }
}

/// The account of files on standard error.
#[allow(clippy::print_stderr, reason = "the summary of a command")]
fn sum_up(account: Account, findings: [usize; 3], lang: Lang) {
    let [errors, warnings, infos] = findings;
    let found = lang.pick(
        format!("；错误 {errors}，警告 {warnings}，提示 {infos}"),
        format!("; errors {errors}, warnings {warnings}, infos {infos}"),
    );
    eprintln!("{}{found}", account.sentence(lang));
}

/// `gouji parse`.
pub(crate) fn parse(parse: &Parse, lang: Lang) -> Result<u8, Failure> {
    if let Some(folder) = &parse.output {
        std::fs::create_dir_all(folder).map_err(|error| Failure::writing(error, Some(folder)))?;
    }
    let mut out = writer(None)?;
    let mut used = HashSet::new();
    let work =
        |_: &Path, located: Located| (json::file_name(&located.report), json::to_line(&located.report));
    let (account, written) =
        read_all(&parse.paths, lang, &work, &mut |_, (name, line)| match &parse.output {
            None => writeln!(out, "{line}"),
            Some(folder) => {
                if !used.insert(name.clone()) {
                    return Err(io::Error::new(
                        io::ErrorKind::AlreadyExists,
                        format!("two reports would be written to {name}"),
                    ));
                }
                write_new(&folder.join(name), line.as_bytes())
            }
        })?;
    written.and_then(|()| out.flush()).map_err(|error| Failure::writing(error, parse.output.as_deref()))?;
    if account.files() > account.loaded || parse.output.is_some() || io::stderr().is_terminal() {
        sum_up(account, [0; 3], lang);
    }
    read_something(account).map(|()| 0)
}

/// Writes a file under another name first, so that nobody ever reads half of it.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let half = path.with_extension("half");
    std::fs::write(&half, [bytes, b"\n"].concat())?;
    std::fs::rename(&half, path)
}

fn read_something(account: Account) -> Result<(), Failure> {
    if account.reports == 0 { Err(Failure::NothingRead(account.files())) } else { Ok(()) }
}

/// `gouji check`.
pub(crate) fn check(check: &Check, lang: Lang) -> Result<u8, Failure> {
    let format = FINDING_FORMATS.iter().find(|f| f.name == check.format).ok_or_else(|| {
        let names: Vec<&str> = FINDING_FORMATS.iter().map(|f| f.name).collect();
        Failure::Usage(format!("unknown format {:?}: one of {}", check.format, names.join(", ")))
    })?;
    let rules: Vec<&str> = check
        .rule
        .iter()
        .map(|id| {
            Rule::find(id)
                .map(|r| r.id)
                .ok_or_else(|| Failure::Usage(format!("unknown rule {id:?}: see gouji rules")))
        })
        .collect::<Result<_, _>>()?;
    let least = check.severity.map_or(Severity::Info, severity);
    let wanted = |f: &Finding| f.rule.severity <= least && (rules.is_empty() || rules.contains(&f.rule.id));
    let mut out = writer(check.output.as_deref())?;
    let mut counts = [0_usize; 3];
    let work = |_: &Path, located: Located| {
        let admitted = check.narrow.admits(&located.report);
        let findings: Vec<Finding> = if admitted {
            rules::check(&located.report).into_iter().filter(&wanted).collect()
        } else {
            Vec::new()
        };
        (located.report, findings)
    };
    let (account, written) = read_all(&check.paths, lang, &work, &mut |file, (report, findings)| {
        for (sum, n) in counts.iter_mut().zip(corpus::count_by_severity(&findings)) {
            *sum += usize::from(n);
        }
        (format.write)(&mut out, &Checked { file, report: &report, findings: &findings, lang })
    })?;
    written.and_then(|()| out.flush()).map_err(|error| Failure::writing(error, check.output.as_deref()))?;
    sum_up(account, counts, lang);
    read_something(account)?;
    let [errors, warnings, _] = counts;
    let failed = match check.fail_on {
        FailOn::Error => errors > 0,
        FailOn::Warning => errors + warnings > 0,
        FailOn::Never => false,
    };
    Ok(u8::from(failed))
}

fn severity(name: SeverityName) -> Severity {
    match name {
        SeverityName::Error => Severity::Error,
        SeverityName::Warning => Severity::Warning,
        SeverityName::Info => Severity::Info,
    }
}

/// `gouji rules`.
pub(crate) fn rules(id: Option<&str>, lang: Lang) -> Result<u8, Failure> {
    let mut out = writer(None)?;
    let shown: Vec<&Rule> = match id {
        None => RULES.iter().collect(),
        Some(id) => vec![Rule::find(id).ok_or_else(|| Failure::Usage(format!("unknown rule {id:?}")))?],
    };
    let mut text = String::new();
    for rule in shown {
        let [formula, exceptions, source] =
            [lang.pick("公式", "formula"), lang.pick("例外", "exceptions"), lang.pick("依据", "source")];
        text.push_str(&format!(
            "{} {} [{}]\n  {formula}: {}\n  {exceptions}: {}\n  {source}: {}\n",
            rule.id,
            rule.title(lang),
            rule.severity.word(lang),
            rule.formula,
            rule.exceptions,
            rule.source
        ));
    }
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::writing(error, None))?;
    Ok(0)
}

/// `gouji schema`.
pub(crate) fn schema() -> Result<u8, Failure> {
    let mut out = writer(None)?;
    writeln!(out, "{}", json::schema())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::writing(error, None))?;
    Ok(0)
}

/// `gouji synth`.
pub(crate) fn synth(synth: &Synth) -> Result<u8, Failure> {
    let labels_path = synth.output.with_extension("labels.jsonl");
    let mut out = writer(Some(&synth.output))?;
    let mut labels = writer(Some(&labels_path))?;
    let default = synth::Settings::default();
    let settings = synth::Settings {
        reports: synth.reports,
        seed: synth.seed.unwrap_or(default.seed),
        errors_per_mille: synth.errors.unwrap_or(default.errors_per_mille),
    };
    for item in synth::Corpus::new(settings) {
        let line = json::to_line(&item.report);
        writeln!(out, "{line}").map_err(|error| Failure::writing(error, Some(&synth.output)))?;
        for label in &item.labels {
            writeln!(labels, "{}", label.to_line())
                .map_err(|error| Failure::writing(error, Some(&labels_path)))?;
        }
    }
    out.flush().map_err(|error| Failure::writing(error, Some(&synth.output)))?;
    labels.flush().map_err(|error| Failure::writing(error, Some(&labels_path)))?;
    Ok(0)
}
