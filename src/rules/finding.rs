//! What a check found, kept structured until the last moment: rule, cells, declared, computed, all terms.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::said::said;
use super::{Evaluation, Renamed, Rule, Said, Severity, State, Term};
use crate::display::{Lang, Untrusted};
use crate::places::Renaming;
use crate::report::template::SECTIONS;
use crate::report::{CellId, Figure, Report, Section, Sum, TableId};

/// One finding of one report.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that is not satisfied.
    pub rule: &'static Rule,
    /// How bad it is: the rule's severity, or what the configuration or the case makes of it.
    pub severity: Severity,
    /// What shows it.
    pub evidence: Evidence,
    /// Line of the document where it is best seen, if known.
    pub line: Option<u32>,
}

/// What shows that a rule is not satisfied.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// A relation that does not hold.
    Relation(Box<Evaluation>),
    /// Cells of a table left empty.
    Blanks {
        /// The table.
        table: TableId,
        /// The blank cells.
        cells: Vec<CellId>,
        /// How many cells the table has in the document.
        of: usize,
    },
    /// A whole table that the text does not have.
    NoTable(TableId),
    /// A row or table whose cells are not there.
    CellsMissing {
        /// Its name, such as `requests.carried_out`.
        at: Untrusted,
        /// Its table.
        table: TableId,
        /// The cells.
        cells: Vec<CellId>,
    },
    /// Cells, a sentence or another report that do not fit.
    Observation(Box<Observation>),
}

/// What a rule saw, with everything that takes part in it.
#[derive(Debug, Clone, Default)]
pub struct Observation {
    /// The section where it is best seen; 0 for the report as a whole.
    pub section: u8,
    /// The cells, the one to look at first.
    pub cells: Vec<CellId>,
    /// The words of the document.
    pub quote: Option<Quote>,
    /// What is stated.
    pub declared: Option<Sum>,
    /// What it should be by the other terms.
    pub computed: Option<Sum>,
    /// The other report that takes part, if any.
    pub other: Option<OtherReport>,
    /// What a decision on it rests on, where neither cells nor a quotation say that.
    pub rests_on: Option<String>,
    /// Whether the sentence names the place itself.
    pub is_whole_sentence: bool,
    /// The sentence for people, without the place.
    pub said: Said,
}

/// Characters of the document that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The section that they stand in; 0 for what stands before the first heading.
    pub section: u8,
    /// The bytes of the section's text.
    pub span: Range<usize>,
    /// The exact characters.
    pub text: Untrusted,
    /// The line of the document, if known.
    pub line: Option<u32>,
}

/// Another report of the corpus that takes part in a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherReport {
    /// Its agency.
    pub agency: Untrusted,
    /// Its year.
    pub year: u16,
}

/// The declared or the computed side of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A number.
    Sum(Sum),
    /// The cell is blank.
    Blank,
}

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sum(sum) => sum.fmt(f),
            Self::Blank => f.write_str("blank"),
        }
    }
}

impl Quote {
    /// The characters in that range of a section's text, with their line.
    #[must_use]
    pub fn new(section: &Section, span: Range<usize>) -> Self {
        let whole = section.text.raw();
        let text = whole.get(span.clone()).unwrap_or_default();
        let line = (section.text_line > 0).then(|| {
            let before = whole.get(..span.start).unwrap_or_default();
            section.text_line + memchr::memchr_iter(b'\n', before.as_bytes()).count() as u32
        });
        Self { section: section.number, span, text: text.into(), line }
    }

    /// The characters on one line, as a reader may be shown them.
    #[must_use]
    pub fn visible(&self) -> String {
        let words: String = self.text.raw().split_whitespace().collect();
        if let Cow::Owned(shown) = crate::display::visible(&words) {
            return shown;
        }
        words
    }
}

impl Observation {
    /// What was seen at some cells.
    #[must_use]
    pub fn at(cells: &[CellId]) -> Self {
        let section = cells.first().map_or(0, |cell| cell.table().number());
        Self { section, cells: cells.to_vec(), ..Self::default() }
    }

