//! The index in columns: of each report a few numbers, side by side with those of all others.
//!
//! What a filter asks for is here, 28 bytes a report; where a report stands in its file, which is asked for one report
//! at a time, is in [`Cold`] and stays in the cache file.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::units::UnitId;
use crate::report::TemplateId;

/// Stands for a number that is not known.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// Facts about a report, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(pub(super) u16);

impl Flags {
    const TEMPLATE_2019: u16 = 1;
    const TEMPLATE_2021: u16 = 2;
    /// Figures may have been read otherwise than printed.
    pub const NEEDS_READING: Self = Self(4);
    /// It declares itself made up.
    pub const SYNTHETIC: Self = Self(8);
    /// It was read from the document itself and not from a parsed copy.
    pub const DOCUMENT: Self = Self(16);
    /// It is no longer there: its file is gone or changed, or a better reading took its place.
    pub const GONE: Self = Self(32);
    /// It was read again, as its file had changed.
    pub const CHANGED: Self = Self(64);
    /// Other documents hold the same report.
    pub const COPIED: Self = Self(128);
    /// It is another document of a report that is shown by a better one.
    pub const COPY: Self = Self(256);
    /// Another version stands for its year.
    pub const OTHER_VERSION: Self = Self(512);
    /// There are several versions for its year.
    pub const VERSIONED: Self = Self(1024);
    /// A person has said which of several counties it is from.
    pub const PLACED: Self = Self(2048);
    /// What is worked out from all documents together.
    pub(super) const RESOLVED: u16 =
        Self::COPIED.0 | Self::COPY.0 | Self::OTHER_VERSION.0 | Self::VERSIONED.0;

    /// Whether it is not shown: it is no longer there, or a copy.
    #[must_use]
    pub const fn is_hidden(self) -> bool {
        self.0 & (Self::GONE.0 | Self::COPY.0) != 0
    }

    /// Whether all facts of `other` hold.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// With the facts of `other`, if `on`.
    #[must_use]
    pub const fn with(self, other: Self, on: bool) -> Self {
        if on { Self(self.0 | other.0) } else { self }
    }

    /// With the edition of the form.
    #[must_use]
    pub const fn of_template(self, template: Option<TemplateId>) -> Self {
        Self(
            self.0
                | match template {
                    None => 0,
                    Some(TemplateId::T2019) => Self::TEMPLATE_2019,
                    Some(TemplateId::T2021) => Self::TEMPLATE_2021,
                },
        )
    }

    /// The edition of the form.
    #[must_use]
    pub const fn template(self) -> Option<TemplateId> {
        match self.0 & 3 {
            Self::TEMPLATE_2019 => Some(TemplateId::T2019),
            Self::TEMPLATE_2021 => Some(TemplateId::T2021),
            _ => None,
        }
    }
}

/// The columns, each with an entry for every report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) unit: Vec<u32>,
    pub(super) year: Vec<u16>,
    pub(super) flags: Vec<u16>,
    /// Problems in reading.
    pub(super) problems: Vec<u8>,
    /// Causes by severity, worst first.
    pub(super) findings: Vec<[u16; 3]>,
    /// Requests received, handled and carried out in all.
    pub(super) flows: Vec<[u32; 3]>,
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.unit.len()
    }

    /// Whether every column has an entry for each report.
    pub(super) fn fit(&self) -> bool {
        let n = self.len();
        let others =
            [self.year.len(), self.flags.len(), self.problems.len(), self.findings.len(), self.flows.len()];
        others.into_iter().all(|length| length == n)
    }

    pub(super) fn unit(&self, report: u32) -> Option<UnitId> {
        self.unit.get(report as usize).copied().map(UnitId)
    }

    pub(super) fn flags(&self, report: u32) -> Flags {
        Flags(self.flags.get(report as usize).copied().unwrap_or_default())
    }

    pub(super) fn set(&mut self, report: u32, flags: Flags) {
        if let Some(own) = self.flags.get_mut(report as usize) {
            *own |= flags.0;
        }
    }
}

/// Where the bytes of a report are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Index into the files of the corpus.
    pub file: u32,
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// Line in which it begins, from 1.
    pub line: u32,
}

/// What is asked for of one report at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ColdRow {
    pub(super) place: Place,
    /// What it says: see [`super::identity::Facts`].
    pub(super) fingerprint: u64,
    /// Where its digest is in the log.
    pub(super) digest: u64,
}

/// A row as it is kept: numbers in the order of the fields, file and line in one.
pub(super) type PackedRow = [u64; 5];

impl ColdRow {
    pub(super) fn packed(self) -> PackedRow {
        let Place { file, offset, length, line } = self.place;
        // No report is longer than 32 bits can say: see the limits of reading.
        let row = [u64::from(file) << 32 | u64::from(line), offset, length, self.fingerprint, self.digest];
        sealed(row)
    }

    fn of(packed: PackedRow) -> Option<Self> {
        let [file, offset, length, fingerprint, digest] = packed;
        let place = Place {
            file: (file >> 32) as u32,
            offset,
            length: length & 0xffff_ffff,
            line: (file & 0xffff_ffff) as u32,
        };
        let row = Self { place, fingerprint, digest };
        (row.packed() == packed).then_some(row)
    }
}

/// A row with a check in the upper half of its length, as each row is read from the file by itself.
fn sealed(row: PackedRow) -> PackedRow {
    let [file, offset, length, fingerprint, digest] = row;
    let check = xxh3_64(bytemuck::cast_slice(&row)) << 32;
    [file, offset, length | check, fingerprint, digest]
}

/// The rows that are asked for one at a time: in memory while the corpus is read, in the cache file later.
#[derive(Debug, Clone)]
pub(super) enum Cold {
    Memory(Vec<PackedRow>),
    File { file: Arc<File>, start: u64, rows: usize },
}

impl Default for Cold {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

impl Cold {
    pub(super) fn get(&self, report: u32) -> Option<ColdRow> {
        match self {
            Self::Memory(rows) => rows.get(report as usize).copied().and_then(ColdRow::of),
            Self::File { file, start, rows } => {
                if report as usize >= *rows {
                    return None;
                }
                let mut row: PackedRow = [0; 5];
                let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut row);
                let at = start + u64::from(report) * bytes.len() as u64;
                file.read_exact_at(bytes, at).ok()?;
                ColdRow::of(row)
            }
        }
    }

    /// All rows, in memory.
    pub(super) fn in_memory(&mut self) -> &mut Vec<PackedRow> {
        if let Self::File { file, start, rows } = self {
            let mut all: Vec<PackedRow> = vec![[0; 5]; *rows];
            if file.read_exact_at(bytemuck::cast_slice_mut(&mut all), *start).is_err() {
                // The cache file was cut while we had it open: its reports can no longer be opened.
                all = vec![[u64::MAX; 5]; *rows];
            }
            *self = Self::Memory(all);
        }
        match self {
            Self::Memory(rows) => rows,
            // Just made otherwise.
            Self::File { .. } => unreachable!("rows are in memory"),
        }
    }
}
