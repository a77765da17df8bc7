//! The tables as clean data: every cell is there once, with the digits of the document.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::Data;
use serde_json::Value;

use super::{csv, gouji, json, put, run, sample, sheet, text};

/// What names a cell: county code, year, cell.
type Key = (String, String, String);

/// The figures of the parsed samples, as their files have them, with the digits as written.
fn truth() -> BTreeMap<Key, String> {
    let applicants = ["natural", "business", "research", "welfare", "legal", "other", "total"];
    let outcomes = ["upheld", "corrected", "other", "pending", "total"];
    let mut truth = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/parsed");
    for entry in std::fs::read_dir(folder).unwrap() {
        let report: Value =
            serde_json::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        let (county, year) = (report["county_code"].as_str().unwrap(), report["year"].to_string());
        let mut add = |cell: String, value: &Value| {
            let value = if value.is_null() { String::new() } else { value.to_string() };
            truth.insert((county.to_owned(), year.clone(), cell), value);
        };
        let disclosure = report["proactive_disclosure"].as_object().unwrap();
        for (name, value) in disclosure.iter().filter(|(_, value)| !value.is_string()) {
            add(format!("proactive_disclosure.{name}"), value);
        }
        for (table, columns) in
            [("requests", &applicants[..]), ("reconsideration_and_litigation", &outcomes[..])]
        {
            for (row, values) in report[table].as_object().unwrap() {
                for (column, value) in columns.iter().zip(values.as_array().unwrap()) {
                    add(format!("{table}.{row}.{column}"), value);
                }
            }
        }
    }
    truth
}

