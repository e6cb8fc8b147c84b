//! Who may change whose role, and who may remove whom.

use super::repo::{self, Row};
use crate::auth::audit;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use domain::audit::AuditAction;
use domain::auth::Member;
use domain::error::ErrorCode;
use domain::events::{NewEvent, verb};
use domain::permission::Role;
use serde_json::json;
use uuid::Uuid;

/// Gives another member a role. It holds from that member's next request on.
///
/// # Errors
/// 404, 403 for one's own role and for an owner's unless one is an owner, 409 for somebody who has not joined yet.
pub async fn change_role(tx: &TenantTx, user_id: Uuid, role: Role) -> ApiResult<Member> {
    let member = repo::locked(tx, user_id).await?;
    if tx.user_id() == Some(user_id) {
        let sentence = "You cannot change your own role. Another owner or admin can.";
        return Err(ApiError::new(ErrorCode::Forbidden, sentence));
    }
    if member.joined_at.is_none() {
        let sentence = "This person has not joined yet. Revoke the invitation and invite with the other role.";
        return Err(ApiError::new(ErrorCode::Conflict, sentence));
    }
    check_owner(tx, &[member.role, role])?;
    if member.role != role {
        repo::set_role(tx, user_id, role).await?;
        let details = json!({ "from": member.role, "to": role });
        audit::record(tx, AuditAction::RoleChanged, ("user", user_id), details).await?;
        emit(tx, NewEvent::new("member", verb::UPDATED, user_id, &member.name)).await?;
    }
    Ok(Row { role, ..member }.shown(true))
}

/// Ends a membership; records keep their owner, and the person's next request is refused.
///
/// # Errors
/// 404, 403 for an owner unless one is an owner, 409 for the last owner.
pub async fn remove(tx: &TenantTx, user_id: Uuid) -> ApiResult<()> {
    let member = repo::locked(tx, user_id).await?;
    check_owner(tx, &[member.role])?;
    repo::remove(tx, user_id).await?;
    let details = json!({ "role": member.role });
    audit::record(tx, AuditAction::MemberRemoved, ("user", user_id), details).await?;
    emit(tx, NewEvent::new("member", "removed", user_id, &member.name)).await
}

/// Only owners make and unmake owners: an admin could otherwise take the organization over.
pub fn check_owner(tx: &TenantTx, roles: &[Role]) -> ApiResult<()> {
    if roles.contains(&Role::Owner) && tx.role() != Some(Role::Owner) {
        let sentence = "Only an owner can make somebody owner, or change or remove an owner.";
        return Err(ApiError::new(ErrorCode::Forbidden, sentence));
    }
    Ok(())
}
