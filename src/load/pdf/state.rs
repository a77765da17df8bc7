//! The state of a drawing: how things are drawn next, and the path that is being put together.

use std::rc::Rc;

use lopdf::content::Operation;
use lopdf::{Dictionary, Document};

use super::font::{Font, entry};
use super::ink::{self, Area, BLACK, Ink, MIN_OPACITY, Space};
use super::marks::{MAX_THICKNESS, Raw};
use super::matrix::{Matrix, Point};

/// Saved states at most.
const MAX_SAVED: usize = 1_000;

/// How things are drawn.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) page: Matrix,
    /// What areas and characters are filled with, and how the numbers of that colour are meant.
    pub(super) ink: Ink,
    pub(super) space: Space,
    pub(super) opacity: f64,
    /// Whether what is below shows through for another reason.
    pub(super) is_blended: bool,
    /// How characters are drawn: filled, outlined, not at all.
    pub(super) mode: i64,
    /// The part of the page that can be drawn on, and whether that is all of it.
    pub(super) clip: Option<Area>,
    pub(super) is_clip_exact: bool,
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f64,
    pub(super) character_space: f64,
    pub(super) word_space: f64,
    pub(super) scale: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
}

/// A drawing that is being followed.
pub(super) struct Walk<'a> {
    pub(super) resources: Option<&'a Dictionary>,
    pub(super) state: State,
    pub(super) saved: Vec<State>,
    pub(super) text: Matrix,
    pub(super) line: Matrix,
    pub(super) path: Vec<Vec<Point>>,
    /// Whether the path has curves.
    pub(super) is_curved: bool,
    /// Whether the path limits what is drawn next.
    pub(super) clips: bool,
    /// For each part that is marked as something: whether it is left out.
    pub(super) hidden: Vec<bool>,
    pub(super) depth: usize,
}

impl State {
    /// Whether what is filled hides what is below.
    pub(super) fn covers(&self) -> bool {
        self.opacity > 0.95 && !self.is_blended && self.is_clip_exact
    }

    /// Whether characters are drawn at all, and where they can be seen.
    pub(super) fn shows_text(&self, parts: &[Point], height: f64) -> bool {
        // Outlines that are nothing but the limit of what is drawn next are not seen, nor is text of no size.
        !matches!(self.mode, 3 | 7)
            && height >= 0.5
            && self.opacity > MIN_OPACITY
            && self.clip.is_none_or(|clip| parts.iter().any(|part| clip.holds(*part)))
    }

    pub(super) fn clip_to(&mut self, area: Option<Area>, is_exact: bool) {
        if let Some(area) = area {
            self.clip = Some(area.within(self.clip));
            self.is_clip_exact &= is_exact;
        }
    }
}

/// Whether a part of a path is that rectangle.
pub(super) fn is_rectangle(part: &[Point], area: &Area) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 0.5;
    let is_corner = |p: &Point| {
        (near(p.0, area.low.0) || near(p.0, area.high.0)) && (near(p.1, area.low.1) || near(p.1, area.high.1))
    };
    part.len() >= 4 && part.iter().all(is_corner)
}

