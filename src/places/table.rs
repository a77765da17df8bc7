//! The divisions of the country, and their names.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// A division under one name and code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Division {
    /// The six digits of GB/T 2260.
    pub(super) code: &'static str,
    /// The full name.
    pub(super) name: &'static str,
    /// The year in which it began under this name and code; 0 if that was long ago.
    pub(super) from: u16,
    /// The year in which it ended; 0 if it has not.
    pub(super) until: u16,
    /// The code of what took its place; several where they divided it, separated by commas; empty if it has not ended.
    pub(super) successor: &'static str,
    /// Other names in use, separated by commas.
    others: &'static str,
}

/// What a division is, by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Province,
    City,
    County,
}

impl Division {
    /// A line of the table.
    pub(super) fn parse(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t');
        let (code, name) = (cells.next()?, cells.next()?);
        let mut year = || cells.next().and_then(|y| y.parse().ok()).unwrap_or(0);
        let (from, until) = (year(), year());
        let successor = cells.next().unwrap_or_default();
        Some(Self { code, name, from, until, successor, others: cells.next().unwrap_or_default() })
    }

    pub(super) fn kind(&self) -> Kind {
        if self.code.ends_with("0000") {
            Kind::Province
        } else if self.code.ends_with("00") {
            Kind::City
        } else {
            Kind::County
        }
    }

    /// The digits that the codes of all divisions below it begin with.
    pub(super) fn prefix(&self) -> &'static str {
        self.code.strip_suffix("0000").or_else(|| self.code.strip_suffix("00")).unwrap_or(self.code)
    }

    /// The full name and the other ones.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.others.split(',').filter(|n| !n.is_empty()))
    }

    /// The codes of all that took its place.
    pub(super) fn successors(&self) -> impl Iterator<Item = &'static str> {
        self.successor.split(',').filter(|code| !code.is_empty())
    }

    /// The name without the word for what it is: 信阳, 内蒙古, 恩施. Of counties there is none.
    pub(super) fn stem(&self) -> Option<&'static str> {
        const PEOPLES: [&str; 4] = ["壮族", "回族", "维吾尔", ""];
        let ends: &[&str] = match self.kind() {
            Kind::Province => &["自治区", "省", "市", "特别行政区"],
            Kind::City => &["地区", "市", "盟"],
            Kind::County => return None,
        };
        let stem = ends.iter().find_map(|end| self.name.strip_suffix(end)).or_else(|| {
            // The last of the other names of 恩施土家族苗族自治州 is 恩施州 or 恩施自治州.
            self.others.split(',').find_map(|n| n.strip_suffix("自治州").or_else(|| n.strip_suffix('州')))
        })?;
        PEOPLES.iter().find_map(|people| stem.strip_suffix(people))
    }
}

/// All divisions, with those of each name.
pub(super) struct Table {
    rows: Vec<Division>,
    by_name: FxHashMap<&'static str, Vec<u16>>,
    by_stem: FxHashMap<&'static str, Vec<u16>>,
    by_code: FxHashMap<&'static str, u16>,
    /// The first two characters of all names and stems: most texts begin with none of them.
    starts: FxHashSet<&'static str>,
    longest: usize,
}

/// The embedded table, read once.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("divisions.tsv")));

impl Table {
    fn read(text: &'static str) -> Self {
        let rows: Vec<Division> = text.lines().filter_map(Division::parse).collect();
        let mut by_name: FxHashMap<&'static str, Vec<u16>> = FxHashMap::default();
        let mut by_stem: FxHashMap<&'static str, Vec<u16>> = FxHashMap::default();
        let mut by_code = FxHashMap::default();
        for (row, i) in rows.iter().zip(0..) {
            for name in row.names() {
                by_name.entry(name).or_default().push(i);
            }
            if let Some(stem) = row.stem() {
                by_stem.entry(stem).or_default().push(i);
            }
            // Where a code was given twice, the division of today comes last and stays.
            by_code.insert(row.code, i);
        }
        let longest = by_name.keys().map(|n| n.chars().count()).max().unwrap_or(0);
        let starts = by_name.keys().chain(by_stem.keys()).filter_map(|n| two(n)).collect();
        Self { rows, by_name, by_stem, by_code, starts, longest }
    }

    /// All divisions under all their names and codes, in the order of the codes; of one code the last comes last.
    pub(super) fn rows(&self) -> &[Division] {
        &self.rows
    }

    /// The counties that have not ended, in the order of their codes.
    pub(super) fn counties_of_today(&self) -> impl Iterator<Item = &Division> {
        self.rows.iter().filter(|row| row.until == 0 && row.kind() == Kind::County)
    }

