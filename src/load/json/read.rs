//! JSON → reports: what one record of a file holds, and where each part of it stands.
//!
//! Only what is no JSON at all is refused as a whole; in an array, each element stands for itself.

use std::borrow::Cow;
use std::cell::Cell;

use super::glance::without_space;
use super::members::{Reader, Verdict};
use super::plain::plain;
use super::scan::{Fault, Kind, Scanner};
use crate::display::Untrusted;
use crate::load::{Located, Reading, Record, line_after};
use crate::report::{Problem, ProblemCode, Report};

/// Problems that are listed of one report, and of one record; the rest is counted.
pub(super) const MAX_PROBLEMS: usize = 1_000;
/// Characters of the file that a problem quotes.
const MAX_QUOTE: usize = 80;

/// Reads an object, or an array of objects. What an object must have to be a report is said in [`super`].
pub(super) fn read(record: &Record<'_>) -> Reading {
    let bytes = record.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(record.bytes);
    let offset = record.offset + (record.bytes.len() - bytes.len()) as u64;
    let source = Source { bytes, offset, first_line: record.line, seen: Cell::new((0, record.line)) };
    let text = match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            return Reading::rejected(source.problem(ProblemCode::NotUtf8, "", at, format!("byte {at}")));
        }
    };
    let mut reading = Reading::default();
    let object = without_space(text);
    if let Some(report) = plain(object) {
        let length = object.len() as u64;
        let line = record.line;
        let located = Located { report, offset, length, line, is_parsed: true, is_one_line: true };
        reading.reports.push(located);
        return reading;
    }
    match read_text(&source, text, &mut reading) {
        Ok(()) => reading,
        Err(fault) => {
            let before = text.get(..fault.at).unwrap_or(text);
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let detail = format!("column {column}: {}", fault.reason);
            Reading::rejected(source.problem(ProblemCode::NotJson, "", fault.at, detail))
        }
    }
}

fn read_text(source: &Source<'_>, text: &str, reading: &mut Reading) -> Result<(), Fault> {
    let mut scanner = Scanner::new(text);
    let mut unused = None;
    if scanner.kind()? != Kind::Array {
        read_element(source, &mut scanner, &mut unused, reading)?;
        return scanner.end();
    }
    let mut is_empty = true;
    let start = scanner.at();
    scanner.array(|scanner, _| {
        is_empty = false;
        read_element(source, scanner, &mut unused, reading)
    })?;
    if is_empty {
        reading.problems.push(source.problem(ProblemCode::NotAReport, "", start, "an empty array"));
    }
    scanner.end()
}

/// Reads one value as a report. `unused` keeps a report without content for the next, as they are not small.
fn read_element(
    source: &Source<'_>,
    scanner: &mut Scanner<'_>,
    unused: &mut Option<Report>,
    reading: &mut Reading,
) -> Result<(), Fault> {
    let kind = scanner.kind()?;
    let start = scanner.at();
    let mut reject = |detail: Cow<'_, str>| {
        if reading.problems.len() < MAX_PROBLEMS {
            reading.problems.push(source.problem(ProblemCode::NotAReport, "", start, detail));
        } else if reading.problems.len() == MAX_PROBLEMS {
            reading.problems.push(source.problem(ProblemCode::MoreProblems, "", start, ""));
        }
    };
    if kind != Kind::Object {
        scanner.skip()?;
        reject(kind.name().into());
        return Ok(());
    }
    let mut reader = Reader::new(source, unused.take().unwrap_or_default());
    scanner.object(|scanner, name, at| reader.member(scanner, name, at))?;
    match reader.verdict() {
        Verdict::Report => {
            let length = (scanner.at() - start) as u64;
            let (offset, line) = (source.offset + start as u64, source.line(start));
            let bytes = source.bytes.get(start..scanner.at()).unwrap_or_default();
            reading.reports.push(Located {
                report: reader.finish(start),
                offset,
                length,
                line,
                is_parsed: true,
                is_one_line: memchr::memchr(b'\n', bytes).is_none(),
            });
        }
        Verdict::Other(what) => reading.not_a_report = Some(what),
        Verdict::Unknown(why) => {
            reject(why.into());
            *unused = reader.unused();
        }
    }
    Ok(())
}

/// The bytes that everything is a piece of, and where they stand in the file.
pub(super) struct Source<'a> {
    bytes: &'a [u8],
    offset: u64,
    first_line: u32,
    /// A byte and its line: lines are mostly asked for going forward.
    seen: Cell<(usize, u32)>,
}

impl Source<'_> {
    /// The line of the file in which a byte stands.
    fn line(&self, at: usize) -> u32 {
        let (seen, line) = Some(self.seen.get()).filter(|seen| seen.0 <= at).unwrap_or((0, self.first_line));
        let between = self.bytes.get(seen..at).unwrap_or_default();
        let line = line_after(line, between);
        self.seen.set((at, line));
        line
    }

    pub(super) fn problem<'t>(
        &self,
        code: ProblemCode,
        place: &str,
        at: usize,
        detail: impl Into<Cow<'t, str>>,
    ) -> Problem {
        let detail = Untrusted::new(detail.into());
        Problem { code, at: Untrusted::new(quote(place)), line: self.line(at), detail }
    }
}

/// The beginning of a text, marked if something is missing.
pub(super) fn quote(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_QUOTE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}
