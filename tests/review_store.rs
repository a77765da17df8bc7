//! The file of decisions under everything that happens to files: killed writers, full disks, damage, strangers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use gouji::display::Lang;
use gouji::review::{self, Decision, FindingKey, Judged, Location, Notice, Step, Store, StoreError, Subject};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

fn at(path: &Path) -> Location {
    Location { path: path.to_owned(), notice: None }
}

fn subject(n: usize) -> Subject {
    let key = FindingKey {
        report: "411523/新县/2024".into(),
        rule: "T3.3".into(),
        place: format!("row:{n}").into(),
    };
    Subject { key, judged: Judged("5=3".into()), about: "".into() }
}

fn decide(store: &Store, n: usize) -> Result<String, StoreError> {
    let step = Step::decide(vec![subject(n)], Decision::Confirmed)?.note("很长的备注 ".repeat(40).as_str());
    Ok(store.record(&step)?.events[0].1.to_string())
}

/// A store with some decisions that is closed.
fn good(folder: &Path) -> PathBuf {
    let path = folder.join("good.db");
    let store = Store::open(&at(&path), "甲").unwrap();
    for n in 0..40 {
        decide(&store, n).unwrap();
    }
    path
}

fn names(store: &Store) -> BTreeSet<String> {
    store.events().iter().map(|event| event.uuid.to_string()).collect()
}

fn gouji(path: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    command.arg("review").args(arguments).arg("--reviews").arg(path);
    command
}

/// Lines for `review decide`: finding after finding, none twice.
fn lines(writer: &str, n: usize) -> String {
    let line = |i| {
        format!(
            "{{\"report\":\"411523/新县/2024\",\"rule\":\"T3.3\",\"place\":\"{writer}:{i}\",\"figures\":\"5=3\",\"decision\":\"confirmed\"}}\n"
        )
    };
    (0..n).map(line).collect()
}

fn decide_all(mut command: Command, lines: &str) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A writer that has failed no longer reads.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    child.wait_with_output().unwrap()
}

/// The names of the decisions that a writer said were saved.
fn acknowledged(output: &str) -> Vec<String> {
    let whole = output.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().map(|line| line.split_once(' ').unwrap().1.to_owned()).collect()
}

/// Starts a writer, waits until it has said some times that it saved, and gives it back running.
struct Writer {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
    said: String,
}

impl Writer {
    fn start(path: &Path, name: &str, input: &Path) -> Self {
        let mut command = gouji(path, &["decide", "--as", name]);
        let command =
            command.stdin(fs::File::open(input).unwrap()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output, said: String::new() }
    }

    fn wait_for(&mut self, times: u64) {
        for _ in 0..times {
            assert_ne!(self.output.read_line(&mut self.said).unwrap(), 0, "the writer has ended by itself");
        }
    }

