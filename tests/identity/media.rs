//! A report as a page, a text, a Word document, a PDF and parsed JSON: one report in five documents, and two versions
//! where one of them says something else.

use std::fmt::Write as _;
use std::io::Write as _;

use gouji::display::Lang;
use gouji::report::{CellId, Figure, Number};
use rayon::prelude::*;

use crate::folder::{Told, ids, indexed, written};
use crate::paper::{Layout, Line, Paper};

/// A Word document.
fn docx(paper: &Paper) -> Vec<u8> {
    let run = |text: &str| format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>");
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"w\"><w:body>");
    let mut in_table = false;
    for line in paper.lines() {
        let (is_cells, text) = match &line {
            Line::Words(words) => (false, run(words)),
            Line::Cells(cells) => {
                let cell = |text: &String| format!("<w:tc><w:tcPr/>{}</w:tc>", run(text));
                (true, format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>()))
            }
        };
        match (std::mem::replace(&mut in_table, is_cells), is_cells) {
            (false, true) => xml.push_str("<w:tbl><w:tblPr/>"),
            (true, false) => xml.push_str("</w:tbl>"),
            _ => {}
        }
        xml.push_str(&text);
    }
    xml.push_str("</w:body></w:document>");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", "<Types/>"), ("word/document.xml", &xml)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Points from side to side and from top to bottom of the one page of a PDF.
const PAGE: (usize, usize) = (1_700, 5_000);
/// Where its lines begin, and how wide they are.
const LEFT: usize = 50;
const WIDTH: usize = 1_600;
/// How wide the labels of a table are.
const LABEL: usize = 600;

/// What is drawn on the page: a line of text is 30 points high, a row of a table has lines around its cells.
fn drawn(paper: &Paper) -> String {
    let (mut out, mut top) = (String::new(), 30);
    let text = |out: &mut String, x: usize, top: usize, text: &str| {
        let codes: Vec<String> = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        let codes = codes.concat();
        writeln!(out, "BT /F1 12 Tf 1 0 0 1 {x} {} Tm <{codes}> Tj ET", PAGE.1 - top - 20).unwrap();
    };
    let lines = paper.lines();
    // The lines of a table are those of its widest row; the last cell of a shorter one goes on to the side.
    let is_of_one_table = |a: &Line, b: &Line| matches!((a, b), (Line::Cells(_), Line::Cells(_)));
    for part in lines.chunk_by(is_of_one_table) {
        let cells_of = |line: &Line| if let Line::Cells(cells) = line { cells.len() } else { 0 };
        let columns = part.iter().map(cells_of).max().unwrap_or(0);
        for line in part {
            match line {
                Line::Words(words) => {
                    // Narrower than the page, so that sentences go over several lines.
                    let chars: Vec<char> = words.chars().collect();
                    for piece in chars.chunks(40) {
                        text(&mut out, LEFT, top, &piece.iter().collect::<String>());
                        top += 30;
                    }
                }
                Line::Cells(cells) => {
                    let (above, below) = (PAGE.1 - top, PAGE.1 - top - 30);
                    for y in [above, below] {
                        writeln!(out, "{LEFT} {y} m {} {y} l S", LEFT + WIDTH).unwrap();
                    }
                    let x = |i: usize| match i.checked_sub(1) {
                        Some(i) => LEFT + LABEL + (WIDTH - LABEL) * i / (columns - 1),
                        None => LEFT,
                    };
                    for edge in (0..cells.len()).chain([columns]) {
                        writeln!(out, "{} {above} m {} {below} l S", x(edge), x(edge)).unwrap();
                    }
                    for (i, cell) in cells.iter().enumerate() {
                        text(&mut out, x(i) + 5, top, cell);
                    }
                    top += 30;
                }
            }
        }
    }
    assert!(top < PAGE.1);
    out
}

/// A PDF of one page.
fn pdf(paper: &Paper) -> Vec<u8> {
    let content = drawn(paper);
    let cmap = "1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
        1 beginbfrange <0000> <FFFF> <0000> endbfrange";
    let stream = |text: &str| format!("<</Length {}>>stream\n{text}\nendstream", text.len() + 1);
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count 1/Kids[7 0 R]/MediaBox[0 0 {} {}]>>", PAGE.0, PAGE.1),
        "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>"
            .to_owned(),
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/DW 1000/W[32 126 500]>>".to_owned(),
        stream(cmap),
        "<</Font<</F1 3 0 R>>>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Resources 6 0 R/Contents 8 0 R>>".to_owned(),
        stream(&content),
    ];
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

/// The media, by the ending of their files.
const MEDIA: [&str; 5] = ["txt", "html", "docx", "pdf", "json"];

fn printed(paper: &Paper, medium: &str) -> Vec<u8> {
    match medium {
        "txt" => paper.print(Layout::Broken).into_bytes(),
        "html" => paper.print(Layout::Page).into_bytes(),
        "docx" => docx(paper),
        "pdf" => pdf(paper),
        "json" => paper.parsed(|_| {}).into_bytes(),
        _ => panic!("{medium}"),
    }
}

