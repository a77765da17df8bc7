//! The distinct names of a corpus: each is kept once, in one buffer, and known by its number.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::display::Untrusted;

/// A distinct name: its place among all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct NameId(pub(super) u32);

/// The distinct names. Number 0 is the empty name, which stands for what is not known.
#[derive(Debug, Clone)]
pub struct Names {
    text: String,
    /// Where each name ends in the text.
    ends: Vec<u32>,
    /// The names by their hash; made when it is first needed, as a cache that is only read needs none.
    ids: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            text: String::new(),
            ends: vec![0],
            ids: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl Names {
    /// The names that were kept before; `None` if the two do not fit together.
    pub(super) fn restore(text: Vec<u8>, ends: Vec<u32>) -> Option<Self> {
        let text = String::from_utf8(text).ok()?;
        let fits = ends.first() == Some(&0)
            && ends.is_sorted()
            && ends.last().is_some_and(|end| *end as usize == text.len())
            && ends.iter().all(|end| text.is_char_boundary(*end as usize));
        fits.then(|| Self { text, ends, ..Self::default() })
    }

    /// The text of all names, and where each of them ends in it.
    pub(super) fn parts(&self) -> (&[u8], &[u32]) {
        (self.text.as_bytes(), &self.ends)
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is only the empty name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() <= 1
    }

    /// The exact characters of a name.
    #[must_use]
    pub fn raw(&self, id: NameId) -> &str {
        slice(&self.text, &self.ends, id.0)
    }

    /// A name.
    #[must_use]
    pub fn get(&self, id: NameId) -> Untrusted {
        self.raw(id).into()
    }

    /// All names in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (NameId, &str)> {
        (0..self.ends.len() as u32).map(|i| (NameId(i), self.raw(NameId(i))))
    }

    /// The number of a name that is known.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<NameId> {
        if name.is_empty() {
            return Some(NameId(0));
        }
        if self.ids.len() + 1 < self.ends.len() {
            return self.iter().find(|(_, other)| *other == name).map(|(id, _)| id);
        }
        let hash = self.hasher.hash_one(name);
        self.ids.find(hash, |id| self.raw(NameId(*id)) == name).map(|id| NameId(*id))
    }

    /// The number of a name, which it gets if it has none.
    pub(super) fn intern(&mut self, name: &str) -> NameId {
        if name.is_empty() {
            return NameId(0);
        }
        let Self { text, ends, ids, hasher } = self;
        let hash_of = |id: &u32| hasher.hash_one(slice(text, ends, *id));
        if ids.len() + 1 < ends.len() {
            ids.clear();
            for id in 1..ends.len() as u32 {
                ids.insert_unique(hash_of(&id), id, hash_of);
            }
        }
        let hash = hasher.hash_one(name);
        if let Some(id) = ids.find(hash, |id| slice(text, ends, *id) == name) {
            return NameId(*id);
        }
        let id = ends.len() as u32;
        ids.insert_unique(hash, id, hash_of);
        text.push_str(name);
        ends.push(text.len() as u32);
        NameId(id)
    }
}

fn slice<'t>(text: &'t str, ends: &[u32], id: u32) -> &'t str {
    let at = id as usize;
    let start = at.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |end| *end as usize);
    ends.get(at).and_then(|end| text.get(start..*end as usize)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_kept_once_also_after_it_was_restored() {
        let mut names = Names::default();
        let (xin, wei) = (names.intern("新县"), names.intern("卫滨区"));
        assert_eq!((names.intern("新县"), names.intern(""), names.raw(wei)), (xin, NameId(0), "卫滨区"));
        let (text, ends) = names.parts();
        let mut again = Names::restore(text.to_vec(), ends.to_vec()).unwrap();
        assert_eq!((again.find("卫滨区"), again.find("新")), (Some(wei), None));
        assert_eq!((again.intern("卫滨区"), again.intern("单县")), (wei, NameId(3)));
        assert_eq!(again.find("单县"), Some(NameId(3)));
        assert_eq!(again.iter().map(|(_, name)| name).collect::<Vec<_>>(), ["", "新县", "卫滨区", "单县"]);
    }

    #[test]
    fn what_does_not_fit_together_is_not_restored() {
        for (text, ends) in [
            ("新县", vec![0, 5]),
            ("新县", vec![0, 2, 6]),
            ("新县", vec![3, 6]),
            ("新县", vec![0, 6, 3]),
            ("新县", vec![]),
        ] {
            assert!(Names::restore(text.as_bytes().to_vec(), ends.clone()).is_none(), "{ends:?}");
        }
        assert!(Names::restore(vec![0xff], vec![0, 1]).is_none());
    }
}
