//! The check of one value against its field.

use crate::address::{is_email, is_phone, is_url, typed_phone, visible};
use crate::catalog::field_limits::{EMAIL_MAX, LIST_MAX, LONG_TEXT_MAX, PHONE_MAX, URL_MAX};
use crate::catalog::{Field, Kind};
use crate::error::{FieldError, code};
use crate::tags;
use crate::value::Value;
use crate::{deals, money};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// Error paths are relative to the field: empty for the field itself, `/city` for a part of an address.
type Checked = Result<Value, Vec<FieldError>>;

/// Checks one JSON value against its field and brings it into its stored form. Null and blank text clear.
pub fn check(field: &Field, json: &Json) -> Checked {
    if json.is_null() {
        return Ok(Value::Null);
    }
    match field.kind {
        Kind::Text { max } => text(field, json, max, Line::Single),
        Kind::LongText => text(field, json, LONG_TEXT_MAX, Line::Many),
        Kind::Email => {
            checked_text(field, json, EMAIL_MAX, "email", is_email, "an email address such as ada@example.com")
        }
        Kind::Phone => {
            let typed = json.as_str().map(|t| Json::from(typed_phone(t)));
            let expected = "a phone number such as +1 415 555 0100";
            checked_text(field, typed.as_ref().unwrap_or(json), PHONE_MAX, "phone", is_phone, expected)
        }
        Kind::Url => url(field, json),
        Kind::TimeZone => {
            checked_text(field, json, 64, "time_zone", is_time_zone_name, "a time zone such as Europe/Berlin")
        }
        Kind::Number => number(field, json),
        Kind::Integer { min, max } => integer(field, json, min, max),
        Kind::Money { non_negative } => integer(field, json, if non_negative { 0 } else { i64::MIN }, i64::MAX),
        Kind::Currency => {
            let upper = json.as_str().map(|t| Json::from(t.trim().to_uppercase()));
            checked_text(
                field,
                upper.as_ref().unwrap_or(json),
                3,
                "currency",
                money::is_currency,
                "an ISO 4217 currency code such as USD",
            )
        }
        Kind::Date => date(field, json),
        Kind::DateTime => instant(field, json),
        Kind::Boolean => json.as_bool().map(Value::Bool).ok_or_else(|| wrong(field, "boolean", "true or false")),
        Kind::Select(choices) => select(field, json, choices),
        Kind::MultiSelect(choices) => several(field, json, choices),
        Kind::Record(_) | Kind::User | Kind::Pipeline | Kind::Stage => id(field, json).map(Value::Id),
        Kind::Users => list(field, json, |item| id(field, item)).map(Value::Ids),
        Kind::Tags | Kind::Names => names(field, json),
        Kind::Address => object(field, json, Some(crate::records::Address::FIELDS)),
        Kind::Object => object(field, json, None),
        Kind::LineItems => deals::products::check(json),
    }
}

/// The JSON form of a default that the catalogue writes as text.
pub fn default_json(field: &Field, default: &str) -> Json {
    match field.kind {
        Kind::Integer { .. } | Kind::Money { .. } => default.parse::<i64>().map_or(Json::Null, Json::from),
        Kind::Boolean => Json::from(default == "true"),
        _ => Json::from(default),
    }
}

fn fail(code: &str, message: String) -> Vec<FieldError> {
    vec![FieldError { path: String::new(), code: code.to_owned(), message }]
}

fn wrong(field: &Field, code: &str, expected: &str) -> Vec<FieldError> {
    fail(code, format!("{} must be {expected}.", field.label))
}

/// Whether line breaks are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Single,
    Many,
}

fn text(field: &Field, json: &Json, max: usize, line: Line) -> Checked {
    let Some(raw) = json.as_str() else { return Err(wrong(field, "text", "text")) };
    let cleaned = clean(raw, line);
    if cleaned.is_empty() {
        return Ok(Value::Null);
    }
    if cleaned.chars().count() > max {
        return Err(fail("too_long", format!("{} can have at most {max} characters.", field.label)));
    }
    Ok(Value::Text(cleaned))
}

/// A text of one line as it is stored: blanks for line breaks and tabs, no other control characters, trimmed.
pub fn one_line(raw: &str) -> String {
    clean(raw, Line::Single)
}

