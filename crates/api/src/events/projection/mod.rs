//! The projection of domain events: timeline entries, search documents and keys of duplicates, in the transaction that
//! marks the events as projected. So a crash at any point repeats the whole batch or none of it, and repeating changes
//! nothing.

mod activities;
mod documents;
mod keys;
mod lookup;

pub use lookup::names;

use super::queue;
use crate::db::{Db, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::records::values::ids_array;
use chrono::{DateTime, Utc};
use domain::catalog::RecordType;
use domain::error::ErrorCode;
use domain::events::Payload;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::Value as Json;
use uuid::Uuid;

/// The most events of one transaction.
pub(super) const BATCH: i64 = 1_000;
/// An event that fails this often is set aside.
const MAX_ATTEMPTS: i32 = 8;

/// One projection at a time per organization: a search document is made from the record's present row, and two
/// nodes that read and write in turn could leave the older one standing.
const LOCK: &str = "hashtextextended('projection:' || $1::text, 0)";

const CLAIM: &str = "SELECT event_id FROM event_queue WHERE org_id = $1 AND NOT carried \
     AND (retry_at IS NULL OR retry_at <= now()) AND ($2::uuid IS NULL OR event_id = $2) \
     ORDER BY event_id LIMIT $3 FOR UPDATE SKIP LOCKED";

const READ: &str = "SELECT id, type AS name, entity, entity_id, payload, actor_id, request_id, occurred_at \
     FROM domain_events WHERE org_id = $1 AND id = ANY($2) ORDER BY id";

const DONE: &str = "UPDATE event_queue SET carried = true WHERE org_id = $1 AND event_id = ANY($2)";

/// Where many changes have each left their difference in the number of records.
const ADD_UP: &str = "WITH added AS (DELETE FROM record_counts WHERE org_id = $1 \
        AND (SELECT count(*) FROM record_counts WHERE org_id = $1) > 100 RETURNING entity, live) \
     INSERT INTO record_counts (org_id, entity, live) SELECT $1, entity, sum(live) FROM added GROUP BY entity";

/// Seconds until the next attempt double with each failure, up to an hour; the last failure parks the event.
const FAILED: &str = "WITH failed AS ( \
        UPDATE domain_events SET attempts = attempts + 1, last_error = left($3, 1000), \
            parked_at = CASE WHEN attempts + 1 >= $4 THEN now() END \
         WHERE org_id = $1 AND id = $2 RETURNING attempts, parked_at IS NOT NULL AS parked) \
     UPDATE event_queue q SET carried = f.parked, \
            retry_at = now() + make_interval(secs => power(2, least(f.attempts, 13) - 1)) \
       FROM failed f WHERE q.org_id = $1 AND q.event_id = $2 RETURNING f.parked";

/// An event as the relay claims it.
#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    entity: String,
    entity_id: Option<Uuid>,
    payload: Json,
    actor_id: Option<Uuid>,
    request_id: Option<String>,
    occurred_at: DateTime<Utc>,
}

/// An event with its particulars read.
#[derive(Debug)]
struct Event {
    row: Row,
    payload: Payload,
}

/// What happened to the thing: `created` of `company.created`.
fn verb_of(event: &Event) -> &str {
    event.row.name.rsplit_once('.').map_or("", |(_, verb)| verb)
}

/// Projects the oldest events of an organization, at most `most` of them; returns how many were dealt with.
///
/// # Errors
/// The database cannot be reached, or gives up on so many events. What a single event fails with is kept with that event.
pub async fn project(db: &Db, org_id: Uuid, most: i64) -> ApiResult<usize> {
    if most > 1 {
        match batch(db, org_id, None, most).await {
            Err(error) if is_about_the_data(&error) => {}
            done => return done,
        }
    }
    one_by_one(db, org_id, most).await
}

