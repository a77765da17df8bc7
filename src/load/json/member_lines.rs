//! In which line of a parsed report each of its figures and texts stands, so that a finding can name a line of the JSON
//! itself, where a person finds what it speaks of.
//!
//! It must take the same member that [`read`](super::read) takes, and never name a line where that cannot be told.

use super::layout::{ArrayRow, LAYOUT, find};
use super::scan::{Fault, Kind, Scanner};
use crate::load::line_after;
use crate::report::{CELL_COUNT, CellId, TableId};

/// The lines of the members of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLines(Lines);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Lines {
    /// There is but one.
    One,
    /// Of each cell by its index, and of the text of each section.
    Many { cells: Vec<Option<u32>>, sections: Vec<Option<u32>> },
}

impl MemberLines {
    /// The line in which the figure of a cell stands, counted from 0; of a row that is not as long as that of the form, and
    /// of a row that is no array, the line where it begins. Of figures given twice, the first.
    ///
    /// Where all is one line it is not looked whether the report has the cell.
    #[must_use]
    pub fn cell(&self, cell: CellId) -> Option<u32> {
        match &self.0 {
            Lines::One => Some(0),
            Lines::Many { cells, .. } => cells.get(cell.index()).copied().flatten(),
        }
    }

    /// The line in which the text of a section stands, counted from 0; the sections are those of
    /// [`Report::sections`](crate::report::Report::sections), in their order. None where it has no text.
    #[must_use]
    pub fn section(&self, index: usize) -> Option<u32> {
        match &self.0 {
            Lines::One => Some(0),
            Lines::Many { sections, .. } => sections.get(index).copied().flatten(),
        }
    }
}

/// Finds the lines of the members of one report: of a whole document, of a line of a file, or of what
/// [`Located`](crate::load::Located) says of an element of an array. Of what is no such object, no line is known.
#[must_use]
pub fn member_lines(bytes: &[u8]) -> MemberLines {
    if memchr::memchr(b'\n', bytes).is_none() {
        return MemberLines(Lines::One);
    }
    let text = simdutf8::basic::from_utf8(bytes).unwrap_or_default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut finder = Finder::new(text);
    let mut scanner = Scanner::new(text);
    let found = finder.report(&mut scanner).and_then(|()| scanner.end());
    // What turns out to be no JSON is read as nothing.
    let Finder { cells, sections, .. } = if found.is_ok() { finder } else { Finder::new("") };
    MemberLines(Lines::Many { cells, sections })
}

/// What was found so far.
struct Finder<'a> {
    text: &'a str,
    /// A byte and its line: lines are asked for going forward.
    seen: (usize, u32),
    cells: Vec<Option<u32>>,
    sections: Vec<Option<u32>>,
    has_sections: bool,
}

impl<'a> Finder<'a> {
    fn new(text: &'a str) -> Self {
        let cells = vec![None; CELL_COUNT];
        Self { text, seen: (0, 0), cells, sections: Vec::new(), has_sections: false }
    }

    fn report(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        if scanner.kind()? != Kind::Object {
            return scanner.skip().map(drop);
        }
        scanner.object(|scanner, name, _| {
            let kind = scanner.kind()?;
            match TableId::ALL.into_iter().find(|table| table.name() == name) {
                Some(TableId::Disclosure) if kind == Kind::Object => self.disclosure(scanner),
                Some(table) if kind == Kind::Object => self.rows(scanner, table),
                // Of sections given twice the first stand, whatever they are.
                None if name == "sections" && !std::mem::replace(&mut self.has_sections, true) => {
                    self.sections(scanner, kind)
                }
                _ => scanner.skip().map(drop),
            }
        })
    }

    fn disclosure(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        let mut next = 0;
        scanner.object(|scanner, name, _| {
            let line = self.line(scanner)?;
            let found = find(&LAYOUT.disclosure, &mut next, |(key, _)| *key == name);
            if let Some((_, cell)) = found.and_then(|index| LAYOUT.disclosure.get(index)) {
                self.put(*cell, line);
            }
            scanner.skip().map(drop)
        })
    }

    fn rows(&mut self, scanner: &mut Scanner<'_>, table: TableId) -> Result<(), Fault> {
        let rows = LAYOUT.rows(table);
        let mut next = 0;
        scanner.object(|scanner, name, _| {
            let found = find(rows, &mut next, |row| row.key == name);
            match found.and_then(|index| rows.get(index)) {
                Some(row) => self.row(scanner, row),
                None => scanner.skip().map(drop),
            }
        })
    }

    fn row(&mut self, scanner: &mut Scanner<'_>, row: &ArrayRow) -> Result<(), Fault> {
        let start = self.line(scanner)?;
        let mut lines = Vec::with_capacity(row.cells.len());
        if scanner.kind()? == Kind::Array {
            scanner.array(|scanner, _| {
                let line = self.line(scanner)?;
                // One more than the row can have tells as much as all of them.
                if lines.len() <= row.cells.len() {
                    lines.push(line);
                }
                scanner.skip().map(drop)
            })?;
        } else {
            scanner.skip()?;
        }
        // Of a row of another length none of the figures can be placed.
        let is_whole = lines.len() == row.cells.len();
        for (i, cell) in row.cells.iter().enumerate() {
            let own = lines.get(i).filter(|_| is_whole);
            self.put(*cell, own.copied().unwrap_or(start));
        }
        Ok(())
    }

    fn sections(&mut self, scanner: &mut Scanner<'_>, kind: Kind) -> Result<(), Fault> {
        if kind != Kind::Array {
            return scanner.skip().map(drop);
        }
        scanner.array(|scanner, _| {
            if scanner.kind()? != Kind::Object {
                return scanner.skip().map(drop);
            }
            let mut text = None;
            scanner.object(|scanner, name, _| {
                let line = self.line(scanner)?;
                if name == "text" {
                    text.get_or_insert(line);
                }
                scanner.skip().map(drop)
            })?;
            self.sections.push(text);
            Ok(())
        })
    }

