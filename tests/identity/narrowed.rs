//! What is asked for changes what is listed, never what is true: copies, versions and comparisons are told among all
//! documents, whichever of them are asked for, and however their paths are given.

use std::path::Path;

use serde_json::Value;

use crate::folder::{gouji, written};
use crate::world::World;

fn checked(format: &str, paths: &[&str], options: &[&str]) -> Vec<String> {
    let output = gouji(&[&["check", "--format", format], paths, options].concat());
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    let mut lines: Vec<String> =
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// Findings without the number of their cause, which counts what is listed of the report.
fn found(path: &str, options: &[&str]) -> Vec<String> {
    let plain = |line: &String| {
        let mut record: Value = serde_json::from_str(line).unwrap();
        assert!(record.as_object_mut().unwrap().remove("group").is_some());
        record.to_string()
    };
    checked("jsonl", &[path], options).iter().map(plain).collect()
}

fn having(lines: &[String], is_asked: impl Fn(&Value) -> bool) -> Vec<String> {
    let is_asked = |line: &&String| is_asked(&serde_json::from_str(line).unwrap());
    lines.iter().filter(is_asked).cloned().collect()
}

#[test]
fn a_narrowed_run_finds_what_the_whole_run_finds_there() {
    let folder = written(&World::new(19, 1).files);
    let path = folder.path().to_str().unwrap();
    let all = found(path, &[]);
    let narrowed = |options: &[&str], is_asked: &dyn Fn(&Value) -> bool| {
        let want = having(&all, is_asked);
        assert!(!want.is_empty() && want.len() < all.len(), "{options:?}");
        assert_eq!(found(path, options), want, "{options:?}");
    };
    narrowed(&["--year", "2023"], &|record| record["year"] == 2023);
    narrowed(&["--year", "2020-2022"], &|record| {
        record["year"].as_u64().is_some_and(|y| (2020..=2022).contains(&y))
    });
    narrowed(&["--county", "新县"], &|record| record["county"] == "新县");
    narrowed(&["--county", "411523", "--year", "2022-2023"], &|record| {
        record["county_code"] == "411523" && [2022, 2023].contains(&record["year"].as_u64().unwrap_or(0))
    });
    narrowed(&["--rule", "Y1"], &|record| record["rule"] == "Y1");
    narrowed(&["--rule", "O5", "--year", "2023"], &|record| record["rule"] == "O5" && record["year"] == 2023);
    narrowed(&["--severity", "error"], &|record| record["severity"] == "error");
    // A county of a name that several have is asked for by its name.
    narrowed(&["--county", "鼓楼区"], &|record| record["county"] == "鼓楼区");
}

#[test]
fn a_narrowed_list_has_the_lines_of_the_whole_list() {
    let folder = written(&World::new(19, 1).files);
    let path = [folder.path().to_str().unwrap()];
    let all = checked("tsv", &path, &[]);
    let of_year = |year: &str| -> Vec<String> {
        let is_asked = |line: &&String| line.split('\t').next().unwrap().ends_with(&format!("/{year}"));
        all.iter().filter(is_asked).cloned().collect()
    };
    let mut n = 0;
    for year in ["2020", "2021", "2022", "2023", "2024"] {
        let lines = checked("tsv", &path, &["--year", year]);
        assert_eq!(lines, of_year(year), "{year}");
        n += lines.len();
    }
    // Reports without a year are in no year.
    assert_eq!(n + of_year("-").len(), all.len());
    assert!(n > 5 && n < all.len());
}

#[test]
fn paths_one_by_one_are_the_folder_in_whatever_order() {
    let folder = written(&World::new(23, 1).files);
    let mut parts: Vec<String> = folder
        .path()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    parts.sort();
    let whole = folder.path().to_str().unwrap();
    for format in ["jsonl", "tsv"] {
        let want = checked(format, &[whole], &[]);
        for _ in 0..2 {
            let paths: Vec<&str> = parts.iter().map(String::as_str).collect();
            assert_eq!(checked(format, &paths, &[]), want, "{format}");
            parts.reverse();
        }
        // What is named twice is there once.
        let twice: Vec<&str> = [whole].into_iter().chain(parts.iter().map(String::as_str)).collect();
        assert_eq!(checked(format, &twice, &[]), want, "{format}");
    }
    assert!(Path::new(whole).is_dir());
}
