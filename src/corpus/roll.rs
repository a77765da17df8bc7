//! The roll of all documents that were read: which of them are copies of one report, which reports are versions for one
//! year, and which of these stands for the year.
//!
//! The answer depends on what the documents say and in which folders they are together, and on nothing else: not on
//! their names and not on the order in which they are read. In doubt there are two reports.

use std::cmp::Reverse;
use std::path::PathBuf;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Choices;
use super::identity::{Entry, Facts, base, id_of};
use crate::report::Report;
use crate::rules::versions;

/// Where more can be learnt of a document, which is asked of few.
pub(super) trait Library: Sync {
    /// What is kept of it.
    fn facts(&self, document: u32) -> Option<Facts>;
    /// Where it is.
    fn path(&self, document: u32) -> PathBuf;
    /// The report in it, read again.
    fn read(&self, document: u32) -> Option<Report>;
}

/// All documents, in the order in which they were read.
#[derive(Debug, Default)]
pub(super) struct Roll {
    rows: Vec<Row>,
    /// The places and folders of the rows, each once: there are few, and millions of rows.
    names: Vec<u64>,
    numbers: FxHashMap<u64, u32>,
}

/// A document. Packed, because of a million there is one each.
#[derive(Debug, Clone, Copy)]
#[repr(C, packed(4))]
struct Row {
    /// See [`Entry`].
    agency: u64,
    /// These three by their numbers in the roll.
    place: u32,
    folder: u32,
    named: u32,
    year: u16,
    since: u16,
    /// Whether it is there, is from a settled place, is from a county.
    state: u8,
}

const THERE: u8 = 1;
const SETTLED: u8 = 2;
const COUNTY: u8 = 4;

impl Row {
    const fn is(&self, state: u8) -> bool {
        self.state & state == state
    }
}

/// What became of the documents.
#[derive(Debug, Default)]
pub(super) struct Resolution {
    /// For each document whether it is a copy, and whether it is another version than the one that stands.
    state: Vec<u8>,
    /// The folders whose documents are all from one place, as far as their places are known.
    pub(super) of_one_place: FxHashSet<u64>,
    /// The other documents of a report, by the one that is shown; in the order of their paths.
    pub(super) copies: FxHashMap<u32, Vec<u32>>,
    /// For each version of a year that has several: all of them, the one that stands first.
    pub(super) versions: FxHashMap<u32, Vec<u32>>,
    /// The place of a report among those whose identifiers would be equal, from 1.
    pub(super) ordinals: FxHashMap<u32, u32>,
}

const COPY: u8 = 1;
const OTHER_VERSION: u8 = 2;

impl Resolution {
    fn has(&self, document: u32, state: u8) -> bool {
        self.state.get(document as usize).is_some_and(|own| own & state != 0)
    }

    /// Whether a document is another one of a report that is shown by a better document.
    pub(super) fn is_copy(&self, document: u32) -> bool {
        self.has(document, COPY)
    }

    /// Whether a report stands for its year where others are compared with it.
    pub(super) fn stands(&self, document: u32) -> bool {
        !self.has(document, COPY | OTHER_VERSION)
    }
}

/// A report among those that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Relation {
    /// The document that it is shown by.
    pub(super) report: u32,
    /// Equal for reports of one agency.
    pub(super) series: Option<u64>,
    pub(super) year: u16,
    /// The years since when its place is what it is.
    pub(super) since: u16,
    /// Whether it stands for its year.
    pub(super) stands: bool,
    /// Its place among the versions for its year; 0 is that of the one that stands.
    pub(super) rank: usize,
    /// Whether its county is open: no other year is compared with it.
    pub(super) is_open: bool,
}

/// The place of a report among the versions for its year, the one that stands first.
pub(super) fn rank(document: u32, versions: &[u32]) -> usize {
    versions.iter().position(|version| *version == document).unwrap_or(0)
}

impl Roll {
    /// A roll with room for so many documents.
    pub(super) fn of(documents: usize) -> Self {
        Self { rows: Vec::with_capacity(documents), ..Self::default() }
    }

    fn row(&self, document: u32) -> Option<Row> {
        self.rows.get(document as usize).copied()
    }

    fn number(&mut self, name: u64) -> u32 {
        *self.numbers.entry(name).or_insert_with(|| {
            self.names.push(name);
            self.names.len() as u32 - 1
        })
    }

    fn name(&self, number: u32) -> u64 {
        self.names.get(number as usize).copied().unwrap_or_default()
    }

