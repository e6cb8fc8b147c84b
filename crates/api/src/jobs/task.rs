//! Our jobs as tasks of the engine.

use super::Job;
use super::context::{Claim, JobCtx};
use crate::state::AppState;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};
use std::marker::PhantomData;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What the engine hands to every task.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    pub state: AppState,
    pub stop: CancellationToken,
}

/// A job's payload as the engine sees it: that of [`Job`], and whose it is, written by `app_enqueue`.
pub(super) struct Task<J> {
    members: Map<String, Json>,
    job: PhantomData<fn() -> J>,
}

impl<J> Serialize for Task<J> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.members.serialize(serializer)
    }
}

impl<'de, J> Deserialize<'de> for Task<J> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { members: Map::deserialize(deserializer)?, job: PhantomData })
    }
}

impl<J: Job> TaskHandler for Task<J> {
    const IDENTIFIER: &'static str = J::NAME;

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let result = Box::pin(run::<J>(self.members, &context)).await;
        result.map_err(|error| {
            tracing::warn!(job = J::NAME, job.id = *context.job().id(), error = format!("{error:?}"), "job failed");
            // The engine keeps this text with the job.
            format!("{error:#}")
        })
    }
}

async fn run<J: Job>(mut members: Map<String, Json>, context: &WorkerContext) -> anyhow::Result<()> {
    let shared = context.get_ext::<Shared>().cloned().ok_or_else(|| anyhow::anyhow!("the engine has no state"))?;
    let id = |value: Option<Json>| value.and_then(|v| v.as_str().and_then(|text| Uuid::parse_str(text).ok()));
    let org_id = id(members.remove("org_id")).ok_or_else(|| anyhow::anyhow!("the job has no organization"))?;
    let actor = id(members.remove("actor"));
    if shared.state.db.worker_tenant(org_id, None).await?.is_none() {
        tracing::info!(job = J::NAME, org.id = %org_id, "job dropped: its organization is gone");
        return Ok(());
    }
    let job: J = serde_json::from_value(Json::Object(members))?;
    let row = context.job();
    let claim = Claim {
        job_id: *row.id(),
        worker_id: context.worker_id().to_owned(),
        attempt: i32::from(*row.attempts()),
        max_attempts: i32::from(*row.max_attempts()),
    };
    let (job_id, attempt) = (claim.job_id, claim.attempt);
    let ctx = JobCtx { state: shared.state, org_id, actor, stop: shared.stop, claim };
    tracing::info!(job = J::NAME, job.id = job_id, org.id = %org_id, attempt, "job starts");
    Box::pin(job.run(ctx.clone())).await?;
    // The engine completes a job by its id alone: a worker that has lost it must not report it done.
    ctx.fence().await?;
    Ok(())
}
