//! Percentages that the sentence itself gives the numbers for.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::fold::{Folded, is_plain};
use super::lex::{Lexed, Token};
use super::lexicon::Word;
use super::number::Count;
use crate::report::{Number, Report};

/// What a percentage says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// By how much something grew or shrank.
    Change {
        /// Whether it grew.
        up: bool,
    },
    /// How much of a whole a part is.
    Share,
}

/// A percentage with the two numbers that it can be worked out from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Percentage {
    /// The section that it stands in.
    pub section: u8,
    /// The percentage with its sign, in bytes of the section's text as printed.
    pub span: Range<usize>,
    /// The number as printed.
    pub printed: Number,
    /// What it says.
    pub kind: Change,
    /// The part and the whole, or the new number and the old one.
    pub of: (Number, Number),
    /// What may be printed with so many digits: cut off, and rounded.
    pub range: (Number, Number),
    /// Whether the printed number is one of them.
    pub holds: bool,
}

/// All percentages of a report that can be worked out again.
#[must_use]
pub fn percentages(report: &Report) -> Vec<Percentage> {
    let mut all = Vec::new();
    super::each_section(report, |number, text| {
        // Most sections have none: looking for the sign costs less than reading.
        if signs(text).any(|at| is_share_or_change(text, at)) {
            section(number, text, report.year, &mut all);
        }
    });
    all
}

/// Where signs for per cent stand in a text.
fn signs(text: &str) -> impl Iterator<Item = usize> + '_ {
    static WIDE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("％"));
    memchr::memchr_iter(b'%', text.as_bytes()).chain(WIDE.find_iter(text.as_bytes()))
}

/// Whether the words before a percentage, as printed, may say what it is a percentage of: whether a word for a share or
/// a change stands there, or a character that folds to something else.
fn is_share_or_change(printed: &str, at: usize) -> bool {
    let before = printed.get(..at).unwrap_or("").chars().rev().filter(|c| !c.is_whitespace());
    let words = before.skip_while(|c| c.is_ascii_digit() || ",.余多万千百亿".contains(*c));
    let mut next = '%';
    // Characters that fold to themselves have at least a byte.
    words.take(SAID).any(|c| {
        let pair = [c, std::mem::replace(&mut next, c)];
        c == '占' || !is_plain(c) || (begins_change(c) && PAIRS.contains(&pair))
    })
}

/// The two characters of each word for a change.
static PAIRS: LazyLock<Vec<[char; 2]>> = LazyLock::new(|| {
    let pair = |word: &&str| word.chars().collect::<Vec<char>>().try_into().ok();
    GREW.iter().chain(&SHRANK).filter_map(pair).collect()
});

/// Whether a word for a change begins with a character.
const fn begins_change(c: char) -> bool {
    matches!(c, '增' | '上' | '提' | '下' | '减' | '降' | '回')
}

/// Words for a change.
const GREW: [&str; 6] = ["增长", "增加", "上升", "上涨", "提高", "增幅"];
const SHRANK: [&str; 5] = ["下降", "减少", "降低", "降幅", "回落"];

/// How many bytes before a percentage say what it is.
const SAID: usize = 24;

fn section(number: u8, printed: &str, year: Option<u16>, all: &mut Vec<Percentage>) {
    let (mut folded, mut lexed) = <(Folded, Lexed)>::default();
    folded.read(printed);
    lexed.read(&folded.text);
    let Lexed { tokens, counts } = &lexed;
    for sentence in tokens.split(|t| matches!(t.word, Word::Stop | Word::Line | Word::Semi)) {
        for (i, token) in sentence.iter().enumerate() {
            let Word::Count(place) = token.word else { continue };
            let Some(count) = counts.get(place as usize).filter(|c| c.counter == "%") else { continue };
            let Some(before) = sentence.get(..i) else { continue };
            let found = shares(before, counts, count, &folded.text)
                .or_else(|| changes(before, counts, count, &folded.text, year));
            if let Some((kind, of, range, holds)) = found {
                let span = folded.printed(count.start..token.end);
                all.push(Percentage { section: number, span, printed: count.value, kind, of, range, holds });
            }
        }
    }
}

type Found = (Change, (Number, Number), (Number, Number), bool);

/// The words right before a percentage.
fn said_before<'a>(text: &'a str, count: &Count) -> &'a str {
    let start = count.start.saturating_sub(SAID);
    let start = (start..=count.start).find(|i| text.is_char_boundary(*i)).unwrap_or(count.start);
    let before = text.get(start..count.start).unwrap_or("");
    before.rsplit(['，', ',', '。', '、', '；']).next().unwrap_or(before)
}

