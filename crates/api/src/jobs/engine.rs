//! The engine at work, and what keeps it working.

use super::task::Shared;
use super::{SCHEMA, registry};
use crate::state::AppState;
use anyhow::Context;
use graphile_worker::{
    FailureReason, JobComplete, JobFail, JobPermanentlyFail, JobRecovery, JobRecoveryResult, JobStart, WorkerOptions,
    WorkerRecoveryConfig, WorkerShutdownConfig,
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Jobs at the same time on one node: more than an organization can have, which are one of each task that people wait for
/// (imports, bulk changes, exports) and one in the background. So none keeps all others waiting.
const CONCURRENCY: usize = 6;
/// Connections: one per job for the engine's bookkeeping, and some for listening, heartbeat and recovery.
const CONNECTIONS: u32 = 10;
/// Notifications wake the engine; this is how often it looks without one.
const POLL: Duration = Duration::from_secs(2);
/// How long jobs in hand may take when the server stops. Then they are given back.
const GRACE: Duration = Duration::from_secs(25);
/// A worker that has not been heard of for this long is dead, and its jobs are given to others.
const DEAD_AFTER: Duration = Duration::from_secs(60);
/// The longest pause before the engine is started again.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Runs jobs until stopped. The engine ends with an error when the database cannot be reached; then it is started
/// again, with new connections.
pub async fn run(state: AppState, stop: CancellationToken) {
    let mut pause = Duration::from_millis(500);
    while !stop.is_cancelled() {
        let started = tokio::time::Instant::now();
        match Box::pin(once(&state, &stop)).await {
            Ok(()) if stop.is_cancelled() => return,
            Ok(()) => tracing::warn!("the job engine ended by itself"),
            Err(error) => tracing::warn!(error = format!("{error:#}"), "the job engine failed and is started again"),
        }
        pause =
            if started.elapsed() > DEAD_AFTER { Duration::from_millis(500) } else { (pause * 2).min(LONGEST_PAUSE) };
        tokio::select! { () = stop.cancelled() => {} () = tokio::time::sleep(pause) => {} }
    }
}

/// Frees the jobs of all workers, where none of them can be alive.
///
/// # Errors
/// The database cannot be reached.
pub async fn release_all(owner: &SecretString) -> anyhow::Result<()> {
    let mut connection =
        PgConnection::connect(owner.expose_secret()).await.context("The database cannot be reached")?;
    for table in ["_private_jobs", "_private_job_queues"] {
        let sql = format!("UPDATE {SCHEMA}.{table} SET locked_by = NULL, locked_at = NULL WHERE locked_by IS NOT NULL");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.context("Jobs could not be freed")?;
    }
    Ok(connection.close().await?)
}

async fn once(state: &AppState, stop: &CancellationToken) -> anyhow::Result<()> {
    let pool = state.db.separate_worker_pool(CONNECTIONS);
    let shared = Shared { state: state.clone(), stop: stop.clone() };
    let worker = options(pool.clone(), shared).init().await.context("The job engine cannot start")?;
    let result = worker.run().await.context("The job engine stopped working");
    pool.close().await;
    result
}

fn options(pool: PgPool, shared: Shared) -> WorkerOptions {
    let stop = shared.stop.clone();
    let (a, b, c, d) = (pool.clone(), pool.clone(), pool.clone(), pool.clone());
    let options = WorkerOptions::default()
        .schema(SCHEMA)
        .pg_pool(pool)
        .concurrency(CONCURRENCY)
        .poll_interval(POLL)
        .add_extension(shared)
        .worker_recovery(
            WorkerRecoveryConfig::default()
                .enabled(true)
                .heartbeat_interval(Duration::from_secs(10))
                .sweep_interval(Duration::from_secs(15))
                .sweep_threshold(DEAD_AFTER)
                .recovery_delay(Duration::ZERO),
        )
        .worker_shutdown(
            WorkerShutdownConfig::default()
                // Signals are the process's business: it finishes requests first.
                .listen_os_shutdown_signals(false)
                .grace_period(GRACE)
                .interrupted_job_retry_delay(Duration::from_secs(1))
                .shutdown_signal(async move { stop.cancelled().await }),
        )
        // Left alone, the engine gives a crashed worker's job its attempt back, so that a job that kills its worker
        // would do so for ever.
        .on(JobRecovery, |context| async move {
            match context.reason {
                FailureReason::WorkerCrashed => JobRecoveryResult::FailWithBackoff,
                _ => JobRecoveryResult::Default,
            }
        })
        // One notification starts one job per slot, and while one slot looks into the queues, the others see none: whoever
        // has started or finished a job asks for the next.
        .on(JobStart, move |_| wake(a.clone(), None))
        .on(JobComplete, move |done| wake(b.clone(), *done.job.job_queue_id()))
        .on(JobFail, move |_| wake(c.clone(), None))
        .on(JobPermanentlyFail, move |_| wake(d.clone(), None));
    registry::register(options)
}

/// Lets all nodes look for jobs, and takes the queue of a finished one away where it was the last: each look goes through
/// all queues that there are.
async fn wake(pool: PgPool, queue: Option<i32>) {
    if let Err(error) = sqlx::query("SELECT worker_job_moved($1)").bind(queue).execute(&pool).await {
        tracing::warn!(%error, "waiting jobs could not be woken; the next poll finds them");
    }
}
