//! `gouji synth`: a made-up corpus with its labels, written so that half of it never looks like a whole one.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use gouji::display::Lang;
use gouji::export::Draft;
use gouji::synth::{self, Counties, Packing};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, say};
use crate::Synth;

/// Runs the command.
pub(crate) fn synth(synth: &Synth, lang: Lang) -> Result<u8, Failure> {
    let default = synth::Settings::default();
    let settings = synth::Settings {
        reports: synth.reports,
        seed: synth.seed.unwrap_or(default.seed),
        errors_per_mille: synth.errors.unwrap_or(default.errors_per_mille),
        counties: if synth.invented { Counties::Invented } else { Counties::Real },
    };
    let is_packed = synth.output.extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"));
    let packing = if is_packed { Packing::Gzip } else { Packing::Plain };
    let mut reports = Target::create(&synth.output)?;
    let mut labels = if matches!(reports, Target::File(..)) {
        Some(Target::create(&labels_path(&synth.output, packing))?)
    } else {
        say(lang.pick("输出不是普通文件，差错标注不写出", "not a regular file: no labels are written"));
        None
    };
    let bar = progress(synth.reports, lang);
    synth::write(&settings, packing, &mut |piece| {
        let piece = piece.map_err(|error| Failure::writing(error, Some(&synth.output)))?;
        reports.write(&piece.bytes)?;
        labels.as_mut().map_or(Ok(()), |labels| labels.write(&piece.labels))?;
        bar.inc(piece.reports);
        Ok::<_, Failure>(())
    })?;
    bar.finish_and_clear();
    // The labels first: where the corpus is, they are.
    labels.map_or(Ok(()), Target::finish)?;
    reports.finish()?;
    Ok(0)
}

/// Where the labels go: `a.jsonl` and `a.jsonl.gz` have theirs in `a.labels.jsonl`.
fn labels_path(output: &Path, packing: Packing) -> PathBuf {
    let unpacked = if packing == Packing::Gzip { output.with_extension("") } else { output.to_owned() };
    unpacked.with_extension("labels.jsonl")
}

/// A bar on standard error; hidden where that is no terminal.
fn progress(reports: u64, lang: Lang) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(reports);
    let words = lang.pick(
        "{bar:30} {pos}/{len} 份报告  {per_sec}  剩余 {eta}",
        "{bar:30} {pos}/{len} reports  {per_sec}  {eta} left",
    );
    if let Ok(style) = ProgressStyle::with_template(words) {
        bar.set_style(style);
    }
    bar
}

/// A file that has its name only once it is whole; a pipe or a device is written to as it is.
enum Target {
    File(PathBuf, Draft),
    Device(PathBuf, BufWriter<File>),
}

impl Target {
    fn create(path: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::writing(error, Some(path));
        let is_device = fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir());
        if is_device {
            let file = File::options().write(true).open(path).map_err(failed)?;
            return Ok(Self::Device(path.to_owned(), BufWriter::new(file)));
        }
        Draft::new(path).map(|draft| Self::File(path.to_owned(), draft)).map_err(failed)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let (path, written) = match self {
            Self::File(path, out) => (path, out.write_all(bytes)),
            Self::Device(path, out) => (path, out.write_all(bytes)),
        };
        written.map_err(|error| Failure::writing(error, Some(path)))
    }

    fn finish(self) -> Result<(), Failure> {
        let (path, finished) = match self {
            Self::File(path, out) => (path, out.place()),
            Self::Device(path, mut out) => (path, out.flush()),
        };
        finished.map_err(|error| Failure::writing(error, Some(&path)))
    }
}
