//! Numbers and amounts in the common spellings, read exactly: no floating point.

use super::currency;
use crate::import::plan::DecimalSeparator;
use crate::money;

const NOT_A_NUMBER: &str = "a number";

/// The longest number, in characters; nothing sensible is longer.
const LONGEST: usize = 40;

/// A number taken apart: `digits × 10^-decimals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Decimal {
    digits: i128,
    decimals: u32,
}

/// A whole number: `2,822`, `12.0`, `-3`, `75%`.
pub fn integer(text: &str, separator: DecimalSeparator) -> Result<i64, &'static str> {
    let text = text.trim();
    let number = decimal(text.strip_suffix('%').unwrap_or(text).trim_end(), separator)?;
    whole(number).ok_or("a whole number")
}

/// A number with decimals: `2,822.5`, `-3`, `75%`.
pub fn number(text: &str, separator: DecimalSeparator) -> Result<f64, &'static str> {
    let text = text.trim();
    let Decimal { digits, decimals } = decimal(text.strip_suffix('%').unwrap_or(text).trim_end(), separator)?;
    // By way of a decimal text, which is read to the nearest number that there is.
    format!("{digits}e-{decimals}").parse().map_err(|_e| NOT_A_NUMBER)
}

fn whole(number: Decimal) -> Option<i64> {
    let unit = 10_i128.checked_pow(number.decimals)?;
    (number.digits % unit == 0).then(|| i64::try_from(number.digits / unit).ok())?
}

/// An amount in minor units of `currency`: `1,054.50`, `€ 1.054,50`, `(12.00)`, `USD 4.5k`.
///
/// `exponent` is the scale: 6 where the file counts in millions. Beyond the minor digits it is rounded half up.
pub fn minor_units(
    text: &str,
    separator: DecimalSeparator,
    exponent: u32,
    currency: &str,
) -> Result<i64, &'static str> {
    let (bare, sign) = strip_sign_and_currency(text);
    if bare.starts_with(['-', '−']) {
        return Err(NOT_A_NUMBER);
    }
    let (bare, suffix) = strip_magnitude(&bare);
    let number = decimal(bare, separator)?;
    let grow = money::minor_digits(currency) + exponent + suffix;
    let minor = shift(number, grow).ok_or("a smaller amount")?;
    i64::try_from(minor * sign).map_err(|_out_of_range| "a smaller amount")
}

/// `digits × 10^(grow - decimals)`, rounded half away from zero.
fn shift(number: Decimal, grow: u32) -> Option<i128> {
    if grow >= number.decimals {
        return number.digits.checked_mul(10_i128.checked_pow(grow - number.decimals)?);
    }
    let unit = 10_i128.checked_pow(number.decimals - grow)?;
    let half = unit / 2 * number.digits.signum();
    Some(number.digits.checked_add(half)? / unit)
}

/// An amount without signs of currencies, and whether it is less than nothing: `-1`, `1-` and `(1)` are.
fn strip_sign_and_currency(text: &str) -> (String, i128) {
    // Characters whose lower case is longer are no part of an amount; what is left then is no number.
    let lower = text.trim().to_lowercase();
    let mut rest = lower.as_str();
    let mut sign = 1;
    if let Some(inner) = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')) {
        (rest, sign) = (inner, -1);
    }
    for _ in 0..2 {
        rest = rest.trim();
        let minus = ['-', '−'];
        if let Some(inner) = rest.strip_prefix(minus).or_else(|| rest.strip_suffix(minus)).filter(|_| sign > 0) {
            (rest, sign) = (inner.trim(), -1);
        }
        rest = currency::strip(rest);
    }
    (rest.trim().to_owned(), sign)
}

fn strip_magnitude(text: &str) -> (&str, u32) {
    for (suffix, exponent) in [("bn", 9), ("k", 3), ("m", 6), ("b", 9)] {
        let cut = text.len().checked_sub(suffix.len()).and_then(|at| text.split_at_checked(at));
        if let Some((number, _)) = cut.filter(|(_, tail)| tail.eq_ignore_ascii_case(suffix)) {
            return (number.trim_end(), exponent);
        }
    }
    (text, 0)
}

fn decimal(text: &str, separator: DecimalSeparator) -> Result<Decimal, &'static str> {
    if text.chars().count() > LONGEST {
        return Err("a shorter number");
    }
    let (text, negative) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (rest, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    };
    // Blanks and apostrophes only ever group digits.
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')).collect();
    let (integer, fraction, group) = split(&text, separator)?;
    let digits: String = grouped(integer, group)?.chars().chain(fraction.chars()).collect();
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(NOT_A_NUMBER);
    }
    // At most 38 digits fit; more are refused rather than cut.
    let value: i128 = digits.parse().map_err(|_too_long| "a smaller number")?;
    let decimals = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    Ok(Decimal { digits: if negative { -value } else { value }, decimals })
}

