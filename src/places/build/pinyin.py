#!/usr/bin/env python3
"""Writes pinyin.tsv: the syllables of Chinese characters, without tones.

Facts from pypinyin-dict 0.9 (Python package, MIT licence):

- ktghz2013 and kmandarin_8105: the readings of the 8,105 characters of the table of general standard characters
  (通用规范汉字表), and the usual one of each;
- khanyupinlu: readings found in modern text. Of a character that is in it, other readings than those are left out:
  区 ou, 南 na, 省 xing are in no name of a place or an agency, and would only be in the way;
- pinyin: the first reading of every other character of the block 4E00 to 9FFF.

Which reading comes first in names of places and agencies is decided below (FIRST). Names whose characters are read
otherwise are in readings.tsv, which is written by hand.

Usage: pinyin.py > ../pinyin.tsv

Columns, separated by tabs: the syllable with v for ü; the characters that are usually read so; those that also are.
"""

import collections
import unicodedata

from pypinyin_dict.pinyin_data import khanyupinlu, kmandarin_8105, ktghz2013, pinyin

# The readings of characters whose usual reading is another one in names, the likelier one first.
FIRST = {
    "长": "chang zhang", "都": "du dou", "藏": "zang cang", "什": "shi shen", "勒": "le lei", "佛": "fo fu",
    "曾": "zeng ceng", "泊": "bo po", "蚌": "beng bang", "伽": "jia ga qie", "茄": "qie jia", "莘": "shen xin",
    "番": "fan pan", "会": "hui kuai", "重": "zhong chong", "行": "xing hang", "调": "diao tiao", "乐": "le yue",
    "单": "dan shan", "朝": "chao zhao", "宿": "su", "地": "di", "得": "de", "大": "da", "和": "he",
    "枞": "zong", "柏": "bai bo", "埔": "pu bu", "圩": "wei xu", "堡": "bao bu pu", "六": "liu lu", "觉": "jue",
    "泌": "mi bi", "洞": "dong tong", "塞": "sai", "称": "cheng", "传": "chuan zhuan", "石": "shi",
    "陂": "pi bei po", "盖": "gai ge", "卡": "ka qia", "查": "cha", "厦": "sha xia", "浒": "hu xu", "给": "gei ji",
    "畜": "xu chu", "参": "can shen", "数": "shu", "说": "shuo", "校": "xiao jiao", "率": "lv shuai", "色": "se",
    "车": "che", "少": "shao", "员": "yuan", "服": "fu", "发": "fa", "合": "he", "育": "yu", "术": "shu",
}


def table(module):
    """Character -> readings without tones, as the module lists them."""
    values = next(v for v in vars(module).values() if isinstance(v, dict) and len(v) > 1000)
    return {chr(k): list(dict.fromkeys(map(plain, v.split(",")))) for k, v in values.items()}


def plain(reading):
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v").replace("ɡ", "g").replace("ê", "e")
    return "".join(c for c in letters if "a" <= c <= "z")


def main():
    all_, usual, found = table(ktghz2013), table(kmandarin_8105), table(khanyupinlu)
    readings = {c: r[:1] for c, r in table(pinyin).items() if "\u4e00" <= c <= "\u9fff"}
    for c, known in all_.items():
        if len(c) == 1 and "\u4e00" <= c <= "\u9fff":
            more = [r for r in known if r in found.get(c, known)]
            readings[c] = list(dict.fromkeys(usual[c] + more))
    readings.update({c: r.split() for c, r in FIRST.items()})
    first, also = collections.defaultdict(list), collections.defaultdict(list)
    for c, (usual_one, *others) in sorted(readings.items()):
        first[usual_one].append(c)
        for other in others:
            also[other].append(c)
    for syllable in sorted(set(first) | set(also)):
        print("\t".join([syllable, "".join(first[syllable]), "".join(also[syllable])]).rstrip("\t"))


if __name__ == "__main__":
    main()
