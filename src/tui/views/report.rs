//! A report: its six sections, each table with its checks, its findings, and the document beside it.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{detail, document, findings, heading, table::TableView};
use crate::corpus::OpenReport;
use crate::report::{CellId, TableId};
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::sheet::{Position, Sheet};
use crate::tui::view::{Scroll, Transition, View};

/// What the body of the view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// A section, 1 to 6.
    Section(u8),
    /// The findings.
    Findings,
}

/// The view of the session's open report.
pub struct ReportView {
    page: Page,
    /// The section that the list of findings was opened from.
    before: u8,
    /// The cursor of each table, as a cell, so that it survives another layout.
    cursors: [Option<CellId>; 3],
    /// The finding that `n` and `N` are at.
    finding: Option<usize>,
    scroll: Scroll,
    /// Scrolling of narrative and findings.
    lines: Scroll,
    source: Scroll,
    shows_source: bool,
}

impl ReportView {
    /// Opens the session's current report at its first finding, or at table 3 if there is none.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        let mut view = Self {
            page: Page::Section(3),
            before: 3,
            cursors: [None; 3],
            finding: None,
            scroll: Scroll::default(),
            lines: Scroll::default(),
            source: Scroll::default(),
            shows_source: false,
        };
        view.arrive(session);
        view
    }

    /// Opens the session's current report at its first (or last) finding.
    #[must_use]
    pub fn at_finding(session: &Session, first: bool) -> Self {
        let mut view = Self::new(session);
        if let Some(open) = session.open_report() {
            let last = open.findings.len().saturating_sub(1);
            view.go_to_finding(open, if first { 0 } else { last });
        }
        view
    }

    /// Puts everything to where a newly opened report begins.
    fn arrive(&mut self, session: &Session) {
        self.cursors = [None; 3];
        self.finding = None;
        self.lines = Scroll::default();
        self.source = Scroll::default();
        let Some(open) = session.open_report() else { return };
        if self.page == Page::Findings {
            return;
        }
        if let Some(finding) = open.findings.first() {
            self.finding = Some(0);
            self.page = Page::Section(finding.table().number());
            self.set_cursor(open, finding.focus());
        }
        self.follow_source(open);
    }

    fn table(&self) -> Option<TableId> {
        match self.page {
            Page::Section(number) => TableId::ALL.into_iter().find(|t| t.number() == number),
            Page::Findings => None,
        }
    }

    fn sheet(&self, open: &OpenReport, width: u16) -> Option<Sheet> {
        Some(Sheet::new(open, self.table()?, width >= ONE_LINE_WIDTH))
    }

    fn cursor(&self, sheet: &Sheet) -> Position {
        let cell = self.cursors[usize::from(sheet.table.number() - 2)];
        cell.and_then(|cell| sheet.find(cell)).unwrap_or_else(|| sheet.nearest(Position::default(), true))
    }

    fn set_cursor(&mut self, open: &OpenReport, cell: Option<CellId>) {
        let Some(cell) = cell else { return };
        self.cursors[usize::from(cell.table().number() - 2)] = Some(cell);
        let sheet = Sheet::new(open, cell.table(), false);
        self.scroll.jump(sheet.find(cell).map_or(0, |position| position.line));
    }

    /// The cell under the cursor, if a table is shown.
    fn cell(&self, open: &OpenReport) -> Option<CellId> {
        let sheet = self.sheet(open, 0)?;
        sheet.cell(self.cursor(&sheet))
    }

    /// The terms to light up: those of the finding that the cursor came from, else of all relations of the cell.
    fn lit(&self, open: &OpenReport, cell: CellId) -> Vec<CellId> {
        let finding = self.finding.and_then(|i| open.findings.get(i));
        if let Some(finding) = finding.filter(|f| f.cells().contains(&cell)) {
            return finding.cells();
        }
        let broken: Vec<CellId> = open
            .relations_of(cell)
            .filter(|e| e.state.is_break())
            .flat_map(|e| e.relation.cells().collect::<Vec<_>>())
            .collect();
        if broken.is_empty() {
            return open.relations_of(cell).flat_map(|e| e.relation.cells().collect::<Vec<_>>()).collect();
        }
        broken
    }

    fn go_to_finding(&mut self, open: &OpenReport, i: usize) {
        let Some(finding) = open.findings.get(i) else { return };
        self.finding = Some(i);
        self.page = Page::Section(finding.table().number());
        self.set_cursor(open, finding.focus());
        self.follow_source(open);
        let number = finding.line;
        if let (None, Some(line)) = (finding.focus(), number.and_then(|n| open.line_index(n))) {
            self.source.at = line;
        }
    }

    /// Moves the document to the line of the cell.
    fn follow_source(&mut self, open: &OpenReport) {
        let of_cell = self.cell(open).and_then(|cell| open.source_index(cell));
        let of_section = || match self.page {
            Page::Section(number) => document::section_index(open, number),
            Page::Findings => None,
        };
        if let Some(line) = of_cell.or_else(of_section) {
            self.source.at = line;
        }
    }

    fn step_finding(&mut self, forward: bool, session: &mut Session) {
        let Some(open) = session.open_report().cloned() else { return };
        let next = match (self.finding, forward) {
            (None, true) => Some(0),
            (None, false) => None,
            (Some(i), true) => Some(i + 1),
            (Some(i), false) => i.checked_sub(1),
        };
        if let Some(i) = next.filter(|i| *i < open.findings.len()) {
            self.go_to_finding(&open, i);
            return;
        }
        let from = if forward { session.selected + 1 } else { session.selected };
        match session.with_findings(from, forward) {
            Some(position) => {
                session.select(position);
                self.page = Page::Section(3);
                self.arrive(session);
                if let Some(open) = session.open_report().cloned() {
                    self.go_to_finding(
                        &open,
                        if forward { 0 } else { open.findings.len().saturating_sub(1) },
                    );
                }
            }
            None => {
                session.notice = Some(
                    session
                        .lang
                        .pick(
                            if forward {
                                "当前筛选范围内没有下一条线索"
                            } else {
                                "当前筛选范围内没有上一条线索"
                            },
                            if forward { "no further finding" } else { "no earlier finding" },
                        )
                        .to_owned(),
                );
            }
        }
    }

    fn step_report(&mut self, forward: bool, session: &mut Session) {
        let at = session.selected;
        let to = if forward { at + 1 } else { at.saturating_sub(1) };
        if to != at && to < session.listing.reports.len() {
            session.select(to);
            self.arrive(session);
        } else {
            let words = session.lang.pick("列表到头了", "no more reports in the list");
            session.notice = Some(words.to_owned());
        }
    }

    fn turn_to(&mut self, page: Page, open: &OpenReport) {
        if let (Page::Section(number), Page::Findings) = (self.page, page) {
            self.before = number;
        }
        self.page = page;
        self.lines = Scroll::default();
        let at = self.sheet(open, 0).map(|sheet| self.cursor(&sheet).line);
        self.scroll.jump(at.unwrap_or(0));
        self.follow_source(open);
    }

    fn step_section(&mut self, forward: bool, open: &OpenReport) {
        let number = match self.page {
            Page::Section(number) => number,
            Page::Findings => 0,
        };
        let to = if forward { number % 6 + 1 } else { (number + 4) % 6 + 1 };
        self.turn_to(Page::Section(if number == 0 && !forward { 6 } else { to }), open);
    }

    /// Moves the cursor in a table; false if the action is no movement.
    fn move_in_table(&mut self, action: Action, open: &OpenReport, session: &Session) -> bool {
        let Some(sheet) = self.sheet(open, session.width) else { return false };
        let at = self.cursor(&sheet);
        let to = match action {
            Action::Left => Position { cell: at.cell.saturating_sub(1), ..at },
            Action::Right => {
                Position { cell: (at.cell + 1).min(sheet.cells_in_line(at).saturating_sub(1)), ..at }
            }
            _ => {
                self.scroll.at = at.line;
                let Some(line) = self.scroll.moved(action, sheet.lines.len()) else { return false };
                sheet.nearest(Position { line, ..at }, line >= at.line)
            }
        };
        if let Some(cell) = sheet.cell(to) {
            self.cursors[usize::from(sheet.table.number() - 2)] = Some(cell);
        }
        self.scroll.at = to.line;
        self.follow_source(open);
        true
    }

    fn move_in_lines(&mut self, action: Action, open: &OpenReport, session: &Session) -> bool {
        let length = match self.page {
            Page::Findings => findings::length(open),
            Page::Section(number) => {
                document::section_lines(open, number, self.body_width(session.width), session).len()
            }
        };
        let Some(to) = self.lines.moved(action, length) else {
            return matches!(action, Action::Left | Action::Right);
        };
        // A narrative has no cursor: positions beyond its last screenful do not exist.
        let last = length.saturating_sub(self.lines.height());
        self.lines.at = if self.page == Page::Findings { to } else { to.min(last) };
        true
    }

    fn open_finding(&mut self, open: &OpenReport) {
        if self.page == Page::Findings && self.lines.at < open.findings.len() {
            self.go_to_finding(open, self.lines.at);
        }
    }

    fn draw_body(&self, open: &OpenReport, area: Rect, buffer: &mut Buffer, session: &Session) {
        match self.page {
            Page::Findings => findings::draw(open, &self.lines, area, buffer, session),
            Page::Section(number) => {
                let Some(sheet) = self.sheet(open, area.width) else {
                    document::draw_section(open, number, &self.lines, area, buffer, session);
                    return;
                };
                self.draw_table(open, &sheet, area, buffer, session);
            }
        }
    }

    fn draw_table(
        &self,
        open: &OpenReport,
        sheet: &Sheet,
        area: Rect,
        buffer: &mut Buffer,
        session: &Session,
    ) {
        let at = self.cursor(sheet);
        let Some(cell) = sheet.cell(at) else { return };
        let mut details = detail::lines(open, cell, usize::from(area.width), session);
        if let Some(i) =
            self.finding.filter(|i| open.findings.get(*i).is_some_and(|f| f.cells().contains(&cell)))
        {
            details.splice(0..0, detail::finding_line(open, i, usize::from(area.width), session));
        }
        // The table keeps at least two thirds of the room.
        let height = (details.len() as u16 + 1).min(area.height / 3 + 1).min(area.height);
        let table = Rect { height: area.height - height, ..area };
        let lit = self.lit(open, cell);
        let view = TableView { open, sheet, at, lit: &lit, scroll: &self.scroll, session };
        view.draw(table, buffer);
        // Where the columns have their heads once, these also tell of hidden rows.
        let hidden = session.theme.hidden(self.scroll.hidden());
        let tail = if view.shares_heads() { "" } else { &hidden };
        let below = Rect { y: area.y + table.height, height, ..area };
        detail::draw(open, cell, (details, tail), below, buffer, session);
    }
}

