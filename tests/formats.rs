//! The same report in every format, web pages in many ways of writing one: the same cells.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

#[path = "formats/writers.rs"]
mod writers;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use gouji::display::Lang;
use gouji::load::{Record, View, format_of};
use gouji::report::template::{Row, Table};
use gouji::report::{CellId, Figure, Number, Report, TableId, TemplateId};
use proptest::prelude::*;

/// A cell of a printed table.
#[derive(Debug, Clone)]
struct Printed {
    text: String,
    columns: usize,
    rows: usize,
}

fn cell(text: impl Into<String>, columns: usize, rows: usize) -> Printed {
    Printed { text: text.into(), columns, rows }
}

/// A piece of a document.
enum Block {
    Line(String),
    Table(Vec<Vec<Printed>>),
}

/// The figure of a cell as printed: `None` is blank.
type Figures = Vec<(CellId, Option<i64>)>;

fn printed(figures: &Figures, cell: CellId) -> String {
    let figure = figures.iter().find(|(c, _)| *c == cell).and_then(|(_, n)| *n);
    figure.map_or(String::new(), |n| n.to_string())
}

/// Table 2 as the form prints it: a head over each block.
fn disclosure(table: &'static Table, figures: &Figures) -> Vec<Vec<Printed>> {
    let mut rows = Vec::new();
    for block in table.blocks {
        rows.push(vec![cell(block.head, 4, 1)]);
        let mut head = vec![cell("信息内容", 1, 1)];
        let rest = 3 - block.columns.len();
        let last = block.columns.len() - 1;
        let span = |i: usize| if i == last { 1 + rest } else { 1 };
        head.extend(block.columns.iter().enumerate().map(|(i, c)| cell(c.label.official, span(i), 1)));
        rows.push(head);
        for row in block.rows {
            let mut line = vec![cell(row.label.official, 1, 1)];
            line.extend(block.columns.iter().enumerate().map(|(i, c)| {
                cell(printed(figures, CellId::find(table.id, row.key, c.key).unwrap()), span(i), 1)
            }));
            rows.push(line);
        }
    }
    rows
}

