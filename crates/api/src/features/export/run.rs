//! The job: reads the records by a cursor, writes a temporary file, stores it. What breaks off begins anew.

use super::cell::Cell;
use super::csv::CsvSheet;
use super::expiry::ExportExpiry;
use super::pdf::{Head, PdfSheet};
use super::rows::Rows;
use super::store::{self, Job};
use super::xlsx::XlsxSheet;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::jobs::{JobCtx, Options, enqueue, failure};
use crate::records::Stored;
use domain::error::ErrorCode;
use domain::events::NewEvent;
use domain::export::ExportFormat;
use domain::of_type;
use domain::work::WorkStatus;
use object_store::ObjectStoreExt;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

/// Records read at a time.
const BATCH: u32 = 2_000;

/// A file in the making.
pub trait Sheet: Send {
    /// Adds a record.
    ///
    /// # Errors
    /// The disk is full.
    fn row(&mut self, cells: &[Cell]) -> ApiResult<()>;

    /// Ends the file.
    ///
    /// # Errors
    /// The disk is full.
    fn finish(self: Box<Self>) -> ApiResult<File>;
}

/// The job: makes a file that was asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExportRun {
    /// Id of the export.
    pub export_id: Uuid,
}

impl crate::jobs::Job for ExportRun {
    const NAME: &'static str = "export";

    async fn run(self, ctx: JobCtx) -> anyhow::Result<()> {
        // Writing files is work for a thread of its own: the runtime's threads carry everybody's requests.
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || runtime.block_on(in_engine(ctx, self.export_id))).await?
    }
}

async fn in_engine(ctx: JobCtx, id: Uuid) -> anyhow::Result<()> {
    match ctx.settle(Box::pin(attempt(&ctx, id)).await)? {
        Some(error) => Ok(fail(&ctx, id, &error).await?),
        None => Ok(()),
    }
}

async fn attempt(ctx: &JobCtx, id: Uuid) -> ApiResult<()> {
    let tx = ctx.begin_as_actor().await?;
    let job = match store::get(&tx, id).await {
        Ok(job) => job,
        Err(error) if *error.code() == ErrorCode::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    tx.commit().await?;
    let file = of_type!(job.shown.record, R => write::<R>(ctx, &job).await?);
    let Some((file, rows)) = file else { return Ok(()) };
    let size = keep(ctx, &job, file).await?;
    let tx = ctx.begin_as_actor().await?;
    if let Some(expires_at) = store::complete(&tx, id, rows, size).await? {
        let options =
            Options { key: Some(id.to_string()), run_at: Some(expires_at), background: true, ..Options::default() };
        enqueue(&tx, &ExportExpiry { export_id: id }, options).await?;
        emit(&tx, finished("completed", &job, rows)).await?;
        return tx.commit().await;
    }
    // Cancelled while the file was stored: nobody would find it, and nobody delete it.
    match ctx.state.files.delete(&Path::from(job.file_key)).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(ApiError::unavailable(error)),
    }
}

/// Writes the file; nothing where the export was cancelled.
async fn write<R: Stored>(ctx: &JobCtx, job: &Job) -> ApiResult<Option<(File, u64)>> {
    let id = job.shown.id;
    let reading = ctx.begin_as_actor().await?;
    reading.require(R::TYPE.permissions().export)?;
    let (rows, total) = Rows::open::<R>(&reading, &ctx.state.clock, &job.input).await?;
    // Counted before it began; meanwhile others may have come.
    if let Some(refusal) = job.shown.format.refuses(total, job.input.columns.len()) {
        return Err(ApiError::invalid(vec![refusal]));
    }
    let mut sheet = begin(ctx, &reading, job, &rows, total).await?;
    let mut batches = rows.read(reading, BATCH);
    let mut done = 0;
    loop {
        ctx.check_stop()?;
        // Beside the transaction that reads, so that everybody sees how far it is.
        let told = ctx.begin_as_actor().await?;
        if !store::advance(&told, id, done, total).await? {
            return Ok(None);
        }
        told.commit().await?;
        let broken = || ApiError::internal(anyhow::anyhow!("reading ended before its end"));
        let batch = batches.recv().await.ok_or_else(broken)??;
        if batch.is_empty() {
            return Ok(Some((sheet.finish()?, done)));
        }
        for row in &batch {
            sheet.row(&rows.cells(row)?)?;
        }
        done += u64::try_from(batch.len()).unwrap_or(0);
    }
}

async fn begin(ctx: &JobCtx, tx: &TenantTx, job: &Job, rows: &Rows, total: u64) -> ApiResult<Box<dyn Sheet>> {
    // Without a name on the disk: whatever happens, nothing of it stays.
    let file = tempfile::tempfile().map_err(ApiError::unavailable)?;
    Ok(match job.shown.format {
        ExportFormat::Csv => Box::new(CsvSheet::begin(file, &rows.headers())?),
        ExportFormat::Xlsx => Box::new(XlsxSheet::begin(file, job.shown.record.spec().label_plural, rows.headers())?),
        ExportFormat::Pdf => {
            let head = Head::read(tx, &ctx.state.clock, tx.schema(job.shown.record), &job.input, total).await?;
            Box::new(PdfSheet::begin(file, head, rows.columns().to_vec(), job.input.columns.is_empty()))
        }
    })
}

/// Stores the file and returns its size in bytes.
async fn keep(ctx: &JobCtx, job: &Job, mut file: File) -> ApiResult<u64> {
    file.seek(SeekFrom::Start(0)).map_err(ApiError::internal)?;
    let mut source = tokio::fs::File::from_std(file);
    let mut target = BufWriter::new(ctx.state.files.clone(), Path::from(job.file_key.as_str()));
    match tokio::io::copy(&mut source, &mut target).await {
        Ok(size) => {
            target.shutdown().await.map_err(ApiError::unavailable)?;
            Ok(size)
        }
        Err(error) => {
            target.abort().await.map_err(ApiError::unavailable)?;
            Err(ApiError::unavailable(error))
        }
    }
}

async fn fail(ctx: &JobCtx, id: Uuid, why: &ApiError) -> ApiResult<()> {
    why.log(&id.to_string());
    let Some(tx) = ctx.state.db.worker_tenant(ctx.org_id, ctx.actor).await? else { return Ok(()) };
    let reason = failure(why, "Please try again.");
    if store::finish(&tx, id, WorkStatus::Failed, Some(&reason)).await? {
        let job = store::get(&tx, id).await?;
        emit(&tx, finished("failed", &job, 0)).await?;
    }
    tx.commit().await
}

/// Tells the end of the export to whoever listens.
fn finished(verb: &str, job: &Job, rows: u64) -> NewEvent {
    let details = json!({"entity": job.shown.record.spec().table, "format": job.shown.format, "rows": rows});
    NewEvent::new("export", verb, job.shown.id, &job.shown.file_name).details(details)
}
