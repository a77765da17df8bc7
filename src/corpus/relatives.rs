//! Reports that belong together: those of an agency over the years, and those of a county's agencies in a year.
//!
//! All of them are in one circle, the reports of a county under whatever name and code; where the county is not known,
//! the reports of an agency are a circle of their own. Circles are compared one by one, so that only one of them is in
//! memory, and no pair of reports is compared that does not share a group. Of several versions for a year only the one
//! that stands for it is compared with other years and other agencies.

use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::Choices;
use super::identity::{Entry, Facts, Names, base, base_in, id_of, place_of};
use super::log::Log;
use super::roll::{Library, Relation, Resolution, Roll};
use crate::display::Untrusted;
use crate::load::files::Flow;
use crate::load::ordered::in_order;
use crate::load::{Located, files, json};
use crate::places;
use crate::report::Report;
use crate::rules::versions::compare;
use crate::rules::{
    self, Digest, Finding, Group, Judged, Member, OtherVersion, Renamed, Series, Settings, Shared,
};

/// What is kept of a report for telling copies and versions, and for the rules across reports.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kin {
    /// First, so that they can be read alone.
    pub(super) facts: Facts,
    pub(super) agency: Untrusted,
    pub(super) county: Untrusted,
    /// What else names it in lists.
    pub(super) named: Named,
    pub(super) digest: Digest,
}

/// What names a report in lists, besides its agency, county and year.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Named {
    /// The place in its identifier.
    place: Untrusted,
    /// The title in its identifier, of one without agency.
    title: Untrusted,
    code: Option<Untrusted>,
    stated: Option<Untrusted>,
}

impl Kin {
    /// What is kept of a report, as bytes in some memory, which is empty.
    pub(super) fn pack(report: &Report, is_parsed: bool, judged: &[Judged], mut memory: Vec<u8>) -> Vec<u8> {
        let kin = Self {
            facts: Facts::of(report, is_parsed),
            agency: report.agency.clone(),
            county: report.county.clone().unwrap_or_default(),
            named: Named {
                place: place_of(&Names::of(report), report.year).into(),
                title: if report.agency.is_empty() { report.title.clone() } else { Untrusted::default() },
                code: report.county_code.clone(),
                stated: report.stated_id.clone(),
            },
            digest: rules::digest(report, judged),
        };
        // Most need about so much.
        memory.reserve(576);
        // Nothing in it can fail to be written.
        postcard::to_extend(&kin, memory).unwrap_or_default()
    }

    pub(super) fn unpack(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    /// The identifier of the report, and the report as far as lists name it.
    fn named(&self, ordinal: u32) -> (Untrusted, Report) {
        let Named { place, title, code, stated } = self.named.clone();
        let year = Some(self.digest.year).filter(|year| *year > 0);
        let base = base_in(place.raw(), self.agency.raw(), title.raw(), year);
        let report = Report {
            stated_id: stated,
            title,
            agency: self.agency.clone(),
            county: Some(self.county.clone()).filter(|county| !county.is_empty()),
            county_code: code,
            year,
            ..Report::default()
        };
        (id_of(&base, self.facts.version(), ordinal).into(), report)
    }

    /// The facts alone.
    pub(super) fn facts(bytes: &[u8]) -> Option<Facts> {
        postcard::take_from_bytes(bytes).ok().map(|(facts, _)| facts)
    }
}

/// Where the report of a document is to be had once more, to be compared word by word: its file and the report.
pub(super) type Reread<'a> = dyn Fn(u32) -> Option<(PathBuf, Report)> + Sync + 'a;

/// The reports of a circle with what is kept of them; no copies.
pub(super) struct Circle {
    members: Vec<(Relation, Kin)>,
    by_series: FxHashMap<u64, Vec<usize>>,
    /// Those that stand for a year, by the year and since when the place is what it is.
    by_year: FxHashMap<(u16, u16), Vec<usize>>,
}

impl Circle {
    /// A circle; `of_county` if its reports are those of one county.
    pub(super) fn new(members: Vec<(Relation, Kin)>, of_county: bool) -> Self {
        let mut circle = Self { members, by_series: FxHashMap::default(), by_year: FxHashMap::default() };
        for (i, (relation, _)) in circle.members.iter().enumerate() {
            if let Some(series) = relation.series {
                circle.by_series.entry(series).or_default().push(i);
            }
            if of_county && relation.year > 0 && relation.stands {
                circle.by_year.entry((relation.year, relation.since)).or_default().push(i);
            }
        }
        // What is said of several that are equal must not depend on the order in which they were read.
        let Self { members, by_series, by_year } = &mut circle;
        let key = |i: &usize| {
            members.get(*i).map(|(_, kin)| (kin.agency.raw(), kin.facts.version(), kin.facts.whole))
        };
        for list in by_series.values_mut().chain(by_year.values_mut()) {
            list.sort_by(|a, b| key(a).cmp(&key(b)));
        }
        circle
    }

