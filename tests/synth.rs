//! The synthetic corpus: consistent where nothing is labelled, wrong exactly as labelled, the same everywhere.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use gouji::corpus::{Range, Relatives, Reported, relative};
use gouji::load::{self, json};
use gouji::report::{CellId, Figure, Figures, Number, Report, TemplateId};
use gouji::rules::{self, Severity};
use gouji::synth::{self, Corpus, Counties, Item, KINDS, Packing, Piece, SCHEMA, Settings, TITLE_MARK};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// Enough that every kind of error occurs in many reports, on both forms.
const MANY: Settings = Settings { reports: 9_000, seed: 11, errors_per_mille: 600, counties: Counties::Real };

/// The same of invented counties.
const INVENTED: Settings = Settings { counties: Counties::Invented, ..MANY };

fn consistent() -> Settings {
    Settings { errors_per_mille: 0, ..MANY }
}

fn cell(name: &str) -> CellId {
    CellId::parse(name).unwrap_or_else(|| panic!("{name}"))
}

/// A count, blank being 0.
fn count(figures: &Figures, name: &str) -> i64 {
    figures.get(cell(name)).number().and_then(Number::as_whole).unwrap_or(0)
}

/// Whether `last` is its report of the year before.
fn follows(last: &Report, report: &Report) -> bool {
    (&last.county_code, &last.agency, last.year.map(|y| y + 1))
        == (&report.county_code, &report.agency, report.year)
}

const COLUMNS: [&str; 7] = ["natural", "business", "research", "welfare", "legal", "other", "total"];

/// The relations that do not hold, by the checker, and those with last year's report, by the definition.
fn broken(last: Option<&Report>, report: &Report) -> BTreeSet<String> {
    let evaluations = rules::evaluate_all(report);
    let breaks = evaluations.into_iter().filter(|e| e.state.is_break());
    let mut names: BTreeSet<String> = breaks.map(|e| e.relation.name.clone()).collect();
    if let Some(last) = last.filter(|last| follows(last, report)) {
        for (i, column) in COLUMNS.iter().enumerate() {
            // A blank says nothing that could be compared.
            let carried_out = last.figures.get(cell(&format!("requests.carried_out.{column}")));
            let Some(carried_out) = carried_out.number().and_then(Number::as_whole) else { continue };
            let carried_in = report.figures.get(cell(&format!("requests.carried_in.{column}")));
            if carried_in.number().and_then(Number::as_whole).is_some_and(|n| n != carried_out) {
                names.insert(format!("carry:{}", i + 1));
            }
        }
    }
    names
}

fn labelled(item: &Item) -> BTreeSet<String> {
    item.labels.iter().flat_map(|label| label.relations.iter().cloned()).collect()
}

#[test]
fn exactly_the_labelled_relations_are_broken() {
    let larger = Settings { reports: 18_000, errors_per_mille: 600, seed: 5, ..MANY };
    let settings = [MANY, INVENTED, larger, Settings { errors_per_mille: 1_000, seed: 12, ..MANY }];
    settings.into_par_iter().for_each(only_labelled);
}

fn only_labelled(settings: Settings) {
    let mut last: Option<Report> = None;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for item in Corpus::new(settings) {
        let id = item.report.id();
        assert_eq!(broken(last.as_ref(), &item.report), labelled(&item), "{id:?}: {:?}", item.labels);
        assert!(item.labels.len() <= 1, "one kind a report");
        for label in &item.labels {
            assert_eq!(label.id, id.raw());
            *kinds.entry(label.kind).or_default() += 1;
            for change in &label.cells {
                assert_eq!(item.report.figures.get(change.cell), change.now, "{id:?} {}", change.cell);
                assert_ne!(change.was, change.now);
            }
        }
        last = Some(item.report);
    }
    for kind in &KINDS {
        assert!(kinds.get(kind.name).is_some_and(|n| *n > 40), "{} in {kinds:?}", kind.name);
    }
}

