//! The drawing of a page, followed step by step: where each character and each line comes to stand.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object};

use super::Failure;
use super::font::{Font, as_f64, entry};
use super::ink::{self, Area, BLACK, Ink, MIN_OPACITY, Paint, Space};
use super::layers::Layers;
use super::marks::{MAX_THICKNESS, Raw, RawGlyph};
use super::matrix::{Matrix, Point};

/// Drawings inside each other at most.
const MAX_DEPTH: usize = 12;
/// Steps of a document at most.
const MAX_STEPS: usize = 5_000_000;
/// Characters and lines of a page at most.
const MAX_MARKS: usize = 500_000;
/// Straight parts of outlines with curves are shorter than that in letters.
const MIN_SIDE_OF_ROUND_BOX: f64 = 40.0;
/// Parts of a path that are looked at as areas.
const MAX_AREAS_OF_PATH: usize = 200;
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
    /// Where images lie.
    pub(super) pictures: Vec<Area>,
    /// Areas with curves in their outlines: characters can be drawn so.
    pub(super) shapes: usize,
    /// Which areas were painted over which.
    pub(super) paint: Paint,
    layers: Layers,
}

#[derive(Debug, Clone)]
struct State {
    page: Matrix,
    /// What areas and characters are filled with, and how the numbers of that colour are meant.
    ink: Ink,
    space: Space,
    opacity: f64,
    /// Whether what is below shows through for another reason.
    is_blended: bool,
    /// How characters are drawn: filled, outlined, not at all.
    mode: i64,
    /// The part of the page that can be drawn on, and whether that is all of it.
    clip: Option<Area>,
    is_clip_exact: bool,
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
    /// Whether the path has curves.
    is_curved: bool,
    /// Whether the path limits what is drawn next.
    clips: bool,
    /// For each part that is marked as something: whether it is left out.
    hidden: Vec<bool>,
    depth: usize,
}

impl<'a> Drawing<'a> {
    /// Begins.
    pub(super) fn new(document: &'a Document) -> Self {
        Self {
            document,
            fonts: HashMap::new(),
            steps: 0,
            raw: Vec::new(),
            unknown: 0,
            images: 0,
            pictures: Vec::new(),
            shapes: 0,
            paint: Paint::default(),
            layers: Layers::of(document),
        }
    }

    /// Forgets the last page.
    pub(super) fn begin_page(&mut self) {
        self.raw.clear();
        self.pictures.clear();
        (self.unknown, self.images, self.shapes) = (0, 0, 0);
        self.paint = Paint::default();
    }

