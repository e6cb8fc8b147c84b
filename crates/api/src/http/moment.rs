//! Days and moments in the query of a request: `date_from`, `date_to`.

use crate::error::{ApiError, ApiResult};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

/// From a day (in the organization's time zone) or moment on.
///
/// # Errors
/// 422 at the parameter for what is neither.
pub fn from(zone: &str, name: &str, text: Option<&str>) -> ApiResult<Option<DateTime<Utc>>> {
    text.map(|text| moment(zone, name, text, 0)).transpose()
}

/// Before this: the end of a day (in the organization's time zone), or a moment.
///
/// # Errors
/// 422 at the parameter for what is neither.
pub fn to(zone: &str, name: &str, text: Option<&str>) -> ApiResult<Option<DateTime<Utc>>> {
    text.map(|text| moment(zone, name, text, 1)).transpose()
}

/// A moment, or the beginning of a day, so many days later.
fn moment(zone: &str, name: &str, text: &str, days: u64) -> ApiResult<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.to_utc());
    }
    let day = text.parse::<NaiveDate>().ok().and_then(|day| day.checked_add_days(Days::new(days)));
    let zone: chrono_tz::Tz = zone.parse().unwrap_or(chrono_tz::UTC);
    let midnight = day.map(|day| day.and_time(NaiveTime::MIN));
    // Where the clock is put forward at midnight the day begins an hour later.
    let local = midnight.and_then(|at| {
        zone.from_local_datetime(&at)
            .earliest()
            .or_else(|| zone.from_local_datetime(&(at + TimeDelta::hours(1))).earliest())
    });
    local.map(|at| at.to_utc()).ok_or_else(|| {
        ApiError::parameter(name, "date", "Write a day as 2026-11-21 or a moment as 2026-11-21T10:00:00Z.")
    })
}
