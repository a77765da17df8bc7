//! Tables without drawn lines: which label each row of numbers belongs to.
//!
//! The words of a label stand in several lines above, around or below the numbers of its row, as the cell is aligned.
//! But labels are numbered (`（一）`, `1.`), so where each begins is known, and the numbers stand at the height of one of
//! its lines. Where more than one label fits, or none, the row is shown as such and not given to any.

use super::words::{Line, Word};
use crate::load::page::Cell;

/// A table, or what is left of a line.
#[derive(Debug)]
pub(super) enum Part {
    /// A line of text.
    Line(Line),
    /// Rows with their labels, and where they begin.
    Rows(f64, Vec<Vec<Cell>>),
}

/// Rows with a label of their own that make a table at least.
const MIN_ROWS: usize = 3;
/// Numbers of a whole row at least.
const MIN_COLUMNS: usize = 3;
/// The next line of a label is at most so many characters below.
const PITCH: f64 = 1.75;
/// Heights that differ by less than that part of a character are the same.
const SAME: f64 = 0.45;
/// Lines of a page at most.
const MAX_LINES: usize = 2_000;

/// A label: its lines put together.
#[derive(Debug)]
struct Label {
    text: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    size: f64,
    /// Its words: line and index in it.
    words: Vec<(usize, usize)>,
}

/// A line that ends in numbers.
#[derive(Debug)]
struct Row {
    line: usize,
    base: f64,
    /// The index of its first number.
    first: usize,
    numbers: Vec<Word>,
    /// Its label, if it is sure.
    label: Option<usize>,
    /// Whether it stands among labels, but which one is its own is not sure.
    is_doubtful: bool,
}

/// Finds the tables in the lines of a page.
pub(super) fn find(lines: Vec<Line>) -> Vec<Part> {
    let rows = rows(&lines);
    let whole = rows.iter().filter(|row| row.numbers.len() >= MIN_COLUMNS).count();
    if whole < MIN_ROWS || lines.len() > MAX_LINES {
        return lines.into_iter().map(Part::Line).collect();
    }
    let mut labels = labels(&lines, &rows);
    let mut rows = owned(rows, &labels);
    if split_labels(&mut labels, &rows, &lines) {
        rows = owned(rows, &labels);
    }
    doubt_broken_numbers(&mut rows, &lines);
    if rows.iter().filter(|row| row.label.is_some() && row.numbers.len() >= MIN_COLUMNS).count() < MIN_ROWS {
        return lines.into_iter().map(Part::Line).collect();
    }
    assemble(lines, &rows, &labels)
}

fn is_number(word: &Word) -> bool {
    let text = word.text.as_str();
    let is_sign = matches!(text, "/" | "-" | "—" | "——");
    is_sign
        || text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || ".,".contains(c))
            && !text.ends_with('.')
}

fn rows(lines: &[Line]) -> Vec<Row> {
    let row = |(i, line): (usize, &Line)| {
        let count = line.words.iter().rev().take_while(|word| is_number(word)).count();
        let first = line.words.len() - count;
        let numbers = line.words.get(first..)?.to_vec();
        (count > 0).then_some(Row {
            line: i,
            base: line.base,
            first,
            numbers,
            label: None,
            is_doubtful: false,
        })
    };
    lines.iter().enumerate().filter_map(row).collect()
}

/// Whether a word begins a label: `（一）`, `三、`, `1.`.
fn is_numbered(text: &str) -> bool {
    let rest = text.trim_start_matches(['（', '(']);
    let number: String =
        rest.chars().take_while(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(*c)).collect();
    let after = rest.get(number.len()..).unwrap_or_default();
    let has_bracket = rest.len() < text.len();
    let ends =
        if has_bracket { after.starts_with(['）', ')']) } else { after.starts_with(['、', '.', '．']) };
    // `1.5` is a number.
    let is_decimal = !has_bracket && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    !number.is_empty() && number.chars().count() <= 2 && ends && !is_decimal
}

