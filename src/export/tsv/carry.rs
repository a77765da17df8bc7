//! What a report carried in and out, in a few bytes, beside that of the year before.
//!
//! Whether two reports agree is for the rule to say; here it is only made sure that it need not be asked often.

use std::sync::LazyLock;

use super::sums::{Lines, Sums};
use crate::display::{self, Untrusted};
use crate::load::json::CellSet;
use crate::report::template::APPLICANTS;
use crate::report::{CellId, Figure, Number, Report, TableId};
use crate::rules::{self, Check, Rule, Series};

/// Columns of table 3.
const COLUMNS: usize = 7;

/// The cells of 二 上年结转 and then those of 四 结转下年度.
static CELLS: LazyLock<Vec<CellId>> = LazyLock::new(|| {
    let of_row = |row| APPLICANTS.iter().filter_map(move |c| CellId::find(TableId::Requests, row, c.key));
    ["carried_in", "carried_out"].into_iter().flat_map(of_row).collect()
});

/// What was carried.
pub(super) struct Carried {
    /// The cells that do not hold a plain 0, a bit each.
    pub(super) bits: u16,
    codes: [u64; 2 * COLUMNS],
}

/// Whether something else than 0 was carried in, and whether out.
pub(super) const fn split(bits: u16) -> (bool, bool) {
    (bits & ((1 << COLUMNS) - 1) != 0, bits >> COLUMNS != 0)
}

impl Carried {
    /// From the cells that are there, and their figures as far as they are not a plain 0.
    pub(super) fn of(present: &CellSet, figures: &[(CellId, Figure)]) -> Self {
        let mut carried = Self { bits: 0, codes: [0; 2 * COLUMNS] };
        for (i, cell) in CELLS.iter().enumerate() {
            let is_present =
                present.get(cell.index() / 64).is_some_and(|w| w >> (cell.index() % 64) & 1 == 1);
            if !is_present {
                carried.set(i, Figure::Absent);
            }
        }
        let (first, last) = (CELLS.first(), CELLS.last());
        for (cell, figure) in figures {
            if Some(cell) >= first
                && Some(cell) <= last
                && let Some(i) = CELLS.iter().position(|c| c == cell)
            {
                carried.set(i, *figure);
            }
        }
        carried
    }

    fn set(&mut self, i: usize, figure: Figure) {
        let code = code(figure);
        if let (true, Some(place)) = (code != code_of_zero(), self.codes.get_mut(i)) {
            *place = code;
            self.bits |= 1 << i;
        }
    }

    /// What is kept of the report besides the bits: the codes that are not those of 0, and its identifier.
    pub(super) fn kept(&self, id: &str) -> Vec<u8> {
        let mut kept = Vec::with_capacity(id.len() + 8);
        for (i, code) in self.codes.iter().enumerate() {
            if self.bits >> i & 1 == 1 {
                push(&mut kept, *code);
            }
        }
        push(&mut kept, id.len() as u64);
        kept.extend_from_slice(id.as_bytes());
        kept
    }
}

/// A number from 0: 0 for what is no number, else 1 + 16 × (the digits) + 8 if below zero + the decimals. A figure with
/// more than seven decimals is none that is compared over years.
fn code(figure: Figure) -> u64 {
    match figure {
        Figure::Number(number) if number.scale() <= 7 => {
            let sign = u64::from(number.is_negative());
            1 + (number.units().unsigned_abs() << 4 | sign << 3 | u64::from(number.scale()))
        }
        _ => 0,
    }
}

const fn code_of_zero() -> u64 {
    1
}

fn figure(code: u64) -> Figure {
    let Some(rest) = code.checked_sub(1) else { return Figure::Unreadable };
    let (units, scale) = ((rest >> 4).cast_signed(), (rest & 7) as u8);
    Figure::Number(Number::of_units(if rest & 8 == 0 { units } else { -units }, scale))
}

/// Seven bits a byte, the lowest first.
fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn pull(bytes: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if *byte < 0x80 {
            break;
        }
    }
    number
}

/// What was kept of a report: its codes and its identifier.
fn unpack(kept: &[u8]) -> ([u64; 2 * COLUMNS], &[u8]) {
    let (bits, mut kept) = kept.split_first_chunk().map_or((0, kept), |(b, k)| (u16::from_le_bytes(*b), k));
    let codes = std::array::from_fn(|i| if bits >> i & 1 == 1 { pull(&mut kept) } else { code_of_zero() });
    let length = pull(&mut kept) as usize;
    (codes, kept.get(..length).unwrap_or_default())
}

/// The lines of a report beside that of the year before; each is what was kept of it, with its year.
pub(super) fn lines(sums: &Sums<'_>, now: (&[u8], u16), before: (&[u8], u16)) -> Lines {
    let ((new, id), (old, _)) = (unpack(now.0), unpack(before.0));
    let (Some(carried_in), Some(carried_out)) = (new.get(..COLUMNS), old.get(COLUMNS..)) else {
        return Lines::default();
    };
    let rule = Rule::find("Y1").filter(|rule| carried_in != carried_out && !sums.settings.is_off(rule));
    let Some((rule, Check::Years(check))) = rule.map(|rule| (rule, &rule.check)) else {
        return Lines::default();
    };
    let digest = |codes: &[u64], year| {
        let mut report = Report { year: Some(year), ..Report::default() };
        CELLS.iter().zip(codes).for_each(|(cell, code)| report.figures.set(*cell, figure(*code)));
        rules::digest(&report, &[])
    };
    let (new, old) = (digest(&new, now.1), digest(&old, before.1));
    let agency = Untrusted::default();
    let series = Series {
        settings: sums.settings,
        agency: &agency,
        now: &new,
        before: Some(&old),
        renamed: None,
        others: &[],
    };
    let set = sums.settings.severity(rule);
    let findings: Vec<_> =
        check(&series, rule).into_iter().map(|f| set.map_or(f.clone(), |s| f.severe(s))).collect();
    sums.lines(&display::visible(&String::from_utf8_lossy(id)), &findings)
}
