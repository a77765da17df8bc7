//! What files are called, in which order they are read and how often they are there tells nothing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use gouji::corpus::Corpus;
use gouji::rules::Side;
use proptest::prelude::*;
use serde_json::Value;

use crate::folder::{Files, Told, broken_sums, ids, indexed, records, written};
use crate::world::World;

/// The same answer in the same order, whatever the order in which it is told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub told: Told,
    pub ids: BTreeSet<String>,
    pub findings: Vec<String>,
    pub sums: Vec<String>,
}

/// What tells reports apart that say the same in open places is where they are.
fn unmarked(id: &str) -> &str {
    id.split_once('~').map_or(id, |(id, _)| id)
}

/// A finding without what names files.
fn plain(id: &str, rule: &str, cells: &[String], sides: &str, message: &str) -> String {
    let message = if rule == "O5" { "" } else { message };
    format!("{} {rule} {cells:?} {sides} {message}", unmarked(id))
}

pub(crate) fn by_check(records: &[Value]) -> Vec<String> {
    let of = |record: &Value| {
        let text = |name: &str| record[name].as_str().unwrap();
        let cells: Vec<String> = record["cells"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cell| cell.as_str().unwrap().to_owned())
            .collect();
        let sides = format!("{} {}", record["declared"], record["computed"]);
        plain(text("report"), text("rule"), &cells, &sides, text("message"))
    };
    let mut all: Vec<String> = records.iter().map(of).collect();
    all.sort();
    all
}

/// What the index finds in all reports.
pub(crate) fn by_index(corpus: &Corpus) -> Vec<String> {
    let number = |side: Option<Side>| match side {
        Some(Side::Sum(sum)) => sum.to_string(),
        Some(Side::Blank) | None => "null".to_owned(),
    };
    let mut findings = Vec::new();
    for report in corpus.reports() {
        let open = corpus.open(report).unwrap();
        assert_eq!(open.id, corpus.id(report));
        for finding in &open.findings {
            let cells: Vec<String> = finding.cells().iter().map(|cell| cell.name().to_owned()).collect();
            let sides = format!("{} {}", number(finding.declared()), number(finding.computed()));
            let message = finding.message(gouji::display::Lang::Zh);
            findings.push(plain(open.id.raw(), finding.rule.id, &cells, &sides, &message));
        }
    }
    findings.sort();
    findings
}

impl Answer {
    pub(crate) fn of(files: &Files) -> Self {
        let folder = written(files);
        let corpus = indexed(folder.path());
        let findings = by_index(&corpus);
        assert_eq!(by_check(&records(folder.path())), findings, "check and index find the same");
        let mut sums: Vec<String> = broken_sums(folder.path()).lines().map(str::to_owned).collect();
        sums.sort();
        let told = Told::of(&corpus);
        assert_eq!(Told::by_check(folder.path()), told);
        Self { told, ids: ids(&corpus), findings, sums }
    }

    /// The findings by a rule.
    pub(crate) fn by_rule(&self, rule: &str) -> Vec<&String> {
        self.findings.iter().filter(|line| line.contains(&format!(" {rule} "))).collect()
    }
}

static WORLD: LazyLock<(Files, Answer)> = LazyLock::new(|| {
    let files = World::new(5, 1).files;
    let answer = Answer::of(&files);
    (files, answer)
});

/// The folders in which documents are evidence for each other.
const EVIDENCE: [&str; 5] = ["甲", "乙", "丙", "丁", "戊"];

/// The same documents under other names, some of them in other folders, some of them twice.
pub(crate) fn reshaped(files: &Files, mut chance: u64, moves: bool) -> (Files, usize) {
    let mut below = |limit: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % limit
    };
    let (mut all, mut twice) = (Files::new(), 0);
    for (path, bytes) in files {
        let (folder, name) = path.rsplit_once('/').unwrap();
        let extension = name.rsplit_once('.').unwrap().1;
        let is_evidence = EVIDENCE.contains(&folder) || name.starts_with("城关镇");
        let is_single = !matches!(extension, "jsonl" | "zip");
        let times = if is_single && below(5) == 0 { 2 } else { 1 };
        twice += times - 1;
        for _ in 0..times {
            // Letters only: a number in a name could be a year.
            let name: String = (0..8).map(|_| char::from(b'a' + below(26) as u8)).collect();
            let elsewhere = ["移", "移/深", "网页", "备份"][below(4) as usize];
            let folder = if moves && !is_evidence && below(2) == 0 { elsewhere } else { folder };
            all.push((format!("{folder}/{name}{}.{extension}", all.len()), bytes.clone()));
        }
    }
    (all, twice)
}

fn assert_same(chance: u64, moves: bool) {
    let (files, want) = &*WORLD;
    assert!(want.findings.iter().any(|line| line.contains(" Y1 ")) && !want.sums.is_empty());
    let (reshaped, twice) = reshaped(files, chance, moves);
    let Answer { told, ids, findings, sums } = Answer::of(&reshaped);
    let told_want = Told { copies: want.told.copies + twice, ..want.told.clone() };
    assert_eq!(told, told_want);
    assert_eq!(ids, want.ids);
    let differ =
        |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>();
    assert_eq!((differ(&findings, &want.findings), differ(&want.findings, &findings)), (vec![], vec![]));
    assert_eq!(findings, want.findings);
    assert_eq!(sums, want.sums);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_and_order_tell_nothing(chance in any::<u64>()) {
        assert_same(chance, false);
    }

    #[test]
    fn folders_that_are_no_evidence_tell_nothing(chance in any::<u64>()) {
        assert_same(chance, true);
    }
}
