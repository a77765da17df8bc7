//! Folders in which reports were once lost: in miniature, and the originals where they are at hand.

use std::path::Path;
use std::sync::Arc;

use gouji::corpus::Corpus;
use gouji::rules::Settings;

use crate::folder::{Files, Told, gouji, indexed, records, written};
use crate::paper::{Layout, Paper};

const COUNTIES: [&str; 10] =
    ["乐至县", "左贡县", "平阳县", "忠县", "新县", "旌德县", "桐梓县", "清水县", "湖口县", "遂溪县"];

fn all_reports(n: usize) -> Told {
    Told { reports: n, copies: 0, versions: 0 }
}

fn assert_told(folder: &Path, want: &Told) {
    assert_eq!(&Told::by_index(folder), want);
    assert_eq!(&Told::by_check(folder), want);
}

/// Towns of one name in many counties with nothing to report, each in the folder of its county.
fn towns(sentence: impl Fn(usize, &str) -> String) -> Files {
    let file = |(i, county): (usize, &&str)| {
        let mut town = Paper::new("城关镇人民政府", 2023);
        town.overview = sentence(i, county);
        (format!("{county}/城关镇2023.txt"), town.print(Layout::Tabs).into_bytes())
    };
    COUNTIES.iter().enumerate().map(file).collect()
}

#[test]
fn towns_of_one_name_in_ten_counties_are_ten() {
    let different =
        towns(|i, county| format!("我镇在{county}政府网站公开信息{}条，其中动态{}条。", 55 + 7 * i, 3 + i));
    let alike = towns(|_, _| "我镇在县政府网站公开信息55条，其中动态7条。".to_owned());
    for files in [different, alike] {
        let folder = written(&files);
        assert_told(folder.path(), &all_reports(COUNTIES.len()));
        let corpus = indexed(folder.path());
        let mut counties: Vec<String> = corpus
            .reports()
            .map(|i| corpus.summary(i).unwrap())
            .map(|s| corpus.name(s.names.county).raw().to_owned())
            .collect();
        counties.sort();
        let mut want = COUNTIES.map(str::to_owned);
        want.sort();
        assert_eq!(counties, want, "each is from the county of its folder");
    }
}

#[test]
fn towns_without_a_title_are_told_by_a_sentence() {
    let town = |sentence: &str| {
        let mut town = Paper::new("", 2021);
        town.set("reconsideration_and_litigation.reconsideration.upheld", 72);
        town.problems = sentence.to_owned();
        let text = town.print(Layout::Tabs);
        // As it came: from the second heading on.
        text.as_bytes()[text.find("二、").unwrap()..].to_vec()
    };
    let files = |other: &str| {
        vec![("东镇.txt".to_owned(), town("专门人员不足。")), ("西镇.txt".to_owned(), town(other))]
    };
    assert_told(written(&files("网站栏目更新不及时。")).path(), &all_reports(2));
    // In both directions: where nothing tells them apart but the name of the file, it is one text.
    let one = Told { reports: 1, copies: 1, versions: 0 };
    assert_told(written(&files("专门人员不足。")).path(), &one);
}

#[test]
fn the_original_folders_lose_nothing() {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/identity");
    for (name, reports) in [("copies10", 10), ("two-townships-taken-for-copies", 2)] {
        let folder = all.join(name);
        if folder.is_dir() {
            assert_told(&folder, &all_reports(reports));
        } else {
            eprintln!("absent: {}", folder.display());
        }
    }
}

#[test]
fn a_folder_of_another_county_tells_nothing_of_an_open_one() {
    let report = |agency: &str, year: u16, [carried_in, carried_out]: [i64; 2]| {
        let mut paper = Paper::new(agency, year);
        paper.flow(carried_in, 9, carried_out);
        (format!("{agency}{year}.txt"), paper.print(Layout::Tabs).into_bytes())
    };
    let agency = |name: &str| {
        let (other, text) = report(name, 2023, [7, 1]);
        let other = (format!("另{other}"), text);
        vec![report(name, 2022, [0, 4]), report(name, 2023, [7, 0]), other]
    };
    // Whether versions are told, and whether years are compared: not while the county is marked as open.
    for (name, beside, want) in [
        ("鼓楼区教育局", "太谷县教育局", [false, false]),
        ("鼓楼区教育局", "南京市鼓楼区财政局", [true, false]),
        ("教育局", "南京市鼓楼区财政局", [true, true]),
        ("南京市鼓楼区教育局", "太谷县教育局", [true, true]),
    ] {
        let files = [agency(name), vec![report(beside, 2021, [0, 0])]].concat();
        let folder = written(&files);
        let records = records(folder.path());
        let found = ["O5", "Y1"].map(|rule| records.iter().any(|record| record["rule"] == rule));
        assert_eq!(found, want, "{name} {beside}");
    }
}

