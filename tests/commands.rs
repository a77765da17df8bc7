//! The commands as scripts use them: output, exit codes, account of files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

use std::io::Read;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn gouji(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn exit_codes_say_clean_findings_or_could_not_run() {
    let zhenping = "sample-data/reports/zhenpingxian-2019.txt";
    let cases: &[(&[&str], i32)] = &[
        (&["check", "sample-data/reports/xinxian-2024.txt"], 0),
        (&["check", zhenping], 1),
        (&["check", zhenping, "--fail-on", "never"], 0),
        (&["check", zhenping, "--rule", "F3"], 0),
        (&["check", zhenping, "--rule", "f3", "--fail-on", "warning"], 1),
        (&["check", zhenping, "--year", "2020-2024"], 2),
        (&["check", zhenping, "--county", "镇坪县"], 1),
        (&["check", zhenping, "--rule", "T9.9"], 2),
        (&["check", zhenping, "--format", "nonsense"], 2),
        (&["check", "no/such/path"], 2),
        (&["check", "Cargo.toml"], 2),
        (&["check"], 2),
        (&["rules", "T3.1"], 0),
        (&["rules", "T9.9"], 2),
        (&["schema"], 0),
    ];
    for (arguments, code) in cases {
        let output = gouji(arguments);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}\n{}", err(&output));
        assert!(*code != 2 || !output.stderr.is_empty(), "{arguments:?} says why");
        assert!(*code != 2 || output.stdout.is_empty(), "{arguments:?} prints nothing");
    }
}

#[test]
fn a_finding_a_line_with_everything_that_the_contract_names() {
    let output = gouji(&["check", "sample-data/reports", "--format", "jsonl", "--lang", "en"]);
    let lines: Vec<Value> = out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > 9);
    for line in &lines {
        for member in [
            "file", "agency", "county", "year", "rule", "severity", "cells", "declared", "computed", "delta",
            "message", "line", "group",
        ] {
            assert!(line.get(member).is_some(), "{member} is missing in {line}");
        }
    }
    let balance = lines.iter().find(|l| l["rule"] == "T3.1" && l["declared"] == 1).unwrap();
    assert_eq!(
        (&balance["computed"], &balance["delta"], &balance["line"]),
        (&0.into(), &1.into(), &54.into())
    );
    assert_eq!(balance["cells"][0], "requests.received.other");
    assert_eq!(
        balance["terms"][0],
        serde_json::json!({"cell": "requests.received.other", "sign": "+", "value": 1})
    );
    // The shift between two columns and both balances that it breaks have one cause, and a likely repair.
    let group: Vec<&str> = lines
        .iter()
        .filter(|l| l["group"] == balance["group"] && l["file"] == balance["file"])
        .filter_map(|l| l["rule"].as_str())
        .collect();
    assert_eq!(group, ["T3.5", "T3.1", "T3.1"]);
    assert_eq!(
        balance["likely"],
        "likely: 1 Received: 1 from other to person (one request filed under two applicant types); this settles 2 breaks"
    );
    let stale = lines.iter().find(|l| l["rule"] == "D2").unwrap();
    assert_eq!((&stale["quote"], &stale["line"]), (&"2018 年全省政务公开评估指标".into(), &93.into()));
    let account = err(&output);
    assert!(account.contains("files 5 = loaded 4 + with problems 1 + rejected 0 + skipped 0"), "{account}");
}

#[test]
fn parsed_reports_go_in_again_and_come_out_the_same() {
    let parsed = gouji(&["parse", "sample-data/reports"]);
    assert_eq!(out(&parsed).lines().count(), 5);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.jsonl");
    std::fs::write(&file, &parsed.stdout).unwrap();
    let again = gouji(&["parse", file.to_str().unwrap()]);
    assert_eq!(out(&again), out(&parsed));
    // One file each, and those are read like the line.
    let each = folder.path().join("each");
    assert!(gouji(&["parse", "sample-data/reports", "-o", each.to_str().unwrap()]).status.success());
    assert_eq!(std::fs::read_dir(&each).unwrap().count(), 5);
    let mut one: Vec<String> =
        out(&gouji(&["parse", each.to_str().unwrap()])).lines().map(str::to_owned).collect();
    let mut all: Vec<String> = out(&parsed).lines().map(str::to_owned).collect();
    one.sort();
    all.sort();
    assert_eq!(one, all);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let line = format!(
        "\"{}\" parse sample-data/reports sample-data/reports | head -c 10; test ${{PIPESTATUS[0]}} -eq 0",
        env!("CARGO_BIN_EXE_gouji")
    );
    let output =
        Command::new("bash").args(["-c", &line]).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn the_synthetic_sample_is_what_the_program_makes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("counties.jsonl");
    assert!(gouji(&["synth", "240", "--invented", "-o", file.to_str().unwrap()]).status.success());
    for name in ["counties.jsonl", "counties.labels.jsonl"] {
        let shipped =
            std::fs::read(format!("{}/sample-data/synthetic/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(
            std::fs::read(folder.path().join(name)).unwrap() == shipped,
            "{name} is not what gouji synth writes"
        );
    }
}

#[test]
fn a_packed_synthetic_corpus_is_the_same_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["a.jsonl", "b.jsonl.gz"] {
        assert!(gouji(&["synth", "100", "-o", path(name).to_str().unwrap()]).status.success());
    }
    let mut unpacked = Vec::new();
    let packed = std::fs::File::open(path("b.jsonl.gz")).unwrap();
    flate2::read::MultiGzDecoder::new(packed).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == std::fs::read(path("a.jsonl")).unwrap());
    let labels = ["a.labels.jsonl", "b.labels.jsonl"].map(|name| std::fs::read(path(name)).unwrap());
    assert!(labels[0] == labels[1] && !labels[0].is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4, "nothing else is left");
}

