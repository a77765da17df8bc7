//! A report beside those of other agencies of the same county and year (rules O).

use std::collections::HashSet;

use super::agency::{AgencyKind, is_branch, kind};
use super::rule::text;
use super::{
    Check, Digest, Evidence, Finding, Observation, OtherVersion, Quote, Rule, Scene, Series, Settings,
    Severity, Threshold,
};
use crate::display::{Lang, Untrusted};
use crate::places;
use crate::report::{CellId, Sum};

const PLAUSIBLE: &str = "合理性检查 (plausibility)";
const ALIKE: &str = "国办公开办函〔2021〕30号（内容雷同）；2020年泉州市鲤城区考评标准";

/// The rules across agencies.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "O1",
        title: text("下属单位数字超过汇总", "more than the total of the area"),
        severity: Severity::Warning,
        formula: text(
            "政府汇总报告的数字 >= 每个下属单位的数字",
            "each figure of the area's report >= that of each of its bodies",
        ),
        not_run: text(
            "政府报告没有说明是全县（区）汇总；办公室的报告",
            "the area's report does not say that it is the sum of all bodies; reports of offices",
        ),
        exceptions: text("垂直管理单位（公安分局、税务、自然资源分局）", "branches of higher bodies"),
        source: PLAUSIBLE,
        example: text(
            "一 本年新收 / 总计列：全县汇总 12，而新县公安局一家就有 20",
            "1 Received·total: 12 for the whole area, but 新县公安局 alone has 20",
        ),
        thresholds: &[],
        check: Check::Agencies(more_than_area),
    },
    Rule {
        id: "O2",
        title: text("汇总覆盖情况", "coverage of the area's total"),
        severity: Severity::Info,
        formula: text(
            "汇总报告的新收数与手头各单位之和并列，不下结论",
            "what the area's report received beside the sum of the bodies at hand; no verdict",
        ),
        not_run: text("手头下属单位少于下限", "fewer bodies at hand than the minimum"),
        exceptions: text("样本几乎从不完整", "a sample is hardly ever complete"),
        source: PLAUSIBLE,
        example: text(
            "一 本年新收 / 总计列：全县汇总 57，手头 5 个单位合计 40",
            "1 Received·total: 57 for the whole area, 40 in the 5 bodies at hand",
        ),
        thresholds: &[Threshold {
            key: "bodies",
            default: 5,
            about: text("至少几个下属单位", "least number of bodies"),
        }],
        check: Check::Agencies(coverage),
    },
    Rule {
        id: "O3",
        title: text("与其他单位雷同", "the same as another agency's"),
        severity: Severity::Warning,
        formula: text(
            "同县同年两个单位的表格不全相同，正文相似度低于上限",
            "two agencies of a county do not have the same figures, nor texts more similar than the limit",
        ),
        not_run: text("县区未知；零报告；正文很短", "unknown county; nil returns; short texts"),
        exceptions: text(
            "零报告；政府与其办公室共用一份报告",
            "nil returns; a government and its office that share a report",
        ),
        source: ALIKE,
        example: text(
            "一、总体：正文与新县林业局约 100% 相同",
            "section 1 Overview: about 100% of the text is that of 新县林业局",
        ),
        thresholds: &[
            Threshold {
                key: "similarity",
                default: 90,
                about: text("相似度上限，百分比", "limit in per cent"),
            },
            Threshold {
                key: "length",
                default: 800,
                about: text("至少多少字才比较", "least number of characters compared"),
            },
            Threshold {
                key: "figures",
                default: 3,
                about: text(
                    "至少几个不为零的独立数字",
                    "least number of independent figures that are not zero",
                ),
            },
        ],
        check: Check::Agencies(alike),
    },
    Rule {
        id: "O4",
        title: text("出现其他单位名称", "another agency's name"),
        severity: Severity::Warning,
        formula: text(
            "正文自称的县区和单位类别与标题一致",
            "the text calls itself by the county and the kind of body of the title",
        ),
        not_run: text("没有自称；县区未知", "the text does not name itself; unknown county"),
        exceptions: text("上级机关、合并机构、网站名称", "superior bodies, mergers, names of sites"),
        source: PLAUSIBLE,
        example: text(
            "一、总体：自称“我厅”，而标题单位是新县审计局",
            "section 1 Overview: calls itself “我厅”, but the title names 新县审计局",
        ),
        thresholds: &[],
        check: Check::Report(another_name),
    },
    Rule {
        id: "O5",
        title: text("同一年度有不同版本", "different versions for one year"),
        severity: Severity::Warning,
        formula: text("一个单位一个年度只有一份报告", "an agency has one report for a year"),
        not_run: text("单位、年度未知，或地方不明", "unknown agency or year, or a place that is open"),
        exceptions: text(
            "网页、PDF 和解析文件数字相同、文字几乎相同的，是同一份报告；政府与其办公室是两个单位",
            "a page, a PDF and a parsed copy with the same figures and nearly the same words are one report; a government and its office are two agencies",
        ),
        source: "中国社会科学院法学研究所 2016 年度评估（公开后改动、多个版本）",
        example: text("同一年度另有 1 个版本", "1 other version for the same year"),
        thresholds: &[],
        check: Check::Years(versions),
    },
];

