//! Comparing the reports of a corpus with each other, county by county, and what belongs together.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::Corpus;
use super::causes::{CauseKey, Causes, count_by_severity};
use super::columns::Flags;
use super::names::NameId;
use super::order::Order;
use super::relatives::{Circle, Relation};
use super::units::{AreaId, UnitId};
use crate::rules::Finding;

/// What was found by comparing the reports of some counties with each other.
#[derive(Debug, Default)]
pub struct Related {
    areas: BTreeSet<AreaId>,
    found: Vec<(u32, Box<[CauseKey]>)>,
}

impl Corpus {
    /// Whether reports were added since all were last compared with each other.
    #[must_use]
    pub fn is_unrelated(&self) -> bool {
        !self.unrelated.is_empty()
    }

    /// Compares the reports with each other that were not yet compared. This takes a while; a copy of the index does
    /// it on another thread, and [`Corpus::set_related`] takes the result over.
    #[must_use]
    pub fn related(&self) -> Related {
        let areas: Vec<AreaId> = self.unrelated.iter().copied().collect();
        let found = areas.par_iter().flat_map_iter(|area| self.compare(*area));
        Related { found: found.collect(), areas: self.unrelated.clone() }
    }

    fn compare(&self, area: AreaId) -> Vec<(u32, Box<[CauseKey]>)> {
        let circles = self.circles(area);
        let found = circles.iter().flat_map(|circle| circle.all_findings(&self.settings));
        let keys = |(report, findings): (u32, Vec<Finding>)| {
            let causes = crate::rules::causes(&crate::report::Report::default(), &[], &findings, &[]);
            (report, CauseKey::of(&causes, &findings))
        };
        found.map(keys).collect()
    }

    /// Takes over what was found by comparing.
    pub fn set_related(&mut self, related: Related) {
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
        if self.is_unrelated() {
            self.set_related(self.related());
        }
    }

    /// What is found in a report beside its relatives.
    pub(super) fn beside(&self, report: u32) -> Vec<Finding> {
        let Some(unit) = self.rows.unit(report) else { return Vec::new() };
        let reports = self.kindred(unit);
        let circle = self.circle(&reports, self.is_county(self.units.area(unit)));
        circle.findings(report, &self.settings)
    }

    /// Whether the reports of an area are those of a county, and not those of which no county is known.
    fn is_county(&self, area: AreaId) -> bool {
        let unit = self.units.of_area(area);
        unit.county != NameId(0) || unit.code != NameId(0)
    }

    /// The reports that a report of an agency is compared with: those of its county, else its own.
    fn kindred(&self, unit: UnitId) -> Vec<u32> {
        let area = self.units.area(unit);
        let list = self.of_area(area);
        if self.is_county(area) {
            return list;
        }
        let agency = self.units.get(unit).agency;
        let is_same = |i: &u32| self.rows.unit(*i).is_some_and(|unit| self.units.get(unit).agency == agency);
        list.into_iter().filter(is_same).collect()
    }

    /// The circles of an area: that of the county, or one for each agency where no county is known.
    fn circles(&self, area: AreaId) -> Vec<Circle> {
        let reports = self.of_area(area);
        if self.is_county(area) {
            return vec![self.circle(&reports, true)];
        }
        let mut by_agency: HashMap<NameId, Vec<u32>> = HashMap::new();
        for report in reports {
            let agency = self.rows.unit(report).map_or(NameId(0), |unit| self.units.get(unit).agency);
            if agency != NameId(0) {
                by_agency.entry(agency).or_default().push(report);
            }
        }
        let several = by_agency.values().filter(|reports| reports.len() > 1);
        several.map(|reports| self.circle(reports, false)).collect()
    }

    fn circle(&self, reports: &[u32], of_county: bool) -> Circle {
        let member = |report: &u32| {
            let unit = self.units.get(self.rows.unit(*report)?);
            let relation = Relation {
                report: *report,
                series: Some(u64::from(unit.agency.0)).filter(|agency| *agency != 0),
                year: self.rows.year.get(*report as usize).copied()?,
            };
            Some((relation, self.kin(*report)?))
        };
        Circle::new(reports.iter().filter_map(member).collect(), of_county)
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
        let is_there = |i: &&u32| !self.rows.flags(**i).has(Flags::GONE);
        all.get(start..end).unwrap_or_default().iter().filter(is_there).copied().collect()
    }

    /// The reports of an agency that are there, by year.
    #[must_use]
    pub fn of_agency(&self, unit: UnitId) -> Vec<u32> {
        let own = self.units.get(unit).agency;
        let mut list = self.of_area(self.units.area(unit));
        list.retain(|i| self.rows.unit(*i).is_some_and(|unit| self.units.get(unit).agency == own));
        list.sort_by_key(|i| self.rows.year.get(*i as usize).copied());
        list
    }
}
