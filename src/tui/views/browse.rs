//! The list of reports, narrowed by county, year and typed words, with a preview of the selected one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::bookmarks::BookmarksView;
use super::compare::CompareView;
use super::completing::{self, Completing};
use super::facet::{self, FacetView};
use super::heading::{self, county_name, year_name};
use super::matrix::MatrixView;
use super::page::{self, PageView};
use super::preview;
use super::queue::QueueView;
use super::report::{At, ReportView};
use super::series::SeriesView;
use super::statistics::StatisticsView;
use crate::corpus::{AreaId, FacetValue, Flags, Summary};
use crate::display;
use crate::rules::Severity;
use crate::tui::keymap::{Action, Context};
use crate::tui::paint;
use crate::tui::run;
use crate::tui::session::Session;
use crate::tui::spots::Spot;
use crate::tui::view::{Scroll, Transition, View};
use crate::tui::yank::{self, Offer};

/// The panes of the view, from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pane {
    Counties,
    Years,
    List,
}

/// The first screen.
pub struct BrowseView {
    pane: Pane,
    counties: facet::Cursor<AreaId>,
    years: facet::Cursor<u16>,
    list: Scroll,
    /// What was typed before the filter line was opened; set while it is open.
    typing: Option<String>,
    /// The completion that stands in the filter line.
    completing: Option<Completing>,
}

impl Default for BrowseView {
    fn default() -> Self {
        Self {
            pane: Pane::List,
            counties: facet::Cursor::default(),
            years: facet::Cursor::default(),
            list: Scroll::default(),
            typing: None,
            completing: None,
        }
    }
}

/// How the panes share the screen.
struct Panes {
    counties: Rect,
    years: Rect,
    list: Rect,
    preview: Rect,
}

/// The lists that can be clicked.
const COUNTIES: u8 = 0;
const YEARS: u8 = 1;
const LIST: u8 = 2;

/// Below this width only the pane with the focus is shown.
const ONE_PANE_WIDTH: u16 = 60;
/// A wider list would only part the names from their marks; the preview takes the rest.
const LIST_MAX: u16 = 100;
/// From this width on the list names the place of each report.
const PLACE_WIDTH: usize = 80;
/// Columns for the place.
const PLACE: usize = 24;
/// From this width on the preview stands beside the list instead of below it.
const BESIDE_WIDTH: u16 = 116;

impl BrowseView {
    /// Splits the screen: facets at the left, the list, the preview beside or below it.
    fn panes(&self, body: Rect) -> Panes {
        let none = Rect { width: 0, height: 0, ..body };
        if body.width < ONE_PANE_WIDTH {
            let pick = |pane| if self.pane == pane { body } else { none };
            return Panes {
                counties: pick(Pane::Counties),
                years: pick(Pane::Years),
                list: pick(Pane::List),
                preview: none,
            };
        }
        let facets = (body.width / 4).clamp(18, 26);
        let years_height = (body.height / 3).clamp(4, 9).min(body.height);
        let left = Rect { width: facets, ..body };
        let counties = Rect { height: body.height - years_height, ..left };
        let years = Rect { y: body.y + counties.height, height: years_height, ..left };
        let main = Rect { x: body.x + facets + 1, width: body.width - facets - 1, ..body };
        if body.width >= BESIDE_WIDTH {
            let list_width = (main.width * 5 / 9).min(LIST_MAX);
            let list = Rect { width: list_width, ..main };
            let preview = Rect { x: main.x + list_width + 1, width: main.width - list_width - 1, ..main };
            return Panes { counties, years, list, preview };
        }
        let preview_height = if body.height >= 14 { (body.height / 3).min(9) } else { 0 };
        let list = Rect { height: main.height - preview_height, ..main };
        let preview = Rect { y: main.y + list.height, height: preview_height, ..main };
        Panes { counties, years, list, preview }
    }

    fn focus(&mut self, pane: Pane) {
        self.pane = pane;
    }

