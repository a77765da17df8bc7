//! The forms as data against the forms as published: every label stands in a report that was printed on the form.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use common::repository;
use gouji::report::template::{SECTIONS, TEMPLATE_2019, TEMPLATE_2021, Template};
use gouji::report::{TableId, TemplateId};

/// The letters and digits of a text: documents print spaces, brackets and marks in many ways.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A published report on each form, complete and printed with ordinary characters.
const PRINTED: [(&Template, &str); 2] = [
    (&TEMPLATE_2019, "sample-data/reports/weibinqu-2019.txt"),
    (&TEMPLATE_2021, "sample-data/reports/xinxian-2024.txt"),
];

#[test]
fn every_label_is_printed_on_the_form() {
    for (template, file) in PRINTED {
        let printed = letters(&std::fs::read_to_string(repository(file)).unwrap());
        let mut labels: Vec<String> = SECTIONS.iter().map(|s| s.label.official.to_owned()).collect();
        for table in &template.tables {
            for (block, row) in table.rows() {
                labels.push(block.head.to_owned());
                labels.push(format!("{}{}", row.number, row.label.official));
                labels.extend(row.groups.iter().map(|g| format!("{}{}", g.number, g.label.official)));
                labels.extend(block.columns.iter().map(|c| c.label.official.to_owned()));
            }
        }
        for label in labels {
            assert!(printed.contains(&letters(&label)), "{file} does not print {label}");
        }
    }
}

#[test]
fn the_rows_stand_in_the_order_of_the_form() {
    for (template, file) in PRINTED {
        let printed = letters(&std::fs::read_to_string(repository(file)).unwrap());
        let (_, table) = printed.split_once("项加第四项之和").unwrap();
        let mut rest = table;
        for (_, row) in template.table(TableId::Requests).rows() {
            let label = letters(&format!("{}{}", row.number, row.label.official));
            let (_, behind) = rest
                .split_once(&label)
                .unwrap_or_else(|| panic!("{file}: {label} is not behind the row before it"));
            rest = behind;
        }
    }
}

#[test]
fn years_have_the_form_that_the_notices_prescribe() {
    // 国办公开办函〔2019〕60号 for the reports of 2019 and 2020, 〔2021〕30号 from the report of 2021 on.
    for (year, form) in [
        (2018, None),
        (2019, Some(TemplateId::T2019)),
        (2020, Some(TemplateId::T2019)),
        (2021, Some(TemplateId::T2021)),
        (2025, Some(TemplateId::T2021)),
    ] {
        assert_eq!(TemplateId::for_year(year), form);
    }
}
