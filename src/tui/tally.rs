//! How far a review is: what was decided, by rule, by county, by reviewer and by day, and what is still open.
//!
//! A cause of findings counts once, as in the review and the list, for what stands on it now: decisions that were taken
//! back, that others took the place of, or whose figures have changed since count for nothing.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::session::Session;
use crate::corpus::AreaId;
use crate::display::Untrusted;
use crate::review::Decision;
use crate::rules::Severity;

/// How much was decided, and what is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    /// Mistakes of the reports.
    pub(super) confirmed: u64,
    /// No mistakes.
    pub(super) dismissed: u64,
    /// The unit shall be asked.
    pub(super) query: u64,
    /// Errors and warnings on which nothing stands.
    pub(super) open: u64,
}

impl Counts {
    /// How much was decided.
    pub(super) const fn decided(self) -> u64 {
        self.confirmed + self.dismissed + self.query
    }

    /// Everything.
    pub(super) const fn all(self) -> u64 {
        self.decided() + self.open
    }

    fn count(&mut self, decision: Decision) {
        match decision {
            Decision::Confirmed => self.confirmed += 1,
            Decision::Dismissed => self.dismissed += 1,
            Decision::Query => self.query += 1,
            Decision::Open => {}
        }
    }
}

/// The counts, each by its own heading, the most first; days the latest first.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// By the place of the rule in the catalogue.
    pub(super) rules: Vec<(u8, Counts)>,
    /// By county.
    pub(super) counties: Vec<(AreaId, Counts)>,
    /// By who decided; nothing is open by reviewer.
    pub(super) reviewers: Vec<(Untrusted, Counts)>,
    /// By the day of the decision (UTC).
    pub(super) days: Vec<(String, Counts)>,
    /// All together.
    pub(super) total: Counts,
}

impl Tally {
    /// Of the reports that are listed.
    pub(super) fn new(session: &Session) -> Self {
        let corpus = &session.corpus;
        let mut rules = vec![Counts::default(); usize::from(u8::MAX) + 1];
        let mut counties: HashMap<AreaId, Counts> = HashMap::new();
        let mut reviewers: HashMap<Untrusted, Counts> = HashMap::new();
        let mut days: HashMap<String, Counts> = HashMap::new();
        let mut total = Counts::default();
        for report in session.listing.reports.iter().copied() {
            let Some(summary) = corpus.summary(report) else { continue };
            let settled = session.reviews.settled(report);
            if settled.is_empty() && summary.to_do() == 0 {
                continue;
            }
            let area = counties.entry(corpus.units().area(summary.unit)).or_default();
            // What is open of each rule is what there is to do less what was decided of it.
            let mut done: HashMap<u8, u64> = HashMap::new();
            for settled in settled {
                *done.entry(settled.rule).or_default() += u64::from(settled.is_to_do);
                let event = &settled.event;
                let day = event.at.split('T').next().unwrap_or_default().to_owned();
                let Some(of_rule) = rules.get_mut(usize::from(settled.rule)) else { continue };
                let of_reviewer = reviewers.entry(event.reviewer.clone()).or_default();
                let of_day = days.entry(day).or_default();
                for counts in [of_rule, of_reviewer, of_day, &mut *area, &mut total] {
                    event.decision.iter().for_each(|decision| counts.count(*decision));
                }
            }
            for key in corpus.causes(report).filter(|key| key.severity != Severity::Info) {
                if let Some(done) = done.get_mut(&key.rule).filter(|done| **done > 0) {
                    *done -= 1;
                    continue;
                }
                let of_rule = rules.get_mut(usize::from(key.rule));
                of_rule.into_iter().chain([&mut *area, &mut total]).for_each(|counts| counts.open += 1);
            }
        }
        let rules = most_first((0..=u8::MAX).zip(rules), |rule| *rule);
        let counties = most_first(counties, |area| *area);
        let reviewers = most_first(reviewers, Clone::clone);
        let mut days: Vec<(String, Counts)> = days.into_iter().collect();
        days.sort_by(|a, b| b.0.cmp(&a.0));
        Self { rules, counties, reviewers, days, total }
    }
}

fn most_first<K, N: Ord>(
    counts: impl IntoIterator<Item = (K, Counts)>,
    name: impl Fn(&K) -> N,
) -> Vec<(K, Counts)> {
    let mut counts: Vec<(K, Counts)> = counts.into_iter().filter(|(_, counts)| counts.all() > 0).collect();
    counts.sort_by_key(|(key, counts)| (Reverse((counts.decided(), counts.open)), name(key)));
    counts
}
