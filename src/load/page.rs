//! A document as text: what every format is turned into before it is read.
//!
//! Lines are lines, and a row of a table is a line with its cells between tabs, each in its column of the grid, so that
//! merged cells leave empty ones where they lie. The text reader places rows and cells from there; no format places any
//! itself. The same text is what the source view shows, so its line numbers are those of findings.

/// Cells of one table at most: more than that is no table of a report.
const MAX_CELLS: usize = 200_000;
/// Columns of a table at most.
const MAX_COLUMNS: usize = 256;

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
    /// Rows that it takes.
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

    /// Adds a table row by row; cells that span columns or rows leave empty cells where they lie.
    pub(crate) fn table(&mut self, rows: &[Vec<Cell>]) {
        for row in grid(rows) {
            let cells: Vec<String> = row.into_iter().map(|cell| one_line(&cell)).collect();
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
fn grid(rows: &[Vec<Cell>]) -> Vec<Vec<String>> {
    // For each column: for how many more rows a cell from above lies in it.
    let mut covered: Vec<usize> = Vec::new();
    let mut out: Vec<Vec<String>> = Vec::with_capacity(rows.len());
    let mut count = 0;
    for row in rows {
        let mut line: Vec<String> = Vec::new();
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
            line.resize(line.len().max(at + columns), String::new());
            next.resize(next.len().max(at + columns), 0);
            if let Some(place) = line.get_mut(at) {
                place.clone_from(&cell.text);
            }
            for n in next.iter_mut().skip(at).take(columns) {
                *n = cell.rows.clamp(1, rows.len()).saturating_sub(1);
            }
            at += columns;
        }
        count += line.len();
        if count > MAX_CELLS {
            break;
        }
        covered = next;
        out.push(line);
    }
    let width = out.iter().map(Vec::len).max().unwrap_or(0);
    for line in &mut out {
        line.resize(width, String::new());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str, columns: usize, rows: usize) -> Cell {
        Cell { text: text.to_owned(), columns, rows }
    }

    #[test]
    fn merged_cells_leave_empty_ones() {
        let rows = [
            vec![cell("三、本年度\n办理结果", 1, 3), cell("（一）予以公开", 2, 1), cell("7", 1, 1)],
            vec![cell("（三）不予\u{a0}公开", 1, 2), cell("1.属于国家秘密", 1, 1), cell("0", 1, 1)],
            vec![cell("2.其他", 1, 1), cell("\u{a0}", 1, 1)],
            vec![cell("四、结转", 3, 1), cell("1", 1, 1)],
        ];
        let mut page = Page::default();
        page.lines("三、申请\t情况");
        page.table(&rows);
        let want = "三、申请 情况\n三、本年度办理结果\t（一）予以公开\t\t7\n\t（三）不予公开\t1.属于国家秘密\t0\n\t\t2.其他\t\n四、结转\t\t\t1\n\n";
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
