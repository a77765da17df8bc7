//! What the words before a number (or behind it) say, one by one.

use super::lex::Token;
use super::lexicon::Word;
use super::{Applicant, Channel, DocumentAct, Outcome, Period, Remedy, Suit};

/// What the sentences so far have left for this one.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is one thing that the sentences have said or not")]
pub(super) struct Context {
    /// What was counted last.
    pub topic: Option<Word>,
    /// What was done with documents last.
    pub act: Option<DocumentAct>,
    /// Whether requests were named since the last head.
    pub has_request: bool,
    /// Whether the head is about requests.
    pub head_is_request: bool,
    /// Whether the sentence speaks of open government information.
    pub is_about_information: bool,
    /// Year of the report.
    pub year: Option<u16>,
    /// Whether this belongs to a list of parts.
    pub is_part: bool,
}

impl Context {
    /// Whether an unnamed 申请 or 行政复议 is about information here.
    pub(super) const fn speaks_of_requests(&self) -> bool {
        self.has_request || self.head_is_request || self.is_about_information
    }
}

/// Where requests were carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carry {
    In,
    Out,
    Unknown,
}

/// What some words say.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is one word that may be there or not")]
pub(super) struct Facts {
    /// Where the words that matter begin and end.
    pub first: Option<usize>,
    pub end: usize,
    pub subject: Option<Word>,
    pub review: bool,
    pub lawsuit: bool,
    /// Which lawsuits, and of how many kinds.
    pub suit: Option<Suit>,
    pub suits: u8,
    /// Whether requests are named in full.
    pub request: bool,
    pub verb: Option<Word>,
    /// 收到并答复: received and answered in one.
    pub both: bool,
    pub judged: bool,
    pub done: bool,
    pub carry: Option<Carry>,
    pub outcome: Option<Outcome>,
    pub outcomes: u8,
    pub applicant: Option<Applicant>,
    pub applicants: u8,
    pub channel: Option<Channel>,
    pub channels: u8,
    pub result: Option<Remedy>,
    pub lost: bool,
    pub act: Option<DocumentAct>,
    pub other_act: bool,
    pub amount: bool,
    pub info: bool,
    /// Something that no cell has, or that makes the number another one.
    pub blocked: bool,
    pub foreign: bool,
    pub concerning: bool,
    pub among: bool,
    pub rest: bool,
    pub each: bool,
    pub sum: bool,
    pub period: Option<Period>,
    pub precision_word: Option<Word>,
    /// Unknown text before the last word that matters.
    pub gap: bool,
    /// Whether everything behind that word is known.
    pub clear: bool,
    /// Whether unknown words right before the subject tell some requests from others.
    pub narrowed: bool,
}

impl Facts {
    /// Gathers what the words of a piece say; it begins at `from` and must be known up to `to`.
    pub(super) fn gather(tokens: &[Token], from: usize, to: usize, text: &str, context: &Context) -> Self {
        let mut facts = Self { clear: true, end: from, ..Self::default() };
        let mut known = from;
        for (i, token) in tokens.iter().enumerate() {
            let is_gap = token.start != known;
            let previous = i.checked_sub(1).and_then(|j| tokens.get(j));
            if is_gap {
                facts.clear = false;
            }
            known = token.end;
            if token.word == Word::Ask && !may_ask(previous.filter(|_| !is_gap), token, from) {
                facts.clear = false;
                continue;
            }
            if facts.add(token, tokens, i, context) {
                facts.gap |= !facts.clear;
                // 公民王某提交的申请 is one of many.
                facts.narrowed |= !facts.clear && facts.applicant.is_some() && is_subject(token.word);
                facts.narrowed |= is_gap && is_subject(token.word) && narrows(text, token.start);
                facts.clear = true;
                facts.first.get_or_insert(token.start);
                facts.end = token.end;
            }
        }
        facts.clear &= known == to;
        facts
    }

    /// The time that the words of a clause speak of.
    pub(super) fn period(tokens: &[Token], context: &Context) -> Option<Period> {
        let mut facts = Self::default();
        for (i, token) in tokens.iter().enumerate() {
            if token.word.is_time() {
                facts.add_mark(token.word, tokens, i, context);
            }
        }
        facts.period
    }

