//! The two official forms: every row, column, label and sum, as values.
//!
//! Sources: 国办公开办函〔2019〕60号 (格式（试行）, report years 2019 and 2020) and 国办公开办函〔2021〕30号 (report years from
//! 2021). The formula printed in the head of table 3 is 本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和.

use super::template::{
    Along, Block, Column, Group, Holds, Label, Row, Section, SumRule, Table, TableId, Template, TemplateId,
};

/// The six sections of a report, with the wordings of their titles: the official one first.
pub const SECTIONS: [Section; 6] = [
    Section {
        number: 1,
        label: label("总体情况", "总体", "Overview"),
        also: &["工作基本情况", "基本情况", "总体工作情况", "概述"],
    },
    Section {
        number: 2,
        label: label("主动公开政府信息情况", "主动公开", "Proactive disclosure"),
        also: &["政府信息主动公开情况", "主动公开情况"],
    },
    Section {
        number: 3,
        label: label("收到和处理政府信息公开申请情况", "申请", "Requests"),
        also: &[
            "收到和处理政府信息依申请公开情况",
            "政府信息依申请公开情况",
            "依申请公开政府信息情况",
            "收到和处理信息公开申请情况",
        ],
    },
    Section {
        number: 4,
        label: label("政府信息公开行政复议、行政诉讼情况", "复议诉讼", "Reviews and lawsuits"),
        also: &[
            "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
            "因政府信息公开工作被申请行政复议、提起行政诉讼的情况",
            "行政复议、行政诉讼情况",
            "政府信息公开行政复议和行政诉讼情况",
            "政府信息公开行政复议、诉讼情况",
        ],
    },
    Section {
        number: 5,
        label: label("存在的主要问题及改进情况", "问题", "Problems and improvements"),
        also: &[
            "存在的主要问题和改进情况",
            "存在的主要问题及改进措施",
            "存在的主要问题及改进工作情况",
            "政府信息公开工作存在的主要问题及改进情况",
            "存在问题及改进情况",
            "存在的问题及改进情况",
            "存在的问题及改进措施",
        ],
    },
    Section {
        number: 6,
        label: label("其他需要报告的事项", "其他", "Other matters"),
        also: &["需要报告的其他事项", "其他需要报告事项", "其他需报告的事项"],
    },
];

const fn label(official: &'static str, short: &'static str, english: &'static str) -> Label {
    Label { official, short, english }
}

const fn row(
    key: &'static str,
    number: &'static str,
    label: Label,
    groups: &'static [&'static Group],
) -> Row {
    Row { key, number, label, groups }
}

const fn count(key: &'static str, label: Label) -> Column {
    Column { key, label, holds: Holds::Count }
}

// ---- table 2 ---------------------------------------------------------------------------------------------

const MADE: Column = count("made", label("本年新制作数量", "新制作", "made"));
const DISCLOSED: Column = count("disclosed", label("本年新公开数量", "新公开", "disclosed"));
const CUMULATIVE: Column = count("cumulative", label("对外公开总数量", "公开总数", "in all"));
const PREVIOUS: Column = count("previous", label("上一年项目数量", "上年项目", "last year"));
const CHANGE: Column =
    Column { key: "change", label: label("本年增/减", "增/减", "change"), holds: Holds::Change };
const DECISIONS: Column = count("decisions", label("处理决定数量", "处理决定", "decisions"));

const REGULATIONS: Row = row("regulations", "", label("规章", "规章", "Regulations"), &[]);
const LICENSING: Row = row("licensing", "", label("行政许可", "行政许可", "Licensing"), &[]);
const PENALTY: Row = row("penalty", "", label("行政处罚", "行政处罚", "Penalties"), &[]);
const COERCION: Row = row("coercion", "", label("行政强制", "行政强制", "Coercion"), &[]);
const FEES: Row = row("fees", "", label("行政事业性收费", "行政事业性收费", "Fees"), &[]);

