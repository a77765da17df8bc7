//! A report on one line, as some programs write the text of a page: broken where its headings and sentences begin.
//!
//! Every piece keeps the number of the line, so that what is cited is where it is in the document.

use crate::report::template::SECTIONS;

/// A line with fewer bytes holds no two sections.
const MIN_BYTES: usize = 60;
/// A line with fewer bytes may be one of a table of contents, unless sentences end between its headings.
const SHORT_BYTES: usize = 240;
/// A line with more tags is the source of a document, not its text.
const MAX_TAGS: usize = 40;
/// Table 4 is one row of so many values below its head; no other row has more than seven.
const LONG_ROW: usize = 12;

/// The pieces of a line, in its order; the line itself unless it runs through several sections.
pub(super) fn pieces(line: &str) -> Vec<&str> {
    if line.len() < MIN_BYTES || memchr::memchr_iter(b'<', line.as_bytes()).count() > MAX_TAGS {
        return vec![line];
    }
    if !has_two_numbers(line) {
        return vec![line];
    }
    let headings = headings(line);
    let Some(first) = headings.first().filter(|_| headings.len() >= 2) else { return vec![line] };
    let follows_a_sentence = |heading: &std::ops::Range<usize>| {
        line.get(..heading.start).is_some_and(|before| before.trim_end().ends_with(['。', '；', '！']))
    };
    if line.len() < SHORT_BYTES && !headings.iter().skip(1).all(follows_a_sentence) {
        return vec![line];
    }
    let mut breaks: Vec<usize> = headings.iter().flat_map(|heading| [heading.start, heading.end]).collect();
    // What stands before the first heading are the lines of a page, of which nothing but spaces is left.
    let head = line.get(..first.start).unwrap_or_default();
    breaks.extend(head.match_indices(char::is_whitespace).map(|(at, _)| at));
    let ends = line.match_indices('。').map(|(at, stop)| at + stop.len());
    // A full stop within quotes or brackets ends no line.
    breaks.extend(ends.filter(|at| line.get(*at..).is_some_and(|rest| !rest.starts_with(['”', '）', '》']))));
    breaks.extend(long_rows(line).into_iter().flat_map(|row| [row.start, row.end]));
    breaks.sort_unstable();
    breaks.dedup();
    let starts = std::iter::once(0).chain(breaks.iter().copied());
    let stops = breaks.iter().copied().chain([line.len()]);
    let pieces = starts.zip(stops).filter_map(|(start, stop)| line.get(start..stop));
    pieces.filter(|piece| !piece.trim().is_empty()).collect()
}

/// Whether two numbers of sections are printed in a line: most long lines are sentences, and are told at once.
fn has_two_numbers(line: &str) -> bool {
    let is_number = |at: &usize| {
        let numeral = line.get(..*at).and_then(|before| before.trim_end().chars().next_back());
        numeral.is_some_and(|c| NUMBERS.contains(&c))
    };
    memchr::memmem::find_iter(line.as_bytes(), "、").filter(is_number).nth(1).is_some()
}

/// The numbers of the sections.
const NUMBERS: [char; 6] = ['一', '二', '三', '四', '五', '六'];

/// Where the headings of sections stand in a line, each with its number printed before it, in the order of the form.
fn headings(line: &str) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for section in &SECTIONS {
        let from = found.last().map_or(0, |last| last.end);
        let rest = line.get(from..).unwrap_or_default();
        let wordings = std::iter::once(&section.label.official).chain(section.also);
        let places = wordings.flat_map(|title| rest.match_indices(*title));
        let numbered = places.filter_map(|(at, title)| {
            let start = number_before(rest.get(..at)?, section.number)?;
            Some(start..at + title.len())
        });
        // The first, and of those that begin there the longest.
        let first = numbered.min_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        found.extend(first.map(|range| from + range.start..from + range.end));
    }
    found
}

/// Where long rows of numbers stand in a line.
fn long_rows(line: &str) -> Vec<std::ops::Range<usize>> {
    let mut rows: Vec<(std::ops::Range<usize>, usize)> = Vec::new();
    let (mut at, mut is_open) = (0, false);
    for word in line.split_inclusive(char::is_whitespace) {
        let is_number = word.trim().chars().all(|c| c.is_ascii_digit()) && !word.trim().is_empty();
        match rows.last_mut().filter(|_| is_open && is_number) {
            Some((row, count)) => (row.end, *count) = (at + word.len(), *count + 1),
            None if is_number => rows.push((at..at + word.len(), 1)),
            None => {}
        }
        is_open = is_number || (is_open && word.trim().is_empty());
        at += word.len();
    }
    rows.into_iter().filter(|(_, count)| *count >= LONG_ROW).map(|(row, _)| row).collect()
}

/// Where the number of a section begins that ends a text: 一、.
fn number_before(text: &str, number: u8) -> Option<usize> {
    let text = text.trim_end();
    let without_mark = text.strip_suffix('、').unwrap_or(text).trim_end();
    let numeral = NUMBERS.get(usize::from(number).checked_sub(1)?)?;
    let before = without_mark.strip_suffix(*numeral)?;
    (without_mark.len() < text.len()).then_some(before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_at_headings_and_sentences() {
        let filler = "全年公开信息若干条".repeat(20);
        let line = format!(
            "首页 新县水利局2023年政府信息公开工作年度报告 一、总体情况 {filler}。我局继续努力。二、主动公开政府信息情况 规章 0 0 0"
        );
        let pieces: Vec<&str> = pieces(&line).into_iter().map(str::trim).collect();
        let sentence = format!("{filler}。");
        assert_eq!(
            pieces,
            [
                "首页",
                "新县水利局2023年政府信息公开工作年度报告",
                "一、总体情况",
                &sentence,
                "我局继续努力。",
                "二、主动公开政府信息情况",
                "规章 0 0 0"
            ]
        );
    }

    #[test]
    fn other_lines_stay_whole() {
        let filler = "全年公开信息若干条。".repeat(40);
        for line in [
            "一、总体情况 二、主动公开政府信息情况".to_owned(),
            filler.clone(),
            format!("一、总体情况 {filler}"),
            format!("总体情况和主动公开政府信息情况{filler}"),
        ] {
            assert_eq!(super::pieces(&line), [line.as_str()]);
        }
    }

    #[test]
    fn a_short_line_is_broken_where_a_sentence_ends() {
        let line = "五、存在的主要问题及改进情况　公开的深度有待提高。　六、其他需要报告的事项　无。";
        let pieces: Vec<&str> = pieces(line).into_iter().map(str::trim).collect();
        let want = ["五、存在的主要问题及改进情况", "公开的深度有待提高。", "六、其他需要报告的事项", "无。"];
        assert_eq!(pieces, want);
    }

    #[test]
    fn a_long_row_of_numbers_is_a_line_of_its_own() {
        let filler = "全年公开信息若干条".repeat(20);
        let zeros = "0 ".repeat(15);
        let line = format!("一、总体情况 {filler} 二、主动公开政府信息情况 规章 0 0 0 总计 {zeros}五 完");
        let all = pieces(&line);
        assert!(all.contains(&zeros.as_str()), "{all:?}");
        assert!(all.iter().any(|piece| piece.contains("规章 0 0 0 总计")), "{all:?}");
    }

    #[test]
    fn nothing_of_a_line_is_lost() {
        let line = format!("甲 一、概述{}二、主动公开情况（无。）三、其他。", "文".repeat(300));
        assert_eq!(pieces(&line).concat().replace(' ', ""), line.replace(' ', ""));
    }
}
