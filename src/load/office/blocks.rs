//! What a text document is made of, whatever its format: paragraphs, and tables of own cells.

use super::super::page::{Cell, Page};

/// Documents inside each other at most: tables in cells of tables.
pub(super) const MAX_DEPTH: usize = 100;
/// Columns that a cell takes at most.
pub(super) const MAX_SPAN: usize = 256;
/// Edges of cells that are as near as this are one: twips, a twentieth of a point.
const NEAR: i32 = 40;

/// A paragraph or a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Its words; line breaks in them begin new lines.
    Paragraph(String),
    /// Its rows.
    Table(Vec<Vec<TableCell>>),
}

/// A cell that covers no other one's place.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TableCell {
    pub(super) blocks: Vec<Block>,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

/// Adds blocks to a page. A table with another one inside only lays the page out.
pub(super) fn write(blocks: &[Block], page: &mut Page) {
    for block in blocks {
        match block {
            Block::Paragraph(text) => page.lines(text),
            Block::Table(rows) => {
                if rows.iter().flatten().any(|cell| cell.blocks.iter().any(is_table)) {
                    rows.iter().flatten().for_each(|cell| write(&cell.blocks, page));
                } else {
                    let cells = |row: &Vec<TableCell>| row.iter().map(cell).collect();
                    page.table(&rows.iter().map(cells).collect::<Vec<_>>());
                }
            }
        }
    }
}

fn is_table(block: &Block) -> bool {
    matches!(block, Block::Table(_))
}

fn cell(cell: &TableCell) -> Cell {
    Cell { text: words(&cell.blocks), columns: cell.columns, rows: cell.rows }
}

/// The words of the paragraphs.
pub(super) fn words(blocks: &[Block]) -> String {
    let text = |block: &Block| if let Block::Paragraph(text) = block { Some(text.clone()) } else { None };
    blocks.iter().filter_map(text).collect::<Vec<_>>().join("\n")
}

/// Whether raised or lowered text is the mark of a note, which belongs to no number: `1`, `[1]`, `*`.
pub(super) fn is_note_mark(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_digit() || "*†‡①②③④⑤⑥⑦⑧⑨⑩".contains(c);
    let text = text.trim().trim_matches(|c| "()[]（）［］〔〕【】".contains(c));
    !text.is_empty() && text.chars().count() <= 3 && text.chars().all(inner)
}

/// How a cell goes on a neighbour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Merge {
    /// Not at all.
    #[default]
    None,
    /// Others go on it.
    First,
    /// It goes on the one before or above.
    Continued,
}

/// A cell of which is known where it ends.
#[derive(Debug, Default)]
pub(super) struct EdgedCell {
    pub(super) blocks: Vec<Block>,
    /// Its right edge in twips.
    pub(super) right: i32,
    /// How it goes on the cell to its left.
    pub(super) across: Merge,
    /// How it goes on the cell above.
    pub(super) down: Merge,
}

/// A row whose cells stand side by side from its left edge.
#[derive(Debug, Default)]
pub(super) struct EdgedRow {
    pub(super) left: i32,
    pub(super) cells: Vec<EdgedCell>,
}

/// A cell between two edges.
struct Between {
    blocks: Vec<Block>,
    left: i32,
    right: i32,
    down: Merge,
}

