//! Which of several versions stands for the year: chosen by hand, else the later date, else more figures.

use std::path::Path;
use std::sync::Arc;

use gouji::corpus::{self, Choice, Choices, Corpus};
use gouji::report::{CellId, Figure};
use gouji::rules::Settings;

use crate::folder::{Files, records, written};
use crate::paper::{Layout, Paper};
use crate::world::breaks;

fn version(carried_out: i64, signed: Option<&str>) -> Paper {
    Paper::new("新县教育局", 2022).but(|paper| {
        paper.flow(1, 30, carried_out);
        paper.signed = signed.map(str::to_owned);
    })
}

/// A year with two versions, and the next, into which 5 are carried.
fn files(versions: [String; 2]) -> Files {
    let next = Paper::new("新县教育局", 2023).but(|paper| paper.flow(5, 30, 1));
    let [one, other] = versions;
    let extension = |text: &str| if text.starts_with('{') { "json" } else { "txt" };
    vec![
        (format!("a/1.{}", extension(&one)), one.into_bytes()),
        (format!("a/2.{}", extension(&other)), other.into_bytes()),
        ("a/3.txt".to_owned(), next.print(Layout::Tabs).into_bytes()),
    ]
}

fn text(paper: &Paper) -> String {
    paper.print(Layout::Tabs)
}

/// What the report that stands carries out, if that is not 5.
fn carried_out(folder: &Path) -> Option<i64> {
    breaks(&records(folder)).first().map(|(.., computed)| *computed)
}

#[test]
fn the_later_one_stands_then_the_fuller_one() {
    let blank = |paper: &Paper, row: &str| {
        paper.parsed(|report| {
            for column in ["research", "welfare", "legal"] {
                report
                    .figures
                    .set(CellId::parse(&format!("requests.{row}.{column}")).unwrap(), Figure::Blank);
            }
        })
    };
    let (early, late) = (Some("2023年1月20日"), Some("2023年3月5日"));
    for (what, one, other, want) in [
        ("the later", text(&version(2, early)), text(&version(5, late)), None),
        ("the earlier", text(&version(5, early)), text(&version(2, late)), Some(2)),
        ("a date before none", text(&version(5, None)), text(&version(2, early)), Some(2)),
        ("a date, though less full", text(&version(5, None)), blank(&version(2, early), "granted"), Some(2)),
        ("the fuller", text(&version(5, None)), blank(&version(2, None), "granted"), None),
        ("the less full", blank(&version(5, None), "granted"), text(&version(2, None)), Some(2)),
    ] {
        for versions in [[one.clone(), other.clone()], [other, one]] {
            let folder = written(&files(versions));
            assert_eq!(carried_out(folder.path()), want, "{what}");
        }
    }
}

#[test]
fn what_is_chosen_stands_whatever_its_date() {
    let files = files([text(&version(2, Some("2023年1月20日"))), text(&version(5, Some("2023年3月5日")))]);
    let folder = written(&files);
    let settings = Arc::new(Settings::default());
    let read = |choices: Choices| {
        let mut corpus = Corpus::new(Arc::clone(&settings), None).with_choices(Arc::new(choices));
        corpus::read(&[folder.path().to_owned()], &settings, &mut |batch| {
            corpus.add(batch, false);
            corpus::Flow::Go
        });
        corpus.relate();
        let y1 = |i: u32| corpus.open(i).unwrap().findings.iter().filter(|f| f.rule.id == "Y1").count();
        let found: usize = corpus.reports().map(y1).sum();
        let of_year = corpus.reports().find(|i| !corpus.versions(*i).is_empty()).unwrap();
        let ids: Vec<String> =
            corpus.versions(of_year).iter().map(|i| corpus.id(*i).raw().to_owned()).collect();
        (found, ids)
    };
    let (found, ids) = read(Choices::default());
    assert_eq!((found, ids.len()), (0, 2));
    let chosen = |id: &str| chosen_at(&[(id, "2024-01-01T00:00:00Z")]);
    assert_eq!(read(chosen(&ids[1])), (2, vec![ids[1].clone(), ids[0].clone()]));
    assert_eq!(read(chosen(&ids[0])), (0, ids.clone()));
    // What was chosen is no longer there: as if nothing was.
    let (base, _) = ids[0].split_once('@').unwrap();
    assert_eq!(read(chosen(&format!("{base}@000000"))), (0, ids));
}

/// Versions that were chosen, each with when.
fn chosen_at(ids: &[(&str, &str)]) -> Choices {
    let choice = |(id, at): &(&str, &str)| {
        let base = id.split_once('@').unwrap().0.to_owned();
        (
            base,
            Choice { value: (*id).to_owned(), reviewer: "甲".into(), at: (*at).to_owned(), otherwise: None },
        )
    };
    Choices { versions: ids.iter().map(choice).collect(), ..Choices::default() }
}

#[test]
fn what_was_chosen_last_stands_however_versions_write_their_agency() {
    let mut short = version(5, Some("2023年3月5日"));
    short.agency = "教育局".to_owned();
    let files = vec![
        ("新县/1.txt".to_owned(), version(2, Some("2023年1月20日")).print(Layout::Tabs).into_bytes()),
        ("新县/2.txt".to_owned(), short.print(Layout::Tabs).into_bytes()),
    ];
    let folder = written(&files);
    let settings = Arc::new(Settings::default());
    let standing = |choices: Choices| {
        let mut corpus = Corpus::new(Arc::clone(&settings), None).with_choices(Arc::new(choices));
        corpus::read(&[folder.path().to_owned()], &settings, &mut |batch| {
            corpus.add(batch, false);
            corpus::Flow::Go
        });
        corpus.relate();
        let of_year = corpus.reports().find(|i| !corpus.versions(*i).is_empty()).unwrap();
        corpus.versions(of_year).iter().map(|i| corpus.id(*i).raw().to_owned()).collect::<Vec<_>>()
    };
    let ids = standing(Choices::default());
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0].split('@').next(), ids[1].split('@').next(), "they write it in two ways");
    let [early, late] = ["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"];
    for (one, other) in [(0, 1), (1, 0)] {
        let found = standing(chosen_at(&[(&ids[one], early), (&ids[other], late)]));
        assert_eq!(found[0], ids[other]);
    }
}
