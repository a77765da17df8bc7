//! A row of the list, made from a cause and what was decided on it.

use std::path::PathBuf;

use super::{LedgerOptions, advice};
use crate::corpus::OpenReport;
use crate::display::{Lang, Untrusted};
use crate::report::CellId;
use crate::review::{CauseState, Decision, FindingKey, Judged, State, Store, Subject, Verdict};
use crate::rules::{self, Cause, Finding, Rule, Severity};

/// Where the work on a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nobody has decided.
    Open,
    /// A mistake of the report.
    Confirmed,
    /// None.
    Dismissed,
    /// The unit shall be asked.
    Query,
    /// The report was corrected.
    Settled,
}

impl Status {
    const ALL: [Self; 5] = [Self::Open, Self::Confirmed, Self::Dismissed, Self::Query, Self::Settled];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => Decision::Open.name(),
            Self::Confirmed => Decision::Confirmed.name(),
            Self::Dismissed => Decision::Dismissed.name(),
            Self::Query => Decision::Query.name(),
            Self::Settled => "settled",
        }
    }

    /// The status of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// The word for people.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Open => Decision::Open.word(lang),
            Self::Confirmed => Decision::Confirmed.word(lang),
            Self::Dismissed => Decision::Dismissed.word(lang),
            Self::Query => Decision::Query.word(lang),
            Self::Settled => lang.pick("已整改", "settled"),
        }
    }

    fn of(state: &State) -> Self {
        match state.verdict {
            Verdict::Open | Verdict::Reopened { .. } => Self::Open,
            Verdict::Confirmed => Self::Confirmed,
            Verdict::Dismissed => Self::Dismissed,
            Verdict::Query => Self::Query,
        }
    }
}

/// What became of a row since an earlier list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// The report no longer has it.
    Settled,
    /// It is there with the same figures.
    Remains,
    /// It is there with other figures.
    Changed,
    /// It was not in the earlier list.
    New,
    /// The report as it is now cannot be read there.
    Unclear,
}

impl Change {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Settled => "settled",
            Self::Remains => "remains",
            Self::Changed => "changed",
            Self::New => "new",
            Self::Unclear => "unclear",
        }
    }

    /// The word for people.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Settled => lang.pick("已整改", "settled"),
            Self::Remains => lang.pick("仍存在", "remains"),
            Self::Changed => lang.pick("仍存在（数字已变）", "remains (figures changed)"),
            Self::New => lang.pick("新发现", "new"),
            Self::Unclear => lang.pick("需人工核对", "needs reading"),
        }
    }
}

/// A row of the list: a cause.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    /// The identifier of the report.
    pub report: Untrusted,
    /// The agency.
    pub agency: Untrusted,
    /// Its county.
    pub county: Option<Untrusted>,
    /// The county's code.
    pub county_code: Option<Untrusted>,
    /// Its city.
    pub city: Option<Untrusted>,
    /// The year of the report.
    pub year: Option<u16>,
    /// The rule that says most.
    pub rule: &'static Rule,
    /// What was found, with both numbers and the difference; what else has the same cause, on further lines.
    pub description: Untrusted,
    /// Section, table, row and column, and the line of the document.
    pub place: Untrusted,
    /// The formula that does not hold, and the document that demands it.
    pub basis: String,
    /// How bad it is.
    pub severity: Severity,
    /// What to check.
    pub advice: String,
    /// Who has to settle it.
    pub responsible: String,
    /// Until when.
    pub due: String,
    /// Where the work stands.
    pub status: Status,
    /// What the reviewers wrote.
    pub note: Untrusted,
    /// Why it was dismissed.
    pub reason: Untrusted,
    /// What became of it since the earlier list, if there is one.
    pub change: Option<Change>,
    /// The file of the report.
    pub file: PathBuf,
    /// The line in it.
    pub line: Option<u32>,
    /// The cells that take part.
    pub cells: Vec<CellId>,
    /// Its findings with the figures that they rest on, the one that says most first.
    pub findings: Vec<(FindingKey, Judged)>,
}

