//! The stack of views and what a key does to it; no terminal in here, so that tests press keys directly.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::keymap::{Action, Context, Key, resolve};
use super::paint;
use super::prompt::Answer;
use super::session::Session;
use super::view::{Transition, View};
use super::views::{BrowseView, Content, PageView};
use crate::display::Lang;

/// The least size that the program lays out for.
pub const LEAST_SIZE: (u16, u16) = (40, 10);

/// What the event loop has to do after a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Draw the new state.
    Continue,
    /// Nothing happened: the view has no such action.
    Unhandled,
    /// Draw everything, as the screen may be spoiled.
    Redraw,
    /// Stop as a job of the shell.
    Suspend,
    /// End.
    Quit,
}

/// The program without its terminal.
pub struct App {
    /// What the views share.
    pub session: Session,
    views: Vec<Box<dyn View>>,
}

impl App {
    /// Starts with the browser.
    #[must_use]
    pub fn new(session: Session) -> Self {
        Self { session, views: vec![Box::new(BrowseView::default())] }
    }

    /// Which keys work now.
    #[must_use]
    pub fn context(&self) -> Context {
        self.views.last().map_or(Context::Global, |view| view.context())
    }

    /// A pressed key.
    pub fn key(&mut self, event: &KeyEvent) -> Outcome {
        let key = Key::of(event);
        self.session.notice = None;
        self.session.touched = true;
        if let Some(mut prompt) = self.session.prompt.take() {
            match prompt.key(event, &mut self.session) {
                Answer::Waiting => self.session.prompt = Some(prompt),
                Answer::Dropped => {}
                Answer::Done => return self.perform(Action::Decided),
            }
            return Outcome::Continue;
        }
        let context = self.context();
        if let Some(action) = resolve(key, context) {
            return self.perform(action);
        }
        if context == Context::Filter
            && let Some(view) = self.views.last_mut()
        {
            match key.code {
                KeyCode::Char(c) if !key.ctrl => {
                    view.type_text(c.encode_utf8(&mut [0; 4]), &mut self.session);
                }
                KeyCode::Backspace => view.erase(&mut self.session),
                _ => {}
            }
        }
        Outcome::Continue
    }

    /// Pasted text goes into text fields and nowhere else: a paste must not press keys.
    pub fn paste(&mut self, text: &str) {
        if let Some(prompt) = &mut self.session.prompt {
            prompt.paste(text);
        } else if self.context() == Context::Filter
            && let Some(view) = self.views.last_mut()
        {
            let one_line: String =
                text.chars().map(|c| if c == '\n' || c == '\r' || c == '\t' { ' ' } else { c }).collect();
            view.type_text(&one_line, &mut self.session);
        }
    }

    /// Performs an action in the view on top.
    pub fn perform(&mut self, action: Action) -> Outcome {
        if !action.is_movement() {
            self.session.settle();
        }
        match action {
            Action::Quit => return Outcome::Quit,
            Action::Suspend => return Outcome::Suspend,
            Action::Redraw => return Outcome::Redraw,
            Action::Language => {
                self.session.lang = self.session.lang.pick(Lang::En, Lang::Zh);
                return Outcome::Continue;
            }
            Action::Ledger => {
                self.session.wants_ledger = true;
                return Outcome::Continue;
            }
            Action::Undo | Action::Redo => {
                if self.session.undo(action == Action::Redo)
                    && let Some(view) = self.views.last_mut()
                {
                    let _ = view.update(action, &mut self.session);
                }
                return Outcome::Continue;
            }
            Action::Help if self.context() != Context::Page => {
                let page = PageView::new(Content::Help(self.context()));
                self.views.push(Box::new(page));
                return Outcome::Continue;
            }
            _ => {}
        }
        let Some(view) = self.views.last_mut() else { return Outcome::Quit };
        match view.update(action, &mut self.session) {
            Transition::Unhandled => return Outcome::Unhandled,
            Transition::Push(view) => self.views.push(view),
            Transition::Pop if self.views.len() > 1 => drop(self.views.pop()),
            Transition::Home => self.views.truncate(1),
            // The first view has nothing below it to go back to.
            Transition::Stay | Transition::Pop => {}
        }
        Outcome::Continue
    }

    /// Draws the view on top, or what is missing for it.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let (width, height) = LEAST_SIZE;
        if area.width < width || area.height < height {
            let lang = self.session.lang;
            let words = lang.pick(
                format!("窗口太小：需要 {width}×{height}，现为 {}×{}", area.width, area.height),
                format!("too small: {width}x{height} needed, {}x{} here", area.width, area.height),
            );
            for (y, line) in crate::display::wrap(&words, usize::from(area.width)).iter().enumerate() {
                paint::text(buffer, area, y as u16, line, Style::new());
            }
        } else if let Some(view) = self.views.last() {
            view.draw(area, buffer, &self.session);
            if let Some(prompt) = &self.session.prompt {
                prompt.draw(area, buffer, &self.session);
            }
        }
        paint::sweep(buffer, self.session.theme.ascii);
    }
}
