//! What probably happened: the smallest change of the printed figures that makes broken relations hold.
//!
//! A repair is a suggestion for a reader. Nothing here, and nothing that takes a repair, changes a report.

use super::{Evaluation, State, signed};
use crate::display::Lang;
use crate::report::{CELL_COUNT, CellId, Figure, Number, Report, Sum, TableId};

/// A slip that people make when they fill in the form, the most plausible first among those of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    /// A cell was left empty.
    LeftBlank,
    /// Two digits were exchanged.
    DigitsSwapped,
    /// A digit was left out.
    DigitLost,
    /// A digit was written twice.
    DigitDoubled,
    /// The figures of a row stand one column too far to the right or left.
    RowShifted,
    /// The figures of two columns of a row were exchanged.
    Exchanged,
    /// Something was counted in the wrong column of a row.
    WrongColumn,
    /// Something was counted in the wrong row of a column.
    WrongRow,
    /// A figure and its total were both written too large or too small by as much.
    WithTotal,
    /// A number is wrong.
    WrongNumber,
}

impl Slip {
    /// What happened, in words.
    #[must_use]
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::LeftBlank => lang.pick("漏填", "left empty"),
            Self::DigitsSwapped => lang.pick("相邻数字颠倒", "two digits exchanged"),
            Self::DigitLost => lang.pick("漏写一位", "a digit left out"),
            Self::DigitDoubled => lang.pick("多写一位", "a digit written twice"),
            Self::RowShifted => lang.pick("整行错位一列", "the row stands one column off"),
            Self::Exchanged => lang.pick("两列对调", "two columns exchanged"),
            Self::WrongColumn => {
                lang.pick("同一申请归入两类申请人", "one request filed under two applicant types")
            }
            Self::WrongRow => lang.pick("归错办理结果", "counted under the wrong result"),
            Self::WithTotal => lang.pick("分项与总计同错", "part and total off by as much"),
            Self::WrongNumber => lang.pick("数字填错", "a wrong number"),
        }
    }

    /// How unlikely it is, whatever it settles: the size of the change.
    const fn cost(self) -> usize {
        match self {
            Self::LeftBlank
            | Self::DigitsSwapped
            | Self::DigitLost
            | Self::DigitDoubled
            | Self::WrongNumber => 2,
            Self::Exchanged | Self::WrongColumn | Self::WrongRow | Self::WithTotal => 3,
            Self::RowShifted => 4,
        }
    }
}

/// A change of figures that would settle some breaks and break nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What happened.
    pub slip: Slip,
    /// The cells with the numbers that would stand there.
    pub changes: Vec<(CellId, Number)>,
    /// How many statements of the narrative and of last year's report it agrees with, less those it contradicts.
    pub evidence: i32,
}

impl Repair {
    /// What puts it before or behind other repairs of its size.
    pub(super) fn rank(&self) -> (std::cmp::Reverse<i32>, Slip) {
        (std::cmp::Reverse(self.evidence), self.slip)
    }

    /// What would be changed, in words, with the number of breaks that it settles.
    #[must_use]
    pub fn sentence(&self, report: &Report, settles: usize, lang: Lang) -> String {
        let printed = |cell: CellId| match report.figures.get(cell) {
            Figure::Number(number) => number.to_string(),
            _ => lang.pick("空白", "blank").to_owned(),
        };
        let what = match (self.slip, self.changes.as_slice()) {
            (Slip::WrongColumn | Slip::WrongRow, [a, b]) => self.moved(report, *a, *b, lang),
            (Slip::RowShifted, [(first, _), ..]) => first.row().label.on_screen(lang).to_owned(),
            (_, changes) => {
                let one = |(cell, now): &(CellId, Number)| {
                    let (place, was) = (super::cell_words(*cell, lang), printed(*cell));
                    lang.pick(format!("{place} {was} 应为 {now}"), format!("{place} {was} should be {now}"))
                };
                changes.iter().map(one).collect::<Vec<_>>().join(lang.pick("，", ", "))
            }
        };
        let slip = self.slip.words(lang);
        let evidence = if self.evidence > 0 {
            lang.pick("，且与正文或上年报告相符", "; the text or last year's report agrees")
        } else {
            ""
        };
        lang.pick(
            format!("{what}（{slip}），可消除 {settles} 处不符{evidence}"),
            format!(
                "{what} ({slip}); this settles {settles} {}{evidence}",
                if settles == 1 { "break" } else { "breaks" }
            ),
        )
    }

