//! Rich text: what Word and WPS write as .rtf, often named .doc.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::super::page::Page;
use super::super::{Format, Reading, Record, Unit, View, text};
use super::blocks::{self, Block, Merge};
use super::flow::{CellLook, Flow, RowLook};
use super::{cut_off, too_large};
use crate::report::Problem;

/// Rich text.
pub(in crate::load) const RTF: Format = Format {
    name: "rtf",
    about: "rich text (.rtf, or named .doc)",
    recognises: |head, _| head.trim_ascii_start().starts_with(b"{\\rtf"),
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

/// Groups inside each other at most.
const MAX_GROUPS: usize = 10_000;
/// Fonts of a document at most.
const MAX_FONTS: usize = 10_000;
/// Bytes that are turned into characters at once.
const MAX_PENDING: usize = 256;

fn read(record: &Record<'_>) -> Reading {
    text::read_rendered(record, render(record), RTF.name)
}

fn render(record: &Record<'_>) -> Result<String, Problem> {
    let mut page = Page::default();
    blocks::write(&parse(record.bytes)?, &mut page);
    Ok(page.into_text())
}

/// Groups that hold no text of the document. What is marked as unknown to old programs is left out too, but for text boxes
/// and what inner tables say of their rows.
const SILENT: [&str; 27] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "footnote",
    "annotation",
    "fldinst",
    "xe",
    "tc",
    "rxe",
    "sp",
    "shprslt",
    "nonshppict",
    "nonesttables",
    "objdata",
    "atnid",
    "atnauthor",
    "bkmkstart",
];

/// What holds within a group.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch that the format turns on and off alone")]
#[derive(Debug, Clone, Copy, Default)]
struct State {
    is_silent: bool,
    /// In the table of fonts.
    is_fonts: bool,
    /// In what a row of an inner table says.
    is_inner: bool,
    /// Characters that stand for one that old programs do not know.
    stand_ins: usize,
    font: i32,
    /// The font of double-byte characters, and whether they follow.
    wide_font: i32,
    is_wide: bool,
    is_unseen: bool,
    is_struck: bool,
    is_deleted: bool,
    is_raised: bool,
    /// Tables around the paragraph.
    depth: usize,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    state: State,
    groups: Vec<State>,
    /// The code page of each font, by its number.
    fonts: HashMap<i32, u32>,
    /// The font of which the table of fonts speaks.
    named_font: i32,
    /// Whether a font is for Chinese.
    has_chinese: bool,
    code_page: u32,
    /// Bytes that are characters of a code page.
    pending: Vec<u8>,
    /// The first half of a character of two.
    surrogate: Option<u16>,
    /// Characters still to be left out, as they stand for one that was read.
    skip: usize,
    /// The next group may be unknown.
    is_optional: bool,
    row: RowLook,
    inner_row: RowLook,
    cell: CellLook,
    flow: Flow,
}

