//! What the page around a text says of it: who published it and when, what the page calls itself, whose site it is.

use super::lines::DocLine;
use super::title::LABELS;
use super::year;
use crate::load::normalise::{clean, folded};
use crate::load::traditional::in_simplified;

/// The mark of a line that has what the head of a page says.
pub(crate) const PAGE_TITLE: &str = "<title>";
/// The mark of the other such lines, with the name of what they say behind it.
pub(crate) const PAGE_META: &str = "<meta>";
/// What the head of a page may say of the document: its names as sites of governments give them.
pub(crate) const META_NAMES: &[&str] = &["ArticleTitle", "ContentSource", "SiteName", "PubDate", "Author"];

/// So many lines from the top, and from the bottom, are those of the page.
const TOP: usize = 40;
const FOOT: usize = 8;
/// A longer line is no line of the page.
const MAX_BYTES: usize = 900;

/// Labels whose value is the publisher; the surest first.
const PUBLISHERS: &[&str] = &[
    "发布机构",
    "发布单位",
    "发布机关",
    "发文机关",
    "发文单位",
    "公开主体",
    "公开机构",
    "公开单位",
    "责任部门",
    "信息来源",
    "来源",
    "稿源",
];
/// Labels whose value is the body that keeps the site.
const KEEPERS: &[&str] = &["主办单位", "主办", "版权所有", "承办单位", "承办", "网站名称"];

/// What the page says.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// The title of the page, and that of the article on it.
    pub(super) titles: Vec<String>,
    /// The names behind the labels for the publisher.
    pub(super) publishers: Vec<String>,
    /// The names of the site and of those who keep it.
    pub(super) sites: Vec<String>,
    /// Year and month of publication.
    pub(super) published: Option<(u16, u32)>,
}

impl Around {
    /// Reads the lines around a text; `skip` are those of its title.
    pub(super) fn new(lines: &[DocLine<'_>], skip: std::ops::Range<usize>) -> Self {
        let mut around = Self::default();
        let filled: Vec<usize> =
            (0..lines.len()).filter(|i| lines.get(*i).is_some_and(|l| !l.text.trim().is_empty())).collect();
        let foot = filled.len().saturating_sub(FOOT).max(TOP);
        for (n, i) in filled.iter().enumerate().filter(|(n, i)| (*n < TOP || *n >= foot) && !skip.contains(i))
        {
            let Some(line) = lines.get(*i).filter(|line| line.text.len() < MAX_BYTES) else { continue };
            match line.fields.first().map(|field| field.text) {
                Some(PAGE_TITLE) if line.has_cells => around.titles.extend(cell(line, 1)),
                Some(PAGE_META) if line.has_cells => around.meta(line),
                _ => around.line(line, n < TOP),
            }
        }
        around
    }

    fn meta(&mut self, line: &DocLine<'_>) {
        let Some(value) = cell(line, 2) else { return };
        match line.fields.get(1).map_or("", |field| field.text) {
            "ArticleTitle" => self.titles.insert(0, value),
            "ContentSource" | "Author" => self.publishers.push(value),
            "SiteName" => self.sites.push(value),
            _ => self.published = self.published.or_else(|| year::published(&format!("发布日期:{value}"))),
        }
    }

    fn line(&mut self, line: &DocLine<'_>, is_top: bool) {
        let text = in_simplified(&clean(line.text)).into_owned();
        if is_top {
            self.publishers.extend(value_of(&text, PUBLISHERS));
            self.published = self.published.or_else(|| year::published(line.text));
            // 首页 > 新县水利局 > 年报: the path names whose pages these are.
            if text.contains(['>', '»']) {
                let steps = text.split(['>', '»', '：', ':']).map(str::to_owned);
                self.sites.extend(steps);
            }
        }
        self.sites.extend(value_of(&text, KEEPERS));
    }
}

fn cell(line: &DocLine<'_>, i: usize) -> Option<String> {
    line.fields.get(i).map(|field| clean(field.text)).filter(|text| !text.is_empty())
}

/// The value behind the first of some labels, up to the next label or mark.
fn value_of(text: &str, labels: &[&str]) -> Option<String> {
    let (at, label) = labels.iter().find_map(|label| text.find(label).map(|at| (at, label)))?;
    let rest = text.get(at + label.len()..)?;
    let rest = rest.trim_start_matches(['：', ':', '|', '【', '[', '"', ',', ' ']);
    let next = LABELS.iter().chain(KEEPERS).filter_map(|label| rest.find(label)).min().unwrap_or(rest.len());
    let ends = |c: char| c.is_ascii_digit() || "：:|，,。；;】](（)）\"/_©".contains(c);
    let end = rest.find(ends).unwrap_or(rest.len()).min(next);
    let value = rest.get(..end)?.trim();
    (2..=40).contains(&value.chars().count()).then(|| folded(value))
}

#[cfg(test)]
mod tests {
    use super::super::lines::cut;
    use super::*;

    fn around(text: &str) -> Around {
        let lines: Vec<_> = text.lines().zip(1..).map(|(line, n)| cut(n, line)).collect();
        Around::new(&lines, 0..0)
    }

    #[test]
    fn labels_have_their_values_behind_them() {
        for (text, want) in [
            (
                "索引号：11610/2020-0011 发布机构：新县水利局 发文日期：2020-01-20 来源：县政府办",
                "新县水利局",
            ),
            ("| 索引号 | 11 | 发布机构 | 新县水利局 | 文号 | |", "新县水利局"),
            ("发 布 单 位： 新县水利局　浏览次数：3", "新县水利局"),
            ("来源:新县水利局 发布时间:2024-01-26", "新县水利局"),
            ("發布機構\t新縣水利局\t發布日期\t2024-01-26", "新县水利局"),
        ] {
            assert_eq!(around(text).publishers, [want], "{text}");
        }
        assert!(around("信息来源广泛。\n发布机构：\n").publishers.iter().all(|p| p.contains("广泛")));
    }

    #[test]
    fn pages_say_when_and_where() {
        let page = around(
            "<title>\t新县水利局2023年政府信息公开工作年度报告_新县人民政府\n当前位置：首页 > 新县水利局 > 年报\n发布日期：2024-01-26",
        );
        assert_eq!(page.titles, ["新县水利局2023年政府信息公开工作年度报告_新县人民政府"]);
        assert!(page.sites.contains(&"新县水利局".to_owned()));
        assert_eq!(page.published, Some((2024, 1)));
        let page = around("<meta>\tContentSource\t新县水利局\n<meta>\tPubDate\t2024-01-26 10:00");
        assert_eq!((page.publishers, page.published), (vec!["新县水利局".to_owned()], Some((2024, 1))));
    }
}
