//! Dates, numbers and money in the user's locale and time zone, by the browser's `Intl`.

use chrono::{DateTime, NaiveDate, Utc};
use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::prelude::window;
use wasm_bindgen::JsValue;

use super::{
    dom::ignore,
    num::{int_f64, trunc_i64},
};

/// The locales to format in, most wanted first: what the browser asks web sites for.
fn locales() -> Array {
    window().navigator().languages()
}

/// The user's time zone, such as `Europe/Berlin`.
pub fn time_zone() -> String {
    let options = Intl::DateTimeFormat::new(&locales(), &Object::new()).resolved_options();
    Reflect::get(&options, &JsValue::from_str("timeZone"))
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in pairs {
        set(&object, key, &JsValue::from_str(value));
    }
    object
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Setting a property of a plain object cannot fail.
    ignore(Reflect::set(object, &JsValue::from_str(key), value));
}

fn js_date(at: DateTime<Utc>) -> Date {
    Date::new(&JsValue::from_f64(int_f64(at.timestamp_millis())))
}

fn format_date(date: &Date, options: &Object) -> String {
    Intl::DateTimeFormat::new(&locales(), options)
        .format()
        .call1(&JsValue::NULL, date)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// A calendar date without a time zone, such as a birthday or a due date: "21 Nov 2026".
pub fn date(day: NaiveDate) -> String {
    // Noon UTC, formatted in UTC: the day can never slip.
    let at = day.and_time(chrono::NaiveTime::MIN).and_utc();
    format_date(&js_date(at), &options(&[("dateStyle", "medium"), ("timeZone", "UTC")]))
}

/// A calendar date that leaves out the year if it is this year's: "21 Nov".
pub fn date_short(day: NaiveDate) -> String {
    use chrono::Datelike;
    let this_year = i32::try_from(Date::new_0().get_full_year()).unwrap_or_default();
    if day.year() != this_year {
        return date(day);
    }
    let at = day.and_time(chrono::NaiveTime::MIN).and_utc();
    format_date(&js_date(at), &options(&[("day", "numeric"), ("month", "short"), ("timeZone", "UTC")]))
}

/// Day and time in the user's time zone: "21 Nov 2026, 14:05".
pub fn date_time(at: DateTime<Utc>) -> String {
    format_date(&js_date(at), &options(&[("dateStyle", "medium"), ("timeStyle", "short")]))
}

/// Day, time and zone in full, for hovering: "Saturday, 21 November 2026 at 14:05:09 CET".
pub fn exact(at: DateTime<Utc>) -> String {
    format_date(&js_date(at), &options(&[("dateStyle", "full"), ("timeStyle", "long")]))
}

/// Time of day in the user's time zone: "14:05".
pub fn time(at: DateTime<Utc>) -> String {
    format_date(&js_date(at), &options(&[("timeStyle", "short")]))
}

/// Today in the user's time zone.
pub fn today() -> NaiveDate {
    let now = Date::new_0();
    i32::try_from(now.get_full_year())
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, now.get_month() + 1, now.get_date()))
        .unwrap_or_default()
}

/// Now, by the browser's clock.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(trunc_i64(Date::now())).unwrap_or_default()
}

/// Seconds per unit, largest first; the last one always applies.
const UNITS: [(&str, i64); 7] = [
    ("year", 31_557_600),
    ("month", 2_629_800),
    ("week", 604_800),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
];

fn relative_text(value: i64, unit: &str) -> String {
    Intl::RelativeTimeFormat::new(&locales(), &options(&[("numeric", "auto")]))
        .format(int_f64(value), unit)
        .into()
}

/// How long ago or ahead: "3 hours ago", "yesterday", "in 2 weeks"; within 45 seconds "now".
pub fn relative(at: DateTime<Utc>) -> String {
    let seconds = at.signed_duration_since(now()).num_seconds();
    if seconds.abs() < 45 {
        return relative_text(0, "second");
    }
    let (unit, size) = UNITS
        .into_iter()
        .find(|(_, size)| seconds.abs() >= *size)
        .unwrap_or(("second", 1));
    relative_text(seconds / size, unit)
}

/// A calendar date relative to today within a week ("tomorrow", "in 3 days"), otherwise as [`date_short`].
pub fn relative_day(day: NaiveDate) -> String {
    let days = day.signed_duration_since(today()).num_days();
    if days.abs() <= 7 { relative_text(days, "day") } else { date_short(day) }
}

