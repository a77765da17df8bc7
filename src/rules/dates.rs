//! Years and dates of the narrative (rules D).

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::agency::{AgencyKind, kind};
use super::compact::{Compact, Year, folded, mentions};
use super::rule::text;
use super::{Check, Finding, Observation, Quote, Rule, Scene, Severity, Threshold};
use crate::report::{KnownBy, Report, Section, TemplateId};

const NOTICES: &str = "国办公开办函〔2019〕60号、〔2021〕30号";
const PLAUSIBLE: &str = "合理性检查 (plausibility)";
const NO_YEAR: super::Text = text("报告年度未知", "the year of the report is unknown");
const NONE: super::Text = text("无", "none");

/// The rules of years and dates.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "D1",
        title: text("年度前后不一", "years that contradict each other"),
        severity: Severity::Error,
        formula: text(
            "标题年度 = 统计期限年度 = 总体情况所述年度",
            "the year of the title is that of the period and that of section 1",
        ),
        not_run: NO_YEAR,
        exceptions: NONE,
        source: NOTICES,
        example: text("统计期限为 2020 年，标题为 2021 年", "the period is 2020, the title says 2021"),
        thresholds: &[],
        check: Check::Report(contradicting_years),
    },
    Rule {
        id: "D2",
        title: text("文中年份陈旧", "a year that does not belong here"),
        severity: Severity::Info,
        formula: text(
            "正文只出现本年、上年（比较）和下年（计划）；下年计划不引用往年的指标、要点",
            "the text speaks of this year, the last (compared) and the next (planned); a plan does not refer to the criteria of a past year",
        ),
        not_run: NO_YEAR,
        exceptions: text(
            "文号、书名号内、版本、规划期、历年、“以来”“截至”，与往年比较",
            "numbers of documents, titles in 《》, editions, plan periods, “since”, “until”, comparisons",
        ),
        source: PLAUSIBLE,
        example: text(
            "五、问题：2020 年计划引用“2018年全省政务公开评估指标”，请核实是否沿用往年文字",
            "section 5 Problems and improvements: the plan refers to “2018年全省政务公开评估指标”: was it kept from an earlier report?",
        ),
        thresholds: &[],
        check: Check::Report(stale_years),
    },
    Rule {
        id: "D3",
        title: text("格式与年度不符", "the form of another year"),
        severity: Severity::Warning,
        formula: text(
            "2019、2020 年度用 2019 年格式，2021 年度起用 2021 年格式",
            "reports of 2019 and 2020 use the form of 2019, later ones that of 2021",
        ),
        not_run: text("年度或格式未知", "year or form unknown"),
        exceptions: text("重新发布的旧报告", "older reports that are published again"),
        source: NOTICES,
        example: text(
            "二、主动公开：2021 年度报告用了 2019 年格式",
            "section 2 Proactive disclosure: a report of 2021 on the form of 2019",
        ),
        thresholds: &[],
        check: Check::Report(form_of_year),
    },
    Rule {
        id: "D4",
        title: text("引用的通知与年度不符", "cites the notice of another year"),
        severity: Severity::Info,
        formula: text(
            "2021 年度起引用〔2021〕30号，此前引用〔2019〕60号",
            "reports from 2021 on cite 〔2021〕30号, earlier ones 〔2019〕60号",
        ),
        not_run: text("没有引用通知；两个通知都引用", "cites neither, or both"),
        exceptions: NONE,
        source: NOTICES,
        example: text(
            "2023 年度报告引用国办公开办函〔2019〕60号",
            "a report of 2023 cites 国办公开办函〔2019〕60号",
        ),
        thresholds: &[],
        check: Check::Report(notices),
    },
    Rule {
        id: "D5",
        title: text("逾期", "late"),
        severity: Severity::Warning,
        formula: text(
            "部门、乡镇次年 1 月 31 日前，政府次年 3 月 31 日前公布",
            "departments and townships publish by 31 January of the next year, governments by 31 March",
        ),
        not_run: text("文中没有落款或发布日期", "no date of signature or publication in the document"),
        exceptions: text(
            "网页发布日期可能是网站迁移的日期：只作提示；各地期限可以在配置中设定",
            "the date of a page may be that of a migration of the site: only noted; local deadlines are settings",
        ),
        source: "《政府信息公开条例》第四十九条",
        example: text(
            "六、其他：落款日期 2025-03-12 晚于期限 2025-01-31",
            "section 6 Other matters: signed 2025-03-12, after the deadline 2025-01-31",
        ),
        thresholds: &[
            Threshold {
                key: "government",
                default: 331,
                about: text("政府的期限，月日", "deadline of governments, month and day"),
            },
            Threshold {
                key: "others",
                default: 131,
                about: text("其他单位的期限，月日", "deadline of all others, month and day"),
            },
        ],
        check: Check::Report(late),
    },
    Rule {
        id: "D6",
        title: text("年终前已成文", "dated before the year was over"),
        severity: Severity::Warning,
        formula: text(
            "落款或发布日期不早于次年 1 月 1 日",
            "signed or published on 1 January of the next year or later",
        ),
        not_run: text("文中没有落款或发布日期", "no date of signature or publication in the document"),
        exceptions: NONE,
        source: PLAUSIBLE,
        example: text(
            "六、其他：落款日期 2024-11-20，2024 年尚未结束",
            "section 6 Other matters: signed 2024-11-20, before 2024 was over",
        ),
        thresholds: &[],
        check: Check::Report(early),
    },
];

