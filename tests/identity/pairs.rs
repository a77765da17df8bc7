//! Two documents: copies of one report, two versions for a year, or two reports.

use std::io::Write as _;

use gouji::display::Untrusted;
use gouji::report::{CellId, Figure, Number, Report};
use sha2::{Digest as _, Sha256};

use crate::folder::{Files, Told, broken_sums, written};
use crate::paper::{Layout, Paper};

/// What the second of two documents is beside the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Copy,
    Version,
    Other,
}

/// What differs between two documents, the files with them, and what the second is.
struct Row {
    what: &'static str,
    files: Files,
    is: Is,
    /// How many other reports are in the files, which tell the place of the folder.
    witnesses: usize,
}

fn row(what: &'static str, one: (&str, String), other: (&str, String), is: Is) -> Row {
    let files = [one, other].map(|(path, text)| (path.to_owned(), text.into_bytes())).into();
    Row { what, files, is, witnesses: 0 }
}

impl Row {
    /// The same with a report of another agency beside them.
    fn beside(mut self, path: &str, agency: &str) -> Self {
        let witness = Paper::new(agency, 2021);
        self.files.push((path.to_owned(), text(&witness).into_bytes()));
        self.witnesses += 1;
        self
    }

    fn want(&self) -> Told {
        let (reports, copies, versions) = match self.is {
            Is::Copy => (1, 1, 0),
            Is::Version => (2, 0, 2),
            Is::Other => (2, 0, 0),
        };
        Told { reports: reports + self.witnesses, copies, versions }
    }
}

fn text(paper: &Paper) -> String {
    paper.print(Layout::Tabs)
}

/// A report with some figures.
fn named(agency: &str) -> Paper {
    Paper::new(agency, 2023).but(|paper| {
        paper.flow(1, 12, 2);
        paper.set("proactive_disclosure.normative.in_force", 4);
        paper.set(BROKEN, 3);
    })
}

/// What does not add up in reports with figures.
const BROKEN: &str = "reconsideration_and_litigation.reconsideration.total";

/// A report whose figures are none but zeros.
const NIL: &str = "figures alone, none but zeros";

fn placeless(report: &mut Report) {
    (report.county, report.county_code, report.city, report.province) = (None, None, None, None);
}

/// The SHA-256 of a document, as parsed copies have it.
pub(crate) fn hash(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"))
}