    /// Something that moves from one cell to another.
    fn moved(&self, report: &Report, a: (CellId, Number), b: (CellId, Number), lang: Lang) -> String {
        let grows = |(cell, now): (CellId, Number)| {
            Sum::from(now).plus_sum(report.figures.get(cell).number().map_or(Sum::ZERO, Sum::from), -1)
        };
        let (from, to) = if grows(a).is_negative() { (a.0, b.0) } else { (b.0, a.0) };
        let n = signed(grows(a));
        let n = n.trim_start_matches(['-', '+']);
        if self.slip == Slip::WrongRow {
            let [from, to] = [from, to].map(|cell| cell.row().label.on_screen(lang));
            let column = a.0.column().label.on_screen(lang);
            return lang.pick(
                format!("{column}列 {n} 件由{from}移到{to}"),
                format!("{column}: {n} from {from} to {to}"),
            );
        }
        let [from, to] = [from, to].map(|cell| cell.column().label.on_screen(lang));
        let row = a.0.row().label.on_screen(lang);
        lang.pick(format!("{row} {n} 件由{from}列移到{to}列"), format!("{row}: {n} from {from} to {to}"))
    }
}

/// Breaks that one slip explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Diagnosis {
    /// Indexes of the relations that do not hold.
    pub(super) relations: Vec<usize>,
    /// The smallest repairs, the most plausible first; none if no small one was found.
    pub(super) repairs: Vec<Repair>,
}

/// Groups the broken relations of a report by what probably happened.
pub(super) fn diagnose(report: &Report, evaluations: &[Evaluation]) -> Vec<Diagnosis> {
    if !evaluations.iter().any(|e| e.state.is_break()) {
        return Vec::new();
    }
    let mut diagnoses = Vec::new();
    for table in [TableId::Requests, TableId::Remedies] {
        if !evaluations.iter().any(|e| e.relation.table == table && e.state.is_break()) {
            continue;
        }
        let Some(mut system) = System::new(report, evaluations, table) else { continue };
        let broken = system.broken();
        let mut repairs = system.repairs();
        let whole = best(repairs.iter().filter(|(settled, _)| *settled == broken).cloned().collect());
        let mut pieces = Vec::new();
        while let Some(diagnosis) = best(repairs) {
            system.settle(&diagnosis.relations);
            pieces.push(diagnosis);
            repairs = system.repairs();
        }
        // One slip that explains everything is likelier than several that together are no smaller.
        let cost = |d: &Diagnosis| d.repairs.first().map_or(0, |repair| repair.slip.cost());
        let leaves_some = !system.broken().is_empty();
        match whole.filter(|w| leaves_some || cost(w) <= pieces.iter().map(cost).sum()) {
            Some(whole) => diagnoses.push(whole),
            None => diagnoses.extend(pieces),
        }
    }
    let explained: Vec<usize> = diagnoses.iter().flat_map(|d| d.relations.clone()).collect();
    diagnoses.extend(unexplained(evaluations, &explained));
    diagnoses
}

/// The breaks that no small repair settles, those that share a cell together.
fn unexplained(evaluations: &[Evaluation], explained: &[usize]) -> Vec<Diagnosis> {
    let rest = |(i, e): (usize, &Evaluation)| (e.state.is_break() && !explained.contains(&i)).then_some(i);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for i in evaluations.iter().enumerate().filter_map(rest) {
        let shares = |group: &Vec<usize>| {
            group.iter().any(|j| {
                let (Some(a), Some(b)) = (evaluations.get(i), evaluations.get(*j)) else { return false };
                let non_zero = |e: &Evaluation| {
                    let terms = e.left.iter().chain(&e.right);
                    terms.filter(|t| !t.value().is_zero()).map(|t| t.cell).collect::<Vec<_>>()
                };
                let theirs = non_zero(b);
                non_zero(a).iter().any(|cell| theirs.contains(cell))
            })
        };
        let (sharing, mut others): (Vec<_>, Vec<_>) = groups.into_iter().partition(shares);
        let mut group: Vec<usize> = sharing.into_iter().flatten().collect();
        group.push(i);
        others.push(group);
        groups = others;
    }
    groups.into_iter().map(|relations| Diagnosis { relations, repairs: Vec::new() }).collect()
}

/// The relations that a repair settles, and the repair.
type Settling = (Vec<usize>, Repair);

