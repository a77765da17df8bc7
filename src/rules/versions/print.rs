//! Two short numbers by which equal reports are found among a million, without comparing them.
//!
//! Equal prints mean the same content: nothing that tells two reports apart may be left out of them. Different prints
//! mean nothing yet, as layouts differ: then the reports are compared.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::figures::{doubts, units};
use super::letters::Letters;
use crate::report::{CELL_COUNT, CellId, Figure, Number, Report, Section, Unit};

/// The print of the content of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReportPrint {
    /// Of the cells of all tables, by kind and value, and of the units of money. What cannot be read is left out.
    pub figures: u64,
    /// Of the narrative without its layout.
    pub words: u64,
    /// Whether some figure cannot be read, or not with certainty: then others may stand there than the print has.
    pub in_doubt: bool,
}

/// The print of a report.
#[must_use]
pub fn print(report: &Report) -> ReportPrint {
    ReportPrint { figures: figures(report), words: words(report), in_doubt: doubts(report).any() }
}

fn figures(report: &Report) -> u64 {
    let mut bytes = [0_u8; CELL_COUNT * 10 + 2];
    for (cell, slot) in CellId::all().zip(bytes.chunks_exact_mut(10)) {
        let (kind, units) = match report.figures.get(cell) {
            Figure::Absent | Figure::Unreadable => continue,
            Figure::Blank => (1, 0),
            Figure::Number(number) => {
                let (units, scale) = plain(number);
                (2 + scale, units)
            }
        };
        if let Some((first, rest)) = slot.split_first_mut() {
            *first = kind;
            for (byte, of) in rest.iter_mut().zip(units.to_le_bytes()) {
                *byte = of;
            }
        }
    }
    let [.., fees, procurement] = &mut bytes;
    [*fees, *procurement] = units(report).map(|unit| match unit {
        None => 0,
        Some(Unit::Yuan) => 1,
        Some(Unit::TenThousandYuan) => 2,
        Some(Unit::HundredMillionYuan) => 3,
    });
    xxh3_64(&bytes)
}

/// Digits and decimals of a number without zeros behind the last decimal: 1.50 is 1.5.
fn plain(number: Number) -> (i64, u8) {
    let (mut units, mut scale) = (number.units(), number.scale());
    while scale > 0 && units % 10 == 0 {
        (units, scale) = (units / 10, scale - 1);
    }
    (units, scale)
}

/// What stands before the letters of each section, which is no letter of any.
const SECTION: u8 = 0xff;

fn words(report: &Report) -> u64 {
    let length: usize = report.sections.iter().map(|section| section.text.raw().len() + 2).sum();
    let mut bytes = Vec::with_capacity(length);
    // Sections are in order in nearly all documents.
    if report.sections.is_sorted_by_key(|section| section.number) {
        report.sections.iter().for_each(|section| add_section(section, &mut bytes));
    } else {
        let mut sections: Vec<&Section> = report.sections.iter().collect();
        sections.sort_by_key(|section| section.number);
        for section in sections {
            add_section(section, &mut bytes);
        }
    }
    xxh3_64(&bytes)
}

fn add_section(section: &Section, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend([SECTION, section.number]);
    let text = section.text.raw();
    let (mut state, mut at) = (Letters::default(), 0);
    while at < text.len() {
        let end = end_of_plain(text.as_bytes(), at);
        if end > at {
            state.end();
            out.extend_from_slice(text.as_bytes().get(at..end).unwrap_or_default());
        }
        let Some(c) = text.get(end..).and_then(|rest| rest.chars().next()) else { break };
        state.take(c, &mut |c| match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => out.push(byte),
            _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        });
        at = end + c.len_utf8();
    }
    // A section without any letter is none.
    if out.len() == start + 2 {
        out.truncate(start);
    }
}

