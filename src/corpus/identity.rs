//! What a report is among others: an agency within its place, a year, and what it says.
//!
//! The words are used everywhere as they are defined here. A *document* is a file or a member of an archive. A *report*
//! is what an agency published for a year; it may stand in several documents. A *copy* is another document of the same
//! report. A *version* is another report of the same agency and year.
//!
//! An agency is its name within its place. An agency whose place is not known is nobody else's: it is equal to another
//! only where the evidence says so. Nothing here guesses a place, and nothing takes two agencies for one because their
//! names are alike.

use std::borrow::Cow;
use std::path::Path;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::Choices;
use super::choices::plain_name;
use crate::display::Untrusted;
use crate::places;
use crate::report::{CellId, Figure, ProblemCode, Report};
use crate::rules::Settings;
use crate::rules::versions::{self, ReportPrint};

/// The names of an agency and of its place.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names<'a> {
    /// The agency as its title names it; empty if unknown.
    pub agency: &'a str,
    /// The county.
    pub county: Option<&'a str>,
    /// The code of the county (GB/T 2260).
    pub code: Option<&'a str>,
    /// The city.
    pub city: Option<&'a str>,
    /// The province.
    pub province: Option<&'a str>,
}

impl<'a> Names<'a> {
    /// The names that a report has.
    #[must_use]
    pub fn of(report: &'a Report) -> Self {
        let known = |name: &'a Option<Untrusted>| name.as_ref().map(Untrusted::raw).filter(|n| !n.is_empty());
        Self {
            agency: report.agency.raw(),
            county: known(&report.county),
            code: known(&report.county_code),
            city: known(&report.city),
            province: known(&report.province),
        }
    }
}

/// How far it is known where an agency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// In a place that is told from all others.
    Settled(Circle),
    /// In a county of a name that several counties have.
    Open,
    /// The name says too little.
    Unknown,
}

/// A place over its renamings: equal for all reports that can be compared across years or, in a year, with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Circle {
    /// A number for the place.
    pub place: u64,
    /// The year since when it is made of the same places: it is not compared with itself before.
    pub since: u16,
    /// Whether it is a county, whose agencies can be compared with each other.
    pub is_county: bool,
}

/// Seeds that keep hashes of different meaning apart.
const OF_CODE: u64 = 1;
const OF_NAME: u64 = 2;
const OF_CITY: u64 = 3;
const OF_AGENCY: u64 = 4;
const OF_FOLDER: u64 = 5;
const OF_TEXT: u64 = 6;

/// Two numbers made one.
fn mixed(a: u64, b: u64) -> u64 {
    xxh3_64_with_seed(&b.to_le_bytes(), a)
}

/// The counties that a report of a place may be from, where its county is not told by a code. More than one: it is open.
#[must_use]
pub fn candidates(names: &Names<'_>, year: Option<u16>) -> Vec<places::Place> {
    match (names.code, names.county) {
        (None, Some(county)) => places::candidates(county, names.city, names.province, year),
        _ => Vec::new(),
    }
}

/// How far it is known where an agency is.
#[must_use]
pub fn whereabouts(names: &Names<'_>, year: Option<u16>) -> Whereabouts {
    let coded = |code: &str| {
        let line = places::line(code, year.unwrap_or(u16::MAX));
        let (code, since) = line.map_or((code, 0), |line| (line.code, line.since));
        Circle { place: xxh3_64_with_seed(code.as_bytes(), OF_CODE), since, is_county: true }
    };
    if let Some(code) = names.code {
        return Whereabouts::Settled(coded(code));
    }
    if let Some(county) = names.county {
        let found = candidates(names, year);
        return match found.as_slice() {
            // A county that the gazetteer does not know is told by its name and what is above it.
            [] => {
                let above = names.city.or(names.province).unwrap_or("");
                let place = mixed(xxh3_64_with_seed(county.as_bytes(), OF_NAME), xxh3_64(above.as_bytes()));
                Whereabouts::Settled(Circle { place, since: 0, is_county: true })
            }
            [one] => one.code.map_or(Whereabouts::Open, |code| Whereabouts::Settled(coded(code))),
            _ => Whereabouts::Open,
        };
    }
    // Without a county, the agency is that of a city or province only if its own name says so.
    let within = places::agency_within(names.agency, names.province, names.city, None);
    let says_so =
        within.len() < names.agency.len() || [names.city, names.province].contains(&Some(names.agency));
    match names.city.or(names.province) {
        Some(above) if says_so && !places::is_township(names.agency) => {
            let place = xxh3_64_with_seed(above.as_bytes(), OF_CITY);
            Whereabouts::Settled(Circle { place, since: 0, is_county: false })
        }
        _ => Whereabouts::Unknown,
    }
}

