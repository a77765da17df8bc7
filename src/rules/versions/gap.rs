//! A stretch in which two narratives differ: letter by letter, what is layout, what is a slip, what is another statement.

use std::ops::Range;

use super::diff::{Hunk, hunks};
use super::furniture::is_of_form;
use super::letters::{MARK, is_of_number};
use super::text::{Narrative, Sentence};

/// More letters that differ are another text.
const MOST_CHANGES: usize = 1_200;
/// What stands in one document alone and is shorter says nothing, if it has no number and no word that decides.
const SHORT: usize = 8;

/// Words that decide what a sentence says: where one of them differs, it says something else.
const DECIDING: &[&str] = &[
    // Whether.
    "未",
    "无",
    "没",
    "不",
    "非",
    "否",
    "勿",
    "免",
    "已",
    "曾",
    "仅",
    "只",
    "有",
    "零",
    "均",
    "全部",
    "部分",
    "全",
    // Where to.
    "增",
    "减",
    "升",
    "降",
    "涨",
    "跌",
    "高",
    "低",
    "多",
    "少",
    "超",
    "不足",
    "以上",
    "以下",
    "上年",
    "本年",
    "下年",
    "同比",
    "环比",
    "上半年",
    "下半年",
    "余",
    "约",
    "近",
    // What became of an application, a case, a document.
    "公开",
    "予以",
    "收到",
    "新收",
    "受理",
    "办结",
    "答复",
    "结转",
    "撤",
    "驳回",
    "维持",
    "纠正",
    "审结",
    "败诉",
    "胜诉",
    "复议",
    "诉讼",
    "补正",
    "重复",
    "逾期",
    "制发",
    "废止",
    "失效",
    "有效",
    "修订",
    "修改",
    "规章",
    "规范性",
    "许可",
    "处罚",
    "强制",
    "收费",
    "采购",
    // Who, and of what.
    "自然人",
    "法人",
    "企业",
    "机构",
    "组织",
    "省",
    "市",
    "县",
    "区",
    "乡",
    "镇",
    "街道",
    "元",
    "件",
    "条",
    "年",
    "月",
    "日",
];

/// One side of a stretch: some sentences one after another, as one run of letters.
pub(super) struct Side<'n> {
    narrative: &'n Narrative,
    /// The sentences, by their places in the narrative.
    pub(super) sentences: Vec<usize>,
    letters: Vec<char>,
    /// The sentence and the line of each letter.
    places: Vec<(usize, usize)>,
}

impl<'n> Side<'n> {
    pub(super) fn new(narrative: &'n Narrative, sentences: Vec<usize>) -> Self {
        let (mut letters, mut places) = (Vec::<char>::new(), Vec::new());
        for at in &sentences {
            let Some(sentence) = narrative.sentences.get(*at) else { continue };
            // Two numbers with a full stop between them are two.
            let is_digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
            if is_digit(letters.last()) && is_digit(sentence.letters.first()) {
                letters.push(MARK);
                places.extend(places.last().copied());
            }
            letters.extend(&sentence.letters);
            places.extend(sentence.lines.iter().map(|line| (*at, *line)));
        }
        Self { narrative, sentences, letters, places }
    }

    fn sentence_at(&self, at: usize) -> Option<usize> {
        self.places.get(at).or(self.places.last()).map(|(sentence, _)| *sentence)
    }

