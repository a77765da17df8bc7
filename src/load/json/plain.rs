//! Whole reports in the plain layout, in a fraction of the time that [`read`](super::read) takes: nearly all lines of a
//! large corpus were written by one program. They must be what is read there, to the last member.

use std::collections::BTreeMap;

use super::glance::{SectionSeen, whole};
use super::scan::Quoted;
use crate::display::Untrusted;
use crate::report::{CellId, Figure, Number, Report, Section, Source, TableId};

/// The report that some text is, from its first character to its last; nothing if it must be read otherwise.
pub(super) fn plain(text: &str) -> Option<Report> {
    let seen = whole(text)?;
    let (glimpse, texts) = (seen.glimpse, seen.texts);
    let mut figures = seen.zeros.clone();
    for cell in CellId::of(TableId::Disclosure) {
        if glimpse.present[cell.index() / u64::BITS as usize] >> (cell.index() as u32 % u64::BITS) & 1 == 1 {
            figures.set(cell, Figure::Number(Number::whole(0)));
        }
    }
    for (cell, figure) in glimpse.figures {
        figures.set(cell, figure);
    }
    let known = |text: Option<&str>| text.map(Untrusted::new);
    let [file, format, sha256] = texts.source.map(decoded);
    let [procurement_unit, fees_unit] = texts.units;
    Some(Report {
        stated_id: known(glimpse.stated_id),
        title: decoded(texts.title),
        agency: glimpse.agency.into(),
        agency_from: texts.agency_from,
        county: known(glimpse.county),
        county_code: known(glimpse.county_code),
        city: known(glimpse.city),
        province: known(glimpse.province),
        year: Some(glimpse.year),
        year_from: texts.year_from,
        template: Some(glimpse.template),
        source: Source { file, format, sha256 },
        is_placed_by_hand: false,
        synthetic: texts.synthetic,
        sections: texts.sections.into_iter().map(section).collect(),
        figures,
        procurement_unit,
        fees_unit,
        printed: BTreeMap::default(),
        problems: Vec::new(),
    })
}

fn decoded(text: Option<Quoted<'_>>) -> Untrusted {
    text.map_or_else(Untrusted::default, |text| Untrusted::new(text.decode()))
}

fn section(seen: SectionSeen<'_>) -> Section {
    let ([title, text], [number, line, text_line]) = (seen.texts.map(decoded), seen.numbers);
    Section { number: number as u8, title, text, line, text_line }
}