const DISCLOSURE_2019: Table = Table {
    id: TableId::Disclosure,
    title: label("主动公开政府信息情况", "主动公开", "Proactive disclosure"),
    blocks: &[
        Block {
            head: "第二十条第（一）项",
            rows: &[
                REGULATIONS,
                row("normative", "", label("规范性文件", "规范性文件", "Normative documents"), &[]),
            ],
            columns: &[MADE, DISCLOSED, CUMULATIVE],
        },
        Block {
            head: "第二十条第（五）项",
            rows: &[
                LICENSING,
                row(
                    "other_services",
                    "",
                    label("其他对外管理服务事项", "其他管理服务事项", "Other services"),
                    &[],
                ),
            ],
            columns: &[PREVIOUS, CHANGE, DECISIONS],
        },
        Block {
            head: "第二十条第（六）项",
            rows: &[PENALTY, COERCION],
            columns: &[PREVIOUS, CHANGE, DECISIONS],
        },
        Block { head: "第二十条第（八）项", rows: &[FEES], columns: &[PREVIOUS, CHANGE] },
        Block {
            head: "第二十条第（九）项",
            rows: &[row("procurement", "", label("政府集中采购", "政府集中采购", "Procurement"), &[])],
            columns: &[
                count("count", label("采购项目数量", "采购项目", "projects")),
                Column {
                    key: "amount",
                    label: label("采购总金额", "采购总金额", "amount"),
                    holds: Holds::Money,
                },
            ],
        },
    ],
    sums: &[],
};

const DECISIONS_2021: Column = count("decisions", label("本年处理决定数量", "处理决定", "decisions"));

const DISCLOSURE_2021: Table = Table {
    id: TableId::Disclosure,
    title: label("主动公开政府信息情况", "主动公开", "Proactive disclosure"),
    blocks: &[
        Block {
            head: "第二十条第（一）项",
            rows: &[
                REGULATIONS,
                row("normative", "", label("行政规范性文件", "行政规范性文件", "Normative documents"), &[]),
            ],
            columns: &[
                count("issued", label("本年制发件数", "本年制发", "issued")),
                count("repealed", label("本年废止件数", "本年废止", "repealed")),
                count("in_force", label("现行有效件数", "现行有效", "in force")),
            ],
        },
        Block { head: "第二十条第（五）项", rows: &[LICENSING], columns: &[DECISIONS_2021] },
        Block { head: "第二十条第（六）项", rows: &[PENALTY, COERCION], columns: &[DECISIONS_2021] },
        Block {
            head: "第二十条第（八）项",
            rows: &[FEES],
            columns: &[Column {
                key: "amount",
                label: label("本年收费金额（单位：万元）", "收费(万元)", "10k yuan"),
                holds: Holds::Money,
            }],
        },
    ],
    sums: &[],
};

// ---- table 3 ---------------------------------------------------------------------------------------------

const HANDLED: Group = Group { number: "三、", label: label("本年度办理结果", "三", "3") };
const REFUSED: Group = Group { number: "（三）", label: label("不予公开", "不予公开", "refused") };
const UNAVAILABLE: Group =
    Group { number: "（四）", label: label("无法提供", "无法提供", "unavailable") };
const NOT_PROCESSED: Group =
    Group { number: "（五）", label: label("不予处理", "不予处理", "not processed") };
const OTHER: Group = Group { number: "（六）", label: label("其他处理", "其他处理", "other") };

/// The seven columns of table 3: natural persons, five kinds of organisation, total.
pub const APPLICANTS: &[Column] = &[
    count("natural", label("自然人", "自然人", "person")),
    count("business", label("商业企业", "企业", "firm")),
    count("research", label("科研机构", "科研", "sci")),
    count("welfare", label("社会公益组织", "公益", "npo")),
    count("legal", label("法律服务机构", "法律", "legal")),
    count("other", label("其他", "其他", "other")),
    count("total", label("总计", "总计", "total")),
];

const fn result(key: &'static str, number: &'static str, label: Label) -> Row {
    row(key, number, label, &[&HANDLED])
}

const RECEIVED_ROW: Row =
    row("received", "一、", label("本年新收政府信息公开申请数量", "一 本年新收", "1 Received"), &[]);
const CARRIED_IN_ROW: Row =
    row("carried_in", "二、", label("上年结转政府信息公开申请数量", "二 上年结转", "2 Carried in"), &[]);
