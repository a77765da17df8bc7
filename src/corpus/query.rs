//! Which reports are listed, in which order, and how many there are for each county and year.
//!
//! A question about names is asked of each agency once; the reports are then passed over once, in columns, and the
//! result is read off an order that was worked out before: nothing is sorted when a key is pressed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::Corpus;
use super::columns::Flags;
use super::filter::{CLASSES, Filter, Rows, Search};
use super::order::Order;
use super::units::AreaId;

/// What the reviewer narrowed the corpus to. Nothing chosen in a facet means everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Chosen counties.
    pub counties: BTreeSet<AreaId>,
    /// Chosen years; 0 stands for an unknown year.
    pub years: BTreeSet<u16>,
    /// What was typed: words and terms.
    pub text: String,
    /// Whether reports without findings are left out.
    pub only_findings: bool,
    /// The order of the list.
    pub order: Order,
    /// Whether the order is turned round.
    pub reversed: bool,
}

impl Query {
    /// Whether everything is listed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.counties.is_empty()
            && self.years.is_empty()
            && self.text.trim().is_empty()
            && !self.only_findings
    }
}

/// The facets of the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    /// County.
    County,
    /// Year.
    Year,
}

/// A value of a facet with the number of reports that choosing it would list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue<T> {
    /// The county or year.
    pub value: T,
    /// Reports with it under everything else that is chosen.
    pub reports: usize,
    /// Those of them with errors.
    pub with_errors: usize,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// The answer to a query.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The reports, in order.
    pub reports: Arc<Vec<u32>>,
    /// The counties, most reports with errors first.
    pub counties: Vec<FacetValue<AreaId>>,
    /// The years, latest first.
    pub years: Vec<FacetValue<u16>>,
    /// What was typed, for marking where a name matches, and what of it could not be read.
    pub search: Arc<Search>,
    /// Findings of the listed reports by severity, worst first.
    pub findings: [usize; 3],
}

/// Reports that are passed over on one core before it asks for more.
const CHUNK: usize = 1 << 16;
/// A query made ready for passing over the reports.
struct Pass<'a> {
    corpus: &'a Corpus,
    query: &'a Query,
    filter: Filter,
    /// Whether each county is chosen; empty if all are.
    counties: Vec<bool>,
}

/// What passing over some reports gave.
#[derive(Default)]
struct Counted {
    /// For each report the class of its match, 0 if it is not listed.
    classes: Vec<u8>,
    counties: Vec<[u32; 2]>,
    years: BTreeMap<u16, [u32; 2]>,
    findings: [usize; 3],
}

impl Pass<'_> {
    fn over(&self, start: usize, end: usize) -> Counted {
        let rows = &self.corpus.rows;
        let areas = self.corpus.units.area_column();
        let looked_at = Rows {
            columns: rows,
            causes: [&self.corpus.causes, &self.corpus.beside],
            standing: &self.corpus.standing,
            areas: (areas, self.corpus.open_areas()),
        };
        let agencies = &self.filter.classes;
        let mut counted = Counted { counties: vec![[0; 2]; self.corpus.units.areas()], ..Counted::default() };
        counted.classes.reserve(end - start);
        // Years come close together: those of a few decades are counted in an array.
        let mut decades = [[0_u32; 2]; DECADES];
        let numbers = start..end;
        for (((unit, year), flags), (findings, i)) in rows
            .unit
            .get(numbers.clone())
            .unwrap_or_default()
            .iter()
            .zip(rows.year.get(numbers.clone()).unwrap_or_default())
            .zip(rows.flags.get(numbers.clone()).unwrap_or_default())
            .zip(rows.findings.get(numbers.clone()).unwrap_or_default().iter().zip(numbers))
        {
            let class =
                if agencies.is_empty() { 1 } else { agencies.get(*unit as usize).copied().unwrap_or(0) };
            let flags = Flags(*flags);
            let is_out = class == 0
                || flags.is_hidden()
                || (self.query.only_findings && !is_to_do(*findings, flags))
                || !self.filter.admits(&looked_at, i as u32);
            if is_out {
                counted.classes.push(0);
                continue;
            }
            let area = areas.get(*unit as usize).copied().unwrap_or(0) as usize;
            let in_county = self.counties.is_empty() || self.counties.get(area).copied().unwrap_or(false);
            let in_year = self.query.years.is_empty() || self.query.years.contains(year);
            let errors = u32::from(findings[0] > 0);
            if in_year && let Some(count) = counted.counties.get_mut(area) {
                *count = [count[0] + 1, count[1] + errors];
            }
            if in_county {
                let decade = usize::from(year.wrapping_sub(FIRST_YEAR));
                let count = match decades.get_mut(decade) {
                    Some(count) => count,
                    None => counted.years.entry(*year).or_default(),
                };
                *count = [count[0] + 1, count[1] + errors];
            }
            let is_listed = in_county && in_year;
            counted.classes.push(if is_listed { class } else { 0 });
            if is_listed {
                for (sum, n) in counted.findings.iter_mut().zip(findings) {
                    *sum += usize::from(*n);
                }
            }
        }
        let of_decades = decades.into_iter().zip(FIRST_YEAR..).filter(|(count, _)| count[0] > 0);
        counted.years.extend(of_decades.map(|(count, year)| (year, count)));
        counted
    }
}

const FIRST_YEAR: u16 = 2000;
const DECADES: usize = 64;

