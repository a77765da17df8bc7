//! Findings for people: the report, then one line for each finding.

use std::fmt::{self, Write as _};

use super::{Checked, FindingFormat};
use crate::display;

pub(super) const TEXT: FindingFormat = FindingFormat {
    name: "text",
    about: "for people: a heading for each report with findings",
    sums_only: false,
    is_binary: false,
    way: super::Way::lines(write),
};

fn write(out: &mut String, checked: &Checked<'_>) -> fmt::Result {
    if checked.findings.is_empty() {
        return Ok(());
    }
    let (report, lang) = (checked.report, checked.lang);
    let year = report.year.map_or_else(|| "?".to_owned(), |year| year.to_string());
    let file = display::visible(&report.file.to_string_lossy()).into_owned();
    writeln!(out, "{} {year}  {file}", report.agency.visible())?;
    let mut before = 0;
    for (finding, group) in checked.findings {
        let line = finding
            .line
            .map_or_else(String::new, |n| lang.pick(format!("  第 {n} 行"), format!("  line {n}")));
        let severity = finding.severity.word(lang);
        // What follows from the same slip stands further in, below what says most.
        let lead = if *group == before { "    └ " } else { "  " };
        writeln!(out, "{lead}{severity} {} {}{line}", finding.rule.id, finding.message(lang))?;
        let likely = checked.causes.iter().find(|(n, _)| *group != before && n == group);
        if let Some((_, sentence)) = likely {
            writeln!(out, "    → {sentence}")?;
        }
        before = *group;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::written;
    use super::*;

    #[test]
    fn a_heading_and_a_line_for_each_finding() {
        let text = written(&TEXT);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.first().copied(), Some("新县^[[31m教育局 2024  a<U+202E>b.txt"));
        assert!(
            lines.iter().any(|l| l.contains("error T3.3 1 Received·total: 5 ≠ 3 = 3, off by 2")
                || l.contains("T3.3 1 Received·total: 5 ≠ 3")),
            "{text}"
        );
        assert_eq!(lines.len(), 4, "row total, two balances\n{text}");
    }
}
