//! Two reports table beside table: last year's, next year's, or another one that was marked; with what differs.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

mod drawing;

use drawing::Drawing;

use super::heading::year_name;
use super::report::ReportView;
use crate::corpus::OpenReport;
use crate::display;
use crate::report::template::SECTIONS;
use crate::report::{CellId, Problem, TableId};
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::pairs::{self, Partner, difference};
use crate::tui::session::Session;
use crate::tui::view::{Scroll, Transition, View};

/// The view.
pub struct CompareView {
    one: Arc<OpenReport>,
    partners: Vec<(Partner, u32)>,
    /// Which of them is shown.
    at: usize,
    other: Result<Arc<OpenReport>, Problem>,
    table: TableId,
    /// The cells of the table, line by line.
    lines: Vec<Vec<CellId>>,
    column: usize,
    scroll: Scroll,
}

impl CompareView {
    /// The selected report beside the one that was marked, else beside last year's, else beside next year's.
    pub fn open(session: &mut Session) -> Transition {
        let Some(one) = session.open_report().cloned() else { return Transition::Stay };
        let partners = pairs::partners(one.index, session);
        let Some((_, first)) = partners.first().copied() else {
            let hold = session.key(Context::Browse, Action::Hold);
            let compare = session.key(Context::Browse, Action::Compare);
            let words = session.lang.pick(
                format!("没有可比的报告：该单位只有这一份；可在列表里用 {hold} 选定另一份，再按 {compare}"),
                format!("nothing to compare with: mark another report of the list with {hold}, then press {compare}"),
            );
            session.notice = Some(words);
            return Transition::Stay;
        };
        let other = session.corpus.open(first).map(Arc::new);
        let mut view = Self {
            one,
            partners,
            at: 0,
            other,
            table: TableId::Requests,
            lines: Vec::new(),
            column: 0,
            scroll: Scroll::default(),
        };
        view.turn_to(TableId::Requests);
        Transition::Push(Box::new(view))
    }

    fn turn_to(&mut self, table: TableId) {
        self.table = table;
        self.lines = match &self.other {
            Ok(other) => pairs::lines(table, &self.one, other),
            Err(_) => Vec::new(),
        };
        let columns = self.columns();
        // The totals say most where only one column is compared.
        self.column = columns.saturating_sub(1);
        self.scroll = Scroll::default();
    }

    fn columns(&self) -> usize {
        self.lines.iter().map(Vec::len).max().unwrap_or(0)
    }

    fn next_partner(&mut self, session: &mut Session) {
        self.at = (self.at + 1) % self.partners.len().max(1);
        if self.partners.len() < 2 {
            let hold = session.key(Context::Browse, Action::Hold);
            let words = session.lang.pick(
                format!("没有别的可比；可在列表里用 {hold} 选定一份"),
                format!("no other one; {hold} marks a report of the list for this"),
            );
            session.notice = Some(words);
        }
        if let Some((_, report)) = self.partners.get(self.at) {
            self.other = session.corpus.open(*report).map(Arc::new);
        }
        let (line, column) = (self.scroll.at, self.column);
        self.turn_to(self.table);
        self.scroll.jump(line.min(self.lines.len().saturating_sub(1)));
        self.column = column.min(self.columns().saturating_sub(1));
    }

    fn step_table(&mut self, forward: bool) {
        let at = TableId::ALL.iter().position(|table| *table == self.table).unwrap_or(0);
        let to = if forward { at + 1 } else { at + TableId::ALL.len() - 1 } % TableId::ALL.len();
        self.turn_to(TableId::ALL.get(to).copied().unwrap_or(self.table));
    }

    /// To the next or previous cell that differs, in this table or one after it.
    fn step(&mut self, forward: bool, session: &mut Session) {
        let Ok(other) = self.other.clone() else { return };
        let mut differing = Vec::new();
        for table in TableId::ALL {
            for (line, cells) in pairs::lines(table, &self.one, &other).into_iter().enumerate() {
                let of_line = cells.into_iter().enumerate();
                differing.extend(
                    of_line
                        .filter(|(_, cell)| difference(*cell, &self.one, &other).is_one())
                        .map(|(column, _)| (table, line, column)),
                );
            }
        }
        let here = (self.table, self.scroll.at, self.column);
        let to = if forward {
            differing.into_iter().find(|place| *place > here)
        } else {
            differing.into_iter().rev().find(|place| *place < here)
        };
        let Some((table, line, column)) = to else {
            let words = session.lang.pick("没有更多差异", "no more differences");
            session.notice = Some(words.to_owned());
            return;
        };
        if table != self.table {
            self.turn_to(table);
        }
        self.scroll.jump(line);
        self.column = column;
    }

    fn move_to(&mut self, action: Action) -> bool {
        match action {
            Action::Left => self.column = self.column.saturating_sub(1),
            Action::Right => self.column = (self.column + 1).min(self.columns().saturating_sub(1)),
            _ => match self.scroll.moved(action, self.lines.len()) {
                Some(to) => self.scroll.at = to,
                None => return false,
            },
        }
        true
    }
}

impl View for CompareView {
    fn context(&self) -> Context {
        Context::Compare
    }

