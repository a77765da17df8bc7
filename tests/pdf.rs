//! PDF files: a real report, small ones drawn here, and hostile ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use common::shared;
use gouji::load::{FORMATS, Reading, Record, View, files};
use gouji::report::{CellId, Figure, Report, TableId};

/// A small PDF: what stands on each of its pages, in points from the upper left corner of A4.
#[derive(Default)]
struct Paper {
    pages: Vec<String>,
}

/// The size of the font.
const SIZE: f64 = 12.0;

impl Paper {
    fn page(&mut self) -> &mut Self {
        self.pages.push(String::new());
        self
    }

    /// Draws with the operators of the format.
    fn draw(&mut self, operators: &str) -> &mut Self {
        self.pages.last_mut().unwrap().push_str(operators);
        self
    }

    fn text(&mut self, x: f64, y: f64, text: &str) -> &mut Self {
        let codes: Vec<String> = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        let codes = codes.concat();
        self.draw(&format!("BT /F1 {SIZE} Tf 1 0 0 1 {x} {} Tm <{codes}> Tj ET\n", 842.0 - y))
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64)) -> &mut Self {
        self.draw(&format!("{} {} m {} {} l S\n", from.0, 842.0 - from.1, to.0, 842.0 - to.1))
    }

    /// A line as a thin area, as word processors draw it.
    fn bar(&mut self, from: (f64, f64), to: (f64, f64)) -> &mut Self {
        let (width, height) = ((to.0 - from.0).max(0.48), (to.1 - from.1).max(0.48));
        self.draw(&format!("{} {} {width} {height} re f*\n", from.0, 842.0 - to.1))
    }

    /// A frame as an area with another one cut out of it.
    fn frame(&mut self, (left, top): Point, (right, bottom): Point) -> &mut Self {
        let (width, height, y) = (right - left, bottom - top, 842.0 - bottom);
        let inner = format!("{} {} {} {} re", left + 0.5, y + 0.5, width - 1.0, height - 1.0);
        self.draw(&format!("{left} {y} {width} {height} re {inner} f*\n"))
    }

    /// The bytes of the file.
    fn bytes(&self) -> Vec<u8> {
        let count = self.pages.len();
        let kids: Vec<String> = (0..count).map(|i| format!("{} 0 R", 7 + 2 * i)).collect();
        let kids = kids.join(" ");
        let cmap = "1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
            1 beginbfrange <0000> <FFFF> <0000> endbfrange";
        let mut objects = vec![
            "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
            format!("<</Type/Pages/Count {count}/Kids[{kids}]/MediaBox[0 0 595 842]>>"),
            "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>".to_owned(),
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/DW 1000/W[32 126 500]>>".to_owned(),
            format!("<</Length {}>>stream\n{cmap}\nendstream", cmap.len() + 1),
            "<</Font<</F1 3 0 R>>>>".to_owned(),
        ];
        for (i, page) in self.pages.iter().enumerate() {
            let content = 8 + 2 * i;
            objects.push(format!("<</Type/Page/Parent 2 0 R/Resources 6 0 R/Contents {content} 0 R>>"));
            objects.push(format!("<</Length {}>>stream\n{page}\nendstream", page.len() + 1));
        }
        let mut file = "%PDF-1.7\n".to_owned();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for (i, object) in objects.iter().enumerate() {
            writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
            write!(file, "{} 0 obj\n{object}\nendobj\n", i + 1).unwrap();
        }
        let start = file.len();
        let size = objects.len() + 1;
        write!(file, "{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").unwrap();
        file.into_bytes()
    }

    fn rendered(&self) -> String {
        rendered(&self.bytes()).unwrap()
    }
}

fn rendered(bytes: &[u8]) -> Result<String, String> {
    let format = FORMATS.iter().find(|format| format.name == "pdf").unwrap();
    assert!((format.recognises)(bytes, Path::new("x")));
    let View::Rendered(render) = format.view else { panic!("a PDF is shown as text") };
    render(&Record { file: Path::new("x.pdf"), bytes, offset: 0, line: 1 })
        .map_err(|p| p.detail.raw().to_owned())
}

