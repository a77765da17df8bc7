//! Folders as they are: every file found is accounted for, nothing is waited for, nobody else's data is lost.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};

use common::repository;
use gouji::corpus::{self, Corpus, FileState, Flow};
use gouji::load::{Located, files};
use gouji::rules::Settings;

fn load(path: &Path) -> Corpus {
    let mut corpus = Corpus::default();
    corpus::read(&[path.to_owned()], &Settings::default(), &mut |batch| {
        corpus.add(batch, false);
        Flow::Go
    });
    corpus.relate();
    corpus
}

fn state(corpus: &Corpus, name: &str) -> (FileState, String) {
    let file = corpus
        .files()
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
        ("paper.pdf", FileState::Rejected, "unreadable 0"),
        ("page.html", FileState::Rejected, "not-a-report 0"),
        ("gbk.txt", FileState::Rejected, "not-a-report 0"),
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
        (account.reports, account.copies, corpus.len()),
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
    assert_eq!(corpus.len(), 3);
    let problems: Vec<_> =
        corpus.files().next().unwrap().problems.iter().map(|p| (p.code.name().to_owned(), p.line)).collect();
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
    assert_eq!(corpus.len(), 6_000);
    assert_eq!(corpus.account().files(), 1);
    for i in [0_u32, 1, 2_999, 3_000, 5_999] {
        let open = corpus.open(i).unwrap();
        assert_eq!(open.report.agency.raw(), format!("第{i}单位"));
        assert_eq!(corpus.place(i).unwrap().line, i + 1);
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

#[test]
fn a_file_written_anew_while_it_is_read_is_told_whatever_its_time_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.jsonl");
    let title = "年".repeat(300);
    let lines: Vec<String> =
        (0..5_000).map(|i| report(&format!("第{i}单位"), 2021).replace("年政府", &title)).collect();
    let text = lines.join("\n");
    assert!(text.len() > 5 << 20, "read in blocks");
    for is_changed in [false, true] {
        fs::write(&path, &text).unwrap();
        let before = fs::metadata(&path).unwrap();
        let change = || {
            let file = fs::File::options().write(true).open(&path).unwrap();
            let stamp = |meta: fs::Metadata| (meta.ctime(), meta.ctime_nsec());
            // Until the clock of the file system has gone on.
            while stamp(file.metadata().unwrap()) == stamp(before.clone()) {
                file.write_all_at(b"{", 0).unwrap();
                file.set_modified(before.modified().unwrap()).unwrap();
            }
        };
        let once = std::sync::Once::new();
        let work = |_: &Path, _: Located| {
            if is_changed {
                once.call_once(change);
            }
        };
        let (mut reports, mut problems) = (0, Vec::new());
        files::read_all(std::slice::from_ref(&path), &work, &mut |read| {
            reports += read.items.len();
            problems.extend(read.end.into_iter().flat_map(|end| end.problems));
            Flow::Go
        });
        let after = fs::metadata(&path).unwrap();
        assert_eq!((after.len(), after.modified().unwrap()), (before.len(), before.modified().unwrap()));
        assert_eq!(reports, 5_000);
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.name()).collect();
        assert_eq!(codes, if is_changed { vec!["changed"] } else { vec![] });
    }
}

/// What became of every file below some paths, by name: state, problems and what its reports were.
fn read_all(paths: &[PathBuf]) -> BTreeMap<String, (FileState, Vec<String>, Vec<String>)> {
    let mut files = BTreeMap::new();
    let mut items = Vec::new();
    let work = |_: &Path, located: Located| {
        assert_ne!(located.report.agency.raw(), "坏", "a mistake in what is done with a report");
        located.report.agency.raw().to_owned()
    };
    files::read_all(paths, &work, &mut |read| {
        items.extend(read.items);
        if let Some(end) = read.end {
            let said =
                end.problems.iter().map(|p| format!("{} {} {}", p.code.name(), p.line, p.detail.raw()));
            let name = read.path.file_name().unwrap().to_string_lossy().into_owned();
            let all =
                (end.state, said.map(|said| said.trim().to_owned()).collect(), std::mem::take(&mut items));
            assert!(files.insert(name, all).is_none(), "{} was read twice", read.path.display());
        }
        Flow::Go
    });
    files
}

