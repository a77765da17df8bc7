//! A report in the formats of offices, written as small as they allow.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::{Block, Printed, escaped, with_continued, zipped};

/// The cells of a table with the columns in which they begin, and whether they go on a cell above.
fn placed(rows: &[Vec<Printed>]) -> Vec<Vec<(usize, Printed, bool)>> {
    let place = |row: Vec<(Printed, bool)>| {
        let mut at = 0;
        let cells = row.into_iter().map(|(cell, continued)| {
            at += cell.columns;
            (at - cell.columns, cell, continued)
        });
        cells.collect()
    };
    with_continued(rows).into_iter().map(place).collect()
}

const NAMESPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\"";

fn odf_table(rows: &[Vec<Printed>]) -> String {
    let mut xml = String::from("<table:table><table:table-column table:number-columns-repeated=\"20\"/>");
    for row in placed(rows) {
        xml.push_str("<table:table-row>");
        for (_, cell, continued) in row {
            if continued {
                write!(xml, "<table:covered-table-cell table:number-columns-repeated=\"{}\"/>", cell.columns)
                    .unwrap();
                continue;
            }
            write!(
                xml,
                "<table:table-cell table:number-columns-spanned=\"{}\" table:number-rows-spanned=\"{}\"><text:p>{}<text:span text:style-name=\"gone\">9</text:span></text:p></table:table-cell>",
                cell.columns,
                cell.rows,
                escaped(&cell.text)
            )
            .unwrap();
            if cell.columns > 1 {
                write!(
                    xml,
                    "<table:covered-table-cell table:number-columns-repeated=\"{}\"/>",
                    cell.columns - 1
                )
                .unwrap();
            }
        }
        xml.push_str("</table:table-row>");
    }
    xml + "</table:table>"
}

const STYLES: &str = "<office:automatic-styles><style:style style:name=\"gone\"><style:text-properties text:display=\"none\"/></style:style></office:automatic-styles>";

fn odf_text(blocks: &[Block]) -> String {
    let block = |block: &Block| match block {
        Block::Line(text) => format!("<text:p>{}<text:s text:c=\"2\"/></text:p>", escaped(text)),
        Block::Table(rows) => odf_table(rows),
    };
    format!(
        "{STYLES}<office:body><office:text>{}</office:text></office:body>",
        blocks.iter().map(block).collect::<String>()
    )
}

/// An open text.
pub(super) fn odt(blocks: &[Block]) -> Vec<u8> {
    let content =
        format!("<office:document-content {NAMESPACES}>{}</office:document-content>", odf_text(blocks));
    let kind = b"application/vnd.oasis.opendocument.text".to_vec();
    zipped(&[("mimetype", kind), ("content.xml", content.into_bytes())])
}

/// An open text in one file.
pub(super) fn fodt(blocks: &[Block]) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\"?>\n<office:document {NAMESPACES} office:mimetype=\"application/vnd.oasis.opendocument.text\">{}</office:document>",
        odf_text(blocks)
    )
    .into_bytes()
}

