//! What a reader of a web page sees: elements that are not shown, struck text, and the small raised digits of notes.
//!
//! Only what the page itself says is known: its attributes, and the simplest rules of its own style sheets.

use std::collections::HashMap;

use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

/// Rules of a page at most.
const MAX_RULES: usize = 5_000;
/// Bytes of its style sheets at most.
const MAX_STYLE: usize = 2 << 20;

/// Elements without text for readers.
const SILENT: [&str; 18] = [
    "script", "style", "noscript", "head", "template", "svg", "iframe", "select", "datalist", "button",
    "nav", "object", "video", "audio", "canvas", "textarea", "rt", "rp",
];

/// How the text of an element is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub(super) struct Look {
    /// Neither it nor anything in it is shown.
    pub(super) is_gone: bool,
    /// It is shown struck out.
    pub(super) is_struck: bool,
    /// It is small, and stands above or below the line.
    pub(super) is_raised: bool,
    /// It is white: on paper nobody sees it, but what it stands on is not known.
    pub(super) is_white: bool,
    is_invisible: bool,
    has_no_size: bool,
}

impl Look {
    /// Whether text that stands directly in the element is seen.
    pub(super) const fn shows(self) -> bool {
        !(self.is_gone || self.is_invisible || self.has_no_size)
    }
}

/// What a rule says; nothing where it leaves things as they are.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    is_gone: Option<bool>,
    is_struck: Option<bool>,
    is_raised: Option<bool>,
    is_white: Option<bool>,
    is_invisible: Option<bool>,
    has_no_size: Option<bool>,
}

/// How all elements of a page are seen.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// By the address of the element; one that looks like plain text is left out.
    looks: HashMap<usize, Look>,
}

fn address(element: &Element) -> usize {
    std::ptr::from_ref(element) as usize
}

impl Sight {
    /// Looks at all elements of a page.
    pub(super) fn of(html: &Html) -> Self {
        let rules = rules(html);
        let mut sight = Self::default();
        for node in html.root_element().descendants() {
            let Node::Element(element) = node.value() else { continue };
            let parent = node.parent().and_then(|parent| parent.value().as_element());
            let around = parent.map_or_else(Look::default, |parent| sight.look(parent));
            let look = look(element, around, &rules);
            if look != Look::default() {
                sight.looks.insert(address(element), look);
            }
        }
        sight
    }

    /// How an element is seen.
    pub(super) fn look(&self, element: &Element) -> Look {
        self.looks.get(&address(element)).copied().unwrap_or_default()
    }
}

/// How an element in one that is seen in some way is seen itself.
fn look(element: &Element, around: Look, rules: &HashMap<String, Said>) -> Look {
    let name = element.name();
    let mut said = Said::default();
    if !rules.is_empty() {
        let mut add = |key: &str| said.add(rules.get(key).copied().unwrap_or_default());
        add(name);
        element.classes().for_each(|class| add(&format!(".{class}")));
        element.classes().for_each(|class| add(&format!("{name}.{class}")));
        element.attr("id").into_iter().for_each(|id| add(&format!("#{id}")));
    }
    if let Some(style) = element.attr("style") {
        said.add(declared(style));
    }
    let is_silent = SILENT.contains(&name) || element.attr("hidden").is_some();
    Look {
        is_gone: around.is_gone || is_silent || said.is_gone.unwrap_or(false),
        // A line through an element goes through all that is in it, whatever that says of itself.
        is_struck: around.is_struck || said.is_struck.unwrap_or(matches!(name, "del" | "s" | "strike")),
        is_raised: said.is_raised.unwrap_or(around.is_raised || matches!(name, "sup" | "sub")),
        is_white: said.is_white.unwrap_or(around.is_white),
        is_invisible: said.is_invisible.unwrap_or(around.is_invisible),
        has_no_size: said.has_no_size.unwrap_or(around.has_no_size),
    }
}