    /// Equal for reports of one agency: where the place is not settled, only those of a folder with one place are.
    fn series(&self, row: Row, of_one_place: &FxHashSet<u64>) -> Option<u64> {
        let is_sure = row.is(SETTLED) || of_one_place.contains(&self.name(row.folder));
        Some(row.agency).filter(|agency| *agency != 0 && is_sure)
    }

    /// Adds the next document.
    pub(super) fn add(&mut self, entry: &Entry) {
        let circle = entry.circle;
        let settled = if circle.is_some() { SETTLED } else { 0 };
        let county = if circle.is_some_and(|circle| circle.is_county) { COUNTY } else { 0 };
        let place = self.number(circle.map_or(0, |circle| circle.place));
        let (folder, named) = (self.number(entry.folder), self.number(entry.named));
        self.rows.push(Row {
            agency: entry.agency,
            place,
            folder,
            named,
            year: entry.year,
            since: circle.map_or(0, |circle| circle.since),
            state: THERE | settled | county,
        });
    }

    /// Counts a document that is no longer there.
    pub(super) fn add_gone(&mut self) {
        self.rows.push(Row { agency: 0, place: 0, folder: 0, named: 0, year: 0, since: 0, state: 0 });
    }

    /// How many documents there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Tells copies and versions.
    pub(super) fn resolve(&self, library: &dyn Library, choices: &Choices) -> Resolution {
        self.resolve_within(self.folders_of_one_place(), library, choices)
    }

    /// The same where the folders are known whose documents are from one place.
    pub(super) fn resolve_within(
        &self,
        of_one_place: FxHashSet<u64>,
        library: &dyn Library,
        choices: &Choices,
    ) -> Resolution {
        let mut resolution =
            Resolution { state: vec![0; self.rows.len()], of_one_place, ..Resolution::default() };
        let is_there = |i: &u32| self.row(*i).is_some_and(|row| row.is(THERE));
        let has_series = |i: u32, resolution: &Resolution| {
            let row = self.row(i);
            row.is_some_and(|row| row.year > 0 && self.series(row, &resolution.of_one_place).is_some())
        };
        // An identifier does not say which folder it is that tells the place.
        let is_unplaced = |i: &u32| {
            let is_settled = self.row(*i).is_some_and(|row| row.is(SETTLED));
            is_there(i) && !(is_settled && has_series(*i, &resolution))
        };
        let unplaced: Vec<u32> = (0..self.rows.len() as u32).filter(is_unplaced).collect();
        let facts = |i: &u32| Some((*i, library.facts(*i)?));
        let known: Vec<(u32, Facts)> = unplaced.par_iter().filter_map(facts).collect();
        let homes = self.homes(&known, library);
        let home = |i: u32| homes.get(&i).copied().unwrap_or(i);
        let mut of_agencies: Vec<u32> = Vec::with_capacity(self.rows.len());
        of_agencies
            .extend((0..self.rows.len() as u32).filter(|i| is_there(i) && has_series(home(*i), &resolution)));
        let others: Vec<(u32, Facts)> =
            known.into_iter().filter(|(i, _)| !has_series(home(*i), &resolution)).collect();
        let key = |i: &u32| self.row(home(*i)).map(|row| (row.agency, row.year));
        of_agencies.par_sort_unstable_by_key(|i| (key(i), *i));
        let groups: Vec<&[u32]> =
            of_agencies.chunk_by(|a, b| key(a) == key(b)).filter(|group| group.len() > 1).collect();
        let told: Vec<Told> = groups.par_iter().map(|group| Told::of_year(group, library, choices)).collect();
        for told in told {
            resolution.take(told);
        }
        for told in self.same_texts(others, &homes, library) {
            resolution.take(told);
        }
        Self::count_alike(&unplaced, library, &mut resolution);
        resolution
    }

    /// The folders with documents of unknown places beside those of exactly one known place.
    fn folders_of_one_place(&self) -> FxHashSet<u64> {
        let asks = |row: &&Row| row.is(THERE) && !row.is(SETTLED) && row.agency != 0;
        let asked: FxHashSet<u32> = self.rows.iter().filter(asks).map(|row| row.folder).collect();
        if asked.is_empty() {
            return FxHashSet::default();
        }
        let settled = || self.rows.iter().filter(|row| row.is(THERE | SETTLED));
        let keys = |row: &Row| [row.folder, row.named].into_iter().filter(|key| asked.contains(key));
        // The one place of a folder; nothing where there are several.
        let mut places: FxHashMap<u32, Option<u32>> = settled()
            .filter(|row| keys(row).next().is_some())
            .map(|row| (row.folder, Some(row.place)))
            .collect();
        for row in settled() {
            if let Some(place) = places.get_mut(&{ row.folder }) {
                *place = place.filter(|place| *place == row.place);
            }
        }
        let is_of_one = |row: &&Row| places.get(&{ row.folder }).is_some_and(Option::is_some);
        settled().filter(is_of_one).flat_map(keys).map(|folder| self.name(folder)).collect()
    }