/// A report among those of its county and year.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// Its agency.
    pub agency: &'a Untrusted,
    /// What it says.
    pub digest: &'a Digest,
}

/// The reports of a county for one year, with what is needed to find those that are alike without comparing all pairs.
pub struct Group<'a> {
    members: Vec<Member<'a>>,
    /// Sorted, as those below: the hash of the figures of each member.
    by_flows: Vec<(u64, usize)>,
    /// Keys of the texts of the members.
    by_text: Vec<((u8, [u16; 4]), usize)>,
}

impl<'a> Group<'a> {
    /// The reports of a county and year.
    #[must_use]
    pub fn new(members: Vec<Member<'a>>) -> Self {
        let numbered = || members.iter().map(|member| member.digest).zip(0..);
        let mut by_flows: Vec<_> = numbered().map(|(digest, i)| (digest.flows.hash, i)).collect();
        let keys = |(digest, i): (&'a Digest, usize)| digest.text.keys().map(move |key| (key, i));
        let mut by_text: Vec<_> = numbered().flat_map(keys).collect();
        by_flows.sort_unstable();
        by_text.sort_unstable();
        Self { members, by_flows, by_text }
    }
}

/// The members that have a key in a sorted list, in order.
fn having<K: Ord + Copy>(list: &[(K, usize)], key: K) -> impl Iterator<Item = usize> + '_ {
    let start = list.partition_point(|(other, _)| *other < key);
    list.iter().skip(start).take_while(move |(other, _)| *other == key).map(|(_, i)| *i)
}

/// A report with the others of its county and year.
pub struct Shared<'a> {
    /// The rules as configured.
    pub settings: &'a Settings,
    /// All of them.
    pub group: &'a Group<'a>,
    /// The one that is checked.
    pub at: usize,
}

impl<'a> Shared<'a> {
    fn own(&self) -> Option<&Member<'a>> {
        self.group.members.get(self.at)
    }

    /// Whether the year or the agency of one of them was only inferred.
    pub(super) fn has_inferred(&self) -> bool {
        self.group.members.iter().any(|member| member.digest.is_inferred)
    }

    /// Whether a finding rests on such a report: this one, or the other that it names.
    pub(super) fn rests_on_inferred(&self, finding: &Finding) -> bool {
        let other = match &finding.evidence {
            Evidence::Observation(seen) => seen.other.as_ref(),
            _ => None,
        };
        let names = |member: &&Member<'_>| other.is_some_and(|other| other.agency == *member.agency);
        self.own().into_iter().chain(self.group.members.iter().filter(names)).any(|m| m.digest.is_inferred)
    }

    /// The other bodies below the area's government, if this is its report and says that it is their sum.
    fn bodies(&self) -> Vec<&Member<'a>> {
        let Some(own) = self.own() else { return Vec::new() };
        if !own.digest.is_area_total || kind(own.agency.raw()) != AgencyKind::Area {
            return Vec::new();
        }
        let is_body =
            |m: &&Member<'_>| kind(m.agency.raw()) != AgencyKind::Area && !is_branch(m.agency.raw());
        self.group.members.iter().filter(is_body).collect()
    }
}

/// The figures that add up over the bodies of an area.
const ADDED: [&str; 6] = [
    "requests.received.total",
    "reconsideration_and_litigation.reconsideration.total",
    "reconsideration_and_litigation.litigation_direct.total",
    "proactive_disclosure.licensing.decisions",
    "proactive_disclosure.penalty.decisions",
    "proactive_disclosure.normative.issued",
];

fn more_than_area(shared: &Shared<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(own) = shared.own() else { return Vec::new() };
    let bodies = shared.bodies();
    if bodies.is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for name in ADDED {
        let Some((cell, all)) = CellId::parse(name).zip(own.digest.count(name)) else { continue };
        let largest = bodies.iter().filter_map(|m| Some((m.digest.count(name)?, m))).max_by_key(|(n, _)| *n);
        let Some((most, body)) = largest.filter(|(most, _)| *most > all) else { continue };
        let who = body.agency.visible();
        let seen = Observation::at(&[cell])
            .sides(Sum::whole(all), Sum::whole(most))
            .against(body.agency, body.digest.year)
            .say(
                format!("全县汇总 {all}，而{who}一家就有 {most}"),
                format!("{all} for the whole area, but {who} alone has {most}"),
            );
        findings.push(seen.finding(rule));
    }
    findings
}

