//! What of a report is in doubt: where digits are printed that the reader could not place.
//!
//! A cell that seems to be blank or not to be there at all may be where such digits belong: nothing that takes it for
//! blank, for missing or for 0 is known, and nobody is to blame for it. Everything that looks at figures to judge them
//! asks for them here.

use std::borrow::Cow;

use super::{CellId, Figure, Problem, ProblemCode, Report, TableId};

impl Report {
    /// Whether some figures may have been read otherwise than they are printed.
    #[must_use]
    pub fn needs_reading(&self) -> bool {
        self.problems.iter().any(|p| p.code.needs_reading()) || self.unread_tables().next().is_some()
    }

    /// The report with every cell unreadable that may be where digits belong that were not placed.
    #[must_use]
    pub fn placed(&self) -> Cow<'_, Self> {
        self.with_doubts(false)
    }

    /// The same, with the cells of rows unreadable too whose digits were placed, but not with certainty, or whose label
    /// was found without cells.
    #[must_use]
    pub fn certain(&self) -> Cow<'_, Self> {
        self.with_doubts(true)
    }

    /// Whether the digits of the row of a cell, or of the cell, were not placed with certainty, or were not found.
    #[must_use]
    pub fn is_uncertain(&self, cell: CellId) -> bool {
        let in_row = |place: &str| row_name(cell) == place || cell.name() == place;
        self.problems.iter().any(|p| is_doubt(p) && in_row(p.at.raw()))
    }

    /// Tables that are not among the figures although the text prints rows of them with digits.
    pub fn unread_tables(&self) -> impl Iterator<Item = TableId> + '_ {
        let is_unread = |table: &TableId| !self.figures.has_table(*table) && self.prints_rows_of(*table);
        TableId::ALL.into_iter().filter(is_unread)
    }

    fn with_doubts(&self, is_strict: bool) -> Cow<'_, Self> {
        let is_known = |p: &Problem| !(p.code.needs_reading() || is_strict && is_doubt(p));
        if self.problems.iter().all(is_known) && self.unread_tables().next().is_none() {
            return Cow::Borrowed(self);
        }
        let mut report = self.clone();
        for table in TableId::ALL.into_iter().filter(|table| self.is_in_doubt(*table)) {
            for cell in self.form().cells().filter(|cell| cell.table() == table && self.may_hold(*cell)) {
                report.figures.set(cell, Figure::Unreadable);
            }
        }
        for problem in self.problems.iter().filter(|p| is_doubt(p)) {
            let name = problem.at.raw();
            for cell in
                CellId::all().filter(|cell| row_name(*cell) == name || row_of(name) == row_name(*cell))
            {
                // Two numbers in one cell leave its neighbour empty.
                let is_beside = problem.code == ProblemCode::NotANumber && has_digits(problem);
                let is_row = matches!(problem.code, ProblemCode::UncertainRow | ProblemCode::RowWithoutCells);
                let is_guess = is_row && is_strict;
                let figure = self.figures.get(cell);
                if is_beside && figure == Figure::Blank || is_guess && figure != Figure::Absent {
                    report.figures.set(cell, Figure::Unreadable);
                }
            }
        }
        Cow::Owned(report)
    }

    /// Whether digits are printed in a table that were not placed in any of its cells.
    fn is_in_doubt(&self, table: TableId) -> bool {
        let is_placed = |row: &str| {
            CellId::of(table).any(|c| row_name(c) == row && self.figures.get(c).number().is_some())
        };
        let is_about = |problem: &Problem| match problem.at.raw() {
            name if name == table.name() => true,
            name => {
                matches!(problem.code, ProblemCode::UncertainRow | ProblemCode::RowTwice)
                    && CellId::of(table).any(|cell| row_name(cell) == name)
                    && !is_placed(name)
            }
        };
        self.problems.iter().any(|p| p.code.needs_reading() && is_about(p))
            || !self.figures.has_table(table) && self.prints_rows_of(table)
    }

    /// Whether digits that were not placed may belong into a cell.
    fn may_hold(&self, cell: CellId) -> bool {
        match self.figures.get(cell) {
            // A sign instead of a number was read.
            Figure::Blank => self.printed.get(&cell).is_none_or(|p| p.text.raw().trim().is_empty()),
            Figure::Absent => !self.is_printed_otherwise(cell),
            Figure::Unreadable | Figure::Number(_) => false,
        }
    }

    /// Whether a row of （六）其他处理 is missing only because the document prints （六） as the other edition does.
    #[must_use]
    pub fn is_printed_otherwise(&self, cell: CellId) -> bool {
        let has = |row: &str| {
            CellId::find(cell.table(), row, cell.column().key)
                .is_some_and(|c| self.figures.get(c) != Figure::Absent)
        };
        match cell.row().key {
            "other" => {
                cell.table() == TableId::Requests && (has("other_1") || has("other_2") || has("other_3"))
            }
            "other_1" | "other_2" | "other_3" => has("other"),
            _ => false,
        }
    }

    /// Whether the text of some section has lines that are rows of a table: a label of the form and nothing but digits
    /// behind it, or in the next line.
    fn prints_rows_of(&self, table: TableId) -> bool {
        const ROWS: usize = 2;
        let mut labels: Vec<&str> = CellId::of(table).map(|cell| cell.row().label.official).collect();
        labels.sort_unstable();
        labels.dedup();
        let is_row = |text: &str, label: &str| {
            let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
            while let Some(line) = lines.next() {
                let Some(rest) = behind_label(line, label) else { continue };
                let is_bare = !rest.chars().any(char::is_alphanumeric);
                if is_values(rest) || is_bare && lines.peek().is_some_and(|next| is_values(next)) {
                    return true;
                }
            }
            false
        };
        let texts = || self.sections.iter().map(|section| section.text.raw());
        labels.iter().filter(|label| texts().any(|text| is_row(text, label))).take(ROWS).count() == ROWS
    }
}

