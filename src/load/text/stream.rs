//! The label characters of a table's region as one stream, with the runs of values hanging at places in it.
//!
//! Labels wrap over lines, and their values stand behind, below or in the middle of them. With the values lifted
//! out, a label is whole again; a run then belongs to the label that its place is in or behind.

use memchr::memmem::Finder;

use super::lines::{DocLine, FieldKind, is_page_mark, is_rule};
use crate::load::normalise::fold_letter;

/// Labels and values of a region.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// The letters of the labels.
    pub(super) letters: Vec<Letter>,
    /// The same as text, which is searched faster.
    pub(super) text: String,
    /// Where in that text each letter begins.
    starts: Vec<usize>,
    /// The runs of values, in the order of the document.
    pub(super) runs: Vec<Run>,
    /// How many brackets are open at the end.
    depth: usize,
    /// How many brackets there were that stood in no other.
    brackets: u32,
}

/// A letter of a label.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    pub(super) c: char,
    /// Index of its line among the lines of the document.
    pub(super) line: usize,
    /// Index of its field in the line.
    pub(super) field: usize,
    /// Whether it is the first or last letter of its field.
    pub(super) first: bool,
    pub(super) last: bool,
    /// Which brackets of the stream it stands in, counted from 1; 0 outside of any. They may hold a note behind a label.
    pub(super) brackets: u32,
}

/// A label to look for.
#[derive(Debug)]
pub(super) struct Pattern {
    letters: Vec<char>,
    finder: Finder<'static>,
}

impl Pattern {
    /// The label with these letters.
    pub(super) fn new(letters: Vec<char>) -> Self {
        let text: String = letters.iter().collect();
        let finder = Finder::new(&text).into_owned();
        Self { letters, finder }
    }

    /// Its letters.
    pub(super) fn letters(&self) -> &[char] {
        &self.letters
    }

    /// How many letters it has.
    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }
}

/// A note behind a label has so many letters at least.
const SHORTEST_NOTE: usize = 4;

/// Values with no label between them.
#[derive(Debug)]
pub(super) struct Run {
    /// Number of letters before it.
    pub(super) at: usize,
    /// Its pieces, one for each line.
    pub(super) pieces: Vec<Piece>,
}

/// The values of one line.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Index of the line.
    pub(super) line: usize,
    /// Indices of the fields: of a line of cells all cells behind the label, else the values.
    pub(super) fields: std::ops::Range<usize>,
    /// Whether the line holds nothing but this piece.
    pub(super) alone: bool,
}

/// Whether a line is narrative, whose numbers and words are none of the table's: the form has no full stop.
fn is_sentence(line: &DocLine<'_>) -> bool {
    !line.has_cells && line.text.contains('。')
}

