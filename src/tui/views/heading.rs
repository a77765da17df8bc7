//! The lines at the top of the screens: what is listed and why, which report is open and what is found in it.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::report::Page;
use crate::corpus::{OpenReport, Order, Query};
use crate::display::{self, Lang};
use crate::report::known_mark;
use crate::report::template::SECTIONS;
use crate::rules::Severity;
use crate::tui::keymap::{Action, Context};
use crate::tui::run::Run;
use crate::tui::session::{Loading, Session};
use crate::tui::spots::Spot;

/// How much of the corpus is listed, its findings, and files to look at; in fewer words where there is less room.
pub(super) fn of_list(width: usize, session: &Session) -> Line<'static> {
    let (lang, theme) = (session.lang, session.theme);
    let (listed, all) = (session.listing.reports.len(), session.corpus.len());
    let mut count = lang.pick(format!("{listed}/{all} 份报告"), format!("{listed} of {all} reports"));
    if let Some(progress) = of_loading(width, session) {
        count.push_str("  ");
        count.push_str(&progress);
    }
    let program = lang.pick(" 勾稽 gouji   ", " gouji   ");
    let mut findings: Vec<Span<'static>> = Vec::new();
    for (severity, count) in Severity::ALL.into_iter().zip(session.listing.findings) {
        let (mark, style) = theme.severity(severity);
        findings.push(Span::styled(format!(" {mark}{count}"), style));
    }
    let (account, key) = (session.corpus.account(), session.key(Context::Browse, Action::Files));
    let files = match account.rejected + account.with_problems {
        0 => [String::new(), String::new()],
        n => lang.pick(
            [format!("  {key} 文件需人工核对 {n}"), format!("  {key} {n}")],
            [format!("  {key} files {n}"), format!("  {key} {n}")],
        ),
    };
    let [in_full, in_short] = &files;
    let used = |left: &str, files: &str, findings: &[Span<'_>]| {
        let findings: usize = findings.iter().map(Span::width).sum();
        display::width(left) + display::width(&count) + findings + display::width(files) + 1
    };
    let forms = [(program, in_full), (" ", in_full), (program, in_short), (" ", in_short)];
    let (left, files) = forms
        .into_iter()
        .find(|(left, files)| used(left, files, &findings) < width)
        .unwrap_or((" ", in_short));
    // The number of reports is never cut, the less severe findings go before it does.
    while used(left, files, &findings) > width && findings.pop().is_some() {}
    let right: usize = findings.iter().map(Span::width).sum::<usize>() + display::width(files) + 1;
    let left = display::fit(&format!("{left}{count}"), width.saturating_sub(right));
    let mut pieces = vec![Span::styled(left, theme.title())];
    pieces.extend(findings);
    pieces.push(Span::styled(files.clone(), theme.warn()));
    Line::from(pieces)
}

/// What is going on behind the screen: a bar, how fast it goes, how long it will take, as far as there is room.
fn of_loading(width: usize, session: &Session) -> Option<String> {
    let lang = session.lang;
    let progress = match session.loading {
        Loading::Done => return None,
        Loading::Stopped => {
            let key = session.key(Context::Browse, Action::Reload);
            return Some(lang.pick(format!("已停止，{key} 重读"), format!("stopped, {key} reads")));
        }
        Loading::Looking => return Some(lang.pick("核对文件…", "looking…").to_owned()),
        Loading::Relating => return Some(lang.pick("比对中…", "comparing…").to_owned()),
        Loading::Running(progress) => progress,
    };
    let full = (progress.per_mille() * BAR / 1000) as usize;
    let [done, open] = session.theme.progress();
    let bar = format!("{}{}", done.repeat(full), open.repeat(BAR as usize - full));
    let percent = format!("{}%", progress.per_mille() / 10);
    let rate = lang.pick(format!("{} 份/秒", progress.rate()), format!("{}/s", progress.rate()));
    let left = progress.seconds_left().map_or_else(String::new, |s| {
        let time = format!("{}:{:02}", s / 60, s % 60);
        lang.pick(format!(" 剩 {time}"), format!(" {time} left"))
    });
    let esc = lang.pick(" Esc 停止", " Esc stops");
    Some(match width {
        0..60 => percent,
        60..100 => format!("{bar} {percent}{left}{esc}"),
        _ => format!("{bar} {percent} {rate}{left}{esc}"),
    })
}

/// Columns of the bar.
const BAR: u64 = 10;

