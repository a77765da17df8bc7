//! What is said of versions beside each other, and of years between which a county was renamed.

use std::collections::BTreeSet;

use crate::folder::{Files, records, written};
use crate::paper::{Layout, Paper};

/// What is said by a rule in some documents, in order.
fn said(files: &[(&str, String)], rule: &str) -> Vec<String> {
    let files: Files =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.clone().into_bytes())).collect();
    let folder = written(&files);
    let records = records(folder.path());
    let of_rule = records.iter().filter(|record| record["rule"] == rule);
    of_rule.map(|record| record["message"].as_str().unwrap().to_owned()).collect()
}

/// The pairs of files that findings name, each with what is said of it.
fn pairs(said: &[String]) -> Vec<(String, String)> {
    let of_finding = |words: &String| -> Vec<(String, String)> {
        let (_, words) = words.split_once("个版本：").unwrap();
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in words.split('；') {
            // The pair ends where what differs begins; figures have an arrow too.
            match part.split_once('，').filter(|(files, _)| files.contains(['.', '@'])) {
                Some((files, words)) => pairs.push((files.to_owned(), words.to_owned())),
                None => pairs.last_mut().unwrap().1 += part,
            }
        }
        pairs
    };
    said.iter().flat_map(of_finding).collect()
}

fn versions() -> [Paper; 3] {
    let one = Paper::new("新县教育局", 2022).but(|paper| {
        paper.flow(1, 30, 5);
        paper.signed = Some("2023年1月20日".to_owned());
    });
    let second = one.but(|paper| {
        paper.problems.push_str("部分栏目改版后未能公开历史信息。");
        paper.signed = Some("2023年2月20日".to_owned());
    });
    let third = second.but(|paper| {
        paper.set("proactive_disclosure.licensing.decisions", 7);
        paper.signed = Some("2023年3月20日".to_owned());
    });
    [one, second, third]
}

#[test]
fn versions_are_named_apart_and_compared_in_one_direction() {
    let [one, second, third] = versions().map(|paper| paper.print(Layout::Tabs));
    let files = [("z/2022.txt", one), ("y/2022.txt", second), ("x/2022.txt", third)];
    let pairs = pairs(&said(&files, "O5"));
    assert_eq!(pairs.len(), 6, "{pairs:#?}");
    // Each pair is in both findings, in the same words, from the earlier to the later.
    let told: BTreeSet<&(String, String)> = pairs.iter().collect();
    let files: Vec<&str> = told.iter().map(|(files, _)| files.as_str()).collect();
    let stands = "x/2022.txt（以此代表该年度）";
    let want = ["y/2022.txt → ".to_owned() + stands, "z/2022.txt → ".to_owned() + stands];
    assert_eq!(files, [want[0].as_str(), want[1].as_str(), "z/2022.txt → y/2022.txt"]);
    for (files, words) in &told {
        assert_eq!(words.contains("增加“部分栏目改版"), files.starts_with('z'), "{files}: {words}");
        assert_eq!(words.contains("0 → 7"), files.ends_with(stands), "{files}: {words}");
        assert!(!words.contains("删去") && !words.contains("7 → 0"), "{files}: {words}");
    }
}

#[test]
fn names_are_no_longer_than_they_must_be() {
    let [one, second, _] = versions().map(|paper| paper.print(Layout::Tabs));
    let names = |paths: [&str; 2]| {
        let files = [(paths[0], one.clone()), (paths[1], second.clone())];
        let pairs = pairs(&said(&files, "O5"));
        assert_eq!(pairs.len(), 2);
        assert_eq!(pairs[0], pairs[1]);
        pairs[0].0.replace("（以此代表该年度）", "")
    };
    assert_eq!(names(["a/1.txt", "a/2.txt"]), "1.txt → 2.txt");
    assert_eq!(names(["a/b/1.txt", "c/b/1.txt"]), "a/b/1.txt → c/b/1.txt");
    // Several in one file.
    let [one, second, _] = versions();
    let lines = one.parsed(|_| {}) + "\n" + &second.parsed(|_| {}) + "\n";
    let pairs = pairs(&said(&[("a/all.jsonl", lines)], "O5"));
    let (from, to) = pairs[0].0.split_once(" → ").unwrap();
    assert!(from.starts_with("all.jsonl@") && to.starts_with("all.jsonl@") && from != to, "{pairs:?}");
}

#[test]
fn the_year_of_a_renaming_is_that_of_the_gazetteer() {
    let year = |agency: &str, year, carried_in, carried_out| {
        Paper::new(agency, year).but(|paper| paper.flow(carried_in, 30, carried_out)).print(Layout::Tabs)
    };
    let y1 = |before: (&str, u16), after: (&str, u16)| {
        let files = [("a/1.txt", year(before.0, before.1, 1, 5)), ("a/2.txt", year(after.0, after.1, 9, 1))];
        said(&files, "Y1").into_iter().next().unwrap()
    };
    // In the table 海门市 is 海门区 since 2020, whatever year the reports call it so first.
    for last in [2019, 2020, 2021] {
        let said = y1(("海门市教育局", last), ("海门区教育局", last + 1));
        assert!(said.ends_with("（海门市，2020年起海门区）"), "{last}: {said}");
    }
    // It kept its name and came to another city.
    let said = y1(("吉林省四平市公主岭市教育局", 2019), ("吉林省长春市公主岭市教育局", 2020));
    assert!(said.ends_with("（四平市公主岭市，2020年起长春市公主岭市）"), "{said}");
    let said = y1(("新县教育局", 2019), ("新县教育局", 2020));
    assert!(!said.contains("年起"), "{said}");
    // It kept its code: only the year of the change tells of it.
    let said = y1(("邢台市桥东区教育局", 2019), ("邢台市襄都区教育局", 2020));
    assert!(said.ends_with("（桥东区，2020年起襄都区）"), "{said}");
    let said = y1(("邢台市襄都区教育局", 2021), ("邢台市襄都区教育局", 2022));
    assert!(!said.contains("年起"), "{said}");
    // Two names of one county in the same years are no renaming.
    let said = y1(("马边县教育局", 2021), ("马边彝族自治县教育局", 2022));
    assert!(!said.contains("年起"), "{said}");
}
