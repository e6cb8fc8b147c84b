//! Background jobs: enqueued in the transaction of the change that asks for them, run at least once by any node.
//!
//! The engine is `graphile_worker` (see `docs/adr/0002-job-engine.md`); this module is the only one that knows it.
//! A feature implements [`Job`], names it in [`registry`] and in the list of `app_enqueue`, and calls [`enqueue`].

mod chore;
mod context;
pub mod engine;
mod registry;
mod task;

pub use chore::Chore;
pub use context::{Claim, JobCtx, failure, passes};

use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;

/// The engine's own schema in the database.
pub const SCHEMA: &str = "graphile_worker";
/// Of jobs that nobody waits for; that of the others is 0, and smaller numbers come first.
const LATER: i32 = 10;

/// A kind of job. The type itself is the payload.
///
/// A job may run again after it has run, wholly or in part: a crash, or a pause longer than the engine waits, hands
/// it to another worker. So its effects are idempotent, and it takes its transactions from [`JobCtx::begin`], which
/// refuses a worker that has lost the job.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// The task's name, as `app_enqueue` knows it.
    const NAME: &'static str;

    /// Does the work. An error is tried again later, each time after a longer pause, until the attempts are used up.
    fn run(self, ctx: JobCtx) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// How a job is enqueued.
#[derive(Debug, Clone)]
pub struct Options {
    /// Jobs of the same task, organization and key are one: enqueueing it again replaces the one that waits.
    pub key: Option<String>,
    /// Not before this moment.
    pub run_at: Option<DateTime<Utc>>,
    /// How often it is tried.
    pub attempts: i32,
    /// Nobody waits for it: it comes after what people wait for, and one after the other with all such jobs of the
    /// organization. Other jobs wait for those of the same task only.
    pub background: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { key: None, run_at: None, attempts: 10, background: false }
    }
}

/// Enqueues a job; it starts when the transaction is committed. Organization and actor are the transaction's.
///
/// # Errors
/// The database cannot be reached, or does not know the task.
pub async fn enqueue<J: Job>(tx: &TenantTx, job: &J, options: Options) -> ApiResult<i64> {
    let payload = serde_json::to_value(job).map_err(ApiError::internal)?;
    let Options { key, run_at, attempts, background } = options;
    let priority = if background { LATER } else { 0 };
    let values = [
        J::NAME.into(),
        payload.into(),
        key.into(),
        run_at.into(),
        attempts.into(),
        priority.into(),
        background.into(),
    ];
    let sql = "SELECT app_enqueue($1, $2, $3, 'replace', $4, $5, $6, $7)";
    let row = tx.conn().query_one_raw(statement(sql, values)).await?;
    let row = row.ok_or_else(|| ApiError::internal(anyhow::anyhow!("the job was not enqueued")))?;
    Ok(row.try_get_by_index(0)?)
}
