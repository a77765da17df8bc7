//! What an agency is called within its place: 新县教育局 in 新县 is 教育局.
//!
//! Two bodies of one place must never get one name. So only the names of the report's own place are taken away, and
//! that of what is above only where that of what is below comes after it: 信阳市教育局 stays as it is in 新县, for it
//! is the bureau of the city, and 教育局 is that of the county.

use std::borrow::Cow;

use super::candidates::is_in;
use super::name::BODIES;
use super::table::{Division, Kind, TABLE};

/// The name of an agency without those of its own province, city and county, full or short, as far as they lead it.
///
/// The whole name if nothing would be left, or if they are not its own. A body that comes before the place keeps its
/// name: 国家税务总局新县税务局 is 国家税务总局税务局.
#[must_use]
pub fn agency_within<'a>(
    agency: &'a str,
    province: Option<&str>,
    city: Option<&str>,
    county: Option<&str>,
) -> Cow<'a, str> {
    let name = agency.trim();
    let place = Own::new(province, city, county);
    let Some((body, rest)) = BODIES.iter().find_map(|body| Some((*body, name.strip_prefix(body)?))) else {
        return Cow::Borrowed(place.stripped(name));
    };
    let inner = place.stripped(rest);
    if inner.len() == rest.len() { Cow::Borrowed(name) } else { Cow::Owned(format!("{body}{inner}")) }
}

/// The names of a report's place that are known, from the top.
struct Own<'p> {
    levels: [Option<&'p str>; 3],
}

const KINDS: [Kind; 3] = [Kind::Province, Kind::City, Kind::County];

impl<'p> Own<'p> {
    fn new(province: Option<&'p str>, city: Option<&'p str>, county: Option<&'p str>) -> Self {
        let known = |name: Option<&'p str>| name.map(str::trim).filter(|name| !name.is_empty());
        let (province, city) = (known(province), known(city));
        // A municipality is its own city.
        let city = city.filter(|city| Some(*city) != province);
        Self { levels: [province, city, known(county)] }
    }

    /// The name without those at its beginning, which is never empty.
    fn stripped<'a>(&self, name: &'a str) -> &'a str {
        let rest = self.from(0, name);
        if rest.is_empty() { name } else { rest }
    }

    /// Without the names of the levels from that one on.
    fn from<'a>(&self, level: usize, name: &'a str) -> &'a str {
        let Some(own) = self.levels.get(level) else { return name };
        let below = level + 1;
        let Some(after) = own.and_then(|own| self.after(level, own, name)) else {
            // Where the province or the city is left out, what is below may lead the name.
            return self.from(below, name);
        };
        if !self.has_below(below) {
            return after;
        }
        let inner = self.from(below, after);
        // A county may have the name of its city: then it is the county's.
        if inner.len() < after.len() || self.is_branch(after) { inner } else { self.from(below, name) }
    }

    fn has_below(&self, level: usize) -> bool {
        self.levels.iter().skip(level).any(Option::is_some)
    }

    /// What follows the place's name, or its short one, if the text begins with it.
    fn after<'a>(&self, level: usize, own: &str, text: &'a str) -> Option<&'a str> {
        let kind = *KINDS.get(level)?;
        let rest = text.strip_prefix(own).or_else(|| {
            let names = self.rows(kind, own).flat_map(Division::names);
            names.filter_map(|name| text.strip_prefix(name)).min_by_key(|rest| rest.len())
        });
        // 信阳 is no name of a body's place by itself: 南京信息工程大学 is no body of the city of Nanjing.
        let stem = || {
            let stems = self.rows(kind, own).filter_map(Division::stem);
            let mut after = stems.filter_map(|stem| text.strip_prefix(stem));
            after.find(|rest| self.has_below(level + 1) && self.from(level + 1, rest).len() < rest.len())
        };
        rest.and_then(|rest| with_whole_words(text, rest)).or_else(stem)
    }

    /// The divisions that a name of the report's place means.
    fn rows(&self, kind: Kind, own: &str) -> impl Iterator<Item = &'static Division> {
        let [province, city, _] = self.levels;
        let is_own = move |row: &&Division| {
            row.kind() == kind
                && match kind {
                    Kind::Province => true,
                    Kind::City => is_in(row, None, province),
                    Kind::County => is_in(row, city, province),
                }
        };
        let rows: Vec<_> = TABLE.named(own).filter(is_own).collect();
        rows.into_iter()
    }

    /// Whether the text is the name of a branch for the county: 公安局滨江区分局, 公安局滨江分局.
    fn is_branch(&self, text: &str) -> bool {
        let [.., Some(county)] = self.levels else { return false };
        let stem = county.strip_suffix(['区', '县', '市', '旗']).unwrap_or(county);
        text.match_indices(['局', '院', '队', '会']).any(|(at, word)| {
            let after = text.get(at + word.len()..).unwrap_or_default();
            let branch = after.strip_prefix(stem).filter(|_| stem.chars().count() > 1);
            after.starts_with(county) || branch.is_some_and(|rest| rest.starts_with("分局"))
        })
    }
}

