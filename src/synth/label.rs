//! What was put wrong into a report, and exactly which relations break because of it.
//!
//! The breaks are worked out from the changes alone. Every relation is a sum over cells, so a changed cell moves
//! the difference of each relation that it takes part in by as much, and those that end up moved are broken. The
//! checker is never asked: it is what these labels are there to test.

use std::fmt::{self, Write as _};

use crate::report::{CellId, Figure, TableId};

/// The value of `schema` in every label.
pub const SCHEMA: &str = "gouji/label/1";

/// An injected error, or what such an error in another year makes of this year's report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The identifier of the report.
    pub id: String,
    /// The name of the kind: see [`super::KINDS`].
    pub kind: &'static str,
    /// The cells that were changed.
    pub cells: Vec<Change>,
    /// Names of the relations of the report that are broken, in a fixed order.
    pub relations: Vec<String>,
    /// Cells about which the narrative now says something else than the table.
    pub narrative: Vec<CellId>,
    /// One sentence for people, in Chinese.
    pub detail: String,
}

/// A cell with the figure that belongs there and the one that stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The cell.
    pub cell: CellId,
    /// The consistent figure.
    pub was: Figure,
    /// The wrong figure.
    pub now: Figure,
}

impl Label {
    /// The label as one line of JSON, without the line break.
    #[must_use]
    pub fn to_line(&self) -> String {
        let mut line =
            format!(r#"{{"schema":"{SCHEMA}","id":{},"kind":"{}","cells":["#, quoted(&self.id), self.kind);
        for (i, change) in self.cells.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            let (cell, was, now) = (change.cell, Json(change.was), Json(change.now));
            // Writing to a string cannot fail.
            let _ = write!(line, r#"{comma}{{"cell":"{cell}","was":{was},"now":{now}}}"#);
        }
        line.push_str(r#"],"relations":["#);
        line.push_str(&list(self.relations.iter()));
        line.push_str(r#"],"narrative":["#);
        line.push_str(&list(self.narrative.iter()));
        line.push_str(r#"],"detail":"#);
        line.push_str(&quoted(&self.detail));
        line.push('}');
        line
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list(names: impl Iterator<Item = impl fmt::Display>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",")
}

/// A figure in JSON: its digits as they are, or null for a blank.
struct Json(Figure);

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.number() {
            Some(number) => number.fmt(f),
            None => f.write_str("null"),
        }
    }
}

impl Change {
    /// How much a whole number grew; a blank counts as 0.
    pub(super) fn grown(&self) -> i64 {
        value(self.now) - value(self.was)
    }
}

/// A figure of a count: a blank is 0.
pub(super) fn value(figure: Figure) -> i64 {
    figure.number().and_then(crate::report::Number::as_whole).unwrap_or(0)
}

/// A relation between cells, in the order in which labels name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    /// First and second item against third and fourth, in that column of table 3.
    Balance(usize),
    /// The results against their total, in that column.
    Column(usize),
    /// The applicants against their total, in that row.
    Row(&'static str),
    /// The outcomes against their total, in that row of table 4.
    Remedies(&'static str),
    /// What was carried in against what last year's report carried out, in that column.
    Carry(usize),
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Balance(column) => write!(f, "bal:{column}"),
            Self::Column(column) => write!(f, "col:{column}"),
            Self::Row(row) => write!(f, "row:{row}"),
            Self::Remedies(row) => write!(f, "rl:{row}"),
            Self::Carry(column) => write!(f, "carry:{column}"),
        }
    }
}

/// The relations that changes break, in the report itself and in that of the next year.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Breaks {
    /// Of the report.
    pub here: Vec<String>,
    /// Of next year's report.
    pub next_year: Vec<String>,
}

impl Breaks {
    /// What changes break in a report that was consistent, as were those of the years before and after.
    ///
    /// `carried` says in which columns last year's report has a number to compare with: a blank says nothing.
    pub(super) fn of(changes: &[Change], carried: [bool; 7]) -> Self {
        let (mut here, mut next_year) = (Vec::new(), Vec::new());
        for change in changes {
            match change.cell.table() {
                TableId::Disclosure => {}
                TableId::Requests => requests(change, carried, &mut here, &mut next_year),
                TableId::Remedies => {
                    let (row, column) = (change.cell.row().key, change.cell.column().key);
                    move_by(&mut here, Relation::Remedies(row), signed(column == "total", change.grown()));
                }
            }
        }
        Self { here: names(here), next_year: names(next_year) }
    }
}

/// How far each relation's declared side has moved away from its computed side.
type Moves = Vec<(Relation, i64)>;

/// A total moves its relation up, a part moves it down.
const fn signed(is_total: bool, grown: i64) -> i64 {
    if is_total { grown } else { -grown }
}

fn requests(change: &Change, carried: [bool; 7], here: &mut Moves, next_year: &mut Moves) {
    let (row, grown) = (change.cell.row().key, change.grown());
    let columns = change.cell.block().columns;
    let column = 1 + columns.iter().position(|c| c.key == change.cell.column().key).unwrap_or(0);
    move_by(here, Relation::Row(row), signed(column == columns.len(), grown));
    match row {
        "received" => move_by(here, Relation::Balance(column), -grown),
        "carried_in" => {
            move_by(here, Relation::Balance(column), -grown);
            if carried.get(column - 1) == Some(&true) {
                move_by(here, Relation::Carry(column), grown);
            }
        }
        "total" => {
            move_by(here, Relation::Column(column), grown);
            // A blank （七）总计 stands for the sum of the results in the balance, which is what it was.
            if change.now != Figure::Blank {
                move_by(here, Relation::Balance(column), grown);
            }
        }
        "carried_out" => {
            move_by(here, Relation::Balance(column), grown);
            move_by(next_year, Relation::Carry(column), -grown);
        }
        _ => move_by(here, Relation::Column(column), -grown),
    }
}

fn move_by(moves: &mut Moves, relation: Relation, by: i64) {
    match moves.iter_mut().find(|(known, _)| *known == relation) {
        Some((_, so_far)) => *so_far += by,
        None => moves.push((relation, by)),
    }
}

fn names(mut moves: Moves) -> Vec<String> {
    moves.retain(|(_, by)| *by != 0);
    moves.sort_unstable();
    moves.into_iter().map(|(relation, _)| relation.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Number;

    fn change(cell: &str, was: i64, now: i64) -> Change {
        let figure = |n| Figure::Number(Number::whole(n));
        Change { cell: CellId::parse(cell).unwrap(), was: figure(was), now: figure(now) }
    }

    fn here(changes: &[Change]) -> Vec<String> {
        Breaks::of(changes, [true; 7]).here
    }

    #[test]
    fn a_cell_breaks_its_row_and_its_column() {
        assert_eq!(here(&[change("requests.refused_1.legal", 0, 2)]), ["col:5", "row:refused_1"]);
        assert_eq!(here(&[change("requests.received.natural", 3, 2)]), ["bal:1", "row:received"]);
        assert_eq!(here(&[change("requests.total.other", 3, 2)]), ["bal:6", "col:6", "row:total"]);
        let pending = change("reconsideration_and_litigation.litigation_direct.pending", 0, 1);
        assert_eq!(here(&[pending]), ["rl:litigation_direct"]);
        assert!(here(&[change("proactive_disclosure.normative.issued", 0, 1)]).is_empty());
    }

    #[test]
    fn changes_that_cancel_out_break_nothing() {
        let both = [change("requests.received.natural", 3, 4), change("requests.received.total", 3, 4)];
        assert_eq!(here(&both), ["bal:1", "bal:7"]);
        let moved = [change("requests.granted.natural", 3, 4), change("requests.granted.legal", 1, 0)];
        assert_eq!(here(&moved), ["col:1", "col:5"]);
    }

    #[test]
    fn what_is_carried_out_wrongly_shows_in_the_next_year() {
        let breaks = Breaks::of(&[change("requests.carried_out.natural", 3, 4)], [false; 7]);
        assert_eq!(breaks.here, ["bal:1", "row:carried_out"]);
        assert_eq!(breaks.next_year, ["carry:1"]);
        let carried_in = [change("requests.carried_in.natural", 3, 4)];
        assert_eq!(Breaks::of(&carried_in, [false; 7]).here, ["bal:1", "row:carried_in"]);
        let only_natural = [true, false, false, false, false, false, false];
        assert_eq!(Breaks::of(&carried_in, only_natural).here, ["bal:1", "row:carried_in", "carry:1"]);
        let total = [change("requests.carried_in.total", 3, 4)];
        assert_eq!(Breaks::of(&total, only_natural).here, ["bal:7", "row:carried_in"]);
    }

    #[test]
    fn a_label_is_one_line_of_json() {
        let mut cells = vec![change("requests.granted.natural", 3, 30)];
        cells.push(Change { now: Figure::Blank, ..change("requests.total.total", 0, 0) });
        let label = Label {
            id: "990101-001-2021".to_owned(),
            kind: "wrong_cell",
            cells,
            relations: vec!["col:1".to_owned()],
            narrative: vec![CellId::parse("requests.granted.total").unwrap()],
            detail: "“予以公开”\n3 \"改\" 30".to_owned(),
        };
        let line = label.to_line();
        assert!(!line.contains('\n'));
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(json["schema"], SCHEMA);
        assert_eq!(json["cells"][0]["now"], 30);
        assert_eq!(
            json["cells"][1],
            serde_json::json!({"cell": "requests.total.total", "was": 0, "now": null})
        );
        assert_eq!(json["narrative"][0], "requests.granted.total");
        assert_eq!(json["detail"], label.detail);
    }
}
