//! A query as it is kept from one run to the next: with names instead of numbers, which are those of one index only.

use serde::{Deserialize, Serialize};

use super::{Corpus, Order, Query};

/// A query with names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SavedQuery {
    /// What was typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The chosen counties: name and code, either of which may be empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counties: Vec<(String, String)>,
    /// The chosen years.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<u16>,
    /// Whether reports without findings are left out.
    #[serde(default)]
    pub only_findings: bool,
    /// The order of the list.
    #[serde(default)]
    pub order: Order,
    /// Whether the order is turned round.
    #[serde(default)]
    pub reversed: bool,
}

impl Corpus {
    /// A query as it is kept.
    #[must_use]
    pub fn saved(&self, query: &Query) -> SavedQuery {
        let county = |area: &super::AreaId| {
            let unit = self.units.of_area(*area);
            (self.names.raw(unit.county).to_owned(), self.names.raw(unit.code).to_owned())
        };
        SavedQuery {
            text: query.text.trim().to_owned(),
            counties: query.counties.iter().map(county).collect(),
            years: query.years.iter().copied().collect(),
            only_findings: query.only_findings,
            order: query.order,
            reversed: query.reversed,
        }
    }

    /// A query that was kept; counties that this corpus does not have are left out.
    #[must_use]
    pub fn restored(&self, saved: &SavedQuery) -> Query {
        let areas = saved.counties.iter().flat_map(|(name, code)| {
            let by_code = self.areas_named(code).collect::<Vec<_>>();
            if by_code.is_empty() { self.areas_named(name).collect() } else { by_code }
        });
        Query {
            counties: areas.collect(),
            years: saved.years.iter().copied().collect(),
            text: saved.text.clone(),
            only_findings: saved.only_findings,
            order: saved.order,
            reversed: saved.reversed,
        }
    }
}
