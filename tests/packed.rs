//! Compressed files: read as what they hold, with what is damaged said and nothing unpacked without end.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use common::repository;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use gouji::corpus::{self, Corpus, FileState, Flow};
use gouji::load::{files, json};
use gouji::rules::Settings;
use gouji::synth::{self, Packing};

fn read(path: &Path) -> Corpus {
    let mut corpus = Corpus::default();
    corpus::read(&[path.to_owned()], &Settings::default(), &mut |batch| {
        corpus.add(batch, true);
        Flow::Go
    });
    corpus.relate();
    corpus
}

/// The state of a file with its problems: code, line, detail.
fn state(corpus: &Corpus, name: &str) -> (FileState, Vec<(String, u32, String)>) {
    let file = corpus.files().find(|file| file.path.ends_with(name)).unwrap_or_else(|| panic!("{name}"));
    let told = |p: &gouji::report::Problem| (p.code.name().to_owned(), p.line, p.detail.raw().to_owned());
    (file.state, file.problems.iter().map(told).collect())
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn settings(reports: u64) -> synth::Settings {
    synth::Settings { reports, errors_per_mille: 300, ..synth::Settings::default() }
}

fn lines(reports: u64) -> Vec<String> {
    synth::Corpus::new(settings(reports)).map(|item| json::to_line(&item.report) + "\n").collect()
}

/// A corpus as the program writes it when asked to compress it.
fn written(reports: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let sink = &mut |piece: std::io::Result<synth::Piece>| piece.map(|piece| bytes.extend(piece.bytes));
    synth::write(&settings(reports), Packing::Gzip, sink).unwrap();
    bytes
}

/// What is seen of every report, opened in an order that goes to and fro.
fn seen(corpus: &Corpus) -> Vec<String> {
    let count = u32::try_from(corpus.len()).unwrap();
    let one = |index: u32| {
        let open = corpus.open(index).unwrap_or_else(|problem| panic!("{index}: {problem:?}"));
        let place = corpus.place(index).unwrap();
        let at = (place.offset, place.length, place.line);
        let findings: Vec<_> =
            open.findings.iter().map(|f| (f.rule.id, f.message(gouji::display::Lang::Zh))).collect();
        let source: Vec<_> = open.source.iter().map(|line| line.text.raw()).collect();
        (index, format!("{:?} {at:?} {findings:?} {source:?}", open.report.id()))
    };
    let mut seen: Vec<_> =
        (0..count).step_by(2).chain((0..count).rev().filter(|i| i % 2 == 1)).map(one).collect();
    seen.sort();
    seen.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn a_compressed_corpus_is_the_corpus() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, whole, single) = ("a.jsonl", "b.jsonl.gz", "c.gz");
    let lines = lines(301).concat();
    fs::write(folder.path().join(plain), &lines).unwrap();
    // Members as the program writes them, and one, under a name that says less.
    fs::write(folder.path().join(whole), written(301)).unwrap();
    fs::write(folder.path().join(single), packed(lines.as_bytes())).unwrap();
    let want = read(&folder.path().join(plain));
    assert_eq!(want.len(), 301);
    let want_seen = seen(&want);
    for name in [whole, single] {
        let corpus = read(&folder.path().join(name));
        assert_eq!(state(&corpus, name), (FileState::Loaded, Vec::new()));
        assert_eq!(seen(&corpus), want_seen, "{name}");
    }
    let all = read(folder.path());
    assert_eq!((all.account().reports, all.account().copies), (3 * 301, 2 * 301));
}

#[test]
fn members_may_be_split_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let text = lines(60).concat().into_bytes();
    let path = folder.path().join("a.jsonl.gz");
    for size in [700, 5_003, 70_001] {
        // With an empty member between any two, and zeros behind them, as tapes and disks fill their blocks.
        let parts = text.chunks(size).flat_map(|part| [packed(part), packed(b""), vec![0; size % 512]]);
        fs::write(&path, parts.collect::<Vec<_>>().concat()).unwrap();
        let corpus = read(&path);
        assert_eq!(state(&corpus, "a.jsonl.gz"), (FileState::Loaded, Vec::new()), "{size}");
        assert_eq!(corpus.len(), 60);
        let places = (0..60).map(|i| corpus.place(i).unwrap());
        for (place, line) in places.zip(lines(60)) {
            let bytes = files::raw_bytes(&path, place.offset, place.length).unwrap();
            assert_eq!(String::from_utf8(bytes).unwrap(), line.trim_end(), "{size}");
        }
    }
}