impl Stream {
    /// Reads the lines of a region.
    pub(super) fn new(lines: &[DocLine<'_>], region: std::ops::Range<usize>) -> Self {
        let mut stream = Self::default();
        for i in region {
            let Some(line) = lines.get(i) else { break };
            if is_rule(line.text) || is_page_mark(line.text) || is_sentence(line) {
                continue;
            }
            if line.has_cells { stream.add_cells(line, i) } else { stream.add_words(line, i) }
        }
        stream
    }

    fn add_label(&mut self, text: &str, line: usize, field: usize) {
        let from = self.letters.len();
        for c in text.chars() {
            match c {
                '（' | '(' => {
                    self.brackets += u32::from(self.depth == 0);
                    self.depth += 1;
                }
                '）' | ')' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            let brackets = if self.depth > 0 { self.brackets } else { 0 };
            fold_letter(c, &mut |c| {
                let first = self.letters.len() == from;
                self.letters.push(Letter { c, line, field, first, last: false, brackets });
                self.starts.push(self.text.len());
                self.text.push(c);
            });
        }
        if let Some(last) = self.letters.get_mut(from..).and_then(<[Letter]>::last_mut) {
            last.last = true;
        }
    }

    /// A line of cells: the words before the first value are label, everything behind the last of them is the row.
    fn add_cells(&mut self, line: &DocLine<'_>, i: usize) {
        let is = |kind| move |f: &super::lines::Field<'_>| f.is == kind;
        let last_word = line.fields.iter().rposition(is(FieldKind::Word));
        for (j, field) in line.fields.iter().enumerate().filter(|(_, f)| f.is == FieldKind::Word) {
            self.add_label(field.text, i, j);
        }
        let from = last_word.map_or(0, |j| j + 1);
        if from < line.fields.len() {
            let piece = Piece { line: i, fields: from..line.fields.len(), alone: last_word.is_none() };
            // No bracket goes on behind figures.
            self.depth = 0;
            self.runs.push(Run { at: self.letters.len(), pieces: vec![piece] });
        }
    }

    /// A line of words: values can stand anywhere; consecutive ones are one run, also over lines.
    fn add_words(&mut self, line: &DocLine<'_>, i: usize) {
        let mut j = 0;
        while let Some(field) = line.fields.get(j) {
            if field.is != FieldKind::Value {
                self.add_label(field.text, i, j);
                j += 1;
                continue;
            }
            let count = line.fields.iter().skip(j).take_while(|f| f.is == FieldKind::Value).count();
            let piece = Piece { line: i, fields: j..j + count, alone: count == line.fields.len() };
            let at = self.letters.len();
            self.depth = 0;
            match self.runs.last_mut().filter(|run| run.at == at && piece.alone) {
                Some(run) => run.pieces.push(piece),
                None => self.runs.push(Run { at, pieces: vec![piece] }),
            }
            j += count;
        }
    }

    /// Where a note in brackets ends that begins there, if one does: behind its last letter.
    pub(super) fn note_end(&self, from: usize) -> Option<usize> {
        let letters = self.letters.get(from..)?;
        let within = letters.first().map(|letter| letter.brackets).filter(|brackets| *brackets > 0)?;
        let note = letters.iter().take_while(|letter| letter.brackets == within).count();
        // A number in brackets, （三）, is no note.
        let before = from.checked_sub(1).and_then(|i| self.letters.get(i));
        (note >= SHORTEST_NOTE && before.is_none_or(|letter| letter.brackets == 0)).then_some(from + note)
    }

    /// The places where `pattern` stands in the letters.
    pub(super) fn find(&self, pattern: &Pattern) -> Vec<std::ops::Range<usize>> {
        let (mut found, mut from) = (Vec::new(), 0);
        if pattern.len() == 0 {
            return found;
        }
        let next = |from: usize| {
            let at = pattern.finder.find(self.text.as_bytes().get(from..)?)?;
            Some(from + at)
        };
        while let Some(at) = next(from) {
            // A place may begin inside the one before it.
            from = at + 1;
            if let Ok(start) = self.starts.binary_search(&at) {
                found.push(start..start + pattern.len());
            }
        }
        found
    }

    /// The place in `window` that is most like `pattern`, if at most a third of its letters differ.
    pub(super) fn find_like(
        &self,
        pattern: &Pattern,
        window: std::ops::Range<usize>,
    ) -> Option<std::ops::Range<usize>> {
        let pattern = pattern.letters();
        let text = self.letters.get(window.clone())?;
        if text.len() > 2_000 {
            return None;
        }
        let most = pattern.len() / 3;
        // Each letter that stands nowhere in the window is a change.
        let is_missing = |p: &&char| !text.iter().any(|letter| letter.c == **p);
        if pattern.iter().filter(is_missing).take(most + 1).count() > most {
            return None;
        }
        // For each end in the text: the least number of changes, and where that match begins.
        let mut row: Vec<(usize, usize)> = (0..=text.len()).map(|j| (0, j)).collect();
        for (i, p) in pattern.iter().enumerate() {
            let mut diagonal = row.first().copied()?;
            *row.first_mut()? = (i + 1, 0);
            for (j, letter) in text.iter().enumerate() {
                let (left, up) = (*row.get(j)?, *row.get(j + 1)?);
                let same = (diagonal.0 + usize::from(letter.c != *p), diagonal.1);
                let best = [same, (up.0 + 1, up.1), (left.0 + 1, left.1)]
                    .into_iter()
                    .min_by_key(|(cost, _)| *cost)?;
                diagonal = up;
                *row.get_mut(j + 1)? = best;
            }
        }
        let (end, (cost, start)) = row.into_iter().enumerate().min_by_key(|(_, (cost, _))| *cost)?;
        (cost <= most && start < end).then(|| window.start + start..window.start + end)
    }
}
