//! What people settled by hand about the reports of a corpus, where the documents leave it open: which county an agency
//! belongs to, and which of several versions stands for a year.
//!
//! Plain data: the store of decisions keeps it, the index obeys it. Nothing here looks at a report, and nothing here
//! settles what nobody has settled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::display::Untrusted;

/// Everything that is settled by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// The county's code of six digits, by the key of an agency (see [`agency_key`]: all its years) or by the
    /// identifier of a single report.
    pub places: BTreeMap<String, Choice>,
    /// The identifier of the report that stands for a year, by what all versions of that year have before their `@`.
    pub versions: BTreeMap<String, Choice>,
    /// When the version for a year was left to the dates again, by the same; that holds for every way in which the
    /// versions write the name of their agency.
    pub left: BTreeMap<String, String>,
}

/// Something that is settled, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What it is settled to.
    pub value: String,
    /// Who settled it.
    pub reviewer: Untrusted,
    /// When, in UTC.
    pub at: String,
    /// What somebody else had settled it to, who has not changed it since.
    #[serde(default)]
    pub otherwise: Option<Box<Choice>>,
}

impl Choices {
    /// The code of the county that an agency of an open place belongs to. What is settled for the one report comes
    /// before what is settled for the agency.
    #[must_use]
    pub fn place_of(&self, county: &str, agency: &str, report_id: impl FnOnce() -> String) -> Option<&str> {
        if self.places.is_empty() {
            return None;
        }
        let of_report = self.places.get(&report_id());
        let choice = of_report.or_else(|| self.places.get(&agency_key(county, agency)))?;
        Some(&choice.value)
    }

    /// The identifier of the report that stands for the year, where there are several.
    #[must_use]
    pub fn version_of(&self, base: &str) -> Option<&str> {
        self.versions.get(base).map(|choice| choice.value.as_str())
    }

    /// The same where versions write the name of their agency in several ways: what was said last counts.
    #[must_use]
    pub fn version_of_any<'b>(&self, bases: impl Iterator<Item = &'b str>) -> Option<&str> {
        let (mut chosen, mut left): (Option<&Choice>, Option<&String>) = (None, None);
        for base in bases {
            let choice = self.versions.get(base);
            chosen = choice.into_iter().chain(chosen).max_by(|a, b| a.at.cmp(&b.at));
            left = left.max(self.left.get(base));
        }
        chosen.filter(|choice| left.is_none_or(|at| *at < choice.at)).map(|choice| choice.value.as_str())
    }
}

/// What names an agency whose place is open: `?新县/教育局`.
#[must_use]
pub fn agency_key(county: &str, agency: &str) -> String {
    format!("?{}/{}", plain_name(county), plain_name(agency))
}

/// Whether a text has the form of a county's code: six digits.
#[must_use]
pub fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

/// What the identifiers of all versions of a year have in common: what stands before the last `@`.
#[must_use]
pub fn base_of(report_id: &str) -> Option<&str> {
    report_id.rsplit_once('@').map(|(base, _)| base)
}