/// An open workbook with all of the report in one sheet, and another one that is hidden.
pub(super) fn ods(blocks: &[Block]) -> Vec<u8> {
    let block = |block: &Block| match block {
        Block::Line(text) => odf_table(&[vec![crate::cell(text.clone(), 1, 1)]]),
        Block::Table(rows) => odf_table(rows),
    };
    let inner: String = blocks.iter().map(block).collect();
    let inner = inner.replace("</table:table>", "");
    let rows: String =
        inner.split("<table:table><table:table-column table:number-columns-repeated=\"20\"/>").collect();
    let content = format!(
        "<office:document-content {NAMESPACES}><office:automatic-styles><style:style style:name=\"gone\"><style:text-properties text:display=\"none\"/></style:style><style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/></style:style></office:automatic-styles><office:body><office:spreadsheet><table:table>{rows}</table:table><table:table table:style-name=\"ta2\"><table:table-row><table:table-cell><text:p>规章</text:p></table:table-cell><table:table-cell><text:p>99</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let kind = b"application/vnd.oasis.opendocument.spreadsheet".to_vec();
    zipped(&[("mimetype", kind), ("content.xml", content.into_bytes())])
}

/// Rich text: Chinese characters by turns in the code page and by their numbers.
pub(super) fn rtf(blocks: &[Block]) -> Vec<u8> {
    let text = |text: &str| {
        let mut out = String::new();
        for (i, c) in text.chars().enumerate() {
            if c.is_ascii() {
                out.push(c);
            } else if i % 2 == 0 {
                let bytes = encoding_rs::GBK.encode(c.encode_utf8(&mut [0; 4])).0.into_owned();
                for byte in bytes {
                    write!(out, "\\'{byte:02x}").unwrap();
                }
            } else {
                write!(out, "\\u{}?", c as u32).unwrap();
            }
        }
        out + "{\\v 9}"
    };
    let mut out = String::from("{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0\\fcharset134 SimSun;}}\n");
    for block in blocks {
        match block {
            Block::Line(line) => writeln!(out, "\\pard {}\\par", text(line)).unwrap(),
            Block::Table(rows) => {
                for row in placed(rows) {
                    out.push_str("\\trowd\\trleft-108");
                    for (at, cell, continued) in &row {
                        out.push_str(match (continued, cell.rows > 1) {
                            (true, _) => "\\clvmrg",
                            (false, true) => "\\clvmgf",
                            _ => "",
                        });
                        write!(out, "\\cellx{}", (at + cell.columns) * 700).unwrap();
                    }
                    for (_, cell, _) in &row {
                        writeln!(out, "\\pard\\intbl {}\\cell", text(&cell.text)).unwrap();
                    }
                    out.push_str("\\row\n");
                }
            }
        }
    }
    (out + "}").into_bytes()
}

fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        file.create_stream(format!("/{name}")).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A paragraph of Word: its characters with their mark, and what is said of it.
type Paragraph = (Vec<u16>, Vec<u8>);

fn doc_paragraphs(blocks: &[Block]) -> Vec<Paragraph> {
    let units = |text: &str, mark: u16| text.encode_utf16().chain([mark]).collect::<Vec<u16>>();
    let mut out = Vec::new();
    for block in blocks {
        match block {
            Block::Line(line) => out.push((units(line, 0x0d), Vec::new())),
            Block::Table(rows) => {
                for row in placed(rows) {
                    let mut look = vec![row.len() as u8];
                    let edges = row.iter().map(|(at, cell, _)| (at + cell.columns) * 700);
                    for edge in std::iter::once(0).chain(edges) {
                        look.extend(i16::try_from(edge).unwrap().to_le_bytes());
                    }
                    for (_, cell, continued) in &row {
                        let bits = if *continued { 0x20 } else { u8::from(cell.rows > 1) * 0x60 };
                        look.push(bits);
                        look.extend([0; 19]);
                        out.push((units(&cell.text, 7), vec![0x16, 0x24, 1]));
                    }
                    let mut said = vec![0x16, 0x24, 1, 0x17, 0x24, 1, 0x08, 0xd6];
                    said.extend((look.len() as u16 + 1).to_le_bytes());
                    said.extend(look);
                    out.push((vec![7], said));
                }
            }
        }
    }
    out
}

/// Pages of what is said of paragraphs, each with the place in the text at which it begins.
fn doc_pages(paragraphs: &[Paragraph], start: usize) -> Vec<(u32, Vec<u8>)> {
    let (mut pages, mut at, mut rest) = (Vec::new(), start, paragraphs);
    while !rest.is_empty() {
        let (mut page, mut low, mut places) = (vec![0_u8; 512], 510_usize, Vec::new());
        let (first, mut ends) = (at as u32, Vec::new());
        for (units, said) in rest {
            let body = [&[0, 0][..], said].concat();
            let packed = if body.len() % 2 == 1 {
                [&[body.len().div_ceil(2) as u8][..], &body].concat()
            } else {
                [&[0, (body.len() / 2) as u8][..], &body].concat()
            };
            let place = low.saturating_sub(packed.len()) & !1;
            if place < (places.len() + 2) * 4 + (places.len() + 1) * 13 {
                break;
            }
            page[place..place + packed.len()].copy_from_slice(&packed);
            low = place;
            places.push((place / 2) as u8);
            at += units.len() * 2;
            ends.push(at as u32);
        }
        page[..4].copy_from_slice(&first.to_le_bytes());
        for (i, end) in ends.iter().enumerate() {
            page[4 + i * 4..8 + i * 4].copy_from_slice(&end.to_le_bytes());
        }
        for (i, place) in places.iter().enumerate() {
            page[(places.len() + 1) * 4 + i * 13] = *place;
        }
        page[511] = places.len() as u8;
        rest = &rest[places.len()..];
        pages.push((first, page));
    }
    pages
}

/// A document of Word 97.
pub(super) fn doc(blocks: &[Block]) -> Vec<u8> {
    const START: usize = 1_024;
    let mut paragraphs = doc_paragraphs(blocks);
    // A digit that is hidden stands at the end of the first paragraph.
    let hidden = paragraphs.first_mut().map_or(0, |(units, _)| {
        units.insert(units.len() - 1, u16::from(b'9'));
        START + (units.len() - 2) * 2
    });
    let text: Vec<u16> = paragraphs.iter().flat_map(|(units, _)| units.clone()).collect();
    let mut main = vec![0_u8; START];
    main.extend(text.iter().flat_map(|unit| unit.to_le_bytes()));
    let end = main.len() as u32;
    main.resize(main.len().next_multiple_of(512), 0);
    let pages = doc_pages(&paragraphs, START);
    let first_page = (main.len() / 512) as u32;
    let runs_page = first_page + pages.len() as u32;
    let mut index: Vec<u8> = pages.iter().flat_map(|(first, _)| first.to_le_bytes()).collect();
    index.extend(end.to_le_bytes());
    index.extend((0..pages.len() as u32).flat_map(|n| (first_page + n).to_le_bytes()));
    for (_, page) in &pages {
        main.extend(page);
    }
    // Three runs, of which the second is hidden; what is said of it stands at the end of the page.
    let mut runs = vec![0_u8; 512];
    for (i, place) in [START, hidden, hidden + 2, end as usize].iter().enumerate() {
        runs[i * 4..i * 4 + 4].copy_from_slice(&(*place as u32).to_le_bytes());
    }
    runs[17] = 250;
    runs[500..504].copy_from_slice(&[3, 0x3c, 0x08, 1]);
    runs[511] = 3;
    main.extend(runs);
    let of_runs = [START as u32, end, runs_page].iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    // One piece, which is all of the text.
    let mut table = vec![2, 16, 0, 0, 0];
    table.extend([0_u32, text.len() as u32].iter().flat_map(|n| n.to_le_bytes()));
    table.extend([0, 0]);
    table.extend((START as u32).to_le_bytes());
    table.extend([0, 0]);
    let mut put = |at: usize, number: u32| main[at..at + 4].copy_from_slice(&number.to_le_bytes());
    put(0, 0x00c1_a5ec);
    put(0x0a, 0x0200);
    put(0x4c, text.len() as u32);
    put(0x102, table.len() as u32);
    put(0x106, index.len() as u32);
    put(0x1a2, 0);
    put(0x1a6, table.len() as u32);
    put(0xfa, (table.len() + index.len()) as u32);
    put(0xfe, of_runs.len() as u32);
    table.extend(index);
    table.extend(of_runs);
    compound(&[("WordDocument", main), ("1Table", table)])
}

fn record(out: &mut Vec<u8>, id: u16, data: &[u8]) {
    out.extend(id.to_le_bytes());
    out.extend((data.len() as u16).to_le_bytes());
    out.extend(data);
}

/// A workbook of Excel 97, with merged cells, and texts cut over records.
pub(super) fn xls(blocks: &[Block]) -> Vec<u8> {
    let (mut sheet, mut texts, mut merged, mut row) = (Vec::new(), Vec::<String>::new(), Vec::new(), 0_u16);
    record(&mut sheet, 0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0]);
    let mut put = |sheet: &mut Vec<u8>, row: u16, column: u16, text: &str| {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        match text.parse::<u32>() {
            Ok(number) if number % 2 == 0 => {
                record(sheet, 0x027e, &[place, (number << 2 | 2).to_le_bytes().to_vec()].concat());
            }
            Ok(number) => record(sheet, 0x0203, &[place, f64::from(number).to_le_bytes().to_vec()].concat()),
            Err(_) if text.is_empty() => record(sheet, 0x0201, &place),
            Err(_) => {
                texts.push(text.to_owned());
                let index = (texts.len() as u32 - 1).to_le_bytes();
                record(sheet, 0x00fd, &[place, index.to_vec()].concat());
            }
        }
    };
    for block in blocks {
        match block {
            Block::Line(line) => {
                put(&mut sheet, row, 0, line);
                row += 1;
            }
            Block::Table(rows) => {
                for cells in placed(rows) {
                    for (at, cell, continued) in cells {
                        let at = at as u16;
                        if !continued {
                            put(&mut sheet, row, at, &cell.text);
                        }
                        if !continued && (cell.columns > 1 || cell.rows > 1) {
                            merged.push([row, row + cell.rows as u16 - 1, at, at + cell.columns as u16 - 1]);
                        }
                    }
                    row += 1;
                }
            }
        }
    }
    let mut regions = (merged.len() as u16).to_le_bytes().to_vec();
    regions.extend(merged.iter().flatten().flat_map(|n| n.to_le_bytes()));
    record(&mut sheet, 0x00e5, &regions);
    record(&mut sheet, 0x000a, &[]);
    let mut book = Vec::new();
    record(&mut book, 0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]);
    record(&mut book, 0x00e0, &[0; 20]);
    let sheet_at = book.len() + 2;
    record(&mut book, 0x0085, &[0, 0, 0, 0, 0, 0, 1, 0, b'a']);
    put_texts(&mut book, &texts);
    record(&mut book, 0x000a, &[]);
    let at = (book.len() as u32).to_le_bytes();
    book[sheet_at + 2..sheet_at + 6].copy_from_slice(&at);
    book.extend(sheet);
    compound(&[("Workbook", book)])
}

