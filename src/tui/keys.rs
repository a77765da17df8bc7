//! Bytes from the terminal into keys and pasted text.
//!
//! crossterm's own reader is not used: on a terminal that is gone it spins for ever without returning, half a
//! sequence makes it block with its lock held, and when a resize and a key come together it leaves the key
//! unread until the next one. The keys are crossterm's, so that a binding means here what it means elsewhere.
//!
//! This module must never do I/O, never wait, and never turn pasted text into keys. Bytes that mean nothing are
//! swallowed: half-understood sequences would press keys that nobody pressed.

use std::time::Duration;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::spots::{Mouse, Press};

/// The longest text that is taken from one paste; the rest is dropped.
const LONGEST_PASTE: usize = 1 << 20;
/// The longest escape sequence that can still be a key.
const LONGEST_SEQUENCE: usize = 64;
/// How long a terminal may take over the rest of what an Esc byte began. Nobody notices it on the Esc key.
const ESCAPE_PATIENCE: Duration = Duration::from_millis(10);
/// How long a paste may pause before it counts as over. Its end can get lost, and until then no key works.
const PASTE_PATIENCE: Duration = Duration::from_secs(1);
/// What a terminal sends after pasted text.
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// Something that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// A key.
    Key(KeyEvent),
    /// Text that came from the clipboard.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
}

/// Turns bytes into [`Input`], keeping what is not complete yet.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// The beginning of a key.
    held: Vec<u8>,
    /// The beginning of a paste, while there is one.
    paste: Option<Vec<u8>>,
}

/// What the bytes at hand begin with.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// More bytes are needed to tell.
    Incomplete,
    /// So many bytes that mean nothing.
    Nothing(usize),
    /// So many bytes that are a key.
    Key(usize, KeyEvent),
    /// So many bytes, after which pasted text follows.
    PasteBegins(usize),
    /// So many bytes that tell of the mouse.
    Mouse(usize, Mouse),
}

impl Decoder {
    /// Takes bytes as they were read and appends what they complete.
    pub(super) fn feed(&mut self, bytes: &[u8], typed: &mut Vec<Input>) {
        self.held.extend_from_slice(bytes);
        while !self.held.is_empty() {
            if self.paste.is_some() {
                if !self.continue_paste(typed) {
                    return;
                }
                continue;
            }
            let used = match next(&self.held) {
                Step::Incomplete => return,
                Step::Nothing(length) => length,
                Step::Key(length, key) => {
                    typed.push(Input::Key(key));
                    length
                }
                Step::Mouse(length, mouse) => {
                    typed.push(Input::Mouse(mouse));
                    length
                }
                Step::PasteBegins(length) => {
                    self.paste = Some(Vec::new());
                    length
                }
            };
            self.held.drain(..used);
        }
    }

    /// How long to wait for more before [`Self::settle`], if what is held cannot wait for the next key.
    pub(super) fn patience(&self) -> Option<Duration> {
        if self.paste.is_some() {
            Some(PASTE_PATIENCE)
        } else if matches!(self.held.as_slice(), b"\x1b" | b"\x1b[" | b"\x1bO") {
            Some(ESCAPE_PATIENCE)
        } else {
            None
        }
    }

    /// Nothing more has come: what is held is all there is.
    pub(super) fn settle(&mut self, typed: &mut Vec<Input>) {
        if let Some(text) = self.paste.take() {
            typed.push(pasted(text));
        }
        match self.held.as_slice() {
            b"\x1b" => typed.push(Input::Key(KeyCode::Esc.into())),
            [0x1b, letter @ (b'[' | b'O')] => {
                typed.push(Input::Key(with_alt(char_key(char::from(*letter)))));
            }
            _ => {}
        }
        self.held.clear();
    }

    /// Moves what is held into the paste; whether the paste is over.
    fn continue_paste(&mut self, typed: &mut Vec<Input>) -> bool {
        let Some(text) = self.paste.as_mut() else { return true };
        // The end may have come in two pieces.
        let from = text.len().saturating_sub(PASTE_ENDS.len() - 1);
        text.append(&mut self.held);
        let fresh = text.get(from..).unwrap_or_default();
        if let Some(at) = fresh.windows(PASTE_ENDS.len()).position(|bytes| bytes == PASTE_ENDS) {
            self.held = text.split_off(from + at + PASTE_ENDS.len());
            text.truncate(from + at);
            let text = self.paste.take().unwrap_or_default();
            typed.push(pasted(text));
            return true;
        }
        if text.len() > LONGEST_PASTE + PASTE_ENDS.len() {
            text.drain(LONGEST_PASTE..text.len() - PASTE_ENDS.len());
        }
        false
    }
}

