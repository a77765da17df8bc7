//! The index that is kept: it says what a cold reading says, follows what changes, and is never believed when damaged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use gouji::corpus::cache::{Cache, Changes, Walked};
use gouji::corpus::{self, Choices, Corpus, Flags, Flow, Order, Query};
use gouji::load::{files, json};
use gouji::report::{CellId, ProblemCode};
use gouji::rules::{Settings, Severity};
use gouji::synth;

/// A folder with reports, and one for the cache.
struct Place {
    reports: tempfile::TempDir,
    caches: tempfile::TempDir,
    settings: Arc<Settings>,
}

/// An index with the files that it was made from.
type Index = (Corpus, Vec<Walked>);

impl Place {
    fn new() -> Self {
        Self {
            reports: tempfile::tempdir().unwrap(),
            caches: tempfile::tempdir().unwrap(),
            settings: Arc::default(),
        }
    }

    fn paths(&self) -> Vec<PathBuf> {
        vec![self.reports.path().to_owned()]
    }

    fn cache(&self) -> Cache {
        Cache::of(&self.paths(), &self.settings, self.caches.path())
    }

    fn cache_file(&self) -> PathBuf {
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> =
            fs::read_dir(self.caches.path()).unwrap().map(|e| name(e.unwrap())).collect();
        names.retain(|name| name.starts_with("index-"));
        assert_eq!(names.len(), 1, "{names:?}");
        self.caches.path().join(&names[0])
    }

    /// Writes a file whose last change lies back, as that of a file that was not just written.
    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.reports.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        self.age(name, 3_600);
    }

    fn age(&self, name: &str, seconds: u64) {
        let file = fs::File::options().append(true).open(self.reports.path().join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
    }

    fn cold(&self) -> Index {
        self.update(Corpus::new(Arc::clone(&self.settings), None), None).0
    }

    /// Brings an index up to date; also says how many files were read for it.
    fn update(&self, mut corpus: Corpus, kept: Option<Vec<Walked>>) -> (Index, usize) {
        let met = files::find(&self.paths());
        let changes = match kept {
            Some(kept) => Changes::find(&corpus, kept, met),
            None => Changes::everything(met),
        };
        corpus.remove(&changes.gone);
        let read = changes.read.len();
        corpus::read_met(changes.read, &self.settings, &Choices::default(), &mut |batch| {
            corpus.add(batch, true);
            Flow::Go
        });
        corpus.relate();
        ((corpus, changes.walked), read)
    }

    fn save(&self, (corpus, walked): &Index) {
        let mut walked = walked.clone();
        walked.iter_mut().for_each(Walked::hash_content);
        self.cache().save(corpus, walked).unwrap();
    }

    fn open(&self) -> Option<Index> {
        self.cache().open(&self.settings)
    }
}

/// Everything that an index says of its reports, whatever their order; opened, too.
fn said(corpus: &Corpus) -> BTreeSet<String> {
    let listing = corpus.list(&Query::default());
    let one = |report: &u32| {
        let summary = corpus.summary(*report).unwrap();
        let open = corpus.open(*report).unwrap();
        let place = corpus.place(*report).unwrap();
        let mut copies: Vec<&Path> = corpus.copies(*report).collect();
        copies.sort();
        let findings: Vec<_> = open
            .findings
            .iter()
            .map(|f| (f.rule.id, f.severity, f.message(gouji::display::Lang::Zh)))
            .collect();
        let names =
            [summary.names.agency, summary.names.county, summary.names.city].map(|name| corpus.name(name));
        format!(
            "{names:?} {} {:?} {:?} {} {:?} {:?} {:?} {findings:?} {copies:?} {:?} {:?}",
            summary.year,
            summary.template(),
            summary.findings,
            summary.problems,
            summary.flows,
            summary.flags.has(Flags::NEEDS_READING),
            corpus.causes(*report).collect::<Vec<_>>(),
            corpus.path(&place),
            (place.offset, place.length, place.line),
        )
    };
    let mut said: BTreeSet<String> = listing.reports.iter().map(one).collect();
    assert_eq!(said.len(), corpus.len());
    said.insert(format!("{:?} {:?} {:?}", corpus.account(), listing.findings, listing.years));
    for file in corpus.files() {
        said.insert(format!("{} {:?} {:?}", file.path.display(), file.state, file.problems));
    }
    said
}

fn synthetic(reports: u64) -> Vec<String> {
    let settings = synth::Settings { reports, errors_per_mille: 300, ..synth::Settings::default() };
    synth::Corpus::new(settings).map(|item| json::to_line(&item.report)).collect()
}

