//! `gouji review place` and `gouji review version`: what documents leave open, settled by hand.
//!
//! A county that does not have the name is taken, with a warning: the reviewer may know what the table does not. So is
//! what concerns no report: it may come with the next reading.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use clap::Args;
use gouji::corpus::choices::{Choice, Choices, agency_key, base_of, is_code};
use gouji::corpus::{Corpus, Flags};
use gouji::display::{self, Lang, visible};
use gouji::places::{self, Evidence};
use gouji::review::{Kind, Step};
use gouji::rules::Settings;
use serde::Serialize;

use super::{Format, Place, patiently, print};
use crate::commands::{Failure, say};

/// Which county an agency belongs to.
#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// The agency as `?COUNTY/AGENCY` (all its years), or the identifier of one report
    #[arg(required_unless_present = "list")]
    key: Option<String>,
    /// The county's code of GB/T 2260, six digits
    #[arg(required_unless_present_any = ["clear", "list"])]
    code: Option<String>,
    /// Leave it open again
    #[arg(long, conflicts_with = "code")]
    clear: bool,
    /// Print the agencies whose county is open with the counties that they may be from, and what is settled
    #[arg(long, conflicts_with_all = ["key", "clear"])]
    list: bool,
}

/// Which version stands for a year.
#[derive(Debug, Args)]
pub(crate) struct VersionArgs {
    /// The identifier of the report that stands for its year
    #[arg(required_unless_present = "clear")]
    id: Option<String>,
    /// Leave the year open again: what the identifiers of its versions have before `@`
    #[arg(long, value_name = "BASE", conflicts_with = "id")]
    clear: Option<String>,
}

/// Settles a place, or prints those that are settled.
pub(super) fn place(
    place: &Place<'_>,
    arguments: &PlaceArgs,
    settings: &dyn Fn() -> Result<Settings, Failure>,
) -> Result<u8, Failure> {
    let lang = place.lang;
    let Some(key) = &arguments.key else {
        let store = place.read_if_any()?;
        let corpus = place.reports(settings()?, store.as_ref())?;
        print(|out| {
            list_open(&corpus, out, lang)?;
            list_places(&corpus, place.knows_reports(), out, lang)
        })?;
        return Ok(0);
    };
    let mut key = key_of(key).ok_or_else(|| wrong_key(key, lang))?;
    let code = arguments.code.as_deref().unwrap_or_default();
    let is_county = || places::by_code(code).is_some_and(|place| place.county.is_some());
    if !(arguments.clear || is_code(code) && is_county()) {
        let shown = visible(code);
        return Err(Failure::Usage(lang.pick(
            format!("{shown}：不是县级行政区代码（六位数字，见 GB/T 2260）"),
            format!("{shown}: not the code of a county (six digits of GB/T 2260)"),
        )));
    }
    if place.knows_reports() {
        let corpus = place.reports(settings()?, place.read_if_any()?.as_ref())?;
        let warning = match found_as(&key, &corpus) {
            Some(Found::Open(open)) => {
                key = open;
                concerned(&key, &corpus, lang)
            }
            Some(Found::Settled) => Some(not_open(&key, lang)),
            None => concerned(&key, &corpus, lang),
        };
        if let Some(warning) = warning {
            say(&warning);
        }
    }
    if let Some(warning) = doubt(&key, code, lang) {
        say(&warning);
    }
    let about = about_place(&key, code, lang);
    record(place, &Step::place(&key, code, &about).map_err(|error| place.failure(&error))?)
}

/// Settles which version stands.
pub(super) fn version(
    place: &Place<'_>,
    arguments: &VersionArgs,
    settings: &dyn Fn() -> Result<Settings, Failure>,
) -> Result<u8, Failure> {
    let lang = place.lang;
    let (base, id) = match (&arguments.id, &arguments.clear) {
        (Some(id), _) => (base_of(id).ok_or_else(|| wrong_id(id, lang))?, id.as_str()),
        (None, base) => (base.as_deref().unwrap_or_default(), ""),
    };
    let about = match id {
        "" => lang.pick(format!("{base}：不再指定采用的版本"), format!("{base}: no version stands")),
        id => lang.pick(format!("{base}：采用版本 {id}"), format!("{base}: {id} stands")),
    };
    if place.knows_reports() && !id.is_empty() {
        let corpus = place.reports(settings()?, place.read_if_any()?.as_ref())?;
        let of_base = corpus.of_bases(&HashSet::from([base.to_owned()]));
        let found = of_base.into_iter().find(|report| corpus.id(*report).raw() == id);
        if found.is_none_or(|report| corpus.versions(report).is_empty()) {
            let shown = visible(id);
            say(&lang.pick(
                format!("注意：{shown} 不是所列年报中某一年度的版本；仍已保存"),
                format!("note: {shown} is no version of any report there; saved all the same"),
            ));
        }
    }
    record(place, &Step::version(base, id, &about).map_err(|error| place.failure(&error))?)
}

