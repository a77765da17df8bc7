//! The narrative of a report: sections 1, 5 and 6, whose numbers are those of the tables.
//!
//! The sentences of a year differ from those of the year before, since a text that repeats itself is a finding
//! of its own. What a text says of which cells is known while it is written, so that a label can name the cells
//! that the text contradicts.

use std::sync::LazyLock;

use super::agencies::Agency;
use super::chance::Chance;
use super::figures::Layout;
use super::label::{Change, value};
use super::wording::{self, Wordings};
use crate::display::Untrusted;
use crate::report::template::SECTIONS;
use crate::report::{CellId, Figures, Section, TemplateId};

/// A number that the narrative takes from the tables: the sum of some cells.
#[derive(Clone, Copy)]
struct Fact {
    /// Its letter in a wording.
    letter: u8,
    /// What it counts, for the detail of a label.
    words: &'static str,
    cells_2019: &'static [&'static str],
    cells_2021: &'static [&'static str],
    /// Other sums of cells that the same words may mean: who reads one of these numbers finds nothing wrong.
    also: &'static [&'static [&'static str]],
}

const fn fact(letter: u8, words: &'static str, cells: &'static [&'static str]) -> Fact {
    Fact { letter, words, cells_2019: cells, cells_2021: cells, also: &[] }
}

const fn or(fact: Fact, also: &'static [&'static [&'static str]]) -> Fact {
    Fact { also, ..fact }
}

/// How many facts there are.
const FACT_COUNT: usize = 13;

/// All facts. Those of table 2 stand in different cells in the two editions.
static FACTS: [Fact; FACT_COUNT] = [
    or(
        fact(b'r', "新收申请", &["requests.received.total"]),
        &[
            &["requests.received.total", "requests.carried_in.total"],
            &["requests.total.total"],
            &["requests.granted.total"],
            &["requests.granted.total", "requests.partial.total"],
        ],
    ),
    fact(b'i', "上年结转", &["requests.carried_in.total"]),
    fact(b'h', "答复", &["requests.total.total"]),
    fact(b'o', "结转下年度", &["requests.carried_out.total"]),
    or(
        fact(b'p', "自然人申请", &["requests.received.natural"]),
        &[&["requests.received.natural", "requests.carried_in.natural"], &["requests.total.natural"]],
    ),
    fact(b'g', "予以公开", &["requests.granted.total"]),
    fact(b'v', "行政复议", &["reconsideration_and_litigation.reconsideration.total"]),
    or(
        fact(
            b'l',
            "行政诉讼",
            &[
                "reconsideration_and_litigation.litigation_direct.total",
                "reconsideration_and_litigation.litigation_after_reconsideration.total",
            ],
        ),
        &[
            &["reconsideration_and_litigation.litigation_direct.total"],
            &["reconsideration_and_litigation.litigation_after_reconsideration.total"],
        ],
    ),
    Fact {
        letter: b'd',
        words: "制发规范性文件",
        cells_2019: &["proactive_disclosure.normative.made"],
        cells_2021: &["proactive_disclosure.normative.issued"],
        also: &[],
    },
    Fact {
        letter: b'e',
        words: "废止规范性文件",
        cells_2019: &[],
        cells_2021: &["proactive_disclosure.normative.repealed"],
        also: &[],
    },
    Fact {
        letter: b'f',
        words: "规范性文件总数",
        cells_2019: &["proactive_disclosure.normative.cumulative"],
        cells_2021: &["proactive_disclosure.normative.in_force"],
        also: &[],
    },
    fact(b'k', "行政许可决定", &["proactive_disclosure.licensing.decisions"]),
    fact(b'q', "行政处罚决定", &["proactive_disclosure.penalty.decisions"]),
];

/// The cells of every fact in both editions.
static CELLS: LazyLock<[[Vec<CellId>; FACT_COUNT]; 2]> = LazyLock::new(|| {
    let cells = |names: &[&str]| names.iter().filter_map(|name| CellId::parse(name)).collect();
    [std::array::from_fn(|i| cells(FACTS[i].cells_2019)), std::array::from_fn(|i| cells(FACTS[i].cells_2021))]
});

fn cells_of(template: TemplateId) -> &'static [Vec<CellId>; FACT_COUNT] {
    let [of_2019, of_2021] = &*CELLS;
    match template {
        TemplateId::T2019 => of_2019,
        TemplateId::T2021 => of_2021,
    }
}

/// Numbers that no table has, by their letters in the wordings: their smallest and largest.
pub(super) const NOISE: [(u8, i64, i64); 10] = [
    (b'a', 40, 1_900),
    (b'b', 2, 12),
    (b'c', 8, 96),
    (b'j', 2, 9),
    (b'u', 3, 40),
    (b's', 900, 60_000),
    (b'x', 2, 7),
    (b'm', 3, 30),
    (b't', 1, 6),
    (b'T', 20, 180),
];

/// The numbers of one report that no table has.
pub(super) type Noise = [i64; NOISE.len()];

/// Such numbers by chance.
pub(super) fn noise(chance: &mut Chance) -> Noise {
    NOISE.map(|(_, low, high)| chance.between(low, high))
}

fn place_of(letter: u8) -> Option<usize> {
    FACTS.iter().position(|fact| fact.letter == letter)
}

/// Things to say in a narrative: each has its own turn through the wordings.
const THINGS: usize = 16;

/// How an agency words its reports.
pub(super) struct Style {
    head: usize,
    turns: [u32; THINGS],
}

impl Style {
    /// A style by chance.
    pub(super) fn new(chance: &mut Chance) -> Self {
        Self { head: chance.index(wording::HEADS.len()), turns: [(); THINGS].map(|()| chance.below(60)) }
    }
}

/// What the narrative of one report is written from.
pub(super) struct Brief<'a> {
    agency: &'a Agency,
    style: &'a Style,
    template: TemplateId,
    year: u16,
    facts: [i64; FACT_COUNT],
    noise: Noise,
}

