//! Tables drawn with lines of characters (`│ ├──┼`, `| +---+`), made rows of cells.
//!
//! The cells of such a table are rectangles: a label goes on over several lines, a merged cell over several rows. Each
//! row becomes one line with its cells between tabs and marks where merged cells go on, as [`Page`] writes them.

use super::lines::DocLine;
use crate::display;
use crate::load::page::{Cell, Page};

/// A text whose drawn tables are rows of cells.
#[derive(Debug)]
pub(super) struct Unfolded {
    pub(super) text: String,
    /// For each line of it, the line of the document, from 0, and whether it is a row of a table.
    numbers: Vec<(u32, bool)>,
}

/// A cell of a drawn table.
#[derive(Debug)]
struct Drawn<'a> {
    /// The columns of the page between its left and its right line.
    left: usize,
    right: usize,
    /// Its lines of text.
    text: Vec<&'a str>,
    /// Index of the first line of the document that it has, and of the first with words in it.
    top: usize,
    words: Option<usize>,
    /// Index of the line that ends it.
    bottom: usize,
}

const VERTICAL: &str = "│┃║";
const CORNERS: &str = "┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝┏┳┓┣╋┫┗┻┛╭╮╰╯╞╪╡╟╫╢┠╂┨┝┿┥╒╤╕╘╧╛╓╥╖╙╨╜";
const HORIZONTAL: &str = "─━═╌┄┈╍┅┉";
/// Columns of the page by which the lines of one cell may stand apart.
const TOLERANCE: usize = 1;

/// The characters that draw, of a table of box characters or of ASCII.
#[derive(Clone, Copy)]
struct Pen {
    is_ascii: bool,
}

impl Pen {
    fn is_bar(self, c: char) -> bool {
        if self.is_ascii { c == '|' } else { VERTICAL.contains(c) }
    }

    fn is_corner(self, c: char) -> bool {
        if self.is_ascii { c == '+' } else { CORNERS.contains(c) }
    }

    fn is_rule(self, c: char) -> bool {
        if self.is_ascii { matches!(c, '-' | '=') } else { HORIZONTAL.contains(c) }
    }

    /// Whether a line is one of a drawn table: it begins and ends with what draws.
    fn draws(self, line: &str) -> bool {
        let line = line.trim();
        let is_edge = |c: Option<char>| c.is_some_and(|c| self.is_bar(c) || self.is_corner(c));
        line.chars().nth(1).is_some() && is_edge(line.chars().next()) && is_edge(line.chars().next_back())
    }

    /// Whether a line is a rule from one side to the other.
    fn is_whole_rule(self, line: &str) -> bool {
        self.draws(line)
            && line.trim().chars().all(|c| self.is_corner(c) || self.is_rule(c) || self.is_bar(c))
            && line.contains(|c| self.is_rule(c))
            && line.contains(|c| self.is_corner(c))
    }
}

/// The text with its drawn tables unfolded; nothing where there are none.
pub(super) fn unfold(text: &str) -> Option<Unfolded> {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let is_box = VERTICAL.chars().any(|bar| has(bar.encode_utf8(&mut [0; 4])));
    let is_ascii = has("+-") || has("+=");
    if !is_box && !is_ascii {
        return None;
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let mut out = Unfolded { text: String::with_capacity(text.len()), numbers: Vec::new() };
    let mut is_any = false;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let pen = [false, true].map(|is_ascii| Pen { is_ascii }).into_iter().find(|pen| pen.draws(line));
        let end = pen.map_or(at, |pen| at + lines.iter().skip(at).take_while(|line| pen.draws(line)).count());
        let table = pen.zip(lines.get(at..end)).and_then(|(pen, block)| table(block, pen));
        if let Some(rows) = table {
            for (row, text) in rows {
                out.push(&text, at + row, true);
            }
            is_any = true;
            at = end;
        } else {
            // A block that is no table stays as it is.
            for i in at..end.max(at + 1) {
                out.push(lines.get(i).copied().unwrap_or_default(), i, false);
            }
            at = end.max(at + 1);
        }
    }
    is_any.then_some(out)
}

impl Unfolded {
    fn push(&mut self, line: &str, number: usize, is_row: bool) {
        if !self.numbers.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.numbers.push((u32::try_from(number).unwrap_or(u32::MAX), is_row));
    }

