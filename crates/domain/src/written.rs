//! Values as English sentences and printed tables write them.

use crate::money::{grouped, minor_digits};
use chrono::{NaiveDate, NaiveDateTime};

/// `21 Nov 2026`.
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// `21 Nov 2026, 13:45`.
pub fn moment(at: NaiveDateTime) -> String {
    at.format("%-d %b %Y, %H:%M").to_string()
}

/// A number with a point, its thousands set apart: `1250.5` as `1,250.5`. Anything else stays as it is.
pub fn number(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    match (whole.parse(), part) {
        (Ok(whole), None) => format!("{sign}{}", grouped(whole)),
        (Ok(whole), Some(part)) => format!("{sign}{}.{part}", grouped(whole)),
        (Err(_no_number), _) => text.to_owned(),
    }
}

/// Minor units as an amount, with the currency if it is known: `1,234.50 USD`.
pub fn money(minor: i64, currency: Option<&str>) -> String {
    let digits = currency.map_or(2, minor_digits);
    let scale = 10_u64.pow(digits);
    let amount = minor.unsigned_abs();
    let mut text = grouped(amount / scale);
    if digits > 0 {
        let width = usize::try_from(digits).unwrap_or(2);
        text.push_str(&format!(".{:0width$}", amount % scale));
    }
    let sign = if minor < 0 { "-" } else { "" };
    match currency {
        Some(code) => format!("{sign}{text} {code}"),
        None => format!("{sign}{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, expected) in [
            ("0", "0"),
            ("1250", "1,250"),
            ("-1250.50", "-1,250.50"),
            ("0.0000001", "0.0000001"),
            ("1e21", "1e21"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("", ""),
        ] {
            assert_eq!(number(text), expected);
        }
        assert_eq!(money(-5, Some("EUR")), "-0.05 EUR");
        assert_eq!((money(1_250, Some("JPY")), money(1_250, None)), ("1,250 JPY".to_owned(), "12.50".to_owned()));
    }
}
