//! What a reader leaves of tables in the narrative, on one side or on both.

use super::{report, with};
use crate::display::Lang;
use crate::rules::versions::compare;

#[test]
fn what_tables_leave_behind_makes_no_version_and_hides_none() {
    const SAID: &str = "本机关办理申请的情况见上表，均已依法答复。";
    for (what, section, old, new, is_copy) in [
        ("heads", 4, "结果\n维持 结果 纠正\n总计\n", "", true),
        ("heads in letters", 4, "行 行政诉讼\n结 结 其 尚 总 未\n果 果 他 未 计 经\n", "", true),
        ("heads in both", 4, "结果 维持\n", "结 结\n果 果\n", true),
        ("a broken label", 3, "（本列 申请人情况\n数据的 自然人\n勾稽关 其他组\n", "", true),
        ("zeros", 3, "0\t0\t0\t0\n", "", true),
        ("numbers behind bars", 2, "|0\n|14.2404\n", "", true),
        ("rows", 3, "2.重复申请\t0\t0\t0\n（七）总计\t0\t0\t0\n", "", true),
        (
            "the note of table 3",
            3,
            "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\n",
            "",
            true,
        ),
        ("rows that differ", 3, "（一）予以公开\t12\t0\n", "（一）予以公开\t21\t0\n", false),
        ("numbers that differ", 2, "|3\n", "|4\n", false),
        ("words beside a label", 3, "本表予以公开12件\n", "", false),
        ("nothing happened", 4, "无行政复议和行政诉讼\n", "", false),
        ("a row in a section of sentences", 5, "2.重复申请\t0\t3\t0\n", "", false),
    ] {
        let text = |left: &str| with(report(), section, &format!("{left}{SAID}"));
        let found = compare(&text(old), &text(new));
        assert_eq!(found.is_copy(), is_copy, "{what}: {}", found.words(Lang::Zh));
        assert_eq!(compare(&text(new), &text(old)).is_copy(), is_copy, "{what}, the other way round");
    }
}

#[test]
fn a_sentence_behind_a_table_counts() {
    let text = |words: &str| with(report(), 4, &format!("结果\n维持\n总计\n{words}"));
    assert!(!compare(&text("本机关收到行政复议案件2起。"), &text("本机关收到行政复议案件3起。")).is_copy());
    assert!(!compare(&text("无行政复议。"), &text("有行政复议。")).is_copy());
    assert!(compare(&text("无行政复议。"), &with(report(), 4, "无行政复议。")).is_copy());
}
