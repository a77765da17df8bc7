//! The readings that readers of place names would miss.

use super::*;

/// The likely readings of a name: syllables with blanks between, several of a character with slashes.
fn read(name: &str) -> String {
    let one = |r: &Readings| r.likely().iter().map(|s| s.letters()).collect::<Vec<_>>().join("/");
    of_name(name).iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn places_are_read_as_they_are_called() {
    let cases = [
        ("重庆市", "chong qing shi"),
        ("单县", "shan/dan xian"),
        ("莘县", "shen/xin xian"),
        ("六安市", "lu/liu an shi"),
        ("六盘水市", "liu pan shui shi"),
        ("蚌埠市", "beng bu shi"),
        ("厦门市", "xia men shi"),
        ("长沙市", "chang sha shi"),
        ("长治市", "chang zhi shi"),
        ("长子县", "zhang zi xian"),
        ("子长市", "zi chang shi"),
        ("浚县", "xun/jun xian"),
        ("乐清市", "yue/le qing shi"),
        ("乐山市", "le shan shi"),
        ("乐亭县", "lao/le ting xian"),
        ("涡阳县", "guo/wo yang xian"),
        ("亳州市", "bo zhou shi"),
        ("铅山县", "yan/qian shan xian"),
        ("台州市", "tai zhou shi"),
        ("丽水市", "li shui shi"),
        ("大埔县", "da bu/pu xian"),
        ("黄埔区", "huang pu qu"),
        ("番禺区", "pan yu qu"),
        ("吐鲁番市", "tu lu fan shi"),
        ("尉氏县", "wei shi xian"),
        ("尉犁县", "yu/wei li xian"),
        ("洪洞县", "hong tong/dong xian"),
        ("洞头区", "dong tou qu"),
        ("蔚县", "yu/wei xian"),
        ("任丘市", "ren qiu shi"),
        ("华阴市", "hua yin shi"),
        ("解放区", "jie fang qu"),
        ("朝阳区", "chao/zhao yang qu"),
        ("曲阜市", "qu fu shi"),
        ("成都市", "cheng du shi"),
        ("都匀市", "du yun shi"),
        ("会理市", "hui li shi"),
        ("宕昌县", "tan/dang chang xian"),
        ("大城县", "dai/da cheng xian"),
        ("大名县", "da ming xian"),
        ("宝坻区", "bao di/chi qu"),
        ("闵行区", "min hang qu"),
        ("行唐县", "xing tang xian"),
        ("荥阳市", "xing/ying yang shi"),
        ("荥经县", "ying/xing jing xian"),
        ("井陉县", "jing xing xian"),
        ("盱眙县", "xu yi xian"),
        ("歙县", "she/xi xian"),
        ("枞阳县", "zong yang xian"),
        ("甘孜藏族自治州", "gan zi zang zu zi zhi zhou"),
        ("喀什地区", "ka shi di qu"),
        ("阿拉善盟", "a la shan meng"),
        ("霍林郭勒市", "huo lin guo le shi"),
        ("略阳县", "lve/lue yang xian"),
        ("吕梁市", "lv/lyu liang shi"),
    ];
    for (name, want) in cases {
        assert_eq!(read(name), want, "{name}");
    }
}

#[test]
fn agencies_are_read_as_they_are_called() {
    let cases = [
        ("行政审批服务局", "xing zheng shen pi fu wu ju"),
        ("中国人民银行", "zhong guo ren min yin hang"),
        ("会计核算中心", "kuai ji he suan zhong xin"),
        ("社会保障", "she hui bao zhang"),
        ("重点工程", "zhong dian gong cheng"),
        ("委员会办公厅", "wei yuan hui ban gong ting"),
        ("旅游局", "lv/lyu you ju"),
        ("税务局（A区）", "shui wu ju   qu "),
    ];
    for (name, want) in cases {
        assert_eq!(read(name), want, "{name}");
    }
}

#[test]
fn a_reading_is_never_lost_to_a_word() {
    for (first, words) in &TABLE.words {
        for word in words {
            for (c, readings) in word.text.chars().zip(&word.readings) {
                let alone = of_character(c);
                for syllable in alone.likely().iter().chain(alone.others()) {
                    let kept = readings.likely().contains(syllable) || readings.others().contains(syllable);
                    assert!(kept, "{c} of {} lost {}", word.text, syllable.letters());
                }
                assert!(!readings.likely().is_empty(), "{c} of {}", word.text);
            }
            assert!(word.text.starts_with(*first));
        }
    }
}

#[test]
fn every_line_of_the_words_is_well_formed() {
    let known: Vec<&str> = syllables().to_vec();
    for line in include_str!("../readings.tsv").lines() {
        let (text, read) = line.split_once('\t').unwrap();
        assert_eq!(text.chars().count(), read.split(' ').count(), "{line}");
        assert!(read.split([' ', '/']).all(|s| known.contains(&s)), "{line}");
        let differs = text.chars().zip(read.split(' ')).any(|(c, r)| of_character(c).all[0].letters() != r);
        assert!(differs, "{line} says what the base table says");
    }
}

#[test]
fn every_division_can_be_typed() {
    let divisions = include_str!("../divisions.tsv");
    for name in divisions.lines().filter_map(|line| line.split('\t').nth(1)) {
        for (c, readings) in name.chars().zip(of_name(name)) {
            assert!(!readings.likely().is_empty(), "{c} of {name}");
        }
    }
}

#[test]
fn what_is_no_chinese_character_has_no_reading() {
    for c in ['A', '1', '（', ' ', 'é', '\u{202e}', '🏛'] {
        assert_eq!(of_character(c), Readings::default(), "{c:?}");
    }
}