/// The rows of a table with the columns that its cells take, found from their edges.
pub(super) fn by_edges(rows: Vec<EdgedRow>) -> Block {
    let rows: Vec<Vec<Between>> = rows.into_iter().map(between).collect();
    let mut all: Vec<i32> = rows.iter().flatten().flat_map(|cell| [cell.left, cell.right]).collect();
    all.sort_unstable();
    let mut edges: Vec<i32> = Vec::new();
    for edge in all {
        if edges.last().is_none_or(|last| edge.saturating_sub(*last) > NEAR) {
            edges.push(edge);
        }
    }
    // The edge that stands for one: the last that is not behind it.
    let index = |edge: i32| edges.partition_point(|e| *e <= edge).saturating_sub(1);
    let mut table: Vec<Vec<TableCell>> = Vec::with_capacity(rows.len());
    // By the column in which it begins: the row and the place of a cell on which others may go.
    let mut open: Vec<(usize, usize, usize)> = Vec::new();
    for (row, cells) in rows.into_iter().enumerate() {
        let (mut line, mut next, mut at) = (Vec::new(), Vec::new(), 0);
        for cell in cells {
            let from = index(cell.left);
            let columns = index(cell.right).saturating_sub(from).clamp(1, MAX_SPAN);
            let above = open.iter().find(|(column, ..)| *column == from).copied();
            if let (Merge::Continued, Some((_, of_row, place))) = (cell.down, above)
                && let Some(above) = table.get_mut(of_row).and_then(|line| line.get_mut(place))
                && above.rows == row - of_row
            {
                above.rows += 1;
                next.push((from, of_row, place));
            } else {
                if from > at && at == 0 {
                    // A row that begins further right than the table.
                    line.push(TableCell { columns: from.min(MAX_SPAN), rows: 1, ..TableCell::default() });
                }
                next.push((from, row, line.len()));
                line.push(TableCell { blocks: cell.blocks, columns, rows: 1 });
            }
            at = from + columns;
        }
        table.push(line);
        open = next;
    }
    Block::Table(table)
}

/// The cells of a row with both edges; what goes on the cell to its left is part of it.
fn between(row: EdgedRow) -> Vec<Between> {
    let mut left = row.left;
    let mut out: Vec<Between> = Vec::new();
    for cell in row.cells {
        let right = cell.right.max(left);
        match out.last_mut() {
            Some(last) if cell.across == Merge::Continued => last.right = right,
            _ => out.push(Between { blocks: cell.blocks, left, right, down: cell.down }),
        }
        left = right;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(left: i32, cells: &[(&str, i32, Merge, Merge)]) -> EdgedRow {
        let cell = |(text, right, across, down): &(&str, i32, Merge, Merge)| EdgedCell {
            blocks: vec![Block::Paragraph((*text).to_owned())],
            right: *right,
            across: *across,
            down: *down,
        };
        EdgedRow { left, cells: cells.iter().map(cell).collect() }
    }

    fn shown(rows: Vec<EdgedRow>) -> Vec<String> {
        let Block::Table(table) = by_edges(rows) else { panic!("no table") };
        let cell = |cell: &TableCell| format!("{}@{}x{}", words(&cell.blocks), cell.columns, cell.rows);
        table.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn spans_are_found_from_edges() {
        use Merge::{Continued, First, None};
        let rows = vec![
            row(-108, &[("三", 900, None, First), ("予以公开", 3000, None, None), ("7", 4000, None, None)]),
            row(
                -100,
                &[
                    ("不见", 905, None, Continued),
                    ("不予", 2000, None, First),
                    ("国秘", 3010, None, None),
                    ("0", 4000, None, None),
                ],
            ),
            row(
                -108,
                &[
                    ("", 900, None, Continued),
                    ("", 2000, None, Continued),
                    ("其他", 3000, None, None),
                    ("1", 4000, None, None),
                ],
            ),
            row(-108, &[("四", 900, First, None), ("", 3000, Continued, None), ("2", 4000, None, None)]),
        ];
        assert_eq!(
            shown(rows),
            ["三@1x3 予以公开@2x1 7@1x1", "不予@1x2 国秘@1x1 0@1x1", "其他@1x1 1@1x1", "四@3x1 2@1x1"]
        );
    }

    #[test]
    fn edges_without_sense_lose_no_text() {
        use Merge::{Continued, None};
        let rows = vec![
            row(i32::MAX, &[("a", i32::MIN, Continued, Continued), ("b", 0, None, None)]),
            row(500, &[("c", 1000, None, Continued)]),
            row(0, &[("d", 0, None, None), ("e", 0, None, None)]),
        ];
        let all = shown(rows).join(" ");
        assert!(["a", "b", "c", "d", "e"].iter().all(|text| all.contains(&format!("{text}@"))), "{all}");
    }

    #[test]
    fn marks_of_notes() {
        assert!(["1", "[2]", "（12）", "*", "①"].iter().all(|mark| is_note_mark(mark)));
        assert!(["", "2024", "m2", "3119件", "."].iter().all(|text| !is_note_mark(text)));
    }
}