    /// What is found in all its reports, report by report; only reports with findings are named. Without `reread`
    /// versions are only counted, not compared.
    pub(super) fn all_findings(
        &self,
        settings: &Settings,
        reread: Option<&Reread<'_>>,
    ) -> Vec<(u32, Vec<Finding>)> {
        let mut found: Vec<Vec<Finding>> = vec![Vec::new(); self.members.len()];
        for series in self.by_series.values().filter(|series| series.len() > 1) {
            for i in series {
                if let Some(found) = found.get_mut(*i) {
                    found.extend(self.beside_years(*i, settings, reread));
                }
            }
        }
        for members in self.by_year.values().filter(|members| members.len() > 1) {
            let group = self.group(members);
            for (at, i) in members.iter().enumerate() {
                if let Some(found) = found.get_mut(*i) {
                    found.extend(rules::check_agencies(&Shared { settings, group: &group, at }));
                }
            }
        }
        let named = self.members.iter().zip(found).filter(|(_, findings)| !findings.is_empty());
        named.map(|((relation, _), findings)| (relation.report, findings)).collect()
    }

    /// What is found in one of its reports.
    pub(super) fn findings(&self, report: u32, settings: &Settings, reread: &Reread<'_>) -> Vec<Finding> {
        let Some(own) = self.members.iter().position(|(relation, _)| relation.report == report) else {
            return Vec::new();
        };
        let mut findings = self.beside_years(own, settings, Some(reread));
        let year = self.members.get(own).map(|(relation, _)| (relation.year, relation.since));
        let members = year.and_then(|year| self.by_year.get(&year)).filter(|members| members.len() > 1);
        if let Some((members, at)) =
            members.and_then(|members| Some((members, members.iter().position(|i| *i == own)?)))
        {
            let group = self.group(members);
            findings.extend(rules::check_agencies(&Shared { settings, group: &group, at }));
        }
        findings
    }

    fn group(&self, members: &[usize]) -> Group<'_> {
        let members = members.iter().filter_map(|i| self.members.get(*i));
        Group::new(members.map(|(_, kin)| Member { agency: &kin.agency, digest: &kin.digest }).collect())
    }

    fn beside_years(&self, i: usize, settings: &Settings, reread: Option<&Reread<'_>>) -> Vec<Finding> {
        let Some((relation, own)) = self.members.get(i) else { return Vec::new() };
        let Some(series) = relation.series.and_then(|series| self.by_series.get(&series)) else {
            return Vec::new();
        };
        let of_year = |year: u16| {
            let others = series.iter().filter(move |j| **j != i).filter_map(|j| self.members.get(*j));
            others.filter(move |(r, _)| r.year == year && year > 0)
        };
        // Only what stands for its year is compared with the year before, and only with what stands for that.
        let last = relation.year.saturating_sub(1);
        let is_compared = relation.stands && !relation.is_open;
        let before = of_year(last).find(|(other, _)| other.stands).filter(|_| is_compared);
        let mut others: Vec<OtherVersion> = Vec::new();
        let mut files: Vec<Option<PathBuf>> = Vec::new();
        for (other, kin) in of_year(relation.year) {
            let (other, paths) = other_version(relation, (other, kin), reread);
            others.push(other);
            files.extend(paths.map_or([None, None], |paths| paths.map(Some)));
        }
        name_files(&mut others, &files, own.facts.version());
        let renamed = before.and_then(|(_, before)| {
            let [then, now] = [before, own].map(|kin| kin.named.code.as_ref().map(Untrusted::raw));
            let (then, now) = then.zip(now)?;
            // Where the code stayed, only the year of the change is that of a renaming.
            let is_now = |county: &places::Renaming| then != now || county.year == relation.year;
            let county = places::renaming(then, now).filter(is_now)?;
            Some(Renamed { agency: &before.agency, county })
        });
        let series = Series {
            settings,
            agency: &own.agency,
            now: &own.digest,
            before: before.map(|(_, kin)| &kin.digest),
            renamed,
            others: &others,
        };
        rules::check_years(&series)
    }
}