impl Said {
    /// What is said later counts.
    fn add(&mut self, later: Self) {
        self.is_gone = later.is_gone.or(self.is_gone);
        self.is_struck = later.is_struck.or(self.is_struck);
        self.is_raised = later.is_raised.or(self.is_raised);
        self.is_white = later.is_white.or(self.is_white);
        self.is_invisible = later.is_invisible.or(self.is_invisible);
        self.has_no_size = later.has_no_size.or(self.has_no_size);
    }
}

/// What the declarations of a style say.
fn declared(style: &str) -> Said {
    let mut said = Said::default();
    let (mut left_out, mut is_cut, mut is_empty) = (false, false, false);
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.to_ascii_lowercase();
        let value = value.split('!').next().unwrap_or_default().trim();
        let number =
            || value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%').trim().parse::<f64>();
        match property.trim().to_ascii_lowercase().as_str() {
            "display" => said.is_gone = Some(value == "none"),
            "visibility" => said.is_invisible = Some(matches!(value, "hidden" | "collapse")),
            "opacity" if number().is_ok_and(|n| n <= 0.0) => said.is_gone = Some(true),
            "font-size" => said.has_no_size = Some(number().is_ok_and(|n| n <= 0.0)),
            "text-decoration" | "text-decoration-line" => {
                said.is_struck = Some(value.contains("line-through"));
            }
            "vertical-align" => said.is_raised = Some(matches!(value, "super" | "sub")),
            "color" if value == "transparent" => said.has_no_size = Some(true),
            "color" => said.is_white = Some(is_white(value)),
            // Put far off the page, or cut to nothing: texts for programs that read aloud.
            "left" | "top" | "margin-left" | "text-indent" => left_out |= number().is_ok_and(|n| n <= -500.0),
            "overflow" => is_cut = value == "hidden",
            "width" | "height" | "max-height" | "max-width" => is_empty |= number().is_ok_and(|n| n <= 0.0),
            _ => {}
        }
    }
    if left_out || (is_cut && is_empty) {
        said.is_gone = Some(true);
    }
    said
}

fn is_white(color: &str) -> bool {
    let color: String = color.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(color.as_str(), "white" | "#fff" | "#ffffff" | "rgb(255,255,255)" | "rgba(255,255,255,1)")
}

/// The rules of the page's own style sheets that are about one tag, class or name. What holds for printing or for small
/// screens only is left out.
fn rules(html: &Html) -> HashMap<String, Said> {
    let mut rules: HashMap<String, Said> = HashMap::new();
    let elements = html.root_element().descendants().filter_map(ElementRef::wrap);
    for sheet in elements.filter(|element| element.value().name() == "style") {
        let text: String = sheet.text().collect();
        if text.len() > MAX_STYLE
            || sheet.value().attr("media").is_some_and(|m| !matches!(m, "all" | "screen"))
        {
            continue;
        }
        for (selectors, said) in blocks(&without_comments(&text)) {
            let is_simple = |selector: &&str| {
                let name = selector.trim_start_matches(['.', '#']);
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))
            };
            for selector in selectors.split(',').map(str::trim).filter(is_simple) {
                if rules.len() < MAX_RULES {
                    rules.entry(selector.to_owned()).or_default().add(said);
                }
            }
        }
    }
    rules
}

fn without_comments(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}

/// The rules of a style sheet that hold always: their selectors, and what they say.
fn blocks(sheet: &str) -> Vec<(&str, Said)> {
    let mut out = Vec::new();
    let mut rest = sheet;
    while let Some((selectors, after)) = rest.split_once('{') {
        let selectors = selectors.rsplit([';', '}']).next().unwrap_or_default().trim();
        if selectors.starts_with('@') {
            rest = behind_block(after);
        } else {
            let (body, behind) = after.split_once('}').unwrap_or((after, ""));
            out.push((selectors, declared(body)));
            rest = behind;
        }
        if out.len() > MAX_RULES {
            break;
        }
    }
    out
}