fn figures(report: &Report, table: TableId) -> String {
    let template = report.template.unwrap().template();
    let of_cell = |cell: CellId| match report.figures.get(cell) {
        Figure::Number(n) => n.to_string(),
        other => format!("{other:?}"),
    };
    template.table(table).cells().map(of_cell).collect::<Vec<_>>().join(" ")
}

/// The figures of the report of 淮安 for 2024, as they are printed in it.
const HUAIAN: [(TableId, &str); 3] = [
    (TableId::Disclosure, "1 0 11 8 26 66 447228 3985758 88283 96171.6"),
    (
        TableId::Requests,
        "3001 53 0 0 61 4 3119 34 0 0 0 0 0 34 \
        1288 21 0 0 50 3 1362 447 7 0 0 0 0 454 \
        2 0 0 0 0 0 2 30 1 0 0 0 0 31 5 0 0 0 0 0 5 6 0 0 0 0 0 6 \
        7 1 0 0 0 0 8 12 0 0 0 0 0 12 9 0 0 0 0 0 9 105 0 0 0 0 0 105 \
        746 12 0 0 10 1 769 11 0 0 0 0 0 11 1 0 0 0 0 0 1 \
        56 6 0 0 0 0 62 25 0 0 0 0 0 25 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 0 0 0 0 1 \
        67 3 0 0 1 0 71 6 0 0 0 0 0 6 108 2 0 0 0 0 110 \
        2932 53 0 0 61 4 3050 103 0 0 0 0 0 103",
    ),
    (TableId::Remedies, "72 64 178 37 351 13 4 8 1 26 12 1 1 6 20"),
];

#[test]
fn a_real_report() {
    let Some(path) = shared("samples/huaian-2024.pdf") else { return };
    let bytes = std::fs::read(&path).unwrap();
    let Reading { reports, problems, .. } = files::read_bytes(&path, &bytes, 0, 1);
    assert!(problems.is_empty(), "{problems:?}");
    let report = &reports[0].report;
    assert_eq!((report.agency.raw(), report.year), ("淮安市人民政府", Some(2024)));
    assert_eq!(report.problems, []);
    let mut count = 0;
    for (table, want) in HUAIAN {
        assert_eq!(figures(report, table), want, "{table:?}");
        count += want.split(' ').count();
    }
    assert_eq!(count, 200);
    let numbers: Vec<u8> = report.sections.iter().map(|s| s.number).collect();
    assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6]);
    let text = report.sections[1].text.raw();
    assert!(text.contains("答\n复3050件（含上年度结转申请34件") && !text.contains("-2-"), "{text}");
}

type Point = (f64, f64);
type DrawLine = fn(&mut Paper, Point, Point) -> &mut Paper;

/// A table of two columns of labels and two of values; the first label is a cell over two rows.
fn draw_grid(paper: &mut Paper, line: DrawLine) {
    for y in [100.0, 130.0, 190.0] {
        line(paper, (50.0, y), (450.0, y));
    }
    line(paper, (150.0, 160.0), (450.0, 160.0));
    for x in [50.0, 350.0, 400.0, 450.0] {
        line(paper, (x, 100.0), (x, 190.0));
    }
    line(paper, (150.0, 130.0), (150.0, 190.0));
    paper.text(55.0, 120.0, "一、本年新收").text(360.0, 120.0, "12").text(410.0, 120.0, "0");
    paper.text(55.0, 155.0, "（三）不予").text(55.0, 170.0, "公开");
    paper.text(155.0, 150.0, "1.属于国家秘密").text(365.0, 150.0, "3").text(410.0, 150.0, "4");
    // A number wider than its cell.
    paper.text(155.0, 180.0, "2.其他").text(340.0, 180.0, "1234567890").text(415.0, 180.0, "5");
}

