//! Pages put together to one text: tables over several pages made whole, page numbers left out.

use std::collections::HashMap;

use super::lattice::{self, Lattice, LatticeCell};
use super::marks::{Marks, Turned};
use super::stacks::{self, Part};
use super::words::{self, Line};
use crate::display;
use crate::load::page::{Cell, Page};

/// Something on a page.
#[derive(Debug)]
enum Block {
    Line(Line),
    /// A table with drawn lines.
    Table(Lattice),
    /// A table without, and where it begins.
    Rows(f64, Vec<Vec<Cell>>),
}

impl Block {
    fn top(&self) -> f64 {
        match self {
            Self::Line(line) => line.base - line.size,
            Self::Table(table) => table.top(),
            Self::Rows(top, _) => *top,
        }
    }
}

/// The part of a page at its top and at its bottom where page numbers stand.
const MARGIN: f64 = 0.12;
/// A table across the page has that many cells with something in them at least, or it is the labels of an upright one.
const MIN_TURNED_CELLS: usize = 12;
/// Columns of a table over two pages may be that far apart.
const SAME_COLUMN: f64 = 4.0;

/// The text of a document: of its pages, each with its columns.
pub(super) fn text(pages: Vec<Vec<Marks>>) -> String {
    let heights = |page: &Vec<Marks>| page.first().map_or((0.0, 0.0), |part| part.height);
    let heights: Vec<(f64, f64)> = pages.iter().map(heights).collect();
    let numbered =
        pages.into_iter().enumerate().flat_map(|(i, parts)| parts.into_iter().map(move |part| (i, part)));
    let mut pages: Vec<(usize, Vec<Block>)> = numbered.map(|(i, part)| (i, blocks(part))).collect();
    drop_page_marks(&mut pages, &heights);
    for (_, page) in &mut pages {
        take_overhanging(page);
    }
    let mut all: Vec<Block> = Vec::new();
    for (_, page) in pages {
        let mut page = page.into_iter();
        if let Some(first) = page.next() {
            match (all.pop(), first) {
                (Some(Block::Table(above)), Block::Table(below)) if goes_on(&above, &below) => {
                    all.push(Block::Table(joined(above, below)));
                }
                (before, first) => {
                    all.extend(before);
                    all.push(first);
                }
            }
        }
        all.extend(page);
    }
    let unit = unit(&all);
    let mut page = Page::default();
    for block in all {
        match block {
            Block::Line(line) => page.lines(&in_place(&line, unit)),
            Block::Table(table) => page.table(&rows(&table)),
            Block::Rows(_, rows) => page.table(&rows),
        }
    }
    page.into_text()
}

fn blocks(mut marks: Marks) -> Vec<Block> {
    let turned = std::mem::take(&mut marks.turned);
    let tables = lattice::take(&mut marks);
    let turned: Vec<(f64, Vec<Block>)> =
        turned.into_iter().map(|turned| turned_blocks(turned, &tables)).collect();
    let tables = tables.into_iter().map(Block::Table);
    let parts = stacks::find(words::lines(&marks.glyphs)).into_iter().map(|part| match part {
        Part::Line(line) => Block::Line(line),
        Part::Rows(top, rows) => Block::Rows(top, rows),
    });
    let mut blocks: Vec<Block> = tables.chain(parts).collect();
    blocks.sort_by(|a, b| a.top().total_cmp(&b.top()));
    for (top, turned) in turned {
        let at = blocks.partition_point(|block| block.top() < top);
        blocks.splice(at..at, turned);
    }
    blocks
}

/// What stands across the page, and where it begins: a table of its own, or text; but not the labels in the cells of
/// upright tables.
fn turned_blocks(turned: Turned, upright: &[Lattice]) -> (f64, Vec<Block>) {
    let Turned { places, mut marks } = turned;
    let top = places.iter().map(|place| place.1).fold(f64::INFINITY, f64::min);
    let inside = places.iter().filter(|place| upright.iter().any(|table| table.holds(**place))).count();
    let count = marks.glyphs.len();
    let tables = lattice::take(&mut marks);
    let filled = |table: &Lattice| table.cells.iter().filter(|cell| !cell.glyphs.is_empty()).count();
    let cells: usize = tables.iter().map(filled).sum();
    let in_tables = count - marks.glyphs.len();
    let is_own = cells >= MIN_TURNED_CELLS && in_tables * 2 > count || inside * 2 < places.len();
    if !is_own {
        return (top, Vec::new());
    }
    let lines = words::lines(&marks.glyphs).into_iter().map(Block::Line);
    let mut blocks: Vec<Block> = tables.into_iter().map(Block::Table).chain(lines).collect();
    blocks.sort_by(|a, b| a.top().total_cmp(&b.top()));
    (top, blocks)
}

