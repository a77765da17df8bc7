//! The bodies that report: counties of the gazetteer or invented ones, and agencies after a common pattern.
//!
//! The names of invented counties are built from characters and their codes begin with 99, which GB/T 2260 never gave
//! out, so that what is published of them can be taken for no real place. Agencies are the same in every county.

use std::sync::LazyLock;

use super::{Counties, Settings};
use crate::places::{self, Place};

/// The years that every agency reports on; 2019 and 2020 use the earlier form.
pub(super) const YEARS: std::ops::RangeInclusive<u16> = 2019..=2024;

/// Reports of one agency.
pub(super) const YEARS_EACH: u64 = 6;

/// The province of invented counties.
const PROVINCE: &str = "示例省";

/// The counties that were there in every year of [`YEARS`] and made of the same places, in the order of their codes: what
/// one carries over from before it took in another is compared with nothing.
static REAL: LazyLock<Vec<Place>> = LazyLock::new(|| {
    let is_the_same = |place: &Place| {
        let line = place.code.and_then(|code| places::line(code, *YEARS.end()));
        line.is_some_and(|line| line.since <= *YEARS.start())
    };
    places::counties(*YEARS.start()).filter(is_the_same).collect()
});

/// At most so many agencies in a county, as long as there are county names left.
const AGENCIES_EACH: u64 = 60;

/// With this many agencies or fewer, every one has a county of its own.
const COUNTIES_AT_FIRST: u64 = 40;

/// First characters of names. Their number and that of [`SECOND`] have no common divisor, nor has [`STEP`].
const FIRST: [&str; 56] = [
    "岚", "澜", "洄", "霁", "暄", "曜", "筠", "砚", "浥", "澹", "泓", "溯", "汐", "滢", "潆", "漪", "蘅",
    "芊", "荇", "菖", "棠", "槿", "桉", "楸", "枫", "栎", "梓", "椴", "樟", "檀", "琅", "璟", "珑", "琨",
    "瑄", "璞", "昀", "晖", "晟", "曦", "旻", "煦", "峤", "嶂", "峦", "崧", "翊", "翎", "鹭", "鸿", "鹇",
    "骊", "隼", "麓", "霖", "霏",
];

/// Second characters of county names.
const SECOND: [&str; 53] = [
    "阳", "川", "原", "陵", "溪", "泉", "坪", "岭", "平", "安", "宁", "昌", "丰", "兴", "和", "桥", "塘",
    "湾", "浦", "渡", "滩", "渚", "洲", "埠", "堰", "屯", "寨", "关", "堡", "塬", "坝", "坞", "岗", "岩",
    "峰", "谷", "台", "林", "源", "河", "湖", "沙", "石", "水", "田", "野", "庄", "亭", "驿", "城", "口",
    "门", "荡",
];

/// Second characters of city names.
const CITY_SECOND: [&str; 5] = ["州", "江", "海", "都", "港"];

/// Endings of county names: 县, 区 and 市 as often as they are found.
const ENDINGS: [&str; 10] = ["县", "区", "县", "县", "市", "县", "区", "县", "县", "区"];

/// Walks through the names in an order that does not look like a list.
const STEP: u64 = 1_009;

/// Names of counties in all.
const COUNTY_NAMES: u64 = (FIRST.len() * SECOND.len()) as u64;

/// Endings of towns, and how their bodies are called.
const TOWNS: [&str; 4] = ["镇人民政府", "乡人民政府", "镇人民政府", "街道办事处"];

/// A kind of agency with how large its figures may be, in binary digits: 0 where it has no such business.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile {
    /// Its name after that of the county.
    pub name: &'static str,
    /// Requests received in a year.
    pub requests: u32,
    /// Normative documents in force.
    pub normative: u32,
    /// Licensing decisions.
    pub licensing: u32,
    /// Penalties.
    pub penalty: u32,
    /// Coercive measures.
    pub coercion: u32,
    /// Fees, in 万元.
    pub fees: u32,
    /// Procurement projects.
    pub procurement: u32,
}

const fn profile(name: &'static str, sizes: [u32; 7]) -> Profile {
    let [requests, normative, licensing, penalty, coercion, fees, procurement] = sizes;
    Profile { name, requests, normative, licensing, penalty, coercion, fees, procurement }
}

