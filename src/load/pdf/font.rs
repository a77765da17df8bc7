//! Fonts: which characters the codes of a text mean, and how wide they are.

use std::collections::HashMap;

use encoding_rs::{Encoding as Charset, GB18030, UTF_16BE, WINDOWS_1252};
use lopdf::{Dictionary, Document, Encoding, Object};

use super::cmap::{CMap, as_number};
use super::gb1;

/// A font as far as it matters for reading.
#[derive(Debug)]
pub(super) struct Font {
    codes: Codes,
    unicode: CMap,
    widths: HashMap<u32, f64>,
    default_width: f64,
}

/// How a text is cut into codes.
#[derive(Debug)]
enum Codes {
    /// One byte each; what they mean where the font does not say it otherwise.
    Bytes(Vec<String>),
    /// Two bytes each, or as a table says.
    Pairs,
    /// Two bytes each: the numbers that Adobe gives the characters of simplified Chinese.
    Numbers,
    /// Characters of a charset.
    Charset(&'static Charset),
}

/// A code of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Code {
    /// What it means; `None` where the document does not tell.
    pub(super) text: Option<String>,
    /// How far it moves, in thousandths of the size of the font.
    pub(super) width: f64,
    /// Whether it is the single byte 32, which spaces words.
    pub(super) is_space: bool,
}

/// An entry of a dictionary, wherever it is written.
pub(super) fn entry<'a>(document: &'a Document, dict: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    dict.get(key).ok().and_then(|object| document.dereference(object).ok()).map(|(_, object)| object)
}

/// A number.
pub(super) fn as_f64(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from).filter(|n| n.is_finite())
}

impl Font {
    /// Reads a font.
    pub(super) fn read(document: &Document, dict: &Dictionary) -> Self {
        let stream = entry(document, dict, b"ToUnicode").and_then(|o| o.as_stream().ok());
        let unicode = stream
            .and_then(|s| s.get_plain_content().ok())
            .map_or_else(CMap::default, |bytes| CMap::read(&bytes));
        let is_composite =
            entry(document, dict, b"Subtype").is_some_and(|o| o.as_name().is_ok_and(|n| n == b"Type0"));
        if is_composite {
            Self::composite(document, dict, unicode)
        } else {
            Self::simple(document, dict, unicode)
        }
    }

    fn composite(document: &Document, dict: &Dictionary, unicode: CMap) -> Self {
        let name = entry(document, dict, b"Encoding").and_then(|o| o.as_name().ok()).unwrap_or_default();
        let descendant = entry(document, dict, b"DescendantFonts")
            .and_then(|o| o.as_array().ok())
            .and_then(|list| list.first())
            .and_then(|o| document.dereference(o).ok())
            .and_then(|(_, o)| o.as_dict().ok());
        let ordering = descendant
            .and_then(|d| entry(document, d, b"CIDSystemInfo")?.as_dict().ok())
            .and_then(|info| entry(document, info, b"Ordering")?.as_str().ok());
        let codes = match name {
            b"Identity-H" | b"Identity-V" if ordering == Some(b"GB1") => Codes::Numbers,
            _ if name.starts_with(b"UniGB") => Codes::Charset(UTF_16BE),
            _ if name.starts_with(b"GB") => Codes::Charset(GB18030),
            _ => Codes::Pairs,
        };
        let default_width =
            descendant.and_then(|d| entry(document, d, b"DW")).and_then(as_f64).unwrap_or(1000.0);
        let list = descendant.and_then(|d| entry(document, d, b"W")).and_then(|o| o.as_array().ok());
        let widths = list.map_or_else(HashMap::new, |list| wide_widths(document, list));
        Self { codes, unicode, widths, default_width }
    }

