//! Reading and changing saved mappings. Every statement names whose it means: row-level security keeps organizations
//! apart, not colleagues.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::features::keeping::{self, person, reader};
use domain::auth::check_name;
use domain::catalog::RecordType;
use domain::draft::one_line;
use domain::error::FieldError;
use domain::import::Plan;
use domain::import::saved::{MAX_MAPPINGS, NAME_MAX, SavedMapping, SavedMappingInput};
use sea_orm::{ConnectionTrait, Value};
use serde_json::json;
use uuid::Uuid;

const TABLE: &str = "import_mappings";

/// $1 organization, $2 reader, $3 whether the reader manages the shared ones of others.
const MAPPINGS: &str = "m.id, m.entity, m.name, m.columns, m.reads, m.is_shared, m.user_id, \
    m.user_id = $2 OR m.is_shared AND $3 AS may_edit, m.version, m.created_at, m.updated_at \
    FROM import_mappings m WHERE m.org_id = $1";
/// Of [`MAPPINGS`] those that the reader sees.
const VISIBLE: &str = "(m.user_id = $2 OR m.is_shared)";

/// The person's own mappings and the shared ones, by name, without their plans.
///
/// # Errors
/// The database cannot be reached.
pub async fn all(tx: &TenantTx, entity: Option<RecordType>) -> ApiResult<Vec<SavedMapping>> {
    let sql = format!(
        "SELECT to_jsonb(x) FROM (SELECT {MAPPINGS} AND {VISIBLE} AND ($4::text IS NULL OR m.entity = $4) \
         ORDER BY m.name, m.id) x"
    );
    let mut values = reader(tx)?;
    values.push(entity.map(|entity| entity.spec().table.to_owned()).into());
    keeping::rows(tx, &sql, values).await
}

/// One mapping that the person sees.
///
/// # Errors
/// 404.
pub async fn one(tx: &TenantTx, id: Uuid) -> ApiResult<SavedMapping> {
    one_of(tx, VISIBLE, id).await
}

/// One of the mappings that `condition` leaves.
async fn one_of(tx: &TenantTx, condition: &'static str, id: Uuid) -> ApiResult<SavedMapping> {
    let sql = format!("SELECT to_jsonb(x) FROM (SELECT m.plan, {MAPPINGS} AND {condition} AND m.id = $4) x");
    let mut values = reader(tx)?;
    values.push(id.into());
    let found = keeping::rows(tx, &sql, values).await?;
    found.into_iter().next().ok_or_else(|| ApiError::not_found("saved mapping"))
}

/// Saves a new mapping.
///
/// # Errors
/// 422; 403; 409 for a name that is taken, or where there are too many.
pub async fn create(tx: &TenantTx, input: SavedMappingInput) -> ApiResult<SavedMapping> {
    let Some(plan) = input.plan.clone() else {
        let missing = FieldError::new("plan", "required", "Send the plan that is to be saved.");
        let name = check_name("name", "The name", input.name.as_deref().unwrap_or_default(), NAME_MAX);
        return Err(ApiError::invalid(name.err().into_iter().chain([missing]).collect()));
    };
    let input = SavedMappingInput { name: Some(input.name.unwrap_or_default()), ..input };
    check(tx, &input, plan.entity)?;
    let entity = plan.entity.spec().table;
    keeping::room(tx, TABLE, entity, MAX_MAPPINGS, "mappings for a list").await?;
    let id = Uuid::now_v7();
    let sql = "INSERT INTO import_mappings (org_id, user_id, id, entity, name, columns, reads, plan, is_shared) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values: Vec<Value> = vec![
        tx.org_id().into(),
        person(tx)?.into(),
        id.into(),
        entity.into(),
        input.name.as_deref().map(one_line).into(),
        json!(input.columns).into(),
        json!(plan.reads()).into(),
        json!(plan).into(),
        input.is_shared.unwrap_or_default().into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    one(tx, id).await
}

/// Changes the members sent.
///
/// # Errors
/// 404; 403 for a shared mapping of somebody else; 412 with the mapping as it is; 422; 409 for a name that is taken.
pub async fn update(
    tx: &TenantTx,
    id: Uuid,
    expected: Option<i32>,
    input: SavedMappingInput,
) -> ApiResult<SavedMapping> {
    let old = for_change(tx, id).await?;
    if expected.is_some_and(|version| version != old.version) {
        return Err(ApiError::stale(serde_json::to_value(&old).map_err(ApiError::internal)?));
    }
    if input.plan.as_ref().is_some_and(|plan| plan.entity != old.entity) {
        return Err(ApiError::field("plan/entity", "fixed", "A mapping stays with its records."));
    }
    check(tx, &input, old.entity)?;
    let sql = "UPDATE import_mappings SET name = $3, columns = $4, reads = $5, plan = $6, is_shared = $7, \
         version = version + 1, updated_at = now() WHERE org_id = $1 AND id = $2";
    let reads = input.plan.as_ref().map_or(old.reads, Plan::reads);
    let values: Vec<Value> = vec![
        tx.org_id().into(),
        id.into(),
        input.name.as_deref().map_or(old.name, one_line).into(),
        json!(input.columns.unwrap_or(old.columns)).into(),
        json!(reads).into(),
        json!(input.plan.or(old.plan)).into(),
        input.is_shared.unwrap_or(old.is_shared).into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    // Who has just made it its keeper's own again sees it for the last time.
    one_of(tx, "true", id).await
}

/// Deletes a mapping. Imports that used it stay as they are.
///
/// # Errors
/// 404; 403 for a shared mapping of somebody else.
pub async fn delete(tx: &TenantTx, id: Uuid) -> ApiResult<()> {
    for_change(tx, id).await?;
    let sql = "DELETE FROM import_mappings WHERE org_id = $1 AND id = $2";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    Ok(())
}

/// A mapping that the person may change; others wait until that is done.
async fn for_change(tx: &TenantTx, id: Uuid) -> ApiResult<SavedMapping> {
    keeping::lock(tx, TABLE, id).await?;
    let mapping = one(tx, id).await?;
    keeping::editable(mapping.may_edit, "mapping")?;
    Ok(mapping)
}

/// Checks the members sent; viewers share nothing.
fn check(tx: &TenantTx, input: &SavedMappingInput, entity: RecordType) -> ApiResult<()> {
    let errors = input.check(tx.schema(entity));
    if !errors.is_empty() {
        return Err(ApiError::invalid(errors));
    }
    keeping::shareable(tx, input.is_shared, "mappings")
}
