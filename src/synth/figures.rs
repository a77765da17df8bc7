//! The figures of an agency over the years: consistent by construction, before any error is put in.
//!
//! Every total is the sum of what was dealt out, what is carried out of a year is carried into the next, and what
//! is in force rolls on. Nothing here looks at a rule: the checker is tested against it.

use std::sync::LazyLock;

use super::agencies::Profile;
use super::chance::Chance;
use crate::report::{CellId, Figure, Figures, Number, TableId, TemplateId};

/// Columns of table 3 without the total.
const APPLICANTS: usize = 6;

/// How often each kind of applicant asks.
const APPLICANT_WEIGHTS: [u32; APPLICANTS] = [78, 12, 1, 1, 3, 5];

/// How often each result occurs, in the order of the form: granted, partial, eight refusals, three times
/// unavailable, five times not processed, then （六）, which the form of 2019 has in one row.
const RESULT_WEIGHTS_2019: [u32; 19] =
    [450, 80, 10, 10, 15, 20, 25, 20, 20, 25, 140, 30, 40, 35, 20, 10, 8, 10, 30];
const RESULT_WEIGHTS_2021: [u32; 21] =
    [450, 80, 10, 10, 15, 20, 25, 20, 20, 25, 140, 30, 40, 35, 20, 10, 8, 10, 18, 3, 30];

/// The rows of results that refuse, in the order of the form: （三） to （五）, without which nothing is corrected.
const REFUSALS: std::ops::Range<usize> = 2..18;

/// How often a review or a lawsuit ends: upheld, corrected, otherwise, not yet.
const OUTCOME_WEIGHTS: [u32; 4] = [60, 12, 18, 10];

/// The cells of an edition of the form, as the figures are laid out here.
pub(super) struct Layout {
    /// Which edition.
    pub template: TemplateId,
    /// Table 2 in the order of the form.
    pub disclosure: Vec<CellId>,
    /// Table 3: rows of seven cells.
    pub requests: Vec<[CellId; APPLICANTS + 1]>,
    /// Table 4: three rows of five cells.
    pub remedies: Vec<[CellId; 5]>,
    /// The amount of money on the form: fees (2021) or procurement (2019).
    pub amount: Option<CellId>,
}

static LAYOUTS: LazyLock<[Layout; 2]> = LazyLock::new(|| [TemplateId::T2019, TemplateId::T2021].map(layout));

fn layout(template: TemplateId) -> Layout {
    let cells = |table| -> Vec<CellId> { template.template().table(table).cells().collect() };
    let (disclosure, requests, remedies) =
        (cells(TableId::Disclosure), cells(TableId::Requests), cells(TableId::Remedies));
    Layout {
        template,
        amount: disclosure.iter().copied().find(|cell| cell.column().key == "amount"),
        disclosure,
        requests: requests.chunks_exact(7).filter_map(|row| row.try_into().ok()).collect(),
        remedies: remedies.chunks_exact(5).filter_map(|row| row.try_into().ok()).collect(),
    }
}

impl Layout {
    /// The layout of an edition.
    pub(super) fn of(template: TemplateId) -> &'static Self {
        let [of_2019, of_2021] = &*LAYOUTS;
        match template {
            TemplateId::T2019 => of_2019,
            TemplateId::T2021 => of_2021,
        }
    }

    /// The rows of table 3 between the requests that came in and those that went out.
    fn results(&self) -> std::ops::Range<usize> {
        2..self.requests.len() - 2
    }
}

/// What an agency is like, and what it carries from year to year.
pub(super) struct Books {
    usual: Usual,
    carried: [i64; APPLICANTS],
    /// Normative documents in force.
    in_force: i64,
    /// Items of the lists of 2019: licensing, other services, penalties, coercion, fees.
    items: [i64; 5],
    /// Reviews, direct lawsuits and lawsuits after review that are open.
    pending: [i64; 3],
    /// Reviews of last year, which this year's lawsuits may follow.
    reviews: i64,
    /// Table 3 of last year, to tell a year that came out the same.
    last_requests: Vec<[i64; APPLICANTS + 1]>,
}

/// The level that an agency's yearly figures vary around.
struct Usual {
    requests: i64,
    documents: i64,
    licensing: i64,
    other_services: i64,
    penalty: i64,
    coercion: i64,
    fees: i64,
    procurement: i64,
    /// Of a hundred requests, how many are carried into the next year.
    slow: i64,
    /// Of a hundred requests that were not granted, how many end in a review or a lawsuit.
    contested: i64,
    /// Whether amounts of nothing are printed with their decimals.
    prints_decimals: bool,
}

