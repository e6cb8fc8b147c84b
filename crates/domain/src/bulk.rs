//! Bulk work: one change to many records, as a background job with a result per record that can be undone.

use crate::catalog::{Kind, RecordType, Schema};
use crate::draft::{Draft, Mode, check};
use crate::error::FieldError;
use crate::scope::{self, ListScope};
use crate::work::WorkStatus;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

crate::choices! {
    /// What is done to each record.
    BulkAction {
        Update = "update" "Edit fields",
        AddTags = "add_tags" "Add tags",
        RemoveTags = "remove_tags" "Take tags off",
        Archive = "archive" "Archive",
        Restore = "restore" "Restore",
        Delete = "delete" "Delete for good",
        UndoImport = "undo_import" "Undo an import",
    }
}

crate::choices! {
    /// What became of one record.
    BulkOutcome {
        Waiting = "waiting" "Not yet done",
        Changed = "changed" "Changed",
        Unchanged = "unchanged" "Nothing to change",
        Refused = "refused" "Refused",
    }
}

/// Starts bulk work on the records named by `ids`, or on everything that `query` shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct StartBulk {
    /// What is done to each record.
    pub action: BulkAction,
    /// The records, at most 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = 10_000)))]
    pub ids: Option<Vec<Uuid>>,
    /// What the list shows, instead of ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<ListScope>,
    /// Records that `query` shows and that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "validate", validate(length(max = 10_000)))]
    pub except: Vec<Uuid>,
    /// With `update`: the fields to set, as in a change of one record; null clears.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub fields: Map<String, Json>,
    /// With `add_tags` and `remove_tags`: the tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "validate", validate(length(max = 100)))]
    pub tags: Vec<String>,
}

/// A job as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkJob {
    /// Id.
    pub id: Uuid,
    /// The record type.
    pub record: RecordType,
    /// What is done to each record.
    pub action: BulkAction,
    /// How far it is.
    pub status: WorkStatus,
    /// How many records it is about; 0 until they are counted.
    pub total: i32,
    /// How many are done.
    pub processed: i32,
    /// How many of them changed.
    pub changed: i32,
    /// How many were as they should be.
    pub unchanged: i32,
    /// How many were refused.
    pub refused: i32,
    /// The job that this one takes back.
    pub undoes: Option<Uuid>,
    /// The import that this one takes back.
    pub undoes_import: Option<Uuid>,
    /// The job that took this one back.
    pub undone_by: Option<Uuid>,
    /// Whether it can be taken back now.
    pub can_undo: bool,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// Who asked for it.
    pub created_by: Option<Uuid>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkResult {
    /// Its type; an import that is undone may be about several.
    pub record: RecordType,
    /// The record.
    pub record_id: Uuid,
    /// What people call it.
    pub name: String,
    /// What became of it.
    pub outcome: BulkOutcome,
    /// Why it was refused.
    pub reason: Option<String>,
}

impl StartBulk {
    /// A request for nothing but an action, to be completed.
    pub fn of(action: BulkAction) -> Self {
        Self { action, ids: None, query: None, except: Vec::new(), fields: Map::new(), tags: Vec::new() }
    }

    /// Checks what can be known before any record is looked at.
    pub fn check(&self, schema: Schema) -> Vec<FieldError> {
        let mut errors = scope::check(schema, self.ids.as_deref(), self.query.as_ref());
        match self.action {
            BulkAction::Update => errors.extend(check_fields(schema, &self.fields)),
            BulkAction::AddTags | BulkAction::RemoveTags => errors.extend(check_tags(schema, &self.tags)),
            BulkAction::Archive | BulkAction::Restore | BulkAction::Delete => {}
            BulkAction::UndoImport => {
                errors.push(FieldError::new("action", "choice", "An import is undone by its own address."));
            }
        }
        if self.action != BulkAction::Update && !self.fields.is_empty() {
            errors.push(FieldError::new("fields", "unexpected", "Fields are set by the action update only."));
        }
        errors
    }
}

/// Fields that many records can have alike: not what names one, nor what is unique.
fn check_fields(schema: Schema, fields: &Map<String, Json>) -> Vec<FieldError> {
    if fields.is_empty() {
        return vec![FieldError::new("fields", "required", "Say which fields to change.")];
    }
    let mut errors = match Draft::parse(schema, Mode::Update, fields) {
        Ok(_) => Vec::new(),
        Err(errors) => errors,
    };
    for name in fields.keys() {
        let single = schema.field(name).is_some_and(|field| field.name == schema.title || !is_shareable(field.kind));
        if single {
            errors.push(FieldError::new(name, "single", "This can only be changed on one record at a time."));
        }
    }
    for error in &mut errors {
        error.path = format!("/fields{}", error.path);
    }
    errors
}

/// Whether many records can sensibly have the same value.
pub const fn is_shareable(kind: Kind) -> bool {
    !matches!(kind, Kind::Email | Kind::Phone | Kind::LineItems)
}

fn check_tags(schema: Schema, tags: &[String]) -> Vec<FieldError> {
    if tags.is_empty() {
        return vec![FieldError::new("tags", "required", "Name at least one tag.")];
    }
    let Some(field) = schema.field("tags") else { return Vec::new() };
    match check(field, &json!(tags)) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.into_iter().map(|e| FieldError { path: format!("/tags{}", e.path), ..e }).collect(),
    }
}
