//! Comparing the reports of a corpus with each other, county by county, and what belongs together.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Corpus;
use super::causes::{CauseKey, Causes, count_by_severity};
use super::columns::Flags;
use super::identity::{self, Entry, Facts, Names, Whereabouts, agency_number, folder_number};
use super::names::NameId;
use super::order::Order;
use super::relatives::{Circle, Kin, Location};
use super::roll::{self, Library, Relation, Resolution, Roll};
use super::units::{AreaId, Unit, UnitId};
use crate::display::Untrusted;
use crate::places;
use crate::report::Report;
use crate::rules::Finding;

/// What was found by telling copies and versions, and by comparing the reports of some counties with each other.
#[derive(Debug, Default)]
pub struct Related {
    resolution: Option<Resolution>,
    areas: BTreeSet<AreaId>,
    found: Vec<(u32, Box<[CauseKey]>)>,
}

/// What is worked out of each county once.
#[derive(Debug, Default)]
pub(super) struct Areas {
    /// Whether several counties have its name.
    pub(super) is_open: Vec<bool>,
    /// The first of the counties that are one place under different names and codes.
    family: Vec<u32>,
    /// All counties of each family, by the first of them.
    members: FxHashMap<u32, Vec<AreaId>>,
}

impl Areas {
    fn of(corpus: &Corpus) -> Self {
        let mut areas = Self::default();
        let mut first: FxHashMap<u64, u32> = FxHashMap::default();
        for area in 0..corpus.units.areas() as u32 {
            let unit = corpus.units.of_area(AreaId(area));
            let names = corpus.names_of(unit);
            let is_county = names.county.is_some() || names.code.is_some();
            let whereabouts =
                if is_county { identity::whereabouts(&names, None) } else { Whereabouts::Unknown };
            // Where the year of a report tells which county of the name it is, the report has its code by now.
            let is_open = !identity::candidates(&names, None).is_empty();
            let family = match whereabouts {
                Whereabouts::Settled(circle) if !is_open => *first.entry(circle.place).or_insert(area),
                _ => area,
            };
            areas.is_open.push(is_open);
            areas.family.push(family);
            areas.members.entry(family).or_default().push(AreaId(area));
        }
        areas
    }

    /// The first of the counties that are one place with it.
    fn family(&self, area: AreaId) -> AreaId {
        AreaId(self.family.get(area.0 as usize).copied().unwrap_or(area.0))
    }
}

impl Corpus {
    pub(super) fn areas_worked_out(&self) -> &Arc<Areas> {
        self.areas.get_or_init(|| Arc::new(Areas::of(self)))
    }

    /// Whether each county has a name that several counties have.
    pub(super) fn open_areas(&self) -> &[bool] {
        &self.areas_worked_out().is_open
    }

    /// Whether several counties have the name of a county, and nothing tells which is meant.
    #[must_use]
    pub fn is_open(&self, area: AreaId) -> bool {
        self.open_areas().get(area.0 as usize).copied().unwrap_or(false)
    }

    /// Whether several counties have the name of the county of a report, and nothing tells which is meant.
    #[must_use]
    pub fn is_place_open(&self, report: u32) -> bool {
        self.rows.unit(report).is_some_and(|unit| self.is_open(self.units.area(unit)))
    }

    /// The county that stands for all names and codes that a county has had.
    #[must_use]
    pub fn family(&self, area: AreaId) -> AreaId {
        self.areas_worked_out().family(area)
    }

    /// Whether a county has had one name and code only, as far as there are reports.
    pub(super) fn is_alone(&self, area: AreaId) -> bool {
        let areas = self.areas_worked_out();
        areas.members.get(&areas.family(area).0).is_none_or(|members| members.len() < 2)
    }

    /// The counties that a report may be from, if its place is open.
    #[must_use]
    pub fn candidates(&self, report: u32) -> Vec<places::Place> {
        let Some(unit) = self.rows.unit(report) else { return Vec::new() };
        let year = self.rows.year.get(report as usize).copied().filter(|year| *year > 0);
        let found = identity::candidates(&self.names_of(self.units.get(unit)), year);
        if found.len() > 1 { found } else { Vec::new() }
    }

