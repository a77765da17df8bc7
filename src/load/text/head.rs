//! The head of a table: in which columns of the page the columns of the form stand.

use super::lines::DocLine;
use crate::load::normalise::letters;
use crate::report::template::Block;

/// The columns of a block of rows, from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// Where each begins; it reaches to where the next begins, the last to the end of the columns.
    starts: Vec<u32>,
    /// Where a column begins behind them that is none of the block's.
    end: Option<u32>,
    /// Whether it was read from rows whose cells are known.
    pub(super) is_grid: bool,
}

/// Labels of that many letters or more may be followed by a note or a unit.
const LONG_LABEL: usize = 4;

impl Head {
    /// The head among the lines above the rows of a block: every label of the block once, in its order.
    pub(super) fn find(lines: &[DocLine<'_>], block: &Block) -> Option<Self> {
        Self::of_groups(lines, block, 1)
    }

    /// Whether a line names columns of the block in another order than that of the form: then figures counted from the
    /// left are those of other columns.
    pub(super) fn is_in_other_order(lines: &[DocLine<'_>], block: &Block) -> bool {
        lines.iter().filter(|line| line.has_cells).any(|line| {
            let found = Labels::find(std::slice::from_ref(line), block).found;
            !found.is_sorted_by_key(|(_, column)| *column)
        })
    }

    /// The head of rows that stand side by side: the labels of the block in its order, once for each of them.
    pub(super) fn of_groups(lines: &[DocLine<'_>], block: &Block, groups: usize) -> Option<Self> {
        let Labels { found, is_grid } = Labels::find(lines, block);
        let in_order = (0..groups).flat_map(|_| 0..block.columns.len());
        let is_in_order = found.iter().map(|(_, column)| *column).eq(in_order);
        let starts: Vec<u32> = found.into_iter().map(|(start, _)| start).collect();
        let is_apart = starts.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        let last = *starts.last()?;
        let behind = |line: &DocLine<'_>| {
            let is_last = line.fields.iter().any(|f| f.columns.0 == last && !f.text.is_empty());
            let others = line.fields.iter().filter(|f| f.columns.0 > last && !f.text.is_empty());
            others.map(|f| f.columns.0).min().filter(|_| is_last)
        };
        let end = lines.iter().filter(|line| line.has_cells).filter_map(behind).min();
        (is_in_order && is_apart).then_some(Self { starts, end, is_grid })
    }

    /// The column that a cell beginning there stands in.
    pub(super) fn column(&self, start: u32) -> Option<usize> {
        if self.end.is_some_and(|end| start >= end) {
            return None;
        }
        self.starts.iter().rposition(|from| *from <= start)
    }

    /// Whether a column stands behind those of the block.
    pub(super) const fn has_more(&self) -> bool {
        self.end.is_some()
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }
}

/// The labels of a block among some lines.
struct Labels {
    /// Where each begins, and which it is.
    found: Vec<(u32, usize)>,
    /// Whether all stand in rows whose cells are known.
    is_grid: bool,
}

impl Labels {
    fn find(lines: &[DocLine<'_>], block: &Block) -> Self {
        let labels: Vec<Vec<char>> = block.columns.iter().map(|c| letters(c.label.official)).collect();
        let mut found: Vec<(u32, usize)> = Vec::new();
        let mut is_grid = true;
        for line in lines.iter().filter(|line| line.has_cells) {
            for field in line.fields.iter().filter(|field| !field.text.is_empty()) {
                let text = letters(field.text);
                let is_label = |label: &Vec<char>| {
                    text == *label || label.len() >= LONG_LABEL && text.starts_with(label)
                };
                if let Some(column) = labels.iter().position(is_label) {
                    found.push((field.columns.0, column));
                    is_grid &= line.is_grid;
                }
            }
        }
        // A page break repeats the head.
        found.sort_unstable();
        found.dedup();
        Self { found, is_grid }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::{cut, cut_row};
    use super::*;
    use crate::report::TableId;
    use crate::report::template::TEMPLATE_2021;

    fn columns(lines: &[DocLine<'_>]) -> Option<Vec<u32>> {
        let block = TEMPLATE_2021.table(TableId::Requests).blocks.first()?;
        Head::find(lines, block).map(|head| head.starts)
    }

    #[test]
    fn the_columns_stand_where_their_labels_do() {
        let rows = [
            "\t←\t←\t自然人\t法人或其他组织\t←\t←\t←\t←\t总计",
            "\t\t\t↑\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t↑",
        ];
        let grid: Vec<DocLine<'_>> = rows.iter().zip(1..).map(|(row, n)| cut_row(n, row)).collect();
        assert_eq!(columns(&grid), Some(vec![3, 4, 5, 6, 7, 8, 9]));
        let twice: Vec<DocLine<'_>> =
            rows.iter().chain(&rows).zip(1..).map(|(row, n)| cut_row(n, row)).collect();
        assert_eq!(columns(&twice), Some(vec![3, 4, 5, 6, 7, 8, 9]), "a head that the page repeats");
    }

    #[test]
    fn labels_that_are_missing_or_not_in_order_make_no_head() {
        for rows in [
            [
                "| 自然人 | 法人或其他组织 | 总计 |",
                "| 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 |",
            ],
            ["|  | 自然人 | 组织 |", "|  | 商业企业 | 科研机构 |"],
        ] {
            let lines: Vec<DocLine<'_>> = rows.iter().zip(1..).map(|(row, n)| cut(n, row)).collect();
            assert_eq!(columns(&lines), None);
        }
    }
}