/// What the program prints in a folder.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What the program prints of a corpus in a file is what the labels beside it say, carried figures included.
#[test]
fn the_program_finds_the_labelled_relations_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| printed(folder.path(), arguments);
    for (seed, errors) in [("3", "150"), ("4", "1000")] {
        run(&["synth", "24000", "--seed", seed, "--errors", errors, "-o", "a.jsonl"]);
        let printed = run(&["check", "a.jsonl", "--format", "tsv", "--fail-on", "never"]);
        let first_two = |line: &str| line.split('\t').take(2).collect::<Vec<_>>().join(" ");
        let found: BTreeSet<String> = printed.lines().map(first_two).collect();
        let mut wanted = BTreeSet::new();
        for line in std::fs::read_to_string(folder.path().join("a.labels.jsonl")).unwrap().lines() {
            let label: serde_json::Value = serde_json::from_str(line).unwrap();
            let id = label["id"].as_str().unwrap();
            let relations = label["relations"].as_array().unwrap();
            wanted.extend(relations.iter().map(|name| format!("{id} {}", name.as_str().unwrap())));
        }
        assert!(wanted.iter().any(|line| line.contains(" carry:")) && wanted.len() > 5_000);
        assert_eq!(
            found.symmetric_difference(&wanted).collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "seed {seed}"
        );
    }
}

/// Every label is there to be found, those that break no relation too: of each, some finding of the report names a
/// cell of what is wrong. An amount in yuan is found beside another year's, whose report may be the one it is told of.
#[test]
fn the_program_finds_something_of_every_label() {
    let folder = tempfile::tempdir().unwrap();
    // With this seed, amounts come up that no other year's is like, and slips that another reading would make true.
    printed(folder.path(), &["synth", "4800", "--seed", "5", "--errors", "1000", "-o", "a.jsonl"]);
    let arguments = ["check", "a.jsonl", "--format", "jsonl", "--fail-on", "never"];
    let json = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let names = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let whose = |json: &serde_json::Value, later: i64| {
        let name = |key: &str| json[key].as_str().unwrap_or("").to_owned();
        (name("agency"), name("county"), json["year"].as_i64().unwrap() + later)
    };
    let mut found: HashMap<_, HashSet<String>> = HashMap::new();
    for line in printed(folder.path(), &arguments).lines() {
        let finding = json(line);
        found.entry(whose(&finding, 0)).or_default().extend(names(&finding["cells"]));
    }
    let reports: HashMap<String, serde_json::Value> = std::fs::read_to_string(folder.path().join("a.jsonl"))
        .unwrap()
        .lines()
        .map(json)
        .map(|report| (report["id"].as_str().unwrap().to_owned(), report))
        .collect();
    let (mut missed, mut kinds) = (Vec::new(), BTreeMap::<String, usize>::new());
    for line in std::fs::read_to_string(folder.path().join("a.labels.jsonl")).unwrap().lines() {
        let label = json(line);
        let kind = label["kind"].as_str().unwrap();
        let carried = |name: &String| {
            let column: usize = name.strip_prefix("carry:").unwrap().parse().unwrap();
            format!("requests.carried_in.{}", COLUMNS[column - 1])
        };
        let wrong: Vec<String> = match kind {
            "narrative_differs" => names(&label["narrative"]),
            "last_year_wrong" => names(&label["relations"]).iter().map(carried).collect(),
            _ => label["cells"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| c["cell"].as_str().unwrap().to_owned())
                .collect(),
        };
        let report = &reports[label["id"].as_str().unwrap()];
        let years = if kind == "unit_slip" { 0..=1 } else { 0..=0 };
        let is_found = years
            .filter_map(|later| found.get(&whose(report, later)))
            .any(|cells| wrong.iter().any(|cell| cells.contains(cell)));
        if !is_found {
            missed.push(line.to_owned());
        }
        *kinds.entry(kind.to_owned()).or_default() += 1;
    }
    assert!(missed.is_empty(), "{} not found:\n{}", missed.len(), missed.join("\n"));
    for kind in &KINDS {
        assert!(kinds.get(kind.name).is_some_and(|n| *n > 40), "{} in {kinds:?}", kind.name);
    }
}

