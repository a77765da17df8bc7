//! Relations: linear equations over cells, held as data.
//!
//! The same value is evaluated, drawn under the table, printed as a formula and listed for machines. A relation
//! is exact, with tolerance 0.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::Rule;
use crate::report::template::{Along, SumRule, Table};
use crate::report::{CellId, Figure, Problem, ProblemCode, Report, Sum, TableId, Template, TemplateId};

/// The statement that the cells on the left sum to the same as the cells on the right.
#[derive(Debug)]
pub struct Relation {
    /// The rule that it is a case of.
    pub rule: &'static Rule,
    /// The statement of the form that it comes from.
    pub sum: &'static SumRule,
    /// Its name among the relations of a report, such as `bal:1` or `row:received`.
    pub name: String,
    /// The table that it lies in.
    pub table: TableId,
    /// The declared side.
    pub left: Vec<Operand>,
    /// The computed side.
    pub right: Vec<Operand>,
}

/// A cell of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operand {
    /// The cell.
    pub cell: CellId,
    /// Whether the edition of the form has it, so that its absence from a document is a gap.
    pub on_form: bool,
}

impl Relation {
    /// All cells of both sides.
    pub fn cells(&self) -> impl Iterator<Item = CellId> + '_ {
        self.left.iter().chain(&self.right).map(|operand| operand.cell)
    }

    /// The declared total, where the left side is one cell.
    #[must_use]
    pub fn total(&self) -> Option<CellId> {
        match self.left.as_slice() {
            [one] => Some(one.cell),
            _ => None,
        }
    }
}

/// How a relation stands in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Both sides are equal and something is not zero.
    Holds,
    /// Every operand is zero or blank.
    HoldsTrivially,
    /// The sides differ.
    Broken,
    /// The total is blank and its parts are not zero.
    BlankTotal,
    /// Operands are missing or unreadable.
    NotCheckable {
        /// Those operands.
        missing: Vec<CellId>,
    },
    /// The document does not have this part of the form, or it belongs to the other edition.
    NotApplicable,
}

impl State {
    /// Whether an auditor has to do something about it.
    #[must_use]
    pub const fn is_break(&self) -> bool {
        matches!(self, Self::Broken | Self::BlankTotal)
    }
}

/// An operand with its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The cell.
    pub cell: CellId,
    /// What stands in it.
    pub figure: Figure,
    /// The sum that stands in for a blank total in the balance.
    pub stand_in: Option<Sum>,
}

impl Term {
    /// What it adds: blank counts as zero.
    #[must_use]
    pub fn value(&self) -> Sum {
        self.stand_in.unwrap_or_else(|| self.figure.number().map_or(Sum::ZERO, Sum::from))
    }
}

/// A relation with its numbers in one report.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// The relation.
    pub relation: &'static Relation,
    /// How it stands.
    pub state: State,
    /// The terms of the declared side that the document has.
    pub left: Vec<Term>,
    /// The terms of the computed side that the document has.
    pub right: Vec<Term>,
}

impl Evaluation {
    /// The place of the relation among all of its form.
    #[must_use]
    pub fn number(&self) -> usize {
        let all = |id| relations(id).relations.iter().position(|r| std::ptr::eq(r, self.relation));
        [TemplateId::T2019, TemplateId::T2021].into_iter().find_map(all).unwrap_or(0)
    }

    /// The declared side.
    #[must_use]
    pub fn declared(&self) -> Sum {
        total(&self.left)
    }

    /// The computed side.
    #[must_use]
    pub fn computed(&self) -> Sum {
        total(&self.right)
    }

    /// Declared less computed.
    #[must_use]
    pub fn difference(&self) -> Sum {
        self.declared().plus_sum(self.computed(), -1)
    }
}

fn total(terms: &[Term]) -> Sum {
    terms.iter().fold(Sum::ZERO, |sum, term| sum.plus_sum(term.value(), 1))
}

/// All relations of one edition, with those of each cell.
#[derive(Debug)]
pub struct Catalogue {
    /// In the order of the form: table 3 by rule, then table 4.
    pub relations: Vec<Relation>,
    by_cell: FxHashMap<CellId, Vec<usize>>,
}

