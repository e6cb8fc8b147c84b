//! Writing events: in the transaction of the change, so that neither exists without the other.

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use domain::events::NewEvent;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Writes one event.
///
/// # Errors
/// The database cannot be reached.
pub async fn emit(tx: &TenantTx, event: NewEvent) -> ApiResult<()> {
    emit_all(tx, vec![event]).await
}

/// Writes events in one round trip, in this order.
///
/// # Errors
/// As [`emit`].
pub async fn emit_all(tx: &TenantTx, events: Vec<NewEvent>) -> ApiResult<()> {
    if events.is_empty() {
        return Ok(());
    }
    let request = tx.request();
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let mut payload = event.payload;
        payload.ip.clone_from(&request.ip);
        payload.user_agent.clone_from(&request.user_agent);
        rows.push(json!({
            "id": Uuid::now_v7(),
            "type": event.name,
            "entity": event.entity,
            "entity_id": event.entity_id,
            "payload": serde_json::to_value(payload).map_err(ApiError::internal)?,
        }));
    }
    let sql = "INSERT INTO domain_events (org_id, id, type, entity, entity_id, payload, actor_id, request_id, \
               occurred_at) \
               SELECT $1, e.id, e.type, e.entity, e.entity_id, e.payload, $2, $3, coalesce($5, now()) \
               FROM jsonb_to_recordset($4) AS e (id uuid, type text, entity text, entity_id uuid, payload jsonb)";
    let request_id = (!request.id.is_empty()).then(|| request.id.clone());
    let values =
        [tx.org_id().into(), tx.user_id().into(), request_id.into(), Json::Array(rows).into(), request.at.into()];
    tx.conn().execute_raw(statement(sql, values)).await?;
    tx.wrote_events();
    Ok(())
}
