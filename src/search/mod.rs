//! What the reviewer types to find reports: words against names, and terms such as `year:2019..2022`.
//!
//! Distinct names are matched, never reports: a corpus of a million reports has a few thousand counties and some
//! ten thousand agencies. [`Names`] answers a [`Word`] for all of them between two key presses; [`terms::Typed`] reads the
//! terms. Only this module uses the fuzzy matcher, and only to rank what matches. It knows nothing of reports.

mod align;
mod fold;
mod hits;
mod names;
mod parts;
mod rank;
mod reach;
pub mod terms;
mod word;

pub use hits::Hits;
pub use names::Names;
pub use word::Word;
