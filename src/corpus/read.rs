//! Reading a corpus: every file is read once, checked, and reduced to what the index keeps.

use std::path::PathBuf;

use xxhash_rust::xxh3::xxh3_64;

use super::causes::CauseKey;
use super::columns::{Flags, UNKNOWN};
use super::relatives::Kin;
use crate::display::Untrusted;
use crate::load::Located;
use crate::load::files::{self, FileRead, Flow, Met};
use crate::report::{CELL_COUNT, CellId, Figure, Number, Report, TemplateId};
use crate::rules::{self, Settings};

/// What was read from one file: its reports, and with the last of them its end.
pub type Batch = FileRead<NewReport>;

/// A report on its way into the index.
#[derive(Debug)]
pub struct NewReport {
    /// Agency, county, city, province, code of the county, pattern of the title; empty if unknown.
    pub(super) names: [Untrusted; 6],
    /// Year, 0 if unknown.
    pub(super) year: u16,
    /// Facts about it.
    pub(super) flags: Flags,
    /// Problems in reading it.
    pub(super) problems: u8,
    /// Requests received, handled and carried out in all.
    pub(super) flows: [u32; 3],
    /// What was found in it by itself.
    pub(super) causes: Box<[CauseKey]>,
    /// What other reports are compared with.
    pub(super) kin: Vec<u8>,
    /// See [`fingerprint`].
    pub(super) fingerprint: u64,
    /// First byte in the file.
    pub(super) offset: u64,
    /// Number of bytes.
    pub(super) length: u64,
    /// Line in which it begins.
    pub(super) line: u32,
}

impl NewReport {
    /// The byte behind it in its file.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.offset + self.length
    }
}

/// Reduces a report to what the index keeps, with its findings counted.
#[must_use]
pub fn summarise(located: &Located, settings: &Settings) -> NewReport {
    let report = &located.report;
    let (evaluations, judged) = (rules::evaluate_broken(report), rules::judged(report));
    let findings = rules::check_evaluated(report, settings, &evaluations, &judged);
    let causes = rules::causes(report, &evaluations, &findings, &judged);
    let known = |name: &Option<Untrusted>| name.clone().unwrap_or_default();
    let flags = Flags::default()
        .of_template(report.template)
        .with(Flags::NEEDS_READING, report.needs_reading())
        .with(Flags::SYNTHETIC, report.synthetic)
        .with(Flags::DOCUMENT, !located.is_parsed);
    NewReport {
        names: [
            report.agency.clone(),
            known(&report.county),
            known(&report.city),
            known(&report.province),
            known(&report.county_code),
            title_pattern(report),
        ],
        year: report.year.unwrap_or(0),
        flags,
        problems: u8::try_from(report.problems.len()).unwrap_or(u8::MAX),
        flows: flows(report),
        causes: CauseKey::of(&causes, &findings),
        kin: Kin::pack(report, &judged, Vec::new()),
        fingerprint: fingerprint(report),
        offset: located.offset,
        length: located.length,
        line: located.line,
    }
}

/// What titles of reports say besides agency and year. Longer words come before what they contain.
const USUAL: [&str; 9] =
    ["政府信息公开", "政务公开", "信息公开", "年度报告", "工作报告", "年报", "年度", "工作", "【合成数据】"];

/// What a title says besides agency, year and what all titles say: nothing, in most reports. Were it kept, each word
/// that happens to be in 政府信息公开 would find all of them.
fn title_pattern(report: &Report) -> Untrusted {
    let mut rest = report.title.raw().to_owned();
    let year = report.year.map(|year| year.to_string());
    for word in [report.agency.raw()].into_iter().chain(year.as_deref()).chain(USUAL) {
        if !word.is_empty() {
            rest = rest.replacen(word, " ", 1);
        }
    }
    let is_meant = |word: &&str| !matches!(*word, "年" | "的" | "情况" | "报告" | "情况的报告");
    rest.split_whitespace().filter(is_meant).collect::<Vec<_>>().join(" ").into()
}

/// Requests received, handled and carried out in all.
fn flows(report: &Report) -> [u32; 3] {
    ["requests.received.total", "requests.total.total", "requests.carried_out.total"].map(|name| {
        let figure = CellId::parse(name).map(|cell| report.figures.get(cell));
        let number = figure.and_then(Figure::number).and_then(Number::as_whole);
        number.and_then(|n| u32::try_from(n).ok()).unwrap_or(UNKNOWN)
    })
}

