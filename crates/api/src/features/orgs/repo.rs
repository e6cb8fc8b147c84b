//! Rows of `organizations`.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use domain::auth::{OrgSettings, Organization};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::Value as Json;

/// The organization of this transaction.
///
/// # Errors
/// 404 when it has just been deleted.
pub async fn current(tx: &TenantTx) -> ApiResult<Organization> {
    let sql = "SELECT id, name, settings FROM organizations WHERE id = $1";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into()])).await?;
    organization(row)
}

/// The same, held until the end of the transaction, so that two changes at once do not undo each other.
///
/// # Errors
/// 404 when it has just been deleted.
pub async fn locked(tx: &TenantTx) -> ApiResult<Organization> {
    let sql = "SELECT id, name, settings FROM organizations WHERE id = $1 FOR NO KEY UPDATE";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into()])).await?;
    organization(row)
}

/// Stores name and settings. Settings that this build does not know stay as they are.
///
/// # Errors
/// 404 when it has just been deleted.
pub async fn update(tx: &TenantTx, name: Option<&str>, settings: &OrgSettings) -> ApiResult<Organization> {
    let sql = "UPDATE organizations SET name = coalesce($2, name), settings = settings || $3, \
                   version = version + 1, updated_at = now() \
               WHERE id = $1 RETURNING id, name, settings";
    let settings = serde_json::to_value(settings).map_err(ApiError::internal)?;
    let values = [tx.org_id().into(), name.map(str::to_owned).into(), settings.into()];
    organization(tx.conn().query_one_raw(statement(sql, values)).await?)
}

/// Deletes the organization with everything that belongs to it. The time limit of ordinary requests would stop the
/// deletion of a large one half way.
///
/// # Errors
/// The database cannot be reached.
pub async fn delete(tx: &TenantTx) -> ApiResult<()> {
    let patience = "SELECT set_config('statement_timeout', '10min', true)";
    tx.conn().query_one_raw(statement(patience, [])).await?;
    tx.conn().execute_raw(statement("DELETE FROM organizations WHERE id = $1", [tx.org_id().into()])).await?;
    Ok(())
}

fn organization(row: Option<QueryResult>) -> ApiResult<Organization> {
    let row = row.ok_or_else(|| ApiError::not_found("organization"))?;
    let settings: Json = row.try_get("", "settings")?;
    Ok(Organization {
        id: row.try_get("", "id")?,
        name: row.try_get("", "name")?,
        settings: serde_json::from_value(settings).map_err(ApiError::internal)?,
    })
}
