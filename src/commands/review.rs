//! `gouji review`: decisions without a screen, for scripts and for handing over.

mod settle;

use std::collections::BTreeMap;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use gouji::corpus::cache::Cache;
use gouji::corpus::choices::is_code;
use gouji::corpus::{self, Corpus};
use gouji::display::{self, Lang};
use gouji::review::{
    self, Decision, Event, FindingKey, Judged, State, Step, Store, StoreError, Subject, Verdict,
};
use gouji::rules::Settings;
use serde::{Deserialize, Serialize};

use super::matrix::indexed;
use super::{Failure, Outlet, checked_paths, say, writer};

/// Decisions on findings.
#[derive(Debug, Args)]
pub(crate) struct Review {
    #[command(subcommand)]
    command: Command,
    /// The file of decisions [default: .gouji/reviews.db beside the reports]
    #[arg(long, global = true, value_name = "FILE")]
    reviews: Option<PathBuf>,
    /// The reviewer [default: `reviewer` in `[review]` of the configuration, else the login name]
    #[arg(long = "as", global = true, value_name = "NAME")]
    reviewer: Option<String>,
    /// The reports that the decisions are about: it says where the file is [default: sample-data]
    #[arg(long, global = true, value_name = "PATH")]
    corpus: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the decision that stands on each finding, and what is settled by hand
    List {
        /// Read the reports, and print the findings that are open instead
        #[arg(long)]
        open: bool,
        /// text or jsonl
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Decide on findings: one a line on standard input, as `list --open --format jsonl` prints them
    ///
    /// Prints the number and the name of each decision when it is saved and synced.
    Decide {
        /// The decision for lines that name none
        #[arg(long, value_parser = decision)]
        decision: Option<Decision>,
        /// Why
        #[arg(long)]
        reason: Option<String>,
        /// A note
        #[arg(long)]
        note: Option<String>,
        /// All lines are one step, saved and undone at once
        #[arg(long)]
        one_step: bool,
    },
    /// Settle which county an agency of an open place belongs to
    Place(settle::PlaceArgs),
    /// Settle which of several versions stands for a year of an agency
    Version(settle::VersionArgs),
    /// Take your last step back
    Undo,
    /// Do the step again that you took back last
    Redo,
    /// Print the reasons to choose from, or replace them
    Reasons {
        /// A reason of the new list (several: repeat; none but an empty one: the program's own list)
        #[arg(long)]
        set: Vec<String>,
    },
    /// Write everything that was ever decided as JSON Lines
    Export {
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Add what an export holds; what is there already stays
    Import {
        /// The export
        file: PathBuf,
    },
    /// Add what another file of decisions holds, which is only read
    Merge {
        /// The other file
        file: PathBuf,
    },
    /// Look closely whether the file is whole
    Verify,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

fn decision(name: &str) -> Result<Decision, String> {
    let names = Decision::ALL.map(Decision::name).join(", ");
    Decision::parse(name).ok_or_else(|| format!("one of {names}"))
}

/// A finding on one line: what is needed to decide on it, and what was decided.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    report: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    county_code: Option<String>,
    rule: String,
    place: String,
    figures: String,
    #[serde(default)]
    about: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    severity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decision: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reviewer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// What another reviewer has decided otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conflict: Option<Box<Past>>,
    /// A decision on other figures, or on a report that this one may have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    was: Option<Box<Past>>,
}

/// A decision that does not stand.
#[derive(Debug, Serialize, Deserialize)]
struct Past {
    decision: Option<String>,
    reviewer: String,
    at: String,
    figures: String,
    /// The report, where it is not certain that it is this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    report: Option<String>,
}

impl Past {
    #[allow(clippy::unnecessary_box_returns, reason = "it is kept in a box")]
    fn of(event: &Event, subject: &Subject) -> Box<Self> {
        let on = event.on.as_ref();
        let other = on.map(|on| &on.key.report).filter(|report| **report != subject.key.report);
        Box::new(Self {
            report: other.map(|report| report.raw().to_owned()),
            decision: event.decision.map(|decision| decision.name().to_owned()),
            reviewer: event.reviewer.raw().to_owned(),
            at: event.at.clone(),
            figures: on.map_or("", |on| on.judged.0.raw()).to_owned(),
        })
    }
}

impl Line {
    fn of(subject: &Subject, state: &State, severity: Option<&str>) -> Self {
        let event = state.standing.as_deref();
        let text = |text: &display::Untrusted| text.raw().to_owned();
        Self {
            report: text(&subject.key.report),
            county_code: subject
                .key
                .report
                .raw()
                .split('/')
                .next()
                .filter(|place| is_code(place))
                .map(str::to_owned),
            rule: text(&subject.key.rule),
            place: text(&subject.key.place),
            figures: text(&subject.judged.0),
            about: text(&subject.about),
            severity: severity.map(str::to_owned),
            decision: event.and_then(|event| Some(event.decision?.name().to_owned())),
            reviewer: event.map(|event| text(&event.reviewer)),
            at: event.map(|event| event.at.clone()),
            reason: event.and_then(|event| event.reason.as_ref()).map(text),
            note: state.note.as_ref().and_then(|event| event.note.as_ref()).map(text),
            conflict: state.conflict.as_deref().map(|event| Past::of(event, subject)),
            was: match &state.verdict {
                Verdict::Reopened { was } => Some(Past::of(was, subject)),
                _ => None,
            },
        }
    }

    fn subject(&self) -> Subject {
        Subject {
            key: FindingKey {
                report: self.report.as_str().into(),
                rule: self.rule.as_str().into(),
                place: self.place.as_str().into(),
            },
            judged: Judged(self.figures.as_str().into()),
            about: self.about.as_str().into(),
        }
    }

    fn write(&self, out: &mut dyn Write, format: Format, lang: Lang) -> io::Result<()> {
        if format == Format::Jsonl {
            return writeln!(out, "{}", display::escape_json(&serde_json::to_string(self)?));
        }
        let name = |name: &Option<String>| {
            let decision = name.as_deref().and_then(Decision::parse).unwrap_or(Decision::Open);
            decision.word(lang).to_owned()
        };
        let mut line = vec![name(&self.decision), self.report.clone(), self.rule.clone(), self.about.clone()];
        if let Some(reviewer) = &self.reviewer {
            line.push(format!("{reviewer} {}", self.at.as_deref().unwrap_or("")));
        }
        line.extend(self.reason.clone());
        line.extend(self.note.as_ref().map(|note| note.replace('\n', " / ")));
        if let Some(other) = &self.conflict {
            let word = lang.pick("意见不一", "in conflict with");
            line.push(format!("{word} {} {}", other.reviewer, name(&other.decision)));
        }
        if let Some(was) = &self.was {
            let figures = Judged(was.figures.as_str().into()).words();
            let why = Verdict::why_open_again(was.report.is_some(), lang);
            let was_word = lang.pick("，原结论", ", was");
            line.push(format!("{why}{was_word} {} {} ({figures})", was.reviewer, name(&was.decision)));
        }
        line.retain(|part| !part.is_empty());
        writeln!(out, "{}", display::visible(&line.join("  ")))
    }
}

/// Where the decisions are and who decides.
struct Place<'a> {
    review: &'a Review,
    corpus: Vec<PathBuf>,
    lang: Lang,
    /// The name of the reviewer that is configured.
    configured: Option<String>,
}

impl Place<'_> {
    fn failure(&self, error: &StoreError) -> Failure {
        Failure::Usage(error.message(self.lang))
    }

