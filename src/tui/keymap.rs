//! All keys: one table from which the footer, the help screen and the README derive.
//!
//! A key is written here and nowhere else; what is not in [`BINDINGS`] does not exist.

mod bound;
mod key;

use ratatui::crossterm::event::KeyCode;

use crate::display::Lang;
pub use bound::{Keymap, names};
pub use key::Key;
use key::{ch, ctrl, key};

/// Something that the reviewer can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// One up.
    Up,
    /// One down.
    Down,
    /// One to the left: a column, or the pane to the left.
    Left,
    /// One to the right.
    Right,
    /// A screenful up.
    PageUp,
    /// A screenful down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// To the next pane or section.
    NextPane,
    /// To the previous pane or section.
    PreviousPane,
    /// To the counties.
    Counties,
    /// To the years.
    Years,
    /// Opens what is under the cursor.
    Open,
    /// Goes back: ends the filter, closes the view.
    Back,
    /// Chooses the value of a facet, or takes it back.
    Choose,
    /// Starts typing a filter.
    Filter,
    /// Takes all filters back.
    ClearFilters,
    /// Lists only reports with findings.
    OnlyFindings,
    /// Changes the order of the list.
    Order,
    /// Turns the order of the list round.
    Reversed,
    /// Reads again what has changed.
    Reload,
    /// The kept filters.
    Bookmarks,
    /// Keeps the filter of now.
    Keep,
    /// Drops what is under the cursor.
    Drop,
    /// Completes what is typed.
    Complete,
    /// Goes through the open findings of the listed reports, one by one.
    Review,
    /// The finding is a mistake of the report.
    Confirm,
    /// The finding is none.
    Dismiss,
    /// The unit shall be asked.
    Ask,
    /// Leaves the finding for later.
    Skip,
    /// Writes a note.
    Note,
    /// Takes the last step back.
    Undo,
    /// Does again what was taken back.
    Redo,
    /// Marks a finding, or takes the mark back.
    Mark,
    /// Marks all findings of the rule.
    MarkRule,
    /// Writes the rectification list of the listed reports.
    Ledger,
    /// Something was decided: on to the next.
    Decided,
    /// To a section of the report.
    Section(u8),
    /// To the findings of the report.
    Findings,
    /// Shows the document beside the table, or not.
    Source,
    /// Shows what a repair of the finding would do, the next repair, or none again.
    WhatIf,
    /// Lists what is only information one by one, or folds it.
    Info,
    /// To the findings of all listed reports.
    Queue,
    /// County by year.
    Matrix,
    /// The years of an agency side by side.
    Series,
    /// Two reports table beside table.
    Compare,
    /// Another report to compare with.
    Partner,
    /// What was decided, by rule, county, reviewer and day.
    Statistics,
    /// Says which of several counties the agency belongs to.
    Place,
    /// Makes the version that is open stand for its year.
    Version,
    /// Marks the report for comparing others with it, or takes the mark back.
    Hold,
    /// To the next finding, in this report or the next one with any.
    NextFinding,
    /// To the previous finding.
    PreviousFinding,
    /// Opens the next report of the list.
    NextReport,
    /// Opens the previous report of the list.
    PreviousReport,
    /// Files that were rejected, skipped or read with problems.
    Files,
    /// Every action by what it does.
    Palette,
    /// Copies a cell, a row, a finding, a citation.
    Yank,
    /// No more hints of the first run.
    HideHints,
    /// Chinese or English.
    Language,
    /// The help.
    Help,
    /// Draws everything anew.
    Redraw,
    /// Stops the program as a job of the shell.
    Suspend,
    /// Ends the program.
    Quit,
}

impl Action {
    /// The name that the configuration and the palette know it by: `next-finding`, `section-3`.
    #[must_use]
    pub fn name(self) -> String {
        let mut name = String::new();
        for c in format!("{self:?}").chars() {
            match c {
                '(' => name.push('-'),
                ')' => {}
                c if c.is_ascii_uppercase() && !name.is_empty() => {
                    name.push('-');
                    name.push(c.to_ascii_lowercase());
                }
                c => name.push(c.to_ascii_lowercase()),
            }
        }
        name
    }

