//! Which of several places of one name is meant, by what stands around the name.

use super::candidates;
use super::name::{self, Named};
use super::table::{Division, Kind, TABLE};
use super::{Level, Place};

/// What is known of a report that may say where it is from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// The agency as the title names it.
    pub agency: Option<&'a str>,
    /// The publisher, or the name of the site.
    pub publisher: Option<&'a str>,
    /// The folders that the document is in, as a path.
    pub folder: Option<&'a str>,
    /// The name of the file.
    pub file: Option<&'a str>,
    /// The beginning of the text, lines as printed.
    pub text: Option<&'a str>,
    /// The year that the report is on.
    pub year: Option<u16>,
}

/// A place, or those that it may be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// What is certain: of an ambiguous county its name, and what all candidates share.
    pub place: Place,
    /// The counties of the name if nothing settles which is meant.
    pub ambiguous: Vec<Place>,
}

impl Found {
    /// Whether more evidence could say more.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.ambiguous.is_empty()
            || (self.place.county.is_none() && matches!(self.place.level, Level::Unknown | Level::Township))
            || (self.place.level == Level::County && self.place.county.is_none())
    }
}

/// So many clauses of a text are read for a place.
const STATEMENTS: usize = 60;

/// Where a report is from.
#[must_use]
pub fn find(evidence: &Evidence<'_>) -> Found {
    let agency = evidence.agency.unwrap_or_default();
    let own = name::read(agency, evidence.year);
    let level = level(&own, agency);
    let is_known = !own.counties.is_empty()
        || own.city.is_some()
        || own.province.is_some()
        || own.unknown.iter().any(Option::is_some);
    let needs_county = own.is_town && own.counties.is_empty() && own.unknown[2].is_none();
    if (is_known && !needs_county) || is_above(agency) {
        return found(own, level, evidence);
    }
    match elsewhere(evidence, agency, &own) {
        Some(other) => {
            let level = if level == Level::Unknown { self::level(&other, "") } else { level };
            found(other, level, evidence)
        }
        None => found(own, level, evidence),
    }
}

/// Bodies above all counties, whose address is in one.
fn is_above(agency: &str) -> bool {
    ["国家", "国务院", "中国", "中华人民共和国", "省", "自治区"].iter().any(|start| agency.starts_with(start))
        || agency.ends_with(['部', '厅'])
}

fn level(named: &Named, name: &str) -> Level {
    let has_county = !named.counties.is_empty() || named.unknown[2].is_some();
    if named.is_zone {
        Level::Zone
    } else if named.is_town {
        Level::Township
    } else if has_county || name.starts_with(['县', '区', '旗']) {
        Level::County
    } else if named.city.is_some() || named.unknown[1].is_some() {
        Level::City
    } else if named.province.is_some() || named.unknown[0].is_some() {
        Level::Province
    } else {
        Level::Unknown
    }
}

fn found(named: Named, level: Level, evidence: &Evidence<'_>) -> Found {
    let candidates = settle(named.counties, evidence);
    let mut place = Place { level, ..Place::default() };
    match candidates.as_slice() {
        [] => {
            let [province, city, county] = named.unknown;
            let above = named.city.as_ref().and_then(|city| TABLE.province_of(city)).copied();
            place.province = named.province.or(above).map(|p| p.name.to_owned()).or(province);
            place.city = named.city.map(|c| c.name.to_owned()).or(city);
            // A municipality is its own city.
            if place.city.is_none() && named.province.is_some_and(|p| is_municipality(&p)) {
                place.city.clone_from(&place.province);
            }
            place.county = county;
            Found { place, ambiguous: Vec::new() }
        }
        [one] => Found { place: Place { level, ..place_of(one) }, ambiguous: Vec::new() },
        [first, ..] => {
            let ambiguous: Vec<Place> = candidates.iter().map(place_of).collect();
            let shared = |part: fn(&Place) -> &Option<String>| {
                let values: Vec<&Option<String>> = ambiguous.iter().map(part).collect();
                all_same(&values).then(|| values.first().and_then(|v| (*v).clone())).flatten()
            };
            place.province = shared(|p| &p.province);
            place.city = shared(|p| &p.city);
            place.county = Some(first.name.to_owned());
            Found { place, ambiguous }
        }
    }
}

fn all_same<T: PartialEq>(values: &[T]) -> bool {
    values.iter().all(|value| values.first() == Some(value))
}

/// The counties of today that were there in that year already under their name and code, in the order of the codes.
pub fn counties(since: u16) -> impl Iterator<Item = Place> {
    TABLE.counties_of_today().filter(move |row| row.from <= since).map(place_of)
}

pub(super) fn is_municipality(province: &Division) -> bool {
    province.name.ends_with('市')
}

pub(super) fn place_of(row: &Division) -> Place {
    let province = TABLE.province_of(row);
    let own = province.filter(|p| is_municipality(p));
    Place {
        province: province.map(|p| p.name.to_owned()),
        city: TABLE.city_of(row).or(own).map(|c| c.name.to_owned()),
        county: Some(row.name.to_owned()),
        code: Some(row.code),
        level: Level::County,
    }
}

