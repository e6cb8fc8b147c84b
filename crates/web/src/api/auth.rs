//! Signing in, registering, accepting invitations, one's own profile.

use super::client::Call;
use super::error::ApiResult;
use domain::auth::{AcceptInvitation, InvitationInfo, Login, Me, ProfileInput, Register, SessionInfo, SwitchOrg};
use uuid::Uuid;

/// Who is signed in, if anybody is.
pub async fn session() -> ApiResult<SessionInfo> {
    Call::get("/auth/session").json().await
}

/// Makes an organization with its owner and signs in.
pub async fn register(input: &Register) -> ApiResult<Me> {
    Call::post("/auth/register").body(input).json().await
}

/// Signs in.
pub async fn login(input: &Login) -> ApiResult<Me> {
    Call::post("/auth/login").body(input).json().await
}

/// Signs out.
pub async fn logout() -> ApiResult<()> {
    Call::post("/auth/logout").leaving().done().await
}

/// Changes one's own profile.
pub async fn update_profile(input: &ProfileInput) -> ApiResult<Me> {
    Call::put("/auth/me").body(input).json().await
}

/// Makes another organization the active one.
pub async fn switch_organization(org_id: Uuid) -> ApiResult<Me> {
    Call::put("/auth/organization").body(&SwitchOrg { org_id }).json().await
}

/// What an invitation says.
pub async fn invitation(token: &str) -> ApiResult<InvitationInfo> {
    Call::post("/invitations/lookup").body(&serde_json::json!({ "token": token })).json().await
}

/// Accepts an invitation and signs in.
pub async fn accept_invitation(input: &AcceptInvitation) -> ApiResult<Me> {
    Call::post("/invitations/accept").body(input).json().await
}
