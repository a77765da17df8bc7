//! `gouji export`: what is written for others, the rectification list and the tables as clean data.

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use gouji::corpus::{self, Choices, Corpus, OpenReport, Order, Query};
use gouji::display::Lang;
use gouji::export::grid::{GRID_FORMATS, GridFormat, GridWriter, Sheet};
use gouji::export::{Draft, Earlier, LEDGER_FORMATS, Ledger, LedgerFormat, LedgerOptions, Listed, figures};
use gouji::load::files::Flow;
use gouji::report::Problem;
use gouji::review::{self, Store};
use gouji::rules::{Settings, Severity};
use rayon::prelude::*;

use super::{Failure, checked_paths, progress, read_something, say, tell};
use crate::{Narrow, SeverityName};

/// What to write.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Folders or files
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The file to write; its ending says how: .xlsx .csv .md .json .jsonl, for data .parquet, for the list .sarif
    ///
    /// It is there whole or not at all. A new file can be read by its owner only; a link is not followed.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    narrow: Narrow,
    /// The rectification list, one row for each cause [default: the tables, one row for each cell]
    #[arg(long, conflicts_with = "wide")]
    ledger: bool,
    /// The tables with one row for each report
    #[arg(long)]
    wide: bool,
    /// A sheet for each county
    #[arg(long, requires = "ledger")]
    by_county: bool,
    /// Which causes are listed [default: those not dismissed]
    #[arg(long, requires = "ledger", value_enum)]
    status: Option<StatusName>,
    /// Only causes at least this severe
    #[arg(long, requires = "ledger", value_enum, default_value = "warning")]
    severity: SeverityName,
    /// The date until which everything is to be settled
    #[arg(long, requires = "ledger", value_name = "DATE")]
    due: Option<String>,
    /// Who is responsible
    #[arg(long, requires = "ledger", value_name = "NAME")]
    responsible: Option<String>,
    /// An earlier list (.json, .jsonl) or a file of decisions: says what is settled, what remains, what is new
    #[arg(long, requires = "ledger", value_name = "FILE")]
    since: Option<PathBuf>,
    /// The file of decisions [default: .gouji/reviews.db beside the reports, if there is one]
    #[arg(long, requires = "ledger", value_name = "FILE")]
    reviews: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StatusName {
    Open,
    Confirmed,
    All,
}

/// Runs the command.
pub(crate) fn export(export: &Export, settings: Settings, lang: Lang) -> Result<u8, Failure> {
    if export.ledger { ledger(export, settings, lang) } else { clean_data(export, &settings, lang) }
}

impl Export {
    fn failed(&self, error: io::Error) -> Failure {
        Failure::writing(error, Some(&self.output))
    }

    /// What is wrong with the place of the file is said before hours of reading.
    fn check_output(&self) -> Result<(), Failure> {
        Draft::new(&self.output).map(drop).map_err(|error| self.failed(error))
    }

    fn unknown_ending(&self, known: &[&str]) -> Failure {
        let ending = self.output.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_left_out = ending == "parquet" && !self.ledger && !cfg!(feature = "parquet");
        let why = if is_left_out { " (this gouji was built without the feature parquet)" } else { "" };
        let output = self.output.display();
        Failure::Usage(format!("{output}: the ending must be one of .{}{why}", known.join(" .")))
    }
}

