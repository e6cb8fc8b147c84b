//! A merge taken back.

use super::fits::fits;
use super::moves::{self, Move};
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::records::bulk::changes::{self, Back, Changes};
use crate::records::read::For;
use crate::records::values::ids_array;
use crate::records::{Stored, bulk};
use domain::catalog::RecordType;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::draft::{Draft, Mode};
use domain::error::ErrorCode;
use domain::events::NewEvent;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

#[derive(Debug, FromQueryResult)]
struct Row {
    entity: String,
    survivor_id: Uuid,
    moves: Json,
    changes: Json,
    undone: bool,
}

/// Takes a merge back: the merged records come out of the archive, what led to them leads to them again, and the survivor
/// gets back what it held, but for what somebody has changed since and what does not pass any more.
///
/// # Errors
/// 404; 409 for a merge that was taken back already, while the survivor is merged or archived itself, and where a unique
/// value was given to another record meanwhile.
pub async fn undo(tx: &TenantTx, id: Uuid) -> ApiResult<()> {
    let sql = "SELECT entity, survivor_id, moves, changes, undone_at IS NOT NULL AS undone FROM merges \
         WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    let row = Row::from_query_result(&row.ok_or_else(|| ApiError::not_found("merge"))?, "")?;
    if row.undone {
        return Err(ApiError::new(ErrorCode::Conflict, "This merge was taken back already."));
    }
    match RecordType::parse(&row.entity) {
        Some(RecordType::Company) => of::<Company>(tx, id, row).await,
        Some(RecordType::Contact) => of::<Contact>(tx, id, row).await,
        _ => Err(ApiError::not_found("merge")),
    }
}

async fn of<R: Stored>(tx: &TenantTx, id: Uuid, row: Row) -> ApiResult<()> {
    let done: Vec<Move> = serde_json::from_value(row.moves).map_err(ApiError::internal)?;
    let changed: Changes = serde_json::from_value(row.changes).map_err(ApiError::internal)?;
    let survivor = bulk::load::<R>(tx, &[row.survivor_id], For::Update).await?.remove(&row.survivor_id);
    if let Some(survivor) = &survivor {
        stands(tx, survivor).await?;
    }
    let sql = "DELETE FROM merged_records WHERE org_id = $1 AND merge_id = $2 RETURNING record_id";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    let merged: Vec<Uuid> = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
    // First the survivor lets go of what was unique to the others.
    if let Some(survivor) = survivor {
        give_back(tx, id, &changed, survivor).await?;
    }
    let others = bulk::load::<R>(tx, &merged, For::Update).await?;
    let archived: Vec<R> = others.into_values().filter(|other| other.deleted_at().is_some()).collect();
    bulk::restore(tx, &archived).await?;
    moves::back(tx, R::TYPE, row.survivor_id, &done).await?;
    let sql = "UPDATE merges SET undone_at = now() WHERE org_id = $1 AND id = $2";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    let mut ids = merged;
    ids.push(row.survivor_id);
    let sql = "UPDATE duplicate_candidates SET status = 'open', resolved_by = NULL, resolved_at = NULL \
         WHERE org_id = $1 AND entity = $2 AND status = 'merged' AND record_a_id = ANY($3) AND record_b_id = ANY($3)";
    let values = [tx.org_id().into(), R::TYPE.as_str().into(), ids_array(&ids)];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Refuses while the survivor is no record of its own: what led to the others leads to where it has gone.
async fn stands<R: Stored>(tx: &TenantTx, survivor: &R) -> ApiResult<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM merged_records WHERE org_id = $1 AND entity = $2 AND record_id = $3)";
    let values = [tx.org_id().into(), R::TYPE.as_str().into(), survivor.id().into()];
    let row = tx.conn().query_one_raw(statement(sql, values)).await?;
    let is_merged = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false);
    let sentence = match (is_merged, survivor.deleted_at()) {
        (true, _) => {
            format!("{} was itself merged into another record since. Undo that merge first.", survivor.title())
        }
        (false, Some(_)) => format!("{} is in the archive. Restore it first.", survivor.title()),
        (false, None) => return Ok(()),
    };
    Err(ApiError::new(ErrorCode::Conflict, sentence))
}

/// Gives the survivor back what it held. What stays as it is, is told with the event.
async fn give_back<R: Stored>(tx: &TenantTx, merge: Uuid, changed: &Changes, survivor: R) -> ApiResult<()> {
    let Back { input: old, kept } = changes::back(tx, changed, &survivor)?;
    let mut kept: Vec<String> = kept.iter().map(|field| field.name.to_owned()).collect();
    let mut input = Map::new();
    for (name, value) in old {
        if fits::<R>(tx, &name, &value).await? {
            input.insert(name, value);
        } else {
            kept.push(name);
        }
    }
    let draft = Draft::parse(tx.schema(R::TYPE), Mode::Update, &input).map_err(ApiError::invalid)?;
    let event = NewEvent::record(R::TYPE, "unmerged", survivor.id(), survivor.title()).version(survivor.version());
    bulk::update(tx, vec![(survivor, draft)]).await?;
    emit(tx, event.details(json!({ "merge_id": merge, "kept": kept }))).await
}
