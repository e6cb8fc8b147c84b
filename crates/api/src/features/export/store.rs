//! Rows of `exports`. Everybody sees their own.

use super::run::ExportRun;
use crate::db::{Listing, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::files;
use crate::http::page::Window;
use crate::jobs::{Options, enqueue};
use chrono::{DateTime, Utc};
use domain::catalog::RecordType;
use domain::export::{ExportFormat, ExportJob, KEPT_DAYS, StartExport};
use domain::page::Page;
use domain::work::WorkStatus;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::Value as Json;
use uuid::Uuid;

/// An export with what only the server needs to know.
#[derive(Debug, Clone)]
pub struct Job {
    /// As people see it.
    pub shown: ExportJob,
    /// What was asked for.
    pub input: StartExport,
    /// Where the file is stored.
    pub file_key: String,
}

const COLUMNS: &str = "id, entity, format, input, file_name, file_key, size, status, total, processed, failure, \
     created_at, finished_at, expires_at, expires_at > now() AS in_time";

/// Keeps a new export and puts it into the queue.
///
/// # Errors
/// The database cannot be reached.
pub async fn begin(tx: &TenantTx, record: RecordType, input: &StartExport, file_name: &str) -> ApiResult<ExportJob> {
    let id = Uuid::now_v7();
    let sql = "INSERT INTO exports (org_id, id, created_by, entity, format, input, file_name, file_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        tx.org_id().into(),
        id.into(),
        tx.user_id().into(),
        record.spec().table.into(),
        input.format.as_str().into(),
        serde_json::to_value(input).map_err(ApiError::internal)?.into(),
        file_name.into(),
        format!("{}/exports/{id}", files::folder(tx.org_id())).into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    let options = Options { key: Some(id.to_string()), ..Options::default() };
    enqueue(tx, &ExportRun { export_id: id }, options).await?;
    Ok(get(tx, id).await?.shown)
}

/// One of the actor's exports.
///
/// # Errors
/// 404.
pub async fn get(tx: &TenantTx, id: Uuid) -> ApiResult<Job> {
    let sql = format!("SELECT {COLUMNS} FROM exports WHERE org_id = $1 AND id = $2 AND created_by = $3");
    let values = [tx.org_id().into(), id.into(), tx.user_id().into()];
    let row = tx.conn().query_one_raw(statement(&sql, values)).await?;
    Row::from_query_result(&row.ok_or_else(|| ApiError::not_found("export"))?, "")?.job()
}

/// The actor's exports, newest first.
///
/// # Errors
/// The database cannot be reached.
pub async fn list(tx: &TenantTx, window: Window) -> ApiResult<Page<ExportJob>> {
    let listing = Listing {
        columns: COLUMNS,
        from: "exports WHERE org_id = $1 AND created_by = $2",
        order: "created_at DESC, id DESC",
    };
    let Page { data, pagination } = tx.page::<Row>(listing, vec![tx.user_id().into()], window).await?;
    Ok(Page { data: data.into_iter().map(|row| row.job().map(|job| job.shown)).collect::<ApiResult<_>>()?, pagination })
}

/// Says how far an export is; false when it is not to go on (cancelled, finished).
///
/// # Errors
/// The database cannot be reached.
pub async fn advance(tx: &TenantTx, id: Uuid, done: u64, total: u64) -> ApiResult<bool> {
    let sql = "UPDATE exports SET status = 'running', started_at = coalesce(started_at, now()), processed = $3, \
         total = $4, version = version + 1, updated_at = now() \
         WHERE org_id = $1 AND id = $2 AND status IN ('queued', 'running')";
    let count = |n: u64| i32::try_from(n).unwrap_or(i32::MAX);
    let values = [tx.org_id().into(), id.into(), count(done).into(), count(total).into()];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected() == 1)
}

/// The file is there; returns until when it is kept. Nothing when the export was cancelled meanwhile.
///
/// # Errors
/// The database cannot be reached.
pub async fn complete(tx: &TenantTx, id: Uuid, rows: u64, size: u64) -> ApiResult<Option<DateTime<Utc>>> {
    let sql = "UPDATE exports SET status = 'completed', processed = $3, total = $3, size = $4, finished_at = now(), \
         expires_at = now() + make_interval(days => $5), version = version + 1, updated_at = now() \
         WHERE org_id = $1 AND id = $2 AND status = 'running' RETURNING expires_at";
    let values = [
        tx.org_id().into(),
        id.into(),
        i32::try_from(rows).unwrap_or(i32::MAX).into(),
        i64::try_from(size).unwrap_or(i64::MAX).into(),
        i32::try_from(KEPT_DAYS).unwrap_or(1).into(),
    ];
    let row = tx.conn().query_one_raw(statement(sql, values)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Ends an export that has not ended; false when it had.
///
/// # Errors
/// The database cannot be reached.
pub async fn finish(tx: &TenantTx, id: Uuid, status: WorkStatus, failure: Option<&str>) -> ApiResult<bool> {
    let sql = "UPDATE exports SET status = $3, failure = $4, finished_at = now(), version = version + 1, \
         updated_at = now() WHERE org_id = $1 AND id = $2 AND status IN ('queued', 'running')";
    let values = [tx.org_id().into(), id.into(), status.as_str().into(), failure.map(str::to_owned).into()];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected() == 1)
}

/// Forgets an export and returns where its file is.
///
/// # Errors
/// The database cannot be reached.
pub async fn delete(tx: &TenantTx, id: Uuid) -> ApiResult<Option<String>> {
    let sql = "DELETE FROM exports WHERE org_id = $1 AND id = $2 RETURNING file_key";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), id.into()])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    entity: String,
    format: ExportFormat,
    input: Json,
    file_name: String,
    file_key: String,
    size: Option<i64>,
    status: WorkStatus,
    total: i32,
    processed: i32,
    failure: Option<String>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    in_time: Option<bool>,
}

impl Row {
    fn job(self) -> ApiResult<Job> {
        let record = RecordType::of_table(&self.entity);
        let record =
            record.ok_or_else(|| ApiError::internal(anyhow::anyhow!("an export of unknown {}", self.entity)))?;
        let shown = ExportJob {
            id: self.id,
            record,
            format: self.format,
            file_name: self.file_name,
            status: self.status,
            total: self.total,
            processed: self.processed,
            size: self.size,
            failure: self.failure,
            created_at: self.created_at,
            finished_at: self.finished_at,
            expires_at: self.expires_at,
            can_download: self.status == WorkStatus::Completed && self.in_time == Some(true),
        };
        Ok(Job {
            shown,
            input: serde_json::from_value(self.input).map_err(ApiError::internal)?,
            file_key: self.file_key,
        })
    }
}
