//! Rows of `bulk_jobs` and `bulk_items`.

use super::run::BulkRun;
use crate::auth::audit::Metadata;
use crate::db::{Listing, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::http::page::Window;
use crate::jobs::{Options, enqueue};
use crate::records::bulk::changes::Changes;
use chrono::{DateTime, Utc};
use domain::bulk::{BulkAction, BulkJob, BulkOutcome, BulkResult, StartBulk};
use domain::catalog::RecordType;
use domain::page::Page;
use domain::work::WorkStatus;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::{Value as Json, json};
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
    /// Where it was asked for from.
    pub request: Metadata,
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
    /// Why it was refused, or what of it stays.
    pub reason: Option<String>,
    /// What its fields held before and after; empty where it was archived or restored.
    pub changes: Option<Changes>,
    /// What is taken back.
    pub back: Option<Back>,
}

/// What was done to a record and is now taken back.
#[derive(Debug, Clone)]
pub enum Back {
    /// It was made, and had this version then.
    Made(i32),
    /// These fields were changed.
    Changed(Changes),
}

impl Item {
    /// Refuses the record for a reason.
    pub fn refuse(&mut self, reason: impl Into<String>) {
        self.outcome = BulkOutcome::Refused;
        self.reason = Some(reason.into());
    }
}

const COLUMNS: &str = "j.id, j.entity, j.action, j.input, j.status, j.total, j.processed, j.changed, j.unchanged, \
     j.refused, j.undoes, j.undoes_import, j.failure, j.request, j.created_by, j.created_at, j.started_at, \
     j.finished_at, \
     (SELECT u.id FROM bulk_jobs u WHERE u.org_id = j.org_id AND u.undoes = j.id \
         AND u.status NOT IN ('failed', 'cancelled')) AS undone_by";

/// What a job takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undoes {
    /// Other bulk work.
    Bulk(Uuid),
    /// An import.
    Import(Uuid),
}

/// Keeps a new job and puts it into the queue.
///
/// # Errors
/// 409 where what it takes back was taken back already.
pub async fn begin(tx: &TenantTx, record: RecordType, input: &StartBulk, undoes: Option<Undoes>) -> ApiResult<BulkJob> {
    let id = Uuid::now_v7();
    let (bulk, import) = match undoes {
        Some(Undoes::Bulk(id)) => (Some(id), None),
        Some(Undoes::Import(id)) => (None, Some(id)),
        None => (None, None),
    };
    let sql = "INSERT INTO bulk_jobs (org_id, id, created_by, entity, action, input, undoes, undoes_import, request) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = [
        tx.org_id().into(),
        id.into(),
        tx.user_id().into(),
        record.spec().table.into(),
        input.action.as_str().into(),
        serde_json::to_value(input).map_err(ApiError::internal)?.into(),
        bulk.into(),
        import.into(),
        serde_json::to_value(Metadata::of(tx)).map_err(ApiError::internal)?.into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let options = Options { key: Some(id.to_string()), ..Options::default() };
    enqueue(tx, &BulkRun { bulk_id: id }, options).await?;
    Ok(get(tx, id).await?.shown)
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
    let listing =
        Listing { columns: COLUMNS, from: "bulk_jobs j WHERE j.org_id = $1", order: "j.created_at DESC, j.id DESC" };
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
        columns: "entity, record_id, name, outcome, reason",
        from: "bulk_items WHERE org_id = $1 AND job_id = $2 AND ($3::text IS NULL OR outcome = $3)",
        order: "position",
    };
    let outcome = outcome.map(|outcome| outcome.as_str().to_owned());
    let Page { data, pagination } = tx.page::<Line>(listing, vec![id.into(), outcome.into()], window).await?;
    Ok(Page { data: data.into_iter().map(Line::result).collect::<ApiResult<_>>()?, pagination })
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

/// Reads the waiting records of a job after a position. Without the position each batch would look at all that are done
/// already, which makes long work quadratic.
pub const WAITING: &str = "SELECT i.position, i.entity, i.record_id, c.created, c.version, \
         coalesce(o.changes, c.changes) \
     FROM bulk_items i \
     LEFT JOIN bulk_items o ON o.org_id = i.org_id AND o.job_id = $4 AND o.record_id = i.record_id \
     LEFT JOIN import_changes c ON c.org_id = i.org_id AND c.job_id = $5 AND c.record_id = i.record_id \
     WHERE i.org_id = $1 AND i.job_id = $2 AND i.position > $3 AND i.outcome = 'waiting' \
     ORDER BY i.position LIMIT $6";