    /// The document of unknown place that each parsed copy of unknown place was made from, where that is in another
    /// folder: the copy is where the document is. Of several documents with the same bytes any may be meant; the copy is
    /// one of theirs, and proves nothing between them.
    fn homes(&self, unplaced: &[(u32, Facts)], library: &dyn Library) -> FxHashMap<u32, u32> {
        let folder = |i: u32| self.row(i).map(|row| row.folder);
        let with_source = |is_parsed: bool| {
            let of_kind =
                move |(_, facts): &&(u32, Facts)| facts.is_parsed() == is_parsed && facts.source != 0;
            unplaced.iter().filter(of_kind)
        };
        let asked: FxHashSet<u64> = with_source(true).map(|(_, facts)| facts.source).collect();
        let mut made_from: FxHashMap<(u64, u64), Vec<u32>> = FxHashMap::default();
        for (i, facts) in with_source(false).filter(|(_, facts)| asked.contains(&facts.source)) {
            made_from.entry((facts.source, facts.whole)).or_default().push(*i);
        }
        for documents in made_from.values_mut() {
            documents.sort_by_cached_key(|i| library.path(*i));
        }
        let home = |(i, facts): &(u32, Facts)| {
            let documents = made_from.get(&(facts.source, facts.whole))?;
            let is_beside = documents.iter().any(|document| folder(*document) == folder(*i));
            documents.first().filter(|_| !is_beside).map(|document| (*i, *document))
        };
        with_source(true).filter_map(home).collect()
    }

    /// Of documents that nothing but their text can show to be copies, those that are.
    ///
    /// Where agency or year are missing, the whole text must be equal. Where only the place is unknown, that is not
    /// enough: towns of one name in two counties may have nothing to report in the same words. There the documents must
    /// also be in one folder, or one must be what the other was made from.
    fn same_texts(
        &self,
        mut others: Vec<(u32, Facts)>,
        homes: &FxHashMap<u32, u32>,
        library: &dyn Library,
    ) -> Vec<Told> {
        others.sort_unstable_by_key(|(i, facts)| (facts.whole, *i));
        let same = others.chunk_by(|a, b| a.1.whole == b.1.whole).filter(|same| same.len() > 1);
        let classes =
            same.flat_map(|same| self.of_same_text(same, homes, library)).filter(|class| class.len() > 1);
        let told =
            |class| Told { reports: vec![sorted(class, library).into_iter().map(|(i, _)| i).collect()] };
        classes.map(told).collect()
    }

    /// Documents of one text, by the report that they are of.
    fn of_same_text(
        &self,
        same: &[(u32, Facts)],
        homes: &FxHashMap<u32, u32>,
        library: &dyn Library,
    ) -> Vec<Vec<(u32, Facts)>> {
        /// The folder, and the file that a copy was made from where that is not there.
        type Origin = (Option<u32>, Option<String>);
        let is_named =
            |(i, _): &(u32, Facts)| self.row(*i).is_some_and(|row| row.agency != 0 && row.year != 0);
        // Equal texts have equal names.
        if !same.iter().any(is_named) {
            return vec![same.to_vec()];
        }
        let folder = |i: u32| self.row(homes.get(&i).copied().unwrap_or(i)).map(|row| row.folder);
        let printed: FxHashSet<Option<u32>> =
            same.iter().filter(|(_, facts)| !facts.is_parsed()).map(|(i, _)| folder(*i)).collect();
        let mut classes: FxHashMap<Origin, Vec<(u32, Facts)>> = FxHashMap::default();
        for document in same {
            let folder = folder(document.0);
            // Copies without their documents are in one folder because they were put there, whatever they are of.
            let of = if printed.contains(&folder) { None } else { made_from(document.0, library) };
            classes.entry((folder, of)).or_default().push(*document);
        }
        classes.into_values().collect()
    }

