//! The list of broken sums is the same whether lines are looked at or read in full, and whether narrative and causes are
//! looked for or not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use gouji::corpus::{self, Relatives, Reported};
use gouji::display::Lang;
use gouji::export::tsv::{Item, List, Sieve, Sums};
use gouji::export::{self, Checked, FINDING_FORMATS, Identity};
use gouji::load::files::{self, FileEnd, Flow, Work};
use gouji::load::{Located, Reading, Record, json};
use gouji::report::{CELL_COUNT, CellId, Figure, Number, Problem, Report, TemplateId};
use gouji::rules::{self, Rule, Settings, Severity};
use gouji::synth;
use proptest::prelude::*;

/// Every rule and severity is asked for.
const ALL: &(dyn Fn(&Rule, Severity) -> bool + Sync) = &|_, _| true;

fn synthetic(seed: u64, reports: u64) -> Vec<Report> {
    let settings = synth::Settings { reports, seed, errors_per_mille: 300, ..synth::Settings::default() };
    synth::Corpus::new(settings).map(|item| item.report).collect()
}

fn read(line: &[u8]) -> Reading {
    (json::LINES.read)(&Record { file: Path::new("x.jsonl"), bytes: line, offset: 0, line: 1 })
}

/// What a line is read as member by member: a space before it is no plain layout.
fn read_by_members(line: &[u8]) -> Reading {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let (mark, object) = line.strip_prefix(MARK).map_or((&[][..], line), |object| (MARK, object));
    let mut reading = read(&[mark, b" ", object].concat());
    for located in &mut reading.reports {
        located.offset -= 1;
    }
    reading
}

/// Whether a glance at the line is enough; if so, it must show what reading it in full says, and no problem may be
/// passed over. In any case, the line must be read at once as what it is read as member by member.
fn is_enough(line: &[u8], sieve: &Sieve<'_>) -> bool {
    let text = String::from_utf8_lossy(line);
    let (at_once, reading) = (read(line), read_by_members(line));
    assert_eq!(at_once.reports, reading.reports, "{text}");
    let messages = |reading: &Reading| -> Vec<(u32, String)> {
        // A fault is told with its column.
        let message = |problem: &Problem| (problem.line, format!("{:?}", problem.code));
        reading.problems.iter().map(message).collect()
    };
    assert_eq!(messages(&at_once), messages(&reading), "{text}");
    let Some(glimpse) = json::glance(line) else { return false };
    let [Located { report, .. }] = reading.reports.as_slice() else { panic!("no report: {text}") };
    assert_eq!((&reading.problems, &report.problems), (&vec![], &vec![]), "{text}");
    if let Some(item) = sieve.of_glimpse(&record(line), &glimpse, true) {
        assert_eq!(item, sieve.of_report(Path::new("x"), &reading.reports[0], true), "{text}");
    }
    let seen = (glimpse.id().into_owned(), glimpse.agency, Some(glimpse.year), Some(glimpse.template));
    assert_eq!(seen, (report.id().raw().to_owned(), report.agency.raw(), report.year, report.template));
    for cell in CellId::all() {
        let listed: Vec<Figure> =
            glimpse.figures.iter().filter(|(c, _)| *c == cell).map(|(_, figure)| *figure).collect();
        let is_present = glimpse.present[cell.index() / 64] >> (cell.index() % 64) & 1 == 1;
        let figure = match (is_present, listed.as_slice()) {
            (true, []) => Figure::Number(Number::whole(0)),
            (true, [figure]) => *figure,
            (_, listed) => {
                assert_eq!(listed, [], "{cell} is listed, but not there or twice: {text}");
                Figure::Absent
            }
        };
        assert_eq!(figure, report.figures.get(cell), "{cell}: {text}");
    }
    true
}

#[test]
fn a_glance_is_enough_for_the_plain_layout() {
    let settings = Settings::default();
    let sieve = Sieve::new(Sums::new(&settings, ALL));
    let (mut broken, mut editions) = (0, HashSet::new());
    // What the errors left blank is for reading in full.
    for (report, line) in
        synthetic(5, 200).iter().map(|r| (r, json::to_line(r))).filter(|(_, l)| !l.contains("null"))
    {
        let spaced = line.replace("\":", "\": ").replace(",\"", ", \"");
        for line in [line.clone(), format!("{line}\r"), spaced] {
            assert!(is_enough(line.as_bytes(), &sieve), "{line}");
        }
        broken += usize::from(!Sums::new(&settings, ALL).of_report(report).text.is_empty());
        editions.insert(report.template);
    }
    assert!(broken > 20 && editions.len() == 2, "{broken} of {editions:?}");
}