    /// The names of an agency.
    pub(super) fn names_of(&self, unit: Unit) -> Names<'_> {
        let known = |name: NameId| Some(self.names.raw(name)).filter(|name| !name.is_empty());
        Names {
            agency: self.names.raw(unit.agency),
            county: known(unit.county),
            code: known(unit.code),
            city: known(unit.city),
            province: known(unit.province),
        }
    }

    /// Whether reports were added since all were last compared with each other.
    #[must_use]
    pub fn is_unrelated(&self) -> bool {
        self.is_unresolved || !self.unrelated.is_empty()
    }

    /// Tells copies and versions, and compares the reports with each other that were not yet compared. This takes a
    /// while; a copy of the index does it on another thread, and [`Corpus::set_related`] takes the result over.
    #[must_use]
    pub fn related(&self) -> Related {
        let mut resolved;
        let (corpus, resolution) = if self.is_unresolved {
            let resolution = self.resolve(&Keys::of_many(self));
            resolved = self.clone();
            resolved.take_resolution(&resolution);
            (&resolved, Some(resolution))
        } else {
            (self, None)
        };
        // Of the index as it is resolved: which folders are evidence is known only now.
        let keys = Keys::of_many(corpus);
        let families: BTreeSet<AreaId> = corpus.unrelated.iter().map(|area| corpus.family(*area)).collect();
        let families: Vec<AreaId> = families.into_iter().collect();
        let found: Vec<_> =
            families.par_iter().flat_map_iter(|family| corpus.compare(&keys, *family)).collect();
        let areas = corpus.areas_worked_out();
        let all = families.iter().filter_map(|family| areas.members.get(&family.0)).flatten();
        Related { resolution, areas: all.copied().collect(), found }
    }

    fn compare(&self, keys: &Keys<'_>, family: AreaId) -> Vec<(u32, Box<[CauseKey]>)> {
        let found = self.circles(keys, family);
        let found = found.iter().flat_map(|circle| circle.all_findings(&self.settings, None));
        let keys = |(report, findings): (u32, Vec<Finding>)| {
            let causes = crate::rules::causes(&Report::default(), &[], &findings, &[]);
            (report, CauseKey::of(&causes, &findings))
        };
        found.map(keys).collect()
    }

    /// Takes over what was found by comparing.
    pub fn set_related(&mut self, related: Related) {
        if let Some(resolution) = &related.resolution {
            self.take_resolution(resolution);
        }
        let areas = self.units.area_column();
        let rows = Arc::make_mut(&mut self.rows);
        let mut found: HashMap<u32, Box<[CauseKey]>> = related.found.into_iter().collect();
        let mut beside = Causes::default();
        for i in 0..rows.len() as u32 {
            let area = rows.unit(i).and_then(|unit| areas.get(unit.0 as usize));
            if !area.is_some_and(|area| related.areas.contains(&AreaId(*area))) {
                beside.push(self.beside.get(i));
                continue;
            }
            beside.push(found.remove(&i).into_iter().flatten());
            let counts = count_by_severity(self.causes.get(i).chain(beside.get(i)));
            if let Some(findings) = rows.findings.get_mut(i as usize) {
                *findings = counts;
            }
        }
        self.beside = Arc::new(beside);
        self.unrelated.retain(|area| !related.areas.contains(area));
        self.orders.forget_lists();
    }

    /// Compares the reports with each other here and now.
    pub fn relate(&mut self) {
        if self.is_unresolved {
            // In place: with a copy of the index, as aside, there would be two of the columns.
            let resolution = self.resolve(&Keys::of_many(self));
            self.take_resolution(&resolution);
        }
        if self.is_unrelated() {
            self.set_related(self.related());
        }
    }

    /// Tells copies and versions among all documents.
    fn resolve(&self, keys: &Keys<'_>) -> Resolution {
        let mut roll = Roll::of(self.rows.len());
        let folders: Vec<u64> = self.files.iter().map(|file| folder_number(&file.path)).collect();
        for i in 0..self.rows.len() as u32 {
            let is_gone = self.rows.flags(i).has(Flags::GONE);
            let folder =
                |_| self.cold(i).and_then(|row| folders.get(row.place.file as usize).copied()).unwrap_or(0);
            match keys.entry_in(i, folder).filter(|_| !is_gone) {
                Some(entry) => roll.add(&entry),
                None => roll.add_gone(),
            }
        }
        roll.resolve(self, &self.choices)
    }

    fn agency_number(&self, unit: UnitId) -> Option<u64> {
        let renamed = |name: &str| self.settings.renamed(name).map(str::to_owned);
        agency_number(&self.names_of(self.units.get(unit)), &renamed)
    }

    /// Marks copies and versions.
    fn take_resolution(&mut self, resolution: &Resolution) {
        let rows = Arc::make_mut(&mut self.rows);
        let mut changed = Vec::new();
        self.account.copies = 0;
        for (flags, i) in rows.flags.iter_mut().zip(0..) {
            let before = *flags;
            *flags &= !Flags::RESOLVED;
            let facts = [
                (resolution.is_copy(i), Flags::COPY),
                (resolution.copies.contains_key(&i), Flags::COPIED),
                (resolution.versions.contains_key(&i), Flags::VERSIONED),
                (!resolution.is_copy(i) && !resolution.stands(i), Flags::OTHER_VERSION),
            ];
            let is_there = !Flags(before).has(Flags::GONE);
            for (_, flag) in facts.iter().filter(|(is, _)| *is && is_there) {
                *flags |= flag.0;
            }
            self.account.copies += usize::from(is_there && resolution.is_copy(i));
            if *flags != before {
                changed.push(i);
            }
        }
        let kept =
            |of: &FxHashMap<u32, Vec<u32>>| Arc::new(of.iter().map(|(i, all)| (*i, all.clone())).collect());
        self.copies = kept(&resolution.copies);
        self.versions = kept(&resolution.versions);
        self.ordinals = Arc::new(resolution.ordinals.iter().map(|(i, n)| (*i, *n)).collect());
        let was_of_one_place =
            std::mem::replace(&mut self.of_one_place, Arc::new(resolution.of_one_place.clone()));
        for i in changed {
            self.unrelated.extend(self.rows.unit(i).map(|unit| self.units.area(unit)));
        }
        if was_of_one_place != self.of_one_place {
            // Which reports of unknown places belong together is told by those around them.
            let is_county = |area: &AreaId| {
                let unit = self.units.of_area(*area);
                unit.county != NameId(0) && !self.is_open(*area)
            };
            let unknown: Vec<AreaId> =
                (0..self.units.areas() as u32).map(AreaId).filter(|area| !is_county(area)).collect();
            self.unrelated.extend(unknown);
        }
        self.is_unresolved = false;
        self.orders.forget_lists();
    }

    /// What is found in a report beside its relatives.
    pub(super) fn beside(&self, report: u32) -> Vec<Finding> {
        let Some(unit) = self.rows.unit(report) else { return Vec::new() };
        let family = self.family(self.units.area(unit));
        let keys = Keys::of_few(self);
        let with_entry = |report: u32| Some((report, keys.entry(report)?));
        let Some(own) = keys.entry(report).and_then(|entry| keys.circle_of(&entry)) else {
            return Vec::new();
        };
        let family = self.of_family(family).into_iter().filter_map(with_entry);
        let reports: Vec<(u32, Entry)> =
            family.filter(|(_, entry)| keys.circle_of(entry) == Some(own)).collect();
        let reread = |report: u32| self.read(report);
        self.circle(&keys, &reports, own.1).findings(report, &self.settings, &reread)
    }

    /// The report of a document, read again, with its file; nothing if it is gone or another one.
    #[must_use]
    pub fn read(&self, report: u32) -> Option<(PathBuf, Report)> {
        let row = self.cold(report)?;
        let location = self.location(report)?;
        let mut located = location.read()?;
        identity::settle(&mut located.report, &self.choices);
        (Facts::of(&located.report, located.is_parsed).whole == row.fingerprint)
            .then_some((location.path, located.report))
    }

    /// Where the document of a report is.
    #[must_use]
    pub fn location(&self, report: u32) -> Option<Location> {
        let place = self.cold(report)?.place;
        let path = self.path(&place)?.to_owned();
        Some(Location { path, offset: place.offset, length: place.length, line: place.line })
    }

    /// The document at a place of a file, as it was last read.
    #[must_use]
    pub fn at(&self, path: &Path, offset: u64) -> Option<u32> {
        self.each_at(&HashSet::from([path])).find(|(_, of, at)| (*of, *at) == (path, offset)).map(|(i, ..)| i)
    }

    /// The numbers that reports have now whose files were read again since they had these.
    #[must_use]
    pub fn renumbered(&self, gone: &[u32]) -> HashMap<u32, u32> {
        let place = |report: u32| {
            let place = self.cold(report)?.place;
            Some((self.path(&place)?, place.offset))
        };
        let before: HashMap<(&Path, u64), u32> =
            gone.iter().filter_map(|report| Some((place(*report)?, *report))).collect();
        let paths = before.keys().map(|(path, _)| *path).collect();
        self.each_at(&paths).filter_map(|(i, path, at)| Some((*before.get(&(path, at))?, i))).collect()
    }

    /// The reports that are in some files, each with its file and where it begins there.
    fn each_at<'a>(&'a self, paths: &HashSet<&Path>) -> impl Iterator<Item = (u32, &'a Path, u64)> {
        let is_of = |(i, file): (u32, &'a super::FileEntry)| {
            (!file.is_gone && paths.contains(file.path.as_path())).then_some((i, file.path.as_path()))
        };
        let files: HashMap<u32, &'a Path> = (0..).zip(self.files.iter()).filter_map(is_of).collect();
        (0..self.rows.len() as u32).filter(|i| self.is_there(*i)).filter_map(move |i| {
            let place = self.cold(i)?.place;
            Some((i, *files.get(&place.file)?, place.offset))
        })
    }

    /// The circles of a family of counties: that of the county, or one for each agency where no county is known.
    fn circles(&self, keys: &Keys<'_>, family: AreaId) -> Vec<Circle> {
        let mut by_key: HashMap<(u64, bool), Vec<(u32, Entry)>> = HashMap::new();
        for report in self.of_family(family) {
            let Some(entry) = keys.entry(report) else { continue };
            if let Some(key) = keys.circle_of(&entry) {
                by_key.entry(key).or_default().push((report, entry));
            }
        }
        let several = by_key.into_iter().filter(|(_, reports)| reports.len() > 1);
        several.map(|((_, of_county), reports)| self.circle(keys, &reports, of_county)).collect()
    }

    fn circle(&self, keys: &Keys<'_>, reports: &[(u32, Entry)], of_county: bool) -> Circle {
        let member = |(report, entry): &(u32, Entry)| {
            let relation = Relation {
                report: *report,
                series: keys.series_of(entry),
                year: entry.year,
                since: entry.circle.map_or(0, |circle| circle.since),
                stands: !self.rows.flags(*report).has(Flags::OTHER_VERSION),
                rank: roll::rank(*report, self.versions(*report)),
                is_open: entry.is_open(),
            };
            Some((relation, self.kin(*report)?))
        };
        Circle::new(reports.iter().filter_map(member).collect(), of_county)
    }

    /// The reports of a county under whatever name and code, by agency and year.
    fn of_family(&self, family: AreaId) -> Vec<u32> {
        let areas = self.areas_worked_out();
        let members = areas.members.get(&family.0);
        members.into_iter().flatten().flat_map(|area| self.of_area(*area)).collect()
    }

    /// The reports of a county that are there, by agency and year.
    #[must_use]
    pub fn of_area(&self, area: AreaId) -> Vec<u32> {
        let all = self.orders.list(Order::Place, &self.rows, &self.names, &self.units);
        let (least, greatest) = self.orders.range(area, &self.names, &self.units);
        let of_units = self.orders.ranks(&self.names, &self.units);
        let place_of =
            |i: &u32| self.rows.unit(*i).and_then(|unit| of_units.get(unit.0 as usize)).copied().unwrap_or(0);
        let start = all.partition_point(|i| place_of(i) < least);
        let end = all.partition_point(|i| place_of(i) <= greatest);
        let is_there = |i: &&u32| !self.rows.flags(**i).is_hidden();
        all.get(start..end).unwrap_or_default().iter().filter(is_there).copied().collect()
    }

    /// The reports of the agency of a report that are there, by year, those that stand for their years first; that
    /// report alone where it is not known which others are of its agency.
    #[must_use]
    pub fn of_agency(&self, report: u32) -> Vec<u32> {
        let keys = Keys::of_few(self);
        let (Some(series), Some(unit)) = (keys.series(report), self.rows.unit(report)) else {
            return vec![report];
        };
        let mut list = self.of_family(self.family(self.units.area(unit)));
        list.retain(|i| keys.series(*i) == Some(series));
        // Where the county is open, a folder tells versions for one year, and nothing across years.
        if keys.entry(report).is_some_and(|entry| entry.is_open()) {
            let year = |i: u32| self.rows.year.get(i as usize);
            list.retain(|i| year(*i) == year(report));
        }
        let order = |i: &u32| {
            let is_other = self.rows.flags(*i).has(Flags::OTHER_VERSION);
            (self.rows.year.get(*i as usize).copied(), is_other, *i)
        };
        list.sort_by_key(order);
        list
    }

    /// Whether there are reports of its agency for other years, or other versions.
    #[must_use]
    pub fn has_other_years(&self, report: u32) -> bool {
        let year = self.rows.year.get(report as usize).copied().unwrap_or(0);
        let is_other = |other: &u32| {
            let of_other = self.rows.year.get(*other as usize).copied().unwrap_or(0);
            *other != report && (of_other == year || of_other + 1 == year)
        };
        self.of_agency(report).iter().any(is_other)
    }

    /// Whether there are reports of other agencies of its county for its year.
    #[must_use]
    pub fn has_neighbours(&self, report: u32) -> bool {
        let Some(unit) = self.rows.unit(report) else { return false };
        let year = self.rows.year.get(report as usize);
        let family = self.of_family(self.family(self.units.area(unit)));
        family.iter().any(|other| *other != report && self.rows.year.get(*other as usize) == year)
    }

    /// The identifier of a report: see [`identity::report_id`].
    #[must_use]
    pub fn id(&self, report: u32) -> Untrusted {
        let base = self.id_base(report);
        let version = self.facts(report).map_or(0, |facts| facts.version());
        identity::id_of(&base, version, self.ordinals.get(&report).copied().unwrap_or(0)).into()
    }

    /// What the identifiers of all versions of a report begin with.
    #[must_use]
    pub fn id_base(&self, report: u32) -> String {
        let Some(unit) = self.rows.unit(report) else { return String::new() };
        let names = self.names_of(self.units.get(unit));
        let year = self.rows.year.get(report as usize).copied().filter(|year| *year > 0);
        // The title is not kept; it is asked for only where there is no agency.
        let title = if names.agency.is_empty() {
            self.read(report).map(|(_, report)| report.title.raw().to_owned()).unwrap_or_default()
        } else {
            String::new()
        };
        identity::base_of(&names, &title, year)
    }

    pub(super) fn ordinal(&self, report: u32) -> u32 {
        self.ordinals.get(&report).copied().unwrap_or(0)
    }

    /// The reports whose identifiers, as far as names and years tell, are among some bases; see [`Self::id_base`].
    #[must_use]
    pub fn of_bases(&self, bases: &HashSet<String>) -> Vec<u32> {
        let agencies: HashSet<&str> = bases.iter().filter_map(|base| base.rsplit('/').nth(1)).collect();
        let has_agency = |unit: UnitId| {
            let agency = super::choices::plain_name(self.names.raw(self.units.get(unit).agency));
            agency.is_empty() || agencies.contains(agency.as_str())
        };
        let units: Vec<bool> = (0..self.units.len() as u32).map(|unit| has_agency(UnitId(unit))).collect();
        let may_be =
            |i: &u32| self.rows.unit(*i).is_some_and(|u| units.get(u.0 as usize).copied().unwrap_or(false));
        self.reports().filter(may_be).collect()
    }
}

