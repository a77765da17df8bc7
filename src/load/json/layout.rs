//! Which member of the JSON stands for which cell: made once from the forms, shared by reading, writing and schema.

use std::sync::LazyLock;

use crate::report::{CellId, TableId, Template, TemplateId};

/// A row that is one array in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArrayRow {
    /// The name of the member.
    pub(super) key: &'static str,
    /// The cells of its values from left to right.
    pub(super) cells: Vec<CellId>,
}

/// The members of the three tables, those of both forms merged in the order of the forms.
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
    let [old, new] = [TemplateId::T2019, TemplateId::T2021].map(TemplateId::template);
    let single = |form: &Template| form.table(TableId::Disclosure).cells().map(|cell| (short(cell), cell)).collect();
    let disclosure = merged(single(new), &single(old));
    let [requests, remedies] =
        [TableId::Requests, TableId::Remedies].map(|table| merged(rows(new, table), &rows(old, table)));
    let of_rows = requests.iter().chain(&remedies).flat_map(|row| row.cells.iter().copied());
    let cells = disclosure.iter().map(|(_, cell)| *cell).chain(of_rows).map(|cell| (cell.name(), cell)).collect();
    Layout { disclosure, requests, remedies, cells }
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

fn rows(form: &'static Template, table: TableId) -> Vec<ArrayRow> {
    let cells_of = |row: &'static str, columns: &'static [crate::report::template::Column]| {
        columns.iter().filter_map(|column| CellId::find(table, row, column.key)).collect()
    };
    form.table(table)
        .rows()
        .map(|(block, row)| ArrayRow { key: row.key, cells: cells_of(row.key, block.columns) })
        .collect()
}

/// `new` with what only `old` has put in: each before the one that follows it in `old`.
fn merged<T: Clone + PartialEq>(mut new: Vec<T>, old: &[T]) -> Vec<T> {
    let mut place = new.len();
    for item in old.iter().rev() {
        match new.iter().position(|known| known == item) {
            Some(found) => place = found,
            None => new.insert(place, item.clone()),
        }
    }
    new
}

/// The index of `name` in a list, looked for first behind the one found before: writers keep the order of the form.
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
    use crate::report::CELL_COUNT;

    #[test]
    fn every_cell_has_its_place_once_and_in_the_order_of_the_forms() {
        let mut all: Vec<CellId> = LAYOUT.cells.iter().map(|(_, cell)| *cell).collect();
        for form in crate::report::template::TEMPLATES {
            let order: Vec<usize> = form.cells().map(|c| all.iter().position(|a| *a == c).unwrap()).collect();
            assert!(order.is_sorted(), "{:?}", form.id);
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), CELL_COUNT);
    }
}
