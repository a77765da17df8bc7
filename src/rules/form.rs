//! The form itself: tables that are not there (F2), cells left blank (F3), rows without cells (F7).

use super::finding::line_of;
use super::{Evidence, Finding, Rule};
use crate::report::{CellId, Figure, Problem, ProblemCode, Report, TableId};

/// What the document leaves out of the form.
pub(super) fn check(report: &Report) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in TableId::ALL {
        findings.extend(missing_cells(report, table));
        findings.extend(if report.figures.has_table(table) {
            blanks(report, table)
        } else {
            no_table(table)
        });
    }
    findings
}

fn no_table(table: TableId) -> Option<Finding> {
    Some(Finding { rule: Rule::find("F2")?, evidence: Evidence::NoTable(table), line: None })
}

fn blanks(report: &Report, table: TableId) -> Option<Finding> {
    let of = report.figures.present(table).count();
    let is_blank = |(cell, figure): (CellId, Figure)| (figure == Figure::Blank).then_some(cell);
    let cells: Vec<CellId> = report.figures.present(table).filter_map(is_blank).collect();
    if cells.is_empty() {
        return None;
    }
    let line = line_of(report, cells.iter().copied());
    Some(Finding { rule: Rule::find("F3")?, evidence: Evidence::Blanks { table, cells, of }, line })
}

/// Rows and tables of which the reader of the document saw the label but no cells, or nothing at all.
fn missing_cells(report: &Report, table: TableId) -> Vec<Finding> {
    let about = |problem: &&Problem| {
        matches!(
            problem.code,
            ProblemCode::RowWithoutCells | ProblemCode::TableWithoutValues | ProblemCode::NoRow
        )
    };
    let finding = |problem: &Problem| {
        let name = problem.at.raw();
        let in_place = |cell: &CellId| {
            cell.table() == table
                && (name == table.name()
                    || cell.name().strip_suffix(cell.column().key) == Some(&format!("{name}.")))
        };
        let cells: Vec<CellId> = report.form().cells().filter(in_place).collect();
        if cells.is_empty() {
            return None;
        }
        let line = (problem.line > 0).then_some(problem.line);
        let evidence = Evidence::CellsMissing { at: problem.at.clone(), table, cells };
        Some(Finding { rule: Rule::find("F7")?, evidence, line })
    };
    report.problems.iter().filter(about).filter_map(finding).collect()
}