impl Usual {
    fn new(profile: &Profile, chance: &mut Chance) -> Self {
        // One agency in twenty-five is far busier than its kind.
        let busy = if chance.percent(4) { 3 } else { 0 };
        let mut size = |bits: u32| if bits == 0 { 0 } else { chance.size(bits + busy) };
        Self {
            requests: size(profile.requests),
            documents: size(profile.normative.saturating_sub(2)),
            licensing: size(profile.licensing),
            other_services: size(profile.licensing.saturating_sub(2)),
            penalty: size(profile.penalty),
            coercion: size(profile.coercion),
            fees: size(profile.fees),
            procurement: size(profile.procurement),
            slow: chance.between(0, 12),
            contested: if chance.percent(45) { chance.between(3, 14) } else { 0 },
            prints_decimals: chance.percent(50),
        }
    }
}

impl Books {
    /// The books of an agency at the beginning of its first year.
    pub(super) fn new(profile: &Profile, chance: &mut Chance) -> Self {
        let usual = Usual::new(profile, chance);
        let in_force =
            if profile.normative == 0 { 0 } else { usual.documents * 3 + chance.size(profile.normative) };
        let list = |n: i64, chance: &mut Chance| if n == 0 { 0 } else { chance.between(2, 60) };
        let items = [usual.licensing, usual.other_services, usual.penalty, usual.coercion, usual.fees]
            .map(|n| list(n, chance));
        let mut carried = [0; APPLICANTS];
        let at_first = chance.share(usual.requests, usual.slow, 100);
        chance.deal(at_first, &APPLICANT_WEIGHTS, &mut carried);
        Self { usual, carried, in_force, items, pending: [0; 3], reviews: 0, last_requests: Vec::new() }
    }

    /// The figures of the next year.
    pub(super) fn next_year(&mut self, layout: &Layout, chance: &mut Chance) -> Figures {
        let mut figures = Figures::default();
        let disclosure = match layout.template {
            TemplateId::T2019 => self.disclosure_2019(chance),
            TemplateId::T2021 => self.disclosure_2021(chance),
        };
        for (cell, number) in layout.disclosure.iter().zip(disclosure) {
            figures.set(*cell, Figure::Number(number));
        }
        let requests = self.requests(layout, chance);
        for (cell, value) in layout.requests.iter().flatten().zip(requests.iter().flatten()) {
            figures.set(*cell, Figure::Number(Number::whole(*value)));
        }
        let remedies = self.remedies(&requests, layout, chance);
        for (cell, value) in layout.remedies.iter().flatten().zip(remedies.iter().flatten()) {
            figures.set(*cell, Figure::Number(Number::whole(*value)));
        }
        self.last_requests = requests;
        figures
    }

    // ---- table 2 ---------------------------------------------------------------------------------------------

    fn disclosure_2019(&mut self, chance: &mut Chance) -> Vec<Number> {
        let made = chance.about(self.usual.documents);
        let disclosed = if made > 0 && chance.percent(20) { made - 1 } else { made };
        self.in_force += disclosed;
        let mut values = vec![0, 0, 0, made, disclosed, self.in_force];
        let decided =
            [self.usual.licensing, self.usual.other_services, self.usual.penalty, self.usual.coercion]
                .map(|usual| chance.about(usual));
        let [.., fees] = self.items;
        for (items, decisions) in self.items.iter_mut().zip(distinct(decided)) {
            let (previous, more) = (*items, change_of(*items, chance));
            *items += more;
            // Decisions are counted, not items: equal numbers would look like a form filled in wrongly.
            let same = decisions != 0 && decisions == *items;
            values.extend([previous, more, decisions + i64::from(same)]);
        }
        let more = change_of(fees, chance);
        if let Some(last) = self.items.last_mut() {
            *last += more;
        }
        let projects = chance.about(self.usual.procurement);
        values.extend([fees, more, projects]);
        let mut numbers: Vec<Number> = values.into_iter().map(Number::whole).collect();
        let amount = if projects == 0 { 0 } else { projects * chance.between(3, 60) };
        numbers.push(self.money(amount, chance));
        numbers
    }

    fn disclosure_2021(&mut self, chance: &mut Chance) -> Vec<Number> {
        let issued = chance.about(self.usual.documents);
        let may_repeal = (self.in_force / 4).min(issued + 6);
        let repealed = if may_repeal > 0 && chance.percent(40) { chance.between(1, may_repeal) } else { 0 };
        self.in_force += issued - repealed;
        let decided =
            [self.usual.licensing, self.usual.penalty, self.usual.coercion, 0].map(|n| chance.about(n));
        let [licensing, penalty, coercion, _] = distinct(decided);
        let counts = [0, 0, 0, issued, repealed, self.in_force, licensing, penalty, coercion];
        let mut numbers: Vec<Number> = counts.into_iter().map(Number::whole).collect();
        let fees = chance.about(self.usual.fees);
        numbers.push(self.money(fees, chance));
        numbers
    }

