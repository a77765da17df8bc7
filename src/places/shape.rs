//! What the shape of a name says where no division has that name: a county that was made up, or is not known here.

/// Zones have names like districts and are none (places of administration, not divisions of the country).
const ZONES: &[&str] = &[
    "开发区",
    "高新区",
    "经开区",
    "高新技术区",
    "园区",
    "产业园",
    "工业园",
    "示范区",
    "景区",
    "名胜区",
    "保税区",
    "保护区",
    "度假区",
    "旅游区",
    "管理区",
    "管委会",
    "区管理委员会",
    "新区",
    "实验区",
    "试验区",
    "合作区",
    "功能区",
    "产业区",
    "工业区",
    "经济区",
    "自贸区",
    "开发试验区",
    "片区",
    "港区",
    "林区管",
];

/// Words that end in the character of a division and are part of the name of an agency.
const NO_PLACES: &[&str] = &[
    "城市",
    "超市",
    "股市",
    "上市",
    "门市",
    "都市",
    "县",
    "区",
    "市",
    "社区",
    "地区",
    "灌区",
    "库区",
    "林区",
    "辖区",
    "校区",
    "牧区",
    "矿区",
    "片区",
    "自治区",
];

/// The ends of names of provinces.
pub(super) const PROVINCES: &[&str] =
    &["特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省"];

/// The ends of names of counties; those in 市 look like cities.
const COUNTIES: &[&str] = &["自治县", "自治旗", "特区", "林区", "县", "区", "旗"];

/// The beginning of a text that looks like the name of a city, and what follows.
pub(super) fn city(rest: &str) -> Option<(String, &str)> {
    let (city, after) = take(rest, &["自治州", "市", "盟", "地区"])?;
    let is_city = !NO_PLACES.contains(&city.as_str())
        && city.chars().count() <= 12
        // 新县市场监督管理局 has its county before the 市, and 沙市区 its 区 behind it.
        && !city.contains(['县', '区', '旗'])
        && !after.starts_with(['区', '县', '场']);
    is_city.then_some((city, after))
}

/// The beginning of a text that looks like the name of a county, and what follows.
pub(super) fn county(rest: &str) -> Option<(String, &str)> {
    // 东区街道 is a subdistrict.
    take(rest, COUNTIES).filter(|(county, after)| !is_zone(county, rest) && !after.starts_with("街道"))
}

/// Whether a text has a zone at its beginning: 高新区管委会, 临空经济区.
pub(super) fn has_zone(rest: &str) -> bool {
    // Longer than any name of a zone is a sentence.
    let end = rest.char_indices().nth(24).map_or(rest.len(), |(i, _)| i);
    rest.get(..end).is_some_and(|start| ZONES.iter().any(|zone| start.contains(zone)))
}

/// Whether a text begins with a town or the office of a subdistrict: 城关镇人民政府, 白云街道办事处.
pub(super) fn has_town(rest: &str) -> bool {
    const ENDS: [&str; 7] = ["", "人民政府", "政府", "办事处", "街道办事处", "党政", "社区"];
    let towns = ["街道", "民族乡", "苏木", "镇", "乡"];
    // 佳荣里街 leaves the 道 out.
    let is_street = (3..=6).contains(&rest.chars().count()) && rest.ends_with('街');
    is_street
        || towns.iter().any(|town| {
            rest.split_once(town).is_some_and(|(name, after)| {
                let length = name.chars().count();
                let is_end =
                    |end: &&str| if end.is_empty() { after.is_empty() } else { after.starts_with(*end) };
                (1..=8).contains(&length)
                    && !name.contains(['局', '委', '厅', '办', '和'])
                    && ENDS.iter().any(is_end)
            })
        })
}

fn is_zone(name: &str, rest: &str) -> bool {
    NO_PLACES.contains(&name)
        || name.chars().count() > 12
        || ZONES.iter().any(|zone| name.ends_with(zone))
        || ["管委会", "管理委员会"]
            .iter()
            .any(|body| rest.strip_prefix(name).is_some_and(|after| after.starts_with(body)))
}

/// The shortest beginning that ends in one of the words and has at least one character before it.
pub(super) fn take<'a>(name: &'a str, ends: &[&str]) -> Option<(String, &'a str)> {
    let end = ends
        .iter()
        .filter_map(|end| name.match_indices(end).map(|(at, _)| at + end.len()).find(|to| *to > end.len()))
        .min()?;
    let (taken, rest) = name.split_at_checked(end)?;
    // An agency before the division (公安局滨江区分局) is no part of its name.
    let is_clean = !["局", "委", "厅", "办", "院", "府", "处", "会"].iter().any(|word| taken.contains(word));
    is_clean.then(|| (taken.to_owned(), rest))
}
