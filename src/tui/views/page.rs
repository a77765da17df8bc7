//! Pages of lines to read: the help, made from the table of keys, and the account of files.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::corpus::{FileEntry, FileState};
use crate::display::{self, Lang};
use crate::report::{Problem, ProblemCode};
use crate::rules::RULES;
use crate::search::{Names, Word};
use crate::tui::keymap::{self, Action, Context};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::view::{Scroll, Transition, View};
use crate::tui::words;

/// What a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// All keys, those of a context first.
    Help(Context),
    /// What became of the files.
    Files,
}

/// How far in the second row of a long line stands.
const HANGING: usize = 8;

/// A page of lines.
pub struct PageView {
    content: Content,
    scroll: Scroll,
    /// Only lines with these words are shown.
    wanted: String,
    /// What was wanted before, while it is typed.
    typing: Option<String>,
}

impl PageView {
    /// A page from its top.
    #[must_use]
    pub fn new(content: Content) -> Self {
        Self { content, scroll: Scroll::default(), wanted: String::new(), typing: None }
    }

    fn lines(&self, session: &Session) -> Vec<(String, Style)> {
        let lines = match self.content {
            Content::Help(context) => help_lines(context, session),
            Content::Files => file_lines(session),
        };
        let lines = if self.wanted.trim().is_empty() { lines } else { only(lines, &self.wanted) };
        // A line that is too long goes on below, further in.
        let width = usize::from(session.width).max(20);
        let wrapped = |(text, style): (String, Style)| {
            let mut rows = display::wrap(&text, width);
            let rest = rows.split_off(1).concat();
            if !rest.is_empty() {
                let further = display::wrap(&rest, width.saturating_sub(HANGING));
                rows.extend(further.into_iter().map(|row| format!("{}{row}", " ".repeat(HANGING))));
            }
            rows.into_iter().map(move |row| (row, style))
        };
        lines.into_iter().flat_map(wrapped).collect()
    }
}

impl View for PageView {
    fn context(&self) -> Context {
        if self.typing.is_some() { Context::Search } else { Context::Page }
    }

    fn type_text(&mut self, text: &str, _session: &mut Session) {
        self.wanted.extend(text.chars().filter(|c| !display::is_hidden(*c)));
        self.scroll.at = 0;
    }

    fn erase(&mut self, _session: &mut Session) {
        self.wanted.pop();
        self.scroll.at = 0;
    }

    fn update(&mut self, action: Action, session: &mut Session) -> Transition {
        match action {
            Action::Filter => self.typing = Some(self.wanted.clone()),
            Action::Back if self.typing.is_some() => {
                self.wanted = self.typing.take().unwrap_or_default();
            }
            Action::Open if self.typing.take().is_some() => {}
            Action::ClearFilters => self.wanted.clear(),
            // One step back: first all lines again.
            Action::Back if !self.wanted.is_empty() => self.wanted.clear(),
            Action::Back | Action::Help => return Transition::Pop,
            _ => return self.movement(action, session),
        }
        self.scroll.at = 0;
        Transition::Stay
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let title = match self.content {
            Content::Help(_) => session.lang.pick("帮助", "help"),
            Content::Files => session.lang.pick("文件清单", "files"),
        };
        let title = match (&self.typing, self.wanted.is_empty()) {
            (Some(_), _) => format!("{title} /{}_", display::visible(&self.wanted)),
            (None, false) => format!("{title} /{}", display::visible(&self.wanted)),
            (None, true) => title.to_owned(),
        };
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
        let lines = self.lines(session);
        let height = usize::from(body.height);
        self.scroll.window(height, lines.len());
        let first = self.scroll.at.min(lines.len().saturating_sub(height));
        let hidden = session.theme.hidden((first, lines.len().saturating_sub(first + height)));
        paint::rule(buffer, area, &title, &hidden, session, true);
        if lines.is_empty() {
            let words = session.lang.pick(" 没有这样的行", " no such line");
            paint::text(buffer, body, 0, words, session.theme.warn());
        }
        for (y, (text, style)) in lines.iter().skip(first).take(height).enumerate() {
            let line = Line::styled(display::cut(text, usize::from(body.width)), *style);
            paint::line(buffer, body, y as u16, line);
        }
        paint::keys(buffer, area, area.height.saturating_sub(1), self.context(), session);
    }
}

impl PageView {
    /// Scrolls; what is no movement is not handled.
    fn movement(&mut self, action: Action, session: &Session) -> Transition {
        let height = self.scroll.height();
        let length = self.lines(session).len();
        // A page has no cursor: moving scrolls at once, so positions beyond the last screenful do not exist.
        let Some(to) = self.scroll.moved(action, length) else { return Transition::Unhandled };
        self.scroll.at = to.min(length.saturating_sub(height));
        Transition::Stay
    }
}