/// Where a run of characters ends that are letters by themselves, told by their first bytes.
fn end_of_plain(bytes: &[u8], at: usize) -> usize {
    let mut rest = bytes.get(at..).unwrap_or_default();
    while let [first, second, third, behind @ ..] = rest {
        // U+4E00 to U+9FFF without 戶.
        let is_plain = match first {
            0xe6 => (*second, *third) != (0x88, 0xb6),
            0xe5 | 0xe7..=0xe9 => true,
            0xe4 => *second >= 0xb8,
            _ => false,
        };
        if !is_plain {
            break;
        }
        rest = behind;
    }
    bytes.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::versions::letters::letters;

    fn narrative(sections: &[(u8, &str)]) -> Report {
        let section = |(number, text): &(u8, &str)| Section {
            number: *number,
            title: "题".into(),
            text: (*text).into(),
            line: 1,
            text_line: 2,
        };
        Report { sections: sections.iter().map(section).collect(), ..Report::default() }
    }

    fn with(cell: &str, figure: Figure) -> Report {
        let mut report = Report::default();
        report.figures.set(CellId::parse(cell).unwrap(), figure);
        report
    }

    fn number(text: &str) -> Figure {
        Figure::Number(Number::parse(text).unwrap())
    }

    #[test]
    fn figures_count_by_kind_and_value() {
        const CELL: &str = "requests.received.natural";
        let of = |figure| print(&with(CELL, figure)).figures;
        assert_eq!(of(number("12")), of(number("12.0")));
        assert_eq!(of(number("1.50")), of(number("1.5")));
        assert_eq!(of(number("0")), of(number("0.000")));
        assert_eq!(of(Figure::Unreadable), of(Figure::Absent), "what cannot be read counts as nothing");
        let all = [Figure::Absent, Figure::Blank, number("0"), number("12"), number("1.2"), number("-12")];
        for (i, a) in all.iter().enumerate() {
            for b in all.iter().skip(i + 1) {
                assert_ne!(of(*a), of(*b), "{a:?} {b:?}");
            }
        }
        let other = print(&with("requests.received.business", number("12"))).figures;
        assert_ne!(of(number("12")), other, "the same figure in another cell");
    }

    #[test]
    fn units_count_where_there_is_money() {
        let money = |figure, unit| {
            let mut report = with("proactive_disclosure.fees.amount", figure);
            report.fees_unit = unit;
            print(&report).figures
        };
        assert_ne!(money(number("3"), Some(Unit::Yuan)), money(number("3"), None));
        assert_eq!(money(number("3"), Some(Unit::TenThousandYuan)), money(number("3"), None));
        assert_eq!(money(number("0"), Some(Unit::Yuan)), money(number("0"), None));
        let mut report = with("proactive_disclosure.fees.amount", number("3"));
        let before = print(&report);
        report.template = Some(crate::report::TemplateId::T2021);
        assert_eq!(print(&report), before, "the cells say which form it is");
    }

    #[test]
    fn words_count_without_layout() {
        let of = |sections: &[(u8, &str)]| print(&narrative(sections)).words;
        let one = of(&[(1, "收到申请12件，均已答复。"), (6, "无")]);
        assert_eq!(one, of(&[(6, " 无 \n"), (1, "收到申\n请 １２件,均已答复")]));
        assert_eq!(one, of(&[(1, "收到申请12件，均已答复。"), (5, "—\n"), (6, "无")]));
        for other in ["收到申请21件，均已答复。", "收到申请1.2件，均已答复。", "收到申请12件，均未答复。"]
        {
            assert_ne!(one, of(&[(1, other), (6, "无")]), "{other}");
        }
        assert_ne!(of(&[(5, "无")]), of(&[(6, "无")]), "a word in another section");
    }

    #[test]
    fn doubt_is_told() {
        assert!(print(&with("requests.received.natural", Figure::Unreadable)).in_doubt);
        assert!(!print(&with("requests.received.natural", Figure::Blank)).in_doubt);
    }

    proptest::proptest! {
        #[test]
        fn the_quick_way_gives_the_letters(text in "[ \n0-9.\\-，。、％戶⼾申请一件a①ａ\u{200b}]{0,40}") {
            let mut bytes = Vec::new();
            add_section(&narrative(&[(1, &text)]).sections[0], &mut bytes);
            let slow: String = letters(&text).into_iter().collect();
            let quick = bytes.get(2..).unwrap_or_default();
            proptest::prop_assert_eq!(quick, slow.as_bytes());
        }
    }
}
