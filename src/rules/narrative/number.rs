//! Numbers as they are printed in sentences: digits, Chinese numerals, and both mixed (3.5万).

use crate::report::{Number, Unit};

use super::Precision;

/// A number with what stands around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    pub value: Number,
    pub precision: Precision,
    /// The counter word, or nothing for a bare 0.
    pub counter: &'static str,
    /// Folded bytes of the number alone.
    pub start: usize,
    pub end: usize,
    /// Whether it is written in Chinese numerals, which idioms are full of (一次, 三个方面).
    pub is_chinese: bool,
}

impl Count {
    /// The unit of an amount of money.
    pub(super) fn unit(&self) -> Option<Unit> {
        Unit::parse(self.counter)
    }
}

/// What a number was read as, and where it ends with all that belongs to it.
pub(super) enum Lexed {
    Count(Count, usize),
    Year(u16, usize),
    /// A number of something else: a date, an ordinal, a version.
    Skip(usize),
}

/// Counter words and units, longer ones first where one begins another.
const COUNTERS: &[&str] = &[
    "件次", "人次", "条次", "篇次", "万元", "亿元", "件", "条", "次", "例", "起", "宗", "份", "项", "封",
    "篇", "个", "部", "名", "元", "%", "人", "期", "场", "轮", "处", "家", "户", "批", "则", "张", "本",
    "类",
];

/// Whether some counter word begins with a character: most numbers are followed by none.
const fn begins_counter(c: char) -> bool {
    matches!(
        c,
        '件' | '人'
            | '条'
            | '篇'
            | '万'
            | '亿'
            | '次'
            | '例'
            | '起'
            | '宗'
            | '份'
            | '项'
            | '封'
            | '个'
            | '部'
            | '名'
            | '元'
            | '%'
            | '期'
            | '场'
            | '轮'
            | '处'
            | '家'
            | '户'
            | '批'
            | '则'
            | '张'
            | '本'
            | '类'
    )
}

/// What may stand between a number and its counter word.
const MORE: [char; 2] = ['余', '多'];

/// What follows a number and makes its counter another word.
const NO_COUNTERS: &[&str] = &[
    "个百分点",
    "部门",
    "次性",
    "次数",
    "人民",
    "名称",
    "本级",
    "本报告",
    "类别",
    "处理",
    "家庭",
    "条例",
    "条款",
];

/// Counter words after Chinese numerals.
const PLAIN: &[&str] =
    &["件次", "件", "条", "次", "例", "起", "宗", "份", "项", "封", "篇", "个", "部", "元", "万元"];

/// Reads the number at a place where a digit or a numeral stands.
pub(super) fn at(text: &str, start: usize) -> Option<Lexed> {
    let rest = text.get(start..)?;
    let before = text.get(..start)?.chars().next_back();
    let first = rest.chars().next()?;
    if first.is_ascii_digit() {
        return Some(arabic(rest, start, before));
    }
    numeral(first)?;
    let length = rest.find(|c| numeral(c).is_none()).unwrap_or(rest.len());
    let end = start + length;
    let skip = Some(Lexed::Skip(end));
    // Most numerals count nothing: 一是, （二）, 进一步.
    let counts = |c: char| begins_counter(c) || MORE.contains(&c);
    if before == Some('第') || !rest.get(length..)?.chars().next().is_some_and(counts) {
        return skip;
    }
    let Some(value) = rest.get(..length).and_then(chinese) else { return skip };
    let tail = Tail::read(rest.get(length..)?);
    // 十余万元 and the like are for people only.
    if !PLAIN.contains(&tail.counter) {
        return skip;
    }
    let count = Count {
        value: Number::whole(value),
        precision: tail.precision,
        counter: tail.counter,
        start,
        end,
        is_chinese: true,
    };
    Some(Lexed::Count(count, end + tail.length))
}

