//! Whose report it is and on which year where no title says so: from the sentences that open it.
//!
//! A sentence that announces the report names it as a title does (现公布新县水利局2023年政府信息公开工作年度报告), or says
//! who drew it up (由新县水利局编制). Names in other sentences are those of bodies above it, which ask for the report: where
//! it is not certain whose name it is, there is none.

use super::lines::DocLine;
use super::sections::{self, Heading};
use super::title::{self, is_agency, is_furniture, is_labelled, is_placed, name_alone};
use super::year::{self, find_year};
use crate::load::normalise::clean;
use crate::load::traditional::in_simplified;
use crate::places;

/// So many lines of the text are read for sentences.
const LINES: usize = 40;
/// A longer line goes on in the next one; a shorter one without a full stop ends its paragraph.
const FULL_LINE: usize = 24;
/// A sentence with more characters is cut.
const MAX_CHARS: usize = 400;

/// The sentences at the beginning of a text, in simplified characters.
pub(super) struct Opening {
    sentences: Vec<String>,
}

/// What sentences say: of whom and when.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) agency: Option<String>,
    pub(super) year: Option<u16>,
}

impl Opening {
    /// Reads the lines before the first section and the first of it.
    pub(super) fn new(lines: &[DocLine<'_>], headings: &[Heading], skip: std::ops::Range<usize>) -> Self {
        let end = sections::region(headings, 1, lines.len()).map_or(lines.len(), |region| region.end);
        let mut text = String::new();
        let is_text = |(i, line): &(usize, &DocLine<'_>)| {
            let is_heading = headings.iter().any(|h| h.line == *i && !h.has_text);
            !skip.contains(i) && !is_heading && !line.has_cells && !line.text.trim().is_empty()
        };
        for (_, line) in lines.iter().enumerate().take(end).filter(is_text).take(LINES) {
            let printed: String = line.text.chars().take(MAX_CHARS * 4).collect();
            let piece = in_simplified(&clean(&printed)).into_owned();
            if is_labelled(&piece) && !piece.contains('。') {
                continue;
            }
            text.push_str(&piece);
            if piece.chars().count() < FULL_LINE {
                text.push('\n');
            }
        }
        let ends = |c: char| "。；\n！".contains(c);
        let cut = |s: &str| s.chars().take(MAX_CHARS).collect::<String>();
        Self { sentences: text.split(ends).filter(|s| !s.is_empty()).map(cut).collect() }
    }

    /// What the sentences say that announce the report: the first that names the agency, the first that names the year.
    pub(super) fn announced(&self) -> Said {
        let mut said = Said::default();
        for sentence in &self.sentences {
            let found = [quoted(sentence), named(sentence), drawn_up(sentence)];
            for found in found {
                said.agency = said.agency.or(found.agency);
                said.year = said.year.or(found.year);
            }
        }
        said
    }

    /// The year that the sentences speak of as the one reported on: 2021年，我局…. Nothing if they speak of several.
    pub(super) fn spoken_year(&self) -> Option<u16> {
        let mut years: Vec<u16> = self.sentences.iter().filter_map(|s| year::leading_year(s)).collect();
        years.dedup();
        match years.as_slice() {
            [year] => Some(*year),
            _ => None,
        }
    }

    /// The year whose openness of information the sentences tell of: 完成2021年度政府信息公开各项工作. Nothing if they
    /// speak of several.
    pub(super) fn worked_year(&self) -> Option<u16> {
        let mut years: Vec<u16> =
            self.sentences.iter().flat_map(|s| year::subject_years(&without_quoted(s))).collect();
        years.dedup();
        if years.len() == 1 { years.pop() } else { None }
    }

    /// The one body that is to be asked about the report: 如有疑问，请与三明市财政局办公室联系.
    pub(super) fn contact(&self) -> Option<String> {
        let mut names: Vec<String> = self.sentences.iter().filter_map(|s| contact(s)).collect();
        names.dedup();
        if names.len() == 1 { names.pop() } else { None }
    }

    /// The one body of which the sentences say what it did: 2023年，甲县水利局认真贯彻…. Nothing if there are several.
    pub(super) fn doer(&self) -> Option<String> {
        let mut names: Vec<String> = self.sentences.iter().take(DOING).filter_map(|s| doer(s)).collect();
        names.dedup();
        if names.len() == 1 { names.pop() } else { None }
    }

    /// What the text calls its own body: 局 of 我局, 镇 of 我镇; the word that comes most often.
    pub(super) fn own_word(&self) -> Option<&'static str> {
        let count = |word: &&str| {
            let of = |own: &str| {
                self.sentences.iter().map(|s| s.matches(&format!("{own}{word}")).count()).sum::<usize>()
            };
            of("我") + of("本")
        };
        let counted = OWN_WORDS.iter().map(|word| (count(word), *word)).filter(|(n, _)| *n > 0);
        counted.max_by_key(|(n, _)| *n).map(|(_, word)| word)
    }
}

