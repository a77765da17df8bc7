//! The text of a section for matching: characters folded, spaces and line breaks gone, with the way back.
//!
//! Lines of PDFs break inside words and between a number and its counter word. A break is kept only where a
//! paragraph ends: behind a full stop, around the head of a paragraph.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::load::normalise::{fold, simplified};

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
    /// Folds a text in place of another one.
    pub(super) fn read(&mut self, printed: &str) {
        self.text.clear();
        self.text.reserve(printed.len());
        self.marks.clear();
        let (mut at, mut line, mut broken) = (0, 0, None);
        let is_traditional = is_traditional(printed);
        while at < printed.len() {
            let plain =
                if is_traditional { end_of_simplified(printed, at) } else { end_of_plain(printed, at) };
            let next = printed.get(plain..).and_then(|rest| rest.chars().next());
            let is_space = next.is_some_and(char::is_whitespace);
            // Anything but space ends a broken line.
            if let Some(end) = broken.take_if(|_| plain > at || !is_space) {
                self.end_line(&mut line, end, printed.get(at..).unwrap_or(""));
            }
            self.copy(printed, at, plain);
            at = plain + next.map_or(0, char::len_utf8);
            match next {
                Some(c) if is_space => broken = broken.or((c == '\n').then_some(plain)),
                Some(c) => self.convert(c, plain, printed.get(at..).unwrap_or_default()),
                None => {}
            }
        }
    }

    fn copy(&mut self, printed: &str, from: usize, to: usize) {
        if from < to {
            self.marks.push(Mark { folded: self.text.len() as u32, printed: from as u32, length: 0 });
            self.text.push_str(printed.get(from..to).unwrap_or(""));
        }
    }

    fn convert(&mut self, c: char, at: usize, rest: &str) {
        let before = self.text.len();
        // Circled and raised numbers mark items and notes: they must not join the digits beside them. The note of a
        // number, 3119①件, stands between it and its counter word.
        if matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '²' | '³' | '¹' | '⁰'..='₉' | '¼'..='¾')
        {
            let is_note = self.text.ends_with(|c: char| c.is_ascii_digit())
                && rest.starts_with(|c: char| "件条次例起宗份项个".contains(c));
            if !is_note {
                self.text.push('·');
            }
        } else {
            fold(c, &mut |c| self.text.push(simplified(c)));
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
        let after = self.marks.partition_point(|m| m.folded as usize <= range.start);
        let Some(first) = after.checked_sub(1).and_then(|i| self.marks.get(i)) else { return 0..0 };
        let ahead = if first.length > 0 { 0 } else { range.start - first.folded as usize };
        let start = first.printed as usize + ahead;
        if range.is_empty() {
            return start..start;
        }
        // The end is nearly always behind the same mark or one of the next.
        let next = self.marks.iter().skip(after).take_while(|m| (m.folded as usize) < range.end);
        let last = next.last().unwrap_or(first);
        let ahead = if last.length > 0 { last.length as usize } else { range.end - last.folded as usize };
        start..(last.printed as usize + ahead).max(start)
    }
}

/// What the first byte of a character tells of whether it folds to itself: all that begin so do and have as many bytes,
/// none do, or it needs a closer look.
const PLAIN: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < kinds.len() {
        kinds[byte] = match byte as u8 {
            b'!'..=b'~' => 1,
            0xe5 | 0xe7..=0xe9 => 3,
            0xe2 | 0xe3 | 0xe4 | 0xe6 | 0xef => CLOSER,
            _ => 0,
        };
        byte += 1;
    }
    kinds
};
const CLOSER: u8 = 4;

/// Bytes that are looked at together.
const BLOCK: usize = 32;

/// Whether a character begins among the first bytes of a block that does not fold to itself, as [`is_plain`] has it. There
/// are no branches, so that vector instructions look at many bytes at once; bytes inside a character say nothing.
#[allow(clippy::needless_bitwise_bool, reason = "without branches")]
fn has_other(block: &[u8; BLOCK + 2]) -> bool {
    let mut any = false;
    for i in 0..BLOCK {
        let (first, second, third) = (block[i], block[i + 1], block[i + 2]);
        // Between two bytes, told without a branch.
        let within = |byte: u8, from: u8, to: u8| byte.wrapping_sub(from) <= to - from;
        let quotes = (second == 0x80) & within(third, 0x9c, 0x9d);
        let marks = (second == 0x80) & ((third == 0x81) | (third == 0x82) | within(third, 0x8a, 0x91));
        let wide =
            (second == 0xbc) & (within(third, 0x88, 0x89) | (third == 0x8c) | within(third, 0x9a, 0x9b));
        let is_other = (first < b'!')
            | (first == 0x7f)
            | within(first, 0xc0, 0xe1)
            | ((first == 0xe2) & !quotes)
            | ((first == 0xe3) & !marks)
            | ((first == 0xe4) & (second < 0xb8))
            | ((first == 0xe6) & (second == 0x88) & (third == 0xb6))
            | within(first, 0xea, 0xee)
            | ((first == 0xef) & !wide)
            | (first >= 0xf0);
        any |= is_other;
    }
    any
}