    /// Whether it only moves a cursor.
    #[must_use]
    pub const fn is_movement(self) -> bool {
        matches!(self, Self::Up | Self::Down | Self::PageUp | Self::PageDown | Self::First | Self::Last)
    }
}

/// Where a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// Everywhere, unless the view has the key for itself or text is typed.
    Global,
    /// The list of reports.
    Browse,
    /// The counties or the years beside the list; the keys of the list work too.
    Facet,
    /// The filter line.
    Filter,
    /// The kept filters.
    Bookmarks,
    /// The findings of all listed reports.
    Queue,
    /// County by year.
    Matrix,
    /// The years of an agency.
    Series,
    /// Two reports.
    Compare,
    /// Statistics of a review.
    Statistics,
    /// A report.
    Report,
    /// A page of lines to read: help, the account of files.
    Page,
    /// Typing what to look for on a page.
    Search,
    /// Typing the name of an action.
    Palette,
}

impl Context {
    /// All, in the order of the help.
    pub const ALL: [Self; 14] = [
        Self::Browse,
        Self::Facet,
        Self::Filter,
        Self::Bookmarks,
        Self::Queue,
        Self::Matrix,
        Self::Series,
        Self::Compare,
        Self::Statistics,
        Self::Report,
        Self::Page,
        Self::Search,
        Self::Palette,
        Self::Global,
    ];

    /// The name that the configuration knows it by.
    #[must_use]
    pub fn name(self) -> String {
        format!("{self:?}").to_ascii_lowercase()
    }

    /// Whether characters are typed there, as text.
    #[must_use]
    pub const fn is_typed(self) -> bool {
        matches!(self, Self::Filter | Self::Search | Self::Palette)
    }

    /// The heading in help and README.
    #[must_use]
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Global => lang.pick("通用", "Everywhere"),
            Self::Browse => lang.pick("浏览", "Browse"),
            Self::Facet => lang.pick("县区、年度栏", "Counties, years"),
            Self::Filter => lang.pick("输入筛选词", "Typing a filter"),
            Self::Bookmarks => lang.pick("筛选书签", "Kept filters"),
            Self::Queue => lang.pick("线索队列", "Queue of findings"),
            Self::Matrix => lang.pick("县区×年度", "County by year"),
            Self::Series => lang.pick("历年对照", "Years of an agency"),
            Self::Compare => lang.pick("两份对比", "Two reports"),
            Self::Statistics => lang.pick("核查统计", "Statistics of a review"),
            Self::Report => lang.pick("报告", "Report"),
            Self::Page => lang.pick("帮助、文件", "Help, files"),
            Self::Search => lang.pick("在帮助中查找", "Searching help, files"),
            Self::Palette => lang.pick("命令面板", "Palette"),
        }
    }
}

/// A row of the table of keys.
#[derive(Debug)]
pub struct Binding {
    /// The keys, the one to show first.
    pub keys: &'static [Key],
    /// Where they work.
    pub context: Context,
    /// What they do.
    pub action: Action,
    /// What they do, for the help.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// The word in the footer, Chinese and English, if it stands there.
    pub footer: Option<(&'static str, &'static str)>,
}

macro_rules! bindings {
    ($($context:ident: $([$($key:expr),+] $action:expr, $zh:literal, $en:literal $(, footer $fzh:literal $fen:literal)?;)+)+) => {
        &[$($(Binding {
            keys: &[$($key),+], context: Context::$context, action: $action, zh: $zh, en: $en,
            footer: bindings!(@footer $($fzh $fen)?),
        }),+),+]
    };
    (@footer) => { None };
    (@footer $zh:literal $en:literal) => { Some(($zh, $en)) };
}

