//! Where a report is from: its agency's name, and where that leaves it open, the page and the path around it.

use std::path::Path;

use super::lines::DocLine;
use super::title::Title;
use crate::display::Untrusted;
use crate::load::normalise::clean;
use crate::load::traditional::in_simplified;
use crate::places::{self, Evidence, Found, Place};
use crate::report::{Problem, ProblemCode, Report};

/// So many lines from the top are read for the place, and of each so many characters.
const LINES: usize = 16;
const CHARS: usize = 240;
/// So many lines from the bottom may name the site.
const FOOT: usize = 6;

/// Words in lines of a page that name its publisher or its site.
const PUBLISHERS: &[&str] = &[
    "来源",
    "发布机构",
    "发布单位",
    "发文机关",
    "发布机关",
    "公开主体",
    "公开机构",
    "主办",
    "承办",
    "当前位置",
    "网站名称",
    "版权所有",
    "门户网站",
];

/// Fills the place of a report.
pub(super) fn fill(report: &mut Report, title: Option<&Title>, lines: &[DocLine<'_>], file: &Path) {
    let own = in_simplified(report.agency.raw()).into_owned();
    let agency = Some(own.as_str()).filter(|name| !name.is_empty());
    let mut found = places::find(&Evidence { agency, year: report.year, ..Evidence::default() });
    if found.is_open() {
        found = around(agency, report.year, title, lines, file);
    }
    if !found.ambiguous.is_empty() {
        let name = |place: &Place| {
            let above = place.city.as_ref().or(place.province.as_ref());
            [above, place.county.as_ref()].into_iter().flatten().cloned().collect::<String>()
        };
        let names: Vec<String> = found.ambiguous.iter().map(name).collect();
        let line = title.and_then(|t| lines.get(t.lines.start)).map_or(0, |line| line.number);
        let at = Untrusted::new("county");
        let detail = Untrusted::new(names.join("、"));
        report.problems.push(Problem { code: ProblemCode::AmbiguousPlace, at, line, detail });
    }
    let place = found.place;
    report.county_code = place.code.map(Untrusted::new);
    report.province = place.province.map(Untrusted::new);
    report.city = place.city.map(Untrusted::new);
    report.county = place.county.map(Untrusted::new);
}

/// The place by all that is known: the lines before the title and those that name the publisher, the path, the text.
fn around(
    agency: Option<&str>,
    year: Option<u16>,
    title: Option<&Title>,
    lines: &[DocLine<'_>],
    file: &Path,
) -> Found {
    let is_publisher = |text: &str| PUBLISHERS.iter().any(|word| text.contains(word));
    let taken = title.map_or(0..0, |t| t.lines.clone());
    let cut = |line: &DocLine<'_>| {
        let text: String = line.text.chars().take(CHARS).collect();
        in_simplified(&clean(&text)).into_owned()
    };
    let (mut publisher, mut text) = (String::new(), String::new());
    let filled = lines.iter().enumerate().filter(|(_, line)| !line.text.trim().is_empty());
    for (i, line) in filled.take(LINES).filter(|(i, _)| !taken.contains(i)) {
        let into = if i < taken.start || is_publisher(line.text) { &mut publisher } else { &mut text };
        into.push_str(&cut(line));
        into.push('\n');
    }
    // The foot of a page names the site.
    for line in lines.iter().rev().filter(|line| !line.text.trim().is_empty()).take(FOOT) {
        if line.text.len() < CHARS && is_publisher(line.text) {
            publisher.push_str(&cut(line));
            publisher.push('\n');
        }
    }
    let folder = file.parent().map(|p| p.to_string_lossy());
    let name = file.file_stem().map(|n| n.to_string_lossy());
    places::find(&Evidence {
        agency,
        publisher: Some(&publisher),
        folder: folder.as_deref(),
        file: name.as_deref(),
        text: Some(&text),
        year,
    })
}
