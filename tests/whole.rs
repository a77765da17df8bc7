//! The corpus seen whole: county by year, an agency over the years, two reports side by side, a review in numbers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use common::{app, press, repository, screen};
use gouji::display::Lang;
use gouji::tui::App;
use gouji::tui::keymap::Context;
use gouji::tui::reviews::{Reviews, standings};
use gouji::tui::theme::Theme;

const SYNTHETIC: &str = "sample-data/synthetic/counties.jsonl";

fn explorer(path: &str) -> App {
    std::env::set_current_dir(repository("")).unwrap();
    app(&[path], Lang::Zh, Theme::default())
}

fn shown(app: &mut App, keys: &str) -> String {
    press(app, keys);
    screen(app, 120, 60)
}

/// The explorer on the five reports, with decisions in a file.
fn reviewing(folder: &Path, reviewer: &str) -> App {
    let mut app = explorer("sample-data/reports");
    app.session.reviews = Reviews::find(&[], Some(&folder.join("reviews.db")), reviewer.to_owned(), Lang::Zh);
    let _ = screen(&mut app, 120, 60);
    app
}

fn line<'a>(shown: &'a str, begins: &str) -> &'a str {
    let line = shown.lines().find(|line| line.trim_start_matches(['▸', ' ']).starts_with(begins));
    line.unwrap_or_else(|| panic!("no line {begins} in\n{shown}"))
}

#[test]
fn the_matrix_adds_up_to_what_is_listed() {
    let mut app = explorer(SYNTHETIC);
    let whole = shown(&mut app, "M");
    // In the synthetic corpus every cell of the column of totals is an error or less, so errors add up by line.
    let errors = |line: &str| {
        let total = line.rsplit('│').next().unwrap().trim();
        total.strip_prefix('✗').map_or(0, |n| n.parse::<usize>().unwrap())
    };
    let counties: usize = whole.lines().filter(|l| l.contains('│') && !l.contains("合计")).map(errors).sum();
    assert_eq!(counties, app.session.listing.findings[0], "{whole}");
    assert_eq!(errors(line(&whole, "合计 ")), counties, "{whole}");
    let of_years: usize = line(&whole, "合计 ")
        .split('│')
        .next()
        .unwrap()
        .split('✗')
        .skip(1)
        .map(|n| n.trim().parse::<usize>().unwrap())
        .sum();
    assert_eq!(of_years, counties, "{whole}");
}

#[test]
fn enter_in_the_matrix_lists_what_the_cell_counts() {
    let mut app = explorer("sample-data/reports");
    let whole = shown(&mut app, "M");
    assert!(whole.contains("▸ 镇坪县 2019  ✗1 !6 ?1  报告 1  已定 0"), "{whole}");
    press(&mut app, "j<Enter>");
    assert_eq!(app.context(), Context::Browse);
    let listed = |app: &App| -> Vec<(String, u16)> {
        let corpus = &app.session.corpus;
        let of = |report: &u32| corpus.summary(*report).unwrap();
        let reports = app.session.listing.reports.iter().map(of);
        reports.map(|s| (corpus.name(s.names.county).raw().to_owned(), s.year)).collect()
    };
    assert_eq!(listed(&app), [("新县".to_owned(), 2019)]);
    // The column of totals: the county in all years.
    press(&mut app, "xMjlllllll<Enter>");
    let years: BTreeSet<u16> = listed(&app).into_iter().map(|(_, year)| year).collect();
    assert_eq!(years, BTreeSet::from([2019, 2024]));
    // The row of totals: all counties in a year.
    press(&mut app, "xMG<Enter>");
    assert_eq!(listed(&app).len(), 3);
    assert!(listed(&app).iter().all(|(_, year)| *year == 2019));
    // A year without a report lists nothing and stays.
    assert!(shown(&mut app, "xMjl<Enter>").contains("所列报告中没有该年的"));
    assert_eq!(app.context(), Context::Matrix);
    assert_eq!(app.session.listing.reports.len(), 5);
}