/// Another version for the year, with what differs, from the version that comes later to that which comes before it; and
/// the files of the own one and of the other.
fn other_version(
    own: &Relation,
    (other, kin): (&Relation, &Kin),
    reread: Option<&Reread<'_>>,
) -> (OtherVersion, Option<[PathBuf; 2]>) {
    let both = reread.and_then(|reread| Some((reread(own.report)?, reread(other.report)?)));
    let version = format!("{:06x}", kin.facts.version());
    let is_newer = other.rank < own.rank;
    let named = OtherVersion { version, stands: other.stands, is_newer, ..OtherVersion::default() };
    let Some(((own_path, own), (path, other))) = both else { return (named, None) };
    let difference = if is_newer { compare(&own, &other) } else { compare(&other, &own) };
    (OtherVersion { difference, ..named }, Some([own_path, path]))
}

/// Names the files of versions by so much of their paths as tells them apart, and by the version where one file has
/// several. `files` has for each the own file and that of the other.
fn name_files(others: &mut [OtherVersion], files: &[Option<PathBuf>], own_version: u32) {
    let paths: Vec<&Path> = files.iter().flatten().map(PathBuf::as_path).collect();
    let tail = |path: &Path, n: usize| -> String {
        let parts: Vec<_> = path.components().rev().take(n).map(Component::as_os_str).collect();
        let parts: PathBuf = parts.into_iter().rev().collect();
        parts.to_string_lossy().into_owned()
    };
    let different = |n: usize| paths.iter().map(|path| tail(path, n)).collect::<FxHashSet<_>>().len();
    let longest = paths.iter().map(|path| path.components().count()).max().unwrap_or(1);
    let all = different(longest);
    let n = (1..longest).find(|n| different(*n) == all).unwrap_or(longest);
    // Several versions in one file have one path.
    let is_shared = |file: &Path| {
        let others = files.iter().skip(1).step_by(2).flatten();
        let own = files.iter().flatten().next();
        own.into_iter().chain(others).filter(|other| other.as_path() == file).count() > 1
    };
    let name = |file: &Option<PathBuf>, version: &str| {
        file.as_ref().map_or_else(Untrusted::default, |file| {
            let mark = if is_shared(file) { format!("@{version}") } else { String::new() };
            format!("{}{mark}", tail(file, n)).into()
        })
    };
    for (other, both) in others.iter_mut().zip(files.chunks(2)) {
        if let [own, file] = both {
            other.own_file = name(own, &format!("{own_version:06x}"));
            other.file = name(file, &other.version);
        }
    }
}

/// A document for telling copies and versions, and for the rules across reports.
#[derive(Debug)]
pub struct Relative {
    entry: Entry,
    version: u32,
    kin: Vec<u8>,
}

impl Relative {
    /// The identifier of its report, which is given once more: see [`super::report_id`].
    #[must_use]
    pub fn id(&self, report: &Report) -> Untrusted {
        id_of(&base(report), self.version, 0).into()
    }

    /// The memory that it was put into, for the next one.
    #[must_use]
    pub fn into_memory(self) -> Vec<u8> {
        self.kin
    }
}

/// What is kept of a parsed report in a file.
#[must_use]
pub fn relative(path: &Path, report: &Report, judged: &[Judged], settings: &Settings) -> Relative {
    relative_in(path, report, true, judged, settings, Vec::new())
}

/// What is kept of the report of a document, or of a parsed copy of it, in some memory, whatever is in it.
#[must_use]
pub fn relative_in(
    path: &Path,
    report: &Report,
    is_parsed: bool,
    judged: &[Judged],
    settings: &Settings,
    mut memory: Vec<u8>,
) -> Relative {
    memory.clear();
    let entry = entry(path, report, settings);
    let kin = Kin::pack(report, is_parsed, judged, memory);
    Relative { entry, version: Kin::facts(&kin).map_or(0, |facts| facts.version()), kin }
}

/// A document as the roll knows it.
#[must_use]
pub fn entry(path: &Path, report: &Report, settings: &Settings) -> Entry {
    Entry::of(&Names::of(report), report.year, path, settings)
}

/// The bytes of a file that hold a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// Line in which it begins, from 1.
    pub line: u32,
    /// Whether all of it is in that line.
    pub is_one_line: bool,
}

impl Range {
    /// Where a report was read.
    #[must_use]
    pub const fn of(located: &Located) -> Self {
        let Located { offset, length, line, is_one_line, .. } = *located;
        Self { offset, length, line, is_one_line }
    }
}