/// From this width on table 4 stands in one line, as on the form.
const ONE_LINE_WIDTH: u16 = 78;
/// From this width on the document stands beside the table instead of in its place.
const BESIDE_WIDTH: u16 = 120;

impl View for ReportView {
    fn context(&self) -> Context {
        Context::Report
    }

    fn update(&mut self, action: Action, session: &mut Session) -> Transition {
        match action {
            Action::Back => return self.back(session),
            Action::NextFinding => self.step_finding(true, session),
            Action::PreviousFinding => self.step_finding(false, session),
            Action::NextReport => self.step_report(true, session),
            Action::PreviousReport => self.step_report(false, session),
            Action::Source => self.shows_source = !self.shows_source,
            _ => {
                let Some(open) = session.open_report().cloned() else { return Transition::Stay };
                return self.update_open(action, &open, session);
            }
        }
        Transition::Stay
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let open = match &session.current {
            Some(Ok(open)) => open,
            Some(Err(problem)) => {
                paint::text(buffer, area, 1, &problem.message(session.lang), session.theme.bad());
                paint::keys(buffer, area, area.height.saturating_sub(1), Context::Report, session);
                return;
            }
            None => return,
        };
        paint::line(buffer, area, 0, heading::of_report(open, usize::from(area.width), session));
        paint::line(buffer, area, 1, heading::tabs(self.page, open, usize::from(area.width), session));
        let body = Rect { y: area.y + 2, height: area.height.saturating_sub(3), ..area };
        let beside = area.width >= BESIDE_WIDTH;
        match (self.shows_source, beside) {
            (false, _) => self.draw_body(open, body, buffer, session),
            (true, false) => {
                document::draw(open, &self.source, self.cell(open), body, buffer, session);
            }
            (true, true) => {
                let width = self.body_width(area.width);
                self.draw_body(open, Rect { width, ..body }, buffer, session);
                let right = Rect { x: body.x + width, width: body.width - width, ..body };
                let right = paint::left_bar(buffer, right, session);
                document::draw(open, &self.source, self.cell(open), right, buffer, session);
            }
        }
        paint::keys(buffer, area, area.height.saturating_sub(1), Context::Report, session);
    }
}

