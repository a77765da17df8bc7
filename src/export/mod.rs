//! Findings in files and on standard output, one file for each format.
//!
//! Text from reports is written so that a terminal cannot be taken over by it: made visible in text formats,
//! escaped (and thereby exact) in JSON.

mod jsonl;
mod text;
mod tsv;

use std::io::{self, Write};
use std::path::Path;

use crate::display::Lang;
use crate::report::Report;
use crate::rules::Finding;

/// A way to write findings.
pub struct FindingFormat {
    /// The name for `--format`.
    pub name: &'static str,
    /// What it is, for people.
    pub about: &'static str,
    /// Writes what was found in one report; called for every report, also without findings.
    pub write: fn(&mut dyn Write, &Checked<'_>) -> io::Result<()>,
}

/// A report with its findings, to be written.
pub struct Checked<'a> {
    /// The file that it was read from.
    pub file: &'a Path,
    /// The report.
    pub report: &'a Report,
    /// Those of its findings that are asked for.
    pub findings: &'a [Finding],
    /// Language of the sentences.
    pub lang: Lang,
}

/// All formats for findings.
pub static FINDING_FORMATS: &[FindingFormat] = &[text::TEXT, jsonl::JSONL, tsv::TSV];

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::report::{CellId, Figure, Number, TemplateId};

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
        let report = broken();
        let findings = crate::rules::check(&report);
        let mut out = Vec::new();
        let checked = Checked {
            file: Path::new("a\u{202e}b.txt"),
            report: &report,
            findings: &findings,
            lang: Lang::En,
        };
        (format.write)(&mut out, &checked).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_format_lets_a_terminal_be_taken_over() {
        for format in FINDING_FORMATS {
            let hidden =
                written(format).chars().find(|c| *c != '\n' && *c != '\t' && crate::display::is_hidden(*c));
            assert_eq!(hidden, None, "{}", format.name);
        }
    }
}