/// The numbered labels of a page.
fn labels(lines: &[Line], rows: &[Row]) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let end = rows.iter().find(|row| row.line == i).map_or(line.words.len(), |row| row.first);
        let mut last: Option<usize> = None;
        for (j, word) in line.words.iter().take(end).enumerate() {
            if is_numbered(&word.text) {
                last = Some(labels.len());
                labels.push(Label {
                    text: word.text.clone(),
                    left: word.left,
                    right: word.right,
                    top: line.base,
                    bottom: line.base,
                    size: line.size,
                    words: vec![(i, j)],
                });
                continue;
            }
            // A gap inside the first line of a label is narrower than one between two of them.
            let above = goes_on(&labels, word, line);
            let gap = line.size * if above.is_some() { 0.6 } else { 1.0 };
            let beside = last
                .filter(|l| labels.get(*l).is_some_and(|l| word.left - l.right < gap && l.top >= line.base));
            last = beside.or(above);
            if let Some(label) = last.and_then(|l| labels.get_mut(l)) {
                label.text.push_str(&word.text);
                (label.left, label.right) = (label.left.min(word.left), label.right.max(word.right));
                label.bottom = line.base;
                label.words.push((i, j));
            }
        }
    }
    labels
}

/// The label whose next line a word is: one above it that it does not stick out of.
fn goes_on(labels: &[Label], word: &Word, line: &Line) -> Option<usize> {
    let fits = |label: &Label| {
        let shared = label.right.min(word.right) - label.left.max(word.left);
        let below = line.base - label.bottom;
        let room = 1.5 * label.size;
        (shared >= 0.3 * (word.right - word.left).min(label.right - label.left)
            && below > 0.3 * label.size
            && below <= PITCH * label.size
            && word.left > label.left - room
            && word.right < label.right + room)
            .then_some(shared)
    };
    let fitting = labels.iter().enumerate().rev().take(60).filter_map(|(i, label)| Some((i, fits(label)?)));
    fitting.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
}

/// Gives each row the label that stands nearest to its left at its height; none where two do, or where the label would
/// have two rows.
fn owned(mut rows: Vec<Row>, labels: &[Label]) -> Vec<Row> {
    for row in &mut rows {
        let left = row.numbers.first().map_or(0.0, |word| word.left);
        let stands = |label: &&(usize, &Label)| {
            let slack = SAME * label.1.size;
            label.1.top - slack <= row.base
                && row.base <= label.1.bottom + slack
                && label.1.right <= left + slack
        };
        let mut near: Vec<(usize, &Label)> =
            labels.iter().enumerate().filter(|label| stands(&label)).collect();
        near.sort_by(|a, b| b.1.left.total_cmp(&a.1.left));
        let is_sure = match near.as_slice() {
            [one, next, ..] => next.1.right <= one.1.left + one.1.size,
            one => !one.is_empty(),
        };
        row.label = near.first().filter(|_| is_sure).map(|(i, _)| *i);
        row.is_doubtful = row.label.is_none() && !near.is_empty();
    }
    let taken: Vec<usize> = rows.iter().filter_map(|row| row.label).collect();
    for row in &mut rows {
        let is_shared =
            row.label.is_some_and(|label| taken.iter().filter(|other| **other == label).count() > 1);
        if is_shared {
            (row.label, row.is_doubtful) = (None, true);
        }
    }
    rows
}

/// Where all cells are aligned alike, at their top or at their bottom, a label that several rows stand beside is as many
/// labels: the beginning of the others is cut off, or has no number. Says whether there were such.
fn split_labels(labels: &mut Vec<Label>, rows: &[Row], lines: &[Line]) -> bool {
    let tall = |row: &Row| {
        row.label.and_then(|l| labels.get(l)).filter(|label| label.bottom - label.top > label.size)
    };
    let near = |a: f64, label: &Label| (a - row_of(label, a)).abs() < SAME * label.size;
    let of_tall: Vec<(f64, &Label)> = rows.iter().filter_map(|row| Some((row.base, tall(row)?))).collect();
    let are_all = |edge: fn(&Label) -> f64| {
        of_tall.len() >= MIN_ROWS
            && of_tall
                .iter()
                .all(|(base, label)| near(*base, label) && (base - edge(label)).abs() < SAME * label.size)
    };
    let (is_top, is_bottom) = (are_all(|label| label.top), are_all(|label| label.bottom));
    if is_top == is_bottom {
        return false;
    }
    let mut out: Vec<Label> = Vec::new();
    let mut has_split = false;
    for label in std::mem::take(labels) {
        let slack = SAME * label.size;
        let left = |row: &&Row| row.numbers.first().is_some_and(|word| label.right <= word.left + slack);
        let mut cuts: Vec<f64> = rows
            .iter()
            .filter(|r| r.base > label.top - slack && r.base < label.bottom + slack)
            .filter(left)
            .map(|r| r.base)
            .collect();
        // The labels of groups stand beside several rows rightly: they have others to their right.
        let is_group = rows.iter().any(|row| row.label.is_some() && cuts.contains(&row.base));
        if cuts.len() < 2 || is_group {
            out.push(label);
            continue;
        }
        has_split = true;
        cuts.sort_by(f64::total_cmp);
        let part = |base: f64| {
            let behind = |cut: &&f64| if is_top { **cut <= base + slack } else { **cut < base - slack };
            cuts.iter().filter(behind).count()
        };
        let base_of = |word: &(usize, usize)| lines.get(word.0).map_or(0.0, |line| line.base);
        for words in label.words.chunk_by(|a, b| part(base_of(a)) == part(base_of(b))) {
            out.extend(label_of(words, lines));
        }
    }
    *labels = out;
    has_split
}

