//! Any narratives: what holds whatever they say.

use proptest::prelude::*;

use super::{NARRATIVE, report, seeds, with};
use crate::report::Report;
use crate::rules::versions::{compare, print};

/// Reports to change: those of the house, and the originals where they are.
fn reports() -> Vec<Report> {
    let mut all = seeds();
    all.push(report());
    all
}

/// The text in another layout, by a row of random numbers.
fn laid_out(text: &str, dice: &[u8]) -> String {
    let mut out = String::new();
    for (c, die) in text.chars().zip(dice.iter().cycle()) {
        let wide = char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_digit());
        match die {
            0 => out.push(' '),
            1 => out.push('\n'),
            2 => out.push('\u{3000}'),
            _ => {}
        }
        out.push(if die % 2 == 0 { wide.unwrap_or(c) } else { c });
    }
    out
}

/// The long sentences of a section, ended by 。 and standing once: shorter ones may be headings.
fn sentences(text: &str) -> Vec<&str> {
    let all = text.split_inclusive('。').map(|sentence| sentence.trim_start_matches('\n'));
    all.filter(|s| s.ends_with('。') && s.chars().filter(|c| !c.is_whitespace()).count() > 18)
        .filter(|s| text.matches(s).count() == 1)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn layout_makes_no_version(dice in prop::collection::vec(0_u8..12, 60..200), which: prop::sample::Index) {
        let all = reports();
        let one = which.get(&all);
        let mut other = one.clone();
        for section in other.sections.iter_mut().filter(|section| matches!(section.number, 1 | 5)) {
            section.text = laid_out(section.text.raw(), &dice).into();
        }
        let found = compare(one, &other);
        prop_assert!(found.is_copy(), "{:?}", found);
        prop_assert!(compare(&other, one).is_copy());
        prop_assert_eq!(print(one), print(&other));
    }

    #[test]
    fn a_dropped_sentence_makes_a_version(which: prop::sample::Index, sentence: prop::sample::Index, number in prop::sample::select(vec![1_u8, 5])) {
        let all = reports();
        let one = which.get(&all);
        let Some(text) = one.section(number).map(|section| section.text.raw().to_owned()) else { return Ok(()) };
        let found = sentences(&text);
        prop_assume!(!found.is_empty());
        let dropped = *sentence.get(&found);
        let other = with(one.clone(), number, &text.replacen(dropped, "", 1));
        let (there, back) = (compare(one, &other), compare(&other, one));
        prop_assert!(!there.is_copy(), "without {dropped}");
        prop_assert!(there.sentences.iter().any(|s| s.new.is_none()), "{:?}", there);
        prop_assert!(!back.is_copy());
    }

    #[test]
    fn a_changed_digit_makes_a_version(which: prop::sample::Index, at: prop::sample::Index, number in prop::sample::select(vec![1_u8, 5])) {
        let all = reports();
        let one = which.get(&all);
        let Some(text) = one.section(number).map(|section| section.text.raw().to_owned()) else { return Ok(()) };
        let digits: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(i, _)| i).collect();
        prop_assume!(!digits.is_empty());
        let at = *at.get(&digits);
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'9' { b'8' } else { bytes[at] + 1 };
        let other = with(one.clone(), number, std::str::from_utf8(&bytes).unwrap());
        prop_assert!(!compare(one, &other).is_copy());
        prop_assert_ne!(print(one).words, print(&other).words);
    }

    #[test]
    fn comparing_is_the_same_both_ways(a in "[甲乙丙未3。；\n]{0,60}", b in "[甲乙丙未3。；\n]{0,60}") {
        let (one, other) = (with(report(), 1, &a), with(report(), 1, &b));
        let (there, back) = (compare(&one, &other), compare(&other, &one));
        prop_assert_eq!(there.is_copy(), back.is_copy());
        let turned: Vec<_> = back.sentences.iter().map(|s| (s.new.clone(), s.old.clone())).collect();
        let straight: Vec<_> = there.sentences.iter().map(|s| (s.old.clone(), s.new.clone())).collect();
        prop_assert_eq!(straight, turned);
        prop_assert!(compare(&one, &one).is_copy());
        prop_assert!(print(&one) != print(&other) || there.is_copy(), "equal prints are copies");
    }

    #[test]
    fn any_text_is_compared(a in ".{0,80}", b in ".{0,80}", number in 1_u8..7) {
        let (one, other) = (with(report(), number, &a), with(report(), number, &b));
        let found = compare(&one, &other);
        prop_assert_eq!(found.is_copy(), found.words(crate::display::Lang::Zh).is_empty());
    }
}

#[test]
fn a_report_is_a_copy_of_itself() {
    for report in reports() {
        assert!(compare(&report, &report).is_copy());
    }
    assert!(compare(&Report::default(), &Report::default()).is_copy());
}

#[test]
fn different_reports_are_no_copies() {
    let all = reports();
    for (i, one) in all.iter().enumerate() {
        for other in all.iter().skip(i + 1) {
            let found = compare(one, other);
            assert!(!found.is_copy() && !found.sentences.is_empty());
        }
    }
    let reversed: Vec<&str> = NARRATIVE[0].lines().rev().collect();
    assert!(compare(&report(), &with(report(), 1, &reversed.join("\n"))).is_copy(), "only the order");
}
