//! Inviting.

use super::repo::{self, New};
use crate::auth::audit;
use crate::auth::session::{digest, random_token};
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::features::members::check_owner;
use crate::state::AppState;
use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::auth::{Invitation, InvitationInput, check_email};
use domain::error::{ErrorCode, FieldError};
use serde_json::json;
use uuid::Uuid;

/// How long an invitation can be accepted.
const LIFETIME: TimeDelta = TimeDelta::days(7);

/// Invites a person. The answer carries the link; only the digest of its secret part is kept.
///
/// # Errors
/// 422 for an address that is none, 409 for a member or a second invitation, 403 for an admin who invites an owner.
pub async fn invite(state: &AppState, tx: &TenantTx, input: &InvitationInput) -> ApiResult<Invitation> {
    let email_norm = check_email("email", &input.email).map_err(|error| ApiError::invalid(vec![error]))?;
    check_owner(tx, &[input.role])?;
    if repo::is_member(tx, &email_norm).await? {
        let sentence = "This person already is a member.";
        let error = ApiError::new(ErrorCode::Duplicate, sentence);
        return Err(error.with_field(FieldError::new("email", "duplicate", sentence)));
    }
    let token = random_token();
    let new = New {
        id: Uuid::now_v7(),
        email: input.email.trim(),
        email_norm: &email_norm,
        role: input.role,
        token_hash: &digest(&token),
        expires_at: state.clock.now() + LIFETIME,
    };
    let invitation = repo::insert(tx, &new).await?;
    let details = json!({ "email": invitation.email, "role": invitation.role });
    audit::record(tx, AuditAction::InvitationCreated, ("invitation", invitation.id), details).await?;
    with_link(state, invitation, &token)
}

/// Replaces the link of an open invitation, for whoever has lost it; the one before is worthless.
///
/// # Errors
/// 404 for an unknown one, or one that is not open any more; 403 for an admin where an owner is invited.
pub async fn renew(state: &AppState, tx: &TenantTx, id: Uuid) -> ApiResult<Invitation> {
    let token = random_token();
    let invitation = repo::renew(tx, id, &digest(&token), state.clock.now() + LIFETIME).await?;
    check_owner(tx, &[invitation.role])?;
    let details = json!({ "email": invitation.email });
    audit::record(tx, AuditAction::InvitationRenewed, ("invitation", id), details).await?;
    with_link(state, invitation, &token)
}

fn with_link(state: &AppState, invitation: Invitation, token: &str) -> ApiResult<Invitation> {
    let link = state.config.public_url.join(&format!("/invite/{token}")).map_err(ApiError::internal)?;
    Ok(Invitation { link: Some(link.into()), ..invitation })
}

/// Withdraws an open invitation.
///
/// # Errors
/// 404 for an unknown one, or one that is not open any more.
pub async fn revoke(tx: &TenantTx, id: Uuid) -> ApiResult<()> {
    let email = repo::revoke(tx, id).await?;
    audit::record(tx, AuditAction::InvitationRevoked, ("invitation", id), json!({ "email": email })).await
}
