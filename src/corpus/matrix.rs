//! County by year: how many reports there are, how bad they are, and what of it is still open.
//!
//! A county that was renamed or got another code is one row. Of several versions for a year the one that stands for it
//! is counted; the others are counted apart. A county whose name several have is a row of its own, marked as open.
//!
//! *Open* is what the list of reports means by it: an error or warning is open until somebody has decided on it
//! (confirmed, dismissed, or to be asked about), and again when its figures change. A report whose errors and warnings
//! are all decided is settled. Findings that are only information are nothing to decide and open nothing. A report
//! whose figures may have been read otherwise than printed stays doubtful, whatever is decided: only reading it helps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::columns::Flags;
use super::{AreaId, Corpus};
use crate::display::Untrusted;

/// The reports of a county for one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MatrixCell {
    /// Reports that stand for their year.
    pub reports: u32,
    /// Other versions of them.
    pub other_versions: u32,
    /// Those of them with errors.
    pub with_errors: u32,
    /// Those of them with warnings and no error.
    pub with_warnings: u32,
    /// Those of them whose figures may have been read otherwise than printed.
    pub doubtful: u32,
    /// Causes by severity, worst first.
    pub findings: [u32; 3],
    /// Errors and warnings on which nothing is decided yet; not kept with the index, which knows no decisions.
    #[serde(skip)]
    pub open: [u32; 2],
    /// Errors and warnings on which somebody has decided; not kept either.
    #[serde(skip)]
    pub decided: u32,
}

/// The worst that is open in some reports, with how much of it there is; from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worst {
    /// So many errors.
    Errors(u32),
    /// No error, so many warnings.
    Warnings(u32),
    /// Neither, but so many reports that may have been read otherwise than printed.
    Doubtful(u32),
    /// Nothing is open, as everything was decided.
    Settled,
    /// There was nothing to decide.
    Clean,
    /// There is no report.
    Missing,
}

impl MatrixCell {
    /// The worst that is open.
    #[must_use]
    pub const fn worst(&self) -> Worst {
        let Self { reports, open: [errors, warnings], doubtful, decided, .. } = *self;
        match (reports, errors, warnings, doubtful, decided) {
            (0, ..) => Worst::Missing,
            (_, 1.., ..) => Worst::Errors(errors),
            (_, _, 1.., ..) => Worst::Warnings(warnings),
            (_, _, _, 1.., _) => Worst::Doubtful(doubtful),
            (.., 1..) => Worst::Settled,
            _ => Worst::Clean,
        }
    }

    /// Adds the reports of another cell.
    pub fn add(&mut self, other: Self) {
        self.reports += other.reports;
        self.other_versions += other.other_versions;
        self.with_errors += other.with_errors;
        self.with_warnings += other.with_warnings;
        self.doubtful += other.doubtful;
        for (sum, n) in self.findings.iter_mut().zip(other.findings) {
            *sum += n;
        }
        for (sum, n) in self.open.iter_mut().zip(other.open) {
            *sum += n;
        }
        self.decided += other.decided;
    }
}

/// The names of a county; what is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MatrixPlace {
    /// Its province.
    pub province: Untrusted,
    /// Its city.
    pub city: Untrusted,
    /// Its name.
    pub county: Untrusted,
    /// Its code; several of them if its reports for one year have several.
    pub code: Untrusted,
}

/// A county with its reports by year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatrixRow {
    /// The county, as the index that the matrix is of numbers it.
    pub area: u32,
    /// Its names as they were last, as far as there are reports.
    pub place: MatrixPlace,
    /// Its names in the years in which they were others.
    pub places: BTreeMap<u16, MatrixPlace>,
    /// Whether several counties have its name, and nothing tells which is meant.
    pub is_open: bool,
    /// Its reports by year, 0 for an unknown year.
    pub years: BTreeMap<u16, MatrixCell>,
}

