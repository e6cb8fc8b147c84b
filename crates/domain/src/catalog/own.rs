//! The organization's own fields as fields of the catalogue.
//!
//! The catalogue's fields live as long as the program. Definitions come at run time, so each distinct one is kept for
//! good and found again: what one organization defines, defines again or undoes is held once. How fast that can grow is
//! limited where definitions are written.

use super::member::custom_name;
use super::{Field, Kind, Schemas};
use crate::choice::Choice;
use crate::fields::{FieldDefinition, FieldType, TEXT_MAX};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// What decides a field of the catalogue.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Essence {
    key: String,
    name: String,
    kind: FieldType,
    options: Vec<(String, String)>,
    required: bool,
    in_list: bool,
}

static TEXTS: Mutex<Option<HashMap<String, &'static str>>> = Mutex::new(None);
static FIELDS: Mutex<Option<HashMap<Essence, &'static Field>>> = Mutex::new(None);
static LISTS: Mutex<Option<HashMap<Vec<usize>, &'static [&'static Field]>>> = Mutex::new(None);

/// All record types with the own fields that these definitions make: each type's in the order given, without those
/// that were deleted.
pub fn fields(definitions: &[FieldDefinition]) -> Schemas {
    Schemas::with(|record| {
        let live = definitions.iter().filter(|one| one.entity == record && one.deleted_at.is_none());
        list(live.map(field).collect())
    })
}

fn kept<K: Eq + Hash, V: Copy>(all: &Mutex<Option<HashMap<K, V>>>, key: K, make: impl FnOnce(&K) -> V) -> V {
    // A panic while the map was held leaves it whole: entries are only ever added.
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    let all = all.get_or_insert_default();
    if let Some(known) = all.get(&key) {
        return *known;
    }
    let made = make(&key);
    all.insert(key, made);
    made
}

fn text(text: &str) -> &'static str {
    kept(&TEXTS, text.to_owned(), |text| Box::leak(text.clone().into_boxed_str()))
}

fn list(fields: Vec<&'static Field>) -> &'static [&'static Field] {
    let key = fields.iter().map(|field| std::ptr::from_ref(*field).addr()).collect();
    kept(&LISTS, key, |_| Box::leak(fields.into_boxed_slice()))
}

fn field(definition: &FieldDefinition) -> &'static Field {
    let essence = Essence {
        key: definition.key.clone(),
        name: definition.name.clone(),
        kind: definition.kind,
        options: definition.options.iter().map(|one| (one.value.clone(), one.label.clone())).collect(),
        required: definition.required,
        in_list: definition.show_in_list,
    };
    kept(&FIELDS, essence, |essence| {
        let choices = || -> &'static [Choice] {
            let choices =
                essence.options.iter().map(|(value, label)| Choice { value: text(value), label: text(label) });
            Box::leak(choices.collect::<Vec<_>>().into_boxed_slice())
        };
        let kind = match essence.kind {
            FieldType::Text => Kind::Text { max: TEXT_MAX },
            FieldType::Textarea => Kind::LongText,
            FieldType::Number => Kind::Number,
            FieldType::Date => Kind::Date,
            FieldType::Select => Kind::Select(choices()),
            FieldType::MultiSelect => Kind::MultiSelect(choices()),
            FieldType::Checkbox => Kind::Boolean,
            FieldType::Url => Kind::Url,
        };
        let mut field = Field::new(text(&custom_name(&essence.key)), text(&essence.name), kind).custom();
        if essence.required {
            field = field.asked_for();
        }
        if essence.in_list {
            field = field.in_list();
        }
        Box::leak(Box::new(field))
    })
}
