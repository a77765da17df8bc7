//! Lines of a document cut into fields: the cells of a tab or pipe table, else the words between spaces.

use super::value;
use crate::display;
use crate::load::normalise::{is_itself, letters};
use crate::load::page;

/// More fields than that in a line are no row of any table; what follows is left out and the line marked.
pub(super) const MAX_FIELDS: usize = 512;

/// A line of the document.
#[derive(Debug)]
pub(super) struct DocLine<'a> {
    /// Its number in the file, from 1.
    pub(super) number: u32,
    /// Its characters.
    pub(super) text: &'a str,
    /// Its cells or words, from left to right.
    pub(super) fields: Vec<Field<'a>>,
    /// Whether the fields are cells, empty ones included.
    pub(super) has_cells: bool,
    /// Whether it is a row of a table whose cells and columns are known, so that none is missing and none too many.
    pub(super) is_grid: bool,
}

/// A cell or word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    /// The characters, without surrounding spaces.
    pub(super) text: &'a str,
    /// What it is.
    pub(super) is: FieldKind,
    /// Of a cell: the first column that it takes, and the one behind the last.
    pub(super) columns: (u32, u32),
}

impl Field<'_> {
    /// How many bytes lie between it and another of the same line behind it.
    pub(super) fn gap_to(&self, next: &Self) -> usize {
        (next.text.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize + self.text.len())
    }
}

/// A field whose kind is not known yet.
const fn field(text: &str, column: u32) -> Field<'_> {
    Field { text, is: FieldKind::Word, columns: (column, column + 1) }
}

/// What a field is, by its looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// Part of a label, a heading, a sentence.
    Word,
    /// A number, or a sign for an empty cell.
    Value,
    /// An empty cell.
    Empty,
    /// Text where a value should stand.
    Junk,
}

/// Cuts a line.
pub(super) fn cut(number: u32, text: &str) -> DocLine<'_> {
    let separator = separator(text);
    let has_cells = separator.is_some();
    let mut fields = match separator {
        Some(separator) => cells(inner(text, separator), separator),
        None => words(text),
    };
    fields.truncate(MAX_FIELDS);
    classify(&mut fields, has_cells);
    DocLine { number, text, fields, has_cells, is_grid: false }
}

/// Cuts a row of a table that a [`Page`](crate::load::page::Page) laid out, else any line.
pub(super) fn cut_row(number: u32, text: &str) -> DocLine<'_> {
    let line = cut(number, text);
    DocLine { is_grid: separator(text) == Some('\t'), ..line }
}

