//! The letters of a narrative: what two documents of one report have in common, however they are laid out.
//!
//! Spaces, line breaks, widths and marks are layout; letters, digits, and what stands between the digits of a number are
//! not: 12.5 must never become 125.

use crate::load::normalise::fold;

/// Turns printed characters into letters, one after another, over any number of pieces of a text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Letters {
    after_digit: bool,
    /// What was printed behind a digit and counts if another digit follows.
    between: Option<char>,
    has_minus: bool,
}

/// What stands between digits for every mark but the decimal point.
pub(super) const MARK: char = ',';

/// Whether a character is one of Chinese text that is a letter by itself: nearly all of a narrative.
pub(super) fn is_plain(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) && c != '戶'
}

impl Letters {
    /// Gives the letters that a printed character stands for.
    #[inline]
    pub(super) fn take(&mut self, printed: char, give: &mut impl FnMut(char)) {
        match printed {
            _ if is_plain(printed) => {
                *self = Self::default();
                give(printed);
            }
            // The commonest characters need no folding.
            '0'..='9' => self.digit(printed, give),
            '，' | '。' | '、' | '；' | '：' | '“' | '”' | '（' | '）' => self.mark(printed),
            // Layouts break numbers, but a minus and its number stay together.
            _ if printed.is_whitespace() => self.has_minus = false,
            _ => fold(printed, &mut |c| self.folded(c, give)),
        }
    }

    /// Forgets what came before: another sentence begins.
    pub(super) fn end(&mut self) {
        *self = Self::default();
    }

    #[inline(never)]
    fn folded(&mut self, c: char, give: &mut impl FnMut(char)) {
        if c.is_ascii_digit() {
            self.digit(c, give);
        } else if c.is_alphanumeric() || matches!(c, '%' | '‰' | '≥' | '≤') {
            *self = Self::default();
            give(c);
        } else {
            self.mark(c);
        }
    }

    fn digit(&mut self, c: char, give: &mut impl FnMut(char)) {
        if let Some(mark) = self.between.filter(|_| self.after_digit) {
            give(mark);
        } else if self.has_minus && !self.after_digit {
            give('-');
        }
        *self = Self { after_digit: true, ..Self::default() };
        give(c);
    }

    fn mark(&mut self, c: char) {
        if self.after_digit {
            let is_point = c == '.' && self.between.is_none();
            self.between = Some(if is_point { '.' } else { MARK });
        } else {
            self.has_minus = matches!(c, '-' | '−');
        }
    }
}

/// Whether a letter is a part of a number, printed in digits or in words.
pub(super) fn is_of_number(letter: char) -> bool {
    letter.is_ascii_digit()
        || matches!(letter, '.' | MARK | '-' | '%' | '‰' | '≥' | '≤')
        || "〇零一二三四五六七八九十百千万亿两半倍".contains(letter)
}

/// The letters of a text.
pub(super) fn letters(text: &str) -> Vec<char> {
    let (mut state, mut out) = (Letters::default(), Vec::with_capacity(text.len() / 3 + 1));
    text.chars().for_each(|c| state.take(c, &mut |c| out.push(c)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        letters(text).into_iter().collect()
    }

    #[test]
    fn layout_is_no_letter() {
        for (printed, want) in [
            ("收到 申请\n１２\u{3000}件。", "收到申请12件"),
            ("“三公”（经费）、支出", "三公经费支出"),
            ("⼈⺠政府⻔户", "人民政府门户"),
            ("2023 1月\n1 日", "20231月1日"),
            ("- 一是加强", "一是加强"),
            ("", ""),
        ] {
            assert_eq!(of(printed), want, "{printed}");
        }
    }

    #[test]
    fn numbers_keep_what_is_between_their_digits() {
        for (printed, want) in [
            ("12.5万元", "12.5万元"),
            ("１２．５万元", "12.5万元"),
            ("增长-3.5%", "增长-3.5%"),
            ("增长−3％", "增长-3%"),
            ("2020—2022年", "2020,2022年"),
            ("2020－2022年", "2020,2022年"),
            ("3，4件", "3,4件"),
            ("3件，4件", "3件4件"),
            ("— 3 —", "3"),
            ("1.加强", "1加强"),
        ] {
            assert_eq!(of(printed), want, "{printed}");
        }
    }
}
