//! Spans of time around today: `{"last": 7, "unit": "day"}`, `today`, `this_month`.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::Value as Json;

/// The largest `n` in `last n` and `next n`.
pub const MAX_SPAN: u32 = 1_000;

crate::choices! {
    /// A unit of time.
    Unit {
        Day = "day" "days",
        Week = "week" "weeks",
        Month = "month" "months",
        Quarter = "quarter" "quarters",
        Year = "year" "years",
    }
}

/// A span around today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// The `n` units up to and including today.
    Last(u32),
    /// Today and the `n` units after it.
    Next(u32),
    /// The unit before the present one.
    Previous,
    /// The unit that today is in.
    This,
    /// The unit after the present one.
    Following,
}

/// A span of time around today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// Which span.
    pub span: Span,
    /// Of which units.
    pub unit: Unit,
}

/// Days from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
}

impl Within {
    /// Reads `today`, `yesterday`, `tomorrow`, `this_week`, `last_month`, `next_year`, or
    /// `{"last"|"next": n, "unit": "day"}`.
    pub fn parse(json: &Json) -> Result<Self, String> {
        let help = || {
            "within needs today, yesterday, tomorrow, this_week, last_month, next_year and the like, \
             or an object such as {\"last\": 7, \"unit\": \"day\"}."
                .to_owned()
        };
        match json {
            Json::String(word) => Self::word(word).ok_or_else(help),
            Json::Object(object) if object.len() == 2 => {
                let unit = object.get("unit").and_then(Json::as_str).and_then(Unit::parse).ok_or_else(help)?;
                let count = |key: &str| object.get(key).and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok());
                let span = count("last").map(Span::Last).or_else(|| count("next").map(Span::Next)).ok_or_else(help)?;
                let (Span::Last(n) | Span::Next(n)) = span else { return Err(help()) };
                if !(1..=MAX_SPAN).contains(&n) {
                    return Err(format!("within can reach 1 to {MAX_SPAN} units."));
                }
                Ok(Self { span, unit })
            }
            _ => Err(help()),
        }
    }

    fn word(word: &str) -> Option<Self> {
        let day = |span| Some(Self { span, unit: Unit::Day });
        match word {
            "today" => day(Span::This),
            "yesterday" => day(Span::Previous),
            "tomorrow" => day(Span::Following),
            _ => {
                let (which, unit) = word.split_once('_')?;
                let unit = Unit::parse(unit).filter(|u| *u != Unit::Day)?;
                let span = match which {
                    "this" => Span::This,
                    "last" => Span::Previous,
                    "next" => Span::Following,
                    _ => return None,
                };
                Some(Self { span, unit })
            }
        }
    }

    /// The days meant, seen from `today`. Weeks begin on Monday (ISO 8601).
    pub fn range(self, today: NaiveDate) -> Option<Range> {
        let range = match self.span {
            Span::Last(n) => Range { first: shift(today, self.unit, -i64::from(n))?.succ_opt()?, last: today },
            Span::Next(n) => Range { first: today, last: shift(today, self.unit, i64::from(n))? },
            Span::Previous => whole(shift(start(today, self.unit)?, self.unit, -1)?, self.unit)?,
            Span::This => whole(start(today, self.unit)?, self.unit)?,
            Span::Following => whole(shift(start(today, self.unit)?, self.unit, 1)?, self.unit)?,
        };
        Some(range)
    }
}

fn whole(first: NaiveDate, unit: Unit) -> Option<Range> {
    Some(Range { first, last: shift(first, unit, 1)?.pred_opt()? })
}

fn start(day: NaiveDate, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Day => Some(day),
        Unit::Week => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
        Unit::Month => day.with_day(1),
        Unit::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
        Unit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
    }
}

fn shift(day: NaiveDate, unit: Unit, n: i64) -> Option<NaiveDate> {
    let days = |per: u64| {
        let count = Days::new(n.unsigned_abs().checked_mul(per)?);
        if n < 0 { day.checked_sub_days(count) } else { day.checked_add_days(count) }
    };
    let months = |per: u32| {
        let count = Months::new(u32::try_from(n.unsigned_abs()).ok()?.checked_mul(per)?);
        if n < 0 { day.checked_sub_months(count) } else { day.checked_add_months(count) }
    };
    match unit {
        Unit::Day => days(1),
        Unit::Week => days(7),
        Unit::Month => months(1),
        Unit::Quarter => months(3),
        Unit::Year => months(12),
    }
}
