//! The rectification list: what stands in it, in every format, and what became of an earlier one.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use calamine::{Data, Reader as _};
use gouji::review::{Decision, FindingKey, Judged, Location, Step, Store, Subject};
use serde_json::Value;

use super::{csv, gouji, json, put, run, sample, sheet, text, workbook};

const HEADS: [&str; 15] = [
    "序号",
    "单位",
    "年度",
    "问题类型",
    "问题描述",
    "位置",
    "依据",
    "严重程度",
    "整改建议",
    "责任人",
    "整改时限",
    "状态",
    "备注",
    "县区代码",
    "报告编号",
];

/// The members of the JSON in the order of the columns.
const KEYS: [&str; 15] = [
    "number",
    "agency",
    "year",
    "kind",
    "description",
    "place",
    "basis",
    "severity",
    "advice",
    "responsible",
    "due",
    "status",
    "note",
    "county_code",
    "report",
];

/// What a sheet shows for a member of the JSON.
fn shown(key: &str, value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (key, text.as_str()) {
        ("severity", "error") => "错误".to_owned(),
        ("severity", "warning") => "警告".to_owned(),
        ("status", "open") => "待核实".to_owned(),
        ("status", "confirmed") => "已确认".to_owned(),
        ("status", "query") => "待询".to_owned(),
        ("status", "dismissed") => "误报".to_owned(),
        ("status", "settled") => "已整改".to_owned(),
        (_, "null") => String::new(),
        _ => text,
    }
}

fn cell(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        other => panic!("neither text nor a number: {other:?}"),
    }
}

fn subject(finding: &Value) -> Subject {
    let part = |name: &str| finding[name].as_str().unwrap();
    Subject {
        key: FindingKey {
            report: part("report").into(),
            rule: part("rule").into(),
            place: part("place").into(),
        },
        judged: Judged(part("figures").into()),
        about: "".into(),
    }
}

fn decide(store: &Path, row: &Value, decision: Decision, reason: &str, note: &str) {
    let location = Location { path: store.to_owned(), notice: None };
    let store = Store::open(&location, "王审").unwrap();
    let subjects = row["findings"].as_array().unwrap().iter().map(subject).collect();
    let step = Step::decide(subjects, decision).unwrap().because(reason);
    store.record(&if note.is_empty() { step } else { step.note(note) }).unwrap();
}

#[test]
fn every_cell_comes_back_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let list = |name: &str, more: &[&str]| {
        let file = path(name);
        let file = text(&file).to_owned();
        run(&[&["export", "sample-data/reports", "--ledger", "-o", &file], more].concat());
    };
    let asked = ["--due", "2026-12-31", "--responsible", "李四"];
    for name in ["a.xlsx", "a.csv", "a.md", "a.json", "a.jsonl"] {
        list(name, &asked);
    }
    let rows = json(&path("a.json"));
    assert_eq!(rows.len(), 9, "the causes of at least a warning in the five reports");
    let lines = fs::read_to_string(path("a.jsonl")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, rows);

    let want: Vec<Vec<String>> = std::iter::once(HEADS.map(str::to_owned).to_vec())
        .chain(rows.iter().map(|row| KEYS.iter().map(|key| shown(key, &row[*key])).collect()))
        .collect();
    assert_eq!(csv(&path("a.csv")), want);
    let range = sheet(&path("a.xlsx"), "整改台账");
    let got: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(cell).collect()).collect();
    assert_eq!(got, want);
    for (row, number) in range.rows().skip(1).zip(1..) {
        assert_eq!(
            (&row[0], matches!(row[2], Data::Float(year) if year > 2000.0)),
            (&Data::Float(number.into()), true)
        );
    }
    let table = fs::read_to_string(path("a.md")).unwrap();
    let table: Vec<&str> = table.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(table.len(), 2 + rows.len());
    assert!(
        table.iter().all(|line| line.matches('|').count() - line.matches("\\|").count() == 16),
        "{table:#?}"
    );

    for row in &rows {
        let member = |key: &str| row[key].as_str().unwrap().to_owned();
        assert!(member("advice").starts_with("建议"), "{row}");
        assert!(!member("advice").contains("应为"), "a suggestion names no value: {row}");
        assert_eq!((member("due"), member("responsible")), ("2026-12-31".into(), "李四".into()));
        assert!(!member("place").is_empty() && member("basis").starts_with(&member("rule")), "{row}");
    }
    // One slip with all it breaks is one row, with both numbers and the difference.
    let shifted = rows.iter().find(|row| row["rule"] == "T3.5").unwrap();
    let description = shifted["description"].as_str().unwrap();
    assert!(description.contains("1 + 空白 = 1 ≠ 空白 + 空白 = 0，差 +1"), "{description}");
    assert!(rows.iter().all(|row| row["rule"] != "T3.1"));

    let english = path("en.csv");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(["export", "sample-data/reports", "--ledger", "--lang", "en", "-o", text(&english)])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output();
    assert!(output.unwrap().status.success());
    assert_eq!(csv(&english)[0][..5], ["No.", "Agency", "Year", "Kind of problem", "Description"]);
}