/// A report that is there by the identifier that somebody typed.
enum Found {
    /// Its place is open, or was said by hand: the identifier that it has while it is open, by which it is settled.
    Open(String),
    /// Its place is known from the document, or not even the name of its county is.
    Settled,
}

/// The report that has an identifier now, in whatever place it was put.
fn found_as(id: &str, corpus: &Corpus) -> Option<Found> {
    let (base, version) = id.rsplit_once('@')?;
    let of_base = corpus.of_bases(&HashSet::from([base.to_owned()])).into_iter();
    let report = of_base.filter(|report| alone(corpus.id(*report).raw()) == id).min()?;
    let summary = corpus.summary(report)?;
    if !(corpus.is_place_open(report) || summary.flags.has(Flags::PLACED)) {
        return Some(Found::Settled);
    }
    let [county, agency] = [summary.names.county, summary.names.agency].map(|name| corpus.names().raw(name));
    let year = if summary.year == 0 { "-".to_owned() } else { summary.year.to_string() };
    Some(Found::Open(format!("{}/{year}@{version}", agency_key(county, agency))))
}

/// An identifier without what tells it from others that say the same.
fn alone(id: &str) -> &str {
    match id.rsplit_once('~') {
        Some((alone, number)) if !number.contains(['@', '/']) => alone,
        _ => id,
    }
}

fn not_open(key: &str, lang: Lang) -> String {
    let key = visible(key);
    lang.pick(
        format!("注意：{key} 的县区不是待定的（文件已表明县区，或没有写县名），指定不起作用；仍已保存"),
        format!(
            "note: the county of {key} is not open (the document tells it, or names none): saved, without effect"
        ),
    )
}

/// How many reports a place is said of.
fn count_meant(key: &str, corpus: &Corpus) -> usize {
    let (agency, version) = key.rsplit_once('@').map_or((key, None), |(base, version)| (base, Some(version)));
    let is_meant = |report: &u32| {
        corpus.summary(*report).is_some_and(|summary| {
            let [county, name] =
                [summary.names.county, summary.names.agency].map(|id| corpus.names().raw(id));
            let of_agency = agency_key(county, name);
            let Some(version) = version else { return of_agency == agency };
            let year = if summary.year == 0 { "-".to_owned() } else { summary.year.to_string() };
            let is_year =
                agency.strip_prefix(&of_agency).and_then(|rest| rest.strip_prefix('/')) == Some(&year);
            // A report that has its place by now has another identifier, but the same version.
            is_year && alone(corpus.id(*report).raw()).rsplit('@').next() == Some(version)
        })
    };
    corpus.reports().filter(is_meant).count()
}

/// A warning where a place is said of other reports than one would think: of none, or of several that say the same.
fn concerned(key: &str, corpus: &Corpus, lang: Lang) -> Option<String> {
    let (n, is_of_one) = (count_meant(key, corpus), key.contains('@'));
    let key = visible(key);
    match n {
        0 => Some(lang.pick(
            format!("注意：所列年报中没有 {key}；仍已保存"),
            format!("note: there is no {key} among the reports; saved all the same"),
        )),
        2.. if is_of_one => Some(lang.pick(
            format!("注意：{n} 份年报内容相同，不能分别指定，一并归属"),
            format!("note: {n} reports say the same and cannot be told apart: all of them are placed"),
        )),
        _ => None,
    }
}

/// Prints the number and the name of what was saved, as deciding does.
fn record(place: &Place<'_>, step: &Step) -> Result<u8, Failure> {
    let store = place.open()?;
    let saved = patiently(|| store.record(step)).map_err(|error| place.failure(&error))?;
    print(|out| saved.events.iter().try_for_each(|(number, uuid)| writeln!(out, "{number} {uuid}")))?;
    Ok(0)
}

/// The agencies whose county is open, one a line: the key that settles it, the years, the counties.
fn list_open(corpus: &Corpus, out: &mut dyn Write, lang: Lang) -> io::Result<()> {
    let mut open: BTreeMap<String, (Vec<u16>, u32)> = BTreeMap::new();
    for report in corpus.reports().filter(|report| corpus.is_place_open(*report)) {
        let Some(summary) = corpus.summary(report) else { continue };
        let [county, agency] =
            [summary.names.county, summary.names.agency].map(|name| corpus.names().raw(name));
        open.entry(agency_key(county, agency)).or_insert_with(|| (Vec::new(), report)).0.push(summary.year);
    }
    for (key, (mut years, report)) in open {
        let n = years.len();
        years.sort_unstable();
        years.dedup();
        let year = |year: &u16| if *year == 0 { "????".to_owned() } else { year.to_string() };
        let years = years.iter().map(year).collect::<Vec<_>>().join(" ");
        let counties: Vec<String> = corpus.candidates(report).iter().map(of_county).collect();
        let counties = counties.join(lang.pick("、", ", "));
        let line = lang.pick(
            format!("待定  {key}  {years}（{n} 份）  {counties}"),
            format!("open  {key}  {years} ({n} reports)  {counties}"),
        );
        writeln!(out, "{}", visible(&line))?;
    }
    Ok(())
}

