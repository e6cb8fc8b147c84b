//! Birthdays.

use super::evidence::Evidence;
use super::{Reason, weights as w};
use chrono::{Datelike, NaiveDate};

/// Weighs two birthdays.
pub fn weigh(seen: &mut Evidence, a: Option<NaiveDate>, b: Option<NaiveDate>) {
    let (Some(a), Some(b)) = (a, b) else { return };
    if a == b {
        seen.own(w::BIRTHDAY_SAME, Some(Reason::SameBirthday));
    } else if like_days(a, b) {
        seen.own(w::BIRTHDAY_LIKE, Some(Reason::LikeBirthday));
    } else {
        seen.contradict(w::BIRTHDAY_DIFFERENT, Reason::OtherBirthday);
    }
}

/// Whether one digit is different, two neighbours are swapped, or day and month are.
fn like_days(a: NaiveDate, b: NaiveDate) -> bool {
    if a.year() == b.year() && a.month() == b.day() && a.day() == b.month() {
        return true;
    }
    let digits = |day: NaiveDate| {
        let year = day.year().unsigned_abs();
        let number = year * 10_000 + day.month() * 100 + day.day();
        [10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1].map(|unit| number / unit % 10)
    };
    let (a, b) = (digits(a), digits(b));
    let mut slips = a.iter().zip(&b).enumerate().filter(|(_, (x, y))| x != y);
    match (slips.next(), slips.next(), slips.next()) {
        (Some(_), None, None) => true,
        (Some((at, (x, y))), Some((then, (v, z))), None) => then == at + 1 && x == z && y == v,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DEDUPE-01: days that a slip of the fingers or another order of day and month make of each other are alike.
    #[test]
    fn slips() {
        let like = |a: &str, b: &str| like_days(a.parse().unwrap(), b.parse().unwrap());
        assert!(
            like("1980-05-17", "1980-05-11") && like("1980-05-17", "1908-05-17") && like("1980-05-07", "1980-07-05")
        );
        assert!(!like("1980-05-17", "1975-11-02") && !like("1980-05-17", "1981-06-17"));
    }
}
