//! Tables inside a PDF that say which character a code means.

use std::collections::HashMap;

use lopdf::Object;
use lopdf::content::Content;

/// Entries of one table at most: there are not more characters than that in any font.
const MAX_ENTRIES: usize = 70_000;

/// The characters of codes.
#[derive(Debug, Default)]
pub(super) struct CMap {
    characters: HashMap<u32, String>,
    /// How many bytes a code has, by its first byte: of the ranges that are declared.
    spaces: Vec<Space>,
}

/// Codes of one length.
#[derive(Debug)]
struct Space {
    length: usize,
    first: u32,
    last: u32,
}

impl CMap {
    /// Reads a table; what cannot be read of it is left out.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let Ok(content) = Content::decode(bytes) else { return map };
        for operation in &content.operations {
            let operands = &operation.operands;
            match operation.operator.as_str() {
                "endcodespacerange" => map.read_spaces(operands),
                "endbfchar" => {
                    for pair in operands.chunks_exact(2) {
                        if let [code, to] = pair
                            && let (Some(code), Ok(to)) = (number(code), to.as_str())
                        {
                            map.insert(code, utf_16(to));
                        }
                    }
                }
                "endbfrange" => operands.chunks_exact(3).for_each(|range| map.read_range(range)),
                _ => {}
            }
        }
        map
    }

    fn insert(&mut self, code: u32, text: String) {
        if self.characters.len() < MAX_ENTRIES {
            self.characters.insert(code, text);
        }
    }

    fn read_spaces(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2).take(100) {
            if let [from, to] = pair
                && let (Some(first), Some(last), Ok(bytes)) = (number(from), number(to), to.as_str())
            {
                self.spaces.push(Space { length: bytes.len(), first, last });
            }
        }
    }

    fn read_range(&mut self, range: &[Object]) {
        let [from, to, target] = range else { return };
        let (Some(from), Some(to)) = (number(from), number(to)) else { return };
        let count = (to.saturating_sub(from) as usize).min(0xffff);
        match target {
            Object::Array(list) => {
                for (code, text) in (from..=to).zip(list) {
                    if let Ok(text) = text.as_str() {
                        self.insert(code, utf_16(text));
                    }
                }
            }
            Object::String(first, _) => {
                let mut units = units(first);
                for code in (from..=to).take(count + 1) {
                    self.insert(code, String::from_utf16_lossy(&units));
                    if let Some(last) = units.last_mut() {
                        *last = last.wrapping_add(1);
                    }
                }
            }
            _ => {}
        }
    }

    /// What a code means.
    pub(super) fn get(&self, code: u32) -> Option<&str> {
        self.characters.get(&code).map(String::as_str)
    }

    /// How many bytes the next code has, where the table tells.
    pub(super) fn length_of_code(&self, bytes: &[u8]) -> Option<usize> {
        self.spaces.iter().map(|space| space.length).filter(|n| *n > 0 && *n <= 4).find(|length| {
            let code = bytes.get(..*length).map(as_number);
            self.spaces
                .iter()
                .any(|s| s.length == *length && code.is_some_and(|c| c >= s.first && c <= s.last))
        })
    }
}

/// Bytes as a number, the first one counting most.
pub(super) fn as_number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |n, b| n << 8 | u32::from(*b))
}

fn number(object: &Object) -> Option<u32> {
    object.as_str().ok().filter(|bytes| bytes.len() <= 4).map(as_number)
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks(2).map(|pair| as_number(pair) as u16).collect()
}

fn utf_16(bytes: &[u8]) -> String {
    String::from_utf16_lossy(&units(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_ranges() {
        let map = CMap::read(
            b"%!PS-Adobe\n/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
            1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
            2 beginbfchar <0001> <4E00> <0002> <D840DC00> endbfchar\n\
            2 beginbfrange <0010> <0012> <0030>\n<0020> <0021> [<4E8C> <4E09>] endbfrange\n\
            endcmap end end",
        );
        let got: Vec<_> = [1, 2, 0x10, 0x12, 0x13, 0x21].iter().map(|c| map.get(*c)).collect();
        assert_eq!(got, [Some("一"), Some("𠀀"), Some("0"), Some("2"), None, Some("三")]);
        assert_eq!(map.length_of_code(b"\x00\x01\x00"), Some(2));
    }

    #[test]
    fn nonsense_is_left_out() {
        for bytes in
            [&b"<00> <ffffffff> <0000> endbfrange"[..], b"1 2 3 endbfchar", b"", b"<<<<[[[[", b"\xff"]
        {
            assert!(CMap::read(bytes).characters.len() <= 0x10000);
        }
    }
}
