//! What was decided on a report stays with it: it never counts for another agency's, nor for another version.

use std::fs;
use std::path::Path;

use gouji::display::Untrusted;
use gouji::review::{Decision, FindingKey, Judged, Location, Step, Store, Subject};
use serde_json::Value;

use crate::folder::{Files, gouji, written};
use crate::paper::{Layout, Paper};

/// A report with a total that does not add up.
fn broken(agency: &str) -> Paper {
    Paper::new(agency, 2022).but(|paper| {
        paper.flow(1, 30, 5);
        paper.set("reconsideration_and_litigation.reconsideration.total", 3);
    })
}

fn file(path: &str, paper: &Paper) -> (String, Vec<u8>) {
    (path.to_owned(), paper.print(Layout::Tabs).into_bytes())
}

/// The list of a folder beside decisions and an earlier list; the rows of the rule of the broken total alone.
fn listed(folder: &Path, store: Option<&Path>, since: Option<&Path>) -> (Vec<Value>, String) {
    let out = tempfile::tempdir().unwrap();
    let to = out.path().join("a.json");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let mut arguments = vec!["export".to_owned(), text(folder)];
    arguments.extend(["--ledger", "--status", "all", "-o"].map(str::to_owned));
    arguments.push(text(&to));
    for (name, path) in [("--reviews", store), ("--since", since)] {
        arguments.extend(path.iter().flat_map(|path| [name.to_owned(), text(path)]));
    }
    let output = gouji(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    (serde_json::from_str(&fs::read_to_string(to).unwrap()).unwrap(), said)
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

fn of_total(rows: &[Value]) -> Vec<&Value> {
    rows.iter().filter(|row| row["rule"] == "T4.1").collect()
}

/// A file of decisions in which the broken total of that report is dismissed.
fn dismissed(folder: &Path, place: &str, store: &Path) {
    let (rows, _) = listed(folder, None, None);
    let rows = of_total(&rows);
    let row = rows.iter().find(|row| text(row, "file").contains(place)).unwrap();
    let subject = |finding: &Value| Subject {
        key: FindingKey {
            report: text(finding, "report").into(),
            rule: text(finding, "rule").into(),
            place: text(finding, "place").into(),
        },
        judged: Judged(text(finding, "figures").into()),
        about: Untrusted::default(),
    };
    let subjects = row["findings"].as_array().unwrap().iter().map(subject).collect();
    let store = Store::open(&Location { path: store.to_owned(), notice: None }, "王审").unwrap();
    store.record(&Step::decide(subjects, Decision::Dismissed).unwrap().because("误报")).unwrap();
}

/// What stands in the list of the second files where the total was dismissed in the first at that path: the status of
/// each row in the order of the reports, and whether the decision is shown beside it.
fn after_dismissal(before: &Files, place: &str, after: &Files) -> Vec<(String, bool)> {
    let stores = tempfile::tempdir().unwrap();
    let store = stores.path().join("r.db");
    let (before, after) = (written(before), written(after));
    dismissed(before.path(), place, &store);
    let (rows, _) = listed(after.path(), Some(&store), None);
    let mut rows: Vec<(String, String, bool)> = of_total(&rows)
        .into_iter()
        .map(|row| {
            let is_beside = text(row, "note").contains("原结论");
            (text(row, "report").to_owned(), text(row, "status").to_owned(), is_beside)
        })
        .collect();
    rows.sort();
    rows.into_iter().map(|(_, status, is_beside)| (status, is_beside)).collect()
}

fn is(status: &str) -> (String, bool) {
    (status.to_owned(), false)
}

/// Open again, with the decision beside it.
fn open_again() -> (String, bool) {
    ("open".to_owned(), true)
}

#[test]
fn decisions_stay_in_the_place_of_their_agency() {
    let town = broken("城关镇人民政府");
    let [xin, guangshan] = ["新县/a.txt", "光山县/a.txt"].map(|path| file(path, &town));
    let both = vec![xin.clone(), guangshan.clone()];
    // In the order of the codes: 光山县 411522, 新县 411523.
    assert_eq!(after_dismissal(&both, "新县", &both), [is("open"), is("dismissed")]);
    assert_eq!(after_dismissal(&both, "新县", &vec![guangshan]), [is("open")]);
    assert_eq!(after_dismissal(&both, "新县", &vec![xin]), [is("dismissed")]);
    let moved = vec![file("新县/乡镇/b.txt", &town)];
    assert_eq!(after_dismissal(&both, "新县", &moved), [is("dismissed")], "moved within its county");
}

#[test]
fn decisions_stay_with_their_version() {
    let one = broken("新县教育局");
    let other = one.but(|paper| paper.set("proactive_disclosure.licensing.decisions", 7));
    let both = vec![file("a/A.txt", &one), file("a/B.txt", &other)];
    let [of_one, of_other] = ["A.txt", "B.txt"].map(|name| after_dismissal(&both, name, &both));
    assert!(of_one.contains(&is("dismissed")) && of_one.contains(&is("open")), "{of_one:?}");
    assert_ne!(of_one, of_other);
    // The judged document is not there: the other is not the one that was judged.
    assert_eq!(after_dismissal(&both, "A.txt", &both[1..].to_vec()), [open_again()]);
    assert_eq!(after_dismissal(&both, "A.txt", &both[..1].to_vec()), [is("dismissed")]);
    // Corrected in its place.
    let corrected = vec![file("a/A.txt", &other)];
    assert_eq!(after_dismissal(&both[..1].to_vec(), "A.txt", &corrected), [open_again()]);
}

#[test]
fn decisions_on_agencies_of_unknown_places_go_to_no_other() {
    for agency in ["鼓楼区教育局", "教育局"] {
        let one = broken(agency);
        let other = one.but(|paper| paper.set("proactive_disclosure.licensing.decisions", 7));
        let [p, q] = ["p/2022.txt", "q/2022.txt"];
        let different = vec![file(p, &one), file(q, &other)];
        assert_eq!(after_dismissal(&different, p, &different[1..].to_vec()), [open_again()], "{agency}");
        // They say the same: which of them is left cannot be told.
        let alike = vec![file(p, &one), file(q, &one)];
        assert_eq!(after_dismissal(&alike, p, &alike), [is("dismissed"), is("open")], "{agency}");
        assert_eq!(after_dismissal(&alike, p, &alike[1..].to_vec()), [open_again()], "{agency}");
        assert_eq!(
            after_dismissal(&alike[..1].to_vec(), p, &alike),
            [open_again(), open_again()],
            "{agency}"
        );
        let moved = vec![file("r/s/9.txt", &one)];
        assert_eq!(after_dismissal(&alike[..1].to_vec(), p, &moved), [is("dismissed")], "{agency}");
    }
}

#[test]
fn decisions_go_on_when_the_place_becomes_known() {
    let open = broken("鼓楼区教育局");
    let before = vec![file("p/2022.txt", &open)];
    let known = |city: &str| file(&format!("{city}/鼓楼区/2022.txt"), &open);
    let after = vec![known("江苏省/南京市")];
    assert_eq!(after_dismissal(&before, "p/", &after), [is("dismissed")]);
    let after = vec![known("江苏省/南京市"), known("江苏省/徐州市")];
    assert_eq!(after_dismissal(&before, "p/", &after), [open_again(), open_again()]);
}

/// The change and report of each row of the broken total in the list of files since that of others, and what was said.
fn since(before: &Files, after: &Files) -> (Vec<(String, String)>, String) {
    let lists = tempfile::tempdir().unwrap();
    let earlier = lists.path().join("earlier.json");
    let (before, after) = (written(before), written(after));
    let (rows, _) = listed(before.path(), None, None);
    fs::write(&earlier, serde_json::to_string(&rows).unwrap()).unwrap();
    let (rows, said) = listed(after.path(), None, Some(&earlier));
    let row = |row: &Value| {
        (text(row, "change").to_owned(), text(row, "report").split('@').next().unwrap().to_owned())
    };
    let mut rows: Vec<_> = rows.iter().map(row).collect();
    rows.sort();
    (rows, said)
}

fn row(change: &str, report: &str) -> (String, String) {
    (change.to_owned(), report.to_owned())
}

#[test]
fn a_row_is_settled_in_its_own_place() {
    let (wrong, right) = (broken("城关镇人民政府"), Paper::new("城关镇人民政府", 2022));
    let before = vec![file("新县/a.txt", &wrong), file("光山县/a.txt", &right)];
    let after = vec![file("新县/a.txt", &right), file("光山县/a.txt", &wrong)];
    let [xin, guangshan] = ["411523/城关镇人民政府/2022", "411522/城关镇人民政府/2022"];
    assert_eq!(since(&before, &after).0, [row("new", guangshan), row("settled", xin)]);
    assert_eq!(since(&before, &before).0, [row("remains", xin)]);
}

#[test]
fn what_was_dismissed_is_not_new() {
    let papers = ["新县教育局", "新县财政局"].map(broken);
    let files: Files = papers.iter().map(|paper| file(&format!("a/{}.txt", paper.agency), paper)).collect();
    let folder = written(&files);
    let lists = tempfile::tempdir().unwrap();
    let [store, earlier] = ["r.db", "earlier.json"].map(|name| lists.path().join(name));
    dismissed(folder.path(), "教育局", &store);
    let (rows, _) = listed(folder.path(), Some(&store), None);
    fs::write(&earlier, serde_json::to_string(&rows).unwrap()).unwrap();
    // Beside the list and beside the decisions themselves, which say nothing of the other agency.
    for (since, of_other) in [(&earlier, "remains"), (&store, "")] {
        let (rows, _) = listed(folder.path(), Some(&store), Some(since));
        let of_agency = |agency: &str| {
            let rows = of_total(&rows);
            let row = rows.iter().find(|row| text(row, "agency").contains(agency)).unwrap();
            ["status", "change"].map(|name| text(row, name).to_owned())
        };
        assert_eq!(of_agency("教育局"), ["dismissed", "remains"]);
        assert_eq!(of_agency("财政局"), ["open", of_other]);
    }
    // A list without what was dismissed.
    let others: Vec<&Value> = rows.iter().filter(|row| row["status"] != "dismissed").collect();
    let short = lists.path().join("short.json");
    fs::write(&short, serde_json::to_string(&others).unwrap()).unwrap();
    let (rows, _) = listed(folder.path(), Some(&store), Some(&short));
    assert!(rows.iter().all(|row| row["change"] == "remains"), "{rows:#?}");
    // It is gone: nothing of it was left to settle.
    let right = papers
        .map(|paper| paper.but(|paper| paper.set("reconsideration_and_litigation.reconsideration.total", 0)));
    let right: Files = right.iter().map(|paper| file(&format!("a/{}.txt", paper.agency), paper)).collect();
    let (rows, _) = listed(written(&right).path(), None, Some(&earlier));
    let changes: Vec<[&str; 2]> =
        rows.iter().map(|row| ["change", "agency"].map(|name| text(row, name))).collect();
    assert_eq!(changes, [["settled", "新县财政局"]]);
}

#[test]
fn a_version_that_is_gone_settles_nothing_in_another() {
    let one = broken("新县教育局");
    let other = one.but(|paper| paper.set("proactive_disclosure.licensing.decisions", 7));
    let both = vec![file("a/A.txt", &one), file("a/B.txt", &other)];
    let report = "411523/新县教育局/2022";
    let (rows, said) = since(&both, &both[1..].to_vec());
    // Of the version that is left: its total is still wrong, and it is no longer one of two.
    assert_eq!(rows, [row("remains", report), row("settled", report)]);
    assert!(said.contains("原台账有 2 条所属报告不在其中"), "{said}");
    // One version, corrected, under another name: it is the corrected report.
    let (rows, said) = since(&both[..1].to_vec(), &vec![file("b/C.txt", &other)]);
    assert_eq!(rows, [row("remains", report)]);
    assert!(!said.contains("不在其中，"), "{said}");
    // Of unknown places, only the document tells.
    let [one, other] = [one, other].map(|paper| paper.but(|paper| paper.agency = "教育局".to_owned()));
    let (rows, _) = since(&vec![file("p/A.txt", &one)], &vec![file("q/A.txt", &other)]);
    assert_eq!(rows, [row("unclear", "?/教育局/2022")]);
}
