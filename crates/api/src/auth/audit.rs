//! AUDIT-01: acts that concern security go into the audit log, in the transaction of the act itself.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use domain::audit::AuditAction;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// What an entry keeps beside who, what and when.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// Where the request came from.
    pub ip: Option<String>,
    /// Program that made the request.
    pub user_agent: Option<String>,
    /// Id of the request.
    pub request_id: Option<String>,
    /// Particulars of the act.
    pub details: Json,
}

impl Metadata {
    /// Where the transaction's request came from, without particulars.
    pub fn of(tx: &TenantTx) -> Self {
        let request = tx.request();
        Self {
            ip: request.ip.clone(),
            user_agent: request.user_agent.clone(),
            request_id: Some(request.id.clone()),
            details: Json::Null,
        }
    }
}

/// Writes an entry about the target (`user`, `invitation`, `organization` or `bulk_job`), with particulars.
///
/// # Errors
/// The database cannot be reached.
pub async fn record(tx: &TenantTx, action: AuditAction, target: (&str, Uuid), details: Json) -> ApiResult<()> {
    record_of(tx, tx.user_id(), action, target, Metadata { details, ..Metadata::of(tx) }).await
}

/// Writes an entry about an act that somebody has asked for in an earlier request, of which the metadata tell.
///
/// # Errors
/// The database cannot be reached.
pub async fn record_of(
    tx: &TenantTx,
    actor: Option<Uuid>,
    action: AuditAction,
    target: (&str, Uuid),
    metadata: Metadata,
) -> ApiResult<()> {
    let metadata = serde_json::to_value(metadata).map_err(ApiError::internal)?;
    let sql = "INSERT INTO audit_log (org_id, id, action, actor_id, target_type, target_id, metadata) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        tx.org_id().into(),
        Uuid::now_v7().into(),
        action.as_str().into(),
        actor.into(),
        target.0.into(),
        target.1.into(),
        metadata.into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(())
}