/// What stands in a line behind a label, where only numbers and signs and the labels of groups stand before it.
fn behind_label<'t>(line: &'t str, label: &str) -> Option<&'t str> {
    let (before, behind) = line.rsplit_once(label)?;
    let is_group = |c: char| "三本年度办理结果一二四五六（）()".contains(c);
    let is_bare = before.chars().all(|c| !c.is_alphabetic() || is_group(c) || c == '行' || c == '政');
    is_bare.then_some(behind)
}

/// Whether a piece of a line has digits and nothing that is no value.
fn is_values(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && !text.chars().any(char::is_alphabetic)
}

/// Whether a problem leaves the figures of a row in doubt.
fn is_doubt(problem: &Problem) -> bool {
    problem.code.needs_reading() || problem.code == ProblemCode::RowWithoutCells
}

/// The name of the row of a cell, such as `requests.received`.
fn row_name(cell: CellId) -> &'static str {
    row_of(cell.name())
}

/// The name of a row without that of its column.
fn row_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(row, _)| row)
}

fn has_digits(problem: &Problem) -> bool {
    problem.detail.raw().chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Number, Section};

    fn cell(name: &str) -> CellId {
        CellId::parse(name).unwrap()
    }

    fn problem(code: ProblemCode, at: &str, detail: &str) -> Problem {
        Problem { code, at: at.into(), line: 0, detail: detail.into() }
    }

    /// A report with figures in two rows of table 2, one of them with a blank cell, and nothing else.
    fn report(problems: Vec<Problem>) -> Report {
        let mut report = Report { year: Some(2024), problems, ..Report::default() };
        for (name, figure) in [
            ("proactive_disclosure.normative.issued", Figure::Number(Number::whole(3))),
            ("proactive_disclosure.normative.repealed", Figure::Blank),
            ("proactive_disclosure.licensing.decisions", Figure::Number(Number::whole(12))),
        ] {
            report.figures.set(cell(name), figure);
        }
        report
    }

    #[test]
    fn what_is_not_placed_may_belong_into_every_cell_without_a_number() {
        let stray = problem(ProblemCode::UnknownRow, "proactive_disclosure", "25");
        let report = report(vec![stray]);
        let certain = report.certain();
        for (name, want) in [
            ("proactive_disclosure.normative.issued", Figure::Number(Number::whole(3))),
            ("proactive_disclosure.normative.repealed", Figure::Unreadable),
            ("proactive_disclosure.penalty.decisions", Figure::Unreadable),
            ("requests.received.total", Figure::Absent),
        ] {
            assert_eq!(certain.figures.get(cell(name)), want, "{name}");
        }
        assert_eq!(certain.placed().figures, certain.figures, "asked twice, it says the same");
    }

    #[test]
    fn without_digits_left_over_blanks_are_blanks() {
        for problems in [
            vec![],
            vec![problem(ProblemCode::RowWithoutCells, "proactive_disclosure.penalty", "")],
            vec![problem(ProblemCode::NoRow, "proactive_disclosure.penalty", "")],
            // Of another table.
            vec![problem(ProblemCode::UncertainRow, "requests.received", "1 2")],
            // A word in a cell is no number that stands in the wrong place.
            vec![problem(ProblemCode::NotANumber, "proactive_disclosure.normative.issued", "若干")],
        ] {
            let report = report(problems);
            let certain = report.certain();
            let blank = certain.figures.get(cell("proactive_disclosure.normative.repealed"));
            assert_eq!(blank, Figure::Blank, "{:?}", report.problems);
        }
    }

    #[test]
    fn two_numbers_in_a_cell_leave_its_row_in_doubt() {
        let two = problem(ProblemCode::NotANumber, "proactive_disclosure.normative.issued", "3 1");
        let report = report(vec![two]);
        let certain = report.certain();
        assert_eq!(certain.figures.get(cell("proactive_disclosure.normative.repealed")), Figure::Unreadable);
        assert_eq!(certain.figures.get(cell("proactive_disclosure.penalty.decisions")), Figure::Absent);
    }

    #[test]
    fn a_row_that_was_placed_with_doubt_is_placed_but_not_certain() {
        let doubt = problem(ProblemCode::UncertainRow, "proactive_disclosure.normative", "3");
        let report = report(vec![doubt]);
        let issued = cell("proactive_disclosure.normative.issued");
        assert_eq!(report.placed().figures, report.figures);
        assert_eq!(report.certain().figures.get(issued), Figure::Unreadable);
        assert!(report.is_uncertain(issued) && !report.is_uncertain(cell("requests.received.total")));
    }

    #[test]
    fn a_label_without_cells_is_blank_and_not_certain() {
        let bare = problem(ProblemCode::RowWithoutCells, "proactive_disclosure.normative", "");
        let mut report = report(vec![bare]);
        let issued = cell("proactive_disclosure.normative.issued");
        report.figures.set(issued, Figure::Blank);
        assert_eq!(report.placed().figures.get(issued), Figure::Blank);
        assert_eq!(report.certain().figures.get(issued), Figure::Unreadable);
        assert_eq!(
            report.certain().figures.get(cell("proactive_disclosure.penalty.decisions")),
            Figure::Absent
        );
    }

    #[test]
    fn a_table_whose_rows_stand_in_the_text_was_not_read() {
        for (text, want) in [
            ("规章 ┃ 0 ┃ 0 ┃ 0\n行政规范性文件 ┃ 5 ┃ 2 ┃ 42", true),
            ("规章 |\n0 |\n行政规范性文件 |\n5 |", true),
            ("规章、行政规范性文件见附件。\n全年办理行政许可12件，行政处罚3件。", false),
            ("规章\n行政规范性文件\n行政许可", false),
            ("行政许可 12件\n行政处罚 3件", false),
            ("规章 3", false),
        ] {
            let section = |text: &str| Section {
                number: 2,
                title: "".into(),
                text: text.into(),
                line: 1,
                text_line: 2,
            };
            let report = Report { year: Some(2024), sections: vec![section(text)], ..Report::default() };
            let unread: Vec<TableId> = report.unread_tables().collect();
            assert_eq!(unread == [TableId::Disclosure], want, "{text}");
            assert_eq!(report.certain().figures.has_table(TableId::Disclosure), want, "{text}");
        }
    }
}
