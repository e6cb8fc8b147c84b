//! Rows of `audit_log` with the names of people.

use super::said::said;
use crate::auth::audit::Metadata;
use crate::db::{Listing, TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::http::page::Window;
use chrono::{DateTime, Utc};
use domain::audit::{AuditAction, AuditEntry};
use domain::page::Page;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Which entries.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Of this kind.
    pub action: Option<AuditAction>,
    /// By this person.
    pub user_id: Option<Uuid>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
}

impl Wanted {
    /// The values of [`FROM`] after the organization.
    fn values(&self) -> Vec<Value> {
        vec![self.action.map(AuditAction::as_str).into(), self.user_id.into(), self.from.into(), self.to.into()]
    }
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    action: AuditAction,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
    target_type: Option<String>,
    target_id: Option<Uuid>,
    target_name: Option<String>,
    metadata: Json,
    created_at: DateTime<Utc>,
}

impl Row {
    fn shown(self) -> ApiResult<AuditEntry> {
        let Metadata { ip, user_agent, request_id, details } =
            serde_json::from_value(self.metadata).map_err(ApiError::internal)?;
        let details = if details.is_null() { json!({}) } else { details };
        Ok(AuditEntry {
            id: self.id,
            action: self.action,
            description: said(self.action, self.target_name.as_deref().unwrap_or("somebody"), &details),
            actor_id: self.actor_id,
            actor_name: self.actor_name,
            target_type: self.target_type,
            target_id: self.target_id,
            ip,
            user_agent,
            request_id,
            details,
            created_at: self.created_at,
        })
    }
}

const COLUMNS: &str = "a.id, a.action, a.actor_id, coalesce(u.name, m.invited_name) AS actor_name, a.target_type, \
                       a.target_id, coalesce(tu.name, tm.invited_name) AS target_name, a.metadata, a.created_at";
const FROM: &str = "audit_log a LEFT JOIN org_members m ON m.org_id = a.org_id AND m.user_id = a.actor_id \
                    LEFT JOIN users u ON u.id = a.actor_id \
                    LEFT JOIN org_members tm ON a.target_type = 'user' AND tm.org_id = a.org_id AND tm.user_id = a.target_id \
                    LEFT JOIN users tu ON a.target_type = 'user' AND tu.id = a.target_id \
                    WHERE a.org_id = $1 AND ($2::text IS NULL OR a.action = $2) \
                    AND ($3::uuid IS NULL OR a.actor_id = $3) AND ($4::timestamptz IS NULL OR a.created_at >= $4) \
                    AND ($5::timestamptz IS NULL OR a.created_at < $5)";
const NEWEST_FIRST: &str = "a.created_at DESC, a.id DESC";

/// A page of entries, newest first.
///
/// # Errors
/// The database cannot be reached.
pub async fn page(tx: &TenantTx, wanted: &Wanted, window: Window) -> ApiResult<Page<AuditEntry>> {
    let listing = Listing { columns: COLUMNS, from: FROM, order: NEWEST_FIRST };
    let Page { data, pagination } = tx.page::<Row>(listing, wanted.values(), window).await?;
    Ok(Page { data: data.into_iter().map(Row::shown).collect::<Result<_, _>>()?, pagination })
}

/// The `limit` newest entries before another one, or of all.
///
/// # Errors
/// The database cannot be reached.
pub async fn before(
    tx: &TenantTx,
    wanted: &Wanted,
    other: Option<(DateTime<Utc>, Uuid)>,
    limit: u16,
) -> ApiResult<Vec<AuditEntry>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {FROM} AND ($6::timestamptz IS NULL OR (a.created_at, a.id) < ($6, $7)) \
         ORDER BY {NEWEST_FIRST} LIMIT $8"
    );
    let (at, id) = other.unzip();
    let mut values = vec![tx.org_id().into()];
    values.extend(wanted.values());
    values.extend([at.into(), id.into(), i32::from(limit).into()]);
    let rows = tx.conn().query_all_raw(statement(&sql, values)).await?;
    rows.iter().map(|row| Row::from_query_result(row, "")?.shown()).collect()
}
