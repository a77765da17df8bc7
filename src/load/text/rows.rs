//! Which values belong to which row of the form: by the label, never by position or count.

use std::sync::LazyLock;

use super::lines::DocLine;
use super::stream::{Pattern, Piece, Run, Stream};
use crate::load::normalise::letters;
use crate::report::template::{Block, ROW_WORDINGS, Row, TEMPLATES};
use crate::report::{CellId, TableId, TemplateId};

/// A row of the form that was found in a document.
#[derive(Debug)]
pub(super) struct FoundRow {
    pub(super) row: &'static Row,
    pub(super) block: &'static Block,
    /// Its cells, in the order of the columns.
    pub(super) cells: &'static [CellId],
    /// The letters of its label in the stream.
    pub(super) label: std::ops::Range<usize>,
    /// Index of the line in which the label begins.
    pub(super) line: usize,
    /// Index of the line in which it ends.
    pub(super) end_line: usize,
    /// Indices of the runs that belong to it.
    pub(super) runs: Vec<usize>,
    /// Whether its label stands among those of rows that come before or behind it on the form.
    pub(super) is_out_of_order: bool,
    /// Whether its label and that of a neighbour are printed into each other, so that it is not told whose values
    /// stand between.
    pub(super) is_interleaved: bool,
}

/// The rows of a table in a region.
#[derive(Debug, Default)]
pub(super) struct FoundRows {
    pub(super) rows: Vec<FoundRow>,
    /// Runs of values that stand behind no row of the form.
    pub(super) strays: Vec<usize>,
}

/// A row to look for, with its label as letters.
struct Wanted {
    row: &'static Row,
    block: &'static Block,
    cells: Vec<CellId>,
    /// With the printed number.
    numbered: Pattern,
    /// Without it.
    plain: Pattern,
    /// The label up to its first comma or bracket: documents leave out the explanations behind.
    lead: Pattern,
}

impl Wanted {
    fn new(
        table: TableId,
        (row, block): (&'static Row, &'static Block),
        numbered: Vec<char>,
        plain: Vec<char>,
        lead: Vec<char>,
    ) -> Self {
        let cells = block.columns.iter().filter_map(|c| CellId::find(table, row.key, c.key)).collect();
        let [numbered, plain, lead] = [numbered, plain, lead].map(Pattern::new);
        Self { row, block, cells, numbered, plain, lead }
    }
}

/// The rows to look for in a table of an edition.
struct Form {
    table: TableId,
    edition: TemplateId,
    /// In the order of the form.
    rows: Vec<Wanted>,
    /// Their indices, the longest label first: 行政规范性文件 is not 规范性文件 behind 行政.
    by_length: Vec<usize>,
}

/// Labels shorter than this stand in other texts too: they are looked for with their number, or as whole fields.
const SHORT_LABEL: usize = 4;

/// The rows to look for, worked out once for each table and edition.
fn wanted(table: TableId, edition: TemplateId) -> Option<&'static Form> {
    static ALL: LazyLock<Vec<Form>> = LazyLock::new(|| {
        let pairs = TableId::ALL.into_iter().flat_map(|table| TEMPLATES.iter().map(move |t| (table, t.id)));
        let form = |(table, edition)| {
            let rows = rows_of(table, edition);
            let mut by_length: Vec<usize> = (0..rows.len()).collect();
            by_length.sort_by_key(|i| std::cmp::Reverse(rows.get(*i).map_or(0, |w| w.plain.len())));
            Form { table, edition, rows, by_length }
        };
        pairs.map(form).collect()
    });
    ALL.iter().find(|form| form.table == table && form.edition == edition)
}

/// The rows of both editions, those of `edition` first, so that a row that both have takes its columns.
fn rows_of(table: TableId, edition: TemplateId) -> Vec<Wanted> {
    let mut editions: Vec<_> = TEMPLATES.iter().collect();
    editions.sort_by_key(|t| t.id != edition);
    let mut rows: Vec<Wanted> = Vec::new();
    for (block, row) in editions.into_iter().flat_map(|t| t.table(table).rows()) {
        let plain = letters(row.label.official);
        if rows.iter().any(|known| known.row.key == row.key && known.plain.letters() == plain) {
            continue;
        }
        // Two wordings of one row (规范性文件, 行政规范性文件) share the columns of this edition.
        let known = rows.iter().find(|known| known.row.key == row.key).map(|k| (k.row, k.block));
        let numbered = letters(&format!("{}{}", row.number, row.label.official));
        let lead = row.label.official.split(['（', '、', '，']).next().map(letters).unwrap_or_default();
        let (row, block) = known.unwrap_or((row, block));
        rows.push(Wanted::new(table, (row, block), numbered, plain, lead));
        let wordings = ROW_WORDINGS.iter().filter(|(key, _)| table == TableId::Requests && *key == row.key);
        rows.extend(wordings.map(|(_, wording)| {
            let numbered = letters(wording);
            let plain = numbered.get(1..).unwrap_or_default().to_vec();
            Wanted::new(table, (row, block), numbered, plain.clone(), plain)
        }));
    }
    rows
}