    fn location(&self) -> Result<review::Location, Failure> {
        review::locate(&self.corpus, self.review.reviews.as_deref()).map_err(|error| self.failure(&error))
    }

    /// For writing; told on standard error where something is not as expected.
    fn open(&self) -> Result<Store, Failure> {
        let name = self.review.reviewer.clone().or_else(|| self.configured.clone());
        let name = name.unwrap_or_else(review::login_name);
        let location = self.location()?;
        let store = patiently(|| Store::open(&location, &name)).map_err(|error| self.failure(&error))?;
        for notice in store.notices() {
            say(&notice.message(self.lang));
        }
        Ok(store)
    }

    fn read(&self) -> Result<Store, Failure> {
        Store::read(&self.location()?.path).map_err(|error| self.failure(&error))
    }

    /// The decisions for reading; nothing where nobody has decided anything yet.
    fn read_if_any(&self) -> Result<Option<Store>, Failure> {
        match self.read() {
            Ok(store) => Ok(Some(store)),
            Err(_) if !self.location()?.path.exists() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The reports, compared with each other, as far as the decisions say which they are; from the kept index where it
    /// still fits.
    fn reports(&self, settings: Settings, store: Option<&Store>) -> Result<Corpus, Failure> {
        let (settings, folder) = (Arc::new(settings), corpus::cache::folder());
        let choices = Arc::new(store.map(Store::choices).unwrap_or_default());
        let cache = folder.as_deref().map(|folder| Cache::of(&self.corpus, &settings, folder));
        indexed(&self.corpus, &settings, &choices, cache.as_ref(), folder, self.lang)
    }

    /// Whether it is known which reports the decisions are about.
    fn knows_reports(&self) -> bool {
        !self.review.corpus.is_empty() || self.review.reviews.is_none()
    }
}

/// Runs the command.
pub(crate) fn review(
    review: &Review,
    settings: &dyn Fn() -> Result<Settings, Failure>,
    lang: Lang,
) -> Result<u8, Failure> {
    let sample = PathBuf::from("sample-data");
    let corpus = match (review.corpus.is_empty(), review.reviews.is_some(), sample.is_dir()) {
        (false, ..) => checked_paths(&review.corpus)?,
        (true, _, true) => vec![sample],
        (true, true, false) => Vec::new(),
        (true, false, false) => return Err(Failure::NoPath),
    };
    let place = Place { review, corpus, lang, configured: settings()?.reviewer };
    let fail = |error: StoreError| place.failure(&error);
    match &review.command {
        Command::List { open: true, format } => list_open(&place, settings()?, *format),
        Command::List { open: false, format } => list(&place, *format),
        Command::Decide { decision, reason, note, one_step } => {
            let defaults = Defaults { decision: *decision, reason: reason.as_deref(), note: note.as_deref() };
            decide(&place, &defaults, *one_step)
        }
        Command::Place(arguments) => settle::place(&place, arguments, settings),
        Command::Version(arguments) => settle::version(&place, arguments, settings),
        Command::Undo => turned(place.open()?.undo().map_err(fail)?, lang),
        Command::Redo => turned(place.open()?.redo().map_err(fail)?, lang),
        Command::Reasons { set } => reasons(&place, set),
        Command::Export { output } => {
            let store = place.read()?;
            let mut out = Outlet::new(output.as_deref())?;
            let written = store.export(&mut out).and_then(|()| out.finish());
            written.map_err(|error| Failure::writing(error, output.as_deref()))?;
            Ok(0)
        }
        Command::Import { file } => {
            let lines =
                std::fs::File::open(file).map_err(|reason| Failure::Path { path: file.clone(), reason })?;
            let taken = place.open()?.import(BufReader::new(lines)).map_err(fail)?;
            say(&taken.sentence(lang));
            Ok(u8::from(taken.differing > 0))
        }
        Command::Merge { file } => {
            let taken = place.open()?.merge(file).map_err(fail)?;
            say(&taken.sentence(lang));
            Ok(u8::from(taken.differing > 0))
        }
        Command::Verify => verify(&place.location()?.path, lang),
    }
}

fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = writer();
    write(&mut out).and_then(|()| out.flush()).map_err(|error| Failure::writing(error, None))
}

fn list(place: &Place<'_>, format: Format) -> Result<u8, Failure> {
    let store = place.read()?;
    print(|out| {
        for event in store.decisions() {
            let Some(on) = &event.on else { continue };
            Line::of(on, &store.state(on), None).write(out, format, place.lang)?;
        }
        settle::list(&store.choices(), out, format, place.lang)
    })?;
    Ok(0)
}

/// Reads the corpus and lists what is still to be decided, report by report.
fn list_open(place: &Place<'_>, settings: Settings, format: Format) -> Result<u8, Failure> {
    let store = place.read_if_any()?;
    let corpus = place.reports(settings, store.as_ref())?;
    if let Some(store) = &store {
        review::adopt(&corpus, store);
    }
    print(|out| {
        for report in corpus.reports() {
            let Ok(open) = corpus.open(report) else { continue };
            let subjects = review::subjects(&open.id, &open.report, &open.findings, place.lang);
            for (subject, finding) in subjects.iter().zip(&open.findings) {
                let state = store.as_ref().map_or_else(State::default, |store| store.state(subject));
                if state.is_open() {
                    let severity = Some(finding.severity.name());
                    Line::of(subject, &state, severity).write(out, format, place.lang)?;
                }
            }
        }
        Ok(())
    })?;
    Ok(0)
}

/// What lines do not say.
struct Defaults<'a> {
    decision: Option<Decision>,
    reason: Option<&'a str>,
    note: Option<&'a str>,
}