fn ends_with_any(text: &[char], words: &[&str]) -> bool {
    let text: String = text.iter().collect();
    words.iter().any(|word| text.ends_with(word))
}

/// Where the first of some words ends.
fn end_of_any(text: &[char], words: &[&str]) -> Option<usize> {
    let ends = |word: &&str| {
        let word: Vec<char> = word.chars().collect();
        text.windows(word.len()).position(|window| window == word).map(|at| at + word.len())
    };
    words.iter().filter_map(ends).min()
}

fn has_any(text: &[char], words: &[&str]) -> bool {
    let text: String = text.iter().collect();
    words.iter().any(|word| text.contains(word))
}

fn quoting(
    section: &Section,
    compact: &Compact<'_>,
    range: Range<usize>,
    zh: String,
    en: String,
    rule: &'static Rule,
) -> Finding {
    Observation::quoting(Quote::new(section, compact.span(range))).say(zh, en).finding(rule)
}

fn narrative<'a>(scene: &Scene<'a>, numbers: &'static [u8]) -> impl Iterator<Item = &'a Section> {
    scene.report.sections.iter().filter(move |s| numbers.contains(&s.number))
}

fn contradicting_years(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(year) = scene.report.year.map(u32::from) else { return Vec::new() };
    let mut findings = Vec::new();
    for section in narrative(scene, &[0, 1]).filter(|s| may_contradict(s, year)) {
        let compact = Compact::new(section.text.raw());
        findings.extend(
            period(&compact).into_iter().filter(|(from, to, _)| (*from, *to) != (year, year)).map(
                |(from, to, range)| {
                    let [zh, en] = ["—", "-"]
                        .map(|dash| if from == to { from.to_string() } else { format!("{from}{dash}{to}") });
                    let stated = stated(scene.report);
                    let zh = format!("统计期限为 {zh} 年，{}为 {year} 年", stated.zh);
                    let en = format!("the period is {en}, {} {year}", stated.en);
                    quoting(section, &compact, range, zh, en, rule)
                },
            ),
        );
        let years = compact.years();
        for odd in years.iter().filter(|y| y.year > 9_999) {
            let words = compact.words(odd.place.clone());
            let (zh, en) = (format!("“{words}”不是年份"), format!("“{words}” is no year"));
            findings
                .push(quoting(section, &compact, odd.place.clone(), zh, en, rule).severe(Severity::Warning));
        }
        if section.number == 1 {
            findings.extend(opening(section, &compact, &years, (year, stated(scene.report)), rule));
        }
    }
    findings
}

