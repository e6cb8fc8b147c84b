//! Ids in inputs: each must name something live in the same organization (TENANCY-06).

use super::Stored;
use super::select::one_of;
use super::values::ids_array;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use domain::catalog::{Field, Kind};
use domain::deals::{DealProduct, products};
use domain::draft::Draft;
use domain::error::FieldError;
use domain::value::Value;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use serde_json::Value as Json;
use std::collections::HashSet;
use uuid::Uuid;

/// Refuses a draft with an id that names nothing here.
///
/// # Errors
/// 422 with every field concerned.
pub async fn check(tx: &TenantTx, draft: &Draft) -> ApiResult<()> {
    check_beside(tx, draft, &Json::Null).await
}

/// [`check`] for a change of a record. What a field holds already may stay, be it gone by now: a team keeps its former
/// member when a new one joins.
///
/// # Errors
/// As [`check`].
pub async fn check_change<R: Stored>(tx: &TenantTx, draft: &Draft, current: &R) -> ApiResult<()> {
    let refers = draft.values().any(|(_, value)| matches!(value, Value::Id(_) | Value::Ids(_)));
    let before = if refers { serde_json::to_value(current).map_err(ApiError::internal)? } else { Json::Null };
    check_beside(tx, draft, &before).await
}

async fn check_beside(tx: &TenantTx, draft: &Draft, before: &Json) -> ApiResult<()> {
    let mut errors = Vec::new();
    for (field, value) in draft.values() {
        if matches!(field.kind, Kind::LineItems) {
            errors.extend(strange_products(tx, draft).await?);
        }
        let mut ids = match value {
            Value::Id(id) => vec![*id],
            Value::Ids(ids) => ids.clone(),
            _ => continue,
        };
        let held = held(field, before);
        ids.retain(|id| !held.contains(id));
        if ids.is_empty() {
            continue;
        }
        let missing = missing(tx, field, &ids).await?;
        if !missing.is_empty() {
            let message = format!("{}: there is no such {} here.", field.label, target_name(field));
            errors.push(FieldError::new(field.name, "not_found", message));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(ApiError::invalid(errors)) }
}

/// The ids that a field holds in a record as answers carry it.
fn held(field: &Field, record: &Json) -> Vec<Uuid> {
    let json = field.of(record);
    let ids = json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice);
    ids.iter().filter_map(|id| Uuid::try_parse(id.as_str()?).ok()).collect()
}

/// Lines with a product that is none of the organization's. An archived one is right: the line may be older than that.
async fn strange_products(tx: &TenantTx, draft: &Draft) -> ApiResult<Vec<FieldError>> {
    let lines = products::in_draft(draft).unwrap_or_default();
    let ids: Vec<Uuid> = lines.iter().filter_map(|line| line.product_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT id FROM products WHERE org_id = $1 AND id = ANY($2)";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), ids_array(&ids)])).await?;
    let found = rows.iter().map(|row| row.try_get_by_index::<Uuid>(0)).collect::<Result<HashSet<_>, _>>()?;
    let strange = |line: &DealProduct| line.product_id.is_some_and(|id| !found.contains(&id));
    let at = lines.iter().enumerate().filter(|(_, line)| strange(line)).map(|(at, _)| at);
    let error =
        |at| FieldError::new(&format!("products/{at}/product_id"), "not_found", "There is no such product here.");
    Ok(at.map(error).collect())
}

/// Those of `ids` that name nothing live in the organization.
async fn missing(tx: &TenantTx, field: &Field, ids: &[Uuid]) -> ApiResult<Vec<Uuid>> {
    let Some(mut select) = live(field, tx.org_id()) else { return Ok(Vec::new()) };
    let key = if is_member(field) { "user_id" } else { "id" };
    select.column(Alias::new(key)).and_where(one_of(Expr::col(Alias::new(key)), ids));
    let rows = tx.conn().query_all(&select).await?;
    let found = rows.iter().map(|row| row.try_get_by_index::<Uuid>(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(ids.iter().copied().filter(|id| !found.contains(id)).collect())
}

fn is_member(field: &Field) -> bool {
    matches!(field.kind, Kind::User | Kind::Users)
}

/// The live rows that a field may refer to.
fn live(field: &Field, org_id: Uuid) -> Option<SelectStatement> {
    let table = match field.kind {
        Kind::Record(record) => record.spec().table,
        Kind::User | Kind::Users => "org_members",
        Kind::Pipeline => "pipelines",
        Kind::Stage => "pipeline_stages",
        _ => return None,
    };
    let mut select = Query::select();
    select.from(Alias::new(table)).and_where(Expr::col(Alias::new("org_id")).eq(org_id));
    match field.kind {
        Kind::Record(_) => select.and_where(Expr::col(Alias::new("deleted_at")).is_null()),
        Kind::User | Kind::Users => select.and_where(Expr::col(Alias::new("removed_at")).is_null()),
        _ => &mut select,
    };
    Some(select)
}

fn target_name(field: &Field) -> String {
    match field.kind {
        Kind::Record(record) => record.label().to_lowercase(),
        Kind::User | Kind::Users => "member".to_owned(),
        _ => field.label.to_lowercase(),
    }
}
