//! Whether a report under one place may be the report that was known under another, by the texts of the places alone.

use crate::corpus::choices::is_code;
use crate::places;

/// How the place that a report had goes with one that a report has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// They are one place, or what was not known of it has become known.
    One,
    /// It cannot be told: what was known is known no more, or the places are two of one name.
    Doubt,
    /// They are two places.
    Two,
}

/// How the place of an identifier that is there no more goes with that of one that is there, for a report on that year.
pub(super) fn fit(was: &str, is: &str, year: u16) -> Fit {
    if was == is {
        return Fit::One;
    }
    match (is_code(was), is_code(is)) {
        (true, true) => of_codes(was, is, year),
        (false, true) => of_name(was, is, year),
        // What was known may be of another county now: it is left to the reader.
        (true, false) => match of_name(is, was, year) {
            Fit::Two => Fit::Two,
            Fit::One | Fit::Doubt => Fit::Doubt,
        },
        (false, false) => of_names(was, is),
    }
}

fn of_codes(was: &str, is: &str, year: u16) -> Fit {
    if let (Some(was), Some(is)) = (places::line(was, year), places::line(is, year))
        && was == is
    {
        return Fit::One;
    }
    // Of two counties of one name, the report may have been put in the wrong one first.
    let county = |code: &str| places::by_code(code).and_then(|place| place.county);
    match (county(was), county(is)) {
        (Some(was), Some(is)) if was == is => Fit::Doubt,
        _ => Fit::Two,
    }
}

/// Whether the county of the code has the name, or is within what is named.
fn of_name(name: &str, code: &str, year: u16) -> Fit {
    let name = plain(name);
    let Some(place) = places::by_code(code) else { return Fit::Two };
    if name.is_empty() {
        return Fit::One;
    }
    let own = places::line(code, year);
    let is_of_line = |candidate: &places::Place| {
        candidate.code.is_some_and(|other| other == code || own.is_some() && places::line(other, year) == own)
    };
    // The name of the city may stand before it.
    let has_name = |(at, _): (usize, char)| {
        let county = name.get(at..).unwrap_or_default();
        place.county.as_deref() == Some(county)
            || places::candidates(county, None, None, None).iter().any(is_of_line)
            || places::candidates(county, None, None, Some(year)).iter().any(is_of_line)
    };
    if name.char_indices().any(has_name) {
        Fit::One
    } else if [&place.city, &place.province].contains(&&Some(name.to_owned())) {
        Fit::Doubt
    } else {
        Fit::Two
    }
}

fn of_names(was: &str, is: &str) -> Fit {
    let (was, is) = (plain(was), plain(is));
    if was.is_empty() || is.ends_with(was) {
        Fit::One
    } else if is.is_empty() || was.ends_with(is) {
        Fit::Doubt
    } else {
        Fit::Two
    }
}

/// The name without the mark of an open place; empty where nothing is known.
fn plain(place: &str) -> &str {
    match place.trim_start_matches('?') {
        "-" => "",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_one_if_the_gazetteer_says_so() {
        use Fit::{Doubt, One, Two};
        let cases = [
            ("411523", "411523", One),
            // 新县 and 光山县; 鼓楼区 of 南京 and of 徐州.
            ("411523", "411522", Two),
            ("320106", "320302", Doubt),
            // 太谷县 and 太谷区 are one place.
            ("140726", "140703", One),
            ("?", "411523", One),
            ("", "411523", One),
            ("?鼓楼区", "320106", One),
            ("?鼓楼区", "411523", Two),
            ("?太谷县", "140703", One),
            ("信阳市新县", "411523", One),
            ("信阳市光山县", "411523", Two),
            ("信阳市", "411523", Doubt),
            ("郑州市", "411523", Two),
            ("411523", "?", Doubt),
            ("411523", "?新县", Doubt),
            ("411523", "?鼓楼区", Two),
            ("?", "?鼓楼区", One),
            ("?鼓楼区", "?", Doubt),
            ("?鼓楼区", "?普陀区", Two),
            ("?鼓楼区", "?徐州市鼓楼区", One),
            ("?徐州市鼓楼区", "?鼓楼区", Doubt),
            ("999999", "411523", Two),
        ];
        for (was, is, want) in cases {
            assert_eq!(fit(was, is, 2022), want, "{was} → {is}");
        }
    }
}
