//! The stack of views and what a key does to it; no terminal in here, so that tests press keys directly.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::keymap::{Action, Context, Key};
use super::paint;
use super::prompt::{Answer, Prompt};
use super::session::Session;
use super::settling::PlaceQuestion;
use super::spots::{Mouse, Press, Spot};
use super::view::{Transition, View};
use super::views::{BrowseView, Content, PageView, PaletteView};
use crate::display::Lang;

/// The least size that the program lays out for.
pub const LEAST_SIZE: (u16, u16) = (40, 10);

/// From this height on there is room for a hint.
const HINT_HEIGHT: u16 = 20;
/// So many rows the wheel moves at once.
const WHEEL_ROWS: usize = 3;

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
    /// Tells the views if the report that is open was opened again.
    pub(super) fn follow_reopened(&mut self) {
        let Some(before) = self.session.reopened.take() else { return };
        for view in &mut self.views {
            view.reopened(&before, &self.session);
        }
    }

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
        if let Some(action) = self.session.keymap.resolve(key, context) {
            return self.perform(action);
        }
        if context.is_typed()
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
        } else if self.context().is_typed()
            && let Some(view) = self.views.last_mut()
        {
            let one_line: String =
                text.chars().map(|c| if c == '\n' || c == '\r' || c == '\t' { ' ' } else { c }).collect();
            view.type_text(&one_line, &mut self.session);
        }
    }

    /// Performs an action in the view on top.
    pub fn perform(&mut self, action: Action) -> Outcome {
        let outcome = self.act(action);
        self.session.tour.follow(action, self.context());
        outcome
    }

    fn act(&mut self, action: Action) -> Outcome {
        if !action.is_movement() {
            self.session.settle();
        }
        if std::mem::take(&mut self.session.is_replaced) {
            // What the views below were about has other numbers now.
            self.views.truncate(1);
        }
        match action {
            Action::HideHints => {
                self.session.tour.end();
                return Outcome::Continue;
            }
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
            Action::Place => {
                match PlaceQuestion::new(&self.session) {
                    Ok(question) => self.session.prompt = Some(Prompt::Place(question)),
                    Err(words) => self.session.notice = Some(words),
                }
                return Outcome::Continue;
            }
            Action::Version => {
                self.session.choose_version();
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
            Action::Palette if self.context() != Context::Palette => {
                let palette = PaletteView::new(self.context(), &self.session.keymap);
                self.views.push(Box::new(palette));
                self.session.spots.clear();
                return Outcome::Continue;
            }
            Action::Yank => {
                let offers = self.views.last().map_or_else(Vec::new, |view| view.offers(&self.session));
                if offers.is_empty() {
                    let words = self.session.lang.pick("这里没有可复制的内容", "nothing here can be copied");
                    self.session.notice = Some(words.to_owned());
                } else {
                    self.session.prompt = Some(Prompt::Yank { offers, at: 0 });
                }
                return Outcome::Continue;
            }
            Action::Help if self.context() != Context::Page => {
                let page = PageView::new(Content::Help(self.context()));
                self.views.push(Box::new(page));
                self.session.spots.clear();
                return Outcome::Continue;
            }
            _ => {}
        }
        let Some(view) = self.views.last_mut() else { return Outcome::Quit };
        let transition = view.update(action, &mut self.session);
        self.follow(transition)
    }

    /// What the mouse did.
    pub fn mouse(&mut self, mouse: Mouse) -> Outcome {
        self.session.notice = None;
        self.session.touched = true;
        if self.session.prompt.is_some() {
            return Outcome::Continue;
        }
        let action = match mouse.press {
            Press::WheelUp => Action::Up,
            Press::WheelDown => Action::Down,
            Press::Click => {
                return match self.session.spots.find(mouse.x, mouse.y) {
                    Some(Spot::Action(action)) => self.perform(action),
                    Some(spot) => {
                        self.session.settle();
                        let Some(view) = self.views.last_mut() else { return Outcome::Quit };
                        let transition = view.click(spot, &mut self.session);
                        self.follow(transition)
                    }
                    None => Outcome::Continue,
                };
            }
        };
        for _ in 0..WHEEL_ROWS {
            self.perform(action);
        }
        Outcome::Continue
    }

    fn follow(&mut self, transition: Transition) -> Outcome {
        if !matches!(transition, Transition::Stay | Transition::Unhandled) {
            // What the last frame showed is no longer what a click is about.
            self.session.spots.clear();
        }
        match transition {
            Transition::Unhandled => return Outcome::Unhandled,
            Transition::Perform(action) => {
                self.views.pop();
                return self.perform(action);
            }
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
        self.session.spots.clear();
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
        } else {
            let area = self.draw_hint(area, buffer);
            // What lies over another view leaves part of it in sight.
            let first = self.views.iter().rposition(|view| !view.is_overlay()).unwrap_or(0);
            for view in self.views.iter().skip(first) {
                // Only what lies on top can be clicked.
                self.session.spots.clear();
                view.draw(area, buffer, &self.session);
            }
            if let Some(prompt) = &self.session.prompt {
                prompt.draw(area, buffer, &self.session);
            }
        }
        paint::sweep(buffer, self.session.theme);
    }

    /// Draws the hint of the first run below everything, if there is room for one; the rest of the area is returned.
    fn draw_hint(&self, area: Rect, buffer: &mut Buffer) -> Rect {
        let session = &self.session;
        let hint = session.tour.hint(&session.keymap, session.lang);
        let Some(hint) = hint.filter(|_| area.height >= HINT_HEIGHT) else { return area };
        let above = Rect { height: area.height - 1, ..area };
        paint::text(buffer, area, above.height, &hint, session.theme.lit());
        above
    }
}
