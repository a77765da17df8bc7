//! `gouji parse`: raw reports into parsed ones, and how each cell was placed.

use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use gouji::display::{self, Lang};
use gouji::export::Draft;
use gouji::load::files::Flow;
use gouji::load::{Located, json};
use gouji::report::{CellId, Figure, Report, TableId};
use gouji::rules;

use super::{Failure, read_all, read_something, say, writer};
use crate::Parse;

/// Runs the command.
pub(crate) fn parse(parse: &Parse, lang: Lang) -> Result<u8, Failure> {
    if let Some(folder) = &parse.output {
        std::fs::create_dir_all(folder).map_err(|error| Failure::writing(error, Some(folder)))?;
    }
    let mut out = writer();
    let mut used = HashSet::new();
    let explains = parse.explain;
    let work = |path: &Path, located: Located| {
        let report = &located.report;
        let text = if explains { explain(report, path, lang) } else { json::to_line(report) };
        (json::file_name(report), text)
    };
    let mut written = Ok(());
    let account = read_all(&parse.paths, lang, &work, &mut |_, (name, text)| {
        written = match &parse.output {
            None => writeln!(out, "{text}"),
            Some(folder) => write_new(&folder.join(unused(name, &mut used)), text.as_bytes()),
        };
        if written.is_ok() { Flow::Go } else { Flow::Stop }
    })?;
    written.and_then(|()| out.flush()).map_err(|error| Failure::writing(error, parse.output.as_deref()))?;
    if account.files() > account.loaded || parse.output.is_some() || io::stderr().is_terminal() {
        say(&account.sentence(lang));
    }
    read_something(account).map(|()| 0)
}

/// A file name that no report was written to yet: versions of one report are numbered.
fn unused(name: String, used: &mut HashSet<String>) -> String {
    let stem = name.trim_end_matches(".json").to_owned();
    let numbered = (2..).map(|n| format!("{stem}-{n}.json"));
    let free = std::iter::once(name).chain(numbered).find(|name| !used.contains(name)).unwrap_or_default();
    used.insert(free.clone());
    free
}

/// Writes a file that nobody ever reads half of. Thousands of them are not each waited for until the disk has them.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = Draft::new(path)?;
    draft.write_all(bytes)?;
    draft.write_all(b"\n")?;
    draft.place_unsynced()
}

/// How the cells of a report were placed: a line for each row of its tables.
fn explain(report: &Report, path: &Path, lang: Lang) -> String {
    let known = |text: Option<&display::Untrusted>| {
        text.map_or_else(|| "?".to_owned(), |text| text.visible().into_owned())
    };
    let mut out = format!(
        "{}\n  {}  {}  {}  {}\n",
        display::visible(&path.to_string_lossy()),
        report.title.visible(),
        known(report.county.as_ref()),
        report.year.map_or_else(|| "?".to_owned(), |year| year.to_string()),
        report.source.format.visible(),
    );
    for table in TableId::ALL {
        out.push_str(&format!("  {}\n", rules::table_words(table, lang)));
        for (_, row) in report.form().table(table).rows() {
            let cells: Vec<CellId> =
                report.form().table(table).cells().filter(|cell| cell.row().key == row.key).collect();
            out.push_str(&format!("    {}", display::fit(row.label.on_screen(lang), 24)));
            out.push_str(&line_words(report, &cells, lang));
            out.push_str(&format!("{}\n", row_words(report, &cells, lang)));
        }
    }
    for problem in &report.problems {
        let line = if problem.line > 0 { format!(":{}", problem.line) } else { String::new() };
        out.push_str(&format!("  ?{line} {}\n", problem.message(lang)));
    }
    out
}

/// The line or lines that the cells of a row stand in.
fn line_words(report: &Report, cells: &[CellId], lang: Lang) -> String {
    let mut lines: Vec<u32> = cells.iter().filter_map(|cell| report.line_of(*cell)).collect();
    lines.sort_unstable();
    lines.dedup();
    let text = match (lines.first(), lines.last()) {
        (Some(first), Some(last)) if first != last => format!("{first}-{last}"),
        (Some(line), _) => line.to_string(),
        _ => "-".to_owned(),
    };
    display::fit(&lang.pick(format!("第 {text} 行"), format!("line {text}")), 14)
}

/// What was read of a row: its figures, or where they could not be placed, what is printed and was left.
fn row_words(report: &Report, cells: &[CellId], lang: Lang) -> String {
    let is_left = |cell: &CellId| report.figures.get(*cell) == Figure::Unreadable;
    let printed = |cell: &CellId| report.printed.get(cell).map(|printed| printed.text.visible());
    if let [first, rest @ ..] = cells
        && !rest.is_empty()
        && cells.iter().all(is_left)
        && rest.iter().all(|cell| printed(cell) == printed(first))
    {
        let left = printed(first).map(|text| format!("“{text}”")).unwrap_or_default();
        return lang.pick(format!("未归位{left}"), format!("not placed {left}"));
    }
    cells.iter().map(|cell| cell_words(report, *cell)).collect::<Vec<_>>().join("  ")
}

/// A figure, and how it was printed where that is another text.
fn cell_words(report: &Report, cell: CellId) -> String {
    let figure = match report.figures.get(cell) {
        Figure::Number(number) => number.to_string(),
        Figure::Blank => "_".to_owned(),
        Figure::Unreadable => "?".to_owned(),
        Figure::Absent => return "·".to_owned(),
    };
    match report.printed.get(&cell).map(|printed| printed.text.visible()) {
        Some(printed) if printed != figure && !printed.is_empty() => format!("{figure}“{printed}”"),
        _ => figure,
    }
}
