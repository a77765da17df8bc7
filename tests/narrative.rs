//! The number sentences of the narrative: a table of sentences, the published originals, made-up reports, any text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::path::Path;

use common::{repository, shared};
use gouji::display::Untrusted;
use gouji::load::{Record, text};
use gouji::report::{CellId, Figure, Number, Report, Section, TemplateId, Unit};
use gouji::rules::narrative::{
    Change, Measure, Period, Precision, Statement, Verdict, compare, part_sums, percentages, statements,
};
use gouji::synth::{Corpus, Settings};
use serde_json::Value;

/// A report of 2023 with one section of text.
fn report(text: &str) -> Report {
    let section = |number, text| Section {
        number,
        title: Untrusted::from("总体情况"),
        text: Untrusted::new(text),
        line: 1,
    };
    Report {
        year: Some(2023),
        template: Some(TemplateId::T2021),
        sections: vec![section(1, text)],
        ..Report::default()
    }
}

fn filled(text: &str, cells: &[(&str, i64)]) -> Report {
    let mut report = report(text);
    for cell in TemplateId::T2021.template().cells() {
        report.figures.set(cell, Figure::Number(Number::whole(0)));
    }
    for (cell, value) in cells {
        report.figures.set(CellId::parse(cell).expect(cell), Figure::Number(Number::whole(*value)));
    }
    report
}

/// A statement as the table of sentences writes it.
fn written(s: &Statement) -> String {
    let measure = format!("{:?}", s.measure).replace(['(', ')', '"'], " ");
    let mut out = format!("{} {}", measure.split_whitespace().collect::<Vec<_>>().join("."), s.value);
    out.push_str(match s.precision {
        Precision::Exact => "",
        Precision::AtLeast => "+",
        Precision::About => "~",
    });
    out.push_str(if s.negated { " not" } else { "" });
    out.push_str(match s.period {
        Period::ThisYear => "",
        Period::LastYear => " last",
        Period::Cumulative => " ever",
    });
    out
}

/// What of a text may be compared.
fn compared(text: &str) -> String {
    let all = statements(&report(text));
    let known: Vec<String> = all.iter().filter(|s| s.measure != Measure::Other).map(written).collect();
    if known.is_empty() { "-".to_owned() } else { known.join("; ") }
}

#[test]
fn sentences_say_what_they_say() {
    let table = std::fs::read_to_string(repository("tests/narrative_sentences.txt")).unwrap();
    let (mut wrong, mut all, mut nothing) = (Vec::new(), 0, 0);
    for line in table.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let (text, want) = line.split_once(" => ").expect(line);
        let got = compared(&text.replace("\\n", "\n"));
        all += 1;
        nothing += usize::from(want == "-");
        if got != want {
            wrong.push(format!("{text}\n  want {want}\n  got  {got}"));
        }
    }
    println!("{all} sentences, {nothing} with nothing to compare");
    assert!(wrong.is_empty(), "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(all >= 120 && nothing >= 40);
}

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
    let plain = |t: &str| {
        t.char_indices().filter(|(_, c)| !c.is_whitespace()).map(|(i, c)| (i, c)).collect::<Vec<_>>()
    };
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
            let cells: Vec<CellId> = means.split(" + ").filter_map(|part| {
                CellId::parse(part).or_else(|| CellId::parse(&format!("proactive_disclosure.{part}")))
            }).collect();
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
            println!("{name} {} | {} | {:?}", written(statement), &words[statement.span.clone()], compare(statement, &report));
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
    let settings = Settings { reports: 4_000, errors_per_mille: 500, seed: 7 };
    let (mut slips, mut other_reading) = (0, 0);
    for item in Corpus::new(settings) {
        let labels = &item.labels;
        let told: Vec<CellId> = labels.iter().flat_map(|l| l.narrative.iter().copied()).collect();
        let mut found = Vec::new();
        let all = statements(&item.report);
        for statement in &all {
            if let Verdict::Differs { readings } = compare(statement, &item.report) {
                let cells: Vec<CellId> = readings.iter().flat_map(|r| r.cells.clone()).collect();
                assert!(cells.iter().any(|c| told.contains(c)), "{} {readings:?} {labels:?}", written(statement));
                found.extend(cells);
            }
        }
        for label in labels.iter().filter(|l| l.kind == "narrative_differs") {
            slips += 1;
            if found.iter().any(|c| label.narrative.contains(c)) {
                continue;
            }
            // A slip may happen to make another reading of the sentence true.
            let agrees = all.iter().any(|s| match compare(s, &item.report) {
                Verdict::Agrees(reading) => {
                    reading.cells != label.narrative || !reading.minus.is_empty()
                }
                _ => false,
            } && label.detail.contains(&format!("写作 {}，", s.value)));
            let text = item.report.section(1).unwrap().text.raw();
            assert!(agrees, "{label:?}\n{text}\n{:?}", all.iter().map(written).collect::<Vec<_>>());
            println!("{}", label.detail);
            other_reading += 1;
        }
    }
    println!("{slips} slips, {other_reading} true by another reading");
    assert!(slips > 80 && other_reading * 10 < slips);
}

