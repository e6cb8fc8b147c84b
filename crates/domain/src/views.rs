//! Saved views: what a list shows (filters, search, order, columns, whose) under a name.

use crate::auth::check_name;
use crate::catalog::{RecordType, Schema};
use crate::error::FieldError;
use crate::filter;
use crate::page::parse_sort;
use crate::value::given;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// The longest name, in characters.
pub const NAME_MAX: usize = 60;
/// The most views that a person keeps of one record type.
pub const MAX_VIEWS: i64 = 100;
/// The most columns of a view.
pub const MAX_COLUMNS: usize = 100;
/// The narrowest and the widest column, in CSS pixels.
pub const WIDTHS: std::ops::RangeInclusive<u32> = 60..=800;

/// A column of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ViewColumn {
    /// Name of the field.
    pub field: String,
    /// Width in CSS pixels, 60 to 800.
    pub width: u32,
}

/// A saved view as somebody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedView {
    /// Id.
    pub id: Uuid,
    /// The record type listed.
    pub entity: RecordType,
    /// Name.
    pub name: String,
    /// The filter, as lists take it; null: none.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub filters: Option<Json>,
    /// Words searched for; empty: none.
    pub search: String,
    /// The order, as in `sort_by`; empty: the list's own.
    pub sort: String,
    /// The columns in order; empty: those of the reader.
    pub columns: Vec<ViewColumn>,
    /// Whether only the reader's own records show; null: as the reader chose last.
    pub mine: Option<bool>,
    /// Archived records instead of live ones.
    pub archived: bool,
    /// Whether everybody in the organization sees it.
    pub is_shared: bool,
    /// Who keeps it.
    pub user_id: Uuid,
    /// Whether the reader may change and delete it.
    pub may_edit: bool,
    /// Whether the reader keeps it in the sidebar.
    pub is_favorite: bool,
    /// Whether the reader's list opens with it.
    pub is_default: bool,
    /// Number of the version, for `If-Match`.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Makes or changes a view. Absent members stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SavedViewInput {
    /// The record type; needed on creation, fixed afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<RecordType>,
    /// Name, 1 to 60 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The filter, as lists take it; null clears.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub filters: Option<Option<Json>>,
    /// Words to search for; empty clears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// The order, as in `sort_by`; empty clears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// The columns in order; an empty list clears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<ViewColumn>>,
    /// Whether only the reader's own records show; null leaves it to the reader.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<bool>))]
    pub mine: Option<Option<bool>>,
    /// Archived records instead of live ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// Whether everybody in the organization sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_shared: Option<bool>,
}

/// What one person does with a view, for themselves. Absent members stay as they are.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ViewMarks {
    /// Keep it in the sidebar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_favorite: Option<bool>,
    /// Open the list with it; another view of the same list then is not the default any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
}

impl SavedViewInput {
    /// Checks the members sent against the fields of the record type.
    pub fn check(&self, schema: Schema) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if let Some(name) = &self.name {
            errors.extend(check_name("name", "The name", name, NAME_MAX).err());
        }
        if let Some(Some(json)) = &self.filters {
            let found = filter::check(schema, json).err().unwrap_or_default();
            errors.extend(found.into_iter().map(|e| FieldError { path: format!("/filters{}", e.path), ..e }));
        }
        if self.search.as_ref().is_some_and(|text| text.chars().count() > 200 || text.contains('\0')) {
            errors.push(FieldError::new("search", "too_long", "The search text can have at most 200 characters."));
        }
        if let Some(sort) = &self.sort {
            errors.extend(check_sort(schema, sort).err());
        }
        if let Some(columns) = &self.columns {
            errors.extend(check_columns(schema, columns));
        }
        errors
    }
}

fn check_sort(schema: Schema, sort: &str) -> Result<(), FieldError> {
    let keys = parse_sort(sort, None).map_err(|sentence| FieldError::new("sort", "sort", sentence))?;
    match keys.iter().find(|key| !schema.field(&key.field).is_some_and(crate::catalog::Field::is_sortable)) {
        None => Ok(()),
        Some(key) => {
            let shown: String = key.field.chars().take(60).collect();
            let sentence = format!("{} cannot be sorted by {shown}.", schema.label_plural);
            Err(FieldError::new("sort", "unknown_field", sentence))
        }
    }
}

fn check_columns(schema: Schema, columns: &[ViewColumn]) -> Vec<FieldError> {
    if columns.len() > MAX_COLUMNS {
        let sentence = format!("A view can have at most {MAX_COLUMNS} columns.");
        return vec![FieldError::new("columns", "too_many", sentence)];
    }
    let mut errors = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let mut fail = |part: &str, code: &str, message: String| {
            errors.push(FieldError { path: format!("/columns/{at}/{part}"), code: code.to_owned(), message });
        };
        let shown: String = column.field.chars().take(60).collect();
        if schema.field(&column.field).is_none() {
            fail("field", "unknown_field", format!("{} have no field called {shown}.", schema.label_plural));
        } else if columns.iter().take(at).any(|earlier| earlier.field == column.field) {
            fail("field", "duplicate", format!("{shown} is there twice."));
        }
        if !WIDTHS.contains(&column.width) {
            fail("width", "range", format!("A column is {} to {} pixels wide.", WIDTHS.start(), WIDTHS.end()));
        }
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn codes(input: Json) -> Vec<(String, String)> {
        let input: SavedViewInput = serde_json::from_value(input).unwrap();
        input.check(RecordType::Deal.standard()).into_iter().map(|e| (e.path, e.code)).collect()
    }

    /// SEARCH-06: a view holds what a list takes, and nothing else.
    #[test]
    fn views_are_held_to_the_list() {
        let good = json!({
            "name": "Big and open", "search": "crane", "sort": "-amount_minor,name", "mine": null,
            "filters": {"and": [{"field": "status", "op": "eq", "value": "open"}]},
            "columns": [{"field": "name", "width": 240}, {"field": "amount_minor", "width": 120}],
        });
        assert_eq!(codes(good), []);
        let bad = json!({
            "name": " ", "sort": "tags", "filters": {"field": "status", "op": "gt", "value": "open"},
            "columns": [{"field": "nonsense", "width": 120}, {"field": "name", "width": 1}, {"field": "name", "width": 99}],
        });
        let expected = [
            ("/name", "required"),
            ("/filters/op", "op"),
            ("/sort", "unknown_field"),
            ("/columns/0/field", "unknown_field"),
            ("/columns/1/width", "range"),
            ("/columns/2/field", "duplicate"),
        ];
        assert_eq!(codes(bad), expected.map(|(path, code)| (path.to_owned(), code.to_owned())));
    }

    #[test]
    fn null_is_not_absence() {
        let input = |json: Json| serde_json::from_value::<SavedViewInput>(json).unwrap();
        assert_eq!(input(json!({"filters": null, "mine": null})).filters, Some(None));
        assert_eq!(input(json!({"filters": null, "mine": null})).mine, Some(None));
        assert_eq!((input(json!({})).filters, input(json!({})).mine), (None, None));
        assert_eq!(input(json!({"mine": true})).mine, Some(Some(true)));
    }
}
