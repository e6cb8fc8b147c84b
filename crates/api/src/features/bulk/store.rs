//! Rows of `bulk_jobs` and `bulk_items`.

use crate::db::{Listing, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::http::page::Window;
use chrono::{DateTime, Utc};
use domain::bulk::{BulkAction, BulkJob, BulkOutcome, BulkResult, BulkStatus, StartBulk};
use domain::catalog::RecordType;
use domain::page::Page;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// A job with what only the server needs to know.
#[derive(Debug, Clone)]
pub struct Job {
    /// As people see it.
    pub shown: BulkJob,
    /// The record type.
    pub record: RecordType,
    /// What was asked for; of a job that takes another back: what that one was asked for.
    pub input: StartBulk,
    /// Whether its records have been counted.
    pub counted: bool,
}

/// A record that a job is about.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its place in the job.
    pub position: i64,
    /// The record.
    pub record_id: Uuid,
    /// What people call it, once it was read.
    pub name: String,
    /// What became of it.
    pub outcome: BulkOutcome,
    /// Why it was refused.
    pub reason: Option<String>,
    /// What its fields held before.
    pub before: Option<Map<String, Json>>,
    /// Its version after the change.
    pub version_after: Option<i32>,
    /// Of a job that takes another back: what the record is to hold again, and the version it has unless somebody has
    /// changed it since.
    pub back: Option<(Map<String, Json>, i32)>,
}

impl Item {
    /// Refuses the record for a reason.
    pub fn refuse(&mut self, reason: impl Into<String>) {
        self.outcome = BulkOutcome::Refused;
        self.reason = Some(reason.into());
    }
}

const COLUMNS: &str = "j.id, j.entity, j.action, j.input, j.status, j.total, j.processed, j.changed, j.unchanged, \
     j.refused, j.undoes, j.failure, j.created_by, j.created_at, j.started_at, j.finished_at, \
     (SELECT u.id FROM bulk_jobs u WHERE u.org_id = j.org_id AND u.undoes = j.id AND u.status <> 'failed') AS undone_by";

/// Keeps a new job.
///
/// # Errors
/// 409 where the job that it takes back was taken back already.
pub async fn insert(
    tx: &TenantTx,
    record: RecordType,
    input: &StartBulk,
    undoes: Option<Uuid>,
) -> ApiResult<Uuid> {
    let id = Uuid::now_v7();
    let sql = "INSERT INTO bulk_jobs (org_id, id, created_by, entity, action, input, undoes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        tx.org_id().into(),
        id.into(),
        tx.user_id().into(),
        record.spec().table.into(),
        input.action.as_str().into(),
        serde_json::to_value(input).map_err(ApiError::internal)?.into(),
        undoes.into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(id)
}

/// One job.
///
/// # Errors
/// 404.
pub async fn get(tx: &TenantTx, id: Uuid) -> ApiResult<Job> {
    find(tx, id, "").await
}

/// One job, locked until the end of the transaction.
///
/// # Errors
/// 404.
pub async fn lock(tx: &TenantTx, id: Uuid) -> ApiResult<Job> {
    find(tx, id, " FOR NO KEY UPDATE OF j").await
}

async fn find(tx: &TenantTx, id: Uuid, lock: &str) -> ApiResult<Job> {
    let sql = format!("SELECT {COLUMNS} FROM bulk_jobs j WHERE j.org_id = $1 AND j.id = $2{lock}");
    let row = tx.conn().query_one_raw(statement(&sql, [tx.org_id().into(), id.into()])).await?;
    Row::from_query_result(&row.ok_or_else(|| ApiError::not_found("job"))?, "")?.job()
}

/// Jobs, newest first.
///
/// # Errors
/// The database cannot be reached.
pub async fn list(tx: &TenantTx, window: Window) -> ApiResult<Page<BulkJob>> {
    let listing = Listing {
        columns: COLUMNS,
        from: "bulk_jobs j WHERE j.org_id = $1",
        order: "j.created_at DESC, j.id DESC",
    };
    let Page { data, pagination } = tx.page::<Row>(listing, Vec::new(), window).await?;
    Ok(Page { data: data.into_iter().map(|row| row.job().map(|job| job.shown)).collect::<ApiResult<_>>()?, pagination })
}

/// What became of the records of a job, in their order; with `outcome` only of those.
///
/// # Errors
/// The database cannot be reached.
pub async fn results(
    tx: &TenantTx,
    id: Uuid,
    outcome: Option<BulkOutcome>,
    window: Window,
) -> ApiResult<Page<BulkResult>> {
    let listing = Listing {
        columns: "record_id, name, outcome, reason",
        from: "bulk_items WHERE org_id = $1 AND job_id = $2 AND ($3::text IS NULL OR outcome = $3)",
        order: "position",
    };
    let outcome = outcome.map(|outcome| outcome.as_str().to_owned());
    let Page { data, pagination } = tx.page::<Line>(listing, vec![id.into(), outcome.into()], window).await?;
    Ok(Page { data: data.into_iter().map(Line::result).collect(), pagination })
}

/// Marks a job as running, with its records counted.
///
/// # Errors
/// The database cannot be reached.
pub async fn start(tx: &TenantTx, id: Uuid, total: u64) -> ApiResult<()> {
    let sql = "UPDATE bulk_jobs SET status = 'running', started_at = now(), total = $3, version = version + 1, \
         updated_at = now() WHERE org_id = $1 AND id = $2 AND status = 'queued'";
    let total = i32::try_from(total).unwrap_or(i32::MAX);
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), id.into(), total.into()])).await?;
    Ok(())
}

