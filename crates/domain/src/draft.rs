//! Inputs: a JSON object checked field by field against the catalogue.
//!
//! Forms, the API, imports and in-place edits all come through here, so a rule holds on every way in.

mod check;

pub use check::{check, default_json, one_line};

use crate::catalog::{Field, Kind, Schema, member};
use crate::error::FieldError;
use crate::value::Value;
use serde_json::{Map, Value as Json};

/// Whether a record is made or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Required fields must be there; absent ones get their default.
    Create,
    /// Only the fields sent change; null clears.
    Update,
}

/// A checked input: the fields sent (and, on create, the defaults), in the order of the catalogue.
#[derive(Clone, Debug)]
pub struct Draft {
    schema: Schema,
    mode: Mode,
    values: Vec<(&'static Field, Value)>,
    derived: Vec<(&'static str, Value)>,
}

impl Draft {
    /// Checks `input` against the record type's fields; all problems are reported at once.
    pub fn parse(schema: Schema, mode: Mode, input: &Map<String, Json>) -> Result<Self, Vec<FieldError>> {
        let own = matches!(input.get(member::CUSTOM), Some(Json::Object(_))).then(|| member::flat(input));
        let input = own.as_ref().unwrap_or(input);
        let mut errors = Vec::new();
        for name in input.keys() {
            match schema.field(name) {
                None => errors.push(unknown_field(schema, name)),
                Some(field) if !field.is_writable() => errors.push(FieldError::new(
                    name,
                    "read_only",
                    format!("{} is kept by the system and cannot be set.", field.label),
                )),
                Some(field) if *name != field.name && input.contains_key(field.name) => errors.push(FieldError::new(
                    name,
                    "ambiguous",
                    format!("{name} is another name of {}; send only one of them.", field.name),
                )),
                Some(_) => {}
            }
        }
        let mut values = Vec::new();
        for field in schema.writable() {
            let sent = std::iter::once(&field.name)
                .chain(field.aliases)
                .find_map(|name| input.get(*name).map(|json| (*name, json)));
            match (sent, mode) {
                (Some((name, json)), _) => match check(field, json) {
                    Ok(value) if value.is_null() && field.is_required() => errors.push(required(field, name)),
                    Ok(Value::Null) if mode == Mode::Update && nothing(field).is_some() => {
                        values.extend(nothing(field).map(|value| (field, value)));
                    }
                    Ok(value) => values.push((field, or_default(field, value))),
                    Err(mut found) => {
                        for error in &mut found {
                            error.path = format!("{}{}", member::path(name), error.path);
                        }
                        errors.append(&mut found);
                    }
                },
                (None, Mode::Create) if field.is_required() => errors.push(required(field, field.name)),
                (None, Mode::Create) if field.default.is_some() => {
                    values.push((field, or_default(field, Value::Null)));
                }
                (None, _) => {}
            }
        }
        if errors.is_empty() { Ok(Self { schema, mode, values, derived: Vec::new() }) } else { Err(errors) }
    }

    /// The record type, as the organization has it.
    pub fn schema(&self) -> Schema {
        self.schema
    }

    /// The values given for the organization's own fields: what `custom_fields` is to hold under their keys, null for
    /// what is to go. Nothing where none was sent.
    pub fn custom_fields(&self) -> Map<String, Json> {
        let own =
            self.values.iter().filter_map(|(field, value)| Some((field.custom_key()?.to_owned(), value.to_json())));
        own.collect()
    }

    /// Whether a record is made or changed.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The value given for `name`; `None` where the field was not sent.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(f, _)| f.name == name).map(|(_, v)| v)
    }

    /// Sets or replaces a value: the rules of a record type derive further fields this way.
    pub fn set(&mut self, name: &str, value: Value) {
        let Some(field) = self.schema.field(name) else { return };
        match self.values.iter_mut().find(|(f, _)| f.name == field.name) {
            Some((_, old)) => *old = value,
            None => self.values.push((field, value)),
        }
    }

    /// Takes a value out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.values.iter().position(|(f, _)| f.name == name)?;
        Some(self.values.remove(at).1)
    }

    /// All values, in the order of the catalogue.
    pub fn values(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        self.values.iter().map(|(f, v)| (*f, v))
    }

    /// Sets a column that is no field: nobody sends it, it follows from the rules (a card's place in its column).
    pub fn derive(&mut self, column: &'static str, value: Value) {
        match self.derived.iter_mut().find(|(known, _)| *known == column) {
            Some((_, old)) => *old = value,
            None => self.derived.push((column, value)),
        }
    }

    /// The value that the rules gave to a column that is no field.
    pub fn derived(&self, column: &str) -> Option<&Value> {
        self.derived.iter().find(|(known, _)| *known == column).map(|(_, v)| v)
    }

    /// Whether the rules gave a value to a column that is no field.
    pub fn has_derived(&self) -> bool {
        !self.derived.is_empty()
    }

    /// Whether nothing was sent.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// A cleared field whose column is never empty gets its default back.
fn or_default(field: &Field, value: Value) -> Value {
    match field.default {
        // A text column that is never empty holds '' where nothing is known (a contact's last name).
        Some("") if value.is_null() => Value::Text(String::new()),
        Some(default) if value.is_null() => check(field, &default_json(field, default)).unwrap_or(Value::Null),
        _ => value,
    }
}

/// What a cleared list holds: it is rows of its own, which null would leave where they are.
fn nothing(field: &Field) -> Option<Value> {
    match field.kind {
        Kind::Tags | Kind::Names => Some(Value::Texts(Vec::new())),
        Kind::Users => Some(Value::Ids(Vec::new())),
        Kind::LineItems => Some(Value::Json(Json::Array(Vec::new()))),
        _ => None,
    }
}

fn required(field: &Field, name: &str) -> FieldError {
    FieldError {
        path: member::path(name),
        code: "required".to_owned(),
        message: format!("{} is required.", field.label),
    }
}

fn unknown_field(schema: Schema, name: &str) -> FieldError {
    if name == member::CUSTOM {
        return FieldError::new(name, "object", "custom_fields must be an object of values by their fields' keys.");
    }
    let near = schema.writable().map(|f| f.name).find(|known| {
        let (a, b) = (known.replace('_', ""), name.replace(['_', '-', ' '], "").to_lowercase());
        a == b || (b.len() >= 4 && (a.contains(&b) || b.contains(&a)))
    });
    let hint = near.map(|n| format!(" Did you mean {n}?")).unwrap_or_default();
    let mut shown: String = name.chars().take(60).collect();
    shown = shown.replace(|c: char| c.is_control(), " ");
    let message = format!("A {} has no field called {shown}.{hint}", schema.label.to_lowercase());
    FieldError { path: member::path(&shown), code: "unknown_field".to_owned(), message }
}

#[cfg(test)]
mod tests;
