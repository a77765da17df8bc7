//! What a decision belongs to: a report, a rule, a place in the report, and the figures that were judged.
//!
//! A key must come out the same when a file is moved, read again, or read from another format; it never holds a path,
//! a line or a figure. The figures are kept apart, so that a changed figure is seen as one.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use crate::display::{Lang, Untrusted};
use crate::report::{CellId, Figure, Report, Sum};
use crate::rules::{Evaluation, Evidence, Finding, Observation, Term};

/// The report, the rule and the place: what stays the same when figures change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingKey {
    /// The identifier of the report: see [`crate::corpus::report_id`].
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

/// The findings of a report of that identifier as the store knows them, in their order.
///
/// Findings that share a rule, a place and a wording are told apart by their order in the report.
#[must_use]
pub fn subjects(id: &Untrusted, report: &Report, findings: &[Finding], lang: Lang) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = findings
        .iter()
        .map(|finding| Subject {
            key: FindingKey {
                report: id.clone(),
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
    let stranger = seen.other.as_ref();
    let stranger = stranger.filter(|other| cells.is_empty() || other.agency != report.agency);
    let other = stranger.map_or(String::new(), |other| format!("/{}/{}", other.agency.raw(), other.year));
    if let Some(quote) = &seen.quote {
        // Which cells a sentence is compared with may depend on its figures.
        return format!(
            "section {}/{:016x}{other}",
            quote.section,
            short_hash(&[&without_figures(quote.text.raw())])
        );
    }
    match (cells.is_empty(), other.is_empty()) {
        (false, _) => cells + &other,
        (true, false) => format!("section {}{other}", seen.section),
        (true, true) => format!("section {}/{}", seen.section, subject_of(&seen.said.in_lang(Lang::Zh))),
    }
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
            .map(|term| match term.stand_in {
                Some(sum) => format!("{}:blank→{}", term.cell.name(), plain(sum)),
                None => format!("{}:{}", term.cell.name(), figure(term.figure)),
            })
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
        _ if seen.rests_on.is_some() => parts.extend(seen.rests_on.clone()),
        (None, None) if seen.cells.is_empty() => parts.extend(numbers(&seen.said.in_lang(Lang::Zh))),
        (None, _) => {}
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Number, TemplateId};
    use crate::rules::{self, Quote};

    fn report(figures: &[(&str, i64)]) -> Report {
        let mut report = Report {
            agency: "新县 教育局".into(),
            county_code: Some("411523".into()),
            year: Some(2024),
            template: Some(TemplateId::T2021),
            ..Report::default()
        };
        for cell in TemplateId::T2021.template().cells() {
            report.figures.set(cell, Figure::Number(Number::whole(0)));
        }
        for (name, value) in figures {
            report.figures.set(CellId::parse(name).unwrap(), Figure::Number(Number::whole(*value)));
        }
        report
    }

    fn row(report: &Report) -> Subject {
        let findings = rules::check(report, &rules::Settings::default());
        let subjects = subjects(&"411523/新县教育局/2024@0a1b2c".into(), report, &findings, Lang::En);
        subjects.into_iter().find(|s| s.key.place.raw() == "row:received").unwrap()
    }

    #[test]
    fn the_figures_name_their_cells_and_read_as_a_sum() {
        let figures = [
            ("requests.received.natural", 3),
            ("requests.received.legal", 4),
            ("requests.received.total", 8),
        ];
        let subject = row(&report(&figures));
        assert_eq!(subject.key.report.raw(), "411523/新县教育局/2024@0a1b2c");
        assert_eq!(subject.judged.words(), "8 ≠ 4 + 3");
        let elsewhere = [figures[0], ("requests.received.other", 4), figures[2]];
        let elsewhere = row(&report(&elsewhere));
        assert_eq!(elsewhere.key, subject.key);
        assert_ne!(elsewhere.judged, subject.judged, "the same numbers in other cells are other figures");
        assert_ne!(elsewhere.print(), subject.print());
    }

    #[test]
    fn a_rule_with_one_more_term_judges_the_same_figures() {
        let report = report(&[("requests.received.natural", 3), ("requests.received.total", 5)]);
        let evaluations = rules::evaluate_all(&report);
        let of_row = evaluations.iter().find(|e| e.relation.name == "row:received").unwrap();
        let mut newer = of_row.clone();
        newer.right.retain(|term| !term.value().is_zero());
        assert!(newer.right.len() < of_row.right.len());
        assert_eq!(relation(&newer), relation(of_row));
    }

    /// A sentence of section 5 as a rule quotes it.
    fn quoting(text: &str) -> Subject {
        let section =
            crate::report::Section { number: 5, title: "".into(), text: text.into(), line: 0, text_line: 0 };
        let rule = rules::Rule::find("N1").unwrap();
        let finding = Observation::quoting(Quote::new(&section, 0..text.len())).say(text, text).finding(rule);
        subjects(&Untrusted::default(), &report(&[]), &[finding], Lang::En).remove(0)
    }

    #[test]
    fn sentences_are_told_by_their_words_and_judged_by_their_numbers() {
        let subject = quoting("收到申请 12 件");
        let spaced = quoting("收到申请\n１２件");
        assert_eq!((&spaced.key, &spaced.judged), (&subject.key, &subject.judged));
        let changed = quoting("收到申请13件");
        assert_eq!(changed.key, subject.key);
        assert_ne!(changed.judged, subject.judged);
        assert_ne!(quoting("答复申请12件").key, subject.key);
    }

    #[test]
    fn what_names_a_person_is_not_kept() {
        let subject = quoting("身份证号411523199001011234");
        let kept = [subject.key.place.raw(), subject.judged.0.raw()].concat();
        assert!(!kept.contains("411523199001011234"), "{kept}");
        assert_ne!(quoting("身份证号411523199001011235").judged, subject.judged);
    }

    #[test]
    fn findings_alike_in_everything_are_told_by_their_order() {
        let finding =
            |text: &str| Observation::default().say(text, text).finding(rules::Rule::find("F1").unwrap());
        let findings = [
            finding("文本中没有“五、问题”"),
            finding("文本中没有“六、其他”"),
            finding("文本中没有“六、其他”"),
        ];
        let subjects = subjects(&Untrusted::default(), &report(&[]), &findings, Lang::Zh);
        let places: Vec<&str> = subjects.iter().map(|s| s.key.place.raw()).collect();
        assert_eq!(places, ["section 0/五、问题", "section 0/六、其他", "section 0/六、其他#2"]);
    }
}
