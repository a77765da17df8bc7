//! `gouji check --format tsv`: the broken sums and nothing else, which need neither narrative nor causes.

use std::io::{self, Write};
use std::path::Path;

use gouji::corpus::{self, Account, Choices};
use gouji::display::Lang;
use gouji::export::tsv::{Item, List, Sieve, Sums};
use gouji::load::files::{self, FileRead, Flow, Work};
use gouji::load::json;
use gouji::load::{Located, Record};
use gouji::rules::{Rule, Settings, Severity};

use super::super::{Failure, Outlet, checked_paths, progress, read_something, sum_up, tell};
use super::{Wanted, exit_code};
use crate::Check;

/// Where lines go.
struct Output {
    out: Outlet,
    counts: [usize; 3],
    written: io::Result<()>,
}

impl Output {
    fn write(&mut self, text: &str, counts: [u32; 3]) {
        if self.written.is_ok() && !text.is_empty() {
            self.written = self.out.write_all(text.as_bytes());
            self.counts.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n as usize);
        }
    }
}

/// Runs the command; the exit code says whether something was found.
pub(super) fn check(
    check: &Check,
    settings: &Settings,
    choices: &Choices,
    wanted: &Wanted,
    lang: Lang,
) -> Result<u8, Failure> {
    let paths = checked_paths(&check.paths)?;
    let mut output = Output { out: Outlet::new(check.output.as_deref())?, counts: [0; 3], written: Ok(()) };
    let admits = |rule: &Rule, severity: Severity| wanted.admits_rule(rule, severity);
    let sieve = Sieve::new(Sums::new(settings, &admits));
    let narrow = &check.narrow;
    let of_report = |path: &Path, mut located: Located| {
        corpus::settle(&mut located.report, choices);
        sieve.of_report(path, &located, narrow.admits(&located.report))
    };
    let of_line = |record: &Record<'_>| {
        let glimpse = json::glance(record.bytes)?;
        let is_admitted = narrow.admits_place(glimpse.county, glimpse.county_code, Some(glimpse.year));
        sieve.of_glimpse(record, &glimpse, is_admitted)
    };
    let bar = progress(&paths, lang);
    let (mut account, mut has_admitted) = (Account::default(), false);
    let mut list = List::within(Some(std::env::temp_dir()));
    let work = Work { report: &of_report, line: Some(&of_line) };
    files::read_with(&paths, work, &mut |read: FileRead<Item>| {
        account.reports += read.items.len();
        for item in read.items {
            has_admitted |= item.is_admitted();
            list.add(&read.path, &item);
        }
        if let Some(end) = read.end {
            account.count(end.state);
            bar.inc(1);
            bar.suspend(|| tell(&read.path, end.state, &end.problems, lang));
        }
        Flow::Go
    });
    bar.finish_and_clear();
    let gone =
        || Failure::Usage(lang.pick("暂存的结果丢失", "what was kept until all was read is lost").to_owned());
    account.copies =
        list.finish(&sieve, choices, &mut |text, counts| output.write(text, counts)).ok_or_else(gone)?;
    let Output { out, counts, written } = output;
    written.and_then(|()| out.finish()).map_err(|error| Failure::writing(error, check.output.as_deref()))?;
    sum_up(account, counts, lang.pick("按勾稽关系计", "by relation"), settings, lang);
    read_something(account)?;
    if has_admitted { Ok(exit_code(check.fail_on, counts)) } else { Err(Failure::NothingAdmitted) }
}
