//! The list over a whole corpus: copies left out, and each report beside that of the year before.
//!
//! Which documents are copies, and which version stands for a year, is told as everywhere else. Per document there are
//! in memory a number for its agency and in a few bytes what was carried in and out and its identifier; its lines wait
//! in a file until all documents are known.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::carry::{self, Carried};
use super::sums::{Lines, Sums};
use crate::corpus::{Choices, Entry, Location, Log, Names, Register};
use crate::load::json::{CellSet, Glimpse};
use crate::load::{Located, Record};
use crate::report::{CellId, Figure};

/// What the list needs of one document.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    entry: Entry,
    offset: u64,
    length: u64,
    line: u32,
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

/// Makes items of reports.
pub struct Sieve<'a> {
    sums: Sums<'a>,
}

impl<'a> Sieve<'a> {
    /// For these sums.
    #[must_use]
    pub const fn new(sums: Sums<'a>) -> Self {
        Self { sums }
    }

    fn entry(&self, names: &Names<'_>, year: Option<u16>, path: &Path) -> Entry {
        Entry::of(names, year, path, self.sums.settings)
    }

    /// The item of a document; `is_admitted` tells whether its lines are asked for.
    #[must_use]
    pub fn of_report(&self, path: &Path, located: &Located, is_admitted: bool) -> Item {
        let report = &*located.report.certain();
        let mut present = CellSet::default();
        let mut figures = Vec::new();
        for cell in CellId::all() {
            let figure = report.figures.get(cell);
            if figure != Figure::Absent {
                present[cell.index() / 64] |= 1 << (cell.index() % 64);
                figures.push((cell, figure));
            }
        }
        let lines = if is_admitted { self.sums.of_report(&located.report) } else { Lines::default() };
        let carried = Carried::of(&present, &figures);
        Item {
            entry: self.entry(&Names::of(report), report.year, path),
            offset: located.offset,
            length: located.length,
            line: located.line,
            is_admitted,
            carried: carried.bits,
            kept: carried.kept(report.id().raw()),
            lines,
        }
    }

    /// The same for a report that was seen at a glance; nothing where that does not state all of its place.
    #[must_use]
    pub fn of_glimpse(&self, record: &Record<'_>, glimpse: &Glimpse<'_>, is_admitted: bool) -> Option<Item> {
        let names = Names {
            agency: glimpse.agency,
            county: Some(glimpse.county?),
            code: Some(glimpse.county_code?),
            city: Some(glimpse.city?),
            province: Some(glimpse.province?),
        };
        let lines = if is_admitted { self.sums.of_glimpse(glimpse) } else { Lines::default() };
        let carried = Carried::of(&glimpse.present, &glimpse.figures);
        Some(Item {
            entry: self.entry(&names, Some(glimpse.year), record.file),
            offset: record.offset,
            // As it is read in full: without what JSON takes for space.
            length: record.bytes.trim_ascii_end().len() as u64,
            line: record.line,
            is_admitted,
            carried: carried.bits,
            kept: carried.kept(&glimpse.id()),
            lines,
        })
    }
}

/// A report of a series: its number, and a word with its year first and then, as far as they fit, what is looked at
/// most. The words of a series sort by year, and within it in the order of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    series: u64,
    word: u64,
    document: u32,
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

/// The lines of a document, and how many there are of each severity.
#[derive(Serialize, Deserialize)]
struct Piece<'a> {
    document: u32,
    counts: [u32; 3],
    text: &'a str,
}

/// Where a document is.
#[derive(Serialize, Deserialize)]
struct Spot {
    file: u32,
    offset: u64,
    length: u64,
    line: u32,
}

/// So many bytes of spots are written at once.
const SPOTS: usize = 32 << 10;

/// What is kept of all documents.
#[derive(Default)]
pub struct List {
    members: Vec<Member>,
    kept: Vec<u8>,
    /// The lines of the documents that have any.
    pieces: Log,
    /// Where each document is, many in a piece; the last of them are in `spots`.
    places: Log,
    spots: Vec<u8>,
    files: Vec<PathBuf>,
    /// Those that are in no settled place.
    unsettled: Vec<(u32, Entry, u64)>,
    /// The one place that the documents of a folder are from; nothing where there are several.
    folders: FxHashMap<u64, Option<u64>>,
    /// The folders by the names of the counties in them: see [`Entry::named`].
    named: FxHashMap<u64, u64>,
    documents: u32,
    /// For the next piece.
    memory: Vec<u8>,
}

impl List {
    /// A list whose lines wait in a file in a folder.
    #[must_use]
    pub fn within(folder: Option<PathBuf>) -> Self {
        Self { pieces: Log::spool(folder.clone()), places: Log::spool(folder), ..Self::default() }
    }