#[test]
fn what_departs_from_the_plain_layout_is_read_in_full() {
    let line = json::to_line(&synthetic(5, 1)[0]);
    let row = &line[line.find("\"received\":").unwrap()..line.find(",\"carried_in\"").unwrap()];
    let cases = [
        ("{\"schema\"", "{\"year\":2024,\"schema\""),
        ("{\"schema\"", "{\"extra\":1,\"schema\""),
        ("{\"schema\"", "{\"cells\":{},\"schema\""),
        ("{\"schema\"", "{\"problems\":[],\"schema\""),
        ("{\"schema\"", "{ \u{1},\"schema\""),
        ("gouji/report/1", "gouji/report/2"),
        ("gouji/report/1", "gouji\\/report/1"),
        ("\"title\":", "\"heading\":"),
        ("\"title\":\"", "\"title\":\"\\x"),
        ("\"title\":\"", "\"title\":\"\\ud800"),
        ("\"title\":\"", "\"title\":\"\\u00g0"),
        ("\"agency\":\"", "\"agency\":\"\\n"),
        ("\"year\":20", "\"year\":\"20"),
        ("\"year\":20", "\"year\":30"),
        ("\"number\":1,", ""),
        ("\"number\":1,", "\"number\":7,"),
        ("\"number\":1,", "\"number\":1,\"number\":1,"),
        (row, "\"received\":[0,0,0,0,0,0]"),
        (row, "\"received\":[0,0,0,0,0,0,0,0]"),
        (row, "\"received\":[0,0,0,0,0,0,null]"),
        (row, "\"received\":[0,0,0,0,0,0,-1]"),
        (row, "\"received\":[0,0,0,0,0,0,01]"),
        (row, "\"received\":[0,0,0,0,0,0,1.0]"),
        (row, "\"received\":[0,0,0,0,0,0,1000000000]"),
        (row, "\"received\":[0,0,0,0,0,0,\"1\"]"),
        (row, "\"other_9\":[0,0,0,0,0,0,0]"),
        (&format!("{row},"), ""),
    ];
    assert!(json::glance(line.as_bytes()).is_some());
    for (from, to) in cases {
        let departing = line.replacen(from, to, 1);
        assert_ne!(departing, line, "{from}");
        assert_eq!(json::glance(departing.as_bytes()), None, "{to}");
    }
    let mut bytes = line.into_bytes();
    assert_eq!(json::glance(&[&bytes, &b"{}"[..]].concat()), None);
    bytes[40] = 0xff;
    assert_eq!(json::glance(&bytes), None);
}