    fn simple(document: &Document, dict: &Dictionary, unicode: CMap) -> Self {
        let encoding = dict.get(b"Encoding").ok().and_then(|_| dict.get_font_encoding(document).ok());
        let meaning = |byte: u8| -> String {
            let by_font = encoding.as_ref().and_then(|e: &Encoding<'_>| e.bytes_to_string(&[byte]).ok());
            by_font.filter(|s| !s.is_empty()).unwrap_or_else(|| WINDOWS_1252.decode(&[byte]).0.into_owned())
        };
        let codes = Codes::Bytes((0..=255).map(meaning).collect());
        let first = entry(document, dict, b"FirstChar").and_then(|o| o.as_i64().ok()).unwrap_or(0);
        let list = entry(document, dict, b"Widths").and_then(|o| o.as_array().ok());
        // The widths of a Type 3 font are in units of its own.
        let unit = entry(document, dict, b"FontMatrix")
            .and_then(|o| o.as_array().ok()?.first().and_then(as_f64))
            .map_or(1.0, |n| n * 1000.0);
        let widths = list.into_iter().flatten().take(256).enumerate().filter_map(|(i, width)| {
            let code = u32::try_from(first).ok()?.checked_add(i as u32)?;
            let (_, width) = document.dereference(width).ok()?;
            Some((code, as_f64(width)? * unit))
        });
        let default_width = entry(document, dict, b"FontDescriptor")
            .and_then(|o| o.as_dict().ok())
            .and_then(|d| entry(document, d, b"MissingWidth"))
            .and_then(as_f64)
            .filter(|w| *w > 0.0);
        Self { codes, unicode, widths: widths.collect(), default_width: default_width.unwrap_or(500.0) }
    }

    /// Cuts a text into its codes.
    pub(super) fn codes(&self, text: &[u8]) -> Vec<Code> {
        let mut out = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let length = self.length(rest).clamp(1, rest.len());
            let Some((bytes, after)) = rest.split_at_checked(length) else { break };
            out.push(self.code(bytes));
            rest = after;
        }
        out
    }

    fn length(&self, bytes: &[u8]) -> usize {
        match &self.codes {
            Codes::Bytes(_) => 1,
            Codes::Pairs | Codes::Numbers => self.unicode.length_of_code(bytes).unwrap_or(2),
            Codes::Charset(charset) if *charset == UTF_16BE => match bytes.first() {
                Some(0xd8..=0xdb) => 4,
                _ => 2,
            },
            Codes::Charset(_) => match bytes {
                [0..=0x80, ..] => 1,
                [_, b'0'..=b'9', ..] => 4,
                _ => 2,
            },
        }
    }

    fn code(&self, bytes: &[u8]) -> Code {
        let code = as_number(bytes);
        let own = || match &self.codes {
            Codes::Bytes(meanings) => meanings.get(code as usize).cloned(),
            Codes::Charset(charset) => Some(charset.decode_without_bom_handling(bytes).0.into_owned()),
            Codes::Numbers => gb1::character(code).map(String::from),
            Codes::Pairs => None,
        };
        let text = self.unicode.get(code).map(str::to_owned).or_else(own);
        // Where codes are characters, the table of widths is by numbers that only the viewer has: ASCII is half as wide.
        let is_half = matches!(self.codes, Codes::Charset(_)) && code < 0x80;
        let width = match &self.codes {
            Codes::Charset(_) if is_half => self.default_width / 2.0,
            Codes::Charset(_) => self.default_width,
            _ => self.widths.get(&code).copied().unwrap_or(self.default_width),
        };
        Code { text, width, is_space: bytes == b" " }
    }
}

/// The widths of a composite font: `first [w w w]` or `first last w`.
fn wide_widths(document: &Document, list: &[Object]) -> HashMap<u32, f64> {
    let mut widths = HashMap::new();
    let at = |i: usize| list.get(i).and_then(|o| document.dereference(o).ok()).map(|(_, o)| o);
    let code = |i: usize| at(i).and_then(|o| o.as_i64().ok()).and_then(|n| u32::try_from(n).ok());
    let mut i = 0;
    while let (Some(first), Some(second)) = (code(i), at(i + 1)) {
        if let Object::Array(each) = second {
            widths.extend((first..=0xffff).zip(each.iter().filter_map(as_f64)));
            i += 2;
        } else {
            let (Some(end), Some(width)) = (code(i + 1), at(i + 2).and_then(as_f64)) else { break };
            widths.extend((first..=end.min(0xffff)).map(|c| (c, width)));
            i += 3;
        }
        if widths.len() > 0xffff {
            break;
        }
    }
    widths
}
