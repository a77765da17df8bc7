//! Documents as they are: the same report written by many programs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{read, shared};
use crate::display::Lang;
use crate::report::Report;
use crate::rules::versions::{compare, figures_agree};

#[test]
#[ignore = "takes minutes"]
fn the_zoo() {
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
            let name = path.file_stem().unwrap().to_string_lossy().chars().take(3).collect();
            if let Some(report) = read(&path) {
                let folder = folder.file_name().unwrap().to_string_lossy().into_owned();
                all.entry(name).or_default().push((folder, report));
            }
        }
    }
    let (mut agree, mut copies) = (0, 0);
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
                } else {
                    *bad.entry(kind).or_default() += 1;
                    *bad.entry(other).or_default() += 1;
                    println!(
                        "{name} {kind} {other}: {} {} {}",
                        found.sentences.len(),
                        found.is_thin,
                        found.words(Lang::Zh)
                    );
                }
            }
        }
        println!("=== {name}: {} read, {copies_here} of {agree_here} pairs {bad:?}", reports.len());
        agree += agree_here;
        copies += copies_here;
    }
    println!("=== {copies} of {agree} pairs");
}