/// Table 3 as the form prints it: three columns of labels with merged cells, seven of figures.
fn requests(table: &'static Table, figures: &Figures) -> Vec<Vec<Printed>> {
    let mut rows = vec![
        vec![
            cell("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
            cell("申请人情况", 7, 1),
        ],
        vec![cell("自然人", 1, 2), cell("法人或其他组织", 5, 1), cell("总计", 1, 2)],
        ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"].map(|t| cell(t, 1, 1)).into(),
    ];
    let block = &table.blocks[0];
    let in_group = |row: &Row, number: &str| row.groups.iter().any(|g| g.number == number);
    let mut seen: Vec<&str> = Vec::new();
    for row in block.rows {
        let mut line = Vec::new();
        for group in row.groups {
            if !seen.contains(&group.number) {
                seen.push(group.number);
                let span = block.rows.iter().filter(|r| in_group(r, group.number)).count();
                line.push(cell(format!("{}{}", group.number, group.label.official), 1, span));
            }
        }
        let label = format!("{}{}", row.number, row.label.official);
        line.push(cell(label, 3 - row.groups.len(), 1));
        line.extend(
            block
                .columns
                .iter()
                .map(|c| cell(printed(figures, CellId::find(table.id, row.key, c.key).unwrap()), 1, 1)),
        );
        rows.push(line);
    }
    rows
}

/// Table 4 as the form prints it: fifteen figures in one line.
fn remedies(figures: &Figures) -> Vec<Vec<Printed>> {
    let outcomes = || ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"].map(|t| cell(t, 1, 1));
    let mut heads: Vec<Printed> = outcomes().map(|c| cell(c.text, 1, 2)).into();
    heads.extend([cell("未经复议直接起诉", 5, 1), cell("复议后起诉", 5, 1)]);
    let cells = TemplateId::T2021.template().table(TableId::Remedies).cells();
    vec![
        vec![cell("行政复议", 5, 1), cell("行政诉讼", 10, 1)],
        heads,
        outcomes().into_iter().chain(outcomes()).collect(),
        cells.map(|c| cell(printed(figures, c), 1, 1)).collect(),
    ]
}

fn document(template: TemplateId, figures: &Figures) -> Vec<Block> {
    let year = template.name();
    let form = template.template();
    let line = |text: &str| Block::Line(text.to_owned());
    vec![
        Block::Line(format!("甲县财政局{year}年政府信息公开工作年度报告")),
        line("一、总体情况"),
        Block::Line(format!("{year}年，我局按条例公开信息，工作平稳。")),
        line("二、主动公开政府信息情况"),
        Block::Table(disclosure(form.table(TableId::Disclosure), figures)),
        line("三、收到和处理政府信息公开申请情况"),
        Block::Table(requests(form.table(TableId::Requests), figures)),
        line("四、政府信息公开行政复议、行政诉讼情况"),
        Block::Table(remedies(figures)),
        line("五、存在的主要问题及改进情况"),
        line("个别栏目更新不够及时，将按月检查。"),
        line("六、其他需要报告的事项"),
        line("无其他需要报告的事项。"),
    ]
}

/// A way to write a web page.
struct Html {
    name: &'static str,
    upper: bool,
    closes: bool,
    wraps: fn(&str) -> String,
    blank: &'static str,
    around: (&'static str, &'static str),
}

const NAVIGATION: &str = "<table><tr><td>首页</td><td>信息公开 2023</td></tr></table><script>var a='<td>9</td>';</script><nav>上一篇 3</nav>";

const PAGES: &[Html] = &[
    Html { name: "plain", upper: false, closes: true, wraps: str::to_owned, blank: "", around: ("", "") },
    Html {
        name: "upper case, nothing closed",
        upper: true,
        closes: false,
        wraps: str::to_owned,
        blank: "&nbsp;",
        around: ("", ""),
    },
    Html {
        name: "paragraphs in cells",
        upper: false,
        closes: true,
        wraps: |t| format!("<p style=\"margin:0\"><span>\n  {t}\n</span></p>"),
        blank: "<p>&nbsp;</p>",
        around: ("<div>", "</div>"),
    },
    Html {
        name: "breaks in cells",
        upper: false,
        closes: true,
        wraps: broken,
        blank: "<br>",
        around: ("", ""),
    },
    Html {
        name: "in a table that lays out the page",
        upper: false,
        closes: true,
        wraps: str::to_owned,
        blank: " ",
        around: ("<table width=100%><tr><td>", "</td><td>侧栏 12</td></tr></table>"),
    },
];

/// A label broken in the middle; numbers stay whole.
fn broken(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() < 4 || text.chars().all(|c| c.is_ascii_digit()) {
        return text.to_owned();
    }
    let (a, b) = chars.split_at(chars.len() / 2);
    format!("{}<br/>{}", a.iter().collect::<String>(), b.iter().collect::<String>())
}

fn html(page: &Html, blocks: &[Block]) -> String {
    let tag = |name: &str| if page.upper { name.to_uppercase() } else { name.to_owned() };
    let mut out = format!(
        "<!DOCTYPE html>\n<html><head><title>甲县人民政府网</title></head><body>{NAVIGATION}{}",
        page.around.0
    );
    for block in blocks {
        match block {
            Block::Line(text) => writeln!(out, "<p>　　{text}</p>").unwrap(),
            Block::Table(rows) => {
                write!(out, "<{} border=1>", tag("table")).unwrap();
                for row in rows {
                    write!(out, "<{}>", tag("tr")).unwrap();
                    for cell in row {
                        let text = if cell.text.is_empty() {
                            page.blank.to_owned()
                        } else {
                            (page.wraps)(&cell.text)
                        };
                        write!(
                            out,
                            "<{} colspan=\"{}\" rowspan=\"{}\">{text}",
                            tag("td"),
                            cell.columns,
                            cell.rows
                        )
                        .unwrap();
                        if page.closes {
                            out.push_str("</td>");
                        }
                    }
                    if page.closes {
                        out.push_str("</tr>");
                    }
                }
                write!(out, "</{}>", tag("table")).unwrap();
            }
        }
    }
    format!("{out}{}<p>主办：甲县人民政府 电话 0376-1234567</p></body></html>", page.around.1)
}

/// Rows in which every place of the grid has a cell; `true` marks those that go on a cell above.
fn with_continued(rows: &[Vec<Printed>]) -> Vec<Vec<(Printed, bool)>> {
    // For each column where a cell from above goes on: its columns, and how many more rows.
    let mut open: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut out = Vec::new();
    for row in rows {
        let (mut line, mut next) = (Vec::new(), BTreeMap::new());
        let (mut cells, mut at) = (row.iter(), 0);
        loop {
            if let Some((columns, left)) = open.get(&at).copied() {
                line.push((cell("", columns, 1), true));
                if left > 1 {
                    next.insert(at, (columns, left - 1));
                }
                at += columns;
                continue;
            }
            let Some(cell) = cells.next() else { break };
            if cell.rows > 1 {
                next.insert(at, (cell.columns, cell.rows - 1));
            }
            line.push((cell.clone(), false));
            at += cell.columns;
        }
        open = next;
        out.push(line);
    }
    out
}

/// Where the tables of a Word document stand.
#[derive(Debug, Clone, Copy)]
enum Place {
    Body,
    TextBox,
    Cell,
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A Word document; its tables can stand in text boxes, which Word writes twice, or in a table that lays them out.
fn docx(blocks: &[Block], place: Place) -> Vec<u8> {
    let run = |text: &str| {
        // Word cuts text into runs wherever it likes.
        let chars: Vec<char> = text.chars().collect();
        let runs = chars.chunks(5).map(|c| {
            format!(
                "<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>",
                escaped(&c.iter().collect::<String>())
            )
        });
        format!("<w:p><w:pPr><w:jc w:val=\"left\"/></w:pPr>{}</w:p>", runs.collect::<String>())
    };
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"w\" xmlns:mc=\"mc\"><w:body>",
    );
    let finished = |xml: &mut String, table: String| {
        match place {
        Place::Body => xml.push_str(&table),
        Place::TextBox => write!(
            xml,
            "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{table}<w:p/></w:txbxContent></mc:Choice><mc:Fallback><w:pict><w:txbxContent>{table}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        )
        .unwrap(),
        Place::Cell => write!(xml, "<w:tbl><w:tr><w:tc>{table}<w:p/></w:tc></w:tr></w:tbl>").unwrap(),
    }
    };
    for block in blocks {
        match block {
            Block::Line(text) => xml.push_str(&run(text)),
            Block::Table(rows) => {
                let mut table = String::from("<w:tbl><w:tblPr/>");
                for row in with_continued(rows) {
                    table.push_str("<w:tr>");
                    for (cell, continued) in row {
                        let merge = match (continued, cell.rows > 1) {
                            (true, _) => "<w:vMerge/>",
                            (false, true) => "<w:vMerge w:val=\"restart\"/>",
                            _ => "",
                        };
                        write!(
                            table,
                            "<w:tc><w:tcPr><w:gridSpan w:val=\"{}\"/>{merge}</w:tcPr>{}</w:tc>",
                            cell.columns,
                            run(&cell.text)
                        )
                        .unwrap();
                    }
                    table.push_str("</w:tr>");
                }
                table.push_str("</w:tbl>");
                finished(&mut xml, table);
            }
        }
    }
    xml.push_str("</w:body></w:document>");
    zipped(&[("[Content_Types].xml", "<Types/>".into()), ("word/document.xml", xml.into_bytes())])
}

fn zipped(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        // What a package is stands at its beginning, for all to see.
        let method = match *name {
            "mimetype" => zip::CompressionMethod::Stored,
            _ => zip::CompressionMethod::Deflated,
        };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn xlsx(blocks: &[Block]) -> Vec<u8> {
    let mut rows: Vec<Vec<(usize, String)>> = Vec::new();
    for block in blocks {
        match block {
            Block::Line(text) => rows.push(vec![(0, text.clone())]),
            Block::Table(table) => {
                for row in with_continued(table) {
                    let mut at = 0;
                    let mut line = Vec::new();
                    for (cell, _) in row {
                        line.push((at, cell.text));
                        at += cell.columns;
                    }
                    rows.push(line);
                }
            }
        }
    }
    let mut sheet = String::from(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    for (i, row) in rows.iter().enumerate() {
        write!(sheet, "<row r=\"{}\">", i + 1).unwrap();
        for (column, text) in row.iter().filter(|(_, text)| !text.is_empty()) {
            let place = format!("{}{}", char::from(b'A' + *column as u8), i + 1);
            if text.chars().all(|c| c.is_ascii_digit()) {
                write!(sheet, "<c r=\"{place}\"><v>{text}</v></c>").unwrap();
            } else {
                write!(sheet, "<c r=\"{place}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(text))
                    .unwrap();
            }
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let book = "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"年报\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    let relations = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    let package = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    zipped(&[
        (
            "[Content_Types].xml",
            b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_vec(),
        ),
        ("_rels/.rels", package.into()),
        ("xl/workbook.xml", book.into()),
        ("xl/_rels/workbook.xml.rels", relations.into()),
        ("xl/worksheets/sheet1.xml", sheet.into_bytes()),
    ])
}

fn read(bytes: &[u8], name: &str) -> Report {
    let file = Path::new(name);
    let record = Record { file, bytes, offset: 0, line: 1 };
    let format = format_of(bytes, file).unwrap();
    let mut reading = (format.read)(&record);
    assert!(!reading.reports.is_empty(), "{name} {}: {:?}", format.name, reading.problems);
    reading.reports.remove(0).report
}

fn compare(template: TemplateId, figures: &Figures, report: &Report, name: &str) {
    assert_eq!(report.template, Some(template), "{name}");
    assert_eq!(report.agency.raw(), "甲县财政局", "{name}");
    for (cell, figure) in figures {
        let want = figure.map_or(Figure::Blank, |n| Figure::Number(Number::whole(n)));
        assert_eq!(report.figures.get(*cell), want, "{name}: {cell}\n{:#?}", report.problems);
    }
    assert!(report.problems.is_empty(), "{name}: {:#?}", report.problems);
}

fn check_all(template: TemplateId, figures: &Figures) {
    let blocks = document(template, figures);
    for page in PAGES {
        let bytes = html(page, &blocks);
        compare(template, figures, &read(bytes.as_bytes(), "a.html"), page.name);
    }
    for place in [Place::Body, Place::TextBox, Place::Cell] {
        compare(template, figures, &read(&docx(&blocks, place), "a.docx"), &format!("docx {place:?}"));
    }
    compare(template, figures, &read(&xlsx(&blocks), "a.xlsx"), "xlsx");
    for (name, bytes) in written(&blocks) {
        // The name says nothing: the content does.
        let report = read(&bytes, "a");
        assert_eq!(report.source.format.raw(), name);
        compare(template, figures, &report, name);
    }
}

/// A report in the other formats of offices.
fn written(blocks: &[Block]) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("odt", writers::odt(blocks)),
        ("odt", writers::fodt(blocks)),
        ("ods", writers::ods(blocks)),
        ("rtf", writers::rtf(blocks)),
        ("doc", writers::doc(blocks)),
        ("xls", writers::xls(blocks)),
        ("mht", writers::mht(&html(&PAGES[0], blocks))),
        ("ofd", writers::ofd(blocks)),
    ]
}

#[test]
fn damaged_documents_are_refused_or_read_but_never_harm() {
    let template = TemplateId::T2021;
    let blocks = document(template, &figures_of(template, &[Some(7), None, Some(12)]));
    for (name, bytes) in written(&blocks) {
        let step = bytes.len() / 40 + 1;
        for at in (0..bytes.len()).step_by(step) {
            let mut broken = bytes.clone();
            broken[at] ^= 0x55;
            for bytes in [&broken[..], &bytes[..at]] {
                let file = Path::new("a");
                let record = Record { file, bytes, offset: 0, line: 1 };
                if let Some(format) = format_of(bytes, file) {
                    let reading = (format.read)(&record);
                    assert!(!reading.reports.is_empty() || !reading.problems.is_empty(), "{name} {at}");
                }
            }
        }
    }
}

/// What is read of a file, as the source view shows it.
fn shown(bytes: &[u8]) -> String {
    let file = Path::new("a");
    let record = Record { file, bytes, offset: 0, line: 1 };
    match format_of(bytes, file).unwrap().view {
        View::Rendered(render) => render(&record).unwrap(),
        View::AsItIs | View::LaidOut => panic!("not rendered"),
    }
}

#[test]
fn workbooks_are_read_as_they_are_shown() {
    let sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>甲</t></is></c><c r=\"B1\"><v>98</v></c><c r=\"C1\" s=\"1\"><v>5</v></c><c r=\"E1\"><v>0.30000000000000004</v></c></row><row r=\"2\" hidden=\"1\"><c r=\"A2\"><v>97</v></c><c r=\"C2\"><v>96</v></c></row><row r=\"3\"><c r=\"A3\" s=\"2\"><v>45352</v></c><c r=\"C3\"><v>6</v></c><c r=\"E3\"><v>7</v></c><c r=\"XFD3\"><v>8</v></c></row></sheetData><mergeCells><mergeCell ref=\"C1:D1\"/><mergeCell ref=\"C3:D3\"/></mergeCells></worksheet>";
    let styles = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts><numFmt numFmtId=\"200\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"2\"/><xf numFmtId=\"200\"/></cellXfs></styleSheet>";
    let book = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"甲&amp;乙\" sheetId=\"1\" r:id=\"a\"/><sheet name=\"隐\" sheetId=\"2\" state=\"hidden\" r:id=\"b\"/></sheets></workbook>";
    let target = |id: &str, kind: &str, path: &str| {
        format!(
            "<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{path}\"/>"
        )
    };
    let relations = |inner: String| {
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inner}</Relationships>").into_bytes()
    };
    let parts = [
        target("a", "worksheet", "worksheets/x.xml"),
        target("b", "worksheet", "worksheets/y.xml"),
        target("c", "styles", "styles.xml"),
    ];
    let xlsx = zipped(&[
        (
            "[Content_Types].xml",
            b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_vec(),
        ),
        ("_rels/.rels", relations(target("a", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", book.into()),
        ("xl/_rels/workbook.xml.rels", relations(parts.concat())),
        ("xl/styles.xml", styles.into()),
        ("xl/worksheets/x.xml", sheet.into()),
        ("xl/worksheets/y.xml", sheet.replace('5', "95").into()),
    ]);
    for bytes in [xlsx, writers::xls_with_hidden()] {
        let text = shown(&bytes);
        let rows: Vec<Vec<&str>> =
            text.lines().map(|l| l.split('\t').filter(|c| !c.is_empty()).collect()).collect();
        assert_eq!(rows.first().unwrap(), &["甲", "5.00", "0.3"], "{text}");
        assert_eq!(rows.get(1).unwrap(), &["2024年3月", "6", "7", "8"], "{text}");
        assert!(!text.contains('9'), "{text}");
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let stream = |name: &str, bytes: &[u8]| {
        let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
        file.into_inner().into_inner()
    };
    let word = |start: &[u8]| [start, &[0; 600]].concat();
    let binary = zipped(&[("[Content_Types].xml", b"<Types/>".to_vec()), ("xl/workbook.bin", vec![0; 9])]);
    let locked = zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text".to_vec()),
        ("META-INF/manifest.xml", b"<m><encryption-data/></m>".to_vec()),
        ("content.xml", vec![1; 9]),
    ]);
    let cases = [
        (stream("/EncryptedPackage", b"x"), "有密码"),
        (stream("/WordDocument", &word(&[0xec, 0xa5, 0xc1, 0, 0, 0, 0, 0, 0, 0, 0, 1])), "有密码"),
        (stream("/WordDocument", &word(&[0xdc, 0xa5, 0x65, 0])), "Word 97 之前"),
        (stream("/WordDocument", &word(&[0xec, 0xa5, 0xc1, 0])), "损坏"),
        (stream("/Workbook", &[9, 8, 4, 0, 0, 6, 5, 0, 0x2f, 0, 2, 0, 1, 0]), "有密码"),
        (stream("/Workbook", &[9, 8, 4, 0, 0, 5, 5, 0]), "Excel 97 之前"),
        (stream("/PowerPoint Document", b"x"), "既没有文档也没有工作表"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more".to_vec(), "损坏"),
        (binary, ".xlsb"),
        (locked, "有密码"),
        (b"{\\rtf1 abc".to_vec(), "不完整"),
    ];
    for (bytes, why) in cases {
        let file = Path::new("a.doc");
        let record = Record { file, bytes: &bytes, offset: 0, line: 1 };
        let reading = (format_of(&bytes, file).unwrap().read)(&record);
        let said: Vec<String> = reading.problems.iter().map(|p| p.message(Lang::Zh)).collect();
        assert!(reading.reports.is_empty() && said.iter().any(|text| text.contains(why)), "{why}: {said:?}");
    }
}

fn figures_of(template: TemplateId, numbers: &[Option<u32>]) -> Figures {
    let mut numbers = numbers.iter().cycle();
    template.template().cells().map(|cell| (cell, numbers.next().unwrap().map(i64::from))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_format_gives_the_same_cells(numbers in prop::collection::vec(prop::option::weighted(0.9, 0_u32..2_000), 212)) {
        for template in [TemplateId::T2019, TemplateId::T2021] {
            check_all(template, &figures_of(template, &numbers));
        }
    }
}

#[test]
fn full_tables_are_read_in_every_format() {
    for template in [TemplateId::T2019, TemplateId::T2021] {
        let numbers: Vec<Option<u32>> = (0..212).map(|n| Some(n * 7 % 53)).collect();
        check_all(template, &figures_of(template, &numbers));
    }
}
