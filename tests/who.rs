//! Whose report a document is, on which year and by what that is known; what is a report at all, and what is not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test that cannot go on shall fail"
)]

use std::path::Path;

use gouji::display::Lang;
use gouji::load::{Reading, Record, format_of};
use gouji::report::{KnownBy, ProblemCode, Report};
use gouji::rules::{self, Settings, Severity};

const TABLES: &str = "二、主动公开政府信息情况\n规章 0 0 0\n三、收到和处理政府信息公开申请情况\n\
    一、本年新收政府信息公开申请数量 0 0 0 0 0 0 0\n四、政府信息公开行政复议、行政诉讼情况\n五、存在的主要问题及改进情况\n\
    无\n六、其他需要报告的事项\n无\n";

fn reading(document: &str, file: &str) -> Reading {
    let file = Path::new(file);
    let record = Record { file, bytes: document.as_bytes(), offset: 0, line: 1 };
    (format_of(document.as_bytes(), file).unwrap().read)(&record)
}

fn read(document: &str) -> Report {
    let mut reading = reading(document, "x");
    assert!(!reading.reports.is_empty(), "{document}: {:?}", reading.problems);
    reading.reports.remove(0).report
}

/// A document with that opening, that first section and the tables.
fn document(opening: &str, first: &str) -> String {
    format!("{opening}\n一、总体情况\n{first}\n{TABLES}")
}

#[test]
fn agency_and_year_are_known_by_something() {
    use KnownBy::{Inferred, Metadata, Sentence, Title};
    let period = "本报告所列数据的统计期限为2023年1月1日至2023年12月31日。";
    let cases = [
        ("新县水利局2023年政府信息公开工作年度报告", "", "新县水利局", Some(Title), 2023, Some(Title)),
        ("新县水利局政府信息公开工作年度报告", period, "新县水利局", Some(Title), 2023, Some(Sentence)),
        (
            "2023年政府信息公开工作年度报告",
            "本报告由新县水利局编制。",
            "新县水利局",
            Some(Sentence),
            2023,
            Some(Title),
        ),
        (
            "现公布新县水利局2023年政府信息公开工作年度报告。",
            "",
            "新县水利局",
            Some(Sentence),
            2023,
            Some(Sentence),
        ),
        (
            "根据《条例》，现编制形成《沙窝镇人民政府2023年政府信息公开工作年度报告》。",
            "",
            "沙窝镇人民政府",
            Some(Sentence),
            2023,
            Some(Sentence),
        ),
        (
            "发布机构：新县水利局 发布日期：2024-01-20",
            period,
            "新县水利局",
            Some(Metadata),
            2023,
            Some(Sentence),
        ),
        (
            "发布机构：新县水利局 发布日期：2024-01-20",
            "我局认真贯彻条例。",
            "新县水利局",
            Some(Metadata),
            2023,
            Some(Inferred),
        ),
        (
            "当前位置：首页 > 新县水利局 > 年报",
            "2023年，我局认真贯彻条例。",
            "新县水利局",
            Some(Inferred),
            2023,
            Some(Inferred),
        ),
        // In doubt there is none.
        ("政府政务公开年报", period, "", None, 2023, Some(Sentence)),
        ("发布机构：新县人民政府", period, "", None, 2023, Some(Sentence)),
        ("发布机构：新县人民政府办公室", "2023年，我局认真贯彻条例。", "", None, 2023, Some(Inferred)),
        ("当前位置：首页 > 新县财政局 > 年报", "2023年，我镇认真贯彻条例。", "", None, 2023, Some(Inferred)),
        (
            "现公布新县2023年政府信息公开工作年度报告。",
            "我局认真贯彻条例，我局公开信息3条。",
            "",
            None,
            2023,
            Some(Sentence),
        ),
        ("按照信阳市人民政府办公室要求，现编制本报告。", period, "", None, 2023, Some(Sentence)),
        ("发布日期：2023-09-20", "我局认真贯彻条例。", "", None, 0, None),
        ("", "2022年，我局工作平稳。2023年，我局继续努力。", "", None, 0, None),
    ];
    for (opening, first, agency, agency_from, year, year_from) in cases {
        let report = read(&document(opening, first));
        assert_eq!((report.agency.raw(), report.agency_from), (agency, agency_from), "{opening}");
        assert_eq!((report.year.unwrap_or(0), report.year_from), (year, year_from), "{opening}");
    }
}

