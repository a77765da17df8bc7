//! What is typed, what is read, what is written back.

use proptest::prelude::*;

use super::*;

#[test]
fn terms_are_read_and_written_back() {
    let cases = [
        ("财政 局", "财政 局"),
        ("year:2019", "year:2019"),
        ("year:2019..2022", "year:2019..2022"),
        ("year:2019-2022", "year:2019..2022"),
        ("year:2019-", "year:2019.."),
        ("year:..2022", "year:..2022"),
        ("年度：２０２１", "year:2021"),
        ("YEAR:2021", "year:2021"),
        ("county:xx -县区:新县", "county:xx -county:新县"),
        ("county:\"xin xian\"", "county:\"xin xian\""),
        ("county:“新县”", "county:新县"),
        ("template:2019|2021", "template:2019,2021"),
        ("rule:t3.1,X", "rule:T3.1,X"),
        ("规则:T3", "rule:T3"),
        ("severity:warning", "severity:warning"),
        ("严重:警告", "severity:warning"),
        ("is:unreviewed，已确认", "is:unreviewed,confirmed"),
        ("received:>1000", "received:1001.."),
        ("收到:>=10", "received:10.."),
        ("received:<10", "received:..9"),
        ("carried:10..20", "carried:10..20"),
        ("\"a:b\"", "\"a:b\""),
        ("\"-x\"", "\"-x\""),
        ("-", "\"-\""),
        (":x", "\":x\""),
        ("", ""),
        ("   ", ""),
    ];
    for (typed, written) in cases {
        let read = Typed::read(typed);
        assert_eq!((read.to_string().as_str(), read.errors.as_slice()), (written, &[][..]), "{typed}");
        assert_eq!(Typed::read(written), read, "{typed} written back");
    }
}

#[test]
fn what_is_wrong_is_shown_and_the_rest_works() {
    let cases = [
        ("新县 yaer:2019 year:2020", 3..12, Wrong::Unknown("yaer".into(), None)),
        ("cou:x", 0..5, Wrong::Unknown("cou".into(), Some("county"))),
        ("x year:", 2..7, Wrong::Empty(Key::Year)),
        ("year:abc", 0..8, Wrong::Value(Key::Year, "abc".into())),
        ("year:2022..2019", 0..15, Wrong::Value(Key::Year, "2022..2019".into())),
        ("received:<0", 0..11, Wrong::Value(Key::Received, "<0".into())),
        ("received:99999999999999999999", 0..29, Wrong::Value(Key::Received, "99999999999999999999".into())),
        ("rule:T9", 0..7, Wrong::Value(Key::Rule, "T9".into())),
        ("is:unreviewed,", 0..14, Wrong::Value(Key::Is, "unreviewed,".into())),
    ];
    for (typed, at, kind) in cases {
        let read = Typed::read(typed);
        assert_eq!(read.errors, [TermError { at, kind }], "{typed}");
        for lang in [Lang::Zh, Lang::En] {
            assert!(!read.errors[0].message(lang).is_empty());
        }
    }
    assert_eq!(Typed::read("新县 yaer:2019 year:2020").to_string(), "新县 year:2020");
}

#[test]
fn a_rule_is_asked_for_by_itself_or_its_family() {
    let cases = [("T3", "T3.1", true), ("T3.1", "T3.10", false), ("N1", "N10", false), ("N", "N10", true)];
    for (asked, id, want) in cases {
        assert_eq!(Value::Rules(vec![asked.to_owned()]).asks_for_rule(id), want, "{asked} {id}");
    }
}

#[test]
fn what_could_stand_there() {
    let cases: &[(&str, usize, usize, &[&str])] = &[
        ("co", 2, 0, &["county:"]),
        ("新县 ye", 5, 3, &["year:"]),
        ("-se", 3, 1, &["severity:"]),
        ("年", 1, 0, &["year:"]),
        ("is:un", 5, 3, &["unreviewed"]),
        ("is:query,con", 12, 9, &["confirmed"]),
        ("rule:t4", 7, 5, &["T4.1", "T4.2", "T4.3", "T4.4"]),
        ("county:xx", 9, 7, &["新县", "\"a b\""]),
        ("nothing:x", 9, 0, &[]),
    ];
    let values = |key, typed: &str| {
        if key == Key::County && typed == "xx" { vec!["新县".to_owned(), "a b".to_owned()] } else { vec![] }
    };
    for (text, cursor, from, want) in cases {
        let found = complete(text, *cursor, values);
        let texts: Vec<&str> = found.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, *want, "{text}");
        assert!(found.iter().all(|c| c.replaces == (*from..*cursor)), "{text}");
    }
}

#[test]
fn every_example_reads_without_errors() {
    for term in TERMS {
        let read = Typed::read(term.example);
        assert!(read.errors.is_empty(), "{}", term.example);
        assert_eq!(read.clauses[0].key, Some(term.key), "{}", term.example);
        for name in term.chinese {
            assert_eq!(Term::find(name).map(|t| t.key), Some(term.key), "{name} is one term's only");
        }
        assert!(markdown().contains(term.example));
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_the_same(
        text in "((-|－)?(year|is|county|规则|严重|received|x)?(:|：)?[a-z0-9新县\"“ :：,.|>－-]{0,8} ?){0,5}",
    ) {
        let read = Typed::read(&text);
        let length = text.chars().count();
        prop_assert!(read.errors.iter().all(|e| e.at.start < e.at.end && e.at.end <= length));
        let again = Typed::read(&read.to_string());
        prop_assert_eq!(&again.clauses, &read.clauses, "{} became {}", text, read);
        prop_assert!(again.errors.is_empty());
    }
}
