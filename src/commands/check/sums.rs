//! `gouji check --format tsv`: the broken sums and nothing else, which need neither narrative nor causes.

use std::io::{self, Write};
use std::path::Path;

use gouji::corpus::Account;
use gouji::display::Lang;
use gouji::export::tsv::{Item, Lines, List, Sieve, Sums};
use gouji::load::Located;
use gouji::load::files::{self, FileRead, Flow, Work};
use gouji::load::json;
use gouji::rules::{Rule, Settings, Severity};

use super::super::{Failure, checked_paths, progress, read_something, sum_up, tell, writer};
use super::{Wanted, exit_code};
use crate::Check;

/// Where lines go.
struct Output {
    out: Box<dyn Write>,
    counts: [usize; 3],
    written: io::Result<()>,
}

impl Output {
    fn write(&mut self, lines: &Lines) {
        if self.written.is_ok() && !lines.text.is_empty() {
            self.written = self.out.write_all(lines.text.as_bytes());
            self.counts.iter_mut().zip(lines.counts).for_each(|(sum, n)| *sum += n as usize);
        }
    }
}

/// Runs the command; the exit code says whether something was found.
pub(super) fn check(check: &Check, settings: &Settings, wanted: &Wanted, lang: Lang) -> Result<u8, Failure> {
    let paths = checked_paths(&check.paths)?;
    let mut output = Output { out: writer(check.output.as_deref())?, counts: [0; 3], written: Ok(()) };
    let admits = |rule: &Rule, severity: Severity| wanted.admits_rule(rule, severity);
    let sieve = Sieve::new(Sums::new(settings, &admits));
    let narrow = &check.narrow;
    let of_report =
        |_: &Path, located: Located| sieve.of_report(&located.report, narrow.admits(&located.report));
    let of_line = |line: &[u8]| {
        let glimpse = json::glance(line)?;
        let is_admitted = narrow.admits_place(glimpse.county, glimpse.county_code, Some(glimpse.year));
        Some(sieve.of_glimpse(&glimpse, is_admitted))
    };
    let bar = progress(&paths, lang);
    let (mut account, mut list, mut has_admitted) = (Account::default(), List::default(), false);
    let work = Work { report: &of_report, line: Some(&of_line) };
    files::read_with(&paths, work, &mut |read: FileRead<Item>| {
        for item in read.items {
            account.reports += 1;
            if list.is_copy(&item) {
                account.copies += 1;
            } else {
                has_admitted |= item.is_admitted();
                output.write(&item.lines);
            }
        }
        if let Some(end) = read.end {
            account.count(end.state);
            bar.inc(1);
            bar.suspend(|| tell(&read.path, end.state, &end.problems, lang));
        }
        if output.written.is_ok() { Flow::Go } else { Flow::Stop }
    });
    bar.finish_and_clear();
    if output.written.is_ok() {
        output.write(&list.carried(&sieve));
    }
    let Output { mut out, counts, written } = output;
    written.and_then(|()| out.flush()).map_err(|error| Failure::writing(error, check.output.as_deref()))?;
    sum_up(account, counts, lang.pick("按勾稽关系计", "by relation"), settings, lang);
    read_something(account)?;
    if has_admitted { Ok(exit_code(check.fail_on, counts)) } else { Err(Failure::NothingAdmitted) }
}
