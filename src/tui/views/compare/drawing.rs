//! Drawing two tables: side by side where there is room, else one column of both at a time.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::CompareView;
use crate::corpus::OpenReport;
use crate::display;
use crate::report::{CellId, Figure};
use crate::rules::signed;
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::pairs::{Difference, difference};
use crate::tui::session::Session;
use crate::tui::sheet::figure_text;
use crate::tui::views::table::whole_or_start;

/// How the two tables share the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Both tables, and a third with the differences.
    Three,
    /// Both tables.
    Two,
    /// One column of both, the difference, and of the others whether they differ.
    Folded,
}

/// A drawing of a table.
pub(super) struct Drawing<'a> {
    view: &'a CompareView,
    other: &'a OpenReport,
    session: &'a Session,
    layout: Layout,
    columns: usize,
    label: usize,
    cell: usize,
}

/// The least and the greatest width of a label.
const LABEL: (usize, usize) = (12, 24);

impl<'a> Drawing<'a> {
    pub(super) fn new(
        view: &'a CompareView,
        other: &'a OpenReport,
        width: usize,
        session: &'a Session,
    ) -> Self {
        let columns = view.columns();
        let mut drawing = Self { view, other, session, layout: Layout::Folded, columns, label: 0, cell: 0 };
        let cells = || view.lines.iter().flatten();
        let texts = cells().flat_map(|cell| {
            let apart = drawing.apart(*cell);
            [drawing.figure(*cell, 0), drawing.figure(*cell, 1), apart].map(|text| display::width(&text))
        });
        // A blank and the mark of a difference stand before a figure.
        let least = texts.max().unwrap_or(1) + 2;
        let labels = view.lines.iter().map(|line| display::width(&drawing.label_of(line)));
        let wished = labels.max().unwrap_or(0).clamp(LABEL.0, LABEL.1);
        let wide = least.max(7);
        let room = |groups: usize, cell: usize| 1 + wished + groups * (columns * cell + 4);
        let forms = [
            (Layout::Three, 3, wide),
            (Layout::Three, 3, least.max(6)),
            (Layout::Two, 2, wide),
            (Layout::Two, 2, least.max(6)),
            (Layout::Two, 2, least.max(5)),
        ];
        if let Some((layout, _, cell)) =
            forms.into_iter().find(|(_, groups, cell)| room(*groups, *cell) <= width)
        {
            (drawing.layout, drawing.label, drawing.cell) = (layout, wished, cell);
        } else {
            drawing.cell = least.max(6);
            let rest = width.saturating_sub(2 + 3 * drawing.cell + columns);
            drawing.label = rest.min(LABEL.1);
        }
        drawing
    }

    /// The figure of a cell in one of the reports.
    fn figure(&self, cell: CellId, which: usize) -> String {
        let report = if which == 0 { &self.view.one.report } else { &self.other.report };
        figure_text(report.figures.get(cell))
    }

    /// By how much a cell differs.
    fn apart(&self, cell: CellId) -> String {
        match difference(cell, &self.view.one, self.other) {
            Difference::Apart(sum) => signed(sum),
            Difference::Other => self.session.theme.differs().to_owned(),
            Difference::Same | Difference::OneSided => String::new(),
        }
    }

    fn label_of(&self, line: &[CellId]) -> String {
        let lang = self.session.lang;
        let Some(cell) = line.first() else { return String::new() };
        let row = cell.row().label.on_screen(lang);
        if line.len() > 1 {
            return row.to_owned();
        }
        lang.pick(
            format!("{row} {}", cell.column().label.on_screen(lang)),
            format!("{row}, {}", cell.column().label.on_screen(lang)),
        )
    }

