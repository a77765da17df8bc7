//! A report: its six sections, each table with its checks, its findings, and the document beside it.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

mod deciding;
mod steps;
mod what_if;

pub use steps::At;

use what_if::WhatIf;

use super::compare::CompareView;
use super::narrative::{self, Narrative};
use super::series::SeriesView;
use super::{detail, document, findings, heading, table::TableView};
use crate::corpus::OpenReport;
use crate::report::{CellId, TableId};
use crate::review::Decision;
use crate::rules::Finding;
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::run::Run;
use crate::tui::session::Session;
use crate::tui::sheet::{Position, Sheet};
use crate::tui::spots::Spot;
use crate::tui::view::{Scroll, Transition, View};
use crate::tui::yank::{self, Offer};

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
    what_if: Option<WhatIf>,
    /// The review that it is part of.
    run: Option<Run>,
    /// Whether a note is being written.
    is_noting: bool,
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
            what_if: None,
            run: None,
            is_noting: false,
        };
        view.arrive(session);
        view
    }

    /// Opens the session's current report at one of its findings.
    #[must_use]
    pub fn at(at: At, session: &Session) -> Self {
        let mut view = Self::new(session);
        view.go_to(at, session);
        view
    }

    /// Puts everything to where a newly opened report begins.
    fn arrive(&mut self, session: &Session) {
        self.cursors = [None; 3];
        self.finding = None;
        self.what_if = None;
        self.lines = Scroll::default();
        self.source = Scroll::default();
        let Some(open) = session.open_report() else { return };
        if self.page == Page::Findings {
            return;
        }
        self.follow_source(open);
        self.go_to(At::First, session);
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

    /// Scrolls a section to what the finding quotes from it.
    fn show_quote(&mut self, open: &OpenReport, session: &Session) {
        let Page::Section(number) = self.page else { return };
        if self.table().is_none() {
            let width = self.body_width(session.width);
            let narrative = Narrative::new(open, number, self.finding, width, session);
            // A few rows above the quotation stay in sight.
            self.lines.at = narrative.quoted.unwrap_or(0).saturating_sub(3);
        }
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
            Page::Findings => findings::length(open, session),
            Page::Section(number) => {
                Narrative::new(open, number, self.finding, self.body_width(session.width), session).len()
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

    fn open_finding(&mut self, open: &OpenReport, session: &Session) {
        let at_line = || findings::finding_at(open, self.lines.at, session);
        if let Some(i) = (self.page == Page::Findings).then(at_line).flatten() {
            self.go_to_finding(open, i, session);
        }
    }

    fn draw_body(&self, open: &OpenReport, area: Rect, buffer: &mut Buffer, session: &Session) {
        match self.page {
            Page::Findings => findings::draw(open, &self.lines, area, buffer, session),
            Page::Section(number) => {
                let Some(sheet) = self.sheet(open, area.width) else {
                    self.draw_section(open, number, area, buffer, session);
                    return;
                };
                self.draw_table(open, &sheet, area, buffer, session);
            }
        }
    }

    /// A section without a table, and below it the finding that it was opened for.
    fn draw_section(
        &self,
        open: &OpenReport,
        number: u8,
        area: Rect,
        buffer: &mut Buffer,
        session: &Session,
    ) {
        let below = narrative::finding_lines(open, self.finding, number, usize::from(area.width), session);
        let height = (below.len() as u16 + u16::from(!below.is_empty())).min(area.height / 2);
        let text = Rect { height: area.height - height, ..area };
        let title = open.report.section(number).map(|section| section.title.visible().into_owned());
        let narrative = Narrative::new(open, number, self.finding, area.width, session);
        narrative.draw(&title.unwrap_or_default(), &self.lines, text, buffer, session);
        let rest = Rect { y: area.y + text.height, height, ..area };
        if height > 0 {
            paint::rule(buffer, rest, session.lang.pick("线索", "finding"), "", session, false);
        }
        for (y, line) in (1..).zip(below) {
            paint::line(buffer, rest, y, line);
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
            let mut lines = detail::finding_lines(open, i, usize::from(area.width), session);
            // Who decides sees what the document says, too.
            if self.run.is_some() && !self.shows_source {
                lines.extend(detail::source_line(open, i, usize::from(area.width), session));
            }
            details.splice(0..0, lines);
        }
        // The table keeps at least two thirds of the room.
        let height = (details.len() as u16 + 1).min(area.height / 3 + 1).min(area.height);
        let table = Rect { height: area.height - height, ..area };
        let lit = match &self.what_if {
            Some(shown) => shown.cells.clone(),
            None => self.lit(open, cell),
        };
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

    fn reopened(&mut self, before: &OpenReport, session: &Session) {
        if let Some(run) = &mut self.run {
            run.follow(session);
        }
        let Some(open) = session.open_report() else { return };
        let now = |finding: usize| -> Option<usize> {
            let was = before.findings.get(finding)?;
            let is_same = |finding: &Finding| {
                finding.rule.id == was.rule.id
                    && finding.cells() == was.cells()
                    && finding.message(session.lang) == was.message(session.lang)
            };
            open.findings.iter().position(is_same)
        };
        let line = |finding: usize| findings::line_of(open, finding, session);
        if self.page == Page::Findings {
            let at = findings::finding_at(before, self.lines.at, session).and_then(now).and_then(line);
            self.lines.at = at.unwrap_or(0);
        }
        self.finding = self.finding.and_then(now);
        self.what_if = None;
    }

    fn update(&mut self, action: Action, session: &mut Session) -> Transition {
        match action {
            Action::Back => return self.back(session),
            Action::NextFinding | Action::Skip => self.step(true, session),
            Action::PreviousFinding => self.step(false, session),
            Action::Confirm => self.decide(Decision::Confirmed, session),
            Action::Dismiss => self.decide(Decision::Dismissed, session),
            Action::Ask => self.decide(Decision::Query, session),
            Action::Note => self.note(session),
            Action::Decided => self.decided(session),
            Action::Undo | Action::Redo => self.turn(action == Action::Redo, session),
            Action::NextReport => self.step_report(true, session),
            Action::PreviousReport => self.step_report(false, session),
            Action::Source => self.shows_source = !self.shows_source,
            Action::WhatIf => self.step_what_if(session),
            Action::Compare => return CompareView::open(session),
            Action::Series => {
                let series = SeriesView::new(session);
                return series.map_or(Transition::Stay, |view| Transition::Push(Box::new(view)));
            }
            Action::Info => session.shows_info = !session.shows_info,
            _ => {
                let Some(open) = session.open_report().cloned() else { return Transition::Stay };
                return self.update_open(action, &open, session);
            }
        }
        Transition::Stay
    }

    fn click(&mut self, spot: Spot, session: &mut Session) -> Transition {
        let Some(open) = session.open_report().cloned() else { return Transition::Stay };
        match spot {
            Spot::Cell { line, cell } => {
                let sheet = self.sheet(&open, session.width);
                if let Some(cell) = sheet.and_then(|sheet| sheet.cell(Position { line, cell })) {
                    self.cursors[usize::from(cell.table().number() - 2)] = Some(cell);
                    self.scroll.at = line;
                    self.follow_source(&open);
                }
            }
            Spot::Row { at, .. } => {
                let was_there = std::mem::replace(&mut self.lines.at, at) == at;
                if was_there {
                    self.open_finding(&open, session);
                }
            }
            Spot::Action(_) => return Transition::Unhandled,
        }
        Transition::Stay
    }

    fn offers(&self, session: &Session) -> Vec<Offer> {
        let Some(open) = session.open_report() else { return Vec::new() };
        if self.page == Page::Findings {
            let finding = findings::finding_at(open, self.lines.at, session);
            return yank::offers(open, None, finding, session);
        }
        // The finding that the reviewer came from, else one that the cell is part of.
        let cell = self.cell(open);
        let is_of =
            |i: &usize| open.findings.get(*i).is_some_and(|f| cell.is_none_or(|c| f.cells().contains(&c)));
        let of_cell = || (0..open.findings.len()).find(|i| cell.is_some() && is_of(i));
        yank::offers(open, cell, self.finding.filter(is_of).or_else(of_cell), session)
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
        // A preview takes the place of the tabs: nobody shall take it for the report.
        let width = usize::from(area.width);
        let open = if let Some(shown) = &self.what_if {
            paint::line(buffer, area, 1, shown.line(width, session));
            &shown.open
        } else {
            let progress = self.run.as_ref().map(|run| heading::of_run(run, width, session));
            let room = width.saturating_sub(progress.as_ref().map_or(0, Line::width));
            let mut tabs = heading::tabs(self.page, open, room, session);
            if let Some(progress) = progress {
                let gap = room.saturating_sub(tabs.width());
                tabs.spans.push(Span::raw(" ".repeat(gap)));
                tabs.spans.extend(progress.spans);
            }
            paint::line(buffer, area, 1, tabs);
            heading::tab_spots(
                self.page,
                open,
                Rect { y: area.y + 1, height: 1, width: room as u16, ..area },
                session,
            );
            open
        };
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
        if self.end_what_if() {
            return Transition::Stay;
        }
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
            Action::Open => self.open_finding(open, session),
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

/// The page where a finding is best seen.
fn page_of(finding: &Finding) -> Page {
    match finding.section() {
        0 => Page::Findings,
        number => Page::Section(number),
    }
}