impl Catalogue {
    /// The relations that a cell takes part in.
    pub fn of_cell(&self, cell: CellId) -> impl Iterator<Item = &Relation> + '_ {
        self.by_cell.get(&cell).into_iter().flatten().filter_map(|i| self.relations.get(*i))
    }
}

/// The relations of an edition of the form.
#[must_use]
pub fn relations(template: TemplateId) -> &'static Catalogue {
    static OF_2019: LazyLock<Catalogue> = LazyLock::new(|| catalogue(TemplateId::T2019.template()));
    static OF_2021: LazyLock<Catalogue> = LazyLock::new(|| catalogue(TemplateId::T2021.template()));
    match template {
        TemplateId::T2019 => &OF_2019,
        TemplateId::T2021 => &OF_2021,
    }
}

fn catalogue(template: &'static Template) -> Catalogue {
    let mut relations = Vec::new();
    for table in &template.tables {
        for sum in table.sums {
            let Some(rule) = Rule::find(sum.rule) else { continue };
            match sum.along {
                Along::Rows => relations.extend(one_per_column(rule, sum, table, template)),
                Along::Columns => relations.extend(one_per_row(rule, sum, table, template)),
            }
        }
    }
    let mut by_cell: FxHashMap<CellId, Vec<usize>> = FxHashMap::default();
    for (i, relation) in relations.iter().enumerate() {
        for cell in relation.cells() {
            by_cell.entry(cell).or_default().push(i);
        }
    }
    Catalogue { relations, by_cell }
}

fn operands(template: &Template, cells: impl Iterator<Item = Option<CellId>>) -> Vec<Operand> {
    cells.flatten().map(|cell| Operand { cell, on_form: template.has(cell) }).collect()
}

fn one_per_column<'a>(
    rule: &'static Rule,
    sum: &'static SumRule,
    table: &'a Table,
    template: &'a Template,
) -> impl Iterator<Item = Relation> + 'a {
    let columns = table.blocks.iter().flat_map(|block| block.columns);
    columns.enumerate().map(move |(i, column)| {
        let side = |keys: &[&'static str]| {
            operands(template, keys.iter().map(|row| CellId::find(table.id, row, column.key)))
        };
        Relation {
            rule,
            sum,
            name: format!("{}:{}", sum.name, i + 1),
            table: table.id,
            left: side(sum.left),
            right: side(sum.right),
        }
    })
}

fn one_per_row<'a>(
    rule: &'static Rule,
    sum: &'static SumRule,
    table: &'a Table,
    template: &'a Template,
) -> impl Iterator<Item = Relation> + 'a {
    // A document may carry rows of the other edition: they are checked too where they are there.
    let mut rows: Vec<&'static str> = table.rows().map(|(_, row)| row.key).collect();
    for cell in CellId::all().filter(|cell| cell.table() == table.id) {
        if !rows.contains(&cell.row().key) {
            rows.push(cell.row().key);
        }
    }
    rows.into_iter().map(move |row| {
        let side = |keys: &[&'static str]| {
            operands(template, keys.iter().map(|column| CellId::find(table.id, row, column)))
        };
        Relation {
            rule,
            sum,
            name: format!("{}:{row}", sum.name),
            table: table.id,
            left: side(sum.left),
            right: side(sum.right),
        }
    })
}

/// Every relation of the report's form with its numbers, in the order of the form.
#[must_use]
pub fn evaluate_all(report: &Report) -> Vec<Evaluation> {
    let report = &*report.placed();
    let unprinted: Vec<CellId> = unprinted(report).into_iter().flat_map(|(_, cells)| cells).collect();
    let of_report = |relation| {
        let mut evaluation = evaluate(relation, report);
        // Where everything else is filled in, the cells of a label without any were lost, not left blank.
        let is_open = matches!(evaluation.state, State::Holds | State::HoldsTrivially)
            || evaluation.state.is_break() && is_filled(report, relation.table, &unprinted);
        if is_open && !unprinted.is_empty() {
            let missing: Vec<CellId> = relation.cells().filter(|cell| unprinted.contains(cell)).collect();
            if !missing.is_empty() {
                evaluation.state = State::NotCheckable { missing };
            }
        }
        evaluation
    };
    relations(report.form().id).relations.iter().map(of_report).collect()
}

