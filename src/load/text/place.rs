//! Placing the values of a row in its columns, or saying that they cannot be placed.
//!
//! Nothing is guessed: a row is placed when its fields allow one reading only, or when other rows of the table
//! show how rows of its shape are printed. Where only the custom of the form decides, the row is placed by it and
//! said to be uncertain; where nothing decides, its figures are unreadable.

use super::cellwise;
use super::head::Head;
use super::lines::{DocLine, Field, FieldKind};
use super::rows::FoundRow;
use super::stream::{Piece, Stream};
use crate::display;

/// The fields of a row's columns: `None` where the document leaves the cell empty.
pub(super) type Cells<'a> = Vec<Option<Cell<'a>>>;

/// The columns of the page in which a value begins, and behind its last character.
type Edges = [usize; 2];

/// A printed cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'a> {
    /// Index of the line.
    pub(super) line: usize,
    /// The characters, with a unit printed apart.
    pub(super) text: &'a str,
    /// The unit, where it is a field of its own.
    pub(super) unit: Option<&'a str>,
}

/// How a row was placed.
#[derive(Debug)]
pub(super) enum Placed<'a> {
    /// With certainty.
    Surely(Cells<'a>),
    /// By the custom of the form only.
    Probably(Cells<'a>),
    /// Not at all: the values as printed, for the message.
    Not(String),
    /// The row has a label and no cells.
    NoCells,
}

/// How the values of a table are laid out, learnt from the rows that are certain.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// For rows of cells of a shape (level of the label, its field, number of fields): where the values begin.
    starts: Vec<(Shape, usize)>,
    /// For rows of words: where in its line each value begins, and ends, row by row.
    edges: Vec<Vec<Edges>>,
    /// How many rows that are full stand under the head as its columns do, and how many do not.
    under_head: [usize; 2],
    /// Of rows of so many columns whose last is filled: where it stands in its line.
    ends: Vec<(usize, usize)>,
    /// The numbers of columns of rows of which each cell is a line of its own, empty ones too.
    pub(super) lines: Vec<usize>,
    /// Whether a row has more loose values than columns. Then as many as there are columns may be the end of one row
    /// and the beginning of another, or pieces of fewer numbers.
    pub(super) has_too_many: bool,
    /// The numbers of columns of rows of cells that have more values than that: a column stands beside those of the form.
    too_wide: Vec<usize>,
    /// Whether something fills rows up: bars with nothing between them, or empty cells behind all columns.
    is_filled_up: bool,
}

/// What rows of cells must have in common to be printed alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    level: usize,
    label_field: usize,
    fields: usize,
}

/// A row with its fields, ready to be placed.
pub(super) struct RowFields<'a, 'd> {
    pub(super) found: &'d FoundRow,
    pub(super) pieces: Vec<&'d Piece>,
    pub(super) lines: &'d [DocLine<'a>],
    pub(super) columns: usize,
    /// The head above it, where one was found.
    head: Option<&'d Head>,
    /// Whether its columns are printed in another order than that of the form.
    is_in_other_order: bool,
    /// Whether the rows before and behind it have as many values as columns.
    pub(super) is_among_full: bool,
}

impl<'a, 'd> RowFields<'a, 'd> {
    /// The fields of a found row.
    pub(super) fn new(
        found: &'d FoundRow,
        stream: &'d Stream,
        lines: &'d [DocLine<'a>],
        (head, is_in_other_order): (Option<&'d Head>, bool),
    ) -> Self {
        let runs = found.runs.iter().filter_map(|i| stream.runs.get(*i));
        let pieces = runs.flat_map(|run| &run.pieces).collect();
        let columns = found.block.columns.len();
        let head = head.filter(|head| head.len() == columns);
        Self { found, pieces, lines, columns, head, is_in_other_order, is_among_full: true }
    }