/// Trims, and drops control characters, which no field needs and `PostgreSQL` partly refuses (U+0000).
fn clean(raw: &str, line: Line) -> String {
    let kept: String = raw
        .chars()
        .map(|c| if line == Line::Single && matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
        .filter(|c| !c.is_control() || (line == Line::Many && matches!(c, '\n' | '\t')))
        .collect();
    kept.trim().to_owned()
}

fn checked_text(
    field: &Field,
    json: &Json,
    max: usize,
    code: &str,
    ok: impl Fn(&str) -> bool,
    expected: &str,
) -> Checked {
    let value = text(field, json, max, Line::Single)?;
    match &value {
        Value::Text(t) if !ok(t) => Err(wrong(field, code, expected)),
        _ => Ok(value),
    }
}

fn is_time_zone_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c))
}

/// A bare host name gets `https://`; only http and https are kept, so that a link on a page is never a script.
fn url(field: &Field, json: &Json) -> Checked {
    let shown = json.as_str().map(|t| Json::from(visible(t)));
    let value = text(field, shown.as_ref().unwrap_or(json), URL_MAX, Line::Single)?;
    let Value::Text(raw) = value else { return Ok(value) };
    let full = match raw.split_once("://") {
        Some((scheme, rest)) => format!("{}://{rest}", scheme.to_ascii_lowercase()),
        None => format!("https://{raw}"),
    };
    let host = full.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or("");
    if !is_url(&full) || !host.contains('.') && !host.starts_with("localhost") {
        return Err(wrong(field, "url", "a web address such as https://example.com"));
    }
    if full.chars().count() > URL_MAX {
        return Err(fail("too_long", format!("{} can have at most {URL_MAX} characters.", field.label)));
    }
    Ok(Value::Text(full))
}

/// Largest number of [`Kind::Number`]: what 15 digits can tell apart.
const NUMBER_MAX: f64 = 1e15;

fn number(field: &Field, json: &Json) -> Checked {
    let Some(n) = json.as_f64() else { return Err(wrong(field, "number", "a number such as 12.5")) };
    if n.abs() >= NUMBER_MAX {
        return Err(fail("too_large", format!("{} can have at most 15 digits.", field.label)));
    }
    Ok(Value::Number(n))
}

fn integer(field: &Field, json: &Json, min: i64, max: i64) -> Checked {
    let Some(n) = json.as_i64() else {
        return Err(match field.kind {
            Kind::Money { .. } => wrong(field, code::AMOUNT, "a whole number of minor units (cents)"),
            _ => wrong(field, "integer", "a whole number"),
        });
    };
    if n < min {
        return Err(fail("too_small", format!("{} must be at least {min}.", field.label)));
    }
    if n > max {
        return Err(fail("too_large", format!("{} must be at most {max}.", field.label)));
    }
    Ok(Value::Int(n))
}

fn date(field: &Field, json: &Json) -> Checked {
    let Some(raw) = json.as_str() else { return Err(wrong(field, code::DATE, "a date such as 2026-11-21")) };
    if raw.trim().is_empty() {
        return Ok(Value::Null);
    }
    let parsed = NaiveDate::parse_from_str(raw.trim(), "%Y-%m-%d").ok().filter(in_range);
    parsed.map(Value::Date).ok_or_else(|| wrong(field, code::DATE, "a date such as 2026-11-21"))
}

/// Years that every part of the system can show and sort.
fn in_range(date: &NaiveDate) -> bool {
    use chrono::Datelike;
    (1..=9999).contains(&date.year())
}

fn instant(field: &Field, json: &Json) -> Checked {
    let expected = "a date and time such as 2026-11-21T14:30:00Z";
    let Some(raw) = json.as_str() else { return Err(wrong(field, code::DATE_TIME, expected)) };
    let parsed = DateTime::parse_from_rfc3339(raw.trim())
        .ok()
        .map(|t| t.with_timezone(&Utc))
        .filter(|t| in_range(&t.date_naive()));
    parsed.map(Value::Instant).ok_or_else(|| wrong(field, code::DATE_TIME, expected))
}

fn select(field: &Field, json: &Json, choices: &[crate::choice::Choice]) -> Checked {
    let given = json.as_str().unwrap_or("\u{0}").trim();
    if given.is_empty() {
        return Ok(Value::Null);
    }
    match choices.iter().find(|c| c.value == given) {
        Some(choice) => Ok(Value::Text(choice.value.to_owned())),
        None => {
            let list: Vec<_> = choices.iter().map(|c| c.value).collect();
            Err(wrong(field, "choice", &format!("one of {}", list.join(", "))))
        }
    }
}