/// Whether no cell of a table is blank but some that were not printed.
fn is_filled(report: &Report, table: TableId, unprinted: &[CellId]) -> bool {
    let is_blank = |(cell, figure): (CellId, Figure)| figure == Figure::Blank && !unprinted.contains(&cell);
    !unprinted.is_empty() && !report.figures.present(table).any(is_blank)
}

/// The same where some relation is broken, and nothing where all hold or cannot be checked: all that findings and their
/// causes need, in a fraction of the time.
#[must_use]
pub fn evaluate_broken(report: &Report) -> Vec<Evaluation> {
    if may_break(report) { evaluate_all(report) } else { Vec::new() }
}

/// Whether both sides of some relation differ, or are no numbers that are added quickly. What is blank, absent or
/// unreadable adds nothing: where both sides are the same so, nothing is broken, whatever the state is called. A blank
/// total, for which its parts stand in, differs from these itself.
fn may_break(report: &Report) -> bool {
    const LARGE: u64 = 1 << 53;
    // A place for every number that a cell can have, so that none need be tested.
    let mut values = [0_i64; 256];
    for table in [TableId::Requests, TableId::Remedies] {
        for cell in CellId::of(table) {
            if let Figure::Number(number) = report.figures.get(cell) {
                if number.scale() > 0 || number.units().unsigned_abs() > LARGE {
                    return true;
                }
                values[cell.index()] = number.units();
            }
        }
    }
    // So few numbers below the limit cannot overflow.
    let total = |operands: &[Operand]| {
        operands.iter().fold(0_i64, |sum, o| sum.wrapping_add(values[usize::from(o.cell.index() as u8)]))
    };
    relations(report.form().id).relations.iter().any(|r| total(&r.left) != total(&r.right))
}

/// The cells of rows and tables of which the document has the label but no cells, or not even the label: they count
/// as blank, but nothing that they take part in is known to hold.
pub(super) fn unprinted(report: &Report) -> Vec<(&Problem, Vec<CellId>)> {
    let about = |problem: &&Problem| {
        matches!(
            problem.code,
            ProblemCode::RowWithoutCells | ProblemCode::TableWithoutValues | ProblemCode::NoRow
        )
    };
    let cells = |problem: &Problem| -> Vec<CellId> {
        let name = problem.at.raw();
        let in_place = |cell: &CellId| {
            name == cell.table().name()
                || cell.name().strip_suffix(cell.column().key).and_then(|n| n.strip_suffix('.')) == Some(name)
        };
        report.form().cells().filter(in_place).collect()
    };
    report.problems.iter().filter(about).map(|problem| (problem, cells(problem))).collect()
}

/// One relation with its numbers.
#[must_use]
pub fn evaluate(relation: &'static Relation, report: &Report) -> Evaluation {
    let figures = &report.figures;
    let terms = |operands: &[Operand]| -> Vec<Term> {
        let mut terms = Vec::with_capacity(operands.len());
        for cell in operands.iter().map(|o| o.cell) {
            let figure = figures.get(cell);
            let stand_in = if figure == Figure::Blank { stand_in(relation, cell, report) } else { None };
            if figure != Figure::Absent {
                terms.push(Term { cell, figure, stand_in });
            }
        }
        terms
    };
    let (left, right) = (terms(&relation.left), terms(&relation.right));
    let mut evaluation = Evaluation { relation, state: State::NotApplicable, left, right };
    evaluation.state = state(&evaluation, report);
    evaluation
}

