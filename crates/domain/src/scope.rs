//! Which records work on many is about: some by id, or everything that a list shows.

use crate::catalog::{Field, Schema};
use crate::error::FieldError;
use crate::filter;
use crate::page::{SortKey, parse_sort};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// The most records that can be named one by one.
pub const MAX_IDS: usize = 10_000;

/// Everything that a list shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ListScope {
    /// The filter, as lists take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub filter: Option<Json>,
    /// Words searched for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub search: String,
    /// Only one's own.
    pub mine: bool,
    /// Archived records instead of live ones.
    pub archived: bool,
    /// The order, as lists take it (`-created_at,name`); that of the list if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort_by: String,
}

/// Checks which records are meant, before any is looked at: ids or what a list shows, one of them.
pub fn check(schema: Schema, ids: Option<&[Uuid]>, query: Option<&ListScope>) -> Vec<FieldError> {
    match (ids, query) {
        (Some([]), None) => vec![FieldError::new("ids", "required", "Choose at least one record.")],
        (Some(_), None) => Vec::new(),
        (None, Some(query)) => check_query(schema, query),
        _ => {
            let sentence = "Name the records by ids, or by a query; not by both.";
            vec![FieldError::new("ids", "required", sentence)]
        }
    }
}

fn check_query(schema: Schema, query: &ListScope) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if let Some(filter) = &query.filter {
        let found = filter::check(schema, filter).err().unwrap_or_default();
        errors.extend(found.into_iter().map(|e| FieldError { path: format!("/query/filter{}", e.path), ..e }));
    }
    let keys = if query.sort_by.is_empty() { Ok(Vec::new()) } else { parse_sort(&query.sort_by, None) };
    let unknown = |keys: &[SortKey]| {
        let key = keys.iter().find(|key| !schema.field(&key.field).is_some_and(Field::is_sortable))?;
        Some(format!("The list cannot be sorted by {}.", key.field.chars().take(60).collect::<String>()))
    };
    if let Some(sentence) = keys.map_or_else(Some, |keys| unknown(&keys)) {
        errors.push(FieldError::new("query/sort_by", "sort", sentence));
    }
    errors
}
