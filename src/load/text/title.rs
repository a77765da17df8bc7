//! The title of a report: which agency, which year.

use super::lines::DocLine;
use super::sections::Heading;
use super::year::{find_year, without_years};
use crate::load::normalise::clean;
use crate::load::traditional::in_simplified;
use crate::places;

/// What the title says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Title {
    /// On one line, its characters normalised.
    pub(super) text: String,
    /// The agency in simplified characters, as one agency has one name; empty if the title names none.
    pub(super) agency: String,
    /// The year of the report.
    pub(super) year: Option<u16>,
    /// Indices of the lines that it takes.
    pub(super) lines: std::ops::Range<usize>,
}

impl Title {
    /// How much it says: the year counts for more than the agency, as years of other titles are there too.
    fn says(&self) -> u8 {
        2 * u8::from(self.year.is_some()) + u8::from(!self.agency.is_empty())
    }

    /// Whether it says of whom and when.
    fn says_all(&self) -> bool {
        self.year.is_some() && !self.agency.is_empty()
    }
}

impl Title {
    /// Whether it is the title of another report, says all, and is a line by itself: of several, the nearest to the text
    /// is the title.
    fn is_nearer(&self, best: &Self) -> bool {
        let is_other = self.agency != best.agency || self.year != best.year;
        is_other && self.says_all() && self.lines.len() == 1
    }
}

/// How many lines from the top may hold the title.
const TOP: usize = 120;
/// A title is at most this long, in characters.
const MAX_CHARS: usize = 70;
/// What is printed on the lines of a title beside it, in characters, is no text of the report up to that many.
const MAX_REST: usize = 40;
/// A title is wrapped over at most this many lines that are not blank.
const MAX_LINES: usize = 4;

/// The title of the document: the first that says whose report it is and on which year, else the first that says most.
///
/// It is a line of its own, or joined from lines of its own: a line that has the end of a title is read with as few of
/// those above it as say all that there is to say.
pub(super) fn find(lines: &[DocLine<'_>], headings: &[Heading]) -> Option<Title> {
    // Behind the second heading titles are those of other reports.
    let mut in_order: Vec<usize> = headings.iter().map(|h| h.line).collect();
    in_order.sort_unstable();
    let end = in_order.get(1).copied().unwrap_or(lines.len());
    let filled = (0..end).filter(|i| own_text(lines, headings, *i).is_some()).take(TOP);
    let mut best: Option<Title> = None;
    // Above the first heading, lists of other reports come before the title of this one.
    let text_begins = in_order.first().copied().unwrap_or(0);
    for last in filled {
        let is_whole = best.as_ref().is_some_and(Title::says_all);
        if is_whole && last >= text_begins {
            break;
        }
        let Some(title) = ending_at(lines, headings, last) else { continue };
        if best.as_ref().is_none_or(|best| title.says() > best.says() || title.is_nearer(best)) {
            best = Some(title);
        }
    }
    best
}

/// The text of a line that is one of its own: not blank, no heading, no row of several cells.
fn own_text<'a>(lines: &[DocLine<'a>], headings: &[Heading], i: usize) -> Option<&'a str> {
    let line = lines.get(i)?;
    if headings.iter().any(|h| h.line == i && !h.has_text) {
        return None;
    }
    // Rows of a table, as the navigation of a page, are no title; one cell over the whole width may be.
    let text = if line.has_cells {
        let mut filled = line.fields.iter().filter(|field| !field.text.is_empty());
        filled.next().filter(|_| filled.next().is_none())?.text
    } else {
        line.text
    };
    Some(unquoted(text.trim())).filter(|text| !text.is_empty())
}

