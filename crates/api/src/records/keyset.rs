//! Keyset paging: the rows after (or before) a place, by the sort keys and the id as tie-break.

use super::Stored;
use super::cursor::Cursor;
use super::select::column;
use super::total::Total;
use super::{filter_sql, own};
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use domain::catalog::{Field, Kind, RecordSpec, Uses};
use domain::draft;
use domain::page::{SortKey, format_sort};
use domain::value::Value;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, NullOrdering, Order, SelectStatement, SimpleExpr};
use uuid::Uuid;

/// The order of a list, checked against the catalogue.
#[derive(Debug, Clone)]
pub struct Sorting {
    spec: &'static RecordSpec,
    keys: Vec<(&'static Field, bool)>,
    text: String,
}

/// Which records a statement reads. A list in the order of a field that may be empty is read in two parts: those with a
/// value come out of an index in their order, upwards or downwards, those without follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All.
    Whole,
    /// Those that have a value in the first key.
    Valued,
    /// Those that have none.
    Empty,
}

impl Sorting {
    /// Checks sort keys.
    ///
    /// # Errors
    /// 422 for a field that is unknown or cannot be sorted by.
    pub fn new<R: Stored>(tx: &TenantTx, keys: &[SortKey]) -> ApiResult<Self> {
        let schema = tx.schema(R::TYPE);
        let checked = keys.iter().map(|key| {
            let hidden = R::HIDDEN_KEYS.iter().find(|field| field.name == key.field);
            match hidden.or_else(|| schema.field(&key.field)).filter(|f| f.is_sortable()) {
                Some(field) => Ok((field, key.descending)),
                None => {
                    let shown: String = key.field.chars().take(60).collect();
                    let sentence = format!("{} cannot be sorted by {shown}.", schema.label_plural);
                    Err(ApiError::parameter("sort_by", "unknown_field", sentence))
                }
            }
        });
        Ok(Self { spec: R::spec(), keys: checked.collect::<ApiResult<_>>()?, text: format_sort(keys) })
    }

    /// As in `sort_by`.
    pub fn as_text(&self) -> &str {
        &self.text
    }

    /// Whether the id breaks ties downwards: like the last key, so that one index serves both.
    fn id_descending(&self) -> bool {
        self.keys.last().is_some_and(|(_, descending)| *descending)
    }

    /// The parts that a page is read in, in their order, and of each whether it begins at the cursor.
    pub fn parts(&self, cursor: Option<&Cursor>) -> Vec<(Part, bool)> {
        if self.keys.first().is_none_or(|(field, _)| !is_nullable(field)) {
            return vec![(Part::Whole, true)];
        }
        let Some(cursor) = cursor else { return vec![(Part::Valued, true), (Part::Empty, true)] };
        let is_empty = cursor.values.first().is_none_or(serde_json::Value::is_null);
        match (is_empty, cursor.backward) {
            (false, false) => vec![(Part::Valued, true), (Part::Empty, false)],
            (false, true) => vec![(Part::Valued, true)],
            (true, false) => vec![(Part::Empty, true)],
            (true, true) => vec![(Part::Empty, true), (Part::Valued, false)],
        }
    }

    /// Adds `ORDER BY`, and what it needs; empty values come last in both directions.
    pub fn order(&self, select: &mut SelectStatement, part: Part, backward: bool) {
        for (at, (field, descending)) in self.keys.iter().enumerate() {
            let order = direction(*descending != backward);
            let is_own = field.custom_key().is_some();
            match (at, part) {
                (0, Part::Empty) => {
                    select.and_where(if is_own { own::lacks(self.spec, field) } else { key(field, at).is_null() });
                    continue;
                }
                (0, Part::Valued) if is_own => own::join(select, JoinType::InnerJoin, self.spec, field, &alias(at)),
                (0, Part::Valued) => {
                    select.and_where(key(field, at).is_not_null());
                }
                _ if is_own => own::join(select, JoinType::LeftJoin, self.spec, field, &alias(at)),
                _ => {}
            }
            if is_nullable(field) && !(at == 0 && part == Part::Valued) {
                let nulls = if backward { NullOrdering::First } else { NullOrdering::Last };
                select.order_by_expr_with_nulls(key(field, at), order, nulls);
            } else {
                select.order_by_expr(key(field, at), order);
            }
        }
        select.order_by_expr(column("id"), direction(self.id_descending() != backward));
    }