#[test]
fn cells_are_those_of_the_drawn_lines() {
    let want = "说明\n一、本年新收\t←\t12\t0\n（三）不予公开\t1.属于国家秘密\t3\t4\n↑\t2.其他\t1234567890\t5\n\n完\n";
    for line in [Paper::line, Paper::bar] {
        let mut paper = Paper::default();
        paper.page().text(50.0, 80.0, "说明").text(50.0, 220.0, "完");
        draw_grid(&mut paper, line);
        assert_eq!(paper.rendered(), want);
    }
}

#[test]
fn cells_may_have_frames_of_their_own() {
    let mut paper = Paper::default();
    paper.page();
    for (y, label, value) in [(100.0, "规章", "1"), (131.0, "总计", "20")] {
        paper.frame((50.0, y), (150.0, y + 30.0)).text(60.0, y + 20.0, label);
        paper.frame((151.0, y), (250.0, y + 30.0)).text(160.0, y + 20.0, value);
    }
    assert_eq!(paper.rendered(), "规章\t1\n总计\t20\n\n");
}

#[test]
fn a_page_may_lie_on_its_side() {
    let mut upright = Paper::default();
    upright.page();
    draw_grid(&mut upright, Paper::line);
    let mut turned = Paper::default();
    turned.page().draw("q 0 1 -1 0 842 0 cm\n");
    draw_grid(&mut turned, Paper::line);
    turned.draw("Q\n");
    assert_eq!(turned.rendered(), upright.rendered());
}

#[test]
fn without_lines_words_keep_their_columns() {
    let mut paper = Paper::default();
    paper.page().text(50.0, 80.0, "2024年，本机关收到申请。");
    for (y, label, values) in
        [(100.0, "规章", ["1", "20", "3"]), (120.0, "行政规范性文件", ["40", "5", "600"])]
    {
        paper.text(60.0, y, label);
        for (x, value) in [250.0, 350.0, 450.0].into_iter().zip(values) {
            paper.text(x, y, value);
        }
    }
    let text = paper.rendered();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "2024年，本机关收到申请。");
    let columns = |line: &str| -> Vec<usize> {
        let starts = line.char_indices().filter(|(i, c)| c.is_ascii_digit() && line[..*i].ends_with(' '));
        starts.map(|(i, _)| gouji::display::width(&line[..i])).collect()
    };
    assert_eq!(columns(lines[1]).len(), 3, "{text}");
    assert_eq!(columns(lines[1]), columns(lines[2]), "{text}");
}

/// A page with rows of three cells from a height on; gives the height below.
fn draw_rows(paper: &mut Paper, top: f64, rows: &[[&str; 3]]) -> f64 {
    let mut bottom = top;
    for row in rows {
        let y = bottom;
        bottom += 30.0;
        paper.line((50.0, y), (450.0, y));
        for (x, text) in [55.0, 355.0, 405.0].into_iter().zip(row) {
            paper.text(x, y + 20.0, text);
        }
    }
    paper.line((50.0, bottom), (450.0, bottom));
    for x in [50.0, 350.0, 400.0, 450.0] {
        paper.line((x, top), (x, bottom));
    }
    bottom
}

#[test]
fn a_table_goes_on_over_pages() {
    let mut paper = Paper::default();
    paper.page().text(50.0, 60.0, "三、申请情况");
    draw_rows(&mut paper, 650.0, &[["规章", "1", "2"], ["危及三安全", "3", "4"]]);
    paper.text(280.0, 800.0, "— 7 —");
    // The page cut the label of the last row; the table is a little to the side.
    paper.page().draw("q 1 0 0 1 20 0 cm\n");
    let bottom = draw_rows(&mut paper, 70.0, &[["一稳定", "", ""], ["总计", "5", "6"]]);
    paper.draw("Q\n").text(50.0, bottom + 30.0, "四、其他").text(280.0, 800.0, "— 8 —");
    paper.page().text(50.0, 60.0, "完").text(280.0, 800.0, "— 9 —");
    let want = "三、申请情况\n规章\t1\t2\n危及三安全\t3\t4\n一稳定\t\t\n总计\t5\t6\n\n四、其他\n完\n";
    assert_eq!(paper.rendered(), want);
}