/// Finds the rows of a table and hands them their runs.
pub(super) fn find(stream: &Stream, lines: &[DocLine<'_>], table: TableId, edition: TemplateId) -> FoundRows {
    let Some(form) = wanted(table, edition) else { return FoundRows::default() };
    let wanted = form.rows.as_slice();
    let mut found: Vec<FoundRow> = Vec::new();
    let add = |found: &mut Vec<FoundRow>, want: &'static Wanted, label: std::ops::Range<usize>| {
        let overlaps = |f: &FoundRow| f.label.start < label.end && label.start < f.label.end;
        if !found.iter().any(overlaps) {
            let line_of = |letter: usize| stream.letters.get(letter).map_or(0, |letter| letter.line);
            let (line, end_line) = (line_of(label.start), line_of(label.end.saturating_sub(1)));
            let (row, block, cells) = (want.row, want.block, want.cells.as_slice());
            found.push(FoundRow {
                row,
                block,
                cells,
                label,
                line,
                end_line,
                runs: Vec::new(),
                is_out_of_order: false,
                is_interleaved: false,
            });
        }
    };
    for want in form.by_length.iter().filter_map(|i| wanted.get(*i)) {
        for label in exact(stream, want) {
            add(&mut found, want, label);
        }
    }
    for (i, want) in wanted.iter().enumerate() {
        if found.iter().any(|f| f.row.key == want.row.key) || has_alternative(table, want.row, &found) {
            continue;
        }
        if let Some(label) = like(stream, wanted, i, &found) {
            add(&mut found, want, label);
        }
    }
    found.sort_by_key(|f| f.label.start);
    mark_order(&mut found, wanted);
    mark_interleaved(&mut found, stream);
    hand_out(stream, lines, found)
}

/// Marks the labels that break the order of the form: all but those of the longest sequence that keeps it.
fn mark_order(found: &mut [FoundRow], wanted: &[Wanted]) {
    let place = |row: &FoundRow| wanted.iter().position(|want| want.row.key == row.row.key).unwrap_or(0);
    let places: Vec<usize> = found.iter().map(place).collect();
    // For each label: the length of the longest sequence that ends with it, and the one before it there.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (i, place) in places.iter().enumerate() {
        let before = best.iter().zip(&places).enumerate().take(i).filter(|(_, (_, other))| *other <= place);
        let longest = before
            .map(|(j, ((length, _), _))| (*length, j))
            .max_by_key(|(length, j)| (*length, std::cmp::Reverse(*j)));
        best.push(longest.map_or((1, None), |(length, j)| (length + 1, Some(j))));
    }
    for row in found.iter_mut() {
        row.is_out_of_order = true;
    }
    let mut at = (0..best.len()).max_by_key(|i| best.get(*i).map_or(0, |(length, _)| *length));
    while let Some(i) = at {
        if let Some(row) = found.get_mut(i) {
            row.is_out_of_order = false;
        }
        at = best.get(i).and_then(|(_, before)| *before);
    }
}

/// Letters at the end of a label that tell where the label ends.
const TAIL: usize = 4;

/// Marks rows whose labels are printed into each other: the end of one stands behind the beginning of the next, as where
/// labels of several lines stand beside values of one.
fn mark_interleaved(found: &mut [FoundRow], stream: &Stream) {
    let holds = |window: std::ops::Range<usize>, tail: &[char]| {
        let window = stream.letters.get(window).unwrap_or_default();
        window.windows(TAIL).any(|letters| letters.iter().map(|letter| letter.c).eq(tail.iter().copied()))
    };
    let all = stream.letters.len();
    for i in 1..found.len() {
        let next_but_one = found.get(i + 1).map_or(all, |row| row.label.start);
        let Some([row, next]) = found.get_mut(i - 1..=i) else { return };
        let label = letters(row.row.label.official);
        let Some(tail) = label.len().checked_sub(TAIL).and_then(|at| label.get(at..)) else { continue };
        // Of a label in one line the end is there.
        if row.label.len() >= label.len() && row.line == row.end_line {
            continue;
        }
        let is_behind = holds(next.label.start..next_but_one, tail)
            && !holds(row.label.start..next.label.start, tail)
            && !letters(next.row.label.official).ends_with(tail);
        if is_behind {
            row.is_interleaved = true;
            next.is_interleaved = true;
        }
    }
}

/// The rows of （六） in the edition that has three of them.
const ITEMS: [&str; 3] = ["other_1", "other_2", "other_3"];

/// Whether （六） was found as the other edition prints it, so that this row of it need not be there.
fn has_alternative(table: TableId, row: &Row, found: &[FoundRow]) -> bool {
    let has = |key: &str| found.iter().any(|f| f.row.key == key);
    table == TableId::Requests
        && match row.key {
            "other" => ITEMS.iter().any(|item| has(item)),
            item if ITEMS.contains(&item) => has("other") && !ITEMS.iter().any(|item| has(item)),
            _ => false,
        }
}