/// The repairs that settle most for their size, all those that settle the same.
fn best(repairs: Vec<Settling>) -> Option<Diagnosis> {
    // Settled per size, as a fraction without division.
    let (settled, cost) = repairs
        .iter()
        .map(|(settled, repair)| (settled, repair.slip.cost()))
        .max_by(|a, b| (a.0.len() * b.1).cmp(&(b.0.len() * a.1)).then(b.1.cmp(&a.1)).then(b.0.cmp(a.0)))?;
    let settled = settled.clone();
    let mut best: Vec<Repair> = repairs
        .into_iter()
        .filter(|(s, repair)| *s == settled && repair.slip.cost() == cost)
        .map(|(_, repair)| repair)
        .collect();
    best.sort_by_key(|repair| repair.slip);
    best.dedup();
    Some(Diagnosis { relations: settled, repairs: best })
}

/// The relations of a table as linear equations over its cells.
struct System {
    /// Printed numbers by the index of the cell; blanks count as 0.
    values: [Option<i64>; CELL_COUNT],
    blanks: Vec<CellId>,
    /// Declared less computed of each relation; 0 where it cannot be checked.
    differences: Vec<i64>,
    /// The relations of the cells, cell by cell, with the sign of the cell in the difference.
    relations: Vec<(usize, i64)>,
    /// Where those of each cell begin, by its index, and at its end where the last of them end.
    starts: [u16; CELL_COUNT + 1],
    /// Cells in the order of the form, row by row.
    rows: Vec<Vec<CellId>>,
}

impl System {
    /// The equations of a table in which some relation is broken; `None` if there are none, or the numbers are no
    /// whole ones.
    fn new(report: &Report, evaluations: &[Evaluation], table: TableId) -> Option<Self> {
        let mut system = Self {
            values: [None; CELL_COUNT],
            blanks: Vec::new(),
            differences: vec![0; evaluations.len()],
            relations: Vec::new(),
            starts: [0; CELL_COUNT + 1],
            rows: Vec::new(),
        };
        for (cell, figure) in report.figures.present(table) {
            match figure {
                Figure::Number(number) => {
                    system.values[cell.index()] = Some(number.as_whole()?);
                }
                Figure::Blank => {
                    system.values[cell.index()] = Some(0);
                    system.blanks.push(cell);
                }
                Figure::Absent | Figure::Unreadable => continue,
            }
            match system.rows.last_mut() {
                Some(row) if row.first().is_some_and(|c| c.row().key == cell.row().key) => row.push(cell),
                _ => system.rows.push(vec![cell]),
            }
        }
        let mut terms = Vec::with_capacity(2 * CELL_COUNT);
        for (i, evaluation) in evaluations.iter().enumerate() {
            let in_table = evaluation.relation.table == table;
            let checkable = matches!(
                evaluation.state,
                State::Holds | State::HoldsTrivially | State::Broken | State::BlankTotal
            );
            if in_table && checkable {
                system.add(i, evaluation, evaluations, &mut terms)?;
            }
        }
        system.index(&terms);
        system.differences.iter().any(|d| *d != 0).then_some(system)
    }

    /// Adds a relation, and its cells to the terms.
    fn add(
        &mut self,
        i: usize,
        evaluation: &Evaluation,
        all: &[Evaluation],
        of_cells: &mut Vec<(CellId, (usize, i64))>,
    ) -> Option<()> {
        *self.differences.get_mut(i)? = evaluation.difference().as_whole()?;
        for (terms, sign) in [(&evaluation.left, 1), (&evaluation.right, -1)] {
            for term in terms {
                let is_blank_total = evaluation.relation.rule.id == "T3.1"
                    && term.cell.row().key == "total"
                    && term.figure == Figure::Blank;
                if !is_blank_total {
                    of_cells.push((term.cell, (i, sign)));
                    continue;
                }
                // The results stand in for the blank total, also where a repair makes them more than nothing.
                let by_results = all
                    .iter()
                    .find(|e| e.relation.rule.id == "T3.2" && e.relation.total() == Some(term.cell))?;
                // Without the sum of the results nothing says what the blank should be.
                if !matches!(by_results.state, State::Holds | State::HoldsTrivially | State::BlankTotal) {
                    self.values[term.cell.index()] = None;
                }
                for result in &by_results.right {
                    of_cells.push((result.cell, (i, sign)));
                }
            }
        }
        Some(())
    }

