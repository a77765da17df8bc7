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
use crate::report::{CELL_COUNT, CellId, Figure, Number, Report, TableId, TemplateId, Unit};

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
const MEMBERS: [&str; 16] = [
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
    members: [Token; 16],
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
        let mut cells = CellSet::default();
        let rows = [TableId::Requests, TableId::Remedies].map(|table| {
            let has = |row: &ArrayRow| row.cells.iter().all(|cell| id.template().has(*cell));
            let rows = LAYOUT.rows(table).iter().zip(0..).filter(|(row, _)| has(row));
            rows.fold(0, |rows, (row, i)| {
                row.cells.iter().for_each(|cell| add(&mut cells, *cell));
                rows | 1 << i
            })
        });
        Self { id, rows, cells }
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
    let line = line.trim_ascii_end();
    // Without an early exit, so that many bytes are looked at together.
    if line.iter().fold(u8::MAX, |least, byte| least.min(*byte)) < 0x20 {
        return None;
    }
    let text = simdutf8::basic::from_utf8(line).ok()?;
    Reader::new(Line::new(text)).report()
}

/// A report that is being read.
struct Reader<'a> {
    line: Line<'a>,
    seen: u32,
    glimpse: Glimpse<'a>,
    /// The rows of tables 3 and 4 that were there, a bit each.
    rows: [u64; 2],
}

impl<'a> Reader<'a> {
    fn new(line: Line<'a>) -> Self {
        let glimpse = Glimpse {
            stated_id: None,
            agency: "",
            county: None,
            county_code: None,
            city: None,
            year: 0,
            template: TemplateId::T2021,
            present: CellSet::default(),
            figures: Vec::with_capacity(32),
        };
        Self { line, seen: 0, glimpse, rows: [0; 2] }
    }

    fn report(mut self) -> Option<Glimpse<'a>> {
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
        (is_whole && self.rows == edition.rows).then_some(self.glimpse)
    }

    fn value(&mut self, index: usize) -> Option<()> {
        let line = &mut self.line;
        let glimpse = &mut self.glimpse;
        match index {
            0 => return (line.plain_string()? == SCHEMA).then_some(()),
            1 => glimpse.stated_id = Some(line.plain_string()?),
            4 => glimpse.city = Some(line.plain_string()?),
            5 => glimpse.county = Some(line.plain_string()?),
            6 => glimpse.county_code = Some(line.plain_string()?),
            7 => glimpse.agency = line.plain_string()?,
            8 => glimpse.year = line.whole().filter(|year| (1990..=2100).contains(year))? as u16,
            9 => glimpse.template = TemplateId::parse(line.plain_string()?)?,
            10 => line.boolean()?,
            11 => return self.members(&PLAN.source, 0, |line, _| line.string()),
            12 => return self.sections(),
            13 => return self.disclosure(),
            14 => return self.rows(&PLAN.requests, 0),
            15 => return self.rows(&PLAN.remedies, 1),
            _ => line.string()?,
        }
        Some(())
    }

    /// An object of a few members, each at most once; `needed` are those that must be there, a bit each.
    fn members(
        &mut self,
        names: &[Token],
        needed: u32,
        value: impl Fn(&mut Line<'a>, usize) -> Option<()>,
    ) -> Option<()> {
        let (mut next, mut seen) = (0, 0_u32);
        self.line.open(b'{')?;
        loop {
            let index = self.line.member(names, &mut next, |token| token)?;
            if seen & 1 << index != 0 {
                return None;
            }
            seen |= 1 << index;
            value(&mut self.line, index)?;
            if !self.line.more(b'}')? {
                return (seen & needed == needed).then_some(());
            }
        }
    }

    fn sections(&mut self) -> Option<()> {
        self.line.open(b'[')?;
        loop {
            self.members(&PLAN.section, 1, |line, index| match index {
                0 => line.whole().filter(|number| *number <= 6).map(drop),
                1 | 2 => line.string(),
                _ => line.whole().map(drop),
            })?;
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
                Unit::parse(self.line.plain_string()?)?;
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

impl Glimpse<'_> {
    /// See [`Report::id`].
    #[must_use]
    pub fn id(&self) -> std::borrow::Cow<'_, str> {
        let place = self.county_code.or(self.county);
        Report::id_of(self.stated_id, place, self.agency, Some(self.year))
    }
}
