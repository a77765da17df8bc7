//! What could stand where the cursor is.

use std::ops::Range;

use super::table::{Key, Kind, TERMS, Term};
use crate::rules::RULES;

/// Something that could stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What it replaces, in characters of the typed text.
    pub replaces: Range<usize>,
    /// The text.
    pub text: String,
}

/// What could stand at the cursor, given in characters: names of terms, and values behind a colon. `values` gives
/// those that depend on the corpus: counties, years, agencies, best first, for a key and what is typed of them.
pub fn complete(text: &str, cursor: usize, values: impl Fn(Key, &str) -> Vec<String>) -> Vec<Completion> {
    let before: Vec<char> = text.chars().take(cursor).collect();
    let quoted = before.iter().filter(|c| **c == '"').count() % 2 == 1;
    let start = if quoted { None } else { before.iter().rposition(|c| c.is_whitespace()).map(|at| at + 1) };
    // In an open quotation the term began before it: 'county:"新 '.
    let open = before.iter().rposition(|c| *c == '"').filter(|_| quoted);
    let outer =
        open.and_then(|at| before.get(..at)?.iter().rposition(|c| c.is_whitespace()).map(|at| at + 1));
    let start = start.or(outer).unwrap_or(0);
    let start = start + usize::from(matches!(before.get(start), Some('-' | '－')));
    let typed = before.get(start..).unwrap_or_default();
    let string = |chars: &[char]| chars.iter().filter(|c| **c != '"').collect::<String>();
    let Some(colon) = typed.iter().position(|c| matches!(c, ':' | '：')) else {
        let typed = string(typed);
        let begins = |t: &&Term| {
            t.name.starts_with(&typed.to_ascii_lowercase()) || t.chinese.iter().any(|c| c.starts_with(&typed))
        };
        let all = TERMS.iter().filter(begins);
        return all.map(|t| Completion { replaces: start..cursor, text: format!("{}:", t.name) }).collect();
    };
    let Some(term) = Term::find(&string(typed.get(..colon).unwrap_or_default())) else { return Vec::new() };
    let value = typed.get(colon + 1..).unwrap_or_default();
    // In a list only the piece after the last comma is completed.
    let is_list = matches!(term.kind, Kind::Choice(_) | Kind::Rules);
    let comma = value.iter().rposition(|c| is_list && matches!(c, ',' | '，' | '|' | '、'));
    let from = comma.map_or(0, |at| at + 1);
    let typed = string(value.get(from..).unwrap_or_default());
    let low = typed.to_ascii_lowercase();
    let begins = |name: &str| name.to_ascii_lowercase().starts_with(&low);
    let found: Vec<String> = match term.kind {
        Kind::Choice(choices) => {
            let fits = choices.iter().filter(|c| begins(c.name) || c.about.zh.starts_with(&typed));
            fits.map(|c| c.name.to_owned()).collect()
        }
        Kind::Rules => RULES.iter().filter(|r| begins(r.id)).map(|r| r.id.to_owned()).collect(),
        Kind::Words | Kind::Number => values(term.key, &typed),
    };
    let replaces = start + colon + 1 + from..cursor;
    let quote = |text: String| if text.contains(char::is_whitespace) { format!("\"{text}\"") } else { text };
    found.into_iter().map(|text| Completion { replaces: replaces.clone(), text: quote(text) }).collect()
}