const TOTAL_ROW: Row = result("total", "（七）", label("总计", "三(七) 总计", "3(7) Total"));
const CARRIED_OUT_ROW: Row =
    row("carried_out", "四、", label("结转下年度继续办理", "四 结转下年度", "4 Carried out"), &[]);
const GRANTED_ROW: Row = result("granted", "（一）", label("予以公开", "三(一) 予以公开", "3(1) Granted"));
const PARTIAL_ROW: Row = result(
    "partial",
    "（二）",
    label("部分公开（区分处理的，只计这一情形，不计其他情形）", "三(二) 部分公开", "3(2) Partial"),
);
const OTHER_ROW: Row = result("other", "（六）", label("其他处理", "三(六) 其他处理", "3(6) Other"));

const fn item(
    key: &'static str,
    number: &'static str,
    label: Label,
    groups: &'static [&'static Group],
) -> Row {
    row(key, number, label, groups)
}

/// The rows of table 3: what both forms share, with the rows of （六）其他处理 in their place.
macro_rules! table_3_rows {
    ($($other:expr),*) => {
        &[
            RECEIVED_ROW,
            CARRIED_IN_ROW,
            GRANTED_ROW,
            PARTIAL_ROW,
            item("refused_1", "1.", label("属于国家秘密", "三(三)1 国家秘密", "3(3)1 State secret"), &[&HANDLED, &REFUSED]),
            item("refused_2", "2.", label("其他法律行政法规禁止公开", "三(三)2 法律法规禁止", "3(3)2 Barred by law"), &[&HANDLED, &REFUSED]),
            item("refused_3", "3.", label("危及“三安全一稳定”", "三(三)3 三安全一稳定", "3(3)3 Public safety"), &[&HANDLED, &REFUSED]),
            item("refused_4", "4.", label("保护第三方合法权益", "三(三)4 第三方权益", "3(3)4 Third party"), &[&HANDLED, &REFUSED]),
            item("refused_5", "5.", label("属于三类内部事务信息", "三(三)5 内部事务", "3(3)5 Internal matter"), &[&HANDLED, &REFUSED]),
            item("refused_6", "6.", label("属于四类过程性信息", "三(三)6 过程性信息", "3(3)6 In deliberation"), &[&HANDLED, &REFUSED]),
            item("refused_7", "7.", label("属于行政执法案卷", "三(三)7 执法案卷", "3(3)7 Enforcement file"), &[&HANDLED, &REFUSED]),
            item("refused_8", "8.", label("属于行政查询事项", "三(三)8 行政查询", "3(3)8 Inquiry matter"), &[&HANDLED, &REFUSED]),
            item("unavailable_1", "1.", label("本机关不掌握相关政府信息", "三(四)1 不掌握", "3(4)1 Not held"), &[&HANDLED, &UNAVAILABLE]),
            item("unavailable_2", "2.", label("没有现成信息需要另行制作", "三(四)2 需另行制作", "3(4)2 Must be made"), &[&HANDLED, &UNAVAILABLE]),
            item("unavailable_3", "3.", label("补正后申请内容仍不明确", "三(四)3 补正后不明确", "3(4)3 Still unclear"), &[&HANDLED, &UNAVAILABLE]),
            item("not_processed_1", "1.", label("信访举报投诉类申请", "三(五)1 信访举报投诉", "3(5)1 Petition"), &[&HANDLED, &NOT_PROCESSED]),
            item("not_processed_2", "2.", label("重复申请", "三(五)2 重复申请", "3(5)2 Repeated"), &[&HANDLED, &NOT_PROCESSED]),
            item("not_processed_3", "3.", label("要求提供公开出版物", "三(五)3 公开出版物", "3(5)3 Publication"), &[&HANDLED, &NOT_PROCESSED]),
            item("not_processed_4", "4.", label("无正当理由大量反复申请", "三(五)4 大量反复申请", "3(5)4 Excessive"), &[&HANDLED, &NOT_PROCESSED]),
            item("not_processed_5", "5.", label("要求行政机关确认或重新出具已获取信息", "三(五)5 确认或重新出具", "3(5)5 Re-issue"), &[&HANDLED, &NOT_PROCESSED]),
            $($other,)*
            TOTAL_ROW,
            CARRIED_OUT_ROW,
        ]
    };
}

