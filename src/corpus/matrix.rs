//! County by year: how many reports there are, and how bad they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::columns::Flags;
use super::{AreaId, Corpus};
use crate::display::Untrusted;

/// The reports of a county for one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MatrixCell {
    /// Reports.
    pub reports: u32,
    /// Those of them with errors.
    pub with_errors: u32,
    /// Those of them with warnings and no error.
    pub with_warnings: u32,
    /// Those of them whose figures may have been read otherwise than printed.
    pub doubtful: u32,
    /// Causes by severity, worst first.
    pub findings: [u32; 3],
}

impl MatrixCell {
    /// Adds the reports of another cell.
    pub fn add(&mut self, other: Self) {
        self.reports += other.reports;
        self.with_errors += other.with_errors;
        self.with_warnings += other.with_warnings;
        self.doubtful += other.doubtful;
        for (sum, n) in self.findings.iter_mut().zip(other.findings) {
            *sum += n;
        }
    }
}

/// A county with its reports by year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatrixRow {
    /// The county, as the index that the matrix is of numbers it.
    pub area: u32,
    /// Its province; empty if unknown.
    pub province: Untrusted,
    /// Its city; empty if unknown.
    pub city: Untrusted,
    /// Its name; empty if unknown.
    pub county: Untrusted,
    /// Its code; empty if unknown.
    pub code: Untrusted,
    /// Its reports by year, 0 for an unknown year.
    pub years: BTreeMap<u16, MatrixCell>,
}

impl MatrixRow {
    /// All years together.
    #[must_use]
    pub fn total(&self) -> MatrixCell {
        let mut total = MatrixCell::default();
        self.years.values().for_each(|cell| total.add(*cell));
        total
    }
}

/// County by year.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Matrix {
    /// The counties by name.
    pub rows: Vec<MatrixRow>,
}

impl Matrix {
    /// The years that occur, earliest first.
    #[must_use]
    pub fn years(&self) -> Vec<u16> {
        let years = self.rows.iter().flat_map(|row| row.years.keys().copied());
        years.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// All counties together, by year.
    #[must_use]
    pub fn totals(&self) -> BTreeMap<u16, MatrixCell> {
        let mut totals: BTreeMap<u16, MatrixCell> = BTreeMap::new();
        for (year, cell) in self.rows.iter().flat_map(|row| &row.years) {
            totals.entry(*year).or_default().add(*cell);
        }
        totals
    }
}

impl Corpus {
    /// County by year, of some reports.
    #[must_use]
    pub fn matrix(&self, reports: impl Iterator<Item = u32>) -> Matrix {
        let mut of_areas: Vec<BTreeMap<u16, MatrixCell>> = vec![BTreeMap::new(); self.units.areas()];
        for report in reports {
            let at = report as usize;
            let (Some(unit), Some(year)) = (self.rows.unit(report), self.rows.year.get(at)) else { continue };
            let flags = self.rows.flags(report);
            let findings = self.rows.findings.get(at).copied().unwrap_or_default().map(u32::from);
            let Some(of_area) = of_areas.get_mut(self.units.area(unit).0 as usize) else { continue };
            of_area.entry(*year).or_default().add(MatrixCell {
                reports: 1,
                with_errors: u32::from(findings[0] > 0),
                with_warnings: u32::from(findings[0] == 0 && findings[1] > 0),
                doubtful: u32::from(flags.has(Flags::NEEDS_READING)),
                findings,
            });
        }
        let ranges = self.orders.ranges(&self.names, &self.units);
        let mut rows: Vec<MatrixRow> = of_areas
            .into_iter()
            .zip(0..)
            .filter(|(years, _)| !years.is_empty())
            .map(|(years, area)| self.matrix_row(AreaId(area), years))
            .collect();
        rows.sort_by_key(|row| ranges.get(row.area as usize).copied());
        Matrix { rows }
    }

    fn matrix_row(&self, area: AreaId, years: BTreeMap<u16, MatrixCell>) -> MatrixRow {
        let unit = self.units.of_area(area);
        MatrixRow {
            area: area.0,
            province: self.name(unit.province),
            city: self.name(unit.city),
            county: self.name(unit.county),
            code: self.name(unit.code),
            years,
        }
    }

    /// The reports that are there.
    pub fn reports(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.rows.len() as u32).filter(|i| !self.rows.flags(*i).has(Flags::GONE))
    }
}
