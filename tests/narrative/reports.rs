//! The published originals and made-up reports: what their sentences say against their tables.

use gouji::load::{Record, text};
use gouji::report::{CellId, Report};
use gouji::rules::narrative::{Verdict, compare, part_sums, percentages, statements};
use gouji::synth::{Corpus, Settings};
use serde_json::Value;
use std::path::Path;

use super::common::shared;
use super::written;

fn seeds() -> Vec<(String, Report, Value)> {
    let Some(folder) = shared("seeds") else {
        println!("the originals are absent: nothing was compared");
        return Vec::new();
    };
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let record = Record { file: Path::new("seed"), bytes: &bytes, offset: 0, line: 1 };
        let report = (text::TEXT.read)(&record).reports.into_iter().next().unwrap().report;
        let truth = std::fs::read(shared(&format!("truth/{name}.json")).unwrap()).unwrap();
        all.push((name, report, serde_json::from_slice(&truth).unwrap()));
    }
    all
}

/// The place of a text in another, whatever spaces and line breaks either has.
fn place_of(text: &str, within: &str) -> Option<std::ops::Range<usize>> {
    let plain = |t: &str| t.char_indices().filter(|(_, c)| !c.is_whitespace()).collect::<Vec<_>>();
    let (needle, hay) = (plain(text), plain(within));
    let at = hay.windows(needle.len()).position(|w| w.iter().zip(&needle).all(|(a, b)| a.1 == b.1))?;
    let last = hay[at + needle.len() - 1];
    Some(hay[at].0..last.0 + last.1.len_utf8())
}

#[test]
fn the_originals_say_what_was_verified() {
    let mut checked = 0;
    for (name, report, truth) in seeds() {
        let all = statements(&report);
        for entry in truth["narrative_numbers"].as_array().unwrap() {
            let words = entry["text"].as_str().unwrap();
            // A head inside a section may have been read as that of the next.
            let (number, place) = report
                .sections
                .iter()
                .find_map(|s| Some((s.number, place_of(words, s.text.raw())?)))
                .unwrap_or_else(|| panic!("{name}: {words}"));
            let value = entry["value"].as_i64().unwrap();
            let verdicts: Vec<Verdict> = all
                .iter()
                .filter(|s| s.section == number && s.value.as_whole() == Some(value))
                .filter(|s| s.number_span.start >= place.start && s.number_span.start < place.end)
                .map(|s| compare(s, &report))
                .collect();
            let means = entry["means"].as_str().unwrap();
            let cells: Vec<CellId> = means
                .split(" + ")
                .filter_map(|part| {
                    CellId::parse(part).or_else(|| CellId::parse(&format!("proactive_disclosure.{part}")))
                })
                .collect();
            let is_compared = |v: &Verdict| !matches!(v, Verdict::NotCompared(_));
            match entry["agrees"].as_bool().filter(|_| !cells.is_empty()) {
                None => assert!(!verdicts.iter().any(is_compared), "{name}: {words} {verdicts:?}"),
                Some(agrees) => {
                    checked += 1;
                    let right = verdicts.iter().any(|v| match v {
                        Verdict::Agrees(reading) => agrees && cells.iter().all(|c| reading.cells.contains(c)),
                        Verdict::Differs { readings } => {
                            !agrees && readings.iter().any(|r| cells.iter().all(|c| r.cells.contains(c)))
                        }
                        Verdict::NotCompared(_) => false,
                    });
                    assert!(right, "{name}: {words} {verdicts:?}\n{all:#?}");
                }
            }
        }
        for statement in &all {
            let words = report.section(statement.section).unwrap().text.raw();
            println!(
                "{name} {} | {} | {:?}",
                written(statement),
                &words[statement.span.clone()],
                compare(statement, &report)
            );
        }
    }
    assert!(checked == 0 || checked >= 12, "{checked}");
}

#[test]
fn made_up_reports_agree_with_themselves() {
    let settings = Settings { reports: 2_000, errors_per_mille: 0, ..Settings::default() };
    let mut agreeing = 0;
    for item in Corpus::new(settings) {
        for statement in statements(&item.report) {
            match compare(&statement, &item.report) {
                Verdict::Agrees(_) => agreeing += 1,
                Verdict::Differs { readings } => {
                    let text = item.report.section(statement.section).unwrap().text.raw();
                    panic!("{} {readings:?}\n{text}", written(&statement));
                }
                Verdict::NotCompared(_) => {}
            }
        }
        assert!(part_sums(&statements(&item.report), &item.report).iter().all(|sum| sum.closes));
        assert!(percentages(&item.report).is_empty());
    }
    println!("{agreeing} statements agree");
    assert!(agreeing > 12_000);
}

#[test]
fn slips_in_made_up_reports_are_found() {
    let settings = Settings { reports: 4_000, errors_per_mille: 500, seed: 7, ..Settings::default() };
    let mut slips = 0;
    for item in Corpus::new(settings) {
        let labels = &item.labels;
        let told: Vec<CellId> = labels.iter().flat_map(|l| l.narrative.iter().copied()).collect();
        let mut found = Vec::new();
        let all = statements(&item.report);
        for statement in &all {
            if let Verdict::Differs { readings } = compare(statement, &item.report) {
                let cells: Vec<CellId> = readings.iter().flat_map(|r| r.cells.clone()).collect();
                assert!(
                    cells.iter().any(|c| told.contains(c)),
                    "{} {readings:?} {labels:?}",
                    written(statement)
                );
                found.extend(cells);
            }
        }
        for label in labels.iter().filter(|l| l.kind == "narrative_differs") {
            slips += 1;
            let text = item.report.section(1).unwrap().text.raw();
            assert!(
                found.iter().any(|c| label.narrative.contains(c)),
                "{label:?}\n{text}\n{:?}",
                all.iter().map(written).collect::<Vec<_>>()
            );
        }
    }
    assert!(slips > 80, "{slips}");
}