/// A corpus of several files: lines, single reports, a text that is none, a raw report.
fn filled() -> Place {
    let place = Place::new();
    let lines = synthetic(72);
    place.write("a.jsonl", &(lines[..36].join("\n") + "\n"));
    place.write("b/b.jsonl", &(lines[36..60].join("\n") + "\n"));
    for (i, line) in lines[60..].iter().enumerate() {
        place.write(&format!("c/{i:03}.json"), line);
    }
    place.write("d.txt", "no report at all");
    let raw = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/reports");
    let raw = fs::read_dir(raw).unwrap().map(|e| e.unwrap().path()).find(|p| p.is_file()).unwrap();
    place.write("raw.txt", fs::read_to_string(raw).unwrap());
    place
}

#[test]
fn what_was_kept_says_what_was_read() {
    let place = filled();
    let cold = place.cold();
    place.save(&cold);
    let warm = place.open().expect("a cache that was just written is used");
    assert_eq!(said(&warm.0), said(&cold.0));
    for order in Order::ALL {
        for reversed in [false, true] {
            let query = Query { order, reversed, ..Query::default() };
            assert_eq!(warm.0.list(&query).reports, cold.0.list(&query).reports, "{order:?}");
        }
    }
    let ((warm, walked), read) = place.update(warm.0, Some(warm.1));
    assert_eq!(read, 0, "nothing changed");
    assert_eq!(walked.len(), 16);
    assert_eq!(said(&warm), said(&cold.0));
}

#[test]
fn compressed_lines_are_kept_like_others() {
    let place = Place::new();
    let settings = synth::Settings { reports: 150, errors_per_mille: 300, ..synth::Settings::default() };
    let write = |settings: &synth::Settings| {
        let mut bytes = Vec::new();
        let sink = &mut |piece: std::io::Result<synth::Piece>| piece.map(|piece| bytes.extend(piece.bytes));
        synth::write(settings, synth::Packing::Gzip, sink).unwrap();
        place.write("a.jsonl.gz", bytes);
    };
    write(&settings);
    place.save(&place.cold());
    let (corpus, walked) = place.open().unwrap();
    assert_eq!(corpus.len(), 150);
    assert_eq!(said(&corpus), said(&place.cold().0));
    let ((warm, walked), read) = place.update(corpus, Some(walked));
    assert_eq!(read, 0, "nothing changed");
    write(&synth::Settings { seed: 3, ..settings });
    let ((warm, _), read) = place.update(warm, Some(walked));
    assert_eq!(read, 1);
    assert_eq!(said(&warm), said(&place.cold().0));
}

#[test]
fn only_what_changed_is_read_again() {
    let place = filled();
    place.save(&place.cold());
    let other = synthetic(90);
    place.write("c/007.json", &other[85]);
    place.write("new.jsonl", &(other[72..82].join("\n") + "\n"));
    fs::remove_file(place.reports.path().join("b/b.jsonl")).unwrap();
    // The same content at another time is no change.
    place.age("c/009.json", 60);
    let (corpus, walked) = place.open().unwrap();
    let (warm, read) = place.update(corpus, Some(walked));
    assert_eq!(read, 2, "c/007.json and new.jsonl");
    let cold = place.cold();
    assert_eq!(said(&warm.0), said(&cold.0));
    let marked = warm.0.summaries().filter(|summary| summary.flags.has(Flags::CHANGED)).count();
    assert_eq!(marked, 11);
    // What was removed is not kept on.
    place.save(&warm);
    let again = place.open().unwrap();
    assert_eq!(said(&again.0), said(&cold.0));
    assert!(again.0.summaries().all(|summary| !summary.flags.has(Flags::CHANGED)));
}

#[test]
fn a_change_that_length_and_time_do_not_tell_is_seen() {
    let place = filled();
    // Written just now: another change in the same tick would leave the same time.
    let text = fs::read_to_string(place.reports.path().join("c/003.json")).unwrap();
    place.write("c/003.json", &text);
    place.age("c/003.json", 0);
    let stamp = fs::metadata(place.reports.path().join("c/003.json")).unwrap().modified().unwrap();
    place.save(&place.cold());
    let year = text.find("\"year\":").unwrap() + 7;
    let other = format!("{}2017{}", &text[..year], &text[year + 4..]);
    assert_eq!(other.len(), text.len());
    place.write("c/003.json", &other);
    let file = fs::File::options().append(true).open(place.reports.path().join("c/003.json")).unwrap();
    file.set_modified(stamp).unwrap();
    let (corpus, walked) = place.open().unwrap();
    let (warm, read) = place.update(corpus, Some(walked));
    assert_eq!(read, 1);
    assert_eq!(said(&warm.0), said(&place.cold().0));
}