    fn update(&mut self, action: Action, session: &mut Session) -> Transition {
        match action {
            Action::Back | Action::Compare => {
                session.show(self.one.index);
                return Transition::Pop;
            }
            Action::Open => {
                if let Some((_, report)) = self.partners.get(self.at) {
                    session.show(*report);
                    return Transition::Push(Box::new(ReportView::new(session)));
                }
            }
            Action::Partner => self.next_partner(session),
            Action::NextFinding => self.step(true, session),
            Action::PreviousFinding => self.step(false, session),
            Action::NextPane => self.step_table(true),
            Action::PreviousPane => self.step_table(false),
            Action::Section(number) => {
                if let Some(table) = TableId::ALL.into_iter().find(|table| table.number() == number) {
                    self.turn_to(table);
                }
            }
            _ if self.move_to(action) => {}
            _ => return Transition::Unhandled,
        }
        Transition::Stay
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let width = usize::from(area.width);
        paint::line(buffer, area, 0, self.heading(0, width, session));
        paint::line(buffer, area, 1, self.heading(1, width, session));
        paint::line(buffer, area, 2, self.tabs(width, session));
        let body = Rect { y: area.y + 3, height: area.height.saturating_sub(4), ..area };
        match &self.other {
            Err(problem) => paint::text(buffer, body, 0, &problem.message(session.lang), session.theme.bad()),
            Ok(other) => {
                let drawing = Drawing::new(self, other, width, session);
                drawing.draw(body, buffer);
            }
        }
        paint::keys(buffer, area, area.height.saturating_sub(1), Context::Compare, session);
    }
}

impl CompareView {
    /// One of the two reports.
    fn heading(&self, which: usize, width: usize, session: &Session) -> Line<'static> {
        let (lang, theme) = (session.lang, session.theme);
        let partner = self.partners.get(self.at).copied();
        let report = if which == 0 { Some(self.one.index) } else { partner.map(|(_, report)| report) };
        let Some(summary) = report.and_then(|report| session.corpus.summary(report)) else {
            return Line::default();
        };
        let form = summary.template().map_or("?", crate::report::TemplateId::name);
        let mut tail = format!(" · {}", year_name(summary.year));
        if width >= 60 {
            tail.push_str(&lang.pick(format!(" · 格式 {form}"), format!(" · template {form}")));
        }
        if which == 1 {
            let why = match partner.map(|(why, _)| why) {
                Some(Partner::Marked) => lang.pick("K 选定", "marked").to_owned(),
                Some(Partner::Version(n)) => lang.pick(format!("版本 {n}"), format!("version {n}")),
                Some(Partner::Earlier(1)) => lang.pick("上年", "last year").to_owned(),
                Some(Partner::Earlier(n)) => lang.pick(format!("{n} 年前"), format!("{n} years before")),
                Some(Partner::Later(1)) => lang.pick("下年", "next year").to_owned(),
                Some(Partner::Later(n)) => lang.pick(format!("{n} 年后"), format!("{n} years after")),
                None => String::new(),
            };
            tail.push_str(&format!(" · {why} {}/{}", self.at + 1, self.partners.len()));
        }
        let name = [lang.pick("甲", "A"), lang.pick("乙", "B")].get(which).copied().unwrap_or("");
        let lead = format!(" {name} ");
        let room = width.saturating_sub(display::width(&lead) + display::width(&tail));
        let agency = session.corpus.name(summary.names.agency).visible().into_owned();
        Line::from(vec![
            Span::styled(lead, theme.key()),
            Span::styled(format!("{}{tail}", display::cut(&agency, room)), theme.title()),
        ])
    }

    /// The three tables with the number of cells that differ in each.
    fn tabs(&self, width: usize, session: &Session) -> Line<'static> {
        let line = self.tabs_named(true, session);
        if line.width() <= width { line } else { self.tabs_named(false, session) }
    }

    fn tabs_named(&self, with_names: bool, session: &Session) -> Line<'static> {
        let (lang, theme) = (session.lang, session.theme);
        let mut pieces = Vec::new();
        for table in TableId::ALL {
            let label = SECTIONS.iter().find(|section| section.number == table.number()).map(|s| &s.label);
            let label = match (lang, table) {
                _ if !with_names => "",
                (display::Lang::Zh, _) => label.map_or("", |label| label.short),
                (_, TableId::Disclosure) => "disclosure",
                (_, TableId::Requests) => "requests",
                (_, TableId::Remedies) => "reviews",
            };
            let style = if table == self.table { theme.cursor() } else { theme.plain() };
            pieces.push(Span::styled(
                format!(" {}{}{label}", table.number(), if with_names { " " } else { "" }),
                style,
            ));
            let count = self.other.as_ref().map_or((0, 0), |other| pairs::count(table, &self.one, other));
            // What cannot be compared is not the same.
            let (mark, style) = match count {
                (0, 0) => (theme.good_mark().to_owned(), theme.good()),
                (0, _) => (format!("{}0", theme.differs()), theme.plain()),
                (n, _) => (format!("{}{n}", theme.differs()), theme.lit()),
            };
            pieces.push(Span::styled(format!(" {mark}"), style));
        }
        Line::from(pieces)
    }
}
