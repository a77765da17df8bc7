//! Negations: 未收到政府信息公开申请 says 0 without a number.

use super::facts::{Carry, Context, Facts};
use super::lex::Token;
use super::lexicon::Word;
use super::{DocumentAct, Measure, Remedy};

/// What a negation denies.
#[derive(Debug, Default)]
pub(super) struct Denial {
    pub measures: Vec<Measure>,
    /// Where it begins (the word of negation) and ends.
    pub start: usize,
    pub not_end: usize,
    pub end: usize,
}

/// Reads the negation at the beginning of `tokens`, which go up to the end of the clause at `to`.
pub(super) fn denial(tokens: &[Token], to: usize, text: &str, context: &Context) -> Option<Denial> {
    let (not, rest) = tokens.split_first()?;
    let next = rest.first()?;
    if next.start != not.end || !may_follow(next.word) {
        return None;
    }
    let facts = Facts::gather(rest, not.end, to, text, context);
    if facts.blocked || facts.end <= not.end {
        return None;
    }
    let mut measures = Vec::new();
    remedies(&facts, context, &mut measures);
    if !facts.foreign {
        carried(rest, not.end, text, context, &mut measures);
        if measures.is_empty() {
            measures.extend(requests(&facts, context));
        }
        measures.extend(documents(&facts));
    }
    Some(Denial { measures, start: not.start, not_end: not.end, end: facts.end })
        .filter(|d| !d.measures.is_empty())
}

/// What a negation must stand right before: anything else (未及时答复) denies something else.
const fn may_follow(word: Word) -> bool {
    matches!(
        word,
        Word::Receive
            | Word::Accept
            | Word::Handle
            | Word::Request
            | Word::RequestInfo
            | Word::Ask
            | Word::Anyone
            | Word::Applicant(_)
            | Word::Occur
            | Word::Review
            | Word::Lawsuit
            | Word::Lost
            | Word::LastYear
            | Word::NextYear
            | Word::Carry
            | Word::Act(DocumentAct::Issued | DocumentAct::Repealed)
            | Word::Info
    )
}

fn remedies(facts: &Facts, context: &Context, measures: &mut Vec<Measure>) {
    let known = context.speaks_of_requests() || facts.info || facts.request;
    let named = facts.review || facts.lawsuit;
    let carried = matches!(context.topic, Some(Word::Review | Word::Lawsuit));
    if !known || facts.judged || facts.result.is_some_and(|r| r != Remedy::Corrected) {
        return;
    }
    if facts.lost && (named || carried) {
        measures.push(Measure::Lost);
        return;
    }
    let remedy = facts.result.unwrap_or(Remedy::Total);
    if !named || !facts.clear || facts.verb.is_some_and(|v| v != Word::Answer) {
        return;
    }
    if facts.review {
        measures.push(Measure::Review(remedy));
    }
    if facts.lawsuit {
        measures.push(Measure::Lawsuit(remedy));
    }
}

/// What was not carried, in or out: a clause may deny both.
fn carried(rest: &[Token], from: usize, text: &str, context: &Context, measures: &mut Vec<Measure>) {
    let known = context.speaks_of_requests() || context.topic == Some(Word::Request);
    let mut start = from;
    for piece in rest.split_inclusive(|t| t.word == Word::And) {
        let end = piece.last().map_or(start, |t| t.end);
        let facts = Facts::gather(piece, start, end, text, context);
        match facts.carry {
            Some(Carry::In) if known || facts.request => measures.push(Measure::CarriedIn),
            Some(Carry::Out) if known || facts.request => measures.push(Measure::CarriedOut),
            _ => {}
        }
        start = end;
    }
}

fn requests(facts: &Facts, context: &Context) -> Option<Measure> {
    let is_named = facts.request || context.speaks_of_requests();
    let is_last = matches!(facts.subject, Some(Word::Request | Word::RequestInfo));
    let is_whole = facts.clear && !facts.concerning && facts.outcome.is_none() && facts.carry.is_none();
    let denies_more = facts.verb == Some(Word::Answer) || facts.channel.is_some() || facts.act.is_some();
    if !is_named || !is_last || !is_whole || denies_more || facts.other_act || facts.review || facts.lawsuit {
        return None;
    }
    Some(match facts.applicant {
        Some(applicant) if facts.applicants == 1 => Measure::Applicant(applicant),
        _ => Measure::Received,
    })
}

fn documents(facts: &Facts) -> Option<Measure> {
    let Some(Word::Document(kind)) = facts.subject else { return None };
    let act = facts.act.filter(|act| matches!(act, DocumentAct::Issued | DocumentAct::Repealed))?;
    (facts.clear && !facts.narrowed && facts.verb.is_none()).then_some(Measure::Document(kind, act))
}