/// What tells which reports belong together.
struct Keys<'a> {
    corpus: &'a Corpus,
    /// The number of each agency's name, where many are asked for.
    agencies: Option<Vec<Option<u64>>>,
}

impl<'a> Keys<'a> {
    fn of_few(corpus: &'a Corpus) -> Self {
        Self { corpus, agencies: None }
    }

    fn of_many(corpus: &'a Corpus) -> Self {
        let units = 0..corpus.units.len() as u32;
        let agencies = units.into_par_iter().map(|unit| corpus.agency_number(UnitId(unit))).collect();
        Self { corpus, agencies: Some(agencies) }
    }

    fn agency(&self, unit: UnitId) -> Option<u64> {
        match &self.agencies {
            Some(agencies) => agencies.get(unit.0 as usize).copied().flatten(),
            None => self.corpus.agency_number(unit),
        }
    }

    /// A document as it is compared with others: its folder is asked for only where its place is not settled.
    fn entry(&self, report: u32) -> Option<Entry> {
        self.entry_in(report, |is_settled| {
            let location = if is_settled { None } else { self.corpus.location(report) };
            location.map_or(0, |at| folder_number(&at.path))
        })
    }

    /// A document as the roll knows it; `folder` is told whether its place is settled.
    fn entry_in(&self, report: u32, folder: impl FnOnce(bool) -> u64) -> Option<Entry> {
        let corpus = self.corpus;
        let unit = corpus.rows.unit(report)?;
        let year = corpus.rows.year.get(report as usize).copied()?;
        let names = corpus.names_of(corpus.units.get(unit));
        let circle = match identity::whereabouts(&names, Some(year).filter(|year| *year > 0)) {
            Whereabouts::Settled(circle) => Some(circle),
            Whereabouts::Open | Whereabouts::Unknown => None,
        };
        Some(Entry::placed(&names, circle, self.agency(unit), year, folder(circle.is_some())))
    }

    fn series_of(&self, entry: &Entry) -> Option<u64> {
        let is_sure = entry.circle.is_some() || self.corpus.of_one_place.contains(&entry.folder);
        Some(entry.agency).filter(|agency| *agency != 0 && is_sure)
    }

    /// Equal for reports of one agency.
    fn series(&self, report: u32) -> Option<u64> {
        self.entry(report).and_then(|entry| self.series_of(&entry))
    }

    /// The place that a report is compared within, and whether it is a county.
    fn circle_of(&self, entry: &Entry) -> Option<(u64, bool)> {
        match entry.circle {
            Some(circle) => Some((circle.place, circle.is_county)),
            None => self.series_of(entry).map(|series| (series, false)),
        }
    }
}

impl Library for Corpus {
    fn facts(&self, document: u32) -> Option<Facts> {
        self.digests.get(self.cold(document)?.digest).and_then(|bytes| Kin::facts(&bytes))
    }

    fn path(&self, document: u32) -> PathBuf {
        let place = self.cold(document).map(|row| row.place);
        place.and_then(|place| self.path(&place)).map(Path::to_owned).unwrap_or_default()
    }

    fn read(&self, document: u32) -> Option<Report> {
        Self::read(self, document).map(|(_, report)| report)
    }
}