/// A county with its code.
fn of_county(place: &places::Place) -> String {
    format!("{} {}", place.code.unwrap_or_default(), place.parts().concat())
}

/// The places that are settled, one a line. What was said of a single report holds for what it said then: that it is
/// not there any more, or was corrected since, is said.
fn list_places(corpus: &Corpus, knows_reports: bool, out: &mut dyn Write, lang: Lang) -> io::Result<()> {
    corpus.choices().places.iter().try_for_each(|(key, choice)| {
        let is_gone = knows_reports && key.contains('@') && count_meant(key, corpus) == 0;
        let note = if is_gone {
            lang.pick(
                "  所列年报中没有该份（已更正或不在其中），不起作用",
                "  not among the reports (corrected, or not there): without effect",
            )
        } else {
            ""
        };
        let line = Settled::of(Kind::Place, key, choice).line(lang);
        writeln!(out, "{}", visible(&format!("{line}{note}")))
    })
}

/// All that is settled, one a line.
pub(super) fn list(choices: &Choices, out: &mut dyn Write, format: Format, lang: Lang) -> io::Result<()> {
    let of = |kind, table: &BTreeMap<String, Choice>, out: &mut dyn Write| {
        let mut lines = table.iter().map(|(key, choice)| Settled::of(kind, key, choice));
        lines.try_for_each(|line| line.write(out, format, lang))
    };
    of(Kind::Place, &choices.places, out)?;
    of(Kind::Version, &choices.versions, out)
}

/// What kind of thing a step is about, where it is no finding.
pub(super) fn word(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Place => lang.pick("归属", "place"),
        Kind::Version => lang.pick("版本", "version"),
        _ => lang.pick("备注", "note"),
    }
}

/// Something settled, on one line.
#[derive(Serialize)]
struct Settled<'a> {
    kind: &'static str,
    report: &'a str,
    value: &'a str,
    reviewer: &'a str,
    at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    otherwise: Option<Otherwise<'a>>,
    #[serde(skip)]
    word: Kind,
}

/// What another reviewer has settled it to.
#[derive(Serialize)]
struct Otherwise<'a> {
    value: &'a str,
    reviewer: &'a str,
    at: &'a str,
}

impl<'a> Settled<'a> {
    fn of(kind: Kind, key: &'a str, choice: &'a Choice) -> Self {
        let (value, reviewer, at) = (&choice.value, choice.reviewer.raw(), &choice.at);
        let otherwise = choice.otherwise.as_ref().map(|other| Otherwise {
            value: &other.value,
            reviewer: other.reviewer.raw(),
            at: &other.at,
        });
        Self { kind: kind.name(), report: key, value, reviewer, at, otherwise, word: kind }
    }

    fn write(&self, out: &mut dyn Write, format: Format, lang: Lang) -> io::Result<()> {
        if format == Format::Jsonl {
            return writeln!(out, "{}", display::escape_json(&serde_json::to_string(self)?));
        }
        writeln!(out, "{}", visible(&self.line(lang)))
    }

    fn line(&self, lang: Lang) -> String {
        let Self { report, value, reviewer, at, .. } = self;
        let mut line = format!("{}  {report}  {value}  {reviewer} {at}", word(self.word, lang));
        if let Some(Otherwise { value, reviewer, .. }) = &self.otherwise {
            line.push_str(&lang.pick(
                format!("  意见不一 {reviewer} {value}"),
                format!("  in conflict with {reviewer} {value}"),
            ));
        }
        line
    }
}

/// The key under which a place is settled: of an agency as it is normalised, of a report as it is.
fn key_of(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.contains('@') {
        // What says the same as another cannot be meant alone.
        return Some(alone(typed).to_owned());
    }
    let (county, agency) = typed.strip_prefix(['?', '？'])?.split_once('/')?;
    // Agencies of many counties have one name: without a county it says nothing.
    Some(agency_key(county, agency)).filter(|_| !agency.trim().is_empty() && !county.trim().is_empty())
}

fn wrong_key(key: &str, lang: Lang) -> Failure {
    let key = visible(key);
    Failure::Usage(lang.pick(
        format!("{key}：应为“?县名/单位”或年报编号（含 @）"),
        format!("{key}: neither ?COUNTY/AGENCY nor the identifier of a report, which has an @"),
    ))
}

