//! Two reports cell by cell: the rows of both forms in one order, and where the two differ.

use super::session::Session;
use super::sheet::{Sheet, SheetLine};
use crate::corpus::OpenReport;
use crate::report::template::Holds;
use crate::report::{CellId, Figure, Sum, TableId, Unit};

/// How a cell of a report stands to that of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    /// Both have the same, or neither has it.
    Same,
    /// Both are numbers: the first less the second.
    Apart(Sum),
    /// They differ, and not by a number: one is blank or unreadable, or the units are not the same.
    Other,
    /// Only one of the two forms has the cell: nothing to compare.
    OneSided,
}

impl Difference {
    /// Whether the two say something else.
    pub(super) const fn is_one(self) -> bool {
        matches!(self, Self::Apart(_) | Self::Other)
    }
}

/// How a cell of one report differs from that of another.
pub(super) fn difference(cell: CellId, one: &OpenReport, other: &OpenReport) -> Difference {
    let [a, b] = [one, other].map(|open| open.report.figures.get(cell));
    let has = |open: &OpenReport, figure: Figure| figure != Figure::Absent || open.report.form().has(cell);
    if has(one, a) != has(other, b) {
        return Difference::OneSided;
    }
    let units = |open: &OpenReport| match cell.row().key {
        // The form counts fees in 万元.
        "fees" => Some(open.report.fees_unit.unwrap_or(Unit::TenThousandYuan)),
        _ => open.report.procurement_unit,
    };
    let is_money = cell.column().holds == Holds::Money;
    match (a.number(), b.number()) {
        (Some(_), Some(_)) if is_money && units(one) != units(other) => Difference::Other,
        (Some(a), Some(b)) if Sum::from(a) == Sum::from(b) => Difference::Same,
        (Some(a), Some(b)) => Difference::Apart(Sum::from(a).plus(b, -1)),
        _ if a == b => Difference::Same,
        _ => Difference::Other,
    }
}

/// The lines of a table of both reports: a row each, in table 2, whose rows have columns of their own, a cell each.
pub(super) fn lines(table: TableId, one: &OpenReport, other: &OpenReport) -> Vec<Vec<CellId>> {
    let row = |line: &[CellId]| line.first().map(|cell| cell.row().key);
    let mut all = lines_of(table, one);
    let mut at = 0;
    for line in lines_of(table, other) {
        // What only the second form has stands behind its row, else behind what it stands behind there.
        if let Some(place) = all.iter().position(|known| known.first() == line.first()) {
            at = at.max(place + 1);
        } else {
            let is_same_row = |known: &Vec<CellId>| row(known) == row(&line);
            at = all.iter().rposition(is_same_row).map_or(at, |place| place + 1);
            all.insert(at, line);
            at += 1;
        }
    }
    all
}

fn lines_of(table: TableId, open: &OpenReport) -> Vec<Vec<CellId>> {
    let sheet = Sheet::new(open, table, false);
    let rows = sheet.lines.into_iter().filter_map(|line| match line {
        SheetLine::Head(_) => None,
        SheetLine::Cells { cells, .. } => cells.first().copied(),
    });
    let whole = rows.map(|first| {
        let columns = first.block().columns.iter();
        columns.filter_map(|column| CellId::find(table, first.row().key, column.key)).collect::<Vec<_>>()
    });
    if table == TableId::Disclosure {
        whole.flatten().map(|cell| vec![cell]).collect()
    } else {
        whole.collect()
    }
}

/// How many cells of a table differ, and how many cannot be compared.
pub(super) fn count(table: TableId, one: &OpenReport, other: &OpenReport) -> (usize, usize) {
    let cells = lines(table, one, other).into_iter().flatten();
    let differences = cells.map(|cell| difference(cell, one, other));
    differences.fold((0, 0), |(apart, one_sided), difference| match difference {
        Difference::Same => (apart, one_sided),
        Difference::OneSided => (apart, one_sided + 1),
        Difference::Apart(_) | Difference::Other => (apart + 1, one_sided),
    })
}

/// Why a report stands beside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Partner {
    /// It was marked for this.
    Marked,
    /// It is another version of the same agency for the same year: its number among them, from 1.
    Version(usize),
    /// It is that of the same agency for an earlier year, so many years before.
    Earlier(u16),
    /// It is that of the same agency for a later year.
    Later(u16),
}