    /// Follows the drawing of a page.
    pub(super) fn page(&mut self, content: &[u8], resources: Option<&'a Dictionary>) -> Result<(), Failure> {
        let state = State {
            page: Matrix::IDENTITY,
            ink: BLACK,
            space: Space::Plain,
            opacity: 1.0,
            is_blended: false,
            mode: 0,
            clip: None,
            is_clip_exact: true,
            font: None,
            size: 0.0,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        self.follow(content, resources, state, (0, false))
    }

    fn follow(
        &mut self,
        content: &[u8],
        resources: Option<&'a Dictionary>,
        state: State,
        (depth, is_hidden): (usize, bool),
    ) -> Result<(), Failure> {
        // What cannot be parsed draws nothing.
        let Ok(content) = Content::decode(content) else { return Ok(()) };
        let (text, line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut walk = Walk {
            resources,
            state,
            saved: Vec::new(),
            text,
            line,
            path: Vec::new(),
            is_curved: false,
            clips: false,
            hidden: vec![is_hidden],
            depth,
        };
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
            operator @ ("S" | "s" | "B" | "B*" | "b" | "b*" | "f" | "F" | "f*" | "n") => {
                self.path(walk, operator);
            }
            "BI" => self.image(walk, false),
            "BDC" => {
                let is_hidden = self.layers.hides(self.document, walk.resources, &operation.operands);
                walk.hidden.push(is_hidden);
            }
            "BMC" => walk.hidden.push(false),
            "EMC" if walk.hidden.len() > 1 => drop(walk.hidden.pop()),
            "gs" => self.graphics(walk, operation),
            "cs" => walk.set_space(self.document, operation),
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
            let has = |key: &[u8]| entry(self.document, &stream.dict, key).is_some();
            let is_opaque = !has(b"SMask") && !has(b"Mask") && !has(b"ImageMask");
            self.image(walk, is_opaque);
            return Ok(());
        }
        if walk.depth >= MAX_DEPTH {
            return Err(Failure::TooLarge("drawings nested too deep"));
        }
        let own = entry(self.document, &stream.dict, b"Resources").and_then(|o| o.as_dict().ok());
        let is_hidden = walk.is_hidden() || self.layers.hides_object(self.document, &stream.dict);
        let mut state = walk.state.clone();
        let matrix = entry(self.document, &stream.dict, b"Matrix").and_then(|o| o.as_array().ok());
        let numbers: Vec<f64> = matrix.into_iter().flatten().filter_map(as_f64).collect();
        if let Ok(matrix) = <[f64; 6]>::try_from(numbers) {
            state.page = Matrix(matrix).then(state.page);
        }
        let corners = entry(self.document, &stream.dict, b"BBox").and_then(|o| o.as_array().ok());
        let corners: Vec<f64> = corners.into_iter().flatten().filter_map(as_f64).collect();
        if let [x, y, right, top] = corners.as_slice() {
            state.clip_to(Area::moved((*x, *y), (*right, *top), state.page), true);
        }
        let Ok(content) = stream.get_plain_content() else { return Ok(()) };
        self.follow(&content, own.or(walk.resources), state, (walk.depth + 1, is_hidden))
    }

    /// An image: where it lies, and that nothing below it is seen.
    fn image(&mut self, walk: &Walk<'a>, is_opaque: bool) {
        self.images += 1;
        if let Some(area) = Area::moved((0.0, 0.0), (1.0, 1.0), walk.state.page) {
            let area = area.within(walk.state.clip);
            self.pictures.push(area);
            let is_opaque = is_opaque && walk.state.covers();
            self.paint.add(area, None, is_opaque, self.raw.len());
        }
    }

    /// What is done with a path: its lines are drawn, its areas filled, or it limits what is drawn next.
    fn path(&mut self, walk: &mut Walk<'a>, operator: &str) {
        let is_filled = operator.starts_with(['f', 'F', 'B', 'b']);
        if walk.is_curved && operator != "n" {
            self.shapes += 1;
        }
        if is_filled {
            self.fill(walk);
        }
        if walk.clips {
            let area = Area::around(walk.path.iter().flatten().copied());
            let is_exact = match (area, walk.path.as_slice()) {
                (Some(area), [part]) => !walk.is_curved && is_rectangle(part, &area),
                _ => false,
            };
            walk.state.clip_to(area, is_exact);
        }
        let is_seen = !walk.is_hidden() && walk.state.opacity > MIN_OPACITY;
        let is_curved = walk.is_curved;
        let mut drawn = match operator {
            "f" | "F" | "f*" => walk.filled(),
            "n" => Vec::new(),
            _ => walk.stroked(),
        };
        if is_curved {
            // The straight parts of letters are no lines of a table; the sides of a box with round corners are.
            let is_long =
                |from: Point, to: Point| (from.0 - to.0).hypot(from.1 - to.1) >= MIN_SIDE_OF_ROUND_BOX;
            drawn.retain(|mark| matches!(mark, Raw::Line(from, to) if is_long(*from, *to)));
        }
        if is_seen {
            self.raw.extend(drawn);
        }
        walk.path.clear();
        (walk.is_curved, walk.clips) = (false, false);
    }

    /// The areas of a path. Of one that is no rectangle, or has another cut out of it, nobody knows what it covers.
    fn fill(&mut self, walk: &Walk<'a>) {
        let areas: Vec<Area> =
            walk.path.iter().filter_map(|part| Area::around(part.iter().copied())).collect();
        let is_within = |a: &Area, b: &Area| a != b && b.holds(a.low) && b.holds(a.high);
        let is_cut =
            areas.len() > MAX_AREAS_OF_PATH || areas.iter().any(|a| areas.iter().any(|b| is_within(a, b)));
        for (part, area) in walk.path.iter().zip(&areas).take(MAX_AREAS_OF_PATH) {
            let is_known = !is_cut && !walk.is_curved && is_rectangle(part, area);
            let ink =
                walk.state.ink.filter(|_| is_known && !walk.state.is_blended && walk.state.opacity > 0.95);
            let is_opaque = is_known && ink.is_some() && walk.state.covers();
            self.paint.add(area.within(walk.state.clip), ink, is_opaque, self.raw.len());
        }
    }

    /// The graphics state that a document names: how much shows through.
    fn graphics(&self, walk: &mut Walk<'a>, operation: &Operation) {
        let find = || {
            let states = entry(self.document, walk.resources?, b"ExtGState")?.as_dict().ok()?;
            entry(self.document, states, operation.operands.first()?.as_name().ok()?)?.as_dict().ok()
        };
        let Some(dict) = find() else { return };
        if let Some(opacity) = entry(self.document, dict, b"ca").and_then(as_f64) {
            walk.state.opacity = opacity;
        }
        let is_plain = |key: &[u8], plain: &[u8]| {
            entry(self.document, dict, key).is_none_or(|o| o.as_name().is_ok_and(|name| name == plain))
        };
        if dict.has(b"BM") || dict.has(b"SMask") {
            walk.state.is_blended = !is_plain(b"BM", b"Normal") || !is_plain(b"SMask", b"None");
        }
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
                Some(text) if is_placed => {
                    let middle = place.apply((width / 2.0, 0.35));
                    // What is cut off in part can still be read.
                    let parts = [0.1, 0.35, 0.65].map(|up| place.apply((width / 2.0, up)));
                    let is_seen = !walk.is_hidden() && state.shows_text(&parts, height);
                    let (ink, opacity) = (if state.mode == 0 { state.ink } else { None }, state.opacity);
                    let (size, paleness) = (height, 0.0);
                    let glyph = RawGlyph { text, from, to, middle, size, ink, opacity, paleness, is_seen };
                    self.raw.push(Raw::Glyph(glyph));
                }
                Some(_) => {}
                None => self.unknown += 1,
            }
            let space = state.character_space + if code.is_space { state.word_space } else { 0.0 };
            walk.advance((width * state.size + space) * state.scale);
        }
    }
}

