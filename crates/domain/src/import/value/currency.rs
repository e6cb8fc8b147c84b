//! The currencies that amounts name.

use crate::money;

/// Signs and words for currencies; the code where they leave no doubt. Longer ones stand before those they end in.
const SIGNS: &[(&str, Option<&str>)] = &[
    ("us$", Some("USD")),
    ("ca$", Some("CAD")),
    ("au$", Some("AUD")),
    ("nz$", Some("NZD")),
    ("hk$", Some("HKD")),
    ("r$", Some("BRL")),
    ("a$", Some("AUD")),
    ("c$", None),
    ("s$", None),
    ("$", None),
    ("€", Some("EUR")),
    ("£", Some("GBP")),
    ("¥", None),
    ("₹", Some("INR")),
    ("₽", Some("RUB")),
    ("₩", Some("KRW")),
    ("₪", Some("ILS")),
    ("฿", Some("THB")),
    ("₺", Some("TRY")),
    ("₴", Some("UAH")),
    ("zł", Some("PLN")),
    ("kč", Some("CZK")),
    ("sfr.", Some("CHF")),
    ("fr.", None),
    ("kr.", None),
    ("kr", None),
];

/// The currency that an amount names beyond doubt: by its code or by a sign that only one currency has.
pub fn named(text: &str) -> Option<&str> {
    let lower = text.to_lowercase();
    let by_sign = SIGNS.iter().find(|(sign, _)| lower.contains(sign)).and_then(|(_, code)| *code);
    by_sign.or_else(|| text.split(|c: char| !c.is_ascii_alphabetic()).find(|word| money::is_currency(word)))
}

/// Whether an amount names a currency, if only by a sign that several have.
pub fn is_in(text: &str) -> bool {
    let lower = text.to_lowercase();
    named(text).is_some() || SIGNS.iter().any(|(sign, _)| lower.contains(sign))
}

/// An amount in lower case without one sign or code at its beginning and one at its end.
pub fn strip(text: &str) -> &str {
    let is_code = |code: &str| money::is_currency(&code.to_uppercase());
    let sign = |text: &str| SIGNS.iter().find(|(sign, _)| text.starts_with(sign)).map_or(0, |(sign, _)| sign.len());
    let code = |part: Option<(&str, &str)>| part.is_some_and(|(code, _)| is_code(code));
    let start = if code(text.split_at_checked(3)) { 3 } else { sign(text) };
    let rest = text.split_at_checked(start).map_or(text, |(_, rest)| rest).trim();
    let cut = |by: usize| rest.len().checked_sub(by).and_then(|at| rest.split_at_checked(at));
    if let Some((before, _)) = cut(3).filter(|(_, code)| is_code(code)) {
        return before.trim();
    }
    SIGNS.iter().find_map(|(sign, _)| rest.strip_suffix(sign)).map_or(rest, str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only signs and codes that leave no doubt name a currency.
    #[test]
    fn currencies_in_amounts() {
        assert_eq!(named("€ 12"), Some("EUR"));
        assert_eq!(named("12 CHF"), Some("CHF"));
        assert_eq!(named("R$ 12"), Some("BRL"));
        assert_eq!(named("12 zł"), Some("PLN"));
        for text in ["$12", "12 kr", "¥ 12", "C$ 12"] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}", odd in "[-0-9.,kKrR$€zł() ]{0,50}") {
            for text in [text, odd] {
                let _ = (named(&text), is_in(&text), strip(&text));
            }
        }
    }
}