    fn fields(&self, piece: &Piece) -> &'d [Field<'a>] {
        self.lines.get(piece.line).and_then(|line| line.fields.get(piece.fields.clone())).unwrap_or(&[])
    }

    /// The one line of cells that holds the row, if it is such a row.
    fn cell_piece(&self) -> Option<&'d Piece> {
        let is_cells = |piece: &&&Piece| self.lines.get(piece.line).is_some_and(|l| l.has_cells);
        let mut with_cells = self
            .pieces
            .iter()
            .filter(is_cells)
            .filter(|p| self.fields(p).iter().any(|f| f.is != FieldKind::Empty));
        match (with_cells.next(), with_cells.next()) {
            (Some(one), None) if self.pieces.iter().all(|p| is_cells(&p)) => Some(one),
            (None, _) if self.pieces.iter().all(|p| !self.has_values(p)) => {
                self.pieces.iter().find(|p| is_cells(p)).copied()
            }
            _ => None,
        }
    }

    fn shape(&self, piece: &Piece) -> Shape {
        let level = match (self.found.row.groups.len(), self.found.row.number) {
            (0, _) => 0,
            (n, _) => n,
        };
        let fields = self.lines.get(piece.line).map_or(0, |l| l.fields.len());
        Shape { level, label_field: piece.fields.start, fields }
    }

    /// Where the columns may begin so that every printed value falls into one of them.
    fn candidates(&self, piece: &Piece) -> Vec<usize> {
        let fields = self.fields(piece);
        let first = fields.iter().position(|f| f.is != FieldKind::Empty).unwrap_or(0);
        let last = fields.iter().rposition(|f| f.is != FieldKind::Empty).unwrap_or(0);
        // The label's merged cells leave at most two empty fields before the first column.
        (0..=2)
            .filter(|start| {
                *start <= first && last < start + self.columns && start + self.columns <= fields.len()
            })
            .collect()
    }

    fn cells_from(&self, piece: &Piece, start: usize) -> Cells<'a> {
        let fields = self.fields(piece);
        let cell = |f: &Field<'a>| {
            (f.is != FieldKind::Empty).then_some(Cell { line: piece.line, text: f.text, unit: None })
        };
        fields.iter().skip(start).take(self.columns).map(cell).collect()
    }

    /// The values of rows of words, each with its line and with a unit printed apart joined to it.
    fn values(&self, pieces: &[&'d Piece]) -> Vec<Cell<'a>> {
        let mut values: Vec<Cell<'a>> = Vec::with_capacity(self.columns);
        for piece in pieces {
            for field in self.fields(piece).iter().filter(|f| f.is != FieldKind::Empty) {
                match values.last_mut().filter(|_| super::value::is_unit(field.text)) {
                    Some(cell) => cell.unit = Some(field.text),
                    None => values.push(Cell { line: piece.line, text: field.text, unit: None }),
                }
            }
        }
        values
    }

    /// How many values one piece has.
    fn count(&self, piece: &Piece) -> usize {
        let filled = self.fields(piece).iter().filter(|f| f.is != FieldKind::Empty);
        filled.enumerate().filter(|(i, f)| *i == 0 || !super::value::is_unit(f.text)).count()
    }

    /// For each value of one piece, where it stands in its line.
    fn edges(&self, piece: &Piece) -> Vec<Edges> {
        let of_line = self.lines.get(piece.line).map(DocLine::ends).unwrap_or_default();
        let of_piece = of_line.get(piece.fields.clone()).unwrap_or_default();
        let filled = self.fields(piece).iter().zip(of_piece).filter(|(f, _)| f.is != FieldKind::Empty);
        let values = filled.enumerate().filter(|(i, (f, _))| *i == 0 || !super::value::is_unit(f.text));
        values.map(|(_, (f, end))| [end.saturating_sub(display::width(f.text)), *end]).collect()
    }

    /// The pieces without what can only be page numbers: where one line alone has all values, lines of one number
    /// that stand by themselves are none of the row's.
    fn without_page_numbers(&self) -> Vec<&'d Piece> {
        let full: Vec<&'d Piece> =
            self.pieces.iter().filter(|p| self.count(p) == self.columns).copied().collect();
        // What stands in from the left directly below the row may be the end of a figure that was wrapped.
        let may_be_wrapped = |p: &&Piece| {
            let line = self.lines.get(p.line);
            let above = p.line.checked_sub(1).and_then(|i| self.lines.get(i));
            line.is_some_and(|line| !line.has_cells && line.text.starts_with(char::is_whitespace))
                && above.is_some_and(|line| !line.text.trim().is_empty())
        };
        let is_lone = |p: &&Piece| self.count(p) == 1 && p.alone && !may_be_wrapped(p);
        let others_are_lone = self.pieces.iter().all(|p| self.count(p) == self.columns || is_lone(p));
        if full.len() == 1 && self.columns > 1 && others_are_lone { full } else { self.pieces.clone() }
    }

    /// Whether one of the pieces may be a page number that makes up for an empty cell: a number by itself, set off
    /// from the others by the lines around it or by their number.
    fn may_hold_a_page_number(&self, pieces: &[&'d Piece]) -> bool {
        let is_single = |p: &&'d Piece| p.alone && self.count(p) == 1;
        let is_blank = |line: Option<&DocLine<'_>>| line.is_none_or(|l| l.text.trim().is_empty());
        let is_apart = |p: &&'d Piece| {
            is_single(p)
                && is_blank(p.line.checked_sub(1).and_then(|i| self.lines.get(i)))
                && is_blank(self.lines.get(p.line + 1))
        };
        let singles = pieces.iter().filter(|p| is_single(p)).count();
        let apart = pieces.iter().filter(|p| is_apart(p)).count();
        let others_are_longer = pieces.iter().any(|p| self.count(p) > 1);
        pieces.len() > 1 && ((singles > 0 && others_are_longer) || (apart > 0 && apart < singles))
    }

    /// Whether the values stand on lines without their label.
    fn stands_apart(&self) -> bool {
        self.cell_piece().is_none() && self.pieces.iter().any(|piece| piece.alone)
    }

    /// Whether digits stand closer together than columns of the same line do: `8 3     8 4`.
    fn has_close_digits(&self) -> bool {
        let mut gaps = self.pieces.iter().flat_map(|piece| {
            let fields = self.fields(piece);
            fields.windows(2).filter_map(|pair| match pair {
                [a, b] => Some(a.gap_to(b)),
                _ => None,
            })
        });
        let (mut is_close, mut is_wide) = (false, false);
        gaps.by_ref().for_each(|gap| if gap > 1 { is_wide = true } else { is_close = true });
        is_close && is_wide && self.cell_piece().is_none()
    }

    /// Whether it may be that not each of the values is one: they stand apart from the label, or close together.
    fn is_loose(&self) -> bool {
        self.stands_apart() || self.has_close_digits()
    }

    /// Whether there are as many values as columns.
    pub(super) fn is_full(&self) -> bool {
        self.values(&self.without_page_numbers()).len() == self.columns
    }

    /// Whether there are more loose values than the row has columns.
    pub(super) fn has_too_many(&self) -> bool {
        let pieces = self.without_page_numbers();
        let count = self.values(&pieces).len();
        let is_page_number = || count == self.columns + 1 && self.may_hold_a_page_number(&pieces);
        self.is_loose() && count > self.columns && !is_page_number()
    }

    /// The values as printed, for messages.
    fn printed(&self) -> String {
        self.values(&self.pieces).iter().map(|cell| cell.text).collect::<Vec<_>>().join(" ")
    }

    /// Learns from the row, if it can be placed without help.
    pub(super) fn teach(&self, habits: &mut Habits) {
        if let Some(piece) = self.cell_piece() {
            let filled = || self.fields(piece).iter().filter(|f| f.is != FieldKind::Empty);
            if filled().count() > self.columns && self.columns > 1 {
                habits.too_wide.push(self.columns);
            }
            let has_more = self.fields(piece).last().is_some_and(|f| f.is == FieldKind::Empty);
            let ends_in_bars =
                || self.lines.get(piece.line).is_some_and(|l| l.text.trim_end().ends_with("||"));
            habits.is_filled_up |= ends_in_bars() || (has_more && filled().count() == self.columns);
            if let Some(head) = self.head.filter(|_| filled().count() == self.columns) {
                let is_under = filled().map(|f| head.column(f.columns.0)).eq((0..self.columns).map(Some));
                let [under, beside] = &mut habits.under_head;
                *if is_under { under } else { beside } += 1;
            }
            if let ([start], true) = (self.candidates(piece).as_slice(), self.has_values(piece)) {
                habits.starts.push((self.shape(piece), *start));
                if self.cells_from(piece, *start).last().is_some_and(Option::is_some) {
                    habits.ends.push((self.columns, self.last(piece, *start)));
                }
            }
            return;
        }
        let pieces = self.without_page_numbers();
        if let [piece] = pieces.as_slice() {
            let is_aligned = self.lines.get(piece.line).is_some_and(|l| l.text.contains("  "));
            if is_aligned && (1..=self.columns).contains(&self.count(piece)) {
                habits.edges.push(self.edges(piece));
            }
        }
    }

    fn has_values(&self, piece: &Piece) -> bool {
        self.fields(piece).iter().any(|f| f.is != FieldKind::Empty)
    }

    /// Places the row.
    pub(super) fn place(&self, habits: &Habits) -> Placed<'a> {
        if self.pieces.is_empty() {
            return Placed::NoCells;
        }
        // Values below a label that has lost its place may be those of the label above it.
        let is_beside = |piece: &&Piece| piece.line == self.found.line || !piece.alone;
        if self.is_in_other_order && self.pieces.iter().any(|piece| self.has_values(piece)) {
            return Placed::Not(self.printed());
        }
        let is_moved = self.found.is_out_of_order && !self.pieces.iter().all(is_beside);
        if is_moved || (self.found.is_interleaved && self.cell_piece().is_none()) {
            return Placed::Not(self.printed());
        }
        if habits.lines.contains(&self.columns)
            && let Some(cells) = cellwise::by_lines(self)
        {
            return Placed::Surely(cells);
        }
        match self.cell_piece() {
            Some(piece) => self.place_cells(piece, habits),
            None => cellwise::broken(self).map_or_else(|| self.place_words(habits), Placed::Surely),
        }
    }

    fn place_cells(&self, piece: &Piece, habits: &Habits) -> Placed<'a> {
        let fields = self.fields(piece);
        let filled: Vec<&Field<'a>> = fields.iter().filter(|f| f.is != FieldKind::Empty).collect();
        let is_grid = self.lines.get(piece.line).is_some_and(|line| line.is_grid);
        let cell = |f: &Field<'a>| Cell { line: piece.line, text: f.text, unit: None };
        if filled.is_empty() {
            // Nothing is printed, so nothing can be misplaced.
            return Placed::Surely(vec![None; self.columns]);
        }
        let is_too_wide = habits.too_wide.contains(&self.columns);
        if filled.len() == self.columns && !is_too_wide {
            // A value for each column, wherever they begin.
            return Placed::Surely(filled.into_iter().map(|f| Some(cell(f))).collect());
        }
        // With a column of its own, the empty one may be any.
        if filled.len() > self.columns || is_too_wide {
            return Placed::Not(self.printed());
        }
        if is_grid && fields.len() == self.columns {
            // A cell for each column.
            let is_under = |(i, f): (usize, &Field<'a>)| {
                f.is == FieldKind::Empty || self.head.is_none_or(|head| head.column(f.columns.0) == Some(i))
            };
            if !fields.iter().enumerate().all(is_under) {
                return Placed::Not(self.printed());
            }
            return Placed::Surely(
                fields.iter().map(|f| (f.is != FieldKind::Empty).then(|| cell(f))).collect(),
            );
        }
        let shows = |head: &&Head| (is_grid && head.is_grid) || habits.follows_the_head();
        let placed = match self.head.filter(shows) {
            Some(head) => self.place_under(head, piece),
            None if habits.is_filled_up => Placed::Not(self.printed()),
            None => return self.place_in_order(piece, habits),
        };
        match placed {
            // Where something fills rows up to the longest, empty cells may be left out, and then the last is empty.
            Placed::Surely(cells) if is_grid || cells.last().is_some_and(Option::is_some) => {
                Placed::Surely(cells)
            }
            Placed::Surely(cells) if !habits.is_filled_up => Placed::Surely(cells),
            _ => cellwise::broken(self).map_or_else(|| Placed::Not(self.printed()), Placed::Surely),
        }
    }

    /// Each value into the column of the head that it stands under.
    fn place_under(&self, head: &Head, piece: &Piece) -> Placed<'a> {
        let mut cells: Cells<'a> = vec![None; self.columns];
        let mut has_cell = vec![false; self.columns];
        for field in self.fields(piece) {
            let Some(column) = head.column(field.columns.0) else {
                if field.is == FieldKind::Empty {
                    continue;
                }
                return Placed::Not(self.printed());
            };
            if let Some(has) = has_cell.get_mut(column) {
                *has = true;
            }
            if field.is == FieldKind::Empty {
                continue;
            }
            match cells.get_mut(column) {
                Some(slot @ None) => *slot = Some(Cell { line: piece.line, text: field.text, unit: None }),
                _ => return Placed::Not(self.printed()),
            }
        }
        // Where a cell of another row goes on, this row has none, and it is not said whose figure that is.
        if has_cell.iter().all(|has| *has) { Placed::Surely(cells) } else { Placed::Not(self.printed()) }
    }

    /// Without a head: where the values can only begin in one field, or begin as in other rows of the table.
    fn place_in_order(&self, piece: &Piece, habits: &Habits) -> Placed<'a> {
        if self.head.is_some_and(Head::has_more) {
            return Placed::Not(self.printed());
        }
        let candidates = self.candidates(piece);
        let known = habits.start(self.shape(piece)).filter(|start| candidates.contains(start));
        let start = match candidates.as_slice() {
            [] => return Placed::Not(self.printed()),
            [start] => Some(*start),
            _ => known,
        };
        let placed = match start {
            Some(start) => Placed::Surely(self.cells_from(piece, start)),
            None => self.place_by_custom(piece, &candidates),
        };
        // What is empty at the end of a row may only fill it up, and then the empty cell is another one, but where
        // other rows show that the last column stands there.
        let is_known = start.is_some_and(|start| habits.ends_at((self.columns, self.last(piece, start))));
        let has_last = |cells: &Cells<'a>| is_known || cells.last().is_some_and(Option::is_some);
        match placed {
            Placed::Surely(cells) | Placed::Probably(cells) if !has_last(&cells) => {
                Placed::Not(self.printed())
            }
            placed => placed,
        }
    }

    /// The field of its line behind the last column of a row whose columns begin in a field of a piece.
    const fn last(&self, piece: &Piece, start: usize) -> usize {
        piece.fields.start + start + self.columns
    }

    /// The custom of the form: a label that spans the columns of its groups is followed by one empty field for
    /// each column that it spans when it stands in the first, else the values follow it at once.
    fn place_by_custom(&self, piece: &Piece, candidates: &[usize]) -> Placed<'a> {
        let is_top = self.found.row.groups.is_empty();
        let wished = usize::from(is_top && self.columns > 3);
        let start =
            if candidates.contains(&wished) { wished } else { candidates.first().copied().unwrap_or(0) };
        Placed::Probably(self.cells_from(piece, start))
    }

    fn place_words(&self, habits: &Habits) -> Placed<'a> {
        // A number on a line of its own below the cells of the row is none of them.
        let has_cells = |piece: &&Piece| self.lines.get(piece.line).is_some_and(|line| line.has_cells);
        let (cells, others): (Vec<&Piece>, Vec<&Piece>) = self.pieces.iter().copied().partition(has_cells);
        if !cells.is_empty()
            && others.iter().any(|piece| piece.alone)
            && cells.iter().all(|p| !self.has_values(p))
        {
            return Placed::Not(self.printed());
        }
        let pieces = self.without_page_numbers();
        let values = self.values(&pieces);
        let is_theirs = !(habits.has_too_many && self.is_loose() && !self.is_among_full);
        if values.len() == self.columns && is_theirs && !self.may_hold_a_page_number(&pieces) {
            return Placed::Surely(values.into_iter().map(Some).collect());
        }
        if values.is_empty() {
            return Placed::NoCells;
        }
        match pieces.as_slice() {
            [piece] if values.len() < self.columns => {
                self.place_by_edges(&values, &self.edges(piece), habits)
            }
            _ => Placed::Not(self.printed()),
        }
    }

    /// Each value into the column that its left or its right edge keeps to, if there is no doubt about any of them.
    fn place_by_edges(&self, values: &[Cell<'a>], edges: &[Edges], habits: &Habits) -> Placed<'a> {
        let by_side = |side: Side| {
            let columns = habits.columns(self.columns, side)?;
            let mut places: Vec<usize> = Vec::with_capacity(values.len());
            for edges in edges {
                let near = |column: &usize| side.of(edges).abs_diff(*column) <= EDGE_TOLERANCE;
                let mut near = columns.iter().enumerate().filter(|(_, column)| near(column));
                match (near.next(), near.next()) {
                    (Some((i, _)), None) if places.last().is_none_or(|last| *last < i) => places.push(i),
                    _ => return None,
                }
            }
            Some(places)
        };
        let places = match [Side::Left, Side::Right].map(by_side) {
            [Some(left), Some(right)] if left != right => None,
            [left, right] => left.or(right),
        };
        let Some(places) = places else { return Placed::Not(self.printed()) };
        let mut cells: Cells<'a> = vec![None; self.columns];
        for (cell, place) in values.iter().zip(places) {
            if let Some(slot) = cells.get_mut(place) {
                *slot = Some(*cell);
            }
        }
        Placed::Surely(cells)
    }
}

/// The side on which the values of a column stand below each other.
#[derive(Debug, Clone, Copy)]
enum Side {
    Left,
    Right,
}

impl Side {
    const fn of(self, [left, right]: &Edges) -> usize {
        match self {
            Self::Left => *left,
            Self::Right => *right,
        }
    }
}

/// How far the edges of one column may lie apart, in columns of the page.
const EDGE_TOLERANCE: usize = 1;

impl Shape {
    /// Whether the label stands in the column of its level, so that no cell to its left is missing and the row
    /// lines up with the others of the table.
    const fn lines_up(self) -> bool {
        self.label_field == self.level + 1
    }
}

impl Habits {
    /// Whether other rows show that the last column stands there, and none that it stands elsewhere.
    fn ends_at(&self, (columns, last): (usize, usize)) -> bool {
        let mut alike = self.ends.iter().filter(|(of, _)| *of == columns).peekable();
        alike.peek().is_some() && alike.all(|(_, at)| *at == last)
    }

    /// Whether full rows show that the values stand under the head.
    const fn follows_the_head(&self) -> bool {
        let [under, beside] = self.under_head;
        under > 0 && beside == 0
    }

    /// Where the values of a row of cells begin, behind its label, if rows like it agree: those of the same shape, or
    /// all that line up in a table of this width.
    fn start(&self, shape: Shape) -> Option<usize> {
        let agreed = |starts: Vec<usize>| match starts.split_first() {
            Some((first, rest)) if rest.iter().all(|start| start == first) => Some(*first),
            _ => None,
        };
        let alike = self.starts.iter().filter(|(s, _)| *s == shape).map(|(_, start)| *start).collect();
        agreed(alike).or_else(|| {
            let in_line = self
                .starts
                .iter()
                .filter(|(s, _)| s.lines_up() && s.fields == shape.fields && shape.lines_up());
            let first_column = agreed(in_line.map(|(s, start)| s.label_field + start).collect())?;
            first_column.checked_sub(shape.label_field)
        })
    }

    /// The edges of the columns, if the values of all rows keep to that many and at least two to each.
    fn columns(&self, count: usize, side: Side) -> Option<Vec<usize>> {
        let mut all: Vec<usize> = self.edges.iter().flatten().map(|edges| side.of(edges)).collect();
        all.sort_unstable();
        let mut columns: Vec<(usize, usize, usize)> = Vec::new();
        for edge in all {
            match columns.last_mut().filter(|(first, ..)| edge - *first <= EDGE_TOLERANCE) {
                Some((_, last, members)) => (*last, *members) = (edge, *members + 1),
                None => columns.push((edge, edge, 1)),
            }
        }
        let are_sure = columns.len() == count && columns.iter().all(|(.., members)| *members >= 2);
        // Columns closer than twice the tolerance cannot be told apart.
        let are_apart =
            columns.windows(2).all(|pair| matches!(pair, [a, b] if b.0 - a.1 > 2 * EDGE_TOLERANCE));
        (are_sure && are_apart).then(|| columns.into_iter().map(|(_, last, _)| last).collect())
    }
}
