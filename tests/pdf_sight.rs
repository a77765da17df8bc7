//! PDF files: what nobody sees on a page, what lies over other text, and pages that are set in other ways.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    reason = "a test that cannot go on shall fail"
)]

use std::fmt::Write as _;
use std::path::Path;

use gouji::load::{FORMATS, Reading, Record, View, files};
use gouji::report::ProblemCode;

/// A small PDF of A4 pages, drawn with the operators of the format.
#[derive(Default)]
struct Paper {
    pages: Vec<String>,
    /// Further entries of the resources and of the catalog.
    resources: String,
    catalog: String,
    /// The font, if not the usual one.
    font: Option<&'static str>,
}

impl Paper {
    fn page(&mut self) -> &mut Self {
        self.pages.push(String::new());
        self
    }

    fn draw(&mut self, operators: &str) -> &mut Self {
        self.pages.last_mut().unwrap().push_str(operators);
        self
    }

    /// Text of a size, in points from the upper left corner.
    fn sized(&mut self, size: f64, x: f64, y: f64, text: &str) -> &mut Self {
        self.draw(&shown(&format!("1 0 0 1 {x} {} Tm", 842.0 - y), size, text))
    }

    fn text(&mut self, x: f64, y: f64, text: &str) -> &mut Self {
        self.sized(12.0, x, y, text)
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64)) -> &mut Self {
        self.draw(&format!("{} {} m {} {} l S\n", from.0, 842.0 - from.1, to.0, 842.0 - to.1))
    }

    /// A table with lines: the places of those across, the heights of those along.
    fn grid(&mut self, columns: &[f64], rows: &[f64]) -> &mut Self {
        let (left, right) = (columns[0], columns[columns.len() - 1]);
        let (top, bottom) = (rows[0], rows[rows.len() - 1]);
        for y in rows {
            self.line((left, *y), (right, *y));
        }
        for x in columns {
            self.line((*x, top), (*x, bottom));
        }
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let count = self.pages.len();
        let kids: Vec<String> = (0..count).map(|i| format!("{} 0 R", 7 + 2 * i)).collect();
        let cmap = "1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
            1 beginbfrange <0000> <FFFF> <0000> endbfrange";
        let usual = "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/DW 1000/W[32 126 500]>>";
        let mapped = if self.font.is_none() { "/ToUnicode 5 0 R" } else { "" };
        let mut objects = vec![
            format!("<</Type/Catalog/Pages 2 0 R{}>>", self.catalog),
            format!("<</Type/Pages/Count {count}/Kids[{}]/MediaBox[0 0 595 842]>>", kids.join(" ")),
            format!(
                "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[4 0 R]{mapped}>>"
            ),
            self.font.unwrap_or(usual).to_owned(),
            format!("<</Length {}>>stream\n{cmap}\nendstream", cmap.len() + 1),
            format!("<</Font<</F1 3 0 R>>{}>>", self.resources),
        ];
        for (i, page) in self.pages.iter().enumerate() {
            objects.push(format!("<</Type/Page/Parent 2 0 R/Resources 6 0 R/Contents {} 0 R>>", 8 + 2 * i));
            objects.push(format!("<</Length {}>>stream\n{page}\nendstream", page.len() + 1));
        }
        let mut file = "%PDF-1.7\n".to_owned();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for (i, object) in objects.iter().enumerate() {
            writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
            write!(file, "{} 0 obj\n{object}\nendobj\n", i + 1).unwrap();
        }
        let (start, size) = (file.len(), objects.len() + 1);
        write!(file, "{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").unwrap();
        file.into_bytes()
    }

    fn rendered(&self) -> String {
        rendered(&self.bytes())
    }
}

fn codes(text: &str) -> String {
    let codes: Vec<String> = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    codes.concat()
}

fn shown(matrix: &str, size: f64, text: &str) -> String {
    format!("BT /F1 {size} Tf {matrix} <{}> Tj ET\n", codes(text))
}

