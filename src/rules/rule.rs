//! What a rule is: one declared value from which the catalogue, the help, the README and the settings derive.

use std::sync::LazyLock;

use super::{Finding, Scene, Series, Shared};
use crate::display::Lang;

/// How bad a finding is. The order is from worst to mildest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The report contradicts itself or the form.
    Error,
    /// Probably wrong, or not as the form demands.
    Warning,
    /// Worth a look.
    Info,
}

impl Severity {
    /// All, worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// The severity of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }

    /// The word for people.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Error => lang.pick("错误", "error"),
            Self::Warning => lang.pick("警告", "warning"),
            Self::Info => lang.pick("提示", "info"),
        }
    }
}

/// A text of the catalogue in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// Both languages of a text.
pub(super) const fn text(zh: &'static str, en: &'static str) -> Text {
    Text { zh, en }
}

impl Text {
    /// The text in one language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }
}

/// A number that decides when a rule of plausibility fires; it can be set in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    /// Its name in the configuration.
    pub key: &'static str,
    /// Its value unless it is set.
    pub default: i64,
    /// What it is.
    pub about: Text,
}

/// What a check looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// One report.
    Report(fn(&Scene<'_>, &'static Rule) -> Vec<Finding>),
    /// A report with those of the same agency for other years.
    Years(fn(&Series<'_>, &'static Rule) -> Vec<Finding>),
    /// A report with those of other agencies of the same county and year.
    Agencies(fn(&Shared<'_>, &'static Rule) -> Vec<Finding>),
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.scope().en)
    }
}

impl Check {
    /// What it looks at, in words.
    #[must_use]
    pub const fn scope(&self) -> Text {
        match self {
            Self::Report(_) => text("单份报告", "one report"),
            Self::Years(_) => text("同一单位各年度", "the years of an agency"),
            Self::Agencies(_) => text("同一县区同一年度各单位", "the agencies of a county in a year"),
        }
    }
}

/// A rule of the catalogue.
#[derive(Debug)]
pub struct Rule {
    /// The stable identifier, never used again for another rule.
    pub id: &'static str,
    /// What it is called.
    pub title: Text,
    /// How bad a break is, unless the configuration says otherwise.
    pub severity: Severity,
    /// What must hold, or the pattern that is looked for.
    pub formula: Text,
    /// When it does not run.
    pub not_run: Text,
    /// What is legitimate although the formula does not hold.
    pub exceptions: Text,
    /// Where the rule comes from: a notice, an article, or plausibility.
    pub source: &'static str,
    /// A message as it raises them.
    pub example: Text,
    /// The numbers that decide when it fires.
    pub thresholds: &'static [Threshold],
    /// How it is checked.
    pub check: Check,
}

/// Families of rules, in the order of the catalogue. A family is a file; a rule is a row in it.
static FAMILIES: &[&[Rule]] = &[
    super::requests::RULES,
    super::remedies::RULES,
    super::disclosure::RULES,
    super::between::RULES,
    super::sentences::RULES,
    super::dates::RULES,
    super::years::RULES,
    super::recalled::RULES,
    super::agencies::RULES,
    super::form::RULES,
];

/// The catalogue.
pub static RULES: LazyLock<Vec<&'static Rule>> =
    LazyLock::new(|| FAMILIES.iter().flat_map(|family| family.iter()).collect());

impl Rule {
    /// The title.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        self.title.in_lang(lang)
    }

    /// The rule of that identifier, whatever its case.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        RULES.iter().copied().find(|rule| rule.id.eq_ignore_ascii_case(id))
    }

    /// Its place in the catalogue.
    #[must_use]
    pub fn number(&self) -> u8 {
        RULES.iter().position(|rule| rule.id == self.id).unwrap_or(0) as u8
    }

    /// The rule at that place in the catalogue.
    #[must_use]
    pub fn at(number: u8) -> Option<&'static Self> {
        RULES.get(usize::from(number)).copied()
    }

    /// The family: the letters before the number, with the number of the table for T2, T3, T4.
    #[must_use]
    pub fn family(&self) -> &'static str {
        self.id.split('.').next().unwrap_or(self.id).trim_end_matches(|c: char| {
            // T2, T3 and T4 keep their digit: it names the table.
            c.is_ascii_digit() && !self.id.starts_with('T')
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::template::TEMPLATES;

    #[test]
    fn every_rule_is_documented_once() {
        for (i, rule) in RULES.iter().enumerate() {
            let texts = [rule.title, rule.formula, rule.not_run, rule.exceptions, rule.example];
            for text in texts {
                assert!(!text.zh.is_empty() && !text.en.is_empty(), "{}", rule.id);
            }
            assert!(!rule.source.is_empty(), "{}", rule.id);
            assert!(RULES.iter().skip(i + 1).all(|other| other.id != rule.id), "{} twice", rule.id);
            assert_eq!(usize::from(rule.number()), i);
            for threshold in rule.thresholds {
                assert!(!threshold.about.zh.is_empty() && !threshold.about.en.is_empty(), "{}", rule.id);
            }
        }
    }

    #[test]
    fn identifiers_are_a_family_and_a_number() {
        for rule in RULES.iter() {
            let number = rule.id.trim_start_matches(|c: char| c.is_ascii_uppercase());
            let is_table = rule.id.starts_with('T');
            assert!(number.starts_with(|c: char| c.is_ascii_digit()), "{}", rule.id);
            assert_eq!(is_table, rule.id.contains('.'), "{}", rule.id);
        }
        assert_eq!(Rule::find("t3.1").map(Rule::family), Some("T3"));
        assert_eq!(Rule::find("N10").map(Rule::family), Some("N"));
    }

    #[test]
    fn every_sum_of_the_form_is_a_rule() {
        for template in TEMPLATES {
            for sum in template.tables.iter().flat_map(|t| t.sums) {
                assert!(Rule::find(sum.rule).is_some(), "{}", sum.rule);
            }
        }
    }
}
