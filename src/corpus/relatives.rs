//! Reports that belong together: those of an agency over the years, and those of a county's agencies in a year.
//!
//! What is needed of each report is its digest; no pair of reports is compared that does not share a group.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::display::Untrusted;
use crate::report::Report;
use crate::rules::{self, Digest, Finding, Group, Judged, Member, Series, Settings, Shared};

/// What is kept of a report for the rules across reports.
#[derive(Debug, Clone)]
pub struct Relative {
    agency: Untrusted,
    /// Hash of the county and agency; `None` where there is no agency.
    series: Option<u64>,
    /// Hash of the county; `None` where it is not known.
    county: Option<u64>,
    digest: Digest,
}

/// What is kept of a report.
#[must_use]
pub fn relative(report: &Report, judged: &[Judged]) -> Relative {
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
        agency: report.agency.clone(),
        series: (!report.agency.is_empty()).then(|| hash(&of_agency)),
        county: county.map(|_| hash(&place)),
        digest: rules::digest(report, judged),
    }
}

/// The reports of a corpus with their groups.
#[derive(Debug, Default)]
pub struct Relatives {
    all: Vec<Relative>,
    series: HashMap<u64, Vec<u32>>,
    counties: HashMap<(u64, u16), Vec<u32>>,
}

impl Relatives {
    /// Adds the next report.
    pub fn add(&mut self, relative: Relative) {
        let i = self.all.len() as u32;
        if let Some(series) = relative.series {
            self.series.entry(series).or_default().push(i);
        }
        if let Some(county) = relative.county.filter(|_| relative.digest.year > 0) {
            self.counties.entry((county, relative.digest.year)).or_default().push(i);
        }
        self.all.push(relative);
    }

    /// Puts another reading of the same report in its place; its groups stay what they are.
    pub fn replace(&mut self, i: u32, relative: Relative) {
        if let Some(old) = self.all.get_mut(i as usize) {
            old.digest = relative.digest;
        }
    }

    /// What is found in one report beside its relatives.
    #[must_use]
    pub fn findings(&self, i: u32, settings: &Settings) -> Vec<Finding> {
        let Some(own) = self.all.get(i as usize) else { return Vec::new() };
        let mut findings = self.beside_years(i, settings);
        let members = own.county.and_then(|county| self.counties.get(&(county, own.digest.year)));
        if let Some(members) = members.filter(|members| members.len() > 1) {
            let group = self.group(members);
            let at = members.iter().position(|j| *j == i).unwrap_or(0);
            findings.extend(rules::check_agencies(&Shared { settings, group: &group, at }));
        }
        findings
    }

    /// What is found in all reports beside their relatives, report by report; only reports with findings are named.
    #[must_use]
    pub fn all_findings(&self, settings: &Settings) -> HashMap<u32, Vec<Finding>> {
        let mut found: HashMap<u32, Vec<Finding>> = HashMap::new();
        let mut add = |i: u32, findings: Vec<Finding>| {
            if !findings.is_empty() {
                found.entry(i).or_default().extend(findings);
            }
        };
        for series in self.series.values().filter(|series| series.len() > 1) {
            for i in series {
                add(*i, self.beside_years(*i, settings));
            }
        }
        for members in self.counties.values().filter(|members| members.len() > 1) {
            let group = self.group(members);
            for (at, i) in members.iter().enumerate() {
                add(*i, rules::check_agencies(&Shared { settings, group: &group, at }));
            }
        }
        found
    }

    fn group(&self, members: &[u32]) -> Group<'_> {
        let member =
            |i: &u32| self.all.get(*i as usize).map(|r| Member { agency: &r.agency, digest: &r.digest });
        Group::new(members.iter().filter_map(member).collect())
    }

    fn beside_years(&self, i: u32, settings: &Settings) -> Vec<Finding> {
        let Some(own) = self.all.get(i as usize) else { return Vec::new() };
        let Some(series) = own.series.and_then(|series| self.series.get(&series)) else { return Vec::new() };
        let of_year = |year: u16| {
            let others = series.iter().filter(move |j| **j != i).filter_map(|j| self.all.get(*j as usize));
            others.map(|r| &r.digest).filter(move |d| d.year == year && year > 0)
        };
        let mut last = of_year(own.digest.year.saturating_sub(1));
        let before = last.next().filter(|_| last.next().is_none());
        let others = of_year(own.digest.year).count();
        let series = Series { settings, agency: &own.agency, now: &own.digest, before, others };
        rules::check_years(&series)
    }
}
