//! Copies and versions, by what differs.

mod figures;
mod pairs;
mod random;
mod real;
mod tables;

use crate::load::{Record, format_of};
use crate::report::{CellId, Figure, Number, Report, Section, TemplateId};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A narrative that says nothing with a number or a word that decides, one text for each section.
pub(super) const NARRATIVE: [&str; 6] = [
    "坚持把政务工作摆在重要位置，严格按照条例要求开展各项工作。\n加强组织领导，健全工作机制，明确责任分工，认真做好信息的发布审查。\n围绕群众关心的问题开展政策解读，及时回应社会关切。\n依托门户网站做好栏目的维护，不断提升平台的服务水平。",
    "",
    "",
    "",
    "存在的问题：一是队伍建设有待加强；二是解读的形式比较单一。\n改进的措施：一是加强业务培训，提高人员素质；二是丰富解读的形式，让群众看得懂、看得明白。",
    "本机关没有其他需要报告的事项。",
];

/// A report of that narrative whose figures are those of a small office.
pub(super) fn report() -> Report {
    let section = |(number, text): (u8, &str)| Section {
        number,
        title: "题".into(),
        text: text.into(),
        line: 1,
        text_line: 2,
    };
    let mut report = Report {
        title: "新县人民政府办公室2023年政府信息公开工作年度报告".into(),
        agency: "新县人民政府办公室".into(),
        year: Some(2023),
        template: Some(TemplateId::T2021),
        sections: (1..).zip(NARRATIVE).map(section).collect(),
        ..Report::default()
    };
    for cell in TemplateId::T2021.template().cells() {
        report.figures.set(cell, Figure::Number(Number::whole(0)));
    }
    for (name, number) in [
        ("requests.received.natural", 12),
        ("requests.received.total", 12),
        ("requests.granted.natural", 9),
        ("requests.partial.natural", 3),
        ("proactive_disclosure.normative.issued", 4),
    ] {
        set(&mut report, name, Figure::Number(Number::whole(number)));
    }
    report
}

/// The same report whose figures are all zero.
pub(super) fn nil() -> Report {
    let mut report = report();
    for cell in TemplateId::T2021.template().cells() {
        report.figures.set(cell, Figure::Number(Number::whole(0)));
    }
    report
}

pub(super) fn set(report: &mut Report, name: &str, figure: Figure) {
    report.figures.set(CellId::parse(name).unwrap(), figure);
}

/// The report with another text in a section.
pub(super) fn with(mut report: Report, number: u8, text: &str) -> Report {
    report.sections.iter_mut().find(|section| section.number == number).unwrap().text = text.into();
    report
}

/// Tells who runs the tests.
pub(super) fn say(words: &str) {
    writeln!(std::io::stderr(), "{words}").unwrap();
}

pub(super) fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !path.exists() {
        say(&format!("{} is not there: not tried", path.display()));
        return None;
    }
    Some(path)
}

pub(super) fn read(path: &Path) -> Option<Report> {
    let bytes = std::fs::read(path).unwrap();
    let format = format_of(&bytes, path)?;
    let reading = (format.read)(&Record { file: path, bytes: &bytes, offset: 0, line: 1 });
    reading.reports.into_iter().next().map(|located| located.report)
}

/// The originals of the sample reports.
pub(super) fn seeds() -> Vec<Report> {
    let Some(folder) = shared("seeds") else { return Vec::new() };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| read(path)).collect()
}