/// A name without what differs between formats: blanks and forms of characters.
#[must_use]
pub fn plain_name(name: &str) -> String {
    // Nearly all names consist of characters that stand for themselves.
    if name.chars().all(|c| c.is_ascii_graphic() || matches!(c, '\u{4e00}'..='\u{9fff}')) {
        return name.to_owned();
    }
    name.nfkc().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(value: &str) -> Choice {
        let at = "2026-11-21T10:28:11.123Z".into();
        Choice { value: value.into(), reviewer: "甲".into(), at, otherwise: None }
    }

    fn choices(places: &[(&str, &str)]) -> Choices {
        let places = places.iter().map(|(key, code)| ((*key).to_owned(), choice(code))).collect();
        Choices { places, ..Choices::default() }
    }

    #[test]
    fn a_name_is_the_same_however_it_is_spaced_and_formed() {
        assert_eq!(agency_key("新县", "教育局"), "?新县/教育局");
        assert_eq!(agency_key(" 新　县 ", "教育局\n（本级）"), agency_key("新县", "教育局(本级)"));
        assert_ne!(agency_key("新县", "教育局"), agency_key("新乡县", "教育局"));
        assert_ne!(
            agency_key("", "新县教育局"),
            agency_key("新县", "教育局"),
            "where the county ends counts"
        );
    }

    #[test]
    fn the_single_report_comes_before_the_agency() {
        type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>);
        let of_agency = ("?鼓楼区/教育局", "320106");
        let of_report = ("?鼓楼区/教育局/2024@ab12", "410204");
        let other = ("?鼓楼区/民政局", "350102");
        let cases: [Case<'_>; 6] = [
            (&[], None),
            (&[of_agency], Some("320106")),
            (&[of_report], Some("410204")),
            (&[of_agency, of_report], Some("410204")),
            (&[of_agency, ("?鼓楼区/教育局/2024@ffff", "410204")], Some("320106")),
            (&[other], None),
        ];
        for (places, want) in cases {
            let choices = choices(places);
            let found = choices.place_of("鼓楼 区", "教育局", || "?鼓楼区/教育局/2024@ab12".to_owned());
            assert_eq!(found, want, "{places:?}");
        }
        let none = Choices::default();
        assert_eq!(none.place_of("鼓楼区", "教育局", || unreachable!("nothing is settled")), None);
    }

    #[test]
    fn a_version_stands_for_its_own_year_only() {
        let id = "411523/教育局/2024@ab12";
        let base = base_of(id).unwrap();
        assert_eq!(base, "411523/教育局/2024");
        assert_eq!(base_of("411523/a@b/2024@ab12"), Some("411523/a@b/2024"));
        assert_eq!(base_of("411523/教育局/2024"), None);
        let versions = BTreeMap::from([(base.to_owned(), choice(id))]);
        let choices = Choices { versions, ..Choices::default() };
        assert_eq!(choices.version_of(base), Some(id));
        assert_eq!(choices.version_of("411523/教育局/2023"), None);
        assert_eq!(choices.version_of(id), None);
    }

    #[test]
    fn what_was_said_last_of_a_year_counts_however_the_agency_is_written() {
        /// What was chosen and what was left to the dates, each with its second; what is chosen then.
        type Case<'a> = (&'a [(usize, u8)], &'a [(usize, u8)], Option<usize>);
        let bases = ["411523/教育局/2024", "411523/新县教育局/2024"];
        let ids = bases.map(|base| format!("{base}@ab12"));
        let at = |second: u8| format!("2026-11-21T10:28:{second:02}.123Z");
        let cases: [Case<'_>; 7] = [
            (&[], &[], None),
            (&[(0, 1)], &[], Some(0)),
            (&[(0, 1), (1, 2)], &[], Some(1)),
            (&[(0, 2), (1, 1)], &[], Some(0)),
            (&[(0, 1)], &[(1, 2)], None),
            (&[(0, 3)], &[(1, 2)], Some(0)),
            (&[], &[(0, 1), (1, 2)], None),
        ];
        for (chosen, left, want) in cases {
            let choice = |(i, second): &(usize, u8)| {
                (bases[*i].to_owned(), Choice { at: at(*second), ..choice(&ids[*i]) })
            };
            let versions = chosen.iter().map(choice).collect();
            let left = left.iter().map(|(i, second)| (bases[*i].to_owned(), at(*second))).collect();
            let choices = Choices { versions, left, ..Choices::default() };
            let want = want.map(|i: usize| ids[i].as_str());
            assert_eq!(choices.version_of_any(bases.into_iter()), want, "{choices:?}");
            assert_eq!(choices.version_of_any(bases.into_iter().rev()), want, "{choices:?}");
        }
    }

    #[test]
    fn they_survive_being_written() {
        let mut all = choices(&[("?新县/教育局", "411523")]);
        all.versions.insert("a/b/2024".into(), choice("a/b/2024@1"));
        all.left.insert("a/c/2024".into(), "2026-11-21T10:28:11.123Z".into());
        let json = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Choices>(&json).unwrap(), all);
        assert_eq!(serde_json::from_str::<Choices>("{}").unwrap(), Choices::default());
    }
}