#[test]
fn what_is_decided_is_no_longer_open_in_the_matrix() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = reviewing(folder.path(), "甲");
    press(&mut app, "/镇坪<Enter>");
    assert!(shown(&mut app, "M").contains("✗1 !6 ?1  报告 1  已定 0"));
    press(&mut app, "<Esc>R");
    // Errors come first; one confirmed leaves the warnings.
    press(&mut app, "c");
    let after = shown(&mut app, "<Esc>M");
    assert!(after.contains("✗0 !6 ?1  报告 1  已定 1"), "{after}");
    assert!(line(&after, "镇坪县").contains("!6"), "{after}");
    // Taken back, it is open again.
    assert!(shown(&mut app, "u").contains("✗1 !6 ?1  报告 1  已定 0"));
}

#[test]
fn the_chain_of_every_agency_breaks_where_the_rule_says() {
    let mut app = explorer(SYNTHETIC);
    let corpus = app.session.corpus.clone();
    // Of each agency a report, how often its totals break, and how often only other columns do.
    let mut of_agency: BTreeMap<String, (u32, [usize; 2])> = BTreeMap::new();
    for report in corpus.reports() {
        let agency = corpus.name(corpus.summary(report).unwrap().names.agency).raw().to_owned();
        let open = corpus.open(report).unwrap();
        let breaks = open.findings.iter().filter(|finding| finding.rule.id == "Y1");
        let columns: Vec<&str> =
            breaks.flat_map(gouji::rules::Finding::cells).map(|cell| cell.column().key).collect();
        let entry = of_agency.entry(agency).or_insert((report, [0, 0]));
        if columns.contains(&"total") {
            entry.1[0] += 1;
        } else if !columns.is_empty() {
            entry.1[1] += 1;
        }
    }
    for i in [0, 1] {
        assert!(of_agency.values().any(|(_, breaks)| breaks[i] > 0), "there is something to find");
    }
    for (report, breaks) in of_agency.into_values() {
        app.session.show(report);
        let series = shown(&mut app, "S");
        let chain = line(&series, "四(上年)=二");
        assert_eq!(['✗', '!'].map(|mark| chain.matches(mark).count()), breaks, "{series}");
        assert_eq!(
            chain.matches('✓').count() + breaks[0] + breaks[1],
            5,
            "six years have five links\n{series}"
        );
        press(&mut app, "<Esc>");
    }
}

#[test]
fn a_year_of_the_series_is_opened_and_left_again() {
    let mut app = explorer(SYNTHETIC);
    press(&mut app, "y<Enter>");
    let year = |app: &App| app.session.corpus.summary(app.session.selected_report().unwrap()).unwrap().year;
    assert_eq!(year(&app), 2024, "only the latest year is listed");
    let from = app.session.selected_report();
    let series = shown(&mut app, "Shh");
    assert!(series.contains("年度 4/6"), "{series}");
    let opened = shown(&mut app, "<Enter>");
    assert!(opened.lines().next().unwrap().contains("· 2022 ·"), "{opened}");
    assert!(opened.lines().next().unwrap().contains("[-/40]"), "it is not among those listed\n{opened}");
    press(&mut app, "<Esc>");
    assert_eq!(app.context(), Context::Series);
    press(&mut app, "<Esc>");
    assert_eq!((app.context(), app.session.selected_report()), (Context::Browse, from));
}

#[test]
fn two_reports_are_compared_and_another_one_can_be_chosen() {
    let mut app = explorer(SYNTHETIC);
    press(&mut app, "y<Enter>");
    let first = shown(&mut app, "C");
    assert!(line(&first, "甲 ").contains("· 2024 ·") && line(&first, "乙 ").contains("· 2023 ·"), "{first}");
    assert!(line(&first, "乙 ").contains("上年 1/1"), "{first}");
    // Marked for this, another county's report comes first, and last year's after it.
    press(&mut app, "<Esc>Kj");
    let second = shown(&mut app, "C");
    assert!(line(&second, "乙 ").contains("K 选定 1/2"), "{second}");
    assert!(line(&shown(&mut app, "o"), "乙 ").contains("上年 2/2"));
    assert!(line(&shown(&mut app, "o"), "乙 ").contains("K 选定 1/2"));
}

