//! What a terminal shows after frames, read by a terminal of a test, and how few bytes it takes.

use std::num::NonZero;

use proptest::prelude::*;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::*;

/// What a terminal shows in a column: the character, and what is seen of its colours and modifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    text: String,
    fg: vt100::Color,
    bg: vt100::Color,
    modifiers: [bool; 5],
}

fn colour_of(colour: Color) -> vt100::Color {
    match colour {
        Color::Reset => vt100::Color::Default,
        Color::Red => vt100::Color::Idx(1),
        Color::DarkGray => vt100::Color::Idx(8),
        Color::LightCyan => vt100::Color::Idx(14),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        other => panic!("no test draws {other}"),
    }
}

/// On a blank only some of it is seen.
fn seen(text: &str, fg: vt100::Color, bg: vt100::Color, modifiers: [bool; 5]) -> Seen {
    let text = if text.is_empty() { " " } else { text };
    let [bold, dim, italic, underlined, reversed] = modifiers;
    let is_letter = text != " ";
    let fg = if is_letter || underlined || reversed { fg } else { vt100::Color::Default };
    let modifiers = [bold && is_letter, dim && is_letter, italic && is_letter, underlined, reversed];
    Seen { text: text.to_owned(), fg, bg, modifiers }
}

fn expected(buffer: &Buffer) -> Vec<Seen> {
    let width = usize::from(buffer.area.width);
    let mut all = Vec::new();
    for row in buffer.content.chunks(width) {
        let mut columns = Vec::new();
        while let Some(cell) = row.get(columns.len()) {
            let has = |modifier| cell.modifier.contains(modifier);
            let modifiers = [
                has(Modifier::BOLD),
                has(Modifier::DIM),
                has(Modifier::ITALIC),
                has(Modifier::UNDERLINED),
                has(Modifier::REVERSED),
            ];
            let shown = seen(cell.symbol(), colour_of(cell.fg), colour_of(cell.bg), modifiers);
            let columns_taken = display::width(cell.symbol()).max(1);
            columns.push(shown);
            // What the hidden half of a wide character looks like is nobody's business.
            for _ in 1..columns_taken {
                columns.push(seen("", vt100::Color::Default, vt100::Color::Default, [false; 5]));
            }
        }
        all.extend(columns);
    }
    all
}

fn parsed(screen: &vt100::Screen, area: Rect) -> Vec<Seen> {
    let cells = (0..area.height).flat_map(|y| (0..area.width).map(move |x| (y, x)));
    cells
        .map(|(y, x)| {
            let cell = screen.cell(y, x).unwrap();
            if cell.is_wide_continuation() {
                return seen("", vt100::Color::Default, vt100::Color::Default, [false; 5]);
            }
            let modifiers = [cell.bold(), cell.dim(), cell.italic(), cell.underline(), cell.inverse()];
            seen(cell.contents(), cell.fgcolor(), cell.bgcolor(), modifiers)
        })
        .collect()
}

fn terminal(area: Rect) -> vt100::Parser {
    vt100::Parser::new(NonZero::new(area.height).unwrap(), NonZero::new(area.width).unwrap(), 0)
}

fn styles() -> impl Strategy<Value = Style> {
    let colours = || {
        prop_oneof![
            6 => Just(Color::Reset),
            1 => Just(Color::Red),
            1 => Just(Color::DarkGray),
            1 => Just(Color::LightCyan),
            1 => Just(Color::Indexed(200)),
            1 => Just(Color::Rgb(1, 20, 255)),
        ]
    };
    let modifiers = prop_oneof![
        5 => Just(Modifier::empty()),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::DIM),
        1 => Just(Modifier::ITALIC | Modifier::BOLD),
        1 => Just(Modifier::UNDERLINED),
        1 => Just(Modifier::REVERSED),
    ];
    (colours(), colours(), modifiers)
        .prop_map(|(fg, bg, modifier)| Style::reset().fg(fg).bg(bg).add_modifier(modifier))
}

