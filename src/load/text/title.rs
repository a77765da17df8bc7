//! The title of a report: which agency, which year.

use super::lines::DocLine;
use super::sections::Heading;
use super::year::{find_year, without_years};
use crate::load::normalise::clean;
use crate::places;

/// What the title says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Title {
    /// On one line, its characters normalised.
    pub(super) text: String,
    /// The agency as named; empty if the title names none.
    pub(super) agency: String,
    /// The year of the report.
    pub(super) year: Option<u16>,
    /// Indices of the lines that it takes.
    pub(super) lines: std::ops::Range<usize>,
}

/// How many lines from the top may hold the title.
const TOP: usize = 80;
/// A title is at most this long, in characters.
const MAX_CHARS: usize = 70;
/// A title is wrapped over at most this many lines that are not blank.
const MAX_LINES: usize = 3;

/// The first title of the document. Headings of sections, which may come before it, are no part of it.
pub(super) fn find(lines: &[DocLine<'_>], headings: &[Heading]) -> Option<Title> {
    let is_candidate = |i: &usize| {
        // Rows of a table, as the navigation of a page, are no part of it either.
        let is_blank = lines.get(*i).is_none_or(|l| l.has_cells || l.text.trim().is_empty());
        !is_blank && !headings.iter().any(|h| h.line == *i && !h.has_text)
    };
    let filled: Vec<usize> = (0..lines.len()).filter(is_candidate).take(TOP).collect();
    let mut without_year = None;
    for i in 0..filled.len() {
        let Some(title) = starting_at(lines, filled.get(i..).unwrap_or_default()) else { continue };
        if title.year.is_some() {
            return Some(title);
        }
        without_year.get_or_insert(title);
    }
    without_year
}

/// The title that begins on the first of the lines and goes on over as few of the next as it needs.
fn starting_at(lines: &[DocLine<'_>], filled: &[usize]) -> Option<Title> {
    let start = *filled.first()?;
    let mut text = String::new();
    for line in filled.iter().take(MAX_LINES) {
        let printed = lines.get(*line).map_or("", |l| l.text);
        if printed.len() > 8 * MAX_CHARS {
            return None;
        }
        let piece = clean(printed);
        if *line > start && is_title_alone(&piece) {
            return None;
        }
        text.push_str(&piece);
        if text.chars().count() > MAX_CHARS {
            return None;
        }
        if let Some(title) = read(&text) {
            return Some(Title { lines: start..*line + 1, ..title });
        }
        if is_furniture(&piece) {
            return None;
        }
    }
    None
}

/// Whether a line needs none of those above it: it has the year and an agency with its place.
fn is_title_alone(piece: &str) -> bool {
    let is_placed = |agency: &str| {
        let place = places::in_name(agency);
        place.county.or(place.city).or(place.province).is_some()
    };
    read(piece).is_some_and(|title| title.year.is_some() && is_placed(&title.agency))
}

/// Lines of a page around the text: menus, paths, dates, names of sites. No title goes on after one.
fn is_furniture(piece: &str) -> bool {
    const WORDS: [&str; 12] = [
        "首页",
        "打印",
        "分享",
        "返回",
        "无障碍",
        "政府信息公开",
        "政务公开",
        "信息公开",
        "政府信息公开年报",
        "政府信息公开年度报告",
        "信息公开年报",
        "正文",
    ];
    WORDS.contains(&piece)
        || piece.contains(['：', ':', '>', '|', '»', '，', '。', '[', '·'])
        || ["网", "网站", "平台", "专栏", "公报"].iter().any(|end| piece.ends_with(end))
        || !piece.chars().any(char::is_alphabetic)
}

/// What the report is about, the longest words first.
const SUBJECTS: [&str; 3] = ["政府信息公开", "政务公开", "信息公开"];
/// How a title ends.
const REPORTS: [&str; 3] = ["报告书", "报告", "年报"];
/// Pages about a report and reports about something else.
const NO_REPORTS: &[&str] = &[
    "解读",
    "图解",
    "图说",
    "一图",
    "长图",
    "动漫",
    "看懂",
    "读懂",
    "评估",
    "自查",
    "整改",
    "调研",
    "通知",
    "指南",
    "测评",
    "答记者",
    "述职",
    "目录",
];
/// Words of sentences, which a line may end in the middle of.
const SENTENCES: &[&str] = &[
    "现将",
    "根据",
    "按照",
    "依据",
    "要求",
    "编制",
    "撰写",
    "做好",
    "报送",
    "印发",
    "本年度报告",
    "本报告",
    "予以",
];

/// Reads a text on one line as a title.
pub(super) fn read(text: &str) -> Option<Title> {
    let text = shown(text);
    let core = without_tail(text)?;
    let (subject, at) = SUBJECTS.iter().find_map(|s| core.find(s).map(|at| (*s, at)))?;
    let is_other = NO_REPORTS.iter().chain(SENTENCES).any(|word| core.contains(word));
    if is_other || core.contains(['。', '，', '；', '“', '《', '？']) {
        return None;
    }
    let (before, after) = core.split_at_checked(at)?;
    let tail = text.get(core.len()..).filter(|tail| !tail.contains('月')).unwrap_or_default();
    let year = find_year(before, true).or_else(|| find_year(after, false)).or_else(|| find_year(tail, false));
    let agency = agency(before, subject);
    // 关于 in front of all is a title of its own only where it says of whom and when.
    if core.starts_with("关于") && (year.is_none() || agency.is_empty()) {
        return None;
    }
    Some(Title { text: text.to_owned(), agency, year, lines: 0..0 })
}

/// The title without marks before it (【图文】, 附件1：, the path of the page) and the name of the site behind it.
fn shown(text: &str) -> &str {
    let marks = |c: char| "#*【】[]《>〉·".contains(c);
    let text = text.trim_start_matches(|c: char| marks(c) && c != '【' && c != '[');
    let mut text = text;
    for (open, close) in [('【', '】'), ('[', ']')] {
        if let Some((mark, rest)) = text.strip_prefix(open).and_then(|t| t.split_once(close)) {
            text = if rest.is_empty() { mark } else { rest };
        }
    }
    let text = text.trim_start_matches(marks);
    let text = text.rsplit_once('>').map_or(text, |(_, last)| last);
    let labels = ["标题", "名称", "信息名称", "题名", "附件"];
    let text = match text.split_once(['：', ':']) {
        Some((label, rest)) if labels.contains(&label.trim_end_matches(|c: char| c.is_ascii_digit())) => rest,
        _ => text,
    };
    let ends = |part: &&str| without_tail(part).is_some();
    let text = text.split(['_', '|', '—', '-']).next().filter(ends).unwrap_or(text);
    text.trim_end_matches(['》', '*', '】', '」'])
}

/// The text up to the word for a report, if nothing but a date, a number or brackets follow.
fn without_tail(text: &str) -> Option<&str> {
    let (at, word) = REPORTS.iter().filter_map(|end| text.rfind(end).map(|at| (at, end))).max()?;
    let end =
        REPORTS.iter().filter(|r| text.get(at..).is_some_and(|t| t.starts_with(*r))).map(|r| r.len()).max();
    let (core, tail) = text.split_at_checked(at + end.unwrap_or(word.len()))?;
    let tail = tail.trim_end_matches(".pdf").trim_end_matches(".docx").trim_end_matches(".doc");
    let is_date = |c: char| c.is_ascii_digit() || "年度月日.-/_〇○零一二三四五六七八九十".contains(c);
    let mut depth = 0_i32;
    let is_aside = tail.chars().all(|c| {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth -= 1,
            _ => return depth > 0 || is_date(c),
        }
        true
    });
    if is_aside {
        return Some(core);
    }
    // The brackets may hold the word: 工作情况（年度报告）.
    (text.ends_with(['）', ')'])).then_some(core).filter(|_| tail == "）" || tail == ")")
}

/// The agency in what stands before 政府信息公开: without the year and the words around it.
fn agency(before: &str, subject: &str) -> String {
    let name = without_years(before);
    let marks = |c: char| c.is_whitespace() || "-—:：、·（）()".contains(c);
    let mut name = name.trim_matches(marks);
    loop {
        let shorter = name
            .trim_start_matches("关于")
            .trim_end_matches("关于")
            .trim_end_matches("年度")
            .trim_end_matches("政府（政务")
            .trim_end_matches("政府(政务")
            .trim_start_matches(|c: char| c.is_ascii_digit() || "月日".contains(c))
            .trim_start_matches("发布")
            .trim_start_matches("公布")
            .trim_matches(marks);
        let shorter = if subject == "信息公开" { shorter.trim_end_matches("政务") } else { shorter };
        let shorter = if subject == "政务公开" {
            shorter.trim_end_matches("政府信息与").trim_end_matches("党务")
        } else {
            shorter
        };
        if shorter == name {
            break;
        }
        name = shorter;
    }
    // 新县人民政府信息公开: one 政府 serves the agency and the subject.
    if name.ends_with("人民") && subject == "政府信息公开" {
        format!("{name}政府")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_as_they_are_written() {
        let cases = [
            ("新县人民政府办公室2019年政府信息公开工作年度报告", "新县人民政府办公室", Some(2019)),
            ("2023年度高平市人民政府政府信息公开工作年度报告", "高平市人民政府", Some(2023)),
            ("甲县政府信息公开工作2020年度报告", "甲县", Some(2020)),
            ("甲县财政局关于2022年度政府信息公开工作情况的报告", "甲县财政局", Some(2022)),
            ("甲县水利局2021年政府信息公开年报", "甲县水利局", Some(2021)),
            ("甲县二〇二二年政府信息公开工作年度报告", "甲县", Some(2022)),
            ("甲县２０２２年政府信息公开工作年度报告", "甲县", Some(2022)),
            ("【图文】甲县2022年政府信息公开工作年度报告", "甲县", Some(2022)),
            ("甲县人民政府信息公开工作年度报告(2021年)", "甲县人民政府", Some(2021)),
            ("甲县教育局2021年政务公开工作年度报告", "甲县教育局", Some(2021)),
            ("政府信息公开工作年度报告", "", None),
        ];
        for (text, agency, year) in cases {
            let title = read(&clean(text)).unwrap_or_else(|| panic!("{text} is a title"));
            assert_eq!((title.agency.as_str(), title.year), (agency, year), "{text}");
        }
    }

    #[test]
    fn what_is_no_title() {
        for text in [
            "甲县2022年政府信息公开工作年度报告解读",
            "现将2019年甲县政府信息公开工作年度报告予以公布。",
            "一、总体情况",
            "2019年，甲县政府信息公开工作扎实推进，现将有关情况报告",
            "政府信息公开",
        ] {
            assert_eq!(read(&clean(text)), None, "{text}");
        }
    }

    #[test]
    fn a_title_over_several_lines() {
        let text = "\n甲县人民政府 2024 年\n\n政府信息公开工作\n年度报告\n一、总体情况";
        let lines: Vec<_> =
            text.lines().zip(1..).map(|(line, n)| super::super::lines::cut(n, line)).collect();
        let title = find(&lines, &super::super::sections::find(&lines).0).unwrap();
        assert_eq!(title.text, "甲县人民政府2024年政府信息公开工作年度报告");
        assert_eq!(title.lines, 1..5);
    }
}
