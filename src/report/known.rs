//! How the agency and the year of a report came to be known: a title says them, anything else only tells of them.

use crate::display::Lang;

/// Where a document has its agency or its year from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KnownBy {
    /// The title of the report.
    Title,
    /// A sentence that announces the report, or that states its period.
    Sentence,
    /// What the page says of itself: its publisher, its own title.
    Metadata,
    /// Concluded from words that are about something else: never the ground of an error.
    Inferred,
}

/// Name, Chinese and English mark of each.
const ALL: [(KnownBy, &str, &str, &str); 4] = [
    (KnownBy::Title, "title", "", ""),
    (KnownBy::Sentence, "sentence", "据正文", "from the text"),
    (KnownBy::Metadata, "metadata", "据发布信息", "from the page"),
    (KnownBy::Inferred, "inferred", "推断", "inferred"),
];

impl KnownBy {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Title, Self::Sentence, Self::Metadata, Self::Inferred];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        ALL.iter().find(|(by, ..)| *by == self).map_or("", |(_, name, ..)| name)
    }

    /// What has that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        ALL.iter().find(|(_, known, ..)| *known == name).map(|(by, ..)| *by)
    }

    /// The mark behind what is known so, with a space before it in English; nothing where a title says it.
    #[must_use]
    pub fn mark(self, lang: Lang) -> String {
        let Some((_, _, zh, en)) = ALL.iter().find(|(by, ..)| *by == self && self != Self::Title) else {
            return String::new();
        };
        lang.pick(format!("（{zh}）"), format!(" ({en})"))
    }
}

/// The mark behind an agency or a year: nothing where the document does not say how it is known.
#[must_use]
pub fn mark(by: Option<KnownBy>, lang: Lang) -> String {
    by.map_or_else(String::new, |by| by.mark(lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back_and_only_a_title_has_no_mark() {
        for by in KnownBy::ALL {
            assert_eq!(KnownBy::parse(by.name()), Some(by));
            for lang in [Lang::Zh, Lang::En] {
                assert_eq!(by.mark(lang).is_empty(), by == KnownBy::Title);
            }
        }
        assert_eq!(KnownBy::parse("guess"), None);
        assert_eq!(mark(None, Lang::Zh), "");
    }
}
