//! The errors that are put into reports: one table of kinds, each as it happens to people who fill in the form.
//!
//! A kind only says which cells become what; which relations break because of it is worked out by
//! [`super::label`]. A kind that does not fit a report (there are no digits to swap in a report of zeros) leaves
//! it to the next one.

use super::chance::Chance;
use super::figures::Layout;
use super::label::{Breaks, Change, value};
use crate::report::{CellId, Figure, Figures, Number};

/// A kind of injected error.
#[derive(Debug)]
pub struct Kind {
    /// The stable name, as in labels.
    pub name: &'static str,
    /// What happened, in Chinese, as labels say it.
    pub about: &'static str,
    /// How often it is drawn.
    weight: u32,
    /// Whether it is chosen for a report only if some relation breaks.
    breaks: bool,
    injection: Injection,
}

/// Where an error is put.
#[derive(Debug)]
enum Injection {
    /// Into cells.
    Cells(fn(&Scene<'_>, &mut Chance) -> Option<Vec<Change>>),
    /// Into a sentence.
    Narrative,
    /// Nowhere: the error is in the report of the year before.
    LastYear,
}

const fn kind(
    name: &'static str,
    weight: u32,
    about: &'static str,
    change: fn(&Scene<'_>, &mut Chance) -> Option<Vec<Change>>,
) -> Kind {
    Kind { name, about, weight, breaks: true, injection: Injection::Cells(change) }
}

const fn harmless(kind: Kind) -> Kind {
    Kind { breaks: false, ..kind }
}

/// What the label of a report says whose consistency with last year's is broken by an error in that one.
pub(super) static LAST_YEAR: &Kind = &KINDS[KINDS.len() - 1];

/// All kinds.
pub static KINDS: [Kind; 16] = [
    kind("wrong_cell", 12, "分项数字填错", wrong_cell),
    kind("wrong_row_total", 10, "行总计填错", wrong_row_total),
    kind("wrong_column_total", 8, "办理结果总计填错", wrong_column_total),
    kind("balance_broken", 8, "本年新收数与办理、结转不平衡", balance_broken),
    kind("wrong_applicant", 7, "一件申请归错申请人类别", wrong_applicant),
    kind("digit_lost", 8, "漏写一位数字", digit_lost),
    kind("digit_doubled", 8, "多写一位数字", digit_doubled),
    kind("digits_swapped", 8, "相邻两位数字颠倒", digits_swapped),
    kind("row_shifted", 9, "整行错位一列", row_shifted),
    kind("carry_mismatch", 8, "上年结转与上一年报告的结转下年度不一致", carry_mismatch),
    kind("remedies_total_wrong", 7, "复议诉讼总计填错", remedies_total_wrong),
    harmless(kind("blank_zeros", 4, "零值未填，单元格留空", blank_zeros)),
    kind("blank_total", 6, "总计未填", blank_total),
    Kind {
        name: "narrative_differs",
        about: "正文数字与表格不一致",
        weight: 8,
        breaks: false,
        injection: Injection::Narrative,
    },
    harmless(kind(UNIT_SLIP, 7, "以元为单位的数字填入万元栏", unit_slip)),
    Kind {
        name: "last_year_wrong",
        about: "上一年报告的结转下年度有误，致本年上年结转与之不一致",
        weight: 0,
        breaks: false,
        injection: Injection::LastYear,
    },
];

/// So many kinds are drawn before all are tried in turn.
const DRAWS: usize = 12;

/// A consistent report that an error is to be put into.
pub(super) struct Scene<'a> {
    /// Its figures.
    pub figures: &'a Figures,
    /// Where they are.
    pub layout: &'a Layout,
    /// In which columns last year's report says in numbers what it carried out.
    pub carried: [bool; 7],
    /// The amounts of money in the reports of the years before and after on the same form, as far as they are in the
    /// corpus, and nothing in the year after an amount was wrong: that year is what shows the error.
    pub amounts: [Figure; 2],
}

/// An error that was chosen.
pub(super) enum Error<S> {
    /// Cells to change, with the relations that break.
    Cells(Vec<Change>, Breaks),
    /// A sentence that was changed.
    Narrative(S),
}

/// Chooses an error that fits the report; `slip` changes a sentence, if there is one to change.
pub(super) fn choose<S>(
    scene: &Scene<'_>,
    chance: &mut Chance,
    mut slip: impl FnMut(&mut Chance) -> Option<S>,
) -> Option<(&'static Kind, Error<S>)> {
    let weights = KINDS.each_ref().map(|kind| kind.weight);
    for attempt in 0..DRAWS + KINDS.len() {
        let drawn = attempt.checked_sub(DRAWS).unwrap_or_else(|| chance.weighted(&weights));
        let Some(kind) = KINDS.get(drawn) else { continue };
        match kind.injection {
            Injection::LastYear => {}
            Injection::Narrative => {
                if let Some(slip) = slip(chance) {
                    return Some((kind, Error::Narrative(slip)));
                }
            }
            Injection::Cells(apply) => {
                let Some(mut changes) = apply(scene, chance) else { continue };
                changes.retain(|change| change.was != change.now);
                let breaks = Breaks::of(&changes, scene.carried);
                let shows = !kind.breaks || !breaks.here.is_empty();
                if !changes.is_empty() && shows {
                    return Some((kind, Error::Cells(changes, breaks)));
                }
            }
        }
    }
    None
}

impl Kind {
    /// The sentence of a label: what happened, and the first cell that it happened to.
    pub(super) fn detail(&self, changes: &[Change]) -> String {
        let Some(change) = changes.first() else { return self.about.to_owned() };
        let (row, column) = (change.cell.row().label.short, change.cell.column().label.short);
        let words = |figure: Figure| figure.number().map_or_else(|| "空白".to_owned(), |n| n.to_string());
        let more =
            if changes.len() > 1 { format!("等 {} 个单元格", changes.len()) } else { String::new() };
        format!("{}：{row}·{column} {}→{}{more}", self.about, words(change.was), words(change.now))
    }
}

impl Scene<'_> {
    fn value(&self, cell: CellId) -> i64 {
        value(self.figures.get(cell))
    }

    fn change(&self, cell: CellId, now: i64) -> Change {
        Change { cell, was: self.figures.get(cell), now: Figure::Number(Number::whole(now)) }
    }

    fn grow(&self, cell: CellId, by: i64) -> Change {
        self.change(cell, self.value(cell) + by)
    }

    fn row(&self, key: &str) -> Option<&[CellId; 7]> {
        self.layout.requests.iter().find(|row| row[0].row().key == key)
    }

    /// The rows of tables 3 and 4.
    fn rows(&self) -> impl Iterator<Item = &[CellId]> {
        let requests = self.layout.requests.iter().map(<[CellId; 7]>::as_slice);
        requests.chain(self.layout.remedies.iter().map(<[CellId; 5]>::as_slice))
    }

    /// One of the cells that hold more than nothing; of all, if every cell holds nothing.
    fn pick_filled(&self, cells: &[CellId], chance: &mut Chance) -> Option<CellId> {
        let filled: Vec<CellId> = cells.iter().copied().filter(|cell| self.value(*cell) > 0).collect();
        chance.pick(if filled.is_empty() { cells } else { &filled })
    }

    /// The cell with a slip of some units up or down, never below 0.
    fn slip(&self, cell: CellId, chance: &mut Chance) -> Change {
        let value = self.value(cell);
        let steps: &[i64] = if value < 5 { &[1, 1, 1, 2, 3] } else { &[1, 1, 2, 3, 9, 10] };
        let by = chance.pick(steps).unwrap_or(1);
        let down = value >= by && chance.percent(50);
        self.grow(cell, if down { -by } else { by })
    }

    /// One of the cells whose number, rewritten by `rewrite`, is another.
    fn rewrite(
        &self,
        chance: &mut Chance,
        rewrite: fn(&str, &mut Chance) -> Option<String>,
    ) -> Option<Vec<Change>> {
        let filled: Vec<CellId> =
            self.rows().flatten().copied().filter(|cell| self.value(*cell) > 0).collect();
        let mut possible = Vec::new();
        for cell in filled {
            let text = rewrite(&self.value(cell).to_string(), chance);
            if let Some(number) = text.and_then(|text| Number::parse(&text)) {
                possible.push(Change { cell, was: self.figures.get(cell), now: Figure::Number(number) });
            }
        }
        Some(vec![chance.pick(&possible)?])
    }
}

fn wrong_cell(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    // The totals of the results are columns' totals: they have a kind of their own.
    let is_part = |cell: &CellId| cell.row().key != "total" && cell.column().key != "total";
    let parts: Vec<CellId> = scene.rows().flatten().copied().filter(is_part).collect();
    let cell = if chance.percent(25) { chance.pick(&parts)? } else { scene.pick_filled(&parts, chance)? };
    Some(vec![scene.slip(cell, chance)])
}

fn wrong_row_total(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    let totals: Vec<CellId> = scene.layout.requests.iter().map(|[.., total]| *total).collect();
    let cell = scene.pick_filled(&totals, chance)?;
    Some(vec![scene.slip(cell, chance)])
}

fn wrong_column_total(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    let (_, columns) = scene.row("total")?.split_last()?;
    let cell = scene.pick_filled(columns, chance)?;
    Some(vec![scene.slip(cell, chance)])
}

fn balance_broken(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    let (total, columns) = scene.row("received")?.split_last()?;
    let slip = scene.slip(scene.pick_filled(columns, chance)?, chance);
    Some(vec![slip, scene.grow(*total, slip.grown())])
}

fn wrong_applicant(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    let parts = |row: &[CellId; 7]| row.iter().copied().take(6).collect::<Vec<_>>();
    let is_filled = |row: &Vec<CellId>| row.iter().any(|cell| scene.value(*cell) > 0);
    let rows: Vec<Vec<CellId>> = scene.layout.requests.iter().map(parts).filter(is_filled).collect();
    let row = rows.get(chance.index(rows.len()))?;
    let from = scene.pick_filled(row, chance)?;
    let others: Vec<CellId> = row.iter().copied().filter(|cell| *cell != from).collect();
    Some(vec![scene.grow(from, -1), scene.grow(chance.pick(&others)?, 1)])
}

fn digit_lost(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    scene.rewrite(chance, |text, chance| {
        let lost = chance.index(text.len());
        let rest: String =
            text.chars().enumerate().filter(|(i, _)| *i != lost).map(|(_, digit)| digit).collect();
        (text.len() > 1).then_some(rest)
    })
}

fn digit_doubled(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    scene.rewrite(chance, |text, chance| {
        let doubled = chance.index(text.len());
        let times = |i: usize| if i == doubled { 2 } else { 1 };
        Some(text.chars().enumerate().flat_map(|(i, digit)| std::iter::repeat_n(digit, times(i))).collect())
    })
}

fn digits_swapped(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    scene.rewrite(chance, |text, chance| {
        let mut digits: Vec<char> = text.chars().collect();
        let unequal: Vec<usize> = (1..digits.len()).filter(|i| digits[*i] != digits[*i - 1]).collect();
        let at = chance.pick(&unequal)?;
        digits.swap(at - 1, at);
        Some(digits.into_iter().collect())
    })
}

fn row_shifted(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    let is_filled = |row: &&[CellId]| row.iter().any(|cell| scene.value(*cell) > 0);
    let rows: Vec<&[CellId]> = scene.rows().filter(is_filled).collect();
    let row = chance.pick(&rows)?;
    let mut values: Vec<i64> = row.iter().map(|cell| scene.value(*cell)).collect();
    // What is pushed out of the table is lost, and the place left free is filled in with 0.
    if chance.percent(70) {
        values.rotate_right(1);
        *values.first_mut()? = 0;
    } else {
        values.rotate_left(1);
        *values.last_mut()? = 0;
    }
    Some(row.iter().zip(values).map(|(cell, value)| scene.change(*cell, value)).collect())
}

/// The balance is kept: what is said to have been carried in is taken from, or added to, what was received.
fn carry_mismatch(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    let (received, carried_in) = (scene.row("received")?, scene.row("carried_in")?);
    let is_told = |column: usize| scene.carried.get(column) == Some(&true);
    let at_hand = |column: &usize| {
        is_told(*column) && scene.value(received[*column]) + scene.value(carried_in[*column]) > 0
    };
    let column = chance.pick(&(0..6).filter(at_hand).collect::<Vec<_>>())?;
    let (new, old) = (scene.value(received[column]), scene.value(carried_in[column]));
    let by = match (new > 0, old > 0) {
        (true, true) if chance.percent(40) => -chance.between(1, old.min(3)),
        (true, _) => chance.between(1, new.min(3)),
        (false, _) => -chance.between(1, old.min(3)),
    };
    let shift = |column: usize| [scene.grow(carried_in[column], by), scene.grow(received[column], -by)];
    Some([shift(column), shift(6)].concat())
}

fn remedies_total_wrong(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    let totals: Vec<CellId> = scene.layout.remedies.iter().map(|[.., total]| *total).collect();
    let cell = scene.pick_filled(&totals, chance)?;
    Some(vec![scene.slip(cell, chance)])
}

/// Every zero of one table is left empty.
fn blank_zeros(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    let layout = scene.layout;
    let cells: Vec<CellId> = match chance.below(3) {
        0 => layout.disclosure.clone(),
        1 => layout.requests.iter().flatten().copied().collect(),
        _ => layout.remedies.iter().flatten().copied().collect(),
    };
    let is_zero = |cell: &CellId| scene.figures.get(*cell).number().is_some_and(Number::is_zero);
    let zeros: Vec<CellId> = cells.into_iter().filter(is_zero).collect();
    let blank = |cell: &CellId| Change { now: Figure::Blank, ..scene.grow(*cell, 0) };
    (!zeros.is_empty()).then(|| zeros.iter().map(blank).collect())
}

/// A total is left empty. Not one of what is carried from year to year: whether a blank differs from last year's
/// number is for a reader to say.
fn blank_total(scene: &Scene<'_>, chance: &mut Chance) -> Option<Vec<Change>> {
    let is_carried = |cell: &CellId| matches!(cell.row().key, "carried_in" | "carried_out");
    let row_totals = scene.rows().filter_map(|row| row.last()).filter(|cell| !is_carried(cell));
    let totals = row_totals.chain(scene.row("total")?.iter().take(6)).copied();
    let filled: Vec<CellId> = totals.filter(|cell| scene.value(*cell) > 0).collect();
    let cell = chance.pick(&filled)?;
    Some(vec![Change { now: Figure::Blank, ..scene.grow(cell, 0) }])
}

/// The name of the kind whose errors only another year's amount can show.
pub(super) const UNIT_SLIP: &str = "unit_slip";

/// An amount that is so many times as large as that of the year before or after, or as small, is as large as usual.
const USUAL_TIMES: i64 = 5;

/// An amount of at least 1 万元 is printed in yuan.
///
/// Nothing in a report says how much money its agency has, so only the next year or the last can show the error:
/// where neither has a like amount, nobody could tell, and it is left alone.
fn unit_slip(scene: &Scene<'_>, _: &mut Chance) -> Option<Vec<Change>> {
    let cell = scene.layout.amount?;
    let was = scene.figures.get(cell);
    let amount = was.number()?;
    let printed = amount.to_string();
    let (whole, decimals) = printed.split_once('.')?;
    let is_usual = |other: Figure| other.number().is_some_and(|other| is_like(amount, other));
    if whole == "0" || decimals.len() != 4 || !scene.amounts.into_iter().any(is_usual) {
        return None;
    }
    let yuan = Number::parse(&format!("{whole}{decimals}"))?;
    Some(vec![Change { cell, was, now: Figure::Number(yuan) }])
}

/// Whether neither of two amounts is far larger than the other.
fn is_like(one: Number, other: Number) -> bool {
    let (Some(one), Some(other)) = (yuan(one), yuan(other)) else { return false };
    one.min(other) > 0 && one.max(other) <= one.min(other).saturating_mul(USUAL_TIMES)
}

/// An amount in 万元 in yuan, unless it is more exact than that.
fn yuan(amount: Number) -> Option<i64> {
    let decimals = 4_u32.checked_sub(u32::from(amount.scale()))?;
    amount.units().checked_mul(10_i64.checked_pow(decimals)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_a_name_each_and_the_one_of_last_year_is_never_chosen() {
        for (i, kind) in KINDS.iter().enumerate() {
            assert!(KINDS.iter().skip(i + 1).all(|other| other.name != kind.name), "{}", kind.name);
            assert_eq!(kind.weight == 0, kind.name == "last_year_wrong");
        }
        assert_eq!(LAST_YEAR.name, "last_year_wrong");
    }

    #[test]
    fn an_amount_is_as_large_as_usual_within_some_times() {
        let number = |text: &str| Number::parse(text).unwrap();
        for (one, other, wanted) in [
            ("8.7369", "8.7369", true),
            ("8.0000", "40.0000", true),
            ("40.0000", "8", true),
            ("8.0000", "40.0001", false),
            ("54.5690", "8.7369", false),
            ("8.7369", "0.0000", false),
            ("8.7369", "0", false),
        ] {
            assert_eq!(is_like(number(one), number(other)), wanted, "{one} {other}");
        }
    }
}
