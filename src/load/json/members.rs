//! The members of a report other than its tables.
//!
//! Every departure from the schema is a problem with its line, and costs as little as it can: a member of the wrong
//! type is left unset, a figure becomes unreadable. Nothing is guessed: `"2024"` is no year, `"12"` is no figure.

use std::borrow::Cow;
use std::fmt::Arguments;

use super::read::{MAX_PROBLEMS, Source, quote};
use super::scan::{Fault, Kind, Scanner};
use super::tables::Mark;
use super::{OTHER_SCHEMAS, SCHEMA};
use crate::display::Untrusted;
use crate::report::{
    CELL_COUNT, CellId, KnownBy, Problem, ProblemCode, Report, Section, TableId, TemplateId,
};

/// The members of a report. The tables come first, in the order of [`TableId::ALL`].
const MEMBERS: [&str; 20] = [
    "proactive_disclosure",
    "requests",
    "reconsideration_and_litigation",
    "schema",
    "id",
    "title",
    "agency",
    "county",
    "county_code",
    "city",
    "province",
    "year",
    "template",
    "synthetic",
    "source",
    "sections",
    "cells",
    "problems",
    "agency_from",
    "year_from",
];
const TITLE: usize = 5;
const YEAR: usize = 11;

/// What an object turned out to be.
pub(super) enum Verdict {
    Report,
    /// Something else of ours.
    Other(&'static str),
    /// No report, and why.
    Unknown(String),
}

/// A report that is being read.
pub(super) struct Reader<'a> {
    source: &'a Source<'a>,
    pub(super) report: Report,
    /// The members that were there, a bit each.
    seen: u32,
    schema: Option<Untrusted>,
    has_wrong_schema: bool,
    /// What `cells` says of figures; applied when all members are known, whatever their order.
    pub(super) marks: Vec<Mark>,
    /// The cells that `cells` speaks of, a bit each.
    pub(super) marked: [u64; CELL_COUNT.div_ceil(64)],
    /// What stood in the place of a figure.
    pub(super) notes: Vec<(CellId, String)>,
    /// The problems that the object itself lists; they come after those of reading it.
    pub(super) stated: Vec<Problem>,
    unlisted: u32,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a Source<'a>, report: Report) -> Self {
        Self {
            source,
            report,
            seen: 0,
            schema: None,
            has_wrong_schema: false,
            marks: Vec::new(),
            marked: Default::default(),
            notes: Vec::new(),
            stated: Vec::new(),
            unlisted: 0,
        }
    }

    /// Notes a problem; `at` is the byte where it shows.
    pub(super) fn problem(&mut self, code: ProblemCode, place: Arguments<'_>, at: usize, detail: &str) {
        if self.report.problems.len() < MAX_PROBLEMS {
            let place = place.as_str().map_or_else(|| Cow::Owned(place.to_string()), Cow::Borrowed);
            self.report.problems.push(self.source.problem(code, &place, at, detail));
        } else {
            self.unlisted = self.unlisted.saturating_add(1);
        }
    }

    /// Passes a value of the wrong type and says so.
    pub(super) fn wrong_type<'j>(
        &mut self,
        scanner: &mut Scanner<'j>,
        place: Arguments<'_>,
        expected: &str,
    ) -> Result<&'j str, Fault> {
        scanner.kind()?;
        let at = scanner.at();
        let found = scanner.skip()?;
        self.problem(ProblemCode::WrongType, place, at, &format!("{expected}, not {}", quote(found)));
        Ok(found)
    }

    /// Passes a value that the schema does not know and says so.
    pub(super) fn unknown(
        &mut self,
        scanner: &mut Scanner<'_>,
        place: Arguments<'_>,
        at: usize,
    ) -> Result<(), Fault> {
        scanner.skip()?;
        self.problem(ProblemCode::UnknownField, place, at, "");
        Ok(())
    }

    /// Passes the second value of a member, of which the first stands, and says so.
    pub(super) fn second(
        &mut self,
        scanner: &mut Scanner<'_>,
        place: Arguments<'_>,
        at: usize,
    ) -> Result<(), Fault> {
        let value = scanner.skip()?;
        self.problem(
            ProblemCode::DuplicateKey,
            place,
            at,
            &format!("the first stands, not {}", quote(value)),
        );
        Ok(())
    }

    pub(super) fn member(&mut self, scanner: &mut Scanner<'_>, name: &str, at: usize) -> Result<(), Fault> {
        let Some(index) = MEMBERS.iter().position(|member| *member == name) else {
            return self.unknown(scanner, format_args!("{name}"), at);
        };
        let is_second = self.seen & 1 << index != 0;
        self.seen |= 1 << index;
        if let Some(table) = TableId::ALL.get(index) {
            return self.table(scanner, *table, is_second.then_some(at));
        }
        // The lists of two members can be joined; everything else can be said once only.
        if is_second && !matches!(name, "cells" | "problems") {
            return self.second(scanner, format_args!("{name}"), at);
        }
        if is_second {
            self.problem(ProblemCode::DuplicateKey, format_args!("{name}"), at, "both are read");
        }
        match name {
            "schema" => {
                self.has_wrong_schema = !matches!(scanner.kind()?, Kind::String | Kind::Null);
                self.schema = self.text(scanner, format_args!("schema"))?;
            }
            "id" => self.report.stated_id = self.text(scanner, format_args!("id"))?,
            "title" => self.report.title = self.text(scanner, format_args!("title"))?.unwrap_or_default(),
            "agency" => self.report.agency = self.text(scanner, format_args!("agency"))?.unwrap_or_default(),
            "county" => self.report.county = self.text(scanner, format_args!("county"))?,
            "county_code" => self.report.county_code = self.text(scanner, format_args!("county_code"))?,
            "city" => self.report.city = self.text(scanner, format_args!("city"))?,
            "province" => self.report.province = self.text(scanner, format_args!("province"))?,
            "year" => {
                self.report.year =
                    self.whole(scanner, format_args!("year"), "a year from 1990 to 2100", 1990..=2100)?;
            }
            "template" => self.template(scanner)?,
            "agency_from" => self.report.agency_from = self.known_by(scanner, "agency_from")?,
            "year_from" => self.report.year_from = self.known_by(scanner, "year_from")?,
            "synthetic" => {
                self.report.synthetic = self.boolean(scanner, format_args!("synthetic"))?.unwrap_or(false);
            }
            "source" => self.source_of(scanner)?,
            "sections" => self.sections(scanner)?,
            "cells" => self.cells(scanner)?,
            _ => self.problems(scanner)?,
        }
        Ok(())
    }

    /// A string; null stands for none.
    pub(super) fn text(
        &mut self,
        scanner: &mut Scanner<'_>,
        place: Arguments<'_>,
    ) -> Result<Option<Untrusted>, Fault> {
        match scanner.kind()? {
            Kind::String => Ok(Some(Untrusted::new(scanner.string()?.decode()))),
            Kind::Null => scanner.null().map(|()| None),
            _ => self.wrong_type(scanner, place, "a string").map(|_| None),
        }
    }

    /// `true` or `false`; null stands for none.
    pub(super) fn boolean(
        &mut self,
        scanner: &mut Scanner<'_>,
        place: Arguments<'_>,
    ) -> Result<Option<bool>, Fault> {
        match scanner.kind()? {
            Kind::Boolean => scanner.boolean().map(Some),
            Kind::Null => scanner.null().map(|()| None),
            _ => self.wrong_type(scanner, place, "true or false").map(|_| None),
        }
    }

    /// A whole number of a range, printed plainly; null stands for none.
    pub(super) fn whole<T: std::str::FromStr + PartialOrd>(
        &mut self,
        scanner: &mut Scanner<'_>,
        place: Arguments<'_>,
        expected: &str,
        range: std::ops::RangeInclusive<T>,
    ) -> Result<Option<T>, Fault> {
        match scanner.kind()? {
            Kind::Null => return scanner.null().map(|()| None),
            Kind::Number => {}
            _ => return self.wrong_type(scanner, place, expected).map(|_| None),
        }
        let at = scanner.at();
        let number = scanner.number()?;
        let value = number.parse().ok().filter(|value| range.contains(value));
        if value.is_none() {
            self.problem(ProblemCode::WrongType, place, at, &format!("{expected}, not {}", quote(number)));
        }
        Ok(value)
    }

    /// A line number; 0 for none.
    pub(super) fn line(&mut self, scanner: &mut Scanner<'_>, place: Arguments<'_>) -> Result<u32, Fault> {
        Ok(self.whole(scanner, place, "a line number", 0..=u32::MAX)?.unwrap_or(0))
    }

    fn template(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        scanner.kind()?;
        let at = scanner.at();
        let Some(name) = self.text(scanner, format_args!("template"))? else { return Ok(()) };
        self.report.template = TemplateId::parse(name.raw());
        if self.report.template.is_none() {
            let detail = format!("\"2019\" or \"2021\", not {}", quote(name.raw()));
            self.problem(ProblemCode::WrongType, format_args!("template"), at, &detail);
        }
        Ok(())
    }

    fn known_by(&mut self, scanner: &mut Scanner<'_>, place: &str) -> Result<Option<KnownBy>, Fault> {
        scanner.kind()?;
        let at = scanner.at();
        let Some(name) = self.text(scanner, format_args!("{place}"))? else { return Ok(None) };
        let known = KnownBy::parse(name.raw());
        if known.is_none() {
            let names = KnownBy::ALL.map(KnownBy::name).join(", ");
            let detail = format!("one of {names}, not {}", quote(name.raw()));
            self.problem(ProblemCode::WrongType, format_args!("{place}"), at, &detail);
        }
        Ok(known)
    }

    fn source_of(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        match scanner.kind()? {
            Kind::Object => {}
            Kind::Null => return scanner.null(),
            // Some writers give the name of the file alone.
            Kind::String => {
                self.report.source.file = self.text(scanner, format_args!("source"))?.unwrap_or_default();
                return Ok(());
            }
            _ => return self.wrong_type(scanner, format_args!("source"), "an object").map(drop),
        }
        let mut seen = Seen::of(&["file", "format", "sha256"]);
        scanner.object(|scanner, name, at| {
            let place = format_args!("source.{name}");
            match name {
                _ if seen.before(name) => self.second(scanner, place, at)?,
                "file" => self.report.source.file = self.text(scanner, place)?.unwrap_or_default(),
                "format" => self.report.source.format = self.text(scanner, place)?.unwrap_or_default(),
                "sha256" => self.report.source.sha256 = self.text(scanner, place)?.unwrap_or_default(),
                _ => self.unknown(scanner, place, at)?,
            }
            Ok(())
        })
    }

    fn sections(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        self.list(scanner, "sections", |reader, scanner, i| {
            let start = scanner.at();
            let mut section = Section {
                number: 0,
                title: Untrusted::default(),
                text: Untrusted::default(),
                line: 0,
                text_line: 0,
            };
            let mut seen = Seen::of(&["number", "title", "text", "line", "text_line"]);
            scanner.object(|scanner, name, at| {
                let place = format_args!("sections.{i}.{name}");
                match name {
                    _ if seen.before(name) => reader.second(scanner, place, at)?,
                    "number" => section.number = reader.whole(scanner, place, "0 to 6", 0..=6)?.unwrap_or(0),
                    "title" => section.title = reader.text(scanner, place)?.unwrap_or_default(),
                    "text" => section.text = reader.text(scanner, place)?.unwrap_or_default(),
                    "line" => section.line = reader.line(scanner, place)?,
                    "text_line" => section.text_line = reader.line(scanner, place)?,
                    _ => reader.unknown(scanner, place, at)?,
                }
                Ok(())
            })?;
            if !seen.has("number") {
                reader.problem(
                    ProblemCode::WrongType,
                    format_args!("sections.{i}.number"),
                    start,
                    "0 to 6, not missing",
                );
            }
            reader.report.sections.push(section);
            Ok(())
        })
    }

    /// What the object says was wrong in reading the document.
    fn problems(&mut self, scanner: &mut Scanner<'_>) -> Result<(), Fault> {
        self.list(scanner, "problems", |reader, scanner, i| {
            let mut problem = Problem {
                code: ProblemCode::Other(String::new()),
                at: Untrusted::default(),
                line: 0,
                detail: Untrusted::default(),
            };
            let mut message = None;
            let mut seen = Seen::of(&["code", "where", "line", "detail", "message"]);
            scanner.object(|scanner, name, at| {
                let place = format_args!("problems.{i}.{name}");
                match name {
                    _ if seen.before(name) => reader.second(scanner, place, at)?,
                    "code" => {
                        let code = reader.text(scanner, place)?.unwrap_or_default();
                        problem.code = ProblemCode::parse(code.raw());
                    }
                    "where" => problem.at = reader.text(scanner, place)?.unwrap_or_default(),
                    "line" => problem.line = reader.line(scanner, place)?,
                    "detail" => problem.detail = reader.text(scanner, place)?.unwrap_or_default(),
                    "message" => message = reader.text(scanner, place)?,
                    _ => reader.unknown(scanner, place, at)?,
                }
                Ok(())
            })?;
            // The message is code, place and detail in words; where there is no detail, it is all that is known.
            if !seen.has("detail") {
                problem.detail = message.unwrap_or_default();
            }
            reader.stated.push(problem);
            Ok(())
        })
    }

    /// Reads an array of objects; what is no object in it is passed.
    fn list(
        &mut self,
        scanner: &mut Scanner<'_>,
        name: &str,
        mut item: impl FnMut(&mut Self, &mut Scanner<'_>, usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        match scanner.kind()? {
            Kind::Array => scanner.array(|scanner, i| match scanner.kind()? {
                Kind::Object => item(self, scanner, i),
                _ => self.wrong_type(scanner, format_args!("{name}.{i}"), "an object").map(drop),
            }),
            Kind::Null => scanner.null(),
            _ => self.wrong_type(scanner, format_args!("{name}"), "an array").map(drop),
        }
    }

    fn has(&self, member: usize) -> bool {
        self.seen & 1 << member != 0
    }

    pub(super) fn verdict(&self) -> Verdict {
        let schema = self.schema.as_ref().map(Untrusted::raw);
        if let Some((_, what)) = OTHER_SCHEMAS.iter().find(|(name, _)| Some(*name) == schema) {
            return Verdict::Other(what);
        }
        if self.has_wrong_schema || schema.is_some_and(|schema| schema != SCHEMA) {
            return Verdict::Unknown(format!("an unknown schema: {}", quote(schema.unwrap_or("no string"))));
        }
        // A bare title and year are taken for a report only if they could be those of one.
        let is_named = match schema {
            Some(_) => self.has(TITLE) && self.has(YEAR),
            None => !self.report.title.is_empty() && self.report.year.is_some(),
        };
        let has_table = TableId::ALL.iter().zip(0..).any(|(_, member)| self.has(member));
        if has_table || is_named {
            return Verdict::Report;
        }
        Verdict::Unknown("an object with neither tables nor title and year".to_owned())
    }

    /// The report, if nothing was put into it, to be filled by the next.
    pub(super) fn unused(self) -> Option<Report> {
        (self.seen == 0).then(|| Report { problems: Vec::new(), ..self.report })
    }

    /// The report; `start` is the byte where its object begins.
    pub(super) fn finish(mut self, start: usize) -> Report {
        self.settle();
        for (member, code) in [(TITLE, ProblemCode::NoTitle), (YEAR, ProblemCode::NoYear)] {
            if !self.has(member) {
                self.report.problems.push(self.source.problem(code, MEMBERS[member], start, ""));
            }
        }
        if self.unlisted > 0 {
            let detail = self.unlisted.to_string();
            self.report.problems.push(self.source.problem(ProblemCode::MoreProblems, "", start, detail));
        }
        self.report.problems.append(&mut self.stated);
        self.report
    }
}

/// The members of a small object that occurred.
pub(super) struct Seen {
    names: &'static [&'static str],
    bits: u32,
}

impl Seen {
    /// None of `names` yet.
    pub(super) const fn of(names: &'static [&'static str]) -> Self {
        Self { names, bits: 0 }
    }

    /// Whether a member of that name occurred; never so for other names.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().position(|known| *known == name).is_some_and(|bit| self.bits & 1 << bit != 0)
    }

    /// Like [`Self::has`]; from now on it did.
    pub(super) fn before(&mut self, name: &str) -> bool {
        let Some(bit) = self.names.iter().position(|known| *known == name) else { return false };
        let had = self.bits & 1 << bit != 0;
        self.bits |= 1 << bit;
        had
    }
}
