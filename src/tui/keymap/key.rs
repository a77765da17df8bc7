//! A key: how it is told from a key event, and how people write it.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key: a key code with or without Ctrl. Shift is part of the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Whether Ctrl is held.
    pub ctrl: bool,
}

pub(super) const fn ch(c: char) -> Key {
    Key { code: KeyCode::Char(c), ctrl: false }
}

pub(super) const fn ctrl(c: char) -> Key {
    Key { code: KeyCode::Char(c), ctrl: true }
}

pub(super) const fn key(code: KeyCode) -> Key {
    Key { code, ctrl: false }
}

/// The keys that are no characters, with the name that is shown and other names that are understood.
const NAMED: &[(KeyCode, &str, &[&str])] = &[
    (KeyCode::Char(' '), "Space", &[]),
    (KeyCode::Up, "↑", &["Up"]),
    (KeyCode::Down, "↓", &["Down"]),
    (KeyCode::Left, "←", &["Left"]),
    (KeyCode::Right, "→", &["Right"]),
    (KeyCode::PageUp, "PgUp", &["PageUp"]),
    (KeyCode::PageDown, "PgDn", &["PageDown"]),
    (KeyCode::Home, "Home", &[]),
    (KeyCode::End, "End", &[]),
    (KeyCode::Insert, "Insert", &["Ins"]),
    (KeyCode::Delete, "Delete", &["Del"]),
    (KeyCode::Enter, "Enter", &["Return"]),
    (KeyCode::Esc, "Esc", &["Escape"]),
    (KeyCode::Tab, "Tab", &[]),
    (KeyCode::BackTab, "Shift-Tab", &["BackTab"]),
    (KeyCode::Backspace, "Backspace", &[]),
];

impl Key {
    /// The key of a key event; Alt and the rest are not told apart.
    #[must_use]
    pub fn of(event: &KeyEvent) -> Self {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let code = match event.code {
            KeyCode::Char(c) if ctrl => KeyCode::Char(c.to_ascii_lowercase()),
            code => code,
        };
        Self { code, ctrl }
    }

    /// As people write it.
    #[must_use]
    pub fn name(self) -> String {
        let named = NAMED.iter().find(|(code, ..)| *code == self.code);
        let name = match (named, self.code) {
            (Some((_, name, _)), _) => (*name).to_owned(),
            (None, KeyCode::Char(c)) => c.to_string(),
            (None, KeyCode::F(n)) => format!("F{n}"),
            (None, other) => format!("{other:?}"),
        };
        if self.ctrl { format!("Ctrl-{name}") } else { name }
    }

    /// Reads what [`Self::name`] writes, in any case of the names; nothing if there is no such key on a terminal.
    ///
    /// # Examples
    /// ```
    /// use gouji::tui::keymap::Key;
    /// for name in ["q", "Q", "Ctrl-r", "Space", "F5", "Shift-Tab", "PgDn", "Ctrl-Home", "-"] {
    ///     assert_eq!(Key::parse(name).map(Key::name).as_deref(), Some(name));
    /// }
    /// assert!(["qq", "Ctrl-m", "Ctrl-[", "Ctrl-é", ""].into_iter().all(|name| Key::parse(name).is_none()));
    /// ```
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let prefix = name.get(..5).filter(|prefix| prefix.eq_ignore_ascii_case("ctrl-") && name.len() > 5);
        let (ctrl, bare) = (prefix.is_some(), if prefix.is_some() { name.get(5..)? } else { name });
        let is_named = |(_, shown, others): &&(KeyCode, &str, &[&str])| {
            [shown].into_iter().chain(others.iter()).any(|one| one.eq_ignore_ascii_case(bare))
        };
        let mut chars = bare.chars();
        let code = match (NAMED.iter().find(is_named), chars.next()?, chars.as_str()) {
            (Some((code, ..)), ..) => *code,
            // Ctrl-i, Ctrl-m and Ctrl-[ reach no program: terminals send Tab, Enter and Esc for them.
            (None, 'a'..='h' | 'j'..='l' | 'n'..='z' | 'A'..='H' | 'J'..='L' | 'N'..='Z' | '4'..='7', "")
                if ctrl =>
            {
                KeyCode::Char(bare.chars().next()?.to_ascii_lowercase())
            }
            (None, c, "") if !ctrl && !c.is_control() => KeyCode::Char(c),
            (None, 'F' | 'f', number) => KeyCode::F(number.parse().ok().filter(|n| (1..=24).contains(n))?),
            _ => return None,
        };
        Some(Self { code, ctrl })
    }
}
