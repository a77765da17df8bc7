//! Folding of characters, for matching only: the original is what is kept and shown.
//!
//! NFKC is not enough for text out of PDFs: it leaves the CJK Radicals Supplement alone (⺠ ⻔ ⻓ ⻬), and of the
//! Kangxi radicals it makes the traditional forms (⼾ → 戶, ⻅ stays). The table below has the simplified form
//! for every radical that text set in simplified Chinese can hold.

use unicode_normalization::UnicodeNormalization;

pub(crate) use super::traditional::simplified;

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

/// Gives the characters that a printed character stands for: none for spaces and what has no width, several for
/// signs such as ㈠.
#[inline]
pub(crate) fn fold(c: char, take: &mut impl FnMut(char)) {
    match c {
        _ if is_itself(c) => take(c),
        // Spaces, and controls that nothing shows.
        '\0'..=' ' | '\u{3000}' => {}
        // The full-width forms of ASCII, in its order.
        '\u{ff01}'..='\u{ff5e}' => take(char::from_u32(c as u32 - 0xfee0).unwrap_or(c)),
        // The marks of Chinese text.
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '—' | '‘' | '’' | '“' | '”' => take(c),
        _ => fold_rare(c, take),
    }
}

/// Whether a character stands for itself and for nothing else, as nearly all do.
#[inline]
pub(super) fn is_itself(c: char) -> bool {
    c.is_ascii_graphic() || (('\u{4e00}'..='\u{9fff}').contains(&c) && c != '戶')
}

#[inline(never)]
fn fold_rare(c: char, take: &mut impl FnMut(char)) {
    if c.is_whitespace() || crate::display::is_hidden(c) || is_raised(c) {
        return;
    }
    let is_radical = ('\u{2e80}'..='\u{2fdf}').contains(&c) || c == '戶';
    match RADICALS.iter().find(|(from, _)| is_radical && *from == c) {
        Some((_, to)) => take(*to),
        None => c.nfkc().filter(|c| !c.is_whitespace()).for_each(take),
    }
}

/// The digits of notes, in their order.
const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/// A text with its digits as the raised ones of notes, which no number has.
pub(super) fn raised(text: &str) -> String {
    let raise = |c: char| c.to_digit(10).and_then(|n| RAISED.chars().nth(n as usize)).unwrap_or(c);
    text.chars().map(raise).collect()
}

/// Whether a character is a small digit above or below the line: what is printed so belongs to no word and no number.
pub(super) fn is_raised(c: char) -> bool {
    matches!(c, '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '₀'..='₉')
}

/// Whether a character behind a number can only be the mark of a note: small digits, and those in circles or brackets.
pub(super) fn is_note_mark(c: char) -> bool {
    is_raised(c) || matches!(c, '①'..='⒛' | '⓪'..='⓿' | '❶'..='➓' | '㉑'..='㉟' | '㊱'..='㊿' | '※')
}

/// A text with its characters folded, traditional ones to simplified ones, without spaces; punctuation stays.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        fold(c, &mut |c| out.push(simplified(c)));
    }
    out
}

/// Folded, and without punctuation: what labels are compared by. Brackets, quotes and the marks after numbers are
/// printed in so many ways that only the characters between them tell labels apart.
pub(super) fn letters(text: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len() / 3 + 1);
    text.chars().for_each(|c| fold_letter(c, &mut |c| out.push(c)));
    out
}

/// Gives the letters that a printed character stands for: see [`letters`].
#[inline]
pub(super) fn fold_letter(c: char, take: &mut impl FnMut(char)) {
    fold(c, &mut |c| {
        if ('\u{4e00}'..='\u{9fff}').contains(&c) || c.is_alphanumeric() {
            take(simplified(c));
        }
    });
}

/// The first letters of a text, as many of `N` as it has, and their number: enough to tell most lines apart.
pub(super) fn first_letters<const N: usize>(text: &str) -> ([char; N], usize) {
    let (mut out, mut count) = (['\0'; N], 0);
    for c in text.chars() {
        fold_letter(c, &mut |c| {
            if let Some(free) = out.get_mut(count) {
                *free = c;
                count += 1;
            }
        });
        if count == N {
            break;
        }
    }
    (out, count)
}

/// The text on one line for people: radicals and full-width letters and digits normalised, spaces dropped,
/// Chinese punctuation as it is printed in Chinese.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let is_chinese_mark = matches!(
            c,
            '\u{3001}'
                ..='\u{3011}' | '（' | '）' | '，' | '：' | '；' | '！' | '？' | '“' | '”' | '—' | '…'
        );
        if is_chinese_mark {
            out.push(c);
        } else {
            fold(c, &mut |c| out.push(c));
        }
    }
    out
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
            ("规章¹₂", "规章"),
        ];
        for (printed, want) in cases {
            assert_eq!(folded(printed), want, "{printed}");
        }
    }

    #[test]
    fn what_is_printed_stays_traditional() {
        assert_eq!(clean("臺山市 政府信息公開"), "臺山市政府信息公開");
        assert_eq!(folded("（一） 臺山市"), "(一)台山市");
        assert_eq!(letters("一、總體情況"), letters("一、总体情况"));
        assert_eq!(first_letters::<2>("總體情況").0, ['总', '体']);
    }

    #[test]
    fn the_short_way_of_folding_is_the_long_way() {
        for c in '\0'..='\u{ffff}' {
            let (mut short, mut long) = (String::new(), String::new());
            fold(c, &mut |c| short.push(c));
            fold_rare(c, &mut |c| long.push(c));
            assert_eq!(short, long, "{c:?}");
        }
    }

    #[test]
    fn the_first_letters_are_those_of_all() {
        for text in ["", "（一）予以公开", "㈠①⼈⺠政府", "1.属于", " \u{200b}、"] {
            let all = letters(text);
            let (first, count) = first_letters::<3>(text);
            assert_eq!(first.get(..count), all.get(..all.len().min(3)), "{text}");
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
