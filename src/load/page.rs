//! A document as text: what every format is turned into before it is read.
//!
//! Lines are lines, and a row of a table is a line with its cells between tabs, each in its column of the grid. Where a
//! merged cell goes on, there is no cell but a mark, [`LEFT`] or [`ABOVE`]: such a position is not blank, it belongs to
//! another cell. The text reader places rows and cells from there; no format places any itself. The same text is what
//! the source view shows, so its line numbers are those of findings.

/// Cells of one table at most: more than that is no table of a report.
const MAX_CELLS: usize = 200_000;
/// Columns of a table at most.
const MAX_COLUMNS: usize = 256;

/// What stands where the cell to the left goes on.
pub(crate) const LEFT: &str = "←";
/// What stands where a cell of a row above goes on.
pub(crate) const ABOVE: &str = "↑";

/// A text without the marks of merged cells.
pub(crate) fn without_marks(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains(['←', '↑']) {
        return text.into();
    }
    let row = |line: &str| {
        let cells = line.split('\t').filter(|cell| *cell != LEFT && *cell != ABOVE);
        cells.collect::<Vec<_>>().join("\t")
    };
    text.split('\n').map(row).collect::<Vec<_>>().join("\n").into()
}

/// A document that is being turned into text.
#[derive(Debug, Default)]
pub(crate) struct Page {
    text: String,
}

/// A cell of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    /// What stands in it.
    pub(crate) text: String,
    /// Columns that it takes.
    pub(crate) columns: usize,
    /// Rows that it takes; 0 where it is no cell, but the rest of one in the row above.
    pub(crate) rows: usize,
}

impl Page {
    /// Adds text; line breaks in it begin new lines.
    pub(crate) fn lines(&mut self, text: &str) {
        for line in text.lines() {
            // A tab would make cells of words.
            self.text.push_str(&line.replace('\t', " "));
            self.text.push('\n');
        }
    }

    /// Adds a table row by row; cells that span columns or rows leave marks where they go on.
    pub(crate) fn table(&mut self, rows: &[Vec<Cell>]) {
        for row in grid(rows) {
            let cells: Vec<String> = row.into_iter().map(one_line).collect();
            self.text.push_str(&cells.join("\t"));
            self.text.push('\n');
        }
        self.text.push('\n');
    }

    /// The text.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// The words of a cell on one line. Between Chinese characters a line break is no space.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_whitespace() {
        let is_wide = |c: char| !c.is_ascii() && c.is_alphanumeric();
        let joins = out.chars().next_back().is_some_and(is_wide) && piece.starts_with(is_wide);
        if !out.is_empty() && !joins {
            out.push(' ');
        }
        out.push_str(piece);
    }
    out
}

/// The grid of a table: every row with a text for each column.
fn grid(rows: &[Vec<Cell>]) -> Vec<Vec<&str>> {
    // For each column: for how many more rows a cell from above lies in it.
    let mut covered: Vec<usize> = Vec::new();
    let mut out: Vec<Vec<Option<&str>>> = Vec::with_capacity(rows.len());
    let mut count = 0;
    for row in rows {
        let mut line: Vec<Option<&str>> = Vec::new();
        let mut next: Vec<usize> = covered.iter().map(|n| n.saturating_sub(1)).collect();
        let mut at = 0;
        for cell in row {
            while covered.get(at).is_some_and(|n| *n > 0) {
                at += 1;
            }
            let columns = cell.columns.clamp(1, MAX_COLUMNS);
            if at + columns > MAX_COLUMNS {
                break;
            }
            line.resize(line.len().max(at + columns), None);
            next.resize(next.len().max(at + columns), 0);
            for (i, place) in line.iter_mut().skip(at).take(columns).enumerate() {
                *place = Some(match (cell.rows, i) {
                    (0, _) => ABOVE,
                    (_, 0) => cell.text.as_str(),
                    _ => LEFT,
                });
            }
            for n in next.iter_mut().skip(at).take(columns) {
                *n = cell.rows.clamp(1, rows.len()).saturating_sub(1);
            }
            at += columns;
        }
        let width = covered.iter().rposition(|n| *n > 0).map_or(0, |last| last + 1);
        line.resize(line.len().max(width), None);
        for (place, _) in line.iter_mut().zip(&covered).filter(|(_, n)| **n > 0) {
            place.get_or_insert(ABOVE);
        }
        count += line.len();
        if count > MAX_CELLS {
            break;
        }
        covered = next;
        out.push(line);
    }
    // What a row does not have at its end is no cell.
    out.into_iter().map(|line| line.into_iter().map(|cell| cell.unwrap_or("")).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str, columns: usize, rows: usize) -> Cell {
        Cell { text: text.to_owned(), columns, rows }
    }

    #[test]
    fn merged_cells_leave_marks_where_they_go_on() {
        let rows = [
            vec![cell("三、本年度\n办理结果", 1, 3), cell("（一）予以公开", 2, 1), cell("7", 1, 1)],
            vec![cell("（三）不予\u{a0}公开", 1, 2), cell("1.属于国家秘密", 1, 1), cell("0", 1, 1)],
            vec![cell("2.其他", 1, 1), cell("\u{a0}", 1, 1)],
            vec![cell("四、结转", 3, 1), cell("1", 1, 1)],
        ];
        let mut page = Page::default();
        page.lines("三、申请\t情况");
        page.table(&rows);
        let want = "三、申请 情况\n三、本年度办理结果\t（一）予以公开\t←\t7\n↑\t（三）不予公开\t1.属于国家秘密\t0\n↑\t↑\t2.其他\t\n四、结转\t←\t←\t1\n\n";
        assert_eq!(page.into_text(), want);
    }

    #[test]
    fn absurd_spans_do_no_harm() {
        let rows = vec![vec![cell("a", usize::MAX, usize::MAX), cell("b", 0, 0)]; 3];
        let mut page = Page::default();
        page.table(&rows);
        assert!(page.into_text().len() < 4_000);
    }
}
