//! Strict JSON (RFC 8259), one value at a time, each with its place in the input.
//!
//! Why our own: the last of two equal members must not win in silence, a number must keep its digits, every
//! departure must be told with its line, and a corpus of gigabytes must be read in one pass without copies. The
//! scanner must never accept what is no JSON, never recurse deeper than [`MAX_DEPTH`], and never decide what a
//! value means.

use std::borrow::Cow;

/// Objects and arrays inside each other beyond this are refused: no report needs them, and the stack is finite.
pub(super) const MAX_DEPTH: usize = 64;

/// Why the input is no JSON, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    /// The byte where it shows.
    pub(super) at: usize,
    /// What was expected or found.
    pub(super) reason: &'static str,
}

type Scanned<T> = Result<T, Fault>;

/// The kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

impl Kind {
    /// For messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Null => "null",
        }
    }
}

/// The characters between the quotes of a string, known to be valid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quoted<'a> {
    raw: &'a str,
    has_escapes: bool,
}

impl<'a> Quoted<'a> {
    /// Characters that are known to be those of a string.
    pub(super) const fn new(raw: &'a str, has_escapes: bool) -> Self {
        Self { raw, has_escapes }
    }

    /// What the string says.
    pub(super) fn decode(self) -> Cow<'a, str> {
        if self.has_escapes { Cow::Owned(unescape(self.raw)) } else { Cow::Borrowed(self.raw) }
    }
}

