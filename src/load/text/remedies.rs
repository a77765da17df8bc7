//! Table 4: three groups of five figures, which most documents print in one row.

use std::ops::Range;

use super::head::Head;
use super::lines::{DocLine, FieldKind};
use super::place::{Cell, Cells};
use super::problem;
use super::stream::Stream;
use super::table::{no_values, record_cells, set_all};
use crate::load::normalise::letters;
use crate::report::template::Block;
use crate::report::{CellId, Figure, Printed, ProblemCode, Report, TableId, TemplateId};

/// So many numbers below the heading of table 4 are hardly any of its narrative.
const MANY: usize = 10;
/// The groups of the table, which its head names side by side.
const GROUPS: usize = 3;

/// So many numbers behind words on one line are no narrative.
const MANY_ON_A_LINE: usize = 5;
/// A label of the row of figures has so many letters at most.
const LONGEST_LABEL: usize = 8;

/// A line of values.
struct ValueRow<'a> {
    /// Its index.
    line: usize,
    /// Its cells, those before the first value without a label left out.
    cells: Cells<'a>,
    /// The column of the page that each begins in.
    starts: Vec<u32>,
    /// Whether its cells and columns are known.
    is_grid: bool,
}

/// Reads the table: fifteen values, in one line, in one line for each group, or one a line. Gives the lines that it
/// takes, or nothing where it is not there.
pub(super) fn read(
    report: &mut Report,
    stream: &Stream,
    lines: &[DocLine<'_>],
    region: Range<usize>,
    (edition, has_heading): (TemplateId, bool),
) -> Option<Range<usize>> {
    let table = edition.template().table(TableId::Remedies);
    let cells: Vec<CellId> = table.cells().collect();
    let has_head = has_head(&stream.text);
    let Values { rows, left_out } = value_rows(stream, lines);
    // Numbers make no table by themselves. Below its heading they may be one whose head was lost.
    let printed = rows.iter().flat_map(|row| &row.cells).flatten().count() + left_out.len();
    if !has_head && (!has_heading || printed < MANY) {
        return None;
    }
    let first = rows.first().map(|row| row.line).or_else(|| stream.letters.first().map(|l| l.line))?;
    let last = rows.last().map(|row| row.line).or_else(|| stream.letters.last().map(|l| l.line))?;
    let head = || {
        let above = lines.get(region.start..first)?;
        table.blocks.first().and_then(|block: &Block| Head::of_groups(above, block, GROUPS))
    };
    let is_readable = has_head
        && left_out.is_empty()
        && is_in_order(&stream.text)
        && !has_empty_row(&rows, stream, cells.len());
    let values = if is_readable { fifteen(&rows, cells.len(), head) } else { None };
    if let Some(values) = values {
        record_cells(report, lines, first, &cells, &values);
    } else if printed == 0 && !has_unread_figures(lines.get(region).unwrap_or_default()) {
        let line = stream.letters.first().and_then(|l| lines.get(l.line)).map_or(0, |l| l.number);
        no_values(report, TableId::Remedies, edition, line);
    } else {
        let of_rows = rows.iter().flat_map(|row| &row.cells).flatten().map(|c| c.text);
        let printed = of_rows.chain(left_out).collect::<Vec<_>>().join(" ");
        let line = lines.get(first).map_or(0, |l| l.number);
        set_all(report, &cells, Figure::Unreadable);
        for cell in &cells {
            report.printed.insert(*cell, Printed { line, text: printed.clone().into() });
        }
        report.problems.push(problem(ProblemCode::UncertainRow, TableId::Remedies.name(), line, printed));
    }
    Some(first..last + 1)
}

/// Whether the head of the table is there. Printed one character a line it comes out shuffled (结 结 其 尚 / 果 果 他
/// 未 …): its characters are all there.
fn has_head(letters: &str) -> bool {
    let is_scattered = || letters.contains("复议") && "维持纠正审结".chars().all(|c| letters.contains(c));
    ["维持", "纠正", "审结"].iter().all(|word| letters.contains(word)) || is_scattered()
}

/// The values of the table's region.
struct Values<'a> {
    rows: Vec<ValueRow<'a>>,
    /// What stands in cells behind words that are no label of a row: figures of the table, but nobody can say which.
    left_out: Vec<&'a str>,
}

/// The lines that hold values, with their cells: blank ones only where the line has cells.
fn value_rows<'a>(stream: &Stream, lines: &[DocLine<'a>]) -> Values<'a> {
    let mut rows = Vec::new();
    let mut left_out = Vec::new();
    for piece in stream.runs.iter().flat_map(|run| &run.pieces) {
        let Some(line) = lines.get(piece.line) else { continue };
        let fields = line.fields.get(piece.fields.clone()).unwrap_or_default();
        let has_value = fields.iter().any(|f| matches!(f.is, FieldKind::Value | FieldKind::Junk));
        // A sentence with numbers in it is narrative; a label before the values is one of the groups, or of the row.
        let is_row = piece.alone || is_group_label(line) || (line.has_cells && is_one_label(line));
        if (line.has_cells || fields.len() >= MANY_ON_A_LINE) && !is_row {
            left_out.extend(fields.iter().filter(|f| f.is != FieldKind::Empty).map(|f| f.text));
        }
        if !is_row || !(has_value || (line.has_cells && fields.len() >= 5 && piece.alone)) {
            continue;
        }
        let cell = |f: &super::lines::Field<'a>| {
            (f.is != FieldKind::Empty).then_some(Cell { line: piece.line, text: f.text, unit: None })
        };
        rows.push(ValueRow {
            line: piece.line,
            cells: fields.iter().map(cell).collect(),
            starts: fields.iter().map(|f| f.columns.0).collect(),
            is_grid: line.is_grid,
        });
    }
    Values { rows, left_out }
}

