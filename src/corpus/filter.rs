//! What was typed, made ready for passing over the reports: conditions on names are settled for each agency, conditions
//! on numbers are left for each report.

use std::sync::Arc;

use rayon::prelude::*;

use super::causes::{CauseKey, Causes};
use super::columns::{Columns, Flags, UNKNOWN};
use super::names::NameId;
use super::units::{AreaId, Unit, UnitId};
use super::{Corpus, Standing};
use crate::display::Untrusted;
use crate::report::TemplateId;
use crate::rules::RULES;
use crate::search::terms::{Clause, Key, Span, Typed, Value};
use crate::search::{Hits, Names as Finder, Word};

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Words and terms, and what could not be read.
    pub typed: Typed,
    /// What may match any name, for marking where it does.
    words: Vec<Word>,
    /// What may match the name of an agency.
    agencies: Vec<Word>,
    /// What may match the name of a county.
    counties: Vec<Word>,
}

impl Search {
    /// Reads what was typed.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let typed = Typed::read(text);
        let of = |key: Option<Key>| {
            let is_asked = move |clause: &&Clause| clause.key == key && !clause.negated;
            typed
                .clauses
                .iter()
                .filter(is_asked)
                .flat_map(|clause| words(&clause.value))
                .collect::<Vec<Word>>()
        };
        let (words, agencies, counties) = (of(None), of(Some(Key::Agency)), of(Some(Key::County)));
        Self { typed, words, agencies, counties }
    }

    /// Whether everything matches because nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.typed.clauses.is_empty()
    }

    /// The characters of an agency's name that were meant, as indices of characters.
    #[must_use]
    pub fn in_agency(&self, name: &Untrusted) -> Vec<usize> {
        positions(self.words.iter().chain(&self.agencies), name)
    }

    /// The characters of a county's name that were meant, as indices of characters.
    #[must_use]
    pub fn in_county(&self, name: &Untrusted) -> Vec<usize> {
        positions(self.words.iter().chain(&self.counties), name)
    }
}

