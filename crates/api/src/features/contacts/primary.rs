//! CONTACT-18: a company has at most one primary contact.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::events::emit_all;
use crate::records::values::ids_array;
use domain::catalog::RecordType;
use domain::events::{Change, NewEvent, verb};
use sea_orm::{ConnectionTrait, QueryResult};
use serde_json::json;
use uuid::Uuid;

/// Another contact becomes the primary one of a company; the present one steps back.
///
/// # Errors
/// The database cannot be reached.
pub async fn release_primary(tx: &TenantTx, company: Uuid, except: Option<Uuid>) -> ApiResult<()> {
    let sql = "UPDATE contacts SET is_primary = false, version = version + 1, updated_at = now() \
         WHERE org_id = $1 AND company_id = $2 AND is_primary AND id IS DISTINCT FROM $3 RETURNING id, name, version";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), company.into(), except.into()])).await?;
    tell(tx, &rows, false).await
}

/// The primary contacts of these companies, or of the companies of these contacts, each with its company: live ones before
/// archived ones, then in the order of the companies. They are locked for a change.
///
/// # Errors
/// The database cannot be reached.
pub async fn primary_contacts(tx: &TenantTx, record: RecordType, ids: &[Uuid]) -> ApiResult<Vec<(Uuid, Uuid)>> {
    let of = match record {
        RecordType::Company => "company_id = ANY($2)",
        _ => "company_id IN (SELECT c.company_id FROM contacts c WHERE c.org_id = $1 AND c.id = ANY($2))",
    };
    let sql = format!(
        "SELECT p.id, p.company_id FROM (SELECT id, company_id, deleted_at FROM contacts \
             WHERE org_id = $1 AND {of} AND is_primary ORDER BY id FOR NO KEY UPDATE) p \
         ORDER BY p.deleted_at IS NOT NULL, array_position($2, p.company_id), p.id"
    );
    let rows = tx.conn().query_all_raw(statement(&sql, [tx.org_id().into(), ids_array(ids)])).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Primary contacts step back because their companies become part of one that has another.
///
/// # Errors
/// The database cannot be reached.
pub async fn step_back(tx: &TenantTx, contacts: &[Uuid]) -> ApiResult<()> {
    let sql = "UPDATE contacts SET is_primary = false, version = version + 1, updated_at = now() \
         WHERE org_id = $1 AND id = ANY($2) RETURNING id, name, version";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), ids_array(contacts)])).await?;
    tell(tx, &rows, false).await
}

/// Makes a contact the primary one of a company again, unless it belongs to another or the company has another.
///
/// # Errors
/// The database cannot be reached.
pub async fn restore_primary(tx: &TenantTx, contact: Uuid, company: Uuid) -> ApiResult<()> {
    let sql = "UPDATE contacts SET is_primary = true, version = version + 1, updated_at = now() \
         WHERE org_id = $1 AND id = $2 AND company_id = $3 AND NOT EXISTS \
             (SELECT 1 FROM contacts p WHERE p.org_id = $1 AND p.company_id = $3 AND p.is_primary) \
         RETURNING id, name, version";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), contact.into(), company.into()])).await?;
    tell(tx, &rows, true).await
}

/// The events of contacts that are the primary ones now, or are not any more.
async fn tell(tx: &TenantTx, rows: &[QueryResult], now: bool) -> ApiResult<()> {
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let (id, name, version): (Uuid, String, i32) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let change = Change { field: "is_primary".to_owned(), old: json!(!now), new: json!(now) };
        let event = NewEvent::record(RecordType::Contact, verb::UPDATED, id, &name).version(version);
        events.push(event.changes(vec![change]));
    }
    emit_all(tx, events).await
}
