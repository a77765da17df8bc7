//! Raw text of a report, in whatever layout the text of its tables came out.
//!
//! Rows are found by their labels, never by position or count; what cannot be placed with certainty is a problem
//! with its line, never a guess.

mod cellwise;
mod drawn;
mod head;
mod kind;
mod lines;
mod nested;
mod oneline;
mod opening;
mod origin;
mod place;
pub(super) mod publisher;
mod remedies;
mod rows;
mod sections;
mod stream;
mod table;
mod title;
mod value;
mod who;
mod year;

pub(super) use value::is_blank_sign;

use sha2::{Digest, Sha256};

use super::decode::{decode, is_utf_16};
use super::{Format, Located, Reading, Record, Unit, View, file_text, hexadecimal, line_after};
use crate::display::Untrusted;
use crate::report::template::SECTIONS;
use crate::report::{Problem, ProblemCode, Report, Section, Source, TableId, TemplateId};
use kind::Kind;
use lines::DocLine;
use sections::Heading;

/// Plain text: the last to be tried, as anything may be text.
pub const TEXT: Format = Format {
    name: "text",
    about: "raw text of a report",
    recognises: |head, _| !head.contains(&0) || is_utf_16(head),
    unit: Unit::File,
    view: View::AsItIs,
    read,
};

/// More lines than that are no report.
const MAX_LINES: usize = 20_000;
/// A longer line is cut: no row of any table is that long.
const MAX_LINE_BYTES: usize = 1 << 20;

fn problem(code: ProblemCode, at: &str, line: u32, detail: impl Into<String>) -> Problem {
    Problem { code, at: at.into(), line, detail: Into::<String>::into(detail).into() }
}

/// Reads one document.
fn read(record: &Record<'_>) -> Reading {
    let Some((text, _)) = decode(record.bytes, None) else {
        let valid = std::str::from_utf8(record.bytes).map_or_else(|e| e.valid_up_to(), str::len);
        let line = line_after(record.line, record.bytes.get(..valid).unwrap_or_default());
        return Reading::rejected(problem(ProblemCode::NotUtf8, "", line, format!("byte {valid}")));
    };
    read_text(record, &text, TEXT.name, false)
}

/// Reads a document that another format turned into text, if it could.
pub(super) fn read_rendered(
    record: &Record<'_>,
    rendered: Result<String, Problem>,
    format: &'static str,
) -> Reading {
    match rendered {
        Ok(text) => read_text(record, &text, format, true),
        Err(problem) => Reading::rejected(problem),
    }
}

fn read_text(record: &Record<'_>, text: &str, format: &'static str, is_rendered: bool) -> Reading {
    let mut problems = Vec::new();
    let drawn = if is_rendered { None } else { drawn::unfold(text) };
    let text = drawn.as_ref().map_or(text, |drawn| &drawn.text);
    let mut lines = split(text, record.line, is_rendered, &mut problems);
    if let Some(drawn) = &drawn {
        drawn.renumber(&mut lines, record.line);
    }
    if text.contains('|') {
        lines::take_lone_cells(&mut lines);
    }
    if text.contains('序') {
        lines::drop_running_numbers(&mut lines);
    }
    let (headings, second) = sections::find(&lines);
    if let Some(second) = second {
        let number = lines.get(second).map_or(0, |l| l.number);
        problems.push(problem(ProblemCode::SeveralReports, "", number, ""));
        lines.truncate(second);
    }
    let mut report = Report { source: source(record, format), problems, ..Report::default() };
    let title = title::find(&lines, &headings);
    who::name(&mut report, title.as_ref(), &lines, &headings);
    let kind = kind::of(&report, title.as_ref(), &lines, &headings);
    if let Kind::Other(what) = kind {
        return Reading::rejected(problem(ProblemCode::NotAReport, "", 0, what));
    }
    origin::fill(&mut report, title.as_ref(), &lines, record.file);
    let tables = match kind {
        Kind::Earlier => [None, None, None],
        _ => read_tables(&mut report, &lines, &headings),
    };
    if kind::is_blank_form(&report, title.as_ref()) && kind != Kind::Earlier {
        return Reading::rejected(problem(ProblemCode::NotAReport, "", 0, kind::BLANK_FORM));
    }
    missing(&mut report, kind, &headings);
    read_sections(&mut report, &lines, &headings, title.as_ref(), &tables);
    report.problems.sort_by_key(|p| p.line);
    let located = Located {
        report,
        offset: record.offset,
        length: record.bytes.len() as u64,
        line: record.line,
        is_parsed: false,
        is_one_line: false,
    };
    Reading { reports: vec![located], ..Reading::default() }
}

