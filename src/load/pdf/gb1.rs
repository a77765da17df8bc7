//! Adobe-GB1: the numbers of the characters of simplified Chinese in fonts that are not part of the file.
//!
//! The characters of GB 2312 are numbered in the order of that standard, row by row, so their numbers can be counted. What
//! was added later has no such order, and stays unknown.

use encoding_rs::GBK;

/// Characters in a row of GB 2312.
const ROW: u32 = 94;

/// Runs of characters: the first number, the row and cell (from 1) where they begin in GB 2312, and how many there are.
const RUNS: [(u32, u32, u32, u32); 10] = [
    (96, 1, 1, 94),
    (190, 2, 17, 50),
    (240, 2, 69, 10),
    (250, 2, 81, 12),
    (262, 3, 1, 94),
    (356, 4, 1, 83),
    (439, 5, 1, 86),
    (525, 6, 1, 24),
    // The characters of everyday use, and the others.
    (940, 16, 1, 39 * ROW + 89),
    (4_695, 56, 1, 32 * ROW),
];
/// ASCII stands at the beginning, and once more in half the width.
const ASCII: [u32; 2] = [1, 814];

/// The character with a number.
pub(super) fn character(number: u32) -> Option<char> {
    let ascii =
        |first: u32| number.checked_sub(first).filter(|n| *n < 95).and_then(|n| char::from_u32(0x20 + n));
    if let Some(c) = ASCII.into_iter().find_map(ascii) {
        return Some(c);
    }
    let (first, row, cell, _) =
        RUNS.into_iter().find(|(first, _, _, count)| (*first..first + count).contains(&number))?;
    let at = number - first + cell - 1;
    let bytes = [u8::try_from(0xa0 + row + at / ROW).ok()?, u8::try_from(0xa1 + at % ROW).ok()?];
    let (text, has_errors) = GBK.decode_without_bom_handling(&bytes);
    text.chars().next().filter(|_| !has_errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_in_the_order_of_the_standard() {
        let cases = [
            (1, ' '),
            (17, '0'),
            (830, '0'),
            (96, '\u{3000}'),
            (97, '、'),
            (98, '。'),
            // （ is the eighth of row 3, ， the twelfth.
            (269, '（'),
            (273, '，'),
            // 啊 is the first of row 16, 座 the last of row 55, 亍 the first of row 56, 齄 the last of row 87.
            (940, '啊'),
            (4_694, '座'),
            (4_695, '亍'),
            (7_702, '齄'),
        ];
        for (number, want) in cases {
            assert_eq!(character(number), Some(want), "{number}");
        }
        for number in [0, 7_703, 30_000, u32::MAX] {
            assert_eq!(character(number), None, "{number}");
        }
    }
}
