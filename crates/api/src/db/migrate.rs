//! Migrations: plain SQL from the folder `migrations`, run as the owner role.

use crate::jobs::SCHEMA;
use anyhow::Context;
use graphile_worker::WorkerUtils;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgPoolOptions;

static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// Rights on the job engine's tables, given anew after each migration, because a new version of the engine may bring
/// new tables: the worker role works them, the app role reaches them through `app_enqueue` alone.
const JOB_GRANTS: &str = include_str!("job_grants.sql");

/// Version of the newest migration that this build knows.
pub fn newest() -> i64 {
    MIGRATOR.iter().map(|m| m.version).max().unwrap_or(0)
}

/// Brings the schema up to date.
///
/// # Errors
/// The database cannot be reached as the owner, or a migration fails; a failed one leaves nothing behind.
pub async fn run(owner: &SecretString) -> anyhow::Result<()> {
    let pool = PgPoolOptions::new()
        .max_connections(4)
        .connect(owner.expose_secret())
        .await
        .context("The database cannot be reached as its owner (DATABASE_OWNER_URL)")?;
    // The job engine's tables come first: `app_enqueue` calls into them. Its migrations take no lock of their own.
    let mut lock = pool.acquire().await?;
    sqlx::query("SELECT pg_advisory_lock(hashtextextended('rapport migrate', 0))").execute(&mut *lock).await?;
    let result = all(&pool).await;
    sqlx::query("SELECT pg_advisory_unlock(hashtextextended('rapport migrate', 0))").execute(&mut *lock).await?;
    drop(lock);
    pool.close().await;
    result
}

async fn all(pool: &PgPool) -> anyhow::Result<()> {
    WorkerUtils::new(pool.clone(), SCHEMA).migrate().await.context("A migration of the job engine failed")?;
    MIGRATOR.run(pool).await.context("A migration failed")?;
    sqlx::raw_sql(JOB_GRANTS).execute(pool).await.context("The rights on the job engine could not be given")?;
    Ok(())
}
