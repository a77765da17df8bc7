//! SARIF 2.1.0, which code-review and dashboard programs read: the catalogue, and a result for each finding.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::{Checked, FindingFormat, FindingList, Way};
use crate::display::{self, Lang};
use crate::report::{CellId, Report};
use crate::review::{self, FindingKey};
use crate::rules::{RULES, Rule, Severity, Text};

pub(super) const SARIF: FindingFormat = FindingFormat {
    name: "sarif",
    about: "SARIF 2.1.0, for review programs",
    sums_only: false,
    is_binary: false,
    way: Way::whole(results, |lang| Box::new(Sarif::new(lang))),
};

/// A log with one run, whose results are written as they come.
pub(super) struct Sarif {
    lang: Lang,
    is_begun: bool,
    has_results: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Message<'static>,
    full_description: Message<'static>,
    help: Help,
    default_configuration: Configuration,
    properties: Source,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Source {
    source: &'static str,
}

/// A finding as a result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultLine<'a> {
    rule_id: &'static str,
    rule_index: u8,
    level: &'static str,
    message: Message<'a>,
    locations: [Location<'a>; 1],
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical<'a> {
    fully_qualified_name: &'a str,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "goujiFinding/v1")]
    finding: String,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    justification: &'a str,
}

#[derive(Serialize)]
struct Properties<'a> {
    report: &'a str,
    agency: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    county: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    county_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<u16>,
    #[serde(skip_serializing_if = "str::is_empty")]
    likely: &'a str,
}

/// What a result is made of.
pub(super) struct Entry<'a> {
    /// The rule.
    pub(super) rule: &'static Rule,
    /// How bad it is.
    pub(super) severity: Severity,
    /// What was found.
    pub(super) message: &'a str,
    /// The file that the report was read from.
    pub(super) file: &'a Path,
    /// The line in it.
    pub(super) line: Option<u32>,
    /// The cells that take part.
    pub(super) cells: Vec<CellId>,
    /// What makes it the same finding in another run.
    pub(super) key: &'a FindingKey,
    /// Why it was dismissed, if it was.
    pub(super) dismissed: Option<&'a str>,
    /// Whether it is new, as it was, with other figures, or gone since an earlier run.
    pub(super) baseline: Option<&'static str>,
    /// The agency.
    pub(super) agency: &'a str,
    /// The county.
    pub(super) county: Option<&'a str>,
    /// Its code.
    pub(super) county_code: Option<&'a str>,
    /// The year.
    pub(super) year: Option<u16>,
    /// What probably happened.
    pub(super) likely: &'a str,
}

impl Entry<'_> {
    /// The result as JSON.
    fn json(&self) -> serde_json::Result<String> {
        let entry = self;
        let region = entry.line.filter(|line| *line > 0).map(|start_line| Region { start_line });
        let logical = |cell: &CellId| Logical { fully_qualified_name: cell.name() };
        let suppression = |justification| Suppression { kind: "external", status: "accepted", justification };
        let line = ResultLine {
            rule_id: entry.rule.id,
            rule_index: entry.rule.number(),
            level: level(entry.severity),
            message: Message { text: entry.message },
            locations: [Location {
                physical_location: Physical { artifact_location: Artifact { uri: uri(entry.file) }, region },
                logical_locations: entry.cells.iter().map(logical).collect(),
            }],
            partial_fingerprints: Fingerprints { finding: fingerprint(entry.key) },
            suppressions: entry.dismissed.map(|reason| vec![suppression(reason)]),
            baseline_state: entry.baseline,
            properties: Properties {
                report: entry.key.report.raw(),
                agency: entry.agency,
                county: entry.county,
                county_code: entry.county_code,
                year: entry.year,
                likely: entry.likely,
            },
        };
        serde_json::to_string(&line).map(|json| display::escape_json(&json).into_owned())
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

impl Sarif {
    pub(super) fn new(lang: Lang) -> Self {
        Self { lang, is_begun: false, has_results: false }
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.is_begun, true) {
            return Ok(());
        }
        let rules: Vec<Descriptor> = RULES.iter().map(|rule| descriptor(rule, self.lang)).collect();
        writeln!(
            out,
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":\
             {{\"driver\":{{\"name\":\"gouji\",\"version\":\"{}\",\"rules\":{}}}}},\
             \"columnKind\":\"unicodeCodePoints\",\"results\":[",
            env!("CARGO_PKG_VERSION"),
            serde_json::to_string(&rules)?
        )
    }

    /// Writes a result.
    pub(super) fn result(&mut self, out: &mut dyn Write, entry: &Entry<'_>) -> io::Result<()> {
        self.add(out, entry.json()?.as_bytes())
    }

    /// Writes what is left.
    pub(super) fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        writeln!(out, "]}}]}}")
    }
}

