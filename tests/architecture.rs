//! The house rules that a test can hold: who imports whom, and what may be used where.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the crate; each imports only from those before it.
///
/// `search` comes before `corpus` because a listing matches the typed words against the distinct names.
const ORDER: &[&str] = &[
    "display", "report", "places", "load", "rules", "search", "corpus", "review", "synth", "export", "tui",
    "main", "commands",
];

fn sources() -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.insert(path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_owned(), text);
            }
        }
    }
    files
}

/// The top module of a file: `src/load/json.rs` is in `load`.
fn module_of(file: &Path) -> String {
    let mut parts = file.components().skip(1);
    let first = parts.next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// What a file is before its tests.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

#[test]
fn modules_import_only_from_those_before_them() {
    let rank = |module: &str| ORDER.iter().position(|m| *m == module);
    for (file, text) in sources() {
        let module = module_of(&file);
        if module == "lib" {
            continue;
        }
        let own = rank(&module).unwrap_or_else(|| panic!("{} is in no module of the order", file.display()));
        for piece in text.split("crate::").skip(1).chain(text.split("gouji::").skip(1)) {
            let target: String =
                piece.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if let Some(theirs) = rank(&target) {
                assert!(theirs <= own, "{}: {module} must not import {target}", file.display());
            }
        }
    }
}

#[test]
fn what_may_be_used_where() {
    // (text, where it may stand, why)
    let rules: &[(&str, &[&str], &str)] = &[
        (
            "fuzzy_matcher",
            &["src/search/pattern.rs", "src/search/rank.rs"],
            "search is the only user of the matcher",
        ),
        ("set_symbol(", &[], "text reaches a cell through display and widgets only"),
        ("println!", &["src/main.rs", "src/commands.rs"], "only the commands print"),
        ("process::exit", &[], "main returns its exit code"),
        ("thread::sleep", &[], "nothing waits by the clock"),
        (
            ".raw()",
            &[
                "src/tui/views/document.rs",
                "src/tui/views/detail.rs",
                "src/tui/views/narrative.rs",
                "src/tui/session.rs",
                "src/tui/settling.rs",
                "src/tui/reviews.rs",
            ],
            "views show text through visible()",
        ),
    ];
    for (file, text) in sources() {
        let name = file.to_string_lossy().into_owned();
        for (pattern, allowed, why) in rules {
            let in_scope = *pattern != ".raw()" || name.starts_with("src/tui/");
            let is_used = without_tests(&text)
                .lines()
                .any(|l| l.contains(pattern) && !l.trim_start().starts_with("//"));
            assert!(
                !in_scope || !is_used || allowed.contains(&name.as_str()),
                "{name} uses {pattern}: {why}"
            );
        }
    }
}

#[test]
fn every_module_says_why_it_exists() {
    for (file, text) in sources() {
        assert!(text.starts_with("//! "), "{} has no module documentation", file.display());
    }
}

#[test]
fn one_crossterm() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    assert_eq!(
        lock.matches("name = \"crossterm\"\n").count(),
        1,
        "two versions of crossterm do not share a terminal"
    );
}

/// The README; with `GOUJI_BLESS=1` the table behind a mark is replaced by what it should be.
fn readme_table(mark: &str, want: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, table) = readme.split_once(mark).unwrap_or_else(|| panic!("the README has the mark {mark}"));
    if std::env::var_os("GOUJI_BLESS").is_some() {
        let rest = table.trim_start_matches('\n').split_once("\n\n").map_or("", |(_, rest)| rest);
        fs::write(&path, format!("{before}{mark}\n{want}\n{rest}")).unwrap();
        return;
    }
    assert!(
        table.trim_start().starts_with(want),
        "the table behind {mark} in README.md should read:\n{want}"
    );
}

#[test]
fn the_readme_shows_the_keys_and_rules_that_there_are() {
    readme_table("<!-- keys -->", &gouji::tui::keymap::markdown());
    readme_table("<!-- rules -->", &gouji::rules::markdown());
    readme_table("<!-- terms -->", &gouji::search::terms::markdown());
}