/// A place in some JSON text, moving forward.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// The byte that comes next.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The text from a place that was passed up to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.slice(start, self.at)
    }

    /// What kind of value comes next; the space before it is passed.
    pub(super) fn kind(&mut self) -> Scanned<Kind> {
        self.space();
        match self.byte() {
            Some(b'"') => Ok(Kind::String),
            Some(b'0'..=b'9' | b'-') => Ok(Kind::Number),
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'n') => Ok(Kind::Null),
            Some(b't' | b'f') => Ok(Kind::Boolean),
            Some(b']') => Err(self.fault("expected a value before `]`")),
            Some(_) => Err(self.fault("expected a value")),
            None => Err(self.fault("unexpected end")),
        }
    }

    /// Nothing but space may follow.
    pub(super) fn end(&mut self) -> Scanned<()> {
        self.space();
        if self.byte().is_some() { Err(self.fault("more text after the end of the value")) } else { Ok(()) }
    }

    /// Reads an object; `member` gets each name with its place and must read exactly one value.
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &str, usize) -> Scanned<()>,
    ) -> Scanned<()> {
        self.enter(b'{', "expected an object")?;
        self.space();
        if self.take(b'}') {
            return self.leave();
        }
        loop {
            self.space();
            let at = self.at;
            if self.byte() != Some(b'"') {
                return Err(self.fault("expected a member name in quotes"));
            }
            let name = self.string()?;
            self.space();
            if !self.take(b':') {
                return Err(self.fault("expected `:` after the member name"));
            }
            member(self, &name.decode(), at)?;
            self.space();
            if self.take(b'}') {
                return self.leave();
            }
            if !self.take(b',') {
                return Err(self.fault("expected `,` or `}`"));
            }
        }
    }

    /// Reads an array; `element` gets the index of each element and must read exactly one value.
    pub(super) fn array(&mut self, mut element: impl FnMut(&mut Self, usize) -> Scanned<()>) -> Scanned<()> {
        self.enter(b'[', "expected an array")?;
        self.space();
        if self.take(b']') {
            return self.leave();
        }
        for index in 0.. {
            element(self, index)?;
            self.space();
            if self.take(b']') {
                break;
            }
            if !self.take(b',') {
                return Err(self.fault("expected `,` or `]`"));
            }
        }
        self.leave()
    }

    /// Reads a string.
    pub(super) fn string(&mut self) -> Scanned<Quoted<'a>> {
        if !self.take(b'"') {
            return Err(self.fault("expected a string"));
        }
        let start = self.at;
        let mut has_escapes = false;
        loop {
            self.at = end_of_plain(self.text.as_bytes(), self.at);
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Quoted { raw: self.slice(start, self.at - 1), has_escapes });
                }
                Some(b'\\') => {
                    has_escapes = true;
                    self.at += escape_length(self.slice(self.at, self.text.len()), self.at)?;
                }
                Some(_) => return Err(self.fault("a control character in a string")),
                None => return Err(self.fault("unexpected end in a string")),
            }
        }
    }

    /// Reads a number, as the text that it is.
    pub(super) fn number(&mut self) -> Scanned<&'a str> {
        let start = self.at;
        self.take(b'-');
        if self.take(b'0') {
            if matches!(self.byte(), Some(b'0'..=b'9')) {
                return Err(self.fault("a number with a leading zero"));
            }
        } else {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(self.since(start))
    }

    /// Reads a number of at most nine digits and nothing else, which nearly all numbers of a report are; otherwise
    /// reads nothing.
    pub(super) fn small_number(&mut self) -> Option<u32> {
        const MAX_DIGITS: usize = 9;
        let bytes = self.text.as_bytes().get(self.at..)?;
        let mut value = 0;
        for (length, byte) in bytes.iter().enumerate().take(MAX_DIGITS + 1) {
            match byte {
                b'0'..=b'9' if length < MAX_DIGITS && (length == 0 || value > 0) => {
                    value = value * 10 + u32::from(byte - b'0');
                }
                b',' | b']' | b'}' if length > 0 => {
                    self.at += length;
                    return Some(value);
                }
                _ => return None,
            }
        }
        None
    }

    /// Reads an array of exactly so many small numbers without any space, which nearly all rows of a report are, and
    /// tells whether it did; otherwise reads nothing.
    pub(super) fn small_numbers(&mut self, values: &mut [u32]) -> bool {
        let start = self.at;
        let is_read = self.try_small_numbers(values).is_some();
        if !is_read {
            self.at = start;
        }
        is_read
    }

    fn try_small_numbers(&mut self, values: &mut [u32]) -> Option<()> {
        if self.digits_between_commas(values) {
            return Some(());
        }
        let mut before = b'[';
        for value in values {
            *value = if self.take(before) { self.small_number()? } else { return None };
            before = b',';
        }
        self.take(b']').then_some(())
    }

    /// Reads an array of exactly so many digits, as most rows are (`[0,1,0]`); otherwise reads nothing.
    fn digits_between_commas(&mut self, values: &mut [u32]) -> bool {
        let length = 2 * values.len() + 1;
        let bytes = self.text.as_bytes().get(self.at..self.at + length).unwrap_or_default();
        let Some(([b'['], pairs)) = bytes.split_first_chunk() else { return false };
        let mut is_row = bytes.last() == Some(&b']');
        for (value, pair) in values.iter_mut().zip(pairs.chunks_exact(2)) {
            let digit = pair[0].wrapping_sub(b'0');
            *value = u32::from(digit);
            is_row &= digit < 10 && matches!(pair[1], b',' | b']');
        }
        // A bracket in the middle would be one too many.
        is_row &= !pairs.iter().rev().skip(1).any(|byte| *byte == b']');
        self.at += if is_row { length } else { 0 };
        is_row
    }

    fn digits(&mut self) -> Scanned<()> {
        let start = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.fault("expected a digit")) } else { Ok(()) }
    }

    /// Reads `true` or `false`.
    pub(super) fn boolean(&mut self) -> Scanned<bool> {
        if self.byte() == Some(b't') {
            self.word("true").map(|()| true)
        } else {
            self.word("false").map(|()| false)
        }
    }

    /// Reads `null`.
    pub(super) fn null(&mut self) -> Scanned<()> {
        self.word("null")
    }

    fn word(&mut self, word: &str) -> Scanned<()> {
        if !self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            return Err(self.fault("expected a value"));
        }
        self.at += word.len();
        Ok(())
    }

    /// Passes a value of any kind, checking it like every other, and gives it as the text that it is.
    pub(super) fn skip(&mut self) -> Scanned<&'a str> {
        let kind = self.kind()?;
        let start = self.at;
        match kind {
            Kind::Object => self.object(|scanner, _, _| scanner.skip().map(drop))?,
            Kind::Array => self.array(|scanner, _| scanner.skip().map(drop))?,
            Kind::String => drop(self.string()?),
            Kind::Number => drop(self.number()?),
            Kind::Boolean => drop(self.boolean()?),
            Kind::Null => self.null()?,
        }
        Ok(self.since(start))
    }

    fn enter(&mut self, bracket: u8, expected: &'static str) -> Scanned<()> {
        if !self.take(bracket) {
            return Err(self.fault(expected));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fault("nested too deep: more than 64 levels"));
        }
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the last step of functions that return a result")]
    fn leave(&mut self) -> Scanned<()> {
        self.depth -= 1;
        Ok(())
    }

    fn space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.byte() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn fault(&self, reason: &'static str) -> Fault {
        Fault { at: self.at, reason }
    }
}