    /// An amount of so many 万元 and some yuan, with four decimals as the local heads of the form ask for.
    fn money(&self, whole: i64, chance: &mut Chance) -> Number {
        if whole == 0 {
            let nothing = if self.usual.prints_decimals { "0.0000" } else { "0" };
            return Number::parse(nothing).unwrap_or(Number::whole(0));
        }
        let yuan = chance.below(10_000);
        Number::parse(&format!("{whole}.{yuan:04}")).unwrap_or(Number::whole(whole))
    }

    // ---- table 3 ---------------------------------------------------------------------------------------------

    fn requests(&mut self, layout: &Layout, chance: &mut Chance) -> Vec<[i64; APPLICANTS + 1]> {
        let mut table = self.requests_once(layout, chance);
        // A table that is last year's again would be a finding of its own.
        if table == self.last_requests && table.iter().flatten().any(|n| *n > 0) {
            table = self.requests_once(layout, chance);
        }
        if let Some([carried @ .., _]) = table.last() {
            self.carried = *carried;
        }
        table
    }

    fn requests_once(&self, layout: &Layout, chance: &mut Chance) -> Vec<[i64; APPLICANTS + 1]> {
        let quiet = self.usual.requests == 0;
        let received = match quiet {
            true if chance.percent(10) => chance.between(1, 2),
            true => 0,
            false => chance.about(self.usual.requests),
        };
        let mut new = [0; APPLICANTS];
        chance.deal(received, &APPLICANT_WEIGHTS, &mut new);
        let weights: &[u32] = match layout.template {
            TemplateId::T2019 => &RESULT_WEIGHTS_2019,
            TemplateId::T2021 => &RESULT_WEIGHTS_2021,
        };
        let results = layout.results();
        let mut table = vec![[0; APPLICANTS + 1]; layout.requests.len()];
        let mut dealt = [0; RESULT_WEIGHTS_2021.len()];
        let columns = new.into_iter().zip(self.carried).enumerate();
        for (column, (received, carried_in)) in columns.filter(|(_, (new, old))| new + old > 0) {
            let at_hand = received + carried_in;
            let carried_out = chance.share(at_hand, self.usual.slow, 100).min(at_hand);
            let handled = at_hand - carried_out;
            let dealt = dealt.get_mut(..results.len()).unwrap_or_default();
            chance.deal(handled, weights, dealt);
            let values =
                [received, carried_in].into_iter().chain(dealt.iter().copied()).chain([handled, carried_out]);
            for (row, value) in table.iter_mut().zip(values) {
                row[column] = value;
                row[APPLICANTS] += value;
            }
        }
        table
    }

    // ---- table 4 ---------------------------------------------------------------------------------------------

    /// Reviews and lawsuits over requests that were not granted, and those left open last year.
    fn remedies(
        &mut self,
        requests: &[[i64; APPLICANTS + 1]],
        layout: &Layout,
        chance: &mut Chance,
    ) -> Vec<[i64; 5]> {
        let total_of = |row: usize| requests.get(row).map_or(0, |row| row[APPLICANTS]);
        let results = layout.results();
        let not_granted = total_of(results.end) - total_of(results.start);
        let refused: i64 = REFUSALS.map(|i| total_of(results.start + i)).sum();
        let reviews = chance.share(not_granted, self.usual.contested, 100).min(not_granted);
        let direct = chance.share(reviews, 1, 4).min(not_granted - reviews);
        let after =
            chance.share(reviews, 1, 6).min(self.reviews + reviews).min(not_granted - reviews - direct);
        let mut weights = OUTCOME_WEIGHTS;
        if refused == 0 {
            weights[1] = 0;
        }
        let mut table = Vec::with_capacity(3);
        for (new, pending) in [reviews, direct, after].into_iter().zip(&mut self.pending) {
            let mut outcomes = [0; 4];
            chance.deal(new, &weights, &mut outcomes);
            let [upheld, corrected, other, open] = outcomes;
            let decided = std::mem::replace(pending, open);
            table.push([upheld + decided, corrected, other, open, new + decided]);
        }
        self.reviews = reviews;
        table
    }
}

/// The change of a list of `items`: mostly none, never more than it holds.
fn change_of(items: i64, chance: &mut Chance) -> i64 {
    if items == 0 || chance.percent(60) { 0 } else { chance.between(-(items / 4), 9) }
}

/// The same numbers, none above 4 twice: equal counts of different decisions would look like a slip of the pen.
fn distinct(mut numbers: [i64; 4]) -> [i64; 4] {
    for i in 1..numbers.len() {
        while numbers[i] > 4 && numbers.iter().take(i).any(|n| *n == numbers[i]) {
            numbers[i] += 1;
        }
    }
    numbers
}