/// The rows under 三、本年度办理结果 that add up to （七）总计, of both forms: a document may carry the rows of
/// the other edition, and what is there is summed.
pub const RESULTS: &[&str] = &[
    "granted",
    "partial",
    "refused_1",
    "refused_2",
    "refused_3",
    "refused_4",
    "refused_5",
    "refused_6",
    "refused_7",
    "refused_8",
    "unavailable_1",
    "unavailable_2",
    "unavailable_3",
    "not_processed_1",
    "not_processed_2",
    "not_processed_3",
    "not_processed_4",
    "not_processed_5",
    "other",
    "other_1",
    "other_2",
    "other_3",
];

const APPLICANT_KINDS: &[&str] = &["natural", "business", "research", "welfare", "legal", "other"];

/// Other wordings of rows that documents use for the official ones, with the number that they print.
pub const ROW_WORDINGS: &[(&str, &str)] = &[
    ("total", "（七）合计"),
    ("carried_out", "四、结转下一年度继续办理"),
    ("carried_out", "四、结转至下年度继续办理"),
];

/// The relations of table 3, the same in both editions.
const REQUEST_SUMS: &[SumRule] = &[
    SumRule {
        rule: "T3.1",
        name: "bal",
        along: Along::Rows,
        left: &["received", "carried_in"],
        right: &["total", "carried_out"],
        formula: label("第一项加第二项之和，等于第三项加第四项之和", "一+二 = 三(七)+四", "1+2 = 3(7)+4"),
        left_label: label("第一项加第二项之和", "一+二", "1+2"),
        right_label: label("第三项加第四项之和", "三(七)+四", "3(7)+4"),
    },
    SumRule {
        rule: "T3.2",
        name: "col",
        along: Along::Rows,
        left: &["total"],
        right: RESULTS,
        formula: label("（七）总计等于各项办理结果之和", "三(七) = 各项合计", "3(7) = sum of 3"),
        left_label: label("（七）总计", "三(七)", "3(7)"),
        right_label: label("各项办理结果之和", "各项合计", "sum of 3"),
    },
    SumRule {
        rule: "T3.3",
        name: "row",
        along: Along::Columns,
        left: &["total"],
        right: APPLICANT_KINDS,
        formula: label("总计等于各类申请人之和", "总计 = 六列合计", "total = six columns"),
        left_label: label("总计", "总计", "total"),
        right_label: label("各类申请人之和", "六列合计", "six columns"),
    },
];

const REQUESTS_TITLE: Label = label("收到和处理政府信息公开申请情况", "申请", "Requests");

const REQUESTS_2019: Table = Table {
    id: TableId::Requests,
    title: REQUESTS_TITLE,
    blocks: &[Block { head: "", rows: table_3_rows!(OTHER_ROW), columns: APPLICANTS }],
    sums: REQUEST_SUMS,
};

const REQUESTS_2021: Table = Table {
    id: TableId::Requests,
    title: REQUESTS_TITLE,
    blocks: &[Block {
        head: "",
        rows: table_3_rows!(
            item(
                "other_1",
                "1.",
                label(
                    "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
                    "三(六)1 逾期不补正",
                    "3(6)1 Not corrected"
                ),
                &[&HANDLED, &OTHER]
            ),
            item(
                "other_2",
                "2.",
                label(
                    "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
                    "三(六)2 逾期未缴费",
                    "3(6)2 Fee not paid"
                ),
                &[&HANDLED, &OTHER]
            ),
            item("other_3", "3.", label("其他", "三(六)3 其他", "3(6)3 Other"), &[&HANDLED, &OTHER])
        ),
        columns: APPLICANTS,
    }],
    sums: REQUEST_SUMS,
};

// ---- table 4 ---------------------------------------------------------------------------------------------

const LAWSUIT: Group = Group { number: "", label: label("行政诉讼", "诉讼", "lawsuit") };