fn archive(member: &str, text: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(member, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(text.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

/// What is changed in parsed reports.
fn corrected(report: &mut Report) {
    let cell = CellId::parse("requests.received.natural").unwrap();
    report.figures.set(cell, Figure::Number(Number::whole(13)));
}

/// Pairs of an agency whose place is known.
fn settled() -> Vec<Row> {
    [printed(), parsed(), packed(), of_namesakes()].into_iter().flatten().collect()
}

/// Two printed documents.
fn printed() -> Vec<Row> {
    use Is::{Copy, Other, Version};
    let paper = named("新县教育局");
    let one = || ("a/1.txt", text(&paper));
    let print = |what, layout, path, is| row(what, one(), (path, paper.print(layout)), is);
    let changed = |what, change: &dyn Fn(&mut Paper), is| {
        let change = |paper: &mut Paper| change(paper);
        row(what, one(), ("b/2.txt", text(&paper.but(change))), is)
    };
    let words = |what, from: &str, to: &str, is| {
        let change = |paper: &mut Paper| {
            let before = (paper.overview.clone(), paper.problems.clone());
            paper.overview = paper.overview.replace(from, to);
            paper.problems = paper.problems.replace(from, to);
            assert_ne!((paper.overview.clone(), paper.problems.clone()), before, "{what}");
        };
        changed(what, &change, is)
    };
    vec![
        print("nothing", Layout::Tabs, "b/2.txt", Copy),
        print("the name of the file", Layout::Tabs, "b/新县财政局2022.txt", Copy),
        print("a folder of another county", Layout::Tabs, "光山县/2.txt", Copy),
        print("layout", Layout::Broken, "b/2.txt", Copy),
        print("the format", Layout::Page, "b/2.html", Copy),
        changed("the city before the agency", &|p| p.agency = "信阳市新县教育局".into(), Copy),
        changed("province and city before the agency", &|p| p.agency = "河南省信阳市新县教育局".into(), Copy),
        changed("the year", &|p| p.year = Some(2022), Other),
        changed("the place", &|p| p.agency = "光山县教育局".into(), Other),
        changed("the agency", &|p| p.agency = "新县财政局".into(), Other),
        changed("a level of the agency", &|p| p.agency = "信阳市教育局".into(), Other),
        changed("one figure", &|p| p.set("requests.received.natural", 13), Version),
        changed("a figure that is zero in one", &|p| p.set("requests.granted.legal", 1), Version),
        changed(
            "a figure outside the table of requests",
            &|p| p.set("proactive_disclosure.normative.in_force", 5),
            Version,
        ),
        changed("a date below it in one", &|p| p.signed = Some("2024年1月20日".into()), Version),
        changed(
            "an added sentence",
            &|p| p.overview.push_str("另有部分栏目改版后未能公开历史信息。"),
            Version,
        ),
        words("a number in a sentence", "157条", "158条", Version),
        words("two numbers that changed places", "157条，其中动态13条", "13条，其中动态157条", Version),
        words("a word that decides", "不够及时", "及时", Version),
        words("marks and spaces", "，", " , ", Copy),
    ]
}

/// A printed document and a parsed report.
fn parsed() -> Vec<Row> {
    use Is::{Copy, Other, Version};
    let paper = named("新县教育局");
    let one = || ("a/1.txt", text(&paper));
    let parsed = |what, change: &dyn Fn(&mut Report), is| {
        row(what, one(), ("b/2.json", paper.parsed(|report| change(report))), is)
    };
    let bare = |p: &Paper| p.parsed(|report| report.sections.clear());
    let nil = Paper::new("新县教育局", 2023);
    vec![
        row("figures alone, many", one(), ("b/2.json", bare(&paper)), Copy),
        row(NIL, ("a/1.txt", text(&nil)), ("b/2.json", bare(&nil)), Version),
        parsed("raw and parsed", &|_| {}, Copy),
        parsed("parsed without its place", &placeless, Copy),
        parsed("parsed without the code of its county", &|r| r.county_code = None, Copy),
        parsed(
            "parsed with nothing but the code of its county",
            &|r| (r.county, r.city, r.province) = (None, None, None),
            Copy,
        ),
        parsed("parsed with the agency without its county", &|r| r.agency = "教育局".into(), Copy),
        parsed("parsed with another stated identifier", &|r| r.stated_id = Some("001".into()), Copy),
        parsed("parsed with another title", &|r| r.title = "2023年度政府信息公开工作年度报告".into(), Copy),
        parsed("raw and parsed of a corrected one", &corrected, Version),
        parsed(
            "parsed from it, then corrected",
            &|r| {
                r.source.sha256 = hash(&text(&paper)).into();
                corrected(r);
            },
            Version,
        ),
        parsed("parsed of another year", &|r| r.year = Some(2022), Other),
    ]
}

/// Documents in files with others.
fn packed() -> Vec<Row> {
    use Is::{Copy, Version};
    let paper = named("新县教育局");
    let lines = |change: &dyn Fn(&mut Report)| paper.parsed(|report| change(report)) + "\n";
    let in_one = |what, path: &str, bytes: Vec<u8>, is| Row {
        what,
        files: vec![(path.to_owned(), bytes)],
        is,
        witnesses: 0,
    };
    let member = |what, paper_in: &Paper, is| {
        let mut row = row(what, ("a/1.txt", text(&paper)), ("b/2.zip", String::new()), is);
        row.files[1].1 = archive("年报/2.txt", &text(paper_in));
        row
    };
    let other = paper.but(|p| p.set("requests.received.natural", 13));
    let (same, changed) = (lines(&|_| {}), lines(&corrected));
    vec![
        in_one("lines of one file", "a/1.jsonl", same.repeat(2).into(), Copy),
        in_one("a figure in lines of one file", "a/1.jsonl", (same + &changed).into(), Version),
        member("a member of an archive", &paper, Copy),
        member("a corrected member of an archive", &other, Version),
    ]
}

/// Agencies of a county of a name that many have, with what settles it.
fn of_namesakes() -> Vec<Row> {
    use Is::{Copy, Other};
    let south = named("南京市鼓楼区教育局");
    let coded = south.parsed(|report| {
        placeless(report);
        (report.county, report.county_code) = (Some("鼓楼区".into()), Some("320106".into()));
    });
    let west = south.but(|p| p.agency = "徐州市鼓楼区教育局".into());
    vec![
        row("the city, and the code", ("a/1.txt", text(&south)), ("b/2.json", coded), Copy),
        row("the city", ("a/1.txt", text(&south)), ("a/2.txt", text(&west)), Other),
    ]
}

/// Pairs whose agency, place or year is not known.
fn in_doubt(town: &Paper) -> Vec<Row> {
    use Is::{Copy, Other, Version};
    let pair = |what, paper: &Paper, paths: [&str; 2], is| {
        row(what, (paths[0], text(paper)), (paths[1], text(paper)), is)
    };
    let figure = |what, paper: &Paper, paths: [&str; 2], is| {
        let changed = paper.but(|p| p.set("requests.received.natural", 13));
        row(what, (paths[0], text(paper)), (paths[1], text(&changed)), is)
    };
    let (apart, together) = (["a/1.txt", "b/2.txt"], ["a/1.txt", "a/2.txt"]);
    let mut rows = Vec::new();
    let nameless = named("");
    let undated = named("新县教育局").but(|p| p.year = None);
    for paper in [&nameless, &undated, &named("").but(|p| p.year = None)] {
        for paths in [apart, together] {
            rows.push(pair("nothing, agency or year missing", paper, paths, Copy));
            rows.push(figure("a figure, agency or year missing", paper, paths, Other));
            let word = paper.but(|p| p.overview = p.overview.replace("业务", "专题"));
            rows.push(row(
                "a word, agency or year missing",
                (paths[0], text(paper)),
                (paths[1], text(&word)),
                Other,
            ));
        }
    }
    let open = named("鼓楼区教育局");
    for paper in [town, &open] {
        rows.push(pair("folders, place open", paper, apart, Other));
        rows.push(pair("the name of the file, place open", paper, together, Copy));
        rows.push(figure("a figure and the folder, place open", paper, apart, Other));
        rows.push(figure("a figure, place open", paper, together, Other));
    }
    let bureau = "新县教育局";
    rows.push(pair("nothing, place of the folder known", town, together, Copy).beside("a/3.txt", bureau));
    rows.push(
        figure("a figure, place of the folder known", town, together, Version).beside("a/3.txt", bureau),
    );
    rows.push(
        figure("a figure, two places in the folder", town, together, Other)
            .beside("a/3.txt", bureau)
            .beside("a/4.txt", "光山县教育局"),
    );
    rows.push(
        figure("a figure, place of another folder known", town, together, Other).beside("b/3.txt", bureau),
    );
    for paper in [town, &open] {
        let apart = || pair("folders, places of both known", paper, apart, Other);
        let south = "南京市鼓楼区财政局";
        rows.push(apart().beside("b/3.txt", south));
        rows.push(apart().beside("a/3.txt", bureau).beside("b/4.txt", south));
    }
    rows.extend(parsed_in_doubt(&open));
    rows
}

/// An agency of a county of a name that many have, printed and parsed.
fn parsed_in_doubt(open: &Paper) -> Vec<Row> {
    use Is::{Copy, Other, Version};
    let mut rows = Vec::new();
    // A parsed report that states no place, with that which it was made from.
    let bare = |what, paths: [&str; 2], is| {
        row(what, (paths[0], text(open)), (paths[1], open.parsed(placeless)), is)
    };
    let (near, far) = (["a/1.txt", "a/2.json"], ["a/1.txt", "b/2.json"]);
    let south = "南京市鼓楼区财政局";
    rows.push(bare("parsed without its place, place open", near, Copy));
    rows.push(
        bare("parsed without its place, place of the folder known", near, Copy).beside("a/3.txt", south),
    );
    // What is corrected in it is seen only where the two are known to be of one agency.
    let changed = |what, is| {
        let change = |report: &mut Report| {
            placeless(report);
            corrected(report);
        };
        row(what, (near[0], text(open)), (near[1], open.parsed(change)), is)
    };
    rows.push(changed("parsed without its place and corrected, place open", Other));
    rows.push(
        changed("parsed without its place and corrected, place of the folder known", Version)
            .beside("a/3.txt", south),
    );
    let mut told = changed("the same, told by a parsed report that states no place", Version);
    let witness = Paper::new(south, 2021).parsed(placeless);
    told.files.push(("a/3.json".to_owned(), witness.into_bytes()));
    told.witnesses += 1;
    rows.push(told);
    rows.push(bare("parsed without its place, folders", far, Other));
    rows.push(
        bare("parsed without its place, folders, places of both known", far, Other)
            .beside("a/3.txt", south)
            .beside("b/4.txt", "徐州市鼓楼区财政局"),
    );
    let of_source = |source: String| open.parsed(|report| report.source.sha256 = source.as_str().into());
    for (what, source, is) in [
        ("raw and parsed from it, place open", hash(&text(open)), Copy),
        ("raw and parsed from another, place open", hash("another"), Other),
        ("raw and parsed from unknown, place open", String::new(), Other),
    ] {
        rows.push(row(what, ("a/1.txt", text(open)), ("b/2.json", of_source(source)), is));
    }
    rows
}

fn wrong(rows: &[Row], tell: impl Fn(&std::path::Path) -> Told + Sync) -> Vec<String> {
    use rayon::prelude::*;
    let told = |row: &Row| {
        let folder = written(&row.files);
        let (told, want) = (tell(folder.path()), row.want());
        let paths: Vec<&String> = row.files.iter().map(|(path, _)| path).collect();
        (told != want).then(|| format!("{} {paths:?}: {told:?}, not {:?}", row.what, row.is))
    };
    rows.par_iter().filter_map(told).collect()
}

#[test]
fn papers_are_read_as_they_are_written() {
    for paper in [named("新县教育局"), Paper::new("新县教育局", 2019)] {
        for layout in [Layout::Tabs, Layout::Broken, Layout::Page] {
            let report = paper.read_as(layout);
            assert!(report.problems.is_empty(), "{layout:?}: {:?}", report.problems);
            assert_eq!(
                (report.agency.raw(), report.county_code.as_ref().map(Untrusted::raw), report.year),
                ("新县教育局", Some("411523"), paper.year)
            );
            for (cell, figure) in &paper.figures {
                assert_eq!(
                    report.figures.get(*cell),
                    Figure::Number(Number::whole(*figure)),
                    "{layout:?} {cell}"
                );
            }
        }
    }
}

#[test]
fn pairs_of_known_places_are_told() {
    let rows = settled();
    assert_eq!(wrong(&rows, Told::by_index), [""; 0]);
    assert_eq!(wrong(&rows, Told::by_check), [""; 0]);
}

#[test]
fn pairs_in_doubt_are_two_reports() {
    let rows = in_doubt(&Paper::new("城关镇人民政府", 2023));
    assert_eq!(wrong(&rows, Told::by_index), [""; 0]);
    assert_eq!(wrong(&rows, Told::by_check), [""; 0]);
}

#[test]
fn the_sums_of_a_report_are_listed_once() {
    use rayon::prelude::*;
    let town = Paper::new("城关镇人民政府", 2023).but(|paper| paper.set(BROKEN, 3));
    let rows: Vec<Row> = settled().into_iter().chain(in_doubt(&town)).collect();
    let wrong = |row: &Row| {
        let list = broken_sums(written(&row.files).path());
        let of_sum =
            list.lines().filter(|line| line.split('\t').nth(1) == Some("rl:reconsideration")).count();
        // What else there is in the folder adds up.
        let want = if row.what == NIL { 0 } else { row.want().reports - row.witnesses };
        (of_sum != want).then(|| format!("{}: {of_sum}, not {want}: {list}", row.what))
    };
    assert_eq!(rows.par_iter().filter_map(wrong).collect::<Vec<_>>(), [""; 0]);
}