/// The filter line, and what else narrows the list.
pub(super) fn of_query(typing: bool, session: &Session) -> Line<'static> {
    let (lang, theme, query) = (session.lang, session.theme, &session.query);
    let mut pieces = vec![Span::styled(" / ", theme.key()), Span::raw(query.text.clone())];
    let mut also: Vec<String> = ticks(session).into_iter().chain(marks(query, lang)).collect();
    let off: Vec<&str> = session.corpus.settings().switched_off().map(|rule| rule.id).collect();
    if !off.is_empty() {
        also.push(format!("{} {}", lang.pick("停用规则", "rules off"), off.join(" ")));
    }
    if typing {
        pieces.push(Span::styled(" ", theme.cursor()));
    } else if query.text.is_empty() {
        let key = session.key(Context::Browse, Action::Filter);
        let words = lang.pick(
            format!("按 {key} 筛选：汉字、拼音、首字母、year:2021 …"),
            format!("press {key} to filter: names, pinyin, initials, year:2021 …"),
        );
        pieces.push(Span::styled(words, theme.dim()));
    }
    if !also.is_empty() {
        pieces.push(Span::styled(format!("   [{}]", also.join(" · ")), theme.matched()));
    }
    // What cannot be read yet may be read when it is typed to its end.
    if let Some(error) = session.listing.search.typed.errors.first() {
        let text = display::visible(&error.message(lang)).into_owned();
        pieces.push(Span::styled(format!("   {text}"), theme.warn()));
    }
    Line::from(pieces)
}

/// What else a query leaves out, and its order.
pub(super) fn marks(query: &Query, lang: Lang) -> Vec<String> {
    let mut marks = Vec::new();
    if query.only_findings {
        marks.push(lang.pick("只看有线索", "with findings").to_owned());
    }
    marks.extend(order_name(query.order, lang).map(str::to_owned));
    if query.reversed {
        marks.push(lang.pick("倒序", "turned round").to_owned());
    }
    marks
}

/// How far a review is: decided of all, what is left by severity, the pace.
pub(super) fn of_run(run: &Run, width: usize, session: &Session) -> Line<'static> {
    let (lang, theme) = (session.lang, session.theme);
    let (decided, all, left) = run.progress();
    let mut pieces = vec![Span::styled(
        lang.pick(format!(" 核查 {decided}/{all}"), format!(" review {decided}/{all}")),
        theme.title(),
    )];
    if width >= 60 {
        pieces.push(Span::raw(lang.pick(" 剩", " left")));
        for (severity, n) in Severity::ALL.into_iter().zip(left).filter(|(_, n)| *n > 0) {
            let (mark, style) = theme.severity(severity);
            pieces.push(Span::styled(format!(" {mark}{n}"), style));
        }
    }
    if let Some(pace) = run.pace().filter(|_| width >= 100) {
        pieces.push(Span::styled(lang.pick(format!(" {pace} 条/时"), format!(" {pace}/h")), theme.dim()));
    }
    pieces.push(Span::raw(" "));
    Line::from(pieces)
}

/// The order of the list, where it is not the usual one.
fn order_name(order: Order, lang: Lang) -> Option<&'static str> {
    Some(match order {
        Order::Worst => return None,
        Order::Place => lang.pick("按县区排序", "by county"),
        Order::Year => lang.pick("按年度排序", "by year"),
        Order::Received => lang.pick("按收到数排序", "by received"),
        Order::Handled => lang.pick("按办理数排序", "by handled"),
        Order::CarriedOut => lang.pick("按结转数排序", "by carried out"),
    })
}

/// The chosen counties and years.
pub(super) fn ticks(session: &Session) -> Option<String> {
    let query = &session.query;
    let comma = session.lang.pick("、", ", ");
    let county = |c: &_| county_name(&session.corpus.area_name(*c).visible(), session);
    let counties: Vec<String> = query.counties.iter().map(county).collect();
    let years: Vec<String> = query.years.iter().map(|y| year_name(*y)).collect();
    let both: Vec<String> =
        [counties, years].into_iter().filter(|names| !names.is_empty()).map(|n| n.join(comma)).collect();
    if both.is_empty() { None } else { Some(both.join(" · ")) }
}

/// The name of a county for people.
pub(super) fn county_name(name: &str, session: &Session) -> String {
    if name.is_empty() { session.lang.pick("（未知）", "(unknown)").to_owned() } else { name.to_owned() }
}

/// A year for people.
pub(super) fn year_name(year: u16) -> String {
    if year == 0 { "????".to_owned() } else { year.to_string() }
}