/// A number of the narrative that was made to differ from the tables.
pub(super) struct Slip {
    /// The cells that the sentence is about.
    pub cells: &'static [CellId],
    /// What it counts.
    pub words: &'static str,
    /// What the tables say.
    pub was: i64,
    /// What the sentence says.
    pub now: i64,
}

/// A narrative, and which facts it speaks of.
pub(super) struct Narrative {
    /// Sections 1, 5 and 6.
    texts: [String; 3],
    said: [bool; FACT_COUNT],
}

impl<'a> Brief<'a> {
    /// The facts of the tables as they stand in `figures`.
    pub(super) fn new(
        agency: &'a Agency,
        style: &'a Style,
        layout: &Layout,
        year: u16,
        figures: &Figures,
        noise: Noise,
    ) -> Self {
        let cells = cells_of(layout.template);
        let facts = std::array::from_fn(|i| cells[i].iter().map(|cell| value(figures.get(*cell))).sum());
        Self { agency, style, template: layout.template, year, facts, noise }
    }

    fn fact(&self, letter: u8) -> i64 {
        place_of(letter).map_or(0, |i| self.facts[i])
    }

    /// Changes a number that the narrative prints, and tells which; `None` if it prints none but zeros.
    ///
    /// What it becomes is wrong by every reading of the sentence, so that a reader of the report can tell.
    pub(super) fn slip(
        &mut self,
        narrative: &Narrative,
        figures: &Figures,
        chance: &mut Chance,
    ) -> Option<Slip> {
        let printed: Vec<usize> =
            (0..FACT_COUNT).filter(|i| narrative.said[*i] && self.facts[*i] > 0).collect();
        let i = chance.pick(&printed)?;
        let was = self.facts[i];
        let by = chance.pick(&[1, 1, 2, 3, 10])?;
        let Fact { letter, also, words, .. } = FACTS[i];
        // A text may count as received what was carried in too, and as answered less than was handled: a slip is
        // beyond either reading.
        let beyond = if matches!(letter, b'r' | b'p') { self.fact(b'i') } else { 0 };
        let may_shrink = was > by && letter != b'h';
        let count = |name: &str| CellId::parse(name).map_or(0, |cell| value(figures.get(cell)));
        let is_meant =
            |now: i64| also.iter().any(|names| names.iter().map(|name| count(name)).sum::<i64>() == now);
        let shrinks = may_shrink && chance.percent(50) && !is_meant(was - by);
        let now = if shrinks { was - by } else { was + beyond + by };
        self.facts[i] = now;
        Some(Slip { cells: &cells_of(self.template)[i], words, was, now })
    }