fn descriptor(rule: &'static Rule, lang: Lang) -> Descriptor {
    let message = |text: Text| Message { text: text.in_lang(lang) };
    let parts = [
        (lang.pick("公式", "formula"), rule.formula.in_lang(lang)),
        (lang.pick("不检查", "does not run"), rule.not_run.in_lang(lang)),
        (lang.pick("例外", "exceptions"), rule.exceptions.in_lang(lang)),
        (lang.pick("依据", "source"), rule.source),
        (lang.pick("示例", "example"), rule.example.in_lang(lang)),
    ];
    let colon = lang.pick("：", ": ");
    let plain: Vec<String> = parts.iter().map(|(name, words)| format!("{name}{colon}{words}")).collect();
    let marked: Vec<String> =
        parts.iter().map(|(name, words)| format!("- **{name}**{colon}{words}")).collect();
    Descriptor {
        id: rule.id,
        short_description: message(rule.title),
        full_description: message(rule.formula),
        help: Help { text: plain.join("\n"), markdown: marked.join("\n") },
        default_configuration: Configuration { level: level(rule.severity) },
        properties: Source { source: rule.source },
    }
}

/// A number for a finding that stays when its figures, its line or its file change.
fn fingerprint(key: &FindingKey) -> String {
    let whole = [&key.report, &key.rule, &key.place].map(display::Untrusted::raw).join("\n");
    format!("{:016x}", review::report_hash(&whole.into()))
}

/// A path as a reference of RFC 3986: everything but plain letters and digits is escaped, byte by byte.
fn uri(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut out = String::from(if path.is_absolute() { "file://" } else { "" });
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            out.push(char::from(*byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The results of a report with commas between them.
fn results(out: &mut String, checked: &Checked<'_>) -> fmt::Result {
    let report = checked.report;
    // Of a report, only its name goes into the keys of its findings.
    let named = Report { agency: report.agency.clone(), ..Report::default() };
    let findings: Vec<_> = checked.findings.iter().map(|(finding, _)| finding.clone()).collect();
    let subjects = review::subjects(&report.id, &named, &findings, checked.lang);
    for (i, ((finding, group), subject)) in checked.findings.iter().zip(subjects).enumerate() {
        let likely = checked.causes.iter().find(|(n, _)| n == group).map_or("", |(_, text)| text.as_str());
        let entry = Entry {
            rule: finding.rule,
            severity: finding.severity,
            message: subject.about.raw(),
            file: &report.file,
            line: finding.line,
            cells: finding.cells(),
            key: &subject.key,
            dismissed: None,
            baseline: None,
            agency: report.agency.raw(),
            county: report.county.as_ref().map(display::Untrusted::raw),
            county_code: report.county_code.as_ref().map(display::Untrusted::raw),
            year: report.year,
            likely,
        };
        out.push_str(if i > 0 { ",\n" } else { "" });
        out.push_str(&entry.json().map_err(|_| fmt::Error)?);
    }
    Ok(())
}

impl FindingList for Sarif {
    fn add(&mut self, out: &mut dyn Write, part: &[u8]) -> io::Result<()> {
        self.begin(out)?;
        if part.is_empty() {
            return Ok(());
        }
        let before: &[u8] = if std::mem::replace(&mut self.has_results, true) { b",\n" } else { b"" };
        out.write_all(before)?;
        out.write_all(part)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.end(out)
    }
}
