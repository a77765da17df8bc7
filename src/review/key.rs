//! What a decision belongs to: a report, a rule, a place in the report, and the figures that were judged.
//!
//! A key must come out the same when a file is moved, read again, or read from another format; it never holds a
//! path, a line, a version or a figure. The figures are kept apart, so that a changed figure is seen as one.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use crate::display::{Lang, Untrusted};
use crate::report::{CellId, Figure, Report, Sum};
use crate::rules::{Evaluation, Evidence, Finding, Observation, Term};

/// The report, the rule and the place: what stays the same when figures change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingKey {
    /// See [`report_key`].
    pub report: Untrusted,
    /// The rule's identifier.
    pub rule: Untrusted,
    /// Where in the report: a relation, a table, cells, or a sentence without its figures.
    pub place: Untrusted,
}

/// The figures that were judged: the declared side, the computed side and every term that is not zero, with its cell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Judged(pub Untrusted);

/// What somebody decides on: a finding as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What it is.
    pub key: FindingKey,
    /// Its figures.
    pub judged: Judged,
    /// The sentence that the reviewer saw, for lists where the report is not at hand.
    pub about: Untrusted,
}

impl Subject {
    /// A number for the finding with its figures, the same on every machine: an index can keep it in place of the
    /// subject and ask [`super::Store::decided`].
    #[must_use]
    pub fn print(&self) -> u64 {
        print(&self.key, &self.judged)
    }
}

impl Judged {
    /// The figures for people, without the cells: `8 ≠ 3 + 4`.
    #[must_use]
    pub fn words(&self) -> String {
        let (sides, rest) = self.0.raw().split_once(';').unwrap_or((self.0.raw(), ""));
        let number = |term: &str| term.rsplit(':').next().unwrap_or("").to_owned();
        let side = |side: &str| side.split('+').map(number).collect::<Vec<_>>().join(" + ");
        let words = match sides.split_once('=') {
            Some((declared, computed)) => format!("{} ≠ {}", side(declared), side(computed)),
            None => rest.to_owned(),
        };
        crate::display::visible(&words).into_owned()
    }
}

/// A number for a key with figures.
#[must_use]
pub(super) fn print(key: &FindingKey, judged: &Judged) -> u64 {
    short_hash(&[key.report.raw(), key.rule.raw(), key.place.raw(), judged.0.raw()])
}

/// A number for a report: see [`super::Store::reports`].
#[must_use]
pub fn report_hash(report_key: &Untrusted) -> u64 {
    short_hash(&[report_key.raw()])
}

/// The first eight bytes of the SHA-256 of some texts; where one ends is part of it.
pub(super) fn short_hash(parts: &[&str]) -> u64 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut first = [0; 8];
    first.iter_mut().zip(hasher.finalize()).for_each(|(to, from)| *to = from);
    u64::from_le_bytes(first)
}

/// The identity of a report: county (code, else name with the city), agency and year.
///
/// A stated identifier counts only where agency or year is unknown: a document and a parsed copy of it are one report,
/// and only the copy can state one. Where nothing names the report, its title or its bytes do.
#[must_use]
pub fn report_key(report: &Report) -> Untrusted {
    let plain = |name: &Untrusted| name.raw().nfkc().filter(|c| !c.is_whitespace()).collect::<String>();
    let city = report.city.as_ref().map(plain).unwrap_or_default();
    let place = match (&report.county_code, &report.county) {
        (Some(code), _) => plain(code),
        (None, Some(county)) => format!("{city}{}", plain(county)),
        (None, None) => city,
    };
    let agency = plain(&report.agency);
    if let (false, Some(year)) = (agency.is_empty(), report.year) {
        return format!("{place}/{agency}/{year}").into();
    }
    if let Some(id) = &report.stated_id {
        return format!("id/{}", plain(id)).into();
    }
    let year = report.year.map_or_else(String::new, |year| year.to_string());
    let title = plain(&report.title);
    let other = if title.is_empty() { report.source.sha256.raw() } else { title.as_str() };
    format!("{place}/{agency}/{year}/{other}").into()
}

/// The findings of a report as the store knows them, in their order.
///
/// Findings that share a rule, a place and a wording are told apart by their order in the report.
#[must_use]
pub fn subjects(report: &Report, findings: &[Finding], lang: Lang) -> Vec<Subject> {
    let identity = report_key(report);
    let mut subjects: Vec<Subject> = findings
        .iter()
        .map(|finding| Subject {
            key: FindingKey {
                report: identity.clone(),
                rule: finding.rule.id.into(),
                place: place(report, finding).into(),
            },
            judged: judged(report, finding),
            about: finding.message(lang).into(),
        })
        .collect();
    let mut same: HashMap<FindingKey, Vec<usize>> = HashMap::new();
    for (i, subject) in subjects.iter().enumerate() {
        same.entry(subject.key.clone()).or_default().push(i);
    }
    for mut group in same.into_values().filter(|group| group.len() > 1) {
        let start = |i: &usize| {
            let quote = findings.get(*i).and_then(|f| f.observation()?.quote.as_ref());
            (quote.map_or(0, |quote| quote.span.start), *i)
        };
        group.sort_by_key(start);
        for (n, i) in (2..).zip(group.into_iter().skip(1)) {
            if let Some(subject) = subjects.get_mut(i) {
                subject.key.place = format!("{}#{n}", subject.key.place.raw()).into();
            }
        }
    }
    subjects
}

