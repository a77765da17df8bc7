//! Drawing a table: the figures as the form prints them, row checks at the right, column checks below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::corpus::OpenReport;
use crate::display::{self, Lang};
use crate::report::template::{Column, Label};
use crate::report::{CellId, Figure, TableId};
use crate::rules::signed;
use crate::rules::{Evaluation, State};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::sheet::{Position, Sheet, SheetLine, column_checks, figure_text, row_check};
use crate::tui::spots::Spot;
use crate::tui::view::Scroll;

/// What is drawn.
pub(super) struct TableView<'a> {
    pub(super) open: &'a OpenReport,
    pub(super) sheet: &'a Sheet,
    pub(super) at: Position,
    /// The terms to light up.
    pub(super) lit: &'a [CellId],
    pub(super) scroll: &'a Scroll,
    pub(super) session: &'a Session,
}

/// Widths of the parts of a line, in columns of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Widths {
    label: usize,
    cell: usize,
    check: usize,
    /// The first column that is shown, and how many: all, but where they leave no room for the labels.
    first: usize,
    count: usize,
}

impl Widths {
    fn shows(self, column: usize) -> bool {
        (self.first..self.first + self.count).contains(&column)
    }
}

/// Cells of the widest label that is worth the room.
const LABEL_MAX: usize = 24;
/// With less than this a label does not tell its row; then columns are left out instead.
const LABEL_LEAST: usize = 12;
/// Columns of a cell where not all of them are shown.
const CELL_ALONE: usize = 5;
/// Room for a mark, the computed sum and the difference.
const CHECK_MAX: usize = 14;