#[test]
fn figures_answer_to_every_reading() {
    let cases: &[(&str, &[(&str, i64)], &str)] = &[
        ("收到政府信息公开申请12件。", &[("requests.received.total", 12)], "+"),
        ("收到政府信息公开申请12件。", &[("requests.received.total", 10), ("requests.carried_in.total", 2)], "+"),
        ("收到政府信息公开申请12件。", &[("requests.received.total", 10)], "-"),
        ("未收到政府信息公开申请。", &[("requests.received.total", 1)], "-"),
        ("未收到政府信息公开申请。", &[("requests.carried_in.total", 1)], "+"),
        ("收到政府信息公开申请10余件。", &[("requests.received.total", 17)], "+"),
        ("收到政府信息公开申请10余件。", &[("requests.received.total", 9)], "-"),
        ("收到政府信息公开申请约100件。", &[("requests.received.total", 95)], "+"),
        ("收到政府信息公开申请约100件。", &[("requests.received.total", 70)], "-"),
        ("依申请公开情况：答复24件。", &[("requests.total.total", 26), ("requests.other_1.total", 2)], "+"),
        ("依申请公开情况：网络申请4次。", &[], "-"),
        ("依申请公开情况：网络申请4次。", &[("requests.received.total", 9)], "?"),
        ("2022年收到政府信息公开申请12件。", &[], "?"),
        ("收到政府信息公开申请12件，其中不予公开3件。", &[
            ("requests.received.total", 12), ("requests.refused_1.total", 1), ("requests.refused_8.total", 2),
        ], "++"),
        ("行政事业性收费3.5万元。", &[("proactive_disclosure.fees.amount", 4)], "-"),
    ];
    for (text, cells, want) in cases {
        let report = filled(text, cells);
        let got: String = statements(&report)
            .iter()
            .map(|s| match compare(s, &report) {
                Verdict::Agrees(_) => '+',
                Verdict::Differs { .. } => '-',
                Verdict::NotCompared(_) => '?',
            })
            .collect();
        assert_eq!(got, *want, "{text} {:?}", statements(&report).iter().map(written).collect::<Vec<_>>());
    }
}

#[test]
fn blank_and_missing_tables_are_not_compared() {
    let mut report = filled("收到政府信息公开申请12件。", &[]);
    let statement = statements(&report).remove(0);
    let mut verdict = |figure: fn(CellId) -> Figure| {
        for cell in TemplateId::T2021.template().cells() {
            report.figures.set(cell, figure(cell));
        }
        compare(&statement, &report)
    };
    let is_part = |c: CellId| c.name() == "requests.received.natural";
    assert!(matches!(verdict(|_| Figure::Absent), Verdict::NotCompared(_)));
    assert!(matches!(verdict(|_| Figure::Blank), Verdict::NotCompared(_)));
    assert!(matches!(verdict(|_| Figure::Unreadable), Verdict::NotCompared(_)));
    let _ = is_part;
    let filled = |c: CellId| match c.name() {
        "requests.received.natural" => Figure::Number(Number::whole(12)),
        _ => Figure::Blank,
    };
    assert!(matches!(verdict(filled), Verdict::Agrees(_)), "the parts stand for a blank total");
}

#[test]
fn amounts_are_compared_in_yuan() {
    let text = "政府集中采购项目12个，总金额340.07万元；行政事业性收费35000元。";
    let mut report = filled(text, &[("proactive_disclosure.procurement.amount", 3_400_660)]);
    report.procurement_unit = Some(Unit::Yuan);
    let fees = CellId::parse("proactive_disclosure.fees.amount").unwrap();
    report.figures.set(fees, Figure::Number(Number::parse("3.5000").unwrap()));
    let verdicts: Vec<Verdict> = statements(&report)
        .iter()
        .filter(|s| s.unit.is_some())
        .map(|s| compare(s, &report))
        .collect();
    assert!(verdicts.len() == 2 && verdicts.iter().all(|v| matches!(v, Verdict::Agrees(_))), "{verdicts:?}");
}

#[test]
fn lists_of_parts_add_up() {
    let cases = [
        ("收到政府信息公开申请15件，其中自然人12件、法人3件。", "15=12+3"),
        ("收到政府信息公开申请15件，其中自然人12件、法人2件。", "15≠12+2"),
        ("收到政府信息公开申请15件，其中网络申请9件，信函申请4件。", ""),
        ("发布信息500条，其中政务动态300条，通知公告150条，其他50条。", "500=300+150+50"),
        ("发布信息500条，其中政务动态300条，通知公告150条，其他60条。", "500≠300+150+60"),
        ("发布信息500余条，其中政务动态300条，通知公告150条，其他60条。", ""),
        ("收到政府信息公开申请15件，其中自然人12件、法人3件，答复14件。", "15=12+3"),
    ];
    for (text, want) in cases {
        let report = report(text);
        let all = statements(&report);
        let got: Vec<String> = part_sums(&all, &report)
            .iter()
            .map(|sum| {
                let parts: Vec<String> = sum.parts.iter().map(|p| all[*p].value.to_string()).collect();
                let sign = if sum.closes { "=" } else { "≠" };
                format!("{}{sign}{}", all[sum.total].value, parts.join("+"))
            })
            .collect();
        assert_eq!(got.join(" "), want, "{text}");
    }
}

