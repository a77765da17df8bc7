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
    /// The cells at the places of their keys, or behind them: see [`place_of`].
    by_keys: [Option<CellId>; PLACES],
    by_name: FxHashMap<String, CellId>,
}

/// All cells of both forms; where the forms share a cell, the edition of 2021 lends it its labels.
static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry { cells: Vec::new(), by_keys: [None; PLACES], by_name: FxHashMap::default() };
    for id in TableId::ALL {
        for template in TEMPLATES.iter().rev() {
            for (block, row) in template.table(id).rows() {
                for column in block.columns {
                    if registry.find(id, row.key, column.key).is_some() {
                        continue;
                    }
                    let cell = CellId(registry.cells.len() as u8);
                    let name = format!("{}.{}.{}", id.name(), row.key, column.key);
                    let mut place = place_of(id, row.key, column.key);
                    while registry.by_keys[place].is_some() {
                        place = (place + 1) % PLACES;
                    }
                    registry.by_keys[place] = Some(cell);
                    registry.by_name.insert(name.clone(), cell);
                    registry.cells.push(CellInfo { table: id, row, column, block, name });
                }
            }
        }
    }
    registry
});

/// Places for cells by their keys: many more than there are cells, so that most are alone at theirs.
const PLACES: usize = 2048;

/// Where a cell is looked for: rules name cells by row and column all the time, so of the keys only those bytes are
/// looked at in which they differ most.
fn place_of(table: TableId, row: &str, column: &str) -> usize {
    let ends = |key: &str| {
        let bytes = key.as_bytes();
        let byte = |at: usize| u64::from(bytes.get(at).copied().unwrap_or(0));
        byte(0) | byte(2) << 8 | byte(bytes.len().wrapping_sub(1)) << 16 | (bytes.len() as u64) << 24
    };
    let keys = ends(row) << 32 | ends(column) ^ u64::from(table.number());
    (keys.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - PLACES.trailing_zeros())) as usize
}

/// Whether two keys are equal, told without a call for those of most cells.
fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    match (a.first_chunk::<8>(), b.first_chunk::<8>()) {
        (Some(first), Some(other)) if first == other && a.len() <= 16 => {
            a.len() == b.len() && a.last_chunk::<8>() == b.last_chunk()
        }
        (Some(first), Some(other)) if first != other => false,
        _ => a == b,
    }
}

impl Registry {
    fn find(&self, table: TableId, row: &str, column: &str) -> Option<CellId> {
        let mut place = place_of(table, row, column);
        loop {
            let cell = (*self.by_keys.get(place)?)?;
            let info = self.cells.get(cell.index())?;
            if same(info.column.key, column) && same(info.row.key, row) && info.table == table {
                return Some(cell);
            }
            place = (place + 1) % PLACES;
        }
    }
}

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
        REGISTRY.find(table, row, column)
    }

    /// The cell of that written name, such as `requests.received.natural`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        REGISTRY.by_name.get(name).copied()
    }

    /// The cells of some rows in some columns of a table, row by row; without rows that do not have all of them. For
    /// rules that name cells, to look them up once.
    #[must_use]
    pub fn grid<const COLUMNS: usize>(
        table: TableId,
        rows: &[&str],
        columns: [&str; COLUMNS],
    ) -> Vec<[Self; COLUMNS]> {
        let of_row = |row: &&str| -> Option<[Self; COLUMNS]> {
            let cells: Vec<Self> =
                columns.iter().filter_map(|column| Self::find(table, row, column)).collect();
            cells.try_into().ok()
        };
        rows.iter().filter_map(of_row).collect()
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
