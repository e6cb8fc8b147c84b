//! Dates in the common spellings.

use crate::auth::DateOrder;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// A day: `2016-10-20` and other year-first forms always; `10/20/2016`, `20.10.16` by `order`; `20 Oct 2016`,
/// `October 20, 2016`. A time after the day is dropped.
pub fn day(text: &str, order: DateOrder) -> Option<NaiveDate> {
    split_time(text, order).map(|(date, _)| date)
}

/// An instant: RFC 3339, or a day with or without a time, taken as UTC.
pub fn instant(text: &str, order: DateOrder) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(exact) = DateTime::parse_from_rfc3339(text) {
        return Some(exact.with_timezone(&Utc));
    }
    let (date, time) = split_time(text, order)?;
    Some(NaiveDateTime::new(date, time).and_utc())
}

/// What the numbers of a date tell about the order of its parts; `None` where they do not.
pub fn telling_order(text: &str) -> Option<DateOrder> {
    let parts: Vec<&str> = date_part(text).split(['/', '.', '-']).collect();
    let [first, second, _] = parts.as_slice() else { return None };
    if first.len() == 4 {
        return Some(DateOrder::Ymd);
    }
    let (first, second): (u32, u32) = (first.trim().parse().ok()?, second.trim().parse().ok()?);
    match (first, second) {
        (13..=31, 1..=12) => Some(DateOrder::Dmy),
        (1..=12, 13..=31) => Some(DateOrder::Mdy),
        _ => None,
    }
}

fn date_part(text: &str) -> &str {
    let text = text.trim();
    text.split(['T', ' ']).next().unwrap_or(text)
}

fn split_time(text: &str, order: DateOrder) -> Option<(NaiveDate, NaiveTime)> {
    let text = text.trim();
    if text.len() > 40 {
        return None;
    }
    if let Some(date) = date(text, order) {
        return Some((date, NaiveTime::MIN));
    }
    // `2016-10-20T14:30:00Z`, `10/20/2016 2:30 PM`
    let (first, rest) = text.split_once(['T', ' '])?;
    Some((date(first, order)?, time(rest)?))
}

fn time(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    let clock = text.trim_end_matches('Z');
    // An offset from UTC is dropped with the seconds' fraction: only the day or the wall time is wanted here.
    let clock = clock.split(['+', '-', '.']).next()?.trim();
    ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(clock, format).ok())
}

fn date(text: &str, order: DateOrder) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['/', '.', '-', ' ', ',']).map(str::trim).filter(|p| !p.is_empty()).collect();
    let [a, b, c] = parts.as_slice() else {
        return compact(text);
    };
    match (month(a), month(b)) {
        (Some(m), None) => ymd(year(c)?, m, number(b)?),
        (None, Some(m)) if a.len() == 4 => ymd(year(a)?, m, number(c)?),
        (None, Some(m)) => ymd(year(c)?, m, number(a)?),
        _ if a.len() == 4 => ymd(year(a)?, number(b)?, number(c)?),
        _ => match order {
            DateOrder::Mdy if text.contains('.') => ymd(year(c)?, number(b)?, number(a)?),
            DateOrder::Mdy => ymd(year(c)?, number(a)?, number(b)?),
            DateOrder::Dmy => ymd(year(c)?, number(b)?, number(a)?),
            DateOrder::Ymd => ymd(year(a)?, number(b)?, number(c)?),
        },
    }
}

/// `20161020`.
fn compact(text: &str) -> Option<NaiveDate> {
    let digits = text.len() == 8 && text.chars().all(|c| c.is_ascii_digit());
    digits.then(|| NaiveDate::parse_from_str(text, "%Y%m%d").ok())?
}

fn ymd(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Day or month: one or two digits, perhaps with an English ending (`1st`).
fn number(text: &str) -> Option<u32> {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    if bare.len() > 2 || !bare.chars().all(|c| c.is_ascii_digit()) { None } else { bare.parse().ok() }
}

/// Four digits, or two: `00` to `68` are this century, `69` to `99` the last one.
fn year(text: &str) -> Option<i32> {
    let text = text.strip_prefix('\'').unwrap_or(text);
    if !text.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let number: i32 = text.parse().ok()?;
    match (text.len(), number) {
        (4, 1..) => Some(number),
        (2, 0..=68) => Some(2000 + number),
        (2, _) => Some(1900 + number),
        _ => None,
    }
}

/// The number of an English month by its name or the first three letters.
fn month(text: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_lowercase();
    let known = text.len() >= 3 && text.chars().all(|c| c.is_ascii_alphabetic());
    let at =
        NAMES.iter().position(|name| known && (name.starts_with(&text) || text == "sept" && *name == "september"))?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateOrder::{Dmy, Mdy, Ymd};

    /// IMPORT-02: dates in the common spellings by the order chosen.
    #[test]
    fn spellings() {
        let expected = NaiveDate::from_ymd_opt(2016, 10, 3);
        for (text, order) in [
            ("10/3/2016", Mdy),
            ("3/10/2016", Dmy),
            ("03.10.2016", Mdy),
            ("3.10.16", Dmy),
            ("2016-10-03", Dmy),
            ("2016/10/3", Mdy),
            ("16-10-03", Ymd),
            ("20161003", Mdy),
            ("3 Oct 2016", Mdy),
            ("October 3, 2016", Dmy),
            ("Oct 3rd 2016", Dmy),
            ("03-Oct-16", Mdy),
            ("2016-10-03T18:04:34.666+00:00", Mdy),
            ("10/3/2016 2:30 PM", Mdy),
            ("2016-10-03 14:30", Mdy),
        ] {
            assert_eq!(day(text, order), expected, "{text}");
        }
        for text in ["20/10/2016", "2016", "10/2016", "next week", "2/30/2016", "", "1/2/3/4", "43000", "Oct Oct 2016"]
        {
            assert_eq!(day(text, Mdy), None, "{text}");
        }
    }

    #[test]
    fn instants() {
        let at = instant("2024-08-13T18:04:34+02:00", Mdy).unwrap();
        assert_eq!(at.to_rfc3339(), "2024-08-13T16:04:34+00:00");
        assert_eq!(instant("8/13/2024", Mdy).unwrap().to_rfc3339(), "2024-08-13T00:00:00+00:00");
    }

    #[test]
    fn orders_that_numbers_tell() {
        assert_eq!(telling_order("10/20/2016"), Some(Mdy));
        assert_eq!(telling_order("20.10.2016 10:00"), Some(Dmy));
        assert_eq!(telling_order("2016-10-20"), Some(Ymd));
        assert_eq!(telling_order("3/4/2016"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,50}", odd in "[0-9/. -]{0,30}") {
            for text in [text, odd] {
                let _ = (day(&text, Mdy), instant(&text, Dmy), telling_order(&text));
            }
        }
    }
}
