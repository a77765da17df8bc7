//! The arithmetic relations that do not hold, one a line, for comparison with other engines:
//! report, relation, declared, computed.

//!
//! The list needs neither narrative nor causes, and for a corpus of parsed reports it is made without them: an
//! [`Item`] is what is needed of a report, a [`List`] what is kept of all.

mod carry;
mod list;
mod sums;

pub use list::{Item, List, Sieve};
pub use sums::{Admits, Lines, Sums};

use std::fmt::{self, Display, Write as _};

use super::grid::inert;
use super::{Checked, FindingFormat};
use crate::report::template::APPLICANTS;
use crate::rules::{Finding, Relation};

pub(super) const TSV: FindingFormat = FindingFormat {
    name: "tsv",
    about: "broken relations only: report, relation, declared, computed",
    sums_only: true,
    is_binary: false,
    way: super::Way::lines(write),
};

fn write(out: &mut String, checked: &Checked<'_>) -> fmt::Result {
    let id = checked.report.stated.visible();
    let id = inert(&id);
    let mut lines: Vec<(usize, String)> = checked.findings.iter().filter_map(|(f, _)| line(f)).collect();
    lines.sort();
    for (_, line) in lines {
        writeln!(out, "{id}\t{line}")?;
    }
    Ok(())
}

/// Relation, declared and computed of a finding, with its place in the list; `None` if it is about no relation.
fn line(finding: &Finding) -> Option<(usize, String)> {
    let (declared, computed) = (finding.declared()?, finding.computed()?);
    match finding.relation() {
        Some(evaluation) => {
            Some((evaluation.number(), relation_line(evaluation.relation, &declared, &computed)))
        }
        None if finding.rule.id == "Y1" => {
            let column = finding.focus()?.column().key;
            let i = APPLICANTS.iter().position(|c| c.key == column)?;
            Some((usize::MAX - APPLICANTS.len() + i, format!("carry:{}\t{declared}\t{computed}", i + 1)))
        }
        None => None,
    }
}

/// Relation, declared and computed of a relation that does not hold.
fn relation_line<T: Display>(relation: &Relation, declared: &T, computed: &T) -> String {
    // In this list the declared side of the balance is what was handled and carried out.
    let is_balance = relation.total().is_none();
    let (declared, computed) = if is_balance { (computed, declared) } else { (declared, computed) };
    format!("{}\t{declared}\t{computed}", relation.name)
}

#[cfg(test)]
mod tests {
    use super::super::tests::written;
    use super::*;

    #[test]
    fn the_balance_declares_what_was_handled() {
        let text = written(&TSV);
        let rest: Vec<&str> =
            text.lines().filter_map(|line| line.split_once('\t').map(|(_, rest)| rest)).collect();
        assert_eq!(rest, ["bal:1\t0\t3", "bal:7\t0\t5", "row:received\t5\t3"]);
    }
}
