//! What was typed into the filter, as words and terms: `财政 county:xx year:2019..2022 -is:reviewed`.
//!
//! Nothing typed is ever refused as a whole: what is no term, or has no good value, is an error with its place, and
//! the rest still filters. A [`Typed`] prints as text that reads as the same, because filters are kept as text.

mod complete;
mod table;
mod value;

use std::fmt;
use std::ops::Range;

pub use complete::{Completion, complete};
pub use table::{Choice, Key, Kind, TERMS, Term, markdown};
pub use value::{Span, Value};

use crate::display::Lang;
use value::{number, read_list};

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Words and terms, as typed; a report is listed if it meets all of them.
    pub clauses: Vec<Clause>,
    /// What could not be read.
    pub errors: Vec<TermError>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Whether reports that meet it are left out instead.
    pub negated: bool,
    /// What it is about; `None` for a word, which any name of the report may match.
    pub key: Option<Key>,
    /// What is asked for.
    pub value: Value,
}

/// What could not be read, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermError {
    /// Where, in characters of the typed text.
    pub at: Range<usize>,
    /// What is wrong.
    pub kind: Wrong,
}

/// What is wrong with a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// There is no term of that name; the closest one, if any is close.
    Unknown(String, Option<&'static str>),
    /// The term needs a value.
    Empty(Key),
    /// The value is none that the term takes.
    Value(Key, String),
}

impl TermError {
    /// The error for people.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let right = |key: Key| Term::of(key).map(|t| (t.values(lang), t.example)).unwrap_or_default();
        match &self.kind {
            Wrong::Unknown(name, close) => {
                let hint =
                    close.map(|c| lang.pick(format!("，是否 {c}:？"), format!(", did you mean {c}:?")));
                let hint = hint.unwrap_or_default();
                lang.pick(format!("没有筛选项 {name}:{hint}"), format!("no term {name}:{hint}"))
            }
            Wrong::Empty(key) => {
                let (values, example) = right(*key);
                lang.pick(
                    format!("缺少值：{values}，例如 {example}"),
                    format!("needs a value: {values}, as in {example}"),
                )
            }
            Wrong::Value(key, value) => {
                let (values, example) = right(*key);
                lang.pick(
                    format!("“{value}” 不可用：应为{values}，例如 {example}"),
                    format!("{value:?} will not do: {values}, as in {example}"),
                )
            }
        }
    }
}

/// A piece of the typed text between blanks: characters, whether each was quoted, and where it began.
#[derive(Debug, Default)]
struct Token {
    text: Vec<(char, bool)>,
    at: Range<usize>,
}

impl Typed {
    /// Reads what was typed.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut typed = Self::default();
        for token in tokens(text) {
            match clause(&token) {
                Ok(Some(clause)) => typed.clauses.push(clause),
                Ok(None) => {}
                Err(kind) => typed.errors.push(TermError { at: token.at, kind }),
            }
        }
        typed
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut token: Option<Token> = None;
    let mut quoted = false;
    for (at, c) in text.chars().enumerate() {
        if !quoted && c.is_whitespace() {
            tokens.extend(token.take());
            continue;
        }
        let token = token.get_or_insert_with(|| Token { text: Vec::new(), at: at..at });
        token.at.end = at + 1;
        let closes = matches!(c, '"' | '“' | '”' | '＂');
        if closes {
            quoted = !quoted;
        } else {
            token.text.push((c, quoted));
        }
    }
    tokens.extend(token);
    tokens
}

/// The condition of a token; none if nothing is left of it.
fn clause(token: &Token) -> Result<Option<Clause>, Wrong> {
    let negated = token.text.len() > 1 && matches!(token.text.first(), Some(('-' | '－', false)));
    let text = token.text.get(usize::from(negated)..).unwrap_or_default();
    let string = |part: &[(char, bool)]| part.iter().map(|(c, _)| *c).collect::<String>();
    let colon = text.iter().position(|(c, quoted)| !quoted && matches!(c, ':' | '：'));
    let Some(colon) = colon.filter(|at| *at > 0) else {
        let word = string(text);
        let is_quoted = text.iter().any(|(_, quoted)| *quoted);
        if let Some(year) = year(word.trim()).filter(|_| !is_quoted) {
            return Ok(Some(Clause { negated, key: Some(Key::Year), value: Value::Number(year) }));
        }
        let value = Value::Words(word.trim().to_owned());
        return Ok((!word.trim().is_empty()).then_some(Clause { negated, key: None, value }));
    };
    let name = string(text.get(..colon).unwrap_or_default());
    let value = string(text.get(colon + 1..).unwrap_or_default()).trim().to_owned();
    let Some(term) = Term::find(&name) else { return Err(Wrong::Unknown(name.clone(), closest(&name))) };
    if value.is_empty() {
        return Err(Wrong::Empty(term.key));
    }
    let read = match term.kind {
        Kind::Words => Some(Value::Words(value.clone())),
        Kind::Number => number(&value, term.key == Key::Year).map(Value::Number),
        Kind::Choice(_) | Kind::Rules => read_list(term, &value),
    };
    let value = read.ok_or(Wrong::Value(term.key, value))?;
    Ok(Some(Clause { negated, key: Some(term.key), value }))
}

/// A year by itself, as people type it beside a name: no name has four digits that are a year.
fn year(word: &str) -> Option<Span> {
    let digits = word.strip_suffix('年').unwrap_or(word);
    let is_year = digits.len() == 4 && digits.starts_with("20") && digits.bytes().all(|b| b.is_ascii_digit());
    if is_year { number(digits, true) } else { None }
}

/// The term whose name begins as the typed one, or whose name the typed one begins with.
fn closest(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let start: String = name.chars().take(3).collect();
    TERMS.iter().map(|t| t.name).find(|n| n.starts_with(&name) || start.len() >= 3 && n.starts_with(&start))
}

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, clause) in self.clauses.iter().enumerate() {
            f.write_str(if i > 0 { " " } else { "" })?;
            clause.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negated { "-" } else { "" })?;
        if let Some(term) = self.key.and_then(Term::of) {
            write!(f, "{}:", term.name)?;
        }
        self.value.fmt(f)
    }
}

#[cfg(test)]
mod tests;
