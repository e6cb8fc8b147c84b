//! Saved mappings: a plan under a name, for the next file with the same columns.
//!
//! [`FileColumns`] finds the columns that a plan names in another file; [`best`] chooses the mapping that a file is
//! read by unless somebody says otherwise; [`refit`] makes the plan of a file from a saved one, and tells what of it
//! does not fit any more.

mod fit;
mod refit;

pub use fit::{FileColumns, Fit, best};
pub use refit::{Given, Misfit, refit};

use super::compile;
use super::plan::Plan;
use super::{MAX_COLUMNS, clean_headers};
use crate::auth::check_name;
use crate::catalog::{RecordType, Schema};
use crate::error::FieldError;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest name, in characters.
pub const NAME_MAX: usize = 60;
/// The most mappings that a person keeps for one record type.
pub const MAX_MAPPINGS: i64 = 100;

/// A saved mapping as somebody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedMapping {
    /// Id.
    pub id: Uuid,
    /// What the rows are: `companies`, `contacts` or `deals`.
    #[serde(with = "super::plan::plural")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "contacts"))]
    pub entity: RecordType,
    /// Name.
    pub name: String,
    /// The columns of the file for which it was saved, imported or not.
    pub columns: Vec<String>,
    /// Those of them that it reads.
    pub reads: Vec<String>,
    /// Which column feeds which field, and how texts are read. Lists leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// Whether everybody who may import sees it.
    pub is_shared: bool,
    /// Who keeps it.
    pub user_id: Uuid,
    /// Whether the reader may change and delete it.
    pub may_edit: bool,
    /// Number of the version, for `If-Match`.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Makes or changes a saved mapping. Absent members stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SavedMappingInput {
    /// Name, 1 to 60 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The plan; needed on creation. Its record type is fixed afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// The columns of the file, as its preview names them; needed with a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// Whether everybody who may import sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_shared: Option<bool>,
}

impl SavedMappingInput {
    /// Checks the members sent: a plan must fit the columns that come with it.
    pub fn check(&self, schema: Schema) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if let Some(name) = &self.name {
            errors.extend(check_name("name", "The name", name, NAME_MAX).err());
        }
        match (&self.plan, &self.columns) {
            (None, None) => {}
            (Some(_), None) => errors.push(FieldError::new("columns", "required", "Name the columns of the file.")),
            (None, Some(_)) => errors.push(FieldError::new("plan", "required", "Send the plan with its columns.")),
            (Some(plan), Some(columns)) => match check_columns(columns) {
                Err(error) => errors.push(error),
                Ok(()) => {
                    let wrong = compile::all(schema, plan, columns).err().unwrap_or_default();
                    errors.extend(wrong.into_iter().map(|e| FieldError { path: format!("/plan{}", e.path), ..e }));
                }
            },
        }
        errors
    }
}

fn check_columns(columns: &[String]) -> Result<(), FieldError> {
    if columns.is_empty() || columns.len() > MAX_COLUMNS {
        let sentence = format!("A file has 1 to {MAX_COLUMNS} columns.");
        return Err(FieldError::new("columns", "length", sentence));
    }
    if clean_headers(columns) == columns {
        return Ok(());
    }
    let sentence = "Name each column as the preview names it: once, without line breaks, at most 100 characters.";
    Err(FieldError::new("columns", "columns", sentence))
}

/// The saved mapping that the plan of a preview was made from, and what of it does not fit the file or the organization
/// any more. The plan leaves that out; the saved mapping itself stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppliedMapping {
    /// Id of the saved mapping.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Columns that it reads and the file does not have.
    pub missing_columns: Vec<String>,
    /// Columns of the file that it does not know. They are not imported.
    pub new_columns: Vec<String>,
    /// Names of fields that do not exist any more, or cannot be imported.
    pub missing_fields: Vec<String>,
    /// Texts that stood for a stage, a colleague or an option that is not there any more, or that the reader may not
    /// make; they are proposed anew.
    pub missing_values: Vec<String>,
    /// Whether the pipeline that it names is gone. The deals go to the default one.
    pub missing_pipeline: bool,
}

impl AppliedMapping {
    /// Whether all of it fits.
    pub fn is_whole(&self) -> bool {
        !self.missing_pipeline
            && [&self.missing_columns, &self.new_columns, &self.missing_fields, &self.missing_values]
                .into_iter()
                .all(Vec::is_empty)
    }
}

#[cfg(test)]
mod tests;
