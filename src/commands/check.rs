//! `gouji check`: findings without a screen.

use std::io::{self, Write};
use std::path::Path;

use gouji::corpus::{self, CauseKey, Relative, Relatives};
use gouji::display::Lang;
use gouji::export::{self, Checked, FINDING_FORMATS, FindingFormat, FindingList, Identity};
use gouji::load::Located;
use gouji::report::Report;
use gouji::rules::{self, Finding, Judged, Rule, Settings, Severity};

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
    identity: Identity,
    admitted: bool,
    /// How many causes there are.
    groups: u32,
    findings: Vec<(Finding, u32)>,
    causes: Vec<(u32, String)>,
    keys: Box<[CauseKey]>,
    relative: Relative,
    /// What is written of it, where that was put together on the thread that read it.
    text: Option<io::Result<Vec<u8>>>,
}

/// Where findings go.
struct Sink {
    out: Box<dyn Write>,
    list: Box<dyn FindingList>,
    lang: Lang,
    counts: [usize; 3],
}

impl Sink {
    fn count(&mut self, keys: &[CauseKey]) {
        for (sum, n) in self.counts.iter_mut().zip(corpus::count_by_severity(keys.iter().copied())) {
            *sum += usize::from(n);
        }
    }

    fn write(
        &mut self,
        report: &Identity,
        findings: &[(Finding, u32)],
        causes: &[(u32, String)],
        keys: &[CauseKey],
    ) -> io::Result<()> {
        self.count(keys);
        let checked = Checked { report, findings, causes, lang: self.lang };
        self.list.add(&mut self.out, &checked)
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
    let mut sink = Sink { out, list: format.list(lang), lang, counts: [0; 3] };
    let work = |path: &Path, located: Located| {
        let identity = Identity::of(&located.report, path);
        let admitted = check.narrow.admits(&located.report);
        let judged = rules::judged(&located.report);
        let relative = corpus::relative(&located.report, &judged);
        let (mut findings, mut causes, keys) = if admitted {
            by_itself(&located.report, &judged, settings, &wanted, lang)
        } else {
            Default::default()
        };
        let text = admitted.then(|| {
            let checked = Checked { report: &identity, findings: &findings, causes: &causes, lang };
            format.of_report(&checked)
        });
        let (groups, text) = (findings.iter().map(|(_, group)| *group).max().unwrap_or(0), text.flatten());
        if text.is_some() {
            // Given back on the thread that made them.
            (findings, causes) = Default::default();
        }
        Found { identity, admitted, groups, findings, causes, keys, relative, text }
    };
    let mut relatives = Relatives::default();
    let mut kept: Vec<(Identity, bool, u32)> = Vec::new();
    let (account, written) = read_all(&check.paths, lang, &work, &mut |_, found| {
        relatives.add(&found.relative, &[]);
        match found.text {
            Some(text) => {
                sink.count(&found.keys);
                sink.out.write_all(&text?)?;
            }
            None if found.admitted => {
                sink.write(&found.identity, &found.findings, &found.causes, &found.keys)?;
            }
            None => {}
        }
        kept.push((found.identity, found.admitted, found.groups));
        Ok(())
    })?;
    let written =
        written.and_then(|()| beside_others(&relatives, &kept, settings, &wanted, format, &mut sink));
    written
        .and_then(|()| sink.list.finish(&mut sink.out))
        .and_then(|()| sink.out.flush())
        .map_err(|error| Failure::writing(error, check.output.as_deref()))?;
    sum_up(account, sink.counts, lang.pick("按原因计", "by cause"), settings, lang);
    read_something(account)?;
    if !kept.iter().any(|(_, admitted, _)| *admitted) {
        return Err(Failure::NothingAdmitted);
    }
    Ok(exit_code(check.fail_on, sink.counts))
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

type Listed = (Vec<(Finding, u32)>, Vec<(u32, String)>, Box<[CauseKey]>);

/// What is found in one report by itself, grouped by cause, as far as it is asked for.
fn by_itself(report: &Report, judged: &[Judged], settings: &Settings, wanted: &Wanted, lang: Lang) -> Listed {
    let evaluations = rules::evaluate_broken(report);
    let findings = rules::check_evaluated(report, settings, &evaluations, judged);
    let findings = findings.into_iter().filter(|f| wanted.admits(f)).collect();
    listed(report, &evaluations, findings, judged, lang)
}

fn listed(
    report: &Report,
    evaluations: &[rules::Evaluation],
    findings: Vec<Finding>,
    judged: &[Judged],
    lang: Lang,
) -> Listed {
    let causes = rules::causes(report, evaluations, &findings, judged);
    let keys = CauseKey::of(&causes, &findings);
    let (findings, sentences) = export::numbered(report, findings, &causes, lang);
    (findings, sentences, keys)
}

/// What is found in reports beside others, in the order in which they were read.
fn beside_others(
    relatives: &Relatives,
    kept: &[(Identity, bool, u32)],
    settings: &Settings,
    wanted: &Wanted,
    format: &FindingFormat,
    sink: &mut Sink,
) -> io::Result<()> {
    let (nothing, lang) = (Report::default(), sink.lang);
    let work = |i: u32, _: &[u8], mut findings: Vec<Finding>| {
        let (identity, _, causes) = kept.get(i as usize).filter(|(_, admitted, _)| *admitted)?;
        findings.retain(|f| wanted.admits(f));
        if findings.is_empty() {
            return None;
        }
        findings.sort_by_key(|f| f.severity);
        let (mut findings, _, keys) = listed(&nothing, &[], findings, &[], lang);
        // Causes are counted on within the report.
        for (_, group) in &mut findings {
            *group += causes;
        }
        let text = format.of_report(&Checked { report: identity, findings: &findings, causes: &[], lang });
        Some((identity, findings, keys, text))
    };
    relatives.each(settings, &work, &mut |found| match found {
        None => Ok(()),
        Some((_, _, keys, Some(text))) => {
            sink.count(&keys);
            sink.out.write_all(&text?)
        }
        Some((identity, findings, keys, None)) => sink.write(identity, &findings, &[], &keys),
    })
}

fn severity(name: SeverityName) -> Severity {
    match name {
        SeverityName::Error => Severity::Error,
        SeverityName::Warning => Severity::Warning,
        SeverityName::Info => Severity::Info,
    }
}