#[test]
fn a_killed_synth_leaves_nothing_that_looks_like_a_corpus() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    std::fs::write(&file, "what was there before\n").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(["synth", "100000000", "-o", file.to_str().unwrap()])
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let is_half = |name: &str| name.starts_with(".gouji-");
    let halves = || {
        let entries = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
        entries.filter(|entry| entry.file_name().to_str().is_some_and(is_half)).collect::<Vec<_>>()
    };
    while halves().iter().all(|half| half.metadata().map_or(0, |meta| meta.len()) == 0) {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"what was there before\n");
    std::fs::remove_file(&file).unwrap();
    let output = gouji(&["check", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
}

#[test]
fn where_no_corpus_can_be_written_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("missing/a.jsonl");
    let output = gouji(&["synth", "6", "-o", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("a.jsonl: "), "{}", err(&output));
    // Labels that cannot be written: no corpus without them.
    std::fs::create_dir(folder.path().join("b.labels.jsonl")).unwrap();
    let file = folder.path().join("b.jsonl");
    assert_eq!(gouji(&["synth", "6", "-o", file.to_str().unwrap()]).status.code(), Some(2));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing but the folder in the way");
    let output = gouji(&["synth", "6", "-o", "/dev/stdout"]);
    assert_eq!(out(&output).lines().count(), 6, "{}", err(&output));
}

#[test]
fn county_by_year_is_the_same_from_the_kept_index() {
    let caches = tempfile::tempdir().unwrap();
    let matrix = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_gouji"))
            .args(["matrix", "sample-data"])
            .args(more)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("XDG_CACHE_HOME", caches.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", err(&output));
        out(&output)
    };
    let read = matrix(&["--no-cache"]);
    assert!(!caches.path().join("gouji").exists(), "nothing is kept");
    assert_eq!(matrix(&[]), read);
    assert!(caches.path().join("gouji").exists());
    assert_eq!(matrix(&[]), read, "from what was kept");
    let of = |county: &str, year: &str| {
        let mut lines =
            read.lines().filter(|line| line.contains(&format!("\t{county}\t")) && line.contains(year));
        lines.next().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>())
    };
    let zhenping = of("镇坪县", "\t2019\t").expect("one of the sample reports");
    assert_eq!(zhenping[5..7], ["1", "1"], "one report, with errors");
}

/// Exit code, standard output and standard error of a command.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = gouji(arguments);
    (output.status.code().unwrap(), out(&output), err(&output))
}

#[test]
fn the_manual_and_the_completions_have_every_command() {
    let (_, help, _) = run(&["--help"]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            line.strip_prefix("  ")?.split_whitespace().next().filter(|_| !line.starts_with("   "))
        })
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() >= 11, "{commands:?}");
    let (code, page, _) = run(&["man", "--lang", "en"]);
    assert_eq!(code, 0);
    for command in &commands {
        assert!(page.contains(&format!(".SH \"GOUJI {}\"", command.to_uppercase())), "{command}\n{page}");
    }
    for binding in gouji::tui::keymap::BINDINGS {
        let words = binding.en.split([':', '-', '\'']).next().unwrap();
        assert!(page.contains(words), "{words}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let (code, script, _) = run(&["completions", shell]);
        assert_eq!(code, 0);
        for command in &commands {
            assert!(script.contains(command), "{command} for {shell}");
        }
        assert!(script.contains("no-mouse") && script.contains("contrast"), "{shell}");
    }
}

#[test]
fn a_mistake_in_the_configuration_is_told_before_the_screen_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "[explorer]\n\ntheme = \"drak\"\n").unwrap();
    let (code, out, err) = run(&["--config", path.to_str().unwrap(), "sample-data"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("config.toml") && err.contains("line 3") && err.contains("dark"), "{err}");
    let (code, template, _) = run(&["config"]);
    assert_eq!(code, 0);
    std::fs::write(&path, template).unwrap();
    let (code, _, err) =
        run(&["check", "--config", path.to_str().unwrap(), "sample-data/reports", "--fail-on", "never"]);
    assert_eq!(code, 0, "{err}");
}

