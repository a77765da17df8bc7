//! The number sentences of the narrative: a table of sentences, the published originals, made-up reports, any text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test that cannot go on shall fail"
)]

#[path = "../common/mod.rs"]
mod common;
mod reports;

use common::repository;
use gouji::display::Untrusted;
use gouji::report::{CellId, Figure, Number, Report, Section, TemplateId, Unit};
use gouji::rules::narrative::{
    Change, Measure, Period, Precision, Statement, Verdict, compare, part_sums, percentages, statements,
};

/// A report of 2023 with one section of text.
fn report(text: &str) -> Report {
    let section = |number, text| Section {
        number,
        title: Untrusted::from("总体情况"),
        text: Untrusted::new(text),
        line: 1,
        text_line: 2,
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
    // Compared only where it is nearly the same.
    out.push_str(if s.loose && matches!(s.measure, Measure::Decision(_)) { " ?" } else { "" });
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
    let table = std::fs::read_to_string(repository("tests/narrative/sentences.txt")).unwrap();
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

type Cells = &'static [(&'static str, i64)];

/// Four requests were received, and three of them handled.
const ONE_LEFT: Cells = &[
    ("requests.received.natural", 4),
    ("requests.received.business", 1),
    ("requests.received.total", 5),
    ("requests.total.natural", 3),
    ("requests.total.business", 1),
    ("requests.total.total", 4),
    ("requests.carried_out.natural", 1),
    ("requests.carried_out.total", 1),
];

#[test]
fn figures_answer_to_every_reading() {
    let cases: &[(&str, Cells, &str)] = &[
        ("收到政府信息公开申请12件。", &[("requests.received.total", 12)], "+"),
        (
            "收到政府信息公开申请12件。",
            &[("requests.received.total", 10), ("requests.carried_in.total", 2)],
            "+",
        ),
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
        (
            "收到政府信息公开申请12件，其中不予公开3件。",
            &[
                ("requests.received.total", 12),
                ("requests.refused_1.total", 1),
                ("requests.refused_8.total", 2),
            ],
            "++",
        ),
        ("行政事业性收费3.5万元。", &[("proactive_disclosure.fees.amount", 4)], "-"),
        // Who handled three of four may say three, but not of those newly received.
        ("收到政府信息公开申请5件。申请中，自然人提出3件。", ONE_LEFT, "++"),
        ("收到政府信息公开申请5件。新收申请中，自然人提出3件。", ONE_LEFT, "+-"),
        ("收到政府信息公开申请5件。新收申请中，自然人提出4件。", ONE_LEFT, "++"),
        ("收到政府信息公开申请5件。新收申请中，自然人3件，法人1件。", ONE_LEFT, "+-+"),
        ("收到政府信息公开申请5件。新收及上年结转的申请中，自然人提出3件。", ONE_LEFT, "++"),
        ("收到政府信息公开申请5件。新收申请中。自然人提出3件。", ONE_LEFT, "++"),
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
    let verdicts: Vec<Verdict> =
        statements(&report).iter().filter(|s| s.unit.is_some()).map(|s| compare(s, &report)).collect();
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
        ("公开信息90条（2023年10条），在已公开信息当中政务动态50条（2023年6条），其他信息30条。", "90≠50+30"),
        (
            "公开信息90条（2023年新增10条），其中政务动态60条（2023年6条），其他信息30条（2023年4条）。",
            "90=60+30",
        ),
        ("收到政府信息公开申请15件（其中自然人12件、法人2件），答复14件。", "15≠12+2"),
        ("收到政府信息公开申请15件，其中自然人12件（网络10件、信函2件）、法人3件。", "15=12+3"),
        (
            "公开信息314条，其中招录信息3条，预算信息2条，环保信息20条，动态信息268条，其他信息30条。",
            "314≠3+2+20+268+30",
        ),
        ("发布信息500条，其中网站450条，微信120条。", ""),
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
