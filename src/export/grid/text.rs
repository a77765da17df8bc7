//! Text from reports and reviewers on its way into a cell.

use std::borrow::Cow;

use crate::display;

/// What a reader may be shown of a text, which may have several lines: see [`display::visible`].
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(display::is_hidden) {
        return Cow::Borrowed(text);
    }
    let line = |line: &str| display::visible(line.strip_suffix('\r').unwrap_or(line)).into_owned();
    Cow::Owned(text.split('\n').map(line).collect::<Vec<_>>().join("\n"))
}

/// Whether a program for sheets may take a text for something to work out, now or when it is edited: full-width signs
/// count, as some programs fold them, and what stands before the sign does not if it may be cut off.
#[must_use]
pub fn is_formula(text: &str) -> bool {
    let first = text.chars().next();
    let sign = text.chars().find(|c| !c.is_whitespace() && !display::is_hidden(*c));
    matches!(first, Some('\t' | '\r' | '\n'))
        || matches!(
            sign,
            Some(
                '=' | '+'
                    | '-'
                    | '@'
                    | '＝'
                    | '＋'
                    | '－'
                    | '＠'
                    | '﹦'
                    | '﹢'
                    | '﹣'
                    | '﹫'
                    | '−'
                    | '⁼'
                    | '⁺'
                    | '⁻'
            )
        )
}

/// A text as it stands in a list of tabs, which programs open as a table: with an apostrophe before it where they would
/// compute it, or where it begins with one, so that taking away the first apostrophe gives the text again.
#[must_use]
pub fn inert(text: &str) -> Cow<'_, str> {
    if text.starts_with('\'') || is_formula(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_one() {
        for text in
            ["=1", "+1", "-1", "@A1", "\t=1", "\rx", "\n=1", "＝1", "＋1", "－1", "＠A", " =1", "\u{feff}=1"]
        {
            assert!(is_formula(text), "{text:?}");
        }
        for text in ["", "'=1", "\"=1", ";=1", ",=1", "1-2", "新县=1", "%0A=1"] {
            assert!(!is_formula(text), "{text:?}");
        }
    }

    #[test]
    fn what_is_made_inert_can_be_had_again() {
        for text in ["新县/2024", "=1+1", "'=1", "''", "@a", "", " -1"] {
            let inert = inert(text);
            assert!(!is_formula(&inert), "{text:?}");
            let back = inert.strip_prefix('\'').unwrap_or(&inert);
            assert_eq!(back, text);
        }
    }

    #[test]
    fn lines_stay_lines_and_everything_else_hidden_is_seen() {
        assert_eq!(shown("一\r\n二\u{202e}\t三"), "一\n二<U+202E>^I三");
        assert_eq!(shown("一\n二"), "一\n二");
    }
}