/// Options in the order of the list, each once.
fn several(field: &Field, json: &Json, choices: &[crate::choice::Choice]) -> Checked {
    let chosen = list(field, json, |item| match select(field, item, choices)? {
        Value::Text(value) => Ok(value),
        _ => Err(wrong(field, "choice", "a list of options")),
    })?;
    let ordered = choices.iter().filter(|choice| chosen.iter().any(|value| value == choice.value));
    let values: Vec<String> = ordered.map(|choice| choice.value.to_owned()).collect();
    Ok(if values.is_empty() { Value::Null } else { Value::Texts(values) })
}

fn id(field: &Field, json: &Json) -> Result<Uuid, Vec<FieldError>> {
    json.as_str().and_then(|t| Uuid::try_parse(t).ok()).ok_or_else(|| wrong(field, "id", "an id (UUID)"))
}

fn list<T: PartialEq>(
    field: &Field,
    json: &Json,
    item: impl Fn(&Json) -> Result<T, Vec<FieldError>>,
) -> Result<Vec<T>, Vec<FieldError>> {
    let Some(items) = json.as_array() else { return Err(wrong(field, "list", "a list")) };
    if items.len() > LIST_MAX {
        return Err(fail("too_many", format!("{} can have at most {LIST_MAX} entries.", field.label)));
    }
    let mut out = Vec::with_capacity(items.len());
    for (at, json) in items.iter().enumerate() {
        let value = item(json).map_err(|mut errors| {
            for error in &mut errors {
                error.path = format!("/{at}{}", error.path);
            }
            errors
        })?;
        if !out.contains(&value) {
            out.push(value);
        }
    }
    Ok(out)
}

fn names(field: &Field, json: &Json) -> Checked {
    let mut out: Vec<String> = Vec::new();
    for name in list(field, json, |item| name_item(field, item))? {
        if !name.is_empty() && !out.iter().any(|known| tags::norm(known) == tags::norm(&name)) {
            out.push(name);
        }
    }
    Ok(Value::Texts(out))
}

fn name_item(field: &Field, json: &Json) -> Result<String, Vec<FieldError>> {
    let raw = json.as_str().ok_or_else(|| wrong(field, "text", "a list of texts"))?;
    let name = tags::clean(&one_line(raw));
    if name.chars().count() > tags::TAG_MAX {
        return Err(fail(
            "too_long",
            format!("Each of {} can have at most {} characters.", field.label, tags::TAG_MAX),
        ));
    }
    if matches!(field.kind, Kind::Tags) && name.contains(',') {
        return Err(fail("comma", "A tag cannot contain a comma.".to_owned()));
    }
    Ok(name)
}

/// An object of short texts: with `known`, only these members; without, at most 20 of any name.
fn object(field: &Field, json: &Json, known: Option<&[&str]>) -> Checked {
    let Some(members) = json.as_object() else { return Err(wrong(field, "object", "an object of texts")) };
    if members.len() > 20 {
        return Err(fail("too_many", format!("{} can have at most 20 entries.", field.label)));
    }
    let mut errors = Vec::new();
    let mut out = Map::new();
    for (name, json) in members {
        let path = format!("/{}", name.chars().take(60).collect::<String>());
        if known.is_some_and(|k| !k.contains(&name.as_str())) || name.is_empty() || name.chars().count() > 60 {
            let message = format!("{} has no part with this name.", field.label);
            errors.push(FieldError { path, code: "unknown_field".to_owned(), message });
            continue;
        }
        match json {
            Json::Null => {}
            Json::String(raw) if raw.chars().count() <= 255 => {
                let value = one_line(raw);
                if !value.is_empty() {
                    out.insert(name.clone(), Json::from(value));
                }
            }
            _ => {
                let message = format!("{} must be text of at most 255 characters.", field.label);
                errors.push(FieldError { path, code: "text".to_owned(), message });
            }
        }
    }
    match (errors.is_empty(), out.is_empty()) {
        (false, _) => Err(errors),
        (true, true) => Ok(Value::Null),
        (true, false) => Ok(Value::Json(Json::Object(out))),
    }
}
