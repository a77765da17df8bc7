//! The palette: every action that works here, found by typing what it does.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::display;
use crate::search::{Names, Word};
use crate::tui::keymap::{self, Action, Binding, Context, Keymap};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::spots::Spot;
use crate::tui::view::{Scroll, Transition, View};

/// The palette over another view.
pub struct PaletteView {
    entries: Vec<Entry>,
    names: Names,
    typed: String,
    /// The entries that are shown, best first.
    found: Vec<usize>,
    scroll: Scroll,
}

/// An action that works in the view below.
struct Entry {
    binding: &'static Binding,
    keys: String,
}

/// The list that can be clicked: not one of those of the view below.
const ENTRIES: u8 = u8::MAX;
/// Names of an entry that can be typed: Chinese words, English words, the name of the action.
const NAMES: usize = 3;

impl PaletteView {
    /// The actions that work in a context, its own first.
    #[must_use]
    pub fn new(below: Context, keymap: &Keymap) -> Self {
        let (mut entries, mut names): (Vec<Entry>, Names) = (Vec::new(), Names::new());
        for (binding, keys) in keymap.working(below) {
            let is_there = entries.iter().any(|entry| entry.binding.action == binding.action);
            if is_there || binding.action == Action::Palette {
                continue;
            }
            names.extend([binding.zh, binding.en, &binding.action.name()]);
            entries.push(Entry { binding, keys: keymap::names(keys) });
        }
        let found = (0..entries.len()).collect();
        Self { entries, names, typed: String::new(), found, scroll: Scroll::default() }
    }

    /// Finds what is typed: every word must be in one of the names of an entry.
    fn find(&mut self) {
        let words: Vec<Word> = self.typed.split_whitespace().map(Word::new).collect();
        let hits: Vec<_> = words.iter().map(|word| self.names.find(word, None)).collect();
        let score = |entry: usize| -> Option<u32> {
            hits.iter().try_fold(0, |sum, hits| {
                let names = (entry * NAMES) as u32..((entry + 1) * NAMES) as u32;
                let best = u32::from(hits.best(names));
                (best > 0).then_some(sum + best)
            })
        };
        let mut found: Vec<(usize, u32)> =
            (0..self.entries.len()).filter_map(|entry| Some((entry, score(entry)?))).collect();
        found.sort_by_key(|(entry, score)| (std::cmp::Reverse(*score), *entry));
        self.found = found.into_iter().map(|(entry, _)| entry).collect();
        self.scroll.at = 0;
    }

    fn line(&self, entry: &Entry, width: usize, style: Style, session: &Session) -> Line<'static> {
        let keys = display::cut(&entry.keys, width / 3);
        let help = entry.binding.help(session.lang);
        let room = width.saturating_sub(display::width(&keys) + 3);
        let words = self.typed.split_whitespace().map(Word::new);
        let mut positions: Vec<usize> =
            words.filter_map(|word| Names::positions(&word, help)).flatten().collect();
        positions.sort_unstable();
        let mark = style.patch(session.theme.matched());
        let mut pieces = vec![Span::styled(" ", style)];
        pieces.extend(paint::marked(help, &positions, room, style, mark));
        pieces.push(Span::styled(format!(" {keys} "), style.patch(session.theme.key())));
        Line::from(pieces)
    }
}

impl View for PaletteView {
    fn context(&self) -> Context {
        Context::Palette
    }

    fn is_overlay(&self) -> bool {
        true
    }

    fn update(&mut self, action: Action, _session: &mut Session) -> Transition {
        match action {
            Action::Back => return Transition::Pop,
            Action::Open => {
                let entry = self.found.get(self.scroll.at).and_then(|at| self.entries.get(*at));
                return entry.map_or(Transition::Stay, |entry| Transition::Perform(entry.binding.action));
            }
            Action::ClearFilters => {
                self.typed.clear();
                self.find();
            }
            _ => match self.scroll.moved(action, self.found.len()) {
                Some(to) => self.scroll.at = to,
                None => return Transition::Unhandled,
            },
        }
        Transition::Stay
    }

    fn type_text(&mut self, text: &str, _session: &mut Session) {
        self.typed.extend(text.chars().filter(|c| !display::is_hidden(*c)));
        self.find();
    }

    fn erase(&mut self, _session: &mut Session) {
        self.typed.pop();
        self.find();
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let (lang, theme) = (session.lang, session.theme);
        // The lower part of the screen, so that what the action is about stays in sight.
        let height = (self.entries.len() as u16 + 3).min(area.height.saturating_sub(area.height / 4));
        let below = Rect { y: area.y + area.height - height, height, ..area };
        paint::clear(below, buffer, session);
        let body = Rect { y: below.y + 2, height: height.saturating_sub(3), ..below };
        let window = self.scroll.window(usize::from(body.height), self.found.len());
        let title = lang.pick(
            format!("命令 {}/{}", self.found.len(), self.entries.len()),
            format!("commands {}/{}", self.found.len(), self.entries.len()),
        );
        paint::rule(buffer, below, &title, &theme.hidden(self.scroll.hidden()), session, true);
        let typed = display::cut(&self.typed, usize::from(area.width).saturating_sub(4));
        paint::line(
            buffer,
            below,
            1,
            Line::from(vec![
                Span::styled(" :", theme.key()),
                Span::raw(typed),
                Span::styled(" ", theme.cursor()),
            ]),
        );
        for (y, at) in (0..).zip(window) {
            let entry = self.found.get(at).and_then(|entry| self.entries.get(*entry));
            let style = if at == self.scroll.at { theme.cursor() } else { theme.plain() };
            let Some(entry) = entry else { break };
            paint::line(buffer, body, y, self.line(entry, usize::from(body.width), style, session));
            session.spots.row(body, y, ENTRIES, at);
        }
        if self.found.is_empty() {
            let words = lang.pick(" 没有这样的命令", " no such command");
            paint::text(buffer, body, 0, words, theme.warn());
        }
        paint::keys(buffer, area, area.height.saturating_sub(1), Context::Palette, session);
    }

    fn click(&mut self, spot: Spot, session: &mut Session) -> Transition {
        let Spot::Row { list: ENTRIES, at } = spot else { return Transition::Unhandled };
        self.scroll.at = at;
        self.update(Action::Open, session)
    }
}