fn number_with(value: f64, options: &Object) -> String {
    Intl::NumberFormat::new(&locales(), options)
        .format()
        .call1(&JsValue::NULL, &JsValue::from_f64(value))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// A number with the locale's separators and at most two decimals: "12,345.5".
pub fn number(value: f64) -> String {
    let options = Object::new();
    set(&options, "maximumFractionDigits", &JsValue::from_f64(2.0));
    number_with(value, &options)
}

/// A whole number with the locale's separators: "12,345".
pub fn integer(value: i64) -> String {
    number_with(int_f64(value), &Object::new())
}

/// A count of things: "1 deal", "1,204 deals".
pub fn count(value: i64, one: &str, many: &str) -> String {
    format!("{} {}", integer(value), if value == 1 { one } else { many })
}

/// A share from 0 to 1 as a whole percentage: "42%".
pub fn percent(share: f64) -> String {
    number_with(share, &options(&[("style", "percent")]))
}

/// How many decimals the currency's minor unit stands for: 2 for EUR, 0 for JPY, 3 for KWD.
pub fn currency_digits(currency: &str) -> u32 {
    let format = money_options(currency);
    // An unknown code throws; two decimals is what nearly all currencies have.
    let Ok(formatter) = try_number_format(&format) else { return 2 };
    Reflect::get(&formatter.resolved_options(), &JsValue::from_str("maximumFractionDigits"))
        .ok()
        .and_then(|digits| digits.as_f64())
        .and_then(|digits| u32::try_from(trunc_i64(digits)).ok())
        .unwrap_or(2)
}

fn money_options(currency: &str) -> Object {
    options(&[("style", "currency"), ("currency", currency)])
}

/// The constructor throws a `RangeError` for a malformed currency code.
fn try_number_format(options: &Object) -> Result<Intl::NumberFormat, JsValue> {
    let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl"))?;
    let class: js_sys::Function = Reflect::get(&intl, &JsValue::from_str("NumberFormat"))?.into();
    Ok(Reflect::construct(&class, &Array::of2(&locales(), options))?.into())
}

fn money_with(minor: i64, currency: &str, adjust: impl FnOnce(&Object)) -> String {
    let major = major_units(minor, currency);
    let options = money_options(currency);
    adjust(&options);
    match try_number_format(&options) {
        Ok(format) => format
            .format()
            .call1(&JsValue::NULL, &JsValue::from_f64(major))
            .ok()
            .and_then(|text| text.as_string())
            .unwrap_or_default(),
        Err(_) => format!("{} {currency}", number(major)),
    }
}

/// An amount in minor units (cents) as units of the currency.
pub fn major_units(minor: i64, currency: &str) -> f64 {
    int_f64(minor) / int_f64(10_i64.pow(currency_digits(currency)))
}

/// Money from minor units: `money(123_450, "EUR")` is "€1,234.50".
pub fn money(minor: i64, currency: &str) -> String {
    money_with(minor, currency, |_| {})
}

/// Money without decimals, for tables, boards and totals: "€1,235".
pub fn money_round(minor: i64, currency: &str) -> String {
    money_with(minor, currency, |options| {
        set(options, "maximumFractionDigits", &JsValue::from_f64(0.0));
        set(options, "minimumFractionDigits", &JsValue::from_f64(0.0));
    })
}

/// Money in the shortest form, for column heads and charts: "€1.2M".
pub fn money_compact(minor: i64, currency: &str) -> String {
    money_with(minor, currency, |options| {
        set(options, "notation", &JsValue::from_str("compact"));
        set(options, "maximumFractionDigits", &JsValue::from_f64(1.0));
    })
}

/// An amount as it is edited: digits with the currency's decimals, no symbol, no grouping.
pub fn money_plain(minor: i64, currency: &str) -> String {
    let digits = currency_digits(currency);
    let unit = 10_u64.pow(digits);
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, rest) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let width = usize::try_from(digits).unwrap_or(0);
    if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0width$}") }
}

/// Reads an amount a person typed ("1,234.50", "1.234,5", "1 234", "€ 12") as minor units; `None` if it is no amount.
///
/// The last `.` or `,` is the decimal sign unless exactly three digits follow it and the currency
/// would then have too many decimals, in which case it groups thousands.
pub fn parse_money(text: &str, currency: &str) -> Option<i64> {
    let digits = usize::try_from(currency_digits(currency)).ok()?;
    let kept: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '−'))
        .collect();
    let negative = kept.starts_with(['-', '−']);
    let body = kept.trim_start_matches(['-', '−']);
    if body.is_empty() || body.contains(['-', '−']) || text.chars().any(char::is_alphabetic) {
        return None;
    }
    let (whole, fraction) = match body.rsplit_once(['.', ',']) {
        Some((whole, fraction)) if fraction.len() <= digits => (whole, fraction),
        Some((_, fraction)) if fraction.len() == 3 => (body, ""),
        Some(_) => return None,
        None => (body, ""),
    };
    let mut all: String = whole.chars().filter(char::is_ascii_digit).collect();
    all.push_str(fraction);
    all.extend(std::iter::repeat_n('0', digits.saturating_sub(fraction.len())));
    let minor: i64 = all.parse().ok()?;
    Some(if negative { -minor } else { minor })
}

/// A size in bytes: "1.2 MB".
pub fn bytes(size: i64) -> String {
    const STEPS: [(&str, i64); 4] = [
        ("gigabyte", 1_000_000_000),
        ("megabyte", 1_000_000),
        ("kilobyte", 1_000),
        ("byte", 1),
    ];
    let (unit, step) = STEPS.into_iter().find(|(_, step)| size >= *step).unwrap_or(("byte", 1));
    let options = options(&[("style", "unit"), ("unit", unit), ("unitDisplay", "short")]);
    set(&options, "maximumFractionDigits", &JsValue::from_f64(1.0));
    number_with(int_f64(size) / int_f64(step), &options)
}
