//! A figure of the form: what stands in one cell, exactly as printed.
//!
//! Counts and money are decimal numbers with their printed digits; nothing here goes through a float, because
//! the checks have tolerance 0 and 14.2404 must stay 14.2404.

use std::fmt;

/// The longest number that is read: more digits than that is no figure of a report, and the sums of all cells
/// stay far inside `i128`.
pub const MAX_DIGITS: usize = 18;

/// A decimal number with its printed number of decimals: `units / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    units: i64,
    scale: u8,
}

impl Number {
    /// A whole number.
    #[must_use]
    pub const fn whole(value: i64) -> Self {
        Self { units: value, scale: 0 }
    }

    /// Reads plain decimal notation (`-12`, `14.2404`); `None` for anything else or beyond [`MAX_DIGITS`] digits.
    ///
    /// Exponents (as JSON allows, `1e3`) are refused: no report prints them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(value) = Self::small(text) {
            return Some(Self::whole(value));
        }
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || fraction.is_some_and(|f| !all_digits(f)) {
            return None;
        }
        let fraction = fraction.unwrap_or("");
        if whole.trim_start_matches('0').len() + fraction.len() > MAX_DIGITS {
            return None;
        }
        let units = whole.bytes().chain(fraction.bytes()).fold(0_i64, |n, b| n * 10 + i64::from(b - b'0'));
        Some(Self { units: sign * units, scale: fraction.len() as u8 })
    }

    /// A few digits and nothing else, which most numbers are.
    fn small(text: &str) -> Option<i64> {
        let digit = |b: u8| b.is_ascii_digit().then(|| i64::from(b - b'0'));
        if !(1..=9).contains(&text.len()) {
            return None;
        }
        text.bytes().try_fold(0, |n, b| Some(n * 10 + digit(b)?))
    }

    /// The value as a whole number, if it has no decimals other than zeros.
    #[must_use]
    pub fn as_whole(self) -> Option<i64> {
        if self.scale == 0 {
            return Some(self.units);
        }
        let unit = 10_i64.checked_pow(u32::from(self.scale))?;
        (self.units % unit == 0).then(|| self.units / unit)
    }

    /// The digits without the decimal point.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.units
    }

    /// How many decimals are printed.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The number with those digits, the last `scale` of them behind the decimal point.
    #[must_use]
    pub const fn of_units(units: i64, scale: u8) -> Self {
        Self { units, scale }
    }

    /// Whether the value is zero, whatever its decimals.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Whether the value is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.units < 0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.units);
        }
        Sum::from(*self).fmt(f)
    }
}

/// An exact sum of numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sum {
    units: i128,
    scale: u8,
}

impl Sum {
    /// Nothing summed yet.
    pub const ZERO: Self = Self { units: 0, scale: 0 };

    /// This sum with `number` taken `factor` times.
    ///
    /// Cannot overflow for the few hundred cells of a report: a number has at most [`MAX_DIGITS`] digits.
    #[must_use]
    pub fn plus(self, number: Number, factor: i8) -> Self {
        self.plus_sum(Self::from(number), factor)
    }

    /// This sum with another taken `factor` times.
    #[must_use]
    pub fn plus_sum(self, other: Self, factor: i8) -> Self {
        let scale = self.scale.max(other.scale);
        let units =
            self.at_scale(scale).saturating_add(other.at_scale(scale).saturating_mul(i128::from(factor)));
        Self { units, scale }
    }

    fn at_scale(self, scale: u8) -> i128 {
        // Nearly all sums are of whole numbers.
        if scale == self.scale {
            return self.units;
        }
        self.units.saturating_mul(10_i128.pow(u32::from(scale - self.scale)))
    }

    /// Whether the sum is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.units < 0
    }
}