    /// Writes the narrative.
    pub(super) fn write(&self) -> Narrative {
        let mut pen =
            Pen { brief: self, thing: 0, text: String::with_capacity(2_400), said: [false; FACT_COUNT] };
        pen.overview();
        let overview = std::mem::take(&mut pen.text);
        pen.say(wording::PROBLEMS);
        pen.text.push('\n');
        pen.say(wording::IMPROVEMENTS);
        let problems = std::mem::take(&mut pen.text);
        // The fee for processing was introduced for the reports from 2021.
        pen.say(if self.template == TemplateId::T2021 { wording::FEES } else { wording::NOTHING_ELSE });
        Narrative { texts: [overview, problems, pen.text], said: pen.said }
    }
}

impl Narrative {
    /// The cells of which the narrative no longer says what the table says after these changes.
    pub(super) fn contradicted(&self, template: TemplateId, changes: &[Change]) -> Vec<CellId> {
        if changes.is_empty() {
            return Vec::new();
        }
        let grown =
            |cell: &CellId| changes.iter().filter(|c| c.cell == *cell).map(Change::grown).sum::<i64>();
        let spoken =
            self.said.iter().zip(cells_of(template)).filter(|(said, _)| **said).map(|(_, cells)| cells);
        let wrong = spoken.filter(|cells| cells.iter().map(grown).sum::<i64>() != 0);
        wrong.flatten().copied().collect()
    }

    /// The six sections: those of the tables hold no text.
    pub(super) fn into_sections(self) -> Vec<Section> {
        let [overview, problems, other] = self.texts;
        let texts = [overview, String::new(), String::new(), String::new(), problems, other];
        let section = |(section, text): (&crate::report::template::Section, String)| Section {
            number: section.number,
            title: Untrusted::new(section.label.official),
            text: Untrusted::new(text),
            line: 0,
            text_line: 0,
        };
        SECTIONS.iter().zip(texts).map(section).collect()
    }
}

/// A narrative being written.
struct Pen<'a> {
    brief: &'a Brief<'a>,
    thing: usize,
    text: String,
    said: [bool; FACT_COUNT],
}