    /// Kills it at once, without a word, and tells what it had said until then.
    fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.output.read_to_string(&mut self.said).unwrap();
        self.child.wait().unwrap();
        acknowledged(&self.said)
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_writers_are_killed() {
    const WRITERS: usize = 8;
    let kills: usize = std::env::var("GOUJI_KILLS").map_or(200, |n| n.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut chance = ChaCha8Rng::seed_from_u64(kills as u64);
    let (mut saved, mut acknowledged) = (BTreeSet::new(), 0);
    for round in 0..kills.div_ceil(WRITERS) {
        // A new store now and then: writers are killed while they make it, and reading it all again stays quick.
        let path = folder.path().join(format!("{}.db", round / 5));
        if round % 5 == 0 {
            saved.clear();
        }
        let start = |writer: usize| {
            let input = folder.path().join(format!("{writer}.jsonl"));
            fs::write(&input, lines(&format!("{round}.{writer}"), 2000)).unwrap();
            Writer::start(&path, &format!("writer {writer}"), &input)
        };
        let mut writers: Vec<Writer> = (0..WRITERS).map(start).collect();
        // Each is killed while the others write, at a moment that depends on how far they are.
        while !writers.is_empty() {
            let mut writer = writers.swap_remove(chance.next_u64() as usize % writers.len());
            writer.wait_for(chance.next_u64() % 4);
            let said = writer.kill();
            acknowledged += said.len();
            saved.extend(said);
        }
        let (faults, ..) = review::verify(&path);
        assert!(faults.is_empty(), "round {round}: {faults:?}");
        let store = Store::read(&path).unwrap();
        let names = names(&store);
        let lost: Vec<&String> = saved.difference(&names).collect();
        assert!(lost.is_empty(), "round {round}: {} of {} lost", lost.len(), saved.len());
        let places: BTreeSet<String> =
            store.events().iter().map(|e| e.on.as_ref().unwrap().key.place.raw().to_owned()).collect();
        assert_eq!(places.len(), store.events().len(), "round {round}: a decision is there twice");
    }
    assert!(acknowledged > kills, "the writers were killed before they wrote: {acknowledged}");
    println!("{kills} kills, {acknowledged} acknowledged, 0 lost");
}

#[test]
fn a_file_that_may_not_grow_refuses_and_goes_on_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reviews.db");
    drop(Store::open(&at(&path), "甲").unwrap());
    let mut limited = Command::new("sh");
    limited.arg("-c").arg("ulimit -f 200; exec \"$@\"").arg("sh");
    limited.arg(env!("CARGO_BIN_EXE_gouji")).args([
        "review",
        "decide",
        "--as",
        "ann",
        "--lang",
        "en",
        "--reviews",
    ]);
    limited.arg(&path);
    let output = decide_all(limited, &lines("a", 3000));
    let said = acknowledged(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(output.status.code(), Some(2), "an error, not the end by a signal");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("nothing was saved"), "{error}");
    assert!(!said.is_empty() && said.len() < 3000);
    let store = Store::open(&at(&path), "甲").unwrap();
    let names = names(&store);
    assert!(said.iter().all(|name| names.contains(name)));
    assert!(names.len() <= said.len() + 1, "what was refused is not there");
    decide(&store, 0).unwrap();
    assert!(review::verify(&path).0.is_empty());
}

#[test]
fn a_full_disk_refuses_and_the_same_step_is_saved_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(folder.path()).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        println!("no disk of one megabyte can be mounted here: not tested");
        return;
    }
    let path = folder.path().join("reviews.db");
    let result = std::panic::catch_unwind(|| {
        let store = Store::open(&at(&path), "甲").unwrap();
        let filler = folder.path().join("filler");
        let mut said = vec![decide(&store, 0).unwrap()];
        // Until not a byte is left.
        let mut file = fs::File::create(&filler).unwrap();
        while file.write_all(&[0; 512]).is_ok() {}
        let mut step = None;
        for n in 1..10_000 {
            let next = Step::decide(vec![subject(n)], Decision::Query).unwrap().note(&"满".repeat(2000));
            match store.record(&next) {
                Ok(saved) => said.push(saved.events[0].1.to_string()),
                Err(error) => {
                    assert!(matches!(error, StoreError::Full | StoreError::Write(_)), "{error:?}");
                    step = Some((n, next));
                    break;
                }
            }
        }
        let (n, step) = step.expect("the disk is full");
        assert!(store.state(&subject(n)).is_open(), "not shown as saved");
        assert!(store.record(&step).is_err());
        drop(file);
        fs::remove_file(&filler).unwrap();
        said.push(store.record(&step).unwrap().events[0].1.to_string());
        assert!(!store.state(&subject(n)).is_open());
        drop(store);
        let (faults, events, _) = review::verify(&path);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(events, said.len());
        assert_eq!(names(&Store::read(&path).unwrap()), said.into_iter().collect());
    });
    Command::new("umount").arg("-l").arg(folder.path()).status().unwrap();
    result.unwrap();
}

/// A way to spoil a store.
type Spoil = Box<dyn Fn(&mut Vec<u8>)>;

fn spoilt(len: usize) -> Vec<(String, Spoil)> {
    let mut cases: Vec<(String, Spoil)> = vec![
        ("empty".into(), Box::new(Vec::clear)),
        ("another kind of file".into(), Box::new(|bytes| *bytes = b"<html></html>".repeat(500))),
        ("header only".into(), Box::new(|bytes| bytes.truncate(100))),
        ("page size 0".into(), Box::new(|bytes| bytes[16..18].fill(0))),
        ("another program's".into(), Box::new(|bytes| bytes[68] ^= 1)),
        ("a later version".into(), Box::new(|bytes| bytes[63] = 99)),
        ("bytes after the end".into(), Box::new(|bytes| bytes.extend([b'x'; 1000]))),
        ("a page of zeros".into(), Box::new(|bytes| bytes[8192..12288].fill(0))),
        ("noise".into(), Box::new(|bytes| ChaCha8Rng::seed_from_u64(1).fill_bytes(bytes))),
        (
            "tables of noise".into(),
            Box::new(|bytes| ChaCha8Rng::seed_from_u64(2).fill_bytes(&mut bytes[100..4096])),
        ),
    ];
    for tenth in 1..10 {
        cases.push((format!("cut at {tenth}0 %"), Box::new(move |bytes| bytes.truncate(len * tenth / 10))));
    }
    for seed in 0..60 {
        let flip = move |bytes: &mut Vec<u8>| {
            let mut chance = ChaCha8Rng::seed_from_u64(seed);
            for _ in 0..=seed % 8 * 7 {
                let at = 100 + chance.next_u64() as usize % (bytes.len() - 100);
                bytes[at] ^= 1 << (chance.next_u64() % 8);
            }
        };
        cases.push((format!("flipped bits {seed}"), Box::new(flip)));
    }
    cases
}