fn parse(bytes: &[u8]) -> Result<Vec<Block>, Problem> {
    let mut reader = Reader {
        bytes,
        at: 0,
        state: State { stand_ins: 1, ..State::default() },
        groups: Vec::new(),
        fonts: HashMap::new(),
        named_font: 0,
        has_chinese: false,
        code_page: 1252,
        pending: Vec::new(),
        surrogate: None,
        skip: 0,
        is_optional: false,
        row: RowLook::default(),
        inner_row: RowLook::default(),
        cell: CellLook::default(),
        flow: Flow::default(),
    };
    while let Some(byte) = reader.next() {
        match byte {
            b'{' => {
                reader.flush();
                reader.skip = 0;
                if reader.groups.len() >= MAX_GROUPS {
                    return Err(too_large("elements nested too deep"));
                }
                reader.groups.push(reader.state);
            }
            b'}' => {
                reader.flush();
                reader.skip = 0;
                if let Some(state) = reader.groups.pop() {
                    // A paragraph stays in its table, whatever group said so.
                    reader.state = State { depth: reader.state.depth, ..state };
                }
            }
            b'\\' => reader.control(),
            b'\r' | b'\n' | 0 => {}
            byte => reader.byte(byte),
        }
    }
    if !reader.groups.is_empty() {
        return Err(cut_off());
    }
    reader.flush();
    Ok(reader.flow.finish())
}

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// A byte of text.
    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !byte.is_ascii() || self.is_half() {
            self.pending.push(byte);
            if self.pending.len() >= MAX_PENDING && !self.is_half() {
                self.flush();
            }
        } else {
            self.flush();
            self.put(char::from(byte).encode_utf8(&mut [0; 4]));
        }
    }

    /// Whether the last byte is the first half of a character.
    fn is_half(&self) -> bool {
        if self.pending.is_empty() || !matches!(self.page(), 932 | 936 | 949 | 950) {
            return false;
        }
        let mut bytes = self.pending.iter();
        while let Some(byte) = bytes.next() {
            if !byte.is_ascii() && bytes.next().is_none() {
                return true;
            }
        }
        false
    }

    /// The code page of the bytes at hand.
    fn page(&self) -> u32 {
        let font = if self.state.is_wide { self.state.wide_font } else { self.state.font };
        // Western fonts are named for Chinese text too, where the document is Chinese.
        match self.fonts.get(&font).copied().unwrap_or(0) {
            0 | 1252 if self.code_page == 1252 && self.has_chinese => 936,
            0 | 1252 => self.code_page,
            page => page,
        }
    }

    /// Turns the bytes at hand into characters.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let page = self.page();
        let bytes = std::mem::take(&mut self.pending);
        let encoding = encoding_of(page);
        let text = match encoding.decode_without_bom_handling_and_without_replacement(&bytes) {
            Some(text) => text,
            None => encoding_of(1252).decode_without_bom_handling(&bytes).0,
        };
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        let State { is_silent, is_unseen, is_struck, is_deleted, is_raised, .. } = self.state;
        if !(is_silent || is_unseen || is_struck || is_deleted) {
            self.flow.add(text, is_raised);
        }
    }

    /// What stands behind a backslash.
    fn control(&mut self) {
        let Some(first) = self.next() else { return };
        if first.is_ascii_alphabetic() {
            self.at -= 1;
            return self.word();
        }
        if first == b'\'' {
            let digits = self.bytes.get(self.at..self.at + 2).and_then(|d| std::str::from_utf8(d).ok());
            if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                self.at += 2;
                if byte >= b' ' || self.skip > 0 {
                    self.byte(byte);
                }
            }
            return;
        }
        self.flush();
        match first {
            b'*' => self.is_optional = true,
            b'\r' | b'\n' => self.end_paragraph(),
            b'{' | b'}' | b'\\' if self.skip > 0 => self.skip -= 1,
            b'{' | b'}' | b'\\' => self.put(char::from(first).encode_utf8(&mut [0; 4])),
            b'~' => self.put("\u{a0}"),
            b'_' => self.put("-"),
            _ => {}
        }
    }

    /// A control word with its number.
    fn word(&mut self) {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_alphabetic()) {
            self.at += 1;
        }
        let name =
            self.bytes.get(start..self.at).and_then(|n| std::str::from_utf8(n).ok()).unwrap_or_default();
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = self.bytes.get(start..self.at).and_then(|d| std::str::from_utf8(d).ok());
        let number = digits.and_then(|digits| digits.parse::<i32>().ok());
        self.at += usize::from(self.peek() == Some(b' '));
        // Between the halves of a character nothing stands.
        self.flush();
        let is_optional = std::mem::take(&mut self.is_optional);
        if SILENT.contains(&name) || (is_optional && !matches!(name, "shpinst" | "nesttableprops" | "shptxt"))
        {
            self.state.is_silent = true;
            self.state.is_fonts = name == "fonttbl";
            return;
        }
        match name {
            "bin" => {
                self.at = self.at.saturating_add(number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0));
            }
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.state.stand_ins = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(16),
            "ansicpg" => self.code_page = number.and_then(|n| u32::try_from(n).ok()).unwrap_or(1252),
            _ if self.skip > 0 && is_character(name) => self.skip -= 1,
            _ => {
                let _ = self.character(name, number) || self.table(name, number) || self.special(name);
            }
        }
    }

    fn unicode(&mut self, number: i32) {
        // Numbers over 32767 are written as negative ones.
        let unit = (number.cast_unsigned() & 0xffff) as u16;
        let units = match (self.surrogate.take(), unit) {
            (Some(high), 0xdc00..=0xdfff) => vec![high, unit],
            (_, 0xd800..=0xdbff) => {
                self.surrogate = Some(unit);
                Vec::new()
            }
            _ => vec![unit],
        };
        let text: String = char::decode_utf16(units).filter_map(Result::ok).collect();
        self.put(&text);
        self.skip = self.state.stand_ins;
    }

    /// Words about characters and fonts.
    fn character(&mut self, name: &str, number: Option<i32>) -> bool {
        let is_on = number != Some(0);
        let state = &mut self.state;
        match name {
            "f" if state.is_fonts => self.named_font = number.unwrap_or(0),
            "fcharset" if state.is_fonts => {
                let page = page_of(number.unwrap_or(0));
                self.has_chinese |= page == 936;
                if self.fonts.len() < MAX_FONTS {
                    self.fonts.insert(self.named_font, page);
                }
            }
            "f" => state.font = number.unwrap_or(0),
            "af" if state.is_wide => state.wide_font = number.unwrap_or(0),
            "dbch" => state.is_wide = true,
            "loch" | "hich" => state.is_wide = false,
            "v" => state.is_unseen = is_on,
            "deleted" => state.is_deleted = is_on,
            "strike" | "striked" => state.is_struck = is_on,
            "super" | "sub" => state.is_raised = is_on,
            "nosupersub" => state.is_raised = false,
            "plain" => {
                let State { is_silent, is_fonts, is_inner, stand_ins, depth, .. } = *state;
                *state = State { is_silent, is_fonts, is_inner, stand_ins, depth, ..State::default() };
            }
            _ => return false,
        }
        true
    }

    /// Words about tables.
    fn table(&mut self, name: &str, number: Option<i32>) -> bool {
        let row = if self.state.is_inner { &mut self.inner_row } else { &mut self.row };
        match name {
            "nesttableprops" => self.state.is_inner = true,
            "trowd" => {
                *row = RowLook::default();
                self.cell = CellLook::default();
            }
            "trleft" => row.left = number.unwrap_or(0),
            "clmgf" => self.cell.across = Merge::First,
            "clmrg" => self.cell.across = Merge::Continued,
            "clvmgf" => self.cell.down = Merge::First,
            "clvmrg" => self.cell.down = Merge::Continued,
            "cellx" => {
                row.push(CellLook { right: number.unwrap_or(0), ..std::mem::take(&mut self.cell) });
            }
            "pard" => self.state.depth = 0,
            "intbl" => self.state.depth = self.state.depth.max(1),
            "itap" => self.state.depth = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
            _ if self.state.is_silent => return false,
            "cell" => self.flow.end_cell(1),
            "nestcell" => self.flow.end_cell(self.state.depth.max(2)),
            "row" => self.flow.end_row(1, &self.row),
            "nestrow" => self.flow.end_row(self.state.depth.max(2), &self.inner_row),
            _ => return false,
        }
        true
    }

    /// Words that are characters, or end paragraphs.
    fn special(&mut self, name: &str) -> bool {
        let text = match name {
            "par" | "sect" => {
                self.end_paragraph();
                return true;
            }
            "line" | "lbr" | "softline" => "\n",
            "tab" | "emspace" | "enspace" | "qmspace" => " ",
            "emdash" => "—",
            "endash" => "–",
            "bullet" => "•",
            "lquote" => "‘",
            "rquote" => "’",
            "ldblquote" => "“",
            "rdblquote" => "”",
            _ => return false,
        };
        self.put(text);
        true
    }

    fn end_paragraph(&mut self) {
        if !self.state.is_silent {
            self.flow.end_paragraph(self.state.depth);
        }
    }
}

