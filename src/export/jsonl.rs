//! Findings for programs: one JSON object a line, or all in an array.

use std::fmt::{self, Display, Write as _};
use std::io::{self, Write};

use super::{Checked, FindingFormat, FindingList, Way};
use crate::display::push_json;
use crate::rules::{Evaluation, Finding, Side};

pub(super) const JSONL: FindingFormat = FindingFormat {
    name: "jsonl",
    about: "for programs: one JSON object a line",
    sums_only: false,
    is_binary: false,
    way: Way::lines(write),
};

pub(super) const JSON: FindingFormat = FindingFormat {
    name: "json",
    about: "for programs: the same objects in one array",
    sums_only: false,
    is_binary: false,
    way: Way::whole(objects, |_| Box::new(Array { is_begun: false })),
};

// A line is put together by hand, because most of what is found goes through here: numbers keep their printed digits;
// `declared` is null where the cell is blank or the rule has no sides.

#[allow(clippy::unnecessary_wraps, reason = "as other formats write")]
fn write(out: &mut String, checked: &Checked<'_>) -> fmt::Result {
    if checked.findings.is_empty() {
        return Ok(());
    }
    let head = head(checked);
    for (finding, group) in checked.findings {
        out.push_str(&head);
        line(out, checked, finding, *group);
        out.push_str("}\n");
    }
    Ok(())
}

/// The objects in an array.
struct Array {
    is_begun: bool,
}

/// The objects of a report with commas between them.
#[allow(clippy::unnecessary_wraps, reason = "as other formats write")]
fn objects(out: &mut String, checked: &Checked<'_>) -> fmt::Result {
    let head = head(checked);
    for (i, (finding, group)) in checked.findings.iter().enumerate() {
        out.push_str(if i > 0 { ",\n" } else { "" });
        out.push_str(&head);
        line(out, checked, finding, *group);
        out.push('}');
    }
    Ok(())
}

impl FindingList for Array {
    fn add(&mut self, out: &mut dyn Write, part: &[u8]) -> io::Result<()> {
        if part.is_empty() {
            return Ok(());
        }
        let before: &[u8] = if std::mem::replace(&mut self.is_begun, true) { b",\n" } else { b"[\n" };
        out.write_all(before)?;
        out.write_all(part)
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.is_begun { b"\n]\n" } else { b"[]\n" })
    }
}

/// What all lines of a report begin with.
fn head(checked: &Checked<'_>) -> String {
    let report = checked.report;
    let mut out = String::with_capacity(256);
    out.push_str("{\"report\":");
    push_json(&mut out, report.id.raw());
    out.push_str(",\"file\":");
    // A path that is no UTF-8 is named by what it was read as; JSON has no other way.
    push_json(&mut out, &report.file.to_string_lossy());
    out.push_str(",\"agency\":");
    push_json(&mut out, report.agency.raw());
    for (name, text) in [(",\"county\":", &report.county), (",\"county_code\":", &report.county_code)] {
        out.push_str(name);
        match text {
            Some(text) => push_json(&mut out, text.raw()),
            None => out.push_str("null"),
        }
    }
    member(&mut out, "year", report.year);
    out
}

fn line(out: &mut String, checked: &Checked<'_>, finding: &Finding, group: u32) {
    let quoted = |out: &mut String, name, text: &str| {
        name_of(out, name);
        push_json(out, text);
    };
    let number = |side: Option<Side>| match side? {
        Side::Sum(sum) => Some(sum),
        Side::Blank => None,
    };
    quoted(out, "rule", finding.rule.id);
    quoted(out, "severity", finding.severity.name());
    cells(out, finding);
    member(out, "declared", number(finding.declared()));
    member(out, "computed", number(finding.computed()));
    member(out, "delta", finding.difference());
    quoted(out, "message", &finding.message(checked.lang));
    member(out, "line", finding.line);
    // The number of the cause within the report: findings of one cause share it.
    member(out, "group", Some(group));
    if let Some(evaluation) = finding.relation() {
        terms(out, evaluation);
    }
    let Some(seen) = finding.observation() else { return likely(out, checked, group) };
    // The exact characters of the sentence.
    if let Some(quote) = &seen.quote {
        quoted(out, "quote", quote.text.raw());
    }
    // The other report that takes part.
    if let Some(other) = &seen.other {
        out.push_str(",\"against\":{\"agency\":");
        push_json(out, other.agency.raw());
        member(out, "year", Some(other.year));
        out.push('}');
    }
    likely(out, checked, group);
}

/// What probably happened.
fn likely(out: &mut String, checked: &Checked<'_>, group: u32) {
    if let Some((_, sentence)) = checked.causes.iter().find(|(n, _)| *n == group) {
        name_of(out, "likely");
        push_json(out, sentence);
    }
}

fn cells(out: &mut String, finding: &Finding) {
    name_of(out, "cells");
    out.push('[');
    for (i, cell) in finding.cells().into_iter().enumerate() {
        out.push_str(if i > 0 { ",\"" } else { "\"" });
        out.push_str(cell.name());
        out.push('"');
    }
    out.push(']');
}

/// The terms of a sum, as printed: those of the declared side have the sign `+`, those of the computed side `-`.
fn terms(out: &mut String, evaluation: &Evaluation) {
    let sides = [(&evaluation.left, '+'), (&evaluation.right, '-')];
    let terms = sides.into_iter().flat_map(|(terms, sign)| terms.iter().map(move |term| (term, sign)));
    let mut before = ",\"terms\":[";
    for (term, sign) in terms {
        out.push_str(before);
        out.push_str("{\"cell\":\"");
        out.push_str(term.cell.name());
        out.push_str("\",\"sign\":\"");
        out.push(sign);
        out.push('"');
        member(out, "value", term.figure.number());
        out.push('}');
        before = ",";
    }
    out.push_str(if before == "," { "]" } else { "" });
}

fn name_of(out: &mut String, name: &str) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":");
}

/// A member whose value is a number, or null.
fn member(out: &mut String, name: &str, value: Option<impl Display>) {
    name_of(out, name);
    // Writing to a string cannot fail.
    let _ = match value {
        Some(value) => write!(out, "{value}"),
        None => out.write_str("null"),
    };
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