fn paper(agency: &str) -> Paper {
    Paper::new(agency, 2023).but(|paper| {
        paper.flow(3, 412, 5);
        paper.set("proactive_disclosure.normative.in_force", 4);
        paper.set("proactive_disclosure.penalty.decisions", 1_360);
        paper.signed = Some("2024年1月20日".to_owned());
    })
}

#[test]
fn every_medium_is_read_as_it_was_printed() {
    let paper = paper("新县教育局");
    for medium in MEDIA {
        let folder = written(&[(format!("a/1.{medium}"), printed(&paper, medium))]);
        let corpus = indexed(folder.path());
        let open = corpus.open(corpus.reports().next().unwrap()).unwrap();
        let report = &open.report;
        assert_eq!((report.agency.raw(), report.year), ("新县教育局", Some(2023)), "{medium}");
        assert!(report.problems.is_empty(), "{medium}: {:?}", report.problems);
        for (cell, figure) in &paper.figures {
            assert_eq!(report.figures.get(*cell), Figure::Number(Number::whole(*figure)), "{medium} {cell}");
        }
        let text = |number| {
            report.sections.iter().find(|s| s.number == number).unwrap().text.raw().replace(['\n', '　'], "")
        };
        assert_eq!(text(1), paper.overview, "{medium}");
        assert_eq!(text(5), paper.problems, "{medium}");
    }
}

#[test]
fn documents_of_all_media_are_one_report() {
    let one = paper("新县教育局");
    let alone: Vec<_> = MEDIA
        .iter()
        .map(|medium| ids(&indexed(written(&[(format!("a/1.{medium}"), printed(&one, medium))]).path())))
        .collect();
    let files: Vec<_> =
        MEDIA.iter().map(|medium| (format!("{medium}/1.{medium}"), printed(&one, medium))).collect();
    let folder = written(&files);
    let want = Told { reports: 1, copies: MEDIA.len() - 1, versions: 0 };
    assert_eq!(Told::by_index(folder.path()), want);
    assert_eq!(Told::by_check(folder.path()), want);
    // It is the text that is shown, and named.
    assert_eq!(ids(&indexed(folder.path())), alone[0]);
}

#[test]
fn any_medium_of_a_corrected_report_is_a_version() {
    let one = paper("新县教育局");
    let corrections: [(&str, Paper); 3] = [
        ("413", one.but(|paper| paper.flow(4, 412, 6))),
        ("68", one.but(|paper| paper.overview = paper.overview.replace("86人次", "68人次"))),
        ("历史信息", one.but(|paper| paper.problems.push_str("部分栏目改版后未能公开历史信息。"))),
    ];
    let pairs: Vec<_> = MEDIA.iter().flat_map(|one| MEDIA.iter().map(move |other| (one, other))).collect();
    let wrong: Vec<String> = pairs
        .par_iter()
        .flat_map_iter(|(medium, other)| {
            let one = &one;
            corrections.iter().filter_map(move |(what, corrected)| {
                let folder = written(&[
                    (format!("a/1.{medium}"), printed(one, medium)),
                    (format!("b/2.{other}"), printed(corrected, other)),
                ]);
                let told = Told::by_index(folder.path());
                (told != Told { reports: 2, copies: 0, versions: 2 })
                    .then(|| format!("{what}: {medium} and {other}: {told:?}"))
            })
        })
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn findings_cite_a_line_of_what_is_shown_of_every_medium() {
    let broken = paper("新县教育局").but(|paper| {
        paper.set("requests.received.total", 479);
        paper.overview = "本年度收到政府信息公开申请527件，均按期答复。".to_owned();
    });
    for medium in MEDIA {
        let folder = written(&[(format!("a/1.{medium}"), printed(&broken, medium))]);
        let corpus = indexed(folder.path());
        let open = corpus.open(corpus.reports().next().unwrap()).unwrap();
        let mut rules = Vec::new();
        for finding in open.findings.iter().filter(|finding| !finding.cells().is_empty()) {
            let of_cell = |cell: &CellId| open.source_index(*cell);
            let at = if medium == "json" {
                finding.cells().iter().find_map(of_cell)
            } else {
                finding.line.and_then(|line| open.line_index(line))
            };
            let at = at.unwrap_or_else(|| panic!("{medium} {} cites no line", finding.rule.id));
            let held = open.source[at].text.raw();
            let quote = finding.observation().and_then(|seen| seen.quote.as_ref()).is_some();
            let figure = |cell: &CellId| open.report.figures.get(*cell).number().map(|n| n.to_string());
            let numbers: Vec<&str> = held.split(|c: char| !c.is_ascii_digit()).collect();
            let is_there = finding.cells().iter().filter_map(figure).any(|n| numbers.contains(&n.as_str()));
            assert!(
                is_there || quote && held.contains("527"),
                "{medium} {}: {held}",
                finding.message(Lang::En)
            );
            rules.push(finding.rule.id);
        }
        for rule in ["T3.1", "N1"] {
            assert!(rules.contains(&rule), "{medium}: {rules:?}");
        }
    }
}
