//! What a reviewer settles by hand about the report that is open: which of several counties its agency belongs to, and
//! which version stands for the year.

use std::collections::BTreeSet;

use super::keymap::{Action, Context};
use super::prompt::Answer;
use super::session::Session;
use crate::corpus::choices::{agency_key, base_of, plain_name};
use crate::corpus::{Choice, OpenReport};
use crate::display::{self, Lang};
use crate::places::{self, Place};
use crate::review::{Step, StoreError};

/// The question which county an agency belongs to.
#[derive(Debug)]
pub struct PlaceQuestion {
    /// The counties, each with its code; an empty code leaves it open again.
    options: Vec<(String, String)>,
    /// The one under the cursor.
    at: usize,
    /// Whether only the report that is open is meant, not its agency in all years.
    is_alone: bool,
    county: String,
    agency: String,
    /// The identifier that the report has while its place is open.
    id: String,
    /// The years of the agency's reports.
    years: BTreeSet<u16>,
    /// How many reports these are.
    reports: usize,
}

/// The choice by which a report was placed, with the key that it has.
pub(super) fn placed_by<'a>(open: &OpenReport, session: &'a Session) -> Option<(&'a String, &'a Choice)> {
    let report = &open.report;
    if !report.is_placed_by_hand {
        return None;
    }
    let county = report.county.as_ref().map_or("", |county| county.raw());
    let places = &session.corpus.choices().places;
    let version = open.id.raw().rsplit_once('@').map(|(_, version)| version);
    let key = agency_key(county, report.agency.raw());
    let open_base = format!("{key}/");
    let is_of_report = |key: &str| {
        key.starts_with(&open_base) && key.rsplit_once('@').map(|(_, version)| version) == version
    };
    let of_report = places.iter().find(|(key, _)| is_of_report(key));
    of_report.or_else(|| places.get_key_value(&key))
}

/// Where the place of a report is not from its document: the counties that it may be from, or the one that a reviewer
/// has said, with who said it and when; separated and without signs, so that a voice can read it.
pub(super) fn of_place(open: &OpenReport, session: &Session) -> Option<String> {
    let lang = session.lang;
    if let Some((_, choice)) = placed_by(open, session) {
        let (who, day) = (choice.reviewer.visible(), choice.at.split('T').next().unwrap_or_default());
        let day = display::visible(day);
        let otherwise = choice.otherwise.as_ref().map_or_else(String::new, |other| {
            let (who, code) = (other.reviewer.visible(), display::visible(&other.value));
            lang.pick(format!("；意见不一：{who} 指定为 {code}"), format!("; {who} says otherwise: {code}"))
        });
        return Some(lang.pick(
            format!("县区由人工指定（{who}，{day}）{otherwise}"),
            format!("the county was said by hand ({who}, {day}){otherwise}"),
        ));
    }
    let found = session.corpus.candidates(open.index);
    let of_county = |place: &Place| {
        let code = place.code.unwrap_or_default();
        format!("{} {code}", place.parts().join(" "))
    };
    let counties: Vec<String> = found.iter().map(of_county).collect();
    let counties = counties.join(lang.pick("、", ", "));
    (!found.is_empty()).then(|| {
        lang.pick(
            format!("县区待定，可能是：{counties}"),
            format!("the county is open, it may be: {counties}"),
        )
    })
}

/// The identifier of the version that somebody has chosen to stand for the year of a report.
fn chosen_version(report: u32, session: &Session) -> Option<&str> {
    let corpus = &session.corpus;
    let bases: Vec<String> = corpus.versions(report).iter().map(|version| corpus.id_base(*version)).collect();
    corpus.choices().version_of_any(bases.iter().map(String::as_str))
}

/// Which version a report is, where its year has several: its number among them and whether it stands for the year,
/// and the files of the others.
pub(super) fn of_versions(open: &OpenReport, session: &Session) -> Option<String> {
    let (lang, corpus) = (session.lang, &session.corpus);
    let versions = corpus.versions(open.index);
    let at = versions.iter().position(|version| *version == open.index)?;
    let all = versions.len();
    let others = versions.iter().filter(|version| **version != open.index);
    let files: Vec<String> = others
        .filter_map(|version| corpus.location(*version))
        .map(|location| display::visible(&location.path.to_string_lossy()).into_owned())
        .collect();
    let files = files.join(lang.pick("、", ", "));
    let by_hand = chosen_version(open.index, session).is_some();
    let stands = match (at, by_hand) {
        (0, false) => lang.pick("以此代表该年度", "it stands for the year"),
        (0, true) => lang.pick("经人工指定代表该年度", "by hand it stands for the year"),
        _ => lang.pick("不代表该年度", "it does not stand for the year"),
    };
    Some(lang.pick(
        format!("同一年度共 {all} 个版本，此为第 {} 个，{stands}；另见 {files}", at + 1),
        format!("version {} of {all} for the year, {stands}; the others: {files}", at + 1),
    ))
}