/// Where a finding is, in words that figures, lines and files do not change.
fn place(report: &Report, finding: &Finding) -> String {
    match &finding.evidence {
        // The name of a relation stands for its cells: a later edition of the rule may have other terms.
        Evidence::Relation(evaluation) => evaluation.relation.name.clone(),
        Evidence::Blanks { table, .. } | Evidence::NoTable(table) => table.name().to_owned(),
        Evidence::CellsMissing { at, .. } => at.raw().to_owned(),
        Evidence::Observation(seen) => observed_at(report, seen),
    }
}

fn observed_at(report: &Report, seen: &Observation) -> String {
    /// More cells than that are a part of the form, not a place in it.
    const FEW: usize = 6;
    let mut names: Vec<&str> = seen.cells.iter().map(|cell| cell.name()).collect();
    names.sort_unstable();
    let cells = match (names.as_slice(), seen.cells.first()) {
        (names, Some(first)) if names.len() > FEW => first.table().name().to_owned(),
        (names, _) => names.join(","),
    };
    let stranger = seen.other.as_ref().filter(|other| cells.is_empty() || other.agency != report.agency);
    let other = stranger.map_or(String::new(), |other| format!("/{}/{}", other.agency.raw(), other.year));
    let words = match &seen.quote {
        Some(quote) => format!("/{:016x}", short_hash(&[&without_figures(quote.text.raw())])),
        None if cells.is_empty() && other.is_empty() => format!("/{}", subject_of(&seen.zh)),
        None => String::new(),
    };
    if cells.is_empty() { format!("section {}{words}{other}", seen.section) } else { cells + &words + &other }
}

/// What a sentence is about where nothing else says it: what it quotes, else the sentence without its figures.
fn subject_of(sentence: &str) -> String {
    let quoted = sentence.split_once('“').and_then(|(_, rest)| rest.split_once('”'));
    match quoted {
        Some((words, _)) => words.nfkc().filter(|c| !c.is_whitespace()).collect(),
        None => format!("{:016x}", short_hash(&[&without_figures(sentence)])),
    }
}

/// Words as they survive another format and other figures: normalised, without spaces and digits.
fn without_figures(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !c.is_numeric() && !matches!(c, '.' | ',')).collect()
}

/// The figures that a finding rests on.
fn judged(report: &Report, finding: &Finding) -> Judged {
    let text = match &finding.evidence {
        Evidence::Relation(evaluation) => relation(evaluation),
        Evidence::Blanks { cells, .. } | Evidence::CellsMissing { cells, .. } => some_cells(cells),
        Evidence::NoTable(_) => String::new(),
        Evidence::Observation(seen) => observed(report, seen),
    };
    Judged(text.into())
}

/// Both sides with their cells. What is zero or absent is left out, so that a form with one more row, or a rule with
/// one more term, judges the same figures.
fn relation(evaluation: &Evaluation) -> String {
    let side = |terms: &[Term]| {
        let mut terms: Vec<String> = terms
            .iter()
            .filter(|term| !term.value().is_zero() || term.figure == Figure::Unreadable)
            .map(|term| format!("{}:{}", term.cell.name(), figure(term.figure)))
            .collect();
        terms.sort_unstable();
        if terms.is_empty() { "0".to_owned() } else { terms.join("+") }
    };
    let blank = evaluation.state == crate::rules::State::BlankTotal;
    let declared = if blank { "blank".to_owned() } else { side(&evaluation.left) };
    format!("{declared}={}", side(&evaluation.right))
}

fn observed(report: &Report, seen: &Observation) -> String {
    let sides = match (seen.declared, seen.computed) {
        (Some(declared), Some(computed)) => format!("{}={}", plain(declared), plain(computed)),
        (Some(one), None) | (None, Some(one)) => plain(one),
        (None, None) => String::new(),
    };
    let cells =
        seen.cells.iter().map(|cell| format!("{}:{}", cell.name(), figure(report.figures.get(*cell))));
    let mut parts: Vec<String> = cells.collect();
    parts.sort_unstable();
    if parts.len() > 12 {
        parts = vec![format!("{}#{:016x}", parts.len(), short_hash(&[&parts.join(" ")]))];
    }
    match (&seen.quote, &seen.other) {
        (Some(quote), _) => parts.extend(numbers(quote.text.raw())),
        // How alike two texts are changes with every edition of either; that they are alike is what is judged.
        (None, Some(_)) => {}
        (None, None) => parts.extend(numbers(&seen.zh)),
    }
    format!("{sides};{}", parts.join(" "))
}

fn some_cells(cells: &[CellId]) -> String {
    let mut names: Vec<&str> = cells.iter().map(|cell| cell.name()).collect();
    names.sort_unstable();
    format!(";{} cells #{:016x}", names.len(), short_hash(&names))
}

/// The numbers in a sentence. Long ones name people: they leave only a hash.
fn numbers(text: &str) -> Vec<String> {
    const LONGEST: usize = 10;
    let normal: String = text.nfkc().collect();
    let runs = normal.split(|c: char| !c.is_ascii_digit() && c != '.').map(|run| run.trim_matches('.'));
    let shown = |run: &str| {
        if run.len() > LONGEST { format!("#{:016x}", short_hash(&[run])) } else { run.to_owned() }
    };
    runs.filter(|run| !run.is_empty()).map(shown).collect()
}

fn figure(figure: Figure) -> String {
    match figure {
        Figure::Number(number) => plain(Sum::from(number)),
        Figure::Blank => "blank".to_owned(),
        Figure::Unreadable => "?".to_owned(),
        Figure::Absent => "absent".to_owned(),
    }
}

/// A number without zeros at the end of its decimals: formats print them differently.
fn plain(sum: Sum) -> String {
    let text = sum.to_string();
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
