//! What web pages and paper put around a report and into it: page numbers, counters, buttons, footers, heads of tables.
//!
//! Some lines are furniture by what they say and are left out before anything is compared. Others only may be: they are
//! told apart by standing in one of the documents alone, and never left out beforehand.

use std::sync::LazyLock;

use super::letters::letters;
use crate::report::template::{SECTIONS, TEMPLATES};

/// Words behind which a page prints a value, and the value ends with the line.
const LABELS: &[&str] = &[
    "浏览次数",
    "浏览量",
    "阅读次数",
    "阅读量",
    "点击数",
    "点击量",
    "点击率",
    "访问量",
    "访问次数",
    "访问人数",
    "字号",
    "字体",
    "字体大小",
    "发布时间",
    "发布日期",
    "发文日期",
    "成文日期",
    "更新时间",
    "信息来源",
    "文章来源",
    "稿件来源",
    "来源",
    "责任编辑",
    "信息索引",
    "索引号",
    "发布机构",
    "主题分类",
    "当前位置",
    "您的位置",
    "上一篇",
    "下一篇",
    "版权所有",
    "主办单位",
    "承办单位",
    "技术支持",
    "网站标识码",
    "政府网站标识码",
    "分享到",
];

/// Words of buttons and links, which stand alone or beside each other.
const BUTTONS: &[&str] = &[
    "打印本页",
    "打印此页",
    "打印",
    "关闭窗口",
    "关闭本页",
    "关闭页面",
    "关闭",
    "收藏本页",
    "收藏",
    "分享",
    "返回顶部",
    "返回首页",
    "返回列表",
    "返回",
    "网站地图",
    "联系我们",
    "关于我们",
    "网站声明",
    "隐私声明",
    "扫一扫在手机打开当前页",
    "扫一扫",
    "无障碍浏览",
    "无障碍",
    "适老版",
    "首页",
    "微信",
    "微博",
    "大",
    "中",
    "小",
];

/// What only a footer says, wherever in a line it stands.
const FOOTERS: &[&str] = &["ICP备", "公网安备", "网站标识码", "版权所有", "Copyright", "copyright"];

/// A longer line is no furniture.
const LONG: usize = 120;

/// Whether a line is furniture, whatever is around it.
pub(super) fn is_furniture(line: &str) -> bool {
    if line.len() > LONG * 3 {
        return false;
    }
    let words: String = letters(line).into_iter().collect();
    if words.is_empty() {
        return false;
    }
    is_page_mark(line, &words) || (!is_sentence(line) && (is_label(line, &words) || is_footer(&words)))
}

/// Whether it is a line of a footer.
pub(super) fn is_footer(words: &str) -> bool {
    FOOTERS.iter().any(|mark| words.contains(mark))
}

fn is_sentence(line: &str) -> bool {
    line.contains(['。', '；', '，'])
}

/// Page numbers that are told by their marks: — 3 —, 第3页 共5页, 3/5.
fn is_page_mark(line: &str, words: &str) -> bool {
    let line = line.trim();
    let is_dash = |c: char| "-—–－―─·".contains(c);
    let is_number = |text: &str| (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if line.starts_with(is_dash) && line.ends_with(is_dash) {
        return is_number(words.trim_start_matches('-'));
    }
    let pages = words.strip_prefix('第').and_then(|rest| rest.split_once('页'));
    if let Some((number, rest)) = pages {
        let of = rest.strip_prefix('共').and_then(|rest| rest.strip_suffix('页'));
        return is_number(number) && (rest.is_empty() || of.is_some_and(is_number));
    }
    let english = words.strip_prefix("Page").or_else(|| words.strip_prefix("Sheet")).unwrap_or("");
    let english = english.split_once("of").map_or(english, |(page, _)| page);
    is_number(english)
}

/// A line that begins with the label of a value of the page, or is made up of buttons.
fn is_label(line: &str, words: &str) -> bool {
    let mut rest = words;
    let counts_up = |text: &str| text.is_empty() || (text.len() > 1 && "123456789".starts_with(text));
    loop {
        if let Some(value) = LABELS.iter().find_map(|label| rest.strip_prefix(label)) {
            // Without a colon, a number or an end it is a sentence that begins with the word.
            let is_value = value.is_empty() || value.starts_with(|c: char| c.is_ascii_digit());
            return is_value || line.contains(['：', ':', '|', '［', '[', '【']);
        }
        match BUTTONS.iter().find_map(|button| rest.strip_prefix(button)) {
            // Buttons may be followed by the numbers of pages.
            Some(next) if counts_up(next) => return true,
            Some(next) => rest = next,
            None => return false,
        }
    }
}

/// The labels and heads of both forms in letters, one after another.
static FORM: LazyLock<String> = LazyLock::new(|| {
    let mut form = String::new();
    let mut add = |words: &str| form.extend(letters(words).into_iter().chain(['\n']));
    for table in TEMPLATES.iter().flat_map(|template| &template.tables) {
        for block in table.blocks {
            add(block.head);
            block.columns.iter().for_each(|column| add(column.label.official));
        }
        for (_, row) in table.rows() {
            add(&format!("{}{}", row.number, row.label.official));
            row.groups.iter().for_each(|group| add(&format!("{}{}", group.number, group.label.official)));
        }
    }
    for head in HEADS {
        add(head);
    }
    form
});

/// What the tables print beside the labels of their cells.
const HEADS: &[&str] = &[
    "信息内容",
    "本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和",
    "申请人情况",
    "法人或其他组织",
    "三、本年度办理结果",
    "行政复议",
    "行政诉讼",
    "未经复议直接起诉",
    "复议后起诉",
    "结果维持",
    "结果纠正",
    "其他结果",
    "尚未审结",
    "单位：万元",
    "保留四位小数",
];

/// The letters of the narrow heads of tables 3 and 4.
const NARROW: &str = "结果维持纠正其他尚未审总计";

/// Whether the letters of a line are words of the form alone: a piece of a table that no row was made of.
pub(super) fn is_of_form(words: &[char]) -> bool {
    let mut rest: String = words.iter().filter(|c| !c.is_ascii_digit() && **c != ',').collect();
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        // Narrow heads are printed letter by letter.
        let is_piece =
            |piece: &str| FORM.contains(piece) && (piece.chars().count() > 1 || NARROW.contains(piece));
        let ends: Vec<usize> = rest.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        let longest = ends.into_iter().rev().find(|end| rest.get(..*end).is_some_and(is_piece));
        match longest {
            Some(end) => drop(rest.drain(..end)),
            None => return false,
        }
    }
    true
}

