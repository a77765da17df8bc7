//! Which county a report is about, from the name of its agency.
//!
//! Only what the name itself says: 新乡市卫滨区人民政府 is in 卫滨区 of 新乡市. A name that ends in 市 alone may be a
//! city or a county-level city, which the name does not say: it is left open, never guessed.

/// The divisions that a name mentions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The province, autonomous region or municipality.
    pub province: Option<String>,
    /// The city, prefecture or league.
    pub city: Option<String>,
    /// The county-level division.
    pub county: Option<String>,
}

/// Zones have names like districts and are none (places of administration, not divisions of the country).
const ZONES: &[&str] = &[
    "开发区",
    "高新区",
    "园区",
    "示范区",
    "景区",
    "名胜区",
    "保税区",
    "度假区",
    "管理区",
    "新区",
    "实验区",
    "试验区",
    "合作区",
    "功能区",
    "产业区",
    "工业区",
    "港区",
    "林区管",
];

/// Words that end in the character of a division and are part of the name of an agency.
const NO_PLACES: &[&str] = &[
    "城市", "超市", "股市", "上市", "门市", "都市", "县", "区", "市", "社区", "地区", "灌区", "库区", "林区",
    "辖区", "校区", "牧区", "矿区",
];

/// Reads the places in the name of an agency, from left to right.
#[must_use]
pub fn in_name(name: &str) -> Place {
    let mut place = Place::default();
    let mut rest = name;
    if let Some((province, after)) =
        take(rest, &["特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省"])
    {
        place.province = Some(province);
        rest = after;
    }
    if let Some((city, after)) = take(rest, &["自治州", "市", "盟", "地区"])
        && !NO_PLACES.contains(&city.as_str())
        && city.chars().count() <= 12
        // 新县市场监督管理局 has its county before the 市, and 沙市区 its 区 behind it.
        && !city.contains(['县', '区', '旗'])
        && !after.starts_with(['区', '县', '场'])
    {
        place.city = Some(city);
        rest = after;
    }
    if let Some((county, _)) = take(rest, &["自治县", "自治旗", "特区", "林区", "县", "区", "旗"])
        && !is_zone(&county, rest)
    {
        place.county = Some(county);
    }
    place
}

fn is_zone(name: &str, rest: &str) -> bool {
    NO_PLACES.contains(&name)
        || name.chars().count() > 12
        || ZONES.iter().any(|zone| {
            name.ends_with(zone)
                || rest.starts_with(&format!("{name}管委会"))
                || rest.starts_with(&format!("{name}管理委员会"))
        })
}

/// The shortest beginning that ends in one of the words and has at least one character before it.
fn take<'a>(name: &'a str, ends: &[&str]) -> Option<(String, &'a str)> {
    let end = ends
        .iter()
        .filter_map(|end| name.match_indices(end).map(|(at, _)| at + end.len()).find(|to| *to > end.len()))
        .min()?;
    let (taken, rest) = name.split_at_checked(end)?;
    // An agency before the division (公安局滨江区分局) is no part of its name.
    let is_clean = !["局", "委", "厅", "办", "院", "府", "处", "会"].iter().any(|word| taken.contains(word));
    is_clean.then(|| (taken.to_owned(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_where_they_are() {
        let cases = [
            ("新县人民政府办公室", None, None, Some("新县")),
            ("新乡县人民政府办公室", None, None, Some("新乡县")),
            ("新乡市卫滨区人民政府办公室", None, Some("新乡市"), Some("卫滨区")),
            ("镇坪县", None, None, Some("镇坪县")),
            ("河南省信阳市新县财政局", Some("河南省"), Some("信阳市"), Some("新县")),
            ("淮安市人民政府", None, Some("淮安市"), None),
            ("湘西土家族苗族自治州凤凰县教育局", None, Some("湘西土家族苗族自治州"), Some("凤凰县")),
            ("恭城瑶族自治县财政局", None, None, Some("恭城瑶族自治县")),
            ("克什克腾旗人民政府", None, None, Some("克什克腾旗")),
            ("内蒙古自治区通辽市科尔沁区人民政府", Some("内蒙古自治区"), Some("通辽市"), Some("科尔沁区")),
            ("天津滨海高新区管委会", None, None, None),
            ("某市经济技术开发区管理委员会", None, Some("某市"), None),
            ("县政府办", None, None, None),
            ("城市管理局", None, None, None),
            ("新县市场监督管理局", None, None, Some("新县")),
            ("枣庄市市中区人民政府", None, Some("枣庄市"), Some("市中区")),
            ("荆州市沙市区财政局", None, Some("荆州市"), Some("沙市区")),
            ("住房和城乡建设局", None, None, None),
            ("杭州市公安局滨江区分局", None, Some("杭州市"), None),
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
}
