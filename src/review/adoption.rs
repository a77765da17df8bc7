//! Which reports of a corpus the decisions of a store belong to.
//!
//! A decision is kept under the identifier that its report had. The version in it changes when the report is corrected,
//! its place when that becomes known, and 0.1.0 had no version in it: the reports that are there are asked who goes on
//! for one that is not. Nothing here changes a decision, and none moves to another version.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::{Heir, Store, heirs};
use crate::corpus::Corpus;
use crate::display::Untrusted;
use crate::report::Report;

/// Tells a store which reports go on for those that are not there; gives the reports on which something was decided, by
/// their identifiers.
pub fn adopt(corpus: &Corpus, store: &Store) -> HashMap<Untrusted, u32> {
    let keys = store.report_keys();
    let reports = reports_of(corpus, &keys);
    let heirs = heirs_among(&reports, &keys);
    let mut decided: HashSet<&str> = keys.iter().map(Untrusted::raw).collect();
    for heir in heirs.values() {
        decided.extend(heir.reports().iter().map(Untrusted::raw));
    }
    let with_decisions = reports.iter().filter(|(id, _)| decided.contains(id.raw()));
    let with_decisions = with_decisions.map(|(id, known)| (id.clone(), known.report)).collect();
    store.adopt(heirs);
    with_decisions
}

/// Which reports of a corpus go on for those of some identifiers that are not there.
#[must_use]
pub fn heirs_in(corpus: &Corpus, old: &[Untrusted]) -> HashMap<Untrusted, Heir> {
    heirs_among(&reports_of(corpus, old), old)
}

/// The documents of some reports, by their identifiers.
#[must_use]
pub fn documents_of<'a>(
    corpus: &Corpus,
    ids: impl Iterator<Item = &'a Untrusted>,
) -> HashMap<Untrusted, Vec<PathBuf>> {
    let ids: Vec<Untrusted> = ids.cloned().collect();
    let asked: HashSet<&Untrusted> = ids.iter().collect();
    let of = |report: u32| -> Vec<PathBuf> {
        let shown = corpus.location(report).map(|location| location.path);
        shown.into_iter().chain(corpus.copies(report).map(Path::to_owned)).collect()
    };
    let reports = reports_of(corpus, &ids).into_iter().filter(|(id, _)| asked.contains(id));
    reports.map(|(id, known)| (id, of(known.report))).collect()
}

/// A report that may be one of those that are asked for.
struct Known {
    report: u32,
    /// The identifier that it states, in a parsed report.
    stated: Option<String>,
}

fn heirs_among(reports: &HashMap<Untrusted, Known>, old: &[Untrusted]) -> HashMap<Untrusted, Heir> {
    heirs(old, reports.iter().map(|(id, known)| (id.raw(), known.stated.as_deref())))
}

/// The reports of the agencies that some identifiers name, whatever their place, year and version.
fn reports_of(corpus: &Corpus, keys: &[Untrusted]) -> HashMap<Untrusted, Known> {
    let base = |key: &Untrusted| key.raw().rsplit_once('@').map_or(key.raw(), |(base, _)| base).to_owned();
    let bases: HashSet<String> = keys.iter().map(base).collect();
    // Only those without agency or year were known by what they state.
    let asks_stated = keys.iter().any(|key| key.raw().starts_with("id/"));
    let known = |report: u32| {
        let is_nameless =
            corpus.summary(report).is_some_and(|s| s.year == 0 || corpus.name(s.names.agency).is_empty());
        let read = if asks_stated && is_nameless { corpus.read(report) } else { None };
        let stated = read.and_then(|(_, report): (_, Report)| Some(report.stated_id?.raw().to_owned()));
        (corpus.id(report), Known { report, stated })
    };
    if keys.is_empty() { HashMap::new() } else { corpus.of_bases(&bases).into_iter().map(known).collect() }
}