/// A change to a line.
#[derive(Debug, Clone)]
enum Damage {
    Byte(usize, u8),
    Cut(usize, usize),
    Copy(usize, usize, usize),
    Insert(usize, &'static str),
    Replace(usize, &'static str),
}

const PIECES: &[&str] = &[
    "null",
    "0",
    "1",
    "-1",
    "-0",
    "1.5",
    "0.50",
    "1e3",
    "00",
    "999999999",
    "9999999999",
    " ",
    "\t",
    "\\n",
    "\\",
    "\\u00e9",
    "\\ud83d",
    "\"",
    ",",
    ":",
    "[",
    "]",
    "{",
    "}",
    "{}",
    "[]",
    "true",
    "\"x\"",
    "\"cells\":{},",
    "\"year\":2024,",
    "\"x\":1,",
    "\"other\":[0,0,0,0,0,0,0],",
    "\"received\":[1,0,0,0,0,0,1],",
    "\"fees.unit\":\"元\",",
    "\"fees.amount\":0.5,",
    "\u{7f}",
    "新",
];

fn any_damage() -> impl Strategy<Value = Damage> {
    let (at, piece) = (any::<usize>(), prop::sample::select(PIECES));
    prop_oneof![
        (at, any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        (at, 1_usize..40).prop_map(|(at, length)| Damage::Cut(at, length)),
        (at, 1_usize..60, any::<usize>()).prop_map(|(from, n, to)| Damage::Copy(from, n, to)),
        (at, piece.clone()).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (at, piece).prop_map(|(at, piece)| Damage::Replace(at, piece)),
    ]
}

impl Damage {
    /// Does it, mostly where something begins or ends: the middle of the narrative is large and dull.
    fn to(&self, line: &mut Vec<u8>) {
        let joints: Vec<usize> = (0..line.len()).filter(|i| b",:[]{}\"".contains(&line[*i])).collect();
        let place = |at: usize| match at % 4 {
            0 => at / 4 % line.len().max(1),
            i => joints.get(at / 4 % joints.len().max(1)).map_or(0, |joint| joint + i % 2),
        };
        match *self {
            Self::Byte(at, byte) => {
                let at = place(at);
                line.get_mut(at).into_iter().for_each(|b| *b = byte);
            }
            Self::Cut(at, length) => {
                let at = place(at).min(line.len());
                line.drain(at..(at + length).min(line.len()));
            }
            Self::Copy(from, length, to) => {
                let (from, to) = (place(from).min(line.len()), place(to).min(line.len()));
                let copied = line[from..(from + length).min(line.len())].to_vec();
                line.splice(to..to, copied);
            }
            Self::Insert(at, piece) => {
                let at = place(at).min(line.len());
                line.splice(at..at, piece.bytes());
            }
            Self::Replace(at, piece) => {
                let at = place(at).min(line.len());
                let length = line[at..].iter().take_while(|b| b.is_ascii_digit()).count();
                line.splice(at..at + length, piece.bytes());
            }
        }
    }
}

fn any_figure() -> impl Strategy<Value = Figure> {
    prop_oneof![
        Just(Figure::Absent),
        Just(Figure::Blank),
        Just(Figure::Unreadable),
        (0_i64..4).prop_map(|n| Figure::Number(Number::whole(n))),
        (-1_000_000_000_000_i64..1_000_000_000_000, 0_u8..9)
            .prop_map(|(n, s)| Figure::Number(Number::of_units(n, s))),
    ]
}

prop_compose! {
    /// Reports of few agencies and years, so that they meet; some of them are copies.
    fn any_reports()(
        seed in 0_u64..1_000,
        changes in prop::collection::vec((0_usize..40, 0_usize..CELL_COUNT, any_figure()), 0..60),
        names in prop::collection::vec((0_usize..40, 0_usize..40, 2018_u16..2025, 0_u8..8), 0..30),
    ) -> Vec<Report> {
        let mut reports = synthetic(seed, 40);
        for (i, cell, figure) in changes {
            reports[i].figures.set(CellId::all().nth(cell).unwrap(), figure);
        }
        for (i, from, year, how) in names {
            let other = reports[from].clone();
            match how {
                0 => reports[i] = other,
                1 => reports[i].agency = "".into(),
                2 => reports[i].year = None,
                3 => reports[i].template = Some(TemplateId::T2019),
                _ => {
                    reports[i].agency = other.agency;
                    (reports[i].county, reports[i].county_code) = (other.county, other.county_code);
                    reports[i].year = Some(year);
                }
            }
        }
        reports
    }
}

/// The list by way of all findings: of each report by itself, then of what was carried.
fn by_findings(reports: &[Report], settings: &Settings) -> String {
    let format = FINDING_FORMATS.iter().find(|format| format.name == "tsv").unwrap();
    let (path, mut out, mut relatives) = (Path::new("x"), Vec::new(), Relatives::default());
    let mut write = |report: &Report, findings: Vec<rules::Finding>| {
        let identity = Identity::of(corpus::report_id(report), report, path);
        let causes = rules::causes(&Report::default(), &[], &findings, &[]);
        let (findings, causes) = export::numbered(&Report::default(), findings, &causes, Lang::En);
        let checked = Checked { report: &identity, findings: &findings, causes: &causes, lang: Lang::En };
        format.list(Lang::En).add(&mut out, &format.part(&checked, Vec::new())).unwrap();
    };
    for report in reports {
        let relative = corpus::relative(path, report, &[], settings);
        relatives.add(&relative, path, corpus::Range::default(), &[]);
    }
    let resolved = relatives.resolve();
    for (_, report) in (0..).zip(reports).filter(|(i, _)| !resolved.is_copy(*i)) {
        write(report, rules::check(report, settings));
    }
    let mut beside: Vec<(u32, Vec<rules::Finding>)> = Vec::new();
    let numbered = |reported: Reported<'_>, findings: Vec<rules::Finding>| (reported.document, findings);
    let compared = relatives.each(&resolved, settings, &numbered, &mut |found| {
        beside.push(found);
        Ok::<_, ()>(())
    });
    assert_eq!(compared, Ok(()));
    beside.sort_by_key(|(i, _)| *i);
    for (i, findings) in beside {
        write(&reports[i as usize], findings);
    }
    String::from_utf8(out).unwrap()
}

/// The list as it is made, from a file of these reports.
fn by_sums(reports: &[Report], settings: &Settings) -> String {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = reports.iter().map(|report| json::to_line(report) + "\n").collect();
    fs::write(folder.path().join("a.jsonl"), lines).unwrap();
    let sieve = Sieve::new(Sums::new(settings, ALL));
    let (items, _) = read_all(folder.path(), &sieve, true);
    let (mut text, mut list) = (String::new(), List::default());
    for (path, items) in items {
        for item in items {
            list.add(&path, &item);
        }
    }
    list.finish(&sieve, &corpus::Choices::default(), &mut |lines, _| text += lines).unwrap();
    text
}

/// A line as it stands in a file by itself.
fn record(bytes: &[u8]) -> Record<'_> {
    Record { file: Path::new("x"), bytes, offset: 0, line: 1 }
}

#[test]
fn the_list_has_sums_of_every_kind() {
    let text = by_sums(&synthetic(5, 2_000), &Settings::default());
    for kind in ["\tbal:", "\tcol:", "\trow:", "\trl:", "\tcarry:"] {
        assert!(text.contains(kind), "{kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_glance_never_says_what_reading_does_not(
        which in 0_usize..40, damage in prop::collection::vec(any_damage(), 1..4),
    ) {
        static LINES: LazyLock<Vec<String>> = LazyLock::new(|| synthetic(5, 40).iter().map(json::to_line).collect());
        static SETTINGS: LazyLock<Settings> = LazyLock::new(Settings::default);
        static SIEVE: LazyLock<Sieve<'static>> = LazyLock::new(|| Sieve::new(Sums::new(&SETTINGS, ALL)));
        let (mut line, sieve) = (LINES[which].clone().into_bytes(), &*SIEVE);
        for damage in damage {
            damage.to(&mut line);
        }
        is_enough(&line, sieve);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_list_is_what_all_findings_say_of_sums(reports in any_reports(), configured in 0_usize..4) {
        let settings = [
            "", "[rules.\"T3.1\"]\noff = true", "[rules.Y1]\noff = true", "[rules.\"T3.6\"]\nseverity = \"info\"",
        ][configured];
        let settings = Settings::parse(settings).unwrap();
        prop_assert_eq!(by_sums(&reports, &settings), by_findings(&reports, &settings));
    }
}

/// What is made of all files below a path.
fn read_all(path: &Path, sieve: &Sieve<'_>, at_a_glance: bool) -> (Vec<(PathBuf, Vec<Item>)>, Vec<FileEnd>) {
    let of_report = |path: &Path, located: Located| sieve.of_report(path, &located, true);
    let of_line = |record: &Record<'_>| sieve.of_glimpse(record, &json::glance(record.bytes)?, true);
    let work = Work { report: &of_report, line: at_a_glance.then_some(&of_line) };
    let (mut items, mut ends): (Vec<(PathBuf, Vec<Item>)>, Vec<FileEnd>) = Default::default();
    files::read_with(&[path.to_owned()], work, &mut |read| {
        match items.last_mut().filter(|(path, _)| *path == read.path) {
            Some((_, all)) => all.extend(read.items),
            None => items.push((read.path, read.items)),
        }
        ends.extend(read.end);
        Flow::Go
    });
    (items, ends)
}

#[test]
fn files_are_accounted_for_alike() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, mut text) = (Settings::default(), Vec::new());
    let reports = synthetic(7, 400);
    // More than one round of blocks, with lines of all kinds among the plain ones.
    for i in 0..4_000 {
        let line = json::to_line(&reports[i % reports.len()]);
        match i % 50 {
            10 => text.extend(line.replace("\"requests\":{", "\"requests\":{\"x\":1,").bytes()),
            20 => text.extend(line.bytes().take(400)),
            30 => text.extend(b" \r"),
            40 => text.extend(b"{\"schema\":\"gouji/label/1\"}"),
            _ => text.extend(line.bytes()),
        }
        text.extend(if i % 3 == 0 { &b"\r\n"[..] } else { b"\n" });
        if i == 2_000 {
            text.extend(std::iter::repeat_n(b'x', 3 << 20));
            text.push(b'\n');
        }
    }
    text.truncate(text.len() - 1);
    fs::write(folder.path().join("long.jsonl"), &text).unwrap();
    fs::write(folder.path().join("short.jsonl"), &text[..200_000]).unwrap();
    let sieve = Sieve::new(Sums::new(&settings, ALL));
    let (seen, read) = (read_all(folder.path(), &sieve, true), read_all(folder.path(), &sieve, false));
    assert_eq!(seen.0, read.0);
    let ends =
        |ends: &[FileEnd]| -> Vec<_> { ends.iter().map(|end| (end.state, end.problems.clone())).collect() };
    assert_eq!(ends(&seen.1), ends(&read.1));
    // 80 lines each are cut, blank and labels.
    assert_eq!(seen.0[0].1.len(), 4_000 - 3 * 80);
    let problems = &seen.1[0].problems;
    assert_eq!(problems.len(), 2 * 80 + 1);
    let longest = problems.iter().find(|problem| problem.code.name() == "too-large").unwrap();
    assert_eq!((longest.line, longest.detail.raw()), (2_002, "a line of 3145728 bytes"));
    let lines: Vec<u32> = problems.iter().map(|problem| problem.line).filter(|line| *line != 2_002).collect();
    let damaged =
        (0..4_000).filter(|i| matches!(i % 50, 10 | 20)).map(|i| if i > 2_000 { i + 2 } else { i + 1 });
    assert_eq!(lines, damaged.collect::<Vec<u32>>());
}