/// Where a page cuts a cell, the last lines of its text may hang out of it, below the last line of the table.
fn take_overhanging(page: &mut Vec<Block>) {
    while let [.., Block::Table(table), Block::Line(line)] = page.as_slice() {
        let bottom = table.rows.last().copied().unwrap_or(0.0);
        let (left, right) =
            (line.words.first().map_or(0.0, |w| w.left), line.words.last().map_or(0.0, |w| w.right));
        let column =
            table.columns.windows(2).position(|pair| matches!(pair, [a, b] if left >= *a && right <= *b));
        let height = table.rows.len().saturating_sub(2);
        let width = table.columns.len().saturating_sub(1);
        let is_near = line.base - bottom < line.size * 2.0;
        let is_number = line.text().chars().all(|c| c.is_ascii_digit());
        let owner = column.and_then(|column| table.cells.get(height * width + column));
        let Some(owner) = owner.map(|cell| cell.row * width + cell.column).filter(|_| is_near && !is_number)
        else {
            return;
        };
        let has_text = table.cells.get(owner).is_some_and(|cell| !cell.glyphs.is_empty());
        if !has_text {
            return;
        }
        let Some(Block::Line(line)) = page.pop() else { return };
        if let Some(Block::Table(table)) = page.last_mut()
            && let Some(cell) = table.cells.get_mut(owner)
        {
            cell.glyphs.extend(line.glyphs());
            // The table goes on to where its text ends.
            if let Some(bottom) = table.rows.last_mut() {
                *bottom = bottom.max(line.base);
            }
        }
    }
}

/// Page numbers, and headers and footers that come again on other pages.
fn drop_page_marks(pages: &mut [(usize, Vec<Block>)], heights: &[(f64, f64)]) {
    let in_margin = |page: usize, block: &Block| -> Option<(String, Option<i64>)> {
        let (top, bottom) = heights.get(page).copied()?;
        let Block::Line(line) = block else { return None };
        let margin = (bottom - top) * MARGIN;
        if line.base > top + margin && line.base < bottom - margin {
            return None;
        }
        let text = line.text();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let rest: String = text.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect();
        // A page number goes up with the pages; what stands there without one is the same on every page.
        let number = (!digits.is_empty() && digits.len() <= 4).then(|| digits.parse::<i64>().ok()).flatten();
        Some((rest, number.map(|n| n - i64::try_from(page).unwrap_or(0))))
    };
    let mut seen: HashMap<(String, Option<i64>), usize> = HashMap::new();
    for (page, blocks) in pages.iter() {
        for key in blocks.iter().filter_map(|block| in_margin(*page, block)) {
            *seen.entry(key).or_default() += 1;
        }
    }
    for (page, blocks) in pages.iter_mut() {
        blocks.retain(|block| {
            in_margin(*page, block).is_none_or(|key| {
                let least = if key.1.is_some() { 2 } else { 3 };
                seen.get(&key).is_none_or(|n| *n < least)
            })
        });
    }
}

/// Whether a table of the next page is the rest of one: it is as wide.
fn goes_on(above: &Lattice, below: &Lattice) -> bool {
    let width =
        |table: &Lattice| table.columns.last().zip(table.columns.first()).map_or(0.0, |(to, from)| to - from);
    (width(above) - width(below)).abs() < SAME_COLUMN && above.columns.len().min(below.columns.len()) > 1
}

/// One table of two, with the columns of both.
fn joined(above: Lattice, below: Lattice) -> Lattice {
    let origin = |table: &Lattice| table.columns.first().copied().unwrap_or(0.0);
    // The margins of left and right pages differ.
    let shift = origin(&above) - origin(&below);
    let moved: Vec<f64> = below.columns.iter().map(|x| x + shift).collect();
    let mut columns = above.columns.clone();
    columns.extend(moved.iter().filter(|x| above.columns.iter().all(|c| (c - **x).abs() >= SAME_COLUMN)));
    columns.sort_by(f64::total_cmp);
    let place = |own: &[f64], column: usize| {
        let at = own.get(column).copied().unwrap_or(f64::NAN);
        let nearest = columns.iter().enumerate().min_by(|a, b| (a.1 - at).abs().total_cmp(&(b.1 - at).abs()));
        nearest.map_or(0, |(i, _)| i)
    };
    let widen = |cell: &mut LatticeCell, own: &[f64]| {
        let end = place(own, cell.column + cell.span.1);
        cell.column = place(own, cell.column);
        if cell.span.1 > 0 {
            cell.span.1 = end.saturating_sub(cell.column).max(1);
        }
    };
    let mut cells = above.cells;
    for cell in &mut cells {
        widen(cell, &above.columns);
    }
    let has_values_alone = is_labelless(&cells, above.rows.len().wrapping_sub(2));
    let cut = usize::from(has_values_alone && is_valueless(&below.cells, 0));
    let first = above.rows.len().saturating_sub(1 + cut);
    let end = above.rows.last().copied().unwrap_or(0.0);
    let down = end - below.rows.first().copied().unwrap_or(0.0);
    // A row that the page cut stays two, as the text reader knows the labels and puts them together again; only where
    // the values came to stand above all of their label, they would be taken for those of the row before.
    for mut cell in below.cells {
        widen(&mut cell, &moved);
        cell.row += first;
        cells.push(cell);
    }
    let mut rows = above.rows;
    rows.extend(below.rows.iter().skip(1 + cut).map(|y| y + down));
    Lattice { columns, rows, cells }
}

