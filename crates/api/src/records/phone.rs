//! Phone numbers in one format, by the numbering plans of libphonenumber.

use hashlink::LruCache;
use phonenumber::Mode;
use phonenumber::country::Id as Country;
use std::sync::{LazyLock, Mutex, PoisonError};

/// A phone number that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// For people: `+1 415-555-0100 ext. 7`.
    pub display: String,
    /// For comparison: `+14155550100`, without extension.
    pub e164: String,
}

/// How many numbers are remembered: several batches of an import.
const REMEMBERED: usize = 8_192;
/// The longest text that is remembered, in bytes.
const REMEMBERED_LENGTH: usize = 100;

/// Numbers that were read, by region and text. On its way into the database a number is read several times (as the file
/// has it, for comparison, for people), and each time takes some 20 µs.
static READ: LazyLock<Mutex<LruCache<String, Option<Phone>>>> = LazyLock::new(|| Mutex::new(LruCache::new(REMEMBERED)));

/// Reads a number, with the country's numbering plan where it has no country code. `None` where that fails: the
/// number is then kept as written.
pub fn parse(text: &str, region: &str) -> Option<Phone> {
    if text.len() > REMEMBERED_LENGTH {
        return read(text, region);
    }
    let this = format!("{region} {text}");
    let known = READ.lock().unwrap_or_else(PoisonError::into_inner).get(&this).cloned();
    if let Some(known) = known {
        return known;
    }
    let phone = read(text, region);
    READ.lock().unwrap_or_else(PoisonError::into_inner).insert(this, phone.clone());
    phone
}

fn read(text: &str, region: &str) -> Option<Phone> {
    let country: Option<Country> = region.parse().ok();
    let number = phonenumber::parse(country, text).ok()?;
    if !phonenumber::is_valid(&number) {
        return None;
    }
    let e164 = number.format().mode(Mode::E164).to_string();
    // Extensions are no part of E.164, but people dial them.
    let e164 = e164.split([' ', ';', 'x']).next().unwrap_or(&e164).to_owned();
    let mut display = number.format().mode(Mode::International).to_string();
    if let Some(extension) = number.extension() {
        let digits: String = extension.to_string().chars().filter(char::is_ascii_digit).collect();
        if !digits.is_empty() && !display.contains("ext") {
            display = format!("{display} ext. {digits}");
        }
    }
    Some(Phone { display, e164 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CONTACT-06: equal numbers match whatever their punctuation.
    #[test]
    fn punctuation_does_not_matter() {
        let numbers = ["(415) 293-3313", "415.293.3313", "+1 415 293 3313", "1-415-293-3313 x12"];
        for text in numbers {
            assert_eq!(parse(text, "US").unwrap().e164, "+14152933313", "{text}");
        }
        assert!(parse("1-415-293-3313 x12", "US").unwrap().display.contains("12"));
        assert_eq!(parse("030 901820", "DE").unwrap().e164, "+4930901820");
        assert_eq!(parse("call me", "US"), None);
        assert_eq!(parse("123", "US"), None);
        assert_eq!((parse("030 901820", "DE"), parse("030 901820", "US")), (read("030 901820", "DE"), None));
    }
}
