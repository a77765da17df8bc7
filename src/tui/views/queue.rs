//! The findings of all listed reports by cause, worst first: where a review begins.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::heading;
use super::report::{At, ReportView};
use crate::corpus::OpenReport;
use crate::display;
use crate::review::{CauseState, Decision, State};
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::prompt::{self, Prompt};
use crate::tui::reviews::Target;
use crate::tui::run::{self, Entry};
use crate::tui::session::Session;
use crate::tui::spots::Spot;
use crate::tui::view::{Scroll, Transition, View};
use crate::tui::words;
use crate::tui::yank::{self, Offer};

/// So many findings are decided at once at most: each of their reports is opened for it.
const MOST: usize = 2_000;

/// The queue of causes.
pub struct QueueView {
    entries: Vec<Entry>,
    /// Which of them are marked.
    marked: BTreeSet<usize>,
    folded: usize,
    scroll: Scroll,
    /// Reports that were opened for their sentences: what is drawn does not depend on it.
    opened: RefCell<HashMap<u32, Opened>>,
}

/// A report with what was decided on its findings; nothing if it cannot be opened.
type Opened = Option<(Arc<OpenReport>, Arc<Vec<State>>)>;

/// So many reports are kept open for their sentences.
const KEPT: usize = 256;

/// Below this width names of agencies are cut.
const NARROW: usize = 60;
/// Columns that are left of them.
const SHORT_NAME: usize = 9;

impl QueueView {
    /// The causes of the reports that are listed now.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        let (entries, folded) = run::entries(session);
        Self {
            entries,
            marked: BTreeSet::new(),
            folded,
            scroll: Scroll::default(),
            opened: RefCell::default(),
        }
    }

    fn open(&self, report: u32, session: &Session) -> Opened {
        let mut opened = self.opened.borrow_mut();
        if opened.len() > KEPT {
            opened.clear();
        }
        let open = || {
            let open = session.corpus.open(report).ok()?;
            let states = session.reviews.states(&open, session.lang);
            Some((Arc::new(open), Arc::new(states)))
        };
        opened.entry(report).or_insert_with(open).clone()
    }

    /// What a key is about: what is marked, else what is under the cursor.
    fn targets(&self, session: &Session) -> Vec<Target> {
        let at = BTreeSet::from([self.scroll.at]);
        let wanted = if self.marked.is_empty() { &at } else { &self.marked };
        let mut causes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for entry in wanted.iter().take(MOST).filter_map(|i| self.entries.get(*i)) {
            let open = self.open(entry.report, session);
            if let Some(cause) = open.and_then(|(open, _)| entry.cause(&open)) {
                causes.entry(entry.report).or_default().push(cause);
            }
        }
        causes.into_iter().map(|(report, causes)| Target { report, causes }).collect()
    }

    fn decide(&mut self, decision: Decision, session: &mut Session) {
        if self.marked.len() > MOST {
            let words = session.lang.pick(
                format!("一次最多处理 {MOST} 条，请先缩小范围"),
                format!("at most {MOST} at once; narrow the list first"),
            );
            session.notice = Some(words);
            return;
        }
        let targets = self.targets(session);
        match Prompt::before(decision, &targets, session) {
            Some(prompt) => session.prompt = Some(prompt),
            None => {
                if prompt::decide(decision, &targets, None, session) {
                    self.decided();
                }
            }
        }
    }

    /// Something was decided: it is looked at anew.
    fn decided(&mut self) {
        if self.marked.is_empty() {
            self.scroll.at = (self.scroll.at + 1).min(self.entries.len().saturating_sub(1));
        }
        self.marked.clear();
        self.opened.borrow_mut().clear();
    }

    fn note(&self, session: &mut Session) {
        let Some(entry) = self.entries.get(self.scroll.at) else { return };
        let Some((open, states)) = self.open(entry.report, session) else { return };
        let Some(cause) = entry.cause(&open) else { return };
        let first = open.causes.get(cause).and_then(|cause| cause.findings.first());
        let old = first.and_then(|i| states.get(*i)).and_then(words::note).unwrap_or_default();
        session.prompt = Some(Prompt::note(vec![Target { report: entry.report, causes: vec![cause] }], &old));
    }

    fn mark_rule(&mut self) {
        let Some(rule) = self.entries.get(self.scroll.at).map(|entry| entry.key.rule) else { return };
        let same = self.entries.iter().enumerate().filter(|(_, entry)| entry.key.rule == rule);
        let same: BTreeSet<usize> = same.map(|(i, _)| i).collect();
        if same.is_subset(&self.marked) {
            self.marked.retain(|i| !same.contains(i));
        } else {
            self.marked.extend(same);
        }
    }

    fn line(&self, (i, entry): (usize, Entry), width: usize, session: &Session) -> Line<'static> {
        let theme = session.theme;
        let here = i == self.scroll.at;
        let Some(summary) = session.corpus.summary(entry.report) else { return Line::default() };
        let rule = entry.key.rule();
        let (mut mark, mut style) = theme.severity(entry.key.severity);
        let agency = session.corpus.name(summary.names.agency).visible().into_owned();
        // What is wrong shall be seen even where there is little room.
        let agency = if width < NARROW { display::cut(&agency, SHORT_NAME) } else { agency };
        let mut text = format!("{} {agency}", heading::year_name(summary.year));
        let mut verdict = None;
        if let Some((open, states)) = self.open(entry.report, session)
            && let Some(cause) = entry.cause(&open).and_then(|i| open.causes.get(i))
            && let Some(finding) = cause.headline(&open.findings)
        {
            let state = CauseState::of(cause.findings.iter().filter_map(|i| states.get(*i)));
            verdict = state.and_then(|state| words::verdict(&state.state, session));
            (mark, style) = theme.finding(finding);
            text = format!("{text} · {}", words::finding(finding, session));
            if cause.findings.len() > 1 {
                text = format!("{text} (+{})", cause.findings.len() - 1);
            }
        }
        let verdict = verdict.map_or_else(String::new, |verdict| format!("[{verdict}] "));
        let id = display::fit(rule.map_or("", |rule| rule.id), 6);
        let body = if here { theme.cursor() } else { theme.plain() };
        Line::from(vec![
            Span::styled(if self.marked.contains(&i) { theme.chosen() } else { " " }, theme.matched()),
            Span::styled(format!("{mark} "), style),
            Span::styled(id, theme.dim()),
            Span::styled(verdict.clone(), theme.matched()),
            Span::styled(display::cut(&text, width.saturating_sub(9 + display::width(&verdict))), body),
        ])
    }

    fn title(&self, session: &Session) -> String {
        let (at, all) = ((self.scroll.at + 1).min(self.entries.len()), self.entries.len());
        let folded = self.folded;
        let more = if folded > 0 {
            let key = session.key(Context::Queue, Action::Info);
            session.lang.pick(
                format!("，另有提示 {folded}（按 {key} 展开）"),
                format!(", infos folded: {folded} ({key})"),
            )
        } else {
            String::new()
        };
        let marked = self.marked.len();
        let marked = match marked {
            0 => String::new(),
            n => session.lang.pick(format!("，已标记 {n}"), format!(", marked: {n}")),
        };
        let more = format!("{marked}{more}");
        session.lang.pick(
            format!("线索队列（按原因，先看严重程度，再看差数） {at}/{all}{more}"),
            format!("queue of findings by cause, by severity and size {at}/{all}{more}"),
        )
    }
}