/// The outcomes in the order of the form.
const OUTCOMES: [&str; 5] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];
/// The groups in the order of the form.
const GROUP_WORDS: [&str; 3] = ["行政复议", "未经复议", "复议后"];

/// Whether a line that is no sentence has figures, in whatever shape: then the table is not without them.
fn has_unread_figures(lines: &[DocLine<'_>]) -> bool {
    lines.iter().filter(|line| !line.text.contains('。')).any(|line| {
        let figures = line.text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
        figures.take(MANY_ON_A_LINE).count() == MANY_ON_A_LINE
    })
}

/// Whether the words of the head stand in the order of the form, as far as they are there in one piece.
fn is_in_order(letters: &str) -> bool {
    let are_sorted = |words: &[&str]| {
        let places: Vec<usize> = words.iter().filter_map(|word| letters.find(word)).collect();
        places.len() < words.len() || places.is_sorted()
    };
    are_sorted(&OUTCOMES) && are_sorted(&GROUP_WORDS)
}

/// Whether a row of empty cells stands between the head and the filled one: then it is not told which is this year's.
fn has_empty_row(rows: &[ValueRow<'_>], stream: &Stream, count: usize) -> bool {
    let head = stream.letters.iter().find(|letter| letter.c == '维').map_or(usize::MAX, |letter| letter.line);
    let is_empty = |row: &ValueRow<'_>| row.cells.iter().all(Option::is_none);
    let filled = rows.iter().find(|row| !is_empty(row)).map_or(0, |row| row.line);
    rows.iter().any(|row| (head..filled).contains(&row.line) && row.cells.len() >= count && is_empty(row))
}

/// Whether a row of cells has one short label before its values (`数量`).
fn is_one_label(line: &DocLine<'_>) -> bool {
    let mut words = line.fields.iter().filter(|f| f.is == FieldKind::Word);
    let first = line.fields.iter().find(|f| f.is != FieldKind::Empty);
    // A figure with a note is no label, and the names of the outcomes are those of columns.
    let is_short = |text: &str| {
        let letters = letters(text);
        let word: String = letters.iter().collect();
        (2..=LONGEST_LABEL).contains(&letters.len())
            && !letters.iter().any(|c| c.is_numeric())
            && !OUTCOMES.contains(&word.as_str())
    };
    first.is_some_and(|f| f.is == FieldKind::Word)
        && words.next().is_some_and(|f| is_short(f.text))
        && words.next().is_none()
}

fn is_group_label(line: &DocLine<'_>) -> bool {
    let words: Vec<char> =
        line.fields.iter().filter(|f| f.is == FieldKind::Word).flat_map(|f| letters(f.text)).collect();
    let text: String = words.into_iter().collect();
    ["行政复议", "未经复议直接起诉", "复议后起诉", "行政诉讼未经复议直接起诉"].contains(&text.as_str())
}

/// The fifteen cells: one line of them, three lines of five, or one value a line.
fn fifteen<'a>(
    rows: &[ValueRow<'a>],
    count: usize,
    head: impl FnOnce() -> Option<Head>,
) -> Option<Cells<'a>> {
    let printed: Cells<'a> =
        rows.iter().flat_map(|row| &row.cells).filter(|c| c.is_some()).copied().collect();
    // 1 to 15 are the numbers of the columns.
    let numbers = printed.iter().flatten().map(|cell| cell.text.parse::<usize>().ok());
    let is_counted = |from: usize| numbers.clone().eq((from..from + count).map(Some));
    if is_counted(0) || is_counted(1) {
        return None;
    }
    if printed.len() == count {
        return Some(printed);
    }
    let with_values: Vec<&ValueRow<'a>> =
        rows.iter().filter(|row| row.cells.iter().any(Option::is_some)).collect();
    let whole = |row: &ValueRow<'a>, width: usize| {
        // What is empty at the end may only fill the line up, but where empty cells are printed before it.
        let filled = row.cells.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let keeps_blanks = row.cells.iter().take(filled).any(Option::is_none);
        let is_whole = row.cells.len() == width && (row.is_grid || filled == width || keeps_blanks);
        is_whole.then(|| row.cells.clone())
    };
    match with_values.as_slice() {
        [] => rows.iter().find(|row| row.cells.len() >= count).map(|_| vec![None; count]),
        [one] => whole(one, count).or_else(|| under(one, count, &head()?)),
        groups if groups.len() == GROUPS => {
            let all: Option<Vec<_>> = groups.iter().map(|row| whole(row, count / GROUPS)).collect();
            all.map(|groups| groups.concat())
        }
        _ => None,
    }
}

/// Each value into the column of the head that it stands under.
fn under<'a>(row: &ValueRow<'a>, count: usize, head: &Head) -> Option<Cells<'a>> {
    let mut cells: Cells<'a> = vec![None; count];
    for (cell, start) in row.cells.iter().zip(&row.starts).filter(|(cell, _)| cell.is_some()) {
        let slot = cells.get_mut(head.column(*start)?)?;
        if slot.is_some() {
            return None;
        }
        *slot = *cell;
    }
    let is_sure = row.is_grid && head.is_grid || cells.last().is_some_and(Option::is_some);
    is_sure.then_some(cells)
}
