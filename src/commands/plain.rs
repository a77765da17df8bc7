//! `gouji --plain`: the list or a report as plain lines, without a screen.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use gouji::corpus::Query;
use gouji::corpus::cache::{self, Cache};
use gouji::display::Lang;
use gouji::rules::Settings;
use gouji::tui::plain;
use gouji::tui::reviews::{Reviews, standings};
use gouji::tui::session::{Loading, Session};
use gouji::tui::theme::Theme;

use super::matrix::indexed;
use super::{Failure, explored_paths, writer};
use crate::Explore;

/// Prints the list; or one report, if a number is given or no other is listed.
pub(crate) fn plain(explore: &Explore, settings: Settings, lang: Lang) -> Result<u8, Failure> {
    let session = session(explore, settings, lang)?;
    let listed = session.listing.reports.len();
    if listed == 0 {
        return Err(Failure::NothingAdmitted);
    }
    let asked = match explore.report {
        Some(number) if !(1..=listed).contains(&number) => {
            return Err(Failure::Usage(format!("--report {number}: the list has the reports 1 to {listed}")));
        }
        Some(number) => Some(number - 1),
        None => (listed == 1).then_some(0),
    };
    let mut out = writer();
    let written = match asked {
        None => plain::list(&session, &mut out),
        Some(position) => {
            let open = session.listing.reports.get(position).map(|report| session.corpus.open(*report));
            match open {
                Some(Ok(open)) => plain::report(position, &open, &session, &mut out),
                Some(Err(problem)) => return Err(Failure::Usage(problem.message(lang))),
                None => Ok(()),
            }
        }
    };
    written.and_then(|()| out.flush()).map_err(|error| Failure::writing(error, None))?;
    Ok(0)
}

/// What the explorer would show once everything is read.
fn session(explore: &Explore, settings: Settings, lang: Lang) -> Result<Session, Failure> {
    let paths = explored_paths(explore)?;
    let reviewer = explore.reviewer.clone().or_else(|| settings.reviewer.clone());
    let settings = Arc::new(settings);
    let folder = cache::folder().filter(|_| !explore.no_cache);
    let cache = folder.as_deref().map(|folder| Cache::of(&paths, &settings, folder));
    let choices = super::choices_in(&paths, explore.reviews.as_deref(), lang)?;
    let corpus = indexed(&paths, &settings, &choices, cache.as_ref(), folder, lang)?;
    let mut session = Session::new(lang, Theme::default(), Query::default(), settings);
    session.corpus = corpus;
    session.loading = Loading::Done;
    if let Some(county) = &explore.narrow.county {
        let areas: BTreeSet<_> = session.corpus.areas_named(county).collect();
        if areas.is_empty() {
            return Err(Failure::NothingAdmitted);
        }
        session.query.counties.extend(areas);
    }
    if let Some((from, to)) = explore.narrow.year {
        session.query.years = (from..=to).collect();
    }
    let reviewer = reviewer.unwrap_or_else(gouji::review::login_name);
    session.reviews = Reviews::find(&paths, explore.reviews.as_deref(), reviewer, lang);
    if let Some(store) = session.reviews.store() {
        let found = standings(&session.corpus, store, lang);
        session.take_standings(found);
    }
    session.listing = session.corpus.list(&session.query);
    Ok(session)
}
