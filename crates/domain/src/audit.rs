//! The audit log: acts that concern security, by whom and from where.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

crate::choices! {
    /// What the audit log records.
    AuditAction {
        Login = "login" "Signed in",
        Logout = "logout" "Signed out",
        UserCreated = "user_created" "Account made",
        MemberJoined = "member_joined" "Member joined",
        RoleChanged = "role_changed" "Role changed",
        MemberRemoved = "member_removed" "Member removed",
        InvitationCreated = "invitation_created" "Member invited",
        InvitationRenewed = "invitation_renewed" "Invitation renewed",
        InvitationRevoked = "invitation_revoked" "Invitation taken back",
        OrganizationCreated = "organization_created" "Organization made",
        OrganizationUpdated = "organization_updated" "Settings changed",
        BulkDelete = "bulk_delete" "Records deleted in bulk",
    }
}

/// One entry of the audit log. Nobody can change or delete it (AUDIT-05).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Id.
    pub id: Uuid,
    /// What was done.
    pub action: AuditAction,
    /// A sentence a person understands, without who did it: "changed the role of Ines from Member to Manager".
    pub description: String,
    /// Who did it; null: the system.
    pub actor_id: Option<Uuid>,
    /// What that person is called today.
    pub actor_name: Option<String>,
    /// What it was done to: `user`, `invitation`, `organization` or `bulk_job`.
    pub target_type: Option<String>,
    /// Its id.
    pub target_id: Option<Uuid>,
    /// Where the request came from.
    pub ip: Option<String>,
    /// Program that made the request.
    pub user_agent: Option<String>,
    /// Id of the request, as in the server's log.
    pub request_id: Option<String>,
    /// Particulars: roles before and after, address of an invitation, changed settings, how many records. Empty where
    /// there are none.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub details: Json,
    /// When.
    pub created_at: DateTime<Utc>,
}
