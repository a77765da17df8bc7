//! Every output gives the same reports, by the same identifiers and codes; lists stay as they are while nothing changes;
//! findings cite lines that hold what is found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::folder::{gouji, indexed, records, written};
use crate::paper::{Layout, Paper};
use crate::world::World;

/// CSV as RFC 4180 has it, by the names of its columns.
fn csv(text: &str) -> Vec<BTreeMap<String, String>> {
    let (mut rows, mut row, mut field, mut in_quotes) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if in_quotes && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => in_quotes = !in_quotes,
            ',' if !in_quotes => row.push(std::mem::take(&mut field)),
            '\n' if !in_quotes => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !in_quotes => {}
            _ => field.push(c),
        }
    }
    let head: Vec<String> = rows.remove(0);
    rows.into_iter().map(|row: Vec<String>| head.iter().cloned().zip(row).collect()).collect()
}

fn json(path: &Path) -> Vec<Value> {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Identifiers with the codes of their counties, empty where there is none.
type Codes = BTreeSet<(String, String)>;

fn of_csv(text: &str, [id, code]: [&str; 2]) -> Codes {
    csv(text).iter().map(|row| (row[id].clone(), row[code].clone())).collect()
}

fn of_json(records: &[Value]) -> Codes {
    let text = |record: &Value, name: &str| record[name].as_str().unwrap_or_default().to_owned();
    records.iter().map(|record| (text(record, "report"), text(record, "county_code"))).collect()
}

fn of_rows(rows: &[Vec<String>], names: [&str; 2]) -> Codes {
    let at = |name: &str| {
        rows[0].iter().position(|column| column == name).unwrap_or_else(|| panic!("{:?}", rows[0]))
    };
    let [id, code] = names.map(at);
    rows[1..].iter().map(|row| (row[id].clone(), row[code].clone())).collect()
}

fn of_sarif(text: &str) -> Codes {
    let log: Value = serde_json::from_str(text).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    of_json(&results.iter().map(|result| result["properties"].clone()).collect::<Vec<_>>())
}

/// The rows of the first table, without the line below its head.
fn markdown(text: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = text.lines().skip_while(|line| !line.starts_with('|')).collect();
    let rows = lines.iter().take_while(|line| line.starts_with('|'));
    let cells = |line: &&str| line.split('|').map(|cell| cell.trim().replace('\\', "")).collect();
    let mut rows: Vec<Vec<String>> = rows.map(cells).collect();
    rows.remove(1);
    rows
}

/// The rows of the first sheet of a workbook, as many cells in each as in the first.
fn sheet(path: &Path) -> Vec<Vec<String>> {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut xml = String::new();
    zip.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
    let between = |text: &str, from: &str, to: &str| -> String {
        let (_, rest) = text.split_once(from).unwrap_or_default();
        rest.split_once(to).map(|(found, _)| found.to_owned()).unwrap_or_default()
    };
    let row = |row: &str| -> Vec<String> {
        let mut cells = vec![String::new(); 16];
        for cell in row.split("<c r=\"").skip(1) {
            // All columns that there are have one letter.
            let column = cell.bytes().next().unwrap() - b'A';
            let text = between(cell, "<t>", "</t>");
            cells[usize::from(column)] = if text.is_empty() { between(cell, "<v>", "</v>") } else { text };
        }
        cells
    };
    xml.split("<row ").skip(1).map(row).collect()
}

/// Runs a command that must succeed, or find something: what it writes.
fn out(arguments: &[&str]) -> String {
    let output = gouji(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}\n{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs an export into a file of this name.
fn exported(folder: &Path, name: &str, options: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let to = tempfile::tempdir().unwrap();
    let path = to.path().join(name);
    let fixed = ["export", folder.to_str().unwrap(), "-o", path.to_str().unwrap()];
    out(&[&fixed, options].concat());
    (to, path)
}

fn text_of(folder: &Path, name: &str, options: &[&str]) -> String {
    let (_kept, path) = exported(folder, name, options);
    fs::read_to_string(path).unwrap()
}

#[test]
fn every_output_names_the_same_reports() {
    const CSV: [&str; 2] = ["report", "county_code"];
    const ZH: [&str; 2] = ["报告编号", "县区代码"];
    let world = World::new(9, 1);
    let folder = written(&world.files);
    let (folder, path) = (folder.path(), folder.path().to_str().unwrap());
    let corpus = indexed(folder);
    let ids: BTreeSet<String> = corpus.reports().map(|i| corpus.id(i).raw().to_owned()).collect();
    let id_of = |codes: &Codes| -> BTreeSet<String> { codes.iter().map(|(id, _)| id.clone()).collect() };

    let wide = text_of(folder, "a.csv", &["--wide"]);
    assert_eq!(csv(&wide).len(), world.told.reports);
    let all = of_csv(&wide, CSV);
    assert_eq!(id_of(&all), ids);
    assert_eq!(of_csv(&text_of(folder, "a.csv", &[]), CSV), all, "tidy");

    let found = of_json(&records(folder));
    assert!(found.is_subset(&all) && found.len() > 10);
    let check = |format| out(&["check", "--format", format, path]);
    assert_eq!(of_json(&serde_json::from_str::<Vec<Value>>(&check("json")).unwrap()), found);
    assert_eq!(of_csv(&check("csv"), ZH), found);
    assert_eq!(of_rows(&markdown(&check("md")), ZH), found);
    assert_eq!(of_sarif(&check("sarif")), found);
    let book = tempfile::tempdir().unwrap();
    let book = book.path().join("a.xlsx");
    out(&["check", "--format", "xlsx", "-o", book.to_str().unwrap(), path]);
    assert_eq!(of_rows(&sheet(&book), ZH), found);

    let ledger = exported(folder, "a.json", &["--ledger"]);
    let listed = of_json(&json(&ledger.1));
    assert!(listed.is_subset(&found) && listed.len() > 5);
    assert_eq!(of_csv(&text_of(folder, "a.csv", &["--ledger"]), ZH), listed);

    let plain = out(&["--plain", "--no-cache", path]);
    assert!(plain.starts_with(&format!("共 {} 份报告", world.told.reports)), "{plain:.80}");
    let shown = out(&["matrix", "--no-cache", path]);
    let mut rows: Vec<Vec<&str>> = shown.lines().map(|line| line.split('\t').collect()).collect();
    let head = rows.remove(0);
    let counted = |name: &str| -> usize {
        let column = head.iter().position(|column| *column == name).unwrap_or_else(|| panic!("{head:?}"));
        rows.iter().map(|row| row[column].parse::<usize>().unwrap()).sum()
    };
    // Each planted correction has one report that does not stand for the year.
    let others = world.told.versions / 2;
    assert_eq!((counted("reports"), counted("other_versions")), (world.told.reports - others, others));
}

#[test]
fn lists_of_sums_name_reports_as_they_name_themselves() {
    let broken = |agency: &str| {
        Paper::new(agency, 2023)
            .but(|paper| paper.set("reconsideration_and_litigation.reconsideration.total", 3))
    };
    let stated =
        |agency: &str| broken(agency).parsed(|report| report.stated_id = Some(format!("{agency}-7").into()));
    let undated = broken("新县民政局").but(|paper| paper.year = None);
    let files = [
        ("a/1.txt", broken("新县教育局").print(Layout::Tabs)),
        // The other document of a report does not name it.
        ("a/2.json", stated("新县教育局")),
        ("a/3.json", stated("新县财政局")),
        ("a/4.jsonl", stated("新县水利局") + "\n" + &broken("新县司法局").parsed(|_| {}) + "\n"),
        ("a/5.txt", undated.print(Layout::Tabs)),
    ]
    .map(|(path, text)| (path.to_owned(), text.into_bytes()));
    let folder = written(&files);
    let lines = out(&["check", "--format", "tsv", folder.path().to_str().unwrap()]);
    let mut named: Vec<&str> = lines.lines().map(|line| line.split('\t').next().unwrap()).collect();
    named.sort_unstable();
    let want = [
        "411523/新县司法局/2023",
        "411523/新县教育局/2023",
        "411523/新县民政局/-",
        "新县水利局-7",
        "新县财政局-7",
    ];
    assert_eq!(named, want);
}

#[test]
fn what_differs_between_versions_is_said() {
    let one = Paper::new("新县教育局", 2023).but(|paper| {
        paper.flow(3, 41, 5);
        paper.signed = Some("2024年1月20日".to_owned());
    });
    let later = |change: &dyn Fn(&mut Paper)| {
        one.but(|paper| {
            paper.signed = Some("2024年3月5日".to_owned());
            change(paper);
        })
    };
    for (other, words) in [
        (later(&|p| p.set("proactive_disclosure.penalty.decisions", 1_360)), vec!["行政处罚", "1360"]),
        (later(&|p| p.overview = p.overview.replace("86人次", "68人次")), vec!["86", "68"]),
        (later(&|p| p.problems.push_str("部分栏目改版后未能公开历史信息。")), vec!["历史信息"]),
    ] {
        let files = [("a/一月.txt", &one), ("a/三月.txt", &other)];
        let folder =
            written(&files.map(|(path, paper)| (path.to_owned(), paper.print(Layout::Tabs).into_bytes())));
        let said: Vec<(String, String)> = records(folder.path())
            .iter()
            .filter(|record| record["rule"] == "O5")
            .map(|record| ["file", "message"].map(|name| record[name].as_str().unwrap().to_owned()).into())
            .collect();
        assert_eq!(said.len(), 2, "{words:?}");
        for (_, message) in said {
            // Both say it in the same direction, and the later one stands for the year.
            assert!(message.contains("一月.txt → 三月.txt（以此代表该年度）"), "{message}");
            assert!(words.iter().all(|word| message.contains(word)), "{words:?}: {message}");
        }
    }
}

#[test]
fn nothing_changes_in_a_list_while_no_report_does() {
    let folder = written(&World::new(11, 1).files);
    let (_kept, earlier) = exported(folder.path(), "earlier.jsonl", &["--ledger"]);
    let since = ["--ledger", "--since", earlier.to_str().unwrap()];
    let now = exported(folder.path(), "now.json", &since);
    let rows = json(&now.1);
    let changed: Vec<&Value> = rows.iter().filter(|row| row["change"] != "remains").collect();
    assert!(changed.is_empty(), "{} of {}: {:#?}", changed.len(), rows.len(), changed.first());
    assert_eq!(rows.len(), fs::read_to_string(&earlier).unwrap().lines().count());
    // Copies, versions, open places and reports without a year are among them.
    for part in ["O5", "?鼓楼区", "太谷区教育局"] {
        assert!(rows.iter().any(|row| row.to_string().contains(part)), "{part}");
    }
    assert!(rows.iter().any(|row| row["year"].is_null()));
    let table = text_of(folder.path(), "now.csv", &since);
    assert!(csv(&table).iter().all(|row| row["变化"] == "仍存在"));
}

#[test]
fn findings_cite_the_line_that_holds_what_is_found() {
    let folder = written(&World::new(13, 1).files);
    let (mut cited, mut beside) = (0, 0);
    for record in records(folder.path()) {
        let path = Path::new(record["file"].as_str().unwrap());
        let is_plain = path.extension().is_some_and(|e| e == "txt" || e == "json" || e == "jsonl");
        let line = record["line"].as_u64().unwrap_or(0) as usize;
        // Also what is found beside other reports is in a line of this one.
        assert!(line > 0 || record["rule"] != "Y1", "{record:#}");
        if !is_plain || line == 0 {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let held = text.lines().nth(line - 1).unwrap_or_else(|| panic!("no such line: {record:#}"));
        if let Some(quote) = record["quote"].as_str() {
            assert!(held.contains(quote), "{held}\n{record:#}");
            cited += 1;
        } else if record["rule"] == "Y1" {
            // The cell is among those of the line, printed as it is declared.
            let declared = record["declared"].to_string();
            let is_there = held.split(|c: char| !c.is_ascii_digit()).any(|number| number == declared);
            assert!(
                is_there && (held.contains("上年结转") || held.contains("carried_in")),
                "{held}\n{record:#}"
            );
            beside += 1;
        }
    }
    assert!(cited > 10 && beside > 2, "{cited} {beside}");
}

#[test]
fn lines_of_every_kind_of_file_are_cited() {
    let paper = |agency: &str| {
        Paper::new(agency, 2023).but(|paper| {
            paper.flow(3, 41, 5);
            paper.set("requests.received.total", 47);
            paper.overview = "本年度收到政府信息公开申请52件，均按期答复。".to_owned();
        })
    };
    let value: Value = serde_json::from_str(&paper("新县民政局").parsed(|_| {})).unwrap();
    let lines = ["新县教育局", "新县财政局"].map(|agency| paper(agency).parsed(|_| {})).join("\n");
    let files = [
        ("a/1.txt", paper("新县水利局").print(Layout::Tabs)),
        ("a/2.json", serde_json::to_string_pretty(&value).unwrap()),
        ("a/3.jsonl", lines),
    ]
    .map(|(path, text)| (path.to_owned(), text.into_bytes()));
    let folder = written(&files);
    let mut seen = BTreeSet::new();
    for record in records(folder.path()) {
        let text = fs::read_to_string(record["file"].as_str().unwrap()).unwrap();
        let line = record["line"].as_u64().unwrap() as usize;
        let held = text.lines().nth(line - 1).unwrap_or_else(|| panic!("no such line: {record:#}"));
        let (agency, rule) = (record["agency"].as_str().unwrap(), record["rule"].as_str().unwrap());
        let numbers: Vec<&str> = held.split(|c: char| !c.is_ascii_digit()).collect();
        match (record["quote"].as_str(), rule) {
            (Some(quote), _) => assert!(held.contains(quote), "{held}\n{record:#}"),
            // 47 stands in the total column of what was received alone, 41 in the row.
            (None, rule) if rule.starts_with("T3") => {
                let of = ["47", "41", "5", "3", "39"];
                assert!(of.iter().any(|number| numbers.contains(number)), "{held}\n{record:#}");
            }
            _ => continue,
        }
        seen.insert((agency.to_owned(), rule.to_owned()));
        if record["file"].as_str().unwrap().ends_with("jsonl") {
            assert!(held.contains(agency), "{held}\n{record:#}");
        }
    }
    for agency in ["新县水利局", "新县民政局", "新县教育局", "新县财政局"] {
        for rule in ["N1", "T3.1"] {
            assert!(seen.contains(&(agency.to_owned(), rule.to_owned())), "{agency} {rule} {seen:?}");
        }
    }
}

#[test]
fn an_open_county_is_marked_and_a_renamed_one_has_its_code_of_each_year() {
    let broken = |agency: &str, year| {
        let paper = Paper::new(agency, year)
            .but(|paper| paper.set("reconsideration_and_litigation.reconsideration.total", 3));
        (format!("{agency}/{year}.txt"), paper.print(Layout::Tabs).into_bytes())
    };
    let files = [
        broken("鼓楼区教育局", 2022),
        broken("新县教育局", 2022),
        broken("太谷县教育局", 2019),
        broken("太谷区教育局", 2020),
    ];
    let folder = written(files.as_ref());
    let path = folder.path().to_str().unwrap();
    let want = [("太谷区", "140703"), ("太谷县", "140726"), ("新县", "411523"), ("鼓楼区?", "")];
    let want: Codes = want.map(|(county, code)| (county.to_owned(), code.to_owned())).into();
    let checked = String::from_utf8(gouji(&["check", "--format", "csv", path]).stdout).unwrap();
    assert_eq!(of_csv(&checked, ["县区", "县区代码"]), want);
    let table = String::from_utf8(gouji(&["check", "--format", "md", path]).stdout).unwrap();
    assert!(table.contains("| 鼓楼区? |") && table.contains("| 新县 |"), "{table}");
    for options in [&[][..], &["--wide"]] {
        assert_eq!(of_csv(&text_of(folder.path(), "a.csv", options), ["county", "county_code"]), want);
    }
    let matrix = String::from_utf8(gouji(&["matrix", "--no-cache", path]).stdout).unwrap();
    let rows: Vec<Vec<String>> =
        matrix.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    assert_eq!(of_rows(&rows, ["county", "code"]), want);
    let years: Codes = [("2019", "140726"), ("2020", "140703"), ("2022", "411523"), ("2022", "")]
        .map(|(y, c)| (y.into(), c.into()))
        .into();
    assert_eq!(of_rows(&rows, ["year", "code"]), years);
    // What a program reads has the name as it is.
    assert!(records(folder.path()).iter().all(|record| !record["county"].as_str().unwrap().contains('?')));
}
