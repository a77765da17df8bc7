//! Titles as they are written: whose report, on which year, from where.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on shall fail"
)]

use std::path::Path;

use gouji::display::Untrusted;
use gouji::load::{Record, text};
use gouji::places::{self, Evidence};
use gouji::report::{ProblemCode, Report};

/// The cases: lines that are neither empty nor remarks.
fn cases() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = include_str!("titles.tsv").lines();
    let is_case = |line: &&str| line.contains('|') && !line.starts_with("# title");
    lines.filter(is_case).map(|line| {
        // A title may have a bar in it, but then it has no other columns to be split from.
        let (line, is_title) = line.strip_suffix("|||!").map_or((line, true), |title| (title, false));
        if is_title { line.split('|').collect() } else { vec![line] }
    })
}

/// A document with the title, with what stands around it, and a section.
fn document(title: &str, around: &str) -> String {
    let lines = |text: &str| text.replace('/', "\n");
    format!(
        "\n{}\n\n{}\n\n一、总体情况\n一切正常。\n\n六、其他需要报告的事项\n无\n",
        lines(title),
        lines(around)
    )
}

fn read(document: &str, path: &str) -> Report {
    try_read(document, path).unwrap_or_else(|| panic!("{document} is no report"))
}

fn try_read(document: &str, path: &str) -> Option<Report> {
    let record = Record { file: Path::new(path), bytes: document.as_bytes(), offset: 0, line: 1 };
    (text::TEXT.read)(&record).reports.into_iter().next().map(|located| located.report)
}

#[test]
fn titles_say_whose_report_on_which_year_from_where() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in cases() {
        count += 1;
        let [title, path, around, agency, year, code, city, level] = case[..] else {
            // Without a title and two tables there is no report.
            let Some(report) = try_read(&document(case[0], ""), "") else { continue };
            if !report.problems.iter().any(|p| p.code == ProblemCode::NoTitle) {
                wrong.push(format!("{}: is no title, but was read as {}", case[0], report.agency.raw()));
            }
            continue;
        };
        let report = read(&document(title, around), path);
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let found = places::find(&Evidence {
            agency: Some(report.agency.raw()),
            publisher: Some(&format!("{title}\n{around}")).filter(|_| agency.is_empty()).map(String::as_str),
            folder: Some(folder),
            file: Some(file),
            text: Some(around),
            year: report.year,
        });
        let text = |value: &Option<Untrusted>| value.as_ref().map_or(String::new(), |v| v.raw().to_owned());
        let code_read = match (&report.county_code, found.ambiguous.is_empty()) {
            (Some(code), _) => code.raw(),
            (None, true) => "-",
            (None, false) => "?",
        };
        let read = [
            report.agency.raw().to_owned(),
            report.year.map_or(String::new(), |y| y.to_string()),
            code_read.to_owned(),
            text(&report.city),
            found.place.level.name().to_owned(),
        ];
        if read != [agency, year, code, city, level] {
            wrong.push(format!("{title} ({path}, {around}): {read:?}"));
        }
    }
    assert!(count >= 150, "{count} cases");
    assert!(wrong.is_empty(), "{} of {count} are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}
