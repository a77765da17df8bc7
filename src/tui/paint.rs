//! Drawing helpers that all views share: lines of styled pieces, footers, rules.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::keymap::{Action, Context};
use super::session::Session;
use super::spots::Spot;
use super::theme::Theme;
use crate::display;

/// Writes a line at row `y` of the area, cut at its right edge; rows outside are ignored.
pub(in crate::tui) fn line(buffer: &mut Buffer, area: Rect, y: u16, line: Line<'_>) {
    if y < area.height {
        let row = Rect { y: area.y + y, height: 1, ..area };
        line.render(row.intersection(buffer.area), buffer);
    }
}

/// Writes plain text in one style, fitted to the whole width of the area.
pub(in crate::tui) fn text(buffer: &mut Buffer, area: Rect, y: u16, text: &str, style: Style) {
    line(buffer, area, y, Line::styled(display::fit(text, usize::from(area.width)), style));
}

/// Blanks an area, for what is drawn over a view.
pub(in crate::tui) fn clear(area: Rect, buffer: &mut Buffer, session: &Session) {
    let blank = " ".repeat(usize::from(area.width));
    for y in 0..area.height {
        text(buffer, area, y, &blank, session.theme.plain());
    }
}

/// A horizontal rule with a title at its left and what is to be known of the lines below at its right.
pub(in crate::tui) fn rule(
    buffer: &mut Buffer,
    area: Rect,
    title: &str,
    tail: &str,
    session: &Session,
    focused: bool,
) {
    let (theme, width) = (session.theme, usize::from(area.width));
    let tail = if tail.is_empty() { String::new() } else { format!(" {tail}") };
    let room = width.saturating_sub(display::width(&tail));
    // The first dash but one goes before a letter does.
    let lead = if display::width(title) + 4 > room { 1 } else { 2 };
    let title = display::cut(title, room.saturating_sub(lead + 2));
    let dashes = room.saturating_sub(display::width(&title) + lead + 2);
    let style = if focused { theme.title() } else { theme.dim() };
    let pieces = vec![
        Span::styled(theme.dash().repeat(lead), theme.dim()),
        Span::styled(format!(" {title} "), style),
        Span::styled(theme.dash().repeat(dashes), theme.dim()),
        Span::styled(tail, theme.key()),
    ];
    line(buffer, area, 0, Line::from(pieces));
}

/// A vertical rule along the left edge of the area; the rest of the area is returned.
pub(in crate::tui) fn left_bar(buffer: &mut Buffer, area: Rect, session: &Session) -> Rect {
    for y in 0..area.height {
        line(buffer, area, y, Line::styled(session.theme.bar(), session.theme.dim()));
    }
    Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(1), ..area }
}

/// From this width on the palette is always named in the footer.
const PALETTE_WIDTH: u16 = 60;

/// The line of keys at the bottom: as many bindings as fit, the ways back, to the help and out always.
pub(in crate::tui) fn keys(buffer: &mut Buffer, area: Rect, y: u16, context: Context, session: &Session) {
    let (lang, theme) = (session.lang, session.theme);
    if let Some(notice) = &session.notice {
        text(buffer, area, y, &display::visible(notice), theme.warn());
        return;
    }
    let items: Vec<(Action, String, &str)> = session
        .keymap
        .footer(context)
        .filter_map(|(b, keys)| Some((b.action, keys.first()?.name(), lang.pick(b.footer?.0, b.footer?.1))))
        .collect();
    // The palette finds everything that has no room here.
    let has_palette = area.width >= PALETTE_WIDTH;
    let is_kept = |action: Action| {
        matches!(action, Action::Back | Action::Help | Action::Quit)
            || (has_palette && action == Action::Palette)
    };
    let width = |(_, key, words): &(Action, String, &str)| display::width(key) + display::width(words) + 3;
    let kept: usize = items.iter().filter(|item| is_kept(item.0)).map(width).sum();
    // The last two blanks may stand beyond the edge.
    let mut room = (usize::from(area.width) + 2).saturating_sub(kept);
    let (mut pieces, mut x) = (Vec::new(), 0);
    for item in &items {
        let (action, key, words) = item;
        if !is_kept(*action) {
            if width(item) > room {
                room = 0;
                continue;
            }
            room -= width(item);
        }
        let place = Rect { x: area.x + x, y: area.y + y, width: width(item) as u16, height: 1 };
        session.spots.add(place, Spot::Action(*action));
        x += place.width;
        pieces.push(Span::styled(key.clone(), theme.key()));
        pieces.push(Span::raw(format!(" {words}  ")));
    }
    line(buffer, area, y, Line::from(pieces));
}

/// The course of some numbers, a sign for each: how high it is against the highest. What is no number is left blank.
#[must_use]
pub(in crate::tui) fn course(numbers: &[Option<i64>], ascii: bool) -> String {
    const SIGNS: [&str; 2] = ["▁▂▃▄▅▆▇█", ".:-=+*#@"];
    let signs = SIGNS.get(usize::from(ascii)).copied().unwrap_or_default();
    let highest = numbers.iter().flatten().copied().max().unwrap_or(0).max(1);
    let steps = 7;
    let sign = |number: &Option<i64>| {
        let step = number.map(|n| i128::from(n.max(0)) * steps / i128::from(highest));
        step.and_then(|step| signs.chars().nth(usize::try_from(step).ok()?)).unwrap_or(' ')
    };
    numbers.iter().map(sign).collect()
}