    /// Gives lines cut from the text their numbers in the document, and rows their known cells.
    pub(super) fn renumber(&self, lines: &mut [DocLine<'_>], first: u32) {
        for line in lines {
            let index = line.number.saturating_sub(first) as usize;
            if let Some((number, is_row)) = self.numbers.get(index) {
                line.number = first.saturating_add(*number);
                line.is_grid = *is_row;
            }
        }
    }
}

/// The rows of a drawn table, each with the index of its line; nothing if its lines do not make cells.
fn table(block: &[&str], pen: Pen) -> Option<Vec<(usize, String)>> {
    // Without rules between them, rows of bars are no drawing: every line is a row.
    let rules = block.iter().filter(|line| pen.is_whole_rule(line)).count();
    if rules < 2 || block.len() < 3 {
        return None;
    }
    let mut done: Vec<Drawn<'_>> = Vec::new();
    let mut open: Vec<Drawn<'_>> = Vec::new();
    for (i, line) in block.iter().enumerate() {
        for piece in pieces(line, pen) {
            let is_same = |cell: &Drawn<'_>| {
                cell.left.abs_diff(piece.left) <= TOLERANCE && cell.right.abs_diff(piece.right) <= TOLERANCE
            };
            if piece.is_rule {
                let overlaps = |cell: &Drawn<'_>| cell.left < piece.right && piece.left < cell.right;
                let (mut ended, rest) = std::mem::take(&mut open).into_iter().partition(overlaps);
                done.append(&mut ended);
                open = rest;
            } else if let Some(cell) = open.iter_mut().find(|cell| is_same(cell)) {
                cell.text.push(piece.text);
                cell.bottom = i;
                if cell.words.is_none() && !piece.text.trim().is_empty() {
                    cell.words = Some(i);
                }
            } else {
                let words = (!piece.text.trim().is_empty()).then_some(i);
                let (left, right) = (piece.left, piece.right);
                open.push(Drawn { left, right, text: vec![piece.text], top: i, words, bottom: i });
            }
        }
    }
    done.append(&mut open);
    rows(done)
}

/// A piece of a line between two bars.
struct Piece<'a> {
    left: usize,
    right: usize,
    text: &'a str,
    is_rule: bool,
}

fn pieces(line: &str, pen: Pen) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut from: Option<(usize, usize)> = None;
    let mut column = 0;
    for (at, c) in line.char_indices() {
        let next = column + display::width(c.encode_utf8(&mut [0; 4]));
        // A corner is a bar for the rows beside it; inside of words of an ASCII table a plus is a plus.
        let is_edge = pen.is_bar(c)
            || pen.is_corner(c)
                && (!pen.is_ascii
                    || line
                        .get(at + 1..)
                        .is_none_or(|rest| rest.is_empty() || rest.starts_with(['-', '=', '\r', ' '])));
        if is_edge {
            if let Some(text) = from.and_then(|(start, _)| line.get(start..at)) {
                let left = from.map_or(0, |(_, left)| left);
                let is_rule = !text.is_empty() && text.chars().all(|c| pen.is_rule(c));
                if !text.is_empty() {
                    pieces.push(Piece { left, right: column, text, is_rule });
                }
            }
            from = Some((at + c.len_utf8(), next));
        }
        column = next;
    }
    pieces
}

/// Rows of cells in the columns of a grid.
fn rows(mut cells: Vec<Drawn<'_>>) -> Option<Vec<(usize, String)>> {
    cells.sort_by_key(|cell| (cell.top, cell.left));
    let mut edges: Vec<usize> = cells.iter().flat_map(|cell| [cell.left, cell.right]).collect();
    edges.sort_unstable();
    // The line between two cells has a column of its own.
    edges.dedup_by(|next, before| *next - *before <= TOLERANCE);
    let edge = |x: usize| edges.iter().rposition(|edge| *edge <= x).unwrap_or(0);
    let mut tops: Vec<usize> = cells.iter().map(|cell| cell.top).collect();
    tops.dedup();
    let row_of = |line: usize| tops.iter().rposition(|top| *top <= line).unwrap_or(0);
    let mut rows: Vec<Vec<Cell>> = Vec::with_capacity(tops.len());
    let mut numbers: Vec<usize> = Vec::with_capacity(tops.len());
    for row in cells.chunk_by(|a, b| a.top == b.top) {
        let cell = |cell: &Drawn<'_>| Cell {
            text: joined(&cell.text),
            columns: edge(cell.right).saturating_sub(edge(cell.left)).max(1),
            rows: row_of(cell.bottom).saturating_sub(row_of(cell.top)) + 1,
        };
        rows.push(row.iter().map(cell).collect());
        // The line of the first figure, so that what is cited stands there.
        let figure = |cell: &&Drawn<'_>| {
            let text = joined(&cell.text);
            !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.')
        };
        let words = row.iter().find(figure).or_else(|| row.iter().find(|cell| cell.words.is_some()));
        numbers.push(words.and_then(|cell| cell.words).or_else(|| row.first().map(|cell| cell.top))?);
    }
    let mut page = Page::default();
    page.table(&rows);
    Some(numbers.into_iter().zip(page.into_text().lines().map(str::to_owned)).collect())
}

fn joined(text: &[&str]) -> String {
    text.iter().map(|line| line.trim()).collect()
}
