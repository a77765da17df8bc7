//! What a unit is asked to check: the cells and the kind of slip that would explain a finding, never a value.
//!
//! A value in a list that is handed over would be copied into the report unread.

use crate::display::Lang;
use crate::rules::{Cause, Finding, Repair, Rule, Slip, cell_words};

/// More cells than that are named by their row.
const FEW: usize = 4;

/// What to ask for by the kind of rule: the start of its identifier, Chinese, English. The first that fits holds.
const BY_RULE: &[(&str, &str, &str)] = &[
    (
        "T3.6",
        "建议核实总计与各分项是否漏填，没有的填 0",
        "please check whether the total or its parts were left empty; 0 where there is nothing",
    ),
    (
        "T3",
        "建议对照依申请公开登记台账，核实所列各行各列",
        "please check these rows and columns against the register of requests",
    ),
    (
        "T4",
        "建议对照复议、诉讼案件台账，核实表四所列各项",
        "please check table 4 against the register of reviews and lawsuits",
    ),
    (
        "T2",
        "建议对照文件、执法、收费和采购台账，核实表二所列各项及单位",
        "please check table 2 and its units against the registers",
    ),
    (
        "X",
        "建议核实所列各表，数字不一致的请说明原因",
        "please check both tables; where the figures are right, please explain",
    ),
    (
        "N",
        "建议核实正文与表格，以登记台账为准使两者一致",
        "please check text and table against the register, and make them agree",
    ),
    (
        "D5",
        "建议核实成文与发布日期，确属逾期的请说明原因",
        "please check the dates; if it was late, please explain",
    ),
    ("D", "建议核实报告的年度、日期和所用格式", "please check the years, the dates and the form"),
    (
        "Y",
        "建议对照上年报告核实，口径有变化的请书面说明",
        "please check against last year's report; if the way of counting changed, please explain",
    ),
    (
        "O",
        "建议与相关单位核实，确属如此的请说明原因",
        "please check with the other agency; if it is right, please explain",
    ),
    ("F3", "建议核实空白单元格，没有的填 0", "please check the blank cells; 0 where there is nothing"),
    ("F4", "建议核实所填符号，没有的填 0", "please check the signs; 0 where there is nothing"),
    ("F5", "建议核实标题中的单位名称和年度", "please check the agency and the year in the title"),
    (
        "F6",
        "建议立即核实是否公开了个人信息，如有请先作处理",
        "please check at once whether personal data were published, and take them out",
    ),
    ("F", "建议核实是否缺漏，按规定格式补齐", "please check whether something is missing from the form"),
    ("P", "建议对照原件核实读取结果", "please check what was read against the original"),
];

/// What to check.
pub(super) fn advice(cause: &Cause, headline: &Finding, lang: Lang) -> String {
    match cause.likely() {
        Some(repair) => by_repair(repair, cause.breaks, lang),
        None => by_rule(headline.rule, lang).to_owned(),
    }
}

/// What to do where the corrected report cannot be read as the earlier one could.
pub(super) const fn unread(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "建议对照原件核实：现报告此处无法读取或无可比的报告，不能判断是否已整改",
        Lang::En => "please check against the original: the report cannot be read or compared here now",
    }
}

fn by_rule(rule: &Rule, lang: Lang) -> &'static str {
    let found = BY_RULE.iter().find(|(start, ..)| rule.id.starts_with(start));
    found.map_or(lang.pick("建议核实", "please check"), |(_, zh, en)| lang.pick(zh, en))
}

fn by_repair(repair: &Repair, breaks: usize, lang: Lang) -> String {
    let is_whole_row = repair.slip == Slip::RowShifted || repair.changes.len() > FEW;
    let mut places: Vec<String> = Vec::new();
    for (cell, _) in &repair.changes {
        let place =
            if is_whole_row { cell.row().label.on_screen(lang).to_owned() } else { cell_words(*cell, lang) };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let (places, slip) = (places.join(lang.pick("、", ", ")), repair.slip.words(lang));
    let agrees = if repair.evidence > 0 {
        lang.pick("，正文或上年报告可佐证", ", as the text or last year's report suggests")
    } else {
        ""
    };
    lang.pick(
        format!("建议核实{places}：可能是{slip}（可解释 {breaks} 处不符{agrees}），以登记台账为准"),
        format!(
            "please check {places}: possibly {slip} (explains {breaks} {}{agrees}); go by the register",
            if breaks == 1 { "break" } else { "breaks" }
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn every_rule_has_something_to_check() {
        for rule in RULES.iter() {
            assert!(BY_RULE.iter().any(|(start, ..)| rule.id.starts_with(start)), "{}", rule.id);
            assert!(by_rule(rule, Lang::Zh).starts_with("建议"), "{}", rule.id);
        }
        let all = |id: &str| by_rule(Rule::find(id).unwrap(), Lang::Zh);
        assert_ne!(all("F3"), all("F7"), "the more precise one comes first");
    }
}