    /// What was seen in words of the document.
    #[must_use]
    pub fn quoting(quote: Quote) -> Self {
        Self { section: quote.section, quote: Some(quote), ..Self::default() }
    }

    /// Both sides of a comparison.
    #[must_use]
    pub fn sides(mut self, declared: impl Into<Sum>, computed: impl Into<Sum>) -> Self {
        self.declared = Some(declared.into());
        self.computed = Some(computed.into());
        self
    }

    /// The other report of the comparison.
    #[must_use]
    pub fn against(mut self, agency: &Untrusted, year: u16) -> Self {
        self.other = Some(OtherReport { agency: agency.clone(), year });
        self
    }

    /// The sentence for people.
    #[must_use]
    pub fn say(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.said = Said::both(zh.into(), en.into());
        self
    }

    /// The sentence for people, put together when it is asked for.
    #[must_use]
    pub fn say_in(mut self, words: impl Fn(Lang) -> String + Send + Sync + 'static) -> Self {
        self.said = Said::later(words);
        self
    }

    /// The finding.
    #[must_use]
    pub fn finding(self, rule: &'static Rule) -> Finding {
        let line = self.quote.as_ref().and_then(|quote| quote.line);
        Finding { rule, severity: rule.severity, evidence: Evidence::Observation(Box::new(self)), line }
    }
}

impl Finding {
    /// Says of a comparison with last year that the county had another name then.
    pub(super) fn name_renaming(&mut self, renamed: &Renamed<'_>, own_year: u16) {
        let Evidence::Observation(seen) = &mut self.evidence else { return };
        let Some(other) = seen.other.as_mut().filter(|other| other.year != own_year) else { return };
        other.agency = renamed.agency.clone();
        let Renaming { old, new, year } = renamed.county.clone();
        let said = std::mem::take(&mut seen.said);
        seen.said = Said::later(move |lang| {
            let sentence = said.in_lang(lang);
            lang.pick(
                format!("{sentence}（{old}，{year}年起{new}）"),
                format!("{sentence} ({old}, from {year} on {new})"),
            )
        });
    }

    /// Says that it is to be seen in another line.
    pub(crate) fn move_to_line(&mut self, line: u32) {
        self.line = Some(line);
        if let Evidence::Observation(seen) = &mut self.evidence
            && let Some(quote) = &mut seen.quote
        {
            quote.line = Some(line);
        }
    }