    /// The line of the value that comes next.
    fn line(&mut self, scanner: &mut Scanner<'_>) -> Result<u32, Fault> {
        scanner.kind()?;
        let (seen, line) = self.seen;
        let between = self.text.as_bytes().get(seen..scanner.at()).unwrap_or_default();
        self.seen = (scanner.at(), line_after(line, between));
        Ok(self.seen.1)
    }

    /// Of figures given twice the first stands, as far as any does.
    fn put(&mut self, cell: CellId, line: u32) {
        if let Some(known) = self.cells.get_mut(cell.index()) {
            known.get_or_insert(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(name: &str) -> CellId {
        CellId::parse(name).unwrap()
    }

    /// The lines of some cells and of the first sections.
    fn lines(json: &str) -> ([Option<u32>; 3], [Option<u32>; 3]) {
        let lines = member_lines(json.as_bytes());
        let cells = ["normative.issued", "received.natural", "received.total"];
        let tables = ["proactive_disclosure", "requests", "requests"];
        let mut names = tables.iter().zip(cells).map(|(table, name)| cell(&format!("{table}.{name}")));
        let cells = std::array::from_fn(|_| lines.cell(names.next().unwrap()));
        (cells, std::array::from_fn(|index| lines.section(index)))
    }

    #[test]
    fn the_member_that_is_read_is_the_one_that_is_told() {
        type Case = (&'static str, [Option<u32>; 3], [Option<u32>; 3]);
        let cases: [Case; 12] = [
            // A row on one line, and one on several.
            ("{\"requests\":\n{\"received\":\n[1,2,3,4,5,6,7]}}", [None, Some(2), Some(2)], [None; 3]),
            ("{\"requests\":{\"received\":[\n1,\n2,3,4,5,6,\n7]}}", [None, Some(1), Some(3)], [None; 3]),
            // A name, and its value below.
            ("{\"proactive_disclosure\":{\"normative.issued\":\n\r\n 8}}", [Some(2), None, None], [None; 3]),
            // A name with escapes; a mark at the beginning.
            (
                "\u{feff}\n{\"pro\\u0061ctive_disclosure\":{\"normative.\\u0069ssued\":8}}",
                [Some(1), None, None],
                [None; 3],
            ),
            // A row of another length, and one that is no array.
            ("{\"requests\":{\"received\":\n[1,\n2,\n3,4,5,6,7,\n8]}}", [None, Some(1), Some(1)], [None; 3]),
            ("{\"requests\":{\"received\":\n[\n1,\n2]}}", [None, Some(1), Some(1)], [None; 3]),
            ("{\"requests\":{\"received\":\n{\"a\":\n1}}}", [None, Some(1), Some(1)], [None; 3]),
            // Given twice: the first figures, and the first sections, whatever they are.
            (
                "{\"requests\":5,\n\"requests\":{\"received\":[1,2,3,4,5,6,7]},\n\"requests\":{\"received\":[],\"received\":[]}}",
                [None, Some(1), Some(1)],
                [None; 3],
            ),
            (
                "{\"sections\":[\n{\"text\":\"a\",\n\"text\":\"b\"},7,\n{\"title\":\"c\"},\n{\"text\":\nnull}]}",
                [None; 3],
                [Some(1), None, Some(5)],
            ),
            ("{\"sections\":null,\n\"sections\":[{\"text\":\"a\"}]}", [None; 3], [None; 3]),
            // What stands elsewhere under such a name.
            (
                "{\"x\":{\"requests\":{\"received\":[1,2,3,4,5,6,7]}},\n\"text\":1,\"sections\":[{\"a\":{\"text\":1}}]}",
                [None; 3],
                [None; 3],
            ),
            // A text with everything that ends lines elsewhere.
            (
                "{\"sections\":[{\"text\":\"a\\n\\r\u{2028}\u{85}\"},\n{\"text\":\"\"}]}",
                [None; 3],
                [Some(0), Some(1), None],
            ),
        ];
        for (json, cells, sections) in cases {
            assert_eq!(lines(json), (cells, sections), "{json}");
        }
    }

    #[test]
    fn of_one_line_all_is_known_and_of_no_report_nothing() {
        for json in ["{\"requests\":{}}", "", "no JSON"] {
            assert_eq!(lines(json), ([Some(0); 3], [Some(0); 3]), "{json}");
        }
        let whole = "{\"requests\":{\"received\":[1,2,3,4,5,6,7]},\n\"sections\":[{\"text\":\"\"}]}";
        assert_eq!(lines(whole), ([None, Some(0), Some(0)], [Some(1), None, None]));
        for end in 1..whole.len() {
            let cut = format!("{}\n", whole.get(..end).unwrap());
            assert_eq!(lines(&cut), ([None; 3], [None; 3]), "{cut}");
        }
        for json in [format!("{whole} x"), format!("[{whole}]"), "\n".to_owned(), "\n1".to_owned()] {
            assert_eq!(lines(&json), ([None; 3], [None; 3]), "{json}");
        }
        assert_eq!(member_lines(b"{\"a\":\n\"\xff\"}").cell(cell("requests.received.total")), None);
        let deep = format!("{{\"x\":\n{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(lines(&deep), ([None; 3], [None; 3]));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(mut bytes: Vec<u8>) {
            bytes.push(b'\n');
            let lines = member_lines(&bytes);
            proptest::prop_assert!(CellId::all().all(|cell| lines.cell(cell).is_none()));
        }
    }
}