/// The row of a cause; `None` for a cause without findings.
pub(super) fn of_cause(
    options: &LedgerOptions,
    open: &OpenReport,
    cause: &Cause,
    subjects: &[Subject],
    decisions: Option<&Store>,
) -> Option<LedgerRow> {
    let lang = options.lang;
    let headline = cause.headline(&open.findings)?;
    let own: Vec<Subject> = cause.findings.iter().filter_map(|i| subjects.get(*i)).cloned().collect();
    let states = decisions.map_or_else(|| vec![State::default(); own.len()], |store| store.states(&own));
    let state = CauseState::of(&states)?.state;
    let reason = state.standing.as_ref().and_then(|event| event.reason.clone()).unwrap_or_default();
    let report = &open.report;
    Some(LedgerRow {
        report: open.id.clone(),
        agency: report.agency.clone(),
        county: report.county.clone(),
        county_code: report.county_code.clone(),
        city: report.city.clone(),
        year: report.year,
        rule: headline.rule,
        description: description(cause, &open.findings, lang).into(),
        place: place(headline, lang).into(),
        basis: basis(headline.rule, lang),
        severity: cause.severity,
        advice: advice::advice(cause, headline, lang),
        responsible: options.responsible.clone(),
        due: options.due.clone(),
        status: Status::of(&state),
        note: note(&open.id, &state, &states, lang).into(),
        reason,
        change: options.earlier.as_ref().and_then(|earlier| earlier.change(&own, Status::of(&state))),
        file: open.path.clone(),
        line: headline.line,
        cells: headline.cells(),
        findings: own.into_iter().map(|subject| (subject.key, subject.judged)).collect(),
    })
}

/// The finding that says most; below it the others, as many as a reader takes in.
fn description(cause: &Cause, findings: &[Finding], lang: Lang) -> String {
    const LISTED: usize = 8;
    let messages: Vec<String> =
        cause.findings.iter().filter_map(|i| findings.get(*i)).map(|f| with_difference(f, lang)).collect();
    let mut lines: Vec<String> = messages.iter().take(1).cloned().collect();
    if messages.len() > 1 {
        lines.push(lang.pick("同一原因：", "from the same cause:").to_owned());
    }
    lines.extend(messages.iter().skip(1).take(LISTED).map(|message| format!("· {message}")));
    if messages.len() > LISTED + 1 {
        let more = messages.len() - LISTED - 1;
        lines.push(lang.pick(format!("· 另有 {more} 处"), format!("· and {more} more")));
    }
    lines.join("\n")
}

/// The sentence of a finding, with the difference where the sentence does not say it.
fn with_difference(finding: &Finding, lang: Lang) -> String {
    let message = finding.message(lang);
    match finding.difference() {
        Some(difference) if finding.relation().is_none() && !difference.is_zero() => {
            let difference = rules::signed(difference);
            lang.pick(format!("{message}（差 {difference}）"), format!("{message} (difference {difference})"))
        }
        _ => message,
    }
}

fn place(finding: &Finding, lang: Lang) -> String {
    let mut parts = Vec::new();
    match (finding.table(), finding.section()) {
        (Some(table), _) if !finding.cells().is_empty() => parts.push(rules::table_words(table, lang)),
        (_, section) if section > 0 => parts.push(rules::section_words(section, lang)),
        _ => {}
    }
    let at = finding.place(lang);
    if !at.is_empty() && !parts.contains(&at) {
        parts.push(at);
    }
    if let Some(quote) = finding.observation().and_then(|seen| seen.quote.as_ref()) {
        parts.push(lang.pick(format!("“{}”", quote.visible()), format!("\"{}\"", quote.visible())));
    }
    if let Some(line) = finding.line {
        parts.push(lang.pick(format!("第 {line} 行"), format!("line {line}")));
    }
    if parts.is_empty() {
        lang.pick("整份报告", "the whole report").to_owned()
    } else {
        parts.join(" / ")
    }
}

/// The formula, and the document that demands it.
pub(super) fn basis(rule: &Rule, lang: Lang) -> String {
    format!("{} {}\n{}", rule.id, rule.formula.in_lang(lang), rule.source)
}

/// What reviewers wrote, and what they should know of each other.
fn note(report: &Untrusted, state: &State, states: &[State], lang: Lang) -> String {
    let mut lines: Vec<String> = Vec::new();
    let notes = std::iter::once(state).chain(states).filter_map(|state| state.note.as_ref()?.note.as_ref());
    for note in notes.map(|note| note.raw().to_owned()).filter(|note| !note.trim().is_empty()) {
        if !lines.contains(&note) {
            lines.push(note);
        }
    }
    if let Some(reason) = state.standing.as_ref().and_then(|event| event.reason.as_ref()) {
        lines.push(lang.pick(format!("理由：{}", reason.raw()), format!("reason: {}", reason.raw())));
    }
    if let Verdict::Reopened { was } = &state.verdict {
        let why = Verdict::why_open_again(state.verdict.is_of_another(report), lang);
        let word = was.decision.unwrap_or(Decision::Open).word(lang);
        let who = was.reviewer.raw();
        lines
            .push(lang.pick(format!("{why}，原结论：{word}（{who}）"), format!("{why}, was {word} ({who})")));
    }
    if let Some(other) = &state.conflict {
        let word = other.decision.unwrap_or(Decision::Open).word(lang);
        let who = other.reviewer.raw();
        lines.push(lang.pick(format!("意见不一：{who} {word}"), format!("in conflict: {who} {word}")));
    }
    lines.join("\n")
}
