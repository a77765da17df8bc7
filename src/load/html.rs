//! Saved web pages: the text of their blocks, and their tables cell by cell.
//!
//! A page holds more than a report: navigation, scripts, tables that only lay the page out. What is no text of the page
//! is left out, and a table with another table inside counts as layout.

use scraper::{ElementRef, Html, Node};

use super::decode::decode;
use super::normalise::raised;
use super::page::{Cell, Page};
use super::sight::Sight;
use super::text::publisher::{META_NAMES, PAGE_META, PAGE_TITLE};
use super::{Format, Reading, Record, Unit, View, text};
use crate::display::Untrusted;
use crate::report::{Problem, ProblemCode};

/// Web pages.
pub(super) const HTML: Format = Format {
    name: "html",
    about: "a saved web page",
    recognises,
    unit: Unit::File,
    view: View::Rendered(render),
    read,
};

/// Elements inside each other at most: deeper ones are left out, as reading them would use up the stack.
const MAX_DEPTH: usize = 512;
/// Tags of a page at most.
const MAX_TAGS: usize = 400_000;

fn recognises(head: &[u8], _: &std::path::Path) -> bool {
    const TAGS: [&str; 6] = ["!doctype html", "html", "table", "td", "body", "div"];
    let is_json = matches!(head.trim_ascii_start().first(), Some(b'{' | b'['));
    let wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let narrow: Vec<u8> = if wide { head.iter().copied().filter(|b| *b != 0).collect() } else { Vec::new() };
    let head = if wide { narrow.as_slice() } else { head };
    let is_tag = |at: usize| {
        let name = head.get(at + 1..).unwrap_or_default();
        TAGS.iter().any(|tag| name.get(..tag.len()).is_some_and(|n| n.eq_ignore_ascii_case(tag.as_bytes())))
    };
    !is_json && memchr::memchr_iter(b'<', head).any(is_tag)
}

fn read(record: &Record<'_>) -> Reading {
    text::read_rendered(record, render(record), HTML.name)
}

fn problem(code: ProblemCode, detail: &str) -> Problem {
    Problem { code, at: Untrusted::default(), line: 0, detail: detail.into() }
}

/// The text of a page.
fn render(record: &Record<'_>) -> Result<String, Problem> {
    let (source, _) = decode(record.bytes, charset(record.bytes).as_deref())
        .ok_or_else(|| problem(ProblemCode::NotUtf8, "neither UTF-8 nor GB18030"))?;
    check_nesting(&source)?;
    let html = Html::parse_document(&source);
    let mut walk = Walk { page: Page::default(), line: String::new(), sight: Sight::of(&html) };
    // What the site calls the page names its place; as a row of cells nobody takes it for the title of the report.
    // The same holds of what the head says of the publisher.
    let cell = |text: &str| Cell { text: text.to_owned(), columns: 1, rows: 1 };
    let mut head: Vec<Vec<Cell>> = Vec::new();
    head.extend(title(&html).map(|title| vec![cell(PAGE_TITLE), cell(&title)]));
    head.extend(metadata(&html).map(|(name, content)| vec![cell(PAGE_META), cell(name), cell(&content)]));
    for row in head {
        walk.page.table(&[row]);
    }
    walk.children(html.root_element(), 0);
    walk.end_line();
    Ok(walk.page.into_text())
}