#[test]
fn nothing_is_found_in_a_corpus_without_errors() {
    let settings = rules::Settings::default();
    let mut relatives = Relatives::default();
    let is_bad = |f: &&rules::Finding| f.severity < Severity::Info;
    for Item { report, .. } in Corpus::new(consistent()) {
        let findings = rules::check(&report, &settings);
        let bad: Vec<_> = findings.iter().filter(is_bad).collect();
        assert!(bad.is_empty(), "{:?}: {bad:?}", report.id());
        let relative = relative(Path::new("x"), &report, &rules::judged(&report), &settings);
        relatives.add(&relative, Path::new("x"), Range::default(), report.title.raw().as_bytes());
    }
    let with_title = |reported: Reported<'_>, findings: Vec<rules::Finding>| {
        (reported.document, reported.note.to_owned(), findings)
    };
    let compared =
        relatives.each(&relatives.resolve(), &settings, &with_title, &mut |(report, title, findings)| {
            let bad: Vec<_> = findings.iter().filter(is_bad).collect();
            assert!(bad.is_empty(), "{report} {}: {bad:?}", String::from_utf8_lossy(&title));
            Ok::<_, ()>(())
        });
    assert_eq!(compared, Ok(()));
}

#[test]
fn errors_are_put_into_as_many_reports_as_asked_for() {
    for (per_mille, range) in [(0, 0..=0), (50, 400..=500), (150, 1_250..=1_450), (1_000, 8_000..=9_000)] {
        let corpus = Corpus::new(Settings { errors_per_mille: per_mille, ..MANY });
        let first_hand = |item: &Item| item.labels.iter().any(|label| label.kind != "last_year_wrong");
        let hit = corpus.filter(first_hand).count();
        assert!(range.contains(&hit), "{hit} at {per_mille}");
    }
}

#[test]
fn the_figures_are_the_same_however_many_errors_are_put_in() {
    for (right, wrong) in Corpus::new(consistent()).zip(Corpus::new(MANY)).take(2_000) {
        assert!(right.labels.is_empty());
        let mut figures = wrong.report.figures.clone();
        for change in wrong.labels.iter().flat_map(|label| &label.cells) {
            figures.set(change.cell, change.was);
        }
        assert_eq!(figures, right.report.figures);
    }
}

#[test]
fn stocks_roll_from_year_to_year() {
    let mut last: Option<Report> = None;
    let mut rolled = 0;
    for Item { report, .. } in Corpus::new(consistent()) {
        if let Some(last) = last.as_ref().filter(|last| follows(last, &report)) {
            let now = |name: &str| count(&report.figures, &format!("proactive_disclosure.{name}"));
            let then = |name: &str| count(&last.figures, &format!("proactive_disclosure.{name}"));
            match report.year {
                Some(2020) => {
                    for row in ["licensing", "other_services", "penalty", "coercion", "fees"] {
                        let before = then(&format!("{row}.previous")) + then(&format!("{row}.change"));
                        assert_eq!(now(&format!("{row}.previous")), before, "{row}");
                        assert!(now(&format!("{row}.previous")) + now(&format!("{row}.change")) >= 0);
                    }
                    let public = then("normative.cumulative") + now("normative.disclosed");
                    assert_eq!(now("normative.cumulative"), public);
                }
                Some(2022..) => {
                    let rolls =
                        then("normative.in_force") + now("normative.issued") - now("normative.repealed");
                    assert_eq!(now("normative.in_force"), rolls);
                    assert!(rolls >= 0 && now("normative.repealed") >= 0);
                    rolled += usize::from(now("normative.repealed") > 0);
                }
                _ => {}
            }
        }
        last = Some(report);
    }
    assert!(rolled > 100);
}