/// The agencies of a county, that of the government's office first.
const AGENCIES: [Profile; 30] = [
    profile("人民政府办公室", [9, 7, 0, 0, 0, 0, 5]),
    profile("教育局", [5, 3, 6, 2, 0, 9, 7]),
    profile("财政局", [4, 5, 4, 3, 0, 8, 6]),
    profile("公安局", [7, 2, 13, 14, 9, 8, 6]),
    profile("自然资源局", [10, 4, 9, 6, 3, 12, 5]),
    profile("市场监督管理局", [7, 3, 14, 10, 6, 7, 5]),
    profile("住房和城乡建设局", [9, 4, 9, 6, 3, 10, 5]),
    profile("人力资源和社会保障局", [6, 3, 7, 5, 0, 3, 5]),
    profile("交通运输局", [5, 3, 9, 9, 6, 4, 6]),
    profile("农业农村局", [7, 4, 8, 6, 3, 3, 6]),
    profile("卫生健康局", [5, 3, 10, 7, 4, 4, 6]),
    profile("民政局", [5, 3, 6, 3, 0, 0, 5]),
    profile("司法局", [4, 2, 4, 2, 0, 0, 3]),
    profile("水利局", [5, 3, 7, 5, 2, 8, 6]),
    profile("应急管理局", [4, 3, 7, 7, 3, 0, 4]),
    profile("发展和改革局", [5, 4, 7, 2, 0, 0, 4]),
    profile("文化和旅游局", [4, 3, 7, 5, 2, 0, 5]),
    profile("城市管理局", [6, 3, 8, 11, 8, 7, 5]),
    profile("审计局", [2, 1, 0, 1, 0, 0, 3]),
    profile("统计局", [2, 0, 0, 4, 0, 0, 2]),
    profile("林业局", [5, 3, 8, 6, 3, 6, 4]),
    profile("商务局", [3, 3, 5, 2, 0, 0, 3]),
    profile("医疗保障局", [4, 3, 3, 6, 0, 0, 4]),
    profile("退役军人事务局", [3, 1, 0, 0, 0, 0, 3]),
    profile("信访局", [4, 0, 0, 0, 0, 0, 2]),
    profile("科学技术局", [2, 3, 0, 0, 0, 0, 3]),
    profile("行政审批服务局", [4, 2, 14, 0, 0, 6, 4]),
    profile("生态环境分局", [6, 0, 8, 8, 5, 6, 4]),
    profile("气象局", [1, 0, 5, 1, 0, 0, 2]),
    profile("城关镇人民政府", [6, 2, 3, 2, 2, 0, 4]),
];

/// What a town's figures may be.
const TOWN: Profile = profile("", [5, 2, 3, 2, 2, 0, 4]);

/// How a corpus of a given size spreads over counties: all follows from the number of reports.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    agencies: u64,
    each: u64,
    counties_of_city: u64,
    counties: Counties,
    /// How many counties there are to take from.
    stock: u64,
    offset: u64,
}

/// One agency.
#[derive(Debug)]
pub(super) struct Agency {
    /// What is known of it but for its name.
    pub profile: Profile,
    /// The full name.
    pub name: String,
    /// Its county.
    pub county: String,
    /// The code of the county.
    pub county_code: String,
    /// The city; empty where the county is directly below its province.
    pub city: String,
    /// The province.
    pub province: String,
    /// Its number within the county, from 1.
    pub number: u64,
}

/// A county, with all of an agency but what is its own.
struct Seat {
    /// How the names of its agencies begin.
    called: String,
    agency: Agency,
}

impl Seat {
    fn new(called: String, [county, county_code, city, province]: [String; 4]) -> Self {
        let agency =
            Agency { profile: TOWN, name: String::new(), county, county_code, city, province, number: 0 };
        Self { called, agency }
    }
}

impl Plan {
    /// The plan for so many reports.
    pub(super) fn new(settings: &Settings) -> Self {
        let agencies = settings.reports.div_ceil(YEARS_EACH);
        let spread = (agencies / COUNTIES_AT_FIRST).isqrt().clamp(1, AGENCIES_EACH);
        let counties = settings.counties;
        let stock = match counties {
            Counties::Real => REAL.len().max(1) as u64,
            Counties::Invented => COUNTY_NAMES,
        };
        let each = spread.max(agencies.div_ceil(stock));
        let counties_of_city = agencies.div_ceil(each).div_ceil(95).max(8);
        Self { agencies, each, counties_of_city, counties, stock, offset: settings.seed % stock }
    }

    /// The number of agencies.
    pub(super) const fn agencies(self) -> u64 {
        self.agencies
    }

    /// The agency at that place in the order of the corpus: county after county.
    pub(super) fn agency(self, ordinal: u64) -> Agency {
        let (county, nth) = (ordinal / self.each, ordinal % self.each);
        let place = match self.counties {
            Counties::Real => self.real(county),
            Counties::Invented => self.invented(county),
        };
        let (body, profile) = self.body(county, nth);
        Agency { profile, name: place.called + &body, number: nth + 1, ..place.agency }
    }

    /// A county of the gazetteer: neighbours follow each other, as in the corpus of a province.
    fn real(self, county: u64) -> Seat {
        let place = REAL.get(((county + self.offset) % self.stock) as usize).cloned().unwrap_or_default();
        let (name, city) = (place.county.unwrap_or_default(), place.city.unwrap_or_default());
        // Districts of many cities have the same name, and name their city first.
        let called = if name.ends_with('区') { format!("{city}{name}") } else { name.clone() };
        let code = place.code.unwrap_or_default().to_owned();
        Seat::new(called, [name, code, city, place.province.unwrap_or_default()])
    }

