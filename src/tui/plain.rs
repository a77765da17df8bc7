//! The list and a report as plain lines: for braille lines, voices and pipes.
//!
//! One fact a line and everything in words: no boxes, nothing aligned by blanks, no sign that a voice passes over.
//!
//! This module must never write an escape sequence, and never cut or leave out what the screen could show.

use std::io::{self, Write};

use super::session::Session;
use super::settling;
use super::sheet::{Sheet, SheetLine};
use super::words;
use crate::corpus::{Flags, OpenReport, Summary};
use crate::display::{self, Lang};
use crate::report::template::SECTIONS;
use crate::report::{CellId, Figure, TableId, known_mark};
use crate::rules::{Evaluation, Severity, State, signed};

/// Writes the list: how many reports there are, then one a line, with the number by which it can be asked for.
///
/// # Errors
/// If it cannot be written.
pub fn list(session: &Session, out: &mut dyn Write) -> io::Result<()> {
    let lang = session.lang;
    let (listed, all) = (session.listing.reports.len(), session.corpus.len());
    let head =
        lang.pick(format!("共 {all} 份报告，列出 {listed} 份"), format!("{all} reports, {listed} listed"));
    writeln!(out, "{head}")?;
    for (i, report) in session.listing.reports.iter().enumerate() {
        let Some(summary) = session.corpus.summary(*report) else { continue };
        let facts = of_summary(*report, &summary, session).join(lang.pick("，", ", "));
        let number = i + 1;
        writeln!(
            out,
            "{}",
            lang.pick(format!("报告 {number}：{facts}"), format!("Report {number}: {facts}"))
        )?;
    }
    Ok(())
}

