//! What a single value looks like, whatever its column is called.

use super::plan::DecimalSeparator;
use super::value::{self, currency, date, number, several};
use super::{countries, squash, words};
use crate::address;
use crate::auth::DateOrder;
use chrono::{Datelike, NaiveDate};

/// An email address, or several.
pub fn is_email(text: &str) -> bool {
    address::is_email(value::email(several::email(text).0))
}

/// A number, however its decimals are separated.
pub fn is_number(text: &str) -> bool {
    [DecimalSeparator::Point, DecimalSeparator::Comma]
        .into_iter()
        .any(|s| number::minor_units(text, s, 0, "USD").is_ok() || number::integer(text, s).is_ok())
}

/// An amount that names its currency by a sign or a code.
pub fn is_amount(text: &str) -> bool {
    currency::is_in(text) && is_number(text)
}

/// Ids of another system, which are no names.
pub fn is_foreign_id(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit()) || uuid::Uuid::try_parse(text).is_ok()
}

/// Stricter than the field's own check, which would take any number for a phone.
pub fn is_phone(text: &str) -> bool {
    let text = address::typed_phone(several::phones(text).first().copied().unwrap_or(text));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let punctuated = text.starts_with('+') || text.starts_with('(') || text.matches(['-', ' ', '.']).count() >= 2;
    let allowed = text.chars().all(|c| c.is_ascii_digit() || " +-().x#/".contains(c));
    (7..=20).contains(&digits) && punctuated && allowed && date::telling_order(&text).is_none()
}

/// The page of a person or company on `LinkedIn`.
pub fn is_linkedin(text: &str) -> bool {
    text.to_lowercase().contains("linkedin.com/")
}

/// A page of a network where everybody has one: no web site of one's own.
pub fn is_social(text: &str) -> bool {
    let text = text.to_lowercase();
    ["linkedin.com", "facebook.com", "twitter.com", "x.com/", "instagram.com", "xing.com", "youtube.com"]
        .iter()
        .any(|host| text.contains(host))
}

/// A web address, with or without `https://`, or a host name.
pub fn is_web(text: &str) -> bool {
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let host = full.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#', ':']).next()).unwrap_or_default();
    let is_end = |end: &str| end.chars().count() >= 2 && end.chars().all(char::is_alphabetic);
    address::is_url(&full) && host.rsplit_once('.').is_some_and(|(_, end)| is_end(end))
}

/// A day without a time, in whatever order.
pub fn day(text: &str) -> Option<NaiveDate> {
    if text.contains(':') {
        return None;
    }
    [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy].into_iter().find_map(|order| date::day(text, order))
}

/// A day so long ago that it can hardly be anything but a birthday.
pub fn is_birthday(text: &str) -> bool {
    day(text).is_some_and(|day| (1900..=2008).contains(&day.year()))
}

/// The name of a country.
pub fn is_country(text: &str) -> bool {
    countries::is_name(text)
}

/// The code of a country.
pub fn is_country_code(text: &str) -> bool {
    countries::is_code(text)
}

/// A first and a last name, perhaps one more: words of letters with capitals, and none that only firms have.
pub fn is_person(text: &str) -> bool {
    const FIRMS: &[&str] = &[
        "ag",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "gmbh",
        "group",
        "holding",
        "inc",
        "kg",
        "limited",
        "llc",
        "llp",
        "ltd",
        "nv",
        "plc",
        "sa",
        "sarl",
        "sas",
        "srl",
        "spa",
        "und",
        "and",
        "the",
        "of",
        "sp",
        "zoo",
        "ug",
        "ev",
        "street",
        "road",
        "avenue",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_name = |word: &&str| {
        let letters = word.chars().all(|c| c.is_alphabetic() || "-'’.".contains(c));
        letters && word.chars().next().is_some_and(char::is_uppercase) && !FIRMS.contains(&squash(word).as_str())
    };
    (2..=3).contains(&words.len()) && words.iter().all(is_name) && !is_country(text)
}

/// Whether a header says nothing about its column: `Column 3`, `Unnamed: 2`, `7`.
pub fn says_nothing(header: &str) -> bool {
    const WORDS: &[&str] = &[
        "", "column", "col", "field", "unnamed", "untitled", "value", "data", "header", "c", "f", "v", "x", "spalte",
        "feld", "colonne", "champ", "columna", "campo", "coluna", "colonna", "kolom", "veld", "kolumna", "pole",
    ];
    let squashed = squash(header);
    let bare = words::fold(squashed.trim_end_matches(|c: char| c.is_ascii_digit()));
    WORDS.contains(&bare.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(like: fn(&str) -> bool, yes: &[&str], no: &[&str]) {
        for text in yes {
            assert!(like(text), "{text}");
        }
        for text in no {
            assert!(!like(text), "{text}");
        }
    }

    /// IMPORT-02: values tell what they are where headers do not.
    #[test]
    fn likenesses() {
        all(is_email, &["ada@example.com", "Ada <ada@example.com>", "a@x.org ::: b@x.org"], &["ada", "@ada"]);
        all(
            is_phone,
            &["+49 30 1234567", "(415) 293-3313", "0711/123 45 67", "+49\u{a0}30\u{2011}1234567"],
            &["20.10.2016", "1234567", "1.234.567,00"],
        );
        all(
            is_web,
            &["https://acme.com/a", "acme.com", "www.acme.co.uk", "bücher.example"],
            &["acme", "1.5", "a@b.com", "e. g."],
        );
        all(
            is_amount,
            &["€ 1.200,50", "$5k", "12 CHF", "1 200 zł"],
            &["1200", "(12.00)", "-5", "75%", "EUR", "12 apples"],
        );
        all(is_birthday, &["1984-05-12", "12.5.1984", "5/31/84"], &["2024-05-12", "1984-05-12 10:00", "1984"]);
        all(
            is_person,
            &["Ada Lovelace", "Jean-Luc Picard", "Ada King Lovelace"],
            &["Acme Inc", "ada lovelace", "South Africa", "Ada", "Ada L. 2"],
        );
        all(is_country, &["Germany", "deutschland"], &["Berlin"]);
        all(says_nothing, &["Column 3", "7", "Spalte1", "Unnamed: 2", ""], &["Budget", "Date", "Value of deal"]);
        all(is_social, &["https://www.linkedin.com/in/ada"], &["https://example.com"]);
    }
}
