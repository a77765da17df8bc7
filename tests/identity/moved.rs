//! Files that are renamed, moved within what is no evidence, or doubled change nothing in a list of what is to be put
//! right; what is put right is gone from it, and nothing else is.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::folder::{Files, gouji, written};
use crate::paper::{Layout, Paper};
use crate::renaming::reshaped;
use crate::world::World;

/// The list of a folder, and what changed since an earlier one.
fn listed(folder: &Path, to: &Path, since: Option<&Path>) -> Vec<Value> {
    let mut arguments = vec!["export", folder.to_str().unwrap(), "--ledger", "-o", to.to_str().unwrap()];
    arguments.extend(since.iter().flat_map(|since| ["--since", since.to_str().unwrap()]));
    let output = gouji(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(to).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What became of the rows of the list of some files in that of others: the change, rule and report of each row.
fn changes(before: &Files, after: &Files) -> Vec<[String; 3]> {
    let lists = tempfile::tempdir().unwrap();
    let [earlier, later]: [PathBuf; 2] = ["earlier.jsonl", "later.jsonl"].map(|name| lists.path().join(name));
    let (before, after) = (written(before), written(after));
    assert!(!listed(before.path(), &earlier, None).is_empty());
    let text =
        |row: &Value, name: &str| row[name].as_str().unwrap_or_else(|| panic!("{name}: {row:#}")).to_owned();
    let row = |row: &Value| ["change", "rule", "report"].map(|name| text(row, name));
    listed(after.path(), &later, Some(&earlier)).iter().map(row).collect()
}

fn other_than_remains(rows: &[[String; 3]]) -> Vec<&[String; 3]> {
    rows.iter().filter(|[change, ..]| change != "remains").collect()
}

#[test]
fn renamed_moved_and_doubled_files_change_nothing() {
    let files = World::new(29, 1).files;
    let n = changes(&files, &files).len();
    for (chance, moves) in [(1, false), (2, true)] {
        let rows = changes(&files, &reshaped(&files, chance, moves).0);
        assert_eq!(other_than_remains(&rows), Vec::<&[String; 3]>::new(), "{chance}");
        assert_eq!(rows.len(), n);
    }
}

/// Some versions for a year, and the next year; each is broken in itself.
fn versions() -> Vec<Paper> {
    let one = Paper::new("新县教育局", 2022).but(|paper| {
        paper.flow(1, 30, 5);
        paper.set("reconsideration_and_litigation.reconsideration.total", 3);
    });
    let carried = |n| one.but(|paper| paper.set("proactive_disclosure.licensing.decisions", n));
    let next = one.but(|paper| {
        paper.year = Some(2023);
        paper.flow(9, 30, 1);
    });
    vec![one.clone(), carried(7), carried(8), carried(9), next]
}

fn named(papers: &[Paper], names: &[&str]) -> Files {
    let file =
        |(paper, name): (&Paper, &&str)| (format!("a/{name}.txt"), paper.print(Layout::Tabs).into_bytes());
    papers.iter().zip(names).map(file).collect()
}

#[test]
fn several_versions_remain_under_other_names() {
    let papers = versions();
    let before = named(&papers, &["1", "2", "3", "4", "5"]);
    for names in [["5", "4", "3", "2", "1"], ["3", "1", "4", "5", "2"]] {
        let rows = changes(&before, &named(&papers, &names));
        assert_eq!(other_than_remains(&rows), Vec::<&[String; 3]>::new(), "{names:?}");
        assert_eq!(rows.iter().filter(|[_, rule, _]| rule == "O5").count(), 4);
    }
}

#[test]
fn what_is_put_right_is_no_longer_there_and_the_rest_remains() {
    let papers = versions();
    let names = ["1", "2", "3", "4", "5"];
    let before = named(&papers, &names);
    // The next year carries in what was carried out.
    let mut right = papers.clone();
    right[4].flow(5, 30, 1);
    let rows = changes(&before, &named(&right, &names));
    let of = |rule: &str| -> Vec<&str> {
        rows.iter().filter(|[_, other, _]| other == rule).map(|[change, ..]| change.as_str()).collect()
    };
    assert_eq!(of("Y1"), ["settled"]);
    assert_eq!(of("O5"), ["remains"; 4]);
    // A version that is gone changes what is said of the others.
    let rows = changes(&before, &named(&papers[1..], &names[1..]));
    assert!(rows.iter().any(|[change, rule, _]| rule == "O5" && change != "remains"), "{rows:#?}");
}