/// All texts, cut within a text wherever a record has become too long.
fn put_texts(book: &mut Vec<u8>, texts: &[String]) {
    let mut data = [(texts.len() as u32).to_le_bytes(), (texts.len() as u32).to_le_bytes()].concat();
    let mut id = 0x00fc;
    for text in texts {
        let units: Vec<u16> = text.encode_utf16().collect();
        data.extend((units.len() as u16).to_le_bytes());
        data.push(1);
        for unit in units {
            if data.len() > 500 {
                record(book, id, &data);
                (id, data) = (0x003c, vec![1]);
            }
            data.extend(unit.to_le_bytes());
        }
    }
    record(book, id, &data);
}

/// A web page saved in one file.
pub(super) fn mht(page: &str) -> Vec<u8> {
    let bytes = page.bytes().map(|b| format!("={b:02X}")).collect::<Vec<_>>().concat();
    let lines: Vec<&str> = bytes.as_bytes().chunks(75).map(|l| std::str::from_utf8(l).unwrap()).collect();
    format!(
        "From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--B\"\r\n\r\n\r\n----B\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n----B--\r\n",
        lines.join("=\r\n")
    )
    .into_bytes()
}

/// An OFD file on one long page, with the lines of its tables.
pub(super) fn ofd(blocks: &[Block]) -> Vec<u8> {
    const ROW: usize = 8;
    const COLUMN: usize = 40;
    let (mut objects, mut y) = (String::new(), 20_usize);
    let text = |out: &mut String, x: usize, y: usize, text: &str| {
        if !text.is_empty() {
            let count = text.chars().count();
            write!(out, "<ofd:TextObject Boundary=\"{x} {y} 200 5\" Size=\"1\"><ofd:TextCode X=\"1\" Y=\"4\" DeltaX=\"g {} 1\">{}</ofd:TextCode></ofd:TextObject>", count - 1, escaped(text)).unwrap();
        }
    };
    let line = |out: &mut String, (x, y): (usize, usize), (width, height): (usize, usize)| {
        write!(out, "<ofd:PathObject Boundary=\"{x} {y} {width} {height}\"><ofd:AbbreviatedData>M 0 0 L {width} {height}</ofd:AbbreviatedData></ofd:PathObject>").unwrap();
    };
    for block in blocks {
        match block {
            Block::Line(words) => {
                text(&mut objects, 20, y, words);
                y += ROW;
            }
            Block::Table(rows) => {
                for row in placed(rows) {
                    for (at, cell, continued) in row {
                        let (x, width) = (20 + at * COLUMN, cell.columns * COLUMN);
                        if !continued {
                            text(&mut objects, x, y, &cell.text);
                            line(&mut objects, (x, y), (width, 0));
                            line(&mut objects, (x, y + cell.rows * ROW), (width, 0));
                        }
                        line(&mut objects, (x, y), (0, ROW));
                        line(&mut objects, (x + width, y), (0, ROW));
                    }
                    y += ROW;
                }
                y += ROW;
            }
        }
    }
    let seal = "<ofd:TextObject Boundary=\"5 5 9 9\" Size=\"3\" Visible=\"false\"><ofd:TextCode X=\"0\" Y=\"3\">999</ofd:TextCode></ofd:TextObject>";
    let page = format!(
        "<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Area><ofd:PhysicalBox>0 0 900 {}</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer>{objects}{seal}</ofd:Layer></ofd:Content></ofd:Page>",
        y + 40
    );
    let root = "<ofd:OFD xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
    let document = "<ofd:Document xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/></ofd:Pages></ofd:Document>";
    zipped(&[
        ("OFD.xml", root.into()),
        ("Doc_0/Document.xml", document.into()),
        ("Doc_0/Pages/Page_0/Content.xml", page.into_bytes()),
    ])
}

