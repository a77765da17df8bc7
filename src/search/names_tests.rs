//! Words and names, and the fast matcher against a plain one.

use proptest::prelude::*;

use super::*;
use crate::places::pinyin;

fn matched(word: &str, name: &str) -> Option<Vec<usize>> {
    Names::positions(&Word::new(word), name)
}

#[test]
fn words_match_names_as_people_type_them() {
    let cases: &[(&str, &str, Option<&[usize]>)] = &[
        ("新县", "新县人民政府", Some(&[0, 1])),
        ("新办", "新县人民政府办公室", Some(&[0, 6])),
        ("xinxian", "新县", Some(&[0, 1])),
        ("XinXian", "新县", Some(&[0, 1])),
        ("xx", "新县", Some(&[0, 1])),
        ("xinx", "新县", Some(&[0, 1])),
        ("新x", "新县", Some(&[0, 1])),
        ("wbq", "新乡市卫滨区", Some(&[3, 4, 5])),
        ("weibq", "新乡市卫滨区", Some(&[3, 4, 5])),
        ("xxbgs", "新县人民政府办公室", Some(&[0, 1, 6, 7, 8])),
        ("shanxian", "单县", Some(&[0, 1])),
        ("danxian", "单县", Some(&[0, 1])),
        ("yueqing", "乐清市", Some(&[0, 1])),
        ("leqing", "乐清市", Some(&[0, 1])),
        ("xi'an", "西安市", Some(&[0, 1])),
        ("lvliang", "吕梁市", Some(&[0, 1])),
        ("lyuliang", "吕梁市", Some(&[0, 1])),
        ("lüliang", "吕梁市", Some(&[0, 1])),
        ("lueyang", "略阳县", Some(&[0, 1])),
        ("5g", "重庆5G办公室", Some(&[2, 3])),
        ("５Ｇ", "重庆5G办公室", Some(&[2, 3])),
        ("长沙", "⻓沙市", Some(&[0, 1])),
        ("xn", "新县", None),
        ("县新", "新县", None),
        ("ianx", "新县", None),
        ("xinxianx", "新县", None),
        ("", "新县", Some(&[])),
        ("x", "", None),
    ];
    for (word, name, want) in cases {
        assert_eq!(matched(word, name).as_deref(), *want, "{word} in {name}");
    }
}

#[test]
fn better_matches_score_higher() {
    let orders: &[(&str, &[&str])] = &[
        ("新县", &["新县", "新县财政局", "信阳市新县", "某新县办", "新乡市某县"]),
        ("xinxian", &["新县", "新县财政局", "信阳市新县财政局", "创新县域办", "新区某县"]),
        ("shanxian", &["单县", "单县财政局"]),
        ("chaoyang", &["朝阳区", "长春市朝阳区"]),
        ("cz", &["财政局", "新县财政局", "新财政办", "长乐镇"]),
    ];
    for (word, best_first) in orders {
        let mut names = Names::new();
        let ids: Vec<u32> = best_first.iter().map(|name| names.push(name)).collect();
        let hits = names.find(&Word::new(word), None);
        let scores: Vec<u16> = ids.iter().map(|id| hits.score(*id)).collect();
        assert!(scores.is_sorted_by(|a, b| a > b), "{word}: {best_first:?} has {scores:?}");
    }
}

#[test]
fn several_words_match_together() {
    let mut names = Names::new();
    let ids = ["新县财政局", "新县教育局", "光山县财政局"].map(|name| names.push(name));
    let mut hits = names.find(&Word::new("xx"), None);
    hits.and(&names.find(&Word::new("czj"), None));
    assert_eq!(hits.ids(), [ids[0]]);
    assert_eq!(hits.scores().iter().filter(|s| **s > 0).count(), 1);
    assert_eq!(hits.best([ids[1], ids[0]]), hits.score(ids[0]));
}

#[test]
fn stretches_can_be_kept_alone() {
    let mut names = Names::new();
    let ids = ["新县", "新乡市某县"].map(|name| names.push(name));
    let mut hits = names.find(&Word::new("新县"), None);
    assert_eq!(hits.ids(), ids);
    hits.keep_stretches();
    assert_eq!(hits.ids(), [ids[0]]);
    assert_eq!(hits.score(ids[1]), 0);
    let mut scattered = names.find(&Word::new("乡县"), None);
    scattered.keep_stretches();
    assert_eq!(scattered.ids(), [ids[1]], "where nothing matches better, they stay");
}

#[test]
fn names_come_back_as_they_were_given() {
    let mut names = Names::new();
    for name in ["新县财政局", "", "ＡＢ c", "⻓沙市", "新县财政局"] {
        let id = names.push(name);
        assert_eq!(names.name(id), name);
    }
    assert_eq!(names.len(), 5, "names are not compared");
}

/// The rule of a match in the plainest words: letters are taken up by a stretch, or by scattered characters.
fn plain(word: &[char], name: &[(char, pinyin::Readings)]) -> bool {
    (0..name.len()).any(|start| stretch(word, &name[start..])) || scattered(word, name)
}

fn stretch(word: &[char], name: &[(char, pinyin::Readings)]) -> bool {
    let Some((first, rest)) = name.split_first() else { return word.is_empty() };
    word.is_empty() || pieces(word, first).iter().any(|n| stretch(&word[*n..], rest))
}

