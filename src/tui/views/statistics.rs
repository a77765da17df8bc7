//! Statistics of a review: what was decided on the listed reports, by rule, county, reviewer and day.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::heading::{self, county_name};
use crate::display;
use crate::review::Decision;
use crate::rules::Rule;
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::tally::{Counts, Tally};
use crate::tui::view::{Scroll, Transition, View};

/// By what it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum By {
    #[default]
    Rule,
    County,
    Reviewer,
    Day,
}

impl By {
    const ALL: [Self; 4] = [Self::Rule, Self::County, Self::Reviewer, Self::Day];

    fn name(self, session: &Session) -> &'static str {
        match self {
            Self::Rule => session.lang.pick("规则", "rules"),
            Self::County => session.lang.pick("县区", "counties"),
            Self::Reviewer => session.lang.pick("核查人", "reviewers"),
            Self::Day => session.lang.pick("日期", "days"),
        }
    }

    /// Whether something can be open by it: nobody has decided on what is open, and on no day.
    const fn has_open(self) -> bool {
        matches!(self, Self::Rule | Self::County)
    }
}

/// What the counts were made of: the list, and the decisions.
type Origin = (Arc<Vec<u32>>, u64);

/// The view.
#[derive(Default)]
pub struct StatisticsView {
    by: By,
    scroll: Scroll,
    made: RefCell<Option<(Origin, Rc<Tally>)>>,
}

impl StatisticsView {
    fn tally(&self, session: &Session) -> Rc<Tally> {
        let origin = (Arc::clone(&session.listing.reports), session.corpus.standing_changes());
        let mut made = self.made.borrow_mut();
        if let Some((of, tally)) = made.as_ref()
            && Arc::ptr_eq(&of.0, &origin.0)
            && of.1 == origin.1
        {
            return Rc::clone(tally);
        }
        let tally = Rc::new(Tally::new(session));
        *made = Some((origin, Rc::clone(&tally)));
        tally
    }

    fn turn_to(&mut self, by: Option<By>) {
        if let Some(by) = by {
            self.by = by;
            self.scroll = Scroll::default();
        }
    }

    fn step(&mut self, forward: bool) {
        let at = By::ALL.iter().position(|by| *by == self.by).unwrap_or(0);
        let to = if forward { at + 1 } else { at + By::ALL.len() - 1 } % By::ALL.len();
        self.turn_to(By::ALL.get(to).copied());
    }

    fn length(&self, tally: &Tally) -> usize {
        match self.by {
            By::Rule => tally.rules.len(),
            By::County => tally.counties.len(),
            By::Reviewer => tally.reviewers.len(),
            By::Day => tally.days.len(),
        }
    }

    /// What a line is about, and its counts.
    fn entry(&self, i: usize, tally: &Tally, session: &Session) -> Option<(String, Counts)> {
        match self.by {
            By::Rule => tally.rules.get(i).map(|(rule, counts)| {
                let rule = Rule::at(*rule);
                let name =
                    rule.map(|rule| format!("{}{}", display::fit(rule.id, 6), rule.title(session.lang)));
                (name.unwrap_or_default(), *counts)
            }),
            By::County => tally.counties.get(i).map(|(area, counts)| {
                (county_name(&session.corpus.area_name(*area).visible(), session), *counts)
            }),
            By::Reviewer => {
                tally.reviewers.get(i).map(|(name, counts)| (name.visible().into_owned(), *counts))
            }
            By::Day => tally.days.get(i).map(|(day, counts)| (display::visible(day).into_owned(), *counts)),
        }
    }
}

impl View for StatisticsView {
    fn context(&self) -> Context {
        Context::Statistics
    }

    fn update(&mut self, action: Action, session: &mut Session) -> Transition {
        match action {
            Action::Back | Action::Statistics => return Transition::Pop,
            Action::NextPane | Action::Right => self.step(true),
            Action::PreviousPane | Action::Left => self.step(false),
            Action::Section(number) => {
                let by = usize::from(number).checked_sub(1).and_then(|at| By::ALL.get(at));
                self.turn_to(by.copied());
            }
            _ => match self.scroll.moved(action, self.length(&self.tally(session))) {
                Some(to) => self.scroll.at = to,
                None => return Transition::Unhandled,
            },
        }
        Transition::Stay
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let tally = self.tally(session);
        let width = usize::from(area.width);
        paint::line(buffer, area, 0, heading::of_list(width, session));
        paint::line(buffer, area, 1, self.tabs(session));
        let body = Rect { y: area.y + 2, height: area.height.saturating_sub(3), ..area };
        let drawing = Drawing::new(self, &tally, width, session);
        drawing.draw(body, buffer);
        paint::keys(buffer, area, area.height.saturating_sub(1), Context::Statistics, session);
    }
}