/// What says the year of a report, for the sentence that names it.
fn stated(report: &Report) -> super::Text {
    match report.year_from {
        None | Some(KnownBy::Title) => text("标题", "the title says"),
        Some(KnownBy::Sentence | KnownBy::Metadata) => text("报告年度", "the year of the report is"),
        Some(KnownBy::Inferred) => text("推断的年度", "the year is inferred as"),
    }
}

/// Whether a section has a year that could be the beginning of a period, or no year, or another one than its report's.
fn may_contradict(section: &Section, year: u32) -> bool {
    let (mut has_own, mut has_other) = (false, false);
    for mention in mentions(section.text.raw()) {
        // The day of a period is 1月1日 or 01月01日.
        if mention.year > 9_999 || matches!(mention.next, Some('0' | '1')) {
            return true;
        }
        has_own |= mention.year == year;
        has_other |= mention.year != year;
    }
    section.number == 1 && has_other && !has_own
}

/// Section 1 that opens with another year and never speaks of the year of the report.
fn opening(
    section: &Section,
    compact: &Compact<'_>,
    years: &[Year],
    (year, stated): (u32, super::Text),
    rule: &'static Rule,
) -> Option<Finding> {
    let first = years.first().filter(|first| first.place.start == 0 && (2000..2100).contains(&first.year))?;
    let is_foreign = first.year != year && years.iter().all(|y| y.year != year);
    if !is_foreign {
        return None;
    }
    let zh = format!("总体情况所述为 {} 年，{}为 {year} 年", first.year, stated.zh);
    let en = format!("section 1 speaks of {}, {} {year}", first.year, stated.en);
    Some(quoting(section, compact, first.place.clone(), zh, en, rule))
}

/// The period of the statistics: …年1月1日至…年12月31日.
fn period(compact: &Compact<'_>) -> Option<(u32, u32, Range<usize>)> {
    const DAYS: [&str; 2] = ["1月1日", "01月01日"];
    // Anything else between the two days makes them days of different things (1月1日起施行，截至…12月31日).
    const JOINING: &str = "起始开截至到止—–─-－~～，,";
    let years = compact.years();
    years.iter().find_map(|first| {
        let day = DAYS.iter().find(|day| compact.starts_with(first.place.end, day))?;
        let start = first.place.end + day.chars().count();
        let end = (start..start + 16).find(|i| compact.starts_with(*i, "12月31日"))?;
        let last = years.iter().find(|y| y.place.end == end);
        let joint = compact.chars.get(start..last.map_or(end, |y| y.place.start))?;
        let is_joined = !joint.is_empty() && joint.iter().all(|c| JOINING.contains(*c));
        is_joined.then(|| (first.year, last.map_or(first.year, |y| y.year), first.place.start..end + 6))
    })
}

/// Words behind a year that make it no statement about that year.
const NOT_OF_YEAR: &[&str] = &[
    "版", "修订", "修正", "号", "以来", "前", "以前", "之前", "底前", "末", "起", "〕", "制定", "印发",
    "出台", "至", "到", "—", "-", "－", "~", "～",
];
/// Words that make a year the beginning of something, or what is compared, anywhere behind it in its clause.
const SINCE: &[&str] = &["以来", "相比", "年底", "施行", "修订", "修正", "颁布", "公布", "印发", "远景目标"];
/// Words before a year that compare, or name a span.
const COMPARING: &[&str] =
    &["较", "比", "与", "同", "和", "至", "自", "从", "到", "历年", "〔", "《", "（", "(", "－", "-", "—"];
