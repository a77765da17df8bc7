//! The drawing of a page, followed step by step: where each character and each line comes to stand.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object};

use super::Failure;
use super::font::{Font, as_f64, entry};
use super::marks::{MAX_THICKNESS, Raw};
use super::matrix::{Matrix, Point};

/// Drawings inside each other at most.
const MAX_DEPTH: usize = 12;
/// Steps of a document at most.
const MAX_STEPS: usize = 5_000_000;
/// Characters and lines of a page at most.
const MAX_MARKS: usize = 500_000;
/// Saved states at most.
const MAX_SAVED: usize = 1_000;

/// Follows the drawings of a document.
pub(super) struct Drawing<'a> {
    document: &'a Document,
    fonts: HashMap<usize, Rc<Font>>,
    steps: usize,
    /// What was drawn on the page.
    pub(super) raw: Vec<Raw>,
    /// Characters without a meaning.
    pub(super) unknown: usize,
    /// Images.
    pub(super) images: usize,
}

#[derive(Debug, Clone)]
struct State {
    page: Matrix,
    font: Option<Rc<Font>>,
    size: f64,
    character_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

/// A drawing that is being followed.
struct Walk<'a> {
    resources: Option<&'a Dictionary>,
    state: State,
    saved: Vec<State>,
    text: Matrix,
    line: Matrix,
    path: Vec<Vec<Point>>,
    depth: usize,
}

impl<'a> Drawing<'a> {
    /// Begins.
    pub(super) fn new(document: &'a Document) -> Self {
        Self { document, fonts: HashMap::new(), steps: 0, raw: Vec::new(), unknown: 0, images: 0 }
    }