/// Agency, year, edition of the form, findings by severity, position in the list.
pub(super) fn of_report(open: &OpenReport, width: usize, session: &Session) -> Line<'static> {
    let (lang, theme, report) = (session.lang, session.theme, &open.report);
    let position = session.position().map_or_else(|| "-".to_owned(), |position| (position + 1).to_string());
    let position = format!(" [{position}/{}]", session.listing.reports.len());
    let mut right: Vec<Span<'static>> = Vec::new();
    for (severity, count) in Severity::ALL.into_iter().zip(count_causes(open)) {
        let (mark, style) = theme.severity(severity);
        if count > 0 {
            right.push(Span::styled(format!(" {mark}{count}"), style));
        }
    }
    if report.needs_reading() {
        // Where there is little room the name of the agency says more than the words.
        let words = if width < 60 { " ?" } else { lang.pick(" ?需人工核对", " ?needs reading") };
        right.push(Span::styled(words, theme.warn()));
    }
    if right.is_empty() {
        right.push(Span::styled(format!(" {}", theme.good_mark()), theme.good()));
    }
    right.push(Span::raw(position));
    let used: usize = right.iter().map(Span::width).sum();
    let year = report.year.map_or_else(|| "?".to_owned(), |y| y.to_string());
    let form = lang.pick("格式", "template");
    let edition = report.template.map_or("?", crate::report::TemplateId::name);
    let synthetic = if report.synthetic { lang.pick(" 合成数据", " synthetic") } else { "" };
    let versions = session.corpus.versions(open.index);
    let version = versions.iter().position(|version| *version == open.index).map_or_else(String::new, |at| {
        let (mark, at, all) = (if at == 0 { "V" } else { "v" }, at + 1, versions.len());
        format!(" {mark}{at}/{all}")
    });
    let county = open.report.county.as_ref().filter(|_| session.corpus.is_place_open(open.index));
    let county = county.map_or_else(String::new, |county| format!(" · {}?", county.visible()));
    // How agency and year are known, where no title says them.
    let [of_agency, of_year] = [report.agency_from, report.year_from].map(|by| known_mark(by, lang));
    let tail = format!("{of_agency}{county} · {year}{of_year}{version} · {form} {edition}{synthetic}");
    let room = width.saturating_sub(used + display::width(&tail) + 1);
    let name = if report.agency.is_empty() { &report.title } else { &report.agency };
    let left = if room >= 8 {
        format!(" {}{tail}", display::cut(&name.visible(), room))
    } else {
        format!(" {} {year}", display::cut(&name.visible(), width.saturating_sub(used + 6)))
    };
    let mut pieces = vec![Span::styled(display::fit(&left, width.saturating_sub(used)), theme.title())];
    pieces.extend(right);
    Line::from(pieces)
}
/// The sections of the report and the list of its findings, with the one that is shown marked.
pub(super) fn tabs(page: Page, open: &OpenReport, width: usize, session: &Session) -> Line<'static> {
    let (lang, theme) = (session.lang, session.theme);
    let narrow = width < 70;
    let mut pieces = Vec::new();
    let mut tab = |name: String, here: bool, bad: bool| {
        let style = if here {
            theme.cursor()
        } else if bad {
            theme.bad()
        } else {
            theme.plain()
        };
        // The colour alone says nothing to who sees none.
        let mark = if bad { theme.bad_mark() } else { "" };
        pieces.push(Span::styled(format!(" {name}{mark}"), style));
    };
    for section in &SECTIONS {
        let number = section.number;
        let has = open.report.section(number).is_some();
        let bad = open.findings.iter().any(|f| f.severity == Severity::Error && f.section() == number);
        let label = if lang == Lang::Zh { section.label.short } else { english_tab(number) };
        let missing = if has { "" } else { "?" };
        let name = if narrow { format!("{number}{missing}") } else { format!("{number} {label}{missing}") };
        tab(name, page == Page::Section(number), bad);
    }
    let key = session.key(Context::Report, Action::Findings);
    let words = if narrow { key } else { format!("{key} {}", lang.pick("线索", "findings")) };
    tab(format!("{words} {}", open.causes.len()), page == Page::Findings, false);
    Line::from(pieces)
}

/// Notes where the tabs can be clicked: each begins where the one before ends.
pub(super) fn tab_spots(page: Page, open: &OpenReport, area: Rect, session: &Session) {
    let mut x = area.x;
    let sections = SECTIONS.iter().map(|section| Action::Section(section.number));
    let tabs = tabs(page, open, usize::from(area.width), session);
    for (tab, action) in tabs.spans.iter().zip(sections.chain([Action::Findings])) {
        let width = tab.width() as u16;
        session.spots.add(Rect { x, width, ..area }, Spot::Action(action));
        x += width;
    }
}

fn english_tab(number: u8) -> &'static str {
    ["overview", "disclosure", "requests", "reviews", "problems", "other"]
        .get(usize::from(number) - 1)
        .copied()
        .unwrap_or("")
}

/// Causes of the report by severity, worst first.
fn count_causes(open: &OpenReport) -> [usize; 3] {
    Severity::ALL.map(|severity| open.causes.iter().filter(|cause| cause.severity == severity).count())
}
