//! A parsed report laid out for reading: members on lines of their own, arrays of figures on one line.
//!
//! Only the space between the values is changed, never a value, so that a reader sees what the file says.

use super::scan::{Fault, Scanner};
use super::write::quote;

/// A line of the layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrettyLine {
    /// Its characters. Not safe to show as they are: they come from the file.
    pub text: String,
    /// The member that it shows, such as `requests.received`; empty for closing brackets.
    pub path: String,
}

/// Small objects inside others stay on one line up to this length.
const MAX_LINE: usize = 120;

/// Lays out one JSON value; what is no JSON is given as its lines are.
#[must_use]
pub fn pretty(bytes: &[u8]) -> Vec<PrettyLine> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut layout = Layout::default();
    let mut scanner = Scanner::new(text);
    match scanner.skip().and_then(|value| scanner.end().map(|()| value)) {
        // What was scanned once does not fail the second time.
        Ok(value) => drop(layout.value(value, "", "", 0)),
        Err(_) => text.lines().for_each(|line| layout.push(0, line, "")),
    }
    layout.lines
}

#[derive(Default)]
struct Layout {
    lines: Vec<PrettyLine>,
}

impl Layout {
    fn push(&mut self, depth: usize, text: &str, path: &str) {
        self.lines.push(PrettyLine { text: format!("{}{text}", "  ".repeat(depth)), path: path.to_owned() });
    }

    /// A value whose first line begins with `lead`.
    fn value(&mut self, json: &str, lead: &str, path: &str, depth: usize) -> Result<(), Fault> {
        if is_one_line(json, depth) {
            self.push(depth, &format!("{lead}{}", on_one_line(json)), path);
            return Ok(());
        }
        let mut is_first = true;
        let mut scanner = Scanner::new(json);
        if json.starts_with('{') {
            self.push(depth, &format!("{lead}{{"), path);
            scanner.object(|scanner, name, _| {
                self.separate(&mut is_first);
                let mut lead = String::new();
                quote(&mut lead, name);
                lead.push_str(": ");
                self.value(scanner.skip()?, &lead, &inner_path(path, name), depth + 1)
            })?;
            self.push(depth, "}", "");
        } else {
            self.push(depth, &format!("{lead}["), path);
            scanner.array(|scanner, i| {
                self.separate(&mut is_first);
                self.value(scanner.skip()?, "", &format!("{path}.{i}"), depth + 1)
            })?;
            self.push(depth, "]", "");
        }
        Ok(())
    }

    /// The comma behind the value before, if there is one.
    fn separate(&mut self, is_first: &mut bool) {
        if !std::mem::take(is_first)
            && let Some(last) = self.lines.last_mut()
        {
            last.text.push(',');
        }
    }
}

/// Whether a value stands on one line: scalars, arrays of scalars, and small objects below the members of the report.
fn is_one_line(json: &str, depth: usize) -> bool {
    let has_inner = json.get(1..).is_some_and(|inner| inner.contains(['{', '[']));
    match json.bytes().next() {
        Some(b'{') => depth > 1 && !has_inner && json.len() <= MAX_LINE,
        Some(b'[') => !has_inner,
        _ => true,
    }
}

fn inner_path(path: &str, name: &str) -> String {
    // The members of `cells` are named like the cells themselves, and stand for them too.
    if path.is_empty() || path == "cells" { name.to_owned() } else { format!("{path}.{name}") }
}

/// JSON without its line breaks: they stand between its pieces only, never inside a string.
fn on_one_line(json: &str) -> String {
    json.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_have_their_path() {
        let json = br#"{"year":2024,"requests":{"received":[1,0,
            null],"total":[]},"cells":{"requests.total.natural":{"line":3,"text":"1"}},"sections":[{"number":1,"text":"[x]"},
            {}],"e":{}}"#;
        let lines: Vec<(String, String)> =
            pretty(json).into_iter().map(|line| (line.text, line.path)).collect();
        let want = [
            ("{", ""),
            ("  \"year\": 2024,", "year"),
            ("  \"requests\": {", "requests"),
            ("    \"received\": [1,0, null],", "requests.received"),
            ("    \"total\": []", "requests.total"),
            ("  },", ""),
            ("  \"cells\": {", "cells"),
            ("    \"requests.total.natural\": {\"line\":3,\"text\":\"1\"}", "requests.total.natural"),
            ("  },", ""),
            ("  \"sections\": [", "sections"),
            ("    {", "sections.0"),
            ("      \"number\": 1,", "sections.0.number"),
            ("      \"text\": \"[x]\"", "sections.0.text"),
            ("    },", ""),
            ("    {}", "sections.1"),
            ("  ],", ""),
            ("  \"e\": {", "e"),
            ("  }", ""),
            ("}", ""),
        ];
        assert_eq!(lines, want.map(|(text, path)| (text.to_owned(), path.to_owned())));
    }

    #[test]
    fn what_is_no_json_is_shown_as_it_is() {
        let texts: Vec<String> =
            pretty(b"\xef\xbb\xbf{\n  broken\n").into_iter().map(|line| line.text).collect();
        assert_eq!(texts, ["{", "  broken"]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_laid_out(bytes: Vec<u8>) {
            let _ = pretty(&bytes);
        }

        #[test]
        fn no_value_is_changed(json in "(\\[|\\{|\\]|\\}|\"a\"|:|,|1|null| |\n){0,30}") {
            if let Ok(value) = serde_json::from_str::<serde_json::Value>(&json) {
                let text: Vec<String> = pretty(json.as_bytes()).into_iter().map(|line| line.text).collect();
                proptest::prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&text.join("\n")).unwrap(), value);
            }
        }
    }
}