/// A line without the bars, commas and quotes of a file of cells around its only one.
fn unquoted(text: &str) -> &str {
    let text = text.trim_matches(['|', ',', ' ']);
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

/// The title whose last line that is.
fn ending_at(lines: &[DocLine<'_>], headings: &[Heading], last: usize) -> Option<Title> {
    let mut best: Option<Title> = None;
    let mut text = String::new();
    let mut above = Some(last);
    for _ in 0..MAX_LINES {
        let Some(line) = above else { break };
        let printed = own_text(lines, headings, line)?;
        if printed.len() > 8 * MAX_CHARS {
            break;
        }
        let piece = clean(printed);
        // What stands above goes on in the title only if it is part of none, and no other line of the page.
        if line < last && (is_furniture(&piece) || read(&piece).is_some_and(|title| title.year.is_some())) {
            break;
        }
        text.insert_str(0, &piece);
        if text.chars().count() > MAX_CHARS && line < last {
            break;
        }
        if let Some(title) = read(&text) {
            if best.as_ref().is_none_or(|best| title.says() > best.says()) {
                // A line that has more than the title and the names of the site and of the column stays in the text.
                let rest = text.chars().count().saturating_sub(title.text.chars().count());
                let from = if rest > MAX_REST { last + 1 } else { line };
                best = Some(Title { lines: from..last + 1, ..title });
            }
            if best.as_ref().is_some_and(Title::says_all) {
                break;
            }
        }
        above = (0..line).rev().find(|i| lines.get(*i).is_some_and(|l| !l.text.trim().is_empty()));
        above = above.filter(|i| own_text(lines, headings, *i).is_some());
    }
    best
}

/// Labels of what a page says of a document, as they stand around the text.
pub(super) const LABELS: &[&str] = &[
    "索引号",
    "发布机构",
    "发布单位",
    "发布机关",
    "发文机关",
    "发文单位",
    "公开主体",
    "公开机构",
    "公开单位",
    "公开责任",
    "责任部门",
    "成文日期",
    "发文日期",
    "发布日期",
    "发布时间",
    "公开日期",
    "公开时间",
    "生成日期",
    "生效日期",
    "废止日期",
    "更新时间",
    "更新日期",
    "录入时间",
    "公开方式",
    "公开形式",
    "公开类别",
    "公开范围",
    "公开属性",
    "信息来源",
    "信息名称",
    "文件名称",
    "文件编号",
    "来源",
    "稿源",
    "文号",
    "发文字号",
    "浏览次数",
    "浏览量",
    "访问次数",
    "访问量",
    "阅读次数",
    "阅读量",
    "点击数",
    "点击率",
    "点击次数",
    "字号",
    "字体",
    "组配分类",
    "信息分类",
    "主题分类",
    "服务对象",
    "体裁分类",
    "有效性",
    "时效性",
    "主题词",
    "关键词",
    "内容概述",
    "责任编辑",
    "编辑",
    "打印",
    "分享到",
    "收藏",
];

/// Whether a line is one of what a page says of a document: a label with its mark, or several labels.
pub(super) fn is_labelled(piece: &str) -> bool {
    let behind = |label: &&&str| piece.find(**label).and_then(|at| piece.get(at + label.len()..));
    let labels = LABELS.iter().filter(|label| behind(label).is_some()).take(2).count();
    let is_marked =
        |label: &&str| behind(&label).is_some_and(|rest| rest.starts_with(['：', ':', '】', ']']));
    labels == 2 || (labels == 1 && LABELS.iter().any(is_marked))
}

/// Lines of a page around the text: menus, paths, dates, names of sites. No title goes on after one.
pub(super) fn is_furniture(piece: &str) -> bool {
    const WORDS: [&str; 10] = [
        "首页",
        "返回",
        "无障碍",
        "政府信息公开",
        "政务公开",
        "信息公开",
        "政府信息公开年报",
        "政府信息公开年度报告",
        "信息公开年报",
        "正文",
    ];
    const SITES: [&str; 12] =
        ["网", "网站", "平台", "专栏", "公报", "门户", "版", "登录", "注册", "搜索", "检索", "索引"];
    let piece = in_simplified(piece);
    WORDS.contains(&piece.as_ref())
        || piece.starts_with(['上', '下']) && ["一篇", "一条"].iter().any(|w| piece.contains(w))
        || piece.contains(['：', ':', '>', '|', '»', '，', '。', '[', '·', '〔', '〕', '/', '?', '？', '；'])
        || LABELS.iter().any(|label| piece.contains(label))
        || SITES.iter().any(|end| piece.ends_with(end))
        || !piece.chars().any(char::is_alphabetic)
}

/// What the report is about, the longest words first.
const SUBJECTS: [&str; 3] = ["政府信息公开", "政务公开", "信息公开"];
/// How a title ends.
const REPORTS: [&str; 3] = ["报告书", "报告", "年报"];
/// Pages about a report and reports about something else.
const NO_REPORTS: &[&str] = &[
    "解读",
    "图解",
    "图说",
    "一图",
    "长图",
    "动漫",
    "看懂",
    "读懂",
    "评估",
    "自查",
    "整改",
    "调研",
    "通知",
    "指南",
    "测评",
    "答记者",
    "述职",
    "目录",
];
/// Words of sentences, which a line may end in the middle of.
const SENTENCES: &[&str] = &[
    "现将",
    "根据",
    "按照",
    "依据",
    "要求",
    "编制",
    "撰写",
    "做好",
    "报送",
    "印发",
    "本年度报告",
    "本报告",
    "予以",
];

/// Reads a text on one line as a title.
pub(super) fn read(text: &str) -> Option<Title> {
    // The same places in both, so that what is found in the one is printed as in the other.
    let plain = in_simplified(text);
    let title = read_simplified(&plain)?;
    let at = plain.find(&title.text).filter(|_| matches!(plain, std::borrow::Cow::Owned(_)));
    let printed = at.and_then(|at| text.get(at..at + title.text.len())).map(str::to_owned);
    Some(Title { text: printed.unwrap_or(title.text), ..title })
}

fn read_simplified(text: &str) -> Option<Title> {
    let text = shown(text);
    let core = without_tail(text)?;
    let (subject, at) = SUBJECTS.iter().find_map(|s| core.find(s).map(|at| (*s, at)))?;
    // The name of the column and what the page says of the document may run into the title.
    let runs_on = core.get(at..).is_some_and(|rest| LABELS.iter().any(|label| rest.contains(label)));
    let (subject, at) = match SUBJECTS.iter().find_map(|s| core.rfind(s).map(|at| (*s, at))) {
        Some(last) if runs_on => last,
        _ => (subject, at),
    };
    let is_other = NO_REPORTS.iter().chain(SENTENCES).any(|word| core.contains(word));
    if is_other || core.contains(['。', '，', '；', '“', '《', '？', '！']) || is_of_another_page(core)
    {
        return None;
    }
    let (before, after) = core.split_at_checked(at)?;
    // 信息公开 stands in words of other reports too; in a title nothing but the kind of report follows it.
    let tail =
        text.get(core.len()..).filter(|tail| !tail.contains(['月', '-', '.', '/'])).unwrap_or_default();
    let year = find_year(before, true).or_else(|| find_year(after, false)).or_else(|| find_year(tail, false));
    let (cut, agency) = agency(before, subject);
    // 关于 in front of all is a title of its own only where it says of whom and when.
    if core.starts_with("关于") && (year.is_none() || agency.is_empty()) {
        return None;
    }
    let text = text.get(cut..).unwrap_or(text);
    Some(Title { text: text.to_owned(), agency, year, lines: 0..0 })
}

/// Whether it is a link to another page: 上一篇：….
fn is_of_another_page(core: &str) -> bool {
    ["上一篇", "下一篇", "上一条", "下一条", "上篇", "下篇", "相关"]
        .iter()
        .any(|start| core.starts_with(start))
}

/// The title without marks before it (【图文】, 附件1：, the path of the page) and the name of the site behind it.
fn shown(text: &str) -> &str {
    let marks = |c: char| "#*【】[]《>〉·".contains(c);
    let text = text.trim_start_matches(|c: char| {
        (marks(c) && c != '【' && c != '[')
            || (!c.is_ascii() && !c.is_alphanumeric() && !"《〔（【「“".contains(c))
    });
    let mut text = text;
    for (open, close) in [('【', '】'), ('[', ']')] {
        if let Some((mark, rest)) = text.strip_prefix(open).and_then(|t| t.split_once(close)) {
            text = if rest.is_empty() { mark } else { rest };
        }
    }
    let text = without_number(text.trim_start_matches(marks));
    // The name of the site stands behind the title, the path of the page before it.
    let ends = |part: &&str| without_tail(part).is_some();
    let text = before_site(text).filter(ends).unwrap_or(text);
    let text = text.rsplit_once(['>', '»']).map_or(text, |(_, last)| last);
    let labels = ["标题", "名称", "信息名称", "文件名称", "题名", "附件"];
    let text = match text.split_once(['：', ':']) {
        Some((label, rest)) if labels.contains(&label.trim_end_matches(|c: char| c.is_ascii_digit())) => rest,
        _ => text,
    };
    let text = before_site(text).filter(ends).unwrap_or(text);
    text.trim_end_matches(['》', '*', '】', '」'])
}

/// What stands before the name of the site: before the first mark with no date behind it.
fn before_site(text: &str) -> Option<&str> {
    let is_mark =
        |at: usize| text.get(at..).is_some_and(|t| !t.chars().nth(1).is_some_and(|c| c.is_ascii_digit()));
    let mark = text.match_indices(['_', '|', '—', '-']).map(|(at, _)| at).find(|at| is_mark(*at))?;
    text.get(..mark)
}

/// A text without the number of the document before it: 金统发〔2023〕2号.
fn without_number(text: &str) -> &str {
    let number = text.split_once(['〕', '﹞']).and_then(|(_, rest)| rest.split_once('号'));
    match number {
        Some((digits, rest)) if digits.chars().all(|c| c.is_ascii_digit()) && !rest.is_empty() => rest,
        _ => text,
    }
}

/// The text up to the word for a report, if nothing but a date, a number or brackets follow.
fn without_tail(text: &str) -> Option<&str> {
    let (at, word) = REPORTS.iter().filter_map(|end| text.rfind(end).map(|at| (at, end))).max()?;
    let end =
        REPORTS.iter().filter(|r| text.get(at..).is_some_and(|t| t.starts_with(*r))).map(|r| r.len()).max();
    let (core, tail) = text.split_at_checked(at + end.unwrap_or(word.len()))?;
    let tail = tail.trim_end_matches(".pdf").trim_end_matches(".docx").trim_end_matches(".doc");
    let is_date = |c: char| c.is_ascii_digit() || "年度月日.-/_〇○零一二三四五六七八九十".contains(c);
    let mut depth = 0_i32;
    let is_aside = tail.chars().all(|c| {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth -= 1,
            _ => return depth > 0 || is_date(c),
        }
        true
    });
    if is_aside {
        return Some(core);
    }
    // The brackets may hold the word: 工作情况（年度报告）.
    (text.ends_with(['）', ')'])).then_some(core).filter(|_| tail == "）" || tail == ")")
}

/// The agency in what stands before 政府信息公开: without the year and the words around it. Empty where it is none:
/// 政府, 我局, or what is left of a name of which the beginning stands elsewhere. And where the title begins, if what the
/// page says of the document was printed before it without any mark.
fn agency(before: &str, subject: &str) -> (usize, String) {
    let whole = name_alone(before, subject);
    if is_agency(&whole) {
        return (0, whole);
    }
    // 索引号0041发布日期2025-01-20新县…: the name is what follows the last digit that is no year.
    let is_digit = |c: char| c.is_ascii_digit() || c == '：' || c == ':';
    let masked = without_years(before);
    if !LABELS.iter().any(|label| masked.contains(label)) {
        return (0, String::new());
    }
    let name_of = |start: usize| before.get(start..).map(|rest| name_alone(rest, subject));
    let starts = before.char_indices().filter(|(_, c)| is_digit(*c)).map(|(at, c)| at + c.len_utf8());
    let cut = starts.filter(|at| {
        before.get(*at..).is_some_and(|rest| !rest.starts_with(|c| is_digit(c) || "年月日".contains(c)))
    });
    let cut = cut.filter_map(|at| name_of(at).filter(|name| is_agency(name)).map(|name| (at, name)));
    cut.max_by_key(|(at, _)| *at).unwrap_or_default()
}

/// The name before the subject, whatever it is.
pub(super) fn name_alone(before: &str, subject: &str) -> String {
    let name = without_years(before);
    let marks = |c: char| c.is_whitespace() || "-—:：、·（）()的".contains(c);
    let mut name = name.trim_matches(marks);
    loop {
        let mut shorter = name.trim_start_matches(|c: char| c.is_ascii_digit() || "月日".contains(c));
        for start in ["关于", "发布", "公布"] {
            shorter = shorter.trim_start_matches(start);
        }
        for end in ["关于", "年度", "政府（政务", "政府(政务", "（机关", "(机关", "（本级", "(本级"]
        {
            shorter = shorter.trim_end_matches(end);
        }
        shorter = shorter.trim_matches(marks);
        shorter = if subject == "信息公开" { shorter.trim_end_matches("政务") } else { shorter };
        if subject == "政务公开" {
            shorter = shorter.trim_end_matches("政府信息与").trim_end_matches("党务");
        }
        if shorter == name {
            break;
        }
        name = shorter;
    }
    // 新县人民政府信息公开: one 政府 serves the agency and the subject.
    if name.ends_with("人民") && subject == "政府信息公开" && name.chars().count() > 2 {
        format!("{name}政府")
    } else {
        name.to_owned()
    }
}

/// Ends of names that are no name alone: the beginning is missing, or it says nothing.
const NO_NAMES: &[&str] = &[
    "政府",
    "人民政府",
    "办公室",
    "办公厅",
    "机关",
    "单位",
    "部门",
    "各单位",
    "各部门",
    "管理局",
    "委员会",
    "管理委员会",
    "办事处",
    "街道办事处",
    "街道办",
    "分局",
    "事务局",
    "镇人民政府",
    "乡人民政府",
    "镇政府",
    "乡政府",
    "管委会",
    "服务局",
    "保障局",
    "监督管理局",
    "全文",
    "正文",
    "关于做好",
    "年报",
    "公开",
];

/// Whether a name has a place in it.
pub(super) fn is_placed(name: &str) -> bool {
    let place = places::in_name(name);
    place.county.or(place.city).or(place.province).is_some()
}

/// Whether a name is one of an agency, and of which.
pub(super) fn is_agency(name: &str) -> bool {
    let count = name.chars().count();
    let is_self = name.starts_with(['我', '本', '该', '各', '全', '其'])
        && (count <= 4 || ["本级", "本单位", "本机关"].iter().any(|own| name.starts_with(own)));
    (2..=40).contains(&count)
        && !is_self
        && !NO_NAMES.contains(&name)
        && !name.starts_with(['与', '及', '、'])
        // 和平区 is a place, 和社会保障局 the end of a name.
        && (!name.starts_with('和') || is_placed(name))
        && !name.contains(['：', ':', '>', '|', '，', '。', '；', '_', '?', '=', '!', '《', '》', '〔', '/'])
        && !name.chars().any(|c| c.is_ascii_digit())
        && !LABELS.iter().any(|label| name.contains(label))
        && !name.contains("首页")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_as_they_are_written() {
        let cases = [
            ("新县人民政府办公室2019年政府信息公开工作年度报告", "新县人民政府办公室", Some(2019)),
            ("2023年度高平市人民政府政府信息公开工作年度报告", "高平市人民政府", Some(2023)),
            ("甲县政府信息公开工作2020年度报告", "甲县", Some(2020)),
            ("甲县财政局关于2022年度政府信息公开工作情况的报告", "甲县财政局", Some(2022)),
            ("甲县水利局2021年政府信息公开年报", "甲县水利局", Some(2021)),
            ("甲县二〇二二年政府信息公开工作年度报告", "甲县", Some(2022)),
            ("甲县２０２２年政府信息公开工作年度报告", "甲县", Some(2022)),
            ("【图文】甲县2022年政府信息公开工作年度报告", "甲县", Some(2022)),
            ("甲县人民政府信息公开工作年度报告(2021年)", "甲县人民政府", Some(2021)),
            ("甲县教育局2021年政务公开工作年度报告", "甲县教育局", Some(2021)),
            ("政府信息公开工作年度报告", "", None),
        ];
        for (text, agency, year) in cases {
            let title = read(&clean(text)).unwrap_or_else(|| panic!("{text} is a title"));
            assert_eq!((title.agency.as_str(), title.year), (agency, year), "{text}");
        }
    }

    #[test]
    fn what_is_no_title() {
        for text in [
            "甲县2022年政府信息公开工作年度报告解读",
            "现将2019年甲县政府信息公开工作年度报告予以公布。",
            "一、总体情况",
            "2019年，甲县政府信息公开工作扎实推进，现将有关情况报告",
            "政府信息公开",
        ] {
            assert_eq!(read(&clean(text)), None, "{text}");
        }
    }

    #[test]
    fn a_title_over_several_lines() {
        let text = "\n甲县人民政府 2024 年\n\n政府信息公开工作\n年度报告\n一、总体情况";
        let lines: Vec<_> =
            text.lines().zip(1..).map(|(line, n)| super::super::lines::cut(n, line)).collect();
        let title = find(&lines, &super::super::sections::find(&lines).0).unwrap();
        assert_eq!(title.text, "甲县人民政府2024年政府信息公开工作年度报告");
        assert_eq!(title.lines, 1..5);
    }
}
