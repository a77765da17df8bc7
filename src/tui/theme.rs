//! Marks and colours. Meaning is never carried by colour alone: every state has a mark of its own.

use ratatui::style::{Color, Modifier, Style};

use crate::corpus::Worst;
use crate::rules::{Finding, Severity, State};

/// Colours and emphasis by what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Text of less weight.
    pub dim: Style,
    /// A term of the relation under the cursor.
    pub lit: Style,
    /// Characters that matched the filter.
    pub matched: Style,
    /// What does not hold, an error.
    pub error: Style,
    /// What holds.
    pub holds: Style,
    /// A warning, something uncertain.
    pub warning: Style,
    /// Keys in the footer.
    pub key: Style,
}

/// A palette with the name that it is chosen by.
#[derive(Debug)]
pub struct NamedPalette {
    /// Its name on the command line and in the configuration.
    pub name: &'static str,
    /// What it is for.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// The colours.
    pub palette: Palette,
}

const fn ink(color: Color) -> Style {
    Style::new().fg(color)
}

const fn indexed(dim: u8, accent: u8, error: u8, holds: u8, warning: u8, key: u8) -> Palette {
    Palette {
        dim: ink(Color::Indexed(dim)),
        lit: ink(Color::Indexed(accent)).add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
        matched: ink(Color::Indexed(accent)).add_modifier(Modifier::UNDERLINED),
        error: ink(Color::Indexed(error)).add_modifier(Modifier::BOLD),
        holds: ink(Color::Indexed(holds)),
        warning: ink(Color::Indexed(warning)),
        key: ink(Color::Indexed(key)),
    }
}

/// All palettes; the first is for terminals that say nothing of themselves.
pub static PALETTES: &[NamedPalette] = &[
    NamedPalette {
        name: "dark",
        zh: "深色背景，256 色",
        en: "for a dark background, 256 colours",
        palette: indexed(245, 221, 203, 114, 177, 80),
    },
    NamedPalette {
        name: "light",
        zh: "浅色背景，256 色",
        en: "for a light background, 256 colours",
        palette: indexed(243, 130, 160, 28, 91, 25),
    },
    NamedPalette {
        name: "16",
        zh: "终端自己的 16 色",
        en: "the 16 colours of the terminal",
        palette: Palette {
            dim: ink(Color::DarkGray),
            lit: ink(Color::Yellow).add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
            matched: ink(Color::Yellow).add_modifier(Modifier::UNDERLINED),
            error: ink(Color::Red).add_modifier(Modifier::BOLD),
            holds: ink(Color::Green),
            warning: ink(Color::Magenta),
            key: ink(Color::Cyan),
        },
    },
    NamedPalette {
        name: "contrast",
        zh: "高对比度：无灰字，不符处反白",
        en: "high contrast: nothing is grey, what does not hold is in reverse",
        palette: Palette {
            dim: Style::new(),
            lit: Style::new().add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
            matched: Style::new().add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
            error: Style::new().add_modifier(Modifier::BOLD.union(Modifier::REVERSED)),
            holds: Style::new(),
            warning: Style::new().add_modifier(Modifier::BOLD),
            key: Style::new().add_modifier(Modifier::BOLD),
        },
    },
    NamedPalette {
        name: "none",
        zh: "无颜色（与 --no-color、NO_COLOR 相同）",
        en: "no colours, as with --no-color and NO_COLOR",
        palette: Palette {
            dim: Style::new().add_modifier(Modifier::DIM),
            lit: Style::new().add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED)),
            matched: Style::new().add_modifier(Modifier::UNDERLINED),
            error: Style::new().add_modifier(Modifier::BOLD),
            holds: Style::new(),
            warning: Style::new(),
            key: Style::new(),
        },
    },
];

