//! Which division of the country a report is about, from the name of its agency and what else is known of it.
//!
//! The names are those of the gazetteer (`divisions.tsv`, written by `build/gazetteer.py`): all divisions of a
//! county's level and above, with those that were renamed or merged. A name that several have is settled by what
//! stands around it, or left open; a name that none has is taken for a county by its shape, without a code.

mod candidates;
mod line;
mod name;
pub mod pinyin;
mod settle;
mod shape;
mod table;
mod within;

pub use candidates::{by_code, candidates};
pub use line::{Line, Renaming, line, renaming};
pub use name::is_township;
pub use settle::{Evidence, Found, counties, find, successor};
pub use within::agency_within;

/// What kind of body a report is from, by the place that it is named after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Level {
    /// A province, autonomous region or municipality.
    Province,
    /// A city, prefecture or league.
    City,
    /// A county, district, banner or county-level city.
    County,
    /// A town, township or subdistrict.
    Township,
    /// A zone: administered like a district, but no division of the country.
    Zone,
    /// The name does not say.
    #[default]
    Unknown,
}

impl Level {
    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::City => "city",
            Self::County => "county",
            Self::Township => "township",
            Self::Zone => "zone",
            Self::Unknown => "unknown",
        }
    }
}

/// A place, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The province, autonomous region or municipality.
    pub province: Option<String>,
    /// The city, prefecture or league; a municipality is its own.
    pub city: Option<String>,
    /// The county-level division.
    pub county: Option<String>,
    /// The six digits of GB/T 2260 of the county.
    pub code: Option<&'static str>,
    /// What kind of body has the name.
    pub level: Level,
}

impl Place {
    /// Province, city and county as far as they are known; a municipality, which is its own city, once.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        let mut parts: Vec<&str> =
            [&self.province, &self.city, &self.county].into_iter().flatten().map(String::as_str).collect();
        parts.dedup();
        parts
    }
}

/// Reads the places in the name of an agency, by the name alone.
#[must_use]
pub fn in_name(name: &str) -> Place {
    find(&Evidence { agency: Some(name), ..Evidence::default() }).place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_where_they_are() {
        let cases = [
            ("新县人民政府办公室", Some("河南省"), Some("信阳市"), Some("新县")),
            ("新乡县人民政府办公室", Some("河南省"), Some("新乡市"), Some("新乡县")),
            ("新乡市卫滨区人民政府办公室", Some("河南省"), Some("新乡市"), Some("卫滨区")),
            ("镇坪县", Some("陕西省"), Some("安康市"), Some("镇坪县")),
            ("河南省信阳市新县财政局", Some("河南省"), Some("信阳市"), Some("新县")),
            ("淮安市人民政府", Some("江苏省"), Some("淮安市"), None),
            (
                "湘西土家族苗族自治州凤凰县教育局",
                Some("湖南省"),
                Some("湘西土家族苗族自治州"),
                Some("凤凰县"),
            ),
            ("恭城瑶族自治县财政局", Some("广西壮族自治区"), Some("桂林市"), Some("恭城瑶族自治县")),
            ("克什克腾旗人民政府", Some("内蒙古自治区"), Some("赤峰市"), Some("克什克腾旗")),
            ("内蒙古自治区通辽市科尔沁区人民政府", Some("内蒙古自治区"), Some("通辽市"), Some("科尔沁区")),
            ("天津滨海高新区管委会", Some("天津市"), Some("天津市"), None),
            ("某市经济技术开发区管理委员会", None, Some("某市"), None),
            ("县政府办", None, None, None),
            ("城市管理局", None, None, None),
            ("新县市场监督管理局", Some("河南省"), Some("信阳市"), Some("新县")),
            ("枣庄市市中区人民政府", Some("山东省"), Some("枣庄市"), Some("市中区")),
            ("荆州市沙市区财政局", Some("湖北省"), Some("荆州市"), Some("沙市区")),
            ("住房和城乡建设局", None, None, None),
            ("杭州市公安局滨江区分局", Some("浙江省"), Some("杭州市"), Some("滨江区")),
            ("岚阳县财政局", None, None, Some("岚阳县")),
            ("示例省岚州市澜川区教育局", Some("示例省"), Some("岚州市"), Some("澜川区")),
            ("", None, None, None),
        ];
        for (name, province, city, county) in cases {
            let place = in_name(name);
            assert_eq!(
                (place.province.as_deref(), place.city.as_deref(), place.county.as_deref()),
                (province, city, county),
                "{name}"
            );
        }
    }

    #[test]
    fn a_county_that_ended_has_a_successor() {
        let next = |code| successor(code).and_then(|place| place.county);
        assert_eq!(next("320684").as_deref(), Some("海门区"));
        assert_eq!(next("410322").as_deref(), Some("孟津区"));
        assert_eq!(next("411523"), None, "新县 has not ended");
        assert_eq!(next("130103"), None, "桥东区 of 石家庄 was divided between two");
    }

    #[test]
    fn an_ambiguous_name_has_its_candidates() {
        let found = find(&Evidence { agency: Some("鼓楼区人民政府"), ..Evidence::default() });
        assert_eq!(
            (found.place.county.as_deref(), found.place.city, found.place.code),
            (Some("鼓楼区"), None, None)
        );
        let codes: Vec<_> = found.ambiguous.iter().filter_map(|place| place.code).collect();
        assert_eq!(codes, ["320106", "320302", "350102", "410204"]);
        assert!(
            in_name("桥东区").province.as_deref() == Some("河北省"),
            "what all candidates share is certain"
        );
    }

    #[test]
    fn a_name_that_ended_in_the_year_of_the_report_is_still_open() {
        let of = |year| {
            let found = find(&Evidence {
                agency: Some("河北省桥东区教育局"),
                year: Some(year),
                ..Evidence::default()
            });
            (found.place.code, found.ambiguous.len())
        };
        assert_eq!(of(2020), (None, 2), "邢台's may still carry it, 张家口's does");
        assert_eq!(of(2021), (Some("130702"), 0));
    }
}
