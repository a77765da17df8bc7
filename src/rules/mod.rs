//! The rules that a report must satisfy, and what is found where it does not.
//!
//! A rule is one declared value in [`RULES`]; its family's file finds the breaks. Checks read reports and never
//! write them: no repaired value reaches a report, an export or a total.

mod finding;
mod form;
pub mod narrative;
pub mod relation;
mod sums;

pub use finding::{Evidence, Finding, Side, cell_words, formula, table_words};
pub use relation::{Evaluation, Relation, State, Term, evaluate_all, relations};

use crate::display::Lang;
use crate::report::Report;

/// How bad a finding is. The order is from worst to mildest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The report contradicts itself or the form.
    Error,
    /// Probably wrong, or not as the form demands.
    Warning,
    /// Worth a look.
    Info,
}

impl Severity {
    /// All, worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// The word for people.
    #[must_use]
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Error => lang.pick("错误", "error"),
            Self::Warning => lang.pick("警告", "warning"),
            Self::Info => lang.pick("提示", "info"),
        }
    }
}

/// A rule of the catalogue.
#[derive(Debug)]
pub struct Rule {
    /// The stable identifier, never used again for another rule.
    pub id: &'static str,
    /// Chinese title.
    pub zh: &'static str,
    /// English title.
    pub en: &'static str,
    /// How bad a break is.
    pub severity: Severity,
    /// What must hold.
    pub formula: &'static str,
    /// When nothing is raised although the formula does not hold.
    pub exceptions: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
}

impl Rule {
    /// The title.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }

    /// The rule of that identifier, whatever its case.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.id.eq_ignore_ascii_case(id))
    }
}

const NOTICES: &str = "国办公开办函〔2019〕60号、〔2021〕30号，表三表头";

/// The catalogue.
pub static RULES: &[Rule] = &[
    Rule {
        id: "T3.1",
        zh: "收支平衡",
        en: "received and handled balance",
        severity: Severity::Error,
        formula: "each column: 一 + 二 = 三(七) + 四",
        exceptions: "a blank 三(七) over non-zero results counts as their sum",
        source: NOTICES,
    },
    Rule {
        id: "T3.2",
        zh: "办理结果合计",
        en: "results add up to the total",
        severity: Severity::Error,
        formula: "each column: 三(七) = (一) + (二) + (三)1-8 + (四)1-3 + (五)1-5 + (六)",
        exceptions: "（六） is one row on the form of 2019 and three on that of 2021; the rows that are there are summed",
        source: NOTICES,
    },
    Rule {
        id: "T3.3",
        zh: "行总计",
        en: "applicants add up to the row total",
        severity: Severity::Error,
        formula: "each row: 总计 = 自然人 + 商业企业 + 科研机构 + 社会公益组织 + 法律服务机构 + 其他",
        exceptions: "-",
        source: NOTICES,
    },
    Rule {
        id: "T3.6",
        zh: "总计空白",
        en: "blank total",
        severity: Severity::Error,
        formula: "a total over non-zero parts is filled in",
        exceptions: "parts that are all zero or blank",
        source: NOTICES,
    },
    Rule {
        id: "T4.1",
        zh: "复议诉讼总计",
        en: "outcomes add up to the total",
        severity: Severity::Error,
        formula: "each group: 总计 = 结果维持 + 结果纠正 + 其他结果 + 尚未审结",
        exceptions: "-",
        source: "国办公开办函〔2019〕60号、〔2021〕30号，表四",
    },
    Rule {
        id: "F2",
        zh: "文本中没有该表",
        en: "table not in the text",
        severity: Severity::Warning,
        formula: "tables 2, 3 and 4 are in the text",
        exceptions: "tables given as images or attachments are not in the text either: look at the source",
        source: "国办公开办函〔2021〕30号",
    },
    Rule {
        id: "F3",
        zh: "空白单元格",
        en: "blank cells",
        severity: Severity::Warning,
        formula: "every cell of the form holds a number, 0 where there is nothing",
        exceptions: "one finding for each table",
        source: "国办公开办函〔2021〕30号",
    },
    Rule {
        id: "F7",
        zh: "缺少单元格",
        en: "cells missing",
        severity: Severity::Warning,
        formula: "every row of the form is there with its cells",
        exceptions: "the rows of （六） follow the edition of the form",
        source: "国办公开办函〔2021〕30号",
    },
];

/// The table of rules in the README, generated.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from("| Rule | Severity | What | What must hold |\n|---|---|---|---|\n");
    for rule in RULES {
        let Rule { id, zh, en, severity, formula, .. } = rule;
        out.push_str(&format!("| {id} | {} | {zh} / {en} | {formula} |\n", severity.name()));
    }
    out
}

/// All findings of one report, worst first, in the order of the form within a severity.
#[must_use]
pub fn check(report: &Report) -> Vec<Finding> {
    let mut findings = sums::check(report);
    findings.extend(form::check(report));
    findings.sort_by_key(|f| f.rule.severity);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::template::TEMPLATES;

    #[test]
    fn every_rule_is_documented_once() {
        for (i, rule) in RULES.iter().enumerate() {
            for text in [rule.id, rule.zh, rule.en, rule.formula, rule.exceptions, rule.source] {
                assert!(!text.is_empty(), "{}", rule.id);
            }
            assert!(RULES.iter().skip(i + 1).all(|other| other.id != rule.id), "{} twice", rule.id);
        }
    }

    #[test]
    fn every_sum_of_the_form_is_a_rule() {
        for template in TEMPLATES {
            for sum in template.tables.iter().flat_map(|t| t.sums) {
                assert!(Rule::find(sum.rule).is_some(), "{}", sum.rule);
            }
        }
    }
}
