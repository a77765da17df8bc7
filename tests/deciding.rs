//! A review on the screen: decide, note, take back, go on, many at once, another reviewer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod common;

use std::path::Path;

use common::{app, press, repository, screen};
use gouji::display::Lang;
use gouji::review::{Decision, Location, Store};
use gouji::tui::App;
use gouji::tui::resume::Resume;
use gouji::tui::reviews::{Reviews, standings};
use gouji::tui::theme::Theme;

/// The explorer on the sample reports, with decisions in a file.
fn reviewing(folder: &Path, reviewer: &str) -> App {
    std::env::set_current_dir(repository("")).unwrap();
    let mut app = app(&["sample-data/reports"], Lang::Zh, Theme::default());
    let file = folder.join("reviews.db");
    app.session.reviews = Reviews::find(&[], Some(&file), reviewer.to_owned(), Lang::Zh);
    app.session.resume = Resume::open(folder.join("review.json"));
    if let Some(store) = app.session.reviews.store().cloned() {
        let found = standings(&app.session.corpus, &store, Lang::Zh);
        app.session.take_standings(found);
    }
    let _ = screen(&mut app, 120, 40);
    app
}

/// The latest decisions in the file, by rule.
fn decisions(folder: &Path) -> Vec<(String, Decision)> {
    let store = Store::read(&folder.join("reviews.db")).unwrap();
    let one = |event: &std::sync::Arc<gouji::review::Event>| {
        Some((event.on.as_ref()?.key.rule.raw().to_owned(), event.decision?))
    };
    store.decisions().iter().filter_map(one).filter(|(_, decision)| *decision != Decision::Open).collect()
}

/// `n/m` of the review's first line.
fn progress(app: &mut App) -> String {
    let shown = screen(app, 120, 40);
    let at = shown.find("核查 ").unwrap_or_else(|| panic!("no review in\n{shown}"));
    shown[at + "核查 ".len()..].chars().take_while(|c| c.is_ascii_digit() || *c == '/').collect()
}

#[test]
fn what_is_decided_on_is_in_sight() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = reviewing(folder.path(), "甲");
    press(&mut app, "<Enter>");
    let at_finding = screen(&mut app, 120, 40);
    press(&mut app, "jjjjllc");
    let back = screen(&mut app, 120, 40);
    assert!(back.contains("再按一次才作结论"), "{back}");
    assert!(!folder.path().join("reviews.db").exists(), "nothing was decided");
    let above = |shown: &str| shown.lines().take(38).collect::<Vec<_>>().join("\n");
    assert_eq!(above(&back), above(&at_finding), "the cursor is back at the finding");
    press(&mut app, "c");
    assert!(!decisions(folder.path()).is_empty());
}

#[test]
fn a_review_decides_notes_takes_back_and_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = reviewing(folder.path(), "甲");
    assert!(!folder.path().join("reviews.db").exists(), "looking alone makes no file");
    press(&mut app, "R");
    let all: usize = progress(&mut app).split_once('/').unwrap().1.parse().unwrap();
    assert!(all >= 9, "errors and warnings of the five reports");
    let first = screen(&mut app, 120, 40);
    assert!(
        first.contains("✗") && first.contains("N1"),
        "errors come first, the largest before others:\n{first}"
    );
    press(&mut app, "c");
    assert_eq!(progress(&mut app), format!("1/{all}"));
    press(&mut app, "d");
    assert!(screen(&mut app, 120, 40).contains("排除的理由"));
    press(&mut app, "2");
    press(&mut app, "a");
    assert_eq!(progress(&mut app), format!("3/{all}"));
    let mut made = decisions(folder.path());
    let kinds = |made: &[(String, Decision)]| {
        [Decision::Confirmed, Decision::Dismissed, Decision::Query]
            .map(|kind| made.iter().filter(|(_, decision)| *decision == kind).count())
    };
    assert!(kinds(&made).iter().all(|n| *n >= 1), "{made:?}");
    press(&mut app, "u");
    assert_eq!(progress(&mut app), format!("2/{all}"));
    press(&mut app, "uu");
    assert_eq!(progress(&mut app), format!("0/{all}"));
    assert!(decisions(folder.path()).is_empty());
    press(&mut app, "<C-r><C-r>");
    assert_eq!(progress(&mut app), format!("2/{all}"));
    made = decisions(folder.path());
    assert_eq!(kinds(&made)[2], 0);
    // A note of two lines, in Chinese.
    press(&mut app, "m已电话联系<Enter>等待答复<C-s>");
    let noted = screen(&mut app, 120, 40);
    assert!(noted.contains("备注：已电话联系") && noted.contains("等待答复"), "{noted}");
    press(&mut app, " ");
    let before = app.session.selected_report();
    drop(app);
    // The line broke; the next start goes on there, with what is decided left out.
    let mut app = reviewing(folder.path(), "甲");
    app.session.offer_resume();
    assert!(screen(&mut app, 120, 40).contains("按 R 继续"));
    press(&mut app, "R");
    assert_eq!(progress(&mut app), format!("0/{}", all - 2));
    assert_eq!(app.session.selected_report(), before);
    // The note, and the decision before it.
    press(&mut app, "uu");
    assert!(decisions(folder.path()).len() < made.len(), "steps of an earlier session can be taken back");
}