/// Of tables that some programs write with one cell a line, a bar before or behind it, the lines are those of cells:
/// bars alone are none, and a label goes on with the values below it.
pub(super) fn take_lone_cells(lines: &mut [DocLine<'_>]) {
    let mut has_value_below = false;
    for line in lines.iter_mut().rev() {
        if !line.text.contains('|') {
            if !line.text.trim().is_empty() {
                let is_value = line.fields.len() == 1 && line.fields.iter().all(|f| f.is == FieldKind::Value);
                has_value_below &= is_value;
            }
            continue;
        }
        let text = line.text.trim();
        let inner = text.trim_matches(|c: char| c == '|' || c.is_whitespace());
        // Empty cells with room in them before the text are a row of a grid.
        let is_first = text.trim_start_matches('|').len() + 1 >= text.len();
        if inner.is_empty() {
            if !text.contains(char::is_whitespace) {
                line.fields.clear();
                line.has_cells = false;
            }
            continue;
        }
        if inner.contains('|') || line.text.contains('\t') {
            has_value_below = false;
            continue;
        }
        let mut cell = [field(inner, 0)];
        classify(&mut cell, true);
        let is_value = cell.iter().all(|f| f.is == FieldKind::Value);
        if is_first && (is_value || has_value_below) {
            line.fields = if is_value { cell.to_vec() } else { words(inner) };
            line.has_cells = false;
            has_value_below = true;
        } else {
            has_value_below = false;
        }
    }
}

/// Where a table has a column of running numbers (序号), they are no figures: each stands before a label, one more than
/// the one before.
pub(super) fn drop_running_numbers(lines: &mut [DocLine<'_>]) {
    let is_head = |field: &Field<'_>| field.text.starts_with('序') && letters(field.text) == ['序', '号'];
    let Some(head) = lines.iter().position(|line| line.fields.iter().any(is_head)) else { return };
    let is_text = |field: Option<&Field<'_>>| {
        field.is_some_and(|f| {
            !value::is_number(f.text) && !value::is_blank_sign(f.text) && !value::is_unit(f.text)
        })
    };
    let mut expected = 1;
    for i in head + 1..lines.len() {
        let below = lines.iter().skip(i + 1).find(|line| !line.fields.is_empty());
        let is_label_below = is_text(below.and_then(|line| line.fields.first()));
        let Some(line) = lines.get_mut(i) else { return };
        let Some(at) = line.fields.iter().position(|field| field.is != FieldKind::Empty) else { continue };
        let is_expected = line.fields.get(at).is_some_and(|field| field.text.parse() == Ok(expected));
        let is_before_label =
            if line.fields.len() == at + 1 { is_label_below } else { is_text(line.fields.get(at + 1)) };
        if !is_expected || !is_before_label {
            continue;
        }
        expected += 1;
        if line.has_cells {
            if let Some(number) = line.fields.get_mut(at) {
                number.text = "";
            }
        } else {
            line.fields.remove(at);
        }
        classify(&mut line.fields, line.has_cells);
    }
}

/// What stands between the cells of a row; nothing in a line of words.
fn separator(text: &str) -> Option<char> {
    if memchr::memchr(b'\t', text.as_bytes()).is_some() {
        Some('\t')
    } else {
        is_pipe_row(text).then_some('|')
    }
}

/// A row without the bars around it. Bars that stand side by side at its end only fill it up.
fn inner(text: &str, separator: char) -> &str {
    if separator == '|' {
        let text = text.trim();
        text.strip_prefix('|').unwrap_or(text).trim_end_matches('|')
    } else {
        text
    }
}

impl DocLine<'_> {
    /// For each field, the column of the page behind its last character. Few rows need it.
    pub(super) fn ends(&self) -> Vec<usize> {
        let mut ends = match separator(self.text) {
            Some(separator) => ends_of_cells(inner(self.text, separator), separator),
            None => ends_of_words(self.text),
        };
        ends.truncate(MAX_FIELDS);
        ends
    }
}

/// A row of a pipe table has at least two bars; `|---|---|` is a rule and has no cells.
fn is_pipe_row(text: &str) -> bool {
    text.bytes().filter(|b| *b == b'|').count() >= 2
}

/// Whether the line only draws a table: rules of pipes, dashes and colons.
pub(super) fn is_rule(text: &str) -> bool {
    // Nearly all lines begin with a letter or a digit.
    let is_text = |c: char| c.is_ascii_alphanumeric() || ('\u{4e00}'..='\u{9fff}').contains(&c);
    if text.starts_with(is_text) {
        return false;
    }
    let text = text.trim();
    text.len() >= 3
        && text.chars().all(|c| "|-:+=─│┼┌┐└┘├┤┬┴━ ".contains(c))
        && text.chars().any(|c| "-─=━".contains(c))
        && text.chars().any(|c| "|+│┼├┌└".contains(c))
}

fn cells(text: &str, separator: char) -> Vec<Field<'_>> {
    let mut fields: Vec<Field<'_>> = Vec::with_capacity(12);
    for (cell, column) in text.split(separator).zip(0..) {
        match (without_hidden(cell), fields.last_mut()) {
            (page::LEFT, Some(merged)) => merged.columns.1 = column + 1,
            (page::LEFT | page::ABOVE, _) => {}
            (text, _) => fields.push(field(text, column)),
        }
    }
    fields
}

