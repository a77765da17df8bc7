//! Web pages and Word documents: what a person does not see in a cell is not read, and the marks of notes are no digits.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on shall fail")]

use std::io::{Cursor, Write as _};
use std::path::Path;

use gouji::load::{Reading, files};
use gouji::report::{CellId, Figure, Report};

/// A report whose cell 规章·制发件数 is written in a way of its own.
fn report(bytes: &[u8], name: &str) -> Report {
    let Reading { mut reports, problems, .. } = files::read_bytes(Path::new(name), bytes, 0, 1);
    assert!(problems.is_empty(), "{name}: {problems:?}");
    reports.remove(0).report
}

fn issued(report: &Report) -> String {
    let cell = CellId::parse("proactive_disclosure.regulations.issued").unwrap();
    match report.figures.get(cell) {
        Figure::Number(n) => n.to_string(),
        other => format!("{other:?}"),
    }
}

/// Whether the cells beside it stay what they are.
fn has_others(report: &Report) -> bool {
    ["repealed", "in_force"].into_iter().zip([4, 31]).all(|(column, want)| {
        let cell = CellId::parse(&format!("proactive_disclosure.regulations.{column}")).unwrap();
        matches!(report.figures.get(cell), Figure::Number(n) if n.as_whole() == Some(want))
    })
}

const TITLE: &str = "新县水利局2024年政府信息公开工作年度报告";

fn html(cell: &str) -> Report {
    let page = format!(
        "<!doctype html><html><head><meta charset=utf-8><style>.gone, td.x{{display:none}} @media print{{.shown{{display:none}}}}</style></head><body>\
        <h1>{TITLE}</h1><h2>二、主动公开政府信息情况</h2><table>\
        <tr><th>信息内容<th>本年制发件数<th>本年废止件数<th>现行有效件数\
        <tr><td>规章<td>{cell}<td>4<td>31\
        <tr><td>行政规范性文件<td>1<td>2<td>3</table></body></html>"
    );
    report(page.as_bytes(), "x.html")
}

fn docx(runs: &str) -> Report {
    let cell = |content: &str| format!("<w:tc><w:p>{content}</w:p></w:tc>");
    let words = |text: &str| cell(&format!("<w:r><w:t>{text}</w:t></w:r>"));
    let row = |cells: [String; 4]| format!("<w:tr>{}</w:tr>", cells.concat());
    let head = row(["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"].map(words));
    let first = row([words("规章"), cell(runs), words("4"), words("31")]);
    let second = row(["行政规范性文件", "1", "2", "3"].map(words));
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>\
        {}{}<w:tbl>{head}{first}{second}</w:tbl></w:body></w:document>",
        paragraph(TITLE),
        paragraph("二、主动公开政府信息情况"),
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(document.as_bytes()).unwrap();
    report(&zip.finish().unwrap().into_inner(), "x.docx")
}

#[test]
fn hidden_text_of_a_web_page_is_in_no_figure() {
    let cases = [
        ("12<span style='display:none'>7</span>", "12"),
        ("<span class=gone>7</span>12", "12"),
        ("<b hidden>7</b>12<ruby><rt>7</rt></ruby>", "12"),
        ("12<td class=x>7", "12"),
        ("<del>7</del>12", "12"),
        // What is shown stays.
        ("<span class=shown>7</span>12", "712"),
        ("<span aria-hidden=true>7</span>12", "712"),
        // Nothing is left of it: as a person sees it, the cell is empty; what is struck out is seen, and is no figure.
        ("<span style='display:none'>12</span>", "Blank"),
        ("<s>12</s>", "Unreadable"),
        // White text, of which nobody knows whether it is seen: alone it is the figure, beside others it is in doubt.
        ("<span style='color:#fff'>12</span>", "12"),
        ("<span style='color:#fff'>7</span>12", "Unreadable"),
    ];
    for (cell, want) in cases {
        let report = html(cell);
        assert_eq!(issued(&report), want, "{cell}");
        if want == "Unreadable" {
            assert!(!report.problems.is_empty(), "{cell}");
        } else {
            assert!(has_others(&report), "{cell}");
        }
    }
}

#[test]
fn marks_of_notes_are_no_digits_of_a_web_page() {
    for cell in [
        "12<sup>1</sup>",
        "12<sup>[1]</sup>",
        "12①",
        "12¹",
        "12₂",
        "12 ⓪",
        "12<a style='vertical-align:super'>3</a>",
    ] {
        let report = html(cell);
        assert_eq!(issued(&report), "12", "{cell}");
        assert!(has_others(&report), "{cell}");
    }
    // A mark without a number is none, and the cell or its row is in doubt.
    let report = html("①");
    assert_eq!(issued(&report), "Unreadable");
    let is_row = |p: &&gouji::report::Problem| p.at.raw().starts_with("proactive_disclosure.regulations");
    assert_eq!(report.problems.iter().filter(is_row).count(), 1);
    assert_eq!(issued(&html("<b>1</b>2")), "12");
}

#[test]
fn hidden_and_removed_text_of_a_word_document_is_in_no_figure() {
    let run =
        |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let twelve = run("", "12");
    let hidden = [
        "<w:vanish/>",
        "<w:webHidden/>",
        "<w:strike/>",
        "<w:dstrike w:val=\"true\"/>",
        "<w:vanish></w:vanish>",
    ];
    for properties in hidden {
        assert_eq!(issued(&docx(&format!("{}{twelve}", run(properties, "7")))), "12", "{properties}");
    }
    for properties in
        ["<w:vanish w:val=\"0\"/>", "<w:strike w:val=\"false\"/>", "<w:b/>", "<w:color w:val=\"FF0000\"/>"]
    {
        assert_eq!(
            issued(&docx(&format!("{}{}", run(properties, "7"), run(properties, "12")))),
            "712",
            "{properties}"
        );
    }
    let removed = [
        format!("<w:moveFrom w:id=\"1\">{}</w:moveFrom>{twelve}", run("", "7")),
        format!("<w:del w:id=\"1\">{}</w:del>{twelve}", run("", "7")),
        format!(
            "<w:del w:id=\"1\"><w:r><w:delText>7</w:delText></w:r></w:del><w:ins w:id=\"2\">{twelve}</w:ins>"
        ),
        format!("<w:moveTo w:id=\"1\">{twelve}</w:moveTo>"),
        // The mark of the paragraph was inserted: nothing of its text is.
        format!("<w:pPr><w:rPr><w:vanish/><w:ins w:id=\"1\"/></w:rPr></w:pPr>{twelve}"),
    ];
    for runs in removed {
        assert_eq!(issued(&docx(&runs)), "12", "{runs}");
    }
    assert_eq!(issued(&docx(&run("<w:vanish/>", "12"))), "Blank");
    assert_eq!(issued(&docx(&run("<w:strike/>", "12"))), "Unreadable");
    assert_eq!(issued(&docx(&format!("{}{twelve}", run("<w:color w:val=\"FFFFFF\"/>", "7")))), "Unreadable");
    let raised = run("<w:vertAlign w:val=\"superscript\"/>", "1");
    assert_eq!(issued(&docx(&format!("{twelve}{raised}"))), "12");
    let level = run("<w:vertAlign w:val=\"baseline\"/>", "1");
    assert_eq!(issued(&docx(&format!("{twelve}{level}"))), "121");
}