fn ledger(export: &Export, settings: Settings, lang: Lang) -> Result<u8, Failure> {
    let format = LedgerFormat::of(&export.output).ok_or_else(|| {
        export.unknown_ending(&LEDGER_FORMATS.iter().map(|format| format.extension).collect::<Vec<_>>())
    })?;
    if export.by_county && !format.has_sheets {
        let named = LEDGER_FORMATS.iter().filter(|f| f.has_sheets).map(|f| f.extension);
        let named = named.collect::<Vec<_>>().join(" .");
        return Err(Failure::Usage(format!("--by-county needs a format with sheets: .{named}")));
    }
    export.check_output()?;
    let paths = checked_paths(&export.paths)?;
    let store = decisions(&paths, export.reviews.as_deref(), lang)?;
    let earlier = match &export.since {
        Some(path) => Some(Earlier::read(path).map_err(|error| Failure::Usage(error.to_string()))?),
        None => None,
    };
    let settings = Arc::new(settings);
    let choices = super::choices_in(&paths, export.reviews.as_deref(), lang)?;
    let corpus = index(&paths, &settings, &choices, lang);
    read_something(corpus.account())?;
    if let Some(store) = &store {
        review::adopt(&corpus, store);
    }
    let earlier = earlier.map(|earlier| earlier.adopted(&corpus));
    let is_compared = earlier.is_some();
    let mut ledger = Ledger::new(LedgerOptions {
        lang,
        listed: export.status.map_or(format.listed(), listed),
        least: severity(export.severity),
        responsible: export.responsible.clone().unwrap_or_default(),
        due: export.due.clone().unwrap_or_default(),
        corpus: is_compared.then(|| corpus.clone()),
        earlier,
        off: settings.switched_off().collect(),
    });
    let reports = narrowed(&corpus, &export.narrow)?;
    // Of a report without findings there is nothing to say but what was settled in it.
    let least = ledger.options().least;
    let has_something = |report: &u32| is_compared || has_findings(&corpus, *report, least);
    let reports: Vec<u32> = reports.into_iter().filter(has_something).collect();
    fill(&mut ledger, &corpus, &reports, store.as_ref(), lang);
    ledger.write(&export.output, export.by_county).map_err(|error| export.failed(error))?;
    sum_up(&ledger, &corpus, &export.output, lang);
    Ok(0)
}

/// The decisions that were named, or those of the corpus, if there are any.
fn decisions(paths: &[PathBuf], named: Option<&Path>, lang: Lang) -> Result<Option<Store>, Failure> {
    let fail = |error: review::StoreError| Failure::Usage(error.message(lang));
    let location = review::locate(paths, named).map_err(fail)?;
    if let Some(notice) = &location.notice {
        say(&notice.message(lang));
    }
    if named.is_none() && !location.path.exists() {
        return Ok(None);
    }
    Store::read(&location.path).map(Some).map_err(fail)
}

fn index(paths: &[PathBuf], settings: &Arc<Settings>, choices: &Arc<Choices>, lang: Lang) -> Corpus {
    let bar = progress(paths, lang);
    let mut corpus =
        Corpus::new(Arc::clone(settings), Some(std::env::temp_dir())).with_choices(Arc::clone(choices));
    corpus::read_with(paths, settings, choices, &mut |batch| {
        if let Some(end) = &batch.end {
            bar.inc(1);
            bar.suspend(|| tell(&batch.path, end.state, &end.problems, lang));
        }
        corpus.add(batch, false);
        Flow::Go
    });
    corpus.relate();
    bar.finish_and_clear();
    corpus
}

/// The reports that are asked for, by county, agency and year.
fn narrowed(corpus: &Corpus, narrow: &Narrow) -> Result<Vec<u32>, Failure> {
    let mut query = Query { order: Order::Place, ..Query::default() };
    if let Some((from, to)) = narrow.year {
        query.years = (from..=to).collect::<BTreeSet<u16>>();
    }
    if let Some(county) = &narrow.county {
        query.counties = corpus.areas_named(county).collect();
        if query.counties.is_empty() {
            return Err(Failure::NothingAdmitted);
        }
    }
    let reports = corpus.list(&query).reports.to_vec();
    if reports.is_empty() { Err(Failure::NothingAdmitted) } else { Ok(reports) }
}

fn has_findings(corpus: &Corpus, report: u32, least: Severity) -> bool {
    corpus.causes(report).any(|cause| cause.severity <= least)
}

/// So many reports are read at a time.
const AT_ONCE: usize = 256;

/// Opens reports on all cores, some at a time, and adds them in their order.
fn fill(ledger: &mut Ledger, corpus: &Corpus, reports: &[u32], store: Option<&Store>, lang: Lang) {
    for some in reports.chunks(AT_ONCE) {
        let options = ledger.options();
        let of_report =
            |report: &u32| corpus.open(*report).map(|open: OpenReport| options.of_report(&open, store));
        let found: Vec<Result<_, Problem>> = some.par_iter().map(of_report).collect();
        for (report, found) in some.iter().zip(found) {
            match found {
                Ok(of_report) => ledger.take(of_report),
                Err(problem) => {
                    let path =
                        corpus.place(*report).and_then(|place| corpus.path(&place).map(Path::to_owned));
                    tell(&path.unwrap_or_default(), corpus::FileState::Rejected, &[problem], lang);
                }
            }
        }
    }
}

