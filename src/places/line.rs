//! Places over the years: which county of one year is the same as which of another, under whatever name and code.
//!
//! A report is compared with that of the year before only along a [`Line`]. Where several places were made one, or
//! one was divided, what comes after is a line of its own: figures of two different areas are never set side by side.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::table::{Division, TABLE};

/// A place over the years in which its reports can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Line {
    /// The code that it had first.
    pub code: &'static str,
    /// The year in which it was made of several places, or of a part of one; 0 if it was not.
    pub since: u16,
}

/// The line of the place that had the code, in a report on that year; `None` for a code that no place had.
///
/// Where a place has ended, its code stays in its line in later years too: a report may still carry it.
#[must_use]
pub fn line(code: &str, year: u16) -> Option<Line> {
    let spans = LINES.get(code)?;
    spans.iter().rev().find(|span| span.from <= year).map(|span| span.line)
}

/// The names of a place before and after it was renamed or got another code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renaming {
    /// The name that it had: 太谷县.
    pub old: String,
    /// The name that it has since: 太谷区.
    pub new: String,
    /// The year in which it got that, as the table has it.
    pub year: u16,
}

/// How a place was renamed between two codes of one line; `None` if it was not, or if they are two places.
///
/// A place that only came to another city has the names of the two before its own: 四平市公主岭市, 长春市公主岭市.
#[must_use]
pub fn renaming(old_code: &str, new_code: &str) -> Option<Renaming> {
    // Nearly all codes have had one name, and this is asked of every two reports.
    if old_code == new_code && !RENAMED.contains(old_code) {
        return None;
    }
    let first = TABLE.rows().iter().find(|row| row.code == old_code)?;
    let last = TABLE.coded(new_code)?;
    let is_one = line(old_code, 0) == line(new_code, u16::MAX);
    let (city, new_city) = (TABLE.city_of(first), TABLE.city_of(last));
    let year = if last.from == 0 { first.until } else { last.from };
    if !is_one || end_of(first) >= end_of(last) {
        None
    } else if first.name != last.name {
        Some(Renaming { old: first.name.to_owned(), new: last.name.to_owned(), year })
    } else {
        let (city, new_city) = (city?.name, new_city?.name);
        let within = |city: &str| format!("{city}{}", first.name);
        (city != new_city).then(|| Renaming { old: within(city), new: within(new_city), year })
    }
}

/// The codes that have had several names.
static RENAMED: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    let mut seen = FxHashSet::default();
    TABLE.rows().iter().map(|row| row.code).filter(|code| !seen.insert(*code)).collect()
});

/// The line that a code is in from a year on.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: u16,
    line: Line,
}

/// The spans of each code, the earliest first; there is always one from 0 on.
type Lines = FxHashMap<&'static str, Vec<Span>>;

static LINES: LazyLock<Lines> = LazyLock::new(|| trace(TABLE.rows()));

/// Places that were abolished and made anew of a part of their area, with the year: their name and code stayed, so
/// that the table has no end of them. 余杭区 gave half of itself to 临平区.
const REMADE: [(&str, u16); 1] = [("330110", 2021)];

/// Follows all rows, those that ended first before what they became.
fn trace(rows: &[Division]) -> Lines {
    let mut arrivals: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, row) in rows.iter().enumerate() {
        row.successors().for_each(|code| arrivals.entry(code).or_default().push(at));
    }
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| rows.get(*at).map(|row| (end_of(row), row.from)));
    let mut traced = Traced { lines: Lines::default(), last: vec![None; rows.len()] };
    let mut held_until: FxHashMap<&str, u16> = FxHashMap::default();
    for at in order {
        let Some(row) = rows.get(at) else { continue };
        // Who had the code before ended in that year.
        let begin = held_until.insert(row.code, end_of(row));
        let is_here = |from: &Division| from.until >= begin.unwrap_or(0) && from.until < end_of(row);
        let came = arrivals.get(row.code).into_iter().flatten().copied();
        let came: Vec<(usize, &Division)> =
            came.filter_map(|at| rows.get(at).filter(|from| is_here(from)).map(|from| (at, from))).collect();
        traced.add(at, row, begin, &came);
    }
    traced.lines
}

/// The year in which a division ended, later than all years if it has not.
fn end_of(row: &Division) -> u16 {
    if row.until == 0 { u16::MAX } else { row.until }
}

struct Traced {
    lines: Lines,
    /// The line that each row was in when it ended.
    last: Vec<Option<Line>>,
}

impl Traced {
    /// Adds a row and those that came to it; `begin` is the year in which the one before it under the code ended.
    fn add(&mut self, at: usize, row: &Division, begin: Option<u16>, came: &[(usize, &Division)]) {
        let started = row.from.max(begin.unwrap_or(0));
        let (made_of, joined): (Vec<_>, Vec<_>) = came.iter().partition(|(_, from)| from.until <= started);
        // The first that has a code has it for all years before it too.
        let from = begin.unwrap_or(0);
        let own = |since: u16| Line { code: row.code, since };
        let spans = match made_of.as_slice() {
            [] => vec![Span { from, line: own(from) }],
            [(before, place)] if is_alone(place, row) => {
                let line = self.last.get(*before).copied().flatten().unwrap_or(own(started));
                vec![Span { from, line }]
            }
            several => {
                let made = Span { from: started, line: own(started) };
                // A report on an earlier year under the new code is from the part that has the name, if one has.
                let namesake = several.iter().find(|(_, from)| from.name == row.name);
                let before = namesake.and_then(|(from, _)| self.last.get(*from).copied().flatten());
                let before = Span { from: 0, line: before.unwrap_or(own(0)) };
                if begin.is_none() { vec![before, made] } else { vec![made] }
            }
        };
        let remade = REMADE.iter().filter(|(code, _)| *code == row.code).map(|(_, year)| *year);
        let mut changes: Vec<u16> = joined.iter().map(|(_, from)| from.until).chain(remade).collect();
        changes.sort_unstable();
        changes.dedup();
        let later = changes.into_iter().map(|year| Span { from: year, line: own(year) });
        let spans: Vec<Span> = spans.into_iter().chain(later).collect();
        if let Some(last) = self.last.get_mut(at) {
            *last = spans.last().map(|span| span.line);
        }
        self.lines.entry(row.code).or_default().extend(spans);
    }
}

/// Whether a place became the row as a whole, and is of the same kind: a city that became a district is another body.
fn is_alone(place: &Division, row: &Division) -> bool {
    place.successors().count() == 1 && place.kind() == row.kind()
}

#[cfg(test)]
mod tests;