#[test]
fn a_damaged_store_is_named_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(good(folder.path())).unwrap();
    let decisions = names(&Store::read(&folder.path().join("good.db")).unwrap());
    let path = folder.path().join("reviews.db");
    let (mut refused, mut harmless) = (0, 0);
    for (what, spoil) in spoilt(whole.len()) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(folder.path().join(format!("reviews.db{suffix}")));
        }
        let mut bytes = whole.clone();
        spoil(&mut bytes);
        fs::write(&path, &bytes).unwrap();
        match Store::open(&at(&path), "甲") {
            Err(error) => {
                refused += 1;
                assert_eq!(fs::read(&path).unwrap(), bytes, "{what}: the file was changed");
                assert!(!review::verify(&path).0.is_empty(), "{what}");
                for lang in [Lang::Zh, Lang::En] {
                    assert!(error.message(lang).contains("reviews.db"), "{what}: {error:?}");
                }
            }
            Ok(store) => {
                harmless += 1;
                assert_eq!(names(&store), decisions, "{what}: decisions are missing");
                assert!(what.starts_with("flipped"), "{what} was not seen");
            }
        }
    }
    assert!(refused > 60, "{refused} refused, {harmless} harmless");
}

#[test]
fn planted_tables_triggers_and_views_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(good(folder.path())).unwrap();
    let path = folder.path().join("reviews.db");
    let planted = [
        "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event WHERE id <> new.id; END",
        "CREATE VIEW v AS SELECT * FROM event",
        "CREATE TABLE other (x)",
        "CREATE INDEX i ON event (note)",
        "ALTER TABLE event ADD COLUMN x TEXT",
        "DROP INDEX event_order",
        "ALTER TABLE event RENAME TO old; CREATE VIEW event AS SELECT * FROM old",
    ];
    for sql in planted {
        fs::write(&path, &whole).unwrap();
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let bytes = fs::read(&path).unwrap();
        let error = Store::open(&at(&path), "甲").expect_err(sql);
        assert!(matches!(error, StoreError::Altered { .. }), "{sql}: {error:?}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "{sql}");
    }
    let forged = [
        "UPDATE event SET decision = 'dismissed' WHERE id = 3",
        "UPDATE event SET reviewer = 'somebody else' WHERE id = 3",
        "UPDATE event SET kind = 'forget' WHERE id = 3",
    ];
    for sql in forged {
        fs::write(&path, &whole).unwrap();
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let error = Store::open(&at(&path), "甲").expect_err(sql);
        assert!(matches!(error, StoreError::Damaged { .. }), "{sql}: {error:?}");
    }
}

#[test]
fn what_is_no_file_or_not_its_own_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(good(folder.path())).unwrap();
    let place = |name: &str| folder.path().join(name);
    let open = |name: &str| Store::open(&at(&place(name)), "甲").map(drop).unwrap_err();
    fs::create_dir(place("folder.db")).unwrap();
    assert!(matches!(open("folder.db"), StoreError::NotAFile(_)));
    symlink(place("good.db"), place("link.db")).unwrap();
    assert!(matches!(open("link.db"), StoreError::NotAFile(_)));
    symlink(place("nowhere"), place("dangling.db")).unwrap();
    assert!(matches!(open("dangling.db"), StoreError::NotAFile(_)));
    assert!(!place("nowhere").exists());
    assert!(Command::new("mkfifo").arg(place("pipe.db")).status().unwrap().success());
    assert!(matches!(open("pipe.db"), StoreError::NotAFile(_)), "and does not wait");

    fs::write(place("a.db"), &whole).unwrap();
    fs::write(place("a.db-journal"), b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7 not its own").unwrap();
    assert!(matches!(open("a.db"), StoreError::StrayJournal(_)));
    assert_eq!(fs::read(place("a.db")).unwrap(), whole);
    fs::write(place("lost.db-wal"), [1; 5000]).unwrap();
    assert!(matches!(open("lost.db"), StoreError::Damaged { .. }), "no new store over the log of a lost one");
    assert!(!place("lost.db").exists());
    fs::write(place("b.db"), &whole).unwrap();
    fs::write(place("b.db-wal"), vec![7; 20_000]).unwrap();
    let store = Store::open(&at(&place("b.db")), "甲").unwrap();
    assert_eq!(store.events().len(), 40, "a log of noise is passed over");
    assert!(matches!(Store::read(&place("nothing.db")), Err(StoreError::Missing(_))));
    assert!(!place("nothing.db").exists(), "reading makes nothing");
}

