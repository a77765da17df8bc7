//! `gouji check`: findings without a screen.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gouji::corpus::{self, CauseKey, Choices, Log, Range, Relative, Relatives, Reported, Resolved};
use gouji::display::{Lang, Untrusted};
use gouji::export::{self, Checked, FINDING_FORMATS, FindingFormat, FindingList, Identity};
use gouji::load::Located;
use gouji::load::files::Flow;
use gouji::report::Report;
use gouji::rules::{self, Evaluation, Finding, Judged, Rule, Settings, Severity};

use super::{Failure, Outlet, read_all, read_something, sum_up};
use crate::{Check, FailOn, Narrow, SeverityName};

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
    range: Range,
    /// How many causes were listed of it; nothing of a report that is not asked for.
    causes: Option<u32>,
    /// Its causes by severity.
    counts: [u16; 3],
    /// What is written of it.
    part: Vec<u8>,
}

/// What is asked for of each report.
struct Examiner<'a> {
    narrow: &'a Narrow,
    settings: &'a Settings,
    choices: &'a Choices,
    wanted: &'a Wanted,
    format: &'static FindingFormat,
    lang: Lang,
    buffers: &'a Buffers,
}

impl Examiner<'_> {
    /// What is found in a report by itself.
    fn examine(&self, path: &Path, mut located: Located) -> Found {
        corpus::settle(&mut located.report, self.choices);
        let judged = rules::judged(&located.report);
        let relative = corpus::relative_in(
            path,
            &located.report,
            located.is_parsed,
            &judged,
            self.settings,
            self.buffers.take(),
        );
        let range = Range::of(&located);
        if !self.narrow.admits(&located.report) {
            return Found { relative, range, causes: None, counts: [0; 3], part: Vec::new() };
        }
        let (listed, counts) = self.listed(relative.id(&located.report), path, &located, &judged);
        let part = self.format.part(&listed.checked(self.lang), self.buffers.take());
        Found { relative, range, causes: Some(listed.groups()), counts, part }
    }

    fn listed(&self, id: Untrusted, path: &Path, located: &Located, judged: &[Judged]) -> (Listed, [u16; 3]) {
        let report = &located.report;
        let evaluations = rules::evaluate_broken(report);
        let findings = rules::check_evaluated(report, self.settings, &evaluations, judged);
        let mut findings: Vec<Finding> = findings.into_iter().filter(|f| self.wanted.admits(f)).collect();
        corpus::cite(&mut findings, path, located);
        listed(Identity::of(id, report, path), report, &evaluations, findings, judged, self.lang)
    }

    /// What is written of a report whose identifier has a mark, as it would be that of another.
    fn marked(&self, relatives: &Relatives, document: u32, ordinal: u32) -> Option<Vec<u8>> {
        let location = relatives.location(document)?;
        let mut located = location.read()?;
        corpus::settle(&mut located.report, self.choices);
        let judged = rules::judged(&located.report);
        let id = corpus::marked_id(&located.report, ordinal);
        let (listed, _) = self.listed(id, &location.path, &located, &judged);
        Some(self.format.part(&listed.checked(self.lang), Vec::new()))
    }
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

    /// How many causes there are.
    fn groups(&self) -> u32 {
        self.findings.iter().map(|(_, group)| *group).max().unwrap_or(0)
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
struct Sink {
    out: Outlet,
    list: Box<dyn FindingList>,
    counts: [usize; 3],
}

impl Sink {
    fn write(&mut self, counts: [u16; 3], part: &[u8]) -> io::Result<()> {
        for (sum, n) in self.counts.iter_mut().zip(counts) {
            *sum += usize::from(n);
        }
        self.list.add(&mut self.out, part)
    }
}

/// All documents with what is to be written of each. What is a copy is known only when all are read, so nothing is
/// written before.
struct Spool {
    relatives: Relatives,
    /// What is written of each, with its counts and whether it is asked for, in the order of reading.
    parts: Log,
}

impl Spool {
    fn add(&mut self, path: &Path, found: Found, buffers: &Buffers) {
        let causes = found.causes.map(u32::to_le_bytes);
        let causes = causes.as_ref().map_or(&[][..], <[u8; 4]>::as_slice);
        self.relatives.add(&found.relative, path, found.range, causes);
        let counts = found.counts.map(u16::to_le_bytes);
        let is_admitted = [u8::from(found.causes.is_some())];
        let _ = self.parts.append_parts(&[counts.as_flattened(), &is_admitted, &found.part]);
        for memory in [found.relative.into_memory(), found.part] {
            buffers.give(memory);
        }
    }

    /// Writes what was found in each report by itself, copies left out; whether any report is asked for.
    fn write(&self, resolved: &Resolved, examiner: &Examiner<'_>, sink: &mut Sink) -> io::Result<bool> {
        let mut has_admitted = false;
        let lost = || io::Error::other("what was found could not be kept until all was read");
        let mut next = 0..;
        let whole = self.parts.each_piece(&mut |piece| {
            let document = next.next().ok_or_else(lost)?;
            if resolved.is_copy(document) {
                return Ok(());
            }
            let (head, part) = piece.split_first_chunk::<7>().ok_or_else(lost)?;
            let counts = [[head[0], head[1]], [head[2], head[3]], [head[4], head[5]]].map(u16::from_le_bytes);
            let is_admitted = head[6] == 1;
            has_admitted |= is_admitted;
            let marked = resolved.ordinal(document).filter(|_| is_admitted);
            match marked.and_then(|ordinal| examiner.marked(&self.relatives, document, ordinal)) {
                Some(part) => sink.write(counts, &part),
                None => sink.write(counts, part),
            }
        })?;
        if whole { Ok(has_admitted) } else { Err(lost()) }
    }
}

/// Runs the command; the exit code says whether something was found.
pub(crate) fn check(check: &Check, settings: &Settings, lang: Lang) -> Result<u8, Failure> {
    let format = FINDING_FORMATS.iter().find(|f| f.name == check.format).ok_or_else(|| {
        let names: Vec<&str> = FINDING_FORMATS.iter().map(|f| f.name).collect();
        Failure::Usage(format!("unknown format {:?}: one of {}", check.format, names.join(", ")))
    })?;
    let wanted = Wanted::new(check)?;
    let choices = super::choices(&check.paths, lang)?;
    if format.sums_only {
        return sums::check(check, settings, &choices, &wanted, lang);
    }
    if format.is_binary && check.output.is_none() {
        return Err(Failure::Usage(format!("--format {} needs a file: -o FILE", format.name)));
    }
    let out = Outlet::new(check.output.as_deref())?;
    let buffers = Buffers::default();
    let mut sink = Sink { out, list: format.list(lang), counts: [0; 3] };
    let examiner = Examiner {
        narrow: &check.narrow,
        settings,
        choices: &choices,
        wanted: &wanted,
        format,
        lang,
        buffers: &buffers,
    };
    let folder = Some(std::env::temp_dir());
    let mut spool = Spool {
        relatives: Relatives::within(folder.clone(), Choices::clone(&choices)),
        parts: Log::spool(folder),
    };
    let examine = |path: &Path, located: Located| examiner.examine(path, located);
    let mut account = read_all(&check.paths, lang, &examine, &mut |path, found| {
        spool.add(path, found, &buffers);
        Flow::Go
    })?;
    let resolved = spool.relatives.resolve();
    account.copies = resolved.copies();
    let mut has_admitted = false;
    let written = spool.write(&resolved, &examiner, &mut sink).and_then(|admitted| {
        has_admitted = admitted;
        beside_others(&spool.relatives, &resolved, &examiner, &mut sink)
    });
    let Sink { mut out, mut list, counts } = sink;
    written
        .and_then(|()| list.finish(&mut out))
        .and_then(|()| out.finish())
        .map_err(|error| Failure::writing(error, check.output.as_deref()))?;
    sum_up(account, counts, lang.pick("按原因计", "by cause"), settings, lang);
    read_something(account)?;
    if has_admitted { Ok(exit_code(check.fail_on, counts)) } else { Err(Failure::NothingAdmitted) }
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

/// What is found in reports beside others, county by county.
fn beside_others(
    relatives: &Relatives,
    resolved: &Resolved,
    examiner: &Examiner<'_>,
    sink: &mut Sink,
) -> io::Result<()> {
    let (nothing, lang, buffers) = (Report::default(), examiner.lang, examiner.buffers);
    let work = |reported: Reported<'_>, mut findings: Vec<Finding>| {
        findings.retain(|f| examiner.wanted.admits(f));
        // Nothing is known of a report that is not asked for.
        let causes = reported.note.first_chunk().map(|causes| u32::from_le_bytes(*causes));
        let causes = causes.filter(|_| !findings.is_empty())?;
        let identity = Identity::of(reported.id, &reported.report, &reported.path);
        findings.sort_by_key(|f| f.severity);
        relatives.cite(reported.document, &mut findings);
        let (mut listed, counts) = listed(identity, &nothing, &[], findings, &[], lang);
        listed.causes.clear();
        // Causes are counted on within the report.
        for (_, group) in &mut listed.findings {
            *group += causes;
        }
        Some((counts, examiner.format.part(&listed.checked(lang), buffers.take())))
    };
    relatives.each(resolved, examiner.settings, &work, &mut |found| {
        let Some((counts, part)) = found else { return Ok(()) };
        sink.write(counts, &part)?;
        buffers.give(part);
        Ok(())
    })
}

fn severity(name: SeverityName) -> Severity {
    match name {
        SeverityName::Error => Severity::Error,
        SeverityName::Warning => Severity::Warning,
        SeverityName::Info => Severity::Info,
    }
}