/// What a plan refers to; in a past year it is out of date.
const CRITERIA: &[&str] = &["指标", "要点", "考核", "方案", "任务", "目标", "计划", "安排"];
/// What came of such a plan.
const OUTCOMES: &[&str] = &["结果", "反馈", "通报", "发现", "指出"];

fn stale_years(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(year) = scene.report.year.map(u32::from) else { return Vec::new() };
    let mut findings = Vec::new();
    for section in narrative(scene, &[1, 5, 6]).filter(|s| may_be_stale(s, year)) {
        let compact = Compact::new(section.text.raw());
        let plan = plan_from(&compact, year);
        for mention in compact.years().into_iter().filter(|y| (1990..2100).contains(&y.year)) {
            let (start, end) = (mention.place.start, mention.place.end);
            let after = compact.after(end, 16);
            if is_exempt(&compact, start, after) {
                continue;
            }
            // What an evaluation of a past year found is known in this year only.
            let is_old = section.number == 5 && mention.year < year && !has_any(after, OUTCOMES);
            let criteria = end_of_any(after, CRITERIA).filter(|_| is_old);
            if let Some(length) = criteria.filter(|_| plan.is_some_and(|plan| plan < start)) {
                let words = compact.words(start..end + length);
                let next = year + 1;
                let zh = format!("{next} 年计划引用“{words}”，请核实是否沿用往年文字");
                let en = format!("the plan refers to “{words}”: was it kept from an earlier report?");
                let range = start..end + length;
                findings.push(quoting(section, &compact, range, zh, en, rule).severe(Severity::Warning));
            } else if mention.year + 1 < year || mention.year > year + 1 {
                let (zh, en) = (format!("提到 {} 年", mention.year), format!("speaks of {}", mention.year));
                findings.push(quoting(section, &compact, mention.place, zh, en, rule));
            }
        }
    }
    findings
}

/// Whether a section names a year that does not belong to the report of this one, or one that a plan could not mean.
fn may_be_stale(section: &Section, year: u32) -> bool {
    mentions(section.text.raw()).map(|mention| mention.year).filter(|y| (1990..2100).contains(y)).any(
        |mentioned| mentioned + 1 < year || mentioned > year + 1 || (section.number == 5 && mentioned < year),
    )
}

/// Whether a year stands in a number, a title, a comparison or a span.
fn is_exempt(compact: &Compact<'_>, start: usize, after: &[char]) -> bool {
    let before = compact.before(start, 40);
    let is_open = |open: char, close: char| {
        let last = |c: char| before.iter().rposition(|b| *b == c);
        last(open).is_some_and(|at| last(close).is_none_or(|closed| closed < at))
    };
    let starts = |words: &[&str]| {
        let text: String = after.iter().collect();
        words.iter().any(|word| text.starts_with(word) || text.starts_with(&format!("度{word}")))
    };
    is_open('《', '》')
        || is_open('〔', '〕')
        || is_open('[', ']')
        || ends_with_any(before, COMPARING)
        || starts(NOT_OF_YEAR)
        || ends_with_any(before, &["截至", "截止"])
        || has_any(after, SINCE)
}

/// Where the plan for the next year begins in a section about problems.
fn plan_from(compact: &Compact<'_>, year: u32) -> Option<usize> {
    let next = compact.years().into_iter().find(|y| y.year == year + 1).map(|y| y.place.start);
    let words = ["下一步", "下步", "今后", "我们将", "改进措施"];
    let by_words = (0..compact.chars.len()).find(|i| words.iter().any(|word| compact.starts_with(*i, word)));
    [next, by_words].into_iter().flatten().min()
}

fn form_of_year(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let report = scene.report;
    let (Some(year), Some(used)) = (report.year, report.template) else { return Vec::new() };
    if TemplateId::for_year(year) == Some(used) {
        return Vec::new();
    }
    let form = used.name();
    let seen = Observation { section: 2, ..Observation::default() }.say(
        format!("{year} 年度报告用了 {form} 年格式"),
        format!("a report of {year} on the form of {form}"),
    );
    vec![seen.finding(rule)]
}

