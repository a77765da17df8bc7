//! Reports that belong together: those of an agency over the years, and those of a county's agencies in a year.
//!
//! All of them are in one circle, the reports of a county; where the county is not known, the reports of an agency are
//! a circle of their own. Circles are compared one by one, so that only one of them is in memory, and no pair of
//! reports is compared that does not share a group.

use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::log::Log;
use crate::display::Untrusted;
use crate::load::files::Flow;
use crate::load::ordered::in_order;
use crate::report::Report;
use crate::rules::{self, Digest, Finding, Group, Judged, Member, Series, Settings, Shared};

/// What is kept of a report for the rules across reports.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kin {
    pub(super) agency: Untrusted,
    pub(super) digest: Digest,
}

impl Kin {
    /// What is kept of a report, as bytes in some memory, which is empty.
    pub(super) fn pack(report: &Report, judged: &[Judged], mut memory: Vec<u8>) -> Vec<u8> {
        let kin = Self { agency: report.agency.clone(), digest: rules::digest(report, judged) };
        // Most need about so much.
        memory.reserve(512);
        // Nothing in it can fail to be written.
        postcard::to_extend(&kin, memory).unwrap_or_default()
    }

    pub(super) fn unpack(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// A report in its circle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Relation {
    pub(super) report: u32,
    /// Equal for reports of one agency; `None` where the agency is not known.
    pub(super) series: Option<u64>,
    pub(super) year: u16,
}

/// The reports of a circle with what is kept of them.
pub(super) struct Circle {
    members: Vec<(Relation, Kin)>,
    by_series: FxHashMap<u64, Vec<usize>>,
    by_year: FxHashMap<u16, Vec<usize>>,
}

impl Circle {
    /// A circle; `of_county` if its reports are those of one county.
    pub(super) fn new(members: Vec<(Relation, Kin)>, of_county: bool) -> Self {
        let mut circle = Self { members, by_series: FxHashMap::default(), by_year: FxHashMap::default() };
        for (i, (relation, _)) in circle.members.iter().enumerate() {
            if let Some(series) = relation.series {
                circle.by_series.entry(series).or_default().push(i);
            }
            if of_county && relation.year > 0 {
                circle.by_year.entry(relation.year).or_default().push(i);
            }
        }
        circle
    }

    /// What is found in all its reports, report by report; only reports with findings are named.
    pub(super) fn all_findings(&self, settings: &Settings) -> Vec<(u32, Vec<Finding>)> {
        let mut found: Vec<Vec<Finding>> = vec![Vec::new(); self.members.len()];
        for series in self.by_series.values().filter(|series| series.len() > 1) {
            for i in series {
                if let Some(found) = found.get_mut(*i) {
                    found.extend(self.beside_years(*i, settings));
                }
            }
        }
        for members in self.by_year.values().filter(|members| members.len() > 1) {
            let group = self.group(members);
            for (at, i) in members.iter().enumerate() {
                if let Some(found) = found.get_mut(*i) {
                    found.extend(rules::check_agencies(&Shared { settings, group: &group, at }));
                }
            }
        }
        let named = self.members.iter().zip(found).filter(|(_, findings)| !findings.is_empty());
        named.map(|((relation, _), findings)| (relation.report, findings)).collect()
    }

    /// What is found in one of its reports.
    pub(super) fn findings(&self, report: u32, settings: &Settings) -> Vec<Finding> {
        let Some(own) = self.members.iter().position(|(relation, _)| relation.report == report) else {
            return Vec::new();
        };
        let mut findings = self.beside_years(own, settings);
        let year = self.members.get(own).map_or(0, |(relation, _)| relation.year);
        if let Some(members) = self.by_year.get(&year).filter(|members| members.len() > 1) {
            let group = self.group(members);
            let at = members.iter().position(|i| *i == own).unwrap_or(0);
            findings.extend(rules::check_agencies(&Shared { settings, group: &group, at }));
        }
        findings
    }

    fn group(&self, members: &[usize]) -> Group<'_> {
        let members = members.iter().filter_map(|i| self.members.get(*i));
        Group::new(members.map(|(_, kin)| Member { agency: &kin.agency, digest: &kin.digest }).collect())
    }

    fn beside_years(&self, i: usize, settings: &Settings) -> Vec<Finding> {
        let Some((relation, own)) = self.members.get(i) else { return Vec::new() };
        let Some(series) = relation.series.and_then(|series| self.by_series.get(&series)) else {
            return Vec::new();
        };
        let of_year = |year: u16| {
            let others = series.iter().filter(move |j| **j != i).filter_map(|j| self.members.get(*j));
            others.filter(move |(r, _)| r.year == year && year > 0).map(|(_, kin)| &kin.digest)
        };
        let mut last = of_year(relation.year.saturating_sub(1));
        let before = last.next().filter(|_| last.next().is_none());
        let others = of_year(relation.year).count();
        let series = Series { settings, agency: &own.agency, now: &own.digest, before, others };
        rules::check_years(&series)
    }
}

/// A report for the rules across reports, with what the caller wants to have back with its findings.
#[derive(Debug)]
pub struct Relative {
    area: Option<u64>,
    series: Option<u64>,
    year: u16,
    kin: Vec<u8>,
}

impl Relative {
    /// The memory that it was put into, for the next one.
    #[must_use]
    pub fn into_memory(self) -> Vec<u8> {
        self.kin
    }
}

