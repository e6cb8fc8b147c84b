//! Dates in the common spellings.

use super::month;
use crate::auth::DateOrder;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// A day: `2016-10-20` and other year-first forms always; `10/20/2016`, `20.10.16` by `order`; `20 Oct 2016`,
/// `October 20, 2016`, `20 de octubre de 2016`. A time after the day is dropped.
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
    if text.len() > 60 {
        return None;
    }
    if let Some(date) = date(text, order) {
        return Some((date, NaiveTime::MIN));
    }
    // `2016-10-20T14:30:00Z`, `10/20/2016 2:30 PM`, `20 Oct 2016, 14:30`: the time begins at one of these places.
    text.match_indices(['T', ' ']).find_map(|(at, gap)| {
        let (first, rest) = text.split_at_checked(at)?;
        Some((date(first, order)?, time(rest.strip_prefix(gap)?)?))
    })
}

fn time(text: &str) -> Option<NaiveTime> {
    let text = text.trim().to_uppercase().replace("A.M.", "AM").replace("P.M.", "PM");
    let clock = text.trim_end_matches(['Z', 'H']).trim_end_matches("UHR").trim_end_matches("UTC").trim_end();
    // An offset from UTC is dropped with the seconds' fraction: only the day or the wall time is wanted here.
    let clock = clock.split(['+', '-', '.']).next()?.trim();
    ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%HH%M"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(clock, format).ok())
}

/// Words that stand around the numbers of a date: `3 de octubre de 2016`, `Mon, 3 Oct 2016`.
const FILLERS: &[&str] = &["de", "del", "den", "of", "the", "r", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn is_filler(part: &str) -> bool {
    let part = part.to_lowercase();
    let day = ["mon", "tues", "wednes", "thurs", "fri", "satur", "sun"].iter().any(|d| part == format!("{d}day"));
    day || FILLERS.contains(&part.as_str())
}

fn date(text: &str, order: DateOrder) -> Option<NaiveDate> {
    let parts = text.split(['/', '.', '-', ' ', ',', '\u{a0}']).map(str::trim);
    let parts: Vec<&str> = parts.filter(|p| !p.is_empty() && !is_filler(p)).collect();
    let [a, b, c] = parts.as_slice() else {
        return compact(text);
    };
    match (month::number(a), month::number(b)) {
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

/// Whether this is how some programs write that there is no date: `0/0/00`, `0000-00-00`.
pub fn is_none(text: &str) -> bool {
    let parts: Vec<&str> = date_part(text).split(['/', '.', '-']).collect();
    parts.len() == 3 && parts.iter().all(|p| !p.is_empty() && p.chars().all(|c| c == '0'))
}

/// Whether this is only a part of a date, as address books keep birthdays: `--05-12`, `5/12`, `12 May`, `1980`.
pub fn is_incomplete(text: &str) -> bool {
    let bare = text.trim().trim_start_matches('-');
    let parts: Vec<&str> = bare.split(['/', '.', '-', ' ']).filter(|p| !p.is_empty() && !is_filler(p)).collect();
    let is_day = |text: &str| number(text).is_some_and(|day| (1..=31).contains(&day));
    let is_month = |text: &str| month::number(text).or_else(|| number(text)).is_some_and(|m| (1..=12).contains(&m));
    let is_year = |text: &str| text.len() == 4 && year(text).is_some();
    match parts.as_slice() {
        [only] => is_year(only),
        [a, b] => (is_day(a) || is_year(a)) && is_month(b) || is_month(a) && (is_day(b) || is_year(b)),
        _ => false,
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

/// Day or month: one or two digits, perhaps with an ending (`1st`, `1er`, `1º`).
fn number(text: &str) -> Option<u32> {
    let ends = ["st", "nd", "rd", "th", "er", "º", "°"];
    let bare = ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    if bare.is_empty() || bare.len() > 2 || !bare.chars().all(|c| c.is_ascii_digit()) {
        None
    } else {
        bare.parse().ok()
    }
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
            ("3. Oktober 2016", Mdy),
            ("3. Okt. 2016, 14:30 Uhr", Mdy),
            ("3 octobre 2016 14h30", Mdy),
            ("3 de octubre de 2016", Mdy),
            ("3 de outubro de 2016", Mdy),
            ("3 ottobre 2016", Mdy),
            ("3 oktober 2016", Mdy),
            ("3 października 2016 r.", Mdy),
            ("Mon, 3 Oct 2016", Mdy),
            ("Monday, October 3, 2016 2:30 p.m.", Dmy),
            ("2016-10-03 14:30:00 UTC", Mdy),
        ] {
            assert_eq!(day(text, order), expected, "{text}");
        }
        for text in ["20/10/2016", "2016", "10/2016", "next week", "2/30/2016", "", "1/2/3/4", "43000", "Oct Oct 2016"]
        {
            assert_eq!(day(text, Mdy), None, "{text}");
        }
    }

    /// IMPORT-02: the first day of a month as French and Spanish write it.
    #[test]
    fn first_days() {
        let first = NaiveDate::from_ymd_opt(2016, 10, 1);
        for text in ["1er octobre 2016", "1º de octubre de 2016", "Oct 1st, 2016"] {
            assert_eq!(day(text, Mdy), first, "{text}");
        }
    }

    /// IMPORT-02: no date at all, and parts of dates, are told from dates.
    #[test]
    fn no_dates() {
        assert!(is_none("0/0/00") && is_none("0000-00-00 00:00:00") && !is_none("1/0/00") && !is_none("0"));
        for text in ["--05-12", "5/12", "12.5.", "12 May", "mai 12", "1er mai", "May 2016", "2016", "5/1980", "--0512"]
        {
            assert!(is_incomplete(text), "{text}");
            assert_eq!(day(text, Mdy), None, "{text}");
        }
        for text in ["5/12/2016", "13/14", "32 May", "next week", "0/0", ""] {
            assert!(!is_incomplete(text), "{text}");
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
                let _ = (is_none(&text), is_incomplete(&text));
            }
        }
    }
}