#[test]
fn the_workbook_is_made_for_chinese_readers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    run(&["export", "sample-data/reports", "--ledger", "-o", text(&path)]);
    let mut archive = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
    let mut xml = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
    assert!(
        xml.contains("<pane ySplit=\"1\" topLeftCell=\"A2\"") && xml.contains("state=\"frozen\""),
        "{xml}"
    );
    assert!(xml.contains("<autoFilter ref=\"A1:O10\"/>"), "{xml}");
    let widths: BTreeMap<String, f64> = xml
        .split("<col ")
        .skip(1)
        .map(|col| {
            let value = |name: &str| {
                let from = col.split_once(&format!("{name}=\"")).unwrap().1;
                from.split_once('"').unwrap().0.to_owned()
            };
            (value("min"), value("width").parse().unwrap())
        })
        .collect();
    // 新乡市卫滨区人民政府办公室 is not in the list; 新县人民政府办公室 is nine wide characters.
    assert!(widths["2"] >= 18.0, "{widths:?}");
    assert!(widths["1"] >= 4.0 && widths["1"] < 12.0, "{widths:?}");
    assert!(widths.values().all(|width| *width <= 64.0), "{widths:?}");
    let mut styles = String::new();
    archive.by_name("xl/styles.xml").unwrap().read_to_string(&mut styles).unwrap();
    assert!(styles.contains("wrapText=\"1\""), "{styles}");
}

#[test]
fn decisions_say_what_is_listed_and_how_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let (store, first) = (folder.path().join("r.db"), folder.path().join("first.json"));
    run(&["export", "sample-data/reports", "--ledger", "-o", text(&first)]);
    let rows = json(&first);
    decide(&store, &rows[0], Decision::Confirmed, "", "已电话核实\n第二行");
    decide(&store, &rows[1], Decision::Dismissed, "报告正文已作说明", "");
    decide(&store, &rows[2], Decision::Query, "", "");
    let listed = |status: &[&str]| {
        let path = folder.path().join("next.json");
        let fixed =
            ["export", "sample-data/reports", "--ledger", "--reviews", text(&store), "-o", text(&path)];
        run(&[&fixed, status].concat());
        json(&path)
    };
    let statuses = |rows: &[Value]| {
        rows.iter().map(|row| row["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let usual = listed(&[]);
    assert_eq!(usual.len(), rows.len() - 1);
    assert_eq!(statuses(&usual)[..3], ["confirmed", "query", "open"]);
    assert_eq!(usual[0]["note"], "已电话核实\n第二行");
    assert_eq!(statuses(&listed(&["--status", "confirmed"])), ["confirmed"]);
    let open = listed(&["--status", "open"]);
    assert!(open.len() == rows.len() - 3 && open.iter().all(|row| row["status"] == "open"));
    let all = listed(&["--status", "all"]);
    assert_eq!(all.len(), rows.len());
    assert_eq!(
        (all[1]["status"].as_str(), all[1]["note"].as_str()),
        (Some("dismissed"), Some("理由：报告正文已作说明"))
    );

    let missing = folder.path().join("none.db");
    let target = folder.path().join("x.csv");
    let output = gouji(&[
        "export",
        "sample-data/reports",
        "--ledger",
        "--reviews",
        text(&missing),
        "-o",
        text(&target),
    ]);
    assert_eq!(output.status.code(), Some(2), "decisions that were named must be there");
    assert!(!target.exists() && !missing.exists());

    let sarif = folder.path().join("a.sarif");
    run(&["export", "sample-data/reports", "--ledger", "--reviews", text(&store), "-o", text(&sarif)]);
    let log: Value = serde_json::from_str(&fs::read_to_string(sarif).unwrap()).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), rows.len());
    let suppressed: Vec<&Value> = results.iter().filter(|result| !result["suppressions"].is_null()).collect();
    assert_eq!(suppressed.len(), 1);
    let suppression = &suppressed[0]["suppressions"][0];
    assert_eq!(
        (&suppression["kind"], &suppression["justification"]),
        (&"external".into(), &"报告正文已作说明".into())
    );
}

