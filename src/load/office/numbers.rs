//! How a workbook shows a number: a cell keeps 5.0 and a format, a person reads 5 or 5.00.
//!
//! What is shown is what the document says. Formats that draw something else than the number in the usual way (conditions,
//! fractions, scaled numbers) are not imitated: there the number stands as it is kept.

/// A number as its format shows it.
pub(super) fn shown(value: f64, format: &str, is_1904: bool) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let sections = sections(format);
    let (section, is_signed) = match (sections.as_slice(), value) {
        ([_, negative, ..], v) if v < 0.0 => (negative, false),
        ([_, _, zero, ..], 0.0) => (zero, true),
        ([first, ..], _) => (first, true),
        ([], _) => return general(value),
    };
    let pieces = pieces(section);
    if pieces.iter().any(|piece| matches!(piece, Piece::Date(_))) {
        return date(value, &pieces, is_1904).unwrap_or_else(|| general(value));
    }
    number(value, &pieces, is_signed).unwrap_or_else(|| general(value))
}

/// The format that a number stands for in workbooks; those that are none of a number as it is are left out.
pub(super) const fn built_in(id: u16) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        14..=17 => "yyyy/m/d",
        18 | 20 | 32 => "h:mm",
        19 | 21 | 33 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m/d/yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        37 | 38 => "#,##0;-#,##0",
        39 | 40 => "#,##0.00;-#,##0.00",
        41 | 42 => "#,##0;-#,##0;\"-\"",
        43 | 44 => "#,##0.00;-#,##0.00;\"-\"",
        _ => "General",
    }
}

/// A piece of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Words around the number.
    Literal(String),
    /// Places of digits: `#,##0.00`.
    Digits(String),
    Percent,
    /// A run of one letter of a date, in lower case.
    Date(String),
    /// What is not imitated.
    Other,
}

/// The parts of a format for positive and negative numbers and for 0.
fn sections(format: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in format.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '"' => is_quoted = !is_quoted,
            '\\' if !is_quoted => is_escaped = true,
            ';' if !is_quoted => {
                sections.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(section) = sections.last_mut() {
            section.push(c);
        }
    }
    let is_general = |s: &str| s.trim().is_empty() || s.eq_ignore_ascii_case("general") || s == "@";
    if sections.len() == 1 && sections.first().is_some_and(|s| is_general(s)) {
        sections.clear();
    }
    sections
}

fn pieces(section: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut chars = section.chars().peekable();
    while let Some(c) = chars.next() {
        let piece = match c {
            '"' => Piece::Literal(chars.by_ref().take_while(|c| *c != '"').collect()),
            '\\' | '!' => Piece::Literal(chars.next().into_iter().collect()),
            // The width of a character, or a filling one.
            '_' | '*' => {
                chars.next();
                continue;
            }
            '[' => match chars.by_ref().take_while(|c| *c != ']').collect::<String>() {
                // A currency and a language; the rest are colours, conditions and durations.
                inner if inner.starts_with('$') => {
                    Piece::Literal(inner.trim_start_matches('$').split('-').next().unwrap_or("").to_owned())
                }
                inner if inner.starts_with(['<', '>', '=']) => Piece::Other,
                inner
                    if matches!(
                        inner.to_ascii_lowercase().as_str(),
                        "h" | "hh" | "m" | "mm" | "s" | "ss"
                    ) =>
                {
                    Piece::Other
                }
                _ => continue,
            },
            '0' | '#' | '?' | '.' | ',' => Piece::Digits(c.to_string()),
            '%' => Piece::Percent,
            'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' => {
                Piece::Date(c.to_ascii_lowercase().to_string())
            }
            'a'..='z' | 'A'..='Z' | '/' if c != '/' => Piece::Other,
            '@' => Piece::Other,
            _ => Piece::Literal(c.to_string()),
        };
        match (pieces.last_mut(), piece) {
            (Some(Piece::Digits(run)), Piece::Digits(more))
            | (Some(Piece::Literal(run)), Piece::Literal(more)) => run.push_str(&more),
            (Some(Piece::Date(run)), Piece::Date(more)) if run.starts_with(&more) => run.push_str(&more),
            (_, piece) => pieces.push(piece),
        }
    }
    pieces
}

