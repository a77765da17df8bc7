//! Tables with drawn lines: the lattice of the lines, and the characters in each of its cells.

use super::marks::{Glyph, Marks, Rule};

/// A table.
#[derive(Debug)]
pub(super) struct Lattice {
    /// The places of the lines across, from left to right.
    pub(super) columns: Vec<f64>,
    /// The heights of the lines along, from top to bottom.
    pub(super) rows: Vec<f64>,
    /// The cells with what stands in them.
    pub(super) cells: Vec<LatticeCell>,
}

/// A cell.
#[derive(Debug, Clone)]
pub(super) struct LatticeCell {
    /// Its first row.
    pub(super) row: usize,
    /// Its first column.
    pub(super) column: usize,
    /// Rows and columns that it takes; none where it is part of another cell.
    pub(super) span: (usize, usize),
    /// Its characters.
    pub(super) glyphs: Vec<Glyph>,
}

/// Lines nearer than that bound the same cells: no text is as small, but cells may have frames of their own.
const NEAR: f64 = 5.0;
/// Pieces nearer than that are of the same line.
const SAME: f64 = 1.25;
/// Lines that miss each other by less than that meet.
const MEETS: f64 = 3.0;
/// Shorter lines are marks.
const MIN_LENGTH: f64 = 4.0;
/// Lines of a page at most: a page with more of them shows a picture.
const MAX_LINES: usize = 4_000;
/// Cells of a table at most.
const MAX_CELLS: usize = 100_000;

/// Finds the tables of a page and takes their characters out of it.
pub(super) fn take(marks: &mut Marks) -> Vec<Lattice> {
    let along = join(std::mem::take(&mut marks.along));
    let across = join(std::mem::take(&mut marks.across));
    if along.len() + across.len() > MAX_LINES {
        return Vec::new();
    }
    let mut groups = groups(&along, &across);
    add_sides(&mut groups, &across);
    let mut tables: Vec<Lattice> = groups.iter().filter_map(|(h, v)| frame(h, v)).collect();
    // A frame around other tables is not theirs: the smallest takes a character.
    tables.sort_by(|a, b| a.area().total_cmp(&b.area()));
    let glyphs = std::mem::take(&mut marks.glyphs);
    for run in runs(glyphs, &across) {
        let middle = middle_of(&run);
        let table = middle.and_then(|at| tables.iter_mut().find_map(|t| t.cell_at(at)));
        match table {
            Some(cell) => cell.glyphs.extend(run),
            None => marks.glyphs.extend(run),
        }
    }
    tables.retain(|table| table.cells.iter().any(|cell| !cell.glyphs.is_empty()));
    tables.sort_by(|a, b| a.top().total_cmp(&b.top()));
    tables
}

/// Digits closer than that part of their size are of one number, whatever lies between.
const TOUCHING: f64 = 0.02;

/// Whether a line across stands in the gap between two characters.
fn is_between(across: &[Rule], last: &Glyph, next: &Glyph) -> bool {
    let height = next.middle().1;
    let (left, right) = (last.right - SAME / 2.0, next.left + SAME / 2.0);
    across.iter().any(|rule| rule.at >= left && rule.at <= right && rule.from <= height && height <= rule.to)
}

/// Digits that follow each other are one number: where it is wider than its cell, it is not cut by the line. Numbers in
/// cells that are hardly wider than they are stand as close, but with the line in the gap between them.
fn runs(glyphs: Vec<Glyph>, across: &[Rule]) -> Vec<Vec<Glyph>> {
    let mut out: Vec<Vec<Glyph>> = Vec::new();
    let is_digit = |glyph: &Glyph| glyph.text.chars().all(|c| c.is_ascii_digit() || ".,-".contains(c));
    for glyph in glyphs {
        let goes_on = |run: &&mut Vec<Glyph>| {
            run.last().is_some_and(|last| {
                let gap = glyph.left - last.right;
                let size = glyph.size;
                is_digit(last)
                    && is_digit(&glyph)
                    && (glyph.base - last.base).abs() < size * 0.1
                    && gap < size * 0.15
                    && gap > size * -0.3
                    && !(gap > size * TOUCHING && is_between(across, last, &glyph))
            })
        };
        match out.last_mut().filter(goes_on) {
            Some(run) => run.push(glyph),
            None => out.push(vec![glyph]),
        }
    }
    out
}

fn middle_of(run: &[Glyph]) -> Option<(f64, f64)> {
    let (first, last) = (run.first()?, run.last()?);
    Some((f64::midpoint(first.left, last.right), first.middle().1))
}