/// A report of 2024 with three slips in sums that do not touch each other.
fn with_slips() -> Value {
    sample("xinxian-2024.json", |report| {
        report["sections"] = Value::Array(Vec::new());
        let remedies = &mut report["reconsideration_and_litigation"];
        remedies["reconsideration"] = serde_json::json!([2, 0, 0, 0, 5]);
        remedies["litigation_direct"] = serde_json::json!([1, 0, 0, 0, 9]);
        remedies["litigation_after_reconsideration"] = serde_json::json!([0, 0, 0, 0, 0]);
    })
}

#[test]
fn a_corrected_report_says_what_is_settled_what_remains_and_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before"), folder.path().join("after"));
    put(&before, "a.json", &with_slips());
    let elsewhere = sample("zhenpingxian-2019.json", |_| {});
    put(&before, "b.json", &elsewhere);
    let earlier = folder.path().join("earlier.jsonl");
    run(&["export", text(&before), "--ledger", "-o", text(&earlier)]);

    let mut corrected = with_slips();
    let remedies = &mut corrected["reconsideration_and_litigation"];
    remedies["reconsideration"] = serde_json::json!([5, 0, 0, 0, 5]);
    remedies["litigation_direct"] = serde_json::json!([1, 0, 0, 0, 3]);
    remedies["litigation_after_reconsideration"] = serde_json::json!([0, 0, 0, 0, 7]);
    put(&after, "c.json", &corrected);
    let changes = |since: &Path, folder: &Path, name: &str| {
        let path = folder.with_file_name(name);
        let said = run(&["export", text(folder), "--ledger", "--since", text(since), "-o", text(&path)]);
        let rows: BTreeMap<String, (String, String)> = json(&path)
            .iter()
            .filter(|row| row["rule"] == "T4.1")
            .map(|row| {
                let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
                (text(&row["findings"][0]["place"]), (text(&row["change"]), text(&row["status"])))
            })
            .collect();
        (rows, said)
    };
    let (rows, said) = changes(&earlier, &after, "next.json");
    let want = |change: &str, status: &str| (change.to_owned(), status.to_owned());
    let places: Vec<&String> = rows.keys().collect();
    assert_eq!(places.len(), 3, "{rows:?}");
    let of = |part: &str| {
        rows.iter().find(|(place, _)| place.ends_with(part)).map(|(_, row)| row.clone()).unwrap_or_default()
    };
    assert_eq!(of(":reconsideration"), want("settled", "settled"), "{rows:?}");
    assert_eq!(of(":litigation_direct"), want("changed", "open"), "{rows:?}");
    assert_eq!(of(":litigation_after_reconsideration"), want("new", "open"), "{rows:?}");
    assert!(said.contains("未作判断"), "the other report is not there: {said}");

    // The same report again: everything remains.
    let (rows, _) = changes(&earlier, &before, "same.json");
    assert!(rows.len() == 2 && rows.values().all(|row| row.0 == "remains"), "{rows:?}");

    // What cannot be read any more is not settled.
    let mut unread = with_slips();
    unread["reconsideration_and_litigation"]["reconsideration"] = serde_json::json!([2, 0, 0, 0, "五"]);
    let third = folder.path().join("third");
    put(&third, "a.json", &unread);
    let (rows, _) = changes(&earlier, &third, "third.json");
    assert!(
        rows.values().any(|row| row.0 == "unclear") && rows.values().all(|row| row.0 != "settled"),
        "{rows:?}"
    );

    // The column is in the sheets, and only where it was asked for.
    let sheet_path = folder.path().join("next.xlsx");
    run(&["export", text(&after), "--ledger", "--since", text(&earlier), "-o", text(&sheet_path)]);
    let range = sheet(&sheet_path, "整改台账");
    let column: Vec<String> = range.rows().map(|row| cell(row.last().unwrap())).collect();
    assert_eq!(column[0], "变化");
    for word in ["已整改", "仍存在（数字已变）", "新发现"] {
        assert!(column.iter().any(|cell| cell == word), "{word}: {column:?}");
    }
    for wrong in ["sample-data/parsed/xinxian-2024.json", "README.md"] {
        let output = gouji(&["export", text(&after), "--ledger", "--since", wrong, "-o", text(&sheet_path)]);
        assert_eq!(output.status.code(), Some(2), "{wrong} is no earlier list");
    }
}

