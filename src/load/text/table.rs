//! One table: rows found, values placed, figures recorded with line and print.

use std::ops::Range;

use super::cellwise;
use super::head::Head;
use super::lines::{DocLine, FieldKind};
use super::place::{Cell, Cells, Habits, Placed, RowFields};
use super::rows::{self, FoundRow};
use super::sections::Heading;
use super::stream::{Piece, Run, Stream};
use super::{problem, remedies, value};
use crate::display::Untrusted;
use crate::load::normalise::first_letters;
use crate::report::template::Holds;
use crate::report::{CellId, Figure, Printed, ProblemCode, Report, TableId, TemplateId, Unit};

/// Reads a table out of a region of the document; gives the lines that it takes, or nothing if it is not there.
pub(super) fn read(
    report: &mut Report,
    lines: &[DocLine<'_>],
    region: Range<usize>,
    (table, has_heading): (TableId, bool),
    edition: TemplateId,
) -> Option<Range<usize>> {
    let stream = Stream::new(lines, region.clone());
    let taken = match table {
        TableId::Remedies => remedies::read(report, &stream, lines, region.clone(), (edition, has_heading)),
        TableId::Disclosure | TableId::Requests => {
            read_rows(report, &stream, lines, region.clone(), table, edition)
        }
    };
    let taken = taken?;
    if table == TableId::Disclosure {
        read_units(report, &stream);
    }
    let head = head_line(lines, &region, taken.start);
    Some(head..taken.end)
}

/// How the lines of the heads of the tables begin.
const HEADS: [(TableId, &[&str]); 3] = [
    (TableId::Disclosure, &["第二十条第", "信息内容"]),
    (TableId::Requests, &["本列数据的勾稽关系", "申请人情况"]),
    (TableId::Remedies, &["结果维持", "行政复议"]),
];

/// Whether a line begins as one of some heads do.
fn begins_with(line: &DocLine<'_>, heads: &[&str]) -> bool {
    let (first, count) = first_letters::<9>(line.text);
    let first = first.get(..count).unwrap_or_default();
    heads.iter().any(|head| {
        let mut letters = first.iter().copied();
        head.chars().all(|c| letters.next() == Some(c))
    })
}

/// The first line of the head of a table above its first row.
fn head_line(lines: &[DocLine<'_>], region: &Range<usize>, first: usize) -> usize {
    let is_head = |line: &DocLine<'_>| HEADS.iter().any(|(_, heads)| begins_with(line, heads));
    let above = (region.start..first).find(|i| lines.get(*i).is_some_and(is_head));
    above.unwrap_or(first)
}

/// Where a table stands outside of its section: from its head to that of the next table, or to the next heading.
pub(super) fn by_head(lines: &[DocLine<'_>], headings: &[Heading], table: TableId) -> Option<Range<usize>> {
    let heads = HEADS.iter().find(|(of, _)| *of == table).map(|(_, heads)| *heads)?;
    let start = lines.iter().position(|line| begins_with(line, heads))?;
    let is_other =
        |line: &DocLine<'_>| HEADS.iter().any(|(of, heads)| *of != table && begins_with(line, heads));
    let other = lines.iter().skip(start).position(is_other).map(|i| start + i);
    let heading = headings.iter().map(|heading| heading.line).filter(|line| *line > start).min();
    Some(start..other.into_iter().chain(heading).min().unwrap_or(lines.len()))
}

/// The head above each row: of the rows of a block, what stands between the block before and its first row. With it,
/// whether that names the columns in another order than the form.
fn heads(lines: &[DocLine<'_>], region: &Range<usize>, rows: &[&FoundRow]) -> Vec<(Option<Head>, bool)> {
    let mut heads: Vec<(Option<Head>, bool)> = Vec::with_capacity(rows.len());
    let mut from = region.start;
    for group in rows.chunk_by(|a, b| std::ptr::eq(a.block, b.block)) {
        let first = group.first().map_or(from, |row| row.line);
        let head = group.first().zip(lines.get(from..first)).map_or((None, false), |(row, above)| {
            (Head::find(above, row.block), Head::is_in_other_order(above, row.block))
        });
        heads.extend(group.iter().map(|_| head.clone()));
        from = group.last().map_or(from, |row| row.line + 1);
    }
    heads
}

fn read_rows(
    report: &mut Report,
    stream: &Stream,
    lines: &[DocLine<'_>],
    region: Range<usize>,
    table: TableId,
    edition: TemplateId,
) -> Option<Range<usize>> {
    let found = rows::find(stream, lines, table, edition);
    let rows = without_group_labels(&found.rows, table);
    let is_group_filled =
        rows.len() < found.rows.len() && found.rows.iter().any(|row| is_group(row) && !row.runs.is_empty());
    let form = edition.template().table(table);
    // A word or two that also stands in the form does not make a table, nor do some of its labels without a figure.
    let has_values = |run: &Run| run.pieces.iter().any(|piece| rows::piece_has_values(piece, lines));
    let is_part = rows.len() < 3 || 2 * rows.len() < form.rows().count();
    if is_part && !stream.runs.iter().any(has_values) {
        return None;
    }
    let heads: Vec<(Option<Head>, bool)> = heads(lines, &region, &rows);
    let mut fields: Vec<RowFields<'_, '_>> = rows
        .iter()
        .zip(&heads)
        .map(|(row, (head, is_other))| RowFields::new(row, stream, lines, (head.as_ref(), *is_other)))
        .collect();
    let is_lone_run = |stray: &usize| stream.runs.get(*stray).is_some_and(|run| is_lone(run, lines));
    let habits = habits(&mut fields, found.strays.iter().any(is_lone_run));
    let placed: Vec<Placed<'_>> = fields.iter().map(|row| row.place(&habits)).collect();
    // Where a number found no row, it may be that of a row for which none was found.
    let is_all_placed = found.strays.iter().all(|stray| is_page_number(stream, *stray))
        && !placed.iter().any(|p| matches!(p, Placed::Not(_)));
    if is_all_placed && placed.iter().all(|p| matches!(p, Placed::NoCells)) {
        let line = lines.get(rows.first()?.line).map_or(0, |l| l.number);
        no_values(report, table, edition, line);
    } else {
        // A label that came once with and once without its values has its values.
        let (bare, filled): (Vec<_>, Vec<_>) =
            rows.iter().zip(&placed).partition(|(_, p)| matches!(p, Placed::NoCells));
        for (row, placed) in filled.into_iter().chain(bare) {
            record_row(report, lines, (table, is_all_placed), row, placed);
        }
        for (_, row) in form.rows().filter(|(_, row)| !rows.iter().any(|found| found.row.key == row.key)) {
            let is_first_item = is_group_filled && row.key == "other_1";
            if is_first_item || !is_printed_otherwise(&rows, row.key, table) {
                let at = format!("{}.{}", table.name(), row.key);
                report.problems.push(problem(ProblemCode::NoRow, &at, 0, row.label.official));
            }
        }
    }
    for stray in &found.strays {
        record_stray(report, stream, lines, table, *stray);
    }
    run_together(report, lines, stream, table, &rows);
    let first = rows.iter().map(|row| row.line).min()?;
    let of_runs = rows
        .iter()
        .flat_map(|row| &row.runs)
        .filter_map(|i| stream.runs.get(*i)?.pieces.last())
        .map(|p| p.line);
    let last = rows.iter().map(|row| row.line).chain(of_runs).max()?;
    Some(first..last + 1)
}

/// How the values of a table are laid out, as its rows show. What stands before no label may be lone values.
fn habits(fields: &mut [RowFields<'_, '_>], has_lone_strays: bool) -> Habits {
    let mut habits = Habits::default();
    for row in fields.iter() {
        row.teach(&mut habits);
    }
    habits.has_too_many = fields.iter().any(RowFields::has_too_many) || has_lone_strays;
    if habits.has_too_many {
        let is_full: Vec<bool> = fields.iter().map(RowFields::is_full).collect();
        let most_are_full = 2 * is_full.iter().filter(|is_full| **is_full).count() > is_full.len();
        for (row, near) in fields.iter_mut().skip(1).zip(is_full.windows(3)) {
            row.is_among_full = most_are_full && near.iter().all(|is_full| *is_full);
        }
        fields.first_mut().into_iter().for_each(|row| row.is_among_full = false);
        fields.last_mut().into_iter().for_each(|row| row.is_among_full = false);
    }
    // Rows of three columns, of seven: each kind shows by itself how it is printed.
    let are_lines = |columns: usize| {
        cellwise::are_lines(&fields.iter().filter(|row| row.columns == columns).collect::<Vec<_>>())
    };
    let mut kinds: Vec<usize> = fields.iter().map(|row| row.columns).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.retain(|columns| are_lines(*columns));
    habits.lines = kinds;
    habits
}

/// （六）其他处理 of 2021 is a merged cell over three rows, not a row; sums of the three may stand beside it.
fn without_group_labels(found: &[FoundRow], table: TableId) -> Vec<&FoundRow> {
    let has_items = table == TableId::Requests && found.iter().any(|f| f.row.key.starts_with("other_"));
    found.iter().filter(|row| !(has_items && is_group(row))).collect()
}

fn is_group(row: &FoundRow) -> bool {
    row.row.key == "other"
}

/// Whether a row of （六） is printed as the other edition does.
fn is_printed_otherwise(rows: &[&FoundRow], key: &str, table: TableId) -> bool {
    let has = |key: &str| rows.iter().any(|row| row.row.key == key);
    table == TableId::Requests
        && match key {
            "other" => has("other_1") || has("other_2") || has("other_3"),
            "other_1" | "other_2" | "other_3" => has("other"),
            _ => false,
        }
}

/// The table is there, no value is: every cell is blank.
pub(super) fn no_values(report: &mut Report, table: TableId, edition: TemplateId, line: u32) {
    for cell in edition.template().table(table).cells() {
        report.figures.set(cell, Figure::Blank);
    }
    report.problems.push(problem(ProblemCode::TableWithoutValues, table.name(), line, ""));
}

fn record_row(
    report: &mut Report,
    lines: &[DocLine<'_>],
    (table, is_all_placed): (TableId, bool),
    row: &FoundRow,
    placed: &Placed<'_>,
) {
    let cells = row.cells;
    let at = || format!("{}.{}", table.name(), row.row.key);
    let line = |i: usize| lines.get(i).map_or(0, |l| l.number);
    let is_new = cells.iter().all(|c| report.figures.get(*c) == Figure::Absent);
    match placed {
        Placed::Surely(values) if is_new => record_cells(report, lines, row.line, cells, values),
        Placed::Probably(values) if is_new => {
            record_cells(report, lines, row.line, cells, values);
            let detail = values.iter().flatten().map(|c| c.text).collect::<Vec<_>>().join(" ");
            let line = values.iter().flatten().next().map_or(line(row.line), |c| line(c.line));
            report.problems.push(problem(ProblemCode::UncertainRow, &at(), line, detail));
        }
        Placed::Surely(values) | Placed::Probably(values) => {
            let same = cells
                .iter()
                .zip(values)
                .all(|(cell, v)| report.figures.get(*cell) == read_cell(*cell, *v).figure);
            if !same {
                set_all(report, cells, Figure::Unreadable);
                report.problems.push(problem(
                    ProblemCode::RowTwice,
                    &at(),
                    line(row.line),
                    row.row.label.official,
                ));
            }
        }
        Placed::Not(printed) => {
            set_all(report, cells, Figure::Unreadable);
            for cell in cells {
                let text = Untrusted::new(printed.clone());
                report.printed.insert(*cell, Printed { line: line(row.line), text });
            }
            report.problems.push(problem(ProblemCode::UncertainRow, &at(), line(row.line), printed.clone()));
        }
        Placed::NoCells if is_new => {
            let (figure, code) = if is_all_placed {
                (Figure::Blank, ProblemCode::RowWithoutCells)
            } else {
                (Figure::Unreadable, ProblemCode::UncertainRow)
            };
            set_all(report, cells, figure);
            report.problems.push(problem(code, &at(), line(row.line), row.row.label.official));
        }
        // The label came again without values: a label that the page broke, or a repeated head.
        Placed::NoCells => {}
    }
}

pub(super) fn set_all(report: &mut Report, cells: &[CellId], figure: Figure) {
    for cell in cells {
        report.figures.set(*cell, figure);
    }
}

fn read_cell(cell: CellId, printed: Option<Cell<'_>>) -> value::Value {
    let Some(printed) = printed else { return value::Value { figure: Figure::Blank, unit: None } };
    let mut value = value::read(printed.text, cell.column().holds);
    if let Some(unit) = printed.unit {
        value.unit = Unit::parse(&crate::load::normalise::folded(unit));
    }
    value
}

pub(super) fn record_cells(
    report: &mut Report,
    lines: &[DocLine<'_>],
    row_line: usize,
    cells: &[CellId],
    values: &Cells<'_>,
) {
    for (cell, printed) in cells.iter().zip(values) {
        let value = read_cell(*cell, *printed);
        report.figures.set(*cell, value.figure);
        let line = lines.get(printed.map_or(row_line, |p| p.line)).map_or(0, |l| l.number);
        let text = printed.map_or(String::new(), |p| match p.unit {
            Some(unit) => format!("{} {unit}", p.text),
            None => p.text.to_owned(),
        });
        if value.figure == Figure::Unreadable {
            report.problems.push(problem(ProblemCode::NotANumber, cell.name(), line, text.clone()));
        }
        if let (Some(unit), Holds::Money) = (value.unit, cell.column().holds) {
            record_unit(report, *cell, unit);
        }
        report.printed.insert(*cell, Printed { line, text: text.into() });
    }
}

fn record_unit(report: &mut Report, cell: CellId, unit: Unit) {
    match cell.row().key {
        "procurement" => report.procurement_unit = Some(unit),
        "fees" if unit != Unit::TenThousandYuan => report.fees_unit = Some(unit),
        _ => {}
    }
}

/// The unit of 采购总金额 in its head, where the cell prints none.
fn read_units(report: &mut Report, stream: &Stream) {
    if report.procurement_unit.is_none()
        && let Some((_, after)) = stream.text.split_once("采购总金额")
    {
        let head: String = after.chars().take(12).collect();
        let unit = head.split_once("单位").map_or(head.as_str(), |(_, unit)| unit);
        report.procurement_unit = [Unit::TenThousandYuan, Unit::HundredMillionYuan, Unit::Yuan]
            .into_iter()
            .find(|u| unit.starts_with(u.name()));
    }
}

/// Whether more than one value stands by itself on lines of their own.
fn is_lone(run: &Run, lines: &[DocLine<'_>]) -> bool {
    let is_line = |piece: &Piece| piece.alone && lines.get(piece.line).is_some_and(|line| !line.has_cells);
    run.pieces.len() > 1 && run.pieces.iter().all(is_line)
}

/// A bare number by itself is a page number.
fn is_page_number(stream: &Stream, stray: usize) -> bool {
    let pieces = stream.runs.get(stray).map(|run| run.pieces.as_slice());
    matches!(pieces, Some([piece]) if piece.alone && piece.fields.len() == 1)
}

fn record_stray(report: &mut Report, stream: &Stream, lines: &[DocLine<'_>], table: TableId, stray: usize) {
    let Some(run) = stream.runs.get(stray).filter(|_| !is_page_number(stream, stray)) else { return };
    let of_piece = |p: &Piece| {
        lines.get(p.line).and_then(|l| l.fields.get(p.fields.clone())).unwrap_or_default().to_vec()
    };
    let values: Vec<&str> =
        run.pieces.iter().flat_map(of_piece).filter(|f| f.is != FieldKind::Empty).map(|f| f.text).collect();
    let line = run.pieces.first().and_then(|p| lines.get(p.line)).map_or(0, |l| l.number);
    report.problems.push(problem(ProblemCode::UnknownRow, table.name(), line, values.join(" ")));
}

/// Cells that ran together with their label (`行政规范性文件623129`): digits at the end of a word that is a label.
fn run_together(
    report: &mut Report,
    lines: &[DocLine<'_>],
    stream: &Stream,
    table: TableId,
    rows: &[&FoundRow],
) {
    for row in rows.iter().filter(|row| row.runs.is_empty()) {
        let Some(end) = stream.letters.get(row.label.end) else { continue };
        let same_field =
            stream.letters.get(row.label.end - 1).is_some_and(|l| l.line == end.line && l.field == end.field);
        if !same_field || !end.c.is_ascii_digit() {
            continue;
        }
        let text = lines.get(end.line).and_then(|l| l.fields.get(end.field)).map_or("", |f| f.text);
        let at = format!("{}.{}", table.name(), row.row.key);
        set_all(report, row.cells, Figure::Unreadable);
        let is_this = |p: &crate::report::Problem| p.code == ProblemCode::RowWithoutCells && p.at.raw() == at;
        report.problems.retain(|p| !is_this(p));
        let line = lines.get(end.line).map_or(0, |l| l.number);
        for cell in row.cells {
            report.printed.insert(*cell, Printed { line, text: text.into() });
        }
        report.problems.push(problem(ProblemCode::UncertainRow, &at, line, text));
    }
}
