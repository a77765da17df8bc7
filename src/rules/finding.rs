//! What a check found, kept structured until the last moment: rule, cells, declared, computed, all terms.

use super::{Evaluation, Rule, State, Term};
use crate::display::{Lang, Untrusted};
use crate::report::{CellId, Figure, Report, Sum, TableId};

/// One finding of one report.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that is not satisfied.
    pub rule: &'static Rule,
    /// What shows it.
    pub evidence: Evidence,
    /// Line of the document where it is best seen, if known.
    pub line: Option<u32>,
}

/// What shows that a rule is not satisfied.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// A relation that does not hold.
    Relation(Evaluation),
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

impl Finding {
    /// The table that it is about.
    #[must_use]
    pub fn table(&self) -> TableId {
        match &self.evidence {
            Evidence::Relation(evaluation) => evaluation.relation.table,
            Evidence::Blanks { table, .. }
            | Evidence::NoTable(table)
            | Evidence::CellsMissing { table, .. } => *table,
        }
    }

    /// All cells that take part, the one to look at first.
    #[must_use]
    pub fn cells(&self) -> Vec<CellId> {
        match &self.evidence {
            Evidence::Relation(e) => e.left.iter().chain(&e.right).map(|term| term.cell).collect(),
            Evidence::Blanks { cells, .. } | Evidence::CellsMissing { cells, .. } => cells.clone(),
            Evidence::NoTable(_) => Vec::new(),
        }
    }

    /// The cell to put the cursor on: for a balance the declared side's largest part, else the total.
    #[must_use]
    pub fn focus(&self) -> Option<CellId> {
        match &self.evidence {
            Evidence::Relation(e) => e.relation.total().or_else(|| {
                let non_zero = |terms: &[Term]| terms.iter().find(|t| !t.value().is_zero()).map(|t| t.cell);
                non_zero(&e.left).or_else(|| non_zero(&e.right))
            }),
            _ => self.cells().first().copied(),
        }
    }

    /// The declared side of a relation.
    #[must_use]
    pub fn declared(&self) -> Option<Side> {
        let Evidence::Relation(e) = &self.evidence else { return None };
        Some(if e.state == State::BlankTotal { Side::Blank } else { Side::Sum(e.declared()) })
    }

    /// The computed side of a relation.
    #[must_use]
    pub fn computed(&self) -> Option<Side> {
        let Evidence::Relation(e) = &self.evidence else { return None };
        Some(Side::Sum(e.computed()))
    }

    /// Declared less computed.
    #[must_use]
    pub fn difference(&self) -> Option<Sum> {
        let Evidence::Relation(e) = &self.evidence else { return None };
        Some(e.difference())
    }

    /// Where it is, in the words of the form.
    #[must_use]
    pub fn place(&self, lang: Lang) -> String {
        match &self.evidence {
            Evidence::Relation(e) => match e.relation.total().or_else(|| e.relation.cells().next()) {
                Some(cell) if e.relation.rule.id == "T3.1" => cell.column().label.on_screen(lang).to_owned(),
                Some(cell) => cell_words(cell, lang),
                None => String::new(),
            },
            Evidence::CellsMissing { cells, table, .. } => match cells.first() {
                Some(cell) if cells.iter().all(|c| c.row().key == cell.row().key) => {
                    cell.row().label.on_screen(lang).to_owned()
                }
                _ => table_words(*table, lang),
            },
            Evidence::Blanks { table, .. } | Evidence::NoTable(table) => table_words(*table, lang),
        }
    }

    /// One sentence with the numbers, for people.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let place = self.place(lang);
        match &self.evidence {
            Evidence::Relation(e) if e.state == State::BlankTotal => {
                let computed = e.computed();
                lang.pick(
                    format!("{place}：空白，各项合计 {computed}"),
                    format!("{place}: blank, the parts add up to {computed}"),
                )
            }
            Evidence::Relation(e) => {
                let (formula, difference) = (formula(e, lang), e.difference());
                lang.pick(
                    format!("{place}：{formula}，差 {difference}"),
                    format!("{place}: {formula}, off by {difference}"),
                )
            }
            Evidence::Blanks { cells, of, .. } => {
                let n = cells.len();
                lang.pick(
                    format!("{place}：{of} 个单元格中 {n} 个空白，应填数字（无则填 0）"),
                    format!("{place}: {n} of {of} cells are blank where the form asks for a number"),
                )
            }
            Evidence::NoTable(_) => {
                lang.pick(format!("{place}：文本中没有该表"), format!("{place}: not in the text"))
            }
            Evidence::CellsMissing { cells, .. } => {
                let n = cells.len();
                lang.pick(format!("{place}：缺少 {n} 个单元格"), format!("{place}: {n} cells are not there"))
            }
        }
    }
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
    cell.words(lang)
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
            (None, Figure::Blank) => lang.pick("空", "blank").to_owned(),
            (None, Figure::Unreadable | Figure::Absent) => "?".to_owned(),
        })
        .collect();
    if shown.is_empty() { "0".to_owned() } else { shown.join(" + ") }
}

/// The line of the document for some cells: of the first whose line is known.
pub(super) fn line_of(report: &Report, cells: impl IntoIterator<Item = CellId>) -> Option<u32> {
    cells.into_iter().find_map(|cell| report.line_of(cell))
}
