//! The figures of the three tables, and what `cells` says of them.
//!
//! A figure is never made up: a value that is no plain number, a row of another length than the form, and two values
//! for one cell all leave the cell unreadable, with what stood there kept.

use std::fmt::Arguments;

use super::layout::{ArrayRow, LAYOUT, find};
use super::members::{Reader, Seen};
use super::read::quote;
use super::scan::{Fault, Kind, Scanner};
use crate::display::Untrusted;
use crate::load::text::is_blank_sign;
use crate::report::{CellId, Figure, Number, Printed, ProblemCode, TableId, Unit};

/// The longest row of a table.
const MAX_COLUMNS: usize = 8;

/// What an entry of `cells` says of its figure.
pub(super) struct Mark {
    cell: CellId,
    /// `"unreadable"`: what the null of the figure stands for; not said where it is missing.
    is_unreadable: Option<bool>,
    /// `"absent"`: the null only fills the row.
    is_absent: bool,
    /// The byte where the entry begins.
    at: usize,
}

impl Reader<'_> {
    /// Reads a table; `second` is the place of its name if the report has it already.
    pub(super) fn table(
        &mut self,
        scanner: &mut Scanner<'_>,
        table: TableId,
        second: Option<usize>,
    ) -> Result<(), Fault> {
        if scanner.kind()? != Kind::Object {
            return self.wrong_type(scanner, format_args!("{}", table.name()), "an object").map(drop);
        }
        let mut conflicts = 0;
        match table {
            TableId::Disclosure => self.disclosure(scanner, &mut conflicts)?,
            TableId::Requests | TableId::Remedies => self.rows(scanner, table, &mut conflicts)?,
        }
        if let Some(at) = second {
            self.twice(format_args!("{}", table.name()), at, conflicts);
        }
        Ok(())
    }

    /// Says that figures were given twice; the `conflicts` among them are unreadable by now.
    fn twice(&mut self, place: Arguments<'_>, at: usize, conflicts: usize) {
        let detail =
            if conflicts == 0 { "no other figures".into() } else { format!("{conflicts} figures differ") };
        self.problem(ProblemCode::DuplicateKey, place, at, &detail);
    }

    /// Table 2: one member a cell, and the units of money.
    fn disclosure(&mut self, scanner: &mut Scanner<'_>, conflicts: &mut usize) -> Result<(), Fault> {
        let mut next = 0;
        let mut seen_cells = 0_u64;
        let mut seen_units = Seen::of(&["procurement.unit", "fees.unit"]);
        let table = TableId::Disclosure.name();
        scanner.object(|scanner, name, at| {
            let place = format_args!("{table}.{name}");
            let Some(index) = find(&LAYOUT.disclosure, &mut next, |(key, _)| *key == name) else {
                match name {
                    _ if seen_units.before(name) => self.second(scanner, place, at)?,
                    "procurement.unit" => self.report.procurement_unit = self.unit(scanner, place)?,
                    "fees.unit" => self.report.fees_unit = self.unit(scanner, place)?,
                    _ => self.unknown(scanner, place, at)?,
                }
                return Ok(());
            };
            let cell = LAYOUT.disclosure[index].1;
            let figure = self.figure(scanner, cell)?;
            let differs = self.put(cell, figure);
            *conflicts += usize::from(differs);
            if seen_cells & 1 << index != 0 {
                self.twice(place, at, usize::from(differs));
            }
            seen_cells |= 1 << index;
            Ok(())
        })
    }

    fn unit(&mut self, scanner: &mut Scanner<'_>, place: Arguments<'_>) -> Result<Option<Unit>, Fault> {
        scanner.kind()?;
        let at = scanner.at();
        let Some(name) = self.text(scanner, place)? else { return Ok(None) };
        let unit = Unit::parse(name.raw());
        if unit.is_none() {
            let detail = format!("元, 万元 or 亿元, not {}", quote(name.raw()));
            self.problem(ProblemCode::WrongType, place, at, &detail);
        }
        Ok(unit)
    }

    /// Tables 3 and 4: one array a row.
    fn rows(
        &mut self,
        scanner: &mut Scanner<'_>,
        table: TableId,
        conflicts: &mut usize,
    ) -> Result<(), Fault> {
        let rows = LAYOUT.rows(table);
        let mut next = 0;
        let mut seen = 0_u64;
        let table = table.name();
        scanner.object(|scanner, name, at| {
            let place = format_args!("{table}.{name}");
            let Some(index) = find(rows, &mut next, |row| row.key == name) else {
                return self.unknown(scanner, place, at);
            };
            let row = &rows[index];
            let mut differ = 0;
            let mut numbers = [0; MAX_COLUMNS];
            if scanner.small_numbers(numbers.get_mut(..row.cells.len()).unwrap_or_default()) {
                for (cell, number) in row.cells.iter().zip(numbers) {
                    differ += usize::from(self.put(*cell, Figure::Number(Number::whole(number.into()))));
                }
            } else {
                for (cell, figure) in row.cells.iter().zip(self.row(scanner, row, place)?) {
                    differ += usize::from(self.put(*cell, figure));
                }
            }
            *conflicts += differ;
            if seen & 1 << index != 0 {
                self.twice(place, at, differ);
            }
            seen |= 1 << index;
            Ok(())
        })
    }

    /// The figures of a row. Of a row of another length, none can be placed.
    fn row(
        &mut self,
        scanner: &mut Scanner<'_>,
        row: &ArrayRow,
        place: Arguments<'_>,
    ) -> Result<[Figure; MAX_COLUMNS], Fault> {
        let mut figures = [Figure::Unreadable; MAX_COLUMNS];
        if scanner.kind()? != Kind::Array {
            let found = self.wrong_type(scanner, place, "an array")?;
            self.note_row(row, found);
            return Ok(figures);
        }
        let start = scanner.at();
        let mut length = 0;
        scanner.array(|scanner, i| {
            length = i + 1;
            match (row.cells.get(i), figures.get_mut(i)) {
                (Some(cell), Some(figure)) => *figure = self.figure(scanner, *cell)?,
                _ => drop(scanner.skip()?),
            }
            Ok(())
        })?;
        let columns = row.cells.len();
        if length != columns {
            let found = scanner.since(start);
            self.problem(
                ProblemCode::WrongType,
                place,
                start,
                &format!("{columns} values, not {length}: {}", quote(found)),
            );
            self.notes.retain(|(cell, _)| !row.cells.contains(cell));
            self.note_row(row, found);
            figures = [Figure::Unreadable; MAX_COLUMNS];
        }
        Ok(figures)
    }

    /// Keeps what stood in the place of a row, for each of its cells.
    fn note_row(&mut self, row: &ArrayRow, found: &str) {
        self.notes.extend(row.cells.iter().map(|cell| (*cell, quote(found).into_owned())));
    }

    /// The figure that comes next.
    fn figure(&mut self, scanner: &mut Scanner<'_>, cell: CellId) -> Result<Figure, Fault> {
        let kind = scanner.kind()?;
        if let Some(number) = scanner.small_number() {
            return Ok(Figure::Number(Number::whole(number.into())));
        }
        let at = scanner.at();
        match kind {
            Kind::Null => return scanner.null().map(|()| Figure::Blank),
            Kind::Number => {
                let printed = scanner.number()?;
                if let Some(number) = Number::parse(printed) {
                    return Ok(Figure::Number(number));
                }
                self.problem(ProblemCode::NotANumber, format_args!("{cell}"), at, &quote(printed));
                self.notes.push((cell, printed.to_owned()));
            }
            Kind::String => {
                let text = scanner.string()?.decode().into_owned();
                let detail = format!("a number, not {}", quote(scanner.since(at)));
                self.problem(ProblemCode::WrongType, format_args!("{cell}"), at, &detail);
                self.notes.push((cell, text));
            }
            Kind::Object | Kind::Array | Kind::Boolean => {
                let found = self.wrong_type(scanner, format_args!("{cell}"), "a number")?;
                self.notes.push((cell, found.to_owned()));
            }
        }
        Ok(Figure::Unreadable)
    }

    /// Puts a figure into its cell. If another one is there, neither can be believed.
    #[inline]
    fn put(&mut self, cell: CellId, figure: Figure) -> bool {
        let there = self.report.figures.get(cell);
        if matches!(there, Figure::Absent) {
            self.report.figures.set(cell, figure);
            return false;
        }
        self.put_again(cell, there, figure)
    }

    /// Puts a figure into a cell that has one.
    #[cold]
    fn put_again(&mut self, cell: CellId, there: Figure, figure: Figure) -> bool {
        let differs = there != figure;
        if differs {
            self.report.figures.set(cell, Figure::Unreadable);
            let both = [there, figure].map(|f| f.number().map_or_else(String::new, |n| n.to_string()));
            self.notes.push((cell, both.join(" / ")));
        }
        differs
    }

    /// Where each figure stood and how it was printed.
    pub(super) fn cells(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        match scanner.kind()? {
            Kind::Object => {}
            Kind::Null => return scanner.null(),
            _ => return self.wrong_type(scanner, format_args!("cells"), "an object").map(drop),
        }
        let mut next = 0;
        scanner.object(|scanner, name, at| {
            let place = format_args!("cells.{name}");
            let Some(index) = find(&LAYOUT.cells, &mut next, |(cell, _)| *cell == name) else {
                return self.unknown(scanner, place, at);
            };
            let cell = LAYOUT.cells[index].1;
            let (word, bit) = (cell.index() / 64, 1_u64 << (cell.index() % 64));
            if self.marked[word] & bit != 0 {
                return self.second(scanner, place, at);
            }
            self.marked[word] |= bit;
            if scanner.kind()? != Kind::Object {
                return self.wrong_type(scanner, place, "an object").map(drop);
            }
            self.cell(scanner, cell, at)
        })
    }

    fn cell(&mut self, scanner: &mut Scanner<'_>, cell: CellId, at: usize) -> Result<(), Fault> {
        let mut seen = Seen::of(&["line", "text", "unreadable", "absent"]);
        let mut printed = Printed { line: 0, text: Untrusted::default() };
        let mut mark = Mark { cell, is_unreadable: None, is_absent: false, at };
        scanner.object(|scanner, name, at| {
            let place = format_args!("cells.{cell}.{name}");
            match name {
                _ if seen.before(name) => self.second(scanner, place, at)?,
                "line" => printed.line = self.line(scanner, place)?,
                "text" => printed.text = self.text(scanner, place)?.unwrap_or_default(),
                "unreadable" => mark.is_unreadable = self.boolean(scanner, place)?,
                "absent" => mark.is_absent = self.boolean(scanner, place)?.unwrap_or(false),
                _ => self.unknown(scanner, place, at)?,
            }
            Ok(())
        })?;
        if seen.has("line") || seen.has("text") {
            self.report.printed.insert(cell, printed);
        }
        self.marks.push(mark);
        Ok(())
    }

    /// Applies what can only be said when all members are known: what the nulls stand for.
    pub(super) fn settle(&mut self) {
        for mark in std::mem::take(&mut self.marks) {
            let cell = mark.cell;
            let place = format_args!("cells.{cell}");
            let figure = self.report.figures.get(cell);
            let settled = match (figure, mark.is_unreadable) {
                (Figure::Number(number), Some(true)) => {
                    self.problem(
                        ProblemCode::WrongType,
                        place,
                        mark.at,
                        &format!("marked unreadable, but {number}"),
                    );
                    Figure::Unreadable
                }
                (Figure::Number(number), _) if mark.is_absent => {
                    self.problem(
                        ProblemCode::WrongType,
                        place,
                        mark.at,
                        &format!("marked absent, but {number}"),
                    );
                    Figure::Unreadable
                }
                (_, Some(true)) => Figure::Unreadable,
                (Figure::Blank, _) if mark.is_absent => Figure::Absent,
                (Figure::Blank, None) => self.what_null_stands_for(cell, mark.at),
                (as_it_is, _) => as_it_is,
            };
            self.report.figures.set(cell, settled);
        }
        for (cell, text) in std::mem::take(&mut self.notes) {
            self.report.printed.entry(cell).or_insert(Printed { line: 0, text: Untrusted::new(text) });
        }
    }

    /// A null in whose cell something was printed that is no sign for nothing is unreadable.
    fn what_null_stands_for(&mut self, cell: CellId, at: usize) -> Figure {
        let Some(printed) = self.report.printed.get(&cell) else { return Figure::Blank };
        let text = printed.text.raw().trim();
        if text.is_empty() || is_blank_sign(text) {
            return Figure::Blank;
        }
        if !self.stated.iter().any(|problem| problem.at.raw() == cell.name()) {
            let detail = quote(text).into_owned();
            self.problem(ProblemCode::NotANumber, format_args!("{cell}"), at, &detail);
        }
        Figure::Unreadable
    }
}