impl Defaults<'_> {
    /// The decision of a line with reason and note.
    fn of(&self, line: &Line, number: usize) -> Result<(Decision, String, Option<String>), Failure> {
        let wrong = |what: &str| Failure::Usage(format!("line {number}: {what}"));
        let decision = match &line.decision {
            Some(name) => Decision::parse(name).ok_or_else(|| wrong("an unknown decision"))?,
            None => self.decision.ok_or_else(|| wrong("no decision, and no --decision"))?,
        };
        let reason = line.reason.as_deref().or(self.reason).unwrap_or("").to_owned();
        Ok((decision, reason, line.note.clone().or_else(|| self.note.map(str::to_owned))))
    }
}

/// How often a command tries again where others hold the store: it has nothing better to do, unlike a screen.
const TRIES: usize = 6;

/// Does something again while others hold the store. What is recorded twice is saved once.
fn patiently<T>(mut work: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for _ in 1..TRIES {
        match work() {
            Err(StoreError::Locked) => {}
            done => return done,
        }
    }
    work()
}

fn decide(place: &Place<'_>, defaults: &Defaults<'_>, one_step: bool) -> Result<u8, Failure> {
    let store = place.open()?;
    let fail = |error: StoreError| place.failure(&error);
    let mut together: BTreeMap<(Decision, String, Option<String>), Vec<Subject>> = BTreeMap::new();
    let mut out = io::stdout().lock();
    let mut record = |subjects, (decision, reason, note): (Decision, String, Option<String>)| {
        let step = Step::decide(subjects, decision).map_err(fail)?.because(&reason);
        let step = if let Some(note) = note { step.note(&note) } else { step };
        let saved = patiently(|| store.record(&step)).map_err(fail)?;
        for (number, uuid) in saved.events {
            writeln!(out, "{number} {uuid}").map_err(|error| Failure::writing(error, None))?;
        }
        out.flush().map_err(|error| Failure::writing(error, None))
    };
    for (number, text) in (1..).zip(io::stdin().lines()) {
        let text = text.map_err(|reason| Failure::Path { path: PathBuf::from("standard input"), reason })?;
        if text.trim().is_empty() {
            continue;
        }
        let line: Line =
            serde_json::from_str(&text).map_err(|error| Failure::Usage(format!("line {number}: {error}")))?;
        let decision = defaults.of(&line, number)?;
        if one_step {
            together.entry(decision).or_default().push(line.subject());
        } else {
            record(vec![line.subject()], decision)?;
        }
    }
    if together.len() > 1 {
        let words = "--one-step takes one decision with one reason and one note for all lines";
        return Err(Failure::Usage(words.to_owned()));
    }
    for (decision, subjects) in together {
        record(subjects, decision)?;
    }
    Ok(0)
}