impl Sum {
    /// The value as a whole number, if it has no decimals other than zeros.
    #[must_use]
    pub fn as_whole(self) -> Option<i64> {
        if self.scale == 0 {
            return i64::try_from(self.units).ok();
        }
        let unit = 10_i128.checked_pow(u32::from(self.scale))?;
        (self.units % unit == 0).then(|| i64::try_from(self.units / unit).ok()).flatten()
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(value: i64) -> Self {
        Self { units: value as i128, scale: 0 }
    }

    /// The sum taken so many times.
    #[must_use]
    pub fn times(self, factor: i64) -> Self {
        Self { units: self.units.saturating_mul(i128::from(factor)), scale: self.scale }
    }
}

impl PartialOrd for Sum {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sum {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let scale = self.scale.max(other.scale);
        self.at_scale(scale).cmp(&other.at_scale(scale))
    }
}

impl From<Number> for Sum {
    fn from(n: Number) -> Self {
        Self { units: i128::from(n.units), scale: n.scale }
    }
}

impl PartialEq for Sum {
    fn eq(&self, other: &Self) -> bool {
        let scale = self.scale.max(other.scale);
        self.at_scale(scale) == other.at_scale(scale)
    }
}

impl Eq for Sum {}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nearly all sums are small and whole, and divisions of wide numbers are slow.
        if let (0, Ok(units)) = (self.scale, i64::try_from(self.units)) {
            return write!(f, "{units}");
        }
        let unit = 10_i128.pow(u32::from(self.scale));
        let sign = if self.units < 0 { "-" } else { "" };
        let (whole, fraction) = ((self.units / unit).abs(), (self.units % unit).abs());
        if self.scale == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{fraction:0width$}", width = usize::from(self.scale))
        }
    }
}

/// What stands in one cell of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Figure {
    /// The form or the document has no such cell.
    #[default]
    Absent,
    /// The form has the cell, the document left it empty.
    Blank,
    /// Something stands there that is no number, or cannot be placed with certainty; never counted as zero.
    Unreadable,
    /// A number.
    Number(Number),
}

impl Figure {
    /// The number, if it is one.
    #[must_use]
    pub const fn number(self) -> Option<Number> {
        match self {
            Self::Number(n) => Some(n),
            Self::Absent | Self::Blank | Self::Unreadable => None,
        }
    }

    /// Whether it is blank or zero: nothing to add.
    #[must_use]
    pub const fn is_nil(self) -> bool {
        match self {
            Self::Blank => true,
            Self::Number(n) => n.is_zero(),
            Self::Absent | Self::Unreadable => false,
        }
    }
}

/// The unit in which an amount of money is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Unit {
    /// 元
    Yuan,
    /// 万元, ten thousand yuan: the unit that the form asks for.
    TenThousandYuan,
    /// 亿元
    HundredMillionYuan,
}

impl Unit {
    /// As printed and as written in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::TenThousandYuan => "万元",
            Self::HundredMillionYuan => "亿元",
        }
    }

    /// The unit of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Yuan, Self::TenThousandYuan, Self::HundredMillionYuan].into_iter().find(|u| u.name() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_printed_digits() {
        for text in ["0", "14.2404", "-3", "0.0000", "3400660", "999999999999999999"] {
            assert_eq!(Number::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Number::parse("007").unwrap().to_string(), "7");
    }

    #[test]
    fn what_is_no_plain_number_is_refused() {
        for text in
            ["", "-", "1.", ".5", "1e3", "1,000", "+2", "１", "1 2", "--1", "9999999999999999999", "0x1"]
        {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn sums_are_exact_over_different_decimals() {
        let n = |t| Number::parse(t).unwrap();
        let sum = Sum::ZERO.plus(n("0.1"), 1).plus(n("0.20"), 1).plus(n("0.3"), -1);
        assert!(sum.is_zero());
        assert_eq!(Sum::from(n("1.50")), Sum::from(n("1.5")));
        assert_eq!(Sum::ZERO.plus(n("0.05"), -1).to_string(), "-0.05");
    }

    proptest::proptest! {
        #[test]
        fn printing_and_reading_agree(units in -999_999_999_999_i64..999_999_999_999, scale in 0_u8..6) {
            let n = Number { units, scale };
            if n.units != 0 {
                proptest::prop_assert_eq!(Number::parse(&n.to_string()), Some(n));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            if let Some(n) = Number::parse(&text) {
                proptest::prop_assert!(Number::parse(&n.to_string()) == Some(n) || n.is_zero());
            }
        }
    }
}