fn split<'a>(text: &'a str, first: u32, is_rendered: bool, problems: &mut Vec<Problem>) -> Vec<DocLine<'a>> {
    let cut = if is_rendered { lines::cut_row } else { lines::cut };
    // A form feed is a page break: it separates lines without counting as one.
    let rows = text.split('\n').zip(first..).map(|(line, n)| (n, line.strip_suffix('\r').unwrap_or(line)));
    let mut out = Vec::new();
    for (number, line) in rows {
        let has_breaks = memchr::memchr2(b'\x0c', b'\r', line.as_bytes()).is_some();
        let pieces = has_breaks.then(|| line.split(['\u{c}', '\r'])).into_iter().flatten();
        for piece in pieces.chain((!has_breaks).then_some(line)) {
            if out.len() >= MAX_LINES || piece.len() > MAX_LINE_BYTES {
                let code = ProblemCode::TooLarge;
                problems.push(problem(
                    code,
                    "",
                    number,
                    format!("at most {MAX_LINES} lines of {MAX_LINE_BYTES} bytes are read"),
                ));
                return out;
            }
            let rows = nested::pieces(piece).unwrap_or_else(|| vec![piece]);
            let pieces = rows.into_iter().flat_map(oneline::pieces);
            out.extend(pieces.map(|piece| cut(number, piece)));
        }
    }
    out
}

fn source(record: &Record<'_>, format: &'static str) -> Source {
    let hex = hexadecimal(&Sha256::digest(record.bytes));
    Source { file: file_text(record.file), format: format.into(), sha256: hex.into() }
}

/// What a report lacks of what its form has. A report of a year before the forms lacks nothing: it is said to be one.
fn missing(report: &mut Report, kind: Kind, headings: &[Heading]) {
    if report.title.is_empty() {
        report.problems.push(problem(ProblemCode::NoTitle, "title", 0, ""));
    }
    if report.year.is_none() {
        report.problems.push(problem(ProblemCode::NoYear, "year", 0, ""));
    }
    if kind == Kind::Earlier {
        report.problems.push(problem(ProblemCode::EarlierForm, "template", 0, ""));
        return;
    }
    for section in SECTIONS.iter().filter(|s| !headings.iter().any(|h| h.number == s.number)) {
        let at = format!("sections.{}", section.number);
        report.problems.push(problem(ProblemCode::NoSection, &at, 0, section.label.official));
    }
}

