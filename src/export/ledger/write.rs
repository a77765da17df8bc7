//! The formats of the list.

use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::row::{Change, LedgerRow, Status};
use super::{Ledger, Listed};
use crate::display::{self, Lang, Untrusted};
use crate::export::Draft;
use crate::export::grid::{Column, GridFormat, Kind, Sheet, Value};
use crate::export::sarif::{Entry, Sarif};
use crate::review::FindingKey;

/// A format of the list.
pub struct LedgerFormat {
    /// The end of the file's name that asks for it.
    pub extension: &'static str,
    /// Whether it can hold a sheet for each county.
    pub has_sheets: bool,
    /// Whether it marks what was dismissed as such, and so lists it unless told otherwise.
    pub marks_dismissed: bool,
    write: fn(&Ledger, bool, &mut dyn Write) -> io::Result<()>,
}

/// All formats of the list.
pub static LEDGER_FORMATS: &[LedgerFormat] = &[
    LedgerFormat {
        extension: "xlsx",
        has_sheets: true,
        marks_dismissed: false,
        write: |l, by, out| grid("xlsx", l, by, out),
    },
    LedgerFormat {
        extension: "csv",
        has_sheets: false,
        marks_dismissed: false,
        write: |l, by, out| grid("csv", l, by, out),
    },
    LedgerFormat {
        extension: "md",
        has_sheets: true,
        marks_dismissed: false,
        write: |l, by, out| grid("md", l, by, out),
    },
    LedgerFormat {
        extension: "json",
        has_sheets: false,
        marks_dismissed: false,
        write: |l, _, out| json(l, true, out),
    },
    LedgerFormat {
        extension: "jsonl",
        has_sheets: false,
        marks_dismissed: false,
        write: |l, _, out| json(l, false, out),
    },
    LedgerFormat {
        extension: "sarif",
        has_sheets: false,
        marks_dismissed: true,
        write: |l, _, out| sarif(l, out),
    },
];

impl LedgerFormat {
    /// The format that the end of a file's name asks for.
    #[must_use]
    pub fn of(path: &Path) -> Option<&'static Self> {
        let extension = path.extension()?.to_string_lossy();
        LEDGER_FORMATS.iter().find(|format| format.extension.eq_ignore_ascii_case(&extension))
    }

    /// Which causes it lists unless told otherwise.
    #[must_use]
    pub const fn listed(&self) -> Listed {
        if self.marks_dismissed { Listed::All } else { Listed::NotDismissed }
    }
}

impl Ledger {
    /// Writes the list in the format that the end of the file's name asks for. The file is there whole or, if anything
    /// goes wrong, as it was before.
    ///
    /// # Errors
    /// If no format has that name, or the file cannot be written.
    pub fn write(&self, path: &Path, by_county: bool) -> io::Result<()> {
        let format = LedgerFormat::of(path).ok_or_else(|| {
            let names: Vec<&str> = LEDGER_FORMATS.iter().map(|format| format.extension).collect();
            let names = names.join(", .");
            io::Error::new(io::ErrorKind::InvalidInput, format!("the list is written as one of .{names}"))
        })?;
        let mut draft = Draft::new(path)?;
        self.write_to(format, by_county, &mut draft)?;
        draft.place()
    }

    /// Writes the list.
    pub fn write_to(&self, format: &LedgerFormat, by_county: bool, out: &mut dyn Write) -> io::Result<()> {
        (format.write)(self, by_county, out)
    }

    fn columns(&self) -> Vec<Column> {
        let is_compared = self.options().earlier.is_some();
        COLUMNS.iter().filter(|column| is_compared || column.key != "change").copied().collect()
    }
}

const fn column(key: &'static str, zh: &'static str, en: &'static str, kind: Kind, widest: u16) -> Column {
    Column { key, zh, en, kind, widest }
}

const COLUMNS: &[Column] = &[
    column("number", "序号", "No.", Kind::Whole, 8),
    column("agency", "单位", "Agency", Kind::Text, 28),
    column("year", "年度", "Year", Kind::Whole, 8),
    column("kind", "问题类型", "Kind of problem", Kind::Text, 22),
    column("description", "问题描述", "Description", Kind::Text, 56),
    column("place", "位置", "Place", Kind::Text, 34),
    column("basis", "依据", "Basis", Kind::Text, 40),
    column("severity", "严重程度", "Severity", Kind::Text, 12),
    column("advice", "整改建议", "Suggestion", Kind::Text, 48),
    column("responsible", "责任人", "Responsible", Kind::Text, 16),
    column("due", "整改时限", "Due", Kind::Text, 14),
    column("status", "状态", "Status", Kind::Text, 12),
    column("note", "备注", "Note", Kind::Text, 40),
    column("county_code", "县区代码", "County code", Kind::Text, 12),
    column("report", "报告编号", "Report", Kind::Text, 40),
    column("change", "变化", "Change", Kind::Text, 18),
];