/// The lines with all of some words, and the headings above them. Chinese words are also found by their pinyin.
fn only(lines: Vec<(String, Style)>, wanted: &str) -> Vec<(String, Style)> {
    let words: Vec<Word> = wanted.split_whitespace().map(Word::new).collect();
    let mut names = Names::new();
    names.extend(lines.iter().map(|(text, _)| text.as_str()));
    let hits: Vec<_> = words.iter().map(|word| names.find(word, None)).collect();
    let is_found = |i: usize| hits.iter().all(|hits| hits.score(i as u32) > 0);
    let is_heading = |text: &str| text.starts_with(' ') && !text.starts_with("  ");
    let mut kept = Vec::new();
    let mut heading = None;
    for (i, line) in lines.into_iter().enumerate() {
        if is_heading(&line.0) {
            heading = Some(line);
        } else if is_found(i) && !line.0.is_empty() {
            kept.extend(heading.take());
            kept.push(line);
        }
    }
    kept
}

fn help_lines(here: Context, session: &Session) -> Vec<(String, Style)> {
    let (lang, theme) = (session.lang, session.theme);
    let mut lines = Vec::new();
    let others = Context::ALL.into_iter().filter(|context| *context != here);
    for context in std::iter::once(here).chain(others) {
        lines.push((format!(" {}", context.title(lang)), theme.title()));
        for (binding, keys) in session.keymap.of(context).filter(|(_, keys)| !keys.is_empty()) {
            let keys = display::fit(&keymap::names(keys), 14);
            lines.push((format!("   {keys}{}", binding.help(lang)), theme.plain()));
        }
        lines.push((String::new(), theme.plain()));
    }
    lines.push((format!(" {}", lang.pick("记号", "Marks")), theme.title()));
    for (mark, zh, en) in marks(session) {
        lines.push((format!("   {}{}", display::fit(&mark, 14), lang.pick(zh, en)), theme.plain()));
    }
    lines.push((String::new(), theme.plain()));
    lines.push((format!(" {}", lang.pick("规则", "Rules")), theme.title()));
    for rule in RULES.iter() {
        let off = session.corpus.settings().is_off(rule);
        let off = if off { lang.pick("（已停用）", " (switched off)") } else { "" };
        let (id, title) = (display::fit(rule.id, 6), rule.title(lang));
        let text = format!("   {id}{title}{off} · {}", rule.formula.in_lang(lang));
        lines.push((text, theme.plain()));
    }
    lines
}

/// Every mark of the screens, with what it means.
fn marks(session: &Session) -> Vec<(String, &'static str, &'static str)> {
    let theme = session.theme;
    let blank = format!("({}{}n)", words::blank(session.lang), theme.arrow());
    let marks = [
        (theme.good_mark(), "相符", "holds"),
        (theme.trivial_mark(), "全为零或空白，自然相符", "holds trivially: all zero or blank"),
        (
            theme.bad_mark(),
            "不符（错误）；后面是合计数和差",
            "does not hold (error); then the computed sum and the difference",
        ),
        ("!", "警告", "warning"),
        ("i", "提示", "information"),
        (
            "?",
            "需人工核对：读取时无法确定，或缺数而无法计算",
            "needs reading: uncertain as read, or figures are missing for the sum",
        ),
        (
            session.lang.pick("县名? 县区?", "NAME? place?"),
            "县区待定：几个县级行政区同名，按 A 指定",
            "the county is open: several have the name; A says which",
        ),
        (
            "V v",
            "该年度有几个版本：V 代表该年度，v 是另外的版本",
            "the year has several versions: V stands for it, v does not",
        ),
        ("_", "空白单元格", "blank cell"),
        (
            &blank,
            "空白的总计，其他算式中按各项合计 n 计",
            "a blank total, which counts as the sum n of its parts in other formulas",
        ),
        (theme.differs(), "两份报告此处不同", "the two reports differ here"),
        (
            theme.missing(),
            "该年没有报告，而前后年度有",
            "no report for that year, though there are for years before and after it",
        ),
        (
            "↑ ↓",
            "与上年相比突增、突减（规则 Y7 的界限）",
            "a jump up or down from last year, by the limits of rule Y7",
        ),
        (theme.chosen(), "已选中的县区、年度", "a county or year that is chosen"),
        (theme.pointer(), "当前单元格，或它在原文中的行", "the cell you are at, or its line in the document"),
        (theme.beyond()[0], "上面还有未显示的行，后面是行数", "more lines above, with their number"),
        (theme.beyond()[1], "下面还有未显示的行，后面是行数", "more lines below, with their number"),
    ];
    marks.map(|(mark, zh, en)| (mark.to_owned(), zh, en)).into()
}

/// The files with problems first, then the rejected and the skipped; the sums at the top add up to the files found.
fn file_lines(session: &Session) -> Vec<(String, Style)> {
    let (lang, theme) = (session.lang, session.theme);
    let head = format!(" {}", session.corpus.account().sentence(lang));
    let mut lines = vec![(head, theme.title()), (String::new(), theme.plain())];
    lines.extend(refused_lines(session));
    for (state, words) in [
        (FileState::WithProblems, lang.pick("需人工核对", "with problems")),
        (FileState::Skipped, lang.pick("跳过", "skipped")),
    ] {
        for file in session.corpus.files().filter(|f| f.state == state) {
            let path = display::visible(&file.path.to_string_lossy()).into_owned();
            lines.push((format!(" {words}  {path}"), theme.warn()));
            lines.extend(problem_lines(&file.problems, lang).map(|line| (line, theme.plain())));
        }
    }
    lines
}