#[test]
fn percentages_are_worked_out_again() {
    let cases = [
        ("收到申请22件，比2022年（31件）下降29%。", "down 22 31 true"),
        ("收到申请22件，比2022年（31件）下降19%。", "down 22 31 false"),
        ("收到申请120件，较上年的100件增长20.0％。", "up 120 100 true"),
        ("收到申请15件，其中自然人12件，占80%。", "share 12 15 true"),
        ("收到申请15件，其中自然人12件，占总数的85%。", "share 12 15 false"),
        ("收到申请3件，其中自然人2件，占比66.6%。", "share 2 3 true"),
        ("收到申请3件，其中自然人2件，占比66.67%。", "share 2 3 true"),
        ("收到申请15件，同比增长20%。", ""),
        ("答复率100%，群众满意度占比98%。", ""),
        ("收到申请22件，比2022年（31件）增长29%。", ""),
    ];
    for (text, want) in cases {
        let found = percentages(&report(text));
        let got: Vec<String> = found
            .iter()
            .map(|p| {
                let kind = match p.kind {
                    Change::Change { up: true } => "up",
                    Change::Change { up: false } => "down",
                    Change::Share => "share",
                };
                format!("{kind} {} {} {}", p.of.0, p.of.1, p.holds)
            })
            .collect();
        assert_eq!(got.join("; "), want, "{text}");
    }
}

/// Whether everything found in a text lies in it.
fn spans_are_inside(printed: &str) {
    let report = report(printed);
    let all = statements(&report);
    for statement in &all {
        assert!(printed.get(statement.span.clone()).is_some(), "{printed:?} {statement:?}");
        assert!(printed.get(statement.number_span.clone()).is_some(), "{printed:?} {statement:?}");
        assert!(
            statement.span.start <= statement.number_span.start
                && statement.number_span.end <= statement.span.end,
            "{printed:?} {statement:?}"
        );
        let _ = compare(statement, &report);
    }
    for sum in part_sums(&all, &report) {
        assert!(sum.total < all.len() && sum.parts.iter().all(|p| *p < all.len()));
    }
    for percentage in percentages(&report) {
        assert!(printed.get(percentage.span.clone()).is_some());
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in ".*") {
        spans_are_inside(&text);
    }

    #[test]
    fn any_words_are_read(words in proptest::collection::vec(proptest::sample::select(&[
        "未", "收到", "政府信息公开申请", "12", "件", "，", "。", "\n", "其中", "自然人", "（", "）", "、", "上年", "结转", "⼆",
        "2022年", "１", "万", "一", "起", "行政复议", "占", "%", "比", "下降", "《", "》", "㈠", " ", "零", "其他", "规范性文件", "废止",
        "99999999999999999", "亿", "十", ".", ",", "0", "元", "行政事业性收费", "约", "余", "\u{200b}", "é", "各", "予以公开",
    ][..]), 0..40)) {
        spans_are_inside(&words.concat());
    }
}

/// What reading costs; run with `--release --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn reading_is_fast() {
    let reports: Vec<Report> = Corpus::new(Settings { reports: 2_000, ..Settings::default() }).map(|i| i.report).collect();
    let seeds: Vec<Report> = seeds().into_iter().map(|s| s.1).collect();
    for (name, reports, rounds) in [("made up", &reports, 5), ("originals", &seeds, 2_000)] {
        let characters: usize =
            reports.iter().flat_map(|r| &r.sections).map(|s| s.text.raw().chars().count()).sum();
        let (mut found, mut reading, mut comparing, mut percent) = (0, 0, 0, 0);
        for _ in 0..rounds {
            for report in reports {
                let start = std::time::Instant::now();
                let all = statements(report);
                let read = start.elapsed();
                for statement in &all {
                    let _ = std::hint::black_box(compare(statement, report));
                }
                let compared = start.elapsed();
                let _ = std::hint::black_box((part_sums(&all, report), percentages(report)));
                found += all.len();
                reading += read.as_nanos();
                comparing += (compared - read).as_nanos();
                percent += (start.elapsed() - compared).as_nanos();
            }
        }
        let n = (rounds * reports.len()).max(1);
        println!(
            "{name}: {} characters, {} statements a report; reading {} µs, comparing {} µs, sums and percentages {} µs",
            characters / reports.len().max(1),
            found / n,
            reading as f64 / n as f64 / 1e3,
            comparing as f64 / n as f64 / 1e3,
            percent as f64 / n as f64 / 1e3,
        );
    }
}