    /// Tells reports of unknown places apart that have the same names and say the same.
    fn count_alike(unplaced: &[u32], library: &dyn Library, resolution: &mut Resolution) {
        // The name without the folder is not kept: equal text with equal version is what can meet in an identifier.
        let mut seen: FxHashMap<(u64, u32), Vec<u32>> = FxHashMap::default();
        for i in unplaced.iter().filter(|i| !resolution.is_copy(**i)) {
            if let Some(facts) = library.facts(*i) {
                seen.entry((facts.print.figures, facts.version())).or_default().push(*i);
            }
        }
        for mut alike in seen.into_values().filter(|alike| alike.len() > 1) {
            alike.sort_by_cached_key(|i| library.path(*i));
            let mut of_id: FxHashMap<String, Vec<u32>> = FxHashMap::default();
            for i in alike {
                if let Some(report) = library.read(i) {
                    of_id.entry(base(&report)).or_default().push(i);
                }
            }
            let several = of_id.into_values().filter(|several| several.len() > 1);
            resolution.ordinals.extend(several.flat_map(|several| several.into_iter().zip(1..)));
        }
    }

    /// The place of a report that it is compared within; nothing where it is compared with no other.
    pub(super) fn circle(&self, document: u32, resolution: &Resolution) -> Option<(u64, bool)> {
        let row = self.rows.get(document as usize).filter(|row| row.is(THERE))?;
        if row.is(SETTLED) {
            return Some((self.name(row.place), row.is(COUNTY)));
        }
        self.series(*row, &resolution.of_one_place).map(|series| (series, false))
    }

    /// A report among those that it is compared with; nothing for a copy.
    pub(super) fn relation(&self, document: u32, resolution: &Resolution) -> Option<Relation> {
        let row = self.rows.get(document as usize).filter(|row| row.is(THERE))?;
        if resolution.is_copy(document) {
            return None;
        }
        Some(Relation {
            report: document,
            series: self.series(*row, &resolution.of_one_place),
            year: row.year,
            since: row.since,
            stands: resolution.stands(document),
            rank: rank(document, resolution.versions.get(&document).map_or(&[], Vec::as_slice)),
            is_open: !row.is(SETTLED) && self.name(row.named) != 0,
        })
    }
}

/// What some documents turned out to be: reports, the one that stands first, each with its documents, the best first.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    reports: Vec<Vec<u32>>,
}

impl Resolution {
    fn take(&mut self, told: Told) {
        let mut set = |document: u32, state: u8| {
            if let Some(own) = self.state.get_mut(document as usize) {
                *own |= state;
            }
        };
        let shown: Vec<u32> = told.reports.iter().filter_map(|report| report.first().copied()).collect();
        for other in shown.iter().skip(1) {
            set(*other, OTHER_VERSION);
        }
        for mut report in told.reports {
            let Some(first) = report.first().copied().filter(|_| report.len() > 1) else { continue };
            report.remove(0);
            for copy in &report {
                set(*copy, COPY);
            }
            self.copies.insert(first, report);
        }
        if shown.len() > 1 {
            for version in &shown {
                self.versions.insert(*version, shown.clone());
            }
        }
    }
}

/// The file that a parsed copy says it was made from; nothing where it does not say that.
fn made_from(document: u32, library: &dyn Library) -> Option<String> {
    let report = library.read(document)?;
    Some(report.source.file.raw().to_owned()).filter(|file| !file.is_empty())
}

/// More different texts for one agency and year than that are not compared word by word: each is a version.
const COMPARED: usize = 16;

impl Told {
    /// The documents of one agency and year.
    fn of_year(group: &[u32], library: &dyn Library, choices: &Choices) -> Self {
        let known: Vec<(u32, Facts)> = group.iter().filter_map(|i| Some((*i, library.facts(*i)?))).collect();
        // Equal figures and equal words need no comparing.
        let mut classes: Vec<Vec<(u32, Facts)>> = Vec::new();
        let mut by_print: FxHashMap<versions::ReportPrint, usize> = FxHashMap::default();
        for document in sorted(known, library) {
            let at = *by_print.entry(document.1.print).or_insert(classes.len());
            match classes.get_mut(at) {
                Some(class) => class.push(document),
                None => classes.push(vec![document]),
            }
        }
        let mut reports: Vec<Vec<(u32, Facts)>> = merged(classes, library);
        let chosen = chosen(&reports, library, choices);
        let order = |report: &Vec<(u32, Facts)>| {
            let date = report.iter().map(|(_, facts)| facts.date).max();
            let filled = report.iter().map(|(_, facts)| facts.filled).max();
            let first = report.first();
            let is_chosen = first.is_some_and(|(i, _)| Some(*i) == chosen);
            (
                Reverse(is_chosen),
                Reverse(date),
                Reverse(filled),
                first.map(|(_, f)| (f.print.figures, f.print.words)),
            )
        };
        reports.sort_by_cached_key(order);
        Self {
            reports: reports.into_iter().map(|report| report.into_iter().map(|(i, _)| i).collect()).collect(),
        }
    }
}

