//! Questions over a view: a reason, a note, whether many shall be decided at once.

use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use ratatui_textarea::TextArea;

use super::keymap::{Action, Context};
use super::paint;
use super::reviews::Target;
use super::session::Session;
use super::settling::PlaceQuestion;
use super::yank::Offer;
use crate::display;
use crate::review::{Decision, Step, default_reasons};

/// A question.
#[derive(Debug)]
pub enum Prompt {
    /// Why something is dismissed: one of a list, or typed.
    Reason {
        /// The list.
        reasons: Vec<String>,
        /// The one under the cursor.
        at: usize,
        /// What is typed instead.
        own: Option<String>,
        /// What it is about.
        targets: Vec<Target>,
    },
    /// A note of several lines.
    Note {
        /// What is typed.
        text: Box<TextArea<'static>>,
        /// What it is about.
        targets: Vec<Target>,
    },
    /// Which county an agency belongs to.
    Place(PlaceQuestion),
    /// What shall be copied.
    Yank {
        /// What can be.
        offers: Vec<Offer>,
        /// The one under the cursor.
        at: usize,
    },
    /// Whether many shall be decided at once.
    Sure {
        /// How.
        decision: Decision,
        /// What it is about.
        targets: Vec<Target>,
    },
}

/// What became of a question after a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is still open.
    Waiting,
    /// The reviewer does not want it.
    Dropped,
    /// It was answered, and what it was about was done.
    Done,
}

/// How many causes some targets have.
fn count(targets: &[Target]) -> usize {
    targets.iter().map(|target| target.causes.len()).sum()
}

impl Prompt {
    /// What a decision asks for before it is made: several at once are asked about, and why something is dismissed.
    /// `None` where it needs nothing more.
    #[must_use]
    pub fn before(decision: Decision, targets: &[Target], session: &Session) -> Option<Self> {
        if count(targets) > 1 {
            return Some(Self::Sure { decision, targets: targets.to_vec() });
        }
        (decision == Decision::Dismissed).then(|| Self::reason(targets.to_vec(), session))
    }

    fn reason(targets: Vec<Target>, session: &Session) -> Self {
        let kept = session.reviews.store().map(|store| store.reasons(session.lang));
        let kept = kept.map(|all| all.iter().map(|reason| reason.visible().into_owned()).collect());
        let reasons = kept.unwrap_or_else(|| default_reasons(session.lang));
        Self::Reason { reasons, at: 0, own: None, targets }
    }

    /// A note on something; `old` is what is noted there now.
    #[must_use]
    pub fn note(targets: Vec<Target>, old: &str) -> Self {
        let mut text = TextArea::new(old.lines().map(str::to_owned).collect());
        text.set_cursor_line_style(ratatui::style::Style::new());
        text.move_cursor(ratatui_textarea::CursorMove::Bottom);
        text.move_cursor(ratatui_textarea::CursorMove::End);
        Self::Note { text: Box::new(text), targets }
    }

