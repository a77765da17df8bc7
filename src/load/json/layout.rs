//! Which member of the JSON stands for which cell: made once from the forms, shared by reading, writing and schema.

use std::sync::LazyLock;

use crate::report::{CellId, TableId};

/// A row that is one array in JSON.
pub(super) struct ArrayRow {
    /// The name of the member.
    pub(super) key: &'static str,
    /// The cells of its values from left to right.
    pub(super) cells: Vec<CellId>,
}

/// The members of the three tables of both forms.
pub(super) struct Layout {
    /// Table 2: a member for each cell, such as `normative.issued`.
    pub(super) disclosure: Vec<(&'static str, CellId)>,
    /// Table 3.
    pub(super) requests: Vec<ArrayRow>,
    /// Table 4.
    pub(super) remedies: Vec<ArrayRow>,
    /// All cells by their written names.
    pub(super) cells: Vec<(&'static str, CellId)>,
}

pub(super) static LAYOUT: LazyLock<Layout> = LazyLock::new(|| {
    let disclosure =
        CellId::all().filter(|cell| cell.table() == TableId::Disclosure).map(|cell| (short(cell), cell));
    Layout {
        disclosure: disclosure.collect(),
        requests: rows(TableId::Requests),
        remedies: rows(TableId::Remedies),
        cells: CellId::all().map(|cell| (cell.name(), cell)).collect(),
    }
});

impl Layout {
    /// The rows of a table that is written as arrays; none for table 2.
    pub(super) fn rows(&self, table: TableId) -> &[ArrayRow] {
        match table {
            TableId::Disclosure => &[],
            TableId::Requests => &self.requests,
            TableId::Remedies => &self.remedies,
        }
    }
}

/// The name of a cell within its table.
fn short(cell: CellId) -> &'static str {
    let name = cell.name();
    name.split_once('.').map_or(name, |(_, short)| short)
}

fn rows(table: TableId) -> Vec<ArrayRow> {
    let mut rows: Vec<ArrayRow> = Vec::new();
    for cell in CellId::all().filter(|cell| cell.table() == table) {
        let key = cell.row().key;
        match rows.last_mut().filter(|row| row.key == key) {
            Some(row) => row.cells.push(cell),
            None => rows.push(ArrayRow { key, cells: vec![cell] }),
        }
    }
    rows
}

/// The index of an item of a list, looked for first behind the one found before: writers keep an order.
pub(super) fn find<T>(list: &[T], next: &mut usize, is_it: impl Fn(&T) -> bool) -> Option<usize> {
    let found = match list.get(*next) {
        Some(item) if is_it(item) => *next,
        _ => list.iter().position(is_it)?,
    };
    *next = found + 1;
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_columns_of_its_form_from_left_to_right() {
        for table in [TableId::Requests, TableId::Remedies] {
            for row in LAYOUT.rows(table) {
                let columns: Vec<&str> = row.cells.iter().map(|cell| cell.column().key).collect();
                let form: Vec<&str> = row.cells[0].block().columns.iter().map(|column| column.key).collect();
                assert_eq!(columns, form, "{}", row.key);
            }
        }
        assert_eq!(LAYOUT.requests.len() + LAYOUT.remedies.len(), 26 + 3);
    }
}