/// What follows a block whose opening brace has been read.
fn behind_block(text: &str) -> &str {
    let mut depth = 1_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return text.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of a page that is seen, struck text between dashes and raised text between carets.
    fn seen(body: &str) -> String {
        let html = Html::parse_document(body);
        let sight = Sight::of(&html);
        let mut out = String::new();
        for node in html.root_element().descendants() {
            let Node::Text(text) = node.value() else { continue };
            let Some(parent) = node.parent().and_then(|p| p.value().as_element()) else { continue };
            let look = sight.look(parent);
            match look {
                _ if !look.shows() => {}
                Look { is_struck: true, .. } => out.push_str(&format!("-{text}-", text = &**text)),
                Look { is_raised: true, .. } => out.push_str(&format!("^{text}^", text = &**text)),
                _ => out.push_str(text),
            }
        }
        out
    }

    #[test]
    fn what_is_not_shown_is_not_read() {
        let hidden = [
            "<span style='display:none'>5</span>",
            "<span style='DISPLAY : none !important'>5</span>",
            "<span style='visibility:hidden'>5</span>",
            "<span hidden>5</span>",
            "<span style='font-size:0'>5</span>",
            "<span style='font-size:0pt'>5</span>",
            "<span style='opacity:0'><b>5</b></span>",
            "<span style='color:transparent'>5</span>",
            "<span style='position:absolute;left:-9999px'>5</span>",
            "<span style='overflow:hidden;width:0;display:inline-block'>5</span>",
            "<template>5</template>",
            "<select><option>5</select>",
            "<ruby><rt>5</rt><rp>5</rp></ruby>",
            "<svg><text>5</text></svg>",
            "<style>.a,#b{display:none}</style><i class='x a'>5</i><i id=b>5</i>",
            "<style>i.c , b.c{ display : none !important }</style><i class=c>5</i>",
            "<i style='visibility: collapse ! important ;'>5</i>",
            "<style>/* .n{} */ @charset 'x'; i.c{visibility:hidden}</style><i class=c>5</i>",
        ];
        for body in hidden {
            assert_eq!(seen(&format!("<p>31{body}19</p>")), "3119", "{body}");
        }
    }

    #[test]
    fn what_is_shown_is_read() {
        let shown = [
            "<span aria-hidden=true>5</span>",
            "<span style='display:inline'>5</span>",
            "<span style='opacity:0.9'>5</span>",
            "<span style='font-size:0.8em'>5</span>",
            "<span style='font-size:0'><b style='font-size:12pt'>5</b></span>",
            "<span style='visibility:hidden'><b style='visibility:visible'>5</b></span>",
            "<style>@media print{.a{display:none}} .b .a{display:none} .a:hover{display:none}</style><i class=a>5</i>",
            "<style>.a{display:none} .a{display:block}</style><i class=a>5</i>",
            "<style>.a{display:none}</style><i class=a style='display:inline'>5</i>",
            "<style media=print>.a{display:none}</style><i class=a>5</i>",
        ];
        for body in shown {
            assert_eq!(seen(&format!("<p>31{body}19</p>")), "31519", "{body}");
        }
    }

    #[test]
    fn struck_and_raised_text_is_known() {
        for body in [
            "<del>5</del>",
            "<s>5</s>",
            "<strike><b>5</b></strike>",
            "<b style='text-decoration: red line-through'>5</b>",
        ] {
            assert_eq!(seen(&format!("<p>{body}19</p>")), "-5-19", "{body}");
        }
        for body in ["<sup>5</sup>", "<sub><a>5</a></sub>", "<b style='vertical-align:super'>5</b>"] {
            assert_eq!(seen(&format!("<p>19{body}</p>")), "19^5^", "{body}");
        }
        assert_eq!(seen("<p><ins>5</ins><u>6</u></p>"), "56");
    }
}