/// The line of a label that is nearest to a height: its first or its last.
fn row_of(label: &Label, base: f64) -> f64 {
    if (base - label.top).abs() < (base - label.bottom).abs() { label.top } else { label.bottom }
}

fn label_of(words: &[(usize, usize)], lines: &[Line]) -> Option<Label> {
    let mut out: Option<Label> = None;
    for (i, j) in words {
        let line = lines.get(*i)?;
        let word = line.words.get(*j)?;
        let label = out.get_or_insert_with(|| Label {
            text: String::new(),
            left: word.left,
            right: word.right,
            top: line.base,
            bottom: line.base,
            size: line.size,
            words: Vec::new(),
        });
        label.text.push_str(&word.text);
        (label.left, label.right) = (label.left.min(word.left), label.right.max(word.right));
        label.bottom = line.base;
        label.words.push((*i, *j));
    }
    out
}

/// A number that its cell broke goes on in the next line, by itself: then neither line is sure.
fn doubt_broken_numbers(rows: &mut [Row], lines: &[Line]) {
    for i in 1..rows.len() {
        let Some([above, below]) = rows.get_mut(i - 1..=i) else { continue };
        let size = lines.get(below.line).map_or(0.0, |line| line.size);
        let is_rest = below.label.is_none() && below.first == 0 && below.numbers.len() <= above.numbers.len();
        let covers = |word: &Word| above.numbers.iter().any(|n| n.left < word.right && word.left < n.right);
        if is_rest
            && below.base - above.base < PITCH * size
            && below.numbers.iter().all(covers)
            && above.label.is_some()
        {
            (above.label, above.is_doubtful, below.is_doubtful) = (None, true, true);
        }
    }
}

/// The middles of the columns, from the whole rows whose labels begin where this one does, or from all.
fn columns(rows: &[Row], labels: &[Label], label: &Label, count: usize) -> Option<Vec<f64>> {
    let whole = || rows.iter().filter(|row| row.numbers.len() == count && row.label.is_some());
    let is_alike = |row: &&Row| {
        row.label.and_then(|l| labels.get(l)).is_some_and(|l| (l.left - label.left).abs() < l.size)
    };
    let mut of: Vec<&Row> = whole().filter(is_alike).collect();
    if of.is_empty() {
        of = whole().collect();
    }
    let middle = |word: &Word| f64::midpoint(word.left, word.right);
    let all: Vec<Vec<f64>> = of.iter().map(|row| row.numbers.iter().map(middle).collect()).collect();
    let (first, rest) = all.split_first()?;
    // Numbers may be set to the left or right of their cells, so that their middles differ with their width.
    let pitch =
        first.windows(2).map(|p| if let [a, b] = p { b - a } else { 0.0 }).fold(f64::INFINITY, f64::min);
    let agree = rest.iter().all(|other| first.iter().zip(other).all(|(a, b)| (a - b).abs() < pitch * 0.35));
    agree.then(|| first.clone())
}

/// The numbers of a row in their columns; nothing where that is not sure.
fn placed(row: &Row, columns: Option<&[f64]>, count: usize) -> Option<Vec<String>> {
    if row.numbers.len() == count {
        return Some(row.numbers.iter().map(|word| word.text.clone()).collect());
    }
    let columns = columns?;
    let pitch =
        columns.windows(2).map(|p| if let [a, b] = p { b - a } else { 0.0 }).fold(f64::INFINITY, f64::min);
    let mut out = vec![String::new(); count];
    for word in &row.numbers {
        let middle = f64::midpoint(word.left, word.right);
        let at = columns.iter().position(|column| (column - middle).abs() < pitch * 0.35)?;
        let place = out.get_mut(at).filter(|place| place.is_empty())?;
        place.clone_from(&word.text);
    }
    Some(out)
}

