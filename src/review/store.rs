//! The store of a corpus: events go in through one writer, everybody's events come out folded.
//!
//! What [`Store::record`] returns `Ok` for is committed and synced. Reading the state never waits for a writer.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use super::adopt::Heir;
use super::event::{Decision, Event, Flat, Kind, Uuid, now};
use super::fold::Fold;
use super::key::{FindingKey, Subject};
use super::locate::Location;
use super::open::{self, Access, FileIdentity, Notice};
use super::state::{Counts, State};
use super::step::{Saved, Step};
use super::{MAX_NAME, StoreError, default_reasons};
use crate::corpus::choices::Choices;
use crate::display::{Lang, Untrusted};
use crate::load::mounts::is_network;

/// What all threads see.
#[derive(Debug, Default)]
struct Shared {
    fold: Fold,
    /// The number of the last event that was read.
    last: i64,
    /// Own events that were not yet read back: no news.
    own: HashSet<Uuid>,
    news: Vec<Arc<Event>>,
}

/// A reader that looks whether others have written.
#[derive(Debug)]
struct Lookout {
    conn: Connection,
    version: i64,
}

/// The store of a corpus.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    file: Option<FileIdentity>,
    reviewer: Untrusted,
    /// `None` where the file can only be read.
    writer: Option<Mutex<Connection>>,
    lookout: Mutex<Lookout>,
    shared: RwLock<Shared>,
    notices: Vec<Notice>,
}

impl Store {
    /// Opens the store, or makes an empty one where there is none (which a [`Notice`] says).
    ///
    /// # Errors
    /// If the file is not a whole store that can be read; it is left as it is.
    pub fn open(location: &Location, reviewer: &str) -> Result<Self, StoreError> {
        open::check_library()?;
        open::survive_file_limits();
        let path = resolved(&location.path)?;
        let reviewer = reviewer_name(reviewer)?;
        let mut notices: Vec<Notice> = location.notice.iter().cloned().collect();
        if !open::inspect(&path)? {
            open::create(&path)?;
            open::inspect(&path)?;
            notices.push(Notice::Created(path.clone()));
        }
        Self::open_file(path, reviewer, notices, None)
    }