    /// Follows the drawing of a page.
    pub(super) fn page(&mut self, content: &[u8], resources: Option<&'a Dictionary>) -> Result<(), Failure> {
        let state = State {
            page: Matrix::IDENTITY,
            font: None,
            size: 0.0,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        self.follow(content, resources, state, 0)
    }

    fn follow(
        &mut self,
        content: &[u8],
        resources: Option<&'a Dictionary>,
        state: State,
        depth: usize,
    ) -> Result<(), Failure> {
        // What cannot be parsed draws nothing.
        let Ok(content) = Content::decode(content) else { return Ok(()) };
        let (text, line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut walk = Walk { resources, state, saved: Vec::new(), text, line, path: Vec::new(), depth };
        for operation in &content.operations {
            self.steps += 1;
            if self.steps > MAX_STEPS || self.raw.len() > MAX_MARKS {
                return Err(Failure::TooLarge("more marks than any report"));
            }
            self.step(&mut walk, operation)?;
        }
        Ok(())
    }

    fn step(&mut self, walk: &mut Walk<'a>, operation: &Operation) -> Result<(), Failure> {
        let numbers: Vec<f64> = operation.operands.iter().filter_map(as_f64).collect();
        match operation.operator.as_str() {
            "Do" => return self.object(walk, operation),
            "Tf" => {
                let name = operation.operands.first().and_then(|o| o.as_name().ok());
                walk.state.font = name.and_then(|name| self.font(walk.resources, name));
                walk.state.size = numbers.last().copied().unwrap_or(0.0);
            }
            "Tj" => self.strings(walk, &operation.operands),
            "TJ" => {
                if let Some(Object::Array(list)) = operation.operands.first() {
                    self.strings(walk, list);
                }
            }
            "'" => {
                walk.next_line(0.0, -walk.state.leading);
                self.strings(walk, &operation.operands);
            }
            "\"" => {
                if let [word, character, ..] = numbers.as_slice() {
                    (walk.state.word_space, walk.state.character_space) = (*word, *character);
                }
                walk.next_line(0.0, -walk.state.leading);
                let last = operation.operands.last().map(std::slice::from_ref);
                self.strings(walk, last.unwrap_or_default());
            }
            "S" | "s" | "B" | "B*" | "b" | "b*" => self.raw.extend(walk.stroked()),
            "f" | "F" | "f*" => self.raw.extend(walk.filled()),
            "n" => walk.path.clear(),
            "BI" => self.images += 1,
            operator => walk.set(operator, &numbers),
        }
        Ok(())
    }

    fn font(&mut self, resources: Option<&'a Dictionary>, name: &[u8]) -> Option<Rc<Font>> {
        let fonts = entry(self.document, resources?, b"Font")?.as_dict().ok()?;
        let dict = entry(self.document, fonts, name)?.as_dict().ok()?;
        // The same name may be another font on another page, so fonts are known by where they are written.
        let key = std::ptr::from_ref(dict) as usize;
        let font = self.fonts.entry(key).or_insert_with(|| Rc::new(Font::read(self.document, dict)));
        Some(Rc::clone(font))
    }

    fn object(&mut self, walk: &Walk<'a>, operation: &Operation) -> Result<(), Failure> {
        let find = || {
            let objects = entry(self.document, walk.resources?, b"XObject")?.as_dict().ok()?;
            entry(self.document, objects, operation.operands.first()?.as_name().ok()?)?.as_stream().ok()
        };
        let Some(stream) = find() else { return Ok(()) };
        if entry(self.document, &stream.dict, b"Subtype")
            .is_none_or(|o| !o.as_name().is_ok_and(|n| n == b"Form"))
        {
            self.images += 1;
            return Ok(());
        }
        if walk.depth >= MAX_DEPTH {
            return Err(Failure::TooLarge("drawings nested too deep"));
        }
        let own = entry(self.document, &stream.dict, b"Resources").and_then(|o| o.as_dict().ok());
        let mut state = walk.state.clone();
        let matrix = entry(self.document, &stream.dict, b"Matrix").and_then(|o| o.as_array().ok());
        let numbers: Vec<f64> = matrix.into_iter().flatten().filter_map(as_f64).collect();
        if let Ok(matrix) = <[f64; 6]>::try_from(numbers) {
            state.page = Matrix(matrix).then(state.page);
        }
        let Ok(content) = stream.get_plain_content() else { return Ok(()) };
        self.follow(&content, own.or(walk.resources), state, walk.depth + 1)
    }

    /// Strings to show, and numbers to move by.
    fn strings(&mut self, walk: &mut Walk<'a>, operands: &[Object]) {
        for operand in operands {
            if let Object::String(bytes, _) = operand {
                self.show(walk, bytes);
            } else if let Some(back) = as_f64(operand) {
                walk.advance(-back / 1000.0 * walk.state.size * walk.state.scale);
            }
        }
    }

    fn show(&mut self, walk: &mut Walk<'a>, bytes: &[u8]) {
        let Some(font) = walk.state.font.clone() else { return };
        for code in font.codes(bytes) {
            let state = &walk.state;
            let size = Matrix([state.size * state.scale, 0.0, 0.0, state.size, 0.0, state.rise]);
            let place = size.then(walk.text).then(state.page);
            let width = code.width / 1000.0;
            let (from, to) = (place.apply((0.0, 0.0)), place.apply((width.max(0.001), 0.0)));
            let [_, _, c, d, ..] = place.0;
            let height = c.hypot(d);
            let is_placed =
                [from.0, from.1, to.0, to.1, height].iter().all(|n| n.is_finite() && n.abs() < 1e6);
            match code.text {
                Some(text) if is_placed => self.raw.push(Raw::Glyph(text, from, to, height)),
                Some(_) => {}
                None => self.unknown += 1,
            }
            let space = state.character_space + if code.is_space { state.word_space } else { 0.0 };
            walk.advance((width * state.size + space) * state.scale);
        }
    }
}

impl Walk<'_> {
    fn advance(&mut self, distance: f64) {
        self.text = Matrix::shift(distance, 0.0).then(self.text);
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::shift(x, y).then(self.line);
        self.text = self.line;
    }

    /// The operators that change the state and the path.
    fn set(&mut self, operator: &str, numbers: &[f64]) {
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
            ("m", [x, y]) => {
                let start = self.state.page.apply((*x, *y));
                self.path.push(vec![start]);
            }
            // A curve is no line of a table, but the path goes on where it ends.
            ("l", [x, y]) | ("c", [_, _, _, _, x, y]) | ("v" | "y", [_, _, x, y]) => {
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
    fn stroked(&mut self) -> Vec<Raw> {
        let path = std::mem::take(&mut self.path);
        let lines = path.iter().flat_map(|part| part.windows(2));
        lines
            .filter_map(|pair| if let [from, to] = pair { Some(Raw::Line(*from, *to)) } else { None })
            .collect()
    }

    /// Lines are often drawn as thin areas: each part of the path from corner to corner. A frame is one area with
    /// another one cut out of it.
    fn filled(&mut self) -> Vec<Raw> {
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
