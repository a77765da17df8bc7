//! What a check of the sums needs of a parsed report on one line, for lines in the plain layout.
//!
//! A corpus is gigabytes of narrative around a few hundred digits: this passes the one and reads the other. It must
//! never say anything that [`read`](super::read) would not say too, and never pass what is a problem there: a line
//! that departs from the plain layout in any way (a member that is unknown or occurs twice, a null in a sum, a number
//! that is not small and whole, an escape in a name …) is not judged here but read in full.

use std::sync::LazyLock;

use super::SCHEMA;
use super::layout::{ArrayRow, LAYOUT};
use super::line::{Line, Token};
use super::scan::Quoted;
use crate::report::{
    CELL_COUNT, CellId, Figure, Figures, KnownBy, Number, Report, TableId, TemplateId, Unit,
};

/// The cells that are there, a bit each.
pub type CellSet = [u64; CELL_COUNT.div_ceil(64)];

/// What was seen of a report.
#[derive(Debug, PartialEq, Eq)]
pub struct Glimpse<'a> {
    /// See [`Report::stated_id`].
    pub stated_id: Option<&'a str>,
    /// The agency.
    pub agency: &'a str,
    /// The county.
    pub county: Option<&'a str>,
    /// Its code.
    pub county_code: Option<&'a str>,
    /// The city.
    pub city: Option<&'a str>,
    /// The province.
    pub province: Option<&'a str>,
    /// The year.
    pub year: u16,
    /// The edition of the form. Tables 3 and 4 have a number in every cell of it, and no other cells.
    pub template: TemplateId,
    /// The cells that the report has.
    pub present: CellSet,
    /// The figures that are not a plain 0; in tables 3 and 4 these are small whole numbers.
    pub figures: Vec<(CellId, Figure)>,
}

/// The members that a report can have in the plain layout; `cells` and `problems` say more than a glance can take in.
const MEMBERS: [&str; 18] = [
    "schema",
    "id",
    "title",
    "province",
    "city",
    "county",
    "county_code",
    "agency",
    "year",
    "template",
    "synthetic",
    "source",
    "sections",
    "proactive_disclosure",
    "requests",
    "reconsideration_and_litigation",
    "agency_from",
    "year_from",
];
/// Those that must be there, a bit each: what is missing is a problem, or has another meaning.
const NEEDED: u32 = 1 | 1 << 2 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 14 | 1 << 15;

/// A row of table 3 or 4 as it is looked for.
struct Row {
    name: Token,
    /// The name with an array of zeros, which most rows are.
    zeros: Token,
    cells: &'static [CellId],
}

/// What is looked for, made once from the layout.
struct Plan {
    members: [Token; 18],
    source: [Token; 3],
    section: [Token; 5],
    disclosure: Vec<(Token, CellId)>,
    units: [Token; 2],
    requests: Vec<Row>,
    remedies: Vec<Row>,
    /// What each edition has of tables 3 and 4: its rows, a bit each, and its cells.
    editions: [Edition; 2],
}

struct Edition {
    id: TemplateId,
    rows: [u64; 2],
    cells: CellSet,
    /// A 0 in each of its cells.
    zeros: Figures,
}

static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    let rows = |table| LAYOUT.rows(table).iter().map(Row::new).collect::<Vec<Row>>();
    Plan {
        members: MEMBERS.map(Token::member),
        source: ["file", "format", "sha256"].map(Token::member),
        section: ["number", "title", "text", "line", "text_line"].map(Token::member),
        disclosure: LAYOUT.disclosure.iter().map(|(name, cell)| (Token::member(name), *cell)).collect(),
        units: ["procurement.unit", "fees.unit"].map(Token::member),
        requests: rows(TableId::Requests),
        remedies: rows(TableId::Remedies),
        editions: [TemplateId::T2019, TemplateId::T2021].map(Edition::new),
    }
});

impl Edition {
    fn new(id: TemplateId) -> Self {
        let (mut cells, mut zeros) = (CellSet::default(), Figures::default());
        let rows = [TableId::Requests, TableId::Remedies].map(|table| {
            let has = |row: &ArrayRow| row.cells.iter().all(|cell| id.template().has(*cell));
            let rows = LAYOUT.rows(table).iter().zip(0..).filter(|(row, _)| has(row));
            rows.fold(0, |rows, (row, i)| {
                for cell in &row.cells {
                    add(&mut cells, *cell);
                    zeros.set(*cell, Figure::Number(Number::whole(0)));
                }
                rows | 1 << i
            })
        });
        Self { id, rows, cells, zeros }
    }
}

impl Row {
    fn new(row: &'static ArrayRow) -> Self {
        let zeros = format!("[{}]", vec!["0"; row.cells.len()].join(","));
        let zeros = Token::new(format!("\"{}\":{zeros}", row.key));
        Self { name: Token::member(row.key), zeros, cells: &row.cells }
    }
}

