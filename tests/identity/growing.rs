//! An index that grows and shrinks file by file, or that was kept, says what one says that is made at once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gouji::corpus::cache::{Cache, Changes, Walked};
use gouji::corpus::{self, Choices, Corpus};
use gouji::load::files;
use gouji::rules::Settings;

use crate::folder::{Told, ids, indexed, written};
use crate::renaming::by_index;
use crate::world::World;

/// Everything that must be equal.
fn said(corpus: &Corpus) -> (Told, BTreeSet<String>, Vec<String>) {
    (Told::of(corpus), ids(corpus), by_index(corpus))
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        files::find(&[folder.to_owned()]).iter().map(|met| met.path().to_owned()).collect();
    all.sort();
    all
}

/// An order of numbers below `n` that a seed gives.
fn shuffled(n: usize, mut chance: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(i, (chance >> 33) as usize % (i + 1));
    }
    order
}

fn add(corpus: &mut Corpus, settings: &Settings, paths: &[PathBuf]) {
    corpus::read(paths, settings, &mut |batch| {
        corpus.add(batch, true);
        corpus::Flow::Go
    });
}

/// Brings an index up to date with its folder.
fn update(corpus: &mut Corpus, walked: Vec<Walked>, folder: &Path) -> Vec<Walked> {
    let changes = Changes::find(corpus, walked, files::find(&[folder.to_owned()]));
    assert!(!changes.is_empty());
    corpus.remove(&changes.gone);
    corpus::read_met(changes.read, &Settings::default(), &Choices::default(), &mut |batch| {
        corpus.add(batch, true);
        corpus::Flow::Go
    });
    corpus.relate();
    changes.walked
}

fn walked(folder: &Path) -> Vec<Walked> {
    files::find(&[folder.to_owned()]).iter().map(Walked::of).collect()
}

#[test]
fn an_index_made_in_pieces_says_what_one_says_that_is_made_at_once() {
    let folder = written(&World::new(3, 1).files);
    let want = said(&indexed(folder.path()));
    let paths = all_files(folder.path());
    for seed in [1, 2] {
        let settings = Arc::new(Settings::default());
        let mut corpus = Corpus::new(Arc::clone(&settings), None);
        let order = shuffled(paths.len(), seed);
        for piece in order.chunks(paths.len() / 7 + 1) {
            let piece: Vec<PathBuf> = piece.iter().map(|i| paths[*i].clone()).collect();
            add(&mut corpus, &settings, &piece);
            corpus.relate();
        }
        assert_eq!(said(&corpus), want, "{seed}");
    }
}

#[test]
fn an_index_follows_what_goes_and_comes_back() {
    let folder = written(&World::new(7, 1).files);
    let aside = tempfile::tempdir().unwrap();
    let mut corpus = indexed(folder.path());
    let (want, mut known) = (said(&corpus), walked(folder.path()));
    // What was the better document of a report, what stood for a year, what told the place of a folder.
    for gone in ["新县", "丁/1.txt", "太谷县", "更正"] {
        let all = all_files(folder.path());
        let paths: Vec<&PathBuf> = all.iter().filter(|path| path.to_string_lossy().contains(gone)).collect();
        assert!(!paths.is_empty(), "{gone}");
        for (i, path) in paths.iter().enumerate() {
            fs::rename(path, aside.path().join(i.to_string())).unwrap();
        }
        known = update(&mut corpus, known, folder.path());
        assert_eq!(said(&corpus), said(&indexed(folder.path())), "without {gone}");
        assert!(corpus.len() < want.0.reports, "{gone}");
        for (i, path) in paths.iter().enumerate() {
            fs::rename(aside.path().join(i.to_string()), path).unwrap();
        }
        known = update(&mut corpus, known, folder.path());
        assert_eq!(said(&corpus), want, "{gone} is there again");
    }
}

#[test]
fn an_index_that_was_kept_says_the_same() {
    let folder = written(&World::new(17, 1).files);
    let (settings, caches) = (Arc::new(Settings::default()), tempfile::tempdir().unwrap());
    let corpus = indexed(folder.path());
    let want = said(&corpus);
    let cache = Cache::of(&[folder.path().to_owned()], &settings, caches.path());
    let mut all = walked(folder.path());
    all.iter_mut().for_each(Walked::hash_content);
    cache.save(&corpus, all).unwrap();
    let (mut kept, known) = cache.open(&settings).unwrap();
    assert_eq!(said(&kept), want);
    // And it goes on from there.
    fs::remove_file(folder.path().join("丁/1.txt")).unwrap();
    update(&mut kept, known, folder.path());
    let fresh = said(&indexed(folder.path()));
    assert_ne!(fresh.2, want.2, "what told the place of the folder is gone");
    assert_eq!(said(&kept), fresh);
}