/// The notices as they are cited, with their body: others have numbers 60 and 30 too.
const OLD: &[&str] = &[
    "国办公开办函〔2019〕60号",
    "国办公开办函[2019]60号",
    "国办公开办函（2019）60号",
    "国办公开办函(2019)60号",
    // By its name, with its body: notices of provinces and cities have the same name.
    "国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知",
    "国务院办公厅关于政府信息公开工作年度报告有关事项的通知",
    "国办公开办关于政府信息公开工作年度报告有关事项的通知",
];
const NEW: &[&str] = &[
    "国办公开办函〔2021〕30号",
    "国办公开办函[2021]30号",
    "国办公开办函（2021）30号",
    "国办公开办函(2021)30号",
    "关于印发《中华人民共和国政府信息公开工作年度报告格式》的通知",
    "关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知",
];

/// Whether a section has the characters that every notice has: spaces may stand in a notice, but most sections cite
/// nothing at all.
fn may_cite(section: &Section) -> bool {
    static LETTER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("函"));
    static NOTICE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("通知"));
    let text = section.text.raw();
    let has_number = LETTER.find(text.as_bytes()).is_some() && text.contains('号');
    // A name may be broken over lines, but hardly within the last word.
    has_number || NOTICE.find(text.as_bytes()).is_some() && text.contains('国')
}

/// Where a section cites one of some notices.
fn cited<'a>(section: &'a Section, notice: &[&str]) -> Option<(Compact<'a>, Range<usize>)> {
    let compact = Compact::new(section.text.raw());
    let found = (0..compact.chars.len())
        .find_map(|i| notice.iter().find(|n| compact.starts_with(i, n)).map(|n| i..i + n.chars().count()));
    found.map(|range| (compact, range))
}

fn notices(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(year) = scene.report.year else { return Vec::new() };
    let (wrong, right) = if year >= 2021 { (OLD, NEW) } else { (NEW, OLD) };
    let mut found = None;
    for section in narrative(scene, &[0, 1, 5, 6]).filter(|s| may_cite(s)) {
        if cited(section, right).is_some() {
            return Vec::new();
        }
        found = found.or_else(|| cited(section, wrong).map(|(compact, range)| (section, compact, range)));
    }
    let finding = found.map(|(section, compact, range)| {
        let notice = compact.words(range.clone());
        let zh = format!("{year} 年度报告引用{notice}");
        quoting(section, &compact, range, zh, format!("a report of {year} cites {notice}"), rule)
    });
    finding.into_iter().collect()
}

/// A date of the document: of its signature, or of its page.
struct Dated<'a> {
    section: &'a Section,
    compact: Compact<'a>,
    range: Range<usize>,
    /// Year, month and day, comparable.
    date: (u32, u32),
    is_signed: bool,
}

impl Dated<'_> {
    fn shown(&self) -> String {
        let (year, day) = self.date;
        format!("{year}-{:02}-{:02}", day / 100, day % 100)
    }

    fn words(&self) -> (&'static str, &'static str) {
        if self.is_signed { ("落款日期", "signed") } else { ("发布日期", "published") }
    }
}

/// A date at a place: 2020年1月31日, 2020-01-31, 2020/1/31.
fn date_at(compact: &Compact<'_>, at: usize) -> Option<((u32, u32), usize)> {
    let (year, n) = compact.digits(at);
    let mut next = at + n + 1;
    let separated = |i: usize, of: &str| compact.chars.get(i).is_some_and(|c| of.contains(*c));
    if n != 4 || !(2000..2100).contains(&year) || !separated(next - 1, "年-/.") {
        return None;
    }
    let (month, n) = compact.digits(next);
    next += n + 1;
    if n == 0 || !(1..=12).contains(&month) || !separated(next - 1, "月-/.") {
        return None;
    }
    let (day, n) = compact.digits(next);
    next += n.min(2);
    let is_day = n > 0 && (1..=31).contains(&day);
    let end = if separated(next, "日") { next + 1 } else { next };
    is_day.then_some(((year, month * 100 + day), end))
}