/// Writes one report from its heading to its findings; `position` is its place in the list, from 0.
///
/// # Errors
/// If it cannot be written.
pub fn report(position: usize, open: &OpenReport, session: &Session, out: &mut dyn Write) -> io::Result<()> {
    for line in heading(position, open, session) {
        writeln!(out, "{line}")?;
    }
    for section in &SECTIONS {
        writeln!(out)?;
        let title = section.label.official;
        let head = session.lang.pick(
            format!("第 {} 部分：{title}", section.number),
            format!("Section {}: {}", section.number, section.label.english),
        );
        writeln!(out, "{head}")?;
        for line in of_section(section.number, open, session) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out)?;
    for line in findings(open, session) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// What the list says of a report.
fn of_summary(report: u32, summary: &Summary, session: &Session) -> Vec<String> {
    let (lang, corpus) = (session.lang, &session.corpus);
    let name = |id| corpus.name(id).visible().into_owned();
    let mut agency = name(summary.names.agency);
    if agency.is_empty() {
        // Such reports are told apart by their files alone.
        let file =
            corpus.location(report).map_or_else(String::new, |at| at.path.to_string_lossy().into_owned());
        let file = display::visible(&file).into_owned();
        agency = lang.pick(format!("单位不明（{file}）"), format!("agency unknown ({file})"));
    }
    let mut facts = vec![agency, year(Some(summary.year).filter(|y| *y > 0), lang)];
    let place: Vec<String> =
        [summary.names.city, summary.names.county].map(name).into_iter().filter(|n| !n.is_empty()).collect();
    facts.push(if place.is_empty() {
        lang.pick("县区不明", "county unknown").to_owned()
    } else {
        place.join(lang.pick("", " "))
    });
    if corpus.is_place_open(report) {
        facts.push(lang.pick("县区待定", "the county is open").to_owned());
    }
    if summary.flags.has(Flags::VERSIONED) {
        let words = if summary.flags.has(Flags::OTHER_VERSION) {
            lang.pick(
                "同一年度有多个版本，此份不代表该年度",
                "one of several versions, does not stand for the year",
            )
        } else {
            lang.pick("同一年度有多个版本，以此份代表该年度", "one of several versions, stands for the year")
        };
        facts.push(words.to_owned());
    }
    facts.extend(counts(summary.findings, lang));
    if summary.needs_reading() {
        facts.push(lang.pick("需人工核对", "needs reading").to_owned());
    }
    let decided = corpus.standing(report).decided();
    if decided > 0 {
        let all = summary.to_do();
        facts.push(lang.pick(format!("已有结论 {decided}，共 {all}"), format!("{decided} of {all} decided")));
    }
    if summary.flags.has(Flags::CHANGED) {
        facts.push(lang.pick("文件有变动", "the file has changed").to_owned());
    }
    facts
}

/// How many findings there are of each severity, in words.
fn counts(findings: [u16; 3], lang: Lang) -> Vec<String> {
    let found: Vec<String> = Severity::ALL
        .into_iter()
        .zip(findings)
        .filter(|(_, n)| *n > 0)
        .map(|(severity, n)| match (lang, n) {
            (Lang::Zh, _) => format!("{} {n}", severity.word(lang)),
            (Lang::En, 1) => format!("1 {}", severity.word(lang)),
            (Lang::En, _) => format!("{n} {}s", severity.word(lang)),
        })
        .collect();
    if found.is_empty() { vec![lang.pick("没有线索", "no findings").to_owned()] } else { found }
}

fn year(year: Option<u16>, lang: Lang) -> String {
    match year {
        Some(year) => lang.pick(format!("{year} 年"), year.to_string()),
        None => lang.pick("年度不明", "year unknown").to_owned(),
    }
}

fn heading(position: usize, open: &OpenReport, session: &Session) -> Vec<String> {
    let (lang, report) = (session.lang, &open.report);
    let fact = |zh: &str, en: &str, what: &str| lang.pick(format!("{zh}：{what}"), format!("{en}: {what}"));
    let (number, all) = (position + 1, session.listing.reports.len());
    let mut lines = vec![
        lang.pick(format!("报告 {number}，列表共 {all} 份"), format!("Report {number} of {all} listed")),
    ];
    lines.push(fact("标题", "Title", &report.title.visible()));
    let [of_agency, of_year] = [report.agency_from, report.year_from].map(|by| known_mark(by, lang));
    lines.push(fact("单位", "Agency", &format!("{}{of_agency}", report.agency.visible())));
    lines.push(fact("年度", "Year", &format!("{}{of_year}", year(report.year, lang))));
    let places = [&report.province, &report.city, &report.county];
    let names = [("省份", "Province"), ("地市", "City"), ("县区", "County")];
    for ((zh, en), place) in names.into_iter().zip(places) {
        lines.extend(place.as_ref().map(|place| fact(zh, en, &place.visible())));
    }
    lines.extend(settling::of_place(open, session));
    lines.push(fact("编号", "Identifier", &open.id.visible()));
    lines.extend(settling::of_versions(open, session));
    let edition = report.template.map_or(lang.pick("不明", "unknown"), crate::report::TemplateId::name);
    lines.push(fact("格式", "Template", edition));
    if report.synthetic {
        lines.push(lang.pick("合成数据", "Synthetic data").to_owned());
    }
    lines.push(fact("文件", "File", &display::visible(&open.path.to_string_lossy())));
    for copy in session.corpus.copies(open.index) {
        lines.push(fact("同一报告另见", "The same report", &display::visible(&copy.to_string_lossy())));
    }
    let causes = Severity::ALL.map(|s| open.causes.iter().filter(|cause| cause.severity == s).count() as u16);
    lines.push(fact("线索", "Findings", &counts(causes, lang).join(lang.pick("，", ", "))));
    if report.needs_reading() {
        lines.push(lang.pick("需人工核对", "Needs reading").to_owned());
    }
    lines
}

/// The text of a section, and the table that stands in it.
fn of_section(number: u8, open: &OpenReport, session: &Session) -> Vec<String> {
    let mut lines = Vec::new();
    match open.report.section(number) {
        Some(section) => {
            let text = section.text.visible_lines();
            lines.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
        }
        None => lines.push(session.lang.pick("没有这一部分", "the document has no such section").to_owned()),
    }
    if let Some(table) = TableId::ALL.into_iter().find(|table| table.number() == number) {
        lines.extend(cells(table, open, session));
        let of_table = open.evaluations.iter().filter(|e| e.relation.table == table);
        lines.extend(of_table.filter_map(|evaluation| check(evaluation, session)));
    }
    lines
}

/// Every cell of a table by the names of its row and column.
fn cells(table: TableId, open: &OpenReport, session: &Session) -> Vec<String> {
    let lang = session.lang;
    let mut lines = Vec::new();
    for line in Sheet::new(open, table, false).lines {
        let (row, cells) = match line {
            SheetLine::Head(block) => {
                lines.push(block.head.to_owned());
                continue;
            }
            SheetLine::Cells { row, cells } => (row, cells),
        };
        for cell in cells {
            let (row, column) = (row.label.on_screen(lang), head(cell, lang));
            let figure = figure(open.report.figures.get(cell), lang);
            lines.push(lang.pick(format!("{row}，{column}：{figure}"), format!("{row}, {column}: {figure}")));
        }
    }
    lines
}

/// The head of a cell's column, written out.
fn head(cell: CellId, lang: Lang) -> &'static str {
    let label = &cell.column().label;
    lang.pick(label.official, label.english)
}

