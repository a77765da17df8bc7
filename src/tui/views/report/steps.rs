//! Going from finding to finding and from report to report.

use super::{Page, ReportView, page_of};
use crate::corpus::OpenReport;
use crate::tui::session::Session;
use crate::tui::view::Scroll;
use crate::tui::views::findings;

/// Which finding a report is opened at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The first cause that is listed.
    First,
    /// The last one.
    Last,
    /// The headline of that cause.
    Cause(usize),
}

/// The findings that `n` and `N` stop at: what says most of each listed cause.
fn stops(open: &OpenReport, session: &Session) -> Vec<usize> {
    let listed = open.causes.iter().filter(|cause| findings::is_listed(cause, open, session));
    listed.filter_map(|cause| cause.findings.first().copied()).collect()
}

impl ReportView {
    /// Goes to a finding of the open report.
    pub(super) fn go_to(&mut self, at: At, session: &Session) {
        let Some(open) = session.open_report().cloned() else { return };
        let stops = stops(&open, session);
        let finding = match at {
            At::First => stops.first().copied(),
            At::Last => stops.last().copied(),
            At::Cause(i) => open.causes.get(i).and_then(|cause| cause.findings.first().copied()),
        };
        if let Some(i) = finding {
            self.go_to_finding(&open, i, session);
        }
    }

    /// Puts the cursor on a finding: on its cell, its sentence, or its line of the list.
    pub(super) fn go_to_finding(&mut self, open: &OpenReport, i: usize, session: &Session) {
        let Some(finding) = open.findings.get(i) else { return };
        if let (Page::Section(number), Page::Findings) = (self.page, page_of(finding)) {
            self.before = number;
        }
        self.finding = Some(i);
        self.page = page_of(finding);
        self.lines = Scroll::default();
        self.what_if = None;
        if self.page == Page::Findings {
            self.lines.jump(findings::line_of(open, i, session).unwrap_or(0));
        }
        self.set_cursor(open, finding.focus().filter(|_| finding.table().is_some()));
        self.follow_source(open);
        self.show_quote(open, session);
        if let Some(line) = finding.line.and_then(|n| open.line_index(n)) {
            self.source.at = line;
        }
    }

    /// The next or previous cause, on to the next or previous report with any.
    pub(super) fn step_finding(&mut self, forward: bool, session: &mut Session) {
        let Some(open) = session.open_report().cloned() else { return };
        let stops = stops(&open, session);
        let next = match (self.finding, forward) {
            (None, true) => stops.first(),
            (None, false) => None,
            (Some(i), true) => stops.iter().find(|stop| **stop > i),
            (Some(i), false) => stops.iter().rev().find(|stop| **stop < i),
        };
        if let Some(i) = next {
            self.go_to_finding(&open, *i, session);
            return;
        }
        let from = if forward { session.selected + 1 } else { session.selected };
        let Some(position) = session.with_findings(from, forward) else {
            let words = session.lang.pick(
                if forward {
                    "当前筛选范围内没有下一条线索"
                } else {
                    "当前筛选范围内没有上一条线索"
                },
                if forward { "no further finding" } else { "no earlier finding" },
            );
            session.notice = Some(words.to_owned());
            return;
        };
        session.select(position);
        self.page = Page::Section(3);
        self.arrive(session);
        self.go_to(if forward { At::First } else { At::Last }, session);
    }

    /// The next or previous report of the list.
    pub(super) fn step_report(&mut self, forward: bool, session: &mut Session) {
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
}