#[test]
fn the_head_of_a_page_names_its_document() {
    let page = |head: &str, first: &str| {
        let lines: String = document("", first).lines().map(|line| ["<p>", line, "</p>"].concat()).collect();
        let report = reading(&format!("<html><head>{head}</head><body>{lines}</body></html>"), "x.html")
            .reports
            .remove(0)
            .report;
        (report.title.raw().to_owned(), report.agency.raw().to_owned(), report.agency_from, report.year)
    };
    let title = "新县水利局2023年政府信息公开工作年度报告";
    let by = Some(KnownBy::Metadata);
    assert_eq!(
        page(&format!("<title>{title}_新县人民政府网</title>"), "无"),
        (title.into(), "新县水利局".into(), by, Some(2023))
    );
    assert_eq!(
        page(&format!("<title>新县人民政府</title><meta name='ArticleTitle' content='{title}'>"), "无"),
        (title.into(), "新县水利局".into(), by, Some(2023))
    );
    assert_eq!(page("<meta name='ContentSource' content='新县水利局'>", "无").1, "新县水利局");
    assert_eq!(page("<meta name='SiteName' content='新县水利局'>", "我局公开。").2, Some(KnownBy::Inferred));
    assert_eq!(page("<title>政府信息公开年报_新县人民政府网</title>", "无").1, "");
}

#[test]
fn an_inferred_year_is_never_the_ground_of_an_error() {
    // The period of another year, once against the title and once against a year that was only inferred.
    let settings = Settings::default();
    let worst = |report: &Report| {
        rules::check(report, &settings).iter().filter(|f| f.rule.id == "D1").map(|f| f.severity).min()
    };
    let mut report = read(&document(
        "新县水利局2023年政府信息公开工作年度报告",
        "统计期限为2021年1月1日至2021年12月31日。",
    ));
    assert_eq!(worst(&report), Some(Severity::Error));
    report.year_from = Some(KnownBy::Inferred);
    assert_eq!(worst(&report), Some(Severity::Info));
}

#[test]
fn what_is_no_report_is_said_to_look_like_something() {
    let links: Vec<String> =
        (2018..2024).map(|y| format!("新县水利局{y}年政府信息公开工作年度报告")).collect();
    let list = links.join("\n");
    let budget = "新县2024年一般公共预算收支表\n项目 一月 二月\n税收 1 2 3 4 5 6 7 8 9 10 11 12 78 70 8\n行政事业性收费 3\n";
    let notice = "关于做好2023年政府信息公开工作年度报告编制工作的通知\n各乡镇人民政府，县政府各部门：\n现就有关事项通知如下：\n一、总体要求\n按时报送。\n";
    let explainer = format!(
        "《新县水利局2023年政府信息公开工作年度报告》解读\n{}",
        "为便于公众了解，现解读如下，全年公开信息若干条。\n".repeat(6)
    );
    let school = "新县师范学院2022—2023学年信息公开工作年度报告\n一、概述\n本学年，学校公开信息300条。\n二、主动公开情况\n学校主页。\n".to_owned() + &"学校各部门认真落实。\n".repeat(20);
    let blank =
        format!("××（单位名称）××年政府信息公开工作年度报告\n一、总体情况\n{}", TABLES.replace(" 0", ""));
    let statistics = "政府信息公开情况统计表\n（2015年度）\n统计指标 单位 统计数\n一、主动公开政府信息数 条 300\n（一）主动公开规范性文件数 条 3\n";
    for (document, want) in [
        (
            "购物清单\n1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n",
            "neither a title of an annual report nor two of its tables",
        ),
        (budget, "a budget or final account"),
        (notice, "a notice about reports"),
        (
            "会议纪要\n一、总体情况\n2023年，各单位报送本报告所列的材料，讨论了信息公开工作。\n",
            "neither a title of an annual report nor two of its tables",
        ),
        (&explainer, "an explainer of a report"),
        (&school, "the report of a school or university on a form of its own"),
        (&list, "a list of links or the results of a search"),
        (&blank, "the blank form of a report"),
        (statistics, "a form of statistics"),
        (
            "新县水利局2023年政府信息公开工作年度报告\n附件：报告.pdf\n",
            "only the title of a report, which is somewhere else",
        ),
        (
            "<html><head><title>新县水利局2023年政府信息公开工作年度报告</title></head><body><h1>502 Bad Gateway</h1></body></html>",
            "an error page of a server",
        ),
    ] {
        let reading = reading(document, "x");
        let problem = reading.problems.first().unwrap_or_else(|| panic!("{document} is no report"));
        assert_eq!(
            (reading.reports.len(), &problem.code, problem.detail.raw()),
            (0, &ProblemCode::NotAReport, want),
            "{document}"
        );
        assert!(problem.message(Lang::Zh).starts_with("不是年度报告（"), "{}", problem.message(Lang::Zh));
    }
}

