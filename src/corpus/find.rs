//! Which names a typed word matches: the distinct names made ready for searching, and the last answers.

use std::sync::{Arc, PoisonError};

use super::Corpus;
use crate::search::{self, Hits, Word};

/// The distinct names made ready for searching, and the last answers.
#[derive(Debug, Default)]
pub(super) struct Finder {
    names: Arc<search::Names>,
    /// The words asked for last with their answers, the latest at the end.
    recent: Vec<(String, Arc<Hits>)>,
}

/// So many answers are remembered: what is typed on narrows an earlier one.
const RECENT: usize = 24;

impl Corpus {
    /// Makes the names ready for searching, which the first word that is typed would have to wait for.
    pub fn prepare_search(&self) {
        let is_ready = |finder: &Finder| finder.names.len() == self.names.len();
        if is_ready(&self.finder.read().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let mut finder = self.finder.write().unwrap_or_else(PoisonError::into_inner);
        let Finder { names, recent } = &mut *finder;
        if names.len() > self.names.len() {
            *names = Arc::default();
        }
        // While the corpus is read names are only added.
        if let Some(names) = Arc::get_mut(names) {
            names.extend(self.names.iter().skip(names.len()).map(|(_, name)| name));
        } else {
            let mut all = search::Names::new();
            all.extend(self.names.iter().map(|(_, name)| name));
            *names = Arc::new(all);
        }
        recent.clear();
    }

    /// The names that a typed word matches.
    pub(super) fn find(&self, typed: &str) -> Arc<Hits> {
        self.prepare_search();
        let (names, known, narrower) = {
            let finder = self.finder.read().unwrap_or_else(PoisonError::into_inner);
            let known =
                finder.recent.iter().rev().find(|(word, _)| word == typed).map(|(_, hits)| Arc::clone(hits));
            let shorter = finder.recent.iter().filter(|(word, _)| typed.starts_with(word.as_str()));
            let narrower = shorter.max_by_key(|(word, _)| word.len()).map(|(_, hits)| Arc::clone(hits));
            (Arc::clone(&finder.names), known, narrower)
        };
        if let Some(known) = known {
            return known;
        }
        // What is narrowed on must still have its scattered matches; they are left out where it is used.
        let hits = Arc::new(names.find(&Word::new(typed), narrower.as_deref()));
        let mut finder = self.finder.write().unwrap_or_else(PoisonError::into_inner);
        if finder.recent.len() >= RECENT {
            finder.recent.remove(0);
        }
        finder.recent.push((typed.to_owned(), Arc::clone(&hits)));
        hits
    }
}
