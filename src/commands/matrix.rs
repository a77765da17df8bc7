//! `gouji matrix`: county by year, how many reports there are and how bad they are.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use gouji::corpus::cache::{self, Cache, Changes, Walked};
use gouji::corpus::{self, Account, Choices, Corpus, FileEntry, FileState, Flow, Matrix, MatrixCell};
use gouji::display::{Lang, visible};
use gouji::export::grid::inert;
use gouji::load::files;
use gouji::rules::Settings;

use super::{Failure, checked_paths, read_something, say, tell, writer};

/// What to count.
#[derive(Debug, Args)]
pub(crate) struct MatrixOf {
    /// Folders or files
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Keep no index of what was read, and use none
    #[arg(long)]
    no_cache: bool,
}

/// Prints a line for each county and year, from the kept index where it still fits.
pub(crate) fn matrix(of: &MatrixOf, settings: Settings, lang: Lang) -> Result<u8, Failure> {
    let paths = checked_paths(&of.paths)?;
    let settings = Arc::new(settings);
    let folder = cache::folder().filter(|_| !of.no_cache);
    let cache = folder.as_deref().map(|folder| Cache::of(&paths, &settings, folder));
    let choices = super::choices(&paths, lang)?;
    let kept = cache.as_ref().and_then(|cache| cache.matrix(&paths, &choices));
    let matrix = if let Some((matrix, account, files)) = kept {
        account_for(account, files.iter(), lang);
        matrix
    } else {
        let corpus = indexed(&paths, &settings, &choices, cache.as_ref(), folder, lang)?;
        corpus.matrix(corpus.reports())
    };
    print(&matrix)?;
    Ok(0)
}

/// Says which files were refused, and how many there are: what follows must not look as if it were all.
fn account_for<'a>(account: Account, files: impl Iterator<Item = &'a FileEntry>, lang: Lang) {
    for file in files.filter(|file| file.state == FileState::Rejected) {
        tell(&file.path, file.state, &file.problems, lang);
    }
    say(&account.sentence(lang));
}

/// Brings the index up to date and keeps it.
pub(super) fn indexed(
    paths: &[PathBuf],
    settings: &Arc<Settings>,
    choices: &Arc<Choices>,
    cache: Option<&Cache>,
    folder: Option<PathBuf>,
    lang: Lang,
) -> Result<Corpus, Failure> {
    let met = files::find(paths);
    let known = cache.and_then(|cache| cache.open(settings));
    let (mut corpus, changes) = if let Some((mut corpus, mut kept)) = known {
        corpus.adopt_choices(Arc::clone(choices), &mut kept);
        let changes = Changes::find(&corpus, kept, met);
        (corpus, changes)
    } else {
        let corpus = Corpus::new(Arc::clone(settings), folder).with_choices(Arc::clone(choices));
        (corpus, Changes::everything(met))
    };
    let is_as_kept =
        changes.read.is_empty() && changes.gone.is_empty() && !changes.is_touched && !corpus.is_unrelated();
    corpus.remove(&changes.gone);
    corpus::read_met(changes.read, settings, choices, &mut |batch| {
        corpus.add(batch, false);
        Flow::Go
    });
    corpus.relate();
    account_for(corpus.account(), corpus.files(), lang);
    read_something(corpus.account())?;
    if let Some(cache) = cache.filter(|_| !is_as_kept) {
        let mut walked = changes.walked;
        walked.iter_mut().for_each(Walked::hash_content);
        // It only saves time: where it cannot be kept, everything is counted again the next time.
        let _ = cache.save(&corpus, walked);
    }
    Ok(corpus)
}

fn print(matrix: &Matrix) -> Result<(), Failure> {
    let mut out = writer();
    let mut text = String::from(
        "province\tcity\tcounty\tcode\tyear\treports\twith_errors\twith_warnings\tdoubtful\terrors\twarnings\tinfos\
         \tother_versions\topen_place\n",
    );
    for row in &matrix.rows {
        for (year, cell) in &row.years {
            // By the name and code that its reports have in that year, so that it can be joined with other lists.
            let place = row.places.get(year).unwrap_or(&row.place);
            let county =
                if row.is_open { format!("{}?", place.county.raw()) } else { place.county.raw().into() };
            let names = [place.province.raw(), place.city.raw(), county.as_str(), place.code.raw()];
            let names: Vec<String> =
                names.iter().map(|name| inert(&visible(name)).replace('\t', " ")).collect();
            let MatrixCell { reports, with_errors, with_warnings, doubtful, findings: [e, w, i], .. } = cell;
            let (other_versions, is_open) = (cell.other_versions, u8::from(row.is_open));
            let names = names.join("\t");
            text.push_str(&format!(
                "{names}\t{year}\t{reports}\t{with_errors}\t{with_warnings}\t{doubtful}\t{e}\t{w}\t{i}\t{other_versions}\t{is_open}\n"
            ));
        }
    }
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Failure::writing(error, None))
}