fn arabic(rest: &str, start: usize, before: Option<char>) -> Lexed {
    let length = digits_length(rest.as_bytes());
    let digits = rest.get(..length).unwrap_or("");
    let after = rest.get(length..).unwrap_or("");
    let skip = Lexed::Skip(start + length);
    if before.is_some_and(|c| {
        c.is_ascii_alphanumeric()
            || matches!(c, '.' | '-' | '/' | '~' | '_' | '@' | '〔' | '[' | '第' | '—' | '–')
    }) {
        return skip;
    }
    if after.starts_with('年') && length == 4 {
        let year = digits.parse().ok().filter(|y| (1949..=2100).contains(y));
        return year.map_or(skip, |y| Lexed::Year(y, start + length + "年".len()));
    }
    // A range (2-3件, 1—6月) is no number, and neither is what letters follow.
    let next = after.chars().next();
    let is_other = |c| matches!(c, '-' | '~' | '—' | '–' | '/' | '年' | '月' | '日' | '号' | '时' | '点');
    if next.is_some_and(|c| c.is_ascii_alphabetic() || is_other(c)) {
        return skip;
    }
    let (factor, unit_length) = multiplier(after);
    let mut tail = Tail::read(after.get(unit_length..).unwrap_or(""));
    tail.length += unit_length;
    let Some(value) = decimal(digits, factor) else { return skip };
    if tail.counter.is_empty() && !value.is_zero() {
        return skip;
    }
    let end = start + length + unit_length;
    let precision = tail.precision;
    let count = Count { value, precision, counter: tail.counter, start, end, is_chinese: false };
    Lexed::Count(count, start + length + tail.length)
}

/// The length of the digits, with thousands separators and decimals.
fn digits_length(bytes: &[u8]) -> usize {
    let run = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let mut length = run(0);
    if length <= 3 {
        while bytes.get(length) == Some(&b',') && run(length + 1) == 3 {
            length += 4;
        }
    }
    let decimals = run(length + 1);
    if bytes.get(length) == Some(&b'.') && decimals > 0 { length + 1 + decimals } else { length }
}

/// 万 and 千 behind digits; not the 万 of 万元, which is a unit.
fn multiplier(after: &str) -> (i64, usize) {
    let is_unit = after.starts_with("万元") || after.starts_with("亿元");
    let found = [("万", 10_000), ("千", 1_000), ("百", 100), ("亿", 100_000_000)]
        .into_iter()
        .find(|(word, _)| !is_unit && after.starts_with(word));
    found.map_or((1, 0), |(word, factor)| (factor, word.len()))
}

/// The value of digits times a power of ten.
fn decimal(digits: &str, factor: i64) -> Option<Number> {
    if factor == 1 && !digits.contains(',') {
        return Number::parse(digits);
    }
    let plain: String = digits.chars().filter(|c| *c != ',').collect();
    if factor == 1 {
        return Number::parse(&plain);
    }
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let scale = 10_i64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let units: i64 = format!("{whole}{fraction}").parse().ok()?;
    let units = units.checked_mul(factor)?;
    // Beyond what a report can mean, and beyond what sums are exact for.
    (units % scale == 0 && units < 1_000_000_000_000_000).then(|| Number::whole(units / scale))
}

/// What follows a number: 余, the counter word, 以上.
struct Tail {
    precision: Precision,
    counter: &'static str,
    length: usize,
}

impl Tail {
    fn read(after: &str) -> Self {
        let (mut precision, mut rest) = (Precision::Exact, after);
        if let Some(more) = rest.strip_prefix(MORE) {
            precision = Precision::AtLeast;
            // 12万余元: the unit is 万元 with a word in its middle, which none of the rules needs.
            rest = more;
        }
        if !rest.chars().next().is_some_and(begins_counter) {
            return Self { precision, counter: "", length: 0 };
        }
        let is_other_word = NO_COUNTERS.iter().any(|word| begins_with(rest, word));
        let counter = COUNTERS.iter().find(|word| !is_other_word && begins_with(rest, word)).copied();
        let Some(counter) = counter else { return Self { precision, counter: "", length: 0 } };
        rest = rest.get(counter.len()..).unwrap_or("");
        for (words, meaning) in [(["以上", "之多"], Precision::AtLeast), (["左右", "上下"], Precision::About)]
        {
            if let Some(more) = words.iter().find_map(|word| rest.strip_prefix(word)) {
                precision = meaning;
                rest = more;
            }
        }
        Self { precision, counter, length: after.len() - rest.len() }
    }
}