fn positions<'a>(words: impl Iterator<Item = &'a Word>, name: &Untrusted) -> Vec<usize> {
    let mut all: Vec<usize> =
        words.filter_map(|word| Finder::positions(word, name.raw())).flatten().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The words of a value: all of them must match.
fn words(value: &Value) -> Vec<Word> {
    match value {
        Value::Words(text) => {
            text.split_whitespace().map(Word::new).filter(|word| !word.is_empty()).collect()
        }
        Value::Number(_) | Value::AnyOf(_) | Value::Rules(_) => Vec::new(),
    }
}

/// How many classes of matches there are at most: better ones are listed first.
pub(super) const CLASSES: usize = 255;

/// A condition on each report.
struct Condition {
    negated: bool,
    test: Test,
}

enum Test {
    Year(Span),
    Template(Vec<TemplateId>),
    /// The rules, a bit each.
    Rules([u64; 4]),
    /// So many of the severities, from the worst, count.
    Severity(usize),
    States(Vec<&'static str>),
    Flow(usize, Span),
    Findings(usize, Span),
    /// The files whose reports are meant.
    Files(Vec<bool>),
}

/// What was typed, ready for passing over the reports.
pub(super) struct Filter {
    /// The class of each agency's match, 1 for the best; 0 where it does not match. Empty if all do.
    pub(super) classes: Vec<u8>,
    conditions: Vec<Condition>,
    /// The file of each report, where it is asked for.
    files: Option<Arc<Vec<u32>>>,
}

/// What a condition looks at.
pub(super) struct Rows<'a> {
    pub(super) columns: &'a Columns,
    pub(super) causes: [&'a Causes; 2],
    pub(super) standing: &'a [Standing],
    /// The county of each agency, and whether each county is open.
    pub(super) areas: (&'a [u32], &'a [bool]),
}

impl Rows<'_> {
    /// Whether several counties have the name of a report's county.
    fn is_open(&self, report: u32) -> bool {
        let (areas, is_open) = self.areas;
        let area = self.columns.unit(report).and_then(|unit| areas.get(unit.0 as usize));
        area.and_then(|area| is_open.get(*area as usize)).copied().unwrap_or(false)
    }
}

impl Filter {
    pub(super) fn new(corpus: &Corpus, search: &Search) -> Self {
        let (names, rest): (Vec<&Clause>, Vec<&Clause>) =
            search.typed.clauses.iter().partition(|clause| about_names(clause.key));
        let classes = if names.is_empty() { Vec::new() } else { classes(corpus, &names) };
        let conditions: Vec<Condition> =
            rest.into_iter().filter_map(|clause| condition(corpus, clause)).collect();
        let asks_files = conditions.iter().any(|c| matches!(c.test, Test::Files(_)));
        Self { classes, conditions, files: asks_files.then(|| corpus.file_column()) }
    }

    /// Whether every report meets it.
    pub(super) fn is_open(&self) -> bool {
        self.classes.is_empty() && self.conditions.is_empty()
    }

    /// Whether a report meets the conditions that are not about names.
    pub(super) fn admits(&self, rows: &Rows<'_>, report: u32) -> bool {
        self.conditions.iter().all(|condition| self.meets(&condition.test, rows, report) != condition.negated)
    }

    fn meets(&self, test: &Test, rows: &Rows<'_>, report: u32) -> bool {
        let at = report as usize;
        let findings = || rows.columns.findings.get(at).copied().unwrap_or_default();
        match test {
            Test::Year(span) => rows.columns.year.get(at).is_some_and(|year| span.contains(u64::from(*year))),
            Test::Template(forms) => {
                rows.columns.flags(report).template().is_some_and(|form| forms.contains(&form))
            }
            Test::Rules(bits) => {
                let is_meant = |key: CauseKey| {
                    bits.get(usize::from(key.rule / 64)).is_some_and(|word| word & 1 << (key.rule % 64) != 0)
                };
                rows.causes.iter().any(|causes| causes.get(report).any(is_meant))
            }
            Test::Severity(worst) => findings().iter().take(*worst).any(|n| *n > 0),
            Test::States(states) => states.iter().any(|state| is_in(state, rows, report)),
            Test::Flow(which, span) => {
                let flows = rows.columns.flows.get(at).and_then(|flows| flows.get(*which));
                flows.is_some_and(|n| *n != UNKNOWN && span.contains(u64::from(*n)))
            }
            Test::Findings(which, span) => {
                findings().get(*which).is_some_and(|n| span.contains(u64::from(*n)))
            }
            Test::Files(wanted) => {
                let file = self.files.as_ref().and_then(|files| files.get(at));
                file.and_then(|file| wanted.get(*file as usize)).copied().unwrap_or(false)
            }
        }
    }
}

/// Whether a report is in a state, by its name in the table of terms.
fn is_in(state: &str, rows: &Rows<'_>, report: u32) -> bool {
    let flags = rows.columns.flags(report);
    let standing = rows.standing.get(report as usize).copied().unwrap_or_default();
    let findings = rows.columns.findings.get(report as usize).copied().unwrap_or_default();
    let to_do = u32::from(findings[0]) + u32::from(findings[1]);
    let decided = standing.decided();
    match state {
        "findings" => findings.iter().any(|n| *n > 0),
        "doubtful" => flags.has(Flags::NEEDS_READING),
        "synthetic" => flags.has(Flags::SYNTHETIC),
        "copy" => flags.has(Flags::COPIED),
        "version" => flags.has(Flags::VERSIONED),
        "other-version" => flags.has(Flags::OTHER_VERSION),
        "open-place" => rows.is_open(report),
        "changed" => flags.has(Flags::CHANGED),
        "unreviewed" => to_do > 0 && decided == 0,
        "reviewed" => decided > 0 && decided >= to_do,
        "open" => decided < to_do,
        "settled" => decided >= to_do,
        "confirmed" => standing.confirmed > 0,
        "dismissed" => standing.dismissed > 0,
        "query" => standing.query > 0,
        _ => false,
    }
}

fn about_names(key: Option<Key>) -> bool {
    matches!(key, None | Some(Key::County | Key::City | Key::Province | Key::Agency | Key::Title))
}

fn condition(corpus: &Corpus, clause: &Clause) -> Option<Condition> {
    let test = match (clause.key?, &clause.value) {
        (Key::Year, Value::Number(span)) => Test::Year(*span),
        (Key::Received, Value::Number(span)) => Test::Flow(0, *span),
        (Key::Handled, Value::Number(span)) => Test::Flow(1, *span),
        (Key::Carried, Value::Number(span)) => Test::Flow(2, *span),
        (Key::Errors, Value::Number(span)) => Test::Findings(0, *span),
        (Key::Warnings, Value::Number(span)) => Test::Findings(1, *span),
        (Key::Template, Value::AnyOf(names)) => {
            Test::Template(TemplateId::ALL.into_iter().filter(|form| names.contains(&form.name())).collect())
        }
        (Key::Is, Value::AnyOf(names)) => Test::States(names.clone()),
        (Key::Severity, Value::AnyOf(names)) => {
            let depth =
                |name: &&str| 1 + ["error", "warning", "info"].iter().position(|n| n == name).unwrap_or(2);
            Test::Severity(names.iter().map(depth).max().unwrap_or(3))
        }
        (Key::Rule, value @ Value::Rules(_)) => {
            let mut bits = [0_u64; 4];
            for rule in RULES.iter().filter(|rule| value.asks_for_rule(rule.id)) {
                if let Some(word) = bits.get_mut(usize::from(rule.number() / 64)) {
                    *word |= 1 << (rule.number() % 64);
                }
            }
            Test::Rules(bits)
        }
        (Key::File, Value::Words(text)) => {
            let text = text.to_lowercase();
            let is_meant = |path: &std::path::Path| path.to_string_lossy().to_lowercase().contains(&text);
            Test::Files(corpus.files.iter().map(|file| is_meant(&file.path)).collect())
        }
        _ => return None,
    };
    Some(Condition { negated: clause.negated, test })
}

/// What one word gives for the agencies.
struct Matched {
    hits: Arc<Hits>,
    /// The best score of the names of each county, where these count.
    of_area: Vec<u16>,
    key: Option<Key>,
    negated: bool,
}

impl Matched {
    fn score(&self, unit: Unit, area: AreaId) -> u16 {
        let own = match self.key {
            None => [unit.agency, unit.title].map(|name| self.hits.score(name.0)).into_iter().max(),
            Some(Key::Agency) => Some(self.hits.score(unit.agency.0)),
            // The agency is part of the title, and kept apart from it.
            Some(Key::Title) => {
                [unit.title, unit.agency].map(|name| self.hits.score(name.0)).into_iter().max()
            }
            Some(_) => None,
        };
        own.unwrap_or(0).max(self.of_area.get(area.0 as usize).copied().unwrap_or(0))
    }
}

/// The class of each agency's match: 1 for the best, 0 where it does not match.
fn classes(corpus: &Corpus, clauses: &[&Clause]) -> Vec<u8> {
    let units = &corpus.units;
    let mut matched = Vec::new();
    for clause in clauses {
        for word in typed_words(&clause.value) {
            let mut hits = corpus.find(word);
            // Counts shall mean what was typed: scattered characters count only where nothing else matches.
            Arc::make_mut(&mut hits).keep_stretches();
            // Names of a county count for all its agencies.
            let names = |unit: Unit| -> Vec<NameId> {
                match clause.key {
                    None => vec![unit.county, unit.city, unit.province, unit.code],
                    Some(Key::County) => vec![unit.county, unit.code],
                    Some(Key::City) => vec![unit.city],
                    Some(Key::Province) => vec![unit.province],
                    Some(_) => Vec::new(),
                }
            };
            let best = |area| hits.best(names(units.of_area(AreaId(area))).into_iter().map(|name| name.0));
            let of_area = (0..units.areas() as u32).map(best).collect();
            matched.push(Matched { hits, of_area, key: clause.key, negated: clause.negated });
        }
    }
    let score = |i: u32| -> u32 {
        let unit = UnitId(i);
        let (names, area) = (units.get(unit), units.area(unit));
        let mut sum = 1_u32;
        for word in &matched {
            match (word.score(names, area), word.negated) {
                (0, true) => {}
                (0, false) | (_, true) => return 0,
                (score, false) => sum += u32::from(score),
            }
        }
        sum
    };
    let scores: Vec<u32> = (0..units.len() as u32).into_par_iter().map(score).collect();
    let best = scores.iter().copied().max().unwrap_or(0);
    let least = scores.iter().copied().filter(|score| *score > 0).min().unwrap_or(0);
    let range = u64::from(best - least).max(1);
    let class = |score: u32| 1 + (u64::from(best - score) * (CLASSES as u64 - 1) / range) as u8;
    scores.into_iter().map(|score| if score == 0 { 0 } else { class(score) }).collect()
}

/// The words of a value as typed.
fn typed_words(value: &Value) -> impl Iterator<Item = &str> {
    let text = if let Value::Words(text) = value { text.as_str() } else { "" };
    text.split_whitespace()
}
