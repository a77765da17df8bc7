//! Completing what is typed into the filter: names of terms, and their values in this corpus.

use ratatui::text::Span;

use crate::display;
use crate::search::terms::{self, Completion, Key};
use crate::tui::session::Session;

/// So many values of one kind are offered.
const OFFERED: usize = 12;

/// What was typed before the first completion, and which one stands there now.
pub(super) struct Completing {
    typed: String,
    offers: Vec<Completion>,
    at: usize,
}

/// What could stand at the end of the filter.
pub(super) fn offers(session: &Session) -> Vec<Completion> {
    let text = &session.query.text;
    terms::complete(text, text.chars().count(), |key, typed| values(session, key, typed))
}

/// The values of a term in this corpus, those that are listed most first.
fn values(session: &Session, key: Key, typed: &str) -> Vec<String> {
    let corpus = &session.corpus;
    match key {
        // What is typed of a year lists nothing yet: all years are offered.
        Key::Year => {
            corpus.years().iter().rev().map(u16::to_string).filter(|year| year.starts_with(typed)).collect()
        }
        // What is typed of a county has narrowed the counties already.
        Key::County => {
            let names = session.listing.counties.iter().map(|value| corpus.county_name(value.value));
            let mut names: Vec<String> =
                names.take(OFFERED).map(|name| name.visible().into_owned()).collect();
            names.dedup();
            names
        }
        _ => Vec::new(),
    }
}

impl Completing {
    /// Begins completing; nothing if nothing could stand there.
    pub(super) fn begin(session: &Session) -> Option<Self> {
        let offers = offers(session);
        (!offers.is_empty()).then(|| Self { typed: session.query.text.clone(), offers, at: usize::MAX })
    }

    /// The text with the next completion.
    pub(super) fn next(&mut self) -> String {
        self.at = if self.at.wrapping_add(1) < self.offers.len() { self.at.wrapping_add(1) } else { 0 };
        let Some(offer) = self.offers.get(self.at) else { return self.typed.clone() };
        let before: String = self.typed.chars().take(offer.replaces.start).collect();
        let after: String = self.typed.chars().skip(offer.replaces.end).collect();
        format!("{before}{}{after}", offer.text)
    }
}

/// The offers behind what is typed, with the one that stands there marked, as far as there is room.
pub(super) fn pieces(completing: Option<&Completing>, room: usize, session: &Session) -> Vec<Span<'static>> {
    let now = if completing.is_none() { offers(session) } else { Vec::new() };
    let (offers, at) =
        completing.map_or((&now, usize::MAX), |completing| (&completing.offers, completing.at));
    let theme = session.theme;
    let mut pieces = vec![Span::styled("  Tab ", theme.key())];
    let mut used = 6;
    for (i, offer) in offers.iter().enumerate() {
        let text = display::visible(&offer.text).into_owned();
        used += display::width(&text) + 1;
        if used > room {
            break;
        }
        pieces.push(Span::styled(text, if i == at { theme.cursor() } else { theme.dim() }));
        pieces.push(Span::raw(" "));
    }
    if pieces.len() > 1 { pieces } else { Vec::new() }
}