/// Whether a control word is a character that may stand for another.
fn is_character(name: &str) -> bool {
    matches!(
        name,
        "tab"
            | "emspace"
            | "enspace"
            | "qmspace"
            | "emdash"
            | "endash"
            | "bullet"
            | "lquote"
            | "rquote"
            | "ldblquote"
            | "rdblquote"
    )
}

/// The code page of a character set of fonts; 0 where it is that of the document.
const fn page_of(charset: i32) -> u32 {
    match charset {
        0 => 1252,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        204 => 1251,
        238 => 1250,
        _ => 0,
    }
}

fn encoding_of(page: u32) -> &'static Encoding {
    match page {
        932 => encoding_rs::SHIFT_JIS,
        936 | 54_936 => encoding_rs::GB18030,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        65_001 => encoding_rs::UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(rtf: &str) -> String {
        let mut page = Page::default();
        blocks::write(&parse(rtf.as_bytes()).unwrap(), &mut page);
        page.into_text()
    }

    #[test]
    fn characters_of_every_kind() {
        let cases = [
            ("{\\rtf1\\ansi\\ansicpg936 \\'d0\\'c2\\'cf\\'d8 12\\par}", "新县 12\n"),
            // The second half of a character may be written as it is.
            ("{\\rtf1\\ansicpg936 \\'81A\\'81\\'41\\par}", "丄丄\n"),
            ("{\\rtf1\\uc1 \\u26032?\\u21439?\\par}", "新县\n"),
            ("{\\rtf1\\uc2 \\u26032\\'d0\\'c2\\uc0\\u21439 x\\par}", "新县x\n"),
            ("{\\rtf1\\u-28704?\\par}", "\u{8fe0}\n"),
            ("{\\rtf1\\u-10187?\\u-8704?\\par}", "\u{1d600}\n"),
            (
                "{\\rtf1\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Times;}{\\f1\\fcharset134 SimSun{\\*\\falt x};}}\\f0 a\\f1 \\'d0\\'c2\\par}",
                "a新\n",
            ),
            ("{\\rtf1 a\\tab b\\line c\\~d\\{e\\}\\\\\\par}", "a b\nc\u{a0}d{e}\\\n"),
            ("{\\rtf1 a\\bin3 }}}b\\par}", "ab\n"),
        ];
        for (rtf, want) in cases {
            assert_eq!(text(rtf), want, "{rtf}");
        }
    }

    #[test]
    fn what_nobody_sees_is_not_read() {
        let cases = [
            "{\\rtf1 3{\\v 9}1{\\strike 8}1{\\deleted 7}9\\par}",
            "{\\rtf1 3119{\\super 1}\\par}",
            "{\\rtf1{\\stylesheet{\\s0 Normal;}}{\\info{\\title 5}}{\\*\\unknown 6}{\\pict 00ff}3119{\\header 7\\par}\\par}",
            "{\\rtf1{\\field{\\*\\fldinst PAGE 5}{\\fldrslt 3119}}{\\footnote 12}\\par}",
            "{\\rtf1 {\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv 1}}{\\shptxt 3119\\par}}{\\shprslt 3119\\par}}}",
        ];
        for rtf in cases {
            assert_eq!(text(rtf).trim(), "3119", "{rtf}");
        }
        assert_eq!(text("{\\rtf1 m{\\super 2}, 10{\\super th}\\par}"), "m, 10th\n");
    }

    #[test]
    fn merged_cells_of_tables() {
        let row = |look: &str, cells: &[&str]| {
            let cells: Vec<String> = cells.iter().map(|c| format!("\\pard\\intbl {c}\\cell")).collect();
            let cells = cells.concat();
            format!("\\trowd\\trleft-108{look}{cells}\\row")
        };
        let rtf = format!(
            "{{\\rtf1 {}{}{}\\pard end\\par}}",
            row("\\clvmgf\\cellx900\\cellx2000\\cellx3000", &["a", "b\\par c", "1"]),
            row("\\clvmrg\\cellx900\\cellx2000\\cellx3000", &["", "d", "2"]),
            row("\\cellx2000\\cellx3000", &["e", "3"]),
        );
        let blocks = parse(rtf.as_bytes()).unwrap();
        let Some(Block::Table(rows)) = blocks.first() else { panic!("{blocks:?}") };
        let shape: Vec<Vec<(usize, usize)>> =
            rows.iter().map(|row| row.iter().map(|cell| (cell.columns, cell.rows)).collect()).collect();
        assert_eq!(shape, [vec![(1, 2), (1, 1), (1, 1)], vec![(1, 1), (1, 1)], vec![(2, 1), (1, 1)]]);
        assert_eq!(blocks::words(&rows[0][1].blocks), "b\nc");
        assert_eq!(blocks.get(1), Some(&Block::Paragraph("end".to_owned())));
    }

    #[test]
    fn broken_text_does_no_harm() {
        for rtf in ["{\\rtf1", "{\\rtf1 \\'", "{\\rtf1 \\'d0", "{\\rtf1 \\bin999999999 }", "{\\rtf1{\\b a}"] {
            assert!(parse(rtf.as_bytes()).is_err(), "{rtf}");
        }
        for rtf in [
            "{\\rtf1 \\u}",
            "}}}{\\rtf1 a}",
            "{\\rtf1 \\'zz\\'d0}",
            "{\\rtf1\\trowd\\cellx-5\\cellx\\cell\\row}",
        ] {
            assert!(parse(rtf.as_bytes()).is_ok(), "{rtf}");
        }
        assert!(parse("{".repeat(20_000).as_bytes()).is_err());
        assert!(text("{\\rtf1 \\cell\\row\\nestrow 5\\nestcell}").contains('5'));
    }
}
