//! The narrative against the tables and against itself (rules N).

use super::Rule;

/// The rules of the narrative.
pub(super) static RULES: &[Rule] = &[];
