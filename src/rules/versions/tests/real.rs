//! Documents as they are: the same report written by many programs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{read, say, shared};
use crate::display::Lang;
use crate::report::Report;
use crate::rules::versions::{compare, figures_agree};

/// Two of the reports there: all six take half a minute.
const SOME: [&str; 2] = ["000", "szf"];

/// Reports in eighty formats and layouts each. PDFs are read if `GOUJI_PROGRAM` names the program that reads them.
#[test]
fn documents_of_one_report_are_copies_whatever_made_them() {
    let Some(zoo) = shared("zoo") else { return };
    if let Ok(main) = std::env::var("GOUJI_PROGRAM") {
        crate::load::pdf::use_program(main.into());
    }
    let mut all: BTreeMap<String, Vec<(String, Report)>> = BTreeMap::new();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(zoo).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|f| f.is_dir() && !f.ends_with("truth")) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name: String = path.file_stem().unwrap().to_string_lossy().chars().take(3).collect();
            if !SOME.contains(&name.as_str()) {
                continue;
            }
            if let Some(report) = read(&path) {
                let folder = folder.file_name().unwrap().to_string_lossy().into_owned();
                all.entry(name).or_default().push((folder, report));
            }
        }
    }
    let (mut agree, mut copies, mut tried) = (0, 0, 0);
    for (name, reports) in &all {
        let (mut agree_here, mut copies_here) = (0, 0);
        let mut bad: BTreeMap<&str, usize> = BTreeMap::new();
        for (i, (kind, a)) in reports.iter().enumerate() {
            for (other, b) in reports.iter().skip(i + 1) {
                if !figures_agree(a, b) {
                    continue;
                }
                agree_here += 1;
                let found = compare(a, b);
                if found.is_copy() {
                    copies_here += 1;
                    // The same pair with one digit changed.
                    if let Some(changed) = with_another_digit(b).filter(|_| (i + copies_here) % 7 == 0) {
                        tried += 1;
                        assert!(!compare(a, &changed).is_copy(), "{name} {kind} {other}");
                    }
                } else {
                    *bad.entry(kind).or_default() += 1;
                    *bad.entry(other).or_default() += 1;
                    say(&format!(
                        "{name} {kind} {other}: {} {} {}",
                        found.sentences.len(),
                        found.is_thin,
                        found.words(Lang::Zh)
                    ));
                }
            }
        }
        say(&format!("=== {name}: {} read, {copies_here} of {agree_here} pairs {bad:?}", reports.len()));
        agree += agree_here;
        copies += copies_here;
    }
    say(&format!("=== {copies} of {agree} pairs; {tried} with another digit"));
    // What is left are layouts whose tables the reader took for sentences.
    assert!(agree > 1_000 && tried > 100 && copies * 100 >= agree * 99, "{copies} of {agree}");
}

/// The report with another last digit in its first section.
fn with_another_digit(report: &Report) -> Option<Report> {
    let mut changed = report.clone();
    let section = changed.sections.iter_mut().find(|section| section.number == 1)?;
    let text = section.text.raw();
    let at = text.rfind(|c: char| c.is_ascii_digit())?;
    let (before, behind) = text.split_at(at);
    let (digit, behind) = behind.split_at(1);
    let digit = if digit == "7" { "1" } else { "7" };
    section.text = format!("{before}{digit}{behind}").into();
    Some(changed)
}
