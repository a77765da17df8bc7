//! The arithmetic relations that do not hold, one a line, for comparison with other engines:
//! report, relation, declared, computed.

use std::io::{self, Write};

use super::{Checked, FindingFormat};
use crate::display;
use crate::rules::{Evidence, Side};

pub(super) const TSV: FindingFormat = FindingFormat {
    name: "tsv",
    about: "broken relations only: report, relation, declared, computed",
    write,
};

fn write(out: &mut dyn Write, checked: &Checked<'_>) -> io::Result<()> {
    for finding in checked.findings {
        let Evidence::Relation(evaluation) = &finding.evidence else { continue };
        let (Some(declared), Some(computed)) = (finding.declared(), finding.computed()) else { continue };
        // In this list the declared side of the balance is what was handled and carried out.
        let is_balance = evaluation.relation.total().is_none();
        let (declared, computed): (Side, Side) =
            if is_balance { (computed, declared) } else { (declared, computed) };
        let id = checked.report.id();
        writeln!(
            out,
            "{}\t{}\t{declared}\t{computed}",
            display::visible(id.raw()),
            evaluation.relation.name
        )?;
    }
    Ok(())
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
