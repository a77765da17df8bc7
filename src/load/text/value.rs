//! One printed cell → a figure.

use crate::report::template::Holds;
use crate::report::{Figure, MAX_DIGITS, Number, Unit};

use super::super::normalise::{folded, is_itself, is_note_mark};

/// A printed cell as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) figure: Figure,
    /// The unit printed in the cell.
    pub(super) unit: Option<Unit>,
}

/// Signs that stand in an empty cell. They are printed for nothing, and kept as printed text.
const BLANKS: &[&str] = &["/", "\\", "-", "--", "—", "——", "―", "–", "一一", "无", "空"];

/// Bytes of the longest sign or unit, with room for spaces within.
const LONGEST_SIGN: usize = 16;
/// Bytes of the longest cell that can still be a number with its words.
const LONGEST_NUMBER: usize = 64;

/// Counter words that may follow a count.
const COUNTERS: &[&str] = &["件", "条", "项", "次", "个", "份", "宗", "例", "起", "件次"];

/// What a printed cell says, in a column that holds counts, changes or money.
pub(super) fn read(printed: &str, holds: Holds) -> Value {
    let plain = |figure| Value { figure, unit: None };
    // Nearly every cell of every report is a plain number.
    if let Some(number) = Number::parse(printed) {
        return plain(Figure::Number(number));
    }
    let Some(printed) = without_note(printed) else { return plain(Figure::Unreadable) };
    // `1 2` may be 12, or two cells that ran together.
    if is_split(printed) {
        return plain(Figure::Unreadable);
    }
    let text = folded(printed);
    if text.is_empty() || BLANKS.contains(&text.as_str()) {
        return plain(Figure::Blank);
    }
    if let Some(number) = number(&text) {
        return plain(Figure::Number(number));
    }
    let by_words = match holds {
        Holds::Count => COUNTERS.iter().find_map(|word| number(text.strip_suffix(word)?)).map(|n| (n, None)),
        Holds::Change => {
            let digits = COUNTERS.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(&text);
            number(digits).or_else(|| change(digits)).map(|n| (n, None))
        }
        Holds::Money => {
            [Unit::TenThousandYuan, Unit::HundredMillionYuan, Unit::Yuan].into_iter().find_map(|unit| {
                let amount = text.strip_suffix(unit.name())?;
                // Printed in the cell and once more by who filled it in.
                let amount = amount.strip_suffix(unit.name()).unwrap_or(amount);
                Some((number(amount)?, Some(unit)))
            })
        }
    };
    by_words.map_or(plain(Figure::Unreadable), |(n, unit)| Value { figure: Figure::Number(n), unit })
}

/// What is printed before the mark of a note (`3119①`, `3119¹`, `3119[¹]`); nothing where a mark stands elsewhere, or by
/// itself: then it may be anything.
fn without_note(printed: &str) -> Option<&str> {
    if !printed.contains(is_note_mark) {
        return Some(printed);
    }
    let is_end = |c: char| is_note_mark(c) || c.is_whitespace() || "[](){}（）［］〔〕【】,，、".contains(c);
    let before = printed.trim_end_matches(is_end);
    (!before.is_empty() && !before.contains(is_note_mark)).then_some(before)
}

/// Whether a cell holds nothing but numbers with spaces between: one number that was cut, or cells that ran together.
pub(super) fn is_run_together(printed: &str) -> bool {
    let is_digits = |piece: &str| piece.bytes().all(|b| b.is_ascii_digit());
    printed.len() <= LONGEST_NUMBER
        && printed.contains(char::is_whitespace)
        && !printed.trim().is_empty()
        && printed.split_whitespace().all(is_digits)
}

/// Whether digits stand on both sides of a space.
fn is_split(printed: &str) -> bool {
    let mut pieces = printed.split_whitespace().peekable();
    while let Some(piece) = pieces.next() {
        let next = pieces.peek().and_then(|p| p.chars().next());
        if piece.chars().next_back().is_some_and(char::is_numeric) && next.is_some_and(|c| c.is_ascii_digit())
        {
            return true;
        }
    }
    false
}

