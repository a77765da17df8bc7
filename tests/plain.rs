//! `gouji --plain`: the list and a report as lines of words, for braille lines, voices and pipes.
//!
//! The expected texts are in `tests/plain/`. After a change that is meant, run with `GOUJI_BLESS=1` and read the
//! difference against the reports before keeping it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn plain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(["--plain", "--no-cache", "sample-data/reports"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// What is printed, which holds nothing that is not meant for reading line by line.
fn text(arguments: &[&str]) -> String {
    let output = plain(arguments);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let is_drawn = |c: char| c.is_control() && c != '\n' || "│─┌└✓✗▸▲▼●≠→".contains(c);
    assert!(!text.contains(is_drawn), "{text}");
    assert!(
        text.lines().all(|line| !line.contains("  ") && line == line.trim_end()),
        "aligned by blanks\n{text}"
    );
    text
}

#[test]
fn lists_and_reports_are_as_they_were_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plain");
    for (name, arguments) in [
        ("list.zh", &["--lang", "zh"] as &[&str]),
        ("list.en", &["--lang", "en"]),
        ("report.zh", &["--lang", "zh", "--report", "1"]),
        ("report.en", &["--lang", "en", "--report", "1"]),
    ] {
        let path = folder.join(format!("{name}.txt"));
        let now = text(arguments);
        if std::env::var_os("GOUJI_BLESS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &now).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), now, "{name}");
    }
}

#[test]
fn one_report_alone_is_printed_whole() {
    let whole = text(&["--lang", "zh", "--county", "镇坪县", "--year", "2019"]);
    assert!(whole.contains("\n一 本年新收，自然人："), "{whole}");
    // Every cell of table 3 of that form has a line of its own: 23 rows by 7 columns.
    let cells = whole.lines().filter(|line| line.contains("，自然人：") && !line.starts_with("核对"));
    assert_eq!(cells.count(), 23, "{whole}");
}

#[test]
fn what_is_not_there_is_an_error() {
    for arguments in
        [&["--report", "99"] as &[&str], &["--report", "0"], &["--county", "无此县"], &["--year", "1999"]]
    {
        let output = plain(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}
