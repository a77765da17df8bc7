//! What of the tables is not there: rows without cells or without a label, and tables that were not read.

use super::finding::line_of;
use super::relation::unprinted;
use super::{Evidence, Finding, Observation, Rule, Scene};
use crate::display::Lang;
use crate::report::{CellId, Figure, Problem, ProblemCode, Report, TableId};

/// Rows and tables of which the reader of the document saw the label but no cells, or nothing at all: rows that follow
/// each other are missing for one reason.
pub(super) fn missing_cells(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let report = scene.report;
    let is_in_doubt = |cells: &[CellId]| cells.iter().all(|c| report.figures.get(*c) == Figure::Unreadable);
    let mut missing = unprinted(report);
    missing.retain(|(_, cells)| !is_in_doubt(cells));
    missing.sort_by_key(|(_, cells)| cells.first().copied());
    let mut findings = Vec::new();
    while let Some(gap) = next_gap(report, &mut missing) {
        findings.push(match gap.as_slice() {
            [(problem, cells)] => one_missing(problem, cells, rule),
            rows => many_missing(report, rows, rule),
        });
    }
    findings.into_iter().flatten().collect()
}

/// A row or a table that is missing, with its cells.
type Missing<'a> = (&'a Problem, Vec<CellId>);

/// Takes the first of what is missing, with all rows behind it that follow each other on the form and are missing in the
/// same way.
fn next_gap<'a>(report: &Report, missing: &mut Vec<Missing<'a>>) -> Option<Vec<Missing<'a>>> {
    if missing.is_empty() {
        return None;
    }
    let mut gap = vec![missing.remove(0)];
    while let Some((problem, cells)) = gap.last() {
        let is_next = |(other, row): &Missing<'_>| {
            other.code == problem.code && row.first().is_some_and(|cell| follows(report, cells, *cell))
        };
        let Some(i) = missing.iter().position(is_next) else { break };
        gap.push(missing.remove(i));
    }
    Some(gap)
}

/// Whether the row of a cell is the next one on the form behind that of some others.
fn follows(report: &Report, cells: &[CellId], next: CellId) -> bool {
    let Some(last) = cells.last() else { return false };
    let mut of_form = report.form().table(next.table()).cells().skip_while(|cell| cell != last).skip(1);
    last.table() == next.table() && of_form.next() == Some(next)
}

fn one_missing(problem: &Problem, cells: &[CellId], rule: &'static Rule) -> Option<Finding> {
    let table = cells.first()?.table();
    let line = (problem.line > 0).then_some(problem.line);
    let evidence = Evidence::CellsMissing { at: problem.at.clone(), table, cells: cells.to_vec() };
    Some(Finding { rule, severity: rule.severity, evidence, line })
}

/// Rows that follow each other on the form: a table that ends with them was cut.
fn many_missing(report: &Report, rows: &[Missing<'_>], rule: &'static Rule) -> Option<Finding> {
    let cells: Vec<CellId> = rows.iter().flat_map(|(_, cells)| cells).copied().collect();
    let (first, last) = (*cells.first()?, *cells.last()?);
    let (table, n) = (first.table(), rows.len());
    let has_label = rows.iter().all(|(problem, _)| problem.code == ProblemCode::RowWithoutCells);
    let form: Vec<CellId> = report.form().table(table).cells().collect();
    let before = form.iter().take_while(|cell| **cell != first).copied();
    let is_end = form.last() == Some(&last);
    // Of a row that is printed, the line shows where the others should follow.
    let line = line_of(report, before.clone().collect::<Vec<_>>().into_iter().rev());
    let mut above: Vec<&str> = before.map(|cell| cell.row().key).collect();
    above.dedup();
    let above = above.len();
    let of_first =
        (rows.first()?.0.line > 0).then(|| rows.first().map(|(problem, _)| problem.line)).flatten();
    let seen = Observation { is_whole_sentence: true, ..Observation::at(&cells) }.say_in(move |lang| {
        let table = super::table_words(table, lang);
        let [from, to] = [first, last].map(|cell| cell.row().label.on_screen(lang));
        match (lang, has_label, is_end && above > 0) {
            (Lang::Zh, true, _) => format!("{table}：“{from}”至“{to}”{n} 行只有行名，没有单元格"),
            (Lang::En, true, _) => {
                format!("{table}: {n} rows from {from} to {to} have their labels only, no cells")
            }
            (Lang::Zh, _, true) => format!("{table}：在第 {above} 行之后断开，缺少“{from}”以下 {n} 行"),
            (Lang::En, _, true) => {
                format!("{table}: ends after row {above}, {n} rows from {from} on are not there")
            }
            (Lang::Zh, ..) => format!("{table}：缺少“{from}”至“{to}”{n} 行"),
            (Lang::En, ..) => format!("{table}: {n} rows from {from} to {to} are not there"),
        }
    });
    let mut finding = seen.finding(rule);
    finding.line = of_first.or(line);
    Some(finding)
}

/// Tables whose rows stand in the text, and of which nothing was read.
pub(super) fn unread_tables(scene: &Scene<'_>, rule: &'static Rule) -> Vec<Finding> {
    let is_known = |table: TableId| {
        let doubtful = |p: &Problem| p.code.needs_reading() && p.at.raw().starts_with(table.name());
        scene.report.problems.iter().any(doubtful)
    };
    let is_unread = |table: &TableId| {
        let mut cells = scene.report.figures.present(*table).peekable();
        cells.peek().is_some() && cells.all(|(_, figure)| figure == Figure::Unreadable)
    };
    let unread = TableId::ALL.into_iter().filter(|table| is_unread(table) && !is_known(*table));
    let finding = |table: TableId| {
        let words = |lang| super::table_words(table, lang);
        let seen = Observation { section: table.number(), is_whole_sentence: true, ..Observation::default() };
        let seen = seen.say(
            format!("{}：文本中印有行名和数字，未能读出，需人工核对", words(Lang::Zh)),
            format!(
                "{}: rows with digits are printed in the text and could not be read, needs reading",
                words(Lang::En)
            ),
        );
        seen.finding(rule)
    };
    unread.map(finding).collect()
}
