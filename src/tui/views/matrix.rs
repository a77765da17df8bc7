//! County by year: of each the worst that is open, with how much of it there is, and the totals of both.
//!
//! What is counted is worked out when the view opens and when the list or a decision changes, never for a key.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::heading::{self, county_name, year_name};
use crate::corpus::{AreaId, Matrix, MatrixCell, Worst};
use crate::display;
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::theme::Theme;
use crate::tui::view::{Scroll, Transition, View};

/// So many years are shown without a gap; a year far off, which is a slip of the pen, adds no empty columns.
const LONGEST_GAP: u16 = 30;

/// A county, or all of them together.
struct Row {
    area: Option<AreaId>,
    cells: Vec<MatrixCell>,
    total: MatrixCell,
}

impl Row {
    /// The cell of a column; the one behind the last year is the total.
    fn cell(&self, column: usize) -> MatrixCell {
        self.cells.get(column).copied().unwrap_or(self.total)
    }

    /// Whether there is no report for a year, though there are for an earlier and a later one.
    fn is_gap(&self, column: usize) -> bool {
        let has = |cell: &MatrixCell| cell.reports > 0;
        let (before, after) = self.cells.split_at(column.min(self.cells.len()));
        self.cell(column).reports == 0 && before.iter().any(has) && after.iter().any(has)
    }
}

/// What is shown.
struct Table {
    years: Vec<u16>,
    /// The counties, the worst first.
    worst_first: Vec<Row>,
    /// The places of the counties in the order of their names.
    by_name: Vec<usize>,
    totals: Row,
    /// The greatest width of what stands in a year, and in the totals.
    widest: [usize; 2],
}

/// Columns of what stands in a cell: a mark, and a number where there is one.
fn width_of(worst: Worst) -> usize {
    match worst {
        Worst::Errors(n) | Worst::Warnings(n) | Worst::Doubtful(n) => {
            2 + n.checked_ilog10().unwrap_or(0) as usize
        }
        Worst::Settled | Worst::Clean | Worst::Missing => 1,
    }
}

impl Table {
    fn new(matrix: &Matrix) -> Self {
        let years = shown_years(&matrix.years());
        let cells = |of: &dyn Fn(u16) -> Option<MatrixCell>| -> Vec<MatrixCell> {
            years.iter().map(|year| of(*year).unwrap_or_default()).collect()
        };
        let row = |row: &crate::corpus::MatrixRow| Row {
            area: Some(row.area_id()),
            cells: cells(&|year| row.years.get(&year).copied()),
            total: row.total(),
        };
        let mut rows: Vec<(usize, Row)> = matrix.rows.iter().map(row).enumerate().collect();
        rows.sort_by_key(|(_, row)| {
            let MatrixCell { open: [errors, warnings], doubtful, .. } = row.total;
            std::cmp::Reverse((errors, warnings, doubtful))
        });
        let mut by_name = vec![0; rows.len()];
        for (place, (name, _)) in rows.iter().enumerate() {
            if let Some(slot) = by_name.get_mut(*name) {
                *slot = place;
            }
        }
        let of_years = matrix.totals();
        let mut total = MatrixCell::default();
        for cell in of_years.values() {
            total.add(*cell);
        }
        let totals = Row { area: None, cells: cells(&|year| of_years.get(&year).copied()), total };
        let worst_first: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        let all = || worst_first.iter().chain([&totals]);
        let of_years = all().flat_map(|row| &row.cells).map(|cell| width_of(cell.worst())).max();
        let of_totals = all().map(|row| width_of(row.total.worst())).max();
        let widest = [of_years, of_totals].map(|width| width.unwrap_or(0));
        Self { years, worst_first, by_name, totals, widest }
    }

    /// The row in that line; the one behind the last county is that of the totals.
    fn row(&self, line: usize, by_name: bool) -> &Row {
        let place = if by_name { self.by_name.get(line).copied() } else { Some(line) };
        place.and_then(|place| self.worst_first.get(place)).unwrap_or(&self.totals)
    }

