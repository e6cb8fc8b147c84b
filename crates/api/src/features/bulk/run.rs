//! The work itself, as a background job: batch after batch, each in a transaction of its own that also keeps what became
//! of its records. After a crash it goes on with the first record that was not committed.

use super::apply::Work;
use super::snapshot;
use super::store;
use crate::auth::audit::{self, Metadata};
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::jobs::{JobCtx, failure};
use crate::records::bulk::batch;
use domain::audit::AuditAction;
use domain::bulk::BulkJob;
use domain::error::ErrorCode;
use domain::events::NewEvent;
use domain::of_type;
use domain::work::WorkStatus;
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
        let result = Box::pin(attempt(&ctx, self.bulk_id)).await;
        match ctx.settle(result)? {
            Some(error) => Ok(fail(&ctx, self.bulk_id, &error).await?),
            None => Ok(()),
        }
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
    if !job.counted {
        let tx = ctx.begin_as_actor().await?;
        if store::lock(&tx, id).await?.shown.status != WorkStatus::Queued {
            return Ok(());
        }
        let total = snapshot::take(&tx, &ctx.state.clock, &job).await?;
        store::start(&tx, id, total).await?;
        tx.commit().await?;
    }
    // The position that was reached. After a restart the records that still wait are found anew.
    let mut reached = 0;
    loop {
        ctx.check_stop()?;
        let tx = ctx.begin_as_actor().await?;
        let Some((record, mut items)) = store::waiting(&tx, &job, reached, BATCH).await? else {
            return complete(tx, id).await;
        };
        of_type!(record, R => batch::apply(&tx, &mut Work::<R>::of(&job), &mut items).await?);
        if !store::advance(&tx, id, &items).await? {
            // Cancelled: this batch is rolled back.
            return Ok(());
        }
        tx.commit().await?;
        reached = items.last().map_or(reached, |item| item.position);
    }
}

async fn complete(tx: TenantTx, id: Uuid) -> ApiResult<()> {
    end(&tx, id, WorkStatus::Completed, None).await?;
    tx.commit().await
}

/// Ends work that has not ended, tells it, and writes down in the audit log how many records are gone for good, however
/// it has ended (BULK-04), as an act of who asked for it, from where that was (AUDIT-06). False when it had ended.
///
/// # Errors
/// The database cannot be reached.
pub async fn end(tx: &TenantTx, id: Uuid, status: WorkStatus, failure: Option<&str>) -> ApiResult<bool> {
    if !store::finish(tx, id, status, failure).await? {
        return Ok(false);
    }
    let store::Job { shown: job, request, .. } = store::get(tx, id).await?;
    let gone = store::deleted(tx, &job).await?;
    if gone > 0 {
        let details = json!({ "entity": job.record.spec().table, "count": gone });
        let metadata = Metadata { details, ..request };
        audit::record_of(tx, job.created_by, AuditAction::BulkDelete, ("bulk_job", id), metadata).await?;
    }
    emit(tx, finished(status.as_str(), &job)).await?;
    Ok(true)
}

async fn fail(ctx: &JobCtx, id: Uuid, why: &ApiError) -> ApiResult<()> {
    why.log(&id.to_string());
    let Some(tx) = ctx.state.db.worker_tenant(ctx.org_id, ctx.actor).await? else { return Ok(()) };
    let reason = failure(why, "Records that were counted are changed.");
    end(&tx, id, WorkStatus::Failed, Some(&reason)).await?;
    tx.commit().await
}

/// Tells the end of the work to whoever listens.
fn finished(verb: &str, job: &BulkJob) -> NewEvent {
    NewEvent::new("bulk", verb, job.id, job.action.label()).details(json!({
        "entity": job.record.spec().table,
        "action": job.action,
        "total": job.total,
        "changed": job.changed,
        "unchanged": job.unchanged,
        "refused": job.refused,
    }))
}