    /// Opens a store that is there, for reading only.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        open::check_library()?;
        let path = resolved(path)?;
        if !open::inspect(&path)? {
            return Err(StoreError::Missing(path));
        }
        Self::open_file(path, Untrusted::default(), Vec::new(), Some(Access::Read))
    }

    fn open_file(
        path: PathBuf,
        reviewer: Untrusted,
        mut notices: Vec<Notice>,
        access: Option<Access>,
    ) -> Result<Self, StoreError> {
        let file = open::identity(&path);
        let is_network = is_network(&path);
        let access = access.unwrap_or_else(|| if is_writable(&path) { Access::Write } else { Access::Read });
        let (conn, access) = connect(&path, access, is_network)?;
        let mut shared = Shared::default();
        catch_up(&conn, &path, &mut shared)?;
        shared.news.clear();
        let (writer, conn) = if access == Access::Write {
            open::make_durable(&conn, &path, is_network)?;
            open::show_version(&conn, &path);
            if is_network {
                notices.push(Notice::Network(path.clone()));
            }
            let lookout = open::connect(&path, Access::Read, false)?;
            // A look never waits: there is always a next one.
            lookout.busy_timeout(Duration::ZERO).map_err(|error| StoreError::sqlite(&path, &error))?;
            (Some(Mutex::new(conn)), lookout)
        } else {
            if !reviewer.is_empty() {
                notices.push(Notice::ReadOnly(path.clone()));
            }
            (None, conn)
        };
        let (lookout, shared) = (Mutex::new(Lookout { conn, version: 0 }), RwLock::new(shared));
        Ok(Self { path, file, reviewer, writer, lookout, shared, notices })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Who decides.
    #[must_use]
    pub const fn reviewer(&self) -> &Untrusted {
        &self.reviewer
    }

    /// What the reviewer should know about how it was opened.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Whether it can only be read.
    #[must_use]
    pub const fn is_read_only(&self) -> bool {
        self.writer.is_none()
    }

    /// Saves a step; returns when it is committed and synced, or when that failed, at most some seconds later.
    ///
    /// # Errors
    /// If it was not saved: the same step can be recorded again.
    pub fn record(&self, step: &Step) -> Result<Saved, StoreError> {
        step.check()?;
        // What the reviewer has seen, not what others have written since.
        let before: Vec<Option<Uuid>> = {
            let shared = self.shared();
            step.subjects().map(|on| shared.fold.before(step.kind, &on.key)).collect()
        };
        let events = step.events(&self.blank(step.id, step.id, step.kind), before);
        let saved = self.write(|_, _| Ok(events))?;
        Ok(Saved { step: step.id, events: saved })
    }

    /// Takes the reviewer's last step back that was not undone, also one of an earlier session.
    ///
    /// # Errors
    /// If there is none, if somebody else has decided on the same finding since, or if it was not saved.
    pub fn undo(&self) -> Result<Vec<Arc<Event>>, StoreError> {
        self.turn(Kind::Undo)
    }

    /// Does the step again that was undone last.
    pub fn redo(&self) -> Result<Vec<Arc<Event>>, StoreError> {
        self.turn(Kind::Redo)
    }

    fn turn(&self, kind: Kind) -> Result<Vec<Arc<Event>>, StoreError> {
        let uuid = Uuid::random()?;
        let mut target = None;
        self.write(|conn, path| {
            // Others may have decided since the last look.
            let mut shared = self.shared_mut();
            catch_up(conn, path, &mut shared)?;
            let step = shared.fold.next_turn(&self.reviewer, kind)?;
            target = Some(step);
            Ok(vec![Event { target, ..self.blank(uuid, uuid, kind) }])
        })?;
        Ok(target.map_or_else(Vec::new, |step| self.shared().fold.step(step)))
    }

    /// How many steps the reviewer can undo, and do again.
    #[must_use]
    pub fn depth(&self) -> (usize, usize) {
        self.shared().fold.depth(&self.reviewer)
    }

    /// What others have done since the last look; cheap enough for every second, and it never waits.
    pub fn poll(&self) -> Result<Vec<Arc<Event>>, StoreError> {
        let mut lookout = lock(&self.lookout);
        let look =
            |conn: &Connection| conn.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0));
        match look(&lookout.conn).map_err(|error| StoreError::sqlite(&self.path, &error)) {
            Ok(version) if version == lookout.version => {}
            Ok(version) => match catch_up(&lookout.conn, &self.path, &mut self.shared_mut()) {
                Ok(()) => lookout.version = version,
                Err(StoreError::Locked) => {}
                Err(error) => return Err(error),
            },
            Err(StoreError::Locked) => {}
            Err(error) => return Err(error),
        }
        let mut shared = self.shared_mut();
        let news = std::mem::take(&mut shared.news);
        Ok(news.iter().map(|event| shared.fold.heirs().event(event)).collect())
    }

    /// Lets what was decided under names that no report has any more count for the reports that these are today: see
    /// [`super::heirs()`]. No event changes; adopting again replaces the former heirs.
    pub fn adopt(&self, heirs: HashMap<Untrusted, Heir>) {
        self.shared_mut().fold.adopt(heirs);
    }

    /// The names of all reports that decisions and notes are about, as they were written.
    #[must_use]
    pub fn report_keys(&self) -> Vec<Untrusted> {
        self.shared().fold.report_keys()
    }

    /// What is settled by hand.
    #[must_use]
    pub fn choices(&self) -> Choices {
        self.shared().fold.choices()
    }

    /// Everything that is known of a finding.
    #[must_use]
    pub fn state(&self, subject: &Subject) -> State {
        self.shared().fold.state(subject)
    }

    /// The states of findings, in their order.
    #[must_use]
    pub fn states(&self, subjects: &[Subject]) -> Vec<State> {
        let shared = self.shared();
        subjects.iter().map(|subject| shared.fold.state(subject)).collect()
    }

    /// What was decided on the finding and figures of that print (see [`Subject::print`]); `None` where it is open.
    #[must_use]
    pub fn decided(&self, print: u64) -> Option<Decision> {
        self.shared().fold.decided(print)
    }

    /// All prints that are decided, for an index that counts what is open in many reports at once.
    #[must_use]
    pub fn prints(&self) -> HashMap<u64, Decision> {
        self.shared().fold.prints().clone()
    }

    /// The reports with decisions, by [`super::report_hash`], with how many findings were decided.
    #[must_use]
    pub fn reports(&self) -> HashMap<u64, Counts> {
        self.shared().fold.reports().clone()
    }

    /// The latest decision on every finding, in the order in which they were made, under the names that reports have
    /// today. Those on a report of which nobody can tell which of several it is now are among them under its old name.
    #[must_use]
    pub fn decisions(&self) -> Vec<Arc<Event>> {
        self.shared().fold.latest()
    }

    /// The latest decision on every finding of a report.
    pub(super) fn decided_of(&self, report_key: &Untrusted) -> Vec<Arc<Event>> {
        self.shared().fold.of_report(report_key)
    }

    /// Whether something was decided on a report that this one may have been.
    pub(super) fn has_in_doubt(&self, report_key: &Untrusted) -> bool {
        self.shared().fold.has_in_doubt(report_key)
    }

    /// The key of a finding under the name that its report has today.
    pub(super) fn key_today(&self, key: &FindingKey) -> FindingKey {
        self.shared().fold.heirs().key(key).into_owned()
    }

    /// Everything that ever happened, in order, as it was written.
    #[must_use]
    pub fn events(&self) -> Vec<Arc<Event>> {
        self.shared().fold.events().to_vec()
    }

    pub(super) fn orphans(&self) -> usize {
        self.shared().fold.orphans()
    }

    /// The reasons to choose from: the reviewers' own list, else the one that the program brings.
    #[must_use]
    pub fn reasons(&self, lang: Lang) -> Vec<Untrusted> {
        let shared = self.shared();
        let own = shared.fold.reasons().and_then(|event| event.note.as_ref()).filter(|note| !note.is_empty());
        match own {
            Some(note) => note.raw().lines().map(Untrusted::from).collect(),
            None => default_reasons(lang).into_iter().map(Untrusted::new).collect(),
        }
    }

    /// Replaces the list of reasons for all reviewers; an empty list brings the program's own back.
    pub fn set_reasons(&self, reasons: &[&str]) -> Result<(), StoreError> {
        const MOST: usize = 30;
        const LONGEST: usize = 200;
        let is_bad =
            |reason: &&str| reason.trim().is_empty() || reason.len() > LONGEST || reason.contains('\n');
        if reasons.len() > MOST || reasons.iter().any(is_bad) {
            return Err(StoreError::BadText("理由 reason"));
        }
        let uuid = Uuid::random()?;
        let note = Some(reasons.join("\n").into());
        self.write(|_, _| Ok(vec![Event { note, ..self.blank(uuid, uuid, Kind::Reasons) }])).map(drop)
    }

    /// An event of this reviewer without content.
    fn blank(&self, uuid: Uuid, step: Uuid, kind: Kind) -> Event {
        Event {
            uuid,
            seq: 0,
            at: now(),
            reviewer: self.reviewer.clone(),
            step,
            kind,
            target: None,
            on: None,
            decision: None,
            reason: None,
            note: None,
            before: None,
        }
    }

    /// Writes what `make` gives, in one transaction: all of it or nothing.
    fn write(
        &self,
        make: impl FnOnce(&Connection, &Path) -> Result<Vec<Event>, StoreError>,
    ) -> Result<Vec<(i64, Uuid)>, StoreError> {
        self.transact(|conn| {
            let mut events = make(conn, &self.path)?;
            let sqlite = |error: rusqlite::Error| StoreError::sqlite(&self.path, &error);
            let known =
                events.first().map(|event| saved(conn, event.uuid)).transpose().map_err(sqlite)?.flatten();
            if let Some(first) = known {
                // It was saved although its writer was told otherwise.
                return Ok((first..).zip(events.iter().map(|event| event.uuid)).collect());
            }
            let last: i64 = conn
                .query_row("SELECT coalesce(max(seq), 0) FROM event", [], |row| row.get(0))
                .map_err(sqlite)?;
            for (seq, event) in (last + 1..).zip(&mut events) {
                event.seq = seq;
            }
            insert(conn, &events).map_err(sqlite)
        })
    }

    /// Adds events of other stores as they are; those that are there already are left alone.
    pub(super) fn add(&self, events: &[Event]) -> Result<Vec<(i64, Uuid)>, StoreError> {
        self.transact(|conn| {
            let mut new = Vec::new();
            for event in events {
                if saved(conn, event.uuid).map_err(|error| StoreError::sqlite(&self.path, &error))?.is_none()
                {
                    new.push(event.clone());
                }
            }
            insert(conn, &new).map_err(|error| StoreError::sqlite(&self.path, &error))
        })
    }

    fn transact(
        &self,
        work: impl FnOnce(&Connection) -> Result<Vec<(i64, Uuid)>, StoreError>,
    ) -> Result<Vec<(i64, Uuid)>, StoreError> {
        let writer = self.writer.as_ref().ok_or_else(|| StoreError::ReadOnly(self.path.clone()))?;
        let conn = lock(writer);
        let sqlite = |error: rusqlite::Error| StoreError::sqlite(&self.path, &error);
        let transaction =
            Transaction::new_unchecked(&conn, TransactionBehavior::Immediate).map_err(sqlite)?;
        // A commit to a file that has no name any more would be lost with this process.
        if open::identity(&self.path) != self.file {
            return Err(StoreError::Replaced(self.path.clone()));
        }
        let version = open::version(&transaction, &self.path)?;
        let written = work(&transaction)?;
        let is_upgraded = open::version(&transaction, &self.path)? != version;
        let own: Vec<Uuid> = written.iter().map(|(_, uuid)| *uuid).collect();
        self.shared_mut().own.extend(&own);
        if let Err(error) = transaction.commit() {
            self.shared_mut().own.retain(|uuid| !own.contains(uuid));
            return Err(sqlite(error));
        }
        if is_upgraded {
            open::show_version(&conn, &self.path);
        }
        // It is saved, whatever becomes of reading it back; the next look reads it otherwise.
        let _ = catch_up(&conn, &self.path, &mut self.shared_mut());
        Ok(written)
    }

    fn shared(&self) -> RwLockReadGuard<'_, Shared> {
        self.shared.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn shared_mut(&self) -> RwLockWriteGuard<'_, Shared> {
        self.shared.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The path without links in its folders; a link as the file itself is refused later.