/// A text with some of its characters marked, cut and padded to `columns`.
#[must_use]
pub(in crate::tui) fn marked(
    text: &str,
    positions: &[usize],
    columns: usize,
    plain: Style,
    mark: Style,
) -> Vec<Span<'static>> {
    let shown = display::fit(text, columns);
    let mut pieces: Vec<Span<'static>> = Vec::new();
    let mut run = String::new();
    let mut is_marked = false;
    for (i, c) in shown.chars().enumerate() {
        let hit = positions.binary_search(&i).is_ok();
        if hit != is_marked && !run.is_empty() {
            pieces.push(Span::styled(std::mem::take(&mut run), if is_marked { mark } else { plain }));
        }
        is_marked = hit;
        run.push(c);
    }
    pieces.push(Span::styled(run, if is_marked { mark } else { plain }));
    pieces
}

/// The last line of defence: replaces whatever a terminal would obey or hide in a finished frame.
///
/// Every view shows outside text through [`display::visible`]; if one ever does not, this still holds. In
/// ASCII, signs that stand in sentences and in the documents get an ASCII form here too; on a terminal where signs of
/// ambiguous width take two columns, each of them gets a form that takes one.
pub(in crate::tui) fn sweep(buffer: &mut Buffer, theme: Theme) {
    for cell in &mut buffer.content {
        if cell.symbol().chars().any(display::is_hidden) {
            cell.set_char('?');
        }
    }
    if theme.is_ascii() {
        let width = usize::from(buffer.area.width).max(1);
        buffer.content.chunks_mut(width).for_each(row_in_ascii);
    }
    if theme.wide {
        for cell in &mut buffer.content {
            if let Some(narrow) = display::narrow(cell.symbol()) {
                cell.set_char(narrow);
            }
        }
    }
}

/// Replaces the signs of a row that take one column by ASCII characters.
fn row_in_ascii(row: &mut [Cell]) {
    for i in 0..row.len() {
        let is_blank = |i: usize| row.get(i).is_none_or(|cell| cell.symbol() == " ");
        let plain = match row.get(i).map_or(" ", Cell::symbol) {
            // Between words it parts them.
            "·" if is_blank(i + 1) && i.checked_sub(1).is_none_or(is_blank) => '-',
            "·" => '.',
            "…" => {
                omission(row, i);
                continue;
            }
            "≠" => '#',
            "▸" | "→" => '>',
            "←" => '<',
            "↑" => '^',
            "↓" => 'v',
            "¦" | "│" => '|',
            "—" | "–" | "─" => '-',
            "×" => 'x',
            "“" | "”" => '"',
            "‘" | "’" => '\'',
            _ => continue,
        };
        if let Some(cell) = row.get_mut(i) {
            cell.set_char(plain);
        }
    }
}

/// `..` for the sign of omission: over the blank behind it, else over the character before it.
fn omission(row: &mut [Cell], i: usize) {
    let symbol = |i: usize| row.get(i).map_or(" ", Cell::symbol);
    let over = if [" ", "…"].contains(&symbol(i + 1)) && i + 1 < row.len() {
        i..i + 2
    } else {
        // A wide character stands in two cells, of which neither may remain alone.
        let before = if i > 1 && display::width(symbol(i - 2)) > 1 { 2 } else { 1 };
        i.saturating_sub(before)..i + 1
    };
    row.get_mut(over).into_iter().flatten().for_each(|cell| {
        cell.set_char('.');
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_goes_from_zero_to_the_highest() {
        let some = |numbers: &[i64]| -> Vec<Option<i64>> { numbers.iter().copied().map(Some).collect() };
        assert_eq!(course(&some(&[0, 1, 4, 7]), false), "▁▂▅█");
        assert_eq!(course(&some(&[0, 1, 4, 7]), true), ".:+@");
        assert_eq!(course(&some(&[0, 0]), false), "▁▁");
        assert_eq!(course(&[Some(5), None, Some(i64::MAX)], false), "▁ █");
        assert_eq!(course(&[], false), "");
    }

    #[test]
    fn signs_have_an_ascii_form_that_shifts_nothing() {
        for (text, want) in [
            ("a · b", "a - b "),
            ("a·b", "a.b   "),
            ("新…│", "...|  "),
            ("新abc…", "新ab.."),
            ("新… b", "新..b "),
            ("……", "..    "),
            ("1 ¦ 2", "1 | 2 "),
        ] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
            let area = buffer.area;
            line(&mut buffer, area, 0, Line::raw(text));
            sweep(&mut buffer, Theme { ascii: true, ..Theme::default() });
            let shown: String = buffer.content.iter().map(Cell::symbol).collect();
            assert_eq!(shown.replace("新 ", "新"), want, "{text}");
        }
    }
}
