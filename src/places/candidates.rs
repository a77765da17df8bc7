//! Which divisions a name of a county can mean, and which of them had it in a year.
//!
//! Several that are left are an open question, and must stay one: nothing here picks one of two places. Only rows of
//! the table that are one place under successive codes are told apart by the year, for between them there is no doubt.

use super::settle::{is_municipality, place_of};
use super::table::{Division, Kind, TABLE};
use super::{Level, Place};

/// The county-level divisions that the name of a report's county can mean, in the order of their codes.
///
/// City and province narrow them, by their full or usual short names, where they are known. None for a name that the
/// gazetteer does not have there; several if it is open which is meant.
#[must_use]
pub fn candidates(county: &str, city: Option<&str>, province: Option<&str>, year: Option<u16>) -> Vec<Place> {
    let is_meant = |row: &&Division| row.kind() == Kind::County && is_in(row, city, province);
    let rows: Vec<Division> = TABLE.named(county).filter(is_meant).copied().collect();
    let mut rows = if rows.len() > 1 { of_year(rows, year) } else { rows };
    // A county has its code once, though it may have the name as its full one now and as a short one before.
    rows.sort_by_key(|row| row.code);
    rows.dedup_by_key(|row| row.code);
    rows.iter().map(place_of).collect()
}

/// The division that has the code, or had it last: of a city or a province too, with their own code and level.
#[must_use]
pub fn by_code(code: &str) -> Option<Place> {
    let row = TABLE.coded(code)?;
    let county = place_of(row);
    Some(match row.kind() {
        Kind::County => county,
        Kind::City => Place { county: None, level: Level::City, ..county },
        Kind::Province => {
            let city = county.province.clone().filter(|_| is_municipality(row));
            Place { county: None, city, level: Level::Province, ..county }
        }
    })
}

/// Whether a county is in the city and the province of these names.
pub(super) fn is_in(row: &Division, city: Option<&str>, province: Option<&str>) -> bool {
    let has_above = |name: &str, fits: fn(&Division) -> bool| {
        let above = TABLE.named(name).chain(TABLE.with_stem(name));
        above.filter(|above| fits(above)).any(|above| row.code.starts_with(above.prefix()))
    };
    // A municipality is its own city.
    let is_city = |above: &Division| {
        above.kind() == Kind::City || (above.kind() == Kind::Province && is_municipality(above))
    };
    city.is_none_or(|name| has_above(name, is_city))
        && province.is_none_or(|name| has_above(name, |above| above.kind() == Kind::Province))
}

/// Those that a report on that year can name, or without a year, those of today; all if there is none of these.
///
/// A report is written in the year after the one that it is on: it may carry a name that began then, and one that
/// ended in its own year.
pub(super) fn of_year(rows: Vec<Division>, year: Option<u16>) -> Vec<Division> {
    let could = |row: &Division| match year {
        Some(year) => row.from <= year + 1 && (row.until == 0 || year <= row.until),
        None => row.until == 0,
    };
    let left: Vec<Division> = rows.iter().filter(|row| could(row)).copied().collect();
    let rows = if left.is_empty() { rows } else { left };
    let is_last =
        |row: &Division| !rows.iter().any(|other| is_same_place(row, other) && !fits(row, other, year));
    rows.iter().filter(|row| is_last(row)).copied().collect()
}

/// Whether one of the two took the other's place, under the same name.
fn is_same_place(row: &Division, other: &Division) -> bool {
    leads_to(row, other) || leads_to(other, row)
}

/// No place has had more codes than this one after the other.
const MOST_CODES: usize = 4;

fn leads_to(row: &Division, other: &Division) -> bool {
    let next = |row: &&'static Division| TABLE.coded(row.successor);
    let mut chain = std::iter::successors(TABLE.coded(row.successor), next).take(MOST_CODES);
    row.code != other.code && chain.any(|here| here.code == other.code)
}