/// Where the characters end that stand for themselves in a string: at a quote, a backslash, a control or the end.
fn end_of_plain(bytes: &[u8], start: usize) -> usize {
    /// Names and short values end before it pays to search with vector instructions.
    const SHORT: usize = 24;
    let is_control = |b: u8| b < 0x20;
    let mut from = start;
    while let Some(eight) = bytes.get(from..).and_then(<[u8]>::first_chunk) {
        let ends = ends_of(*eight);
        if ends != 0 {
            return from + ends.trailing_zeros() as usize / 8;
        }
        from += eight.len();
        if from >= start + SHORT {
            break;
        }
    }
    let rest = bytes.get(from..).unwrap_or_default();
    let length = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
    let plain = rest.get(..length).unwrap_or_default();
    // Without an early exit, so that many bytes are looked at together.
    if plain.iter().fold(false, |any, b| any | is_control(*b)) {
        return from + plain.iter().position(|b| is_control(*b)).unwrap_or(length);
    }
    from + length
}

/// Of eight bytes, the high bit of the first quote, backslash or control, and of none before it; others behind it may be
/// set too. Nothing if there is none.
fn ends_of(eight: [u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    let bytes = u64::from_le_bytes(eight);
    // What is taken from a byte that is smaller sets its high bit; only then is anything borrowed from the next one.
    let below = |bytes: u64, limit: u64| bytes.wrapping_sub(ONES * limit) & !bytes & HIGH;
    let is = |byte: u8| below(bytes ^ (ONES * u64::from(byte)), 1);
    is(b'"') | is(b'\\') | below(bytes, 0x20)
}

/// The bytes of the escape with which `text` begins; it stands at byte `at`, for the fault.
fn escape_length(text: &str, at: usize) -> Scanned<usize> {
    let fault = |reason| Err(Fault { at, reason });
    match text.as_bytes().get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') => match unit(text, 0) {
            Some(0xd800..=0xdbff) if matches!(unit(text, 6), Some(0xdc00..=0xdfff)) => Ok(12),
            Some(0xd800..=0xdfff) => fault("half of a surrogate pair in a string"),
            Some(_) => Ok(6),
            None => fault("`\\u` without four hexadecimal digits"),
        },
        Some(_) => fault("an unknown escape in a string"),
        None => fault("unexpected end in a string"),
    }
}

/// The UTF-16 unit of the escape `\uXXXX` at byte `from` of `text`.
fn unit(text: &str, from: usize) -> Option<u16> {
    let digits = text.get(from..from + 6)?.strip_prefix("\\u")?;
    digits.bytes().try_fold(0_u16, |unit, b| Some(unit << 4 | char::from(b).to_digit(16)? as u16))
}

