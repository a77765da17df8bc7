//! Finding the six sections by their titles.

use std::sync::LazyLock;

use super::lines::DocLine;
use crate::load::normalise::{first_letters, letters};
use crate::report::template::SECTIONS;

/// A heading of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heading {
    /// 1 to 6.
    pub(super) number: u8,
    /// Index of its line.
    pub(super) line: usize,
    /// Whether text follows on the same line.
    pub(super) has_text: bool,
}

/// A heading is short; a sentence that names a section is not.
const MAX_LETTERS: usize = 34;
/// A line with more characters is no heading alone.
const LONG_LINE: usize = 120;

/// The headings of the first report in the document, at most one for each section, and where a second report begins.
pub(super) fn find(lines: &[DocLine<'_>]) -> (Vec<Heading>, Option<usize>) {
    let all = headings(lines);
    let real = without_contents(&all, lines);
    let mut first: Vec<Heading> = Vec::new();
    let mut second = None;
    for heading in real {
        let highest = first.iter().map(|h| h.number).max().unwrap_or(0);
        if heading.number <= 2 && highest >= 5 {
            // A first section after a last one: another report begins.
            second = Some(heading.line);
            break;
        }
        if !first.iter().any(|h| h.number == heading.number) {
            first.push(heading);
        }
    }
    (first, second)
}

/// All headings, those in words of their own only of sections that no line names in words of the form.
fn headings(lines: &[DocLine<'_>]) -> Vec<Heading> {
    let named = |(i, line): (usize, &DocLine<'_>)| {
        let of_form = heading(line, i).map(|heading| (heading, true));
        of_form.or_else(|| Some((reworded(line, i)?, false)))
    };
    let mut all: Vec<(Heading, bool)> = lines.iter().enumerate().filter_map(named).collect();
    let of_form: Vec<u8> = all.iter().filter(|(_, is)| *is).map(|(heading, _)| heading.number).collect();
    all.retain(|(heading, is_of_form)| *is_of_form || !of_form.contains(&heading.number));
    all.into_iter().map(|(heading, _)| heading).collect()
}

/// What the heading of each section tells of in whatever words: one word of each list.
const SUBJECTS: [&[&[&str]]; 6] = [
    &[&["总体", "基本", "整体", "综述", "概况", "概述"], &["情况", "工作", "综述", "概况", "概述"]],
    &[&["主动公开"], &["情况", "信息", "工作"]],
    &[&["申请"], &["收到", "处理", "依申请", "办理", "受理", "答复"], &["情况", "信息", "工作"]],
    &[&["复议", "诉讼"], &["情况", "工作"]],
    &[
        &["问题", "不足", "困难"],
        &["存在", "主要", "改进", "整改", "措施", "打算", "安排", "计划", "建议", "思路"],
    ],
    &[&["其他", "其它", "需要"], &["事项", "需要", "情况"], &["报告", "说明", "事项"]],
];

/// A heading in words of its own: a short line with the number of the section, 五、存在问题和下一步打算.
fn reworded(line: &DocLine<'_>, i: usize) -> Option<Heading> {
    let text = line.text.trim();
    // A number in brackets is that of a part, 1. that of a point.
    let is_numbered =
        text.starts_with(['一', '二', '三', '四', '五', '六', '第']) && text.len() < 3 * LONG_LINE;
    if !is_numbered || text.contains(['。', '；', '：', '，', '|']) {
        return None;
    }
    if line.has_cells && line.fields.iter().filter(|field| !field.text.is_empty()).count() > 1 {
        return None;
    }
    let all = letters(text);
    let (number, rest) = without_number(&all);
    let number = number.filter(|_| rest.len() <= MAX_LETTERS && is_heading_mark(text))?;
    let words: String = rest.iter().collect();
    let lists = SUBJECTS.get(usize::from(number).checked_sub(1)?)?;
    let is_on_it = lists.iter().all(|list| list.iter().any(|word| words.contains(word)));
    // Rows of the tables have numbers too, and values behind them.
    let is_row =
        words.chars().any(|c| c.is_ascii_digit()) || words.contains("数量") || words.contains("办理结果");
    (is_on_it && !is_row).then_some(Heading { number, line: i, has_text: false })
}

/// The wordings of the titles as letters, with the number of the section.
static TITLES: LazyLock<Vec<(u8, Vec<char>)>> = LazyLock::new(|| {
    let wordings = |s: &'static crate::report::template::Section| {
        std::iter::once(&s.label.official).chain(s.also).map(|title| (s.number, letters(title)))
    };
    SECTIONS.iter().flat_map(wordings).collect()
});

/// Whether a line is a heading.
fn heading(line: &DocLine<'_>, i: usize) -> Option<Heading> {
    if line.text.len() > 4_000 || !may_be_heading(line.text) {
        return None;
    }
    // A long line can only be a heading with text behind it, which its beginning tells.
    let beginning: String = line.text.chars().take(LONG_LINE).collect();
    let is_whole = beginning.len() == line.text.len();
    let all = letters(&beginning);
    let (enumerated, rest) = without_number(&all);
    let (number, title) = TITLES.iter().find(|(number, title)| {
        let is_title = is_whole && rest == title.as_slice();
        is_title || (enumerated == Some(*number) && rest.starts_with(title) && title.len() >= 4)
    })?;
    // （一）主动公开情况 is a part of section 1: what stands in brackets and is another number is no section.
    if line.text.trim_start().starts_with(['（', '(']) && enumerated.is_some_and(|n| n != *number) {
        return None;
    }
    if is_whole && rest == title.as_slice() {
        return Some(Heading { number: *number, line: i, has_text: false });
    }
    // With its number, a heading may be followed by the text of the section, or by an explanation in brackets.
    let has_text = !is_whole || all.len() > MAX_LETTERS;
    is_heading_mark(line.text).then_some(Heading { number: *number, line: i, has_text })
}

/// Whether the first letters of a line are those of a title, with or without a number: few lines need a closer look.
fn may_be_heading(text: &str) -> bool {
    static STARTS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
        let start = |title: &Vec<char>| title.iter().copied().take(2).collect();
        let mut starts: Vec<Vec<char>> = TITLES.iter().map(|(_, title)| start(title)).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    });
    // A number has four letters at most (第一部分).
    let (first, count) = first_letters::<6>(text);
    let (_, rest) = without_number(first.get(..count).unwrap_or_default());
    STARTS.iter().any(|start| rest.starts_with(start))
}

