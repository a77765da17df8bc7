//! The list over a whole corpus: copies left out, and each report beside that of the year before.
//!
//! Per report it keeps a print, a number for its agency, and in a few bytes what was carried in and out and its
//! identifier: a million reports are some 50 MB.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use rayon::prelude::*;

use super::carry::{self, Carried};
use super::sums::{Lines, Sums};
use crate::display::Untrusted;
use crate::load::json::{CellSet, Glimpse};
use crate::report::{CellId, Figure, Report, TemplateId};

/// What the list needs of one report.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    print: u64,
    series: Option<u64>,
    year: u16,
    is_admitted: bool,
    carried: u16,
    kept: Vec<u8>,
    /// Its broken sums; none if it is not asked for.
    pub lines: Lines,
}

impl Item {
    /// Whether its lines are asked for.
    #[must_use]
    pub const fn is_admitted(&self) -> bool {
        self.is_admitted
    }
}

/// Makes items of reports. What it numbers is numbered alike by the same one only.
pub struct Sieve<'a> {
    sums: Sums<'a>,
    keys: [u64; 4],
}

/// The names of a report.
struct Names<'a> {
    agency: &'a str,
    county: Option<&'a str>,
    county_code: Option<&'a str>,
    city: Option<&'a str>,
}

impl<'a> Sieve<'a> {
    /// For these sums.
    #[must_use]
    pub fn new(sums: Sums<'a>) -> Self {
        // Nobody who writes reports shall be able to make two of them look like copies.
        let keys = RandomState::new();
        Self { sums, keys: std::array::from_fn(|i| keys.hash_one(i)) }
    }

    /// The item of a report; `is_admitted` tells whether its lines are asked for.
    #[must_use]
    pub fn of_report(&self, report: &Report, is_admitted: bool) -> Item {
        let names = Names {
            agency: report.agency.raw(),
            county: report.county.as_ref().map(Untrusted::raw),
            county_code: report.county_code.as_ref().map(Untrusted::raw),
            city: report.city.as_ref().map(Untrusted::raw),
        };
        let mut present = CellSet::default();
        let mut figures = Vec::new();
        for cell in CellId::all() {
            let figure = report.figures.get(cell);
            if figure != Figure::Absent {
                present[cell.index() / 64] |= 1 << (cell.index() % 64);
                figures.push((cell, figure));
            }
        }
        let lines = if is_admitted { self.sums.of_report(report) } else { Lines::default() };
        let carried = Carried::of(&present, &figures);
        Item {
            print: self.print(&names, report.year, report.template, &present, &figures),
            series: self.series(&names),
            year: report.year.unwrap_or(0),
            is_admitted,
            carried: carried.bits,
            kept: carried.kept(report.id().raw()),
            lines,
        }
    }

    /// The same for a report that was seen at a glance.
    #[must_use]
    pub fn of_glimpse(&self, glimpse: &Glimpse<'_>, is_admitted: bool) -> Item {
        let names = Names {
            agency: glimpse.agency,
            county: glimpse.county,
            county_code: glimpse.county_code,
            city: glimpse.city,
        };
        let (present, figures) = (&glimpse.present, &glimpse.figures);
        let lines = if is_admitted { self.sums.of_glimpse(glimpse) } else { Lines::default() };
        let carried = Carried::of(present, figures);
        Item {
            print: self.print(&names, Some(glimpse.year), Some(glimpse.template), present, figures),
            series: self.series(&names),
            year: glimpse.year,
            is_admitted,
            carried: carried.bits,
            kept: carried.kept(&glimpse.id()),
            lines,
        }
    }

    /// A number that only reports which say the same have in common: agency, year, edition and figures.
    fn print(
        &self,
        names: &Names<'_>,
        year: Option<u16>,
        template: Option<TemplateId>,
        present: &CellSet,
        figures: &[(CellId, Figure)],
    ) -> u64 {
        let year = year.map_or(0, |year| u64::from(year) + 1);
        let template = template.map_or(0, |template| template as u64 + 1);
        let mut print = self.text(self.mix(year, template), names.agency);
        for word in present {
            print = self.mix(print, *word);
        }
        // A sum, as the figures come in whatever order.
        figures.iter().filter(|(_, figure)| !is_plain_zero(*figure)).fold(print, |sum, (cell, figure)| {
            let (units, kind) = match figure {
                Figure::Absent => (0, 0),
                Figure::Blank => (0, 1),
                Figure::Unreadable => (0, 2),
                Figure::Number(number) => (number.units().cast_unsigned(), 3 + u64::from(number.scale())),
            };
            sum.wrapping_add(self.mix(units, (cell.index() as u64) << 16 | kind))
        })
    }

