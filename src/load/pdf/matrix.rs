//! Positions on a page: points and the matrices that move them.

#![allow(clippy::many_single_char_names, reason = "the six numbers have no other names")]

/// A point.
pub(super) type Point = (f64, f64);

/// A transformation of the plane, in the order in which a PDF writes its six numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    /// Leaves everything where it is.
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// Moves by a distance.
    pub(super) const fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This one first, then `then`.
    pub(super) fn then(self, then: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [p, q, r, s, t, u] = then.0;
        Self([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        ])
    }

    /// Where a point goes.
    pub(super) fn apply(self, (x, y): Point) -> Point {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_transformations() {
        let double = Matrix([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        assert_eq!(double.then(Matrix::shift(1.0, 0.0)).apply((3.0, 4.0)), (7.0, 8.0));
        assert_eq!(Matrix::shift(1.0, 0.0).then(double).apply((3.0, 4.0)), (8.0, 8.0));
    }
}