impl TableView<'_> {
    pub(super) fn draw(&self, area: Rect, buffer: &mut Buffer) {
        if self.sheet.in_one_line {
            return self.draw_one_line(area, buffer);
        }
        // A column of margin at the left.
        let area = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
        let widths = self.widths(usize::from(area.width));
        let head_height = usize::from(self.shares_heads());
        let foot = self.foot_lines(widths, usize::from(area.height).saturating_sub(head_height));
        let height = usize::from(area.height).saturating_sub(head_height + foot.len());
        let window = self.window(height);
        let mut y = 0;
        for line in self.head_lines(widths) {
            paint::line(buffer, area, y, line);
            y += 1;
        }
        for i in window.clone() {
            let row = y + (i - window.start) as u16;
            paint::line(buffer, area, row, self.row_line(i, widths));
            self.note_cells(i, widths, Rect { y: area.y + row, height: 1, ..area });
        }
        y += window.len() as u16;
        for line in foot {
            paint::line(buffer, area, y, line);
            y += 1;
        }
    }

    /// Notes where the cells of a line can be clicked.
    fn note_cells(&self, line: usize, widths: Widths, row: Rect) {
        let Some(SheetLine::Cells { cells, .. }) = self.sheet.lines.get(line) else { return };
        let mut x = row.x + widths.label as u16;
        for (i, cell) in cells.iter().enumerate().filter(|(i, _)| widths.shows(*i)) {
            x += self.bar_before(cell.column().key).map_or(0, |bar| bar.width() as u16);
            let place = Rect { x, width: widths.cell as u16, ..row };
            self.session.spots.add(place.intersection(row), Spot::Cell { line, cell: i });
            x += place.width;
        }
    }

    /// Whether all rows have the same columns, so that these stand above the table once.
    pub(super) fn shares_heads(&self) -> bool {
        !matches!(self.sheet.lines.first(), Some(SheetLine::Head(_)))
    }

    /// The lines to show: with the row of the cursor the head of its block, if that is just above.
    fn window(&self, height: usize) -> std::ops::Range<usize> {
        let (at, length) = (self.at.line, self.sheet.lines.len());
        let window = self.scroll.window_at(at, height, length);
        let above = at.saturating_sub(1);
        let is_below_head = matches!(self.sheet.lines.get(above), Some(SheetLine::Head(_)));
        if is_below_head && height > 1 { self.scroll.window_at(above, height, length) } else { window }
    }

    fn columns(&self) -> usize {
        self.sheet
            .lines
            .iter()
            .map(|line| if let SheetLine::Cells { cells, .. } = line { cells.len() } else { 0 })
            .max()
            .unwrap_or(0)
    }

    /// Columns of the widest head as the form words it.
    fn widest_head(&self) -> usize {
        let lang = self.session.lang;
        let form = self.open.report.form();
        let columns = form.table(self.sheet.table).blocks.iter().flat_map(|block| block.columns);
        let written_out = |label: &Label| display::width(lang.pick(label.official, label.english));
        columns.map(|column| written_out(&column.label)).max().unwrap_or(0)
    }

    fn widths(&self, total: usize) -> Widths {
        let figures = self.sheet.lines.iter().flat_map(|line| match line {
            SheetLine::Cells { cells, .. } => cells.as_slice(),
            SheetLine::Head(_) => &[],
        });
        let longest = figures
            .map(|c| display::width(&figure_text(self.open.report.figures.get(*c))))
            .max()
            .unwrap_or(1);
        let columns = self.columns();
        // A bar stands before the total.
        let fixed = |cell: usize| cell * columns + 2;
        // Where there is room the heads are written out.
        let wished = if columns <= 5 { 11 } else { 6 };
        let wished = if fixed(self.widest_head() + 1) + LABEL_MAX + 10 + CHECK_MAX <= total {
            wished.max(self.widest_head() + 1)
        } else {
            wished
        };
        let mut cell = wished.max(longest + 1);
        while cell > longest + 1 && fixed(cell) + LABEL_MAX + 4 > total {
            cell -= 1;
        }
        let rest = total.saturating_sub(fixed(cell));
        let check = CHECK_MAX.min(rest.saturating_sub(22)).max(2.min(rest));
        let label = rest.saturating_sub(check).min(LABEL_MAX + 10);
        if label < LABEL_LEAST && self.shares_heads() {
            return self.widths_of_some(total, cell.max(CELL_ALONE), columns);
        }
        Widths { label, cell, check: rest.saturating_sub(label), first: 0, count: columns }
    }

    /// Widths where only the columns around the cursor have room beside the labels.
    fn widths_of_some(&self, total: usize, cell: usize, columns: usize) -> Widths {
        let beside = LABEL_LEAST + 4;
        let count = (total.saturating_sub(beside + 2) / cell).clamp(1, columns.max(1));
        let first = self.at.cell.saturating_sub(count / 2).min(columns.saturating_sub(count));
        let rest = total.saturating_sub(cell * count + 2);
        Widths { label: rest.saturating_sub(2), cell, check: rest.min(2), first, count }
    }

    /// The heads of the columns, where all rows share them.
    fn head_lines(&self, widths: Widths) -> Vec<Line<'static>> {
        let form = self.open.report.form();
        let [block] = form.table(self.sheet.table).blocks else { return Vec::new() };
        let session = self.session;
        let check = if session.theme.is_ascii() {
            session.lang.pick("合计", "sum")
        } else {
            session.lang.pick("Σ行", "Σ row")
        };
        let mut hidden = session.theme.hidden(self.scroll.hidden());
        let [left, right] = session.theme.beside();
        let (before, behind) = (widths.first, self.columns().saturating_sub(widths.first + widths.count));
        for (mark, n) in [(left, before), (right, behind)] {
            if n > 0 {
                hidden.push_str(&format!(" {mark}{n}"));
            }
        }
        vec![self.column_heads((&hidden, session.theme.key()), block.columns, widths, check)]
    }

    fn column_heads(
        &self,
        (title, style): (&str, Style),
        columns: &[Column],
        widths: Widths,
        check: &str,
    ) -> Line<'static> {
        let (lang, theme) = (self.session.lang, self.session.theme);
        let mut pieces = vec![Span::styled(display::fit(title, widths.label), style)];
        for (_, column) in columns.iter().enumerate().filter(|(i, _)| widths.shows(*i)) {
            pieces.extend(self.bar_before(column.key));
            let label = fitting(&column.label, widths.cell, lang);
            pieces.push(Span::styled(display::fit_right(&label, widths.cell), theme.dim()));
        }
        if !check.is_empty() && widths.check > display::width(check) {
            pieces.push(Span::styled(
                format!(" {}", display::cut(check, widths.check.saturating_sub(1))),
                theme.dim(),
            ));
        }
        Line::from(pieces)
    }

    /// The bar that sets the total apart; tables without totals have none.
    fn bar_before(&self, column: &str) -> Option<Span<'static>> {
        let theme = self.session.theme;
        (column == "total").then(|| Span::styled(format!(" {}", theme.bar()), theme.dim()))
    }

    fn row_line(&self, i: usize, widths: Widths) -> Line<'static> {
        let (lang, theme) = (self.session.lang, self.session.theme);
        match self.sheet.lines.get(i) {
            None => Line::default(),
            Some(SheetLine::Head(block)) => {
                self.column_heads((block.head, theme.dim()), block.columns, widths, "")
            }
            Some(SheetLine::Cells { row, cells }) => {
                let check = row_check(self.open, self.sheet.table, row);
                let here = i == self.at.line;
                let label = row.label.on_screen(lang);
                let style = if here { theme.title() } else { theme.plain() };
                let mut pieces = if self.is_doubtful(cells) {
                    let label = display::cut(label, widths.label.saturating_sub(3));
                    let rest = widths.label.saturating_sub(display::width(&label));
                    vec![Span::styled(label, style), Span::styled(display::fit(" ?", rest), theme.warn())]
                } else {
                    vec![Span::styled(display::fit(label, widths.label), style)]
                };
                for (j, cell) in cells.iter().enumerate().filter(|(j, _)| widths.shows(*j)) {
                    pieces.extend(self.bar_before(cell.column().key));
                    pieces.extend(self.cell(*cell, here && j == self.at.cell, widths.cell));
                }
                if let Some(check) = check {
                    pieces.extend(self.check(check, widths.check));
                }
                Line::from(pieces)
            }
        }
    }

    /// Whether some of the cells were read with doubt.
    fn is_doubtful(&self, cells: &[CellId]) -> bool {
        let mut doubts = self.open.findings.iter().filter(|f| f.rule.id == "P1");
        doubts.any(|f| f.cells().iter().any(|cell| cells.contains(cell)))
    }

    /// A figure, right-aligned, with the style of what it takes part in.
    fn cell(&self, cell: CellId, under_cursor: bool, width: usize) -> Vec<Span<'static>> {
        let figure = self.open.report.figures.get(cell);
        let text = figure_text(figure);
        let pad = width.saturating_sub(display::width(&text));
        let (text, pad) = if under_cursor && text.is_empty() {
            (" ".to_owned(), pad.saturating_sub(1))
        } else {
            (text, pad)
        };
        let mut style = self.cell_style(cell, figure);
        if under_cursor {
            style = style.patch(self.session.theme.cursor());
        }
        vec![Span::raw(" ".repeat(pad)), Span::styled(text, style)]
    }

    fn cell_style(&self, cell: CellId, figure: Figure) -> Style {
        let theme = self.session.theme;
        let is_bad_total =
            || self.open.evaluations.iter().any(|e| e.state.is_break() && e.relation.total() == Some(cell));
        if self.lit.contains(&cell) {
            theme.lit()
        } else if is_bad_total() {
            theme.bad()
        } else if figure == Figure::Unreadable {
            theme.warn()
        } else if figure.is_nil() {
            theme.dim()
        } else {
            theme.plain()
        }
    }

    /// A mark, and where the relation breaks the computed sum and the difference.
    fn check(&self, check: &Evaluation, width: usize) -> Vec<Span<'static>> {
        let (mark, style) = self.session.theme.state(&check.state);
        let mut text = format!(" {mark}");
        if check.state.is_break() {
            let computed = format!(" {}", check.computed());
            let difference = format!(" ({})", signed(check.difference()));
            for more in [computed, difference] {
                if display::width(&text) + display::width(&more) <= width {
                    text.push_str(&more);
                }
            }
        }
        vec![Span::styled(display::cut(&text, width), style)]
    }

    /// The checks below the columns: marks, and for breaks the computed sums and the differences.
    fn foot_lines(&self, widths: Widths, room: usize) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        let mut details: Vec<(usize, Vec<Line<'static>>)> = Vec::new();
        for checks in column_checks(self.open, self.sheet.table) {
            let Some(first) = checks.first() else { continue };
            let title = first.relation.sum.formula.on_screen(self.session.lang);
            lines.push(self.foot_line(title, &checks, widths, |e| {
                let (mark, style) = self.session.theme.state(&e.state);
                (mark.to_owned(), style)
            }));
            if checks.iter().any(|e| e.state.is_break()) {
                details.push((lines.len(), self.foot_details(&checks, widths)));
            }
        }
        // At least six rows of the table itself stay in sight before a detail line takes room.
        for (at, more) in details.into_iter().rev() {
            if lines.len() + more.len() + 6 <= room {
                lines.splice(at..at, more);
            }
        }
        lines
    }

    fn foot_details(&self, checks: &[&Evaluation], widths: Widths) -> Vec<Line<'static>> {
        let (lang, theme) = (self.session.lang, self.session.theme);
        let Some(relation) = checks.first().map(|e| e.relation) else { return Vec::new() };
        let of_breaks = |text: fn(&Evaluation) -> String| {
            move |e: &Evaluation| (if e.state.is_break() { text(e) } else { String::new() }, theme.bad())
        };
        let mut lines = Vec::new();
        // A single declared cell stands in the table already; a declared sum does not.
        if relation.total().is_none() {
            let title = format!("  {}", relation.sum.left_label.on_screen(lang));
            lines.push(self.foot_line(&title, checks, widths, of_breaks(|e| e.declared().to_string())));
        }
        let title = format!("  {}", relation.sum.right_label.on_screen(lang));
        lines.push(self.foot_line(&title, checks, widths, of_breaks(|e| e.computed().to_string())));
        let title = lang.pick("  差", "  difference");
        lines.push(self.foot_line(title, checks, widths, of_breaks(|e| signed(e.difference()))));
        lines
    }

    fn foot_line(
        &self,
        title: &str,
        checks: &[&Evaluation],
        widths: Widths,
        entry: impl Fn(&Evaluation) -> (String, Style),
    ) -> Line<'static> {
        let mut pieces = vec![Span::styled(display::fit(title, widths.label), self.session.theme.dim())];
        for (_, check) in checks.iter().enumerate().filter(|(i, _)| widths.shows(*i)) {
            let column = check.relation.cells().next().map_or("", |cell| cell.column().key);
            pieces.extend(self.bar_before(column));
            let (text, style) = entry(check);
            pieces.push(Span::styled(display::fit_right(&text, widths.cell), style));
        }
        Line::from(pieces)
    }

    /// Table 4 as the form prints it: fifteen cells in one line under three groups.
    fn draw_one_line(&self, area: Rect, buffer: &mut Buffer) {
        let (lang, theme) = (self.session.lang, self.session.theme);
        self.scroll.window(usize::from(area.height), 1);
        let Some(SheetLine::Cells { cells, .. }) = self.sheet.lines.first() else { return };
        let cell_width = (usize::from(area.width).saturating_sub(3) / cells.len().max(1)).min(11);
        let mut rows: [Vec<Span<'static>>; 5] = std::array::from_fn(|_| Vec::new());
        for (i, cell) in cells.iter().enumerate() {
            let [group, head, figures, marks, details] = &mut rows;
            let first_of_group =
                i == 0 || cells.get(i - 1).is_some_and(|before| before.row().key != cell.row().key);
            if first_of_group {
                let count = cells.iter().filter(|c| c.row().key == cell.row().key).count();
                let bar = if i == 0 { " " } else { theme.bar() };
                for row in [&mut *group, head, figures, marks, details] {
                    row.push(Span::styled(bar, theme.dim()));
                }
                group.push(Span::styled(
                    display::fit(&format!(" {}", cell.row().label.on_screen(lang)), cell_width * count),
                    theme.title(),
                ));
                if let Some(check) = row_check(self.open, TableId::Remedies, cell.row()) {
                    marks.extend(self.group_check(check, cell_width * count));
                    details.push(Span::styled(self.group_numbers(check, cell_width * count), theme.bad()));
                }
            }
            let label = fitting(&cell.column().label, cell_width.saturating_sub(1), lang);
            head.push(Span::styled(display::fit_right(&label, cell_width), theme.dim()));
            let before: usize = figures.iter().map(Span::width).sum();
            let place = Rect { x: area.x + before as u16, width: cell_width as u16, ..area };
            self.session.spots.add(place.intersection(area), Spot::Cell { line: 0, cell: i });
            figures.extend(self.cell(*cell, i == self.at.cell, cell_width));
        }
        for (y, row) in rows.into_iter().enumerate() {
            paint::line(buffer, area, y as u16, Line::from(row));
        }
    }

    fn group_check(&self, check: &Evaluation, width: usize) -> Vec<Span<'static>> {
        let (mark, style) = self.session.theme.state(&check.state);
        let title = check.relation.rule.id;
        vec![Span::styled(display::fit_right(&format!("{title} {mark}"), width), style)]
    }

    fn group_numbers(&self, check: &Evaluation, width: usize) -> String {
        if check.state != State::Broken && check.state != State::BlankTotal {
            return " ".repeat(width);
        }
        let words = self.session.lang.pick("合计", "sum");
        let text = format!("{words} {} ({})", check.computed(), signed(check.difference()));
        display::fit_right(&text, width)
    }
}

/// A label in the wording of the form where that leaves a blank before it, else in its short form.
fn fitting(label: &Label, columns: usize, lang: Lang) -> String {
    let official = lang.pick(label.official, label.english);
    if display::width(official) < columns {
        return official.to_owned();
    }
    whole_or_start(label.on_screen(lang), columns)
}

/// A label as it is if it fits, else its first characters without a mark of omission (a head of two columns
/// has no room for one).
pub(super) fn whole_or_start(label: &str, columns: usize) -> String {
    if display::width(label) <= columns {
        return label.to_owned();
    }
    let mut out = String::new();
    for c in label.chars() {
        if display::width(&out) + display::width(c.encode_utf8(&mut [0; 4])) > columns.max(2) {
            break;
        }
        out.push(c);
    }
    out
}