/// The rest of a text behind a place's name, from where a word begins: in 信阳市场监督管理局 and 信阳市委办公室 the 市
/// is the first character of the body's name, in 沙县区教育局 the name is another place's.
fn with_whole_words<'a>(text: &'a str, rest: &'a str) -> Option<&'a str> {
    /// What follows the last character of a place's name, of any or of a city, if that begins a word.
    const OF_ALL: [&str; 2] = ["直机关", "级机关"];
    const OF_CITIES: [&str; 10] =
        ["场", "容", "政管理", "政公用", "政工程", "政园林", "政设施", "政建设", "民中心", "长热线"];
    let name = text.strip_suffix(rest)?;
    let end = name.chars().next_back()?;
    let begins = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
    let is_committee = rest.starts_with('委') && !rest.starts_with("委员");
    if rest.starts_with('区') {
        None
    } else if is_committee || begins(&OF_ALL) || (end == '市' && begins(&OF_CITIES)) {
        text.get(name.len() - end.len_utf8()..)
    } else {
        Some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Province, city and county of a report, from the top; empty if it is not known.
    type Where = [&'static str; 3];

    const XINXIAN: Where = ["河南省", "信阳市", "新县"];
    const XINYANG: Where = ["河南省", "信阳市", ""];
    const HENAN: Where = ["河南省", "", ""];
    const BINJIANG: Where = ["浙江省", "杭州市", "滨江区"];
    const HEPING: Where = ["天津市", "天津市", "和平区"];

    fn within(agency: &'static str, place: Where) -> Cow<'static, str> {
        let [province, city, county] = place.map(|name| Some(name).filter(|name| !name.is_empty()));
        agency_within(agency, province, city, county)
    }

    #[test]
    fn an_agency_is_named_without_its_own_place() {
        let cases: &[(&str, Where, &str)] = &[
            ("新县教育局", XINXIAN, "教育局"),
            ("河南省信阳市新县财政局", XINXIAN, "财政局"),
            ("河南省新县财政局", XINXIAN, "财政局"),
            ("河南新县财政局", XINXIAN, "财政局"),
            ("河南信阳新县财政局", XINXIAN, "财政局"),
            (" 新县教育局 ", XINXIAN, "教育局"),
            ("新县教育局", ["", "", "新县"], "教育局"),
            ("信阳市新县教育局", ["", "信阳市", "新县"], "教育局"),
            ("新县人民政府办公室", XINXIAN, "人民政府办公室"),
            ("新县沙窝镇人民政府", XINXIAN, "沙窝镇人民政府"),
            ("新县城市管理局", XINXIAN, "城市管理局"),
            ("太谷县教育局", ["山西省", "晋中市", "太谷县"], "教育局"),
            ("南京鼓楼区教育局", ["江苏省", "南京市", "鼓楼区"], "教育局"),
            ("信阳市教育局", XINYANG, "教育局"),
            ("河南省信阳市教育局", XINYANG, "教育局"),
            ("河南信阳市教育局", XINYANG, "教育局"),
            ("河南省教育厅", HENAN, "教育厅"),
            ("天津市和平区教育局", HEPING, "教育局"),
            ("天津市教育委员会", ["天津市", "天津市", ""], "教育委员会"),
            ("岚阳县财政局", ["", "", "岚阳县"], "财政局"),
            ("示例省岚州市澜川区教育局", ["示例省", "岚州市", "澜川区"], "教育局"),
            // Short names that the table knows, both ways.
            ("湘西州凤凰县教育局", ["湖南省", "湘西土家族苗族自治州", "凤凰县"], "教育局"),
            ("恭城县财政局", ["广西壮族自治区", "桂林市", "恭城瑶族自治县"], "财政局"),
            ("广西恭城瑶族自治县财政局", ["广西壮族自治区", "桂林市", "恭城县"], "财政局"),
            ("济源市教育局", ["河南省", "济源市", "济源市"], "教育局"),
            ("恩施市教育局", ["湖北省", "恩施土家族苗族自治州", "恩施市"], "教育局"),
            // A branch of a body of the city for the county is the county's.
            ("杭州市公安局滨江区分局", BINJIANG, "公安局滨江区分局"),
            ("杭州市公安局滨江分局", BINJIANG, "公安局滨江分局"),
            ("浙江省杭州市公安局滨江区分局", BINJIANG, "公安局滨江区分局"),
            ("天津市公安局和平分局", HEPING, "公安局和平分局"),
            ("信阳市生态环境局新县分局", XINXIAN, "生态环境局新县分局"),
            // A body that comes before the place.
            ("国家税务总局新县税务局", XINXIAN, "国家税务总局税务局"),
            ("国家税务总局信阳市税务局", XINYANG, "国家税务总局税务局"),
            ("国家统计局新县调查队", XINXIAN, "国家统计局调查队"),
            ("中共新县委员会", XINXIAN, "中共委员会"),
            // A character that ends the place's name and begins a word of the body's.
            ("信阳市市场监督管理局", XINYANG, "市场监督管理局"),
            ("信阳市场监督管理局", XINYANG, "市场监督管理局"),
            ("新县市场监督管理局", XINXIAN, "市场监督管理局"),
            ("中共信阳市委办公室", XINYANG, "中共市委办公室"),
            ("新县委办公室", XINXIAN, "县委办公室"),
            ("信阳市政府办公室", XINYANG, "政府办公室"),
            ("信阳市政管理局", XINYANG, "市政管理局"),
            ("河南省直机关事务管理局", HENAN, "省直机关事务管理局"),
            ("金坛区直溪镇人民政府", ["江苏省", "常州市", "金坛区"], "直溪镇人民政府"),
        ];
        for (agency, place, expected) in cases {
            assert_eq!(within(agency, *place), *expected, "{agency} in {place:?}");
        }
    }

    #[test]
    fn a_name_that_is_not_that_of_its_own_place_stays() {
        let cases: &[(&str, Where)] = &[
            ("教育局", XINXIAN),
            ("", XINXIAN),
            ("新县", XINXIAN),
            ("河南省信阳市新县", XINXIAN),
            ("国家税务总局", XINXIAN),
            // The bureau of what is above is another than that of the county.
            ("信阳市教育局", XINXIAN),
            ("河南省教育厅", XINXIAN),
            ("河南省信阳市教育局", XINXIAN),
            ("河南省教育厅", XINYANG),
            ("天津市教育委员会", HEPING),
            ("国家税务总局信阳市税务局", XINXIAN),
            ("杭州市公安局", BINJIANG),
            ("杭州市公安局西湖区分局", BINJIANG),
            // Another place.
            ("光山县教育局", XINXIAN),
            ("信阳市光山县教育局", XINXIAN),
            ("新乡县教育局", ["河南省", "新乡市", ""]),
            ("新县教育局", ["", "", ""]),
            ("沙县区教育局", ["福建省", "三明市", "沙县"]),
            ("太谷区教育局", ["山西省", "晋中市", "太谷县"]),
            // A short name of a city alone may be part of another name.
            ("南京信息工程大学", ["江苏省", "南京市", ""]),
            ("吉林市教育局", ["吉林省", "", ""]),
            ("第八师石河子市教育局", ["新疆维吾尔自治区", "", "石河子市"]),
        ];
        for (agency, place) in cases {
            assert_eq!(within(agency, *place), *agency, "{agency} in {place:?}");
        }
    }

    #[test]
    fn no_two_bodies_of_a_county_get_one_name() {
        let bodies = [
            "新县教育局",
            "信阳市教育局",
            "河南省信阳市教育局",
            "光山县教育局",
            "信阳市教育局新县分局",
            "国家税务总局新县税务局",
            "国家税务总局信阳市税务局",
            "新县税务局",
        ];
        let names: std::collections::BTreeSet<_> = bodies.iter().map(|b| within(b, XINXIAN)).collect();
        assert_eq!(names.len(), bodies.len(), "{names:?}");
    }

    #[test]
    fn the_usual_name_is_not_copied() {
        assert!(matches!(within("河南省信阳市新县财政局", XINXIAN), Cow::Borrowed(_)));
        assert!(matches!(within("国家税务总局信阳市税务局", XINXIAN), Cow::Borrowed(_)));
    }

    #[test]
    fn every_county_of_the_country_leads_the_name_of_its_bureau() {
        for place in super::super::counties(u16::MAX) {
            let [province, city, county] =
                [&place.province, &place.city, &place.county].map(|name| name.as_deref());
            let bare = county.map(|county| format!("{county}财政局")).unwrap_or_default();
            assert_eq!(agency_within(&bare, province, city, county), "财政局", "{place:?}");
            let of_city = format!("{}财政局", city.unwrap_or("国家"));
            assert_eq!(agency_within(&of_city, province, city, county), of_city, "{place:?}");
        }
    }
}
