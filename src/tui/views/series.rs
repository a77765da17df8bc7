//! The years of an agency side by side: what is carried from each to the next, key figures with their course.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::heading::year_name;
use super::report::ReportView;
use crate::display;
use crate::report::{CellId, Sum};
use crate::rules::{Severity, signed};
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::view::{Scroll, Transition, View};
use crate::tui::years::{self, KEYS, Key, Link, Value, Year, jump, link};

/// The lines of the chain, above the key figures.
const CHAIN: usize = 3;

/// The view.
pub struct SeriesView {
    /// The report that the reviewer came from.
    from: u32,
    years: Vec<Year>,
    /// The year at the cursor.
    column: usize,
    lines: Scroll,
    columns: Scroll,
}

impl SeriesView {
    /// The years of the agency of the selected report, with the cursor at its year.
    #[must_use]
    pub fn new(session: &Session) -> Option<Self> {
        let from = session.selected_report()?;
        let years = years::of_agency(from, session);
        let column = years.iter().position(|year| year.reports.contains(&from))?;
        Some(Self { from, years, column, lines: Scroll::default(), columns: Scroll::default() })
    }

    fn open(&self, session: &mut Session) -> Transition {
        let year = self.years.get(self.column);
        if let Some(report) = year.and_then(|year| year.reports.first()) {
            session.show(*report);
            return Transition::Push(Box::new(ReportView::new(session)));
        }
        session.notice = Some(session.lang.pick("该年没有报告", "no report for that year").to_owned());
        Transition::Stay
    }

    fn link(&self, column: usize) -> Link {
        let before = column.checked_sub(1).and_then(|before| self.years.get(before));
        self.years.get(column).map_or(Link::First, |now| link(before, now))
    }
}

impl View for SeriesView {
    fn context(&self) -> Context {
        Context::Series
    }

    fn update(&mut self, action: Action, session: &mut Session) -> Transition {
        match action {
            Action::Back | Action::Series => {
                session.show(self.from);
                return Transition::Pop;
            }
            Action::Open => return self.open(session),
            Action::Left => self.column = self.column.saturating_sub(1),
            Action::Right => self.column = (self.column + 1).min(self.years.len().saturating_sub(1)),
            _ => match self.lines.moved(action, CHAIN + KEYS.len()) {
                Some(to) => self.lines.at = to,
                None => return Transition::Unhandled,
            },
        }
        Transition::Stay
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let drawing = Drawing::new(self, usize::from(area.width), session);
        paint::line(buffer, area, 0, drawing.heading());
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
        drawing.draw(body, buffer);
        paint::keys(buffer, area, area.height.saturating_sub(1), Context::Series, session);
    }
}

/// A drawing of the years.
struct Drawing<'a> {
    view: &'a SeriesView,
    session: &'a Session,
    width: usize,
    label: usize,
    cell: usize,
    shown: std::ops::Range<usize>,
}

/// Text with its style.
type Styled = (String, Style);

impl<'a> Drawing<'a> {
    fn new(view: &'a SeriesView, width: usize, session: &'a Session) -> Self {
        let label = if width >= 60 { 19 } else { 15 };
        let mut drawing = Self { view, session, width, label, cell: 0, shown: 0..0 };
        let years = view.years.len();
        let texts = (0..CHAIN + KEYS.len()).flat_map(|line| (0..years).map(move |column| (line, column)));
        let widths = texts.map(|(line, column)| display::width(&drawing.text(line, column).0));
        // Two columns join a figure to the one that it is carried to.
        drawing.cell = widths.max().unwrap_or(0).max(5) + 2;
        let room = width.saturating_sub(1 + label + 1 + years.min(MOST_IN_COURSE) + 1);
        drawing.shown = view.columns.window_at(view.column, (room / drawing.cell).max(1), years);
        drawing
    }

