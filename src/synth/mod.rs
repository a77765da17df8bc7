//! A corpus of made-up reports with known errors: for trying gouji without real data, for measuring it with a
//! million reports, and for testing the checker against labels that were not made by it.
//!
//! Every report is consistent by construction, then some get one error each with a [`Label`]. Nothing in here may
//! ask [`crate::rules`] what is wrong with a report, call wrong what nobody could tell from the reports, be mistaken
//! for a real report (title and [`Report::synthetic`] say so of every one), or depend on the machine: a seed gives the
//! same corpus everywhere, on any number of cores.

mod agencies;
mod chance;
mod figures;
mod inject;
mod label;
mod narrative;
mod wording;
mod write;

pub use inject::{KINDS, Kind};
pub use label::{Change, Label, SCHEMA};
pub use write::{Packing, Piece, write};

use agencies::{Agency, Plan, YEARS, YEARS_EACH};
use chance::Chance;
use figures::{Books, Layout};
use inject::{Error, LAST_YEAR, Scene, UNIT_SLIP};
use narrative::{Brief, Narrative, Noise, Style};

use crate::display::Untrusted;
use crate::report::{Figure, Figures, Report, TemplateId, Unit};

/// What every title begins with.
pub const TITLE_MARK: &str = "【合成数据】";

/// Which counties report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counties {
    /// Those of the gazetteer: what is made up about them is for trying and measuring.
    Real,
    /// Invented ones of an invented province: for what is published.
    Invented,
}

/// What corpus to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The number of reports.
    pub reports: u64,
    /// The seed: the same settings give the same corpus.
    pub seed: u64,
    /// Of a thousand reports, how many get an error.
    pub errors_per_mille: u32,
    /// Which counties report.
    pub counties: Counties,
}

impl Default for Settings {
    fn default() -> Self {
        // A seed whose small corpus has every kind of error and some offices with many requests.
        Self { reports: 240, seed: 2_414, errors_per_mille: 150, counties: Counties::Real }
    }
}

/// A report with what was put wrong into it.
#[derive(Debug, Clone)]
pub struct Item {
    /// The report.
    pub report: Report,
    /// Its labels: none for a report that is consistent, also with last year's.
    pub labels: Vec<Label>,
}

/// The reports of a corpus, agency after agency and year after year, made as they are asked for.
#[derive(Debug)]
pub struct Corpus {
    settings: Settings,
    plan: Plan,
    /// The next agency to make.
    ordinal: u64,
    /// What is left of the agency that was made last.
    ready: std::vec::IntoIter<Item>,
}

impl Corpus {
    /// The corpus with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, plan: Plan::new(&settings), ordinal: 0, ready: Vec::new().into_iter() }
    }
}

impl Iterator for Corpus {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if let Some(item) = self.ready.next() {
            return Some(item);
        }
        if self.ordinal >= self.plan.agencies() {
            return None;
        }
        let ordinal = self.ordinal;
        self.ordinal += 1;
        self.ready = reports_of(&self.settings, self.plan, ordinal).into_iter();
        self.ready.next()
    }
}

/// The reports of an agency: of all years, and of fewer where the corpus ends.
fn reports_of(settings: &Settings, plan: Plan, ordinal: u64) -> Vec<Item> {
    let years = settings.reports.saturating_sub(ordinal * YEARS_EACH).min(YEARS_EACH);
    History::new(settings, plan, ordinal).reports(years as usize)
}

/// One agency on its way through the years.
struct History {
    agency: Agency,
    books: Books,
    style: Style,
    /// Chance for what is consistent.
    chance: Chance,
    /// Chance for what is not, so that figures do not depend on how many errors are asked for.
    mishap: Chance,
    errors_per_mille: u32,
    /// The label that an error of last year leaves for this year's report.
    aftermath: Option<Label>,
    /// In which columns last year's report says in numbers what it carried out.
    carried: [bool; 7],
    /// Whether last year's report has an amount in the wrong unit.
    slipped: bool,
}

/// What a year's report is made from, as it is before anything is wrong.
struct Consistent {
    year: u16,
    layout: &'static Layout,
    figures: Figures,
    noise: Noise,
}

impl Consistent {
    /// The amount of money, if it is on that form.
    fn amount(&self, layout: &Layout) -> Figure {
        let cell = layout.amount.filter(|_| self.layout.template == layout.template);
        cell.map_or(Figure::Absent, |cell| self.figures.get(cell))
    }
}

impl History {
    fn new(settings: &Settings, plan: Plan, ordinal: u64) -> Self {
        let agency = plan.agency(ordinal);
        let mut chance = Chance::new(settings.seed, ordinal * 2);
        let mishap = Chance::new(settings.seed, ordinal * 2 + 1);
        let books = Books::new(&agency.profile, &mut chance);
        let style = Style::new(&mut chance);
        let errors_per_mille = settings.errors_per_mille;
        let (aftermath, carried, slipped) = (None, [false; 7], false);
        Self { agency, books, style, chance, mishap, errors_per_mille, aftermath, carried, slipped }
    }

