//! The number sentences of the narrative: what they count, and what the tables say to that.
//!
//! A false alarm is worse than a sentence not understood, so a number means a cell only where its sentence
//! leaves no other reading: every character between the words that say what is counted and the number must be
//! known, and its subject must be named there or carried over from the same paragraph.

mod compare;
mod facts;
mod fold;
mod grammar;
mod lex;
mod lexicon;
mod measure;
mod number;
mod percent;
mod sums;
mod zero;

use std::cell::RefCell;
use std::ops::Range;

pub use compare::{Reading, Verdict, Why, compare, is_slip};
pub use percent::{Change, Percentage, percentages};
pub use sums::{PartSum, larger_parts, part_sums};

use crate::report::template::RESULTS;
use crate::report::{Number, Report, Unit};

thread_local! {
    /// What texts are folded and taken apart in: it is of no use between two reports, but nearly all need as much.
    static MEMORY: RefCell<(fold::Folded, lex::Lexed)> = RefCell::default();
}

/// A memory for longer texts is not kept.
const LONG_MEMORY: usize = 1 << 16;

/// The longest text that is read of a section, in bytes: far beyond any report.
const LONG_SECTION: usize = 1 << 20;

/// A statement of the narrative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it counts.
    pub measure: Measure,
    /// The number; 0 for a negation.
    pub value: Number,
    /// How exact it is.
    pub precision: Precision,
    /// Whether it says that there was nothing.
    pub negated: bool,
    /// The time that it speaks of.
    pub period: Period,
    /// The section that it stands in.
    pub section: u8,
    /// The words that say it, in bytes of the section's text as printed.
    pub span: Range<usize>,
    /// The number alone, or the word of negation.
    pub number_span: Range<usize>,
    /// The unit of an amount of money.
    pub unit: Option<Unit>,
    /// The counter word as it is written in full; empty for a bare 0 and for a negation.
    pub counter: &'static str,
    /// Whether it may mean something else too: received and handled are not told apart (收到并办理 3 件), or decisions
    /// and what was published of them.
    pub loose: bool,
    /// Whether it counts among those of the year alone, without what was carried in (新收申请中，…).
    pub among_new: bool,
    /// The sentence of the section that it stands in, counted from 0.
    pub sentence: u32,
    /// Its place in a list of parts.
    pub listed: Listed,
}

/// What a statement counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Requests received.
    Received,
    /// Requests answered.
    Answered,
    /// Requests handled, where the text says neither how many came nor how many were answered.
    Handled,
    /// Requests carried in from last year.
    CarriedIn,
    /// Requests carried out into next year.
    CarriedOut,
    /// Requests with an outcome.
    Outcome(Outcome),
    /// Requests by who made them.
    Applicant(Applicant),
    /// Requests by the way that they came.
    Channel(Channel),
    /// Administrative reviews.
    Review(Remedy),
    /// Lawsuits.
    Lawsuit(Remedy),
    /// Lawsuits of one of the two kinds.
    Suit(Suit, Remedy),
    /// Reviews or lawsuits lost, without saying which.
    Lost,
    /// Documents.
    Document(DocumentKind, DocumentAct),
    /// Decisions.
    Decision(DecisionKind),
    /// Administrative fees, an amount.
    Fees,
    /// Procurement projects.
    ProcurementCount,
    /// Procurement, an amount.
    ProcurementAmount,
    /// Something that no table has, or that cannot be told with certainty.
    Other,
}

/// The outcome of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// （一）予以公开
    Granted,
    /// （二）部分公开
    Partial,
    /// （三）不予公开
    Refused,
    /// （四）无法提供
    Unavailable,
    /// （五）不予处理
    NotProcessed,
    /// （六）其他处理
    Other,
    /// A single row.
    Row(ResultRow),
}

/// A row of table 3 that the narrative names: a small number, because words carry it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResultRow(u8);

impl std::fmt::Debug for ResultRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

impl ResultRow {
    /// Whole and partial disclosure, which come first on the form, are outcomes of their own.
    const BEFORE: usize = 2;

    /// The key of the row.
    #[must_use]
    pub fn key(self) -> &'static str {
        RESULTS.get(Self::BEFORE + usize::from(self.0)).copied().unwrap_or("")
    }
}

/// Who made requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Applicant {
    /// 自然人
    Natural,
    /// 法人或其他组织
    Organisation,
}

/// The way by which requests came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Online and by e-mail.
    Network,
    /// By post.
    Letter,
    /// In person.
    InPerson,
    /// Fax, telephone and others.
    Fax,
}

/// Which reviews or lawsuits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Remedy {
    /// All.
    Total,
    /// 结果维持
    Upheld,
    /// 结果纠正
    Corrected,
    /// 其他结果
    Other,
    /// 尚未审结
    Pending,
}

/// A kind of lawsuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suit {
    /// 未经复议直接起诉
    Direct,
    /// 复议后起诉
    AfterReview,
}

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// 规范性文件
    Normative,
    /// 规章
    Regulation,
}

/// What was done with documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentAct {
    /// Made in the year.
    Issued,
    /// Published, which may mean older ones too.
    Published,
    /// Repealed in the year.
    Repealed,
    /// In force at its end.
    InForce,
}

/// A kind of decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DecisionKind {
    /// 行政许可
    Licensing,
    /// 行政处罚
    Penalty,
    /// 行政强制
    Coercion,
}

/// How exact a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    /// As it stands.
    Exact,
    /// 余, 多, 以上: at least that.
    AtLeast,
    /// 约, 近, 左右: about that.
    About,
}

/// The time that a statement speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// The year of the report.
    ThisYear,
    /// Another year, of which the tables say nothing.
    LastYear,
    /// Several years together.
    Cumulative,
}

/// The place of a statement in a list of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Listed {
    /// No part of a list.
    No,
    /// A part behind 其中.
    Part,
    /// The last part, which says that nothing else is left (其他 3 件).
    Rest,
}

/// All statements of a report, in the order of its text.
#[must_use]
pub fn statements(report: &Report) -> Vec<Statement> {
    let mut all = Vec::with_capacity(32);
    MEMORY.with_borrow_mut(|memory| {
        each_section(report, |number, text| grammar::read(number, text, report.year, memory, &mut all));
        sums::settle_handled(&mut all);
        if memory.0.text.capacity() > LONG_MEMORY {
            *memory = Default::default();
        }
    });
    all
}

/// Calls for the text of every section: those of the tables may have sentences around them.
fn each_section(report: &Report, mut take: impl FnMut(u8, &str)) {
    for section in &report.sections {
        let text = section.text.raw();
        if !text.is_empty() && text.len() <= LONG_SECTION {
            take(section.number, text);
        }
    }
}