    fn line_of(&self, area: Option<AreaId>, by_name: bool) -> Option<usize> {
        (0..=self.worst_first.len()).find(|line| self.row(*line, by_name).area == area)
    }
}

/// The years that occur and those between them, the unknown one last.
fn shown_years(years: &[u16]) -> Vec<u16> {
    let mut shown: Vec<u16> = Vec::new();
    for year in years.iter().copied().filter(|year| *year > 0) {
        if let Some(last) = shown.last().copied().filter(|last| year - last <= LONGEST_GAP) {
            shown.extend(last + 1..year);
        }
        shown.push(year);
    }
    shown.extend(years.iter().filter(|year| **year == 0));
    shown
}

/// What a table was made of: the list, which is another one whenever anything in it is, and the decisions.
type Origin = (Arc<Vec<u32>>, u64);

/// The view.
#[derive(Default)]
pub struct MatrixView {
    made: RefCell<Option<(Origin, Rc<Table>)>>,
    /// The county at the cursor, and its line for when it is no longer there; no county stands for all.
    area: Option<AreaId>,
    line: usize,
    /// The year at the cursor; none stands for all.
    year: Option<u16>,
    by_name: bool,
    rows: Scroll,
    columns: Scroll,
}

impl MatrixView {
    /// With the cursor at the county and year of the selected report.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        let selected = session.selected_report().and_then(|report| session.corpus.summary(report));
        Self {
            area: selected.map(|summary| session.corpus.units().area(summary.unit)),
            year: selected.map(|summary| summary.year),
            ..Self::default()
        }
    }

    fn table(&self, session: &Session) -> Rc<Table> {
        let origin = (Arc::clone(&session.listing.reports), session.corpus.standing_changes());
        let mut made = self.made.borrow_mut();
        if let Some((of, table)) = made.as_ref()
            && Arc::ptr_eq(&of.0, &origin.0)
            && of.1 == origin.1
        {
            return Rc::clone(table);
        }
        let table = Rc::new(Table::new(&session.corpus.matrix(origin.0.iter().copied())));
        *made = Some((origin, Rc::clone(&table)));
        table
    }

    /// Line and column of the cursor.
    fn at(&self, table: &Table) -> (usize, usize) {
        let line = table.line_of(self.area, self.by_name);
        let column = self.year.and_then(|year| table.years.iter().position(|y| *y == year));
        (line.unwrap_or(self.line).min(table.worst_first.len()), column.unwrap_or(table.years.len()))
    }

    fn put(&mut self, (line, column): (usize, usize), table: &Table) {
        self.line = line;
        self.area = table.row(line, self.by_name).area;
        self.year = table.years.get(column).copied();
    }

    /// Narrows the list to what is under the cursor, and goes there.
    fn narrow(&self, session: &mut Session) -> Transition {
        let table = self.table(session);
        let (line, column) = self.at(&table);
        let row = table.row(line, self.by_name);
        if row.cell(column).reports == 0 {
            session.notice = Some(
                session
                    .lang
                    .pick("所列报告中没有该年的", "none of the listed reports is for that year")
                    .to_owned(),
            );
            return Transition::Stay;
        }
        if let Some(area) = row.area {
            session.query.counties = [area].into();
        }
        if let Some(year) = table.years.get(column) {
            session.query.years = [*year].into();
        }
        session.requery();
        Transition::Home
    }
}

impl View for MatrixView {
    fn context(&self) -> Context {
        Context::Matrix
    }

    fn update(&mut self, action: Action, session: &mut Session) -> Transition {
        let table = self.table(session);
        let (line, column) = self.at(&table);
        match action {
            Action::Back | Action::Matrix => return Transition::Pop,
            Action::Open => return self.narrow(session),
            Action::Order => {
                self.by_name = !self.by_name;
                self.line = table.line_of(self.area, self.by_name).unwrap_or(0);
                self.rows.jump(self.line);
            }
            Action::Left => self.put((line, column.saturating_sub(1)), &table),
            Action::Right => self.put((line, (column + 1).min(table.years.len())), &table),
            _ => {
                self.rows.at = line;
                let Some(to) = self.rows.moved(action, table.worst_first.len() + 1) else {
                    return Transition::Unhandled;
                };
                self.put((to, column), &table);
            }
        }
        Transition::Stay
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let table = self.table(session);
        paint::line(buffer, area, 0, heading::of_list(usize::from(area.width), session));
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
        let drawing = Drawing::new(self, &table, usize::from(body.width), session);
        drawing.draw(body, buffer);
        paint::keys(buffer, area, area.height.saturating_sub(1), Context::Matrix, session);
    }
}

