//! Pieces of JSON in the plain layout: whatever is written otherwise is nothing here, and left to
//! [`scan`](super::scan). The bytes are known to be UTF-8 without control characters.

use super::scan::Quoted;
use crate::report::{Figure, Number};

/// The longest number that is read here.
const MAX_DIGITS: usize = 9;

/// Bytes that are looked for at the beginning of what is left, compared sixteen at a time.
pub(super) struct Token {
    bytes: Vec<u8>,
    /// The first bytes, and which of these belong to the token.
    head: u128,
    mask: u128,
    /// The next bytes and the last, as far as there are so many; they may overlap.
    middle: u128,
    tail: u128,
}

/// Bytes that are compared at once.
const STEP: usize = 16;

/// The bytes from there on as a number, if there are enough.
fn step(bytes: &[u8], from: usize) -> Option<u128> {
    bytes.get(from..)?.first_chunk().map(|chunk| u128::from_le_bytes(*chunk))
}

impl Token {
    /// Bytes as they are.
    pub(super) fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let (mut head, mut mask) = ([0; STEP], [0; STEP]);
        for ((to, in_mask), from) in head.iter_mut().zip(&mut mask).zip(&bytes) {
            (*to, *in_mask) = (*from, u8::MAX);
        }
        let at = |from: Option<usize>| from.and_then(|from| step(&bytes, from)).unwrap_or(0);
        let (middle, tail) = (at(Some(STEP)), at(bytes.len().checked_sub(STEP)));
        Self { head: u128::from_le_bytes(head), mask: u128::from_le_bytes(mask), middle, tail, bytes }
    }

    /// A member name with quotes and colon.
    pub(super) fn member(name: &str) -> Self {
        Self::new(format!("\"{name}\":"))
    }

    /// What follows behind the token, if `rest` begins with it.
    #[inline]
    fn strip<'a>(&self, rest: &'a [u8]) -> Option<&'a [u8]> {
        let length = self.bytes.len();
        let Some(head) = step(rest, 0) else { return rest.strip_prefix(self.bytes.as_slice()) };
        if (head ^ self.head) & self.mask != 0 {
            return None;
        }
        let is_next = match length {
            0..=16 => true,
            17..=32 => step(rest, length - STEP) == Some(self.tail),
            33..=48 => step(rest, STEP) == Some(self.middle) && step(rest, length - STEP) == Some(self.tail),
            _ => rest.starts_with(&self.bytes),
        };
        if is_next { rest.get(length..) } else { None }
    }
}

/// What is left of a line.
pub(super) struct Line<'a> {
    text: &'a str,
    rest: &'a [u8],
}

impl<'a> Line<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, rest: text.as_bytes() }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Passes the token, if it comes next.
    pub(super) fn take(&mut self, token: &Token) -> bool {
        token.strip(self.rest).map(|rest| self.rest = rest).is_some()
    }

    fn word(&mut self, word: &[u8]) -> bool {
        self.rest.strip_prefix(word).map(|rest| self.rest = rest).is_some()
    }

    fn space(&mut self) {
        while let [b' ', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// A bracket that opens something with content.
    pub(super) fn open(&mut self, bracket: u8) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        self.space();
        (*first == bracket).then_some(())
    }

    /// Whether a comma comes next, or the bracket that closes.
    pub(super) fn more(&mut self, bracket: u8) -> Option<bool> {
        self.space();
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        match *first {
            b',' => {
                self.space();
                Some(true)
            }
            first => (first == bracket).then_some(false),
        }
    }

    /// The name of a member that comes next, as its place in a list; looked for first behind the one found before.
    pub(super) fn member<T>(
        &mut self,
        list: &[T],
        next: &mut usize,
        token: impl Fn(&T) -> &Token,
    ) -> Option<usize> {
        let after = |item: &T| token(item).strip(self.rest);
        let (index, rest) = match list.get(*next).and_then(after) {
            Some(rest) => (*next, rest),
            None => list.iter().enumerate().find_map(|(i, item)| Some((i, after(item)?)))?,
        };
        self.rest = rest;
        *next = index + 1;
        self.space();
        Some(index)
    }

    /// A string of whatever characters.
    pub(super) fn string(&mut self) -> Option<Quoted<'a>> {
        let mut rest = self.rest.strip_prefix(b"\"")?;
        let (start, mut has_escapes) = (self.text.len() - rest.len(), false);
        loop {
            let end = memchr::memchr2(b'"', b'\\', rest)?;
            let (found, after) = rest.get(end..)?.split_first()?;
            if *found == b'"' {
                self.rest = after;
                let raw = self.text.get(start..self.text.len() - after.len() - 1)?;
                return Some(Quoted::new(raw, has_escapes));
            }
            has_escapes = true;
            rest = match after {
                [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', rest @ ..] => rest,
                [b'u', digits @ ..] => {
                    let (digits, rest) = digits.split_at_checked(4)?;
                    // Halves of surrogate pairs are none of our business.
                    let is_half =
                        matches!(digits, [b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..]);
                    if is_half || !digits.iter().all(u8::is_ascii_hexdigit) {
                        return None;
                    }
                    rest
                }
                _ => return None,
            };
        }
    }

    /// A string without escapes.
    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        let rest = self.rest.strip_prefix(b"\"")?;
        let start = self.text.len() - rest.len();
        let length = memchr::memchr2(b'"', b'\\', rest)?;
        self.rest = rest.get(length..)?.strip_prefix(b"\"")?;
        self.text.get(start..start + length)
    }

    pub(super) fn boolean(&mut self) -> Option<bool> {
        let is_true = self.word(b"true");
        (is_true || self.word(b"false")).then_some(is_true)
    }

    /// A small whole number, printed plainly.
    pub(super) fn whole(&mut self) -> Option<u32> {
        let (value, rest) = match self.rest {
            [b'0', rest @ ..] => (0, rest),
            [b'1'..=b'9', ..] => {
                let (mut value, mut rest, mut length) = (0, self.rest, 0);
                while let [digit @ b'0'..=b'9', after @ ..] = rest {
                    if length == MAX_DIGITS {
                        return None;
                    }
                    value = value * 10 + u32::from(digit - b'0');
                    (rest, length) = (after, length + 1);
                }
                (value, rest)
            }
            _ => return None,
        };
        // What is more than a whole number is not for here.
        if !matches!(rest, [b',' | b']' | b'}' | b' ', ..]) {
            return None;
        }
        self.rest = rest;
        Some(value)
    }

    /// A figure that can be believed: blank or a number.
    pub(super) fn figure(&mut self) -> Option<Figure> {
        if let Some(value) = self.whole() {
            return Some(Figure::Number(Number::whole(value.into())));
        }
        if self.word(b"null") {
            return Some(Figure::Blank);
        }
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'-');
        let length = self.rest.iter().position(|byte| !is_part(byte))?;
        let start = self.text.len() - self.rest.len();
        let printed = self.text.get(start..start + length)?;
        let digits = printed.strip_prefix('-').unwrap_or(printed).as_bytes();
        if matches!(digits, [b'0', b'0'..=b'9', ..]) {
            return None;
        }
        self.rest = self.rest.get(length..)?;
        Number::parse(printed).map(Figure::Number)
    }
}