/// All keys. Within a context the order is that of the footer and the help.
pub static BINDINGS: &[Binding] = bindings! {
    Browse:
        [key(KeyCode::Enter)] Action::Open, "打开报告", "open the report", footer "打开" "open";
        [ch('/')] Action::Filter, "筛选：汉字、拼音、首字母，及 year:2019..2022 rule:T3.1 等条件（Tab 补全）", "filter: characters, pinyin, initials, and terms such as year:2019..2022 rule:T3.1 (Tab completes)", footer "筛选" "filter";
        [ch('F')] Action::Queue, "所列全部报告的线索队列（按原因，最严重在前）", "findings of all listed reports by cause, worst first", footer "队列" "queue";
        [ch('R')] Action::Review, "逐条核查所列报告的待处理线索", "review: go through the open findings of the listed reports", footer "核查" "review";
        [ch('M')] Action::Matrix, "县区×年度一览（所列报告，每格为最严重的未定线索）", "county by year: the worst that is open in each", footer "一览" "matrix";
        [ch('c')] Action::Counties, "到县区栏", "to the counties", footer "县区" "county";
        [ch('y')] Action::Years, "到年度栏", "to the years", footer "年度" "year";
        [ch('x')] Action::ClearFilters, "清除全部筛选", "clear all filters", footer "清除" "clear";
        [ch('f')] Action::OnlyFindings, "只列有问题线索的报告", "only reports with findings", footer "线索" "findings";
        [ch('o')] Action::Order, "排序：问题最多、县区单位、年度、收到、办理、结转", "order: worst first, county and agency, year, received, handled, carried out";
        [ch('O')] Action::Reversed, "倒序", "turn the order round";
        [key(KeyCode::F(5))] Action::Reload, "重新读取有变动的文件", "read again what has changed";
        [key(KeyCode::Tab)] Action::NextPane, "下一栏", "next pane";
        [key(KeyCode::BackTab)] Action::PreviousPane, "上一栏", "previous pane";
        [key(KeyCode::Left), ch('h')] Action::Left, "左边一栏", "pane to the left";
        [key(KeyCode::Right), ch('l')] Action::Right, "右边一栏", "pane to the right";
        [ch('n')] Action::NextFinding, "打开下一份有线索的报告", "open the next report with findings", footer "下一份" "next";
        [ch('N')] Action::PreviousFinding, "打开上一份有线索的报告", "open the previous report with findings";
        [ch('S')] Action::Series, "该单位历年对照（结转衔接、主要数字走势）", "the years of the agency side by side, with what is carried over";
        [ch('C')] Action::Compare, "与上年（或下年、用 K 选定的）报告逐表对比", "compare with last year's report, next year's, or the one marked with K";
        [ch('K')] Action::Hold, "选定该报告，供其他报告与之对比；再按取消", "mark the report, to compare others with it; again: no more";
        [ch('T')] Action::Statistics, "核查统计：按规则、县区、核查人、日期", "statistics of the review: by rule, county, reviewer, day";
        [ch('b')] Action::Bookmarks, "筛选书签：保存、调用当前筛选", "kept filters: keep this one, apply another";
        [ch('e')] Action::Files, "文件清单：需人工核对、拒绝、跳过的文件", "files: read with problems, rejected, skipped";
    Facet:
        [key(KeyCode::Enter)] Action::Open, "只看该项，回到列表；再按则取消", "this value only, back to the list; again: all", footer "只看该项" "only this";
        [ch(' ')] Action::Choose, "选中或取消该县区、年度（可多选）", "choose or drop a county or year (several can be chosen)", footer "选中/取消" "choose";
    Filter:
        [key(KeyCode::Enter)] Action::Open, "用此筛选，回到列表", "keep the filter, back to the list", footer "确定" "keep";
        [key(KeyCode::Esc)] Action::Back, "取消筛选", "drop the filter", footer "取消" "drop";
        [key(KeyCode::Up)] Action::Up, "列表上移", "up in the list";
        [key(KeyCode::Down)] Action::Down, "列表下移", "down in the list";
        [ctrl('u')] Action::ClearFilters, "清空输入", "empty the line", footer "清空" "empty";
        [key(KeyCode::Tab)] Action::Complete, "补全，再按换下一个", "complete, again: the next one", footer "补全" "complete";
    Bookmarks:
        [key(KeyCode::Enter)] Action::Open, "用此筛选", "apply the filter", footer "应用" "apply";
        [ch('a')] Action::Keep, "保存当前筛选", "keep the filter of now", footer "保存当前筛选" "keep this filter";
        [ch('d')] Action::Drop, "删除", "drop it", footer "删除" "drop";
        [ch('b')] Action::Bookmarks, "返回列表", "back to the list";
    Queue:
        [key(KeyCode::Enter)] Action::Open, "打开报告，到该线索", "open the report at the finding", footer "打开" "open";
        [ch('R')] Action::Review, "从此处开始逐条核查", "review, from here on", footer "核查" "review";
        [ch('c')] Action::Confirm, "确认（已标记的一并确认）", "confirm it, or all that are marked", footer "确认" "confirm";
        [ch('d')] Action::Dismiss, "排除（已标记的一并排除）", "dismiss it, or all that are marked", footer "排除" "dismiss";
        [ch('a')] Action::Ask, "待询（已标记的一并待询）", "ask the unit about it, or about all that are marked";
        [ch('m')] Action::Note, "写备注", "write a note";
        [ch('v')] Action::Mark, "标记或取消", "mark it, or take the mark back", footer "标记" "mark";
        [ch('=')] Action::MarkRule, "标记同一规则的全部线索", "mark all findings of the same rule";
        [ch('i')] Action::Info, "展开或折叠提示", "list infos one by one, or fold them", footer "提示" "infos";
        [ch('F')] Action::Queue, "返回列表", "back to the list";
    Matrix:
        [key(KeyCode::Enter)] Action::Open, "只看该县区、年度（合计行列：只看该年度、该县区），回到列表", "only this county and year (in the totals: only the county, only the year), back to the list", footer "只看该格" "narrow";
        [ch('o')] Action::Order, "排序：按名称，或最严重的在前", "order: by name, or worst first", footer "排序" "order";
        [key(KeyCode::Left), ch('h')] Action::Left, "左移一格", "one cell to the left";
        [key(KeyCode::Right), ch('l')] Action::Right, "右移一格", "one cell to the right";
        [ch('M')] Action::Matrix, "返回列表", "back to the list";
    Series:
        [key(KeyCode::Enter)] Action::Open, "打开该年报告", "open the report of that year", footer "打开" "open";
        [key(KeyCode::Left), ch('h')] Action::Left, "上一年", "the year before";
        [key(KeyCode::Right), ch('l')] Action::Right, "下一年", "the year after";
        [ch('S')] Action::Series, "返回", "back";
    Compare:
        [ch('n')] Action::NextFinding, "下一处差异", "next difference", footer "下一处" "next";
        [ch('N')] Action::PreviousFinding, "上一处差异", "previous difference", footer "上一处" "prev";
        [ch('o')] Action::Partner, "换一份来比：另一版本、上年、下年、用 K 选定的", "compare with another: another version, last year's, next year's, the one marked with K", footer "换一份" "other";
        [ch('2')] Action::Section(2), "表二", "table 2";
        [ch('3')] Action::Section(3), "表三", "table 3";
        [ch('4')] Action::Section(4), "表四", "table 4";
        [key(KeyCode::Tab)] Action::NextPane, "下一张表", "next table", footer "换表" "table";
        [key(KeyCode::BackTab)] Action::PreviousPane, "上一张表", "previous table";
        [key(KeyCode::Left), ch('h')] Action::Left, "左移一列", "one column to the left";
        [key(KeyCode::Right), ch('l')] Action::Right, "右移一列", "one column to the right";
        [key(KeyCode::Enter)] Action::Open, "打开乙", "open the other report", footer "打开乙" "open B";
        [ch('C')] Action::Compare, "返回", "back";
    Statistics:
        [key(KeyCode::Tab), key(KeyCode::Right), ch('l')] Action::NextPane, "下一种统计", "the next statistics", footer "换统计" "next";
        [key(KeyCode::BackTab), key(KeyCode::Left), ch('h')] Action::PreviousPane, "上一种统计", "the statistics before";
        [ch('1')] Action::Section(1), "按规则", "by rule";
        [ch('2')] Action::Section(2), "按县区", "by county";
        [ch('3')] Action::Section(3), "按核查人", "by reviewer";
        [ch('4')] Action::Section(4), "按日期", "by day";
        [ch('T')] Action::Statistics, "返回列表", "back to the list";
    Report:
        [ch('n')] Action::NextFinding, "下一条线索（本报告之后到下一份报告）", "next finding, on to the next report", footer "下一条" "next";
        [ch('N')] Action::PreviousFinding, "上一条线索", "previous finding";
        [ch('s')] Action::Source, "显示原文并标出该单元格所在行", "the document with the line of the cell marked", footer "原文" "source";
        [ch('c')] Action::Confirm, "确认该线索", "confirm the finding", footer "确认" "confirm";
        [ch('d')] Action::Dismiss, "排除该线索（选理由）", "dismiss the finding, with a reason", footer "排除" "dismiss";
        [ch('f')] Action::Findings, "本报告的线索清单", "findings of this report", footer "线索" "findings";
        [ch('r')] Action::WhatIf, "试算可能的改法（不改数据），再按换下一种", "what if: the likely repair with all checks worked out again, then the next one (nothing is changed)", footer "试算" "what if";
        [ch('a')] Action::Ask, "待询：请单位说明", "ask the unit about it", footer "待询" "ask";
        [ch(' ')] Action::Skip, "暂不处理，下一条", "leave it for later, on to the next";
        [ch('m')] Action::Note, "写备注（多行）", "write a note of several lines", footer "备注" "note";
        [ch('i')] Action::Info, "展开或折叠提示", "list infos one by one, or fold them";
        [ch('1')] Action::Section(1), "一、总体情况", "section 1, overview";
        [ch('2')] Action::Section(2), "二、主动公开（表二）", "section 2, table 2: proactive disclosure";
        [ch('3')] Action::Section(3), "三、申请（表三）", "section 3, table 3: requests";
        [ch('4')] Action::Section(4), "四、复议诉讼（表四）", "section 4, table 4: reviews and lawsuits";
        [ch('5')] Action::Section(5), "五、问题及改进", "section 5, problems";
        [ch('6')] Action::Section(6), "六、其他事项", "section 6, other matters";
        [key(KeyCode::Tab)] Action::NextPane, "下一节", "next section";
        [key(KeyCode::BackTab)] Action::PreviousPane, "上一节", "previous section";
        [key(KeyCode::Left), ch('h')] Action::Left, "左移一格", "one cell to the left";
        [key(KeyCode::Right), ch('l')] Action::Right, "右移一格", "one cell to the right";
        [ch(']')] Action::NextReport, "下一份报告", "next report of the list", footer "下一份" "next report";
        [ch('[')] Action::PreviousReport, "上一份报告", "previous report of the list";
        [ch('S')] Action::Series, "该单位历年对照", "the years of the agency side by side", footer "历年" "years";
        [ch('C')] Action::Compare, "与上年（或下年、用 K 选定的）报告逐表对比", "compare with last year's report, next year's, or the one marked with K", footer "对比" "compare";
        [key(KeyCode::Enter)] Action::Open, "在线索清单：到该单元格", "in the findings: to the cell";
    Page:
        [ch('/')] Action::Filter, "只看含所输文字的行", "only lines with what is typed", footer "查找" "search";
        [ch('e')] Action::Back, "关闭", "close";
    Search:
        [key(KeyCode::Enter)] Action::Open, "确定", "keep it", footer "确定" "keep";
        [key(KeyCode::Esc)] Action::Back, "取消", "drop it", footer "取消" "drop";
        [key(KeyCode::Up)] Action::Up, "上移", "up";
        [key(KeyCode::Down)] Action::Down, "下移", "down";
        [ctrl('u')] Action::ClearFilters, "清空输入", "empty the line", footer "清空" "empty";
    Palette:
        [key(KeyCode::Enter)] Action::Open, "执行", "perform it", footer "执行" "perform";
        [key(KeyCode::Esc)] Action::Back, "关闭", "close", footer "关闭" "close";
        [key(KeyCode::Up)] Action::Up, "上移", "up";
        [key(KeyCode::Down)] Action::Down, "下移", "down";
        [key(KeyCode::PageUp)] Action::PageUp, "上翻一页", "page up";
        [key(KeyCode::PageDown)] Action::PageDown, "下翻一页", "page down";
        [ctrl('u')] Action::ClearFilters, "清空输入", "empty the line";
    Global:
        [key(KeyCode::Up), ch('k')] Action::Up, "上移", "up";
        [key(KeyCode::Down), ch('j')] Action::Down, "下移", "down";
        [key(KeyCode::PageUp), ctrl('b')] Action::PageUp, "上翻一页", "page up";
        [key(KeyCode::PageDown), ctrl('f')] Action::PageDown, "下翻一页", "page down";
        [key(KeyCode::Home), ch('g')] Action::First, "到开头", "to the first";
        [key(KeyCode::End), ch('G')] Action::Last, "到末尾", "to the last";
        [key(KeyCode::Esc), key(KeyCode::Backspace)] Action::Back, "返回", "back", footer "返回" "back";
        [ch('?'), key(KeyCode::F(1))] Action::Help, "帮助", "help", footer "帮助" "help";
        [ch(':')] Action::Palette, "命令面板：按功能查找并执行命令", "palette: find a command by what it does, and perform it", footer "命令" "commands";
        [ch('Y')] Action::Yank, "复制单元格、整行、线索或引用到剪贴板（OSC 52）", "copy a cell, a row, a finding or a citation to the clipboard (OSC 52)";
        [ch('w')] Action::Ledger, "把所列报告的整改台账写成文件", "write the rectification list of the listed reports to a file";
        [ch('A')] Action::Place, "指定单位所属县区（同名县区未定时），或恢复待定", "say which county the agency belongs to, where several have the name, or leave it open again";
        [ch('V')] Action::Version, "改由此版本代表该年度（同一年度有多个版本时），再按恢复", "make this version stand for the year, where there are several; again: no more";
        [ch('u')] Action::Undo, "撤销上一步结论或备注", "undo the last decision or note";
        [ctrl('r')] Action::Redo, "重做", "redo";
        [ch('H')] Action::HideHints, "不再显示入门提示", "no more hints of the first run";
        [ch('L')] Action::Language, "语言：中文 / English", "language: Chinese / English";
        [ctrl('l')] Action::Redraw, "重画屏幕", "draw the screen anew";
        [ctrl('z')] Action::Suspend, "挂起，fg 恢复", "suspend, fg resumes";
        [ch('q'), ctrl('c')] Action::Quit, "退出", "quit", footer "退出" "quit";
};

impl Binding {
    /// What it does, for the help.
    #[must_use]
    pub fn help(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }
}

/// The table of keys in the README, generated.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from("| Where | Keys | What they do | 说明 |\n|---|---|---|---|\n");
    for context in Context::ALL {
        for binding in BINDINGS.iter().filter(|b| b.context == context) {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("`{}`", key.name())).collect();
            let (place, keys) = (context.title(Lang::En), keys.join(" "));
            out.push_str(&format!("| {place} | {keys} | {} | {} |\n", binding.en, binding.zh));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things_in_one_context() {
        for (i, a) in BINDINGS.iter().enumerate() {
            for b in BINDINGS.iter().skip(i + 1).filter(|b| b.context == a.context) {
                for key in a.keys {
                    assert!(
                        !b.keys.contains(key),
                        "{} in {:?}: {:?} and {:?}",
                        key.name(),
                        a.context,
                        a.action,
                        b.action
                    );
                }
            }
        }
    }
}