/// Digits, with separators of thousands where they stand right, and a sign.
fn number(text: &str) -> Option<Number> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let text = text.replace(['−', '－', '﹣'], "-");
    if !text.contains(',') {
        return Number::parse(&text);
    }
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next().is_some_and(|g| (1..=3).contains(&g.len()));
    if !first || !groups.all(|g| g.len() == 3) {
        return None;
    }
    let whole = whole.replace(',', "");
    Number::parse(&fraction.map_or(whole.clone(), |f| format!("{whole}.{f}")))
}

/// A change: `增2`, `减少3`, `↑2`, `↓3`, or increase and decrease with a slash between, `2/5` → -3.
fn change(text: &str) -> Option<Number> {
    const UP: &[&str] = &["增加", "新增", "增", "↑", "+"];
    const DOWN: &[&str] = &["减少", "减", "↓", "-"];
    let after = |words: &[&str]| words.iter().find_map(|word| text.strip_prefix(word)).map(str::to_owned);
    if let Some((up, down)) = text.split_once('/') {
        let part = |text: &str, words: &[&str]| {
            let digits = words.iter().find_map(|w| text.strip_prefix(w)).unwrap_or(text);
            number(digits).and_then(Number::as_whole).filter(|n| *n >= 0)
        };
        return Some(Number::whole(part(up, UP)?.checked_sub(part(down, DOWN)?)?));
    }
    if let Some(digits) = after(UP) {
        return number(&digits).filter(|n| !n.is_negative());
    }
    let digits = after(DOWN)?;
    number(&format!("-{digits}"))
}

/// Whether a piece of text can only be a printed number: what makes a run of values.
pub(super) fn is_number(printed: &str) -> bool {
    // Nearly all fields are plain digits, or words whose first character tells.
    if (1..=MAX_DIGITS).contains(&printed.len()) && printed.bytes().all(|b| b.is_ascii_digit()) {
        return true;
    }
    if printed.starts_with(|c: char| {
        c.is_ascii_alphabetic() || (('\u{4e00}'..='\u{9fff}').contains(&c) && !matches!(c, '增' | '减'))
    }) {
        return false;
    }
    if is_marked_number(printed) {
        return true;
    }
    // A number ends in a digit, a counter word or a unit.
    let ends = |c: char| c.is_ascii_digit() || c == '元' || COUNTERS.iter().any(|word| word.ends_with(c));
    if printed.ends_with(|c: char| is_itself(c) && !ends(c)) {
        return false;
    }
    let first = printed.chars().find(|c| !c.is_whitespace());
    // Enumerators such as `1.` and years such as `2019年` are words.
    let starts = first.is_some_and(
        |c| matches!(c, '0'..='9' | '０'..='９' | '+' | '-' | '−' | '－' | '↑' | '↓' | '增' | '减'),
    );
    let is_short = printed.len() <= LONGEST_NUMBER;
    starts
        && is_short
        && printed.chars().any(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))
        && [Holds::Count, Holds::Change, Holds::Money]
            .into_iter()
            .any(|h| matches!(read(printed, h).figure, Figure::Number(_)))
        || is_garbled_number(printed)
}

/// A number with something at it that is no part of it: a note in brackets (`12[¹]`), struck out (`~~12~~`), or with text
/// over it (`12〔7〕`). It stands where a value does, whether it can be read or not.
fn is_marked_number(printed: &str) -> bool {
    let is_marked = printed.starts_with("~~")
        || printed.contains('〔')
        || (printed.starts_with(|c: char| c.is_ascii_digit()) && printed.contains(['[', '［']));
    let is_of_it = |c: char| {
        c.is_ascii_digit() || is_note_mark(c) || c.is_whitespace() || "~〔〕[]［］.,，-/".contains(c)
    };
    is_marked
        && printed.len() <= 4 * LONGEST_NUMBER
        && printed.contains(|c: char| c.is_ascii_digit())
        && printed.chars().all(is_of_it)
}

