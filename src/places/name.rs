//! The divisions that a name mentions, from left to right: province, city, county, then the body itself.

use super::shape;
use super::table::{Division, Hit, Kind, TABLE};

/// What a name says, before anything else is asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    /// The province, if there is one of that name.
    pub(super) province: Option<Division>,
    /// The city, if there is one of that name.
    pub(super) city: Option<Division>,
    /// The divisions of a county's level that it may mean.
    pub(super) counties: Vec<Division>,
    /// Names of a province, a city and a county that no division has.
    pub(super) unknown: [Option<String>; 3],
    /// Whether it is the name of a zone.
    pub(super) is_zone: bool,
    /// Whether it is the name of a town.
    pub(super) is_town: bool,
}

/// Bodies whose name comes before that of the place.
pub(super) const BODIES: &[&str] =
    &["中共", "国家税务总局", "国家统计局", "中国人民银行", "国家金融监督管理总局", "中国气象局", "关于"];

/// Reads a name.
pub(super) fn read(name: &str, year: Option<u16>) -> Named {
    let mut named = Named::default();
    let mut rest = name.trim();
    for body in BODIES {
        rest = rest.strip_prefix(body).unwrap_or(rest);
    }
    rest = without_division(province(&mut named, rest, year));
    rest = city(&mut named, rest, year);
    rest = match county_at(&named, rest, year) {
        Some(hit) => {
            named.counties = hit.rows;
            hit.rest
        }
        None => elsewhere(&mut named, rest, year),
    };
    // A new area that has become a district was a zone until then, and a district is no zone.
    named.is_zone = shape::has_zone(rest) && !rest.starts_with('局');
    named.is_town = !named.is_zone && shape::has_town(rest);
    named
}

/// 第一师阿拉尔市 and 新疆生产建设兵团第八师石河子市 name the division of the corps before the city.
fn without_division(rest: &str) -> &str {
    let rest = rest.strip_prefix("生产建设兵团").unwrap_or(rest);
    let numbered = rest.strip_prefix('第').and_then(|r| r.split_once('师'));
    numbered.filter(|(number, _)| number.chars().count() <= 2).map_or(rest, |(_, after)| after)
}

/// Whether the division could be named in a report on that year: the report is written in the year after.
fn was_there(row: &Division, year: Option<u16>) -> bool {
    year.is_none_or(|year| row.from <= year + 1)
}

fn province<'a>(named: &mut Named, rest: &'a str, year: Option<u16>) -> &'a str {
    let is_province = |row: &Division| row.kind() == Kind::Province;
    if let Some(hit) = TABLE.at(rest, is_province) {
        named.province = hit.rows.first().copied();
        return hit.rest;
    }
    // 河南新县财政局 leaves the 省 out; 海南州 and 河南县 are in Qinghai, 吉林市 is a city.
    if let Some(hit) = TABLE.stem_at(rest, is_province) {
        let inner = Named { province: hit.rows.first().copied(), ..Named::default() };
        let is_longer = |row: &Division| row.kind() != Kind::Province && was_there(row, year);
        let other = TABLE.at(rest, is_longer).is_some();
        let goes_on = city_at(&inner, hit.rest, year).is_some()
            || county_at(&inner, hit.rest, year).is_some()
            || begins_with_zone(hit.rest)
            || hit.rest.starts_with("生产建设兵团");
        if !other && goes_on {
            named.province = inner.province;
            return hit.rest;
        }
    }
    if let Some((name, after)) =
        shape::take(rest, shape::PROVINCES).filter(|(name, _)| name.chars().count() <= 12)
    {
        named.unknown[0] = Some(name);
        return after;
    }
    rest
}

fn begins_with_zone(rest: &str) -> bool {
    shape::has_zone(rest) && !["市", "县", "区", "省", "人民", "政府"].iter().any(|c| rest.starts_with(c))
}

fn is_below(row: &Division, above: Option<Division>) -> bool {
    above.is_none_or(|above| row.code.starts_with(above.prefix()))
}