fn resolved(path: &Path) -> Result<PathBuf, StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().ok_or_else(|| StoreError::NotAFile(path.to_owned()))?;
    Ok(folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).join(name))
}

fn reviewer_name(name: &str) -> Result<Untrusted, StoreError> {
    let name = name.trim();
    if name.is_empty() || name.len() > MAX_NAME || name.chars().any(crate::display::is_hidden) {
        return Err(StoreError::BadText("审核人 reviewer"));
    }
    Ok(name.into())
}

/// Whether the file and its folder can be written: the log goes beside the file.
fn is_writable(path: &Path) -> bool {
    let writable = |path: &Path| rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok();
    writable(path) && path.parent().is_some_and(writable)
}

/// A connection to a file whose tables and pages are those of a store.
fn connect(path: &Path, access: Access, is_network: bool) -> Result<(Connection, Access), StoreError> {
    let checked = |access: Access| {
        let conn = open::connect(path, access, is_network && access == Access::Write)?;
        open::check(&conn, path, false).map(|()| (conn, access))
    };
    let has_log = std::fs::metadata(open::beside(path, "-wal")).is_ok_and(|metadata| metadata.len() > 0);
    match checked(access) {
        // Without a log, and where none can be made, the file alone is everything.
        Err(StoreError::Io { .. } | StoreError::ReadOnly(_)) if access == Access::Read && !has_log => {
            checked(Access::Frozen)
        }
        other => other,
    }
}

