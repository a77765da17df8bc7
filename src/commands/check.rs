//! `gouji check`: findings without a screen.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gouji::corpus::{self, CauseKey, Relative, Relatives};
use gouji::display::Lang;
use gouji::export::{self, Checked, FINDING_FORMATS, FindingFormat, FindingList, Identity};
use gouji::load::Located;
use gouji::report::Report;
use gouji::rules::{self, Evaluation, Finding, Judged, Rule, Settings, Severity};
use serde::{Deserialize, Serialize};

use super::{Failure, read_all, read_something, sum_up, writer};
use crate::{Check, FailOn, SeverityName};

mod sums;

/// Which findings are asked for.
struct Wanted {
    rules: Vec<&'static str>,
    least: Severity,
}

impl Wanted {
    fn new(check: &Check) -> Result<Self, Failure> {
        let id = |id: &String| {
            let unknown = || Failure::Usage(format!("unknown rule {id:?}: see gouji rules"));
            Rule::find(id).map(|rule| rule.id).ok_or_else(unknown)
        };
        let rules = check.rule.iter().map(id).collect::<Result<_, _>>()?;
        Ok(Self { rules, least: check.severity.map_or(Severity::Info, severity) })
    }

    fn admits(&self, finding: &Finding) -> bool {
        self.admits_rule(finding.rule, finding.severity)
    }

    fn admits_rule(&self, rule: &Rule, severity: Severity) -> bool {
        severity <= self.least && (self.rules.is_empty() || self.rules.contains(&rule.id))
    }
}

/// A report with what was found in it by itself.
struct Found {
    relative: Relative,
    /// What is kept to name it once more; nothing of a report that is not asked for.
    note: Vec<u8>,
    /// Its causes by severity.
    counts: [u16; 3],
    written: Written,
}

/// What is written of a report.
enum Written {
    /// Put together on the thread that read it.
    Text(Vec<u8>),
    /// A part of a document, which is put together in order.
    Part(Box<Listed>),
    /// Nothing, as it is not asked for.
    Nothing,
}

/// What names a report when what is found beside others is written.
#[derive(Serialize, Deserialize)]
struct Note<I> {
    identity: I,
    /// How many causes were listed of it.
    causes: u32,
}

/// Findings of a report, listed by cause.
struct Listed {
    identity: Identity,
    findings: Vec<(Finding, u32)>,
    causes: Vec<(u32, String)>,
}

impl Listed {
    fn checked(&self, lang: Lang) -> Checked<'_> {
        Checked { report: &self.identity, findings: &self.findings, causes: &self.causes, lang }
    }

    fn written(self, format: &FindingFormat, lang: Lang, buffers: &Buffers) -> Written {
        match format.of_report(&self.checked(lang), buffers.take()) {
            Ok(text) => Written::Text(text),
            Err(memory) => {
                buffers.give(memory);
                Written::Part(Box::new(self))
            }
        }
    }

    fn note(&self, buffers: &Buffers) -> Vec<u8> {
        let causes = self.findings.iter().map(|(_, group)| *group).max().unwrap_or(0);
        let note = Note { identity: &self.identity, causes };
        // Nothing in it can fail to be written.
        postcard::to_extend(&note, buffers.take()).unwrap_or_default()
    }
}

/// Memory that goes from the threads that read to the one that writes, and back: what one thread asks for and another
/// gives back costs both of them time, as they have to wait for each other.
#[derive(Default)]
struct Buffers(Mutex<Vec<Vec<u8>>>);

impl Buffers {
    /// A larger one is not kept.
    const LARGE: usize = 64 << 10;

    fn all(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An empty one.
    fn take(&self) -> Vec<u8> {
        self.all().pop().unwrap_or_default()
    }

    fn give(&self, mut buffer: Vec<u8>) {
        if buffer.capacity() <= Self::LARGE {
            buffer.clear();
            self.all().push(buffer);
        }
    }
}

/// Where findings go.
struct Sink<'b> {
    out: Box<dyn Write>,
    buffers: &'b Buffers,
    list: Box<dyn FindingList>,
    lang: Lang,
    counts: [usize; 3],
}

impl Sink<'_> {
    fn write(&mut self, counts: [u16; 3], written: Written) -> io::Result<()> {
        for (sum, n) in self.counts.iter_mut().zip(counts) {
            *sum += usize::from(n);
        }
        match written {
            Written::Text(text) => {
                self.out.write_all(&text)?;
                self.buffers.give(text);
                Ok(())
            }
            Written::Part(part) => self.list.add(&mut self.out, &part.checked(self.lang)),
            Written::Nothing => Ok(()),
        }
    }
}

