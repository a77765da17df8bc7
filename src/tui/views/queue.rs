//! The findings of all listed reports by cause, worst first: where a review begins.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::heading;
use super::report::{At, ReportView};
use crate::corpus::{CauseKey, OpenReport};
use crate::display;
use crate::rules::Severity;
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::view::{Scroll, Transition, View};
use crate::tui::words;

/// A cause of a listed report.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Place of the report in the list.
    position: usize,
    report: u32,
    key: CauseKey,
    /// Which of the causes of this rule and severity it is in its report.
    occurrence: usize,
}

/// The queue of causes.
pub struct QueueView {
    entries: Vec<Entry>,
    folded: usize,
    scroll: Scroll,
    /// Reports that were opened for their sentences: what is drawn does not depend on it.
    opened: RefCell<HashMap<u32, Option<Arc<OpenReport>>>>,
}

/// So many reports are kept open for their sentences.
const KEPT: usize = 256;

impl QueueView {
    /// The causes of the reports that are listed now.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        let mut view =
            Self { entries: Vec::new(), folded: 0, scroll: Scroll::default(), opened: RefCell::default() };
        view.fill(session);
        view
    }

    fn fill(&mut self, session: &Session) {
        self.entries.clear();
        self.folded = 0;
        for (position, report) in session.listing.reports.iter().enumerate() {
            let mut seen: HashMap<(u8, Severity), usize> = HashMap::new();
            for key in session.corpus.causes(*report) {
                let nth = seen.entry((key.rule, key.severity)).or_default();
                let occurrence = *nth;
                *nth += 1;
                let needs_reading = key.rule().is_some_and(|rule| rule.id == "P1");
                if key.severity == Severity::Info && !needs_reading && !session.shows_info {
                    self.folded += 1;
                    continue;
                }
                self.entries.push(Entry { position, report: *report, key, occurrence });
            }
        }
        self.entries.sort_by_key(|e| (e.key.severity, Reverse(e.key.size), e.key.rule, e.position));
    }

    fn open(&self, report: u32, session: &Session) -> Option<Arc<OpenReport>> {
        let mut opened = self.opened.borrow_mut();
        if opened.len() > KEPT {
            opened.clear();
        }
        opened.entry(report).or_insert_with(|| session.corpus.open(report).ok().map(Arc::new)).clone()
    }

    /// The place of an entry among the causes of its report.
    fn cause(entry: Entry, open: &OpenReport) -> Option<usize> {
        let same = open.causes.iter().enumerate().filter(|(_, cause)| {
            let rule = cause.headline(&open.findings).map(|f| f.rule.number());
            cause.severity == entry.key.severity && rule == Some(entry.key.rule)
        });
        same.map(|(i, _)| i).nth(entry.occurrence)
    }

    fn line(&self, entry: Entry, here: bool, width: usize, session: &Session) -> Line<'static> {
        let theme = session.theme;
        let Some(summary) = session.corpus.summary(entry.report) else { return Line::default() };
        let rule = entry.key.rule();
        let (mut mark, mut style) = theme.severity(entry.key.severity);
        let agency = session.corpus.name(summary.names.agency).visible().into_owned();
        let mut text = format!("{} {agency}", heading::year_name(summary.year));
        if let Some(open) = self.open(entry.report, session)
            && let Some(cause) = Self::cause(entry, &open).and_then(|i| open.causes.get(i))
            && let Some(finding) = cause.headline(&open.findings)
        {
            (mark, style) = theme.finding(finding);
            text = format!("{text} · {}", words::finding(finding, session));
            if cause.findings.len() > 1 {
                text = format!("{text} (+{})", cause.findings.len() - 1);
            }
        }
        let id = display::fit(rule.map_or("", |rule| rule.id), 6);
        let body = if here { theme.cursor() } else { theme.plain() };
        Line::from(vec![
            Span::styled(format!(" {mark} "), style),
            Span::styled(id, theme.dim()),
            Span::styled(display::cut(&text, width.saturating_sub(9)), body),
        ])
    }

    fn title(&self, session: &Session) -> String {
        let (at, all) = ((self.scroll.at + 1).min(self.entries.len()), self.entries.len());
        let folded = self.folded;
        let more = if folded > 0 {
            session
                .lang
                .pick(format!("，另有提示 {folded}（按 i 展开）"), format!(", infos folded: {folded} (i)"))
        } else {
            String::new()
        };
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
                self.fill(session);
                self.scroll.at = self.scroll.at.min(self.entries.len().saturating_sub(1));
            }
            Action::Open => {
                let Some(entry) = self.entries.get(self.scroll.at).copied() else { return Transition::Stay };
                session.select(entry.position);
                let cause = session.open_report().and_then(|open| Self::cause(entry, open));
                return Transition::Push(Box::new(ReportView::at(At::Cause(cause.unwrap_or(0)), session)));
            }
            _ => {
                let Some(to) = self.scroll.moved(action, self.entries.len()) else {
                    return Transition::Unhandled;
                };
                self.scroll.at = to;
            }
        }
        Transition::Stay
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let width = usize::from(area.width);
        paint::line(buffer, area, 0, heading::of_list(width, session));
        let list = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
        let body = Rect { y: list.y + 1, height: list.height.saturating_sub(1), ..list };
        let window = self.scroll.window(usize::from(body.height), self.entries.len());
        for i in window.clone() {
            let Some(entry) = self.entries.get(i) else { break };
            let line = self.line(*entry, i == self.scroll.at, width, session);
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