fn values(row: &LedgerRow, number: usize, lang: Lang, is_compared: bool) -> Vec<Value<'_>> {
    let mut values = vec![
        Value::count(number),
        Value::text(row.agency.raw()),
        Value::whole(row.year),
        Value::text(row.rule.title(lang)),
        Value::text(row.description.raw()),
        Value::text(row.place.raw()),
        Value::text(row.basis.as_str()),
        Value::text(row.severity.word(lang)),
        Value::text(row.advice.as_str()),
        Value::text(row.responsible.as_str()),
        Value::text(row.due.as_str()),
        Value::text(row.status.word(lang)),
        Value::text(row.note.raw()),
        Value::text(row.county_code.as_ref().map_or("", Untrusted::raw)),
        Value::text(row.report.raw()),
    ];
    if is_compared {
        values.push(Value::text(row.change.map_or("", |change| change.word(lang))));
    }
    values
}

/// A list is called by what it is, or by the county that it is for.
fn grid(extension: &str, ledger: &Ledger, by_county: bool, out: &mut dyn Write) -> io::Result<()> {
    let lang = ledger.options().lang;
    let (columns, is_compared) = (ledger.columns(), ledger.options().earlier.is_some());
    let format = GridFormat::find(extension).ok_or(io::ErrorKind::Unsupported)?;
    let mut writer = (format.writer)();
    let mut write = |name: String, rows: &[&LedgerRow]| {
        writer.begin(out, &Sheet { name: name.into(), columns: &columns, lang })?;
        for (number, row) in (1..).zip(rows) {
            writer.row(out, &values(row, number, lang, is_compared))?;
        }
        Ok::<_, io::Error>(())
    };
    let sheets = if by_county { counties(ledger.rows()) } else { Vec::new() };
    if sheets.is_empty() {
        write(
            lang.pick("整改台账", "Rectification list").to_owned(),
            &ledger.rows().iter().collect::<Vec<_>>(),
        )?;
    }
    for (name, rows) in sheets {
        write(if name.is_empty() { lang.pick("未注明县区", "no county").to_owned() } else { name }, &rows)?;
    }
    writer.finish(out)
}

/// The rows of each county, in the order in which the counties come first. Counties of one name are told by their
/// cities.
fn counties(rows: &[LedgerRow]) -> Vec<(String, Vec<&LedgerRow>)> {
    type Key<'a> = (Option<&'a Untrusted>, Option<&'a Untrusted>, Option<&'a Untrusted>);
    let mut counties: Vec<(Key<'_>, Vec<&LedgerRow>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for row in rows {
        // A code says which county it is, however its name and city are written.
        let named = row.county_code.is_none();
        let key = (
            row.county_code.as_ref(),
            row.county.as_ref().filter(|_| named),
            row.city.as_ref().filter(|_| named),
        );
        let at = *places.entry(key).or_insert_with(|| {
            counties.push((key, Vec::new()));
            counties.len() - 1
        });
        if let Some((_, rows)) = counties.get_mut(at) {
            rows.push(row);
        }
    }
    let name = |rows: &[&LedgerRow]| {
        let first = rows.first();
        let county = first.and_then(|row| row.county.as_ref().or(row.county_code.as_ref()));
        let city = first.and_then(|row| row.city.as_ref());
        let text = |text: Option<&Untrusted>| text.map_or(String::new(), |text| text.visible().into_owned());
        (text(county), text(city))
    };
    let names: Vec<(String, String)> = counties.iter().map(|(_, rows)| name(rows)).collect();
    let full = |(county, city): &(String, String)| {
        let is_shared = names.iter().filter(|(other, _)| other == county).count() > 1;
        if is_shared && !city.is_empty() { format!("{county}（{city}）") } else { county.clone() }
    };
    names.iter().map(full).zip(counties.into_iter().map(|(_, rows)| rows)).collect()
}

