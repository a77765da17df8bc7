//! Findings for programs: one JSON object a line, or all in an array.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Checked, FindingFormat, FindingList, Way};
use crate::display;
use crate::rules::{Evaluation, Finding, Side};

pub(super) const JSONL: FindingFormat = FindingFormat {
    name: "jsonl",
    about: "for programs: one JSON object a line",
    sums_only: false,
    is_binary: false,
    way: Way::Lines(write),
};

pub(super) const JSON: FindingFormat = FindingFormat {
    name: "json",
    about: "for programs: the same objects in one array",
    sums_only: false,
    is_binary: false,
    way: Way::Whole(|_| Box::new(Array { is_begun: false })),
};

/// A line. Numbers keep their printed digits; `declared` is null where the cell is blank or the rule has no sides.
#[derive(Serialize)]
struct FindingLine<'a> {
    file: String,
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
    /// The number of the cause within the report: findings of one cause share it.
    group: u32,
    /// The terms of a sum with their signs, as printed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terms: Vec<TermLine>,
    /// The exact characters of the sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<&'a str>,
    /// The other report that takes part.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<Other<'a>>,
    /// What probably happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    likely: Option<&'a str>,
}

/// A term of a sum: the declared side has the sign `+`, the computed side `-`.
#[derive(Serialize)]
struct TermLine {
    cell: &'static str,
    sign: &'static str,
    value: Option<Box<RawValue>>,
}

/// Another report.
#[derive(Serialize)]
struct Other<'a> {
    agency: &'a str,
    year: u16,
}

fn terms(evaluation: &Evaluation) -> Vec<TermLine> {
    let sides = [(&evaluation.left, "+"), (&evaluation.right, "-")];
    let line = |(term, sign): (&crate::rules::Term, &'static str)| TermLine {
        cell: term.cell.name(),
        sign,
        value: term.figure.number().and_then(|number| RawValue::from_string(number.to_string()).ok()),
    };
    sides.into_iter().flat_map(|(terms, sign)| terms.iter().map(move |term| (term, sign))).map(line).collect()
}

fn write(out: &mut dyn Write, checked: &Checked<'_>) -> io::Result<()> {
    for (finding, group) in checked.findings {
        let json = serde_json::to_string(&line(checked, finding, *group))?;
        writeln!(out, "{}", display::escape_json(&json))?;
    }
    Ok(())
}

/// The objects in an array.
struct Array {
    is_begun: bool,
}

impl FindingList for Array {
    fn add(&mut self, out: &mut dyn Write, checked: &Checked<'_>) -> io::Result<()> {
        for (finding, group) in checked.findings {
            let json = serde_json::to_string(&line(checked, finding, *group))?;
            let before = if self.is_begun { ",\n" } else { "[\n" };
            self.is_begun = true;
            write!(out, "{before}{}", display::escape_json(&json))?;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.is_begun { b"\n]\n" } else { b"[]\n" })
    }
}

fn line<'a>(checked: &'a Checked<'_>, finding: &'a Finding, group: u32) -> FindingLine<'a> {
    let report = checked.report;
    let number = |side: Option<Side>| match side? {
        Side::Sum(sum) => RawValue::from_string(sum.to_string()).ok(),
        Side::Blank => None,
    };
    FindingLine {
        // A path that is no UTF-8 is named by what it was read as; JSON has no other way.
        file: report.file.to_string_lossy().into_owned(),
        agency: report.agency.raw(),
        county: report.county.as_ref().map(display::Untrusted::raw),
        year: report.year,
        rule: finding.rule.id,
        severity: finding.severity.name(),
        cells: finding.cells().into_iter().map(crate::report::CellId::name).collect(),
        declared: number(finding.declared()),
        computed: number(finding.computed()),
        delta: number(finding.difference().map(Side::Sum)),
        message: finding.message(checked.lang),
        line: finding.line,
        group,
        terms: finding.relation().map(terms).unwrap_or_default(),
        quote: finding.observation().and_then(|seen| Some(seen.quote.as_ref()?.text.raw())),
        against: finding.observation().and_then(|seen| {
            let other = seen.other.as_ref()?;
            Some(Other { agency: other.agency.raw(), year: other.year })
        }),
        likely: checked.causes.iter().find(|(n, _)| *n == group).map(|(_, sentence)| sentence.as_str()),
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

    #[test]
    fn the_array_holds_the_lines() {
        let array: Vec<serde_json::Value> = serde_json::from_str(&written(&JSON)).unwrap();
        let lines: Vec<serde_json::Value> =
            written(&JSONL).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(array, lines);
    }
}
