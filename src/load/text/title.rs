//! The title of a report: which agency, which year.

use super::lines::DocLine;
use super::sections::Heading;
use crate::load::normalise::{clean, folded};

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
    for (i, start) in filled.iter().enumerate() {
        let mut text = String::new();
        for line in filled.iter().skip(i).take(MAX_LINES) {
            let printed = lines.get(*line).map_or("", |l| l.text);
            if printed.len() > 8 * MAX_CHARS {
                break;
            }
            text.push_str(&clean(printed));
            if text.chars().count() > MAX_CHARS {
                break;
            }
            if let Some(mut title) = read(&text) {
                title.lines = *start..*line + 1;
                if title.year.is_some() {
                    return Some(title);
                }
                without_year.get_or_insert(title);
                break;
            }
        }
    }
    without_year
}

/// Reads a text on one line as a title.
pub(super) fn read(text: &str) -> Option<Title> {
    let text = text.trim_start_matches(|c: char| "#*【】[]《> ".contains(c) && c != '【');
    let text = text
        .strip_prefix('【')
        .and_then(|t| t.split_once('】'))
        .map_or(text, |(mark, rest)| if rest.is_empty() { mark } else { rest });
    let text = text.trim_end_matches(['》', '*']);
    let core = without_brackets(text);
    let is_report = ["报告", "年报"].iter().any(|end| core.ends_with(end));
    let subject =
        ["政府信息公开", "政务公开", "信息公开"].iter().find_map(|s| core.find(s).map(|at| (*s, at)));
    let (subject, at) = subject?;
    let explains = ["解读", "图解", "一图读懂"].iter().any(|word| core.contains(word));
    if !is_report || explains || core.contains(['。', '，', '；', '“', '《']) || core.starts_with("关于")
    {
        return None;
    }
    let (before, after) = core.split_at_checked(at)?;
    let year = find_year(before).or_else(|| find_year(after)).or_else(|| find_year(text));
    Some(Title { text: text.to_owned(), agency: agency(before, subject), year, lines: 0..0 })
}

/// The text without what stands in brackets at its end: （试行）, (2026年1月13日).
fn without_brackets(text: &str) -> String {
    let mut out = text.to_owned();
    while let Some(open) = out.ends_with(['）', ')']).then(|| out.rfind(['（', '('])).flatten() {
        out.truncate(open);
    }
    out
}

/// The agency in what stands before 政府信息公开: without the year and the words around it.
fn agency(before: &str, subject: &str) -> String {
    let mut name: String = before.to_owned();
    for digits in year_words(before) {
        name = name
            .replacen(&format!("{digits}年度"), "", 1)
            .replacen(&format!("{digits}年"), "", 1)
            .replacen(&digits, "", 1);
    }
    let name = name
        .trim_end_matches("关于")
        .trim_end_matches("年度")
        .trim_matches(|c: char| c.is_whitespace() || "-—:：、".contains(c));
    // 新县人民政府信息公开: one 政府 serves the agency and the subject.
    if name.ends_with("人民") && subject == "政府信息公开" {
        format!("{name}政府")
    } else {
        name.to_owned()
    }
}

/// The year as printed: 2019, ２０１９, 二〇一九.
fn year_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut run = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() || chinese_digit(c).is_some() {
            run.push(c);
        } else {
            if run.chars().count() == 4 && to_year(&run).is_some() {
                words.push(run.clone());
            }
            run.clear();
        }
    }
    words
}

/// The first year in a text that stands before 年, or else before a word that a year stands before in titles.
pub(super) fn find_year(text: &str) -> Option<u16> {
    let text = folded(text);
    let words = year_words(&text);
    let before = |word: &&String, after: &str| text.contains(&format!("{word}{after}"));
    let dated = words.iter().find(|w| before(w, "年"));
    dated.or_else(|| words.first()).and_then(|w| to_year(w))
}

fn to_year(word: &str) -> Option<u16> {
    let digits: Option<Vec<u16>> =
        word.chars().map(|c| c.to_digit(10).map(|d| d as u16).or_else(|| chinese_digit(c))).collect();
    let year = digits?.into_iter().fold(0_u16, |n, d| n.saturating_mul(10).saturating_add(d));
    (1990..=2100).contains(&year).then_some(year)
}

fn chinese_digit(c: char) -> Option<u16> {
    let digit = match c {
        '〇' | '零' | '○' | 'Ｏ' | '0' => 0,
        _ => "一二三四五六七八九".chars().position(|d| d == c)? as u16 + 1,
    };
    Some(digit)
}

/// The year of the statistics period, 2024年1月1日至…12月31日: the year of the report where the title has none.
pub(super) fn period_year(text: &str) -> Option<u16> {
    let text = folded(text);
    let at = text.find("年1月1日")?;
    let (before, _) = text.split_at_checked(at)?;
    let digits: String = before.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    to_year(&digits)
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

    #[test]
    fn the_period_of_the_statistics() {
        assert_eq!(period_year("统计期限自 2021 年 1 月 1 日起至 2021年12月31日止"), Some(2021));
        assert_eq!(period_year("自今年1月1日"), None);
    }
}
