//! A parsed report laid out for reading: members on lines of their own, arrays of figures on one line.

use serde_json::value::RawValue;

use super::raw::{Kind, Object, elements, kind};

/// A line of the layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrettyLine {
    /// Its characters.
    pub text: String,
    /// The member that it shows, such as `requests.received`; empty for brackets.
    pub path: String,
}

/// Lays out one JSON object; what is no JSON is given as its lines are.
#[must_use]
pub fn pretty(bytes: &[u8]) -> Vec<PrettyLine> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut lines = Vec::new();
    match serde_json::from_str::<&RawValue>(text) {
        Ok(value) => lay_out(value.get(), "", "", 0, true, &mut lines),
        Err(_) => {
            lines.extend(text.lines().map(|line| PrettyLine { text: line.to_owned(), path: String::new() }));
        }
    }
    lines
}

/// Objects inside objects are laid out down to this depth; a cell's own members stay on its line.
const MAX_DEPTH: usize = 2;

fn lay_out(json: &str, lead: &str, path: &str, depth: usize, last: bool, lines: &mut Vec<PrettyLine>) {
    let indent = "  ".repeat(depth);
    let comma = if last { "" } else { "," };
    let mut push = |text: String, path: &str| lines.push(PrettyLine { text, path: path.to_owned() });
    let has_objects = |items: &[&str]| items.iter().any(|item| kind(item) == Kind::Object);
    match kind(json) {
        Kind::Object if depth < MAX_DEPTH => {
            let Ok(Object(members)) = serde_json::from_str::<Object<'_>>(json) else { return };
            push(format!("{indent}{lead}{{"), path);
            let count = members.len();
            for (i, (key, value)) in members.into_iter().enumerate() {
                let name = serde_json::to_string(&*key).unwrap_or_default();
                let below = inner_path(path, &key);
                lay_out(value.get(), &format!("{name}: "), &below, depth + 1, i + 1 == count, lines);
            }
            lines.push(PrettyLine { text: format!("{indent}}}{comma}"), path: String::new() });
        }
        Kind::Array => match elements(json).filter(|items| depth < MAX_DEPTH && has_objects(items)) {
            Some(items) => {
                push(format!("{indent}{lead}["), path);
                for (i, item) in items.iter().enumerate() {
                    let path = format!("{path}.{i}");
                    lay_out(item, "", &path, depth + 1, i + 1 == items.len(), lines);
                }
                lines.push(PrettyLine { text: format!("{indent}]{comma}"), path: String::new() });
            }
            None => push(format!("{indent}{lead}{}{comma}", on_one_line(json)), path),
        },
        _ => push(format!("{indent}{lead}{}{comma}", on_one_line(json)), path),
    }
}

fn inner_path(path: &str, key: &str) -> String {
    // The members of `cells` are named like the cells themselves, and stand for them too.
    if path.is_empty() || path == "cells" { key.to_owned() } else { format!("{path}.{key}") }
}

/// JSON without its line breaks: they stand between its pieces only, never inside a string.
fn on_one_line(json: &str) -> String {
    json.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_figures_have_their_path() {
        let json = br#"{"year":2024,"requests":{"received":[1,0,
            null],"total":[]},"cells":{"requests.total.natural":{"line":3,"text":"1"}},"sections":[{"number":1}]}"#;
        let lines = pretty(json);
        let at = |path: &str| lines.iter().find(|l| l.path == path).map(|l| l.text.as_str());
        assert_eq!(at("requests.received"), Some("    \"received\": [1,0, null],"));
        assert_eq!(
            at("requests.total.natural"),
            Some("    \"requests.total.natural\": {\"line\":3,\"text\":\"1\"}")
        );
        assert_eq!(at("year"), Some("  \"year\": 2024,"));
        assert!(lines.iter().any(|l| l.path == "sections.0"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_laid_out(bytes: Vec<u8>) {
            let _ = pretty(&bytes);
        }
    }
}
