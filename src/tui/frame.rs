//! What a frame costs on the line: the shortest bytes that turn the screen that is shown into the next one.
//!
//! Over a slow line the bytes are the waiting. So a colour is named only where it changes and can be seen, in the
//! short form that every terminal knows; the cursor moves by the shortest sequence; blanks are erased where that
//! is shorter than writing them; and cells that stay are written again where that is shorter than leaping over them.
//!
//! This module must only use sequences that xterm, tmux, screen and the Linux console obey alike (no `REP`), and
//! must never rely on where the cursor is after a character whose width terminals disagree about: behind such a
//! one it moves to a place and not by a distance.

use std::io::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::display;

/// Modifiers that are seen on a blank as well.
const SEEN_ON_BLANK: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);
/// Each modifier with the codes that switch it on and off.
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Appends what turns the screen `shown` into `next`; nothing if they look alike. The cursor may be anywhere
/// before and after; colours are switched off before and after. Both have the same size.
pub(super) fn paint(shown: &Buffer, next: &Buffer, out: &mut Vec<u8>) {
    let width = usize::from(next.area.width);
    if width == 0 {
        return;
    }
    let mut painter = Painter { out, pen: Pen::default(), at: None, width };
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for (y, row) in next.content.chunks(width).enumerate() {
        let before = shown.content.get(y * width..(y + 1) * width).unwrap_or_default();
        if before == row {
            continue;
        }
        glyphs(before, width, &mut old);
        glyphs(row, width, &mut new);
        painter.row(y, &old, &new);
    }
    painter.dress(Pen::default());
}

/// How characters look: colours and modifiers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// What one column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Glyph<'a> {
    /// A character (with what combines with it) that takes so many columns.
    Text(&'a str, usize, Pen),
    /// A blank; of its pen only what is seen on a blank is kept.
    Blank(Pen),
    /// The column is taken by the wide character to the left.
    Taken,
}

impl Glyph<'_> {
    fn is_plain_blank(&self) -> bool {
        *self == Glyph::Blank(Pen::default())
    }
}

/// What the columns of a row show.
fn glyphs<'a>(row: &'a [Cell], width: usize, out: &mut Vec<Glyph<'a>>) {
    out.clear();
    let mut cells = row.iter();
    while out.len() < width {
        let Some(cell) = cells.next() else {
            out.push(Glyph::Blank(Pen::default()));
            continue;
        };
        let pen = Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
        let (symbol, columns) = match cell.symbol() {
            "" | " " => (" ", 1),
            // By far the most are ASCII; what is wider is looked up.
            symbol if symbol.len() == 1 => (symbol, 1),
            symbol => (symbol, display::width(symbol).max(1)),
        };
        if symbol == " " || out.len() + columns > width {
            out.push(Glyph::Blank(pen.on_blank()));
            continue;
        }
        out.push(Glyph::Text(symbol, columns, pen));
        for _ in 1..columns {
            cells.next();
            out.push(Glyph::Taken);
        }
    }
}

impl Pen {
    /// What of it is seen on a blank.
    fn on_blank(self) -> Self {
        let modifier = self.modifier & SEEN_ON_BLANK;
        let fg = if modifier.is_empty() { Color::Reset } else { self.fg };
        Self { fg, bg: self.bg, modifier }
    }

    /// The codes that turn `self` into `to`, the shorter of changing and of beginning anew.
    fn change(self, to: Self) -> Vec<u8> {
        let mut changed = Vec::new();
        self.modifiers(to.modifier, &mut changed);
        if self.fg != to.fg {
            colour(to.fg, 30, &mut changed);
        }
        if self.bg != to.bg {
            colour(to.bg, 40, &mut changed);
        }
        if to == Self::default() {
            return Vec::new();
        }
        let mut anew = Vec::new();
        if self != Self::default() {
            push(&mut anew, 0);
        }
        Self::default().modifiers(to.modifier, &mut anew);
        if to.fg != Color::Reset {
            colour(to.fg, 30, &mut anew);
        }
        if to.bg != Color::Reset {
            colour(to.bg, 40, &mut anew);
        }
        if anew.len() < changed.len() { anew } else { changed }
    }

    fn modifiers(self, to: Modifier, codes: &mut Vec<u8>) {
        let removed = self.modifier - to;
        let mut added = to - self.modifier;
        let mut last = 0;
        for (modifier, _, off) in MODIFIERS {
            // Some codes end two modifiers at once; the one that stays is switched on again.
            if removed.contains(modifier) && last != off {
                push(codes, off);
                last = off;
                let both = MODIFIERS.iter().filter(|(_, _, other)| *other == off);
                added |= both.fold(Modifier::empty(), |all, (m, _, _)| all | *m) & to;
            }
        }
        for (modifier, on, _) in MODIFIERS {
            if added.contains(modifier) {
                push(codes, on);
            }
        }
    }
}

