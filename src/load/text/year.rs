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
        '〇' | '零' | '○' | '０' | 'Ｏ' => 0,
        _ => "一二三四五六七八九".chars().position(|d| d == c)? as u16 + 1,
    };
    Some(digit)
}

/// The year of the statistics period, 2024年1月1日至…12月31日: the year of the report where the title has none.
pub(super) fn period_year(text: &str) -> Option<u16> {
    let text = folded(text);
    let at = text.find("年1月1日")?;
    let (before, _) = text.split_at_checked(at)?;
    let digits: String = before.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    to_year(&digits)
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
    }
}
