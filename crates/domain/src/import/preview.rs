//! What the wizard shows before anything is written.

use super::plan::{Match, Plan};
use super::row::{Note, Row};
use super::saved::AppliedMapping;
use super::value;
use crate::catalog::Schema;
use crate::draft::Mode;
use crate::error::FieldError;
use crate::value::given;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// The preview of a file by a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The file: pass it with the plan to preview again or to start.
    pub file_id: Uuid,
    /// Its name.
    pub file_name: String,
    /// Its columns.
    pub columns: Vec<ColumnInfo>,
    /// The plan that was used: the one sent, that of a saved mapping, or the guess.
    pub plan: Plan,
    /// The saved mapping that the plan was made from, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved_mapping: Option<AppliedMapping>,
    /// What is wrong with the plan; paths lead into it. A plan that does not fit the file shows no rows below.
    pub problems: Vec<FieldError>,
    /// The first rows as they will be stored.
    pub rows: Vec<PreviewRow>,
    /// Columns that feed nothing.
    pub not_imported: Vec<String>,
    /// Every different text that stands for a stage, a member or a choice, over the whole file.
    pub values: Vec<DistinctValue>,
    /// Counts over the whole file.
    pub counts: Counts,
}

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ColumnInfo {
    /// Header, by which plans name it.
    pub name: String,
    /// The first different values.
    pub samples: Vec<String>,
}

/// A row as it will be stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewRow {
    /// Number of the row in the file; the first after the header is 1.
    pub number: u64,
    /// Values by field as a record carries them; companies, contacts, stages and members by name instead of id.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub values: Map<String, Json>,
    /// Why the row will be refused.
    pub errors: Vec<Note>,
    /// What is not taken as it stands.
    pub warnings: Vec<Note>,
}

/// A text that stands for something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DistinctValue {
    /// Key of the field.
    pub field: String,
    /// The text.
    pub text: String,
    /// In how many rows it stands.
    pub count: u64,
    /// Whether it is known or decided; otherwise the field stays as it is in these rows.
    pub known: bool,
    /// What it stands for, or what is proposed.
    pub suggestion: Match,
}

/// Counts over the whole file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Rows without the header and without empty ones.
    pub rows: u64,
    /// Empty rows, which are passed over.
    pub blank: u64,
    /// Rows that will be refused (unless they update a record that exists and only lack a required field).
    pub with_errors: u64,
    /// Rows with something that is not taken as it stands.
    pub with_warnings: u64,
}

impl PreviewRow {
    /// The row as a person should see it.
    pub fn new(schema: Schema, number: u64, row: &Row) -> Self {
        let mut values = Map::new();
        let mut errors = row.errors.clone();
        let given = row.given(Mode::Create);
        match row.draft(schema, Mode::Create) {
            Ok(draft) => {
                let sent = |name: &str| {
                    given.contains_key(name) || row.phones_as_written.iter().any(|(field, _)| *field == name)
                };
                let shown = draft.values().filter(|(field, _)| sent(field.name));
                values.extend(shown.map(|(field, value)| (field.name.to_owned(), value.to_json())));
            }
            // What is wrong is told by the notes; the rest is shown as read.
            Err(_) => {
                let phones = row.phones_as_written.iter().map(|(name, text)| ((*name).to_owned(), Json::from(&**text)));
                values.extend(given.into_iter().chain(phones));
            }
        }
        errors.extend(row.missing(schema));
        let mut name = |field: &str, text: &str| values.insert(field.to_owned(), Json::from(text));
        for (field, member) in &row.members {
            name(field, &member.name);
        }
        if let Some(stage) = &row.stage {
            name("stage_id", &stage.name);
        }
        if let Some(text) = row.company.as_ref().and_then(|c| c.name.as_deref().or(c.domain.as_deref())) {
            name("company_id", text);
        }
        if let Some(text) = &row.contact {
            name("primary_contact_id", text);
        }
        Self { number, values, errors, warnings: row.warnings.clone() }
    }

    /// Puts refused texts in as they stand in the file, so that they are seen beside their reasons.
    pub fn show_refused(&mut self, headers: &[String], record: &[&str]) {
        for note in self.errors.iter().filter(|note| !note.field.is_empty() && !note.column.is_empty()) {
            let at = headers.iter().position(|header| *header == note.column);
            if let Some(text) = at.and_then(|at| record.get(at)) {
                let text = Json::from(value::shorten(text.trim()));
                self.values.entry(note.field.clone()).or_insert(text);
            }
        }
    }
}

/// Asks for the preview of a file that was uploaded before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// The file, from the first preview.
    pub file_id: Uuid,
    /// The plan; without it, that of a saved mapping or the guess.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// Without a plan: the saved mapping to read the file by; null for none, which gives the guess. Absent: the one that
    /// suits the file best, if one does.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub mapping_id: Option<Option<Uuid>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::RecordType;

    /// IMPORT-03: a row that is refused for want of a name is shown with everything else as read.
    #[test]
    fn refused_rows_are_shown_as_read() {
        let row = Row {
            input: Map::from_iter([("status".to_owned(), Json::from("active"))]),
            phones_as_written: vec![("phone", "call me".to_owned())],
            ..Row::default()
        };
        let shown = PreviewRow::new(RecordType::Contact.standard(), 3, &row);
        assert_eq!(Json::from(shown.values), serde_json::json!({"phone": "call me", "status": "active"}));
        assert_eq!(shown.errors.first().map(|note| &*note.field), Some("first_name"));
    }

    /// IMPORT-03, IMPORT-04: a refused text is shown as it stands in the file, beside its reason.
    #[test]
    fn refused_texts_are_shown() {
        let note = |field: &str, column: &str| Note {
            field: field.into(),
            column: column.into(),
            code: "email".into(),
            message: "No.".into(),
        };
        let mut row = PreviewRow {
            number: 1,
            values: Map::from_iter([("phone".to_owned(), Json::from("+1"))]),
            errors: vec![note("email", "mail"), note("phone", "tel"), note("", ""), note("title", "gone")],
            warnings: Vec::new(),
        };
        row.show_refused(&["mail".to_owned(), "tel".to_owned()], &[" wrong ", "one"]);
        assert_eq!(Json::from(row.values), serde_json::json!({"email": "wrong", "phone": "+1"}));
    }
}
