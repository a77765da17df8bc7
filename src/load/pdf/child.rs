//! The parser in a process of its own, with limits: a file that breaks it costs that file only.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::{Content, Failure, MAX_TEXT_BYTES, content_of, problem};
use crate::load::Record;
use crate::load::files::MAX_FILE_BYTES;
use crate::report::{Problem, ProblemCode};

/// The hidden first argument with which the program is such a process.
pub const ARGUMENT: &str = "__render";
/// What the process writes first, so that nothing else is taken for its answer.
const GREETING: &[u8] = b"gouji-render 1\n";
/// Exit code of a process that found out why the file has no text, and wrote it.
const REFUSED: u8 = 3;
/// Exit code of a process that wrote what must be known of the file, one word a line, and behind an empty line its text.
const NOTED: u8 = 4;
/// Memory of the process at most.
const MAX_MEMORY: u64 = 1 << 30;
/// Seconds of work of the process at most.
const MAX_WORK: u64 = 20;
/// How long an answer is waited for.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// The program that parses; where none was named, this process does.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Names the program that parses when it is called with [`ARGUMENT`]. The first one named stays.
pub fn use_program(program: PathBuf) {
    // Naming another one later changes nothing.
    let _ = PROGRAM.set(program);
}

/// The text of a PDF.
pub(super) fn render(record: &Record<'_>) -> Result<String, Problem> {
    content(record).map(|content| content.text)
}

/// What a PDF says.
pub(super) fn content(record: &Record<'_>) -> Result<Content, Problem> {
    match PROGRAM.get() {
        None => content_of(record.bytes).map_err(|failure| failure.problem()),
        Some(program) => ask(program.as_os_str(), record.bytes, MAX_WAIT),
    }
}

fn failed(error: &io::Error) -> Problem {
    problem(ProblemCode::Unreadable, &format!("the PDF reader did not start: {error}"))
}

