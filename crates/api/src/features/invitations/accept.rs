//! The other side of an invitation: reading and accepting it by its secret.

use super::repo::{self, Found};
use crate::auth::audit;
use crate::auth::password;
use crate::auth::session::{SessionId, digest};
use crate::db::{Reason, RequestInfo, TenantTx};
use crate::error::{ApiError, ApiResult};
use crate::events::emit;
use crate::features::auth::{USER_NAME_MAX, authenticate, keep, me};
use crate::state::AppState;
use domain::audit::AuditAction;
use domain::auth::{AcceptInvitation, InvitationInfo, check_name, check_password};
use domain::error::{ErrorCode, FieldError};
use domain::events::{NewEvent, verb};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// What the invitation says.
///
/// # Errors
/// 404 for an unknown secret, 410 for an invitation that is not open any more.
pub async fn lookup(state: &AppState, token: &str) -> ApiResult<InvitationInfo> {
    let found = open(state, token).await?;
    Ok(InvitationInfo {
        organization: found.org_name,
        email: found.email,
        role: found.role,
        existing_user: found.has_account,
    })
}

/// Makes the person a member: a new account with name and password, or the known account with its present password.
///
/// # Errors
/// As [`lookup`]; 422 for a name or password that will not do, 401 for a wrong password of a known account.
pub async fn accept(state: &AppState, request: RequestInfo, input: &AcceptInvitation) -> ApiResult<TenantTx> {
    let found = open(state, &input.token).await?;
    let (user_id, name, hash) = if found.has_account {
        let account = authenticate(state, &found.email_norm, &input.password).await.map_err(at_password)?;
        (account.id, String::new(), None)
    } else {
        let mut errors = Vec::new();
        let name = keep(&mut errors, check_name("name", "Your name", &input.name, USER_NAME_MAX));
        let _ = keep(&mut errors, check_password(&input.password));
        let (Some(name), true) = (name, errors.is_empty()) else { return Err(ApiError::invalid(errors)) };
        (Uuid::now_v7(), name, Some(password::hash(&input.password).await?))
    };
    let is_new = hash.is_some();
    let system = state.db.system(Reason::Invitation).await?;
    let accepted = repo::accept(&system, &digest(&input.token), user_id, &name, hash).await?;
    let (org_id, user_id, invitation_id) = accepted.ok_or_else(|| gone("accepted"))?;
    let tx = system.enter(org_id, user_id, request).await?;
    if is_new {
        audit::record(&tx, AuditAction::UserCreated, ("user", user_id), Json::Null).await?;
    }
    let details = json!({ "invitation_id": invitation_id, "role": tx.role() });
    audit::record(&tx, AuditAction::MemberJoined, ("user", user_id), details).await?;
    let title = me(&tx).await?.user.name;
    emit(&tx, NewEvent::new("member", verb::CREATED, user_id, &title)).await?;
    Ok(tx)
}

/// An open invitation.
async fn open(state: &AppState, token: &str) -> ApiResult<Found> {
    let unknown = || ApiError::new(ErrorCode::NotFound, "There is no such invitation. Please check the link.");
    // The secret of a link has the form of a session's.
    if SessionId::from_cookie(token).is_none() {
        return Err(unknown());
    }
    let system = state.db.system(Reason::Invitation).await?;
    let found = repo::by_token(&system, &digest(token)).await?.ok_or_else(unknown)?;
    system.commit().await?;
    if found.status == "pending" { Ok(found) } else { Err(gone(&found.status)) }
}

fn gone(status: &str) -> ApiError {
    let sentence = match status {
        "accepted" => "This invitation has already been used. Please sign in.",
        "revoked" => "This invitation has been withdrawn. Please ask for a new one.",
        _ => "This invitation has expired. Please ask for a new one.",
    };
    ApiError::new(ErrorCode::Gone, sentence)
}

/// A wrong password belongs to the password field of the form.
fn at_password(refused: ApiError) -> ApiError {
    if *refused.code() != ErrorCode::InvalidCredentials {
        return refused;
    }
    let sentence = "This is not the password of your account.";
    refused.with_field(FieldError::new("password", "invalid_credentials", sentence))
}