impl MatrixRow {
    /// The county.
    #[must_use]
    pub const fn area_id(&self) -> AreaId {
        AreaId(self.area)
    }

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
        // The name that a county had last, as far as there are reports.
        let mut latest: Vec<(u16, u32)> = vec![(0, u32::MAX); self.units.areas()];
        // The names that it has in each year, where it had several.
        let mut by_year: BTreeMap<(usize, u16), BTreeSet<u32>> = BTreeMap::new();
        // A list in any order is passed over in that of the columns, which are read from end to end then.
        let mut is_listed = vec![false; self.rows.len()];
        for report in reports {
            if let Some(is_listed) = is_listed.get_mut(report as usize) {
                *is_listed = true;
            }
        }
        for (report, _) in (0..).zip(is_listed).filter(|(_, is_listed)| *is_listed) {
            let at = report as usize;
            let (Some(unit), Some(year)) = (self.rows.unit(report), self.rows.year.get(at)) else { continue };
            let flags = self.rows.flags(report);
            let findings = self.rows.findings.get(at).copied().unwrap_or_default();
            let standing = self.standing(report);
            let (open, decided) = (standing.open(findings).map(u32::from), standing.decided());
            let findings = findings.map(u32::from);
            let area = self.units.area(unit);
            let family = self.family(area).0 as usize;
            let (Some(of_area), Some(latest)) = (of_areas.get_mut(family), latest.get_mut(family)) else {
                continue;
            };
            if !self.is_alone(area) {
                by_year.entry((family, *year)).or_default().insert(area.0);
            }
            if latest.1 == u32::MAX || (*year, area.0) > *latest {
                *latest = (*year, area.0);
            }
            if flags.has(Flags::OTHER_VERSION) {
                of_area.entry(*year).or_default().other_versions += 1;
                continue;
            }
            of_area.entry(*year).or_default().add(MatrixCell {
                reports: 1,
                other_versions: 0,
                with_errors: u32::from(findings[0] > 0),
                with_warnings: u32::from(findings[0] == 0 && findings[1] > 0),
                doubtful: u32::from(flags.has(Flags::NEEDS_READING)),
                findings,
                open,
                decided,
            });
        }
        let ranges = self.orders.ranges(&self.names, &self.units);
        let mut rows: Vec<MatrixRow> = of_areas
            .into_iter()
            .zip(latest)
            .enumerate()
            .filter(|(_, (years, _))| !years.is_empty())
            .map(|(family, (years, (_, area)))| {
                let of_years = by_year.range((family, 0)..=(family, u16::MAX));
                let places = of_years.map(|((_, year), areas)| (*year, self.matrix_place(areas)));
                self.matrix_row(AreaId(area), places.collect(), years)
            })
            .collect();
        rows.sort_by_key(|row| ranges.get(row.area as usize).copied());
        Matrix { rows }
    }

    fn matrix_row(
        &self,
        area: AreaId,
        mut places: BTreeMap<u16, MatrixPlace>,
        years: BTreeMap<u16, MatrixCell>,
    ) -> MatrixRow {
        let place = self.matrix_place(&BTreeSet::from([area.0]));
        places.retain(|_, of_year| *of_year != place);
        MatrixRow { area: area.0, place, places, is_open: self.is_open(area), years }
    }

    /// The names of a county that has some of these in a year: all codes, and the names under the last of them.
    fn matrix_place(&self, areas: &BTreeSet<u32>) -> MatrixPlace {
        let of = |area: &u32| {
            let unit = self.units.of_area(AreaId(*area));
            MatrixPlace {
                province: self.name(unit.province),
                city: self.name(unit.city),
                county: self.name(unit.county),
                code: self.name(unit.code),
            }
        };
        let mut all: Vec<MatrixPlace> = areas.iter().map(of).collect();
        let names = |place: &MatrixPlace| {
            [&place.code, &place.county, &place.city, &place.province].map(|name| name.raw().to_owned())
        };
        all.sort_by_cached_key(names);
        let mut codes: Vec<&str> = all.iter().map(|place| place.code.raw()).collect();
        codes.dedup();
        let code = codes.join(" ").into();
        MatrixPlace { code, ..all.last().cloned().unwrap_or_default() }
    }

    /// Whether a report is there still.
    #[must_use]
    pub fn is_there(&self, report: u32) -> bool {
        (report as usize) < self.rows.len() && !self.rows.flags(report).is_hidden()
    }

    /// The reports that are there.
    pub fn reports(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.rows.len() as u32).filter(|i| !self.rows.flags(*i).is_hidden())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Standing;

    fn cell(open: [u32; 2], doubtful: u32, decided: u32) -> MatrixCell {
        MatrixCell { reports: 1, open, doubtful, decided, ..MatrixCell::default() }
    }

    #[test]
    fn the_worst_that_is_open_is_shown_and_what_is_decided_is_not() {
        for (cell, want) in [
            (cell([2, 5], 1, 0), Worst::Errors(2)),
            (cell([0, 5], 1, 2), Worst::Warnings(5)),
            (cell([0, 0], 1, 7), Worst::Doubtful(1)),
            (cell([0, 0], 0, 7), Worst::Settled),
            (cell([0, 0], 0, 0), Worst::Clean),
            (MatrixCell::default(), Worst::Missing),
        ] {
            assert_eq!(cell.worst(), want);
        }
        assert!(Worst::Errors(1) < Worst::Warnings(9), "worst first");
    }

    #[test]
    fn totals_are_the_sums_of_the_cells() {
        let row = |years: &[(u16, MatrixCell)]| MatrixRow {
            area: 0,
            place: MatrixPlace::default(),
            places: BTreeMap::new(),
            is_open: false,
            years: years.iter().copied().collect(),
        };
        let [a, b, c] = [cell([1, 2], 0, 3), cell([0, 4], 1, 0), cell([10, 0], 0, 1)];
        let matrix = Matrix { rows: vec![row(&[(2020, a), (2021, b)]), row(&[(2021, c)])] };
        assert_eq!(matrix.years(), [2020, 2021]);
        let first = matrix.rows[0].total();
        assert_eq!((first.reports, first.open, first.doubtful, first.decided), (2, [1, 6], 1, 3));
        let last = matrix.totals()[&2021];
        assert_eq!((last.reports, last.open, last.doubtful, last.decided), (2, [10, 4], 1, 1));
    }

    #[test]
    fn a_decision_closes_what_it_is_about() {
        let standing =
            |errors, warnings| Standing { confirmed: errors, query: warnings, errors, ..Standing::default() };
        assert_eq!(standing(0, 0).open([2, 3, 4]), [2, 3]);
        assert_eq!(standing(1, 3).open([2, 3, 4]), [1, 0]);
        // What a later reading of the file no longer finds cannot be open either.
        assert_eq!(standing(3, 3).open([2, 3, 4]), [0, 0]);
    }
}