#[test]
fn a_line_longer_than_several_blocks_costs_itself_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.jsonl");
    for (length, last) in [(1 << 20, "丁"), (9 << 20, "丁"), (13 << 20, "")] {
        let long = format!("{{\"title\":\"{}\"}}", "x".repeat(length));
        let mut lines = vec![
            report("甲", 2022),
            long.clone(),
            "broken".to_owned(),
            report("乙", 2022),
            String::new(),
            long,
        ];
        if !last.is_empty() {
            lines.push(report(last, 2022));
        }
        fs::write(&path, lines.join("\n")).unwrap();
        let (state, problems, agencies) = read_all(std::slice::from_ref(&path)).remove("long.jsonl").unwrap();
        assert_eq!(state, FileState::WithProblems);
        let size = length + 12;
        let want = [
            format!("too-large 2 a line of {size} bytes"),
            "not-json 3 column 1: expected a value".to_owned(),
            format!("too-large 6 a line of {size} bytes"),
        ];
        let mut sorted = problems;
        sorted.sort_by_key(|p| p.split(' ').nth(1).unwrap().parse::<u32>().unwrap());
        assert_eq!(sorted, want);
        assert_eq!(
            agencies,
            ["甲", "乙", last].iter().filter(|a| !a.is_empty()).copied().collect::<Vec<_>>()
        );
    }
}

#[test]
fn what_is_left_out_is_said_and_nothing_is_read_twice() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("far.json"), report("远", 2022)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("sub/.git/objects")).unwrap();
    fs::write(at("sub/.git/objects/h.json"), report("藏", 2022)).unwrap();
    fs::write(at("sub/b.json"), report("乙", 2022)).unwrap();
    fs::write(at("a.json"), report("甲", 2022)).unwrap();
    fs::write(at("blank.json"), format!("{}{}", " \n".repeat(1_000_000), report("空", 2022))).unwrap();
    symlink("a.json", at("inside.json")).unwrap();
    symlink(outside.path().join("far.json"), at("outside.json")).unwrap();
    symlink("/dev/zero", at("zero.json")).unwrap();
    symlink("self.json", at("self.json")).unwrap();

    // The folder, again by another name, a folder and a file of it, and a link to a file that is asked for by name.
    let given = [at(""), at("sub/.."), at("sub"), at("a.json"), at("outside.json"), at("nowhere")];
    let files = read_all(&given[..4]);
    let skipped = |name: &str| files[name].1.first().map(String::as_str);
    assert_eq!(skipped(".git"), Some("skipped 0 a hidden folder"));
    assert_eq!(skipped("inside.json"), Some("skipped 0 a link to what is read in its own place"));
    assert_eq!(skipped("outside.json"), Some("skipped 0 a link that leaves the folder"));
    assert_eq!(skipped("zero.json"), Some("skipped 0 a link to what is no regular file"));
    assert_eq!(files["self.json"].0, FileState::Rejected);
    let agencies: Vec<&String> = files.values().flat_map(|(_, _, agencies)| agencies).collect();
    assert_eq!(agencies, ["甲", "乙", "空"]);
    assert_eq!(files.len(), 8);

    let files = read_all(&given[4..]);
    assert_eq!(files["outside.json"].2, ["远"], "what the user names is read");
    assert_eq!(files["nowhere"].0, FileState::Rejected);
    let hidden = read_all(&[at("sub/.git/objects"), at("")]);
    assert_eq!(hidden.values().filter(|file| file.2 == ["藏"]).count(), 1, "hidden, but asked for");
}

#[test]
fn a_mistake_of_ours_costs_one_report_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [report("甲", 2022), report("坏", 2022), report("乙", 2022)];
    fs::write(folder.path().join("lines.jsonl"), lines.join("\n")).unwrap();
    fs::write(folder.path().join("array.json"), format!("[{}]", lines.join(",\n"))).unwrap();
    let files = read_all(&[folder.path().to_owned()]);
    for name in ["array.json", "lines.jsonl"] {
        let (state, problems, agencies) = &files[name];
        assert_eq!(
            (*state, agencies.as_slice()),
            (FileState::WithProblems, ["甲", "乙"].map(String::from).as_slice())
        );
        assert_eq!(problems.as_slice(), ["internal-error 2"], "{name}");
    }
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("locked")).unwrap();
    fs::write(at("locked/in.json"), report("内", 2022)).unwrap();
    fs::write(at("secret.json"), report("密", 2022)).unwrap();
    fs::write(at("open.json"), report("甲", 2022)).unwrap();
    let large = fs::File::create(at("huge.json")).unwrap();
    large.set_len(5 << 30).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&large, b"{\"year\": 2024", 0).unwrap();
    for name in ["locked", "secret.json"] {
        fs::set_permissions(at(name), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let is_root = fs::read(at("secret.json")).is_ok();
    let files = read_all(&[folder.path().to_owned()]);
    fs::set_permissions(at("locked"), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(files["open.json"].0, FileState::Loaded);
    assert_eq!(files["huge.json"].1, ["too-large 0 more than 32 MiB"]);
    if is_root {
        println!("root may read everything: the rest is not tested");
        return;
    }
    for name in ["locked", "secret.json"] {
        assert_eq!(files[name].0, FileState::Rejected);
        assert!(files[name].1[0].starts_with("unreadable 0 Permission denied"), "{:?}", files[name].1);
    }
}
