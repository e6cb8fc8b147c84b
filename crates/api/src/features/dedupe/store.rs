//! Rows of `dedupe_keys`, `dedupe_scans` and `duplicate_candidates`.

use crate::db::{Listing, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::http::page::Window;
use crate::records::Stored;
use crate::records::bulk;
use crate::records::read::For;
use crate::records::values::{ids_array, texts_array};
use chrono::{DateTime, Utc};
use domain::catalog::RecordType;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::dedupe::{Candidate, CandidateStatus, Likeness, MAX_BLOCK, Scan};
use domain::page::Page;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// How far a search goes back before where the last one ended: a change is stamped when it begins and seen when it is
/// committed.
const OVERLAP: &str = "interval '15 minutes'";

/// Marks a search as running; it begins where the last one ended, or goes on where it is.
///
/// # Errors
/// The database cannot be reached.
pub async fn begin_scan(tx: &TenantTx, record: RecordType) -> ApiResult<()> {
    let sql = format!(
        "INSERT INTO dedupe_scans AS s (org_id, entity, running) VALUES ($1, $2, true) \
         ON CONFLICT (org_id, entity) DO UPDATE SET running = true, \
             processed = CASE WHEN s.running THEN s.processed ELSE 0 END, \
             seen_until = CASE WHEN s.running THEN s.seen_until ELSE s.seen_until - {OVERLAP} END"
    );
    tx.conn().execute_raw(statement(&sql, [tx.org_id().into(), record.as_str().into()])).await?;
    Ok(())
}

/// Ends a search.
///
/// # Errors
/// The database cannot be reached.
pub async fn end_scan(tx: &TenantTx, record: RecordType) -> ApiResult<()> {
    let sql = "UPDATE dedupe_scans SET running = false, finished_at = now() WHERE org_id = $1 AND entity = $2";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), record.as_str().into()])).await?;
    Ok(())
}

/// The next live records in the order of their last change, after those that were looked at.
///
/// # Errors
/// The database cannot be reached.
pub async fn changed<R: Stored>(tx: &TenantTx, many: u32) -> ApiResult<Vec<(Uuid, DateTime<Utc>)>> {
    let sql = format!(
        "SELECT t.id, t.updated_at FROM {} t, dedupe_scans s WHERE t.org_id = $1 AND s.org_id = $1 AND s.entity = $2 \
         AND t.deleted_at IS NULL AND (t.updated_at, t.id) > (s.seen_until, s.seen_id) \
         ORDER BY t.updated_at, t.id LIMIT $3",
        R::spec().table
    );
    let values = [tx.org_id().into(), R::TYPE.as_str().into(), i64::from(many).into()];
    let rows = tx.conn().query_all_raw(statement(&sql, values)).await?;
    Ok(rows
        .iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect::<Result<_, sea_orm::DbErr>>()?)
}

/// Notes up to which record the search has come.
///
/// # Errors
/// The database cannot be reached.
pub async fn advance(tx: &TenantTx, record: RecordType, last: (Uuid, DateTime<Utc>), many: usize) -> ApiResult<()> {
    let sql = "UPDATE dedupe_scans SET seen_until = $3, seen_id = $4, processed = processed + $5 \
         WHERE org_id = $1 AND entity = $2";
    let (id, at) = last;
    let many = i32::try_from(many).unwrap_or(i32::MAX);
    let values = [tx.org_id().into(), record.as_str().into(), at.into(), id.into(), many.into()];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Makes these the keys of the records.
///
/// # Errors
/// The database cannot be reached.
pub async fn set_keys(tx: &TenantTx, record: RecordType, ids: &[Uuid], keys: &[(Uuid, Vec<String>)]) -> ApiResult<()> {
    let sql = "DELETE FROM dedupe_keys WHERE org_id = $1 AND entity = $2 AND record_id = ANY($3)";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), record.as_str().into(), ids_array(ids)])).await?;
    let (mut records, mut texts) = (Vec::new(), Vec::new());
    for (id, keys) in keys {
        records.extend(std::iter::repeat_n(*id, keys.len()));
        texts.extend(keys.iter().cloned());
    }
    let sql = "INSERT INTO dedupe_keys (org_id, entity, record_id, key) \
         SELECT $1, $2, r, k FROM unnest($3, $4) AS x (r, k) ON CONFLICT DO NOTHING";
    let values = [tx.org_id().into(), record.as_str().into(), ids_array(&records), texts_array(&texts)];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Two records that share a key.
#[derive(Debug, Clone, Copy)]
pub struct Meeting {
    /// One of those asked about.
    pub record: Uuid,
    /// The other.
    pub other: Uuid,
    /// Whether nobody else has a key that they share.
    pub alone: bool,
}