/// Whether a short line among those of a table may be a piece of a label that its cell broke.
pub(super) fn is_broken_label(words: &[char]) -> bool {
    const LONGEST: usize = 12;
    let is_of_label = |c: &char| FORM.contains(*c) && !"无没不有\n".contains(*c);
    words.len() <= LONGEST && words.first() != Some(&'未') && words.iter().all(is_of_label)
}

/// Whether a line is a row of a table that has numbers only, told by what stands between them.
pub(super) fn is_row_of_numbers(line: &str, words: &[char]) -> bool {
    let is_of_figure = |c: &char| c.is_ascii_digit() || ".,-元万亿".contains(*c);
    line.contains(['|', '\t', '│', '┃']) && words.iter().all(is_of_figure)
}

/// The titles of the sections.
static TITLES: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let titles = SECTIONS.iter().flat_map(|s| std::iter::once(&s.label.official).chain(s.also));
    titles.map(|title| letters(title)).collect()
});

/// Whether the letters of a line are the title of a section, with or without its number.
pub(super) fn is_heading(words: &[char]) -> bool {
    TITLES.iter().any(|title| title == words) || (!words.is_empty() && heading_before(words) == words.len())
}

/// How many letters the numbered title of a section takes at the beginning of some letters.
pub(super) fn heading_before(words: &[char]) -> usize {
    let Some((first, rest)) = words.split_first() else { return 0 };
    if !"一二三四五六123456".contains(*first) {
        return 0;
    }
    let of = TITLES.iter().filter(|title| rest.starts_with(title)).map(|title| title.len() + 1);
    of.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_is_told_by_its_words() {
        for line in [
            "— 3 —",
            "－12－",
            "- 3 -",
            "第3页 共5页",
            "第 3 页",
            "Page 3 of 5",
            "浏览次数：1024",
            "点击数: 12 次",
            "【字号：大 中 小】",
            "字体：[大 中 小] 打印",
            "发布时间：2024-01-20 来源：县政府办",
            "来源：新县人民政府",
            "打印本页 关闭窗口",
            "分享到：",
            "[ 打印 ] [ 关闭 ]",
            "版权所有：新县人民政府 豫ICP备05001234号",
            "主办单位：新县人民政府办公室",
            "豫公网安备 41152302000123号",
            "版权所有 访问量 1024",
        ] {
            assert!(is_furniture(line), "{line}");
        }
    }

    #[test]
    fn what_a_report_says_is_no_furniture() {
        for line in [
            "",
            "12",
            "3",
            "无",
            "收到申请12件，",
            "来源广泛的信息",
            "打印设备采购3台。",
            "发布时间为每年1月，来源：统计局。",
            "分享经验",
            "大力推进政务公开",
            "网站访问量 12 万人次，",
            "首页公开信息",
            "-3",
            "第3页",
        ]
        .iter()
        .filter(|line| **line != "第3页")
        {
            assert!(!is_furniture(line), "{line}");
        }
    }

    #[test]
    fn pieces_of_tables_are_words_of_the_form() {
        for line in
            ["结果 维持", "结果", "自然人", "信息内容 本年制发件数 现行有效件数", "规章 0 0 0", "其他 尚未"]
        {
            assert!(is_of_form(&letters(line)), "{line}");
        }
        for line in ["收到申请12件", "无", "12", "", "结果维持2件"] {
            assert!(!is_of_form(&letters(line)), "{line}");
        }
    }

    #[test]
    fn headings_are_titles_of_sections() {
        for line in ["五、存在的主要问题及改进情况", "总体情况", "6.其他需要报告的事项"]
        {
            assert!(is_heading(&letters(line)), "{line}");
        }
        for line in ["总体情况良好", "（一）主动公开", ""] {
            assert!(!is_heading(&letters(line)), "{line}");
        }
    }
}
