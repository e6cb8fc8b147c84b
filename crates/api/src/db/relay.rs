//! What the relay of domain events reads outside any tenant: which organizations have work, nothing else.

use super::{Db, statement};
use crate::error::ApiResult;
use sea_orm::ConnectionTrait;
use sqlx::postgres::{PgPool, PgPoolOptions};
use uuid::Uuid;

/// One look into the index per organization with work, however much work that is.
const WITH_EVENTS: &str = "WITH RECURSIVE pending AS ( \
        (SELECT org_id FROM event_queue ORDER BY org_id LIMIT 1) \
        UNION ALL \
        SELECT (SELECT q.org_id FROM event_queue q WHERE q.org_id > p.org_id ORDER BY q.org_id LIMIT 1) \
          FROM pending p WHERE p.org_id IS NOT NULL) \
     SELECT org_id FROM pending WHERE org_id IS NOT NULL";

impl Db {
    /// The organizations that have events to project or to publish.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn organizations_with_events(&self) -> ApiResult<Vec<Uuid>> {
        let rows = self.worker.query_all_raw(statement(WITH_EVENTS, [])).await?;
        Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
    }

    /// A new pool of the worker role, apart from the one of the tenants' transactions: for the job engine and for
    /// listening, which keep connections for themselves. It connects when it is first used.
    pub fn separate_worker_pool(&self, size: u32) -> PgPool {
        let options = self.worker.get_postgres_connection_pool().connect_options();
        PgPoolOptions::new()
            .max_connections(size)
            .acquire_timeout(super::ACQUIRE_TIMEOUT)
            .connect_lazy_with(options.as_ref().clone())
    }
}