/// Table 4: the form prints its fifteen cells in one line; here the three groups are rows of five columns.
const REMEDIES: Table = Table {
    id: TableId::Remedies,
    title: label("政府信息公开行政复议、行政诉讼情况", "复议诉讼", "Reviews and lawsuits"),
    blocks: &[Block {
        head: "",
        rows: &[
            row("reconsideration", "", label("行政复议", "行政复议", "Reconsideration"), &[]),
            row(
                "litigation_direct",
                "",
                label("未经复议直接起诉", "未经复议起诉", "Lawsuit, direct"),
                &[&LAWSUIT],
            ),
            row(
                "litigation_after_reconsideration",
                "",
                label("复议后起诉", "复议后起诉", "Lawsuit, after review"),
                &[&LAWSUIT],
            ),
        ],
        columns: &[
            count("upheld", label("结果维持", "维持", "upheld")),
            count("corrected", label("结果纠正", "纠正", "corr.")),
            count("other", label("其他结果", "其他", "other")),
            count("pending", label("尚未审结", "未审结", "open")),
            count("total", label("总计", "总计", "total")),
        ],
    }],
    sums: &[SumRule {
        rule: "T4.1",
        name: "rl",
        along: Along::Columns,
        left: &["total"],
        right: &["upheld", "corrected", "other", "pending"],
        formula: label("总计等于各项结果之和", "总计 = 四项合计", "total = four outcomes"),
        left_label: label("总计", "总计", "total"),
        right_label: label("各项结果之和", "四项合计", "four outcomes"),
    }],
};

/// The form of 2019: 22 cells in table 2, 23×7 in table 3, 15 in table 4.
pub static TEMPLATE_2019: Template = Template {
    id: TemplateId::T2019,
    notice: "国办公开办函〔2019〕60号",
    tables: [DISCLOSURE_2019, REQUESTS_2019, REMEDIES],
};

/// The form of 2021: 10 cells in table 2, 25×7 in table 3, 15 in table 4.
pub static TEMPLATE_2021: Template = Template {
    id: TemplateId::T2021,
    notice: "国办公开办函〔2021〕30号",
    tables: [DISCLOSURE_2021, REQUESTS_2021, REMEDIES],
};

/// Both forms.
pub static TEMPLATES: [&Template; 2] = [&TEMPLATE_2019, &TEMPLATE_2021];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::Lang;

    #[test]
    fn the_forms_have_the_cells_that_the_notices_print() {
        let counts = |t: &Template| TableId::ALL.map(|id| t.table(id).cells().count());
        assert_eq!(counts(&TEMPLATE_2019), [22, 23 * 7, 15]);
        assert_eq!(counts(&TEMPLATE_2021), [10, 25 * 7, 15]);
    }

    #[test]
    fn every_operand_of_a_sum_is_a_row_or_column_of_some_form() {
        for template in TEMPLATES {
            for table in &template.tables {
                for sum in table.sums {
                    for key in sum.left.iter().chain(sum.right) {
                        let known = TEMPLATES.iter().any(|t| {
                            let mut rows = t.table(table.id).rows();
                            match sum.along {
                                Along::Rows => rows.any(|(_, row)| row.key == *key),
                                Along::Columns => {
                                    rows.any(|(block, _)| block.columns.iter().any(|c| c.key == *key))
                                }
                            }
                        });
                        assert!(known, "{} names {key}", sum.rule);
                    }
                }
            }
        }
    }

    #[test]
    fn heads_of_six_columns_leave_a_space_between_them() {
        for column in &APPLICANTS[1..] {
            for lang in [Lang::Zh, Lang::En] {
                assert!(crate::display::width(column.label.on_screen(lang)) <= 5, "{}", column.key);
            }
        }
    }

    #[test]
    fn short_labels_fit_the_narrow_screen() {
        for template in TEMPLATES {
            for table in &template.tables {
                for (block, row) in table.rows() {
                    for lang in [Lang::Zh, Lang::En] {
                        assert!(crate::display::width(row.label.on_screen(lang)) <= 22, "{}", row.key);
                        for column in block.columns {
                            assert!(
                                crate::display::width(column.label.on_screen(lang)) <= 10,
                                "{}",
                                column.key
                            );
                        }
                    }
                }
            }
        }
    }
}