/// A number in places of digits; none where the format is not imitated.
fn number(value: f64, pieces: &[Piece], is_signed: bool) -> Option<String> {
    let places: Vec<&String> =
        pieces.iter().filter_map(|p| if let Piece::Digits(run) = p { Some(run) } else { None }).collect();
    // Some other slash is a fraction, and a comma at the end of the digits means thousands.
    let is_odd = pieces.iter().any(|p| matches!(p, Piece::Other))
        || pieces.iter().any(|p| matches!(p, Piece::Literal(t) if t.contains('/')))
        || places.len() != 1
        || places.iter().any(|run| run.ends_with(',') || run.contains(",.") || run.matches('.').count() > 1);
    if is_odd {
        // A format of words alone shows these words: nothing of the number.
        return places.is_empty().then(|| literals(pieces)).flatten();
    }
    let run = places.first()?;
    let (whole, fraction) = run.split_once('.').unwrap_or((run, ""));
    let percent = pieces.iter().filter(|p| matches!(p, Piece::Percent)).count();
    let scaled = (0..percent).fold(value, |value, _| value * 100.0);
    let needed = fraction.chars().filter(|c| *c == '0').count();
    let mut digits = rounded(scaled.abs(), fraction.chars().count());
    while let Some((_, shown)) = digits.split_once('.')
        && shown.len() > needed
        && shown.ends_with('0')
    {
        digits.pop();
    }
    let digits = digits.trim_end_matches('.');
    let digits = if whole.contains(',') { grouped(digits) } else { digits.to_owned() };
    let is_nothing = digits.chars().all(|c| matches!(c, '0' | '.' | ','));
    let mut out = String::new();
    if value < 0.0 && is_signed && !is_nothing {
        out.push('-');
    }
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            // `#` alone shows nothing of a 0.
            Piece::Digits(_) if is_nothing && !run.contains('0') => {}
            Piece::Digits(_) => out.push_str(&digits),
            Piece::Percent => out.push('%'),
            Piece::Date(_) | Piece::Other => {}
        }
    }
    Some(out.trim().to_owned())
}

fn literals(pieces: &[Piece]) -> Option<String> {
    let text = |piece: &Piece| if let Piece::Literal(text) = piece { Some(text.clone()) } else { None };
    pieces.iter().map(text).collect::<Option<String>>().map(|text| text.trim().to_owned())
}

/// As it is kept: with as many digits as a workbook keeps.
fn general(value: f64) -> String {
    let (digits, _) = decimal(value);
    let mut text = if value < 0.0 && digits.iter().any(|d| *d > 0) { "-".to_owned() } else { String::new() };
    text.push_str(&rounded(value.abs(), 15));
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    text
}

/// The 15 digits that a workbook keeps of a number, and how many of them stand before the point.
fn decimal(value: f64) -> (Vec<u8>, i32) {
    let text = format!("{:.14e}", value.abs());
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits = digits.bytes().filter(u8::is_ascii_digit).map(|d| d - b'0').collect();
    (digits, exponent.parse::<i32>().unwrap_or(0).saturating_add(1))
}

/// A number without sign, rounded as on paper: of 15 digits, halves away from 0.
fn rounded(value: f64, places: usize) -> String {
    // Numbers that large or small are no figures of a report.
    if !(1e-15..1e15).contains(&value) {
        return format!("{value:.*}", places.min(15));
    }
    let (mut digits, mut point) = decimal(value);
    while point < 1 {
        digits.insert(0, 0);
        point += 1;
    }
    let keep = usize::try_from(point).unwrap_or(1) + places;
    let is_up = digits.get(keep).is_some_and(|d| *d >= 5);
    digits.resize(keep, 0);
    let mut carry = u8::from(is_up);
    for digit in digits.iter_mut().rev() {
        *digit += carry;
        carry = *digit / 10;
        *digit %= 10;
    }
    if carry > 0 {
        digits.insert(0, carry);
        point += 1;
    }
    let mut text: String = digits.iter().map(|d| char::from(b'0' + d)).collect();
    if places > 0 {
        text.insert(usize::try_from(point).unwrap_or(1), '.');
    }
    text
}