/// Whether a report on that year is rather from the row than from the other one of the same place.
fn fits(row: &Division, other: &Division, year: Option<u16>) -> bool {
    let (earlier, later) = if leads_to(row, other) { (row, other) } else { (other, row) };
    let has_changed = year.is_none_or(|year| year >= earlier.until);
    (if has_changed { later } else { earlier }) == row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(name: &str, city: Option<&str>, province: Option<&str>, year: Option<u16>) -> Vec<&'static str> {
        candidates(name, city, province, year).iter().filter_map(|place| place.code).collect()
    }

    #[test]
    fn a_name_of_several_places_is_open() {
        assert_eq!(codes("鼓楼区", None, None, Some(2022)), ["320106", "320302", "350102", "410204"]);
        assert_eq!(codes("鼓楼区", None, Some("江苏省"), Some(2022)), ["320106", "320302"]);
        assert_eq!(codes("朝阳区", None, None, None), ["110105", "220104"]);
        assert_eq!(codes("和平区", None, None, Some(2020)), ["120101", "210102"]);
    }

    #[test]
    fn what_is_above_narrows_it_by_its_full_or_short_name() {
        for city in ["南京市", "南京"] {
            assert_eq!(codes("鼓楼区", Some(city), None, Some(2022)), ["320106"], "{city}");
        }
        for province in ["福建省", "福建"] {
            assert_eq!(codes("鼓楼区", None, Some(province), None), ["350102"], "{province}");
        }
        for city in ["天津市", "天津"] {
            assert_eq!(codes("和平区", Some(city), Some(city), None), ["120101"], "a municipality is a city");
        }
        assert_eq!(codes("凤凰县", Some("湘西州"), Some("湖南"), None), ["433123"]);
        assert_eq!(codes("恭城县", None, None, None), ["450332"], "a short name");
        assert_eq!(codes("新县", Some("吉林"), None, None), [""; 0], "not there");
        assert_eq!(codes("鼓楼区", Some("福建"), None, None), [""; 0], "a province is no city");
        // The city had the name when it had the county.
        assert_eq!(codes("襄城区", Some("襄樊市"), None, Some(2009)), ["420602"]);
    }

    #[test]
    fn a_name_that_no_division_has_means_none() {
        for name in ["岚阳县", "", "县", "新县教育局", "信阳市", "河南省", "天津市"] {
            assert_eq!(codes(name, None, None, Some(2022)), [""; 0], "{name}");
        }
        assert_eq!(codes("鼓楼区", Some("岚州市"), None, None), [""; 0]);
        assert_eq!(codes("鼓楼区", None, Some("示例省"), None), [""; 0]);
    }

    #[test]
    fn the_year_leaves_out_what_was_not_there() {
        // 邢台 until 2020, 石家庄 until 2014, 张家口 until today.
        assert_eq!(codes("桥东区", None, None, Some(2013)), ["130103", "130502", "130702"]);
        assert_eq!(codes("桥东区", None, None, Some(2014)), ["130103", "130502", "130702"]);
        assert_eq!(codes("桥东区", None, None, Some(2019)), ["130502", "130702"]);
        assert_eq!(codes("桥东区", None, None, Some(2020)), ["130502", "130702"], "may still carry it");
        assert_eq!(codes("桥东区", None, None, Some(2021)), ["130702"]);
        assert_eq!(codes("桥东区", None, None, None), ["130702"]);
        // 深圳 since 2016: a report on 2015 is written then.
        assert_eq!(codes("龙华区", None, None, Some(2014)), ["460106"]);
        assert_eq!(codes("龙华区", None, None, Some(2015)), ["440309", "460106"]);
        // None is left: what ended before is better than nothing.
        assert_eq!(codes("太谷县", None, None, Some(2024)), ["140726"]);
        assert_eq!(codes("太谷区", None, None, Some(2010)), ["140703"]);
        // 重庆 until 2025, 宁波.
        assert_eq!(codes("江北区", None, None, Some(2025)), ["330205", "500105"]);
        assert_eq!(codes("江北区", None, None, Some(2026)), ["330205"]);
    }

    #[test]
    fn one_place_under_two_codes_is_not_open() {
        for (name, year, code) in [
            ("崇川区", 2019, "320602"),
            ("崇川区", 2020, "320613"),
            ("三元区", 2020, "350403"),
            ("三元区", 2021, "350404"),
            ("公主岭市", 2018, "220381"),
            ("公主岭市", 2020, "220184"),
            ("钢城区", 2017, "371203"),
            ("钢城区", 2018, "370117"),
            ("黔西县", 2010, "522423"),
            ("黔西县", 2011, "520522"),
            ("黔西县", 2021, "520522"),
            ("黔西县", 2024, "520522"),
        ] {
            assert_eq!(codes(name, None, None, Some(year)), [code], "{name} {year}");
        }
        assert_eq!(codes("崇川区", None, None, None), ["320613"]);
        assert_eq!(codes("黔西县", None, None, None), ["520522"]);
    }

    #[test]
    fn every_county_means_itself_where_it_is() {
        for place in super::super::counties(u16::MAX) {
            let county = place.county.as_deref().unwrap_or_default();
            let found = candidates(county, place.city.as_deref(), place.province.as_deref(), None);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found.first(), Some(&place));
            assert_eq!(by_code(place.code.unwrap_or_default()), Some(place));
        }
    }

    #[test]
    fn a_code_has_its_place() {
        let of =
            |code: &str| by_code(code).map(|p| [p.province, p.city, p.county].map(Option::unwrap_or_default));
        assert_eq!(of("411523"), Some(["河南省", "信阳市", "新县"].map(str::to_owned)));
        assert_eq!(of("110105"), Some(["北京市", "北京市", "朝阳区"].map(str::to_owned)));
        assert_eq!(of("371203"), Some(["山东省", "莱芜市", "钢城区"].map(str::to_owned)), "ended");
        assert_eq!(of("130503"), Some(["河北省", "邢台市", "信都区"].map(str::to_owned)), "had it last");
        assert_eq!(of("411500"), Some(["河南省", "信阳市", ""].map(str::to_owned)));
        assert_eq!(of("410000"), Some(["河南省", "", ""].map(str::to_owned)));
        assert_eq!(of("110000"), Some(["北京市", "北京市", ""].map(str::to_owned)));
        let levels = ["410000", "411500", "411523"].map(|code| by_code(code).map(|p| (p.level, p.code)));
        assert_eq!(
            levels,
            [
                Some((Level::Province, Some("410000"))),
                Some((Level::City, Some("411500"))),
                Some((Level::County, Some("411523"))),
            ]
        );
        for code in ["", "4115", "999999", "411599", "新县"] {
            assert_eq!(by_code(code), None, "{code}");
        }
    }
}