    fn step_pane(&mut self, forward: bool, around: bool) {
        self.pane = match (self.pane, forward) {
            (Pane::Counties, true) | (Pane::List, false) => Pane::Years,
            (Pane::Years, true) => Pane::List,
            (Pane::List, true) => {
                if around {
                    Pane::Counties
                } else {
                    Pane::List
                }
            }
            (Pane::Years, false) => Pane::Counties,
            (Pane::Counties, false) => {
                if around {
                    Pane::List
                } else {
                    Pane::Counties
                }
            }
        };
    }

    /// Chooses the value under the cursor of a facet; `only` drops the others and goes to the list.
    fn choose(&mut self, only: bool, session: &mut Session) {
        let listing = &session.listing;
        match self.pane {
            Pane::Counties => {
                let Some(value) = self.counties.hold(&listing.counties) else { return };
                toggle(&mut session.query.counties, value, only);
            }
            Pane::Years => {
                let Some(value) = self.years.hold(&listing.years) else { return };
                toggle(&mut session.query.years, value, only);
            }
            Pane::List => return,
        }
        session.requery();
        self.list.at = 0;
        if only {
            self.pane = Pane::List;
        }
    }

    fn movement(&mut self, action: Action, session: &mut Session) -> Transition {
        let moved = match self.pane {
            Pane::Counties => self.counties.moved(action, &session.listing.counties),
            Pane::Years => self.years.moved(action, &session.listing.years),
            Pane::List => {
                self.list.at = session.selected;
                let to = self.list.moved(action, session.listing.reports.len());
                if let Some(to) = to {
                    session.move_to(to);
                }
                to.is_some()
            }
        };
        if moved { Transition::Stay } else { Transition::Unhandled }
    }

    fn back(&mut self, session: &mut Session) {
        if let Some(before) = self.typing.take() {
            session.query.text = before;
            session.requery();
        } else if self.pane != Pane::List {
            self.pane = Pane::List;
        } else if !session.query.text.is_empty() {
            session.query.text.clear();
            session.refresh();
            // What is still chosen goes on narrowing the list, which must not look like all reports.
            let key = session.key(Context::Browse, Action::ClearFilters);
            session.notice = heading::ticks(session).map(|ticks| {
                session.lang.pick(
                    format!("已清除输入；仍只看 {ticks}，按 {key} 全部清除"),
                    format!("cleared; still only {ticks}, {key} clears all"),
                )
            });
        } else if !session.stop_reading()
            && let Some(ticks) = heading::ticks(session)
        {
            // What is chosen is not taken back by the key that only goes back; which one does is said.
            let key = session.key(Context::Browse, Action::ClearFilters);
            session.notice = Some(session.lang.pick(
                format!("仍只看 {ticks}，按 {key} 全部清除"),
                format!("still only {ticks}, {key} clears all"),
            ));
        }
    }

    fn open(&mut self, session: &mut Session) -> Transition {
        if self.typing.take().is_some() {
            self.pane = Pane::List;
            return Transition::Stay;
        }
        match self.pane {
            Pane::Counties | Pane::Years => {
                self.choose(true, session);
                Transition::Stay
            }
            Pane::List if session.current.is_some() => Transition::Push(Box::new(ReportView::new(session))),
            Pane::List => Transition::Stay,
        }
    }

    fn open_with_findings(forward: bool, session: &mut Session) -> Transition {
        // The selected report itself comes first, as the reviewer is looking at its line.
        if let Some(position) = session.with_findings(session.selected, forward) {
            session.select(position);
            Transition::Push(Box::new(ReportView::at(if forward { At::First } else { At::Last }, session)))
        } else {
            session.notice = Some(
                session
                    .lang
                    .pick("当前筛选范围内没有有线索的报告", "no report with findings in the list")
                    .to_owned(),
            );
            Transition::Stay
        }
    }

    /// Begins a review of what is listed, where the last one of the same list ended.
    fn review(session: &mut Session) -> Transition {
        session.resume();
        let (entries, _) = run::entries(session);
        let entries = run::still_open(entries, session);
        let last = session.remembered();
        let at = entries.iter().position(|entry| Some((entry.report, entry.key.rule)) == last);
        let at = at.or_else(|| {
            entries.iter().position(|entry| Some(entry.report) == last.map(|(report, _)| report))
        });
        ReportView::review(entries, at.unwrap_or(0), session)
    }

