//! Reading a corpus: every file is read once, checked, and reduced to what the index keeps.

use std::path::PathBuf;

use super::Choices;
use super::causes::CauseKey;
use super::columns::{Flags, UNKNOWN};
use super::relatives::Kin;
use crate::display::Untrusted;
use crate::load::Located;
use crate::load::files::{self, FileRead, Flow, Met};
use crate::report::{CellId, Figure, Number, Report};
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
    /// A number for all that it says.
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
pub fn summarise(mut located: Located, settings: &Settings, choices: &Choices) -> NewReport {
    super::settle(&mut located.report, choices);
    let report = &located.report;
    let (evaluations, judged) = (rules::evaluate_broken(report), rules::judged(report));
    let findings = rules::check_evaluated(report, settings, &evaluations, &judged);
    let causes = rules::causes(report, &evaluations, &findings, &judged);
    let known = |name: &Option<Untrusted>| name.clone().unwrap_or_default();
    let flags = Flags::default()
        .of_template(report.template)
        .with(Flags::NEEDS_READING, report.needs_reading())
        .with(Flags::SYNTHETIC, report.synthetic)
        .with(Flags::PLACED, report.is_placed_by_hand)
        .with(Flags::DOCUMENT, !located.is_parsed);
    let kin = Kin::pack(report, located.is_parsed, &judged, Vec::new());
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
        fingerprint: Kin::facts(&kin).map_or(0, |facts| facts.whole),
        kin,
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

/// Reads every file below some paths, checks each report, and hands over the summaries, file by file.
pub fn read(paths: &[PathBuf], settings: &Settings, sink: &mut dyn FnMut(Batch) -> Flow) {
    read_with(paths, settings, &Choices::default(), sink);
}

/// The same with what people have settled by hand.
pub fn read_with(
    paths: &[PathBuf],
    settings: &Settings,
    choices: &Choices,
    sink: &mut dyn FnMut(Batch) -> Flow,
) {
    files::read_all(paths, &|_, located| summarise(located, settings, choices), sink);
}

/// Reads what was met below some paths; see [`read()`].
pub fn read_met(met: Vec<Met>, settings: &Settings, choices: &Choices, sink: &mut dyn FnMut(Batch) -> Flow) {
    files::read_met(met, &|_, located| summarise(located, settings, choices), sink);
}

#[cfg(test)]
mod tests {
    use super::*;

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