fn state(evaluation: &Evaluation, report: &Report) -> State {
    let figures = &report.figures;
    let relation = evaluation.relation;
    let sides = [&evaluation.left, &evaluation.right];
    let is_empty = sides.iter().all(|terms| terms.is_empty());
    let is_on_form = || [&relation.left, &relation.right].into_iter().flatten().any(|o| o.on_form);
    // A document that has a cell of the relation has the table.
    if is_empty && (!is_on_form() || !figures.has_table(relation.table)) {
        return State::NotApplicable;
    }
    let is_missing = |o: &&Operand| match figures.get(o.cell) {
        Figure::Absent => o.on_form && !report.is_printed_otherwise(o.cell),
        Figure::Unreadable => true,
        Figure::Blank | Figure::Number(_) => false,
    };
    let missing: Vec<CellId> =
        [&relation.left, &relation.right].into_iter().flatten().filter(is_missing).map(|o| o.cell).collect();
    if !missing.is_empty() {
        return State::NotCheckable { missing };
    }
    if is_empty {
        return State::NotApplicable;
    }
    if evaluation.declared() != evaluation.computed() {
        let blank = relation.total().is_some_and(|total| figures.get(total) == Figure::Blank);
        return if blank { State::BlankTotal } else { State::Broken };
    }
    if sides.into_iter().flatten().all(|term| term.value().is_zero()) {
        State::HoldsTrivially
    } else {
        State::Holds
    }
}

