//! What a user may change about the rules: severities, thresholds, and which are switched off.
//!
//! A configuration that names an unknown rule or threshold is an error with its line, never ignored: a slip of the
//! pen must not silently switch a check off or leave it on.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::{RULES, Rule, Severity};

/// The rules as configured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    rules: HashMap<&'static str, RuleSettings>,
    /// Who decides on findings, where no other name is given.
    pub reviewer: Option<String>,
    /// Agencies that a reform renamed: the name now by the name before.
    renamed: BTreeMap<String, String>,
}

/// One rule as configured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct RuleSettings {
    severity: Option<Severity>,
    is_off: bool,
    thresholds: HashMap<&'static str, i64>,
}

/// What is wrong with a configuration.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {reason}")]
pub struct SettingsError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: String,
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rules: HashMap<Spanned<String>, HashMap<Spanned<String>, Spanned<toml::Value>>>,
    #[serde(default)]
    review: Review,
    #[serde(default)]
    renamed: BTreeMap<String, String>,
    // What is said about the explorer is read by the explorer.
    #[serde(rename = "explorer")]
    _explorer: Option<IgnoredAny>,
    #[serde(rename = "colors")]
    _colors: Option<IgnoredAny>,
    #[serde(rename = "keys")]
    _keys: Option<IgnoredAny>,
}

/// What is configured about reviews.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    reviewer: Option<String>,
}

impl Settings {
    /// Reads a configuration in TOML.
    ///
    /// # Errors
    /// If it is no TOML, or names something that does not exist.
    pub fn parse(source: &str) -> Result<Self, SettingsError> {
        let line_of = |at: usize| source.bytes().take(at).filter(|b| *b == b'\n').count() + 1;
        let wrong = |at: usize, reason: String| SettingsError { line: line_of(at), reason };
        let file: File = toml::from_str(source)
            .map_err(|error| wrong(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
        let mut rules = HashMap::new();
        for (id, members) in &file.rules {
            let rule = Rule::find(id.get_ref()).ok_or_else(|| {
                wrong(id.span().start, format!("unknown rule {:?}: see gouji rules", id.get_ref()))
            })?;
            let mut settings = RuleSettings::default();
            for (key, value) in members {
                settings
                    .set(rule, key.get_ref(), value.get_ref())
                    .map_err(|reason| wrong(key.span().start, reason))?;
            }
            rules.insert(rule.id, settings);
        }
        Ok(Self { rules, reviewer: file.review.reviewer, renamed: file.renamed })
    }

    /// A text that is equal for equal settings, and different for different ones.
    #[must_use]
    pub fn key(&self) -> String {
        let mut rules: Vec<String> = self
            .rules
            .iter()
            .map(|(id, rule)| {
                let mut thresholds: Vec<_> = rule.thresholds.iter().collect();
                thresholds.sort();
                format!("{id} {:?} {} {thresholds:?}", rule.severity, rule.is_off)
            })
            .collect();
        rules.sort();
        rules.extend(self.renamed.iter().map(|(then, now)| format!("{then} = {now}")));
        rules.join("\n")
    }

    /// What an agency of that name was renamed to by a reform, as configured; nothing is built in.
    #[must_use]
    pub fn renamed(&self, agency: &str) -> Option<&str> {
        /// Names that lead in a circle lead nowhere.
        const STEPS: usize = 8;
        let next = |name: &&str| self.renamed.get(*name).map(String::as_str);
        std::iter::successors(self.renamed.get(agency).map(String::as_str), next).take(STEPS).last()
    }

    /// Whether a rule is switched off.
    #[must_use]
    pub fn is_off(&self, rule: &Rule) -> bool {
        self.rules.get(rule.id).is_some_and(|settings| settings.is_off)
    }

    /// The rules that are switched off, in the order of the catalogue.
    pub fn switched_off(&self) -> impl Iterator<Item = &'static Rule> + '_ {
        RULES.iter().copied().filter(|rule| self.is_off(rule))
    }

    /// The severity that was set for a rule.
    #[must_use]
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.rules.get(rule.id)?.severity
    }

    /// A threshold of a rule; a name that the rule does not have is a mistake of ours and counts as 0.
    #[must_use]
    pub fn threshold(&self, rule: &Rule, key: &str) -> i64 {
        let set = self.rules.get(rule.id).and_then(|settings| settings.thresholds.get(key)).copied();
        let default = || rule.thresholds.iter().find(|t| t.key == key).map(|t| t.default);
        debug_assert!(default().is_some(), "{} has no threshold {key}", rule.id);
        set.or_else(default).unwrap_or(0)
    }
}

impl RuleSettings {
    fn set(&mut self, rule: &Rule, key: &str, value: &toml::Value) -> Result<(), String> {
        match (key, value) {
            ("off", toml::Value::Boolean(off)) => self.is_off = *off,
            ("off", _) => return Err("off is true or false".to_owned()),
            ("severity", toml::Value::String(name)) => {
                let severity = Severity::parse(name);
                self.severity = Some(
                    severity.ok_or_else(|| format!("severity {name:?} is none of error, warning, info"))?,
                );
            }
            ("severity", _) => return Err("severity is \"error\", \"warning\" or \"info\"".to_owned()),
            (key, value) => {
                let threshold = rule.thresholds.iter().find(|t| t.key == key).ok_or_else(|| {
                    let known: Vec<&str> = rule.thresholds.iter().map(|t| t.key).collect();
                    format!(
                        "{} has no setting {key:?}; it has: {}",
                        rule.id,
                        ["off", "severity"].iter().chain(&known).copied().collect::<Vec<_>>().join(", ")
                    )
                })?;
                let number = value
                    .as_integer()
                    .filter(|n| *n >= 0)
                    .ok_or_else(|| format!("{key} is a whole number"))?;
                self.thresholds.insert(threshold.key, number);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_thresholds_and_switches_are_read() {
        let settings = Settings::parse(
            "[rules.\"T3.9\"]\nseverity = \"warning\"\nminimum = 50\n[rules.Y6]\noff = true\n",
        )
        .unwrap();
        let rule = Rule::find("T3.9").unwrap();
        assert_eq!(settings.severity(rule), Some(Severity::Warning));
        assert_eq!((settings.threshold(rule, "minimum"), settings.threshold(rule, "share")), (50, 50));
        assert_eq!(settings.switched_off().map(|rule| rule.id).collect::<Vec<_>>(), ["Y6"]);
        assert_eq!(Settings::parse("").unwrap(), Settings::default());
        let named = Settings::parse("[review]\nreviewer = \"王审\"\n").unwrap();
        assert_eq!(named.reviewer.as_deref(), Some("王审"));
        assert!(Settings::parse("[review]\nname = \"王审\"\n").is_err());
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        for (source, line, reason) in [
            ("\n[rules.\"T9.9\"]\noff = true", 2, "unknown rule"),
            ("[rules.\"T3.9\"]\n\nminimun = 3", 3, "no setting"),
            ("[rules.\"T3.9\"]\nminimum = \"3\"", 2, "whole number"),
            ("[rules.\"T3.9\"]\nseverity = \"fatal\"", 2, "none of"),
            ("[rules.\"T3.9\"]\noff = 1", 2, "true or false"),
            ("[rule]\n", 1, "unknown field"),
            ("a = \n", 1, ""),
        ] {
            let error = Settings::parse(source).unwrap_err();
            assert_eq!(error.line, line, "{source}: {error}");
            assert!(error.reason.contains(reason), "{source}: {error}");
        }
    }
}