fn rendered(bytes: &[u8]) -> String {
    let format = FORMATS.iter().find(|format| format.name == "pdf").unwrap();
    let View::Rendered(render) = format.view else { panic!("a PDF is shown as text") };
    render(&Record { file: Path::new("x.pdf"), bytes, offset: 0, line: 1 })
        .unwrap_or_else(|p| p.detail.raw().to_owned())
}

/// A table of one row, 规章 31 and 4, with something drawn before and after its text.
fn row(before: &str, after: &str) -> Paper {
    let mut paper = Paper { resources: GRAPHICS.to_owned(), ..Paper::default() };
    paper.page().grid(&[50.0, 150.0, 250.0, 350.0], &[100.0, 130.0, 160.0]).draw(before);
    paper.text(60.0, 120.0, "信息内容").text(160.0, 120.0, "制发件数").text(260.0, 120.0, "废止件数");
    paper.text(60.0, 150.0, "规章").text(160.0, 150.0, "31").text(260.0, 150.0, "4").draw(after);
    paper
}

const GRAPHICS: &str = "/ExtGState<</Faint<</ca 0.01>>/Half<</ca 0.5>>>>/Properties<</Off 99 0 R/Mark<</Type/Pagination/Subtype/Watermark>>>>";
const PLAIN: &str = "信息内容\t制发件数\t废止件数\n规章\t31\t4\n\n";

#[test]
fn what_nobody_sees_is_not_read() {
    // Right behind the 31, and of its size.
    let digits = shown("1 0 0 1 172 692 Tm", 12.0, "77");
    let white_box = "q 1 1 1 rg 170 688 40 20 re f Q\n";
    let hidden = [
        format!("3 Tr {digits} 0 Tr\n"),
        format!("7 Tr {digits} 0 Tr\n"),
        format!("q 1 1 1 rg {digits} Q\n"),
        format!("q 0 0 0 0 k {digits} Q\n"),
        format!("q /Faint gs {digits} Q\n"),
        format!("q 300 300 10 10 re W n {digits} Q\n"),
        format!("/Artifact /Mark BDC {digits} EMC\n"),
        format!("q 0 0 1 rg 170 688 40 20 re f {digits} Q\n"),
        format!("{digits} {white_box}"),
        shown("1 0 0 1 172 692 Tm", 0.2, "77"),
        shown("1 0 0 1 700 692 Tm", 12.0, "77"),
        shown("1 0 0 1 172 900 Tm", 12.0, "77"),
    ];
    for after in hidden {
        assert_eq!(row("", &after).rendered(), PLAIN, "{after}");
    }
}

#[test]
fn what_is_seen_is_read_whatever_its_colour() {
    let digits = shown("1 0 0 1 172 692 Tm", 12.0, "77");
    let seen = [
        digits.clone(),
        format!("q 0 0 1 rg 170 688 40 20 re f 1 1 1 rg {digits} Q\n"),
        format!("q 0.4 g {digits} Q\n"),
        format!("q /Half gs {digits} Q\n"),
        format!("q /Cs1 cs 1 scn {digits} Q\n"),
        format!("/Span BMC {digits} EMC\n"),
        // Seen through, or beside it.
        format!("{digits} q /Half gs 1 1 0 rg 170 688 40 20 re f Q\n"),
        format!("{digits} q 1 1 1 rg 300 400 40 20 re f Q\n"),
        // The clip lets nothing of the area through.
        format!("{digits} q 1 1 1 rg 400 400 10 10 re W n 170 688 40 20 re f Q\n"),
        // Half cut off.
        format!("q 160 695 100 40 re W n {digits} Q\n"),
    ];
    for after in seen {
        assert_eq!(row("", &after).rendered(), PLAIN.replace("31", "3177"), "{after}");
    }
}

