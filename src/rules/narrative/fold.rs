//! The text of a section for matching: characters folded, spaces and line breaks gone, with the way back.
//!
//! Lines of PDFs break inside words and between a number and its counter word. A break is kept only where a
//! paragraph ends: behind a full stop, around the head of a paragraph.

use std::ops::Range;

use crate::load::normalise::fold;

/// A folded text.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// The folded characters, paragraphs ended by line breaks.
    pub text: String,
    /// Where the printed text goes another way than one byte for one byte.
    marks: Vec<Mark>,
}

/// From here on, or for this character alone, folded and printed bytes correspond in another way.
#[derive(Debug, Clone, Copy)]
struct Mark {
    folded: u32,
    printed: u32,
    /// Printed length of a single character that folded to others; 0 for a run of bytes that are as printed.
    length: u32,
}

/// A line with more characters is no head alone.
const LONG_HEAD: usize = 90;

impl Folded {
    /// Folds a text.
    pub(super) fn new(printed: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(printed.len()), marks: Vec::with_capacity(64) };
        let (mut run, mut line, mut broken) = (0, 0, None);
        for (at, c) in printed.char_indices() {
            if is_plain(c) {
                if let Some(end) = broken.take() {
                    run = at;
                    folded.end_line(&mut line, end, printed.get(at..).unwrap_or(""));
                }
                continue;
            }
            folded.copy(printed, run, at);
            run = at + c.len_utf8();
            if c.is_whitespace() {
                broken = broken.or((c == '\n').then_some(at));
                continue;
            }
            if let Some(end) = broken.take() {
                folded.end_line(&mut line, end, printed.get(at..).unwrap_or(""));
            }
            folded.convert(c, at);
        }
        folded.copy(printed, run, printed.len());
        folded
    }

    fn copy(&mut self, printed: &str, from: usize, to: usize) {
        if from < to {
            self.marks.push(Mark { folded: self.text.len() as u32, printed: from as u32, length: 0 });
            self.text.push_str(printed.get(from..to).unwrap_or(""));
        }
    }

    fn convert(&mut self, c: char, at: usize) {
        let before = self.text.len();
        // Circled and raised numbers mark items and notes: they must not join the digits beside them.
        if matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '²' | '³' | '¹' | '⁰'..='₉' | '¼'..='¾')
        {
            self.text.push('·');
        } else {
            fold(c, &mut |c| self.text.push(c));
        }
        if self.text.len() > before {
            let length = c.len_utf8() as u32;
            self.marks.push(Mark { folded: before as u32, printed: at as u32, length });
        }
    }

    /// A printed line has ended at `end` and `next` follows: keeps the break where a paragraph ends.
    fn end_line(&mut self, line: &mut usize, end: usize, next: &str) {
        let ended = self.text.get(*line..).unwrap_or("");
        let is_head = ended.len() <= LONG_HEAD
            && head_level(ended).is_some()
            && !ended.contains(['。', '，', ',', '；', ';']);
        if is_head || ended.ends_with(['。', '！', '？', '!', '?']) || head_level(next).is_some() {
            self.marks.push(Mark { folded: self.text.len() as u32, printed: end as u32, length: 1 });
            self.text.push('\n');
        }
        *line = self.text.len();
    }

    /// The printed bytes of a range of folded bytes; both ends must be at characters.
    pub(super) fn printed(&self, range: Range<usize>) -> Range<usize> {
        let start = self.mark(range.start + 1).map_or(0, |m| {
            let ahead = if m.length > 0 { 0 } else { range.start - m.folded as usize };
            m.printed as usize + ahead
        });
        let end = self.mark(range.end).map_or(start, |m| {
            let ahead = if m.length > 0 { m.length as usize } else { range.end - m.folded as usize };
            m.printed as usize + ahead
        });
        start..end.max(start)
    }

    /// The last mark below a folded offset.
    fn mark(&self, below: usize) -> Option<Mark> {
        let after = self.marks.partition_point(|m| (m.folded as usize) < below);
        after.checked_sub(1).and_then(|i| self.marks.get(i)).copied()
    }
}

/// Whether a character folds to itself.
pub(super) const fn is_plain(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{4e00}'..='\u{6235}' | '\u{6237}'..='\u{9fff}' | '。' | '、' | '《'..='】')
        || matches!(c, '，' | '：' | '；' | '（' | '）' | '“' | '”')
}

/// The level of the head that a text begins with: 0 for 一、, 1 for （一）, 2 for 1. and 3 for 一是.
pub(super) fn head_level(text: &str) -> Option<u8> {
    let mut chars = text.chars().filter(|c| !c.is_whitespace()).take(5).peekable();
    let is_numeral =
        |c: char| matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十');
    let is_open = chars.next_if(|c| matches!(c, '(' | '（')).is_some();
    let first = chars.next()?;
    let is_digit = first.is_ascii_digit();
    if !is_digit && !is_numeral(first) {
        return None;
    }
    let same = |c: &char| if is_digit { c.is_ascii_digit() } else { is_numeral(*c) };
    while chars.next_if(same).is_some() {}
    match chars.next()? {
        ')' | '）' if is_open => Some(if is_digit { 3 } else { 1 }),
        _ if is_open => None,
        '、' => Some(if is_digit { 2 } else { 0 }),
        '.' | '．' if is_digit && !chars.peek().is_some_and(char::is_ascii_digit) => Some(2),
        '是' if !is_digit => Some(3),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that cannot go on shall fail")]
mod tests {
    use super::*;

    #[test]
    fn lines_join_inside_words_and_end_at_paragraphs() {
        let cases = [
            ("公开申\n\n请。", "公开申请。"),
            ("僵⼫号２９\n个", "僵尸号29个"),
            (
                "（⼀）主动公开情况\n今年以来，发布 12 条。\n　　一是培训",
                "（一）主动公开情况\n今年以来，发布12条。\n一是培训",
            ),
            ("共\n1.2万件", "共1.2万件"),
            ("①甲 5②", "·甲5·"),
        ];
        for (printed, want) in cases {
            assert_eq!(Folded::new(printed).text, want);
        }
    }

    #[test]
    fn the_way_back_leads_to_the_printed_characters() {
        let printed = " ⼈、收到 １ ２\n件，㈠（二） x";
        let folded = Folded::new(printed);
        for (word, want) in
            [("人", "⼈"), ("收到12件", "收到 １ ２\n件"), ("(一)", "㈠"), ("x", "x"), ("2", "２")]
        {
            let at = folded.text.find(word).unwrap();
            assert_eq!(&printed[folded.printed(at..at + word.len())], want);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_character_leads_back_to_characters(printed in "[ \n一二收到（）㈠①⼀⺠１2.,，。a-c\u{300}-\u{302}]{0,40}") {
            let folded = Folded::new(&printed);
            let ends: Vec<usize> =
                folded.text.char_indices().map(|(i, _)| i).chain([folded.text.len()]).collect();
            for (i, start) in ends.iter().enumerate() {
                for end in ends.iter().skip(i) {
                    proptest::prop_assert!(printed.get(folded.printed(*start..*end)).is_some());
                }
            }
        }
    }
}
