//! A corpus as the bytes of its files: made on all cores, handed over in order.
//!
//! What is in memory does not grow with the corpus, and a piece is made from its number alone, so that the bytes are
//! the same on any number of cores.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::prelude::*;

use super::agencies::Plan;
use super::{Settings, reports_of};
use crate::load::json;

/// Agencies in a piece. Compressed bytes depend on it.
const AGENCIES: u64 = 16;

/// Pieces for each core that are made while others are written.
const PIECES_AT_ONCE: usize = 4;

/// Whether reports are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Lines as they are.
    Plain,
    /// Each piece is a member of its own of a gzip file.
    Gzip,
}

/// Some lines of a corpus.
#[derive(Debug)]
pub struct Piece {
    /// How many reports it holds.
    pub reports: u64,
    /// The lines of the reports, packed as asked.
    pub bytes: Vec<u8>,
    /// The lines of the labels, never packed: there is little of them.
    pub labels: Vec<u8>,
}

/// Makes a corpus and hands it over piece by piece.
///
/// # Errors
/// What `sink` gives back: nothing is made after that.
pub fn write<E>(
    settings: &Settings,
    packing: Packing,
    sink: &mut dyn FnMut(io::Result<Piece>) -> Result<(), E>,
) -> Result<(), E> {
    let plan = Plan::new(settings);
    // A corpus of nothing is a piece, too: an empty file is no gzip file.
    let pieces = plan.agencies().div_ceil(AGENCIES).max(1);
    let at_once = (PIECES_AT_ONCE * rayon::current_num_threads()) as u64;
    let (mut next, mut ready) = (0, Vec::new());
    loop {
        let end = pieces.min(next + at_once);
        let mut made = Vec::new();
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| {
                made = (next..end).into_par_iter().map(|i| piece(settings, plan, packing, i)).collect();
            });
            ready.drain(..).try_for_each(&mut *sink)
        })?;
        if made.is_empty() {
            return Ok(());
        }
        (next, ready) = (end, made);
    }
}

fn piece(settings: &Settings, plan: Plan, packing: Packing, number: u64) -> io::Result<Piece> {
    let first = number * AGENCIES;
    let (mut reports, mut lines, mut labels) = (0, Vec::new(), Vec::new());
    for ordinal in first..plan.agencies().min(first + AGENCIES) {
        for item in reports_of(settings, plan, ordinal) {
            reports += 1;
            lines.extend_from_slice(json::to_line(&item.report).as_bytes());
            lines.push(b'\n');
            for label in &item.labels {
                labels.extend_from_slice(label.to_line().as_bytes());
                labels.push(b'\n');
            }
        }
    }
    let bytes = match packing {
        Packing::Plain => lines,
        Packing::Gzip => {
            let mut encoder = GzEncoder::new(Vec::with_capacity(lines.len() / 4), Compression::default());
            encoder.write_all(&lines)?;
            encoder.finish()?
        }
    };
    Ok(Piece { reports, bytes, labels })
}
