//! The only way for text from outside to reach a terminal, a log or a message.
//!
//! Reports are untrusted: a title can hold an escape sequence that repaints the screen, a bidirectional
//! override that makes 123 read 321, or a zero-width character that splits a name in two. [`Untrusted`] keeps
//! such text apart in the type system, and [`visible`] is the one function that turns it into something a
//! reader may be shown. This module must never let a control, bidirectional or zero-width character through.

use std::borrow::Cow;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The language of the interface: Chinese is the working language, English the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 简体中文
    #[default]
    Zh,
    /// English
    En,
}

impl Lang {
    /// The one of two texts that is in this language.
    #[must_use]
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// Text that came from a file: it has no `Display`, so that it cannot reach a terminal unseen.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
// Names, years and codes are short, and there are many: they need no memory of their own.
pub struct Untrusted(CompactString);

impl Untrusted {
    /// Marks `text` as coming from outside.
    pub fn new(text: impl Into<CompactString>) -> Self {
        Self(text.into())
    }

    /// The exact original, for matching, comparing and writing back to files; never for a screen or a message.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// What a reader may be shown: see [`visible`].
    #[must_use]
    pub fn visible(&self) -> Cow<'_, str> {
        visible(&self.0)
    }

    /// What a reader may be shown of a text of several lines: each line as [`Self::visible`] has it.
    #[must_use]
    pub fn visible_lines(&self) -> String {
        self.0.split('\n').map(visible).collect::<Vec<_>>().join("\n")
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Untrusted {
    /// Debug output ends up in logs and panic messages, so it is made visible too.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\"", self.visible())
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// Makes every character visible that a terminal would obey or swallow: controls in caret notation (`^[`),
/// everything else without a cell of its own as `<U+202E>`.
///
/// Combining marks count as zero-width: they do not occur in these reports, and piled up they hide text.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !has_hidden(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if !is_hidden(c) {
            out.push(c);
        } else if (c as u32) < 0x20 {
            out.push('^');
            out.push(char::from((c as u8) + 0x40));
        } else if c == '\u{7f}' {
            out.push_str("^?");
        } else {
            out.push_str(&format!("<U+{:04X}>", c as u32));
        }
    }
    Cow::Owned(out)
}

/// Whether a terminal would act on `c`, reorder text because of it, or show nothing for it.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    if is_plain(c) {
        return false;
    }
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || UnicodeWidthChar::width(c).is_none_or(|w| w == 0)
        || is_right_to_left(c)
}

/// Whether a text has a hidden character. Nearly all texts have none, and nearly all of their characters can be told by
/// their first byte.
fn has_hidden(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b' '..=b'~' => 1,
            // Ideographs from U+5000 on.
            0xe5..=0xe9 => 3,
            _ => match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(c) if !is_hidden(c) => c.len_utf8(),
                _ => return true,
            },
        };
    }
    false
}

/// Characters of which nearly all texts are made, none of them hidden: they are told before anything is looked up.
const fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{4e00}'..='\u{9fff}' | '\u{3000}'..='\u{3020}')
        || matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{2014}'..='\u{201f}')
}

