//! Findings as a table, for office programs: one row for each.

use std::fmt;
use std::io::{self, Write};

use super::grid::{Column, GridFormat, GridWriter, Kind, Sheet, Value};
use super::{Checked, FindingFormat, FindingList, Way};
use crate::corpus;
use crate::display::{self, Lang};
use crate::report::{CellId, Number, Sum};
use crate::rules::{Finding, Side};

pub(super) const CSV: FindingFormat =
    format("csv", "for office programs: a row for each finding", false, |lang| Table::begin("csv", lang));

pub(super) const MARKDOWN: FindingFormat =
    format("md", "the same as a Markdown table", false, |lang| Table::begin("md", lang));

pub(super) const XLSX: FindingFormat =
    format("xlsx", "the same as a workbook", true, |lang| Table::begin("xlsx", lang));

const fn format(
    name: &'static str,
    about: &'static str,
    is_binary: bool,
    list: fn(Lang) -> Box<dyn FindingList>,
) -> FindingFormat {
    FindingFormat { name, about, sums_only: false, is_binary, way: Way::whole(rows, list) }
}

const fn column(key: &'static str, zh: &'static str, en: &'static str, kind: Kind, widest: u16) -> Column {
    Column { key, zh, en, kind, widest }
}

const COLUMNS: &[Column] = &[
    column("agency", "单位", "Agency", Kind::Text, 30),
    column("county", "县区", "County", Kind::Text, 20),
    column("county_code", "县区代码", "County code", Kind::Text, 12),
    column("year", "年度", "Year", Kind::Whole, 10),
    column("severity", "严重程度", "Severity", Kind::Text, 12),
    column("rule", "规则", "Rule", Kind::Text, 10),
    column("group", "原因序号", "Cause", Kind::Whole, 12),
    column("message", "问题描述", "Finding", Kind::Text, 60),
    column("declared", "填报数", "Declared", Kind::Number, 16),
    column("computed", "应有数", "Computed", Kind::Number, 16),
    column("delta", "差额", "Difference", Kind::Number, 16),
    column("cells", "单元格", "Cells", Kind::Text, 40),
    column("line", "行号", "Line", Kind::Whole, 10),
    column("likely", "可能原因", "Likely cause", Kind::Text, 50),
    column("file", "文件", "File", Kind::Text, 40),
    column("report", "报告编号", "Report", Kind::Text, 40),
];

struct Table {
    writer: Box<dyn GridWriter>,
    lang: Lang,
    is_begun: bool,
}

impl Table {
    fn begin(extension: &str, lang: Lang) -> Box<dyn FindingList> {
        let format = GridFormat::find(extension).or_else(|| super::grid::GRID_FORMATS.first());
        match format {
            Some(format) => Box::new(Self { writer: (format.writer)(), lang, is_begun: false }),
            None => Box::new(super::Lines),
        }
    }

    fn head(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.is_begun, true) {
            return Ok(());
        }
        let name = self.lang.pick("问题线索", "Findings").into();
        self.writer.begin(out, &Sheet { name, columns: COLUMNS, lang: self.lang })
    }
}

/// The rows of a report, as JSON: they are put into the format when it is their turn.
fn rows(out: &mut String, checked: &Checked<'_>) -> fmt::Result {
    let rows: Vec<Vec<Value<'_>>> =
        checked.findings.iter().map(|(finding, group)| values(checked, finding, *group)).collect();
    if !rows.is_empty() {
        out.push_str(&serde_json::to_string(&rows).map_err(|_| fmt::Error)?);
    }
    Ok(())
}

impl FindingList for Table {
    fn add(&mut self, out: &mut dyn Write, part: &[u8]) -> io::Result<()> {
        self.head(out)?;
        if part.is_empty() {
            return Ok(());
        }
        let rows: Vec<Vec<Value<'static>>> = serde_json::from_slice(part)?;
        rows.iter().try_for_each(|row| self.writer.row(out, row))
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.head(out)?;
        self.writer.finish(out)
    }
}

fn values<'a>(checked: &'a Checked<'_>, finding: &'a Finding, group: u32) -> Vec<Value<'a>> {
    let (report, lang) = (checked.report, checked.lang);
    let cells: Vec<&str> = finding.cells().into_iter().map(CellId::name).collect();
    let likely = checked.causes.iter().find(|(n, _)| *n == group).map_or("", |(_, text)| text.as_str());
    let side = |side: Option<Side>| match side {
        Some(Side::Sum(sum)) => number(sum),
        Some(Side::Blank) | None => Value::Empty,
    };
    vec![
        Value::text(report.agency.raw()),
        Value::text(corpus::marked_county(&report.id, report.county.as_ref())),
        Value::text(report.county_code.as_ref().map_or("", display::Untrusted::raw)),
        Value::whole(report.year),
        Value::text(finding.severity.word(lang)),
        Value::text(finding.rule.id),
        Value::Whole(i64::from(group)),
        Value::text(finding.message(lang)),
        side(finding.declared()),
        side(finding.computed()),
        finding.difference().map_or(Value::Empty, number),
        Value::text(cells.join(" ")),
        Value::whole(finding.line),
        Value::text(likely),
        Value::text(report.file.to_string_lossy()),
        Value::text(report.id.raw()),
    ]
}

/// A sum as a number; as text where it has more digits than any figure.
fn number<'a>(sum: Sum) -> Value<'a> {
    let digits = sum.to_string();
    Number::parse(&digits).map_or_else(|| Value::text(digits), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::super::tests::written;
    use super::*;

    #[test]
    fn a_row_for_each_finding_with_numbers_as_numbers() {
        let text = written(&CSV);
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert!(lines[0].starts_with("\u{feff}Agency,County,County code,Year,"), "{text}");
        assert_eq!(lines.len(), 5, "a head, three rows, the end\n{text}");
        assert!(
            lines.iter().any(|line| line.contains(",T3.3,") && line.contains(",5,3,2,requests.")),
            "{text}"
        );
        let table = written(&MARKDOWN);
        assert_eq!(table.lines().filter(|line| line.starts_with('|')).count(), 5, "{table}");
    }
}