/// A drawing of the table.
struct Drawing<'a> {
    view: &'a MatrixView,
    table: &'a Table,
    session: &'a Session,
    at: (usize, usize),
    label: usize,
    cell: usize,
    total: usize,
    shown: std::ops::Range<usize>,
}

/// What stands in a cell, with its style.
fn text_of(row: &Row, column: usize, theme: Theme) -> (String, Style) {
    let worst = row.cell(column).worst();
    let (mark, style) = theme.worst(worst);
    let text = match worst {
        Worst::Errors(n) | Worst::Warnings(n) | Worst::Doubtful(n) => format!("{mark}{n}"),
        Worst::Missing if !row.is_gap(column) => String::new(),
        Worst::Settled | Worst::Clean | Worst::Missing => mark.to_owned(),
    };
    (text, style)
}

impl<'a> Drawing<'a> {
    fn new(view: &'a MatrixView, table: &'a Table, width: usize, session: &'a Session) -> Self {
        let [of_years, of_totals] = table.widest;
        let (cell, total) = (of_years.max(4) + 1, of_totals.max(5) + 1);
        let years = table.years.len();
        let label = (width / 4).clamp(10, 30);
        // A margin at the left, a bar before the totals.
        let room = width.saturating_sub(1 + label + 2 + total);
        let at = view.at(table);
        let shown = view.columns.window_at(at.1.min(years.saturating_sub(1)), room / cell, years);
        Self { view, table, session, at, label, cell, total, shown }
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let theme = self.session.theme;
        // The title, the years, the totals and what is under the cursor stand around the counties.
        let height = usize::from(area.height).saturating_sub(4);
        let counties = self.table.worst_first.len();
        let window = self.view.rows.window_at(self.at.0, height, counties);
        let hidden = [theme.hidden(self.view.rows.hidden()), theme.hidden_beside(self.view.columns.hidden())];
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        paint::rule(buffer, area, &self.title(), &hidden.join(" "), self.session, true);
        let heads = self.table.years.iter().map(|year| (year_name(*year), theme.title()));
        let total = self.session.lang.pick("合计", "total");
        let years = self.line(("", theme.plain()), heads, (total.to_owned(), theme.title()), None);
        paint::line(buffer, area, 1, years);
        let mut y = 2;
        for line in window.chain([counties]) {
            paint::line(buffer, area, y, self.row(line));
            y += 1;
        }
        let below = self.below();
        paint::line(buffer, area, area.height.saturating_sub(1).min(y), below);
    }

    fn title(&self) -> String {
        let (lang, view) = (self.session.lang, self.view);
        let counties = self.table.worst_first.len();
        let place = |at: usize, all: usize| {
            if at < all {
                format!("{}/{all}", at + 1)
            } else {
                format!("{}/{all}", lang.pick("合计", "total"))
            }
        };
        let row = place(self.at.0, counties);
        let column = place(self.at.1, self.table.years.len());
        let order = if view.by_name {
            lang.pick("按名称", "by name")
        } else {
            lang.pick("最严重在前", "worst first")
        };
        lang.pick(
            format!("县区 {row} × 年度 {column} 未定线索 · {order}"),
            format!("counties {row} x years {column}, what is open, {order}"),
        )
    }