/// Appends a code to others.
fn push(codes: &mut Vec<u8>, code: u8) {
    if !codes.is_empty() {
        codes.push(b';');
    }
    number(codes, usize::from(code));
}

/// The code of a colour; `base` is 30 for letters and 40 for what is behind them.
fn colour(colour: Color, base: u8, codes: &mut Vec<u8>) {
    let indexed = |index: u8, codes: &mut Vec<u8>| {
        push(codes, base + 8);
        push(codes, 5);
        push(codes, index);
    };
    match colour {
        Color::Reset => push(codes, base + 9),
        Color::Black => push(codes, base),
        Color::Red => push(codes, base + 1),
        Color::Green => push(codes, base + 2),
        Color::Yellow => push(codes, base + 3),
        Color::Blue => push(codes, base + 4),
        Color::Magenta => push(codes, base + 5),
        Color::Cyan => push(codes, base + 6),
        Color::Gray => push(codes, base + 7),
        Color::DarkGray => push(codes, base + 60),
        Color::LightRed => push(codes, base + 61),
        Color::LightGreen => push(codes, base + 62),
        Color::LightYellow => push(codes, base + 63),
        Color::LightBlue => push(codes, base + 64),
        Color::LightMagenta => push(codes, base + 65),
        Color::LightCyan => push(codes, base + 66),
        Color::White => push(codes, base + 67),
        Color::Indexed(index) => indexed(index, codes),
        Color::Rgb(r, g, b) => {
            push(codes, base + 8);
            push(codes, 2);
            for part in [r, g, b] {
                push(codes, part);
            }
        }
    }
}

fn number(out: &mut Vec<u8>, number: usize) {
    // Writing into memory does not fail.
    let _ = write!(out, "{number}");
}

/// Where the cursor is.
#[derive(Debug, Clone, Copy)]
struct Place {
    x: usize,
    y: usize,
    /// Whether every terminal agrees about the column.
    is_sure: bool,
}

struct Painter<'a> {
    out: &'a mut Vec<u8>,
    pen: Pen,
    at: Option<Place>,
    width: usize,
}

/// A run of columns that are to be painted, erased or left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    /// They look as they did.
    Same,
    /// They become plain blanks.
    Blank,
    /// They are written.
    Written,
}

