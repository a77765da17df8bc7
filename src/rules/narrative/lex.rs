//! A folded text as words and numbers, in one pass.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::lexicon::{Beginning, LEXICON, Word};
use super::number::{self, Count};

/// A word at its place in the folded text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub word: Word,
    pub start: usize,
    pub end: usize,
}

/// The longest title that is looked for; a title mark without an end is passed over.
const LONG_TITLE: usize = 400;

/// The words and numbers of a text, behind others of no more use. What is between them has no meaning for number
/// sentences.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub tokens: Vec<Token>,
    pub counts: Vec<Count>,
}

impl Lexed {
    /// Takes the words and numbers of a text in place of what was there.
    pub(super) fn read(&mut self, text: &str) {
        self.tokens.clear();
        self.counts.clear();
        self.tokens.reserve(text.len() / 8);
        self.counts.reserve(32);
        let lexicon = &*LEXICON;
        let mut rest = text.as_bytes();
        loop {
            rest = lexicon.next_beginning(rest);
            let at = text.len() - rest.len();
            let Some(Beginning { word, length, is_number }) = lexicon.begins(rest) else { break };
            let length = match word {
                Some(Word::Title) => length + title_length(rest.get(length..)),
                Some(word) => {
                    self.tokens.push(Token { word, start: at, end: at + length });
                    length
                }
                // What belongs to a number may begin another word (1起诉讼): the number comes first.
                None if is_number => self.number(text, at),
                None => length,
            };
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    /// Takes the number at a place; how long it is with all that belongs to it.
    fn number(&mut self, text: &str, start: usize) -> usize {
        let (word, end) = match number::at(text, start) {
            Some(number::Lexed::Count(count, end)) => {
                self.counts.push(count);
                (Word::Count(self.counts.len() as u32 - 1), end)
            }
            Some(number::Lexed::Year(year, end)) => (Word::Year(year), end),
            Some(number::Lexed::Skip(end)) => return end - start,
            None => return text.len() - start,
        };
        self.tokens.push(Token { word, start, end });
        end - start
    }
}

/// The bytes of a title up to its closing mark; none where it has no end.
fn title_length(behind: Option<&[u8]>) -> usize {
    static END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("》"));
    let near = behind.map(|behind| behind.get(..LONG_TITLE + END.needle().len()).unwrap_or(behind));
    near.and_then(|near| END.find(near))
        .filter(|end| *end < LONG_TITLE)
        .map_or(0, |end| end + END.needle().len())
}