/// A finding as the store of decisions knows it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct FindingRecord {
    pub(super) report: String,
    pub(super) rule: String,
    pub(super) place: String,
    pub(super) figures: String,
}

impl FindingRecord {
    pub(super) fn key(&self) -> FindingKey {
        FindingKey {
            report: self.report.as_str().into(),
            rule: self.rule.as_str().into(),
            place: self.place.as_str().into(),
        }
    }
}

/// A row as a JSON object. What is read back may lack everything but the findings.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    pub(super) number: usize,
    pub(super) report: String,
    pub(super) agency: String,
    pub(super) county: Option<String>,
    pub(super) county_code: Option<String>,
    pub(super) city: Option<String>,
    pub(super) year: Option<u16>,
    pub(super) kind: String,
    pub(super) rule: String,
    pub(super) description: String,
    pub(super) place: String,
    pub(super) basis: String,
    pub(super) severity: String,
    pub(super) advice: String,
    pub(super) responsible: String,
    pub(super) due: String,
    pub(super) status: String,
    pub(super) note: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) change: Option<String>,
    pub(super) file: String,
    pub(super) line: Option<u32>,
    pub(super) cells: Vec<String>,
    /// What tells a list from other JSON: a row has at least one.
    pub(super) findings: Vec<FindingRecord>,
}

fn record(row: &LedgerRow, number: usize, lang: Lang) -> Record {
    let text = |text: &Untrusted| text.raw().to_owned();
    let finding = |(key, judged): &(FindingKey, crate::review::Judged)| FindingRecord {
        report: text(&key.report),
        rule: text(&key.rule),
        place: text(&key.place),
        figures: text(&judged.0),
    };
    Record {
        number,
        report: text(&row.report),
        agency: text(&row.agency),
        county: row.county.as_ref().map(text),
        county_code: row.county_code.as_ref().map(text),
        city: row.city.as_ref().map(text),
        year: row.year,
        kind: row.rule.title(lang).to_owned(),
        rule: row.rule.id.to_owned(),
        description: text(&row.description),
        place: text(&row.place),
        basis: row.basis.clone(),
        severity: row.severity.name().to_owned(),
        advice: row.advice.clone(),
        responsible: row.responsible.clone(),
        due: row.due.clone(),
        status: row.status.name().to_owned(),
        note: text(&row.note),
        change: row.change.map(|change| change.name().to_owned()),
        file: row.file.to_string_lossy().into_owned(),
        line: row.line,
        cells: row.cells.iter().map(|cell| cell.name().to_owned()).collect(),
        findings: row.findings.iter().map(finding).collect(),
    }
}

fn json(ledger: &Ledger, is_array: bool, out: &mut dyn Write) -> io::Result<()> {
    let (first, between, last) = if is_array { ("[\n", ",\n", "\n]\n") } else { ("", "\n", "\n") };
    let mut before = first;
    for (number, row) in (1..).zip(ledger.rows()) {
        let line = serde_json::to_string(&record(row, number, ledger.options().lang))?;
        write!(out, "{before}{}", display::escape_json(&line))?;
        before = between;
    }
    match (ledger.rows().is_empty(), is_array) {
        (false, _) => out.write_all(last.as_bytes()),
        (true, true) => out.write_all(b"[]\n"),
        (true, false) => Ok(()),
    }
}

fn sarif(ledger: &Ledger, out: &mut dyn Write) -> io::Result<()> {
    let mut sarif = Sarif::new(ledger.options().lang);
    for row in ledger.rows() {
        let Some((key, _)) = row.findings.first() else { continue };
        let baseline = row.change.and_then(|change| match change {
            Change::Settled => Some("absent"),
            Change::Remains => Some("unchanged"),
            Change::Changed => Some("updated"),
            Change::New => Some("new"),
            Change::Unclear => None,
        });
        let reason = (row.status == Status::Dismissed).then(|| row.reason.raw());
        sarif.result(
            out,
            &Entry {
                rule: row.rule,
                severity: row.severity,
                message: row.description.raw(),
                file: &row.file,
                line: row.line,
                cells: row.cells.clone(),
                key,
                dismissed: reason,
                baseline,
                agency: row.agency.raw(),
                county: row.county.as_ref().map(Untrusted::raw),
                county_code: row.county_code.as_ref().map(Untrusted::raw),
                year: row.year,
                likely: &row.advice,
            },
        )?;
    }
    sarif.end(out)
}
