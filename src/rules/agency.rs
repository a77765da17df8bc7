//! What kind of body an agency is, from its name: some rules hold for some kinds only.

/// A kind of body that publishes reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AgencyKind {
    /// A government, whose report covers its whole area.
    Area,
    /// The office of a government, whose report covers the office alone or the government and its office.
    Office,
    /// A department, or another body below a government.
    Department,
    /// A township or subdistrict.
    Township,
    /// A development zone or the like: no division of the country.
    Zone,
}

const TOWNSHIPS: &[&str] = &[
    "乡",
    "镇",
    "街道",
    "街道办事处",
    "办事处",
    "苏木",
    "乡人民政府",
    "镇人民政府",
    "苏木人民政府",
    "乡政府",
    "镇政府",
];
const OFFICES: &[&str] = &["政府办公室", "政府办公厅", "政府办"];
const ZONES: &[&str] =
    &["开发区", "高新区", "示范区", "园区", "景区", "名胜区", "保税区", "度假区", "管理区"];
const AREAS: &[&str] = &["人民政府", "政府", "县", "区", "市", "旗", "州", "盟", "省"];

/// The kind of an agency of that name.
pub(super) fn kind(name: &str) -> AgencyKind {
    let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
    if ends(TOWNSHIPS) {
        AgencyKind::Township
    } else if ends(OFFICES) {
        AgencyKind::Office
    } else if !name.ends_with('局') && ZONES.iter().any(|zone| name.contains(zone)) {
        AgencyKind::Zone
    } else if ends(AREAS) {
        AgencyKind::Area
    } else {
        AgencyKind::Department
    }
}

/// Bodies that enforce law every day, by words of their names.
const ENFORCERS: &[&str] =
    &["公安局", "市场监督管理局", "交通运输局", "城市管理局", "综合行政执法局", "城市管理综合执法局"];

/// Whether it is a body that enforces law every day.
pub(super) fn enforces(name: &str) -> bool {
    ENFORCERS.iter().any(|word| name.ends_with(word))
}

/// Bodies that grant no licences, or next to none, by words of their names.
const NO_LICENCES: &[&str] = &["审计局", "统计局", "招商局", "投资促进局", "信访局", "档案局", "调查队"];

/// Whether it is a body that grants no licences, or next to none.
pub(super) fn grants_none(name: &str) -> bool {
    kind(name) == AgencyKind::Office || NO_LICENCES.iter().any(|word| name.ends_with(word))
}

/// Departments that collect large fees: land, traffic, taxes, building, police, finance.
const COLLECTORS: &[&str] =
    &["自然资源", "国土", "交通", "公路", "税务", "住房", "公安", "财政", "规划", "水利", "人防", "不动产"];

/// Whether large fees are nothing unusual for it.
pub(super) fn collects_fees(name: &str) -> bool {
    kind(name) == AgencyKind::Area || COLLECTORS.iter().any(|word| name.contains(word))
}

/// Local branches of higher bodies, which no county counts as its own, by words of their names.
const BRANCHES: &[&str] =
    &["分局", "税务", "气象", "海关", "海事", "消防救援", "烟草专卖", "邮政管理", "调查队"];

/// Whether it is a branch of a higher body: the sums of its county need not include it.
pub(super) fn is_branch(name: &str) -> bool {
    BRANCHES.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_from_names() {
        for (name, want) in [
            ("镇坪县", AgencyKind::Area),
            ("新县人民政府", AgencyKind::Area),
            ("新县人民政府办公室", AgencyKind::Office),
            ("新县教育局", AgencyKind::Department),
            ("南洋镇人民政府", AgencyKind::Township),
            ("白云街道办事处", AgencyKind::Township),
            ("松木塘镇", AgencyKind::Township),
            ("经济开发区管理委员会", AgencyKind::Zone),
            ("高新区", AgencyKind::Zone),
            ("杭州市公安局滨江区分局", AgencyKind::Department),
        ] {
            assert_eq!(kind(name), want, "{name}");
        }
    }
}