    /// A number for the agency: counties of one name in different cities are told apart by code or city where these
    /// are known. Nothing where there is no agency.
    fn series(&self, names: &Names<'_>) -> Option<u64> {
        if names.agency.is_empty() {
            return None;
        }
        let county = names.county_code.or(names.county);
        let city = names.city.filter(|_| names.county_code.is_none());
        let known = |number, text: Option<&str>| text.map_or(number, |text| self.text(number, text));
        let series = known(self.mix(1, 0), county);
        let series = known(self.mix(series, 2), city);
        Some(self.text(self.mix(series, 3), names.agency))
    }

    fn text(&self, start: u64, text: &str) -> u64 {
        let words = text.as_bytes().chunks(8).map(|chunk| {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            u64::from_le_bytes(word)
        });
        words.fold(self.mix(start, text.len() as u64), |number, word| self.mix(number, word))
    }

    /// Two numbers made one, by our keys.
    fn mix(&self, a: u64, b: u64) -> u64 {
        let fold = |a: u64, b: u64| {
            let product = u128::from(a) * u128::from(b);
            product as u64 ^ (product >> 64) as u64
        };
        let [first, second, third, last] = self.keys;
        fold(fold(a ^ first, b ^ second) ^ a ^ third, b ^ last)
    }
}

fn is_plain_zero(figure: Figure) -> bool {
    matches!(figure, Figure::Number(number) if number.units() == 0 && number.scale() == 0)
}

/// Prints are numbers as good as random: they need no more hashing.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |number, byte| number << 8 | u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// A report of a series: its number, and a word with its year first and then, as far as they fit, what is looked at
/// most. The words of a series sort by year, and within it in the order of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    series: u64,
    word: u64,
}

const YEAR_SHIFT: u32 = 52;
const ADMITTED: u64 = 1 << 51;
const CARRIES_IN: u64 = 1 << 50;
const CARRIES_OUT: u64 = 1 << 49;
const PLACE: u64 = CARRIES_OUT - 1;

impl Member {
    const fn year(self) -> u64 {
        self.word >> YEAR_SHIFT
    }
}

/// What is kept of all reports.
#[derive(Default)]
pub struct List {
    prints: HashSet<u64, BuildHasherDefault<AsItIs>>,
    members: Vec<Member>,
    kept: Vec<u8>,
}

impl List {
    /// Adds the next report, and tells whether it is a copy of one before.
    pub fn is_copy(&mut self, item: &Item) -> bool {
        if !self.prints.insert(item.print) {
            return true;
        }
        if let Some(series) = item.series.filter(|_| item.year > 0) {
            let (carries_in, carries_out) = carry::split(item.carried);
            let flags = [(item.is_admitted, ADMITTED), (carries_in, CARRIES_IN), (carries_out, CARRIES_OUT)];
            let flags = flags.iter().filter(|(is_set, _)| *is_set).fold(0, |word, (_, flag)| word | flag);
            let word = u64::from(item.year) << YEAR_SHIFT | flags | (self.kept.len() as u64 & PLACE);
            self.members.push(Member { series, word });
            self.kept.extend_from_slice(&item.carried.to_le_bytes());
            self.kept.extend_from_slice(&item.kept);
        }
        false
    }

    /// What was carried into a year otherwise than out of the year before, in the order of the reports.
    #[must_use]
    pub fn carried(mut self, sieve: &Sieve<'_>) -> Lines {
        // No report comes again.
        self.prints = HashSet::default();
        self.members.par_sort_unstable();
        let kept = &self.kept;
        let mut found: Vec<(u64, Lines)> = self
            .members
            .par_chunk_by(|a, b| a.series == b.series)
            .filter(|series| series.len() > 1)
            .flat_map_iter(|series| {
                series.iter().filter_map(move |now| {
                    let before = year_before(series, now.year())?;
                    // Nearly all of them carry nothing.
                    if now.word & ADMITTED == 0
                        || now.word & CARRIES_IN == 0 && before.word & CARRIES_OUT == 0
                    {
                        return None;
                    }
                    let of = |member: &Member| kept.get((member.word & PLACE) as usize..).unwrap_or_default();
                    let lines = carry::lines(
                        &sieve.sums,
                        (of(now), now.year() as u16),
                        (of(before), before.year() as u16),
                    );
                    (!lines.text.is_empty()).then_some((now.word & PLACE, lines))
                })
            })
            .collect();
        found.sort_unstable_by_key(|(place, _)| *place);
        let mut all = Lines::default();
        for (_, lines) in found {
            all.text.push_str(&lines.text);
            all.counts.iter_mut().zip(lines.counts).for_each(|(sum, n)| *sum += n);
        }
        all
    }
}

/// The report of the year before, if there is exactly one.
fn year_before(series: &[Member], year: u64) -> Option<&Member> {
    let mut of_year = series.iter().filter(|member| member.year() + 1 == year);
    of_year.next().filter(|_| of_year.next().is_none())
}