/// The letters without the number of the section: `一`, `第一部分`, `1`; and that number.
fn without_number(all: &[char]) -> (Option<u8>, &[char]) {
    const NUMBERS: [char; 6] = ['一', '二', '三', '四', '五', '六'];
    let number = |c: char| {
        NUMBERS
            .iter()
            .position(|n| *n == c)
            .map(|i| i as u8 + 1)
            .or_else(|| c.to_digit(10).map(|d| d as u8).filter(|d| (1..=6).contains(d)))
    };
    let body = all.strip_prefix(&['第']).unwrap_or(all);
    match body.split_first() {
        Some((first, rest)) if number(*first).is_some() => {
            let words = rest.strip_prefix(&['部', '分']).or_else(|| rest.strip_prefix(&['章']));
            (number(*first), words.unwrap_or(rest))
        }
        _ => (None, all),
    }
}

/// Whether the number of a heading is printed as one: 一、 or （一） or 第一部分 or 1.
fn is_heading_mark(text: &str) -> bool {
    let text = super::super::normalise::folded(text);
    let mut chars = text.chars().skip_while(|c| *c == '(' || *c == '第');
    let _number = chars.next();
    chars.next().is_some_and(|c| "、.,:)部章．。".contains(c))
}

/// The headings without those of a table of contents: of headings that follow each other without any text in
/// between, where the same sections come again.
fn without_contents(all: &[Heading], lines: &[DocLine<'_>]) -> Vec<Heading> {
    let has_text_between = |a: &Heading, b: &Heading| {
        a.has_text
            || lines
                .iter()
                .take(b.line)
                .skip(a.line + 1)
                .any(|line| line.text.len() > 200 || first_letters::<5>(line.text).1 > 4)
    };
    // A table of contents lists at least three sections from the first on, one below the other.
    let follows = |i: usize| {
        i.checked_sub(1)
            .and_then(|j| all.get(j))
            .zip(all.get(i))
            .is_some_and(|(a, b)| b.number == a.number + 1 && !has_text_between(a, b))
    };
    let is_of_contents = |i: usize| {
        let start = (0..=i).rev().find(|j| !follows(*j)).unwrap_or(i);
        let length = 1 + (start + 1..all.len()).take_while(|j| follows(*j)).count();
        let again = |h: &Heading| all.iter().any(|other| other.number == h.number && other.line > h.line);
        length >= 3 && all.get(start).is_some_and(|h| h.number == 1) && all.get(i).is_some_and(again)
    };
    let is_leader =
        |h: &Heading| lines.get(h.line).is_some_and(|l| l.text.contains("……") || l.text.contains("...."));
    let again_later = |h: &Heading| all.iter().any(|other| other.number == h.number && other.line > h.line);
    all.iter()
        .enumerate()
        .filter(|(i, h)| !(is_of_contents(*i) || is_leader(h) && again_later(h)))
        .map(|(_, h)| *h)
        .collect()
}

/// The lines of a section: from behind its heading to the next heading, whatever the order of the headings.
pub(super) fn region(headings: &[Heading], number: u8, end: usize) -> Option<std::ops::Range<usize>> {
    let own = headings.iter().find(|h| h.number == number)?;
    let next = headings.iter().map(|h| h.line).filter(|line| *line > own.line).min().unwrap_or(end);
    Some(own.line + 1..next)
}

#[cfg(test)]
mod tests {
    use super::super::lines::cut;
    use super::*;

    fn found(text: &str) -> Vec<(u8, usize)> {
        let lines: Vec<_> = text.lines().zip(1..).map(|(line, n)| cut(n, line)).collect();
        find(&lines).0.into_iter().map(|h| (h.number, h.line)).collect()
    }

    #[test]
    fn headings_are_found_by_their_titles() {
        let cases: &[(&str, &[(u8, usize)])] = &[
            ("一、总体情况\n文\n　　六、其他需要报告的事项", &[(1, 0), (6, 2)]),
            ("（一）总体情况", &[(1, 0)]),
            ("一、总体情况\n（一）主动公开情况\n文\n二、主动公开政府信息情况", &[(1, 0), (2, 3)]),
            ("第一部分 总体情况", &[(1, 0)]),
            ("总体情况", &[(1, 0)]),
            ("⼀、总体情况", &[(1, 0)]),
            ("一、本年新收政府信息公开申请数量 0 0 0", &[]),
            ("四、结转下年度继续办理", &[]),
            ("报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况六部分组成。", &[]),
            ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", &[(4, 0)]),
            (
                "一、总体情况 2019年，全县各级各部门认真贯彻落实条例，扎实推进政府信息公开各项工作，成效明显。",
                &[(1, 0)],
            ),
            ("1.总体情况", &[(1, 0)]),
        ];
        for (text, want) in cases {
            assert_eq!(found(text), *want, "{text}");
        }
    }

    #[test]
    fn headings_in_other_words_are_found_by_number_and_subject() {
        let cases: &[(&str, &[(u8, usize)])] = &[
            ("五、存在的主要问题及整改措施", &[(5, 0)]),
            ("五、存在问题和下一步打算", &[(5, 0)]),
            ("一、政府信息公开工作整体情况", &[(1, 0)]),
            ("二、行政机关主动公开政府信息情况", &[(2, 0)]),
            ("三、行政机关收到和处理政府信息公开申请情况", &[(3, 0)]),
            ("四、因政府信息公开工作被申请行政复议和提起诉讼情况", &[(4, 0)]),
            ("六、其它需要说明的事项", &[(6, 0)]),
            ("五、存在的主要問題及整改措施", &[(5, 0)]),
            ("第五部分 工作中存在的不足及改进措施", &[(5, 0)]),
            // Another number, a part, a row, a sentence.
            ("二、存在问题和下一步打算", &[]),
            ("（三）依申请公开办理情况", &[]),
            ("3.依申请公开办理情况", &[]),
            ("三、本年度办理结果", &[]),
            ("四、结转下年度继续办理", &[]),
            ("五、存在的问题主要是，公开不够", &[]),
            ("五是改进措施不够", &[]),
            ("三\t依申请公开办理情况\t3", &[]),
            // Where a line has the words of the form, it is the heading.
            ("五、存在问题和打算\n文\n五、存在的主要问题及改进情况", &[(5, 2)]),
        ];
        for (text, want) in cases {
            assert_eq!(found(text), *want, "{text}");
        }
    }

    #[test]
    fn a_table_of_contents_is_not_the_report() {
        let text = "一、总体情况…………1\n二、主动公开政府信息情况…………2\n一、总体情况\n今年的工作情况如下所述。\n二、主动公开政府信息情况\n表";
        assert_eq!(found(text), [(1, 2), (2, 4)]);
        let text = "一、总体情况\n二、主动公开政府信息情况\n六、其他需要报告的事项";
        assert_eq!(found(text), [(1, 0), (2, 1), (6, 2)], "headings without content are still headings");
    }

    #[test]
    fn a_second_report_is_told_apart() {
        let one = "一、总体情况\n文文文文文文\n五、存在的主要问题及改进情况\n六、其他需要报告的事项\n无";
        let text = format!("{one}\n乙县2022年报告\n{one}");
        let lines: Vec<_> = text.lines().zip(1..).map(|(line, n)| cut(n, line)).collect();
        let (headings, second) = find(&lines);
        assert_eq!(headings.len(), 3);
        assert_eq!(second, Some(6));
    }
}
