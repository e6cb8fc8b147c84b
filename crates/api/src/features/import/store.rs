//! Rows of `import_jobs` and `import_errors`.

use super::run::tally::RecordChange;
use super::upload::Stored;
use crate::db::{Listing, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::http::page::Window;
use chrono::{DateTime, Utc};
use domain::catalog::RecordType;
use domain::import::Plan;
use domain::import::job::{ImportJob, ImportStatus, ImportSummary};
use domain::import::plan::{FieldSource, ImportMode, OnDuplicate, Options};
use domain::import::row::Note;
use domain::page::Page;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// A job with what only the server needs to know.
#[derive(Debug, Clone)]
pub struct Job {
    /// As people see it.
    pub shown: ImportJob,
    /// Where the file is stored.
    pub file_key: String,
    /// What separates its columns.
    pub delimiter: u8,
    /// Rows that were committed.
    pub position: u64,
    /// The plan; none until the import was started.
    pub plan: Option<Plan>,
}

/// A stored file.
#[derive(Debug, Clone, Copy)]
pub struct FileRef<'a> {
    /// Id of the job.
    pub id: Uuid,
    /// What its rows are.
    pub entity: RecordType,
    /// Name of the file on the person's disk.
    pub name: &'a str,
    /// Where it is stored.
    pub key: &'a str,
    /// What separates its columns.
    pub delimiter: u8,
}

impl Job {
    /// Its file.
    pub fn file(&self) -> FileRef<'_> {
        let ImportJob { id, entity, file_name, .. } = &self.shown;
        FileRef { id: *id, entity: *entity, name: file_name, key: &self.file_key, delimiter: self.delimiter }
    }
}

impl Stored {
    /// The file.
    pub fn file(&self) -> FileRef<'_> {
        FileRef { id: self.id, entity: self.entity, name: &self.name, key: &self.key, delimiter: self.delimiter }
    }
}

/// What `import_jobs.options` holds.
#[derive(Debug, Serialize, Deserialize)]
struct StoredOptions {
    delimiter: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    plan: Option<Options>,
}

const COLUMNS: &str = "id, entity, file_name, file_key, status, mode, on_duplicate, total, processed, created, updated, \
     skipped, failed, position, mapping, options, summary, created_by, created_at, started_at, finished_at, \
     EXISTS (SELECT 1 FROM import_changes c WHERE c.org_id = import_jobs.org_id AND c.job_id = import_jobs.id) \
         AS has_changes, \
     (SELECT u.id FROM bulk_jobs u WHERE u.org_id = import_jobs.org_id AND u.undoes_import = import_jobs.id \
         AND u.status NOT IN ('failed', 'cancelled')) AS undone_by";