    fn heading(&self) -> Line<'static> {
        let session = self.session;
        let summary = session.corpus.summary(self.view.from);
        let agency = summary.map(|summary| session.corpus.name(summary.names.agency).visible().into_owned());
        let agency = agency.unwrap_or_default();
        let count = self.view.years.iter().filter(|year| !year.reports.is_empty()).count();
        let words = session.lang.pick(
            format!(" · 历年对照 {count} 个年度"),
            format!(" · {count} {}", if count == 1 { "year" } else { "years" }),
        );
        let room = self.width.saturating_sub(display::width(&words) + 1);
        Line::styled(format!(" {}{words}", display::cut(&agency, room)), session.theme.title())
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let (lang, theme, view) = (self.session.lang, self.session.theme, self.view);
        // The title, the years, and what is under the cursor.
        let height = usize::from(area.height).saturating_sub(3);
        let window = view.lines.window(height, CHAIN + KEYS.len());
        let hidden = [theme.hidden(view.lines.hidden()), theme.hidden_beside(view.columns.hidden())];
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        let place = format!("{}/{}", view.column + 1, view.years.len());
        let title = lang.pick(
            format!("年度 {place} 结转衔接与主要数字"),
            format!("year {place}, carried over, key figures"),
        );
        paint::rule(buffer, area, &title, &hidden.join(" "), self.session, true);
        paint::line(buffer, area, 1, self.heads());
        for (y, line) in (2..).zip(window) {
            paint::line(buffer, area, y, self.line(line));
        }
        paint::line(buffer, area, area.height.saturating_sub(1), self.below());
    }

    /// The years; with the number of reports where there are several, and doubt where there is some.
    fn heads(&self) -> Line<'static> {
        let theme = self.session.theme;
        let course = self.session.lang.pick("走势", "course");
        let mut pieces = vec![
            Span::raw(" ".repeat(self.label + 2)),
            Span::styled(
                display::fit(display::cut(course, self.course()).as_str(), self.course()),
                theme.dim(),
            ),
        ];
        for column in self.shown.clone() {
            let Some(year) = self.view.years.get(column) else { continue };
            let mut text = year_name(year.number);
            match year.reports.len() {
                0 | 1 => {}
                n => text.push_str(&format!("x{n}")),
            }
            if year.report().is_some_and(|open| open.report.needs_reading()) {
                text.push('?');
            }
            let style = if column == self.view.column { theme.cursor() } else { theme.title() };
            let pad = self.cell.saturating_sub(display::width(&text));
            pieces.extend([Span::raw(" ".repeat(pad)), Span::styled(text, style)]);
        }
        Line::from(pieces)
    }

    /// Columns of the course of a figure.
    fn course(&self) -> usize {
        self.view.years.len().min(MOST_IN_COURSE)
    }

    fn line(&self, line: usize) -> Line<'static> {
        let theme = self.session.theme;
        let here = line == self.view.lines.at;
        let style = if here { theme.title() } else { theme.plain() };
        let mark = if here { theme.pointer() } else { " " };
        let mut pieces = vec![
            Span::styled(mark, theme.key()),
            Span::styled(display::fit(&self.label(line), self.label), style),
            Span::raw(" "),
            Span::styled(self.course_of(line), theme.key()),
        ];
        for column in self.shown.clone() {
            let (text, style) = self.text(line, column);
            let style = if here && column == self.view.column { style.patch(theme.cursor()) } else { style };
            // A link stands between two years, everything else below its own.
            let joint = self.joint(line, column);
            if line == 1 {
                let room = self.cell.saturating_sub(display::width(joint));
                pieces.extend([
                    Span::styled(joint, theme.dim()),
                    Span::styled(display::fit(&text, room), style),
                ]);
                continue;
            }
            let fill = if joint.is_empty() || line == 0 { " " } else { theme.dash() };
            let pad = self.cell.saturating_sub(display::width(&text) + display::width(joint));
            pieces.extend([
                Span::styled(joint, theme.dim()),
                Span::styled(fill.repeat(pad), theme.dim()),
                Span::styled(text, style),
            ]);
        }
        Line::from(pieces)
    }

    /// What joins a year to the one before in that line of the chain.
    fn joint(&self, line: usize, column: usize) -> &'static str {
        let is_joined = column > self.shown.start
            && matches!(self.view.link(column), Link::Holds | Link::Differs(..) | Link::Unknown);
        let [out, into] = if self.session.theme.is_ascii() { ["-+", " +"] } else { ["─┐", " └"] };
        match line {
            0 if is_joined => out,
            1 => " ",
            2 if is_joined => into,
            _ => "",
        }
    }

    fn label(&self, line: usize) -> String {
        let (lang, theme) = (self.session.lang, self.session.theme);
        match line {
            0 => years::CARRIED_OUT.name(lang).to_owned(),
            1 => lang.pick("  四(上年)=二", "  4 before = 2").to_owned(),
            2 => years::CARRIED_IN.name(lang).to_owned(),
            _ => match KEYS.get(line - CHAIN) {
                Some(key @ Key::Findings(severity)) => {
                    format!("{} {}", theme.severity(*severity).0, key.name(lang))
                }
                Some(key) => key.name(lang).to_owned(),
                None => String::new(),
            },
        }
    }

    /// What stands at a year in a line.
    fn text(&self, line: usize, column: usize) -> Styled {
        let theme = self.session.theme;
        let Some(year) = self.view.years.get(column) else { return (String::new(), theme.plain()) };
        if line == 1 {
            return self.link_text(column);
        }
        let Some(value) = value(line, year) else {
            let mark = if year.reports.is_empty() { theme.missing() } else { theme.bad_mark() };
            return (mark.to_owned(), theme.dim());
        };
        match value {
            Value::Blank => ("_".to_owned(), theme.dim()),
            Value::Unreadable => ("?".to_owned(), theme.warn()),
            Value::Absent => (String::new(), theme.plain()),
            Value::Number(sum) => self.number(sum, line, column),
        }
    }

    fn number(&self, sum: Sum, line: usize, column: usize) -> Styled {
        let theme = self.session.theme;
        let years = &self.view.years;
        let key = line.checked_sub(CHAIN).and_then(|i| KEYS.get(i));
        let before = column.checked_sub(1).and_then(|before| years.get(before));
        let jump = match (key, before, years.get(column)) {
            (Some(key), Some(before), Some(now)) => jump(key, before, now, self.session.corpus.settings()),
            _ => None,
        };
        let style = match key {
            Some(Key::Findings(Severity::Error)) if !sum.is_zero() => theme.bad(),
            Some(Key::Findings(Severity::Warning)) if !sum.is_zero() => theme.warn(),
            _ if jump.is_some() => theme.lit(),
            _ if sum.is_zero() => theme.dim(),
            _ => theme.plain(),
        };
        let mark = jump.map_or("", |up| if up { "↑" } else { "↓" });
        (format!("{mark}{sum}"), style)
    }

    fn link_text(&self, column: usize) -> Styled {
        let theme = self.session.theme;
        match self.view.link(column) {
            Link::First => (String::new(), theme.plain()),
            Link::NoReport => (theme.missing().to_owned(), theme.dim()),
            Link::Unknown => ("?".to_owned(), theme.warn()),
            Link::Holds => (theme.good_mark().to_owned(), theme.good()),
            Link::Differs(apart, _) if apart.is_zero() => ("!".to_owned(), theme.warn()),
            Link::Differs(apart, _) => (format!("{}{}", theme.bad_mark(), signed(apart)), theme.bad()),
        }
    }

    /// The course of a figure over the years, each against the largest.
    fn course_of(&self, line: usize) -> String {
        let numbers: Vec<Option<i64>> = self
            .view
            .years
            .iter()
            .map(|year| match value(line, year)? {
                Value::Number(sum) => sum.as_whole(),
                _ => None,
            })
            .collect();
        let first = numbers.len().saturating_sub(MOST_IN_COURSE);
        paint::course(numbers.get(first..).unwrap_or_default(), self.session.theme.is_ascii())
    }

    /// What is under the cursor, in words.
    fn below(&self) -> Line<'static> {
        let (lang, theme, view) = (self.session.lang, self.session.theme, self.view);
        let Some(year) = view.years.get(view.column) else { return Line::default() };
        let lead = format!(" {} ", theme.pointer());
        let line = view.lines.at;
        let text = match &year.open {
            None => {
                lang.pick("该年没有报告，衔接中断", "no report for that year: the chain is broken").to_owned()
            }
            Some(Err(problem)) => problem.message(lang),
            Some(Ok(_)) if line < CHAIN => self.chain_words(),
            Some(Ok(_)) => self.key_words(line),
        };
        let several = match year.reports.len() {
            0 | 1 => String::new(),
            n => lang.pick(
                format!("（该年版本 {n} 个，列其一）"),
                format!(" ({n} versions for that year, one is shown)"),
            ),
        };
        let text = format!("{} {text}{several}", year_name(year.number));
        let room = self.width.saturating_sub(display::width(&lead));
        Line::from(vec![Span::styled(lead, theme.key()), Span::raw(display::cut(&text, room))])
    }

    fn key_words(&self, line: usize) -> String {
        let view = self.view;
        let text = self.text(line, view.column).0;
        let mut words = format!("{} {text}", self.label(line));
        let before = view.column.checked_sub(1).and_then(|before| view.years.get(before));
        let number = |year: &Year| match value(line, year)? {
            Value::Number(sum) => Some(sum),
            _ => None,
        };
        let now = view.years.get(view.column).and_then(number);
        if let (Some(year), Some(old), Some(new)) = (before, before.and_then(number), now) {
            let apart = signed(new.plus_sum(old, -1));
            words.push_str(&self.session.lang.pick(
                format!("（{} 年 {old}，{apart}）", year_name(year.number)),
                format!(" ({old} in {}, {apart})", year_name(year.number)),
            ));
        }
        words
    }

    fn chain_words(&self) -> String {
        let (lang, theme, view) = (self.session.lang, self.session.theme, self.view);
        let figure = |column: usize, line: usize| self.text(line, column).0;
        let sides = || {
            let before = view.column.saturating_sub(1);
            let year = view.years.get(before).map_or_else(String::new, |year| year_name(year.number));
            let (out, into) = (figure(before, 0), figure(view.column, 2));
            (year, out, into)
        };
        match view.link(view.column) {
            Link::First => {
                lang.pick("首个年度，无上年可比", "the first year: nothing to compare with").to_owned()
            }
            Link::NoReport => lang
                .pick("上年没有报告，衔接中断", "no report for the year before: the chain is broken")
                .to_owned(),
            Link::Unknown => lang
                .pick("有一方空白或无法辨认，不能核对", "one side is blank or unreadable: cannot be checked")
                .to_owned(),
            Link::Holds => {
                let (year, out, into) = sides();
                let mark = theme.good_mark();
                lang.pick(
                    format!("上年结转 {into} = {year} 年结转下年度 {out} {mark}"),
                    format!("{into} carried in = {out} carried out in {year} {mark}"),
                )
            }
            Link::Differs(apart, others) => {
                let (year, out, into) = sides();
                let sign = if apart.is_zero() { "=" } else { theme.not_equal() };
                let mut all: Vec<String> = Vec::new();
                if !apart.is_zero() {
                    all.push(signed(apart));
                }
                let name = |cell: &CellId| cell.column().label.on_screen(lang);
                all.extend(others.iter().map(|(cell, apart)| format!("{} {}", name(cell), signed(*apart))));
                let apart = all.join(lang.pick("，", ", "));
                lang.pick(
                    format!("Y1 上年结转 {into} {sign} {year} 年结转下年度 {out}，差 {apart}"),
                    format!("Y1 {into} carried in {sign} {out} carried out in {year}, off by {apart}"),
                )
            }
        }
    }
}

/// The figure of a line; those of the chain are no key figures of their own.
fn value(line: usize, year: &Year) -> Option<Value> {
    let open = year.report()?;
    match line {
        0 => Some(years::CARRIED_OUT.value(open)),
        1 => None,
        2 => Some(years::CARRIED_IN.value(open)),
        _ => Some(KEYS.get(line - CHAIN)?.value(open)),
    }
}

/// Of more years than this only the last are in the course of a figure.
const MOST_IN_COURSE: usize = 12;
