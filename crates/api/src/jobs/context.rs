//! What a running job can reach.

use super::SCHEMA;
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::state::AppState;
use domain::error::ErrorCode;
use sea_orm::ConnectionTrait;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A worker's hold on a job.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The job.
    pub job_id: i64,
    /// The worker that has it.
    pub worker_id: String,
    /// Number of this attempt, from 1.
    pub attempt: i32,
    /// How many attempts there are.
    pub max_attempts: i32,
}

/// A job's run.
#[derive(Debug, Clone)]
pub struct JobCtx {
    /// The state of the server.
    pub state: AppState,
    /// The organization.
    pub org_id: Uuid,
    /// Who asked for the job.
    pub actor: Option<Uuid>,
    /// Cancelled when the server stops: a long job saves how far it came and returns an error, to be tried again.
    pub stop: CancellationToken,
    /// What makes the job ours.
    pub claim: Claim,
}

impl JobCtx {
    /// Opens a transaction of the organization on behalf of the actor, while the job is ours: what it commits, it
    /// commits as the only worker of this job.
    ///
    /// # Errors
    /// 409 when the job was given to another worker, 404 when the organization is gone.
    pub async fn begin(&self) -> ApiResult<TenantTx> {
        let tx = self.state.db.worker_tenant(self.org_id, self.actor).await?;
        let tx = tx.ok_or_else(|| ApiError::not_found("organization"))?;
        // The lock keeps the job from being given away before the commit.
        let sql = format!("SELECT 1 FROM {SCHEMA}._private_jobs WHERE id = $1 AND locked_by = $2 FOR SHARE");
        let values = [self.claim.job_id.into(), self.claim.worker_id.as_str().into()];
        match tx.conn().query_one_raw(statement(&sql, values)).await? {
            Some(_) => Ok(tx),
            None => Err(ApiError::new(ErrorCode::Conflict, "This job was given to another worker.")),
        }
    }

    /// Whether the job is still ours.
    ///
    /// # Errors
    /// As [`JobCtx::begin`].
    pub async fn fence(&self) -> ApiResult<()> {
        self.begin().await?.commit().await
    }

    /// Whether this is the last attempt: after another error the job stays undone.
    pub fn is_last_attempt(&self) -> bool {
        self.claim.attempt >= self.claim.max_attempts
    }
}