/// Where a document is: its file, and the bytes in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Location {
    /// The file.
    pub path: PathBuf,
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// Line in which it begins, from 1.
    pub line: u32,
}

impl Location {
    /// The report there, read again; nothing if it is gone or another one.
    #[must_use]
    pub fn read(&self) -> Option<Located> {
        let bytes = files::raw_bytes(&self.path, self.offset, self.length).ok()?;
        let reading = files::read_bytes(&self.path, &bytes, self.offset, self.line);
        reading.reports.into_iter().next()
    }
}

/// Gives findings the lines at which their figures and words stand in the file that a report was read from. The lines
/// that a parsed report states are those of another document.
pub fn cite(findings: &mut [Finding], path: &Path, located: &Located) {
    if !located.is_parsed {
        for finding in findings.iter_mut().filter(|finding| finding.line.is_none()) {
            finding.line = finding.cells().into_iter().find_map(|cell| located.report.line_of(cell));
        }
        return;
    }
    if findings.is_empty() {
        return;
    }
    // What is on one line need not be looked into.
    let whole = || files::raw_bytes(path, located.offset, located.length).ok();
    let lines = if located.is_one_line { None } else { whole().map(|bytes| json::member_lines(&bytes)) };
    let section = |number: u8| {
        let index = located.report.sections.iter().position(|section| section.number == number)?;
        lines.as_ref()?.section(index)
    };
    for finding in findings {
        let cells = finding.cells();
        let quoted = finding.observation().and_then(|seen| seen.quote.as_ref()).map(|quote| quote.section);
        let of_cell = || cells.iter().find_map(|cell| lines.as_ref()?.cell(*cell));
        let offset = quoted.map_or_else(of_cell, section).unwrap_or(0);
        finding.move_to_line(located.line + offset);
    }
}

/// The documents of one run in the order in which they were read.
#[derive(Debug, Default)]
pub struct Relatives {
    roll: Roll,
    /// Where what is kept of each is in the log; where the document is and its note follow.
    places: Vec<u64>,
    log: Log,
    files: Vec<PathBuf>,
    choices: Choices,
}

/// What became of the documents of a run.
#[derive(Debug)]
pub struct Resolved(Resolution);

impl Resolved {
    /// Whether a document is another one of a report that is shown by a better document.
    #[must_use]
    pub fn is_copy(&self, document: u32) -> bool {
        self.0.is_copy(document)
    }

    /// The place of a report among those whose identifiers would be equal, where it is not the first.
    #[must_use]
    pub fn ordinal(&self, document: u32) -> Option<u32> {
        self.0.ordinals.get(&document).copied()
    }

    /// How many documents are copies.
    #[must_use]
    pub fn copies(&self) -> usize {
        self.0.copies.values().map(Vec::len).sum()
    }
}

/// The documents of a run that may be copies or versions of each other, which are read again to tell.
#[derive(Debug)]
pub struct Register {
    of_one_place: FxHashSet<u64>,
    choices: Choices,
    roll: Roll,
    documents: Vec<(u32, Location)>,
}

/// What became of those documents.
#[derive(Debug)]
pub struct Registered {
    copies: FxHashSet<u32>,
    other_versions: FxHashSet<u32>,
}

impl Registered {
    /// Whether a document is another one of a report that is shown by a better document.
    #[must_use]
    pub fn is_copy(&self, document: u32) -> bool {
        self.copies.contains(&document)
    }

    /// Whether a report stands for its year where others are compared with it.
    #[must_use]
    pub fn stands(&self, document: u32) -> bool {
        !self.is_copy(document) && !self.other_versions.contains(&document)
    }

    /// How many documents are copies.
    #[must_use]
    pub fn copies(&self) -> usize {
        self.copies.len()
    }
}

impl Register {
    /// An empty one; the folders are those whose documents are all from one place, as far as their places are known.
    #[must_use]
    pub fn new(of_one_place: FxHashSet<u64>, choices: Choices) -> Self {
        Self { of_one_place, choices, roll: Roll::default(), documents: Vec::new() }
    }

    /// Adds a document by its number.
    pub fn add(&mut self, document: u32, entry: &Entry, location: Location) {
        self.roll.add(entry);
        self.documents.push((document, location));
    }

