//! Folders as they are: every file found is accounted for, nothing is waited for, nobody else's data is lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use common::repository;
use gouji::corpus::{self, Corpus, FileState, Flow};

fn load(path: &Path) -> Corpus {
    let mut corpus = Corpus::default();
    corpus::read(&[path.to_owned()], &mut |batch| {
        corpus.add(batch);
        Flow::Go
    });
    corpus
}

fn state(corpus: &Corpus, name: &str) -> (FileState, String) {
    let file = corpus
        .files()
        .iter()
        .find(|f| f.path.to_string_lossy().ends_with(name))
        .unwrap_or_else(|| panic!("{name} was not found"));
    let problem = file.problems.first().map_or(String::new(), |p| format!("{} {}", p.code.name(), p.line));
    (file.state, problem)
}

fn report(agency: &str, year: u16) -> String {
    let zeros = "[0,0,0,0,0,0,0]";
    format!(
        "{{\"agency\":\"{agency}\",\"year\":{year},\"template\":\"2021\",\"title\":\"{agency}{year}年政府信息公开工作年度报告\",\"requests\":{{\"received\":{zeros}}}}}"
    )
}

#[test]
fn every_file_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let good = repository("sample-data/reports/xinxian-2024.txt");
    fs::copy(&good, at("good.txt")).unwrap();
    fs::copy(repository("sample-data/reports/zhenpingxian-2019.txt"), at("doubtful.txt")).unwrap();
    fs::write(at("minutes.txt"), "会议纪要\n\n今天讨论了食堂。\n").unwrap();
    fs::write(at("empty.txt"), "").unwrap();
    fs::write(at("binary.bin"), [0_u8, 1, 2, 3]).unwrap();
    fs::write(at("paper.pdf"), "%PDF-1.7\n").unwrap();
    fs::write(at("page.html"), "<!DOCTYPE html><html></html>").unwrap();
    fs::write(at("gbk.txt"), b"\xb1\xa8\xb8\xe6\n").unwrap();
    fs::write(at("cut.json"), "{\"year\": 2024,\n\"title\": ").unwrap();
    fs::write(at(".hidden"), "x").unwrap();
    fs::write(at("README.md"), "about").unwrap();
    fs::write(at("labels.jsonl"), "{\"schema\":\"gouji/label/1\",\"id\":\"x\"}\n").unwrap();
    symlink(&good, at("link.txt")).unwrap();
    symlink("nowhere", at("dangling.txt")).unwrap();
    fs::create_dir(at("deep.json")).unwrap();
    symlink("..", at("deep.json/loop")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        at("pipe.txt"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9\x1b[2J.txt"));
    fs::copy(&good, odd).unwrap();

    let corpus = load(folder.path());
    let want = [
        ("/good.txt", FileState::Loaded, ""),
        ("doubtful.txt", FileState::WithProblems, "uncertain-row 76"),
        ("minutes.txt", FileState::Rejected, "not-a-report 0"),
        ("empty.txt", FileState::Rejected, "not-a-report 0"),
        ("binary.bin", FileState::Rejected, "unknown-format 0"),
        ("paper.pdf", FileState::Rejected, "unknown-format 0"),
        ("page.html", FileState::Rejected, "unknown-format 0"),
        ("gbk.txt", FileState::Rejected, "not-utf8 1"),
        ("cut.json", FileState::Rejected, "not-json 2"),
        (".hidden", FileState::Skipped, "skipped 0"),
        ("README.md", FileState::Skipped, "skipped 0"),
        ("labels.jsonl", FileState::Skipped, "skipped 0"),
        ("link.txt", FileState::Skipped, "skipped 0"),
        ("dangling.txt", FileState::Rejected, "unreadable 0"),
        ("loop", FileState::Skipped, "skipped 0"),
        ("pipe.txt", FileState::Skipped, "skipped 0"),
        ("[2J.txt", FileState::Loaded, ""),
    ];
    for (name, file_state, problem) in want {
        assert_eq!(state(&corpus, name), (file_state, problem.to_owned()), "{name}");
    }
    let account = corpus.account();
    assert_eq!(account.files(), want.len(), "nothing else, nothing twice");
    assert_eq!(
        (account.reports, account.copies, corpus.summaries().len()),
        (3, 1, 2),
        "the same text under two names is one report"
    );
}

#[test]
fn a_bad_line_costs_itself_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corpus.jsonl");
    let long = format!("{{\"title\":\"{}\"}}", "长".repeat(400_000));
    let lines = [
        report("甲县教育局", 2022),
        "{\"year\": nonsense}".to_owned(),
        String::new(),
        report("乙县教育局", 2022),
        long,
        report("丙县教育局", 2022),
    ];
    fs::write(&path, lines.join("\n")).unwrap();
    let corpus = load(&path);
    assert_eq!(corpus.summaries().len(), 3);
    let problems: Vec<_> =
        corpus.files()[0].problems.iter().map(|p| (p.code.name().to_owned(), p.line)).collect();
    assert_eq!(problems, [("not-json".to_owned(), 2), ("too-large".to_owned(), 5)]);
    // Each is read again alone, from the middle of the file.
    for (i, agency) in ["甲县教育局", "乙县教育局", "丙县教育局"].iter().enumerate() {
        let open = corpus.open(i as u32).unwrap();
        assert_eq!(open.report.agency.raw(), *agency);
        assert!(open.source.iter().any(|line| line.member == "requests.received"));
    }
}

#[test]
fn a_corpus_longer_than_a_block_is_read_in_order_and_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.jsonl");
    let text = "述".repeat(300);
    let lines: Vec<String> = (0..6_000)
        .map(|i| report(&format!("第{i}单位"), 2021).replace("\"requests\"", &format!("\"sections\":[{{\"number\":1,\"title\":\"\",\"text\":\"{text}\",\"line\":1}}],\"requests\"")))
        .collect();
    fs::write(&path, lines.join("\n")).unwrap();
    assert!(fs::metadata(&path).unwrap().len() > 6_000_000, "several blocks");
    let corpus = load(&path);
    assert_eq!(corpus.summaries().len(), 6_000);
    assert_eq!(corpus.account().files(), 1);
    for i in [0_u32, 1, 2_999, 3_000, 5_999] {
        let open = corpus.open(i).unwrap();
        assert_eq!(open.report.agency.raw(), format!("第{i}单位"));
        assert_eq!(corpus.summary(i).unwrap().place.line, i + 1);
    }
}

#[test]
fn a_file_that_changed_is_not_mistaken_for_what_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, report("甲县教育局", 2022)).unwrap();
    let corpus = load(&path);
    fs::write(&path, report("甲县财政局", 2022)).unwrap();
    assert_eq!(corpus.open(0).unwrap_err().code.name(), "changed");
    fs::write(&path, "x").unwrap();
    assert_eq!(corpus.open(0).unwrap_err().code.name(), "changed");
    fs::remove_file(&path).unwrap();
    assert_eq!(corpus.open(0).unwrap_err().code.name(), "unreadable");
}