/// What evidence other than the agency's name says, if it has a place: the strongest first.
fn elsewhere(evidence: &Evidence<'_>, agency: &str, own: &Named) -> Option<Named> {
    let end = agency.chars().next().filter(|c| "县区市旗".contains(*c));
    let fits = |named: &Named| {
        let county = named.counties.first().map(|r| r.name).or(named.unknown[2].as_deref());
        let is_in_own =
            own.city.is_none_or(|city| named.counties.iter().any(|r| r.code.starts_with(city.prefix())));
        match (county, end) {
            (Some(name), Some(end)) => name.ends_with(end) && is_in_own,
            (Some(_), None) => is_in_own,
            (None, Some('市') | None) => named.city.is_some() && !own.is_town,
            (None, Some(_)) => false,
        }
    };
    let year = evidence.year;
    let folders = evidence.folder.map(joined);
    let one = |name: &str| Some(name::read(name, year)).filter(|named| is_sure(named) && fits(named));
    let of_publisher =
        || evidence.publisher.and_then(|p| p.split(['\n', '|', '-', '>', ' ', '：', ':']).find_map(one));
    let of_folder = || {
        folders.as_deref().and_then(one).or_else(|| {
            let parts = evidence.folder.into_iter().flat_map(|f| f.rsplit(['/', '\\']));
            parts.map(without_digits).find_map(one)
        })
    };
    let of_file = || evidence.file.map(without_digits).and_then(one);
    let of_text =
        || evidence.text.and_then(|text| statements(text, own.is_town).take(STATEMENTS).find_map(one));
    of_publisher().or_else(of_folder).or_else(of_file).or_else(of_text)
}

/// Whether a name has a place that there is; what only looks like one is no evidence.
fn is_sure(named: &Named) -> bool {
    !named.counties.is_empty() || named.city.is_some()
}

/// Folders as one name: 河南省/信阳市/新县.
fn joined(folder: &str) -> String {
    folder.split(['/', '\\']).filter(|part| part.chars().next().is_some_and(|c| !c.is_ascii())).collect()
}

fn without_digits(name: &str) -> &str {
    name.trim_start_matches(|c: char| c.is_ascii() || "年度第【】（）《》、".contains(c))
}

/// Where a text may name the agency: at the beginning of each line and clause, and behind the words that announce it.
/// An address says where a town is, but of a bureau of the city only in which district its house is.
fn statements(text: &str, with_addresses: bool) -> impl Iterator<Item = &str> {
    let mut is_address = false;
    let clauses = text.split(['\n', '，', '。', '：', '；', '（', '(', '《', '、']);
    let clauses = clauses.filter(move |clause| {
        let is_kept = with_addresses || !(is_address || clause.contains("地址"));
        is_address = clause.ends_with("地址");
        is_kept
    });
    clauses.flat_map(|clause| {
        let clause = clause.trim_start_matches([' ', '\u{3000}', '\t']);
        let announced = ["现将", "本报告由", "根据"].iter().find_map(|word| clause.split_once(word));
        [Some(clause), announced.map(|(_, rest)| rest)].into_iter().flatten().map(without_digits)
    })
}

/// Of the counties of one name, those that the evidence leaves.
fn settle(rows: Vec<Division>, evidence: &Evidence<'_>) -> Vec<Division> {
    let rows = if rows.len() > 1 { around(rows, evidence) } else { rows };
    if rows.len() > 1 { candidates::of_year(rows, evidence.year) } else { rows }
}

/// Settled by the city, else by the province, that the rest of the evidence names.
fn around(rows: Vec<Division>, evidence: &Evidence<'_>) -> Vec<Division> {
    type Names = fn(&Division) -> Vec<&'static str>;
    const STRENGTHS: [Names; 3] = [
        |row| city_or_municipality(row).map(|c| c.names().collect()).unwrap_or_default(),
        |row| city_or_municipality(row).and_then(Division::stem).into_iter().collect(),
        |row| TABLE.province_of(row).into_iter().flat_map(|p| p.stem().into_iter().chain([p.name])).collect(),
    ];
    let pieces = [evidence.publisher, evidence.folder, evidence.file, evidence.text];
    for names in STRENGTHS {
        for piece in pieces.into_iter().flatten() {
            let is_named = |row: &&Division| names(row).into_iter().any(|name| piece.contains(name));
            let left: Vec<Division> = rows.iter().filter(is_named).copied().collect();
            let places: Vec<_> = left.iter().map(names).collect();
            if !left.is_empty() && all_same(&places) {
                return left;
            }
        }
    }
    rows
}

fn city_or_municipality(row: &Division) -> Option<&'static Division> {
    TABLE.city_of(row).or_else(|| TABLE.province_of(row).filter(|p| is_municipality(p)))
}

/// What took the place of a county that has ended, if it is one.
#[must_use]
pub fn successor(code: &str) -> Option<Place> {
    let row = TABLE.coded(code).filter(|row| row.until > 0 && row.kind() == Kind::County)?;
    TABLE.coded(row.successor).filter(|next| next.kind() == Kind::County).map(place_of)
}