fn figure(figure: Figure, lang: Lang) -> String {
    match figure {
        Figure::Number(number) => number.to_string(),
        Figure::Blank => words::blank(lang).to_owned(),
        Figure::Unreadable => lang.pick("无法辨认", "unreadable").to_owned(),
        Figure::Absent => lang.pick("文件中没有", "not in the document").to_owned(),
    }
}

/// A check in words; nothing where the form has it but the document not.
fn check(evaluation: &Evaluation, session: &Session) -> Option<String> {
    let lang = session.lang;
    let verdict = match &evaluation.state {
        State::NotApplicable => return None,
        State::Holds | State::HoldsTrivially => lang.pick("相符", "holds").to_owned(),
        State::BlankTotal => lang.pick("不符，合计空白", "does not hold, the total is blank").to_owned(),
        State::Broken => {
            let difference = signed(evaluation.difference());
            lang.pick(format!("不符，差 {difference}"), format!("does not hold, off by {difference}"))
        }
        State::NotCheckable { missing } => {
            let n = missing.len();
            lang.pick(
                format!("无法核对，缺 {n} 格"),
                format!("cannot be checked, {n} of its cells have no figure"),
            )
        }
    };
    let relation = evaluation.relation;
    let comma = lang.pick("，", ", ");
    let place = match relation.total() {
        Some(total) => format!("{}{comma}{}", total.row().label.on_screen(lang), head(total, lang)),
        None => relation.cells().next().map_or("", |cell| head(cell, lang)).to_owned(),
    };
    let formula = spoken(&words::formula(evaluation, session), lang);
    let rule = relation.rule.id;
    Some(lang.pick(
        format!("核对 {rule}，{place}：{formula}，{verdict}"),
        format!("Check {rule}, {place}: {formula}, {verdict}"),
    ))
}

/// The findings with their lines, what probably happened and what was decided.
fn findings(open: &OpenReport, session: &Session) -> Vec<String> {
    let lang = session.lang;
    let states = session.reviews.states(open, lang);
    let total = open.findings.len();
    let mut lines = vec![lang.pick(format!("线索 {total} 条"), format!("{total} findings"))];
    for cause in &open.causes {
        for i in &cause.findings {
            let Some(finding) = open.findings.get(*i) else { continue };
            let (number, rule) = (i + 1, finding.rule.id);
            let severity = finding.severity.word(lang);
            let sentence = spoken(&words::finding(finding, session), lang);
            let at = finding
                .line
                .map_or_else(String::new, |n| lang.pick(format!("，第 {n} 行"), format!(", line {n}")));
            lines.push(lang.pick(
                format!("线索 {number}：{severity}，规则 {rule}，{sentence}{at}"),
                format!("Finding {number}: {severity}, rule {rule}, {sentence}{at}"),
            ));
            if let Some(state) = states.get(*i) {
                lines.extend(
                    words::of_review(state, &open.id, session).into_iter().map(|line| spoken(&line, lang)),
                );
            }
        }
        lines.extend(cause.sentence(&open.report, lang).map(|sentence| spoken(&sentence, lang)));
    }
    lines.extend(words::unreported(open).map(|problem| reading(problem.line, &problem.message(lang), lang)));
    lines
}

/// A problem in reading.
fn reading(line: u32, message: &str, lang: Lang) -> String {
    let at = if line > 0 {
        lang.pick(format!("，第 {line} 行"), format!(", line {line}"))
    } else {
        String::new()
    };
    lang.pick(format!("读取问题：{message}{at}"), format!("Problem in reading: {message}{at}"))
}

/// Signs that a voice passes over, as words.
fn spoken(text: &str, lang: Lang) -> String {
    text.replace(" ≠ ", lang.pick(" 不等于 ", " is not "))
        .replace('≠', lang.pick("不等于", " is not "))
        .replace('→', lang.pick("，按 ", ", taken as "))
        .replace(" · ", lang.pick("，", ", "))
        .replace('·', lang.pick("，", ", "))
}
