//! What rules across reports need of each report, small enough to keep for every report of a corpus.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};

use super::Judged;
use super::recalled::{Recalled, of_last_year};
use crate::report::template::{APPLICANTS, RESULTS};
use crate::report::{CELL_COUNT, CellId, Figure, KnownBy, Number, Report, TableId, Unit};

/// The figures and prints of a report that other reports are compared with.
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a report")]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Digest {
    /// The year of the report; 0 if unknown.
    pub year: u16,
    /// Whether the year or the agency was only inferred.
    pub(super) is_inferred: bool,
    /// The figures of [`KEPT`], kept packed.
    #[serde(with = "packed")]
    figures: Box<[Figure]>,
    /// The units of fees and of procurement, as the document states them; the form states one for fees.
    pub(super) units: [Option<Unit>; 2],
    /// What the tables say of the year.
    pub(super) flows: Flows,
    /// What the narrative is like.
    pub(super) text: TextPrint,
    /// Whether the narrative says that the figures are those of the whole area.
    pub(super) is_area_total: bool,
    /// Whether the narrative speaks of a clean-up of documents, or of documents that lapsed.
    pub(super) has_cleanup: bool,
    /// Whether the narrative speaks of repealed documents.
    pub(super) has_repeal: bool,
    /// What the narrative says of the year before.
    pub(super) recalled: Box<[Recalled]>,
}

/// What the tables say of the year, leaving out stocks: two reports that say the same have equal ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Flows {
    /// A hash of every figure.
    pub(super) hash: u64,
    /// How many independent figures are not zero: neither totals nor what is carried.
    pub(super) filled: u8,
    /// Their sum, as far as it is whole.
    pub(super) sum: i64,
}

impl Flows {
    /// Whether the figures are so small that two reports may well have the same by chance.
    pub(super) const fn is_small(self) -> bool {
        self.sum < 20
    }
}

/// The cells that are kept.
static KEPT: LazyLock<Vec<CellId>> = LazyLock::new(|| {
    let rows = ["carried_in", "carried_out"];
    let carried = rows.iter().flat_map(|row| APPLICANTS.iter().map(move |c| (*row, c.key)));
    let totals = [("received", "total"), ("total", "total")];
    let requests =
        carried.chain(totals).filter_map(|(row, column)| CellId::find(TableId::Requests, row, column));
    let remedies = CellId::all().filter(|cell| cell.table() == TableId::Remedies);
    let disclosure = CellId::all().filter(|cell| cell.table() == TableId::Disclosure);
    requests.chain(remedies).chain(disclosure).collect()
});

/// The place of a cell among those that are kept.
static PLACES: LazyLock<[Option<u8>; CELL_COUNT]> = LazyLock::new(|| {
    let mut places = [None; CELL_COUNT];
    for (i, cell) in KEPT.iter().enumerate() {
        if let Some(place) = places.get_mut(cell.index()) {
            *place = Some(i as u8);
        }
    }
    places
});

/// The digest of a report.
#[must_use]
pub fn digest(report: &Report, judged: &[Judged]) -> Digest {
    let report = &*report.certain();
    Digest {
        year: report.year.unwrap_or(0),
        is_inferred: [report.year_from, report.agency_from].contains(&Some(KnownBy::Inferred)),
        figures: KEPT.iter().map(|cell| kept(report.figures.get(*cell))).collect(),
        units: [report.fees_unit.or(Some(Unit::TenThousandYuan)), report.procurement_unit],
        flows: flows(report),
        text: TextPrint::of(report),
        is_area_total: is_area_total(report),
        has_cleanup: speaks_of_cleanup(report),
        has_repeal: speaks_of_repeal(report),
        recalled: of_last_year(report, judged).into(),
    }
}

/// Words that are looked for in texts.
type Words = LazyLock<Vec<Finder<'static>>>;