/// What the page calls itself.
fn title(html: &Html) -> Option<String> {
    let elements = html.root_element().descendants().filter_map(ElementRef::wrap);
    let title = elements.into_iter().find(|element| element.value().name() == "title")?;
    let text: String = title.text().flat_map(str::chars).take(200).collect();
    Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

/// What the head of the page says of the document, by the names that sites of governments use.
fn metadata(html: &Html) -> impl Iterator<Item = (&'static str, String)> + '_ {
    let elements = html.root_element().descendants().filter_map(ElementRef::wrap);
    let metas = elements.filter(|element| element.value().name() == "meta").take(64);
    metas.filter_map(|meta| {
        let name = meta.value().attr("name")?.trim();
        let known = META_NAMES.iter().find(|known| known.eq_ignore_ascii_case(name))?;
        let content: String = meta.value().attr("content")?.chars().take(200).collect();
        let content = content.split_whitespace().collect::<Vec<_>>().join(" ");
        (!content.is_empty()).then_some((*known, content))
    })
}

/// The charset that a page declares.
fn charset(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(4_096))?.to_ascii_lowercase();
    let at = memchr::memmem::find(&head, b"charset")? + "charset".len();
    let rest = head.get(at..)?;
    let name: Vec<u8> = rest
        .iter()
        .copied()
        .skip_while(|b| b"= \"'".contains(b))
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'_')
        .collect();
    String::from_utf8(name).ok().filter(|name| !name.is_empty())
}

/// Elements of looks only: those that are left open are opened again in every paragraph behind.
const LOOKS: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// So many elements that look the same are opened again.
const MAX_ALIKE: usize = 3;
/// Elements of looks that are opened again at most.
const MAX_REOPENED: usize = 500_000;
/// Attributes of a tag at most: the parser compares each with all others.
const MAX_ATTRIBUTES: usize = 4_096;

/// Refuses a page that would use up stack, memory or time: the parser has no limits of its own.
fn check_nesting(source: &str) -> Result<(), Problem> {
    const VOID: [&str; 10] = ["br", "img", "input", "meta", "link", "hr", "col", "p", "li", "wbr"];
    let (mut depth, mut deepest, mut tags) = (0_usize, 0_usize, 0_usize);
    let (mut looks, mut scanned) = (OpenLooks::default(), 0_usize);
    let bytes = source.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        tags += 1;
        looks.add_tag();
        let after = bytes.get(at + 1..(at + 12).min(bytes.len())).unwrap_or_default();
        match after.first() {
            Some(b'/') => {
                depth = depth.saturating_sub(1);
                let name = name_of(after.get(1..).unwrap_or_default());
                if is_of_looks(&name) {
                    looks.close();
                }
            }
            Some(c) if c.is_ascii_alphabetic() => {
                let name = name_of(after);
                if !VOID.iter().any(|void| void.as_bytes() == name) {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
                let (tag, attributes) = tag_at(bytes.get(at..).unwrap_or_default());
                scanned += tag.len();
                // Tags end soon. Where quotes swallow the page again and again, it is no page.
                if attributes > MAX_ATTRIBUTES || scanned > MAX_SCANNED.saturating_add(8 * bytes.len()) {
                    return Err(problem(ProblemCode::TooLarge, "more attributes than any report"));
                }
                if is_of_looks(&name) {
                    looks.open(tag.get(..LONG_TAG).unwrap_or(tag));
                }
            }
            _ => {}
        }
    }
    if tags > MAX_TAGS {
        return Err(problem(ProblemCode::TooLarge, "more tags than any report"));
    }
    // Unclosed cells count as open here, but the parser closes them: only absurd numbers are refused.
    if deepest > 20_000 || looks.reopened > MAX_REOPENED {
        return Err(problem(ProblemCode::TooLarge, "elements nested too deep"));
    }
    Ok(())
}

/// A longer tag is the same as another one with the same beginning.
const LONG_TAG: usize = 256;
/// A tag with more bytes is looked at so far only.
const LONGEST_TAG: usize = 1 << 20;
/// Bytes of tags at most, besides a multiple of those of the page.
const MAX_SCANNED: usize = 16 << 20;

fn name_of(tag: &[u8]) -> Vec<u8> {
    let name: Vec<u8> = tag.iter().copied().take_while(u8::is_ascii_alphanumeric).collect();
    name.to_ascii_lowercase()
}

fn is_of_looks(name: &[u8]) -> bool {
    LOOKS.iter().any(|look| look.as_bytes() == name)
}