fn wrong_id(id: &str, lang: Lang) -> Failure {
    let id = visible(id);
    Failure::Usage(lang.pick(
        format!("{id}：不是年报编号（编号含 @ 和版本）"),
        format!("{id}: not the identifier of a report, which has a version behind an @"),
    ))
}

/// The years that reports are on.
const YEARS: std::ops::RangeInclusive<u16> = 2008..=2035;

/// A warning where the table knows counties of the name, and the code is that of none of them.
fn doubt(key: &str, code: &str, lang: Lang) -> Option<String> {
    let county = key.strip_prefix('?')?.split('/').next()?;
    let found = places::find(&Evidence { agency: Some(county), ..Evidence::default() });
    let mut candidates: Vec<&'static str> =
        found.ambiguous.iter().filter_map(|place| place.code).chain(found.place.code).collect();
    // Reports of earlier years have the name of their time.
    let of_years = YEARS.flat_map(|year| places::candidates(county, None, None, Some(year)));
    candidates.extend(of_years.filter_map(|place| place.code));
    candidates.sort_unstable();
    candidates.dedup();
    let today = places::successor(code).and_then(|place| place.code);
    let is_one = |code: &str| candidates.contains(&code);
    if code.is_empty() || candidates.is_empty() || is_one(code) || today.is_some_and(is_one) {
        return None;
    }
    let (county, candidates) = (visible(county), candidates.join(lang.pick("、", ", ")));
    Some(lang.pick(
        format!("注意：名为“{county}”的县级行政区代码为 {candidates}，其中没有 {code}；仍按 {code} 保存"),
        format!("note: {county} is {candidates}, not {code}; saved as {code} all the same"),
    ))
}

fn about_place(key: &str, code: &str, lang: Lang) -> String {
    if code.is_empty() {
        return lang
            .pick(format!("{key}：不再指定所属县级行政区"), format!("{key}: the county is left open"));
    }
    let county = places::counties(u16::MAX).find(|county| county.code == Some(code));
    let mut parts = county.map_or_else(Vec::new, |at| [at.province, at.city, at.county].to_vec());
    // A municipality is its own city.
    parts.dedup();
    let name: String = parts.into_iter().flatten().collect();
    lang.pick(format!("{key}：归属 {code}{name}"), format!("{key}: belongs to {code} {name}"))
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_agencies_or_reports() {
        let cases = [
            ("?新县/教育局", Some("?新县/教育局")),
            (" ？新 县/教育局 ", Some("?新县/教育局")),
            ("?/教育局", None),
            ("?新县/教育局/2024@ab12~2", Some("?新县/教育局/2024@ab12")),
            ("?新县/教育局/2024@ab12", Some("?新县/教育局/2024@ab12")),
            ("411523/教育局/2024@ab12", Some("411523/教育局/2024@ab12")),
            ("?新县", None),
            ("?新县/ ", None),
            ("新县/教育局", None),
            ("411523/教育局/2024", None),
            ("", None),
        ];
        for (typed, want) in cases {
            assert_eq!(key_of(typed).as_deref(), want, "{typed:?}");
        }
    }

    #[test]
    fn a_code_of_another_county_is_doubted() {
        let cases = [
            ("?新县/教育局", "411523", false),
            ("?新县/教育局", "411524", true),
            ("?鼓楼区/教育局", "410204", false),
            ("?鼓楼区/教育局", "411523", true),
            // 邢台's 桥东区 had its code until 2020; 张家口's has its own.
            ("?桥东区/教育局", "130502", false),
            ("?桥东区/教育局", "130702", false),
            ("?桥东区/教育局", "411523", true),
            ("?孟津区/教育局", "410322", false),
            ("?岚阳县/教育局", "411523", false),
            ("411524/教育局/2024@ab12", "411523", false),
            ("?新县/教育局/2024@ab12", "411524", true),
            ("?新县/教育局", "", false),
        ];
        for (key, code, is_doubted) in cases {
            for lang in [Lang::Zh, Lang::En] {
                let doubt = doubt(key, code, lang);
                assert_eq!(doubt.is_some(), is_doubted, "{key} {code}: {doubt:?}");
            }
        }
    }

    #[test]
    fn what_was_settled_is_said_with_the_name_of_the_county() {
        let about = |code| about_place("?新县/教育局", code, Lang::Zh);
        assert_eq!(about("411523"), "?新县/教育局：归属 411523河南省信阳市新县");
        assert_eq!(about("110101"), "?新县/教育局：归属 110101北京市东城区");
        assert_eq!(about("999999"), "?新县/教育局：归属 999999");
        assert_eq!(about(""), "?新县/教育局：不再指定所属县级行政区");
    }
}