/// So many sentences may say what the body did.
const DOING: usize = 6;
/// Words that say what a body did, or how.
const DOINGS: [&str; 22] = [
    "认真",
    "深入",
    "全面",
    "贯彻",
    "严格",
    "高度重视",
    "积极",
    "坚持",
    "持续",
    "不断",
    "扎实",
    "始终",
    "紧紧围绕",
    "紧扣",
    "切实",
    "强化",
    "加强",
    "主动公开",
    "依法",
    "以习近平",
    "根据",
    "在",
];

/// The body that a sentence tells of, where a clause of it begins with the name and goes on with what the body did.
fn doer(sentence: &str) -> Option<String> {
    let name = |clause: &str| {
        // 2023年甲县水利局, 一年来甲镇
        let clause =
            clause.trim_start_matches(|c: char| c.is_ascii_digit() || "年度以来一，,、 ".contains(c));
        let at = DOINGS.iter().filter_map(|word| clause.find(word)).min().filter(|at| *at > 0)?;
        let name = clause.get(..at)?;
        let is_known = is_agency(name) && is_body(name) && (is_placed(name) || places::is_township(name));
        is_known.then(|| name.to_owned())
    };
    sentence.split(['，', ',', '：', ':']).find_map(name)
}

/// The body that a sentence asks to be turned to, without its office: 请与三明市财政局办公室联系, 请联系三明市财政局.
fn contact(sentence: &str) -> Option<String> {
    let (before, after) = sentence.split_once("联系")?;
    let behind = ["请与", "可与", "请向", "请同"].iter().find_map(|word| Some(before.rsplit_once(word)?.1));
    let name = match behind {
        Some(name) => name,
        None if before.ends_with('请') => {
            after.split(['（', '(', '，', ',', '：', ':']).find(|part| !part.is_empty())?
        }
        None => return None,
    };
    let name = without_rooms(name.split(['（', '(', '，', ',']).next()?);
    let is_known = is_agency(name) && is_body(name) && (is_placed(name) || places::is_township(name));
    is_known.then(|| name.to_owned())
}

/// A name without the room of the body that does its paperwork: 新县财政局办公室, 新县财政局综合科.
fn without_rooms(name: &str) -> &str {
    let bodies = ["局", "委员会", "厅", "镇人民政府", "乡人民政府", "街道办事处"];
    let ends = bodies.iter().filter_map(|body| Some(name.rfind(body)? + body.len())).max();
    let cut = ends.and_then(|end| name.split_at_checked(end));
    let is_room = |rest: &str| ["室", "科", "股", "处", "办"].iter().any(|end| rest.ends_with(end));
    cut.filter(|(_, rest)| is_room(rest)).map_or(name, |(body, _)| body)
}

/// What a body calls itself, behind 我 or 本.
const OWN_WORDS: [&str; 18] = [
    "街道", "中心", "局", "委", "办", "厅", "镇", "乡", "院", "署", "县", "区", "市", "省", "州", "旗", "盟",
    "府",
];