fn finders(words: &[&'static str]) -> Vec<Finder<'static>> {
    words.iter().map(|word| Finder::new(*word)).collect()
}

/// Whether the text has one of the words.
fn has(text: &str, words: &Words) -> bool {
    words.iter().any(|word| word.find(text.as_bytes()).is_some())
}

/// The texts in which a report says what its figures are.
fn opening(report: &Report) -> impl Iterator<Item = &str> {
    report.sections.iter().filter(|s| matches!(s.number, 0 | 1)).map(|s| s.text.raw())
}

/// Whether the narrative says that the figures are those of the whole area.
pub(super) fn is_area_total(report: &Report) -> bool {
    static WHOLE: Words = LazyLock::new(|| finders(&["汇总"]));
    static EACH: Words = LazyLock::new(|| finders(&["各"]));
    // 全县各…: one search for all of them.
    let is_area = |text: &str, at: usize| {
        let (before, behind) = text.split_at_checked(at).unwrap_or_default();
        ["全县", "全区", "全市", "全旗"].iter().any(|all| before.ends_with(all))
            || behind.starts_with("各级各部门")
    };
    let says_each =
        |text: &str| EACH.iter().any(|word| word.find_iter(text.as_bytes()).any(|at| is_area(text, at)));
    opening(report).any(|text| has(text, &WHOLE) || says_each(text))
}

/// Whether the narrative speaks of a clean-up of documents, or of documents that lapsed.
pub(super) fn speaks_of_cleanup(report: &Report) -> bool {
    static WORDS: Words = LazyLock::new(|| finders(&["清理", "失效"]));
    static WHOLE: Words = LazyLock::new(|| finders(&["以本年度报告为准"]));
    speaks_of_documents(report, &WORDS) || opening(report).any(|text| has(text, &WHOLE))
}

/// Whether the narrative speaks of repealed documents.
fn speaks_of_repeal(report: &Report) -> bool {
    static WORDS: Words = LazyLock::new(|| finders(&["废止"]));
    speaks_of_documents(report, &WORDS)
}

/// Whether a sentence of the narrative has one of the words and speaks of documents: web sites and accounts are
/// cleaned up too.
fn speaks_of_documents(report: &Report, words: &Words) -> bool {
    static DOCUMENTS: Words = LazyLock::new(|| finders(&["文件", "规章"]));
    let is_about = |text: &str, at: usize| has(sentence_around(text, at), &DOCUMENTS);
    let has_one =
        |text: &str| words.iter().any(|word| word.find_iter(text.as_bytes()).any(|at| is_about(text, at)));
    opening(report).any(has_one)
}

/// The sentence, or its part between semicolons, in which a place of a text stands.
fn sentence_around(text: &str, at: usize) -> &str {
    let bytes = text.as_bytes();
    // 。 ； ; are looked for by their last bytes.
    let is_end = |end: usize| {
        let before = bytes.get(..end).unwrap_or_default();
        matches!(before, [.., 0xe3, 0x80, 0x82] | [.., 0xef, 0xbc, 0x9b] | [.., b';'])
    };
    let mut before = at;
    let start = loop {
        match memchr::memrchr3(0x82, 0x9b, b';', bytes.get(..before).unwrap_or_default()) {
            None => break 0,
            Some(last) if is_end(last + 1) => break last + 1,
            Some(last) => before = last,
        }
    };
    let mut behind = at;
    let end = loop {
        match memchr::memchr3(0x82, 0x9b, b';', bytes.get(behind..).unwrap_or_default()) {
            None => break bytes.len(),
            Some(next) => behind += next + 1,
        }
        if is_end(behind) {
            break behind;
        }
    };
    text.get(start..end).unwrap_or("")
}

impl Digest {
    /// The figure of a cell that is kept.
    #[must_use]
    pub fn figure(&self, cell: CellId) -> Figure {
        let place = PLACES.get(cell.index()).copied().flatten();
        debug_assert!(place.is_some(), "{cell} is not kept");
        place.and_then(|place| self.figures.get(usize::from(place))).copied().unwrap_or_default()
    }

    /// The number in a cell, if it is one.
    #[must_use]
    pub fn number(&self, cell: CellId) -> Option<Number> {
        self.figure(cell).number()
    }

    /// The whole number in the cell of that name, if it is one: blanks are no number.
    #[must_use]
    pub fn count(&self, name: &str) -> Option<i64> {
        self.count_in(CellId::parse(name))
    }

    /// The whole number in a cell, if it is one: blanks are no number.
    pub(super) fn count_in(&self, cell: Option<CellId>) -> Option<i64> {
        self.number(cell?)?.as_whole()
    }
}

/// Decimals beyond those that are kept make a number unreadable for other reports.
fn kept(figure: Figure) -> Figure {
    if figure.number().is_some_and(|number| number.scale() > 7) { Figure::Unreadable } else { figure }
}

/// Figures as bytes.
mod packed {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Figure, KEPT, pack, unpack};

    pub(super) fn serialize<S: Serializer>(figures: &[Figure], to: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(figures.len() + 16);
        for figure in figures {
            pack(*figure, &mut bytes);
        }
        bytes.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Box<[Figure]>, D::Error> {
        let bytes = Vec::<u8>::deserialize(from)?;
        let mut rest = bytes.iter().copied().peekable();
        let mut figures = Vec::with_capacity(KEPT.len());
        while rest.peek().is_some() {
            figures.push(unpack(&mut rest));
        }
        Ok(figures.into())
    }
}

// A figure is packed as a number of seven bits a byte, the lowest first: 0 absent, 1 blank, 2 unreadable, else
// 3 + 8 × (digits, the sign in the lowest bit) + the decimals, of which there are at most seven worth keeping.
fn pack(figure: Figure, out: &mut Vec<u8>) {
    // Most figures are a small number without decimals.
    if let Figure::Number(number) = figure
        && number.scale() == 0
        && let Ok(units @ 0..8) = u8::try_from(number.units())
    {
        out.push(3 + (units << 4));
        return;
    }
    let mut code: u128 = match figure {
        Figure::Absent => 0,
        Figure::Blank => 1,
        Figure::Unreadable => 2,
        Figure::Number(number) => {
            let digits = u128::from(number.units().unsigned_abs()) << 1 | u128::from(number.is_negative());
            3 + (digits << 3 | u128::from(number.scale()))
        }
    };
    while code >= 0x80 {
        out.push((code & 0x7f) as u8 | 0x80);
        code >>= 7;
    }
    out.push(code as u8);
}

fn unpack(bytes: &mut impl Iterator<Item = u8>) -> Figure {
    let (mut code, mut shift) = (0_u128, 0);
    for byte in bytes.by_ref() {
        code |= u128::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    match code.checked_sub(3) {
        None if code == 1 => Figure::Blank,
        None if code == 2 => Figure::Unreadable,
        None => Figure::Absent,
        Some(rest) => {
            let (scale, digits) = ((rest & 7) as u8, rest >> 3);
            let units = (digits >> 1) as i64;
            Figure::Number(Number::of_units(if digits & 1 == 1 { -units } else { units }, scale))
        }
    }
}

/// Columns of table 2 that count a stock and not what happened in the year.
const STOCKS: &[&str] = &["in_force", "cumulative", "previous"];

/// What a cell says of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Nothing: a stock.
    Stock,
    /// A total, or what is carried.
    Whole,
    /// An independent figure.
    Independent,
}

/// What every cell says of the year, by its index.
static PARTS: LazyLock<[Part; CELL_COUNT]> = LazyLock::new(|| {
    let mut parts = [Part::Whole; CELL_COUNT];
    for cell in CellId::all() {
        let (row, column) = (cell.row().key, cell.column().key);
        let is_result = row == "received" || RESULTS.contains(&row);
        parts[cell.index()] = if STOCKS.contains(&column) {
            Part::Stock
        } else if column != "total" && (cell.table() != TableId::Requests || is_result) {
            Part::Independent
        } else {
            Part::Whole
        };
    }
    parts
});

fn flows(report: &Report) -> Flows {
    let mut flows = Flows::default();
    for (cell, part) in CellId::all().zip(PARTS.iter()) {
        let figure = report.figures.get(cell);
        if figure == Figure::Absent || *part == Part::Stock || figure.is_nil() {
            continue;
        }
        let number = figure.number();
        let (units, scale) = number.map_or((0, u8::MAX), |number| (number.units(), number.scale()));
        flows.hash = mixed(flows.hash ^ units.cast_unsigned(), (cell.index() as u64) << 8 | u64::from(scale));
        if let Some(number) = number.filter(|_| *part == Part::Independent) {
            flows.filled = flows.filled.saturating_add(1);
            flows.sum = flows.sum.saturating_add(number.as_whole().unwrap_or(0));
        }
    }
    flows
}

/// Two numbers made one, all bits of which depend on all bits of both.
fn mixed(a: u64, b: u64) -> u64 {
    let product =
        u128::from(a ^ 0x9e37_79b9_7f4a_7c15) * u128::from(b.wrapping_mul(2) ^ 0xbf58_476d_1ce4_e5b9);
    (product >> 64) as u64 ^ product as u64
}

/// How many minima are kept of a text.
const BINS: usize = 64;
/// Characters of a piece of text whose hash is taken.
const PIECE: usize = 4;

/// The ideographic space, and what stands for other characters that are left out.
const SPACE: u16 = 0x3000;

/// The unit of a rare character that the rest of a text begins with, and what is behind it.
#[cold]
fn other<'t>(text: &'t str, rest: &'t [u8]) -> (u16, &'t [u8]) {
    let c = text.get(text.len() - rest.len()..).and_then(|rest| rest.chars().next());
    let behind = rest.get(c.map_or(1, char::len_utf8)..).unwrap_or_default();
    // Of characters beyond the basic plane the low bits will do.
    (c.filter(|c| !c.is_whitespace()).map_or(SPACE, |c| (c as u32 & 0xffff) as u16), behind)
}

/// A print of a narrative by which near-identical ones are recognised: for each of 64 classes of four-character
/// pieces the smallest hash (one-permutation `MinHash`). Digits are left out: a copied text has new numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TextPrint {
    #[serde(with = "pairs")]
    bins: Box<[u16; BINS]>,
    /// Characters of the narrative without digits and spaces.
    pub(super) length: u32,
}