/// The number of an agency's name within its place; nothing where there is no name.
#[must_use]
pub fn agency_number(names: &Names<'_>, renamed: &dyn Fn(&str) -> Option<String>) -> Option<u64> {
    if names.agency.is_empty() {
        return None;
    }
    // The report of a whole area is named after the area, whatever that was called at the time.
    if [names.county, names.city, names.province].contains(&Some(names.agency)) {
        return Some(mixed(OF_AGENCY, 0));
    }
    let within = |name: &str| {
        let plain = plain_name(name);
        let within = places::agency_within(&plain, names.province, names.city, names.county);
        xxh3_64_with_seed(within.as_bytes(), OF_AGENCY)
    };
    Some(renamed(names.agency).map_or_else(|| within(names.agency), |name| within(&name)))
}

/// A document as it is told from others while all of them are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Equal for reports of one agency; only together with the folder where the place is not settled. 0 for none.
    pub(super) agency: u64,
    /// Its place, if that is settled.
    pub(super) circle: Option<Circle>,
    /// The folder that the document is in; where its county is open, together with the name of that.
    pub(super) folder: u64,
    /// The folder together with the name of the county; 0 where that is not known.
    pub(super) named: u64,
    /// Year of the report; 0 if unknown.
    pub(super) year: u16,
}

impl Entry {
    /// The entry of a report from a document; `agency` is what [`agency_number`] gave.
    #[must_use]
    pub fn new(names: &Names<'_>, agency: Option<u64>, year: Option<u16>, path: &Path) -> Self {
        let circle = match whereabouts(names, year) {
            Whereabouts::Settled(circle) => Some(circle),
            Whereabouts::Open | Whereabouts::Unknown => None,
        };
        Self::placed(names, circle, agency, year.unwrap_or(0), folder_number(path))
    }

    /// The entry of a report with these names; agencies go on under the names that the configuration gives them.
    #[must_use]
    pub fn of(names: &Names<'_>, year: Option<u16>, path: &Path, settings: &Settings) -> Self {
        let agency = agency_number(names, &|name| settings.renamed(name).map(str::to_owned));
        Self::new(names, agency, year, path)
    }

    /// Whether its county has a name that several have, and nothing settles which it is.
    pub(super) const fn is_open(&self) -> bool {
        self.circle.is_none() && self.named != 0
    }

    /// An entry of which only the agency in its settled place and the year are asked for.
    #[must_use]
    pub const fn settled(agency: u64, year: u16) -> Self {
        let circle = Some(Circle { place: 0, since: 0, is_county: false });
        Self { agency, circle, folder: 0, named: 0, year }
    }

    /// A number for the agency; only together with its folder where the place is not settled.
    #[must_use]
    pub fn agency(&self) -> Option<u64> {
        Some(self.agency).filter(|agency| *agency != 0)
    }

    /// A number for its place, if that is settled.
    #[must_use]
    pub fn place(&self) -> Option<u64> {
        self.circle.map(|circle| circle.place)
    }

    /// A number for the folder that the document is in.
    #[must_use]
    pub const fn folder(&self) -> u64 {
        self.folder
    }

    /// A number for the folder together with the name of the county; 0 where that is not known.
    #[must_use]
    pub const fn named(&self) -> u64 {
        self.named
    }

    /// Year of the report; 0 if unknown.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }

