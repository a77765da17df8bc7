//! What can be copied: a cell, a row, a finding, a citation, each as a text that stands alone.

use super::session::Session;
use super::words;
use crate::corpus::OpenReport;
use crate::display::{self, Lang};
use crate::report::{CellId, Figure};
use crate::rules::cell_words;

/// A text that can be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The key that takes it.
    pub key: char,
    /// What it is.
    pub what: &'static str,
    /// The text, safe to be pasted anywhere: nothing in it is hidden.
    pub text: String,
}

/// What can be copied of a report: the cell and its row, if there is one, the finding, if there is one, the citation.
#[must_use]
pub(super) fn offers(
    open: &OpenReport,
    cell: Option<CellId>,
    finding: Option<usize>,
    session: &Session,
) -> Vec<Offer> {
    let lang = session.lang;
    let mut offers = Vec::new();
    let mut offer = |key, zh, en, text: String| offers.push(Offer { key, what: lang.pick(zh, en), text });
    if let Some(cell) = cell {
        offer('c', "单元格", "cell", figure(open.report.figures.get(cell), lang));
        offer('r', "整行（制表符分隔）", "row, separated by tabs", row(open, cell, lang));
    }
    if let Some(finding) = finding.and_then(|i| open.findings.get(i)) {
        let words = words::finding(finding, session);
        let (id, place) = (finding.rule.id, place(open, finding.line, lang));
        offer(
            'f',
            "线索",
            "finding",
            lang.pick(format!("{id} {words}（{place}）"), format!("{id} {words} ({place})")),
        );
    }
    let line = cell.and_then(|cell| open.report.printed.get(&cell)).map(|printed| printed.line);
    offer('q', "引用", "citation", citation(open, cell, line, lang));
    offers
}

fn figure(figure: Figure, lang: Lang) -> String {
    match figure {
        Figure::Number(number) => number.to_string(),
        Figure::Blank => words::blank(lang).to_owned(),
        Figure::Unreadable => lang.pick("无法辨认", "unreadable").to_owned(),
        Figure::Absent => String::new(),
    }
}

/// The label of the row and its figures, as a spreadsheet takes them: a blank stays empty.
fn row(open: &OpenReport, cell: CellId, lang: Lang) -> String {
    let form = open.report.form();
    let row = cell.row();
    let columns = form.table(cell.table()).row(row.key).map_or(&[][..], |(block, _)| block.columns);
    let figures =
        columns.iter().filter_map(|column| CellId::find(cell.table(), row.key, column.key)).map(|cell| {
            match open.report.figures.get(cell) {
                Figure::Blank => String::new(),
                other => figure(other, lang),
            }
        });
    std::iter::once(row.label.on_screen(lang).to_owned()).chain(figures).collect::<Vec<_>>().join("\t")
}

/// File and line.
fn place(open: &OpenReport, line: Option<u32>, lang: Lang) -> String {
    let path = display::visible(&open.path.to_string_lossy()).into_owned();
    match line.filter(|line| *line > 0) {
        Some(line) => lang.pick(format!("{path} 第 {line} 行"), format!("{path} line {line}")),
        None => path,
    }
}

/// Agency, year, table, row, column, figure, file and line.
fn citation(open: &OpenReport, cell: Option<CellId>, line: Option<u32>, lang: Lang) -> String {
    let agency = open.report.agency.visible();
    let year = open.report.year.map_or_else(String::new, |year| year.to_string());
    let mut text = lang.pick(
        format!("{agency}{year}年政府信息公开工作年度报告"),
        format!("{agency}, annual report on open government information {year}"),
    );
    if let Some(cell) = cell {
        let (table, words) = (cell.table().number(), cell_words(cell, lang));
        let figure = figure(open.report.figures.get(cell), lang);
        text.push_str(
            &lang.pick(
                format!("，表{table} {words} = {figure}"),
                format!(", table {table}, {words} = {figure}"),
            ),
        );
    }
    let place = place(open, line, lang);
    text + &lang.pick(format!("（{place}）"), format!(" ({place})"))
}