/// Letters that make a terminal with bidirectional support reorder the digits beside them.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// JSON text with every hidden character written as `\\uXXXX`: the same value, and safe on a terminal.
///
/// JSON allows such characters only inside strings, where the escape means the same.
#[must_use]
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let is_to_escape = |c: char| c != '\n' && is_hidden(c);
    if !has_hidden(json) || !json.chars().any(is_to_escape) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_to_escape(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Appends a text as JSON string with its quotes, hidden characters escaped.
pub fn push_json(out: &mut String, text: &str) {
    if memchr::memchr2(b'"', b'\\', text.as_bytes()).is_none() && !has_hidden(text) {
        out.push('"');
        out.push_str(text);
        out.push('"');
        return;
    }
    // A string can always be written.
    let json = serde_json::to_string(text).unwrap_or_default();
    out.push_str(&escape_json(&json));
}

/// What to show in place of a character that some terminals show two columns wide and others one: a form of the same
/// meaning that takes one column on all of them, `?` where there is none. `None` for every other character.
#[must_use]
pub fn narrow(symbol: &str) -> Option<char> {
    use unicode_normalization::UnicodeNormalization as _;
    let is_ambiguous = |text: &str| UnicodeWidthStr::width_cjk(text) > UnicodeWidthStr::width(text);
    if symbol.is_ascii() || !is_ambiguous(symbol) {
        return None;
    }
    let plain = symbol.nfkc().next().filter(|c| UnicodeWidthChar::width_cjk(*c) == Some(1));
    Some(plain.unwrap_or('?'))
}

/// Columns that `text` takes on a terminal.
#[must_use]
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` cut or padded with spaces to exactly `columns`; a cut is marked with `…` (or `~` where that is wider).
///
/// A wide character that would be halved at the edge is replaced by a space, so that nothing after it shifts.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns);
    let missing = columns.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// `text` right-aligned in `columns`; cut from the left end never happens, a text that is too long is cut as in [`fit`].
#[must_use]
pub fn fit_right(text: &str, columns: usize) -> String {
    let w = width(text);
    if w >= columns {
        return fit(text, columns);
    }
    let mut out = " ".repeat(columns - w);
    out.push_str(text);
    out
}

/// `text` cut to at most `columns`, ending in `…` when something is missing.
#[must_use]
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let w = UnicodeWidthChar::width(c).unwrap_or(0);
        if used + w + 1 > columns {
            break;
        }
        used += w;
        out.push(c);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// Breaks `text` into lines of at most `columns`: between any two characters, as Chinese has no word spaces, but
/// not inside a number or a word of Latin letters that is short against the line.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for c in text.chars() {
        let w = UnicodeWidthChar::width(c).unwrap_or(0);
        if used + w > columns.max(2) {
            let rest = if c.is_ascii_graphic() { split_off_word(&mut line) } else { String::new() };
            used = width(&rest);
            lines.push(std::mem::replace(&mut line, rest));
        }
        line.push(c);
        used += w;
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Takes the unfinished word off the end of a full line, if it is short against the line.
fn split_off_word(line: &mut String) -> String {
    let word: usize = line.chars().rev().take_while(char::is_ascii_graphic).map(char::len_utf8).sum();
    if word * 2 < line.len() { line.split_off(line.len() - word) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_plain_character_is_without_a_cell() {
        for c in ('\0'..=char::MAX).filter(|c| is_plain(*c)) {
            assert!(UnicodeWidthChar::width(c).is_some_and(|w| w > 0) && !is_right_to_left(c), "{c:?}");
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        let cases = [
            ("\u{1b}[2J", "^[[2J"),
            ("a\rb", "a^Mb"),
            ("\u{9b}31m", "<U+009B>31m"),
            ("\u{202e}123", "<U+202E>123"),
            ("新\u{200b}县", "新<U+200B>县"),
            ("e\u{301}", "e<U+0301>"),
            ("\u{7f}", "^?"),
            ("\u{2028}", "<U+2028>"),
            ("\u{e0041}", "<U+E0041>"),
            ("新县（一）“三安全”①—…×≥", "新县（一）“三安全”①—…×≥"),
        ];
        for (raw, want) in cases {
            assert_eq!(visible(raw), want, "{raw:?}");
        }
    }

    #[test]
    fn fitting_never_halves_a_wide_character() {
        for columns in 0..12 {
            for text in ["新县人民政府", "a新b县c", "abc", ""] {
                assert_eq!(width(&fit(text, columns)), columns, "{text} in {columns}");
                assert_eq!(width(&fit_right(text, columns)), columns, "{text} in {columns}");
            }
        }
        assert_eq!(fit("新县人民", 7), "新县人…");
        assert_eq!(fit("新县人民", 6), "新县… ");
    }

    #[test]
    fn wrapping_keeps_every_character() {
        let text = "新县人民政府abc办公室";
        for columns in 1..20 {
            assert_eq!(wrap(text, columns).concat(), text);
        }
    }

    #[test]
    fn wrapping_keeps_numbers_whole() {
        let text = "窗口太小：需要 40×10，现为 30×80";
        for columns in 6..40 {
            let lines = wrap(text, columns);
            for number in ["40", "10", "30", "80"] {
                assert!(lines.iter().any(|line| line.contains(number)), "{lines:?}");
            }
            assert!(lines.iter().all(|line| width(line) <= columns), "{lines:?}");
        }
    }

    #[test]
    fn escaped_json_is_the_same_value() {
        let text = "新\u{202e}县\u{1b}\u{e0041}\u{7f}";
        let json = serde_json::to_string(text).unwrap();
        let escaped = escape_json(&json);
        assert!(!escaped.chars().any(is_hidden), "{escaped}");
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
    }

    proptest::proptest! {
        #[test]
        fn pushed_json_is_the_same_value_without_hidden_characters(text in "\\PC*|.*|[a-c\"\\\\新县\u{1b}\u{202e}\u{301}]*") {
            let mut json = String::new();
            push_json(&mut json, &text);
            proptest::prop_assert!(!json.chars().any(is_hidden));
            proptest::prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }

        #[test]
        fn hidden_characters_are_found_by_their_bytes(text in "[a-c新县\u{4dff}\u{4e00}\u{a000}\u{1b}\u{202e}\u{301}\u{ad}]{0,4}") {
            proptest::prop_assert_eq!(has_hidden(&text), text.chars().any(is_hidden));
        }

        #[test]
        fn nothing_hidden_survives(text in "\\PC*|.*") {
            proptest::prop_assert!(!visible(&text).chars().any(is_hidden));
        }
    }
}
