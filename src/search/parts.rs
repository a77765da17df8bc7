//! Names in two parts that many names share: 新乡县 and 财政局.
//!
//! A county has its name in front of some sixty agencies, and each of their names stands behind some thousand
//! counties: what a word does to a part is worked out once. Where a name is cut changes how fast it is matched, not
//! whether it matches.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::fold::folded;
use crate::places::pinyin::{self, Readings};

/// A character of names, with how it is read there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Glyph {
    /// As written.
    pub(super) raw: char,
    /// As compared.
    pub(super) folded: char,
    pub(super) readings: Readings,
}

impl Glyph {
    /// Whether the character ends the name of a place.
    pub(super) fn ends_place(&self) -> bool {
        is_level(self.raw)
    }
}

/// All glyphs, each once.
#[derive(Debug, Default)]
pub(super) struct Glyphs {
    all: Vec<Glyph>,
    numbers: HashMap<Glyph, u32>,
}

impl Glyphs {
    pub(super) fn all(&self) -> &[Glyph] {
        &self.all
    }

    pub(super) fn get(&self, number: u32) -> Option<&Glyph> {
        self.all.get(number as usize)
    }

    fn number(&mut self, raw: char, readings: Readings) -> u32 {
        let glyph = Glyph { raw, folded: folded(raw), readings };
        *self.numbers.entry(glyph).or_insert_with(|| {
            self.all.push(glyph);
            self.all.len() as u32 - 1
        })
    }
}

/// Parts of names, each once, as numbers of glyphs.
#[derive(Debug)]
pub(super) struct Pool {
    glyphs: Vec<u32>,
    /// Where each part ends among the glyphs.
    ends: Vec<u32>,
    /// By the hash of its text.
    numbers: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Pool {
    pub(super) fn new() -> Self {
        Self { glyphs: Vec::new(), ends: Vec::new(), numbers: HashMap::new(), hasher: RandomState::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn part(&self, number: u32) -> &[u32] {
        let number = number as usize;
        let end = self.ends.get(number).copied().unwrap_or_default();
        let start = number.checked_sub(1).and_then(|n| self.ends.get(n)).copied().unwrap_or_default();
        self.glyphs.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The part of that text.
    pub(super) fn number(&mut self, text: &str, glyphs: &mut Glyphs) -> u32 {
        let hash = self.hasher.hash_one(text);
        let known = self.numbers.get(&hash).copied();
        if let Some(known) = known.filter(|n| self.is(*n, text, glyphs)) {
            return known;
        }
        for (c, readings) in text.chars().zip(pinyin::of_name(text)) {
            self.glyphs.push(glyphs.number(c, readings));
        }
        self.ends.push(self.glyphs.len() as u32);
        let number = self.ends.len() as u32 - 1;
        // Of two texts with one hash the second is kept again each time: rare, and still right.
        self.numbers.entry(hash).or_insert(number);
        number
    }

    fn is(&self, number: u32, text: &str, glyphs: &Glyphs) -> bool {
        let part = self.part(number).iter();
        part.map(|n| glyphs.get(*n).map(|g| g.raw)).eq(text.chars().map(Some))
    }

    /// Bytes in use.
    pub(super) fn bytes(&self) -> usize {
        4 * (self.glyphs.capacity() + self.ends.capacity()) + 17 * self.numbers.capacity()
    }
}

fn is_level(c: char) -> bool {
    matches!(c, '县' | '区' | '市' | '旗' | '州' | '盟' | '省')
}

/// Cuts a name behind the place that it begins with. Where that goes wrong nothing is lost but time.
pub(super) fn cut(name: &str) -> (&str, &str) {
    /// Words that end like a place, and words that begin like the end of one.
    const NO_PLACES: [&str; 10] =
        ["城市", "新区", "社区", "园区", "发区", "景区", "校区", "林区", "口区", "化区"];
    const NO_ENDS: [&str; 6] = ["市场", "市政", "市容", "区域", "区划", "省级"];
    let mut end = 0;
    let mut before = "";
    for (at, (i, c)) in name.char_indices().enumerate().take(24) {
        let next = i + c.len_utf8();
        let since = name.get(end..next).unwrap_or_default();
        let from_here = name.get(i..).unwrap_or_default();
        let is_end = is_level(c)
            && at > 0
            && (end == 0 || since.chars().count() > 1 || before.ends_with('州'))
            && !NO_ENDS.iter().any(|w| from_here.starts_with(w))
            && (end == 0 || !NO_PLACES.iter().any(|w| since.ends_with(w)));
        if is_end {
            end = next;
            before = name.get(..end).unwrap_or_default();
            let goes_on = matches!(c, '省' | '市' | '州' | '盟') || before.ends_with("自治区");
            if !goes_on {
                break;
            }
        }
    }
    name.split_at_checked(end).filter(|_| end > 0).unwrap_or((name, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_behind_the_place() {
        let cases = [
            ("新县财政局", "新县", "财政局"),
            ("新乡市卫滨区人民政府办公室", "新乡市卫滨区", "人民政府办公室"),
            ("新乡市市场监督管理局", "新乡市", "市场监督管理局"),
            ("新乡市城市管理局", "新乡市", "城市管理局"),
            ("杭州市滨江区教育局", "杭州市滨江区", "教育局"),
            ("湘西土家族苗族自治州凤凰县教育局", "湘西土家族苗族自治州凤凰县", "教育局"),
            ("内蒙古自治区通辽市科尔沁区人民政府", "内蒙古自治区通辽市科尔沁区", "人民政府"),
            ("河口区文化街道办事处", "河口区", "文化街道办事处"),
            ("审计署", "审计署", ""),
            ("", "", ""),
        ];
        for (name, head, tail) in cases {
            assert_eq!(cut(name), (head, tail), "{name}");
        }
    }

    #[test]
    fn a_part_is_kept_once() {
        let (mut pool, mut glyphs) = (Pool::new(), Glyphs::default());
        let numbers = ["财政局", "新县", "财政局", ""].map(|text| pool.number(text, &mut glyphs));
        assert_eq!(numbers, [0, 1, 0, 2]);
        assert_eq!(pool.part(0).len(), 3);
        assert_eq!(pool.part(2).len(), 0);
        assert_eq!(glyphs.all().len(), 5);
    }
}
