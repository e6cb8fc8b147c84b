//! Postal addresses.

use super::text::{self, Alike, alike};
use super::weights as w;
use crate::records::Address;

/// Words of streets that have a short form.
const SHORT_FORMS: &[(&str, &str)] = &[
    ("avenue", "ave"),
    ("boulevard", "blvd"),
    ("court", "ct"),
    ("drive", "dr"),
    ("highway", "hwy"),
    ("lane", "ln"),
    ("platz", "pl"),
    ("place", "pl"),
    ("road", "rd"),
    ("square", "sq"),
    ("strasse", "str"),
    ("street", "st"),
    ("suite", "ste"),
];

/// An address, folded and in parts; parts that are not known are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// House number with its letter.
    pub number: String,
    /// Street, without blanks.
    pub street: String,
    extra: String,
    /// Town, without blanks.
    pub city: String,
    /// Postal code, without blanks.
    pub zip: String,
}

impl Place {
    /// From an address; `None` where nothing is known that tells places apart.
    pub fn new(address: &Address) -> Option<Self> {
        let mut place = Self { city: squash(&address.city), zip: squash(&address.zip), ..Self::default() };
        for line in address.street.split([',', '\n', ';']) {
            let mut words: Vec<String> = text::words(&text::fold(line)).collect();
            if place.number.is_empty()
                && place.street.is_empty()
                && let Some(at) = words.iter().position(|word| word.starts_with(|c: char| c.is_ascii_digit()))
            {
                place.number = words.remove(at);
            }
            let line: String = words.iter().map(|word| shortened(word)).collect();
            if place.street.is_empty() {
                place.street = line;
            } else {
                place.extra.push_str(&line);
            }
        }
        let known = [&place.street, &place.city, &place.zip].iter().any(|part| !part.is_empty());
        known.then_some(place)
    }
}

fn squash(text: &str) -> String {
    text::words(&text::fold(text)).collect()
}

/// The short form of a word of a street; of `Hauptstrasse` too.
fn shortened(word: &str) -> String {
    SHORT_FORMS
        .iter()
        .find_map(|(long, short)| word.strip_suffix(long).map(|stem| format!("{stem}{short}")))
        .unwrap_or_else(|| word.to_owned())
}

/// The evidence of two addresses, in tenths of a bit.
pub fn weigh(a: &Place, b: &Place) -> i32 {
    let straight = street(&a.street, &b.street) + extra(&a.extra, &b.extra);
    // The lines may have changed places: a street where the name of a building was asked for.
    let crosswise = if straight <= 0 { lines_swapped(a, b) } else { 0 };
    let number = exact(&a.number, &b.number, w::NUMBER_SAME, w::NUMBER_DIFFERENT);
    let town = zip(&a.zip, &b.zip) + graded(&a.city, &b.city, [w::CITY_SAME, w::CITY_LIKE, w::CITY_DIFFERENT]);
    (straight.max(crosswise) + number + town).clamp(w::PLACE_LEAST, w::PLACE_MOST)
}

fn lines_swapped(a: &Place, b: &Place) -> i32 {
    street(&a.street, &b.extra).max(0) + street(&a.extra, &b.street).max(0)
}

fn street(a: &str, b: &str) -> i32 {
    graded(a, b, [w::STREET_SAME, w::STREET_LIKE, w::STREET_DIFFERENT])
}

fn extra(a: &str, b: &str) -> i32 {
    graded(a, b, [w::EXTRA_SAME, w::EXTRA_LIKE, w::EXTRA_DIFFERENT])
}

/// The weight of two texts that are the same, alike or different.
fn graded(a: &str, b: &str, [same, like, different]: [i32; 3]) -> i32 {
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    match alike(a, b) {
        Alike::Same => same,
        Alike::Much => like,
        Alike::Faintly => 0,
        Alike::No => different,
    }
}

fn exact(a: &str, b: &str, same: i32, different: i32) -> i32 {
    match (a.is_empty() || b.is_empty(), a == b) {
        (true, _) => 0,
        (false, true) => same,
        (false, false) => different,
    }
}

fn zip(a: &str, b: &str) -> i32 {
    if !a.is_empty() && a != b && text::one_slip(a, b) {
        return w::ZIP_LIKE;
    }
    exact(a, b, w::ZIP_SAME, w::ZIP_DIFFERENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(street: &str, city: &str, zip: &str) -> Place {
        let address = Address { street: street.into(), city: city.into(), zip: zip.into(), ..Address::default() };
        Place::new(&address).unwrap()
    }

    /// DEDUPE-01: one address in two ways of writing; another house, another town.
    #[test]
    fn places() {
        let main = place("12 Main Street, Suite 5", "Springfield", "62701");
        assert_eq!(main, place("12 main st\nSte 5", "SPRINGFIELD", "62701"));
        assert_eq!(place("Hauptstraße 12a", "Köln", "50667"), place("12a Hauptstr.", "koln", "50667"));
        assert!(weigh(&main, &main) >= w::PLACE_SAME);
        let other = weigh(&main, &place("80 Elm Avenue", "Portland", "97201"));
        assert!(other < 0, "{other}");
        let slip = weigh(&main, &place("12 Mian Street", "Springfeild", "62710"));
        assert!((w::PLACE_LIKE..w::PLACE_SAME + 15).contains(&slip), "{slip}");
        assert!(Place::new(&Address::default()).is_none());
    }
}
