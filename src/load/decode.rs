//! Bytes → characters: UTF-8, UTF-16 and the Chinese encodings GB18030 and GBK, told apart by content.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// The characters of some bytes and the name of their encoding.
///
/// `declared` is what the document says of itself (the charset of a web page); it is believed where the bytes are no
/// UTF-8. `None` if no encoding fits.
pub(crate) fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> Option<(Cow<'a, str>, &'static str)> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        return decoded(encoding, rest);
    }
    if let Some(encoding) = utf_16(bytes) {
        return decoded(encoding, bytes);
    }
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Some((Cow::Borrowed(text), UTF_8.name()));
    }
    let declared = declared.and_then(|name| Encoding::for_label(name.trim().as_bytes()));
    // GBK and GB2312 are parts of GB18030.
    let declared = declared.filter(|encoding| *encoding != UTF_8).into_iter();
    declared.chain([GB18030, guess(bytes)]).find_map(|encoding| decoded(encoding, bytes))
}

fn decoded<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Option<(Cow<'a, str>, &'static str)> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some((text, encoding.name()))
}

/// Whether bytes with zeros among them are text all the same.
pub(crate) fn is_utf_16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || utf_16(bytes).is_some()
}

/// UTF-16 without a mark: of the first characters, every other byte of line breaks, spaces and digits is 0.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4_096) & !1)?;
    memchr::memchr(0, head)?;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let enough = head.len() / 64 + 1;
    let encoding = match (even >= enough, odd >= enough) {
        (true, _) if even > 4 * odd => UTF_16BE,
        (_, true) if odd > 4 * even => UTF_16LE,
        _ => return None,
    };
    // Zeros stand in other data too: text has no control characters, and Chinese text has Chinese ones. The last
    // character may be cut in two.
    let text = encoding.decode_without_bom_handling(head).0;
    let is_text = |c: char| !c.is_control() || c.is_whitespace();
    let chinese = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    (chinese && text.chars().all(is_text)).then_some(encoding)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..bytes.len().min(64 << 10)).unwrap_or_default(), true);
    detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "新县2019年政府信息公开工作年度报告\r\n一、总体情况\r\n0 0 0 0 0 0 0\r\n";

    #[test]
    fn the_encodings_that_reports_come_in() {
        let utf_16 = |big: bool| -> Vec<u8> {
            TEXT.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        let gbk = GB18030.encode(TEXT).0.into_owned();
        let cases: Vec<(Vec<u8>, &str)> = vec![
            (TEXT.as_bytes().to_vec(), "UTF-8"),
            ([b"\xef\xbb\xbf", TEXT.as_bytes()].concat(), "UTF-8"),
            (gbk, "gb18030"),
            (utf_16(false), "UTF-16LE"),
            (utf_16(true), "UTF-16BE"),
            ([b"\xff\xfe".to_vec(), utf_16(false)].concat(), "UTF-16LE"),
        ];
        for (bytes, want) in cases {
            let (text, name) = decode(&bytes, None).unwrap();
            assert_eq!((text.as_ref(), name), (TEXT, want));
        }
        assert_eq!(decode(&[0x80, 0xff, 0xff, 0xff], None), None);
    }
}
