//! Which reports are listed, in which order, and how many there are for each county and year.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use super::{Corpus, NameId, Summary};
use crate::search::{Match, Pattern};

/// What the reviewer narrowed the corpus to. Nothing chosen in a facet means everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Chosen counties.
    pub counties: BTreeSet<NameId>,
    /// Chosen years; 0 stands for an unknown year.
    pub years: BTreeSet<u16>,
    /// Words to find in county, city or agency.
    pub text: String,
    /// Whether reports without findings are left out.
    pub only_findings: bool,
    /// The order of the list.
    pub order: Order,
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

/// An order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Most errors first, then warnings, then problems in reading.
    #[default]
    Worst,
    /// By county, agency and year.
    Place,
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
    pub reports: Vec<u32>,
    /// The counties, most reports with errors first.
    pub counties: Vec<FacetValue<NameId>>,
    /// The years, latest first.
    pub years: Vec<FacetValue<u16>>,
    /// How the names matched what was typed.
    pub matches: HashMap<NameId, Match>,
    /// Findings of the listed reports by severity, worst first.
    pub findings: [usize; 3],
}

impl Corpus {
    /// Answers a query. Linear in the number of reports, over small summaries only.
    #[must_use]
    pub fn list(&self, query: &Query) -> Listing {
        let pattern = Pattern::new(&query.text);
        let mut listing = Listing { matches: self.matching_names(&pattern), ..Listing::default() };
        let mut counties: HashMap<NameId, (usize, usize)> = HashMap::new();
        let mut years: HashMap<u16, (usize, usize)> = HashMap::new();
        for (i, summary) in self.summaries().iter().enumerate() {
            if (query.only_findings && summary.to_do() == 0 && !summary.needs_reading)
                || !(pattern.is_empty() || Self::score(summary, &listing.matches).is_some())
            {
                continue;
            }
            let in_county = query.counties.is_empty() || query.counties.contains(&summary.county);
            let in_year = query.years.is_empty() || query.years.contains(&summary.year);
            let errors = usize::from(summary.findings[0] > 0);
            if in_year {
                let count = counties.entry(summary.county).or_default();
                *count = (count.0 + 1, count.1 + errors);
            }
            if in_county {
                let count = years.entry(summary.year).or_default();
                *count = (count.0 + 1, count.1 + errors);
            }
            if in_county && in_year {
                listing.reports.push(i as u32);
                for (sum, n) in listing.findings.iter_mut().zip(summary.findings) {
                    *sum += usize::from(n);
                }
            }
        }
        // A chosen value stays visible when the other facet leaves nothing of it.
        for county in &query.counties {
            counties.entry(*county).or_default();
        }
        for year in &query.years {
            years.entry(*year).or_default();
        }
        listing.counties = facet(counties, |c| query.counties.contains(c));
        listing.years = facet(years, |y| query.years.contains(y));
        listing.counties.sort_by_key(|v| (Reverse(v.with_errors), self.name(v.value).raw().to_owned()));
        listing.years.sort_by_key(|v| Reverse(v.value));
        self.sort(&mut listing, query, &pattern);
        listing
    }

    fn matching_names(&self, pattern: &Pattern) -> HashMap<NameId, Match> {
        if pattern.is_empty() {
            return HashMap::new();
        }
        self.names().filter_map(|(id, name)| Some((id, pattern.matches(name.raw())?))).collect()
    }

    /// The best score of the names of a report.
    fn score(summary: &Summary, matches: &HashMap<NameId, Match>) -> Option<i64> {
        [summary.agency, summary.county, summary.city]
            .iter()
            .filter_map(|id| matches.get(id))
            .map(|m| m.score)
            .max()
    }

    fn sort(&self, listing: &mut Listing, query: &Query, pattern: &Pattern) {
        let by_place = |s: &Summary| {
            (self.name(s.county).raw().to_owned(), self.name(s.agency).raw().to_owned(), s.year)
        };
        let mut keyed: Vec<_> = listing
            .reports
            .iter()
            .filter_map(|i| self.summary(*i).map(|s| (*i, s)))
            .map(|(i, s)| {
                let score =
                    if pattern.is_empty() { 0 } else { Self::score(s, &listing.matches).unwrap_or(0) };
                let worst = match query.order {
                    Order::Worst => (s.findings, s.needs_reading, s.problems),
                    Order::Place => ([0; 3], false, 0),
                };
                ((Reverse(score), Reverse(worst), by_place(s), i), i)
            })
            .collect();
        keyed.sort();
        listing.reports = keyed.into_iter().map(|(_, i)| i).collect();
    }
}

fn facet<T: Copy>(counts: HashMap<T, (usize, usize)>, chosen: impl Fn(&T) -> bool) -> Vec<FacetValue<T>> {
    let value = |(value, (reports, with_errors)): (T, (usize, usize))| FacetValue {
        chosen: chosen(&value),
        value,
        reports,
        with_errors,
    };
    counts.into_iter().map(value).collect()
}
