//! Marks and colours. Meaning is never carried by colour alone: every state has a mark of its own.

use ratatui::style::{Color, Modifier, Style};

use crate::corpus::Worst;
use crate::rules::{Finding, Severity, State};

/// How things look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Whether colours are used; `NO_COLOR` and `--no-color` turn them off.
    pub color: bool,
    /// Whether marks are ASCII only.
    pub ascii: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Self { color: true, ascii: false }
    }
}

impl Theme {
    fn ink(self, color: Color) -> Style {
        if self.color { Style::new().fg(color) } else { Style::new() }
    }

    /// Ordinary text.
    #[must_use]
    pub fn plain(self) -> Style {
        Style::new()
    }

    /// Text of less weight.
    #[must_use]
    pub fn dim(self) -> Style {
        if self.color { Style::new().fg(Color::DarkGray) } else { Style::new().add_modifier(Modifier::DIM) }
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
        self.ink(Color::Yellow).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// Characters that matched the filter.
    #[must_use]
    pub fn matched(self) -> Style {
        self.ink(Color::Yellow).add_modifier(Modifier::UNDERLINED)
    }

    /// A relation that does not hold, an error.
    #[must_use]
    pub fn bad(self) -> Style {
        self.ink(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// A relation that holds.
    #[must_use]
    pub fn good(self) -> Style {
        self.ink(Color::Green)
    }

    /// A warning, something uncertain.
    #[must_use]
    pub fn warn(self) -> Style {
        self.ink(Color::Magenta)
    }

    /// Keys in the footer.
    #[must_use]
    pub fn key(self) -> Style {
        self.ink(Color::Cyan)
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
        if self.ascii { "v" } else { "✓" }
    }

    /// The mark of what holds because there is nothing in it.
    #[must_use]
    pub fn trivial_mark(self) -> &'static str {
        if self.ascii { "." } else { "·" }
    }

    /// The mark of a break.
    #[must_use]
    pub fn bad_mark(self) -> &'static str {
        if self.ascii { "X" } else { "✗" }
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
        if self.ascii { "|" } else { "│" }
    }

    /// A horizontal rule, one column of it.
    #[must_use]
    pub fn dash(self) -> &'static str {
        if self.ascii { "-" } else { "─" }
    }

    /// The mark of what is not there, though it is to be expected.
    #[must_use]
    pub fn missing(self) -> &'static str {
        if self.ascii { "-" } else { "—" }
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
        if self.ascii { ["<", ">"] } else { ["◀", "▶"] }
    }

    /// The mark of the current item.
    #[must_use]
    pub fn pointer(self) -> &'static str {
        if self.ascii { ">" } else { "▸" }
    }

    /// The mark of a chosen value.
    #[must_use]
    pub fn chosen(self) -> &'static str {
        if self.ascii { "*" } else { "●" }
    }

    /// The sign between two sides that differ.
    #[must_use]
    pub fn not_equal(self) -> &'static str {
        if self.ascii { "!=" } else { "≠" }
    }

    /// The mark of a cell that differs, one column of it.
    #[must_use]
    pub fn differs(self) -> &'static str {
        if self.ascii { "#" } else { "≠" }
    }

    /// The sign between what stands there and what it is counted as.
    #[must_use]
    pub fn arrow(self) -> &'static str {
        if self.ascii { "->" } else { "→" }
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
        if self.ascii { ["#", "."] } else { ["█", "░"] }
    }

    /// The mark of a report that was read again as its file had changed.
    #[must_use]
    pub fn changed(self) -> &'static str {
        if self.ascii { "~" } else { "↻" }
    }

    /// The marks of hidden lines above and below.
    #[must_use]
    pub fn beyond(self) -> [&'static str; 2] {
        if self.ascii { ["^", "v"] } else { ["▲", "▼"] }
    }
}