/// Something in this batch cannot be projected: the others must not wait for it.
async fn one_by_one(db: &Db, org_id: Uuid, most: i64) -> ApiResult<usize> {
    let Some(tx) = db.worker_tenant(org_id, None).await? else { return Ok(0) };
    let ids: Vec<Uuid> = claim(&tx, None, most).await?.iter().map(|row| row.id).collect();
    tx.commit().await?;
    for id in &ids {
        match batch(db, org_id, Some(*id), most).await {
            Err(error) if is_about_the_data(&error) => set_back(db, org_id, *id, MAX_ATTEMPTS, &error).await?,
            // It takes too long alone. Another time it may not: it is never set aside for that.
            Err(error) if most == 1 && error.is_for_later() => set_back(db, org_id, *id, i32::MAX, &error).await?,
            other => {
                other?;
            }
        }
    }
    Ok(ids.len())
}

fn is_about_the_data(error: &ApiError) -> bool {
    *error.code() != ErrorCode::Unavailable
}

/// Puts an event off that has failed; the last of so many attempts sets it aside.
async fn set_back(db: &Db, org_id: Uuid, id: Uuid, attempts: i32, error: &ApiError) -> ApiResult<()> {
    let Some(tx) = db.worker_tenant(org_id, None).await? else { return Ok(()) };
    let text = format!("{error:?}");
    let values = [org_id.into(), id.into(), text.as_str().into(), attempts.into()];
    let row = tx.conn().query_one_raw(statement(FAILED, values)).await?;
    tx.commit().await?;
    let parked = row.map(|row| row.try_get_by_index::<bool>(0)).transpose()?.unwrap_or(false);
    if parked {
        tracing::error!(org.id = %org_id, event.id = %id, error = text, "event set aside: it cannot be projected");
    } else {
        tracing::warn!(org.id = %org_id, event.id = %id, error = text, "event not projected, will be tried again");
    }
    Ok(())
}

/// Claims and projects events in one transaction: the oldest ones, or the one named.
async fn batch(db: &Db, org_id: Uuid, only: Option<Uuid>, most: i64) -> ApiResult<usize> {
    let Some(tx) = db.worker_tenant(org_id, None).await? else { return Ok(0) };
    let lock = format!("SELECT pg_try_advisory_xact_lock({LOCK})");
    let row = tx.conn().query_one_raw(statement(&lock, [org_id.into()])).await?;
    if !row.map(|row| row.try_get_by_index::<bool>(0)).transpose()?.unwrap_or(false) {
        return Ok(0);
    }
    let rows = claim(&tx, only, most).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let events = rows.into_iter().map(read).collect::<ApiResult<Vec<_>>>()?;
    let lookup = lookup::of(&tx, &events).await?;
    activities::append(&tx, &events, &lookup).await?;
    documents::refresh(&tx, &events).await?;
    keys::refresh(&tx, &events).await?;
    tx.conn().execute_raw(statement(DONE, [org_id.into(), ids_array(&ids)])).await?;
    tx.conn().execute_raw(statement(ADD_UP, [org_id.into()])).await?;
    tx.commit_repeatable().await?;
    Ok(ids.len())
}

/// Writes the search documents of these records anew after a change that no event of theirs tells of.
///
/// # Errors
/// The database cannot be reached.
pub async fn rewrite_documents(tx: &TenantTx, record: RecordType, ids: &[Uuid]) -> ApiResult<()> {
    let lock = format!("SELECT pg_advisory_xact_lock({LOCK})");
    tx.conn().query_one_raw(statement(&lock, [tx.org_id().into()])).await?;
    documents::write(tx, record, ids).await?;
    documents::settle(tx).await
}

async fn claim(tx: &TenantTx, only: Option<Uuid>, most: i64) -> ApiResult<Vec<Row>> {
    let ids = queue::claim(tx, CLAIM, [tx.org_id().into(), only.into(), most.into()]).await?;
    let rows = tx.conn().query_all_raw(statement(READ, [tx.org_id().into(), ids_array(&ids)])).await?;
    Ok(rows.iter().map(|row| Row::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

fn read(mut row: Row) -> ApiResult<Event> {
    let payload = serde_json::from_value(row.payload.take()).map_err(ApiError::internal)?;
    Ok(Event { row, payload })
}
