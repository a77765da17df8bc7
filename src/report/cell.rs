//! Names of cells: one small number for each cell of either form, and its written name.

use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::template::{Block, Column, Row, TEMPLATES, TableId};

/// Cells in all: 29 of table 2 (both editions together), 26×7 of table 3, 15 of table 4.
pub const CELL_COUNT: usize = 226;

/// A cell of the official form, whichever edition has it: an index below [`CELL_COUNT`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellId(u8);

/// What is known of a cell from the forms alone.
#[derive(Debug)]
struct CellInfo {
    table: TableId,
    row: &'static Row,
    column: &'static Column,
    block: &'static Block,
    name: String,
}

struct Registry {
    cells: Vec<CellInfo>,
    by_keys: FxHashMap<(TableId, &'static str, &'static str), CellId>,
    by_name: FxHashMap<String, CellId>,
}

/// All cells of both forms; where the forms share a cell, the edition of 2021 lends it its labels.
static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry =
        Registry { cells: Vec::new(), by_keys: FxHashMap::default(), by_name: FxHashMap::default() };
    for id in TableId::ALL {
        for template in TEMPLATES.iter().rev() {
            for (block, row) in template.table(id).rows() {
                for column in block.columns {
                    let keys = (id, row.key, column.key);
                    if registry.by_keys.contains_key(&keys) {
                        continue;
                    }
                    let cell = CellId(registry.cells.len() as u8);
                    let name = format!("{}.{}.{}", id.name(), row.key, column.key);
                    registry.by_keys.insert(keys, cell);
                    registry.by_name.insert(name.clone(), cell);
                    registry.cells.push(CellInfo { table: id, row, column, block, name });
                }
            }
        }
    }
    registry
});

/// The indices of the cells of a table, which stand together.
pub(super) const fn indices(table: TableId) -> Range<usize> {
    match table {
        TableId::Disclosure => 0..29,
        TableId::Requests => 29..211,
        TableId::Remedies => 211..CELL_COUNT,
    }
}

impl CellId {
    /// The cell in that row and column of the table, if either form has it.
    #[must_use]
    pub fn find(table: TableId, row: &str, column: &str) -> Option<Self> {
        REGISTRY.by_keys.get(&(table, row, column) as &(TableId, &str, &str)).copied()
    }

    /// The cell of that written name, such as `requests.received.natural`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        REGISTRY.by_name.get(name).copied()
    }

    /// All cells of both forms.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CELL_COUNT).map(|i| Self(i as u8))
    }

    /// All cells of a table in either form.
    pub fn of(table: TableId) -> impl Iterator<Item = Self> {
        indices(table).map(|i| Self(i as u8))
    }

    /// An index below [`CELL_COUNT`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    fn info(self) -> &'static CellInfo {
        &REGISTRY.cells[self.index()]
    }

    /// The written name: table, row and column.
    #[must_use]
    pub fn name(self) -> &'static str {
        &self.info().name
    }

    /// The table it is in.
    #[must_use]
    pub fn table(self) -> TableId {
        self.info().table
    }

    /// The row it is in.
    #[must_use]
    pub fn row(self) -> &'static Row {
        self.info().row
    }

    /// The column it is in.
    #[must_use]
    pub fn column(self) -> &'static Column {
        self.info().column
    }

    /// The rows that it shares its columns with.
    #[must_use]
    pub fn block(self) -> &'static Block {
        self.info().block
    }
}

impl fmt::Debug for CellId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for CellId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_one_name() {
        assert_eq!(CellId::all().count(), CELL_COUNT);
        for cell in CellId::all() {
            assert_eq!(CellId::parse(cell.name()), Some(cell));
            assert_eq!(CellId::find(cell.table(), cell.row().key, cell.column().key), Some(cell));
        }
        assert_eq!(CellId::parse("requests.received.nobody"), None);
    }

    #[test]
    fn the_cells_of_a_table_stand_together() {
        assert_eq!(REGISTRY.cells.len(), CELL_COUNT);
        for table in TableId::ALL {
            let all: Vec<CellId> = CellId::all().filter(|cell| cell.table() == table).collect();
            assert_eq!(CellId::of(table).collect::<Vec<_>>(), all);
        }
    }
}