/// The elements of looks that are open, as far as the tags tell.
#[derive(Default)]
struct OpenLooks<'a> {
    /// How often each tag is open, in the order in which they were opened.
    open: Vec<&'a [u8]>,
    /// How many times each is among them.
    alike: std::collections::HashMap<&'a [u8], usize>,
    /// How many of them are opened again in a new paragraph: of those that look the same only some.
    counted: usize,
    /// The elements that the parser makes of them, if every tag begins a paragraph.
    reopened: usize,
}

impl<'a> OpenLooks<'a> {
    const fn add_tag(&mut self) {
        self.reopened = self.reopened.saturating_add(self.counted);
    }

    fn open(&mut self, tag: &'a [u8]) {
        let alike = self.alike.entry(tag).or_default();
        *alike += 1;
        self.counted += usize::from(*alike <= MAX_ALIKE);
        self.open.push(tag);
    }

    fn close(&mut self) {
        let Some(alike) = self.open.pop().and_then(|tag| self.alike.get_mut(tag)) else { return };
        self.counted -= usize::from(*alike <= MAX_ALIKE);
        *alike -= 1;
    }
}

/// A tag with its attributes, and how many there are.
fn tag_at(bytes: &[u8]) -> (&[u8], usize) {
    let bytes = bytes.get(..LONGEST_TAG).unwrap_or(bytes);
    let (mut quote, mut attributes, mut is_value) = (None, 0, false);
    for (i, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (None, b'>') => return (bytes.get(..=i).unwrap_or(bytes), attributes),
            // Elsewhere a quote is a character of a name or a value.
            (None, b'"' | b'\'') if is_value => quote = Some(byte),
            (None, b'/' | b' ' | b'\t' | b'\n' | b'\r' | b'\x0c') => attributes += 1,
            _ => {}
        }
        is_value = *byte == b'=' || (is_value && byte.is_ascii_whitespace());
    }
    (bytes, attributes)
}

/// Elements that begin and end a line.
const BLOCKS: [&str; 30] = [
    "p",
    "div",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "center",
    "blockquote",
    "pre",
    "form",
    "fieldset",
    "hr",
    "tr",
    "td",
    "th",
];

struct Walk {
    page: Page,
    line: String,
    sight: Sight,
}

