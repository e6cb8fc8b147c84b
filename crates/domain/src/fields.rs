//! An organization's own fields: how they are defined (FIELD-01, FIELD-02).

use crate::auth::check_name;
use crate::catalog::RecordType;
use crate::error::FieldError;
use crate::tags::norm;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest value of a field of one line, in characters.
pub const TEXT_MAX: usize = 255;
/// The longest name of a field and label of an option, in characters.
pub const NAME_MAX: usize = 60;
/// The most own fields of a record type.
pub const MAX_FIELDS: usize = 100;
/// The most options of a field.
pub const MAX_OPTIONS: usize = 200;

crate::choices! {
    /// The kinds of own fields.
    FieldType {
        Text = "text" "Text",
        Textarea = "textarea" "Long text",
        Number = "number" "Number",
        Date = "date" "Date",
        Select = "select" "One of a list",
        MultiSelect = "multi_select" "Several of a list",
        Checkbox = "checkbox" "Yes or no",
        Url = "url" "Web address",
    }
}

impl FieldType {
    /// Whether such fields have options.
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Select | Self::MultiSelect)
    }
}

/// An option of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldOption {
    /// The value in records. It stays when the label changes. Made of the label where none is given.
    #[serde(default)]
    pub value: String,
    /// What people read, 1 to 60 characters.
    pub label: String,
}

/// An own field of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldDefinition {
    /// Id.
    pub id: Uuid,
    /// The record type that has it.
    pub entity: RecordType,
    /// Its member in `custom_fields`; fixed for good.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What values it takes; fixed for good.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether new records must have it.
    pub required: bool,
    /// The options, in their order.
    pub options: Vec<FieldOption>,
    /// Its place among the fields of its record type, from 0.
    pub position: i32,
    /// Whether lists show it as a column unless the person chose others.
    pub show_in_list: bool,
    /// When it was deleted. Its values are kept, and it can be restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<DateTime<Utc>>,
    /// Number of the version, for `If-Match`.
    pub version: i32,
    /// When it was defined.
    pub created_at: DateTime<Utc>,
    /// When the definition was last changed.
    pub updated_at: DateTime<Utc>,
}

impl FieldDefinition {
    /// Its name in filters, sort keys, columns and import mappings.
    pub fn field_name(&self) -> String {
        crate::catalog::member::custom_name(&self.key)
    }
}

/// Defines a field, or changes its definition. Absent members stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct FieldDefinitionInput {
    /// The record type; needed on creation, fixed afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<RecordType>,
    /// What people call it, 1 to 60 characters, unlike any other field of the record type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What values it takes; needed on creation, fixed afterwards.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<FieldType>,
    /// Its member in `custom_fields`; made of the name where none is given, fixed afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether new records must have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// The options, in their order. One that is left out can no longer be chosen; records keep it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<FieldOption>>,
    /// Whether lists show it as a column unless the person chose others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_in_list: Option<bool>,
}

/// The order of the own fields of a record type.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldOrder {
    /// The record type.
    pub entity: RecordType,
    /// Its fields' ids, all of them, in the new order.
    pub ids: Vec<Uuid>,
}

/// How much hangs on a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldUsage {
    /// Records that have a value, archived ones included.
    pub records: i64,
}

impl FieldDefinitionInput {
    /// Checks the members sent, and completes options by their values. `kind` is that of the field.
    pub fn check(&mut self, kind: FieldType) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if let Some(name) = &self.name {
            errors.extend(check_name("name", "The name", name, NAME_MAX).err());
        }
        if self.key.as_deref().is_some_and(|key| !is_key(key)) {
            let sentence = "A key has 1 to 60 lower-case letters, digits and underscores, and begins with a letter.";
            errors.push(FieldError::new("key", "key", sentence));
        }
        if self.required == Some(true) && kind == FieldType::Checkbox {
            errors.push(FieldError::new("required", "choice", "A field of yes or no always has a value."));
        }
        match &mut self.options {
            Some(options) if kind.has_options() => errors.extend(check_options(options)),
            Some(options) if !options.is_empty() => {
                errors.push(FieldError::new("options", "unexpected", "Only fields with a list have options."));
            }
            _ => {}
        }
        errors
    }
}

/// Whether a text can be a key: of a field, or the value of an option.
pub fn is_key(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=NAME_MAX).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(plain)
}

/// A key made of a name: `Größe (m²)` becomes `grosse_m`. `taken` are refused; a number makes it another one.
pub fn key_of(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut key = String::new();
    for c in name.to_lowercase().chars() {
        match plain_letters(c) {
            "" if c.is_ascii_alphanumeric() => key.push(c),
            "" if !key.is_empty() && !key.ends_with('_') => key.push('_'),
            letters => key.push_str(letters),
        }
    }
    let mut key: String = key.trim_matches('_').chars().take(NAME_MAX - 5).collect();
    if !key.starts_with(|c: char| c.is_ascii_lowercase()) {
        key.insert_str(0, "f_");
    }
    let key = key.trim_end_matches('_');
    let numbered = (2..).map(|n| format!("{key}_{n}"));
    std::iter::once(key.to_owned()).chain(numbered).find(|key| !taken(key)).unwrap_or_default()
}

/// Latin letters with marks, without them; empty for anything else.
const fn plain_letters(c: char) -> &'static str {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' => "o",
        'ö' | 'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' => "t",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

fn check_options(options: &mut [FieldOption]) -> Vec<FieldError> {
    if options.is_empty() {
        return vec![FieldError::new("options", "required", "Give at least one option.")];
    }
    if options.len() > MAX_OPTIONS {
        let sentence = format!("A field can have at most {MAX_OPTIONS} options.");
        return vec![FieldError::new("options", "too_many", sentence)];
    }
    let mut errors = Vec::new();
    for at in 0..options.len() {
        let (before, rest) = options.split_at_mut(at);
        let [option, after @ ..] = rest else { continue };
        let path = format!("options/{at}/label");
        errors.extend(check_name(&path, "An option", &option.label, NAME_MAX).err());
        option.label = option.label.trim().to_owned();
        if before.iter().any(|earlier| norm(&earlier.label) == norm(&option.label)) {
            errors.push(FieldError::new(&path, "duplicate", "This option is there twice."));
        }
        let others = || before.iter().chain(after.iter());
        if option.value.is_empty() {
            option.value = key_of(&option.label, |key| others().any(|other| other.value == key));
        }
        let path = format!("options/{at}/value");
        if !is_key(&option.value) {
            let sentence = "A value has 1 to 60 lower-case letters, digits and underscores, and begins with a letter.";
            errors.push(FieldError::new(&path, "key", sentence));
        } else if before.iter().any(|earlier| earlier.value == option.value) {
            errors.push(FieldError::new(&path, "duplicate", "This value is there twice."));
        }
    }
    errors
}

#[cfg(test)]
mod tests;