/// Whom the records meet under their keys. A key that very many have tells nothing and is passed over.
///
/// # Errors
/// The database cannot be reached.
pub async fn partners(tx: &TenantTx, record: RecordType, ids: &[Uuid]) -> ApiResult<Vec<Meeting>> {
    // Step by step, whatever the planner thinks of a table that has just been filled.
    let sql = format!(
        "WITH mine AS MATERIALIZED (SELECT key, record_id FROM dedupe_keys \
             WHERE org_id = $1 AND entity = $2 AND record_id = ANY($3)), \
         keys AS MATERIALIZED (SELECT DISTINCT key FROM mine), {} \
         SELECT m.record_id, o.id, bool_or(cardinality(b.ids) = 2) \
         FROM blocks b JOIN mine m ON m.key = b.key CROSS JOIN LATERAL unnest(b.ids) AS o (id) \
         WHERE cardinality(b.ids) BETWEEN 2 AND {MAX_BLOCK} AND o.id <> m.record_id GROUP BY m.record_id, o.id",
        blocks("keys k")
    );
    let values = [tx.org_id().into(), record.as_str().into(), ids_array(ids)];
    let rows = tx.conn().query_all_raw(statement(&sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(Meeting {
                record: row.try_get_by_index(0)?,
                other: row.try_get_by_index(1)?,
                alone: row.try_get_by_index(2)?,
            })
        })
        .collect::<Result<_, sea_orm::DbErr>>()
        .map_err(ApiError::from)
}

/// The common table `blocks`: the records under each of the keys that `keys` names as `k.key`, one more at most than a
/// key may have that still tells something.
fn blocks(keys: &str) -> String {
    format!(
        "blocks AS MATERIALIZED (SELECT k.key, ARRAY(SELECT n.record_id FROM dedupe_keys n \
             WHERE n.org_id = $1 AND n.entity = $2 AND n.key = k.key LIMIT {}) AS ids FROM {keys})",
        MAX_BLOCK + 1
    )
}

/// The statement of [`under`].
pub fn under_sql() -> String {
    format!(
        "WITH {} SELECT o.id, bool_or(cardinality(b.ids) = 1) FROM blocks b CROSS JOIN LATERAL unnest(b.ids) AS o (id) \
         WHERE cardinality(b.ids) <= {MAX_BLOCK} GROUP BY o.id \
         ORDER BY count(*) DESC, min(cardinality(b.ids)), o.id LIMIT $4",
        blocks("unnest($3) AS k (key)")
    )
}

/// The records under these keys, those with most of them first, and whether one of the keys has nobody else. A key that
/// very many have tells nothing and is passed over.
///
/// # Errors
/// The database cannot be reached.
pub async fn under(tx: &TenantTx, record: RecordType, keys: &[String], many: i64) -> ApiResult<Vec<(Uuid, bool)>> {
    let values = [tx.org_id().into(), record.as_str().into(), texts_array(keys), many.into()];
    let rows = tx.conn().query_all_raw(statement(&under_sql(), values)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Whether no search runs, nor has ended within a day.
///
/// # Errors
/// The database cannot be reached.
pub async fn is_due(tx: &TenantTx, record: RecordType) -> ApiResult<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM dedupe_scans WHERE org_id = $1 AND entity = $2 \
         AND (running OR finished_at > now() - interval '1 day'))";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), record.as_str().into()])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
}

/// A pair that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The record with the smaller id.
    pub a: Uuid,
    /// The other.
    pub b: Uuid,
    /// How likely they are one.
    pub likeness: Likeness,
}

/// Makes these the open pairs that the records are in. What people have decided stays.
///
/// # Errors
/// The database cannot be reached.
pub async fn set_candidates(tx: &TenantTx, record: RecordType, ids: &[Uuid], found: Vec<Found>) -> ApiResult<()> {
    let pairs: Vec<Json> = found
        .into_iter()
        .map(|pair| {
            json!({
                "id": Uuid::now_v7(), "a": pair.a, "b": pair.b, "score": pair.likeness.score,
                "reasons": pair.likeness.reasons,
            })
        })
        .collect();
    let sql = "DELETE FROM duplicate_candidates c WHERE c.org_id = $1 AND c.entity = $2 AND c.status = 'open' \
         AND (c.record_a_id = ANY($3) OR c.record_b_id = ANY($3)) \
         AND NOT EXISTS (SELECT 1 FROM jsonb_to_recordset($4) AS p (a uuid, b uuid) \
             WHERE p.a = c.record_a_id AND p.b = c.record_b_id)";
    let pairs = Json::Array(pairs);
    let values = [tx.org_id().into(), record.as_str().into(), ids_array(ids), pairs.clone().into()];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let sql = "INSERT INTO duplicate_candidates AS c (org_id, id, entity, record_a_id, record_b_id, score, reasons) \
         SELECT $1, p.id, $2, p.a, p.b, p.score, p.reasons \
         FROM jsonb_to_recordset($3) AS p (id uuid, a uuid, b uuid, score smallint, reasons jsonb) \
         ON CONFLICT (org_id, entity, record_a_id, record_b_id) DO UPDATE \
             SET score = excluded.score, reasons = excluded.reasons WHERE c.status = 'open'";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), record.as_str().into(), pairs.into()])).await?;
    Ok(())
}

