//! Characters as they are compared: radicals, full-width and accented letters, upper case.

use unicode_normalization::UnicodeNormalization;

/// The character that `c` is compared as. One for one, so that matched positions are those of the name.
pub(super) fn folded(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    if ('\u{4e00}'..='\u{9fff}').contains(&c) {
        return c;
    }
    let mut plain = None;
    let mut count = 0;
    crate::load::normalise::fold(c, &mut |c| {
        plain = Some(c);
        count += 1;
    });
    let c = if count == 1 { plain.unwrap_or(c) } else { c };
    let c = lower(c);
    let mut pieces = std::iter::once(c).nfd();
    match pieces.next() {
        // ü is typed as v.
        Some('u') if c != 'u' && pieces.any(|mark| mark == '\u{308}') => 'v',
        Some(letter) if letter.is_ascii_alphanumeric() => letter,
        _ => c,
    }
}

fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_alike() {
        let cases = [
            ('A', 'a'),
            ('Ａ', 'a'),
            ('２', '2'),
            ('县', '县'),
            ('⻓', '长'),
            ('ü', 'v'),
            ('ǚ', 'v'),
            ('ī', 'i'),
            ('É', 'e'),
            ('Ω', 'ω'),
            ('：', ':'),
            ('\u{3000}', '\u{3000}'),
        ];
        for (c, want) in cases {
            assert_eq!(folded(c), want, "{c:?}");
        }
    }
}