impl Walk {
    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let words: Vec<&str> = line.split_whitespace().collect();
        if !words.is_empty() {
            self.page.lines(&words.join(" "));
        }
    }

    fn children(&mut self, element: ElementRef<'_>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let look = self.sight.look(element.value());
        for child in element.children() {
            match child.value() {
                Node::Text(_) if !look.shows() || look.is_struck => {}
                Node::Text(text) if look.is_raised => self.line.push_str(&raised(text)),
                Node::Text(text) => self.line.push_str(text),
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize) {
        let name = element.value().name();
        if self.sight.look(element.value()).is_gone {
            return;
        }
        if name == "table" && !holds_table(element, depth) {
            self.end_line();
            let rows = rows(element, &self.sight);
            self.page.table(&rows);
            return;
        }
        let is_block = BLOCKS.contains(&name) || name == "table";
        if is_block {
            self.end_line();
        }
        self.children(element, depth);
        if is_block {
            self.end_line();
        }
    }
}

/// Whether a table has another one inside: then it lays the page out.
fn holds_table(table: ElementRef<'_>, depth: usize) -> bool {
    depth < MAX_DEPTH
        && table
            .descendants()
            .skip(1)
            .any(|node| node.value().as_element().is_some_and(|e| e.name() == "table"))
}

/// The rows of a table, wherever its parts stand.
fn rows(table: ElementRef<'_>, sight: &Sight) -> Vec<Vec<Cell>> {
    let is_there = |element: &ElementRef<'_>| !sight.look(element.value()).is_gone;
    let rows = table.descendants().filter_map(ElementRef::wrap).filter(|e| e.value().name() == "tr");
    rows.filter(is_there)
        .map(|row| {
            let cells = row.children().filter_map(ElementRef::wrap);
            let cells = cells.filter(|cell| matches!(cell.value().name(), "td" | "th")).filter(is_there);
            cells.map(|element| cell(element, sight)).collect()
        })
        .collect()
}

fn cell(element: ElementRef<'_>, sight: &Sight) -> Cell {
    let span = |name: &str| element.value().attr(name).and_then(|n| n.trim().parse().ok()).unwrap_or(1);
    // rowspan="0" reaches to the end of the table.
    let rows = match span("rowspan") {
        0 => usize::MAX,
        n => n,
    };
    Cell { text: cell_text(element, sight), columns: span("colspan"), rows }
}

/// What is seen in a cell. Where only struck text is left, it is shown as such: neither a figure nor a blank cell. White
/// text beside text that is not is set apart, as nobody knows what it stands on.
fn cell_text(element: ElementRef<'_>, sight: &Sight) -> String {
    let (mut text, mut struck) = (String::new(), String::new());
    let mut was_white = None;
    for node in element.descendants() {
        match node.value() {
            Node::Text(piece) => {
                let around = node.parent().and_then(|n| n.value().as_element());
                let Some(look) = around.map(|around| sight.look(around)).filter(|look| look.shows()) else {
                    continue;
                };
                if look.is_struck {
                    struck.push_str(piece);
                    continue;
                }
                if !piece.trim().is_empty()
                    && was_white.replace(look.is_white).is_some_and(|was| was != look.is_white)
                {
                    text.push(' ');
                }
                if look.is_raised { text.push_str(&raised(piece)) } else { text.push_str(piece) }
            }
            Node::Element(inner) if BLOCKS.contains(&inner.name()) => text.push('\n'),
            Node::Element(_) => {
                if let Some(element) = ElementRef::wrap(node) {
                    text.push_str(&filled_in(element));
                }
            }
            _ => {}
        }
    }
    if text.trim().is_empty() && !struck.trim().is_empty() { format!("~~{}~~", struck.trim()) } else { text }
}

/// What a field of a form or a picture of a figure shows in a cell. What was chosen from a list is not told: the list
/// stands for it, which is no figure.
fn filled_in(element: ElementRef<'_>) -> String {
    let inner = element.value();
    let attribute = |name: &str| inner.attr(name).unwrap_or_default();
    match inner.name() {
        "input" if matches!(attribute("type"), "" | "text" | "number" | "tel") => {
            attribute("value").to_owned()
        }
        "textarea" => element.text().collect(),
        "select" => "〔…〕".to_owned(),
        "img" if attribute("alt").contains(|c: char| c.is_ascii_digit()) => attribute("alt").to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_the_parser_would_multiply_are_refused() {
        let many = |count: usize, of: &dyn Fn(usize) -> String| (0..count).map(of).collect::<String>();
        let refused = [
            many(5_000, &|i| format!("<p><b a={i}>")),
            many(5_000, &|i| format!("<nobr><table><td><i c={i}>")),
            many(5_000, &|i| format!("<font x='{i}'><p>文")),
            format!("<p {}>文", many(5_000, &|i| format!(" a{i}=1"))),
            format!("<p {}>文", many(5_000, &|i| format!("/a{i}"))),
            many(20_000, &|i| format!("<p a='{i}")),
            "<div>".repeat(30_000),
        ];
        for page in &refused {
            assert!(check_nesting(page).is_err(), "{}", page.get(..60).unwrap_or(page));
        }
        let read = [
            // What is closed is not opened again, and of what looks the same little is.
            many(20_000, &|i| format!("<p><b a={i}>文</b></p>")),
            many(20_000, &|_| "<p><font face=宋体>文</p>".to_owned()),
            format!("<p title=\"{}\">文", "长 ".repeat(10_000)),
            format!("<script>s = \"<p title='\"</script>{}", "<p>文</p>".repeat(10_000)),
            format!("<img src=data:image/png;base64,{}>", "a".repeat(100_000)),
        ];
        for page in &read {
            assert!(check_nesting(page).is_ok(), "{}", page.get(..60).unwrap_or(page));
        }
    }
}
