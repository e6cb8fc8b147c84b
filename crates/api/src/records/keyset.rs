//! Keyset paging: the rows after (or before) a place, by the sort keys and the id as tie-break.

use super::Stored;
use super::cursor::Cursor;
use super::select::column;
use super::values::to_sql;
use crate::error::{ApiError, ApiResult};
use domain::catalog::{Field, Uses};
use domain::draft;
use domain::page::{SortKey, format_sort};
use domain::value::Value;
use sea_orm::sea_query::{Expr, ExprTrait, NullOrdering, Order, SelectStatement, SimpleExpr};
use uuid::Uuid;

/// The order of a list, checked against the catalogue.
#[derive(Debug, Clone)]
pub struct Sorting {
    keys: Vec<(&'static Field, bool)>,
    text: String,
}

impl Sorting {
    /// Checks sort keys.
    ///
    /// # Errors
    /// 422 for a field that is unknown or cannot be sorted by.
    pub fn new<R: Stored>(keys: &[SortKey]) -> ApiResult<Self> {
        let spec = R::spec();
        let checked = keys.iter().map(|key| {
            let hidden = R::HIDDEN_KEYS.iter().find(|field| field.name == key.field);
            match hidden.or_else(|| spec.field(&key.field)).filter(|f| f.is_sortable()) {
                Some(field) => Ok((field, key.descending)),
                None => {
                    let shown: String = key.field.chars().take(60).collect();
                    let sentence = format!("{} cannot be sorted by {shown}.", spec.label_plural);
                    Err(ApiError::parameter("sort_by", "unknown_field", sentence))
                }
            }
        });
        Ok(Self { keys: checked.collect::<ApiResult<_>>()?, text: format_sort(keys) })
    }

    /// As in `sort_by`.
    pub fn as_text(&self) -> &str {
        &self.text
    }

    /// Whether the id breaks ties downwards: like the last key, so that one index serves both.
    fn id_descending(&self) -> bool {
        self.keys.last().is_some_and(|(_, descending)| *descending)
    }

    /// Adds `ORDER BY`; empty values come last in both directions.
    pub fn order(&self, select: &mut SelectStatement, backward: bool) {
        for (field, descending) in &self.keys {
            let order = direction(*descending != backward);
            if is_nullable(field) {
                let nulls = if backward { NullOrdering::First } else { NullOrdering::Last };
                select.order_by_expr_with_nulls(column(field.column()), order, nulls);
            } else {
                select.order_by_expr(column(field.column()), order);
            }
        }
        select.order_by_expr(column("id"), direction(self.id_descending() != backward));
    }

    /// The condition for rows after the cursor's place (before it, if it points backward).
    ///
    /// # Errors
    /// 422 when the cursor's values do not fit the sort keys.
    pub fn after(&self, cursor: &Cursor) -> ApiResult<SimpleExpr> {
        if cursor.values.len() != self.keys.len() {
            return Err(ApiError::parameter("cursor", "cursor", "This is not a cursor of this list."));
        }
        let id_descending = self.id_descending() != cursor.backward;
        let mut result = beyond(column("id"), cursor.id.into(), id_descending);
        for ((field, descending), json) in self.keys.iter().zip(&cursor.values).rev() {
            let value = match (json, draft::check(field, json)) {
                (serde_json::Value::String(text), Ok(Value::Null)) if text.is_empty() => Value::Text(String::new()),
                (_, Ok(value)) => value,
                (_, Err(_)) => {
                    return Err(ApiError::parameter("cursor", "cursor", "This is not a cursor of this list."));
                }
            };
            result = self.step(field, &value, *descending, cursor.backward, result);
        }
        Ok(result)
    }

    /// Beyond the value in this key, or equal in it and beyond in the rest.
    fn step(&self, field: &Field, value: &Value, descending: bool, backward: bool, rest: SimpleExpr) -> SimpleExpr {
        let col = || column(field.column());
        let further = match (value, backward) {
            // Empty values stand at the end: forward nothing lies beyond them, backward everything else does.
            (Value::Null, false) => return col().is_null().and(rest),
            (Value::Null, true) => return col().is_not_null().or(col().is_null().and(rest)),
            (value, false) if is_nullable(field) => beyond(col(), to_sql(field, value), descending).or(col().is_null()),
            (value, _) => beyond(col(), to_sql(field, value), descending != backward),
        };
        let equal = col().eq(to_sql(field, value)).and(rest);
        if is_nullable(field) {
            return further.or(equal);
        }
        // The redundant bound lets the planner start the index scan at the place.
        let bound =
            if descending != backward { col().lte(to_sql(field, value)) } else { col().gte(to_sql(field, value)) };
        bound.and(further.or(equal))
    }

    /// A cursor at a record, given as JSON.
    pub fn cursor_at(&self, record: &serde_json::Value, id: Uuid, backward: bool) -> Cursor {
        let values = self.keys.iter().map(|(field, _)| record.get(field.name).cloned().unwrap_or_default()).collect();
        Cursor { sort: self.text.clone(), values, id, backward }
    }
}

fn is_nullable(field: &Field) -> bool {
    !field.uses.has(Uses::FILLED)
}

fn direction(descending: bool) -> Order {
    if descending { Order::Desc } else { Order::Asc }
}

fn beyond(col: Expr, value: sea_orm::Value, descending: bool) -> SimpleExpr {
    if descending { col.lt(value) } else { col.gt(value) }
}