/// The last search, and how many pairs there are to review.
///
/// # Errors
/// The database cannot be reached.
pub async fn scan(tx: &TenantTx, record: RecordType) -> ApiResult<Scan> {
    let sql = "SELECT running, processed, finished_at FROM dedupe_scans WHERE org_id = $1 AND entity = $2";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), record.as_str().into()])).await?;
    let found = list(tx, record, CandidateStatus::Open, Window::new(Some(1), Some(1))?).await?;
    let open = found.pagination.total;
    Ok(match row {
        Some(row) => Scan {
            record,
            running: row.try_get_by_index(0)?,
            processed: row.try_get_by_index(1)?,
            finished_at: row.try_get_by_index(2)?,
            open,
        },
        None => Scan { record, running: false, processed: 0, finished_at: None, open },
    })
}

/// Pairs of live records, the likeliest first.
///
/// # Errors
/// The database cannot be reached.
pub async fn list(
    tx: &TenantTx,
    record: RecordType,
    status: CandidateStatus,
    window: Window,
) -> ApiResult<Page<Candidate>> {
    let table = record.spec().table;
    let live = |column: &str| {
        format!(
            "EXISTS (SELECT 1 FROM {table} t WHERE t.org_id = c.org_id AND t.id = c.{column} AND t.deleted_at IS NULL)"
        )
    };
    let from = format!(
        "duplicate_candidates c WHERE c.org_id = $1 AND c.entity = $2 AND c.status = $3 AND {} AND {}",
        live("record_a_id"),
        live("record_b_id")
    );
    let listing = Listing {
        columns: "c.id, c.record_a_id, c.record_b_id, c.score, c.reasons, c.status, c.found_at",
        from: &from,
        order: "c.score DESC, c.id",
    };
    let values = vec![record.as_str().into(), status.as_str().into()];
    let Page { data, pagination } = tx.page::<Row>(listing, values, window).await?;
    let ids: Vec<Uuid> = data.iter().flat_map(|row| [row.record_a_id, row.record_b_id]).collect();
    let records = match record {
        RecordType::Company => jsons::<Company>(tx, &ids).await?,
        RecordType::Contact => jsons::<Contact>(tx, &ids).await?,
        _ => HashMap::new(),
    };
    let data = data.into_iter().map(|row| row.candidate(record, &records)).collect::<ApiResult<_>>()?;
    Ok(Page { data, pagination })
}

async fn jsons<R: Stored>(tx: &TenantTx, ids: &[Uuid]) -> ApiResult<HashMap<Uuid, Json>> {
    let records = bulk::load::<R>(tx, ids, For::Reading).await?;
    records
        .into_iter()
        .map(|(id, record)| Ok((id, serde_json::to_value(record).map_err(ApiError::internal)?)))
        .collect()
}

/// Decides about a pair.
///
/// # Errors
/// 404; 409 for a pair that was merged.
pub async fn resolve(tx: &TenantTx, id: Uuid, status: CandidateStatus) -> ApiResult<()> {
    let sql = "UPDATE duplicate_candidates SET status = $3, resolved_by = $4, resolved_at = now() \
         WHERE org_id = $1 AND id = $2 AND status <> 'merged'";
    let values = [tx.org_id().into(), id.into(), status.as_str().into(), tx.user_id().into()];
    match tx.conn().execute_raw(statement(sql, values)).await?.rows_affected() {
        1 => Ok(()),
        _ => Err(ApiError::not_found("pair of possible duplicates")),
    }
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    record_a_id: Uuid,
    record_b_id: Uuid,
    score: i16,
    reasons: Json,
    status: CandidateStatus,
    found_at: DateTime<Utc>,
}

impl Row {
    fn candidate(self, record: RecordType, records: &HashMap<Uuid, Json>) -> ApiResult<Candidate> {
        let of = |id: &Uuid| records.get(id).cloned().unwrap_or_default();
        Ok(Candidate {
            id: self.id,
            record,
            score: self.score,
            reasons: serde_json::from_value(self.reasons).map_err(ApiError::internal)?,
            status: self.status,
            a: of(&self.record_a_id),
            b: of(&self.record_b_id),
            found_at: self.found_at,
        })
    }
}
