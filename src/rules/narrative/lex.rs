//! A folded text as words and numbers, in one pass.

use aho_corasick::Input;

use super::lexicon::{LEXICON, Word};
use super::number::{self, Count, Lexed, numeral};

/// A word at its place in the folded text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub word: Word,
    pub start: usize,
    pub end: usize,
}

/// The longest title that is looked for; a title mark without an end is passed over.
const LONG_TITLE: usize = 400;

/// The words and numbers of a text. What is between them has no meaning for number sentences.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Vec<Count>) {
    let (mut tokens, mut counts) = (Vec::with_capacity(text.len() / 12), Vec::with_capacity(32));
    let Some(automaton) = &LEXICON.automaton else { return (tokens, counts) };
    let mut at = 0;
    while at < text.len() {
        let found = automaton.find(Input::new(text).range(at..));
        let gap_end = found.map_or(text.len(), |m| m.start());
        // Numbers come first: their counter words may begin other words (1起诉讼).
        if let Some((lexed, start)) = number_in(text, at, gap_end) {
            let (word, end) = match lexed {
                Lexed::Count(count, end) => {
                    counts.push(count);
                    (Some(Word::Count(counts.len() as u32 - 1)), end)
                }
                Lexed::Year(year, end) => (Some(Word::Year(year)), end),
                Lexed::Skip(end) => (None, end),
            };
            tokens.extend(word.map(|word| Token { word, start, end }));
            at = end.max(start + 1);
            continue;
        }
        let Some(m) = found else { break };
        let word = LEXICON.meanings.get(m.pattern().as_usize()).copied().unwrap_or(Word::Filler);
        at = m.end();
        if word == Word::Title {
            let ahead = text.get(at..).unwrap_or("");
            let title_end = ahead.find('》').filter(|end| *end < LONG_TITLE);
            at += title_end.map_or(0, |end| end + '》'.len_utf8());
            continue;
        }
        // 无 and 零 and 一 are numerals too: 零 alone is read as a negation only where no counter follows.
        tokens.push(Token { word, start: m.start(), end: m.end() });
    }
    (tokens, counts)
}

/// The first number that begins in a range of the text.
fn number_in(text: &str, from: usize, to: usize) -> Option<(Lexed, usize)> {
    let gap = text.get(from..to)?;
    let (offset, _) = gap.char_indices().find(|(_, c)| c.is_ascii_digit() || numeral(*c).is_some())?;
    Some((number::at(text, from + offset)?, from + offset))
}