    /// Takes a key.
    pub fn key(&mut self, event: &KeyEvent, session: &mut Session) -> Answer {
        let ctrl = event.modifiers.contains(ratatui::crossterm::event::KeyModifiers::CONTROL);
        if event.code == KeyCode::Esc || (ctrl && event.code == KeyCode::Char('c')) {
            return Answer::Dropped;
        }
        match self {
            Self::Sure { decision, targets } => match event.code {
                KeyCode::Char('y') | KeyCode::Enter if *decision == Decision::Dismissed => {
                    *self = Self::reason(std::mem::take(targets), session);
                    Answer::Waiting
                }
                KeyCode::Char('y') | KeyCode::Enter => {
                    decide(*decision, targets, None, session);
                    Answer::Done
                }
                KeyCode::Char('n') => Answer::Dropped,
                _ => Answer::Waiting,
            },
            Self::Yank { offers, at } => copy(event.code, offers, at, session),
            Self::Place(question) => question.key(event.code, session),
            Self::Reason { reasons, at, own, targets } => {
                let chosen = match (event.code, own.as_mut()) {
                    (KeyCode::Enter, Some(own)) if own.trim().is_empty() => return Answer::Waiting,
                    (KeyCode::Enter, Some(own)) => own.clone(),
                    (KeyCode::Backspace, Some(own)) => {
                        own.pop();
                        return Answer::Waiting;
                    }
                    (KeyCode::Char(c), Some(own)) if !ctrl => {
                        own.push(c);
                        return Answer::Waiting;
                    }
                    (KeyCode::Enter, None) => reasons.get(*at).cloned().unwrap_or_default(),
                    (KeyCode::Char(c @ '1'..='9'), None) => {
                        let Some(reason) = reasons.get(c as usize - '1' as usize) else {
                            return Answer::Waiting;
                        };
                        reason.clone()
                    }
                    (KeyCode::Up | KeyCode::Char('k'), None) => {
                        *at = at.saturating_sub(1);
                        return Answer::Waiting;
                    }
                    (KeyCode::Down | KeyCode::Char('j'), None) => {
                        *at = (*at + 1).min(reasons.len().saturating_sub(1));
                        return Answer::Waiting;
                    }
                    (KeyCode::Char('e'), None) => {
                        *own = Some(String::new());
                        return Answer::Waiting;
                    }
                    _ => return Answer::Waiting,
                };
                decide(Decision::Dismissed, targets, Some(&chosen), session);
                Answer::Done
            }
            Self::Note { text, targets } => {
                if ctrl && event.code == KeyCode::Char('s') {
                    let note = text.lines().join("\n").trim_end().to_owned();
                    // A note that is not saved stays on the screen with the reason.
                    let saved = session.record(targets, |subjects| Step::annotate(subjects, &note));
                    return if saved { Answer::Done } else { Answer::Waiting };
                }
                text.input(*event);
                Answer::Waiting
            }
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, pasted: &str) {
        match self {
            Self::Note { text, .. } => {
                text.insert_str(pasted);
            }
            Self::Reason { own: Some(own), .. } => {
                own.extend(pasted.chars().filter(|c| !display::is_hidden(*c)));
            }
            Self::Reason { .. } | Self::Sure { .. } | Self::Place(_) | Self::Yank { .. } => {}
        }
    }

    /// Draws it over the lower part of a view.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, session: &Session) {
        let (lang, theme) = (session.lang, session.theme);
        let (title, lines): (String, Vec<Line<'static>>) = match self {
            Self::Sure { decision, targets } => {
                let (n, reports, word) = (count(targets), targets.len(), decision.word(lang));
                let title = lang.pick(
                    format!("对 {reports} 份报告的 {n} 条线索：{word}？"),
                    format!("{word}: {n} findings of {reports} reports?"),
                );
                (
                    title,
                    vec![Line::raw(
                        lang.pick(
                            " y 确定（一步，可撤销）  n 取消",
                            " y yes (one step, can be undone)  n no",
                        ),
                    )],
                )
            }
            Self::Place(question) => {
                let (title, lines, at) = question.lines(lang);
                (title, choices(lines.into_iter(), at, area.width, session))
            }
            Self::Yank { offers, at } => {
                let text = |offer: &Offer| {
                    format!(" {} {}  {}", offer.key, offer.what, offer.text.replace('\t', " "))
                };
                let mut lines = choices(offers.iter().map(text), *at, area.width, session);
                lines.push(Line::raw(
                    lang.pick(" 按字母或 Enter 复制  Esc 取消", " a letter or Enter copies  Esc drops"),
                ));
                (lang.pick("复制", "copy").to_owned(), lines)
            }
            Self::Reason { own: Some(own), .. } => {
                let title = lang.pick("排除的理由", "why it is dismissed").to_owned();
                let typed = display::visible(own).into_owned();
                let line =
                    Line::from(vec![Span::raw(format!(" {typed}")), Span::styled(" ", theme.cursor())]);
                (
                    title,
                    vec![line, Line::raw(lang.pick(" Enter 确定  Esc 取消", " Enter dismisses  Esc drops"))],
                )
            }
            Self::Reason { reasons, at, own: None, .. } => {
                let title = lang.pick("排除的理由", "why it is dismissed").to_owned();
                let text = |(i, reason): (usize, &String)| format!(" {} {}", i + 1, display::visible(reason));
                let mut lines = choices(reasons.iter().enumerate().map(text), *at, area.width, session);
                lines.push(Line::raw(
                    lang.pick(" 1-9 或 Enter 选定  e 另写  Esc 取消", " 1-9 or Enter  e another  Esc drops"),
                ));
                (title, lines)
            }
            Self::Note { text, .. } => {
                let words = lang.pick("备注（Ctrl-s 保存，Esc 取消）", "note (Ctrl-s saves, Esc drops)");
                let height = (text.lines().len() as u16 + 2).clamp(5, area.height.saturating_sub(2).max(5));
                let below = lower(area, height);
                paint::clear(below, buffer, session);
                paint::rule(buffer, below, words, "", session, true);
                let inside = Rect { y: below.y + 1, height: below.height.saturating_sub(1), ..below };
                text.as_ref().render(inside.intersection(buffer.area), buffer);
                Self::draw_notice(below, buffer, session);
                return;
            }
        };
        let below = lower(area, lines.len() as u16 + 1);
        paint::clear(below, buffer, session);
        paint::rule(buffer, below, &title, "", session, true);
        for (y, line) in (1..).zip(lines) {
            paint::line(buffer, below, y, line);
        }
    }