    /// The same where the place is known already.
    pub(super) fn placed(
        names: &Names<'_>,
        circle: Option<Circle>,
        agency: Option<u64>,
        year: u16,
        folder: u64,
    ) -> Self {
        let agency = agency.map_or(0, |agency| {
            if let Some(circle) = circle {
                return mixed(mixed(circle.place, u64::from(circle.since)), agency) | 1;
            }
            // In doubt it is the agency of that name in that folder, and of what is known of its county.
            let county = xxh3_64_with_seed(names.county.unwrap_or("").as_bytes(), OF_NAME);
            mixed(mixed(folder, county), agency) | 1
        });
        // To a county that has a name of its own a folder tells something only if it is that of a county of this name.
        let of_name = |county: &str| mixed(folder, xxh3_64_with_seed(county.as_bytes(), OF_NAME));
        let with_county = names.county.map_or(0, of_name);
        let folder = if circle.is_none() && with_county != 0 { with_county } else { folder };
        Self { agency, circle, folder, named: with_county, year }
    }
}

/// A number for the folder of a document, or for the archive that it is in.
#[must_use]
pub fn folder_number(path: &Path) -> u64 {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = path.parent().unwrap_or(Path::new(""));
    xxh3_64_with_seed(folder.as_os_str().as_bytes(), OF_FOLDER)
}

/// What is kept of a document to tell copies from versions, and which version stands for a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    /// What it says, in three numbers.
    pub(super) print: ReportPrint,
    /// A number for its whole text: title, sections, figures.
    pub(super) whole: u64,
    /// A number for the bytes that it was first read from; 0 if unknown.
    pub(super) source: u64,
    /// The later of its dates of signature and publication, as `20250131`; 0 if it prints none.
    pub(super) date: u32,
    /// How many of its cells hold a number.
    pub(super) filled: u16,
    /// What makes it better to be looked at than another document of the same report: smaller is better.
    pub(super) rank: u16,
}

impl Facts {
    /// The facts of a report from a document, or from a parsed copy of it.
    pub(super) fn of(report: &Report, is_parsed: bool) -> Self {
        let print = versions::print(report);
        let filled =
            CellId::all().filter(|cell| matches!(report.figures.get(*cell), Figure::Number(_))).count();
        Self {
            print,
            whole: whole(report, print),
            source: match report.source.sha256.raw() {
                "" => 0,
                hash => xxh3_64(hash.as_bytes()) | 1,
            },
            date: crate::rules::latest_date(report),
            filled: u16::try_from(filled).unwrap_or(u16::MAX),
            rank: rank(report, is_parsed),
        }
    }

    /// Whether it is of a parsed report, not of the document itself.
    pub(super) const fn is_parsed(&self) -> bool {
        self.rank >> 15 == 1
    }

    /// The version in the identifier of the report.
    pub(super) fn version(&self) -> u32 {
        version(self.print)
    }
}

/// Which of several documents of one report is shown: that which a person can read, with the fewest doubts.
fn rank(report: &Report, is_parsed: bool) -> u16 {
    const FORMATS: [&str; 5] = ["text", "html", "docx", "xlsx", "pdf"];
    let format = FORMATS.iter().position(|format| *format == report.source.format.raw());
    let problems = report.problems.len().min(127) as u16;
    u16::from(is_parsed) << 15
        | u16::from(report.needs_reading()) << 14
        | problems << 4
        | format.unwrap_or(FORMATS.len()) as u16
}

/// A number for the whole normalised text of a report.
fn whole(report: &Report, print: ReportPrint) -> u64 {
    let mut whole = mixed(print.figures, u64::from(report.year.unwrap_or(0)));
    whole = mixed(whole, print.words);
    for text in [&report.agency, &report.title] {
        whole = mixed(whole, text_number(text.raw()));
    }
    whole
}

fn text_number(text: &str) -> u64 {
    xxh3_64_with_seed(text.as_bytes(), OF_TEXT)
}

const VERSION_BITS: u32 = 24;

fn version(print: ReportPrint) -> u32 {
    (mixed(print.figures, print.words) >> (64 - VERSION_BITS)) as u32
}