impl StatisticsView {
    fn tabs(&self, session: &Session) -> Line<'static> {
        let theme = session.theme;
        let tab = |(number, by): (usize, By)| {
            let style = if by == self.by { theme.cursor() } else { theme.plain() };
            [Span::raw(" "), Span::styled(format!("{number} {}", by.name(session)), style)]
        };
        Line::from((1..).zip(By::ALL).flat_map(tab).collect::<Vec<_>>())
    }
}

/// A drawing of the counts.
struct Drawing<'a> {
    view: &'a StatisticsView,
    tally: &'a Tally,
    session: &'a Session,
    label: usize,
    number: usize,
    bar: usize,
    /// The largest count, which a bar of counts alone is measured by.
    most: u64,
}

impl<'a> Drawing<'a> {
    fn new(view: &'a StatisticsView, tally: &'a Tally, width: usize, session: &'a Session) -> Self {
        let number = tally.total.all().to_string().len().max(session.lang.pick(4, 5)) + 1;
        let columns = if view.by.has_open() { 4 } else { 3 };
        let rest = width.saturating_sub(2 + columns * number);
        let bar = (rest / 3).min(40);
        let all = (0..view.length(tally)).filter_map(|i| view.entry(i, tally, session));
        let most =
            if view.by.has_open() { 0 } else { all.map(|(_, counts)| counts.decided()).max().unwrap_or(0) };
        Self { view, tally, session, label: rest - bar, number, bar, most }
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let (lang, theme) = (self.session.lang, self.session.theme);
        let length = self.view.length(self.tally);
        // The title, the heads and the sums.
        let window = self.view.scroll.window(usize::from(area.height).saturating_sub(3), length);
        let hidden = theme.hidden(self.view.scroll.hidden());
        let Counts { open, .. } = self.tally.total;
        let decided = self.tally.total.decided();
        let at = (self.view.scroll.at + 1).min(length);
        let title = lang.pick(
            format!("核查统计 {at}/{length}：已定 {decided}，未定 {open}"),
            format!("review {at}/{length}: decided {decided}, open {open}"),
        );
        paint::rule(buffer, area, &title, &hidden, self.session, true);
        paint::line(buffer, area, 1, self.heads());
        let mut y = 2;
        for i in window {
            let Some((name, counts)) = self.view.entry(i, self.tally, self.session) else { continue };
            paint::line(buffer, area, y, self.line(&name, counts, i == self.view.scroll.at));
            y += 1;
        }
        if length == 0 {
            let key = self.session.key(Context::Browse, Action::Review);
            let words = lang.pick(
                format!("还没有结论；在列表按 {key} 开始核查"),
                format!("nothing is decided yet; {key} in the list begins a review"),
            );
            paint::text(
                buffer,
                Rect { y: area.y + 2, height: 1, ..area },
                0,
                &format!(" {words}"),
                theme.plain(),
            );
            return;
        }
        let total = lang.pick("合计", "total");
        paint::line(buffer, area, y, self.line(total, self.tally.total, false));
    }

    fn heads(&self) -> Line<'static> {
        let (lang, theme) = (self.session.lang, self.session.theme);
        let mut heads: Vec<&str> = match lang {
            display::Lang::Zh => Decision::ALL.iter().take(3).map(|decision| decision.word(lang)).collect(),
            display::Lang::En => vec!["conf.", "dism.", "query"],
        };
        if self.view.by.has_open() {
            heads.push(lang.pick("未定", "open"));
        }
        let mut text = " ".repeat(self.label + 1);
        for head in heads {
            text.push_str(&display::fit_right(head, self.number));
        }
        Line::styled(text, theme.dim())
    }

    fn line(&self, name: &str, counts: Counts, here: bool) -> Line<'static> {
        let theme = self.session.theme;
        let style = if here { theme.cursor() } else { theme.plain() };
        let mut pieces = vec![
            Span::styled(if here { theme.pointer() } else { " " }, theme.key()),
            Span::styled(display::fit(name, self.label), style),
        ];
        let Counts { confirmed, dismissed, query, open } = counts;
        let numbers = [
            (confirmed, theme.bad()),
            (dismissed, theme.good()),
            (query, theme.warn()),
            (open, theme.title()),
        ];
        let shown = if self.view.by.has_open() { 4 } else { 3 };
        for (n, style) in numbers.into_iter().take(shown) {
            let style = if n == 0 { theme.dim() } else { style };
            pieces.push(Span::styled(display::fit_right(&n.to_string(), self.number), style));
        }
        pieces.push(Span::styled(format!(" {}", self.bar(counts)), theme.key()));
        Line::from(pieces)
    }

    /// How much of it is decided; where nothing can be open, how much it is beside the most.
    fn bar(&self, counts: Counts) -> String {
        let [done, open] = self.session.theme.progress();
        let of = if self.view.by.has_open() { counts.all() } else { self.most.max(1) };
        let room = self.bar.saturating_sub(1) as u64;
        let full = (counts.decided().min(of) * room).checked_div(of).unwrap_or(0) as usize;
        if self.view.by.has_open() {
            return format!("{}{}", done.repeat(full), open.repeat(room as usize - full));
        }
        done.repeat(full)
    }
}