/// Pieces of a line put together.
fn join(mut rules: Vec<Rule>) -> Vec<Rule> {
    rules.retain(|r| r.at.is_finite() && r.from.is_finite() && r.to.is_finite());
    rules.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut out: Vec<Rule> = Vec::new();
    for level in rules.chunk_by(|a, b| b.at - a.at < SAME) {
        let mut pieces = level.to_vec();
        pieces.sort_by(|a, b| a.from.total_cmp(&b.from));
        let start = out.len();
        for piece in pieces {
            match out
                .get_mut(start..)
                .and_then(<[Rule]>::last_mut)
                .filter(|last| piece.from - last.to < MEETS)
            {
                Some(last) => last.to = last.to.max(piece.to),
                None => out.push(piece),
            }
        }
    }
    out.retain(|rule| rule.to - rule.from >= MIN_LENGTH);
    out
}

/// Lines that meet, directly or through others.
fn groups(along: &[Rule], across: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut groups: Vec<(Vec<Rule>, Vec<Rule>)> = Vec::new();
    let mut seen = (vec![false; along.len()], vec![false; across.len()]);
    for i in 0..along.len() {
        if seen.0.get(i).copied().unwrap_or(true) {
            continue;
        }
        let mut group = (Vec::new(), Vec::new());
        let mut open = vec![(true, i)];
        while let Some((is_along, i)) = open.pop() {
            let (own, others) = if is_along { (along, across) } else { (across, along) };
            let (seen_own, seen_others) =
                if is_along { (&mut seen.0, &seen.1) } else { (&mut seen.1, &seen.0) };
            let (Some(rule), Some(is_seen)) = (own.get(i), seen_own.get_mut(i)) else { continue };
            if std::mem::replace(is_seen, true) {
                continue;
            }
            if is_along {
                group.0.push(*rule);
            } else {
                group.1.push(*rule);
            }
            let meets = |other: &Rule| reaches(rule, other.at) && reaches(other, rule.at);
            let others = others.iter().enumerate().zip(seen_others);
            open.extend(
                others.filter(|((_, r), seen)| !**seen && meets(r)).map(|((j, _), _)| (!is_along, j)),
            );
        }
        groups.push(group);
    }
    groups
}

/// Adds lines across that meet no line along, but stand beside a table from its top to its bottom: where a page cuts a
/// merged cell, the side of the table has nothing else on that page.
fn add_sides(groups: &mut [(Vec<Rule>, Vec<Rule>)], across: &[Rule]) {
    let lone = across.iter().filter(|rule| !groups.iter().any(|(_, own)| own.contains(rule))).copied();
    for side in lone.collect::<Vec<_>>() {
        let beside = |(along, across): &&mut (Vec<Rule>, Vec<Rule>)| {
            let top = across.iter().map(|r| r.from).fold(f64::INFINITY, f64::min);
            let bottom = across.iter().map(|r| r.to).fold(f64::NEG_INFINITY, f64::max);
            let left = along.iter().map(|r| r.from).fold(f64::INFINITY, f64::min);
            let right = along.iter().map(|r| r.to).fold(f64::NEG_INFINITY, f64::max);
            let away = (left - side.at).max(side.at - right);
            !across.is_empty()
                && (side.from - top).abs() < 2.0 * MEETS
                && (side.to - bottom).abs() < 2.0 * MEETS
                && away > 0.0
                && away < (right - left) / 2.0
        };
        if let Some((_, own)) = groups.iter_mut().find(beside) {
            own.push(side);
        }
    }
}

fn reaches(rule: &Rule, at: f64) -> bool {
    at > rule.from - MEETS && at < rule.to + MEETS
}

/// The table that some lines make, without its characters.
fn frame(along: &[Rule], across: &[Rule]) -> Option<Lattice> {
    // Tables are often open at their sides: the lines along tell how far they go.
    let columns = places(across, along);
    let rows = places(along, across);
    let (width, height) = (columns.len().checked_sub(1)?, rows.len().checked_sub(1)?);
    if width * height < 2 || width * height > MAX_CELLS || across.is_empty() {
        return None;
    }
    // Cells with no line between them are one: each knows the cell that it belongs to.
    let mut owner: Vec<usize> = (0..width * height).collect();
    let middle = |list: &[f64], i: usize| {
        list.get(i).zip(list.get(i + 1)).map_or(f64::NAN, |(a, b)| f64::midpoint(*a, *b))
    };
    let is_drawn = |rules: &[Rule], at: f64, through: f64| {
        rules.iter().any(|r| r.at >= at && r.at < at + NEAR && r.from <= through && through <= r.to)
    };
    for row in 0..height {
        for column in 0..width {
            let here = row * width + column;
            let (x, y) = (middle(&columns, column), middle(&rows, row));
            if column + 1 < width && columns.get(column + 1).is_some_and(|at| !is_drawn(across, *at, y)) {
                unite(&mut owner, here, here + 1);
            }
            if row + 1 < height && rows.get(row + 1).is_some_and(|at| !is_drawn(along, *at, x)) {
                unite(&mut owner, here, here + width);
            }
        }
    }
    let mut cells: Vec<LatticeCell> = (0..width * height)
        .map(|i| {
            let first = root(&owner, i);
            LatticeCell { row: first / width, column: first % width, span: (0, 0), glyphs: Vec::new() }
        })
        .collect();
    set_spans(&mut cells, width);
    Some(Lattice { columns, rows, cells })
}

