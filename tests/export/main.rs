//! What is written for others, read back by other libraries: the list, the findings, the clean data.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod data;
mod formulas;
mod ledger;
mod whole;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use calamine::{Data, Range, Reader as _, Xlsx};
use serde_json::Value;

fn gouji(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(arguments)
        .args(["--lang", "zh"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("XDG_DATA_HOME", "/nonexistent")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Runs a command that must succeed, or find something.
fn run(arguments: &[&str]) -> String {
    let output = gouji(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}\n{said}");
    said
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn json(path: &Path) -> Vec<Value> {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn workbook(path: &Path) -> Xlsx<std::io::BufReader<std::fs::File>> {
    calamine::open_workbook(path).unwrap()
}

fn sheet(path: &Path, name: &str) -> Range<Data> {
    workbook(path).worksheet_range(name).unwrap()
}

/// CSV as RFC 4180 has it, by its own small reader: rows of fields, with CRLF ends and nothing after a closing quote.
fn csv(path: &Path) -> Vec<Vec<String>> {
    let whole = std::fs::read_to_string(path).unwrap();
    let mut chars = whole.strip_prefix('\u{feff}').expect("a byte order mark").chars().peekable();
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                assert!(field.is_empty(), "a quote inside a field: {field:?}");
                loop {
                    match chars.next().expect("the closing quote") {
                        '"' if chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
                        '"' => break,
                        c => field.push(c),
                    }
                }
                assert!(
                    matches!(chars.peek(), Some(',' | '\r')),
                    "something after a closing quote: {field:?}"
                );
            }
            ',' => row.push(std::mem::take(&mut field)),
            '\r' => {
                assert_eq!(chars.next(), Some('\n'), "a bare carriage return");
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            '\n' => panic!("a bare line end"),
            c => field.push(c),
        }
    }
    assert!(row.is_empty() && field.is_empty(), "the last row has no end");
    rows
}

/// A parsed sample report, changed.
fn sample(name: &str, change: impl FnOnce(&mut Value)) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/parsed").join(name);
    let mut report: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let members = report.as_object_mut().unwrap();
    // What was printed where is that of the sample; what stands there now is not.
    members.remove("cells");
    members.remove("problems");
    change(&mut report);
    report
}

fn put(folder: &Path, name: &str, report: &Value) -> PathBuf {
    std::fs::create_dir_all(folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, report.to_string()).unwrap();
    path
}