/// The reports whose class is not 0, those of one class after those of the one before, each class in the given order.
fn by_class(order: impl Iterator<Item = u32>, classes: &[u8]) -> Vec<u32> {
    let mut places = [0_usize; CLASSES + 1];
    for class in classes {
        if let Some(count) = places.get_mut(usize::from(*class)) {
            *count += 1;
        }
    }
    // From how many there are of each class to where the first of it goes.
    let mut next = 0;
    for count in places.iter_mut().skip(1) {
        (next, *count) = (next + *count, next);
    }
    let mut listed = vec![0; next];
    for report in order {
        let class = usize::from(classes.get(report as usize).copied().unwrap_or(0));
        if let Some(place) = places.get_mut(class).filter(|_| class > 0) {
            if let Some(slot) = listed.get_mut(*place) {
                *slot = report;
            }
            *place += 1;
        }
    }
    listed
}

/// Whether there is something to do about a report: an error, a warning, a doubt.
fn is_to_do(findings: [u16; 3], flags: Flags) -> bool {
    findings[0] > 0 || findings[1] > 0 || flags.has(Flags::NEEDS_READING)
}

impl Counted {
    fn add(&mut self, more: Self) {
        self.classes.extend(more.classes);
        if self.counties.is_empty() {
            self.counties = more.counties;
        } else {
            for (sum, count) in self.counties.iter_mut().zip(more.counties) {
                *sum = [sum[0] + count[0], sum[1] + count[1]];
            }
        }
        for (year, count) in more.years {
            let sum = self.years.entry(year).or_default();
            *sum = [sum[0] + count[0], sum[1] + count[1]];
        }
        for (sum, n) in self.findings.iter_mut().zip(more.findings) {
            *sum += n;
        }
    }
}

impl Corpus {
    /// Answers a query. Linear in the number of reports, over columns only.
    #[must_use]
    pub fn list(&self, query: &Query) -> Listing {
        let search = Search::read(&query.text);
        let filter = Filter::new(self, &search);
        let pass = Pass { corpus: self, query, filter, counties: self.chosen(query) };
        let counted = self.count(&pass);
        let counties = self.county_facet(query, &counted.counties);
        let years = year_facet(query, &counted.years);
        let reports = self.in_order(&pass, &counted.classes);
        Listing { reports, counties, years, search: Arc::new(search), findings: counted.findings }
    }

    fn chosen(&self, query: &Query) -> Vec<bool> {
        if query.counties.is_empty() {
            return Vec::new();
        }
        let mut chosen = vec![false; self.units.areas()];
        // Who chooses a county means it under all names and codes that it has had.
        let families: BTreeSet<AreaId> = query.counties.iter().map(|area| self.family(*area)).collect();
        for (is_chosen, area) in chosen.iter_mut().zip(0..) {
            *is_chosen = families.contains(&self.family(AreaId(area)));
        }
        chosen
    }

    fn count(&self, pass: &Pass<'_>) -> Counted {
        let n = self.rows.len();
        let starts: Vec<usize> = (0..n).step_by(CHUNK).collect();
        let pass = |start: &usize| pass.over(*start, n.min(start + CHUNK));
        let parts: Vec<Counted> = match starts.as_slice() {
            [] => return Counted::default(),
            [start] => return pass(start),
            starts => starts.par_iter().map(pass).collect(),
        };
        let mut all = Counted::default();
        all.classes.reserve(n);
        for part in parts {
            all.add(part);
        }
        all
    }

    /// The listed reports in the order that was asked for, the better matches first.
    fn in_order(&self, pass: &Pass<'_>, classes: &[u8]) -> Arc<Vec<u32>> {
        let query = pass.query;
        let order = self.orders.list(query.order, &self.rows, &self.names, &self.units);
        let is_open = query.is_open() && pass.filter.is_open();
        if is_open && !query.reversed && !self.has_hidden() {
            return order;
        }
        let listed = if query.reversed {
            by_class(order.iter().rev().copied(), classes)
        } else {
            by_class(order.iter().copied(), classes)
        };
        Arc::new(listed)
    }

    fn county_facet(&self, query: &Query, counts: &[[u32; 2]]) -> Vec<FacetValue<AreaId>> {
        let mut values: Vec<FacetValue<AreaId>> = counts
            .iter()
            .zip(0..)
            .map(|(count, i)| facet_value(AreaId(i), *count, query.counties.contains(&AreaId(i))))
            // A chosen value stays visible when the other facet leaves nothing of it.
            .filter(|value| value.reports > 0 || value.chosen)
            .collect();
        let ranges = self.orders.ranges(&self.names, &self.units);
        let rank = |area: AreaId| ranges.get(area.0 as usize).map_or(0, |(first, _)| *first);
        values.sort_unstable_by_key(|v| (Reverse(v.with_errors), rank(v.value)));
        values
    }
}

fn year_facet(query: &Query, counts: &BTreeMap<u16, [u32; 2]>) -> Vec<FacetValue<u16>> {
    let mut all = counts.clone();
    for year in &query.years {
        all.entry(*year).or_default();
    }
    let value = |(year, count): (u16, [u32; 2])| facet_value(year, count, query.years.contains(&year));
    all.into_iter().rev().map(value).collect()
}

fn facet_value<T>(value: T, [reports, with_errors]: [u32; 2], chosen: bool) -> FacetValue<T> {
    FacetValue { value, reports: reports as usize, with_errors: with_errors as usize, chosen }
}