    fn complete(&mut self, session: &mut Session) {
        if self.completing.is_none() {
            self.completing = Completing::begin(session);
        }
        if let Some(completing) = &mut self.completing {
            session.query.text = completing.next();
            session.requery();
        }
    }

    fn clear(&mut self, session: &mut Session) {
        if self.typing.is_some() {
            session.query.text.clear();
        } else {
            let (order, reversed) = (session.query.order, session.query.reversed);
            session.query = crate::corpus::Query { order, reversed, ..Default::default() };
        }
        session.requery();
    }
}

/// Marks the selected report for comparing others with it, or takes the mark back.
fn hold(session: &mut Session) {
    let Some(report) = session.selected_report() else { return };
    let was_marked = session.marked == Some(report);
    session.marked = Some(report).filter(|_| !was_marked);
    let compare = session.key(Context::Browse, Action::Compare);
    let words = if was_marked {
        session.lang.pick("已取消选定", "no longer marked").to_owned()
    } else {
        session.lang.pick(
            format!("已选定；到另一份报告按 {compare}，与之对比"),
            format!("marked; press {compare} at another report to compare"),
        )
    };
    session.notice = Some(words);
}

/// Chooses or drops a value; with `only`, chooses it alone, or drops it if it was chosen alone.
fn toggle<T: Ord + Copy>(chosen: &mut std::collections::BTreeSet<T>, value: T, only: bool) {
    let was_chosen = chosen.contains(&value);
    let was_alone = was_chosen && chosen.len() == 1;
    if only {
        chosen.clear();
        if !was_alone {
            chosen.insert(value);
        }
    } else if was_chosen {
        chosen.remove(&value);
    } else {
        chosen.insert(value);
    }
}

impl View for BrowseView {
    fn context(&self) -> Context {
        match self.pane {
            _ if self.typing.is_some() => Context::Filter,
            Pane::Counties | Pane::Years => Context::Facet,
            Pane::List => Context::Browse,
        }
    }

    fn update(&mut self, action: Action, session: &mut Session) -> Transition {
        if action == Action::Complete {
            self.complete(session);
            return Transition::Stay;
        }
        self.completing = None;
        match action {
            Action::Open => return self.open(session),
            Action::Back => self.back(session),
            Action::Filter => self.typing = Some(session.query.text.clone()),
            Action::Counties => self.focus(Pane::Counties),
            Action::Years => self.focus(Pane::Years),
            Action::NextPane => self.step_pane(true, true),
            Action::PreviousPane => self.step_pane(false, true),
            Action::Right => self.step_pane(true, false),
            Action::Left => self.step_pane(false, false),
            Action::Choose => self.choose(false, session),
            Action::ClearFilters => self.clear(session),
            Action::OnlyFindings => {
                session.query.only_findings = !session.query.only_findings;
                session.refresh();
            }
            Action::Order => {
                session.query.order = session.query.order.next();
                session.refresh();
            }
            Action::Reversed => {
                session.query.reversed = !session.query.reversed;
                session.refresh();
            }
            Action::Reload => session.wants_reload = true,
            Action::Bookmarks => return Transition::Push(Box::new(BookmarksView::default())),
            Action::NextFinding => return Self::open_with_findings(true, session),
            Action::PreviousFinding => return Self::open_with_findings(false, session),
            Action::Review => return Self::review(session),
            Action::Queue => return Transition::Push(Box::new(QueueView::new(session))),
            Action::Series => {
                session.settle();
                let series = SeriesView::new(session);
                return series.map_or(Transition::Stay, |view| Transition::Push(Box::new(view)));
            }
            Action::Compare => return CompareView::open(session),
            Action::Hold => hold(session),
            Action::Statistics => return Transition::Push(Box::new(StatisticsView::default())),
            Action::Matrix => return Transition::Push(Box::new(MatrixView::new(session))),
            Action::Files => return Transition::Push(Box::new(PageView::new(page::Content::Files))),
            _ => return self.movement(action, session),
        }
        Transition::Stay
    }

