//! The database, behind three doors: a tenant's transaction, a worker's transaction, and the few sanctioned reads
//! outside any tenant. The pools themselves are private: no query runs without one of them.

mod begin;
mod bell;
pub mod constraints;
mod housekeeping;
pub mod migrate;
mod page;
mod relay;
mod schemas;
mod system;
mod tenant;

pub use page::Listing;
pub use schemas::{definitions, live_fields};
pub use system::{Reason, System};
pub use tenant::{Actor, RequestInfo, TenantTx};

use anyhow::{Context, bail};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// How long a request waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// The pools of one process.
#[derive(Debug, Clone)]
pub struct Db {
    app: DatabaseConnection,
    worker: DatabaseConnection,
    shared: Shared,
}

/// What the transactions of one process have in common.
#[derive(Debug, Clone)]
struct Shared {
    schemas: schemas::Known,
    bell: bell::Bell,
}

impl Db {
    /// Connects as the app role and as the worker role.
    ///
    /// # Errors
    /// The server cannot be reached, or a role may bypass row-level security.
    pub async fn connect(app: &SecretString, worker: &SecretString, size: u32) -> anyhow::Result<Self> {
        let app = connect(app, size).await.context("The database (DATABASE_URL) cannot be reached")?;
        let worker = connect(worker, (size / 2).max(8)).await;
        let worker = worker.context("The database (DATABASE_WORKER_URL) cannot be reached")?;
        for db in [&app, &worker] {
            refuse_powerful_roles(db).await?;
        }
        let shared = Shared { schemas: schemas::Known::default(), bell: bell::Bell::new(worker.clone()) };
        Ok(Self { app, worker, shared })
    }

    /// Whether the database answers and its schema is the one this build knows.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn is_ready(&self) -> Result<bool, DbErr> {
        let row = self.app.query_one_raw(statement("SELECT schema_version()", [])).await?;
        let applied: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        Ok(applied.is_some_and(|version| version >= migrate::newest()))
    }
}

async fn connect(url: &SecretString, size: u32) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url.expose_secret());
    options
        .max_connections(size)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_timeout(ACQUIRE_TIMEOUT)
        // A ping before each use would add a round trip to every request.
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .sqlx_logging(false);
    Database::connect(options).await
}

/// The servers never run as a role that row-level security does not bind.
async fn refuse_powerful_roles(db: &DatabaseConnection) -> anyhow::Result<()> {
    let sql = "SELECT r.rolname::text, r.rolsuper OR r.rolbypassrls \
               OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = 'companies' AND pg_has_role(r.oid, c.relowner, 'USAGE')) \
               FROM pg_roles r WHERE r.rolname = current_user";
    let row = db.query_one_raw(statement(sql, [])).await?.context("The database role is unknown")?;
    let (role, powerful): (String, bool) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    if powerful {
        bail!("The database role {role} owns the tables or may bypass row-level security; connect as rapport_app.");
    }
    Ok(())
}

/// A statement with bound values. SQL texts are constants or come from the query builder; values are always bound.
pub fn statement<I>(sql: &str, values: I) -> Statement
where
    I: IntoIterator<Item = sea_orm::Value>,
{
    Statement::from_sql_and_values(sea_orm::DatabaseBackend::Postgres, sql, values)
}