#[test]
fn messages_that_nobody_can_read_change_nothing() {
    for (arguments, code) in [
        (&["check", "Cargo.toml", "sample-data/reports/zhenpingxian-2019.txt"][..], 1),
        (&["parse", "sample-data/reports/xinxian-2024.txt", "Cargo.toml"], 0),
        (&["check", "no/such/path"], 2),
        (&["matrix", "--no-cache", "sample-data"], 0),
    ] {
        let whole = gouji(arguments);
        assert_eq!(whole.status.code(), Some(code), "{arguments:?}\n{}", err(&whole));
        // A full disk, and a reader that has gone.
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let (reader, gone) = std::io::pipe().unwrap();
        drop(reader);
        for unread in [Stdio::from(full), Stdio::from(gone)] {
            let output = Command::new(env!("CARGO_BIN_EXE_gouji"))
                .args(arguments)
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .stdin(Stdio::null())
                .stderr(unread)
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(code), "{arguments:?}");
            assert_eq!(output.stdout, whole.stdout, "{arguments:?}");
        }
    }
}

/// Every command that writes a file, with the name of the file in the place of `FILE`.
const WRITERS: &[&[&str]] = &[
    &["check", "sample-data/reports", "-o", "FILE"],
    &["check", "sample-data/reports", "--format", "tsv", "-o", "FILE"],
    &["check", "sample-data/reports", "--format", "xlsx", "-o", "FILE"],
    &["export", "sample-data", "-o", "FILE"],
    &["export", "sample-data", "--ledger", "-o", "FILE"],
    &["export", "sample-data", "--wide", "-o", "FILE"],
    &["review", "export", "--reviews", "STORE", "-o", "FILE"],
    &["synth", "6", "-o", "FILE"],
];

/// Runs a command that writes, with its own store and cache.
fn write_to(command: &[&str], file: &std::path::Path, folder: &std::path::Path) -> Output {
    let store = folder.join("store.gouji");
    let word = |word: &&str| match *word {
        "FILE" => file.as_os_str().to_owned(),
        "STORE" => store.clone().into(),
        other => other.into(),
    };
    Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(command.iter().map(word))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("XDG_DATA_HOME", folder.join("data"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn every_output_is_whole_its_own_and_follows_no_link() {
    use std::os::unix::fs::PermissionsExt;
    for command in WRITERS {
        let folder = tempfile::tempdir().unwrap();
        let reasons = ["review", "reasons", "--reviews", "STORE", "--set", "数据已核实"];
        write_to(&reasons, std::path::Path::new(""), folder.path());
        let ending = if command.contains(&"xlsx") {
            "xlsx"
        } else if command.contains(&"synth") {
            "jsonl"
        } else {
            "csv"
        };
        let file = folder.path().join(format!("out.{ending}"));
        let output = write_to(command, &file, folder.path());
        assert!(matches!(output.status.code(), Some(0 | 1)), "{command:?}\n{}", err(&output));
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{command:?}");
        // A link leads nowhere, and what it leads to stays as it is.
        let kept = folder.path().join("kept");
        std::fs::write(&kept, "kept").unwrap();
        let link = folder.path().join(format!("link.{ending}"));
        std::os::unix::fs::symlink(&kept, &link).unwrap();
        let output = write_to(command, &link, folder.path());
        assert_eq!(output.status.code(), Some(2), "{command:?}\n{}", err(&output));
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), "kept", "{command:?}");
    }
}

#[test]
fn names_that_a_spreadsheet_would_compute_have_an_apostrophe() {
    let folder = tempfile::tempdir().unwrap();
    let parsed = out(&gouji(&["parse", "sample-data/reports/zhenpingxian-2019.txt"]));
    let mut report: Value = serde_json::from_str(&parsed).unwrap();
    report["id"] = "=HYPERLINK(1)".into();
    report["county"] = "=1+1".into();
    report["county_code"] = Value::Null;
    report["requests"]["received"][6] = 99.into();
    let file = folder.path().join("a.json");
    std::fs::write(&file, report.to_string()).unwrap();
    let list = out(&gouji(&["check", file.to_str().unwrap(), "--format", "tsv"]));
    assert!(
        list.lines().count() > 0 && list.lines().all(|line| line.starts_with("'=HYPERLINK(1)\t")),
        "{list}"
    );
    let matrix = out(&gouji(&["matrix", "--no-cache", file.to_str().unwrap()]));
    assert!(!matrix.split(['\t', '\n']).any(|cell| cell.starts_with('=')), "{matrix}");
}

#[test]
fn refused_files_are_named_by_every_command_that_counts_reports() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    std::fs::create_dir(&corpus).unwrap();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(root.join("sample-data/reports/zhenpingxian-2019.txt"), corpus.join("a.txt")).unwrap();
    std::fs::write(corpus.join("b.txt"), "会议通知\n请各单位准时参加。\n").unwrap();
    // The second time the index is kept.
    for command in [&["--plain"][..], &["matrix"], &["matrix"], &["check"], &["parse"]] {
        let arguments: Vec<&str> = command.iter().copied().chain(["FILE"]).collect();
        let output = write_to(&arguments, &corpus, folder.path());
        let said = err(&output);
        assert!(said.contains("b.txt"), "{command:?}\n{said}");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{command:?}\n{said}");
    }
}
