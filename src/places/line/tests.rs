//! Which places are one over the years, against the whole table of divisions.

use super::super::table::Kind;
use super::*;

/// What was made of several places in 2018 or later, with those that ended in it: none of them is continued. 南郊区
/// (140211) is there twice, for it was divided.
const MERGED: &[(&str, &[&str])] = &[
    ("130503", &["130503", "130521"]),
    ("140213", &["140202", "140211"]),
    ("140214", &["140203", "140211"]),
    ("140403", &["140402", "140411"]),
    ("230717", &["230702", "230708"]),
    ("230718", &["230706", "230711"]),
    ("230719", &["230704", "230716"]),
    ("230723", &["230712", "230714"]),
    ("230724", &["230707", "230710", "230715"]),
    ("230751", &["230705", "230709"]),
    ("320613", &["320602", "320611"]),
    ("340209", &["340203", "340208"]),
    ("350404", &["350402", "350403"]),
    ("370116", &["371200", "371202"]),
    ("370614", &["370634", "370684"]),
    ("410308", &["410306", "410322"]),
    ("500157", &["500105", "500112"]),
    // Those that were there before and took in another.
    ("330102", &["330104"]),
    ("330105", &["330103"]),
    ("360112", &["360105"]),
];

#[allow(clippy::unnecessary_wraps, reason = "as it is compared")]
fn at(code: &'static str, since: u16) -> Option<Line> {
    Some(Line { code, since })
}

#[test]
fn what_ended_is_continued_or_one_of_several_that_were_merged() {
    let ended = TABLE.rows().iter().filter(|row| row.until >= 2018);
    let (mut continued, mut silent) = (0, 0);
    for row in ended {
        for next in row.successors() {
            let before = line(row.code, row.until - 1).unwrap();
            let after = line(next, row.until).unwrap();
            let parts = MERGED.iter().find(|(code, _)| *code == next);
            if let Some((_, parts)) = parts {
                assert!(parts.contains(&row.code), "{row:?}");
                assert_ne!(before, after, "{row:?}");
                assert_eq!(after, Line { code: next, since: row.until }, "{row:?}");
                silent += 1;
            } else {
                assert_eq!(row.successor, next, "one that was divided is not continued: {row:?}");
                assert_eq!(before, after, "{row:?}");
                assert_eq!(before.since, 0, "{row:?}");
                continued += 1;
            }
        }
    }
    // 南郊区 is in it twice.
    let parts: usize = MERGED.iter().map(|(_, parts)| parts.len()).sum();
    assert_eq!(
        (continued + silent, silent),
        (TABLE.rows().iter().filter(|r| r.until >= 2018).count() + 1, parts)
    );
    assert!(continued > 50, "{continued}");
}

#[test]
fn a_place_that_was_renamed_or_got_another_code_is_one_line() {
    for (code, year, line_code) in [
        // 太谷县, 太谷区.
        ("140726", 2018, "140726"),
        ("140726", 2019, "140726"),
        ("140726", 2024, "140726"),
        ("140703", 2018, "140726"),
        ("140703", 2020, "140726"),
        // 桥东区, 襄都区, under one code.
        ("130502", 2019, "130502"),
        ("130502", 2020, "130502"),
        ("130502", 2024, "130502"),
        // To another city.
        ("220381", 2019, "220381"),
        ("220184", 2021, "220381"),
        ("371203", 2017, "371203"),
        ("370117", 2022, "371203"),
        // 黔西县 in two prefectures, 黔西市.
        ("522423", 2010, "522423"),
        ("520522", 2015, "522423"),
        ("520581", 2022, "522423"),
        // Renamed cities.
        ("420600", 2009, "420600"),
        ("420600", 2022, "420600"),
        ("540600", 2022, "542400"),
    ] {
        assert_eq!(line(code, year), at(line_code, 0), "{code} {year}");
    }
}

