//! Agencies in their places: what the names of a report stand for, each combination kept once.
//!
//! A million reports come from some hundred thousand agencies of a few thousand counties. What is asked of names is
//! asked of each agency once; a report only has the number of its agency.

use hashbrown::HashMap;

use super::names::{NameId, Names};

/// An agency in its place: an index into [`Units`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitId(pub(super) u32);

/// A county, or what stands for it: an index into the areas of [`Units`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AreaId(pub(super) u32);

/// The names of an agency. What is not known is the empty name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Unit {
    /// The agency.
    pub agency: NameId,
    /// Its county.
    pub county: NameId,
    /// Its city.
    pub city: NameId,
    /// Its province.
    pub province: NameId,
    /// The code of the county (GB/T 2260).
    pub code: NameId,
    /// What its titles say besides agency, year and what all titles say.
    pub title: NameId,
}

impl Unit {
    pub(super) fn names(self) -> [u32; 6] {
        [self.agency, self.county, self.city, self.province, self.code, self.title].map(|name| name.0)
    }

    fn of_names(names: [u32; 6]) -> Self {
        let [agency, county, city, province, code, title] = names.map(NameId);
        Self { agency, county, city, province, code, title }
    }

    /// What tells its county from others of the same name: the code, else the city.
    fn area(self) -> Area {
        let city = if self.code == NameId(0) { self.city } else { NameId(0) };
        Area { county: self.county, code: self.code, city }
    }
}

/// A county: those of one name are told apart by their code, or by their city where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Area {
    county: NameId,
    code: NameId,
    city: NameId,
}

/// The agencies and counties of a corpus.
#[derive(Debug, Clone, Default)]
pub struct Units {
    all: Vec<[u32; 6]>,
    /// The county of each agency.
    areas: Vec<u32>,
    /// One agency of each county, whose names stand for it.
    first: Vec<u32>,
    ids: HashMap<[u32; 6], u32>,
    area_ids: HashMap<Area, u32>,
}

impl Units {
    /// The agencies that were kept before; `None` if there is no such name.
    pub(super) fn restore(all: Vec<[u32; 6]>, names: usize) -> Option<Self> {
        if all.iter().flatten().any(|name| *name as usize >= names) {
            return None;
        }
        let mut units = Self::default();
        for names in all {
            units.push(Unit::of_names(names));
        }
        Some(units)
    }

    /// The names of all agencies.
    pub(super) fn parts(&self) -> &[[u32; 6]] {
        &self.all
    }

    /// How many agencies there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is no agency.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many counties there are.
    #[must_use]
    pub fn areas(&self) -> usize {
        self.first.len()
    }

    /// The names of an agency.
    #[must_use]
    pub fn get(&self, id: UnitId) -> Unit {
        self.all.get(id.0 as usize).map_or_else(Unit::default, |names| Unit::of_names(*names))
    }

    /// All agencies.
    pub fn iter(&self) -> impl Iterator<Item = (UnitId, Unit)> + '_ {
        self.all.iter().enumerate().map(|(i, names)| (UnitId(i as u32), Unit::of_names(*names)))
    }

    /// The county of an agency.
    #[must_use]
    pub fn area(&self, id: UnitId) -> AreaId {
        AreaId(self.areas.get(id.0 as usize).copied().unwrap_or(0))
    }

    /// The county of each agency, by the number of the agency.
    pub(super) fn area_column(&self) -> &[u32] {
        &self.areas
    }

    /// An agency of a county, for the names of the county.
    #[must_use]
    pub fn of_area(&self, area: AreaId) -> Unit {
        self.first.get(area.0 as usize).map_or_else(Unit::default, |unit| self.get(UnitId(*unit)))
    }

    /// The number of an agency, which it gets if it has none.
    pub(super) fn intern(&mut self, unit: Unit) -> UnitId {
        if self.ids.len() < self.all.len() {
            self.ids = self.all.iter().enumerate().map(|(i, names)| (*names, i as u32)).collect();
        }
        if let Some(id) = self.ids.get(&unit.names()) {
            return UnitId(*id);
        }
        let id = self.push(unit);
        self.ids.insert(unit.names(), id.0);
        id
    }

    fn push(&mut self, unit: Unit) -> UnitId {
        let id = self.all.len() as u32;
        let next = self.first.len() as u32;
        let area = *self.area_ids.entry(unit.area()).or_insert(next);
        if area == next {
            self.first.push(id);
        }
        self.areas.push(area);
        self.all.push(unit.names());
        UnitId(id)
    }

    /// The rank of each agency by county, code, city and name: those of one county come together.
    pub(super) fn ranks(&self, names: &Names) -> Vec<u32> {
        let rank_of_name = ranks(names.len(), |a, b| names.raw(NameId(a)).cmp(names.raw(NameId(b))));
        let rank = |name: NameId| rank_of_name.get(name.0 as usize).copied().unwrap_or(0);
        let key = |i: u32| {
            let unit = self.get(UnitId(i));
            let area = unit.area();
            (rank(area.county), rank(area.code), rank(area.city), rank(unit.agency), rank(unit.title))
        };
        let keys: Vec<_> = (0..self.all.len() as u32).map(key).collect();
        ranks(self.all.len(), |a, b| keys.get(a as usize).cmp(&keys.get(b as usize)).then(a.cmp(&b)))
    }
}

/// The rank of each number below `n` in an order.
fn ranks(n: usize, order: impl Fn(u32, u32) -> std::cmp::Ordering + Sync) -> Vec<u32> {
    use rayon::slice::ParallelSliceMut as _;
    let mut sorted: Vec<u32> = (0..n as u32).collect();
    sorted.par_sort_unstable_by(|a, b| order(*a, *b));
    let mut ranks = vec![0; n];
    for (rank, i) in sorted.into_iter().enumerate() {
        if let Some(place) = ranks.get_mut(i as usize) {
            *place = rank as u32;
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counties_of_one_name_are_told_apart_and_come_together() {
        let mut names = Names::default();
        let mut units = Units::default();
        let mut add = |agency: &str, county: &str, city: &str, code: &str| {
            let unit = Unit {
                agency: names.intern(agency),
                county: names.intern(county),
                city: names.intern(city),
                code: names.intern(code),
                ..Unit::default()
            };
            units.intern(unit)
        };
        let nanjing = add("鼓楼区教育局", "鼓楼区", "南京市", "320106");
        let fuzhou = add("鼓楼区教育局", "鼓楼区", "福州市", "350102");
        let xin = add("新县人民政府", "新县", "信阳市", "411523");
        let nanjing_too = add("鼓楼区财政局", "鼓楼区", "南京市", "320106");
        let uncoded = add("鼓楼区财政局", "鼓楼区", "南京市", "");
        assert_eq!(add("鼓楼区教育局", "鼓楼区", "南京市", "320106"), nanjing);
        assert_eq!(units.area(nanjing), units.area(nanjing_too));
        assert_ne!(units.area(nanjing), units.area(fuzhou));
        assert_ne!(units.area(nanjing), units.area(uncoded));
        let ranks = units.ranks(&names);
        let mut order = [nanjing, fuzhou, xin, nanjing_too, uncoded];
        order.sort_by_key(|unit| ranks[unit.0 as usize]);
        assert_eq!(order, [xin, uncoded, nanjing, nanjing_too, fuzhou].map(|u| u), "{ranks:?}");
        let again = Units::restore(units.parts().to_vec(), names.len()).unwrap();
        assert_eq!((again.areas(), again.area(fuzhou)), (units.areas(), units.area(fuzhou)));
        assert!(Units::restore(vec![[99; 6]], names.len()).is_none());
    }
}