impl Palette {
    /// The palette of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        PALETTES.iter().find(|named| named.name == name).map(|named| named.palette)
    }

    /// The palette without colours.
    #[must_use]
    pub fn colourless() -> Self {
        Self::find("none").unwrap_or_default()
    }

    /// What suits a terminal by what its environment says: `TERM`, `COLORTERM` and `COLORFGBG` (the colours of text and
    /// background, which some terminals set). The terminal itself is not asked: over a slow line the answer comes late.
    #[must_use]
    pub fn suiting(term: &str, color_term: &str, color_fg_bg: &str) -> Self {
        let has_256 = term.contains("256") || term.contains("direct") || !color_term.is_empty();
        let background = color_fg_bg.rsplit(';').next().and_then(|n| n.parse::<u8>().ok());
        let name = match background {
            _ if !has_256 => "16",
            Some(7 | 9..=15) => "light",
            _ => "dark",
        };
        Self::find(name).unwrap_or_default()
    }

    /// The roles that a colour can be given to, by name.
    pub const ROLES: [&'static str; 7] = ["dim", "lit", "matched", "error", "holds", "warning", "key"];

    /// The style of a role; nothing if there is no such role.
    #[must_use]
    pub fn role(mut self, role: &str) -> Option<Style> {
        self.role_mut(role).copied()
    }

    /// Gives a role another colour; a role that does not exist is left alone.
    pub fn paint(&mut self, role: &str, color: Color) {
        if let Some(style) = self.role_mut(role) {
            *style = style.fg(color);
        }
    }

    fn role_mut(&mut self, role: &str) -> Option<&mut Style> {
        Some(match role {
            "dim" => &mut self.dim,
            "lit" => &mut self.lit,
            "matched" => &mut self.matched,
            "error" => &mut self.error,
            "holds" => &mut self.holds,
            "warning" => &mut self.warning,
            "key" => &mut self.key,
            _ => return None,
        })
    }
}

impl Default for Palette {
    fn default() -> Self {
        indexed(245, 221, 203, 114, 177, 80)
    }
}

/// How things look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// Colours and emphasis; `NO_COLOR` and `--no-color` take [`Palette::colourless`].
    pub palette: Palette,
    /// Whether marks are ASCII only.
    pub ascii: bool,
    /// Whether the terminal shows characters of ambiguous width (`─`, `…`, `①`) two columns wide, as some are set to for
    /// Chinese: marks are ASCII then, and what stands in the documents gets a form that takes one column.
    pub wide: bool,
}

impl Theme {
    /// Whether marks are ASCII only, for one reason or the other.
    #[must_use]
    pub const fn is_ascii(self) -> bool {
        self.ascii || self.wide
    }

    /// Ordinary text.
    #[must_use]
    pub fn plain(self) -> Style {
        Style::new()
    }

    /// Text of less weight.
    #[must_use]
    pub fn dim(self) -> Style {
        self.palette.dim
    }

    /// Titles.
    #[must_use]
    pub fn title(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Under the cursor.
    #[must_use]
    pub fn cursor(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// The place of the cursor in a pane without the focus.
    #[must_use]
    pub fn faint_cursor(self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }

    /// A term of the relation under the cursor.
    #[must_use]
    pub fn lit(self) -> Style {
        self.palette.lit
    }

    /// Characters that matched the filter.
    #[must_use]
    pub fn matched(self) -> Style {
        self.palette.matched
    }

    /// A relation that does not hold, an error.
    #[must_use]
    pub fn bad(self) -> Style {
        self.palette.error
    }

    /// A relation that holds.
    #[must_use]
    pub fn good(self) -> Style {
        self.palette.holds
    }

    /// A warning, something uncertain.
    #[must_use]
    pub fn warn(self) -> Style {
        self.palette.warning
    }

    /// Keys in the footer.
    #[must_use]
    pub fn key(self) -> Style {
        self.palette.key
    }

    /// The mark and style of a relation's state.
    #[must_use]
    pub fn state(self, state: &State) -> (&'static str, Style) {
        match state {
            State::Holds => (self.good_mark(), self.good()),
            State::HoldsTrivially => (self.trivial_mark(), self.dim()),
            State::Broken | State::BlankTotal => (self.bad_mark(), self.bad()),
            State::NotCheckable { .. } => ("?", self.warn()),
            State::NotApplicable => (" ", self.plain()),
        }
    }

    /// The mark of what holds.
    #[must_use]
    pub fn good_mark(self) -> &'static str {
        if self.is_ascii() { "v" } else { "✓" }
    }

    /// The mark of what holds because there is nothing in it.
    #[must_use]
    pub fn trivial_mark(self) -> &'static str {
        if self.is_ascii() { "." } else { "·" }
    }

