//! Stores that travel: all events as lines of text, back from them, and two stores made one without losing either side.

use std::collections::HashMap;
use std::io::{self, BufRead, Read as _, Write};
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event::{Event, Flat, Uuid};
use super::open::{self, Access};
use super::store::Store;
use super::{MAX_NOTE, StoreError};
use crate::corpus::choices::is_code;
use crate::display::{self, Lang};

/// The names of the format, in the first line of a file: decisions and notes, and with what was settled by hand and the
/// codes of counties. Both are read, the second is written; a program that knows the first only refuses it by its name.
const SCHEMAS: [&str; 2] = ["gouji/reviews/1", "gouji/reviews/2"];

/// The longest line: every text of an event at its limit, each byte escaped.
const LONGEST_LINE: u64 = 8 * 6 * MAX_NOTE as u64;

/// The first line of a file.
#[derive(Serialize, Deserialize)]
struct Head {
    schema: String,
}

/// What was taken over from another store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Taken {
    /// Events that were not there.
    pub added: usize,
    /// Events that were there already.
    pub known: usize,
    /// Events that are here with another content; they stay as they are here.
    pub differing: usize,
}

impl Taken {
    /// The sentence for people.
    #[must_use]
    pub fn sentence(self, lang: Lang) -> String {
        let Self { added, known, differing } = self;
        let differs = match differing {
            0 => String::new(),
            n => lang.pick(
                format!("；{n} 条与本库同号而内容不同，保留本库内容"),
                format!("; {n} events differ from those of the same name here, which stay"),
            ),
        };
        lang.pick(
            format!("新增 {added} 条，已有 {known} 条{differs}"),
            format!("{added} events added, {known} known{differs}"),
        )
    }
}

impl Store {
    /// Writes every event as a line of JSON.
    pub fn export(&self, out: &mut dyn Write) -> io::Result<()> {
        // What earlier programs wrote is read, but they do not read what we write.
        let [_, schema] = SCHEMAS;
        let head = serde_json::to_string(&Head { schema: schema.to_owned() })?;
        writeln!(out, "{head}")?;
        for event in self.events() {
            let flat = Flat::from(&*event);
            let code = flat.report.as_deref().and_then(county_code).map(str::to_owned);
            let json = serde_json::to_string(&Flat { county_code: code, ..flat })?;
            writeln!(out, "{}", display::escape_json(&json))?;
        }
        Ok(())
    }

    /// Takes over the events of an export: all of them, or none if a line is wrong.
    pub fn import(&self, lines: impl BufRead) -> Result<Taken, StoreError> {
        self.take(&read_lines(lines)?)
    }

    /// Takes over the events of another store, which is only read.
    pub fn merge(&self, other: &Path) -> Result<Taken, StoreError> {
        let events = Self::read(other)?.events();
        let events: Vec<Event> = events.iter().map(|event| Event::clone(event)).collect();
        self.take(&events)
    }

    fn take(&self, events: &[Event]) -> Result<Taken, StoreError> {
        let own: HashMap<Uuid, Arc<Event>> = self.events().into_iter().map(|e| (e.uuid, e)).collect();
        let mut taken = Taken::default();
        for event in events {
            match own.get(&event.uuid) {
                Some(known) if **known == *event => taken.known += 1,
                Some(_) => taken.differing += 1,
                None => {}
            }
        }
        taken.added = self.add(events)?.len();
        Ok(taken)
    }
}

/// The code of the county in the identifier of a report, for joining with what has it as a member.
fn county_code(report: &str) -> Option<&str> {
    report.split('/').next().filter(|place| is_code(place))
}

fn read_lines(mut lines: impl BufRead) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    for number in 1.. {
        let bad = |reason: String| StoreError::BadLine { line: number, reason };
        let mut line = Vec::new();
        let read = lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        match read.map_err(|error| bad(error.to_string()))? {
            0 => break,
            n if n as u64 == LONGEST_LINE => return Err(bad("too long".to_owned())),
            _ => {}
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        if number == 1
            && let Ok(head) = serde_json::from_slice::<Head>(&line)
        {
            if !SCHEMAS.contains(&head.schema.as_str()) {
                return Err(bad(format!("a file of format {}, not {}", head.schema, SCHEMAS.join(" or "))));
            }
            continue;
        }
        let flat: Flat = serde_json::from_slice(&line).map_err(|error| bad(error.to_string()))?;
        events.push(flat.event().map_err(bad)?);
    }
    Ok(events)
}

/// Something that is wrong with a store.
#[derive(Debug)]
pub enum Fault {
    /// It cannot be read as a whole store.
    Unreadable(StoreError),
    /// Events that undo or redo a step that is not there, or that of another reviewer.
    Orphans(usize),
}

impl Fault {
    /// The sentence for people.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::Unreadable(error) => error.message(lang),
            Self::Orphans(n) => lang.pick(
                format!("{n} 条撤销或重做没有对应的步骤（可能还有别的审核库没有合并）"),
                format!("{n} events undo or redo a step that is not there (a store not yet merged?)"),
            ),
        }
    }
}

/// Looks at a store more closely than opening does, without changing it: what is wrong with it, and how many events
/// and decisions it holds.
#[must_use]
pub fn verify(path: &Path) -> (Vec<Fault>, usize, usize) {
    let look = || -> Result<(Vec<Fault>, usize, usize), StoreError> {
        let store = Store::read(path)?;
        let conn = open::connect(store.path(), Access::Read, false)?;
        match open::check(&conn, store.path(), true) {
            // Opening has found another way to read it and has looked at every page.
            Ok(()) | Err(StoreError::Io { .. } | StoreError::ReadOnly(_)) => {}
            Err(error) => return Err(error),
        }
        let faults = match store.orphans() {
            0 => Vec::new(),
            n => vec![Fault::Orphans(n)],
        };
        Ok((faults, store.events().len(), store.decisions().len()))
    };
    look().unwrap_or_else(|error| (vec![Fault::Unreadable(error)], 0, 0))
}