fn add(set: &mut CellSet, cell: CellId) {
    if let Some(word) = set.get_mut(cell.index() / 64) {
        *word |= 1 << (cell.index() % 64);
    }
}

/// What is seen of the report on a line; nothing if it must be read in full.
#[must_use]
pub fn glance(line: &[u8]) -> Option<Glimpse<'_>> {
    let text = without_space(simdutf8::basic::from_utf8(line).ok()?);
    if has_control(text.as_bytes()) {
        return None;
    }
    Reader::<false>::new(Line::new(text)).report().map(|seen| seen.glimpse)
}

/// A text without what JSON takes for space at its end.
pub(super) fn without_space(text: &str) -> &str {
    text.trim_end_matches([' ', '\t', '\r', '\n'])
}

/// Whether a control character is among some bytes.
fn has_control(bytes: &[u8]) -> bool {
    // Without an early exit, so that many bytes are looked at together.
    bytes.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < 0x20
}

/// A whole report in the plain layout; nothing if it must be read otherwise.
pub(super) fn whole(text: &str) -> Option<Seen<'_>> {
    if has_control(text.as_bytes()) { None } else { Reader::<true>::new(Line::new(text)).report() }
}

/// What was seen of a report, with what a glance passes over.
pub(super) struct Seen<'a> {
    pub(super) glimpse: Glimpse<'a>,
    pub(super) texts: Texts<'a>,
    /// A 0 in every cell of tables 3 and 4.
    pub(super) zeros: &'static Figures,
}

/// What a glance passes over.
#[derive(Default)]
pub(super) struct Texts<'a> {
    pub(super) title: Option<Quoted<'a>>,
    pub(super) synthetic: bool,
    pub(super) agency_from: Option<KnownBy>,
    pub(super) year_from: Option<KnownBy>,
    /// File, format and hash.
    pub(super) source: [Option<Quoted<'a>>; 3],
    /// Of procurement and of fees.
    pub(super) units: [Option<Unit>; 2],
    pub(super) sections: Vec<SectionSeen<'a>>,
}

/// A section as it stands there.
#[derive(Default, Clone, Copy)]
pub(super) struct SectionSeen<'a> {
    /// Title and text.
    pub(super) texts: [Option<Quoted<'a>>; 2],
    /// Its number, its line and the line of its text.
    pub(super) numbers: [u32; 3],
}

/// A report that is being read, `WHOLE` or only as far as its sums go.
struct Reader<'a, const WHOLE: bool> {
    line: Line<'a>,
    seen: u32,
    glimpse: Glimpse<'a>,
    texts: Texts<'a>,
    /// The rows of tables 3 and 4 that were there, a bit each.
    rows: [u64; 2],
}

impl<'a, const WHOLE: bool> Reader<'a, WHOLE> {
    fn new(line: Line<'a>) -> Self {
        let glimpse = Glimpse {
            stated_id: None,
            agency: "",
            county: None,
            county_code: None,
            city: None,
            province: None,
            year: 0,
            template: TemplateId::T2021,
            present: CellSet::default(),
            figures: Vec::with_capacity(32),
        };
        Self { line, seen: 0, glimpse, texts: Texts::default(), rows: [0; 2] }
    }