/// Pasted bytes as text, no longer than allowed.
fn pasted(mut bytes: Vec<u8>) -> Input {
    bytes.truncate(LONGEST_PASTE);
    Input::Paste(String::from_utf8_lossy(&bytes).into_owned())
}

/// What `bytes` begin with. A length is never 0, so that decoding always gets on.
fn next(bytes: &[u8]) -> Step {
    match bytes {
        [] | [0x1b] | [0x1b, b'O'] => Step::Incomplete,
        [0x1b, b'[', rest @ ..] => control_sequence(rest),
        [0x1b, b'O', letter, ..] => match letter_key(*letter) {
            Some(code) => Step::Key(3, code.into()),
            None => Step::Nothing(3),
        },
        // Two of them are the Esc key and the beginning of something else.
        [0x1b, 0x1b, ..] => Step::Key(1, KeyCode::Esc.into()),
        [0x1b, rest @ ..] => match character(rest) {
            Step::Key(length, key) => Step::Key(length + 1, with_alt(key)),
            Step::Nothing(length) => Step::Nothing(length + 1),
            other => other,
        },
        _ => character(bytes),
    }
}

/// A key that is a character or a control character.
fn character(bytes: &[u8]) -> Step {
    let control = |c: u8| Step::Key(1, KeyEvent::new(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL));
    let length = match bytes.first().copied() {
        None => return Step::Incomplete,
        Some(b'\r') => return Step::Key(1, KeyCode::Enter.into()),
        Some(b'\t') => return Step::Key(1, KeyCode::Tab.into()),
        Some(0x7f) => return Step::Key(1, KeyCode::Backspace.into()),
        Some(0) => return control(b' '),
        Some(byte @ 0x01..=0x1a) => return control(byte - 1 + b'a'),
        Some(byte @ 0x1c..=0x1f) => return control(byte - 0x1c + b'4'),
        Some(0x20..=0x7e) => 1,
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        Some(_) => return Step::Nothing(1),
    };
    match str::from_utf8(bytes.get(..length).unwrap_or(bytes)) {
        Ok(text) => text.chars().next().map_or(Step::Nothing(1), |c| Step::Key(length, char_key(c))),
        Err(error) => error.error_len().map_or(Step::Incomplete, Step::Nothing),
    }
}

/// A key after `ESC [`. Any byte that cannot be part of a sequence ends it, and is read again.
fn control_sequence(rest: &[u8]) -> Step {
    let Some(end) = rest.iter().position(|byte| !(0x20..=0x3f).contains(byte)) else {
        return if rest.len() > LONGEST_SEQUENCE { Step::Nothing(rest.len() + 2) } else { Step::Incomplete };
    };
    let (parameters, last) =
        (rest.get(..end).unwrap_or_default(), rest.get(end).copied().unwrap_or_default());
    if parameters.is_empty() && last == b'[' {
        return linux_console_key(rest);
    }
    if !(0x40..=0x7e).contains(&last) {
        return Step::Nothing(end + 2);
    }
    let length = end + 3;
    if last == b'~' && parameters == b"200" {
        return Step::PasteBegins(length);
    }
    if let Some(report) = parameters.strip_prefix(b"<") {
        return mouse(report, last).map_or(Step::Nothing(length), |mouse| Step::Mouse(length, mouse));
    }
    sequence_key(parameters, last).map_or(Step::Nothing(length), |key| Step::Key(length, key))
}

/// What the mouse did: `button ; column ; row`, then `M` for a press and `m` for a release. Only the left button and the
/// wheel mean anything here; movements are not asked for.
fn mouse(parameters: &[u8], last: u8) -> Option<Mouse> {
    let mut numbers = str::from_utf8(parameters).ok()?.split(';').map(|number| number.parse::<u16>().ok());
    let (button, x, y) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let press = match (button, last) {
        (0, b'M') => Press::Click,
        (64, b'M') => Press::WheelUp,
        (65, b'M') => Press::WheelDown,
        _ => return None,
    };
    Some(Mouse { press, x: x.checked_sub(1)?, y: y.checked_sub(1)? })
}

/// F1 to F5 on the Linux console: `ESC [ [ A` to `E`.
fn linux_console_key(rest: &[u8]) -> Step {
    match rest.get(1) {
        None => Step::Incomplete,
        Some(letter @ b'A'..=b'E') => Step::Key(4, KeyCode::F(letter - b'A' + 1).into()),
        Some(_) => Step::Nothing(3),
    }
}