#[test]
fn a_cause_that_is_corrected_in_part_says_how_far() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before"), folder.path().join("after"));
    let mut report = with_slips();
    // Two totals too large by as much: one cause.
    report["reconsideration_and_litigation"]["litigation_direct"] = serde_json::json!([1, 0, 0, 0, 4]);
    put(&before, "a.json", &report);
    let (first, next) = (folder.path().join("first.json"), folder.path().join("next.json"));
    run(&["export", text(&before), "--ledger", "-o", text(&first)]);
    let rows = json(&first);
    let two = rows.iter().find(|row| row["rule"] == "T4.1").unwrap();
    assert_eq!(two["findings"].as_array().unwrap().len(), 2, "{two}");
    report["reconsideration_and_litigation"]["litigation_direct"] = serde_json::json!([1, 0, 0, 0, 1]);
    put(&after, "a.json", &report);
    run(&["export", text(&after), "--ledger", "--since", text(&first), "-o", text(&next)]);
    let rows = json(&next);
    let left = rows.iter().find(|row| row["rule"] == "T4.1").unwrap();
    let note = left["note"].as_str().unwrap();
    assert_eq!(left["change"], "remains");
    let was = two["report"].as_str().unwrap();
    assert_eq!(note, format!("原列于更正前的版本 {was}\n原台账此条 2 处，现存 1 处"));
}

#[test]
fn decisions_stand_for_an_earlier_list() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after, store) =
        (folder.path().join("a"), folder.path().join("b"), folder.path().join("r.db"));
    put(&before, "a.json", &with_slips());
    let first = folder.path().join("first.json");
    run(&["export", text(&before), "--ledger", "-o", text(&first)]);
    let rows = json(&first);
    for row in rows.iter().filter(|row| row["rule"] == "T4.1") {
        decide(&store, row, Decision::Confirmed, "", "请更正");
    }
    let mut corrected = with_slips();
    corrected["reconsideration_and_litigation"]["reconsideration"] = serde_json::json!([2, 0, 0, 0, 2]);
    put(&after, "a.json", &corrected);
    let next = folder.path().join("next.json");
    let arguments = ["--since", text(&store), "--reviews", text(&store), "-o", text(&next)];
    run(&[&["export", text(&after), "--ledger"], &arguments[..]].concat());
    let rows = json(&next);
    let changes: Vec<(&str, &str)> = rows
        .iter()
        .filter(|row| row["rule"] == "T4.1")
        .map(|row| (row["change"].as_str().unwrap(), row["status"].as_str().unwrap()))
        .collect();
    // What was confirmed is there as it was; that it was confirmed of the version before stands beside it.
    assert_eq!(changes, [("remains", "open"), ("settled", "settled")]);
    let of_rule = || rows.iter().filter(|row| row["rule"] == "T4.1").map(|row| row["note"].as_str().unwrap());
    assert!(of_rule().all(|note| note.contains("请更正")), "{rows:#?}");
    assert!(of_rule().all(|note| note.contains("原列于更正前的版本")), "{rows:#?}");
    assert!(of_rule().any(|note| note.contains("原结论：确认")), "{rows:#?}");
}