/// The number of an event that is there.
fn saved(conn: &Connection, uuid: Uuid) -> rusqlite::Result<Option<i64>> {
    let mut statement = conn.prepare_cached("SELECT id FROM event WHERE uuid = ?1")?;
    statement.query_row([uuid.to_string()], |row| row.get(0)).optional()
}

fn insert(conn: &Connection, events: &[Event]) -> rusqlite::Result<Vec<(i64, Uuid)>> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO event (uuid, seq, at, reviewer, step, kind, target, report, rule, place, figures, about, decision,
         reason, note, before, check_sum)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    let mut written = Vec::with_capacity(events.len());
    if events.iter().any(|event| event.kind.is_settlement()) {
        open::upgrade(conn)?;
    }
    for event in events {
        let flat = Flat::from(event);
        statement.execute(params![
            flat.uuid,
            flat.seq,
            flat.at,
            flat.reviewer,
            flat.step,
            flat.kind,
            flat.target,
            flat.report,
            flat.rule,
            flat.place,
            flat.figures,
            flat.about,
            flat.decision,
            flat.reason,
            flat.note,
            flat.before,
            event.check_sum(),
        ])?;
        written.push((conn.last_insert_rowid(), event.uuid));
    }
    Ok(written)
}

fn flat(row: &Row<'_>) -> rusqlite::Result<(i64, Flat, i64)> {
    let flat = Flat {
        uuid: row.get(1)?,
        seq: row.get(2)?,
        at: row.get(3)?,
        reviewer: row.get(4)?,
        step: row.get(5)?,
        kind: row.get(6)?,
        target: row.get(7)?,
        report: row.get(8)?,
        county_code: None,
        rule: row.get(9)?,
        place: row.get(10)?,
        figures: row.get(11)?,
        about: row.get(12)?,
        decision: row.get(13)?,
        reason: row.get(14)?,
        note: row.get(15)?,
        before: row.get(16)?,
    };
    Ok((row.get(0)?, flat, row.get(17)?))
}