    /// Puts the terms in the order of their cells, those of a cell as they were added.
    fn index(&mut self, terms: &[(CellId, (usize, i64))]) {
        for (cell, _) in terms {
            self.starts[cell.index() + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
        let mut free = self.starts;
        self.relations.resize(terms.len(), (0, 0));
        for (cell, relation) in terms {
            let place = &mut free[cell.index()];
            if let Some(to) = self.relations.get_mut(usize::from(*place)) {
                *to = *relation;
            }
            *place += 1;
        }
    }

    /// The relations settled count as holding from now on.
    fn settle(&mut self, relations: &[usize]) {
        for relation in relations {
            if let Some(difference) = self.differences.get_mut(*relation) {
                *difference = 0;
            }
        }
    }

    /// The relations that are broken still.
    fn broken(&self) -> Vec<usize> {
        let broken = self.differences.iter().enumerate().filter(|(_, d)| **d != 0);
        broken.map(|(relation, _)| relation).collect()
    }

    /// Every small repair, with the relations that it settles.
    fn repairs(&self) -> Vec<Settling> {
        let mut repairs: Vec<Settling> = Vec::new();
        repairs.extend(CellId::all().filter_map(|cell| self.one_cell(cell)));
        // A cell all of whose relations hold takes part in no repair of two.
        let is_off = |cell: &CellId| self.relations_of(*cell).iter().any(|(r, _)| self.difference(*r) != 0);
        for row in &self.rows {
            let off: Vec<CellId> = row.iter().copied().filter(is_off).collect();
            for (i, a) in off.iter().enumerate() {
                repairs.extend(off.iter().skip(i + 1).filter_map(|b| self.two_cells(*a, *b)));
            }
            if !off.is_empty() {
                repairs.extend(self.shifted(row));
            }
        }
        let off: Vec<CellId> = self.rows.iter().flatten().copied().filter(is_off).collect();
        for column in self.rows.first().into_iter().flatten() {
            let is_in = |cell: &&CellId| cell.column().key == column.column().key;
            for (i, a) in off.iter().enumerate().filter(|(_, cell)| is_in(cell)) {
                let below = off.iter().skip(i + 1).filter(is_in);
                repairs.extend(below.filter_map(|b| self.two_cells(*a, *b)));
            }
        }
        repairs
    }

    fn relations_of(&self, cell: CellId) -> &[(usize, i64)] {
        let [from, to] = [0, 1].map(|ahead| usize::from(self.starts[cell.index() + ahead]));
        self.relations.get(from..to).unwrap_or_default()
    }

    fn value(&self, cell: CellId) -> Option<i64> {
        self.values[cell.index()]
    }

    fn difference(&self, relation: usize) -> i64 {
        self.differences.get(relation).copied().unwrap_or(0)
    }

    /// What some changes settle, if they leave nothing broken that they touch and no number below 0.
    fn settled(&self, changes: &[(CellId, i64)]) -> Option<Vec<usize>> {
        // A handful: looking through them costs less than a map.
        let mut moved: Vec<(usize, i64)> = Vec::with_capacity(8);
        for (cell, by) in changes {
            self.value(*cell)?.checked_add(*by).filter(|n| *n >= 0)?;
            for (relation, sign) in self.relations_of(*cell) {
                let by = by.checked_mul(*sign)?;
                match moved.iter_mut().find(|(r, _)| r == relation) {
                    Some((_, sum)) => *sum = sum.checked_add(by)?,
                    None => moved.push((*relation, by)),
                }
            }
        }
        let holds = |(relation, by): &(usize, i64)| self.difference(*relation).checked_add(*by) == Some(0);
        if !moved.iter().all(holds) {
            return None;
        }
        let moved = moved.into_iter().map(|(relation, _)| relation);
        let mut settled: Vec<usize> = moved.filter(|relation| self.difference(*relation) != 0).collect();
        settled.sort_unstable();
        (!settled.is_empty()).then_some(settled)
    }

    fn repair(&self, slip: Slip, changes: &[(CellId, i64)]) -> Option<Settling> {
        let settled = self.settled(changes)?;
        let now = |(cell, by): &(CellId, i64)| Some((*cell, Number::whole(self.value(*cell)? + by)));
        let changes = changes.iter().filter(|(_, by)| *by != 0).map(now).collect::<Option<Vec<_>>>()?;
        Some((settled, Repair { slip, changes, evidence: 0 }))
    }

    fn one_cell(&self, cell: CellId) -> Option<Settling> {
        let (relation, sign) = self.relations_of(cell).first()?;
        let by = self.difference(*relation).checked_neg()?.checked_mul(*sign)?;
        if by == 0 {
            return None;
        }
        let was = self.value(cell)?;
        let slip = if self.blanks.contains(&cell) {
            Slip::LeftBlank
        } else {
            digit_slip(was, was.checked_add(by)?).unwrap_or(Slip::WrongNumber)
        };
        self.repair(slip, &[(cell, by)])
    }

    /// Two cells of a row or column, each of which takes part in a relation that the other does not.
    fn two_cells(&self, a: CellId, b: CellId) -> Option<Settling> {
        let own = |one: CellId, other: CellId| {
            let theirs = self.relations_of(other);
            let mut of_one = self.relations_of(one).iter();
            of_one.find(|(relation, _)| theirs.iter().all(|(r, _)| r != relation)).copied()
        };
        let by = |(relation, sign): (usize, i64)| self.difference(relation).checked_neg()?.checked_mul(sign);
        let (by_a, by_b) = (by(own(a, b)?)?, by(own(b, a)?)?);
        if by_a == 0 || by_b == 0 {
            return None;
        }
        let (was_a, was_b) = (self.value(a)?, self.value(b)?);
        let opposite = by_a.checked_add(by_b) == Some(0);
        let same_row = a.row().key == b.row().key;
        let slip = match (opposite, same_row) {
            (true, true) if was_a > 0 && was_b > 0 && was_a.checked_add(by_a) == Some(was_b) => {
                Slip::Exchanged
            }
            (true, true) => Slip::WrongColumn,
            (true, false) => Slip::WrongRow,
            (false, _) if by_a == by_b => Slip::WithTotal,
            // Two wrong numbers that have nothing to do with each other are two slips.
            (false, _) => return None,
        };
        self.repair(slip, &[(a, by_a), (b, by_b)])
    }

    /// A row whose figures stand one column off: what was pushed out is worked out from the others.
    fn shifted(&self, row: &[CellId]) -> Vec<Settling> {
        let values: Vec<i64> = row.iter().filter_map(|cell| self.value(*cell)).collect();
        let [first, .., last] = values.as_slice() else { return Vec::new() };
        let filled = values.iter().filter(|n| **n != 0).count();
        if filled == 0 || values.len() != 7 {
            return Vec::new();
        }
        let mut found = Vec::new();
        if *first == 0 {
            let mut parts: Vec<i64> = values.iter().skip(1).copied().collect();
            parts.push(parts.iter().fold(0, |sum, n| sum.saturating_add(*n)));
            found.extend(self.rewritten(row, &values, &parts));
        }
        if *last == 0 {
            let total = values.get(5).copied().unwrap_or(0);
            let known = values.iter().take(5).fold(0_i64, |sum, n| sum.saturating_add(*n));
            let mut parts = vec![total.saturating_sub(known)];
            parts.extend(values.iter().take(6));
            found.extend(self.rewritten(row, &values, &parts));
        }
        found
    }

    fn rewritten(&self, row: &[CellId], was: &[i64], now: &[i64]) -> Option<Settling> {
        let changes =
            row.iter().zip(was.iter().zip(now)).map(|(cell, (was, now))| (*cell, now.saturating_sub(*was)));
        self.repair(Slip::RowShifted, &changes.collect::<Vec<_>>())
    }
}

/// The slip of a digit that makes `written` of `meant`, if there is one.
fn digit_slip(written: i64, meant: i64) -> Option<Slip> {
    if written <= 0 || meant <= 0 {
        return None;
    }
    let (written, meant) = (written.to_string().into_bytes(), meant.to_string().into_bytes());
    let without = |digits: &[u8], i: usize| -> Vec<u8> {
        digits.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, d)| *d).collect()
    };
    if written.len() + 1 == meant.len() {
        return (0..meant.len()).any(|i| without(&meant, i) == written).then_some(Slip::DigitLost);
    }
    if written.len() == meant.len() + 1 {
        let doubled = |i: usize| written.get(i) == written.get(i + 1) && without(&written, i) == meant;
        return (0..meant.len()).any(doubled).then_some(Slip::DigitDoubled);
    }
    if written.len() == meant.len() {
        let swapped = |i: usize| {
            let mut digits = written.clone();
            digits.swap(i - 1, i);
            digits == meant
        };
        return (1..written.len()).any(swapped).then_some(Slip::DigitsSwapped);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_digits_are_told_apart() {
        for (written, meant, want) in [
            (12, 21, Some(Slip::DigitsSwapped)),
            (2, 21, Some(Slip::DigitLost)),
            (21, 221, Some(Slip::DigitLost)),
            (221, 21, Some(Slip::DigitDoubled)),
            (231, 21, None),
            (12, 13, None),
            (0, 1, None),
            (1, 0, None),
            (100, 10, Some(Slip::DigitDoubled)),
        ] {
            assert_eq!(digit_slip(written, meant), want, "{written} for {meant}");
        }
    }
}
