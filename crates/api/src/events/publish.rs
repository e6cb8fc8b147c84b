//! Announcing events to live connections: a stream per organization for those who come back, and a channel for those
//! who are there.

use super::queue;
use crate::db::{Db, statement};
use crate::error::ApiResult;
use crate::realtime::channel::{Change, Channel};
use crate::records::values::ids_array;
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Events of one transaction.
const BATCH: i64 = 1_000;
/// A batch larger than this is a bulk operation: its events are told of by kind.
const BULK: usize = 50;

/// Only what the projection has dealt with: whoever hears of an event finds it on the timeline.
const CLAIM: &str = "SELECT event_id FROM event_queue WHERE org_id = $1 AND carried \
     ORDER BY event_id LIMIT $2 FOR UPDATE SKIP LOCKED";

const READ: &str = "SELECT id, type AS event, entity, entity_id, payload ->> 'version' AS version, actor_id \
     FROM domain_events WHERE org_id = $1 AND id = ANY($2) ORDER BY id";

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    event: String,
    entity: String,
    entity_id: Option<Uuid>,
    version: Option<String>,
    actor_id: Option<Uuid>,
}

/// Publishes the oldest projected events of an organization; returns how many.
///
/// They leave the queue after the announcement: a crash in between announces again, and the channel drops what it has
/// announced before.
///
/// # Errors
/// The database or Redis cannot be reached.
pub async fn publish(db: &Db, channel: &Channel, org_id: Uuid) -> ApiResult<usize> {
    let Some(tx) = db.worker_tenant(org_id, None).await? else { return Ok(0) };
    let ids = queue::claim(&tx, CLAIM, [org_id.into(), BATCH.into()]).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let rows = tx.conn().query_all_raw(statement(READ, [org_id.into(), ids_array(&ids)])).await?;
    let rows = rows.iter().map(|row| Row::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    channel.announce(org_id, &changes(rows)).await?;
    let sql = "DELETE FROM event_queue WHERE org_id = $1 AND event_id = ANY($2)";
    tx.conn().execute_raw(statement(sql, [org_id.into(), ids_array(&ids)])).await?;
    tx.commit_repeatable().await?;
    Ok(ids.len())
}

/// One change per event; in a bulk operation one per kind of event, without a record's id and under the newest event's:
/// older ones may have been announced before, and what is remembered is announced no more.
fn changes(rows: Vec<Row>) -> Vec<(Uuid, Change)> {
    let bulk = rows.len() > BULK;
    let mut kinds: HashMap<(String, String), usize> = HashMap::new();
    for row in rows.iter().filter(|_| bulk) {
        *kinds.entry((row.event.clone(), row.entity.clone())).or_default() += 1;
    }
    let mut told: Vec<(Uuid, Change)> = Vec::new();
    for row in rows {
        let many = kinds.get(&(row.event.clone(), row.entity.clone())).is_some_and(|n| *n > BULK / 2);
        let same = |c: &Change| c.id.is_none() && c.event == row.event && c.entity == row.entity;
        if let Some((newest, _)) = told.iter_mut().find(|(_, change)| many && same(change)) {
            *newest = row.id;
            continue;
        }
        let (id, version) = if many { (None, None) } else { (row.entity_id, row.version.and_then(|v| v.parse().ok())) };
        told.push((row.id, Change { event: row.event, entity: row.entity, id, version, actor: row.actor_id }));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(event: &str, n: u128) -> Row {
        let entity = event.split('.').next().unwrap().to_owned();
        let id = Uuid::from_u128(n);
        Row { id, event: event.into(), entity, entity_id: Some(id), version: Some("1".into()), actor_id: None }
    }

    /// REALTIME-02: single changes are told one by one; an import of hundreds is told once per kind of event.
    #[test]
    fn bulk_operations_are_told_by_kind() {
        let few: Vec<_> = (0..10).map(|n| row("deal.created", n)).collect();
        assert_eq!(changes(few).len(), 10);
        let mut many: Vec<_> = (0..400).map(|n| row("deal.created", n)).collect();
        many.extend((400..405).map(|n| row("company.updated", n)));
        let told = changes(many);
        assert_eq!(told.len(), 6);
        assert_eq!(told.iter().filter(|(_, c)| c.id.is_none()).count(), 1);
    }

    /// REALTIME-01, EVENT-04: what was announced one by one before a crash and is told once more, by kind and with newer
    /// events, stands under an event that was not announced yet.
    #[test]
    fn newer_events_are_told_with_repeated_ones() {
        let old: Vec<_> = (0..40).map(|n| row("deal.updated", n)).collect();
        let announced: Vec<Uuid> = changes(old).into_iter().map(|(id, _)| id).collect();
        assert_eq!(announced.len(), 40);
        let all: Vec<_> = (0..60).map(|n| row("deal.updated", n)).collect();
        let told: Vec<Uuid> = changes(all).into_iter().map(|(id, _)| id).collect();
        assert_eq!(told, [Uuid::from_u128(59)]);
    }
}
