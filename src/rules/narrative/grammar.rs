//! From words to statements: paragraphs, sentences, clauses, and what is carried over from one to the next.

use std::ops::Range;

use super::facts::{Context, Facts};
use super::fold::{Folded, head_level};
use super::lex::{Lexed, Token};
use super::lexicon::Word;
use super::measure::measure;
use super::number::Count;
use super::zero::denial;
use super::{DocumentAct, Listed, Measure, Period, Precision, Statement};
use crate::report::{Number, TableId};

/// Reads the statements of a section's text.
pub(super) fn read(
    section: u8,
    printed: &str,
    year: Option<u16>,
    (folded, lexed): &mut (Folded, Lexed),
    out: &mut Vec<Statement>,
) {
    folded.read(printed);
    lexed.read(&folded.text);
    let Lexed { tokens, counts } = lexed;
    // Nothing else makes a statement, and many sections have none of them.
    if !tokens.iter().any(|t| matches!(t.word, Word::Count(_) | Word::Not)) {
        return;
    }
    let first = out.len();
    let context = Context {
        year,
        head_is_request: section == TableId::Requests.number(),
        is_about_information: section == TableId::Remedies.number(),
        ..Context::default()
    };
    let mut reader = Reader {
        section,
        printed,
        folded,
        counts,
        context,
        head: u8::MAX,
        is_head: false,
        period: Period::ThisYear,
        sentence: 0,
        names_this_year: false,
        among_next: false,
        among_new: false,
        new_next: false,
        is_list: false,
        out,
    };
    reader.run(tokens);
    if let Some(statements) = out.get_mut(first..) {
        super::sums::settle_handled(statements);
        super::sums::demote_contradictions(statements);
    }
}

#[allow(clippy::struct_excessive_bools, reason = "each is one thing that the sentence has said or not")]
struct Reader<'a> {
    section: u8,
    printed: &'a str,
    folded: &'a Folded,
    counts: &'a [Count],
    context: Context,
    /// The level of the last head.
    head: u8,
    /// Whether the next clause is a head.
    is_head: bool,
    /// The time that the sentence speaks of.
    period: Period,
    sentence: u32,
    /// Whether the sentence names the year of the report.
    names_this_year: bool,
    /// Whether 其中 stood alone in a clause, for the next one.
    among_next: bool,
    /// Whether the clause counts among what was newly received, and whether the next one does.
    among_new: bool,
    new_next: bool,
    /// Whether a list of parts has begun in the sentence.
    is_list: bool,
    out: &'a mut Vec<Statement>,
}

/// What kinds of words a clause has: most clauses have few of them.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is one kind of word that may be there or not")]
struct Has {
    request: bool,
    info: bool,
    proactive: bool,
    time: bool,
    comparison: bool,
    number: bool,
    negation: bool,
}

impl Has {
    fn of(tokens: &[Token]) -> Self {
        let mut has = Self::default();
        for token in tokens {
            match token.word {
                Word::Request => (has.request, has.info) = (true, true),
                Word::RequestInfo => has.request = true,
                Word::Info => has.info = true,
                Word::Proactive => has.proactive = true,
                Word::Compare => has.comparison = true,
                Word::Count(_) => has.number = true,
                Word::Not => has.negation = true,
                word => has.time |= word.is_time(),
            }
        }
        has
    }
}

/// A number of a clause with the words that belong to it.
struct Piece<'t> {
    before: &'t [Token],
    /// Where the words before begin.
    from: usize,
    after: &'t [Token],
    /// Where the words behind end.
    to: usize,
    /// Where the number ends with its counter word.
    end: usize,
}

