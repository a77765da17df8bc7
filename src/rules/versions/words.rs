//! What differs between two versions, in a sentence for people; it is safe to show.

use super::{Difference, FigureDifference, RowDifference, SentenceDifference};
use crate::display::{Lang, Untrusted, visible};
use crate::report::Figure;
use crate::rules::section_words;

/// So many figures are named.
const FIGURES: usize = 3;
/// So many sentences are quoted.
const SENTENCES: usize = 2;
/// So many characters of a sentence are quoted, around the first that differs.
const QUOTED: usize = 40;

impl Difference {
    /// What differs, the figures first; nothing for copies.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let figures = self.figures.iter().take(FIGURES).map(|figure| figure.words(lang));
        let sentences = self.sentences.iter().take(SENTENCES).map(|sentence| sentence.words(lang));
        let rows = self.rows.iter().take(FIGURES).map(|row| row.words(lang));
        let mut parts: Vec<String> = figures.chain(rows).chain(sentences).collect();
        let rest = [
            (self.figures.len().saturating_sub(FIGURES), "处数字", "figure"),
            (self.rows.len().saturating_sub(FIGURES), "行数字", "row"),
            (self.sentences.len().saturating_sub(SENTENCES), "处文字", "sentence"),
        ];
        for (count, zh, en) in rest.into_iter().filter(|(count, ..)| *count > 0) {
            let s = if count == 1 { "" } else { "s" };
            parts.push(lang.pick(format!("另有 {count} {zh}不同"), format!("{count} more {en}{s}")));
        }
        if self.is_thin {
            let zh = "一份没有正文，相同的数字太少，不能认定为同一份";
            let en =
                "one has no narrative, and too few figures are the same to tell that it is the same report";
            parts.push(lang.pick(zh, en).to_owned());
        }
        parts.join(lang.pick("；", "; "))
    }
}

impl FigureDifference {
    fn words(&self, lang: Lang) -> String {
        let unit =
            |i: usize| self.units.and_then(|units| units.get(i).copied()).map_or("", |unit| unit.name());
        let (old, new) = (figure_words(self.old, lang), figure_words(self.new, lang));
        let cell = self.cell.words(lang);
        format!("{cell} {old}{} → {new}{}", unit(0), unit(1))
    }
}

impl RowDifference {
    fn words(&self, lang: Lang) -> String {
        let row = self.first.row().label.on_screen(lang);
        let (old, new) = (visible(&self.old), visible(&self.new));
        lang.pick(
            format!("{row} 所印数字 {old} → {new}（各列待核对）"),
            format!("{row}, printed {old} → {new} (columns uncertain)"),
        )
    }
}

fn figure_words(figure: Figure, lang: Lang) -> String {
    match figure {
        Figure::Number(number) => number.to_string(),
        Figure::Blank => lang.pick("空白", "blank").to_owned(),
        Figure::Absent => lang.pick("无此格", "no such cell").to_owned(),
        Figure::Unreadable => "?".to_owned(),
    }
}

impl SentenceDifference {
    fn words(&self, lang: Lang) -> String {
        let place = match self.section {
            0 => lang.pick("开头", "opening").to_owned(),
            number => section_words(number, lang),
        };
        let text = |side: &Option<Untrusted>| side.as_ref().map(|text| text.visible().into_owned());
        let said = match (text(&self.old), text(&self.new)) {
            (Some(old), Some(new)) => {
                let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
                format!("{} → {}", quoted(&old, same), quoted(&new, same))
            }
            (Some(old), None) => lang.pick("删去", "without ").to_owned() + &quoted(&old, 0),
            (None, Some(new)) => lang.pick("增加", "added ").to_owned() + &quoted(&new, 0),
            (None, None) => String::new(),
        };
        format!("{place}{}{said}", lang.pick("：", ": "))
    }
}

/// The characters of a text around a place, between quotation marks.
fn quoted(text: &str, at: usize) -> String {
    let count = text.chars().count();
    let latest = count.saturating_sub(QUOTED);
    let start = at.saturating_sub(QUOTED / 2).min(latest);
    let cut: String = text.chars().skip(start).take(QUOTED).collect();
    let before = if start > 0 { "…" } else { "" };
    let behind = if start + QUOTED < count { "…" } else { "" };
    format!("“{before}{}{behind}”", visible(&cut))
}
