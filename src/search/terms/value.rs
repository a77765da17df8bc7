//! Values of terms: words, ranges of numbers, lists.

use std::fmt;

use super::table::{Kind, Term};
use crate::rules::RULES;

/// What a clause asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words to match.
    Words(String),
    /// A range of numbers.
    Number(Span),
    /// Any of these choices.
    AnyOf(Vec<&'static str>),
    /// Any rule whose identifier is one of these, or of the family that one names.
    Rules(Vec<String>),
}

/// A range with its ends in it; an absent end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The least number.
    pub from: Option<u64>,
    /// The greatest number.
    pub to: Option<u64>,
}

impl Span {
    /// Whether the number is in the range.
    #[must_use]
    pub fn contains(self, number: u64) -> bool {
        self.from.is_none_or(|from| number >= from) && self.to.is_none_or(|to| number <= to)
    }
}

/// A number or a range; `dashes` where 2019- and 2019-2022 are meant as ranges.
pub(super) fn number(text: &str, dashes: bool) -> Option<Span> {
    let text: String = text.chars().map(half_width).collect();
    let text = text.trim();
    let parse = |t: &str| t.trim().parse::<u64>().ok();
    let open = |from, to| Some(Span { from, to });
    if let Some(rest) = text.strip_prefix(">=").or_else(|| text.strip_prefix('≥')) {
        return open(Some(parse(rest)?), None);
    }
    if let Some(rest) = text.strip_prefix("<=").or_else(|| text.strip_prefix('≤')) {
        return open(None, Some(parse(rest)?));
    }
    if let Some(rest) = text.strip_prefix('>') {
        return open(Some(parse(rest)?.checked_add(1)?), None);
    }
    if let Some(rest) = text.strip_prefix('<') {
        return open(None, Some(parse(rest)?.checked_sub(1)?));
    }
    let ends = text.split_once("..").or_else(|| text.split_once('-').filter(|_| dashes));
    let Some((from, to)) = ends else {
        let one = parse(text)?;
        return open(Some(one), Some(one));
    };
    let end = |t: &str| if t.trim().is_empty() { Some(None) } else { parse(t).map(Some) };
    let (from, to) = (end(from)?, end(to)?);
    let is_range = (from.is_some() || to.is_some()) && from.zip(to).is_none_or(|(a, b)| a <= b);
    is_range.then_some(Span { from, to })
}

fn half_width(c: char) -> char {
    match c {
        '－' | '—' | '–' | '～' | '~' => '-',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// One or several choices or rules, separated by commas or bars.
pub(super) fn read_list(term: &Term, text: &str) -> Option<Value> {
    let pieces = || text.split([',', '，', '|', '、', '｜']).map(str::trim);
    match term.kind {
        Kind::Choice(choices) => {
            let find = |piece: &str| {
                let same = |c: &&super::Choice| c.name.eq_ignore_ascii_case(piece) || c.about.zh == piece;
                choices.iter().find(same).map(|c| c.name)
            };
            pieces().map(find).collect::<Option<Vec<_>>>().map(Value::AnyOf)
        }
        Kind::Rules => {
            let find = |piece: &str| {
                let id = piece.to_ascii_uppercase();
                let known = !id.is_empty() && RULES.iter().any(|rule| rule_is(rule.id, &id));
                known.then_some(id)
            };
            pieces().map(find).collect::<Option<Vec<_>>>().map(Value::Rules)
        }
        Kind::Words | Kind::Number => None,
    }
}

/// Whether a rule is the one asked for, or of the family: `T3` is all of table 3, `N1` is not N10.
pub(super) fn rule_is(id: &str, asked: &str) -> bool {
    let rest = id.strip_prefix(asked);
    let ends_in_digit = asked.ends_with(|c: char| c.is_ascii_digit());
    rest.is_some_and(|rest| !(ends_in_digit && rest.starts_with(|c: char| c.is_ascii_digit())))
}

impl Value {
    /// Whether a finding of that rule is asked for.
    #[must_use]
    pub fn asks_for_rule(&self, id: &str) -> bool {
        matches!(self, Self::Rules(asked) if asked.iter().any(|a| rule_is(id, a)))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => {
                let is_quoted = |c: char| c.is_whitespace() || matches!(c, ':' | '：');
                let quoted = words.contains(is_quoted) || words.starts_with(['-', '－']);
                if quoted { write!(f, "\"{words}\"") } else { f.write_str(words) }
            }
            Self::Number(Span { from: Some(a), to: Some(b) }) if a == b => write!(f, "{a}"),
            Self::Number(Span { from, to }) => {
                let end = |n: &Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
                write!(f, "{}..{}", end(from), end(to))
            }
            Self::AnyOf(names) => f.write_str(&names.join(",")),
            Self::Rules(ids) => f.write_str(&ids.join(",")),
        }
    }
}
