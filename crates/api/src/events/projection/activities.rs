//! Timeline entries (TIMELINE-06 to -11): one for the record an event is about, one for each further record concerned.

use super::Event;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use domain::events::describe::{Story, activity_type};
use domain::events::display::Lookup;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Appends the entries; those that are there already stay as they are.
pub(super) async fn append(tx: &TenantTx, events: &[Event], lookup: &Lookup) -> ApiResult<()> {
    let mut rows = Vec::with_capacity(events.len());
    // A card's new place within its column moves boards, not stories.
    for event in events.iter().filter(|event| event.row.name != "deal.reordered") {
        entries(event, lookup, &mut rows)?;
    }
    if rows.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO activities \
         (org_id, id, event_id, activity_type, entity_type, entity_id, description, user_id, metadata, created_at) \
         SELECT $1, a.id, a.event_id, a.activity_type, a.entity_type, a.entity_id, a.description, a.user_id, \
                a.metadata, a.created_at \
           FROM jsonb_to_recordset($2) AS a (id uuid, event_id uuid, activity_type text, entity_type text, \
                entity_id uuid, description text, user_id uuid, metadata jsonb, created_at timestamptz) \
         ON CONFLICT DO NOTHING";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), Json::Array(rows).into()])).await?;
    Ok(())
}

fn entries(event: &Event, lookup: &Lookup, rows: &mut Vec<Json>) -> ApiResult<()> {
    let (row, payload) = (&event.row, &event.payload);
    let Some(entity_id) = row.entity_id else { return Ok(()) };
    let story = Story { name: &row.name, entity: &row.entity, entity_id: row.entity_id, payload, lookup };
    let metadata = metadata(event, lookup)?;
    let kind = activity_type(&row.name, payload);
    let mut seen = vec![(row.entity.as_str(), entity_id)];
    let mut entry = |entity: &str, id: Uuid, description: String, nth: usize| {
        rows.push(json!({
            "id": nth_id(row.id, nth),
            "event_id": row.id,
            "activity_type": kind,
            "entity_type": entity,
            "entity_id": id,
            "description": description,
            "user_id": row.actor_id,
            "metadata": metadata,
            "created_at": row.occurred_at,
        }));
    };
    entry(&row.entity, entity_id, story.own(), 0);
    for related in &payload.related {
        let key = (related.entity.as_str(), related.id);
        if !seen.contains(&key) {
            entry(&related.entity, related.id, story.on(related), seen.len());
            seen.push(key);
        }
    }
    Ok(())
}

/// The id of an event's nth entry: the first has the event's own, the others follow it, so that entries of the same
/// moment sort in the order of their events and a repetition makes the same ids again.
fn nth_id(event_id: Uuid, nth: usize) -> Uuid {
    Uuid::from_u128(event_id.as_u128().wrapping_add(u128::try_from(nth).unwrap_or(0)))
}

/// What stands behind the sentence. `names` resolves the ids in `changes`, as they were called then.
fn metadata(event: &Event, lookup: &Lookup) -> ApiResult<Json> {
    let (row, payload) = (&event.row, &event.payload);
    let ids = super::lookup::ids_of(lookup.schemas, event);
    let names: serde_json::Map<String, Json> =
        ids.iter().filter_map(|id| Some((id.to_string(), Json::from(lookup.names.get(id)?.as_str())))).collect();
    let full = serde_json::to_value(payload).map_err(ApiError::internal)?;
    let mut metadata = full.as_object().cloned().unwrap_or_default();
    metadata.insert("event".to_owned(), row.name.as_str().into());
    metadata.insert("entity".to_owned(), row.entity.as_str().into());
    metadata.insert("entity_id".to_owned(), json!(row.entity_id));
    if let Some(request_id) = &row.request_id {
        metadata.insert("request_id".to_owned(), request_id.as_str().into());
    }
    if !names.is_empty() {
        metadata.insert("names".to_owned(), names.into());
    }
    Ok(metadata.into())
}