#[test]
fn any_file_may_be_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let text = fs::read(repository("sample-data/reports/zhenpingxian-2019.txt")).unwrap();
    fs::write(at("text.txt"), &text).unwrap();
    fs::write(at("text.txt.gz"), packed(&text)).unwrap();
    fs::write(at("one.json.gz"), packed(lines(1)[0].as_bytes())).unwrap();
    fs::write(at("spaces.gz"), packed(&[" ".repeat(300_000).as_bytes(), lines(2)[1].as_bytes()].concat()))
        .unwrap();
    fs::write(at("labels.jsonl.gz"), packed(b"{\"schema\":\"gouji/label/1\",\"id\":\"x\"}\n")).unwrap();
    let [plain, same] = ["text.txt", "text.txt.gz"].map(|name| read(&at(name)));
    assert_eq!(state(&plain, "text.txt"), state(&same, "text.txt.gz"));
    assert_eq!(seen(&plain), seen(&same));
    assert_eq!(seen(&read(&at("one.json.gz"))).len(), 1);
    assert_eq!(seen(&read(&at("spaces.gz"))).len(), 1);
    assert_eq!(state(&read(&at("labels.jsonl.gz")), "labels.jsonl.gz").0, FileState::Skipped);
}

#[test]
fn what_cannot_be_read_is_named_and_costs_no_other_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("a.json", zip::write::SimpleFileOptions::default()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let large = packed(&b"[".iter().chain(&vec![b' '; 33 << 20]).copied().collect::<Vec<_>>());
    let cut = |bytes: Vec<u8>, less: usize| bytes[..bytes.len() - less].to_vec();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty.gz", packed(b""), "not-a-report 0 empty"),
        ("twice.gz", packed(&packed(b"x")), "unknown-format 0 compressed data"),
        ("zip.gz", packed(&zip), "unknown-format 0 an archive in compressed data: unpack it first"),
        ("no.gz", b"\x1f\x8b no more than a beginning".to_vec(), "unreadable 0 compressed data: "),
        ("short.gz", b"\x1f\x8b".to_vec(), "unreadable 0 compressed data: "),
        // A document whose end is missing, be it only the checksum, is no document.
        ("cut.json.gz", cut(packed(lines(1)[0].as_bytes()), 4), "unreadable 0 compressed data: "),
        ("large.json.gz", large, "too-large 0 more than 32 MiB"),
    ];
    for (name, bytes, _) in &cases {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    fs::write(folder.path().join("good.jsonl"), lines(6).concat()).unwrap();
    let corpus = read(folder.path());
    for (name, _, want) in &cases {
        let (state, problems) = state(&corpus, name);
        assert_eq!(state, FileState::Rejected, "{name}");
        let told: Vec<_> =
            problems.iter().map(|(code, line, detail)| format!("{code} {line} {detail}")).collect();
        assert!(told.len() == 1 && told[0].starts_with(want), "{name}: {told:?}");
    }
    assert_eq!(state(&corpus, "good.jsonl").0, FileState::Loaded);
    assert_eq!(corpus.len(), 6);
}

/// How many whole lines can be unpacked before the damage.
fn whole_lines(bytes: &[u8]) -> usize {
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut unpacked).unwrap_err();
    unpacked.split(|byte| *byte == b'\n').count() - 1
}

#[test]
fn of_a_truncated_file_the_lines_before_the_cut_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl.gz");
    // Longer than what is looked at to tell the format, and shorter; of several members, and of one.
    for whole in [written(400), packed(lines(400).concat().as_bytes()), packed(lines(12).concat().as_bytes())]
    {
        let mut most = 0;
        for tenth in [1, 4, 8] {
            let cut = &whole[..whole.len() * tenth / 10];
            fs::write(&path, cut).unwrap();
            let (corpus, kept) = (read(&path), whole_lines(cut));
            let (state, problems) = state(&corpus, "a.jsonl.gz");
            let want = if kept == 0 { FileState::Rejected } else { FileState::WithProblems };
            assert_eq!((state, corpus.len()), (want, kept), "{tenth}/10");
            let [(code, line, detail)] = problems.as_slice() else { panic!("{problems:?}") };
            assert_eq!((code.as_str(), *line as usize), ("unreadable", kept + 1), "{detail}");
            assert!(detail.starts_with("compressed data: "), "{detail}");
            most = most.max(kept);
        }
        assert!(most > 2, "{most}");
    }
}