/// The whole numbers before a percentage with their tokens' places.
fn wholes(before: &[Token], counts: &[Count]) -> Vec<(usize, i64, &'static str)> {
    let whole = |(i, token): (usize, &Token)| {
        let Word::Count(place) = token.word else { return None };
        let count = counts.get(place as usize)?;
        let is_count = !matches!(count.counter, "%" | "") && count.unit().is_none();
        let is_exact = count.precision == super::Precision::Exact;
        (is_count && is_exact).then_some((i, count.value.as_whole()?, count.counter))
    };
    before.iter().enumerate().filter_map(whole).collect()
}

/// 其中自然人申请 12 件，占 80%.
fn shares(before: &[Token], counts: &[Count], count: &Count, text: &str) -> Option<Found> {
    let said = said_before(text, count);
    if !said.contains('占') {
        return None;
    }
    let numbers = wholes(before, counts);
    let (_, part, counter) = *numbers.last()?;
    let totals: Vec<i64> = numbers
        .iter()
        .rev()
        .skip(1)
        .filter(|(_, n, c)| *c == counter && *n >= part && *n > 0)
        .map(|n| n.1)
        .collect();
    let check = |total: i64| ratio(part, total, count);
    pick(&totals, Change::Share, |total| (part, total), check)
}

/// 收到 22 件，比 2022 年（31 件）下降 29%.
fn changes(
    before: &[Token],
    counts: &[Count],
    count: &Count,
    text: &str,
    year: Option<u16>,
) -> Option<Found> {
    let said = said_before(text, count);
    let grew = GREW.iter().any(|word| said.contains(word));
    let shrank = SHRANK.iter().any(|word| said.contains(word));
    if grew == shrank {
        return None;
    }
    let numbers = wholes(before, counts);
    // What stands behind a word for last year in its own clause is the old number.
    let is_old = |i: usize| {
        let clause = before.iter().take(i).rev().take_while(|t| t.word != Word::Comma);
        clause.into_iter().any(|t| match t.word {
            Word::LastYear => true,
            Word::Year(y) => year.is_some_and(|this| y < this),
            _ => false,
        })
    };
    let (old, new): (Vec<_>, Vec<_>) = numbers.iter().partition(|(i, ..)| is_old(*i));
    let ([(_, old, counter)], Some((_, new, same))) = (old.as_slice(), new.last()) else { return None };
    if *old <= 0 || counter != same || (new > old) != grew || new == old {
        return None;
    }
    let check = |_: i64| ratio((new - old).abs(), *old, count);
    pick(&[*old], Change::Change { up: grew }, |_| (*new, *old), check)
}

/// The whole by which the percentage is right; the only one there is, if it is not.
fn pick(
    wholes: &[i64],
    kind: Change,
    of: impl Fn(i64) -> (i64, i64),
    check: impl Fn(i64) -> Option<((Number, Number), bool)>,
) -> Option<Found> {
    let found = |whole: i64| {
        let (range, holds) = check(whole)?;
        let (a, b) = of(whole);
        Some((kind, (Number::whole(a), Number::whole(b)), range, holds))
    };
    let holding = wholes.iter().filter_map(|whole| found(*whole)).find(|(.., holds)| *holds);
    match wholes {
        _ if holding.is_some() => holding,
        [only] => found(*only),
        _ => None,
    }
}

/// What `part` of `whole` is in per cent with the digits of the printed number: cut off and rounded.
fn ratio(part: i64, whole: i64, count: &Count) -> Option<((Number, Number), bool)> {
    let printed = count.value.to_string();
    let (digits, decimals) = printed.split_once('.').map_or((printed.as_str(), 0), |(w, f)| (w, f.len()));
    let scale = 10_i128.checked_pow(u32::try_from(decimals).ok().filter(|d| *d <= 6)?)?;
    let fraction = printed.split_once('.').map_or("", |(_, f)| f);
    let value: i128 = format!("{digits}{fraction}").parse().ok()?;
    let (part, whole) = (i128::from(part), i128::from(whole));
    let cut = part * 100 * scale / whole;
    let rounded = (part * 200 * scale + whole) / (2 * whole);
    let number = |n: i128| {
        let whole = n / scale;
        if decimals == 0 {
            return Number::parse(&whole.to_string());
        }
        Number::parse(&format!("{whole}.{:0>decimals$}", n % scale))
    };
    Some(((number(cut)?, number(rounded)?), value == cut || value == rounded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_for_a_change_is_known_by_its_first_character() {
        assert_eq!(PAIRS.len(), GREW.len() + SHRANK.len(), "words of two characters");
        for [first, _] in PAIRS.iter() {
            assert!(begins_change(*first), "{first}");
        }
    }
}