#[test]
fn values_above_a_page_break_belong_to_the_label_below() {
    let mut paper = Paper::default();
    paper.page();
    draw_rows(&mut paper, 650.0, &[["规章", "1", "2"], ["", "3", "4"]]);
    paper.page();
    draw_rows(&mut paper, 70.0, &[["重复申请", "", ""], ["总计", "5", "6"]]);
    assert_eq!(paper.rendered(), "规章\t1\t2\n重复申请\t3\t4\n总计\t5\t6\n\n");
}

#[test]
fn other_ways_to_show_text() {
    let mut paper = Paper::default();
    paper.page().draw(
        "BT /F1 12 Tf 14 TL 50 700 Td [<4E00> -2000 <4E8C>] TJ T* <4E09> Tj <56DB> ' 0 0 <4E94> \" ET\n\
        BT /F1 1 Tf 12 0 0 12 50 600 Tm <516D> Tj 1.2 0 Td <516D> Tj .05 0 Td <516D> Tj ET\n",
    );
    // Bold characters that are drawn twice are one.
    assert_eq!(paper.rendered(), "        一    二\n三\n四\n五\n六六\n");
}

#[test]
fn what_cannot_be_read_is_named() {
    let mut empty = Paper::default();
    empty.page();
    assert_eq!(rendered(&empty.bytes()).unwrap_err(), "PDF without any text");
    empty.draw("BI /W 1 /H 1 /BPC 8 /CS /G ID x EI\n");
    assert!(rendered(&empty.bytes()).unwrap_err().contains("OCR"));
    let locked =
        String::from_utf8(empty.bytes()).unwrap().replace("/Root 1 0 R", "/Root 1 0 R/Encrypt 99 0 R");
    assert!(rendered(locked.as_bytes()).unwrap_err().contains("password"));
    let mut text = Paper::default();
    text.page().text(50.0, 50.0, "没有对照表的文字");
    let unmapped = String::from_utf8(text.bytes()).unwrap().replace("/ToUnicode 5 0 R", &" ".repeat(16));
    assert!(rendered(unmapped.as_bytes()).unwrap_err().contains("cannot be copied"));
    assert!(rendered(b"%PDF-1.7\n").unwrap_err().contains("broken PDF"));
}

/// Checks a file with the program itself, whose parser runs in a process of its own.
fn checked(path: &Path) -> (String, Duration) {
    let started = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gouji"));
    let output = command.args(["check", "--lang", "en"]).arg(path).output().unwrap();
    (
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
        started.elapsed(),
    )
}

#[test]
fn a_file_that_breaks_the_parser_costs_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut paper = Paper::default();
    paper.page().text(50.0, 60.0, "新县水利局2024年政府信息公开工作年度报告");
    let plain = String::from_utf8(paper.bytes()).unwrap();
    // Arrays inside each other, deeper than any stack.
    let deep = format!("/X {}{}/", "[".repeat(200_000), "]".repeat(200_000));
    let deep =
        plain.replace("/Root ", &format!("{deep}Root ")).replace("/Parent ", &format!("{deep}Parent "));
    std::fs::write(folder.path().join("deep.pdf"), deep).unwrap();
    std::fs::write(folder.path().join("good.pdf"), plain).unwrap();
    let (said, took) = checked(folder.path());
    assert!(
        said.contains("deep.pdf") && said.contains("rejected 1") && !said.contains("rejected 2"),
        "{said}"
    );
    assert!(took < Duration::from_secs(40), "{took:?}");
}

#[test]
fn the_program_reads_a_pdf_in_a_process_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut paper = Paper::default();
    paper.page().text(50.0, 60.0, "新县水利局2024年政府信息公开工作年度报告").text(
        50.0,
        90.0,
        "一、总体情况",
    );
    let path = folder.path().join("x.pdf");
    std::fs::write(&path, paper.bytes()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gouji")).arg("parse").arg(&path).output().unwrap();
    let json = String::from_utf8(output.stdout).unwrap();
    assert!(json.contains("\"agency\":\"新县水利局\"") && json.contains("\"format\":\"pdf\""), "{json}");
}