/// Reads the events that were added since, and folds them in.
fn catch_up(conn: &Connection, path: &Path, shared: &mut Shared) -> Result<(), StoreError> {
    let sqlite = |error: rusqlite::Error| StoreError::sqlite(path, &error);
    let mut statement = conn
        .prepare_cached(
            "SELECT id, uuid, seq, at, reviewer, step, kind, target, report, rule, place, figures, about, decision,
             reason, note, before, check_sum FROM event WHERE id > ?1 ORDER BY id",
        )
        .map_err(sqlite)?;
    let mut rows = statement.query([shared.last]).map_err(sqlite)?;
    let (mut events, mut last) = (Vec::new(), shared.last);
    while let Some(row) = rows.next().map_err(sqlite)? {
        let (id, flat, check_sum) = flat(row).map_err(sqlite)?;
        let event = match flat.event() {
            Ok(event) => event,
            // A later program may have written it since the store was opened.
            Err(reason) => {
                open::version(conn, path)?;
                return Err(open::damaged(path, &format!("event {id}: {reason}")));
            }
        };
        if event.check_sum() != check_sum {
            return Err(open::damaged(path, &format!("event {id}: check sum")));
        }
        last = last.max(id);
        events.push(Arc::new(event));
    }
    for event in &events {
        let is_own = shared.own.remove(&event.uuid);
        if !is_own {
            shared.news.push(Arc::clone(event));
        }
    }
    shared.last = last;
    shared.fold.add_all(events);
    Ok(())
}