/// The characters that the valid string content `raw` stands for.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let (plain, escape) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(plain);
        rest = escape;
        let length = escape_length(rest, 0).unwrap_or(rest.len());
        let (c, code) = (rest.as_bytes().get(1).copied(), unit(rest, 0));
        out.push(match (c, code) {
            (Some(b'b'), _) => '\u{8}',
            (Some(b'f'), _) => '\u{c}',
            (Some(b'n'), _) => '\n',
            (Some(b'r'), _) => '\r',
            (Some(b't'), _) => '\t',
            (Some(b'u'), Some(high)) => {
                let units = std::iter::once(high).chain(unit(rest, 6).filter(|_| length == 12));
                char::decode_utf16(units).next().and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            (other, _) => char::from(other.unwrap_or(b'\\')),
        });
        rest = rest.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str) -> Result<(), Fault> {
        let mut scanner = Scanner::new(text);
        scanner.skip()?;
        scanner.end()
    }

    proptest! {
        #[test]
        fn what_ends_plain_characters_is_found(text in "[a\"\\\\\u{1}\u{1f} é中\u{a2}\u{dc}]{0,40}", start in 0_usize..12) {
            let bytes = text.as_bytes();
            let ends = |b: &u8| matches!(b, b'"' | b'\\' | 0..0x20);
            let start = start.min(bytes.len());
            let want = bytes[start..].iter().position(ends).map_or(bytes.len(), |length| start + length);
            prop_assert_eq!(end_of_plain(bytes, start), want);
        }

        #[test]
        fn rows_of_digits_are_read_like_others(text in "[\\[\\],0-9]{0,9}", columns in 1_usize..4) {
            let mut scanner = Scanner::new(&text);
            let mut values = vec![0; columns];
            let is_read = scanner.small_numbers(&mut values);
            let row = format!("[{}]", values.iter().map(u32::to_string).collect::<Vec<_>>().join(","));
            prop_assert_eq!(is_read, text.starts_with(&row), "{}: {:?}", text, values);
            prop_assert_eq!(scanner.at(), if is_read { row.len() } else { 0 });
        }
    }

    #[test]
    fn faults_are_told_with_their_place() {
        let cases = [
            ("", 0, "unexpected end"),
            ("  ", 2, "unexpected end"),
            ("{", 1, "expected a member name in quotes"),
            ("{\"a\":1,}", 7, "expected a member name in quotes"),
            ("{\"a\" 1}", 5, "expected `:` after the member name"),
            ("{\"a\":1 \"b\":2}", 7, "expected `,` or `}`"),
            ("[1,]", 3, "expected a value before `]`"),
            ("[1 2]", 3, "expected `,` or `]`"),
            ("{} {}", 3, "more text after the end of the value"),
            ("{a:1}", 1, "expected a member name in quotes"),
            ("[NaN]", 1, "expected a value"),
            ("[nul]", 1, "expected a value"),
            ("[01]", 2, "a number with a leading zero"),
            ("[+1]", 1, "expected a value"),
            ("[1.]", 3, "expected a digit"),
            ("[-]", 2, "expected a digit"),
            ("\"a\nb\"", 2, "a control character in a string"),
            ("\"a", 2, "unexpected end in a string"),
            ("\"\\x41\"", 1, "an unknown escape in a string"),
            ("\"\\u00g0\"", 1, "`\\u` without four hexadecimal digits"),
            ("\"\\ud800\"", 1, "half of a surrogate pair in a string"),
            ("\"\\udc00\\ud800\"", 1, "half of a surrogate pair in a string"),
            ("// c\n{}", 0, "expected a value"),
        ];
        for (text, at, reason) in cases {
            assert_eq!(check(text), Err(Fault { at, reason }), "{text}");
        }
    }

    #[test]
    fn rows_of_small_numbers_are_read_at_once_or_not_at_all() {
        let cases: [(&str, Option<[u32; 3]>); 10] = [
            ("[1,20,0]", Some([1, 20, 0])),
            ("[0,999999999,0]", Some([0, 999_999_999, 0])),
            ("[0,1234567890,0]", None),
            ("[1,01,0]", None),
            ("[1, 2,3]", None),
            ("[1,null,0]", None),
            ("[1,1.5,0]", None),
            ("[]", None),
            ("[1,2]", None),
            ("[1,2,3,4]", None),
        ];
        for (text, want) in cases {
            let (mut scanner, mut values) = (Scanner::new(text), [0; 3]);
            let is_read = scanner.small_numbers(&mut values);
            assert_eq!(is_read.then_some(values), want, "{text}");
            assert_eq!(scanner.at(), if is_read { text.len() } else { 0 }, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = |n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
            assert_eq!(check(&nested(MAX_DEPTH)), Ok(()));
            let fault = check(&nested(MAX_DEPTH + 1)).unwrap_err();
            assert!(fault.reason.starts_with("nested too deep"), "{fault:?}");
            assert!(check(&open.repeat(200_000)).is_err());
        }
    }

    #[test]
    fn escapes_mean_what_they_say() {
        let text =
            r#""a\"\\\/\b\f\n\r\t\u0000\u65b0\ud83d\ude00 新县 end of a string that is longer than a step""#;
        let want: String = serde_json::from_str(text).unwrap();
        assert_eq!(Scanner::new(text).string().unwrap().decode(), want);
    }

    /// Text that is JSON, nearly JSON, or made of its pieces.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => proptest::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"a\":", "1", "-0", "0.5", "12", "1e3 ", "00", "true", "false",
                "null", " ", "\n", "\\", "\\u00e9", "\\ud83d", "\\ude00", "新", "\u{1}", "\"\\n\"", "{}", "[]", "[1,2]",
            ]).prop_map(str::to_owned),
            1 => any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn it_agrees_with_another_reader_on_what_is_json(text in pieces()) {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            // A number too large for a float is JSON all the same.
            let is_json = theirs.map_or_else(|e| e.to_string().starts_with("number out of range"), |_| true);
            prop_assert_eq!(check(&text).is_ok(), is_json, "{}", text);
        }

        #[test]
        fn strings_are_decoded_like_elsewhere(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            let mut scanner = Scanner::new(&json);
            prop_assert_eq!(scanner.string().unwrap().decode(), text);
            prop_assert!(scanner.end().is_ok());
        }
    }
}