#[test]
fn many_are_decided_in_one_step_and_asked_about_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = reviewing(folder.path(), "甲");
    press(&mut app, "F=jv");
    let shown = screen(&mut app, 120, 40);
    assert!(shown.contains("已标记"), "{shown}");
    press(&mut app, "d");
    let shown = screen(&mut app, 120, 40);
    assert!(shown.contains("条线索：") && shown.contains("n 取消"), "{shown}");
    press(&mut app, "n");
    assert!(!folder.path().join("reviews.db").exists() || decisions(folder.path()).is_empty());
    press(&mut app, "dy3");
    let made = decisions(folder.path());
    assert!(made.len() > 1 && made.iter().all(|(_, decision)| *decision == Decision::Dismissed), "{made:?}");
    let shown = screen(&mut app, 120, 40);
    assert!(shown.contains("[排除]"), "{shown}");
    press(&mut app, "u");
    assert!(decisions(folder.path()).is_empty(), "one step");
    press(&mut app, "<Esc>");
    assert!(app.session.corpus.summaries().count() == 5);
}

#[test]
fn what_another_reviewer_decided_is_shown_beside() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = reviewing(folder.path(), "甲");
    press(&mut first, "Rc");
    let mut second = reviewing(folder.path(), "乙");
    press(&mut second, "F<Enter>");
    let shown = screen(&mut second, 120, 40);
    assert!(shown.contains("确认 · 甲"), "{shown}");
    press(&mut second, "d1");
    let file = folder.path().join("reviews.db");
    let store = Store::open(&Location { path: file, notice: None }, "丙").unwrap();
    let rules: Vec<_> = store.decisions().iter().filter_map(|e| e.on.clone()).collect();
    assert!(rules.iter().any(|subject| store.state(subject).conflict.is_some()), "both are kept");
}

#[test]
fn a_store_that_cannot_be_used_is_said_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("reviews.db");
    std::fs::write(&file, "no store at all, but somebody's text").unwrap();
    let mut app = reviewing(folder.path(), "甲");
    assert!(app.session.reviews.problem().is_some());
    press(&mut app, "Rc");
    let shown = screen(&mut app, 120, 40);
    assert!(shown.contains("没有保存"), "{shown}");
    assert_eq!(progress(&mut app).split('/').next(), Some("0"), "the finding stays");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "no store at all, but somebody's text");
}

#[test]
fn decisions_filter_and_mark_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = reviewing(folder.path(), "甲");
    press(&mut app, "<Enter>c");
    press(&mut app, "<Esc><Esc><Esc>");
    press(&mut app, "/is:confirmed<Enter>");
    assert_eq!(app.session.listing.reports.len(), 1);
    let shown = screen(&mut app, 120, 40);
    assert!(shown.contains("1/"), "{shown}");
    press(&mut app, "x/-is:confirmed<Enter>");
    assert_eq!(app.session.listing.reports.len(), 4);
}