#[test]
fn a_layer_that_is_off_is_not_read() {
    let digits = format!("/OC /Layer BDC {} EMC\n", shown("1 0 0 1 172 692 Tm", 12.0, "77"));
    for (setting, want) in [("/OFF[5 0 R]", "31"), ("", "3177")] {
        let mut paper = row("", &digits);
        paper.resources = "/Properties<</Layer 5 0 R>>".to_owned();
        paper.catalog = format!("/OCProperties<</OCGs[5 0 R]/D<<{setting}>>>>");
        assert_eq!(paper.rendered(), PLAIN.replace("31", want), "{setting}");
    }
}

#[test]
fn a_watermark_is_left_out() {
    let pale = "q 0.87 0.87 0.87 rg\n";
    let marks = [
        // Large and pale, upright.
        format!("{pale}{}Q\n", shown("1 0 0 1 140 685 Tm", 40.0, "打印123")),
        // Pale, over the figure, no larger than it.
        format!("{pale}{}Q\n", shown("1 0 0 1 155 690 Tm", 14.0, "内部88")),
        // Slanted, a little or much, as black as the text.
        shown("0.99 0.1 -0.1 0.99 150 685 Tm", 14.0, "打印123"),
        shown("0.7 0.7 -0.7 0.7 150 685 Tm", 14.0, "打印123"),
    ];
    for mark in marks {
        assert_eq!(row(&mark, "").rendered(), PLAIN, "{mark}");
        assert_eq!(row("", &mark).rendered(), PLAIN, "{mark}");
    }
}

#[test]
fn text_over_a_figure_that_is_no_sure_watermark_makes_it_no_number() {
    // As black as the text.
    for (size, text) in [(40.0, "9"), (12.0, "9"), (12.0, "号")] {
        let over = shown("1 0 0 1 164 691 Tm", size, text);
        let got = row("", &over).rendered();
        let cell = got.lines().nth(1).unwrap().split('\t').nth(1).unwrap().to_owned();
        assert!(cell.contains("31") && !cell.contains("931") && !cell.contains("391"), "{cell}");
        assert!(cell.contains(' ') || cell.contains('〔'), "{cell}");
    }
}

