//! The recorded session of the README: keys pressed on the sample reports, every screen as the program draws it.
//!
//! `GOUJI_BLESS=1` writes the recordings anew, as `.cast` (asciinema) and as an animated `.svg`; without it they are
//! compared, so that the README never shows what the program no longer does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::cast_precision_loss,
    reason = "a test that cannot go on shall fail; a picture has few columns"
)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use common::{app, buffer, press, repository};
use gouji::display::{self, Lang};
use gouji::tui::reviews::Reviews;
use gouji::tui::theme::Theme;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

const WIDTH: u16 = 100;
const HEIGHT: u16 = 30;

/// A step of the session: the keys, what they are for, how long the screen stands in seconds.
struct Step {
    keys: &'static str,
    zh: &'static str,
    en: &'static str,
    seconds: f64,
}

const fn step(keys: &'static str, zh: &'static str, en: &'static str, seconds: f64) -> Step {
    Step { keys, zh, en, seconds }
}

/// The session. What is typed one by one stands one by one.
const SESSION: &[Step] = &[
    step("", "一个文件夹的年报，问题最多的在最前", "a folder of reports, the worst first", 4.0),
    step("/", "/ 筛选", "/ filters", 1.5),
    step("z", "首字母 zpx", "initials: zpx", 0.7),
    step("p", "首字母 zpx", "initials: zpx", 0.7),
    step("x", "首字母 zpx：镇坪县", "initials: zpx is 镇坪县", 2.5),
    step(
        "<Enter><Enter>",
        "打开报告：光标停在不符的合计上",
        "the report: the cursor is on the total that breaks",
        5.0,
    ),
    step("n", "n 下一处", "n: the next finding", 3.0),
    step("s", "s 原文中的这一行", "s: the line of the document", 4.0),
    step("<Esc>r", "r 试算可能的改法（不改数据）", "r: what a repair would do (nothing is changed)", 4.0),
    step("<Esc><Esc>x", "返回，清除筛选", "back, all reports again", 2.0),
    step("R", "R 逐条核查", "R: a review, finding by finding", 3.5),
    step("c", "c 确认", "c confirms", 2.5),
    step("d", "d 排除，选理由", "d dismisses, with a reason", 2.5),
    step("2", "已排除", "dismissed", 2.5),
    step("u", "u 撤销", "u takes it back", 3.0),
    step("<Esc>:", ": 命令面板", ": the palette", 2.0),
    step("zhenggai", "拼音、英文都能找", "found by pinyin and in English", 3.5),
    step("<Esc>F", "F 全部线索", "F: all findings", 3.0),
    step("<Esc>M", "M 县区×年度一览", "M: county by year", 3.5),
];

struct Frame {
    buffer: Buffer,
    caption: String,
    seconds: f64,
}

