//! Possible duplicates and merges, as they travel.

use super::Reason;
use crate::bulk::is_shareable;
use crate::catalog::{Field, Kind, RecordType, Schema};
use crate::error::FieldError;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The most records that are merged at once.
pub const MERGE_MAX: usize = 10;

crate::choices! {
    /// What became of a pair.
    CandidateStatus {
        Open = "open" "To review",
        Dismissed = "dismissed" "Not the same",
        Merged = "merged" "Merged",
    }
}

/// Two records that may be one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidate {
    /// Id of the pair.
    pub id: Uuid,
    /// Their type.
    pub record: RecordType,
    /// How likely they are one, from 0 to 100.
    pub score: i16,
    /// What speaks for it, then what speaks against it.
    pub reasons: Vec<Reason>,
    /// What became of the pair.
    pub status: CandidateStatus,
    /// The older record, as a detail answer has it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub a: Json,
    /// The newer record.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub b: Json,
    /// When the pair was found.
    pub found_at: DateTime<Utc>,
}

/// Asks for a search for duplicates.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScanInput {
    /// The records searched: `company` or `contact`.
    pub record: RecordType,
}

/// The last search for duplicates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scan {
    /// The records searched.
    pub record: RecordType,
    /// Whether it goes on now.
    pub running: bool,
    /// Records looked at so far in this search: those that are new or have changed since the last one.
    pub processed: i32,
    /// When it last ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Pairs to review.
    pub open: i64,
}

/// The most records that a check tells.
pub const TOLD: usize = 5;

/// Asks for the records that a new one may double, while it is typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CheckInput {
    /// The type: `company` or `contact`.
    pub record: RecordType,
    /// What is typed so far, as on creation. Values that are not whole yet count as not known.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub fields: Map<String, Json>,
}

impl CheckInput {
    /// Checks that the record type has the fields.
    pub fn check(&self, schema: Schema) -> Vec<FieldError> {
        let unknown = self.fields.keys().filter(|name| {
            // The organization's own fields come together or by their names, and are not compared.
            !name.starts_with(crate::catalog::member::CUSTOM) && schema.field(name).is_none()
        });
        unknown
            .map(|name| FieldError::new(&format!("fields/{name}"), "unknown_field", "There is no such field."))
            .collect()
    }
}

/// A record that a new one may double.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lookalike {
    /// Id.
    pub id: Uuid,
    /// What people call it.
    pub title: String,
    /// What tells it from its namesakes: the company of a contact, the domain of a company; may be empty.
    pub subtitle: String,
    /// How likely they are one, from 0 to 100.
    pub score: u8,
    /// What speaks for it, the strongest first, then what speaks against it.
    pub reasons: Vec<Reason>,
}

/// The records that a new one may double.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checked {
    /// At most five, the likeliest first. Archived records are not among them.
    pub candidates: Vec<Lookalike>,
}

/// Merges records into one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// Their type: `company` or `contact`.
    pub record: RecordType,
    /// The record that stays.
    pub survivor_id: Uuid,
    /// The records that become part of it; they are archived.
    pub merged_ids: Vec<Uuid>,
    /// Per field the record whose value it gets. A field that is not named keeps the survivor's value, or gets the first
    /// value of the others that still passes where the survivor has none; tags of all come together.
    #[serde(default)]
    pub choices: BTreeMap<String, Uuid>,
    /// Only shows the result: nothing is written.
    #[serde(default)]
    pub preview: bool,
}

/// A merge that was done, or would be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Merged {
    /// Id of the merge, for its undo; none of a preview.
    pub id: Option<Uuid>,
    /// The surviving record.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub survivor: Json,
    /// How many links of other records lead to it now that led to the others before.
    pub moved: i64,
}

/// Whether records of this type can be merged.
pub fn is_mergeable(record: RecordType) -> bool {
    record.permissions().merge.is_some()
}

/// Whether a person can choose whose value a field gets.
pub fn is_choice(field: &Field) -> bool {
    field.is_writable() && (is_shareable(field.kind) || matches!(field.kind, Kind::Email | Kind::Phone))
}

impl MergeInput {
    /// Checks what can be known before any record is looked at.
    pub fn check(&self, schema: Schema) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut fail = |path: &str, code: &str, message: &str| errors.push(FieldError::new(path, code, message));
        if !is_mergeable(self.record) {
            fail("record", "choice", "Companies and contacts can be merged.");
        }
        if self.merged_ids.is_empty() {
            fail("merged_ids", "required", "Name at least one record to merge.");
        }
        if self.merged_ids.len() >= MERGE_MAX {
            fail("merged_ids", "too_long", "At most 10 records are merged at once.");
        }
        let mut ids = self.merged_ids.clone();
        ids.push(self.survivor_id);
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair.first() == pair.last()) {
            fail("merged_ids", "duplicate", "Name each record once.");
        }
        for (name, from) in &self.choices {
            let path = format!("choices/{name}");
            match schema.field(name) {
                None => fail(&path, "unknown_field", "There is no such field."),
                Some(field) if !is_choice(field) => fail(&path, "single", "This field cannot be chosen."),
                Some(_) if !ids.contains(from) => fail(&path, "choice", "This is none of the records merged."),
                Some(_) => {}
            }
        }
        errors
    }
}
