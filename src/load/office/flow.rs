//! Texts in which a table is a kind of paragraph: marks end paragraphs, cells and rows, as Word keeps them in .doc and .rtf.

use super::blocks::{Block, EdgedCell, EdgedRow, Merge, by_edges, is_note_mark};

/// Tables inside each other at most; deeper ones count as this deep.
const MAX_TABLES: usize = 20;
/// Cells of a row at most.
const MAX_ROW: usize = 512;
/// The width of a cell of which none is known, in twips.
const WIDTH: i32 = 1_000;

/// What a row says of one of its cells.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CellLook {
    /// Its right edge in twips.
    pub(super) right: i32,
    /// How it goes on the cell to its left.
    pub(super) across: Merge,
    /// How it goes on the cell above.
    pub(super) down: Merge,
}

/// What a row says of its cells.
#[derive(Debug, Clone, Default)]
pub(super) struct RowLook {
    pub(super) left: i32,
    pub(super) cells: Vec<CellLook>,
}

impl RowLook {
    /// Adds a cell.
    pub(super) fn push(&mut self, cell: CellLook) {
        if self.cells.len() < MAX_ROW {
            self.cells.push(cell);
        }
    }

    /// Whether its cells stand side by side.
    fn is_in_order(&self) -> bool {
        let edges = || std::iter::once(self.left).chain(self.cells.iter().map(|cell| cell.right));
        edges().zip(edges().skip(1)).all(|(left, right)| left < right)
    }
}

/// A table that is being read.
#[derive(Debug, Default)]
struct Open {
    rows: Vec<EdgedRow>,
    /// The cells of the row at hand.
    cells: Vec<Vec<Block>>,
    /// The blocks of the cell at hand.
    blocks: Vec<Block>,
}

/// A document that is being put together from marks.
#[derive(Debug, Default)]
pub(super) struct Flow {
    blocks: Vec<Block>,
    tables: Vec<Open>,
    text: String,
    /// Raised text at the end of the text: the mark of a note, perhaps.
    raised: String,
}

impl Flow {
    /// Adds words to the paragraph.
    pub(super) fn add(&mut self, words: &str, is_raised: bool) {
        if is_raised {
            self.raised.push_str(words);
        } else {
            self.end_raised();
            self.text.push_str(words);
        }
    }

    fn end_raised(&mut self) {
        if !self.raised.is_empty() {
            let raised = std::mem::take(&mut self.raised);
            if !is_note_mark(&raised) {
                self.text.push_str(&raised);
            }
        }
    }

    /// Ends the paragraph, which stands so many tables deep.
    pub(super) fn end_paragraph(&mut self, depth: usize) {
        self.go_to(depth);
        self.end_raised();
        let paragraph = Block::Paragraph(std::mem::take(&mut self.text));
        self.tables.last_mut().map_or(&mut self.blocks, |table| &mut table.blocks).push(paragraph);
    }

    /// Ends a cell of a table.
    pub(super) fn end_cell(&mut self, depth: usize) {
        self.end_paragraph(depth.max(1));
        if let Some(table) = self.tables.last_mut() {
            let blocks = std::mem::take(&mut table.blocks);
            // Of a row that has no end all words are kept, in its last cell.
            let is_full = table.cells.len() >= MAX_ROW;
            match table.cells.last_mut() {
                Some(last) if is_full => last.extend(blocks),
                _ => table.cells.push(blocks),
            }
        }
    }

    /// Ends a row of a table.
    pub(super) fn end_row(&mut self, depth: usize, look: &RowLook) {
        self.go_to(depth.max(1));
        self.end_raised();
        let rest = std::mem::take(&mut self.text);
        if let Some(table) = self.tables.last_mut() {
            if !rest.trim().is_empty() {
                table.blocks.push(Block::Paragraph(rest));
            }
            table.end_row(look);
        }
    }

    /// Begins the tables that the next words stand in, and ends those that they do not.
    fn go_to(&mut self, depth: usize) {
        let depth = depth.min(MAX_TABLES);
        while self.tables.len() > depth
            && let Some(mut table) = self.tables.pop()
        {
            table.end_row(&RowLook::default());
            let around = self.tables.last_mut().map_or(&mut self.blocks, |table| &mut table.blocks);
            if !table.rows.is_empty() {
                around.push(by_edges(table.rows));
            }
        }
        self.tables.resize_with(depth, Open::default);
    }

    /// The document.
    pub(super) fn finish(mut self) -> Vec<Block> {
        if !self.text.is_empty() || !self.raised.is_empty() {
            self.end_paragraph(0);
        }
        self.go_to(0);
        self.blocks
    }
}

impl Open {
    fn end_row(&mut self, look: &RowLook) {
        if !self.blocks.is_empty() {
            self.cells.push(std::mem::take(&mut self.blocks));
        }
        if self.cells.is_empty() {
            return;
        }
        let is_known = look.cells.len() >= self.cells.len() && look.is_in_order();
        let left = if is_known { look.left } else { 0 };
        let cell = |(i, blocks): (usize, Vec<Block>)| match look.cells.get(i).filter(|_| is_known) {
            Some(cell) => EdgedCell { blocks, right: cell.right, across: cell.across, down: cell.down },
            None => EdgedCell {
                blocks,
                right: WIDTH.saturating_mul(i32::try_from(i + 1).unwrap_or(i32::MAX)),
                ..EdgedCell::default()
            },
        };
        let cells = std::mem::take(&mut self.cells).into_iter().enumerate().map(cell).collect();
        self.rows.push(EdgedRow { left, cells });
    }
}

#[cfg(test)]
mod tests {
    use super::super::blocks::words;
    use super::*;

    fn look(rights: &[i32]) -> RowLook {
        let cells = rights.iter().map(|right| CellLook { right: *right, ..CellLook::default() }).collect();
        RowLook { left: 0, cells }
    }

    #[test]
    fn marks_make_blocks() {
        let mut flow = Flow::default();
        flow.add("前3119", false);
        flow.add("1", true);
        flow.add("件", false);
        flow.end_paragraph(0);
        for text in ["甲", "乙"] {
            flow.add(text, false);
            flow.end_cell(1);
        }
        flow.end_row(1, &look(&[100, 900]));
        flow.add("内", false);
        flow.end_cell(2);
        flow.end_row(2, &look(&[300]));
        flow.end_cell(1);
        flow.end_row(1, &look(&[900]));
        flow.add("后", false);
        let blocks = flow.finish();
        assert_eq!(words(&blocks), "前3119件\n后");
        let Some(Block::Table(rows)) = blocks.get(1) else { panic!("{blocks:?}") };
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(rows[1][0].columns, 2);
        assert!(matches!(rows[1][0].blocks[0], Block::Table(_)));
    }

    #[test]
    fn marks_without_sense_lose_no_text() {
        let mut flow = Flow::default();
        flow.end_row(usize::MAX, &look(&[5, 4, 3]));
        flow.add("一", false);
        flow.end_cell(0);
        flow.add("二", false);
        flow.end_row(0, &look(&[i32::MIN, i32::MAX]));
        flow.add("三", true);
        flow.end_cell(3);
        let text = format!("{:?}", flow.finish());
        assert!(["一", "二", "三"].iter().all(|word| text.contains(word)), "{text}");
    }
}
