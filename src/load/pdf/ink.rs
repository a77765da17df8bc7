//! What can be seen of a page: colours, areas that are painted over others, and the parts that are shown at all.

use super::matrix::{Matrix, Point};

/// A colour as red, green and blue; none where the document has it from a pattern or a space of its own.
pub(super) type Ink = Option<[f64; 3]>;

/// Black, in which everything is drawn at first.
pub(super) const BLACK: Ink = Some([0.0; 3]);
/// Paper.
const WHITE: Ink = Some([1.0; 3]);
/// Colours nearer than that cannot be told apart.
const SAME: f64 = 0.04;
/// What is fainter than that cannot be seen.
pub(super) const MIN_OPACITY: f64 = 0.04;
/// Painted areas of a page at most: where there are more, it is a picture, and what they hide is not asked.
const MAX_AREAS: usize = 3_000;
/// Smaller areas are lines, and parts of drawings.
const MIN_SIDE: f64 = 4.0;

/// How the numbers of a colour are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// By their count: grey, red-green-blue, or the four inks of print.
    Plain,
    /// The document has a space of its own.
    Other,
}

/// The colour that some numbers mean.
pub(super) fn ink(numbers: &[f64], space: Space) -> Ink {
    match (space, numbers) {
        (Space::Other, _) => None,
        (_, [grey]) => Some([*grey; 3]),
        (_, [r, g, b]) => Some([*r, *g, *b]),
        (_, [c, m, y, k]) => Some([c, m, y].map(|n| (1.0 - n) * (1.0 - k))),
        _ => None,
    }
}

/// A rectangle with its sides along those of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    /// Its corner with the smaller numbers.
    pub(super) low: Point,
    /// The corner across.
    pub(super) high: Point,
}

impl Area {
    /// The smallest one around some points.
    pub(super) fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        let spot = |p: Point| Self { low: p, high: p };
        points.into_iter().map(spot).reduce(|a, b| Self {
            low: (a.low.0.min(b.low.0), a.low.1.min(b.low.1)),
            high: (a.high.0.max(b.high.0), a.high.1.max(b.high.1)),
        })
    }

    /// Where a rectangle comes to lie.
    pub(super) fn moved(low: Point, high: Point, by: Matrix) -> Option<Self> {
        Self::around([low, (high.0, low.1), high, (low.0, high.1)].map(|p| by.apply(p)))
    }

    /// What is of both.
    pub(super) fn within(self, other: Option<Self>) -> Self {
        let Some(other) = other else { return self };
        Self {
            low: (self.low.0.max(other.low.0), self.low.1.max(other.low.1)),
            high: (self.high.0.min(other.high.0), self.high.1.min(other.high.1)),
        }
    }

    /// Whether a point lies in it.
    pub(super) fn holds(&self, (x, y): Point) -> bool {
        x >= self.low.0 && x <= self.high.0 && y >= self.low.1 && y <= self.high.1
    }

    fn sides(&self) -> (f64, f64) {
        ((self.high.0 - self.low.0).max(0.0), (self.high.1 - self.low.1).max(0.0))
    }

    /// How much of another one it fills.
    pub(super) fn part_of(&self, whole: &Self) -> f64 {
        let size = |area: &Self| area.sides().0 * area.sides().1;
        size(&self.within(Some(*whole))) / size(whole).max(1.0)
    }
}

/// An area that was painted.
#[derive(Debug, Clone, Copy)]
struct Painted {
    area: Area,
    ink: Ink,
    /// Nothing below is seen.
    is_opaque: bool,
    /// How many marks had been drawn before.
    at: usize,
}

/// All areas that were painted on a page, in their order.
#[derive(Debug, Default)]
pub(super) struct Paint {
    areas: Vec<Painted>,
}

impl Paint {
    /// Adds an area.
    pub(super) fn add(&mut self, area: Area, ink: Ink, is_opaque: bool, at: usize) {
        let (width, height) = area.sides();
        if width >= MIN_SIDE && height >= MIN_SIDE && self.areas.len() <= MAX_AREAS {
            self.areas.push(Painted { area, ink, is_opaque, at });
        }
    }

    /// How pale a character of that colour is, drawn as mark number `at` around a point: 0 as black on white, 1 as what
    /// is below it. Nothing if it is not seen: it does not differ from what is below, or something lies over it.
    pub(super) fn paleness(&self, point: Point, ink: Ink, at: usize) -> Option<f64> {
        if self.areas.len() > MAX_AREAS {
            return Some(0.0);
        }
        let here = || self.areas.iter().filter(|painted| painted.area.holds(point));
        if here().any(|painted| painted.at > at && painted.is_opaque) {
            return None;
        }
        let below = here().rev().find(|painted| painted.at <= at).map_or(WHITE, |painted| painted.ink);
        let Some((ink, below)) = ink.zip(below) else { return Some(0.0) };
        let difference = ink.iter().zip(below).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        (difference > SAME).then(|| (1.0 - difference).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(low: Point, high: Point) -> Area {
        Area { low, high }
    }

    #[test]
    fn what_lies_over_a_character_or_has_its_colour_hides_it() {
        let mut paint = Paint::default();
        let red = Some([1.0, 0.0, 0.0]);
        paint.add(area((0.0, 0.0), (50.0, 50.0)), red, true, 10);
        paint.add(area((100.0, 0.0), (150.0, 50.0)), red, false, 10);
        let cases = [
            ((20.0, 20.0), BLACK, 5, false),
            ((20.0, 20.0), BLACK, 10, true),
            ((20.0, 20.0), WHITE, 11, true),
            ((20.0, 20.0), red, 11, false),
            ((20.0, 20.0), None, 11, true),
            // Seen through.
            ((120.0, 20.0), BLACK, 5, true),
            ((80.0, 80.0), BLACK, 5, true),
            ((80.0, 80.0), WHITE, 5, false),
        ];
        assert!(paint.paleness((80.0, 80.0), Some([0.87; 3]), 5).is_some_and(|n| n > 0.8));
        // White on a dark ground is as easily read as black on paper.
        assert!(paint.paleness((20.0, 20.0), WHITE, 11).is_some_and(|n| n < 0.1));
        for (point, ink, at, want) in cases {
            assert_eq!(paint.paleness(point, ink, at).is_some(), want, "{point:?} {ink:?} {at}");
        }
    }

    #[test]
    fn colours_by_the_count_of_their_numbers() {
        assert_eq!(ink(&[1.0], Space::Plain), WHITE);
        assert_eq!(ink(&[0.0, 0.0, 0.0, 0.0], Space::Plain), WHITE);
        assert_eq!(ink(&[0.0, 0.0, 0.0, 1.0], Space::Plain), BLACK);
        assert_eq!(ink(&[1.0], Space::Other), None);
    }
}
