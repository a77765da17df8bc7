//! What a form is made of: tables, blocks, rows, columns, labels, and which cells sum to which.
//!
//! The two official forms are values of these types, in `forms.rs`. Everything that shows, checks or reads a table derives
//! from them.

pub use super::forms::{
    APPLICANTS, RESULTS, ROW_WORDINGS, SECTIONS, TEMPLATE_2019, TEMPLATE_2021, TEMPLATES,
};

use super::cell::CellId;
use crate::display::Lang;

/// Which edition of the official form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TemplateId {
    /// 格式（试行） of 2019, used for the report years 2019 and 2020.
    T2019,
    /// The form of 2021, used since.
    T2021,
}

impl TemplateId {
    /// Both forms.
    pub const ALL: [Self; 2] = [Self::T2019, Self::T2021];

    /// As written in JSON: the year of the notice.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::T2019 => "2019",
            Self::T2021 => "2021",
        }
    }

    /// The template of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::T2019, Self::T2021].into_iter().find(|t| t.name() == text)
    }

    /// The form that a report of `year` should use; before 2019 there was no national form of three tables.
    #[must_use]
    pub const fn for_year(year: u16) -> Option<Self> {
        match year {
            2019 | 2020 => Some(Self::T2019),
            2021.. => Some(Self::T2021),
            _ => None,
        }
    }

    /// Its rows, columns, labels and sums.
    #[must_use]
    pub const fn template(self) -> &'static Template {
        match self {
            Self::T2019 => &TEMPLATE_2019,
            Self::T2021 => &TEMPLATE_2021,
        }
    }
}

/// One of the three tables of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TableId {
    /// Table 2: 主动公开政府信息情况.
    Disclosure,
    /// Table 3: 收到和处理政府信息公开申请情况.
    Requests,
    /// Table 4: 政府信息公开行政复议、行政诉讼情况.
    Remedies,
}

impl TableId {
    /// All three, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Disclosure, Self::Requests, Self::Remedies];

    /// The member name in JSON, and the first part of a cell's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disclosure => "proactive_disclosure",
            Self::Requests => "requests",
            Self::Remedies => "reconsideration_and_litigation",
        }
    }

    /// The section of the report that holds the table: 2, 3 or 4, which is also what the table is called.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Disclosure => 2,
            Self::Requests => 3,
            Self::Remedies => 4,
        }
    }
}

/// A label in the official wording, in a short form that fits a narrow column, and in English.
#[derive(Debug, PartialEq, Eq)]
pub struct Label {
    /// The official wording, without its number.
    pub official: &'static str,
    /// Short Chinese, for the screen.
    pub short: &'static str,
    /// English, for the screen.
    pub english: &'static str,
}

impl Label {
    /// The form for the screen.
    #[must_use]
    pub fn on_screen(&self, lang: Lang) -> &'static str {
        lang.pick(self.short, self.english)
    }
}

/// The merged cell to the left of several rows, such as （三）不予公开.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// Its number as printed, such as `（三）`.
    pub number: &'static str,
    /// Its label.
    pub label: Label,
}

/// A row of a table.
#[derive(Debug)]
pub struct Row {
    /// The name in JSON, such as `refused_1`.
    pub key: &'static str,
    /// The number as printed before the label, such as `1.`; empty where the form prints none.
    pub number: &'static str,
    /// The label.
    pub label: Label,
    /// The merged cells to its left, outermost first.
    pub groups: &'static [&'static Group],
}

/// A column of a table.
#[derive(Debug)]
pub struct Column {
    /// The name in JSON, such as `natural`.
    pub key: &'static str,
    /// The head.
    pub label: Label,
    /// Whether the cells hold money (decimals, a unit) instead of a count.
    pub holds: Holds,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A whole number from 0.
    Count,
    /// A change of a count, possibly below zero, printed with or without a sign.
    Change,
    /// An amount of money with decimals and a unit (万元 on the form).
    Money,
}

/// Rows that share their columns. Table 2 has one block for each item of article 20, the others have one.
#[derive(Debug)]
pub struct Block {
    /// The head line above the block, such as 第二十条第（一）项; empty for tables of one block.
    pub head: &'static str,
    /// The rows from top to bottom.
    pub rows: &'static [Row],
    /// The columns from left to right; every row has a cell in every column.
    pub columns: &'static [Column],
}

/// One table of the form.
#[derive(Debug)]
pub struct Table {
    /// Which.
    pub id: TableId,
    /// The title of its section.
    pub title: Label,
    /// Its blocks from top to bottom.
    pub blocks: &'static [Block],
    /// The sums that the form states.
    pub sums: &'static [SumRule],
}

/// A statement of the form that the cells `left` sum to the same as the cells `right`, once for every line of
/// cells that runs in direction `along`.
#[derive(Debug)]
pub struct SumRule {
    /// The rule of the catalogue that it belongs to.
    pub rule: &'static str,
    /// The short name for machine-readable lists, such as `bal` in `bal:1`.
    pub name: &'static str,
    /// Whether the operands are rows (one relation per column) or columns (one relation per row).
    pub along: Along,
    /// Keys of the rows or columns on the left-hand side.
    pub left: &'static [&'static str],
    /// Keys on the right-hand side.
    pub right: &'static [&'static str],
    /// The formula, for the line that shows the checks.
    pub formula: Label,
    /// What the left-hand side is called where both sides are shown.
    pub left_label: Label,
    /// What the right-hand side is called.
    pub right_label: Label,
}

/// The direction in which the operands of a sum lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// The operands are rows; there is one relation for every column.
    Rows,
    /// The operands are columns; there is one relation for every row.
    Columns,
}

/// An edition of the official form.
#[derive(Debug)]
pub struct Template {
    /// Which.
    pub id: TemplateId,
    /// The notice that prescribes it.
    pub notice: &'static str,
    /// Its three tables.
    pub tables: [Table; 3],
}

impl Template {
    /// The table `id`.
    #[must_use]
    pub fn table(&self, id: TableId) -> &Table {
        let [disclosure, requests, remedies] = &self.tables;
        match id {
            TableId::Disclosure => disclosure,
            TableId::Requests => requests,
            TableId::Remedies => remedies,
        }
    }

    /// All cells of the form, table by table, row by row.
    pub fn cells(&self) -> impl Iterator<Item = CellId> + '_ {
        self.tables.iter().flat_map(Table::cells)
    }

    /// Whether the form has the cell.
    #[must_use]
    pub fn has(&self, cell: CellId) -> bool {
        self.table(cell.table()).cells().any(|c| c == cell)
    }
}

impl Table {
    /// Its cells, row by row.
    pub fn cells(&self) -> impl Iterator<Item = CellId> + '_ {
        self.rows().flat_map(|(block, row)| {
            block.columns.iter().filter_map(|c| CellId::find(self.id, row.key, c.key))
        })
    }

    /// Its rows with the block that each is in.
    pub fn rows(&self) -> impl Iterator<Item = (&'static Block, &'static Row)> + '_ {
        self.blocks.iter().flat_map(|block| block.rows.iter().map(move |row| (block, row)))
    }

    /// The row of that name.
    #[must_use]
    pub fn row(&self, key: &str) -> Option<(&'static Block, &'static Row)> {
        self.rows().find(|(_, row)| row.key == key)
    }
}

/// A section of a report.
#[derive(Debug)]
pub struct Section {
    /// 1 to 6.
    pub number: u8,
    /// Its title.
    pub label: Label,
    /// Other wordings of the title in use.
    pub also: &'static [&'static str],
}