impl Reader<'_> {
    fn run(&mut self, tokens: &[Token]) {
        let (mut from, mut start) = (0, 0);
        self.begin(0);
        for (i, token) in tokens.iter().enumerate() {
            let is_end = matches!(token.word, Word::Stop | Word::Line | Word::Semi);
            if !is_end && !matches!(token.word, Word::Comma | Word::Open | Word::Close) {
                continue;
            }
            self.clause(tokens.get(from..i).unwrap_or(&[]), start, token.start);
            (from, start) = (i + 1, token.end);
            if matches!(token.word, Word::Stop | Word::Line) {
                self.end_sentence(token.word == Word::Line);
            }
            if token.word == Word::Semi {
                self.is_list = false;
            }
            if is_end {
                self.begin(token.end);
            }
        }
        self.clause(tokens.get(from..).unwrap_or(&[]), start, self.folded.text.len());
    }

    /// A sentence or a part of one begins: a head of the same level or a higher one ends what the last was about.
    fn begin(&mut self, at: usize) {
        let text = self.folded.text.get(at..).unwrap_or("");
        if let Some(level) = head_level(text)
            && level <= self.head
        {
            self.head = level;
            self.is_head = true;
            self.context = Context { year: self.context.year, ..Context::default() };
        }
    }

    fn end_sentence(&mut self, is_paragraph: bool) {
        self.sentence += 1;
        self.period = Period::ThisYear;
        (self.among_next, self.new_next) = (false, false);
        self.names_this_year = false;
        self.context.act = None;
        self.is_list = false;
        self.context.is_about_information = false;
        if is_paragraph {
            self.context.topic = None;
        }
    }

    fn clause(&mut self, tokens: &[Token], start: usize, end: usize) {
        if tokens.is_empty() {
            return;
        }
        let is_head = std::mem::take(&mut self.is_head);
        let has = Has::of(tokens);
        self.context.has_request |= has.request;
        self.context.head_is_request |= has.request && is_head && !has.proactive;
        self.context.is_about_information |= has.info;
        if has.time && !has.comparison {
            self.time(tokens);
        }
        let among =
            std::mem::replace(&mut self.among_next, matches!(tokens, [Token { word: Word::Among, .. }]));
        self.context.is_part = among;
        self.is_list |= among;
        let is_new = self.folded.text.get(start..end).is_some_and(is_among_new);
        self.among_new = std::mem::replace(&mut self.new_next, is_new);
        let mut rest = if has.number { self.numbers(tokens, start, end, among) } else { tokens };
        if !has.negation {
            rest = &[];
        }
        while let Some(at) = rest.iter().position(|t| matches!(t.word, Word::Not)) {
            self.remember(rest.get(..at).unwrap_or(&[]));
            rest = rest.get(at..).unwrap_or(&[]);
            self.negation(rest, end);
            rest = rest.get(1..).unwrap_or(&[]);
        }
        self.remember(tokens);
    }

    /// The numbers of a clause; what is left behind the last of them.
    fn numbers<'t>(&mut self, tokens: &'t [Token], start: usize, end: usize, among: bool) -> &'t [Token] {
        let (mut from, mut at) = (0, start);
        let mut part = among;
        for (i, token) in tokens.iter().enumerate() {
            let Word::Count(number) = token.word else { continue };
            let Some(count) = self.counts.get(number as usize).copied() else { continue };
            let before = tokens.get(from..i).unwrap_or(&[]);
            // Rows of a table that was not recognised have no counter words.
            let is_cell = count.counter.is_empty() && (2..=4).contains(&self.section);
            if is_cell || is_none_at_all(before, &count) {
                continue;
            }
            let behind = tokens.get(i + 1..).unwrap_or(&[]);
            let stop = behind.iter().position(|t| matches!(t.word, Word::And | Word::Count(_)));
            let after = behind.get(..stop.unwrap_or(behind.len())).unwrap_or(&[]);
            // Words before another number of the clause are that number's.
            let ends_at_number = stop.is_some_and(|s| behind.get(s).is_some_and(|t| t.word != Word::And));
            let to = stop.and_then(|s| behind.get(s)).map_or(end, |t| t.start);
            let after = if ends_at_number { &[] } else { after };
            let piece = Piece { before, from: at, after, to, end: token.end };
            part |= before.iter().any(|t| matches!(t.word, Word::Among));
            self.context.is_part |= part;
            self.is_list |= part;
            let used = self.number(&piece, &count);
            from = i + 1 + used;
            at = from.checked_sub(1).and_then(|j| tokens.get(j)).map_or(at, |t| t.end);
            self.remember(before);
        }
        tokens.get(from..).unwrap_or(&[])
    }

    /// Makes the statement of a number; how many words behind it belong to it.
    fn number(&mut self, piece: &Piece<'_>, count: &Count) -> usize {
        let text = &self.folded.text;
        let mut facts = Facts::gather(piece.before, piece.from, count.start, text, &self.context);
        facts.blocked |=
            piece.before.iter().any(|t| matches!(t.word, Word::Not)) || !self.is_joined_well(count);
        let touches = piece.after.first().is_some_and(|t| t.start == piece.end);
        let mut used = 0;
        let mut end = piece.end;
        let behind = touches.then(|| Facts::gather(piece.after, piece.end, piece.to, text, &self.context));
        if let Some(behind) = behind.filter(|b| b.first.is_some()) {
            // 收到 3 件申请: the verb before, its object behind.
            let completes = facts.subject.is_none() && behind.subject.is_some() && !facts.blocked;
            if facts.first.is_none() || completes {
                facts = facts.completed(&behind, count.start);
                (used, end) = (piece.after.len(), behind.end);
            }
        }
        let (measures, loose) = measure(&facts, &self.context, count.counter, count.value.is_zero());
        let says_otherwise = self.bracket_says_otherwise(end, measures.first());
        let measures = if says_otherwise { [Measure::Other; 2] } else { measures };
        // Idioms are full of numerals: unless they count something known, they are not shown.
        if !(count.is_chinese && measures == [Measure::Other; 2]) {
            self.take(&facts, count, measures, loose, end);
        }
        used
    }

    fn take(&mut self, facts: &Facts, count: &Count, measures: [Measure; 2], loose: bool, end: usize) {
        let listed = match self.is_list {
            true if facts.rest || measures.first() == Some(&OTHER_OUTCOME) => Listed::Rest,
            true => Listed::Part,
            false => Listed::No,
        };
        let precision = match (count.precision, facts.precision_word) {
            (Precision::Exact, Some(Word::About)) => Precision::About,
            (Precision::Exact, Some(Word::Over)) => Precision::AtLeast,
            (precision, _) => precision,
        };
        let start = facts.first.unwrap_or(count.start).min(count.start);
        let [first, second] = measures;
        for measure in [Some(first), Some(second).filter(|m| *m != Measure::Other)].into_iter().flatten() {
            let statement = Statement {
                measure,
                value: count.value,
                precision,
                negated: false,
                period: self.period_of(facts, measure),
                section: self.section,
                span: self.printed(start..end),
                number_span: self.printed(count.start..count.end),
                unit: count.unit(),
                counter: count.counter,
                loose,
                among_new: self.among_new,
                sentence: self.sentence,
                listed,
            };
            self.out.push(statement);
        }
    }

    fn negation(&mut self, tokens: &[Token], end: usize) {
        let Some(denial) = denial(tokens, end, &self.folded.text, &self.context) else { return };
        for measure in denial.measures {
            self.out.push(Statement {
                measure,
                value: Number::whole(0),
                precision: Precision::Exact,
                negated: true,
                period: self.period,
                section: self.section,
                span: self.printed(denial.start..denial.end),
                number_span: self.printed(denial.start..denial.not_end),
                unit: None,
                counter: "",
                loose: false,
                among_new: false,
                sentence: self.sentence,
                listed: Listed::No,
            });
        }
    }

    fn printed(&self, range: Range<usize>) -> Range<usize> {
        self.folded.printed(range)
    }

    fn period_of(&self, facts: &Facts, measure: Measure) -> Period {
        match facts.period {
            // What is in force at the end of the year is counted over all years.
            _ if matches!(measure, Measure::Document(_, DocumentAct::InForce)) => Period::ThisYear,
            // 今年以来累计: all of this year.
            Some(Period::Cumulative) if self.names_this_year => self.period,
            Some(period) if period != Period::ThisYear => period,
            _ => self.period,
        }
    }

    /// The time that a clause sets for the rest of its sentence. One that only compares sets none.
    fn time(&mut self, tokens: &[Token]) {
        let has_number = tokens.iter().any(|t| matches!(t.word, Word::Count(_)));
        let names_year = tokens.iter().any(|t| matches!(t.word, Word::Year(_)));
        let is_ever = tokens.iter().any(|t| matches!(t.word, Word::Ever));
        match Facts::period(tokens, &self.context) {
            Some(Period::ThisYear) => (self.period, self.names_this_year) = (Period::ThisYear, true),
            Some(Period::LastYear) if names_year || !has_number => self.period = Period::LastYear,
            Some(Period::Cumulative) if is_ever => self.period = Period::Cumulative,
            _ => {}
        }
    }

    /// Keeps what the following clauses may leave out.
    fn remember(&mut self, tokens: &[Token]) {
        let takes = |word| matches!(word, Word::Receive | Word::Accept | Word::Handle | Word::Answer);
        let has_verb = tokens.iter().any(|t| takes(t.word) || matches!(t.word, Word::Count(_)));
        // Who receives and handles reviews is the authority, whose reviews are not those of the table.
        let mut is_authority = false;
        for token in tokens {
            match token.word {
                Word::Request | Word::RequestInfo => {
                    self.context.topic = Some(Word::Request);
                    is_authority = false;
                }
                Word::Review | Word::Lawsuit => {
                    self.context.topic = Some(if is_authority { Word::Foreign } else { token.word });
                }
                Word::Suit(_) if !is_authority => self.context.topic = Some(Word::Lawsuit),
                Word::Receive | Word::Accept | Word::Handle => is_authority = true,
                Word::Document(_) | Word::Decision(..) | Word::Fees | Word::Procurement | Word::Proactive => {
                    self.context.topic = Some(token.word);
                }
                Word::Foreign if has_verb => self.context.topic = Some(Word::Foreign),
                Word::Judge => {
                    is_authority = true;
                    if matches!(self.context.topic, Some(Word::Review | Word::Lawsuit)) {
                        self.context.topic = Some(Word::Foreign);
                    }
                }
                Word::Act(act) => self.context.act = Some(act),
                Word::OtherAct => self.context.act = None,
                _ => {}
            }
        }
    }

    /// Whether the digits of a number certainly belong together: no space inside, and a line break only inside a
    /// line of text. A page number alone in its line is none of them.
    fn is_joined_well(&self, count: &Count) -> bool {
        let span = self.printed(count.start..count.end);
        let Some(number) = self.printed.get(span.clone()) else { return false };
        let Some(head) = number.split(char::is_whitespace).next().filter(|h| h.len() < number.len()) else {
            return true;
        };
        let tail = number.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
        let gap = number.get(head.len()..number.len() - tail.len()).unwrap_or("");
        let ends_alone =
            |text: Option<&str>| text.is_none_or(|t| t.trim_end_matches([' ', '\u{3000}']).ends_with('\n'));
        let starts_alone = |text: Option<&str>| {
            text.is_none_or(|t| t.trim_start_matches([' ', '\u{3000}']).starts_with(['\n', '\r']))
        };
        gap.contains('\n')
            && !tail.contains(char::is_whitespace)
            && !ends_alone(self.printed.get(..span.start))
            && !starts_alone(self.printed.get(span.end..))
    }

    /// Whether a bracket behind an outcome names another one (不予公开1件（无法提供）).
    fn bracket_says_otherwise(&self, end: usize, measure: Option<&Measure>) -> bool {
        let Some(Measure::Outcome(_)) = measure else { return false };
        let Some(rest) = self.folded.text.get(end..) else { return false };
        let Some(inside) = rest.strip_prefix(['（', '(']) else { return false };
        let inside = inside.split(['）', ')']).next().unwrap_or("");
        !inside.contains(|c: char| c.is_ascii_digit())
            && ["公开", "提供", "处理", "存在", "掌握"].iter().any(|word| inside.contains(word))
    }
}

const OTHER_OUTCOME: Measure = Measure::Outcome(super::Outcome::Other);

/// 新收申请中: the next clause counts among these, and among nothing that was carried in.
fn is_among_new(clause: &str) -> bool {
    clause.ends_with('中') && clause.contains("新收") && !clause.contains("结转")
}

/// 未发生一起: the number is a way to say none.
fn is_none_at_all(before: &[Token], count: &Count) -> bool {
    count.value.as_whole() == Some(1) && before.iter().any(|t| matches!(t.word, Word::Not))
}
