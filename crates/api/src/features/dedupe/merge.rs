//! One record out of several.

use super::fits::fits;
use super::moves::{self, Move};
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::records::bulk::changes::{self, Changes};
use crate::records::read::For;
use crate::records::values::ids_array;
use crate::records::{Stored, bulk};
use domain::catalog::{Field, Kind};
use domain::dedupe::{MergeInput, Merged, is_choice};
use domain::draft::{Draft, Mode};
use domain::error::ErrorCode;
use domain::events::NewEvent;
use domain::tags;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Merges records. The others are archived; what led to them leads to the survivor.
///
/// # Errors
/// 404 for a record that is not there, 409 for one in the archive, 422 for values that do not go together.
pub async fn merge<R: Stored>(tx: &TenantTx, input: &MergeInput) -> ApiResult<Merged> {
    let mut ids = vec![input.survivor_id];
    ids.extend(&input.merged_ids);
    let mut records = bulk::load::<R>(tx, &ids, For::Update).await?;
    if let Some(missing) = ids.iter().find(|id| !records.contains_key(id)) {
        tracing::debug!(%missing, "a merge names a record that is not there");
        return Err(ApiError::not_found(&R::spec().label.to_lowercase()));
    }
    if records.values().any(|record| record.deleted_at().is_some()) {
        let sentence = "One of the records is in the archive. Restore it first.";
        return Err(ApiError::new(ErrorCode::Conflict, sentence));
    }
    let fields = fields::<R>(tx, input, &ids, &records).await?;
    let others: Vec<R> = input.merged_ids.iter().filter_map(|id| records.remove(id)).collect();
    let survivor = records.remove(&input.survivor_id).ok_or_else(|| ApiError::not_found("record"))?;
    let moved = moves::to_survivor(tx, R::TYPE, &input.merged_ids, input.survivor_id).await?;
    bulk::archive(tx, &others).await?;
    let draft = Draft::parse(tx.schema(R::TYPE), Mode::Update, &fields).map_err(ApiError::invalid)?;
    let updated = bulk::update(tx, vec![(survivor.clone(), draft)]).await?.pop();
    let (after, changed) = match updated {
        Some(updated) => {
            let changed = changes::between(tx, &updated.before, &updated.after)?;
            (updated.after, changed)
        }
        None => (survivor, Changes::new()),
    };
    let id = keep::<R>(tx, input, &moved, &changed).await?;
    let names: Vec<Json> = others.iter().map(|other| json!({"id": other.id(), "name": other.title()})).collect();
    let event = NewEvent::record(R::TYPE, "merged", after.id(), after.title()).version(after.version());
    emit(tx, event.details(json!({ "merged": names, "merge_id": id }))).await?;
    Ok(Merged {
        id: Some(id),
        survivor: serde_json::to_value(after).map_err(ApiError::internal)?,
        moved: i64::try_from(moved.iter().filter(|one| one.leads()).count()).unwrap_or(i64::MAX),
    })
}

/// What the survivor gets: chosen values, and where it has none those of the others that still pass.
async fn fields<R: Stored>(
    tx: &TenantTx,
    input: &MergeInput,
    ids: &[Uuid],
    records: &HashMap<Uuid, R>,
) -> ApiResult<Map<String, Json>> {
    let mut members = HashMap::new();
    for (id, record) in records {
        members.insert(*id, serde_json::to_value(record).map_err(ApiError::internal)?);
    }
    let value = |id: &Uuid, field: &Field| members.get(id).map(|json| field.of(json).clone()).unwrap_or_default();
    let mut fields = Map::new();
    for field in tx.schema(R::TYPE).writable().filter(|field| is_choice(field)) {
        let name = field.name;
        let own = value(&input.survivor_id, field);
        let chosen = match (field.kind, input.choices.get(name)) {
            (Kind::Tags, _) => union(ids.iter().map(|id| value(id, field))),
            (_, Some(id)) => value(id, field),
            (_, None) if is_absent(&own) => {
                let others = input.merged_ids.iter().map(|id| value(id, field));
                taken_over::<R>(tx, name, others).await?.unwrap_or_else(|| own.clone())
            }
            (_, None) => continue,
        };
        if chosen != own {
            fields.insert(name.to_owned(), chosen);
        }
    }
    Ok(fields)
}

/// The first value of the others that the survivor may be given.
async fn taken_over<R: Stored>(
    tx: &TenantTx,
    field: &str,
    others: impl Iterator<Item = Json>,
) -> ApiResult<Option<Json>> {
    for value in others.filter(|json| !is_absent(json)) {
        if fits::<R>(tx, field, &value).await? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

fn union(lists: impl Iterator<Item = Json>) -> Json {
    let mut all: Vec<String> = Vec::new();
    for tag in lists.flat_map(|list| serde_json::from_value::<Vec<String>>(list).unwrap_or_default()) {
        if !all.iter().any(|known| tags::norm(known) == tags::norm(&tag)) {
            all.push(tag);
        }
    }
    Json::from(all)
}

fn is_absent(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Keeps what was done, for its undo, and closes the pairs that the records were in.
async fn keep<R: Stored>(tx: &TenantTx, input: &MergeInput, moved: &[Move], changed: &Changes) -> ApiResult<Uuid> {
    let id = Uuid::now_v7();
    let entity = R::TYPE.as_str();
    let sql = "INSERT INTO merges (org_id, id, entity, survivor_id, moves, changes, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        tx.org_id().into(),
        id.into(),
        entity.into(),
        input.survivor_id.into(),
        serde_json::to_value(moved).map_err(ApiError::internal)?.into(),
        serde_json::to_value(changed).map_err(ApiError::internal)?.into(),
        tx.user_id().into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let sql = "INSERT INTO merged_records (org_id, entity, record_id, survivor_id, merge_id) \
         SELECT $1, $2, r, $3, $4 FROM unnest($5) AS x (r) \
         ON CONFLICT (org_id, entity, record_id) DO UPDATE SET survivor_id = excluded.survivor_id, \
             merge_id = excluded.merge_id";
    let values = [tx.org_id().into(), entity.into(), input.survivor_id.into(), id.into(), ids_array(&input.merged_ids)];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let mut ids = input.merged_ids.clone();
    ids.push(input.survivor_id);
    let sql = "UPDATE duplicate_candidates SET status = 'merged', resolved_by = $4, resolved_at = now() \
         WHERE org_id = $1 AND entity = $2 AND record_a_id = ANY($3) AND record_b_id = ANY($3)";
    let values = [tx.org_id().into(), entity.into(), ids_array(&ids), tx.user_id().into()];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(id)
}