#[test]
fn what_is_a_report_is_one_whatever_stands_around_it() {
    for document in [
        // A title and one section, two sections with tables and no title, an office that has 预算 and 通知 in its menu.
        "新县水利局2023年政府信息公开工作年度报告\n一、总体情况\n一切正常。\n".to_owned(),
        document("", ""),
        document("财政预决算\n通知公告\n政策解读\n新县水利局2023年政府信息公开工作年度报告", ""),
        document("新县一中2023年政府信息公开工作年度报告", "2022—2023学年工作平稳。"),
        document("新县水利局2023年政府信息公开工作年度报告\n相关解读：图解新县水利局2023年年报", ""),
        // The beginning of one whose title is somewhere else.
        "根据《政府信息公开条例》要求编制本报告，数据统计期限为2023年1月1日至12月31日。\n一、总体情况\n2023年，我镇公开政府信息171条。\n".to_owned(),
    ] {
        assert_eq!(reading(&document, "x").reports.len(), 1, "{document}");
    }
}

#[test]
fn a_report_before_the_forms_is_said_to_be_one_and_lacks_nothing() {
    let text = "2016年新县沙窝镇政府信息公开工作年度报告\n本报告的统计期限为2016年1月1日至2016年12月31日。\n\
        一、主动公开政府信息的情况\n2016年度我镇主动公开政府信息22条。\n二、政府信息依申请公开办理情况\n没有收到申请。\n\
        三、复议、诉讼和申诉情况\n没有发生行政复议、行政诉讼。\n";
    let report = read(text);
    assert_eq!((report.agency.raw(), report.year), ("新县沙窝镇", Some(2016)));
    let codes: Vec<&ProblemCode> = report.problems.iter().map(|p| &p.code).collect();
    assert_eq!(codes, [&ProblemCode::EarlierForm]);
    let found = rules::check(&report, &Settings::default());
    let said: Vec<(&str, Severity)> = found.iter().map(|f| (f.rule.id, f.severity)).collect();
    assert_eq!(said, [("F2", Severity::Info)], "once, and nothing of the later forms");
    assert!(report.sections.iter().any(|s| s.text.raw().contains("22条")), "its narrative is there");
    // Its dates are checked all the same.
    let other = read(&text.replace("2016年1月1日至2016年12月31日", "2015年1月1日至2015年12月31日"));
    assert!(rules::check(&other, &Settings::default()).iter().any(|f| f.rule.id == "D1"));
    // The same year on a form of 2019 is no earlier form.
    let later = read(
        &document("新县沙窝镇2016年政府信息公开工作年度报告", "")
            .replace("规章 0", "第二十条第（一）项 第二十条第（五）项\n规章 0"),
    );
    assert!(!later.is_before_the_forms());
}

