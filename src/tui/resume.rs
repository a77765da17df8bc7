//! Where a review was, so that the next start goes on there: written at every step, as the line may break at any.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::bookmarks::replace;
use super::keymap::{Action, Context};
use super::session::Session;
use crate::corpus::SavedQuery;
use crate::rules::Rule;

/// The place in a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    query: SavedQuery,
    agency: String,
    county: String,
    year: u16,
    rule: String,
}

/// What is remembered of the last review of a corpus.
#[derive(Debug, Default)]
pub struct Resume {
    path: Option<PathBuf>,
    last: Option<Place>,
}

impl Resume {
    /// What a file remembers; a file that is none of ours remembers nothing.
    #[must_use]
    pub fn open(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        Self { path: Some(path), last: serde_json::from_str(&text).ok() }
    }
}

impl Session {
    /// Keeps the place in a review. That it cannot be written costs no decision and is not said.
    pub fn remember(&mut self, report: u32, rule: u8) {
        let Some(summary) = self.corpus.summary(report) else { return };
        let [agency, county] =
            [summary.names.agency, summary.names.county].map(|name| self.corpus.names().raw(name).to_owned());
        let rule = Rule::at(rule).map_or_else(String::new, |rule| rule.id.to_owned());
        let query = self.corpus.saved(&self.query);
        let place = Place { query, agency, county, year: summary.year, rule };
        if let (Some(path), Ok(text)) = (&self.resume.path, serde_json::to_string(&place)) {
            let _ = replace(path, &text);
        }
        self.resume.last = Some(place);
    }

    /// Goes back to the filter of the last review, unless another one is chosen.
    pub fn resume(&mut self) {
        let last = self.resume.last.as_ref().map(|last| last.query.clone());
        if let Some(query) = last.filter(|_| self.query.is_open()) {
            self.query = self.corpus.restored(&query);
            self.requery();
        }
    }

    /// The report and rule where the last review was, if that is among what is listed.
    #[must_use]
    pub fn remembered(&self) -> Option<(u32, u8)> {
        let last = self.resume.last.as_ref()?;
        let agency = self.corpus.names().find(&last.agency)?;
        let county = self.corpus.names().find(&last.county)?;
        let is_there = |report: &&u32| {
            self.corpus.summary(**report).is_some_and(|summary| {
                summary.names.agency == agency && summary.names.county == county && summary.year == last.year
            })
        };
        let report = *self.listing.reports.iter().find(is_there)?;
        Some((report, Rule::find(&last.rule)?.number()))
    }

    /// That there is a review to go on with, for the first screen.
    pub fn offer_resume(&mut self) {
        let Some(last) = &self.resume.last else { return };
        let agency = crate::display::visible(&last.agency).into_owned();
        let place = format!("{agency} {} {}", last.year, last.rule);
        let key = self.key(Context::Browse, Action::Review);
        let words = self.lang.pick(
            format!("上次核查到 {place}，按 {key} 继续"),
            format!("{key} goes on with the review at {place}"),
        );
        self.notice = Some(words);
    }
}