#[test]
fn every_difference_is_gone_through_and_no_other_cell() {
    let mut app = explorer("sample-data/reports");
    press(&mut app, "/新县 year:2024<Enter>");
    let shown_at = shown(&mut app, "C2g");
    // By the two documents: that of 2019 has zeros only. That of 2024 has 21 received, 7 granted, 8 not held and 21 in
    // all, by persons and in the total; its 6 "not corrected" have no row in the form of 2019, and table 2 no common
    // cell that is not 0. Two reconsiderations stand in table 4, under one outcome and in the total.
    let tabs = shown_at.lines().nth(2).unwrap().to_owned();
    let counts: Vec<usize> =
        tabs.split('≠').skip(1).map(|n| n.split(' ').next().unwrap().parse().unwrap()).collect();
    assert_eq!(counts, [0, 8, 2], "{shown_at}");
    let mut places = BTreeSet::new();
    for _ in 0..counts.iter().sum::<usize>() {
        let shown = shown(&mut app, "n");
        let words = shown.lines().rev().nth(1).unwrap().to_owned();
        assert!(words.contains('≠'), "{shown}");
        assert!(places.insert(words), "the same place twice\n{shown}");
    }
    let end = shown(&mut app, "n");
    assert!(end.contains("没有更多差异"), "{end}");
    assert!(!shown(&mut app, "N").contains("没有更多差异"));
}

#[test]
fn statistics_count_what_stands() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = reviewing(folder.path(), "甲");
    let [errors, warnings, _] = app.session.listing.findings;
    let open = errors + warnings;
    assert!(shown(&mut app, "T").contains(&format!("已定 0，未定 {open}")));
    press(&mut app, "<Esc>Rcd1a<Esc>");
    let rules = shown(&mut app, "T");
    assert!(rules.contains(&format!("已定 3，未定 {}", open - 3)), "{rules}");
    let numbers =
        |line: &str| -> Vec<usize> { line.split_whitespace().filter_map(|n| n.parse().ok()).collect() };
    assert_eq!(numbers(line(&rules, "合计")), [1, 1, 1, open - 3], "{rules}");
    // The sums are those of the lines.
    for keys in ["1", "2"] {
        let shown = shown(&mut app, keys);
        let lines = shown.lines().skip(4).take_while(|line| !line.trim_start().starts_with("合计"));
        let mut sums = [0; 4];
        for line in lines {
            let numbers = numbers(line);
            let counts = &numbers[numbers.len() - 4..];
            sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
        }
        assert_eq!(sums, [1, 1, 1, open - 3], "{shown}");
    }
    let reviewers = shown(&mut app, "3");
    assert_eq!(numbers(line(&reviewers, "甲")), [1, 1, 1], "{reviewers}");
    // One is taken back; what the loop of the program does then on a thread is done here.
    press(&mut app, "<Esc>u");
    assert!(std::mem::take(&mut app.session.wants_standings));
    let look = |app: &mut App| {
        let store = app.session.reviews.store().cloned().unwrap();
        let found = standings(&app.session.corpus, &store, Lang::Zh);
        app.session.forget_standings();
        app.session.take_standings(found);
    };
    look(&mut app);
    let after = shown(&mut app, "T");
    assert_eq!(numbers(line(&after, "合计")), [1, 1, 0, open - 2], "{after}");
    // Another reviewer decides otherwise on what was confirmed: his decision takes the place of the first.
    let mut other = reviewing(folder.path(), "乙");
    look(&mut other);
    press(&mut other, "/rule:N1<Enter><Enter>nd1<Esc><Esc>");
    let both = shown(&mut other, "xT");
    assert_eq!(numbers(line(&both, "合计")), [0, 2, 0, open - 2], "{both}");
    let reviewers = shown(&mut other, "3");
    assert_eq!(numbers(line(&reviewers, "甲")), [0, 1, 0], "{reviewers}");
    assert_eq!(numbers(line(&reviewers, "乙")), [0, 1, 0], "{reviewers}");
}
