//! Pairs of narratives, by what differs.

use super::{NARRATIVE, nil, report, with};
use crate::display::Lang;
use crate::rules::versions::{compare, print};

/// Whether two documents are one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Are {
    Copy,
    Version,
}
const COPY: Are = Are::Copy;
const VERSION: Are = Are::Version;

/// What differs, what the one says behind the first section of the narrative, what the other says.
const PAIRS: &[(&str, &str, &str, Are)] = &[
    // Numbers.
    ("other counts", "有4条依申请公开。", "收到政府信息公开申请99件。", VERSION),
    ("one digit", "全年主动公开信息1280条。", "全年主动公开信息1290条。", VERSION),
    ("digits exchanged", "全年主动公开信息1280条。", "全年主动公开信息1820条。", VERSION),
    ("a digit lost", "全年主动公开信息1280条。", "全年主动公开信息128条。", VERSION),
    ("a decimal point", "收费12.5万元。", "收费125万元。", VERSION),
    ("decimals", "收费12.5万元。", "收费12.50万元。", VERSION),
    ("a unit", "收费12万元。", "收费12元。", VERSION),
    ("per cent", "满意度达到98%。", "满意度达到98。", VERSION),
    ("a minus", "增长-3%。", "增长3%。", VERSION),
    ("a numeral", "召开会议三次，开展培训。", "召开会议五次，开展培训。", VERSION),
    ("order of numbers", "办理提案3件、建议5件。", "办理提案5件、建议3件。", VERSION),
    ("another year", "统计期限自2023年1月1日起。", "统计期限自2022年1月1日起。", VERSION),
    ("a list and a number", "分别为3、4件。", "分别为34件。", VERSION),
    ("a number in one only", "受理网络申请4次，认真答复。", "受理网络申请，认真答复。", VERSION),
    ("a range", "完成2020-2022年的清理。", "完成2020—2022年的清理。", COPY),
    ("thousands", "全年点击1,234,567次。", "全年点击1234567次。", COPY),
    ("wide digits", "全年主动公开信息１２８０条。", "全年主动公开信息1280条。", COPY),
    ("a number cut by a line", "全年主动公开信息12\n80条。", "全年主动公开信息1280条。", COPY),
    // Whether, and where to.
    ("not", "未发生行政复议。", "发生行政复议。", VERSION),
    ("none", "无行政诉讼案件。", "有行政诉讼案件。", VERSION),
    ("no fee", "未收取信息处理费。", "收取信息处理费。", VERSION),
    ("no, at the end", "信息处理费收取情况：无。", "信息处理费收取情况：有。", VERSION),
    ("more and less", "申请数量比往年有所增加。", "申请数量比往年有所减少。", VERSION),
    ("up and down", "办理数量上升明显。", "办理数量下降明显。", VERSION),
    ("all and some", "申请全部按时办理完毕。", "申请部分按时办理完毕。", VERSION),
    ("granted and in part", "申请的结果是予以公开。", "申请的结果是部分公开。", VERSION),
    ("granted and refused", "申请的结果是予以公开。", "申请的结果是不予公开。", VERSION),
    ("upheld and corrected", "复议结果为维持原来的行为。", "复议结果为纠正原来的行为。", VERSION),
    ("already and not yet", "相关清理工作已完成。", "相关清理工作未完成。", VERSION),
    ("people and firms", "申请来自自然人的较多。", "申请来自企业的较多。", VERSION),
    ("review and lawsuit", "引起行政复议的情形较少。", "引起行政诉讼的情形较少。", VERSION),
    ("about", "受理咨询400人次。", "受理咨询400余人次。", VERSION),
    ("carried over", "申请结转下年办理。", "申请结转本年办理。", VERSION),
    // Words.
    (
        "one word of many",
        "扎实推进基层政务标准化规范化建设工作，社会反响良好。",
        "扎实推动基层政务标准化规范化建设工作，社会反响良好。",
        COPY,
    ),
    ("one letter", "加强业务知识的培训学习。", "加强业务知识培训学习。", COPY),
    (
        "many words",
        "扎实推进基层政务标准化建设，社会反响良好。",
        "大力开展基层队伍专业化建设，群众普遍认可。",
        VERSION,
    ),
    ("one letter of three", "请审阅。", "请批阅。", VERSION),
    ("a sentence more", "加强网站建设。", "加强网站建设。组织开展业务培训和考核评议。", VERSION),
    ("a sentence less", "加强网站建设。组织开展业务培训和考核评议。", "加强网站建设。", VERSION),
    ("a short sentence more", "加强网站建设。", "加强网站建设。特此报告。", COPY),
    ("a short one with a number", "加强网站建设。", "加强网站建设。共3次。", VERSION),
    ("a short one that decides", "加强网站建设。", "加强网站建设。未完成。", VERSION),
    (
        "order of sentences",
        "加强网站的建设和维护。组织开展业务培训。",
        "组织开展业务培训。加强网站的建设和维护。",
        COPY,
    ),
    (
        "order, and a number",
        "召开专题会议3次。组织业务培训5次。",
        "组织业务培训3次。召开专题会议5次。",
        VERSION,
    ),
    ("bare counts in another order", "0件；1件。", "1件；0件。", VERSION),
    ("a row of counts in another order", "1件；2件；3件。", "3件；1件；2件。", VERSION),
    // Layout.
    ("the same", "受理申请12件，均已答复。", "受理申请12件，均已答复。", COPY),
    ("spaces", "受理 申请 12 件，均已 答复。", "受理申请12件，均已答复。", COPY),
    ("wide spaces", "\u{3000}\u{3000}受理申请12件，均已答复。", "受理申请12件，均已答复。", COPY),
    ("lines inside words", "受理申\n\n请12\n件，均已答复。", "受理申请12件，均已答复。", COPY),
    ("one line for all", "加强领导。\n健全机制。\n抓好落实。", "加强领导。健全机制。抓好落实。", COPY),
    ("marks", "受理申请12件,均已答复;", "受理申请１２件，均已答复；", COPY),
    ("another mark", "受理申请12件；均已答复。", "受理申请12件，均已答复。", COPY),
    ("a number before a mark", "受理申请12；答复3件。", "受理申请12，答复3件。", COPY),
    ("no mark at the end", "受理申请12件，均已答复", "受理申请12件，均已答复。", COPY),
    ("quotes", "落实“五公开”要求。", "落实\"五公开\"要求。", COPY),
    ("radicals", "⼈⺠政府⻔户网站⾏政。", "人民政府门户网站行政。", COPY),
    ("hidden characters", "受理\u{200b}申请12件。", "受理申请12件。", COPY),
    // Furniture.
    ("page number in a sentence", "认真做好信息\n— 3 —\n的发布。", "认真做好信息的发布。", COPY),
    ("page of pages", "认真做好信息\n第3页 共5页\n的发布。", "认真做好信息的发布。", COPY),
    (
        "bare page numbers",
        "认真做好信息\n1\n的发布。及时回应群众\n2\n的关切。",
        "认真做好信息的发布。及时回应群众的关切。",
        COPY,
    ),
    ("a bare number that is none", "认真办理\n99\n件申请。", "认真办理件申请。", VERSION),
    ("bare numbers in both", "收到申请\n12\n件。", "收到申请\n99\n件。", VERSION),
    ("counters", "浏览次数：12\n加强网站建设。", "浏览次数：4096\n加强网站建设。", COPY),
    ("buttons", "加强网站建设。\n打印本页 关闭窗口", "加强网站建设。", COPY),
    ("date and source", "发布时间：2024-01-20 来源：县政府办\n加强网站建设。", "加强网站建设。", COPY),
    ("size and share", "字号：大 中 小\n加强网站建设。\n分享到：", "加强网站建设。", COPY),
    ("a heading again", "二、主动公开政府信息情况\n加强网站建设。", "加强网站建设。", COPY),
    (
        "a title again",
        "新县人民政府办公室2023年政府信息公开工作年度报告\n加强网站建设。",
        "加强网站建设。",
        COPY,
    ),
    ("what looks like furniture", "来源广泛的信息有3条。", "来源广泛的信息有5条。", VERSION),
];