/// A sound report, and the same with another figure of as many digits, which breaks its sums; and the two figures.
fn sound_and_broken() -> ([String; 2], [u64; 2]) {
    let settings = synth::Settings { reports: 1, errors_per_mille: 0, ..synth::Settings::default() };
    let report = synth::Corpus::new(settings).next().unwrap().report;
    let mut json: serde_json::Value = serde_json::from_str(&json::to_line(&report)).unwrap();
    let received = json["requests"]["received"][0].as_u64().unwrap();
    let other = if received % 10 == 9 { received - 1 } else { received + 1 };
    let sound = json.to_string();
    json["requests"]["received"][0] = other.into();
    let broken = json.to_string();
    assert_eq!(sound.len(), broken.len());
    ([sound, broken], [received, other])
}

/// Whether the index says that the only report is broken, and the figure that the report itself has.
fn verdict(corpus: &Corpus) -> (bool, u64) {
    let reports = corpus.list(&Query::default()).reports;
    assert_eq!(reports.len(), 1);
    let open = corpus.open(reports[0]).unwrap();
    let is_broken = corpus.summary(reports[0]).unwrap().findings[0] > 0;
    assert_eq!(is_broken, open.findings.iter().any(|finding| finding.severity == Severity::Error));
    let cell = CellId::parse("requests.received.natural").unwrap();
    (is_broken, open.report.figures.get(cell).number().unwrap().to_string().parse().unwrap())
}

/// A report as it is, compressed and in an archive: always of the same length.
fn packings(report: &str) -> [(&'static str, Vec<u8>); 3] {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    gzip.write_all(report.as_bytes()).unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("b/a.json", stored).unwrap();
    zip.write_all(report.as_bytes()).unwrap();
    [
        ("a.json", report.as_bytes().to_vec()),
        ("a.json.gz", gzip.finish().unwrap()),
        ("a.zip", zip.finish().unwrap().into_inner()),
    ]
}

#[test]
fn new_figures_are_seen_behind_an_old_length_and_time() {
    let ([sound, broken], [old, new]) = sound_and_broken();
    for ((name, sound), (_, broken)) in packings(&sound).into_iter().zip(packings(&broken)) {
        assert_eq!(sound.len(), broken.len(), "{name}");
        let place = Place::new();
        place.write(name, &sound);
        let path = place.reports.path().join(name);
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        let cold = place.cold();
        assert_eq!(verdict(&cold.0), (false, old), "{name}");
        place.save(&cold);
        fs::write(&path, &broken).unwrap();
        fs::File::options().append(true).open(&path).unwrap().set_modified(time).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), time);
        let (corpus, walked) = place.open().unwrap();
        let (warm, read) = place.update(corpus, Some(walked));
        assert_eq!(read, 1, "{name}");
        assert_eq!(verdict(&warm.0), (true, new), "{name}");
        assert_eq!(said(&warm.0), said(&place.cold().0), "{name}");
        // And the other way: what is kept now is the new state.
        place.save(&warm);
        let (corpus, walked) = place.open().unwrap();
        let (warm, read) = place.update(corpus, Some(walked));
        assert_eq!((read, verdict(&warm.0)), (0, (true, new)), "{name}");
    }
}

#[test]
fn a_report_that_is_not_what_its_row_says_is_read_again() {
    let ([sound, broken], [_, new]) = sound_and_broken();
    for ((name, sound), (_, broken)) in packings(&sound).into_iter().zip(packings(&broken)) {
        let place = Place::new();
        place.write(name, &sound);
        let (corpus, _) = place.cold();
        place.write(name, &broken);
        // The index believes to know the file as it is now: nothing on the outside tells.
        let mut walked = place.cold().1;
        walked.iter_mut().for_each(Walked::hash_content);
        let ((corpus, walked), read) = place.update(corpus, Some(walked));
        assert_eq!(read, 0, "{name}");
        let report = corpus.list(&Query::default()).reports[0];
        let problem = corpus.open(report).unwrap_err();
        assert_eq!(problem.code, ProblemCode::Changed, "{name}");
        // A copy of the index knows it too: reading goes on elsewhere.
        let ((corpus, mut walked), read) = place.update(corpus.clone(), Some(walked));
        assert_eq!(read, 1, "{name}");
        assert_eq!(verdict(&corpus), (true, new), "{name}");
        walked.iter_mut().for_each(Walked::hash_content);
        assert_eq!(place.update(corpus, Some(walked)).1, 0, "{name}: once");
    }
}

