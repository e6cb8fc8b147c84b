//! Reads and writes outside any tenant: sign-in, registration, invitations. Each is one narrow definer function.

use super::begin::begin;
use super::{Db, RequestInfo, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use uuid::Uuid;

/// Why a transaction runs outside a tenant: the complete list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Looking up who signs in, and where they are a member.
    SignIn,
    /// Making an organization and its owner.
    Registration,
    /// Reading or accepting an invitation by its secret.
    Invitation,
    /// A person's own profile, which belongs to no organization.
    Profile,
}

/// A transaction outside any tenant. Row-level security shows it no tenant's rows.
pub struct System {
    tx: DatabaseTransaction,
    shared: super::Shared,
    reason: Reason,
}

impl std::fmt::Debug for System {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("System").field("reason", &self.reason).finish_non_exhaustive()
    }
}

impl Db {
    /// Opens a transaction outside any tenant.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn system(&self, reason: Reason) -> ApiResult<System> {
        let pool = self.app.clone();
        let tx = tokio::spawn(async move { begin(&pool).await }).await.map_err(ApiError::internal)??;
        Ok(System { tx, shared: self.shared.clone(), reason })
    }
}

impl System {
    /// Calls one of the `auth_…` functions.
    ///
    /// # Errors
    /// The function refuses, or the database cannot be reached.
    pub async fn call(&self, sql: &'static str, values: Vec<sea_orm::Value>) -> ApiResult<Option<QueryResult>> {
        Ok(self.tx.query_one_raw(statement(sql, values)).await?)
    }

    /// The same, for functions that return several rows.
    ///
    /// # Errors
    /// As [`System::call`].
    pub async fn call_all(&self, sql: &'static str, values: Vec<sea_orm::Value>) -> ApiResult<Vec<QueryResult>> {
        Ok(self.tx.query_all_raw(statement(sql, values)).await?)
    }

    /// Goes on inside the organization that was just made or joined, in the same transaction.
    ///
    /// # Errors
    /// 401 when `user_id` is no member of it.
    pub async fn enter(self, org_id: Uuid, user_id: Uuid, request: RequestInfo) -> ApiResult<TenantTx> {
        TenantTx::enter(self.tx, &self.shared, org_id, user_id, request).await
    }

    /// Makes the changes last.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn commit(self) -> ApiResult<()> {
        Ok(self.tx.commit().await?)
    }
}