fn sum_up(ledger: &Ledger, corpus: &Corpus, output: &Path, lang: Lang) {
    let (rows, unread) = (ledger.rows().len(), ledger.unread());
    let output = gouji::display::visible(&output.to_string_lossy()).into_owned();
    let written =
        lang.pick(format!("；{rows} 条写入 {output}"), format!("; {rows} rows written to {output}"));
    let unread = if unread == 0 {
        String::new()
    } else {
        lang.pick(
            format!("；原台账有 {unread} 条所属报告不在其中，未作判断"),
            format!("; nothing can be said of {unread} earlier rows, whose reports are not there"),
        )
    };
    say(&format!("{}{written}{unread}", corpus.account().sentence(lang)));
}

fn listed(name: StatusName) -> Listed {
    match name {
        StatusName::Open => Listed::Open,
        StatusName::Confirmed => Listed::Confirmed,
        StatusName::All => Listed::All,
    }
}

fn severity(name: SeverityName) -> Severity {
    match name {
        SeverityName::Error => Severity::Error,
        SeverityName::Warning => Severity::Warning,
        SeverityName::Info => Severity::Info,
    }
}

fn clean_data(export: &Export, settings: &Settings, lang: Lang) -> Result<u8, Failure> {
    let format = GridFormat::of(&export.output).ok_or_else(|| {
        export.unknown_ending(&GRID_FORMATS.iter().map(|format| format.extension).collect::<Vec<_>>())
    })?;
    export.check_output()?;
    let paths = checked_paths(&export.paths)?;
    let choices = super::choices(&paths, lang)?;
    let corpus = index(&paths, &Arc::new(settings.clone()), &choices, lang);
    read_something(corpus.account())?;
    let wanted: HashSet<u32> = narrowed(&corpus, &export.narrow)?.into_iter().collect();
    let admitted = wanted.len();
    let mut draft = Draft::new(&export.output).map_err(|error| export.failed(error))?;
    let mut writer = (format.writer)();
    let columns = if export.wide { &figures::WIDE } else { &figures::TIDY };
    let name = lang.pick("数据", "data").into();
    writer.begin(&mut draft, &Sheet { name, columns, lang }).map_err(|error| export.failed(error))?;
    // In the order in which they were read.
    let reports: Vec<u32> = corpus.reports().filter(|report| wanted.contains(report)).collect();
    reports
        .chunks(AT_ONCE)
        .try_for_each(|some| rows_of(&corpus, some, export.wide, writer.as_mut(), &mut draft))
        .and_then(|()| writer.finish(&mut draft))
        .and_then(|()| draft.place())
        .map_err(|error| export.failed(error))?;
    let output = gouji::display::visible(&export.output.to_string_lossy()).into_owned();
    let done = lang.pick(
        format!("；{admitted} 份报告写入 {output}"),
        format!("; {admitted} reports written to {output}"),
    );
    say(&format!("{}{done}", corpus.account().sentence(lang)));
    Ok(0)
}

/// Writes the rows of some reports, which are read on all cores.
fn rows_of(
    corpus: &Corpus,
    reports: &[u32],
    wide: bool,
    writer: &mut dyn GridWriter,
    draft: &mut Draft,
) -> io::Result<()> {
    let read =
        |report: &u32| corpus.read(*report).map(|(path, read)| (*report, corpus.id(*report), path, read));
    let read: Vec<_> = reports.par_iter().map(read).collect();
    for read in read {
        // A file that was changed while the export ran would give a table that says what nobody published.
        let changed = || io::Error::other("a file was changed while it was exported");
        let (report, id, path, read) = read.ok_or_else(changed)?;
        if wide {
            let counts = corpus.summary(report).map(|summary| summary.findings.map(u32::from));
            writer.row(draft, &figures::wide(&id, &read, &path.to_string_lossy(), counts))?;
        } else {
            figures::tidy(&id, &read).iter().try_for_each(|row| writer.row(draft, row))?;
        }
    }
    Ok(())
}