/// What is kept of a report.
#[must_use]
pub fn relative(report: &Report, judged: &[Judged]) -> Relative {
    relative_in(report, judged, Vec::new())
}

/// The same in some memory, whatever is in it.
#[must_use]
pub fn relative_in(report: &Report, judged: &[Judged], mut memory: Vec<u8>) -> Relative {
    memory.clear();
    let hash = |parts: &[Option<&Untrusted>]| {
        let mut hasher = DefaultHasher::new();
        parts.hash(&mut hasher);
        hasher.finish()
    };
    // Counties of one name in different cities are told apart by code or city where these are known.
    let county = report.county_code.as_ref().or(report.county.as_ref());
    let place = [county, report.city.as_ref().filter(|_| report.county_code.is_none())];
    let of_agency = [place[0], place[1], Some(&report.agency)];
    Relative {
        area: county.map(|_| hash(&place)),
        series: (!report.agency.is_empty()).then(|| hash(&of_agency)),
        year: report.year.unwrap_or(0),
        kin: Kin::pack(report, judged, memory),
    }
}

/// The reports of one run in the order in which they were read, for the rules across reports.
#[derive(Debug, Default)]
pub struct Relatives {
    /// The circle of each report, its agency and year, and where the rest is in the log.
    rows: Vec<Row>,
    log: Log,
}

/// The circle of a report, its agency and year, and where the rest is in the log.
type Row = (u64, Relation, u64);
/// A report with its note and what was found in it.
type Found = (u32, Vec<u8>, Vec<Finding>);

/// What is made of the findings of a report, on any thread: of its number, its note, its findings.
pub type Work<'w, T> = dyn Fn(u32, &[u8], Vec<Finding>) -> T + Sync + 'w;
/// What takes over what was made.
pub type Sink<'s, T, E> = dyn FnMut(T) -> Result<(), E> + 's;

/// Circles that a core takes at once.
const AT_ONCE: usize = 4;

impl Relatives {
    /// Reports that are kept in a file in a folder when they are many.
    #[must_use]
    pub fn within(folder: Option<std::path::PathBuf>) -> Self {
        Self { rows: Vec::new(), log: Log::within(folder) }
    }

    /// Adds the next report, with a note that comes back with its findings.
    pub fn add(&mut self, relative: &Relative, note: &[u8]) {
        let report = self.rows.len() as u32;
        let relation = Relation { report, series: relative.series, year: relative.year };
        // What is in no county is alone with its agency, and what has neither is alone.
        let circle = relative.area.map(|area| area | 1);
        let circle = circle.or_else(|| relative.series.map(|series| series & !1));
        if let Some(circle) = circle {
            let at = self.log.append(&relative.kin);
            let _ = self.log.append(note);
            self.rows.push((circle, relation, at));
        } else {
            self.rows.push((0, relation, u64::MAX));
        }
    }

    /// Compares all reports with each other, and hands over what `work` makes of that, circle by circle.
    ///
    /// # Errors
    /// What `sink` gives; nothing more is handed over then.
    pub fn each<T: Send, E>(
        &self,
        settings: &Settings,
        work: &Work<'_, T>,
        sink: &mut Sink<'_, T, E>,
    ) -> Result<(), E> {
        let mut sorted: Vec<&Row> = self.rows.iter().filter(|row| row.2 != u64::MAX).collect();
        sorted.par_sort_by_key(|row| (row.0, row.1.report));
        let mut circles: Vec<&[&Row]> =
            sorted.chunk_by(|a, b| a.0 == b.0).filter(|circle| circle.len() > 1).collect();
        // Those come first whose first report was read first.
        circles.sort_by_key(|circle| circle.first().map(|row| row.1.report));
        let mut some = circles.chunks(AT_ONCE);
        let made_of = |circles: &[&[&Row]]| -> Vec<T> {
            let found = circles.iter().flat_map(|circle| self.compare(circle, settings));
            found.map(|(report, note, findings)| work(report, &note, findings)).collect()
        };
        let mut handed = Ok(());
        let hand_over = |made: Vec<T>| {
            handed = made.into_iter().try_for_each(&mut *sink);
            if handed.is_ok() { Flow::Go } else { Flow::Stop }
        };
        in_order(|| some.next(), made_of, hand_over);
        handed
    }

    fn compare(&self, rows: &[&Row], settings: &Settings) -> Vec<Found> {
        let read = |row: &&Row| {
            let (_, relation, at) = **row;
            let kin = self.log.get(at)?;
            Some(((relation, Kin::unpack(&kin)?), at + HEAD + kin.len() as u64))
        };
        let (members, notes): (Vec<_>, Vec<u64>) = rows.iter().filter_map(read).unzip();
        let reports: Vec<u32> =
            members.iter().map(|(relation, _): &(Relation, Kin)| relation.report).collect();
        let of_county = rows.first().is_some_and(|row| row.0 & 1 == 1);
        let found = Circle::new(members, of_county).all_findings(settings);
        // Few reports have findings, and only they need their notes.
        let with_note = |(report, findings)| {
            let note = reports.binary_search(&report).ok().and_then(|i| self.log.get(*notes.get(i)?));
            (report, note.unwrap_or_default(), findings)
        };
        found.into_iter().map(with_note).collect()
    }
}

/// Bytes before each piece of the log.
const HEAD: u64 = super::log::HEAD as u64;