#[test]
fn a_sheet_for_each_county() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    run(&["export", "sample-data/reports", "--ledger", "--by-county", "-o", text(&path)]);
    let mut book = workbook(&path);
    let names = book.sheet_names();
    assert_eq!(names, ["新县", "镇坪县"]);
    let rows: Vec<usize> = names.iter().map(|name| book.worksheet_range(name).unwrap().height()).collect();
    assert_eq!(rows.iter().sum::<usize>(), 9 + names.len(), "every row is on one sheet");
    for name in &names {
        let range = book.worksheet_range(name).unwrap();
        let numbers: Vec<&Data> = range.rows().skip(1).map(|row| &row[0]).collect();
        let counted: Vec<Data> = (1..).take(numbers.len()).map(|n: u16| Data::Float(n.into())).collect();
        assert_eq!(numbers, counted.iter().collect::<Vec<_>>(), "each sheet counts its own");
    }
    let csv = folder.path().join("a.csv");
    let output = gouji(&["export", "sample-data/reports", "--ledger", "--by-county", "-o", text(&csv)]);
    assert_eq!((output.status.code(), csv.exists()), (Some(2), false), "CSV has no sheets");
}

#[test]
fn sarif_is_what_its_schema_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let (list, check) = (folder.path().join("l.sarif"), folder.path().join("空 格.sarif"));
    run(&["export", "sample-data/reports", "--ledger", "-o", text(&list)]);
    run(&["check", "sample-data/reports", "--format", "sarif", "-o", text(&check)]);
    for path in [&list, &check] {
        let log: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(log["version"], "2.1.0");
        assert!(log["$schema"].as_str().unwrap().contains("sarif-2.1.0"));
        let runs = log["runs"].as_array().unwrap();
        assert_eq!(runs.len(), 1);
        let driver = &runs[0]["tool"]["driver"];
        assert_eq!(driver["name"], "gouji");
        let rules = driver["rules"].as_array().unwrap();
        assert_eq!(rules.len(), gouji::rules::RULES.len());
        for rule in rules {
            for member in ["shortDescription", "fullDescription", "help"] {
                assert!(!rule[member]["text"].as_str().unwrap().is_empty(), "{member} of {}", rule["id"]);
            }
            assert!(
                ["error", "warning", "note"]
                    .contains(&rule["defaultConfiguration"]["level"].as_str().unwrap())
            );
        }
        let results = runs[0]["results"].as_array().unwrap();
        assert!(!results.is_empty());
        let mut prints = Vec::new();
        for result in results {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.starts_with("sample-data/reports/") && uri.is_ascii() && !uri.contains(' '), "{uri}");
            let line = &place["region"]["startLine"];
            assert!(line.is_null() || line.as_u64().unwrap() >= 1, "{result}");
            prints.push(result["partialFingerprints"]["goujiFinding/v1"].as_str().unwrap().to_owned());
        }
        let all = prints.len();
        prints.sort();
        prints.dedup();
        assert_eq!(prints.len(), all, "every finding has a fingerprint of its own");
    }
    // A finding is the same finding for both commands.
    let prints = |path: &Path| {
        let log: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results
            .into_iter()
            .map(|r| r["partialFingerprints"]["goujiFinding/v1"].to_string())
            .collect::<Vec<_>>()
    };
    let of_check = prints(&check);
    assert!(prints(&list).iter().all(|print| of_check.contains(print)));
}