#[test]
fn a_copy_of_the_index_that_is_compared_aside_finds_the_same() {
    let report = |agency: &str, year: u16, [carried_in, carried_out]: [i64; 2]| {
        let mut paper = Paper::new(agency, year);
        paper.flow(carried_in, 9, carried_out);
        (format!("{agency}{year}.txt"), paper.print(Layout::Tabs).into_bytes())
    };
    // The two of no known place belong together because of the third.
    let files = [("教育局", 2022, [0, 4]), ("教育局", 2023, [7, 0]), ("新县财政局", 2021, [0, 0])]
        .map(|(agency, year, carried)| report(agency, year, carried));
    let folder = written(files.as_ref());
    let settings = Arc::new(Settings::default());
    let read = || {
        let mut corpus = Corpus::new(Arc::clone(&settings), None);
        gouji::corpus::read(&[folder.path().to_owned()], &settings, &mut |batch| {
            corpus.add(batch, false);
            gouji::corpus::Flow::Go
        });
        corpus
    };
    let (mut here, mut aside) = (read(), read());
    here.relate();
    aside.set_related(aside.related());
    let found =
        |corpus: &Corpus| corpus.reports().map(|i| corpus.summary(i).unwrap().findings).collect::<Vec<_>>();
    assert_eq!(found(&here), found(&aside));
    assert!(found(&here).iter().any(|[errors, ..]| *errors > 0), "rule Y1: {:?}", found(&here));
}

#[test]
fn a_parsed_report_without_its_place_is_where_its_agency_says() {
    let line = |agency: &str, year: u16, sentence: &str| {
        format!(
            "{{\"schema\":\"gouji/report/1\",\"title\":\"{agency}{year}年政府信息公开工作年度报告\",\
             \"agency\":\"{agency}\",\"year\":{year},\"sections\":[{{\"number\":1,\"text\":\"{sentence}\"}}]}}\n"
        )
    };
    let lines = [
        line("新县教育局", 2023, "培训3次。"),
        line("普陀区教育局", 2023, "培训4次。"),
        line("教育局", 2023, "培训5次。"),
    ];
    let folder = written(&[("a/全部.jsonl".to_owned(), lines.concat().into_bytes())]);
    let codes: Vec<(String, Option<String>)> = records(folder.path())
        .iter()
        .map(|record| {
            (record["agency"].as_str().unwrap().to_owned(), record["county_code"].as_str().map(str::to_owned))
        })
        .collect();
    for (agency, code) in [("新县教育局", Some("411523")), ("普陀区教育局", None), ("教育局", None)]
    {
        let mut of_agency = codes.iter().filter(|(of, _)| of == agency).peekable();
        assert!(of_agency.peek().is_some(), "{agency}: {codes:?}");
        assert!(of_agency.all(|(_, of)| of.as_deref() == code), "{agency}: {codes:?}");
    }
    let path = folder.path().to_str().unwrap();
    let of_county = gouji(&["check", "--format", "jsonl", "--county", "新县", path]);
    let found = String::from_utf8(of_county.stdout).unwrap();
    assert!(!found.is_empty() && found.lines().all(|line| line.contains("新县教育局")), "{found}");
    // A name that several counties have is open, as on a page.
    let corpus = indexed(folder.path());
    let open: Vec<_> = corpus.reports().filter(|report| corpus.is_place_open(*report)).collect();
    assert_eq!(open.len(), 1);
    assert_eq!(corpus.candidates(open[0]).len(), 2);
}

#[test]
fn a_county_is_open_in_the_years_in_which_several_have_its_name() {
    // Two cities had a 清河区 until that of 淮安 ended in 2016; that of 铁岭 is left.
    let line = |year: u16| {
        format!(
            "{{\"schema\":\"gouji/report/1\",\"title\":\"清河区教育局{year}年政府信息公开工作年度报告\",\
             \"agency\":\"清河区教育局\",\"county\":\"清河区\",\"year\":{year},\
             \"sections\":[{{\"number\":1,\"text\":\"培训{year}次。\"}}]}}\n"
        )
    };
    let folder = written(&[("a/全部.jsonl".to_owned(), [line(2014), line(2023)].concat().into_bytes())]);
    let corpus = indexed(folder.path());
    let mut open: Vec<(u16, bool, usize)> = corpus
        .reports()
        .map(|i| (corpus.summary(i).unwrap().year, corpus.is_place_open(i), corpus.candidates(i).len()))
        .collect();
    open.sort_unstable();
    assert_eq!(open, [(2014, true, 2), (2023, false, 0)]);
}
