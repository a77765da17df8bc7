//! Whatever happens to the program, under the name stands the old file or the new one; links are not followed.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Child, Command, Stdio};

use super::{gouji, run, text};

fn killed(mut child: Child, folder: &std::path::Path, bytes: u64) -> bool {
    // The moment is when so much is written, not when so much time has passed.
    let written = || {
        let parts = fs::read_dir(folder).unwrap().flatten();
        let mut parts = parts.filter(|entry| entry.file_name().to_string_lossy().ends_with(".part"));
        parts.any(|entry| entry.metadata().is_ok_and(|meta| meta.len() >= bytes))
    };
    loop {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if written() {
            child.kill().unwrap();
            child.wait().unwrap();
            return true;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_killed_export_leaves_the_old_file_or_the_new_one() {
    const KILLS: u64 = 12;
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("many.jsonl");
    run(&["synth", "100", "-o", text(&input)]);
    let (target, whole) = (folder.path().join("out.csv"), folder.path().join("whole.csv"));
    run(&["export", text(&input), "-o", text(&whole)]);
    let new = fs::read(&whole).unwrap();
    let old = b"an older file".to_vec();
    let (mut kills, mut kept) = (0, 0);
    for i in 0..KILLS {
        fs::write(&target, &old).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_gouji"))
            .args(["export", text(&input), "-o", text(&target)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        kills += u64::from(killed(child, folder.path(), new.len() as u64 * i / KILLS));
        let left = fs::read(&target).unwrap();
        assert!(left == old || left == new, "{} bytes of {}", left.len(), new.len());
        kept += u64::from(left == old);
        for entry in fs::read_dir(folder.path()).unwrap().flatten() {
            if entry.file_name().to_string_lossy().ends_with(".part") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }
    assert!(kills > KILLS / 2 && kept > 0, "{kills} killed, {kept} of the old files kept");
}

#[test]
fn links_are_refused_and_files_keep_to_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let (target, link) = (folder.path().join("target.csv"), folder.path().join("link.csv"));
    fs::write(&target, "kept").unwrap();
    symlink(&target, &link).unwrap();
    let to_nowhere = folder.path().join("nowhere.csv");
    symlink(folder.path().join("made.csv"), &to_nowhere).unwrap();
    let directory = folder.path().join("d.csv");
    fs::create_dir(&directory).unwrap();
    for path in [&link, &to_nowhere, &directory] {
        for more in [&[][..], &["--ledger"], &["--wide"]] {
            let output = gouji(&[&["export", "sample-data/parsed", "-o", text(path)], more].concat());
            assert_eq!(output.status.code(), Some(2), "{}", path.display());
        }
    }
    assert_eq!(fs::read_to_string(&target).unwrap(), "kept");
    assert!(!folder.path().join("made.csv").exists());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "nothing half-written stays");

    let new = folder.path().join("new.csv");
    run(&["export", "sample-data/parsed", "--ledger", "-o", text(&new)]);
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&new), 0o600, "what was found and is not published is its owner's");
    fs::set_permissions(&new, fs::Permissions::from_mode(0o664)).unwrap();
    run(&["export", "sample-data/parsed", "--ledger", "-o", text(&new)]);
    assert_eq!(mode(&new), 0o664, "whoever opened it up has it open");
}
