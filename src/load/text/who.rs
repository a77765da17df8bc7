//! Title, agency and year of a report, each with where it is known from: the surest source that names it.

use super::lines::DocLine;
use super::opening::{Opening, fits, is_body};
use super::publisher::Around;
use super::sections::{self, Heading};
use super::title::{self, Title, is_agency, is_placed};
use super::year;
use crate::places;
use crate::report::{KnownBy, Report};

/// So many lines are read for the period where no section is found.
const LINES: usize = 60;

/// Fills in what names a report.
pub(super) fn name(report: &mut Report, title: Option<&Title>, lines: &[DocLine<'_>], headings: &[Heading]) {
    let without_site = title.and_then(|title| without_site(title, lines, headings));
    let title = without_site.as_ref().or(title);
    if let Some(title) = title {
        report.title = title.text.as_str().into();
        set_agency(report, Some(&title.agency), KnownBy::Title);
        set_year(report, title.year, KnownBy::Title);
    }
    if is_named(report) {
        return;
    }
    let skip = title.map_or(0..0, |title| title.lines.clone());
    let opening = Opening::new(lines, headings, skip.clone());
    let own = opening.own_word();
    let said = opening.announced();
    // 现公布金昌市2023年… with 我局 all over the text is not the report of the city.
    let agency = said.agency.filter(|name| own.is_none_or(|own| fits(name, own)));
    set_agency(report, agency.as_deref(), KnownBy::Sentence);
    set_year(report, said.year, KnownBy::Sentence);
    set_year(report, period(lines, headings), KnownBy::Sentence);
    if is_named(report) {
        return;
    }
    let around = Around::new(lines, skip);
    of_page(report, &around, own);
    if report.agency.is_empty() {
        let site = own.and_then(|own| {
            let mut names = around.sites.iter().filter(|name| is_whole(name) && is_placed(name));
            names.find(|name| fits(name, own))
        });
        set_agency(report, site.map(String::as_str), KnownBy::Inferred);
    }
    let doer = opening.doer().filter(|name| is_own(name, own));
    set_agency(report, doer.as_deref(), KnownBy::Inferred);
    let contact = opening.contact().filter(|name| is_own(name, own));
    set_agency(report, contact.as_deref(), KnownBy::Inferred);
    set_year(report, opening.spoken_year().or_else(|| opening.worked_year()), KnownBy::Inferred);
    // Reports are published in the first months of the next year; later it is the date of a page that was moved.
    let published = around.published.filter(|(_, month)| *month <= 4).map(|(year, _)| year - 1);
    set_year(report, published, KnownBy::Inferred);
}

/// The title without the name of the site, which stood in the line above: the text announces the report of another body.
fn without_site(title: &Title, lines: &[DocLine<'_>], headings: &[Heading]) -> Option<Title> {
    let last = title.lines.end.checked_sub(1).filter(|last| *last > title.lines.start)?;
    let said = Opening::new(lines, headings, title.lines.clone()).announced().agency?;
    if title.agency.is_empty() || said.contains(&title.agency) || title.agency.contains(&said) {
        return None;
    }
    let alone = title::read(&crate::load::normalise::clean(lines.get(last)?.text))?;
    (alone.agency.is_empty() && alone.year.is_some()).then(|| Title { lines: last..last + 1, ..alone })
}

fn is_named(report: &Report) -> bool {
    report.year.is_some() && !report.agency.is_empty()
}

/// What the page says of the document: its own title, the publisher.
fn of_page(report: &mut Report, around: &Around, own: Option<&str>) {
    for title in around.titles.iter().filter_map(|text| title::read(text)) {
        if report.title.is_empty() {
            report.title = title.text.as_str().into();
        }
        set_agency(report, Some(&title.agency), KnownBy::Metadata);
        set_year(report, title.year, KnownBy::Metadata);
    }
    let publisher = around.publishers.iter().find(|name| is_whole(name) && is_own(name, own));
    set_agency(report, publisher.map(String::as_str), KnownBy::Metadata);
}

/// Whether a text is the name of one body, and which.
fn is_whole(name: &str) -> bool {
    is_agency(name) && is_body(name) && (is_placed(name) || places::is_township(name))
}

/// Whether the publisher of a page is the body that the text is from. A government and its office publish for others
/// too: theirs it is only where the text says so.
fn is_own(name: &str, own: Option<&str>) -> bool {
    let ends =
        ["政府", "政府办公室", "政府办公厅", "政府办", "县", "区", "市", "省", "州", "旗", "盟", "中心"];
    let publishes_for_others = ends.iter().any(|end| name.ends_with(end)) && !places::is_township(name);
    match own {
        Some(own) => fits(name, own),
        None => !publishes_for_others,
    }
}

fn set_agency(report: &mut Report, name: Option<&str>, by: KnownBy) {
    if let Some(name) = name.filter(|name| report.agency.is_empty() && !name.is_empty()) {
        report.agency = name.into();
        report.agency_from = Some(by);
    }
}

fn set_year(report: &mut Report, year: Option<u16>, by: KnownBy) {
    if report.year.is_none() && year.is_some() {
        report.year = year;
        report.year_from = Some(by);
    }
}

/// The year of the period that the text states.
fn period(lines: &[DocLine<'_>], headings: &[Heading]) -> Option<u16> {
    let first = sections::region(headings, 1, lines.len()).map_or(lines.len().min(LINES), |r| r.end);
    lines.iter().take(first).find_map(|l| year::period_year(l.text))
}