/// Reads the three tables; gives the lines that each takes, if it is there.
fn read_tables(
    report: &mut Report,
    lines: &[DocLine<'_>],
    headings: &[Heading],
) -> [Option<std::ops::Range<usize>>; 3] {
    let regions = TableId::ALL.map(|table| table_region(headings, table, lines.len()));
    let edition = edition(lines, &regions)
        .or_else(|| edition(lines, &[0..lines.len(), 0..0, 0..0]))
        .or_else(|| report.year.and_then(TemplateId::for_year));
    report.template = edition;
    let edition = edition.unwrap_or(TemplateId::T2021);
    let [two, three, four] = regions;
    [(TableId::Disclosure, two), (TableId::Requests, three), (TableId::Remedies, four)].map(
        |(table, region)| {
            let has_heading = headings.iter().any(|h| h.number == table.number());
            table::read(report, lines, region.clone(), (table, has_heading), edition)
                .or_else(|| {
                    // Some programs print the tables behind all sections, where their heads tell.
                    let region = table::by_head(lines, headings, table)?;
                    table::read(report, lines, region, (table, false), edition)
                })
                .or_else(|| {
                    let line = lines.get(region.start.wrapping_sub(1)).map_or(0, |line| line.number);
                    report.problems.push(problem(ProblemCode::NoTable, table.name(), line, ""));
                    None
                })
        },
    )
}

/// Where a table is looked for: its section, or where its heading is missing, all that lies between the headings
/// around it.
fn table_region(headings: &[Heading], table: TableId, end: usize) -> std::ops::Range<usize> {
    let number = table.number();
    sections::region(headings, number, end).unwrap_or_else(|| {
        let before = headings.iter().filter(|h| h.number < number).map(|h| h.line + 1).max().unwrap_or(0);
        let after = headings
            .iter()
            .filter(|h| h.number > number && h.line >= before)
            .map(|h| h.line)
            .min()
            .unwrap_or(end);
        before..after
    })
}

/// Words that only one edition of the form has, with the table that they stand in.
const EDITION_WORDS: &[(&str, TemplateId)] = &[
    ("新制作", TemplateId::T2019),
    ("新公开", TemplateId::T2019),
    ("对外公开总数", TemplateId::T2019),
    ("其他对外管理服务事项", TemplateId::T2019),
    ("采购项目数量", TemplateId::T2019),
    ("上一年项目数", TemplateId::T2019),
    ("制发件数", TemplateId::T2021),
    ("废止件数", TemplateId::T2021),
    ("现行有效", TemplateId::T2021),
    ("逾期不补正", TemplateId::T2021),
    ("未按收费通知", TemplateId::T2021),
    ("本年收费金额", TemplateId::T2021),
];

/// The edition that the tables follow, by the words of their heads and rows.
fn edition(lines: &[DocLine<'_>], regions: &[std::ops::Range<usize>; 3]) -> Option<TemplateId> {
    let mut text = String::new();
    for line in regions.iter().take(2).flat_map(|region| lines.get(region.clone()).unwrap_or_default()) {
        line.text.chars().for_each(|c| super::normalise::fold_letter(c, &mut |c| text.push(c)));
    }
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let count = |id| EDITION_WORDS.iter().filter(|(word, of)| *of == id && has(word)).count();
    match (count(TemplateId::T2019), count(TemplateId::T2021)) {
        (0, 0) => None,
        (old, new) if old > new => Some(TemplateId::T2019),
        _ => Some(TemplateId::T2021),
    }
}

/// The narrative: what stands in each section outside its table.
fn read_sections(
    report: &mut Report,
    lines: &[DocLine<'_>],
    headings: &[Heading],
    title: Option<&title::Title>,
    tables: &[Option<std::ops::Range<usize>>; 3],
) {
    // The text begins with its first line that is not empty, whose number is known.
    let title_lines = title.map_or(0..0, |t| t.lines.clone());
    let is_elsewhere =
        |i: &usize| !title_lines.contains(i) && !tables.iter().flatten().any(|table| table.contains(i));
    let text_of = |range: std::ops::Range<usize>| -> (u32, String) {
        let kept = range.filter(is_elsewhere).filter_map(|i| lines.get(i));
        let kept: Vec<&DocLine<'_>> = kept.skip_while(|line| line.text.is_empty()).collect();
        let text = joined(&kept);
        let text = super::page::without_marks(text.trim_end_matches('\n')).into_owned();
        (kept.first().map_or(0, |line| line.number), text)
    };
    let first = headings.iter().map(|h| h.line).min().unwrap_or(lines.len());
    let (text_line, intro) = text_of(0..first);
    if !intro.trim().is_empty() && (!headings.is_empty() || report.is_before_the_forms()) {
        let line = lines.first().map_or(1, |l| l.number);
        let (title, text) = (Untrusted::default(), intro.into());
        report.sections.push(Section { number: 0, title, text, line, text_line });
    }
    let mut in_order: Vec<&Heading> = headings.iter().collect();
    in_order.sort_by_key(|h| h.line);
    for heading in in_order {
        let Some(region) = sections::region(headings, heading.number, lines.len()) else { continue };
        let (first_line, below) = text_of(region);
        let Some(line) = lines.get(heading.line) else { continue };
        let (head, tail) = split_heading(line.text, heading);
        // What follows the heading on its line is the first line; the empty ones below it are kept for the count.
        let (text_line, text) = match (tail, below.as_str()) {
            ("", _) => (first_line, below),
            (tail, "") => (line.number, tail.to_owned()),
            (tail, below) => {
                let between = first_line.saturating_sub(line.number).max(1) as usize;
                (line.number, format!("{tail}{}{below}", "\n".repeat(between)))
            }
        };
        report.sections.push(Section {
            number: heading.number,
            title: head.into(),
            text: text.into(),
            line: line.number,
            text_line,
        });
    }
}

/// Lines below each other; pieces of one line are put together again, so that the lines of a text can be counted.
fn joined(lines: &[&DocLine<'_>]) -> String {
    let mut text = String::new();
    for (i, line) in lines.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| lines.get(i));
        let goes_on =
            before.is_some_and(|before| before.text.as_bytes().as_ptr_range().end == line.text.as_ptr());
        if i > 0 && !goes_on {
            text.push('\n');
        }
        text.push_str(line.text);
    }
    text
}

/// A heading with text behind it on the same line, cut behind the title.
fn split_heading<'a>(text: &'a str, heading: &Heading) -> (&'a str, &'a str) {
    let text = text.trim();
    let title = SECTIONS.iter().find(|s| s.number == heading.number).and_then(|s| {
        std::iter::once(&s.label.official).chain(s.also).find_map(|t| text.find(t).map(|at| at + t.len()))
    });
    match title.filter(|_| heading.has_text).and_then(|end| text.split_at_checked(end)) {
        Some((head, tail)) => (head, tail.trim()),
        None => (text, ""),
    }
}