    fn row(&self, line: usize) -> Line<'static> {
        let theme = self.session.theme;
        let row = self.table.row(line, self.view.by_name);
        let here = line == self.at.0;
        let name = match row.area {
            Some(area) => county_name(&self.session.corpus.area_name(area).visible(), self.session),
            None => self.session.lang.pick("合计", "total").to_owned(),
        };
        let style = if here || row.area.is_none() { theme.title() } else { theme.plain() };
        let years = self.table.years.len();
        let cells = (0..years).map(|column| text_of(row, column, theme));
        let total = text_of(row, years, theme);
        self.line((&name, style), cells, total, here.then_some(self.at.1))
    }

    /// A label, the cells that are in sight, the total.
    fn line(
        &self,
        (label, style): (&str, Style),
        cells: impl Iterator<Item = (String, Style)>,
        total: (String, Style),
        cursor: Option<usize>,
    ) -> Line<'static> {
        let theme = self.session.theme;
        let mut pieces = vec![Span::raw(" "), Span::styled(display::fit(label, self.label), style)];
        let mut add = |(text, style): (String, Style), width: usize, is_here: bool| {
            let style = if is_here { style.patch(theme.cursor()) } else { style };
            pieces.push(Span::raw(" "));
            pieces.push(Span::styled(display::fit_right(&text, width - 1), style));
        };
        for (column, cell) in cells.enumerate().filter(|(column, _)| self.shown.contains(column)) {
            add(cell, self.cell, cursor == Some(column));
        }
        add((theme.bar().to_owned(), theme.dim()), 2, false);
        add(total, self.total, cursor == Some(self.table.years.len()));
        Line::from(pieces)
    }

    /// What is under the cursor, in full.
    fn below(&self) -> Line<'static> {
        let (lang, theme) = (self.session.lang, self.session.theme);
        let row = self.table.row(self.at.0, self.view.by_name);
        let cell = row.cell(self.at.1);
        let place = row.area.map_or_else(
            || lang.pick("全部县区", "all counties").to_owned(),
            |area| county_name(&self.session.corpus.area_name(area).visible(), self.session),
        );
        let year = self.table.years.get(self.at.1);
        let year = year.map_or_else(|| lang.pick("各年度", "all years").to_owned(), |year| year_name(*year));
        let mut pieces = vec![
            Span::styled(format!(" {} ", theme.pointer()), theme.key()),
            Span::styled(format!("{place} {year}  "), theme.title()),
        ];
        let mut say = |words: String, style: Style| pieces.push(Span::styled(words, style));
        if cell.reports == 0 {
            say(lang.pick("所列中没有报告", "no report is listed").to_owned(), theme.warn());
            return Line::from(pieces);
        }
        let [errors, warnings] = cell.open;
        for worst in [Worst::Errors(errors), Worst::Warnings(warnings), Worst::Doubtful(cell.doubtful)] {
            let (mark, style) = theme.worst(worst);
            let (Worst::Errors(n) | Worst::Warnings(n) | Worst::Doubtful(n)) = worst else { continue };
            say(format!("{mark}{n} "), style);
        }
        let (reports, decided) = (cell.reports, cell.decided);
        let words = lang.pick(
            format!(" 报告 {reports}  已定 {decided}"),
            format!(" reports {reports}  decided {decided}"),
        );
        say(words, theme.plain());
        if cell.other_versions > 0 {
            let n = cell.other_versions;
            say(lang.pick(format!("  另有版本 {n}"), format!("  other versions {n}")), theme.plain());
        }
        Line::from(pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_between_present_ones_are_shown() {
        assert_eq!(shown_years(&[0, 2019, 2022, 2023]), [2019, 2020, 2021, 2022, 2023, 0]);
        assert_eq!(shown_years(&[1900, 2024]), [1900, 2024], "no column for each year of a slip of the pen");
        assert!(shown_years(&[]).is_empty());
    }

    #[test]
    fn only_a_year_between_present_ones_is_a_gap() {
        let cell = |reports| MatrixCell { reports, ..MatrixCell::default() };
        let cells: Vec<MatrixCell> = [0, 1, 0, 2, 0].map(cell).into();
        let row = Row { area: None, cells, total: cell(3) };
        let gaps: Vec<bool> = (0..6).map(|column| row.is_gap(column)).collect();
        assert_eq!(gaps, [false, false, true, false, false, false]);
    }
}