    /// The divisions of that name.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Division> {
        self.by_name.get(name).into_iter().flatten().filter_map(|i| self.rows.get(usize::from(*i)))
    }

    /// The divisions whose name without the word for what they are is that.
    pub(super) fn with_stem(&self, stem: &str) -> impl Iterator<Item = &Division> {
        self.by_stem.get(stem).into_iter().flatten().filter_map(|i| self.rows.get(usize::from(*i)))
    }

    /// The division that has the code, or had it last.
    pub(super) fn coded(&self, code: &str) -> Option<&Division> {
        self.by_code.get(code).and_then(|i| self.rows.get(usize::from(*i)))
    }

    /// The longest name at the beginning of a text that a division has that is asked for.
    pub(super) fn at<'a>(&self, text: &'a str, asked: impl Fn(&Division) -> bool) -> Option<Hit<'a>> {
        self.longest_of(&self.by_name, text, asked)
    }

    /// As [`Table::at`], of the names without the word for what they are.
    pub(super) fn stem_at<'a>(&self, text: &'a str, asked: impl Fn(&Division) -> bool) -> Option<Hit<'a>> {
        self.longest_of(&self.by_stem, text, asked)
    }

    fn longest_of<'a>(
        &self,
        names: &FxHashMap<&'static str, Vec<u16>>,
        text: &'a str,
        asked: impl Fn(&Division) -> bool,
    ) -> Option<Hit<'a>> {
        if !two(text).is_some_and(|start| self.starts.contains(start)) {
            return None;
        }
        let ends: Vec<usize> =
            text.char_indices().skip(1).map(|(i, c)| i + c.len_utf8()).take(self.longest).collect();
        ends.into_iter().rev().find_map(|end| {
            let (name, rest) = text.split_at_checked(end)?;
            let rows = names.get(name)?.iter().filter_map(|i| self.rows.get(usize::from(*i)));
            let rows: Vec<Division> = rows.filter(|row| asked(row)).copied().collect();
            (!rows.is_empty()).then_some(Hit { rows, name, rest })
        })
    }

    /// The city that a division of a county's level is in; `None` where it is directly below its province.
    pub(super) fn city_of(&self, row: &Division) -> Option<&Division> {
        row.code.get(..4).and_then(|prefix| self.coded(&format!("{prefix}00")))
    }

    /// The province that a division is in.
    pub(super) fn province_of(&self, row: &Division) -> Option<&Division> {
        row.code.get(..2).and_then(|prefix| self.coded(&format!("{prefix}0000")))
    }
}

fn two(text: &str) -> Option<&str> {
    let (at, second) = text.char_indices().nth(1)?;
    text.get(..at + second.len_utf8())
}

/// A name found at the beginning of a text.
#[derive(Debug, Clone)]
pub(super) struct Hit<'a> {
    /// The divisions of that name.
    pub(super) rows: Vec<Division>,
    /// The name as written.
    pub(super) name: &'a str,
    /// What follows.
    pub(super) rest: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_all_divisions() {
        let of_today = |kind| TABLE.rows.iter().filter(|r| r.until == 0 && r.kind() == kind).count();
        assert_eq!(of_today(Kind::County), 2847);
        assert!((330..=340).contains(&of_today(Kind::City)), "{}", of_today(Kind::City));
        assert!((32..=34).contains(&of_today(Kind::Province)), "{}", of_today(Kind::Province));
        for row in &TABLE.rows {
            assert!(row.code.len() == 6 && row.code.bytes().all(|b| b.is_ascii_digit()), "{row:?}");
            assert!(TABLE.province_of(row).is_some(), "{row:?}");
            assert!(row.from == 0 || row.until == 0 || row.from <= row.until, "{row:?}");
            assert_eq!(row.until > 0, row.successors().next().is_some(), "{row:?}");
            assert!(row.successors().all(|code| TABLE.coded(code).is_some()), "{row:?}");
        }
        assert!(TABLE.rows.is_sorted_by_key(|r| r.code));
    }

    #[test]
    fn names_without_what_they_are() {
        let stem = |code| TABLE.coded(code).and_then(Division::stem);
        assert_eq!(stem("411500"), Some("信阳"));
        assert_eq!(stem("450000"), Some("广西"));
        assert_eq!(stem("150000"), Some("内蒙古"));
        assert_eq!(stem("422800"), Some("恩施"));
        assert_eq!(stem("650000"), Some("新疆"));
        assert_eq!(stem("411523"), None);
    }
}
