//! A folded text as words and numbers, in one pass.

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
    let (mut tokens, mut counts) = (Vec::with_capacity(text.len() / 8), Vec::with_capacity(32));
    let lexicon = &*LEXICON;
    let mut rest = text.chars();
    while let Some(first) = rest.clone().next() {
        let here = rest.as_str();
        let start = text.len() - here.len();
        let end = if let Some((word, length)) = lexicon.begins(here, first) {
            if word == Word::Title {
                start + title_length(here)
            } else {
                tokens.push(Token { word, start, end: start + length });
                start + length
            }
        } else if first.is_ascii_digit() || numeral(first).is_some() {
            // What belongs to a number may begin another word (1起诉讼): the number comes first.
            number(text, start, &mut tokens, &mut counts)
        } else {
            start + first.len_utf8()
        };
        rest = text.get(end..).unwrap_or("").chars();
    }
    (tokens, counts)
}

/// The bytes of a title in its marks; of the mark alone where it has no end.
fn title_length(text: &str) -> usize {
    let end = text.find('》').filter(|end| *end < LONG_TITLE).map(|end| end + '》'.len_utf8());
    end.unwrap_or('《'.len_utf8())
}

/// Takes the number at a place; where it ends with all that belongs to it.
fn number(text: &str, start: usize, tokens: &mut Vec<Token>, counts: &mut Vec<Count>) -> usize {
    let (word, end) = match number::at(text, start) {
        Some(Lexed::Count(count, end)) => {
            counts.push(count);
            (Word::Count(counts.len() as u32 - 1), end)
        }
        Some(Lexed::Year(year, end)) => (Word::Year(year), end),
        Some(Lexed::Skip(end)) => return end,
        None => return text.len(),
    };
    tokens.push(Token { word, start, end });
    end
}