/// Tells each cell how far it goes. One that is no rectangle takes its first place only.
fn set_spans(cells: &mut [LatticeCell], width: usize) {
    // For each cell: its last row and column, and how many places it has.
    let mut reach: Vec<(usize, usize, usize)> = vec![(0, 0, 0); cells.len()];
    for (i, cell) in cells.iter().enumerate() {
        if let Some((row, column, count)) = reach.get_mut(cell.row * width + cell.column) {
            (*row, *column, *count) = ((*row).max(i / width), (*column).max(i % width), *count + 1);
        }
    }
    for (cell, (row, column, count)) in cells.iter_mut().zip(reach).filter(|(_, (.., count))| *count > 0) {
        let span = (row + 1 - cell.row, column + 1 - cell.column);
        cell.span = if span.0 * span.1 == count { span } else { (1, 1) };
    }
}

fn root(owner: &[usize], mut i: usize) -> usize {
    while let Some(up) = owner.get(i).copied().filter(|up| *up != i) {
        i = up;
    }
    i
}

fn unite(owner: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(owner, one), root(owner, other));
    // The upper left cell has the text.
    if let Some(place) = owner.get_mut(one.max(other)) {
        *place = one.min(other);
    }
}

/// The places of lines, and of the ends of the lines that cross them where those go beyond.
fn places(rules: &[Rule], crossing: &[Rule]) -> Vec<f64> {
    let mut all: Vec<f64> = rules.iter().map(|r| r.at).collect();
    all.sort_by(f64::total_cmp);
    let mut out: Vec<f64> = Vec::new();
    for at in all {
        if out.last().is_none_or(|last| at - last >= NEAR) {
            out.push(at);
        }
    }
    let from = crossing.iter().map(|r| r.from).fold(f64::INFINITY, f64::min);
    let to = crossing.iter().map(|r| r.to).fold(f64::NEG_INFINITY, f64::max);
    if out.first().is_some_and(|first| from < first - 2.0 * MEETS) {
        out.insert(0, from);
    }
    if out.last().is_some_and(|last| to > last + 2.0 * MEETS) {
        out.push(to);
    }
    out
}

impl Lattice {
    /// Its upper edge.
    pub(super) fn top(&self) -> f64 {
        self.rows.first().copied().unwrap_or(0.0)
    }

    /// Whether a point lies in it.
    pub(super) fn holds(&self, (x, y): (f64, f64)) -> bool {
        interval(&self.columns, x).is_some() && interval(&self.rows, y).is_some()
    }

    fn area(&self) -> f64 {
        let length = |list: &[f64]| list.last().zip(list.first()).map_or(0.0, |(to, from)| to - from);
        length(&self.columns) * length(&self.rows)
    }

    fn cell_at(&mut self, (x, y): (f64, f64)) -> Option<&mut LatticeCell> {
        let column = interval(&self.columns, x)?;
        let row = interval(&self.rows, y)?;
        let width = self.columns.len() - 1;
        let found = self.cells.get(row * width + column)?;
        let first = found.row * width + found.column;
        self.cells.get_mut(first)
    }
}

fn interval(places: &[f64], at: f64) -> Option<usize> {
    let i = places.partition_point(|place| *place <= at);
    (i > 0 && i < places.len()).then(|| i - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digits from left to right, each 5 wide, with some gap before each of the later words.
    fn digits(words: &str, gap: f64) -> Vec<Glyph> {
        let mut left = 10.0;
        let mut glyphs = Vec::new();
        for (i, word) in words.split(' ').enumerate() {
            left += if i > 0 { gap } else { 0.0 };
            for c in word.chars() {
                let (text, right) = (c.to_string(), left + 5.0);
                glyphs.push(Glyph {
                    text,
                    left,
                    right,
                    base: 100.0,
                    size: 10.0,
                    paleness: 0.0,
                    is_over: false,
                });
                left = right;
            }
        }
        glyphs
    }

    fn read(glyphs: Vec<Glyph>, line: f64) -> Vec<String> {
        let across = [Rule { at: line, from: 0.0, to: 200.0 }];
        let word = |run: Vec<Glyph>| run.into_iter().map(|glyph| glyph.text).collect();
        runs(glyphs, &across).into_iter().map(word).collect()
    }

    #[test]
    fn a_line_in_the_gap_between_figures_parts_them() {
        assert_eq!(read(digits("75 66", 1.0), 20.5), ["75", "66"]);
        // A figure that is wider than its cell goes on through the line.
        assert_eq!(read(digits("7566", 0.0), 20.0), ["7566"]);
        assert_eq!(read(digits("7566", 0.0), 22.0), ["7566"]);
        assert_eq!(read(digits("75 66", 1.0), 40.0), ["7566"]);
        assert_eq!(read(digits("75 66", 3.0), 60.0), ["75", "66"]);
    }
}