/// What a session looks like, screen by screen.
fn session(lang: Lang) -> Vec<Frame> {
    std::env::set_current_dir(repository("")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut app = app(&["sample-data/reports"], lang, Theme::default());
    app.session.reviews = Reviews::find(&[], Some(&folder.path().join("reviews.db")), "甲".to_owned(), lang);
    // Where decisions are kept is told at the first one; that folder has another name every time.
    app.session.reviews.made = 1;
    SESSION
        .iter()
        .map(|step| {
            press(&mut app, step.keys);
            let caption = lang.pick(step.zh, step.en).to_owned();
            Frame { buffer: buffer(&mut app, WIDTH, HEIGHT), caption, seconds: step.seconds }
        })
        .collect()
}

/// The cells of a row that are not hidden by a wide character, with their columns.
fn cells(buffer: &Buffer, y: u16) -> Vec<(u16, &Cell)> {
    let (mut cells, mut hidden) = (Vec::new(), 0);
    for x in 0..buffer.area.width {
        if hidden > 0 {
            hidden -= 1;
            continue;
        }
        let cell = &buffer[(x, y)];
        hidden = display::width(cell.symbol()).saturating_sub(1);
        cells.push((x, cell));
    }
    cells
}

/// A recording that asciinema plays.
fn cast(frames: &[Frame]) -> String {
    let mut out =
        format!("{{\"version\": 2, \"width\": {WIDTH}, \"height\": {HEIGHT}, \"title\": \"gouji\"}}\n");
    let (mut at, mut before) = (0.0, vec![String::new(); usize::from(HEIGHT)]);
    for frame in frames {
        let mut bytes = String::new();
        for y in 0..HEIGHT {
            let row = ansi(&frame.buffer, y);
            if before[usize::from(y)] != row {
                write!(bytes, "\x1b[{};1H{row}", y + 1).unwrap();
                before[usize::from(y)] = row;
            }
        }
        let event = serde_json::json!([(at * 10.0_f64).round() / 10.0, "o", bytes]);
        out.push_str(&format!("{event}\n"));
        at += frame.seconds;
    }
    out
}

fn ansi(buffer: &Buffer, y: u16) -> String {
    let (mut row, mut last) = (String::from("\x1b[0m\x1b[2K"), String::new());
    for (_, cell) in cells(buffer, y) {
        let mut style = String::from("\x1b[0");
        for (modifier, code) in [
            (Modifier::BOLD, ";1"),
            (Modifier::DIM, ";2"),
            (Modifier::UNDERLINED, ";4"),
            (Modifier::REVERSED, ";7"),
        ] {
            style.push_str(if cell.modifier.contains(modifier) { code } else { "" });
        }
        if let Color::Indexed(n) = cell.fg {
            write!(style, ";38;5;{n}").unwrap();
        }
        style.push('m');
        if style != last {
            row.push_str(&style);
            last = style;
        }
        row.push_str(cell.symbol());
    }
    row.truncate(row.trim_end().len());
    row
}

const FONT: f64 = 14.0;
const COLUMN: f64 = 8.4;
const LINE: f64 = 18.0;
const INK: &str = "#d8d8d8";
const PAPER: &str = "#1c1c1c";

/// The colour of a number of the 256 that terminals share.
fn hex(color: Color) -> String {
    let Color::Indexed(n) = color else { return INK.to_owned() };
    let [r, g, b] = match n {
        232..=255 => [(n - 232) * 10 + 8; 3],
        16..=231 => {
            let level = |n: u8| if n == 0 { 0 } else { n * 40 + 55 };
            [level((n - 16) / 36), level((n - 16) / 6 % 6), level((n - 16) % 6)]
        }
        _ => return INK.to_owned(),
    };
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A row as pieces of one style and one width of characters, each stretched to the columns that it takes.
fn svg_row(buffer: &Buffer, y: u16) -> String {
    let mut pieces: Vec<(u16, usize, &Cell, String)> = Vec::new();
    for (x, cell) in cells(buffer, y) {
        let width = display::width(cell.symbol());
        match pieces.last_mut() {
            Some((_, w, first, text)) if *w == width && first.style() == cell.style() => {
                text.push_str(cell.symbol());
            }
            _ => pieces.push((x, width, cell, cell.symbol().to_owned())),
        }
    }
    let mut row = String::new();
    for (x, width, cell, text) in pieces {
        let is_reversed = cell.modifier.contains(Modifier::REVERSED);
        if text.trim().is_empty() && !is_reversed {
            continue;
        }
        let length = COLUMN * (width * text.chars().count()) as f64;
        let left = COLUMN * f64::from(x);
        let (mut ink, mut style) = (hex(cell.fg), String::new());
        if is_reversed {
            write!(
                row,
                "<rect x=\"{left:.1}\" y=\"-13.5\" width=\"{length:.1}\" height=\"{LINE}\" fill=\"{ink}\"/>"
            )
            .unwrap();
            PAPER.clone_into(&mut ink);
        }
        for (modifier, attribute) in [
            (Modifier::BOLD, " font-weight=\"bold\""),
            (Modifier::UNDERLINED, " text-decoration=\"underline\""),
            (Modifier::DIM, " opacity=\"0.6\""),
        ] {
            style.push_str(if cell.modifier.contains(modifier) { attribute } else { "" });
        }
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let fill = if ink == INK { String::new() } else { format!(" fill=\"{ink}\"") };
        write!(row, "<text x=\"{left:.1}\" textLength=\"{length:.1}\"{fill}{style}>{text}</text>").unwrap();
    }
    row
}

/// The session as an animated picture. Equal rows of several screens are written once.
fn svg(frames: &[Frame]) -> String {
    let (width, height) = (COLUMN * f64::from(WIDTH) + 20.0, LINE * f64::from(HEIGHT + 2) + 16.0);
    let total: f64 = frames.iter().map(|frame| frame.seconds).sum();
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    let (mut shown, mut steps, mut at) = (String::new(), String::new(), 0.0);
    for (i, frame) in frames.iter().enumerate() {
        let offset = height * i as f64;
        writeln!(steps, "{:.2}%{{transform:translateY(-{offset:.1}px)}}", at / total * 100.0).unwrap();
        at += frame.seconds;
        for y in 0..HEIGHT {
            let row = svg_row(&frame.buffer, y);
            if row.is_empty() {
                continue;
            }
            let next = rows.len();
            let id = *rows.entry(row).or_insert(next);
            let top = offset + 20.0 + LINE * f64::from(y);
            writeln!(shown, "<use href=\"#r{id}\" y=\"{top:.1}\"/>").unwrap();
        }
        let top = offset + 26.0 + LINE * f64::from(HEIGHT + 1);
        let caption = frame.caption.replace('&', "&amp;").replace('<', "&lt;");
        writeln!(shown, "<text x=\"0\" y=\"{top:.1}\" fill=\"#ffd75f\">{caption}</text>").unwrap();
    }
    let mut by_id: Vec<(usize, &String)> = rows.iter().map(|(row, id)| (*id, row)).collect();
    by_id.sort_unstable();
    let mut defs = String::new();
    for (id, row) in by_id {
        writeln!(defs, "<g id=\"r{id}\">{row}</g>").unwrap();
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} \
         {height:.0}\" font-family=\"Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono CJK SC',monospace\" \
         font-size=\"{FONT}\" fill=\"{INK}\" xml:space=\"preserve\">\n<style>.s{{animation:s {total:.1}s infinite \
         step-end}}@keyframes s{{\n{steps}}}text{{white-space:pre}}</style>\n<defs>\n{defs}</defs>\n<rect \
         width=\"100%\" height=\"100%\" fill=\"{PAPER}\" rx=\"6\"/>\n<svg x=\"10\" width=\"{:.0}\" \
         height=\"{height:.0}\">\n<g class=\"s\">\n{shown}</g>\n</svg>\n</svg>\n",
        width - 20.0
    )
}

#[test]
fn the_recorded_session_is_what_the_program_shows() {
    for (lang, name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let frames = session(lang);
        for (made, kind) in [(cast(&frames), "cast"), (svg(&frames), "svg")] {
            let path = repository(&format!("docs/session.{name}.{kind}"));
            if std::env::var_os("GOUJI_BLESS").is_some() {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &made).unwrap();
            }
            let kept = std::fs::read_to_string(&path).unwrap();
            let differs = kept.lines().zip(made.lines()).position(|(a, b)| a != b);
            assert!(
                kept == made,
                "{} differs from line {differs:?} on: GOUJI_BLESS=1 writes it anew",
                path.display()
            );
        }
    }
}