/// Says what was undone or done again.
fn turned(events: Vec<Arc<Event>>, lang: Lang) -> Result<u8, Failure> {
    print(|out| {
        for event in events {
            let Some(on) = &event.on else { continue };
            let parts = [on.key.report.visible(), on.key.rule.visible(), on.about.visible()];
            let word = event.decision.map_or_else(|| settle::word(event.kind, lang), |d| d.word(lang));
            writeln!(out, "{word}  {}", parts.join("  "))?;
        }
        Ok(())
    })?;
    Ok(0)
}

fn reasons(place: &Place<'_>, set: &[String]) -> Result<u8, Failure> {
    let store = if set.is_empty() { place.read()? } else { place.open()? };
    if !set.is_empty() {
        let list: Vec<&str> = set.iter().map(String::as_str).filter(|reason| !reason.is_empty()).collect();
        store.set_reasons(&list).map_err(|error| place.failure(&error))?;
    }
    print(|out| {
        store.reasons(place.lang).iter().try_for_each(|reason| writeln!(out, "{}", reason.visible()))
    })?;
    Ok(0)
}

#[allow(clippy::unnecessary_wraps, reason = "as the other commands")]
fn verify(path: &Path, lang: Lang) -> Result<u8, Failure> {
    let (faults, events, decisions) = review::verify(path);
    for fault in &faults {
        say(&fault.message(lang));
    }
    if faults.is_empty() {
        let path = path.to_string_lossy();
        let path = display::visible(&path);
        say(&lang.pick(
            format!("{path}：完好，{events} 条记录，{decisions} 个结论"),
            format!("{path}: whole, {events} events, {decisions} decisions"),
        ));
    }
    Ok(u8::from(!faults.is_empty()))
}
