//! Tables within a line, as programs that write rows of bars print a table that stands in a cell of another.
//!
//! `| 一、总体情况  文。   |  |  | | --- | --- | | 规章 | 9 | | 行政许可 |  | |`: the lines of the inner table follow one
//! another on the line of the outer row, a space between them. A space alone between two bars is such a seam, or a
//! column that a merged cell covers; an empty cell has two.

use super::lines::is_rule;

/// The rule below the head of an inner table.
const RULE: &str = "| --- |";
/// Text between bars with fewer bytes is a cell, however many spaces are in it.
const LONG_TEXT: usize = 120;

/// The rows and the text of a line that holds tables; nothing for any other line.
pub(super) fn pieces(line: &str) -> Option<Vec<&str>> {
    let has_rule = memchr::memmem::find(line.as_bytes(), RULE.as_bytes()).is_some();
    if !has_rule || is_rule(line) {
        return None;
    }
    let mut breaks = Vec::new();
    let mut seam = None;
    let mut at = 0;
    for part in line.split('|') {
        let part_end = at + part.len();
        if part == " " {
            seam = Some(part_end);
        } else {
            breaks.extend(seam.take());
            if is_text(part) {
                breaks.extend([at, part_end]);
                breaks.extend(blocks(part).map(|start| at + start));
            }
        }
        at = part_end + 1;
    }
    breaks.sort_unstable();
    breaks.dedup();
    let starts = std::iter::once(0).chain(breaks.iter().copied());
    let ends = breaks.iter().copied().chain([line.len()]);
    let pieces = starts.zip(ends).filter_map(|(start, end)| line.get(start..end));
    Some(pieces.filter(|piece| !piece.trim().is_empty()).collect())
}

/// Whether what stands between two bars is the text around an inner table: it was set off by empty lines.
fn is_text(part: &str) -> bool {
    let text = part.trim_start();
    !text.is_empty() && (part.starts_with("  ") || (text.len() > LONG_TEXT && blocks(part).next().is_some()))
}

/// Where a paragraph begins in a text, behind the spaces that are left of an empty line.
fn blocks(text: &str) -> impl Iterator<Item = usize> {
    let text = text.trim_end();
    text.match_indices("  ").map(|(at, spaces)| at + spaces.len()).filter(move |at| {
        // Of more than two spaces, the last.
        text.get(*at..).is_some_and(|rest| !rest.starts_with(' '))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_an_inner_table_are_lines() {
        let line = "| 甲县2023年报告 　　如下。  **二、主动公开政府信息情况**   |  |  |  | | --- | --- | --- | | 信息内容 | 制发 | 废止 | | 规章 | 9 | 3 | | 第二十条 | | | | 许可 |  | | | 处罚 | 6 | | |   **三、申请情况**   |  |  |";
        let long = line.replace("如下。", &"如下。".repeat(20));
        let pieces: Vec<&str> = pieces(&long).unwrap().into_iter().map(str::trim).collect();
        assert!(pieces.get(1).is_some_and(|text| text.starts_with("甲县2023年报告")), "{pieces:?}");
        for want in [
            "**二、主动公开政府信息情况**",
            "| --- | --- | --- |",
            "| 信息内容 | 制发 | 废止 |",
            "| 规章 | 9 | 3 |",
            "| 第二十条 | | |",
            "| 许可 |  | |",
            "| 处罚 | 6 | |",
            "**三、申请情况**",
        ] {
            assert!(pieces.contains(&want), "{want}\n{pieces:#?}");
        }
    }

    #[test]
    fn other_lines_stay_whole() {
        for line in ["| 规章 | 9 | | 3 |", "| 规章 | 9 |  | 3 |", "| --- | --- |", ""] {
            assert_eq!(pieces(line), None, "{line}");
        }
    }
}