#[test]
fn a_new_store_is_private_and_says_that_it_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".gouji/reviews.db");
    let store = Store::open(&at(&path), "甲").unwrap();
    assert!(matches!(store.notices(), [Notice::Created(_)]));
    decide(&store, 0).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for suffix in ["", "-wal", "-shm"] {
        assert_eq!(mode(&folder.path().join(format!(".gouji/reviews.db{suffix}"))), 0o600, "{suffix}");
    }
    assert!(Store::open(&at(&path), "乙").unwrap().notices().is_empty());
    let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 3, "nothing else is left behind: {left:?}");
}

#[test]
fn a_store_that_was_taken_away_takes_no_decisions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reviews.db");
    let store = Store::open(&at(&path), "甲").unwrap();
    decide(&store, 0).unwrap();
    fs::rename(&path, folder.path().join("moved.db")).unwrap();
    assert!(matches!(decide(&store, 1), Err(StoreError::Replaced(_))));
    fs::copy(folder.path().join("moved.db"), &path).unwrap();
    assert!(matches!(decide(&store, 1), Err(StoreError::Replaced(_))), "another file of that name");
}

#[test]
fn a_locked_store_says_so_in_time_and_is_read_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let path = good(folder.path());
    let store = Store::open(&at(&path), "甲").unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(decide(&store, 99), Err(StoreError::Locked)));
    assert!(store.poll().unwrap().is_empty());
    assert!(store.state(&subject(99)).is_open() && !store.state(&subject(0)).is_open());
    assert_eq!(Store::read(&path).unwrap().events().len(), 40);
    other.execute_batch("ROLLBACK").unwrap();
    decide(&store, 99).unwrap();
}

/// Somebody who may read the folder and not write it; `None` where this test has no right to be somebody else.
fn as_stranger(mut command: Command) -> Option<Command> {
    if rustix::process::geteuid().is_root() {
        command.uid(65_534).gid(65_534);
    }
    // The program itself must be in reach of the stranger.
    let mut trial = Command::new(env!("CARGO_BIN_EXE_gouji"));
    if rustix::process::geteuid().is_root() {
        trial.uid(65_534).gid(65_534);
    }
    trial.arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success()).then_some(command)
}

#[test]
fn a_store_that_cannot_be_written_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = good(folder.path());
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&path, 0o444);
    mode(folder.path(), 0o555);
    let before = fs::read(&path).unwrap();
    let Some(mut list) = as_stranger(gouji(&path, &["list", "--format", "jsonl"])) else {
        println!("the program is out of reach of another user: not tested");
        return;
    };
    let output = list.output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 40);
    let decide = as_stranger(gouji(&path, &["decide", "--as", "ann", "--lang", "en"])).unwrap();
    let output = decide_all(decide, &lines("a", 1));
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("can only be read, nothing was saved"), "{error}");
    let verify = as_stranger(gouji(&path, &["verify"])).unwrap().output().unwrap();
    assert_eq!(verify.status.code(), Some(0), "{verify:?}");
    assert_eq!(fs::read(&path).unwrap(), before);
    mode(folder.path(), 0o755);
}

#[test]
fn the_commands_hand_over_what_was_decided() {
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("a.db"), folder.path().join("b.db"));
    let ok = |command: &mut Command| {
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/reports");
    let reports = reports.to_str().unwrap();
    let list_open = ["list", "--open", "--format", "jsonl", "--corpus", reports];
    let all = ok(&mut gouji(&path, &list_open));
    assert!(!path.exists(), "looking makes no store");
    let said = decide_all(
        gouji(&path, &["decide", "--decision", "dismissed", "--reason", "误", "--one-step", "--as", "甲"]),
        &all,
    );
    assert_eq!(acknowledged(&String::from_utf8(said.stdout).unwrap()).len(), all.lines().count());
    assert_eq!(ok(&mut gouji(&path, &list_open)), "");
    assert_eq!(
        ok(&mut gouji(&path, &["list"])).lines().filter(|l| l.contains("排除") && l.contains("甲")).count(),
        all.lines().count()
    );
    let export = folder.path().join("out.jsonl");
    ok(gouji(&path, &["export"]).arg("-o").arg(&export));
    ok(gouji(&other, &["import", "--as", "乙"]).arg(&export));
    assert_eq!(ok(&mut gouji(&other, &["list"])), ok(&mut gouji(&path, &["list"])));
    ok(&mut gouji(&path, &["undo", "--as", "甲"]));
    assert_eq!(ok(&mut gouji(&path, &list_open)), all, "one step");
    ok(gouji(&other, &["merge", "--as", "乙"]).arg(&path));
    assert_eq!(ok(&mut gouji(&other, &["list"])), "", "undone there too");
    ok(&mut gouji(&path, &["verify"]));
}
