//! What is compared with what: reports of one agency that state more or less of their place, and agencies that say the
//! same. The index and the command find the same, whatever the documents are called.

use gouji::report::Report;
use rayon::prelude::*;

use crate::folder::{Files, indexed, records, written};
use crate::paper::{Layout, Paper};
use crate::renaming::{Answer, by_check, by_index};

fn of_year(agency: &str, year: u16, carried_in: i64, carried_out: i64) -> Paper {
    Paper::new(agency, year).but(|paper| {
        paper.flow(carried_in, 30, carried_out);
        paper.set("proactive_disclosure.normative.in_force", 4);
    })
}

/// A part of its place, and how a parsed report leaves it out.
type Part = (&'static str, fn(&mut Report));

/// What parsed reports leave out of their place.
const LEFT_OUT: [Part; 5] = [
    ("nothing", |_| {}),
    ("everything", |r| (r.county, r.county_code, r.city, r.province) = (None, None, None, None)),
    ("all but the code", |r| (r.county, r.city, r.province) = (None, None, None)),
    ("the code", |r| r.county_code = None),
    ("all but the county", |r| (r.county_code, r.city, r.province) = (None, None, None)),
];

#[test]
fn years_of_an_agency_are_compared_whatever_they_state_of_its_place() {
    let pairs: Vec<_> =
        LEFT_OUT.iter().flat_map(|then| LEFT_OUT.iter().map(move |now| (then, now))).collect();
    let wrong = |agency: &str, other: &str, breaks: usize| -> Vec<String> {
        let wrong = |((then, leave_then), (now, leave_now)): &(&Part, &Part)| {
            let folder = written(&[
                ("a/1.json".to_owned(), of_year(agency, 2022, 1, 5).parsed(leave_then).into_bytes()),
                ("b/2.json".to_owned(), of_year(other, 2023, 9, 1).parsed(leave_now).into_bytes()),
            ]);
            let found = [by_index(&indexed(folder.path())), by_check(&records(folder.path()))];
            let n = found.map(|found| found.iter().filter(|line| line.contains(" Y1 ")).count());
            (n != [breaks; 2]).then(|| format!("{agency} without {then}, {other} without {now}: {n:?}"))
        };
        pairs.par_iter().filter_map(wrong).collect()
    };
    assert_eq!(wrong("新县教育局", "新县教育局", 2), [""; 0]);
    assert_eq!(wrong("信阳市教育局", "信阳市教育局", 2), [""; 0]);
    assert_eq!(wrong("新县教育局", "光山县教育局", 0), [""; 0]);
    assert_eq!(wrong("新县教育局", "信阳市教育局", 0), [""; 0]);
}

/// The same documents under names that put them in each of these orders.
fn in_orders(papers: &[Paper]) -> Vec<Files> {
    let n = papers.len();
    let orders = [0..n, 1..n + 1, 2..n + 2].map(|order| order.map(|i| i % n).collect::<Vec<_>>());
    let backwards = orders.iter().map(|order| order.iter().rev().copied().collect());
    let files = |order: &Vec<usize>| {
        let file = |(name, i): (usize, &usize)| {
            (format!("a/{name}.txt"), papers[*i].print(Layout::Tabs).into_bytes())
        };
        order.iter().enumerate().map(file).collect()
    };
    orders.iter().cloned().chain(backwards).collect::<Vec<_>>().iter().map(files).collect()
}

fn assert_one_answer(papers: &[Paper], rule: &str, lines: usize) {
    let answers: Vec<Answer> = in_orders(papers).iter().map(Answer::of).collect();
    assert_eq!(answers[0].by_rule(rule).len(), lines, "{:#?}", answers[0].findings);
    for answer in &answers[1..] {
        assert_eq!(answer, &answers[0]);
    }
}

#[test]
fn of_several_agencies_that_say_the_same_one_is_named_in_every_order() {
    let sentence =
        |i: usize| format!("第{}项工作按照要求推进，落实情况良好。", ["一", "二", "三", "四", "五"][i % 5]);
    let long: String = (0..60).map(sentence).collect();
    let paper = |agency: &str| {
        of_year(agency, 2023, 3, 5).but(|paper| {
            paper.set("proactive_disclosure.licensing.decisions", 7);
            paper.set("proactive_disclosure.penalty.decisions", 9);
            paper.overview.clone_from(&long);
        })
    };
    // Each has the figures of another one, and its text.
    assert_one_answer(&["新县教育局", "新县财政局", "新县水利局", "新县民政局"].map(paper), "O3", 8);
    // In the other direction: agencies of other counties may say the same.
    assert_one_answer(&["新县教育局", "光山县财政局", "忠县水利局", "清水县民政局"].map(paper), "O3", 0);
}

#[test]
fn of_several_bodies_with_more_than_the_area_one_is_named_in_every_order() {
    let body =
        |(agency, received): (&str, i64)| Paper::new(agency, 2023).but(|paper| paper.flow(0, received, 0));
    let area = Paper::new("新县人民政府", 2023).but(|paper| {
        paper.flow(0, 12, 0);
        paper.overview = "本报告汇总全县各乡镇、各部门数据。全县公开政府信息157条。".to_owned();
    });
    let with = |bodies: [(&str, i64); 3]| -> Vec<Paper> {
        [area.clone()].into_iter().chain(bodies.map(body)).collect()
    };
    assert_one_answer(&with([("新县教育局", 20), ("新县财政局", 20), ("新县民政局", 20)]), "O1", 1);
    assert_one_answer(&with([("新县教育局", 12), ("新县财政局", 12), ("新县民政局", 11)]), "O1", 0);
    assert_one_answer(&with([("光山县教育局", 20), ("新县财政局", 2), ("新县民政局", 2)]), "O1", 0);
}

#[test]
fn three_versions_are_three_in_every_order() {
    let one = of_year("新县教育局", 2023, 1, 2);
    let other = one.but(|paper| paper.set("proactive_disclosure.licensing.decisions", 7));
    let third = one.but(|paper| paper.overview = paper.overview.replace("86人次", "68人次"));
    assert_one_answer(&[one, other, third], "O5", 3);
}