    /// The same with another severity than that of the rule.
    #[must_use]
    pub fn severe(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The table that it is about, if it is about one.
    #[must_use]
    pub fn table(&self) -> Option<TableId> {
        match &self.evidence {
            Evidence::Relation(evaluation) => Some(evaluation.relation.table),
            Evidence::Blanks { table, .. }
            | Evidence::NoTable(table)
            | Evidence::CellsMissing { table, .. } => Some(*table),
            Evidence::Observation(seen) => TableId::ALL.into_iter().find(|t| t.number() == seen.section),
        }
    }

    /// The section where it is best seen; 0 for the report as a whole.
    #[must_use]
    pub fn section(&self) -> u8 {
        match &self.evidence {
            Evidence::Observation(seen) => seen.section,
            _ => self.table().map_or(0, TableId::number),
        }
    }

    /// What was seen, for rules that are no sums.
    #[must_use]
    pub fn observation(&self) -> Option<&Observation> {
        match &self.evidence {
            Evidence::Observation(seen) => Some(seen),
            _ => None,
        }
    }

    /// The relation that does not hold, for rules that are sums.
    #[must_use]
    pub fn relation(&self) -> Option<&Evaluation> {
        match &self.evidence {
            Evidence::Relation(evaluation) => Some(evaluation),
            _ => None,
        }
    }

    /// All cells that take part, the one to look at first.
    #[must_use]
    pub fn cells(&self) -> Vec<CellId> {
        match &self.evidence {
            Evidence::Relation(e) => e.left.iter().chain(&e.right).map(|term| term.cell).collect(),
            Evidence::Blanks { cells, .. } | Evidence::CellsMissing { cells, .. } => cells.clone(),
            Evidence::NoTable(_) => Vec::new(),
            Evidence::Observation(seen) => seen.cells.clone(),
        }
    }

    /// The cell to put the cursor on: for a balance the declared side's largest part, else the total.
    #[must_use]
    pub fn focus(&self) -> Option<CellId> {
        match &self.evidence {
            Evidence::Relation(e) => focus_of(e),
            _ => self.cells().first().copied(),
        }
    }

    /// The declared side.
    #[must_use]
    pub fn declared(&self) -> Option<Side> {
        match &self.evidence {
            Evidence::Relation(e) if e.state == State::BlankTotal => Some(Side::Blank),
            Evidence::Relation(e) => Some(Side::Sum(e.declared())),
            Evidence::Observation(seen) => seen.declared.map(Side::Sum),
            _ => None,
        }
    }

    /// The computed side.
    #[must_use]
    pub fn computed(&self) -> Option<Side> {
        match &self.evidence {
            Evidence::Relation(e) => Some(Side::Sum(e.computed())),
            Evidence::Observation(seen) => seen.computed.map(Side::Sum),
            _ => None,
        }
    }

    /// Declared less computed.
    #[must_use]
    pub fn difference(&self) -> Option<Sum> {
        match &self.evidence {
            Evidence::Relation(e) => Some(e.difference()),
            Evidence::Observation(seen) => Some(seen.declared?.plus_sum(seen.computed?, -1)),
            _ => None,
        }
    }

    /// Where it is, in the words of the form.
    #[must_use]
    pub fn place(&self, lang: Lang) -> String {
        match &self.evidence {
            Evidence::Relation(e) => match e.relation.total().or_else(|| e.relation.cells().next()) {
                Some(cell) if e.relation.rule.id == "T3.1" => cell.column().label.on_screen(lang).to_owned(),
                Some(cell) => cell.words(lang).to_owned(),
                None => String::new(),
            },
            Evidence::CellsMissing { cells, table, .. } => match cells.first() {
                Some(cell) if cells.iter().all(|c| c.row().key == cell.row().key) => {
                    cell.row().label.on_screen(lang).to_owned()
                }
                _ => table_words(*table, lang),
            },
            Evidence::Blanks { table, .. } | Evidence::NoTable(table) => table_words(*table, lang),
            Evidence::Observation(seen) => match (seen.cells.first(), seen.section) {
                _ if seen.is_whole_sentence => String::new(),
                (_, 0) => String::new(),
                (Some(cell), _) if seen.quote.is_none() => cell.words(lang).to_owned(),
                (_, number) => section_words(number, lang),
            },
        }
    }

    /// One sentence with the numbers, for people; safe to show.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let place = self.place(lang);
        let words = self.words(lang);
        if place.is_empty() {
            return words;
        }
        place + lang.pick("：", ": ") + &words
    }

    /// The sentence without the place.
    fn words(&self, lang: Lang) -> String {
        match &self.evidence {
            Evidence::Relation(e) if e.state == State::BlankTotal => {
                let computed = e.computed();
                // The total of the totals belongs to two sums.
                let is_row = e.relation.rule.id == "T3.3";
                let (zh, en) = if is_row { ("六列", "six columns") } else { ("各项", "parts") };
                said!("空白，{zh}合计 {computed}", "blank, the {en} add up to {computed}")(lang)
            }
            Evidence::Relation(e) if self.rule.id == "T3.6" => {
                let total = e.declared();
                said!(
                    "只有总计 {total}，六列空白",
                    "only the total {total} is filled in, the six columns are blank"
                )(lang)
            }
            Evidence::Relation(e) => {
                let (formula, difference) = (formula(e, lang), signed(e.difference()));
                formula + lang.pick("，差 ", ", off by ") + &difference
            }
            Evidence::Blanks { cells, of, .. } => {
                let n = cells.len();
                said!(
                    "{of} 个单元格中 {n} 个空白，应填数字（无则填 0）",
                    "{n} of {of} cells are blank where the form asks for a number"
                )(lang)
            }
            Evidence::NoTable(_) => lang.pick("文本中没有该表", "not in the text").to_owned(),
            Evidence::CellsMissing { cells, .. } => {
                let n = cells.len();
                lang.pick(format!("缺少 {n} 个单元格"), format!("{n} cells are not there"))
            }
            Evidence::Observation(seen) => seen.said.in_lang(lang),
        }
    }
}