impl Walk<'_> {
    pub(super) fn is_hidden(&self) -> bool {
        self.hidden.contains(&true)
    }

    /// A colour space: those whose numbers mean what their count says, and others.
    pub(super) fn set_space(&mut self, document: &Document, operation: &Operation) {
        let name = operation.operands.first().and_then(|o| o.as_name().ok()).unwrap_or_default();
        let named = || {
            let spaces = entry(document, self.resources?, b"ColorSpace")?.as_dict().ok()?;
            let space = entry(document, spaces, name)?;
            let list = space.as_array().ok();
            let first =
                list.and_then(|l| l.first()).and_then(|o| document.dereference(o).ok()).map(|(_, o)| o);
            first.unwrap_or(space).as_name().ok()
        };
        let family = named().unwrap_or(name);
        let is_plain = family.starts_with(b"Device") && family != b"DeviceN"
            || matches!(family, b"ICCBased" | b"CalGray" | b"CalRGB" | b"G" | b"RGB" | b"CMYK");
        self.state.space = if is_plain { Space::Plain } else { Space::Other };
        self.state.ink = if is_plain { BLACK } else { None };
    }

    pub(super) fn advance(&mut self, distance: f64) {
        self.text = Matrix::shift(distance, 0.0).then(self.text);
    }

    pub(super) fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::shift(x, y).then(self.line);
        self.text = self.line;
    }

    /// The operators that change the state and the path.
    pub(super) fn set(&mut self, operator: &str, numbers: &[f64]) {
        match (operator, numbers) {
            ("q", _) if self.saved.len() < MAX_SAVED => self.saved.push(self.state.clone()),
            ("Q", _) => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
            ("BT", _) => (self.text, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            ("cm" | "Tm", numbers) => {
                let Ok(matrix) = <[f64; 6]>::try_from(numbers).map(Matrix) else { return };
                if operator == "cm" {
                    self.state.page = matrix.then(self.state.page);
                } else {
                    (self.text, self.line) = (matrix, matrix);
                }
            }
            ("Td", [x, y]) => self.next_line(*x, *y),
            ("TD", [x, y]) => {
                self.state.leading = -y;
                self.next_line(*x, *y);
            }
            ("T*", _) => self.next_line(0.0, -self.state.leading),
            ("Tc", [n]) => self.state.character_space = *n,
            ("Tw", [n]) => self.state.word_space = *n,
            ("Tz", [n]) => self.state.scale = n / 100.0,
            ("TL", [n]) => self.state.leading = *n,
            ("Ts", [n]) => self.state.rise = *n,
            #[allow(clippy::cast_possible_truncation, reason = "a small number")]
            ("Tr", [n]) => self.state.mode = *n as i64,
            ("g" | "rg" | "k", numbers) => {
                self.state.space = Space::Plain;
                self.state.ink = ink::ink(numbers, Space::Plain);
            }
            ("sc" | "scn", numbers) => self.state.ink = ink::ink(numbers, self.state.space),
            ("W" | "W*", _) => self.clips = true,
            ("m", [x, y]) => {
                let start = self.state.page.apply((*x, *y));
                self.path.push(vec![start]);
            }
            // A curve is no line of a table, but the path goes on where it ends.
            ("l", [x, y]) | ("c", [_, _, _, _, x, y]) | ("v" | "y", [_, _, x, y]) => {
                self.is_curved |= operator != "l";
                let to = self.state.page.apply((*x, *y));
                if let Some(part) = self.path.last_mut() {
                    part.push(to);
                }
            }
            ("h", _) => {
                if let Some(part) = self.path.last_mut() {
                    part.extend(part.first().copied());
                }
            }
            ("re", [x, y, width, height]) => {
                let corners =
                    [(*x, *y), (x + width, *y), (x + width, y + height), (*x, y + height), (*x, *y)];
                self.path.push(corners.into_iter().map(|p| self.state.page.apply(p)).collect());
            }
            _ => {}
        }
    }

    /// The lines of the path.
    pub(super) fn stroked(&mut self) -> Vec<Raw> {
        let path = std::mem::take(&mut self.path);
        let lines = path.iter().flat_map(|part| part.windows(2));
        lines
            .filter_map(|pair| if let [from, to] = pair { Some(Raw::Line(*from, *to)) } else { None })
            .collect()
    }

    /// Lines are often drawn as thin areas: each part of the path from corner to corner. A frame is one area with
    /// another one cut out of it.
    pub(super) fn filled(&mut self) -> Vec<Raw> {
        let path = std::mem::take(&mut self.path);
        let corners = |part: &Vec<Point>| {
            let low = part.iter().copied().reduce(|a, b| (a.0.min(b.0), a.1.min(b.1)))?;
            let high = part.iter().copied().reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))?;
            Some((low, high))
        };
        let areas: Vec<(Point, Point)> = path.iter().filter_map(corners).collect();
        let near = |a: Point, b: Point| (a.0 - b.0).abs().max((a.1 - b.1).abs()) <= MAX_THICKNESS;
        let frames = areas.windows(2).filter_map(|pair| match pair {
            [one, other] if near(one.0, other.0) && near(one.1, other.1) => Some(*one),
            _ => None,
        });
        let sides = frames.flat_map(|((left, low), (right, high))| {
            let corners = [(left, low), (right, low), (right, high), (left, high), (left, low)];
            corners.into_iter().zip(corners.into_iter().skip(1)).map(|(a, b)| Raw::Line(a, b))
        });
        sides.chain(areas.iter().map(|(low, high)| Raw::Line(*low, *high))).collect()
    }
}