    /// The mark of a break.
    #[must_use]
    pub fn bad_mark(self) -> &'static str {
        if self.is_ascii() { "X" } else { "✗" }
    }

    /// The mark and style of a severity.
    #[must_use]
    pub fn severity(self, severity: Severity) -> (&'static str, Style) {
        match severity {
            Severity::Error => (self.bad_mark(), self.bad()),
            Severity::Warning => ("!", self.warn()),
            Severity::Info => ("i", self.dim()),
        }
    }

    /// The mark and style of a finding: what was read with doubt has a mark of its own.
    #[must_use]
    pub fn finding(self, finding: &Finding) -> (&'static str, Style) {
        if finding.rule.id == "P1" { ("?", self.warn()) } else { self.severity(finding.severity) }
    }

    /// A vertical rule.
    #[must_use]
    pub fn bar(self) -> &'static str {
        if self.is_ascii() { "|" } else { "│" }
    }

    /// A horizontal rule, one column of it.
    #[must_use]
    pub fn dash(self) -> &'static str {
        if self.is_ascii() { "-" } else { "─" }
    }

    /// The mark of what is not there, though it is to be expected.
    #[must_use]
    pub fn missing(self) -> &'static str {
        if self.is_ascii() { "-" } else { "—" }
    }

    /// The mark and style of the worst that is open.
    #[must_use]
    pub fn worst(self, worst: Worst) -> (&'static str, Style) {
        match worst {
            Worst::Errors(_) => self.severity(Severity::Error),
            Worst::Warnings(_) => self.severity(Severity::Warning),
            Worst::Doubtful(_) => ("?", self.warn()),
            Worst::Settled => (self.chosen(), self.matched()),
            Worst::Clean => (self.trivial_mark(), self.good()),
            Worst::Missing => (self.missing(), self.dim()),
        }
    }

    /// The marks of hidden columns at the left and at the right.
    #[must_use]
    pub fn beside(self) -> [&'static str; 2] {
        if self.is_ascii() { ["<", ">"] } else { ["◀", "▶"] }
    }

    /// The mark of the current item.
    #[must_use]
    pub fn pointer(self) -> &'static str {
        if self.is_ascii() { ">" } else { "▸" }
    }

    /// The mark of a chosen value.
    #[must_use]
    pub fn chosen(self) -> &'static str {
        if self.is_ascii() { "*" } else { "●" }
    }

    /// The sign between two sides that differ.
    #[must_use]
    pub fn not_equal(self) -> &'static str {
        if self.is_ascii() { "!=" } else { "≠" }
    }

    /// The mark of a cell that differs, one column of it.
    #[must_use]
    pub fn differs(self) -> &'static str {
        if self.is_ascii() { "#" } else { "≠" }
    }

    /// The sign between what stands there and what it is counted as.
    #[must_use]
    pub fn arrow(self) -> &'static str {
        if self.is_ascii() { "->" } else { "→" }
    }

    /// How many lines are hidden above and below; empty if none are.
    #[must_use]
    pub fn hidden(self, (above, below): (usize, usize)) -> String {
        let [up, down] = self.beyond();
        match (above, below) {
            (0, 0) => String::new(),
            (_, 0) => format!("{up} {above}"),
            (0, _) => format!("{down} {below}"),
            _ => format!("{up} {above} {down} {below}"),
        }
    }

    /// How many columns are hidden at the left and at the right; empty if none are.
    #[must_use]
    pub fn hidden_beside(self, (before, after): (usize, usize)) -> String {
        let [left, right] = self.beside();
        match (before, after) {
            (0, 0) => String::new(),
            (_, 0) => format!("{left} {before}"),
            (0, _) => format!("{right} {after}"),
            _ => format!("{left} {before} {right} {after}"),
        }
    }

    /// The two halves of a bar: what is done, and what is left.
    #[must_use]
    pub fn progress(self) -> [&'static str; 2] {
        if self.is_ascii() { ["#", "."] } else { ["█", "░"] }
    }

    /// The mark of a report that was read again as its file had changed.
    #[must_use]
    pub fn changed(self) -> &'static str {
        if self.is_ascii() { "~" } else { "↻" }
    }

    /// The marks of hidden lines above and below.
    #[must_use]
    pub fn beyond(self) -> [&'static str; 2] {
        if self.is_ascii() { ["^", "v"] } else { ["▲", "▼"] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_colours_that_it_can_show() {
        for (term, color_term, background, name) in [
            ("xterm-256color", "", "", "dark"),
            ("xterm-256color", "", "0;15", "light"),
            ("xterm-256color", "", "0;default;15", "light"),
            ("xterm-256color", "", "15;0", "dark"),
            ("xterm-256color", "", "12;8", "dark"),
            ("xterm", "truecolor", "", "dark"),
            ("linux", "", "", "16"),
            ("vt220", "", "0;15", "16"),
        ] {
            let found = Palette::suiting(term, color_term, background);
            assert_eq!(Some(found), Palette::find(name), "{term} {color_term} {background}");
        }
    }

    #[test]
    fn every_role_can_be_painted_and_the_colourless_have_no_colour() {
        for role in Palette::ROLES {
            let mut palette = Palette::colourless();
            assert_eq!(palette.role(role).unwrap().fg, None, "{role}");
            palette.paint(role, Color::Red);
            assert_eq!(palette.role(role).unwrap().fg, Some(Color::Red), "{role}");
        }
    }
}
