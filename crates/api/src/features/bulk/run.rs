//! The work itself, as a background job: batch after batch, each in a transaction of its own that also keeps what became
//! of its records. After a crash it goes on with the first record that was not committed.

use super::store::{self, Job};
use super::{apply, snapshot};
use crate::auth::audit::{self, Action};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::jobs::JobCtx;
use crate::records::Stored;
use domain::bulk::{BulkAction, BulkJob, BulkStatus};
use domain::catalog::RecordType;
use domain::companies::Company;
use domain::contacts::Contact;
use domain::deals::Deal;
use domain::error::ErrorCode;
use domain::events::NewEvent;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// Records per transaction.
const BATCH: u32 = 200;

/// The job: does bulk work that was asked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct BulkRun {
    /// Id of the work.
    pub bulk_id: Uuid,
}

impl crate::jobs::Job for BulkRun {
    const NAME: &'static str = "bulk";

    async fn run(self, ctx: JobCtx) -> anyhow::Result<()> {
        let Err(error) = Box::pin(attempt(&ctx, self.bulk_id)).await else { return Ok(()) };
        // While the server stops, or where another worker has the job, somebody else goes on with it.
        let goes_on = ctx.stop.is_cancelled() || *error.code() == ErrorCode::Conflict;
        let passes = matches!(error.code(), ErrorCode::Unavailable | ErrorCode::Conflict);
        if passes && (goes_on || !ctx.is_last_attempt()) {
            return Err(error.into());
        }
        Ok(fail(&ctx, self.bulk_id, &error).await?)
    }
}

async fn attempt(ctx: &JobCtx, id: Uuid) -> ApiResult<()> {
    let tx = ctx.begin().await?;
    let job = match store::get(&tx, id).await {
        Ok(job) => job,
        Err(error) if *error.code() == ErrorCode::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    tx.commit().await?;
    match job.record {
        RecordType::Company => records::<Company>(ctx, job).await,
        RecordType::Contact => records::<Contact>(ctx, job).await,
        RecordType::Deal => records::<Deal>(ctx, job).await,
    }
}

async fn records<R: Stored>(ctx: &JobCtx, job: Job) -> ApiResult<()> {
    let id = job.shown.id;
    if !job.counted {
        let tx = ctx.begin().await?;
        if store::lock(&tx, id).await?.shown.status != BulkStatus::Queued {
            return Ok(());
        }
        let total = snapshot::take::<R>(&tx, &ctx.state.clock, &job).await?;
        store::start(&tx, id, total).await?;
        tx.commit().await?;
    }
    loop {
        if ctx.stop.is_cancelled() {
            return Err(ApiError::new(ErrorCode::Unavailable, "The server stops; the work goes on when it is back."));
        }
        let tx = ctx.begin().await?;
        let mut items = store::waiting(&tx, &job, BATCH).await?;
        if items.is_empty() {
            return complete(tx, id).await;
        }
        apply::batch::<R>(&tx, &job, &mut items).await?;
        if !store::advance(&tx, id, &items).await? {
            // Cancelled: this batch is rolled back.
            return Ok(());
        }
        tx.commit().await?;
    }
}

async fn complete(tx: crate::db::TenantTx, id: Uuid) -> ApiResult<()> {
    if store::finish(&tx, id, BulkStatus::Completed, None).await? {
        let job = store::get(&tx, id).await?.shown;
        if job.action == BulkAction::Delete {
            let count = json!({ "entity": job.entity, "count": job.changed });
            audit::record(&tx, Action::BulkDelete, ("bulk_job", id), count).await?;
        }
        emit(&tx, finished("completed", &job)).await?;
    }
    tx.commit().await
}

async fn fail(ctx: &JobCtx, id: Uuid, why: &ApiError) -> ApiResult<()> {
    why.log(&id.to_string());
    let Some(tx) = ctx.state.db.worker_tenant(ctx.org_id, ctx.actor).await? else { return Ok(()) };
    let reason = match why.code() {
        ErrorCode::Internal | ErrorCode::Unavailable | ErrorCode::Conflict => {
            "Something went wrong on our side. Records that were counted are changed.".to_owned()
        }
        _ => why.detail().to_owned(),
    };
    if store::finish(&tx, id, BulkStatus::Failed, Some(&reason)).await? {
        let job = store::get(&tx, id).await?.shown;
        emit(&tx, finished("failed", &job)).await?;
    }
    tx.commit().await
}

/// Tells the end of the work to whoever listens.
fn finished(verb: &str, job: &BulkJob) -> NewEvent {
    NewEvent::new("bulk", verb, job.id, job.action.label()).details(json!({
        "entity": job.entity,
        "action": job.action,
        "total": job.total,
        "changed": job.changed,
        "unchanged": job.unchanged,
        "refused": job.refused,
    }))
}