    /// Adds the next document.
    pub fn add(&mut self, path: &Path, item: &Item) {
        if self.files.last().is_none_or(|last| last != path) {
            self.files.push(path.to_owned());
        }
        let (carries_in, carries_out) = carry::split(item.carried);
        let flags = [(item.is_admitted, ADMITTED), (carries_in, CARRIES_IN), (carries_out, CARRIES_OUT)];
        let flags = flags.iter().filter(|(is_set, _)| *is_set).fold(0, |word, (_, flag)| word | flag);
        let entry = item.entry;
        let word = u64::from(entry.year()) << YEAR_SHIFT | flags | (self.kept.len() as u64 & PLACE);
        if let Some(place) = entry.place() {
            let known = self.folders.entry(entry.folder()).or_insert(Some(place));
            *known = known.filter(|known| *known == place);
            self.named.insert(entry.named(), entry.folder());
        }
        let series = entry.agency().filter(|_| entry.year() > 0 && entry.place().is_some());
        match series {
            Some(series) => self.members.push(Member { series, word, document: self.documents }),
            None => self.unsettled.push((self.documents, entry, word)),
        }
        self.kept.extend_from_slice(&item.carried.to_le_bytes());
        self.kept.extend_from_slice(&item.kept);
        let Lines { text, counts } = &item.lines;
        let file = self.files.len() as u32 - 1;
        let spot = Spot { file, offset: item.offset, length: item.length, line: item.line };
        // Nothing in it can fail to be written.
        self.spots = postcard::to_extend(&spot, std::mem::take(&mut self.spots)).unwrap_or_default();
        if self.spots.len() >= SPOTS {
            let _ = self.places.append(&self.spots);
            self.spots.clear();
        }
        if !text.is_empty() {
            let piece = Piece { document: self.documents, counts: *counts, text };
            self.memory = postcard::to_extend(&piece, std::mem::take(&mut self.memory)).unwrap_or_default();
            let _ = self.pieces.append(&self.memory);
            self.memory.clear();
        }
        self.documents += 1;
    }

    /// Hands over the lines of each report, copies left out, then what was carried into a year otherwise than out of the
    /// year before; tells how many documents are copies, or that what was kept is lost.
    pub fn finish(
        mut self,
        sieve: &Sieve<'_>,
        choices: &Choices,
        sink: &mut dyn FnMut(&str, [u32; 3]),
    ) -> Option<usize> {
        self.members.par_sort_unstable();
        let register = self.register(choices)?;
        let resolved = register.resolve();
        let all = self.pieces.each_piece(&mut |piece| {
            let Piece { document, counts, text } = postcard::from_bytes(piece).map_err(drop)?;
            if !resolved.is_copy(document) {
                sink(text, counts);
            }
            Ok::<(), ()>(())
        });
        if all != Ok(true) {
            return None;
        }
        // Only what stands for its year is compared with other years.
        self.members.retain(|member| resolved.stands(member.document));
        for (document, entry, word) in &self.unsettled {
            let series = register.series_of(entry).filter(|_| entry.year() > 0 && resolved.stands(*document));
            self.members.extend(series.map(|series| Member { series, word: *word, document: *document }));
        }
        self.members.par_sort_unstable();
        let carried = self.carried(sieve);
        sink(&carried.text, carried.counts);
        Some(resolved.copies())
    }

    /// The documents that may be copies or versions of each other, with where they are.
    fn register(&self, choices: &Choices) -> Option<Register> {
        let mut asked: FxHashMap<u32, Entry> =
            self.unsettled.iter().map(|(document, entry, _)| (*document, *entry)).collect();
        let same = self.members.chunk_by(|a, b| (a.series, a.year()) == (b.series, b.year()));
        for member in same.filter(|same| same.len() > 1).flatten() {
            asked.insert(member.document, Entry::settled(member.series, member.year() as u16));
        }
        let of_one_place =
            self.folders.iter().filter(|(_, place)| place.is_some()).map(|(folder, _)| *folder);
        let is_of_one = |folder: &u64| self.folders.get(folder).is_some_and(Option::is_some);
        let named = self.named.iter().filter(|(_, folder)| is_of_one(folder)).map(|(named, _)| *named);
        let of_one_place = of_one_place.chain(named);
        let mut register = Register::new(of_one_place.collect(), choices.clone());
        if asked.is_empty() {
            return Some(register);
        }
        self.each_spot(&mut |document, Spot { file, offset, length, line }| {
            if let Some(entry) = asked.get(&document) {
                let path = self.files.get(file as usize)?.clone();
                register.add(document, entry, Location { path, offset, length, line });
            }
            Some(())
        })?;
        Some(register)
    }

    /// Hands over where each document is; nothing if that is lost.
    fn each_spot(&self, take: &mut dyn FnMut(u32, Spot) -> Option<()>) -> Option<()> {
        let mut document = 0;
        let mut each = |mut spots: &[u8]| {
            while !spots.is_empty() {
                let (spot, rest) = postcard::take_from_bytes(spots).map_err(drop)?;
                take(document, spot).ok_or(())?;
                (document, spots) = (document + 1, rest);
            }
            Ok::<(), ()>(())
        };
        let all = self.places.each_piece(&mut each);
        (all == Ok(true) && each(&self.spots).is_ok()).then_some(())
    }

    /// What was carried into a year otherwise than out of the year before, in the order of the reports.
    fn carried(&self, sieve: &Sieve<'_>) -> Lines {
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

/// The report of the year before.
fn year_before(series: &[Member], year: u64) -> Option<&Member> {
    series.iter().find(|member| member.year() + 1 == year)
}