impl PlaceQuestion {
    /// The question for the report that is open.
    ///
    /// # Errors
    /// Why there is nothing to ask, in words.
    pub(super) fn new(session: &Session) -> Result<Self, String> {
        let lang = session.lang;
        let nothing = || {
            lang.pick("该报告的县区没有歧义，无需指定", "the county of this report is known: nothing to say")
                .to_owned()
        };
        let open = session.open_report().ok_or_else(nothing)?;
        let report = &open.report;
        let county = report.county.as_ref().map_or("", |county| county.raw()).to_owned();
        let found = if report.is_placed_by_hand {
            places::candidates(&county, None, None, report.year)
        } else {
            session.corpus.candidates(open.index)
        };
        if found.len() < 2 {
            let is_unknown = report.county_code.is_none() && county.is_empty();
            return Err(if is_unknown {
                let words = "该报告的县区未知，没有候选可供指定";
                lang.pick(words, "the county of this report is unknown: there is nothing to choose from")
                    .to_owned()
            } else {
                nothing()
            });
        }
        let mut options: Vec<(String, String)> = found
            .iter()
            .filter_map(|place| Some((place.code?.to_owned(), place.parts().join(" "))))
            .collect();
        let placed = placed_by(open, session);
        if placed.is_some() {
            options.push((String::new(), lang.pick("恢复待定", "leave it open again").to_owned()));
        }
        let at = placed.and_then(|(_, choice)| options.iter().position(|(code, _)| *code == choice.value));
        let agency = report.agency.raw().to_owned();
        let years = reports_of(&county, &agency, session);
        let version = open.id.raw().rsplit_once('@').map_or("", |(_, version)| version);
        let year = report.year.map_or_else(|| "-".to_owned(), |year| year.to_string());
        let id = format!("{}/{year}@{version}", agency_key(&county, &agency));
        let is_alone = placed.is_some_and(|(key, _)| key.contains('@'));
        Ok(Self {
            options,
            at: at.unwrap_or(0),
            is_alone,
            county,
            agency,
            id,
            reports: years.len(),
            years: years.into_iter().collect(),
        })
    }

    /// Whether it says the same as other reports, so that it cannot be meant alone.
    fn has_doubles(&self) -> bool {
        self.id.rsplit('@').next().is_some_and(|version| version.contains('~'))
    }

    /// Takes a key.
    pub(super) fn key(&mut self, code: ratatui::crossterm::event::KeyCode, session: &mut Session) -> Answer {
        use ratatui::crossterm::event::KeyCode;
        let last = self.options.len().saturating_sub(1);
        match code {
            KeyCode::Up | KeyCode::Char('k') => self.at = self.at.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => self.at = (self.at + 1).min(last),
            KeyCode::Tab if !self.has_doubles() => self.is_alone = !self.is_alone,
            KeyCode::Char(c @ '1'..='9') if (c as usize - '1' as usize) <= last => {
                self.at = c as usize - '1' as usize;
                return self.settle(session);
            }
            KeyCode::Enter => return self.settle(session),
            _ => {}
        }
        Answer::Waiting
    }

    fn settle(&self, session: &mut Session) -> Answer {
        let Some((code, place)) = self.options.get(self.at) else { return Answer::Waiting };
        let agency_key = agency_key(&self.county, &self.agency);
        let key = if self.is_alone { &self.id } else { &agency_key };
        let lang = session.lang;
        let about = format!("{}：{place}", self.agency);
        let words = if code.is_empty() {
            lang.pick("县区恢复待定", "the county is open again").to_owned()
        } else {
            lang.pick(format!("县区指定为 {place}"), format!("placed in {place}"))
        };
        let saved = session.settle_by_hand(|| Step::place(key, code, &about), &words);
        if saved { Answer::Dropped } else { Answer::Waiting }
    }

