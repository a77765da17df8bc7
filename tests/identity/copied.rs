//! Parsed copies of documents whose places are not known: each is a copy of what it was made from, and shows nothing of
//! what else has the same bytes.

use crate::folder::{Files, Told, written};
use crate::pairs::hash;
use crate::paper::{Layout, Paper};

/// What became of some documents, whatever command is asked.
fn told(files: &[(&str, String)]) -> [usize; 2] {
    let files: Files =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.clone().into_bytes())).collect();
    let folder = written(&files);
    let told = Told::by_index(folder.path());
    assert_eq!(Told::by_check(folder.path()), told);
    assert_eq!(told.versions, 0);
    [told.reports, told.copies]
}

/// A parsed copy that says which bytes, of which file, it was made from.
fn parsed_from(paper: &Paper, file: &str) -> String {
    let hash = hash(&paper.print(Layout::Tabs));
    paper.parsed(|report| {
        report.source.sha256 = hash.as_str().into();
        report.source.file = file.into();
    })
}

#[test]
fn equal_bytes_in_two_folders_are_two_reports_however_many_copies_there_are() {
    for agency in ["鼓楼区教育局", "教育局"] {
        let paper = Paper::new(agency, 2023).but(|paper| paper.flow(1, 30, 5));
        let text = || paper.print(Layout::Tabs);
        let parsed = |file| parsed_from(&paper, file);
        let [p, q] = [("p/2023.txt", text()), ("q/2023.txt", text())];
        let both = || vec![p.clone(), q.clone()];
        let with = |more: &[(&'static str, String)]| told(&[both(), more.to_vec()].concat());
        assert_eq!(with(&[]), [2, 0], "{agency}");
        assert_eq!(with(&[("p/1.jsonl", parsed("p/2023.txt"))]), [2, 1], "{agency}: beside one");
        assert_eq!(with(&[("r/1.jsonl", parsed("p/2023.txt"))]), [2, 1], "{agency}: elsewhere");
        let lines = || parsed("p/2023.txt") + "\n" + &parsed("q/2023.txt") + "\n";
        assert_eq!(with(&[("r/1.jsonl", lines())]), [2, 2], "{agency}: of both");
        assert_eq!(told(&[("r/1.jsonl", lines())]), [2, 0], "{agency}: of both, without them");
        let again = parsed("p/2023.txt") + "\n" + &parsed("p/2023.txt") + "\n";
        assert_eq!(told(&[("r/1.jsonl", again)]), [1, 1], "{agency}: of one, twice");
        assert_eq!(with(&[("p/再.txt", text())]), [2, 1], "{agency}: in the folder of one");
    }
}

#[test]
fn a_copy_that_names_its_document_is_one_of_it_whatever_is_beside_either() {
    let paper = Paper::new("教育局", 2023).but(|paper| paper.flow(1, 30, 5));
    let document = ("g/1.txt", paper.print(Layout::Tabs));
    let copy = ("n/1.jsonl", parsed_from(&paper, "g/1.txt"));
    let beside = |path| (path, Paper::new("新县财政局", 2021).print(Layout::Tabs));
    assert_eq!(told(&[document.clone(), copy.clone()]), [1, 1]);
    assert_eq!(told(&[document.clone(), copy.clone(), beside("g/2.txt")]), [2, 1]);
    assert_eq!(told(&[document.clone(), copy.clone(), beside("n/2.txt")]), [2, 1]);
    // What is beside both is one report too.
    assert_eq!(told(&[document.clone(), copy, beside("g/2.txt"), beside("n/2.txt")]), [2, 2]);
    // Of other bytes it is no copy, and neither is one that names none.
    let other = paper.but(|paper| paper.problems.push_str("另有问题。"));
    for parsed in [parsed_from(&other, "g/1.txt"), paper.parsed(|report| report.source.sha256 = "".into())] {
        assert_eq!(told(&[document.clone(), ("n/1.jsonl", parsed)]), [2, 0]);
    }
}
