//! AUDIT-01: acts that concern security go into the audit log, in the transaction of the act itself.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// What the audit log records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Somebody signed in.
    Login,
    /// Somebody signed out.
    Logout,
    /// An account was made, by registration or by an invitation.
    UserCreated,
    /// A person became a member.
    MemberJoined,
    /// A member got another role.
    RoleChanged,
    /// A member was removed.
    MemberRemoved,
    /// A person was invited.
    InvitationCreated,
    /// The link of an invitation was replaced.
    InvitationRenewed,
    /// An invitation was withdrawn.
    InvitationRevoked,
    /// The organization was made.
    OrganizationCreated,
    /// Its name or settings were changed.
    OrganizationUpdated,
    /// Many records were deleted for good by one job.
    BulkDelete,
}

impl Action {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Logout => "logout",
            Self::UserCreated => "user_created",
            Self::MemberJoined => "member_joined",
            Self::RoleChanged => "role_changed",
            Self::MemberRemoved => "member_removed",
            Self::InvitationCreated => "invitation_created",
            Self::InvitationRenewed => "invitation_renewed",
            Self::InvitationRevoked => "invitation_revoked",
            Self::OrganizationCreated => "organization_created",
            Self::OrganizationUpdated => "organization_updated",
            Self::BulkDelete => "bulk_delete",
        }
    }
}

/// Writes an entry about the target (`user`, `invitation`, `organization` or `bulk_job`), with particulars.
///
/// # Errors
/// The database cannot be reached.
pub async fn record(tx: &TenantTx, action: Action, target: (&str, Uuid), details: Json) -> ApiResult<()> {
    let request = tx.request();
    let metadata = json!({
        "ip": request.ip,
        "user_agent": request.user_agent,
        "request_id": request.id,
        "details": details,
    });
    let sql = "INSERT INTO audit_log (org_id, id, action, actor_id, target_type, target_id, metadata) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        tx.org_id().into(),
        Uuid::now_v7().into(),
        action.as_str().into(),
        tx.user_id().into(),
        target.0.into(),
        target.1.into(),
        metadata.into(),
    ];
    tx.conn().execute_raw(statement(sql, values)).await?;
    Ok(())
}