impl View for QueueView {
    fn context(&self) -> Context {
        Context::Queue
    }

    fn update(&mut self, action: Action, session: &mut Session) -> Transition {
        match action {
            Action::Back | Action::Queue => return Transition::Pop,
            Action::Info => {
                session.shows_info = !session.shows_info;
                (self.entries, self.folded) = run::entries(session);
                self.marked.clear();
                self.scroll.at = self.scroll.at.min(self.entries.len().saturating_sub(1));
            }
            Action::Open => {
                let Some(entry) = self.entries.get(self.scroll.at).copied() else { return Transition::Stay };
                session.select(entry.position);
                let cause = session.open_report().and_then(|open| entry.cause(open));
                return Transition::Push(Box::new(ReportView::at(At::Cause(cause.unwrap_or(0)), session)));
            }
            Action::Review => {
                let all = run::still_open(self.entries.clone(), session);
                let from =
                    self.entries.get(self.scroll.at).map(|entry| (entry.report, entry.key, entry.occurrence));
                let at = all.iter().position(|e| Some((e.report, e.key, e.occurrence)) == from);
                return ReportView::review(all, at.unwrap_or(0), session);
            }
            Action::Confirm => self.decide(Decision::Confirmed, session),
            Action::Dismiss => self.decide(Decision::Dismissed, session),
            Action::Ask => self.decide(Decision::Query, session),
            Action::Note => self.note(session),
            Action::Decided => self.decided(),
            Action::Undo | Action::Redo => self.opened.borrow_mut().clear(),
            Action::Mark => {
                if !self.marked.remove(&self.scroll.at) && self.scroll.at < self.entries.len() {
                    self.marked.insert(self.scroll.at);
                }
                self.scroll.at = (self.scroll.at + 1).min(self.entries.len().saturating_sub(1));
            }
            Action::MarkRule => self.mark_rule(),
            _ => {
                let Some(to) = self.scroll.moved(action, self.entries.len()) else {
                    return Transition::Unhandled;
                };
                self.scroll.at = to;
            }
        }
        Transition::Stay
    }

    fn click(&mut self, spot: Spot, session: &mut Session) -> Transition {
        let Spot::Row { at, .. } = spot else { return Transition::Unhandled };
        let was_there = std::mem::replace(&mut self.scroll.at, at) == at;
        // The second click opens it.
        if was_there { self.update(Action::Open, session) } else { Transition::Stay }
    }

    fn offers(&self, session: &Session) -> Vec<Offer> {
        let opened = self.entries.get(self.scroll.at).and_then(|entry| {
            let (open, _) = self.open(entry.report, session)?;
            let finding = entry.cause(&open).and_then(|i| open.causes.get(i)?.findings.first().copied());
            Some((open, finding))
        });
        opened.map_or_else(Vec::new, |(open, finding)| {
            let cell = finding.and_then(|i| open.findings.get(i)?.focus());
            yank::offers(&open, cell, finding, session)
        })
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let width = usize::from(area.width);
        paint::line(buffer, area, 0, heading::of_list(width, session));
        let list = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
        let body = Rect { y: list.y + 1, height: list.height.saturating_sub(1), ..list };
        let window = self.scroll.window(usize::from(body.height), self.entries.len());
        for i in window.clone() {
            let Some(entry) = self.entries.get(i) else { break };
            let line = self.line((i, *entry), width, session);
            session.spots.row(body, (i - window.start) as u16, 0, i);
            paint::line(buffer, body, (i - window.start) as u16, line);
        }
        if self.entries.is_empty() {
            let words = session.lang.pick(" 所列报告没有线索", " no findings in the listed reports");
            paint::text(buffer, body, 0, words, session.theme.good());
        }
        paint::rule(
            buffer,
            list,
            &self.title(session),
            &session.theme.hidden(self.scroll.hidden()),
            session,
            true,
        );
        paint::keys(buffer, area, area.height.saturating_sub(1), Context::Queue, session);
    }
}
