//! Names of cells: one small number for each cell of either form, and its written name.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

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
    by_keys: HashMap<(TableId, &'static str, &'static str), CellId>,
    by_name: HashMap<String, CellId>,
}

/// All cells of both forms; where the forms share a cell, the edition of 2021 lends it its labels.
static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry { cells: Vec::new(), by_keys: HashMap::new(), by_name: HashMap::new() };
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
        (0..REGISTRY.cells.len()).map(|i| Self(i as u8))
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
}