    /// Equal for reports of one agency; nothing where it is not known which those are.
    #[must_use]
    pub fn series_of(&self, entry: &Entry) -> Option<u64> {
        let is_sure = entry.circle.is_some() || self.of_one_place.contains(&entry.folder);
        entry.agency().filter(|_| is_sure)
    }

    /// Tells copies and versions.
    #[must_use]
    pub fn resolve(&self) -> Registered {
        let resolution = self.roll.resolve_within(self.of_one_place.clone(), self, &self.choices);
        let having = |is: &dyn Fn(u32) -> bool| {
            let documents = (0..).zip(&self.documents).filter(|(i, _)| is(*i));
            documents.map(|(_, (document, _))| *document).collect()
        };
        Registered {
            copies: having(&|i| resolution.is_copy(i)),
            other_versions: having(&|i| !resolution.is_copy(i) && !resolution.stands(i)),
        }
    }

    fn located(&self, document: u32) -> Option<Located> {
        let mut located = self.documents.get(document as usize)?.1.read()?;
        super::settle(&mut located.report, &self.choices);
        Some(located)
    }
}

impl Library for Register {
    fn facts(&self, document: u32) -> Option<Facts> {
        self.located(document).map(|located| Facts::of(&located.report, located.is_parsed))
    }

    fn path(&self, document: u32) -> PathBuf {
        self.documents.get(document as usize).map(|(_, at)| at.path.clone()).unwrap_or_default()
    }

    fn read(&self, document: u32) -> Option<Report> {
        self.located(document).map(|located| located.report)
    }
}

/// A report in which something was found beside others.
#[derive(Debug)]
pub struct Reported<'a> {
    /// The number of the document that it is shown by.
    pub document: u32,
    /// The note that was added with it.
    pub note: &'a [u8],
    /// Its identifier.
    pub id: Untrusted,
    /// The report as far as lists name it.
    pub report: Report,
    /// The file that it was read from.
    pub path: PathBuf,
}

/// What is made of the findings of a report, on any thread.
pub type Work<'w, T> = dyn Fn(Reported<'_>, Vec<Finding>) -> T + Sync + 'w;
/// What takes over what was made.
pub type Sink<'s, T, E> = dyn FnMut(T) -> Result<(), E> + 's;

/// Circles that a core takes at once.
const AT_ONCE: usize = 4;

impl Relatives {
    /// Documents that are kept in a file in a folder when they are many.
    #[must_use]
    pub fn within(folder: Option<PathBuf>, choices: Choices) -> Self {
        Self { log: Log::within(folder), choices, ..Self::default() }
    }

    /// Adds the next document, with a note that comes back with its findings.
    pub fn add(&mut self, relative: &Relative, path: &Path, range: Range, note: &[u8]) {
        if self.files.last().is_none_or(|last| last != path) {
            self.files.push(path.to_owned());
        }
        self.roll.add(&relative.entry);
        self.places.push(self.log.append(&relative.kin));
        let file = self.files.len() as u64 - 1;
        let is_one_line = u64::from(range.is_one_line) << 63;
        let place = [file << 32 | u64::from(range.line), range.offset, range.length | is_one_line];
        let _ = self.log.append_parts(&[bytemuck::cast_slice(&place), note]);
    }

    /// Tells copies and versions.
    #[must_use]
    pub fn resolve(&self) -> Resolved {
        Resolved(self.roll.resolve(self, &self.choices))
    }

    /// The three pieces of a document.
    fn kin_bytes(&self, document: u32) -> Option<(Vec<u8>, u64)> {
        let at = *self.places.get(document as usize)?;
        let kin = self.log.get(at)?;
        let behind = at + HEAD + kin.len() as u64;
        Some((kin, behind))
    }