/// Whether a text begins with a word, told by its first character in most cases.
fn begins_with(text: &str, word: &str) -> bool {
    let first = |text: &str| text.as_bytes().first_chunk::<3>().copied();
    match (first(text), first(word)) {
        (Some(a), Some(b)) if a != b => false,
        _ => text.starts_with(word),
    }
}

/// The value of a numeral: a digit, or a power of ten from 10 on.
pub(super) const fn numeral(c: char) -> Option<i64> {
    Some(match c {
        '〇' | '零' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

/// The value of Chinese numerals (二十一, 三百零五, 一万二千); `None` where they are no number (三两).
fn chinese(text: &str) -> Option<i64> {
    // The parts below 10, below 10 000 and in all; the last power of ten, which must fall.
    let (mut digit, mut part, mut total): (Option<i64>, i64, i64) = (None, 0, 0);
    let mut last = i64::MAX;
    for (i, c) in text.chars().enumerate() {
        let value = numeral(c)?;
        match value {
            0 => {
                if digit.is_some() {
                    return None;
                }
                if i == 0 {
                    digit = Some(0);
                }
            }
            1..=9 => {
                if digit.is_some() {
                    return None;
                }
                digit = Some(value);
            }
            10_000.. => {
                if total >= value || (part == 0 && digit.is_none()) {
                    return None;
                }
                total = (total + part + digit.take().unwrap_or(0)).checked_mul(value)?;
                (part, last) = (0, i64::MAX);
            }
            _ => {
                if value >= last || (digit.is_none() && !(value == 10 && part == 0)) {
                    return None;
                }
                part += digit.take().unwrap_or(1) * value;
                last = value;
            }
        }
    }
    Some(total + part + digit.unwrap_or(0))
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that cannot go on shall fail")]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let start = text.char_indices().find(|(_, c)| c.is_ascii_digit() || numeral(*c).is_some()).unwrap().0;
        match at(text, start).unwrap() {
            Lexed::Count(count, end) => {
                format!("{} {:?} {} |{}", count.value, count.precision, count.counter, &text[end..])
            }
            Lexed::Year(year, _) => format!("year {year}"),
            Lexed::Skip(_) => "-".to_owned(),
        }
    }

    #[test]
    fn numbers_as_printed() {
        let cases = [
            ("21件，", "21 Exact 件 |，"),
            ("1,234件", "1234 Exact 件 |"),
            ("2800余条", "2800 AtLeast 条 |"),
            ("3.5万件", "35000 Exact 件 |"),
            ("3.5万元", "3.5 Exact 万元 |"),
            ("20件以上", "20 AtLeast 件 |"),
            ("十二件", "12 Exact 件 |"),
            ("二十一起案件", "21 Exact 起 |案件"),
            ("三百零五件", "305 Exact 件 |"),
            ("一万二千条", "12000 Exact 条 |"),
            ("1起诉讼", "1 Exact 起 |诉讼"),
            ("0", "0 Exact  |"),
            ("2019年", "year 2019"),
        ];
        for (text, want) in cases {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn every_counter_word_is_known_by_its_first_character() {
        for word in COUNTERS {
            assert!(begins_counter(word.chars().next().unwrap()), "{word}");
        }
    }

    #[test]
    fn what_is_no_count() {
        for text in [
            "12月31日",
            "109号",
            "第711号",
            "第三方",
            "三审三校",
            "1-6月",
            "2-3件",
            "v6件",
            "3两件",
            "5部门",
            "一次性",
            "100",
            "12,34件",
            "九九件",
            "百件",
            "99999999999999999999件",
            "12个百分点",
            "〔2020〕109号",
        ] {
            assert_eq!(read(text), "-", "{text}");
        }
    }
}