/// The reports that a report can be compared with, the first of them unless another is asked for.
pub(super) fn partners(report: u32, session: &Session) -> Vec<(Partner, u32)> {
    let corpus = &session.corpus;
    let Some(summary) = corpus.summary(report) else { return Vec::new() };
    let mut partners = Vec::new();
    let is_there = |report: &u32| corpus.is_there(*report);
    partners.extend(
        session.marked.filter(|marked| *marked != report && is_there(marked)).map(|m| (Partner::Marked, m)),
    );
    if corpus.name(summary.names.agency).is_empty() || summary.year == 0 {
        return partners;
    }
    let versions = corpus.versions(report).iter().enumerate().filter(|(_, version)| **version != report);
    partners.extend(versions.map(|(at, version)| (Partner::Version(at + 1), *version)));
    let years = corpus.of_agency(report).into_iter().filter_map(|i| Some((corpus.summary(i)?.year, i)));
    let years: Vec<(u16, u32)> = years.filter(|(year, _)| *year > 0).collect();
    // Of several versions the one that stands for its year comes first.
    let before = years.iter().map(|(year, _)| *year).filter(|year| *year < summary.year).max();
    let before = before.and_then(|before| years.iter().find(|(year, _)| *year == before));
    partners.extend(before.map(|(year, i)| (Partner::Earlier(summary.year - year), *i)));
    let after = years.iter().find(|(year, _)| *year > summary.year);
    partners.extend(after.map(|(year, i)| (Partner::Later(year - summary.year), *i)));
    partners
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Number, Report, TemplateId, Unit};

    fn open(template: TemplateId, cells: &[(&str, Figure)]) -> OpenReport {
        let mut report = Report { template: Some(template), ..Report::default() };
        for (name, figure) in cells {
            report.figures.set(CellId::parse(name).unwrap(), *figure);
        }
        OpenReport {
            index: 0,
            id: "x".into(),
            path: "x".into(),
            report,
            findings: Vec::new(),
            causes: Vec::new(),
            evaluations: Vec::new(),
            judged: Vec::new(),
            source: Vec::new(),
        }
    }

    fn number(text: &str) -> Figure {
        Figure::Number(Number::parse(text).unwrap())
    }

    #[test]
    fn a_cell_of_each_table_that_differs_is_found() {
        let cells = [
            ("proactive_disclosure.licensing.decisions", TableId::Disclosure),
            ("requests.received.natural", TableId::Requests),
            ("reconsideration_and_litigation.reconsideration.total", TableId::Remedies),
        ];
        for (name, table) in cells {
            let [one, other] = ["12", "9"].map(|n| open(TemplateId::T2021, &[(name, number(n))]));
            let cell = CellId::parse(name).unwrap();
            assert_eq!(difference(cell, &one, &other), Difference::Apart(Sum::whole(3)), "{name}");
            for of in TableId::ALL {
                assert_eq!(count(of, &one, &other), (usize::from(of == table), 0), "{name}");
            }
            assert_eq!(count(table, &one, &one), (0, 0));
        }
    }

    #[test]
    fn what_is_no_number_differs_without_one() {
        let name = "requests.granted.total";
        let cell = CellId::parse(name).unwrap();
        let of = |figure| open(TemplateId::T2021, &[(name, figure)]);
        for (a, b, want) in [
            (number("1.50"), number("1.5"), Difference::Same),
            (Figure::Blank, Figure::Blank, Difference::Same),
            (Figure::Absent, Figure::Absent, Difference::Same),
            (Figure::Blank, number("0"), Difference::Other),
            (number("3"), Figure::Unreadable, Difference::Other),
            (number("3"), Figure::Absent, Difference::Other),
        ] {
            assert_eq!(difference(cell, &of(a), &of(b)), want, "{a:?} {b:?}");
        }
        let fees = "proactive_disclosure.fees.amount";
        let [mut yuan, other] = [0, 1].map(|_| open(TemplateId::T2021, &[(fees, number("7"))]));
        yuan.report.fees_unit = Some(Unit::Yuan);
        assert_eq!(difference(CellId::parse(fees).unwrap(), &yuan, &other), Difference::Other);
    }

    #[test]
    fn the_rows_of_two_forms_stand_in_one_order() {
        let [old, new] = [TemplateId::T2019, TemplateId::T2021].map(|form| open(form, &[]));
        let rows = |one, other| -> Vec<&str> {
            lines(TableId::Requests, one, other).iter().map(|line| line[0].row().key).collect()
        };
        let both = rows(&new, &old);
        let at = |key: &str| {
            both.iter().position(|row| *row == key).unwrap_or_else(|| panic!("no {key} in {both:?}"))
        };
        assert!(at("not_processed_5") < at("other") && at("other") < at("total"));
        assert!(at("not_processed_5") < at("other_1") && at("other_3") < at("total"));
        assert_eq!(both.last(), Some(&"carried_out"));
        let mut sorted = both.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), both.len(), "no row twice");
        let cells = lines(TableId::Disclosure, &new, &old);
        let rows: Vec<&str> = cells.iter().map(|line| line[0].row().key).collect();
        let mut once = rows.clone();
        once.dedup();
        assert_eq!(once.len(), 8, "the cells of a row stand together: {rows:?}");
        // A cell that only one of the forms has is no difference.
        let made = CellId::parse("proactive_disclosure.normative.made").unwrap();
        assert_eq!(difference(made, &old, &new), Difference::OneSided);
    }
}
