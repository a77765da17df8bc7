//! The domain: an annual report with its sections, its three tables and what was not certain in reading it.
//!
//! No I/O, no JSON text and no terminal in here. A report is what one document says, never what it should
//! have said: nothing in this module, and nothing that takes a report, changes a figure.

mod cell;
mod detail;
mod doubt;
mod figure;
mod forms;
mod known;
mod problem;
pub mod template;

pub use cell::{CELL_COUNT, CellId};
pub use figure::{Figure, MAX_DIGITS, Number, Sum, Unit};
pub use known::{KnownBy, mark as known_mark};
pub use problem::{Problem, ProblemCode};
pub use template::{TableId, Template, TemplateId};

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::display::Untrusted;

/// One annual report as read from one document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The identifier that the document states, if it is a parsed report with one.
    pub stated_id: Option<Untrusted>,
    /// The title on one line, its characters normalised.
    pub title: Untrusted,
    /// The agency as it is named; a report of a whole area has the name of the area.
    pub agency: Untrusted,
    /// Where the agency is known from; nothing where there is none, or where a parsed report does not say.
    pub agency_from: Option<KnownBy>,
    /// Name of the county-level division.
    pub county: Option<Untrusted>,
    /// Its six digits of GB/T 2260.
    pub county_code: Option<Untrusted>,
    /// Name of the city.
    pub city: Option<Untrusted>,
    /// Name of the province.
    pub province: Option<Untrusted>,
    /// The year that it reports on, not the year in which it was published.
    pub year: Option<u16>,
    /// Where the year is known from.
    pub year_from: Option<KnownBy>,
    /// The edition of the form that its tables follow.
    pub template: Option<TemplateId>,
    /// Where it was read from.
    pub source: Source,
    /// Whether a person has said which of several counties of the name it is from. Never written into a parsed report.
    pub is_placed_by_hand: bool,
    /// Whether it declares itself made up, for trying and testing programs.
    pub synthetic: bool,
    /// The sections that were found, in the order of the document.
    pub sections: Vec<Section>,
    /// The figures of the three tables.
    pub figures: Figures,
    /// The unit of 采购总金额, from its head or its cell.
    pub procurement_unit: Option<Unit>,
    /// The unit of 行政事业性收费 where the document prints another than the 万元 of the form.
    pub fees_unit: Option<Unit>,
    /// Where each figure stood and how it was printed.
    pub printed: BTreeMap<CellId, Printed>,
    /// What was not certain or not right in reading it.
    pub problems: Vec<Problem>,
}

/// The document that a report was read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// Path as given by the user, made text; the path itself is kept by the corpus.
    pub file: Untrusted,
    /// The name of the format, such as `text`.
    pub format: Untrusted,
    /// SHA-256 of the bytes, in lower-case hexadecimal digits.
    pub sha256: Untrusted,
}

/// One section of the narrative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// 1 to 6; 0 for what stands before the first heading.
    pub number: u8,
    /// The heading as printed.
    pub title: Untrusted,
    /// The text below it without the tables, lines as printed.
    pub text: Untrusted,
    /// Line of the heading, from 1.
    pub line: u32,
    /// Line of the first line of `text`, whose lines follow each other down to the table; 0 if unknown.
    pub text_line: u32,
}

/// How a figure was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Line in the document, from 1; 0 if unknown.
    pub line: u32,
    /// The characters of the cell.
    pub text: Untrusted,
}

/// The figures of all cells of a report.
#[derive(Clone, PartialEq, Eq)]
pub struct Figures(Box<[Figure; CELL_COUNT]>);

impl Default for Figures {
    fn default() -> Self {
        Self(Box::new([Figure::Absent; CELL_COUNT]))
    }
}

impl Figures {
    /// The figure of a cell.
    #[must_use]
    pub fn get(&self, cell: CellId) -> Figure {
        self.0[cell.index()]
    }

    /// Records what stands in a cell.
    pub fn set(&mut self, cell: CellId, figure: Figure) {
        self.0[cell.index()] = figure;
    }

    /// The cells of a table that the document has.
    pub fn present(&self, table: TableId) -> impl Iterator<Item = (CellId, Figure)> + '_ {
        let figures = self.0.get(cell::indices(table)).unwrap_or_default();
        CellId::of(table).zip(figures).filter(|(_, f)| !matches!(f, Figure::Absent)).map(|(c, f)| (c, *f))
    }

    /// Whether a cell is blank.
    #[must_use]
    pub fn has_blank(&self) -> bool {
        self.0.iter().any(|figure| matches!(figure, Figure::Blank))
    }

    /// Whether the document has any cell of the table.
    #[must_use]
    pub fn has_table(&self, table: TableId) -> bool {
        self.present(table).next().is_some()
    }
}

impl std::fmt::Debug for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map()
            .entries(CellId::all().map(|c| (c, self.get(c))).filter(|(_, v)| *v != Figure::Absent))
            .finish()
    }
}

impl Report {
    /// What names the report among others: the stated identifier, else county (code or name), agency and year.
    #[must_use]
    pub fn id(&self) -> Untrusted {
        let place = self.county_code.as_ref().or(self.county.as_ref()).map(Untrusted::raw);
        let stated = self.stated_id.as_ref().map(Untrusted::raw);
        Untrusted::new(Self::id_of(stated, place, self.agency.raw(), self.year))
    }

    /// What names a report with that stated identifier, county (code or name), agency and year.
    #[must_use]
    pub fn id_of<'a>(
        stated: Option<&'a str>,
        place: Option<&str>,
        agency: &str,
        year: Option<u16>,
    ) -> Cow<'a, str> {
        let year = || year.map_or_else(|| "-".to_owned(), |y| y.to_string());
        let made = || format!("{}/{agency}/{}", place.unwrap_or("-"), year());
        stated.map_or_else(|| Cow::Owned(made()), Cow::Borrowed)
    }

    /// The form to show and check it by: the one that it follows, else the one for its year.
    #[must_use]
    pub fn form(&self) -> &'static Template {
        let by_year = || self.year.and_then(TemplateId::for_year);
        self.template.or_else(by_year).unwrap_or(TemplateId::T2021).template()
    }

    /// Whether it is on no form of 2019 or later: nothing of those is missing in it.
    #[must_use]
    pub fn is_before_the_forms(&self) -> bool {
        self.problems.iter().any(|p| p.code == ProblemCode::EarlierForm)
    }

    /// The section of that number.
    #[must_use]
    pub fn section(&self, number: u8) -> Option<&Section> {
        self.sections.iter().find(|s| s.number == number)
    }

    /// The line of the document where a cell stood, if known.
    #[must_use]
    pub fn line_of(&self, cell: CellId) -> Option<u32> {
        self.printed.get(&cell).map(|p| p.line).filter(|line| *line > 0)
    }
}