/// Width that a table gets at least when the document stands beside it.
const TABLE_WIDTH: u16 = 78;

impl ReportView {
    /// One step back: from the document to what it is the document of, from the findings to the section that they
    /// were opened from, from there to the list.
    fn back(&mut self, session: &Session) -> Transition {
        if self.shows_source {
            self.shows_source = false;
        } else if self.page == Page::Findings
            && let Some(open) = session.open_report()
        {
            self.turn_to(Page::Section(self.before), open);
        } else {
            return Transition::Pop;
        }
        Transition::Stay
    }

    /// Width of what stands beside the document, or without it.
    fn body_width(&self, width: u16) -> u16 {
        if self.shows_source && width >= BESIDE_WIDTH { TABLE_WIDTH.max(width / 2) } else { width }
    }

    /// Whether the document takes the place of everything else.
    fn is_source_alone(&self, session: &Session) -> bool {
        self.shows_source && session.width < BESIDE_WIDTH
    }

    fn update_open(&mut self, action: Action, open: &Arc<OpenReport>, session: &Session) -> Transition {
        let turns = matches!(
            action,
            Action::Section(_) | Action::NextPane | Action::PreviousPane | Action::Findings | Action::Open
        );
        if turns && self.is_source_alone(session) {
            // What these keys turn to could not be seen behind the document.
            self.shows_source = false;
            if action == Action::Findings && self.page == Page::Findings {
                return Transition::Stay;
            }
        }
        match action {
            Action::Section(number) => self.turn_to(Page::Section(number), open),
            Action::NextPane => self.step_section(true, open),
            Action::PreviousPane => self.step_section(false, open),
            Action::Findings => {
                let back = self.page == Page::Findings;
                self.turn_to(if back { Page::Section(self.before) } else { Page::Findings }, open);
            }
            Action::Open => self.open_finding(open),
            _ if self.move_source(action, open, session) => {}
            _ if self.move_in_table(action, open, session) => {}
            _ if self.move_in_lines(action, open, session) => {}
            _ => return Transition::Unhandled,
        }
        Transition::Stay
    }

    /// On a narrow screen the document takes the place of the table, and the keys scroll it.
    fn move_source(&mut self, action: Action, open: &OpenReport, session: &Session) -> bool {
        if !self.is_source_alone(session) {
            return false;
        }
        match self.source.moved(action, open.source.len()) {
            Some(to) => {
                self.source.at = to;
                true
            }
            None => false,
        }
    }
}
