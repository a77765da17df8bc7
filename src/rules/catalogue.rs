//! The catalogue in writing: for `gouji rules` and the README.

use serde::Serialize;

use super::{RULES, Rule, Settings};
use crate::display::Lang;

/// A way to write rules of the catalogue.
pub struct CatalogueFormat {
    /// The name for `--format`.
    pub name: &'static str,
    /// Writes rules.
    pub write: fn(&[&Rule], &Settings, Lang) -> String,
}

/// All formats of the catalogue.
pub static CATALOGUE_FORMATS: &[CatalogueFormat] = &[
    CatalogueFormat { name: "text", write: text },
    CatalogueFormat { name: "md", write: details },
    CatalogueFormat { name: "json", write: json },
];

/// What the catalogue says of a rule under headings.
fn parts(rule: &Rule, settings: &Settings, lang: Lang) -> [(&'static str, String); 7] {
    let source = rule.source.to_owned();
    let of = |text: super::Text| text.in_lang(lang).to_owned();
    [
        (lang.pick("公式", "formula"), of(rule.formula)),
        (lang.pick("不检查", "does not run"), of(rule.not_run)),
        (lang.pick("例外", "exceptions"), of(rule.exceptions)),
        (lang.pick("范围", "scope"), of(rule.check.scope())),
        (lang.pick("阈值", "thresholds"), thresholds(rule, settings, lang)),
        (lang.pick("依据", "source"), source),
        (lang.pick("示例", "example"), of(rule.example)),
    ]
}

fn thresholds(rule: &Rule, settings: &Settings, lang: Lang) -> String {
    let one = |t: &super::Threshold| {
        let (now, about) = (settings.threshold(rule, t.key), t.about.in_lang(lang));
        let default = lang.pick(format!("，默认 {}", t.default), format!(", default {}", t.default));
        let default = if now == t.default { String::new() } else { default };
        format!("{} = {now} ({about}{default})", t.key)
    };
    rule.thresholds.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The severity as configured, and whether the rule is switched off.
fn state(rule: &Rule, settings: &Settings, lang: Lang) -> String {
    let severity = settings.severity(rule).unwrap_or(rule.severity).word(lang);
    let off = if settings.is_off(rule) { lang.pick("，已停用", ", switched off") } else { "" };
    format!("{severity}{off}")
}

fn text(rules: &[&Rule], settings: &Settings, lang: Lang) -> String {
    let mut out = String::new();
    for rule in rules {
        out.push_str(&format!(
            "{} {} [{}]\n",
            rule.id,
            rule.title.in_lang(lang),
            state(rule, settings, lang)
        ));
        for (name, words) in parts(rule, settings, lang).iter().filter(|(_, words)| !words.is_empty()) {
            let colon = lang.pick("：", ": ");
            out.push_str(&format!("  {name}{colon}{words}\n"));
        }
    }
    out
}

fn details(rules: &[&Rule], settings: &Settings, lang: Lang) -> String {
    let mut out = String::new();
    for rule in rules {
        let title = rule.title.in_lang(lang);
        out.push_str(&format!("## {} {title}\n\n{}\n\n", rule.id, state(rule, settings, lang)));
        for (name, words) in parts(rule, settings, lang).iter().filter(|(_, words)| !words.is_empty()) {
            out.push_str(&format!("- **{name}**: {words}\n"));
        }
        out.push('\n');
    }
    out
}

/// A text in both languages.
#[derive(Serialize)]
struct Both {
    zh: &'static str,
    en: &'static str,
}

impl From<super::Text> for Both {
    fn from(text: super::Text) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

#[derive(Serialize)]
struct RuleLine {
    id: &'static str,
    title: Both,
    severity: &'static str,
    off: bool,
    scope: &'static str,
    formula: Both,
    not_run: Both,
    exceptions: Both,
    source: &'static str,
    example: Both,
    thresholds: Vec<ThresholdLine>,
}

#[derive(Serialize)]
struct ThresholdLine {
    key: &'static str,
    value: i64,
    default: i64,
    about: Both,
}

fn json(rules: &[&Rule], settings: &Settings, _: Lang) -> String {
    let line = |rule: &&Rule| RuleLine {
        id: rule.id,
        title: rule.title.into(),
        severity: settings.severity(rule).unwrap_or(rule.severity).name(),
        off: settings.is_off(rule),
        scope: rule.check.scope().en,
        formula: rule.formula.into(),
        not_run: rule.not_run.into(),
        exceptions: rule.exceptions.into(),
        source: rule.source,
        example: rule.example.into(),
        thresholds: rule
            .thresholds
            .iter()
            .map(|t| ThresholdLine {
                key: t.key,
                value: settings.threshold(rule, t.key),
                default: t.default,
                about: t.about.into(),
            })
            .collect(),
    };
    let lines: Vec<RuleLine> = rules.iter().map(line).collect();
    // Strings and numbers only: nothing in it can fail to be written.
    serde_json::to_string_pretty(&lines).unwrap_or_default() + "\n"
}

/// The table of rules in the README, generated.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from("| Rule | Severity | What | What must hold |\n|---|---|---|---|\n");
    for rule in RULES.iter() {
        let (zh, en) = (rule.title.zh, rule.title.en);
        out.push_str(&format!(
            "| {} | {} | {zh} / {en} | {} |\n",
            rule.id,
            rule.severity.name(),
            rule.formula.en
        ));
    }
    out
}