    fn click(&mut self, spot: Spot, session: &mut Session) -> Transition {
        let Spot::Row { list, at } = spot else { return Transition::Unhandled };
        match list {
            COUNTIES => {
                self.focus(Pane::Counties);
                self.counties.put(at, &session.listing.counties);
                self.choose(true, session);
            }
            YEARS => {
                self.focus(Pane::Years);
                self.years.put(at, &session.listing.years);
                self.choose(true, session);
            }
            // The second click on a report opens it.
            _ if at == session.selected && self.pane == Pane::List => return self.open(session),
            _ => {
                self.focus(Pane::List);
                session.move_to(at);
            }
        }
        Transition::Stay
    }

    fn offers(&self, session: &Session) -> Vec<Offer> {
        session.open_report().map_or_else(Vec::new, |open| {
            let worst = open.causes.first().and_then(|cause| cause.findings.first().copied());
            yank::offers(open, None, worst, session)
        })
    }

    fn type_text(&mut self, text: &str, session: &mut Session) {
        self.completing = None;
        session.query.text.extend(text.chars().filter(|c| !display::is_hidden(*c)));
        session.requery();
    }

    fn erase(&mut self, session: &mut Session) {
        self.completing = None;
        session.query.text.pop();
        session.requery();
    }

    fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        paint::line(buffer, area, 0, heading::of_list(usize::from(area.width), session));
        let mut query = heading::of_query(self.typing.is_some(), session);
        if self.typing.is_some() {
            let room = usize::from(area.width).saturating_sub(query.width());
            query.spans.extend(completing::pieces(self.completing.as_ref(), room, session));
        }
        paint::line(buffer, area, 1, query);
        let body = Rect { y: area.y + 2, height: area.height.saturating_sub(3), ..area };
        let panes = self.panes(body);
        self.draw_counties(panes.counties, buffer, session);
        self.draw_years(panes.years, buffer, session);
        self.draw_list(panes.list, buffer, session);
        preview::draw(panes.preview, buffer, session);
        paint::keys(buffer, area, area.height.saturating_sub(1), self.context(), session);
    }
}

impl BrowseView {
    fn draw_counties(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let values = &session.listing.counties;
        let title = session.lang.pick("县区", "county");
        FacetView {
            title: format!("{title} {}", values.len()),
            values,
            cursor: &self.counties,
            list: COUNTIES,
            focused: self.pane == Pane::Counties,
            session,
        }
        .draw(area, buffer, |v: &FacetValue<AreaId>| {
            let name = session.corpus.area_name(v.value);
            (county_name(&name.visible(), session), session.listing.search.in_county(&name))
        });
    }

    fn draw_years(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        FacetView {
            title: session.lang.pick("年度", "year").to_owned(),
            values: &session.listing.years,
            cursor: &self.years,
            list: YEARS,
            focused: self.pane == Pane::Years,
            session,
        }
        .draw(area, buffer, |v| (year_name(v.value), Vec::new()));
    }

    fn draw_list(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        if area.height == 0 || area.width == 0 {
            return;
        }
        let (lang, length) = (session.lang, session.listing.reports.len());
        let position = if length == 0 { 0 } else { session.selected + 1 };
        let title = lang.pick(format!("报告 {position}/{length}"), format!("reports {position}/{length}"));
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        if length == 0 {
            paint::rule(buffer, area, &title, "", session, self.pane == Pane::List);
            paint::text(buffer, body, 0, &self.empty_words(session), session.theme.warn());
            return;
        }
        let scroll = &self.list;
        let window = scroll.window_at(session.selected, usize::from(body.height), length);
        let hidden = session.theme.hidden(scroll.hidden());
        paint::rule(buffer, area, &title, &hidden, session, self.pane == Pane::List);
        for i in window.clone() {
            let Some(report) = session.listing.reports.get(i).copied() else { continue };
            let Some(summary) = session.corpus.summary(report) else { continue };
            let style = match (i == session.selected, self.pane == Pane::List) {
                (true, true) => session.theme.cursor(),
                (true, false) => session.theme.faint_cursor(),
                _ => session.theme.plain(),
            };
            session.spots.row(body, (i - window.start) as u16, LIST, i);
            let line = report_line((report, &summary), usize::from(body.width), style, session);
            paint::line(buffer, body, (i - window.start) as u16, line);
        }
    }

