//! Characters put together: words, and lines of words.

use super::marks::Glyph;

/// Characters with no space between them.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// The characters.
    pub(super) text: String,
    /// Its left edge.
    pub(super) left: f64,
    /// Its right edge.
    pub(super) right: f64,
}

/// Words beside each other.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// From left to right.
    pub(super) words: Vec<Word>,
    /// The line that they stand on, counted downwards.
    pub(super) base: f64,
    /// The size of the largest font.
    pub(super) size: f64,
}

/// A gap of that part of a character separates words.
const SPACE: f64 = 0.3;
/// Characters whose bases differ by less than that part of their size stand in one line.
const SAME_LINE: f64 = 0.5;

impl Line {
    /// The words with single spaces between them.
    pub(super) fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Its left and its right edge.
    pub(super) fn extent(&self) -> Option<(f64, f64)> {
        Some((self.words.first()?.left, self.words.last()?.right))
    }

    /// Its words as if each were one character.
    pub(super) fn glyphs(&self) -> Vec<Glyph> {
        let glyph = |word: &Word| Glyph {
            text: word.text.clone(),
            left: word.left,
            right: word.right,
            base: self.base,
            size: self.size,
            paleness: 0.0,
            is_over: false,
        };
        self.words.iter().map(glyph).collect()
    }

    fn is_number(&self) -> bool {
        self.words
            .iter()
            .flat_map(|word| word.text.chars())
            .all(|c| c.is_ascii_digit() || "./-—,%".contains(c))
    }

    /// The words in brackets, which no number has.
    fn in_brackets(mut self) -> Self {
        for word in &mut self.words {
            word.text = format!("〔{}〕", word.text);
        }
        self
    }

    /// Whether words stand so far apart that they may be cells.
    pub(super) fn has_columns(&self) -> bool {
        self.words
            .windows(2)
            .any(|pair| if let [one, next] = pair { next.left - one.right > self.size * 1.5 } else { false })
    }
}

/// Puts characters together, wherever they are. What lies over other characters is a line of its own.
pub(super) fn lines(glyphs: &[Glyph]) -> Vec<Line> {
    let (over, plain): (Vec<&Glyph>, Vec<&Glyph>) = glyphs.iter().partition(|glyph| glyph.is_over);
    let mut lines = lines_of(plain);
    if !over.is_empty() {
        let over =
            lines_of(over).into_iter().map(|line| if line.is_number() { line.in_brackets() } else { line });
        lines.extend(over);
        lines.sort_by(|a, b| a.base.total_cmp(&b.base));
    }
    lines
}

fn lines_of(mut in_order: Vec<&Glyph>) -> Vec<Line> {
    in_order.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut rows: Vec<Vec<&Glyph>> = Vec::new();
    for glyph in in_order {
        let near = |row: &&mut Vec<&Glyph>| {
            row.first().is_some_and(|first| {
                let size = first.size.min(glyph.size).max(first.size.max(glyph.size) * 0.5);
                (glyph.base - first.base).abs() < size * SAME_LINE
            })
        };
        match rows.last_mut().filter(near) {
            Some(row) => row.push(glyph),
            None => rows.push(vec![glyph]),
        }
    }
    rows.into_iter().map(line).filter(|line| !line.words.is_empty()).collect()
}

fn line(mut glyphs: Vec<&Glyph>) -> Line {
    glyphs.sort_by(|a, b| a.left.total_cmp(&b.left));
    let size = glyphs.iter().map(|g| g.size).fold(0.0, f64::max);
    let base = glyphs.first().map_or(0.0, |glyph| glyph.base);
    let mut words: Vec<Word> = Vec::new();
    let mut ended = true;
    let mut last: Option<&Glyph> = None;
    for glyph in glyphs {
        if glyph.text.chars().all(|c| c.is_whitespace() || c.is_control()) {
            ended = true;
            continue;
        }
        // Bold characters are often drawn twice, a little apart.
        let width = (glyph.right - glyph.left).max(glyph.size * 0.2);
        if last.is_some_and(|l| l.text == glyph.text && (glyph.left - l.left).abs() < width * 0.3) {
            continue;
        }
        match words.last_mut().filter(|word| !ended && glyph.left - word.right <= glyph.size * SPACE) {
            Some(word) => {
                word.text.push_str(&glyph.text);
                word.right = word.right.max(glyph.right);
            }
            None => words.push(Word { text: glyph.text.clone(), left: glyph.left, right: glyph.right }),
        }
        ended = false;
        last = Some(glyph);
    }
    Line { words, base, size }
}

/// The text of a cell: its lines put together again as they were before the cell broke them.
pub(super) fn cell_text(glyphs: &[Glyph]) -> String {
    let (over, plain): (Vec<&Glyph>, Vec<&Glyph>) = glyphs.iter().partition(|glyph| glyph.is_over);
    let text = joined(&lines_of(plain));
    if over.is_empty() {
        return text;
    }
    // Two numbers in one cell are none: which is the cell's, nobody can tell.
    let over = joined(&lines_of(over));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b' ');
    if is_number(&text) && is_number(&over) {
        format!("{text} {over}")
    } else {
        format!("{text}〔{over}〕")
    }
}

fn joined(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        let text = line.text();
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        if is_word(out.chars().next_back()) && is_word(text.chars().next()) {
            out.push(' ');
        }
        out.push_str(&text);
    }
    out
}