    /// The title, the options, and which of them is under the cursor.
    pub(super) fn lines(&self, lang: Lang) -> (String, Vec<String>, usize) {
        let agency = display::visible(&self.agency).into_owned();
        let year = |year: &u16| if *year == 0 { "????".to_owned() } else { year.to_string() };
        let years = self.years.iter().map(year).collect::<Vec<_>>().join(" ");
        let n = self.reports;
        let title = if self.is_alone {
            lang.pick(
                format!("{agency} 的这一份报告属于哪个县区"),
                format!("which county this one report of {agency} is from"),
            )
        } else {
            lang.pick(
                format!("{agency}（各年度共 {n} 份：{years}）属于哪个县区"),
                format!("which county {agency} is from ({n} reports: {years})"),
            )
        };
        let option = |(i, (code, place)): (usize, &(String, String))| {
            let code = if code.is_empty() { String::new() } else { format!("  {code}") };
            format!(" {} {place}{code}", i + 1)
        };
        let mut lines: Vec<String> = self.options.iter().enumerate().map(option).collect();
        if self.has_doubles() {
            let words = lang.pick(
                " 另有年报内容与此相同，不能只指定这一份",
                " others say the same: this one cannot be placed alone",
            );
            lines.push(words.to_owned());
        }
        lines.push(
            lang.pick(
                " 1-9 或 Enter 选定  Tab 各年度/仅此份  Esc 取消",
                " 1-9 or Enter  Tab all years/this one  Esc drops",
            )
            .to_owned(),
        );
        (title, lines, self.at)
    }
}

/// The years of all reports of an agency by that name in counties of that name.
fn reports_of(county: &str, agency: &str, session: &Session) -> Vec<u16> {
    let corpus = &session.corpus;
    let (county, agency) = (plain_name(county), plain_name(agency));
    let is_meant = |report: &u32| {
        corpus.summary(*report).is_some_and(|summary| {
            let [of_county, of_agency] =
                [summary.names.county, summary.names.agency].map(|name| corpus.names().raw(name));
            plain_name(of_county) == county && plain_name(of_agency) == agency
        })
    };
    let areas = corpus.areas_named(&county).collect::<Vec<_>>();
    let mut reports: Vec<u32> =
        areas.into_iter().flat_map(|area| corpus.of_area(area)).filter(is_meant).collect();
    reports.sort_unstable();
    reports.dedup();
    reports.into_iter().filter_map(|report| Some(corpus.summary(report)?.year)).collect()
}

impl Session {
    /// Records what a reviewer settled by hand; whether it was saved.
    pub(super) fn settle_by_hand(
        &mut self,
        step: impl FnOnce() -> Result<Step, StoreError>,
        words: &str,
    ) -> bool {
        let lang = self.lang;
        let saved = self.reviews.open(lang).and_then(|store| {
            let step = step().map_err(|error| error.message(lang))?;
            store.record(&step).map_err(|error| error.message(lang))
        });
        match saved {
            Ok(_) => {
                self.reviews.made += 1;
                self.wants_choices = true;
                let undo = self.key(Context::Global, Action::Undo);
                let undo = lang.pick(format!("，{undo} 撤销"), format!("; {undo} undoes it"));
                self.notice = Some(format!("{words}{undo}"));
                true
            }
            Err(reason) => {
                self.notice = Some(format!("{}{reason}", lang.pick("没有保存：", "not saved: ")));
                false
            }
        }
    }

    /// Makes the version that is open stand for its year, or leaves that to the dates again.
    pub(super) fn choose_version(&mut self) {
        let lang = self.lang;
        let Some(open) = self.open_report().cloned() else { return };
        let versions = self.corpus.versions(open.index);
        if versions.len() < 2 {
            let words = lang.pick("该单位该年度只有一个版本", "there is only one version for this year");
            self.notice = Some(words.to_owned());
            return;
        }
        let Some(base) = base_of(open.id.raw()).map(str::to_owned) else { return };
        let stands = versions.first() == Some(&open.index);
        let chosen = chosen_version(open.index, self).is_some_and(|id| id == open.id.raw());
        let (id, words) = match (stands, chosen) {
            (_, true) => (
                String::new(),
                lang.pick("代表该年度的版本改由日期决定", "the dates tell again which version stands"),
            ),
            (true, false) => {
                let words = lang.pick("该版本已代表该年度", "this version stands for the year already");
                self.notice = Some(words.to_owned());
                return;
            }
            (false, false) => (
                open.id.raw().to_owned(),
                lang.pick("改由此版本代表该年度", "this version stands for the year now"),
            ),
        };
        let about = format!("{} {}", open.report.agency.raw(), open.report.year.unwrap_or(0));
        self.settle_by_hand(|| Step::version(&base, &id, &about), words);
    }
}
