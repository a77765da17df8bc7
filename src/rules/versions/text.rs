//! A narrative as sentences of letters, which know their lines: what two documents are compared by.
//!
//! Only the marks 。；！？ end a sentence: where a line ends says nothing, as every format breaks lines elsewhere.

use xxhash_rust::xxh3::xxh3_64;

use super::furniture::{
    heading_before, is_broken_label, is_footer, is_furniture, is_heading, is_of_form, is_row_of_numbers,
};
use super::letters::{Letters, MARK, letters};
use crate::report::{Report, Section};

/// A sentence.
#[derive(Debug, Clone, Default)]
pub(super) struct Sentence {
    /// The section that it stands in.
    pub(super) section: u8,
    pub(super) letters: Vec<char>,
    /// The line of each letter, by its place among the lines of the narrative.
    pub(super) lines: Vec<usize>,
    /// The characters as printed, without spaces and line breaks.
    pub(super) printed: String,
    /// Whether a mark ends it.
    pub(super) is_ended: bool,
    /// Of the letters: equal sentences have equal ones.
    pub(super) hash: u64,
}

/// The narrative of a report.
#[derive(Debug, Default)]
pub(super) struct Narrative {
    pub(super) sentences: Vec<Sentence>,
    /// Of each line whether it may be furniture, if it stands in one of the documents alone.
    pub(super) spare: Vec<bool>,
    /// Whether what stands before the first heading has a sentence.
    pub(super) has_opening: bool,
}

impl Narrative {
    /// The narrative of a report, its sections in order.
    pub(super) fn of(report: &Report) -> Self {
        let mut narrative = Self::default();
        let mut sections: Vec<&Section> = report.sections.iter().collect();
        sections.sort_by_key(|section| section.number);
        let title = letters(report.title.raw());
        let last = sections.last().map(|section| section.number);
        for section in sections {
            narrative.add(section, &title, last == Some(section.number));
        }
        narrative.spare_page_numbers();
        for sentence in &mut narrative.sentences {
            join_thousands(sentence);
            let text: String = sentence.letters.iter().collect();
            sentence.hash = xxh3_64(text.as_bytes());
        }
        narrative.has_opening = narrative.sentences.iter().any(|s| s.section == 0 && s.is_ended);
        narrative
    }

    /// How many letters there are in all.
    pub(super) fn len(&self) -> usize {
        self.sentences.iter().map(|sentence| sentence.letters.len()).sum()
    }

    /// Whether there is nothing in the sections but what tables leave behind.
    pub(super) fn is_empty(&self) -> bool {
        let is_spare = |line: &usize| self.spare.get(*line).is_some_and(|spare| *spare);
        self.sentences.iter().filter(|s| s.section > 0).all(|s| s.lines.iter().all(is_spare))
    }

    fn add(&mut self, section: &Section, title: &[char], is_last: bool) {
        let (mut state, mut now) = (Letters::default(), Sentence::default());
        // A table stands right below its heading.
        let (mut is_tail, mut in_table) = (false, true);
        for line in section.text.raw().lines() {
            // Behind the first line of a footer a page says nothing more of the report.
            is_tail |= is_last && line.len() < 400 && is_footer(line);
            let words = letters(line);
            if words.is_empty() || is_furniture(line) || is_tail && !line.contains('。') {
                continue;
            }
            let is_ended = line.trim_end().ends_with(is_end);
            let may_be_table = (2..=4).contains(&section.number);
            // What the head of a table leaves behind stands before sentences, never in them. A number never is left out.
            let is_of_table = may_be_table && is_of_form(&words);
            in_table &= may_be_table && !words.iter().any(char::is_ascii_digit);
            in_table &= is_of_table || is_broken_label(&words);
            let is_first = self.sentences.is_empty() && now.letters.is_empty();
            if in_table || section.number == 0 && is_first && is_bar(line) {
                continue;
            }
            in_table = is_ended || is_of_table;
            let is_spare = is_heading(&words)
                || (!title.is_empty() && words == title)
                || (may_be_table && (is_of_table || is_row_of_numbers(line, &words)));
            let number = self.spare.len();
            self.spare.push(is_spare);
            for c in line.chars() {
                state.take(c, &mut |letter| {
                    now.letters.push(letter);
                    now.lines.push(number);
                });
                if !c.is_whitespace() {
                    now.printed.push(c);
                }
                if is_end(c) {
                    now.is_ended = true;
                    state.end();
                    self.end(&mut now, section.number);
                }
            }
        }
        self.end(&mut now, section.number);
    }

    fn end(&mut self, now: &mut Sentence, section: u8) {
        let mut sentence = std::mem::take(now);
        // A heading that no line ends.
        let heading = heading_before(&sentence.letters);
        sentence.letters.drain(..heading);
        sentence.lines.drain(..heading);
        // A title, a bar of links and a footer are no sentence.
        let is_other = !sentence.is_ended && (section == 0 || is_furniture(&sentence.printed));
        if !sentence.letters.is_empty() && !is_other {
            self.sentences.push(Sentence { section, ..sentence });
        }
    }

    /// Lines of a number alone are those of pages if they count up.
    fn spare_page_numbers(&mut self) {
        let mut numbers: Vec<(usize, String)> = Vec::new();
        let mut words = vec![String::new(); self.spare.len()];
        for sentence in &self.sentences {
            for (letter, line) in sentence.letters.iter().zip(&sentence.lines) {
                if let Some(word) = words.get_mut(*line) {
                    word.push(*letter);
                }
            }
        }
        let is_number =
            |word: &String| (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
        numbers.extend(words.into_iter().enumerate().filter(|(_, word)| is_number(word)));
        let values: Vec<u32> = numbers.iter().filter_map(|(_, word)| word.parse().ok()).collect();
        if values.is_sorted_by(|a, b| a < b && b - a <= 6) && values.first().is_some_and(|first| *first <= 6)
        {
            for (line, _) in numbers {
                if let Some(spare) = self.spare.get_mut(line) {
                    *spare = true;
                }
            }
        }
    }
}

/// Whether a line may be what a page prints before the first sentence: the way to it, a title, numbers of the file.
fn is_bar(line: &str) -> bool {
    !line.contains(['，', ',', '、', '。', '；', '！', '？']) && line.len() < 240
}

fn is_end(c: char) -> bool {
    matches!(c, '。' | '；' | '！' | '？' | ';' | '!' | '?' | '｡')
}

/// Takes out what stands between thousands: 1,234 is 1234.
fn join_thousands(sentence: &mut Sentence) {
    let is_digit =
        |at: Option<usize>| at.and_then(|at| sentence.letters.get(at)).is_some_and(char::is_ascii_digit);
    let is_group = |at: usize| {
        (1..=3).all(|i| is_digit(at.checked_add(i))) && !is_digit(Some(at + 4)) && is_digit(at.checked_sub(1))
    };
    let marks: Vec<usize> = (0..sentence.letters.len())
        .filter(|at| sentence.letters.get(*at) == Some(&MARK) && is_group(*at))
        .collect();
    for at in marks.into_iter().rev() {
        sentence.letters.remove(at);
        sentence.lines.remove(at);
    }
}