/// Keeps an uploaded file.
///
/// # Errors
/// The database cannot be reached.
pub async fn insert(tx: &TenantTx, stored: &Stored) -> ApiResult<()> {
    let options = StoredOptions { delimiter: stored.delimiter, plan: None };
    let sql = "INSERT INTO import_jobs (org_id, id, created_by, entity, file_name, file_key, file_size, options) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        tx.org_id().into(),
        stored.id.into(),
        tx.user_id().into(),
        stored.entity.spec().table.into(),
        stored.name.as_str().into(),
        stored.key.as_str().into(),
        stored.size.into(),
        serde_json::to_value(options).map_err(ApiError::internal)?.into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Forgets uploads that were never started and returns where their files are.
///
/// # Errors
/// The database cannot be reached.
pub async fn forget_abandoned(tx: &TenantTx) -> ApiResult<Vec<String>> {
    let sql = "DELETE FROM import_jobs WHERE org_id = $1 AND status = 'uploaded' AND created_at < now() - interval '1 day' \
               RETURNING file_key";
    let rows = tx.conn().query_all_raw(statement(sql, [tx.org_id().into()])).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
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
    find(tx, id, " FOR NO KEY UPDATE").await
}

async fn find(tx: &TenantTx, id: Uuid, lock: &str) -> ApiResult<Job> {
    let sql = format!("SELECT {COLUMNS} FROM import_jobs WHERE org_id = $1 AND id = $2{lock}");
    let row = tx.conn().query_one_raw(statement(&sql, [tx.org_id().into(), id.into()])).await?;
    Row::from_query_result(&row.ok_or_else(|| ApiError::not_found("import"))?, "")?.job()
}

/// Jobs that were started, newest first.
///
/// # Errors
/// The database cannot be reached.
pub async fn list(tx: &TenantTx, window: Window) -> ApiResult<Page<ImportJob>> {
    let listing = Listing {
        columns: COLUMNS,
        from: "import_jobs WHERE org_id = $1 AND status <> 'uploaded'",
        order: "created_at DESC, id DESC",
    };
    let Page { data, pagination } = tx.page::<Row>(listing, Vec::new(), window).await?;
    Ok(Page { data: data.into_iter().map(|row| row.job().map(|job| job.shown)).collect::<ApiResult<_>>()?, pagination })
}

/// Puts an uploaded file into the queue with its plan.
///
/// # Errors
/// The database cannot be reached.
pub async fn queue(tx: &TenantTx, job: &Job, plan: &Plan, total: u64, summary: &ImportSummary) -> ApiResult<()> {
    let options = StoredOptions { delimiter: job.delimiter, plan: Some(plan.options.clone()) };
    let sql = "UPDATE import_jobs SET status = 'queued', mapping = $3, options = $4, mode = $5, on_duplicate = $6, \
               total = $7, summary = $8, created_by = $9, version = version + 1, updated_at = now() \
               WHERE org_id = $1 AND id = $2";
    let values = [
        tx.org_id().into(),
        job.shown.id.into(),
        serde_json::to_value(&plan.mapping).map_err(ApiError::internal)?.into(),
        serde_json::to_value(options).map_err(ApiError::internal)?.into(),
        plan.options.mode.as_str().into(),
        plan.options.on_duplicate.as_str().into(),
        i32::try_from(total).unwrap_or(i32::MAX).into(),
        serde_json::to_value(summary).map_err(ApiError::internal)?.into(),
        tx.user_id().into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Marks a queued job as running; false when it is not to run (cancelled, finished).
///
/// # Errors
/// The database cannot be reached.
pub async fn start(tx: &TenantTx, id: Uuid) -> ApiResult<bool> {
    let sql = "UPDATE import_jobs SET status = 'running', started_at = coalesce(started_at, now()), \
               version = version + 1, updated_at = now() \
               WHERE org_id = $1 AND id = $2 AND status IN ('queued', 'running')";
    Ok(tx.conn().execute_raw(statement(sql, [tx.org_id().into(), id.into()])).await?.rows_affected() == 1)
}

/// What a batch did.
#[derive(Debug, Default, Clone, Copy)]
pub struct Progress {
    /// Rows of the file.
    pub rows: u64,
    /// Records made.
    pub created: i32,
    /// Records changed.
    pub updated: i32,
    /// Rows that changed nothing.
    pub skipped: i32,
    /// Rows refused.
    pub failed: i32,
}

/// Counts a batch in; false when the job was cancelled, or another worker went on with it, since `from`.
///
/// # Errors
/// The database cannot be reached.
pub async fn advance(tx: &TenantTx, id: Uuid, from: u64, step: &Progress, summary: &ImportSummary) -> ApiResult<bool> {
    let sql = "UPDATE import_jobs SET position = position + $4, processed = processed + $4, created = created + $5, \
               updated = updated + $6, skipped = skipped + $7, failed = failed + $8, summary = $9, \
               version = version + 1, updated_at = now() \
               WHERE org_id = $1 AND id = $2 AND status = 'running' AND position = $3";
    let count = |n: u64| i32::try_from(n).unwrap_or(i32::MAX);
    let values = [
        tx.org_id().into(),
        id.into(),
        i64::try_from(from).unwrap_or(i64::MAX).into(),
        count(step.rows).into(),
        step.created.into(),
        step.updated.into(),
        step.skipped.into(),
        step.failed.into(),
        serde_json::to_value(summary).map_err(ApiError::internal)?.into(),
    ];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected() == 1)
}

/// Ends a job that has not ended; false when it had.
///
/// # Errors
/// The database cannot be reached.
pub async fn finish(tx: &TenantTx, id: Uuid, status: ImportStatus, summary: Option<&ImportSummary>) -> ApiResult<bool> {
    let sql = "UPDATE import_jobs SET status = $3, summary = coalesce($4, summary), finished_at = now(), \
               version = version + 1, updated_at = now() \
               WHERE org_id = $1 AND id = $2 AND status IN ('queued', 'running')";
    let summary = summary.map(serde_json::to_value).transpose().map_err(ApiError::internal)?;
    let values = [tx.org_id().into(), id.into(), status.as_str().into(), summary.into()];
    Ok(tx.conn().execute_raw(statement(sql, values)).await?.rows_affected() == 1)
}

/// A row with something to say about it.
#[derive(Debug)]
pub struct RowNotes {
    /// Number of the row in the file.
    pub number: u64,
    /// Whether it was refused; otherwise it was stored.
    pub rejected: bool,
    /// What there is to say.
    pub notes: Vec<Note>,
}

/// Keeps what there is to say about rows.
///
/// # Errors
/// The database cannot be reached.
pub async fn insert_notes(tx: &TenantTx, id: Uuid, rows: &[RowNotes]) -> ApiResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows: Vec<Json> =
        rows.iter().map(|r| json!({"row_number": r.number, "rejected": r.rejected, "reason": r.notes})).collect();
    let sql = "INSERT INTO import_errors (org_id, job_id, row_number, rejected, reason) \
               SELECT $1, $2, e.row_number, e.rejected, e.reason \
               FROM jsonb_to_recordset($3) AS e (row_number bigint, rejected boolean, reason jsonb)";
    tx.conn().execute_raw(statement(sql, [tx.org_id().into(), id.into(), Json::Array(rows).into()])).await?;
    Ok(())
}

/// Keeps what was done to records. A record that an earlier batch knows keeps what it held before that.
///
/// # Errors
/// The database cannot be reached.
pub(crate) async fn insert_changes(tx: &TenantTx, id: Uuid, records: &BTreeMap<Uuid, RecordChange>) -> ApiResult<()> {
    if records.is_empty() {
        return Ok(());
    }
    let lines = records.iter().map(|(record, change)| {
        json!({
            "record_id": record, "entity": change.entity.spec().table, "row_number": change.row,
            "created": change.created, "version": change.version,
            "changes": (!change.changes.is_empty()).then_some(&change.changes),
        })
    });
    let sql = "INSERT INTO import_changes AS k (org_id, job_id, record_id, entity, row_number, created, version, changes) \
         SELECT $1, $2, e.record_id, e.entity, e.row_number, e.created, e.version, e.changes \
         FROM jsonb_to_recordset($3) AS e (record_id uuid, entity text, row_number bigint, created boolean, \
             version integer, changes jsonb) \
         ON CONFLICT (org_id, job_id, record_id) DO UPDATE SET version = excluded.version, \
             changes = CASE WHEN k.created THEN NULL ELSE coalesce(k.changes, '{}') || ( \
                 SELECT coalesce(jsonb_object_agg(n.key, CASE WHEN k.changes ? n.key \
                     THEN n.value || jsonb_build_object('old', k.changes -> n.key -> 'old') ELSE n.value END), '{}') \
                 FROM jsonb_each(coalesce(excluded.changes, '{}')) n) END";
    let values = [tx.org_id().into(), id.into(), Json::Array(lines.collect()).into()];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// What there is to say about some rows of the file, in order: about the refused ones, and with `warnings` about all.
///
/// # Errors
/// The database cannot be reached.
pub async fn notes(tx: &TenantTx, id: Uuid, warnings: bool, rows: RangeInclusive<u64>) -> ApiResult<Vec<RowNotes>> {
    let sql = "SELECT row_number, rejected, reason FROM import_errors \
               WHERE org_id = $1 AND job_id = $2 AND (rejected OR $3) AND row_number BETWEEN $4 AND $5 \
               ORDER BY row_number";
    let number = |n: &u64| i64::try_from(*n).unwrap_or(i64::MAX);
    let (first, last) = (number(rows.start()), number(rows.end()));
    let values = [tx.org_id().into(), id.into(), warnings.into(), first.into(), last.into()];
    let rows = tx.conn().query_all_raw(statement(sql, values)).await?;
    rows.iter()
        .map(|row| {
            let number: i64 = row.try_get_by_index(0)?;
            let notes: Json = row.try_get_by_index(2)?;
            Ok(RowNotes {
                number: u64::try_from(number).unwrap_or(0),
                rejected: row.try_get_by_index(1)?,
                notes: serde_json::from_value(notes).map_err(ApiError::internal)?,
            })
        })
        .collect()
}

/// A row of `import_jobs`.
#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    entity: String,
    file_name: String,
    file_key: String,
    status: ImportStatus,
    mode: ImportMode,
    on_duplicate: OnDuplicate,
    total: i32,
    processed: i32,
    created: i32,
    updated: i32,
    skipped: i32,
    failed: i32,
    position: i64,
    mapping: Json,
    options: Json,
    summary: Json,
    created_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    has_changes: bool,
    undone_by: Option<Uuid>,
}

impl Row {
    fn job(self) -> ApiResult<Job> {
        let entity = RecordType::of_table(&self.entity);
        let entity =
            entity.ok_or_else(|| ApiError::internal(anyhow::anyhow!("an import of unknown {}", self.entity)))?;
        let options: StoredOptions = serde_json::from_value(self.options).map_err(ApiError::internal)?;
        let plan = match options.plan {
            None => None,
            Some(options) => {
                let mapping: Vec<FieldSource> = serde_json::from_value(self.mapping).map_err(ApiError::internal)?;
                Some(Plan { entity, mapping, options })
            }
        };
        let shown = ImportJob {
            id: self.id,
            entity,
            file_name: self.file_name,
            status: self.status,
            mode: self.mode,
            on_duplicate: self.on_duplicate,
            total: self.total,
            processed: self.processed,
            created: self.created,
            updated: self.updated,
            skipped: self.skipped,
            failed: self.failed,
            summary: serde_json::from_value(self.summary).map_err(ApiError::internal)?,
            invitations: Vec::new(),
            created_by: self.created_by,
            created_at: self.created_at,
            started_at: self.started_at,
            finished_at: self.finished_at,
            can_undo: self.status.is_finished() && self.has_changes && self.undone_by.is_none(),
            undone_by: self.undone_by,
        };
        let position = u64::try_from(self.position).unwrap_or(0);
        Ok(Job { shown, file_key: self.file_key, delimiter: options.delimiter, position, plan })
    }
}