/// What names a report in every list, and in the decisions on it: place, agency, year, and which version it is.
///
/// `411523/新县人民政府办公室/2024@3fa91c`: the code of the county (its name where the code is not known, after a question
/// mark where several counties have the name; a city or province where there is no county; `-` where nothing is known),
/// the agency (in 《》 the title of a report without one), the year, and six hexadecimal digits that are made of its
/// figures and words. It stays when a file is moved or read again. Behind it, marks such as `~1` and `~2` tell reports
/// apart that say the same and may be from different agencies: what was decided on one of several is never taken for a
/// decision on the one that is left.
#[must_use]
pub fn report_id(report: &Report) -> Untrusted {
    id_of(&base(report), version(versions::print(report)), 0).into()
}

/// The same for a report whose identifier would be that of others: its place among them.
#[must_use]
pub fn marked_id(report: &Report, ordinal: u32) -> Untrusted {
    id_of(&base(report), version(versions::print(report)), ordinal).into()
}

/// The identifier of a base, a version and the place among those that cannot be told apart otherwise; 0 where there is
/// no other.
pub(super) fn id_of(base: &str, version: u32, ordinal: u32) -> String {
    let mark = if ordinal > 0 { format!("~{ordinal}") } else { String::new() };
    format!("{base}@{version:06x}{mark}")
}

/// What the identifiers of all versions of a report begin with.
#[must_use]
pub fn base(report: &Report) -> String {
    base_of(&Names::of(report), report.title.raw(), report.year)
}

/// The same for the names of a report.
#[must_use]
pub fn base_of(names: &Names<'_>, title: &str, year: Option<u16>) -> String {
    base_in(&place_of(names, year), names.agency, title, year)
}

/// The place in the identifier of a report of which no place is known: no sign that a spreadsheet takes for a formula.
const UNKNOWN: &str = "?";

/// The place in the identifier of a report.
pub(super) fn place_of(names: &Names<'_>, year: Option<u16>) -> String {
    match (names.code, names.county) {
        (Some(code), _) => plain_name(code),
        (None, Some(county)) => {
            let open = if matches!(whereabouts(names, year), Whereabouts::Open) { "?" } else { "" };
            format!("{open}{}{}", plain_name(names.city.unwrap_or("")), plain_name(county))
        }
        (None, None) => plain_name(names.city.or(names.province).unwrap_or(UNKNOWN)),
    }
}

/// The county as lists for people show it, with a mark where it is open; `id` is the identifier of the report.
#[must_use]
pub fn marked_county<'a>(id: &Untrusted, county: Option<&'a Untrusted>) -> Cow<'a, str> {
    let county = county.map_or("", Untrusted::raw);
    if !county.is_empty() && id.raw().starts_with('?') {
        Cow::Owned(format!("{county}?"))
    } else {
        Cow::Borrowed(county)
    }
}

/// What the identifiers of all versions of a report begin with, for a place that is known.
pub(super) fn base_in(place: &str, agency: &str, title: &str, year: Option<u16>) -> String {
    let agency = match (agency, title) {
        ("", "") => "-".to_owned(),
        ("", title) => format!("《{}》", plain_name(title)),
        (agency, _) => plain_name(agency),
    };
    let year = year.map_or_else(|| "-".to_owned(), |year| year.to_string());
    format!("{place}/{agency}/{year}")
}

/// Puts a report where it is from: what its code, its county or the name of its agency tells of its place is filled in
/// where the report leaves it out, and where its county is open, what a person has said of it.
///
/// Every document passes here when it is read, so that nothing else asks which way a place was written.
pub fn settle(report: &mut Report, choices: &Choices) {
    if let Some(place) = told_place(report) {
        fill(report, place);
    }
    if choices.places.is_empty() || report.county_code.is_some() {
        return;
    }
    // Where not even the name of a county is known, agencies of many counties have one name and one key.
    let Some(county) = report.county.as_ref().map(|county| county.raw().to_owned()) else { return };
    let id = || report_id(report).raw().to_owned();
    let said = choices.place_of(&county, report.agency.raw(), id).and_then(places::by_code);
    if let Some(place) = said.filter(|place| place.county.is_some()) {
        // The name of the county stays as it was written: by it the place can be left open again.
        (report.city, report.province) = (None, None);
        fill(report, place);
        report.is_placed_by_hand = true;
    }
}

