//! A folder of documents, and what gouji says of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use gouji::corpus::{self, Corpus};
use gouji::rules::Settings;
use serde_json::Value;

/// Runs the command.
pub(crate) fn gouji(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(arguments)
        .args(["--lang", "zh"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("XDG_DATA_HOME", "/nonexistent")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("XDG_CACHE_HOME", "/nonexistent")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Documents by their paths in a folder.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// A folder in which they are.
pub(crate) fn written(files: &[(String, Vec<u8>)]) -> tempfile::TempDir {
    // A name without words: it must say nothing of any place.
    let folder = tempfile::Builder::new().prefix("x").tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// The index of a folder.
pub(crate) fn indexed(folder: &Path) -> Corpus {
    let settings = Arc::new(Settings::default());
    let mut corpus = Corpus::new(Arc::clone(&settings), None);
    corpus::read(&[folder.to_owned()], &settings, &mut |batch| {
        corpus.add(batch, false);
        corpus::Flow::Go
    });
    corpus.relate();
    corpus
}

/// The identifiers of the reports of an index.
pub(crate) fn ids(corpus: &Corpus) -> BTreeSet<String> {
    corpus.reports().map(|i| corpus.id(i).raw().to_owned()).collect()
}

/// What became of the documents of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub reports: usize,
    pub copies: usize,
    /// How many of the reports have another version.
    pub versions: usize,
}

impl Told {
    /// As the index has it.
    pub(crate) fn by_index(folder: &Path) -> Self {
        Self::of(&indexed(folder))
    }

    /// As an index has it.
    pub(crate) fn of(corpus: &Corpus) -> Self {
        Self {
            // Every report has its own identifier: one that has that of another is missing.
            reports: ids(corpus).len(),
            copies: corpus.account().copies,
            versions: corpus.reports().filter(|i| !corpus.versions(*i).is_empty()).count(),
        }
    }

    /// As `check` has it.
    pub(crate) fn by_check(folder: &Path) -> Self {
        let output = gouji(&["check", "--format", "jsonl", folder.to_str().unwrap()]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
        let number = |before: &str| -> usize {
            let (_, rest) = said.rsplit_once(before).unwrap_or_else(|| panic!("{before}: {said}"));
            rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
        };
        let (documents, copies) = (number("；报告 "), number("其中副本 "));
        let out = String::from_utf8(output.stdout).unwrap();
        let records = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let versions: BTreeSet<String> = records
            .filter(|record| record["rule"] == "O5")
            .map(|record| record["report"].to_string())
            .collect();
        Self { reports: documents - copies, copies, versions: versions.len() }
    }
}

/// What `check` found, in the order in which it is told.
pub(crate) fn records(folder: &Path) -> Vec<Value> {
    let output = gouji(&["check", "--format", "jsonl", folder.to_str().unwrap()]);
    let out = String::from_utf8(output.stdout).unwrap();
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The broken sums of a folder.
pub(crate) fn broken_sums(folder: &Path) -> String {
    String::from_utf8(gouji(&["check", "--format", "tsv", folder.to_str().unwrap()]).stdout).unwrap()
}