#[test]
fn every_cell_of_the_samples_is_there_with_its_digits() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["t.csv", "t.xlsx", "t.json", "t.jsonl"] {
        run(&["export", "sample-data/reports", "-o", text(&path(name))]);
    }
    let rows = csv(&path("t.csv"));
    let head: BTreeMap<&str, usize> =
        rows[0].iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    let at = |row: &Vec<String>, name: &str| row[head[name]].clone();
    let mut figures = BTreeMap::new();
    let mut blank = 0;
    for row in rows.iter().skip(1) {
        let cell = [at(row, "table"), at(row, "row"), at(row, "column")].join(".");
        let (state, value) = (at(row, "state"), at(row, "value"));
        assert_eq!(state == "number", !value.is_empty(), "{row:?}");
        blank += usize::from(state == "blank");
        let key = (at(row, "county_code"), at(row, "year"), cell);
        assert_eq!(figures.insert(key, value), None, "{row:?} is there twice");
    }
    let truth = truth();
    assert!(truth.len() > 900, "{}", truth.len());
    let differing: Vec<(&Key, Option<&String>)> = truth
        .iter()
        .map(|(key, value)| (key, figures.get(key).filter(|got| *got != value)))
        .filter(|(_, d)| d.is_some())
        .collect();
    assert_eq!(differing, [], "figures as in the parsed samples");
    let missing: Vec<&Key> =
        truth.keys().filter(|key| !figures.contains_key(*key) && !truth[*key].is_empty()).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(blank > 150, "镇坪县 left most of its cells empty, which is no 0: {blank}");
    assert!(figures.values().any(|value| value == "14.2404"), "money keeps its digits");
    let units: Vec<String> =
        rows.iter().filter(|row| at(row, "value") == "14.2404").map(|row| at(row, "unit")).collect();
    assert_eq!(units, ["万元"]);
    // A sum that does not add up, and a row that was hard to read, say so.
    for (mark, least) in [("good", 800), ("break", 8), ("doubtful", 6)] {
        let n = rows.iter().filter(|row| at(row, "reliability") == mark).count();
        assert!(n >= least, "{mark}: {n}");
    }

    let lines: Vec<Value> = std::fs::read_to_string(path("t.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(json(&path("t.json")), lines);
    assert_eq!(lines.len() + 1, rows.len());
    let range = sheet(&path("t.xlsx"), "数据");
    assert_eq!(range.height(), rows.len());
    for (sheet_row, row) in range.rows().zip(&rows).skip(1) {
        let value = row[head["value"]].as_str();
        match &sheet_row[head["value"]] {
            Data::Empty => assert_eq!(value, ""),
            Data::Float(number) => assert_eq!(Ok(*number), value.parse::<f64>()),
            other => panic!("{other:?} for {value}"),
        }
    }
}

#[test]
fn what_is_not_there_is_no_zero() {
    let folder = tempfile::tempdir().unwrap();
    let report = sample("xinxian-2024.json", |report| {
        report["requests"].as_object_mut().unwrap().remove("carried_out");
        report["requests"]["granted"][1] = Value::Null;
        report["requests"]["partial"][2] = "十".into();
    });
    let (input, path) = (put(folder.path(), "a.json", &report), folder.path().join("a.csv"));
    run(&["export", text(&input), "-o", text(&path)]);
    let rows = csv(&path);
    let at = |name: &str| rows[0].iter().position(|head| head == name).unwrap();
    let of = |state: &str| {
        let rows = rows.iter().filter(|row| row[at("state")] == state);
        rows.map(|row| (row[at("row")].as_str(), row[at("column")].as_str(), row[at("value")].as_str()))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("blank"), [("granted", "business", "")]);
    assert_eq!(of("unreadable"), [("partial", "research", "")]);
    assert!(
        of("absent").len() == 7
            && of("absent").iter().all(|cell| cell.0 == "carried_out" && cell.2.is_empty())
    );
    let doubtful: Vec<&str> = rows
        .iter()
        .filter(|row| row[at("row")] == "partial" && row[at("column")] == "research")
        .map(|row| row[at("reliability")].as_str())
        .collect();
    assert_eq!(doubtful, ["doubtful"]);
}

#[test]
fn numbers_that_a_workbook_would_round_keep_their_digits() {
    let folder = tempfile::tempdir().unwrap();
    let long = "123456789012345678";
    let report = sample("xinxian-2024.json", |report| {
        report["proactive_disclosure"]["fees.amount"] = serde_json::from_str("10.50").unwrap();
        report["requests"]["received"][0] = serde_json::from_str(long).unwrap();
    });
    // Written by hand: a JSON library would make 10.5 of it.
    let raw = report.to_string().replace("\"fees.amount\":10.5", "\"fees.amount\":10.50");
    assert!(raw.contains("10.50"));
    std::fs::write(folder.path().join("a.json"), raw).unwrap();
    let (wide, sheet_path) = (folder.path().join("w.csv"), folder.path().join("w.xlsx"));
    let input = folder.path().join("a.json");
    run(&["export", text(&input), "--wide", "-o", text(&wide)]);
    run(&["export", text(&input), "--wide", "-o", text(&sheet_path)]);
    let rows = csv(&wide);
    let at = |name: &str| rows[0].iter().position(|head| head == name).unwrap();
    let (fees, received) = (at("proactive_disclosure.fees.amount"), at("requests.received.natural"));
    assert_eq!((rows[1][fees].as_str(), rows[1][received].as_str()), ("10.50", long));
    let range = sheet(&sheet_path, "数据");
    let row = range.rows().nth(1).unwrap();
    assert_eq!((&row[fees], &row[received]), (&Data::Float(10.5), &Data::String(long.to_owned())));
}

#[test]
fn a_report_on_a_row_counts_what_the_check_counts() {
    let folder = tempfile::tempdir().unwrap();
    let (wide, found) = (folder.path().join("w.json"), folder.path().join("f.jsonl"));
    let input = "sample-data/synthetic/counties.jsonl";
    run(&["export", input, "--wide", "--year", "2020", "-o", text(&wide)]);
    run(&["check", input, "--year", "2020", "--format", "jsonl", "-o", text(&found)]);
    let severities = ["error", "warning", "info"];
    let mut causes: BTreeMap<(String, u64), u64> = BTreeMap::new();
    let mut of_report: BTreeMap<String, [u64; 3]> = BTreeMap::new();
    for line in std::fs::read_to_string(found).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let severity = severities.iter().position(|name| line["severity"] == **name).unwrap() as u64;
        let key = (line["agency"].as_str().unwrap().to_owned(), line["group"].as_u64().unwrap());
        let worst = causes.entry(key).or_insert(severity);
        *worst = (*worst).min(severity);
    }
    for ((agency, _), severity) in causes {
        of_report.entry(agency).or_default()[usize::try_from(severity).unwrap()] += 1;
    }
    let rows = json(&wide);
    assert!(rows.len() > 30);
    for row in &rows {
        let got = ["errors", "warnings", "infos"].map(|name| row[name].as_u64().unwrap());
        let want = of_report.get(row["agency"].as_str().unwrap()).copied().unwrap_or_default();
        assert_eq!(got, want, "{}", row["agency"]);
        assert_eq!((row["synthetic"].as_u64(), row["year"].as_u64()), (Some(1), Some(2020)));
    }
    assert!(rows.iter().any(|row| row["errors"] != 0));
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_the_same_rows() {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::Field;

    let folder = tempfile::tempdir().unwrap();
    for more in [&[][..], &["--wide"][..]] {
        let (path, csv_path) = (folder.path().join("a.parquet"), folder.path().join("a.csv"));
        for path in [&path, &csv_path] {
            run(&[&["export", "sample-data/reports", "-o", text(path)], more].concat());
        }
        let rows = csv(&csv_path);
        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        let mut n = 0;
        for (record, row) in reader.get_row_iter(None).unwrap().zip(rows.iter().skip(1)) {
            let record = record.unwrap();
            n += 1;
            for ((name, field), (head, want)) in record.get_column_iter().zip(rows[0].iter().zip(row)) {
                assert_eq!(name, head);
                match field {
                    Field::Null => assert_eq!(want, "", "{name}"),
                    Field::Str(text) => assert_eq!(text, want, "{name}"),
                    Field::Long(number) => assert_eq!(&number.to_string(), want, "{name}"),
                    Field::Decimal(decimal) => {
                        let units = i128::from_be_bytes(decimal.data().try_into().unwrap());
                        let (whole, part) = want.split_once('.').unwrap_or((want, ""));
                        let want: i128 = format!("{whole}{part:0<18}").parse().unwrap();
                        assert_eq!((units, decimal.scale()), (want, 18), "{name}");
                    }
                    other => panic!("{name}: {other:?}"),
                }
            }
        }
        assert_eq!(n + 1, rows.len());
    }
}

#[test]
fn what_cannot_be_written_says_so() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.json", &sample("xinxian-2024.json", |_| {}));
    let input = folder.path().join("a.json");
    let cases: &[(&[&str], &str)] = &[
        (&["-o", "x.doc"], ".csv"),
        (&["-o", "x"], ".csv"),
        (&["--ledger", "-o", "x.parquet"], ".sarif"),
        (&["-o", "x.sarif"], ".csv"),
        (&["--wide", "--ledger", "-o", "x.csv"], "--ledger"),
        (&["--status", "all", "-o", "x.csv"], "--ledger"),
        (&["-o", "no/such/folder/x.csv"], "no/such/folder"),
        (&["--county", "无此县", "-o", "x.csv"], "county"),
        (&["--county", "无此县", "--ledger", "-o", "x.csv"], "county"),
    ];
    for (arguments, word) in cases {
        let mut all = vec!["export", text(&input)];
        all.extend(*arguments);
        let output = gouji(&all);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(word), "{arguments:?}: {said}");
    }
    for name in ["x.csv", "x", "x.doc", "x.parquet", "x.sarif"] {
        assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join(name).exists(), "{name}");
    }
    let output = gouji(&["check", text(&input), "--format", "xlsx"]);
    assert_eq!(output.status.code(), Some(2), "a workbook is not for a terminal");
    assert!(output.stdout.is_empty());
}