    /// The condition for rows after the cursor's place (before it, if it points backward).
    ///
    /// # Errors
    /// 422 when the cursor's values do not fit the sort keys.
    pub fn after(&self, cursor: &Cursor, part: Part) -> ApiResult<SimpleExpr> {
        if cursor.values.len() != self.keys.len() {
            return Err(ApiError::parameter("cursor", "cursor", "This is not a cursor of this list."));
        }
        let id_descending = self.id_descending() != cursor.backward;
        let mut result = beyond(column("id"), cursor.id.into(), id_descending);
        for (at, ((field, descending), json)) in self.keys.iter().zip(&cursor.values).enumerate().rev() {
            if at == 0 && part == Part::Empty {
                continue;
            }
            let value = match (json, draft::check(field, json)) {
                // An option that was taken away since is still a place among the others.
                (serde_json::Value::String(text), _) if matches!(field.kind, Kind::Select(_)) => {
                    Value::Text(text.clone())
                }
                (serde_json::Value::String(text), Ok(Value::Null)) if text.is_empty() => Value::Text(String::new()),
                (_, Ok(value)) => value,
                (_, Err(_)) => {
                    return Err(ApiError::parameter("cursor", "cursor", "This is not a cursor of this list."));
                }
            };
            let key = Key { field, at, nullable: is_nullable(field) && !(at == 0 && part == Part::Valued) };
            result = key.step(&value, *descending, cursor.backward, result);
        }
        Ok(result)
    }

    /// A cursor at a record, given as JSON.
    pub fn cursor_at(&self, record: &serde_json::Value, id: Uuid, backward: bool, total: Option<Total>) -> Cursor {
        let values = self.keys.iter().map(|(field, _)| field.of(record).clone()).collect();
        Cursor { sort: self.text.clone(), values, id, backward, total }
    }
}

/// The name under which the values of the nth key are joined.
fn alias(at: usize) -> String {
    format!("k{at}")
}

/// The column of the nth key.
fn key(field: &Field, at: usize) -> Expr {
    if field.custom_key().is_some() { own::joined(field, &alias(at)) } else { filter_sql::comparable(field) }
}

/// A sort key in the condition of a cursor.
struct Key<'a> {
    field: &'a Field,
    at: usize,
    nullable: bool,
}

impl Key<'_> {
    /// Beyond the value in this key, or equal in it and beyond in the rest.
    fn step(&self, value: &Value, descending: bool, backward: bool, rest: SimpleExpr) -> SimpleExpr {
        let col = || key(self.field, self.at);
        let sql = || match self.field.custom_key() {
            Some(_) => own::bound(value),
            None => filter_sql::bound(self.field, value),
        };
        let further = match (value, backward) {
            // Empty values stand at the end: forward nothing lies beyond them, backward everything else does.
            (Value::Null, false) => return col().is_null().and(rest),
            (Value::Null, true) => return col().is_not_null().or(col().is_null().and(rest)),
            (_, false) if self.nullable => beyond(col(), sql(), descending).or(col().is_null()),
            _ => beyond(col(), sql(), descending != backward),
        };
        let equal = col().eq(sql()).and(rest);
        if self.nullable {
            return further.or(equal);
        }
        // The redundant bound lets the planner start the index scan at the place.
        let bound = if descending != backward { col().lte(sql()) } else { col().gte(sql()) };
        bound.and(further.or(equal))
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
