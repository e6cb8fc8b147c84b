//! Domain events: what happened, written in the same transaction as the change.

pub mod describe;
pub mod display;

use crate::catalog::RecordType;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// One field that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// Name of the field.
    pub field: String,
    /// The value before.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub old: Json,
    /// The value after.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub new: Json,
}

impl Change {
    /// A change from one value to another; `None` where nothing changed.
    pub fn between(field: &str, old: &Json, new: &Value) -> Option<Self> {
        let new = new.to_json();
        (*old != new).then(|| Self { field: field.to_owned(), old: old.clone(), new })
    }
}

/// Another record that an event also concerns: it appears on that record's timeline too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Related {
    /// Type of the record.
    pub entity: String,
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
}

/// The particulars of an event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Payload {
    /// What people call the record.
    pub title: String,
    /// Version of the record after the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// The fields that changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Further records concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// Particulars of this kind of event: stages left and entered, tags, reasons.
    #[serde(skip_serializing_if = "Json::is_null")]
    pub details: Json,
    /// Where the request came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// Program that made the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}

/// An event to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// `<entity>.<verb>`, as in the event catalog.
    pub name: String,
    /// Type of the record or thing: `company`, `pipeline`, `import`.
    pub entity: String,
    /// Its id.
    pub entity_id: Option<Uuid>,
    /// The particulars.
    pub payload: Payload,
}

impl NewEvent {
    /// `<entity>.<verb>` about the thing `id`, called `title`.
    pub fn new(entity: &str, verb: &str, id: Uuid, title: &str) -> Self {
        Self {
            name: format!("{entity}.{verb}"),
            entity: entity.to_owned(),
            entity_id: Some(id),
            payload: Payload { title: title.to_owned(), ..Payload::default() },
        }
    }

    /// The same about a record.
    pub fn record(record: RecordType, verb: &str, id: Uuid, title: &str) -> Self {
        Self::new(record.as_str(), verb, id, title)
    }

    /// With the record's version.
    pub fn version(mut self, version: i32) -> Self {
        self.payload.version = Some(version);
        self
    }

    /// With changed fields.
    pub fn changes(mut self, changes: Vec<Change>) -> Self {
        self.payload.changes = changes;
        self
    }

    /// Also concerning another record.
    pub fn related(mut self, record: RecordType, id: Uuid, name: &str) -> Self {
        self.payload.related.push(Related { entity: record.as_str().to_owned(), id, name: name.to_owned() });
        self
    }

    /// With particulars.
    pub fn details(mut self, details: Json) -> Self {
        self.payload.details = details;
        self
    }
}

/// The verbs every record type emits, beside its own.
pub mod verb {
    /// A record was made.
    pub const CREATED: &str = "created";
    /// Fields changed.
    pub const UPDATED: &str = "updated";
    /// Archived.
    pub const ARCHIVED: &str = "archived";
    /// Brought back from the archive.
    pub const RESTORED: &str = "restored";
    /// Deleted permanently.
    pub const DELETED: &str = "deleted";
    /// A tag was added.
    pub const TAG_ADDED: &str = "tag_added";
    /// A tag was removed.
    pub const TAG_REMOVED: &str = "tag_removed";
}

/// One entry of a timeline or of the activity feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct Activity {
    /// Id.
    pub id: Uuid,
    /// What happened: `created`, `updated`, `stage_moved`, `tag_added` and so on.
    pub activity_type: String,
    /// Type of the record whose timeline this is.
    pub entity_type: String,
    /// Its id.
    pub entity_id: Uuid,
    /// A sentence a person understands.
    pub description: String,
    /// Who did it; null: the system.
    pub user_id: Option<Uuid>,
    /// The event's name, changed fields, related records, IP address and user agent.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub metadata: Json,
    /// When.
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// A page of a timeline, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timeline {
    /// The entries.
    pub data: Vec<Activity>,
    /// Pass it as `cursor` for older entries; null at the end.
    pub next_cursor: Option<String>,
}
