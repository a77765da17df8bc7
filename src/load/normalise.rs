//! Folding of characters, for matching only: the original is what is kept and shown.
//!
//! NFKC is not enough for text out of PDFs: it leaves the CJK Radicals Supplement alone (⺠ ⻔ ⻓ ⻬), and of the
//! Kangxi radicals it makes the traditional forms (⼾ → 戶, ⻅ stays). The table below has the simplified form
//! for every radical that text set in simplified Chinese can hold.

use unicode_normalization::UnicodeNormalization;

/// Radicals and traditional forms whose NFKC is not the character that simplified text means.
const RADICALS: &[(char, char)] = &[
    ('⺀', '冫'),
    ('⺁', '厂'),
    ('⺃', '乚'),
    ('⺄', '乙'),
    ('⺅', '亻'),
    ('⺆', '冂'),
    ('⺇', '几'),
    ('⺈', '刀'),
    ('⺉', '刂'),
    ('⺊', '卜'),
    ('⺋', '卩'),
    ('⺌', '小'),
    ('⺍', '小'),
    ('⺎', '兀'),
    ('⺏', '尣'),
    ('⺐', '尢'),
    ('⺑', '尣'),
    ('⺒', '巳'),
    ('⺓', '幺'),
    ('⺔', '彐'),
    ('⺕', '彐'),
    ('⺖', '忄'),
    ('⺗', '心'),
    ('⺘', '扌'),
    ('⺙', '攵'),
    ('⺛', '旡'),
    ('⺜', '日'),
    ('⺝', '月'),
    ('⺞', '歹'),
    ('⺟', '母'),
    ('⺠', '民'),
    ('⺡', '氵'),
    ('⺢', '水'),
    ('⺣', '灬'),
    ('⺤', '爪'),
    ('⺥', '爪'),
    ('⺦', '丬'),
    ('⺧', '牛'),
    ('⺨', '犭'),
    ('⺩', '王'),
    ('⺪', '疋'),
    ('⺫', '目'),
    ('⺬', '示'),
    ('⺭', '礻'),
    ('⺮', '竹'),
    ('⺯', '糸'),
    ('⺰', '纟'),
    ('⺱', '罒'),
    ('⺲', '罒'),
    ('⺳', '网'),
    ('⺴', '网'),
    ('⺵', '网'),
    ('⺶', '羊'),
    ('⺷', '羊'),
    ('⺸', '羊'),
    ('⺹', '老'),
    ('⺺', '肀'),
    ('⺻', '聿'),
    ('⺼', '月'),
    ('⺽', '臼'),
    ('⺾', '艹'),
    ('⺿', '艹'),
    ('⻀', '艹'),
    ('⻁', '虎'),
    ('⻂', '衤'),
    ('⻃', '西'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻇', '角'),
    ('⻈', '讠'),
    ('⻉', '贝'),
    ('⻊', '足'),
    ('⻋', '车'),
    ('⻌', '辶'),
    ('⻍', '辶'),
    ('⻎', '辶'),
    ('⻏', '阝'),
    ('⻐', '钅'),
    ('⻑', '长'),
    ('⻒', '长'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻕', '阜'),
    ('⻖', '阝'),
    ('⻗', '雨'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻞', '食'),
    ('⻟', '饣'),
    ('⻠', '饣'),
    ('⻡', '首'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻧', '卤'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻪', '黾'),
    ('⻫', '齐'),
    ('⻬', '齐'),
    ('⻭', '齿'),
    ('⻮', '齿'),
    ('⻯', '龙'),
    ('⻰', '龙'),
    ('⻱', '龟'),
    ('⻲', '龟'),
    ('⻳', '龟'),
    ('⼾', '户'),
    ('戶', '户'),
    ('⾒', '见'),
    ('⾔', '言'),
    ('⾙', '贝'),
    ('⾞', '车'),
    ('⾧', '长'),
    ('⾨', '门'),
    ('⾱', '韦'),
    ('⾴', '页'),
    ('⾵', '风'),
    ('⾶', '飞'),
    ('⾺', '马'),
    ('⿂', '鱼'),
    ('⿃', '鸟'),
    ('⿄', '卤'),
    ('⿆', '麦'),
    ('⿈', '黄'),
    ('⿌', '鼎'),
    ('⿑', '齐'),
    ('⿒', '齿'),
    ('⿓', '龙'),
    ('⿔', '龟'),
    ('⻰', '龙'),
];

/// The characters that a printed character stands for. Spaces and characters without width give nothing.
pub(super) fn fold(c: char) -> Folded {
    if c.is_ascii_alphanumeric() || ('\u{4e00}'..='\u{9fff}').contains(&c) && c != '戶' {
        return Folded::One(c);
    }
    if c.is_whitespace() || crate::display::is_hidden(c) {
        return Folded::Nothing;
    }
    if let Some((_, to)) = RADICALS.iter().find(|(from, _)| *from == c) {
        return Folded::One(*to);
    }
    let mut folded = c.nfkc().filter(|c| !c.is_whitespace());
    match (folded.next(), folded.next()) {
        (None, _) => Folded::Nothing,
        (Some(one), None) => Folded::One(one),
        (Some(_), Some(_)) => Folded::Several(c),
    }
}

/// What a character folds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folded {
    /// Nothing: a space, or something hidden.
    Nothing,
    /// One character.
    One(char),
    /// Several (㈠ → (一)): the NFKC of the character.
    Several(char),
}

impl Folded {
    /// The characters.
    pub(super) fn chars(self) -> Vec<char> {
        match self {
            Self::Nothing => Vec::new(),
            Self::One(c) => vec![c],
            Self::Several(c) => c.nfkc().filter(|c| !c.is_whitespace()).collect(),
        }
    }
}

/// A text with its characters folded, without spaces; punctuation stays.
pub(super) fn folded(text: &str) -> String {
    text.chars().flat_map(|c| fold(c).chars()).collect()
}

/// Folded, and without punctuation: what labels are compared by. Brackets, quotes and the marks after numbers are
/// printed in so many ways that only the characters between them tell labels apart.
pub(super) fn letters(text: &str) -> Vec<char> {
    folded(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The text on one line for people: radicals and full-width letters and digits normalised, spaces dropped,
/// Chinese punctuation as it is printed in Chinese.
pub(super) fn clean(text: &str) -> String {
    let keep = |c: char| {
        matches!(
            c,
            '\u{3001}'
                ..='\u{3011}' | '（' | '）' | '，' | '：' | '；' | '！' | '？' | '“' | '”' | '—' | '…'
        )
    };
    text.chars().flat_map(|c| if keep(c) { vec![c] } else { fold(c).chars() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_become_the_characters_of_simplified_text() {
        let cases = [
            ("⼈⺠政府⻔⼾⽹站⻓效⻬全", "人民政府门户网站长效齐全"),
            ("（⼀）予以公开", "(一)予以公开"),
            ("１２３，４５６", "123,456"),
            ("第 二\u{3000}十\u{a0}条\u{200b}", "第二十条"),
            ("⾏政机关不再处理", "行政机关不再处理"),
            ("㈠①", "(一)1"),
        ];
        for (printed, want) in cases {
            assert_eq!(folded(printed), want, "{printed}");
        }
    }

    #[test]
    fn labels_compare_without_punctuation() {
        for printed in ["1.属于国家秘密", "1、属于国家秘密", "１．属于 国家秘密", "1属于国家秘密"]
        {
            assert_eq!(letters(printed).iter().collect::<String>(), "1属于国家秘密");
        }
        assert_eq!(letters("危及“三安全一稳定”"), letters("危及\"三安全⼀稳定\""));
    }
}