/// The next records of a job after a position, in their order, all of one type; none at the end.
///
/// # Errors
/// The database cannot be reached.
pub async fn waiting(tx: &TenantTx, job: &Job, after: i64, limit: u32) -> ApiResult<Option<(RecordType, Vec<Item>)>> {
    let shown = &job.shown;
    let values = [
        tx.org_id().into(),
        shown.id.into(),
        after.into(),
        shown.undoes.into(),
        shown.undoes_import.into(),
        i64::from(limit).into(),
    ];
    let rows = tx.conn().query_all_raw(statement(WAITING, values)).await?;
    let mut entity: Option<String> = None;
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        let of: String = row.try_get_by_index(1)?;
        if *entity.get_or_insert_with(|| of.clone()) != of {
            break;
        }
        let (made, version): (Option<bool>, Option<i32>) = (row.try_get_by_index(3)?, row.try_get_by_index(4)?);
        let changes: Option<Json> = row.try_get_by_index(5)?;
        let changes: Option<Changes> = changes.map(serde_json::from_value).transpose().map_err(ApiError::internal)?;
        items.push(Item {
            position: row.try_get_by_index(0)?,
            record_id: row.try_get_by_index(2)?,
            name: String::new(),
            outcome: BulkOutcome::Waiting,
            reason: None,
            changes: None,
            back: match (made, version) {
                (Some(true), Some(version)) => Some(Back::Made(version)),
                _ => changes.map(Back::Changed),
            },
        });
    }
    let Some(entity) = entity else { return Ok(None) };
    Ok(Some((record_type(&entity)?, items)))
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
                "changes": item.changes,
            })
        })
        .collect();
    let sql = "UPDATE bulk_items i SET name = e.name, outcome = e.outcome, reason = e.reason, changes = e.changes \
         FROM jsonb_to_recordset($3) AS e (position bigint, name text, outcome text, reason text, changes jsonb) \
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
pub async fn finish(tx: &TenantTx, id: Uuid, status: WorkStatus, failure: Option<&str>) -> ApiResult<bool> {
    let sql = "UPDATE bulk_jobs SET status = $3, failure = $4, finished_at = now(), version = version + 1, \
         updated_at = now() WHERE org_id = $1 AND id = $2 AND status IN ('queued', 'running')";
    let values = [tx.org_id().into(), id.into(), status.as_str().into(), failure.map(str::to_owned).into()];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected() == 1)
}

/// How many records work has deleted for good so far.
///
/// # Errors
/// The database cannot be reached.
pub async fn deleted(tx: &TenantTx, job: &BulkJob) -> ApiResult<i64> {
    if !matches!(job.action, BulkAction::Delete | BulkAction::UndoImport) {
        return Ok(0);
    }
    // What was put back has changes.
    let sql = "SELECT count(*) FROM bulk_items \
         WHERE org_id = $1 AND job_id = $2 AND outcome = 'changed' AND changes IS NULL";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), job.id.into()])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0))
}

#[derive(Debug, FromQueryResult)]
struct Line {
    entity: String,
    record_id: Uuid,
    name: String,
    outcome: BulkOutcome,
    reason: Option<String>,
}

impl Line {
    fn result(self) -> ApiResult<BulkResult> {
        let Self { entity, record_id, name, outcome, reason } = self;
        Ok(BulkResult { record: record_type(&entity)?, record_id, name, outcome, reason })
    }
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    entity: String,
    action: BulkAction,
    input: Json,
    status: WorkStatus,
    total: i32,
    processed: i32,
    changed: i32,
    unchanged: i32,
    refused: i32,
    undoes: Option<Uuid>,
    undoes_import: Option<Uuid>,
    undone_by: Option<Uuid>,
    failure: Option<String>,
    request: Option<Json>,
    created_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl Row {
    fn job(self) -> ApiResult<Job> {
        let record = record_type(&self.entity)?;
        let can_undo = self.status.is_finished()
            && self.changed > 0
            && self.action != BulkAction::Delete
            && self.undoes.is_none()
            && self.undoes_import.is_none()
            && self.undone_by.is_none();
        let shown = BulkJob {
            id: self.id,
            record,
            action: self.action,
            status: self.status,
            total: self.total,
            processed: self.processed,
            changed: self.changed,
            unchanged: self.unchanged,
            refused: self.refused,
            undoes: self.undoes,
            undoes_import: self.undoes_import,
            undone_by: self.undone_by,
            can_undo,
            failure: self.failure,
            created_by: self.created_by,
            created_at: self.created_at,
            finished_at: self.finished_at,
        };
        let input = serde_json::from_value(self.input).map_err(ApiError::internal)?;
        // Work of an earlier version has no request.
        let request = self.request.map(serde_json::from_value).transpose().map_err(ApiError::internal)?;
        let request = request.unwrap_or_default();
        Ok(Job { shown, record, input, counted: self.started_at.is_some(), request })
    }
}

fn record_type(entity: &str) -> ApiResult<RecordType> {
    RecordType::of_table(entity).ok_or_else(|| ApiError::internal(anyhow::anyhow!("bulk work on unknown {entity}")))
}
