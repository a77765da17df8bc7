//! Text without the spaces and line breaks that layouts put into words and numbers, for finding dates and years.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

/// A text without its spaces and line breaks, full-width digits folded, with the place of each character.
pub(super) struct Compact<'a> {
    text: &'a str,
    pub(super) chars: Vec<char>,
    /// Where each character begins in the text.
    pub(super) at: Vec<u32>,
}

/// A character as it is compared, whichever of its forms is printed.
pub(super) const fn folded(c: char) -> char {
    match c {
        '０'..='９' => (b'0' + (c as u32 - '０' as u32) as u8) as char,
        '⽉' => '月',
        '⽇' => '日',
        '⾄' => '至',
        '⾃' => '自',
        '⽐' => '比',
        c => c,
    }
}

impl<'a> Compact<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let count = text.len() / 3 + 16;
        let mut compact = Self { text, chars: Vec::with_capacity(count), at: Vec::with_capacity(count) };
        for (start, c) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            compact.at.push(start as u32);
            compact.chars.push(folded(c));
        }
        compact
    }

    /// The bytes of the text for a range of characters.
    pub(super) fn span(&self, range: Range<usize>) -> Range<usize> {
        let start = self.at.get(range.start).map_or(0, |at| *at as usize);
        let last = range.end.checked_sub(1).and_then(|last| self.at.get(last)).map(|at| *at as usize);
        let end = last.map_or(start, |at| {
            at + self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
        });
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
        let run = self.chars.get(at..).unwrap_or_default().iter().map_while(|c| c.to_digit(10));
        run.take(MOST_DIGITS).fold((0, 0), |(number, length), digit| (number * 10 + digit, length + 1))
    }

    /// Years that are written as such, in order.
    pub(super) fn years(&self) -> Vec<Year> {
        let year = |(end, _): (usize, &char)| {
            let before = self.chars.get(..end)?.iter().rev().copied();
            let (year, length) = year_before(before)?;
            Some(Year { year, place: end - length..end + 1 })
        };
        self.chars.iter().enumerate().filter(|(_, c)| **c == '年').filter_map(year).collect()
    }
}

/// The longest run of digits that is one number.
const MOST_DIGITS: usize = 9;

/// The year that ends before 年, and how many characters it has, from the characters before 年 backwards: four digits
/// and more, or four numerals from 二 on.
fn year_before(mut before: impl Iterator<Item = char> + Clone) -> Option<(u32, usize)> {
    let run = before.clone().take_while(char::is_ascii_digit).count();
    if run > 0 {
        // A longer run is cut from its beginning.
        let length = if run > MOST_DIGITS { (run - 1) % MOST_DIGITS + 1 } else { run };
        let digits = before.take(length).filter_map(|c| c.to_digit(10));
        let (year, _) =
            digits.fold((0, 1), |(year, unit), digit| (year + digit * unit, unit.wrapping_mul(10)));
        return (length >= 4).then_some((year, length));
    }
    let mut numeral = || before.next().and_then(|c| NUMERALS.iter().position(|n| *n == c));
    let [ones, tens, hundreds, thousands] = [numeral()?, numeral()?, numeral()?, numeral()?];
    let digits = [thousands, hundreds, tens, ones].into_iter();
    (thousands == 2).then(|| (digits.fold(0, |year, digit| year * 10 + (digit % 10) as u32), 4))
}

/// The numerals of a year, each at the place of its value; 零 is another 0.
const NUMERALS: [char; 11] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '零'];

/// A year of a text that is not made compact, for telling quickly whether a text has anything to look at.
pub(super) struct Mention {
    pub(super) year: u32,
    /// What is printed behind 年.
    pub(super) next: Option<char>,
}

/// The years of a text, as [`Compact::years`] has them.
pub(super) fn mentions(text: &str) -> impl Iterator<Item = Mention> + '_ {
    static YEAR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("年"));
    YEAR.find_iter(text.as_bytes()).filter_map(|at| {
        let (before, after) = text.split_at_checked(at)?;
        let printed = |c: &char| !c.is_whitespace();
        let (year, _) = year_before(before.chars().rev().filter(printed).map(folded))?;
        let next = after.chars().skip(1).find(printed).map(folded);
        Some(Mention { year, next })
    })
}

/// A year in a text.
pub(super) struct Year {
    pub(super) year: u32,
    pub(super) place: Range<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_digits_or_numerals_before_their_character() {
        for (text, want) in [
            ("2024年", vec![2024]),
            ("截至 ２０ 2\n4 年12月", vec![2024]),
            ("二〇二四年、二零一九年", vec![2024, 2019]),
            ("二二〇二〇年", vec![2020]),
            ("一九九九年、024年、年", vec![]),
            ("20245年", vec![20245]),
            ("1234567892024年", vec![2024]),
            ("123456789024年", vec![]),
            ("123456789年", vec![123_456_789]),
        ] {
            let years: Vec<u32> = Compact::new(text).years().iter().map(|y| y.year).collect();
            assert_eq!(years, want, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn quick_mentions_are_the_years(text in "[ 　\n0-9２９年二〇零一九月]{0,30}") {
            let quick: Vec<u32> = mentions(&text).map(|m| m.year).collect();
            let years: Vec<u32> = Compact::new(&text).years().iter().map(|y| y.year).collect();
            proptest::prop_assert_eq!(quick, years);
        }
    }
}
