//! What was found in each report, as compact keys.

use crate::report::Sum;
use crate::rules::{Cause, Finding, Rule, Severity};

/// What the index keeps of a cause: the rule that says most, and how bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CauseKey {
    /// The place of the rule in the catalogue.
    pub rule: u8,
    /// The worst severity among its findings.
    pub severity: Severity,
    /// How far apart both sides of the finding that says most are, as far as a small number can say.
    pub size: u16,
}

impl CauseKey {
    /// What is kept of causes.
    #[must_use]
    pub fn of(causes: &[Cause], findings: &[Finding]) -> Box<[Self]> {
        let key = |cause: &Cause| {
            let headline = cause.headline(findings)?;
            let apart = headline.difference().and_then(Sum::as_whole).map_or(0, i64::unsigned_abs);
            let size = u16::try_from(apart).unwrap_or(u16::MAX);
            Some(Self { rule: headline.rule.number(), severity: cause.severity, size })
        };
        causes.iter().filter_map(key).collect()
    }

    /// The rule.
    #[must_use]
    pub fn rule(self) -> Option<&'static Rule> {
        Rule::at(self.rule)
    }

    fn packed(self) -> u32 {
        u32::from(self.size) << 16 | (self.severity as u32) << 8 | u32::from(self.rule)
    }

    fn of_packed(packed: u32) -> Option<Self> {
        let severity = Severity::ALL.into_iter().find(|s| *s as u32 == packed >> 8 & 0xff)?;
        Some(Self { rule: (packed & 0xff) as u8, severity, size: (packed >> 16) as u16 })
    }
}

/// Causes counted by severity, worst first.
#[must_use]
pub fn count_by_severity(causes: impl Iterator<Item = CauseKey>) -> [u16; 3] {
    let mut counts = [0_u16; 3];
    for cause in causes {
        if let Some(count) = counts.get_mut(cause.severity as usize) {
            *count = count.saturating_add(1);
        }
    }
    counts
}

/// The causes of all reports, one after another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Causes {
    /// Where the causes of each report end.
    ends: Vec<u32>,
    keys: Vec<u32>,
}

impl Causes {
    /// The causes that were kept before; `None` if the two do not fit together.
    pub(super) fn restore(ends: Vec<u32>, keys: Vec<u32>) -> Option<Self> {
        let fits = ends.is_sorted() && ends.last().map_or(0, |end| *end as usize) == keys.len();
        fits.then_some(Self { ends, keys })
    }

    pub(super) fn parts(&self) -> (&[u32], &[u32]) {
        (&self.ends, &self.keys)
    }

    /// Adds the causes of the next report.
    pub(super) fn push(&mut self, causes: impl IntoIterator<Item = CauseKey>) {
        self.keys.extend(causes.into_iter().map(CauseKey::packed));
        self.ends.push(self.keys.len() as u32);
    }

    /// The causes of a report; none for reports that come after the last one added.
    pub(super) fn get(&self, report: u32) -> impl Iterator<Item = CauseKey> + '_ {
        let at = report as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        let end = self.ends.get(at).map_or(start, |end| *end as usize);
        self.keys.get(start..end).unwrap_or_default().iter().filter_map(|key| CauseKey::of_packed(*key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_come_back_as_they_were() {
        let key = |rule, severity, size| CauseKey { rule, severity, size };
        let of_reports = [
            vec![key(0, Severity::Error, 0), key(68, Severity::Info, u16::MAX)],
            vec![],
            vec![key(7, Severity::Warning, 12)],
        ];
        let mut causes = Causes::default();
        for of_report in &of_reports {
            causes.push(of_report.iter().copied());
        }
        let (ends, keys) = causes.parts();
        let again = Causes::restore(ends.to_vec(), keys.to_vec()).unwrap();
        for (i, want) in of_reports.iter().enumerate() {
            assert_eq!(again.get(i as u32).collect::<Vec<_>>(), *want, "report {i}");
        }
        assert_eq!(again.get(3).count(), 0);
        assert_eq!(Causes::restore(vec![1, 0], vec![]), None);
        assert_eq!(Causes::restore(vec![1], vec![]), None);
    }
}
