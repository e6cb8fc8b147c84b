//! What people keep under a name, each for themselves or shared with everybody: saved views, saved mappings of imports.
//! Shared ones are changed by who keeps them and by those who manage settings.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use domain::error::{ErrorCode, FieldError};
use domain::permission::{Access, Permission, Role};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use uuid::Uuid;

/// The person who keeps, or reads.
///
/// # Errors
/// 401 in a job that nobody started.
pub fn person(tx: &TenantTx) -> ApiResult<Uuid> {
    tx.user_id().ok_or_else(ApiError::unauthenticated)
}

/// The first three values of statements about what a person sees: organization, reader, and whether the reader manages
/// the shared ones of others.
///
/// # Errors
/// As [`person`].
pub fn reader(tx: &TenantTx) -> ApiResult<Vec<Value>> {
    let manages = tx.access(Permission::SettingsManage) == Access::All;
    Ok(vec![tx.org_id().into(), person(tx)?.into(), manages.into()])
}

/// Rows of one JSON column.
///
/// # Errors
/// The database cannot be reached, or a row is none.
pub async fn rows<T: DeserializeOwned>(tx: &TenantTx, sql: &str, values: Vec<Value>) -> ApiResult<Vec<T>> {
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    let read = |row: &QueryResult| -> ApiResult<T> {
        let json: Json = row.try_get_by_index(0)?;
        serde_json::from_value(json).map_err(ApiError::internal)
    };
    rows.iter().map(read).collect()
}

/// Refuses a thing more where the person keeps `max` of that record type in `table` already; `things` says what of.
///
/// # Errors
/// 409 at the name.
pub async fn room(tx: &TenantTx, table: &'static str, entity: &str, max: i64, things: &str) -> ApiResult<()> {
    let sql = format!("SELECT count(*) FROM {table} WHERE org_id = $1 AND user_id = $2 AND entity = $3");
    let values = [tx.org_id().into(), person(tx)?.into(), entity.into()];
    let counted = tx.conn().query_one_raw(statement(&sql, values)).await?;
    if counted.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.unwrap_or_default() < max {
        return Ok(());
    }
    let sentence = format!("You can keep at most {max} {things}. Delete some first.");
    Err(ApiError::new(ErrorCode::Conflict, sentence.clone()).with_field(FieldError::new("name", "too_many", sentence)))
}

/// Locks a row of `table` until the end of the transaction: others who want to change it wait.
///
/// # Errors
/// The database cannot be reached.
pub async fn lock(tx: &TenantTx, table: &'static str, id: Uuid) -> ApiResult<()> {
    let sql = format!("SELECT 1 FROM {table} WHERE org_id = $1 AND id = $2 FOR UPDATE");
    tx.conn().query_one_raw(statement(&sql, [tx.org_id().into(), id.into()])).await?;
    Ok(())
}

/// Refuses the change of a shared thing that somebody else keeps.
///
/// # Errors
/// 403.
pub fn editable(may_edit: bool, thing: &str) -> ApiResult<()> {
    if may_edit {
        return Ok(());
    }
    let sentence = format!("This {thing} is kept by somebody else. Save a {thing} of your own instead.");
    Err(ApiError::new(ErrorCode::Forbidden, sentence))
}

/// Viewers share nothing.
///
/// # Errors
/// 403.
pub fn shareable(tx: &TenantTx, is_shared: Option<bool>, things: &str) -> ApiResult<()> {
    if is_shared == Some(true) && tx.role() == Some(Role::Viewer) {
        return Err(ApiError::new(ErrorCode::Forbidden, format!("Viewers keep {things} for themselves only.")));
    }
    Ok(())
}
