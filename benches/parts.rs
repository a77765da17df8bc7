//! The parts on the way of a parsed report from its line into the index: `cargo bench --bench parts`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot go on shall fail")]

use std::convert::Infallible;
use std::hint::black_box;
use std::path::Path;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use gouji::corpus::{self, Choices, Range, Relative, Relatives, Reported};
use gouji::load::{Located, Reading, Record, json};
use gouji::report::Report;
use gouji::rules;
use gouji::synth::{Corpus, Settings};

/// Reports of one county with as many agencies as the counties of a corpus of a million have, errors in some.
static REPORTS: LazyLock<Vec<Report>> = LazyLock::new(|| {
    let corpus = Corpus::new(Settings { reports: 1_000_000, ..Settings::default() });
    corpus.take(360).map(|item| item.report).collect()
});

/// The lines of those in the plain layout: what an error left blank is not.
static LINES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let lines = REPORTS.iter().map(json::to_line);
    lines.filter(|line| json::glance(line.as_bytes()).is_some()).collect()
});

fn read(line: &str) -> Reading {
    (json::LINES.read)(&Record { file: Path::new("a.jsonl"), bytes: line.as_bytes(), offset: 0, line: 1 })
}

/// Measures what is done with every line.
fn of_lines<T>(bencher: Bencher<'_, '_>, work: fn(&str) -> T) {
    let bytes: usize = LINES.iter().map(String::len).sum();
    bencher
        .counter(ItemsCount::new(LINES.len()))
        .counter(BytesCount::new(bytes))
        .bench_local(|| LINES.iter().for_each(|line| drop(black_box(work(black_box(line))))));
}

/// Measures what is done with every report.
fn of_reports<T>(bencher: Bencher<'_, '_>, work: impl Fn(&Report) -> T) {
    bencher
        .counter(ItemsCount::new(REPORTS.len()))
        .bench_local(|| REPORTS.iter().for_each(|report| drop(black_box(work(black_box(report))))));
}

#[divan::bench]
fn line_glance(bencher: Bencher<'_, '_>) {
    of_lines(bencher, |line| json::glance(line.as_bytes()).is_some());
}

#[divan::bench]
fn line_read_at_once(bencher: Bencher<'_, '_>) {
    assert!(LINES.len() > 300 && LINES.iter().all(|line| read(line).reports.len() == 1));
    of_lines(bencher, read);
}

/// What is not in the plain layout, for a space at its beginning.
#[divan::bench]
fn line_read_by_members(bencher: Bencher<'_, '_>) {
    static SPACED: LazyLock<Vec<String>> =
        LazyLock::new(|| LINES.iter().map(|line| format!(" {line}")).collect());
    bencher
        .counter(ItemsCount::new(SPACED.len()))
        .bench_local(|| SPACED.iter().for_each(|line| drop(black_box(read(black_box(line))))));
}

#[divan::bench]
fn line_written(bencher: Bencher<'_, '_>) {
    of_reports(bencher, json::to_line);
}

#[divan::bench]
fn relations_all(bencher: Bencher<'_, '_>) {
    of_reports(bencher, rules::evaluate_all);
}

#[divan::bench]
fn relations_broken(bencher: Bencher<'_, '_>) {
    of_reports(bencher, rules::evaluate_broken);
}

#[divan::bench]
fn narrative(bencher: Bencher<'_, '_>) {
    of_reports(bencher, rules::judged);
}

#[divan::bench]
fn whole_check_of_a_report(bencher: Bencher<'_, '_>) {
    let settings = rules::Settings::default();
    of_reports(bencher, |report| rules::check(report, &settings));
}

#[divan::bench]
fn summary_for_the_index(bencher: Bencher<'_, '_>) {
    let settings = rules::Settings::default();
    let located: Vec<Located> = LINES.iter().flat_map(|line| read(line).reports).collect();
    let count = located.len();
    let again = || LINES.iter().flat_map(|line| read(line).reports).collect::<Vec<Located>>();
    bencher.counter(ItemsCount::new(count)).with_inputs(again).bench_local_values(|located| {
        for located in located {
            drop(black_box(corpus::summarise(located, &settings, &Choices::default())));
        }
    });
}

#[divan::bench]
fn digest(bencher: Bencher<'_, '_>) {
    let settings = rules::Settings::default();
    let judged: Vec<Vec<rules::Judged>> = REPORTS.iter().map(rules::judged).collect();
    bencher.counter(ItemsCount::new(REPORTS.len())).bench_local(|| {
        for (report, judged) in REPORTS.iter().zip(&judged) {
            drop(black_box(corpus::relative(Path::new("x"), report, judged, &settings)));
        }
    });
}

/// What tells equal reports.
#[divan::bench]
fn print_of_a_report(bencher: Bencher<'_, '_>) {
    of_reports(bencher, rules::versions::print);
}

/// Reports of different words, which is the longest way.
#[divan::bench]
fn two_reports_compared(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(REPORTS.len() - 1)).bench_local(|| {
        for pair in REPORTS.windows(2) {
            drop(black_box(rules::versions::compare(&pair[0], &pair[1])));
        }
    });
}

/// Every report of a county beside those of other years and agencies.
#[divan::bench]
fn county_compared(bencher: Bencher<'_, '_>) {
    let settings = rules::Settings::default();
    let kept: Vec<Relative> =
        REPORTS.iter().map(|r| corpus::relative(Path::new("x"), r, &rules::judged(r), &settings)).collect();
    let mut relatives = Relatives::default();
    for one in &kept {
        relatives.add(one, Path::new("x"), Range::default(), b"");
    }
    bencher.counter(ItemsCount::new(kept.len())).bench_local(|| {
        let mut found = 0;
        let count = |_: Reported<'_>, findings: Vec<rules::Finding>| findings.len();
        let result = relatives.each(&relatives.resolve(), &settings, &count, &mut |n| {
            found += n;
            Ok::<_, Infallible>(())
        });
        (black_box(found), result)
    });
}

fn main() {
    divan::main();
}
