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
    OfReport, Status, report_keys,
};

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::display::{Lang, Untrusted};
use crate::report::Report;
use crate::review;
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
    /// Whether it names findings as the review store does.
    pub needs_key: bool,
    /// How it is written.
    way: Way,
}

/// How findings are written.
enum Way {
    /// Each report by itself.
    Lines(fn(&mut dyn Write, &Checked<'_>) -> io::Result<()>),
    /// All of them as one document.
    Whole(fn(Lang) -> Box<dyn FindingList>),
}

/// A list of findings that is being written.
pub trait FindingList {
    /// Writes what was found in one report; called for every report, also without findings.
    fn add(&mut self, out: &mut dyn Write, checked: &Checked<'_>) -> io::Result<()>;
    /// Writes what is left.
    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

/// A list of which nothing is left to write at its end.
struct Lines(fn(&mut dyn Write, &Checked<'_>) -> io::Result<()>);

impl FindingList for Lines {
    fn add(&mut self, out: &mut dyn Write, checked: &Checked<'_>) -> io::Result<()> {
        (self.0)(out, checked)
    }

    fn finish(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

impl FindingFormat {
    /// What is written of one report, where that needs nothing of the others: this can be done on any thread.
    ///
    /// # Errors
    /// None: it is written into memory.
    #[must_use]
    pub fn of_report(&self, checked: &Checked<'_>) -> Option<io::Result<Vec<u8>>> {
        let Way::Lines(write) = self.way else { return None };
        let mut text = Vec::new();
        Some(write(&mut text, checked).map(|()| text))
    }

    /// Begins a list.
    #[must_use]
    pub fn list(&self, lang: Lang) -> Box<dyn FindingList> {
        match self.way {
            Way::Lines(write) => Box::new(Lines(write)),
            Way::Whole(list) => list(lang),
        }
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
    /// See [`Report::id`].
    pub id: Untrusted,
    /// See [`review::report_key`]; only for formats that [need it](FindingFormat::needs_key).
    pub key: Option<Untrusted>,
    /// The agency.
    pub agency: Untrusted,
    /// The county, if known.
    pub county: Option<Untrusted>,
    /// The year, if known.
    pub year: Option<u16>,
}

impl Identity {
    /// What names a report that was read from a file, in lists of a format.
    #[must_use]
    pub fn of(report: &Report, file: &Path, format: &FindingFormat) -> Self {
        Self {
            file: file.to_owned(),
            id: report.id(),
            key: format.needs_key.then(|| review::report_key(report)),
            agency: report.agency.clone(),
            county: report.county.clone(),
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
            report: &Identity::of(&report, Path::new("a\u{202e}b.txt"), format),
            findings: &findings,
            causes: &causes,
            lang: Lang::En,
        };
        let mut list = format.list(Lang::En);
        list.add(&mut out, &checked).unwrap();
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