    fn sentence(&self, at: usize) -> Option<&'n Sentence> {
        self.narrative.sentences.get(at)
    }

    /// Whether a line or a sentence ends before a letter.
    fn has_break(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.places.get(before));
        before.is_none() || before != self.places.get(at)
    }

    fn words(&self, range: &Range<usize>) -> &[char] {
        self.letters.get(range.clone()).unwrap_or_default()
    }

    /// The range, moved over equal letters until it has whole lines, if it can be.
    fn whole_lines(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let is_whole = |r: &Range<usize>| self.has_break(r.start) && self.has_break(r.end);
        let same = |a: usize, b: usize| {
            self.letters.get(a).is_some_and(|letter| Some(letter) == self.letters.get(b))
        };
        let back = |r: &Range<usize>| {
            let before = r.start.checked_sub(1)?;
            same(before, r.end - 1).then(|| before..r.end - 1)
        };
        let on = |r: &Range<usize>| same(r.start, r.end).then(|| r.start + 1..r.end + 1);
        let first = std::iter::successors(Some(range.clone()), back);
        first.chain(std::iter::successors(on(range), on)).find(is_whole)
    }

    /// Whether a range says nothing of the report, standing in this document alone.
    fn is_spare(&self, range: &Range<usize>, other_has_opening: bool) -> bool {
        if range.is_empty() {
            return true;
        }
        if self.starts_opening(range) {
            return true;
        }
        let Some(whole) = self.whole_lines(range) else { return false };
        let words = self.words(&whole);
        let is_short = words.len() < SHORT && !words.iter().any(|c| is_of_number(*c)) && !has_deciding(words);
        let is_nil = matches!(words, ['无'] | ['暂', '无'] | ['没', '有']);
        let places = self.places.get(whole.clone()).unwrap_or_default();
        let is_lone_opening = !other_has_opening
            && places.iter().all(|(sentence, _)| self.sentence(*sentence).is_some_and(|s| s.section == 0));
        let of_form = || {
            let in_table = |at: &usize| self.sentence(*at).is_some_and(|s| (2..=4).contains(&s.section));
            places.iter().all(|(sentence, _)| in_table(sentence)) && is_of_form(words)
        };
        let lines_spare =
            || places.iter().all(|(_, line)| self.narrative.spare.get(*line).is_some_and(|spare| *spare));
        is_short || is_nil || is_lone_opening || lines_spare() || of_form()
    }

    /// Whether a range is what a page prints before the first sentence of the document.
    fn starts_opening(&self, range: &Range<usize>) -> bool {
        let first = self.sentence_at(range.start);
        let is_opening = first.and_then(|at| self.sentence(at)).is_some_and(|s| s.section == 0);
        let starts = range.start == 0 || self.sentence_at(range.start - 1) != first;
        is_opening && starts && first == Some(0) && self.sentence_at(range.end) == first
    }

    /// Whether a word that decides lies in a range or is cut by it.
    fn decides(&self, range: &Range<usize>) -> bool {
        const LONGEST: usize = 4;
        let start = range.start.saturating_sub(LONGEST);
        let end = (range.end + LONGEST).min(self.letters.len());
        let around = start..end;
        let words = self.words(&around);
        DECIDING.iter().any(|word| {
            let length = word.chars().count();
            (start..end).zip(words.windows(length)).any(|(at, window)| {
                let overlaps = at < range.end && at + length > range.start;
                let is_cut = at < range.start && range.start < at + length;
                (overlaps && !range.is_empty() || is_cut) && word.chars().eq(window.iter().copied())
            })
        })
    }
}

fn has_deciding(words: &[char]) -> bool {
    let text: String = words.iter().collect();
    DECIDING.iter().any(|word| text.contains(word))
}

/// A place where two narratives say something else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    /// The sentences in which it is, by their places in the narratives.
    pub(super) a: Option<usize>,
    pub(super) b: Option<usize>,
    /// How many letters differ.
    pub(super) letters: usize,
    /// Whether it makes another statement by itself, however few letters it has.
    pub(super) is_certain: bool,
}

/// What differs between two sides of a stretch, without layout and furniture; nothing if they are two different texts.
pub(super) fn changes(a: &Side<'_>, b: &Side<'_>) -> Option<Vec<Change>> {
    let hunks = hunks(&a.letters, &b.letters, MOST_CHANGES)?;
    let is_real = |hunk: &Hunk| {
        let has_digit = |side: &Side<'_>, range| side.words(range).iter().any(char::is_ascii_digit);
        // One number in place of another is never layout.
        let is_swap = has_digit(a, &hunk.a) && has_digit(b, &hunk.b);
        let is_spare =
            || a.is_spare(&hunk.a, b.narrative.has_opening) && b.is_spare(&hunk.b, a.narrative.has_opening);
        is_swap || !is_spare()
    };
    let change = |hunk: &Hunk| {
        let has_number = a.words(&hunk.a).iter().chain(b.words(&hunk.b)).any(|letter| is_of_number(*letter));
        Change {
            a: a.sentence_at(hunk.a.start),
            b: b.sentence_at(hunk.b.start),
            letters: hunk.a.len().max(hunk.b.len()),
            is_certain: has_number || a.decides(&hunk.a) || b.decides(&hunk.b),
        }
    };
    let mut changes: Vec<Change> = hunks.iter().filter(|hunk| is_real(hunk)).map(change).collect();
    too_many(&mut changes, a, b);
    Some(changes)
}

/// More than a tenth of the letters of a sentence make it another one.
fn too_many(changes: &mut [Change], a: &Side<'_>, b: &Side<'_>) {
    let length = |side: &Side<'_>, at: Option<usize>| {
        at.and_then(|at| side.sentence(at)).map_or(0, |sentence| sentence.letters.len())
    };
    let all: Vec<Change> = changes.to_vec();
    for change in changes {
        let of = |f: &dyn Fn(&Change) -> bool| all.iter().filter(|c| f(c)).map(|c| c.letters).sum::<usize>();
        let differ = of(&|c| c.a == change.a).max(of(&|c| c.b == change.b));
        let least = length(a, change.a).min(length(b, change.b));
        let allowed = if least < 4 { 0 } else { (least / 10).max(1) };
        change.is_certain |= differ > allowed;
    }
}