impl State {
    /// Whether what is filled hides what is below.
    fn covers(&self) -> bool {
        self.opacity > 0.95 && !self.is_blended && self.is_clip_exact
    }

    /// Whether characters are drawn at all, and where they can be seen.
    fn shows_text(&self, parts: &[Point], height: f64) -> bool {
        // Outlines that are nothing but the limit of what is drawn next are not seen, nor is text of no size.
        !matches!(self.mode, 3 | 7)
            && height >= 0.5
            && self.opacity > MIN_OPACITY
            && self.clip.is_none_or(|clip| parts.iter().any(|part| clip.holds(*part)))
    }

    fn clip_to(&mut self, area: Option<Area>, is_exact: bool) {
        if let Some(area) = area {
            self.clip = Some(area.within(self.clip));
            self.is_clip_exact &= is_exact;
        }
    }
}

/// Whether a part of a path is that rectangle.
fn is_rectangle(part: &[Point], area: &Area) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 0.5;
    let is_corner = |p: &Point| {
        (near(p.0, area.low.0) || near(p.0, area.high.0)) && (near(p.1, area.low.1) || near(p.1, area.high.1))
    };
    part.len() >= 4 && part.iter().all(is_corner)
}

impl Walk<'_> {
    fn is_hidden(&self) -> bool {
        self.hidden.contains(&true)
    }

    /// A colour space: those whose numbers mean what their count says, and others.
    fn set_space(&mut self, document: &Document, operation: &Operation) {
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