/// The document of the version that somebody has chosen to stand for the year.
fn chosen(reports: &[Vec<(u32, Facts)>], library: &dyn Library, choices: &Choices) -> Option<u32> {
    if choices.versions.is_empty() || reports.len() < 2 {
        return None;
    }
    let first = |report: &Vec<(u32, Facts)>| {
        let (document, facts) = report.first()?;
        Some((*document, base(&library.read(*document)?), facts.version()))
    };
    let first: Vec<(u32, String, u32)> = reports.iter().filter_map(first).collect();
    let wanted = choices.version_of_any(first.iter().map(|(_, base, _)| base.as_str()))?;
    first.iter().find_map(|(document, base, version)| {
        // Of documents that say the same, the mark that tells them apart does not make another version.
        let rest = wanted.strip_prefix(&id_of(base, *version, 0))?;
        (rest.is_empty() || rest.starts_with('~')).then_some(*document)
    })
}

/// The documents with the best first: by rank, then by what they say; by path only where they are equal in all.
fn sorted(mut documents: Vec<(u32, Facts)>, library: &dyn Library) -> Vec<(u32, Facts)> {
    documents.sort_by_cached_key(|(i, facts)| {
        (facts.rank, facts.print.figures, facts.print.words, facts.whole, library.path(*i))
    });
    documents
}

/// Classes of equal documents, joined where their reports are the same to a reader.
///
/// A document some of whose figures could not be read may agree with two versions that disagree: it joins the others
/// only where it agrees with exactly one of them.
fn merged(classes: Vec<Vec<(u32, Facts)>>, library: &dyn Library) -> Vec<Vec<(u32, Facts)>> {
    if classes.len() < 2 || classes.len() > COMPARED {
        return classes;
    }
    let is_in_doubt = |class: &[(u32, Facts)]| class.first().is_some_and(|(_, facts)| facts.print.in_doubt);
    let first = |class: &Vec<(u32, Facts)>| class.first().copied();
    let may_agree = |a: &(u32, Facts), b: &(u32, Facts)| {
        a.1.print.figures == b.1.print.figures || a.1.print.in_doubt || b.1.print.in_doubt
    };
    let read: Vec<Option<Report>> = {
        let is_asked = |i: usize| {
            let own = classes.get(i).and_then(first);
            let others =
                classes.iter().enumerate().filter(|(j, _)| *j != i).filter_map(|(_, class)| first(class));
            own.is_some_and(|own| others.into_iter().any(|other| may_agree(&own, &other)))
        };
        let document = |i: usize| classes.get(i).and_then(first).filter(|_| is_asked(i));
        (0..classes.len()).map(|i| document(i).and_then(|(document, _)| library.read(document))).collect()
    };
    let is_one = |i: usize, j: usize| {
        let facts = classes.get(i).and_then(first).zip(classes.get(j).and_then(first));
        let reports = read.get(i).and_then(Option::as_ref).zip(read.get(j).and_then(Option::as_ref));
        facts.is_some_and(|(a, b)| may_agree(&a, &b))
            && reports.is_some_and(|(a, b)| versions::compare(a, b).is_copy())
    };
    let (in_doubt, sure): (Vec<usize>, Vec<usize>) =
        (0..classes.len()).partition(|i| classes.get(*i).is_some_and(|class| is_in_doubt(class)));
    let mut joined: Vec<Vec<usize>> = groups(&sure, &is_one);
    let mut alone = Vec::new();
    for i in in_doubt {
        let mut agreeing = joined.iter_mut().filter(|group| group.iter().any(|j| is_one(i, *j)));
        match (agreeing.next(), agreeing.next()) {
            (Some(group), None) => group.push(i),
            _ => alone.push(i),
        }
    }
    joined.extend(groups(&alone, &is_one));
    let of_group = |group: Vec<usize>| {
        let documents = group.into_iter().filter_map(|i| classes.get(i)).flatten().copied().collect();
        sorted(documents, library)
    };
    joined.into_iter().map(of_group).collect()
}

/// Numbers that are joined with each other, group by group.
fn groups(numbers: &[usize], is_one: &dyn Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for i in numbers {
        let (with, rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|j| is_one(*i, *j)));
        groups = rest;
        let mut group: Vec<usize> = with.into_iter().flatten().collect();
        group.push(*i);
        groups.push(group);
    }
    groups
}