/// The rows with their labels as tables, and what is left as lines.
fn assemble(lines: Vec<Line>, rows: &[Row], labels: &[Label]) -> Vec<Part> {
    let count = rows.iter().filter(|row| row.label.is_some()).map(|row| row.numbers.len()).max().unwrap_or(0);
    let is_of_table = |row: &Row| row.label.is_some() || row.is_doubtful;
    let first = rows.iter().position(is_of_table).unwrap_or(0);
    let last = rows.iter().rposition(is_of_table).unwrap_or(0);
    let in_table = rows.get(first..=last).unwrap_or_default();
    let leaf = |row: &Row| row.label.and_then(|label| labels.get(label));
    let bases = || in_table.iter().map(|row| row.base);
    let top =
        in_table.iter().filter_map(leaf).map(|label| label.top).chain(bases()).fold(f64::INFINITY, f64::min);
    let bottom =
        in_table.iter().filter_map(leaf).map(|label| label.bottom).chain(bases()).fold(top, f64::max);
    let is_leaf = |i: usize| rows.iter().any(|row| row.label == Some(i));
    // The labels of groups stand in the row at whose height they begin.
    let mut groups: Vec<(usize, &Label)> = labels.iter().enumerate().filter(|(i, _)| !is_leaf(*i)).collect();
    groups.retain(|(_, label)| {
        label.top >= top - SAME * label.size && label.bottom <= bottom + SAME * label.size
    });
    groups.sort_by(|a, b| a.1.top.total_cmp(&b.1.top).then(a.1.left.total_cmp(&b.1.left)));
    let mut taken: Vec<(usize, usize)> = groups.iter().flat_map(|(_, label)| label.words.clone()).collect();
    let mut pending = groups.into_iter().map(|(_, label)| label).peekable();
    let mut table: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for row in in_table {
        let mut names: Vec<&Label> = Vec::new();
        while let Some(group) = pending.next_if(|group| group.top <= row.base + SAME * group.size) {
            names.push(group);
        }
        taken.extend((row.first..row.first + row.numbers.len()).map(|j| (row.line, j)));
        let printed = || row.numbers.iter().map(|word| word.text.as_str()).collect::<Vec<_>>();
        let cells = match leaf(row) {
            Some(label) => {
                names.push(label);
                taken.extend(label.words.iter().copied());
                let columns = columns(rows, labels, label, count);
                // Numbers with spaces between are no number: the row is in doubt.
                placed(row, columns.as_deref(), count).unwrap_or_else(|| vec![printed().join(" ")])
            }
            None => vec![format!("〔{}〕", printed().join("，"))],
        };
        names.sort_by(|a, b| a.left.total_cmp(&b.left));
        table.push((names.iter().map(|label| label.text.clone()).collect(), cells));
    }
    table.extend(pending.map(|group| (vec![group.text.clone()], Vec::new())));
    let mut parts = vec![Part::Rows(top - lines.first().map_or(0.0, |line| line.size), cells(table))];
    parts.extend(
        lines.into_iter().enumerate().filter_map(|(i, line)| without(line, i, &taken)).map(Part::Line),
    );
    parts
}

/// The rows as cells: all labels end in one column, where the values begin.
fn cells(table: Vec<(Vec<String>, Vec<String>)>) -> Vec<Vec<Cell>> {
    let width = table.iter().map(|(names, _)| names.len()).max().unwrap_or(0);
    let cell = |text: String| Cell { text, columns: 1, rows: 1 };
    let row = |(names, values): (Vec<String>, Vec<String>)| {
        let empty = std::iter::repeat_n(String::new(), width - names.len());
        empty.chain(names).chain(values).map(cell).collect()
    };
    table.into_iter().map(row).collect()
}

/// What is left of a line when some of its words are taken.
fn without(mut line: Line, at: usize, taken: &[(usize, usize)]) -> Option<Line> {
    let words = std::mem::take(&mut line.words).into_iter().enumerate();
    line.words = words.filter(|(j, _)| !taken.contains(&(at, *j))).map(|(_, word)| word).collect();
    (!line.words.is_empty()).then_some(line)
}
