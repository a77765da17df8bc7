//! Findings for programs: one JSON object a line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Checked, FindingFormat};
use crate::display;
use crate::rules::{Finding, Side};

pub(super) const JSONL: FindingFormat =
    FindingFormat { name: "jsonl", about: "for programs: one JSON object a line", write };

/// A line. Numbers keep their printed digits; `declared` is null where the cell is blank or the rule has no sides.
#[derive(Serialize)]
struct FindingLine<'a> {
    file: &'a str,
    agency: &'a str,
    county: Option<&'a str>,
    year: Option<u16>,
    rule: &'static str,
    severity: &'static str,
    cells: Vec<&'static str>,
    declared: Option<Box<RawValue>>,
    computed: Option<Box<RawValue>>,
    delta: Option<Box<RawValue>>,
    message: String,
    line: Option<u32>,
    group: Option<u32>,
}

fn write(out: &mut dyn Write, checked: &Checked<'_>) -> io::Result<()> {
    for finding in checked.findings {
        let json = serde_json::to_string(&line(checked, finding))?;
        writeln!(out, "{}", display::escape_json(&json))?;
    }
    Ok(())
}

fn line<'a>(checked: &'a Checked<'_>, finding: &Finding) -> FindingLine<'a> {
    let report = checked.report;
    let number = |side: Option<Side>| match side? {
        Side::Sum(sum) => RawValue::from_string(sum.to_string()).ok(),
        Side::Blank => None,
    };
    FindingLine {
        // A path that is no UTF-8 is named by what it was read as; JSON has no other way.
        file: checked.file.to_str().unwrap_or_else(|| report.source.file.raw()),
        agency: report.agency.raw(),
        county: report.county.as_ref().map(super::super::display::Untrusted::raw),
        year: report.year,
        rule: finding.rule.id,
        severity: finding.rule.severity.name(),
        cells: finding.cells().into_iter().map(crate::report::CellId::name).collect(),
        declared: number(finding.declared()),
        computed: number(finding.computed()),
        delta: number(finding.difference().map(Side::Sum)),
        message: finding.message(checked.lang),
        line: finding.line,
        group: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::written;
    use super::*;

    #[test]
    fn every_line_is_an_object_with_both_numbers() {
        let text = written(&JSONL);
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        let row = lines.iter().find(|line| line["rule"] == "T3.3").unwrap();
        assert_eq!((&row["declared"], &row["computed"], &row["delta"]), (&5.into(), &3.into(), &2.into()));
        assert_eq!(row["cells"][0], "requests.received.total");
        assert_eq!(row["agency"], "新县\u{1b}[31m教育局", "exact, and escaped in the text");
        assert_eq!(row["file"], "a\u{202e}b.txt");
    }
}