    /// Where a document is, whether it is all in one line, and its note.
    fn location_and_note(&self, behind: u64) -> Option<(Location, bool, Vec<u8>)> {
        let mut piece = self.log.get(behind)?;
        let mut place = [0_u64; 3];
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut place);
        bytes.copy_from_slice(piece.get(..bytes.len())?);
        piece.drain(..bytes.len());
        let [file, offset, length] = place;
        let path = self.files.get((file >> 32) as usize)?.clone();
        let (is_one_line, length) = (length >> 63 == 1, length & (u64::MAX >> 1));
        Some((Location { path, offset, length, line: file as u32 }, is_one_line, piece))
    }

    /// Where a document is.
    #[must_use]
    pub fn location(&self, document: u32) -> Option<Location> {
        let (_, behind) = self.kin_bytes(document)?;
        self.location_and_note(behind).map(|(location, ..)| location)
    }

    /// Gives findings the lines of the document that they are cited from; see [`cite`].
    pub fn cite(&self, document: u32, findings: &mut [Finding]) {
        let Some((kin, behind)) = self.kin_bytes(document) else { return };
        let is_parsed = Kin::facts(&kin).is_some_and(|facts| facts.is_parsed());
        let Some((location, is_one_line, _)) = self.location_and_note(behind) else { return };
        if is_parsed && is_one_line {
            for finding in findings.iter_mut() {
                finding.move_to_line(location.line);
            }
            return;
        }
        let asks = |finding: &Finding| is_parsed || (finding.line.is_none() && !finding.cells().is_empty());
        if findings.iter().any(asks)
            && let Some(located) = location.read()
        {
            cite(findings, &location.path, &located);
        }
    }

    /// Compares all reports with each other, and hands over what `work` makes of that, circle by circle.
    ///
    /// # Errors
    /// What `sink` gives; nothing more is handed over then.
    pub fn each<T: Send, E>(
        &self,
        resolved: &Resolved,
        settings: &Settings,
        work: &Work<'_, T>,
        sink: &mut Sink<'_, T, E>,
    ) -> Result<(), E> {
        let circle = |document: u32| {
            (!resolved.is_copy(document)).then(|| self.roll.circle(document, &resolved.0)).flatten()
        };
        let documents =
            (0..self.roll.len() as u32).filter_map(|document| Some((circle(document)?, document)));
        let mut sorted: Vec<((u64, bool), u32)> = documents.collect();
        sorted.par_sort_unstable();
        let mut circles: Vec<&[((u64, bool), u32)]> =
            sorted.chunk_by(|a, b| a.0 == b.0).filter(|circle| circle.len() > 1).collect();
        // Those come first whose first report was read first.
        circles.sort_by_key(|circle| circle.first().map(|(_, document)| *document));
        let mut some = circles.chunks(AT_ONCE);
        let made_of = |circles: &[&[((u64, bool), u32)]]| -> Vec<T> {
            circles.iter().flat_map(|circle| self.compare(circle, resolved, settings, work)).collect()
        };
        let mut handed = Ok(());
        let hand_over = |made: Vec<T>| {
            handed = made.into_iter().try_for_each(&mut *sink);
            if handed.is_ok() { Flow::Go } else { Flow::Stop }
        };
        in_order(|| some.next(), made_of, hand_over);
        handed
    }

    fn compare<T>(
        &self,
        circle: &[((u64, bool), u32)],
        resolved: &Resolved,
        settings: &Settings,
        work: &Work<'_, T>,
    ) -> Vec<T> {
        let of_county = circle.first().is_some_and(|((_, of_county), _)| *of_county);
        let member = |(_, document): &((u64, bool), u32)| {
            let (kin, behind) = self.kin_bytes(*document)?;
            Some(((self.roll.relation(*document, &resolved.0)?, Kin::unpack(&kin)?), behind))
        };
        let (members, behind): (Vec<_>, Vec<u64>) = circle.iter().filter_map(member).unzip();
        let reread = |document: u32| {
            let location = self.location(document)?;
            let report = location.read()?.report;
            Some((location.path, report))
        };
        let circle = Circle::new(members, of_county);
        // Few reports have findings, and only they are named.
        let reported = |(document, findings): (u32, Vec<Finding>)| {
            let at = circle.members.binary_search_by_key(&document, |(relation, _)| relation.report).ok()?;
            let (_, kin) = circle.members.get(at)?;
            let (location, _, note) = self.location_and_note(*behind.get(at)?)?;
            let (id, report) = kin.named(resolved.ordinal(document).unwrap_or(0));
            Some(work(Reported { document, note: &note, id, report, path: location.path }, findings))
        };
        circle.all_findings(settings, Some(&reread)).into_iter().filter_map(reported).collect()
    }
}

impl Library for Relatives {
    fn facts(&self, document: u32) -> Option<Facts> {
        self.kin_bytes(document).and_then(|(kin, _)| Kin::facts(&kin))
    }

    fn path(&self, document: u32) -> PathBuf {
        self.location(document).map(|location| location.path).unwrap_or_default()
    }

    fn read(&self, document: u32) -> Option<Report> {
        let mut report = self.location(document)?.read()?.report;
        super::settle(&mut report, &self.choices);
        Some(report)
    }
}

/// Bytes before each piece of the log.
const HEAD: u64 = super::log::HEAD as u64;