#[test]
fn no_figure_is_below_zero_or_absurd_and_many_reports_are_nil() {
    let (mut nil, mut hundreds, mut money) = (0, 0, 0);
    for Item { report, .. } in Corpus::new(consistent()) {
        for id in report.form().cells() {
            let Figure::Number(number) = report.figures.get(id) else { panic!("{id} is no number") };
            assert!(!number.is_negative() || id.column().key == "change", "{id}");
            if let Some(n) = number.as_whole() {
                assert!(n < 1_000_000, "{id} {n}");
            } else {
                assert_eq!(id.column().key, "amount");
                assert_eq!(number.to_string().split_once('.').unwrap().1.len(), 4);
                money += 1;
            }
        }
        let received = count(&report.figures, "requests.received.total");
        nil += usize::from(received == 0);
        hundreds += usize::from(received >= 100);
    }
    assert!((1_500..5_000).contains(&nil), "{nil} without requests");
    assert!((90..1_500).contains(&hundreds), "{hundreds} with a hundred requests or more");
    assert!(money > 1_500, "{money} amounts with decimals");
}

/// The numbers that stand between `words` and 件.
fn numbers_after(text: &str, words: &str) -> Vec<i64> {
    let number = |after: &str| {
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        after.strip_prefix(&digits)?.strip_prefix('件')?;
        digits.parse().ok()
    };
    text.split(words).skip(1).filter_map(number).collect()
}

/// What the narrative prints before a number, and the cells that the number is the sum of.
fn said_of(template: Option<TemplateId>) -> Vec<(&'static str, Vec<&'static str>)> {
    let by_form = |t2019, t2021| vec![if template == Some(TemplateId::T2019) { t2019 } else { t2021 }];
    let issued = by_form("proactive_disclosure.normative.made", "proactive_disclosure.normative.issued");
    vec![
        ("政府信息公开申请", vec!["requests.received.total"]),
        ("上年结转", vec!["requests.carried_in.total"]),
        ("答复", vec!["requests.total.total"]),
        ("结转下年度", vec!["requests.carried_out.total"]),
        ("结转下年度继续办理", vec!["requests.carried_out.total"]),
        ("自然人提出", vec!["requests.received.natural"]),
        ("自然人申请", vec!["requests.received.natural"]),
        ("予以公开", vec!["requests.granted.total"]),
        ("行政复议", vec!["reconsideration_and_litigation.reconsideration.total"]),
        (
            "行政诉讼",
            vec![
                "reconsideration_and_litigation.litigation_direct.total",
                "reconsideration_and_litigation.litigation_after_reconsideration.total",
            ],
        ),
        ("制发行政规范性文件", issued.clone()),
        ("新制作规范性文件", issued),
        ("废止", vec!["proactive_disclosure.normative.repealed"]),
        ("现行有效", vec!["proactive_disclosure.normative.in_force"]),
        ("行政许可决定", vec!["proactive_disclosure.licensing.decisions"]),
        ("行政处罚决定", vec!["proactive_disclosure.penalty.decisions"]),
    ]
}

#[test]
fn the_narrative_says_what_the_tables_say_unless_labelled() {
    let (mut agreed, mut differed): (HashMap<&str, usize>, usize) = (HashMap::new(), 0);
    for item in Corpus::new(MANY) {
        let text = item.report.section(1).unwrap().text.raw();
        let named: HashSet<CellId> =
            item.labels.iter().flat_map(|label| label.narrative.iter().copied()).collect();
        for (words, cells) in said_of(item.report.template) {
            let in_tables: i64 = cells.iter().map(|name| count(&item.report.figures, name)).sum();
            let is_named = cells.iter().any(|name| named.contains(&cell(name)));
            for said in numbers_after(text, words) {
                assert_eq!(said != in_tables, is_named, "{words}{said}: {text}\n{:?}", item.labels);
                *agreed.entry(words).or_default() += usize::from(!is_named);
                differed += usize::from(is_named);
            }
        }
        let says_none = text.contains("未收到政府信息公开申请") || text.contains("没有公民、法人");
        let none = count(&item.report.figures, "requests.received.total") == 0;
        assert!(!says_none || none || named.contains(&cell("requests.received.total")), "{text}");
    }
    for (words, _) in said_of(None).into_iter().chain(said_of(Some(TemplateId::T2019))) {
        assert!(agreed.get(words).is_some_and(|n| *n > 50), "{words} in {agreed:?}");
    }
    assert!(differed > 300, "{differed}");
}

