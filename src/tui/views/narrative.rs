//! The narrative of a section: its text wrapped, with what findings quote from it marked.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::detail;
use crate::corpus::OpenReport;
use crate::display;
use crate::rules::narrative::Verdict;
use crate::tui::paint;
use crate::tui::session::Session;
use crate::tui::view::Scroll;
use crate::tui::words;

/// Characters of a section that are marked, and what is written behind them.
struct Mark {
    span: Range<usize>,
    style: Style,
    tail: Option<(String, Style)>,
}

/// The text of a section as it is drawn.
pub(super) struct Narrative {
    lines: Vec<Line<'static>>,
    /// The row where what the finding quotes begins.
    pub(super) quoted: Option<usize>,
}

impl Narrative {
    /// Lays a section out for a width; `finding` is the one whose quotation is lit.
    pub(super) fn new(
        open: &OpenReport,
        number: u8,
        finding: Option<usize>,
        width: u16,
        session: &Session,
    ) -> Self {
        let width = usize::from(width).saturating_sub(2).max(10);
        let Some(section) = open.report.section(number) else {
            let words = session.lang.pick("文本中没有找到这一节", "this section was not found in the text");
            return Self { lines: vec![Line::raw(words)], quoted: None };
        };
        let quote = finding
            .and_then(|i| open.findings.get(i)?.observation()?.quote.as_ref())
            .filter(|quote| quote.section == number)
            .map(|quote| quote.span.clone());
        let marks = marks(open, number, quote.as_ref(), session);
        let mut narrative = Self { lines: Vec::new(), quoted: None };
        let text = section.text.raw();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if !line.trim().is_empty() {
                narrative.add(line.trim_end_matches(['\n', '\r']), start, &marks, quote.as_ref(), width);
            }
            start += line.len();
        }
        narrative
    }

    /// Rows of the text.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    fn add(&mut self, line: &str, start: usize, marks: &[Mark], quote: Option<&Range<usize>>, width: usize) {
        let mut row = Row::default();
        for (at, c) in line.char_indices() {
            let (at, end) = (start + at, start + at + c.len_utf8());
            let mark = marks.iter().find(|mark| mark.span.contains(&at));
            let shown = display::visible(c.encode_utf8(&mut [0; 4])).into_owned();
            if row.width + display::width(&shown) > width {
                self.lines.push(std::mem::take(&mut row).line());
            }
            if quote.is_some_and(|quote| quote.contains(&at)) && self.quoted.is_none() {
                self.quoted = Some(self.lines.len());
            }
            row.push(&shown, mark.map_or_else(Style::new, |mark| mark.style));
            for (tail, style) in marks.iter().filter(|m| m.span.end == end).filter_map(|m| m.tail.as_ref()) {
                if row.width + display::width(tail) > width {
                    self.lines.push(std::mem::take(&mut row).line());
                }
                row.push(tail, *style);
            }
        }
        self.lines.push(row.line());
    }

    /// Draws the rows from the scroll position on, below the heading of the section.
    pub(super) fn draw(
        &self,
        title: &str,
        scroll: &Scroll,
        area: Rect,
        buffer: &mut Buffer,
        session: &Session,
    ) {
        let body = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
        let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..body };
        let height = usize::from(body.height);
        // The cursor of a text is its first line in sight.
        scroll.window(height, self.lines.len());
        let first = scroll.at.min(self.lines.len().saturating_sub(height));
        for (y, line) in self.lines.iter().skip(first).take(height).enumerate() {
            paint::line(buffer, body, y as u16, line.clone());
        }
        let hidden = session.theme.hidden((first, self.lines.len().saturating_sub(first + height)));
        paint::rule(buffer, area, title, &hidden, session, true);
    }
}

/// A row that is being filled.
#[derive(Default)]
struct Row {
    pieces: Vec<(String, Style)>,
    width: usize,
}

impl Row {
    fn push(&mut self, text: &str, style: Style) {
        self.width += display::width(text);
        match self.pieces.last_mut() {
            Some((piece, same)) if *same == style => piece.push_str(text),
            _ => self.pieces.push((text.to_owned(), style)),
        }
    }

    fn line(self) -> Line<'static> {
        Line::from(self.pieces.into_iter().map(|(text, style)| Span::styled(text, style)).collect::<Vec<_>>())
    }
}

/// What is marked in a section: the quotation of the current finding first, then those of the others.
fn marks(open: &OpenReport, number: u8, quote: Option<&Range<usize>>, session: &Session) -> Vec<Mark> {
    let theme = session.theme;
    let mut marks: Vec<Mark> = Vec::new();
    if let Some(span) = quote {
        marks.push(Mark { span: span.clone(), style: theme.lit(), tail: None });
    }
    for judged in open.judged.iter().filter(|judged| judged.statement.section == number) {
        let (style, tail) = match &judged.verdict {
            Verdict::Agrees(_) => (theme.good(), Some((theme.good_mark().to_owned(), theme.good()))),
            Verdict::Differs { readings } => {
                let table = readings.first().map_or(String::new(), |reading| reading.sum.to_string());
                let words = session.lang.pick(format!("(表中 {table})"), format!("(table has {table})"));
                (theme.bad(), Some((format!("{}{words}", theme.bad_mark()), theme.bad())))
            }
            // Read, but of something that no table counts.
            Verdict::NotCompared(_) => (theme.key(), None),
        };
        let span = match tail {
            Some(_) => judged.statement.span.clone(),
            None => judged.statement.number_span.clone(),
        };
        marks.push(Mark { span, style, tail });
    }
    for finding in &open.findings {
        let quote = finding.observation().and_then(|seen| seen.quote.as_ref());
        if let Some(quote) = quote.filter(|quote| quote.section == number) {
            let (_, style) = theme.finding(finding);
            marks.push(Mark { span: quote.span.clone(), style, tail: None });
        }
    }
    marks
}

/// The finding that a section was opened for: its sentence, both sides, what probably happened.
pub(super) fn finding_lines(
    open: &OpenReport,
    finding: Option<usize>,
    number: u8,
    width: usize,
    session: &Session,
) -> Vec<Line<'static>> {
    let theme = session.theme;
    let Some((i, finding)) = finding.and_then(|i| Some((i, open.findings.get(i)?))) else {
        return Vec::new();
    };
    if finding.section() != number {
        return Vec::new();
    }
    let (mark, style) = theme.finding(finding);
    let cause = open.causes.iter().position(|cause| cause.findings.contains(&i)).unwrap_or(0);
    let lead = format!(" {mark} [{}/{}] ", cause + 1, open.causes.len());
    let rule = finding.rule;
    let text = format!("{} {} · {}", rule.id, rule.title(session.lang), words::finding(finding, session));
    let rows = display::wrap(&text, width.saturating_sub(display::width(&lead)));
    let blank = " ".repeat(display::width(&lead));
    rows.into_iter()
        .enumerate()
        .map(|(i, row)| {
            let lead = if i == 0 { lead.clone() } else { blank.clone() };
            Line::from(vec![Span::styled(lead, style), Span::styled(row, theme.title())])
        })
        .chain(detail::review_lines(open, i, width, session))
        .collect()
}