/// The next records of a job, in their order.
///
/// # Errors
/// The database cannot be reached.
pub async fn waiting(tx: &TenantTx, job: &Job, limit: u32) -> ApiResult<Vec<Item>> {
    let sql = "SELECT i.position, i.record_id, o.before, o.version_after FROM bulk_items i \
         LEFT JOIN bulk_items o ON o.org_id = i.org_id AND o.job_id = $3 AND o.record_id = i.record_id \
         WHERE i.org_id = $1 AND i.job_id = $2 AND i.outcome = 'waiting' ORDER BY i.position LIMIT $4";
    let values = [tx.org_id().into(), job.shown.id.into(), job.shown.undoes.into(), i64::from(limit).into()];
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    rows.iter()
        .map(|row| {
            let before: Option<Json> = row.try_get_by_index(2)?;
            let version: Option<i32> = row.try_get_by_index(3)?;
            let before = before.and_then(|json| if let Json::Object(map) = json { Some(map) } else { None });
            Ok(Item {
                position: row.try_get_by_index(0)?,
                record_id: row.try_get_by_index(1)?,
                name: String::new(),
                outcome: BulkOutcome::Waiting,
                reason: None,
                before: None,
                version_after: None,
                back: before.zip(version),
            })
        })
        .collect()
}

/// Keeps what became of a batch and counts it in; false when the job was cancelled meanwhile.
///
/// # Errors
/// The database cannot be reached.
pub async fn advance(tx: &TenantTx, id: Uuid, items: &[Item]) -> ApiResult<bool> {
    let lines: Vec<Json> = items
        .iter()
        .map(|item| {
            json!({
                "position": item.position, "name": item.name, "outcome": item.outcome, "reason": item.reason,
                "before": item.before, "version_after": item.version_after,
            })
        })
        .collect();
    let sql = "UPDATE bulk_items i SET name = e.name, outcome = e.outcome, reason = e.reason, before = e.before, \
             version_after = e.version_after \
         FROM jsonb_to_recordset($3) AS e (position bigint, name text, outcome text, reason text, before jsonb, \
             version_after integer) \
         WHERE i.org_id = $1 AND i.job_id = $2 AND i.position = e.position";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), id.into(), Json::Array(lines).into()])).await?;
    let count = |wanted: BulkOutcome| {
        i32::try_from(items.iter().filter(|item| item.outcome == wanted).count()).unwrap_or(i32::MAX)
    };
    let sql = "UPDATE bulk_jobs SET processed = processed + $3 + $4 + $5, changed = changed + $3, \
             unchanged = unchanged + $4, refused = refused + $5, version = version + 1, updated_at = now() \
         WHERE org_id = $1 AND id = $2 AND status = 'running'";
    let values = [
        tx.org_id().into(),
        id.into(),
        count(BulkOutcome::Changed).into(),
        count(BulkOutcome::Unchanged).into(),
        count(BulkOutcome::Refused).into(),
    ];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected() == 1)
}

/// Ends a job that has not ended; false when it had.
///
/// # Errors
/// The database cannot be reached.
pub async fn finish(tx: &TenantTx, id: Uuid, status: BulkStatus, failure: Option<&str>) -> ApiResult<bool> {
    let sql = "UPDATE bulk_jobs SET status = $3, failure = $4, finished_at = now(), version = version + 1, \
         updated_at = now() WHERE org_id = $1 AND id = $2 AND status IN ('queued', 'running')";
    let values = [tx.org_id().into(), id.into(), status.as_str().into(), failure.map(str::to_owned).into()];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected() == 1)
}

#[derive(Debug, FromQueryResult)]
struct Line {
    record_id: Uuid,
    name: String,
    outcome: BulkOutcome,
    reason: Option<String>,
}

impl Line {
    fn result(self) -> BulkResult {
        BulkResult { record_id: self.record_id, name: self.name, outcome: self.outcome, reason: self.reason }
    }
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    entity: String,
    action: BulkAction,
    input: Json,
    status: BulkStatus,
    total: i32,
    processed: i32,
    changed: i32,
    unchanged: i32,
    refused: i32,
    undoes: Option<Uuid>,
    undone_by: Option<Uuid>,
    failure: Option<String>,
    created_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl Row {
    fn job(self) -> ApiResult<Job> {
        let record = RecordType::ALL.iter().copied().find(|record| record.spec().table == self.entity);
        let record = record.ok_or_else(|| ApiError::internal(anyhow::anyhow!("bulk work on unknown {}", self.entity)))?;
        let ended = matches!(self.status, BulkStatus::Completed | BulkStatus::Cancelled);
        let can_undo = ended
            && self.changed > 0
            && self.action != BulkAction::Delete
            && self.undoes.is_none()
            && self.undone_by.is_none();
        let shown = BulkJob {
            id: self.id,
            entity: self.entity,
            action: self.action,
            status: self.status,
            total: self.total,
            processed: self.processed,
            changed: self.changed,
            unchanged: self.unchanged,
            refused: self.refused,
            undoes: self.undoes,
            undone_by: self.undone_by,
            can_undo,
            failure: self.failure,
            created_by: self.created_by,
            created_at: self.created_at,
            finished_at: self.finished_at,
        };
        let input = serde_json::from_value(self.input).map_err(ApiError::internal)?;
        Ok(Job { shown, record, input, counted: self.started_at.is_some() })
    }
}