fn ask(program: &OsStr, bytes: &[u8], wait: Duration) -> Result<Content, Problem> {
    let mut command = Command::new(program);
    command.args([ARGUMENT, super::PDF.name]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    let stdin = child.stdin.take();
    let (answer, status) = std::thread::scope(|scope| {
        // Who has stopped reading says why by how it ends.
        scope.spawn(move || stdin.map(|mut pipe| pipe.write_all(bytes)));
        let answer = answer(&mut child, wait);
        if !matches!(answer, Ok(Answer::Whole(_))) {
            let _ = child.kill();
        }
        (answer, child.wait())
    });
    let status = status.map_err(|error| failed(&error))?;
    match answer.map_err(|error| failed(&error))? {
        Answer::Whole(answer) => understand(&answer, status),
        Answer::Late => Err(problem(ProblemCode::TooLarge, "PDF that takes too long to read")),
        Answer::Long => Err(problem(ProblemCode::TooLarge, "more text than any report")),
    }
}

enum Answer {
    Whole(Vec<u8>),
    Late,
    Long,
}

/// Reads all that the process writes, but not for ever.
fn answer(child: &mut Child, wait: Duration) -> io::Result<Answer> {
    let mut pipe = child.stdout.take().ok_or_else(|| io::Error::other("no pipe"))?;
    let until = Instant::now() + wait;
    let mut answer = Vec::new();
    let mut piece = vec![0; 64 << 10];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let timeout = Timespec { tv_sec: left.as_secs().cast_signed(), tv_nsec: left.subsec_nanos().into() };
        let ready = match poll(&mut [PollFd::new(&pipe, PollFlags::IN)], Some(&timeout)) {
            Err(rustix::io::Errno::INTR) => continue,
            ready => ready?,
        };
        if ready == 0 {
            return Ok(Answer::Late);
        }
        match pipe.read(&mut piece) {
            Ok(0) => return Ok(Answer::Whole(answer)),
            Ok(n) => answer.extend_from_slice(piece.get(..n).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if answer.len() > MAX_TEXT_BYTES + GREETING.len() {
            return Ok(Answer::Long);
        }
    }
}

fn understand(answer: &[u8], status: ExitStatus) -> Result<Content, Problem> {
    let greeted = answer.strip_prefix(GREETING);
    let body = greeted.map(|body| String::from_utf8_lossy(body).into_owned());
    match (body, status.code()) {
        (Some(text), Some(0)) => Ok(Content { text, notes: Vec::new() }),
        (Some(text), Some(code)) if code == i32::from(NOTED) => {
            let (notes, text) = text.split_once("\n\n").unwrap_or(("", &text));
            Ok(Content { text: text.to_owned(), notes: notes.lines().map(ProblemCode::parse).collect() })
        }
        (Some(why), Some(code)) if code == i32::from(REFUSED) => {
            let (code, detail) = why.split_once('\n').unwrap_or((why.as_str(), ""));
            Err(problem(ProblemCode::parse(code), detail))
        }
        _ => Err(problem(ProblemCode::Unreadable, &format!("PDF that breaks its reader ({status})"))),
    }
}

/// Parses a PDF from standard input and writes its text: all that the process does. Gives its exit code.
#[must_use]
pub fn serve() -> u8 {
    let answered = limit().and_then(|()| answer_once());
    answered.unwrap_or(1)
}

/// Sets the limits, which cannot be lifted again.
fn limit() -> io::Result<()> {
    let limits =
        [(Resource::As, MAX_MEMORY), (Resource::Cpu, MAX_WORK), (Resource::Core, 0), (Resource::Nofile, 3)];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

fn answer_once() -> io::Result<u8> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    let mut out = io::stdout().lock();
    out.write_all(GREETING)?;
    let code = match content_of(&bytes) {
        Ok(content) if content.notes.is_empty() => {
            out.write_all(content.text.as_bytes())?;
            0
        }
        Ok(content) => {
            for note in &content.notes {
                writeln!(out, "{}", note.name())?;
            }
            writeln!(out)?;
            out.write_all(content.text.as_bytes())?;
            NOTED
        }
        Err(failure) => {
            let Problem { code, detail, .. } = Failure::problem(&failure);
            writeln!(out, "{}", code.name())?;
            out.write_all(detail.raw().as_bytes())?;
            REFUSED
        }
    };
    out.flush()?;
    Ok(code)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn however_the_process_ends_the_file_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let cases = [
            ("exec sleep 100", Err("PDF that takes too long to read")),
            ("exec yes", Err("more text than any report")),
            ("kill -SEGV $$", Err("PDF that breaks its reader (signal: 11")),
            ("echo gouji-render 1; exit 101", Err("PDF that breaks its reader (exit status: 101")),
            ("echo running 0 tests", Err("PDF that breaks its reader (exit status: 0")),
            ("echo gouji-render 1; echo unreadable; printf why; exit 3", Err("why")),
            ("echo gouji-render 1; cat > /dev/null; echo 一", Ok(("一\n", &[][..]))),
            (
                "echo gouji-render 1; cat > /dev/null; printf 'damaged\n\n一\n\n二'; exit 4",
                Ok(("一\n\n二", &[ProblemCode::Damaged][..])),
            ),
        ];
        for (i, (script, want)) in cases.into_iter().enumerate() {
            let program = folder.path().join(i.to_string());
            std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
            let limit = if script.contains("sleep") { Duration::from_millis(200) } else { MAX_WAIT };
            let got = ask(program.as_os_str(), &vec![b'x'; 1 << 20], limit);
            match (got, want) {
                (Ok(got), Ok((text, notes))) => {
                    assert_eq!((got.text.as_str(), got.notes.as_slice()), (text, notes));
                }
                (Err(problem), Err(want)) => {
                    assert!(problem.detail.raw().starts_with(want), "{script}: {problem:?}");
                }
                (got, _) => panic!("{script}: {got:?}"),
            }
        }
        assert!(ask(OsStr::new("/nowhere"), b"", MAX_WAIT).is_err());
    }
}