fn coverage(shared: &Shared<'_>, rule: &'static Rule) -> Vec<Finding> {
    let name = ADDED[0];
    let mut bodies = shared.bodies();
    if bodies.is_empty() {
        return Vec::new();
    }
    // Two versions of one report are one body.
    let mut seen = HashSet::new();
    bodies.retain(|m| seen.insert(m.agency));
    let received: Vec<i64> = bodies.iter().filter_map(|m| m.digest.count(name)).collect();
    let own = shared.own().and_then(|own| own.digest.count(name));
    let (Some(all), Some(cell)) = (own, CellId::parse(name)) else { return Vec::new() };
    let n = received.len();
    if i64::try_from(n).unwrap_or(i64::MAX) < shared.settings.threshold(rule, "bodies").max(1) {
        return Vec::new();
    }
    let sum = received.into_iter().fold(0, i64::saturating_add);
    let seen = Observation::at(&[cell]).sides(Sum::whole(all), Sum::whole(sum)).say(
        format!("全县汇总 {all}，手头 {n} 个单位合计 {sum}"),
        format!("{all} for the whole area, {sum} in the {n} bodies at hand"),
    );
    vec![seen.finding(rule)]
}

/// Whether one is a government and the other its office, which publish one report between them in many places.
fn is_government_and_office(a: &Member<'_>, b: &Member<'_>) -> bool {
    let kinds = [kind(a.agency.raw()), kind(b.agency.raw())];
    kinds.contains(&AgencyKind::Area) && kinds.contains(&AgencyKind::Office)
}

fn alike(shared: &Shared<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(own) = shared.own() else { return Vec::new() };
    let [similarity, length, figures] =
        ["similarity", "length", "figures"].map(|key| shared.settings.threshold(rule, key));
    let group = shared.group;
    let is_other = |m: &Member<'_>| m.agency != own.agency && !is_government_and_office(m, own);
    let mut findings = Vec::new();
    if i64::from(own.digest.flows.filled) >= figures.max(1) {
        let same = having(&group.by_flows, own.digest.flows.hash)
            .filter(|i| *i != shared.at)
            .filter_map(|i| group.members.get(i))
            .find(|m| is_other(m) && m.digest.flows == own.digest.flows);
        findings.extend(same.map(|other| {
            let who = other.agency.visible();
            let seen = Observation { section: 3, ..Observation::default() };
            let seen = seen.against(other.agency, other.digest.year).say(
                format!("三张表的当年数字与{who}全部相同"),
                format!("all figures of the year equal those of {who}"),
            );
            seen.finding(rule).severe(if own.digest.flows.is_small() {
                Severity::Info
            } else {
                rule.severity
            })
        }));
    }
    if i64::from(own.digest.text.length) < length {
        return findings;
    }
    // Texts that are nearly the same share a key; of those that share one, most are nearly the same.
    let mut candidates: Vec<usize> = own
        .digest
        .text
        .keys()
        .flat_map(|key| having(&group.by_text, key))
        .filter(|i| *i != shared.at)
        .collect();
    candidates.sort_unstable();
    candidates.dedup();
    let most = candidates
        .into_iter()
        .filter_map(|i| group.members.get(i))
        .filter(|m| is_other(m))
        .map(|m| (own.digest.text.similarity(&m.digest.text), m))
        .max_by_key(|(n, _)| *n);
    findings.extend(most.filter(|(n, _)| *n >= similarity).map(|(n, other)| {
        let who = other.agency.visible();
        let seen = Observation { section: 1, ..Observation::default() };
        let seen = seen
            .against(other.agency, other.digest.year)
            .say(format!("正文与{who}约 {n}% 相同"), format!("about {n}% of the text is that of {who}"));
        seen.finding(rule)
    }));
    findings
}

/// Words by which a body of that kind calls itself.
const SELVES: &[(&str, char)] =
    &[("我局", '局'), ("我厅", '厅'), ("我镇", '镇'), ("我乡", '乡'), ("我街道", '街')];

fn another_name(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let name = scene.report.agency.raw();
    let mut findings = Vec::new();
    if let Some((section, span, words)) = foreign_self(scene, name) {
        let quote = Quote::new(section, span);
        let seen = Observation::quoting(quote).say(
            format!("自称“{words}”，而标题单位是{}", scene.report.agency.visible()),
            format!("calls itself “{words}”, but the title names {}", scene.report.agency.visible()),
        );
        findings.push(seen.finding(rule));
    }
    findings.extend(foreign_county(scene, rule));
    findings
}

/// Where a word stands first in a text.
fn first(text: &str, word: &str) -> Option<usize> {
    memchr::memmem::find(text.as_bytes(), word.as_bytes())
}

type Place<'a> = (&'a crate::report::Section, std::ops::Range<usize>, &'static str);

