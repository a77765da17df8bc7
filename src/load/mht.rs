//! Web pages saved with all that belongs to them (.mht, .mhtml): a mail in parts, of which one is the page.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::decode::decode;
use super::html::HTML;
use super::{Format, Reading, Record, Unit, View, text};
use crate::display::Untrusted;
use crate::report::{Problem, ProblemCode};

/// Web pages in one file.
pub(super) const MHT: Format = Format {
    name: "mht",
    about: "a web page saved in one file (.mht, .mhtml)",
    recognises: |head, _| is_mail(head),
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

/// The heads of a mail are no longer than this.
const MAX_HEAD: usize = 16 << 10;
/// Parts inside each other at most.
const MAX_DEPTH: usize = 8;
/// Parts of a mail at most.
const MAX_PARTS: usize = 2_000;

fn read(record: &Record<'_>) -> Reading {
    text::read_rendered(record, render(record), MHT.name)
}

fn render(record: &Record<'_>) -> Result<String, Problem> {
    let problem = |code, detail: &str| Problem {
        code,
        at: Untrusted::default(),
        line: 0,
        detail: Untrusted::new(detail),
    };
    let body = page(record.bytes);
    let body = body.ok_or_else(|| problem(ProblemCode::NotAReport, "a saved web page without its page"))?;
    let bytes = body?;
    match HTML.view {
        View::Rendered(render) => render(&Record { bytes: &bytes, ..*record }),
        View::AsItIs | View::LaidOut => Err(problem(ProblemCode::InternalError, "")),
    }
}

/// The names and values of the heads of a part, and where they end.
struct Heads(Vec<(String, String)>);

impl Heads {
    /// Cuts the heads from what they stand before; none where something else stands there.
    fn cut(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let mut heads: Vec<(String, String)> = Vec::new();
        let mut rest = bytes;
        loop {
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (line, after) = rest.split_at_checked(length)?;
            rest = after;
            let text = String::from_utf8_lossy(line);
            let text = text.trim_end();
            if text.is_empty() {
                return (!heads.is_empty()).then_some((Self(heads), rest));
            }
            if bytes.len() - rest.len() > MAX_HEAD {
                return None;
            }
            match heads.last_mut() {
                Some((_, value)) if text.starts_with([' ', '\t']) => value.push_str(text),
                _ => {
                    let (name, value) = text.split_once(':')?;
                    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
                    if name.is_empty() || !name.chars().all(is_name) {
                        return None;
                    }
                    heads.push((name.to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
        }
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value)
    }

    /// What kind of content a part has: `text/html`.
    fn kind(&self) -> String {
        self.get("content-type").split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// What is said of the content beside its kind.
    fn parameter(&self, name: &str) -> Option<&str> {
        self.get("content-type").split(';').skip(1).find_map(|part| {
            let (of, value) = part.split_once('=')?;
            of.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
        })
    }
}

/// Whether a file begins as a mail with a page in it.
fn is_mail(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    Heads::cut(head).is_some_and(|(heads, _)| {
        !heads.get("mime-version").is_empty()
            && (heads.kind().starts_with("multipart/") || heads.kind() == "text/html")
    })
}

/// The page of a mail: the first part that is one.
fn page(bytes: &[u8]) -> Option<Result<Vec<u8>, Problem>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    // Parts that are still to be looked at, the next one last.
    let (mut parts, mut count) = (vec![(bytes, 0)], 0);
    while let Some((part, depth)) = parts.pop() {
        let Some((heads, body)) = Heads::cut(part) else { continue };
        if heads.kind() == "text/html" || heads.kind() == "application/xhtml+xml" {
            return Some(content(&heads, body));
        }
        count += 1;
        if let Some(boundary) = heads.parameter("boundary")
            && depth < MAX_DEPTH
            && count < MAX_PARTS
        {
            let inner = parts_of(body, boundary);
            parts.extend(inner.into_iter().rev().map(|part| (part, depth + 1)));
        }
    }
    None
}

/// The parts between the lines of a boundary.
fn parts_of<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut begun: Option<usize> = None;
    for at in memchr::memmem::find_iter(body, mark.as_bytes()) {
        let is_line = at == 0 || body.get(at - 1) == Some(&b'\n');
        let behind = body.get(at + mark.len()..).unwrap_or_default();
        // A longer boundary may begin alike.
        let is_end = behind.starts_with(b"--");
        if !is_line || !(is_end || behind.first().is_none_or(u8::is_ascii_whitespace)) {
            continue;
        }
        parts.extend(begun.and_then(|from| body.get(from..at)));
        let line = memchr::memchr(b'\n', behind).map_or(behind.len(), |at| at + 1);
        begun = (!is_end).then_some(at + mark.len() + line);
        if is_end || parts.len() > MAX_PARTS {
            break;
        }
    }
    // The last line may be missing.
    parts.extend(begun.and_then(|from| body.get(from..)));
    parts
}

/// The bytes of a part as they were before the mail, in an encoding that a page is taken to have.
fn content(heads: &Heads, body: &[u8]) -> Result<Vec<u8>, Problem> {
    let bytes: Cow<'_, [u8]> =
        match heads.get("content-transfer-encoding").trim().to_ascii_lowercase().as_str() {
            "quoted-printable" => quoted(body).into(),
            "base64" => {
                let letters: Vec<u8> = body.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
                let config =
                    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
                let decoded = GeneralPurpose::new(&STANDARD, config).decode(letters);
                decoded
                    .map_err(|error| Problem {
                        code: ProblemCode::Unreadable,
                        at: Untrusted::default(),
                        line: 0,
                        detail: Untrusted::new(format!("damaged document, fetch it again: {error}")),
                    })?
                    .into()
            }
            _ => body.into(),
        };
    // What the mail says of the letters counts where the page says nothing.
    let declared = heads.parameter("charset").filter(|_| memchr::memmem::find(&bytes, b"charset").is_none());
    match declared.and_then(|charset| decode(&bytes, Some(charset))) {
        Some((text, _)) => Ok(text.into_owned().into_bytes()),
        None => Ok(bytes.into_owned()),
    }
}

/// Bytes that are written as `=E6`, with `=` at the end of a line that goes on.
fn quoted(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'=' {
            out.push(*byte);
            continue;
        }
        let digits = rest.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        let line = rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            out.push(byte);
            rest = rest.get(2..).unwrap_or_default();
        } else if matches!(rest.get(line), Some(b'\n') | None) {
            rest = rest.get(line + 1..).unwrap_or_default();
        } else {
            out.push(b'=');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><body><p>新县 a=1</p></body></html>";

    fn escaped(bytes: &[u8]) -> String {
        let all: Vec<String> = bytes.iter().map(|b| format!("={b:02X}")).collect();
        let all = all.concat();
        all.as_bytes().chunks(72).map(|line| String::from_utf8(line.to_vec()).unwrap() + "=\r\n").collect()
    }

    fn mail(encoding: &str, kind: &str, body: &str) -> String {
        format!(
            "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--B\"\r\n\r\n\r\n----B\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n----B\r\nContent-Type: image/png\r\n\r\nxx\r\n----B--\r\n"
        )
    }

    #[test]
    fn the_page_of_a_mail() {
        let gbk = encoding_rs::GB18030.encode(PAGE).0.into_owned();
        let base64 = base64::engine::general_purpose::STANDARD.encode(PAGE);
        let nested = mail(
            "8bit",
            "multipart/alternative; boundary=X",
            &format!("--X\n{}", {
                format!("Content-Type: text/plain\n\nno\n--X\nContent-Type: text/html\n\n{PAGE}\n--X--")
            }),
        );
        let mails = [
            mail("8bit", "text/html", PAGE),
            mail("quoted-printable", "text/html", &escaped(PAGE.as_bytes())),
            mail("quoted-printable", "text/html; charset=\"gb2312\"", &escaped(&gbk)),
            mail("base64", "text/html; charset=utf-8", &base64),
            format!("MIME-Version: 1.0\nContent-Type: text/html\n\n{PAGE}"),
            nested,
        ];
        for mail in mails {
            assert!(is_mail(mail.as_bytes()), "{mail}");
            let bytes = page(mail.as_bytes()).unwrap().unwrap();
            let text = decode(&bytes, None).unwrap().0;
            assert_eq!(text.trim(), PAGE, "{mail}");
        }
    }

    #[test]
    fn what_is_no_mail() {
        for text in [
            "标题: 一\nMIME-Version: 1.0\n\n",
            "<html>\nMIME-Version: 1.0",
            "MIME-Version: 1.0",
            "Content-Type: text/html\n\n<p>",
            "",
        ] {
            assert!(!is_mail(text.as_bytes()), "{text}");
        }
        let empty = mail("8bit", "image/png", "x");
        assert!(is_mail(empty.as_bytes()) && page(empty.as_bytes()).is_none());
        let broken = mail("base64", "text/html", "<<<>>>");
        assert!(page(broken.as_bytes()).unwrap().is_err());
    }
}