/// What the report tells of its place besides what it states: programs that parse reports often leave it out.
fn told_place(report: &Report) -> Option<places::Place> {
    let names = Names::of(report);
    match names {
        Names { code: Some(code), .. } => {
            let is_short = names.county.is_none() || names.city.is_none() || names.province.is_none();
            is_short.then(|| places::by_code(code)).flatten()
        }
        Names { county: Some(_), .. } => {
            let mut found = candidates(&names, report.year);
            if found.len() == 1 { found.pop() } else { None }
        }
        Names { agency, city: None, province: None, .. } if !agency.is_empty() => {
            let evidence = places::Evidence { agency: Some(agency), year: report.year, ..Default::default() };
            Some(places::find(&evidence).place)
        }
        Names { .. } => None,
    }
}

/// Fills in what a report does not state of its place.
fn fill(report: &mut Report, place: places::Place) {
    let places::Place { province, city, county, code, .. } = place;
    let code = code.map(str::to_owned);
    let is_told = code.is_some();
    for (stated, told) in [
        (&mut report.province, province),
        (&mut report.city, city),
        (&mut report.county, county),
        (&mut report.county_code, code),
    ] {
        if stated.as_ref().is_none_or(Untrusted::is_empty) {
            *stated = told.map(Untrusted::new);
        }
    }
    if is_told {
        report.problems.retain(|problem| problem.code != ProblemCode::AmbiguousPlace);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<'a>(agency: &'a str, county: &'a str, code: &'a str, city: &'a str) -> Names<'a> {
        let known = |name: &'a str| Some(name).filter(|name| !name.is_empty());
        Names { agency, county: known(county), code: known(code), city: known(city), province: None }
    }

    fn report(names: &Names<'_>, year: Option<u16>) -> Report {
        let known = |name: Option<&str>| name.map(Untrusted::from);
        let mut report = Report {
            agency: names.agency.into(),
            county: known(names.county),
            county_code: known(names.code),
            city: known(names.city),
            province: known(names.province),
            year,
            ..Report::default()
        };
        settle(&mut report, &Choices::default());
        report
    }

    fn entry(names: &Names<'_>, year: u16, path: &str) -> Entry {
        let report = report(names, Some(year));
        let names = Names::of(&report);
        Entry::new(&names, agency_number(&names, &|_| None), Some(year), Path::new(path))
    }

    #[test]
    fn an_agency_is_its_name_within_its_place() {
        let one = entry(&names("新县教育局", "新县", "411523", "信阳市"), 2023, "a/x");
        for (other, is_same) in [
            (entry(&names("新县教育局", "新县", "411523", ""), 2023, "b/y"), true),
            (entry(&names("教育局", "新县", "411523", ""), 2023, "b/y"), true),
            (entry(&names("河南省信阳市新县教育局", "新县", "411523", "信阳市"), 2023, "b/y"), true),
            (entry(&names("新县教育局", "新县", "", ""), 2023, "b/y"), true),
            (entry(&names("新县教育局", "", "411523", ""), 2023, "b/y"), true),
            (entry(&names("新县教育局", "", "", ""), 2023, "b/y"), true),
            (entry(&names("教育局", "", "", ""), 2023, "b/y"), false),
            (entry(&names("新县财政局", "新县", "411523", "信阳市"), 2023, "a/x"), false),
            (entry(&names("光山县教育局", "光山县", "411522", "信阳市"), 2023, "a/x"), false),
            (entry(&names("信阳市教育局", "", "", "信阳市"), 2023, "a/x"), false),
        ] {
            assert_eq!(one.agency == other.agency, is_same, "{other:?}");
        }
    }

    #[test]
    fn a_place_goes_on_under_its_new_name_and_code() {
        let before = entry(&names("太谷县教育局", "太谷县", "140726", ""), 2019, "a/x");
        let after = entry(&names("太谷区教育局", "太谷区", "140703", ""), 2020, "a/y");
        assert_eq!((before.agency, before.circle), (after.agency, after.circle));
        let area = |name, code, year| entry(&names(name, name, code, ""), year, "a/x").agency;
        assert_eq!(area("太谷县", "140726", 2019), area("太谷区", "140703", 2020));
        // 江干区 was merged into 上城区: neither goes on in what they became.
        let of = |name, code, year| entry(&names("教育局", name, code, ""), year, "a/x").agency;
        assert_ne!(of("江干区", "330104", 2020), of("上城区", "330102", 2021));
        assert_ne!(of("上城区", "330102", 2020), of("上城区", "330102", 2021));
        assert_eq!(of("上城区", "330102", 2021), of("上城区", "330102", 2022));
    }

    #[test]
    fn an_agency_of_an_unknown_place_is_nobody_else() {
        let town = |path| entry(&names("城关镇人民政府", "", "", ""), 2023, path);
        assert_eq!(town("a/x").circle, None);
        assert_ne!(town("a/x").agency, town("b/x").agency);
        assert_eq!(town("a/x").agency, town("a/y").agency, "the folder may say so");
        let open = names("普陀区教育局", "普陀区", "", "");
        assert_eq!(whereabouts(&open, Some(2023)), Whereabouts::Open);
        assert_eq!(entry(&open, 2023, "a/x").circle, None);
        let settled = Names { city: Some("舟山市"), ..open };
        assert!(matches!(whereabouts(&settled, Some(2023)), Whereabouts::Settled(_)));
        // A town of which only the city is known, and a bureau that does not say that it is the city's.
        for agency in ["信阳市城关镇人民政府", "城关镇人民政府", "教育局"] {
            assert_eq!(whereabouts(&names(agency, "", "", "信阳市"), None), Whereabouts::Unknown, "{agency}");
        }
        assert!(matches!(
            whereabouts(&names("信阳市教育局", "", "", "信阳市"), None),
            Whereabouts::Settled(_)
        ));
    }

    #[test]
    fn identifiers_say_place_agency_and_year() {
        let of = |names: &Names<'_>, title, year| base_of(names, title, year);
        for (names, title, year, want) in [
            (names("新县 教育局", "新县", "411523", "信阳市"), "", Some(2024), "411523/新县教育局/2024"),
            (names("岚阳县财政局", "岚阳县", "", "岚州市"), "", Some(2024), "岚州市岚阳县/岚阳县财政局/2024"),
            (names("普陀区教育局", "普陀区", "", ""), "", Some(2024), "?普陀区/普陀区教育局/2024"),
            (names("城关镇", "", "", ""), "", Some(2024), "?/城关镇/2024"),
            (names("", "新县", "411523", ""), "政府信息公开年报", None, "411523/《政府信息公开年报》/-"),
            (names("", "", "", ""), "", None, "?/-/-"),
        ] {
            assert_eq!(of(&names, title, year), want);
        }
        let report = Report { agency: "甲".into(), year: Some(2024), ..Report::default() };
        let id = report_id(&report);
        let (base, version) = id.raw().rsplit_once('@').unwrap();
        assert_eq!(base, "?/甲/2024");
        assert!(version.len() == 6 && version.bytes().all(|b| b.is_ascii_hexdigit()), "{version}");
    }

    #[test]
    fn a_person_places_an_agency_that_is_open() {
        let choice = |code: &str| crate::corpus::choices::Choice {
            value: code.to_owned(),
            reviewer: "甲".into(),
            at: "2026-01-01T00:00:00Z".to_owned(),
            otherwise: None,
        };
        let places = [("?普陀区/教育局", "330903"), ("?/城关镇", "411523"), ("?普陀区/民政局", "310107")];
        let choices = Choices {
            places: places.map(|(key, code)| (key.to_owned(), choice(code))).into(),
            ..Choices::default()
        };
        let of = |agency: &str, county: Option<&str>, city: Option<&str>| Report {
            agency: agency.into(),
            county: county.map(Into::into),
            city: city.map(Into::into),
            ..Report::default()
        };
        for (mut report, want) in [
            (of("教育局", Some("普陀区"), None), Some("330903")),
            (of("财政局", Some("普陀区"), None), None),
            (of("教育局", Some("鼓楼区"), None), None),
            // There may be one in every county.
            (of("城关镇", None, None), None),
            (of("城关镇", None, Some("信阳市")), None),
        ] {
            settle(&mut report, &choices);
            let code = report.county_code.as_ref().map(Untrusted::raw);
            assert_eq!(code, want, "{report:?}");
            assert_eq!(report.is_placed_by_hand, want.is_some());
        }
    }
}
