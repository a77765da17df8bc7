//! The orders of the list: each is worked out once for all reports, and a filter only leaves some out.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::columns::{Columns, Flags, UNKNOWN};
use super::names::Names;
use super::units::{AreaId, Units};

/// An order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum Order {
    /// Most errors first, then warnings, then problems in reading.
    #[default]
    Worst,
    /// By county, agency and year.
    Place,
    /// Latest year first.
    Year,
    /// Most requests received first.
    Received,
    /// Most requests handled first.
    Handled,
    /// Most requests carried out first.
    CarriedOut,
}

impl Order {
    /// All orders.
    pub const ALL: [Self; 6] =
        [Self::Worst, Self::Place, Self::Year, Self::Received, Self::Handled, Self::CarriedOut];

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|order| *order == self).unwrap_or(0);
        Self::ALL.get(at + 1).copied().unwrap_or_default()
    }
}

/// The orders as far as they were asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Orders {
    ranks: OnceLock<Arc<Vec<u32>>>,
    /// The first and last rank of the agencies of each county.
    ranges: OnceLock<Arc<Vec<(u32, u32)>>>,
    lists: [OnceLock<Arc<Vec<u32>>>; Order::ALL.len()],
}

impl Orders {
    /// With the two orders that were kept before.
    pub(super) fn restore(ranks: Vec<u32>, worst: Vec<u32>, place: Vec<u32>) -> Self {
        let orders = Self::default();
        let _ = orders.ranks.set(Arc::new(ranks));
        for (order, list) in [(Order::Worst, worst), (Order::Place, place)] {
            if let Some(slot) = orders.lists.get(order as usize) {
                let _ = slot.set(Arc::new(list));
            }
        }
        orders
    }

    /// The rank of each agency.
    pub(super) fn ranks(&self, names: &Names, units: &Units) -> &Arc<Vec<u32>> {
        self.ranks.get_or_init(|| Arc::new(units.ranks(names)))
    }

    /// The first and last rank of the agencies of a county.
    pub(super) fn range(&self, area: AreaId, names: &Names, units: &Units) -> (u32, u32) {
        self.ranges(names, units).get(area.0 as usize).copied().unwrap_or((1, 0))
    }

    /// The first and last rank of the agencies of each county, by the number of the county.
    pub(super) fn ranges(&self, names: &Names, units: &Units) -> &Arc<Vec<(u32, u32)>> {
        self.ranges.get_or_init(|| {
            let mut ranges = vec![(u32::MAX, 0); units.areas()];
            for (area, rank) in units.area_column().iter().zip(self.ranks(names, units).iter()) {
                if let Some((first, last)) = ranges.get_mut(*area as usize) {
                    (*first, *last) = ((*first).min(*rank), (*last).max(*rank));
                }
            }
            Arc::new(ranges)
        })
    }

    /// Forgets the orders of the reports, as what was found in them is counted anew; agencies stay as they are.
    pub(super) fn forget_lists(&mut self) {
        let place = self.lists.get_mut(Order::Place as usize).and_then(OnceLock::take);
        self.lists = Default::default();
        if let (Some(place), Some(slot)) = (place, self.lists.get(Order::Place as usize)) {
            let _ = slot.set(place);
        }
    }

    /// All reports in an order.
    pub(super) fn list(&self, order: Order, rows: &Columns, names: &Names, units: &Units) -> Arc<Vec<u32>> {
        let Some(slot) = self.lists.get(order as usize) else { return Arc::default() };
        Arc::clone(slot.get_or_init(|| {
            if order == Order::Place {
                return Arc::new(by_place(rows, self.ranks(names, units)));
            }
            let place = self.list(Order::Place, rows, names, units);
            let flow = |report: u32, which: usize| {
                let flows = rows.flows.get(report as usize).copied().unwrap_or([UNKNOWN; 3]);
                // What is not known comes last.
                flows.get(which).copied().filter(|n| *n != UNKNOWN).map_or(0, |n| u64::from(n) + 1)
            };
            let key = |report: u32| match order {
                Order::Worst => badness(rows, report),
                Order::Year => rows.year.get(report as usize).copied().map_or(0, u64::from),
                Order::Received => flow(report, 0),
                Order::Handled => flow(report, 1),
                Order::CarriedOut => flow(report, 2),
                Order::Place => 0,
            };
            // Equal ones stay by place: sorting pairs of numbers is faster than sorting stably by what they stand for.
            let mut keyed: Vec<(u64, u32)> =
                place.par_iter().zip(0..place.len() as u32).map(|(report, at)| (!key(*report), at)).collect();
            keyed.par_sort_unstable();
            let report = |(_, at): (u64, u32)| place.get(at as usize).copied();
            let list: Vec<u32> = keyed.into_iter().filter_map(report).collect();
            Arc::new(list)
        }))
    }
}

fn by_place(rows: &Columns, ranks: &[u32]) -> Vec<u32> {
    let rank = |unit: &u32| ranks.get(*unit as usize).copied().unwrap_or(0);
    let mut keyed: Vec<(u64, u32)> = rows
        .unit
        .iter()
        .zip(&rows.year)
        .zip(0..)
        .map(|((unit, year), i)| (u64::from(rank(unit)) << 16 | u64::from(*year), i))
        .collect();
    keyed.par_sort_unstable();
    keyed.into_iter().map(|(_, i)| i).collect()
}

/// How bad a report is: errors, warnings, infos, doubts, problems in reading, in this order.
fn badness(rows: &Columns, report: u32) -> u64 {
    let at = report as usize;
    let [errors, warnings, infos] = rows.findings.get(at).copied().unwrap_or_default().map(u64::from);
    let doubtful = u64::from(rows.flags(report).has(Flags::NEEDS_READING));
    let problems = u64::from(rows.problems.get(at).copied().unwrap_or_default());
    errors << 41 | warnings << 25 | infos << 9 | doubtful << 8 | problems
}