/// A workbook of Excel 97 with a hidden sheet, row and column, formats, and every kind of number.
pub(super) fn xls_with_hidden() -> Vec<u8> {
    let place = |row: u16, column: u16, look: u16| {
        [row.to_le_bytes(), column.to_le_bytes(), look.to_le_bytes()].concat()
    };
    let whole = |number: u32| (number << 2 | 2).to_le_bytes();
    let mut sheet = Vec::new();
    record(&mut sheet, 0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0]);
    record(&mut sheet, 0x007d, &[1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0]);
    record(&mut sheet, 0x0208, &[1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0]);
    record(&mut sheet, 0x0204, &[&place(0, 0, 0)[..], &[1, 0, 1, 0x32, 0x75]].concat());
    record(&mut sheet, 0x027e, &[&place(0, 1, 0)[..], &whole(98)].concat());
    // Five hundred hundredths.
    record(&mut sheet, 0x027e, &[&place(0, 2, 1)[..], &(500_u32 << 2 | 3).to_le_bytes()].concat());
    record(&mut sheet, 0x0203, &[place(0, 4, 0), (0.1_f64 + 0.2).to_le_bytes().to_vec()].concat());
    record(&mut sheet, 0x0203, &[place(1, 0, 0), 97_f64.to_le_bytes().to_vec()].concat());
    record(&mut sheet, 0x0006, &[place(2, 0, 2), 45_352_f64.to_le_bytes().to_vec(), vec![0; 8]].concat());
    // A chart in the sheet has numbers of its own.
    record(&mut sheet, 0x0809, &[0, 6, 0x20, 0, 0, 0, 0, 0]);
    record(&mut sheet, 0x0203, &[place(2, 2, 0), 99_f64.to_le_bytes().to_vec()].concat());
    record(&mut sheet, 0x000a, &[]);
    // The result of a formula is a text, which comes behind.
    record(&mut sheet, 0x0006, &[&place(2, 2, 0)[..], &[0, 0, 0, 0, 0, 0, 0xff, 0xff], &[0; 8]].concat());
    record(&mut sheet, 0x0207, &[1, 0, 0, b'6']);
    let many = [&place(2, 4, 0)[..], &whole(7), &[0, 0], &whole(8), &[5, 0]].concat();
    record(&mut sheet, 0x00bd, &many);
    record(&mut sheet, 0x00e5, &[2, 0, 0, 0, 0, 0, 2, 0, 3, 0, 2, 0, 2, 0, 2, 0, 3, 0]);
    record(&mut sheet, 0x000a, &[]);
    let mut book = Vec::new();
    record(&mut book, 0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]);
    let format: Vec<u8> = "yyyy\"年\"m\"月\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
    record(&mut book, 0x041e, &[&[200, 0, (format.len() / 2) as u8, 0, 1][..], &format].concat());
    for id in [0_u8, 2, 200] {
        record(&mut book, 0x00e0, &[&[0, 0, id, 0][..], &[0; 16]].concat());
    }
    let names = [(0_u8, b'a'), (1, b'b')];
    let start = book.len() + names.len() * 13 + 4;
    for (state, name) in names {
        let at = (start + usize::from(state) * sheet.len()) as u32;
        record(&mut book, 0x0085, &[&at.to_le_bytes()[..], &[state, 0, 1, 0, name]].concat());
    }
    record(&mut book, 0x000a, &[]);
    book.extend(&sheet);
    book.extend(&sheet);
    compound(&[("Workbook", book)])
}
