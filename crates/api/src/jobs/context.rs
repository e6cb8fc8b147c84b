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
        self.hold(tx).await
    }

    /// [`JobCtx::begin`] with the rights that the actor has now.
    ///
    /// # Errors
    /// 403 when the actor is not a member any more; otherwise as [`JobCtx::begin`].
    pub async fn begin_as_actor(&self) -> ApiResult<TenantTx> {
        let gone = || ApiError::new(ErrorCode::Forbidden, "Who asked for this is not a member any more.");
        let actor = self.actor.ok_or_else(gone)?;
        match self.state.db.worker_member(self.org_id, actor).await {
            Ok(tx) => self.hold(tx).await,
            Err(error) if *error.code() == ErrorCode::Unauthenticated => Err(gone()),
            Err(error) => Err(error),
        }
    }

    /// Keeps the job from being given away before the commit.
    async fn hold(&self, tx: TenantTx) -> ApiResult<TenantTx> {
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

    /// Between two steps of a long job: an error when the server is about to stop.
    ///
    /// # Errors
    /// 503.
    pub fn check_stop(&self) -> ApiResult<()> {
        if self.stop.is_cancelled() {
            return Err(ApiError::unavailable(anyhow::anyhow!("the server stops; the job goes on later")));
        }
        Ok(())
    }

    /// What is left to do after a run: nothing; or to end the work for good because of the error returned.
    ///
    /// # Errors
    /// What may pass by itself: the job is to be tried again.
    pub fn settle(&self, result: ApiResult<()>) -> anyhow::Result<Option<ApiError>> {
        let Err(error) = result else { return Ok(None) };
        // While the server stops, or where another worker has the job, somebody else goes on with it.
        let goes_on = self.stop.is_cancelled() || *error.code() == ErrorCode::Conflict;
        let is_last = self.claim.attempt >= self.claim.max_attempts;
        if passes(&error) && (goes_on || !is_last) {
            return Err(error.into());
        }
        Ok(Some(error))
    }
}

/// Whether an error says nothing about the work: the database is away, the server stops, another worker has the job.
pub fn passes(error: &ApiError) -> bool {
    matches!(error.code(), ErrorCode::Unavailable | ErrorCode::Conflict)
}

/// Why work ended, in words for people; `kept` says what of it stays where the fault is ours.
pub fn failure(error: &ApiError, kept: &str) -> String {
    match error.code() {
        ErrorCode::Internal | ErrorCode::Unavailable | ErrorCode::Conflict => {
            format!("Something went wrong on our side. {kept}")
        }
        _ => error.detail().to_owned(),
    }
}
