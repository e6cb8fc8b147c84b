//! Dates, numbers and money in the user's locale and time zone, by the browser's `Intl`.

use std::{cell::RefCell, collections::HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
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

thread_local! {
    /// Formatting functions by what they do. Making one costs far more than using it, and a table draws hundreds.
    static FORMATS: RefCell<HashMap<String, Function>> = RefCell::new(HashMap::new());
    /// Decimals by currency.
    static DIGITS: RefCell<HashMap<String, u32>> = RefCell::new(HashMap::new());
}

/// Formats by the function kept under `key`, or made (and kept) now; `None` if it cannot be made.
fn format_by(key: &str, value: &JsValue, make: impl FnOnce() -> Option<Function>) -> Option<String> {
    let kept = FORMATS.with_borrow(|formats| formats.get(key).cloned());
    let function = match kept {
        Some(function) => function,
        None => {
            let made = make()?;
            FORMATS.with_borrow_mut(|formats| formats.insert(key.to_owned(), made.clone()));
            made
        }
    };
    function.call1(&JsValue::NULL, value).ok()?.as_string()
}

/// Formats in the user's time zone unless the options name one.
fn format_date(date: &Date, pairs: &[(&str, &str)]) -> String {
    let key: String = pairs.iter().flat_map(|(key, value)| [*key, "=", *value, ";"]).collect();
    let make = || {
        let options = options(pairs);
        if !pairs.iter().any(|(key, _)| *key == "timeZone") {
            set(&options, "timeZone", &JsValue::from_str(&time_zone()));
        }
        try_intl("DateTimeFormat", &options).ok().map(|format| Intl::DateTimeFormat::from(format).format())
    };
    format_by(&key, date, make).unwrap_or_default()
}

/// A calendar date without a time zone, such as a birthday or a due date: "21 Nov 2026".
pub fn date(day: NaiveDate) -> String {
    // Midnight in UTC, formatted in UTC: the day cannot slip.
    let at = day.and_time(chrono::NaiveTime::MIN).and_utc();
    format_date(&js_date(at), &[("dateStyle", "medium"), ("timeZone", "UTC")])
}

/// A calendar date that leaves out the year where nobody would ask for it, this year and within half a year: "21 Nov".
pub fn date_short(day: NaiveDate) -> String {
    use chrono::Datelike;
    let now = today();
    if day.year() != now.year() && day.signed_duration_since(now).num_days().abs() > 183 {
        return date(day);
    }
    let at = day.and_time(chrono::NaiveTime::MIN).and_utc();
    format_date(&js_date(at), &[("day", "numeric"), ("month", "short"), ("timeZone", "UTC")])
}

/// Day and time in the user's time zone: "21 Nov 2026, 14:05".
pub fn date_time(at: DateTime<Utc>) -> String {
    format_date(&js_date(at), &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// Day, time and zone in full, for hovering: "Saturday, 21 November 2026 at 14:05:09 CET".
pub fn exact(at: DateTime<Utc>) -> String {
    format_date(&js_date(at), &[("dateStyle", "full"), ("timeStyle", "long")])
}

/// Time of day in the user's time zone: "14:05".
pub fn time(at: DateTime<Utc>) -> String {
    format_date(&js_date(at), &[("timeStyle", "short")])
}

/// Today in the user's time zone.
pub fn today() -> NaiveDate {
    local_day(now())
}

/// The day of a moment in the user's time zone.
fn local_day(at: DateTime<Utc>) -> NaiveDate {
    // Swedish writes dates as ISO does.
    let make = || {
        let options = options(&[("timeZone", &time_zone())]);
        Some(Intl::DateTimeFormat::new(&Array::of1(&JsValue::from_str("sv-SE")), &options).format())
    };
    format_by("day", &js_date(at), make).and_then(|text| text.parse().ok()).unwrap_or_else(|| at.date_naive())
}

/// Now, by the browser's clock.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(trunc_i64(Date::now())).unwrap_or_default()
}

/// Seconds per day.
const DAY: i64 = 86_400;
/// Seconds per unit, largest first; the last one always applies.
const UNITS: [(&str, i64); 7] = [
    ("year", 31_557_600),
    ("month", 2_629_800),
    ("week", 604_800),
    ("day", DAY),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
];

fn relative_text(value: i64, unit: &str) -> String {
    Intl::RelativeTimeFormat::new(&locales(), &options(&[("numeric", "auto")])).format(int_f64(value), unit).into()
}

/// How long ago or ahead: "3 hours ago", "yesterday", "in 2 weeks"; within 45 seconds "now".
pub fn relative(at: DateTime<Utc>) -> String {
    let seconds = at.signed_duration_since(now()).num_seconds();
    if seconds.abs() < 45 {
        return relative_text(0, "second");
    }
    let (unit, size) = UNITS.into_iter().find(|(_, size)| seconds.abs() >= *size).unwrap_or(("second", 1));
    // From a day on those of the calendar count: what was done on Monday is not "yesterday" on Wednesday morning.
    let seconds = if size < DAY { seconds } else { local_day(at).signed_duration_since(today()).num_seconds() };
    relative_text(seconds / size, unit)
}

/// A calendar date relative to today within a week ("tomorrow", "in 3 days"), otherwise as [`date_short`].
pub fn relative_day(day: NaiveDate) -> String {
    let days = day.signed_duration_since(today()).num_days();
    if days.abs() <= 7 { relative_text(days, "day") } else { date_short(day) }
}

/// `key` names the options, which must always be the same under the same key.
fn number_with(key: &str, value: f64, adjust: impl FnOnce(&Object)) -> String {
    let make = || {
        let options = Object::new();
        adjust(&options);
        try_number_format(&options).ok().map(|format| format.format())
    };
    format_by(key, &JsValue::from_f64(value), make).unwrap_or_default()
}

/// A number with the locale's separators and at most two decimals: "12,345.5".
pub fn number(value: f64) -> String {
    number_with("number", value, |options| set(options, "maximumFractionDigits", &JsValue::from_f64(2.0)))
}

/// A number with the locale's separators and the decimals that it has, at most six: "12,345.125".
pub fn decimal(value: f64) -> String {
    number_with("decimal", value, |options| set(options, "maximumFractionDigits", &JsValue::from_f64(6.0)))
}

/// The locale's decimal sign.
fn decimal_sign() -> char {
    if number(0.5).contains(',') { ',' } else { '.' }
}

/// A number as it is edited: the locale's decimal sign, no grouping.
pub fn decimal_plain(value: f64) -> String {
    value.to_string().replace('.', &decimal_sign().to_string())
}

/// Reads a number a person typed ("1,234.5", "1.234,5", "1 234"); `None` if it is none.
///
/// Of two different signs the last is the decimal one, and a sign that comes twice groups. One sign alone is the
/// decimal one, unless it is not the locale's and groups three digits.
pub fn parse_decimal(text: &str) -> Option<f64> {
    let kept: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’')).collect();
    let kept = kept.replace('−', "-");
    let (whole, fraction) = match kept.rsplit_once(['.', ',']) {
        None => (kept.as_str(), ""),
        Some((whole, fraction)) => {
            let sign = if kept.ends_with(&format!(",{fraction}")) { ',' } else { '.' };
            let other = if sign == ',' { '.' } else { ',' };
            let whole_ends = whole.is_empty() || matches!(whole, "0" | "-0");
            let groups = fraction.len() == 3 && sign != decimal_sign() && !whole.contains(other) && !whole_ends;
            if whole.contains(sign) || groups { (kept.as_str(), "") } else { (whole, fraction) }
        }
    };
    let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let is_number = |digits: &str| digits.chars().all(|c| c.is_ascii_digit());
    let digits = whole.strip_prefix('-').unwrap_or(&whole);
    if !is_number(digits) || !is_number(fraction) || (digits.is_empty() && fraction.is_empty()) {
        return None;
    }
    format!("{whole}.{fraction}0").parse().ok()
}

/// A whole number with the locale's separators: "12,345".
pub fn integer(value: i64) -> String {
    number_with("integer", int_f64(value), |_| {})
}

/// A count of things: "1 deal", "1,204 deals".
pub fn count(value: i64, one: &str, many: &str) -> String {
    format!("{} {}", integer(value), if value == 1 { one } else { many })
}

/// A share from 0 to 1 as a whole percentage: "42%".
pub fn percent(share: f64) -> String {
    number_with("percent", share, |options| set(options, "style", &JsValue::from_str("percent")))
}

/// How many decimals the currency's minor unit stands for: 2 for EUR, 0 for JPY, 3 for KWD.
pub fn currency_digits(currency: &str) -> u32 {
    if let Some(known) = DIGITS.with_borrow(|digits| digits.get(currency).copied()) {
        return known;
    }
    // A malformed code throws; two decimals is what nearly all currencies have.
    let digits = try_number_format(&money_options(currency))
        .and_then(|format| Reflect::get(&format.resolved_options(), &JsValue::from_str("maximumFractionDigits")))
        .ok()
        .and_then(|digits| digits.as_f64())
        .and_then(|digits| u32::try_from(trunc_i64(digits)).ok())
        .unwrap_or(2);
    DIGITS.with_borrow_mut(|kept| kept.insert(currency.to_owned(), digits));
    digits
}

fn money_options(currency: &str) -> Object {
    options(&[("style", "currency"), ("currency", currency)])
}

/// The constructors throw a `RangeError` for a malformed currency code or an unknown time zone.
fn try_intl(class: &str, options: &Object) -> Result<JsValue, JsValue> {
    let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl"))?;
    let class: Function = Reflect::get(&intl, &JsValue::from_str(class))?.into();
    Reflect::construct(&class, &Array::of2(&locales(), options))
}

fn try_number_format(options: &Object) -> Result<Intl::NumberFormat, JsValue> {
    try_intl("NumberFormat", options).map(Into::into)
}

fn money_with(style: &str, minor: i64, currency: &str, adjust: impl FnOnce(&Object)) -> String {
    let major = major_units(minor, currency);
    let make = || {
        let options = money_options(currency);
        adjust(&options);
        // A malformed currency code throws.
        try_number_format(&options).ok().map(|format| format.format())
    };
    format_by(&format!("{style}:{currency}"), &JsValue::from_f64(major), make)
        .unwrap_or_else(|| format!("{} {currency}", number(major)))
}

/// An amount in minor units (cents) as units of the currency.
pub fn major_units(minor: i64, currency: &str) -> f64 {
    int_f64(minor) / int_f64(10_i64.pow(currency_digits(currency)))
}

/// Money from minor units: `money(123_450, "EUR")` is "€1,234.50".
pub fn money(minor: i64, currency: &str) -> String {
    money_with("money", minor, currency, |_| {})
}

/// Money without decimals, for tables, boards and totals: "€1,235".
pub fn money_round(minor: i64, currency: &str) -> String {
    money_with("round", minor, currency, |options| {
        set(options, "maximumFractionDigits", &JsValue::from_f64(0.0));
        set(options, "minimumFractionDigits", &JsValue::from_f64(0.0));
    })
}

/// Money in the shortest form, for column heads and charts: "€1.2M".
pub fn money_compact(minor: i64, currency: &str) -> String {
    money_with("compact", minor, currency, |options| {
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
    let kept: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '−')).collect();
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
    const STEPS: [(&str, i64); 4] =
        [("gigabyte", 1_000_000_000), ("megabyte", 1_000_000), ("kilobyte", 1_000), ("byte", 1)];
    let (unit, step) = STEPS.into_iter().find(|(_, step)| size >= *step).unwrap_or(("byte", 1));
    number_with(unit, int_f64(size) / int_f64(step), |options| {
        set(options, "style", &JsValue::from_str("unit"));
        set(options, "unit", &JsValue::from_str(unit));
        set(options, "unitDisplay", &JsValue::from_str("short"));
        set(options, "maximumFractionDigits", &JsValue::from_f64(1.0));
    })
}