/// In the balance, a blank （七）总计 over non-zero results counts as their sum: the blank is a finding of its
/// own, and the balance still says whether the column was handled in full.
fn stand_in(relation: &Relation, blank: CellId, report: &Report) -> Option<Sum> {
    if relation.rule.id != "T3.1" || blank.row().key != "total" {
        return None;
    }
    let by_results = relations(report.form().id)
        .of_cell(blank)
        .find(|r| r.rule.id == "T3.2" && r.total() == Some(blank))?;
    let sum = by_results
        .right
        .iter()
        .filter_map(|o| report.figures.get(o.cell).number())
        .fold(Sum::ZERO, |sum, number| sum.plus(number, 1));
    (!sum.is_zero()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Number;

    /// A report of the given form with every cell 0.
    fn nil(template: TemplateId) -> Report {
        let mut report = Report { template: Some(template), ..Report::default() };
        for cell in template.template().cells() {
            report.figures.set(cell, Figure::Number(Number::whole(0)));
        }
        report
    }

    fn cell(name: &str) -> CellId {
        CellId::parse(name).unwrap()
    }

    fn set(report: &mut Report, name: &str, value: i64) {
        report.figures.set(cell(name), Figure::Number(Number::whole(value)));
    }

    fn state_of(report: &Report, name: &str) -> State {
        evaluate_all(report).into_iter().find(|e| e.relation.name == name).unwrap().state
    }

    #[test]
    fn the_form_states_these_relations() {
        let count = |template, prefix: &str| {
            relations(template).relations.iter().filter(|r| r.name.starts_with(prefix)).count()
        };
        for template in [TemplateId::T2019, TemplateId::T2021] {
            assert_eq!(count(template, "bal:"), 7);
            assert_eq!(count(template, "col:"), 7);
            assert_eq!(count(template, "row:"), 26, "the rows of both editions");
            assert_eq!(count(template, "rl:"), 3);
        }
        let col = relations(TemplateId::T2019).relations.iter().find(|r| r.name == "col:1").unwrap();
        assert_eq!(col.right.iter().filter(|o| o.on_form).count(), 19);
        let col = relations(TemplateId::T2021).relations.iter().find(|r| r.name == "col:7").unwrap();
        assert_eq!(col.right.iter().filter(|o| o.on_form).count(), 21);
    }

    #[test]
    fn zeros_hold_trivially_and_rows_of_the_other_edition_do_not_apply() {
        let report = nil(TemplateId::T2019);
        assert_eq!(state_of(&report, "bal:1"), State::HoldsTrivially);
        assert_eq!(state_of(&report, "row:other"), State::HoldsTrivially);
        assert_eq!(state_of(&report, "row:other_1"), State::NotApplicable);
    }

    #[test]
    fn a_break_has_both_numbers() {
        let mut report = nil(TemplateId::T2021);
        set(&mut report, "requests.received.natural", 3);
        set(&mut report, "requests.received.total", 4);
        let row = evaluate_all(&report).into_iter().find(|e| e.relation.name == "row:received").unwrap();
        assert_eq!(row.state, State::Broken);
        assert_eq!(
            (row.declared(), row.computed()),
            (Sum::from(Number::whole(4)), Sum::from(Number::whole(3)))
        );
        assert_eq!(row.difference(), Sum::from(Number::whole(1)));
    }

    #[test]
    fn rows_of_the_other_edition_are_summed_when_they_are_there() {
        let mut report = nil(TemplateId::T2019);
        for column in crate::report::template::APPLICANTS {
            report.figures.set(CellId::find(TableId::Requests, "other", column.key).unwrap(), Figure::Absent);
            for row in ["other_1", "other_2", "other_3"] {
                let cell = CellId::find(TableId::Requests, row, column.key).unwrap();
                report.figures.set(cell, Figure::Number(Number::whole(0)));
            }
        }
        set(&mut report, "requests.other_3.natural", 2);
        set(&mut report, "requests.total.natural", 2);
        assert_eq!(state_of(&report, "col:1"), State::Holds);
        assert_eq!(state_of(&report, "row:other_3"), State::Broken);
        assert_eq!(
            state_of(&report, "row:other"),
            State::NotApplicable,
            "the document prints （六） as three rows"
        );
    }

    #[test]
    fn a_missing_or_unreadable_operand_is_named() {
        for figure in [Figure::Absent, Figure::Unreadable] {
            let mut report = nil(TemplateId::T2021);
            report.figures.set(cell("requests.granted.legal"), figure);
            let missing = vec![cell("requests.granted.legal")];
            assert_eq!(state_of(&report, "col:5"), State::NotCheckable { missing: missing.clone() });
            assert_eq!(state_of(&report, "row:granted"), State::NotCheckable { missing });
            assert_eq!(state_of(&report, "bal:5"), State::HoldsTrivially);
        }
    }

    #[test]
    fn a_blank_total_stands_for_its_parts_in_the_balance() {
        let mut report = nil(TemplateId::T2019);
        report.figures.set(cell("requests.total.natural"), Figure::Blank);
        set(&mut report, "requests.granted.natural", 1);
        assert_eq!(state_of(&report, "col:1"), State::BlankTotal);
        let balance = evaluate_all(&report).into_iter().find(|e| e.relation.name == "bal:1").unwrap();
        assert_eq!(balance.state, State::Broken);
        assert_eq!(
            (balance.declared().to_string(), balance.computed().to_string()),
            ("0".into(), "1".into())
        );
    }

    proptest::proptest! {
        #[test]
        fn a_break_is_never_overlooked(
            edition in 0..2_usize,
            changes in proptest::collection::vec((29_usize..226, 0..8_u8), 0..6),
        ) {
            let template = [TemplateId::T2019, TemplateId::T2021][edition];
            let mut report = nil(template);
            for (i, to) in changes {
                let figure = match to {
                    0 => Figure::Absent,
                    1 => Figure::Blank,
                    2 => Figure::Unreadable,
                    3 => Figure::Number(Number::of_units(15, 1)),
                    4 => Figure::Number(Number::whole(999_999_999_999_999_999)),
                    n => Figure::Number(Number::whole(i64::from(n) - 4)),
                };
                report.figures.set(CellId::all().nth(i).unwrap(), figure);
            }
            let breaks = |all: Vec<Evaluation>| -> Vec<&str> {
                all.into_iter().filter(|e| e.state.is_break()).map(|e| e.relation.name.as_str()).collect()
            };
            proptest::prop_assert_eq!(breaks(evaluate_broken(&report)), breaks(evaluate_all(&report)));
        }
    }

    #[test]
    fn without_the_table_nothing_applies() {
        let mut report = nil(TemplateId::T2019);
        for cell in CellId::all().filter(|c| c.table() == TableId::Requests) {
            report.figures.set(cell, Figure::Absent);
        }
        assert_eq!(state_of(&report, "bal:1"), State::NotApplicable);
        assert_eq!(state_of(&report, "rl:reconsideration"), State::HoldsTrivially);
    }
}
