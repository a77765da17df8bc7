//! Years as titles and texts print them.

use crate::load::normalise::folded;

/// A year as printed, with where it ends: 2019, ２０１９, 二〇一九.
fn years(text: &str) -> Vec<(&str, usize)> {
    let mut years = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_ascii_digit() || chinese_digit(c).is_some() {
            continue;
        }
        if let Some(run) =
            text.get(start..at).filter(|run| run.chars().count() == 4 && to_year(run).is_some())
        {
            years.push((run, at));
        }
        start = at + c.len_utf8();
    }
    years
}

/// The year of a report in a part of its title: the one before 年度, else the last before 年 or the first, by which
/// side of the subject the part stands on, else one without 年.
pub(super) fn find_year(text: &str, is_before: bool) -> Option<u16> {
    let text = folded(text);
    let years = years(&text);
    let followed = |by: &str| {
        let mut of =
            years.iter().filter(|(_, end)| text.get(*end..).is_some_and(|rest| rest.starts_with(by)));
        if is_before { of.next_back() } else { of.next() }
    };
    followed("年度").or_else(|| followed("年")).or_else(|| followed("")).and_then(|(word, _)| to_year(word))
}

/// A text without the years in it.
pub(super) fn without_years(text: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for (word, end) in years(text) {
        out.push_str(text.get(from..end - word.len()).unwrap_or_default());
        let rest = text.get(end..).unwrap_or_default();
        let after = rest.strip_prefix("年度").or_else(|| rest.strip_prefix('年')).unwrap_or(rest);
        from = text.len() - after.len();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

fn to_year(word: &str) -> Option<u16> {
    let digits: Option<Vec<u16>> =
        word.chars().map(|c| c.to_digit(10).map(|d| d as u16).or_else(|| chinese_digit(c))).collect();
    let year = digits?.into_iter().fold(0_u16, |n, d| n.saturating_mul(10).saturating_add(d));
    (1990..=2100).contains(&year).then_some(year)
}

fn chinese_digit(c: char) -> Option<u16> {
    let digit = match c {
        '〇' | '零' | '○' | '０' | 'Ｏ' | 'O' => 0,
        _ => "一二三四五六七八九".chars().position(|d| d == c)? as u16 + 1,
    };
    Some(digit)
}

/// The year of the statistics period, 2024年1月1日至…12月31日: the year of the report where the title has none.
///
/// The first day of a year alone is also that from which rules are in force: the last one, or a word for the period,
/// must be there too.
pub(super) fn period_year(text: &str) -> Option<u16> {
    const DAYS: [&str; 8] =
        ["年1月1日", "年01月01日", "年1月1号", "年一月一日", ".1.1", ".01.01", "-01-01", "/1/1"];
    // Nearly no line has either.
    if !text.contains('月') && !text.contains(['.', '-', '/']) {
        return None;
    }
    let text = folded(text);
    let says_period =
        ["统计期", "统计时", "起止", "统计数据", "期限", "时限"].iter().any(|word| text.contains(word));
    DAYS.iter().find_map(|day| {
        let (before, after) = text.split_once(day)?;
        let digits: String = before.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        let near: String = after.chars().take(16).collect();
        let ends = ["12月31", "十二月三十一", "12.31", "12-31", "12/31"].iter().any(|end| near.contains(end));
        to_year(&digits).filter(|_| ends || says_period)
    })
}

/// The year that a sentence begins with and speaks of: 2021年，我局…; not the date of something.
pub(super) fn leading_year(sentence: &str) -> Option<u16> {
    let text = folded(sentence);
    // The number of a paragraph stands before it: （一）, 1、.
    let text = match text.split_once([')', '、', '.']) {
        Some((number, rest)) if number.chars().count() <= 3 => rest,
        _ => &text,
    };
    let (word, end) = years(text).into_iter().next().filter(|(word, end)| *end == word.len())?;
    let rest = text.get(end..)?.strip_prefix('年')?;
    let rest = rest.strip_prefix('度').unwrap_or(rest);
    let is_subject =
        [",", "，", "我", "本", "全", "以来", "共", "在", "新收", "收到"].iter().any(|w| rest.starts_with(w))
            && !rest.starts_with("以来");
    to_year(word).filter(|_| is_subject)
}

/// The years of which a text says that information was opened in them: 2021年度政府信息公开.
pub(super) fn subject_years(text: &str) -> Vec<u16> {
    if !text.contains("政府信息公开") {
        return Vec::new();
    }
    let text = folded(text);
    let is_subject = |end: usize| {
        let rest = text.get(end..).and_then(|rest| rest.strip_prefix('年'));
        rest.is_some_and(|rest| rest.strip_prefix('度').unwrap_or(rest).starts_with("政府信息公开"))
    };
    years(&text)
        .into_iter()
        .filter(|(_, end)| is_subject(*end))
        .filter_map(|(word, _)| to_year(word))
        .collect()
}

/// The date of publication, as a page prints it behind its label: 发布日期：2025-01-20.
pub(super) fn published(text: &str) -> Option<(u16, u32)> {
    const LABELS: [&str; 7] =
        ["发布日期", "发布时间", "成文日期", "发文日期", "公开日期", "生成日期", "公开时间"];
    let text = folded(text);
    let behind = LABELS.iter().find_map(|label| text.split_once(label)).map(|(_, rest)| rest)?;
    let behind = behind.trim_start_matches([':', '|', ' ', '"', ',']);
    let mut numbers = behind.split(|c: char| !c.is_ascii_digit());
    let year = numbers.next().filter(|digits| digits.len() == 4).and_then(to_year)?;
    let month = numbers.next()?.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some((year, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_of_two_years() {
        assert_eq!(find_year("2022年某局2021年度", true), Some(2021));
        assert_eq!(find_year("某局2021年度2022年", true), Some(2021));
        assert_eq!(find_year("某局2020年2021年", true), Some(2021));
        assert_eq!(find_year("工作2020年年报2021年", false), Some(2020));
        assert_eq!(find_year("2019", true), Some(2019));
        assert_eq!(find_year("202020年", true), None);
        assert_eq!(without_years("2022年某局二〇二一年度"), "某局");
        assert_eq!(without_years("2019政务"), "政务");
    }

    #[test]
    fn the_period_of_the_statistics() {
        assert_eq!(period_year("统计期限自 2021 年 1 月 1 日起至 2021年12月31日止"), Some(2021));
        assert_eq!(period_year("自今年1月1日"), None);
        assert_eq!(period_year("统计期限为2022.1.1-2022.12.31"), Some(2022));
        assert_eq!(period_year("从2022年01月01日起至12月31日"), Some(2022));
        assert_eq!(period_year("新办法自2020年1月1日起施行"), None);
    }

    #[test]
    fn sentences_begin_with_their_year() {
        assert_eq!(leading_year("2021年，我局工作"), Some(2021));
        assert_eq!(leading_year("（一）2021年度我镇公开"), Some(2021));
        assert_eq!(leading_year("二〇二一年，我局"), Some(2021));
        assert_eq!(leading_year("1.2021年，我局"), Some(2021));
        assert_eq!(leading_year("2021年5月，我局"), None);
        assert_eq!(leading_year("我局2021年成立"), None);
    }

    #[test]
    fn pages_print_when_they_were_published() {
        assert_eq!(published("索引号 1 发布日期：2025-01-20 来源"), Some((2025, 1)));
        assert_eq!(published("| 发布日期 | 2025年1月2日 |"), Some((2025, 1)));
        assert_eq!(published("2025-01-20"), None);
    }
}