    pub(super) fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let theme = self.session.theme;
        let height = usize::from(area.height).saturating_sub(2);
        let window = self.view.scroll.window(height, self.view.lines.len());
        let hidden = theme.hidden(self.view.scroll.hidden());
        paint::line(buffer, area, 0, self.heads(&hidden));
        for (y, line) in (1..).zip(window) {
            paint::line(buffer, area, y, self.line(line));
        }
        paint::line(buffer, area, area.height.saturating_sub(1), self.below(usize::from(area.width)));
    }

    /// How many tables stand side by side.
    const fn groups(&self) -> usize {
        match self.layout {
            Layout::Three => 3,
            Layout::Two => 2,
            Layout::Folded => 0,
        }
    }

    /// What a group of columns is of.
    fn group_name(&self, group: usize) -> &'static str {
        let lang = self.session.lang;
        [lang.pick("甲", "A"), lang.pick("乙", "B"), lang.pick("差", "+-")].get(group).copied().unwrap_or("")
    }

    fn heads(&self, hidden: &str) -> Line<'static> {
        let (lang, theme) = (self.session.lang, self.session.theme);
        let heads: Vec<&CellId> =
            self.view.lines.iter().find(|l| l.len() == self.columns).into_iter().flatten().collect();
        let head = |column: usize| heads.get(column).map_or("", |cell| cell.column().label.on_screen(lang));
        let mut pieces = vec![Span::raw(" ")];
        if self.layout == Layout::Folded {
            // Which of the columns is compared.
            let column = head(self.view.column);
            let title = lang.pick(format!("{column}列 {hidden}"), format!("{column} {hidden}"));
            pieces.push(Span::styled(display::fit(&title, self.label), theme.key()));
            let names = (0..3).map(|group| display::fit_right(self.group_name(group), self.cell));
            pieces.extend(names.map(|name| Span::styled(name, theme.dim())));
            let all = whole_or_start(lang.pick(" 各列", " all"), self.columns + 1);
            pieces.push(Span::styled(all, theme.dim()));
            return Line::from(pieces);
        }
        pieces.push(Span::styled(display::fit(hidden, self.label), theme.key()));
        for group in 0..self.groups() {
            let name = display::fit_right(self.group_name(group), 3);
            pieces.push(Span::styled(format!("{name}{}", theme.bar()), theme.dim()));
            for column in 0..self.columns {
                let text = whole_or_start(if self.columns < 2 { "" } else { head(column) }, self.cell);
                pieces.push(Span::styled(display::fit_right(&text, self.cell), theme.dim()));
            }
        }
        Line::from(pieces)
    }

    fn line(&self, i: usize) -> Line<'static> {
        let theme = self.session.theme;
        let Some(cells) = self.view.lines.get(i) else { return Line::default() };
        let here = i == self.view.scroll.at;
        let style = if here { theme.title() } else { theme.plain() };
        let mark = if here { theme.pointer() } else { " " };
        let mut pieces = vec![
            Span::styled(mark, theme.key()),
            Span::styled(display::fit(&self.label_of(cells), self.label), style),
        ];
        if self.layout == Layout::Folded {
            if let Some(cell) = cells.get(self.view.column) {
                pieces.extend((0..3).flat_map(|group| self.cell(*cell, group, here && group == 2)));
            }
            pieces.push(Span::raw(" "));
            for (column, cell) in cells.iter().enumerate() {
                let is_one = difference(*cell, &self.view.one, self.other).is_one();
                let (mark, style) =
                    if is_one { (theme.differs(), theme.lit()) } else { (theme.trivial_mark(), theme.dim()) };
                let style = if column == self.view.column { style.patch(theme.title()) } else { style };
                pieces.push(Span::styled(mark, style));
            }
            return Line::from(pieces);
        }
        for group in 0..self.groups() {
            pieces.push(Span::styled(format!("   {}", theme.bar()), theme.dim()));
            for (column, cell) in cells.iter().enumerate() {
                pieces.extend(self.cell(*cell, group, here && column == self.view.column));
            }
        }
        Line::from(pieces)
    }

    /// A cell of one of the reports, or the difference; the mark stands before the second figure.
    fn cell(&self, cell: CellId, group: usize, is_here: bool) -> [Span<'static>; 2] {
        let theme = self.session.theme;
        let is_one = difference(cell, &self.view.one, self.other).is_one();
        let mut text = if group == 2 { self.apart(cell) } else { self.figure(cell, group) };
        if group == 1 && is_one {
            text = format!("{}{text}", theme.differs());
        }
        let style = self.style(cell, group, is_one);
        let style = if is_here { style.patch(theme.cursor()) } else { style };
        if is_here && text.is_empty() {
            text.push(' ');
        }
        let pad = self.cell.saturating_sub(display::width(&text));
        [Span::raw(" ".repeat(pad)), Span::styled(text, style)]
    }

    fn style(&self, cell: CellId, group: usize, is_one: bool) -> Style {
        let theme = self.session.theme;
        let report = if group == 1 { &self.other.report } else { &self.view.one.report };
        match report.figures.get(cell) {
            _ if is_one => theme.lit(),
            Figure::Unreadable => theme.warn(),
            figure if figure.is_nil() => theme.dim(),
            _ => theme.plain(),
        }
    }

    /// The cell under the cursor in words.
    fn below(&self, width: usize) -> Line<'static> {
        let (lang, theme) = (self.session.lang, self.session.theme);
        let line = self.view.lines.get(self.view.scroll.at);
        let Some(cell) = line.and_then(|line| line.get(self.view.column)) else { return Line::default() };
        let [a, b] = [0, 1].map(|which| {
            let text = self.figure(*cell, which);
            if text.is_empty() { theme.missing().to_owned() } else { text }
        });
        let words = match difference(*cell, &self.view.one, self.other) {
            Difference::Same => format!("{a} = {b}"),
            Difference::OneSided => lang.pick(
                format!("{a} / {b}（只有一方的格式有此格）"),
                format!("{a} / {b} (only one form has it)"),
            ),
            Difference::Other => {
                let sign = theme.not_equal();
                lang.pick(
                    format!("{a} {sign} {b}（不能相减）"),
                    format!("{a} {sign} {b} (not to be subtracted)"),
                )
            }
            Difference::Apart(sum) => {
                let (sign, apart) = (theme.not_equal(), signed(sum));
                lang.pick(
                    format!("甲 {a} {sign} 乙 {b}，差 {apart}"),
                    format!("A {a} {sign} B {b}, off by {apart}"),
                )
            }
        };
        let column = cell.column().label.on_screen(lang);
        let row = cell.row().label.on_screen(lang);
        let mut text = format!("{words}  {row} · {column}");
        if self.layout == Layout::Folded {
            let [left, right] =
                [Action::Left, Action::Right].map(|action| self.session.key(Context::Compare, action));
            text.push_str(&lang.pick(
                format!("  （窄屏每次比一列，{left} {right} 换列）"),
                format!("  (one column at a time, {left} {right})"),
            ));
        }
        let lead = format!(" {} ", theme.pointer());
        let room = width.saturating_sub(display::width(&lead));
        Line::from(vec![Span::styled(lead, theme.key()), Span::raw(display::cut(&text, room))])
    }
}