#[test]
fn damage_is_named_whatever_it_hits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl.gz");
    let members: Vec<Vec<u8>> = lines(60).chunks(20).map(|part| packed(part.concat().as_bytes())).collect();
    let (first, second) = (members[0].len(), members[1].len());
    let whole = members.concat();
    // The head of the second member, its data, its checksum and its length: nothing of it can be trusted.
    for at in [first, first + 2, first + second / 2, first + second - 8, first + second - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        fs::write(&path, &damaged).unwrap();
        let corpus = read(&path);
        let (state, problems) = state(&corpus, "a.jsonl.gz");
        assert_eq!((state, corpus.len()), (FileState::WithProblems, 20), "{at}: {problems:?}");
        let [(code, line, detail)] = problems.as_slice() else { panic!("{at}: {problems:?}") };
        assert!(
            code == "unreadable" && *line == 21 && detail.starts_with("compressed data: "),
            "{at}: {problems:?}"
        );
    }
}

/// A checksum that is wrong at the end of a long member is told, though some of it was read.
#[test]
fn damage_of_a_long_member_is_told_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl.gz");
    let mut bytes = packed(lines(600).concat().as_bytes());
    let checksum = bytes.len() - 8;
    bytes[checksum] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let (state, problems) = state(&read(&path), "a.jsonl.gz");
    assert_eq!(state, FileState::WithProblems);
    assert!(
        matches!(problems.as_slice(), [(code, line, _)] if code == "unreadable" && *line > 300),
        "{problems:?}"
    );
}

/// However much is wrong in what damage made of the lines, the damage itself is told first.
#[test]
fn damage_is_told_before_its_consequences() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl.gz");
    let mut bytes = packed(("{\"schema\":\n".repeat(1_500) + &lines(600).concat()).as_bytes());
    let checksum = bytes.len() - 8;
    bytes[checksum] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let (_, problems) = state(&read(&path), "a.jsonl.gz");
    assert!(problems.len() > 1_000 && problems.last().unwrap().0 == "more-problems", "{}", problems.len());
    let (code, _, detail) = &problems[0];
    assert!(code == "unreadable" && detail.starts_with("compressed data: "), "{:?}", problems[0]);
}

#[test]
fn a_bomb_costs_its_line_or_itself() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let good = lines(2);
    let long = format!("{{\"title\":\"{}\"}}\n", "a".repeat(3 << 20));
    fs::write(at("line.jsonl.gz"), packed(&[&good[0], &long, &good[1]].map(String::as_bytes).concat()))
        .unwrap();
    // 4 GiB of a single line, in some megabytes.
    let part = packed(&vec![b'a'; 4 << 20]);
    let mut bomb = packed(format!("{}{{\"title\":\"", good[0]).as_bytes());
    (0..1_024).for_each(|_| bomb.extend_from_slice(&part));
    assert!(bomb.len() < 8 << 20);
    fs::write(at("bomb.jsonl.gz"), &bomb).unwrap();
    let corpus = read(folder.path());
    let long = format!("a line of {} bytes", long.len() - 1);
    let too_large = |line, detail: &str| vec![("too-large".to_owned(), line, detail.to_owned())];
    assert_eq!(state(&corpus, "line.jsonl.gz"), (FileState::WithProblems, too_large(2, &long)));
    let times = "unpacks to more than 200 times its size";
    assert_eq!(state(&corpus, "bomb.jsonl.gz"), (FileState::WithProblems, too_large(2, times)));
    assert_eq!((corpus.len(), corpus.account().copies), (2, 1));
}

#[test]
fn a_file_that_is_another_now_is_not_taken_for_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl.gz");
    fs::write(&path, written(400)).unwrap();
    let corpus = read(&path);
    assert!(corpus.open(399).is_ok());
    // Shorter, so that there is nothing any more at that place, then with other reports.
    fs::write(&path, packed(lines(6).concat().as_bytes())).unwrap();
    assert_eq!(corpus.open(399).unwrap_err().code.name(), "changed");
    let other = synth::Settings { seed: 9, ..settings(400) };
    let text: String = synth::Corpus::new(other).map(|item| json::to_line(&item.report) + "\n").collect();
    fs::write(&path, packed(text.as_bytes())).unwrap();
    assert!(corpus.open(399).is_err());
    fs::write(&path, written(400)).unwrap();
    assert!(corpus.open(399).is_ok() && corpus.open(0).is_ok());
}