#[test]
fn large_or_grey_text_that_lies_over_nothing_is_text() {
    let mut paper = row("", "");
    paper.draw("q 0.45 g\n").text(60.0, 200.0, "灰色的说明").draw("Q\n");
    paper.sized(26.0, 60.0, 300.0, "大字");
    // A white title on a dark ground.
    paper.draw("q 0.8 0.1 0.1 rg 50 480 300 60 re f 1 1 1 rg\n").sized(26.0, 60.0, 340.0, "白字").draw("Q\n");
    let text = paper.rendered();
    for words in ["灰色的说明", "大字", "白字"] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn small_raised_digits_are_the_marks_of_notes() {
    let cases = [
        (shown("1 0 0 1 172 697 Tm", 6.0, "1"), "31¹"),
        (shown("1 0 0 1 172 697 Tm", 6.0, "12"), "31¹²"),
        (shown("1 0 0 1 172 690 Tm", 6.0, "2"), "31²"),
        (shown("1 0 0 1 172 692 Tm", 12.0, "①"), "31①"),
        // Small, but on the line; as large as the others.
        (shown("1 0 0 1 172 692 Tm", 9.0, "7"), "317"),
        (shown("1 0 0 1 172 692.5 Tm", 12.0, "7"), "317"),
    ];
    for (after, want) in cases {
        assert_eq!(row("", &after).rendered(), PLAIN.replace("31", want), "{after}");
    }
}

/// An image over the whole page.
const SCAN: &str = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q\n";

fn codes_of(bytes: &[u8]) -> Vec<ProblemCode> {
    let Reading { reports, .. } = files::read_bytes(Path::new("x.pdf"), bytes, 0, 1);
    reports.iter().flat_map(|r| &r.report.problems).map(|p| p.code.clone()).collect()
}

#[test]
fn the_text_of_a_scan_is_read_and_said_to_be_recognised() {
    let words = "新县水利局2024年政府信息公开工作年度报告";
    let page = |before: &str, mode: u8| {
        let mut paper = Paper::default();
        paper.page().draw(before).draw(&format!("{mode} Tr\n")).text(50.0, 60.0, words).text(
            50.0,
            90.0,
            "一、总体情况",
        );
        paper.bytes()
    };
    let scan = page(SCAN, 3);
    assert_eq!(rendered(&scan), format!("{words}\n一、总体情况\n"));
    assert!(codes_of(&scan).contains(&ProblemCode::Recognised));
    // Seen text over an image is text; unseen text without one is nothing.
    let seen = page(SCAN, 0);
    assert_eq!(rendered(&seen), format!("{words}\n一、总体情况\n"));
    assert!(!codes_of(&seen).contains(&ProblemCode::Recognised));
    assert_eq!(rendered(&page("", 3)), "PDF without any text");
}

#[test]
fn a_damaged_file_is_read_as_far_as_it_goes_and_says_so() {
    let mut paper = Paper::default();
    paper.page().text(50.0, 60.0, "新县水利局2024年政府信息公开工作年度报告").text(
        50.0,
        90.0,
        "一、总体情况",
    );
    paper.page().text(50.0, 60.0, "第二页的文字");
    let whole = paper.bytes();
    let want = paper.rendered();
    assert!(!codes_of(&whole).contains(&ProblemCode::Damaged));
    let end = whole.windows(5).position(|w| w == b"xref\n").unwrap();
    let cut = whole.get(..end).unwrap().to_vec();
    let junk = [whole.clone(), vec![b'x'; 4_000]].concat();
    let shifted = [&whole[..9], &b"% a line that was not there\n"[..], &whole[9..]].concat();
    for damaged in [cut, junk, shifted] {
        assert_eq!(rendered(&damaged), want);
        assert!(codes_of(&damaged).contains(&ProblemCode::Damaged));
    }
    // The last page is gone, and the tree of pages with it.
    let text = String::from_utf8(whole).unwrap();
    let last = text.find("\n9 0 obj").unwrap();
    let rest = text.get(..last).unwrap().replace("2 0 obj", "2 0 xxx");
    assert_eq!(rendered(rest.as_bytes()), "新县水利局2024年政府信息公开工作年度报告\n一、总体情况\n");
}

#[test]
fn letters_drawn_as_outlines_are_no_lines_of_a_table() {
    let letter =
        "q 0.3 w 160 690 m 160 702 l 172 702 l 174 696 172 690 172 690 c h 160 696 m 172 696 l S Q\n";
    assert_eq!(row("", letter).rendered(), PLAIN);
}

#[test]
fn a_table_across_an_upright_page_is_read_in_its_place() {
    let mut paper = Paper::default();
    paper.page().text(50.0, 60.0, "三、收到和处理政府信息公开申请情况").text(50.0, 780.0, "四、行政复议情况");
    // Drawn upright, then turned by a quarter.
    let mut table = Paper::default();
    table.page().grid(&[100.0, 200.0, 250.0, 300.0], &[100.0, 130.0, 160.0, 190.0, 220.0]);
    for (i, label) in ["项目名称", "予以公开", "部分公开", "不予公开"].into_iter().enumerate()
    {
        let y = 120.0 + 30.0 * i as f64;
        table.text(110.0, y, label).text(210.0, y, &format!("{i}1")).text(260.0, y, &format!("{i}2"));
    }
    let turned = format!("q 0 1 -1 0 900 200 cm {} Q\n", table.pages[0]);
    let want = "三、收到和处理政府信息公开申请情况\n项目名称\t01\t02\n予以公开\t11\t12\n部分公开\t21\t22\n不予公开\t31\t32\n\n四、行政复议情况\n";
    assert_eq!(paper.draw(&turned).rendered(), want);
}

#[test]
fn two_columns_are_read_one_after_the_other() {
    let mut paper = Paper::default();
    paper.page();
    let words = "这一行文字占满整个栏目宽度没有空白";
    for i in 0..8 {
        let y = 100.0 + 20.0 * f64::from(i);
        paper.text(50.0, y, &format!("左{words}")).text(310.0, y + 3.0, &format!("右{words}"));
    }
    let text = paper.rendered();
    let sides: String = text.lines().map(|line| line.chars().next().unwrap()).collect();
    assert_eq!(sides, "左左左左左左左左右右右右右右右右");
    // The columns of a table are none of the page.
    let mut table = Paper::default();
    table.page();
    for i in 0..8 {
        let y = 100.0 + 20.0 * f64::from(i);
        table.text(50.0, y, "一个项目的名称").text(400.0, y, "12");
    }
    assert!(table.rendered().lines().all(|line| line.contains("名称") && line.contains("12")));
}

/// The labels of a table without lines, by lines, and what is printed beside them.
const STACKS: [(&[&str], &str, &str); 4] = [
    (&["1.属于国", "家秘密"], "12", "3"),
    (&["2.其他法", "律行政法", "规禁止公", "开"], "4", "56"),
    (&["3.危及三", "安全一稳", "定"], "0", "7"),
    (&["4.其他"], "88", "9"),
];

/// Draws them, with the values at some line of their labels.
fn stacks(at: impl Fn(usize) -> f64) -> String {
    let mut paper = Paper::default();
    paper.page();
    let mut y = 100.0;
    for (label, one, other) in STACKS {
        for (i, line) in label.iter().enumerate() {
            paper.text(50.0, y + 15.0 * i as f64, line);
        }
        let value = y + 15.0 * at(label.len());
        paper.text(150.0, value, one).text(250.0, value, other).text(350.0, value, "0");
        y += 15.0 * label.len() as f64;
    }
    paper.rendered()
}

#[test]
fn without_lines_a_row_gets_the_label_at_whose_height_it_stands() {
    let want = "1.属于国家秘密\t12\t3\t0\n2.其他法律行政法规禁止公开\t4\t56\t0\n3.危及三安全一稳定\t0\t7\t0\n4.其他\t88\t9\t0\n\n";
    assert_eq!(stacks(|_| 0.0), want, "at the top");
    assert_eq!(stacks(|lines| (lines - 1) as f64), want, "at the bottom");
    assert_eq!(stacks(|lines| (lines - 1) as f64 / 2.0), want, "in the middle");
}

#[test]
fn without_lines_a_broken_number_makes_its_row_doubtful() {
    let mut paper = Paper::default();
    paper.page();
    for (i, label) in
        ["1.属于国家秘密", "2.重复申请", "3.其他事项", "4.要求提供", "5.重新出具"].into_iter().enumerate()
    {
        let y = 100.0 + 40.0 * i as f64;
        paper.text(50.0, y, label).text(200.0, y, "31").text(250.0, y, "0").text(300.0, y, "5");
    }
    // The 31 of the second row goes on below: 3119.
    paper.text(200.0, 155.0, "19");
    let text = paper.rendered();
    assert!(text.contains("1.属于国家秘密\t31\t0\t5\n") && text.contains("3.其他事项\t31\t0\t5\n"), "{text}");
    assert!(text.contains("〔31，0，5〕") && text.contains("〔19〕"), "{text}");
}

#[test]
fn numbers_of_characters_are_those_of_adobe() {
    let font = "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/W[814 939 500]>>";
    let mut paper = Paper { font: Some(font), ..Paper::default() };
    // 啊 、 2 and the narrow 3.
    paper.page().draw("BT /F1 12 Tf 50 700 Td <03AC006100130341> Tj ET\n");
    assert_eq!(paper.rendered(), "啊、23\n");
    // Of another list nothing is known.
    let mut other = Paper {
        font: Some(
            "<</Type/Font/Subtype/CIDFontType0/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)/Supplement 2>>>>",
        ),
        ..Paper::default()
    };
    other.page().draw("BT /F1 12 Tf 50 700 Td <03AC006100130341> Tj ET\n");
    assert!(other.rendered().contains("OCR"));
}