/// Whether a row has values, and no label.
fn is_labelless(cells: &[LatticeCell], row: usize) -> bool {
    let mut filled = cells.iter().filter(|cell| cell.row == row && !cell.glyphs.is_empty()).peekable();
    filled.peek().is_some() && filled.all(is_number)
}

/// Whether a row has words, and no value.
fn is_valueless(cells: &[LatticeCell], row: usize) -> bool {
    let mut filled = cells.iter().filter(|cell| cell.row == row && !cell.glyphs.is_empty()).peekable();
    filled.peek().is_some() && !filled.any(is_number)
}

fn is_number(cell: &LatticeCell) -> bool {
    cell.glyphs
        .iter()
        .flat_map(|glyph| glyph.text.chars())
        .all(|c| c.is_ascii_digit() || c == '.' || c.is_whitespace())
}

/// What stands in a place of a table.
#[derive(Debug, Clone, Default)]
enum Place {
    /// Nothing is known of it.
    #[default]
    Free,
    /// A cell begins.
    Cell(String, usize),
    /// The cell to the left goes on.
    Left,
    /// A cell of the row above goes on.
    Above,
}

/// The rows of a table; a merged cell has its text in the first row and column that it takes.
fn rows(table: &Lattice) -> Vec<Vec<Cell>> {
    let (width, height) = (table.columns.len().saturating_sub(1), table.rows.len().saturating_sub(1));
    let mut places = vec![vec![Place::Free; width]; height];
    for cell in table.cells.iter().filter(|cell| cell.span.0 > 0) {
        for (i, row) in places.iter_mut().skip(cell.row).take(cell.span.0).enumerate() {
            for (j, place) in row.iter_mut().skip(cell.column).take(cell.span.1).enumerate() {
                // Where a page cut a row, both of its parts are here.
                match (i, j, &*place) {
                    (0, 0, _) if !cell.glyphs.is_empty() => {
                        *place = Place::Cell(words::cell_text(&cell.glyphs), cell.span.1);
                    }
                    (0, 0, Place::Free) => *place = Place::Cell(String::new(), cell.span.1),
                    (0, _, Place::Free) => *place = Place::Left,
                    (_, _, Place::Free) => *place = Place::Above,
                    _ => {}
                }
            }
        }
    }
    let has_text = |place: &Place| matches!(place, Place::Cell(text, _) if !text.is_empty());
    places.retain(|row| row.iter().any(has_text));
    let cell = |place: Place| match place {
        Place::Free => Some(Cell { text: String::new(), columns: 1, rows: 1 }),
        Place::Cell(text, columns) => Some(Cell { text, columns, rows: 1 }),
        Place::Left => None,
        Place::Above => Some(Cell { text: String::new(), columns: 1, rows: 0 }),
    };
    places.into_iter().map(|row| row.into_iter().filter_map(cell).collect()).collect()
}

/// The width of a column of text: half of a usual character.
fn unit(blocks: &[Block]) -> f64 {
    let mut sizes: Vec<f64> = blocks
        .iter()
        .filter_map(|block| if let Block::Line(line) = block { Some(line.size) } else { None })
        .collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().filter(|size| *size > 1.0).unwrap_or(12.0) / 2.0
}

/// A line of text; where its words stand apart as cells do, each is put into its place.
#[allow(clippy::cast_sign_loss, reason = "clamped")]
fn in_place(line: &Line, unit: f64) -> String {
    let is_value = |word: &words::Word| word.text.chars().all(|c| c.is_ascii_digit() || "./-—,%".contains(c));
    if !line.has_columns() && !line.words.iter().all(is_value) {
        return line.text();
    }
    let mut out = String::new();
    let mut width = 0;
    for word in &line.words {
        let column = ((word.left / unit).round().clamp(0.0, 2_000.0)) as usize;
        let spaces = column.saturating_sub(width).max(usize::from(!out.is_empty()));
        out.push_str(&" ".repeat(spaces));
        out.push_str(&word.text);
        width += spaces + display::width(&word.text);
    }
    out
}