/// Whether a cell holds something in the place of a figure that is none: a figure with more at it (`93*`, `50(+2)`,
/// `5O`), a sign or a word for nothing, or what says that the figure is not known (`〔公式未计算〕`). It is no label.
pub(super) fn stands_for_figure(printed: &str) -> bool {
    const NOTHING: [&str; 14] =
        ["〇", "○", "O", "o", "零", "×", "✕", "✗", "null", "NULL", "N/A", "不涉及", "暂无", "不适用"];
    if printed.len() > LONGEST_NUMBER || printed.is_empty() {
        return false;
    }
    let is_numeral = |c: char| "〇零一二三四五六七八九十百千万两".contains(c);
    if NOTHING.contains(&printed) || (printed.chars().nth(1).is_some() && printed.chars().all(is_numeral)) {
        return true;
    }
    if printed.starts_with('〔') {
        return printed.ends_with('〕');
    }
    let rest = printed.trim_start_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    if rest.len() == printed.len() || rest.is_empty() {
        return false;
    }
    // `1.` and `2019年` are words, and so is what goes on as one.
    let goes_on = rest.chars().next().is_some_and(|c| {
        ".．、,，)）年月日号条款第-－~～/:：".contains(c) || (('\u{4e00}'..='\u{9fff}').contains(&c))
    });
    let is_counted = COUNTERS.iter().any(|word| rest.starts_with(word));
    let ideographs = rest.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    (!goes_on || is_counted) && ideographs <= MOST_IDEOGRAPHS
}

/// More ideographs than that are a label or a sentence.
const MOST_IDEOGRAPHS: usize = 6;

/// Digits and separators only, but no number: more digits than any figure has, or separators where none belong. It is
/// a value that cannot be read, not a word.
fn is_garbled_number(printed: &str) -> bool {
    let begins = printed.chars().next().is_some_and(char::is_numeric);
    if !begins || printed.len() > 4 * LONGEST_NUMBER {
        return false;
    }
    let text = folded(printed);
    (text.len() > MAX_DIGITS || text.contains(','))
        && text.ends_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.')
}

/// Whether it is a sign that stands for an empty cell.
pub(in crate::load) fn is_blank_sign(printed: &str) -> bool {
    printed.len() <= LONGEST_SIGN
        && may_begin(printed, |c| matches!(c, '/' | '\\' | '-' | '一' | '无' | '空'))
        && BLANKS.contains(&folded(printed).as_str())
}

/// Whether a text may begin with one of some characters when it is folded: what begins with another that stands for
/// itself does not, and need not be folded.
fn may_begin(printed: &str, is_one: impl Fn(char) -> bool) -> bool {
    printed.chars().next().is_some_and(|c| is_one(c) || !is_itself(c))
}

/// Whether it is a unit or a counter word printed apart from its number.
pub(super) fn is_unit(printed: &str) -> bool {
    let begins = |c| matches!(c, '元' | '万' | '亿') || COUNTERS.iter().any(|word| word.starts_with(c));
    if printed.len() > LONGEST_SIGN || !may_begin(printed, begins) {
        return false;
    }
    let text = folded(printed);
    Unit::parse(&text).is_some() || COUNTERS.contains(&text.as_str())
}