/// So many problems of one kind that follow each other are one line.
const MANY_ALIKE: usize = 3;

/// The problems of a file, a line each; rows that are not there, or not placed, together.
fn problem_lines(problems: &[Problem], lang: Lang) -> impl Iterator<Item = String> {
    let is_alike = |a: &Problem, b: &Problem| {
        let is_of_rows =
            matches!(a.code, ProblemCode::NoRow | ProblemCode::RowWithoutCells | ProblemCode::UncertainRow);
        (is_of_rows || a.code == ProblemCode::NoSection) && a.code == b.code
    };
    problems.chunk_by(is_alike).flat_map(move |alike| match alike {
        [first, .., last] if alike.len() >= MANY_ALIKE => vec![alike_line(first, last, alike.len(), lang)],
        few => few.iter().map(|problem| problem_line(problem, lang)).collect(),
    })
}

/// Problems of one kind that follow each other.
fn alike_line(first: &Problem, last: &Problem, count: usize, lang: Lang) -> String {
    let (from, to, says) = (first.place(lang), last.place(lang), first.code.says(lang));
    let words = lang.pick(
        format!("{from} … {to} 共 {count} 处：{says}"),
        format!("{from} … {to}, {count} places: {says}"),
    );
    let line = match (first.line, last.line) {
        (0, _) | (_, 0) => String::new(),
        (from, to) => lang.pick(format!("第 {from}-{to} 行  "), format!("lines {from} to {to}  ")),
    };
    format!("     {line}{words}")
}

/// A problem of a file, with its line.
fn problem_line(problem: &Problem, lang: Lang) -> String {
    let line = if problem.line > 0 {
        lang.pick(format!("第 {} 行  ", problem.line), format!("line {}  ", problem.line))
    } else {
        String::new()
    };
    format!("     {line}{}", problem.message(lang))
}

/// The files that were refused, those of one reason together, the commonest reason first.
fn refused_lines(session: &Session) -> Vec<(String, Style)> {
    let (lang, theme) = (session.lang, session.theme);
    let mut reasons: Vec<(String, Vec<&FileEntry>)> = Vec::new();
    for file in session.corpus.files().filter(|f| f.state == FileState::Rejected) {
        let reason = file.problems.first().map_or_else(String::new, |problem| problem.message(lang));
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, files)) => files.push(file),
            None => reasons.push((reason, vec![file])),
        }
    }
    reasons.sort_by_key(|(_, files)| std::cmp::Reverse(files.len()));
    let mut lines = Vec::new();
    for (reason, files) in reasons {
        let words = lang.pick(
            format!(" 拒绝 {} 个文件：{reason}", files.len()),
            format!(" {} rejected: {reason}", files.len()),
        );
        lines.push((words, theme.warn()));
        for file in files {
            lines.push((format!("     {}", display::visible(&file.path.to_string_lossy())), theme.plain()));
            let others =
                file.problems.iter().filter(|problem| problem.line > 0 || problem.message(lang) != reason);
            lines.extend(others.map(|problem| (format!("  {}", problem_line(problem, lang)), theme.plain())));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: ProblemCode, at: &str, line: u32) -> Problem {
        Problem { code, at: at.into(), line, detail: "".into() }
    }

    #[test]
    fn many_rows_that_lack_the_same_are_one_line() {
        let rows = ["requests.refused_1", "requests.refused_2", "requests.refused_3"];
        let mut problems: Vec<Problem> = rows.iter().map(|at| problem(ProblemCode::NoRow, at, 0)).collect();
        problems.push(problem(ProblemCode::NotANumber, "requests.total.natural", 7));
        problems.extend(rows.iter().zip(9..).map(|(at, line)| problem(ProblemCode::UncertainRow, at, line)));
        let lines: Vec<String> =
            problem_lines(&problems, Lang::Zh).map(|line| line.trim().to_owned()).collect();
        assert_eq!(lines.len(), 3, "{lines:#?}");
        assert!(lines.first().is_some_and(|line| line.contains("共 3 处：未找到该行")), "{lines:#?}");
        assert!(lines.get(2).is_some_and(|line| line.starts_with("第 9-11 行")), "{lines:#?}");
        // Two are two, and cells that cannot be read are told one by one.
        let two = problems.get(..2).unwrap_or_default();
        assert_eq!(problem_lines(two, Lang::Zh).count(), 2);
        let cells: Vec<Problem> =
            (0..4).map(|line| problem(ProblemCode::NotANumber, "requests.total.natural", line)).collect();
        assert_eq!(problem_lines(&cells, Lang::Zh).count(), 4);
    }
}