/// Whether a name may be that of a body that calls itself so.
pub(super) fn fits(name: &str, own: &str) -> bool {
    let bodies = ["局", "委", "办", "厅", "院", "署", "中心"];
    let is_body = bodies.iter().any(|body| name.ends_with(body) || name.ends_with("委员会"));
    let is_town = places::is_township(name);
    match own {
        "局" => name.contains('局'),
        "委" => name.contains('委'),
        "办" => name.contains('办'),
        "厅" => name.ends_with('厅'),
        "镇" | "乡" | "街道" => is_town && name.contains(own),
        "府" => !is_body && (name.contains("政府") || is_town),
        "县" | "区" | "市" | "省" | "州" | "旗" | "盟" => !is_body && !is_town && name.contains(own),
        _ => name.contains(own),
    }
}

/// Words that announce a report, or say that it was drawn up.
const DEEDS: [&str; 14] = [
    "编制形成了",
    "编制完成了",
    "编制形成",
    "编制完成",
    "编制了",
    "编制",
    "公布",
    "公开发布",
    "发布",
    "形成了",
    "形成",
    "撰写",
    "制作",
    "拟定",
];
/// Words for a report in a sentence.
const REPORTS: [&str; 3] = ["年度报告", "年报", "报告"];
/// What follows the word for a report where it is not this one.
const OTHERS: [&str; 14] = [
    "格式",
    "编制",
    "有关",
    "工作的",
    "的通知",
    "编写",
    "要求",
    "指南",
    "制度",
    "模板",
    "式样",
    "填报",
    "发布工作",
    "报送",
];

/// The title in 《》 of a sentence that announces it.
fn quoted(sentence: &str) -> Said {
    let mut said = Said::default();
    let mut rest = sentence;
    while let Some((before, (inner, after))) =
        rest.split_once('《').and_then(|(before, rest)| Some((before, rest.split_once('》')?)))
    {
        let cites = ["根据", "按照", "依据", "参照", "对照", "关于", "和", "、", "及", "贯彻"];
        let is_cited = cites.iter().any(|word| before.ends_with(word));
        if !is_cited && let Some(title) = title::read(inner) {
            said.year = said.year.or(title.year);
            said.agency = said.agency.or(Some(title.agency).filter(|name| is_agency(name)));
        }
        rest = after;
    }
    said
}

/// The report that a sentence names in its run: 现将新县水利局2023年政府信息公开工作情况报告如下.
fn named(sentence: &str) -> Said {
    let plain = without_quoted(sentence);
    // 沙窝镇政府（机关）信息公开: of the body itself, not of those below it.
    let plain = plain.replace("(机关)信息", "政府信息").replace("（机关）信息", "政府信息");
    let mut from = 0;
    while let Some((at, subject)) = subject(&plain, from) {
        if let Some(said) = named_before(&plain, at, subject) {
            return said;
        }
        from = at + subject.len();
    }
    Said::default()
}

/// Where a text speaks of the openness of information, from a place on, and in which words.
fn subject(text: &str, from: usize) -> Option<(usize, &'static str)> {
    const SUBJECTS: [&str; 3] = ["政府信息公开", "政务公开", "信息公开"];
    let rest = text.get(from..)?;
    // 信息公开 of 政府信息公开 begins later.
    SUBJECTS
        .iter()
        .filter_map(|subject| Some((from + rest.find(subject)?, *subject)))
        .min_by_key(|(at, _)| *at)
}

/// What a sentence says of the report whose subject stands at a place, if it announces one there.
fn named_before(plain: &str, at: usize, subject: &str) -> Option<Said> {
    let (before, rest) = plain.split_at_checked(at)?;
    let after = rest.strip_prefix(subject).unwrap_or(rest);
    let (between, behind) = REPORTS.iter().find_map(|word| after.split_once(word))?;
    let is_kind =
        |c: char| c.is_ascii_digit() || "工作情况的年度及和一二三四五六七八九〇零○（）()关于本级".contains(c);
    if !between.chars().all(is_kind) || OTHERS.iter().any(|other| behind.starts_with(other)) {
        return None;
    }
    let deeds = [
        "现将",
        "现就",
        "现对",
        "现公布",
        "现公开",
        "就",
        "将",
        "向社会",
        "发布",
        "公布",
        "编制",
        "形成",
        "撰写",
        "制作",
    ];
    let own = before.rsplit(['，', ',', '：', ':', '、', '》', '（', '(']).next().unwrap_or(before);
    let from = deeds.iter().filter_map(|deed| own.rfind(deed).map(|at| at + deed.len())).max();
    let is_announced =
        from.is_some() || ["如下", "公布", "公开如下", "发布", "予以"].iter().any(|w| behind.contains(w));
    if !is_announced {
        return None;
    }
    let own = from.and_then(|from| own.get(from..)).unwrap_or(own).trim_start_matches(['了', '的']);
    let year = find_year(own, true).or_else(|| find_year(between, false));
    let name = name_alone(own, subject);
    // A verb or a body that asks for the report is no part of a name.
    let agency = Some(name).filter(|name| is_agency(name) && is_body(name));
    Some(Said { agency, year })
}

