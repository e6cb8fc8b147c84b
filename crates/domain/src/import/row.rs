//! What one row of the file becomes.

use super::deal::RowLine;
use super::plan::Match;
use super::resolve::{MemberRef, StageRef};
use crate::catalog::{RecordType, Schema};
use crate::draft::{Draft, Mode};
use crate::error::FieldError;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// A remark about a row: why it was refused, or what could not be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    /// The field concerned; empty for the row as a whole.
    pub field: String,
    /// The column that it came from, if one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub column: String,
    /// Stable code.
    pub code: String,
    /// A sentence a person understands.
    pub message: String,
}

/// The company that a row names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyLink {
    /// Its name, if the row says it.
    pub name: Option<String>,
    /// Its host name, if the row says it.
    pub domain: Option<String>,
}

/// A text that had to be looked up, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedUp {
    /// Key of the field.
    pub field: String,
    /// The text.
    pub text: String,
    /// What it stands for; `None`: nobody knows.
    pub to: Option<Match>,
}

/// A row, read and checked. References are still to be linked by the server.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Whether the row is empty: it is passed over.
    pub blank: bool,
    /// The fields that the row fills, as inputs carry them. Blank cells fill nothing.
    pub input: Map<String, Json>,
    /// What a new record gets beside.
    pub defaults: Map<String, Json>,
    /// Phone numbers that could not be normalised: stored as written.
    pub phones_as_written: Vec<(&'static str, String)>,
    /// Phone numbers that could be normalised, in the order of the fields.
    pub phones: Vec<String>,
    /// The company named.
    pub company: Option<CompanyLink>,
    /// The primary contact named, by address or name.
    pub contact: Option<String>,
    /// The product line named. `input` has it as a new deal gets it.
    pub line: Option<RowLine>,
    /// The stage named.
    pub stage: Option<StageRef>,
    /// Members named, by field.
    pub members: Vec<(&'static str, MemberRef)>,
    /// The texts that were looked up.
    pub looked_up: Vec<LookedUp>,
    /// Why the row is refused; empty if it is not.
    pub errors: Vec<Note>,
    /// What was not taken as it stands.
    pub warnings: Vec<Note>,
}

/// What identifies a record, strongest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Contacts: the address in lower case.
    Email(String),
    /// Contacts: a normalised phone number.
    Phone(String),
    /// Companies: the host name.
    Domain(String),
    /// The name in lower case with single blanks.
    Name(String),
    /// Deals: the number.
    Number(String),
}

impl Key {
    /// A name as it is compared.
    pub fn name(text: &str) -> Self {
        Self::Name(super::norm(text))
    }
}

impl Row {
    /// The input as the record machinery takes it.
    ///
    /// On [`Mode::Create`] with what a new record gets beside; phones that could not be normalised are put in as
    /// written, past the check.
    pub fn draft(&self, schema: Schema, mode: Mode) -> Result<Draft, Vec<FieldError>> {
        let mut draft = Draft::parse(schema, mode, &self.given(mode))?;
        for (field, text) in &self.phones_as_written {
            draft.set(field, Value::Text(text.clone()));
        }
        Ok(draft)
    }

    /// The fields that a record gets: a new one those beside, too.
    pub(super) fn given(&self, mode: Mode) -> Map<String, Json> {
        let mut given = self.input.clone();
        if mode == Mode::Create {
            // A last name that stands for the first one is not said twice.
            if !given.contains_key("first_name") && self.defaults.get("first_name") == given.get("last_name") {
                given.remove("last_name");
            }
            for (name, value) in &self.defaults {
                given.entry(name).or_insert_with(|| value.clone());
            }
        }
        given
    }

    /// The fields without which the row cannot become a new record. Of a row that could not be read as a whole
    /// nothing is known.
    pub fn missing(&self, schema: Schema) -> Vec<Note> {
        if self.errors.iter().any(|e| e.field.is_empty()) {
            return Vec::new();
        }
        let required = schema.fields().filter(|f| f.is_required());
        let is_missing = |name: &&str| {
            let is_given = self.input.contains_key(*name) || self.defaults.contains_key(*name);
            !is_given && !self.errors.iter().any(|e| e.field == **name)
        };
        required
            .filter(|f| is_missing(&f.name))
            .map(|f| note(f.name, "", "required", format!("{} is required.", f.label)))
            .collect()
    }

    /// By what the record is recognised, strongest first.
    pub fn keys(&self, record: RecordType) -> Vec<Key> {
        (record.spec().import.keys)(self)
    }

    pub(super) fn error(&mut self, field: &str, column: &str, code: &str, message: impl Into<String>) {
        self.errors.push(note(field, column, code, message));
    }

    pub(super) fn warn(&mut self, field: &str, column: &str, code: &str, message: impl Into<String>) {
        self.warnings.push(note(field, column, code, message));
    }

    /// The text of a field that the row fills.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.input.get(name).and_then(Json::as_str).filter(|text| !text.is_empty())
    }
}

fn note(field: &str, column: &str, code: &str, message: impl Into<String>) -> Note {
    Note { field: field.to_owned(), column: column.to_owned(), code: code.to_owned(), message: message.into() }
}
