//! Findings in files and on standard output, one file for each format.
//!
//! Text from reports is written so that a terminal cannot be taken over by it: made visible in text formats,
//! escaped (and thereby exact) in JSON.

mod draft;
pub mod figures;
pub mod grid;
mod jsonl;
mod ledger;
mod sarif;
mod table;
mod text;
pub mod tsv;

pub use draft::Draft;
pub use ledger::{
    Change, Earlier, EarlierError, LEDGER_FORMATS, Ledger, LedgerFormat, LedgerOptions, LedgerRow, Listed,
    OfReport, Status,
};

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::display::{Lang, Untrusted};
use crate::report::Report;
use crate::rules::{Cause, Finding};

/// A way to write findings.
pub struct FindingFormat {
    /// The name for `--format`.
    pub name: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    /// Whether it lists broken sums only, for which nothing else needs to be looked for.
    pub sums_only: bool,
    /// Whether it is no text, and belongs into a file.
    pub is_binary: bool,
    /// How it is written.
    way: Way,
}

/// Adds what was found in a report to a text.
type ToText = fn(&mut String, &Checked<'_>) -> fmt::Result;

/// How findings are written: what is made of each report on the thread that has read it, and what puts that together.
struct Way {
    part: ToText,
    /// Nothing where the parts follow each other as they are.
    list: Option<fn(Lang) -> Box<dyn FindingList>>,
}

impl Way {
    const fn lines(part: ToText) -> Self {
        Self { part, list: None }
    }

    const fn whole(part: ToText, list: fn(Lang) -> Box<dyn FindingList>) -> Self {
        Self { part, list: Some(list) }
    }
}

/// A list of findings that is being written.
pub trait FindingList {
    /// Writes what was made of the findings of one report; see [`FindingFormat::part`].
    fn add(&mut self, out: &mut dyn Write, part: &[u8]) -> io::Result<()>;
    /// Writes what is left.
    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

/// A list whose parts follow each other as they are.
struct Lines;

impl FindingList for Lines {
    fn add(&mut self, out: &mut dyn Write, part: &[u8]) -> io::Result<()> {
        out.write_all(part)
    }

    fn finish(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// What is written of a report, in some memory, whatever is in it.
fn to_text(write: ToText, checked: &Checked<'_>, mut memory: Vec<u8>) -> Vec<u8> {
    /// So much is written of most findings.
    const USUAL: usize = 640;
    memory.clear();
    let mut text = String::from_utf8(memory).unwrap_or_default();
    text.reserve(checked.findings.len() * USUAL);
    // Writing to a string cannot fail.
    let _ = write(&mut text, checked);
    text.into_bytes()
}

impl FindingFormat {
    /// What is to be written of one report, in some memory: this can be done on any thread. Empty if nothing is.
    #[must_use]
    pub fn part(&self, checked: &Checked<'_>, memory: Vec<u8>) -> Vec<u8> {
        to_text(self.way.part, checked, memory)
    }

    /// Begins a list.
    #[must_use]
    pub fn list(&self, lang: Lang) -> Box<dyn FindingList> {
        self.way.list.map_or_else(|| Box::new(Lines) as Box<dyn FindingList>, |list| list(lang))
    }
}

/// A report with its findings, to be written.
pub struct Checked<'a> {
    /// The report.
    pub report: &'a Identity,
    /// Those of its findings that are asked for, with the number of the cause that each belongs to.
    pub findings: &'a [(Finding, u32)],
    /// What probably happened, by the number of the cause.
    pub causes: &'a [(u32, String)],
    /// Language of the sentences.
    pub lang: Lang,
}

/// What names a report in a list of findings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Identity {
    /// The file that it was read from.
    #[serde(with = "path_bytes")]
    pub file: PathBuf,
    /// See [`crate::corpus::report_id`].
    pub id: Untrusted,
    /// The identifier that a parsed report states, else what names it by county, agency and year; see [`Report::id`].
    pub stated: Untrusted,
    /// The agency.
    pub agency: Untrusted,
    /// The county, if known.
    pub county: Option<Untrusted>,
    /// Its code (GB/T 2260), if known.
    pub county_code: Option<Untrusted>,
    /// The year, if known.
    pub year: Option<u16>,
}

impl Identity {
    /// What names a report of an identifier that was read from a file.
    #[must_use]
    pub fn of(id: Untrusted, report: &Report, file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            id,
            stated: report.id(),
            agency: report.agency.clone(),
            county: report.county.clone(),
            county_code: report.county_code.clone(),
            year: report.year,
        }
    }
}

/// A path as bytes: it need not be UTF-8.
mod path_bytes {
    use std::ffi::OsString;
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    use std::path::{Path, PathBuf};

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(path.as_os_str().as_bytes())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<PathBuf, D::Error> {
        let bytes = <&[u8]>::deserialize(from)?;
        Ok(OsString::from_vec(bytes.to_vec()).into())
    }
}

/// Findings with the number of the cause that each belongs to, and what probably happened by that number.
pub type Numbered = (Vec<(Finding, u32)>, Vec<(u32, String)>);

/// Findings with the number of the cause that each belongs to, in the order of the causes, and what probably
/// happened.
#[must_use]
pub fn numbered(report: &Report, findings: Vec<Finding>, causes: &[Cause], lang: Lang) -> Numbered {
    let mut all: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    let mut listed = Vec::with_capacity(all.len());
    let mut sentences = Vec::new();
    for (number, cause) in (1..).zip(causes) {
        for i in &cause.findings {
            listed.extend(all.get_mut(*i).and_then(Option::take).map(|finding| (finding, number)));
        }
        sentences.extend(cause.sentence(report, lang).map(|sentence| (number, sentence)));
    }
    (listed, sentences)
}

/// All formats for findings.
pub static FINDING_FORMATS: &[FindingFormat] = &[
    text::TEXT,
    jsonl::JSONL,
    jsonl::JSON,
    tsv::TSV,
    table::CSV,
    table::MARKDOWN,
    table::XLSX,
    sarif::SARIF,
];

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::corpus;
    use crate::report::{CellId, Figure, Number, TemplateId};
    use crate::rules::Settings;

    /// A report of 2021's form, all zero but for a row total of `received` that says 5 where the parts say 3, and
    /// a balance that is off by 5 in the total column and by 3 in the first.
    pub(crate) fn broken() -> Report {
        let mut report = Report {
            agency: "新县\u{1b}[31m教育局".into(),
            county: Some("新县".into()),
            year: Some(2024),
            template: Some(TemplateId::T2021),
            ..Report::default()
        };
        for cell in TemplateId::T2021.template().cells() {
            report.figures.set(cell, Figure::Number(Number::whole(0)));
        }
        let mut set = |name: &str, value| {
            report.figures.set(CellId::parse(name).unwrap(), Figure::Number(Number::whole(value)));
        };
        set("requests.received.natural", 3);
        set("requests.received.total", 5);
        report
    }

    /// What a format writes for [`broken`].
    pub(crate) fn written(format: &FindingFormat) -> String {
        String::from_utf8(bytes(format)).unwrap()
    }

    fn bytes(format: &FindingFormat) -> Vec<u8> {
        let report = broken();
        let evaluations = crate::rules::evaluate_all(&report);
        let findings = crate::rules::check(&report, &Settings::default());
        let causes = crate::rules::causes(&report, &evaluations, &findings, &[]);
        let mut out = Vec::new();
        let (findings, causes) = numbered(&report, findings, &causes, Lang::En);
        let checked = Checked {
            report: &Identity::of(corpus::report_id(&report), &report, Path::new("a\u{202e}b.txt")),
            findings: &findings,
            causes: &causes,
            lang: Lang::En,
        };
        let mut list = format.list(Lang::En);
        list.add(&mut out, &format.part(&checked, Vec::new())).unwrap();
        list.finish(&mut out).unwrap();
        out
    }

    #[test]
    fn no_format_lets_a_terminal_be_taken_over() {
        // What is no text is looked at by the programs that open it.
        for format in FINDING_FORMATS.iter().filter(|format| !format.is_binary) {
            let text = written(format);
            let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            let hidden = text.chars().find(|c| *c != '\n' && *c != '\t' && crate::display::is_hidden(*c));
            assert_eq!(hidden, None, "{}", format.name);
        }
    }
}
