//! The filters that the reviewer keeps: applied, added, dropped.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::heading;
use crate::corpus::SavedQuery;
use crate::display;
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::view::{Scroll, Transition, View};

/// The list of kept filters.
#[derive(Default)]
pub struct BookmarksView {
    scroll: Scroll,
}

impl BookmarksView {
    fn tell(saved: std::io::Result<()>, session: &mut Session) {
        if let Err(error) = saved {
            let reason = display::visible(&error.to_string()).into_owned();
            let words = session.lang.pick("书签未能保存：", "the bookmark was not kept: ");
            session.notice = Some(format!("{words}{reason}"));
        }
    }
}

/// A kept filter in words.
fn words(saved: &SavedQuery, session: &Session) -> String {
    let query = session.corpus.restored(saved);
    let mut parts = Vec::new();
    if !saved.text.is_empty() {
        parts.push(display::visible(&saved.text).into_owned());
    }
    let counties: Vec<&str> = saved.counties.iter().map(|(name, _)| name.as_str()).collect();
    if !counties.is_empty() {
        parts.push(display::visible(&counties.join(session.lang.pick("、", ", "))).into_owned());
    }
    let years: Vec<String> = saved.years.iter().map(|year| heading::year_name(*year)).collect();
    if !years.is_empty() {
        parts.push(years.join(session.lang.pick("、", ", ")));
    }
    parts.extend(heading::marks(&query, session.lang));
    if parts.is_empty() {
        session.lang.pick("全部报告", "all reports").to_owned()
    } else {
        parts.join(" · ")
    }
}

impl View for BookmarksView {
    fn context(&self) -> Context {
        Context::Bookmarks
    }

    fn update(&mut self, action: Action, session: &mut Session) -> Transition {
        match action {
            Action::Back | Action::Bookmarks => return Transition::Pop,
            Action::Open => {
                let Some(saved) = session.bookmarks.all.get(self.scroll.at) else { return Transition::Stay };
                session.query = session.corpus.restored(saved);
                session.requery();
                return Transition::Pop;
            }
            Action::Keep => {
                let query = session.corpus.saved(&session.query);
                let kept = session.bookmarks.add(query);
                self.scroll.at = 0;
                Self::tell(kept, session);
            }
            Action::Drop => {
                let dropped = session.bookmarks.remove(self.scroll.at);
                self.scroll.at = self.scroll.at.min(session.bookmarks.all.len().saturating_sub(1));
                Self::tell(dropped, session);
            }
            _ => match self.scroll.moved(action, session.bookmarks.all.len()) {
                Some(to) => self.scroll.at = to,
                None => return Transition::Unhandled,
            },
        }
        Transition::Stay
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let all = &session.bookmarks.all;
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
        let window = self.scroll.window(usize::from(body.height), all.len());
        let title =
            session.lang.pick(format!("筛选书签 {}", all.len()), format!("kept filters {}", all.len()));
        paint::rule(buffer, area, &title, &session.theme.hidden(self.scroll.hidden()), session, true);
        for i in window.clone() {
            let Some(saved) = all.get(i) else { break };
            let style = if i == self.scroll.at { session.theme.cursor() } else { session.theme.plain() };
            let text = display::cut(&words(saved, session), usize::from(area.width).saturating_sub(2));
            paint::line(
                buffer,
                body,
                (i - window.start) as u16,
                Line::from(Span::styled(format!(" {text}"), style)),
            );
        }
        if all.is_empty() {
            let key = session.key(Context::Bookmarks, Action::Keep);
            let words = session.lang.pick(
                format!(" 没有书签；按 {key} 保存当前筛选"),
                format!(" nothing is kept; {key} keeps the filter of now"),
            );
            paint::text(buffer, body, 0, &words, session.theme.plain());
        }
        paint::keys(buffer, area, area.height.saturating_sub(1), Context::Bookmarks, session);
    }
}
