//! Whether two documents of an agency and year are the same report or two versions of it, and what differs.
//!
//! A page, its PDF and its parsed JSON are one report if their figures agree and their narratives agree in every number
//! and nearly every word. Calling two versions one report loses a report and says nothing; so where this module is in
//! doubt it never says that they are the same. Nothing in here may know where a document came from.

mod diff;
mod figures;
mod furniture;
mod gap;
mod letters;
mod print;
mod sentences;
#[cfg(test)]
mod tests;
mod text;
mod words;

pub use figures::{FigureDifference, RowDifference, figures_agree};
pub use print::{ReportPrint, print};
pub use sentences::SentenceDifference;

use crate::report::Report;
use text::Narrative;

/// What differs between two documents of an agency and year.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// The figures, in the order of the form.
    pub figures: Vec<FigureDifference>,
    /// Rows in which the columns of the numbers are uncertain, but not that the numbers differ.
    pub rows: Vec<RowDifference>,
    /// The sentences, in the order of the documents.
    pub sentences: Vec<SentenceDifference>,
    /// Whether nothing is known to differ, but one of them has no narrative, and too few of their figures are the same to
    /// tell that they are one report.
    pub is_thin: bool,
}

impl Difference {
    /// Whether the documents are the same report.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        self.figures.is_empty() && self.rows.is_empty() && self.sentences.is_empty() && !self.is_thin
    }
}

/// So many different figures other than zero are no chance, where there is no narrative to compare.
const ENOUGH: usize = 3;

/// What differs between two documents of an agency and year.
#[must_use]
pub fn compare(a: &Report, b: &Report) -> Difference {
    let figures: Vec<FigureDifference> = figures::differences(a, b).collect();
    let rows = figures::row_differences(a, b);
    let is_same = figures.is_empty() && rows.is_empty();
    let (print_a, print_b) = (print(a), print(b));
    let is_same_figures = print_a.figures == print_b.figures;
    let is_enough = || is_same_figures || figures::shared_numbers(a, b) >= ENOUGH;
    if print_a.words == print_b.words {
        let is_thin = is_same && !is_enough() && Narrative::of(a).is_empty();
        return Difference { figures, rows, sentences: Vec::new(), is_thin };
    }
    let (narrative_a, narrative_b) = (Narrative::of(a), Narrative::of(b));
    if narrative_a.is_empty() || narrative_b.is_empty() {
        let is_both = narrative_a.is_empty() && narrative_b.is_empty();
        let is_enough = (is_both && is_same_figures) || figures::shared_numbers(a, b) >= ENOUGH;
        let is_thin = is_same && !is_enough;
        return Difference { figures, rows, sentences: Vec::new(), is_thin };
    }
    let sentences = sentences::differences(&narrative_a, &narrative_b);
    Difference { figures, rows, sentences, is_thin: false }
}
