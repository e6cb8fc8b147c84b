//! Several values in one cell: lists, and cells of which a field can take only one.

use crate::catalog::{Kind, RecordType};
use crate::import::target::{Part, Target};

/// Between several values in exports of Google; it stands in no value itself.
const TRIPLE: &str = ":::";
/// What address books put before the names of their own groups (`* myContacts`), and before the type they prefer.
const OWN: &str = "* ";

/// Several names in one cell, separated by comma, semicolon, bar or ` ::: `.
///
/// The groups that an address book has for everybody (`* myContacts`) are no names; of its other own groups
/// (`* family`) the star is dropped.
pub fn list(text: &str) -> Vec<String> {
    let everybody = |name: &str| matches!(super::super::squash(name).as_str(), "mycontacts" | "othercontacts");
    let parts = text.split(TRIPLE).flat_map(|part| part.split([',', ';', '|'])).map(str::trim);
    let named = parts.filter_map(|part| match part.strip_prefix(OWN).map(str::trim) {
        Some(own) => (!everybody(own)).then_some(own),
        None => Some(part),
    });
    named.filter(|name| !name.is_empty() && *name != OWN.trim()).map(str::to_owned).collect()
}

/// The text that a target takes of a cell, and what stands beside it. Lists and long texts take everything.
pub fn one<'a>(target: &Target, text: &'a str) -> (&'a str, Vec<&'a str>) {
    match target.field.kind {
        Kind::Tags | Kind::Names | Kind::LongText | Kind::MultiSelect(_) => (text, Vec::new()),
        Kind::Email => email(text),
        Kind::Record(_) if target.part == Part::Whole => {
            let (one, others) = first(text);
            let (one, more) = reference(one, matches!(target.field.kind, Kind::Record(RecordType::Contact)));
            (one, more.into_iter().chain(others).collect())
        }
        _ => first(text),
    }
}

/// The first of several texts, and the others.
pub fn first(text: &str) -> (&str, Vec<&str>) {
    split(text, &|_| false)
}

/// The first of several email addresses, and the others.
pub fn email(text: &str) -> (&str, Vec<&str>) {
    split(text, &|part| crate::address::is_email(super::email(part)))
}

/// The phone numbers of a cell. Commas and bars separate only what could be dialled by itself.
pub fn phones(text: &str) -> Vec<&str> {
    let (first, others) = split(text, &|part| part.chars().filter(char::is_ascii_digit).count() >= 7);
    std::iter::once(first).chain(others).collect()
}

/// Splits at ` ::: `, and at comma, semicolon, bar and line break where every part is `whole`.
fn split<'a>(text: &'a str, whole: &dyn Fn(&str) -> bool) -> (&'a str, Vec<&'a str>) {
    let kept = |parts: Vec<&'a str>| parts.into_iter().map(str::trim).filter(|p| !p.is_empty()).collect::<Vec<_>>();
    let mut parts = kept(text.split(TRIPLE).collect());
    if parts.len() <= 1 {
        let finer = kept(text.split([',', ';', '|', '\n']).collect());
        if finer.len() > 1 && finer.iter().all(|part| whole(part)) {
            parts = finer;
        }
    }
    match parts.split_first() {
        Some((first, others)) => (first, others.to_vec()),
        None => (text.trim(), Vec::new()),
    }
}

/// What a reference to a record of another product names: `Acme (9001234)` is Acme; of a person also the address in
/// `Ada (ada@example.com)`. Beside it the others, where several stand there, each with its id. Any other text comes
/// back as it is.
pub fn reference(text: &str, person: bool) -> (&str, Vec<&str>) {
    let parts: Option<Vec<&str>> = text.split(';').map(|part| referred(part, person)).collect();
    match parts.as_deref().and_then(<[&str]>::split_first) {
        Some((first, others)) => (first, others.to_vec()),
        None => (text.trim(), Vec::new()),
    }
}

fn referred(part: &str, person: bool) -> Option<&str> {
    let (name, inner) = part.trim().strip_suffix(')')?.rsplit_once('(')?;
    let name = Some(name.trim()).filter(|name| !name.is_empty())?;
    // Shorter numbers are years and the like.
    let is_id = inner.len() >= 5 && inner.chars().all(|c| c.is_ascii_digit());
    if is_id { Some(name) } else { Some(inner).filter(|inner| person && crate::address::is_email(inner)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMPORT-02: lists in the spellings of the products that write them.
    #[test]
    fn lists() {
        for (text, names) in [
            ("vip; key account |vip2,", vec!["vip", "key account", "vip2"]),
            ("* coworkers ::: Suppliers ::: * myContacts", vec!["coworkers", "Suppliers"]),
            ("* My Contacts", vec![]),
            ("* ", vec![]),
            ("* Other Contacts", vec![]),
            ("a ::: b, c", vec!["a", "b", "c"]),
        ] {
            assert_eq!(list(text), names, "{text}");
        }
    }

    /// IMPORT-02: one field takes one value; what separates several is no part of a value.
    #[test]
    fn firsts() {
        assert_eq!(email("a@x.org ::: b@x.org"), ("a@x.org", vec!["b@x.org"]));
        assert_eq!(email("a@x.org; Bob <b@x.org>"), ("a@x.org", vec!["Bob <b@x.org>"]));
        assert_eq!(email("a@x.org, nonsense"), ("a@x.org, nonsense", vec![]));
        assert_eq!(first("Acme, Inc."), ("Acme, Inc.", vec![]));
        assert_eq!(first(" ::: "), (":::", vec![]));
        assert_eq!(phones("+41 31 928 09 60 ::: +41 79 264 88 66"), ["+41 31 928 09 60", "+41 79 264 88 66"]);
        assert_eq!(phones("570-809-7197, 570-809-7198"), ["570-809-7197", "570-809-7198"]);
        assert_eq!(phones("+1 570 809 7197,,12"), ["+1 570 809 7197,,12"]);
    }

    /// IMPORT-02: references to records carry the ids of the product they come from.
    #[test]
    fn references() {
        for (text, name) in [
            ("Acme SAS (1234567); Other (99999)", "Acme SAS"),
            ("Acme (9001234)", "Acme"),
            ("Ada Lovelace (ada@example.com)", "ada@example.com"),
            ("Acme (Holding)", "Acme (Holding)"),
            ("Acme; Other", "Acme; Other"),
            ("Acme (1); Other (99999)", "Acme (1); Other (99999)"),
            ("(9001234)", "(9001234)"),
            ("Studio 54 (1977)", "Studio 54 (1977)"),
        ] {
            assert_eq!(reference(text, true).0, name, "{text}");
        }
        assert_eq!(reference("Acme (info@example.com)", false).0, "Acme (info@example.com)");
        assert_eq!(reference("A (12345); B (23456)", false).1, ["B"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}", odd in "[(),;:* a@.0-9|]{0,40}") {
            for text in [text, odd] {
                let _ = (list(&text), first(&text), email(&text), phones(&text), reference(&text, true));
            }
        }
    }
}