#[test]
fn what_comes_after_a_merger_is_a_line_of_its_own() {
    for (code, year, expected) in [
        // 上城区 took in 江干区, 新建区 湾里区.
        ("330102", 2020, at("330102", 0)),
        ("330102", 2021, at("330102", 2021)),
        ("330102", 2024, at("330102", 2021)),
        ("330104", 2020, at("330104", 0)),
        ("330104", 2021, at("330104", 0)),
        ("360112", 2018, at("360122", 0)),
        ("360112", 2019, at("360112", 2019)),
        // 崇川区 and 港闸区 are 崇川区; the new code on an earlier year is that of the one that has the name.
        ("320602", 2019, at("320602", 0)),
        ("320602", 2020, at("320602", 0)),
        ("320611", 2020, at("320611", 0)),
        ("320613", 2019, at("320602", 0)),
        ("320613", 2020, at("320613", 2020)),
        ("320613", 2023, at("320613", 2020)),
        // No part of 莱芜区 has its name.
        ("370116", 2017, at("370116", 0)),
        ("370116", 2018, at("370116", 2018)),
        // 桥西区 and 邢台县 are 信都区, under the code of the first.
        ("130503", 2019, at("130503", 0)),
        ("130503", 2020, at("130503", 2020)),
        ("130521", 2020, at("130521", 0)),
        // Divided.
        ("140211", 2018, at("140211", 0)),
        ("130104", 2013, at("130104", 0)),
        ("130104", 2014, at("130104", 2014)),
        // Made anew of a part.
        ("330110", 2020, at("330110", 0)),
        ("330110", 2021, at("330110", 2021)),
        ("330113", 2021, at("330113", 0)),
        // 万盛区 had the code of what 綦江县 and it became.
        ("500110", 2010, at("500110", 0)),
        ("500110", 2011, at("500110", 2011)),
        ("500222", 2010, at("500222", 0)),
    ] {
        assert_eq!(line(code, year), expected, "{code} {year}");
    }
}

#[test]
fn a_county_that_never_changed_is_one_line_in_all_years() {
    let rows = TABLE.rows();
    let is_target = |code: &str| rows.iter().any(|row| row.successors().any(|next| next == code));
    let is_remade = |code: &str| REMADE.iter().any(|(remade, _)| *remade == code);
    let same = rows.iter().filter(|row| row.kind() == Kind::County && row.from == 0 && row.until == 0);
    let same: Vec<_> = same.filter(|row| !is_target(row.code) && !is_remade(row.code)).collect();
    assert!(same.len() > 2400, "{}", same.len());
    for row in same {
        for year in [0, 2008, 2018, 2019, 2020, 2021, 2025, u16::MAX] {
            assert_eq!(line(row.code, year), at(row.code, 0), "{row:?} {year}");
        }
    }
}

#[test]
fn every_code_has_a_line_in_every_year_and_no_other_has() {
    for row in TABLE.rows() {
        for year in [0, 2010, 2019, u16::MAX] {
            assert!(line(row.code, year).is_some(), "{row:?} {year}");
        }
    }
    for code in ["", "999999", "新县", "4115"] {
        assert_eq!(line(code, 2020), None, "{code}");
    }
}

/// No line has two divisions at once: reports of two places would be compared.
#[test]
fn a_line_is_one_place_in_each_year() {
    for year in 2008..2027 {
        let mut seen = FxHashMap::default();
        for row in TABLE.rows().iter().filter(|row| row.from <= year && year < end_of(row)) {
            let line = line(row.code, year).unwrap();
            let other = seen.insert(line, row.code);
            assert_eq!(other, None, "{line:?} in {year}: {row:?}");
        }
    }
}

#[test]
fn a_table_with_loops_and_holes_is_traced_to_the_end() {
    let rows: Vec<Division> = [
        "990101\t甲县\t\t2019\t990102",
        "990102\t乙县\t2019\t2019\t990101",
        "990103\t丙县\t\t2020\t990199",
        "990104\t丁县\t\t2020",
        "990105\t戊县\t\t2020\t990105",
    ]
    .into_iter()
    .map(|row| Division::parse(row).unwrap())
    .collect();
    let lines = trace(&rows);
    assert_eq!(lines.len(), rows.len());
    assert!(lines.values().all(|spans| spans.first().is_some_and(|span| span.from == 0)));
}

#[test]
fn a_renamed_place_has_both_its_names() {
    let names = |old, new| renaming(old, new).map(|names| (names.old, names.new));
    let pair = |old: &str, new: &str| Some((old.to_owned(), new.to_owned()));
    assert_eq!(names("140726", "140703"), pair("太谷县", "太谷区"));
    assert_eq!(names("130502", "130502"), pair("桥东区", "襄都区"), "under one code");
    assert_eq!(names("522423", "520581"), pair("黔西县", "黔西市"), "over two codes");
    assert_eq!(names("420600", "420600"), pair("襄樊市", "襄阳市"));
    assert_eq!(names("220381", "220184"), pair("四平市公主岭市", "长春市公主岭市"));
    assert_eq!(names("371203", "370117"), pair("莱芜市钢城区", "济南市钢城区"));
}

#[test]
fn places_that_are_two_or_kept_their_names_are_not_renamed() {
    for (old, new, why) in [
        ("411523", "411523", "the same"),
        ("140726", "140726", "the same code"),
        ("140703", "140726", "the other way round"),
        ("411523", "411524", "two places"),
        ("320602", "320613", "merged"),
        ("330104", "330102", "merged"),
        ("130503", "130503", "merged under one code"),
        ("140211", "140213", "divided"),
        ("140726", "999999", "unknown"),
        ("", "140703", "unknown"),
    ] {
        assert_eq!(renaming(old, new), None, "{old} {new}: {why}");
    }
}