/// The key of a whole control sequence: `number ; modifiers : press or release`, then a letter.
fn sequence_key(parameters: &[u8], last: u8) -> Option<KeyEvent> {
    let mut fields = str::from_utf8(parameters).ok()?.split(';');
    let number = fields.next().and_then(|field| field.split(':').next()?.parse::<u32>().ok());
    let mut state = fields.next().unwrap_or_default().split(':');
    let modifiers = modifiers(state.next().and_then(|field| field.parse().ok()).unwrap_or(1));
    if state.next() == Some("3") {
        return None; // a release
    }
    if last == b'Z' {
        return Some(KeyEvent::new(KeyCode::BackTab, modifiers | KeyModifiers::SHIFT));
    }
    let code = match last {
        b'~' => numbered_key(number?)?,
        b'u' => match char::from_u32(number?)? {
            '\r' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\x1b' => KeyCode::Esc,
            '\x7f' => KeyCode::Backspace,
            c if c.is_control() => return None,
            c => return Some(KeyEvent::new(KeyCode::Char(c), char_key(c).modifiers | modifiers)),
        },
        // Another number makes it an answer to a question, such as where the cursor is.
        letter if number.is_none_or(|number| number == 1) => letter_key(letter)?,
        _ => return None,
    };
    Some(KeyEvent::new(code, modifiers))
}

/// The keys that end in a letter.
fn letter_key(letter: u8) -> Option<KeyCode> {
    Some(match letter {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'M' => KeyCode::Enter,
        b'P'..=b'S' => KeyCode::F(letter - b'P' + 1),
        _ => return None,
    })
}

/// The keys that end in `~`.
fn numbered_key(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number as u8 - 10),
        17..=21 => KeyCode::F(number as u8 - 11),
        23 | 24 => KeyCode::F(number as u8 - 12),
        _ => return None,
    })
}

/// Modifiers as terminals count them: 1 and a bit each.
fn modifiers(number: u8) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL), (8, KeyModifiers::SUPER)]
        .into_iter()
        .filter(|(bit, _)| bits & bit != 0)
        .fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier)
}

/// A character that was typed; a capital comes with the shift key, as crossterm has it.
fn char_key(c: char) -> KeyEvent {
    let modifiers = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    KeyEvent::new(KeyCode::Char(c), modifiers)
}

