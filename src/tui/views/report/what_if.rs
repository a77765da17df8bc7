//! The preview of a repair: the tables with its figures and every check worked out again. No data changes.

use std::sync::Arc;

use ratatui::text::{Line, Span};

use super::ReportView;
use crate::corpus::OpenReport;
use crate::display;
use crate::report::CellId;
use crate::rules::{Cause, Repair};
use crate::tui::session::Session;

/// A repair that is being previewed.
pub(super) struct WhatIf {
    /// Which of the repairs of its cause.
    number: usize,
    of: usize,
    /// The report as it would be.
    pub(super) open: Arc<OpenReport>,
    /// The cells that it changes.
    pub(super) cells: Vec<CellId>,
    sentence: String,
    /// Where the reviewer was before.
    before: Before,
}

/// What is put back when a preview ends.
#[derive(Clone, Copy)]
struct Before {
    page: super::Page,
    cursors: [Option<CellId>; 3],
    line: usize,
}

impl ReportView {
    /// Ends the preview; the reviewer is where he was before.
    pub(super) fn end_what_if(&mut self) -> bool {
        let Some(shown) = self.what_if.take() else { return false };
        let Before { page, cursors, line } = shown.before;
        (self.page, self.cursors) = (page, cursors);
        self.scroll.jump(line);
        true
    }

    /// The cause of the finding that the reviewer is at: of the finding itself, else of a break at the cursor's cell.
    fn cause<'a>(&self, open: &'a OpenReport) -> Option<&'a Cause> {
        let finding = self.finding?;
        open.causes.iter().find(|cause| cause.findings.contains(&finding))
    }

    /// Shows the first repair of the current cause, the next one, and after the last none.
    pub(super) fn step_what_if(&mut self, session: &mut Session) {
        let Some(open) = session.open_report().cloned() else { return };
        let Some(cause) = self.cause(&open).filter(|cause| !cause.repairs.is_empty()) else {
            let words =
                session.lang.pick("这条线索没有可试算的改法", "nothing small would settle this finding");
            session.notice = Some(words.to_owned());
            return;
        };
        let next = self.what_if.as_ref().map_or(0, |shown| shown.number + 1);
        self.end_what_if();
        let Some(repair) = cause.repairs.get(next) else { return };
        let before = Before { page: self.page, cursors: self.cursors, line: self.scroll.at };
        self.what_if = Some(what_if(&open, cause, repair, (next, before), session));
        if let Some((cell, _)) = repair.changes.first() {
            self.page = super::Page::Section(cell.table().number());
            self.set_cursor(&open, Some(*cell));
        }
    }
}

fn what_if(
    open: &OpenReport,
    cause: &Cause,
    repair: &Repair,
    (number, before): (usize, Before),
    session: &Session,
) -> WhatIf {
    WhatIf {
        before,
        number,
        of: cause.repairs.len(),
        open: Arc::new(open.with(repair, session.corpus.settings())),
        cells: repair.changes.iter().map(|(cell, _)| *cell).collect(),
        sentence: repair.sentence(&open.report, cause.breaks, session.lang),
    }
}

impl WhatIf {
    /// The banner above the tables.
    pub(super) fn line(&self, width: usize, session: &Session) -> Line<'static> {
        let (lang, theme) = (session.lang, session.theme);
        let (number, of) = (self.number + 1, self.of);
        let lead = lang.pick(
            format!(" 假设 {number}/{of} 仅试算，数据未改 "),
            format!(" WHAT IF {number}/{of}, nothing is changed "),
        );
        let text = format!(" {}", self.sentence);
        let text = display::fit(&text, width.saturating_sub(display::width(&lead)));
        Line::from(vec![Span::styled(lead, theme.cursor()), Span::styled(text, theme.warn())])
    }
}
