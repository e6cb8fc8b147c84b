//! Fractional ranks: texts between which there is always room for another, so that moving one card changes one row.
//!
//! Ranks are lower-case base-36 texts compared byte by byte (`COLLATE "C"`); they never end in `0`, so that there is
//! room before each of them.

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

fn digit(byte: u8) -> usize {
    DIGITS.iter().position(|d| *d == byte).unwrap_or(0)
}

fn push(out: &mut String, value: usize) {
    out.push(DIGITS.get(value).copied().map_or('0', char::from));
}

/// A rank between `low` (or the beginning) and `high` (or the end). Expects `low < high`; where that does not hold,
/// the result sorts after `low`.
pub fn between(low: Option<&str>, high: Option<&str>) -> String {
    let low = low.unwrap_or_default().as_bytes();
    let mut high = high.map(str::as_bytes);
    let mut out = String::new();
    for at in 0.. {
        let floor = low.get(at).copied().map_or(0, digit);
        let ceiling = match high {
            Some(bytes) => bytes.get(at).copied().map_or(0, digit),
            None => DIGITS.len(),
        };
        if ceiling > floor + 1 {
            // Appending at the end is the common case: small steps keep ranks short.
            let step = if high.is_none() { (floor + 1).max(1) } else { usize::midpoint(floor, ceiling) };
            push(&mut out, step);
            return out;
        }
        push(&mut out, floor);
        if ceiling > floor || at >= low.len().max(high.map_or(0, <[u8]>::len)) {
            high = None;
        }
    }
    out
}

/// A rank after every rank that was appended earlier: the time in milliseconds, and a number for ranks of the same
/// millisecond (imports). Its length is the same for all, however many cards a column gets.
pub fn appended(millis: i64, number: usize) -> String {
    let mut out = String::with_capacity(14);
    push_fixed(&mut out, u64::try_from(millis).unwrap_or(0), 9);
    push_fixed(&mut out, u64::try_from(number).unwrap_or(0), 4);
    // A closing `i` leaves room on both sides and keeps the rank from ending in 0.
    out.push('i');
    out
}

/// The last `width` base-36 digits of a number.
fn push_fixed(out: &mut String, mut rest: u64, width: usize) {
    let mut digits = vec![0; width];
    for slot in digits.iter_mut().rev() {
        *slot = usize::try_from(rest % 36).unwrap_or(0);
        rest /= 36;
    }
    for value in digits {
        push(out, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appended_ranks_sort_by_time_and_leave_room() {
        let ranks: Vec<_> =
            (0..5_000).map(|n| appended(1_795_000_000_000, n)).chain([appended(1_795_000_000_001, 0)]).collect();
        assert!(ranks.is_sorted() && ranks.iter().all(|r| r.len() == 14));
        let before_first = between(None, ranks.first().map(String::as_str));
        assert!(Some(&before_first) < ranks.first());
    }

    proptest::proptest! {
        /// PIPELINE-11: there is always a place between two cards, before the first and after the last.
        #[test]
        fn there_is_always_room(places in proptest::collection::vec(0_usize..1_000, 1..300)) {
            let mut ranks: Vec<String> = Vec::new();
            for place in places {
                let at = place % (ranks.len() + 1);
                let low = at.checked_sub(1).and_then(|i| ranks.get(i)).map(String::as_str);
                let rank = between(low, ranks.get(at).map(String::as_str));
                proptest::prop_assert!(!rank.ends_with('0'), "{}", rank);
                ranks.insert(at, rank);
                proptest::prop_assert!(ranks.windows(2).all(|w| w[0] < w[1]), "{:?}", ranks);
            }
        }
    }
}