fn city_at<'a>(named: &Named, rest: &'a str, year: Option<u16>) -> Option<Hit<'a>> {
    TABLE.at(rest, |row| row.kind() == Kind::City && is_below(row, named.province) && was_there(row, year))
}

fn county_at<'a>(named: &Named, rest: &'a str, year: Option<u16>) -> Option<Hit<'a>> {
    if named.unknown.iter().any(Option::is_some) {
        return None;
    }
    let above = named.city.or(named.province);
    TABLE.at(rest, |row| row.kind() == Kind::County && is_below(row, above) && was_there(row, year))
}

fn city<'a>(named: &mut Named, rest: &'a str, year: Option<u16>) -> &'a str {
    let mut rest = rest;
    // 伊犁州塔城地区 is one within the other.
    for _ in 0..2 {
        let Some(hit) = city_at(named, rest, year) else { break };
        let Some(city) = hit.rows.iter().rev().find(|row| is_city_of(row, &hit, named, year)) else { break };
        named.city = Some(*city);
        rest = hit.rest;
    }
    if named.city.is_some() {
        return rest;
    }
    // 南京鼓楼区 and 合肥高新区 leave the 市 out.
    let in_province = named.province;
    let stems =
        TABLE.stem_at(rest, |row| row.kind() == Kind::City && is_below(row, in_province) && row.until == 0);
    if let Some(hit) = stems {
        let inner = Named { city: hit.rows.first().copied(), ..Named::default() };
        let goes_on = county_at(&inner, hit.rest, year).is_some() || begins_with_zone(hit.rest);
        if goes_on && county_at(named, rest, year).is_none() {
            named.city = inner.city;
            return hit.rest;
        }
    }
    rest
}

/// 巢湖市 was a city until 2011 and is at a county's level since: which of the two is meant.
fn is_city_of(row: &Division, hit: &Hit<'_>, named: &Named, year: Option<u16>) -> bool {
    let inner = Named { city: Some(*row), ..Named::default() };
    if county_at(&inner, hit.rest, year).is_some() {
        return true;
    }
    let as_county = TABLE.named(hit.name).find(|r| r.kind() == Kind::County && is_below(r, named.province));
    let Some(county) = as_county else { return true };
    let has_ended = |r: &Division| r.until > 0 && year.is_none_or(|year| year >= r.until);
    !has_ended(row) || has_ended(county)
}

/// Where no county follows: a branch that names it later (公安局滨江区分局), a zone, or a name that no division has.
fn elsewhere<'a>(named: &mut Named, rest: &'a str, year: Option<u16>) -> &'a str {
    if let Some(hit) = branch(named, rest, year) {
        named.counties = hit.rows;
        return hit.rest;
    }
    if begins_with_zone(rest) && named.city.or(named.province).is_some() {
        return rest;
    }
    let mut rest = rest;
    if named.city.is_none()
        && let Some((city, after)) = shape::city(rest)
    {
        named.unknown[1] = Some(city);
        rest = after;
    }
    if let Some((county, after)) = shape::county(rest) {
        named.unknown[2] = Some(county);
        rest = after;
    }
    rest
}

/// The county of a branch of a body of the city or of one of the municipalities.
fn branch<'a>(named: &Named, rest: &'a str, year: Option<u16>) -> Option<Hit<'a>> {
    named.city.or(named.province)?;
    let behind =
        rest.match_indices(['局', '院', '队', '会']).filter_map(|(at, word)| rest.get(at + word.len()..));
    behind.take(4).find_map(|after| {
        if let Some(hit) = county_at(named, after, year) {
            return Some(hit);
        }
        let (stem, rest) =
            after.split_once("分局").filter(|(stem, _)| (2..=6).contains(&stem.chars().count()))?;
        let ends = ["区", "县", "市", "旗"];
        let rows = ends
            .iter()
            .find_map(|end| county_at(named, &format!("{stem}{end}"), year).map(|hit| hit.rows))?;
        Some(Hit { rows, name: stem, rest })
    })
}

/// Whether a name is that of a town, a township or a subdistrict.
#[must_use]
pub fn is_township(name: &str) -> bool {
    read(name, None).is_town
}
