//! What Word says of characters, paragraphs and rows: lists of codes with their values.

use super::blocks::Merge;
use super::compound::{u16_at, u32_at};
use super::flow::{CellLook, RowLook};

/// Bytes that are looked at for one paragraph at most.
const MAX_SAID: usize = 64 << 10;

/// How a character looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Character {
    /// Hidden, struck out, or deleted.
    pub(super) is_unseen: bool,
    /// Raised or lowered.
    pub(super) is_raised: bool,
}

/// Where a paragraph stands.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    /// Tables around it.
    pub(super) depth: usize,
    /// Whether its mark ends a row; else that of a cell ends a cell.
    pub(super) is_row_end: bool,
    /// Whether it ends a row of a table in a table.
    pub(super) is_inner_row_end: bool,
    /// Whether it ends a cell of a table in a table.
    pub(super) is_inner_cell_end: bool,
    /// The row that it ends.
    pub(super) row: RowLook,
}

/// One code and its value.
struct Sprm<'a> {
    code: u16,
    value: &'a [u8],
}

/// The codes of a list, as far as it has a meaning.
fn sprms(list: &[u8]) -> impl Iterator<Item = Sprm<'_>> {
    let mut rest = list;
    std::iter::from_fn(move || {
        let code = u16_at(rest, 0)?;
        let (from, length) = match (code, code >> 13) {
            // The definition of a row says its length in two bytes, and one too many.
            (0xd608, _) => (4, usize::from(u16_at(rest, 2)?).checked_sub(1)?),
            (_, 0 | 1) => (2, 1),
            (_, 2 | 4 | 5) => (2, 2),
            (_, 3) => (2, 4),
            (_, 7) => (2, 3),
            _ => (3, usize::from(*rest.get(2)?)),
        };
        let value = rest.get(from..from + length)?;
        rest = rest.get(from + length..)?;
        Some(Sprm { code, value })
    })
}

/// How a run of characters looks.
pub(super) fn character(list: &[u8]) -> Character {
    let (mut hidden, mut struck, mut twice, mut deleted, mut raised) = (false, false, false, false, false);
    for Sprm { code, value } in sprms(list) {
        // 0x80 is as the style says, which hides nothing, and 0x81 the contrary.
        let is_on = value.first().is_some_and(|v| matches!(v, 1 | 0x81));
        match code {
            0x0800 => deleted = is_on,
            0x0837 => struck = is_on,
            0x083c => hidden = is_on,
            0x2a53 => twice = is_on,
            0x2a48 => raised = value.first().is_some_and(|v| matches!(v, 1 | 2)),
            _ => {}
        }
    }
    Character { is_unseen: hidden || struck || twice || deleted, is_raised: raised }
}

/// Where a paragraph stands and what row it ends; what does not fit into its list is in the stream of data.
pub(super) fn paragraph(list: &[u8], data: &[u8]) -> Paragraph {
    let mut paragraph = Paragraph::default();
    let mut row = Row::default();
    let (mut left, mut in_table) = (MAX_SAID, 0);
    for sprm in sprms(list) {
        match sprm.code {
            // All of it, or what is said of the row, stands elsewhere.
            0x6645 | 0x6646 | 0x646b => {
                let inner = elsewhere(sprm.value, data).unwrap_or_default();
                left = left.saturating_sub(inner.len());
                if left > 0 {
                    sprms(inner).for_each(|sprm| apply(&sprm, &mut paragraph, &mut in_table, &mut row));
                }
            }
            _ => apply(&sprm, &mut paragraph, &mut in_table, &mut row),
        }
    }
    paragraph.depth = paragraph.depth.max(in_table);
    paragraph.row = row.look();
    paragraph
}

fn elsewhere<'a>(value: &[u8], data: &'a [u8]) -> Option<&'a [u8]> {
    let at = usize::try_from(u32_at(value, 0)?).ok()?;
    let length = usize::from(u16_at(data, at)?);
    data.get(at + 2..at + 2 + length)
}