/// Integer part, decimals, and the character that groups digits.
fn split(text: &str, separator: DecimalSeparator) -> Result<(&str, &str, char), &'static str> {
    let (point, group) = match separator {
        DecimalSeparator::Point => ('.', ','),
        DecimalSeparator::Comma => (',', '.'),
    };
    // With both in one number, the last one is the decimal separator, whatever was chosen.
    let (point, group) = match (text.rfind(point), text.rfind(group)) {
        (Some(p), Some(g)) if g > p => (group, point),
        _ => (point, group),
    };
    let (integer, fraction) = text.split_once(point).unwrap_or((text, ""));
    if fraction.contains([point, group]) {
        return Err(NOT_A_NUMBER);
    }
    Ok((integer, fraction, group))
}

/// The digits without their grouping, which must be in threes (or in the Indian manner: twos, then a three).
fn grouped(integer: &str, group: char) -> Result<String, &'static str> {
    if !integer.contains(group) {
        return Ok(integer.to_owned());
    }
    let parts: Vec<&str> = integer.split(group).collect();
    let last_is_three = parts.last().is_some_and(|p| p.len() == 3);
    let middle = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    let even = middle.iter().all(|p| p.len() == 3) || middle.iter().all(|p| p.len() == 2);
    let first = parts.first().is_some_and(|p| (1..=3).contains(&p.len()));
    if last_is_three && even && first { Ok(parts.concat()) } else { Err("a number with the decimal separator chosen") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DecimalSeparator::{Comma, Point};

    /// IMPORT-02: amounts in the common spellings, exact to the minor unit.
    #[test]
    fn amounts() {
        for (text, separator, minor) in [
            ("1,054.50", Point, 105_450),
            ("1054", Point, 105_400),
            ("€ 1.054,50", Comma, 105_450),
            ("1.054,50 €", Point, 105_450),
            ("$4.5k", Point, 450_000),
            ("USD 1.2M", Point, 120_000_000),
            ("-USD 3", Point, -300),
            ("12 EUR", Point, 1_200),
            ("(12.00)", Point, -1_200),
            ("−5", Point, -500),
            ("1'234'567.895", Point, 123_456_790),
            ("1 234,5", Comma, 123_450),
            ("12,34,567.00", Point, 123_456_700),
            (".5", Point, 50),
            ("1.234,56-", Comma, -123_456),
            ("Fr. 1’234.50", Point, 123_450),
            ("1 234,56 zł", Comma, 123_456),
            ("1\u{202f}234,56 €", Comma, 123_456),
            ("R$ 1.234,56", Comma, 123_456),
            ("US$12", Point, 1_200),
            ("12 eur", Point, 1_200),
            ("kr 1.000", Comma, 100_000),
            ("($1,000.00)", Point, -100_000),
        ] {
            assert_eq!(minor_units(text, separator, 0, "USD"), Ok(minor), "{text}");
        }
        for text in [
            "",
            "abc",
            "12,5",
            "1,05,4",
            "1.2.3",
            "4.5x",
            "1e5",
            "--5.",
            "1,2,3",
            "0x10",
            "９",
            "10%",
            "zł",
            "12 34 EUR USD x",
        ] {
            assert!(minor_units(text, Point, 0, "USD").is_err(), "{text}");
        }
    }

    /// The scale of the file and the currency's own minor digits.
    #[test]
    fn scales() {
        assert_eq!(minor_units("1100.04", Point, 6, "USD"), Ok(110_004_000_000));
        assert_eq!(minor_units("251.41", Point, 3, "JPY"), Ok(251_410));
        assert_eq!(minor_units("99.6", Point, 0, "JPY"), Ok(100));
        assert!(minor_units("99999999999999999999", Point, 6, "USD").is_err());
        assert!(minor_units(&"9".repeat(38), Point, 6, "USD").is_err());
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(integer("2,822", Point), Ok(2_822));
        assert_eq!(integer("12.0", Point), Ok(12));
        assert_eq!(integer("75 %", Point), Ok(75));
        assert!(integer("12.5", Point).is_err());
    }

    proptest::proptest! {
        /// Whatever is written for an amount is read back.
        #[test]
        fn written_amounts_are_read(minor in -1_000_000_000_i64..1_000_000_000) {
            let text = format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100);
            proptest::prop_assert_eq!(minor_units(&text, Point, 0, "USD"), Ok(minor));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,60}", odd in "[-0-9.,kKmM$€() ]{0,50}") {
            for text in [text, odd] {
                let _ = minor_units(&text, Comma, 6, "KWD");
                let _ = integer(&text, Point);
            }
        }
    }
}