fn grouped(digits: &str) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let count = whole.chars().count();
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (count - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A day and an hour, from the days since the beginning of 1900 or 1904.
fn date(value: f64, pieces: &[Piece], is_1904: bool) -> Option<String> {
    if !(0.0..3_000_000.0).contains(&value) {
        return None;
    }
    // Days before 1970-01-01; the first sixty days of 1900 are one off, as the format counts a 29 February then.
    let before = if is_1904 { 24_107 } else { 25_569 };
    let days = value.floor() as i64 - before;
    let seconds = ((value - value.floor()) * 86_400.0).round() as i64;
    let (year, month, day) = civil(days + seconds / 86_400);
    let seconds = seconds % 86_400;
    let (mut out, mut is_time) = (String::new(), false);
    for (i, piece) in pieces.iter().enumerate() {
        let Piece::Date(run) = piece else {
            if let Piece::Literal(text) = piece {
                out.push_str(text);
            }
            continue;
        };
        let seconds_follow =
            pieces.iter().skip(i + 1).find_map(|p| if let Piece::Date(r) = p { Some(r) } else { None });
        let is_minute = is_time || seconds_follow.is_some_and(|r| r.starts_with('s'));
        let number = match run.chars().next()? {
            'y' if run.len() <= 2 => year.rem_euclid(100),
            'y' => year,
            'm' if is_minute => seconds / 60 % 60,
            'm' => month,
            'd' => day,
            'h' => seconds / 3_600,
            _ => seconds % 60,
        };
        is_time = run.starts_with('h');
        let width = if run.starts_with('y') { run.len().min(4) } else { run.len().min(2) };
        out.push_str(&format!("{number:0width$}"));
    }
    Some(out.trim().to_owned())
}

/// The day of the calendar that is so many days after 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_their_format_shows_them() {
        let cases = [
            (5.0, "General", "5"),
            (5.0, "0.00", "5.00"),
            (5.0, "", "5"),
            (18.871, "General", "18.871"),
            (0.1 + 0.2, "General", "0.3"),
            (2.675, "0.00", "2.68"),
            (18.871, "0.00_ ", "18.87"),
            (9.996, "0.00", "10.00"),
            (1_234_567.5, "#,##0.00", "1,234,567.50"),
            (1_234.0, "#,##0;[Red]-#,##0", "1,234"),
            (-1_234.0, "#,##0;[Red]-#,##0", "-1,234"),
            (-5.0, "0;(0)", "(5)"),
            (-5.0, "General", "-5"),
            (-0.4, "0", "0"),
            (12.0, "0\"件\"", "12件"),
            (0.0, "0;-0;\"-\"", "-"),
            (0.0, "#", ""),
            (0.0, "#,##0.##", "0"),
            (0.125, "0.0%", "12.5%"),
            (3.0, "@", "3"),
            // Not imitated: as it is kept.
            (0.5, "# ?/?", "0.5"),
            (15_000.0, "0,", "15000"),
            (7.0, "[>5]0;0", "7"),
            (7.0, "[$¥-804]#,##0.00", "¥7.00"),
            (1e20, "General", "100000000000000000000"),
            (45_352.0, "yyyy\\-mm\\-dd", "2024-03-01"),
            (45_352.0, "yyyy\"年\"m\"月\"d\"日\"", "2024年3月1日"),
            (45_352.5, "yyyy/m/d h:mm", "2024/3/1 12:00"),
            (f64::NAN, "0", ""),
        ];
        for (value, format, want) in cases {
            assert_eq!(shown(value, format, false), want, "{value} {format}");
        }
        assert_eq!(shown(43_890.0, "yyyy-mm-dd", true), "2024-03-01");
    }
}