    /// What went wrong with saving a note, above its text.
    fn draw_notice(below: Rect, buffer: &mut Buffer, session: &Session) {
        if let Some(notice) = &session.notice {
            paint::text(buffer, below, 0, notice, session.theme.bad());
        }
    }
}

/// What can be chosen, one a line, the one under the cursor marked.
fn choices(
    texts: impl Iterator<Item = String>,
    at: usize,
    width: u16,
    session: &Session,
) -> Vec<Line<'static>> {
    let line = |(i, text): (usize, String)| {
        let style = if i == at { session.theme.cursor() } else { session.theme.plain() };
        Line::from(Span::styled(display::cut(&text, usize::from(width)), style))
    };
    texts.enumerate().map(line).collect()
}

/// The lowest lines of an area.
fn lower(area: Rect, height: u16) -> Rect {
    let height = height.min(area.height);
    Rect { y: area.y + area.height - height, height, ..area }
}

/// Moves among what can be copied, or copies.
fn copy(code: KeyCode, offers: &[Offer], at: &mut usize, session: &mut Session) -> Answer {
    let chosen = match code {
        KeyCode::Up | KeyCode::Char('k') => {
            *at = at.saturating_sub(1);
            None
        }
        KeyCode::Down | KeyCode::Char('j') => {
            *at = (*at + 1).min(offers.len().saturating_sub(1));
            None
        }
        KeyCode::Enter => offers.get(*at),
        KeyCode::Char(c) => offers.iter().find(|offer| offer.key == c),
        _ => None,
    };
    let Some(offer) = chosen else { return Answer::Waiting };
    let words = session.lang.pick("已交给终端的剪贴板：", "handed to the clipboard of the terminal: ");
    session.notice = Some(format!("{words}{}", offer.text.replace('\t', " ")));
    session.clipboard = Some(offer.text.clone());
    Answer::Dropped
}

/// Decides, and says how; whether it was saved.
pub fn decide(decision: Decision, targets: &[Target], reason: Option<&str>, session: &mut Session) -> bool {
    let saved = session.record(targets, |subjects| {
        let step = Step::decide(subjects, decision)?;
        Ok(match reason {
            Some(reason) => step.because(reason),
            None => step,
        })
    });
    if saved {
        let lang = session.lang;
        let n = count(targets);
        let many = if n > 1 { format!(" ({n})") } else { String::new() };
        let words = decision.word(lang);
        let undo = session.key(Context::Global, Action::Undo);
        let undo = lang.pick(format!("，{undo} 撤销"), format!("; {undo} undoes it"));
        let because = reason.map_or_else(String::new, |reason| {
            format!("{}{}", lang.pick("：", ": "), display::visible(reason))
        });
        // Whoever reads a folder is told once that something is written beside it.
        let kept = session.reviews.store().filter(|_| session.reviews.made == 1).map(|store| {
            let path = display::visible(&store.path().to_string_lossy()).into_owned();
            lang.pick(format!("（结论存于 {path}）"), format!(" (decisions are in {path})"))
        });
        session.notice = Some(format!("{words}{many}{because}{undo}{}", kept.unwrap_or_default()));
    }
    saved
}
