//! Search documents: made anew from the records' present rows, so that the order of events does not matter.

use super::{Event, verb_of};
use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::records::Stored;
use crate::records::search::archived_type;
use crate::records::values::ids_array;
use domain::catalog::RecordType;
use domain::events::verb;
use domain::of_type;
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Documents of so many events wait in the index until there are more. Those of a larger batch are written into it
/// together, each word once, so that no search has to read through them.
const FEW: usize = 50;

/// Brings the documents of all records that the events concern up to date.
pub(super) async fn refresh(tx: &TenantTx, events: &[Event]) -> ApiResult<()> {
    let named = named_after_companies(tx, events).await?;
    let many = events.len() + named.len() > FEW;
    if many {
        tx.conn().execute_unprepared("SET LOCAL gin_pending_list_limit = '64MB'").await?;
    }
    for record in RecordType::ALL {
        let about = || events.iter().filter(|e| e.row.entity == record.as_str() && changes_text(e));
        let mut ids: BTreeSet<Uuid> = about().filter_map(|e| e.row.entity_id).collect();
        ids.extend(named.iter().filter(|(of, _)| of == record).map(|(_, id)| *id));
        if !ids.is_empty() {
            write(tx, *record, &ids.into_iter().collect::<Vec<_>>()).await?;
        }
        let moved: BTreeSet<Uuid> = about().filter(|e| changes_place(e)).filter_map(|e| e.row.entity_id).collect();
        if !moved.is_empty() {
            take_away(tx, *record, &moved.into_iter().collect::<Vec<_>>()).await?;
        }
    }
    if many {
        settle(tx).await?;
    }
    Ok(())
}

/// Writes what waits into the index.
pub(super) async fn settle(tx: &TenantTx) -> ApiResult<()> {
    tx.conn().execute_raw(statement("SELECT search_settle()", [])).await?;
    Ok(())
}

/// Tags and stages stand in no document.
fn changes_text(event: &Event) -> bool {
    !matches!(verb_of(event), "tag_added" | "tag_removed" | "moved" | "reordered")
}

/// Whether a record goes into the archive with the event, comes out of it, or is gone. Looking for documents that stand in
/// the wrong place after every event would be a tenth of what an import costs.
fn changes_place(event: &Event) -> bool {
    matches!(verb_of(event), verb::ARCHIVED | verb::RESTORED | verb::DELETED)
}

/// Makes the documents of these records from their present rows.
pub(super) async fn write(tx: &TenantTx, record: RecordType, ids: &[Uuid]) -> ApiResult<()> {
    let document = of_type!(record, R => R::search_document());
    let upsert = format!(
        "INSERT INTO search_documents AS s (org_id, entity_type, entity_id, title, subtitle, keywords) \
         SELECT $1, CASE WHEN d.archived THEN $4 ELSE $3 END, d.id, d.title, d.subtitle, d.keywords FROM ({document}) d \
         ON CONFLICT ON CONSTRAINT search_documents_pkey DO UPDATE SET title = excluded.title, \
            subtitle = excluded.subtitle, keywords = excluded.keywords, updated_at = now() \
         WHERE (s.title, s.subtitle, s.keywords) IS DISTINCT FROM (excluded.title, excluded.subtitle, excluded.keywords)"
    );
    tx.conn().execute_raw(statement(&upsert, of_records(tx, record, ids))).await?;
    Ok(())
}

/// Takes away the documents of records that are not, or not any more, where these stand.
async fn take_away(tx: &TenantTx, record: RecordType, ids: &[Uuid]) -> ApiResult<()> {
    let delete = format!(
        "DELETE FROM search_documents s WHERE s.org_id = $1 AND s.entity_type IN ($3, $4) AND s.entity_id = ANY($2) \
         AND NOT EXISTS (SELECT 1 FROM {} r WHERE r.org_id = $1 AND r.id = s.entity_id \
            AND s.entity_type = CASE WHEN r.deleted_at IS NULL THEN $3 ELSE $4 END)",
        record.spec().table
    );
    tx.conn().execute_raw(statement(&delete, of_records(tx, record, ids))).await?;
    Ok(())
}

/// The organization, the records, and the types under which their documents stand: live and archived.
fn of_records(tx: &TenantTx, record: RecordType, ids: &[Uuid]) -> [sea_orm::Value; 4] {
    [tx.org_id().into(), ids_array(ids), record.as_str().into(), archived_type(record).into()]
}

/// Contacts and deals whose documents carry the name of a company that was renamed, or that has come back, perhaps out of
/// a merge with all that led to it. Those that a company leaves have events of their own.
async fn named_after_companies(tx: &TenantTx, events: &[Event]) -> ApiResult<Vec<(RecordType, Uuid)>> {
    let companies = events.iter().filter(|e| e.row.entity == "company" && gives_name(e));
    let ids: Vec<Uuid> = companies.filter_map(|e| e.row.entity_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT 'contact', id FROM contacts WHERE org_id = $1 AND company_id = ANY($2) \
         UNION ALL SELECT 'deal', id FROM deals WHERE org_id = $1 AND company_id = ANY($2)";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), ids_array(&ids)])).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let record: String = row.try_get_by_index(0)?;
        found.extend(
            RecordType::parse(&record).map(|record| row.try_get_by_index(1).map(|id| (record, id))).transpose()?,
        );
    }
    Ok(found)
}

fn gives_name(event: &Event) -> bool {
    match event.row.name.as_str() {
        "company.updated" => event.payload.changes.iter().any(|change| change.field == "name"),
        "company.restored" => true,
        _ => false,
    }
}
