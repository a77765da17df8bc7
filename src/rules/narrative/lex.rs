//! A folded text as words and numbers, in one pass.

use super::lexicon::{Beginning, LEXICON, Word};
use super::number::{self, Count, Lexed};

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
    let mut next = rest.next();
    while let Some(first) = next {
        let behind = rest.as_str();
        next = rest.next();
        if !lexicon.may_begin(first, next) {
            continue;
        }
        let start = text.len() - behind.len() - first.len_utf8();
        let end = match lexicon.begins(first, behind) {
            Beginning::Nothing => continue,
            Beginning::Word(Word::Title, _) => text.len() - behind.len() + title_length(behind),
            Beginning::Word(word, length) => {
                let end = text.len() - behind.len() + length;
                tokens.push(Token { word, start, end });
                end
            }
            // What belongs to a number may begin another word (1起诉讼): the number comes first.
            Beginning::Number => number(text, start, &mut tokens, &mut counts),
        };
        rest = text.get(end..).unwrap_or("").chars();
        next = rest.next();
    }
    (tokens, counts)
}

/// The bytes of a title up to its closing mark; none where it has no end.
fn title_length(behind: &str) -> usize {
    behind.find('》').filter(|end| *end < LONG_TITLE).map_or(0, |end| end + '》'.len_utf8())
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
