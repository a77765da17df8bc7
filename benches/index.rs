//! An index of many reports: a key of the filter, the order of the list, opening what is kept on disk.
//!
//! `cargo bench --bench index`; without the million, which takes a while to be made: `-- --skip 1000000`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot go on shall fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use divan::Bencher;
use gouji::corpus::cache::{Cache, Changes};
use gouji::corpus::{self, Choices, Corpus, FileState, Order, Query};
use gouji::load::Located;
use gouji::load::files::{self, FileEnd, FileRead};
use gouji::rules::Settings;
use gouji::synth;
use rayon::prelude::*;

const SIZES: [usize; 2] = [100_000, 1_000_000];

/// Reports that are made at a time.
const CHUNK: usize = 12_288;

static HUNDRED_THOUSAND: LazyLock<Kept> = LazyLock::new(|| Kept::new(SIZES[0]));
static MILLION: LazyLock<Kept> = LazyLock::new(|| Kept::new(SIZES[1]));

/// An index in memory, and the same on disk.
struct Kept {
    corpus: Corpus,
    paths: Vec<PathBuf>,
    cache: Cache,
    settings: Arc<Settings>,
    _folder: tempfile::TempDir,
}

impl Kept {
    fn new(reports: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.jsonl");
        fs::write(&file, "{}\n").unwrap();
        let settings = Arc::new(Settings::default());
        let corpus = indexed(reports, &file, &settings, folder.path());
        let paths = vec![file];
        let cache = Cache::of(&paths, &settings, folder.path());
        cache.save(&corpus, Changes::everything(files::find(&paths)).walked).unwrap();
        corpus.prepare_search();
        Self { corpus, paths, cache, settings, _folder: folder }
    }

    fn of(reports: usize) -> &'static Self {
        if reports == SIZES[0] { &HUNDRED_THOUSAND } else { &MILLION }
    }

    fn list(&self, text: &str) -> usize {
        self.corpus.list(&Query { text: text.to_owned(), ..Query::default() }).reports.len()
    }

    /// Types other words until what was typed before is no longer remembered.
    fn forget(&self) {
        for i in 0..26 {
            self.list(&format!("county:999{i:03} {i}\u{e000}"));
        }
    }
}

/// The index of a synthetic corpus; reports are not compared with each other.
fn indexed(reports: usize, file: &Path, settings: &Arc<Settings>, folder: &Path) -> Corpus {
    let mut corpus = Corpus::new(Arc::clone(settings), Some(folder.to_owned()));
    let made = synth::Settings { reports: reports as u64, ..synth::Settings::default() };
    let mut source = synth::Corpus::new(made).peekable();
    while source.peek().is_some() {
        let chunk: Vec<synth::Item> = source.by_ref().take(CHUNK).collect();
        let summarised = |item: synth::Item| {
            let located = Located {
                report: item.report,
                offset: 0,
                length: 0,
                line: 1,
                is_parsed: true,
                is_one_line: true,
            };
            corpus::summarise(located, settings, &Choices::default())
        };
        let items = chunk.into_par_iter().map(summarised).collect();
        corpus.add(FileRead { path: file.to_owned(), items, end: None }, false);
    }
    let end = FileEnd { state: FileState::Loaded, problems: Vec::new() };
    corpus.add(FileRead { path: file.to_owned(), items: Vec::new(), end: Some(end) }, false);
    assert_eq!(corpus.len(), reports, "no two reports are the same");
    corpus
}

/// What is on the screen before a key, and after it.
const KEYS: [(&str, &str); 8] = [
    ("", "新"),
    ("财", "财政"),
    ("", "x"),
    ("x", "xx"),
    ("xxr", "xxrm"),
    ("year:202", "year:2023"),
    ("year:2023 rule:T3.", "year:2023 rule:T3.1"),
    ("财政", "财"),
];

/// A key of the filter: the list, the counts of the facets and the totals.
fn key(bencher: Bencher<'_, '_>, reports: usize, number: usize) {
    let kept = Kept::of(reports);
    let (before, after) = KEYS[number];
    bencher
        .with_inputs(|| {
            kept.forget();
            kept.list(before)
        })
        .bench_local_values(|_| kept.list(after));
}

macro_rules! keys {
    ($($name:ident $number:literal)*) => {$(
        #[divan::bench(args = SIZES, sample_count = 15, sample_size = 1)]
        fn $name(bencher: Bencher<'_, '_>, reports: usize) {
            key(bencher, reports, $number);
        }
    )*};
}

keys! {
    filter_新 0
    filter_财政 1
    filter_x 2
    filter_xx 3
    filter_xxrm 4
    filter_year 5
    filter_year_and_rule 6
    filter_taken_back 7
}

#[divan::bench(args = SIZES, sample_count = 15)]
fn everything_listed(bencher: Bencher<'_, '_>, reports: usize) {
    let kept = Kept::of(reports);
    bencher.bench_local(|| kept.corpus.list(&Query::default()).reports.len());
}

/// Another order, of the list of a filter.
#[divan::bench(args = SIZES, sample_count = 15)]
fn sorted_by_every_column(bencher: Bencher<'_, '_>, reports: usize) {
    let kept = Kept::of(reports);
    let list = |order: &Order| kept.corpus.list(&Query { order: *order, ..Query::default() }).reports.len();
    bencher.bench_local(|| Order::ALL.iter().map(list).sum::<usize>());
}

#[divan::bench(args = SIZES, sample_count = 15)]
fn cache_opened(bencher: Bencher<'_, '_>, reports: usize) {
    let kept = Kept::of(reports);
    bencher.bench_local(|| kept.cache.open(&kept.settings).unwrap().0.len());
}

/// The counts of every county and year, without opening the index.
#[divan::bench(args = SIZES, sample_count = 15)]
fn matrix_opened(bencher: Bencher<'_, '_>, reports: usize) {
    let kept = Kept::of(reports);
    bencher.bench_local(|| kept.cache.matrix(&kept.paths, &Choices::default()).unwrap().0.rows.len());
}

fn main() {
    divan::main();
}
