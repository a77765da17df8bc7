//! How fast raw text becomes a report: each real layout by itself, and all in turn. Run with `cargo bench --bench text`.
//!
//! Only text → [`Report`](gouji::report::Report) is timed: no file is opened, nothing is written.
#![allow(clippy::unwrap_used, reason = "without its data a benchmark has nothing to say")]

use std::path::{Path, PathBuf};

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use gouji::load::Record;
use gouji::load::text::TEXT;

fn main() {
    divan::main();
}

/// The layouts that the repository ships.
const LAYOUTS: [&str; 5] =
    ["weibinqu-2019", "xinxian-2019", "xinxian-2024", "xinxiangxian-2021", "zhenpingxian-2019"];

fn layout(name: &str) -> (PathBuf, Vec<u8>) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("sample-data/reports/{name}.txt"));
    let bytes = std::fs::read(&file).unwrap();
    (file, bytes)
}

fn read(file: &Path, bytes: &[u8]) -> usize {
    let record = Record { file, bytes, offset: 0, line: 1 };
    let reading = (TEXT.read)(&record);
    assert_eq!(reading.reports.len(), 1);
    divan::black_box(reading.reports).len()
}

/// One layout.
#[divan::bench(args = LAYOUTS)]
fn one(bencher: Bencher<'_, '_>, name: &str) {
    let (file, bytes) = layout(name);
    bencher
        .counter(ItemsCount::new(1_usize))
        .counter(BytesCount::of_slice(&bytes))
        .bench_local(|| read(&file, &bytes));
}

/// All layouts in turn, as a folder holds them.
#[divan::bench]
fn mixed(bencher: Bencher<'_, '_>) {
    let all: Vec<_> = LAYOUTS.iter().map(|name| layout(name)).collect();
    bencher
        .counter(ItemsCount::new(all.len()))
        .bench_local(|| all.iter().map(|(file, bytes)| read(file, bytes)).sum::<usize>());
}