#[test]
fn pairs_are_copies_or_versions_whichever_comes_first() {
    assert!(PAIRS.len() >= 60);
    let at_end = |text: &str| format!("{}\n{text}", NARRATIVE[0]);
    for (what, old, new, want) in PAIRS {
        for number in [1, 5] {
            let before = NARRATIVE[usize::from(number - 1_u8)];
            let (a, b) = (format!("{before}\n{old}"), format!("{before}\n{new}"));
            let (a, b) = (with(report(), number, &a), with(report(), number, &b));
            let found = compare(&a, &b);
            let is = if found.is_copy() { COPY } else { VERSION };
            assert_eq!(is, *want, "{what}, section {number}: {}", found.words(Lang::Zh));
            assert_eq!(compare(&b, &a).is_copy(), found.is_copy(), "{what}: the other way round");
            assert!(print(&a).words != print(&b).words || *want == COPY, "{what}: equal prints of versions");
        }
    }
    // What differs in two documents at once is judged by itself.
    let all = |side: fn(&(&str, &'static str, &'static str, Are)) -> &'static str, want: Are| {
        PAIRS.iter().filter(|pair| pair.3 == want).map(side).take(4).collect::<Vec<_>>().join("\n")
    };
    let (a, b) = (all(|pair| pair.1, COPY), all(|pair| pair.2, COPY));
    assert!(compare(&with(report(), 1, &at_end(&a)), &with(report(), 1, &at_end(&b))).is_copy());
}