#[test]
fn a_report_on_one_line_is_read_as_if_it_were_on_many() {
    let filler = "全年主动公开政府信息若干条，政府门户网站按时更新".repeat(6);
    let many = document("新县水利局2023年政府信息公开工作年度报告", &format!("{filler}。"));
    let one = many.replace('\n', " ");
    let (many, one) = (read(&many), read(&one));
    assert_eq!(
        (one.title.raw(), one.agency.raw(), one.year),
        (many.title.raw(), many.agency.raw(), many.year)
    );
    assert_eq!(one.figures, many.figures);
    let numbers = |report: &Report| report.sections.iter().map(|s| s.number).collect::<Vec<_>>();
    assert_eq!(numbers(&one), numbers(&many));
    assert!(one.sections.iter().all(|s| s.line == 1 && s.text_line <= 1), "all on its line");
    assert!(one.sections.iter().all(|s| !s.text.raw().contains('\n')), "no line that is not there");
}

#[test]
fn a_page_in_traditional_characters_is_read_and_printed_as_it_is() {
    let text = "新縣水利局2023年政府信息公開工作年度報告\n一、總體情況\n無。\n二、主動公開政府信息情況\n規章 0 0 0\n行政規範性文件 1 2 3\n\
        三、收到和處理政府信息公開申請情況\n一、本年新收政府信息公開申請數量 3 0 0 0 0 0 3\n四、政府信息公開行政複議、行政訴訟情況\n\
        五、存在的主要問題及改進情況\n無\n六、其他需要報告的事項\n無\n";
    let report = read(text);
    assert_eq!(
        (report.title.raw(), report.agency.raw()),
        ("新縣水利局2023年政府信息公開工作年度報告", "新县水利局")
    );
    assert_eq!(report.county_code.as_ref().map(gouji::display::Untrusted::raw), Some("411523"));
    assert_eq!(report.sections.iter().map(|s| s.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    let total = gouji::report::CellId::parse("requests.received.total").unwrap();
    assert_eq!(report.figures.get(total), gouji::report::Figure::Number(gouji::report::Number::whole(3)));
}

#[test]
fn the_title_is_the_nearest_to_the_text_and_without_the_name_of_the_site() {
    use KnownBy::{Sentence, Title};
    let said = "现公布新县水利局2023年政府信息公开工作年度报告。";
    let cases = [
        // A list of other reports, and the title of this one.
        (
            "新县财政局2022年政府信息公开工作年度报告\n新县教育局2021年政府信息公开工作年度报告\n新县水利局2023年政府信息公开工作年度报告",
            "如下。",
            "新县水利局",
            Title,
        ),
        // The same title twice, and one alone.
        (
            "新县水利局2023年政府信息公开工作年度报告\n新县水利局2023年政府信息公开工作年度报告",
            "如下。",
            "新县水利局",
            Title,
        ),
        ("★新县水利局2023年政府信息公开工作年度报告", "如下。", "新县水利局", Title),
        ("新县水利局二O二三年政府信息公开工作年度报告", "如下。", "新县水利局", Title),
        // The site above the title, and a title on two lines.
        ("新县人民政府\n2023年政府信息公开工作年度报告", said, "新县水利局", Sentence),
        ("新县人民政府\n2023年政府信息公开工作年度报告", "如下。", "新县人民政府", Title),
        ("新县水利局\n2023年政府信息公开工作年度报告", said, "新县水利局", Title),
    ];
    for (opening, first, agency, by) in cases {
        let report = read(&document(opening, first));
        let known = (report.agency.raw(), report.agency_from, report.year);
        assert_eq!(known, (agency, Some(by), Some(2023)), "{opening}\n{first}");
    }
    // Titles of other reports below the text are none of it.
    let below = document("新县水利局2023年政府信息公开工作年度报告", "如下。")
        + "新县财政局2022年政府信息公开工作年度报告\n";
    assert_eq!(read(&below).agency.raw(), "新县水利局");
}