    /// Adds a word; whether it is one that matters.
    fn add(&mut self, token: &Token, tokens: &[Token], i: usize, context: &Context) -> bool {
        match token.word {
            Word::Request | Word::RequestInfo | Word::Ask | Word::Same => {
                let word = if token.word == Word::Ask { Word::Request } else { token.word };
                self.request |= matches!(word, Word::Request | Word::RequestInfo) && token.word != Word::Ask;
                self.subject = Some(if word == Word::Same { context.topic.unwrap_or(word) } else { word });
            }
            Word::Review | Word::Lawsuit => {
                self.review |= token.word == Word::Review;
                self.lawsuit |= token.word == Word::Lawsuit;
                self.subject = Some(token.word);
            }
            Word::Suit(suit) => {
                self.suits = self.suits.saturating_add(u8::from(self.suit != Some(suit)));
                (self.suit, self.lawsuit, self.subject) = (Some(suit), true, Some(Word::Lawsuit));
            }
            Word::Document(_) | Word::Decision(..) | Word::Fees | Word::Procurement => {
                self.subject = Some(token.word);
            }
            Word::Foreign => {
                self.foreign = true;
                self.subject = Some(Word::Foreign);
            }
            Word::Proactive => {
                self.act = Some(DocumentAct::Published);
                self.subject = Some(Word::Proactive);
            }
            Word::Receive | Word::Accept | Word::Answer | Word::Handle => self.add_verb(token, tokens, i),
            Word::Judge => self.judged = true,
            Word::Do => self.done = true,
            Word::Carry | Word::Turn => return self.add_carry(token.word, tokens, i, context),
            Word::Outcome(outcome) => {
                self.outcome = Some(outcome);
                self.outcomes = self.outcomes.saturating_add(1);
            }
            Word::Applicant(applicant) => {
                self.applicants = self.applicants.saturating_add(u8::from(self.applicant != Some(applicant)));
                self.applicant = Some(applicant);
            }
            Word::Channel(channel) => {
                self.channels = self.channels.saturating_add(u8::from(self.channel != Some(channel)));
                self.channel = Some(channel);
            }
            Word::Result(result) => self.result = Some(result),
            Word::Lost => self.lost = true,
            Word::Act(act) => (self.act, self.other_act) = (Some(act), false),
            Word::OtherAct => (self.act, self.other_act) = (None, true),
            Word::Amount => self.amount = true,
            Word::Every | Word::Compare | Word::Under | Word::Part | Word::Plan | Word::Unknown => {
                self.blocked = true;
            }
            other => {
                self.add_mark(other, tokens, i, context);
                return false;
            }
        }
        true
    }

    /// Words that say how many and when: none of them is what a number counts.
    fn add_mark(&mut self, word: Word, tokens: &[Token], i: usize, context: &Context) {
        match word {
            Word::Concerning => self.concerning = true,
            Word::Info => self.info = true,
            Word::Among => self.among = true,
            Word::Rest => self.rest = true,
            Word::Each => self.each = true,
            Word::Sum => self.sum = true,
            // 等 behind one way says that there are more of them.
            Word::Etc => self.channels = self.channels.saturating_add(u8::from(self.channel.is_some())),
            Word::About | Word::Over => self.precision_word = Some(word),
            Word::ThisYear => self.period = Some(Period::ThisYear),
            Word::LastYear if !is_beside_carry(tokens, i) => self.period = Some(Period::LastYear),
            Word::Year(year) if !is_beside_carry(tokens, i) => {
                let is_this = context.year.is_none_or(|this| this == year);
                self.period = Some(if is_this { Period::ThisYear } else { Period::LastYear });
            }
            Word::NextYear if !is_beside_carry(tokens, i) => self.blocked = true,
            Word::Ever => self.period = Some(Period::Cumulative),
            Word::Cumulative if self.period.is_none() => self.period = Some(Period::Cumulative),
            _ => {}
        }
    }

    /// These facts before a number with those right behind it.
    pub(super) fn completed(self, behind: &Self, start: usize) -> Self {
        let before = self.first.is_some();
        Self {
            first: self.first.or(Some(start)),
            subject: behind.subject.or(self.subject),
            verb: self.verb.or(behind.verb),
            carry: self.carry.or(behind.carry),
            outcome: self.outcome.or(behind.outcome),
            outcomes: self.outcomes.saturating_add(behind.outcomes),
            applicant: self.applicant.or(behind.applicant),
            applicants: self.applicants.saturating_add(behind.applicants),
            channel: self.channel.or(behind.channel),
            channels: self.channels.saturating_add(behind.channels),
            suit: self.suit.or(behind.suit),
            suits: self.suits.saturating_add(behind.suits),
            result: self.result.or(behind.result),
            act: self.act.or(behind.act),
            period: self.period.or(behind.period),
            precision_word: self.precision_word,
            among: self.among,
            rest: self.rest,
            gap: self.gap || behind.gap,
            clear: (self.clear || !before) && behind.clear,
            blocked: self.blocked || behind.blocked,
            concerning: self.concerning || behind.concerning,
            narrowed: self.narrowed || behind.narrowed,
            judged: self.judged || behind.judged,
            other_act: self.other_act || behind.other_act,
            done: self.done || behind.done,
            ..*behind
        }
    }

