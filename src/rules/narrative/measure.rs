//! What a number counts by the words around it.

use super::facts::{Carry, Context, Facts};
use super::lexicon::Word;
use super::{Measure, Remedy};

/// What a number counts by the facts before it: up to two measures where it says 各, and whether received and
/// handled are not told apart.
pub(super) fn measure(
    facts: &Facts,
    context: &Context,
    counter: &str,
    is_zero: bool,
) -> ([Measure; 2], bool) {
    let one = |measure| ([measure, Measure::Other], false);
    let other = one(Measure::Other);
    if facts.blocked || !facts.clear || facts.first.is_none() {
        return other;
    }
    let may_carry = facts.subject.is_none();
    let head = if context.head_is_request { Some(Word::Request) } else { None };
    let takes = matches!(facts.verb, Some(Word::Receive | Word::Accept));
    let topic = match facts.subject {
        // 受理政府信息公开 3 件
        None if facts.info && takes => Some(Word::Request),
        None => context.topic.or(head),
        subject => subject,
    };
    match topic {
        Some(Word::Request | Word::RequestInfo) if is_case(counter) => requests(facts, context),
        Some(Word::Review | Word::Lawsuit) if is_case(counter) => {
            remedies(facts, context, topic == Some(Word::Review), is_zero)
        }
        Some(Word::Document(kind))
            if matches!(counter, "件" | "份" | "个" | "部" | "篇" | "项" | "条" | "") =>
        {
            let act = if facts.other_act { None } else { facts.act.or(context.act) };
            act.filter(|_| !facts.narrowed).map_or(other, |act| one(Measure::Document(kind, act)))
        }
        Some(Word::Decision(kind, whole)) if is_case(counter) && !may_carry => {
            let done = facts.done || facts.verb == Some(Word::Handle) || facts.verb == Some(Word::Answer);
            let shown = facts.act.is_some() || facts.other_act;
            if whole || (done && !shown) {
                return one(Measure::Decision(kind));
            }
            // What was published of them may be fewer or more: only figures that are nearly those of the table count.
            let is_decision = matches!(counter, "件" | "宗" | "起" | "例") && !facts.other_act;
            if is_decision { ([Measure::Decision(kind), Measure::Other], true) } else { other }
        }
        Some(Word::Fees) if counter.ends_with('元') => one(Measure::Fees),
        Some(Word::Procurement) if counter.ends_with('元') => one(Measure::ProcurementAmount),
        Some(Word::Procurement) if matches!(counter, "个" | "项" | "件" | "次") && !may_carry => {
            one(Measure::ProcurementCount)
        }
        _ => other,
    }
}

/// Counter words of requests, cases and decisions.
fn is_case(counter: &str) -> bool {
    matches!(counter, "件" | "条" | "次" | "例" | "起" | "宗" | "份" | "项" | "封" | "件次" | "个" | "")
}

fn requests(facts: &Facts, context: &Context) -> ([Measure; 2], bool) {
    let one = |measure, loose| ([measure, Measure::Other], loose);
    let other = one(Measure::Other, false);
    let is_list = facts.channels > 1;
    let kinds = [facts.outcome.is_some(), facts.applicants == 1, facts.channels == 1, facts.carry.is_some()];
    let known = context.speaks_of_requests() || facts.request;
    if facts.concerning || facts.narrowed || !known || kinds.iter().filter(|k| **k).count() > 1 {
        return other;
    }
    let has_verb = facts.verb.is_some();
    match (facts.outcome, facts.applicant, facts.channel, facts.carry) {
        (Some(outcome), ..) if facts.outcomes == 1 => one(Measure::Outcome(outcome), false),
        (_, _, _, Some(Carry::In)) => one(Measure::CarriedIn, false),
        (_, _, _, Some(Carry::Out)) => one(Measure::CarriedOut, false),
        (Some(_), ..) | (_, _, _, Some(Carry::Unknown)) => other,
        (_, Some(applicant), ..) if facts.applicants == 1 => one(Measure::Applicant(applicant), false),
        (_, _, Some(channel), _) if !is_list && facts.channels == 1 => one(Measure::Channel(channel), false),
        // A part of the whole by something that no table has.
        _ if facts.among || context.is_part || facts.rest => other,
        _ if facts.both => one(Measure::Received, true),
        _ if facts.act.is_some() || facts.other_act => other,
        _ => match facts.verb {
            Some(Word::Receive | Word::Accept) => one(Measure::Received, false),
            Some(Word::Answer) => one(Measure::Answered, false),
            Some(Word::Handle) if facts.request || !facts.gap => one(Measure::Handled, false),
            // A bare 依申请公开 3 件 is one only where nothing else says what the items are.
            None if facts.subject == Some(Word::Request) && !facts.gap && !has_verb => {
                let is_item = context.act.is_some() || context.topic == Some(Word::Proactive);
                if is_item { other } else { one(Measure::Received, true) }
            }
            _ => other,
        },
    }
}

fn remedies(facts: &Facts, context: &Context, is_review: bool, is_zero: bool) -> ([Measure; 2], bool) {
    let of = |remedy| if is_review { Measure::Review(remedy) } else { Measure::Lawsuit(remedy) };
    let pair = |measures| (measures, false);
    // Who is sued receives lawsuits too; who receives reviews may be the authority.
    let is_sued = facts.verb == Some(Word::Receive) && !is_review && !facts.review;
    let is_authority =
        facts.judged || facts.verb.is_some() && !(is_sued && (facts.info || context.is_about_information));
    // Whether the table counts cases of earlier years too is not the same everywhere.
    if is_authority || facts.carry.is_some() || !(context.speaks_of_requests() || facts.info || facts.request)
    {
        return pair([Measure::Other; 2]);
    }
    if let Some(suit) = facts.suit {
        // Both kinds in one number are all of them.
        let remedy = facts.result.unwrap_or(Remedy::Total);
        let measure = if facts.suits > 1 { Measure::Lawsuit(remedy) } else { Measure::Suit(suit, remedy) };
        return pair([if facts.review || facts.lost { Measure::Other } else { measure }, Measure::Other]);
    }
    let (review, lawsuit) = (Measure::Review(Remedy::Total), Measure::Lawsuit(Remedy::Total));
    match (facts.result, facts.lost) {
        (Some(result), _) => pair([of(result), Measure::Other]),
        (None, true) if facts.subject.is_some() && !is_review => pair([Measure::Lost, Measure::Other]),
        (None, true) => pair([Measure::Lost, Measure::Other]),
        _ if facts.review && facts.lawsuit && (facts.each || is_zero) => pair([review, lawsuit]),
        _ if facts.review && facts.lawsuit => pair([Measure::Other; 2]),
        _ if facts.subject.is_some() => pair([of(Remedy::Total), Measure::Other]),
        _ => pair([Measure::Other; 2]),
    }
}