/// Runs the command; the exit code says whether something was found.
pub(crate) fn check(check: &Check, settings: &Settings, lang: Lang) -> Result<u8, Failure> {
    let format = FINDING_FORMATS.iter().find(|f| f.name == check.format).ok_or_else(|| {
        let names: Vec<&str> = FINDING_FORMATS.iter().map(|f| f.name).collect();
        Failure::Usage(format!("unknown format {:?}: one of {}", check.format, names.join(", ")))
    })?;
    let wanted = Wanted::new(check)?;
    if format.sums_only {
        return sums::check(check, settings, &wanted, lang);
    }
    if format.is_binary && check.output.is_none() {
        return Err(Failure::Usage(format!("--format {} needs a file: -o FILE", format.name)));
    }
    let out = writer(check.output.as_deref())?;
    let buffers = Buffers::default();
    let mut sink = Sink { out, buffers: &buffers, list: format.list(lang), lang, counts: [0; 3] };
    let work = |path: &Path, located: Located| {
        let report = located.report;
        let judged = rules::judged(&report);
        let relative = corpus::relative_in(&report, &judged, buffers.take());
        if !check.narrow.admits(&report) {
            return Found { relative, note: Vec::new(), counts: [0; 3], written: Written::Nothing };
        }
        let identity = Identity::of(&report, path, format);
        let evaluations = rules::evaluate_broken(&report);
        let findings = rules::check_evaluated(&report, settings, &evaluations, &judged);
        let findings = findings.into_iter().filter(|f| wanted.admits(f)).collect();
        let (listed, counts) = listed(identity, &report, &evaluations, findings, &judged, lang);
        let note = listed.note(&buffers);
        Found { relative, note, counts, written: listed.written(format, lang, &buffers) }
    };
    let mut relatives = Relatives::within(Some(std::env::temp_dir()));
    let mut has_admitted = false;
    let (account, written) = read_all(&check.paths, lang, &work, &mut |_, found| {
        relatives.add(&found.relative, &found.note);
        has_admitted |= !found.note.is_empty();
        buffers.give(found.relative.into_memory());
        buffers.give(found.note);
        sink.write(found.counts, found.written)
    })?;
    let written = written.and_then(|()| beside_others(&relatives, settings, &wanted, format, &mut sink));
    written
        .and_then(|()| sink.list.finish(&mut sink.out))
        .and_then(|()| sink.out.flush())
        .map_err(|error| Failure::writing(error, check.output.as_deref()))?;
    sum_up(account, sink.counts, lang.pick("按原因计", "by cause"), settings, lang);
    read_something(account)?;
    if has_admitted { Ok(exit_code(check.fail_on, sink.counts)) } else { Err(Failure::NothingAdmitted) }
}

/// The exit code by what was found, worst first.
fn exit_code(fail_on: FailOn, [errors, warnings, _]: [usize; 3]) -> u8 {
    let failed = match fail_on {
        FailOn::Error => errors > 0,
        FailOn::Warning => errors + warnings > 0,
        FailOn::Never => false,
    };
    u8::from(failed)
}

/// Findings grouped by cause, with how many causes there are by severity.
fn listed(
    identity: Identity,
    report: &Report,
    evaluations: &[Evaluation],
    findings: Vec<Finding>,
    judged: &[Judged],
    lang: Lang,
) -> (Listed, [u16; 3]) {
    let causes = rules::causes(report, evaluations, &findings, judged);
    let counts = corpus::count_by_severity(CauseKey::of(&causes, &findings).iter().copied());
    let (findings, causes) = export::numbered(report, findings, &causes, lang);
    (Listed { identity, findings, causes }, counts)
}

/// What is found in reports beside others, in the order in which they were read.
fn beside_others(
    relatives: &Relatives,
    settings: &Settings,
    wanted: &Wanted,
    format: &FindingFormat,
    sink: &mut Sink<'_>,
) -> io::Result<()> {
    let (nothing, lang, buffers) = (Report::default(), sink.lang, sink.buffers);
    let work = |_: u32, note: &[u8], mut findings: Vec<Finding>| {
        findings.retain(|f| wanted.admits(f));
        if findings.is_empty() {
            return None;
        }
        // A report that is not asked for has no note.
        let note: Note<Identity> = postcard::from_bytes(note).ok()?;
        findings.sort_by_key(|f| f.severity);
        let (mut listed, counts) = listed(note.identity, &nothing, &[], findings, &[], lang);
        listed.causes.clear();
        // Causes are counted on within the report.
        for (_, group) in &mut listed.findings {
            *group += note.causes;
        }
        Some((counts, listed.written(format, lang, buffers)))
    };
    relatives.each(settings, &work, &mut |found| {
        found.map_or(Ok(()), |(counts, written)| sink.write(counts, written))
    })
}

fn severity(name: SeverityName) -> Severity {
    match name {
        SeverityName::Error => Severity::Error,
        SeverityName::Warning => Severity::Warning,
        SeverityName::Info => Severity::Info,
    }
}
