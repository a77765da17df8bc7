//! Text without the spaces and line breaks that layouts put into words and numbers, for finding dates and years.

use std::ops::Range;

/// A text without its spaces and line breaks, full-width digits folded, with the place of each character.
pub(super) struct Compact {
    pub(super) chars: Vec<char>,
    pub(super) at: Vec<Range<usize>>,
}

impl Compact {
    pub(super) fn new(text: &str) -> Self {
        let mut compact = Self { chars: Vec::with_capacity(text.len() / 3), at: Vec::new() };
        for (start, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            compact.at.push(start..start + c.len_utf8());
            let c = match c {
                '０'..='９' => char::from_u32(c as u32 - '０' as u32 + u32::from(b'0')).unwrap_or(c),
                '⽉' => '月',
                '⽇' => '日',
                '⾄' => '至',
                '⾃' => '自',
                '⽐' => '比',
                c => c,
            };
            compact.chars.push(c);
        }
        compact
    }

    pub(super) fn span(&self, range: Range<usize>) -> Range<usize> {
        let start = self.at.get(range.start).map_or(0, |at| at.start);
        let end = range.end.checked_sub(1).and_then(|last| self.at.get(last)).map_or(start, |at| at.end);
        start..end.max(start)
    }

    pub(super) fn words(&self, range: Range<usize>) -> String {
        self.chars.get(range).unwrap_or_default().iter().collect()
    }

    pub(super) fn starts_with(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(i, c)| self.chars.get(at + i) == Some(&c))
    }

    /// Up to `count` characters before a place, within the sentence.
    pub(super) fn before(&self, at: usize, count: usize) -> &[char] {
        let all = self.chars.get(at.saturating_sub(count)..at).unwrap_or_default();
        let cut = all.iter().rposition(|c| "。；！".contains(*c)).map_or(0, |i| i + 1);
        all.get(cut..).unwrap_or_default()
    }

    /// Up to `count` characters from a place on, within the clause.
    pub(super) fn after(&self, at: usize, count: usize) -> &[char] {
        let end = (at + count).min(self.chars.len());
        let all = self.chars.get(at..end).unwrap_or_default();
        let cut = all.iter().position(|c| "。；！，,".contains(*c)).unwrap_or(all.len());
        all.get(..cut).unwrap_or_default()
    }

    /// Digits from a place on, as a number, and how many there are.
    pub(super) fn digits(&self, at: usize) -> (u32, usize) {
        let run = self.chars.get(at..).unwrap_or_default().iter().take_while(|c| c.is_ascii_digit()).take(9);
        let digits: Vec<u32> = run.filter_map(|c| c.to_digit(10)).collect();
        (digits.iter().fold(0, |n, d| n * 10 + d), digits.len())
    }

    /// Years that are written as such, in order.
    pub(super) fn years(&self) -> Vec<Year> {
        const NUMERALS: &str = "〇一二三四五六七八九";
        let mut years = Vec::new();
        let mut at = 0;
        while at < self.chars.len() {
            let (number, length) = self.digits(at);
            if length > 0 {
                if self.chars.get(at + length) == Some(&'年') && length >= 4 {
                    years.push(Year { year: number, place: at..at + length + 1 });
                }
                at += length;
                continue;
            }
            let numeral = |i: usize| {
                let c = *self.chars.get(i)?;
                NUMERALS.chars().chain(['零']).position(|n| n == c).map(|n| (n % 10) as u32)
            };
            let digits: Vec<u32> = (at..at + 4).map_while(numeral).collect();
            if digits.len() == 4 && self.chars.get(at + 4) == Some(&'年') && digits.first() == Some(&2) {
                let year = digits.iter().fold(0, |n, d| n * 10 + d);
                years.push(Year { year, place: at..at + 5 });
                at += 4;
            }
            at += 1;
        }
        years
    }
}

/// A year in a text.
pub(super) struct Year {
    pub(super) year: u32,
    pub(super) place: Range<usize>,
}
