//! Values edited where they stand, in table cells and property lists: as text, which the kit's editors speak.

use super::editor::{
    choices, currency_choices, member_source, number_json, number_text, offered_name, record_source, yes_no,
};
use super::lookup::Lookup;
use crate::api::Row;
use crate::api::records::{self, Fields};
use crate::api::row::name_beside;
use crate::data::{Conflict, Mutations};
use crate::features::forms::message;
use crate::features::places;
use crate::ui::{Choice, Edited, Editor, InputKind};
use domain::catalog::{Field, Kind, Uses, member};
use domain::draft;
use domain::error::FieldError;
use domain::value::Value;
use serde_json::Value as Json;

/// The kit's editor for a field; `None` where it takes more than one control.
pub fn editor(field: &'static Field, currency: &str, lookup: Lookup) -> Option<Editor> {
    let empty = (!field.uses.has(Uses::NOT_NULL)).then(|| "None".to_owned());
    let select = |choices: Vec<Choice>| Some(Editor::Select(choices, empty.clone()));
    match field.kind {
        Kind::Text { .. } | Kind::Url => Some(Editor::Text(InputKind::Text)),
        Kind::LongText => Some(Editor::Textarea),
        Kind::Email => Some(Editor::Text(InputKind::Email)),
        Kind::Phone => Some(Editor::Text(InputKind::Tel)),
        Kind::Integer { .. } | Kind::Number => Some(Editor::Text(InputKind::Number)),
        Kind::Money { .. } => Some(Editor::Money(currency.to_owned())),
        Kind::Date => Some(Editor::Date),
        Kind::Boolean => select(yes_no()),
        Kind::Select(_) => select(choices(field)),
        Kind::Currency => select(currency_choices()),
        Kind::TimeZone => select(places::time_zones("")),
        Kind::User => Some(Editor::Lookup(member_source(lookup))),
        Kind::Record(record) => Some(Editor::Lookup(record_source(record))),
        Kind::DateTime
        | Kind::MultiSelect(_)
        | Kind::Users
        | Kind::Pipeline
        | Kind::Stage
        | Kind::Tags
        | Kind::Names
        | Kind::Address
        | Kind::Object
        | Kind::LineItems => None,
    }
}

/// A value as the text that its editor starts with.
pub fn to_text(field: &Field, json: &Json) -> String {
    match json {
        Json::Number(number) if matches!(field.kind, Kind::Number) => number_text(number),
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The text of an editor as a value; what cannot be read stays text, which the check refuses with a sentence.
fn to_json(field: &Field, text: &str) -> Json {
    if text.is_empty() {
        return Json::Null;
    }
    match field.kind {
        Kind::Integer { .. } | Kind::Money { .. } => {
            text.trim().parse::<i64>().map_or_else(|_| Json::from(text), Json::from)
        }
        Kind::Number => number_json(text),
        Kind::Boolean => Json::from(text == "true"),
        _ => Json::from(text),
    }
}

/// The value as it is stored.
///
/// # Errors
/// The sentence that says what is wrong with it.
pub fn check(field: &Field, json: &Json) -> Result<Value, String> {
    draft::check(field, json).map_err(|errors| {
        let first = errors.into_iter().next();
        let placed =
            first.map(|error| FieldError { path: format!("{}{}", member::path(field.name), error.path), ..error });
        placed.as_ref().map(message).unwrap_or_default()
    })
}

/// Checks what was typed into a cell or property and saves it: the screen shows it at once.
///
/// # Errors
/// The sentence that says what is wrong with it.
pub fn save_text(mutations: &Mutations, row: &Row, field: &'static Field, edited: &Edited) -> Result<(), String> {
    let present = row.get(field.name);
    let began = if to_text(field, present) == edited.before { present.clone() } else { to_json(field, &edited.before) };
    save_json(mutations, row, field, &began, &to_json(field, &edited.now), Fields::new())
}

/// The same for a value of any form, with names to show beside it. Where the value is no longer the one that editing
/// `began` with, the person is asked which shall stand.
///
/// # Errors
/// The sentence that says what is wrong with it.
pub fn save_json(
    mutations: &Mutations,
    row: &Row,
    field: &'static Field,
    began: &Json,
    json: &Json,
    mut beside: Fields,
) -> Result<(), String> {
    let checked = check(field, json)?;
    if checked.is_null() && field.is_required() {
        return Err(format!("{} is required.", field.label));
    }
    let now = checked.to_json();
    if now == *row.get(field.name) {
        return Ok(());
    }
    if matches!(field.kind, Kind::Record(_)) && !beside.contains_key(&name_beside(field)) {
        let name = now.as_str().and_then(offered_name).map_or(Json::Null, Json::from);
        beside.insert(name_beside(field), name);
    }
    let fields: Fields = records::fields([(field.name, now)]);
    if began == row.get(field.name) {
        mutations.update(row, fields, beside);
    } else {
        ask(mutations, row.clone(), fields, Fields::new());
    }
    Ok(())
}

/// Asks which fields shall stand: those to be saved, or those of the record as it is now.
pub fn ask(mutations: &Mutations, current: Row, mine: Fields, rest: Fields) {
    mutations.ask(Conflict { mine, rest, current });
}

/// Whether a click on the shown value would hit a link in it.
pub const fn has_link(field: &Field) -> bool {
    matches!(field.kind, Kind::Email | Kind::Phone | Kind::Url | Kind::Record(_))
}