/// A cell without spaces and characters that nobody sees before and behind it.
fn without_hidden(cell: &str) -> &str {
    let trimmed = cell.trim();
    // In bold, as Markdown has it.
    let bold = trimmed.strip_prefix("**").and_then(|cell| cell.strip_suffix("**"));
    let trimmed = bold.filter(|cell| !cell.contains('*')).map_or(trimmed, str::trim);
    // Most cells begin with a digit or an ideograph.
    if trimmed.starts_with(|c: char| !is_itself(c)) || trimmed.ends_with(|c: char| !is_itself(c)) {
        return trimmed.trim_matches(|c: char| c.is_whitespace() || display::is_hidden(c));
    }
    trimmed
}

fn ends_of_cells(text: &str, separator: char) -> Vec<usize> {
    let mut column = 0;
    let end = |cell: &str| {
        column += display::width(cell) + 1;
        column - 1
    };
    text.split(separator).map(end).collect()
}

fn words(text: &str) -> Vec<Field<'_>> {
    let pieces = text.split(char::is_whitespace).filter(|word| !word.is_empty());
    pieces.map(|text| field(text, 0)).collect()
}

fn ends_of_words(text: &str) -> Vec<usize> {
    let (mut ends, mut column) = (Vec::new(), 0);
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let width = display::width(word);
        if !word.is_empty() {
            ends.push(column + width);
        }
        let with_space = display::width(piece);
        column += with_space.max(width);
        column += usize::from(piece.ends_with(['\u{a0}', '\u{2002}']) && with_space == width);
    }
    ends
}