/// The same key with Alt.
fn with_alt(key: KeyEvent) -> KeyEvent {
    KeyEvent::new(key.code, key.modifiers | KeyModifiers::ALT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(pieces: &[&[u8]]) -> Vec<Input> {
        let (mut decoder, mut typed) = (Decoder::default(), Vec::new());
        for piece in pieces {
            decoder.feed(piece, &mut typed);
        }
        decoder.settle(&mut typed);
        typed
    }

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
        Input::Key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn keys() {
        use KeyCode::{BackTab, Backspace, Char, Delete, Down, End, Enter, Esc, F, Home, PageDown, Tab, Up};
        const NONE: KeyModifiers = KeyModifiers::NONE;
        const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
        const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
        const ALT: KeyModifiers = KeyModifiers::ALT;
        let table: &[(&[u8], KeyCode, KeyModifiers)] = &[
            (b"j", Char('j'), NONE),
            (b"G", Char('G'), SHIFT),
            ("\u{53bf}".as_bytes(), Char('\u{53bf}'), NONE),
            (b"\r", Enter, NONE),
            (b"\t", Tab, NONE),
            (b"\x7f", Backspace, NONE),
            (b"\x03", Char('c'), CONTROL),
            (b"\x1a", Char('z'), CONTROL),
            (b"\0", Char(' '), CONTROL),
            (b"\x1f", Char('7'), CONTROL),
            (b"\x1b", Esc, NONE),
            (b"\x1b[", Char('['), ALT),
            (b"\x1bO", Char('O'), ALT | SHIFT),
            (b"\x1bx", Char('x'), ALT),
            (b"\x1b\r", Enter, ALT),
            (b"\x1b[A", Up, NONE),
            (b"\x1bOB", Down, NONE),
            (b"\x1b[1;5A", Up, CONTROL),
            (b"\x1b[1;4F", End, ALT | SHIFT),
            (b"\x1b[H", Home, NONE),
            (b"\x1b[3~", Delete, NONE),
            (b"\x1b[6;5~", PageDown, CONTROL),
            (b"\x1b[Z", BackTab, SHIFT),
            (b"\x1bOP", F(1), NONE),
            (b"\x1b[15~", F(5), NONE),
            (b"\x1b[17~", F(6), NONE),
            (b"\x1b[24~", F(12), NONE),
            (b"\x1b[[C", F(3), NONE),
            (b"\x1b[13;5u", Enter, CONTROL),
            (b"\x1b[97;5u", Char('a'), CONTROL),
        ];
        for (bytes, code, modifiers) in table {
            assert_eq!(decode(&[bytes]), [key(*code, *modifiers)], "{bytes:?}");
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(decode(&single), [key(*code, *modifiers)], "{bytes:?} byte by byte");
        }
    }

    #[test]
    fn what_means_nothing_is_swallowed_whole() {
        for bytes in [
            &b"\x1b[?62;22c"[..],
            b"\x1b[12;40R",
            b"\x1b[I",
            b"\x1b[99~",
            b"\x1b[97;1:3u",
            b"\x1b[1;1:3A",
            b"\xff\xfe\x80",
            b"\xe5\x8e",
            b"\x1b[12;",
        ] {
            assert_eq!(decode(&[bytes]), [], "{bytes:?}");
        }
        assert_eq!(decode(&[b"\x1b[12\rj"]).len(), 2, "a broken sequence ends where a key begins");
        assert_eq!(decode(&[b"\xe5j"]), [key(KeyCode::Char('j'), KeyModifiers::NONE)]);
        assert_eq!(decode(&[b"\x1b\x1b[A"]).len(), 2, "Esc and a key");
    }

    #[test]
    fn a_paste_never_presses_keys() {
        let paste = |text: &str| Input::Paste(text.to_owned());
        let whole: &[u8] = b"\x1b[200~q\r\x1b[Ay\x1b[201~z";
        let expected = [paste("q\r\x1b[Ay"), key(KeyCode::Char('z'), KeyModifiers::NONE)];
        assert_eq!(decode(&[whole]), expected);
        let single: Vec<&[u8]> = whole.chunks(1).collect();
        assert_eq!(decode(&single), expected);
        assert_eq!(decode(&[b"\x1b[200~never ended"]), [paste("never ended")]);
        assert_eq!(decode(&[b"\x1b[200~\x1b[201~"]), [paste("")]);
    }

    #[test]
    fn a_huge_paste_is_cut_and_its_end_still_found() {
        let (mut decoder, mut typed) = (Decoder::default(), Vec::new());
        decoder.feed(b"\x1b[200~", &mut typed);
        for _ in 0..300 {
            decoder.feed(&[b'x'; 4096], &mut typed);
            assert!(decoder.paste.as_ref().unwrap().len() <= LONGEST_PASTE + PASTE_ENDS.len());
        }
        decoder.feed(b"\x1b[201~j", &mut typed);
        assert_eq!(typed.len(), 2);
        assert!(matches!(&typed[0], Input::Paste(text) if text.len() == LONGEST_PASTE));
        assert_eq!(typed[1], key(KeyCode::Char('j'), KeyModifiers::NONE));
    }

    #[test]
    fn any_bytes_are_taken_without_a_panic_and_leave_little() {
        // A small generator of its own, so that the bytes are the same on every run.
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let alphabet = b"\x1b[O;:?0123456789~uAZM\r\x00\xe5\x8e\xbf\xf0\x9f\xff x";
        let (mut decoder, mut typed) = (Decoder::default(), Vec::new());
        for _ in 0..200_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let byte = alphabet[state as usize % alphabet.len()];
            decoder.feed(&[byte], &mut typed);
            assert!(decoder.held.len() <= LONGEST_SEQUENCE + 4);
        }
        assert!(typed.len() > 1000);
    }

    #[test]
    fn clicks_and_the_wheel_are_told_and_never_press_keys() {
        let mouse = |press, x, y| vec![Input::Mouse(Mouse { press, x, y })];
        for (bytes, want) in [
            (&b"\x1b[<0;10;5M"[..], mouse(Press::Click, 9, 4)),
            (b"\x1b[<64;1;1M", mouse(Press::WheelUp, 0, 0)),
            (b"\x1b[<65;250;80M", mouse(Press::WheelDown, 249, 79)),
            // A release, another button, a movement, and what no mouse sends.
            (b"\x1b[<0;10;5m", vec![]),
            (b"\x1b[<2;10;5M", vec![]),
            (b"\x1b[<35;10;5M", vec![]),
            (b"\x1b[<0;0;0M", vec![]),
            (b"\x1b[<0;99999;5M", vec![]),
            (b"\x1b[<M", vec![]),
        ] {
            let (mut decoder, mut typed) = (Decoder::default(), Vec::new());
            decoder.feed(bytes, &mut typed);
            assert_eq!(typed, want, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