/// Who drew a report up: 本报告由新县水利局编制, 根据…规定，新县水利局编制了本报告.
fn drawn_up(sentence: &str) -> Said {
    let plain = without_quoted(sentence);
    let speaks_of_it = ["本报告", "本年报", "年度报告", "年报"].iter().any(|word| plain.contains(word));
    if !speaks_of_it {
        return Said::default();
    }
    let by = |clause: &str| {
        let (at, _) = DEEDS.iter().filter_map(|deed| Some((clause.find(deed)?, deed))).min()?;
        let before = clause.get(..at)?;
        let before = before.rsplit_once('由').map_or(before, |(_, name)| name);
        let cut = ["根据", "依据", "按照", "汇总", "负责", "牵头", "组织", "现", "特", "向社会", "结合"];
        let end = cut.iter().filter_map(|word| before.find(word).filter(|at| *at > 0)).min();
        let name = without_rooms(without_office(before.get(..end.unwrap_or(before.len()))?));
        let is_known = is_agency(name) && is_body(name) && (is_placed(name) || places::is_township(name));
        is_known.then(|| name.to_owned())
    };
    let agency = plain.split(['，', ',', '：', '（', '）', '(', ')', '、']).find_map(by);
    Said { agency, year: None }
}

/// A name without the office that keeps the openness of information for it.
fn without_office(name: &str) -> &str {
    let ends = ["领导小组办公室", "工作办公室", "办公室", "办", "领导小组"];
    let office = ends.iter().find_map(|end| {
        let inner = name.strip_suffix(end)?;
        ["政府信息公开工作", "政府信息公开", "政务公开工作", "政务公开", "信息公开工作", "信息公开"]
            .iter()
            .find_map(|subject| inner.strip_suffix(subject))
    });
    // 新县人民政府信息公开办公室: one 政府 serves both.
    let government = office.filter(|rest| rest.ends_with("人民")).map(|rest| rest.len() + "政府".len());
    government.and_then(|end| name.get(..end)).or(office).unwrap_or(name)
}

/// Whether a name is that of a body and nothing else: it ends as such names do, and no word of a sentence is in it.
pub(super) fn is_body(name: &str) -> bool {
    const ENDS: [&str; 36] = [
        "局",
        "委",
        "委员会",
        "办",
        "办公室",
        "办公厅",
        "厅",
        "院",
        "署",
        "处",
        "中心",
        "政府",
        "镇",
        "乡",
        "街道",
        "街道办",
        "办事处",
        "管委会",
        "县",
        "区",
        "市",
        "省",
        "队",
        "站",
        "所",
        "社",
        "会",
        "旗",
        "苏木",
        "州",
        "盟",
        "大队",
        "支队",
        "部",
        "行",
        "农场",
    ];
    const WORDS: [&str; 24] = [
        "要求",
        "通知",
        "条例",
        "规定",
        "精神",
        "部署",
        "报告",
        "办法",
        "按照",
        "根据",
        "依据",
        "统一",
        "印发",
        "转发",
        "关于",
        "认真",
        "结合",
        "高度",
        "深入",
        "指导",
        "公开",
        "社会",
        "我",
        "国务院",
    ];
    // 人力资源和社会保障局 has 社会 in its name, 社会 alone is whom a report is for.
    let words =
        name.replace("社会保障", "").replace("社会保险", "").replace("社会工作", "").replace("社会事", "");
    ENDS.iter().any(|end| name.ends_with(end))
        && !WORDS.iter().any(|word| words.contains(word))
        && !is_furniture(name)
}

