//! Deciding on the finding that is shown, by itself or in a review.

use super::{At, ReportView};
use crate::review::Decision;
use crate::tui::prompt::{self, Prompt};
use crate::tui::reviews::Target;
use crate::tui::run::{Entry, Run};
use crate::tui::session::Session;
use crate::tui::view::Transition;
use crate::tui::words;

impl ReportView {
    /// Begins a review of some findings at one of them; nothing to do is said.
    pub(in crate::tui::views) fn review(entries: Vec<Entry>, at: usize, session: &mut Session) -> Transition {
        let Some(run) = Run::new(entries, at) else {
            let words =
                session.lang.pick("所列报告没有待处理的线索", "nothing is open in the listed reports");
            session.notice = Some(words.to_owned());
            return Transition::Stay;
        };
        if let Some(problem) = session.reviews.problem() {
            session.notice = Some(problem.to_owned());
        }
        let mut view = Self::new(session);
        view.run = Some(run);
        view.show_entry(session);
        Transition::Push(Box::new(view))
    }

    /// Opens the report of the entry of the review that is looked at, at its finding.
    fn show_entry(&mut self, session: &mut Session) {
        let Some(entry) = self.run.as_ref().and_then(Run::entry) else { return };
        // The list may have been ordered anew since the review began.
        if session.listing.reports.get(entry.position) == Some(&entry.report) {
            session.select(entry.position);
        } else {
            session.show(entry.report);
        }
        if session.selected_report() != Some(entry.report) {
            let words = session.lang.pick("该报告已不在文件夹中", "that report is no longer there");
            session.notice = Some(words.to_owned());
            return;
        }
        let shows_source = self.shows_source;
        self.arrive(session);
        self.shows_source = shows_source;
        let cause = session.open_report().and_then(|open| entry.cause(open));
        self.go_to(At::Cause(cause.unwrap_or(0)), session);
        session.remember(entry.report, entry.key.rule);
    }

    /// On to the next finding or back to the previous one: of the review, else of the list.
    pub(super) fn step(&mut self, forward: bool, session: &mut Session) {
        let Some(run) = &mut self.run else {
            self.step_finding(forward, session);
            return;
        };
        if run.step(forward) {
            self.show_entry(session);
        } else {
            let (decided, all, _) = run.progress();
            let words = session.lang.pick(
                format!("已到头：{decided}/{all} 条已有结论；Esc 返回列表"),
                format!("the end: {decided} of {all} decided; Esc goes back to the list"),
            );
            session.notice = Some(words);
        }
    }

    /// The cause of the finding that is shown.
    fn target(&self, session: &Session) -> Option<Target> {
        let open = session.open_report()?;
        let at = self.finding?;
        let cause = open.causes.iter().position(|cause| cause.findings.contains(&at))?;
        Some(Target { report: open.index, causes: vec![cause] })
    }

    pub(super) fn decide(&mut self, decision: Decision, session: &mut Session) {
        let Some(target) = self.target(session) else {
            let words = session.lang.pick("先用 n 选定一条线索", "n goes to a finding first");
            session.notice = Some(words.to_owned());
            return;
        };
        if !self.is_at_finding(session) {
            return;
        }
        let targets = [target];
        match Prompt::before(decision, &targets, session) {
            Some(prompt) => session.prompt = Some(prompt),
            None => {
                if prompt::decide(decision, &targets, None, session) {
                    self.decided(session);
                }
            }
        }
    }

    /// Whether the finding that is decided on is in sight. If the cursor has left it, it goes back there, and the
    /// reviewer decides on what he sees.
    fn is_at_finding(&mut self, session: &mut Session) -> bool {
        let Some((open, finding)) = session.open_report().cloned().zip(self.finding) else { return false };
        let cells = open.findings.get(finding).map(crate::rules::Finding::cells).unwrap_or_default();
        // A finding about no cell, such as a table that is missing, cannot be left.
        let is_there = cells.is_empty() || self.cell(&open).is_none_or(|cell| cells.contains(&cell));
        if !is_there {
            self.go_to_finding(&open, finding, session);
            let words = session.lang.pick(
                "光标已离开线索，现已回到该线索；再按一次才作结论",
                "the cursor had left the finding and is back; press again to decide",
            );
            session.notice = Some(words.to_owned());
        }
        is_there
    }

    pub(super) fn note(&mut self, session: &mut Session) {
        let Some((target, open)) = self.target(session).zip(session.open_report()) else { return };
        let states = session.reviews.states(open, session.lang);
        let state = self.finding.and_then(|i| states.get(i));
        let old = state.and_then(words::note).unwrap_or_default();
        self.is_noting = true;
        session.prompt = Some(Prompt::note(vec![target], &old));
    }

    /// Something was decided, and said: on to the next. A note leaves the finding where it is.
    pub(super) fn decided(&mut self, session: &mut Session) {
        if std::mem::take(&mut self.is_noting) {
            return;
        }
        let said = session.notice.take();
        match &mut self.run {
            Some(run) => {
                run.decide();
                self.step(true, session);
            }
            None => self.step_finding(true, session),
        }
        // That there is no further finding matters more than what was just done.
        session.notice = session.notice.take().or(said);
    }

    /// Goes back to what was taken back, or to what was done again.
    pub(super) fn turn(&mut self, again: bool, session: &mut Session) {
        if let Some(run) = &mut self.run {
            run.turn(again);
            self.show_entry(session);
        }
    }
}