    fn reports(mut self, years: usize) -> Vec<Item> {
        // All years first: whether an error can be told from the reports may depend on the next.
        let years: Vec<Consistent> = YEARS.take(years).map(|year| self.year(year)).collect();
        let place = |i: Option<usize>| i.and_then(|i| years.get(i));
        let around = |i: usize| [place(i.checked_sub(1)), place(i.checked_add(1))];
        years.iter().enumerate().map(|(i, year)| self.report(year, around(i))).collect()
    }

    fn year(&mut self, year: u16) -> Consistent {
        let layout = Layout::of(TemplateId::for_year(year).unwrap_or(TemplateId::T2021));
        let figures = self.books.next_year(layout, &mut self.chance);
        Consistent { year, layout, figures, noise: narrative::noise(&mut self.chance) }
    }

    /// The report of a year, with those before and after it.
    fn report(&mut self, year: &Consistent, around: [Option<&Consistent>; 2]) -> Item {
        let Consistent { year, layout, ref figures, noise } = *year;
        let brief = Brief::new(&self.agency, &self.style, layout, year, figures, noise);
        let narrative = brief.write();
        let (carried, figures) = (self.carried, figures.clone());
        // A second amount in yuan would make the first look right.
        let around = if self.slipped { [None; 2] } else { around };
        let amounts = around.map(|other| other.map_or(Figure::Absent, |other| other.amount(layout)));
        let mut draft =
            Draft { agency: &self.agency, layout, year, figures, brief, narrative, carried, amounts };
        let hit = self.mishap.per_mille(self.errors_per_mille);
        let label = match self.aftermath.take() {
            // Two errors about the same relation could undo each other: one at a time.
            Some(label) => Some(label),
            None if hit => draft.spoil(&mut self.mishap).map(|(label, aftermath)| {
                self.aftermath = aftermath;
                label
            }),
            None => None,
        };
        if let Some(row) = layout.requests.last() {
            self.carried = row.map(|cell| draft.figures.get(cell).number().is_some());
        }
        self.slipped = label.as_ref().is_some_and(|label| label.kind == UNIT_SLIP);
        Item { report: draft.finish(), labels: label.into_iter().collect() }
    }
}

/// A report that is not finished yet.
struct Draft<'a> {
    agency: &'a Agency,
    layout: &'static Layout,
    year: u16,
    figures: Figures,
    brief: Brief<'a>,
    narrative: Narrative,
    /// See [`History::carried`].
    carried: [bool; 7],
    /// See [`Scene::amounts`].
    amounts: [Figure; 2],
}

impl Draft<'_> {
    fn id(&self, year: u16) -> String {
        format!("{}-{:03}-{year}", self.agency.county_code, self.agency.number)
    }

    /// Puts an error in: its label, and the label that it leaves for next year's report.
    fn spoil(&mut self, chance: &mut Chance) -> Option<(Label, Option<Label>)> {
        let (figures, layout, carried, amounts) = (&self.figures, self.layout, self.carried, self.amounts);
        let scene = Scene { figures, layout, carried, amounts };
        let (brief, narrative) = (&mut self.brief, &self.narrative);
        let (kind, error) = inject::choose(&scene, chance, |chance| brief.slip(narrative, figures, chance))?;
        let id = self.id(self.year);
        let (changes, breaks) = match error {
            Error::Cells(changes, breaks) => (changes, breaks),
            Error::Narrative(slip) => {
                self.narrative = self.brief.write();
                let detail = format!("{}：{}写作 {}，表中为 {}", kind.about, slip.words, slip.now, slip.was);
                let (cells, relations, narrative) = (Vec::new(), Vec::new(), slip.cells.to_vec());
                return Some((Label { id, kind: kind.name, cells, relations, narrative, detail }, None));
            }
        };
        for change in &changes {
            self.figures.set(change.cell, change.now);
        }
        let aftermath = (!breaks.next_year.is_empty()).then(|| Label {
            id: self.id(self.year + 1),
            kind: LAST_YEAR.name,
            cells: Vec::new(),
            relations: breaks.next_year,
            narrative: Vec::new(),
            detail: format!("{}：见 {id}", LAST_YEAR.about),
        });
        let narrative = self.narrative.contradicted(self.layout.template, &changes);
        let detail = kind.detail(&changes);
        Some((
            Label { id, kind: kind.name, cells: changes, relations: breaks.here, narrative, detail },
            aftermath,
        ))
    }

    fn finish(self) -> Report {
        let (agency, year, template) = (self.agency, self.year, self.layout.template);
        let some = |text: &str| Some(Untrusted::from(text));
        Report {
            stated_id: Some(Untrusted::new(self.id(year))),
            title: Untrusted::new(format!("{TITLE_MARK}{}{year}年政府信息公开工作年度报告", agency.name)),
            agency: Untrusted::from(agency.name.as_str()),
            county: some(&agency.county),
            county_code: some(&agency.county_code),
            city: some(&agency.city).filter(|city| !city.is_empty()),
            province: some(&agency.province),
            year: Some(year),
            template: Some(template),
            synthetic: true,
            sections: self.narrative.into_sections(),
            figures: self.figures,
            procurement_unit: (template == TemplateId::T2019).then_some(Unit::TenThousandYuan),
            ..Report::default()
        }
    }
}