#[test]
fn a_page_and_its_paper_are_one_report() {
    let page = with(
        report(),
        6,
        "本机关没有其他需要报告的事项。\n分享到： 微信 微博\n【打印】 【关闭】\n主办单位：新县人民政府办公室\n版权所有 豫ICP备05001234号\n网站地图 隐私条款 使用帮助\n豫公网安备 41152302000123号",
    );
    let mut paper = report();
    for (section, text) in paper.sections.iter_mut().zip(NARRATIVE) {
        let mut lines = String::new();
        for (i, c) in text.chars().filter(|c| *c != '\n').enumerate() {
            lines.push(c);
            if i % 17 == 16 {
                lines.push_str(if i % 34 == 33 { "\n— 2 —\n" } else { "\n" });
            }
        }
        section.text = lines.into();
    }
    let found = compare(&page, &paper);
    assert!(found.is_copy(), "{}", found.words(Lang::Zh));
    assert_eq!(found.words(Lang::Zh), "");
}

#[test]
fn nil_reports_of_the_same_words_are_copies() {
    assert!(compare(&nil(), &nil()).is_copy());
    let other = with(nil(), 6, "本机关未收取信息处理费用。");
    assert!(!compare(&nil(), &other).is_copy());
}

#[test]
fn a_report_without_narrative_is_a_copy_if_its_figures_are_no_chance() {
    let bare = |mut report: crate::report::Report| {
        report.sections.clear();
        report
    };
    assert!(compare(&report(), &bare(report())).is_copy());
    assert!(compare(&bare(report()), &report()).is_copy());
    let found = compare(&nil(), &bare(nil()));
    assert!(found.is_thin && !found.is_copy());
    assert!(found.words(Lang::Zh).contains("没有正文") && found.words(Lang::En).contains("no narrative"));
    assert!(compare(&bare(nil()), &bare(nil())).is_copy(), "two tables that are equal in every cell");
    // Pieces of tables are no narrative.
    let mut pieces = bare(nil());
    pieces.sections = with(nil(), 4, "结果\n维持\n结果 纠正\n0 0 0").sections.split_off(3);
    pieces.sections.truncate(1);
    assert!(!compare(&nil(), &pieces).is_copy());
}

#[test]
fn the_opening_counts_where_both_have_one() {
    const SAID: &str = "根据条例编制本报告，统计期限自2023年1月1日至12月31日。";
    let opening = |text: &str| {
        let mut report = report();
        let mut section = report.sections[0].clone();
        (section.number, section.text) = (0, text.into());
        report.sections.insert(0, section);
        report
    };
    let page = opening(&format!("首页 > 政府信息公开年报\n索引号 00411523-2\n{SAID}"));
    assert!(compare(&page, &opening(SAID)).is_copy());
    assert!(compare(&page, &report()).is_copy(), "the parsed copy may have no opening");
    let other = opening(&SAID.replace("2023", "2022"));
    assert!(!compare(&page, &other).is_copy());
    assert_ne!(print(&opening(SAID)).words, print(&other).words);
}

#[test]
fn many_counts_in_another_order_are_another_statement() {
    let counts =
        |all: &mut dyn Iterator<Item = u32>| all.map(|n| format!("{n}件；")).collect::<Vec<_>>().concat();
    let (up, down) = (counts(&mut (100..900)), counts(&mut (100..900).rev()));
    let (a, b) = (with(report(), 1, &up), with(report(), 1, &down));
    assert!(!compare(&a, &b).is_copy() && !compare(&b, &a).is_copy());
    assert!(compare(&a, &a).is_copy());
}
