//! Controls hold text, dates or amounts; fields hold JSON. A bridge keeps the two the same.

use crate::api::records::fields;
use crate::ui::{Typed, format};
use chrono::NaiveDate;
use domain::value::Value;
use leptos::prelude::*;
use serde_json::{Number, Value as Json};

/// A signal of the control's type over a JSON value, both ways. `read(write(x))` must be `x`.
pub fn bridge<T: Clone + PartialEq + Send + Sync + 'static>(
    value: RwSignal<Json>,
    read: impl Fn(&Json) -> T + Copy + Send + Sync + 'static,
    write: impl Fn(&T) -> Json + Copy + Send + Sync + 'static,
) -> RwSignal<T> {
    let inner = RwSignal::new(value.with_untracked(read));
    Effect::watch(
        move || inner.get(),
        move |now, _, _| {
            let json = write(now);
            if value.try_with_untracked(|old| *old != json) == Some(true) {
                value.set(json);
            }
        },
        false,
    );
    // From outside: a draft, the other side of a conflict.
    Effect::watch(
        move || value.get(),
        move |json, _, _| {
            let differs = inner.try_with_untracked(|inner| write(inner) != *json) == Some(true);
            if differs {
                inner.set(read(json));
            }
        },
        false,
    );
    inner
}

/// Text; empty is null.
pub fn as_text(value: RwSignal<Json>) -> RwSignal<String> {
    bridge(value, text_of, |text: &String| text_json(text))
}

fn text_of(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn text_json(text: &str) -> Json {
    if text.is_empty() { Json::Null } else { Json::from(text) }
}

/// A whole number as it is typed. What is no number stays text, which the check refuses with a sentence.
pub fn as_integer(value: RwSignal<Json>) -> RwSignal<String> {
    bridge(value, text_of, |text| match text.trim().parse::<i64>() {
        Ok(number) => Json::from(number),
        Err(_) => text_json(text),
    })
}

/// A number with decimals as it is typed. What is no number stays text, which the check refuses with a sentence.
pub fn as_number(value: RwSignal<Json>) -> RwSignal<String> {
    let read = |json: &Json| if let Json::Number(number) = json { number_text(number) } else { text_of(json) };
    bridge(value, read, |text| number_json(text))
}

/// A number as the text that its editor starts with.
pub fn number_text(number: &Number) -> String {
    number.as_f64().map(format::decimal_plain).unwrap_or_default()
}

/// What was typed for a number.
pub fn number_json(text: &str) -> Json {
    format::parse_decimal(text).map_or_else(|| text_json(text.trim()), |number| Value::Number(number).to_json())
}

/// An amount in minor units. What is no amount is text, which the check refuses with a sentence.
pub fn as_amount(value: RwSignal<Json>) -> RwSignal<Typed<i64>> {
    bridge(value, amount_of, amount_json)
}

/// The amount in a JSON value.
pub fn amount_of(json: &Json) -> Typed<i64> {
    json.as_i64().map_or_else(|| Typed::read(&text_of(json), |_| None), Typed::Value)
}

/// An amount as JSON.
pub fn amount_json(amount: &Typed<i64>) -> Json {
    amount.value().map_or_else(|| text_json(&amount.to_text(i64::to_string)), |minor| Json::from(*minor))
}

/// A day. What is none is text, which the check refuses with a sentence.
pub fn as_day(value: RwSignal<Json>) -> RwSignal<Typed<NaiveDate>> {
    let read = |json: &Json| Typed::read(&text_of(json), |text| text.parse().ok());
    bridge(value, read, |day| text_json(&day.to_text(NaiveDate::to_string)))
}

/// Yes, no or nothing as an option of a list.
pub fn as_yes_no(value: RwSignal<Json>) -> RwSignal<String> {
    bridge(
        value,
        |json| json.as_bool().map(|on| on.to_string()).unwrap_or_default(),
        |text| match text.as_str() {
            "true" => Json::from(true),
            "false" => Json::from(false),
            _ => Json::Null,
        },
    )
}

/// One member of an object; an object without any is null.
pub fn part(value: RwSignal<Json>, name: &'static str) -> RwSignal<String> {
    let inner = RwSignal::new(value.with_untracked(|json| text_of(json.get(name).unwrap_or(&Json::Null))));
    Effect::watch(
        move || inner.get(),
        move |text, _, _| {
            value.update(|json| {
                let mut map = json.as_object().cloned().unwrap_or_default();
                if text.is_empty() {
                    drop(map.remove(name))
                } else {
                    drop(map.insert(name.to_owned(), Json::from(text.as_str())))
                }
                *json = if map.is_empty() { Json::Null } else { Json::Object(map) };
            });
        },
        false,
    );
    inner
}

/// A small object as lines of `name: value`.
pub fn as_object_lines(value: RwSignal<Json>) -> RwSignal<String> {
    let text = RwSignal::new(value.with_untracked(|json| {
        let lines = json.as_object().into_iter().flatten().map(|(name, value)| format!("{name}: {}", text_of(value)));
        lines.collect::<Vec<_>>().join("\n")
    }));
    Effect::watch(
        move || text.get(),
        move |text, _, _| {
            let pairs = text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
                let (name, value) = line.split_once(':').unwrap_or((line, ""));
                (name.trim().to_owned(), Json::from(value.trim()))
            });
            let map = fields(pairs);
            value.set(if map.is_empty() { Json::Null } else { Json::Object(map) });
        },
        false,
    );
    text
}