    fn report(mut self) -> Option<Seen<'a>> {
        let mut next = 0;
        self.line.open(b'{')?;
        loop {
            let index = self.line.member(&PLAN.members, &mut next, |token| token)?;
            if self.seen & 1 << index != 0 {
                return None;
            }
            self.seen |= 1 << index;
            self.value(index)?;
            if !self.line.more(b'}')? {
                break;
            }
        }
        let is_whole = self.line.is_at_end() && self.seen & NEEDED == NEEDED;
        let edition = PLAN.editions.iter().find(|edition| edition.id == self.glimpse.template)?;
        for (all, cells) in self.glimpse.present.iter_mut().zip(edition.cells) {
            *all |= cells;
        }
        let Self { glimpse, texts, .. } = self;
        (is_whole && self.rows == edition.rows).then_some(Seen { glimpse, texts, zeros: &edition.zeros })
    }

    fn value(&mut self, index: usize) -> Option<()> {
        let line = &mut self.line;
        let glimpse = &mut self.glimpse;
        match index {
            0 => return (line.plain_string()? == SCHEMA).then_some(()),
            1 => glimpse.stated_id = Some(line.plain_string()?),
            2 => self.texts.title = Some(line.string()?),
            3 => glimpse.province = Some(line.plain_string()?),
            4 => glimpse.city = Some(line.plain_string()?),
            5 => glimpse.county = Some(line.plain_string()?),
            6 => glimpse.county_code = Some(line.plain_string()?),
            7 => glimpse.agency = line.plain_string()?,
            8 => glimpse.year = line.whole().filter(|year| (1990..=2100).contains(year))? as u16,
            9 => glimpse.template = TemplateId::parse(line.plain_string()?)?,
            10 => self.texts.synthetic = line.boolean()?,
            11 => {
                let texts = &mut self.texts.source;
                return members(line, &PLAN.source, 0, |line, index| {
                    line.string().map(|text| texts[index] = Some(text))
                });
            }
            12 => return self.sections(),
            13 => return self.disclosure(),
            14 => return self.rows(&PLAN.requests, 0),
            15 => return self.rows(&PLAN.remedies, 1),
            16 => self.texts.agency_from = Some(KnownBy::parse(line.plain_string()?)?),
            _ => self.texts.year_from = Some(KnownBy::parse(line.plain_string()?)?),
        }
        Some(())
    }

    fn sections(&mut self) -> Option<()> {
        self.line.open(b'[')?;
        loop {
            let mut section = SectionSeen::default();
            members(&mut self.line, &PLAN.section, 1, |line, index| {
                match index {
                    0 => section.numbers[0] = line.whole().filter(|number| *number <= 6)?,
                    1 | 2 => section.texts[index - 1] = Some(line.string()?),
                    _ => section.numbers[index - 2] = line.whole()?,
                }
                Some(())
            })?;
            if WHOLE {
                self.texts.sections.push(section);
            }
            if !self.line.more(b']')? {
                return Some(());
            }
        }
    }

    fn disclosure(&mut self) -> Option<()> {
        let (mut next, mut next_unit, mut units) = (0, 0, 0_u32);
        self.line.open(b'{')?;
        loop {
            if let Some(index) = self.line.member(&PLAN.disclosure, &mut next, |(token, _)| token) {
                let cell = PLAN.disclosure.get(index)?.1;
                let before = self.glimpse.present;
                add(&mut self.glimpse.present, cell);
                if before == self.glimpse.present {
                    return None;
                }
                let figure = self.line.figure()?;
                if figure != Figure::Number(Number::whole(0)) {
                    self.glimpse.figures.push((cell, figure));
                }
            } else {
                let unit = self.line.member(&PLAN.units, &mut next_unit, |token| token)?;
                if units & 1 << unit != 0 {
                    return None;
                }
                units |= 1 << unit;
                self.texts.units[unit] = Some(Unit::parse(self.line.plain_string()?)?);
            }
            if !self.line.more(b'}')? {
                return Some(());
            }
        }
    }

    fn rows(&mut self, rows: &'static [Row], table: usize) -> Option<()> {
        let (mut next, mut seen) = (0, 0_u64);
        self.line.open(b'{')?;
        loop {
            let index = match rows.get(next) {
                Some(row) if self.line.take(&row.zeros) => {
                    next += 1;
                    next - 1
                }
                _ => {
                    let index = self.line.member(rows, &mut next, |row| &row.name)?;
                    self.numbers(rows.get(index)?)?;
                    index
                }
            };
            if seen & 1 << index != 0 {
                return None;
            }
            seen |= 1 << index;
            if !self.line.more(b'}')? {
                break;
            }
        }
        *self.rows.get_mut(table)? = seen;
        Some(())
    }

    /// The numbers of a row.
    fn numbers(&mut self, row: &Row) -> Option<()> {
        self.line.open(b'[')?;
        let (last, _) = row.cells.split_last()?;
        for cell in row.cells {
            let number = self.line.whole()?;
            if number != 0 {
                self.glimpse.figures.push((*cell, Figure::Number(Number::whole(number.into()))));
            }
            if self.line.more(b']')? == (cell == last) {
                return None;
            }
        }
        Some(())
    }
}

/// An object of a few members, each at most once; `needed` are those that must be there, a bit each.
fn members<'a>(
    line: &mut Line<'a>,
    names: &[Token],
    needed: u32,
    mut value: impl FnMut(&mut Line<'a>, usize) -> Option<()>,
) -> Option<()> {
    let (mut next, mut seen) = (0, 0_u32);
    line.open(b'{')?;
    loop {
        let index = line.member(names, &mut next, |token| token)?;
        if seen & 1 << index != 0 {
            return None;
        }
        seen |= 1 << index;
        value(line, index)?;
        if !line.more(b'}')? {
            return (seen & needed == needed).then_some(());
        }
    }
}

impl Glimpse<'_> {
    /// See [`Report::id`].
    #[must_use]
    pub fn id(&self) -> std::borrow::Cow<'_, str> {
        let place = self.county_code.or(self.county);
        Report::id_of(self.stated_id, place, self.agency, Some(self.year))
    }
}
