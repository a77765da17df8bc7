//! The drawing of a page, followed step by step: where each character and each line comes to stand.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object};

use super::Failure;
use super::font::{Font, as_f64, entry};
use super::ink::{Area, BLACK, MIN_OPACITY, Paint, Space};
use super::layers::Layers;
use super::marks::{Raw, RawGlyph};
use super::matrix::{Matrix, Point};
use super::state::{State, Walk, is_rectangle};

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