/// The minima as pairs of bytes, twice as short as numbers of seven bits a byte would be.
mod pairs {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use super::BINS;

    #[allow(clippy::borrowed_box, reason = "as serde calls it")]
    pub(super) fn serialize<S: Serializer>(bins: &Box<[u16; BINS]>, to: S) -> Result<S::Ok, S::Error> {
        let mut bytes = [0; 2 * BINS];
        for (to, bin) in bytes.chunks_exact_mut(2).zip(bins.iter()) {
            to.copy_from_slice(&bin.to_le_bytes());
        }
        to.serialize_bytes(&bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Box<[u16; BINS]>, D::Error> {
        let bytes = <&[u8]>::deserialize(from)?;
        let bins = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        bins.collect::<Vec<u16>>().try_into().map_err(|_| de::Error::custom("not so many minima"))
    }
}

impl Default for TextPrint {
    fn default() -> Self {
        Self { bins: Box::new([u16::MAX; BINS]), length: 0 }
    }
}

impl TextPrint {
    fn of(report: &Report) -> Self {
        let mut print = Self::default();
        let mut window = 0_u64;
        let texts = report.sections.iter().filter(|s| matches!(s.number, 1 | 5 | 6)).map(|s| s.text.raw());
        for text in texts {
            print.add(text, &mut window);
        }
        print
    }

    /// Adds a text behind others, of which `window` has the last characters.
    fn add(&mut self, text: &str, window: &mut u64) {
        let (mut last, mut length) = (*window, self.length);
        let mut rest = text.as_bytes();
        loop {
            let unit;
            (unit, rest) = match rest {
                // Ideographs and the marks of Chinese texts are by far the most.
                [first @ 0xe3..=0xef, second, third, behind @ ..] => {
                    let low = |byte: &u8| u32::from(byte & 0x3f);
                    ((u32::from(*first) << 12 | low(second) << 6 | low(third)) as u16, behind)
                }
                [0..0x80, behind @ ..] => {
                    rest = behind;
                    continue;
                }
                [] => break,
                _ => other(text, rest),
            };
            if unit == SPACE {
                continue;
            }
            last = last << 16 | u64::from(unit);
            length = length.wrapping_add(1);
            if length as usize >= PIECE {
                let hash = last.wrapping_mul(0x9e37_79b9_7f4a_7c15);
                let hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                let bin = &mut self.bins[(hash >> 58) as usize];
                *bin = (*bin).min((hash >> 32) as u16);
            }
        }
        (*window, self.length) = (last, length);
    }

    /// How many of a hundred pieces two narratives have in common, estimated; 0 for an empty one.
    pub(super) fn similarity(&self, other: &Self) -> i64 {
        let mut both = 0;
        let mut same = 0;
        for (a, b) in self.bins.iter().zip(other.bins.iter()) {
            let is_empty = *a == u16::MAX && *b == u16::MAX;
            both += i64::from(!is_empty);
            same += i64::from(!is_empty && a == b);
        }
        if both == 0 { 0 } else { same * 100 / both }
    }

    /// Keys that near-identical narratives share at least one of, and others hardly ever.
    pub(super) fn keys(&self) -> impl Iterator<Item = (u8, [u16; 4])> + '_ {
        self.bins.chunks_exact(4).zip(0..).filter_map(|(chunk, i)| Some((i, chunk.try_into().ok()?)))
    }
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "a test that cannot go on shall fail")]
mod tests {
    use super::*;
    use crate::report::Section;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn figures_come_back_as_they_were(units in -999_999_999_999_999_999_i64..=999_999_999_999_999_999, scale in 0_u8..=7) {
            for figure in [Figure::Absent, Figure::Blank, Figure::Unreadable, Figure::Number(Number::of_units(units, scale))] {
                let mut bytes = Vec::new();
                pack(figure, &mut bytes);
                prop_assert_eq!(unpack(&mut bytes.into_iter()), figure);
            }
        }
    }

    fn with_text(text: &str) -> Report {
        let section = Section { number: 1, title: "".into(), text: text.into(), line: 0, text_line: 0 };
        Report { sections: vec![section], ..Report::default() }
    }

    /// Sentences that share no piece of four characters.
    fn sentences(from: u32, count: u32) -> String {
        let sentence = |i: u32| {
            (0..40).filter_map(move |j| char::from_u32(0x4e00 + (i * 40 + j) * 3)).collect::<String>()
        };
        (from..from + count).map(sentence).collect::<Vec<_>>().join("。")
    }

    #[test]
    fn near_identical_texts_are_told_from_others() {
        let print = |text: &str| TextPrint::of(&with_text(text));
        let (whole, nearly) = (sentences(0, 40), format!("{}。{}", sentences(0, 39), sentences(90, 1)));
        assert_eq!(
            print(&whole).similarity(&print(&format!("2024年{whole}"))),
            98.max(print(&whole).similarity(&print(&format!("2024年{whole}"))))
        );
        assert!(print(&whole).similarity(&print(&nearly)) >= 85);
        assert!(print(&whole).similarity(&print(&sentences(200, 40))) <= 10);
        assert!(print(&whole).keys().zip(print(&nearly).keys()).any(|(a, b)| a == b));
        assert_eq!(print("").similarity(&print("")), 0);
    }

    proptest! {
        #[test]
        fn the_sentence_around_a_place_ends_at_its_marks(text in "[。；;、，清理肂肛]{0,12}", at in 0_usize..12) {
            let places: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
            let at = places[at.min(places.len() - 1)];
            let ends = ['。', '；', ';'];
            let before = text[..at].rsplit(ends).next().unwrap();
            let behind = text[at..].split_inclusive(ends).next().unwrap_or("");
            prop_assert_eq!(sentence_around(&text, at), format!("{before}{behind}"));
        }
    }

    #[test]
    fn a_cell_is_found_among_those_kept() {
        let mut report = Report { year: Some(2024), ..Report::default() };
        let set = |report: &mut Report, name: &str, value| {
            report.figures.set(CellId::parse(name).unwrap(), Figure::Number(Number::whole(value)));
        };
        set(&mut report, "requests.carried_out.total", 300);
        set(&mut report, "proactive_disclosure.fees.amount", 7);
        let digest = digest(&report, &[]);
        assert_eq!(digest.count("requests.carried_out.total"), Some(300));
        assert_eq!(digest.count("proactive_disclosure.fees.amount"), Some(7));
        assert_eq!(digest.count("requests.carried_in.total"), None);
    }
}
