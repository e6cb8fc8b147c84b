//! Migrations: plain SQL from the folder `migrations`, run as the owner role.

use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use sqlx::migrate::Migrator;
use sqlx::postgres::PgPoolOptions;

static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

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
        .max_connections(2)
        .connect(owner.expose_secret())
        .await
        .context("The database cannot be reached as its owner (DATABASE_OWNER_URL)")?;
    MIGRATOR.run(&pool).await.context("A migration failed")?;
    pool.close().await;
    Ok(())
}