impl Pen<'_> {
    fn overview(&mut self) {
        let fact = |letter| self.brief.fact(letter);
        let documents = match self.brief.template {
            _ if fact(b'd') + fact(b'e') + fact(b'f') == 0 => wording::NO_DOCUMENTS,
            TemplateId::T2019 => wording::DOCUMENTS_2019,
            TemplateId::T2021 => wording::DOCUMENTS_2021,
        };
        let decisions = if fact(b'k') + fact(b'q') > 0 { wording::DECISIONS } else { &[] };
        let requests = match (fact(b'r') + fact(b'i'), fact(b'i') + fact(b'o')) {
            (0, _) => wording::NO_REQUESTS,
            (_, 0) => wording::REQUESTS_OF_THE_YEAR,
            _ => wording::REQUESTS,
        };
        let applicants = if fact(b'r') > 0 { wording::APPLICANTS } else { &[] };
        let results = if fact(b'h') > 0 { wording::RESULTS } else { &[] };
        let remedies = if fact(b'v') + fact(b'l') > 0 { wording::REMEDIES } else { wording::NO_REMEDIES };
        self.say(wording::OPENING);
        self.paragraph(0, &[wording::PUBLISHED, documents, decisions]);
        self.paragraph(1, &[requests, applicants, results, remedies]);
        self.paragraph(2, &[wording::MANAGEMENT]);
        self.paragraph(3, &[wording::PLATFORM]);
        self.paragraph(4, &[wording::SUPERVISION]);
    }

    fn paragraph(&mut self, part: usize, things: &[Wordings]) {
        self.text.push('\n');
        self.text.push_str(wording::HEADS[self.brief.style.head][part]);
        for thing in things {
            self.say(thing);
        }
    }

    /// Says a thing in the words whose turn it is: never in those of the year before.
    fn say(&mut self, wordings: Wordings) {
        let turn = self.brief.style.turns.get(self.thing).copied().unwrap_or(0) as usize
            + usize::from(self.brief.year);
        self.thing += 1;
        let Some(wording) = turn.checked_rem(wordings.len()).and_then(|i| wordings.get(i)) else { return };
        let mut parts = wording.split('{');
        self.text.push_str(parts.next().unwrap_or(""));
        for part in parts {
            let (place, after) = part.split_once('}').unwrap_or(("", part));
            self.fill(place);
            self.text.push_str(after);
        }
    }

    fn fill(&mut self, place: &str) {
        let brief = self.brief;
        let year = i64::from(brief.year);
        match place {
            "n" => self.text.push_str(&brief.agency.name),
            "y" => self.print(year),
            "z" => self.print(year - 1),
            "w" => self.print(year + 1),
            _ => {
                let Some(letter) = place.bytes().last() else { return };
                let noise = NOISE.iter().zip(brief.noise).find(|((known, ..), _)| *known == letter);
                if let Some((_, number)) = noise {
                    return self.print(number);
                }
                let Some(i) = place_of(letter) else { return };
                self.said[i] = true;
                if !place.starts_with('-') {
                    self.print(brief.facts[i]);
                }
            }
        }
    }

    fn print(&mut self, number: i64) {
        use std::fmt::Write as _;
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{number}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_cells_and_no_letter_twice() {
        for (i, fact) in FACTS.iter().enumerate() {
            assert_eq!(place_of(fact.letter), Some(i), "{}", fact.words);
            assert_eq!(cells_of(TemplateId::T2021)[i].len(), fact.cells_2021.len(), "{}", fact.words);
            assert_eq!(cells_of(TemplateId::T2019)[i].len(), fact.cells_2019.len(), "{}", fact.words);
            assert!(
                !b"nyzw".contains(&fact.letter) && NOISE.iter().all(|(letter, ..)| *letter != fact.letter)
            );
        }
    }

    #[test]
    fn every_place_of_a_wording_can_be_filled_and_no_wording_repeats_in_two_years() {
        use wording::*;
        let all = [
            OPENING,
            PUBLISHED,
            DOCUMENTS_2021,
            DOCUMENTS_2019,
            NO_DOCUMENTS,
            DECISIONS,
            REQUESTS,
            REQUESTS_OF_THE_YEAR,
            NO_REQUESTS,
            wording::APPLICANTS,
            RESULTS,
            REMEDIES,
            NO_REMEDIES,
            MANAGEMENT,
            PLATFORM,
            SUPERVISION,
            PROBLEMS,
            IMPROVEMENTS,
            FEES,
            NOTHING_ELSE,
        ];
        for wordings in all {
            assert!(wordings.len() >= 3);
            for (i, wording) in wordings.iter().enumerate() {
                assert!(wordings.iter().skip(i + 1).all(|other| other != wording));
                for part in wording.split('{').skip(1) {
                    let place = part.split_once('}').unwrap().0;
                    let letter = place.trim_start_matches('-').as_bytes();
                    assert_eq!(letter.len(), 1, "{wording}");
                    let is_noise = NOISE.iter().any(|(known, ..)| *known == letter[0]);
                    let is_fact = place_of(letter[0]).is_some();
                    assert!(b"nyzw".contains(&letter[0]) || is_noise || is_fact, "{wording}");
                }
            }
        }
    }
}