/// Where the label stands as the form prints it, with or without its number.
fn exact(stream: &Stream, want: &Wanted) -> Vec<std::ops::Range<usize>> {
    let is_whole_field = |label: &std::ops::Range<usize>| {
        let first = stream.letters.get(label.start).is_some_and(|l| l.first);
        first && ends_field(stream, label)
    };
    if want.numbered.len() > want.plain.len() {
        let numbered = stream.find(&want.numbered);
        if !numbered.is_empty() || want.plain.len() < SHORT_LABEL {
            return numbered;
        }
    }
    let mut plain = stream.find(&want.plain);
    if want.plain.len() < SHORT_LABEL || want.numbered.len() == want.plain.len() {
        plain.retain(is_whole_field);
    }
    plain
}

/// Where something like the label stands, between the rows that come before and after it on the form.
fn like(stream: &Stream, wanted: &[Wanted], i: usize, found: &[FoundRow]) -> Option<std::ops::Range<usize>> {
    let place = |want: &Wanted| found.iter().find(|f| f.row.key == want.row.key).map(|f| f.label.clone());
    let before = wanted.get(..i)?.iter().rev().find_map(place).map(|l| l.end);
    let start = before.unwrap_or(0);
    // A row that stands further up, as in a table in another order, does not end the search.
    let behind = |label: &std::ops::Range<usize>| label.start >= start;
    let after = wanted.get(i + 1..)?.iter().filter_map(place).find(behind).map(|l| l.start);
    let end = after.unwrap_or(stream.letters.len());
    let want = wanted.get(i)?;
    if start >= end {
        return None;
    }
    if want.plain.len() < SHORT_LABEL {
        // The bare word, as a field of its own, at the place where the form has the row.
        let window = start..end;
        before?;
        return stream.find(&want.plain).into_iter().find(|label| {
            window.contains(&label.start) && label.end <= window.end && ends_field(stream, label)
        });
    }
    stream.find_like(&want.plain, start..end).or_else(|| {
        let is_short = want.lead.len() >= SHORT_LABEL && want.lead.len() < want.plain.len();
        let inside = |label: &std::ops::Range<usize>| label.start >= start && label.end <= end;
        stream.find(&want.lead).into_iter().find(inside).filter(|_| is_short)
    })
}

/// Hands every run to the row whose label it stands in or behind.
fn hand_out(stream: &Stream, lines: &[DocLine<'_>], mut rows: Vec<FoundRow>) -> FoundRows {
    let mut strays = Vec::new();
    for (i, run) in stream.runs.iter().enumerate() {
        let has_values = run.pieces.iter().any(|piece| piece_has_values(piece, lines));
        // The last label that begins before the run.
        let owner = rows.iter().rposition(|row| row.label.start < run.at);
        match owner.and_then(|o| rows.get_mut(o)) {
            Some(row) if is_near(stream, row, run, has_values) => row.runs.push(i),
            _ if has_values => strays.push(i),
            _ => {}
        }
    }
    FoundRows { rows, strays }
}

/// Whether a piece has a value, or what stands in its place.
pub(super) fn piece_has_values(piece: &Piece, lines: &[DocLine<'_>]) -> bool {
    use super::lines::FieldKind;
    let fields = lines.get(piece.line).and_then(|line| line.fields.get(piece.fields.clone()));
    fields.is_some_and(|fields| fields.iter().any(|f| matches!(f.is, FieldKind::Value | FieldKind::Junk)))
}

/// Letters that may stand between a label and its run: the rest of a merged cell to the left that the page broke
/// (`（三）不予 1.属于国家秘密 0 0 … / 公开`) comes behind the run, so nothing but such rests comes before it.
fn is_near(stream: &Stream, row: &FoundRow, run: &Run, has_values: bool) -> bool {
    let label_end = stream.note_end(row.label.end).filter(|end| *end <= run.at).unwrap_or(row.label.end);
    let between = run.at.saturating_sub(label_end);
    if between == 0 {
        return true;
    }
    // An empty rest of a line that holds a merged label (三、本年度办理结果, padded) is nobody's row.
    if !has_values {
        let same_line =
            stream.letters.get(row.label.end - 1).map(|l| l.line) == run.pieces.first().map(|p| p.line);
        return same_line && between == 0;
    }
    // More than a group label in between is another label, which the form does not have.
    between <= 6 && !starts_a_label(stream, label_end..run.at)
}

/// Whether a label is all of its field but for a note in brackets.
fn ends_field(stream: &Stream, label: &std::ops::Range<usize>) -> bool {
    stream.letters.get(label.end - 1).is_some_and(|l| l.last) || stream.note_end(label.end).is_some()
}

/// Whether the letters begin with the number of a row: then they are a label of their own.
fn starts_a_label(stream: &Stream, letters: std::ops::Range<usize>) -> bool {
    let first = stream.letters.get(letters.start);
    first.is_some_and(|l| l.first && (l.c.is_ascii_digit() || "一二三四五六七八".contains(l.c)))
}