    fn invented(self, county: u64) -> Seat {
        let (city, in_city) = (county / self.counties_of_city, county % self.counties_of_city);
        let code = format!("99{:02}{:02}", city + 1, in_city + 1);
        let name = county_name(county, self.offset);
        Seat::new(name.clone(), [name, code, city_name(city, self.offset), PROVINCE.to_owned()])
    }

    /// The name behind that of the county, and the profile of the agency `nth` of a county: its departments, then its towns.
    fn body(self, county: u64, nth: u64) -> (String, Profile) {
        let departments = AGENCIES.len() as u64 - 1;
        let has_office_first = self.each > 1 || county.is_multiple_of(2);
        let kind = match nth {
            0 if has_office_first => 0,
            _ if nth <= departments => 1 + (county * 7 + nth) % departments,
            _ => {
                let town = nth - departments - 1 + county;
                let name = two_characters(town.wrapping_mul(STEP), &SECOND);
                let ending = at(&TOWNS, town);
                return (format!("{name}{ending}"), TOWN);
            }
        };
        let profile = AGENCIES.get(kind as usize).copied().unwrap_or(TOWN);
        (profile.name.to_owned(), profile)
    }
}

fn at<'a>(names: &[&'a str], i: u64) -> &'a str {
    names.get((i % names.len().max(1) as u64) as usize).copied().unwrap_or("")
}

/// The name of that number, of as many as there are pairs.
fn two_characters(number: u64, second: &[&str]) -> String {
    let first = FIRST.len() as u64;
    format!("{}{}", at(&FIRST, number), at(second, number / first))
}

fn county_name(county: u64, offset: u64) -> String {
    let name = two_characters((county * STEP + offset) % COUNTY_NAMES, &SECOND);
    format!("{name}{}", at(&ENDINGS, county))
}

fn city_name(city: u64, offset: u64) -> String {
    let names = (FIRST.len() * CITY_SECOND.len()) as u64;
    let name = two_characters((city * 59 + offset) % names, &CITY_SECOND);
    format!("{name}市")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn plan(reports: u64, counties: Counties) -> Plan {
        Plan::new(&Settings { reports, counties, ..Settings::default() })
    }

    #[test]
    fn a_small_corpus_has_one_agency_a_county_and_a_large_one_sixty() {
        for counties in [Counties::Real, Counties::Invented] {
            let plan = |reports| plan(reports, counties);
            assert_eq!((plan(240).agencies(), plan(240).each), (40, 1));
            assert_eq!((plan(24_000).agencies(), plan(24_000).each), (4_000, 10));
            assert_eq!(plan(1_000_000).each, 60);
            assert_eq!(plan(0).agencies(), 0);
        }
    }

    #[test]
    fn no_two_agencies_have_the_same_name_or_the_same_number() {
        for (reports, kind) in [240, 60_000, 1_000_000]
            .into_iter()
            .flat_map(|n| [Counties::Real, Counties::Invented].map(|kind| (n, kind)))
        {
            let plan = plan(reports, kind);
            let (mut names, mut ids, mut counties) = (HashSet::new(), HashSet::new(), HashSet::new());
            for ordinal in 0..plan.agencies() {
                let agency = plan.agency(ordinal);
                assert_eq!(agency.county_code.starts_with("99"), kind == Counties::Invented);
                assert_eq!(agency.county_code.len(), 6);
                assert!(ids.insert(format!("{}-{:03}", agency.county_code, agency.number)));
                counties.insert((agency.county, agency.county_code, agency.city));
                assert!(names.insert(agency.name), "{ordinal}");
            }
            assert_eq!(counties.len() as u64, plan.agencies().div_ceil(plan.each));
            let codes: HashSet<&String> = counties.iter().map(|(_, code, _)| code).collect();
            assert_eq!(codes.len(), counties.len(), "one code a county");
            let in_cities: HashSet<_> = counties.iter().map(|(name, _, city)| (name, city)).collect();
            assert_eq!(in_cities.len(), counties.len(), "one county of a name in a city");
        }
    }

    #[test]
    fn real_counties_are_where_the_gazetteer_has_them() {
        let plan = plan(1_000_000, Counties::Real);
        let all: Vec<Agency> = (0..plan.agencies()).step_by(60).map(|i| plan.agency(i)).collect();
        let of = |code: &str| all.iter().find(|agency| agency.county_code == code).unwrap();
        let names = |code| {
            let Agency { province, city, county, name, .. } = of(code);
            [province, city, county, name].map(String::as_str)
        };
        assert_eq!(names("411523"), ["河南省", "信阳市", "新县", "新县人民政府办公室"]);
        assert_eq!(names("110101"), ["北京市", "北京市", "东城区", "北京市东城区人民政府办公室"]);
        assert_eq!(all.len(), 2_778);
        for agency in all {
            let found = places::in_name(&agency.name);
            let of_agency = [agency.province, agency.city, agency.county, agency.county_code].map(Some);
            let code = found.code.map(str::to_owned);
            let city = Some(found.city.unwrap_or_default());
            assert_eq!([found.province, city, found.county, code], of_agency, "{}", agency.name);
        }
    }
}