/// Where the text calls itself another kind of body than it is, and never by its own.
fn foreign_self<'a>(scene: &Scene<'a>, name: &str) -> Option<Place<'a>> {
    // A township is called by its own name or by that of its government.
    let name = name.strip_suffix("人民政府").unwrap_or(name);
    let (own, _) =
        SELVES.iter().find(|(word, c)| name.ends_with(*c) || (*word == "我街道" && name.contains("街道")))?;
    let sections = || scene.report.sections.iter().filter(|s| matches!(s.number, 0 | 1 | 5 | 6));
    if sections().any(|s| first(s.text.raw(), own).is_some()) {
        return None;
    }
    let foreign = SELVES.iter().filter(|(word, c)| word != own && !name.contains(*c));
    for (word, _) in foreign {
        for section in sections() {
            if let Some(at) = first(section.text.raw(), word) {
                return Some((section, at..at + word.len(), word));
            }
        }
    }
    None
}

/// Where the text announces the report of another county: 现将…县2019年….
fn foreign_county(scene: &Scene<'_>, rule: &'static Rule) -> Option<Finding> {
    const ANNOUNCES: &str = "现将";
    let own = scene.report.county.as_ref()?.raw();
    for section in scene.report.sections.iter().filter(|s| matches!(s.number, 0 | 1)) {
        let text = section.text.raw();
        let Some(at) = first(text, ANNOUNCES) else { continue };
        let after = text.get(at + ANNOUNCES.len()..)?;
        // The name stands before the year or behind it.
        let is_year = |c: char| c.is_ascii_digit() || c.is_whitespace() || c == '年' || c == '度';
        let name: String = after
            .trim_start_matches(is_year)
            .chars()
            .take_while(|c| !c.is_ascii() && !"，。、；（《".contains(*c))
            .take(24)
            .collect();
        let head = name.split("政府信息").next().unwrap_or_default();
        let Some(named) = places::in_name(head).county else { continue };
        let title = scene.report.title.raw();
        if named == own || own.contains(&named) || named.contains(own) || title.contains(&named) {
            continue;
        }
        let start = at + ANNOUNCES.len() + after.find(&named)?;
        let words = crate::display::visible(&named).into_owned();
        let who = scene.report.agency.visible();
        let seen = Observation::quoting(Quote::new(section, start..start + named.len())).say(
            format!("自称“{words}”，而标题单位是{who}"),
            format!("calls itself “{words}”, but the title names {who}"),
        );
        return Some(seen.finding(rule));
    }
    None
}

/// How many versions are compared in the sentence.
const COMPARED: usize = 3;

fn versions(series: &Series<'_>, rule: &'static Rule) -> Vec<Finding> {
    if series.others.is_empty() || series.agency.is_empty() || series.now.year == 0 {
        return Vec::new();
    }
    let n = series.others.len();
    let stands = !series.others.iter().any(|other| other.stands);
    let in_words = |lang: Lang| -> Vec<String> {
        let compared = series.others.iter().filter(|other| !other.file.is_empty());
        compared.take(COMPARED).map(|other| in_words(other, stands, lang)).collect()
    };
    let (zh, en) = (in_words(Lang::Zh), in_words(Lang::En));
    let counted = if n == 1 { "1 other version".to_owned() } else { format!("{n} other versions") };
    let behind = |words: &[String], before: &str, between: &str| {
        if words.is_empty() { String::new() } else { format!("{before}{}", words.join(between)) }
    };
    let seen = Observation::default().against(series.agency, series.now.year).say(
        format!("同一年度另有 {n} 个版本{}", behind(&zh, "：", "；")),
        format!("{counted} for the same year{}", behind(&en, ": ", "; ")),
    );
    // What is decided on is that these versions stand beside each other, however the sentence is worded.
    let of_versions = series.others.iter().map(|other| other.version.as_str()).collect::<Vec<_>>().join(" ");
    let seen = Observation { rests_on: Some(of_versions), ..seen };
    vec![seen.finding(rule)]
}

/// What differs between another version and the own one, with their files: in each of both findings from the same one to
/// the same other.
fn in_words(other: &OtherVersion, stands: bool, lang: Lang) -> String {
    let mark = lang.pick("（以此代表该年度）", " (stands for the year)");
    let named =
        |file: &Untrusted, stands: bool| format!("{}{}", file.visible(), if stands { mark } else { "" });
    let (own, beside) = (named(&other.own_file, stands), named(&other.file, other.stands));
    let (from, to) = if other.is_newer { (own, beside) } else { (beside, own) };
    let words = other.difference.words(lang);
    let words = if words.is_empty() { lang.pick("文字不同", "other words").to_owned() } else { words };
    lang.pick(format!("{from} → {to}，{words}"), format!("{from} → {to}: {words}"))
}