fn scattered(word: &[char], name: &[(char, pinyin::Readings)]) -> bool {
    let Some((first, rest)) = name.split_first() else { return word.is_empty() };
    let is_whole = |n: usize| {
        let piece: String = word[..n].iter().collect();
        let readings = first.1.likely().iter().chain(first.1.others()).map(|s| s.letters());
        let mut syllables = readings.filter(|s| s.starts_with(&piece));
        n == 1 || n == word.len() || piece.ends_with('h') && n == 2 || syllables.any(|s| s == piece)
    };
    word.is_empty()
        || scattered(word, rest)
        || pieces(word, first).iter().any(|n| is_whole(*n) && scattered(&word[*n..], rest))
}

/// How many letters a character can take up.
fn pieces(word: &[char], (c, readings): &(char, pinyin::Readings)) -> Vec<usize> {
    let syllables = readings.likely().iter().chain(readings.others()).map(|s| s.letters());
    let begins = |n: &usize| {
        let piece: String = word[..*n].iter().collect();
        syllables.clone().any(|s| s.starts_with(&piece)) || piece == c.to_string()
    };
    (1..=word.len()).filter(begins).collect()
}

/// Readings as the index has them: those of each part.
fn read(name: &str) -> Vec<(char, pinyin::Readings)> {
    let (head, tail) = cut(name);
    let of = |part: &str| part.chars().zip(pinyin::of_name(part)).collect::<Vec<_>>();
    [of(head), of(tail)].concat()
}

fn divisions() -> Vec<&'static str> {
    include_str!("../places/divisions.tsv").lines().filter_map(|l| l.split('\t').nth(1)).collect()
}

const RESTS: [&str; 6] = ["", "财政局", "人民政府办公室", "市场监督管理局", "发展和改革委员会", "银行a1局"];

/// Every `step`th division, each with one of the rests.
fn index(step: usize) -> (Names, Vec<String>) {
    let places = divisions().into_iter().step_by(step).zip(RESTS.iter().cycle());
    let all: Vec<String> = places.map(|(d, rest)| format!("{d}{rest}")).collect();
    let mut names = Names::new();
    for name in &all {
        names.push(name);
    }
    (names, all)
}

fn check(names: &Names, all: &[String], typed: &str, narrowing: Option<&Hits>) -> Hits {
    let word = Word::new(typed);
    let hits = names.find(&word, narrowing);
    let want: Vec<u32> = all
        .iter()
        .zip(0..)
        .filter(|(name, _)| plain(word.letters(), &read(name)))
        .map(|(_, id)| id)
        .collect();
    assert_eq!(hits.ids(), want, "{typed}");
    hits
}

#[test]
fn every_letter_and_pair_of_letters_finds_what_it_should() {
    let (names, all) = index(13);
    for a in 'a'..='z' {
        let first = check(&names, &all, &a.to_string(), None);
        assert_eq!(first.scores().iter().filter(|s| **s > 0).count(), first.len());
        for b in ['a', 'b', 'h', 'i', 'q', 's', 'u', 'x', 'z'] {
            check(&names, &all, &format!("{a}{b}"), None);
        }
    }
}

#[test]
fn every_character_finds_what_it_should() {
    let (names, all) = index(5);
    let mut characters: Vec<char> = all.iter().flat_map(|n| n.chars()).filter(|c| !c.is_ascii()).collect();
    characters.sort_unstable();
    characters.dedup();
    for c in characters {
        let hits = names.find(&Word::new(&c.to_string()), None);
        let want: Vec<u32> =
            all.iter().zip(0..).filter(|(name, _)| name.contains(c)).map(|(_, id)| id).collect();
        assert_eq!(hits.ids(), want, "{c}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any piece of any name, typed in any way, finds what the plain matcher finds; and so it does as it is typed.
    #[test]
    fn the_fast_matcher_is_the_plain_one(
        which in 0_usize..3000,
        taken in proptest::collection::vec((0_usize..12, 0_usize..7), 1..5),
        noise in proptest::option::of("[a-z新县市财a1]"),
    ) {
        let (names, all) = index(11);
        let name = read(&all[which % all.len()]);
        let mut typed = String::new();
        for (at, letters) in taken {
            let (c, readings) = name[at % name.len()];
            match readings.likely().first().filter(|_| letters > 0) {
                Some(syllable) => typed.extend(syllable.letters().chars().take(letters)),
                None => typed.push(c),
            }
        }
        typed.extend(noise);
        let mut before: Option<Hits> = None;
        let mut so_far = String::new();
        for c in typed.chars() {
            so_far.push(c);
            let fresh = check(&names, &all, &so_far, None);
            if let Some(before) = &before {
                let narrowed = names.find(&Word::new(&so_far), Some(before));
                prop_assert_eq!(&narrowed, &fresh, "{} narrowed", so_far);
            }
            before = Some(fresh);
        }
    }

    /// The positions are those of characters that take up the word, in any name whatever.
    #[test]
    fn positions_are_where_the_word_is(name in "[新县市财政局长单a-c1 ]{0,9}", typed in "[新县长xczjsdanhg1]{1,4}") {
        let word = Word::new(&typed);
        let read = read(&name);
        let found = Names::positions(&word, &name);
        prop_assert_eq!(found.is_some(), plain(word.letters(), &read));
        if let Some(positions) = found {
            prop_assert!(positions.is_sorted_by(|a, b| a < b));
            let only: Vec<_> = positions.iter().map(|at| read[*at]).collect();
            prop_assert!(stretch(word.letters(), &only), "{} at {:?} of {}", typed, positions, name);
        }
    }
}
