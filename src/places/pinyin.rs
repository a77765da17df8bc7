//! How names are read: the syllables of each character, as people type them.
//!
//! The base table (`pinyin.tsv`, written by `build/pinyin.py`) has one or more readings of each character. Names of
//! places and words in names of agencies whose characters are read otherwise are in `readings.tsv`, reviewed by
//! hand: 单县 is shàn, 六安 lù, 蔚县 yù. A reading is never dropped for it: whoever types dānxiàn finds 单县 too,
//! after what is read so. Syllables have no tones, and v for ü.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A syllable: its number in the table of all syllables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Syllable(u16);

impl Syllable {
    /// The letters: `zhang`, `lv`.
    #[must_use]
    pub fn letters(self) -> &'static str {
        TABLE.syllables.get(self.number()).copied().unwrap_or_default()
    }

    /// Its place among all syllables.
    #[must_use]
    pub fn number(self) -> usize {
        usize::from(self.0)
    }
}

/// All syllables, in the order of their numbers.
#[must_use]
pub fn syllables() -> &'static [&'static str] {
    &TABLE.syllables
}

/// Most readings that a character keeps, with other spellings of them.
const MOST: usize = 6;

/// The readings of a character in a name; none of what is no Chinese character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Readings {
    all: [Syllable; MOST],
    likely: u8,
    len: u8,
}

impl Readings {
    /// Those that fit the name; the right one first.
    #[must_use]
    pub fn likely(&self) -> &[Syllable] {
        self.all.get(..usize::from(self.likely)).unwrap_or_default()
    }

    /// Others that the character has elsewhere.
    #[must_use]
    pub fn others(&self) -> &[Syllable] {
        self.all.get(usize::from(self.likely)..usize::from(self.len)).unwrap_or_default()
    }

    fn add(&mut self, syllable: Syllable) {
        let known = self.likely().contains(&syllable) || self.others().contains(&syllable);
        if let Some(free) = self.all.get_mut(usize::from(self.len)).filter(|_| !known) {
            *free = syllable;
            self.len += 1;
        }
    }

    /// These as the likely ones, the rest of `base` as others.
    fn of(likely: impl IntoIterator<Item = Syllable>, base: &Self) -> Self {
        let mut readings = Self::default();
        likely.into_iter().for_each(|s| readings.add(s));
        readings.likely = readings.len;
        base.likely().iter().chain(base.others()).for_each(|s| readings.add(*s));
        readings
    }
}

/// The readings of each character of a name, in place of those of the characters alone.
#[must_use]
pub fn of_name(name: &str) -> Vec<Readings> {
    let mut readings: Vec<Readings> = name.chars().map(of_character).collect();
    for (at, (i, c)) in name.char_indices().enumerate() {
        let Some(words) = TABLE.words.get(&c) else { continue };
        let rest = name.get(i..).unwrap_or_default();
        let longest = words.iter().filter(|w| rest.starts_with(w.text)).max_by_key(|w| w.text.len());
        for (to, from) in readings.iter_mut().skip(at).zip(longest.iter().flat_map(|w| &w.readings)) {
            *to = *from;
        }
    }
    readings
}

/// The readings of a character by itself, the usual one first.
#[must_use]
pub fn of_character(c: char) -> Readings {
    let place = (c as usize).wrapping_sub(FIRST as usize);
    match TABLE.usual.get(place) {
        Some(number) if *number != NONE => {
            TABLE.several.get(&c).copied().unwrap_or_else(|| TABLE.with_spellings(Syllable(*number)))
        }
        _ => Readings::default(),
    }
}

/// The first and the last character of the block that the table covers.
const FIRST: char = '\u{4e00}';
const LAST: char = '\u{9fff}';
const NONE: u16 = u16::MAX;

/// Other spellings of ü: in passports, and as most people type 略.
const SPELLINGS: [(&str, &str); 4] = [("lv", "lyu"), ("nv", "nyu"), ("lve", "lue"), ("nve", "nue")];

/// A word whose characters have readings of their own.
struct Word {
    text: &'static str,
    readings: Vec<Readings>,
}

struct Table {
    syllables: Vec<&'static str>,
    /// The usual reading of each character of the block, by its place in the block.
    usual: Vec<u16>,
    /// All readings of the characters that have several.
    several: HashMap<char, Readings>,
    /// The words, by their first character.
    words: HashMap<char, Vec<Word>>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::read(include_str!("pinyin.tsv"), include_str!("readings.tsv")));

impl Table {
    fn read(base: &'static str, words: &'static str) -> Self {
        let blank = vec![NONE; LAST as usize - FIRST as usize + 1];
        let mut table =
            Self { syllables: Vec::new(), usual: blank, several: HashMap::new(), words: HashMap::new() };
        table.syllables = base.lines().filter_map(|line| line.split('\t').next()).collect();
        table.syllables.extend(SPELLINGS.map(|(_, other)| other).iter().filter(|s| !base_has(base, s)));
        for (line, number) in base.lines().zip(0..) {
            for c in line.split('\t').nth(1).unwrap_or_default().chars() {
                if let Some(usual) = table.usual.get_mut((c as usize).wrapping_sub(FIRST as usize)) {
                    *usual = number;
                }
            }
        }
        for (line, number) in base.lines().zip(0..) {
            for c in line.split('\t').nth(2).unwrap_or_default().chars() {
                let usual = table.usual.get((c as usize).wrapping_sub(FIRST as usize)).copied();
                let alone = table.with_spellings(Syllable(usual.unwrap_or(number)));
                let others = table.with_spellings(Syllable(number));
                let readings = table.several.entry(c).or_insert(alone);
                others.likely().iter().for_each(|s| readings.add(*s));
            }
        }
        for line in words.lines() {
            table.add_word(line);
        }
        table
    }

    fn add_word(&mut self, line: &'static str) {
        let Some((text, syllables)) = line.split_once('\t') else { return };
        let of = |(c, choices): (char, &str)| {
            let chosen = choices.split('/').filter_map(|s| self.numbered(s));
            let spelled: Vec<_> = chosen.flat_map(|s| self.with_spellings(s).likely().to_vec()).collect();
            Readings::of(spelled, &self.alone(c))
        };
        let readings = text.chars().zip(syllables.split(' ')).map(of).collect();
        if let Some(first) = text.chars().next() {
            self.words.entry(first).or_default().push(Word { text, readings });
        }
    }

    fn alone(&self, c: char) -> Readings {
        let usual = self.usual.get((c as usize).wrapping_sub(FIRST as usize)).filter(|n| **n != NONE);
        let usual = usual.map(|n| self.with_spellings(Syllable(*n))).unwrap_or_default();
        self.several.get(&c).copied().unwrap_or(usual)
    }

    fn numbered(&self, letters: &str) -> Option<Syllable> {
        self.syllables.iter().position(|s| *s == letters).map(|n| Syllable(n as u16))
    }

    /// A syllable with its other spellings, all likely.
    fn with_spellings(&self, syllable: Syllable) -> Readings {
        let letters = self.syllables.get(syllable.number()).copied().unwrap_or_default();
        let other = SPELLINGS.iter().filter(|(usual, _)| *usual == letters);
        let others = other.filter_map(|(_, other)| self.numbered(other));
        Readings::of(std::iter::once(syllable).chain(others), &Readings::default())
    }
}

fn base_has(base: &str, syllable: &str) -> bool {
    base.lines().any(|line| line.split('\t').next() == Some(syllable))
}

#[cfg(test)]
mod tests;
