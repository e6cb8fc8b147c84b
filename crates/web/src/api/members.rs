//! Members and invitations.

use super::client::Call;
use super::error::ApiResult;
use domain::auth::{Invitation, InvitationInput, Member, RoleInput};
use domain::page::{MAX_LIMIT, Page};
use domain::permission::Role;
use uuid::Uuid;

/// Everybody in the organization, and former members, who may still own records.
pub async fn list() -> ApiResult<Page<Member>> {
    Call::get("/members").param("limit", MAX_LIMIT).json().await
}

/// Changes a member's role.
pub async fn set_role(id: Uuid, role: Role) -> ApiResult<Member> {
    Call::put(format!("/members/{id}/role")).body(&RoleInput { role }).json().await
}

/// Takes a member out of the organization.
pub async fn remove(id: Uuid) -> ApiResult<()> {
    Call::delete(format!("/members/{id}")).done().await
}

/// Pending invitations.
pub async fn invitations() -> ApiResult<Page<Invitation>> {
    Call::get("/invitations").param("limit", MAX_LIMIT).json().await
}

/// Invites a person; the answer has the link to pass on.
pub async fn invite(input: &InvitationInput) -> ApiResult<Invitation> {
    Call::post("/invitations").body(input).json().await
}

/// Takes an invitation back.
pub async fn revoke(id: Uuid) -> ApiResult<()> {
    Call::delete(format!("/invitations/{id}")).done().await
}

/// Makes a new link; the one before is worthless.
pub async fn renew(id: Uuid) -> ApiResult<Invitation> {
    Call::post(format!("/invitations/{id}/link")).json().await
}

/// The whole address of an invitation's link. A server that does not know its public address gives the path alone.
pub fn link(invitation: &Invitation) -> String {
    let link = invitation.link.clone().unwrap_or_default();
    if link.starts_with('/') {
        let origin = leptos::prelude::window().location().origin().unwrap_or_default();
        return format!("{origin}{link}");
    }
    link
}