    /// Why the list is empty, and what to do.
    fn empty_words(&self, session: &Session) -> String {
        let lang = session.lang;
        if session.loading.is_on() {
            lang.pick(" 读取中…", " reading…").to_owned()
        } else if session.corpus.is_empty() {
            let key = session.key(Context::Browse, Action::Files);
            lang.pick(
                format!(" 没有读到报告；按 {key} 看文件清单"),
                format!(" no report was read; press {key} for the files"),
            )
        } else if self.typing.is_some() {
            // While something is typed, x is a letter.
            let clear = session.key(Context::Filter, Action::ClearFilters);
            let back = session.key(Context::Filter, Action::Back);
            lang.pick(
                format!(" 没有符合筛选的报告；{clear} 清空，{back} 取消"),
                format!(" nothing matches; {clear} empties the line, {back} drops it"),
            )
        } else {
            let key = session.key(Context::Browse, Action::ClearFilters);
            lang.pick(
                format!(" 没有符合筛选的报告；按 {key} 清除筛选"),
                format!(" nothing matches; press {key} to clear the filters"),
            )
        }
    }
}

/// One report of the list: year, agency with matched characters, findings.
fn report_line(
    (report, summary): (u32, &Summary),
    width: usize,
    style: Style,
    session: &Session,
) -> Line<'static> {
    let theme = session.theme;
    let mut tail: Vec<Span<'static>> = Vec::new();
    for (severity, count) in Severity::ALL.into_iter().zip(summary.findings) {
        let (mark, ink) = theme.severity(severity);
        if count > 0 {
            tail.push(Span::styled(format!(" {mark}{count}"), ink));
        }
    }
    let decided = session.corpus.standing(report).decided() as usize;
    if decided > 0 {
        let (to_do, mark) = (summary.to_do(), theme.chosen());
        let words = if decided >= to_do { format!(" {mark}") } else { format!(" {mark}{decided}/{to_do}") };
        tail.push(Span::styled(words, theme.matched()));
    }
    let place = if width >= PLACE_WIDTH { PLACE } else { 0 };
    let is_open = session.corpus.is_place_open(report);
    if is_open && place == 0 {
        tail.push(Span::styled(session.lang.pick(" 县区?", " place?"), theme.warn()));
    }
    if summary.flags.has(Flags::VERSIONED) {
        let mark = if summary.flags.has(Flags::OTHER_VERSION) { " v" } else { " V" };
        tail.push(Span::styled(mark, theme.matched()));
    }
    if summary.flags.has(Flags::CHANGED) {
        tail.push(Span::styled(format!(" {}", theme.changed()), theme.matched()));
    }
    if session.marked == Some(report) {
        tail.push(Span::styled(" K", theme.key()));
    }
    if summary.needs_reading() {
        tail.push(Span::styled(" ?", theme.warn()));
    }
    if tail.is_empty() {
        tail.push(Span::styled(format!(" {}", theme.good_mark()), theme.good()));
    }
    let used: usize = tail.iter().map(Span::width).sum();
    let year = format!(" {} ", year_name(summary.year));
    let room = width.saturating_sub(used + display::width(&year) + 1 + place);
    let agency = session.corpus.name(summary.names.agency);
    let positions = session.listing.search.in_agency(&agency);
    let mut pieces = vec![Span::styled(year, style)];
    pieces.extend(paint::marked(&agency.visible(), &positions, room, style, style.patch(theme.matched())));
    if place > 0 {
        let [city, county] = [summary.names.city, summary.names.county].map(|id| session.corpus.name(id));
        let open = if is_open { "?" } else { "" };
        let names = display::fit(&format!(" {}{}{open}", city.visible(), county.visible()), place);
        pieces.push(Span::styled(names, theme.dim()));
    }
    pieces.extend(tail);
    Line::from(pieces)
}
