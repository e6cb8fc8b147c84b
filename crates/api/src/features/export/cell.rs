//! A value on its way into a file.

use domain::money::minor_digits;

/// A cell. Numbers, days and moments stay texts until a form of file has a type of its own for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A number with a point: `1250.00`.
    Number(String),
    /// An amount with a point, and its currency.
    Money {
        /// The amount: `1250.00`.
        amount: String,
        /// ISO-4217 code.
        currency: String,
    },
    /// A day: `2026-11-21`.
    Date(String),
    /// A moment in the organization's time: `2026-11-21T13:45:07`.
    Moment(String),
}

impl Cell {
    /// As people read it.
    pub fn text(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text) | Self::Number(text) | Self::Date(text) | Self::Moment(text) => text,
            Self::Money { amount, .. } => amount,
        }
    }
}

/// An amount in minor units as a number with a point.
pub fn amount(minor: &str, currency: &str) -> String {
    let digits = usize::try_from(minor_digits(currency)).unwrap_or(2);
    let (sign, number) = minor.strip_prefix('-').map_or(("", minor), |number| ("-", number));
    if digits == 0 {
        return minor.to_owned();
    }
    let padded = format!("{number:0>width$}", width = digits + 1);
    let (whole, part) = padded.split_at_checked(padded.len() - digits).unwrap_or((&padded, ""));
    format!("{sign}{whole}.{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EXPORT-01: amounts are exact in every currency.
    #[test]
    fn amounts() {
        let cases = [
            ("125000", "USD", "1250.00"),
            ("5", "EUR", "0.05"),
            ("-5", "EUR", "-0.05"),
            ("-125050", "EUR", "-1250.50"),
            ("1250", "JPY", "1250"),
            ("1250", "KWD", "1.250"),
            ("0", "USD", "0.00"),
            ("9223372036854775807", "USD", "92233720368547758.07"),
        ];
        for (minor, currency, expected) in cases {
            assert_eq!(amount(minor, currency), expected);
        }
    }
}