#[test]
fn the_session_shows_what_its_captions_say() {
    let frames = session(Lang::Zh);
    let text = |i: usize| common::text(&frames[i].buffer);
    for (i, step) in SESSION.iter().enumerate() {
        let want = match step.keys {
            "x" => "1/5 份报告",
            "s" => "▸",
            "<Esc>r" => "假设",
            "c" => "确认，u 撤销",
            "d" => "排除的理由",
            "2" => "排除：",
            "u" => "已撤销",
            "zhenggai" => "整改台账",
            "<Esc>F" => "线索队列",
            _ => continue,
        };
        assert!(text(i).contains(want), "{want} after {:?}\n{}", step.keys, text(i));
    }
}

/// The screens of the README: each stands behind a mark that names language, size, corpus and keys.
#[test]
fn the_screens_of_the_readme_are_those_of_the_program() {
    std::env::set_current_dir(repository("")).unwrap();
    let path = repository("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let mut parts = readme.split("<!-- screen ");
    let mut made = parts.next().unwrap().to_owned();
    let mut count = 0;
    for part in parts {
        let (mark, rest) = part.split_once(" -->\n```\n").unwrap();
        let after = rest
            .strip_prefix("```\n")
            .or_else(|| rest.split_once("\n```\n").map(|(_, after)| after))
            .unwrap();
        let words: Vec<&str> = mark.split(' ').collect();
        let [lang, size, corpus, keys] = words[..] else { panic!("{mark}") };
        let (width, height) = size.split_once('x').unwrap();
        let lang = if lang == "zh" { Lang::Zh } else { Lang::En };
        let corpus = format!("sample-data/{corpus}");
        let mut app = app(&[&corpus], lang, Theme::default());
        let (width, height) = (width.parse().unwrap(), height.parse().unwrap());
        let _ = common::screen(&mut app, width, height);
        press(&mut app, keys);
        let shown = common::screen(&mut app, width, height);
        made.push_str(&format!("<!-- screen {mark} -->\n```\n{shown}```\n{after}"));
        count += 1;
    }
    assert!(count >= 3);
    if std::env::var_os("GOUJI_BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let differs = made
        .lines()
        .zip(std::fs::read_to_string(&path).unwrap().lines())
        .find(|(a, b)| a != b)
        .map(|(a, _)| a.to_owned());
    assert_eq!(differs, None, "README.md: GOUJI_BLESS=1 writes the screens anew");
}
