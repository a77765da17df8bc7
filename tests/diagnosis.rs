//! What probably happened: on synthetic reports with labelled errors the likely repair is what was put wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on shall fail; the shares are worth reading"
)]

use std::collections::BTreeMap;

use gouji::report::{Figure, Number, Report};
use gouji::rules::{self, Cause, Finding};
use gouji::synth::{Change, Corpus, Settings};

/// The causes of a report that are broken relations.
fn arithmetic(report: &Report) -> (Vec<Cause>, Vec<Finding>) {
    let evaluations = rules::evaluate_all(report);
    let findings = rules::check(report, &rules::Settings::default());
    let causes = rules::causes(report, &evaluations, &findings, &rules::judged(report));
    (causes.into_iter().filter(|cause| cause.breaks > 0).collect(), findings)
}

/// How a kind of labelled error fares.
#[derive(Debug, Default)]
struct Tally {
    /// Reports in which relations break.
    all: usize,
    /// Those where one repair is more plausible than any other of its size.
    determined: usize,
    /// Those of them where it is what was put wrong.
    right: usize,
    /// Those not determined where what was put wrong is among the repairs.
    listed: usize,
}

fn undoes(repair: &rules::Repair, changes: &[Change]) -> bool {
    let changes: Vec<&Change> =
        changes.iter().filter(|c| value(c.was) != value(c.now) || c.now == Figure::Blank).collect();
    repair.changes.len() == changes.len()
        && changes.iter().all(|change| {
            let was = Number::whole(value(change.was));
            repair.changes.iter().any(|(cell, now)| *cell == change.cell && *now == was)
        })
}

fn value(figure: Figure) -> i64 {
    figure.number().and_then(Number::as_whole).unwrap_or(0)
}

#[test]
fn the_likely_repair_is_what_was_put_wrong() {
    let settings = Settings { reports: 3_000, seed: 23, errors_per_mille: 500, ..Settings::default() };
    let mut kinds: BTreeMap<&str, Tally> = BTreeMap::new();
    for item in Corpus::new(settings) {
        let [label] = item.labels.as_slice() else { continue };
        let breaks = label.relations.iter().any(|name| !name.starts_with("carry:"));
        if !breaks || label.cells.is_empty() {
            continue;
        }
        let (causes, _) = arithmetic(&item.report);
        let tally = kinds.entry(label.kind).or_default();
        tally.all += 1;
        match causes.as_slice() {
            [cause] if cause.likely().is_some() => {
                tally.determined += 1;
                tally.right += usize::from(cause.likely().is_some_and(|repair| undoes(repair, &label.cells)));
            }
            causes => {
                let listed =
                    causes.iter().flat_map(|c| &c.repairs).any(|repair| undoes(repair, &label.cells));
                tally.listed += usize::from(listed);
            }
        }
    }
    let sum = |part: fn(&Tally) -> usize| kinds.values().map(part).sum::<usize>();
    let (all, determined, right) = (sum(|t| t.all), sum(|t| t.determined), sum(|t| t.right));
    for (kind, tally) in &kinds {
        println!("{kind}: {tally:?}");
    }
    println!("{all} reports with breaks, {determined} determined, {right} of these right");
    assert!(all > 800, "{all}");
    assert!(right * 100 >= determined * 95, "{right} of {determined}\n{kinds:#?}");
}