/// A hash of what a report says: agency, year, figures. Copies of one report in different formats share it.
#[must_use]
pub fn fingerprint(report: &Report) -> u64 {
    let mut bytes = Vec::with_capacity(CELL_COUNT + 256);
    // What kind of figure each is, and behind that those that are not 0.
    bytes.resize(CELL_COUNT, 0);
    for cell in CellId::all() {
        let kind = match report.figures.get(cell) {
            Figure::Absent => continue,
            Figure::Blank => 1,
            Figure::Unreadable => 2,
            Figure::Number(number) => {
                let is_zero = number.units() == 0;
                if !is_zero {
                    bytes.extend_from_slice(&number.units().to_le_bytes());
                }
                // Whether a number is 0 says which cells the numbers behind belong to.
                3 + 2 * number.scale() + u8::from(is_zero)
            }
        };
        if let Some(place) = bytes.get_mut(cell.index()) {
            *place = kind;
        }
    }
    bytes.extend_from_slice(&report.year.unwrap_or(0).to_le_bytes());
    bytes.extend_from_slice(report.template.map_or("", TemplateId::name).as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(report.agency.raw().as_bytes());
    xxh3_64(&bytes)
}

/// Reads every file below some paths, checks each report, and hands over the summaries, file by file.
pub fn read(paths: &[PathBuf], settings: &Settings, sink: &mut dyn FnMut(Batch) -> Flow) {
    files::read_all(paths, &|_, located| summarise(&located, settings), sink);
}

/// Reads what was met below some paths; see [`read()`].
pub fn read_met(met: Vec<Met>, settings: &Settings, sink: &mut dyn FnMut(Batch) -> Flow) {
    files::read_met(met, &|_, located| summarise(&located, settings), sink);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_figure() -> impl Strategy<Value = Figure> {
        let number =
            (0_i64..3, 0_u8..3).prop_map(|(units, scale)| Figure::Number(Number::of_units(units, scale)));
        prop_oneof![Just(Figure::Absent), Just(Figure::Blank), Just(Figure::Unreadable), number]
    }

    proptest! {
        #[test]
        fn reports_have_one_print_only_if_they_say_the_same(
            a in prop::collection::vec((0_usize..4, any_figure()), 0..4),
            b in prop::collection::vec((0_usize..4, any_figure()), 0..4),
        ) {
            let report = |figures: &[(usize, Figure)]| {
                let mut report = Report { agency: "甲".into(), year: Some(2024), ..Report::default() };
                for (i, figure) in figures {
                    report.figures.set(CellId::all().nth(i * 60).unwrap(), *figure);
                }
                report
            };
            let (a, b) = (report(&a), report(&b));
            prop_assert_eq!(fingerprint(&a) == fingerprint(&b), a.figures == b.figures);
        }
    }

    #[test]
    fn a_print_tells_agency_year_form_and_cell() {
        let report = |agency: &str, year, template, name: &str, number: &str| {
            let mut report = Report { agency: agency.into(), year, template, ..Report::default() };
            let figure = |number| Figure::Number(Number::parse(number).unwrap());
            for zero in ["requests.granted.natural", "requests.partial.natural"] {
                report.figures.set(CellId::parse(zero).unwrap(), figure("0"));
            }
            report.figures.set(CellId::parse(name).unwrap(), figure(number));
            fingerprint(&report)
        };
        let (granted, partial) = ("requests.granted.natural", "requests.partial.natural");
        let mut prints = vec![
            report("甲", Some(2024), None, granted, "1"),
            report("甲", Some(2024), None, partial, "1"),
            report("甲", Some(2024), None, granted, "1.0"),
            report("甲", Some(2024), None, granted, "0"),
            report("甲", Some(2024), None, granted, "0.0"),
            report("甲", Some(2024), None, granted, "0.5"),
            report("甲", Some(2023), None, granted, "1"),
            report("甲", None, None, granted, "1"),
            report("甲", Some(2024), Some(TemplateId::T2021), granted, "1"),
            report("2021甲", Some(2024), None, granted, "1"),
        ];
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), 10);
    }

    #[test]
    fn of_a_title_remains_what_tells_it_from_others() {
        for (agency, title, want) in [
            ("新县人民政府办公室", "新县人民政府办公室2024年政府信息公开工作年度报告", ""),
            ("新县人民政府办公室", "2024年新县人民政府办公室政府信息公开年报", ""),
            ("新县教育局", "【图文】新县教育局关于2024年度政府信息公开情况的报告", "【图文】 关于"),
            ("", "某县2024年政府信息公开工作年度报告", "某县"),
        ] {
            let report =
                Report { agency: agency.into(), title: title.into(), year: Some(2024), ..Report::default() };
            assert_eq!(title_pattern(&report).raw(), want, "{title}");
        }
    }
}