    fn add_verb(&mut self, token: &Token, tokens: &[Token], i: usize) {
        let is_taking = |word| matches!(word, Word::Receive | Word::Accept);
        let joined = i.checked_sub(1).and_then(|j| tokens.get(j)).is_some_and(|t| t.word == Word::And);
        let before = i.checked_sub(2).and_then(|j| tokens.get(j)).map(|t| t.word);
        if joined && before.is_some_and(is_taking) && matches!(token.word, Word::Answer | Word::Handle) {
            self.both = true;
            return;
        }
        self.verb = Some(token.word);
    }

    fn add_carry(&mut self, word: Word, tokens: &[Token], i: usize, context: &Context) -> bool {
        let carry = carry_at(tokens, i, context.year);
        if word == Word::Turn && carry != Carry::Out {
            return false;
        }
        self.carry = Some(carry);
        true
    }
}

/// Whether a word names what is counted.
const fn is_subject(word: Word) -> bool {
    matches!(word, Word::Request | Word::RequestInfo | Word::Ask | Word::Document(_))
}

/// 申请 alone means requests only behind words that leave it so: 低保申请 is another thing.
fn may_ask(previous: Option<&Token>, token: &Token, from: usize) -> bool {
    let Some(previous) = previous else { return token.start == from };
    !matches!(
        previous.word,
        Word::Review
            | Word::Lawsuit
            | Word::Suit(_)
            | Word::Document(_)
            | Word::Decision(..)
            | Word::Foreign
            | Word::Unknown
            | Word::Act(_)
            | Word::OtherAct
    )
}

/// Whether unknown words before a subject make it one kind of its things (征地类政府信息公开申请).
fn narrows(text: &str, start: usize) -> bool {
    text.get(..start).is_some_and(|before| {
        !before.ends_with([
            '局', '委', '办', '厅', '府', '镇', '乡', '处', '院', '所', '心', '位', '道', '会', '的', '关',
            '到', '理', '室',
        ])
    })
}

/// Whether a year belongs to a word of carrying beside it.
fn is_beside_carry(tokens: &[Token], i: usize) -> bool {
    let is_carry = |t: Option<&Token>| t.is_some_and(|t| matches!(t.word, Word::Carry | Word::Turn));
    is_carry(tokens.get(i + 1))
        || (i.checked_sub(1).is_some_and(|j| is_carry(tokens.get(j))))
        || (i.checked_sub(2).is_some_and(|j| is_carry(tokens.get(j)) && is_thin(tokens.get(j + 1))))
        || (is_thin(tokens.get(i + 1)) && is_carry(tokens.get(i + 2)))
}

/// Words that may stand between a year and the carrying.
fn is_thin(token: Option<&Token>) -> bool {
    token.is_some_and(|t| matches!(t.word, Word::Filler | Word::ThisYear | Word::Turn))
}

/// The direction of a word of carrying, from the years around it.
fn carry_at(tokens: &[Token], i: usize, year: Option<u16>) -> Carry {
    let ahead =
        tokens.iter().skip(i + 1).take(3).take_while(|t| !matches!(t.word, Word::Count(_) | Word::And));
    for token in ahead {
        match token.word {
            Word::NextYear => return Carry::Out,
            Word::LastYear => return Carry::In,
            Word::Year(y) if year.is_some_and(|this| y > this) => return Carry::Out,
            Word::Year(y) if year.is_some_and(|this| y < this) => return Carry::In,
            Word::Filler | Word::Turn | Word::ThisYear => {}
            _ => break,
        }
    }
    for token in tokens.iter().take(i).rev().take(2) {
        match token.word {
            Word::LastYear => return Carry::In,
            Word::Year(y) if year.is_some_and(|this| y < this) => return Carry::In,
            Word::Filler | Word::ThisYear => {}
            _ => break,
        }
    }
    Carry::Unknown
}