impl Painter<'_> {
    /// Paints what differs in a row.
    fn row(&mut self, y: usize, old: &[Glyph<'_>], new: &[Glyph<'_>]) {
        let kind = |x: usize| match (old.get(x), new.get(x)) {
            (before, after) if before == after => Run::Same,
            (_, Some(after)) if after.is_plain_blank() => Run::Blank,
            _ => Run::Written,
        };
        // Behind the last character that stands there everything is erased at once.
        let end = new.iter().rposition(|glyph| !glyph.is_plain_blank()).map_or(0, |x| x + 1);
        let mut x = 0;
        while x < end {
            let run = kind(x);
            let mut to = x + 1;
            // A wide character is never parted.
            while to < end && (kind(to) == run || new.get(to) == Some(&Glyph::Taken)) {
                to += 1;
            }
            match run {
                Run::Same => {}
                Run::Blank => self.blanks(x, y, to, new),
                Run::Written => self.text(x, y, to, new),
            }
            x = to;
        }
        let stale = (end..self.width).filter(|x| kind(*x) != Run::Same);
        if let (Some(first), n) = (stale.clone().next(), stale.count()) {
            self.reach(first, y, new);
            self.dress_blank(Pen::default());
            if n < 3 && first + n == self.width {
                self.out.extend(std::iter::repeat_n(b' ', n));
                self.at = None;
            } else {
                self.out.extend_from_slice(b"\x1b[K");
            }
        }
    }

    /// Makes columns blank: by writing blanks, or by erasing them if there are many.
    fn blanks(&mut self, from: usize, y: usize, to: usize, new: &[Glyph<'_>]) {
        self.reach(from, y, new);
        let erase = 4 + usize::from(to - from > 9) + 6;
        if to - from <= erase {
            self.write(from, y, to, new);
        } else {
            self.dress_blank(Pen::default());
            self.out.extend_from_slice(&sequence(&[(to - from, 1)], b'X'));
        }
    }

    fn text(&mut self, from: usize, y: usize, to: usize, new: &[Glyph<'_>]) {
        self.reach(from, y, new);
        self.write(from, y, to, new);
    }

    /// Writes columns at the cursor, which is there already.
    fn write(&mut self, from: usize, y: usize, to: usize, new: &[Glyph<'_>]) {
        let mut is_sure = self.at.is_some_and(|at| at.is_sure);
        for glyph in new.get(from..to).unwrap_or_default() {
            match *glyph {
                Glyph::Text(symbol, _, pen) => {
                    self.dress(pen);
                    self.out.extend_from_slice(symbol.as_bytes());
                    is_sure &= is_agreed(symbol);
                }
                Glyph::Blank(pen) => {
                    self.dress_blank(pen);
                    self.out.push(b' ');
                }
                Glyph::Taken => {}
            }
        }
        // Behind the last column terminals differ in where the cursor is.
        self.at = (to < self.width).then_some(Place { x: to, y, is_sure });
    }

    /// Brings the cursor to a place: by the shortest way that is certain, or by writing again what stands between.
    fn reach(&mut self, x: usize, y: usize, new: &[Glyph<'_>]) {
        let Some(at) = self.at else { return self.go(x, y) };
        if (at.x, at.y) == (x, y) {
            return;
        }
        let distance = x.saturating_sub(at.x);
        if at.y == y && x > at.x {
            let leap = if at.is_sure { forward(distance) } else { column(x) };
            // What is written must not change the pen, or it would cost more than it saves.
            let between = new.get(at.x..x).unwrap_or_default();
            let cost: usize = between.iter().map(|glyph| self.cost(glyph).unwrap_or(leap.len())).sum();
            if cost < leap.len() {
                self.write(at.x, y, x, new);
            } else {
                self.out.extend_from_slice(&leap);
                self.at = Some(Place { x, y, is_sure: true });
            }
            return;
        }
        if y == at.y + 1 && at.is_sure {
            let mut way = b"\r\n".to_vec();
            if x > 0 {
                way.extend(forward(x));
            }
            if way.len() < place(x, y).len() {
                self.out.extend_from_slice(&way);
                self.at = Some(Place { x, y, is_sure: true });
                return;
            }
        }
        self.go(x, y);
    }

    /// The bytes of a glyph, if it needs no other pen.
    fn cost(&self, glyph: &Glyph<'_>) -> Option<usize> {
        match *glyph {
            Glyph::Text(symbol, _, pen) => (pen == self.pen).then_some(symbol.len()),
            Glyph::Blank(pen) => (pen == self.pen.on_blank()).then_some(1),
            Glyph::Taken => Some(0),
        }
    }

    fn go(&mut self, x: usize, y: usize) {
        self.out.extend_from_slice(&place(x, y));
        self.at = Some(Place { x, y, is_sure: true });
    }

    /// Changes the pen for a blank, on which not all of it is seen.
    fn dress_blank(&mut self, pen: Pen) {
        if self.pen.on_blank() != pen {
            self.dress(pen);
        }
    }

    fn dress(&mut self, pen: Pen) {
        if self.pen == pen {
            return;
        }
        self.out.extend_from_slice(b"\x1b[");
        let codes = self.pen.change(pen);
        self.out.extend_from_slice(&codes);
        self.out.push(b'm');
        self.pen = pen;
    }
}

/// Whether all terminals agree how wide a character is: ASCII, and the signs that are Chinese beyond doubt.
fn is_agreed(symbol: &str) -> bool {
    let is_chinese =
        |c| matches!(c, '\u{3001}'..='\u{3029}' | '\u{4e00}'..='\u{9fa5}' | '\u{ff01}'..='\u{ff5e}');
    symbol.chars().all(|c| c.is_ascii() || is_chinese(c))
}

/// To the right by a distance.
fn forward(distance: usize) -> Vec<u8> {
    sequence(&[(distance, 1)], b'C')
}

/// To a column of the same row.
fn column(x: usize) -> Vec<u8> {
    sequence(&[(x + 1, 1)], b'G')
}

/// To a place.
fn place(x: usize, y: usize) -> Vec<u8> {
    if x == 0 { sequence(&[(y + 1, 1)], b'H') } else { sequence(&[(y + 1, 1), (x + 1, 1)], b'H') }
}

/// A sequence with numbers, of which those that it would mean anyway are left out.
fn sequence(numbers: &[(usize, usize)], end: u8) -> Vec<u8> {
    let mut out = b"\x1b[".to_vec();
    for (i, (n, implied)) in numbers.iter().enumerate() {
        if i > 0 {
            out.push(b';');
        }
        if n != implied {
            number(&mut out, *n);
        }
    }
    out.push(end);
    out
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