fn apply(sprm: &Sprm<'_>, paragraph: &mut Paragraph, in_table: &mut usize, row: &mut Row) {
    let is_on = sprm.value.first().is_some_and(|v| *v != 0);
    match sprm.code {
        0x2416 => *in_table = usize::from(is_on),
        0x2417 => paragraph.is_row_end = is_on,
        0x244b => paragraph.is_inner_cell_end = is_on,
        0x244c => paragraph.is_inner_row_end = is_on,
        0x6649 => paragraph.depth = u32_at(sprm.value, 0).map_or(0, |n| n as usize),
        0x664a => {
            paragraph.depth = paragraph.depth.saturating_add(u32_at(sprm.value, 0).map_or(0, |n| n as usize));
        }
        _ => row.apply(sprm),
    }
}

/// A cell of a row.
#[derive(Debug, Clone, Copy, Default)]
struct RowCell {
    width: i32,
    /// One of a pair of bits is for the first of merged cells and the other for those that go on it; which is which, the
    /// first cell of the row that has one tells.
    across: u8,
    down: Merge,
}

/// What is said of a row.
#[derive(Debug, Default)]
struct Row {
    left: i32,
    gap: i32,
    cells: Vec<RowCell>,
}

fn i16_at(bytes: &[u8], at: usize) -> Option<i32> {
    u16_at(bytes, at).map(|n| i32::from(n.cast_signed()))
}

/// How a cell goes on the one above, in two bits.
const fn down(bits: u8) -> Merge {
    match bits & 3 {
        0 => Merge::None,
        1 => Merge::Continued,
        _ => Merge::First,
    }
}

impl Row {
    fn apply(&mut self, sprm: &Sprm<'_>) {
        let value = sprm.value;
        let byte = |at: usize| value.get(at).copied().map_or(0, usize::from);
        match sprm.code {
            0xd608 => {
                let _ = self.define(value);
            }
            0x9602 => self.gap = i16_at(value, 0).unwrap_or(0),
            0x9601 => self.left = i16_at(value, 0).unwrap_or(0).saturating_sub(self.gap),
            // Cells are added, taken out, made as wide.
            0x7621 => {
                let cell = RowCell { width: i16_at(value, 2).unwrap_or(0), ..RowCell::default() };
                let at = byte(0).min(self.cells.len());
                let count = byte(1).min(255_usize.saturating_sub(self.cells.len()));
                self.cells.splice(at..at, std::iter::repeat_n(cell, count));
            }
            0x5622 => {
                let to = byte(1).min(self.cells.len());
                self.cells.drain(byte(0).min(to)..to);
            }
            0x7623 => {
                let width = i16_at(value, 2).unwrap_or(0);
                let (from, to) = (byte(0), byte(1));
                let cells = self.cells.iter_mut().take(to).skip(from);
                cells.for_each(|cell| cell.width = width);
            }
            // Cells are merged across, or not any more; one is merged down.
            0x5624 | 0x5625 => {
                let (from, to) = (byte(0), byte(1));
                for (i, cell) in self.cells.iter_mut().enumerate().take(to).skip(from) {
                    let bits = if i == from { 1 } else { 2 };
                    cell.across = if sprm.code == 0x5624 { bits } else { 0 };
                }
            }
            0xd62b => {
                if let Some(cell) = self.cells.get_mut(byte(0)) {
                    cell.down = down(value.get(1).copied().unwrap_or(0));
                }
            }
            _ => {}
        }
    }

    /// The cells, their edges and how they are merged.
    fn define(&mut self, value: &[u8]) -> Option<()> {
        let count = usize::from(*value.first()?);
        self.left = i16_at(value, 1)?;
        self.cells.clear();
        for i in 0..count {
            let width = i16_at(value, 3 + i * 2)?.saturating_sub(i16_at(value, 1 + i * 2)?);
            // Twenty bytes a cell, which may be left out for the last ones.
            let bits = value.get(1 + (count + 1) * 2 + i * 20).copied().unwrap_or(0);
            self.cells.push(RowCell { width, across: bits & 3, down: down(bits >> 5) });
        }
        Some(())
    }