#[test]
fn no_year_repeats_the_sentences_of_the_year_before() {
    let mut last: Option<Report> = None;
    let sentences = |report: &Report| -> HashSet<String> {
        let texts = report.sections.iter().map(|section| section.text.raw());
        texts
            .flat_map(|text| text.split(['。', '\n']))
            .filter(|s| s.chars().count() > 8)
            .map(str::to_owned)
            .collect()
    };
    for Item { report, .. } in Corpus::new(consistent()).take(1_200) {
        assert_eq!(report.sections.iter().map(|s| s.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
        if let Some(last) = last.as_ref().filter(|last| follows(last, &report)) {
            let (before, now) = (sentences(last), sentences(&report));
            assert!(before.intersection(&now).count() * 4 < now.len(), "{:?}", report.id());
        }
        last = Some(report);
    }
}

#[test]
fn nothing_can_be_taken_for_a_real_report() {
    for settings in [MANY, INVENTED] {
        let mut ids = HashSet::new();
        for Item { report, .. } in Corpus::new(settings) {
            assert!(report.synthetic);
            assert!(report.title.raw().starts_with(TITLE_MARK));
            let line = json::to_line(&report);
            assert!(line.contains("\"synthetic\":true"));
            assert!(ids.insert(report.id().raw().to_owned()), "{:?} twice", report.id());
            let is_invented = settings.counties == Counties::Invented;
            assert_eq!(report.province.as_ref().is_some_and(|p| p.raw() == "示例省"), is_invented);
            assert_eq!(report.county_code.as_ref().unwrap().raw().starts_with("99"), is_invented);
        }
        assert_eq!(ids.len() as u64, settings.reports);
    }
}

/// All that is written, by that many threads.
fn written(settings: Settings, packing: Packing, threads: usize) -> (Vec<u8>, Vec<u8>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let (mut reports, mut labels) = (Vec::new(), Vec::new());
    let mut sink = |piece: io::Result<Piece>| -> io::Result<()> {
        let piece = piece?;
        reports.extend(piece.bytes);
        labels.extend(piece.labels);
        Ok(())
    };
    pool.install(|| synth::write(&settings, packing, &mut sink)).unwrap();
    (reports, labels)
}

#[test]
fn what_is_written_is_the_corpus_on_any_number_of_threads() {
    // None, not a whole piece, pieces that do not fill a round, several rounds.
    for reports in [0, 1, 95, 97, 1_501, 3_001] {
        let settings = Settings { reports, ..MANY };
        let (mut lines, mut labels) = (String::new(), String::new());
        for item in Corpus::new(settings) {
            lines += &(json::to_line(&item.report) + "\n");
            item.labels.iter().for_each(|label| labels += &(label.to_line() + "\n"));
        }
        for threads in [1, 3] {
            let plain = written(settings, Packing::Plain, threads);
            assert!(plain == (lines.clone().into_bytes(), labels.clone().into_bytes()), "{reports}");
        }
        let packed = written(settings, Packing::Gzip, 1);
        assert!(packed == written(settings, Packing::Gzip, 3), "{reports} packed otherwise");
        let mut unpacked = String::new();
        flate2::read::MultiGzDecoder::new(packed.0.as_slice()).read_to_string(&mut unpacked).unwrap();
        assert!(unpacked == lines && packed.1 == labels.as_bytes(), "{reports}");
    }
}

#[test]
fn nothing_is_made_after_a_failure() {
    let mut pieces = 0;
    let settings = Settings { reports: 100_000_000, ..MANY };
    let result = synth::write(&settings, Packing::Plain, &mut |_| {
        pieces += 1;
        if pieces == 3 { Err("full") } else { Ok(()) }
    });
    assert_eq!((result, pieces), (Err("full"), 3));
}

#[test]
fn written_reports_are_read_back_without_a_problem() {
    for (i, Item { report, .. }) in Corpus::new(MANY).take(600).enumerate() {
        let line = json::to_line(&report);
        let record =
            load::Record { file: Path::new("synthetic.jsonl"), bytes: line.as_bytes(), offset: 0, line: 1 };
        let reading = (json::LINES.read)(&record);
        assert!(reading.problems.is_empty(), "{:?}", reading.problems);
        let [located] = reading.reports.as_slice() else { panic!("{i}: {}", reading.reports.len()) };
        let read = Report { source: report.source.clone(), ..located.report.clone() };
        assert_eq!(read, report);
    }
}

#[test]
fn labels_are_lines_of_json_that_say_what_was_done() {
    for item in Corpus::new(Settings { reports: 600, ..MANY }) {
        for label in &item.labels {
            let line = label.to_line();
            let json: serde_json::Value = serde_json::from_str(&line).unwrap();
            assert_eq!(json["schema"], SCHEMA);
            assert_eq!(json["id"], label.id);
            assert_eq!(json["cells"].as_array().unwrap().len(), label.cells.len());
            assert_eq!(json["relations"].as_array().unwrap().len(), label.relations.len());
            assert!(!label.detail.is_empty() && !line.contains('\n'));
        }
    }
}

#[test]
fn the_corpus_has_as_many_reports_as_asked_for_and_both_forms() {
    for reports in [0, 1, 5, 6, 7, 240, 1_001] {
        assert_eq!(Corpus::new(Settings { reports, ..MANY }).count() as u64, reports);
    }
    let sample: Vec<Item> = Corpus::new(Settings::default()).collect();
    let counties: HashSet<_> = sample.iter().filter_map(|item| item.report.county_code.clone()).collect();
    assert_eq!((sample.len(), counties.len()), (240, 40));
    let kinds: HashSet<_> = sample.iter().flat_map(|item| &item.labels).map(|label| label.kind).collect();
    assert_eq!(kinds.len(), KINDS.len(), "the sample shows every kind");
    let of_2019 = sample.iter().filter(|item| item.report.template == Some(TemplateId::T2019)).count();
    assert_eq!(of_2019, 80);
}

#[test]
fn a_blank_is_no_zero_and_a_slip_of_the_unit_is_ten_thousand_times_as_much() {
    let all = Corpus::new(MANY).flat_map(|item| item.labels).collect::<Vec<_>>();
    for change in all.iter().filter(|label| label.kind == "blank_zeros").flat_map(|label| &label.cells) {
        assert_eq!(change.now, Figure::Blank);
        assert!(change.was.number().unwrap().is_zero());
    }
    for change in all.iter().filter(|label| label.kind == "unit_slip").flat_map(|label| &label.cells) {
        let (was, now) = (change.was.number().unwrap(), change.now.number().unwrap());
        assert_eq!(
            Number::parse(&format!("{now}.0000").replace('.', "")),
            Number::parse(&format!("{was}0000").replace('.', ""))
        );
        assert!(now.as_whole().unwrap() >= 10_000);
    }
}

/// The first lines of two corpora, so that a seed means the same on every machine and in every version.
/// They change only with the format of JSON lines, or with a generator that is meant to make another corpus.
#[test]
fn the_first_hundred_lines_are_pinned() {
    for (counties, pinned) in [(Counties::Invented, INVENTED_PRINTS), (Counties::Real, REAL_PRINTS)] {
        let (mut reports, mut labels) = (Sha256::new(), Sha256::new());
        for item in Corpus::new(Settings { counties, ..Settings::default() }).take(100) {
            reports.update(json::to_line(&item.report));
            reports.update("\n");
            for label in item.labels {
                labels.update(label.to_line());
                labels.update("\n");
            }
        }
        let hex = |hash: Sha256| {
            hash.finalize().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
        };
        assert_eq!([hex(reports).as_str(), hex(labels).as_str()], pinned, "{counties:?}");
    }
}

const INVENTED_PRINTS: [&str; 2] = [
    "77f6a6cbf17d79d25e8c77d6fa064b28ab6d7c63e8220cee0a1189adac485900",
    "e3bd8b1478cf48accbb1ab1c6ddca1ae7ed5420453d873288a079743523e5567",
];
const REAL_PRINTS: [&str; 2] = [
    "efe98fc135daf09f49e51fa57e0b9bd941af6eca47dd7b433624ecfcf424bcb7",
    "90e63638401f70f5faee43ba54f71d6ee668a73db81114f6cf46574bdcfd3e1a",
];