/// Tells values from words.
fn classify(fields: &mut [Field<'_>], has_cells: bool) {
    for field in fields.iter_mut() {
        field.is = if field.text.is_empty() {
            FieldKind::Empty
        } else if value::is_number(field.text)
            || (has_cells
                && (value::is_blank_sign(field.text)
                    || value::is_run_together(field.text)
                    || value::stands_for_figure(field.text)))
        {
            FieldKind::Value
        } else {
            FieldKind::Word
        };
    }
    if has_cells {
        // What stands to the right of a value and is no value is something written into a cell.
        let first = fields.iter().position(|f| f.is == FieldKind::Value);
        for field in fields.iter_mut().skip(first.map_or(usize::MAX, |i| i + 1)) {
            if field.is == FieldKind::Word {
                field.is = FieldKind::Junk;
            }
        }
    } else {
        classify_words(fields);
    }
}

/// Among words, a number at the beginning of a line with a label after it is the number of the label (`1 属于国家
/// 秘密`); signs for empty cells, and units, count only beside numbers.
fn classify_words(fields: &mut [Field<'_>]) {
    // A sign for an empty cell that is the whole line is that cell.
    if let [sign] = fields {
        if value::is_blank_sign(sign.text) {
            sign.is = FieldKind::Value;
        }
        return;
    }
    if let [first, second, ..] = fields
        && first.is == FieldKind::Value
        && second.is == FieldKind::Word
        && !value::is_blank_sign(second.text)
        && !value::is_unit(second.text)
        && first.text.chars().count() == 1
    {
        first.is = FieldKind::Word;
    }
    for i in 1..fields.len() {
        let counts = fields.get(i).is_some_and(|f| value::counts_on(f.text) && !value::is_unit(f.text));
        if let Some(number) = fields.get_mut(i - 1).filter(|f| counts && f.is == FieldKind::Value) {
            number.is = FieldKind::Word;
        }
    }
    // Consecutive numbers, signs for empty cells and units are values if a number is among them, or two signs.
    let may_be =
        |f: &Field<'_>| f.is == FieldKind::Value || value::is_blank_sign(f.text) || value::is_unit(f.text);
    let mut i = 0;
    while i < fields.len() {
        let group = fields.iter().skip(i).take_while(|f| may_be(f)).count();
        let members = fields.get(i..i + group).unwrap_or_default();
        let signs = members.iter().filter(|f| value::is_blank_sign(f.text)).count();
        if members.iter().any(|f| f.is == FieldKind::Value) || signs >= 2 {
            fields.iter_mut().skip(i).take(group).for_each(|f| f.is = FieldKind::Value);
        }
        i += group.max(1);
    }
}

/// Whether a line can only be a page mark: `— 3 —`, `第 3 页 共 9 页`, `- 3 -`, `3 / 9`; a bare number is not certain.
pub(super) fn is_page_mark(text: &str) -> bool {
    if text.len() > 64 || text.trim().is_empty() {
        return false;
    }
    // A mark begins with a dash or with 第: most lines do not.
    let begins = text.trim_start().chars().next();
    if begins.is_some_and(|c| is_itself(c) && !matches!(c, '第' | '-' | '·' | '.' | '~' | '_')) {
        return false;
    }
    let folded = crate::load::normalise::folded(text);
    let inner = folded.trim_matches(|c: char| "-—–·.~_\u{c}".contains(c));
    let decorated = inner.len() < folded.len()
        && folded.chars().next().is_some_and(|c| !c.is_ascii_digit())
        && folded.chars().next_back().is_some_and(|c| !c.is_ascii_digit());
    let digits = |s: &str| !s.is_empty() && s.len() <= 4 && s.bytes().all(|b| b.is_ascii_digit());
    let by_words = inner.strip_prefix('第').and_then(|r| r.split_once('页')).is_some_and(|(n, rest)| {
        digits(n)
            && (rest.is_empty()
                || rest
                    .trim_start_matches([',', '/'])
                    .strip_prefix('共')
                    .is_some_and(|r| r.strip_suffix('页').is_some_and(digits)))
    });
    (decorated && digits(inner)) || by_words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> String {
        cut(1, text)
            .fields
            .iter()
            .map(|f| match f.is {
                FieldKind::Word => 'w',
                FieldKind::Value => 'v',
                FieldKind::Empty => '_',
                FieldKind::Junk => 'j',
            })
            .collect()
    }

    #[test]
    fn fields_by_their_looks() {
        let cases = [
            ("一、本年新收\t\t21\t0\t", "w_vv_"),
            ("| 规章 | 0 | / | 若干 |", "wvvj"),
            ("规章 0 0 0", "wvvv"),
            ("规章\t1 2\t3\t4", "wvvv"),
            ("1.属于国家秘密 0 0 0 0 0 0 0", "wvvvvvvv"),
            ("1 属于国家秘密 0 0 0 0 0 0 0", "wwvvvvvvv"),
            ("0 0 0 0 0 0 0", "vvvvvvv"),
            ("规章 / / 3", "wvvv"),
            ("政府集中采购 12 3400660 元", "wvvv"),
            ("2019年，全县 400余人次", "ww"),
            ("收到申请 5 件，其中自然人 3 件", "wwwvv"),
            ("（单位：万元，保留 4 位小数） 3", "wwwv"),
            ("", ""),
        ];
        for (text, want) in cases {
            assert_eq!(kinds(text), want, "{text}");
        }
    }

    #[test]
    fn page_marks() {
        for text in ["— 3 —", "- 12 -", "第 3 页", "第3页 共9页", "第3页/共9页"] {
            assert!(is_page_mark(text), "{text}");
        }
        for text in ["3", "0 0 0", "第三页", "-3", "—", "第十条", "- - -", "2019-2020"] {
            assert!(!is_page_mark(text), "{text}");
        }
    }

    #[test]
    fn rules_of_drawn_tables() {
        for text in ["|---|---|", "+----+----+", "├──┼──┤"] {
            assert!(is_rule(text), "{text}");
        }
        for text in ["---", "| 0 | 0 |", "", "—"] {
            assert!(!is_rule(text), "{text}");
        }
    }
}