/// A sentence without what stands in 《》 and 〔〕.
fn without_quoted(sentence: &str) -> String {
    let (mut out, mut depth) = (String::with_capacity(sentence.len()), 0_u32);
    for c in sentence.chars() {
        match c {
            '《' | '〔' | '〈' => depth += 1,
            '》' | '〕' | '〉' if depth > 0 => {
                depth -= 1;
                // The place stays known, so that what is before and behind it do not run together.
                if depth == 0 {
                    out.push('》');
                }
            }
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::lines::cut;
    use super::*;

    fn opening(text: &str) -> Opening {
        let lines: Vec<_> = text.lines().zip(1..).map(|(line, n)| cut(n, line)).collect();
        Opening::new(&lines, &sections::find(&lines).0, 0..0)
    }

    #[test]
    fn sentences_say_whose_report_and_on_which_year() {
        let cases: &[(&str, &str, Option<u16>)] = &[
            ("现将新县水利局2023年政府信息公开工作年度报告予以公布。", "新县水利局", Some(2023)),
            ("现公布新县水利局2023年度政府信息公开年报。", "新县水利局", Some(2023)),
            (
                "根据《中华人民共和国政府信息公开条例》，特向社会公布2019年度新县沙窝镇政府(机关)信息公开年度报告。",
                "新县沙窝镇政府",
                Some(2019),
            ),
            (
                "结合我单位工作实际,现编制形成了《沙窝镇人民政府2023年政府信息公开工作年度报告》。",
                "沙窝镇人民政府",
                Some(2023),
            ),
            ("本报告由新县水利局根据《条例》要求编制，统计期限为2023年。", "新县水利局", None),
            ("按照《中华人民共和国政府信息公开条例》要求，新县水利局编制本报告。", "新县水利局", None),
            (
                "本报告是由新县沙窝镇人民政府编制的2016年度政府信息公开年度报告。",
                "新县沙窝镇人民政府",
                Some(2016),
            ),
            ("本报告由新县人民政府信息公开工作办公室编制。", "新县人民政府", None),
            (
                "根據有關規定，特向社會公布2020年新縣水利局政府信息公開工作年度報告。",
                "新县水利局",
                Some(2020),
            ),
            (
                "新县水利局积极推进政务信息公开工作，取得了成效，现将2022年新县水利局政府信息公开工作报告如下：",
                "新县水利局",
                Some(2022),
            ),
            (
                "现将新县人力资源和社会保障局2022年政府信息公开工作情况报告如下：",
                "新县人力资源和社会保障局",
                Some(2022),
            ),
        ];
        for (text, agency, year) in cases {
            let said = opening(text).announced();
            assert_eq!((said.agency.as_deref(), said.year), (Some(*agency), *year), "{text}");
        }
    }

    #[test]
    fn who_did_what_is_told_is_whose_report_it_is() {
        for (text, agency) in [
            (
                "一、总体情况\n2023年，沙窝镇人民政府认真贯彻落实条例，主动公开信息63条。",
                Some("沙窝镇人民政府"),
            ),
            (
                "一、总体情况\n2023年,在区委的领导下,沙窝街道办事处严格按照要求公开信息。",
                Some("沙窝街道办事处"),
            ),
            (
                "一、总体情况\n2023年新县水利局坚持以公开为常态。新县水利局主动公开信息3条。",
                Some("新县水利局"),
            ),
            (
                "现公开新县沙窝街道政府信息公开2023年度工作报告。\n一、总体情况\n我街道信息公开工作如下。",
                None,
            ),
            ("一、总体情况\n2023年，新县水利局认真学习。新县财政局积极配合。", None),
            ("一、总体情况\n2023年，我局认真贯彻落实条例。", None),
            ("一、总体情况\n2023年，各单位高度重视，认真落实。", None),
        ] {
            assert_eq!(opening(text).doer().as_deref(), agency, "{text}");
        }
        let said = opening("根据条例，现公开新县沙窝街道政府信息公开2023年度工作报告。").announced();
        assert_eq!((said.agency.as_deref(), said.year), (Some("新县沙窝街道"), Some(2023)));
    }

    #[test]
    fn who_is_to_be_asked_about_the_report_is_whose_report_it_is() {
        for (text, agency) in [
            ("如有疑问，请与新县财政局办公室联系（电话：12345）。", Some("新县财政局")),
            ("如有疑问，请与新县财政局综合一科联系。", Some("新县财政局")),
            ("如有疑问，请联系：新县财政局（地址：新县新集镇）。", Some("新县财政局")),
            ("如有疑问，请与本机关联系。", None),
            ("如有疑问，请与党政综合办联系。", None),
            ("如有疑问，请与新县财政局联系。也可与我们联系。请与新县水利局联系。", None),
            ("新县财政局密切联系群众。", None),
        ] {
            assert_eq!(opening(text).contact().as_deref(), agency, "{text}");
        }
        assert_eq!(without_rooms("新县人民政府办公室"), "新县人民政府办公室");
        assert_eq!(without_rooms("新县人民政府以工代赈办公室"), "新县人民政府以工代赈办公室");
    }

    #[test]
    fn the_year_whose_work_is_told() {
        let year = |text: &str| opening(text).worked_year();
        assert_eq!(year("为做好2021年度政府信息公开工作，配备了人员。"), Some(2021));
        assert_eq!(year("市财政局高质量完成2021年政府信息公开各项工作。"), Some(2021));
        assert_eq!(year("印发《新县2021年政府信息公开工作要点》。"), None);
        assert_eq!(year("落实2021年政务公开工作要点。"), None);
        assert_eq!(year("完成2021年度政府信息公开工作，部署2022年度政府信息公开工作。"), None);
    }

    #[test]
    fn who_asks_for_a_report_is_not_whose_report_it_is() {
        for text in [
            "根据信阳市人民政府办公室关于做好年度报告编制工作的要求，编制本报告。",
            "按照新县人民政府办公室《关于做好2023年政府信息公开工作年度报告编制和公布工作的通知》要求，编制本报告。",
            "依据国务院办公厅《政府信息公开工作年度报告格式》编制本报告。",
            "现将2023年我镇政府信息公开年度报告如下：",
            "特向社会公布2009年度本机关信息公开年度报告。",
            "新县人民政府办公室高度重视政府信息公开工作年度报告的编制。",
            "本报告由我局编制。",
            "本报告由办公室编制。",
        ] {
            assert_eq!(opening(text).announced().agency, None, "{text}");
        }
    }

    #[test]
    fn a_body_calls_itself_by_what_it_is() {
        let own = |text: &str| opening(text).own_word();
        assert_eq!(own("2021年，我局认真贯彻，我局公开信息，全县。"), Some("局"));
        assert_eq!(own("我镇公开信息。我街道。我镇。"), Some("镇"));
        assert_eq!(own("全年公开信息3条。"), None);
        for (name, own, want) in [
            ("新县水利局", "局", true),
            ("新县人民政府", "局", false),
            ("新县人民政府", "县", true),
            ("新县水利局", "县", false),
            ("新县沙窝镇人民政府", "镇", true),
            ("新县沙窝镇人民政府", "县", false),
            ("新县人民政府办公室", "办", true),
            ("新县卫生健康委员会", "委", true),
        ] {
            assert_eq!(fits(name, own), want, "{name} {own}");
        }
    }

    #[test]
    fn the_year_that_sentences_begin_with() {
        let year = |text: &str| opening(text).spoken_year();
        assert_eq!(year("2021年,我局深入贯彻落实条例。2021年,新收申请0件。"), Some(2021));
        assert_eq!(year("2021年，我局工作。2022年，我局将继续努力。"), None);
        assert_eq!(year("我局于2008年5月成立。"), None);
        assert_eq!(year("2019年5月15日起，新条例施行。"), None);
    }
}