    fn look(&self) -> RowLook {
        let mut look = RowLook { left: self.left, cells: Vec::new() };
        let (mut right, mut first) = (self.left, 0);
        for cell in &self.cells {
            right = right.saturating_add(cell.width);
            if first == 0 {
                first = cell.across;
            }
            let across = match cell.across {
                0 => Merge::None,
                bits if bits == first || bits == 3 => Merge::First,
                _ => Merge::Continued,
            };
            look.push(CellLook { right, across, down: cell.down });
        }
        look
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of a row: its edges and the first byte of each cell.
    fn row(edges: &[i16], bits: &[u8]) -> Vec<u8> {
        let mut value = vec![bits.len() as u8];
        for edge in edges {
            value.extend(edge.to_le_bytes());
        }
        for bits in bits {
            value.push(*bits);
            value.extend([0; 19]);
        }
        let length = (value.len() + 1) as u16;
        [0xd608_u16.to_le_bytes().to_vec(), length.to_le_bytes().to_vec(), value].concat()
    }

    fn shown(list: &[u8], data: &[u8]) -> String {
        let paragraph = paragraph(list, data);
        let cell = |cell: &CellLook| format!("{}{:?}{:?}", cell.right, cell.across, cell.down);
        let cells: Vec<String> = paragraph.row.cells.iter().map(cell).collect();
        format!("{} {} {}", paragraph.depth, paragraph.is_row_end, cells.join(" ")).replace("None", "-")
    }

    #[test]
    fn rows_say_their_cells() {
        let list =
            [&[0x16, 0x24, 1, 0x17, 0x24, 1][..], &row(&[-108, 900, 1_900, 2_900], &[0x60, 0x01, 0x02])]
                .concat();
        assert_eq!(shown(&list, b""), "1 true 900-First 1900First- 2900Continued-");
        // The other way round is understood too.
        let list = row(&[0, 10, 20, 30], &[0x02, 0x01, 0x20]);
        assert_eq!(shown(&list, b""), "0 false 10First- 20Continued- 30-Continued");
        // What is too long for a list is kept elsewhere.
        let inner = row(&[0, 7], &[0]);
        let data = [vec![9; 3], (inner.len() as u16).to_le_bytes().to_vec(), inner].concat();
        let list = [&[0x49, 0x66, 2, 0, 0, 0, 0x6b, 0x64, 3, 0, 0, 0][..]].concat();
        assert_eq!(shown(&list, &data), "2 false 7--");
    }

    #[test]
    fn rows_change_their_cells() {
        let base = row(&[0, 10, 20], &[0, 0]);
        let cases: [(&[u8], &str); 5] = [
            (&[0x21, 0x76, 1, 1, 5, 0], "10-- 15-- 25--"),
            (&[0x22, 0x56, 0, 1], "10--"),
            (&[0x23, 0x76, 0, 2, 50, 0], "50-- 100--"),
            (&[0x24, 0x56, 0, 2], "10First- 20Continued-"),
            (&[0x2b, 0xd6, 2, 1, 1], "10-- 20-Continued"),
        ];
        for (change, want) in cases {
            let list = [&base, change].concat();
            assert_eq!(shown(&list, b""), format!("0 false {want}"));
        }
    }

    #[test]
    fn characters_that_nobody_sees() {
        for (list, unseen, raised) in [
            (&[0x3c_u8, 0x08, 1][..], true, false),
            (&[0x3c, 0x08, 1, 0x3c, 0x08, 0], false, false),
            (&[0x37, 0x08, 0x81], true, false),
            (&[0x37, 0x08, 0x80], false, false),
            (&[0x48, 0x2a, 1], false, true),
            (&[0x35, 0x08, 1], false, false),
            (&[0x48], false, false),
        ] {
            assert_eq!(character(list), Character { is_unseen: unseen, is_raised: raised }, "{list:?}");
        }
    }

    #[test]
    fn lists_without_sense_do_no_harm() {
        let mut list = vec![0x08, 0xd6, 0, 0];
        assert!(paragraph(&list, b"").row.cells.is_empty());
        for n in 0..=255_u8 {
            list.extend([n, n.wrapping_mul(7), n.wrapping_mul(13)]);
            for (length, code) in [(list.len(), 0xd608_u16), (3, 0x6646), (200, 0xd62b)] {
                let cut = [&code.to_le_bytes()[..], list.get(..length.min(list.len())).unwrap()].concat();
                paragraph(&cut, &list);
                character(&cut);
            }
        }
    }
}