/// Whether the last character of a section may be that of a date.
fn may_end_with_date(section: &Section) -> bool {
    let last = section.text.raw().trim_end().chars().next_back();
    last.is_some_and(|c| matches!(folded(c), '0'..='9' | '日'))
}

/// The later of the dates of signature and publication that a report prints, as `20250131`; 0 if it prints none.
#[must_use]
pub fn latest_date(report: &Report) -> u32 {
    dates(report).iter().map(|dated| dated.date.0 * 10_000 + dated.date.1).max().unwrap_or(0)
}

/// The dates of signature and publication that the document prints.
fn dates(report: &Report) -> Vec<Dated<'_>> {
    const PUBLISHED: [&str; 6] = ["发布日期", "发布时间", "公开日期", "成文日期", "生成日期", "发文日期"];
    let mut found = Vec::new();
    for section in report.sections.iter().filter(|section| section.number == 0) {
        let compact = Compact::new(section.text.raw());
        let place = (0..compact.chars.len()).find_map(|i| {
            PUBLISHED.iter().find(|word| compact.starts_with(i, word))?;
            let start = (i + 4..i + 7).find(|at| compact.digits(*at).1 == 4)?;
            date_at(&compact, start).map(|(date, end)| (date, start..end))
        });
        if let Some((date, range)) = place {
            found.push(Dated { section, compact, range, date, is_signed: false });
        }
    }
    let last = report.sections.iter().filter(|s| s.number > 0).max_by_key(|s| s.number);
    if let Some(section) = last.filter(|s| s.number >= 5 && may_end_with_date(s)) {
        let compact = Compact::new(section.text.raw());
        // A date behind which nothing stands, on a line of its own.
        let starts = (compact.chars.len().saturating_sub(11)..compact.chars.len()).find_map(|start| {
            let (date, end) = date_at(&compact, start)?;
            let at = *compact.at.get(start)? as usize;
            let line = section.text.raw().get(..at)?.rsplit('\n').next()?;
            (end == compact.chars.len() && line.trim().is_empty()).then_some((date, start..end))
        });
        if let Some((date, range)) = starts {
            found.push(Dated { section, compact, range, date, is_signed: true });
        }
    }
    found
}

fn late(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(year) = scene.report.year.map(u32::from) else { return Vec::new() };
    let key = if kind(scene.report.agency.raw()) == AgencyKind::Area { "government" } else { "others" };
    let deadline = (year + 1, u32::try_from(scene.settings.threshold(rule, key)).unwrap_or(u32::MAX));
    let late = dates(scene.report).into_iter().filter(|dated| dated.date > deadline);
    late.map(|dated| {
        let (zh, en) = dated.words();
        let due = format!("{}-{:02}-{:02}", deadline.0, deadline.1 / 100, deadline.1 % 100);
        let day = dated.shown();
        let severity = if dated.is_signed { rule.severity } else { Severity::Info };
        let (zh, en) =
            (format!("{zh} {day} 晚于期限 {due}"), format!("{en} {day}, after the deadline {due}"));
        quoting(dated.section, &dated.compact, dated.range.clone(), zh, en, rule).severe(severity)
    })
    .collect()
}

fn early(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let Some(year) = scene.report.year.map(u32::from) else { return Vec::new() };
    let early = dates(scene.report).into_iter().filter(|dated| dated.date.0 <= year);
    early
        .map(|dated| {
            let ((zh, en), day) = (dated.words(), dated.shown());
            let zh = format!("{zh} {day}，{year} 年尚未结束");
            let en = format!("{en} {day}, before {year} was over");
            quoting(dated.section, &dated.compact, dated.range.clone(), zh, en, rule)
        })
        .collect()
}
