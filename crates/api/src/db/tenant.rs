//! Transactions inside one organization. Every statement on business data runs in one of these.

use super::begin::begin;
use super::bell::Bell;
use super::{Db, Shared, statement};
use crate::error::{ApiError, ApiResult};
use chrono::{DateTime, Utc};
use domain::auth::OrgSettings;
use domain::catalog::{RecordType, Schema, Schemas};
use domain::permission::{Access, Overrides, Permission, Role, access};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, QueryResult};
use serde_json::Value as Json;
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

/// Where a request came from; it is kept with the events of the request.
#[derive(Debug, Clone, Default)]
pub struct RequestInfo {
    /// Id of the request, also in the answer's `x-request-id` and in the log.
    pub id: String,
    /// Address of the client.
    pub ip: Option<String>,
    /// The client's program.
    pub user_agent: Option<String>,
    /// When it came, unless it is now.
    pub at: Option<DateTime<Utc>>,
}

/// On whose behalf a transaction acts.
#[derive(Debug, Clone, PartialEq)]
pub enum Actor {
    /// A member, with role and exceptions.
    Member {
        /// The person.
        user_id: Uuid,
        /// Role in the organization.
        role: Role,
        /// Exceptions to the role.
        overrides: Overrides,
    },
    /// A job; `on_behalf_of` started it.
    Worker {
        /// Who started the job.
        on_behalf_of: Option<Uuid>,
    },
}

/// A transaction inside one organization. Dropped without [`TenantTx::commit`], it rolls back.
pub struct TenantTx {
    tx: DatabaseTransaction,
    org_id: Uuid,
    actor: Actor,
    settings: OrgSettings,
    schemas: Schemas,
    request: RequestInfo,
    bell: Bell,
    /// Whether it can only read.
    reads: bool,
    /// Whether events were written.
    has_news: AtomicBool,
}

impl std::fmt::Debug for TenantTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TenantTx").field("org_id", &self.org_id).field("actor", &self.actor).finish_non_exhaustive()
    }
}

const APP_BEGIN: &str = "SELECT role, permission_overrides, settings, fields_version FROM app_begin($1, $2, $3)";

impl Db {
    /// Opens a transaction for a member of an organization. 401 for somebody who is not (any more).
    ///
    /// Crate-private on purpose: handlers come here through `Guard`, which also checks the permission.
    pub(crate) async fn tenant(&self, org_id: Uuid, user_id: Uuid, request: RequestInfo) -> ApiResult<TenantTx> {
        self.member(org_id, user_id, request, false).await
    }

    /// The same for what only reads: PostgreSQL refuses to write in it.
    pub(crate) async fn tenant_reading(&self, org: Uuid, user: Uuid, request: RequestInfo) -> ApiResult<TenantTx> {
        self.member(org, user, request, true).await
    }

    async fn member(&self, org_id: Uuid, user_id: Uuid, request: RequestInfo, reads: bool) -> ApiResult<TenantTx> {
        let values = vec![org_id.into(), user_id.into(), reads.into()];
        let (tx, row) = enter(self.app.clone(), APP_BEGIN, values).await?;
        let tx = TenantTx::of_member(tx, row, &self.shared, org_id, user_id, request).await?;
        Ok(TenantTx { reads, ..tx })
    }

    /// Opens a transaction for a job. `None` when the organization is gone.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn worker_tenant(&self, org_id: Uuid, on_behalf_of: Option<Uuid>) -> ApiResult<Option<TenantTx>> {
        let (tx, row) = enter(
            self.worker.clone(),
            "SELECT settings, fields_version FROM worker_begin($1, $2)",
            vec![org_id.into(), on_behalf_of.into()],
        )
        .await?;
        let Some(row) = row else { return Ok(None) };
        let settings = settings(&row, 0)?;
        let schemas = self.shared.schemas.of(&tx, org_id, row.try_get_by_index(1)?).await?;
        let actor = Actor::Worker { on_behalf_of };
        Ok(Some(TenantTx::new(tx, org_id, actor, settings, schemas, &self.shared)))
    }

    /// Opens a transaction for a job that acts as a member, with the rights that the member has now.
    ///
    /// # Errors
    /// 401 for somebody who is not a member any more.
    pub async fn worker_member(&self, org_id: Uuid, user_id: Uuid) -> ApiResult<TenantTx> {
        let sql = "SELECT role, permission_overrides, settings, fields_version FROM worker_begin_as($1, $2)";
        let (tx, row) = enter(self.worker.clone(), sql, vec![org_id.into(), user_id.into()]).await?;
        TenantTx::of_member(tx, row, &self.shared, org_id, user_id, RequestInfo::default()).await
    }
}

/// BEGIN and the door function, in a task of their own for the reason given at `begin`.
async fn enter(
    pool: DatabaseConnection,
    sql: &'static str,
    values: Vec<sea_orm::Value>,
) -> ApiResult<(DatabaseTransaction, Option<QueryResult>)> {
    let opened = tokio::spawn(async move {
        let tx = begin(&pool).await?;
        let row = tx.query_one_raw(statement(sql, values)).await?;
        Ok::<_, sea_orm::DbErr>((tx, row))
    });
    Ok(opened.await.map_err(ApiError::internal)??)
}

