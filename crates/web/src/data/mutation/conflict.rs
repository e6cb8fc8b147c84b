//! Saves that met a newer version: which fields clash, and what is asked of the person.

use crate::api::records::Fields;
use domain::catalog::{RecordType, member};
use serde_json::Value as Json;
use std::sync::Arc;
use uuid::Uuid;

/// A save that met a newer version.
#[derive(Clone)]
pub struct Conflict {
    /// Type of the record.
    pub record: RecordType,
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub title: String,
    /// The fields that somebody else has changed, too, as they were to be saved.
    pub mine: Fields,
    /// The other fields that were to be saved: they are, whatever is chosen.
    pub rest: Fields,
    /// The record as it is now.
    pub current: Json,
    /// Saves these fields over the record as it is now.
    pub save: Arc<dyn Fn(Fields) + Send + Sync>,
}

impl PartialEq for Conflict {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.mine == other.mine && self.rest == other.rest && self.current == other.current
    }
}

/// Parts what was to be saved: first the fields that were changed to something else since the person `began`, then
/// those that nobody else has touched.
pub fn part(mine: &Fields, began: &Json, current: &Json) -> (Fields, Fields) {
    mine.iter().map(|(name, value)| (name.clone(), value.clone())).partition(|(name, value)| {
        let (before, now) = (value_of(began, name), value_of(current, name));
        before != now && value != now
    })
}

/// The value of a field in a record as answers carry it; null where it has none.
pub fn value_of<'a>(record: &'a Json, name: &str) -> &'a Json {
    record.as_object().map_or(&Json::Null, |members| member::get(members, name))
}