/// Whether a text is printed in traditional characters: it has one of those that every report of this kind has.
fn is_traditional(text: &str) -> bool {
    static COMMON: LazyLock<[Finder<'static>; 3]> = LazyLock::new(|| ["請", "開", "務"].map(Finder::new));
    COMMON.iter().any(|character| character.find(text.as_bytes()).is_some())
}

/// Where the characters end, from a place on, that fold to themselves and are simplified.
fn end_of_simplified(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.char_indices()
        .find(|(_, c)| !is_plain(*c) || simplified(*c) != *c)
        .map_or(text.len(), |(i, _)| at + i)
}

/// Where the characters end, from a place on, that fold to themselves.
fn end_of_plain(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk)
        && !has_other(block)
    {
        at += BLOCK;
    }
    // A block may end inside a character, which folds to itself then.
    while !text.is_char_boundary(at) {
        at += 1;
    }
    while let Some(first) = bytes.get(at) {
        at += match PLAIN[usize::from(*first)] {
            3 => 3,
            CLOSER if is_plain_at(bytes.get(at..).unwrap_or_default()) => 3,
            1 => 1,
            _ => break,
        };
    }
    at
}

/// As [`is_plain`] has the characters of three bytes that need a closer look.
#[inline]
const fn is_plain_at(text: &[u8]) -> bool {
    match text {
        [0xe6, second, third, ..] => !(*second == 0x88 && *third == 0xb6),
        [0xe4, second, ..] => *second >= 0xb8,
        [0xe3, 0x80, third, ..] => matches!(third, 0x81 | 0x82 | 0x8a..=0x91),
        [0xef, 0xbc, third, ..] => matches!(third, 0x88 | 0x89 | 0x8c | 0x9a | 0x9b),
        [0xe2, 0x80, third, ..] => matches!(third, 0x9c | 0x9d),
        _ => false,
    }
}

/// Whether a character folds to itself.
pub(super) const fn is_plain(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{4e00}'..='\u{6235}' | '\u{6237}'..='\u{9fff}' | '。' | '、' | '《'..='】')
        || matches!(c, '，' | '：' | '；' | '（' | '）' | '“' | '”')
}

/// The level of the head that a text begins with: 0 for 一、, 1 for （一）, 2 for 1. and 3 for 一是.
pub(super) fn head_level(text: &str) -> Option<u8> {
    // Most lines begin with an ideograph that is no numeral.
    if let [0xe6..=0xe9, ..] = text.as_bytes() {
        return None;
    }
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

    fn folded(printed: &str) -> Folded {
        let mut folded = Folded::default();
        // What was read before must leave nothing behind.
        folded.read("①一、（一）\n");
        folded.read(printed);
        folded
    }

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
            ("3119①件，另有5②乙", "3119件，另有5·乙"),
            ("收到申請３件，予以公開", "收到申请3件，予以公开"),
            ("乾县著名", "乾县著名"),
        ];
        for (printed, want) in cases {
            assert_eq!(folded(printed).text, want);
        }
    }

    #[test]
    fn plain_characters_are_told_by_their_bytes() {
        for c in ('\0'..=char::MAX).filter(|c| !matches!(*c as u32, 0x3_0000..0xf_0000)) {
            assert_eq!(end_of_plain(c.encode_utf8(&mut [0; 4]), 0) > 0, is_plain(c), "{c:?}");
            // In the first and in the last place of a block.
            for before in ["", "新县人民政府办公室a1b2"] {
                let text = format!("{before}{c}{}", "公开".repeat(6));
                let block: [u8; BLOCK + 2] = *text.as_bytes().first_chunk().unwrap();
                assert_eq!(has_other(&block), !is_plain(c), "{c:?}");
            }
        }
    }

    #[test]
    fn the_way_back_leads_to_the_printed_characters() {
        let printed = " ⼈、收到 １ ２\n件，㈠（二） x開務";
        let folded = folded(printed);
        for (word, want) in [
            ("人", "⼈"),
            ("收到12件", "收到 １ ２\n件"),
            ("(一)", "㈠"),
            ("x", "x"),
            ("2", "２"),
            ("开务", "開務"),
        ] {
            let at = folded.text.find(word).unwrap();
            assert_eq!(&printed[folded.printed(at..at + word.len())], want);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_character_leads_back_to_characters(printed in "[ \n一二收到（）㈠①⼀⺠１2.,，。a-c\u{300}-\u{302}]{0,40}") {
            let folded = folded(&printed);
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