fn settings(row: &QueryResult, index: usize) -> ApiResult<OrgSettings> {
    let json: Json = row.try_get_by_index(index)?;
    serde_json::from_value(json).map_err(ApiError::internal)
}

impl TenantTx {
    fn new(
        tx: DatabaseTransaction,
        org_id: Uuid,
        actor: Actor,
        settings: OrgSettings,
        schemas: Schemas,
        shared: &Shared,
    ) -> Self {
        let (request, bell) = (RequestInfo::default(), shared.bell.clone());
        Self { tx, org_id, actor, settings, schemas, request, bell, reads: false, has_news: AtomicBool::new(false) }
    }

    async fn of_member(
        tx: DatabaseTransaction,
        row: Option<QueryResult>,
        shared: &Shared,
        org_id: Uuid,
        user_id: Uuid,
        request: RequestInfo,
    ) -> ApiResult<Self> {
        let row = row.ok_or_else(ApiError::unauthenticated)?;
        let role: Role = row.try_get_by_index(0)?;
        let overrides: Json = row.try_get_by_index(1)?;
        let overrides = serde_json::from_value(overrides).map_err(ApiError::internal)?;
        let settings = settings(&row, 2)?;
        let schemas = shared.schemas.of(&tx, org_id, row.try_get_by_index(3)?).await?;
        let actor = Actor::Member { user_id, role, overrides };
        Ok(Self { request, ..Self::new(tx, org_id, actor, settings, schemas, shared) })
    }

    /// Goes on inside an organization in a transaction that began outside one (registration, accepting an
    /// invitation).
    pub(super) async fn enter(
        tx: DatabaseTransaction,
        shared: &Shared,
        org_id: Uuid,
        user_id: Uuid,
        request: RequestInfo,
    ) -> ApiResult<Self> {
        let row = tx.query_one_raw(statement(APP_BEGIN, [org_id.into(), user_id.into(), false.into()])).await?;
        Self::of_member(tx, row, shared, org_id, user_id, request).await
    }

    /// Runs statements.
    pub fn conn(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// The organization.
    pub fn org_id(&self) -> Uuid {
        self.org_id
    }

    /// On whose behalf.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The acting member, or who started the job.
    pub fn user_id(&self) -> Option<Uuid> {
        match &self.actor {
            Actor::Member { user_id, .. } => Some(*user_id),
            Actor::Worker { on_behalf_of } => *on_behalf_of,
        }
    }

    /// The member's role; `None` in a job.
    pub fn role(&self) -> Option<Role> {
        match &self.actor {
            Actor::Member { role, .. } => Some(*role),
            Actor::Worker { .. } => None,
        }
    }

    /// How far a permission reaches. A job may do what it was checked for when it was started.
    pub fn access(&self, permission: Permission) -> Access {
        match &self.actor {
            Actor::Member { role, overrides, .. } => access(*role, overrides, permission),
            Actor::Worker { .. } => Access::All,
        }
    }

    /// Refuses what is not allowed at all; returns how far the permission reaches.
    ///
    /// # Errors
    /// 403.
    #[track_caller]
    pub fn require(&self, permission: Permission) -> ApiResult<Access> {
        match self.access(permission) {
            Access::No => Err(ApiError::forbidden()),
            reach => Ok(reach),
        }
    }

    /// Settings of the organization.
    pub fn settings(&self) -> &OrgSettings {
        &self.settings
    }

    /// A record type as the organization has it, with its own fields.
    pub fn schema(&self, record: RecordType) -> Schema {
        self.schemas.of(record)
    }

    /// All record types as the organization has them.
    pub fn schemas(&self) -> Schemas {
        self.schemas
    }

    /// Where the request came from.
    pub fn request(&self) -> &RequestInfo {
        &self.request
    }

    /// Tells what follows as having happened at a time past. Only the demo organization has a past to be told.
    pub(crate) fn happens_at(&mut self, moment: DateTime<Utc>) {
        self.request.at = Some(moment);
    }

    /// Notes that events were written, of which the relays hear after the commit.
    pub(crate) fn wrote_events(&self) {
        self.has_news.store(true, Ordering::Relaxed);
    }

    /// Makes the changes of a step of a job last, without waiting for the disk: where the power fails within a second the
    /// step may be gone, as a whole, and the job repeats it. Not for what somebody was told.
    ///
    /// # Errors
    /// As [`TenantTx::commit`].
    pub async fn commit_repeatable(self) -> ApiResult<()> {
        self.tx.execute_unprepared("SET LOCAL synchronous_commit = off").await?;
        self.commit().await
    }

    /// Makes the changes last.
    ///
    /// # Errors
    /// A deferred constraint fails, or the database cannot be reached.
    pub async fn commit(self) -> ApiResult<()> {
        if self.reads {
            // Nothing to be kept. Dropped, it ends in the same round trip as the pool's look at the connection.
            return Ok(());
        }
        self.tx.commit().await?;
        if self.has_news.into_inner() {
            self.bell.pull();
        }
        Ok(())
    }
}