/// Whether a word goes on from a number in a sentence: `5 件，其中`, `4 位小数`, `12 月`.
pub(super) fn counts_on(printed: &str) -> bool {
    const WORDS: &str = "件条次例起宗份项篇个年月日人名家封户种类轮期场位部批余多%％号、，。";
    printed.chars().next().is_some_and(|c| !c.is_ascii_alphanumeric() && WORDS.chars().any(|w| w == c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_as_they_are_printed() {
        let n = |text: &str| Figure::Number(Number::parse(text).unwrap());
        let cases = [
            ("0", Holds::Count, n("0"), None),
            (" １２ ", Holds::Count, n("12"), None),
            ("1,234", Holds::Count, n("1234"), None),
            ("1，234", Holds::Count, n("1234"), None),
            ("12,34", Holds::Count, Figure::Unreadable, None),
            ("3件", Holds::Count, n("3"), None),
            ("若干", Holds::Count, Figure::Unreadable, None),
            ("1 2", Holds::Count, Figure::Unreadable, None),
            ("1.5", Holds::Count, n("1.5"), None),
            ("/", Holds::Count, Figure::Blank, None),
            ("—", Holds::Count, Figure::Blank, None),
            ("无", Holds::Money, Figure::Blank, None),
            ("", Holds::Count, Figure::Blank, None),
            ("-3", Holds::Change, n("-3"), None),
            ("减3", Holds::Change, n("-3"), None),
            ("减少 3", Holds::Change, n("-3"), None),
            ("+2", Holds::Change, n("2"), None),
            ("增2", Holds::Change, n("2"), None),
            ("↑2", Holds::Change, n("2"), None),
            ("0/3", Holds::Change, n("-3"), None),
            ("2/0", Holds::Change, n("2"), None),
            ("增2/减1", Holds::Change, n("1"), None),
            ("增2", Holds::Count, Figure::Unreadable, None),
            ("3400660 元", Holds::Money, n("3400660"), Some(Unit::Yuan)),
            ("14.2404", Holds::Money, n("14.2404"), None),
            ("14.2404万元", Holds::Money, n("14.2404"), Some(Unit::TenThousandYuan)),
            ("99999999999999999999", Holds::Count, Figure::Unreadable, None),
            ("3119①", Holds::Count, n("3119"), None),
            ("3119 ⓪", Holds::Count, n("3119"), None),
            ("3119¹²", Holds::Count, n("3119"), None),
            ("3119₂", Holds::Count, n("3119"), None),
            ("3119[¹]", Holds::Count, n("3119"), None),
            ("3119（①）", Holds::Count, n("3119"), None),
            ("3件①", Holds::Count, n("3"), None),
            ("减3①", Holds::Change, n("-3"), None),
            ("8件", Holds::Change, n("8"), None),
            ("-3件", Holds::Change, n("-3"), None),
            ("减少3项", Holds::Change, n("-3"), None),
            ("件", Holds::Change, Figure::Unreadable, None),
            ("14.24万元②", Holds::Money, n("14.24"), Some(Unit::TenThousandYuan)),
            ("/①", Holds::Count, Figure::Blank, None),
            ("①", Holds::Count, Figure::Unreadable, None),
            ("①3119", Holds::Count, Figure::Unreadable, None),
            ("31①19", Holds::Count, Figure::Unreadable, None),
            ("3119[1]", Holds::Count, Figure::Unreadable, None),
        ];
        for (printed, holds, figure, unit) in cases {
            assert_eq!(read(printed, holds), Value { figure, unit }, "{printed:?} {holds:?}");
        }
    }

    #[test]
    fn numbers_and_words() {
        for text in [
            "0",
            "12",
            "１２",
            "1,234",
            "-3",
            "14.2404",
            "3件",
            "增2",
            "0/3",
            "5万元",
            "3119①",
            "0¹",
            "3119[¹]",
            "3119[1]",
            "~~12~~",
            "12〔7〕",
            "〔12〕",
            "〔0，0，1〕",
            "99999999999999999999",
        ] {
            assert!(is_number(text), "{text}");
        }
        for text in [
            "",
            "1.",
            "1、",
            "(1)",
            "[1]",
            "〔2021〕18号",
            "①",
            "2019年",
            "（一）",
            "减",
            "增/减",
            "4位小数",
            "1.属于",
            "本年增/减",
            "-",
            "/",
        ] {
            assert!(!is_number(text), "{text}");
        }
    }

    #[test]
    fn what_stands_in_the_place_of_a_figure() {
        for text in [
            "93*",
            "50(+2)",
            "17↑",
            "7（上年5）",
            "5O",
            "〇",
            "○",
            "零",
            "不涉及",
            "暂无",
            "〔公式未计算〕",
            "〔#REF!〕",
            "0（件）",
            "12件左右",
        ] {
            assert!(stands_for_figure(text), "{text}");
        }
        for text in [
            "",
            "1.",
            "1.其他",
            "1、属于",
            "2019年",
            "2021",
            "1属于国家秘密",
            "2.重复申请",
            "〔2021〕30号",
            "3年内",
            "1-12月",
            "无效",
            "规章",
            "2019年1月1日",
            "5.要求行政机关确认",
            "12/31",
            "第20条",
        ] {
            assert!(!stands_for_figure(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_cell_is_read(text in ".*") {
            for holds in [Holds::Count, Holds::Change, Holds::Money] {
                let _ = read(&text, holds);
            }
            let _ = is_number(&text);
        }
    }
}