#[test]
fn a_folder_that_was_copied_back_is_not_read_again() {
    let place = filled();
    place.save(&place.cold());
    let (folder, aside) = (place.reports.path(), tempfile::tempdir().unwrap());
    let mut files = Vec::new();
    for file in place.cold().0.files() {
        let own = file.path.strip_prefix(folder).unwrap().to_owned();
        let time = fs::metadata(&file.path).unwrap().modified().unwrap();
        fs::create_dir_all(aside.path().join(&own).parent().unwrap()).unwrap();
        fs::copy(&file.path, aside.path().join(&own)).unwrap();
        fs::remove_file(&file.path).unwrap();
        files.push((own, time));
    }
    for keeps_time in [true, false] {
        for (own, time) in &files {
            fs::copy(aside.path().join(own), folder.join(own)).unwrap();
            if keeps_time {
                let file = fs::File::options().append(true).open(folder.join(own)).unwrap();
                file.set_modified(*time).unwrap();
            }
        }
        let (corpus, walked) = place.open().unwrap();
        let changes = Changes::find(&corpus, walked, files::find(&place.paths()));
        assert!(changes.is_empty() && !changes.has_lost && changes.is_touched);
        assert_eq!(changes.walked.len(), files.len());
        assert_eq!(said(&corpus), said(&place.cold().0));
    }
}

#[test]
fn a_copy_takes_the_place_of_what_is_gone() {
    let place = filled();
    let lines = synthetic(3);
    place.write("one.json", &lines[0]);
    place.write("two.json", &lines[0]);
    place.write("x/three.json", &lines[0]);
    fs::remove_file(place.reports.path().join("a.jsonl")).unwrap();
    place.save(&place.cold());
    for name in ["one.json", "two.json"] {
        fs::remove_file(place.reports.path().join(name)).unwrap();
        let (corpus, walked) = place.open().unwrap();
        let (warm, _) = place.update(corpus, Some(walked));
        assert_eq!(said(&warm.0), said(&place.cold().0), "without {name}");
        place.save(&warm);
    }
}

#[test]
fn another_corpus_other_rules_and_what_others_can_write_are_not_used() {
    let place = filled();
    let cold = place.cold();
    place.save(&cold);
    assert!(place.open().is_some());
    let other = Settings::parse("[rules.Y6]\noff = true\n").unwrap();
    assert!(Cache::of(&place.paths(), &other, place.caches.path()).open(&Arc::new(other)).is_none());
    let elsewhere = [place.reports.path().join("c")];
    assert!(Cache::of(&elsewhere, &place.settings, place.caches.path()).open(&place.settings).is_none());
    let file = place.cache_file();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(place.open().is_none(), "anybody can have written that");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let moved = file.with_file_name("elsewhere");
    fs::rename(&file, &moved).unwrap();
    std::os::unix::fs::symlink(&moved, &file).unwrap();
    assert!(place.open().is_none(), "a link is not followed");
    // It is replaced by a whole new one, and what it led to is left alone.
    place.save(&cold);
    assert!(place.open().is_some() && moved.is_file());
}

#[test]
fn a_damaged_cache_is_not_believed() {
    let place = filled();
    let cold = place.cold();
    let want = said(&cold.0);
    place.save(&cold);
    let file = place.cache_file();
    let whole = fs::read(&file).unwrap();
    let mut seen = [0; 2];
    // One changed byte at a time, all over the file.
    for i in 0..160 {
        let mut bytes = whole.clone();
        let at = i * whole.len() / 160;
        bytes[at] ^= 1 << (i % 8);
        fs::write(&file, &bytes).unwrap();
        let Some((corpus, _)) = place.open() else {
            seen[0] += 1;
            continue;
        };
        seen[1] += 1;
        // What is read piece by piece is noticed when it is read.
        for report in corpus.list(&Query::default()).reports.iter() {
            match corpus.open(*report) {
                Ok(open) if !corpus.is_damaged() => {
                    assert_eq!(
                        open.findings.len(),
                        cold.0.open(*report).unwrap().findings.len(),
                        "byte {at}"
                    );
                }
                _ => assert!(corpus.is_damaged(), "byte {at}"),
            }
        }
        if !corpus.is_damaged() {
            assert_eq!(said(&corpus), want, "byte {at}");
        }
    }
    assert!(seen[0] > 20 && seen[1] > 20, "{seen:?}: both ways are tried");
    for cut in (0..whole.len()).step_by(whole.len() / 50) {
        fs::write(&file, &whole[..cut]).unwrap();
        assert!(place.open().is_none(), "cut at {cut}");
    }
    fs::write(&file, b"something else entirely").unwrap();
    assert!(place.open().is_none());
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(place.open().is_none());
    assert!(place.cache().save(&cold.0, Vec::new()).is_err(), "a folder is in the way");
}
