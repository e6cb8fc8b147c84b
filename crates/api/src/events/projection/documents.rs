//! Search documents: made anew from the records' present rows, so that the order of events does not matter.

use super::{Event, verb_of};
use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::records::Stored;
use crate::records::values::{ids_array, texts_array};
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
    let renamed = renamed_companies(tx, events).await?;
    let many = events.len() + renamed.len() > FEW;
    if many {
        tx.conn().execute_unprepared("SET LOCAL gin_pending_list_limit = '64MB'").await?;
    }
    for record in RecordType::ALL {
        let about = || events.iter().filter(|e| e.row.entity == record.as_str() && changes_text(e));
        let mut ids: BTreeSet<Uuid> = about().filter_map(|e| e.row.entity_id).collect();
        ids.extend(renamed.iter().filter(|(of, _)| of == record).map(|(_, id)| *id));
        if !ids.is_empty() {
            write(tx, *record, &ids.into_iter().collect::<Vec<_>>()).await?;
        }
        let gone: BTreeSet<Uuid> = about().filter(|e| takes_away(e)).filter_map(|e| e.row.entity_id).collect();
        if !gone.is_empty() {
            take_away(tx, *record, &gone.into_iter().collect::<Vec<_>>()).await?;
        }
    }
    if many {
        tx.conn().execute_raw(statement("SELECT search_settle()", [])).await?;
    }
    Ok(())
}

/// Tags and stages stand in no document.
fn changes_text(event: &Event) -> bool {
    !matches!(verb_of(event), "tag_added" | "tag_removed" | "moved" | "reordered")
}

/// Whether a record is no live one after the event. Looking for documents without a record after every event would be a
/// tenth of what an import costs.
fn takes_away(event: &Event) -> bool {
    matches!(verb_of(event), verb::ARCHIVED | verb::DELETED)
}

async fn write(tx: &TenantTx, record: RecordType, ids: &[Uuid]) -> ApiResult<()> {
    let document = of_type!(record, R => R::search_document());
    let upsert = format!(
        "INSERT INTO search_documents AS s (org_id, entity_type, entity_id, title, subtitle, keywords) \
         SELECT $1, $3, d.id, d.title, d.subtitle, d.keywords FROM ({document}) d \
         ON CONFLICT ON CONSTRAINT search_documents_pkey DO UPDATE SET title = excluded.title, \
            subtitle = excluded.subtitle, keywords = excluded.keywords, updated_at = now() \
         WHERE (s.title, s.subtitle, s.keywords) IS DISTINCT FROM (excluded.title, excluded.subtitle, excluded.keywords)"
    );
    tx.conn().execute_raw(statement(&upsert, [tx.org_id().into(), ids_array(ids), record.as_str().into()])).await?;
    Ok(())
}

/// Takes away the documents of those that are no live records.
async fn take_away(tx: &TenantTx, record: RecordType, ids: &[Uuid]) -> ApiResult<()> {
    let delete = format!(
        "DELETE FROM search_documents s WHERE s.org_id = $1 AND s.entity_type = $3 AND s.entity_id = ANY($2) \
         AND NOT EXISTS (SELECT 1 FROM {} r WHERE r.org_id = $1 AND r.id = s.entity_id AND r.deleted_at IS NULL)",
        record.spec().table
    );
    tx.conn().execute_raw(statement(&delete, [tx.org_id().into(), ids_array(ids), record.as_str().into()])).await?;
    Ok(())
}

/// Contacts and deals whose documents carry the name of a company that was renamed, archived, restored or deleted:
/// those that belong to it now, and those whose document still begins with its name.
async fn renamed_companies(tx: &TenantTx, events: &[Event]) -> ApiResult<Vec<(RecordType, Uuid)>> {
    let renamed: Vec<&Event> = events.iter().filter(|e| e.row.entity == "company" && renames(e)).collect();
    let ids: Vec<Uuid> = renamed.iter().filter_map(|e| e.row.entity_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let gone = renamed.iter().filter(|e| e.row.name != "company.updated");
    let names: Vec<String> = gone.map(|e| e.payload.title.clone()).filter(|name| !name.is_empty()).collect();
    let sql = "SELECT 'contact', id FROM contacts WHERE org_id = $1 AND company_id = ANY($2) \
         UNION SELECT 'deal', id FROM deals WHERE org_id = $1 AND company_id = ANY($2) \
         UNION SELECT s.entity_type, s.entity_id FROM search_documents s JOIN unnest($3) n ON starts_with(s.subtitle, n) \
            WHERE s.org_id = $1 AND s.entity_type IN ('contact', 'deal')";
    let values = [tx.org_id().into(), ids_array(&ids), texts_array(&names)];
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let record: String = row.try_get_by_index(0)?;
        found.extend(
            RecordType::parse(&record).map(|record| row.try_get_by_index(1).map(|id| (record, id))).transpose()?,
        );
    }
    Ok(found)
}

fn renames(event: &Event) -> bool {
    match event.row.name.as_str() {
        "company.updated" => event.payload.changes.iter().any(|change| change.field == "name"),
        "company.archived" | "company.restored" | "company.deleted" | "company.merged" => true,
        _ => false,
    }
}