/// The declared total; of a balance the first cell that is not zero.
pub(super) fn focus_of(evaluation: &Evaluation) -> Option<CellId> {
    evaluation.relation.total().or_else(|| {
        let non_zero = |terms: &[Term]| terms.iter().find(|t| !t.value().is_zero()).map(|t| t.cell);
        non_zero(&evaluation.left).or_else(|| non_zero(&evaluation.right))
    })
}

/// A difference with its sign.
#[must_use]
pub fn signed(difference: Sum) -> String {
    if difference.is_negative() { difference.to_string() } else { format!("+{difference}") }
}

/// The name of a section for people.
#[must_use]
pub fn section_words(number: u8, lang: Lang) -> String {
    let section = SECTIONS.iter().find(|section| section.number == number);
    let title = section.map_or("", |section| section.label.on_screen(lang));
    let numeral =
        usize::from(number).checked_sub(1).and_then(|i| ["一", "二", "三", "四", "五", "六"].get(i));
    let numeral = numeral.unwrap_or(&"");
    said!("{numeral}、{title}", "section {number} {title}")(lang)
}

/// The name of a table for people.
#[must_use]
pub fn table_words(table: TableId, lang: Lang) -> String {
    let title = crate::report::template::TEMPLATE_2021.table(table).title.on_screen(lang);
    lang.pick(
        format!("表{} {title}", ["二", "三", "四"][usize::from(table.number() - 2)]),
        format!("table {} {title}", table.number()),
    )
}

/// The name of a cell for people: row and column.
#[must_use]
pub fn cell_words(cell: CellId, lang: Lang) -> String {
    cell.words(lang).to_owned()
}

/// The relation with its numbers: `21 + 0 = 21 + 0` or `21 = 7 + 8 + 6`, and where it breaks with the sum of each side
/// next to the sign: `1 + 0 = 1 ≠ 0 + 0 = 0`. Zero terms of long sums are left out.
#[must_use]
pub fn formula(evaluation: &Evaluation, lang: Lang) -> String {
    let (left, right) = (side(&evaluation.left, lang), side(&evaluation.right, lang));
    let (declared, computed) = (evaluation.declared(), evaluation.computed());
    if declared == computed {
        return format!("{left} = {right}");
    }
    let with_sum = |text: String, sum: Sum| if text.contains('+') { format!("{text} = {sum}") } else { text };
    format!("{} ≠ {}", with_sum(left, declared), with_sum(right, computed))
}

fn side(terms: &[Term], lang: Lang) -> String {
    const SHORT: usize = 3;
    let shown: Vec<String> = terms
        .iter()
        .filter(|term| terms.len() <= SHORT || !term.value().is_zero())
        .map(|term| match (term.stand_in, term.figure) {
            (Some(sum), _) => lang.pick(format!("(空白→{sum})"), format!("(blank→{sum})")),
            (None, Figure::Number(number)) => number.to_string(),
            (None, Figure::Blank) => lang.pick("空白", "blank").to_owned(),
            (None, Figure::Unreadable | Figure::Absent) => "?".to_owned(),
        })
        .collect();
    if shown.is_empty() { "0".to_owned() } else { shown.join(" + ") }
}

/// The line of the document for some cells: of the first whose line is known.
pub(super) fn line_of(report: &Report, cells: impl IntoIterator<Item = CellId>) -> Option<u32> {
    cells.into_iter().find_map(|cell| report.line_of(cell))
}