/// A screen made by writing pieces of text on it, as views do it.
fn screens(area: Rect) -> impl Strategy<Value = Buffer> {
    let texts = prop_oneof!["[ a-c0]{1,30}", "[ 县区a✓…│\u{301}]{1,20}", Just(" ".repeat(26))];
    let pieces = prop::collection::vec((0..area.width, 0..area.height, texts, styles()), 0..12);
    pieces.prop_map(move |pieces| {
        let mut buffer = Buffer::empty(area);
        for (x, y, text, style) in pieces {
            buffer.set_string(x, y, text, style);
        }
        buffer
    })
}

fn areas() -> impl Strategy<Value = Rect> {
    (1_u16..40, 1_u16..6).prop_map(|(width, height)| Rect::new(0, 0, width, height))
}

proptest! {
    #[test]
    fn a_terminal_shows_every_frame(
        frames in areas().prop_flat_map(|area| prop::collection::vec(screens(area), 1..6))
    ) {
        let area = frames[0].area;
        let mut shown = Buffer::empty(area);
        let mut parser = terminal(area);
        for next in frames {
            let mut bytes = Vec::new();
            paint(&shown, &next, &mut bytes);
            parser.process(&bytes);
            prop_assert_eq!(parsed(parser.screen(), area), expected(&next), "{:?}", String::from_utf8_lossy(&bytes));
            let mut again = Vec::new();
            paint(&next, &next, &mut again);
            prop_assert!(again.is_empty());
            // The pen is laid down, so that what others write looks as they wish.
            parser.process(b"\x1b[H.");
            let first = parser.screen().cell(0, 0).unwrap();
            prop_assert!(!first.bold() && !first.inverse() && first.fgcolor() == vt100::Color::Default);
            shown = next;
            shown.set_string(0, 0, ".", Style::reset());
        }
    }
}

/// What turns the first row into the second one.
fn bytes(from: &str, to: &str) -> String {
    let area = Rect::new(0, 0, 40, 2);
    let buffer = |text: &str| {
        let mut buffer = Buffer::empty(area);
        for (y, line) in (0..).zip(text.lines()) {
            buffer.set_string(0, y, line, Style::new());
        }
        buffer
    };
    let mut out = Vec::new();
    paint(&buffer(from), &buffer(to), &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn the_shortest_way_is_taken() {
    for (from, to, want) in [
        ("", "", ""),
        ("a", "a", ""),
        ("", "abc", "\x1b[Habc"),
        ("abc", "abd", "\x1b[;3Hd"),
        // What stays is written again where a leap would be longer.
        ("abcdefgh", "xbcdefgx", "\x1b[Hx\x1b[6Cx"),
        ("abcd", "xbcx", "\x1b[Hxbcx"),
        // The end of a row is erased, many blanks within it too, few are written.
        ("a long row", "a", "\x1b[;3H\x1b[K"),
        ("a12345678901234567890b", "a                    b", "\x1b[;2H\x1b[20X"),
        ("a123b", "a   b", "\x1b[;2H   "),
        ("a\nb", "c\nd", "\x1b[Hc\r\nd"),
        // Behind a sign that some terminals show in two columns the place is named.
        ("✓abcdefgh", "✗abcdefgx", "\x1b[H✗\x1b[9Gx"),
        ("✓\nb", "✗\nd", "\x1b[H✗\x1b[2Hd"),
    ] {
        assert_eq!(bytes(from, to), want, "{from} -> {to}");
    }
}

#[test]
fn colours_are_named_in_the_short_form_and_only_where_they_change() {
    let area = Rect::new(0, 0, 20, 1);
    let mut next = Buffer::empty(area);
    let red = Style::new().fg(Color::Red);
    next.set_string(0, 0, "ab", red);
    // A blank shows no colour of letters.
    next.set_string(2, 0, " ", Style::new());
    next.set_string(3, 0, "cd", red.add_modifier(Modifier::BOLD));
    next.set_string(5, 0, "e", Style::new().fg(Color::DarkGray));
    next.set_string(6, 0, " ", Style::new().add_modifier(Modifier::REVERSED));
    let mut out = Vec::new();
    paint(&Buffer::empty(area), &next, &mut out);
    assert_eq!(String::from_utf8(out).unwrap(), "\x1b[H\x1b[31mab \x1b[1mcd\x1b[0;90me\x1b[0;7m \x1b[m");
}
